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
use crate::footprint::{Factors, ROAD_DISTANCE_ADJUSTMENT, TonneKmFactor, VehicleFactor, transport};
use crate::logistics::approximate::{Approximation, approximate};
use crate::logistics::carrier::{Carrier, Consignment, Offer, cheapest};
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
    /// Shipments that are there after the day they are due.
    late: f64,
}

/// Where shipments go and with what.
struct Over<'a> {
    network: &'a Network,
    fleet: &'a [Vehicle],
    factors: Vec<Option<&'a VehicleFactor>>,
    carriers: &'a [Carrier],
    services: Vec<Option<&'a TonneKmFactor>>,
}

/// A stop of a departure: where, kg, m³.
type Load<'a> = (&'a str, f64, f64);

impl<'a> Over<'a> {
    fn new(network: &'a Network, fleet: &'a [Vehicle], carriers: &'a [Carrier], factors: &'a Factors) -> Self {
        let of = fleet.iter().map(|v| transport::vehicle_factor(v, factors)).collect();
        Self { network, fleet, factors: of, carriers, services: transport::carrier_services(carriers, factors) }
    }

    /// A rule on shipments that are ready between two days; `due` says when each has to leave at the latest, where that is known.
    fn sum(&self, shipments: &[Shipment], due: &[Option<Day>], spec: &ConsolidationSpec, days: (Day, Day)) -> Sum {
        let Some(first) = self.fleet.first() else { return Sum::default() };
        let way = way(spec);
        let round = if way == Way::Collect { Round::Collection } else { Round::Delivery };
        let legs = legs(shipments, &rule(spec), &way, self.network, first, days);
        let mut out = Sum { shipments: shipments.len() as f64, ..Sum::default() };
        // days that a carrier takes beyond the departure
        let mut way = vec![0.0f64; shipments.len()];
        for d in &legs.departures {
            self.tour(&mut out, d, &legs.first, round, |i| i, &mut way);
        }
        for d in &legs.from_hubs {
            self.tour(&mut out, d, &legs.second, round, |k| legs.whose.get(k).copied().unwrap_or(usize::MAX), &mut way);
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
            let there = f64::from(day.0) + way.get(i).copied().unwrap_or(0.0);
            let days = there - f64::from(s.ready.0);
            out.delay_days += days;
            if !cut_short {
                out.longest_delay_days = out.longest_delay_days.max(days);
            }
            out.late += f64::from(u8::from(is_late(s.ready, there, due.get(i).copied().flatten())));
        }
        out
    }

    /// The vehicle that is cheapest for all of these stops of one departure, what it costs, and its tours; `None` without a stop or vehicle.
    fn driven(&self, depot: &str, stops: &[Load<'_>]) -> Option<(f64, Approximation, usize)> {
        if stops.is_empty() {
            return None;
        }
        let ways = self.fleet.iter().enumerate().map(|(i, v)| {
            let a = approximate(self.network, depot, stops, v);
            let hours = self.network.hours(a.km) + self.network.assumptions.hours_per_stop * stops.len() as f64;
            (v.cost_per_trip * a.trips + v.cost_per_km * a.km + v.cost_per_hour * hours, a, i)
        });
        ways.min_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)))
    }

    /// Which stops go with carriers: of all on own trips, all that carriers offer for, and those that cost less than an equal share of the trips, whatever
    /// comes cheapest in all.
    fn hired(&self, depot: &str, stops: &[Load<'_>]) -> Vec<Option<Offer>> {
        let offers: Vec<Option<Offer>> = stops.iter().map(|s| cheapest(self.carriers, s.0, s.1, s.2, None)).collect();
        if offers.iter().all(Option::is_none) {
            return offers;
        }
        let all = self.driven(depot, stops).map_or(0.0, |d| d.0);
        let share = all / stops.len() as f64;
        let below = |limit: f64| offers.iter().map(|o| o.filter(|o| o.price < limit)).collect::<Vec<_>>();
        let cost = |with: &[Option<Offer>]| {
            let rest: Vec<Load<'_>> = stops.iter().zip(with).filter(|(_, o)| o.is_none()).map(|(s, _)| *s).collect();
            self.driven(depot, &rest).map_or(0.0, |d| d.0) + with.iter().flatten().map(|o| o.price).sum::<f64>()
        };
        let ways = [below(f64::NEG_INFINITY), below(share), below(f64::INFINITY)].map(|w| (cost(&w), w));
        ways.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(Vec::new, |w| w.1)
    }

    /// Adds the trips of one departure; `way` gets the days that carriers take, of the shipments that `whose` names.
    fn tour(&self, out: &mut Sum, d: &Dispatch, shipments: &[Shipment], round: Round, whose: impl Fn(usize) -> usize, way: &mut [f64]) {
        let mut stops: BTreeMap<&Arc<str>, (f64, f64)> = BTreeMap::new();
        for s in d.shipments.iter().filter_map(|i| shipments.get(*i)) {
            let load = stops.entry(if round == Round::Delivery { &s.to } else { &s.from }).or_default();
            (load.0, load.1) = (load.0 + s.kg, load.1 + s.m3);
        }
        let mut list: Vec<Load<'_>> = stops.iter().map(|(n, (kg, m3))| (&***n, *kg, *m3)).collect();
        if round == Round::Delivery && !self.carriers.is_empty() {
            let hired = self.hired(&d.depot, &list);
            for ((to, kg, m3), offer) in list.iter().zip(&hired) {
                let Some(o) = offer else { continue };
                out.cost += o.price;
                let direct_km = self.network.km(&d.depot, to).0;
                let taken = Consignment {
                    carrier: o.carrier,
                    day: d.day,
                    from: d.depot.clone(),
                    to: (*to).into(),
                    kg: *kg,
                    m3: *m3,
                    direct_km,
                    price: o.price,
                    days: o.days,
                    shipments: Vec::new(),
                };
                out.kg_co2e += transport::of_consignment(&taken, self.services.get(o.carrier).copied().flatten()).wtw_kg();
                for i in d.shipments.iter().filter(|i| shipments.get(**i).is_some_and(|s| &*s.to == *to)) {
                    if let Some(days) = way.get_mut(whose(*i)) {
                        *days += o.days;
                    }
                }
            }
            let mut goes = hired.iter().map(Option::is_none);
            list.retain(|_| goes.next().unwrap_or(true));
        }
        let total = list.iter().fold((0.0, 0.0), |t, s| (t.0 + s.1, t.1 + s.2));
        let Some((cost, a, i)) = self.driven(&d.depot, &list) else { return };
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
        let over = Over::new(&setting.network, &setting.fleet, &setting.carriers, &setting.factors);
        let estimated = rules.par_iter().map(|spec| {
            control.check()?;
            let sums: Vec<Sum> = worlds.iter().map(|(shipments, days)| over.sum(shipments, &[], spec, *days)).collect();
            Ok(point(spec, &sums, plan.footprint.carbon_price))
        });
        estimated.collect()
    }
}

impl super::own::OwnShipments {
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
        let Some(days) = self.days() else { return Ok(Consolidation { rules: Vec::new(), built: 0 }) };
        let factors = Factors::embedded();
        let over = Over::new(&self.network, &self.fleet, &self.carriers, &factors);
        search((None, &self.ways()), rules, wish, &mut |specs| {
            let estimated = specs.par_iter().map(|spec| {
                control.check()?;
                Ok(point(spec, &[over.sum(&self.shipments, &self.due, spec, days)], self.carbon_price))
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
