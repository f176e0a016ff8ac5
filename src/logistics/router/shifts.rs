//! Shifts as arrays of visits with the pieces from their start and to their end, so that any insertion is priced in constant
//! time, and any number of changes can be taken back.

use super::compiled::Compiled;
use super::model::Kind;
use super::piece::Piece;

/// On no shift.
pub(super) const NOWHERE: u32 = u32::MAX;

/// One vehicle's visits: stops, and depots where it reloads.
#[derive(Clone)]
pub(super) struct Route<P> {
    pub kind: u32,
    pub visits: Vec<u32>,
    /// `forth[p]`: from the start through the visit before position `p`; the last one is the whole shift.
    pub forth: Vec<P>,
    /// `back[p]`: from the visit at position `p` to the end.
    pub back: Vec<P>,
    pub cost: f64,
}

impl<P: Piece> Route<P> {
    pub(super) fn empty(c: &Compiled, kind: u32) -> Self {
        let mut r = Self { kind, visits: Vec::new(), forth: Vec::new(), back: Vec::new(), cost: 0.0 };
        r.refresh(c, &[]);
        r
    }

    /// The whole shift.
    #[inline(always)]
    pub(super) fn whole(&self) -> &P {
        // `refresh` leaves two pieces at least
        &self.forth[self.visits.len() + 1]
    }
    /// The node before position `p`.
    #[inline(always)]
    pub(super) fn before(&self, kind: &Kind, p: usize) -> u32 {
        if p == 0 { kind.start as u32 } else { self.visits[p - 1] }
    }
    /// The node at position `p`.
    #[inline(always)]
    pub(super) fn at(&self, kind: &Kind, p: usize) -> u32 {
        self.visits.get(p).copied().unwrap_or(kind.end as u32)
    }
    /// Visits that are reloads.
    pub(super) fn reloads(&self, c: &Compiled) -> usize {
        self.visits.iter().filter(|v| c.is_depot(**v)).count()
    }

    /// Recomputes all pieces.
    pub(super) fn refresh(&mut self, c: &Compiled, node: &[P]) {
        let kind = &c.kinds[self.kind as usize];
        let end = P::edge(c, kind, kind.end as u32);
        self.forth.clear();
        self.forth.push(P::edge(c, kind, kind.start as u32));
        for (p, &v) in self.visits.iter().enumerate() {
            let next = self.forth[p].join(c, &node[v as usize]);
            self.forth.push(next);
        }
        self.close(c, end);
        let n = self.visits.len();
        self.back.clear();
        self.back.resize(n + 1, end);
        for p in (0..n).rev() {
            self.back[p] = node[self.visits[p] as usize].join(c, &self.back[p + 1]);
        }
    }

    fn close(&mut self, c: &Compiled, end: P) {
        let n = self.visits.len();
        let whole = self.forth[n].join(c, &end);
        self.forth.push(whole);
        self.cost = if n == 0 { 0.0 } else { whole.cost(&c.kinds[self.kind as usize]) };
    }

    /// Recomputes the pieces that a visit new at position `p` changes.
    fn refresh_at(&mut self, c: &Compiled, node: &[P], p: usize) {
        let end = self.back[self.visits.len() - 1];
        self.forth.truncate(p + 1);
        for q in p..self.visits.len() {
            let next = self.forth[q].join(c, &node[self.visits[q] as usize]);
            self.forth.push(next);
        }
        self.close(c, end);
        self.back.insert(p, end);
        for q in (0..=p).rev() {
            self.back[q] = node[self.visits[q] as usize].join(c, &self.back[q + 1]);
        }
    }
}

/// All shifts, and what they were before the changes since the last [`Shifts::keep`].
pub(super) struct Shifts<'a, P> {
    pub c: &'a Compiled,
    pub node: &'a [P],
    pub routes: Vec<Route<P>>,
    /// Shift and position of each stop.
    pub route_of: Vec<u32>,
    pub at: Vec<u32>,
    /// Vehicles in use by kind.
    pub used: Vec<usize>,
    /// Shifts without visits, the next to be used last.
    free: Vec<u32>,
    /// Money of all shifts.
    pub cost: f64,
    saved: Vec<Route<P>>,
    saved_of: Vec<u32>,
    is_saved: Vec<bool>,
    kept_cost: f64,
}

/// The pieces of every node.
pub(super) fn nodes<P: Piece>(c: &Compiled) -> Vec<P> {
    (0..c.nodes as u32).map(|i| P::node(c, i)).collect()
}

impl<'a, P: Piece> Shifts<'a, P> {
    pub(super) fn new(c: &'a Compiled, node: &'a [P]) -> Self {
        Self {
            c,
            node,
            routes: Vec::new(),
            route_of: vec![NOWHERE; c.nodes],
            at: vec![0; c.nodes],
            used: vec![0; c.kinds.len()],
            free: Vec::new(),
            cost: 0.0,
            saved: Vec::new(),
            saved_of: Vec::new(),
            is_saved: Vec::new(),
            kept_cost: 0.0,
        }
    }

    /// Shifts in use.
    pub(super) fn in_use(&self) -> usize {
        self.routes.len() - self.free.len()
    }
    /// Is a vehicle of this kind left?
    #[inline]
    pub(super) fn left(&self, kind: usize) -> bool {
        self.c.kinds[kind].count.is_none_or(|n| self.used[kind] < n)
    }

    /// Remembers a shift as it is, once between two [`Shifts::keep`]s.
    fn save(&mut self, r: u32) {
        if self.is_saved[r as usize] {
            return;
        }
        self.is_saved[r as usize] = true;
        let k = self.saved_of.len();
        self.saved_of.push(r);
        if k < self.saved.len() {
            let from = &self.routes[r as usize];
            let to = &mut self.saved[k];
            to.kind = from.kind;
            to.cost = from.cost;
            to.visits.clone_from(&from.visits);
            to.forth.clone_from(&from.forth);
            to.back.clone_from(&from.back);
        } else {
            self.saved.push(self.routes[r as usize].clone());
        }
    }

    fn place(&mut self, r: u32, from: usize) {
        let route = &self.routes[r as usize];
        for (p, &v) in route.visits.iter().enumerate().skip(from) {
            self.route_of[v as usize] = r;
            self.at[v as usize] = p as u32;
        }
    }

    /// Puts a stop at position `p` of a shift.
    pub(super) fn insert(&mut self, stop: u32, r: u32, p: usize) {
        self.save(r);
        let (c, node) = (self.c, self.node);
        let route = &mut self.routes[r as usize];
        let before = route.cost;
        route.visits.insert(p, stop);
        route.refresh_at(c, node, p);
        self.cost += route.cost - before;
        self.place(r, p);
    }

    /// Sends out another vehicle to one stop.
    pub(super) fn open(&mut self, kind: usize, stop: u32) -> u32 {
        let r = match self.free.pop() {
            Some(r) => r,
            None => {
                self.routes.push(Route::empty(self.c, kind as u32));
                self.is_saved.push(false);
                self.routes.len() as u32 - 1
            }
        };
        self.save(r);
        self.used[kind] += 1;
        self.routes[r as usize].kind = kind as u32;
        self.set(r, |visits| visits.push(stop));
        r
    }

    /// Changes the visits of a shift in use at will; empty ones are put away.
    pub(super) fn set(&mut self, r: u32, change: impl FnOnce(&mut Vec<u32>)) {
        self.save(r);
        let (c, node) = (self.c, self.node);
        let route = &mut self.routes[r as usize];
        let before = route.cost;
        for &v in &route.visits {
            if self.route_of[v as usize] == r {
                self.route_of[v as usize] = NOWHERE;
            }
        }
        change(&mut route.visits);
        route.refresh(c, node);
        self.cost += route.cost - before;
        if route.visits.is_empty() {
            self.used[route.kind as usize] -= 1;
            self.free.push(r);
        }
        self.place(r, 0);
    }

    /// Gives a shift to another kind of vehicle.
    pub(super) fn change_kind(&mut self, r: u32, kind: usize) {
        self.save(r);
        self.used[self.routes[r as usize].kind as usize] -= 1;
        self.used[kind] += 1;
        self.routes[r as usize].kind = kind as u32;
        self.set(r, |_| {});
    }

    /// Shifts changed since the last [`Shifts::keep`].
    pub(super) fn changed(&self) -> &[u32] {
        &self.saved_of
    }
    /// The money at the last [`Shifts::keep`].
    pub(super) fn kept_cost(&self) -> f64 {
        self.kept_cost
    }

    /// Makes the changes permanent.
    pub(super) fn keep(&mut self) {
        for r in self.saved_of.drain(..) {
            self.is_saved[r as usize] = false;
        }
        self.kept_cost = self.cost;
    }

    /// Takes the changes back.
    pub(super) fn undo(&mut self) {
        for &r in &self.saved_of {
            let route = &self.routes[r as usize];
            for &v in &route.visits {
                self.route_of[v as usize] = NOWHERE;
            }
            if !route.visits.is_empty() {
                self.used[route.kind as usize] -= 1;
            }
        }
        for k in 0..self.saved_of.len() {
            let r = self.saved_of[k];
            let is_free = self.routes[r as usize].visits.is_empty();
            std::mem::swap(&mut self.routes[r as usize], &mut self.saved[k]);
            self.is_saved[r as usize] = false;
            let route = &self.routes[r as usize];
            match (is_free, route.visits.is_empty()) {
                (true, false) => self.free.retain(|f| *f != r),
                (false, true) => self.free.push(r),
                _ => {}
            }
            if !route.visits.is_empty() {
                self.used[route.kind as usize] += 1;
            }
            self.place(r, 0);
        }
        self.saved_of.clear();
        self.cost = self.kept_cost;
    }

    /// Kinds and visits of the shifts in use.
    pub(super) fn written(&self) -> Vec<(u32, Vec<u32>)> {
        self.routes.iter().filter(|r| !r.visits.is_empty()).map(|r| (r.kind, r.visits.clone())).collect()
    }

    /// Replaces everything.
    pub(super) fn load(&mut self, shifts: &[(u32, Vec<u32>)]) {
        for r in 0..self.routes.len() as u32 {
            if !self.routes[r as usize].visits.is_empty() {
                self.set(r, Vec::clear);
            }
        }
        for (kind, visits) in shifts {
            if let Some((&first, rest)) = visits.split_first() {
                let r = self.open(*kind as usize, first);
                self.set(r, |v| v.extend_from_slice(rest));
            }
        }
        // differences summed over a long search drift
        self.cost = self.routes.iter().map(|r| r.cost).sum();
        self.keep();
    }
}
