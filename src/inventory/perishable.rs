//! The kernel for stock with a shelf life: batches with an age, sold first expired first out, discarded when they expire.
//!
//! A unit received at the start of period `t` can be sold in `t … t + m − 1` and is discarded at the end of `t + m − 1`, after
//! demand and before costs are counted on what is left (Nahmias 2011, *Perishable Inventory Systems*, §2). The position counts what
//! is on hand whatever its age.

use super::item::Unmet;
use super::kernel::{FIELDS, Field, NOW, Record, Setup, Sums};
use super::policy::Compiled;
use crate::base::random::{Purpose, Stream};
use crate::forecast::path::LANES;
use std::collections::VecDeque;

/// Units and the period at whose end they are discarded.
#[derive(Debug, Clone, Copy)]
struct Batch {
    expires: usize,
    units: f64,
}

/// Stock by age, soonest expiry first.
#[derive(Debug, Default)]
pub(super) struct Shelf(VecDeque<Batch>);

impl Shelf {
    pub fn put(&mut self, expires: usize, units: f64) {
        if units > 0.0 {
            let at = self.0.partition_point(|b| b.expires <= expires);
            self.0.insert(at, Batch { expires, units });
        }
    }
    /// Takes up to `wanted` units and returns how many there were.
    pub fn take(&mut self, wanted: f64) -> f64 {
        let mut taken = 0.0;
        while taken < wanted {
            let Some(first) = self.0.front_mut() else { break };
            let part = first.units.min(wanted - taken);
            taken += part;
            first.units -= part;
            if first.units <= 0.0 {
                self.0.pop_front();
            }
        }
        taken
    }
    pub fn discard(&mut self, period: usize) -> f64 {
        let mut units = 0.0;
        while let Some(first) = self.0.front().filter(|b| b.expires <= period) {
            units += first.units;
            self.0.pop_front();
        }
        units
    }
    pub fn units(&self) -> f64 {
        self.0.iter().map(|b| b.units).sum()
    }
}

/// Runs one policy over one tile, lane by lane.
pub(super) fn run(setup: &Setup, life: usize, policy: &Compiled, first: u64, tile: &[f32], mut record: Option<&mut Record>) -> Sums {
    let mut sums: Sums = Default::default();
    for lane in 0..LANES {
        let one = run_lane(setup, life, policy, first, lane, tile, record.as_deref_mut());
        for (row, x) in sums.iter_mut().zip(one) {
            row[lane] = x;
        }
    }
    sums
}

fn run_lane(
    setup: &Setup,
    life: usize,
    policy: &Compiled,
    first: u64,
    lane: usize,
    tile: &[f32],
    mut record: Option<&mut Record>,
) -> [f64; FIELDS] {
    let stream = Stream::new(setup.seed, setup.id, Purpose::LeadTime, first + lane as u64);
    let lost = matches!(setup.unmet, Unmet::Lost);
    let mut shelf = Shelf::default();
    let (net, mut position) = policy.start.map_or((setup.on_hand, setup.position), |x| (x, x));
    let mut fresh = net.max(0.0);
    for (period, units) in setup.expiring.iter().filter(|_| policy.start.is_none()) {
        let units = units.min(fresh);
        shelf.put(*period, f64::from(units));
        fresh -= units;
    }
    shelf.put(life - 1, f64::from(fresh));
    let mut waiting = (-net).max(0.0);
    let mut coming = vec![0.0f32; setup.horizon + setup.longest + 2];
    for (slot, units) in coming.iter_mut().zip(&setup.scheduled) {
        *slot += units;
    }
    let mut last = 0;
    let mut place = |ordered: i64, earliest: usize, units: f32, bits: u64, coming: &mut Vec<f32>, record: Option<&mut Record>| {
        let mut arrives = earliest + setup.draws.at(bits);
        if !setup.crossing {
            arrives = arrives.max(last);
            last = arrives;
        }
        if let Some(slot) = coming.get_mut(arrives) {
            *slot += units;
        }
        if let Some(r) = record {
            r.order(first + lane as u64, lane, setup.horizon, ordered, arrives, units);
        }
    };
    if setup.order_now > 0.0 {
        place(-1, 0, setup.order_now, stream.bits(NOW), &mut coming, record.as_deref_mut());
        position += setup.order_now;
    }
    let mut s = [0.0f64; FIELDS];
    let mut clean = true;
    for t in 0..setup.horizon {
        if t == setup.warm_up {
            s = [0.0; FIELDS];
            s[Field::Opening as usize] = shelf.units() - f64::from(waiting);
        }
        let mut add = |field: Field, x: f32| s[field as usize] += f64::from(x);
        let arriving = coming.get(t).copied().unwrap_or(0.0);
        if arriving > 0.0 {
            add(Field::Received, arriving);
            add(Field::Cycles, 1.0);
            add(Field::Clean, if clean { 1.0 } else { 0.0 });
            clean = true;
            shelf.put(t + life - 1, f64::from(arriving));
        }
        if waiting > 0.0 {
            waiting -= shelf.take(f64::from(waiting)) as f32;
        }
        let demand = tile.get(t * LANES + lane).copied().unwrap_or(0.0);
        let at_once = shelf.take(f64::from(demand)) as f32;
        let missed = demand - at_once;
        add(Field::Demand, demand);
        if missed > 0.0 {
            add(Field::Missed, missed);
            add(Field::Stockouts, 1.0);
            clean = false;
        }
        if lost {
            add(Field::Lost, missed);
            position -= at_once;
        } else {
            waiting += missed;
            position -= demand;
        }
        let discarded = shelf.discard(t) as f32;
        position -= discarded;
        add(Field::Discarded, discarded);
        let held = shelf.units() as f32;
        add(Field::Held, held);
        add(Field::Waiting, waiting);
        if let Some(r) = record.as_deref_mut() {
            let i = lane * setup.horizon + t;
            if let (Some(a), Some(n)) = (r.arriving.get_mut(i), r.net.get_mut(i)) {
                *a = arriving;
                *n = held - waiting;
            }
        }
        let (trigger, level) = (policy.trigger.get(t).copied().unwrap_or(f32::NEG_INFINITY), policy.level.get(t).copied().unwrap_or(0.0));
        if trigger > f32::NEG_INFINITY && position <= trigger {
            let raw = policy.raw(trigger, level, position);
            if raw > 0.0 {
                let q = policy.accepted(raw);
                place(t as i64, t + 1, q, stream.bits(t as u64), &mut coming, record.as_deref_mut());
                position += q;
                add(Field::Orders, 1.0);
                add(Field::Ordered, q);
            }
        }
        add(Field::Position, position);
    }
    s[Field::Closing as usize] = shelf.units() - f64::from(waiting);
    s
}
