//! The columns of a delimited text, left in the text: a cell is found in its record when somebody asks, so a file of eighty columns of which
//! ten mean something costs its own bytes and a code a row and column, not eighty columns of strings.

use super::number;
use super::records::{Dialect, Record, after, cut, fields, nth};
use super::values::NONE;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Columns coded ahead, until somebody takes them.
    pub ready: Mutex<BTreeMap<usize, Coded>>,
}

/// Codes of a column's rows, and the values they stand for.
pub(super) type Coded = (Vec<u32>, Vec<String>);

/// Codes all these columns in one pass over the text, for [`Raw::codes`] to hand out.
pub(super) fn prepare(columns: &[&Raw]) {
    let Some(first) = columns.first() else { return };
    let body = &first.body;
    let mut wanted: Vec<usize> = columns.iter().filter(|c| Arc::ptr_eq(&c.body, body)).map(|c| c.column).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let coded = body.codes(&wanted);
    body.ready.lock().unwrap_or_else(PoisonError::into_inner).extend(wanted.into_iter().zip(coded));
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
        self.body.records.get(row).map_or(Cow::Borrowed(""), |r| text(nth(self.body.bytes(r), self.body.dialect, self.column)))
    }

    /// All cells of a row, unquoted.
    pub(super) fn row(&self, row: usize) -> Vec<Cow<'_, str>> {
        self.body.records.get(row).map_or_else(Vec::new, |r| fields(self.body.bytes(r), self.body.dialect).into_iter().map(text).collect())
    }

    /// Codes of the trimmed cells into their different values, in order of first appearance; blanks are [`NONE`].
    pub(super) fn codes(&self) -> Coded {
        let ready = self.body.ready.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.column);
        ready.or_else(|| self.body.codes(&[self.column]).pop()).unwrap_or_default()
    }
}

/// One column of one block while it is being coded.
#[derive(Default)]
struct Block<'a> {
    codes: Vec<u32>,
    values: Vec<Cow<'a, str>>,
    seen: HashMap<Cow<'a, str>, u32>,
    /// Runs of one value are the rule: statuses, days, the lines of an order.
    last: Option<(Cow<'a, str>, u32)>,
}

impl<'a> Block<'a> {
    fn push(&mut self, cell: Cow<'a, str>) {
        let cell = match cell {
            Cow::Borrowed(t) => Cow::Borrowed(t.trim()),
            Cow::Owned(t) => Cow::Owned(t.trim().to_owned()),
        };
        if let Some((_, code)) = self.last.as_ref().filter(|l| l.0 == cell) {
            self.codes.push(*code);
            return;
        }
        let code = match self.seen.get(&cell) {
            Some(c) => *c,
            None => {
                let mut code = NONE;
                if !number::is_blank(&cell) {
                    code = self.values.len() as u32;
                    self.values.push(cell.clone());
                }
                self.seen.insert(cell.clone(), code);
                code
            }
        };
        self.codes.push(code);
        self.last = Some((cell, code));
    }
}

impl Body {
    /// Codes of these columns (in rising order), each as [`Raw::codes`].
    fn codes(&self, columns: &[usize]) -> Vec<Coded> {
        type Local<'a> = (Vec<u32>, Vec<Cow<'a, str>>);
        let blocks: Vec<Vec<Local<'_>>> = self.records.par_chunks(BLOCK).map(|rows| self.block(rows, columns)).collect();
        let mut merged: Vec<(HashMap<Cow<'_, str>, u32>, Coded)> =
            columns.iter().map(|_| (HashMap::new(), (Vec::with_capacity(self.records.len()), Vec::new()))).collect();
        for block in blocks {
            for ((local, texts), (seen, (codes, values))) in block.into_iter().zip(&mut merged) {
                let known: Vec<u32> = texts
                    .into_iter()
                    .map(|t| {
                        *seen.entry(t).or_insert_with_key(|t| {
                            values.push(super::number::as_meant(t).to_owned());
                            (values.len() - 1) as u32
                        })
                    })
                    .collect();
                codes.extend(local.into_iter().map(|c| known.get(c as usize).copied().unwrap_or(NONE)));
            }
        }
        merged.into_iter().map(|m| m.1).collect()
    }

    fn block<'a>(&'a self, rows: &[Record], columns: &[usize]) -> Vec<(Vec<u32>, Vec<Cow<'a, str>>)> {
        let mut out: Vec<Block<'a>> = columns.iter().map(|_| Block::default()).collect();
        for r in rows {
            let (bytes, mut at, mut column) = (self.bytes(r), Some(0), 0);
            for (wanted, block) in columns.iter().zip(&mut out) {
                while column < *wanted {
                    at = at.and_then(|i| after(bytes, i, self.dialect));
                    column += 1;
                }
                let cell = at.map(|i| text(cut(bytes, i, self.dialect)));
                block.push(cell.unwrap_or_default());
            }
        }
        out.into_iter().map(|b| (b.codes, b.values)).collect()
    }

    fn bytes(&self, record: &Record) -> &[u8] {
        self.text.as_bytes().get(self.offset + record.start..self.offset + record.end).unwrap_or_default()
    }
}

/// Delimiters and quotes are ASCII, so a cell never begins inside a character.
fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(b) => String::from_utf8_lossy(b),
        Cow::Owned(b) => Cow::Owned(String::from_utf8_lossy(&b).into_owned()),
    }
}
