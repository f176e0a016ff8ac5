//! The wanted cells of records, some hundred rows at a time: where they stand, column by column.
//!
//! Delimiters, quotes and line ends are found first, for some kilobytes at once. A record without quotes that is as wide as the one before has its
//! cells between marks whose numbers are known, and so has one with a single field in quotes; any other is read field by field ([`divide`]).

use super::records::{Dialect, Field, Marks, Seen, divide, is_blank, slow_record};
use crate::base::marks;

/// Rows whose cells are found before they are coded.
pub(super) const STRIP: usize = 512;
/// Places from a column's first to the next column's: a line of the cache more, or a row's cells would push one another out of it.
const STRIDE: usize = STRIP + 8;
/// Bytes in which marks are looked for at once; few in tests, so that every record is met by the end of them.
const AHEAD: usize = if cfg!(test) { 1 << 6 } else { 1 << 14 };

/// Where the wanted cells of some rows are, column by column, [`STRIP`] places each.
pub(super) struct Strip {
    pub rows: usize,
    cells: Vec<Place>,
    /// Fields in which something has to be undone.
    pub knotty: Vec<Field>,
}

/// A cell that stands in the text as it is read, or which of the knotty ones it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub from: u32,
    pub len: u32,
}

/// In place of a length: a knotty cell.
pub(super) const KNOTTY: u32 = u32::MAX;

impl Strip {
    /// The cells of the wanted column with this number.
    pub fn column(&self, column: usize) -> &[Place] {
        self.cells.get(column * STRIDE..).and_then(|c| c.get(..self.rows)).unwrap_or_default()
    }
}

/// Who decides which records are wanted while a text is gone through.
pub(super) trait Follow {
    /// Whether the record that begins here is wanted; `None` if neither it is nor what is behind it.
    fn wanted(&mut self, at: usize) -> Option<bool>;
    /// What was seen of it: whether it is a row if it was wanted, `None` if it is to be left where it is with what is behind it.
    #[inline(always)]
    fn seen(&mut self, _at: usize, _seen: &Seen, _text: &[u8]) -> Option<bool> {
        Some(true)
    }
    /// A blank line from here to there; false if it is to be left with what is behind it.
    #[inline(always)]
    fn blank(&mut self, _at: usize, _next: usize) -> bool {
        true
    }
}

/// Records of which it is known which are wanted.
impl<F: FnMut() -> Option<bool>> Follow for F {
    #[inline(always)]
    fn wanted(&mut self, _: usize) -> Option<bool> {
        self()
    }
}

/// Finds the wanted columns (rising) of one text after the other.
pub(super) struct Divider {
    dialect: Dialect,
    wanted: Vec<usize>,
    /// For each column up to the last wanted one, which of them it is.
    place: Vec<usize>,
    strip: Strip,
    marks: Found,
    /// How many fields the record before had that was read field by field, and which of them was in quotes.
    width: usize,
    quoted: usize,
}

/// Marks found ahead.
#[derive(Default)]
struct Found {
    all: marks::Marks,
    hard: marks::Marks,
    /// Up to where they were looked for.
    seen: usize,
    /// Something there is zero or beyond ASCII.
    odd: bool,
}

impl Found {
    /// Looks further; false at the end of the text.
    #[inline(never)]
    fn more(&mut self, text: &[u8], dialect: Dialect) -> bool {
        let to = text.len().min(self.seen + AHEAD);
        if self.seen == to {
            return false;
        }
        self.odd |= !marks::marks(
            &text[self.seen..to],
            self.seen as u32,
            dialect.delimiter,
            [dialect.quote, b'\n', b'\r'],
            &mut self.all,
            &mut self.hard,
        );
        self.seen = to;
        true
    }
}

/// Marks of a text, found ahead as they are wanted.
struct In<'a> {
    text: &'a [u8],
    dialect: Dialect,
    found: &'a mut Found,
}

impl Marks for In<'_> {
    #[inline(always)]
    fn next(&mut self) -> usize {
        loop {
            if let Some(at) = self.found.all.rest().first() {
                let at = *at as usize;
                self.found.all.take(1);
                return at;
            }
            if !self.found.more(self.text, self.dialect) {
                return self.text.len();
            }
        }
    }
    #[inline(always)]
    fn next_hard(&mut self, delimiters: &mut u32, start: &mut usize) -> usize {
        loop {
            let at = self.next();
            if self.text.get(at) != Some(&self.dialect.delimiter) {
                return at;
            }
            *delimiters += 1;
            *start = at + 1;
        }
    }
}

impl Divider {
    pub fn new(dialect: Dialect, wanted: Vec<usize>) -> Self {
        let mut place = vec![usize::MAX; wanted.last().map_or(0, |w| w + 1)];
        wanted.iter().enumerate().for_each(|(i, w)| place[*w] = i);
        let strip = Strip { rows: 0, cells: vec![Place::default(); wanted.len() * STRIDE], knotty: Vec::new() };
        Self { dialect, wanted, place, strip, marks: Found::default(), width: usize::MAX, quoted: 0 }
    }

    /// Finds the cells of the records in a text that begins with one, and gives them strip by strip. Where it stopped.
    pub fn each(&mut self, text: &[u8], follow: &mut impl Follow, mut then: impl FnMut(&Strip)) -> usize {
        (self.marks.seen, self.marks.odd, self.strip.rows) = (0, false, 0);
        self.marks.all.clear();
        self.marks.hard.clear();
        self.strip.knotty.clear();
        let slow = self.dialect.is_slow();
        let mut at = 0;
        while at < text.len() {
            if let Some(next) = blank_line(text, at, self.dialect) {
                if !follow.blank(at, next) {
                    break;
                }
                if !slow {
                    self.forget(text, next);
                }
                at = next;
                continue;
            }
            let Some(wanted) = follow.wanted(at) else { break };
            let seen = match (!slow).then(|| self.plain(text, at, wanted)).flatten() {
                Some(seen) => seen,
                None => self.record(text, at, wanted, slow),
            };
            let Some(is_row) = follow.seen(at, &seen, text) else { break };
            at = seen.next;
            self.strip.rows += usize::from(wanted && is_row);
            if self.strip.rows == STRIP {
                then(&self.strip);
                self.strip.rows = 0;
                self.strip.knotty.clear();
            }
        }
        if self.strip.rows > 0 {
            then(&self.strip);
        }
        at
    }

    /// What was gone through last is known to be ASCII without zeros.
    pub fn is_ascii(&self) -> bool {
        !self.marks.odd && !self.dialect.is_slow()
    }

    /// Marks before a place are of no use any more.
    fn forget(&mut self, text: &[u8], before: usize) {
        while self.marks.seen < before && self.marks.more(text, self.dialect) {}
        self.marks.all.take_below(before as u32);
        self.marks.hard.take_below(before as u32);
    }

    /// A record of the width expected without quotes, or with one field in quotes that has none inside.
    #[inline(always)]
    fn plain(&mut self, text: &[u8], at: usize, wanted: bool) -> Option<Seen> {
        let width = self.width;
        while self.marks.all.rest().len() <= width {
            if width == usize::MAX || !self.marks.more(text, self.dialect) {
                return None;
            }
        }
        let (all, hard) = (self.marks.all.rest(), self.marks.hard.rest());
        let end = *all.get(width.checked_sub(1)?)?;
        let first = *hard.first()?;
        // as many delimiters as expected, and the first quote or line end is behind them
        let (quoted, further) = if end == first {
            (None, 0)
        } else {
            let (column, further) = self.quoted(text, at, all, hard)?;
            (Some(column), further)
        };
        let end = *all.get(width - 1 + further)?;
        let last = *hard.get(2 * usize::from(further > 0))?;
        let crlf = match (end == last).then(|| text.get(end as usize)).flatten()? {
            b'\n' => 0,
            b'\r' if text.get(end as usize + 1) == Some(&b'\n') => 1,
            _ => return None,
        };
        // marks found ahead may end between the two
        if all.len() < width + further + crlf || hard.len() < 1 + 2 * usize::from(further > 0) + crlf {
            return None;
        }
        if wanted {
            let row = self.strip.rows;
            let marks = all.get(..width + further)?;
            for (cells, column) in self.strip.cells.chunks_exact_mut(STRIDE).zip(&self.wanted) {
                let cell = match quoted {
                    // a quote begins the field, and one ends it
                    Some(q) if *column == q => {
                        let (from, to) = (marks[q] + 1, marks[q + further - 1]);
                        Place { from, len: to - from }
                    }
                    _ => {
                        let behind = if quoted.is_some_and(|q| *column > q) { further } else { 0 };
                        let from = if *column == 0 { at as u32 } else { marks.get(column - 1 + behind).map_or(end, |m| m + 1) };
                        // what a short row does not have is blank
                        let to = marks.get(column + behind).copied().unwrap_or(from);
                        Place { from, len: to.saturating_sub(from) }
                    }
                };
                if let Some(c) = cells.get_mut(row) {
                    *c = cell;
                }
            }
        }
        self.marks.all.take(width + further + crlf);
        self.marks.hard.take(1 + 2 * usize::from(further > 0) + crlf);
        let (end, quoted) = (end as usize, u32::from(further > 0));
        Some(Seen { end, next: end + 1 + crlf, fields: width as u32, quoted, stray: 0, breaks: 0, closed: true })
    }

    /// Where the first quote begins a field and the next one ends it, before a delimiter or line end: which field that is, and how many marks it has
    /// beside the one behind it.
    #[inline(always)]
    fn quoted(&self, text: &[u8], at: usize, all: &[u32], hard: &[u32]) -> Option<(usize, usize)> {
        let quote = self.dialect.quote;
        let (open, close) = (*hard.first()?, *hard.get(1)?);
        let is_quote = |place: u32| text.get(place as usize) == Some(&quote);
        if !is_quote(open) || !is_quote(close) {
            return None;
        }
        // the field is the one it was in the record before, as a rule
        let column =
            if all.get(self.quoted) == Some(&open) { self.quoted } else { all.iter().take(self.width).position(|m| *m == open)? };
        let begins = if column == 0 { at as u32 } else { all.get(column - 1)? + 1 };
        let closes = column + 1 + all.get(column + 1..)?.iter().take(self.width).position(|m| *m == close)?;
        (begins == open && all.get(closes + 1) == Some(&(close + 1)) && !is_quote(close + 1)).then_some((column, closes + 1 - column))
    }

    /// Any record.
    fn record(&mut self, text: &[u8], at: usize, wanted: bool, slow: bool) -> Seen {
        let Self { dialect, place, strip, marks, .. } = self;
        let Strip { rows, cells, knotty } = strip;
        if wanted {
            cells.chunks_exact_mut(STRIDE).for_each(|c| c.get_mut(*rows).into_iter().for_each(|c| *c = Place::default()));
        }
        let most = if wanted { place.len() } else { 0 };
        let quoted = &mut self.quoted;
        let each = |i: u32, field: Field| {
            if field.is_quoted() {
                *quoted = i as usize;
            }
            let column = place.get(i as usize).filter(|_| wanted);
            if let Some(cell) = column.and_then(|p| cells.get_mut(p.checked_mul(STRIDE)? + *rows)) {
                *cell = match field.span() {
                    Some((from, to)) => Place { from: from as u32, len: (to - from) as u32 },
                    None => {
                        knotty.push(field);
                        Place { from: knotty.len() as u32 - 1, len: KNOTTY }
                    }
                };
            }
        };
        let seen = if slow {
            slow_record(text, *dialect, at, each)
        } else {
            let mut marks = In { text, dialect: *dialect, found: marks };
            divide(text, *dialect, &mut marks, at, most as u32, each)
        };
        if !slow {
            self.marks.hard.take_below(seen.next as u32);
        }
        self.width = seen.fields as usize;
        seen
    }
}

/// Where the next line begins, where this one is blank: that is no record.
#[inline(always)]
fn blank_line(text: &[u8], at: usize, dialect: Dialect) -> Option<usize> {
    let mut end = at;
    while text.get(end).is_some_and(|b| is_blank(std::slice::from_ref(b), dialect)) {
        end += 1;
    }
    match text.get(end) {
        None => Some(end),
        Some(b'\n') => Some(end + 1),
        Some(b'\r') => Some(end + 1 + usize::from(text.get(end + 1) == Some(&b'\n'))),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::records::scan;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(2000))]

        /// Dividing strip by strip is reading byte by byte, whatever stands in the text.
        #[test]
        fn strips_hold_what_reading_byte_by_byte_finds(
            text in prop_oneof![
                "([ab,;\"\n\r '\t]|\"\"|\r\n|\",\"|\n\"|a,b,c\n|a,\"b,\",c\n|a,b,c\r\n){0,80}",
                "(a,b,c\r\n|a,\"b,\",c\r\n|a,\"bbb\",c\r\n){0,80}",
                "(a,b,c\n){400,600}[ab,\"\n]{0,40}(a,b,\"c\"\n){0,700}",
                "([a-z]{0,90},){0,9}[a-z\"]{0,9}\n([a-z]{0,90},){0,9}[a-z]{0,9}\n",
            ],
            wanted in prop::collection::btree_set(0usize..7, 0..5),
            which in 0usize..5,
            left_out in 1usize..9,
            again: bool,
        ) {
            let (delimiter, backslash) = [(b',', false), (b';', false), (b',', true), (b' ', false), (b'\t', false)][which];
            let dialect = Dialect { delimiter, quote: b'"', backslash };
            let bytes = text.as_bytes();
            let wanted: Vec<usize> = wanted.into_iter().collect();
            let mut want: Vec<Vec<Vec<u8>>> = Vec::new();
            for (i, r) in scan(bytes, dialect).records.iter().enumerate().filter(|(i, _)| i % left_out != 1) {
                let _ = i;
                let mut cells = vec![Vec::new(); wanted.len()];
                slow_record(bytes, dialect, r.start, |i, f| {
                    if let Some(k) = wanted.iter().position(|w| *w == i as usize) {
                        cells[k] = f.cut(bytes, dialect).into_owned();
                    }
                });
                want.push(cells);
            }
            let mut divider = Divider::new(dialect, wanted.clone());
            for _ in 0..1 + usize::from(again) {
                let (mut got, mut record) = (Vec::new(), 0);
                divider.each(bytes, &mut || { record += 1; Some((record - 1) % left_out != 1) }, |strip| {
                    for row in 0..strip.rows {
                        got.push((0..wanted.len()).map(|c| {
                            let place = strip.column(c)[row];
                            match place.len {
                                KNOTTY => strip.knotty[place.from as usize].cut(bytes, dialect).into_owned(),
                                len => bytes[place.from as usize..][..len as usize].to_vec(),
                            }
                        }).collect::<Vec<_>>());
                    }
                });
                prop_assert_eq!(&got, &want);
            }
        }
    }
}
