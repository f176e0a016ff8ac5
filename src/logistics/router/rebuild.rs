//! Slack induction by string removals over any [`Piece`] (Christiaens & Vanden Berghe 2020, Transportation Science 54(2)): strings of
//! neighbouring stops leave nearby shifts and come back greedily with blinks, under simulated annealing.
//!
//! Beyond the paper: a mixed fleet (an unused vehicle of each kind is a place like any other; changed shifts go to the cheapest
//! kind that is left), reloads (a stop may come with one), and stops that may stay out for their price.

use super::compiled::Compiled;
use super::draws::Draws;
use super::piece::Piece;
use super::proximity::Proximity;
use super::shifts::{NOWHERE, Route, Shifts};

const MEAN_REMOVED: f64 = 10.0;
const LONGEST_STRING: f64 = 10.0;
const SPLIT: f64 = 0.5;
const SPLIT_DEPTH: f64 = 0.01;
const BLINK: f64 = 0.01;
/// How often prices count for more than they are, so that stops worth serving only together are found.
const FORCE: f64 = 0.1;
/// Optional stops tried again in one iteration.
const MOST_RETRIED: usize = 10;
/// Up to this many stops every position is tried.
const EVERYWHERE: usize = 150;

/// A place for a stop.
#[derive(Clone, Copy)]
struct Place {
    cost: f64,
    route: u32,
    position: u32,
    /// A reload with it: before (1), after (2) or none (0), and at which depot.
    reload: (u8, u32),
    /// An unused vehicle of this kind: for the stop alone, or for the whole shift in place of the one that has it.
    kind: u32,
}

const NO_PLACE: Place = Place { cost: f64::INFINITY, route: NOWHERE, position: 0, reload: (0, 0), kind: NOWHERE };

/// Shifts in the making and working memory.
pub(super) struct Rebuild<'a, P> {
    pub shifts: Shifts<'a, P>,
    near: &'a Proximity,
    pub draws: Draws,
    /// Stops on no shift: those that must be served, and those that need not.
    pub missing: Vec<u32>,
    pub skipped: Vec<u32>,
    kept_missing: Vec<u32>,
    kept_skipped: Vec<u32>,
    skipped_cost: f64,
    kept_skipped_cost: f64,
    hardness: Vec<u64>,
    removed: Vec<u32>,
    ruined: Vec<u32>,
    to_blink: u32,
    keys: Vec<(f64, u32)>,
}

impl<'a, P: Piece> Rebuild<'a, P> {
    /// Nothing is served yet.
    pub(super) fn new(c: &'a Compiled, node: &'a [P], near: &'a Proximity, mut draws: Draws) -> Self {
        let (skipped, missing): (Vec<u32>, Vec<u32>) = c.stops().partition(|s| c.prize[*s as usize].is_finite());
        let skipped_cost = skipped.iter().map(|s| c.prize[*s as usize]).sum();
        Self {
            shifts: Shifts::new(c, node),
            near,
            to_blink: draws.until(BLINK),
            draws,
            kept_missing: missing.clone(),
            kept_skipped: skipped.clone(),
            missing,
            skipped,
            skipped_cost,
            kept_skipped_cost: skipped_cost,
            hardness: vec![1; c.nodes],
            removed: Vec::new(),
            ruined: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Money of shifts and of stops left out.
    pub(super) fn cost(&self) -> f64 {
        self.shifts.cost + self.skipped_cost
    }

    /// Puts everything that is out back in, for the first time.
    pub(super) fn build(&mut self) {
        self.removed.clear();
        self.removed.append(&mut self.missing);
        self.removed.append(&mut self.skipped);
        self.skipped_cost = 0.0;
        self.recreate(false);
        self.keep();
    }

    /// Replaces the shifts; the stops on none of them are out.
    pub(super) fn load(&mut self, shifts: &[(u32, Vec<u32>)]) {
        self.shifts.load(shifts);
        self.missing.clear();
        self.skipped.clear();
        self.skipped_cost = 0.0;
        for s in self.shifts.c.stops().filter(|s| self.shifts.route_of[*s as usize] == NOWHERE) {
            let prize = self.shifts.c.prize[s as usize];
            if prize.is_finite() {
                self.skipped.push(s);
                self.skipped_cost += prize;
            } else {
                self.missing.push(s);
            }
        }
        self.keep();
    }

    fn keep(&mut self) {
        self.shifts.keep();
        self.kept_missing.clone_from(&self.missing);
        self.kept_skipped.clone_from(&self.skipped);
        self.kept_skipped_cost = self.skipped_cost;
    }

    /// One ruin and recreate at a temperature; true when the result is kept.
    pub(super) fn step(&mut self, temperature: f64) -> bool {
        self.removed.clear();
        self.ruin();
        self.removed.append(&mut self.missing);
        if !self.skipped.is_empty() {
            for _ in 0..MOST_RETRIED.min(self.skipped.len()) {
                let k = self.draws.below(self.skipped.len());
                let s = self.skipped.swap_remove(k);
                self.skipped_cost -= self.shifts.c.prize[s as usize];
                self.removed.push(s);
            }
        }
        let force = self.shifts.c.optional && self.draws.unit() < FORCE;
        self.recreate(force);
        let weight = |list: &[u32]| list.iter().map(|i| self.hardness[*i as usize]).sum::<u64>();
        let (new, old) = (weight(&self.missing), weight(&self.kept_missing));
        let kept = self.shifts.kept_cost() + self.kept_skipped_cost;
        // where a detour is shorter than the straight way, leaving a stop out can make the rest late
        let sound = !P::TIMED
            || self.shifts.changed().iter().all(|r| {
                let route = &self.shifts.routes[*r as usize];
                route.visits.is_empty() || route.whole().feasible(&self.shifts.c.kinds[route.kind as usize])
            });
        let cooler = self.cost() < kept - temperature * self.draws.unit().ln();
        let accepted = sound && (new < old || new == old && cooler);
        for &i in &self.missing {
            self.hardness[i as usize] += 1;
        }
        if accepted {
            self.keep();
        } else {
            self.shifts.undo();
            self.missing.clone_from(&self.kept_missing);
            self.skipped.clone_from(&self.kept_skipped);
            self.skipped_cost = self.kept_skipped_cost;
        }
        accepted
    }

    fn ruin(&mut self) {
        let c = self.shifts.c;
        self.ruined.clear();
        let stops = c.nodes - c.depots;
        let longest = LONGEST_STRING.min(stops as f64 / self.shifts.in_use().max(1) as f64).max(1.0);
        let most = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
        let strings = (self.draws.unit() * most + 1.0) as usize;
        let seed = (c.depots + self.draws.below(stops)) as u32;
        let near = self.near;
        for stop in std::iter::once(seed).chain(near.around(seed).iter().copied()) {
            if self.ruined.len() >= strings {
                break;
            }
            let r = self.shifts.route_of[stop as usize];
            if r == NOWHERE || self.ruined.contains(&r) {
                continue;
            }
            self.ruined.push(r);
            let size = self.shifts.routes[r as usize].visits.len();
            let length = ((self.draws.unit() * longest.min(size as f64)) as usize + 1).min(size);
            self.take_string(r, stop, length);
        }
    }

    fn take_string(&mut self, r: u32, stop: u32, length: usize) {
        let c = self.shifts.c;
        let size = self.shifts.routes[r as usize].visits.len();
        let mut stay = 0;
        if length > 1 && length < size && self.draws.unit() < SPLIT {
            stay = 1;
            while length + stay < size && self.draws.unit() < SPLIT_DEPTH {
                stay += 1;
            }
        }
        let span = length + stay;
        let at = self.shifts.at[stop as usize] as usize;
        let (low, high) = ((at + 1).saturating_sub(span), at.min(size - span));
        let from = low + self.draws.below(high - low + 1);
        let keep_from = from + if stay == 0 { span } else { 1 + self.draws.below(length - 1) };
        let removed = &mut self.removed;
        self.shifts.set(r, |visits| {
            let mut p = 0;
            visits.retain(|&v| {
                // a reload stays: without it what is left might not fit
                let out = p >= from && p < from + span && !(p >= keep_from && p < keep_from + stay) && !c.is_depot(v);
                p += 1;
                if out {
                    removed.push(v);
                }
                !out
            });
            if P::FULL {
                tidy(c, visits);
            }
        });
    }

    fn recreate(&mut self, force: bool) {
        self.order();
        for k in 0..self.removed.len() {
            let stop = self.removed[k];
            let prize = self.shifts.c.prize[stop as usize];
            let place = self.best_place(stop);
            let worth = if force && prize.is_finite() { prize / self.draws.unit() } else { prize };
            if place.cost >= worth || place.cost == f64::INFINITY {
                if prize.is_finite() {
                    self.skipped.push(stop);
                    self.skipped_cost += prize;
                } else {
                    self.missing.push(stop);
                }
                continue;
            }
            if place.kind != NOWHERE && place.route == NOWHERE {
                self.shifts.open(place.kind as usize, stop);
                continue;
            }
            let p = place.position as usize;
            if place.kind != NOWHERE {
                self.shifts.change_kind(place.route, place.kind as usize);
            }
            match place.reload {
                (0, _) => self.shifts.insert(stop, place.route, p),
                (1, depot) => self.shifts.set(place.route, |v| drop(v.splice(p..p, [depot, stop]))),
                (_, depot) => self.shifts.set(place.route, |v| drop(v.splice(p..p, [stop, depot]))),
            }
        }
        if P::FULL || self.shifts.c.kinds.len() > 1 {
            self.polish();
        }
    }

    /// The order in which removed stops come back: random, by demand, far or near (4:4:2:1), and with clocks by width and by either end of their
    /// window (2 each).
    fn order(&mut self) {
        let c = self.shifts.c;
        let which = self.draws.below(if P::TIMED { 17 } else { 11 });
        if which < 4 {
            self.draws.shuffle(&mut self.removed);
            return;
        }
        let capacity = &c.kinds[0].capacity;
        let to_depot = |i: usize| c.distance[i];
        let key = |i: usize| match which {
            4..8 => {
                let (d, p) = (&c.delivery[i], &c.pickup[i]);
                -(0..d.len()).map(|k| d[k].max(p[k]) as f64 / capacity[k].max(1) as f64).fold(0.0, f64::max)
            }
            8..10 => -to_depot(i),
            10 => to_depot(i),
            11 | 12 => c.late[i] - c.early[i],
            13 | 14 => c.early[i],
            _ => -c.late[i],
        };
        self.keys.clear();
        self.keys.extend(self.removed.iter().map(|&i| (key(i as usize), i)));
        self.keys.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.removed.clear();
        self.removed.extend(self.keys.iter().map(|k| k.1));
    }

    fn best_place(&mut self, stop: u32) -> Place {
        let c = self.shifts.c;
        let mut best = NO_PLACE;
        if c.nodes - c.depots <= EVERYWHERE {
            self.everywhere(stop, &mut best);
        } else {
            let near = self.near;
            for &u in near.of(stop) {
                let r = self.shifts.route_of[u as usize];
                if r == NOWHERE {
                    continue;
                }
                let p = self.shifts.at[u as usize];
                self.try_at(stop, r, p, &mut best);
                self.try_at(stop, r, p + 1, &mut best);
            }
            if best.route == NOWHERE {
                self.everywhere(stop, &mut best);
            }
        }
        for kind in 0..c.kinds.len() {
            if self.shifts.left(kind) {
                let k = &c.kinds[kind];
                let alone = P::edge(c, k, k.start as u32).join(c, &self.shifts.node[stop as usize]).join(c, &P::edge(c, k, k.end as u32));
                if alone.feasible(k) && alone.cost(k) < best.cost {
                    best = Place { cost: alone.cost(k), kind: kind as u32, ..NO_PLACE };
                }
            }
        }
        best
    }

    fn everywhere(&mut self, stop: u32, best: &mut Place) {
        for r in 0..self.shifts.routes.len() {
            let route = &self.shifts.routes[r];
            if route.visits.is_empty() || self.overloads(route, &self.shifts.node[stop as usize]) {
                continue;
            }
            for p in 0..=self.shifts.routes[r].visits.len() {
                self.try_at(stop, r as u32, p as u32, best);
            }
        }
    }

    /// Does the load alone keep the stop from the shift, whichever vehicle took it over?
    #[inline]
    fn overloads(&self, route: &Route<P>, node: &P) -> bool {
        let c = self.shifts.c;
        let over = |k: usize| route.whole().overloads(node, &c.kinds[k]);
        over(route.kind as usize) && c.alike[route.kind as usize].iter().all(|k| !self.shifts.left(*k as usize) || over(*k as usize))
    }

    #[inline]
    fn try_at(&mut self, stop: u32, r: u32, position: u32, best: &mut Place) {
        let c = self.shifts.c;
        let route = &self.shifts.routes[r as usize];
        let kind = &c.kinds[route.kind as usize];
        let p = position as usize;
        let node = &self.shifts.node[stop as usize];
        let (a, b) = (route.before(kind, p), route.at(kind, p));
        // what the way alone adds is the least it can cost
        let way = kind.per_distance * (c.distance(a, stop) + c.distance(stop, b) - c.distance(a, b));
        if way >= best.cost || self.overloads(route, node) {
            return;
        }
        if self.to_blink == 0 {
            self.to_blink = self.draws.until(BLINK);
            return;
        }
        self.to_blink -= 1;
        let route = &self.shifts.routes[r as usize];
        let whole = route.forth[p].join(c, node).join(c, &route.back[p]);
        if whole.feasible(kind) {
            let cost = whole.cost(kind) - route.cost;
            if cost < best.cost {
                *best = Place { cost, route: r, position, reload: (0, 0), kind: NOWHERE };
            }
        } else {
            // a larger vehicle may take the shift over
            for &other in &c.alike[route.kind as usize] {
                let k = &c.kinds[other as usize];
                if self.shifts.left(other as usize) && whole.feasible(k) {
                    let cost = whole.cost(k) - route.cost;
                    if cost < best.cost {
                        *best = Place { cost, route: r, position, reload: (0, 0), kind: other };
                    }
                }
            }
        }
        if P::FULL && kind.reloads > 0 && route.reloads(c) < kind.reloads {
            for &depot in &kind.reload_at {
                let reload = &self.shifts.node[depot];
                for side in 1..=2 {
                    if side == 1 && p == 0 || side == 2 && p == route.visits.len() {
                        continue;
                    }
                    let pair = if side == 1 { reload.join(c, node) } else { node.join(c, reload) };
                    let whole = route.forth[p].join(c, &pair).join(c, &route.back[p]);
                    if whole.feasible(kind) && whole.cost(kind) - route.cost < best.cost {
                        let cost = whole.cost(kind) - route.cost;
                        *best = Place { cost, route: r, position, reload: (side, depot as u32), kind: NOWHERE };
                    }
                }
            }
        }
    }

    /// Drops reloads that are not needed and gives changed shifts to the cheapest vehicle.
    fn polish(&mut self) {
        let c = self.shifts.c;
        for k in 0..self.shifts.changed().len() {
            let r = self.shifts.changed()[k];
            if self.shifts.routes[r as usize].visits.is_empty() {
                continue;
            }
            if P::FULL {
                loop {
                    let route = &self.shifts.routes[r as usize];
                    let kind = &c.kinds[route.kind as usize];
                    let needless = (0..route.visits.len()).find(|&p| {
                        c.is_depot(route.visits[p]) && {
                            let without = route.forth[p].join(c, &route.back[p + 1]);
                            without.feasible(kind) && without.cost(kind) <= route.cost
                        }
                    });
                    let Some(p) = needless else { break };
                    self.shifts.set(r, |v| {
                        v.remove(p);
                    });
                }
            }
            let route = &self.shifts.routes[r as usize];
            let mut best = (route.cost - 1e-9, NOWHERE);
            for (i, kind) in c.kinds.iter().enumerate() {
                if i == route.kind as usize || !self.shifts.left(i) {
                    continue;
                }
                // another kind may reload elsewhere
                if P::FULL && route.visits.iter().any(|v| c.is_depot(*v) && !kind.reload_at.contains(&(*v as usize))) {
                    continue;
                }
                let whole = whole_by(c, self.shifts.node, i, &route.visits);
                if whole.feasible(kind) && whole.cost(kind) < best.0 {
                    best = (whole.cost(kind), i as u32);
                }
            }
            if best.1 != NOWHERE {
                self.shifts.change_kind(r, best.1 as usize);
            } else if !c.alike[route.kind as usize].is_empty() {
                self.exchange(r);
            }
        }
    }

    /// Two shifts change vehicles where that is cheaper and both can.
    fn exchange(&mut self, r: u32) {
        let c = self.shifts.c;
        let a = &self.shifts.routes[r as usize];
        // vehicles that are left were tried already
        let scarce = |k: u32| !self.shifts.left(k as usize);
        if c.alike[a.kind as usize].iter().all(|k| !scarce(*k)) {
            return;
        }
        if P::FULL && a.visits.iter().any(|v| c.is_depot(*v)) {
            return;
        }
        let mut best = (-1e-9, NOWHERE);
        for (i, b) in self.shifts.routes.iter().enumerate() {
            if b.visits.is_empty() || b.kind == a.kind || !scarce(b.kind) || !c.alike[a.kind as usize].contains(&b.kind) {
                continue;
            }
            if P::FULL && b.visits.iter().any(|v| c.is_depot(*v)) {
                continue;
            }
            let (ka, kb) = (&c.kinds[a.kind as usize], &c.kinds[b.kind as usize]);
            let gain = a.whole().cost(kb) + b.whole().cost(ka) - a.cost - b.cost;
            if gain < best.0 && a.whole().feasible(kb) && b.whole().feasible(ka) {
                best = (gain, i as u32);
            }
        }
        if best.1 != NOWHERE {
            let kind = self.shifts.routes[r as usize].kind as usize;
            let other = self.shifts.routes[best.1 as usize].kind as usize;
            self.shifts.change_kind(r, other);
            self.shifts.change_kind(best.1, kind);
        }
    }
}

/// Visits driven by a kind of vehicle.
pub(super) fn whole_by<P: Piece>(c: &Compiled, node: &[P], kind: usize, visits: &[u32]) -> P {
    let k = &c.kinds[kind];
    let mut piece = P::edge(c, k, k.start as u32);
    for &v in visits {
        piece = piece.join(c, &node[v as usize]);
    }
    piece.join(c, &P::edge(c, k, k.end as u32))
}

/// Removes reloads with nothing to do.
pub(super) fn tidy(c: &Compiled, visits: &mut Vec<u32>) {
    while visits.last().is_some_and(|v| c.is_depot(*v)) {
        visits.pop();
    }
    let mut before_is_depot = true;
    visits.retain(|v| {
        let is = c.is_depot(*v);
        let keep = !(is && before_is_depot);
        before_is_depot = is;
        keep
    });
}
