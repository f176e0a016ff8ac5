//! CSV and TSV after RFC 4180: LF line ends, quotes only where needed, the formula guard on text.

use super::Options;
use crate::report::table::{Cell, Column, Table, number_text};
use std::borrow::Cow;
use std::io::{self, Write};

/// Write the header and the rows.
pub fn write(out: &mut impl Write, table: &Table, delimiter: u8, options: Options) -> io::Result<()> {
    let last = table.columns.len().saturating_sub(1);
    let only = table.columns.len() == 1;
    let timed: Vec<bool> = table.columns.iter().map(Column::is_timed).collect();
    for (i, column) in table.columns.iter().enumerate() {
        text(out, &guard(&column.name, options), delimiter, only)?;
        out.write_all(if i == last { b"\n" } else { std::slice::from_ref(&delimiter) })?;
    }
    for row in 0..table.rows() {
        for (i, column) in table.columns.iter().enumerate() {
            match column.cell(row) {
                // a line with nothing on it would vanish when read
                Cell::Empty if only => out.write_all(b"\"\"")?,
                Cell::Empty => {}
                Cell::Text(s) => text(out, &guard(s, options), delimiter, only)?,
                Cell::Number(x, decimals) => out.write_all(number_text(x, decimals).as_bytes())?,
                Cell::Integer(n) => write!(out, "{n}")?,
                Cell::Date(t) if timed.get(i) == Some(&true) => out.write_all(t.iso_timed().as_bytes())?,
                Cell::Date(t) => write!(out, "{t}")?,
                Cell::Bool(b) => write!(out, "{b}")?,
            }
            out.write_all(if i == last { b"\n" } else { std::slice::from_ref(&delimiter) })?;
        }
    }
    Ok(())
}

/// A text cell that no spreadsheet runs as a formula (CWE-1236).
pub fn guard(cell: &str, options: Options) -> Cow<'_, str> {
    if !options.raw && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

fn text(out: &mut impl Write, cell: &str, delimiter: u8, only: bool) -> io::Result<()> {
    let delimiter = char::from(delimiter);
    let needs = cell.contains(['"', '\n', '\r', delimiter]) || cell.starts_with(' ') || cell.ends_with(' ') || (only && cell.is_empty());
    if needs { write!(out, "\"{}\"", cell.replace('"', "\"\"")) } else { out.write_all(cell.as_bytes()) }
}
