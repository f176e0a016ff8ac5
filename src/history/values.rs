//! Columns to values: keys, numbers with one decimal mark per column, dates with one order per column, each decided from all rows.

use super::date::{self, Votes};
use super::number::{self, Mark};
use super::options::DateOrder;
use super::table::{Cells, Column};
use super::workbook::serial;
use super::zone::Clock;
use crate::base::Stamp;
use chrono::Datelike;
use rayon::prelude::*;
use std::collections::HashMap;

/// The code of a blank cell.
pub(super) const NONE: u32 = u32::MAX;

/// A column as codes into its distinct values, in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Codes {
    pub codes: Vec<u32>,
    pub values: Vec<String>,
}

impl Codes {
    /// Distinct trimmed texts; blanks are [`NONE`].
    pub fn of(column: &Column, rows: usize) -> Self {
        let mut out = Self { codes: Vec::with_capacity(rows), values: Vec::new() };
        match &column.cells {
            Cells::Raw(raw) => (out.codes, out.values) = raw.codes(),
            Cells::Text(text) => {
                let mut seen: HashMap<&str, u32> = HashMap::new();
                for cell in text.iter() {
                    let t = cell.unwrap_or_default().trim();
                    let code = match seen.get(t) {
                        Some(c) => *c,
                        None => {
                            let c = if number::is_blank(t) { NONE } else { out.push(t) };
                            seen.insert(t, c);
                            c
                        }
                    };
                    out.codes.push(code);
                }
            }
            Cells::Int(values) => {
                let mut seen: HashMap<i64, u32> = HashMap::new();
                for v in values {
                    let code = v.map_or(NONE, |v| *seen.entry(v).or_insert_with(|| out.push(&v.to_string())));
                    out.codes.push(code);
                }
            }
            _ => {
                let mut seen: HashMap<String, u32> = HashMap::new();
                for row in 0..rows {
                    let t = column.text(row).trim().to_owned();
                    let code = match seen.get(&t) {
                        Some(c) => *c,
                        None => {
                            let c = if number::is_blank(&t) { NONE } else { out.push(&t) };
                            seen.insert(t, c);
                            c
                        }
                    };
                    out.codes.push(code);
                }
            }
        }
        out
    }
    fn push(&mut self, value: &str) -> u32 {
        self.values.push(number::as_meant(value).to_owned());
        (self.values.len() - 1) as u32
    }
    /// The text of a row, `None` where blank.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.value(*self.codes.get(row)?)
    }
    /// The text of a code.
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values.get(code as usize).map(String::as_str)
    }
}

/// A numeric column: NaN where blank or unreadable.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub values: Vec<f64>,
    /// Rows with something that is no number.
    pub bad: Vec<usize>,
    /// The decimal mark, where any cell had a separator.
    pub mark: Option<char>,
    /// Every cell with a separator could be read either way.
    pub ambiguous: bool,
}

/// Reads a column of numbers. `forced` is the user's mark, `fallback` the file's where the column does not tell.
pub(super) fn numbers(column: &Column, rows: usize, forced: Option<char>, fallback: Option<char>) -> Numbers {
    match &column.cells {
        Cells::Float(v) => {
            Numbers { values: v.iter().map(|x| if x.abs() <= 1e15 { *x } else { f64::NAN }).collect(), ..Numbers::default() }
        }
        Cells::Int(v) => Numbers { values: v.iter().map(|x| x.map_or(f64::NAN, |x| x as f64)).collect(), ..Numbers::default() },
        Cells::Bool(v) => Numbers { values: v.iter().map(|x| x.map_or(f64::NAN, f64::from)).collect(), ..Numbers::default() },
        Cells::Time(_) => Numbers { values: vec![f64::NAN; rows], bad: (0..rows).collect(), ..Numbers::default() },
        Cells::Text(_) | Cells::Raw(_) => {
            let codes = Codes::of(column, rows);
            let (mark, ambiguous) = decimal_mark(codes.values.iter().map(String::as_str));
            let used = forced.or(mark).or(fallback).unwrap_or('.');
            let parsed: Vec<Option<f64>> = codes.values.iter().map(|t| number::parse(t, used)).collect();
            let mut out = Numbers { values: Vec::with_capacity(rows), bad: Vec::new(), mark, ambiguous: false };
            for (row, code) in codes.codes.iter().enumerate() {
                let value = parsed.get(*code as usize).copied().flatten();
                if value.is_none() && *code != NONE {
                    out.bad.push(row);
                }
                out.values.push(value.unwrap_or(f64::NAN));
            }
            out.ambiguous = ambiguous && forced.is_none() && mark.is_none();
            if forced.is_some() && (mark.is_some() || ambiguous) {
                out.mark = forced;
            }
            out
        }
    }
}

/// The mark most certain cells vote for, and whether there are cells with separators but none certain.
pub(super) fn decimal_mark<'a>(texts: impl Iterator<Item = &'a str>) -> (Option<char>, bool) {
    let (mut dot, mut comma, mut either) = (0usize, 0usize, 0usize);
    for t in texts {
        match number::mark(t) {
            Some(Mark::Sure('.')) => dot += 1,
            Some(Mark::Sure(_)) => comma += 1,
            Some(Mark::Either(_)) => either += 1,
            _ => {}
        }
    }
    let mark = match (dot, comma) {
        (0, 0) => None,
        _ => Some(if dot >= comma { '.' } else { ',' }),
    };
    (mark, mark.is_none() && either > 0)
}

/// A column of true/false or shares: NaN where blank or unreadable.
pub(super) fn flags(column: &Column, rows: usize) -> Numbers {
    if !matches!(column.cells, Cells::Text(_) | Cells::Raw(_)) {
        return numbers(column, rows, None, None);
    }
    let codes = Codes::of(column, rows);
    let parsed: Vec<Option<f64>> = codes.values.iter().map(|t| number::parse_flag(t)).collect();
    let mut out = Numbers::default();
    for (row, code) in codes.codes.iter().enumerate() {
        let value = parsed.get(*code as usize).copied().flatten();
        if value.is_none() && *code != NONE {
            out.bad.push(row);
        }
        out.values.push(value.unwrap_or(f64::NAN));
    }
    out
}

/// A column of dates.
#[derive(Debug, Default)]
pub(super) struct Dates {
    pub values: Vec<Option<Stamp>>,
    /// Rows with something that is no date.
    pub bad: Vec<usize>,
    /// The order used, for text.
    pub order: Option<DateOrder>,
    /// Nothing in the column told the order; why the one used was taken.
    pub assumed: Option<&'static str>,
    /// Cells that could only be read in the other order.
    pub conflicting: usize,
    /// What was taken for want of evidence: somebody has to say.
    pub open: bool,
    /// Different cells with an offset from UTC, and how many of them with none (`Z`, `+00:00`).
    pub zoned: usize,
    /// Those whose offset is zero.
    pub utc: usize,
}

/// Reads a column of dates, numbers in it being Excel serials, seconds or milliseconds since 1970.
pub(super) fn dates(column: &Column, rows: usize, forced: Option<DateOrder>, hint: Option<(DateOrder, &'static str)>) -> Dates {
    dates_on(column, rows, forced, hint, None)
}

/// The same with moments that carry an offset told by a shop's clock.
pub(super) fn dates_on(
    column: &Column,
    rows: usize,
    forced: Option<DateOrder>,
    hint: Option<(DateOrder, &'static str)>,
    clock: Option<&Clock>,
) -> Dates {
    match &column.cells {
        Cells::Time(v) => Dates { values: v.clone(), ..Dates::default() },
        Cells::Int(_) | Cells::Float(_) => {
            let values: Vec<Option<Stamp>> = numbers(column, rows, None, None).values.iter().map(|v| from_number(*v)).collect();
            let bad = (0..rows).filter(|r| values[*r].is_none() && !column.text(*r).is_empty()).collect();
            Dates { values, bad, ..Dates::default() }
        }
        Cells::Bool(_) => Dates { values: vec![None; rows], bad: (0..rows).collect(), ..Dates::default() },
        Cells::Text(_) | Cells::Raw(_) => text_dates(column, rows, forced, hint, clock),
    }
}

fn text_dates(
    column: &Column,
    rows: usize,
    forced: Option<DateOrder>,
    hint: Option<(DateOrder, &'static str)>,
    clock: Option<&Clock>,
) -> Dates {
    let codes = Codes::of(column, rows);
    let votes = codes
        .values
        .par_chunks(4096)
        .map(|texts| {
            let mut votes = Votes::default();
            texts.iter().for_each(|t| votes.add(t));
            votes
        })
        .reduce(Votes::default, Votes::and);
    let read = |order| -> Vec<Option<Stamp>> {
        codes.values.par_iter().map(|t| date::parse(t, order).or_else(|| t.parse().ok().and_then(from_number))).collect()
    };
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    let numeric = votes.day_first + votes.month_first + votes.either > 0;
    let (order, assumed, open) = match forced {
        Some(order) => (order, None, false),
        None if !numeric => (YearMonthDay, None, false),
        None if votes.day_first > votes.month_first => (DayMonthYear, None, false),
        None if votes.month_first > 0 => (MonthDayYear, None, false),
        // every cell is the same day of the same month: both orders say the same
        None if votes.either == 0 => (DayMonthYear, None, false),
        None => undecided(&codes, &read(DayMonthYear), &read(MonthDayYear), hint),
    };
    let mut parsed = read(order);
    let mut out = Dates { order: Some(order), assumed, open, ..Dates::default() };
    for (stamp, text) in parsed.iter_mut().zip(&codes.values) {
        let Some(offset) = date::offset(text).filter(|_| stamp.is_some()) else { continue };
        out.zoned += 1;
        out.utc += usize::from(offset == 0);
        *stamp = clock.zip(*stamp).map_or(*stamp, |(c, s)| Some(c.tell(s, offset)));
    }
    out.conflicting = if order == MonthDayYear { votes.day_first } else { votes.month_first };
    for (row, code) in codes.codes.iter().enumerate() {
        let value = parsed.get(*code as usize).copied().flatten();
        if value.is_none() && *code != NONE {
            out.bad.push(row);
        }
        out.values.push(value);
    }
    out
}

/// No day exceeds twelve: a file in order of time is in order under one reading only; monthly files are dated on the 1st; the layout may tell; dots are European.
fn undecided(
    codes: &Codes,
    dmy: &[Option<Stamp>],
    mdy: &[Option<Stamp>],
    hint: Option<(DateOrder, &'static str)>,
) -> (DateOrder, Option<&'static str>, bool) {
    let disorder = |read: &[Option<Stamp>]| {
        let (mut up, mut down, mut last) = (0usize, 0usize, None);
        for t in codes.codes.iter().filter_map(|c| read.get(*c as usize).copied().flatten()) {
            if let Some(last) = last {
                up += usize::from(t > last);
                down += usize::from(t < last);
            }
            last = Some(t);
        }
        up.min(down)
    };
    let firsts = |read: &[Option<Stamp>]| read.len() > 1 && read.iter().flatten().all(|s| s.naive().day() == 1);
    let dotted = codes.values.iter().filter(|t| t.contains('.') && !t.contains('/')).count() * 2 > codes.values.len();
    let (a, b) = (disorder(dmy), disorder(mdy));
    if a != b && a.min(b) == 0 {
        let order = if a < b { DateOrder::DayMonthYear } else { DateOrder::MonthDayYear };
        return (order, Some("the rows are in order of time only so"), false);
    }
    if firsts(dmy) != firsts(mdy) {
        let order = if firsts(dmy) { DateOrder::DayMonthYear } else { DateOrder::MonthDayYear };
        return (order, Some("so every date is the first of a month"), false);
    }
    if let Some((order, why)) = hint {
        return (order, Some(why), false);
    }
    if dotted {
        (DateOrder::DayMonthYear, Some("dates with dots are written so"), false)
    } else {
        (DateOrder::DayMonthYear, Some("most of the world writes it so"), true)
    }
}

/// Excel serial days, seconds or milliseconds since 1970, or a compact 20260131.
fn from_number(v: f64) -> Option<Stamp> {
    let seconds = if (631_152_000.0..4_102_444_800.0).contains(&v) {
        v
    } else if (631_152_000_000.0..4_102_444_800_000.0).contains(&v) {
        v / 1000.0
    } else if (19_000_101.0..21_001_232.0).contains(&v) && v.fract() == 0.0 {
        return date::parse(&format!("{v:.0}"), DateOrder::YearMonthDay);
    } else {
        return (20_000.0..73_000.0).contains(&v).then(|| serial(v)).flatten();
    };
    Some(Stamp(seconds as i64))
}
