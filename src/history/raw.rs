//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs a code a row and column, not eighty columns of strings. The text itself is not kept: of a file on disk a block
//! a thread is in memory.

use super::date;
use super::number;
use super::records::{Dialect, Field, Walk, is_blank};
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
            let seen = walk.skip(at);
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

    /// The cells of these columns in one block: where they are in so many rows, then column by column what they are, so that what a column needs to
    /// know its cells again is at hand while they are coded.
    fn block(&self, block: Block, wanted: &[(usize, Want<'_>)], known: &[Whole], hash: &Hash) -> Vec<Part> {
        let rows = (block.end - block.record) as usize;
        let bytes = self.store.window(block.from, (block.to - block.from) as usize);
        let mut coders: Vec<Coder<'_>> = wanted.iter().zip(known).map(|((_, w), k)| Coder::new(*w, k, self.encoding, hash, rows)).collect();
        let mut out = self.left_out.partition_point(|r| *r < block.record);
        let most = wanted.last().map_or(0, |w| w.0 + 1);
        // for each column of the file, which of the wanted ones it is
        let mut place = vec![usize::MAX; most];
        wanted.iter().enumerate().for_each(|(i, w)| place[w.0] = i);
        let mut strip = Strip { wide: wanted.len(), rows: 0, cells: vec![Place::default(); wanted.len() * STRIP], knotty: Vec::new() };
        let mut walk = Walk::new(&bytes, self.dialect, 0);
        let (mut at, mut record) = (0, block.record);
        while at < bytes.len() && record < block.end {
            // only a line that begins with a blank can be one
            if matches!(bytes[at], b' ' | b'\t' | 0x1A | b'\n' | b'\r') {
                let seen = Walk::new(&bytes, self.dialect, at).skip(at);
                if is_blank(&bytes[at..seen.end], self.dialect) {
                    walk.skip(at);
                    at = seen.next;
                    continue;
                }
            }
            let left_out = self.left_out.get(out) == Some(&record);
            let is_row = record >= self.first && !left_out;
            out += usize::from(left_out);
            record += 1;
            if !is_row {
                at = walk.skip(at).next;
                continue;
            }
            let Strip { rows: row, wide, cells, knotty } = &mut strip;
            let cells = &mut cells[*row * *wide..][..*wide];
            // what a short row does not have is blank
            cells.fill(Place::default());
            let seen = walk.fields(at, most as u32, |i, field| {
                if let Some(cell) = place.get(i as usize).and_then(|p| cells.get_mut(*p)) {
                    *cell = match field.span() {
                        Some((from, to)) => Place { from: from as u32, len: (to - from) as u32 },
                        None => {
                            knotty.push(field);
                            Place { from: knotty.len() as u32 - 1, len: KNOTTY }
                        }
                    };
                }
            });
            at = seen.next;
            *row += 1;
            if *row == STRIP {
                coders.iter_mut().enumerate().for_each(|(i, c)| c.take(&bytes, self.dialect, &strip, i));
                (strip.rows, strip.knotty) = (0, Vec::new());
            }
        }
        coders.iter_mut().enumerate().for_each(|(i, c)| c.take(&bytes, self.dialect, &strip, i));
        coders.into_iter().map(Coder::done).collect()
    }
}

/// Rows whose cells are found before they are coded.
const STRIP: usize = 512;

/// Where the wanted cells of some rows are, row by row.
struct Strip {
    /// Cells a row.
    wide: usize,
    rows: usize,
    cells: Vec<Place>,
    /// Fields in which something has to be undone.
    knotty: Vec<Field>,
}

/// A cell that stands in the text as it is read, or which of the knotty ones it is.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    from: u32,
    len: u32,
}

/// In place of a length: a knotty cell.
const KNOTTY: u32 = u32::MAX;

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
    hash: Hash,
    /// How many rows there will be.
    rows: usize,
}

/// One column of one block: codes, and texts that were new with their hashes (none of a column in sequence, which needs none, and whose new texts may be
/// told twice); a code with [`NEW`] is one of those.
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
const SHORT: usize = 1 << 11;

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
            hash: hash.clone(),
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
        let codes: Vec<u32> =
            part.new.iter().enumerate().map(|(i, t)| dictionary.find_or_add(part.hashes.get(i).copied(), &self.hash, t)).collect();
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
    /// The texts so far are numbers in order: whatever differs from the cell before is new, until the blocks are put together.
    sequence: bool,
    new: Dictionary,
    hashes: Vec<u32>,
    codes: Vec<u32>,
    /// Short cells seen lately, by what stands in them: sixteen bytes, the last of which is the length. Columns repeat themselves.
    short: Vec<(u128, u32)>,
    moments: Option<Option<&'a Clock>>,
    at: Vec<Stamp>,
    /// The day of the moment before, as written and as it is.
    day: ([u8; 10], Stamp),
    zoned: bool,
    abroad: bool,
}

impl<'a> Coder<'a> {
    fn new(want: Want<'a>, known: &'a Whole, encoding: Encoding, hash: &'a Hash, rows: usize) -> Self {
        let (codes, at, moments) = match want {
            Want::Codes => (rows, 0, None),
            Want::Moments(clock) => (0, rows, Some(clock)),
        };
        // texts of which most are new are looked up once, when the blocks are put together
        let pays = known.dictionary.len() * 8 < known.codes.len().max(1);
        let sequence = moments.is_none() && !pays && known.dictionary.is_sequence();
        Self {
            encoding,
            hash,
            known: Some(&known.dictionary).filter(|_| pays),
            sequence,
            new: Dictionary::default(),
            hashes: Vec::new(),
            codes: Vec::with_capacity(codes),
            short: vec![(0, NONE); if moments.is_none() && !sequence { SHORT } else { 0 }],
            moments,
            at: Vec::with_capacity(at),
            day: ([0; 10], NEVER),
            zoned: false,
            abroad: false,
        }
    }

    /// Takes its cells from a strip.
    fn take(&mut self, text: &[u8], dialect: Dialect, strip: &Strip, column: usize) {
        let places = strip.cells.iter().skip(column).step_by(strip.wide.max(1)).take(strip.rows).copied();
        let cut = |p: Place| match p.len {
            KNOTTY => strip.knotty.get(p.from as usize).map_or(Cow::Borrowed(&[][..]), |f| f.cut(text, dialect)),
            len => Cow::Borrowed(&text[p.from as usize..][..len as usize]),
        };
        if let Some(clock) = self.moments {
            let (mut before, mut moment) = (Cow::Borrowed(&[][..]), NEVER);
            for place in places {
                let cell = cut(place);
                if cell != before {
                    moment = self.moment(&trim(cell.clone(), self.encoding), clock);
                    before = cell;
                }
                self.at.push(moment);
            }
            return;
        }
        let (mut before, mut code_before) = (Cow::Borrowed(&[][..]), NONE);
        for place in places {
            if place.len == 0 {
                self.codes.push(NONE);
                continue;
            }
            let from = place.from as usize;
            let short = (place.len < 16 && !self.sequence).then(|| text.get(from..from + 16)?.first_chunk::<16>()).flatten();
            let code = if let Some(bytes) = short {
                let len = place.len;
                let word = u128::from_le_bytes(*bytes) & ((1 << (8 * len)) - 1) | u128::from(len) << 120;
                let mixed = (word as u64 ^ ((word >> 64) as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let slot = (mixed >> 32) as usize & (SHORT - 1);
                if self.short[slot].0 != word {
                    self.short[slot] = (word, self.look_up(Cow::Borrowed(&text[from..][..len as usize])));
                }
                self.short[slot].1
            } else {
                let cell = cut(place);
                if cell != before {
                    code_before = self.look_up(cell.clone());
                    before = cell;
                }
                code_before
            };
            self.codes.push(code);
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
        if self.sequence {
            self.new.texts.push(&String::from_utf8_lossy(cell));
            return (self.new.len() as u32 - 1) | NEW;
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
        let day = cell.first_chunk::<10>().filter(|d| **d == self.day.0).map(|_| self.day.1);
        let Some((at, offset)) = day.or_else(|| date::fixed_day(cell)).and_then(|day| date::fixed_on(day, cell)) else {
            return Moments::coded(self.code(cell));
        };
        if let (None, Some(written)) = (day, cell.first_chunk::<10>()) {
            self.day = (*written, Stamp(at.0.div_euclid(86_400) * 86_400));
        }
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
