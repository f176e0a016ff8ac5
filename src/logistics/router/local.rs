//! Descent to a local optimum: relocate, swap, or-opt and cross (segments of up to three stops, either way round), 2-opt within a
//! trip and 2-opt* between two.
//!
//! Every move is written as one or two new trips made of pieces of old ones. A piece's cost and load in both directions come
//! from prefix sums, so that a move is priced in constant time; applying it rebuilds two trips. Moves start from a stop
//! `u` and one of its nearest stops `v` that would become its neighbour, and only while the arc between them is shorter than one that
//! `u` has now (the gain criterion of Lin & Kernighan 1973: an improving exchange always has such a stop); a stop
//! without an improving move is not looked at again until its surroundings change (don't-look bits, Bentley 1992).

use super::Instance;
use super::near::{Costs, Near};
use std::collections::VecDeque;

/// Longest segment that relocates or swaps.
const SEGMENT: usize = 3;
/// Improvements smaller than this are rounding.
const LEAST_GAIN: f64 = 1e-7;

/// The stops `lo..hi` of an old trip, turned round or not.
#[derive(Debug, Clone, Copy, Default)]
struct Piece {
    route: usize,
    lo: usize,
    hi: usize,
    flip: bool,
}

/// One trip to come, out of at most five pieces.
type Plan = [Piece; 5];

/// What a move does to the routes of `u` and `v` (the second is unused within one trip).
#[derive(Debug, Clone, Copy)]
struct Move {
    gain: f64,
    routes: [usize; 2],
    plans: [Plan; 2],
}

struct Descent<'a, C> {
    instance: &'a Instance,
    costs: &'a C,
    routes: Vec<Vec<usize>>,
    route_cost: Vec<f64>,
    /// Route and position of each stop.
    place: Vec<(usize, usize)>,
    /// Cost and load from the depot up to and including a stop, and cost of the same way back.
    forth: Vec<f64>,
    back: Vec<f64>,
    load: Vec<[i64; 2]>,
}

/// Improves `routes` until no move of the neighbourhood does; empty trips disappear.
pub(super) fn descend<C: Costs>(instance: &Instance, costs: &C, near: &Near, routes: &mut Vec<Vec<usize>>) {
    let n = instance.nodes();
    let mut d = Descent {
        instance,
        costs,
        routes: std::mem::take(routes),
        route_cost: Vec::new(),
        place: vec![(0, 0); n],
        forth: vec![0.0; n],
        back: vec![0.0; n],
        load: vec![[0; 2]; n],
    };
    d.route_cost = vec![0.0; d.routes.len()];
    (0..d.routes.len()).for_each(|r| d.refresh(r));
    let mut queue: VecDeque<usize> = d.routes.iter().flatten().copied().collect();
    let mut waiting = vec![false; n];
    queue.iter().for_each(|&i| waiting[i] = true);
    let served = waiting.clone();
    while let Some(u) = queue.pop_front() {
        waiting[u] = false;
        while let Some(best) = d.best_move(u, near, &served) {
            d.apply(&best, |i| {
                if !waiting[i] {
                    waiting[i] = true;
                    queue.push_back(i);
                }
            });
        }
    }
    d.routes.retain(|r| !r.is_empty());
    *routes = d.routes;
}

impl<C: Costs> Descent<'_, C> {
    /// Recomputes the sums along a route.
    fn refresh(&mut self, r: usize) {
        let (mut at, mut forth, mut back, mut load) = (0, 0.0, 0.0, [0i64; 2]);
        for (i, &stop) in self.routes[r].iter().enumerate() {
            forth += self.costs.arc(at, stop);
            back += self.costs.arc(stop, at);
            let d = self.instance.demand(stop);
            load = [load[0] + d[0], load[1] + d[1]];
            (self.forth[stop], self.back[stop], self.load[stop], self.place[stop]) = (forth, back, load, (r, i));
            at = stop;
        }
        self.route_cost[r] = self.instance.trip_cost(&self.routes[r]);
    }

    /// The stop at a position, or the depot beyond both ends.
    fn stop(&self, route: usize, position: usize) -> usize {
        self.routes[route].get(position).copied().unwrap_or(0)
    }

    fn before(&self, u: usize) -> usize {
        let (r, i) = self.place[u];
        if i == 0 { 0 } else { self.routes[r][i - 1] }
    }

    fn after(&self, u: usize) -> usize {
        let (r, i) = self.place[u];
        self.stop(r, i + 1)
    }

    /// Cost of a trip to come; infinite when it is overloaded.
    fn price(&self, plan: &Plan) -> f64 {
        let (mut at, mut cost, mut load) = (0, 0.0, [0i64; 2]);
        for p in plan.iter().filter(|p| p.lo < p.hi) {
            let route = &self.routes[p.route];
            let (first, last) = (route[p.lo], route[p.hi - 1]);
            let (start, end, inner) = if p.flip {
                (last, first, self.back[last] - self.back[first])
            } else {
                (first, last, self.forth[last] - self.forth[first])
            };
            let own = self.instance.demand(first);
            for k in 0..2 {
                load[k] += self.load[last][k] - self.load[first][k] + own[k];
            }
            cost += self.costs.arc(at, start) + inner;
            at = end;
        }
        if !self.instance.fits(load) {
            f64::INFINITY
        } else if at == 0 {
            0.0
        } else {
            cost + self.costs.arc(at, 0) + self.instance.cost_per_trip()
        }
    }

    fn offer(&self, best: &mut Option<Move>, routes: [usize; 2], plans: [Plan; 2]) {
        let old = self.route_cost[routes[0]] + if routes[0] == routes[1] { 0.0 } else { self.route_cost[routes[1]] };
        let gain = old - self.price(&plans[0]) - self.price(&plans[1]);
        // measured against the size of the numbers, so that rounding never counts as a gain
        if gain > LEAST_GAIN.max(1e-12 * old) && best.is_none_or(|b| gain > b.gain) {
            *best = Some(Move { gain, routes, plans });
        }
    }

    /// The best move that makes `u` and one of its nearest stops neighbours.
    fn best_move(&self, u: usize, near: &Near, served: &[bool]) -> Option<Move> {
        let mut best = None;
        let round = |a: usize, b: usize| self.costs.arc(a, b) + self.costs.arc(b, a);
        let longest = round(self.before(u), u).max(round(u, self.after(u)));
        for &v in near.of(u) {
            let v = v as usize;
            if round(u, v) >= longest {
                break;
            }
            if !served[v] || self.before(u) == v && self.after(v) == u && self.routes[self.place[u].0].len() < 3 {
                continue;
            }
            self.segments(&mut best, u, v);
            if self.place[u].0 == self.place[v].0 {
                self.two_opt(&mut best, u, v);
            } else {
                self.tails(&mut best, u, v);
            }
        }
        best
    }

    /// Segments that begin or end at `u`, put next to `v`, in exchange for up to three stops there.
    fn segments(&self, best: &mut Option<Move>, u: usize, v: usize) {
        let ((ru, iu), (rv, iv)) = (self.place[u], self.place[v]);
        let (len_u, len_v) = (self.routes[ru].len(), self.routes[rv].len());
        for a in 1..=SEGMENT {
            // the segment of `a` stops that starts at u, and the one that ends at u
            for (from, starts) in [(Some(iu), true), ((iu + 1).checked_sub(a), false)] {
                let Some(i) = from.filter(|i| i + a <= len_u) else { continue };
                if a == 1 && !starts {
                    continue;
                }
                for b in 0..=SEGMENT {
                    // behind v: u must come first; before v: u must come last
                    for (to, behind) in [(Some(iv + 1), true), (iv.checked_sub(b), false)] {
                        let Some(j) = to.filter(|j| j + b <= len_v) else { continue };
                        if ru == rv && !(i + a <= j || j + b <= i) {
                            continue;
                        }
                        let flip = a > 1 && starts != behind;
                        for flip_b in [false, true] {
                            if flip_b && b < 2 {
                                continue;
                            }
                            let (first, second) =
                                (Piece { route: ru, lo: i, hi: i + a, flip }, Piece { route: rv, lo: j, hi: j + b, flip: flip_b });
                            self.exchange(best, first, second);
                        }
                    }
                }
            }
        }
    }

    /// Two disjoint pieces change places.
    fn exchange(&self, best: &mut Option<Move>, a: Piece, b: Piece) {
        let cut = |route: usize, lo: usize, hi: usize| Piece { route, lo, hi, flip: false };
        let (len_a, len_b) = (self.routes[a.route].len(), self.routes[b.route].len());
        let none = Piece::default();
        if a.route == b.route {
            let (x, y) = if a.lo < b.lo || a.hi <= b.lo { (a, b) } else { (b, a) };
            let plan = [cut(x.route, 0, x.lo), y, cut(x.route, x.hi, y.lo), x, cut(x.route, y.hi, len_a)];
            self.offer(best, [a.route, a.route], [plan, [none; 5]]);
        } else {
            let one = [cut(a.route, 0, a.lo), b, cut(a.route, a.hi, len_a), none, none];
            let two = [cut(b.route, 0, b.lo), a, cut(b.route, b.hi, len_b), none, none];
            self.offer(best, [a.route, b.route], [one, two]);
        }
    }

    /// Turns round what lies between `u` and `v` in one trip.
    fn two_opt(&self, best: &mut Option<Move>, u: usize, v: usize) {
        let ((r, i), (_, j)) = (self.place[u], self.place[v]);
        let (lo, hi) = (i.min(j), i.max(j));
        let len = self.routes[r].len();
        let cut = |lo: usize, hi: usize, flip: bool| Piece { route: r, lo, hi, flip };
        let none = Piece::default();
        for (from, to) in [(lo + 1, hi + 1), (lo, hi)] {
            if to > from + 1 {
                let plan = [cut(0, from, false), cut(from, to, true), cut(to, len, false), none, none];
                self.offer(best, [r, r], [plan, [none; 5]]);
            }
        }
    }

    /// Ends of two trips change over, so that `u` and `v` meet: head to tail, tail to head, head to head or tail to tail.
    fn tails(&self, best: &mut Option<Move>, u: usize, v: usize) {
        let ((ru, i), (rv, j)) = (self.place[u], self.place[v]);
        let (len_u, len_v) = (self.routes[ru].len(), self.routes[rv].len());
        let none = Piece::default();
        let one = |lo: usize, hi: usize, flip: bool| Piece { route: ru, lo, hi, flip };
        let two = |lo: usize, hi: usize, flip: bool| Piece { route: rv, lo, hi, flip };
        let mut offer = |a: [Piece; 2], b: [Piece; 2]| {
            self.offer(best, [ru, rv], [[a[0], a[1], none, none, none], [b[0], b[1], none, none, none]]);
        };
        offer([one(0, i, false), two(j + 1, len_v, false)], [two(0, j + 1, false), one(i, len_u, false)]);
        offer([one(0, i + 1, false), two(j, len_v, false)], [two(0, j, false), one(i + 1, len_u, false)]);
        offer([one(0, i + 1, false), two(0, j + 1, true)], [one(i + 1, len_u, true), two(j + 1, len_v, false)]);
        offer([one(i, len_u, true), two(j, len_v, false)], [two(0, j, false), one(0, i, true)]);
    }

    /// Carries a move out and reports the stops whose surroundings changed.
    fn apply(&mut self, m: &Move, mut changed: impl FnMut(usize)) {
        let lay = |plan: &Plan| -> Vec<usize> {
            let mut out = Vec::new();
            for p in plan.iter().filter(|p| p.lo < p.hi) {
                let piece = &self.routes[p.route][p.lo..p.hi];
                if p.flip { out.extend(piece.iter().rev()) } else { out.extend(piece) }
            }
            out
        };
        let new = [lay(&m.plans[0]), lay(&m.plans[1])];
        for plan in &m.plans {
            for p in plan.iter().filter(|p| p.lo < p.hi) {
                changed(self.routes[p.route][p.lo]);
                changed(self.routes[p.route][p.hi - 1]);
            }
        }
        let [first, second] = new;
        self.routes[m.routes[0]] = first;
        self.refresh(m.routes[0]);
        if m.routes[0] != m.routes[1] {
            self.routes[m.routes[1]] = second;
            self.refresh(m.routes[1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::instance::{Arcs, Rounding};
    use super::super::near::Dense;
    use super::*;
    use proptest::prelude::*;

    fn instance(seed: u64, n: usize, symmetric: bool) -> Instance {
        let s = crate::base::Stream { key: seed };
        let point = |i: usize| ((s.unit(2 * i as u64) * 1000.0).floor(), (s.unit(2 * i as u64 + 1) * 1000.0).floor());
        let matrix = (0..n * n)
            .map(|k| {
                let (i, j) = (k / n, k % n);
                let ((ax, ay), (bx, by)) = (point(i), point(j));
                let skew = if symmetric || i == j { 0.0 } else { (s.unit(10_000 + k as u64) * 200.0).floor() };
                Rounding::Nearest.apply(((ax - bx).powi(2) + (ay - by).powi(2)).sqrt()) + skew
            })
            .collect();
        let demand = (0..n)
            .map(|i| if i == 0 { [0, 0] } else { [1 + (s.bits(5000 + i as u64) % 20) as i64, (s.bits(6000 + i as u64) % 9) as i64] })
            .collect();
        Instance::new(demand, [60, 25], None, 30.0, Arcs::Matrix(matrix)).unwrap()
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(40))]
        /// The gain a move announces is the gain it brings, and what is carried stays what it was.
        #[test]
        fn a_move_brings_what_it_announces(seed in 0u64..1_000_000, n in 6usize..40, symmetric in any::<bool>()) {
            let instance = instance(seed, n, symmetric);
            let Arcs::Matrix(m) = instance.arcs() else { unreachable!() };
            let costs = Dense::new(m, n);
            let near = Near::new(&instance, &costs, 30);
            let routes: Vec<Vec<usize>> = super::super::savings::savings(&instance, &costs, &near);
            let mut d = Descent {
                instance: &instance, costs: &costs, route_cost: vec![0.0; routes.len()], routes,
                place: vec![(0, 0); n], forth: vec![0.0; n], back: vec![0.0; n], load: vec![[0; 2]; n],
            };
            (0..d.routes.len()).for_each(|r| d.refresh(r));
            let full = |d: &Descent<'_, Dense<'_>>| d.routes.iter().map(|r| instance.trip_cost(r)).sum::<f64>();
            let served = vec![true; n];
            let mut applied = 0;
            for u in (1..n).cycle().take(4 * n) {
                if let Some(best) = d.best_move(u, &near, &served) {
                    let before = full(&d);
                    d.apply(&best, |_| {});
                    applied += 1;
                    prop_assert!((before - full(&d) - best.gain).abs() < 1e-6, "{} announced, {} brought", best.gain, before - full(&d));
                    let mut all: Vec<usize> = d.routes.iter().flatten().copied().collect();
                    all.sort_unstable();
                    prop_assert_eq!(all, (1..n).collect::<Vec<_>>());
                    for r in &d.routes {
                        let load = r.iter().fold([0, 0], |l, i| [l[0] + instance.demand(*i)[0], l[1] + instance.demand(*i)[1]]);
                        prop_assert!(instance.fits(load));
                    }
                }
            }
            prop_assert!(applied < 4 * n);
        }
    }
}
