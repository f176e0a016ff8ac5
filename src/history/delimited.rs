//! Delimited text to a table: dialect, preamble, header, rows of one width; the cells stay in the text ([`super::raw`]).

use super::raw::{Body, Raw};
use super::records::{Dialect, Record, Scan, fields, scan};
use super::table::{Cells, Column, Lines, Table};
use super::{dialect, header, number};
use crate::base::Diagnostic;
use crate::base::text::plural;
use std::sync::{Arc, Mutex};

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 16_384;
/// Longest record in bytes.
const MAX_RECORD: usize = 4 << 20;

/// Reads delimited text.
pub(super) fn read(name: &str, text: String, encoding: &str, mut notes: Vec<Diagnostic>) -> Result<Table, Vec<Diagnostic>> {
    let fail = |d: Diagnostic, notes: Vec<Diagnostic>| Err(notes.into_iter().chain([d.file(name)]).collect());
    let (forced, body, skipped) = sep_line(&text);
    let offset = text.len() - body.len();
    if let Some(line) = long_line(body) {
        let d = Diagnostic::error("line-too-long", format!("a line is longer than {} MB, which no table has", MAX_RECORD >> 20))
            .line(line + skipped)
            .fix("check that the file is a table, one record a line");
        return fail(d, notes);
    }
    let (mut found, score) = dialect::detect(body);
    if let Some(delimiter) = forced {
        found.delimiter = delimiter;
    }
    let scanned = scan(body.as_bytes(), found);
    if let Some(line) = scanned.unclosed {
        let d = Diagnostic::error("unclosed-quote", format!("the quote {} opened here never closes", found.quote as char))
            .line(u64::from(line) + skipped)
            .fix("close the quote, or double a quote that is part of the text");
        return fail(d, notes);
    }
    if score == 0.0 && forced.is_none() || scanned.records.iter().all(|r| r.fields < 2) {
        let d =
            Diagnostic::error("one-column", "the file has one column only, or no delimiter that divides it (comma, semicolon, tab, bar)")
                .line(1 + skipped)
                .fix("export it as CSV with at least a date and a quantity");
        return fail(d, notes);
    }
    if let Some(r) = scanned.records.iter().find(|r| r.fields as usize > MAX_COLUMNS) {
        let d =
            Diagnostic::error("too-many-columns", format!("a row has {}, more than {MAX_COLUMNS}", plural(r.fields as usize, "column")))
                .line(u64::from(r.line) + skipped)
                .fix("export the long layout, one row per sale or period");
        return fail(d, notes);
    }
    if let Some(line) = scanned.stray.first() {
        notes.push(
            Diagnostic::warning(
                "stray-quote",
                format!("{} a quote inside quoted text that is not doubled", rows_have(scanned.stray.len())),
            )
            .file(name)
            .line(u64::from(*line) + skipped)
            .fix("check those rows; double quotes inside quoted text"),
        );
    }
    match build(name, text, offset, found, scanned, skipped, &mut notes) {
        Ok(mut table) => {
            table.encoding = Some(encoding.to_owned());
            table.delimiter = Some(found.delimiter as char);
            table.quote = Some(found.quote as char);
            table.notes = notes;
            Ok(table)
        }
        Err(d) => fail(d, notes),
    }
}

fn rows_have(n: usize) -> String {
    if n == 1 { "1 row has".into() } else { format!("{} have", plural(n, "row")) }
}

/// Excel's `sep=;` first line: the delimiter it names, the text after it, the lines skipped.
fn sep_line(text: &str) -> (Option<u8>, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let word = first.trim_end_matches('\r').trim_matches('"');
    match word.strip_prefix("sep=").or_else(|| word.strip_prefix("SEP=")).map(str::as_bytes) {
        Some(&[d]) if d.is_ascii() && !d.is_ascii_alphanumeric() => (Some(d), rest, 1),
        _ => (None, text, 0),
    }
}

/// The first line that is too long to be a record.
fn long_line(text: &str) -> Option<u64> {
    if text.len() <= MAX_RECORD {
        return None;
    }
    text.as_bytes().split(|b| *b == b'\n').position(|l| l.len() > MAX_RECORD && !l.contains(&b'\r')).map(|i| i as u64 + 1)
}

fn build(
    name: &str,
    text: String,
    offset: usize,
    found: Dialect,
    mut scanned: Scan,
    skipped: u64,
    notes: &mut Vec<Diagnostic>,
) -> Result<Table, Diagnostic> {
    let whole = text;
    let text = whole.as_bytes().get(offset..).unwrap_or_default();
    let cells = |r: &Record| -> Vec<String> {
        fields(&text[r.start..r.end], found).iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect()
    };
    let sample: Vec<Vec<String>> = scanned.records.iter().take(200).map(cells).collect();
    let at = header::find(&sample);
    let data = &scanned.records[at.data.min(scanned.records.len())..];
    let Some(first) = data.first() else {
        return Err(Diagnostic::error("no-rows", "the file has a header but no rows")
            .line(scanned.records.last().map_or(1, |r| u64::from(r.line)) + skipped)
            .fix("export it again, with a period in which something was sold"));
    };
    let header_row = at.header.and_then(|h| sample.get(h));
    let head_width = header_row.map_or(0, Vec::len);
    let width = head_width.max(if header_row.is_some() { common_width(data).min(head_width + 1) } else { common_width(data) }).max(1);
    if at.header.is_none() {
        notes.push(
            Diagnostic::info("no-header", "the file has no header; columns are told apart by what is in them")
                .file(name)
                .line(u64::from(first.line) + skipped)
                .fix("name columns by position, such as --map \"#1=date,#3=quantity\""),
        );
    } else if at.data > 1 {
        let line = scanned.records.first().map_or(1, |r| u64::from(r.line));
        notes.push(
            Diagnostic::info("preamble-skipped", format!("{} above the header skipped", plural(at.data - 1, "row")))
                .file(name)
                .line(line + skipped),
        );
    }
    let header_line = at.header.and_then(|h| scanned.records.get(h)).map(|r| u64::from(r.line) + skipped);
    let names = header::with_years(&sample, at.header, header::column_names(header_row.map(Vec::as_slice), width));
    scanned.records.drain(..at.data.min(scanned.records.len()));
    let mut kept = std::mem::take(&mut scanned.records);
    fit(name, text, found, &mut kept, width, skipped, notes);
    kept.shrink_to_fit();
    let contiguous = kept.windows(2).all(|w| w[1].line == w[0].line + 1);
    let from = kept.first().map_or(1, |r| u64::from(r.line) + skipped);
    let lines = if contiguous { Lines::From(from) } else { Lines::Each(kept.iter().map(|r| r.line + skipped as u32).collect()) };
    let rows = kept.len();
    let body = Arc::new(Body { text: whole, offset, dialect: found, records: kept, ready: Mutex::default() });
    let column = |(i, name)| Column { name, cells: Cells::Raw(Raw::new(body.clone(), i)) };
    Ok(Table {
        header_line,
        rows,
        above: above(&sample, at.header),
        columns: names.into_iter().enumerate().map(column).collect(),
        lines,
        ..Table::empty(name, "csv")
    })
}

/// The filled cells above the header.
pub(super) fn above(sample: &[Vec<String>], header: Option<usize>) -> Vec<String> {
    let cells = sample[..header.unwrap_or(0).min(sample.len())].iter().flatten();
    cells.map(|c| c.trim()).filter(|c| !c.is_empty()).take(200).map(str::to_owned).collect()
}

/// The commonest number of fields.
fn common_width(data: &[Record]) -> usize {
    let mut counts = std::collections::BTreeMap::<u32, usize>::new();
    for r in data {
        *counts.entry(r.fields).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, c)| *c).map_or(0, |(w, _)| w as usize)
}

/// Leaves out rows with values beyond the last column and says which they are, and which are too short.
fn fit(name: &str, text: &[u8], dialect: Dialect, rows: &mut Vec<Record>, width: usize, skipped: u64, notes: &mut Vec<Diagnostic>) {
    let (mut wide, mut short) = (Vec::new(), Vec::new());
    rows.retain(|r| {
        let line = u64::from(r.line) + skipped;
        if (r.fields as usize) < width {
            short.push(line);
        }
        let more = r.fields as usize > width
            && fields(text.get(r.start..r.end).unwrap_or_default(), dialect)
                .iter()
                .skip(width)
                .any(|c| !number::is_blank(&String::from_utf8_lossy(c)));
        if more {
            wide.push(line);
        }
        !more
    });
    if let Some(line) = wide.first() {
        notes.push(
            Diagnostic::warning(
                "row-too-wide",
                format!("{} more fields than the header ({}) and left out{}", rows_have(wide.len()), width, listed(&wide)),
            )
            .file(name)
            .line(*line)
            .fix("put text that contains the delimiter in quotes"),
        );
    }
    if let Some(line) = short.first() {
        notes.push(
            Diagnostic::info(
                "row-too-short",
                format!("{} fewer fields than the header; the rest is blank{}", rows_have(short.len()), listed(&short)),
            )
            .file(name)
            .line(*line),
        );
    }
}

/// `: lines 3, 5 and 12 more`, for more than one.
pub(super) fn listed(lines: &[u64]) -> String {
    listed_of(lines, lines.len())
}

/// The same where `lines` are the first of `count`.
pub(super) fn listed_of(lines: &[u64], count: usize) -> String {
    if count < 2 {
        return String::new();
    }
    let shown: Vec<String> = lines.iter().take(5).map(u64::to_string).collect();
    let more = count - shown.len();
    let tail = if more > 0 { format!(" and {} more", crate::base::text::grouped(more as f64, 0)) } else { String::new() };
    format!(": lines {}{tail}", shown.join(", "))
}
