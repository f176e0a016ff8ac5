//! A table as read from any format: named columns of text or typed cells, and the line each row stood on.

use super::delimited::{self, Text};
use super::raw::Raw;
use super::source::{self, Source};
use super::store::Store;
use super::survey::Sizes;
use super::{parquet, workbook};
use crate::base::{Diagnostic, Stamp};
use polars::prelude::StringChunked;
use std::borrow::Cow;

/// The cells of one column. Blank cells are `None` (`NaN` for `Float`).
#[derive(Debug, Clone)]
pub enum Cells {
    /// Text as written, trimmed of nothing.
    Text(StringChunked),
    /// The same, still in the delimited text it came from.
    Raw(Raw),
    /// Whole numbers of a typed file.
    Int(Vec<Option<i64>>),
    /// Numbers of a typed file.
    Float(Vec<f64>),
    /// Dates and times of a typed file.
    Time(Vec<Option<Stamp>>),
    /// True or false.
    Bool(Vec<Option<bool>>),
}

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name in the header, trimmed; `column 3` where there is none.
    pub name: String,
    /// One per row.
    pub cells: Cells,
}

/// Which line each row stood on.
#[derive(Debug, Clone)]
pub enum Lines {
    /// Row 0 on this line, the others following one by one.
    From(u64),
    /// Listed.
    Each(Vec<u32>),
    /// From each of these rows (the first is 0) on this line, those up to the next following one by one.
    Runs(Vec<(u32, u32)>),
}

/// A table and how it was read.
#[derive(Debug, Clone)]
pub struct Table {
    /// The file as the user named it.
    pub file: String,
    /// `csv`, `parquet` or `xlsx`.
    pub format: &'static str,
    /// Text encoding, for CSV.
    pub encoding: Option<String>,
    /// Between fields, for CSV.
    pub delimiter: Option<char>,
    /// Around fields, for CSV.
    pub quote: Option<char>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Other sheets, not read.
    pub other_sheets: Vec<String>,
    /// Line of the header.
    pub header_line: Option<u64>,
    /// Cells above the header, as written: titles, ranges of dates. Never shown or kept.
    pub above: Vec<String>,
    /// Columns of equal length.
    pub columns: Vec<Column>,
    /// The columns as they stand in the file, row by row, where [`Table::columns`] were put together from a report.
    pub written: Option<Vec<Column>>,
    /// Number of rows.
    pub rows: usize,
    /// Row to line.
    pub lines: Lines,
    /// What was repaired, skipped or assumed.
    pub notes: Vec<Diagnostic>,
}

/// Reads a table of any format the library knows. `sheet` picks one of a workbook. Errors name the fix.
pub fn read(name: &str, bytes: &[u8], sheet: Option<&str>) -> Result<Table, Vec<Diagnostic>> {
    read_store(name, Store::Memory(bytes.to_vec()), sheet, Sizes::default(), None)
}

/// The same from a store, so much at a time; `guess` tells which columns of a large text will be asked for.
pub(super) fn read_store(
    name: &str,
    store: Store,
    sheet: Option<&str>,
    sizes: Sizes,
    guess: Option<&delimited::Guess<'_>>,
) -> Result<Table, Vec<Diagnostic>> {
    match source::open(name, store).map_err(|d| vec![d])? {
        Source::Text { store, start } => delimited::read(name, Text::new(store, start), sizes, guess),
        Source::Decoded { text, encoding, notes } => delimited::read(name, Text::decoded(text, encoding, notes), sizes, guess),
        Source::Parquet(bytes) => parquet::read(name, &bytes).map_err(|d| vec![d]),
        Source::Zip(bytes) => workbook::read(name, &bytes, sheet).map_err(|d| vec![d]),
    }
}

/// Reads a file from disk, with a diagnostic instead of an error number.
pub(super) fn load(path: &std::path::Path) -> Result<(String, Vec<u8>), Diagnostic> {
    let (name, store) = Store::open(path)?;
    store.into_bytes(&name).map(|bytes| (name, bytes))
}

impl Table {
    /// No columns yet.
    pub(super) fn empty(file: &str, format: &'static str) -> Self {
        Self {
            file: file.to_owned(),
            format,
            encoding: None,
            delimiter: None,
            quote: None,
            sheet: None,
            other_sheets: Vec::new(),
            header_line: None,
            above: Vec::new(),
            columns: Vec::new(),
            written: None,
            rows: 0,
            lines: Lines::From(2),
            notes: Vec::new(),
        }
    }
    /// The cells of some rows, row by row, each row found once: for looking at many columns at a time.
    pub(super) fn grid(&self, rows: impl Iterator<Item = usize>) -> Vec<Vec<Cow<'_, str>>> {
        let raw = self.columns.first().and_then(|c| if let Cells::Raw(r) = &c.cells { Some(r) } else { None });
        let Some(raw) = raw else { return rows.map(|row| self.columns.iter().map(|c| c.text(row)).collect()).collect() };
        let rows: Vec<usize> = rows.collect();
        let mut out = raw.rows(rows.iter().copied());
        for (row, cells) in rows.into_iter().zip(&mut out) {
            cells.resize(self.columns.len(), Cow::Borrowed(""));
            // a column that was put together stands beside the text
            for (cell, c) in cells.iter_mut().zip(&self.columns).filter(|(_, c)| !matches!(c.cells, Cells::Raw(_))) {
                *cell = c.text(row);
            }
        }
        out
    }
    /// What went wrong with the file while its cells were read.
    pub(super) fn check(&self) -> Result<(), Diagnostic> {
        self.columns.first().map_or(Ok(()), |c| if let Cells::Raw(r) = &c.cells { r.check(&self.file) } else { Ok(()) })
    }
    /// The 1-based line of a row.
    pub fn line(&self, row: usize) -> u64 {
        match &self.lines {
            Lines::From(first) => first + row as u64,
            Lines::Each(lines) => lines.get(row).copied().unwrap_or_default().into(),
            Lines::Runs(runs) => {
                let i = runs.partition_point(|r| r.0 as usize <= row);
                i.checked_sub(1).and_then(|i| runs.get(i)).map_or(0, |(from, line)| u64::from(*line) + row as u64 - u64::from(*from))
            }
        }
    }
}

impl Column {
    /// A cell as text, blank where there is none.
    pub fn text(&self, row: usize) -> Cow<'_, str> {
        let owned = match &self.cells {
            Cells::Text(t) => return Cow::Borrowed(t.get(row).unwrap_or_default()),
            Cells::Raw(r) => return r.get(row),
            Cells::Int(v) => v.get(row).copied().flatten().map(|x| x.to_string()),
            Cells::Float(v) => v.get(row).filter(|x| !x.is_nan()).map(|x| x.to_string()),
            Cells::Time(v) => v.get(row).copied().flatten().map(Stamp::iso),
            Cells::Bool(v) => v.get(row).copied().flatten().map(|x| x.to_string()),
        };
        Cow::Owned(owned.unwrap_or_default())
    }
}
