//! A row of features a series, origin and step, from the series' own past alone.
//!
//! A row knows what lies before its origin, and which step ahead is asked for; what it says stands over the recent level and a raw seasonal index.

use super::panel::masked;
use crate::base::{Calendar, Period};
use crate::forecast::fitted::SeriesInput;
use chrono::{Datelike, Timelike};

const NONE: f32 = f32::NAN;
/// Periods that must be seen before an origin.
pub(super) const LEAST: usize = 4;
/// Years, and short cycles, that a seasonal index is the mean of.
const YEARS: usize = 4;
const CYCLES: usize = 8;
/// Last places of a short cycle that are averaged.
const PLACES: [usize; 2] = [4, 12];
/// Windows of means.
const WINDOWS: usize = 5;
/// Years' worth of evidence that there is no season.
const NO_SEASON: f64 = 0.5;

/// Lengths that fit a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub period: Period,
    /// Periods in a year, or the longest season looked back to; 1: none.
    pub year: usize,
    /// Single values before the origin.
    lags: usize,
    windows: [usize; WINDOWS],
    /// Periods of which the recent level is the mean.
    base: usize,
    /// Periods on either side that belong to the same place of the year.
    near: usize,
    /// Places of a short cycle (days of the week, hours of the day); 1: none.
    cycle: usize,
    /// Periods after which an observation counts half.
    pub half_life: f64,
    /// Farthest step that is learned.
    pub farthest: usize,
}

impl Lengths {
    pub const fn of(period: Period) -> Self {
        let (year, lags, windows, base, near, cycle, half_life, farthest) = match period {
            Period::Hour => (168, 6, [6, 24, 168, 336, 672], 336, 0, 24, 672.0, 168),
            Period::Day => (364, 7, [7, 28, 56, 182, 364], 56, 3, 7, 364.0, 63),
            Period::Week => (52, 6, [3, 8, 13, 26, 52], 26, 2, 1, 52.0, 26),
            Period::Month => (12, 6, [3, 6, 12, 24, 36], 12, 1, 1, 18.0, 24),
            Period::Quarter => (4, 5, [2, 4, 8, 12, 16], 4, 0, 1, 8.0, 8),
            Period::Year => (1, 4, [2, 3, 5, 8, 12], 3, 0, 1, 6.0, 6),
        };
        Self { period, year, lags, windows, base, near, cycle, half_life, farthest }
    }
}

/// What a row's answer is multiplied by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    /// Recent mean of demand.
    pub level: f64,
    /// Raw seasonal index of the period asked for.
    pub index: f64,
}

/// A series, masked where nothing is known or could be sold, with running sums.
pub(super) struct Lane {
    /// Demand; NaN where nothing is known.
    pub y: Vec<f64>,
    /// Whether a value may be learned from: seen, and not cut off by stock.
    pub target: Vec<bool>,
    sums: Vec<f64>,
    squares: Vec<f64>,
    counts: Vec<u32>,
    sold: Vec<u32>,
    calendar: Calendar,
}

fn told(v: f64) -> f32 {
    if v.is_finite() { v.clamp(-1e6, 1e6) as f32 } else { NONE }
}

impl Lane {
    /// `None` where nothing was ever sold, or less than nothing: what all series have in common is a share of a level.
    pub fn of(input: &SeriesInput<'_>) -> Option<Self> {
        let n = input.y.len();
        if input.y.iter().any(|v| *v < 0.0) {
            return None;
        }
        let (y, target): (Vec<f64>, Vec<bool>) = (0..n).map(|t| masked(input.y[t], input.in_stock.and_then(|s| s.get(t)).copied())).unzip();
        let (mut sums, mut squares, mut counts, mut sold) = (vec![0.0; n + 1], vec![0.0; n + 1], vec![0; n + 1], vec![0; n + 1]);
        for (t, v) in y.iter().enumerate() {
            let known = v.is_finite();
            let v = if known { *v } else { 0.0 };
            sums[t + 1] = sums[t] + v;
            squares[t + 1] = squares[t] + v * v;
            counts[t + 1] = counts[t] + u32::from(known);
            sold[t + 1] = sold[t] + u32::from(v > 0.0);
        }
        (sums[n] > 0.0).then(|| Self { y, target, sums, squares, counts, sold, calendar: Calendar::new(input.period, input.start) })
    }

    fn over(&self, from: usize, to: usize, what: impl Fn(usize) -> f64) -> f64 {
        let to = to.min(self.y.len());
        let from = from.min(to);
        let count = self.counts[to] - self.counts[from];
        if count == 0 { f64::NAN } else { (what(to) - what(from)) / f64::from(count) }
    }

    fn mean(&self, from: usize, to: usize) -> f64 {
        self.over(from, to, |t| self.sums[t])
    }

    /// Periods seen before `to`.
    pub fn seen(&self, to: usize) -> usize {
        self.counts[to.min(self.y.len())] as usize
    }

    fn at(&self, t: Option<usize>) -> f64 {
        t.and_then(|t| self.y.get(t)).copied().unwrap_or(f64::NAN)
    }

    /// Mean over up to four years of what was sold in the same place of the year, over the mean of that year; and how many.
    fn of_the_year(&self, l: &Lengths, origin: usize, step: usize) -> (f64, usize) {
        if l.year < 2 {
            return (f64::NAN, 0);
        }
        let near = if l.year > 52 { l.near } else { usize::from(l.year == 52) };
        let first = (step + 1).div_ceil(l.year);
        let (mut sum, mut count) = (0.0, 0);
        for k in first..first + YEARS {
            let Some(t) = (origin + step).checked_sub(k * l.year) else { break };
            let value = self.mean(t.saturating_sub(near), (t + near + 1).min(origin));
            // the year around it, or the last one known
            let Some(from) = t.checked_sub(l.year / 2).map(|f| f.min(origin.saturating_sub(l.year))) else { break };
            let to = from + l.year;
            let mean = self.mean(from, to);
            let whole = 10 * (self.counts[to.min(self.y.len())] - self.counts[from]) as usize >= 9 * l.year;
            if whole && mean > 0.0 && value.is_finite() {
                sum += value / mean;
                count += 1;
            }
        }
        (if count == 0 { f64::NAN } else { sum / count as f64 }, count)
    }

    /// Mean over the last short cycles of what was sold in the same place, over the mean around it.
    fn of_the_cycle(&self, l: &Lengths, origin: usize, step: usize) -> f64 {
        let first = step / l.cycle + 1;
        let before = l.cycle / 2;
        let (mut sum, mut count) = (0.0, 0usize);
        for k in first..first + CYCLES {
            let Some(t) = (origin + step).checked_sub(k * l.cycle) else { break };
            let Some(from) = t.checked_sub(before) else { break };
            let mean = self.mean(from, (from + l.cycle).min(origin));
            let value = self.at(Some(t));
            if value.is_finite() && mean > 0.0 {
                sum += value / mean;
                count += 1;
            }
        }
        if count == 0 { f64::NAN } else { sum / count as f64 }
    }

    /// Adds the row of `step` (0: the origin itself is asked for) as it is known before `origin`; `None` where too little is known, or nothing was sold.
    pub fn row(&self, l: &Lengths, origin: usize, step: usize, out: &mut Vec<f32>) -> Option<Stand> {
        let o = origin.min(self.y.len());
        if self.seen(o) < LEAST {
            return None;
        }
        let from = |w: usize| o.saturating_sub(w);
        let (recent, all) = (self.mean(from(l.base), o), self.mean(0, o));
        let level = if recent > 0.0 { recent } else { all };
        if level.is_nan() || level <= 0.0 {
            return None;
        }
        let t = o + step;
        let over = |v: f64| told(v / level);
        out.push(step as f32);
        for k in 1..=l.lags {
            out.push(over(self.at(o.checked_sub(k))));
        }
        for w in l.windows {
            out.push(over(self.mean(from(w), o)));
            out.push(told(self.over(from(w), o, |t| f64::from(self.sold[t]))));
        }
        let long = self.mean(from(2 * l.base), o);
        let variance = self.over(from(2 * l.base), o, |t| self.squares[t]) - long * long;
        out.push(told(variance.max(0.0).sqrt() / long));
        out.push(self.seen(o) as f32);
        out.push(told((all / level).ln()));
        let mut index = 1.0;
        if l.year > 1 {
            let back = l.year * (step + 1).div_ceil(l.year);
            let then = t.checked_sub(back);
            out.push(over(self.at(then)));
            out.push(over(self.at(t.checked_sub(back + l.year))));
            if l.near > 0 {
                let around = then.and_then(|t| t.checked_sub(l.near)).map_or(f64::NAN, |a| self.mean(a, (a + 2 * l.near + 1).min(o)));
                out.push(over(around));
            }
            // what was sold then over the level of then, and how the level has moved since
            let level_then = o.checked_sub(back).map_or(f64::NAN, |k| self.mean(k.saturating_sub(l.base), k));
            out.push(told(self.at(then) / level_then));
            let w = l.windows[1];
            let year_ago = o.checked_sub(l.year).map_or(f64::NAN, |k| self.mean(k.saturating_sub(w), k));
            out.push(told(self.mean(from(w), o) / year_ago));
            let (raw, years) = self.of_the_year(l, o, step);
            out.push(told(raw));
            if raw.is_finite() {
                index = (raw.clamp(0.05, 20.0).ln() * years as f64 / (years as f64 + NO_SEASON)).exp();
            }
        }
        if l.cycle > 1 {
            for count in PLACES {
                let first = step / l.cycle + 1;
                let places = (first..first + count).map(|k| self.at(t.checked_sub(k * l.cycle))).filter(|v| v.is_finite());
                let (sum, seen) = places.fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
                out.push(over(if seen == 0 { f64::NAN } else { sum / seen as f64 }));
            }
            let raw = self.of_the_cycle(l, o, step);
            out.push(told(raw));
            let short = if raw.is_finite() { raw.clamp(0.03, 20.0) } else { 1.0 };
            index = index.clamp(0.5, 2.0) * short;
        }
        let index = index.clamp(0.02, 20.0);
        out.push(told(index));
        self.dates(l, t, out);
        out.push(told(level.ln_1p()));
        Some(Stand { level, index })
    }

    fn dates(&self, l: &Lengths, t: usize, out: &mut Vec<f32>) {
        let date = self.calendar.at(t as i64).naive();
        let weekday = date.weekday().num_days_from_monday() as f32;
        match l.period {
            Period::Hour => out.extend_from_slice(&[date.hour() as f32, weekday]),
            Period::Day => out.extend_from_slice(&[date.ordinal() as f32, weekday]),
            Period::Week => out.push((date.ordinal() / 7) as f32),
            Period::Month | Period::Quarter => out.push(date.month() as f32),
            Period::Year => {}
        }
    }
}
