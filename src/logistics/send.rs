//! How shipments travel once a rule lets them go: straight from where they are, collected in one round, or over a hub.
//!
//! Collecting is a *milk run*: one vehicle calls at several origins for one destination, so that suppliers share a trip. Over a hub is *zone
//! skipping*: what goes to one region travels there together and is delivered from the hub on the day after. (Higginson & Bookbinder 1994 on both as
//! forms of consolidation.)

use super::clock::by_trip;
use super::consolidate::{Dispatch, Round, Rule, consolidate};
use super::network::Network;
use super::shipment::{Shipment, returns};
use super::totals::Totals;
use super::trips::{Asks, PlanOptions, TripPlan, plan};
use super::vehicle::Vehicle;
use super::windows::{Appointment, Clock, TimedPlan, plan_with_windows};
use crate::base::{Cancelled, Control, Day};
use std::sync::Arc;

/// How shipments travel.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Way {
    /// From each origin to its destinations.
    #[default]
    Direct,
    /// Each destination's vehicle collects from its origins.
    Collect,
    /// What goes near one of these hubs goes there first; the rest directly.
    Via(Vec<Arc<str>>),
}

impl Way {
    /// What is added to a rule's name: `, collected in one round`, ` via Leeds`; nothing for the direct way.
    pub fn suffix(&self) -> String {
        match self {
            Self::Direct => String::new(),
            Self::Collect => ", collected in rounds".into(),
            Self::Via(hubs) => format!(" via {}", hubs.iter().map(|h| &**h).collect::<Vec<_>>().join(" and ")),
        }
    }
}

/// Trips of all legs, and the departure that each shipment reaches its destination with.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Trips of all legs; a shipment that changes at a hub is on two.
    pub plan: TripPlan,
    /// Of the last leg of each shipment.
    pub dispatches: Vec<Dispatch>,
    /// One a trip.
    pub clock: Vec<Clock>,
}

/// Trips of `dispatches` and when they are driven: as planned where there are hours to keep, else one after the other from the morning on.
///
/// # Errors
/// [`Cancelled`] when `control` says so.
pub fn timed(
    shipments: &[Shipment],
    dispatches: &[Dispatch],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    control: &dyn Control,
) -> Result<(TripPlan, Vec<Clock>), Cancelled> {
    if options.asks.hours() || fleet.iter().any(Vehicle::is_limited) {
        let TimedPlan { plan, clock } = plan_with_windows(shipments, dispatches, network, fleet, options, control)?;
        return Ok((plan, clock));
    }
    let plan = plan(shipments, dispatches, network, fleet, options, control)?;
    let clock = by_trip(&plan.trips, fleet, network);
    Ok((plan, clock))
}

/// The hub a shipment goes over: the nearest to its destination, where that is at most half as far as the origin.
fn hub<'a>(s: &Shipment, hubs: &'a [Arc<str>], network: &Network) -> Option<&'a Arc<str>> {
    let direct = network.km(&s.from, &s.to).0;
    let near = hubs.iter().filter(|h| **h != s.from && **h != s.to && network.knows(h)).map(|h| (network.km(h, &s.to).0, h));
    let (km, hub) = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)))?;
    (2.0 * km <= direct).then_some(hub)
}

/// When shipments leave: on the way that `way` asks for, from where they are and, where they change, from the hub.
#[derive(Debug, Clone, Default)]
pub struct Legs {
    /// Shipments of the first leg, as many as were given: to the hub, or to their destination.
    pub first: Vec<Shipment>,
    /// Departures of the first leg, of all shipments.
    pub departures: Vec<Dispatch>,
    /// Shipments of the second leg, from hubs; empty where none changes.
    pub second: Vec<Shipment>,
    /// Whose they are, as positions in what was given.
    pub whose: Vec<usize>,
    /// Departures of the second leg, in positions of `second`.
    pub from_hubs: Vec<Dispatch>,
}

/// The departures of shipments under `rule` between `start` and `end`. Goods that change at a hub leave it on the day after they left their origin.
pub fn legs(shipments: &[Shipment], rule: &Rule, way: &Way, network: &Network, vehicle: &Vehicle, (start, end): (Day, Day)) -> Legs {
    let round = if *way == Way::Collect { Round::Collection } else { Round::Delivery };
    let over: Vec<Option<&Arc<str>>> = match way {
        Way::Via(hubs) => {
            // what goes back is taken up in rounds from its depot
            let back = returns(shipments);
            let is_return = |i: usize| back.get(i).copied().unwrap_or(false);
            shipments.iter().enumerate().map(|(i, s)| if is_return(i) { None } else { hub(s, hubs, network) }).collect()
        }
        _ => Vec::new(),
    };
    if over.iter().all(Option::is_none) {
        let departures = consolidate(shipments, rule, round, vehicle, start, end);
        return Legs { first: shipments.to_vec(), departures, ..Legs::default() };
    }
    // the first leg: to the hub, beside what goes directly; a vehicle may do both in one round
    let to = |(s, h): (&Shipment, &Option<&Arc<str>>)| Shipment { to: h.map_or_else(|| s.to.clone(), Arc::clone), ..s.clone() };
    let first: Vec<Shipment> = shipments.iter().zip(&over).map(to).collect();
    let departures = consolidate(&first, rule, round, vehicle, start, end);
    // the second: daily, from where the first ended
    let (mut second, mut whose) = (Vec::new(), Vec::new());
    for d in &departures {
        for &i in &d.shipments {
            if let (Some(Some(h)), Some(s)) = (over.get(i), shipments.get(i)) {
                second.push(Shipment { from: Arc::clone(h), ready: Day(d.day.0 + 1), ..s.clone() });
                whose.push(i);
            }
        }
    }
    let from_hubs = consolidate(&second, &Rule::Every(1.0), Round::Delivery, vehicle, start, Day(end.0 + 1));
    Legs { first, departures, second, whose, from_hubs }
}

/// Sends shipments under `rule` between `start` and `end`, as [`legs`] has them leave.
///
/// # Errors
/// [`Cancelled`] when `control` says so.
#[expect(clippy::too_many_arguments, reason = "what is sent, how, over what, with what")]
pub fn send(
    shipments: &[Shipment],
    rule: &Rule,
    way: &Way,
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
    days: (Day, Day),
    control: &dyn Control,
) -> Result<Sent, Cancelled> {
    let vehicle = fleet.first().cloned().unwrap_or_default();
    let Legs { first, departures: mut dispatches, second, whose, from_hubs: mut last } =
        legs(shipments, rule, way, network, &vehicle, days);
    if second.is_empty() {
        let (plan, clock) = timed(&first, &dispatches, network, fleet, options, control)?;
        return Ok(Sent { plan, dispatches, clock });
    }
    let asks = options.asks;
    // a hub takes what comes at any hour
    let at_hub: std::collections::BTreeSet<usize> = whose.iter().copied().collect();
    let hours = |i: usize| asks.appointments.get(i).copied().unwrap_or_default();
    let appointments: Vec<Appointment> =
        (0..first.len()).map(|i| if at_hub.contains(&i) { Appointment::default() } else { hours(i) }).collect();
    let due: Vec<Option<Day>> = (0..first.len()).map(|i| asks.due.get(i).copied().flatten().filter(|_| !at_hub.contains(&i))).collect();
    let to_hubs = PlanOptions { asks: Asks { appointments: &appointments, due: &due }, ..*options };
    let (mut out, mut clock) = timed(&first, &dispatches, network, fleet, &to_hubs, control)?;
    let appointments: Vec<Appointment> = whose.iter().map(|i| hours(*i)).collect();
    let due: Vec<Option<Day>> = whose.iter().map(|i| asks.due.get(*i).copied().flatten()).collect();
    let onwards = PlanOptions { asks: Asks { appointments: &appointments, due: &due }, ..*options };
    let (mut from_hubs, mut from_hubs_clock) = timed(&second, &last, network, fleet, &onwards, control)?;
    clock.append(&mut from_hubs_clock);
    dispatches.iter_mut().for_each(|d| d.shipments.retain(|i| !at_hub.contains(i)));
    // back to the numbers of the caller's shipments
    let named = |i: &mut usize| *i = whose.get(*i).copied().unwrap_or(usize::MAX);
    from_hubs.trips.iter_mut().flat_map(|t| &mut t.stops).flat_map(|s| &mut s.shipments).for_each(|s| named(&mut s.0));
    from_hubs.hired.iter_mut().flat_map(|c| &mut c.shipments).for_each(|s| named(&mut s.0));
    from_hubs.unserved.iter_mut().for_each(|u| named(&mut u.0));
    last.iter_mut().flat_map(|d| &mut d.shipments).for_each(named);
    out.trips.append(&mut from_hubs.trips);
    out.hired.append(&mut from_hubs.hired);
    out.unserved.append(&mut from_hubs.unserved);
    out.unserved.sort_unstable();
    out.unserved.dedup();
    for note in from_hubs.notes {
        if !out.notes.contains(&note) {
            out.notes.push(note);
        }
    }
    dispatches.retain(|d| !d.shipments.is_empty());
    dispatches.append(&mut last);
    out.totals = Totals::of(&out.trips, &out.hired, shipments, &dispatches);
    Ok(Sent { plan: out, dispatches, clock })
}
