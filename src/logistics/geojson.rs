//! Trips as GeoJSON (RFC 7946): a line per located trip, a point per stop.

use super::network::Network;
use super::trips::Trip;
use super::vehicle::Vehicle;
use crate::base::Stamp;
use serde_json::{Value, json};

/// A `FeatureCollection`: for each trip a `LineString` depot – stops – depot with the trip's figures, and a `Point` for each stop. Places
/// without coordinates are left out of the line; a trip with fewer than two located places has no line. Coordinates are
/// (longitude, latitude) in degrees, as the standard wants.
pub fn geojson(trips: &[Trip], fleet: &[Vehicle], network: &Network) -> Value {
    let mut features = Vec::new();
    for (k, trip) in trips.iter().enumerate() {
        let place = |name: &str| network.coordinates(name).map(|(lat, lon)| json!([lon, lat]));
        let names = std::iter::once(&trip.depot).chain(trip.stops.iter().map(|s| &s.location)).chain(std::iter::once(&trip.depot));
        let line: Vec<Value> = names.filter_map(|n| place(n)).collect();
        let day = Stamp::of_day(trip.day).iso();
        if line.len() >= 2 {
            features.push(json!({
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": line},
                "properties": {
                    "trip": k + 1,
                    "day": day,
                    "depot": &*trip.depot,
                    "vehicle": fleet.get(trip.vehicle).map(|v| v.name.to_string()),
                    "stops": trip.stops.len(),
                    "distance_km": trip.km,
                    "hours": trip.hours,
                    "weight_kg": trip.kg,
                    "volume_m3": trip.m3,
                    "collected_kg": trip.collected.kg,
                    "collected_m3": trip.collected.m3,
                    "load_factor": trip.load_factor,
                    "freight_cost": trip.cost(),
                },
            }));
        }
        for (i, stop) in trip.stops.iter().enumerate() {
            if let Some(point) = place(&stop.location) {
                features.push(json!({
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": point},
                    "properties": {
                        "trip": k + 1, "stop": i + 1, "day": day, "location": &*stop.location,
                        "weight_kg": stop.kg, "volume_m3": stop.m3,
                        "collected_kg": stop.collected.kg, "collected_m3": stop.collected.m3,
                    },
                }));
            }
        }
    }
    json!({"type": "FeatureCollection", "features": features})
}
