//! Analytic starting levels: the economic batch, the economic critical ratio, and demand over the risk by sampled sums.
//!
//! Sources: Harris 1913 (economic order quantity); Silver, Pyke & Thomas 2017 §7.7 (the fraction of cycles in which a stockout is
//! worth avoiding: `1 − hQ/(pD + hQ)` for lost sales, `p/(p + h)` where backorders are charged per unit and period).

use super::item::Unmet;
use super::simulate::Prepared;
use super::{Item, LeadTime};
use crate::base::measure::quantile_sorted;
use crate::base::random::{Purpose, Stream, hash_id};
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;

/// First of the replications on which levels are tuned; outcomes are reported on others.
pub(super) const TUNING: u64 = 1 << 32;

/// Demand over the risk `L + R`, ascending: one sum per replication, lead times drawn too.
#[derive(Debug, Clone)]
pub struct RiskDemand {
    sorted: Vec<f64>,
}

impl RiskDemand {
    /// Sums of the steps `from .. from + L + review` of `replications` paths; lead times are drawn for period `from`.
    pub fn sample(sampler: &Sampler, lead_time: &LeadTime, review: usize, id: &str, seed: u64, from: usize, replications: usize) -> Self {
        let id = hash_id(id);
        let steps = lead_time.longest() + review;
        let draws = lead_time.draws();
        let mut tile = vec![0.0f32; steps * LANES];
        let mut sorted = Vec::with_capacity(replications);
        for first in (0..replications as u64).step_by(LANES) {
            sampler.fill(seed, id, TUNING + first, from..from + steps, &mut tile);
            for lane in 0..LANES.min(replications - first as usize) {
                let stream = Stream::new(seed, id, Purpose::LeadTime, TUNING + first + lane as u64);
                let n = draws.at(stream.bits(from as u64)) + review;
                sorted.push(tile.chunks_exact(LANES).take(n).map(|row| f64::from(row[lane])).sum());
            }
        }
        sorted.sort_by(f64::total_cmp);
        Self { sorted }
    }

    /// From a prepared item, at the start of its horizon.
    pub(super) fn of(prepared: &Prepared, replications: usize) -> Self {
        let item = prepared.item;
        Self::sample(&prepared.sampler, &item.lead_time, item.review, item.id, prepared.setup.seed, 0, replications)
    }

    /// Quantile, units (0 when nothing was sampled).
    pub fn quantile(&self, p: f64) -> f64 {
        if self.sorted.is_empty() { 0.0 } else { quantile_sorted(&self.sorted, p) }
    }
    /// Mean, units.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len().max(1) as f64
    }
    /// Standard deviation, units.
    pub fn sd(&self) -> f64 {
        let m = self.mean();
        (self.sorted.iter().map(|x| (x - m).powi(2)).sum::<f64>() / self.sorted.len().max(1) as f64).sqrt()
    }
}

/// The economic order quantity `√(2Kd/h)` in units, at most the demand of `longest` periods and 0 where orders cost nothing.
pub fn batch(order_cost: f64, holding: f64, demand: f64, longest: f64) -> f64 {
    let most = demand * longest;
    if order_cost <= 0.0 || demand <= 0.0 {
        0.0
    } else if holding <= 0.0 {
        most
    } else {
        (2.0 * order_cost * demand / holding).sqrt().min(most)
    }
}

/// The share of cycles worth keeping free of stockouts, given the batch that will be ordered (at least a review's demand).
pub fn critical_ratio(unmet: Unmet, holding: f64, shortage: f64, demand: f64, review: f64, batch: f64) -> f64 {
    let if_lost = || {
        let q = batch.max(demand * review);
        if shortage * demand + holding * q > 0.0 { shortage * demand / (shortage * demand + holding * q) } else { 0.5 }
    };
    let if_waiting = |cost: f64| if cost + holding > 0.0 { cost / (cost + holding) } else { 0.5 };
    let ratio = match unmet {
        Unmet::Lost => if_lost(),
        Unmet::Backorder => if_waiting(shortage),
        Unmet::Part { lost, waiting } => lost * if_lost() + (1.0 - lost) * if_waiting(waiting),
    };
    ratio.clamp(0.0, 0.9999)
}

/// What is left of the batch above the reorder point: a review order already carries half a review's demand of undershoot.
pub fn above_trigger(batch: f64, demand: f64, review: f64) -> f64 {
    if batch <= demand * review { 0.0 } else { batch - 0.5 * demand * review }
}

/// Whole units, where the item is counted in units.
pub(super) fn whole(item: &Item, x: f64) -> f64 {
    if item.path.integer { x.round() } else { x }
}
