//! Sharing what a round costs (or emits) among its stops.

use super::carrier::Consignment;
use super::trips::Trip;

/// Shares `amount` of one trip among its stops by direct tonne-kilometres: mass × shortest feasible distance from the
/// depot (what is set down and what is taken up alike), not the distance driven, so that the last stop of a round is not punished for being last (ISO 14083:2023 on
/// collection and delivery rounds). Without any tonne-kilometres: by mass, else by volume, else evenly. One value per stop, in
/// driving order; they add up to `amount`.
pub fn allocate(trip: &Trip, amount: f64) -> Vec<f64> {
    let by = |weight: &dyn Fn(&super::trips::TripStop) -> f64| {
        let w: Vec<f64> = trip.stops.iter().map(weight).collect();
        let sum: f64 = w.iter().sum();
        (sum > 0.0 && sum.is_finite()).then(|| w.iter().map(|x| amount * x / sum).collect::<Vec<f64>>())
    };
    by(&|s| s.handled_kg() * s.direct_km)
        .or_else(|| by(&|s| s.handled_kg()))
        .or_else(|| by(&|s| s.m3 + s.collected.m3))
        .or_else(|| by(&|_| 1.0))
        .unwrap_or_default()
}

/// The share of each shipment in what a carrier charges for all that one place gets: by mass, else evenly. They add up to 1.
pub fn shares_of_consignment(c: &Consignment, kg_of: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
    let mass: f64 = c.shipments.iter().map(|(i, part)| kg_of(*i) * part).sum();
    let even = 1.0 / c.shipments.len().max(1) as f64;
    c.shipments.iter().map(|(i, part)| (*i, if mass > 0.0 { kg_of(*i) * part / mass } else { even })).collect()
}

/// The same down to shipments: (index, amount), ascending by index, the parts of a split shipment added up. Within a stop
/// the amount follows mass, else the number of shipments.
pub fn allocate_to_shipments(trip: &Trip, amount: f64, kg_of: impl Fn(usize) -> f64) -> Vec<(usize, f64)> {
    let mut out = std::collections::BTreeMap::new();
    for (stop, share) in trip.stops.iter().zip(allocate(trip, amount)) {
        let mass: f64 = stop.shipments.iter().map(|(i, part)| kg_of(*i) * part).sum();
        for (i, part) in &stop.shipments {
            let fraction = if mass > 0.0 { kg_of(*i) * part / mass } else { 1.0 / stop.shipments.len() as f64 };
            *out.entry(*i).or_insert(0.0) += share * fraction;
        }
    }
    out.into_iter().collect()
}
