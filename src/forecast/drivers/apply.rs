//! The forecast with what is known ahead: effects out of the past, forecast, effects of the horizon in.

use super::choose::{self, Chosen, Plain, effect_of, mixed, picked};
use super::clean::Cleaned;
use super::design::{Design, Group, Rows};
use super::local::{Normal, normal};
use super::pool::{Effects, Pool};
use super::report::{self, Known};
use crate::base::{Cancelled, Control, Diagnostic};
use crate::forecast::fitted::{FitOptions, Fitted, SeriesInput, fit};
use crate::forecast::path::{Marginal, PathModel, Step};
use crate::history::{Drivers, History};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Series from which the pool is estimated.
const POOLED: usize = 400;
/// Rounds of its fixed point.
const ROUNDS: usize = 10;
/// Windows in which a series says for itself whether effects help, and what the other series count against them.
const OWN_WINDOWS: usize = 3;

/// Forecasts of every series with what is known ahead of them, and what it did.
#[derive(Debug, Clone)]
pub struct KnownAhead {
    /// In the history's order.
    pub fits: Vec<Fitted>,
    /// In the same order.
    pub known: Vec<Known>,
    /// What was used and what not, over all series.
    pub diagnostics: Vec<Diagnostic>,
}

/// Fits every series with drivers, in parallel; the same on any thread count. Nothing after the history is looked at but the drivers.
///
/// # Errors
/// [`Cancelled`] once `control` says so.
pub fn fit_all_known(history: &History, drivers: &Drivers, options: &FitOptions, control: &dyn Control) -> Result<KnownAhead, Cancelled> {
    let design = Design::new(history, drivers);
    let chosen = choose::choose(history, drivers, &design, options, control)?;
    let columns = if chosen.groups.is_empty() { Vec::new() } else { design.columns(&chosen.groups, &chosen.out) };
    let width = design.features.len();
    let priors: Vec<f64> = design.features.iter().map(|f| f.prior).collect();
    let learn = |s: usize, rows: &Rows, until: usize| {
        let series = &history.series[s];
        normal(&series.y, series.in_stock.as_deref(), rows, width, design.window, until)
    };
    let pool = if columns.is_empty() {
        Pool::estimate(&[], width, Vec::new(), &priors, 0, None)
    } else {
        let stride = history.series.len().div_ceil(POOLED).max(1);
        let sample: Vec<usize> = (0..history.series.len()).step_by(stride).collect();
        let normals: Vec<Option<Normal>> = sample
            .par_iter()
            .map(|s| {
                control.check()?;
                Ok(learn(*s, &design.rows(history, drivers, *s), history.series[*s].y.len()))
            })
            .collect::<Result<_, _>>()?;
        let all: Vec<&Normal> = normals.iter().flatten().collect();
        Pool::estimate(&all, width, columns, &priors, ROUNDS, None)
    };
    let done = AtomicUsize::new(0);
    let each: Vec<(Fitted, Known)> = (0..history.series.len())
        .into_par_iter()
        .map(|s| {
            control.check()?;
            let rows = design.rows(history, drivers, s);
            let n = history.series[s].y.len();
            let mut effects = learn(s, &rows, n).map_or_else(|| pool.typical(), |x| pool.effects(&x, width));
            let helps = pool.columns.is_empty() || helps(history, drivers, &design, &pool, &chosen, s, &rows, &learn);
            if !helps {
                effects.beta.fill(0.0);
                effects.covariance.fill(0.0);
            }
            let out = one(history, drivers, &design, &pool, &chosen, &effects, helps, options, s, &rows);
            control.progress("forecast", done.fetch_add(1, Ordering::Relaxed) + 1, history.series.len());
            Ok(out)
        })
        .collect::<Result<_, _>>()?;
    let (fits, known): (Vec<Fitted>, Vec<Known>) = each.into_iter().unzip();
    let diagnostics = report::say(history, drivers, &design, &chosen, &known);
    Ok(KnownAhead { fits, known, diagnostics })
}

/// Whether a series' own held-out windows, with what all series show as a prior, speak for the effects.
#[allow(clippy::too_many_arguments)]
fn helps(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    pool: &Pool,
    chosen: &Chosen,
    s: usize,
    rows: &Rows,
    learn: &impl Fn(usize, &Rows, usize) -> Option<Normal>,
) -> bool {
    let n = history.series[s].y.len();
    let length = drivers.horizon.min(n / 5).max(1);
    let (mut with, mut without, mut windows) = (0.0, 0.0, 0usize);
    for k in 1..=OWN_WINDOWS {
        let Some(origin) = n.checked_sub(k * length).filter(|o| 2 * o >= n && *o >= 12) else { break };
        let Some(then) = learn(s, rows, origin) else { break };
        let effects = pool.effects(&then, design.features.len());
        let drive: Vec<(usize, f64)> = pool
            .columns
            .iter()
            .zip(&effects.beta)
            .filter(|(c, _)| design.features[**c].group != Group::Season)
            .map(|(c, b)| (*c, *b))
            .collect();
        let here = |d: &[(usize, f64)]| choose::window(history, design, s, rows, (origin, length), d, chosen.half_life);
        if let (Some(a), Some(b)) = (here(&drive), here(&[])) {
            with += a.0;
            without += b.0;
            windows += 1;
        }
    }
    if windows == 0 || without <= 0.0 {
        return true;
    }
    // one window of what the other series found
    let ratio = chosen.errors.map_or(1.0, |(a, b)| b / a.max(1e-300));
    let prior = without / windows as f64;
    with + ratio * prior < without + prior
}

/// One series: cleaned, forecast, and put back.
#[allow(clippy::too_many_arguments)]
fn one(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    pool: &Pool,
    chosen: &Chosen,
    effects: &Effects,
    helps: bool,
    options: &FitOptions,
    s: usize,
    rows: &Rows,
) -> (Fitted, Known) {
    let series = &history.series[s];
    let n = series.y.len();
    let input = SeriesInput::of(series, history.period);
    let horizon = options.horizon.min(drivers.horizon);
    let effect: Vec<f64> = (0..n + drivers.horizon).map(|t| effect_of(design, pool, &effects.beta, rows.at(t))).collect();
    let shut = rows.shut.iter().any(|x| *x);
    let idle = pool.columns.is_empty() || !helps;
    if idle && !shut {
        let fitted = fit(&input, options);
        let known = report::nothing(&series.unique_id, &fitted, !helps);
        return (fitted, known);
    }
    let cleaned = Cleaned::of(series, design, rows, &effect, n);
    let options = FitOptions { integer: options.integer.or(Some(cleaned.whole)), ..options.clone() };
    let base = fit(&SeriesInput { y: &cleaned.y, ..input }, &options);
    let plain = Plain::new(&series.y, series.in_stock.as_deref(), rows, n, design, chosen.half_life, |t| effect[t]).filter(|_| !idle);
    let late = &cleaned.late;
    let late_rows: Vec<Vec<f64>> = late.iter().map(|t| picked(rows.at(*t), &pool.columns)).collect();
    let mean_row: Vec<f64> =
        (0..pool.columns.len()).map(|k| late_rows.iter().map(|r| r[k]).sum::<f64>() / late.len().max(1) as f64).collect();
    let ahead: Vec<Ahead> = (0..horizon)
        .map(|h| {
            let x: Vec<f64> = picked(rows.at(n + h), &pool.columns).iter().zip(&mean_row).map(|(a, b)| a - b).collect();
            let mut factor = cleaned.factor(effect[n + h]);
            let mean = base.path.mean(h) * factor;
            if let (Some(plain), true) = (&plain, mean > 0.0) {
                factor *= mixed(mean, plain.mean(rows.place[n + h], effect[n + h]), chosen.plain) / mean;
            }
            Ahead { shut: rows.shut[n + h], factor, doubt: if idle { 0.0 } else { pool.variance(effects, &x).sqrt().min(1.0) } }
        })
        .collect();
    let mut fitted = base;
    // an opening day where the shop is usually shut sells what the nearest open day does
    let path = driven(&fitted.path, &ahead);
    let before = std::mem::replace(&mut fitted.path, path);
    fitted.mean = (0..options.horizon).map(|h| fitted.path.mean(h)).collect();
    for (h, c) in fitted.components.iter_mut().enumerate() {
        let (was, is) = (before.mean(h), fitted.mean.get(h).copied().unwrap_or(0.0));
        let f = if was > 0.0 { is / was } else { 0.0 };
        (c.level, c.seasonal) = (c.level * f, if was > 0.0 { c.seasonal * f } else { is });
    }
    let known = report::of(history, drivers, design, pool, effects, &fitted, s, rows, idle);
    if chosen.plain > 0.0 && !idle {
        let part = format!(
            " {:.0} % of the mean is a plain level with its season, which did better on held-out periods beside what is known ahead.",
            100.0 * chosen.plain
        );
        fitted.explanation.push_str(&part);
    }
    fitted.explanation = format!("{} {}", fitted.explanation, known.sentence());
    (fitted, known)
}

/// What is known of a step of the horizon.
struct Ahead {
    shut: bool,
    factor: f64,
    /// Standard deviation of the factor's logarithm.
    doubt: f64,
}

/// A path model whose steps are multiplied, widened by the doubt about their factors, or shut. Beyond the horizon it goes on as it would have without.
fn driven(path: &PathModel, ahead: &[Ahead]) -> PathModel {
    if path.steps.is_empty() || path.cycle == 0 || path.cycle > path.steps.len() {
        return path.clone();
    }
    let mut out = path.clone();
    let rest = ahead.len()..ahead.len().max(path.steps.len()) + path.cycle;
    out.steps = (0..ahead.len()).chain(rest).filter_map(|t| path.step(t).copied()).collect();
    let open = |h: usize| path.mean(h) > 0.0;
    let mut wanted: Vec<(usize, f64)> = Vec::new();
    for (h, a) in ahead.iter().enumerate() {
        let Some(mut step) = path.step(h).copied() else { continue };
        if a.shut {
            out.steps[h] = Step { shift: 0.0, scale: 0.0, ..step };
            continue;
        }
        let mut mean = path.mean(h);
        if mean <= 0.0 {
            // open where it is usually shut: as on the nearest open step
            let near = (1..8).flat_map(|d| [h.checked_sub(d), Some(h + d)]).flatten().find(|t| *t < ahead.len() && open(*t));
            let Some((t, s)) = near.and_then(|t| Some((t, path.step(t).copied()?))) else { continue };
            (step, mean) = (s, path.mean(t));
        }
        let discrete = matches!(path.marginals.get(step.marginal as usize), Some(Marginal::Discrete { .. }));
        out.steps[h] = step;
        if discrete {
            wanted.push((h, mean * a.factor));
            continue;
        }
        // spread of the quantile table about its mean, from its central half
        let spread = (at(path, &step, 0.841) - at(path, &step, 0.159)) / 2.0;
        let widen = if spread > 0.0 { (1.0 + (mean * a.doubt / spread).powi(2)).sqrt() } else { 1.0 };
        let (shift, scale) = (step.shift, step.scale);
        out.steps[h] = Step { shift: a.factor * (widen * shift + (1.0 - widen) * mean), scale: a.factor * widen * scale, ..step };
    }
    if wanted.is_empty() { out } else { out.with_means(&wanted) }
}

fn at(path: &PathModel, step: &Step, p: f64) -> f64 {
    path.marginals.get(step.marginal as usize).map_or(0.0, |m| step.shift + step.scale * m.at_probability(p))
}
