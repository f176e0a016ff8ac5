//! Consolidation rules compared on the orders of one outcome: the same demand, the same orders, other departures.

use super::world::{Built, Setting, World, by_replication};
use super::{key, rule, shares, way};
use crate::base::{Calendar, Cancelled, Control, Measure};
use crate::scenario::Engine;
use crate::scenario::engine::Planned;
use crate::scenario::known::Fit;
use crate::scenario::load::Inputs;
use crate::scenario::memory::Key;
use crate::scenario::outcome::{Outcome, SeriesOutcome};
use crate::scenario::plan::{ConsolidationSpec, Plan};
use crate::scenario::stock::{self, Job};
use rayon::prelude::*;

/// Replications on which the cost of delay is simulated.
const DELAYED: usize = 64;

/// What one consolidation rule comes to over the horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct RulePoint {
    /// The rule.
    pub spec: ConsolidationSpec,
    /// The rule in words.
    pub name: String,
    /// Money for trips.
    pub freight_cost: Measure,
    /// Mean days that a shipment waits for its departure.
    pub delay_days: Measure,
    /// Days that the shipment held longest waits, those cut short by the end of the horizon aside.
    pub longest_delay_days: Measure,
    /// Shipments.
    pub shipments: Measure,
    /// Shipments that leave after the day they are due, though they were ready before it; 0 where no such day is known.
    pub late: Measure,
    /// Load factor at its fullest, mean over trips.
    pub load_factor: Measure,
    /// Trips.
    pub trips: Measure,
    /// Kilometres driven.
    pub distance_km: Measure,
    /// kg CO2e of trips.
    pub transport_kg_co2e: Measure,
    /// kg CO2e of everything; storage and waste as the outcome has them.
    pub emissions_kg_co2e: Measure,
    /// What stock costs more (holding, stockouts, orders) because goods come later by the days held, a part of a period counted in proportion: simulated on the
    /// first 64 replications, paired against no delay, with levels that move by the expected demand of the delay but are not searched
    /// again, so rather too much than too little. `None` where no forecast is behind the outcome.
    pub stock_cost_of_delay: Option<Measure>,
    /// Freight, the stock cost of delay and the plan's price of carbon on the trips' emissions, together.
    pub total_cost: Measure,
    /// The total by replication: differences between rules are paired.
    pub total_by_replication: Vec<f64>,
}

impl Engine {
    /// What each of `rules` makes of the orders of `outcome`, on its first `built` replications, in their order. The orders stay as they are: a
    /// run under the rule itself would also let them adapt to the delay. Progress is reported as stage `consolidating`, a step
    /// each rule. What was computed before is remembered.
    ///
    /// Empty where nothing is ordered.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn consolidation(
        &self,
        outcome: &Outcome,
        inputs: &Inputs,
        rules: &[ConsolidationSpec],
        built: usize,
        control: &dyn Control,
    ) -> Result<Vec<RulePoint>, Cancelled> {
        let calendar = Calendar::new(outcome.period, outcome.now.unwrap_or_default());
        let built = built.clamp(1, outcome.plan.logistics.built_replications.max(1)).min(outcome.replications);
        let setting = Setting::new(outcome, inputs);
        let lanes = by_replication(&outcome.series, built);
        let mut planned: Option<Vec<Option<Planned>>> = None;
        let mut points = Vec::with_capacity(rules.len());
        for (done, spec) in rules.iter().enumerate() {
            control.check()?;
            let mut plan = outcome.plan.clone();
            plan.logistics.consolidation = spec.clone();
            plan.logistics.built_replications = built;
            let Some(content) = key(outcome, &plan, inputs, &calendar) else { return Ok(Vec::new()) };
            let content = Key::default().with(("rule", content)).debug(&outcome.freight.as_ref().map(|f| &f.held)).done();
            let point = self.rules.get_or(content, || {
                let (rule, way) = (rule(spec), way(spec));
                let world = World { outcome, plan: &plan, calendar: &calendar, setting: &setting, rule: &rule, way: &way };
                let runs = lanes
                    .par_iter()
                    .enumerate()
                    .map(|(r, lane)| world.replication(r, lane, control))
                    .collect::<Result<Vec<Built>, Cancelled>>()?;
                let paths = planned.get_or_insert_with(|| outcome.series.par_iter().map(path).collect());
                let delayed = cost_of_delay(outcome, &plan, paths, &shares(&runs, outcome.period.days()), control)?;
                let measure = |f: &dyn Fn(&Built) -> f64| Measure::from_values(&runs.iter().map(f).collect::<Vec<_>>());
                let carbon = plan.footprint.carbon_price / 1000.0;
                let total_by_replication: Vec<f64> = runs
                    .iter()
                    .enumerate()
                    .map(|(r, b)| b.cost + carbon * b.transport.wtw_kg() + delayed.as_ref().and_then(|d| d.get(r)).copied().unwrap_or(0.0))
                    .collect();
                Ok(RulePoint {
                    late: Measure::default(),
                    spec: spec.clone(),
                    name: rule.name() + &way.suffix(),
                    freight_cost: measure(&|b| b.cost),
                    delay_days: measure(&|b| b.delay_days),
                    longest_delay_days: measure(&|b| b.longest_delay_days),
                    shipments: measure(&|b| b.shipped as f64),
                    load_factor: measure(&|b| b.load_factor),
                    trips: measure(&|b| b.trips as f64),
                    distance_km: measure(&|b| b.km),
                    transport_kg_co2e: measure(&|b| b.transport.wtw_kg()),
                    emissions_kg_co2e: measure(&Built::all_kg),
                    stock_cost_of_delay: delayed.map(|d| Measure::from_values(&d)),
                    total_cost: Measure::from_values(&total_by_replication),
                    total_by_replication,
                })
            })?;
            points.push(RulePoint::clone(&point));
            control.progress("consolidating", done + 1, rules.len());
        }
        Ok(points)
    }
}

/// A series of an outcome with its demand paths.
fn path(s: &SeriesOutcome) -> Option<Planned> {
    s.forecast.as_ref().map(|f| Planned::of(s.stocked.clone(), Fit { fitted: f.clone(), known: s.known.clone() }))
}

/// Σ over series of what their stock costs more with shipments held by these shares than with none held, by replication.
fn cost_of_delay(
    outcome: &Outcome,
    plan: &Plan,
    planned: &[Option<Planned>],
    held: &[f64],
    control: &dyn Control,
) -> Result<Option<Vec<f64>>, Cancelled> {
    if planned.iter().any(Option::is_none) {
        return Ok(None);
    }
    let n = DELAYED.min(outcome.replications);
    if held.len() < 2 {
        return Ok(Some(vec![0.0; n]));
    }
    let before = outcome.freight.as_ref().map_or(0.0, |f| stock::mean_delay(&f.held));
    let differences = planned
        .par_iter()
        .zip(&outcome.series)
        .filter_map(|(p, s)| p.as_ref().map(|p| (p, s)))
        .map(|(p, s)| {
            control.check()?;
            let cost = |held: &[f64]| {
                let job = Job { held: Some(held), ..Job::new(p, plan, outcome.period, n) };
                stock::cost_when_held(&job, &s.stock, before)
            };
            Ok(cost(held).and_then(|late| cost(&[1.0]).map(|soon| late.iter().zip(&soon).map(|(a, b)| a - b).collect::<Vec<_>>())).ok())
        })
        .collect::<Result<Vec<Option<Vec<f64>>>, Cancelled>>()?;
    let mut sums = vec![0.0; n];
    for d in differences.iter().flatten() {
        sums.iter_mut().zip(d).for_each(|(s, x)| *s += x);
    }
    Ok(Some(sums))
}
