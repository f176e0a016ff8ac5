//! One model over all series of a history: gradient-boosted trees that learn what series have in common.
//!
//! In: the series as they are known, masked where nothing could be sold, and what is known ahead of them. Out: a mean per series and step. How it is joined with the
//! forecast of each series by itself is said in `drivers::shared`.
//!
//! Direct: one row a series and period, whose features are known a whole horizon before it, so that no forecast is fed back and one model serves every step. Values stand
//! over the series' own recent level. That is what won the M5 competition (Makridakis, Spiliotis & Assimakopoulos 2022, "M5 accuracy competition: Results,
//! findings, and conclusions", IJF 38(4)), and why it may win is in Montero-Manso & Hyndman 2021, "Principles and algorithms for forecasting groups of time series",
//! IJF 37(4). The trees are those of the crate `hessboost`, whose result does not depend on the number of threads.
//!
//! With nothing known ahead a model of its own serves the pasts alone (`grown`): a row a series, origin and step, so that near steps know the latest values. Series with
//! little more than a year on record also learn from each other how far the shape of that year comes again (`last_year`).
//!
//! Reading order: [`panel`] (series, masked, with running sums), `features` (a row a series and period), [`trees`] (training and asking); `lanes` and `grown` (the same
//! from history alone), `last_year`, and [`pooled`], the front door of these.

mod features;
pub(crate) mod grown;
mod lanes;
pub(crate) mod last_year;
pub(crate) mod panel;
pub mod pooled;
pub(crate) mod trees;
