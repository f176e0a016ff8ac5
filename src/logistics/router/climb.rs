//! Descent over any [`Piece`], through bad routes at a price (Vidal 2022, Computers & Operations Research 140): relocate and swap
//! of one to three stops, 2-opt, 2-opt* straight and turned, between each stop and those related to it (granular neighbourhoods), then SWAP* between
//! neighbouring shifts.
//!
//! A move is written as one or two new shifts made of ranges of old ones. What its changed arcs alone cost tells most moves off; the
//! others are priced by joining pieces.

use super::compiled::Compiled;
use super::draws::Draws;
use super::piece::{Piece, Weights};
use super::proximity::Proximity;
use super::shifts::Route;

/// Improvements smaller than this are rounding.
const LEAST: f64 = 1e-6;
/// Longest run of stops that relocates.
const LONGEST: usize = 3;

/// Visits `lo..hi` of a shift, turned round or not.
#[derive(Clone, Copy, Default)]
pub(super) struct Range {
    pub r: u32,
    pub lo: u32,
    pub hi: u32,
    pub flip: bool,
}

pub(super) const fn range(r: u32, lo: usize, hi: usize) -> Range {
    Range { r, lo: lo as u32, hi: hi as u32, flip: false }
}

/// Shifts under descent.
pub(super) struct Climb<'a, P> {
    pub c: &'a Compiled,
    pub node: &'a [P],
    pub near: &'a Proximity,
    pub weights: Weights,
    pub routes: Vec<Route<P>>,
    /// Penalty and money with penalty by shift.
    pub penalty: Vec<f64>,
    pub price: Vec<f64>,
    pub route_of: Vec<u32>,
    pub at: Vec<u32>,
    used: Vec<usize>,
    /// When a shift last changed, when a stop was last looked at, and when a shift last went through SWAP*.
    pub changed: Vec<u64>,
    looked: Vec<u64>,
    pub clock: u64,
    pub exchanged: Vec<u64>,
    /// Kinds with equal ends, whose shifts can trade halves.
    ends: Vec<u32>,
    order: Vec<u32>,
    scratch: [Vec<u32>; 2],
    turns: bool,
}

impl<'a, P: Piece> Climb<'a, P> {
    pub(super) fn new(c: &'a Compiled, node: &'a [P], near: &'a Proximity, weights: Weights) -> Self {
        let same = |a: usize, b: usize| {
            let (x, y) = (&c.kinds[a], &c.kinds[b]);
            (x.start, x.end, x.shift) == (y.start, y.end, y.shift)
        };
        let ends = (0..c.kinds.len()).map(|k| (0..=k).find(|o| same(*o, k)).unwrap_or(k) as u32).collect();
        Self {
            c,
            node,
            near,
            weights,
            routes: Vec::new(),
            penalty: Vec::new(),
            price: Vec::new(),
            route_of: vec![u32::MAX; c.nodes],
            at: vec![0; c.nodes],
            used: vec![0; c.kinds.len()],
            changed: Vec::new(),
            looked: vec![0; c.nodes],
            clock: 1,
            exchanged: Vec::new(),
            ends,
            order: Vec::new(),
            scratch: [Vec::new(), Vec::new()],
            turns: c.symmetric && !P::TIMED,
        }
    }

    /// Replaces all shifts.
    pub(super) fn load(&mut self, shifts: &[(u32, Vec<u32>)]) {
        self.route_of.fill(u32::MAX);
        self.used.fill(0);
        self.looked.fill(0);
        self.clock = 1;
        self.routes.truncate(shifts.len());
        for (r, (kind, visits)) in shifts.iter().enumerate() {
            if r == self.routes.len() {
                self.routes.push(Route::empty(self.c, *kind));
            }
            let route = &mut self.routes[r];
            route.kind = *kind;
            route.visits.clone_from(visits);
        }
        let n = self.routes.len();
        self.penalty.resize(n, 0.0);
        self.price.resize(n, 0.0);
        self.changed.clear();
        self.changed.resize(n, 1);
        self.exchanged.clear();
        self.exchanged.resize(n, 0);
        for r in 0..n {
            self.used[self.routes[r].kind as usize] += usize::from(!self.routes[r].visits.is_empty());
            self.refresh(r as u32);
        }
    }

    /// An unused shift of every kind that has a vehicle left.
    fn spare(&mut self) {
        for kind in 0..self.c.kinds.len() {
            let left = self.c.kinds[kind].count.is_none_or(|n| self.used[kind] < n);
            let there = self.routes.iter().any(|r| r.visits.is_empty() && r.kind as usize == kind);
            if left && !there {
                self.routes.push(Route::empty(self.c, kind as u32));
                self.penalty.push(0.0);
                self.price.push(0.0);
                self.changed.push(0);
                self.exchanged.push(0);
            }
        }
    }

    fn refresh(&mut self, r: u32) {
        let route = &mut self.routes[r as usize];
        route.refresh(self.c, self.node);
        let kind = &self.c.kinds[route.kind as usize];
        let none = route.visits.is_empty();
        self.penalty[r as usize] = if none { 0.0 } else { route.whole().penalty(kind, &self.weights) };
        self.price[r as usize] = route.cost + self.penalty[r as usize];
        for (p, &v) in route.visits.iter().enumerate() {
            self.route_of[v as usize] = r;
            self.at[v as usize] = p as u32;
        }
    }

    /// Kinds and visits of the shifts in use.
    pub(super) fn written(&self) -> Vec<(u32, Vec<u32>)> {
        self.routes.iter().filter(|r| !r.visits.is_empty()).map(|r| (r.kind, r.visits.clone())).collect()
    }

    /// Money with penalty of a shift to come.
    pub(super) fn worth(&self, kind: u32, plan: &[Range]) -> f64 {
        let (c, k) = (self.c, &self.c.kinds[kind as usize]);
        let mut so_far: Option<P> = None;
        for (i, x) in plan.iter().enumerate().filter(|(_, x)| x.lo < x.hi) {
            let route = &self.routes[x.r as usize];
            let alike = self.ends[route.kind as usize] == self.ends[kind as usize];
            let last = plan[i + 1..].iter().all(|y| y.lo >= y.hi);
            match &so_far {
                None if x.lo == 0 && !x.flip && alike => so_far = Some(route.forth[x.hi as usize]),
                Some(p) if last && x.hi as usize == route.visits.len() && !x.flip && alike => {
                    let whole = p.join(c, &route.back[x.lo as usize]);
                    return whole.cost(k) + whole.penalty(k, &self.weights);
                }
                _ => {
                    let mut p = so_far.unwrap_or_else(|| P::edge(c, k, k.start as u32));
                    let visits = &route.visits[x.lo as usize..x.hi as usize];
                    if let Some(run) = P::run(route, x.lo as usize, x.hi as usize, x.flip, self.turns) {
                        p = p.join(c, &run);
                    } else if x.flip {
                        visits.iter().rev().for_each(|v| p = p.join(c, &self.node[*v as usize]));
                    } else {
                        visits.iter().for_each(|v| p = p.join(c, &self.node[*v as usize]));
                    }
                    so_far = Some(p);
                }
            }
        }
        let Some(p) = so_far else { return 0.0 };
        let whole = p.join(c, &P::edge(c, k, k.end as u32));
        whole.cost(k) + whole.penalty(k, &self.weights)
    }

    /// Does a move that turns shift `a` (and `b`, if another) into these plans pay? Then it is done.
    pub(super) fn attempt(&mut self, a: u32, b: u32, plan_a: &[Range], plan_b: &[Range]) -> bool {
        let before = self.price[a as usize] + if a == b { 0.0 } else { self.price[b as usize] };
        let first = self.worth(self.routes[a as usize].kind, plan_a);
        if first >= before - LEAST {
            return false;
        }
        let after = first + if a == b { 0.0 } else { self.worth(self.routes[b as usize].kind, plan_b) };
        if after >= before - LEAST {
            return false;
        }
        self.clock += 1;
        let mut fresh = std::mem::take(&mut self.scratch);
        for (list, plan) in fresh.iter_mut().zip([plan_a, plan_b]) {
            list.clear();
            for x in plan.iter().filter(|x| x.lo < x.hi) {
                let visits = &self.routes[x.r as usize].visits[x.lo as usize..x.hi as usize];
                if x.flip {
                    list.extend(visits.iter().rev());
                } else {
                    list.extend(visits);
                }
            }
        }
        for (r, list) in [a, b].into_iter().zip(&mut fresh).take(if a == b { 1 } else { 2 }) {
            let route = &mut self.routes[r as usize];
            if P::FULL {
                super::rebuild::tidy(self.c, list);
            }
            let (was, is) = (!route.visits.is_empty(), !list.is_empty());
            std::mem::swap(&mut route.visits, list);
            let used = &mut self.used[route.kind as usize];
            *used = *used + usize::from(is) - usize::from(was);
            self.changed[r as usize] = self.clock;
            self.refresh(r);
        }
        self.scratch = fresh;
        true
    }

    /// What an arc costs a kind of vehicle at least.
    #[inline(always)]
    pub(super) fn arc(&self, kind: u32, a: u32, b: u32) -> f64 {
        let k = &self.c.kinds[kind as usize];
        let way = k.per_distance * self.c.distance(a, b);
        if P::TIMED && k.per_time > 0.0 { way + k.per_time * self.c.duration(a, b) } else { way }
    }

    /// Descends to a local optimum.
    pub(super) fn run(&mut self, draws: &mut Draws) {
        self.order.clear();
        self.order.extend(self.c.stops());
        draws.shuffle(&mut self.order);
        let order = std::mem::take(&mut self.order);
        let mut first = true;
        loop {
            let before = self.clock;
            self.spare();
            for &u in &order {
                if self.route_of[u as usize] == u32::MAX {
                    continue;
                }
                let last = self.looked[u as usize];
                self.looked[u as usize] = self.clock;
                let near = self.near;
                for &v in near.of(u) {
                    let (a, b) = (self.route_of[u as usize], self.route_of[v as usize]);
                    if b == u32::MAX || self.changed[a as usize].max(self.changed[b as usize]) <= last {
                        continue;
                    }
                    // after a move the same pair may have another
                    while self.pair(u, v) {}
                }
                if !first && self.changed[self.route_of[u as usize] as usize] > last {
                    while self.send_out(u) {}
                }
            }
            if self.clock > before || first {
                first = false;
                continue;
            }
            if !self.exchange_all() {
                break;
            }
        }
        self.order = order;
    }

    /// Tries all moves that bring `u` and `v` together.
    fn pair(&mut self, u: u32, v: u32) -> bool {
        let (a, b) = (self.route_of[u as usize], self.route_of[v as usize]);
        let (i, j) = (self.at[u as usize] as usize, self.at[v as usize] as usize);
        if a == b { self.within(a, i, j) } else { self.between(a, b, i, j) }
    }

    fn between(&mut self, a: u32, b: u32, i: usize, j: usize) -> bool {
        let (ra, rb) = (&self.routes[a as usize], &self.routes[b as usize]);
        let (ka, kb) = (ra.kind, rb.kind);
        let (n, m) = (ra.visits.len(), rb.visits.len());
        let (xa, xb) = (&self.c.kinds[ka as usize], &self.c.kinds[kb as usize]);
        // what could be won beyond the arcs: the penalties there are
        let allowance = self.penalty[a as usize] + self.penalty[b as usize] - LEAST;
        let (pa, pb) = (ra.before(xa, i), rb.before(xb, j));
        // the nodes from both positions on, the end repeated
        let x: [u32; LONGEST + 1] = std::array::from_fn(|k| ra.at(xa, i + k));
        let y: [u32; LONGEST + 1] = std::array::from_fn(|k| rb.at(xb, j + k));
        let (u, v) = (x[0], y[0]);
        let (longest_a, longest_b) = (self.longest(&x, n - i), self.longest(&y, m - j));
        let o = Range::default();
        macro_rules! offer {
            ($delta:expr, $a:expr, $b:expr) => {
                if $delta < allowance && self.attempt(a, b, &$a, &$b) {
                    return true;
                }
            };
        }
        // relocate a run that begins with u behind v, or before v where v is first
        let mut inner = 0.0;
        for len in 1..=longest_a {
            let end = x[len - 1];
            if len > 1 {
                inner += self.arc(kb, x[len - 2], end) - self.arc(ka, x[len - 2], end);
            }
            let out = self.arc(ka, pa, x[len]) - self.arc(ka, pa, u) - self.arc(ka, end, x[len]) + inner;
            let rest = [range(a, 0, i), range(a, i + len, n)];
            let run = range(a, i, i + len);
            let gap = self.arc(kb, v, y[1]);
            offer!(out + self.arc(kb, v, u) + self.arc(kb, end, y[1]) - gap, rest, [range(b, 0, j + 1), run, range(b, j + 1, m)]);
            if len > 1 {
                let run = Range { flip: true, ..run };
                offer!(out + self.arc(kb, v, end) + self.arc(kb, u, y[1]) - gap, rest, [range(b, 0, j + 1), run, range(b, j + 1, m)]);
            }
            if j == 0 {
                let front = self.arc(kb, pb, u) + self.arc(kb, end, v) - self.arc(kb, pb, v);
                offer!(out + front, rest, [run, range(b, 0, m), o]);
            }
        }
        // swap a run that begins with u and one that begins with v
        for len in 1..=longest_a.min(2) {
            let end = x[len - 1];
            for other in 1..=len.min(longest_b) {
                let last = y[other - 1];
                let mut delta = self.arc(ka, pa, v) + self.arc(ka, last, x[len]) - self.arc(ka, pa, u) - self.arc(ka, end, x[len]);
                delta += self.arc(kb, pb, u) + self.arc(kb, end, y[other]) - self.arc(kb, pb, v) - self.arc(kb, last, y[other]);
                offer!(
                    delta,
                    [range(a, 0, i), range(b, j, j + other), range(a, i + len, n)],
                    [range(b, 0, j), range(a, i, i + len), range(b, j + other, m)]
                );
            }
        }
        // a vehicle that reloads keeps its halves: they may not add up to the reloads allowed
        if ka == kb && !(P::FULL && self.c.kinds[ka as usize].reloads > 0) {
            // the tails change places: u is followed by v
            let delta = self.arc(ka, u, v) + self.arc(ka, pb, x[1]) - self.arc(ka, u, x[1]) - self.arc(ka, pb, v);
            offer!(delta, [range(a, 0, i + 1), range(b, j, m)], [range(b, 0, j), range(a, i + 1, n)]);
            if self.turns {
                let delta = self.arc(ka, u, v) + self.arc(ka, x[1], y[1]) - self.arc(ka, u, x[1]) - self.arc(ka, v, y[1]);
                let turned = |r: Range| Range { flip: true, ..r };
                offer!(delta, [range(a, 0, i + 1), turned(range(b, 0, j + 1))], [turned(range(a, i + 1, n)), range(b, j + 1, m)]);
            }
        }
        false
    }

    /// How many of these nodes are stops, as far as there are visits.
    fn longest(&self, nodes: &[u32; LONGEST + 1], visits: usize) -> usize {
        nodes.iter().take(LONGEST.min(visits)).take_while(|s| !self.c.is_depot(**s)).count()
    }

    fn within(&mut self, r: u32, i: usize, j: usize) -> bool {
        let route = &self.routes[r as usize];
        let kind = &self.c.kinds[route.kind as usize];
        let k = route.kind;
        let n = route.visits.len();
        let allowance = self.penalty[r as usize] - LEAST;
        let x: [u32; LONGEST + 1] = std::array::from_fn(|q| route.at(kind, i + q));
        let (pu, pv) = (route.before(kind, i), route.before(kind, j));
        let (u, v, y, z) = (x[0], route.at(kind, j), route.at(kind, j + 1), route.before(kind, j));
        let longest = self.longest(&x, n - i);
        let o = Range::default();
        macro_rules! offer {
            ($delta:expr, $x:expr) => {
                if $delta < allowance && self.attempt(r, r, &$x, &[]) {
                    return true;
                }
            };
        }
        for len in 1..=longest {
            if j >= i && j < i + len {
                break;
            }
            let end = x[len - 1];
            let out = self.arc(k, pu, x[len]) - self.arc(k, pu, u) - self.arc(k, end, x[len]);
            // behind v, or in front of it where it is the first
            for (q, left, right) in [(j + 1, v, y), (j, z, v)] {
                if (q == j && j > 0) || q == i {
                    continue;
                }
                let gap = self.arc(k, left, right);
                let run = range(r, i, i + len);
                let plan = |run: Range| {
                    if q > i {
                        [range(r, 0, i), range(r, i + len, q), run, range(r, q, n)]
                    } else {
                        [range(r, 0, q), run, range(r, q, i), range(r, i + len, n)]
                    }
                };
                offer!(out + self.arc(k, left, u) + self.arc(k, end, right) - gap, plan(run));
                if len > 1 {
                    offer!(out + self.arc(k, left, end) + self.arc(k, u, right) - gap, plan(Range { flip: true, ..run }));
                }
            }
        }
        let (low, high) = (i.min(j), i.max(j));
        if high > low + 1 {
            // u and v change places
            let next = |p: usize| self.routes[r as usize].at(&self.c.kinds[k as usize], p);
            let (a, b, first, last) = (next(low), next(high), next(low + 1), next(high - 1));
            let (ahead, behind) = (if i < j { pu } else { pv }, next(high + 1));
            let delta = self.arc(k, ahead, b) + self.arc(k, b, first) + self.arc(k, last, a) + self.arc(k, a, behind)
                - self.arc(k, ahead, a)
                - self.arc(k, a, first)
                - self.arc(k, last, b)
                - self.arc(k, b, behind);
            let plan = [range(r, 0, low), range(r, high, high + 1), range(r, low + 1, high), range(r, low, low + 1), range(r, high + 1, n)];
            offer!(delta, plan);
            // turn what lies between, so that u and v meet
            let turned = |lo: usize, hi: usize| Range { flip: true, ..range(r, lo, hi) };
            if i < j {
                let delta = self.arc(k, u, v) + self.arc(k, first, y) - self.arc(k, u, first) - self.arc(k, v, y);
                offer!(delta, [range(r, 0, i + 1), turned(i + 1, j + 1), range(r, j + 1, n), o]);
            } else {
                let delta = self.arc(k, pv, pu) + self.arc(k, v, u) - self.arc(k, pv, v) - self.arc(k, pu, u);
                offer!(delta, [range(r, 0, j), turned(j, i), range(r, i, n), o]);
            }
        }
        false
    }

    /// `u`, or all from `u` on, in an unused vehicle.
    fn send_out(&mut self, u: u32) -> bool {
        let a = self.route_of[u as usize];
        let i = self.at[u as usize] as usize;
        let n = self.routes[a as usize].visits.len();
        if n == 1 && self.c.kinds.len() == 1 {
            return false;
        }
        for kind in 0..self.c.kinds.len() as u32 {
            let Some(e) = self.routes.iter().position(|r| r.visits.is_empty() && r.kind == kind) else { continue };
            if self.c.kinds[kind as usize].count.is_some_and(|m| self.used[kind as usize] >= m) {
                continue;
            }
            let e = e as u32;
            if self.attempt(a, e, &[range(a, 0, i), range(a, i + 1, n)], &[range(a, i, i + 1)])
                || self.attempt(a, e, &[range(a, 0, i)], &[range(a, i, n)])
            {
                self.spare();
                return true;
            }
        }
        false
    }
}
