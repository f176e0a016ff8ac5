//! The general kernel: one replication after the other, with everything that the fast one leaves out.
//!
//! Shelf life and order of issue ([`perishable`](super::perishable)), yield, supply and demand that are disturbed
//! ([`disruption`](super::disruption)), price breaks, emergency orders, customers of whom some wait. Without any of them it counts what the fast kernel counts.

use super::disruption::Course;
use super::item::Unmet;
use super::kernel::{FIELDS, Field, NOW, Record, Setup, Sums};
use super::perishable::{KEEPS, Shelf};
use super::policy::Compiled;
use crate::base::random::{Purpose, Stream};
use crate::forecast::path::LANES;

/// Room of a run, reused between lanes.
#[derive(Debug, Default)]
struct Room {
    /// Units arriving at the start of each period, usable or not.
    coming: Vec<f32>,
    /// Of these, what cannot be used.
    damaged: Vec<f32>,
    /// What is disturbed, by period.
    course: Course,
}

impl Way<'_> {
    /// What an emergency order at the end of `t` brings to the start of the period after its lead time, where stock `net` and what is due until then is
    /// below the level; 0 for none.
    fn expedite(&mut self, t: usize, net: f32, pack: f32, record: Option<&mut Record>) -> f32 {
        let (Some(e), Some(below)) = (&self.setup.extras.expedite, self.setup.expedite_below.get(t)) else { return 0.0 };
        let arrives = t + 1 + e.lead_time;
        let due = |row: &[f32]| row.get(t + 1..=arrives.min(row.len().saturating_sub(1))).unwrap_or(&[]).iter().sum::<f32>();
        let lacks = below - (net + due(&self.room.coming) - due(&self.room.damaged));
        if lacks <= 1e-4 {
            return 0.0;
        }
        let wanted = if self.setup.whole { (lacks - 1e-4).ceil() } else { lacks };
        let units = if pack > 0.0 { (wanted / pack - 1e-4).ceil() * pack } else { wanted };
        if let Some(slot) = self.room.coming.get_mut(arrives) {
            *slot += units;
        }
        if let Some(r) = record {
            r.order(self.replication, self.lane, self.setup.horizon, t as i64, arrives, units);
        }
        units
    }
}

/// Runs one policy over one tile, lane by lane.
pub(super) fn run(setup: &Setup, policy: &Compiled, first: u64, tile: &[f32], mut record: Option<&mut Record>) -> Sums {
    let mut sums: Sums = [[0.0; LANES]; FIELDS];
    let mut room = Room::default();
    for lane in 0..LANES {
        let one = run_lane(setup, policy, first, lane, tile, &mut room, record.as_deref_mut());
        for (row, x) in sums.iter_mut().zip(one) {
            row[lane] = x;
        }
    }
    sums
}

/// Orders on their way to one replication.
struct Way<'a> {
    setup: &'a Setup,
    room: &'a mut Room,
    leads: Stream,
    yields: Stream,
    last: usize,
    /// The first period in which nothing is being produced.
    busy: usize,
    replication: u64,
    lane: usize,
}

impl Way<'_> {
    /// Brings `part` units, of which `usable`, to the start of period `arrives`: at once, or as fast as they are produced once what was ordered before is done.
    /// The period of the first of them.
    fn receive(&mut self, arrives: usize, part: f32, usable: f32) -> usize {
        let mut put = |t: usize, share: f32| {
            if let Some(slot) = self.room.coming.get_mut(t) {
                *slot += part * share;
            }
            if let Some(slot) = self.room.damaged.get_mut(t) {
                *slot += (part - usable) * share;
            }
        };
        let Some(rate) = self.setup.extras.production_rate.map(|r| r as f32).filter(|r| *r > 0.0 && part > 0.0) else {
            put(arrives, 1.0);
            return arrives;
        };
        let first = arrives.max(self.busy);
        let (mut t, mut left) = (first, part);
        while left > 1e-4 && t < self.setup.horizon {
            let made = left.min(rate);
            put(t, made / part);
            left -= made;
            t += 1;
        }
        self.busy = t + (left / rate).ceil() as usize;
        first
    }

    /// Places `units` at the end of period `ordered` (−1: now), drawing by `counter`.
    fn place(&mut self, ordered: i64, counter: u64, units: f32, mut record: Option<&mut Record>) {
        let setup = self.setup;
        let bits = self.leads.bits(counter);
        let share = setup.extras.yields.as_ref().map_or(1.0, |y| y.share(self.yields.unit(counter)));
        // what leaves the supplier when: all of it at the first period that nothing forbids
        let mut ships = (ordered + 1) as usize;
        let mut left = units;
        loop {
            let open = self.room.course.supply(ships);
            if open > 0.0 {
                let part = if open >= 1.0 {
                    left
                } else if setup.whole {
                    (left * open).round_ties_even()
                } else {
                    left * open
                };
                if part > 0.0 {
                    let mut arrives = ships + self.room.course.stretched(ships, setup.draws.at(bits));
                    if !setup.crossing {
                        arrives = arrives.max(self.last);
                        self.last = arrives;
                    }
                    let usable = if share >= 1.0 {
                        part
                    } else if setup.whole {
                        (part * share).round_ties_even()
                    } else {
                        part * share
                    };
                    let arrives = self.receive(arrives, part, usable);
                    if let Some(r) = record.as_deref_mut() {
                        r.order(self.replication, self.lane, setup.horizon, ordered, arrives, part);
                    }
                    left -= part;
                }
            }
            // the rest follows once supply is whole again
            let Some(next) = (left > 0.0).then(|| self.room.course.whole_again(ships)).flatten() else { break };
            ships = next;
        }
    }
}

fn run_lane(
    setup: &Setup,
    policy: &Compiled,
    first: u64,
    lane: usize,
    tile: &[f32],
    room: &mut Room,
    mut record: Option<&mut Record>,
) -> [f64; FIELDS] {
    let replication = first + lane as u64;
    let extras = &setup.extras;
    let life = setup.shelf_life;
    let expires = |t: usize| life.map_or(KEEPS, |m| t + m - 1);
    let take = |shelf: &mut Shelf, wanted: f64| if extras.freshest_first { shelf.take_fresh(wanted) } else { shelf.take(wanted) };
    let mut shelf = Shelf::default();
    let (net, mut position) = policy.start.map_or((setup.on_hand, setup.position), |x| (x, x));
    let mut fresh = net.max(0.0);
    for (period, units) in setup.expiring.iter().filter(|_| policy.start.is_none()) {
        let units = units.min(fresh);
        shelf.put(*period, f64::from(units));
        fresh -= units;
    }
    shelf.put(expires(0), f64::from(fresh));
    let mut waiting = (-net).max(0.0);
    let length = setup.horizon + setup.longest.max(extras.expedite.map_or(0, |e| e.lead_time)) + 2;
    room.coming.clear();
    room.coming.resize(length, 0.0);
    room.damaged.clear();
    room.damaged.resize(length, 0.0);
    room.course.draw(&extras.disruptions, setup, replication);
    for (slot, units) in room.coming.iter_mut().zip(&setup.scheduled) {
        *slot += units;
    }
    let mut way = Way {
        setup,
        room,
        leads: Stream::new(setup.seed, setup.id, Purpose::LeadTime, replication),
        yields: Stream::new(setup.seed, setup.id, Purpose::Yield, replication),
        last: 0,
        busy: 0,
        replication,
        lane,
    };
    if setup.order_now > 0.0 {
        way.place(-1, NOW, setup.order_now, record.as_deref_mut());
        position += setup.order_now;
    }
    let patience = Stream::new(setup.seed, setup.id, Purpose::Patience, replication);
    let mut s = [0.0f64; FIELDS];
    let mut clean = true;
    for t in 0..setup.horizon {
        if t == setup.warm_up {
            s = [0.0; FIELDS];
            s[Field::Opening as usize] = shelf.units() - f64::from(waiting);
        }
        let mut add = |field: Field, x: f32| s[field as usize] += f64::from(x);
        let arriving = way.room.coming.get(t).copied().unwrap_or(0.0);
        if arriving > 0.0 {
            let damaged = way.room.damaged.get(t).copied().unwrap_or(0.0);
            add(Field::Received, arriving);
            add(Field::Cycles, 1.0);
            add(Field::Clean, if clean { 1.0 } else { 0.0 });
            clean = true;
            shelf.put(expires(t), f64::from(arriving - damaged));
            // what cannot be used is thrown away as it comes
            position -= damaged;
            add(Field::Discarded, damaged);
        }
        if waiting > 0.0 {
            waiting -= take(&mut shelf, f64::from(waiting)) as f32;
        }
        let demand = way.room.course.wanted(t, tile.get(t * LANES + lane).copied().unwrap_or(0.0), setup.whole);
        let at_once = take(&mut shelf, f64::from(demand)) as f32;
        let missed = demand - at_once;
        add(Field::Demand, demand);
        if missed > 0.0 {
            add(Field::Missed, missed);
            add(Field::Stockouts, 1.0);
            clean = false;
        }
        let (gone, waits) = setup.unmet.split(missed, setup.whole, || patience.unit(t as u64));
        add(Field::Lost, gone);
        waiting += waits;
        position -= match setup.unmet {
            Unmet::Lost => at_once,
            Unmet::Backorder => demand,
            Unmet::Part { .. } => at_once + waits,
        };
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
            if let Some(short) = r.short.get_mut(i) {
                *short = gone + waiting;
            }
        }
        if let Some(e) = extras.expedite.as_ref().filter(|_| !extras.ended) {
            let q = way.expedite(t, held - waiting, policy.pack, record.as_deref_mut());
            if q > 0.0 {
                position += q;
                add(Field::Ordered, q);
                add(Field::Expedited, q);
                s[Field::Expediting as usize] += e.per_order + e.per_unit * f64::from(q);
            }
        }
        let mut add = |field: Field, x: f32| s[field as usize] += f64::from(x);
        let (trigger, level) = (policy.trigger.get(t).copied().unwrap_or(f32::NEG_INFINITY), policy.level.get(t).copied().unwrap_or(0.0));
        if trigger > f32::NEG_INFINITY && position <= trigger {
            let raw = policy.raw(trigger, level, position);
            if raw > 0.0 {
                let q = policy.accepted(raw);
                way.place(t as i64, t as u64, q, record.as_deref_mut());
                position += q;
                add(Field::Orders, 1.0);
                add(Field::Ordered, q);
                if !extras.price_breaks.is_empty() {
                    s[Field::Saved as usize] += extras.saving(f64::from(q));
                }
            }
        }
        s[Field::Position as usize] += f64::from(position);
    }
    s[Field::Closing as usize] = shelf.units() - f64::from(waiting);
    s
}
