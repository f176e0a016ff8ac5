//! Transport: trucks by vehicle-km interpolated on load, other modes by tonne-km, and chains of both.

use super::emission::Emission;
use super::factors::{Factors, TonneKmFactor, VehicleFactor};
use crate::logistics::carrier::{Carrier, Consignment};
use crate::logistics::trips::{Carbon, Trip};
use crate::logistics::vehicle::Vehicle;

/// Actual over shortest feasible distance on the road (ISO 14083:2023, distance adjustment factor). Vehicle factors are per actual
/// km, so trips planned in shortest feasible km are multiplied by it; t·km factors are per shortest feasible km and are not.
pub const ROAD_DISTANCE_ADJUSTMENT: f64 = 1.05;

/// A stretch of road and what is on board.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// Actual distance, km.
    pub km: f64,
    /// Load on board, kg.
    pub kg: f64,
}

/// Emissions of a vehicle over `legs`: Σ km × factor at the load on board, linear between the published points. `payload_kg` is
/// what the vehicle carries fully laden; not finite or not positive: the payload of the class.
pub fn trip_emissions(factor: &VehicleFactor, payload_kg: f64, legs: &[Leg]) -> Emission {
    let payload = if payload_kg.is_finite() && payload_kg > 0.0 { payload_kg } else { factor.payload_kg.unwrap_or(f64::INFINITY) };
    let mut e = Emission { factors: factor.ids.iter().cloned().collect(), ..Emission::default() };
    for leg in legs {
        let g = factor.per_km(leg.kg / payload);
        e.ttw_kg += leg.km * g.ttw / 1000.0;
        e.wtt_kg += leg.km * g.wtt / 1000.0;
    }
    e
}

/// Emissions of a planned trip, the empty way included: its load falls along a delivery round and rises along a collection round. Planned
/// (shortest feasible) distances are multiplied by `distance_adjustment`, usually [`ROAD_DISTANCE_ADJUSTMENT`].
pub fn of_trip(trip: &Trip, factor: &VehicleFactor, payload_kg: f64, distance_adjustment: f64) -> Emission {
    let legs: Vec<Leg> = trip.legs().iter().map(|(km, kg, _)| Leg { km: km * distance_adjustment, kg: *kg }).collect();
    trip_emissions(factor, payload_kg, &legs)
}

/// Emissions of `tonnes` over `km` (shortest feasible distance) by a service with average loading and empty running inside its factor.
pub fn tonne_km(factor: &TonneKmFactor, tonnes: f64, km: f64) -> Emission {
    Emission {
        ttw_kg: tonnes * km * factor.per_tonne_km.ttw / 1000.0,
        wtt_kg: tonnes * km * factor.per_tonne_km.wtt / 1000.0,
        factors: factor.ids.iter().cloned().collect(),
    }
}

/// The factor of a vehicle: that of the class it names, else of the class for its payload.
pub fn vehicle_factor<'a>(v: &Vehicle, factors: &'a Factors) -> Option<&'a VehicleFactor> {
    v.emission_class.as_deref().and_then(|c| factors.vehicle(c)).or_else(|| factors.for_payload(v.capacity_kg))
}

/// Emissions of a planned trip with a vehicle of `fleet`.
pub fn of_trip_with(trip: &Trip, fleet: &[Vehicle], factors: &Factors) -> Emission {
    let known = fleet.get(trip.vehicle).and_then(|v| vehicle_factor(v, factors).map(|f| (v, f)));
    known.map_or_else(Emission::default, |(v, f)| of_trip(trip, f, v.capacity_kg, ROAD_DISTANCE_ADJUSTMENT))
}

/// What the emissions of each vehicle cost on the road at a price per tonne CO2e, for the router; nothing at no price.
pub fn road_carbon(fleet: &[Vehicle], factors: &Factors, price: f64) -> Vec<Carbon> {
    if price <= 0.0 || !price.is_finite() {
        return Vec::new();
    }
    let money = |grams: f64| grams / 1e6 * price * ROAD_DISTANCE_ADJUSTMENT;
    let of = |v: &Vehicle| {
        let f = vehicle_factor(v, factors)?;
        let grams = |share: f64| f.per_km(share).ttw + f.per_km(share).wtt;
        let payload = if v.capacity_kg.is_finite() { v.capacity_kg } else { f.payload_kg? };
        Some(Carbon { per_km: money(grams(0.0)), per_kg_km: money((grams(1.0) - grams(0.0)).max(0.0)) / payload.max(1.0) })
    };
    fleet.iter().map(|v| of(v).unwrap_or_default()).collect()
}

/// The service of each carrier: the one it names, else road haulage on average.
pub fn carrier_services<'a>(carriers: &[Carrier], factors: &'a Factors) -> Vec<Option<&'a TonneKmFactor>> {
    carriers.iter().map(|c| c.emission_class.as_deref().and_then(|n| factors.service(n)).or_else(|| factors.service("road"))).collect()
}

/// Emissions of what a hired carrier takes: tonnes × shortest feasible distance.
pub fn of_consignment(c: &Consignment, service: Option<&TonneKmFactor>) -> Emission {
    service.map_or_else(Emission::default, |f| tonne_km(f, c.kg / 1000.0, c.direct_km))
}

/// A transport chain (ISO 14083:2023): the sum over its elements `(factor, tonnes, km)`, and its intensity in g CO2e WTW per
/// t·km of the whole chain (0 without any).
pub fn chain(elements: &[(&TonneKmFactor, f64, f64)]) -> (Emission, f64) {
    let parts: Vec<Emission> = elements.iter().map(|(f, t, km)| tonne_km(f, *t, *km)).collect();
    let total: Emission = parts.iter().sum();
    let activity: f64 = elements.iter().map(|(_, t, km)| t * km).sum();
    let intensity = if activity > 0.0 { total.wtw_kg() * 1000.0 / activity } else { 0.0 };
    (total, intensity)
}
