//! Where things go and when: locations, vehicles, carriers, events.

use super::super::model::{CarrierRow, EventRow, LocationRow, VehicleRow};
use super::super::sheet::Sheet;
use super::goods::{ANY, required};
use crate::base::Severity;
use std::sync::Arc;

pub(super) fn locations(s: &mut Sheet<'_>) -> Vec<LocationRow> {
    let name = required(s, "location");
    s.need(&["lat"]);
    s.need(&["lon"]);
    let (lat, lon, kind) = (s.numbers("lat", -90.0..=90.0), s.numbers("lon", -180.0..=180.0), s.texts("kind"));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(location) = name.arc(r) else { continue };
        match (lat[r], lon[r]) {
            (Some(lat), Some(lon)) => out.push(LocationRow { location, lat, lon, kind: kind.get(r).map(str::to_owned), line: s.line(r) }),
            _ if s.has("lat") && s.has("lon") => s.missing(if lat[r].is_none() { "lat" } else { "lon" }, &[r]),
            _ => {}
        }
    }
    out
}

pub(super) fn vehicles(s: &mut Sheet<'_>) -> Vec<VehicleRow> {
    let name = required(s, "vehicle");
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let pallets = s.numbers("capacity_pallets", positive.clone());
    let (kg, m3) = (s.numbers("capacity_kg", positive.clone()), s.numbers("capacity_m3", positive));
    let (trip, km, hour, count) =
        (s.numbers("cost_per_trip", ANY), s.numbers("cost_per_km", ANY), s.numbers("cost_per_hour", ANY), s.numbers("count", ANY));
    let class = s.texts("emission_class");
    let (starts, ends) = (time_of_day(s, "shift_start"), time_of_day(s, "shift_end"));
    let (hours, driving, most_km) = (s.numbers("max_hours", ANY), s.numbers("max_driving_hours", ANY), s.numbers("max_km", ANY));
    (0..s.rows())
        .filter_map(|r| {
            Some(VehicleRow {
                vehicle: name.arc(r)?,
                capacity_kg: kg[r],
                capacity_m3: m3[r],
                cost_per_trip: trip[r],
                cost_per_km: km[r],
                cost_per_hour: hour[r],
                emission_class: class.get(r).map(str::to_owned),
                count: count[r],
                capacity_pallets: pallets[r],
                shift_start: starts[r],
                shift_end: ends[r],
                max_hours: hours[r],
                max_driving_hours: driving[r],
                max_km: most_km[r],
                line: s.line(r),
            })
        })
        .collect()
}

/// `08:30`, or a plain number of hours after midnight.
fn time_of_day(s: &mut Sheet<'_>, field: &'static str) -> Vec<Option<f64>> {
    let texts = s.texts(field);
    (0..s.rows())
        .map(|r| {
            let text = texts.get(r)?;
            let read = match super::super::date::clock(text) {
                Some(seconds) if text.contains(':') => Some(seconds as f64 / 3600.0),
                _ => super::super::number::parse(text, '.').filter(|h| (0.0..=48.0).contains(h)),
            };
            if read.is_none() {
                let message = format!("{text:?} is no time of day; the shift was left open there");
                s.cell(Severity::Warning, "time-unreadable", r, field, message, "write times as HH:MM");
            }
            read
        })
        .collect()
}

pub(super) fn carriers(s: &mut Sheet<'_>) -> Vec<CarrierRow> {
    let name = required(s, "carrier");
    s.need(&["price", "per_kg"]);
    let (to, class) = (s.texts("to"), s.texts("emission_class"));
    let positive = f64::MIN_POSITIVE..=f64::INFINITY;
    let (up_to, m3) = (s.numbers("up_to_kg", positive.clone()), s.numbers("kg_per_m3", positive));
    let (price, per_kg, minimum) = (s.numbers("price", ANY), s.numbers("per_kg", ANY), s.numbers("minimum", ANY));
    let days = s.numbers("days", 0.0..=365.0);
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(carrier) = name.arc(r) else { continue };
        if price[r].is_none() && per_kg[r].is_none() {
            if s.has("price") || s.has("per_kg") {
                s.missing(if s.has("price") { "price" } else { "per_kg" }, &[r]);
            }
            continue;
        }
        out.push(CarrierRow {
            carrier,
            to: to.arc(r).filter(|t| &**t != "*"),
            up_to_kg: up_to[r],
            price: price[r],
            per_kg: per_kg[r],
            minimum: minimum[r],
            kg_per_m3: m3[r],
            days: days[r],
            emission_class: class.get(r).map(str::to_owned),
            line: s.line(r),
        });
    }
    out
}

pub(super) fn events(s: &mut Sheet<'_>) -> Vec<EventRow> {
    let event = required(s, "event");
    s.need(&["ds"]);
    let (ds, to, percent) = (s.dates("ds"), s.dates("to"), s.numbers("percent", -100.0..=f64::INFINITY));
    let [id, item, place, category] = ["unique_id", "item", "location", "category"].map(|f| s.texts(f));
    let mut out = Vec::new();
    for r in 0..s.rows() {
        let Some(event): Option<Arc<str>> = event.arc(r) else { continue };
        match ds[r] {
            Some(ds) => out.push(EventRow {
                ds,
                to: to[r].filter(|t| *t > ds),
                event,
                unique_id: id.arc(r),
                item: item.arc(r),
                location: place.arc(r),
                category: category.arc(r),
                percent: percent[r],
                line: s.line(r),
            }),
            None if s.has("ds") => s.missing("ds", &[r]),
            None => {}
        }
    }
    out
}
