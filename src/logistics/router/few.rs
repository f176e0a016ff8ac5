//! A wide problem of few stops, solved to the end: the cheapest way of every kind of vehicle through every subset of the stops, found by trying
//! all orders and reloads that keep the limits; then the least money at which vehicles, one after the other, share the stops out or leave them.

use super::compiled::Compiled;
use super::model::Kind;
use super::piece::Piece;
use super::shifts::nodes;

/// The most stops of a problem that is solved so: 13,699 orders of seven stops and fewer, some milliseconds for a few kinds of vehicle.
const MOST_STOPS: usize = 7;
/// Joins that are looked at before the search is left to others.
const MOST_JOINS: usize = 150_000;

/// The cheapest shifts, and the stops on none.
pub(super) struct Best {
    pub shifts: Vec<(u32, Vec<u32>)>,
    pub left: Vec<u32>,
}

/// Money after the number of stops that are left though they must be served.
type Price = (u32, f64);

fn less(a: Price, b: Price) -> bool {
    a.0 < b.0 || a.0 == b.0 && a.1 < b.1
}

/// All ways of one kind of vehicle.
struct Ways<'a, P> {
    c: &'a Compiled,
    node: &'a [P],
    kind: &'a Kind,
    end: P,
    /// Cost and visits of the cheapest way, by set of stops.
    best: Vec<Option<(f64, Vec<u32>)>>,
    visits: Vec<u32>,
    joins: usize,
}

impl<P: Piece> Ways<'_, P> {
    /// Goes on from a way through `set` that ends at a stop (or has not begun); `None`: too many ways.
    fn on(&mut self, way: &P, set: usize, reloads: usize, at_stop: bool) -> Option<()> {
        if at_stop {
            let whole = way.join(self.c, &self.end);
            if whole.feasible(self.kind) {
                let cost = whole.cost(self.kind);
                let best = &mut self.best[set];
                if best.as_ref().is_none_or(|b| cost < b.0) {
                    *best = Some((cost, self.visits.clone()));
                }
            }
        }
        for v in self.c.stops() {
            let bit = 1usize << (v as usize - self.c.depots);
            if set & bit == 0 {
                self.step(way, v, set | bit, reloads, true)?;
            }
        }
        if at_stop && reloads < self.kind.reloads {
            for &d in &self.kind.reload_at {
                self.step(way, d as u32, set, reloads + 1, false)?;
            }
        }
        Some(())
    }

    fn step(&mut self, way: &P, v: u32, set: usize, reloads: usize, at_stop: bool) -> Option<()> {
        self.joins += 1;
        if self.joins > MOST_JOINS {
            return None;
        }
        let next = way.join(self.c, &self.node[v as usize]);
        // load, lateness, time and distance only grow
        if next.feasible(self.kind) {
            self.visits.push(v);
            self.on(&next, set, reloads, at_stop)?;
            self.visits.pop();
        }
        Some(())
    }
}

/// The best answer, or `None` where there are too many stops or ways.
pub(super) fn few<P: Piece>(c: &Compiled) -> Option<Best> {
    let n = c.nodes - c.depots;
    if n > MOST_STOPS {
        return None;
    }
    let node = nodes::<P>(c);
    let sets = 1usize << n;
    let mut ways = Vec::with_capacity(c.kinds.len());
    let mut joins = 0;
    for kind in &c.kinds {
        let end = P::edge(c, kind, kind.end as u32);
        let mut w = Ways { c, node: &node, kind, end, best: vec![None; sets], visits: Vec::with_capacity(2 * n), joins };
        w.on(&P::edge(c, kind, kind.start as u32), 0, 0, false)?;
        joins = w.joins;
        ways.push(w.best);
    }
    // least[set]: when `set` is served already, the least price of the rest with the vehicles seen so far
    let out = |set: usize| {
        c.stops().enumerate().filter(|(i, _)| set >> i & 1 == 0).fold((0, 0.0), |p: Price, (_, v)| {
            let prize = c.prize[v as usize];
            if prize.is_finite() { (p.0, p.1 + prize) } else { (p.0 + 1, p.1) }
        })
    };
    let mut least: Vec<Price> = (0..sets).map(out).collect();
    // one round a vehicle of which there are some, one for all of a kind without number: what it takes, by set
    let mut rounds: Vec<(usize, bool, Vec<usize>)> = Vec::new();
    for (k, kind) in c.kinds.iter().enumerate() {
        let many = kind.count.is_none_or(|m| m >= n);
        for _ in 0..if many { 1 } else { kind.count.unwrap_or(0) } {
            let before = least.clone();
            let mut takes = vec![0; sets];
            // from the fullest set down, so that another of the same kind may have taken its share already
            for set in (0..sets).rev() {
                let rest = !set & (sets - 1);
                let mut part = rest;
                while part > 0 {
                    if let Some((cost, _)) = &ways[k][part] {
                        let then = if many { least[set | part] } else { before[set | part] };
                        let price = (then.0, then.1 + cost);
                        if less(price, least[set]) {
                            (least[set], takes[set]) = (price, part);
                        }
                    }
                    part = (part - 1) & rest;
                }
            }
            rounds.push((k, many, takes));
        }
    }
    let (mut shifts, mut set) = (Vec::new(), 0usize);
    for (k, many, takes) in rounds.iter().rev() {
        while takes[set] > 0 {
            let part = takes[set];
            if let Some((_, visits)) = &ways[*k][part] {
                shifts.push((*k as u32, visits.clone()));
            }
            set |= part;
            if !many {
                break;
            }
        }
    }
    let left = c.stops().enumerate().filter(|(i, _)| set >> i & 1 == 0).map(|(_, v)| v).collect();
    Some(Best { shifts, left })
}
