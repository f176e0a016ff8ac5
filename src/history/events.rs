//! Dated events as drivers: for each name the share of every period in which it is on.
//!
//! In: rows of an events file, past and coming ([`EventRow`]: from, to, whose). Out: columns of [`DriverKind::Event`] beside the drivers of a file. Moving holidays need
//! nothing more: each year's row has its own date.

use super::drivers::{Driver, DriverKind, Drivers};
use super::model::{EventRow, History, Series};
use crate::base::{Calendar, Stamp};

/// A day, in seconds.
const DAY: i64 = 86_400;

/// Adds a column for each event to what is known ahead. `category` tells the category of a series.
pub fn add_events<'a>(
    mut drivers: Drivers,
    events: &[EventRow],
    history: &History,
    category: impl Fn(&Series) -> Option<&'a str>,
) -> Drivers {
    if drivers.values.is_empty() {
        drivers.values = vec![Vec::new(); history.series.len()];
    }
    let key = |e: &EventRow| e.event.trim().to_lowercase();
    let mut names: Vec<String> = events.iter().map(key).filter(|n| !n.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let of: Vec<usize> = events.iter().map(|e| names.binary_search(&key(e)).unwrap_or(usize::MAX)).collect();
    for (k, name) in names.iter().enumerate() {
        let here = || events.iter().zip(&of).filter(|(_, o)| **o == k).map(|(e, _)| e);
        let written = here().next().map_or_else(|| name.clone(), |e| e.event.trim().to_owned());
        let expected = here().filter_map(|e| e.percent).next_back();
        drivers.columns.push(Driver { name: written, kind: DriverKind::Event, expected });
    }
    let mut categories: Vec<Option<&str>> = Vec::new();
    drivers.kinds.clear();
    for (s, series) in history.series.iter().enumerate() {
        let calendar = series.calendar(history.period);
        let category = category(series);
        let kind = categories.iter().position(|c| *c == category).unwrap_or_else(|| {
            categories.push(category);
            categories.len() - 1
        });
        drivers.kinds.push(kind);
        let mut columns = vec![vec![0.0f32; series.y.len()]; names.len()];
        for (e, k) in events.iter().zip(&of).filter(|(e, _)| fits(e, series, category)) {
            if let Some(column) = columns.get_mut(*k) {
                lay(e, &calendar, column);
            }
        }
        if let Some(values) = drivers.values.get_mut(s) {
            for mut column in columns {
                column.iter_mut().for_each(|v| *v = v.min(1.0));
                drivers.horizon = drivers.horizon.max(column.len().saturating_sub(series.y.len()));
                values.push(column);
            }
        }
    }
    if categories.len() < 2 {
        drivers.kinds.clear();
    }
    drivers
}

fn fits(e: &EventRow, s: &Series, category: Option<&str>) -> bool {
    let same = |wanted: &Option<std::sync::Arc<str>>, name: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == name);
    same(&e.unique_id, Some(&s.unique_id))
        && same(&e.item, Some(&s.item))
        && same(&e.location, Some(&s.location))
        && same(&e.category, category)
}

/// Adds an event's days to the periods they fall in, as shares of those.
fn lay(e: &EventRow, calendar: &Calendar, column: &mut Vec<f32>) {
    /// Periods ahead beyond which a date is a slip.
    const MOST: i64 = 20_000;
    // whole days on the shop's clock
    let first = e.ds.0.div_euclid(DAY) * DAY;
    let end = e.to.unwrap_or(e.ds).0.div_euclid(DAY) * DAY + DAY;
    let (from, to) = (calendar.index(Stamp(first)), calendar.index(Stamp(end - 1)));
    let known = column.len() as i64;
    for t in from.max(0)..=to.min(known + MOST) {
        let (begin, next) = (calendar.at(t).0, calendar.at(t + 1).0);
        let share = (end.min(next) - first.max(begin)) as f64 / (next - begin).max(1) as f64;
        let at = t as usize;
        if at >= column.len() {
            column.resize(at + 1, 0.0);
        }
        if let Some(v) = column.get_mut(at) {
            *v += share.clamp(0.0, 1.0) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Period;
    use crate::history::Measured;

    #[test]
    fn days_become_shares_of_weeks_and_scopes_hold() {
        let start = Stamp::from_ymd(2026, 1, 5).unwrap();
        let mut a = Series::new("A", start, vec![1.0; 4]);
        a.location = "Bath".into();
        let b = Series::new("B", start, vec![1.0; 4]);
        let h = History { period: Period::Week, measured: Measured::Units, series: vec![a, b] };
        let row = |ds: (i32, u32, u32), to: Option<(i32, u32, u32)>, name: &str, location: Option<&str>| EventRow {
            ds: Stamp::from_ymd(ds.0, ds.1, ds.2).unwrap(),
            to: to.and_then(|t| Stamp::from_ymd(t.0, t.1, t.2)),
            event: name.into(),
            unique_id: None,
            item: None,
            location: location.map(Into::into),
            category: None,
            percent: None,
            line: 1,
        };
        let rows = [
            // Thursday to the Tuesday after: four days and two
            row((2026, 1, 15), Some((2026, 1, 20)), "Fair", None),
            row((2026, 2, 9), None, "fair", None),
            row((2026, 1, 5), None, "market", Some("Bath")),
        ];
        let d = add_events(Drivers::default(), &rows, &h, |_| None);
        assert_eq!(d.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Fair", "market"]);
        let sevenths = |v: &[f32]| v.iter().map(|x| (x * 7.0).round() as i32).collect::<Vec<_>>();
        assert_eq!(sevenths(&d.values[0][0]), [0, 4, 2, 0, 0, 1]);
        assert_eq!(sevenths(&d.values[0][1]), [1, 0, 0, 0]);
        assert_eq!(sevenths(&d.values[1][1]), [0, 0, 0, 0]);
        assert_eq!(d.horizon, 2);
    }
}
