//! The forecast with what is known ahead: effects out of the past, forecast, effects of the horizon in.

use super::choose::{self, Chosen, Plain, effect_of, mixed, picked};
use super::clean::{Cleaned, seasons};
use super::design::{Design, Group, Rows};
use super::events::lasting;
use super::local::{Normal, normal};
use super::pool::{Effects, Pool, Pools};
use super::report::{self, Known};
use super::shared::{self, Shared};
use crate::base::{Cancelled, Control, Diagnostic};
use crate::forecast::fitted::{FitOptions, Fitted, SeriesInput, fit_beside};
use crate::forecast::global::pooled::Pooled;
use crate::forecast::path::{Marginal, PathModel, Step};
use crate::history::{Drivers, History};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Series from which the pool is estimated.
const POOLED: usize = 400;
/// Rounds of its fixed point.
const ROUNDS: usize = 10;
/// How much an event's effect differs from one occurrence to the next, on the logarithm: what no number of past ones takes away.
const BETWEEN_OCCURRENCES: f64 = 0.1;
/// Standard deviation of a size that somebody expects, as a share of it.
const GUESSED: f64 = 0.5;
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

/// What all series show of the drivers: which effects are used, and how large they are.
#[derive(Debug)]
pub struct Learned {
    pub(super) design: Design,
    pub(super) chosen: Chosen,
    pools: Pools,
    /// The model of all series, where it takes part.
    pub(super) shared: Option<Shared>,
}

/// A forecast with what is known ahead.
#[derive(Debug, Clone)]
pub struct Driven {
    /// The forecast.
    pub fitted: Fitted,
    /// What the drivers do to it.
    pub known: Known,
}

/// Learns the effects of drivers for forecasts of `ahead` periods; the same on any thread count. Nothing after the history is looked at but the drivers.
///
/// # Errors
/// [`Cancelled`] once `control` says so.
pub fn learn(
    history: &History,
    drivers: &Drivers,
    options: &FitOptions,
    ahead: usize,
    control: &dyn Control,
) -> Result<Learned, Cancelled> {
    let design = Design::new(history, drivers);
    let chosen = choose::choose(history, drivers, &design, options, ahead, control)?;
    let columns = if chosen.groups.is_empty() { Vec::new() } else { design.columns(&chosen.groups, &chosen.out) };
    let width = design.features.len();
    let priors: Vec<f64> = design.features.iter().map(|f| f.prior).collect();
    let pools = if columns.is_empty() {
        Pools::estimate(&[], &[], width, Vec::new(), &priors, 0)
    } else {
        let stride = history.series.len().div_ceil(POOLED).max(1);
        let sample: Vec<usize> = (0..history.series.len()).step_by(stride).collect();
        let normals: Vec<Option<Normal>> = sample
            .par_iter()
            .map(|s| {
                control.check()?;
                Ok(shown(history, &design, *s, &design.rows(history, drivers, *s, drivers.horizon), history.series[*s].y.len()))
            })
            .collect::<Result<_, _>>()?;
        let all: Vec<&Normal> = normals.iter().flatten().collect();
        let kinds: Vec<usize> =
            sample.iter().zip(&normals).filter(|(_, n)| n.is_some()).filter_map(|(s, _)| drivers.kinds.get(*s).copied()).collect();
        Pools::estimate(&all, &kinds, width, columns, &priors, ROUNDS)
    };
    let mut learned = Learned { design, chosen, pools, shared: None };
    learned.shared = shared::learn(history, drivers, &mut learned, options, ahead, control)?;
    Ok(learned)
}

/// What a series shows of all columns before a period.
fn shown(history: &History, design: &Design, s: usize, rows: &Rows, until: usize) -> Option<Normal> {
    let series = &history.series[s];
    normal(&series.y, series.in_stock.as_deref(), rows, design.features.len(), design.window, until)
}

/// Forecasts a series by itself: [`fit`], or what remembers it.
pub type Fitting<'a> = dyn Fn(&SeriesInput<'_>, &FitOptions) -> Fitted + 'a;

impl Learned {
    /// Whether trees grown with what is known ahead take part. Where they do not, trees over the pasts of all series may be told by the method that forecasts each.
    pub const fn has_trees(&self) -> bool {
        self.shared.is_some()
    }

    /// One series, `options.horizon` periods ahead. `drivers` are what was learned from; `ahead` the same with other values after the history, where somebody asks what
    /// would be.
    pub fn forecast(
        &self,
        history: &History,
        drivers: &Drivers,
        ahead: &Drivers,
        s: usize,
        options: &FitOptions,
        fitting: &Fitting<'_>,
    ) -> Driven {
        self.forecast_later(0, history, (drivers, ahead), s, options, fitting)
    }

    /// The same where the series has grown by `late` periods since the effects were learned: the model of all series counts its steps from then.
    pub fn forecast_later(
        &self,
        late: usize,
        history: &History,
        (drivers, ahead): (&Drivers, &Drivers),
        s: usize,
        options: &FitOptions,
        fitting: &Fitting<'_>,
    ) -> Driven {
        let Self { design, chosen, pools, shared } = self;
        let shared = shared.as_ref().filter(|g| g.speaks(s));
        let pool = pools.of(drivers.kinds.get(s).copied());
        let horizon = options.horizon.max(1);
        let rows = design.rows(history, drivers, s, horizon);
        let n = history.series[s].y.len();
        let width = design.features.len();
        let mut effects = shown(history, design, s, &rows, n).map_or_else(|| pool.typical(), |x| pool.effects(&x, width));
        let others = pool.columns.iter().any(|c| !design.is_event(*c) && design.features[*c].group != Group::Season);
        let helps = !others || helps(history, horizon, design, pool, chosen, s, &rows);
        if !helps {
            effects.forget(&|k| !design.is_event(pool.columns[k]));
        }
        // what is not said to come again stays in the past it was part of: taken out and not put back, it would leave a hole in its season. What somebody calls
        // off does leave one
        let said = |of: &Drivers, d: usize| of.values.get(s).and_then(|v| v.get(d)).is_some_and(|v| v.iter().skip(n).any(|x| *x > 0.0));
        let again = |d: usize| said(drivers, d) || said(ahead, d);
        let kind = drivers.kinds.get(s).copied().unwrap_or(0);
        let quiet =
            |c: usize| design.is_event(c) && design.features[c].driver.is_some_and(|d| chosen.not_in.contains(&(d, kind)) || !again(d));
        let quiet: Vec<bool> = pool.columns.iter().map(|c| quiet(*c)).collect();
        effects.forget(&|k| quiet[k]);
        let changed = (!std::ptr::eq(drivers, ahead)).then(|| design.rows(history, ahead, s, horizon));
        let then = changed.as_ref().unwrap_or(&rows);
        let of = Of {
            history,
            drivers,
            ahead,
            design,
            pool,
            chosen,
            shared,
            passed: late,
            effects: &effects,
            quiet: &quiet,
            helps,
            s,
            rows: &rows,
            then,
        };
        let (fitted, known) = of.forecast(options, fitting);
        Driven { fitted, known }
    }

    /// What was used and what not, over all series.
    pub fn say(&self, history: &History, drivers: &Drivers, known: &[&Known]) -> Vec<Diagnostic> {
        let mut out = report::say(history, drivers, &self.design, &self.chosen, known);
        if let Some(shared) = &self.shared {
            let (without, with) = shared.errors;
            out.push(Diagnostic::info(
                "model-of-all-series",
                format!(
                    "{:.0} % of the forecast comes from trees grown over all {} series: errors on held-out periods were {:.1} % of demand without and {:.1} % with them",
                    Shared::percent(),
                    history.series.len(),
                    100.0 * without,
                    100.0 * with
                ),
            ));
        }
        out
    }
}

/// Fits every series with drivers, in parallel; the same on any thread count. Nothing after the history is looked at but the drivers.
///
/// # Errors
/// [`Cancelled`] once `control` says so.
pub fn fit_all_known(history: &History, drivers: &Drivers, options: &FitOptions, control: &dyn Control) -> Result<KnownAhead, Cancelled> {
    let learned = learn(history, drivers, options, drivers.horizon, control)?;
    let pooled = if learned.has_trees() { None } else { Pooled::learn(history, options, drivers.horizon, control)? };
    let done = AtomicUsize::new(0);
    let each: Vec<Driven> = (0..history.series.len())
        .into_par_iter()
        .map(|s| {
            control.check()?;
            let plain =
                |x: &SeriesInput<'_>, o: &FitOptions| fit_beside(x, o, pooled.as_ref().and_then(|g| g.beside(x, o.horizon)).as_ref());
            let out = learned.forecast(history, drivers, drivers, s, options, &plain);
            control.progress("forecast", done.fetch_add(1, Ordering::Relaxed) + 1, history.series.len());
            Ok(out)
        })
        .collect::<Result<_, _>>()?;
    let (fits, known): (Vec<Fitted>, Vec<Known>) = each.into_iter().map(|d| (d.fitted, d.known)).unzip();
    let diagnostics = learned.say(history, drivers, &known.iter().collect::<Vec<_>>());
    Ok(KnownAhead { fits, known, diagnostics })
}

/// Whether a series' own held-out windows, with what all series show as a prior, speak for the effects.
fn helps(history: &History, horizon: usize, design: &Design, pool: &Pool, chosen: &Chosen, s: usize, rows: &Rows) -> bool {
    let n = history.series[s].y.len();
    let length = horizon.min(n / 5).max(1);
    let (mut with, mut without, mut windows) = (0.0, 0.0, 0usize);
    for k in 1..=OWN_WINDOWS {
        let Some(origin) = n.checked_sub(k * length).filter(|o| 2 * o >= n && *o >= 12) else { break };
        let Some(then) = shown(history, design, s, rows, origin) else { break };
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

/// One series and all that is known of it.
struct Of<'a> {
    history: &'a History,
    drivers: &'a Drivers,
    ahead: &'a Drivers,
    design: &'a Design,
    pool: &'a Pool,
    chosen: &'a Chosen,
    shared: Option<&'a Shared>,
    /// Periods that have passed since the effects were learned.
    passed: usize,
    effects: &'a Effects,
    /// Columns of the pool whose event does nothing here, or does not come again.
    quiet: &'a [bool],
    helps: bool,
    s: usize,
    /// As learned from.
    rows: &'a Rows,
    /// As asked for.
    then: &'a Rows,
}

impl Of<'_> {
    /// Cleaned, forecast, and put back.
    fn forecast(&self, options: &FitOptions, fitting: &Fitting<'_>) -> (Fitted, Known) {
        let Self { history, drivers, design, pool, chosen, shared, passed, effects, quiet, helps, s, rows, then, .. } = *self;
        let series = &history.series[s];
        let n = series.y.len();
        let input = SeriesInput::of(series, history.period);
        let horizon = options.horizon.max(1);
        let effect: Vec<f64> = (0..n).map(|t| effect_of(design, pool, &effects.beta, rows.at(t))).collect();
        let expected = self.expected(horizon);
        let coming: Vec<f64> =
            (n..n + horizon).zip(&expected).map(|(t, e)| effect_of(design, pool, &effects.beta, then.at(t)) + e).collect();
        let shut = rows.shut.iter().chain(&then.shut).any(|x| *x);
        let lively: Vec<usize> = pool.columns.iter().zip(quiet).filter(|(c, q)| design.is_event(**c) && !**q).map(|(c, _)| *c).collect();
        let events = !lively.is_empty();
        let others = helps && pool.columns.iter().any(|c| !design.is_event(*c) && design.features[*c].group != Group::Season);
        let idle = !others && !events && expected.iter().all(|e| *e == 0.0);
        if idle && !shut && shared.is_none() {
            return (fitting(&input, options), report::nothing(&series.unique_id, !helps));
        }
        let still = lasting(design, pool, &effects.beta, rows, n);
        let cleaned = Cleaned::of(series, design, rows, &effect, &still, n);
        let options = FitOptions { integer: options.integer.or(Some(cleaned.whole)), ..options.clone() };
        let season_lengths = if events { seasons(&input, &options) } else { options.season_lengths.clone() };
        let options = FitOptions { season_lengths, ..options };
        let mut fitted = fitting(&SeriesInput { y: &cleaned.y, ..input }, &options);
        let plain = Plain::new(&series.y, series.in_stock.as_deref(), rows, n, design, chosen.half_life, |t| effect[t]).filter(|_| others);
        // what is not an event is told from what it was of late, an event from none
        let late = &cleaned.late;
        let late_rows: Vec<Vec<f64>> = late.iter().map(|t| picked(rows.at(*t), &pool.columns)).collect();
        let mean_row: Vec<f64> = (0..pool.columns.len())
            .map(|k| {
                if design.is_event(pool.columns[k]) { 0.0 } else { late_rows.iter().map(|r| r[k]).sum::<f64>() / late.len().max(1) as f64 }
            })
            .collect();
        let ahead: Vec<Ahead> = (0..horizon)
            .map(|h| {
                let row = then.at(n + h);
                let x: Vec<f64> = picked(row, &pool.columns).iter().zip(&mean_row).map(|(a, b)| a - b).collect();
                let mut factor = cleaned.factor(coming[h]);
                let mean = fitted.path.mean(h) * factor;
                if let (Some(plain), true) = (&plain, mean > 0.0) {
                    factor *= mixed(mean, plain.mean(then.place[n + h], coming[h]), chosen.plain) / mean;
                }
                let now = fitted.path.mean(h) * factor;
                let trees = shared.and_then(|g| g.of(s, h + passed)).filter(|_| now > 0.0);
                if let Some(trees) = trees {
                    // trees know what was planned; what somebody changes of that, or expects, moves them as it moves the methods
                    let planned = effect_of(design, pool, &effects.beta, rows.at(n + h));
                    factor *= Shared::joined(now, trees * (coming[h] - planned).exp()) / now;
                }
                let on: f64 = lively.iter().map(|c| row[*c].powi(2)).sum();
                let variance = if others || events { pool.variance(effects, &x) } else { 0.0 };
                let doubt = (variance + on * BETWEEN_OCCURRENCES.powi(2) + (GUESSED * expected[h]).powi(2)).sqrt().min(1.0);
                let spread = trees.and(shared).map_or(1.0, |g| g.spread);
                Ahead { shut: then.shut[n + h], factor, doubt, spread }
            })
            .collect();
        // an opening day where the shop is usually shut sells what the nearest open day does
        let path = driven(&fitted.path, &ahead);
        let before = std::mem::replace(&mut fitted.path, path);
        fitted.mean = (0..horizon).map(|h| fitted.path.mean(h)).collect();
        let mut known = report::of(history, drivers, self.ahead, design, pool, effects, quiet, &fitted, s, (rows, then), idle, !helps);
        report::add_expected(&mut known, self.ahead, &fitted, s, n, &|d| self.guessed(d));
        for (h, c) in fitted.components.iter_mut().enumerate() {
            let is = fitted.mean.get(h).copied().unwrap_or(0.0) - known.units(h);
            let was = before.mean(h);
            let f = if was > 0.0 { is / was } else { 0.0 };
            (c.level, c.seasonal) = (c.level * f, if was > 0.0 { c.seasonal * f } else { is });
        }
        if chosen.plain > 0.0 && others {
            let part = format!(
                " {:.0} % of the mean is a plain level with its season, which did better on held-out periods beside what is known ahead.",
                100.0 * chosen.plain
            );
            fitted.explanation.push_str(&part);
        }
        if shared.is_some() {
            let part = format!(" {:.0} % of it comes from trees grown over all series with what is known ahead.", Shared::percent());
            fitted.explanation.push_str(&part);
            fitted.trees = Shared::share();
            fitted.model = format!("{} + {:.0} % trees of all series", fitted.model, Shared::percent());
        }
        fitted.explanation = format!("{} {}", fitted.explanation, known.sentence());
        (fitted, known)
    }

    /// The size somebody expects of an event, on the logarithm, where its own past says nothing.
    fn guessed(&self, d: usize) -> Option<f64> {
        let learned = self.pool.columns.iter().any(|c| self.design.features[*c].driver == Some(d));
        let percent = self.drivers.columns.get(d)?.expected.filter(|_| !learned)?;
        Some((1.0 + percent / 100.0).max(1e-3).ln())
    }

    /// What somebody expects of the events of each period ahead, on the logarithm.
    fn expected(&self, horizon: usize) -> Vec<f64> {
        let mut out = vec![0.0; horizon];
        let n = self.history.series[self.s].y.len();
        for d in 0..self.drivers.columns.len() {
            let Some(size) = self.guessed(d) else { continue };
            let values = self.ahead.values[self.s][d].iter().skip(n);
            out.iter_mut().zip(values).filter(|(_, v)| v.is_finite()).for_each(|(o, v)| *o += size * f64::from(*v));
        }
        out
    }
}

/// What is known of a step of the horizon.
struct Ahead {
    shut: bool,
    factor: f64,
    /// Standard deviation of the factor's logarithm.
    doubt: f64,
    /// What its spread is multiplied by besides.
    spread: f64,
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
        // nothing is known to differ there
        if a.factor == 1.0 && a.doubt == 0.0 && a.spread == 1.0 && path.mean(h) > 0.0 {
            continue;
        }
        let discrete = matches!(path.marginals.get(step.marginal as usize), Some(Marginal::Discrete { .. }));
        out.steps[h] = step;
        if discrete {
            wanted.push((h, mean * a.factor));
            continue;
        }
        // spread of the quantile table about its mean, from its central half
        let spread = (at(path, &step, 0.841) - at(path, &step, 0.159)) / 2.0;
        let widen = a.spread * if spread > 0.0 { (1.0 + (mean * a.doubt / spread).powi(2)).sqrt() } else { 1.0 };
        let (shift, scale) = (step.shift, step.scale);
        out.steps[h] = Step { shift: a.factor * (widen * shift + (1.0 - widen) * mean), scale: a.factor * widen * scale, ..step };
    }
    if wanted.is_empty() { out } else { out.with_means(&wanted) }
}

fn at(path: &PathModel, step: &Step, p: f64) -> f64 {
    path.marginals.get(step.marginal as usize).map_or(0.0, |m| step.shift + step.scale * m.at_probability(p))
}
