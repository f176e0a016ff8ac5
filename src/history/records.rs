//! Where the records of a delimited text begin and end, how many fields each has, and what stands in them.
//!
//! RFC 4180 with what real files add: lone carriage returns, blanks before an opening quote, quotes inside unquoted fields.

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

/// Finds the records of `text`.
pub(super) fn scan(text: &[u8], dialect: Dialect) -> Scan {
    let Dialect { delimiter, quote, .. } = dialect;
    let mut out = Scan::default();
    let (mut i, mut line) = (0usize, 1u32);
    let n = text.len();
    while i < n {
        let (start, first_line) = (i, line);
        let mut fields = 1u32;
        let mut field_start = true;
        let end = loop {
            let Some(&b) = text.get(i) else { break i };
            if field_start {
                field_start = false;
                let mut open = i;
                while text.get(open) == Some(&b' ') {
                    open += 1;
                }
                if text.get(open) == Some(&quote) {
                    match close(text, open + 1, dialect, &mut line) {
                        Closed::At(after) => {
                            out.quoted += 1;
                            i = after;
                        }
                        Closed::Stray(after) => {
                            if dialect.backslash {
                                out.quoted += 1;
                            } else if out.stray.len() < 100 {
                                out.stray.push(first_line);
                            }
                            i = after;
                        }
                        Closed::Never => {
                            out.unclosed = Some(first_line);
                            i = n;
                        }
                    }
                    continue;
                }
            }
            if b == delimiter {
                fields += 1;
                field_start = true;
            } else if b == b'\n' || b == b'\r' {
                break i;
            }
            i += 1;
        };
        // the line ending
        if text.get(i) == Some(&b'\r') {
            i += 1;
            if text.get(i) == Some(&b'\n') {
                i += 1;
            }
        } else if text.get(i) == Some(&b'\n') {
            i += 1;
        }
        line += 1;
        if text[start..end].iter().all(|b| *b == b' ' || *b == b'\t' && delimiter != b'\t' || *b == 0x1A) {
            continue;
        }
        out.records.push(Record { start, end, line: first_line, fields });
    }
    out
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

/// The field at a place of one record, unquoted; blank where the record is shorter.
pub(super) fn nth(record: &[u8], dialect: Dialect, n: usize) -> Cow<'_, [u8]> {
    let mut i = Some(0);
    for _ in 0..n {
        i = i.and_then(|at| field(record, at, dialect).1);
    }
    i.map_or(Cow::Borrowed(&[]), |at| field(record, at, dialect).0.cut(record, dialect))
}

/// Where the field after the one at `i` begins.
pub(super) fn after(record: &[u8], i: usize, dialect: Dialect) -> Option<usize> {
    field(record, i, dialect).1
}

/// The field that begins at `i`, unquoted.
pub(super) fn cut(record: &[u8], i: usize, dialect: Dialect) -> Cow<'_, [u8]> {
    field(record, i, dialect).0.cut(record, dialect)
}

/// Where a field stands.
struct Field {
    start: usize,
    end: usize,
    quoted: bool,
    closed: bool,
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
        Field { start: open + 1, end, quoted: true, closed }
    } else {
        let rest = record.get(i..).unwrap_or_default();
        let end = rest.iter().position(|b| *b == dialect.delimiter).map_or(record.len(), |p| i + p);
        Field { start: i, end, quoted: false, closed: true }
    };
    let next = (found.end < record.len()).then_some(found.end + 1);
    (found, next)
}

impl Field {
    fn cut<'a>(&self, record: &'a [u8], dialect: Dialect) -> Cow<'a, [u8]> {
        let mut inner = record.get(self.start..self.end).unwrap_or_default();
        if !self.quoted {
            return Cow::Borrowed(inner);
        }
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
        #[test]
        fn field_counts_agree(text in "[ab,\"\n\r ]{0,60}") {
            let s = scan(text.as_bytes(), COMMA);
            for r in &s.records {
                let f = fields(&text.as_bytes()[r.start..r.end], COMMA);
                if s.unclosed.is_none() {
                    prop_assert_eq!(f.len() as u32, r.fields, "{:?}", &text[r.start..r.end]);
                    for (n, field) in f.iter().enumerate() {
                        prop_assert_eq!(&nth(&text.as_bytes()[r.start..r.end], COMMA, n), field);
                    }
                }
            }
        }
    }
}
