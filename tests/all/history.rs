//! Black-box tests of the history room.
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used)] // helpers of tests, which may

mod arrivals;
mod audit;
mod books;
mod calendars;
mod classify;
mod curious;
mod exports;
mod guests;
mod habits;
mod hostile;
mod layouts;
mod masters;
mod newcomers;
mod newer;
mod real;
mod strangers;
mod travellers;
mod twins;
mod unseen;
mod visitors;

use stockcast::base::{Diagnostic, NoControl};
use stockcast::history::{Import, ReadOptions, Recognised, Role, Series, read_sales_bytes};

fn read_with(text: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Import, Vec<Diagnostic>> {
    read_sales_bytes(&[("sales.csv".to_owned(), text.as_ref().to_vec())], options, &NoControl)
}

fn read(text: impl AsRef<[u8]>) -> Import {
    read_with(text, &ReadOptions::default()).unwrap_or_else(|e| panic!("refused: {}", said(&e)))
}

fn refused(text: impl AsRef<[u8]>) -> Vec<Diagnostic> {
    read_with(text, &ReadOptions::default()).expect_err("should have been refused")
}

fn said(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| format!("{d}\n")).collect()
}

fn find<'a>(diagnostics: &'a [Diagnostic], code: &str) -> &'a Diagnostic {
    diagnostics.iter().find(|d| d.code == code).unwrap_or_else(|| panic!("no {code} in:\n{}", said(diagnostics)))
}

fn series<'a>(import: &'a Import, id: &str) -> &'a Series {
    let names: Vec<_> = import.history.series.iter().map(|s| &*s.unique_id).collect();
    import.history.series.iter().find(|s| &*s.unique_id == id).unwrap_or_else(|| panic!("no {id} in {names:?}"))
}

fn role(recognised: &Recognised, column: &str) -> Role {
    recognised.columns.iter().find(|c| c.name == column).unwrap_or_else(|| panic!("no column {column}")).role
}
