//! Where the records of a delimited text begin and end, how many fields each has, and what stands in them.
//!
//! RFC 4180 with what real files add: lone carriage returns, blanks before an opening quote, quotes inside unquoted fields. Bytes that may mean
//! something are found sixty-four at a time ([`Marks`]), so text between them costs next to nothing.

use crate::base::marks;
use std::borrow::Cow;

/// What separates and what surrounds fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
    /// A backslash inside quotes takes the next character as it is.
    pub backslash: bool,
}

/// One record: bytes `start..end` without its line ending, on `line` (1-based), with `fields` fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub start: usize,
    pub end: usize,
    #[cfg(test)]
    pub line: u32,
    pub fields: u32,
}

/// All records of a text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Records, blank lines left out.
    pub records: Vec<Record>,
    /// Fields in well-formed quotes.
    pub quoted: usize,
    /// Lines with a quote where none should be; the first few.
    pub stray: Vec<u32>,
    /// Line of a quote that never closes.
    pub unclosed: Option<u32>,
}

/// Most stray quotes remembered.
pub(super) const STRAY: usize = 100;

/// Finds the records of `text`.
pub(super) fn scan(text: &[u8], dialect: Dialect) -> Scan {
    let mut out = Scan::default();
    let mut walk = Walk::new(text, dialect, 0);
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let seen = walk.skip(at);
        out.quoted += seen.quoted as usize;
        out.stray.extend(std::iter::repeat_n(line, seen.stray as usize).take(STRAY - out.stray.len()));
        if !seen.closed {
            out.unclosed = Some(line);
        }
        if !is_blank(&text[at..seen.end], dialect) {
            out.records.push(Record {
                start: at,
                end: seen.end,
                #[cfg(test)]
                line,
                fields: seen.fields,
            });
        }
        (at, line) = (seen.next, line + 1 + seen.breaks);
    }
    out
}

/// Nothing stands in the line: it is no record.
pub(super) fn is_blank(record: &[u8], dialect: Dialect) -> bool {
    record.iter().all(|b| *b == b' ' || *b == b'\t' && dialect.delimiter != b'\t' || *b == 0x1A)
}

/// What was seen of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Where its last field ends.
    pub end: usize,
    /// Where the next record begins.
    pub next: usize,
    pub fields: u32,
    /// Fields in well-formed quotes.
    pub quoted: u32,
    /// Fields with quotes where none should be.
    pub stray: u32,
    /// Line breaks inside quotes.
    pub breaks: u32,
    /// No quote is left open.
    pub closed: bool,
}

/// The places of delimiters, quotes and line ends, in order.
pub(super) trait Marks {
    /// The next of them, or the length of the text.
    fn next(&mut self) -> usize;
    /// The next quote or line end, or the length of the text; the delimiters before it are counted, and the field it stands in begins at `start`.
    fn next_hard(&mut self, delimiters: &mut u32, start: &mut usize) -> usize;
}

/// Marks of a text as bits, sixty-four bytes at a time; so many words are asked for at once.
struct Bits<'a> {
    text: &'a [u8],
    delimiter: u8,
    quote: u8,
    /// Where the sixty-four bytes at hand begin, and which of them are marks still to come.
    base: usize,
    bits: u64,
    /// Those of the sixty-four that are quotes or line ends, still to come or not.
    hard: u64,
    /// Words found ahead, which of them comes next, and how many there are.
    words: [(u64, u64); AHEAD],
    word: usize,
    held: usize,
    ahead: usize,
}

const AHEAD: usize = 64;

impl<'a> Bits<'a> {
    fn new(text: &'a [u8], dialect: Dialect, from: usize) -> Self {
        let mut out = Self {
            text,
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            base: from & !63,
            bits: 0,
            hard: 0,
            words: [(0, 0); AHEAD],
            word: 0,
            held: 0,
            ahead: 2,
        };
        out.load();
        out.bits &= u64::MAX << (from & 63);
        out
    }

    #[inline(always)]
    fn load(&mut self) {
        if self.word == self.held {
            self.look_ahead();
        }
        (self.bits, self.hard) = self.words.get(self.word).copied().unwrap_or_default();
        self.word += 1;
    }

    /// Few words where only one record may be wanted, more and more where they are read on.
    #[inline(never)]
    fn look_ahead(&mut self) {
        self.ahead = (self.ahead * 2).min(AHEAD);
        let rest = self.text.get(self.base..).unwrap_or_default();
        let rest = &rest[..rest.len().min(64 * self.ahead)];
        (self.word, self.held) = (0, rest.len().div_ceil(64).max(1));
        self.words[0] = (0, 0);
        marks::masks(rest, self.delimiter, [self.quote, b'\n', b'\r'], &mut self.words);
    }
}

impl Marks for Bits<'_> {
    #[inline(always)]
    fn next(&mut self) -> usize {
        while self.bits == 0 {
            self.base += 64;
            if self.base >= self.text.len() {
                return self.text.len();
            }
            self.load();
        }
        let at = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        at
    }

    #[inline(always)]
    fn next_hard(&mut self, delimiters: &mut u32, start: &mut usize) -> usize {
        loop {
            let hard = self.bits & self.hard;
            let before = if hard == 0 { self.bits } else { self.bits & (hard & hard.wrapping_neg()).wrapping_sub(1) };
            if before != 0 {
                *delimiters += before.count_ones();
                *start = self.base + 64 - before.leading_zeros() as usize;
            }
            if hard != 0 {
                self.bits &= !before;
                self.bits &= self.bits - 1;
                return self.base + hard.trailing_zeros() as usize;
            }
            self.base += 64;
            if self.base >= self.text.len() {
                self.bits = 0;
                return self.text.len();
            }
            self.load();
        }
    }
}

/// A text read record by record, each from where the one before ended.
pub(super) struct Walk<'a> {
    text: &'a [u8],
    dialect: Dialect,
    marks: Bits<'a>,
    slow: bool,
}

impl<'a> Walk<'a> {
    /// From a place at which a record begins.
    pub fn new(text: &'a [u8], dialect: Dialect, from: usize) -> Self {
        Self { text, dialect, marks: Bits::new(text, dialect, from), slow: dialect.is_slow() }
    }

    /// Reads the record that begins at `from`, and gives each field with its place in the record.
    #[inline(always)]
    pub fn record(&mut self, from: usize, each: impl FnMut(u32, Field)) -> Seen {
        self.fields(from, u32::MAX, each)
    }

    /// Reads the record that begins at `from` without looking at its fields.
    pub fn skip(&mut self, from: usize) -> Seen {
        self.fields(from, 0, |_, _| {})
    }

    /// Reads the record that begins at `from`, and gives its first `most` fields at least.
    #[inline(always)]
    pub fn fields(&mut self, from: usize, most: u32, each: impl FnMut(u32, Field)) -> Seen {
        if self.slow {
            slow_record(self.text, self.dialect, from, each)
        } else {
            divide(self.text, self.dialect, &mut self.marks, from, most, each)
        }
    }
}

impl Dialect {
    /// Marks are not enough: blanks delimit, or backslashes escape.
    pub fn is_slow(self) -> bool {
        self.backslash || matches!(self.delimiter, b' ' | 0) || self.delimiter == self.quote
    }
}

/// Reads the record that begins at `from` by the marks from there on, and gives its first `most` fields at least.
#[inline(always)]
pub(super) fn divide(
    text: &[u8],
    dialect: Dialect,
    marks: &mut impl Marks,
    from: usize,
    most: u32,
    mut each: impl FnMut(u32, Field),
) -> Seen {
    let Dialect { delimiter, quote, .. } = dialect;
    let mut seen = Seen { end: from, next: from, fields: 0, quoted: 0, stray: 0, breaks: 0, closed: true };
    let mut start = from;
    loop {
        let give = seen.fields < most;
        let mut at = if give { marks.next() } else { marks.next_hard(&mut seen.fields, &mut start) };
        if text.get(at) == Some(&quote) {
            if text[start..at].iter().all(|b| *b == b' ') {
                let (end, plain) = close_marked(text, dialect, marks, &mut seen);
                if give {
                    each(seen.fields, Field { start: at + 1, end, quoted: true, closed: seen.closed, plain });
                }
                // what stands behind the closing quote is the next mark
                at = marks.next();
                debug_assert_eq!(at, end);
            } else if give {
                while text.get(at) == Some(&quote) {
                    at = marks.next();
                }
                each(seen.fields, Field { start, end: at, quoted: false, closed: true, plain: true });
            } else {
                continue;
            }
        } else if give {
            each(seen.fields, Field { start, end: at, quoted: false, closed: true, plain: true });
        }
        seen.fields += 1;
        match text.get(at) {
            Some(b) if *b == delimiter => start = at + 1,
            Some(b'\r') => {
                (seen.end, seen.next) = (at, at + 1);
                if text.get(at + 1) == Some(&b'\n') {
                    marks.next();
                    seen.next += 1;
                }
                return seen;
            }
            found => {
                (seen.end, seen.next) = (at, at + usize::from(found.is_some()));
                return seen;
            }
        }
    }
}

/// From after an opening quote to after its closing one, as [`close`], and whether there were no others.
#[inline]
fn close_marked(text: &[u8], dialect: Dialect, marks: &mut impl Marks, seen: &mut Seen) -> (usize, bool) {
    let Dialect { delimiter, quote, .. } = dialect;
    let (mut stray, mut doubled) = (false, false);
    loop {
        let at = marks.next();
        let Some(&b) = text.get(at) else {
            seen.closed = false;
            return (text.len(), false);
        };
        let mut after = at + 1;
        if b == quote {
            match text.get(after) {
                Some(b) if *b == quote => {
                    marks.next();
                    doubled = true;
                    continue;
                }
                Some(b' ') => {
                    stray = true;
                    while text.get(after) == Some(&b' ') {
                        after += 1;
                    }
                }
                _ => {}
            }
            if text.get(after).is_none_or(|b| *b == delimiter || *b == b'\n' || *b == b'\r') {
                if stray {
                    seen.stray += 1;
                } else {
                    seen.quoted += 1;
                }
                return (after, !stray && !doubled);
            }
            stray = true;
        } else if b == b'\n' || (b == b'\r' && text.get(after) != Some(&b'\n')) {
            seen.breaks += 1;
        }
    }
}

/// A record byte by byte, in any dialect.
pub(super) fn slow_record(text: &[u8], dialect: Dialect, from: usize, mut each: impl FnMut(u32, Field)) -> Seen {
    let mut seen = Seen { end: from, next: from, fields: 0, quoted: 0, stray: 0, breaks: 0, closed: true };
    let mut start = from;
    loop {
        let mut open = start;
        while text.get(open) == Some(&b' ') {
            open += 1;
        }
        let mut at = start;
        if text.get(open) == Some(&dialect.quote) {
            let how = close(text, open + 1, dialect, &mut seen.breaks);
            match how {
                Closed::At(_) => seen.quoted += 1,
                Closed::Stray(_) if dialect.backslash => seen.quoted += 1,
                Closed::Stray(_) => seen.stray += 1,
                Closed::Never => seen.closed = false,
            }
            at = if let Closed::At(end) | Closed::Stray(end) = how { end } else { text.len() };
            let plain = matches!(how, Closed::At(_)) && !text[open + 1..at - 1].contains(&dialect.quote);
            each(seen.fields, Field { start: open + 1, end: at, quoted: true, closed: seen.closed, plain });
        } else {
            while text.get(at).is_some_and(|b| *b != dialect.delimiter && *b != b'\n' && *b != b'\r') {
                at += 1;
            }
            each(seen.fields, Field { start, end: at, quoted: false, closed: true, plain: true });
        }
        seen.fields += 1;
        if text.get(at) == Some(&dialect.delimiter) {
            start = at + 1;
            continue;
        }
        let mut next = at;
        if text.get(next) == Some(&b'\r') {
            next += 1;
        }
        if text.get(next) == Some(&b'\n') {
            next += 1;
        }
        (seen.end, seen.next) = (at, next);
        return seen;
    }
}

enum Closed {
    /// The byte after the closing quote.
    At(usize),
    /// The same, but quotes inside were not doubled.
    Stray(usize),
    Never,
}

/// From after an opening quote to after its closing one. A quote followed by neither delimiter nor line end is text.
fn close(text: &[u8], mut i: usize, dialect: Dialect, line: &mut u32) -> Closed {
    let mut stray = false;
    while let Some(&b) = text.get(i) {
        i += 1;
        if dialect.backslash && b == b'\\' && text.get(i).is_some_and(|n| *n == dialect.quote || *n == b'\\') {
            (i, stray) = (i + 1, true);
        } else if b == dialect.quote {
            match text.get(i) {
                Some(&b) if b == dialect.quote => i += 1,
                None | Some(b'\n' | b'\r') => return if stray { Closed::Stray(i) } else { Closed::At(i) },
                Some(&b) if b == dialect.delimiter => return if stray { Closed::Stray(i) } else { Closed::At(i) },
                Some(b' ') => {
                    // blanks after the closing quote
                    let mut j = i;
                    while text.get(j) == Some(&b' ') {
                        j += 1;
                    }
                    stray = true;
                    if text.get(j).is_none_or(|b| *b == dialect.delimiter || *b == b'\n' || *b == b'\r') {
                        return Closed::Stray(j);
                    }
                }
                Some(_) => stray = true,
            }
        } else if b == b'\n' || (b == b'\r' && text.get(i) != Some(&b'\n')) {
            *line += 1;
        }
    }
    Closed::Never
}

/// The fields of one record, unquoted.
pub(super) fn fields(record: &[u8], dialect: Dialect) -> Vec<Cow<'_, [u8]>> {
    let mut out = Vec::new();
    let mut i = Some(0);
    while let Some(at) = i {
        let (field, next) = field(record, at, dialect);
        out.push(field.cut(record, dialect));
        i = next;
    }
    out
}

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field {
    start: usize,
    end: usize,
    quoted: bool,
    closed: bool,
    /// Nothing inside has to be undone.
    plain: bool,
}

/// The field that begins at `i`, and where the next one does.
fn field(record: &[u8], i: usize, dialect: Dialect) -> (Field, Option<usize>) {
    let mut open = i;
    while record.get(open) == Some(&b' ') {
        open += 1;
    }
    let found = if record.get(open) == Some(&dialect.quote) {
        let mut ignored = 0;
        let (end, closed) = match close(record, open + 1, dialect, &mut ignored) {
            Closed::At(end) | Closed::Stray(end) => (end, true),
            Closed::Never => (record.len(), false),
        };
        Field { start: open + 1, end, quoted: true, closed, plain: false }
    } else {
        let rest = record.get(i..).unwrap_or_default();
        let end = rest.iter().position(|b| *b == dialect.delimiter).map_or(record.len(), |p| i + p);
        Field { start: i, end, quoted: false, closed: true, plain: true }
    };
    let next = (found.end < record.len()).then_some(found.end + 1);
    (found, next)
}

impl Field {
    /// It stands in quotes.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }
    /// Where its text begins and ends, if it stands there as it is read.
    #[inline]
    pub fn span(&self) -> Option<(usize, usize)> {
        self.plain.then(|| (self.start, self.end - usize::from(self.quoted)))
    }
    /// What stands in it, unquoted; `record` is what its place was found in.
    #[inline]
    pub fn cut<'a>(&self, record: &'a [u8], dialect: Dialect) -> Cow<'a, [u8]> {
        if let Some((from, to)) = self.span() {
            return Cow::Borrowed(record.get(from..to).unwrap_or_default());
        }
        let mut inner = record.get(self.start..self.end).unwrap_or_default();
        while self.closed && inner.last() == Some(&b' ') {
            inner = &inner[..inner.len() - 1];
        }
        if self.closed && inner.last() == Some(&dialect.quote) {
            inner = &inner[..inner.len() - 1];
        }
        undouble(inner, dialect.quote)
    }
}

/// Doubled (or backslashed) quotes made single.
fn undouble(inner: &[u8], quote: u8) -> Cow<'_, [u8]> {
    if !inner.contains(&quote) {
        return Cow::Borrowed(inner);
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut i = 0;
    while let Some(&b) = inner.get(i) {
        let next = inner.get(i + 1);
        // a backslash before a doubled quote is a backslash
        let escapes = b == quote || b == b'\\' && inner.get(i + 2) != Some(&quote);
        if escapes && next == Some(&quote) {
            i += 1;
        }
        out.push(inner[i]);
        i += 1;
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"', backslash: false };

    fn texts(record: &str) -> Vec<String> {
        fields(record.as_bytes(), COMMA).iter().map(|f| String::from_utf8_lossy(f).into_owned()).collect()
    }

    #[test]
    fn splits_like_rfc_4180_and_forgives() {
        assert_eq!(texts(r#"a,"b ""x"", c",,d"#), ["a", r#"b "x", c"#, "", "d"]);
        assert_eq!(texts("a,"), ["a", ""]);
        assert_eq!(texts(r#"1, "two" ,3"#), ["1", "two", "3"]);
        assert_eq!(texts(r#""5\" pipe",2"#), [r#"5" pipe"#, "2"]);
        assert_eq!(texts(r#"5" pipe,2"#), [r#"5" pipe"#, "2"]);
        assert_eq!(texts(r#""8\""9 rod",2"#), [r#"8\"9 rod"#, "2"]);
    }

    #[test]
    fn finds_records_and_their_lines() {
        let s = scan(b"a,b\r\n\"x\ny\",1\n\n2,3,4\n", COMMA);
        assert_eq!(s.records.iter().map(|r| (r.line, r.fields)).collect::<Vec<_>>(), [(1, 2), (2, 2), (5, 3)]);
        assert!(s.unclosed.is_none());
        assert_eq!(scan(b"a,b\n1,\"2\n3,4\n", COMMA).unclosed, Some(2));
        assert_eq!(scan(b"a,b\r1,2\r", COMMA).records.len(), 2);
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        /// Reading by marks is reading byte by byte.
        #[test]
        fn marks_miss_nothing(text in "([ab,\"\n\r ]|\"\"|\",|,\"|[a-z]{30,70}){0,40}", most in 0u32..6) {
            let bytes = text.as_bytes();
            let (mut walk, mut at) = (Walk::new(bytes, COMMA, 0), 0);
            let (mut skipping, mut some) = (Walk::new(bytes, COMMA, 0), Walk::new(bytes, COMMA, 0));
            while at < bytes.len() {
                let (mut fast, mut slow) = (Vec::new(), Vec::new());
                let seen = walk.record(at, |i, f| fast.push((i, f)));
                prop_assert_eq!(seen, slow_record(bytes, COMMA, at, |i, f| slow.push((i, f))));
                prop_assert_eq!(&fast, &slow);
                prop_assert_eq!(skipping.skip(at), seen);
                let mut first = Vec::new();
                prop_assert_eq!(some.fields(at, most, |i, f| first.push((i, f))), seen);
                prop_assert_eq!(&first[..], &slow[..slow.len().min(most as usize)]);
                at = seen.next;
            }
        }

        #[test]
        fn field_counts_agree(text in "[ab,\"\n\r ]{0,60}") {
            let s = scan(text.as_bytes(), COMMA);
            for r in &s.records {
                let f = fields(&text.as_bytes()[r.start..r.end], COMMA);
                if s.unclosed.is_none() {
                    prop_assert_eq!(f.len() as u32, r.fields, "{:?}", &text[r.start..r.end]);
                }
            }
        }
    }
}
