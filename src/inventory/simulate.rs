//! Running policies: tiles of sixteen replications, all candidates on each tile while it is in cache.

use super::kernel::{NOTHING, Record, Scratch, Setup, Sums, Tally, run};
use super::outcome::{ExamplePath, OrderLine, Outcome, Profile, measures, stockouts, totals};
use super::policy::{Ahead, Compiled};
use super::{Below, Item, Policy, Unmet, general};
use crate::base::Diagnostic;
use crate::base::measure::quantile_sorted;
use crate::base::random::hash_id;
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;
use crate::forecast::tile::Tile;
use rayon::prelude::*;
use std::sync::Arc;

/// How long and how often to simulate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimOptions {
    /// Seed of all streams.
    pub seed: u64,
    /// Replications, at least 1.
    pub replications: usize,
    /// Periods counted, at least 1.
    pub periods: usize,
    /// Periods simulated before counting starts.
    pub warm_up: usize,
    /// Number of the first replication: another block of replications is a fresh sample.
    pub first_replication: u64,
    /// Replications whose orders are listed one by one.
    pub manifests: usize,
    /// Whether to keep units ordered and arriving by replication and period, and the stock profile.
    pub flows: bool,
    /// Whether to keep the stock profile and a few example paths, without the flows behind them.
    pub profile: bool,
}

impl SimOptions {
    /// Sums only: no lists, no flows, no warm-up.
    pub const fn new(seed: u64, replications: usize, periods: usize) -> Self {
        Self { seed, replications, periods, warm_up: 0, first_replication: 0, manifests: 0, flows: false, profile: false }
    }
    /// Simulated periods, warm-up included.
    pub const fn horizon(&self) -> usize {
        self.warm_up + self.periods
    }
}

/// An item prepared for simulation: sampler, expected demand and what is on the way.
pub(super) struct Prepared<'a> {
    pub item: &'a Item<'a>,
    /// Whether the tiles of one item are spread over threads.
    pub parallel: bool,
    pub sampler: Arc<Sampler>,
    pub means: Vec<f64>,
    /// Sums of these ahead of a period.
    pub ahead: Ahead,
    pub setup: Setup,
}

impl<'a> Prepared<'a> {
    pub fn new(item: &'a Item<'a>, o: &SimOptions) -> Result<Self, Diagnostic> {
        item.check()?;
        if o.replications == 0 || o.periods == 0 {
            return Err(Diagnostic::error("nothing-to-simulate", "the simulation has no replications or no periods")
                .fix("give at least one of each"));
        }
        let sampler = item.sampler();
        let horizon = o.horizon();
        // expected demand is read ahead of the horizon by policies that follow the forecast
        let means = sampler.means(horizon + item.lead_time.longest() + item.review + 64);
        let mut scheduled = vec![0.0f32; horizon];
        for order in &item.on_order {
            if let Some(x) = scheduled.get_mut(order.period) {
                *x += order.units as f32;
            }
        }
        // where customers do not wait, nobody is owed anything
        let opening = if matches!(item.unmet, Unmet::Lost) { item.on_hand.max(0.0) } else { item.on_hand };
        let ahead = Ahead::new(&means);
        let setup = Setup {
            seed: o.seed,
            id: hash_id(item.id),
            horizon,
            warm_up: o.warm_up,
            unmet: item.unmet,
            draws: item.lead_time.draws(),
            crossing: item.lead_time.crossing,
            longest: item.lead_time.longest(),
            on_hand: opening as f32,
            scheduled,
            position: (item.position() - item.on_hand + opening) as f32,
            order_now: item.extras.schedule.first().copied().unwrap_or(0.0) as f32,
            shelf_life: item.shelf_life,
            expiring: item.expiring.iter().map(|e| (e.period, e.units as f32)).collect(),
            whole: item.path.integer,
            extras: item.extras.clone(),
            expedite_below: item.extras.expedite.map_or_else(Vec::new, |e| {
                let level = |t: usize| match e.below {
                    Below::Units(units) => units,
                    Below::Periods(periods) => ahead.sum(t + 1, periods),
                };
                (0..horizon).map(|t| level(t) as f32).collect()
            }),
        };
        Ok(Self { item, parallel: false, sampler, means, ahead, setup })
    }

    pub fn compile(&self, policy: &Policy) -> Compiled {
        Compiled::new(policy, self.item, &self.ahead, self.setup.horizon)
    }

    pub fn fill(&self, first: u64, tile: &mut [f32]) {
        self.sampler.fill(self.setup.seed, self.setup.id, first, 0..self.setup.horizon, tile);
    }

    /// One tally a policy, tiles of replications `first ..` in order.
    pub fn tallies(&self, policies: &[Compiled], first: u64, replications: usize) -> Vec<Tally> {
        let fresh = || (Tile::new(self.setup.horizon), Scratch::default());
        let run = |(tile, scratch): &mut (Tile, Scratch), (block, sums): (usize, &mut [Sums])| {
            let at = first + (block * LANES) as u64;
            self.fill(at, tile.values_mut());
            for (sums, policy) in sums.iter_mut().zip(policies) {
                self.one(policy, at, tile.values(), scratch, None, sums);
            }
        };
        let mut rows = nothing(replications.div_ceil(LANES) * policies.len());
        let width = policies.len().max(1);
        if self.parallel {
            rows.par_chunks_mut(width).enumerate().for_each_init(fresh, run);
        } else {
            let mut room = fresh();
            rows.chunks_mut(width).enumerate().for_each(|block| run(&mut room, block));
        }
        by_policy(rows, policies.len())
    }

    pub fn one(&self, policy: &Compiled, at: u64, tile: &[f32], scratch: &mut Scratch, record: Option<&mut Record>, sums: &mut Sums) {
        if self.setup.shelf_life.is_some() || self.setup.extras.general() || matches!(self.setup.unmet, Unmet::Part { .. }) {
            *sums = general::run(&self.setup, policy, at, tile, record);
        } else {
            run(&self.setup, policy, at, tile, scratch, record, sums);
        }
    }
}

/// Simulates one policy.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn simulate(item: &Item, policy: &Policy, options: &SimOptions) -> Result<Outcome, Diagnostic> {
    simulate_many(item, std::slice::from_ref(policy), options).map(|mut v| v.pop().unwrap_or_default())
}

/// Simulates several policies on the same demand and lead times (common random numbers), one outcome each, in order.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn simulate_many(item: &Item, policies: &[Policy], options: &SimOptions) -> Result<Vec<Outcome>, Diagnostic> {
    let prepared = Prepared::new(item, options)?;
    let compiled: Vec<Compiled> = policies.iter().map(|p| prepared.compile(p)).collect();
    Ok(outcomes(&prepared, &compiled, options))
}

/// Paths kept as examples with a profile.
const EXAMPLES: usize = 3;

/// Sums of so many tiles and policies, not yet there.
fn nothing(count: usize) -> Vec<Sums> {
    vec![NOTHING; count]
}

/// From the sums of all policies on one tile after the other, the tally of each policy.
fn by_policy(sums: Vec<Sums>, policies: usize) -> Vec<Tally> {
    match policies {
        1 => vec![Tally::new(sums)],
        _ => (0..policies).map(|k| Tally::new(sums.iter().skip(k).step_by(policies).copied().collect())).collect(),
    }
}

/// Outcomes of compiled policies, blocks of replications in parallel, put together in replication order.
pub(super) fn outcomes(prepared: &Prepared, compiled: &[Compiled], options: &SimOptions) -> Vec<Outcome> {
    let horizon = prepared.setup.horizon;
    let blocks = options.replications.div_ceil(LANES);
    let by_period = options.flows || options.profile;
    let recording = by_period || options.manifests > 0;
    let width = compiled.len();
    let mut sums = nothing(blocks * width);
    let mut records: Vec<Option<Record>> = (0..blocks * width).map(|_| None).collect();
    sums.par_chunks_mut(width.max(1)).zip(records.par_chunks_mut(width.max(1))).enumerate().with_min_len(8).for_each_init(
        || (Tile::new(horizon), Scratch::default()),
        |(tile, scratch), (block, (sums, records))| {
            let offset = block * LANES;
            let at = options.first_replication + offset as u64;
            prepared.fill(at, tile.values_mut());
            let tile = tile.values();
            for (policy, (sums, record)) in compiled.iter().zip(sums.iter_mut().zip(records)) {
                let wanted = by_period || offset < options.manifests;
                let listed = options.manifests + options.first_replication as usize;
                *record = (recording && wanted).then(|| Record::new(listed, horizon));
                prepared.one(policy, at, tile, scratch, record.as_mut(), sums);
                if let (true, 0, Some(r)) = (options.profile, block, record) {
                    r.demand = (0..EXAMPLES * horizon).filter_map(|i| tile.get(i % horizon * LANES + i / horizon).copied()).collect();
                }
            }
        },
    );
    let mut kept: Vec<Vec<Record>> = compiled.iter().map(|_| Vec::new()).collect();
    for (i, record) in records.into_iter().enumerate() {
        if let (Some(record), Some(kept)) = (record, kept.get_mut(i % width.max(1))) {
            kept.push(record);
        }
    }
    let tallies = by_policy(sums, width);
    tallies.into_iter().zip(kept).map(|(tally, records)| outcome(prepared, options, tally, records)).collect()
}

fn outcome(prepared: &Prepared, options: &SimOptions, tally: Tally, records: Vec<Record>) -> Outcome {
    let (n, horizon) = (options.replications, prepared.setup.horizon);
    let mut orders: Vec<OrderLine> = Vec::new();
    let (mut arriving, mut ordered, mut net, mut demand) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for mut r in records {
        orders.append(&mut r.orders);
        if options.flows || options.profile {
            demand.append(&mut r.demand);
            arriving.append(&mut r.arriving);
            ordered.append(&mut r.ordered);
            net.append(&mut r.net);
        }
    }
    let first = options.first_replication as u32;
    orders.iter_mut().for_each(|o| o.replication -= first);
    orders.retain(|o| (o.replication as usize) < n);
    orders.sort_by_key(|o| (o.replication, o.ordered));
    for v in [&mut arriving, &mut ordered, &mut net] {
        v.truncate(n * horizon);
    }
    let profile = if net.is_empty() { Profile::default() } else { profile(&net, &ordered, &arriving, horizon) };
    let row = |v: &[f32], k: usize| v.get(k * horizon..(k + 1) * horizon).map(<[f32]>::to_vec).unwrap_or_default();
    let examples = (0..demand.len() / horizon.max(1))
        .take(n)
        .map(|k| ExamplePath {
            replication: k as u32,
            demand: row(&demand, k),
            stock: row(&net, k),
            ordered: row(&ordered, k),
            received: row(&arriving, k),
        })
        .collect();
    if !options.flows {
        (arriving, ordered) = (Vec::new(), Vec::new());
    }
    Outcome {
        measures: measures(prepared.item, &tally, n, options.periods),
        replications: n,
        periods: options.periods,
        total_cost_by_replication: totals(prepared.item, &tally, n),
        stockout_cost_by_replication: stockouts(prepared.item, &tally, n),
        orders,
        arriving,
        ordered,
        profile,
        examples,
    }
}

fn profile(net: &[f32], ordered: &[f32], arriving: &[f32], horizon: usize) -> Profile {
    let column = |v: &[f32], t: usize| -> Vec<f64> { v.iter().skip(t).step_by(horizon).map(|x| f64::from(*x)).collect() };
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let rows: Vec<[f64; 5]> = (0..horizon)
        .into_par_iter()
        .with_min_len(16)
        .map(|t| {
            let mut stock = column(net, t);
            let middle = mean(&stock);
            stock.sort_unstable_by(f64::total_cmp);
            [middle, quantile_sorted(&stock, 0.1), quantile_sorted(&stock, 0.9), mean(&column(ordered, t)), mean(&column(arriving, t))]
        })
        .collect();
    let pick = |k: usize| rows.iter().map(|r| r[k]).collect();
    Profile { mean: pick(0), p10: pick(1), p90: pick(2), ordered: pick(3), received: pick(4) }
}
