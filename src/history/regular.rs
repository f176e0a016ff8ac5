//! From dated rows to regular series: which calendar, where each series begins and ends, what a gap means.
//!
//! Transactions: a gap is a zero, from the series' first sale to the file's last complete period. Series files: a gap is unknown, and each
//! series stays inside its own span and keeps its own phase (DESIGN §3).

use super::model::Series;
use crate::base::text::plural;
use crate::base::{Calendar, Diagnostic, Period, Stamp};
use chrono::Datelike;
use std::sync::Arc;

/// A longer series than this is a slip in a date, not a history.
const MAX_PERIODS: i64 = 300_000;
const DAY: i64 = 86_400;

/// A used row, its series by index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    /// The file and its row.
    pub from: (u32, u32),
    pub key: u32,
    pub at: Stamp,
    pub units: f64,
    pub revenue: f64,
    pub price: f64,
    pub in_stock: f64,
    pub stock: f64,
    pub promo: f64,
    pub returned: f64,
}

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

/// The step of a file that has one row per period, from the distances between a series' dates. `rows` sorted by key, then moment.
pub(super) fn native(rows: &[Dated]) -> Chosen {
    let (mut gaps, mut gaps_7, mut single_days, mut months_3, mut hours) = (Vec::new(), 0usize, true, true, false);
    let mut month_ends = true;
    for w in rows.windows(2).filter(|w| w[0].key == w[1].key && w[1].at > w[0].at) {
        let (a, b) = (w[0].at.naive(), w[1].at.naive());
        let gap = w[1].at.0 - w[0].at.0;
        gaps_7 += usize::from(gap % (7 * DAY) == 0);
        gaps.push(gap);
        single_days &= a.day() == b.day();
        let ends = |t: Stamp| t.plus_days(1).naive().day() == 1;
        month_ends &= ends(w[0].at) && ends(w[1].at);
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
pub(super) fn dense_enough(rows: &[Dated], keys: usize) -> Chosen {
    let days = rows.iter().map(|r| r.at.0.div_euclid(DAY));
    let (file_first, file_last) = (days.clone().min().unwrap_or(0), days.max().unwrap_or(0));
    let span = file_last - file_first + 1;
    let pick = |period, reason: String| Chosen { period, reason, standard: true };
    if span < 56 {
        return pick(Period::Day, format!("one row per sale, {} in all", plural(span as usize, "day")));
    }
    // from an item's first sale to the end of the file, as its series will run
    let (mut active, mut possible, mut last) = (0i64, 0i64, None);
    for r in rows {
        let day = r.at.0.div_euclid(DAY);
        match last {
            Some((key, d)) if key == r.key => active += i64::from(d != day),
            _ => {
                possible += file_last - day + 1;
                active += 1;
            }
        }
        last = Some((r.key, day));
    }
    let share = active as f64 / possible.max(1) as f64;
    let text = format!(
        "one row per sale; of {} series, each sells on {:.0} % of days on average",
        crate::base::text::grouped(keys as f64, 0),
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

/// The series, and the rows (by index) that fall in incomplete periods.
pub(super) struct Built {
    pub series: Vec<Series>,
    pub outside: Vec<usize>,
    pub notes: Vec<Diagnostic>,
}

/// Builds regular series from rows sorted by key, then moment.
pub(super) fn build(rows: &[Dated], keys: &[Key], plan: &Plan) -> Result<Built, Vec<Diagnostic>> {
    let period = plan.chosen.period;
    let mut out = Built { series: Vec::new(), outside: Vec::new(), notes: Vec::new() };
    let whole = if plan.transactions { complete_span(rows, period, plan.as_of, &mut out.notes) } else { None };
    let (mut at, mut merged) = (0usize, 0usize);
    while at < rows.len() {
        let len = rows[at..].iter().take_while(|r| r.key == rows[at].key).count();
        let mine = &rows[at..at + len];
        let Some(key) = keys.get(mine[0].key as usize) else { break };
        let (first, last) = (mine[0].at, mine[len - 1].at);
        let span = match whole {
            Some((a, b)) => {
                let start = period.floor(first).max(a);
                (start <= b).then(|| (Calendar::new(period, start), Calendar::new(period, start).index(b)))
            }
            None => own_span(first, last, plan),
        };
        match span {
            Some((calendar, end)) if end < MAX_PERIODS => {
                out.series.push(fill(mine, key, calendar, end, plan, at, &mut out.outside, &mut merged));
            }
            Some((_, end)) => {
                return Err(vec![
                    Diagnostic::error(
                        "span-too-long",
                        format!("the dates of {:?} from {first} to {last} span {}", &*key.item, plural(end as usize, period.name())),
                    )
                    .fix("correct the dates that are far off, or choose a longer --period"),
                ]);
            }
            None => out.outside.extend(at..at + len),
        }
        at += len;
    }
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
fn complete_span(rows: &[Dated], period: Period, as_of: Option<Stamp>, notes: &mut Vec<Diagnostic>) -> Option<(Stamp, Stamp)> {
    let (first, last) = rows.iter().fold((i64::MAX, i64::MIN), |(a, b), r| (a.min(r.at.0), b.max(r.at.0)));
    let (first, last) = (Stamp(first), Stamp(last));
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
    let days: std::collections::BTreeSet<i64> = rows.iter().map(|r| r.at.0.div_euclid(DAY)).collect();
    let mut sold = [0usize; 7];
    for d in &days {
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

#[allow(clippy::too_many_arguments)]
fn fill(
    rows: &[Dated],
    key: &Key,
    calendar: Calendar,
    end: i64,
    plan: &Plan,
    offset: usize,
    outside: &mut Vec<usize>,
    merged: &mut usize,
) -> Series {
    let n = end as usize + 1;
    let blank = if plan.transactions { 0.0 } else { f64::NAN };
    let has = plan.has;
    let mut y = vec![blank; n];
    let mut revenue = vec![blank; n];
    let mut returned = vec![0.0; n];
    let (mut price, mut weight) = (vec![0.0; n], vec![0.0; n]);
    let (mut stock_share, mut stock_rows) = (vec![0.0; n], vec![0.0f64; n]);
    let mut empty = vec![false; n];
    let mut promo = vec![if plan.transactions { 0.0 } else { f64::NAN }; n];
    let mut touched = vec![false; n];
    let mut last_stock = None;
    for (i, r) in rows.iter().enumerate() {
        let t = calendar.index(r.at);
        let Some(t) = usize::try_from(t).ok().filter(|t| *t < n) else {
            outside.push(offset + i);
            continue;
        };
        *merged += usize::from(touched[t]);
        touched[t] = true;
        let add = |slot: &mut f64, v: f64| *slot = if slot.is_nan() { v } else { *slot + v };
        if r.units >= 0.0 || plan.value {
            add(&mut y[t], r.units);
        } else if r.units < 0.0 {
            add(&mut y[t], 0.0);
            returned[t] -= r.units;
        }
        if r.returned.is_finite() {
            returned[t] += r.returned.abs();
        }
        let money = if r.revenue.is_finite() { r.revenue } else { r.units * r.price };
        if money.is_finite() {
            add(&mut revenue[t], money);
        }
        let each = if r.price.is_finite() { r.price } else { r.revenue / r.units };
        if each.is_finite() && each >= 0.0 {
            // a row that sold nothing still shows its price
            let w = if r.units > 0.0 { r.units } else { 1e-9 };
            price[t] += w * each;
            weight[t] += w;
        }
        if r.in_stock.is_finite() {
            stock_share[t] += r.in_stock.clamp(0.0, 1.0);
            stock_rows[t] += 1.0;
        }
        if r.stock.is_finite() {
            empty[t] = r.stock <= 0.0;
            last_stock = Some(r.stock);
        }
        if r.promo.is_finite() {
            promo[t] = if promo[t].is_nan() { r.promo } else { promo[t].max(r.promo) };
        }
    }
    let prices = price.iter().zip(&weight).map(|(p, w)| if *w > 0.0 { p / w } else { f64::NAN }).collect();
    let shares = |t: usize| {
        if empty[t] {
            0.0
        } else if stock_rows[t] > 0.0 {
            // days without a row sold nothing from a filled shelf
            let days = if plan.transactions { plan.chosen.period.days().round().max(stock_rows[t]) } else { stock_rows[t] };
            (stock_share[t] + days - stock_rows[t]) / days
        } else {
            1.0
        }
    };
    let in_stock = (has.in_stock || has.stock).then(|| (0..n).map(shares).collect());
    let some_returned = returned.iter().any(|r| *r > 0.0);
    Series {
        unique_id: key.unique_id.clone(),
        item: key.item.clone(),
        location: key.location.clone(),
        description: key.description.clone(),
        start: calendar.start,
        revenue: ((has.revenue || has.price) && !plan.value).then_some(revenue),
        price: ((has.revenue || has.price) && !plan.value).then_some(prices),
        in_stock,
        promo: has.promo.then_some(promo),
        returned: some_returned.then_some(returned),
        last_stock: last_stock.filter(|_| has.stock),
        y,
    }
}
