//! Columns to values: keys, numbers with one decimal mark per column, dates with one order per column, each decided from all rows.

use super::amounts::Amounts;
use super::coder::Moments;
pub(super) use super::coder::NEVER;
use super::date::{self, Votes};
use super::number::{self, Mark};
use super::options::DateOrder;
use super::table::{Cells, Column};
pub(super) use super::texts::NONE;
use super::texts::{Narrow, Texts};
use super::workbook::serial;
use super::zone::Clock;
use crate::base::Stamp;
use chrono::Datelike;
use rayon::prelude::*;
use std::collections::HashMap;

/// A column as codes into its distinct values, in order of first appearance.
#[derive(Debug, Default)]
pub(super) struct Codes {
    pub codes: Narrow,
    pub values: Texts,
}

impl Codes {
    /// Distinct trimmed texts; blanks are [`NONE`].
    pub fn of(column: &Column, rows: usize) -> Self {
        let mut out = Self { codes: Narrow::with_capacity(rows), values: Texts::default() };
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
        self.values.push(number::as_meant(value));
        (self.values.len() - 1) as u32
    }
    /// Whether there is no such column.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
    /// The code of a row, [`NONE`] where blank.
    #[inline]
    pub fn code(&self, row: usize) -> u32 {
        self.codes.get(row)
    }
    /// The row is filled.
    #[inline]
    pub fn has(&self, row: usize) -> bool {
        self.codes.get(row) != NONE
    }
    /// The text of a row, `None` where blank.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.value(self.codes.get(row))
    }
    /// The text of a code.
    pub fn value(&self, code: u32) -> Option<&str> {
        self.values.get(code as usize)
    }
    /// Something about each of the different values.
    pub fn each<T>(&self, of: impl Fn(&str) -> T) -> Vec<T> {
        self.values.iter().map(of).collect()
    }
}

/// A numeric column: NaN where blank or unreadable.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub values: Amounts,
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
        Cells::Time(_) => Numbers { values: Amounts::all(f64::NAN, rows), bad: (0..rows).collect(), ..Numbers::default() },
        Cells::Text(_) | Cells::Raw(_) => {
            let codes = Codes::of(column, rows);
            numbers_of(&codes, forced, fallback).with(codes)
        }
    }
}

impl Numbers {
    /// A number a row, where there is one for each of the different texts as yet.
    pub fn with(mut self, codes: Codes) -> Self {
        if let Amounts::Coded(mine, _) = &mut self.values {
            *mine = codes.codes;
        }
        self
    }
}

/// The same of a column of text: a number for each of the different texts, until they are [put with](Numbers::with) their codes.
pub(super) fn numbers_of(codes: &Codes, forced: Option<char>, fallback: Option<char>) -> Numbers {
    let (mark, ambiguous) = decimal_mark(codes.values.iter());
    let used = forced.or(mark).or(fallback).unwrap_or('.');
    let mut out = parsed(codes, |t| number::parse(t, used));
    out.mark = if forced.is_some() && (mark.is_some() || ambiguous) { forced } else { mark };
    out.ambiguous = ambiguous && forced.is_none() && mark.is_none();
    out
}

/// A number for each of the different texts, and the rows of those that are none.
fn parsed(codes: &Codes, read: impl Fn(&str) -> Option<f64>) -> Numbers {
    let each = codes.each(read);
    let mut bad = Vec::new();
    if each.iter().any(Option::is_none) {
        bad.extend((0..codes.codes.len()).filter(|r| each.get(codes.code(*r) as usize) == Some(&None)));
    }
    let values = each.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect();
    Numbers { values: Amounts::Coded(Narrow::default(), values), bad, mark: None, ambiguous: false }
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
    parsed(&codes, number::parse_flag).with(codes)
}

/// A column of dates.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// One a row; [`NEVER`] where blank or unreadable.
    pub values: Vec<Stamp>,
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
    /// All moments with an offset from UTC have none (`Z`, `+00:00`), and there are some.
    pub utc: bool,
}

impl Dates {
    /// The moment of a row.
    pub fn get(&self, row: usize) -> Option<Stamp> {
        self.values.get(row).copied().filter(|s| *s != NEVER)
    }
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
        Cells::Time(v) => Dates { values: v.iter().map(|s| s.unwrap_or(NEVER)).collect(), ..Dates::default() },
        Cells::Int(_) | Cells::Float(_) => {
            let values: Vec<Stamp> = numbers(column, rows, None, None).values.iter().map(|v| from_number(v).unwrap_or(NEVER)).collect();
            let bad = (0..rows).filter(|r| values[*r] == NEVER && !column.text(*r).is_empty()).collect();
            Dates { values, bad, ..Dates::default() }
        }
        Cells::Bool(_) => Dates { values: vec![NEVER; rows], bad: (0..rows).collect(), ..Dates::default() },
        Cells::Raw(raw) => text_dates(raw.moments(clock), forced, clock, |votes| decide(votes, &Codes::of(column, rows), hint)),
        Cells::Text(_) => {
            let codes = Codes::of(column, rows);
            let at = codes.codes.iter().map(Moments::coded).collect();
            let read = Moments { at, others: codes.values.clone(), ..Moments::default() };
            text_dates(read, forced, clock, |votes| decide(votes, &codes, hint))
        }
    }
}

/// A decision on the order of day and month: why it was assumed, and whether somebody has to say.
type Decision = (DateOrder, Option<&'static str>, bool);

fn read_all(values: &Texts, order: DateOrder) -> Vec<Option<Stamp>> {
    let texts: Vec<&str> = values.iter().collect();
    texts.par_iter().map(|t| date::parse(t, order).or_else(|| t.parse().ok().and_then(from_number))).collect()
}

/// Moments of text, those that can be read in different ways by what all of them together say.
fn text_dates(mut moments: Moments, forced: Option<DateOrder>, clock: Option<&Clock>, undecided: impl FnOnce(&Votes) -> Decision) -> Dates {
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    let mut votes = Votes::default();
    moments.others.iter().for_each(|t| votes.add(t));
    let numeric = votes.day_first + votes.month_first + votes.either > 0;
    let (order, assumed, open) = match forced {
        Some(order) => (order, None, false),
        None if !numeric => (YearMonthDay, None, false),
        None if votes.day_first > votes.month_first => (DayMonthYear, None, false),
        None if votes.month_first > 0 => (MonthDayYear, None, false),
        None => undecided(&votes),
    };
    let mut parsed = read_all(&moments.others, order);
    for (stamp, text) in parsed.iter_mut().zip(moments.others.iter()) {
        let Some(offset) = date::offset(text).filter(|_| stamp.is_some()) else { continue };
        moments.zoned = true;
        moments.abroad |= offset != 0;
        *stamp = clock.zip(*stamp).map_or(*stamp, |(c, s)| Some(c.tell(s, offset)));
    }
    let mut bad = Vec::new();
    let mut values = moments.at;
    if !parsed.is_empty() {
        for (row, at) in values.iter_mut().enumerate() {
            if let Some(code) = Moments::code(*at) {
                *at = parsed.get(code).copied().flatten().unwrap_or(NEVER);
                if *at == NEVER {
                    bad.push(row);
                }
            }
        }
    }
    let conflicting = if order == MonthDayYear { votes.day_first } else { votes.month_first };
    Dates { values, bad, order: Some(order), assumed, open, conflicting, utc: moments.zoned && !moments.abroad }
}

/// No cell settles the order by itself.
fn decide(votes: &Votes, codes: &Codes, hint: Option<(DateOrder, &'static str)>) -> Decision {
    // every cell is the same day of the same month: both orders say the same
    if votes.either == 0 {
        return (DateOrder::DayMonthYear, None, false);
    }
    undecided(codes, &read_all(&codes.values, DateOrder::DayMonthYear), &read_all(&codes.values, DateOrder::MonthDayYear), hint)
}

/// No day exceeds twelve: a file in order of time is in order under one reading only; monthly files are dated on the 1st; the layout may tell; dots are European.
fn undecided(codes: &Codes, dmy: &[Option<Stamp>], mdy: &[Option<Stamp>], hint: Option<(DateOrder, &'static str)>) -> Decision {
    let disorder = |read: &[Option<Stamp>]| {
        let (mut up, mut down, mut last) = (0usize, 0usize, None);
        for t in codes.codes.iter().filter_map(|c| read.get(c as usize).copied().flatten()) {
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
