//! Trips planned together: hours to keep, vehicles that are few, shifts and ranges, hired carriers beside the own fleet.
//!
//! One [`Model`] a dispatch. A vehicle of which there is a number goes out again only where otherwise something would stay behind; a stop that
//! a carrier takes for less than it costs to drive there is left out of the trips at that price.

use super::carrier::{Carrier, Consignment, Offer, cheapest};
use super::consolidate::{Dispatch, Round};
use super::load::{Bin, StopLoad, bins};
use super::network::Network;
use super::router::audit::{begins, drive};
use super::router::model::{Depot, Kind, Model, Refusal, Roster, Shift, Stop};
use super::router::{Options, solve_model};
use super::shipment::{Goods, Shipment};
use super::totals::Totals;
use super::trips::{CUBIC_CENTIMETRES, GRAMS, PlanOptions, Trip, TripPlan, priced, trip, whole};
use super::vehicle::Vehicle;
use crate::base::{Cancelled, Control, Day};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Parts of a pallet that are counted.
const THOUSANDTHS: f64 = 1e3;
/// A vehicle of which there is a number loads again at most this often in a shift.
const MOST_RELOADS: usize = 12;
/// More than any way of driving to a stop costs, in any currency, and little enough for sums in double precision.
const LATE: f64 = 1e9;

/// When a shipment can be handed over, and how long that takes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Appointment {
    /// Earliest and latest arrival, hours after midnight.
    pub window: Option<(f64, f64)>,
    /// Hours at the stop; `None`: [`super::network::NetworkAssumptions::hours_per_stop`].
    pub service: Option<f64>,
}

/// A [`TripPlan`] and its clock.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimedPlan {
    /// The trips; their hours include waiting.
    pub plan: TripPlan,
    /// For each trip: when it leaves, when service begins at each of its stops, and when it is home; hours after midnight of its day.
    pub clock: Vec<Clock>,
}

/// Times of a trip, hours after midnight.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clock {
    /// Which of the vehicles of its kind drives it, from 1; by depot and day.
    pub number: usize,
    /// Leaves the depot.
    pub leave: f64,
    /// Service begins, by stop.
    pub begin: Vec<f64>,
    /// Back at the depot.
    pub home: f64,
}

/// Trips for `dispatches` that keep the appointments of `options`, the number and the hours of the vehicles, and leave to its carriers what these
/// take for less. Shipments for one place with the same appointment are one stop. A carrier that would be there only after a shipment is due takes
/// it only where no vehicle can. Every shipment is on a trip, with a carrier, or listed with its reason.
///
/// # Errors
/// [`Cancelled`] when `control` says so.
pub fn plan_with_windows(
    shipments: &[Shipment],
    dispatches: &[Dispatch],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    control: &dyn Control,
) -> Result<TimedPlan, Cancelled> {
    let default_fleet = [Vehicle::default()];
    let fleet = if fleet.is_empty() { &default_fleet[..] } else { fleet };
    let task = Task { shipments, network, fleet, options };
    let parts: Vec<TimedPlan> = match options.spent {
        None => {
            let solved = dispatches.par_iter().map(|dispatch| {
                control.check()?;
                let iterations = options.iterations_per_stop.saturating_mul(dispatch.shipments.len() as u64);
                Ok(task.dispatch(dispatch, &Options::iterations(options.seed, iterations)))
            });
            solved.collect::<Result<_, Cancelled>>()?
        }
        Some(spent) => {
            let all: f64 = dispatches.iter().map(|d| d.shipments.len() as f64).sum();
            let mut begin = 0.0;
            let mut parts = Vec::with_capacity(dispatches.len());
            for dispatch in dispatches {
                control.check()?;
                let (from, width) = (begin, dispatch.shipments.len() as f64 / all.max(1.0));
                begin += width;
                let share = move || (spent() - from) / width;
                parts.push(task.dispatch(dispatch, &Options::budget(options.seed, &share)));
            }
            parts
        }
    };
    let mut out = TimedPlan::default();
    for mut part in parts {
        out.plan.trips.append(&mut part.plan.trips);
        out.plan.hired.append(&mut part.plan.hired);
        out.plan.unserved.append(&mut part.plan.unserved);
        out.clock.append(&mut part.clock);
    }
    if !options.refuse_unlocated {
        out.plan.notes.extend(network.unlocated(shipments.iter().flat_map(|s| [&*s.from, &*s.to])));
    }
    out.plan.unserved.sort_unstable();
    out.plan.unserved.dedup();
    out.plan.totals = Totals::of(&out.plan.trips, &out.plan.hired, shipments, dispatches);
    Ok(out)
}

/// What carriers offer for a stop.
#[derive(Debug, Clone, Copy)]
struct Hire {
    /// For what is brought.
    out: Option<Offer>,
    /// For what is taken up.
    back: Option<Offer>,
    /// What leaving the stop out of the trips is worth.
    prize: f64,
}

/// What is the same for every dispatch.
struct Task<'a> {
    shipments: &'a [Shipment],
    network: &'a Network,
    fleet: &'a [Vehicle],
    options: &'a PlanOptions<'a>,
}

impl Task<'_> {
    fn appointment(&self, i: usize) -> Appointment {
        self.options.asks.appointments.get(i).copied().unwrap_or_default()
    }

    /// Days from `day` until the first of these shipments is due; `None` where that is not known, or past already.
    fn within(&self, shipments: &[(usize, f64)], day: Day) -> Option<f64> {
        let due = shipments.iter().filter_map(|s| self.options.asks.due.get(s.0).copied().flatten());
        due.map(|d| f64::from(d.0 - day.0)).filter(|d| *d >= 0.0).min_by(f64::total_cmp)
    }

    /// Stops by place and appointment, cut to what the vehicle that carries most can carry. What a place sends back is taken up where something is
    /// brought at the same hours.
    fn stops(&self, dispatch: &Dispatch, unserved: &mut Vec<(usize, &'static str)>) -> (Vec<Bin>, [i64; 3]) {
        // brought, taken up
        type Both = [Vec<usize>; 2];
        let mut stops: BTreeMap<(&Arc<str>, [u64; 3]), Both> = BTreeMap::new();
        for &i in &dispatch.shipments {
            let Some(s) = self.shipments.get(i) else { continue };
            if self.options.refuse_unlocated && !(self.network.knows(&s.from) && self.network.knows(&s.to)) {
                unserved.push((i, "no coordinates"));
            } else if !(s.kg.is_finite() && s.m3.is_finite() && s.kg >= 0.0 && s.m3 >= 0.0) {
                unserved.push((i, "its weight or volume is negative or not a number"));
            } else {
                let a = self.appointment(i);
                let bits = |x: Option<f64>| x.map_or(u64::MAX, f64::to_bits);
                let key = [bits(a.window.map(|w| w.0)), bits(a.window.map(|w| w.1)), bits(a.service)];
                let back = dispatch.round == Round::Delivery && s.is_return_to(&dispatch.depot);
                let place = if dispatch.round == Round::Delivery && !back { &s.to } else { &s.from };
                stops.entry((place, key)).or_default()[usize::from(back)].push(i);
            }
        }
        let (mut brought, mut back): (Vec<StopLoad<'_>>, Vec<StopLoad<'_>>) = (Vec::new(), Vec::new());
        for ((location, _), [out, r]) in stops {
            for (list, shipments) in [(&mut brought, out), (&mut back, r)] {
                if !shipments.is_empty() {
                    list.push(StopLoad { location, shipments });
                }
            }
        }
        let most = |a: &&Vehicle, b: &&Vehicle| a.capacity_kg.total_cmp(&b.capacity_kg).then(a.capacity_m3.total_cmp(&b.capacity_m3));
        let Some(largest) = self.fleet.iter().max_by(most) else { return (Vec::new(), [0; 3]) };
        let (mut out, refused) = bins(&brought, self.shipments, largest, self.options.split);
        unserved.extend(refused);
        let (back, refused) = bins(&back, self.shipments, largest, self.options.split);
        unserved.extend(refused);
        let hours = |s: Option<&(usize, f64)>| s.map(|s| self.appointment(s.0));
        for b in back.into_iter().map(Bin::turned) {
            let same =
                |o: &&mut Bin| o.returns.is_empty() && o.location == b.location && hours(o.shipments.first()) == hours(b.returns.first());
            match out.iter_mut().find(same) {
                Some(o) => (o.collected, o.returns) = (b.collected, b.returns),
                None => out.push(b),
            }
        }
        let most = [
            amount(largest.capacity_kg, GRAMS),
            amount(largest.capacity_m3, CUBIC_CENTIMETRES),
            amount(largest.capacity_pallets, THOUSANDTHS),
        ];
        (out, most)
    }

    fn model(&self, dispatch: &Dispatch, bins: &[Bin], largest: [i64; 3], offers: &[Option<Hire>], reloads: usize) -> Option<Model> {
        let network = self.network;
        let places: Vec<&str> = std::iter::once(&*dispatch.depot).chain(bins.iter().map(|b| &*b.location)).collect();
        let square = |f: &dyn Fn(&str, &str) -> f64| -> Vec<f64> {
            places.iter().flat_map(|a| places.iter().map(move |b| (a, b))).map(|(a, b)| f(a, b)).collect()
        };
        let list = bins.iter().enumerate().map(|(k, bin)| {
            let a = bin.all().next().map_or_else(Appointment::default, |s| self.appointment(s.0));
            // bins were filled to capacity in floating point: a gram more than the capacity is rounding, not load
            let load = |g: Goods| {
                [
                    whole(g.kg, GRAMS).min(largest[0]),
                    whole(g.m3, CUBIC_CENTIMETRES).min(largest[1]),
                    whole(g.pallets, THOUSANDTHS).min(largest[2]),
                    0,
                ]
            };
            let own = load(Goods { kg: bin.kg, m3: bin.m3, pallets: bin.pallets });
            let (delivery, pickup) = if dispatch.round == Round::Delivery { (own, load(bin.collected)) } else { ([0; 4], own) };
            Stop {
                place: k + 1,
                delivery,
                pickup,
                window: a.window.unwrap_or((0.0, f64::INFINITY)),
                service: a.service.unwrap_or(network.assumptions.hours_per_stop),
                prize: offers.get(k).copied().flatten().map(|h| h.prize),
            }
        });
        let carbon = |i: usize| self.options.carbon.get(i).copied().unwrap_or_default();
        let kinds = self.fleet.iter().enumerate().map(|(i, v)| Kind {
            count: v.count,
            fixed: v.cost_per_trip,
            // the small term keeps trips short where distance and time cost nothing
            per_distance: v.cost_per_km + carbon(i).per_km + 1e-6,
            per_load: carbon(i).per_kg_km / GRAMS,
            per_time: v.cost_per_hour,
            shift: v.shift.unwrap_or((0.0, f64::INFINITY)),
            max_duration: v.max_hours.unwrap_or(f64::INFINITY),
            max_driving: v.max_driving_hours.unwrap_or(f64::INFINITY),
            max_distance: v.max_km.unwrap_or(f64::INFINITY),
            reloads: if v.count.is_some() { reloads } else { 0 },
            reload_at: if v.count.is_some() && reloads > 0 { vec![0] } else { Vec::new() },
            per_reload: v.cost_per_trip,
            ..Kind::new([
                amount(v.capacity_kg, GRAMS),
                amount(v.capacity_m3, CUBIC_CENTIMETRES),
                amount(v.capacity_pallets, THOUSANDTHS),
                0,
            ])
        });
        let depot = Depot { place: 0, window: (0.0, f64::INFINITY), reload: network.assumptions.hours_per_stop };
        let (km, hours) = (square(&|a, b| network.km(a, b).0), square(&|a, b| network.hours_between(a, b)));
        Model::new(places.len(), km, hours, vec![depot], list.collect(), kinds.collect()).ok()
    }

    fn dispatch(&self, dispatch: &Dispatch, router: &Options<'_>) -> TimedPlan {
        let mut out = TimedPlan::default();
        let (bins, largest) = self.stops(dispatch, &mut out.plan.unserved);
        if bins.is_empty() {
            return out;
        }
        let carriers = if dispatch.round == Round::Delivery { self.options.carriers } else { &[] };
        let offers: Vec<Option<Hire>> = bins.iter().map(|b| self.hire(carriers, dispatch, b)).collect();
        let Some(mut model) = self.model(dispatch, &bins, largest, &offers, 0) else {
            let why = "its time window or service time cannot be used";
            out.plan.unserved.extend(bins.iter().flat_map(Bin::all).map(|s| (s.0, why)));
            return out;
        };
        // where a second search may follow, an outside budget is shared by both
        let few = self.fleet.iter().any(|v| v.count.is_some());
        let first = move || router.spent.map_or(0.0, |f| 2.0 * f());
        let second = move || router.spent.map_or(0.0, |f| 2.0 * f() - 1.0);
        let shared = router.spent.is_some() && few;
        let mut roster = solve_model(&model, &if shared { Options { spent: Some(&first), ..*router } } else { *router });
        // a second round of a vehicle costs no less than another vehicle: it is looked for only where there is no other
        let short = |roster: &Roster| roster.unserved.iter().any(|u| matches!(u.1, Refusal::NoVehicleLeft | Refusal::NotWorthIt));
        if few
            && short(&roster)
            && let Some(again) = self.model(dispatch, &bins, largest, &offers, MOST_RELOADS)
        {
            let longer = solve_model(&again, &if shared { Options { spent: Some(&second), ..*router } } else { *router });
            let left = |r: &Roster| r.unserved.iter().filter(|u| offers.get(u.0).is_none_or(Option::is_none)).count();
            if (left(&longer), longer.cost) < (left(&roster), roster.cost) {
                (model, roster) = (again, longer);
            }
        }
        for (stop, why) in &roster.unserved {
            let Some(bin) = bins.get(*stop) else { continue };
            let Some(hire) = offers.get(*stop).copied().flatten() else {
                out.plan.unserved.extend(bin.all().map(|s| (s.0, why.reason())));
                continue;
            };
            let mut taken = |offer: Offer, (from, to): (&Arc<str>, &Arc<str>), (kg, m3): (f64, f64), shipments: &[(usize, f64)]| {
                out.plan.hired.push(Consignment {
                    carrier: offer.carrier,
                    day: dispatch.day,
                    from: from.clone(),
                    to: to.clone(),
                    kg,
                    m3,
                    direct_km: self.network.km(from, to).0,
                    price: offer.price,
                    days: offer.days,
                    shipments: shipments.to_vec(),
                });
            };
            if let Some(o) = hire.out {
                taken(o, (&dispatch.depot, &bin.location), (bin.kg, bin.m3), &bin.shipments);
            }
            if let Some(o) = hire.back {
                taken(o, (&bin.location, &dispatch.depot), (bin.collected.kg, bin.collected.m3), &bin.returns);
            }
        }
        let mut numbers = vec![0; self.fleet.len()];
        for shift in &roster.shifts {
            numbers[shift.kind] += 1;
            self.shift(dispatch, &model, &bins, shift, numbers[shift.kind], &mut out);
        }
        out
    }

    /// What carriers take all that is brought to a place and taken up there for; `None` where nobody takes one of both.
    fn hire(&self, carriers: &[Carrier], dispatch: &Dispatch, b: &Bin) -> Option<Hire> {
        let offer = |to: &str, kg: f64, m3: f64, shipments: &[(usize, f64)]| {
            let within = self.within(shipments, dispatch.day);
            let o = cheapest(carriers, to, kg, m3, within)?;
            // one that would be late is paid so much that every way of driving there is cheaper
            Some((o, if within.is_some_and(|w| o.days > w) { o.price + LATE } else { o.price }))
        };
        let mut hire = Hire { out: None, back: None, prize: 0.0 };
        if !b.shipments.is_empty() {
            let (o, prize) = offer(&b.location, b.kg, b.m3, &b.shipments)?;
            (hire.out, hire.prize) = (Some(o), hire.prize + prize);
        }
        if !b.returns.is_empty() {
            let (o, prize) = offer(&dispatch.depot, b.collected.kg, b.collected.m3, &b.returns)?;
            (hire.back, hire.prize) = (Some(o), hire.prize + prize);
        }
        Some(hire)
    }

    /// The trips of one vehicle, and their clock.
    fn shift(&self, dispatch: &Dispatch, model: &Model, bins: &[Bin], shift: &Shift, number: usize, out: &mut TimedPlan) {
        let driven = drive(model, shift);
        let times = begins(model, shift);
        let reload = model.depots().first().map_or(0.0, |d| d.reload);
        let mut leave = driven.start;
        for (stops, times) in shift.trips.iter().zip(&times) {
            let route: Vec<usize> = stops.iter().map(|s| s + 1).collect();
            let mut t: Trip = trip(dispatch, shift.kind, &route, bins, self.network, self.fleet, false);
            // parts of one stop that follow each other are one stop of the trip
            let mut clock = Clock { number, leave, begin: Vec::with_capacity(t.stops.len()), home: leave };
            let mut before: Option<&Arc<str>> = None;
            for (&s, &time) in stops.iter().zip(times) {
                let here = bins.get(s).map(|b| &b.location);
                if before.is_none() || before != here {
                    clock.begin.push(time);
                }
                before = here;
            }
            if let (Some(&last), Some(&time)) = (stops.last(), times.last()) {
                let stop = &model.stops()[last];
                clock.home = time + stop.service + model.duration(stop.place, 0);
            }
            t.hours = clock.home - leave;
            leave = clock.home + reload;
            out.plan.trips.push(priced(t, shift.kind, self.fleet));
            out.clock.push(clock);
        }
    }
}

fn amount(x: f64, unit: f64) -> i64 {
    if x.is_finite() { whole(x, unit) } else { 1 << 50 }
}

/// The carriers of a plan, for reading [`TripPlan::hired`].
pub fn carrier_name(carriers: &[Carrier], c: &Consignment) -> String {
    carriers.get(c.carrier).map_or_else(String::new, |x| x.name.to_string())
}
