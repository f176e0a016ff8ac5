//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs a code a row and column, not eighty columns of strings. The text itself is not kept: of a file on disk a block
//! a thread is in memory.

use super::ahead::{Ahead, Wanted};
use super::cells::Divider;
use super::coder::{Coded, Coder, Column, Moments, Part, Want, joined};
use super::records::{Dialect, Walk, is_blank};
use super::source::Encoding;
use super::store::Store;
use super::survey::{Sizes, Stretch, Survey};
use super::texts::Hash;
use super::zone::Clock;
use crate::base::Diagnostic;
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
    /// Columns coded ahead, until somebody takes them, and the time zone of the moments among them.
    ready: Mutex<BTreeMap<usize, Column>>,
    zone: Option<String>,
}

/// A stretch of records, found.
#[derive(Debug)]
struct Page {
    first: u32,
    bytes: Vec<u8>,
    records: Vec<(usize, usize)>,
}

/// Codes all these columns of a text in one pass over it, those that were not coded ahead, for [`Raw::codes`] and [`Raw::moments`] to hand out.
pub(super) fn prepare(any: &Raw, wanted: &Wanted) {
    let body = &any.body;
    let clock = wanted.moments.as_ref().and_then(|m| m.1.as_deref()).and_then(Clock::of);
    let mut wants: BTreeMap<usize, Want<'_>> = wanted.codes.iter().map(|c| (*c, Want::Codes)).collect();
    wants.extend(wanted.moments.as_ref().map(|m| (m.0, Want::Moments(clock.as_ref()))));
    let zone = wanted.moments.as_ref().and_then(|m| m.1.as_ref());
    // what was coded ahead and nobody wants is in the way
    body.ready.lock().unwrap_or_else(PoisonError::into_inner).retain(|column, coded| match (wants.get(column), coded) {
        (Some(Want::Codes), Column::Coded(_)) => true,
        (Some(Want::Moments(_)), Column::Moments(_)) => zone == body.zone.as_ref(),
        _ => false,
    });
    let missing: Vec<_> = {
        let ready = body.ready.lock().unwrap_or_else(PoisonError::into_inner);
        wants.into_iter().filter(|w| !ready.contains_key(&w.0)).collect()
    };
    let read = body.read(&missing);
    body.ready.lock().unwrap_or_else(PoisonError::into_inner).extend(missing.iter().map(|w| w.0).zip(read));
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
    /// The record that is its first row.
    pub(super) fn first(&self) -> u32 {
        self.body.first
    }
    /// Its place in the text, if that is the same text as another's.
    pub(super) fn place_beside(&self, other: &Self) -> Option<usize> {
        Arc::ptr_eq(&self.body, &other.body).then_some(self.column)
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

    /// All cells of some rows (rising), unquoted.
    pub(super) fn rows(&self, rows: impl Iterator<Item = usize>) -> Vec<Vec<Cow<'_, str>>> {
        let records: Vec<u32> = rows.map(|row| self.body.record_of(row)).collect();
        let near: Vec<&[u32]> = records.chunk_by(|a, b| a <= b && self.body.stretch_of(*a) == self.body.stretch_of(*b)).collect();
        let found: Vec<_> = near.into_par_iter().map(|some| self.body.records(some)).collect();
        found.into_iter().flatten().collect()
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
            zone: None,
        }
    }

    /// Keeps columns that were coded ahead, if they are those of the rows that there are in the end.
    pub fn keep(&mut self, ahead: Ahead, width: u32) {
        if (ahead.first, ahead.width, &ahead.left_out) == (self.first, width, &self.left_out) {
            (*self.ready.get_mut().unwrap_or_else(PoisonError::into_inner), self.zone) = (ahead.columns, ahead.zone);
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

    /// The stretch in which a record is.
    fn stretch_of(&self, record: u32) -> usize {
        self.stretches.partition_point(|s| s.record <= record).saturating_sub(1)
    }

    /// All cells of some records (rising) of one stretch.
    fn records(&self, records: &[u32]) -> Vec<Vec<Cow<'_, str>>> {
        let mut out = Vec::with_capacity(records.len());
        let i = records.first().map_or(0, |r| self.stretch_of(*r));
        if let Some(stretch) = self.stretches.get(i) {
            let end = self.stretches.get(i + 1).map_or(self.end, |s| s.from);
            let bytes = self.store.window(stretch.from, (end - stretch.from) as usize);
            let mut walk = Walk::new(&bytes, self.dialect, 0);
            let (mut at, mut record) = (0, stretch.record);
            while at < bytes.len() && out.len() < records.len() {
                let wanted = records.get(out.len()) == Some(&record);
                let mut cells = Vec::new();
                let seen = if wanted {
                    walk.record(at, |_, f| cells.push(Cow::Owned(self.encoding.text(f.cut(&bytes, self.dialect)).into_owned())))
                } else {
                    walk.skip(at)
                };
                if !is_blank(&bytes[at..seen.end], self.dialect) {
                    if wanted {
                        out.push(cells);
                        // the same row may be wanted again
                        while records.get(out.len()) == Some(&record) {
                            out.extend_from_within(out.len() - 1..);
                        }
                    }
                    record += 1;
                }
                at = seen.next;
            }
        }
        // what a file has lost meanwhile is blank
        out.resize(records.len(), Vec::new());
        out
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

    /// Reads these columns (in rising order) in one pass. Each thread goes through some megabytes of the file with codes of its own; what it found is put
    /// together when all are done, so that no thread waits for another in between.
    fn read(&self, wanted: &[(usize, Want<'_>)]) -> Vec<Column> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let (hash, blocks) = (Hash::default(), self.blocks());
        let stretches: Vec<&[Block]> = blocks.chunks(blocks.len().div_ceil(4 * rayon::current_num_threads()).max(1)).collect();
        let parts: Vec<Vec<Part>> = stretches.into_par_iter().with_max_len(1).map(|blocks| self.stretch(blocks, wanted, &hash)).collect();
        let mut columns: Vec<Vec<Part>> = wanted.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        parts.into_iter().for_each(|stretch| columns.iter_mut().zip(stretch).for_each(|(c, p)| c.push(p)));
        columns.into_par_iter().with_max_len(1).map(|parts| joined(parts, self.rows(), &hash)).collect()
    }

    /// How many of a block's records are rows.
    fn rows_in(&self, block: Block) -> usize {
        let first = block.record.max(self.first);
        let out = self.left_out.partition_point(|r| *r < block.end) - self.left_out.partition_point(|r| *r < first);
        (block.end.saturating_sub(first) as usize).saturating_sub(out)
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

    /// The cells of these columns in some blocks: where they are in so many rows, then column by column what they are, so that what a column needs to
    /// know its cells again is at hand while they are coded.
    fn stretch(&self, blocks: &[Block], wanted: &[(usize, Want<'_>)], hash: &Hash) -> Vec<Part> {
        let rows = blocks.iter().map(|b| self.rows_in(*b)).sum();
        let mut coders: Vec<Coder<'_>> = wanted.iter().map(|(_, w)| Coder::new(*w, self.encoding, hash, rows)).collect();
        let mut divider = Divider::new(self.dialect, wanted.iter().map(|w| w.0).collect());
        for block in blocks {
            let bytes = self.store.window(block.from, (block.to - block.from) as usize);
            let (mut record, mut out) = (block.record, self.left_out.partition_point(|r| *r < block.record));
            let mut is_row = || {
                let left_out = self.left_out.get(out) == Some(&record);
                let is_row = record >= self.first && !left_out;
                out += usize::from(left_out);
                record += 1;
                (record <= block.end).then_some(is_row)
            };
            divider
                .each(&bytes, &mut is_row, |strip| coders.iter_mut().enumerate().for_each(|(i, c)| c.take(&bytes, self.dialect, strip, i)));
        }
        coders.into_iter().map(|c| c.done(rows)).collect()
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
