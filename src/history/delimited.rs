//! Delimited text to a table: dialect, preamble, header, then polars with exactly the dialect found.
//!
//! Polars reads strict text fastest but is silent about what is not. So the records are found first; text that is not strict (ragged
//! rows, stray quotes, lone carriage returns) is rewritten strictly before polars sees it, and the row counts must agree.

use super::records::{Dialect, Record, Scan, fields, scan};
use super::table::{Cells, Column, Lines, Table};
use super::{dialect, header, number};
use crate::base::Diagnostic;
use crate::base::text::plural;
use polars::prelude::{DataType, Field, PlSmallStr, Schema, SerReader};
use polars_io::csv::read::{CsvReadOptions, CsvReader};
use std::io::Cursor;
use std::sync::Arc;

/// Most columns of a table.
pub(super) const MAX_COLUMNS: usize = 16_384;
/// Longest record in bytes.
const MAX_RECORD: usize = 4 << 20;

/// Reads delimited text.
pub(super) fn read(name: &str, text: &str, encoding: &str, mut notes: Vec<Diagnostic>) -> Result<Table, Vec<Diagnostic>> {
    let fail = |d: Diagnostic, notes: Vec<Diagnostic>| Err(notes.into_iter().chain([d.file(name)]).collect());
    let (forced, body, skipped) = sep_line(text);
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
    match build(name, body.as_bytes(), found, &scanned, skipped, &mut notes) {
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

fn build(name: &str, text: &[u8], found: Dialect, scanned: &Scan, skipped: u64, notes: &mut Vec<Diagnostic>) -> Result<Table, Diagnostic> {
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
    let ragged = data.iter().any(|r| r.fields as usize != width);
    let (frame_bytes, dialect, kept): (std::borrow::Cow<'_, [u8]>, Dialect, Vec<Record>) = if scanned.strict && !ragged {
        let end = data.last().map_or(text.len(), |r| r.end);
        (std::borrow::Cow::Borrowed(&text[first.start..end]), found, data.to_vec())
    } else {
        let (bytes, kept) = rewrite(name, text, found, data, width, skipped, notes);
        (std::borrow::Cow::Owned(bytes), Dialect { delimiter: b',', quote: b'"', backslash: false }, kept)
    };
    let names = header::column_names(header_row.map(Vec::as_slice), width);
    let columns = parse(&frame_bytes, dialect, names, kept.len())?;
    let contiguous = kept.windows(2).all(|w| w[1].line == w[0].line + 1);
    let from = kept.first().map_or(1, |r| u64::from(r.line) + skipped);
    let lines = if contiguous { Lines::From(from) } else { Lines::Each(kept.iter().map(|r| r.line + skipped as u32).collect()) };
    Ok(Table {
        header_line: at.header.and_then(|h| scanned.records.get(h)).map(|r| u64::from(r.line) + skipped),
        rows: kept.len(),
        above: above(&sample, at.header),
        columns,
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

/// The records in strict comma-separated form, each of `width` fields. Rows with values beyond the last column are left out and said.
fn rewrite(
    name: &str,
    text: &[u8],
    dialect: Dialect,
    data: &[Record],
    width: usize,
    skipped: u64,
    notes: &mut Vec<Diagnostic>,
) -> (Vec<u8>, Vec<Record>) {
    let mut out = Vec::with_capacity(data.last().map_or(0, |r| r.end) - data.first().map_or(0, |r| r.start) + data.len() * width);
    let (mut kept, mut wide, mut short) = (Vec::with_capacity(data.len()), Vec::new(), Vec::new());
    for r in data {
        let cells = fields(&text[r.start..r.end], dialect);
        if cells.iter().skip(width).any(|c| !number::is_blank(&String::from_utf8_lossy(c))) {
            wide.push(u64::from(r.line) + skipped);
            continue;
        }
        if cells.len() < width {
            short.push(u64::from(r.line) + skipped);
        }
        for i in 0..width {
            if i > 0 {
                out.push(b',');
            }
            let cell: &[u8] = cells.get(i).map_or(&[], |c| c);
            if cell.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')) || (width == 1 && cell.is_empty()) {
                out.push(b'"');
                for b in cell {
                    if *b == b'"' {
                        out.push(b'"');
                    }
                    out.push(*b);
                }
                out.push(b'"');
            } else {
                out.extend_from_slice(cell);
            }
        }
        out.push(b'\n');
        kept.push(*r);
    }
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
    (out, kept)
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

/// Polars, told everything: all columns text, this delimiter, this quote, no header.
fn parse(bytes: &[u8], dialect: Dialect, names: Vec<String>, rows: usize) -> Result<Vec<Column>, Diagnostic> {
    let fields = (0..names.len()).map(|i| Field::new(PlSmallStr::from_string(format!("c{i}")), DataType::String));
    let schema = Schema::from_iter(fields);
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(schema)))
        .with_rechunk(true)
        .with_raise_if_empty(false)
        .map_parse_options(|o| o.with_separator(dialect.delimiter).with_quote_char(Some(dialect.quote)));
    let trouble = |e: String| {
        Diagnostic::error("csv-unreadable", format!("the table cannot be read: {e}")).fix("export it again, or save it as XLSX")
    };
    let frame = CsvReader::new(Cursor::new(bytes)).with_options(options).finish().map_err(|e| trouble(e.to_string()))?;
    if frame.height() != rows {
        return Err(trouble(format!("{} found where {rows} were expected", plural(frame.height(), "row"))));
    }
    let mut out = Vec::with_capacity(names.len());
    for (name, column) in names.into_iter().zip(frame.columns()) {
        let text = column.as_materialized_series().str().map_err(|e| trouble(e.to_string()))?;
        out.push(Column { name, cells: Cells::Text(text.rechunk().into_owned()) });
    }
    Ok(out)
}
