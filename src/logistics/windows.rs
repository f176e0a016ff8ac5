//! Trips that keep hours: stops with time windows and service times, a mixed fleet planned at once.

use super::consolidate::{Dispatch, Round};
use super::load::{StopLoad, bins};
use super::network::Network;
use super::router::audit::{begins, drive};
use super::router::model::{Depot, Kind, Model, Stop};
use super::router::{Options, solve_model};
use super::shipment::Shipment;
use super::totals::Totals;
use super::trips::{CUBIC_CENTIMETRES, GRAMS, PlanOptions, TripPlan, priced, trip, whole};
use super::vehicle::Vehicle;
use crate::base::{Cancelled, Control};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Leaves the depot.
    pub leave: f64,
    /// Service begins, by stop.
    pub begin: Vec<f64>,
    /// Back at the depot.
    pub home: f64,
}

/// Trips for `dispatches` that keep the `appointments` (one a shipment; missing ones are free). Shipments for one place with the same
/// appointment are one stop. Every shipment is on a trip or listed with its reason.
///
/// # Errors
/// [`Cancelled`] when `control` says so.
pub fn plan_with_windows(
    shipments: &[Shipment],
    appointments: &[Appointment],
    dispatches: &[Dispatch],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    control: &dyn Control,
) -> Result<TimedPlan, Cancelled> {
    let default_fleet = [Vehicle::default()];
    let fleet = if fleet.is_empty() { &default_fleet[..] } else { fleet };
    let mut out = TimedPlan::default();
    let all: f64 = dispatches.iter().map(|d| d.shipments.len() as f64).sum();
    let mut begin = 0.0;
    for dispatch in dispatches {
        control.check()?;
        let (from, width) = (begin, dispatch.shipments.len() as f64 / all.max(1.0));
        begin += width;
        let share = move || options.spent.map_or(0.0, |f| (f() - from) / width);
        let router = match options.spent {
            Some(_) => Options::budget(options.seed, &share),
            None => Options::iterations(options.seed, options.iterations_per_stop.saturating_mul(dispatch.shipments.len() as u64)),
        };
        one(shipments, appointments, dispatch, network, fleet, options, &router, &mut out);
    }
    if !options.refuse_unlocated {
        out.plan.notes.extend(network.unlocated(shipments.iter().flat_map(|s| [&*s.from, &*s.to])));
    }
    out.plan.unserved.sort_unstable();
    out.plan.unserved.dedup();
    out.plan.totals = Totals::of(&out.plan.trips, shipments, dispatches);
    Ok(out)
}

#[expect(clippy::too_many_arguments, reason = "one dispatch of the plan above")]
fn one(
    shipments: &[Shipment],
    appointments: &[Appointment],
    dispatch: &Dispatch,
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    router: &Options<'_>,
    out: &mut TimedPlan,
) {
    let appointment = |i: usize| appointments.get(i).copied().unwrap_or_default();
    // stops by place and appointment
    let mut stops: BTreeMap<(&Arc<str>, [u64; 4]), Vec<usize>> = BTreeMap::new();
    for &i in &dispatch.shipments {
        let Some(s) = shipments.get(i) else { continue };
        if options.refuse_unlocated && !(network.knows(&s.from) && network.knows(&s.to)) {
            out.plan.unserved.push((i, "no coordinates"));
        } else if !(s.kg.is_finite() && s.m3.is_finite() && s.kg >= 0.0 && s.m3 >= 0.0) {
            out.plan.unserved.push((i, "its weight or volume is negative or not a number"));
        } else {
            let a = appointment(i);
            let bits = |x: Option<f64>| x.map_or(u64::MAX, f64::to_bits);
            let key = [bits(a.window.map(|w| w.0)), bits(a.window.map(|w| w.1)), bits(a.service), 0];
            let place = if dispatch.round == Round::Delivery { &s.to } else { &s.from };
            stops.entry((place, key)).or_default().push(i);
        }
    }
    let stops: Vec<StopLoad<'_>> = stops.into_iter().map(|((location, _), shipments)| StopLoad { location, shipments }).collect();
    // loads are cut to the vehicle that carries most of them
    let largest = fleet.iter().max_by(|a, b| a.capacity_kg.total_cmp(&b.capacity_kg).then(a.capacity_m3.total_cmp(&b.capacity_m3)));
    let Some(largest) = largest else { return };
    let (bins, refused) = bins(&stops, shipments, largest, options.split);
    out.plan.unserved.extend(refused);
    let amount = |kg: f64, m3: f64| [whole(kg, GRAMS), whole(m3, CUBIC_CENTIMETRES), 0, 0];
    let places: Vec<&str> = std::iter::once(&*dispatch.depot).chain(bins.iter().map(|b| &*b.location)).collect();
    let square = |f: &dyn Fn(f64) -> f64| -> Vec<f64> {
        places.iter().flat_map(|a| places.iter().map(move |b| (a, b))).map(|(a, b)| f(network.km(a, b).0)).collect()
    };
    let list = bins.iter().enumerate().map(|(k, bin)| {
        let a = bin.shipments.first().map_or_else(Appointment::default, |s| appointment(s.0));
        let load = amount(bin.kg, bin.m3);
        let (delivery, pickup) = if dispatch.round == Round::Delivery { (load, [0; 4]) } else { ([0; 4], load) };
        Stop {
            place: k + 1,
            delivery,
            pickup,
            window: a.window.unwrap_or((0.0, f64::INFINITY)),
            service: a.service.unwrap_or(network.assumptions.hours_per_stop),
            prize: None,
        }
    });
    let kinds = fleet.iter().map(|v| {
        let most = |x: f64, unit: f64| if x.is_finite() { whole(x, unit) } else { 1 << 50 };
        Kind {
            fixed: v.cost_per_trip,
            // the small term keeps trips short where distance and time cost nothing
            per_distance: v.cost_per_km + 1e-6,
            per_time: v.cost_per_hour,
            ..Kind::new([most(v.capacity_kg, GRAMS), most(v.capacity_m3, CUBIC_CENTIMETRES), 0, 0])
        }
    });
    let depot = Depot { place: 0, window: (0.0, f64::INFINITY), reload: 0.0 };
    let model = Model::new(places.len(), square(&|km| km), square(&|km| network.hours(km)), vec![depot], list.collect(), kinds.collect());
    let Ok(model) = model else {
        out.plan.unserved.extend(bins.iter().flat_map(|b| &b.shipments).map(|s| (s.0, "its time window or service time cannot be used")));
        return;
    };
    let roster = solve_model(&model, router);
    for (stop, why) in &roster.unserved {
        out.plan.unserved.extend(bins.get(*stop).into_iter().flat_map(|b| &b.shipments).map(|s| (s.0, why.reason())));
    }
    for shift in &roster.shifts {
        let driven = drive(&model, shift);
        let times: Vec<f64> = begins(&model, shift).concat();
        let route: Vec<usize> = shift.trips.iter().flatten().map(|s| s + 1).collect();
        let mut t = trip(dispatch, shift.kind, &route, &bins, network, fleet, false);
        t.hours = driven.duration;
        // parts of one stop that follow each other are one stop of the trip
        let mut clock = Clock { leave: driven.start, begin: Vec::with_capacity(t.stops.len()), home: driven.end };
        let mut before: Option<&Arc<str>> = None;
        for (&s, &time) in route.iter().zip(&times) {
            let here = bins.get(s - 1).map(|b| &b.location);
            if before.is_none() || before != here {
                clock.begin.push(time);
            }
            before = here;
        }
        out.plan.trips.push(priced(t, shift.kind, fleet));
        out.clock.push(clock);
    }
}
