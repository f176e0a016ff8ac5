//! From a series to a distribution over its future paths.
//!
//! In: `&[f64]` per series with the share of each period in stock, a calendar, and what is wanted ([`SeriesInput`],
//! [`FitOptions`]). Out: [`Fitted`], whose [`PathModel`] is calibrated on held-out windows of the same series.
//!
//! Reading order: [`path`] (what is handed on), `lookup` (from a draw to a value), [`fill`] (sampling it) into a [`tile`], and [`distribution`] and `laws` (building one from a textbook distribution), `moved` (means set by hand), `series`
//! (gaps, stock-outs, closed days, demand pattern), `seasons` (season lengths), `decompose` and `optimise` (tools of the
//! methods), [`models`] (the methods), `rolling` (rolling-origin errors), `combine` (weights), `calibrate` (spread, shape,
//! dependence), `counts` (integer demand), `marginals` and `assemble` (the result), `explain` (one sentence), [`parts`] (a mean in parts that add up), `pipeline` (the
//! line through all of these), [`fitted`] (the front door: [`fit`], [`refit`], [`fit_all`]), [`backtest`](mod@backtest) and
//! [`accuracy`] (scores), [`drivers`] (promotions, prices and holidays known ahead), `global` (trees over all series), `kin` (the season of older items for new ones), [`levels`] (sums over items, categories, locations), [`reconcile`] (series and groups that agree), [`monitor`] (a forecast kept and held against what was sold).
//!
//! Sources: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed. (fpp3); Makridakis et al. 2020 for
//! combination and OWA; the paper of each method in its own file.

pub mod accuracy;
pub(crate) mod assemble;
pub mod backtest;
pub(crate) mod blocks;
pub(crate) mod calibrate;
pub(crate) mod combine;
pub(crate) mod counts;
pub(crate) mod decompose;
pub mod distribution;
pub mod drivers;
pub(crate) mod explain;
pub mod fill;
pub mod fitted;
pub(crate) mod global;
pub(crate) mod kin;
mod laws;
pub mod levels;
mod lookup;
pub(crate) mod marginals;
pub mod models;
pub mod monitor;
mod moved;
pub(crate) mod optimise;
pub mod parts;
pub mod path;
pub(crate) mod pipeline;
pub mod reconcile;
pub(crate) mod rolling;
pub(crate) mod seasons;
pub(crate) mod series;
pub mod tile;

pub use accuracy::Accuracy;
pub use backtest::{ModelScore, backtest, backtest_all};
pub use drivers::{KnownAhead, fit_all_known};
pub use fitted::{Choice, Component, FitOptions, Fitted, SeriesInput, Weight, fit, fit_all, fit_beside, refit, refit_beside};
pub use global::pooled::{Beside, Pooled};
pub use models::Model;
pub use monitor::{Frozen, FrozenSeries, StockThen};
pub use path::{Dependence, Marginal, PathModel, Step};
