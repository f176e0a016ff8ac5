//! Forecasts with what is known ahead: promotions, prices, opening days, holidays.
//!
//! In: a [`History`](crate::history::History) and its [`Drivers`](crate::history::Drivers) over past and horizon. Out: [`KnownAhead`], a
//! [`Fitted`](super::Fitted) a series and the effects in units.
//!
//! The forecasting methods stay what they are: effects are learned and taken out of the past, what is left is forecast as ever, and the effects of the horizon are put back.
//! Nothing in an effect is learned from after the history; which effects are used is decided on held-out windows.
//!
//! Reading order: `design` (drivers to columns), `local` (what a series shows), `solve`, `pool` (what all show), `clean` (demand without effects), `choose` (what helps), `events` (which dated events do), `apply` (the forecast),
//! `shared` (trees over all series beside it), `report` (units and words).

mod apply;
mod choose;
mod clean;
mod design;
mod events;
mod local;
mod pool;
mod report;
mod shared;
mod solve;

pub use apply::{Driven, KnownAhead, Learned, fit_all_known, learn};
pub use report::{Effect, Known};
