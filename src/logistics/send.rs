//! How shipments travel once a rule lets them go: straight from where they are, collected in one round, or over a hub.
//!
//! Collecting is a *milk run*: one vehicle calls at several origins for one destination, so that suppliers share a trip. Over a hub is *zone
//! skipping*: what goes to one region travels there together and is delivered from the hub on the day after. (Higginson & Bookbinder 1994 on both as
//! forms of consolidation.)

use super::consolidate::{Dispatch, Round, Rule, consolidate};
use super::network::Network;
use super::shipment::Shipment;
use super::totals::Totals;
use super::trips::{PlanOptions, TripPlan, plan};
use super::vehicle::Vehicle;
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
}

/// The hub a shipment goes over: the nearest to its destination, where that is at most half as far as the origin.
fn hub<'a>(s: &Shipment, hubs: &'a [Arc<str>], network: &Network) -> Option<&'a Arc<str>> {
    let direct = network.km(&s.from, &s.to).0;
    let near = hubs.iter().filter(|h| **h != s.from && **h != s.to && network.knows(h)).map(|h| (network.km(h, &s.to).0, h));
    let (km, hub) = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)))?;
    (2.0 * km <= direct).then_some(hub)
}

/// Sends shipments under `rule` between `start` and `end`. Goods that change at a hub leave it on the day after they left their origin.
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
    (start, end): (Day, Day),
    control: &dyn Control,
) -> Result<Sent, Cancelled> {
    let vehicle = fleet.first().cloned().unwrap_or_default();
    let round = if *way == Way::Collect { Round::Collection } else { Round::Delivery };
    let over: Vec<Option<&Arc<str>>> = match way {
        Way::Via(hubs) => shipments.iter().map(|s| hub(s, hubs, network)).collect(),
        _ => Vec::new(),
    };
    if over.iter().all(Option::is_none) {
        let dispatches = consolidate(shipments, rule, round, &vehicle, start, end);
        return Ok(Sent { plan: plan(shipments, &dispatches, network, fleet, options, control)?, dispatches });
    }
    // the first leg: to the hub, beside what goes directly; a vehicle may do both in one round
    let first: Vec<Shipment> =
        shipments.iter().zip(&over).map(|(s, h)| Shipment { to: h.map_or_else(|| s.to.clone(), Arc::clone), ..s.clone() }).collect();
    let mut dispatches = consolidate(&first, rule, round, &vehicle, start, end);
    let mut out = plan(&first, &dispatches, network, fleet, options, control)?;
    // the second: daily, from where the first ended
    let mut second: Vec<Shipment> = Vec::new();
    let mut whose: Vec<usize> = Vec::new();
    for d in &mut dispatches {
        d.shipments.retain(|&i| {
            let changes = over.get(i).copied().flatten();
            if let (Some(h), Some(s)) = (changes, shipments.get(i)) {
                second.push(Shipment { from: Arc::clone(h), ready: Day(d.day.0 + 1), ..s.clone() });
                whose.push(i);
            }
            changes.is_none()
        });
    }
    let mut last = consolidate(&second, &Rule::Every(1.0), Round::Delivery, &vehicle, start, Day(end.0 + 1));
    let mut from_hubs = plan(&second, &last, network, fleet, options, control)?;
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
    Ok(Sent { plan: out, dispatches })
}
