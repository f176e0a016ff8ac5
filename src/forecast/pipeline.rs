//! One series through the whole line: prepare, find seasons, backtest candidates, weigh, calibrate, and build the
//! distribution over paths.

use super::accuracy::{self, Accuracy};
use super::calibrate::{self, Spread};
use super::combine;
use super::counts::{self, Law};
use super::decompose::moving_average;
use super::explain;
use super::fitted::{Choice, Component, FitOptions, Fitted, SeriesInput, Weight};
use super::models::{Model, Params, Run, Start, forecast};
use super::path::{Dependence, Marginal, PathModel, Step, normal_cdf, normal_quantile};
use super::rolling::{self, Attempt, Window};
use super::seasons;
use super::series::{Pattern, Prepared, prepare};
use crate::base::Period;
use std::collections::BTreeMap;

/// What a refit keeps of a fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipe {
    pub members: Vec<(Model, Params, f64)>,
    /// Season lengths in open periods, as the models use them.
    pub seasons: Vec<usize>,
    pub closed: Vec<bool>,
    pub odd_zeros: f64,
    pub integer: bool,
    pub shape: Shape,
}

/// How outcomes spread around the mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Around the mean, with a scale that grows.
    Around { spread: Spread, marginal: Marginal },
    /// A law of counts at the mean, its variance widened.
    Counted { law: Law, widen: f64, dependence: Dependence },
    /// Nothing is known but nothing.
    Nothing,
}

/// Candidates of the automatic choice.
fn candidates(p: &Prepared, seasons: &[usize]) -> Vec<Model> {
    let n = p.y.len();
    let seasonal = !seasons.is_empty();
    match p.pattern {
        Pattern::Silent => vec![Model::WindowAverage],
        Pattern::Intermittent if seasonal => {
            vec![Model::Tsb, Model::Imapa, Model::WindowAverage, Model::SeasonalNaive, Model::Dot, Model::Mstl]
        }
        Pattern::Intermittent => vec![Model::Tsb, Model::Imapa, Model::WindowAverage],
        Pattern::Regular if n < 5 => vec![Model::WindowAverage],
        Pattern::Regular if seasonal => vec![Model::SeasonalNaive, Model::Dot, Model::Ets, Model::Mstl],
        Pattern::Regular => vec![Model::Dot, Model::Ets],
    }
}

pub(crate) fn fit(series: &SeriesInput<'_>, options: &FitOptions) -> Fitted {
    let horizon = options.horizon.max(1);
    let calendar: Vec<usize> = match &options.season_lengths {
        Some(lengths) => {
            let mut l: Vec<usize> = lengths.iter().copied().filter(|m| *m >= 2).collect();
            l.sort_unstable();
            l.dedup();
            l
        }
        None => series.period.season_lengths().to_vec(),
    };
    let p = prepare(series, &calendar, options.integer, None);
    let open: Vec<usize> = calendar.iter().map(|m| p.open_season(*m)).filter(|m| *m >= 2).collect();
    let season_lengths = match &options.season_lengths {
        Some(_) => open.into_iter().filter(|m| 2 * m <= p.y.len()).collect(),
        None if p.pattern == Pattern::Silent => Vec::new(),
        None => seasons::detect(&p.y, &open, matches!(series.period, Period::Hour | Period::Day)),
    };
    let steps = p.open_horizon(horizon);
    let wanted = match options.model {
        Choice::Auto => candidates(&p, &season_lengths),
        Choice::Named(m) => vec![m],
    };
    let windows = if p.pattern == Pattern::Silent { Vec::new() } else { rolling::windows(&p, &wanted, &season_lengths, steps.max(1)) };
    let squared = p.pattern == Pattern::Intermittent;
    let extended = extension(steps, &season_lengths);
    let mut runs: Vec<Option<(Params, Run)>> = wanted.iter().map(|m| forecast(*m, &p.y, &season_lengths, extended, Start::Cold)).collect();
    let able: Vec<bool> = runs.iter().map(Option::is_some).collect();
    let errors = combine::errors(&windows, wanted.len(), squared);
    let weights = combine::weights(&errors, &able, windows.len(), squared);
    let mut members: Vec<(Model, Params, f64)> = Vec::new();
    let mut parts: Vec<(f64, Run)> = Vec::new();
    for ((model, run), weight) in wanted.iter().zip(&mut runs).zip(&weights) {
        if let (Some((params, run)), true) = (run.take(), *weight > 0.0) {
            members.push((*model, params, *weight));
            parts.push((*weight, run));
        }
    }
    if parts.is_empty() {
        // nothing asked for could be fitted: the mean of what there is
        if let Some((params, run)) = forecast(Model::WindowAverage, &p.y, &[], extended, Start::Cold) {
            members.push((Model::WindowAverage, params, 1.0));
            parts.push((1.0, run));
        }
    }
    let attempts: Vec<(Attempt, &[f64])> =
        windows.iter().filter_map(|w| Some((damp(combine::combined(w, &weights)?, &p, w.origin), w.actual.as_slice()))).collect();
    let shape = shape(&p, &attempts, &windows, &parts);
    let recipe = Recipe { members, seasons: season_lengths, closed: p.closed.clone(), odd_zeros: p.odd_zeros, integer: p.integer, shape };
    let accuracy = score(&p, &recipe, &attempts, &windows);
    build(&p, recipe, &parts, horizon, options.model, accuracy)
}

pub(crate) fn refit(fitted: &Fitted, series: &SeriesInput<'_>, horizon: usize) -> Fitted {
    let horizon = horizon.max(1);
    let recipe = fitted.recipe.clone();
    let p = prepare(series, &[], Some(recipe.integer), Some((&recipe.closed, recipe.odd_zeros)));
    let extended = extension(p.open_horizon(horizon), &recipe.seasons);
    let mut parts: Vec<(f64, Run)> = recipe
        .members
        .iter()
        .filter_map(|(model, params, weight)| {
            let (_, run) = forecast(*model, &p.y, &recipe.seasons, extended, Start::Fixed(params))?;
            Some((*weight, run))
        })
        .collect();
    if parts.is_empty() {
        parts.extend(forecast(Model::WindowAverage, &p.y, &[], extended, Start::Cold).map(|(_, run)| (1.0, run)));
    }
    let choice = match fitted.weights.as_slice() {
        [only] => Choice::Named(only.model),
        _ => Choice::Auto,
    };
    build(&p, recipe, &parts, horizon, choice, fitted.accuracy)
}

/// Steps to run beyond the horizon so that a moving average over a season reaches its end.
fn extension(steps: usize, seasons: &[usize]) -> usize {
    steps.max(1) + seasons.last().copied().unwrap_or(1).div_ceil(2)
}

/// Keeps a mean path in the region the history speaks of: not below zero where nothing ever was, and not further outside the
/// range seen than the range is wide (per √ of the share of history looked ahead), where a trend run wild would go.
fn damp(mut a: Attempt, p: &Prepared, n: usize) -> Attempt {
    let known = p.y.get(..n).unwrap_or(&[]);
    let (lo, hi) = known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if lo > hi {
        return a;
    }
    let reach = (hi - lo).max(0.5 * hi.abs().max(lo.abs())) * (1.0 + a.mean.len() as f64 / known.len().max(1) as f64).min(4.0);
    for m in &mut a.mean {
        *m = m.clamp(lo - reach, hi + reach);
        if p.non_negative {
            *m = m.max(0.0);
        }
    }
    a
}

/// Learns how outcomes spread.
fn shape(p: &Prepared, attempts: &[(Attempt, &[f64])], windows: &[Window], parts: &[(f64, Run)]) -> Shape {
    if p.pattern == Pattern::Silent {
        return Shape::Nothing;
    }
    let distinct = windows.first().zip(windows.last()).map_or(0, |(f, l)| l.origin + l.actual.len() - f.origin);
    let spread = calibrate::learn(attempts, distinct, p.y.len());
    let seen = p.seen();
    let mean = seen.iter().sum::<f64>() / seen.len().max(1) as f64 * p.scale;
    let counted = p.non_negative && (p.pattern == Pattern::Intermittent || (p.integer && mean < 12.0));
    if !counted {
        let marginal = spread.shape();
        return Shape::Around { spread, marginal };
    }
    let unit = |v: f64| if p.integer { (v * p.scale).round() } else { v * p.scale };
    let law = if p.pattern == Pattern::Intermittent {
        counts::choose(&seen.iter().map(|v| unit(*v)).collect::<Vec<f64>>(), p.integer)
    } else {
        let total: f64 = parts.iter().map(|(w, _)| w).sum();
        let fitted = |t: usize| parts.iter().map(|(w, r)| w / total * r.fitted.get(t).copied().unwrap_or(f64::NAN)).sum::<f64>();
        let pairs: Vec<(f64, f64)> =
            p.y.iter()
                .enumerate()
                .filter(|(t, _)| p.observed.get(*t).copied().unwrap_or(false))
                .map(|(t, v)| (unit(*v), fitted(t) * p.scale))
                .filter(|(_, m)| m.is_finite())
                .map(|(y, m)| (y, m.max(0.05)))
                .collect();
        counts::around(&pairs)
    };
    let (mut ratio, mut count) = (0.0, 0usize);
    for (a, actual) in attempts {
        for (m, y) in a.mean.iter().zip(actual.iter()) {
            let variance = law.variance((m * p.scale).max(0.0));
            if y.is_finite() && variance > 0.0 {
                ratio += (((y - m) * p.scale).powi(2) / variance).min(50.0);
                count += 1;
            }
        }
    }
    let independent = (distinct.min(count)) as f64 / 4.0;
    let widen = if count > 0 { (8.0 * 1.05 + independent * ratio / count as f64) / (8.0 + independent) } else { 1.05 };
    Shape::Counted { law, widen: widen.clamp(0.1, 4.0), dependence: spread.dependence }
}

/// The marginal of one open step: `(marginal, shift, scale)` in units, or `None` to share the recipe's shape.
fn counted_marginal(recipe: &Recipe, mean: f64) -> Option<Marginal> {
    match &recipe.shape {
        Shape::Counted { law, widen, .. } => Some(law.marginal(mean, *widen, recipe.integer)),
        Shape::Nothing => Some(Marginal::Discrete { values: vec![0.0], cdf: vec![1.0] }),
        Shape::Around { .. } => None,
    }
}

/// Cells per unit of log scale: marginals of positive quantities are shared within a cell.
const GRID: f64 = 64.0;

/// The cell of the log scale whose half-width between the 16th and 84th percentile matches `scale`, asinh(scale/mean);
/// `None` where the spread is so small that logarithms change nothing, or the mean is nothing.
fn log_scale(mean: f64, scale: f64) -> Option<u32> {
    let s = (scale / mean).asinh();
    (mean > 0.0 && s > 0.1).then(|| (s.min(2.0) * GRID).round() as u32)
}

/// A step's distribution with nothing at all in a share of periods.
fn with_odd_zeros(shape: &Marginal, step: &Step, share: f64) -> Marginal {
    Marginal::from_scores(|z| {
        let p = normal_cdf(z);
        if p <= share { 0.0 } else { (step.shift + step.scale * shape.at_probability((p - share) / (1.0 - share))).max(0.0) }
    })
}

/// The combined attempt of runs, cut to the open steps.
fn blend(parts: &[(f64, Run)], p: &Prepared) -> Attempt {
    let refs: Vec<(f64, &[f64], &[f64], f64)> = parts.iter().map(|(w, r)| (*w, r.mean.as_slice(), r.growth.as_slice(), r.sigma)).collect();
    let mut a = combine::blend(&refs).unwrap_or(Attempt { mean: Vec::new(), growth: Vec::new(), sigma: 0.0 });
    // a handful of equal values proves no constancy: values are near 1 here, so this is relative to the mean
    a.sigma = a.sigma.max(0.5 * (1.0 - p.y.len() as f64 / 8.0));
    damp(a, p, p.y.len())
}

fn build(p: &Prepared, recipe: Recipe, parts: &[(f64, Run)], horizon: usize, choice: Choice, accuracy: Accuracy) -> Fitted {
    let a = blend(parts, p);
    let levels = levels(p, &a.mean, &recipe.seasons);
    let mut path = PathModel {
        marginals: Vec::new(),
        steps: Vec::with_capacity(horizon),
        cycle: 1,
        dependence: Dependence::NONE,
        integer: recipe.integer,
        non_negative: p.non_negative,
    };
    let nothing = Marginal::Discrete { values: vec![0.0], cdf: vec![1.0] };
    if let Shape::Around { marginal, spread } = &recipe.shape {
        path.marginals.push(marginal.clone());
        path.dependence = spread.dependence;
    }
    if let Shape::Counted { dependence, .. } = &recipe.shape {
        path.dependence = *dependence;
    }
    let (mut at, mut closed_marginal, mut last): (usize, Option<u32>, Option<(f64, u32)>) = (0, None, None);
    let mut components = Vec::with_capacity(horizon);
    let mut positives: BTreeMap<u32, u32> = BTreeMap::new();
    for h in 0..horizon {
        if p.is_closed(p.length + h) {
            let index = *closed_marginal.get_or_insert_with(|| {
                path.marginals.push(nothing.clone());
                (path.marginals.len() - 1) as u32
            });
            path.steps.push(Step { marginal: index, shift: 0.0, scale: 1.0 });
            components.push(None);
            continue;
        }
        let mean = a.mean.get(at).copied().unwrap_or(0.0) * p.scale;
        components.push(Some(levels.get(at).copied().unwrap_or(0.0) * p.scale));
        if let Shape::Around { spread, marginal } = &recipe.shape {
            let scale = spread.scale(a.sigma, a.growth.get(at).copied().unwrap_or(1.0), at) * p.scale;
            let (mean, scale) = (finite(mean), finite(scale).max(0.0));
            let positive = if p.non_negative { log_scale(mean, scale) } else { None };
            let mut step = match positive {
                Some(s) => {
                    let index = *positives.entry(s).or_insert_with(|| {
                        path.marginals.push(Spread::positive_shape(marginal, f64::from(s) / GRID));
                        (path.marginals.len() - 1) as u32
                    });
                    Step { marginal: index, shift: 0.0, scale: mean }
                }
                None => Step { marginal: 0, shift: mean, scale },
            };
            if recipe.odd_zeros > 0.0 {
                let with = path.marginals.get(step.marginal as usize).map(|m| with_odd_zeros(m, &step, recipe.odd_zeros));
                if let Some(with) = with {
                    path.marginals.push(with);
                    step = Step { marginal: (path.marginals.len() - 1) as u32, shift: 0.0, scale: 1.0 };
                }
            }
            path.steps.push(step);
        } else {
            let index = match last {
                Some((m, index)) if m == mean => index,
                _ => {
                    path.marginals.push(counted_marginal(&recipe, finite(mean)).unwrap_or_else(|| nothing.clone()));
                    (path.marginals.len() - 1) as u32
                }
            };
            last = Some((mean, index));
            path.steps.push(Step { marginal: index, shift: 0.0, scale: 1.0 });
        }
        at += 1;
    }
    // the block that repeats beyond the horizon: a season where one fits, closed places included
    let whole = |open: usize| {
        if p.closed.is_empty() {
            open
        } else {
            let share = p.closed.iter().filter(|c| !**c).count() as f64 / p.closed.len() as f64;
            ((open as f64 / share / p.closed.len() as f64).round() as usize).max(1) * p.closed.len()
        }
    };
    let mut season_lengths: Vec<usize> = recipe.seasons.iter().map(|m| whole(*m)).collect();
    season_lengths.dedup();
    path.cycle =
        season_lengths.iter().copied().chain((!p.closed.is_empty()).then_some(p.closed.len())).filter(|m| *m <= horizon).max().unwrap_or(1);
    let mean: Vec<f64> = (0..horizon).map(|h| path.mean(h)).collect();
    let components = components
        .into_iter()
        .zip(&mean)
        .map(|(level, m)| {
            let level = level.unwrap_or(0.0);
            Component { level, seasonal: m - level }
        })
        .collect();
    let weights: Vec<Weight> = recipe.members.iter().map(|(model, _, weight)| Weight { model: *model, weight: *weight }).collect();
    let mut out = Fitted {
        model: explain::name(&weights),
        path,
        mean,
        weights,
        accuracy,
        season_lengths,
        components,
        explanation: String::new(),
        recipe,
    };
    out.explanation = explain::sentence(&out, p, choice);
    out
}

fn finite(v: f64) -> f64 {
    if v.is_finite() { v.clamp(-1e300, 1e300) } else { 0.0 }
}

/// The mean path without its season: a centred moving average over the longest season that fits, joined to the history.
fn levels(p: &Prepared, mean: &[f64], seasons: &[usize]) -> Vec<f64> {
    let Some(m) = seasons.iter().copied().filter(|m| *m <= p.y.len()).max() else { return mean.to_vec() };
    let head = p.y.get(p.y.len() - m..).unwrap_or(&[]);
    let joined: Vec<f64> = head.iter().chain(mean).copied().collect();
    let smooth = moving_average(&joined, m);
    mean.iter().enumerate().map(|(h, v)| smooth.get(m + h).copied().flatten().unwrap_or(*v)).collect()
}

/// Scores of the combination on its held-out windows, with the calibrated spread.
fn score(p: &Prepared, recipe: &Recipe, attempts: &[(Attempt, &[f64])], windows: &[Window]) -> Accuracy {
    let (mut actual, mut mean, mut naive) = (Vec::new(), Vec::new(), Vec::new());
    let (mut in80, mut in95, mut count) = (0usize, 0usize, 0usize);
    let season = recipe.seasons.first().copied().unwrap_or(1);
    let tails = [0.1, 0.9, 0.025, 0.975];
    for ((a, y), w) in attempts.iter().zip(windows) {
        let known = p.y.get(..w.origin).unwrap_or(&[]);
        let reference = forecast(Model::SeasonalNaive, known, &recipe.seasons, y.len(), Start::Cold).map(|r| r.1.mean);
        naive.extend(reference.unwrap_or_else(|| a.mean.clone()));
        mean.extend_from_slice(&a.mean);
        actual.extend_from_slice(y);
        let mut cached: Option<(f64, [f64; 4])> = None;
        for (h, (v, m)) in y.iter().zip(&a.mean).enumerate() {
            if !v.is_finite() {
                continue;
            }
            let q = match (&recipe.shape, cached) {
                (Shape::Around { spread, marginal }, _) => {
                    let scale = spread.scale(a.sigma, a.growth.get(h).copied().unwrap_or(1.0), h);
                    let positive = if p.non_negative { log_scale(*m, scale) } else { None };
                    match positive {
                        Some(s) => {
                            let shape = Spread::positive_shape(marginal, f64::from(s) / GRID);
                            tails.map(|t| m * shape.at_score(normal_quantile(t)))
                        }
                        None => tails.map(|t| m + scale * marginal.at_score(normal_quantile(t))),
                    }
                }
                (_, Some((last, q))) if last == *m => q,
                _ => {
                    let marginal = counted_marginal(recipe, m * p.scale);
                    tails.map(|t| marginal.as_ref().map_or(0.0, |x| x.at_probability(t)) / p.scale)
                }
            };
            cached = Some((*m, q));
            let slack = 1e-9 * v.abs();
            in80 += usize::from(q[0] <= v + slack && *v <= q[1] + slack);
            in95 += usize::from(q[2] <= v + slack && *v <= q[3] + slack);
            count += 1;
        }
    }
    let history = windows.first().and_then(|w| p.y.get(..w.origin)).unwrap_or(&p.y);
    let share = |n: usize| (count > 0).then(|| n as f64 / count as f64);
    Accuracy {
        mase: accuracy::mase(&actual, &mean, history, season),
        rmsse: accuracy::rmsse(&actual, &mean, history),
        wape: accuracy::wape(&actual, &mean),
        smape: accuracy::smape(&actual, &mean),
        bias: accuracy::bias(&actual, &mean),
        coverage_80: share(in80),
        coverage_95: share(in95),
        fva: accuracy::fva(&actual, &mean, &naive),
        windows: attempts.len(),
    }
}
