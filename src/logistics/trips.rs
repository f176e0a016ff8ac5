//! From dispatches to driven trips: which vehicle, which stops in which order, how far, how full, at what cost.

use super::carrier::{Carrier, Consignment};
use super::consolidate::{Dispatch, Round};
use super::load::{Bin, StopLoad, bins};
use super::network::Network;
use super::router::{Arcs, Instance, Options, Solution, solve};
use super::shipment::{Goods, Shipment};
use super::totals::Totals;
use super::vehicle::Vehicle;
use super::windows::Appointment;
use crate::base::{Cancelled, Control, Day, Diagnostic};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How trips are built.
#[derive(Clone, Copy)]
pub struct PlanOptions<'a> {
    /// Seed of the router.
    pub seed: u64,
    /// Router iterations per round: this many for every stop of it (rounds of up to ten stops are solved exactly).
    pub iterations_per_stop: u64,
    /// An outside budget, as in [`Options::spent`]; rounds are then solved one after the other, each with a share of it.
    pub spent: Option<&'a (dyn Fn() -> f64 + Sync)>,
    /// Cut shipments bigger than a vehicle into several loads; else they are refused by name.
    pub split: bool,
    /// Refuse shipments to or from places without coordinates; else [`super::network::NetworkAssumptions::default_km`] is assumed.
    pub refuse_unlocated: bool,
    /// Hired carriers; a stop goes with the cheapest of them where driving there costs more. Only in delivery rounds.
    pub carriers: &'a [Carrier],
    /// The price of emissions as road costs, one a vehicle of the fleet; none: they cost nothing.
    pub carbon: &'a [Carbon],
    /// What the shipments ask for.
    pub asks: Asks<'a>,
}

/// When shipments can be handed over and have to be there, one value a shipment; missing ones are free.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asks<'a> {
    /// Hours.
    pub appointments: &'a [Appointment],
    /// The day of delivery at the latest.
    pub due: &'a [Option<Day>],
}

impl Asks<'_> {
    /// Is there an hour to keep, or a time that a stop takes?
    pub fn hours(&self) -> bool {
        self.appointments.iter().any(|a| *a != Appointment::default())
    }
}

/// What a vehicle's emissions cost on the road, by load.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Carbon {
    /// Money per km without load.
    pub per_km: f64,
    /// Money per km more for each kg on board.
    pub per_kg_km: f64,
}

impl Carbon {
    /// Of a trip.
    pub fn of(self, t: &Trip) -> f64 {
        t.legs().iter().map(|(km, kg, _)| km * (self.per_km + self.per_kg_km * kg)).sum()
    }
}

impl Default for PlanOptions<'_> {
    fn default() -> Self {
        Self {
            seed: 0,
            iterations_per_stop: 200,
            spent: None,
            split: true,
            refuse_unlocated: false,
            carriers: &[],
            carbon: &[],
            asks: Asks::default(),
        }
    }
}

/// A stop of a trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TripStop {
    /// Where.
    pub location: Arc<str>,
    /// Set down (delivery) or taken up (collection), kg.
    pub kg: f64,
    /// Set down or taken up, m³.
    pub m3: f64,
    /// Set down or taken up, pallets.
    #[serde(default)]
    pub pallets: f64,
    /// Taken up on a delivery round, for the depot.
    #[serde(default)]
    pub collected: Goods,
    /// Distance from the stop before, or from the depot, km.
    pub km: f64,
    /// Shortest feasible distance between depot and this stop in the direction the goods travel, km.
    pub direct_km: f64,
    /// Shipments (by index) and the share of each, 1 unless it was split; those taken up last.
    pub shipments: Vec<(usize, f64)>,
}

impl TripStop {
    /// Handled there, kg.
    pub fn handled_kg(&self) -> f64 {
        self.kg + self.collected.kg
    }

    /// Joins what is done at the same place.
    pub(super) fn join(&mut self, other: &Self) {
        self.kg += other.kg;
        self.m3 += other.m3;
        self.pallets += other.pallets;
        self.collected += other.collected;
        self.shipments.extend(&other.shipments);
    }
}

/// A vehicle's round: depot, stops, depot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// Where it starts and ends.
    pub depot: Arc<str>,
    /// Delivery or collection.
    pub round: Round,
    /// The day.
    pub day: Day,
    /// Index into the fleet.
    pub vehicle: usize,
    /// Stops in driving order.
    pub stops: Vec<TripStop>,
    /// The way home from the last stop, km.
    pub km_home: f64,
    /// The whole round, km.
    pub km: f64,
    /// Driving and stops, hours.
    pub hours: f64,
    /// Fixed cost.
    pub cost_fixed: f64,
    /// Cost of distance.
    pub cost_km: f64,
    /// Cost of time.
    pub cost_hours: f64,
    /// Carried in all (on a delivery round, without what is taken up), kg.
    pub kg: f64,
    /// The same, m³.
    pub m3: f64,
    /// The same, pallets.
    #[serde(default)]
    pub pallets: f64,
    /// Taken up on a delivery round, for the depot.
    #[serde(default)]
    pub collected: Goods,
    /// Load over capacity where it is fullest, the tighter of kg and m³ (at departure of a delivery, on return of a collection).
    pub load_factor: f64,
    /// The same by legs, weighted with their length, the empty way included.
    pub load_factor_km: f64,
    /// Transport activity: each stop's tonnes × its direct distance, t·km.
    pub tonne_km: f64,
}

impl Trip {
    /// All costs.
    pub fn cost(&self) -> f64 {
        self.cost_fixed + self.cost_km + self.cost_hours
    }
    /// Legs in driving order: (km, kg on board, m³ on board), the empty one included.
    pub fn legs(&self) -> Vec<(f64, f64, f64)> {
        let km = self.stops.iter().map(|s| s.km).chain(std::iter::once(self.km_home));
        km.zip(self.on_board()).map(|(km, g)| (km, g.kg, g.m3)).collect()
    }
    /// What is on board on each leg, in driving order; one leg more than there are stops.
    pub fn on_board(&self) -> Vec<Goods> {
        let all = Goods { kg: self.kg, m3: self.m3, pallets: self.pallets };
        let (mut now, home, sign) = match self.round {
            Round::Delivery => (all, self.collected, -1.0),
            Round::Collection => (Goods::default(), all, 1.0),
        };
        let mut out = Vec::with_capacity(self.stops.len() + 1);
        for s in &self.stops {
            out.push(now);
            let after = |x: f64, own: f64, collected: f64| (x + sign * own).max(0.0) + collected;
            now = Goods {
                kg: after(now.kg, s.kg, s.collected.kg),
                m3: after(now.m3, s.m3, s.collected.m3),
                pallets: after(now.pallets, s.pallets, s.collected.pallets),
            };
        }
        // sums of parts are off by rounding: home comes what was taken up
        out.push(home);
        out
    }
    /// The most on board at once, each dimension for itself.
    pub fn most(&self) -> Goods {
        let most = |a: Goods, b: Goods| Goods { kg: a.kg.max(b.kg), m3: a.m3.max(b.m3), pallets: a.pallets.max(b.pallets) };
        self.on_board().into_iter().fold(Goods::default(), most)
    }
    /// The fullest leg's share of a vehicle.
    pub fn fullest(&self, vehicle: &Vehicle) -> f64 {
        self.on_board().iter().map(|g| vehicle.share_of(g.kg, g.m3, g.pallets)).fold(0.0, f64::max)
    }
}

/// Trips and what they add up to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TripPlan {
    /// In the order of the dispatches.
    pub trips: Vec<Trip>,
    /// What hired carriers take, in the same order.
    pub hired: Vec<Consignment>,
    /// Sums and means.
    pub totals: Totals,
    /// Shipments (by index) that travel on no trip, with the reason; ascending.
    pub unserved: Vec<(usize, &'static str)>,
    /// What was assumed or set aside, named.
    pub notes: Vec<Diagnostic>,
}

/// One routing task: the same depot, vehicle and loads give the same trips, whichever day it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    depot: Arc<str>,
    round: bool,
    vehicle: usize,
    stops: Vec<(Arc<str>, [i64; 2])>,
}

pub(super) const GRAMS: f64 = 1e3;
pub(super) const CUBIC_CENTIMETRES: f64 = 1e6;
/// From this share on a vehicle is full.
const FULL: f64 = 1.0 - 1e-6;
/// Beyond any real load; keeps sums inside the router's range.
const MOST: f64 = 1e14;

pub(super) fn whole(amount: f64, unit: f64) -> i64 {
    (amount.max(0.0) * unit).min(MOST).round() as i64
}

/// Builds the trips of `dispatches` (from [`super::consolidate::consolidate`] over the same `shipments`), by [`super::windows`] where there are hours,
/// pallets, few vehicles, carriers or returns. With several kinds of
/// vehicle each round is planned with every kind, the cheapest plan is kept and each of its trips goes to the cheapest vehicle it
/// fits into.
///
/// # Errors
/// [`Cancelled`] when `control` says so.
pub fn plan(
    shipments: &[Shipment],
    dispatches: &[Dispatch],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    control: &dyn Control,
) -> Result<TripPlan, Cancelled> {
    let mut out = TripPlan::default();
    let default_fleet = [Vehicle::default()];
    let fleet = if fleet.is_empty() { &default_fleet[..] } else { fleet };
    let pallets = fleet.iter().any(|v| v.capacity_pallets.is_finite()) && shipments.iter().any(|s| s.pallets > 0.0);
    let back = |d: &Dispatch| {
        let is = |i: &usize| shipments.get(*i).is_some_and(|s| s.is_return_to(&d.depot));
        d.round == Round::Delivery && d.shipments.iter().any(is)
    };
    let both_ways = dispatches.iter().any(back);
    if pallets || both_ways || options.asks.hours() || !options.carriers.is_empty() || fleet.iter().any(Vehicle::is_limited) {
        return Ok(super::windows::plan_with_windows(shipments, dispatches, network, fleet, options, control)?.plan);
    }
    // 1. loads by stop, for each kind of vehicle
    let mut keys: BTreeMap<Key, usize> = BTreeMap::new();
    let mut jobs: Vec<Vec<(Vec<Bin>, Key)>> = Vec::with_capacity(dispatches.len());
    for dispatch in dispatches {
        let stops = stop_loads(shipments, dispatch, network, options, &mut out.unserved);
        let mut job = Vec::new();
        let mut refused_by_all: Option<Vec<(usize, &'static str)>> = None;
        for (v, vehicle) in fleet.iter().enumerate() {
            let (bins, refused) = bins(&stops, shipments, vehicle, options.split);
            let fewer = refused_by_all.as_ref().is_none_or(|r| refused.len() < r.len());
            let same = refused_by_all.as_ref().is_some_and(|r| refused.len() == r.len());
            if fewer {
                job.clear();
                refused_by_all = Some(refused);
            }
            // a vehicle that leaves more behind than another is no candidate
            if (fewer || same) && !bins.is_empty() {
                // a full vehicle has no room for another stop: it drives there and back, and the router need not see it
                let (mut routed, full): (Vec<Bin>, Vec<Bin>) = bins.into_iter().partition(|b| vehicle.share(b.kg, b.m3) < FULL);
                let key = key(dispatch, v, vehicle, &routed);
                routed.extend(full);
                keys.insert(key.clone(), 0);
                job.push((routed, key));
            }
        }
        out.unserved.extend(refused_by_all.unwrap_or_default());
        jobs.push(job);
    }
    // 2. every distinct task once
    for (i, index) in keys.values_mut().enumerate() {
        *index = i;
    }
    let tasks: Vec<&Key> = keys.keys().collect();
    let answers = route_all(&tasks, network, fleet, options, control)?;
    // 3. trips, in the order of the dispatches
    let mut used: BTreeMap<(Day, &Arc<str>, usize), usize> = BTreeMap::new();
    let mut again = 0;
    for (dispatch, job) in dispatches.iter().zip(&jobs) {
        let candidates = job.iter().filter_map(|(bins, key)| {
            let solution = answers.get(*keys.get(key)?)?;
            let direct = (key.stops.len()..bins.len()).map(|i| vec![i + 1]);
            let routes = solution.routes.iter().cloned().chain(direct);
            let trips: Vec<Trip> = routes.map(|route| trip(dispatch, key.vehicle, &route, bins, network, fleet, true)).collect();
            Some(trips)
        });
        let carbon = |t: &Trip| options.carbon.get(t.vehicle).map_or(0.0, |c| c.of(t));
        let cost = |trips: &[Trip]| trips.iter().map(|t| t.cost() + carbon(t)).sum::<f64>();
        let best = candidates.map(|t| cheapest_vehicles(t, fleet, options.carbon)).min_by(|a, b| cost(a).total_cmp(&cost(b)));
        for t in best.unwrap_or_default() {
            let n = used.entry((t.day, &dispatch.depot, t.vehicle)).or_default();
            *n += 1;
            again += usize::from(fleet[t.vehicle].count.is_some_and(|c| *n > c));
            out.trips.push(t);
        }
    }
    if again > 0 {
        out.notes.push(
            Diagnostic::info("vehicle-again", format!("{again} trips need a vehicle that is already out that day: it goes out again"))
                .fix("raise `count` in vehicles.csv, or let shipments wait longer"),
        );
    }
    if !options.refuse_unlocated {
        out.notes.extend(network.unlocated(shipments.iter().flat_map(|s| [&*s.from, &*s.to])));
    }
    out.unserved.sort_unstable();
    out.unserved.dedup();
    out.totals = Totals::of(&out.trips, &out.hired, shipments, dispatches);
    Ok(out)
}

/// Shipments (by index, ascending) that were more than a vehicle carries, and in how many loads each goes.
pub fn split(plan: &TripPlan) -> Vec<(usize, usize)> {
    let own = plan.trips.iter().flat_map(|t| &t.stops).flat_map(|s| &s.shipments);
    let mut loads: BTreeMap<usize, usize> = BTreeMap::new();
    for (i, part) in own.chain(plan.hired.iter().flat_map(|c| &c.shipments)) {
        if *part < 1.0 {
            *loads.entry(*i).or_default() += 1;
        }
    }
    loads.into_iter().collect()
}

fn stop_loads<'a>(
    shipments: &'a [Shipment],
    dispatch: &Dispatch,
    network: &Network,
    options: &PlanOptions<'_>,
    unserved: &mut Vec<(usize, &'static str)>,
) -> Vec<StopLoad<'a>> {
    let mut stops: BTreeMap<&Arc<str>, Vec<usize>> = BTreeMap::new();
    for &i in &dispatch.shipments {
        let Some(s) = shipments.get(i) else { continue };
        let place = if dispatch.round == Round::Delivery { &s.to } else { &s.from };
        if options.refuse_unlocated && !(network.knows(&s.from) && network.knows(&s.to)) {
            unserved.push((i, "no coordinates"));
        } else if !(s.kg.is_finite() && s.m3.is_finite() && s.kg >= 0.0 && s.m3 >= 0.0) {
            unserved.push((i, "its weight or volume is negative or not a number"));
        } else {
            stops.entry(place).or_default().push(i);
        }
    }
    stops.into_iter().map(|(location, shipments)| StopLoad { location, shipments }).collect()
}

fn key(dispatch: &Dispatch, v: usize, vehicle: &Vehicle, bins: &[Bin]) -> Key {
    let amounts = |b: &Bin| [whole(b.kg, GRAMS), whole(b.m3, CUBIC_CENTIMETRES)];
    // when everything fits into one vehicle the amounts do not matter, and the same stops on another day are the same task
    let total = bins.iter().fold((0.0, 0.0), |t, b| (t.0 + b.kg, t.1 + b.m3));
    let one = total.0 <= vehicle.capacity_kg && total.1 <= vehicle.capacity_m3;
    let stops = bins.iter().map(|b| (b.location.clone(), if one { [0, 0] } else { amounts(b) })).collect();
    Key { depot: dispatch.depot.clone(), round: dispatch.round == Round::Collection, vehicle: v, stops }
}

fn route_all(
    tasks: &[&Key],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    control: &dyn Control,
) -> Result<Vec<Solution>, Cancelled> {
    let Some(spent) = options.spent else {
        return tasks
            .par_iter()
            .map(|key| {
                control.check()?;
                let iterations = options.iterations_per_stop.saturating_mul(key.stops.len() as u64);
                Ok(route(key, network, fleet, options.carbon, &Options::iterations(options.seed, iterations)))
            })
            .collect();
    };
    let weight = |key: &Key| if key.stops.len() > super::router::exact::MOST_STOPS { key.stops.len() as f64 } else { 0.01 };
    let whole: f64 = tasks.iter().map(|k| weight(k)).sum();
    let mut begin = 0.0;
    let mut answers = Vec::with_capacity(tasks.len());
    for key in tasks {
        control.check()?;
        let (a, width) = (begin, weight(key) / whole);
        let share = move || (spent() - a) / width;
        answers.push(route(key, network, fleet, options.carbon, &Options::budget(options.seed, &share)));
        begin += width;
    }
    Ok(answers)
}

fn route(key: &Key, network: &Network, fleet: &[Vehicle], carbon: &[Carbon], options: &Options<'_>) -> Solution {
    let vehicle = &fleet[key.vehicle];
    // the load falls along a round: on the mean kilometre half of what a vehicle carries is on board
    let half = if vehicle.capacity_kg.is_finite() { vehicle.capacity_kg / 2.0 } else { 0.0 };
    let carbon_km = carbon.get(key.vehicle).map_or(0.0, |c| c.per_km + c.per_kg_km * half);
    let places: Vec<&str> = std::iter::once(&*key.depot).chain(key.stops.iter().map(|(l, _)| &**l)).collect();
    let demand: Vec<[i64; 2]> = std::iter::once([0, 0]).chain(key.stops.iter().map(|(_, d)| *d)).collect();
    // bins were filled to capacity in floating point: a gram more than the capacity is rounding, not load
    let most = |amount: usize, capacity: f64, unit: f64| {
        let floor = demand.iter().map(|d| d[amount]).max().unwrap_or(0);
        if capacity.is_finite() { whole(capacity, unit).max(floor) } else { i64::MAX / 4 }
    };
    let capacity = [most(0, vehicle.capacity_kg, GRAMS), most(1, vehicle.capacity_m3, CUBIC_CENTIMETRES)];
    let mut arcs = Vec::with_capacity(places.len() * places.len());
    for a in &places {
        for b in &places {
            let km = network.km(a, b).0;
            // the small term keeps trips short where distance and time cost nothing
            arcs.push((vehicle.cost_per_km + carbon_km) * km + vehicle.cost_per_hour * network.hours_between(a, b) + 1e-6 * km);
        }
    }
    Instance::new(demand, capacity, None, vehicle.cost_per_trip, Arcs::Matrix(arcs))
        .map(|instance| solve(&instance, options))
        .unwrap_or_default()
}

/// One trip with all its figures. Where it may be turned, of the two directions of a round that costs the same both ways the one that
/// carries less weight over less distance is driven.
pub(super) fn trip(
    dispatch: &Dispatch,
    vehicle: usize,
    route: &[usize],
    bins: &[Bin],
    network: &Network,
    fleet: &[Vehicle],
    may_turn: bool,
) -> Trip {
    let build = |order: &[usize]| {
        let mut t = Trip {
            depot: dispatch.depot.clone(),
            round: dispatch.round,
            day: dispatch.day,
            vehicle,
            stops: Vec::with_capacity(order.len()),
            km_home: 0.0,
            km: 0.0,
            hours: 0.0,
            cost_fixed: 0.0,
            cost_km: 0.0,
            cost_hours: 0.0,
            kg: 0.0,
            m3: 0.0,
            pallets: 0.0,
            collected: Goods::default(),
            load_factor: 0.0,
            load_factor_km: 0.0,
            tonne_km: 0.0,
        };
        for bin in order.iter().filter_map(|n| bins.get(n.wrapping_sub(1))) {
            let stop = TripStop {
                location: bin.location.clone(),
                kg: bin.kg,
                m3: bin.m3,
                pallets: bin.pallets,
                collected: bin.collected,
                km: 0.0,
                direct_km: 0.0,
                shipments: bin.all().copied().collect(),
            };
            match t.stops.last_mut() {
                // two parts of what one stop gets, on the same vehicle, are one stop
                Some(s) if s.location == bin.location => s.join(&stop),
                _ => t.stops.push(stop),
            }
        }
        measure(&mut t, network);
        t
    };
    let carried = |t: &Trip| t.legs().iter().map(|(km, kg, _)| km * kg).sum::<f64>();
    let mut t = build(route);
    if !may_turn {
        return priced(t, vehicle, fleet);
    }
    let back = build(&route.iter().rev().copied().collect::<Vec<_>>());
    if (back.km - t.km).abs() <= 1e-9 * t.km && carried(&back) < carried(&t) {
        t = back;
    }
    priced(t, vehicle, fleet)
}

/// Distances, hours and loads of a trip from its stops and their order.
pub(super) fn measure(t: &mut Trip, network: &Network) {
    (t.kg, t.m3, t.pallets, t.km, t.hours, t.tonne_km) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    t.collected = Goods::default();
    let mut here = t.depot.clone();
    for s in &mut t.stops {
        let (from, to) = if t.round == Round::Delivery { (&t.depot, &s.location) } else { (&s.location, &t.depot) };
        s.direct_km = network.km(from, to).0;
        s.km = network.km(&here, &s.location).0;
        t.hours += network.hours_between(&here, &s.location);
        here = s.location.clone();
        t.kg += s.kg;
        t.m3 += s.m3;
        t.pallets += s.pallets;
        t.collected += s.collected;
        t.km += s.km;
        t.tonne_km += s.handled_kg() / 1000.0 * s.direct_km;
    }
    t.km_home = network.km(&here, &t.depot).0;
    t.km += t.km_home;
    t.hours += network.hours_between(&here, &t.depot) + network.assumptions.hours_per_stop * t.stops.len() as f64;
}

/// The trip in that vehicle.
pub(super) fn priced(mut t: Trip, vehicle: usize, fleet: &[Vehicle]) -> Trip {
    let v = &fleet[vehicle];
    t.vehicle = vehicle;
    (t.cost_fixed, t.cost_km, t.cost_hours) = (v.cost_per_trip, v.cost_per_km * t.km, v.cost_per_hour * t.hours);
    t.load_factor = t.fullest(v);
    let by_km: f64 = t.legs().iter().map(|(km, kg, m3)| km * v.share(*kg, *m3)).sum();
    t.load_factor_km = if t.km > 0.0 { by_km / t.km } else { t.load_factor };
    t
}

/// Each trip in the cheapest vehicle that can carry it, kinds that are all out already only when nothing else is left.
fn cheapest_vehicles(trips: Vec<Trip>, fleet: &[Vehicle], carbon: &[Carbon]) -> Vec<Trip> {
    if fleet.len() == 1 {
        return trips;
    }
    let mut used = vec![0usize; fleet.len()];
    trips
        .into_iter()
        .map(|t| {
            let choice = fleet
                .iter()
                .enumerate()
                .filter(|(_, v)| t.fullest(v) <= 1.0 + 1e-9)
                .map(|(i, v)| {
                    (v.count.is_some_and(|c| used[i] >= c), v.trip_cost(t.km, t.hours) + carbon.get(i).map_or(0.0, |c| c.of(&t)), i)
                })
                .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
            let vehicle = choice.map_or(t.vehicle, |c| c.2);
            used[vehicle] += 1;
            priced(t, vehicle, fleet)
        })
        .collect()
}
