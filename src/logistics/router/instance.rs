//! What is to be routed: a depot, stops with demands in two dimensions, arc costs, and a fleet of one kind of vehicle.

use crate::base::Diagnostic;

/// Cost of going from one node to another; node 0 is the depot.
#[derive(Debug, Clone, PartialEq)]
pub enum Arcs {
    /// Row-major `nodes × nodes`, may be asymmetric; infinite where there is no way.
    Matrix(Vec<f64>),
    /// Points in the plane, distances computed when asked for (for instances whose matrix would not fit in memory).
    Plane(Vec<(f64, f64)>, Rounding),
}

/// How a plane distance becomes a cost (TSPLIB 95, Reinelt 1995 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// `EUC_2D`: to the nearest integer, halves up.
    Nearest,
    /// `CEIL_2D`: up.
    Up,
    /// `FLOOR_2D`: down.
    Down,
    /// `EXACT_2D`: not at all.
    Exact,
}

impl Rounding {
    /// Applies the rule.
    #[inline(always)]
    pub fn apply(self, d: f64) -> f64 {
        match self {
            Self::Nearest => (d + 0.5).floor(),
            Self::Up => d.ceil(),
            Self::Down => d.floor(),
            Self::Exact => d,
        }
    }
}

/// A capacitated vehicle routing problem. Demands and capacity are whole numbers (grams and cubic centimetres, or whatever
/// the file counts in), so that adding and removing stops never drifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    demand: Vec<[i64; 2]>,
    capacity: [i64; 2],
    max_trips: Option<usize>,
    cost_per_trip: f64,
    arcs: Arcs,
}

impl Instance {
    /// `demand[0]` is the depot's and must be zero. `arcs` must cover as many nodes as `demand`. Costs may not be negative
    /// or NaN, demands not negative.
    ///
    /// # Errors
    /// `router-shape` when the parts do not fit together or a number is out of range.
    pub fn new(
        demand: Vec<[i64; 2]>,
        capacity: [i64; 2],
        max_trips: Option<usize>,
        cost_per_trip: f64,
        arcs: Arcs,
    ) -> Result<Self, Diagnostic> {
        let n = demand.len();
        let fault = |message: String| Err(Diagnostic::error("router-shape", message).fix("check the number of nodes and the ranges"));
        if n == 0 || n > u32::MAX as usize / 2 {
            return fault(format!("{n} nodes where a depot and some stops are needed"));
        }
        if demand[0] != [0, 0] {
            return fault("the depot has a demand".into());
        }
        // sums over all stops must stay far from the end of the number range
        let limit = i64::MAX / 4 / n as i64;
        if demand.iter().flatten().any(|d| !(0..=limit).contains(d)) || capacity.iter().any(|c| *c < 0) {
            return fault("a demand or capacity is negative or too large".into());
        }
        if !(cost_per_trip.is_finite() && cost_per_trip >= 0.0) {
            return fault(format!("a cost per trip of {cost_per_trip}"));
        }
        match &arcs {
            Arcs::Matrix(m) if Some(m.len()) != n.checked_mul(n) => {
                return fault(format!("{} arc costs where {n} × {n} are needed", m.len()));
            }
            Arcs::Matrix(m) if m.iter().any(|c| c.is_nan() || *c < 0.0) => return fault("a negative arc cost".into()),
            Arcs::Plane(p, _) if p.len() != n => return fault(format!("{} points for {n} nodes", p.len())),
            Arcs::Plane(p, _) if p.iter().any(|(x, y)| !(x.abs() < 1e15 && y.abs() < 1e15)) => {
                return fault("a coordinate out of range".into());
            }
            _ => {}
        }
        Ok(Self { demand, capacity, max_trips, cost_per_trip, arcs })
    }

    /// Nodes, the depot included.
    pub fn nodes(&self) -> usize {
        self.demand.len()
    }
    /// Demand of a node in both dimensions.
    pub fn demand(&self, node: usize) -> [i64; 2] {
        self.demand[node]
    }
    /// Capacity of the vehicle in both dimensions.
    pub fn capacity(&self) -> [i64; 2] {
        self.capacity
    }
    /// The largest number of trips, if limited.
    pub fn max_trips(&self) -> Option<usize> {
        self.max_trips
    }
    /// Fixed cost of a trip.
    pub fn cost_per_trip(&self) -> f64 {
        self.cost_per_trip
    }
    /// The arc costs.
    pub fn arcs(&self) -> &Arcs {
        &self.arcs
    }
    /// Cost of the arc from `i` to `j`.
    pub fn arc(&self, i: usize, j: usize) -> f64 {
        match &self.arcs {
            Arcs::Matrix(m) => m[i * self.nodes() + j],
            Arcs::Plane(p, rounding) => plane(p, *rounding, i, j),
        }
    }
    /// Does this load fit into the vehicle?
    #[inline]
    pub fn fits(&self, load: [i64; 2]) -> bool {
        load[0] <= self.capacity[0] && load[1] <= self.capacity[1]
    }
    /// Cost of one trip through the given stops, its fixed cost included; nothing for no stops.
    pub fn trip_cost(&self, route: &[usize]) -> f64 {
        let (Some(&first), Some(&last)) = (route.first(), route.last()) else { return 0.0 };
        let inner: f64 = route.windows(2).map(|w| self.arc(w[0], w[1])).sum();
        self.cost_per_trip + self.arc(0, first) + inner + self.arc(last, 0)
    }
}

/// Distance between two points by the given rounding.
#[inline(always)]
pub(super) fn plane(p: &[(f64, f64)], rounding: Rounding, i: usize, j: usize) -> f64 {
    let (dx, dy) = (p[i].0 - p[j].0, p[i].1 - p[j].1);
    rounding.apply((dx * dx + dy * dy).sqrt())
}
