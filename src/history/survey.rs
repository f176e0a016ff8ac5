//! A delimited text gone through once, block by block: how many records, how wide, on which lines, and where every so many of them begin, so
//! that any row can be found again without keeping the text.
//!
//! Blocks are read side by side. Where a block's first record begins depends on the quotes before it; each block takes it to be after its
//! first line end, and where the block before says otherwise it is read again from there. So what comes out is what reading in order gives.

use super::records::{Dialect, STRAY, Seen, Walk, is_blank};
use super::store::Store;
use rayon::prelude::*;

/// Longest record in bytes.
pub(super) const MAX_RECORD: usize = 4 << 20;

/// Bytes after which a new stretch begins, however few records there are.
const STRETCH: u64 = 1 << 18;

/// How much is read at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Bytes of a block.
    pub block: usize,
    /// Records from one known place to the next.
    pub stretch: u32,
    /// Bytes from which on columns are coded while the text is gone through first.
    pub ahead: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { block: 1 << 19, stretch: 128, ahead: 16 << 20 }
    }
}

/// Where a stretch of records begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub from: u64,
    /// Its first record, counted from 0.
    pub record: u32,
}

/// From this record on lines follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub record: u32,
    /// Its line, or its number of fields.
    pub value: u32,
}

/// What is known of a text after going through it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Records, blank lines left out.
    pub records: u32,
    pub stretches: Vec<Stretch>,
    /// Lines: from each of these records on they follow one another.
    pub lines: Vec<Run>,
    /// Fields: each of these records and those that follow have so many.
    pub widths: Vec<Run>,
    /// Lines with a quote where none should be; the first few.
    pub stray: Vec<u32>,
    /// Line of a quote that never closes.
    pub unclosed: Option<u32>,
    /// Where the last record ends.
    pub end: u64,
    /// Lines gone through.
    breaks: u32,
}

/// Why a text cannot be gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A record that does not end within [`MAX_RECORD`], on this line; its quote is open.
    Endless(u32, bool),
    /// Something is no UTF-8.
    Encoding,
    /// There are NUL bytes.
    Nul,
}

/// Goes through a store from `from` on. `checked`: the text is known to be of an encoding in which every byte may stand.
pub(super) fn survey(store: &Store, from: u64, dialect: Dialect, checked: bool, sizes: Sizes) -> Result<Survey, Stop> {
    let part = |start: u64, stop: u64| part(store, start, stop, dialect, checked, sizes);
    let mut out = Survey::from(from);
    let blocks = (store.len() - from.min(store.len())).div_ceil(sizes.block as u64);
    let at_once = 16 * rayon::current_num_threads() as u64;
    let mut first = 0;
    while first < blocks {
        let these: Vec<u64> = (first..blocks.min(first + at_once)).collect();
        first += these.len() as u64;
        let stop = |k: u64| from + (k + 1) * sizes.block as u64;
        let parts: Vec<_> = these
            .into_par_iter()
            .map(|k| {
                let start = if k == 0 { Some(from) } else { line_start(store, from + k * sizes.block as u64, sizes.block) };
                (k, start, start.map(|s| part(s, stop(k))))
            })
            .collect();
        for (k, start, read) in parts {
            if out.end >= stop(k) {
                continue; // the record before reaches beyond it
            }
            let read = match read.filter(|_| start == Some(out.end)) {
                Some(read) => read,
                None => part(out.end, stop(k)),
            };
            out.append(read.map_err(|s| s.after(out.breaks))?);
        }
    }
    out.stray.truncate(STRAY);
    Ok(out)
}

impl Stop {
    fn after(self, lines: u32) -> Self {
        if let Self::Endless(line, open) = self { Self::Endless(line + lines, open) } else { self }
    }
}

/// Where the first line begins that begins at `at` or later; `None` where none does within a block.
fn line_start(store: &Store, at: u64, block: usize) -> Option<u64> {
    let from = at - 1;
    let mut look = 4096.min(block);
    loop {
        let bytes = store.window(from, look + 1);
        let found = bytes[..bytes.len().min(look)].iter().position(|b| *b == b'\n' || *b == b'\r');
        if let Some(p) = found {
            let both = bytes[p] == b'\r' && bytes.get(p + 1) == Some(&b'\n');
            return Some(from + p as u64 + 1 + u64::from(both));
        }
        if look >= block {
            return None;
        }
        look = (look * 8).min(block);
    }
}

/// Whether there is a NUL byte; without a way out in between, which vector instructions like better.
fn has_nul(bytes: &[u8]) -> bool {
    bytes.chunks(1 << 12).any(|some| some.iter().fold(false, |any, b| any | (*b == 0)))
}

/// Nothing but text.
pub(super) fn fits(text: &[u8], checked: bool) -> Result<(), Stop> {
    if has_nul(text) {
        return Err(Stop::Nul);
    }
    if !checked && std::str::from_utf8(text).is_err() {
        return Err(Stop::Encoding);
    }
    Ok(())
}

/// The records that begin in `start..stop`, lines and records counted from its own first.
fn part(store: &Store, start: u64, stop: u64, dialect: Dialect, checked: bool, sizes: Sizes) -> Result<Survey, Stop> {
    let mut out = Survey::from(start);
    // room for the last record to end in
    let mut most = (stop - start) as usize + MAX_RECORD.min(64 << 10);
    while out.end < stop.min(store.len()) {
        let base = out.end;
        let window = store.window(base, most);
        let whole = base + window.len() as u64 >= store.len();
        let mut walk = Walk::new(&window, dialect, 0);
        let mut at = 0;
        while at < window.len() && base + (at as u64) < stop {
            let seen = walk.skip(at);
            if seen.next >= window.len() && !whole {
                break;
            }
            if seen.end - at > MAX_RECORD {
                return Err(out.endless(&window[at..], dialect));
            }
            if is_blank(&window[at..seen.end], dialect) {
                out.breaks += 1 + seen.breaks;
            } else {
                out.add(base + at as u64, &seen, sizes);
            }
            at = seen.next;
        }
        fits(&window[..at], checked)?;
        out.end = base + at as u64;
        if at == 0 {
            if window.len() > MAX_RECORD + 1 {
                if has_nul(&window) {
                    return Err(Stop::Nul);
                }
                return Err(out.endless(&window, dialect));
            }
            most = MAX_RECORD + 2;
        }
    }
    Ok(out)
}

impl Survey {
    /// A record that has no end: a quote left open, or a line that is no line.
    fn endless(&self, record: &[u8], dialect: Dialect) -> Stop {
        let lines = record[..record.len().min(MAX_RECORD)].iter().any(|b| *b == b'\n' || *b == b'\r');
        Stop::Endless(self.breaks + 1, lines && record.contains(&dialect.quote))
    }

    /// Nothing seen yet behind a place.
    pub fn from(place: u64) -> Self {
        Self { end: place, ..Self::default() }
    }

    /// A record that begins at `from` behind what was seen so far.
    #[inline(always)]
    pub fn add(&mut self, from: u64, seen: &Seen, sizes: Sizes) {
        let line = self.breaks + 1;
        if seen.stray > 0 {
            self.stray.extend(std::iter::repeat_n(line, (seen.stray as usize).min(STRAY - self.stray.len())));
        }
        if !seen.closed {
            self.unclosed = Some(line);
        }
        if self.stretches.last().is_none_or(|s| self.records - s.record >= sizes.stretch || from - s.from >= STRETCH) {
            self.stretches.push(Stretch { from, record: self.records });
        }
        if self.lines.last().is_none_or(|r| line - r.value != self.records - r.record) {
            self.lines.push(Run { record: self.records, value: line });
        }
        if self.widths.last().is_none_or(|r| r.value != seen.fields) {
            self.widths.push(Run { record: self.records, value: seen.fields });
        }
        self.records += 1;
        self.breaks += 1 + seen.breaks;
    }

    /// A line that is no record.
    pub fn blank_line(&mut self) {
        self.breaks += 1;
    }

    pub fn append(&mut self, part: Self) {
        let (records, breaks) = (self.records, self.breaks);
        self.stretches.extend(part.stretches.iter().map(|s| Stretch { record: s.record + records, ..*s }));
        for r in part.lines {
            let (record, value) = (r.record + records, r.value + breaks);
            if self.lines.last().is_none_or(|l| value - l.value != record - l.record) {
                self.lines.push(Run { record, value });
            }
        }
        for r in part.widths {
            if self.widths.last().is_none_or(|w| w.value != r.value) {
                self.widths.push(Run { record: r.record + records, value: r.value });
            }
        }
        if self.stray.len() < STRAY {
            self.stray.extend(part.stray.iter().map(|l| l + breaks));
        }
        self.unclosed = self.unclosed.or(part.unclosed.map(|l| l + breaks));
        self.records += part.records;
        self.breaks += part.breaks;
        self.end = part.end;
    }

    /// How many records from `first` on have each number of fields.
    pub fn widths_from(&self, first: u32) -> std::collections::BTreeMap<u32, usize> {
        let mut out = std::collections::BTreeMap::new();
        for (run, end) in self.runs() {
            let n = end.saturating_sub(run.record.max(first));
            if n > 0 {
                *out.entry(run.value).or_default() += n as usize;
            }
        }
        out
    }

    /// Runs of records of one number of fields, each with the record after its last.
    pub fn runs(&self) -> impl Iterator<Item = (Run, u32)> + '_ {
        let ends = self.widths.iter().skip(1).map(|r| r.record).chain([self.records]);
        self.widths.iter().copied().zip(ends)
    }

    /// The line of a record, 1-based.
    pub fn line(&self, record: u32) -> u32 {
        let i = self.lines.partition_point(|r| r.record <= record);
        i.checked_sub(1).and_then(|i| self.lines.get(i)).map_or(1, |r| r.value + record - r.record)
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::scan;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(2000))]

        /// However small the blocks are, and whatever quotes stand across their borders, the records are those of reading in order.
        #[test]
        fn blocks_are_as_good_as_reading_in_order(text in "([ab,;\"\n\r ']|\"\"|\r\n|\",\"|\n\"){0,80}", block in 1usize..40, stretch in 1u32..4, which in 0usize..4) {
            let (delimiter, backslash) = [(b',', false), (b';', false), (b',', true), (b' ', false)][which];
            let dialect = Dialect { delimiter, quote: b'"', backslash };
            let want = scan(text.as_bytes(), dialect);
            let store = Store::Memory(text.clone().into_bytes());
            let got = survey(&store, 0, dialect, false, Sizes { block, stretch, ..Sizes::default() }).unwrap();
            prop_assert_eq!(got.records as usize, want.records.len());
            prop_assert_eq!(got.end as usize, text.len());
            prop_assert_eq!(&got.stray, &want.stray);
            prop_assert_eq!(got.unclosed, want.unclosed);
            let widths: Vec<u32> = got.runs().flat_map(|(r, end)| (r.record..end).map(move |_| r.value)).collect();
            prop_assert_eq!(widths, want.records.iter().map(|r| r.fields).collect::<Vec<_>>());
            for (i, r) in want.records.iter().enumerate() {
                prop_assert_eq!(got.line(i as u32), r.line);
            }
            for s in &got.stretches {
                prop_assert_eq!(s.from as usize, want.records[s.record as usize].start);
            }
        }
    }
}
