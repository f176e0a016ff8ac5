//! From sales files to a [`History`].

use super::model::History;
use super::options::ReadOptions;
use super::recognised::Recognised;
use crate::base::{Control, Diagnostic};
use std::path::PathBuf;

/// What came of the sales files.
#[derive(Debug, Clone)]
pub struct Import {
    /// Regular series, sorted by `unique_id`.
    pub history: History,
    /// How each file was understood, in the order given.
    pub recognised: Vec<Recognised>,
    /// Everything assumed, set aside or suspicious; none of severity error.
    pub diagnostics: Vec<Diagnostic>,
    /// One row per sale (gaps are zeros) rather than one row per period (gaps are unknown).
    pub transactions: bool,
}

/// Reads sales files (CSV of any dialect, `.gz`, Parquet, XLSX) into one history. On `Err` at least one diagnostic has
/// severity error; the others tell what had been understood until then.
pub fn read_sales(files: &[PathBuf], options: &ReadOptions, control: &dyn Control) -> Result<Import, Vec<Diagnostic>> {
    let _ = (files, options, control);
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}

/// The same from memory: names and contents.
pub fn read_sales_bytes(files: &[(String, Vec<u8>)], options: &ReadOptions, control: &dyn Control) -> Result<Import, Vec<Diagnostic>> {
    let _ = (files, options, control);
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}
