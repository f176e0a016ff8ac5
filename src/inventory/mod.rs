//! From a distribution over demand paths to stock decisions, by simulation.
//!
//! In: an [`Item`] (a forecast's [`PathModel`](crate::forecast::path::PathModel), lead time, costs, stock) and a [`Policy`]. Out: an
//! [`Outcome`] (costs split, service, half-widths, the orders logistics needs), the levels of least expected cost, what to order
//! now and why, and what the last periods would have cost under this and plainer rules.
//!
//! Timing, in every file here (DESIGN §3): in a period, receipts arrive, demand happens, costs are counted on what is left, then
//! the stock is reviewed and an order placed. An order placed at the end of period `t` with lead time `L` is available at the
//! start of period `t + L + 1`; the risk a review covers is `L + R` periods.
//!
//! Reading order:
//! - [`item`] what is stocked, at what cost, and what is on the way
//! - [`lead_time`] how long supply takes, as a distribution over whole periods
//! - [`policy`] the textbook's rules, compiled to a trigger and a level per period
//! - [`simulate`](mod@simulate) tiles of paths, all candidate policies on each tile while it is in cache
//! - [`kernel`] sixteen replications in step: the fast path, whose orders `place` puts where they arrive; `general` one after the other, with shelf life (`perishable`), yield
//!   ([`yields`]), what disturbs supply and demand ([`disruption`]; [`impact`](mod@impact) what that costs), price breaks and emergency orders
//! - [`outcome`] replications to measures: costs split, service, half-widths
//! - [`guess`] analytic starting levels; [`optimise`](mod@optimise) the search for the levels of least expected cost
//! - [`levels`](mod@levels) a trigger and a level of least expected cost at one review, without a search; `chain` their cost in the long run; [`state`] the
//!   order for the stock on hand and on its way where sales are lost
//! - [`group`] items on one order (shared cost, least value, full containers), simulated together
//! - [`advise`](mod@advise) what to order now, and why in one sentence
//! - [`ration`](mod@ration) the best use of a budget or of room, over items
//! - [`replay`](mod@replay) the last periods again with only what was known then; [`bootstrap`] paired intervals over items
//! - [`serial`] stages in series, simulated
//! - [`classic`] closed forms and exact algorithms from the textbooks
//!
//! Sources: Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. 2019 (ch. 3–5); Zipkin, *Foundations of Inventory
//! Management*, 2000; Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. 2017; Law, *Simulation
//! Modeling and Analysis*, 5th ed. 2015 (ch. 9–11: replications, common random numbers, selection).

pub mod advise;
pub mod bootstrap;
mod chain;
pub mod classic;
pub mod disruption;
mod general;
pub mod group;
pub mod guess;
pub mod impact;
pub mod item;
pub mod kernel;
pub mod lead_time;
pub mod levels;
pub mod optimise;
pub mod outcome;
mod perishable;
mod place;
pub mod policy;
pub mod ration;
pub mod replay;
pub mod serial;
pub mod simulate;
pub mod state;
pub mod yields;

pub use advise::{Advice, BATCHES, Worth, advise, advise_units, batches_of, half_width_of, worth};
pub use bootstrap::{Interval, paired_bootstrap};
pub use disruption::Disruption;
pub use impact::Impact;
pub use item::{Below, Expedite, Expiring, Extras, Item, OpenOrder, PriceBreak, UnitCosts, Unmet};
pub use lead_time::LeadTime;
pub use optimise::{CurvePoint, Family, Objective, OptimiseOptions, Optimum, optimise, optimise_all, search};
pub use outcome::{ExamplePath, Measures, OrderLine, Outcome, Profile};
pub use policy::Policy;
pub use replay::{Replay, ReplayInput, ReplayOptions, ReplayResult, Rule, RuleResult, WithoutCensored, replay, summarise};
pub use simulate::{SimOptions, simulate, simulate_many};
pub use yields::Yield;
