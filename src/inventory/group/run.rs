//! One replication after the other of a group of items: what each counts, and the orders that go out together.

use super::fill::{Room, Terms};
use crate::base::random::{Purpose, Stream};
use crate::forecast::path::LANES;
use crate::forecast::tile::Tile;
use crate::inventory::kernel::{FIELDS, Field, Record, Sums};
use crate::inventory::policy::{Amount, Compiled};
use crate::inventory::simulate::Prepared;

/// One item while it is simulated.
pub(super) struct Member<'a> {
    pub world: Prepared<'a>,
    pub compiled: Compiled,
    /// Expected demand a period.
    pub rate: f64,
    /// Kilograms and cubic metres of a unit.
    pub size: [f64; 2],
}

/// The levels of an item at a review.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    /// An order goes out once the position is at or below it.
    pub must: f64,
    /// It joins an order at or below it.
    pub can: f64,
    pub up_to: f64,
}

/// What decides a group's orders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a> {
    /// Share of the way from trigger to level up to which an item joins.
    pub join: f64,
    /// Every review orders up to the level.
    pub periodic: bool,
    pub terms: &'a Terms,
}

impl Rule<'_> {
    /// From a trigger and a level (or batch) of a policy.
    pub fn levels(&self, amount: Amount, s: f64, level: f64) -> Levels {
        let up_to = if matches!(amount, Amount::UpTo) { level } else { s + level };
        let must = if self.periodic { up_to } else { s };
        Levels { must, can: must.max(s + self.join * (up_to - s)), up_to }
    }

    /// Units of each item that go out now in `q`; whether anything does.
    pub fn decide(&self, members: &[Member<'_>], levels: &[Option<Levels>], from: &[Option<f64>], position: &[f64], q: &mut [f64]) -> bool {
        let due = levels.iter().zip(position).any(|(l, x)| l.is_some_and(|l| *x <= l.must && *x < l.up_to));
        if !due {
            return false;
        }
        for (((m, l), x), q) in members.iter().zip(levels).zip(position).zip(q.iter_mut()) {
            *q = match l {
                Some(l) if *x <= l.can && *x < l.up_to => f64::from(m.compiled.accepted((l.up_to - x) as f32)),
                _ => 0.0,
            };
        }
        self.limit(members, from, position, q)
    }

    /// What the supplier's terms make of an order; whether it goes out.
    pub fn limit(&self, members: &[Member<'_>], from: &[Option<f64>], position: &[f64], q: &mut [f64]) -> bool {
        if self.terms.minimum_value <= 0.0 && self.terms.container.is_none() {
            return true;
        }
        Room { members, from, position }.reach(self.terms, q)
    }
}

/// Room of a run, reused between replications.
#[derive(Default)]
struct Scratch {
    net: Vec<f64>,
    position: Vec<f64>,
    clean: Vec<bool>,
    /// Arrivals, `[item][period]`.
    coming: Vec<Vec<f32>>,
    leads: Vec<Stream>,
    last: Vec<usize>,
    levels: Vec<Option<Levels>>,
    from: Vec<Option<f64>>,
    q: Vec<f64>,
}

/// What a block of replications leaves.
pub(super) struct Block {
    /// An item each.
    pub sums: Vec<Sums>,
    /// Orders to the supplier.
    pub orders: [f64; LANES],
    /// An item each, where lists are wanted.
    pub records: Vec<Record>,
}

/// Runs sixteen replications from `at` on; `listed`: replications below it leave their orders.
pub(super) fn block(members: &[Member<'_>], tiles: &[Tile], rule: &Rule<'_>, at: u64, listed: usize) -> Block {
    let n = members.len();
    let horizon = members.first().map_or(0, |m| m.world.setup.horizon);
    let records = if (at as usize) < listed { (0..n).map(|_| Record::new(listed, horizon)).collect() } else { Vec::new() };
    let mut out = Block { sums: vec![[[0.0; LANES]; FIELDS]; n], orders: [0.0; LANES], records };
    let mut room = Scratch { q: vec![0.0; n], coming: vec![Vec::new(); n], ..Scratch::default() };
    for lane in 0..LANES {
        one(members, tiles, rule, at, lane, &mut room, &mut out);
    }
    out
}

fn one(members: &[Member<'_>], tiles: &[Tile], rule: &Rule<'_>, at: u64, lane: usize, x: &mut Scratch, out: &mut Block) {
    let Some(setup) = members.first().map(|m| &m.world.setup) else { return };
    let (horizon, warm_up) = (setup.horizon, setup.warm_up);
    let n = members.len();
    x.net.clear();
    x.position.clear();
    x.leads.clear();
    for (m, coming) in members.iter().zip(&mut x.coming) {
        let s = &m.world.setup;
        x.net.push(f64::from(s.on_hand));
        x.position.push(f64::from(s.position));
        x.leads.push(Stream::new(s.seed, s.id, Purpose::LeadTime, at + lane as u64));
        coming.clear();
        coming.resize(horizon + s.longest + 2, 0.0);
        coming.iter_mut().zip(&s.scheduled).for_each(|(slot, units)| *slot += units);
    }
    x.clean.clear();
    x.clean.resize(n, true);
    x.last.clear();
    x.last.resize(n, 0);
    for t in 0..horizon {
        if t == warm_up {
            for (sums, net) in out.sums.iter_mut().zip(&x.net) {
                sums.iter_mut().for_each(|row| row[lane] = 0.0);
                sums[Field::Opening as usize][lane] = *net;
            }
            out.orders[lane] = 0.0;
        }
        for (i, (m, tile)) in members.iter().zip(tiles).enumerate() {
            let (Some(sums), Some(net), Some(position), Some(clean)) =
                (out.sums.get_mut(i), x.net.get_mut(i), x.position.get_mut(i), x.clean.get_mut(i))
            else {
                continue;
            };
            let mut add = |field: Field, units: f64| sums[field as usize][lane] += units;
            let arriving = f64::from(x.coming.get(i).and_then(|c| c.get(t)).copied().unwrap_or(0.0));
            if arriving > 0.0 {
                add(Field::Received, arriving);
                add(Field::Cycles, 1.0);
                add(Field::Clean, if *clean { 1.0 } else { 0.0 });
                *clean = true;
                *net += arriving;
            }
            let demand = f64::from(tile.values().get(t * LANES + lane).copied().unwrap_or(0.0));
            let at_once = demand.min(net.max(0.0));
            let missed = demand - at_once;
            add(Field::Demand, demand);
            if missed > 0.0 {
                add(Field::Missed, missed);
                add(Field::Stockouts, 1.0);
                *clean = false;
            }
            let patience = || Stream::new(m.world.setup.seed, m.world.setup.id, Purpose::Patience, at + lane as u64).unit(t as u64);
            let gone = f64::from(m.world.item.unmet.split(missed as f32, m.world.setup.whole, patience).0);
            add(Field::Lost, gone);
            let taken = demand - gone;
            *net -= taken;
            *position -= taken;
            add(Field::Held, net.max(0.0));
            add(Field::Waiting, (-*net).max(0.0));
        }
        x.levels.clear();
        x.from.clear();
        let mut open = false;
        for m in members {
            let s = m.compiled.trigger.get(t).copied().unwrap_or(f32::NEG_INFINITY);
            let level = m.compiled.level.get(t).copied().unwrap_or(0.0);
            let reviewed = s > f32::NEG_INFINITY;
            open |= reviewed;
            x.levels.push(reviewed.then(|| rule.levels(m.compiled.amount, f64::from(s), f64::from(level))));
            x.from.push(reviewed.then_some(f64::from(s)));
        }
        if open && rule.decide(members, &x.levels, &x.from, &x.position, &mut x.q) {
            let lines = x.q.iter().filter(|q| **q > 0.0).count();
            let share = rule.terms.shared / lines.max(1) as f64;
            for (i, m) in members.iter().enumerate() {
                let Some(q) = x.q.get(i).copied().filter(|q| *q > 0.0) else { continue };
                let (Some(lead), Some(last), Some(sums), Some(position)) =
                    (x.leads.get_mut(i), x.last.get_mut(i), out.sums.get_mut(i), x.position.get_mut(i))
                else {
                    continue;
                };
                let mut arrives = t + 1 + m.world.setup.draws.at(lead.bits(t as u64));
                if !m.world.setup.crossing {
                    arrives = arrives.max(*last);
                    *last = arrives;
                }
                if let Some(slot) = x.coming.get_mut(i).and_then(|c| c.get_mut(arrives)) {
                    *slot += q as f32;
                }
                if let Some(r) = out.records.get_mut(i) {
                    r.order(at + lane as u64, lane, horizon, t as i64, arrives, q as f32);
                }
                *position += q;
                sums[Field::Orders as usize][lane] += 1.0;
                sums[Field::Ordered as usize][lane] += q;
                sums[Field::Shared as usize][lane] += share;
            }
            if lines > 0 {
                out.orders[lane] += 1.0;
            }
        }
        for (sums, position) in out.sums.iter_mut().zip(&x.position) {
            sums[Field::Position as usize][lane] += position;
        }
    }
    for (sums, net) in out.sums.iter_mut().zip(&x.net) {
        sums[Field::Closing as usize][lane] = *net;
    }
}
