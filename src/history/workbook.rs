//! XLSX to a table, through calamine, cell by cell: a workbook is a zip, so what it claims and what it holds are checked first, and a
//! single cell at the far corner of a sheet costs nothing.

use super::delimited::MAX_COLUMNS;
use super::header;
use super::source::MAX_INFLATED;
use super::table::{Cells, Column, Lines, Table};
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};
use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use polars::prelude::StringChunked;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What an entry may unpack to without being looked at twice; beyond it, not more than a hundredfold.
const SMALL: u64 = 64 << 20;
/// Most entries of the zip.
const MAX_ENTRIES: usize = 10_000;
/// Most cells of a sheet.
const MAX_CELLS: usize = 100_000_000;
/// Most bytes that its cells take.
const MAX_HELD: usize = 2 << 30;
/// From so many places for cells on, one in so many has to be filled.
const MANY: usize = 4_000_000;
const SPARSE: usize = 50;
/// Most bytes of the texts that sheets share, which are in memory as a whole (a text takes up to ten times what it is written in), and of what
/// describes a workbook.
const MAX_SHARED: u64 = 256 << 20;
const MAX_ABOUT: u64 = 64 << 20;
/// Most bytes between two tags: a cell holds 32,767 characters at most.
const MAX_RUN: usize = 4 << 20;

/// A cell as calamine gives it, owned.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Blank,
    Text(Box<str>),
    Number(f64),
    Time(Stamp),
    Bool(bool),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(t) => t.to_string(),
            Self::Number(v) => v.to_string(),
            Self::Time(s) => s.iso(),
            Self::Bool(b) => b.to_string(),
        }
    }
}

/// A row with something in it: its 0-based number and its cells.
type Row = (u32, Vec<Cell>);

/// Reads the named sheet, or that which looks most like sales; where none does, the first with a table in it.
pub(super) fn read(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Table, Diagnostic> {
    check_zip(name, bytes)?;
    let damaged = |why: String| {
        Diagnostic::error("xlsx-unreadable", format!("the workbook is damaged or no XLSX workbook{why}"))
            .file(name)
            .fix("open it in a spreadsheet and save it again as XLSX or CSV")
    };
    // a hostile archive can make the parsers panic, which must not end the program
    let read = catch_unwind(AssertUnwindSafe(|| open_sheet(name, bytes, sheet)));
    read.map_err(|_| damaged(String::new()))?.map_err(|e| match e {
        Trouble::Said(d) => d.file(name),
        Trouble::Calamine(e) => damaged(format!(" ({e})")),
    })
}

enum Trouble {
    Said(Box<Diagnostic>),
    Calamine(calamine::XlsxError),
}

impl From<calamine::XlsxError> for Trouble {
    fn from(e: calamine::XlsxError) -> Self {
        Self::Calamine(e)
    }
}

fn open_sheet(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Table, Trouble> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    // what the owner does not see is looked at last
    let (mut sheets, hidden): (Vec<_>, Vec<_>) = book.sheets_metadata().iter().partition(|s| s.visible == SheetVisible::Visible);
    sheets.extend(hidden);
    let sheets: Vec<String> = sheets.into_iter().map(|s| s.name.clone()).collect();
    let said = |d: Diagnostic| Trouble::Said(Box::new(d.file(name)));
    if let Some(wanted) = sheet.filter(|w| !sheets.iter().any(|s| s == w)) {
        let near = crate::base::diagnostic::nearest(wanted, sheets.iter().map(String::as_str));
        let fix = near.map_or_else(|| format!("name one of: {}", sheets.join(", ")), |n| format!("did you mean {n:?}?"));
        return Err(said(Diagnostic::error("sheet-unknown", format!("the workbook has no sheet {wanted:?}")).fix(fix)));
    }
    let mut trouble = None;
    let looked = best(&mut book, name, &sheets, sheet);
    let first = looked.first().map(|l| l.0.clone());
    // the sheet that looks most like sales before the others
    let mut in_order = looked;
    in_order.sort_by_key(|l| std::cmp::Reverse(l.1));
    let more: Vec<String> = in_order.iter().skip(1).filter(|l| l.1 > 0).map(|l| l.0.clone()).collect();
    for (candidate, worth) in &in_order {
        let rows = match sheet_rows(&mut book, candidate, usize::MAX) {
            Ok(rows) => rows,
            Err(e) => {
                trouble = Some(e);
                continue;
            }
        };
        if is_table(&rows) {
            let (rows, joined, alike) =
                if sheet.is_none() { with_alike(&mut book, &sheets, candidate, rows) } else { (rows, vec![], vec![]) };
            let mut table = table_of(name, rows).map_err(|d| Trouble::Said(Box::new(d)))?;
            table.sheet = Some(candidate.clone());
            table.other_sheets = sheets.iter().filter(|s| *s != candidate && !joined.contains(s)).cloned().collect();
            if !joined.is_empty() {
                let message = format!("the sheets {candidate:?} and {joined:?} have the same columns and were read together");
                table.notes.push(Diagnostic::info("sheets-joined", message).file(name).fix("name one with --sheet to read it alone"));
            }
            let passed: Vec<&String> = more.iter().filter(|s| *s != candidate && !joined.contains(s) && !alike.contains(s)).collect();
            if *worth > 0 && (first.as_ref() != Some(candidate) || !passed.is_empty()) {
                let others = if passed.is_empty() { String::new() } else { format!("; {passed:?} may hold sales too") };
                let message = format!("of {}, {candidate:?} looks most like sales and was read{others}", plural(sheets.len(), "sheet"));
                table.notes.push(Diagnostic::info("sheet-chosen", message).file(name).fix("name another with --sheet"));
            }
            if !alike.is_empty() {
                let message = format!(
                    "only the sheet {candidate:?} was read; {alike:?} with the same columns {} not",
                    if alike.len() == 1 { "was" } else { "were" }
                );
                let d = Diagnostic::warning("sheets-unread", message).file(name);
                table.notes.push(d.fix("name another with --sheet, or put all rows on one sheet"));
            }
            return Ok(table);
        }
    }
    Err(trouble.unwrap_or_else(|| {
        said(
            Diagnostic::error("no-rows", "no sheet of the workbook holds a table of two columns and a row")
                .fix("export the sales again, one row per sale or period"),
        )
    }))
}

/// There are two rows with two cells.
fn is_table(rows: &[Row]) -> bool {
    rows.iter().filter(|(_, cells)| cells.iter().filter(|c| **c != Cell::Blank).count() > 1).count() >= 2
}

/// Rows of each sheet by which it is judged, and most sheets judged.
const GLANCE: usize = 300;
const JUDGED: usize = 60;

/// The sheets that may be read, in their order, each with how much its first rows look like sales; unjudged where there is no choice.
fn best(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, sheets: &[String], wanted: Option<&str>) -> Vec<(String, u32)> {
    let all: Vec<&String> = sheets.iter().filter(|s| wanted.is_none_or(|w| w == *s)).collect();
    let judge = all.len() > 1 && all.len() <= JUDGED;
    let mut worth = |sheet: &String| -> u32 {
        let Some(rows) = sheet_rows(book, sheet, GLANCE).ok().filter(|r| judge && is_table(r)) else { return 0 };
        table_of(name, rows).map_or(0, |t| super::classify::like_sales(&t))
    };
    all.into_iter().map(|s| (s.clone(), if judge { worth(s) } else { 0 })).collect()
}

/// Sheets with the very columns of the first: those named like periods (`Jan 2026`, `2025`, `March`) continue it, the others only look alike.
fn with_alike(book: &mut Xlsx<Cursor<&[u8]>>, sheets: &[String], first: &str, mut rows: Vec<Row>) -> (Vec<Row>, Vec<String>, Vec<String>) {
    let head = |rows: &[Row]| -> Option<(usize, Vec<String>)> {
        let mut sample: Vec<Vec<String>> = rows.iter().take(60).map(|r| r.1.iter().map(|c| c.text().trim().to_owned()).collect()).collect();
        header::fold(&mut sample);
        let at = header::find(&sample);
        Some((at.data, sample.get(at.header?)?.clone()))
    };
    let period = |s: &str| header::is_period_name(s.trim()) || super::date::month_alone(s).is_some();
    let (mut joined, mut alike) = (Vec::new(), Vec::new());
    let Some((_, wanted)) = head(&rows) else { return (rows, joined, alike) };
    for other in sheets.iter().filter(|s| *s != first) {
        let Ok(more) = sheet_rows(book, other, usize::MAX) else { continue };
        let Some((data, _)) = head(&more).filter(|h| h.1 == wanted) else { continue };
        if !period(first) || !period(other) || rows.len() + more.len() > MAX_CELLS / 8 {
            alike.push(other.clone());
            continue;
        }
        rows.extend(more.into_iter().skip(data));
        joined.push(other.clone());
    }
    (rows, joined, alike)
}

/// The rows of a sheet that hold anything, in order, no more than `most`.
fn sheet_rows(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, most: usize) -> Result<Vec<Row>, Trouble> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let (mut rows, mut count): (Vec<Row>, usize) = (Vec::new(), 0);
    // places for cells, and bytes of texts
    let (mut places, mut texts) = (0usize, 0usize);
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let value = match cell.get_value() {
            DataRef::Empty | DataRef::Error(_) => continue,
            DataRef::Int(v) => Cell::Number(*v as f64),
            DataRef::Float(v) => Cell::Number(*v),
            DataRef::String(s) => Cell::Text(s.as_str().into()),
            DataRef::SharedString(s) => Cell::Text((*s).into()),
            DataRef::Bool(b) => Cell::Bool(*b),
            DataRef::DateTime(t) => moment(t).map_or_else(|| Cell::Number(t.as_f64()), Cell::Time),
            DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => Cell::Text(s.as_str().into()),
        };
        count += 1;
        if let Cell::Text(t) = &value {
            texts += t.len() + 16;
        }
        let said = |d: Diagnostic| Trouble::Said(Box::new(d.line(u64::from(row) + 1)));
        if column as usize >= MAX_COLUMNS || count > MAX_CELLS {
            return Err(said(
                Diagnostic::error("too-many-columns", "the sheet is larger than any table of sales")
                    .fix("export the table alone, as CSV or Parquet"),
            ));
        }
        if rows.last().is_none_or(|(r, _)| *r != row) {
            if rows.len() >= most {
                break;
            }
            rows.push((row, Vec::with_capacity(rows.last().map_or(8, |r| r.1.len()))));
        }
        if let Some((_, line)) = rows.last_mut() {
            if line.len() <= column as usize {
                places += column as usize + 1 - line.len();
                if places > MANY && places > SPARSE * count || places * size_of::<Cell>() + texts > MAX_HELD {
                    return Err(said(
                        Diagnostic::error("too-many-columns", "the sheet is larger, or emptier, than any table of sales")
                            .fix("export the table alone, as CSV or Parquet"),
                    ));
                }
                line.resize(column as usize + 1, Cell::Blank);
            }
            line[column as usize] = value;
        }
    }
    let wide: usize = rows.iter().map(|r| r.1.len()).max().unwrap_or(0);
    if wide.saturating_mul(rows.len()) > MAX_CELLS * 4 {
        return Err(Trouble::Said(Box::new(
            Diagnostic::error("too-many-columns", "the sheet is larger than any table of sales").fix("export the table alone"),
        )));
    }
    Ok(rows)
}

/// A cell formatted as a date, in whichever of the two systems (from 1900 or from 1904) the workbook counts.
fn moment(t: &calamine::ExcelDateTime) -> Option<Stamp> {
    serial(t.as_f64()).filter(|_| t.is_datetime())?;
    let (year, month, day, hour, minute, second, milli) = t.to_ymd_hms_milli();
    let day = Stamp::from_ymd(year.into(), month.into(), day.into())?;
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    Some(Stamp(day.0 + seconds + i64::from(milli >= 500)))
}

/// An Excel serial (1900 system) to a moment, to the nearest second.
pub(super) fn serial(value: f64) -> Option<Stamp> {
    // 25569 is 1970-01-01
    (366.0..73_415.0).contains(&value).then(|| Stamp(((value - 25_569.0) * 86_400.0).round() as i64))
}

fn table_of(name: &str, rows: Vec<Row>) -> Result<Table, Diagnostic> {
    let mut sample: Vec<Vec<String>> = rows.iter().take(200).map(|(_, cells)| cells.iter().map(Cell::text).collect()).collect();
    let names_in = 1 + usize::from(header::fold(&mut sample));
    let at = header::find(&sample);
    let data = rows.get(at.data..).unwrap_or_default();
    if data.is_empty() {
        return Err(Diagnostic::error("no-rows", "the sheet has a header but no rows")
            .file(name)
            .fix("export it again, with a period in which something was sold"));
    }
    let mut notes = Vec::new();
    if at.header.is_none() {
        notes.push(Diagnostic::info("no-header", "the sheet has no header; columns are told apart by what is in them").file(name));
    } else if at.data > names_in {
        let message = format!("{} above the header skipped", plural(at.data - names_in, "row"));
        notes.push(Diagnostic::info("preamble-skipped", message).file(name));
    }
    let header_row = at.header.and_then(|h| sample.get(h));
    let width = data.iter().map(|r| r.1.len()).max().unwrap_or(0).max(header_row.map_or(0, Vec::len));
    let names = header::with_measures(header::with_years(&sample, at.header, header::column_names(header_row.map(Vec::as_slice), width)));
    let columns = names.into_iter().enumerate().map(|(c, name)| Column { name, cells: column(data, c) }).collect();
    Ok(Table {
        header_line: at.header.and_then(|h| rows.get(h)).map(|r| u64::from(r.0) + 1),
        rows: data.len(),
        above: super::delimited::above(&sample, at.header),
        columns,
        lines: Lines::Each(data.iter().map(|r| r.0 + 1).collect()),
        notes,
        ..Table::empty(name, "xlsx")
    })
}

/// Typed where all filled cells agree, else text.
fn column(rows: &[Row], c: usize) -> Cells {
    let cell = |r: &Row| r.1.get(c).cloned().unwrap_or(Cell::Blank);
    let all = |f: fn(&Cell) -> bool| rows.iter().all(|r| r.1.get(c).is_none_or(|x| *x == Cell::Blank || f(x)));
    let any = rows.iter().any(|r| r.1.get(c).is_some_and(|x| *x != Cell::Blank));
    if any && all(|x| matches!(x, Cell::Number(_))) {
        let values: Vec<Option<f64>> = rows.iter().map(|r| if let Cell::Number(v) = cell(r) { Some(v) } else { None }).collect();
        if values.iter().flatten().all(|v| v.fract() == 0.0 && v.abs() < 9e15) {
            return Cells::Int(values.iter().map(|v| v.map(|v| v as i64)).collect());
        }
        return Cells::Float(values.iter().map(|v| v.unwrap_or(f64::NAN)).collect());
    }
    if any && all(|x| matches!(x, Cell::Time(_))) {
        return Cells::Time(rows.iter().map(|r| if let Cell::Time(s) = cell(r) { Some(s) } else { None }).collect());
    }
    if any && all(|x| matches!(x, Cell::Bool(_))) {
        return Cells::Bool(rows.iter().map(|r| if let Cell::Bool(b) = cell(r) { Some(b) } else { None }).collect());
    }
    let texts = rows.iter().map(|r| Some(cell(r).text()).filter(|t| !t.trim().is_empty()));
    Cells::Text(texts.collect::<StringChunked>())
}

/// Reads the zip's directory and refuses what would unpack to more than any workbook does: by declared size, and by really unpacking
/// whatever could be larger than it declares.
fn check_zip(name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    let fail = |code, message: String, fix: &str| Err(Diagnostic::error(code, message).file(name).fix(fix));
    let u16_at = |at: usize| bytes.get(at..at + 2).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    let u32_at = |at: usize| bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
    let tail = bytes.len().saturating_sub(66_000);
    let Some(end) = bytes[tail..].windows(4).rposition(|w| w == b"PK\x05\x06").map(|p| p + tail) else {
        return fail("xlsx-unreadable", "the workbook is cut off before its end".into(), "copy or export it again");
    };
    let (entries, mut at) = (u16_at(end + 10), u32_at(end + 16));
    if entries > MAX_ENTRIES {
        return fail("archive-too-large", format!("the archive has {}", plural(entries, "entry")), "save the workbook again");
    }
    let (mut workbook, mut total) = (false, 0u64);
    for _ in 0..entries {
        if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
            return fail("xlsx-unreadable", "the workbook's directory is damaged".into(), "copy or export it again");
        }
        let (method, packed, declared) = (u16_at(at + 10), u32_at(at + 20), u32_at(at + 24));
        let (name_len, extra, comment, local) = (u16_at(at + 28), u16_at(at + 30), u16_at(at + 32), u32_at(at + 42));
        let entry = bytes.get(at + 46..at + 46 + name_len).unwrap_or_default();
        workbook |= entry == b"xl/workbook.xml";
        let start = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        // deflate never packs tighter than 1032 to 1, so a small entry cannot hide much
        // pictures and the like are not read
        let most = match entry {
            b"xl/sharedStrings.xml" => MAX_SHARED,
            e if e.starts_with(b"xl/worksheets/") || !e.ends_with(b".xml") && !e.ends_with(b".rels") => MAX_INFLATED,
            _ => MAX_ABOUT,
        };
        let real = if method == 8 && (packed as u64) * 1032 > SMALL {
            let packed_bytes = bytes.get(start..start.saturating_add(packed).min(bytes.len())).unwrap_or_default();
            inflated_size(packed_bytes, most.min((100 * packed as u64).max(SMALL)), entry.ends_with(b".xml"))
        } else {
            (packed as u64).max(declared as u64)
        };
        total = total.saturating_add(real.max(declared as u64));
        if real > most || declared as u64 > most || (real.max(declared as u64) > SMALL && real.max(declared as u64) > 100 * packed as u64) {
            return fail(
                "archive-too-large",
                "the workbook unpacks to far more than it should".into(),
                "save the table alone, as CSV or Parquet",
            );
        }
        at += 46 + name_len + extra + comment;
    }
    if !workbook {
        return fail("file-binary", "this is a zip archive, not a workbook".into(), "unpack it and give the file inside");
    }
    if total > 2 * MAX_INFLATED {
        return fail(
            "archive-too-large",
            "the workbook unpacks to far more than it should".into(),
            "save the table alone, as CSV or Parquet",
        );
    }
    Ok(())
}

/// How many bytes really come out, up to a little over `limit`; more than that, where marked-up text goes on and on without a tag.
fn inflated_size(packed: &[u8], limit: u64, marked_up: bool) -> u64 {
    let mut stream = flate2::read::DeflateDecoder::new(packed);
    let (mut buffer, mut total, mut run) = (vec![0u8; 1 << 16], 0u64, 0);
    while let Ok(n @ 1..) = stream.read(&mut buffer) {
        total += n as u64;
        run = buffer[..n].iter().rposition(|b| *b == b'<').map_or(run + n, |p| n - p);
        if marked_up && run > MAX_RUN {
            return u64::MAX;
        }
        if total > limit {
            break;
        }
    }
    total
}
