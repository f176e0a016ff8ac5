//! One series through the whole line: prepare, find seasons, backtest candidates, weigh, calibrate, assemble.

use super::accuracy::{self, Accuracy};
use super::assemble::{build, damp};
use super::blocks::{self, Blocks};
use super::calibrate::{self, Variation};
use super::combine;
use super::counts;
use super::fitted::{Choice, FitOptions, Fitted, SeriesInput};
use super::global::pooled::Beside;
use super::marginals::{Builder, Recipe, Shape};
use super::models::Model::SeasonProfile;
use super::models::profile;
use super::models::{Model, Params, Run, Start, forecast};
use super::rolling::{self, Attempt, Window};
use super::seasons;
use super::series::{Pattern, Prepared, prepare};
use crate::base::Period;

/// Share of periods without a sale from which they are part of the law of demand.
const SOME_ZEROS: f64 = 0.03;
/// How much more than its own law demand varies around a forecast level, before held-out windows say.
const USUAL_WIDENING: f64 = 1.25;
/// From here on a history is long enough for an ARIMA order to mean something.
const LONG_ENOUGH_FOR_ORDERS: usize = 36;
/// From here on a complex smoothing beats the last value as a companion of the others.
const LONG_ENOUGH_FOR_POTENTIAL: usize = 60;
/// From this length on a season has more places than a decomposition can tell apart.
const LONG_SEASON: usize = 25;
/// Demands that each place of an intermittent item's season must have seen, on average, to be told from chance.
const DEMANDS_A_PLACE: usize = 3;
/// Lengths of a year that a season's items are looked for in: months and weeks.
const YEARS: std::ops::RangeInclusive<usize> = 10..=60;
/// Squared coefficient of variation, from one period to the next, above which demand is called erratic.
const ERRATIC: f64 = 0.25;

/// Candidates of the automatic choice. The sets were chosen on twelve kinds of data and earlier cuts of them (benches/more_sets.py); what is not here can be asked
/// for by name.
pub(crate) fn candidates(p: &Prepared, seasons: &[usize]) -> Vec<Model> {
    use Model::{Adida, Arima, Ces, Dot, DynamicTheta, Ets, Imapa, Mstl, SeasonalNaive, Tsb, WindowAverage, YearOnYear};
    let n = p.y.len();
    let seasonal = !seasons.is_empty();
    match p.pattern {
        Pattern::Silent => vec![WindowAverage],
        Pattern::Intermittent if seasonal => vec![Imapa, Adida, Tsb, SeasonalNaive, Dot, Mstl],
        Pattern::Intermittent => vec![Imapa],
        Pattern::Regular if n < 5 => vec![WindowAverage],
        Pattern::Regular if seasonal => {
            let mut set = vec![SeasonalNaive, Dot, DynamicTheta, Ets, Ces, Arima, Mstl];
            if let [only] = seasons {
                set.extend((*only >= LONG_SEASON).then_some(YearOnYear));
                set.extend((YEARS.contains(only) && profile::tells(&p.y, *only)).then_some(SeasonProfile));
            }
            set
        }
        Pattern::Regular if is_erratic(p) => {
            let mut set = vec![Imapa, Tsb];
            // what a promotion sold is missing in the weeks after it: only these know
            set.extend((n >= LONG_ENOUGH_FOR_ORDERS).then_some(Arima));
            set.extend((n >= LONG_ENOUGH_FOR_POTENTIAL).then_some(Ces));
            set
        }
        Pattern::Regular => {
            let mut set = vec![Dot, DynamicTheta, Ets];
            set.extend((n >= LONG_ENOUGH_FOR_ORDERS).then_some(Arima));
            set.push(if n >= LONG_ENOUGH_FOR_POTENTIAL { Ces } else { SeasonalNaive });
            set
        }
    }
}

/// Whether demand varies so much from one period to the next that only its level can be followed.
fn is_erratic(p: &Prepared) -> bool {
    let n = p.y.len() as f64;
    let mean = p.y.iter().sum::<f64>() / n;
    // half the mean squared change is the variance of noise; a trend or a slow cycle does not count
    let changes: f64 = p.y.windows(2).map(|p| if let [a, b] = p { (b - a).powi(2) } else { 0.0 }).sum();
    p.non_negative && mean > 0.0 && changes / (2.0 * (n - 1.0).max(1.0)) > ERRATIC * mean * mean
}

/// The season of an item that sells in one part of the year only: nothing there tells its demand in the season from the last few periods.
fn of_one_season(p: &Prepared, calendar: &[usize]) -> Option<usize> {
    let m = calendar.iter().copied().find(|m| YEARS.contains(m))?;
    (p.pattern == Pattern::Intermittent && p.non_negative && p.closed.is_empty() && profile::tells(&p.y, m)).then_some(m)
}

pub(crate) fn fit(series: &SeriesInput<'_>, options: &FitOptions, beside: Option<&Beside>) -> Fitted {
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
    let demands = p.y.iter().filter(|v| **v > 0.0).count();
    let one_season = if options.model == Choice::Auto { of_one_season(&p, &open) } else { None };
    let season_lengths: Vec<usize> = match &options.season_lengths {
        _ if let Some(m) = one_season => vec![m],
        Some(_) => open.iter().copied().filter(|m| 2 * m <= p.y.len()).collect(),
        None if p.pattern == Pattern::Silent => Vec::new(),
        None => seasons::detect(&p.y, &open, matches!(series.period, Period::Hour | Period::Day))
            .into_iter()
            .filter(|m| p.pattern != Pattern::Intermittent || demands >= DEMANDS_A_PLACE * m || seasons::is_silent_part_of(&p.y, *m))
            .collect(),
    };
    let steps = p.open_horizon(horizon);
    let one_season = one_season.is_some();
    let wanted = match options.model {
        Choice::Auto if one_season => vec![SeasonProfile],
        Choice::Auto => candidates(&p, &season_lengths),
        Choice::Named(m) => vec![m],
    };
    let windows =
        if p.pattern == Pattern::Silent { Vec::new() } else { rolling::windows(&p, &wanted, &season_lengths, steps.max(1), one_season) };
    let squared = p.pattern == Pattern::Intermittent || (season_lengths.is_empty() && is_erratic(&p));
    let mut extended = extension(steps, &season_lengths);
    let with_blocks = options.model == Choice::Auto && options.season_lengths.is_none();
    if let Some(length) = blocks::length(&p, series.period).filter(|_| with_blocks) {
        extended = extended.max(blocks::filled(steps, length));
    }
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
    let blocks = if with_blocks { Blocks::learn(&p, series.period, steps) } else { None };
    let drawn = |a: Attempt, n: usize| match &blocks {
        Some(b) => b.draw(a, &p, n),
        None => a,
    };
    let held_out: Vec<(&Window, Attempt)> =
        windows.iter().filter_map(|w| Some((w, drawn(damp(combine::combined(w, &weights)?, &p, w.origin), w.origin)))).collect();
    let (windows, attempts): (Vec<&Window>, Vec<(Attempt, &[f64])>) =
        held_out.into_iter().map(|(w, a)| (w, (a, w.actual.as_slice()))).unzip();
    let shape = shape(
        &p,
        &members.iter().map(|m| m.0).collect::<Vec<_>>(),
        season_lengths.last().copied().unwrap_or(1),
        &attempts,
        &windows,
        &parts,
    );
    let recipe =
        Recipe { members, seasons: season_lengths, closed: p.closed.clone(), odd_zeros: p.odd_zeros, integer: p.integer, shape, blocks };
    let accuracy = score(&p, &recipe, &attempts, &windows);
    build(&p, recipe, &parts, horizon, options.model, accuracy, beside)
}

pub(crate) fn refit(fitted: &Fitted, series: &SeriesInput<'_>, horizon: usize, beside: Option<&Beside>) -> Fitted {
    let horizon = horizon.max(1);
    let recipe = fitted.recipe.clone();
    let p = prepare(series, &[], Some(recipe.integer), Some((&recipe.closed, recipe.odd_zeros)));
    let steps = p.open_horizon(horizon);
    let filled = recipe.blocks.as_ref().map_or(0, |b| blocks::filled(steps, b.length));
    let extended = extension(steps, &recipe.seasons).max(filled);
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
    build(&p, recipe, &parts, horizon, choice, fitted.accuracy, beside)
}

/// Steps to run beyond the horizon so that a moving average over a season reaches its end.
fn extension(steps: usize, seasons: &[usize]) -> usize {
    steps.max(1) + seasons.last().copied().unwrap_or(1).div_ceil(2)
}

/// Learns how outcomes spread.
fn shape(
    p: &Prepared,
    members: &[Model],
    season: usize,
    attempts: &[(Attempt, &[f64])],
    windows: &[&Window],
    parts: &[(f64, Run)],
) -> Shape {
    if p.pattern == Pattern::Silent {
        return Shape::Nothing;
    }
    // periods held out by any window: oldest first, windows overlap or leave a season between them
    let (distinct, _) = windows.iter().fold((0, 0), |(n, end), w| {
        let stop = w.origin + w.actual.len();
        (n + stop.saturating_sub(end.max(w.origin)), stop.max(end))
    });
    let total: f64 = parts.iter().map(|(w, _)| w).sum();
    let sigma = parts.iter().map(|(w, r)| w * r.sigma).sum::<f64>() / total.max(1e-300);
    let fitted = |t: usize| parts.iter().map(|(w, r)| w / total * r.fitted.get(t).copied().unwrap_or(f64::NAN)).sum::<f64>();
    let pairs = p.y.iter().zip(&p.observed).enumerate().filter(|(_, (_, o))| **o).map(|(t, (y, _))| (*y, fitted(t)));
    let recent = season.max(attempts.last().map_or(1, |a| a.1.len()));
    let variation = if p.non_negative && season >= 2 { Variation::learn(pairs, recent) } else { Variation::default() };
    let level = |n: usize| {
        let known = p.y.get(n.saturating_sub(recent)..n).unwrap_or(&[]);
        known.iter().sum::<f64>() / known.len().max(1) as f64
    };
    let now = level(p.y.len());
    let levels: Vec<f64> = windows.iter().map(|w| if now > 0.0 { (level(w.origin) / now).max(0.05).sqrt() } else { 1.0 }).collect();
    let spread = calibrate::learn(attempts, sigma, distinct, p.y.len(), variation, &levels);
    let seen = p.seen();
    let mean = seen.iter().sum::<f64>() / seen.len().max(1) as f64 * p.scale;
    let zeros = seen.iter().filter(|v| **v == 0.0).count() as f64 / seen.len().max(1) as f64;
    // nothing at all now and then is no end of a bell: it has a chance of its own
    let gaps = p.pattern == Pattern::Intermittent || (season < 2 && zeros > SOME_ZEROS);
    let counted = p.non_negative && (gaps || (p.integer && mean < 12.0));
    if !counted {
        let marginal = spread.shape();
        return Shape::Around { spread, marginal };
    }
    let unit = |v: f64| if p.integer { (v * p.scale).round() } else { v * p.scale };
    let in_season = matches!(members, [SeasonProfile]) && p.integer;
    let law = if gaps && !in_season {
        counts::choose(&seen.iter().map(|v| unit(*v)).collect::<Vec<f64>>(), p.integer)
    } else {
        let pairs: Vec<(f64, f64)> = p
            .y
            .iter()
            .enumerate()
            .filter(
                |(t, _)| if in_season { !p.filled.get(*t).copied().unwrap_or(true) } else { p.observed.get(*t).copied().unwrap_or(false) },
            )
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
    let widen = if count > 0 { (8.0 * USUAL_WIDENING + independent * ratio / count as f64) / (8.0 + independent) } else { USUAL_WIDENING };
    Shape::Counted { law, widen: widen.clamp(0.1, 4.0), dependence: spread.dependence }
}

/// Scores of the combination on its held-out windows, with the calibrated spread.
fn score(p: &Prepared, recipe: &Recipe, attempts: &[(Attempt, &[f64])], windows: &[&Window]) -> Accuracy {
    let (mut actual, mut mean, mut naive) = (Vec::new(), Vec::new(), Vec::new());
    let season = recipe.seasons.first().copied().unwrap_or(1);
    let mut path = Builder::new(recipe, p.non_negative);
    for ((a, y), w) in attempts.iter().zip(windows) {
        let known = p.y.get(..w.origin).unwrap_or(&[]);
        let reference = forecast(Model::SeasonalNaive, known, &recipe.seasons, y.len(), Start::Cold).map(|r| r.1.mean);
        naive.extend(reference.unwrap_or_else(|| a.mean.clone()));
        mean.extend_from_slice(&a.mean);
        actual.extend_from_slice(y);
        for (h, m) in a.mean.iter().enumerate() {
            path.open(m * p.scale, a.scale(recipe, h) * p.scale);
        }
    }
    let path = path.finish(1);
    let inside = |tail: f64| {
        let hits = actual.iter().enumerate().filter(|(_, v)| v.is_finite()).map(|(i, v)| {
            let v = v * p.scale;
            let slack = 1e-9 * v.abs();
            let held = path.quantile(i, tail) <= v + slack && v - slack <= path.quantile(i, 1.0 - tail);
            f64::from(u8::from(held))
        });
        let (sum, count) = hits.fold((0.0, 0usize), |(s, n), x| (s + x, n + 1));
        (count > 0).then(|| sum / count as f64)
    };
    let history = windows.first().and_then(|w| p.y.get(..w.origin)).unwrap_or(&p.y);
    Accuracy {
        mase: accuracy::mase(&actual, &mean, history, season),
        rmsse: accuracy::rmsse(&actual, &mean, history),
        wape: accuracy::wape(&actual, &mean),
        smape: accuracy::smape(&actual, &mean),
        bias: accuracy::bias(&actual, &mean),
        coverage_80: inside(0.1),
        coverage_95: inside(0.025),
        fva: accuracy::fva(&actual, &mean, &naive),
        windows: attempts.len(),
    }
}
