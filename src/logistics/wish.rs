//! What it would cost to have a stop on another trip.

use super::network::Network;
use super::trips::{Trip, measure, priced};
use super::vehicle::Vehicle;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Shipments that somebody wants on another trip than the router's. They are named, since trips are built anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The shipments of the stop.
    pub shipments: Vec<Arc<str>>,
    /// A shipment on the trip they go to; `None`: a trip of their own.
    pub with: Option<Arc<str>>,
}

/// Two trips after a stop was moved, against before.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The trip that loses the stop; `None` where it was its only one.
    pub from: Option<Trip>,
    /// The trip that gains it, the stop where it costs least.
    pub to: Trip,
    /// Money more (less, where negative).
    pub cost: f64,
    /// Kilometres more.
    pub km: f64,
    /// Hours more.
    pub hours: f64,
}

impl Wish {
    /// Does the load fit into the vehicle?
    pub fn fits(&self, fleet: &[Vehicle]) -> bool {
        fleet.get(self.to.vehicle).is_none_or(|v| self.to.fullest(v) <= 1.0 + 1e-9)
    }
}

/// Moves stop `stop` of `trip` to the trip `to`, or to a trip of its own with the vehicle of the first. The other stops keep their order; where
/// the place is already a stop of `to`, they become one. `None`: there is no such stop, or the trips do not start from the same depot in the same direction.
pub fn wish(trip: &Trip, stop: usize, to: Option<&Trip>, network: &Network, fleet: &[Vehicle]) -> Option<Wish> {
    let moved = trip.stops.get(stop)?.clone();
    if to.is_some_and(|t| t.depot != trip.depot || t.round != trip.round) {
        return None;
    }
    let made = |mut t: Trip| {
        measure(&mut t, network);
        let v = t.vehicle;
        if fleet.is_empty() { t } else { priced(t, v.min(fleet.len() - 1), fleet) }
    };
    let mut rest = trip.clone();
    rest.stops.remove(stop);
    let from = (!rest.stops.is_empty()).then(|| made(rest));
    let gains = match to {
        None => made(Trip { stops: vec![moved], ..trip.clone() }),
        Some(t) => match t.stops.iter().position(|s| s.location == moved.location) {
            Some(at) => {
                let mut joined = t.clone();
                joined.stops[at].join(&moved);
                made(joined)
            }
            None => {
                let at = |i: usize| {
                    let mut longer = t.clone();
                    longer.stops.insert(i, moved.clone());
                    made(longer)
                };
                (0..=t.stops.len()).map(at).min_by(|a, b| a.cost().total_cmp(&b.cost()).then(a.km.total_cmp(&b.km)))?
            }
        },
    };
    let change = |f: fn(&Trip) -> f64| from.as_ref().map_or(0.0, f) + f(&gains) - f(trip) - to.map_or(0.0, f);
    Some(Wish { cost: change(Trip::cost), km: change(|t| t.km), hours: change(|t| t.hours), from, to: gains })
}
