//! Tables into files: the extension decides the format, every write is atomic.
//!
//! In: a [`Table`] and a path. Out: the file, or a [`Diagnostic`] that names the fix.
//! Files: `atomic` (temporary file, sync, rename), `delimited` (CSV, TSV), `json`, `parquet`, `xlsx`.

mod atomic;
mod delimited;
mod json;
mod parquet;
mod xlsx;

use super::table::Table;
use crate::base::Diagnostic;
use crate::base::diagnostic::nearest;
use std::io::Write;
use std::path::Path;

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Leave text cells as they are. Off by default: a spreadsheet runs a text cell that starts with `=`, `+`, `-` or `@` as a
    /// formula, so such cells get a leading `'` in CSV, TSV and XLSX (CWE-1236). On for files only machines read.
    pub raw: bool,
}

/// The extensions that can be written.
pub const EXTENSIONS: [&str; 5] = ["csv", "tsv", "json", "parquet", "xlsx"];

/// Write a table; the extension of `path` decides: `.csv`, `.tsv`, `.json`, `.parquet` or `.xlsx`.
///
/// # Errors
/// `output-format` for another extension, `output-unwritable` when the file cannot be made, `output-too-large` when the
/// format cannot hold the table.
pub fn write(path: impl AsRef<Path>, table: &Table) -> Result<(), Diagnostic> {
    write_with(path, table, Options::default())
}

/// [`write`], with options.
///
/// # Errors
/// As [`write`].
pub fn write_with(path: impl AsRef<Path>, table: &Table, options: Options) -> Result<(), Diagnostic> {
    let path = path.as_ref();
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" => atomic::replace(path, |w| delimited::write(w, table, b',', options)),
        "tsv" | "tab" => atomic::replace(path, |w| delimited::write(w, table, b'\t', options)),
        "json" => atomic::replace(path, |w| json::write(w, table)),
        "parquet" => atomic::replace(path, |w| parquet::write(w, table)),
        "xlsx" => write_sheets(path, &[("data", table)], options),
        other => Err(unknown(path, other)),
    }
}

/// Write a large CSV, TSV or Parquet file as tables with the same columns and no times of day below one another: `part` makes one of `parts`, on several
/// threads. False where the extension asks for another format, which wants one table, or there is no part.
///
/// # Errors
/// As [`write`].
pub fn write_parts(path: impl AsRef<Path>, parts: usize, part: &(dyn Fn(usize) -> Table + Sync)) -> Result<bool, Diagnostic> {
    let path = path.as_ref();
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let delimiter = match extension.as_str() {
        _ if parts == 0 => return Ok(false),
        "csv" => b',',
        "tsv" | "tab" => b'\t',
        "parquet" => return atomic::replace(path, |w| parquet::write_parts(w, parts, part)).map(|()| true),
        _ => return Ok(false),
    };
    atomic::replace(path, |w| delimited::write_parts(w, parts, part, delimiter, Options::default())).map(|()| true)
}

/// Write several tables as the sheets of one `.xlsx`. Names that Excel refuses are cut and cleaned.
///
/// # Errors
/// As [`write`].
pub fn write_workbook(path: impl AsRef<Path>, sheets: &[(&str, &Table)]) -> Result<(), Diagnostic> {
    write_sheets(path.as_ref(), sheets, Options::default())
}

fn write_sheets(path: &Path, sheets: &[(&str, &Table)], options: Options) -> Result<(), Diagnostic> {
    let bytes = xlsx::workbook(sheets, options).map_err(|d| d.file(path.display().to_string()))?;
    atomic::replace(path, |w| w.write_all(&bytes))
}

/// Write a table as CSV to a stream, with the formula guard.
///
/// # Errors
/// Whatever the stream says.
pub fn write_csv(out: &mut impl Write, table: &Table) -> std::io::Result<()> {
    delimited::write(out, table, b',', Options::default())
}

/// Write a table to a stream as a JSON array of objects, one a line, keys in column order.
///
/// # Errors
/// Whatever the stream says.
pub fn write_json(out: &mut impl Write, table: &Table) -> std::io::Result<()> {
    json::write(out, table)
}

/// Write a text file (an HTML page, GeoJSON, a `.sol`) whole or not at all.
///
/// # Errors
/// `output-unwritable`.
pub fn write_text(path: impl AsRef<Path>, text: &str) -> Result<(), Diagnostic> {
    atomic::replace(path.as_ref(), |w| w.write_all(text.as_bytes()))
}

fn unknown(path: &Path, extension: &str) -> Diagnostic {
    let list = EXTENSIONS.map(|e| format!(".{e}")).join(", ");
    let what =
        if extension.is_empty() { "the output file has no extension".to_string() } else { format!("cannot write .{extension} files") };
    let hint = nearest(extension, EXTENSIONS).filter(|_| !extension.is_empty()).map_or(String::new(), |n| format!(" (did you mean .{n}?)"));
    Diagnostic::error("output-format", what).file(path.display().to_string()).fix(format!("end the name in one of {list}{hint}"))
}
