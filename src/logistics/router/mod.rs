//! A router of our own: cheap trips over stops.
//!
//! In: an [`Instance`] (one depot, one kind of vehicle, two dimensions of load) or a [`Model`] (several depots, a mixed fleet, time windows, pickups,
//! limits, reloads, optional stops), and [`Options`]. Out: a [`Solution`] or a [`Roster`], which [`check()`] and [`audit()`] verify without the search.
//!
//! Reading order: [`instance`] and [`model`] (the problems), [`check`](mod@check) and [`audit`](mod@audit) (what a valid answer is), `breed` (who searches when).
//! For an `Instance`: [`exact`] (up to ten stops: dynamic programming over subsets), [`near`] (neighbour lists), [`savings`] (Clarke & Wright 1964),
//! [`tour`] (a solution that can be changed and changed back in constant time), [`local`] (descent), [`ruin`] (slack induction by string removals, Christiaens &
//! Vanden Berghe 2020), [`solve`]. For a `Model`: `compiled` (flat arrays), `piece` (runs of visits that join in constant time), `few` (up to seven stops: everything is tried), `proximity`, `shifts`,
//! `rebuild` (ruin and recreate), `roster`. For both: `climb` and `exchange` (descent through bad routes at a price, SWAP*), `genetic` (hybrid genetic
//! search, Vidal 2022).
//!
//! The room knows no clock: an iteration count ends the search, or an outside budget handed in as a closure that says which
//! share of it is spent. With an iteration count alone the answer is a function of the problem, the seed and that count.

pub mod audit;
mod breed;
pub mod check;
mod climb;
mod compiled;
mod draws;
pub mod exact;
mod exchange;
mod few;
mod genetic;
pub mod instance;
pub mod local;
pub mod model;
pub mod near;
mod piece;
mod proximity;
mod rebuild;
mod roster;
pub mod ruin;
pub mod savings;
mod shifts;
mod solve;
pub mod tour;

pub use audit::audit;
pub use check::{Violation, check};
pub use instance::{Arcs, Instance, Rounding};
pub use model::{Model, Refusal, Roster};
pub use roster::solve_model;
pub use solve::solve;

/// How long to search, and from which seed.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Seed of the search's random stream.
    pub seed: u64,
    /// Ruin-and-recreate iterations, or what takes as long; `u64::MAX` leaves the end to `spent` alone.
    pub iterations: u64,
    /// The share (0..=1) of an outside budget that is used up, such as elapsed time over time allowed; polled every few
    /// iterations, and 1 or more ends the search. The search cools down along the larger of this and its own share of
    /// iterations, so a closure that jumps from 0 to 1 (a cancel flag) also works, with less polish.
    pub spent: Option<&'a (dyn Fn() -> f64 + Sync)>,
    /// Told whenever something better was found, at most once every few iterations, on the thread that searches.
    pub watch: Option<&'a (dyn Fn(&Glance<'_>) + Sync)>,
}

/// The best so far, seen from outside while the search goes on.
pub struct Glance<'a> {
    /// Iterations done.
    pub iterations: u64,
    /// What it costs.
    pub cost: f64,
    /// Stops on no trip.
    pub unserved: usize,
    /// Stops of each trip in driving order, written out when asked for.
    pub trips: &'a dyn Fn() -> Vec<Vec<usize>>,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("seed", &self.seed).field("iterations", &self.iterations).finish_non_exhaustive()
    }
}

impl<'a> Options<'a> {
    /// A fixed number of iterations: the same answer on every machine.
    pub const fn iterations(seed: u64, iterations: u64) -> Self {
        Self { seed, iterations, spent: None, watch: None }
    }
    /// An outside budget alone.
    pub const fn budget(seed: u64, spent: &'a (dyn Fn() -> f64 + Sync)) -> Self {
        Self { seed, iterations: u64::MAX, spent: Some(spent), watch: None }
    }
}

/// Why a stop is on no trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unserved {
    /// More than a whole vehicle in the first dimension (kg).
    TooHeavy,
    /// More than a whole vehicle in the second dimension (m³).
    TooBulky,
    /// No finite way there and back.
    Unreachable,
    /// The allowed number of trips was not enough.
    NoTripLeft,
}

impl Unserved {
    /// In words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooHeavy => "heavier than a whole vehicle may carry",
            Self::TooBulky => "bulkier than a whole vehicle",
            Self::Unreachable => "no way there and back",
            Self::NoTripLeft => "the allowed number of trips cannot carry it",
        }
    }
}

/// Trips found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Solution {
    /// Stops (node numbers from 1) of each trip, in driving order; no trip is empty; sorted by first stop.
    pub routes: Vec<Vec<usize>>,
    /// Arc costs and fixed costs of all trips.
    pub cost: f64,
    /// Stops on no trip, ascending, with the reason.
    pub unserved: Vec<(usize, Unserved)>,
    /// Iterations done.
    pub iterations: u64,
}
