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

/// kg and m³.
type Amount = (f64, f64);

/// A stop of a departure.
#[derive(Debug, Clone, Copy)]
struct Call<'a> {
    place: &'a str,
    /// Brought there (or collected, in rounds that collect).
    own: Option<Amount>,
    /// Taken up there for the depot.
    back: Option<Amount>,
}

/// What carriers take of a [`Call`].
#[derive(Debug, Clone, Copy, Default)]
struct Hire {
    own: Option<Offer>,
    back: Option<Offer>,
}

impl Hire {
    fn price(&self) -> f64 {
        [self.own, self.back].into_iter().flatten().map(|o| o.price).sum()
    }
}

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
    fn driven(&self, depot: &str, calls: &[Call<'_>]) -> Option<(f64, Approximation, usize)> {
        if calls.is_empty() {
            return None;
        }
        let fuller = fuller(calls);
        let stops: Vec<(&str, f64, f64)> = calls
            .iter()
            .map(|c| {
                let [own, back] = [c.own, c.back].map(Option::unwrap_or_default);
                (c.place, (own.0 + back.0) * fuller[0], (own.1 + back.1) * fuller[1])
            })
            .collect();
        let ways = self.fleet.iter().enumerate().map(|(i, v)| {
            let a = approximate(self.network, depot, &stops, v);
            let hours = self.network.hours(a.km) + self.network.assumptions.hours_per_stop * stops.len() as f64;
            (v.cost_per_trip * a.trips + v.cost_per_km * a.km + v.cost_per_hour * hours, a, i)
        });
        ways.min_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)))
    }

    /// Which stops go with carriers: of all on own trips, all that carriers offer for, and those that cost less than an equal share of the trips, whatever
    /// comes cheapest in all.
    fn hired(&self, depot: &str, stops: &[Call<'_>]) -> Vec<Option<Hire>> {
        let offer = |to: &str, load: Option<(f64, f64)>| match load {
            Some((kg, m3)) => cheapest(self.carriers, to, kg, m3, None).map(Some),
            None => Some(None),
        };
        let offers: Vec<Option<Hire>> =
            stops.iter().map(|s| Some(Hire { own: offer(s.place, s.own)?, back: offer(depot, s.back)? })).collect();
        if offers.iter().all(Option::is_none) {
            return offers;
        }
        let all = self.driven(depot, stops).map_or(0.0, |d| d.0);
        let share = all / stops.len() as f64;
        let below = |limit: f64| offers.iter().map(|o| o.filter(|o| o.price() < limit)).collect::<Vec<_>>();
        let cost = |with: &[Option<Hire>]| {
            let rest: Vec<Call<'_>> = stops.iter().zip(with).filter(|(_, o)| o.is_none()).map(|(s, _)| *s).collect();
            self.driven(depot, &rest).map_or(0.0, |d| d.0) + with.iter().flatten().map(Hire::price).sum::<f64>()
        };
        let ways = [below(f64::NEG_INFINITY), below(share), below(f64::INFINITY)].map(|w| (cost(&w), w));
        ways.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(Vec::new, |w| w.1)
    }

    /// Adds the trips of one departure; `way` gets the days that carriers take, of the shipments that `whose` names.
    fn tour<'s>(
        &self,
        out: &mut Sum,
        d: &'s Dispatch,
        shipments: &'s [Shipment],
        round: Round,
        whose: impl Fn(usize) -> usize,
        way: &mut [f64],
    ) {
        let is_return = |s: &Shipment| round == Round::Delivery && s.is_return_to(&d.depot);
        let place = |s: &'s Shipment| if round == Round::Delivery && !is_return(s) { &s.to } else { &s.from };
        let mut stops: BTreeMap<&Arc<str>, [Option<Amount>; 2]> = BTreeMap::new();
        for s in d.shipments.iter().filter_map(|i| shipments.get(*i)) {
            let load = stops.entry(place(s)).or_default()[usize::from(is_return(s))].get_or_insert_default();
            (load.0, load.1) = (load.0 + s.kg, load.1 + s.m3);
        }
        let mut list: Vec<Call<'_>> = stops.iter().map(|(n, [own, back])| Call { place: n, own: *own, back: *back }).collect();
        if round == Round::Delivery && !self.carriers.is_empty() {
            let hired = self.hired(&d.depot, &list);
            for (call, hire) in list.iter().zip(&hired) {
                let Some(hire) = hire else { continue };
                for (back, o, load) in [(false, hire.own, call.own), (true, hire.back, call.back)] {
                    let (Some(o), Some((kg, m3))) = (o, load) else { continue };
                    out.cost += o.price;
                    let (from, to) = if back { (call.place, &*d.depot) } else { (&*d.depot, call.place) };
                    let taken = Consignment {
                        carrier: o.carrier,
                        day: d.day,
                        from: from.into(),
                        to: to.into(),
                        kg,
                        m3,
                        direct_km: self.network.km(from, to).0,
                        price: o.price,
                        days: o.days,
                        shipments: Vec::new(),
                    };
                    out.kg_co2e += transport::of_consignment(&taken, self.services.get(o.carrier).copied().flatten()).wtw_kg();
                    let its = |s: &Shipment| is_return(s) == back && &*s.to == to && (!back || &*s.from == from);
                    for i in d.shipments.iter().filter(|i| shipments.get(**i).is_some_and(its)) {
                        if let Some(days) = way.get_mut(whose(*i)) {
                            *days += o.days;
                        }
                    }
                }
            }
            let mut goes = hired.iter().map(Option::is_none);
            list.retain(|_| goes.next().unwrap_or(true));
        }
        let [total, back] = totals(&list);
        let Some((cost, a, i)) = self.driven(&d.depot, &list) else { return };
        let v = &self.fleet[i];
        let (out_full, back_full) = (v.share(total.0, total.1) / a.trips.max(1.0), v.share(back.0, back.1) / a.trips.max(1.0));
        let full = out_full.max(back_full);
        // along a round the load falls from full to nothing: half of it on the mean kilometre; what is taken up rises as that falls
        let grams = self.factors.get(i).copied().flatten().map_or(0.0, |f| {
            let g = f.per_km((out_full + back_full) / 2.0);
            g.ttw + g.wtt
        });
        out.cost += cost;
        out.km += a.km;
        out.trips += a.trips;
        out.loads += full * a.trips;
        out.kg_co2e += a.km * ROAD_DISTANCE_ADJUSTMENT * grams / 1000.0;
    }
}

/// kg and m³ of both directions.
fn totals(calls: &[Call<'_>]) -> [(f64, f64); 2] {
    let add = |t: (f64, f64), x: Option<(f64, f64)>| x.map_or(t, |x| (t.0 + x.0, t.1 + x.1));
    calls.iter().fold([(0.0, 0.0); 2], |t, c| [add(t[0], c.own), add(t[1], c.back)])
}

/// A vehicle is filled twice where it brings and collects: by what share of both the fuller direction fills it, for kg and m³.
fn fuller(calls: &[Call<'_>]) -> [f64; 2] {
    if calls.iter().all(|c| c.back.is_none()) {
        return [1.0; 2];
    }
    let [own, back] = totals(calls);
    let of = |a: f64, b: f64| if a + b > 0.0 { a.max(b) / (a + b) } else { 1.0 };
    [of(own.0, back.0), of(own.1, back.1)]
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
