//! What to order now, and why in one plain sentence.
//!
//! "Now" is the moment before period 0: an order placed now with lead time `L` is available at the start of period `L`, and it has
//! to cover demand until the one placed at the next review could arrive, `L + R` periods.

use super::guess::whole;
use super::outcome::{stockouts, totals};
use super::policy::Amount;
use super::simulate::{Prepared, SimOptions};
use super::{Item, Policy};
use crate::base::measure::student_975;
use crate::base::text::grouped;
use crate::base::{Diagnostic, Measure, Period};
use crate::forecast::path::LANES;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What to order now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Units to order now; 0: nothing.
    pub quantity: f64,
    /// What the policy asked for before packs and the minimum.
    pub wanted: f64,
    /// The period at whose start it is expected (median lead time): 0 is the first period ahead.
    pub arrives: usize,
    /// The period by which it is there with 95 % probability.
    pub arrives_late: usize,
    /// Position now: on hand + on order − backorders, units.
    pub position: f64,
    /// The reorder point that was compared with it, units.
    pub reorder_point: f64,
    /// Expected demand over `L + R`, units.
    pub risk_demand: f64,
    /// Median number of periods until stock and orders on their way run out, counted with fractions of a period; `None`: not
    /// within the simulated horizon.
    pub runs_out: Option<f64>,
    /// Extra stockout cost if the order waited for the next review, paired over replications; zero when nothing is ordered.
    pub cost_of_waiting: Measure,
    /// Extra total cost of waiting for the next review; negative: waiting is cheaper.
    pub net_cost_of_waiting: Measure,
    /// The sentence.
    pub reason: String,
}

/// What the policy says to order now. `period` only names the periods in the sentence; `options` gives seed, replications and horizon
/// of the simulated figures.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn advise(item: &Item, policy: &Policy, period: Period, options: &SimOptions) -> Result<Advice, Diagnostic> {
    advised(item, policy, None, period, options)
}

/// The same where what is ordered now is decided elsewhere: `units` in place of what the policy says. The sentence ends before what follows from it.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn advise_units(item: &Item, policy: &Policy, units: f64, period: Period, options: &SimOptions) -> Result<Advice, Diagnostic> {
    advised(item, policy, Some(units), period, options)
}

fn advised(item: &Item, policy: &Policy, set: Option<f64>, period: Period, options: &SimOptions) -> Result<Advice, Diagnostic> {
    // after now, the next review falls R periods later
    let item = Item { next_review: item.next_after_now(), ..item.clone() };
    let options = SimOptions { warm_up: 0, manifests: 0, flows: false, profile: false, ..*options };
    let mut prepared = Prepared::new(&item, &options)?;
    let risk_demand = prepared.ahead.sum(0, item.risk());
    let position = item.position();
    let (s, level) = policy.levels(&item, &prepared.ahead, 0);
    let wanted = if position > s || !item.extras.open_now() {
        0.0
    } else {
        match policy.amount() {
            Amount::UpTo => (level - position).max(0.0),
            Amount::Batch => level,
            Amount::Batches if level > 0.0 => (((s - position) / level).floor() + 1.0) * level,
            Amount::Batches => 0.0,
        }
    };
    let wanted = whole(&item, wanted);
    let quantity = set.unwrap_or_else(|| item.round_order(wanted));
    let (cost_of_waiting, net_cost_of_waiting) =
        if quantity > 0.0 { waiting(&mut prepared, policy, quantity, &options) } else { Default::default() };
    let runs_out = runs_out(&prepared, &options);
    let mut advice = Advice {
        quantity,
        wanted,
        arrives: item.lead_time.quantile(0.5),
        arrives_late: item.lead_time.quantile(0.95),
        position,
        reorder_point: s,
        risk_demand,
        runs_out,
        cost_of_waiting,
        net_cost_of_waiting,
        reason: String::new(),
    };
    let situation = situation(&item, &advice, period, options.periods);
    advice.reason = if set.is_some() { situation } else { situation + &conclusion(&item, &advice) };
    Ok(advice)
}

/// Stockout and total cost with the order held back to the next review, less with the order placed now.
fn waiting(prepared: &mut Prepared, policy: &Policy, quantity: f64, options: &SimOptions) -> (Measure, Measure) {
    let compiled = [prepared.compile(policy)];
    let (n, item) = (options.replications, prepared.item);
    prepared.parallel = true;
    let mut costs = |order_now: f64| {
        prepared.setup.order_now = order_now as f32;
        let tally = prepared.tallies(&compiled, options.first_replication, n).pop().unwrap_or_default();
        (stockouts(item, &tally, n), totals(item, &tally, n))
    };
    let (late, now) = (costs(0.0), costs(quantity));
    prepared.setup.order_now = 0.0;
    let pairs = |a: &[f64], b: &[f64], extra: f64| {
        let d: Vec<f64> = a.iter().zip(b).map(|(x, y)| x - y - extra).collect();
        Measure::from_values(&d)
    };
    (
        pairs(&late.0, &now.0, 0.0),
        // the order placed now is outside the counted periods: its fixed cost is added by hand
        pairs(&late.1, &now.1, item.costs.order),
    )
}

/// Groups of replications that the error of a worth is told from: enough for Student's t, few enough to keep for every pack of every line.
pub const BATCHES: usize = 32;

/// What a quantity ordered now is worth: money saved against ordering nothing before the next review.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Mean over replications on the same customers.
    pub mean: f64,
    /// By how much the means of [`BATCHES`] groups of replications, in their order, lie above it (zeros beyond the groups there are): lines that meet the
    /// same customers are added group by group, so that the error of a sum holds what they have in common.
    pub batches: [f32; BATCHES],
}

/// Batches that `replications` make.
pub const fn batches_of(replications: usize) -> usize {
    if replications < BATCHES { replications } else { BATCHES }
}

/// 95 % half-width of a mean from its batches' deviations (Law 2015, *Simulation Modeling and Analysis*, §9.5: batch means); NaN below two.
pub fn half_width_of(deviations: &[f64]) -> f64 {
    let n = deviations.len();
    if n < 2 {
        return f64::NAN;
    }
    let squares: f64 = deviations.iter().map(|d| d * d).sum();
    student_975(n - 1) * (squares / (n - 1) as f64 / n as f64).sqrt()
}

/// What ordering each of these quantities now is worth against ordering nothing before the next review: total cost saved, money, over replications on the
/// same customers.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn worth(item: &Item, policy: &Policy, quantities: &[f64], options: &SimOptions) -> Result<Vec<Worth>, Diagnostic> {
    let item = Item { next_review: item.next_after_now(), ..item.clone() };
    let options = SimOptions { warm_up: 0, manifests: 0, flows: false, profile: false, ..*options };
    let mut prepared = Prepared::new(&item, &options)?;
    let compiled = [prepared.compile(policy)];
    let n = options.replications;
    let mut costs = |order_now: f64| {
        prepared.setup.order_now = order_now as f32;
        let tally = prepared.tallies(&compiled, options.first_replication, n).pop().unwrap_or_default();
        totals(&item, &tally, n)
    };
    let mean = |costs: &[f64]| costs.iter().sum::<f64>() / n.max(1) as f64;
    let nothing = costs(0.0);
    let idle = mean(&nothing);
    let of = |q: &f64| {
        let mut out = Worth { mean: 0.0, batches: [0.0; BATCHES] };
        if *q <= 0.0 {
            return out;
        }
        let ordered = costs(*q);
        let saved = idle - mean(&ordered);
        out.mean = saved - item.costs.order + item.extras.saving(*q);
        let count = batches_of(n);
        for (k, batch) in out.batches.iter_mut().take(count).enumerate() {
            let range = k * n / count..(k + 1) * n / count;
            let size = range.len() as f64;
            let pairs = nothing.iter().zip(&ordered).skip(range.start).take(range.len());
            *batch = (pairs.map(|(a, b)| a - b).sum::<f64>() / size - saved) as f32;
        }
        out
    };
    Ok(quantities.iter().map(of).collect())
}

/// Median time until what is on hand and on its way has all been asked for.
fn runs_out(prepared: &Prepared, options: &SimOptions) -> Option<f64> {
    let horizon = prepared.setup.horizon;
    let replications = options.replications.min(512);
    let time = |tile: &[f32], lane: usize| {
        let mut stock = prepared.item.on_hand;
        for (t, row) in tile.chunks_exact(LANES).enumerate() {
            stock += prepared.setup.scheduled.get(t).map_or(0.0, |x| f64::from(*x));
            let demand = row.get(lane).map_or(0.0, |x| f64::from(*x));
            if demand > stock {
                return t as f64 + if demand > 0.0 { (stock / demand).max(0.0) } else { 0.0 };
            }
            stock -= demand;
        }
        f64::INFINITY
    };
    let blocks: Vec<Vec<f64>> = (0..replications.div_ceil(LANES))
        .into_par_iter()
        .with_min_len(4)
        .map_init(
            || vec![0.0f32; horizon * LANES],
            |tile, block| {
                let first = block * LANES;
                prepared.fill(options.first_replication + first as u64, tile);
                (0..LANES.min(replications - first)).map(|lane| time(tile, lane)).collect()
            },
        )
        .collect();
    let mut times: Vec<f64> = blocks.into_iter().flatten().collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().filter(|t| t.is_finite())
}

fn units(x: f64) -> String {
    grouped(x, if x.fract().abs() < 1e-9 || x.abs() >= 100.0 { 0 } else { 1 })
}

fn span(x: f64, period: Period) -> String {
    let text = if x.fract().abs() < 0.05 || x >= 20.0 { grouped(x, 0) } else { grouped(x, 1) };
    let s = if text == "1" { "" } else { "s" };
    format!("{text} {period}{s}")
}

fn situation(item: &Item, a: &Advice, period: Period, horizon: usize) -> String {
    let coming: f64 = item.on_order.iter().map(|o| o.units).sum();
    let have = match (item.on_hand >= 0.0, coming > 0.0) {
        (true, true) => format!("{} on hand and {} on the way", units(item.on_hand), units(coming)),
        (true, false) => format!("{} on hand and nothing on the way", units(item.on_hand)),
        (false, true) => format!("{} owed to customers and {} on the way", units(-item.on_hand), units(coming)),
        (false, false) => format!("{} owed to customers and nothing on the way", units(-item.on_hand)),
    };
    let cover = match a.runs_out {
        Some(x) if x < 0.05 => "cover nothing".to_owned(),
        Some(x) => format!("cover {}", span(x, period)),
        None => format!("cover more than {}", span(horizon as f64, period)),
    };
    let risk = span(item.risk(), period);
    let need = if whole(item, a.reorder_point) > whole(item, a.risk_demand) {
        format!("{}, {} with a safety margin", units(whole(item, a.risk_demand)), units(whole(item, a.reorder_point)))
    } else {
        format!("{}, of which {} pay to be covered", units(whole(item, a.risk_demand)), units(whole(item, a.reorder_point).max(0.0)))
    };
    format!("{have} {cover}; demand until the next delivery could arrive ({risk}) is {need}")
}

fn conclusion(item: &Item, a: &Advice) -> String {
    if a.quantity <= 0.0 {
        return ", so nothing needs ordering now".to_owned();
    }
    let bound = if a.wanted < item.minimum { format!(", the supplier's minimum of {}", units(item.minimum)) } else { String::new() };
    format!(", so order {}{bound}", in_packs(item, a.quantity))
}

/// A quantity, with its packs where there are any.
pub fn in_packs(item: &Item, quantity: f64) -> String {
    if item.pack > 0.0 && item.pack != 1.0 {
        let n = (quantity / item.pack).round();
        format!("{} ({} pack{} of {})", units(quantity), units(n), if n == 1.0 { "" } else { "s" }, units(item.pack))
    } else {
        units(quantity)
    }
}
