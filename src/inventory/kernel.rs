//! The fast kernel: sixteen replications of one policy advance in step through a tile of demand.
//!
//! State and sums are arrays over lanes, so that the arithmetic of a period vectorises, for the widest instructions of the machine
//! ([`cpu`](crate::base::cpu)). Orders are decided on all lanes at once and placed later, up to [`PENDING`] reviews together: one lane after the other where few
//! lanes order. Sums are kept in `f32` for at most [`CHUNK`] periods and then added to `f64`.

// Loops count lanes by number: iterators over several arrays at once are not made into vector instructions as surely.
#![allow(clippy::needless_range_loop)]

use super::item::{Extras, Unmet};
use super::lead_time::Draws;
use super::outcome::OrderLine;
use super::place::{PENDING, Pending, Placing, Slot};
use super::policy::{self, Amount, Compiled};
use crate::base::cpu::{bits, wide};
use crate::base::random::{Purpose, Stream};
use crate::forecast::path::LANES;

pub(super) type Row = [f32; LANES];

/// Periods between additions to the `f64` sums.
const CHUNK: usize = 64;

/// What is summed over the counted periods, by replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Field {
    /// Units demanded.
    Demand,
    /// Units not served at once.
    Missed,
    /// Units lost.
    Lost,
    /// Backorders at period ends.
    Waiting,
    /// Stock at period ends.
    Held,
    /// Inventory position at period ends.
    Position,
    /// Periods with unserved demand.
    Stockouts,
    /// Cycles closed by a receipt.
    Cycles,
    /// Of these, without a stockout.
    Clean,
    /// Orders placed.
    Orders,
    /// Units ordered.
    Ordered,
    /// Units received.
    Received,
    /// Units discarded.
    Discarded,
    /// Net stock when counting starts.
    Opening,
    /// Net stock at the end.
    Closing,
    /// Money that price breaks saved; only the general kernel counts it.
    Saved,
    /// Money of orders that several items share; only groups count it.
    Shared,
    /// Units ordered in an emergency, of those ordered; only the general kernel counts it.
    Expedited,
    /// Money that this cost above list cost.
    Expediting,
}

/// Number of [`Field`]s.
pub(super) const FIELDS: usize = 19;

/// Sums of one policy over all replications: one block of [`LANES`] values a field and tile.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    blocks: Vec<[[f64; LANES]; FIELDS]>,
}

impl Tally {
    /// From one block a tile, in order.
    pub fn new(blocks: Vec<Sums>) -> Self {
        Self { blocks }
    }
    pub fn push(&mut self, sums: Sums) {
        self.blocks.push(sums);
    }
    /// The sum of `field` in replication `i`; 0 beyond the last.
    pub fn get(&self, field: Field, i: usize) -> f64 {
        self.blocks.get(i / LANES).map_or(0.0, |b| b[field as usize][i % LANES])
    }
    /// The first `n` replications, in order; zeros beyond the last.
    #[inline]
    pub fn replications(&self, n: usize) -> impl Iterator<Item = Replication<'_>> {
        const NONE: &Sums = &NOTHING;
        let known = self.blocks.iter().chain(std::iter::repeat(NONE));
        known.take(n.div_ceil(LANES)).flat_map(|sums| (0..LANES).map(move |lane| Replication { sums, lane })).take(n)
    }
    /// Writes one value of each replication into `column`: as [`replications`](Self::replications), block by block.
    #[inline(always)]
    pub fn column(&self, column: &mut [f64], value: impl Fn(Replication) -> f64) {
        column.fill(0.0);
        for (values, sums) in column.chunks_mut(LANES).zip(&self.blocks) {
            for (lane, x) in values.iter_mut().enumerate() {
                *x = value(Replication { sums, lane });
            }
        }
    }
}

/// The sums of one replication.
#[derive(Debug, Clone, Copy)]
pub(super) struct Replication<'a> {
    sums: &'a Sums,
    lane: usize,
}

impl Replication<'_> {
    #[inline(always)]
    pub fn get(&self, field: Field) -> f64 {
        self.sums[field as usize][self.lane % LANES]
    }
}

/// Sums of one tile.
pub(super) type Sums = [[f64; LANES]; FIELDS];

/// Before anything is counted.
pub(super) const NOTHING: Sums = [[0.0; LANES]; FIELDS];

/// What the kernels need to know besides the demand: prepared once an item.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub seed: u64,
    pub id: u64,
    /// Simulated periods, warm-up included.
    pub horizon: usize,
    pub warm_up: usize,
    pub unmet: Unmet,
    pub draws: Draws,
    pub crossing: bool,
    pub longest: usize,
    /// Net stock at the start.
    pub on_hand: f32,
    /// Units arriving at the start of each period from orders placed earlier.
    pub scheduled: Vec<f32>,
    /// Net stock + everything on its way.
    pub position: f32,
    /// An order placed now, before period 0, whose lead time is drawn like any other; 0: none.
    pub order_now: f32,
    /// Periods in which a unit can be sold, and the dated part of the opening stock as `(period, units)`.
    pub shelf_life: Option<usize>,
    pub expiring: Vec<(usize, f32)>,
    /// Only whole units are asked for.
    pub whole: bool,
    /// What only the general kernel knows.
    pub extras: Extras,
    /// The level below which stock is expedited, at the end of each period; empty: never.
    pub expedite_below: Vec<f32>,
}

/// What a recorded run leaves besides sums.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Orders of replications below this are listed.
    pub listed: usize,
    pub orders: Vec<OrderLine>,
    /// `[lane][period]` units.
    pub ordered: Vec<f32>,
    pub arriving: Vec<f32>,
    pub net: Vec<f32>,
    /// `[lane][period]` units asked for, of the first lanes, where examples are wanted.
    pub demand: Vec<f32>,
    /// `[lane][period]` units missed, or waiting; empty unless asked for. Only the general kernel tells.
    pub short: Vec<f32>,
}

impl Record {
    pub fn new(listed: usize, horizon: usize) -> Self {
        let empty = || vec![0.0; LANES * horizon];
        Self { listed, orders: Vec::new(), ordered: empty(), arriving: empty(), net: empty(), demand: Vec::new(), short: Vec::new() }
    }
    pub fn order(&mut self, replication: u64, lane: usize, horizon: usize, ordered: i64, arrives: usize, units: f32) {
        if (replication as usize) < self.listed {
            self.orders.push(OrderLine { replication: replication as u32, ordered: ordered as i32, arrives: arrives as u32, units });
        }
        // an order placed now belongs to no simulated period
        if ordered >= 0
            && let Some(x) = self.ordered.get_mut(lane * horizon + ordered as usize)
        {
            *x += units;
        }
    }
}

/// Counter of the lead time of an order placed now, before period 0.
pub(super) const NOW: u64 = u64::MAX;

/// Scratch memory of a run, reused between tiles and policies.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Arrivals by `[period mod size][lane]`.
    ring: Vec<Slot>,
}

/// Everything that changes from period to period.
#[derive(Clone, Copy)]
struct State {
    net: Row,
    position: Row,
    /// What the next receipt will count: [`CLEAN_CYCLE`] while the current cycle has seen no stockout, else [`CYCLE`].
    cycle: Row,
}

/// Sums of at most [`CHUNK`] periods.
#[derive(Clone, Copy, Default)]
struct Chunk {
    demand: Row,
    missed: Row,
    waiting: Row,
    held: Row,
    position: Row,
    /// Stockouts, cycles and clean cycles in one number: each is at most [`CHUNK`], so that they stay apart and exact.
    events: Row,
    orders: Row,
    ordered: Row,
}

/// What a receipt adds to the events: a cycle, and if it was clean one of these too.
const CYCLE: f32 = 128.0;
const CLEAN_CYCLE: f32 = 16_384.0 + CYCLE;

/// The lesser of two numbers. Unlike `f32::min` it takes no care of NaN, which keeps it one instruction; no NaN gets here.
#[inline(always)]
fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The greater of two numbers, with the same reserve.
#[inline(always)]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

impl Chunk {
    #[inline(always)]
    fn flush(&self, sums: &mut Sums) {
        for (field, row) in [
            (Field::Demand, &self.demand),
            (Field::Missed, &self.missed),
            (Field::Waiting, &self.waiting),
            (Field::Held, &self.held),
            (Field::Position, &self.position),
            (Field::Orders, &self.orders),
            (Field::Ordered, &self.ordered),
        ] {
            for (sum, x) in sums[field as usize].iter_mut().zip(row) {
                *sum += f64::from(*x);
            }
        }
        for l in 0..LANES {
            // whole and small: their sum with 2²³ has them as its last bits
            let events = (self.events[l] + 8_388_608.0).to_bits() & 0x007F_FFFF;
            for (field, count) in [(Field::Stockouts, events % 128), (Field::Cycles, events / 128 % 128), (Field::Clean, events / 16_384)] {
                sums[field as usize][l] += f64::from(count.cast_signed());
            }
        }
    }
}

wide! {
    /// Runs one policy over one tile (`tile[t][lane]`, at least `setup.horizon` rows), and puts its sums in place of those in `sums`.
    pub(super) fn run(
        setup: &Setup,
        policy: &Compiled,
        first_replication: u64,
        tile: &[f32],
        scratch: &mut Scratch,
        record: Option<&mut Record>,
        sums: &mut Sums,
    ) -> () = any
}

#[inline(always)]
fn any<const WIDE: bool>(
    setup: &Setup,
    policy: &Compiled,
    first_replication: u64,
    tile: &[f32],
    scratch: &mut Scratch,
    record: Option<&mut Record>,
    sums: &mut Sums,
) {
    // some customers wait: only the general kernel tells them apart
    let lost = matches!(setup.unmet, Unmet::Lost);
    let plain = !policy.rounds() && record.is_none();
    match (lost, policy.amount) {
        (true, Amount::UpTo) if plain => go::<WIDE, true, UP_TO>(setup, policy, first_replication, tile, scratch, None, sums),
        (true, Amount::Batch) if plain => go::<WIDE, true, BATCH>(setup, policy, first_replication, tile, scratch, None, sums),
        (true, _) => go::<WIDE, true, ANY>(setup, policy, first_replication, tile, scratch, record, sums),
        (false, Amount::UpTo) if plain => go::<WIDE, false, UP_TO>(setup, policy, first_replication, tile, scratch, None, sums),
        (false, Amount::Batch) if plain => go::<WIDE, false, BATCH>(setup, policy, first_replication, tile, scratch, None, sums),
        (false, _) => go::<WIDE, false, ANY>(setup, policy, first_replication, tile, scratch, record, sums),
    }
}

/// Which rule a loop is compiled for: up to a level, a batch, or any, of quantities that the supplier may round, and recorded if wanted.
const UP_TO: u8 = 0;
const BATCH: u8 = 1;
const ANY: u8 = 2;

#[inline(always)]
fn go<const WIDE: bool, const LOST: bool, const RULE: u8>(
    setup: &Setup,
    policy: &Compiled,
    first_replication: u64,
    tile: &[f32],
    scratch: &mut Scratch,
    mut record: Option<&mut Record>,
    sums: &mut Sums,
) {
    let size = (setup.longest + 2).next_power_of_two();
    scratch.ring.clear();
    scratch.ring.resize(size, Slot([0.0; LANES]));
    let keys: [Stream; LANES] =
        std::array::from_fn(|lane| Stream::new(setup.seed, setup.id, Purpose::LeadTime, first_replication + lane as u64));
    let (net, position) = policy.start.map_or((setup.on_hand, setup.position), |x| (x, x));
    let mut state = State { net: [net; LANES], position: [position; LANES], cycle: [CLEAN_CYCLE; LANES] };
    let mut last = [0; LANES];
    if setup.order_now > 0.0 {
        for lane in 0..LANES {
            // available at the start of period L, as if placed at the end of period −1
            let arrives = setup.draws.at(keys[lane].bits(NOW));
            if let Some(Slot(row)) = scratch.ring.get_mut(arrives & (size - 1)) {
                row[lane] += setup.order_now;
            }
            state.position[lane] += setup.order_now;
            last[lane] = arrives;
            if let Some(record) = &mut record {
                record.order(first_replication + lane as u64, lane, setup.horizon, -1, arrives, setup.order_now);
            }
        }
    }
    let mut placing = Placing {
        draws: &setup.draws,
        crossing: setup.crossing,
        keys: keys.map(|k| k.key),
        ring: &mut scratch.ring,
        last: &mut last,
        first_replication,
        horizon: setup.horizon,
    };
    *sums = NOTHING;
    let rows = tile.as_chunks::<LANES>().0;
    let horizon = setup.horizon.min(rows.len());
    let mut from = 0;
    while from < horizon {
        if from == setup.warm_up {
            *sums = NOTHING;
            sums[Field::Opening as usize] = state.net.map(f64::from);
        }
        let mut to = (from + CHUNK).min(horizon);
        if from < setup.warm_up {
            to = to.min(setup.warm_up);
        }
        span::<WIDE, LOST, RULE>(setup, policy, from, &rows[from..to], &mut placing, &mut state, record.as_deref_mut()).flush(sums);
        from = to;
    }
    sums[Field::Closing as usize] = state.net.map(f64::from);
    if LOST {
        sums[Field::Lost as usize] = sums[Field::Missed as usize];
    }
    // what came in is what went out and what is there now
    let received: [f64; LANES] = std::array::from_fn(|l| {
        let at = |f: Field| sums[f as usize][l];
        at(Field::Demand) - at(Field::Lost) + at(Field::Closing) - at(Field::Opening)
    });
    sums[Field::Received as usize] = received;
}

/// The periods `from ..` of the given rows.
#[inline(always)]
fn span<const WIDE: bool, const LOST: bool, const RULE: u8>(
    setup: &Setup,
    policy: &Compiled,
    from: usize,
    rows: &[Row],
    placing: &mut Placing,
    state: &mut State,
    mut record: Option<&mut Record>,
) -> Chunk {
    let mask = placing.ring.len() - 1;
    let shortest = setup.draws.shortest();
    let mut sums = Chunk::default();
    let mut pending = Pending::new();
    let mut k = 0;
    while k < rows.len() {
        // in memory between the loops, in registers within
        let State { mut net, mut position, mut cycle } = *std::hint::black_box(&mut *state);
        let mut c = *std::hint::black_box(&mut sums);
        // until the first order not yet placed might be there
        let mut until = rows.len();
        while k < until {
            let (t, demand) = (from + k, &rows[k]);
            k += 1;
            let extra = setup.scheduled.get(t).copied().unwrap_or(0.0);
            let Some(Slot(slot)) = placing.ring.get_mut(t & mask) else { break };
            let arriving = std::mem::replace(slot, [0.0; LANES]);
            for l in 0..LANES {
                let a = arriving[l] + extra;
                let d = demand[l];
                // a receipt closes a cycle, and the next one starts clean
                let current = cycle[l];
                let closed = if a > 0.0 { current } else { 0.0 };
                let fresh = if a > 0.0 { CLEAN_CYCLE } else { current };
                let stock = net[l] + a;
                let at_once = lesser(d, if LOST { stock } else { greater(stock, 0.0) });
                let missed = d - at_once;
                c.events[l] = c.events[l] + closed + if missed > 0.0 { 1.0 } else { 0.0 };
                cycle[l] = if missed > 0.0 { CYCLE } else { fresh };
                let taken = if LOST { at_once } else { d };
                let left = stock - taken;
                net[l] = left;
                position[l] -= taken;
                c.position[l] += position[l];
                c.demand[l] += d;
                c.missed[l] += missed;
                if LOST {
                    c.held[l] += left;
                } else {
                    c.held[l] += greater(left, 0.0);
                    c.waiting[l] += greater(-left, 0.0);
                }
            }
            if RULE == ANY
                && let Some(record) = &mut record
            {
                for (l, (came, left)) in arriving.iter().zip(&net).enumerate() {
                    let i = l * setup.horizon + t;
                    if let (Some(a), Some(n)) = (record.arriving.get_mut(i), record.net.get_mut(i)) {
                        *a = came + extra;
                        *n = *left;
                    }
                }
            }
            let (s, level) = (policy.trigger.get(t).copied().unwrap_or(f32::NEG_INFINITY), policy.level.get(t).copied().unwrap_or(0.0));
            if s > f32::NEG_INFINITY {
                let at = pending.count % PENDING;
                // how much, on all lanes at once: where nothing is due it is nothing
                let mut wanted = [0.0; LANES];
                let mut flags = [0; LANES];
                for l in 0..LANES {
                    let ip = position[l];
                    let q = match RULE {
                        UP_TO => policy::up_to(s, level, ip),
                        BATCH => policy::batch(s, level, ip),
                        _ => {
                            let raw = policy.raw(s, level, ip);
                            if raw > 0.0 { policy.accepted(raw) } else { 0.0 }
                        }
                    };
                    wanted[l] = q;
                    flags[l] = u8::from(q > 0.0);
                    position[l] += q;
                    c.position[l] += q;
                    c.orders[l] += if q > 0.0 { 1.0 } else { 0.0 };
                    c.ordered[l] += q;
                }
                pending.quantity[at] = Slot(wanted);
                pending.due |= u64::from(bits(flags)) << (LANES * at);
                pending.period[at] = t;
                pending.count = at + 1;
                until = if at + 1 == PENDING { k } else { until.min(k + shortest) };
            }
        }
        *state = State { net, position, cycle };
        sums = c;
        pending.place::<WIDE>(placing, record.as_deref_mut());
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::path::{Dependence, Marginal, PathModel, Step};
    use crate::forecast::tile::Tile;
    use crate::inventory::simulate::{Prepared, SimOptions};
    use crate::inventory::{Item, LeadTime, Policy, UnitCosts};

    /// The widest version, the one with 64-bit products and the one without: the same sums, bit for bit.
    #[test]
    fn all_versions_give_the_same_bytes() {
        let values: Vec<f64> = (0..9).map(f64::from).collect();
        let cdf = vec![0.3, 0.5, 0.6, 0.7, 0.8, 0.88, 0.95, 0.99, 1.0];
        let path = PathModel {
            marginals: vec![Marginal::Discrete { values, cdf }],
            steps: vec![Step { marginal: 0, shift: 0.0, scale: 1.0 }],
            cycle: 1,
            dependence: Dependence::NONE,
            integer: true,
            non_negative: true,
        };
        let policies = [
            Policy::SS { s: 9.0, up_to: 21.0 },
            Policy::SQ { s: 8.0, q: 11.0 },
            Policy::SNQ { s: 8.0, q: 3.0 },
            Policy::BaseStock { up_to: 14.0 },
        ];
        let spread: Vec<f64> = (0..20).map(f64::from).collect();
        let leads = [
            LeadTime::fixed(2),
            LeadTime::discrete(&[1.0, 3.0, 4.0], &[1.0, 2.0, 1.0]).unwrap(),
            LeadTime::discrete(&[1.0, 3.0, 4.0], &[1.0, 2.0, 1.0]).unwrap().in_sequence(),
            LeadTime::discrete(&spread, &[1.0; 20]).unwrap(),
        ];
        let options = SimOptions { warm_up: 5, ..SimOptions::new(3, LANES, 150) };
        for (n, lead_time) in leads.iter().enumerate() {
            for unmet in [Unmet::Lost, Unmet::Backorder] {
                for (pack, minimum) in [(0.0, 0.0), (4.0, 0.0), (0.0, 7.0)] {
                    let item = Item {
                        lead_time: lead_time.clone(),
                        unmet,
                        on_hand: 6.0,
                        pack,
                        minimum,
                        ..Item::new("x", &path, UnitCosts::new(0.1, 1.0, 2.0))
                    };
                    let prepared = Prepared::new(&item, &options).unwrap();
                    let mut tile = Tile::new(prepared.setup.horizon);
                    prepared.fill(0, tile.values_mut());
                    for policy in &policies {
                        let compiled = prepared.compile(policy);
                        let room = &mut Scratch::default();
                        let (mut here, mut wide, mut plain, mut recorded) = (NOTHING, NOTHING, NOTHING, NOTHING);
                        run(&prepared.setup, &compiled, 0, tile.values(), room, None, &mut here);
                        any::<true>(&prepared.setup, &compiled, 0, tile.values(), room, None, &mut wide);
                        any::<false>(&prepared.setup, &compiled, 0, tile.values(), room, None, &mut plain);
                        let mut record = Record::new(0, prepared.setup.horizon);
                        any::<true>(&prepared.setup, &compiled, 0, tile.values(), room, Some(&mut record), &mut recorded);
                        assert!(here[Field::Ordered as usize].iter().sum::<f64>() > 0.0);
                        assert!(here == wide && here == plain && here == recorded, "lead time {n}, {policy:?}, pack {pack}, {minimum}");
                    }
                }
            }
        }
    }
}
