//! A planner's own shipments: what a file says has to go out, planned with the shop's vehicles, carriers and distances.
//!
//! All days are planned in little time; a day that is looked at is searched further ([`OwnShipments::plan`] with `only`), and takes the place of
//! what was there ([`OwnPlan::with_day`]). Stops that somebody moved ([`Moved`]) are moved again in whatever trips there then are.

use super::outbound::late;
use super::{hubs, rule, way};
use crate::base::{Cancelled, Control, Day, Diagnostic, Measure};
use crate::footprint::{Factors, transport};
use crate::history::{Masters, ShipmentRow};
use crate::logistics::carrier::Carrier;
use crate::logistics::clock;
use crate::logistics::consolidate::{Dispatch, Round, consolidate};
use crate::logistics::network::{Network, NetworkAssumptions};
use crate::logistics::send::{Sent, Way, send, timed};
use crate::logistics::shipment::Shipment;
use crate::logistics::totals::Totals;
use crate::logistics::trips::{self, Asks, Carbon, PlanOptions, TripPlan};
use crate::logistics::vehicle::Vehicle;
use crate::logistics::windows::{Appointment, Clock};
use crate::logistics::wish::{Moved, wish};
use crate::scenario::outcome::{Freight, FreightMeasures};
use crate::scenario::plan::{ConsolidationSpec, Plan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Own shipments and what they travel with.
#[derive(Debug, Clone)]
pub struct OwnShipments {
    /// The shipments, in the order of their file.
    pub shipments: Vec<Shipment>,
    /// When each can be handed over.
    pub appointments: Vec<Appointment>,
    /// The day on which each has to be there at the latest, where its file says.
    pub due: Vec<Option<Day>>,
    /// Where things are.
    pub network: Network,
    /// The vehicles.
    pub fleet: Vec<Vehicle>,
    /// Hired carriers.
    pub carriers: Vec<Carrier>,
    /// Places that shipments may change at.
    pub hubs: Vec<Arc<str>>,
    /// Money per tonne CO2e.
    pub carbon_price: f64,
    /// Seed of the router.
    pub seed: u64,
    /// What is assumed, or set aside.
    pub notes: Vec<Diagnostic>,
}

/// Trips of own shipments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnPlan {
    /// The rule they leave under, in words.
    pub rule: String,
    /// The trips.
    pub plan: TripPlan,
    /// One a trip.
    pub clock: Vec<Clock>,
    /// When what leaves.
    pub dispatches: Vec<Dispatch>,
    /// Moves that these trips do not allow any more, by their position.
    pub refused: Vec<usize>,
}

/// As the router takes it.
pub fn shipment_of(r: &ShipmentRow) -> Shipment {
    let s = Shipment::new(&r.shipment, r.ready.day(), &r.from, &r.to, r.weight_kg, r.volume_m3.unwrap_or(0.0));
    Shipment { pallets: r.pallets.unwrap_or(0.0), ..s }
}

fn appointment(r: &ShipmentRow) -> Appointment {
    let hours = |minutes: f64| minutes / 60.0;
    Appointment { window: r.window.map(|w| (hours(w.0), hours(w.1))), service: r.service_min.map(hours) }
}

impl OwnShipments {
    /// Of the shipments among `masters`, with their locations, vehicles, carriers and distances.
    pub fn new(masters: &Masters, plan: &Plan) -> Self {
        let l = &plan.logistics;
        let assumptions = NetworkAssumptions { circuity: l.circuity, default_km: l.default_km, ..NetworkAssumptions::default() };
        let (mut network, mut notes) = Network::new(&masters.locations, assumptions);
        for r in &masters.shipments {
            if let Some((lat, lon)) = r.lat_lon {
                network.locate(&r.to, lat, lon);
            }
        }
        network.measure(&masters.distances);
        notes.extend(network.place_by_name(masters.shipments.iter().flat_map(|r| [&*r.from, &*r.to])));
        let (fleet, assumed) = Vehicle::fleet(&masters.vehicles);
        notes.extend(assumed);
        Self {
            shipments: masters.shipments.iter().map(shipment_of).collect(),
            appointments: masters.shipments.iter().map(appointment).collect(),
            due: masters.shipments.iter().map(|r| r.due.map(|d| d.day())).collect(),
            network,
            fleet,
            carriers: Carrier::all(&masters.carriers),
            hubs: hubs(&masters.locations),
            carbon_price: plan.footprint.carbon_price,
            seed: plan.seed,
            notes,
        }
    }

    /// First and last day on which something is ready; `None` without shipments.
    pub fn days(&self) -> Option<(Day, Day)> {
        let ready = || self.shipments.iter().map(|s| s.ready);
        ready().min().zip(ready().max())
    }

    /// True where trips have hours to keep: a stop's window, or a vehicle's shift, number or range.
    pub fn keeps_hours(&self) -> bool {
        self.appointments.iter().any(|a| *a != Appointment::default()) || self.fleet.iter().any(Vehicle::is_limited)
    }

    /// The price of carbon as road costs.
    pub fn carbon(&self) -> Vec<Carbon> {
        transport::road_carbon(&self.fleet, &Factors::embedded(), self.carbon_price)
    }

    /// What the shipments ask for.
    pub fn asks(&self) -> Asks<'_> {
        Asks { appointments: &self.appointments, due: &self.due }
    }

    /// Trips under a rule: of all days, or of the departures of one day `only`. Rules that collect or go over hubs are planned whole, whatever `only`
    /// says.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn plan(
        &self,
        spec: &ConsolidationSpec,
        only: Option<Day>,
        iterations_per_stop: u64,
        control: &dyn Control,
    ) -> Result<OwnPlan, Cancelled> {
        let carbon = self.carbon();
        let options =
            PlanOptions { seed: self.seed, carbon: &carbon, iterations_per_stop, carriers: &self.carriers, ..PlanOptions::default() };
        self.leaving(spec, only, &options, control)
    }

    /// The same with the router's own `options`.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn leaving(
        &self,
        spec: &ConsolidationSpec,
        only: Option<Day>,
        options: &PlanOptions<'_>,
        control: &dyn Control,
    ) -> Result<OwnPlan, Cancelled> {
        let Some((first, last)) = self.days() else { return Ok(OwnPlan::default()) };
        let (rule, way) = (rule(spec), way(spec));
        // what is ready last waits for its departure like everything else; a load that nothing more fills up leaves at the end
        let last = Day(last.0.saturating_add(rule.longest_wait().unwrap_or(0)));
        let options = PlanOptions { asks: self.asks(), ..*options };
        let name = rule.name() + &way.suffix();
        if way != Way::Direct {
            let Sent { plan, dispatches, clock } =
                send(&self.shipments, &rule, &way, &self.network, &self.fleet, &options, (first, last), control)?;
            return Ok(OwnPlan { rule: name, plan, clock, dispatches, refused: Vec::new() });
        }
        let vehicle = self.fleet.first().cloned().unwrap_or_default();
        let mut dispatches = consolidate(&self.shipments, &rule, Round::Delivery, &vehicle, first, last);
        dispatches.retain(|d| only.is_none_or(|day| d.day == day));
        let (plan, clock) = timed(&self.shipments, &dispatches, &self.network, &self.fleet, &options, control)?;
        Ok(OwnPlan { rule: name, plan, clock, dispatches, refused: Vec::new() })
    }

    /// The same network, vehicles and carriers with other shipments: what each is, when it can be handed over, when it is due.
    pub(super) fn with(&self, shipments: Vec<(Shipment, Appointment, Option<Day>)>) -> Self {
        let mut out = Self {
            shipments: Vec::with_capacity(shipments.len()),
            appointments: Vec::with_capacity(shipments.len()),
            due: Vec::with_capacity(shipments.len()),
            network: self.network.clone(),
            fleet: self.fleet.clone(),
            carriers: self.carriers.clone(),
            hubs: self.hubs.clone(),
            carbon_price: self.carbon_price,
            seed: self.seed,
            notes: Vec::new(),
        };
        for (s, a, d) in shipments {
            out.shipments.push(s);
            out.appointments.push(a);
            out.due.push(d);
        }
        out
    }

    /// Moves stops as somebody wanted them, in order; what these trips do not allow is left and listed.
    pub fn apply(&self, plan: &mut OwnPlan, moves: &[Moved]) {
        let mut refused = Vec::new();
        for (k, m) in moves.iter().enumerate() {
            if !self.move_one(plan, m) {
                refused.push(k);
            }
        }
        plan.refused = refused;
        plan.plan.totals = Totals::of(&plan.plan.trips, &plan.plan.hired, &self.shipments, &plan.dispatches);
    }

    /// Where a shipment is: trip and stop.
    fn find(&self, plan: &TripPlan, name: &str) -> Option<(usize, usize)> {
        let is = |i: usize| self.shipments.get(i).is_some_and(|s| &*s.id == name);
        plan.trips
            .iter()
            .enumerate()
            .find_map(|(t, trip)| trip.stops.iter().position(|s| s.shipments.iter().any(|x| is(x.0))).map(|s| (t, s)))
    }

    fn move_one(&self, plan: &mut OwnPlan, m: &Moved) -> bool {
        let Some((from, stop)) = m.shipments.first().and_then(|s| self.find(&plan.plan, s)) else { return false };
        let to = match &m.with {
            Some(name) => match self.find(&plan.plan, name) {
                // they already travel together
                Some((t, _)) if t == from => return true,
                Some((t, _)) => Some(t),
                None => return false,
            },
            None if plan.plan.trips.get(from).is_some_and(|t| t.stops.len() < 2) => return true,
            None => None,
        };
        let trips = &plan.plan.trips;
        let (Some(trip), target) = (trips.get(from), to.and_then(|t| trips.get(t))) else { return false };
        if target.is_some_and(|t| t.day != trip.day) {
            return false;
        }
        let Some(w) = wish(trip, stop, target, &self.network, &self.fleet) else { return false };
        let gained = match to {
            Some(t) => self.again(plan, t, &w.to),
            None => self.clock(&w.to, 1, self.leaves(&w.to)),
        };
        match to {
            Some(t) => {
                if let (Some(trip), Some(clock)) = (plan.plan.trips.get_mut(t), plan.clock.get_mut(t)) {
                    (*trip, *clock) = (w.to, gained);
                }
            }
            None => {
                // a vehicle of its own
                let t = &w.to;
                let same = |x: &trips::Trip| (x.day, &x.depot, x.vehicle) == (t.day, &t.depot, t.vehicle);
                let most = plan.plan.trips.iter().zip(&plan.clock).filter(|(x, _)| same(x)).map(|(_, c)| c.number).max().unwrap_or(0);
                plan.clock.insert(from + 1, Clock { number: most + 1, ..gained });
                plan.plan.trips.insert(from + 1, w.to);
            }
        }
        match w.from {
            Some(rest) => {
                let kept = self.again(plan, from, &rest);
                if let (Some(trip), Some(clock)) = (plan.plan.trips.get_mut(from), plan.clock.get_mut(from)) {
                    (*trip, *clock) = (rest, kept);
                }
            }
            None => {
                plan.plan.trips.remove(from);
                plan.clock.remove(from);
            }
        }
        true
    }

    /// The clock of a trip that takes the place of trip `at`: it may leave earlier than that one where its vehicle has not been out before.
    fn again(&self, plan: &OwnPlan, at: usize, trip: &trips::Trip) -> Clock {
        let (Some(old), Some(clock)) = (plan.plan.trips.get(at), plan.clock.get(at)) else { return self.clock(trip, 1, self.leaves(trip)) };
        let same = |x: &trips::Trip, c: &Clock| {
            (x.day, &x.depot, x.vehicle, c.number) == (old.day, &old.depot, old.vehicle, clock.number) && c.leave < clock.leave
        };
        let out_before = plan.plan.trips.iter().zip(&plan.clock).any(|(x, c)| same(x, c));
        let leave = if out_before { clock.leave } else { self.leaves(trip).min(clock.leave) };
        self.clock(trip, clock.number, leave)
    }

    /// What its shipments ask for at a stop: the latest opening and the earliest closing, and the time it takes.
    fn asked(&self, stop: &trips::TripStop) -> Appointment {
        let mut out = Appointment::default();
        for a in stop.shipments.iter().filter_map(|s| self.appointments.get(s.0)) {
            out.window = match (out.window, a.window) {
                (Some(x), Some(y)) => Some((x.0.max(y.0), x.1.min(y.1))),
                (x, y) => x.or(y),
            };
            out.service = match (out.service, a.service) {
                (Some(x), Some(y)) => Some(x + y),
                (x, y) => x.or(y),
            };
        }
        out
    }

    /// Hours that its shipments ask for at a stop; `None`: they do not say.
    pub fn service(&self, stop: &trips::TripStop) -> Option<f64> {
        self.asked(stop).service
    }

    /// The clock of a trip that leaves at `leave`, waiting where a stop is not open yet.
    pub fn clock(&self, trip: &trips::Trip, number: usize, leave: f64) -> Clock {
        let (mut now, mut here) = (leave, &*trip.depot);
        let mut begin = Vec::with_capacity(trip.stops.len());
        for s in &trip.stops {
            let asks = self.asked(s);
            now += self.network.hours_between(here, &s.location);
            now = asks.window.map_or(now, |w| now.max(w.0));
            begin.push(now);
            now += asks.service.unwrap_or(self.network.assumptions.hours_per_stop);
            here = &s.location;
        }
        Clock { number, leave, begin, home: now + self.network.hours_between(here, &trip.depot) }
    }

    /// When a trip should leave: so that its first stop that closes, or the one after it …, is still reached, and no earlier; without such a stop at the
    /// beginning of its vehicle's shift, or in the morning.
    pub fn leaves(&self, trip: &trips::Trip) -> f64 {
        let mut latest = f64::INFINITY;
        let mut next: Option<&str> = None;
        for s in trip.stops.iter().rev() {
            let asks = self.asked(s);
            let way = next.map_or(0.0, |n| self.network.hours_between(&s.location, n));
            latest -= way + asks.service.unwrap_or(self.network.assumptions.hours_per_stop);
            latest = asks.window.map_or(latest, |w| latest.min(w.1));
            next = Some(&s.location);
        }
        latest -= next.map_or(0.0, |n| self.network.hours_between(&trip.depot, n));
        // nothing is gained by waiting before the first stop opens
        let first =
            trip.stops.first().and_then(|s| self.asked(s).window.map(|w| w.0 - self.network.hours_between(&trip.depot, &s.location)));
        let shift = self.fleet.get(trip.vehicle).and_then(|v| v.shift).map(|s| s.0);
        let usual = shift.unwrap_or(clock::MORNING).max(first.unwrap_or(0.0));
        usual.min(latest).max(shift.unwrap_or(0.0))
    }

    /// Hours by which a trip with this clock is late, at stops that have closed and at the end of its vehicle's shift; 0: it keeps them all.
    pub fn late(&self, trip: &trips::Trip, clock: &Clock) -> f64 {
        let stops = trip.stops.iter().zip(&clock.begin);
        let closed: f64 = stops.map(|(s, at)| self.asked(s).window.map_or(0.0, |w| (at - w.1).max(0.0))).sum();
        let shift = self.fleet.get(trip.vehicle).and_then(|v| v.shift).map_or(0.0, |s| (clock.home - s.1).max(0.0));
        closed + shift
    }

    /// Shipments that are there after the day they are due, though they were ready before it.
    pub fn overdue(&self, plan: &OwnPlan) -> usize {
        late(self, &plan.dispatches, &plan.plan.hired).len()
    }

    /// The same as a [`Freight`], its trips as the example: one record, so that no figure has an error.
    pub fn freight(&self, own: &OwnPlan) -> Freight {
        let factors = Factors::embedded();
        let kg: Vec<f64> = own.plan.trips.iter().map(|t| transport::of_trip_with(t, &self.fleet, &factors).wtw_kg()).collect();
        let services = transport::carrier_services(&self.carriers, &factors);
        let hired = own.plan.hired.iter().map(|c| transport::of_consignment(c, services.get(c.carrier).copied().flatten()).wtw_kg());
        let all_kg = kg.iter().sum::<f64>() + hired.sum::<f64>();
        let t = &own.plan.totals;
        let known = |x: f64| Measure { mean: x, p10: x, p90: x, ..Measure::default() };
        let measures = FreightMeasures {
            trips: known(t.trips as f64),
            distance_km: known(t.distance_km),
            freight_cost: known(t.freight_cost),
            hired_cost: known(t.cost_hired),
            consignments: known(t.hired as f64),
            weight_kg: known(t.weight_kg),
            load_factor: known(t.load_factor),
            delay_days: known(t.delay_days),
            stops_per_trip: known(t.stops_per_trip),
            transport_kg_co2e: known(all_kg),
            emissions_kg_co2e: known(all_kg),
            ..FreightMeasures::default()
        };
        let names: BTreeSet<Arc<str>> = self.shipments.iter().flat_map(|s| [s.from.clone(), s.to.clone()]).collect();
        Freight {
            rule: own.rule.clone(),
            built: 1,
            measures,
            carriers: self.carriers.iter().map(|c| c.name.clone()).collect(),
            fleet: if self.fleet.is_empty() { vec![Vehicle::default()] } else { self.fleet.clone() },
            example: own.plan.trips.clone(),
            example_hired: own.plan.hired.clone(),
            places: names.into_iter().filter_map(|n| self.network.coordinates(&n).map(|(lat, lon)| (n, lat, lon))).collect(),
            example_kg_co2e: kg,
            example_shipments: self.shipments.clone(),
            ..Freight::default()
        }
    }

    /// Shipments that are on no trip, by the reason.
    pub fn left<'a>(&'a self, own: &OwnPlan) -> BTreeMap<&'static str, Vec<&'a Shipment>> {
        let mut out: BTreeMap<&'static str, Vec<&Shipment>> = BTreeMap::new();
        for (i, why) in &own.plan.unserved {
            if let Some(s) = self.shipments.get(*i) {
                out.entry(why).or_default().push(s);
            }
        }
        out
    }
}

impl OwnPlan {
    /// The plan with the departures of one day from another plan under the same rule.
    #[must_use]
    pub fn with_day(&self, day: Day, other: &Self, own: &OwnShipments) -> Self {
        let mut out = Self { rule: self.rule.clone(), ..Self::default() };
        out.plan.notes.clone_from(&self.plan.notes);
        let of = |d: &Dispatch| d.shipments.clone();
        let replaced: BTreeSet<usize> = other.dispatches.iter().filter(|d| d.day == day).flat_map(of).collect();
        let before = self.plan.trips.iter().zip(&self.clock).filter(|(t, _)| t.day != day);
        let new = other.plan.trips.iter().zip(&other.clock).filter(|(t, _)| t.day == day);
        let mut all: Vec<_> = before.chain(new).collect();
        all.sort_by_key(|(t, _)| t.day);
        (out.plan.trips, out.clock) = all.into_iter().map(|(t, c)| (t.clone(), c.clone())).unzip();
        out.plan.hired =
            self.plan.hired.iter().filter(|c| c.day != day).chain(other.plan.hired.iter().filter(|c| c.day == day)).cloned().collect();
        out.plan.hired.sort_by_key(|c| c.day);
        let stays = self.plan.unserved.iter().filter(|u| !replaced.contains(&u.0));
        out.plan.unserved = stays.chain(other.plan.unserved.iter().filter(|u| replaced.contains(&u.0))).copied().collect();
        out.plan.unserved.sort_unstable();
        out.dispatches.clone_from(&self.dispatches);
        out.plan.totals = Totals::of(&out.plan.trips, &out.plan.hired, &own.shipments, &out.dispatches);
        out
    }
}
