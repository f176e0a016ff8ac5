//! From drivers to the columns of a regression: which exist, and their values for a series.

use crate::base::{Calendar, Period};
use crate::history::{DriverKind, Drivers, History, Series};
use chrono::Datelike;

/// What a column adds, in the order in which groups are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The driver itself.
    Main,
    /// A flag by the day of the week, in place of the flag.
    ByPlace,
    /// The driver in the periods before and after.
    Neighbours,
    /// Days of the month, which take part once drivers do.
    Calendar,
    /// A dated event, judged by the forecasting methods themselves.
    Event,
    /// The season, so that effects are not taken for it; never part of an effect.
    Season,
}

/// The value of a column at a period, before neighbours.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// A driver's number, in these units from this point: `(v − from) / unit`.
    Number { from: f64, unit: f64 },
    /// The logarithm of a driver.
    Log,
    /// Whether a driver has this value.
    Is(f32),
    /// The share of the period in which an event is on.
    Share,
    /// A wave of the year: how many of them, and whether it is the sine.
    Wave(u8, bool),
    /// Whether it is this day of the month.
    DayOfMonth(u32),
    /// Whether it is this place of the season.
    Place(usize),
    /// Whether the shop is shut where it is usually open.
    OddlyShut,
    /// The same, and shut the day after as well.
    ShutTwice,
}

/// A column of the regression.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feature {
    /// The driver behind it.
    pub driver: Option<usize>,
    pub group: Group,
    /// Standard deviation that effects of its kind have over all shops, in logarithms.
    pub prior: f64,
    value: Value,
    /// Periods later at which the value is looked up.
    lead: i32,
    /// Only at this place of the season.
    place: Option<usize>,
}

/// How a driver's values stand over all series.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    /// The most frequent value of flags and words, else the median.
    pub value: f32,
}

/// The columns for a whole history.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub features: Vec<Feature>,
    pub usual: Vec<Usual>,
    /// By driver: how often it was on in the past of the series that saw it most; 0 where it is no event.
    pub occurrences: Vec<usize>,
    /// Values at which nothing is sold: `(driver, value)`.
    pub shut: Vec<(usize, f32)>,
    /// Places in a season.
    pub season: usize,
    /// Periods over which a level is taken as steady.
    pub window: usize,
}

/// A series in the design's columns.
pub(super) struct Rows {
    /// Row after row, one a period of the history and of the horizon.
    x: Vec<f64>,
    width: usize,
    /// Periods in which nothing can be sold.
    pub shut: Vec<bool>,
    /// Place in the season of each period.
    pub place: Vec<usize>,
}

impl Rows {
    pub fn at(&self, t: usize) -> &[f64] {
        self.x.get(t * self.width..(t + 1) * self.width).unwrap_or(&[])
    }
}

/// Share of periods with a value in which nothing was sold, from which it means shut.
const NEVER_SOLD: f64 = 0.98;
/// Periods in which a column must have had something to say.
const SEEN: usize = 4;
/// Waves of the year that stand for the season of weeks.
const WAVES: u8 = 3;
/// Last times of a place of the season that tell what a flag is there.
const TIMES: usize = 8;
/// Series looked at to find what is usual.
const LOOKED_AT: usize = 500;

impl Design {
    pub fn new(history: &History, drivers: &Drivers) -> Self {
        let period = history.period;
        let (season, window) = match period {
            Period::Hour => (24, 168),
            Period::Day => (7, 28),
            Period::Week => (1, 52),
            Period::Month => (12, 24),
            Period::Quarter => (4, 12),
            Period::Year => (1, 8),
        };
        let mut out = Self { features: Vec::new(), usual: Vec::new(), occurrences: Vec::new(), shut: Vec::new(), season, window };
        let stride = history.series.len().div_ceil(LOOKED_AT).max(1);
        let sample: Vec<usize> = (0..history.series.len()).step_by(stride).collect();
        for (d, driver) in drivers.columns.iter().enumerate() {
            let past =
                |s: &usize| drivers.values[*s][d].iter().copied().zip(history.series[*s].y.iter().copied()).filter(|(v, _)| v.is_finite());
            let mut all: Vec<f32> = sample.iter().flat_map(past).map(|(v, _)| v).collect();
            all.sort_by(f32::total_cmp);
            let runs: Vec<(f32, usize)> = all.chunk_by(|a, b| a == b).map(|c| (c[0], c.len())).collect();
            let mode = runs.iter().max_by_key(|r| r.1).map_or(0.0, |r| r.0);
            let numeric = matches!(driver.kind, DriverKind::Number | DriverKind::Price);
            out.occurrences.push(if driver.kind == DriverKind::Event { occurrences(history, drivers, &sample, d) } else { 0 });
            let usual = if driver.kind == DriverKind::Event {
                0.0
            } else if numeric {
                all.get(all.len() / 2).copied().unwrap_or(0.0)
            } else {
                mode
            };
            out.usual.push(Usual { value: usual });
            if !numeric {
                out.find_shut(d, &runs, sample.iter().flat_map(past));
            }
            let mut add = |group, value, prior| out.features.push(Feature { driver: Some(d), group, prior, value, lead: 0, place: None });
            let q = |p: f64| all.get(((all.len().max(1) - 1) as f64 * p) as usize).copied().unwrap_or(0.0);
            match &driver.kind {
                DriverKind::Price => add(Group::Main, Value::Log, 2.0),
                DriverKind::Number => {
                    let unit = f64::from((q(0.95) - q(0.05)).max(q(1.0) - q(0.0)) / 4.0);
                    add(Group::Main, Value::Number { from: f64::from(usual), unit: if unit > 0.0 { unit } else { 1.0 } }, 0.5);
                }
                DriverKind::Event => add(Group::Event, Value::Share, 0.5),
                DriverKind::Flag | DriverKind::Words(_) => {
                    for (v, _) in runs.iter().filter(|r| r.0 != usual) {
                        add(Group::Main, Value::Is(*v), 0.5);
                    }
                }
            }
        }
        out.add_relatives(period, drivers.columns.iter().any(|c| c.kind == DriverKind::Event));
        out.features.retain(|f| !f.driver.is_some_and(|d| matches!(f.value, Value::Is(v) if out.shut.contains(&(d, v)))));
        out.keep_seen(history, drivers, &sample);
        out
    }

    /// Values that mean that the shop is shut.
    fn find_shut(&mut self, d: usize, runs: &[(f32, usize)], past: impl Iterator<Item = (f32, f64)> + Clone) {
        let zeros = |v: f32| {
            past.clone()
                .filter(|(x, y)| *x == v && y.is_finite())
                .fold((0usize, 0usize), |(z, n), (_, y)| (z + usize::from(y == 0.0), n + 1))
        };
        let counts: Vec<(f32, usize, usize)> = runs.iter().take(32).map(|(v, _)| (*v, zeros(*v).0, zeros(*v).1)).collect();
        for (v, z, n) in &counts {
            let (oz, on) = counts.iter().filter(|c| c.0 != *v).fold((0, 0), |(z, n), c| (z + c.1, n + c.2));
            let elsewhere = oz as f64 / on.max(1) as f64;
            if *n >= 5 && *z as f64 >= NEVER_SOLD * *n as f64 && elsewhere < 0.5 && on > 0 {
                self.shut.push((d, *v));
            }
        }
    }

    fn add_relatives(&mut self, period: Period, events: bool) {
        let mut more: Vec<Feature> = Vec::new();
        let shut = |f: &Feature| f.driver.is_some_and(|d| matches!(f.value, Value::Is(v) if self.shut.contains(&(d, v))));
        for f in self.features.iter().filter(|f| !shut(f)) {
            let is = matches!(f.value, Value::Is(_));
            if is && period == Period::Day {
                more.extend((0..self.season).map(|k| Feature { group: Group::ByPlace, place: Some(k), ..f.clone() }));
            }
            let near: &[i32] = match (&f.value, period) {
                (Value::Is(_), Period::Day) => &[-1, 1],
                (Value::Is(_), _) => &[-1],
                (Value::Log, _) => &[-1],
                _ => &[],
            };
            more.extend(near.iter().map(|l| Feature { group: Group::Neighbours, lead: *l, prior: 0.5 * f.prior, ..f.clone() }));
        }
        if !self.shut.is_empty() {
            let driver = self.shut.first().map(|s| s.0);
            let near = |value, lead| Feature { driver, group: Group::Neighbours, prior: 0.3, value, lead, place: None };
            more.extend([-2, -1, 1, 2, 3].map(|l| near(Value::OddlyShut, l)));
            more.push(near(Value::ShutTwice, 1));
        }
        let plain = |group, value, prior| Feature { driver: None, group, prior, value, lead: 0, place: None };
        if period == Period::Day {
            more.extend((1..=31).map(|d| plain(Group::Calendar, Value::DayOfMonth(d), 0.1)));
        }
        if self.season > 1 {
            more.extend((1..self.season).map(|k| plain(Group::Season, Value::Place(k), 1.0)));
        }
        if events && period == Period::Week {
            // most events come once a year: what the year does by itself is not theirs
            more.extend((1..=WAVES).flat_map(|k| [false, true].map(|sine| plain(Group::Season, Value::Wave(k, sine), 1.0))));
        }
        self.features.extend(more);
    }

    /// Drops columns that hardly ever say anything.
    fn keep_seen(&mut self, history: &History, drivers: &Drivers, sample: &[usize]) {
        let mut seen = vec![0usize; self.features.len()];
        for s in sample {
            let (series, rows) = (&history.series[*s], self.rows(history, drivers, *s, drivers.horizon));
            let Some(first) = (0..series.y.len()).find(|t| !rows.shut[*t]).map(|t| rows.at(t).to_vec()) else { continue };
            for t in (0..series.y.len()).filter(|t| !rows.shut[*t]) {
                for ((n, v), f) in seen.iter_mut().zip(rows.at(t)).zip(&first) {
                    *n += usize::from(if *f == 0.0 || *f == 1.0 { *v != 0.0 } else { v != f });
                }
            }
        }
        let mut at = 0;
        self.features.retain(|_| (seen.get(at).is_some_and(|n| *n >= SEEN), at += 1).0);
    }

    /// The drivers of one series over `n` periods, what is not known filled in: flags and words past the last one told as they were of late in the same place of the season.
    pub fn filled(&self, history: &History, drivers: &Drivers, s: usize, n: usize) -> Vec<Vec<f32>> {
        let calendar = Calendar::new(history.period, history.series[s].start);
        let places: Vec<usize> = (0..n).map(|t| place(&calendar, t, self.season)).collect();
        self.filled_at(drivers, s, &places)
    }

    fn filled_at(&self, drivers: &Drivers, s: usize, places: &[usize]) -> Vec<Vec<f32>> {
        let each = drivers.values[s].iter().zip(&drivers.columns).zip(&self.usual);
        each.map(|((v, c), u)| filled(v, &c.kind, u.value, self.season, places)).collect()
    }

    /// Shares of the last periods known, by place of the season, in which a driver had a value that is not told any more from `told` on.
    fn of_late(&self, values: &[f32], v: f32, lead: i32, told: usize, place: &[usize], shut: &[bool]) -> Vec<f64> {
        let mut of = vec![(0.0, 0.0); self.season];
        for t in told.saturating_sub(2 * self.window)..told {
            let there = (t as i64 + i64::from(lead)).clamp(0, told as i64 - 1) as usize;
            if !shut[t] {
                of[place[t]].0 += f64::from(u8::from(values[there] == v));
                of[place[t]].1 += 1.0;
            }
        }
        of.into_iter().map(|(on, all)| if all > 0.0 { on / all } else { 0.0 }).collect()
    }

    /// Whether nothing can be sold in a period with these drivers.
    pub fn is_shut(&self, values: &[Vec<f32>], t: usize) -> bool {
        self.shut.iter().any(|(d, v)| values[*d][t] == *v)
    }

    /// The columns of one series over its past and `horizon` periods ahead.
    pub fn rows(&self, history: &History, drivers: &Drivers, s: usize, horizon: usize) -> Rows {
        let series: &Series = &history.series[s];
        let n = series.y.len() + horizon;
        let calendar = Calendar::new(history.period, series.start);
        let place: Vec<usize> = (0..n).map(|t| place(&calendar, t, self.season)).collect();
        let values = self.filled_at(drivers, s, &place);
        let shut: Vec<bool> = (0..n).map(|t| self.is_shut(&values, t)).collect();
        // places at which the shop is usually open
        let mut open = vec![(0usize, 0usize); self.season];
        for t in 0..series.y.len() {
            open[place[t]].0 += usize::from(!shut[t]);
            open[place[t]].1 += 1;
        }
        let odd: Vec<bool> = (0..n).map(|t| shut[t] && 2 * open[place[t]].0 > open[place[t]].1).collect();
        let days: Vec<u32> = (0..n).map(|t| calendar.at(t as i64).naive().day()).collect();
        let years: Vec<f64> =
            (0..n).map(|t| f64::from(calendar.at(t as i64).naive().ordinal0()) / 365.25 * std::f64::consts::TAU).collect();
        // what a flag past the last one told is on average: known to be neither on nor off
        let late: Vec<Option<(usize, Vec<f64>)>> = self
            .features
            .iter()
            .map(|f| {
                let (Value::Is(v), Some(d)) = (&f.value, f.driver) else { return None };
                let told = told(&drivers.values[s][d]).min(n);
                (told < n && told >= series.y.len().min(n) && told > 0)
                    .then(|| (told, self.of_late(&values[d], *v, f.lead, told, &place, &shut)))
            })
            .collect();
        let mut x = vec![0.0; n * self.features.len()];
        for (t, row) in x.chunks_exact_mut(self.features.len().max(1)).enumerate() {
            for ((cell, f), late) in row.iter_mut().zip(&self.features).zip(&late) {
                if f.place.is_some_and(|k| k != place[t]) {
                    continue;
                }
                if let Some((_, shares)) = late.as_ref().filter(|(told, _)| t as i64 + i64::from(f.lead) >= *told as i64) {
                    *cell = shares[place[t]];
                    continue;
                }
                let there = (t as i64 + i64::from(f.lead)).clamp(0, n as i64 - 1) as usize;
                let outside = t as i64 + i64::from(f.lead) != there as i64;
                let driver = f.driver.and_then(|d| values.get(d)).and_then(|v| v.get(there)).copied().unwrap_or(0.0);
                let yes = |b: bool| f64::from(u8::from(b));
                *cell = match f.value {
                    Value::Number { from, unit } => (f64::from(driver) - from) / unit,
                    Value::Log => f64::from(driver).max(1e-9).ln(),
                    Value::Is(v) => yes(driver == v),
                    Value::Share => f64::from(driver),
                    Value::Wave(k, sine) => {
                        let angle = f64::from(k) * years[t];
                        if sine { angle.sin() } else { angle.cos() }
                    }
                    Value::DayOfMonth(d) => yes(days[t] == d),
                    Value::Place(k) => yes(place[t] == k),
                    Value::OddlyShut => yes(!outside && odd[there]),
                    Value::ShutTwice => yes(!outside && odd[there] && shut.get(there + 1).copied().unwrap_or(false)),
                };
            }
        }
        Rows { x, width: self.features.len(), shut, place }
    }

    /// Indices of the columns of these groups whose drivers take part, the season always.
    pub fn columns(&self, groups: &[Group], out: &[usize]) -> Vec<usize> {
        let by_place = groups.contains(&Group::ByPlace);
        (0..self.features.len())
            .filter(|i| {
                let f = &self.features[*i];
                let wanted = f.group == Group::Season || groups.contains(&f.group);
                // by day of the week takes the place of one effect for all days
                let replaced = by_place
                    && f.group == Group::Main
                    && self.features.iter().any(|o| o.group == Group::ByPlace && o.driver == f.driver && o.value == f.value);
                wanted && !replaced && !f.driver.is_some_and(|d| out.contains(&d))
            })
            .collect()
    }

    /// Whether a column is a dated event.
    pub fn is_event(&self, i: usize) -> bool {
        self.features.get(i).is_some_and(|f| f.group == Group::Event)
    }

    /// Whether a column is a price itself, whose effect is an elasticity.
    pub fn is_price(&self, i: usize) -> bool {
        self.features.get(i).is_some_and(|f| f.value == Value::Log && f.lead == 0)
    }
}

/// Periods up to the last one of which something is told.
fn told(v: &[f32]) -> usize {
    v.iter().rposition(|x| x.is_finite()).map_or(0, |last| last + 1)
}

/// The value that was most frequent the last times that each place of the season came; `usual` where it was not told.
fn by_place(v: &[f32], season: usize, places: &[usize], usual: f32) -> Vec<f32> {
    let mut last: Vec<Vec<f32>> = vec![Vec::new(); season];
    for (x, k) in v.iter().zip(places).rev().filter(|(x, _)| x.is_finite()) {
        if last[*k].len() < TIMES {
            last[*k].push(*x);
        }
    }
    last.into_iter()
        .map(|mut of| {
            of.sort_by(f32::total_cmp);
            of.chunk_by(|a, b| a == b).max_by_key(|c| (c.len(), c[0] == usual)).map_or(usual, |c| c[0])
        })
        .collect()
}

/// Unknown values as usual, past the last one told as in the same place of the season, or for numbers as last known.
fn filled(v: &[f32], kind: &DriverKind, usual: f32, season: usize, places: &[usize]) -> Vec<f32> {
    let (n, told) = (places.len(), told(v));
    let ahead = match kind {
        DriverKind::Flag | DriverKind::Words(_) if told < n && season > 1 => by_place(v, season, places, usual),
        _ => vec![usual; season],
    };
    let mut last = match kind {
        DriverKind::Price | DriverKind::Number => v.iter().copied().find(|v| v.is_finite()).unwrap_or(usual),
        _ => usual,
    };
    (0..n)
        .map(|t| (t, v.get(t).copied().unwrap_or(f32::NAN)))
        .map(|(t, x)| match kind {
            DriverKind::Price | DriverKind::Number => {
                if x.is_finite() {
                    last = x;
                }
                last
            }
            DriverKind::Event => {
                if x.is_finite() {
                    x
                } else {
                    0.0
                }
            }
            _ if x.is_finite() => x,
            _ if t >= told => ahead[places[t]],
            _ => usual,
        })
        .collect()
}

/// How often an event was on in the past, in the series that saw it most.
fn occurrences(history: &History, drivers: &Drivers, sample: &[usize], d: usize) -> usize {
    let times = |s: &usize| {
        let past = drivers.values[*s][d].iter().take(history.series[*s].y.len());
        past.fold((0usize, false), |(n, on), v| (n + usize::from(*v > 0.0 && !on), *v > 0.0)).0
    };
    sample.iter().map(times).max().unwrap_or(0)
}

/// Place of period `t` in the season: day of the week, hour, month or quarter, the same for series that begin at different times.
fn place(calendar: &Calendar, t: usize, season: usize) -> usize {
    let at = calendar.at(t as i64);
    match calendar.period {
        Period::Day => at.weekday() as usize % season,
        Period::Hour => (at.0.rem_euclid(86_400) / 3600) as usize % season,
        Period::Month => at.naive().month0() as usize % season,
        Period::Quarter => (at.naive().month0() / 3) as usize % season,
        Period::Week | Period::Year => 0,
    }
}
