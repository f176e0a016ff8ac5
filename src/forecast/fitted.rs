//! The front door: a series and options in, a [`Fitted`] forecast out.

use super::accuracy::Accuracy;
use super::global::pooled::{Beside, Pooled};
use super::marginals::Recipe;
use super::models::Model;
use super::path::PathModel;
use super::pipeline;
use crate::base::{Cancelled, Control, Period, Stamp};
use crate::history::{History, Series};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};

/// One series as the models see it.
#[derive(Debug, Clone, Copy)]
pub struct SeriesInput<'a> {
    /// Demand per period; NaN where nothing is known.
    pub y: &'a [f64],
    /// Share of each period in stock, 0..=1, same length; sales of a period below 1 are demand cut off by stock.
    pub in_stock: Option<&'a [f64]>,
    /// Step of the calendar.
    pub period: Period,
    /// Start of the first period.
    pub start: Stamp,
}

impl<'a> SeriesInput<'a> {
    /// A series of a history.
    pub fn of(series: &'a Series, period: Period) -> Self {
        Self { y: &series.y, in_stock: series.in_stock.as_deref(), period, start: series.start }
    }
    /// The same series as it was known after its first `n` periods (all of it when shorter).
    #[must_use]
    pub fn truncated(&self, n: usize) -> Self {
        let n = n.min(self.y.len());
        Self { y: &self.y[..n], in_stock: self.in_stock.map(|s| &s[..n.min(s.len())]), ..*self }
    }
}

/// Which model to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// A combination of the methods that suit the series, weighted by their errors on held-out windows.
    #[default]
    Auto,
    /// This one (or what it falls back on where it cannot be fitted: the explanation says so).
    Named(Model),
}

impl Choice {
    /// `auto` or a model's name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim().eq_ignore_ascii_case("auto") { Some(Self::Auto) } else { Model::parse(text).map(Self::Named) }
    }
}

/// What is wanted of a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct FitOptions {
    /// Periods ahead, at least 1.
    pub horizon: usize,
    /// Season lengths in periods; `None`: detected. An empty list: no season.
    pub season_lengths: Option<Vec<usize>>,
    /// Model.
    pub model: Choice,
    /// Demand comes in whole units; `None`: as the history looks.
    pub integer: Option<bool>,
}

impl FitOptions {
    /// Everything automatic, `horizon` periods ahead.
    pub fn new(horizon: usize) -> Self {
        Self { horizon, season_lengths: None, model: Choice::Auto, integer: None }
    }
}

/// A model's share in a combination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    /// The model.
    pub model: Model,
    /// Its weight; weights add up to 1.
    pub weight: f64,
}

/// The parts of one step of the forecast mean, for explanation: `mean = level + seasonal`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Level with trend.
    pub level: f64,
    /// Seasonal deviation from the level.
    pub seasonal: f64,
}

/// A forecast and everything worth saying about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// What was used, such as `mean of DOT, ETS, MSTL`.
    pub model: String,
    /// The distribution over future paths.
    pub path: PathModel,
    /// Expected demand per step, equal to `path.mean(step)`.
    pub mean: Vec<f64>,
    /// The combination of methods.
    pub weights: Vec<Weight>,
    /// Share of trees over all series in the mean; the methods have the rest.
    #[serde(default)]
    pub trees: f64,
    /// Errors of this combination on held-out windows.
    pub accuracy: Accuracy,
    /// Season lengths used, in periods, shortest first.
    pub season_lengths: Vec<usize>,
    /// Level and season per step.
    pub components: Vec<Component>,
    /// One plain sentence.
    pub explanation: String,
    pub(super) recipe: Recipe,
}

impl Fitted {
    /// The `p`-quantile (0..=1) of demand at `step` (0 = the first period after the history).
    pub fn quantile(&self, step: usize, p: f64) -> f64 {
        self.path.quantile(step, p)
    }
    /// Median of demand at `step`.
    pub fn median(&self, step: usize) -> f64 {
        self.path.quantile(step, 0.5)
    }
    /// The central interval of `level` percent (80, 95) at `step`.
    pub fn interval(&self, step: usize, level: f64) -> (f64, f64) {
        let tail = (1.0 - (level / 100.0).clamp(0.0, 1.0)) / 2.0;
        (self.path.quantile(step, tail), self.path.quantile(step, 1.0 - tail))
    }
}

/// Fits one series. Never fails: a history too poor for anything better gets a plain average, and the explanation says so.
pub fn fit(series: &SeriesInput<'_>, options: &FitOptions) -> Fitted {
    pipeline::fit(series, options, None)
}

/// The same with what trees over all series say beside ([`Pooled::beside`]): they take their share of the mean.
pub fn fit_beside(series: &SeriesInput<'_>, options: &FitOptions, beside: Option<&Beside>) -> Fitted {
    pipeline::fit(series, options, beside)
}

/// The same models, parameters, weights and calibration on new data (`series` is the whole history up to now): what replay
/// calls at every step. Nothing is estimated again but levels, seasons and the size of one-step errors.
pub fn refit(fitted: &Fitted, series: &SeriesInput<'_>, horizon: usize) -> Fitted {
    pipeline::refit(fitted, series, horizon, None)
}

/// The same with what trees over all series say beside.
pub fn refit_beside(fitted: &Fitted, series: &SeriesInput<'_>, horizon: usize, beside: Option<&Beside>) -> Fitted {
    pipeline::refit(fitted, series, horizon, beside)
}

/// Fits every series of a history, in parallel, with trees over all of them where there are enough ([`Pooled`]); results in the history's order, the same on any
/// thread count.
///
/// # Errors
/// [`Cancelled`] once `control` says so.
pub fn fit_all(history: &History, options: &FitOptions, control: &dyn Control) -> Result<Vec<Fitted>, Cancelled> {
    let total = history.series.len();
    let done = AtomicUsize::new(0);
    let pooled = Pooled::learn(history, options, options.horizon, control)?;
    history
        .series
        .par_iter()
        .map(|s| {
            control.check()?;
            let series = SeriesInput::of(s, history.period);
            let beside = pooled.as_ref().and_then(|g| g.beside(&series, options.horizon));
            let fitted = fit_beside(&series, options, beside.as_ref());
            control.progress("forecast", done.fetch_add(1, Ordering::Relaxed) + 1, total);
            Ok(fitted)
        })
        .collect()
}
