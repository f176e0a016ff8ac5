//! Tables as the sheets of a workbook: bold frozen header, filters, widths, number formats, real dates.

use super::Options;
use super::delimited::guard;
use crate::base::Diagnostic;
use crate::report::table::{Cell, Column, Table, Values, number_text};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Rows and columns of a sheet, and characters of a cell, that Excel can hold.
const ROWS: usize = 1_048_576;
const COLUMNS: usize = 16_384;
const CHARACTERS: usize = 32_767;

/// The bytes of the workbook; the same tables give the same bytes.
pub fn workbook(sheets: &[(&str, &Table)], options: Options) -> Result<Vec<u8>, Diagnostic> {
    let mut book = Workbook::new();
    let mut properties = DocProperties::new();
    // a fixed date, since a file that differs by the clock cannot be compared
    if let Ok(epoch) = ExcelDateTime::from_ymd(2000, 1, 1) {
        properties = properties.set_creation_datetime(&epoch);
    }
    book.set_properties(&properties);
    let mut names = BTreeSet::new();
    for (name, table) in sheets {
        if table.rows() >= ROWS || table.columns.len() > COLUMNS {
            let size = format!("{} rows and {} columns", table.rows(), table.columns.len());
            return Err(
                Diagnostic::error("output-too-large", format!("an .xlsx sheet cannot hold {size}")).fix("write .csv or .parquet instead")
            );
        }
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(name, &mut names)).and_then(|s| fill(s, table, options)).map_err(refused)?;
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    book.save_to_buffer().map_err(refused)
}

fn refused(e: XlsxError) -> Diagnostic {
    Diagnostic::error("output-unwritable", format!("the workbook was refused: {e}")).fix("write .csv or .parquet instead")
}

/// At most 31 characters, none that Excel forbids, unique without regard to case.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    let clean = if clean.is_empty() { "sheet" } else { clean };
    let units = |text: &str, limit: usize| {
        let mut length = 0;
        text.chars().take_while(|c| (length + c.len_utf16() <= limit).then(|| length += c.len_utf16()).is_some()).collect::<String>()
    };
    (1usize..)
        .map(|n| if n == 1 { units(clean, 31) } else { format!("{} {n}", units(clean, 27)) })
        .find(|candidate| taken.insert(candidate.to_lowercase()))
        .unwrap_or_default()
}

fn fill(sheet: &mut Worksheet, table: &Table, options: Options) -> Result<(), XlsxError> {
    let header = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
    sheet.set_freeze_panes(1, 0)?;
    let rows = table.rows();
    if let Some(last) = table.columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, rows as u32, last as u16)?;
    }
    for (c, column) in table.columns.iter().enumerate() {
        let c = c as u16;
        sheet.write_string_with_format(0, c, cut(&guard(&column.name, options)), &header)?;
        sheet.set_column_width(c, width(column, rows))?;
        let format = Format::new().set_num_format(number_format(column));
        for row in 0..rows {
            let r = row as u32 + 1;
            match column.cell(row) {
                Cell::Empty => {}
                Cell::Text(s) => drop(sheet.write_string(r, c, cut(&guard(s, options)))?),
                Cell::Number(x, _) => drop(sheet.write_number_with_format(r, c, x, &format)?),
                // a whole number that a double cannot hold stays text rather than change
                Cell::Integer(n) if n.unsigned_abs() > 1 << 53 => drop(sheet.write_string(r, c, n.to_string())?),
                Cell::Integer(n) => drop(sheet.write_number_with_format(r, c, n as f64, &format)?),
                Cell::Bool(b) => drop(sheet.write_boolean(r, c, b)?),
                Cell::Date(t) => match ExcelDateTime::from_timestamp(t.0) {
                    Ok(date) => drop(sheet.write_datetime_with_format(r, c, &date, &format)?),
                    Err(_) => drop(sheet.write_string(r, c, t.iso())?),
                },
            }
        }
    }
    Ok(())
}

fn number_format(column: &Column) -> String {
    match &column.values {
        Values::Number { decimals: Some(0), .. } => "#,##0".into(),
        Values::Number { decimals: Some(d), .. } => format!("#,##0.{}", "0".repeat((*d).min(12))),
        Values::Integer(_) => "#,##0".into(),
        Values::Date(v) if v.iter().flatten().any(|t| t.0.rem_euclid(86_400) != 0) => "yyyy-mm-dd hh:mm:ss".into(),
        Values::Date(_) => "yyyy-mm-dd".into(),
        _ => "General".into(),
    }
}

/// Wide enough for the header and the first thousand rows, within reason.
fn width(column: &Column, rows: usize) -> f64 {
    let longest = (0..rows.min(1000))
        .map(|row| match column.cell(row) {
            Cell::Text(s) => s.chars().count().min(80),
            Cell::Number(x, decimals) => number_text(x, decimals).len() * 5 / 4,
            Cell::Integer(n) => n.to_string().len() * 5 / 4,
            Cell::Date(t) => t.iso().len(),
            Cell::Bool(_) => 5,
            Cell::Empty => 0,
        })
        .max()
        .unwrap_or(0);
    (longest.max(column.name.chars().count().min(24) + 3) as f64 + 1.5).clamp(6.0, 60.0)
}

/// Text within Excel's limit, counted as Excel counts (UTF-16).
fn cut(text: &str) -> String {
    let mut length = 0;
    text.chars()
        .take_while(|c| {
            length += c.len_utf16();
            length <= CHARACTERS
        })
        .collect()
}
