//! Training the trees and asking them.

use super::panel::Panel;
use crate::base::random::mix64;
use hessboost::config::GrowPolicy;
use hessboost::objective::Tweedie;
use hessboost::prelude::{BoostedModel, DMatrix, Iterations, Objective, TrainingParams, TreeMethod, train};
use rayon::prelude::*;

/// Most rows to learn from; more are thinned out evenly.
const ROWS: usize = 250_000;
/// Fewer rows than this teach nothing.
const LEAST_ROWS: usize = 1_500;
/// Trees, and how much of each is taken.
const ROUNDS: usize = 300;
const RATE: f64 = 0.06;
const LEAVES: usize = 31;
const LEAST_IN_LEAF: f64 = 40.0;
/// A value beyond so many recent levels is taken as that.
const MOST: f64 = 20.0;
/// Variance power of Tweedie's family: between counts (1) and sizes (2) (Tweedie 1984). Its likelihood is for the mean: what is grown for the middle of a logarithm wins
/// on uneven demand by aiming too low, which orders may not.
pub(super) const POWER: f64 = 1.5;
/// Series asked about at a time.
const BLOCK: usize = 64;

/// How trees are grown.
pub(super) struct Growth {
    pub rounds: usize,
    /// How much of each tree is taken.
    pub rate: f64,
    pub least_in_leaf: f64,
    /// Bins of a feature; `None`: as the crate has them.
    pub bins: Option<usize>,
}

/// Trees for a mean, by Tweedie's likelihood; the same on any number of threads.
pub(super) fn boost(data: &DMatrix, growth: &Growth) -> Option<BoostedModel> {
    let mut params = TrainingParams::builder()
        .objective(Objective::Tweedie(Tweedie::new(POWER).ok()?))
        .tree_method(TreeMethod::Hist)
        .grow_policy(GrowPolicy::LossGuide)
        .unlimited_depth()
        .max_leaves(LEAVES)
        .min_child_weight(growth.least_in_leaf)
        .eta(growth.rate)
        .lambda(1.0)
        .subsample(0.8)
        .colsample_bytree(0.6)
        .seed(1);
    if let Some(bins) = growth.bins {
        params = params.max_bin(bins);
    }
    train(&params.build().ok()?, data, growth.rounds).ok()
}

/// Trees grown over all series, for the mean of demand over its recent level.
pub(crate) struct Global {
    model: BoostedModel,
    horizon: usize,
}

impl Global {
    /// Learns from every series but its last `back` periods, for 1 to `horizon` periods ahead. `None` where there is too little to learn from.
    pub fn learn(panel: &Panel, horizon: usize, back: usize) -> Option<Self> {
        let horizon = panel.horizon(horizon).max(1);
        let total: usize = panel.tracks.iter().map(|t| t.y.len().saturating_sub(back + horizon)).sum();
        let keep = ROWS as f64 / total.max(1) as f64;
        let rows: Vec<(Vec<f32>, Vec<f32>)> = (0..panel.tracks.len())
            .into_par_iter()
            .map(|s| {
                let track = &panel.tracks[s];
                let (mut x, mut y) = (Vec::new(), Vec::new());
                for t in horizon..track.y.len().saturating_sub(back) {
                    // a hash of the place thins out rows the same way whatever else there is
                    let draw = mix64((s as u64) << 32 ^ t as u64) >> 11;
                    if track.target[t]
                        && (draw as f64) / ((1u64 << 53) as f64) < keep
                        && let Some(level) = panel.row(s, t, horizon, &mut x)
                    {
                        y.push((track.y[t] / level).clamp(0.0, MOST) as f32);
                    }
                }
                (x, y)
            })
            .collect();
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for (a, b) in rows {
            x.extend(a);
            y.extend(b);
        }
        if y.len() < LEAST_ROWS {
            return None;
        }
        let (count, width) = (y.len(), x.len() / y.len());
        let data = DMatrix::from_dense_vec(x, count, width).ok()?.with_labels(&y).ok()?;
        Some(Self { model: boost(&data, &Growth { rounds: ROUNDS, rate: RATE, least_in_leaf: LEAST_IN_LEAF, bins: None })?, horizon })
    }

    /// Means in units of the periods after the first `known − back` of each of `series`, as far ahead as it learned; NaN where nothing can be said.
    pub fn ask(&self, panel: &Panel, series: &[usize], back: usize) -> Vec<Vec<f64>> {
        series.par_chunks(BLOCK).flat_map_iter(|chunk| self.block(panel, chunk, back)).collect()
    }

    fn block(&self, panel: &Panel, series: &[usize], back: usize) -> Vec<Vec<f64>> {
        let mut x = Vec::new();
        let levels: Vec<Option<f64>> = series
            .iter()
            .flat_map(|s| (0..self.horizon).map(move |h| (*s, h)))
            .map(|(s, h)| {
                let n = panel.tracks.get(s).map_or(0, |t| t.y.len()).checked_sub(back)?;
                panel.row(s, n + h, self.horizon, &mut x)
            })
            .collect();
        let rows = levels.iter().flatten().count();
        let said: Vec<f32> = if rows == 0 {
            Vec::new()
        } else {
            let asked = DMatrix::from_dense(&x, rows, x.len() / rows).and_then(|d| self.model.predict(&d, Iterations::Best));
            asked.map_or_else(|_| Vec::new(), |p| p.as_slice().to_vec())
        };
        let mut each = said.into_iter();
        let all: Vec<f64> =
            levels.into_iter().map(|l| l.and_then(|l| Some(l * f64::from(each.next()?).max(0.0))).unwrap_or(f64::NAN)).collect();
        all.chunks(self.horizon).map(<[f64]>::to_vec).collect()
    }
}
