//! Totals that cover a time instead of standing on a day: a report without dates of which somebody said what it covers, or rows with a first
//! and a last day. Whole periods stay whole; anything else is spread evenly, by week where it is whole weeks, else by day, and that is said.

use super::amounts::Amounts;
use super::rows::{Reason, Rows};
use super::table::Table;
use super::values::{Codes, Dates};
use crate::base::text::plural;
use crate::base::{Diagnostic, Period, Stamp};

const DAY: i64 = 86_400;
/// No total is spread over more days.
const LONGEST: i64 = 3700;

/// First day and the day after the last.
type Span = (Stamp, Stamp);

/// Gives `rows.native` where all rows cover one kind of whole period; otherwise spreads them.
pub(super) fn settle(table: &Table, rows: &mut Rows, until: Option<&Dates>, covers: Option<(Stamp, Stamp)>) {
    if until.is_none() && covers.is_none() {
        return;
    }
    let day = |s: Stamp| Stamp(s.0.div_euclid(DAY) * DAY);
    let span = |i: usize| -> Span {
        if let Some((first, last)) = covers {
            return (first, day(last).plus_days(1));
        }
        let first = day(rows.at[i]);
        let last = until.and_then(|u| u.get(i)).map_or(first, day).max(first);
        (first, Stamp(last.0.min(first.0 + LONGEST * DAY)).plus_days(1))
    };
    let used: Vec<usize> = (0..rows.reason.len()).filter(|i| rows.reason[*i] == Reason::Used).collect();
    let spans: Vec<Span> = used.iter().map(|i| span(*i)).collect();
    let Some(first) = spans.first().map(|s| whole(*s)) else { return };
    if let Some(period) = first.filter(|p| spans.iter().all(|s| whole(*s) == Some(*p))) {
        rows.native = Some(period);
        return;
    }
    let weeks = spans.iter().all(|(a, b)| (b.0 - a.0) % (7 * DAY) == 0);
    let step = if weeks { Period::Week } else { Period::Day };
    rows.native = Some(step);
    let message = format!(
        "{} {} more than one {step} and {} spread evenly over {}",
        plural(used.len(), "row"),
        if used.len() == 1 { "covers" } else { "cover" },
        if used.len() == 1 { "is" } else { "are" },
        if weeks { "the weeks" } else { "the days" },
    );
    rows.notes.push(
        Diagnostic::warning("totals-spread", message)
            .file(&table.file)
            .fix("export by day, week or month if the shop system can; one file a month is read as months"),
    );
    spread(rows, &used, &spans, if weeks { 7 } else { 1 });
}

/// The calendar period that a span is, if it is exactly one.
fn whole((from, to): Span) -> Option<Period> {
    let is = |p: Period| p.floor(from) == from && crate::base::Calendar::new(p, from).at(1) == to;
    if to.0 - from.0 == 7 * DAY {
        return Some(Period::Week);
    }
    [Period::Day, Period::Month, Period::Quarter, Period::Year].into_iter().find(|p| is(*p))
}

/// Each used row as one row a step, its amounts in equal parts.
fn spread(rows: &mut Rows, used: &[usize], spans: &[Span], days: i64) {
    let mut take: Vec<(usize, i64, i64)> = Vec::new();
    let mut next = used.iter().zip(spans).peekable();
    for i in 0..rows.reason.len() {
        match next.next_if(|(u, _)| **u == i) {
            Some((_, (from, to))) => {
                let steps = ((to.0 - from.0) / (days * DAY)).max(1);
                take.extend((0..steps).map(|k| (i, from.0 + k * days * DAY, steps)));
            }
            None => take.push((i, rows.at[i].0, 1)),
        }
    }
    let pick = |v: &Amounts, share: bool| -> Amounts {
        if v.is_empty() {
            return Amounts::default();
        }
        take.iter().map(|(i, _, n)| v.get(*i) / if share { *n as f64 } else { 1.0 }).collect()
    };
    rows.units = pick(&rows.units, true);
    rows.revenue = pick(&rows.revenue, true);
    rows.returned = pick(&rows.returned, true);
    rows.price = pick(&rows.price, false);
    rows.in_stock = pick(&rows.in_stock, false);
    rows.stock = pick(&rows.stock, false);
    rows.promo = pick(&rows.promo, false);
    rows.at = take.iter().map(|t| Stamp(t.1)).collect();
    rows.reason = take.iter().map(|t| rows.reason[t.0]).collect();
    rows.refund = take.iter().map(|t| rows.refund.get(t.0).copied().unwrap_or(false)).collect();
    rows.spread(take.iter().map(|t| t.0));
    for codes in [&mut rows.unique_id, &mut rows.item, &mut rows.description, &mut rows.location, &mut rows.order] {
        if !codes.is_empty() {
            let picked = take.iter().map(|t| codes.code(t.0)).collect();
            *codes = Codes { codes: picked, values: std::mem::take(&mut codes.values) };
        }
    }
}
