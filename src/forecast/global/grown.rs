//! Trees grown over the pasts of all series, and their share in the forecast of each.
//!
//! The share is fixed: on 55 cuts of eleven kinds of data before their test windows the best share of one cut said nothing of the next one's, and this one was better than
//! none on nearly all (benches/README.md; Claeskens et al. 2016, "The forecast combination puzzle: a simple theoretical explanation", IJF 32(3)). The last held-out
//! window may only refuse what does harm, and says how wide the intervals have to be.

use super::lanes::{LEAST, Lane, Lengths};
use super::trees::{Growth, POWER, boost};
use crate::base::random::mix64;
use crate::base::{Cancelled, Control};
use crate::forecast::fitted::{FitOptions, SeriesInput, fit};
use crate::history::{History, Series};
use hessboost::prelude::{BoostedModel, DMatrix, Iterations};
use rayon::prelude::*;

/// Share of the trees in the mean.
const SHARE: f64 = 0.3;
/// Fewer series than this have too little in common to learn from.
const LEAST_SERIES: usize = 30;
/// Rows to learn from; more are thinned out evenly.
const ROWS: usize = 40_000;
/// Values looked through for rows.
const MOST_VALUES: usize = 2_000_000;
/// Fewer rows than this teach nothing.
const LEAST_ROWS: usize = 1_500;
/// Trees, and how much of each is taken.
const ROUNDS: usize = 100;
const RATE: f64 = 0.08;
const LEAST_IN_LEAF: f64 = 20.0;
const BINS: usize = 64;
/// A value beyond so many recent levels is taken as that.
const MOST: f64 = 15.0;
/// Series whose last window is held out.
const HELD: usize = 150;
/// Refused where held-out errors, absolute and squared, are both larger by this.
const HARM: f64 = 1.03;
/// The spread follows the held-out errors within these bounds: one window in which trees win nothing is no reason to widen what they make narrower elsewhere.
const SPREAD: (f64, f64) = (0.9, 1.0);

/// What the trees say of one series, for its forecast to take a share of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// Mean a period ahead, in units; NaN where nothing is said.
    pub mean: Vec<f64>,
    /// Its share in the mean.
    pub share: f64,
    /// How much wider outcomes lie about the mean than they would without it.
    pub spread: f64,
    /// Absolute errors over demand in the held-out window, without and with it.
    pub errors: (f64, f64),
}

/// What the held-out window says.
struct Held {
    spread: f64,
    errors: (f64, f64),
}

/// Trees over all series of a history.
pub(super) struct Grown {
    model: BoostedModel,
    lengths: Lengths,
    horizon: usize,
    spread: f64,
    errors: (f64, f64),
}

impl std::fmt::Debug for Grown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grown").field("horizon", &self.horizon).field("errors", &self.errors).finish_non_exhaustive()
    }
}

impl Grown {
    /// Learns from all series, for forecasts `ahead` periods long: the trees, and those that have not seen the last held-out window. `None` where there are too few
    /// series, or that window came out worse with it.
    pub fn learn(history: &History, options: &FitOptions, ahead: usize, control: &dyn Control) -> Result<Option<(Self, Self)>, Cancelled> {
        if history.series.len() < LEAST_SERIES {
            return Ok(None);
        }
        // of a history far longer than what is learned from, every so many series
        let values: usize = history.series.iter().map(|s| s.y.len()).sum();
        let every = (values / MOST_VALUES + 1).min(history.series.len() / LEAST_SERIES).max(1);
        let lane = |s: &Series| Lane::of(&SeriesInput::of(s, history.period));
        let lanes: Vec<Lane> = history.series.par_iter().step_by(every).filter_map(lane).collect();
        let mut known: Vec<usize> = lanes.iter().map(|l| l.y.len()).collect();
        known.sort_unstable();
        let Some(median) = known.get(known.len() / 2).copied().filter(|_| lanes.len() >= LEAST_SERIES) else { return Ok(None) };
        let lengths = Lengths::of(history.period);
        let horizon = ahead.min(lengths.farthest).min(median / 3).max(1);
        control.check()?;
        let Some(judge) = grow(&lanes, &lengths, horizon, horizon) else { return Ok(None) };
        control.check()?;
        let judge = Self { model: judge, lengths, horizon, spread: 1.0, errors: (0.0, 0.0) };
        let Some(Held { spread, errors }) = judge.held_out(history, options, control)? else { return Ok(None) };
        let Some(model) = grow(&lanes, &lengths, horizon, 0) else { return Ok(None) };
        Ok(Some((Self { model, lengths, horizon, spread, errors }, judge)))
    }

    /// What it says of the periods after a series, known or not when it learned; `None` where it has nothing to say.
    pub fn beside(&self, series: &SeriesInput<'_>) -> Option<Said> {
        let lane = Lane::of(series)?;
        let n = lane.y.len();
        let mut x = Vec::new();
        let stands: Vec<_> = (0..self.horizon).map(|h| lane.row(&self.lengths, n, h, &mut x)).collect();
        let rows = stands.iter().flatten().count();
        if rows == 0 {
            return None;
        }
        let asked = DMatrix::from_dense_vec(x.clone(), rows, x.len() / rows).and_then(|d| self.model.predict(&d, Iterations::Best)).ok()?;
        let mut each = asked.as_slice().iter();
        let mean = stands
            .into_iter()
            .map(|s| {
                s.and_then(|s| Some(s.level * s.index * f64::from(*each.next()?).max(0.0))).filter(|v| v.is_finite()).unwrap_or(f64::NAN)
            })
            .collect();
        Some(Said { mean, share: SHARE, spread: self.spread, errors: self.errors })
    }

    /// Periods ahead of which it speaks; the last so many were held out from those that judge.
    pub const fn horizon(&self) -> usize {
        self.horizon
    }

    /// The last periods of some series, forecast as they would have been, without and with the trees: how much wider outcomes lie, and errors; `None` where the trees do harm.
    fn held_out(&self, history: &History, options: &FitOptions, control: &dyn Control) -> Result<Option<Held>, Cancelled> {
        let horizon = self.horizon;
        let enough: Vec<usize> =
            (0..history.series.len()).filter(|s| history.series[*s].y.len() >= horizon + LEAST + horizon / 2).collect();
        if enough.len() < LEAST_SERIES {
            return Ok(None);
        }
        let sample: Vec<usize> = enough.iter().copied().step_by(enough.len().div_ceil(HELD).max(1)).collect();
        let options = FitOptions { horizon, ..options.clone() };
        let each = sample
            .par_iter()
            .map(|s| {
                control.check()?;
                let whole = SeriesInput::of(&history.series[*s], history.period);
                let known = whole.truncated(whole.y.len() - horizon);
                let Some(beside) = self.beside(&known) else { return Ok([0.0; 5]) };
                let base = fit(&known, &options).mean;
                let actual = &whole.y[known.y.len()..];
                let scale = known.y.iter().filter(|v| v.is_finite()).sum::<f64>() / known.y.len() as f64;
                let stock = |h: usize| whole.in_stock.and_then(|s| s.get(known.y.len() + h)).copied().unwrap_or(1.0);
                let mut sums = [0.0; 5];
                for (h, ((y, m), t)) in actual.iter().zip(&base).zip(&beside.mean).enumerate() {
                    if !y.is_finite() || !t.is_finite() || *m <= 0.0 || scale <= 0.0 || stock(h) < 1.0 {
                        continue;
                    }
                    let (a, b) = ((y - m) / scale, (y - (m + SHARE * (t - m))) / scale);
                    for (sum, v) in sums.iter_mut().zip([y / scale, a.abs(), b.abs(), a * a, b * b]) {
                        *sum += v;
                    }
                }
                Ok(sums)
            })
            .collect::<Result<Vec<[f64; 5]>, Cancelled>>()?;
        let mut total = [0.0; 5];
        for sums in each {
            total.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
        }
        let [sold, before, after, squares, squares_after] = total;
        if sold <= 0.0 || before <= 0.0 || (after > HARM * before && squares_after > HARM * squares) {
            return Ok(None);
        }
        Ok(Some(Held { spread: (after / before).clamp(SPREAD.0, SPREAD.1), errors: (before / sold, after / sold) }))
    }
}

/// Grows trees on every series but its last `back` periods, for steps up to `horizon`. `None` where there is too little to learn from.
fn grow(lanes: &[Lane], lengths: &Lengths, horizon: usize, back: usize) -> Option<BoostedModel> {
    // every target, as it was seen from every origin up to a horizon before it
    let steps = |t: usize| horizon.min((t + 1).saturating_sub(LEAST));
    let total: usize = lanes.iter().map(|l| (LEAST..l.y.len().saturating_sub(back)).map(steps).sum::<usize>()).sum();
    let keep = (ROWS as f64 / total.max(1) as f64).min(1.0);
    let rows: Vec<(Vec<f32>, Vec<f32>, Vec<f32>)> = lanes
        .par_iter()
        .enumerate()
        .map(|(s, lane)| {
            let (mut x, mut y, mut w) = (Vec::new(), Vec::new(), Vec::new());
            let end = lane.y.len().saturating_sub(back);
            for t in LEAST..end {
                let possible = steps(t);
                if !lane.target[t] {
                    continue;
                }
                // a hash of the place thins out rows the same way whatever else there is
                let place = mix64((s as u64) << 32 ^ t as u64);
                let wanted = possible as f64 * keep;
                let count = wanted as usize + usize::from(((place >> 11) as f64) / ((1u64 << 53) as f64) < wanted.fract());
                for k in 0..count {
                    let step = if keep >= 1.0 { k } else { (mix64(place.wrapping_add(k as u64 + 1)) % possible as u64) as usize };
                    let Some(stand) = lane.row(lengths, t - step, step, &mut x) else { continue };
                    let value = (lane.y[t] / stand.level).min(MOST) / stand.index;
                    let age = (end - 1 - t) as f64 / lengths.half_life;
                    y.push(value as f32);
                    // the deviance of a multiple c is c^(2 − p) times as large
                    w.push((0.5f64.powf(age) * stand.index.powf(2.0 - POWER)).max(1e-6) as f32);
                }
            }
            (x, y, w)
        })
        .collect();
    let (mut x, mut y, mut w) = (Vec::new(), Vec::new(), Vec::new());
    for (a, b, c) in rows {
        x.extend(a);
        y.extend(b);
        w.extend(c);
    }
    if y.len() < LEAST_ROWS || y.iter().all(|v| *v == 0.0) {
        return None;
    }
    let (count, width) = (y.len(), x.len() / y.len());
    let data = DMatrix::from_dense_vec(x, count, width).ok()?.with_labels(&y).ok()?.with_weights(&w).ok()?;
    boost(&data, &Growth { rounds: ROUNDS, rate: RATE, least_in_leaf: LEAST_IN_LEAF, bins: Some(BINS) })
}
