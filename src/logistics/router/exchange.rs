//! SWAP* (Vidal 2022): a stop of one shift and a stop of another change shifts, each going where it fits best instead of into the
//! other's place. Best places are remembered three deep, so that a pair is looked at in linear time for each of its stops.

use super::climb::{Climb, Range, range};
use super::piece::Piece;

/// Related stops that make two shifts neighbours, and a stop one that may change between them.
const LOOK: usize = 8;

/// The three cheapest places for a stop in a shift: detour and position.
type Places = [(f64, u32); 3];

const NONE: (f64, u32) = (f64::INFINITY, 0);

impl<P: Piece> Climb<'_, P> {
    /// SWAP* over all neighbouring shifts that changed since; true when something was found.
    pub(super) fn exchange_all(&mut self) -> bool {
        let n = self.routes.len();
        let mut any = false;
        let before = self.clock;
        let new = |climb: &Self, r: u32| climb.changed[r as usize] > climb.exchanged[r as usize];
        for a in 0..n as u32 {
            let mut others: Vec<u32> = Vec::new();
            for &u in &self.routes[a as usize].visits {
                if self.c.is_depot(u) {
                    continue;
                }
                for &v in self.near.of(u).iter().take(LOOK) {
                    let b = self.route_of[v as usize];
                    if b != u32::MAX && b > a && (new(self, a) || new(self, b)) && !others.contains(&b) {
                        others.push(b);
                    }
                }
            }
            for b in others {
                while self.exchange(a, b) {
                    any = true;
                }
            }
        }
        self.exchanged.fill(before);
        any
    }

    fn places(&self, stop: u32, r: u32) -> Places {
        let route = &self.routes[r as usize];
        let kind = &self.c.kinds[route.kind as usize];
        let mut best = [NONE; 3];
        for p in 0..=route.visits.len() {
            let (a, b) = (route.before(kind, p), route.at(kind, p));
            let detour = self.arc(route.kind, a, stop) + self.arc(route.kind, stop, b) - self.arc(route.kind, a, b);
            if detour < best[2].0 {
                best[2] = (detour, p as u32);
                if best[2].0 < best[1].0 {
                    best.swap(1, 2);
                }
                if best[1].0 < best[0].0 {
                    best.swap(0, 1);
                }
            }
        }
        best
    }

    /// The cheapest place for `stop` in shift `r` once the visit at `gone` has left.
    fn cheapest(&self, stop: u32, r: u32, gone: usize, places: &Places) -> (f64, u32) {
        let route = &self.routes[r as usize];
        let kind = &self.c.kinds[route.kind as usize];
        let (a, b) = (route.before(kind, gone), route.at(kind, gone + 1));
        let mut best = (self.arc(route.kind, a, stop) + self.arc(route.kind, stop, b) - self.arc(route.kind, a, b), gone as u32);
        if let Some(&p) = places.iter().find(|p| p.1 as usize != gone && p.1 as usize != gone + 1)
            && p.0 < best.0
        {
            best = p;
        }
        best
    }

    /// The stops of shift `a` that are related to some of shift `b`.
    fn near_to(&self, a: u32, b: u32) -> Vec<u32> {
        let related = |u: &u32| self.near.of(*u).iter().take(LOOK).any(|v| self.route_of[*v as usize] == b);
        self.routes[a as usize].visits.iter().copied().filter(|u| !self.c.is_depot(*u) && related(u)).collect()
    }

    fn exchange(&mut self, a: u32, b: u32) -> bool {
        let (ra, rb) = (&self.routes[a as usize], &self.routes[b as usize]);
        let (from_a, from_b) = (self.near_to(a, b), self.near_to(b, a));
        let gain = |r: &super::shifts::Route<P>, p: usize| {
            let kind = &self.c.kinds[r.kind as usize];
            let (x, s, y) = (r.before(kind, p), r.visits[p], r.at(kind, p + 1));
            self.arc(r.kind, x, s) + self.arc(r.kind, s, y) - self.arc(r.kind, x, y)
        };
        let look = |stop: u32, from: &super::shifts::Route<P>, to: u32| {
            let p = self.at[stop as usize] as usize;
            (stop, p, gain(from, p), self.places(stop, to))
        };
        let from_a: Vec<_> = from_a.into_iter().map(|u| look(u, ra, b)).collect();
        let from_b: Vec<_> = from_b.into_iter().map(|v| look(v, rb, a)).collect();
        let mut best = (-1e-6, 0, 0, 0u32, 0u32);
        for &(u, i, out_a, ref into_b) in &from_a {
            for &(v, j, out_b, ref into_a) in &from_b {
                let load = self.exchanged_load(a, b, u, v);
                if load - out_a - out_b >= best.0 {
                    continue;
                }
                let x = self.cheapest(u, b, j, into_b);
                let y = self.cheapest(v, a, i, into_a);
                let delta = load + x.0 + y.0 - out_a - out_b;
                if delta < best.0 {
                    best = (delta, i, j, x.1, y.1);
                }
            }
        }
        if best.0 > -1e-5 {
            return false;
        }
        let (_, i, j, p, q) = best;
        let (n, m) = (ra.visits.len(), rb.visits.len());
        let plan_a = without_and_with(a, i, n, range(b, j, j + 1), q as usize);
        let plan_b = without_and_with(b, j, m, range(a, i, i + 1), p as usize);
        self.attempt(a, b, &plan_a, &plan_b)
    }

    /// Change of the load penalties when two stops change shifts (deliveries only; pieces tell the truth later).
    fn exchanged_load(&self, a: u32, b: u32, u: u32, v: u32) -> f64 {
        let mut out = 0.0;
        let (du, dv) = (&self.c.delivery[u as usize], &self.c.delivery[v as usize]);
        for (r, more, less) in [(a, dv, du), (b, du, dv)] {
            let route = &self.routes[r as usize];
            let kind = &self.c.kinds[route.kind as usize];
            let load = route.whole().load();
            for k in 0..du.len() {
                let before = (load[k] - kind.capacity[k]).max(0);
                let after = (load[k] + more[k] - less[k] - kind.capacity[k]).max(0);
                out += self.weights.load[k] * (after - before) as f64;
            }
        }
        out
    }
}

/// A shift without the visit at `gone` and with another at what was position `to`.
fn without_and_with(r: u32, gone: usize, n: usize, new: Range, to: usize) -> [Range; 5] {
    let o = Range::default();
    if to <= gone {
        [range(r, 0, to), new, range(r, to, gone), range(r, gone + 1, n), o]
    } else {
        [range(r, 0, gone), range(r, gone + 1, to), new, range(r, to, n), o]
    }
}
