//! Changes to a history that somebody agreed to: each is a value that can be stored, applied again after the next import, and taken back.

use super::model::{History, Masters, Series};
use crate::base::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fix")]
pub enum Fix {
    /// Periods of which nothing is known sold nothing.
    FillGaps {
        /// The series.
        unique_id: String,
    },
    /// Two spellings are one item.
    Merge {
        /// The spelling to give up.
        from: String,
        /// The one to keep.
        into: String,
    },
    /// A period's amount is taken for a slip and set.
    Cap {
        /// The series.
        unique_id: String,
        /// Start of the period.
        at: Stamp,
        /// Units (or money) instead.
        to: f64,
    },
    /// The item was not to be had in these periods.
    Stockout {
        /// The series.
        unique_id: String,
        /// Start of the first period.
        from: Stamp,
        /// Start of the last period.
        to: Stamp,
    },
    /// The level changed for good: what was sold before counts as if the level since had held, its season and its noise with it. A step of known
    /// time, multiplicative (Hyndman & Athanasopoulos 2021, *Forecasting: Principles and Practice*, 3rd ed., §7.4: intervention variables).
    Level {
        /// The series.
        unique_id: String,
        /// Start of the first period of the new level.
        at: Stamp,
        /// What earlier periods are multiplied by: the mean since over the mean before.
        by: f64,
    },
    /// What was sold before says nothing of the future: the history begins here.
    Since {
        /// The series.
        unique_id: String,
        /// Start of the first period that counts.
        at: Stamp,
    },
    /// The item is no longer sold: it is neither forecast nor ordered.
    Discontinue {
        /// The item.
        item: String,
    },
    /// Another item took its place.
    Successor {
        /// The item that went.
        item: String,
        /// The one that came.
        by: String,
    },
}

/// The history with the fixes applied, in their order. A fix of something that is not there changes nothing.
pub fn apply(history: &History, fixes: &[Fix]) -> History {
    let mut out = history.clone();
    for fix in fixes {
        match fix {
            Fix::FillGaps { unique_id } => each(&mut out, unique_id, |s, _| s.y.iter_mut().filter(|v| v.is_nan()).for_each(|v| *v = 0.0)),
            Fix::Cap { unique_id, at, to } => {
                let period = out.period;
                each(&mut out, unique_id, |s, _| {
                    if let Some(t) = place(s, period, *at) {
                        if let Some(r) = s.revenue.as_mut().and_then(|r| r.get_mut(t)) {
                            *r *= if s.y[t] > 0.0 { to / s.y[t] } else { 1.0 };
                        }
                        s.y[t] = *to;
                    }
                });
            }
            Fix::Stockout { unique_id, from, to } => {
                let period = out.period;
                each(&mut out, unique_id, |s, _| {
                    let (Some(a), Some(b)) = (place(s, period, *from), place(s, period, *to)) else { return };
                    let n = s.y.len();
                    let shares = s.in_stock.get_or_insert_with(|| vec![1.0; n]);
                    shares.iter_mut().take(b + 1).skip(a).for_each(|v| *v = 0.0);
                });
            }
            Fix::Level { unique_id, at, by } => {
                let period = out.period;
                each(&mut out, unique_id, |s, _| {
                    if let Some(t) = place(s, period, *at) {
                        rescale(s, t, *by);
                    }
                });
            }
            Fix::Since { unique_id, at } => {
                let period = out.period;
                each(&mut out, unique_id, |s, _| {
                    if let Some(t) = place(s, period, *at) {
                        begin(s, t, *at);
                    }
                });
            }
            Fix::Merge { from, into } => merge(&mut out, from, into),
            Fix::Discontinue { item } => out.series.retain(|s| *s.item != **item),
            // the item list says who follows whom
            Fix::Successor { .. } => {}
        }
    }
    out
}

/// The masters with the fixes applied: successors named, merged spellings made one.
pub fn apply_masters(masters: &Masters, fixes: &[Fix]) -> Masters {
    use super::model::{ItemRow, Scope};
    let mut out = masters.clone();
    for fix in fixes {
        match fix {
            Fix::Successor { item, by } => {
                let by: Arc<str> = by.as_str().into();
                let row = out.items.iter_mut().find(|r| matches!(&r.scope, Scope::Item(i) if **i == **item));
                match row {
                    Some(row) => row.successor = Some(by),
                    None => out.items.push(ItemRow::about(Scope::Item(item.as_str().into()), Some(by))),
                }
            }
            Fix::Merge { from, into } => {
                let into: Arc<str> = into.as_str().into();
                for row in &mut out.stock {
                    match &mut row.scope {
                        Scope::Item(i) | Scope::ItemAt(i, _) if **i == **from => *i = into.clone(),
                        _ => {}
                    }
                }
                for row in &mut out.on_order {
                    match &mut row.scope {
                        Scope::Item(i) | Scope::ItemAt(i, _) if **i == **from => *i = into.clone(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    out
}

fn each(history: &mut History, unique_id: &str, mut change: impl FnMut(&mut Series, usize)) {
    for (i, s) in history.series.iter_mut().enumerate().filter(|(_, s)| *s.unique_id == *unique_id) {
        change(s, i);
    }
}

fn place(s: &Series, period: crate::base::Period, at: Stamp) -> Option<usize> {
    usize::try_from(s.calendar(period).index(at)).ok().filter(|t| *t < s.y.len())
}

/// Multiplies what was sold before `t`. Whole units stay whole: what rounding leaves over goes to the next period with sales, so that sums are kept.
fn rescale(s: &mut Series, t: usize, by: f64) {
    let whole = s.y.iter().filter(|v| v.is_finite()).all(|v| v.fract() == 0.0);
    let scaled = |values: &mut [f64]| {
        let mut over = 0.0;
        for v in values.iter_mut().take(t).filter(|v| v.is_finite() && **v != 0.0) {
            let wanted = *v * by + over;
            *v = if whole { wanted.round() } else { wanted };
            over = if whole { wanted - *v } else { 0.0 };
        }
    };
    scaled(&mut s.y);
    s.returned.iter_mut().for_each(|r| scaled(r));
    s.revenue.iter_mut().for_each(|r| r.iter_mut().take(t).for_each(|v| *v *= by));
}

/// Leaves out what is before `t`.
fn begin(s: &mut Series, t: usize, at: Stamp) {
    s.start = at;
    s.y.drain(..t);
    for values in [&mut s.revenue, &mut s.price, &mut s.in_stock, &mut s.promo, &mut s.returned].into_iter().flatten() {
        values.drain(..t.min(values.len()));
    }
}

/// All series of one item joined to those of another at the same location.
fn merge(history: &mut History, from: &str, into: &str) {
    let period = history.period;
    let (mine, mut rest): (Vec<Series>, Vec<Series>) = std::mem::take(&mut history.series).into_iter().partition(|s| *s.item == *from);
    for s in mine {
        match rest.iter_mut().find(|r| *r.item == *into && r.location == s.location) {
            Some(target) => *target = join(target, &s, period),
            None => {
                let id = s.unique_id.replace(from, into);
                rest.push(Series { unique_id: id.into(), item: into.into(), ..s });
            }
        }
    }
    rest.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    history.series = rest;
}

/// The sum of two series over both their spans.
fn join(a: &Series, b: &Series, period: crate::base::Period) -> Series {
    let start = a.start.min(b.start);
    let calendar = crate::base::Calendar::new(period, start);
    let end = a.end(period).max(b.end(period));
    let n = usize::try_from(calendar.index(end)).unwrap_or(0);
    let at = |s: &Series| usize::try_from(calendar.index(s.start)).unwrap_or(0);
    let sum = |f: &dyn Fn(&Series) -> Option<Vec<f64>>| -> Option<Vec<f64>> {
        let parts: Vec<(usize, Vec<f64>)> = [a, b].iter().filter_map(|s| Some((at(s), f(s)?))).collect();
        if parts.is_empty() {
            return None;
        }
        let mut out = vec![f64::NAN; n];
        for (offset, values) in parts {
            for (slot, v) in out.iter_mut().skip(offset).zip(values).filter(|(_, v)| v.is_finite()) {
                *slot = if slot.is_finite() { *slot + v } else { v };
            }
        }
        Some(out)
    };
    // shares and prices are not summed: the better shelf, the price by units
    let most = |f: &dyn Fn(&Series) -> Option<Vec<f64>>| -> Option<Vec<f64>> {
        let parts: BTreeMap<usize, Vec<f64>> = [a, b].iter().enumerate().filter_map(|(i, s)| Some((i, f(s)?))).collect();
        if parts.is_empty() {
            return None;
        }
        let mut out = vec![f64::NAN; n];
        for (i, values) in parts {
            for (slot, v) in out.iter_mut().skip(at([a, b][i])).zip(values).filter(|(_, v)| v.is_finite()) {
                *slot = if slot.is_finite() { slot.max(v) } else { v };
            }
        }
        Some(out)
    };
    let y = sum(&|s| Some(s.y.clone())).unwrap_or_default();
    let revenue = sum(&|s| s.revenue.clone());
    let price = revenue.as_ref().filter(|_| a.price.is_some() || b.price.is_some());
    let price = price.map(|r| r.iter().zip(&y).map(|(r, y)| if *y > 0.0 { r / y } else { f64::NAN }).collect());
    Series {
        start,
        revenue,
        price,
        in_stock: most(&|s| s.in_stock.clone()),
        promo: most(&|s| s.promo.clone()),
        returned: sum(&|s| s.returned.clone()),
        last_stock: match (a.last_stock, b.last_stock) {
            (Some(x), Some(y)) => Some(x + y),
            (x, y) => x.or(y),
        },
        y,
        ..a.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Period;
    use crate::history::Measured;

    #[test]
    fn two_spellings_become_one() {
        let day = |d| Stamp::from_ymd(2026, 1, d).unwrap();
        let history = History {
            period: Period::Day,
            measured: Measured::Units,
            series: vec![Series::new("AB-1", day(3), vec![1.0, 2.0]), Series::new("ab 1", day(1), vec![5.0, 5.0, 5.0])],
        };
        let out = apply(&history, &[Fix::Merge { from: "ab 1".into(), into: "AB-1".into() }]);
        assert_eq!(out.series.len(), 1);
        assert_eq!((out.series[0].start, out.series[0].y.as_slice()), (day(1), &[5.0, 5.0, 6.0, 2.0][..]));
        assert_eq!(apply(&history, &[]), history);
        let stop = apply(&history, &[Fix::Stockout { unique_id: "AB-1".into(), from: day(4), to: day(4) }]);
        assert_eq!(stop.series[0].in_stock.as_deref(), Some(&[1.0, 0.0][..]));
        let cap = apply(&history, &[Fix::Cap { unique_id: "ab 1".into(), at: day(2), to: 2.0 }]);
        assert_eq!(cap.series[1].y, [5.0, 2.0, 5.0]);
    }
}
