//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs its own bytes and a code a row and column, not eighty columns of strings.

use super::number;
use super::records::{Dialect, Record, nth};
use super::values::NONE;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows that one thread codes at a time.
const BLOCK: usize = 1 << 15;

/// A text and where its records are.
#[derive(Debug)]
pub(super) struct Body {
    /// The whole text.
    pub text: String,
    /// Byte at which the records' count begins.
    pub offset: usize,
    pub dialect: Dialect,
    /// The data rows.
    pub records: Vec<Record>,
}

/// One column of it.
#[derive(Debug, Clone)]
pub struct Raw {
    body: Arc<Body>,
    column: usize,
}

impl Raw {
    /// The column at this place.
    pub(super) fn new(body: Arc<Body>, column: usize) -> Self {
        Self { body, column }
    }

    /// A cell as written, unquoted; blank where the row is too short.
    pub fn get(&self, row: usize) -> Cow<'_, str> {
        self.body.records.get(row).map_or(Cow::Borrowed(""), |r| self.cell(r))
    }

    fn cell(&self, record: &Record) -> Cow<'_, str> {
        let at = self.body.offset;
        let bytes = self.body.text.as_bytes().get(at + record.start..at + record.end).unwrap_or_default();
        // delimiters and quotes are ASCII, so a cell never begins inside a character
        match nth(bytes, self.body.dialect, self.column) {
            Cow::Borrowed(b) => String::from_utf8_lossy(b),
            Cow::Owned(b) => Cow::Owned(String::from_utf8_lossy(&b).into_owned()),
        }
    }

    /// Codes of the trimmed cells into their different values, in order of first appearance; blanks are [`NONE`].
    pub(super) fn codes(&self) -> (Vec<u32>, Vec<String>) {
        let blocks: Vec<(Vec<u32>, Vec<Cow<'_, str>>)> = self.body.records.par_chunks(BLOCK).map(|rows| self.block(rows)).collect();
        let mut codes = Vec::with_capacity(self.body.records.len());
        let mut seen: HashMap<Cow<'_, str>, u32> = HashMap::new();
        let mut values = Vec::new();
        for (local, texts) in blocks {
            let known: Vec<u32> = texts
                .into_iter()
                .map(|t| {
                    *seen.entry(t).or_insert_with_key(|t| {
                        values.push(t.trim_start_matches('\'').to_owned());
                        (values.len() - 1) as u32
                    })
                })
                .collect();
            codes.extend(local.into_iter().map(|c| known.get(c as usize).copied().unwrap_or(NONE)));
        }
        (codes, values)
    }

    fn block<'a>(&'a self, rows: &[Record]) -> (Vec<u32>, Vec<Cow<'a, str>>) {
        let mut seen: HashMap<Cow<'a, str>, u32> = HashMap::new();
        let (mut codes, mut values) = (Vec::with_capacity(rows.len()), Vec::new());
        // runs of one value are the rule: statuses, days, the lines of an order
        let mut last: (Cow<'a, str>, u32) = (Cow::Borrowed(""), NONE);
        for r in rows {
            let cell = match self.cell(r) {
                Cow::Borrowed(t) => Cow::Borrowed(t.trim()),
                Cow::Owned(t) => Cow::Owned(t.trim().to_owned()),
            };
            if cell != last.0 {
                let code = match seen.get(&cell) {
                    Some(c) => *c,
                    None => {
                        let code = if number::is_blank(&cell) { NONE } else { values.push(cell.clone()); (values.len() - 1) as u32 };
                        seen.insert(cell.clone(), code);
                        code
                    }
                };
                last = (cell, code);
            }
            codes.push(last.1);
        }
        (codes, values)
    }
}
