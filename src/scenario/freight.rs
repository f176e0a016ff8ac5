//! From simulated orders to dated shipments, trips and emissions.
//!
//! The orders of the first K replications become shipments, one per supplier, location and day; each replication is
//! consolidated and its trips are really built. A shipment is ready on the day its goods would be available; what a
//! dispatch rule holds it beyond that is delay, and the engine feeds the delay back into lead times.

use super::load::Inputs;
use super::memory::Key;
use super::outcome::{Footprint, FootprintLine, Freight, FreightMeasures, Outcome, SeriesOutcome};
use super::plan::{LogisticsSection, Plan, parse_weekday};
use crate::base::random::hash_id;
use crate::base::{Calendar, Cancelled, Control, Day, Diagnostic, Measure, Period, Stamp};
use crate::footprint::{Emission, Factors, ROAD_DISTANCE_ADJUSTMENT, StorageAssumptions, VehicleFactor, storage, transport, waste};
use crate::logistics::consolidate::{Round, Rule, consolidate};
use crate::logistics::freight::allocate_to_shipments;
use crate::logistics::network::{Network, NetworkAssumptions};
use crate::logistics::shipment::{Line, Shipment};
use crate::logistics::trips::{self, PlanOptions, Trip};
use crate::logistics::vehicle::Vehicle;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Freight, and what is to be said of it.
#[derive(Debug)]
pub(super) struct Shipped {
    pub freight: Freight,
    pub notes: Vec<Diagnostic>,
}

/// One replication's freight.
struct Built {
    trips: usize,
    km: f64,
    cost: f64,
    kg: f64,
    load_factor: f64,
    delay_days: f64,
    stops_per_trip: f64,
    transport: Emission,
    storage: Emission,
    waste: Emission,
    held: BTreeMap<usize, usize>,
    /// By series and start of a month: (kg CO2e of transport, freight money).
    lines: BTreeMap<(usize, Stamp), (f64, f64)>,
    example: Vec<Trip>,
    example_kg_co2e: Vec<f64>,
    shipments: Vec<Shipment>,
    notes: Vec<Diagnostic>,
}

/// Content hash of everything that [`run`] reads; `None` where nothing is ordered or the plan wants no trips built.
pub(super) fn key(outcome: &Outcome, inputs: &Inputs, calendar: &Calendar) -> Option<u64> {
    let plan = &outcome.plan;
    let built = plan.logistics.built_replications.min(outcome.replications);
    // a textbook case has no roads, unless it is given some
    if outcome.now.is_none() && inputs.masters.locations.is_empty() && inputs.masters.vehicles.is_empty() {
        return None;
    }
    if built == 0
        || outcome.series.iter().all(|s| s.stock.outcome.orders.is_empty() && s.stock.advice.as_ref().is_none_or(|a| a.quantity <= 0.0))
    {
        return None;
    }
    let mut key = Key::default().debug(&(&plan.logistics, &inputs.masters.locations, &inputs.masters.vehicles)).with((
        built,
        plan.periods,
        plan.warm_up,
        plan.seed,
        calendar.period,
        calendar.start,
    ));
    for s in &outcome.series {
        let (st, m) = (&s.stocked, &s.stock.outcome.measures);
        key = key
            .with((&st.unique_id, &st.supplier, &st.location, &st.category))
            .numbers([st.weight_kg, st.volume_m3, st.costs.unit, m.average_on_hand.mean, m.units_discarded.mean])
            .numbers(s.stock.advice.iter().flat_map(|a| [a.quantity, a.arrives as f64]));
        for o in s.stock.outcome.orders.iter().filter(|o| (o.replication as usize) < built) {
            key = key.with((o.replication, o.arrives, o.units.to_bits()));
        }
    }
    Some(key.done())
}

/// Builds the trips of the first K replications under the plan's own rule.
pub(super) fn run(outcome: &Outcome, inputs: &Inputs, calendar: &Calendar, control: &dyn Control) -> Result<Shipped, Cancelled> {
    let plan = &outcome.plan;
    let built = plan.logistics.built_replications.min(outcome.replications);
    let mut notes = Vec::new();
    let assumptions =
        NetworkAssumptions { circuity: plan.logistics.circuity, default_km: plan.logistics.default_km, ..NetworkAssumptions::default() };
    let (network, found) = Network::new(&inputs.masters.locations, assumptions);
    notes.extend(found);
    let (fleet, assumed) = Vehicle::fleet(&inputs.masters.vehicles);
    notes.extend(assumed);
    let factors = Factors::embedded();
    let classes = vehicle_factors(&fleet, &factors, &mut notes);
    let rule = rule(&plan.logistics);

    let lanes = by_replication(&outcome.series, built);
    let world = World { outcome, plan, calendar, network: &network, fleet: &fleet, factors: &factors, classes: &classes, rule: &rule };
    let runs = (0..built).into_par_iter().map(|r| world.replication(r, &lanes[r], control)).collect::<Result<Vec<Built>, Cancelled>>()?;

    notes.extend(runs.first().map(|b| b.notes.clone()).unwrap_or_default());
    let measure = |f: &dyn Fn(&Built) -> f64| Measure::from_values(&runs.iter().map(f).collect::<Vec<_>>());
    let mean = |f: &dyn Fn(&Built) -> &Emission| runs.iter().map(f).sum::<Emission>().scaled(1.0 / built as f64);
    let all_kg = |b: &Built| b.transport.wtw_kg() + b.storage.wtw_kg() + b.waste.wtw_kg();
    let measures = FreightMeasures {
        trips: measure(&|b| b.trips as f64),
        distance_km: measure(&|b| b.km),
        freight_cost: measure(&|b| b.cost),
        weight_kg: measure(&|b| b.kg),
        load_factor: measure(&|b| b.load_factor),
        delay_days: measure(&|b| b.delay_days),
        stops_per_trip: measure(&|b| b.stops_per_trip),
        transport_kg_co2e: measure(&|b| b.transport.wtw_kg()),
        storage_kg_co2e: measure(&|b| b.storage.wtw_kg()),
        waste_kg_co2e: measure(&|b| b.waste.wtw_kg()),
        emissions_kg_co2e: measure(&all_kg),
    };
    let footprint = Footprint { transport: mean(&|b| &b.transport), storage: mean(&|b| &b.storage), waste: mean(&|b| &b.waste) };
    let by = |f: &dyn Fn(&Built) -> f64| runs.iter().map(f).collect::<Vec<_>>();
    let figures: [Vec<f64>; 6] =
        [by(&|b| b.cost), by(&|b| b.trips as f64), by(&|b| b.km), by(&|b| b.load_factor), by(&|b| b.delay_days), by(&all_kg)];
    let by_replication = PAIRED.into_iter().zip(figures).collect();
    let held = shares(&runs);
    let footprint_lines = world.lines(&runs);
    let (example, example_kg_co2e, example_shipments) =
        runs.into_iter().next().map(|b| (b.example, b.example_kg_co2e, b.shipments)).unwrap_or_default();
    let names: BTreeSet<Arc<str>> =
        example.iter().flat_map(|t| std::iter::once(t.depot.clone()).chain(t.stops.iter().map(|s| s.location.clone()))).collect();
    let places = names.into_iter().filter_map(|n| network.coordinates(&n).map(|(lat, lon)| (n, lat, lon))).collect();
    Ok(Shipped {
        freight: Freight {
            rule: rule.name(),
            built,
            measures,
            by_replication,
            fleet,
            example,
            places,
            footprint,
            footprint_lines,
            example_kg_co2e,
            example_shipments,
            held,
        },
        notes,
    })
}

/// The plan's consolidation rule.
fn rule(l: &LogisticsSection) -> Rule {
    let c = &l.consolidation;
    match (c.every, c.load) {
        _ if !c.weekdays.is_empty() => Rule::Weekdays(c.weekdays.iter().filter_map(|d| parse_weekday(d)).collect()),
        (Some(every), Some(load)) => Rule::EveryOrLoad { every, load },
        (None, Some(load)) => Rule::Load(load),
        (every, None) => Rule::Every(every.unwrap_or(1.0)),
    }
}

/// Each vehicle's emission factor; a class that is not in the table is said and replaced by the one for its payload.
fn vehicle_factors(fleet: &[Vehicle], factors: &Factors, notes: &mut Vec<Diagnostic>) -> Vec<Option<VehicleFactor>> {
    fleet
        .iter()
        .map(|v| {
            let by_payload = || factors.for_payload(v.capacity_kg).cloned();
            match v.emission_class.as_deref().map(|c| factors.resolve(c)) {
                Some(Ok(f)) => Some(f.clone()),
                Some(Err(d)) => {
                    notes.push(Diagnostic { severity: crate::base::Severity::Warning, ..d });
                    by_payload()
                }
                None => by_payload(),
            }
        })
        .collect()
}

/// (series, available from the start of period, units) of each replication, today's orders included.
fn by_replication(series: &[SeriesOutcome], built: usize) -> Vec<Vec<(usize, usize, f64)>> {
    let mut lanes = vec![Vec::new(); built];
    for (i, s) in series.iter().enumerate() {
        if let Some(a) = s.stock.advice.as_ref().filter(|a| a.quantity > 0.0) {
            lanes.iter_mut().for_each(|l| l.push((i, a.arrives, a.quantity)));
        }
        for o in &s.stock.outcome.orders {
            if let Some(lane) = lanes.get_mut(o.replication as usize) {
                lane.push((i, o.arrives as usize, f64::from(o.units)));
            }
        }
    }
    lanes
}

/// Rows of the factor table for electricity in a warehouse.
const GRID: &str = "UK grid";

/// The figures kept by built replication.
pub(super) const PAIRED: [&str; 6] = ["freight_cost", "trips", "distance_km", "load_factor", "delay_days", "emissions_kg_co2e"];

/// What every replication reads.
struct World<'a> {
    outcome: &'a Outcome,
    plan: &'a Plan,
    calendar: &'a Calendar,
    network: &'a Network,
    fleet: &'a [Vehicle],
    factors: &'a Factors,
    classes: &'a [Option<VehicleFactor>],
    rule: &'a Rule,
}

impl World<'_> {
    fn replication(&self, r: usize, orders: &[(usize, usize, f64)], control: &dyn Control) -> Result<Built, Cancelled> {
        let horizon = self.plan.periods + self.plan.warm_up;
        let (start, end) = (self.calendar.start.day(), Day(self.calendar.at(horizon as i64).day().0 - 1));
        let (shipments, series) = self.shipments(orders, horizon);
        let vehicle = self.fleet.first().cloned().unwrap_or_default();
        let dispatches = consolidate(&shipments, self.rule, Round::Delivery, &vehicle, start, end);
        let options = PlanOptions { seed: self.plan.seed ^ hash_id("trips"), ..PlanOptions::default() };
        let planned = trips::plan(&shipments, &dispatches, self.network, self.fleet, &options, control)?;

        let mut transport_e = Emission::default();
        let mut lines: BTreeMap<(usize, Stamp), (f64, f64)> = BTreeMap::new();
        let mut trip_kg = Vec::with_capacity(planned.trips.len());
        for t in &planned.trips {
            let emitted = match (self.fleet.get(t.vehicle), self.classes.get(t.vehicle)) {
                (Some(v), Some(Some(f))) => transport::of_trip(t, f, v.capacity_kg, ROAD_DISTANCE_ADJUSTMENT),
                _ => Emission::default(),
            };
            let (kg, month) = (emitted.wtw_kg(), Period::Month.floor(Stamp::of_day(t.day)));
            transport_e += &emitted;
            trip_kg.push(kg);
            // one unit of share each, then the amounts: kg CO2e and money are shared alike
            for (i, share) in allocate_to_shipments(t, 1.0, |i| shipments.get(i).map_or(0.0, |s| s.kg)) {
                let (Some(shipment), Some(members)) = (shipments.get(i), series.get(i)) else { continue };
                for (member, part) in self.parts(shipment, members) {
                    let line = lines.entry((member, month)).or_default();
                    line.0 += kg * share * part;
                    line.1 += t.cost() * share * part;
                }
            }
        }
        let mut held: BTreeMap<usize, usize> = BTreeMap::new();
        for d in dispatches.iter().filter(|d| !d.cut_short) {
            for &i in &d.shipments {
                let days = f64::from(d.day.0 - shipments[i].ready.0);
                *held.entry((days / self.calendar.period.days() - 1e-9).ceil().max(0.0) as usize).or_default() += 1;
            }
        }
        let (storage_e, waste_e) = self.stock_emissions();
        let t = planned.totals;
        Ok(Built {
            trips: t.trips,
            km: t.distance_km,
            cost: t.freight_cost,
            kg: t.weight_kg,
            load_factor: t.load_factor,
            delay_days: t.delay_days,
            stops_per_trip: t.stops_per_trip,
            transport: transport_e,
            storage: storage_e,
            waste: waste_e,
            held,
            lines,
            example: if r == 0 { planned.trips } else { Vec::new() },
            example_kg_co2e: if r == 0 { trip_kg } else { Vec::new() },
            shipments: if r == 0 { shipments } else { Vec::new() },
            notes: if r == 0 { planned.notes } else { Vec::new() },
        })
    }

    /// One shipment per supplier, location and day of availability within the horizon, and the series of each of its lines.
    fn shipments(&self, orders: &[(usize, usize, f64)], horizon: usize) -> (Vec<Shipment>, Vec<Vec<usize>>) {
        let mut merged: BTreeMap<(Day, &str, &str), (Shipment, Vec<usize>)> = BTreeMap::new();
        for &(i, arrives, units) in orders {
            if arrives >= horizon {
                continue;
            }
            let s = &self.outcome.series[i].stocked;
            let ready = self.calendar.at(arrives as i64).day();
            let (shipment, members) = merged.entry((ready, &s.supplier, &s.location)).or_insert_with(|| {
                let name = format!("{} {} {}", s.supplier, s.location, ready.0);
                (Shipment::new(&name, ready, &s.supplier, &s.location, 0.0, 0.0), Vec::new())
            });
            shipment.kg += units * s.weight_kg;
            shipment.m3 += units * s.volume_m3;
            shipment.value += units * s.costs.unit;
            shipment.lines.push(Line { item: s.unique_id.clone(), units });
            members.push(i);
        }
        merged.into_values().unzip()
    }

    /// Each line's share of a shipment by its kg, else by its units, else evenly; shares add up to 1.
    fn parts(&self, shipment: &Shipment, members: &[usize]) -> Vec<(usize, f64)> {
        let units: f64 = shipment.units();
        let weight = |i: usize| self.outcome.series.get(i).map_or(0.0, |s| s.stocked.weight_kg);
        members
            .iter()
            .zip(&shipment.lines)
            .map(|(i, line)| {
                let part = if shipment.kg > 0.0 {
                    line.units * weight(*i) / shipment.kg
                } else if units > 0.0 {
                    line.units / units
                } else {
                    1.0 / members.len() as f64
                };
                (*i, part)
            })
            .collect()
    }

    /// Pallet-days, units and kilograms discarded by a series over the horizon, from the stock stage's means.
    fn kept(&self, s: &SeriesOutcome, assumptions: &StorageAssumptions) -> (f64, f64, f64) {
        let days = self.plan.periods as f64 * self.calendar.period.days();
        let m = &s.stock.outcome.measures;
        let pallet_days = m.average_on_hand.mean * s.stocked.volume_m3 / assumptions.m3_per_pallet * days;
        (pallet_days, m.units_discarded.mean, m.units_discarded.mean * s.stocked.weight_kg)
    }

    /// Storage and waste over the horizon.
    fn stock_emissions(&self) -> (Emission, Emission) {
        let assumptions = StorageAssumptions::default();
        let (mut pallet_days, mut discarded) = (0.0, BTreeMap::<Option<&str>, f64>::new());
        for s in &self.outcome.series {
            let (kept, _, kg) = self.kept(s, &assumptions);
            pallet_days += kept;
            *discarded.entry(s.stocked.category.as_deref()).or_default() += kg;
        }
        let mut waste_e = Emission::default();
        for (category, kg) in discarded.into_iter().filter(|(_, kg)| *kg > 0.0) {
            waste_e += &waste::waste(self.factors, kg, category);
        }
        (storage::storage(self.factors, &assumptions, GRID, pallet_days), waste_e)
    }

    /// Everything by series and month: trips in the month they are driven; storage and waste, of which only means over the horizon are kept,
    /// evenly over its periods.
    fn lines(&self, runs: &[Built]) -> Vec<FootprintLine> {
        let mut lines: BTreeMap<(usize, Stamp), FootprintLine> = BTreeMap::new();
        let empty = |series, month| FootprintLine {
            series,
            month,
            transport_kg: 0.0,
            storage_kg: 0.0,
            waste_kg: 0.0,
            waste_units: 0.0,
            freight_cost: 0.0,
        };
        let built = runs.len().max(1) as f64;
        for (&(series, month), (kg, cost)) in runs.iter().flat_map(|b| &b.lines) {
            let line = lines.entry((series, month)).or_insert_with(|| empty(series, month));
            line.transport_kg += kg / built;
            line.freight_cost += cost / built;
        }
        let mut months: BTreeMap<Stamp, f64> = BTreeMap::new();
        for t in self.plan.warm_up..self.plan.warm_up + self.plan.periods {
            *months.entry(Period::Month.floor(self.calendar.at(t as i64))).or_default() += 1.0 / self.plan.periods as f64;
        }
        let assumptions = StorageAssumptions::default();
        for (i, s) in self.outcome.series.iter().enumerate() {
            let (pallet_days, units, kg) = self.kept(s, &assumptions);
            let stored = storage::storage(self.factors, &assumptions, GRID, pallet_days).wtw_kg();
            let wasted = if kg > 0.0 { waste::waste(self.factors, kg, s.stocked.category.as_deref()).wtw_kg() } else { 0.0 };
            if stored == 0.0 && units == 0.0 {
                continue;
            }
            for (month, share) in &months {
                let line = lines.entry((i, *month)).or_insert_with(|| empty(i, *month));
                line.storage_kg += stored * share;
                line.waste_kg += wasted * share;
                line.waste_units += units * share;
            }
        }
        lines.into_values().collect()
    }
}

/// Shares of shipments held 0, 1, 2 … periods, over all replications; just `[1]` where none is held a whole period.
fn shares(runs: &[Built]) -> Vec<f64> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (periods, n) in runs.iter().flat_map(|b| &b.held) {
        *counts.entry(*periods).or_default() += n;
    }
    let total: usize = counts.values().sum();
    let longest = counts.keys().last().copied().unwrap_or(0);
    if total == 0 || longest == 0 {
        return vec![1.0];
    }
    (0..=longest).map(|p| counts.get(&p).copied().unwrap_or(0) as f64 / total as f64).collect()
}
