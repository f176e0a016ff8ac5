//! All series side by side, masked, with running sums.

use crate::base::{Calendar, Period};

/// Below this share in stock a period's sales say too little about demand.
const SEEN: f64 = 0.5;
/// What is added to demand before its logarithm is taken, as a share of the series' mean: a quiet period is not to outweigh all others.
const FLOOR: f64 = 0.05;

/// A series as it is handed over.
pub(crate) struct Member<'a> {
    /// Demand a period of the past; NaN where nothing is known or could be sold.
    pub y: Vec<f64>,
    /// Share of each period in stock.
    pub in_stock: Option<&'a [f64]>,
    pub calendar: Calendar,
    /// By column, a value a period of past and horizon.
    pub columns: Vec<Vec<f32>>,
}

/// What a column is to the trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Few values: what was sold at the same value says something.
    Value,
    /// A price: what counts is what it is beside the usual one.
    Price,
    /// Any number.
    Number,
}

/// A masked series.
pub(super) struct Track {
    /// Demand; NaN where nothing is known.
    pub y: Vec<f64>,
    /// Its logarithm, the floor added.
    pub log: Vec<f64>,
    /// Whether a value may be a target: seen and not cut off by stock.
    pub target: Vec<bool>,
    pub floor: f64,
    sums: Vec<f64>,
    logs: Vec<f64>,
    counts: Vec<u32>,
    pub calendar: Calendar,
    pub columns: Vec<Vec<f32>>,
}

/// All series.
pub(crate) struct Panel {
    pub(super) tracks: Vec<Track>,
    pub(super) kinds: Vec<Kind>,
    pub(super) shape: Layout,
}

/// Lengths that fit a period.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub period: Period,
    /// Periods over which the recent level is taken.
    pub base: usize,
    /// Periods in a year, or the longest season looked back to.
    pub year: usize,
    /// Windows of means.
    pub means: [usize; 4],
    /// Places of a short cycle (days of the week, hours of the day); 1: none.
    pub cycle: usize,
    /// Periods of which a usual price is the median.
    pub usual: usize,
    /// Farthest step that is asked for: what is known a longer time before says too little.
    pub farthest: usize,
}

impl Layout {
    const fn of(period: Period) -> Self {
        let (base, year, means, cycle, usual, farthest) = match period {
            Period::Hour => (336, 168, [24, 168, 336, 672], 24, 168, 168),
            Period::Day => (84, 364, [28, 84, 182, 364], 7, 28, 63),
            Period::Week => (52, 52, [4, 13, 26, 52], 1, 26, 16),
            Period::Month => (24, 12, [3, 6, 12, 24], 1, 12, 12),
            Period::Quarter => (8, 4, [2, 4, 8, 12], 1, 8, 6),
            Period::Year => (4, 1, [1, 2, 4, 8], 1, 4, 2),
        };
        Self { period, base, year, means, cycle, usual, farthest }
    }
}

/// Demand of a period as far as its stock lets it be seen (NaN: not at all), and whether it may be learned from.
pub(super) fn masked(raw: f64, in_stock: Option<f64>) -> (f64, bool) {
    let stock = in_stock.filter(|s| s.is_finite()).unwrap_or(1.0);
    let masked = !raw.is_finite() || raw < 0.0 || stock < SEEN;
    (if masked { f64::NAN } else { raw / stock.min(1.0) }, !masked && stock >= 1.0)
}

impl Track {
    fn new(m: Member<'_>) -> Self {
        let n = m.y.len();
        let mut y = Vec::with_capacity(n);
        let mut target = Vec::with_capacity(n);
        for (t, raw) in m.y.iter().enumerate() {
            let (value, whole) = masked(*raw, m.in_stock.and_then(|s| s.get(t)).copied());
            y.push(value);
            target.push(whole);
        }
        let (total, seen) = y.iter().filter(|v| v.is_finite()).fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
        let floor = (FLOOR * total / seen.max(1) as f64).max(1e-12);
        let log: Vec<f64> = y.iter().map(|v| (v + floor).ln()).collect();
        let (mut sums, mut logs, mut counts) = (vec![0.0; n + 1], vec![0.0; n + 1], vec![0; n + 1]);
        for t in 0..n {
            let known = y[t].is_finite();
            sums[t + 1] = sums[t] + if known { y[t] } else { 0.0 };
            logs[t + 1] = logs[t] + if known { log[t] } else { 0.0 };
            counts[t + 1] = counts[t] + u32::from(known);
        }
        Self { y, log, target, floor, sums, logs, counts, calendar: m.calendar, columns: m.columns }
    }

    fn between(&self, of: &[f64], from: usize, to: usize) -> f64 {
        let (to, from) = (to.min(self.y.len()), from.min(to.min(self.y.len())));
        let count = self.counts[to] - self.counts[from];
        if count == 0 { f64::NAN } else { (of[to] - of[from]) / f64::from(count) }
    }

    /// Mean of what was seen in `from..to`, NaN for nothing.
    pub fn mean(&self, from: usize, to: usize) -> f64 {
        self.between(&self.sums, from, to)
    }

    /// Mean logarithm likewise.
    pub fn mean_log(&self, from: usize, to: usize) -> f64 {
        self.between(&self.logs, from, to)
    }

    /// Periods seen before `to`.
    pub fn seen(&self, to: usize) -> usize {
        self.counts[to.min(self.y.len())] as usize
    }
}

impl Panel {
    /// Puts series side by side; `kinds` says what their columns are.
    pub fn new(members: Vec<Member<'_>>, period: Period, kinds: Vec<Kind>) -> Self {
        Self { tracks: members.into_iter().map(Track::new).collect(), kinds, shape: Layout::of(period) }
    }

    /// The longest horizon, up to the one asked for, for which it has something to say.
    pub fn horizon(&self, wanted: usize) -> usize {
        wanted.min(self.shape.farthest)
    }
}
