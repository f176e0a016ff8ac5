//! What sums over longer periods say beside the periods themselves: weeks beside their days.
//!
//! Noise averages out in a block of periods while level, trend and the long season stay, so that methods see them better there; the short season and the
//! latest turns show in the periods. Both are forecast, and each block's total is drawn part of the way towards what its own forecast says (Kourentzes, Petropoulos &
//! Trapero 2014, IJF 30(2); Athanasopoulos, Hyndman, Kourentzes & Petropoulos 2017, EJOR 262(1); two levels with fixed weights here, measured in
//! benches/README.md). Blocks end where the history ends.

use super::combine;
use super::models::{Model, Params, Start, forecast};
use super::pipeline::candidates;
use super::rolling::{self, Attempt};
use super::seasons;
use super::series::{Pattern, Prepared};
use crate::base::Period;
use serde::{Deserialize, Serialize};

/// Fewest blocks that a method is fitted on.
const LEAST: usize = 12;
/// A total is moved by at most this factor.
const MOST: f64 = 3.0;
/// How far totals are drawn, and where many days have no demand: there the days' own methods sum over longer stretches already.
const SHARE: f64 = 0.7;
const SHARE_OF_RARE: f64 = 0.5;

/// How the blocks of a series are forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Blocks {
    /// Open periods in a block.
    pub length: usize,
    /// How far totals are drawn to the blocks' own forecast, 0..=1.
    pub share: f64,
    pub members: Vec<(Model, Params, f64)>,
    /// Season lengths in blocks.
    pub seasons: Vec<usize>,
}

/// Open periods of a block: a week of days. Months and their quarters won next to nothing, counts by the month lost (benches/README.md).
pub(crate) fn length(p: &Prepared, period: Period) -> Option<usize> {
    let length = p.open_season(7);
    (period == Period::Day && p.pattern != Pattern::Silent && length >= 2).then_some(length)
}

/// Steps that fill whole blocks.
pub(crate) fn filled(steps: usize, length: usize) -> usize {
    steps.div_ceil(length.max(1)) * length.max(1)
}

/// Means of the blocks that end with the first `n` values, oldest first; what does not fill a block at the beginning is left out.
fn means(y: &[f64], length: usize) -> Vec<f64> {
    let skip = y.len() % length.max(1);
    y.get(skip..).unwrap_or(&[]).chunks_exact(length.max(1)).map(|b| b.iter().sum::<f64>() / b.len() as f64).collect()
}

impl Blocks {
    /// Fits the blocks of a series; `None` where they are too few or nothing was measured to be won by them. `steps`: open periods ahead.
    pub fn learn(p: &Prepared, period: Period, steps: usize) -> Option<Self> {
        let length = length(p, period)?;
        let y = means(&p.y, length);
        if y.len() < LEAST {
            return None;
        }
        let share = if p.pattern == Pattern::Regular { SHARE } else { SHARE_OF_RARE };
        let whole = |flags: &[bool], least: usize| -> Vec<bool> {
            let skip = flags.len() % length;
            flags.get(skip..).unwrap_or(&[]).chunks_exact(length).map(|b| b.iter().filter(|f| **f).count() >= least).collect()
        };
        let demands = y.iter().filter(|v| **v > 0.0).count();
        let pattern = match demands {
            0 => return None,
            d if p.non_negative && y.len() as f64 > 1.32 * d as f64 => Pattern::Intermittent,
            _ => Pattern::Regular,
        };
        let blocks = Prepared {
            observed: whole(&p.observed, length.div_ceil(2)),
            filled: whole(&p.filled, length),
            scale: 1.0,
            length: y.len(),
            closed: Vec::new(),
            odd_zeros: 0.0,
            pattern,
            integer: false,
            non_negative: p.non_negative,
            y,
        };
        let season = (p.open_season(365) as f64 / length as f64).round() as usize;
        let seasons: Vec<usize> = if season >= 2 { seasons::detect(&blocks.y, &[season], false) } else { Vec::new() };
        let ahead = steps.div_ceil(length);
        let wanted = candidates(&blocks, &seasons);
        let windows = rolling::windows(&blocks, &wanted, &seasons, ahead, false);
        let errors = combine::errors(&windows, wanted.len(), pattern == Pattern::Intermittent);
        let runs: Vec<_> = wanted.iter().map(|m| forecast(*m, &blocks.y, &seasons, ahead, Start::Cold)).collect();
        let able: Vec<bool> = runs.iter().map(Option::is_some).collect();
        let weights = combine::weights(&errors, &able, windows.len(), pattern == Pattern::Intermittent);
        let members = wanted.iter().zip(runs).zip(weights).filter_map(|((m, r), w)| (w > 0.0).then_some((*m, r?.0, w))).collect();
        Some(Self { length, share, members, seasons })
    }

    /// The blocks' mean values after the first `n` periods of a series.
    fn ahead(&self, y: &[f64], blocks: usize) -> Option<Vec<f64>> {
        let known = means(y, self.length);
        let runs: Vec<(f64, Vec<f64>, Vec<f64>)> = self
            .members
            .iter()
            .filter_map(|(model, params, weight)| {
                let (_, run) = forecast(*model, &known, &self.seasons, blocks, Start::Fixed(params))?;
                Some((*weight, run.mean, run.growth))
            })
            .collect();
        let parts: Vec<(f64, &[f64], &[f64], f64)> = runs.iter().map(|(w, m, g)| (*w, m.as_slice(), g.as_slice(), 0.0)).collect();
        combine::blend(&parts).map(|a| a.mean)
    }

    /// Draws the totals of an attempt made after the first `n` periods towards the blocks' own forecast. A last block that the attempt does not fill is moved as
    /// the one before it.
    pub fn draw(&self, mut a: Attempt, p: &Prepared, n: usize) -> Attempt {
        let count = a.mean.len() / self.length.max(1);
        let Some(said) = (count > 0).then(|| self.ahead(&p.known(n), count)).flatten() else { return a };
        let (mut factor, mut plus) = (1.0, 0.0);
        for (b, block) in a.mean.chunks_mut(self.length).enumerate() {
            if let Some(w) = said.get(b).filter(|_| block.len() == self.length) {
                let now = block.iter().sum::<f64>() / block.len() as f64;
                (factor, plus) = match (p.non_negative, now > 0.0) {
                    (true, true) => ((1.0 - self.share + self.share * w.max(0.0) / now).clamp(1.0 / MOST, MOST), 0.0),
                    (true, false) => (1.0, 0.0),
                    _ => (1.0, self.share * (w - now)),
                };
            }
            block.iter_mut().for_each(|m| *m = *m * factor + plus);
        }
        a
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Stamp;
    use crate::forecast::fitted::{FitOptions, SeriesInput, fit, refit};

    /// Three years of days with a week, a year and noise that hides the year from any single day.
    fn days(n: usize) -> Vec<f64> {
        let noise = |t: usize| ((t * 7919 + 13) % 101) as f64 / 50.0 - 1.0;
        (0..n)
            .map(|t| {
                let year = 1.0 + 0.5 * (std::f64::consts::TAU * t as f64 / 364.0).sin();
                let week = [0.6, 0.8, 0.9, 1.0, 1.1, 1.4, 1.2][t % 7];
                (40.0 * year * week * (1.0 + 0.6 * noise(t))).round()
            })
            .collect()
    }

    fn input(y: &[f64]) -> SeriesInput<'_> {
        SeriesInput { y, in_stock: None, period: Period::Day, start: Stamp(0) }
    }

    #[test]
    fn weeks_pull_the_days_towards_the_year() {
        let y = days(3 * 364 + 56);
        let known = &y[..3 * 364];
        let f = fit(&input(known), &FitOptions::new(56));
        assert!(f.recipe.blocks.as_ref().is_some_and(|b| b.length == 7 && b.seasons == [52]), "{:?}", f.recipe.blocks);
        let miss = |mean: &[f64]| -> f64 {
            let weeks = mean.chunks(7).zip(y[3 * 364..].chunks(7));
            weeks.map(|(a, b)| (a.iter().sum::<f64>() - b.iter().sum::<f64>()).abs()).sum()
        };
        let mut alone = f.clone();
        alone.recipe.blocks = None;
        let alone = refit(&alone, &input(known), 56);
        assert!(miss(&f.mean) < 0.9 * miss(&alone.mean), "{} with weeks, {} without", miss(&f.mean), miss(&alone.mean));
        // the shape within each week is the days' own
        for (a, b) in f.mean.chunks(7).zip(alone.mean.chunks(7)) {
            let (x, z) = (a[5] / a[0], b[5] / b[0]);
            assert!((x / z - 1.0).abs() < 0.05, "{x} {z}");
        }
        // nothing new, nothing else
        assert_eq!(refit(&f, &input(known), 56).mean, f.mean);
    }

    #[test]
    fn a_shorter_look_ahead_says_the_same() {
        let y = days(800);
        let (long, short) = (fit(&input(&y), &FitOptions::new(28)), fit(&input(&y), &FitOptions::new(3)));
        let blocks = |f: &crate::forecast::Fitted| f.recipe.blocks.as_ref().map(|b| (b.length, b.share));
        assert_eq!(blocks(&long), blocks(&short));
    }

    #[test]
    fn totals_are_drawn_by_their_share() {
        let y: Vec<f64> = (0..200).map(|t| 10.0 + (t % 7) as f64).collect();
        let p = super::super::series::prepare(&input(&y), &[7], None, None);
        let b = Blocks { length: 7, share: 0.5, members: vec![(Model::WindowAverage, Params::None, 1.0)], seasons: Vec::new() };
        let a = Attempt { mean: vec![4.0; 17], growth: vec![1.0; 17], sigma: 1.0 };
        let said = b.ahead(&p.y, 2).unwrap();
        let drawn = b.draw(a, &p, p.y.len()).mean;
        // means in units of the scale; the last three days go with the week before
        for (t, m) in drawn.iter().enumerate() {
            let w = said[(t / 7).min(1)];
            assert!((m - 4.0 * (0.5 + 0.5 * w / 4.0).clamp(1.0 / MOST, MOST)).abs() < 1e-9, "{t}: {m}, {w}");
        }
    }
}
