//! One replication: its orders become shipments, these are consolidated, and the trips are really built.

use crate::base::random::hash_id;
use crate::base::{Calendar, Cancelled, Control, Day, Diagnostic, Period, Stamp};
use crate::footprint::{Emission, Factors, ROAD_DISTANCE_ADJUSTMENT, StorageAssumptions, VehicleFactor, storage, transport, waste};
use crate::logistics::carrier::{Carrier, Consignment};
use crate::logistics::consolidate::Rule;
use crate::logistics::freight::{allocate_to_shipments, shares_of_consignment};
use crate::logistics::network::{Network, NetworkAssumptions};
use crate::logistics::send::{Way, send};
use crate::logistics::shipment::{Line, Shipment};
use crate::logistics::trips::{Carbon, PlanOptions, Trip};
use crate::logistics::vehicle::Vehicle;
use crate::scenario::load::Inputs;
use crate::scenario::outcome::{Outcome, SeriesOutcome};
use crate::scenario::plan::Plan;
use std::collections::BTreeMap;

/// Rows of the factor table for electricity in a warehouse.
pub(super) const GRID: &str = "UK grid";

/// One replication's freight.
pub(super) struct Built {
    pub trips: usize,
    pub km: f64,
    /// Freight, hired carriers included.
    pub cost: f64,
    pub hired_cost: f64,
    pub consignments: usize,
    pub kg: f64,
    pub load_factor: f64,
    pub delay_days: f64,
    /// Days that the shipment held longest waits, and how many shipments there are.
    pub longest_delay_days: f64,
    pub shipped: usize,
    pub stops_per_trip: f64,
    pub transport: Emission,
    pub storage: Emission,
    pub waste: Emission,
    /// Shipments by the days they were held.
    pub held: BTreeMap<u32, usize>,
    /// By series and start of a month: (kg CO2e of transport, freight money).
    pub lines: BTreeMap<(usize, Stamp), (f64, f64)>,
    pub example: Vec<Trip>,
    pub hired: Vec<Consignment>,
    pub example_kg_co2e: Vec<f64>,
    pub shipments: Vec<Shipment>,
    pub notes: Vec<Diagnostic>,
}

impl Built {
    /// kg CO2e of everything.
    pub fn all_kg(&self) -> f64 {
        self.transport.wtw_kg() + self.storage.wtw_kg() + self.waste.wtw_kg()
    }
}

/// What trips are driven with, from the masters: where, with what, at which emission factors.
pub(super) struct Setting {
    pub network: Network,
    pub fleet: Vec<Vehicle>,
    pub carriers: Vec<Carrier>,
    /// The plan's price of carbon as road costs.
    pub carbon: Vec<Carbon>,
    pub factors: Factors,
    classes: Vec<Option<VehicleFactor>>,
    pub notes: Vec<Diagnostic>,
}

/// Where things are and how far apart, as a scenario says.
pub fn network(outcome: &Outcome, inputs: &Inputs) -> (Network, Vec<Diagnostic>) {
    let l = &outcome.plan.logistics;
    let assumptions = NetworkAssumptions { circuity: l.circuity, default_km: l.default_km, ..NetworkAssumptions::default() };
    let (mut network, mut notes) = Network::new(&inputs.masters.locations, assumptions);
    network.measure(&inputs.masters.distances);
    notes.extend(network.place_by_name(outcome.series.iter().flat_map(|s| [&*s.stocked.location, &*s.stocked.supplier])));
    (network, notes)
}

impl Setting {
    pub fn new(outcome: &Outcome, inputs: &Inputs) -> Self {
        let (network, mut notes) = network(outcome, inputs);
        let carriers = Carrier::all(&inputs.masters.carriers);
        let (fleet, assumed) = Vehicle::fleet(&inputs.masters.vehicles);
        notes.extend(assumed);
        let factors = Factors::embedded();
        let classes = vehicle_factors(&fleet, &factors, &mut notes);
        let carbon = transport::road_carbon(&fleet, &factors, outcome.plan.footprint.carbon_price);
        Self { network, fleet, carriers, carbon, factors, classes, notes }
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

/// Days that carriers take for each shipment, of several parts the longest; empty where none takes any.
pub(super) fn days_on_the_way(hired: &[Consignment], shipments: usize) -> Vec<f64> {
    if hired.iter().all(|c| c.days <= 0.0) {
        return Vec::new();
    }
    let mut days = vec![0.0f64; shipments];
    for c in hired {
        for (i, _) in &c.shipments {
            if let Some(d) = days.get_mut(*i) {
                *d = d.max(c.days);
            }
        }
    }
    days
}

/// (series, available from the start of period, units) of each replication, today's orders included.
pub(super) fn by_replication(series: &[SeriesOutcome], built: usize) -> Vec<Vec<(usize, usize, f64)>> {
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

/// What every replication reads.
pub(super) struct World<'a> {
    pub outcome: &'a Outcome,
    pub plan: &'a Plan,
    pub calendar: &'a Calendar,
    pub setting: &'a Setting,
    pub rule: &'a Rule,
    pub way: &'a Way,
}

impl World<'_> {
    pub fn replication(&self, r: usize, orders: &[(usize, usize, f64)], control: &dyn Control) -> Result<Built, Cancelled> {
        let horizon = self.plan.periods + self.plan.warm_up;
        let (start, end) = (self.calendar.start.day(), Day(self.calendar.at(horizon as i64).day().0 - 1));
        let (shipments, series) = self.shipments(orders, horizon);
        let options = PlanOptions {
            seed: self.plan.seed ^ hash_id("trips"),
            carriers: &self.setting.carriers,
            carbon: &self.setting.carbon,
            ..PlanOptions::default()
        };
        let setting = self.setting;
        let sent = send(&shipments, self.rule, self.way, &setting.network, &setting.fleet, &options, (start, end), control)?;
        let (planned, dispatches) = (sent.plan, sent.dispatches);

        let mut transport_e = Emission::default();
        let mut lines: BTreeMap<(usize, Stamp), (f64, f64)> = BTreeMap::new();
        let mut trip_kg = Vec::with_capacity(planned.trips.len());
        for t in &planned.trips {
            let emitted = match (self.setting.fleet.get(t.vehicle), self.setting.classes.get(t.vehicle)) {
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
        let services = transport::carrier_services(&self.setting.carriers, &self.setting.factors);
        for c in &planned.hired {
            let emitted = transport::of_consignment(c, services.get(c.carrier).copied().flatten());
            let (kg, month) = (emitted.wtw_kg(), Period::Month.floor(Stamp::of_day(c.day)));
            transport_e += &emitted;
            for (i, share) in shares_of_consignment(c, |i| shipments.get(i).map_or(0.0, |s| s.kg)) {
                let (Some(shipment), Some(members)) = (shipments.get(i), series.get(i)) else { continue };
                for (member, part) in self.parts(shipment, members) {
                    let line = lines.entry((member, month)).or_default();
                    line.0 += kg * share * part;
                    line.1 += c.price * share * part;
                }
            }
        }
        let mut held: BTreeMap<u32, usize> = BTreeMap::new();
        let mut longest = 0.0f64;
        // what a carrier takes is there some days later: for the stock that is a wait like any other
        let on_the_way = days_on_the_way(&planned.hired, shipments.len());
        for d in dispatches.iter().filter(|d| !d.cut_short) {
            for &i in &d.shipments {
                let days = f64::from(d.day.0 - shipments[i].ready.0) + on_the_way.get(i).copied().unwrap_or(0.0);
                longest = longest.max(days);
                *held.entry(days.max(0.0) as u32).or_default() += 1;
            }
        }
        let (storage_e, waste_e) = self.stock_emissions();
        let t = planned.totals;
        Ok(Built {
            trips: t.trips,
            km: t.distance_km,
            cost: t.freight_cost,
            hired_cost: t.cost_hired,
            consignments: t.hired,
            kg: t.weight_kg,
            load_factor: t.load_factor,
            delay_days: t.delay_days,
            longest_delay_days: longest,
            shipped: shipments.len(),
            stops_per_trip: t.stops_per_trip,
            transport: transport_e,
            storage: storage_e,
            waste: waste_e,
            held,
            lines,
            example: if r == 0 { planned.trips } else { Vec::new() },
            hired: if r == 0 { planned.hired } else { Vec::new() },
            example_kg_co2e: if r == 0 { trip_kg } else { Vec::new() },
            shipments: if r == 0 { shipments } else { Vec::new() },
            notes: if r == 0 { planned.notes } else { Vec::new() },
        })
    }

    /// A replication's shipments, and the first and last day of the horizon.
    pub fn sent(&self, orders: &[(usize, usize, f64)]) -> (Vec<Shipment>, (Day, Day)) {
        let horizon = self.plan.periods + self.plan.warm_up;
        (self.shipments(orders, horizon).0, (self.calendar.start.day(), Day(self.calendar.at(horizon as i64).day().0 - 1)))
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
    pub(super) fn kept(&self, s: &SeriesOutcome, assumptions: &StorageAssumptions) -> (f64, f64, f64) {
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
            waste_e += &waste::waste(&self.setting.factors, kg, category);
        }
        (storage::storage(&self.setting.factors, &assumptions, GRID, pallet_days), waste_e)
    }
}
