//! What leaves the program: tables as CSV, TSV, JSON, Parquet and XLSX, charts as SVG, the report as one HTML page.
//!
//! In: plain tables, series of numbers and sentences, which `cli` and `app` fill from an outcome. Out: files, written so
//! that a crash leaves the old file or the new one and never half of one.
//!
//! Reading order: [`table`] (named typed columns), [`write`](mod@write) (one file a format; [`write_table`] picks it by
//! the file's extension), [`svg`] (charts without any dependency), [`html`] (the page).
//!
//! Sources: RFC 4180 (CSV); OWASP ASVS 1.2.10 and CWE-1236 (formula injection: the guard for text cells); Okabe & Ito 2008,
//! "Color universal design" (colours); Heckbert 1990, "Nice numbers for graph labels", Graphics Gems I (axis ticks).

pub mod assumed;
pub mod html;
pub mod json;
pub mod page;
pub mod svg;
pub mod table;
pub mod tables;
pub mod write;

pub use table::{Column, Table};
pub use write::{
    Options, write as write_table, write_csv, write_json, write_parts as write_table_parts, write_text, write_with, write_workbook,
};
