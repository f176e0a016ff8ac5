//! One set of assumptions that runs the whole line: forecast, stock, freight, footprint.
//!
//! In: a scenario file and what it names ([`load`](mod@load)), or a sales file by itself. Out: an [`Outcome`], a [`ReplayOutcome`], a
//! [`Comparison`]; pure functions of [`Inputs`] and [`Plan`], the same bytes on any thread count.
//!
//! Reading order: [`plan`] (the scenario file), [`load`](mod@load) (files to inputs), [`resolve`](mod@resolve) (every gap filled by a stated
//! default; `assumptions` says which), [`engine`] (the stages and their [`memory`]), `stock` and `freight` (a stage each), `extras` (yield, disruptions, price breaks), `budget` (who gets what is short), `minimum` (orders below a supplier's minimum), [`joint`] (items on one order), [`by_hand`] (forecasts changed by hand), `known` (events and what is known ahead), `pooled` (trees over all series), `young` (the season of a category for new items), [`forecasts`] (forecasts by themselves), [`reconciled`] (series and groups made to agree), [`value_added`] (what each step of a forecast has added), [`outcome`], [`replay`](mod@replay), `recorded` (the user's own record beside it),
//! `lessons` (what replay knows of what is known ahead), [`compare`](mod@compare), [`classical`] (the textbooks' answers beside the simulated ones), [`stages`] (supply chains), [`score`] (past orders settled), [`sample`] (the sample shop).

mod assumptions;
mod budget;
pub mod by_hand;
pub mod classical;
pub mod compare;
pub mod engine;
mod extras;
pub mod forecasts;
mod freight;
mod frozen;
pub mod joint;
pub mod known;
mod lessons;
pub mod load;
pub mod memory;
mod minimum;
mod one;
pub mod outcome;
pub mod plan;
mod pooled;
pub mod reconciled;
mod recorded;
mod remember;
pub mod replay;
pub mod resolve;
pub mod sample;
pub mod score;
pub mod stages;
mod stock;
pub mod value_added;
mod young;

pub use budget::{PayoffLine, Payoffs, Within};
pub use by_hand::{ByHand, Said};
pub use compare::{Comparison, compare};
pub use engine::Engine;
pub use freight::own::{OwnPlan, OwnShipments};
pub use freight::rules::RulePoint;
pub use freight::search::{Consolidation, Judged, Known, RuleWish};
pub use freight::{Ahead, hubs, network, unknown_hubs};
pub use frozen::{Taken, frozen};
pub use known::Told;
pub use load::{Inputs, load, load_assuming, load_bundle};
pub use outcome::{FootprintLine, Freight, FreightMeasures, Outcome, SeriesOutcome, StockResult, Totals};
pub use plan::{Adjust, DriverChange, ForecastOverride, Plan};
pub use reconciled::Agreed;
pub use recorded::OwnRecord;
pub use replay::ReplayOutcome;
pub use stock::Effort;
pub use value_added::{StepScore, ValueAdded};
