//! The wide problem: several depots, a mixed fleet, time windows, pickups, reloads, optional stops.
//!
//! Distances and durations are in whatever units the caller keeps to (km and hours, or an instance's own); money is per those
//! units. An arc's cost is `per_distance · distance`, so any mix of money, time and carbon goes in through the distance
//! matrix and the rates of a kind of vehicle.

use crate::base::Diagnostic;

/// Dimensions of a load: kg, m³, pallets and one more.
pub const DIMENSIONS: usize = 4;
/// An amount of goods in every dimension, in whole units.
pub type Amount = [i64; DIMENSIONS];

/// Where vehicles start, end or load again.
#[derive(Debug, Clone, PartialEq)]
pub struct Depot {
    /// Row of the matrices.
    pub place: usize,
    /// When it is open: a vehicle leaves, comes home and reloads within.
    pub window: (f64, f64),
    /// Time a reload takes.
    pub reload: f64,
}

/// Something to be visited once.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Row of the matrices.
    pub place: usize,
    /// Brought from the depot.
    pub delivery: Amount,
    /// Taken to the depot.
    pub pickup: Amount,
    /// When service may begin; a vehicle that is early waits.
    pub window: (f64, f64),
    /// Time spent there.
    pub service: f64,
    /// What leaving it out costs; `None`: it must be served.
    pub prize: Option<f64>,
}

impl Stop {
    /// A delivery of `amount` at any time.
    pub const fn delivery(place: usize, amount: Amount) -> Self {
        Self { place, delivery: amount, pickup: [0; DIMENSIONS], window: (0.0, f64::INFINITY), service: 0.0, prize: None }
    }
}

/// A kind of vehicle, of one home depot.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// How many there are; `None`: as many as wanted.
    pub count: Option<usize>,
    /// Index of the depot where it starts.
    pub start: usize,
    /// Index of the depot where it ends.
    pub end: usize,
    /// What it carries at once.
    pub capacity: Amount,
    /// Money for using it at all.
    pub fixed: f64,
    /// Money per unit of distance.
    pub per_distance: f64,
    /// Money per unit of time from leaving to coming home, waiting and service included.
    pub per_time: f64,
    /// Money per unit of distance and unit of load in the first dimension (load-dependent fuel).
    pub per_load: f64,
    /// Earliest start and latest end of its shift.
    pub shift: (f64, f64),
    /// Longest time from leaving to coming home.
    pub max_duration: f64,
    /// Longest time at the wheel.
    pub max_driving: f64,
    /// Longest distance.
    pub max_distance: f64,
    /// How often it may load again during a shift.
    pub reloads: usize,
    /// Money for each time it does.
    pub per_reload: f64,
    /// Indices of the depots where it may do so.
    pub reload_at: Vec<usize>,
}

impl Kind {
    /// Any number of vehicles of `capacity` at the first depot that cost their distance.
    pub fn new(capacity: Amount) -> Self {
        Self {
            count: None,
            start: 0,
            end: 0,
            capacity,
            fixed: 0.0,
            per_distance: 1.0,
            per_time: 0.0,
            per_load: 0.0,
            shift: (0.0, f64::INFINITY),
            max_duration: f64::INFINITY,
            max_driving: f64::INFINITY,
            max_distance: f64::INFINITY,
            reloads: 0,
            per_reload: 0.0,
            reload_at: Vec::new(),
        }
    }
}

/// What is to be routed, in full. Stops are numbered from 0 in their order here.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    places: usize,
    distance: Vec<f64>,
    duration: Vec<f64>,
    depots: Vec<Depot>,
    stops: Vec<Stop>,
    fleet: Vec<Kind>,
}

/// Sums of this many amounts stay inside the number range.
const MOST: i64 = 1 << 50;

impl Model {
    /// `distance` and `duration` are row-major `places × places`, may be asymmetric, and are infinite where there is no way.
    ///
    /// # Errors
    /// `router-shape`, once for everything that does not fit together or is out of range, with the stop (from 1), depot or vehicle.
    pub fn new(
        places: usize,
        distance: Vec<f64>,
        duration: Vec<f64>,
        depots: Vec<Depot>,
        stops: Vec<Stop>,
        fleet: Vec<Kind>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut fault = |message: String, fix: &'static str| faults.push(Diagnostic::error("router-shape", message).fix(fix));
        for (what, m) in [("distances", &distance), ("durations", &duration)] {
            if Some(m.len()) != places.checked_mul(places) {
                fault(format!("{} {what} where {places} × {places} are needed", m.len()), "give a full matrix");
            } else if m.iter().any(|x| x.is_nan() || *x < 0.0) {
                fault(format!("a negative number among the {what}"), "give numbers from 0 up");
            }
        }
        if depots.is_empty() || fleet.is_empty() {
            fault("no depot or no vehicle".into(), "give at least one of each");
        }
        let window = |w: (f64, f64)| w.0.is_finite() && !w.1.is_nan() && w.0 <= w.1;
        let amounts = |a: &Amount| a.iter().all(|x| (0..=MOST).contains(x));
        let rate = |x: f64| x.is_finite() && x >= 0.0;
        let limit = |x: f64| !x.is_nan() && x >= 0.0;
        for (i, d) in depots.iter().enumerate() {
            if d.place >= places || !window(d.window) || !rate(d.reload) {
                fault(format!("depot {} has no place, or impossible times", i + 1), "check its place, its window and its reload time");
            }
        }
        for (i, s) in stops.iter().enumerate() {
            let what = if s.place >= places {
                "has no place in the matrix"
            } else if !amounts(&s.delivery) || !amounts(&s.pickup) {
                "has a negative or too large amount"
            } else if !window(s.window) {
                "has a window that closes before it opens"
            } else if !rate(s.service) {
                "has an impossible service time"
            } else if s.prize.is_some_and(|p| !rate(p)) {
                "has a negative price"
            } else {
                continue;
            };
            fault(format!("stop {} {what}", i + 1), "mend that stop");
        }
        for (i, k) in fleet.iter().enumerate() {
            let depots_known = [k.start, k.end].iter().chain(&k.reload_at).all(|d| *d < depots.len());
            let rates = [k.fixed, k.per_distance, k.per_time, k.per_load, k.per_reload].into_iter().all(rate);
            let limits = [k.max_duration, k.max_driving, k.max_distance].into_iter().all(limit);
            if !depots_known {
                fault(format!("vehicle {} names a depot that does not exist", i + 1), "number depots from 0");
            } else if !rates || !limits || !window(k.shift) || !amounts(&k.capacity) {
                fault(format!("vehicle {} has a number out of range", i + 1), "check its capacity, costs, shift and limits");
            }
        }
        if faults.is_empty() { Ok(Self { places, distance, duration, depots, stops, fleet }) } else { Err(faults) }
    }

    /// Rows of the matrices.
    pub const fn places(&self) -> usize {
        self.places
    }
    /// Distance between two places.
    pub fn distance(&self, a: usize, b: usize) -> f64 {
        self.distance[a * self.places + b]
    }
    /// Driving time between two places.
    pub fn duration(&self, a: usize, b: usize) -> f64 {
        self.duration[a * self.places + b]
    }
    /// The depots.
    pub fn depots(&self) -> &[Depot] {
        &self.depots
    }
    /// The stops.
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }
    /// The kinds of vehicle.
    pub fn fleet(&self) -> &[Kind] {
        &self.fleet
    }
}

/// One vehicle's day: a trip, and another after each reload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// Index into the fleet.
    pub kind: usize,
    /// Stops of each trip in driving order; no trip is empty.
    pub trips: Vec<Vec<usize>>,
    /// The depot between trip `i` and trip `i + 1`.
    pub reloads: Vec<usize>,
}

/// Shifts found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Roster {
    /// In the order of kind and first stop.
    pub shifts: Vec<Shift>,
    /// Money of all shifts and of the stops left out for their price.
    pub cost: f64,
    /// Stops on no shift, ascending, with the reason.
    pub unserved: Vec<(usize, Refusal)>,
    /// Iterations done.
    pub iterations: u64,
}

/// Why a stop of a [`Model`] is on no shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// More than any vehicle carries, in this dimension.
    TooMuch(usize),
    /// No finite way from and to any vehicle's depots.
    Unreachable,
    /// No vehicle can be there before the window closes and home in time.
    Window,
    /// There and back alone does not fit into any vehicle's shift.
    Shift,
    /// There and back alone is beyond every vehicle's limit of duration, driving time or distance.
    TooFar,
    /// The fleet was not enough.
    NoVehicleLeft,
    /// Serving it costs more than its price.
    NotWorthIt,
}

impl Refusal {
    /// In words.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::TooMuch(0) => "heavier than any vehicle may carry",
            Self::TooMuch(1) => "bulkier than any vehicle",
            Self::TooMuch(2) => "more pallets than any vehicle takes",
            Self::TooMuch(_) => "more than any vehicle carries",
            Self::Unreachable => "no way there and back",
            Self::Window => "no vehicle can be there before its window closes and home in time",
            Self::Shift => "no vehicle can be there and back within its shift",
            Self::TooFar => "there and back is beyond every vehicle's limit",
            Self::NoVehicleLeft => "the fleet cannot serve it beside the others",
            Self::NotWorthIt => "serving it costs more than leaving it out",
        }
    }
}
