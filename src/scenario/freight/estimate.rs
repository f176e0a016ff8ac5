//! What consolidation rules come to without building a trip: departures as they would be, tours by formula.
//!
//! The clockwork of a rule is exact; the length of a departure's trips is Daganzo's (`logistics::approximate`), with the vehicle that is cheapest
//! for it. It answers while a slider moves; [`super::rules`] and [`super::outbound`] follow with trips really built.

use super::outbound::is_late;
use super::rules::RulePoint;
use super::search::{Consolidation, RuleWish, search, ways};
use super::world::{Setting, World, by_replication};
use super::{hubs, rule, way};
use crate::base::{Calendar, Cancelled, Control, Day, Measure};
use crate::footprint::{Factors, ROAD_DISTANCE_ADJUSTMENT, VehicleFactor, transport};
use crate::logistics::approximate::approximate;
use crate::logistics::consolidate::{Dispatch, Round};
use crate::logistics::network::Network;
use crate::logistics::send::{Way, legs};
use crate::logistics::shipment::Shipment;
use crate::logistics::vehicle::Vehicle;
use crate::scenario::Engine;
use crate::scenario::load::Inputs;
use crate::scenario::outcome::Outcome;
use crate::scenario::plan::ConsolidationSpec;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One record or replication under one rule.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    cost: f64,
    km: f64,
    trips: f64,
    kg_co2e: f64,
    /// Σ over trips of the load factor.
    loads: f64,
    delay_days: f64,
    longest_delay_days: f64,
    shipments: f64,
    /// Shipments that leave after the day they are due.
    late: f64,
}

/// Where shipments go and with what.
struct Over<'a> {
    network: &'a Network,
    fleet: &'a [Vehicle],
    factors: Vec<Option<&'a VehicleFactor>>,
}

impl<'a> Over<'a> {
    fn new(network: &'a Network, fleet: &'a [Vehicle], factors: &'a Factors) -> Self {
        Self { network, fleet, factors: fleet.iter().map(|v| transport::vehicle_factor(v, factors)).collect() }
    }

    /// A rule on shipments that are ready between two days; `due` says when each has to leave at the latest, where that is known.
    fn sum(&self, shipments: &[Shipment], due: &[Option<Day>], spec: &ConsolidationSpec, days: (Day, Day)) -> Sum {
        let Some(first) = self.fleet.first() else { return Sum::default() };
        let way = way(spec);
        let round = if way == Way::Collect { Round::Collection } else { Round::Delivery };
        let legs = legs(shipments, &rule(spec), &way, self.network, first, days);
        let mut out = Sum { shipments: shipments.len() as f64, ..Sum::default() };
        for d in &legs.departures {
            self.tour(&mut out, d, &legs.first, round);
        }
        for d in &legs.from_hubs {
            self.tour(&mut out, d, &legs.second, round);
        }
        // the last departure of each shipment is the one it arrives with
        let mut leaves: Vec<Option<(Day, bool)>> = vec![None; shipments.len()];
        let direct = legs.departures.iter().flat_map(|d| d.shipments.iter().map(move |i| (*i, d)));
        let over = legs.from_hubs.iter().flat_map(|d| d.shipments.iter().map(move |k| (*k, d)));
        for (i, d) in direct.chain(over.filter_map(|(k, d)| legs.whose.get(k).map(|i| (*i, d)))) {
            if let Some(slot) = leaves.get_mut(i) {
                *slot = Some((d.day, d.cut_short));
            }
        }
        for (i, (s, left)) in shipments.iter().zip(&leaves).enumerate() {
            let Some((day, cut_short)) = left else { continue };
            let days = f64::from(day.0 - s.ready.0);
            out.delay_days += days;
            if !cut_short {
                out.longest_delay_days = out.longest_delay_days.max(days);
            }
            out.late += f64::from(u8::from(is_late(s.ready, *day, due.get(i).copied().flatten())));
        }
        out
    }

    /// Adds the trips of one departure.
    fn tour(&self, out: &mut Sum, d: &Dispatch, shipments: &[Shipment], round: Round) {
        let mut stops: BTreeMap<&Arc<str>, (f64, f64)> = BTreeMap::new();
        for s in d.shipments.iter().filter_map(|i| shipments.get(*i)) {
            let load = stops.entry(if round == Round::Delivery { &s.to } else { &s.from }).or_default();
            (load.0, load.1) = (load.0 + s.kg, load.1 + s.m3);
        }
        let list: Vec<(&str, f64, f64)> = stops.iter().map(|(n, (kg, m3))| (&***n, *kg, *m3)).collect();
        let total = list.iter().fold((0.0, 0.0), |t, s| (t.0 + s.1, t.1 + s.2));
        let ways = self.fleet.iter().enumerate().map(|(i, v)| {
            let a = approximate(self.network, &d.depot, &list, v);
            let hours = self.network.hours(a.km) + self.network.assumptions.hours_per_stop * list.len() as f64;
            (v.cost_per_trip * a.trips + v.cost_per_km * a.km + v.cost_per_hour * hours, a, i)
        });
        let Some((cost, a, i)) = ways.min_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2))) else { return };
        let full = self.fleet[i].share(total.0, total.1) / a.trips.max(1.0);
        // along a round the load falls from full to nothing: half of it on the mean kilometre
        let grams = self.factors.get(i).copied().flatten().map_or(0.0, |f| {
            let g = f.per_km(full / 2.0);
            g.ttw + g.wtt
        });
        out.cost += cost;
        out.km += a.km;
        out.trips += a.trips;
        out.loads += full * a.trips;
        out.kg_co2e += a.km * ROAD_DISTANCE_ADJUSTMENT * grams / 1000.0;
    }
}

/// The rule of `sums`, one a replication.
fn point(spec: &ConsolidationSpec, sums: &[Sum], carbon_price: f64) -> RulePoint {
    let measure = |f: &dyn Fn(&Sum) -> f64| Measure::from_values(&sums.iter().map(f).collect::<Vec<f64>>());
    let total: Vec<f64> = sums.iter().map(|s| s.cost + carbon_price / 1000.0 * s.kg_co2e).collect();
    RulePoint {
        spec: spec.clone(),
        name: rule(spec).name() + &way(spec).suffix(),
        freight_cost: measure(&|s| s.cost),
        delay_days: measure(&|s| if s.shipments > 0.0 { s.delay_days / s.shipments } else { 0.0 }),
        longest_delay_days: measure(&|s| s.longest_delay_days),
        shipments: measure(&|s| s.shipments),
        late: measure(&|s| s.late),
        load_factor: measure(&|s| if s.trips > 0.0 { s.loads / s.trips } else { 0.0 }),
        trips: measure(&|s| s.trips),
        distance_km: measure(&|s| s.km),
        transport_kg_co2e: measure(&|s| s.kg_co2e),
        emissions_kg_co2e: measure(&|s| s.kg_co2e),
        stock_cost_of_delay: None,
        total_cost: Measure::from_values(&total),
        total_by_replication: total,
    }
}

impl Engine {
    /// Estimates what each of `rules` makes of the first `built` replications' orders, in their order: freight, trips, distance and emissions by
    /// formula, delays exactly; without what the wait costs in stock, and without storage and waste.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn consolidation_estimate(
        &self,
        outcome: &Outcome,
        inputs: &Inputs,
        rules: &[ConsolidationSpec],
        built: usize,
        control: &dyn Control,
    ) -> Result<Vec<RulePoint>, Cancelled> {
        let calendar = Calendar::new(outcome.period, outcome.now.unwrap_or_default());
        let plan = &outcome.plan;
        let setting = Setting::new(outcome, inputs);
        let built = built.min(plan.logistics.built_replications).min(outcome.replications);
        let (any, direct) = (rule(&plan.logistics.consolidation), Way::Direct);
        let world = World { outcome, plan, calendar: &calendar, setting: &setting, rule: &any, way: &direct };
        let worlds: Vec<(Vec<Shipment>, (Day, Day))> =
            by_replication(&outcome.series, built).par_iter().map(|orders| world.sent(orders)).collect();
        if worlds.iter().all(|w| w.0.is_empty()) {
            return Ok(Vec::new());
        }
        let over = Over::new(&setting.network, &setting.fleet, &setting.factors);
        let estimated = rules.par_iter().map(|spec| {
            control.check()?;
            let sums: Vec<Sum> = worlds.iter().map(|(shipments, days)| over.sum(shipments, &[], spec, *days)).collect();
            Ok(point(spec, &sums, plan.footprint.carbon_price))
        });
        estimated.collect()
    }
}

impl super::outbound::Outbound {
    /// As [`best_consolidation`](Self::best_consolidation), by formula: no trip is built, and one record has no error to show.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn estimated_consolidation(
        &self,
        rules: &[ConsolidationSpec],
        wish: RuleWish,
        control: &dyn Control,
    ) -> Result<Consolidation, Cancelled> {
        let days = || self.shipments.iter().map(|s| s.ready);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Consolidation { rules: Vec::new(), built: 0 }) };
        let factors = Factors::embedded();
        let over = Over::new(&self.network, &self.fleet, &factors);
        let pairs: BTreeSet<(&str, &str)> = self.shipments.iter().map(|s| (&*s.to, &*s.from)).collect();
        let ways = ways(pairs.into_iter(), &self.hubs);
        search((None, &ways), rules, wish, &mut |specs| {
            let estimated = specs.par_iter().map(|spec| {
                control.check()?;
                Ok(point(spec, &[over.sum(&self.shipments, &self.due, spec, (first, last))], self.carbon_price))
            });
            estimated.collect()
        })
    }
}

/// The hubs and the ways of an outcome, for the searches over it.
pub(super) fn ways_of(outcome: &Outcome, inputs: &Inputs) -> Vec<ConsolidationSpec> {
    let pairs: BTreeSet<(&str, &str)> = outcome.series.iter().map(|s| (&*s.stocked.location, &*s.stocked.supplier)).collect();
    ways(pairs.into_iter(), &hubs(&inputs.masters.locations))
}
