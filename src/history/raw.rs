//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs a code a row and column, not eighty columns of strings. The text itself is not kept: of a file on disk a block
//! a thread is in memory.

use super::cells::Divider;
use super::coder::{Coded, Coder, Column, Moments, NEVER, Part, Want, joined};
use super::records::{Dialect, Walk, is_blank};
use super::source::Encoding;
use super::store::Store;
use super::survey::{Sizes, Stretch, Survey};
use super::texts::Hash;
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

    /// Reads these columns (in rising order) in one pass. Each thread goes through some megabytes of the file with codes of its own; what it found is put
    /// together when all are done, so that no thread waits for another in between.
    fn read(&self, wanted: &[(usize, Want<'_>)]) -> Vec<Column> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let (hash, blocks) = (Hash::default(), self.blocks());
        let stretches: Vec<&[Block]> = blocks.chunks(blocks.len().div_ceil(4 * rayon::current_num_threads()).max(1)).collect();
        let rows: Vec<usize> = stretches.iter().map(|s| s.iter().map(|b| self.rows_in(*b)).sum()).collect();
        let moments = |w: &Want<'_>| matches!(w, Want::Moments(_));
        let mut at: Vec<Option<Vec<Stamp>>> = wanted.iter().map(|(_, w)| moments(w).then(|| vec![NEVER; self.rows()])).collect();
        let mut slices: Vec<Vec<Option<&mut [Stamp]>>> = stretches.iter().map(|_| Vec::with_capacity(wanted.len())).collect();
        for at in &mut at {
            let mut rest = at.as_mut().map(Vec::as_mut_slice);
            for (slices, rows) in slices.iter_mut().zip(&rows) {
                slices.push(rest.take().map(|all| {
                    let (mine, others) = all.split_at_mut((*rows).min(all.len()));
                    rest = Some(others);
                    mine
                }));
            }
        }
        let parts: Vec<Vec<Part>> = stretches
            .into_par_iter()
            .zip(slices)
            .zip(&rows)
            .with_max_len(1)
            .map(|((blocks, slices), rows)| self.stretch(blocks, wanted, slices, *rows, &hash))
            .collect();
        let mut columns: Vec<Vec<Part>> = wanted.iter().map(|_| Vec::with_capacity(parts.len())).collect();
        parts.into_iter().for_each(|stretch| columns.iter_mut().zip(stretch).for_each(|(c, p)| c.push(p)));
        columns.into_par_iter().zip(at).with_max_len(1).map(|(parts, at)| joined(parts, at, &rows, &hash)).collect()
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
    fn stretch(
        &self,
        blocks: &[Block],
        wanted: &[(usize, Want<'_>)],
        at: Vec<Option<&mut [Stamp]>>,
        rows: usize,
        hash: &Hash,
    ) -> Vec<Part> {
        let mut coders: Vec<Coder<'_>> = wanted.iter().zip(at).map(|((_, w), at)| Coder::new(*w, at, self.encoding, hash, rows)).collect();
        let mut divider = Divider::new(self.dialect, wanted.iter().map(|w| w.0).collect());
        for block in blocks {
            let bytes = self.store.window(block.from, (block.to - block.from) as usize);
            let (mut record, mut out) = (block.record, self.left_out.partition_point(|r| *r < block.record));
            let is_row = || {
                let left_out = self.left_out.get(out) == Some(&record);
                let is_row = record >= self.first && !left_out;
                out += usize::from(left_out);
                record += 1;
                (record <= block.end).then_some(is_row)
            };
            divider.each(&bytes, is_row, |strip| coders.iter_mut().enumerate().for_each(|(i, c)| c.take(&bytes, self.dialect, strip, i)));
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
