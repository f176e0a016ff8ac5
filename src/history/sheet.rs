//! A companion file as a sheet of known columns: names with their synonyms, cells read with a diagnostic each where they cannot be.

use super::delimited::listed;
use super::names::{compact, is_personal};
use super::options::{DateOrder, ReadOptions};
use super::profile::{self, Profile};
use super::question::{Ask, Question};
use super::table::{self, Table};
use super::values::{Codes, NONE, dates, decimal_mark, numbers};
use super::{names, number};
use crate::base::diagnostic::nearest;
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity, Stamp};
use std::sync::Arc;

/// A column a companion file may have: its name and what else it is called.
pub(super) type Field = (&'static str, &'static str);

/// Fields that count pieces: a thousand read as one would be ordered.
const COUNTED: [&str; 7] = ["on_hand", "quantity", "committed", "unavailable", "pack_size", "minimum", "units_per_pack"];

/// A companion file, its columns found.
pub(super) struct Sheet<'a> {
    table: Table,
    /// What the file is for, in words.
    pub kind: &'static str,
    fields: &'a [Field],
    at: Vec<Option<usize>>,
    /// How sure each field's column is, 0..=1; 1 where a person said so.
    sure: Vec<f64>,
    /// Columns added to (or taken from) a field's own.
    more: Vec<Vec<(f64, usize)>>,
    /// What a column's numbers are multiplied by.
    scale: Vec<f64>,
    /// Columns whose blank cells mean the cell above.
    down: Vec<bool>,
    /// The shop system's known layout.
    pub profile: Option<Profile>,
    /// The order of dates and the decimal mark, where a person said them.
    order: Option<DateOrder>,
    decimal: Option<char>,
    /// What is open may be assumed.
    assume: bool,
    pub notes: Vec<Diagnostic>,
    /// What its dates leave open.
    pub questions: Vec<Question>,
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
    pub fn read(kind: &'static str, name: &str, bytes: &[u8], fields: &'a [Field], said: &ReadOptions) -> Result<Self, Vec<Diagnostic>> {
        let table = table::read(name, bytes, None)?;
        let mut sheet = Self::of(kind, table, fields, said);
        sheet.say_unused();
        Ok(sheet)
    }

    /// Finds the columns of a table: as people said, by the profile, then by their own names, then by synonyms.
    pub fn of(kind: &'static str, table: Table, fields: &'a [Field], said: &ReadOptions) -> Self {
        let columns = table.columns.len();
        let (mut at, mut more) = (vec![None; fields.len()], vec![Vec::new(); fields.len()]);
        let mut used = vec![false; columns];
        let keys: Vec<String> = table.columns.iter().map(|c| compact(&c.name)).collect();
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let profile = profile::find(&names, &said.profiles).filter(|p| p.kind.replace('_', "-") == kind.replace(' ', "-")).cloned();
        let (mut scale, mut down, mut sure) = (vec![1.0; columns], vec![false; columns], vec![0.0; fields.len()]);
        for (column, field) in &said.fields {
            let number = column.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
            let named = table.columns.iter().position(|c| c.name == *column).or_else(|| keys.iter().position(|k| *k == compact(column)));
            let Some(i) = named.or(number).filter(|i| *i < columns) else { continue };
            let f = fields.iter().position(|f| f.0 == field);
            if f.is_some() || field.is_empty() {
                used[i] = true;
            }
            if let Some(f) = f {
                (at[f], sure[f]) = (Some(i), 1.0);
            }
        }
        let by_hand = used.clone();
        if let Some(p) = &profile {
            let place = |name: &str| keys.iter().position(|k| *k == compact(name));
            for (f, (field, _)) in fields.iter().enumerate() {
                let found = p
                    .names(field)
                    .iter()
                    .find_map(|n| profile::parts(n).into_iter().map(|(sign, part)| Some((sign, place(part)?))).collect::<Option<Vec<_>>>())
                    .filter(|found| at[f].is_none() && !found.iter().any(|c| by_hand[c.1]));
                if let Some(mut columns) = found {
                    let first = columns.remove(0);
                    columns.iter().chain([&first]).for_each(|c| used[c.1] = true);
                    (at[f], more[f], sure[f]) = (Some(first.1), columns, 0.98);
                }
            }
            for name in p.roles.values().flatten().flat_map(|n| profile::parts(n)) {
                if let Some(i) = place(name.1) {
                    used[i] = true;
                }
            }
            p.scale.iter().filter_map(|(n, by)| Some((place(n)?, by))).for_each(|(i, by)| scale[i] = *by);
            p.fill_down.iter().filter_map(|n| place(n)).for_each(|i| down[i] = true);
        }
        // exact names first, then synonyms, so that a synonym never takes another column's own name
        for exact in [true, false] {
            for (f, (name, synonyms)) in fields.iter().enumerate() {
                let found = keys.iter().enumerate().position(|(i, key)| {
                    !used[i] && if exact { *key == compact(name) } else { synonyms.split_whitespace().any(|s| s == key) }
                });
                if let Some(i) = found.filter(|_| at[f].is_none() && profile.is_none()) {
                    (at[f], used[i], sure[f]) = (Some(i), true, if exact { 0.95 } else { 0.85 });
                }
            }
        }
        let mut notes = table.notes.clone();
        if let Some(p) = &profile {
            notes.push(Diagnostic::info("profile", format!("recognised as {}", p.name)).file(&table.file));
        }
        let (order, decimal) = (said.date_order, said.decimal);
        let assume = said.assume;
        Self { table, kind, fields, at, sure, more, scale, down, profile, order, decimal, assume, notes, questions: Vec::new() }
    }

    fn say_unused(&mut self) {
        if self.profile.is_some() {
            return;
        }
        let (at, fields, kind) = (&self.at, self.fields, self.kind);
        for (i, column) in self
            .table
            .columns
            .iter()
            .enumerate()
            .filter(|(i, c)| !at.contains(&Some(*i)) && !c.name.starts_with("column ") && !is_personal(&c.name))
        {
            let free = fields.iter().zip(at).filter(|(_, a)| a.is_none()).map(|(f, _)| f.0);
            let d = Diagnostic::info("column-unused", format!("the column {:?} means nothing in the {kind} file", column.name))
                .file(&self.table.file)
                .column(i as u32 + 1);
            self.notes.push(match nearest(&column.name, free) {
                Some(near) => Diagnostic { severity: Severity::Warning, ..d }.fix(format!("did you mean {near}?")),
                None => d,
            });
        }
    }

    /// The field of each column, where it has one.
    pub fn fields_of_columns(&self) -> Vec<Option<&'static str>>
    where
        'a: 'static,
    {
        let field = |i: usize| {
            let at = (0..self.fields.len()).find(|f| self.at[*f] == Some(i) || self.more[*f].iter().any(|m| m.1 == i));
            at.map(|f| self.fields[f].0)
        };
        (0..self.table.columns.len()).map(field).collect()
    }

    /// How sure that is, by column, 0..=1; 0 where it has no field.
    pub fn sureness(&self) -> Vec<f64> {
        let of = |i: usize| {
            let at = (0..self.fields.len()).find(|f| self.at[*f] == Some(i) || self.more[*f].iter().any(|m| m.1 == i));
            at.map_or(0.0, |f| self.sure[f])
        };
        (0..self.table.columns.len()).map(of).collect()
    }

    /// The table read.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.table.rows
    }
    /// The line of a row.
    pub fn line(&self, row: usize) -> u64 {
        self.table.line(row)
    }
    fn index_of(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.0 == field)
    }
    fn index(&self, field: &str) -> Option<usize> {
        self.index_of(field).and_then(|f| self.at[f])
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
        let Some((i, column)) = self.index(field).and_then(|i| Some((i, self.table.columns.get(i)?))) else {
            return Texts(Codes::default());
        };
        let mut codes = Codes::of(column, self.table.rows);
        if self.down[i] {
            let mut last = NONE;
            for row in 0..codes.codes.len() {
                if !codes.has(row) && last != NONE {
                    codes.codes.set(row, last);
                }
                last = codes.code(row);
            }
        }
        Texts(codes)
    }

    /// A column of numbers within `range`; cells out of it or unreadable are said and count as blank. Empty where there is no column.
    pub fn numbers(&mut self, field: &str, range: std::ops::RangeInclusive<f64>) -> Vec<Option<f64>> {
        let Some(i) = self.index(field) else { return vec![None; self.table.rows] };
        let all: Vec<String> =
            self.table.columns.iter().flat_map(|c| (0..self.table.rows.min(1000)).map(|r| c.text(r).into_owned())).collect();
        // what was said counts where the file leaves it open
        let file_mark = decimal_mark(all.iter().map(String::as_str)).0.or(self.decimal);
        let mut read = numbers(&self.table.columns[i], self.table.rows, None, file_mark);
        if read.ambiguous && file_mark.is_none() {
            let mark = self.unclear(i, field, &range);
            read = numbers(&self.table.columns[i], self.table.rows, None, mark);
        }
        let mut values: Vec<f64> = read.values.iter().collect();
        let more = self.index_of(field).map(|f| self.more[f].clone()).unwrap_or_default();
        for (sign, column) in more {
            let other = numbers(&self.table.columns[column], self.table.rows, None, file_mark).values;
            for (value, add) in values.iter_mut().zip(other.iter()).filter(|(_, a)| a.is_finite()) {
                *value = if value.is_finite() { *value + sign * add } else { sign * add };
            }
        }
        let scale = self.scale[i];
        if scale != 1.0 {
            values.iter_mut().for_each(|v| *v *= scale);
        }
        self.bad(i, &read.bad, "number-unreadable", "a number", "write plain numbers, such as 12.5");
        let out_of_range: Vec<usize> = (0..self.table.rows).filter(|r| values[*r].is_finite() && !range.contains(&values[*r])).collect();
        let (lo, hi) = (range.start(), range.end());
        let bound = if hi.is_finite() { format!("between {lo} and {hi}") } else { format!("{lo} or more") };
        self.bad(i, &out_of_range, "number-out-of-range", &bound, "correct the cells");
        values.into_iter().map(|v| Some(v).filter(|v| v.is_finite() && range.contains(v))).collect()
    }

    /// The decimal mark of a column whose separators all stand before three digits, `1.250`: what its range or its other cells tell. Else it is asked,
    /// and of what is counted not read before that is answered.
    fn unclear(&mut self, column: usize, field: &str, range: &std::ops::RangeInclusive<f64>) -> Option<char> {
        let codes = Codes::of(&self.table.columns[column], self.table.rows);
        // no latitude is 48137
        let fits = |mark: &char| codes.values.iter().filter_map(|t| number::parse(t, *mark)).all(|v| range.contains(&v));
        match ['.', ','].map(|mark| fits(&mark)) {
            [true, false] => return Some('.'),
            [false, true] => return Some(','),
            _ => {}
        }
        let counted = COUNTED.contains(&field);
        let name = self.table.columns[column].name.clone();
        let grouped = if counted { super::unclear::grouping(&codes, super::options::Role::Quantity) } else { None };
        if let Some((mark, why)) = grouped {
            let message = format!("separators in {name:?} were taken for thousands, since {why}");
            let d = Diagnostic::info("thousands-assumed", message).file(&self.table.file).column(column as u32 + 1);
            self.notes.push(d.fix("say --decimal . or --decimal , if they divide"));
            return Some(mark);
        }
        let example = codes.values.iter().find(|t| matches!(number::mark(t), Some(number::Mark::Either(_)))).unwrap_or_default();
        let (mut question, mut said) = super::unclear::ask_decimal(&self.table, Some(column), &name, example, self.assume || !counted);
        question.must = counted;
        said.fix = Some("write the numbers without separators, or say which is the decimal mark with --decimal . or --decimal , (in a scenario: decimal = \".\" under [history])".into());
        self.notes.push(said);
        if !self.questions.iter().any(|q| q.ask == Ask::Decimal) {
            self.questions.push(question);
        }
        None
    }

    /// A column of dates; unreadable cells are said and count as blank.
    pub fn dates(&mut self, field: &str) -> Vec<Option<Stamp>> {
        let Some(i) = self.index(field) else { return vec![None; self.table.rows] };
        let read = dates(&self.table.columns[i], self.table.rows, self.order, None);
        if let Some(why) = &read.assumed {
            let order = read.order.map_or("", DateOrder::name);
            self.notes.push(
                Diagnostic::warning("date-order-assumed", format!("dates in {field:?} were read as {order}, since {why}"))
                    .file(&self.table.file)
                    .column(i as u32 + 1)
                    .fix("write dates as YYYY-MM-DD"),
            );
            if self.order.is_none() && !self.questions.iter().any(|q| q.ask == Ask::DateOrder) {
                self.questions.push(super::unclear::ask_order(&self.table, i, &read).0);
            }
        }
        self.bad(i, &read.bad, "date-unreadable", "a date", "write dates as YYYY-MM-DD");
        (0..self.table.rows).map(|r| read.get(r)).collect()
    }

    fn bad(&mut self, column: usize, rows: &[usize], code: &'static str, what: &str, fix: &str) {
        let Some(first) = rows.first() else { return };
        let lines: Vec<u64> = rows.iter().map(|r| self.line(*r)).collect();
        // what is no number may be a name or a telephone number that slipped into the column
        let text = self.table.columns[column].text(*first);
        let shown = text.trim();
        let digits = shown.chars().filter(char::is_ascii_digit).count();
        let harmless = shown.len() <= 12 && digits < 7 && !shown.contains([' ', '@']);
        let shown = if harmless { format!(" ({shown:?})") } else { String::new() };
        let message = format!(
            "{} of {:?} {} not {what}{shown}{}",
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
