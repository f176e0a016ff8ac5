//! From dated rows to regular series: which calendar, where each series begins and ends, what a gap means.
//!
//! Transactions: a gap is a zero, from the series' first sale to the file's last complete period. Series files: a gap is unknown, and each
//! series stays inside its own span and keeps its own phase (DESIGN §3).

use super::gather::{Dated, Days, Gathered};
use super::model::Series;
use super::periods::{self, Sum, Values};
use crate::base::text::plural;
use crate::base::{Calendar, Diagnostic, Period, Stamp};
use chrono::Datelike;
use rayon::prelude::*;
use std::sync::Arc;

/// A longer series than this is a slip in a date, not a history.
const MAX_PERIODS: i64 = 300_000;
const DAY: i64 = 86_400;

/// What names a series.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub unique_id: Arc<str>,
    pub item: Arc<str>,
    pub location: Arc<str>,
    pub description: Option<Arc<str>>,
}

/// The chosen calendar and why.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub period: Period,
    pub reason: String,
    /// Periods begin at their standard start (Monday, the 1st) rather than at each series' own phase.
    pub standard: bool,
}

/// The step of a file that has one row per period, from the distances between a series' dates.
pub(super) fn native(rows: &Gathered<'_>) -> Chosen {
    let (mut gaps, mut gaps_7, mut single_days, mut months_3, mut hours) = (Vec::new(), 0usize, true, true, false);
    let mut month_ends = true;
    let pairs = (0..rows.len()).flat_map(|s| rows.moments(s).zip(rows.moments(s).skip(1)));
    for (from, to) in pairs.filter(|(from, to)| to > from) {
        let (a, b) = (from.naive(), to.naive());
        let gap = to.0 - from.0;
        gaps_7 += usize::from(gap % (7 * DAY) == 0);
        gaps.push(gap);
        single_days &= a.day() == b.day();
        let ends = |t: Stamp| t.plus_days(1).naive().day() == 1;
        month_ends &= ends(from) && ends(to);
        months_3 &= (b.year() * 12 + b.month0() as i32 - a.year() * 12 - a.month0() as i32) % 3 == 0;
        hours |= gap % DAY != 0;
    }
    let pick = |period, reason: &str, standard| Chosen { period, reason: format!("one row per {period}: {reason}"), standard };
    if gaps.is_empty() {
        return pick(Period::Day, "no series has two dates, so days were assumed", false);
    }
    gaps.sort_unstable();
    let median = gaps[gaps.len() / 2];
    let share = |lo: i64, hi: i64| gaps.iter().filter(|g| (lo * DAY..=hi * DAY).contains(*g)).count() as f64 / gaps.len() as f64;
    let years = gaps.iter().all(|g| *g >= 365 * DAY);
    match () {
        () if (single_days || month_ends) && years => pick(Period::Year, "dates are whole years apart", false),
        () if (single_days || month_ends) && months_3 && gaps[0] >= 80 * DAY => {
            pick(Period::Quarter, "dates are whole quarters apart", false)
        }
        () if (single_days || month_ends) && gaps[0] >= 28 * DAY => pick(Period::Month, "dates are whole months apart", false),
        () if gaps_7 == gaps.len() => pick(Period::Week, "dates are whole weeks apart", false),
        () if share(363, 368) > 0.8 => pick(Period::Year, "dates are about a year apart", true),
        () if share(88, 94) > 0.8 => pick(Period::Quarter, "dates are about a quarter apart", true),
        () if share(26, 35) > 0.8 => pick(Period::Month, "dates are about a month apart", true),
        () if gaps_7 as f64 > 0.95 * gaps.len() as f64 && median >= 7 * DAY => pick(Period::Week, "dates are weeks apart", true),
        () if share(5, 9) > 0.9 => pick(Period::Week, "dates are about a week apart", true),
        () if hours && median < DAY => pick(Period::Hour, "dates are hours apart", true),
        () => pick(Period::Day, "dates are days apart", hours),
    }
}

/// The finest step at which an item sells often enough to be forecast: days if an average item sells on a third of them, else weeks.
pub(super) fn dense_enough(rows: &Gathered<'_>) -> Chosen {
    let day = |s: Stamp| s.0.div_euclid(DAY);
    let (file_first, file_last) = rows.ends().map_or((0, 0), |(a, b)| (day(a), day(b)));
    let span = file_last - file_first + 1;
    let pick = |period, reason: String| Chosen { period, reason, standard: true };
    if span < 56 {
        return pick(Period::Day, format!("one row per sale, {} in all", plural(span as usize, "day")));
    }
    // from an item's first sale to the end of the file, as its series will run
    let (mut active, mut possible) = (0usize, 0i64);
    for (first, _, days) in rows.spans.iter().filter(|s| s.2 > 0) {
        active += days;
        possible += file_last - day(*first) + 1;
    }
    let share = active as f64 / possible.max(1) as f64;
    let text = format!(
        "one row per sale; of {} series, each sells on {:.0} % of days on average",
        crate::base::text::grouped(rows.len() as f64, 0),
        share * 100.0
    );
    if share >= 1.0 / 3.0 { pick(Period::Day, text) } else { pick(Period::Week, format!("{text}, too rarely for days")) }
}

/// Everything the building of series needs beside the rows.
pub(super) struct Plan {
    pub chosen: Chosen,
    pub transactions: bool,
    /// The step of the file itself, when it has one and the chosen one is longer.
    pub native: Option<Period>,
    /// Amounts of money: negative ones are subtracted, not returns.
    pub value: bool,
    pub has: super::rows::Has,
    /// Totals over a time: rows of one series and period belong together.
    pub totals: bool,
    /// The day of the export, if it is known.
    pub as_of: Option<Stamp>,
}

impl Plan {
    /// What a period without rows is: zero sales, or unknown.
    pub fn blank(&self) -> f64 {
        if self.transactions { 0.0 } else { f64::NAN }
    }
}

/// A series by its place, with its calendar and last period, where there is one that is whole.
pub(super) type Span<'a> = (usize, &'a Key, Option<(Calendar, i64)>);

/// The series, and the rows (by number) that fall in incomplete periods.
pub(super) struct Built {
    pub series: Vec<Series>,
    pub outside: Vec<u32>,
    pub notes: Vec<Diagnostic>,
}

/// Builds regular series.
pub(super) fn build(rows: &Gathered<'_>, keys: &[Key], plan: &Plan) -> Result<Built, Vec<Diagnostic>> {
    let period = plan.chosen.period;
    let mut out = Built { series: Vec::new(), outside: Vec::new(), notes: Vec::new() };
    let whole = match rows.ends() {
        Some(ends) if plan.transactions => complete_span(&rows.days, ends, period, plan.as_of, &mut out.notes),
        _ => None,
    };
    let mut spans = Vec::with_capacity(rows.len());
    for (i, (key, (first, last, _))) in keys.iter().zip(&rows.spans).enumerate().filter(|(i, _)| rows.has(*i)) {
        let span = match whole {
            Some((a, b)) => {
                let start = period.floor(*first).max(a);
                (start <= b).then(|| (Calendar::new(period, start), Calendar::new(period, start).index(b)))
            }
            None => own_span(*first, *last, plan),
        };
        if let Some((_, end)) = span.filter(|s| s.1 >= MAX_PERIODS) {
            return Err(vec![
                Diagnostic::error(
                    "span-too-long",
                    format!("the dates of {:?} from {first} to {last} span {}", &*key.item, plural(end as usize, period.name())),
                )
                .fix("correct the dates that are far off, or choose a longer --period"),
            ]);
        }
        spans.push((i, key, span));
    }
    let merged = match (rows.in_time(), whole) {
        (Some(time), Some((first, _))) => {
            let (series, outside, merged) = periods::in_time(rows, time, &spans, first, plan);
            (out.series, out.outside) = (series, outside);
            merged
        }
        _ => fill_each(rows, &spans, plan, &mut out),
    };
    if merged > 0 && !plan.transactions && plan.native.is_none() && !plan.totals {
        out.notes.push(
            Diagnostic::warning(
                "rows-summed",
                format!("{} share a series and period with another and were added to it", plural(merged, "row")),
            )
            .fix("map a column that tells them apart to item or location, if they are different things"),
        );
    }
    if out.series.is_empty() {
        return Err(vec![
            Diagnostic::error("no-complete-period", format!("the file covers no complete {period}"))
                .fix("choose a shorter --period, or export a longer time"),
        ]);
    }
    out.series.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    Ok(out)
}

/// First and last complete period of a file of transactions: all days on which the shop usually sells are in it.
fn complete_span(
    days: &Days,
    (first, last): (Stamp, Stamp),
    period: Period,
    as_of: Option<Stamp>,
    notes: &mut Vec<Diagnostic>,
) -> Option<(Stamp, Stamp)> {
    let (mut a, mut b) = (period.floor(first), period.floor(last));
    let next = |s: Stamp| Calendar::new(period, s).at(1);
    // the export's own day is not over; without sales on its last days the file still reaches up to it
    let exported = as_of.map(|d| Stamp(d.0.div_euclid(DAY) * DAY));
    if let Some(day) = exported.filter(|d| d.plus_days(1) > last) {
        b = period.floor(day);
        if next(b) > day {
            b = Calendar::new(period, b).at(-1);
        }
        if a <= b && matches!(period, Period::Hour | Period::Day) {
            return Some((a, b));
        }
    }
    if matches!(period, Period::Hour | Period::Day) {
        return Some((period.floor(first), period.floor(last)));
    }
    let mut sold = [0usize; 7];
    for d in days {
        sold[Stamp(d * DAY).weekday() as usize % 7] += 1;
    }
    let weeks = ((last.0 - first.0) / (7 * DAY)).max(1) as usize;
    // weekdays on which the shop is closed are not missing
    let missing = |from: i64, to: i64| (from..to).any(|d| sold[Stamp(d * DAY).weekday() as usize % 7] * 5 >= weeks);
    let mut left = Vec::new();
    if missing(a.0 / DAY, first.0.div_euclid(DAY)) {
        left.push(a);
        a = next(a);
    }
    if exported.is_none() && missing(last.0.div_euclid(DAY) + 1, next(b).0 / DAY) {
        left.push(b);
        b = Calendar::new(period, b).at(-1);
    }
    if a > b {
        // nothing is complete: better something than nothing, said
        notes.push(
            Diagnostic::warning("no-complete-period", format!("the file covers no complete {period}; the incomplete ones were kept"))
                .fix("choose a shorter --period, or export a longer time"),
        );
        return Some((period.floor(first), period.floor(last)));
    }
    for s in left {
        notes.push(Diagnostic::info(
            "incomplete-period",
            format!("the {period} of {s} is incomplete in the file ({first} to {last}) and was left out"),
        ));
    }
    Some((a, b))
}

/// A series' own span in a file of one row per period.
fn own_span(first: Stamp, last: Stamp, plan: &Plan) -> Option<(Calendar, i64)> {
    let period = plan.chosen.period;
    match plan.native {
        // months made of weeks: only those the series covers whole
        Some(native) => {
            let mut start = period.floor(first);
            if start < first {
                start = Calendar::new(period, start).at(1);
            }
            let after = Calendar::new(native, last).at(1);
            let calendar = Calendar::new(period, start);
            let end = calendar.index(after) - 1;
            (end >= 0).then_some((calendar, end))
        }
        None => {
            let calendar = Calendar::new(period, if plan.chosen.standard { period.floor(first) } else { first });
            Some((calendar, calendar.index(last)))
        }
    }
}

/// One in so many periods below zero is more than returns.
const SIGNED: usize = 10;

/// The series one by one; how many rows share a series and period with another.
fn fill_each(rows: &Gathered<'_>, spans: &[Span<'_>], plan: &Plan, out: &mut Built) -> usize {
    let filled: Vec<(Option<Series>, Vec<u32>, usize)> = spans
        .par_iter()
        .map_init(Vec::new, |buffer, (i, key, span)| match span {
            Some((calendar, end)) => {
                let (mut outside, mut merged) = (Vec::new(), 0);
                let series = fill(rows, *i, buffer, key, *calendar, *end, plan, &mut outside, &mut merged);
                (Some(series), outside, merged)
            }
            None => (None, rows.of(*i).to_vec(), 0),
        })
        .collect();
    let mut merged = 0;
    for (series, outside, more) in filled {
        out.series.extend(series);
        out.outside.extend(outside);
        merged += more;
    }
    merged
}

#[allow(clippy::too_many_arguments)]
fn fill(
    rows: &Gathered<'_>,
    series: usize,
    buffer: &mut Vec<Dated>,
    key: &Key,
    calendar: Calendar,
    end: i64,
    plan: &Plan,
    outside: &mut Vec<u32>,
    merged: &mut usize,
) -> Series {
    let n = end as usize + 1;
    let mut values = Values::none(n, plan);
    let mut last_stock = None;
    // returns are rare among sales; a series that is often below zero is none of sales
    let mut signed = plan.value;
    if !signed && !plan.transactions {
        let mut below = 0;
        rows.each(series, buffer, |some| below += some.iter().filter(|r| r.units < 0.0).count());
        signed = below * SIGNED > rows.of(series).len();
    }
    // the period of the row before, until when it lasts, and what it adds up to: rows are in order of time
    let (mut t, mut until, mut sum) = (0, Stamp(i64::MIN), Sum::none(plan));
    let mut one = |r: &Dated| {
        if r.at >= until {
            let index = calendar.index(r.at);
            let Some(found) = usize::try_from(index).ok().filter(|t| *t < n) else {
                outside.push(r.from);
                return;
            };
            if sum.rows > 0 {
                values.put(t, &sum, plan);
            }
            (t, until, sum) = (found, calendar.at(index + 1), Sum::none(plan));
        }
        *merged += usize::from(sum.rows > 0);
        sum.add(r, signed);
        if r.stock.is_finite() {
            last_stock = Some(r.stock);
        }
    };
    rows.each(series, buffer, |some| some.iter().for_each(&mut one));
    if sum.rows > 0 {
        values.put(t, &sum, plan);
    }
    values.series(key, calendar.start, last_stock, plan)
}
