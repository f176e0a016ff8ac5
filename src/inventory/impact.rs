//! What disruptions cost: the same policy on the same customers with and without them.
//!
//! Recovery is counted as in Simchi-Levi, Schmidt & Wei 2014 ("From superstorms to factory fires", *Harvard Business Review* 92(1–2)): the time
//! from the beginning of an event until service is what it would have been without it.

use super::disruption::Disruption;
use super::general;
use super::kernel::{Record, Tally};
use super::outcome::{fill_rate, stockouts, totals};
use super::simulate::{Prepared, SimOptions};
use super::{Item, Policy};
use crate::base::measure::quantile_sorted;
use crate::base::{Diagnostic, Measure};
use crate::forecast::path::LANES;
use crate::forecast::tile::Tile;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What disruptions do to an item. Differences are paired replication by replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// Events that begin within the counted periods.
    pub events: Measure,
    /// Share of replications with at least one.
    pub share_hit: f64,
    /// Money at risk: total cost with disruptions less total cost without. `p90` is what it exceeds in one future of ten.
    pub cost_at_risk: Measure,
    /// What it exceeds in one future of twenty.
    pub cost_at_risk_p95: f64,
    /// The stockout part of it.
    pub stockout_cost_at_risk: Measure,
    /// Total cost without disruptions.
    pub total_cost_undisrupted: Measure,
    /// Fill rate without disruptions.
    pub fill_rate_undisrupted: Measure,
    /// Periods from the beginning of an event until service is back, 0 where nobody noticed it; over all events.
    pub periods_to_recover: Measure,
    /// The money at risk of each replication, for sums over items that the same events hit.
    pub extra_cost: Vec<f64>,
    /// The stockout part of it.
    pub extra_stockout: Vec<f64>,
}

impl Impact {
    /// Several items together, replication by replication, weighted by `demand` where they are shares.
    pub fn sum(parts: &[(&Self, f64)]) -> Option<Self> {
        let n = parts.iter().map(|(p, _)| p.extra_cost.len()).min()?;
        let add = |f: &dyn Fn(&Self) -> &Vec<f64>| -> Vec<f64> {
            (0..n).map(|i| parts.iter().map(|(p, _)| f(p).get(i).copied().unwrap_or(0.0)).sum()).collect()
        };
        let (extra, stockout) = (add(&|p| &p.extra_cost), add(&|p| &p.extra_stockout));
        let demand: f64 = parts.iter().map(|(_, d)| d).sum();
        let weighted = |f: &dyn Fn(&Self) -> Measure, weight: &dyn Fn(&Self, f64) -> f64| {
            let all: f64 = parts.iter().map(|(p, d)| weight(p, *d)).sum();
            let mut m = Measure::default();
            for (p, d) in parts.iter().filter(|_| all > 0.0) {
                let (x, share) = (f(p), weight(p, *d) / all);
                m.mean += share * x.mean;
                m.half_width = m.half_width.hypot(share * x.half_width);
                m.p10 += share * x.p10;
                m.p90 += share * x.p90;
            }
            m
        };
        let mut sorted = extra.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        // other customers each: their errors add in squares
        let base = parts.iter().fold(Measure::default(), |m, (p, _)| {
            let more = p.total_cost_undisrupted;
            Measure {
                mean: m.mean + more.mean,
                half_width: m.half_width.hypot(more.half_width),
                p10: m.p10 + more.p10,
                p90: m.p90 + more.p90,
            }
        });
        // what several items share is one event for each of them
        let most = parts.iter().map(|(p, _)| *p).max_by(|a, b| a.events.mean.total_cmp(&b.events.mean))?;
        Some(Self {
            events: most.events,
            share_hit: most.share_hit,
            cost_at_risk: Measure::from_values(&extra),
            cost_at_risk_p95: quantile_sorted(&sorted, 0.95),
            stockout_cost_at_risk: Measure::from_values(&stockout),
            total_cost_undisrupted: base,
            fill_rate_undisrupted: weighted(&|p| p.fill_rate_undisrupted, &|_, d| d / demand.max(f64::MIN_POSITIVE)),
            periods_to_recover: weighted(&|p| p.periods_to_recover, &|p, _| p.events.mean),
            extra_cost: extra,
            extra_stockout: stockout,
        })
    }
}

/// The impact of an item's disruptions under a policy; `None` where it has none that are a risk.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn impact(item: &Item, policy: &Policy, options: &SimOptions) -> Result<Option<Impact>, Diagnostic> {
    let risks: Vec<Disruption> = item.extras.disruptions.iter().filter(|d| !d.known).cloned().collect();
    if risks.is_empty() {
        return Ok(None);
    }
    let mut calm = item.clone();
    calm.extras.disruptions.retain(|d| d.known);
    let (with, without) = (Prepared::new(item, options)?, Prepared::new(&calm, options)?);
    let (policy_with, policy_without) = (with.compile(policy), without.compile(policy));
    let (n, horizon) = (options.replications, with.setup.horizon);
    let quiet = item.risk().ceil().max(1.0) as usize;
    let recorded = || {
        let mut r = Record::new(0, horizon);
        r.short = vec![0.0; LANES * horizon];
        r
    };
    let parts: Vec<_> = (0..n.div_ceil(LANES))
        .into_par_iter()
        .map_init(
            || Tile::new(horizon),
            |tile, block| {
                let at = options.first_replication + (block * LANES) as u64;
                with.fill(at, tile.values_mut());
                let (mut hit, mut spared) = (recorded(), recorded());
                let a = general::run(&with.setup, &policy_with, at, tile.values(), Some(&mut hit));
                let b = general::run(&without.setup, &policy_without, at, tile.values(), Some(&mut spared));
                let lanes: Vec<Vec<f64>> = (0..LANES)
                    .map(|lane| {
                        let row = |r: &Record| r.short.get(lane * horizon..(lane + 1) * horizon).map(<[f32]>::to_vec).unwrap_or_default();
                        let (hit, spared) = (row(&hit), row(&spared));
                        let mut spans: Vec<(usize, usize)> =
                            risks.iter().flat_map(|d| d.spans(options.seed, at + lane as u64, horizon)).collect();
                        spans.sort_unstable();
                        spans.retain(|s| s.0 >= options.warm_up);
                        (0..spans.len())
                            .map(|k| {
                                let next = spans.get(k + 1).map_or(horizon, |s| s.0);
                                recovery(&hit, &spared, spans[k], next.max(spans[k].1).min(horizon), quiet)
                            })
                            .collect()
                    })
                    .collect();
                (a, b, lanes)
            },
        )
        .collect();
    let (mut hit, mut spared, mut recoveries) = (Tally::default(), Tally::default(), Vec::with_capacity(n));
    for (a, b, lanes) in parts {
        hit.push(a);
        spared.push(b);
        recoveries.extend(lanes);
    }
    recoveries.truncate(n);
    let differences = |a: Vec<f64>, b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(x, y)| x - y).collect() };
    let base = totals(item, &spared, n);
    let extra_cost = differences(totals(item, &hit, n), &base);
    let extra_stockout = differences(stockouts(item, &hit, n), &stockouts(item, &spared, n));
    let cost_at_risk = Measure::from_values(&extra_cost);
    let mut sorted = extra_cost.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let events: Vec<f64> = recoveries.iter().map(|r| r.len() as f64).collect();
    let times: Vec<f64> = recoveries.concat();
    Ok(Some(Impact {
        share_hit: events.iter().filter(|e| **e > 0.0).count() as f64 / n.max(1) as f64,
        events: Measure::from_values(&events),
        cost_at_risk,
        cost_at_risk_p95: quantile_sorted(&sorted, 0.95),
        stockout_cost_at_risk: Measure::from_values(&extra_stockout),
        total_cost_undisrupted: Measure::from_values(&base),
        fill_rate_undisrupted: Measure::from_values(&spared.replications(n).map(fill_rate).collect::<Vec<f64>>()),
        periods_to_recover: if times.is_empty() { Measure::default() } else { Measure::from_values(&times) },
        extra_cost,
        extra_stockout,
    }))
}

/// Periods from the beginning of an event `(first, end)` to the end of the last period in which more is short than without it; what happens after
/// `quiet` calm periods behind the event, or from `until` on, is not its doing.
fn recovery(hit: &[f32], spared: &[f32], (first, end): (usize, usize), until: usize, quiet: usize) -> f64 {
    let mut last = None;
    let mut calm = 0;
    for t in first..until {
        if hit.get(t).copied().unwrap_or(0.0) > spared.get(t).copied().unwrap_or(0.0) + 1e-3 {
            last = Some(t);
            calm = 0;
        } else if t >= end {
            calm += 1;
            if calm > quiet {
                break;
            }
        }
    }
    last.map_or(0.0, |t| (t + 1 - first) as f64)
}
