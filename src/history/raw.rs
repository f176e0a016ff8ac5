//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs a code a row and column, not eighty columns of strings. The text itself is not kept: of a file on disk a block
//! a thread is in memory.

use super::date;
use super::number;
use super::records::{Dialect, Walk, is_blank};
use super::source::Encoding;
use super::store::Store;
use super::survey::{Sizes, Stretch, Survey};
use super::texts::{Dictionary, Hash, NONE, Narrow, Texts};
use super::zone::Clock;
use crate::base::{Diagnostic, Stamp};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A text and where its records are.
#[derive(Debug)]
pub(super) struct Body {
    store: Store,
    encoding: Encoding,
    dialect: Dialect,
    stretches: Vec<Stretch>,
    /// Where the last record ends.
    end: u64,
    /// The first record that is a data row, and the record after the last.
    first: u32,
    last: u32,
    /// Records that are no rows, rising.
    left_out: Vec<u32>,
    sizes: Sizes,
    /// The stretch looked at last.
    page: Mutex<Option<Arc<Page>>>,
    /// Columns coded ahead, until somebody takes them.
    ready: Mutex<BTreeMap<usize, Column>>,
}

/// A stretch of records, found.
#[derive(Debug)]
struct Page {
    first: u32,
    bytes: Vec<u8>,
    records: Vec<(usize, usize)>,
}

/// Codes of a column's rows, and the values they stand for.
pub(super) type Coded = (Narrow, Texts);

/// A column of moments: those that can be read in one way only, and codes of the others.
#[derive(Debug, Default)]
pub(super) struct Moments {
    /// One a row: a moment; before all of them a code of `others`; [`NEVER`] where blank.
    pub at: Vec<Stamp>,
    pub others: Texts,
    /// There are moments with an offset from UTC, and some whose offset is not zero.
    pub zoned: bool,
    pub abroad: bool,
}

/// No moment.
pub(super) const NEVER: Stamp = Stamp(i64::MIN);
/// Before all moments, codes begin.
const CODES: i64 = i64::MIN + 1;

impl Moments {
    /// A row that has a code among the others, or is blank.
    pub fn coded(code: u32) -> Stamp {
        if code == NONE { NEVER } else { Stamp(CODES + i64::from(code)) }
    }
    /// The code among the others, where the row has one.
    pub fn code(at: Stamp) -> Option<usize> {
        (CODES..CODES + i64::from(NONE)).contains(&at.0).then(|| (at.0 - CODES) as usize)
    }
}

#[derive(Debug)]
enum Column {
    Coded(Coded),
    Moments(Moments),
}

/// What is wanted of a column.
#[derive(Clone, Copy)]
enum Want<'a> {
    Codes,
    Moments(Option<&'a Clock>),
}

/// Codes all these columns (and reads one of moments) in one pass over the text, for [`Raw::codes`] and [`Raw::moments`] to hand out.
pub(super) fn prepare(columns: &[&Raw], moments: Option<(&Raw, Option<&Clock>)>) {
    let Some(body) = columns.iter().copied().chain(moments.map(|m| m.0)).map(|c| &c.body).next() else { return };
    let of = |c: &Raw| Arc::ptr_eq(&c.body, body).then_some(c.column);
    let mut wanted: BTreeMap<usize, Want<'_>> = columns.iter().filter_map(|c| Some((of(c)?, Want::Codes))).collect();
    wanted.extend(moments.and_then(|(c, clock)| Some((of(c)?, Want::Moments(clock)))));
    let wanted: Vec<_> = wanted.into_iter().collect();
    let read = body.read(&wanted);
    body.ready.lock().unwrap_or_else(PoisonError::into_inner).extend(wanted.iter().map(|w| w.0).zip(read));
}

/// One column of it.
#[derive(Debug, Clone)]
pub struct Raw {
    body: Arc<Body>,
    column: usize,
}

impl Raw {
    /// The column at this place.
    pub(super) fn new(body: Arc<Body>, column: usize) -> Self {
        Self { body, column }
    }

    /// A cell as written, unquoted; blank where the row is too short.
    pub fn get(&self, row: usize) -> Cow<'_, str> {
        let record = self.body.record_of(row);
        self.body.with(record, |walk, from, page| {
            let mut found = None;
            walk.record(from, |i, f| {
                if i as usize == self.column {
                    found = Some(self.body.encoding.text(f.cut(page, self.body.dialect)).into_owned());
                }
            });
            Cow::Owned(found.unwrap_or_default())
        })
    }

    /// All cells of a row, unquoted.
    pub(super) fn row(&self, row: usize) -> Vec<Cow<'_, str>> {
        self.body.record(self.body.record_of(row)).into_iter().map(Cow::Owned).collect()
    }

    /// Codes of the trimmed cells into their different values, in order of first appearance; blanks are [`NONE`].
    pub(super) fn codes(&self) -> Coded {
        match self.take(|c| matches!(c, Column::Coded(_))).or_else(|| self.body.read(&[(self.column, Want::Codes)]).pop()) {
            Some(Column::Coded(c)) => c,
            _ => Coded::default(),
        }
    }

    /// The moments in the trimmed cells, those with an offset told by the clock.
    pub(super) fn moments(&self, clock: Option<&Clock>) -> Moments {
        match self.take(|c| matches!(c, Column::Moments(_))).or_else(|| self.body.read(&[(self.column, Want::Moments(clock))]).pop()) {
            Some(Column::Moments(m)) => m,
            _ => Moments::default(),
        }
    }

    fn take(&self, fits: impl Fn(&Column) -> bool) -> Option<Column> {
        let mut ready = self.body.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.get(&self.column).is_some_and(fits) { ready.remove(&self.column) } else { None }
    }

    /// What went wrong with the file while it was read.
    pub(super) fn check(&self, name: &str) -> Result<(), Diagnostic> {
        self.body.store.check(name)
    }
}

impl Body {
    /// The records of a survey from `first` on.
    pub fn new(store: Store, encoding: Encoding, dialect: Dialect, survey: &Survey, first: u32, sizes: Sizes) -> Self {
        Self {
            store,
            encoding,
            dialect,
            stretches: survey.stretches.clone(),
            end: survey.end,
            first,
            last: survey.records,
            left_out: Vec::new(),
            sizes,
            page: Mutex::default(),
            ready: Mutex::default(),
        }
    }

    /// These records (rising, none before the first) are no rows.
    pub fn leave_out(&mut self, records: Vec<u32>) {
        self.left_out = records;
    }
    pub fn left_out(&self) -> &[u32] {
        &self.left_out
    }
    /// The first record that may be a row.
    pub fn first(&self) -> u32 {
        self.first
    }
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        (self.last - self.first) as usize - self.left_out.len()
    }
    /// The row that a record is.
    pub fn row_of(&self, record: u32) -> Option<u32> {
        let out = self.left_out.binary_search(&record).err()?;
        Some(record.checked_sub(self.first)? - out as u32)
    }
    fn record_of(&self, row: usize) -> u32 {
        let mut record = self.first + row as u32;
        // as many further as were left out up to there
        loop {
            let moved = self.first + row as u32 + self.left_out.partition_point(|r| *r <= record) as u32;
            if moved == record {
                return record;
            }
            record = moved;
        }
    }

    /// All cells of a record, unquoted.
    pub fn record(&self, record: u32) -> Vec<String> {
        self.with(record, |walk, from, page| {
            let mut out = Vec::new();
            walk.record(from, |_, f| out.push(self.encoding.text(f.cut(page, self.dialect)).into_owned()));
            out
        })
    }

    /// Goes to a record.
    fn with<T: Default>(&self, record: u32, then: impl FnOnce(&mut Walk<'_>, usize, &[u8]) -> T) -> T {
        let Some(page) = self.page(record) else { return T::default() };
        let Some((from, end)) = page.records.get((record - page.first) as usize).copied() else { return T::default() };
        let bytes = &page.bytes[..end];
        then(&mut Walk::new(bytes, self.dialect, from), from, bytes)
    }

    /// The stretch with a record in it; neighbours are asked for one after the other as a rule.
    fn page(&self, record: u32) -> Option<Arc<Page>> {
        let has = |p: &Arc<Page>| (p.first..p.first + p.records.len() as u32).contains(&record);
        if record >= self.last {
            return None;
        }
        let mut held = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = held.as_ref().filter(|p| has(p)) {
            return Some(page.clone());
        }
        let i = self.stretches.partition_point(|s| s.record <= record).checked_sub(1)?;
        let (from, end) = (self.stretches.get(i)?, self.stretches.get(i + 1).map_or(self.end, |s| s.from));
        let bytes = self.store.window(from.from, (end - from.from) as usize).into_owned();
        let mut page = Page { first: from.record, records: Vec::new(), bytes };
        let mut walk = Walk::new(&page.bytes, self.dialect, 0);
        let mut at = 0;
        while at < page.bytes.len() {
            let seen = walk.record(at, |_, _| {});
            if !is_blank(&page.bytes[at..seen.end], self.dialect) {
                page.records.push((at, seen.end));
            }
            at = seen.next;
        }
        let page = Arc::new(page);
        *held = Some(page.clone());
        Some(page).filter(has)
    }

    /// Reads these columns (in rising order) in one pass, block by block.
    fn read(&self, wanted: &[(usize, Want<'_>)]) -> Vec<Column> {
        let hash = Hash::default();
        let mut out: Vec<Whole> = wanted.iter().map(|(_, w)| Whole::new(*w, self.rows(), &hash)).collect();
        let blocks = if wanted.is_empty() { Vec::new() } else { self.blocks() };
        for some in blocks.chunks(2 * rayon::current_num_threads()) {
            let read: Vec<Vec<Part>> = some.par_iter().map(|b| self.block(*b, wanted, &out, &hash)).collect();
            let mut columns: Vec<Vec<Part>> = wanted.iter().map(|_| Vec::with_capacity(read.len())).collect();
            read.into_iter().for_each(|block| columns.iter_mut().zip(block).for_each(|(c, p)| c.push(p)));
            out.par_iter_mut().zip(columns).for_each(|(whole, parts)| parts.into_iter().for_each(|p| whole.append(p)));
        }
        out.into_iter().map(Whole::done).collect()
    }

    /// Stretches put together: first and last record of each block, and where it begins and ends.
    fn blocks(&self) -> Vec<Block> {
        let mut out: Vec<Block> = Vec::new();
        for (i, s) in self.stretches.iter().enumerate() {
            let (to, end) = self.stretches.get(i + 1).map_or((self.end, self.last), |n| (n.from, n.record));
            if end <= self.first {
                continue;
            }
            match out.last_mut().filter(|b| ((b.to - b.from) as usize) < self.sizes.block) {
                Some(b) => (b.to, b.end) = (to, end),
                None => out.push(Block { from: s.from, to, record: s.record, end }),
            }
        }
        out
    }

    /// The cells of these columns in one block.
    fn block(&self, block: Block, wanted: &[(usize, Want<'_>)], known: &[Whole], hash: &Hash) -> Vec<Part> {
        let rows = (block.end - block.record) as usize;
        let bytes = self.store.window(block.from, (block.to - block.from) as usize);
        let mut coders: Vec<Coder<'_>> = wanted.iter().zip(known).map(|((_, w), k)| Coder::new(*w, k, self.encoding, hash, rows)).collect();
        let mut out = self.left_out.partition_point(|r| *r < block.record);
        let most = wanted.last().map_or(0, |w| w.0);
        // for each column of the file, which of the wanted ones it is
        let mut place = vec![usize::MAX; most + 1];
        wanted.iter().enumerate().for_each(|(i, w)| place[w.0] = i);
        let mut walk = Walk::new(&bytes, self.dialect, 0);
        let (mut at, mut record) = (0, block.record);
        while at < bytes.len() && record < block.end {
            // only a line that begins with a blank can be one
            if matches!(bytes[at], b' ' | b'\t' | 0x1A | b'\n' | b'\r') {
                let seen = Walk::new(&bytes, self.dialect, at).record(at, |_, _| {});
                if is_blank(&bytes[at..seen.end], self.dialect) {
                    walk.record(at, |_, _| {});
                    at = seen.next;
                    continue;
                }
            }
            let left_out = self.left_out.get(out) == Some(&record);
            let is_row = record >= self.first && !left_out;
            out += usize::from(left_out);
            record += 1;
            let seen = walk.record(at, |i, field| {
                if let Some(coder) = place.get(i as usize).and_then(|p| coders.get_mut(*p)).filter(|_| is_row) {
                    match field.span() {
                        Some((from, to)) => coder.push_plain(&bytes, from, to),
                        None => coder.push(field.cut(&bytes, self.dialect)),
                    }
                }
            });
            at = seen.next;
            if is_row && seen.fields as usize <= most {
                let short = wanted.iter().zip(&mut coders).filter(|((i, _), _)| *i >= seen.fields as usize);
                short.for_each(|(_, coder)| coder.push(Cow::Borrowed(&[])));
            }
        }
        coders.into_iter().map(Coder::done).collect()
    }
}

/// Some records.
#[derive(Clone, Copy)]
struct Block {
    from: u64,
    to: u64,
    record: u32,
    end: u32,
}

/// A column as far as it has been read.
struct Whole {
    moments: Option<Moments>,
    codes: Narrow,
    dictionary: Dictionary,
    /// How many rows there will be.
    rows: usize,
}

/// One column of one block: codes, and texts that were new with their hashes; a code with this bit is one of those.
struct Part {
    codes: Vec<u32>,
    at: Vec<Stamp>,
    new: Texts,
    hashes: Vec<u32>,
    zoned: bool,
    abroad: bool,
}

const NEW: u32 = 1 << 31;
/// Short cells remembered, a power of two.
const SHORT: usize = 1 << 10;

impl Whole {
    fn new(want: Want<'_>, rows: usize, hash: &Hash) -> Self {
        let moments = match want {
            Want::Codes => None,
            Want::Moments(_) => Some(Moments { at: Vec::with_capacity(rows), ..Moments::default() }),
        };
        Self {
            codes: Narrow::with_capacity(if moments.is_some() { 0 } else { rows }),
            moments,
            dictionary: Dictionary::in_sequence(hash),
            rows,
        }
    }

    fn append(&mut self, part: Part) {
        let dictionary = &mut self.dictionary;
        // as many different ones to come as so far, in proportion
        let (done, more) = (self.codes.len(), part.codes.len());
        if done > 0 && part.new.len() * 8 > more {
            dictionary.expect(dictionary.len() as u64 * self.rows as u64 / done as u64);
        }
        let codes: Vec<u32> = part
            .new
            .iter()
            .zip(&part.hashes)
            .map(|(t, h)| dictionary.find(*h, t.as_bytes()).unwrap_or_else(|| dictionary.add(*h, t)))
            .collect();
        if codes.is_empty() {
            self.codes.extend_known(&part.codes);
            if let Some(m) = &mut self.moments {
                m.at.extend_from_slice(&part.at);
                (m.zoned, m.abroad) = (m.zoned | part.zoned, m.abroad | part.abroad);
            }
            return;
        }
        let code = |c: u32| if c == NONE || c & NEW == 0 { c } else { codes[(c & !NEW) as usize] };
        match &mut self.moments {
            None => self.codes.extend(dictionary.len(), part.codes.into_iter().map(code)),
            Some(m) => {
                let settled = |at: Stamp| Moments::code(at).map_or(at, |c| Stamp(CODES + i64::from(code(c as u32))));
                m.at.extend(part.at.into_iter().map(settled));
                (m.zoned, m.abroad) = (m.zoned | part.zoned, m.abroad | part.abroad);
            }
        }
    }

    fn done(self) -> Column {
        let texts = self.dictionary.into_texts();
        match self.moments {
            None => Column::Coded((self.codes, texts)),
            Some(m) => Column::Moments(Moments { others: texts, ..m }),
        }
    }
}

/// One column of one block while it is being read.
struct Coder<'a> {
    encoding: Encoding,
    hash: &'a Hash,
    /// The texts of earlier blocks, where looking there pays.
    known: Option<&'a Dictionary>,
    new: Dictionary,
    hashes: Vec<u32>,
    codes: Vec<u32>,
    /// Short cells seen lately, by what stands in them: sixteen bytes, the last of which is the length. Columns repeat themselves.
    short: Vec<(u128, u32)>,
    /// The cell before, if it is longer, with its code or moment.
    last: (&'a [u8], u32, Stamp),
    moments: Option<Option<&'a Clock>>,
    at: Vec<Stamp>,
    zoned: bool,
    abroad: bool,
}

impl<'a> Coder<'a> {
    fn new(want: Want<'a>, known: &'a Whole, encoding: Encoding, hash: &'a Hash, rows: usize) -> Self {
        let (codes, at, moments) = match want {
            Want::Codes => (rows, 0, None),
            Want::Moments(clock) => (0, rows, Some(clock)),
        };
        // numbers of orders are new as a rule, and are looked up once, when the blocks are put together
        let pays = known.dictionary.len() * 8 < known.codes.len().max(1);
        Self {
            encoding,
            hash,
            known: Some(&known.dictionary).filter(|_| pays),
            new: Dictionary::default(),
            hashes: Vec::new(),
            codes: Vec::with_capacity(codes),
            short: vec![(0, NONE); if moments.is_none() { SHORT } else { 0 }],
            last: (&[], NONE, NEVER),
            moments,
            at: Vec::with_capacity(at),
            zoned: false,
            abroad: false,
        }
    }

    /// A cell that stands in the text as it is read.
    #[inline(always)]
    fn push_plain(&mut self, text: &'a [u8], from: usize, to: usize) {
        let len = to - from;
        if self.moments.is_some() {
            let cell = &text[from..to];
            if len > 0 && self.last.0 == cell {
                self.at.push(self.last.2);
            } else {
                self.push(Cow::Borrowed(cell));
            }
            return;
        }
        let code = match text.get(from..from + 16).and_then(|t| t.first_chunk::<16>()) {
            _ if len == 0 => NONE,
            Some(bytes) if len < 16 => {
                let word = u128::from_le_bytes(*bytes) & ((1 << (8 * len)) - 1) | (len as u128) << 120;
                let mixed = (word as u64 ^ ((word >> 64) as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let slot = (mixed >> 32) as usize & (SHORT - 1);
                if self.short[slot].0 != word {
                    self.short[slot] = (word, self.look_up(Cow::Borrowed(&text[from..to])));
                }
                self.short[slot].1
            }
            _ => {
                let cell = &text[from..to];
                if self.last.0 != cell {
                    self.last = (cell, self.look_up(Cow::Borrowed(cell)), NEVER);
                }
                self.last.1
            }
        };
        self.codes.push(code);
    }

    /// Any cell.
    fn push(&mut self, cell: Cow<'a, [u8]>) {
        match self.moments {
            None => {
                let code = self.look_up(cell);
                self.codes.push(code);
            }
            Some(clock) => {
                let at = self.moment(&trim(cell.clone(), self.encoding), clock);
                if let Cow::Borrowed(cell) = cell {
                    self.last = (cell, NONE, at);
                }
                self.at.push(at);
            }
        }
    }

    /// The code of a cell.
    #[inline]
    fn look_up(&mut self, cell: Cow<'_, [u8]>) -> u32 {
        if is_trimmed(&cell, self.encoding) {
            return self.code(&cell);
        }
        let cell = trim(cell, self.encoding);
        self.code(&cell)
    }

    /// The code of a trimmed cell.
    fn code(&mut self, cell: &[u8]) -> u32 {
        if cell.is_empty() || may_be_blank(cell) && std::str::from_utf8(cell).is_ok_and(number::is_blank) {
            return NONE;
        }
        let hash = self.hash.of(cell);
        let known = self.known.and_then(|d| d.find(hash, cell)).or_else(|| self.new.find(hash, cell).map(|c| c | NEW));
        known.unwrap_or_else(|| {
            self.hashes.push(hash);
            self.new.add(hash, &String::from_utf8_lossy(cell)) | NEW
        })
    }

    fn moment(&mut self, cell: &[u8], clock: Option<&Clock>) -> Stamp {
        if cell.is_empty() {
            return NEVER;
        }
        let Some((at, offset)) = date::fixed(cell) else {
            return Moments::coded(self.code(cell));
        };
        let Some(offset) = offset else { return at };
        self.zoned = true;
        self.abroad |= offset != 0;
        clock.map_or(at, |c| c.tell(at, offset))
    }

    fn done(self) -> Part {
        Part { codes: self.codes, at: self.at, new: self.new.texts, hashes: self.hashes, zoned: self.zoned, abroad: self.abroad }
    }
}

/// Words for a blank are short and begin with one of these.
fn may_be_blank(cell: &[u8]) -> bool {
    cell.len() <= 5 && matches!(cell.first(), Some(b'-' | b'n' | b'N' | b'#' | b'.' | 0xE2))
}

/// The bytes are the text of the cell in UTF-8, and there is no white space around it.
#[inline]
fn is_trimmed(cell: &[u8], encoding: Encoding) -> bool {
    // all white space that is no ASCII lies beyond it, and so do all bytes that have to be decoded
    let inked = |b: Option<&u8>| b.is_none_or(|b| b.is_ascii() && !matches!(b, b' ' | b'\t'..=b'\r'));
    inked(cell.first()) && inked(cell.last()) && (encoding == Encoding::Utf8 || cell.is_ascii())
}

/// The text of a cell in UTF-8 without white space around it.
fn trim(cell: Cow<'_, [u8]>, encoding: Encoding) -> Cow<'_, [u8]> {
    if is_trimmed(&cell, encoding) {
        return cell;
    }
    match encoding.text(cell) {
        Cow::Borrowed(t) => Cow::Borrowed(t.trim().as_bytes()),
        Cow::Owned(t) => Cow::Owned(t.trim().as_bytes().to_vec()),
    }
}
