//! The fast kernel: sixteen replications of one policy advance in step through a tile of demand.
//!
//! State and sums are arrays over lanes, so that the arithmetic of a period vectorises; only the placing of an order looks at one
//! lane at a time. Sums are kept in `f32` for at most [`CHUNK`] periods and then added to `f64`.

use super::item::Unmet;
use super::lead_time::Draws;
use super::outcome::OrderLine;
use super::policy::Compiled;
use crate::base::random::{Purpose, Stream};
use crate::forecast::path::LANES;

type Row = [f32; LANES];

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
}

/// Number of [`Field`]s.
pub(super) const FIELDS: usize = 15;

/// Sums of one policy over all replications: one block of [`LANES`] values a field and tile.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    blocks: Vec<[[f64; LANES]; FIELDS]>,
}

impl Tally {
    pub fn push(&mut self, sums: [[f64; LANES]; FIELDS]) {
        self.blocks.push(sums);
    }
    /// The sum of `field` in replication `i`; 0 beyond the last.
    pub fn get(&self, field: Field, i: usize) -> f64 {
        self.blocks.get(i / LANES).map_or(0.0, |b| b[field as usize][i % LANES])
    }
}

/// Sums of one tile.
pub(super) type Sums = [[f64; LANES]; FIELDS];

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
}

impl Record {
    pub fn new(listed: usize, horizon: usize) -> Self {
        let empty = || vec![0.0; LANES * horizon];
        Self { listed, orders: Vec::new(), ordered: empty(), arriving: empty(), net: empty(), demand: Vec::new() }
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
    ring: Vec<Row>,
}

/// Everything that changes from period to period.
#[derive(Clone, Copy)]
struct State {
    net: Row,
    position: Row,
    /// What the next receipt will count: [`CLEAN_CYCLE`] while the current cycle has seen no stockout, else [`CYCLE`].
    cycle: Row,
    /// Latest arrival so far, where orders keep their sequence.
    last: [usize; LANES],
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
    fn flush(&mut self, sums: &mut Sums) {
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
        for (l, events) in self.events.iter().enumerate() {
            let events = *events as u32;
            sums[Field::Stockouts as usize][l] += f64::from(events % 128);
            sums[Field::Cycles as usize][l] += f64::from(events / 128 % 128);
            sums[Field::Clean as usize][l] += f64::from(events / 16_384);
        }
        *self = Self::default();
    }
}

/// Runs one policy over one tile (`tile[t][lane]`, at least `setup.horizon` rows).
pub(super) fn run(
    setup: &Setup,
    policy: &Compiled,
    first_replication: u64,
    tile: &[f32],
    scratch: &mut Scratch,
    record: Option<&mut Record>,
) -> Sums {
    match (setup.unmet, record) {
        (Unmet::Lost, None) => go::<true, false>(setup, policy, first_replication, tile, scratch, &mut Record::default()),
        (Unmet::Lost, Some(r)) => go::<true, true>(setup, policy, first_replication, tile, scratch, r),
        (Unmet::Backorder, None) => go::<false, false>(setup, policy, first_replication, tile, scratch, &mut Record::default()),
        (Unmet::Backorder, Some(r)) => go::<false, true>(setup, policy, first_replication, tile, scratch, r),
    }
}

fn go<const LOST: bool, const RECORD: bool>(
    setup: &Setup,
    policy: &Compiled,
    first_replication: u64,
    tile: &[f32],
    scratch: &mut Scratch,
    record: &mut Record,
) -> Sums {
    let size = (setup.longest + 2).next_power_of_two();
    scratch.ring.clear();
    scratch.ring.resize(size, [0.0; LANES]);
    let keys: [Stream; LANES] =
        std::array::from_fn(|lane| Stream::new(setup.seed, setup.id, Purpose::LeadTime, first_replication + lane as u64));
    let (net, position) = policy.start.map_or((setup.on_hand, setup.position), |x| (x, x));
    let mut state = State { net: [net; LANES], position: [position; LANES], cycle: [CLEAN_CYCLE; LANES], last: [0; LANES] };
    if setup.order_now > 0.0 {
        for lane in 0..LANES {
            // available at the start of period L, as if placed at the end of period −1
            let arrives = setup.draws.at(keys[lane].bits(NOW));
            if let Some(row) = scratch.ring.get_mut(arrives & (size - 1)) {
                row[lane] += setup.order_now;
            }
            state.position[lane] += setup.order_now;
            state.last[lane] = arrives;
            if RECORD {
                record.order(first_replication + lane as u64, lane, setup.horizon, -1, arrives, setup.order_now);
            }
        }
    }
    let mut sums: Sums = [[0.0; LANES]; FIELDS];
    let rows = tile.as_chunks::<LANES>().0;
    let horizon = setup.horizon.min(rows.len());
    let mut from = 0;
    while from < horizon {
        if from == setup.warm_up {
            sums = [[0.0; LANES]; FIELDS];
            sums[Field::Opening as usize] = state.net.map(f64::from);
        }
        let mut to = (from + CHUNK).min(horizon);
        if from < setup.warm_up {
            to = to.min(setup.warm_up);
        }
        let chunk =
            span::<LOST, RECORD>(setup, policy, &keys, first_replication, from, &rows[from..to], &mut scratch.ring, &mut state, record);
        { chunk }.flush(&mut sums);
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
    sums
}

/// The periods `from ..` of the given rows.
#[allow(clippy::too_many_arguments)]
fn span<const LOST: bool, const RECORD: bool>(
    setup: &Setup,
    policy: &Compiled,
    keys: &[Stream; LANES],
    first_replication: u64,
    from: usize,
    rows: &[Row],
    ring: &mut [Row],
    state: &mut State,
    record: &mut Record,
) -> Chunk {
    let mask = ring.len() - 1;
    let mut c = Chunk::default();
    let State { mut net, mut position, mut cycle, mut last } = *state;
    for (k, demand) in rows.iter().enumerate() {
        let t = from + k;
        let extra = setup.scheduled.get(t).copied().unwrap_or(0.0);
        let Some(slot) = ring.get_mut(t & mask) else { break };
        let arriving = std::mem::replace(slot, [0.0; LANES]);
        for l in 0..LANES {
            let a = arriving[l] + extra;
            let d = demand[l];
            // a receipt closes a cycle, and the next one starts clean
            c.events[l] += if a > 0.0 { cycle[l] } else { 0.0 };
            let fresh = if a > 0.0 { CLEAN_CYCLE } else { cycle[l] };
            let stock = net[l] + a;
            let at_once = lesser(d, if LOST { stock } else { greater(stock, 0.0) });
            let missed = d - at_once;
            c.events[l] += if missed > 0.0 { 1.0 } else { 0.0 };
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
        if RECORD {
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
            let flags: [u32; LANES] = std::array::from_fn(|l| if position[l] <= s { 1 << l } else { 0 });
            let mut due: u32 = flags.iter().sum();
            while due != 0 {
                let l = due.trailing_zeros() as usize % LANES;
                due &= due - 1;
                let raw = policy.raw(s, level, position[l]);
                if raw <= 0.0 {
                    continue;
                }
                let q = policy.accepted(raw);
                let mut arrives = t + 1 + setup.draws.at(keys[l].bits(t as u64));
                if !setup.crossing {
                    arrives = arrives.max(last[l]);
                    last[l] = arrives;
                }
                if let Some(row) = ring.get_mut(arrives & mask) {
                    row[l] += q;
                }
                position[l] += q;
                c.position[l] += q;
                c.orders[l] += 1.0;
                c.ordered[l] += q;
                if RECORD {
                    record.order(first_replication + l as u64, l, setup.horizon, t as i64, arrives, q);
                }
            }
        }
    }
    *state = State { net, position, cycle, last };
    c
}
