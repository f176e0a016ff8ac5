//! Models compared on held-out windows of one series.

use super::accuracy::Accuracy;
use super::fitted::{Choice, FitOptions, SeriesInput, fit_beside};
use super::global::pooled::Pooled;
use super::{accuracy, models::Model};
use crate::base::{Cancelled, Control};
use crate::history::History;
use rayon::prelude::*;
use serde::Serialize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How one model did on one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelScore {
    /// `auto` for the combination, else the model's name.
    pub model: &'static str,
    /// Its scores.
    #[serde(flatten)]
    pub accuracy: Accuracy,
}

/// Forecasts the last periods of a series again, each window with only what was known at its origin, and scores every
/// model and the automatic combination.
///
/// `windows` origins lie `step` periods apart, the last `horizon` periods before the end; those that would leave fewer than
/// two periods to learn from are left out. Scores are absent where no window fits. `options.horizon` and `options.model`
/// are not used. The series is taken by itself: trees over all series need [`backtest_all`].
pub fn backtest(
    series: &SeriesInput<'_>,
    horizon: usize,
    windows: usize,
    step: usize,
    choices: &[Choice],
    options: &FitOptions,
) -> Vec<ModelScore> {
    choices.iter().map(|choice| score(series, horizon.max(1), windows, step.max(1), *choice, options, &[])).collect()
}

/// [`backtest`] of every series of a history, in parallel; results in the history's order. The combination has trees over all series beside, where there are enough, grown anew
/// for every window on what was known before it.
///
/// # Errors
/// [`Cancelled`] once `control` says so.
pub fn backtest_all(
    history: &History,
    horizon: usize,
    windows: usize,
    step: usize,
    choices: &[Choice],
    options: &FitOptions,
    control: &dyn Control,
) -> Result<Vec<Vec<ModelScore>>, Cancelled> {
    let done = AtomicUsize::new(0);
    let (horizon, step) = (horizon.max(1), step.max(1));
    let pooled = if choices.contains(&Choice::Auto) { pooled(history, horizon, windows, step, options, control)? } else { Vec::new() };
    history
        .series
        .par_iter()
        .map(|s| {
            control.check()?;
            let series = SeriesInput::of(s, history.period);
            let scores = choices.iter().map(|c| score(&series, horizon, windows, step, *c, options, &pooled)).collect();
            control.progress("testing", done.fetch_add(1, Ordering::Relaxed) + 1, history.series.len());
            Ok(scores)
        })
        .collect()
}

/// Trees for each window, the last window first.
fn pooled(
    history: &History,
    horizon: usize,
    windows: usize,
    step: usize,
    options: &FitOptions,
    control: &dyn Control,
) -> Result<Vec<Option<Pooled>>, Cancelled> {
    let options = FitOptions { horizon, model: Choice::Auto, ..options.clone() };
    (0..windows)
        .map(|k| {
            let mut then = history.clone();
            for s in &mut then.series {
                let known = s.y.len().saturating_sub(horizon + k * step);
                s.y.truncate(known);
                if let Some(stock) = &mut s.in_stock {
                    stock.truncate(known);
                }
            }
            then.series.retain(|s| !s.y.is_empty());
            Pooled::learn(&then, &options, horizon, control)
        })
        .collect()
}

fn score(
    series: &SeriesInput<'_>,
    horizon: usize,
    windows: usize,
    step: usize,
    choice: Choice,
    options: &FitOptions,
    pooled: &[Option<Pooled>],
) -> ModelScore {
    let model = match choice {
        Choice::Auto => "auto",
        Choice::Named(m) => m.name(),
    };
    let (mut actual, mut mean, mut naive) = (Vec::new(), Vec::new(), Vec::new());
    let (mut lo80, mut hi80, mut lo95, mut hi95) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut used = 0;
    let mut season = 1;
    for k in (0..windows).rev() {
        let Some(origin) = series.y.len().checked_sub(horizon + k * step).filter(|o| *o >= 2) else { continue };
        let known = series.truncated(origin);
        let run = |model| {
            let beside = pooled.get(k).and_then(Option::as_ref).filter(|_| model == Choice::Auto).and_then(|g| g.beside(&known, horizon));
            fit_beside(&known, &FitOptions { horizon, model, ..options.clone() }, beside.as_ref())
        };
        let fitted = run(choice);
        season = fitted.season_lengths.first().copied().unwrap_or(1);
        naive.extend(run(Choice::Named(Model::SeasonalNaive)).mean);
        for h in 0..horizon {
            let censored = series.in_stock.and_then(|s| s.get(origin + h)).is_some_and(|s| *s < 1.0);
            actual.push(if censored { f64::NAN } else { series.y.get(origin + h).copied().unwrap_or(f64::NAN) });
            let (a, b) = fitted.interval(h, 80.0);
            let (c, d) = fitted.interval(h, 95.0);
            lo80.push(a);
            hi80.push(b);
            lo95.push(c);
            hi95.push(d);
        }
        mean.extend(fitted.mean);
        used += 1;
    }
    let history = &series.y[..series.y.len().saturating_sub(horizon + windows.saturating_sub(1) * step).max(series.y.len().min(2))];
    ModelScore {
        model,
        accuracy: Accuracy {
            mase: accuracy::mase(&actual, &mean, history, season),
            rmsse: accuracy::rmsse(&actual, &mean, history),
            wape: accuracy::wape(&actual, &mean),
            smape: accuracy::smape(&actual, &mean),
            bias: accuracy::bias(&actual, &mean),
            coverage_80: accuracy::coverage(&actual, &lo80, &hi80),
            coverage_95: accuracy::coverage(&actual, &lo95, &hi95),
            fva: accuracy::fva(&actual, &mean, &naive),
            windows: used,
        },
    }
}
