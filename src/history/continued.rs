//! Sales that go on: an older history whose files are no longer at hand, and a newer export of the time since.

use super::model::{History, Series};
use crate::base::{Diagnostic, Stamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The old history up to the first period of the new one, the new one from there on. Between an old end and a new beginning that do not
/// meet nothing is known; an item that only one of them tells of sold nothing in the other's time where rows are single sales
/// (`transactions`), and nothing is known of it otherwise.
///
/// # Errors
/// They are of different periods, or one counts units and the other money.
pub fn continued(old: &History, new: &History, transactions: bool) -> Result<History, Diagnostic> {
    if old.measured != new.measured {
        let d = Diagnostic::error("units-and-money", "the sales that are there and the new ones do not both count units");
        return Err(d.fix("use the new file instead of the sales that are there"));
    }
    if old.period != new.period {
        let text = format!("the sales that are there are by {}, the new ones by {}", old.period, new.period);
        return Err(Diagnostic::error("period-differs", text).fix("add an export of the same kind, or use the new file instead"));
    }
    let filled = |h: &History| h.series.iter().filter(|s| !s.y.is_empty()).map(|s| s.start).min();
    let (Some(cut), true) = (filled(new), filled(old).is_some()) else {
        return Ok(if filled(new).is_some() { new.clone() } else { old.clone() });
    };
    let end = new.series.iter().map(|s| s.end(new.period)).max().unwrap_or(cut);
    let mut by_name: BTreeMap<Arc<str>, (Option<&Series>, Option<&Series>)> = BTreeMap::new();
    old.series.iter().for_each(|s| by_name.entry(s.unique_id.clone()).or_default().0 = Some(s));
    new.series.iter().for_each(|s| by_name.entry(s.unique_id.clone()).or_default().1 = Some(s));
    let known_to = old.series.iter().map(|s| s.end(old.period)).max().unwrap_or(cut).min(cut);
    let series = by_name.into_values().filter_map(|(a, b)| join(a, b, old, (known_to, cut, end), transactions)).collect();
    Ok(History { period: old.period, measured: old.measured, series })
}

/// One series from both; `(known_to, cut, end)`: the old sales are known up to the first, the new ones from the second up to the third.
fn join(a: Option<&Series>, b: Option<&Series>, h: &History, (known_to, cut, end): (Stamp, Stamp, Stamp), zeros: bool) -> Option<Series> {
    let first = a.or(b)?;
    let period = h.period;
    let start = match (a, b) {
        (Some(a), _) if a.start < cut => a.start,
        (_, Some(b)) => b.start,
        // an old series that begins in the time that is told again, and is not told
        _ => return None,
    };
    let calendar = crate::base::Calendar::new(period, start);
    let index = |t: Stamp| usize::try_from(calendar.index(t)).unwrap_or(0);
    let n = match b {
        Some(b) => index(b.end(period)).max(if zeros { index(end) } else { 0 }),
        None if zeros => index(end),
        None => a.map_or(0, |a| a.y.len().min(index(cut))),
    };
    let blank = |t: usize| {
        let at = calendar.at(t as i64);
        if zeros && (at < known_to || at >= cut) { 0.0 } else { f64::NAN }
    };
    // old values before the cut, new ones from there
    let fill = |of: &dyn Fn(&Series) -> Option<&Vec<f64>>, none: &dyn Fn(usize) -> f64| -> Option<Vec<f64>> {
        if [a, b].iter().flatten().all(|s| of(s).is_none()) {
            return None;
        }
        let mut out: Vec<f64> = (0..n).map(none).collect();
        for (s, old) in [(a, true), (b, false)] {
            let Some((s, values)) = s.and_then(|s| Some((s, of(s)?))) else { continue };
            let offset = index(s.start);
            for (i, v) in values.iter().enumerate() {
                let t = offset + i;
                if let Some(slot) = out.get_mut(t).filter(|_| !old || calendar.at(t as i64) < cut) {
                    *slot = *v;
                }
            }
        }
        Some(out)
    };
    let unknown = |_: usize| f64::NAN;
    let full = |_: usize| 1.0;
    Some(Series {
        unique_id: first.unique_id.clone(),
        item: first.item.clone(),
        location: first.location.clone(),
        description: b.or(a).and_then(|s| s.description.clone()),
        start,
        y: fill(&|s| Some(&s.y), &blank).unwrap_or_default(),
        revenue: fill(&|s| s.revenue.as_ref(), &blank),
        price: fill(&|s| s.price.as_ref(), &unknown),
        in_stock: fill(&|s| s.in_stock.as_ref(), &full),
        promo: fill(&|s| s.promo.as_ref(), &unknown),
        returned: fill(&|s| s.returned.as_ref(), &blank),
        last_stock: b.and_then(|s| s.last_stock),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Period;
    use crate::history::Measured;

    fn history(series: Vec<Series>) -> History {
        History { period: Period::Day, measured: Measured::Units, series }
    }
    fn day(d: u32) -> Stamp {
        Stamp::from_ymd(2026, 1, d).unwrap()
    }

    #[test]
    fn the_new_export_takes_over_from_its_first_day() {
        let old = history(vec![Series::new("A", day(1), vec![1.0, 2.0, 3.0, 4.0]), Series::new("B", day(2), vec![7.0, 7.0, 7.0])]);
        let new = history(vec![Series::new("A", day(3), vec![30.0, 40.0, 50.0]), Series::new("C", day(4), vec![9.0, 9.0])]);
        let out = continued(&old, &new, true).unwrap();
        let y = |id: &str| out.series.iter().find(|s| *s.unique_id == *id).unwrap();
        assert_eq!(y("A").y, [1.0, 2.0, 30.0, 40.0, 50.0]);
        // told before, not told again: nothing was sold
        assert_eq!((y("B").start, y("B").y.as_slice()), (day(2), &[7.0, 0.0, 0.0, 0.0][..]));
        assert_eq!((y("C").start, y("C").y.as_slice()), (day(4), &[9.0, 9.0][..]));
        // the same again changes nothing
        assert_eq!(continued(&out, &new, true).unwrap(), out);
    }

    #[test]
    fn days_that_neither_tells_are_unknown() {
        let old = history(vec![Series::new("A", day(1), vec![1.0, 2.0])]);
        let new = history(vec![Series::new("A", day(5), vec![5.0])]);
        let out = continued(&old, &new, true).unwrap();
        assert_eq!(out.series[0].y.iter().map(|v| v.is_nan()).collect::<Vec<_>>(), [false, false, true, true, false]);
        let weekly = History { period: Period::Week, ..new };
        assert_eq!(continued(&old, &weekly, true).unwrap_err().code, "period-differs");
    }
}
