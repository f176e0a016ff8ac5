//! A companion file as a sheet of known columns: names with their synonyms, cells read with a diagnostic each where they cannot be.

use super::delimited::listed;
use super::names::{compact, is_personal};
use super::options::DateOrder;
use super::table::{self, Table};
use super::values::{Codes, dates, decimal_mark, numbers};
use super::{names, number};
use crate::base::diagnostic::nearest;
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity, Stamp};
use std::sync::Arc;

/// A column a companion file may have: its name and what else it is called.
pub(super) type Field = (&'static str, &'static str);

/// A companion file, its columns found.
pub(super) struct Sheet<'a> {
    table: Table,
    /// What the file is for, in words.
    pub kind: &'static str,
    fields: &'a [Field],
    at: Vec<Option<usize>>,
    pub notes: Vec<Diagnostic>,
}

/// Values of a whole column.
pub(super) struct Texts(Codes);

impl Texts {
    /// The text of a row, `None` where blank.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.0.get(row)
    }
    /// The same as a shared string.
    pub fn arc(&self, row: usize) -> Option<Arc<str>> {
        self.get(row).map(Into::into)
    }
}

impl<'a> Sheet<'a> {
    /// Reads a file and finds its columns; unknown ones are said.
    pub fn read(kind: &'static str, name: &str, bytes: &[u8], fields: &'a [Field]) -> Result<Self, Vec<Diagnostic>> {
        let table = table::read(name, bytes, None)?;
        let mut at = vec![None; fields.len()];
        let mut notes = table.notes.clone();
        let mut used = vec![false; table.columns.len()];
        // exact names first, then synonyms, so that a synonym never takes another column's own name
        for exact in [true, false] {
            for (f, (name, synonyms)) in fields.iter().enumerate() {
                let found = table.columns.iter().enumerate().position(|(i, c)| {
                    let key = compact(&c.name);
                    !used[i] && if exact { key == compact(name) } else { synonyms.split_whitespace().any(|s| s == key) }
                });
                if let Some(i) = found.filter(|_| at[f].is_none()) {
                    (at[f], used[i]) = (Some(i), true);
                }
            }
        }
        for (i, column) in
            table.columns.iter().enumerate().filter(|(i, c)| !used[*i] && !c.name.starts_with("column ") && !is_personal(&c.name))
        {
            let free = fields.iter().zip(&at).filter(|(_, a)| a.is_none()).map(|(f, _)| f.0);
            let d = Diagnostic::info("column-unused", format!("the column {:?} means nothing in the {kind} file", column.name))
                .file(&table.file)
                .column(i as u32 + 1);
            notes.push(match nearest(&column.name, free) {
                Some(near) => Diagnostic { severity: Severity::Warning, ..d }.fix(format!("did you mean {near}?")),
                None => d,
            });
        }
        Ok(Self { table, kind, fields, at, notes })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.table.rows
    }
    /// The line of a row.
    pub fn line(&self, row: usize) -> u64 {
        self.table.line(row)
    }
    fn index(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.0 == field).and_then(|f| self.at[f])
    }
    /// Whether the file has the column.
    pub fn has(&self, field: &str) -> bool {
        self.index(field).is_some()
    }

    /// Says an error if none of these columns is there.
    pub fn need(&mut self, any: &[&str]) {
        if !any.iter().any(|f| self.has(f)) {
            let have: Vec<&str> = self.table.columns.iter().map(|c| c.name.as_str()).filter(|n| !is_personal(n)).take(20).collect();
            self.notes.push(
                Diagnostic::error(
                    "column-missing",
                    format!("the {} file has no column {}; it has {}", self.kind, any.join(" or "), have.join(", ")),
                )
                .file(&self.table.file)
                .fix(format!("add or rename a column: {}", any[0])),
            );
        }
    }

    /// A diagnostic about a cell.
    pub fn cell(&mut self, severity: Severity, code: &'static str, row: usize, field: &str, message: String, fix: &str) {
        let line = self.line(row);
        let d = Diagnostic { severity, ..Diagnostic::info(code, message) }.file(&self.table.file).line(line).fix(fix);
        let column = self.index(field);
        self.notes.push(if let Some(c) = column { d.column(c as u32 + 1) } else { d });
    }

    /// A column of text.
    pub fn texts(&self, field: &str) -> Texts {
        let column = self.index(field).and_then(|i| self.table.columns.get(i));
        Texts(column.map_or_else(Codes::default, |c| Codes::of(c, self.table.rows)))
    }

    /// A column of numbers within `range`; cells out of it or unreadable are said and count as blank. Empty where there is no column.
    pub fn numbers(&mut self, field: &str, range: std::ops::RangeInclusive<f64>) -> Vec<Option<f64>> {
        let Some(i) = self.index(field) else { return vec![None; self.table.rows] };
        let all: Vec<String> =
            self.table.columns.iter().flat_map(|c| (0..self.table.rows.min(1000)).map(|r| c.text(r).into_owned())).collect();
        let file_mark = decimal_mark(all.iter().map(String::as_str)).0;
        let read = numbers(&self.table.columns[i], self.table.rows, None, file_mark);
        self.bad(i, &read.bad, "number-unreadable", "a number", "write plain numbers, such as 12.5");
        let out_of_range: Vec<usize> =
            (0..self.table.rows).filter(|r| read.values[*r].is_finite() && !range.contains(&read.values[*r])).collect();
        let (lo, hi) = (range.start(), range.end());
        let bound = if hi.is_finite() { format!("between {lo} and {hi}") } else { format!("{lo} or more") };
        self.bad(i, &out_of_range, "number-out-of-range", &bound, "correct the cells");
        read.values.iter().map(|v| Some(*v).filter(|v| v.is_finite() && range.contains(v))).collect()
    }

    /// A column of dates; unreadable cells are said and count as blank.
    pub fn dates(&mut self, field: &str) -> Vec<Option<Stamp>> {
        let Some(i) = self.index(field) else { return vec![None; self.table.rows] };
        let read = dates(&self.table.columns[i], self.table.rows, None, None);
        if let Some(why) = read.assumed {
            let order = read.order.map_or("", DateOrder::name);
            self.notes.push(
                Diagnostic::warning("date-order-assumed", format!("dates in {field:?} were read as {order}, since {why}"))
                    .file(&self.table.file)
                    .column(i as u32 + 1)
                    .fix("write dates as YYYY-MM-DD"),
            );
        }
        self.bad(i, &read.bad, "date-unreadable", "a date", "write dates as YYYY-MM-DD");
        read.values
    }

    fn bad(&mut self, column: usize, rows: &[usize], code: &'static str, what: &str, fix: &str) {
        let Some(first) = rows.first() else { return };
        let lines: Vec<u64> = rows.iter().map(|r| self.line(*r)).collect();
        let shown: String = self.table.columns[column].text(*first).trim().chars().take(40).collect();
        let message = format!(
            "{} of {:?} {} not {what} ({shown:?}){}",
            plural(rows.len(), "cell"),
            self.table.columns[column].name,
            if rows.len() == 1 { "is" } else { "are" },
            listed(&lines)
        );
        self.notes.push(Diagnostic::warning(code, message).file(&self.table.file).line(lines[0]).column(column as u32 + 1).fix(fix));
    }

    /// Rows in which every known column is blank (totals and notes below a table).
    pub fn is_empty_row(&self, row: usize) -> bool {
        self.at.iter().flatten().all(|i| number::is_blank(&self.table.columns[*i].text(row)))
    }

    /// Says rows that mean nothing without this cell, as errors; at most twenty, then a count.
    pub fn missing(&mut self, field: &str, rows: &[usize]) {
        for row in rows.iter().take(20) {
            self.cell(
                Severity::Error,
                "cell-missing",
                *row,
                field,
                format!("the {} row has no usable {field}", self.kind),
                "fill the cell in, or remove the row",
            );
        }
        if rows.len() > 20 {
            let d = Diagnostic::error("cell-missing", format!("{} more have no usable {field}", plural(rows.len() - 20, "row")))
                .file(&self.table.file);
            self.notes.push(d.fix("fill the cells in, or remove the rows"));
        }
    }
}

/// `mon`, `Montag`, `segunda`, `1` … as Monday = 0.
pub(super) fn weekday(text: &str) -> Option<u32> {
    const DAYS: [&str; 7] = [
        "monday mon montag mo segunda lunes lundi lunedi maandag 1",
        "tuesday tue dienstag di terca martes mardi martedi dinsdag 2",
        "wednesday wed mittwoch mi quarta miercoles mercredi mercoledi woensdag 3",
        "thursday thu donnerstag do quinta jueves jeudi giovedi donderdag 4",
        "friday fri freitag fr sexta viernes vendredi venerdi vrijdag 5",
        "saturday sat samstag sonnabend sa sabado samedi sabato zaterdag 6",
        "sunday sun sonntag so domingo dimanche domenica zondag 7",
    ];
    let t = names::compact(text);
    DAYS.iter().position(|d| d.split(' ').any(|w| w == t)).map(|d| d as u32)
}
