//! Which delimiter and quote a text uses, judged over many records: the dialect under which most records have the same number of fields
//! and the fields look like values wins (after van den Burg, Nazábal & Sutton 2019, *Wrangling messy CSV files by detecting row and type
//! patterns*, Data Mining and Knowledge Discovery 33).

use super::records::{Dialect, Scan, fields, scan};
use super::{date, number};
use std::collections::BTreeMap;

/// Those that exports use, the commonest first: of equally good ones the first wins.
const DELIMITERS: [u8; 6] = *b",;\t|^~";

/// Bytes looked at.
pub(super) const SAMPLE: usize = 256 << 10;

/// The dialect of `text` with its score, 0..=1; 0 means that no delimiter gives two columns.
pub(super) fn detect(text: &[u8]) -> (Dialect, f64) {
    let mut end = text.len().min(SAMPLE);
    if end < text.len() {
        end = text[..end].iter().rposition(|b| *b == b'\n').map_or(end, |p| p + 1);
    }
    let sample = &text[..end];
    let mut best = (Dialect { delimiter: b',', quote: b'"', backslash: false }, 0.0);
    let escapes = sample.windows(2).any(|w| w == b"\\\"" || w == b"\\'");
    for quote in *b"\"'" {
        for delimiter in DELIMITERS {
            for backslash in [false, true].into_iter().take(1 + usize::from(escapes)) {
                let dialect = Dialect { delimiter, quote, backslash };
                let score = score(sample, dialect, end < text.len());
                if score > best.1 + 1e-9 {
                    best = (dialect, score);
                }
            }
        }
    }
    best
}

fn score(sample: &[u8], dialect: Dialect, cut: bool) -> f64 {
    let s = scan(sample, dialect);
    if dialect.quote == b'\'' && (s.quoted * 2 < s.records.len().max(2) || s.quoted < 2 * s.stray.len() || s.unclosed.is_some()) {
        return 0.0; // an apostrophe is a quote only where it behaves like one
    }
    let n = s.records.len().saturating_sub(usize::from(cut && s.unclosed.is_some()));
    let Some((width, share)) = modal_width(&s, n) else { return 0.0 };
    if width < 2 {
        return 0.0;
    }
    let strays = 1.0 / (1.0 + 2.0 * s.stray.len() as f64 / n.max(1) as f64);
    share * cleanness(sample, &s, dialect, width) * strays * (width - 1) as f64 / width as f64
}

/// The commonest number of fields (the larger of equals) and the share of records that have it.
fn modal_width(s: &Scan, n: usize) -> Option<(u32, f64)> {
    let mut counts = BTreeMap::<u32, usize>::new();
    for r in s.records.iter().take(n) {
        *counts.entry(r.fields).or_default() += 1;
    }
    let (width, count) = counts.into_iter().max_by_key(|(w, c)| (*c * usize::from(*w > 1), *w))?;
    Some((width, count as f64 / n as f64))
}

/// Share of fields that look like a whole value rather than like a wrongly cut one.
fn cleanness(sample: &[u8], s: &Scan, dialect: Dialect, width: u32) -> f64 {
    let (mut points, mut cells) = (0.0, 0usize);
    for r in s.records.iter().filter(|r| r.fields == width).take(300) {
        for cell in fields(&sample[r.start..r.end], dialect).iter().take(100) {
            cells += 1;
            let text = String::from_utf8_lossy(cell);
            let t = text.trim();
            points += if t.is_empty() || number::mark(t).is_some() || date::shape(t).is_some() {
                1.0
            } else if t.starts_with(['"', '\'']) || t.ends_with('"') {
                0.2
            } else if t.contains(['\t', ';', '|']) {
                0.5
            } else {
                0.9
            };
        }
    }
    points / cells.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_through_commas() {
        let of = |text: &str| {
            let (d, s) = detect(text.as_bytes());
            (d.delimiter as char, d.quote as char, s > 0.3)
        };
        assert_eq!(of("a;b;c\nx;1,5;2,5\ny;3,5;4,5\n"), (';', '"', true));
        assert_eq!(of("d,n,p\n2026-01-01,\"Hat, red\",1.5\n2026-01-02,\"Cap; blue\",2.5\n"), (',', '"', true));
        assert_eq!(of("'a','b'\n'1,2','x'\n'3,4','y'\n"), (',', '\'', true));
        assert_eq!(of("Report\tof the, day\na\tb\tc\n1\t2\t3\n4\t5\t6\n"), ('\t', '"', true));
        assert_eq!(of("a^b^c\nx^1,5^2,5\ny^3,5^4,5\n"), ('^', '"', true));
        assert_eq!(of("a~b~c\nx~1~2,5\ny~3~4,5\n"), ('~', '"', true));
        assert_eq!(of("a,b,c\nx^y,~1,~2\nz^w,~3,~4\n"), (',', '"', true));
        assert_eq!(of("zip,n\n'75008,1\n'75009,2\n"), (',', '"', true));
        let (d, _) = detect(b"n,t\n1,\"5\\\" pipe, \\\"long\\\", new\"\n2,\"a, b\"\n");
        assert!(d.backslash && d.quote == b'"');
        assert_eq!(detect(b"one\ntwo\nthree\n").1, 0.0);
    }
}
