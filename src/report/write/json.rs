//! A table as a JSON array of objects, one row a line.

use crate::report::table::{Cell, Column, Table, number_text};
use std::io::{self, Write};

/// Write the array. What is not known is `null`; numbers are written as in CSV.
pub fn write(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let keys: Vec<String> = table.columns.iter().map(|c| string(&c.name)).collect::<Result<_, _>>()?;
    let timed: Vec<bool> = table.columns.iter().map(Column::is_timed).collect();
    out.write_all(b"[")?;
    for row in 0..table.rows() {
        out.write_all(if row == 0 { b"\n{" } else { b",\n{" })?;
        for (i, (key, column)) in keys.iter().zip(&table.columns).enumerate() {
            let value = match column.cell(row) {
                Cell::Empty => "null".to_string(),
                Cell::Text(s) => string(s)?,
                Cell::Number(x, decimals) => number_text(x, decimals),
                Cell::Integer(n) => n.to_string(),
                Cell::Date(t) => string(&if timed.get(i) == Some(&true) { t.iso_timed() } else { t.iso() })?,
                Cell::Bool(b) => b.to_string(),
            };
            write!(out, "{}{key}:{value}", if i == 0 { "" } else { "," })?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]\n")
}

fn string(s: &str) -> io::Result<String> {
    serde_json::to_string(s).map_err(io::Error::from)
}
