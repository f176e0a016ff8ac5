//! A set of trips as linked lists: a stop goes in or out in constant time, and a series of such changes can be taken back.

use super::Instance;
use super::near::Costs;

/// No route: the stop is on no trip.
pub(super) const NONE: u32 = u32::MAX;

/// A stop's place. Neighbour 0 is the depot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub next: u32,
    pub prev: u32,
    pub route: u32,
    /// Cost of the arc from the one before.
    pub cost_in: f64,
    /// Cost of the arc to the next.
    pub cost_out: f64,
}

/// A trip's ends and load.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Route {
    pub first: u32,
    pub last: u32,
    pub size: u32,
    pub load: [i64; 2],
}

enum Change {
    Removed { stop: u32, route: u32, after: u32 },
    Inserted { stop: u32 },
}

/// Trips that can be changed and changed back.
pub(super) struct Tour<'a, C> {
    pub instance: &'a Instance,
    pub costs: &'a C,
    pub nodes: Vec<Node>,
    pub routes: Vec<Route>,
    /// Numbers of empty routes, the next to be used last.
    free: Vec<u32>,
    /// Arc costs and fixed costs, kept up to date by differences.
    pub cost: f64,
    log: Vec<Change>,
    cost_before: f64,
    /// Stops and routes changed since the last copy to the best.
    dirty: Vec<u32>,
    is_dirty: Vec<bool>,
    dirty_routes: Vec<u32>,
    is_dirty_route: Vec<bool>,
}

/// The best trips seen, brought up to date by copying what changed.
pub(super) struct Snapshot {
    nodes: Vec<Node>,
    routes: Vec<Route>,
}

impl Snapshot {
    /// Stops by trip, in driving order; no empty trips.
    pub(super) fn routes(&self) -> Vec<Vec<usize>> {
        let walk = |r: &Route| {
            let mut stops = Vec::with_capacity(r.size as usize);
            let mut at = r.first;
            while at != 0 {
                stops.push(at as usize);
                at = self.nodes[at as usize].next;
            }
            stops
        };
        self.routes.iter().filter(|r| r.size > 0).map(walk).collect()
    }
}

impl<'a, C: Costs> Tour<'a, C> {
    pub(super) fn new(instance: &'a Instance, costs: &'a C, routes: &[Vec<usize>]) -> Self {
        let n = instance.nodes();
        let mut tour = Self {
            instance,
            costs,
            nodes: vec![Node { next: 0, prev: 0, route: NONE, cost_in: 0.0, cost_out: 0.0 }; n],
            routes: Vec::new(),
            free: Vec::new(),
            cost: 0.0,
            log: Vec::new(),
            cost_before: 0.0,
            dirty: Vec::new(),
            is_dirty: vec![false; n],
            dirty_routes: Vec::new(),
            is_dirty_route: Vec::new(),
        };
        for route in routes {
            let r = tour.open();
            let mut after = 0;
            for &stop in route {
                tour.insert(stop, r, after);
                after = stop as u32;
            }
        }
        tour.keep();
        tour
    }

    /// Trips in use.
    pub(super) fn trips(&self) -> usize {
        self.routes.len() - self.free.len()
    }

    /// The number of an empty route to insert into.
    pub(super) fn open(&mut self) -> u32 {
        if self.free.is_empty() {
            self.free.push(self.routes.len() as u32);
            self.routes.push(Route::default());
            self.is_dirty_route.push(false);
        }
        self.free[self.free.len() - 1]
    }

    /// Does the stop fit into the route?
    #[inline(always)]
    pub(super) fn fits(&self, route: u32, demand: [i64; 2]) -> bool {
        let load = self.routes[route as usize].load;
        self.instance.fits([load[0] + demand[0], load[1] + demand[1]])
    }

    #[inline]
    fn touch(&mut self, node: u32) {
        if !self.is_dirty[node as usize] {
            self.is_dirty[node as usize] = true;
            self.dirty.push(node);
        }
    }

    #[inline]
    fn touch_route(&mut self, route: u32) {
        if !self.is_dirty_route[route as usize] {
            self.is_dirty_route[route as usize] = true;
            self.dirty_routes.push(route);
        }
    }

    /// Sets the arc `a` → `b` within `route`; the depot's side is the route's end.
    #[inline]
    fn link(&mut self, route: u32, a: u32, b: u32, cost: f64) {
        if a == 0 {
            self.routes[route as usize].first = b;
        } else {
            let node = &mut self.nodes[a as usize];
            (node.next, node.cost_out) = (b, cost);
            self.touch(a);
        }
        if b == 0 {
            self.routes[route as usize].last = a;
        } else {
            let node = &mut self.nodes[b as usize];
            (node.prev, node.cost_in) = (a, cost);
            self.touch(b);
        }
    }

    fn take_out(&mut self, stop: usize) -> (u32, u32) {
        let Node { next, prev, route, cost_in, cost_out } = self.nodes[stop];
        let demand = self.instance.demand(stop);
        let r = &mut self.routes[route as usize];
        r.size -= 1;
        r.load = [r.load[0] - demand[0], r.load[1] - demand[1]];
        if r.size == 0 {
            (r.first, r.last) = (0, 0);
            self.free.push(route);
            self.cost -= cost_in + cost_out + self.instance.cost_per_trip();
        } else {
            let arc = self.costs.arc(prev as usize, next as usize);
            self.cost += arc - cost_in - cost_out;
            self.link(route, prev, next, arc);
        }
        self.nodes[stop].route = NONE;
        self.touch(stop as u32);
        self.touch_route(route);
        (route, prev)
    }

    fn put_in(&mut self, stop: usize, route: u32, after: u32) {
        let demand = self.instance.demand(stop);
        let r = &mut self.routes[route as usize];
        let next = if after == 0 { r.first } else { self.nodes[after as usize].next };
        r.load = [r.load[0] + demand[0], r.load[1] + demand[1]];
        r.size += 1;
        let (a, b) = (self.costs.arc(after as usize, stop), self.costs.arc(stop, next as usize));
        if r.size == 1 {
            self.free.pop();
            self.cost += a + b + self.instance.cost_per_trip();
        } else {
            let gap = if after == 0 { self.nodes[next as usize].cost_in } else { self.nodes[after as usize].cost_out };
            self.cost += a + b - gap;
        }
        self.nodes[stop].route = route;
        let stop = stop as u32;
        self.link(route, after, stop, a);
        self.link(route, stop, next, b);
        self.touch_route(route);
    }

    /// Takes a stop off its trip.
    pub(super) fn remove(&mut self, stop: usize) {
        let (route, after) = self.take_out(stop);
        self.log.push(Change::Removed { stop: stop as u32, route, after });
    }

    /// Puts a stop behind `after` (0: at the beginning) of a route; an empty route must come from [`Tour::open`].
    pub(super) fn insert(&mut self, stop: usize, route: u32, after: u32) {
        self.put_in(stop, route, after);
        self.log.push(Change::Inserted { stop: stop as u32 });
    }

    /// Makes the changes so far permanent.
    pub(super) fn keep(&mut self) {
        self.log.clear();
        self.cost_before = self.cost;
    }

    /// The cost at the last [`Tour::keep`].
    pub(super) fn kept_cost(&self) -> f64 {
        self.cost_before
    }

    /// Takes back every change since the last [`Tour::keep`].
    pub(super) fn undo(&mut self) {
        while let Some(change) = self.log.pop() {
            match change {
                Change::Removed { stop, route, after } => self.put_in(stop as usize, route, after),
                Change::Inserted { stop } => {
                    self.take_out(stop as usize);
                }
            }
        }
        self.cost = self.cost_before;
    }

    /// A full copy.
    pub(super) fn snapshot(&mut self) -> Snapshot {
        self.clean();
        Snapshot { nodes: self.nodes.clone(), routes: self.routes.clone() }
    }

    /// Brings a copy up to date.
    pub(super) fn copy_to(&mut self, best: &mut Snapshot) {
        for &i in &self.dirty {
            best.nodes[i as usize] = self.nodes[i as usize];
        }
        best.routes.resize(self.routes.len(), Route::default());
        for &r in &self.dirty_routes {
            best.routes[r as usize] = self.routes[r as usize];
        }
        self.clean();
    }

    fn clean(&mut self) {
        for i in self.dirty.drain(..) {
            self.is_dirty[i as usize] = false;
        }
        for r in self.dirty_routes.drain(..) {
            self.is_dirty_route[r as usize] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::instance::{Arcs, Rounding};
    use super::super::near::Flat;
    use super::*;
    use crate::base::Stream;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(100))]
        /// Random changes, kept or taken back: cost, loads and links stay those of the routes written out.
        #[test]
        fn differences_add_up_to_the_whole(key in any::<u64>(), n in 2usize..25) {
            let s = Stream { key };
            let points: Vec<(f64, f64)> = (0..n as u64).map(|i| ((s.unit(2 * i) * 100.0).floor(), (s.unit(2 * i + 1) * 100.0).floor())).collect();
            let demand: Vec<[i64; 2]> = (0..n as i64).map(|i| [i, i % 3]).collect();
            let instance = Instance::new(demand, [60, 10], None, 7.0, Arcs::Plane(points.clone(), Rounding::Nearest)).unwrap();
            let costs = Flat(&points, Rounding::Nearest);
            let mut tour = Tour::new(&instance, &costs, &(1..n).map(|i| vec![i]).collect::<Vec<_>>());
            let mut best = tour.snapshot();
            let mut at = 100;
            let mut draw = |below: usize| { at += 1; s.bits(at) as usize % below };
            for _ in 0..40 {
                let before = (tour.cost, tour.snapshot().routes());
                for _ in 0..1 + draw(4) {
                    let stop = 1 + draw(n - 1);
                    tour.remove(stop);
                    let r = draw(tour.routes.len() + 1);
                    if r == tour.routes.len() || tour.routes[r].size == 0 {
                        let open = tour.open();
                        tour.insert(stop, open, 0);
                    } else {
                        let route = tour.routes[r];
                        let after = if draw(2) == 0 { 0 } else { route.last };
                        tour.insert(stop, r as u32, after);
                    }
                }
                if draw(2) == 0 {
                    tour.undo();
                    prop_assert_eq!((tour.cost, tour.snapshot().routes()), before);
                } else {
                    tour.keep();
                }
                best = tour.snapshot();
                let routes = best.routes();
                prop_assert_eq!(tour.cost, routes.iter().map(|r| instance.trip_cost(r)).sum::<f64>());
                prop_assert_eq!(tour.trips(), routes.len());
                let loads: i64 = tour.routes.iter().map(|r| r.load[0]).sum();
                prop_assert_eq!(loads, (0..n as i64).sum::<i64>());
            }
            // a copy brought up to date piecewise equals a full one
            tour.remove(1);
            let open = tour.open();
            tour.insert(1, open, 0);
            tour.copy_to(&mut best);
            prop_assert_eq!(best.routes(), tour.snapshot().routes());
        }
    }
}
