//! What a set of trips adds up to: the columns of a comparison of consolidation rules.

use super::carrier::Consignment;
use super::consolidate::Dispatch;
use super::shipment::Shipment;
use super::trips::Trip;
use serde::Serialize;

/// Sums and means over trips.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Totals {
    /// Trips.
    pub trips: usize,
    /// Distance, km.
    pub distance_km: f64,
    /// Hours.
    pub hours: f64,
    /// Fixed costs of trips, money.
    pub cost_fixed: f64,
    /// Costs of distance, money.
    pub cost_km: f64,
    /// Costs of time, money.
    pub cost_hours: f64,
    /// What hired carriers charge, money.
    pub cost_hired: f64,
    /// Consignments that hired carriers take.
    pub hired: usize,
    /// All freight, money.
    pub freight_cost: f64,
    /// Carried on own trips, kg.
    pub weight_kg: f64,
    /// Carried on own trips, m³.
    pub volume_m3: f64,
    /// Of the weight, what delivery rounds took up and brought back, kg.
    pub collected_kg: f64,
    /// Transport activity of own trips over direct distances, t·km.
    pub tonne_km: f64,
    /// Mean over trips of the load factor at its fullest.
    pub load_factor: f64,
    /// Load factor weighted with distance, the empty way included.
    pub load_factor_km: f64,
    /// Mean stops per trip.
    pub stops_per_trip: f64,
    /// Shipments that travel.
    pub shipments: usize,
    /// Mean days between ready and departure, and on the way with a carrier that takes days.
    pub delay_days: f64,
    /// Longest wait for a departure, days.
    pub delay_days_max: f64,
    /// Dispatches that left only because the horizon ended.
    pub cut_short: usize,
}

impl Totals {
    /// Adds up trips; delays are those of the shipments of `dispatches`, and the days that carriers take.
    pub fn of(trips: &[Trip], hired: &[Consignment], shipments: &[Shipment], dispatches: &[Dispatch]) -> Self {
        let mut t = Self { trips: trips.len(), cut_short: dispatches.iter().filter(|d| d.cut_short).count(), ..Self::default() };
        let mut stops = 0;
        for trip in trips {
            t.distance_km += trip.km;
            t.hours += trip.hours;
            t.cost_fixed += trip.cost_fixed;
            t.cost_km += trip.cost_km;
            t.cost_hours += trip.cost_hours;
            t.weight_kg += trip.kg + trip.collected.kg;
            t.volume_m3 += trip.m3 + trip.collected.m3;
            t.collected_kg += trip.collected.kg;
            t.tonne_km += trip.tonne_km;
            t.load_factor += trip.load_factor;
            t.load_factor_km += trip.load_factor_km * trip.km;
            stops += trip.stops.len();
        }
        t.hired = hired.len();
        t.cost_hired = hired.iter().map(|c| c.price).sum();
        t.freight_cost = t.cost_fixed + t.cost_km + t.cost_hours + t.cost_hired;
        let count = trips.len().max(1) as f64;
        t.load_factor /= count;
        t.load_factor_km = if t.distance_km > 0.0 { t.load_factor_km / t.distance_km } else { t.load_factor };
        t.stops_per_trip = stops as f64 / count;
        for d in dispatches {
            for s in d.shipments.iter().filter_map(|&i| shipments.get(i)) {
                let delay = f64::from(d.day.0) - f64::from(s.ready.0);
                t.shipments += 1;
                t.delay_days += delay;
                t.delay_days_max = t.delay_days_max.max(delay);
            }
        }
        t.delay_days += hired.iter().map(|c| c.days * c.shipments.iter().map(|s| s.1).sum::<f64>()).sum::<f64>();
        t.delay_days /= t.shipments.max(1) as f64;
        t
    }
}
