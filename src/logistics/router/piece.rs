//! What must be known of a run of consecutive visits to join it to another in constant time (Kindervater & Savelsbergh 1997;
//! time warp: Vidal, Crainic, Gendreau & Prins 2013, Computers & Operations Research 40(1)).
//!
//! Three kinds, from lean to complete; a search is compiled for each and the leanest that knows the problem runs.

use super::compiled::{Compiled, SLACK};
use super::model::{Amount, DIMENSIONS, Kind};
use super::shifts::Route;

/// What a unit of each breach costs while a search may pass through bad routes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Per unit of load, by dimension.
    pub load: [f64; DIMENSIONS],
    /// Per unit of time warp, and of duration and driving beyond the limits.
    pub time: f64,
    /// Per unit of distance beyond the limit.
    pub distance: f64,
}

/// A run of visits.
pub(super) trait Piece: Copy + Send + Sync {
    /// Knows clocks?
    const TIMED: bool;
    /// Knows all?
    const FULL: bool;
    /// One node: a stop, or a depot where the vehicle reloads.
    fn node(c: &Compiled, node: u32) -> Self;
    /// A shift's start or end.
    fn edge(c: &Compiled, kind: &Kind, depot: u32) -> Self;
    /// This run, then `other`.
    fn join(&self, c: &Compiled, other: &Self) -> Self;
    /// The money of a whole shift, the fixed cost included.
    fn cost(&self, kind: &Kind) -> f64;
    /// Does a whole shift keep all limits?
    fn feasible(&self, kind: &Kind) -> bool;
    /// The price of the breaches of a whole shift.
    fn penalty(&self, kind: &Kind, weights: &Weights) -> f64;
    /// Does the load alone rule out joining these, whatever the order?
    fn overloads(&self, other: &Self, kind: &Kind) -> bool;
    /// Visits `lo..hi` of a shift, turned round where distances are the same both ways, if that takes constant time.
    fn run(_: &Route<Self>, _lo: usize, _hi: usize, _flip: bool, _symmetric: bool) -> Option<Self> {
        None
    }
    /// The most on board.
    fn load(&self) -> Amount;
    /// Load beyond capacity, by dimension.
    fn excess_load(&self, kind: &Kind) -> [i64; DIMENSIONS];
    /// Time warp and other time beyond the limits.
    fn excess_time(&self, kind: &Kind) -> f64;
    /// Distance beyond the limit.
    fn excess_distance(&self, _: &Kind) -> f64 {
        0.0
    }

    /// A shift to a single stop.
    fn alone(c: &Compiled, kind: &Kind, node: u32) -> Self {
        Self::edge(c, kind, kind.start as u32).join(c, &Self::node(c, node)).join(c, &Self::edge(c, kind, kind.end as u32))
    }
}

/// Loads in two dimensions and distance.
#[derive(Clone, Copy)]
pub(super) struct Light {
    first: u32,
    last: u32,
    distance: f64,
    load: [i64; 2],
}

impl Piece for Light {
    const TIMED: bool = false;
    const FULL: bool = false;
    #[inline]
    fn node(c: &Compiled, node: u32) -> Self {
        let d = c.delivery[node as usize];
        Self { first: node, last: node, distance: 0.0, load: [d[0], d[1]] }
    }
    #[inline]
    fn edge(_: &Compiled, _: &Kind, depot: u32) -> Self {
        Self { first: depot, last: depot, distance: 0.0, load: [0; 2] }
    }
    #[inline(always)]
    fn join(&self, c: &Compiled, other: &Self) -> Self {
        Self {
            first: self.first,
            last: other.last,
            distance: self.distance + c.distance(self.last, other.first) + other.distance,
            load: [self.load[0] + other.load[0], self.load[1] + other.load[1]],
        }
    }
    #[inline(always)]
    fn cost(&self, kind: &Kind) -> f64 {
        kind.fixed + kind.per_distance * self.distance
    }
    #[inline(always)]
    fn feasible(&self, kind: &Kind) -> bool {
        self.load[0] <= kind.capacity[0] && self.load[1] <= kind.capacity[1]
    }
    #[inline(always)]
    fn penalty(&self, kind: &Kind, w: &Weights) -> f64 {
        w.load[0] * (self.load[0] - kind.capacity[0]).max(0) as f64 + w.load[1] * (self.load[1] - kind.capacity[1]).max(0) as f64
    }
    #[inline(always)]
    fn overloads(&self, other: &Self, kind: &Kind) -> bool {
        self.load[0] + other.load[0] > kind.capacity[0] || self.load[1] + other.load[1] > kind.capacity[1]
    }
    #[inline]
    fn run(route: &Route<Self>, lo: usize, hi: usize, flip: bool, symmetric: bool) -> Option<Self> {
        if flip && !symmetric {
            return None;
        }
        let (before, from, to) = (&route.forth[lo], &route.forth[lo + 1], &route.forth[hi]);
        let (a, b) = (route.visits[lo], route.visits[hi - 1]);
        Some(Self {
            first: if flip { b } else { a },
            last: if flip { a } else { b },
            distance: to.distance - from.distance,
            load: [to.load[0] - before.load[0], to.load[1] - before.load[1]],
        })
    }
    fn load(&self) -> Amount {
        [self.load[0], self.load[1], 0, 0]
    }
    fn excess_load(&self, kind: &Kind) -> [i64; DIMENSIONS] {
        [(self.load[0] - kind.capacity[0]).max(0), (self.load[1] - kind.capacity[1]).max(0), 0, 0]
    }
    fn excess_time(&self, _: &Kind) -> f64 {
        0.0
    }
}

/// When a run can be driven: shortest duration, how late it is at best, and between which starts it is no longer than that.
#[derive(Clone, Copy)]
struct Clock {
    duration: f64,
    warp: f64,
    early: f64,
    late: f64,
}

impl Clock {
    #[inline]
    fn node(c: &Compiled, node: u32) -> Self {
        let i = node as usize;
        Self { duration: c.service[i], warp: 0.0, early: c.early[i], late: c.late[i] }
    }
    #[inline]
    fn edge(c: &Compiled, kind: &Kind, depot: u32) -> Self {
        let i = depot as usize;
        // a shift that ends before the depot opens is late by what is missing
        let (early, late) = (kind.shift.0.max(c.early[i]), kind.shift.1.min(c.late[i]));
        Self { duration: 0.0, warp: (early - late).max(0.0), early: early.min(late), late }
    }
    #[inline(always)]
    fn join(&self, between: f64, other: &Self) -> Self {
        let delta = self.duration - self.warp + between;
        let wait = (other.early - delta - self.late).max(0.0);
        let warp = (self.early + delta - other.late).max(0.0);
        Self {
            duration: self.duration + other.duration + between + wait,
            warp: self.warp + other.warp + warp,
            early: (other.early - delta).max(self.early) - wait,
            late: (other.late - delta).min(self.late) + warp,
        }
    }
}

/// [`Light`] and a clock.
#[derive(Clone, Copy)]
pub(super) struct Timed {
    light: Light,
    clock: Clock,
}

impl Piece for Timed {
    const TIMED: bool = true;
    const FULL: bool = false;
    #[inline]
    fn node(c: &Compiled, node: u32) -> Self {
        Self { light: Light::node(c, node), clock: Clock::node(c, node) }
    }
    #[inline]
    fn edge(c: &Compiled, kind: &Kind, depot: u32) -> Self {
        Self { light: Light::edge(c, kind, depot), clock: Clock::edge(c, kind, depot) }
    }
    #[inline(always)]
    fn join(&self, c: &Compiled, other: &Self) -> Self {
        let between = c.duration(self.light.last, other.light.first);
        Self { light: self.light.join(c, &other.light), clock: self.clock.join(between, &other.clock) }
    }
    #[inline(always)]
    fn cost(&self, kind: &Kind) -> f64 {
        self.light.cost(kind) + kind.per_time * self.clock.duration
    }
    #[inline(always)]
    fn feasible(&self, kind: &Kind) -> bool {
        self.light.feasible(kind) && self.clock.warp <= SLACK && self.clock.duration <= kind.max_duration + SLACK
    }
    #[inline(always)]
    fn penalty(&self, kind: &Kind, w: &Weights) -> f64 {
        self.light.penalty(kind, w) + w.time * self.excess_time(kind)
    }
    #[inline(always)]
    fn overloads(&self, other: &Self, kind: &Kind) -> bool {
        self.light.overloads(&other.light, kind)
    }
    fn load(&self) -> Amount {
        self.light.load()
    }
    fn excess_load(&self, kind: &Kind) -> [i64; DIMENSIONS] {
        self.light.excess_load(kind)
    }
    #[inline(always)]
    fn excess_time(&self, kind: &Kind) -> f64 {
        self.clock.warp + (self.clock.duration - self.clock.warp - kind.max_duration).max(0.0)
    }
}

/// Everything a [`super::model::Model`] can say. Loads are told by trip: the first (up to the first reload, or all), the last (since the last
/// reload, or all) and the fullest between.
#[derive(Clone, Copy)]
pub(super) struct Full {
    first: u32,
    last: u32,
    clock: Clock,
    distance: f64,
    driving: f64,
    /// Does it reload?
    reloads: u32,
    /// Delivered on the first trip.
    delivery: Amount,
    /// Picked up on the last trip.
    pickup: Amount,
    /// The most on board on the first, a middle and the last trip.
    peak_first: Amount,
    peak_middle: Amount,
    peak_last: Amount,
    /// Distance of the first and of the last trip.
    distance_first: f64,
    distance_last: f64,
    /// Σ distance × load in the first dimension, as far as it is known.
    moved: f64,
}

#[inline(always)]
fn sum(a: &Amount, b: &Amount) -> Amount {
    std::array::from_fn(|i| a[i] + b[i])
}
#[inline(always)]
fn most(a: &Amount, b: &Amount) -> Amount {
    std::array::from_fn(|i| a[i].max(b[i]))
}

impl Full {
    pub(super) const fn warp(&self) -> f64 {
        self.clock.warp
    }
    pub(super) const fn distance(&self) -> f64 {
        self.distance
    }
    pub(super) const fn driving(&self) -> f64 {
        self.driving
    }
    fn peak(&self) -> Amount {
        most(&most(&self.peak_first, &self.peak_last), &self.peak_middle)
    }
    fn bare(c: &Compiled, node: u32, clock: Clock, reloads: u32) -> Self {
        let zero = [0; DIMENSIONS];
        let i = node as usize;
        let peak = most(&c.delivery[i], &c.pickup[i]);
        Self {
            first: node,
            last: node,
            clock,
            distance: 0.0,
            driving: 0.0,
            reloads,
            delivery: c.delivery[i],
            pickup: c.pickup[i],
            peak_first: peak,
            peak_middle: zero,
            peak_last: peak,
            distance_first: 0.0,
            distance_last: 0.0,
            moved: 0.0,
        }
    }
}

impl Piece for Full {
    const TIMED: bool = true;
    const FULL: bool = true;
    fn node(c: &Compiled, node: u32) -> Self {
        Self::bare(c, node, Clock::node(c, node), u32::from(c.is_depot(node)))
    }
    fn edge(c: &Compiled, kind: &Kind, depot: u32) -> Self {
        Self::bare(c, depot, Clock::edge(c, kind, depot), 0)
    }
    #[inline]
    fn join(&self, c: &Compiled, other: &Self) -> Self {
        let arc = c.distance(self.last, other.first);
        let between = c.duration(self.last, other.first);
        // the trip that goes on across the joint
        let joint: Amount = std::array::from_fn(|i| (self.peak_last[i] + other.delivery[i]).max(self.pickup[i] + other.peak_first[i]));
        let (a, b) = (self.reloads > 0, other.reloads > 0);
        let middle = most(&self.peak_middle, &other.peak_middle);
        let moved = self.moved
            + other.moved
            + self.distance_last * other.delivery[0] as f64
            + arc * (self.pickup[0] + other.delivery[0]) as f64
            + other.distance_first * self.pickup[0] as f64;
        Self {
            first: self.first,
            last: other.last,
            clock: self.clock.join(between, &other.clock),
            distance: self.distance + arc + other.distance,
            driving: self.driving + between + other.driving,
            reloads: self.reloads + other.reloads,
            delivery: if a { self.delivery } else { sum(&self.delivery, &other.delivery) },
            pickup: if b { other.pickup } else { sum(&self.pickup, &other.pickup) },
            peak_first: if a { self.peak_first } else { joint },
            peak_last: if b { other.peak_last } else { joint },
            peak_middle: if a && b { most(&middle, &joint) } else { middle },
            distance_first: if a { self.distance_first } else { self.distance + arc + other.distance_first },
            distance_last: if b { other.distance_last } else { self.distance_last + arc + other.distance },
            moved,
        }
    }
    #[inline]
    fn cost(&self, kind: &Kind) -> f64 {
        kind.fixed
            + kind.per_distance * self.distance
            + kind.per_time * self.clock.duration
            + kind.per_load * self.moved
            + kind.per_reload * f64::from(self.reloads)
    }
    #[inline]
    fn feasible(&self, kind: &Kind) -> bool {
        let peak = self.peak();
        self.clock.warp <= SLACK
            && self.clock.duration <= kind.max_duration + SLACK
            && self.driving <= kind.max_driving + SLACK
            && self.distance <= kind.max_distance + SLACK
            && self.reloads as usize <= kind.reloads
            && (0..DIMENSIONS).all(|i| peak[i] <= kind.capacity[i])
    }
    fn penalty(&self, kind: &Kind, w: &Weights) -> f64 {
        let excess = self.excess_load(kind);
        let load: f64 = (0..DIMENSIONS).map(|i| w.load[i] * excess[i] as f64).sum();
        // reloads beyond the number allowed are never offered
        load + w.time * self.excess_time(kind) + w.distance * self.excess_distance(kind)
    }
    #[inline(always)]
    fn overloads(&self, _: &Self, _: &Kind) -> bool {
        false
    }
    fn load(&self) -> Amount {
        self.peak()
    }
    fn excess_load(&self, kind: &Kind) -> [i64; DIMENSIONS] {
        let peak = self.peak();
        std::array::from_fn(|i| (peak[i] - kind.capacity[i]).max(0))
    }
    fn excess_time(&self, kind: &Kind) -> f64 {
        self.clock.warp + (self.clock.duration - self.clock.warp - kind.max_duration).max(0.0) + (self.driving - kind.max_driving).max(0.0)
    }
    fn excess_distance(&self, kind: &Kind) -> f64 {
        (self.distance - kind.max_distance).max(0.0)
    }
}
