//! Vehicles: what they carry and what they cost, with stated defaults for what the file leaves out.

use crate::base::Diagnostic;
use crate::history::model::VehicleRow;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A kind of vehicle. Money in the project's currency, net.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vehicle {
    /// Name.
    pub name: Arc<str>,
    /// Payload, kg; infinite when mass does not limit it.
    pub capacity_kg: f64,
    /// Load space, m³; infinite when volume does not limit it.
    pub capacity_m3: f64,
    /// Pallets; infinite when they do not limit it.
    pub capacity_pallets: f64,
    /// Cost of sending it out.
    pub cost_per_trip: f64,
    /// Cost per km.
    pub cost_per_km: f64,
    /// Cost per hour.
    pub cost_per_hour: f64,
    /// Class of the emission factor table, as written; `None`: chosen by payload.
    pub emission_class: Option<String>,
    /// How many there are at each depot; with more rounds than vehicles some go out again.
    pub count: Option<usize>,
    /// When its shift begins and when it has to be home, hours after midnight; `None`: any time.
    pub shift: Option<(f64, f64)>,
    /// Longest time from leaving to coming home, hours.
    pub max_hours: Option<f64>,
    /// Longest time at the wheel, hours.
    pub max_driving_hours: Option<f64>,
    /// Longest distance of a shift, km.
    pub max_km: Option<f64>,
}

impl Default for Vehicle {
    /// A 3.5 t panel van with its driver: 1,200 kg, 11 m³; 15 per trip, 0.35 per km, 20 per hour (order of magnitude of
    /// Western European hauliers; an assumption to replace).
    fn default() -> Self {
        Self {
            name: "van".into(),
            capacity_kg: 1200.0,
            capacity_m3: 11.0,
            capacity_pallets: f64::INFINITY,
            cost_per_trip: 15.0,
            cost_per_km: 0.35,
            cost_per_hour: 20.0,
            emission_class: None,
            count: None,
            shift: None,
            max_hours: None,
            max_driving_hours: None,
            max_km: None,
        }
    }
}

/// A shift that ends after it begins; past midnight it ends the next day.
fn shift(row: &VehicleRow, notes: &mut Vec<Diagnostic>) -> Option<(f64, f64)> {
    if row.shift_start.is_none() && row.shift_end.is_none() {
        return None;
    }
    let (start, end) = (row.shift_start.unwrap_or(0.0), row.shift_end.unwrap_or(24.0));
    let end = if end <= start { end + 24.0 } else { end };
    if end > 24.0 {
        notes.push(
            Diagnostic::info("shift-overnight", format!("vehicle `{}`: its shift ends the day after it begins", row.vehicle))
                .line(row.line)
                .fix("give shift_end after shift_start, if that is not meant"),
        );
    }
    Some((start, end))
}

impl Vehicle {
    /// Share of the vehicle that a load takes: the tighter of kg and m³ (DESIGN §3, load factor).
    pub fn share(&self, kg: f64, m3: f64) -> f64 {
        (kg / self.capacity_kg).max(m3 / self.capacity_m3).max(0.0)
    }

    /// The same with pallets.
    pub fn share_of(&self, kg: f64, m3: f64, pallets: f64) -> f64 {
        self.share(kg, m3).max(pallets / self.capacity_pallets)
    }

    /// Does it have hours or a range to keep, so that a day's trips have to be planned together?
    pub const fn is_limited(&self) -> bool {
        self.shift.is_some() || self.max_hours.is_some() || self.max_driving_hours.is_some() || self.max_km.is_some()
    }

    /// Cost of one trip.
    pub fn trip_cost(&self, km: f64, hours: f64) -> f64 {
        self.cost_per_trip + self.cost_per_km * km + self.cost_per_hour * hours
    }

    /// From vehicles.csv. No usable row: the default van. A row without both capacities has the default van's; with one of
    /// them, the other does not limit it. A row without any cost has the default van's; with one of them, the others are zero.
    /// What was assumed comes back as notes.
    pub fn fleet(rows: &[VehicleRow]) -> (Vec<Self>, Vec<Diagnostic>) {
        let (van, mut notes, mut fleet) = (Self::default(), Vec::new(), Vec::new());
        for row in rows {
            let positive = |x: Option<f64>| x.filter(|v| v.is_finite() && *v > 0.0);
            let (kg, m3) = (positive(row.capacity_kg), positive(row.capacity_m3));
            if row.count.is_some_and(|c| c < 1.0) {
                continue;
            }
            let mut assumed = Vec::new();
            let (capacity_kg, capacity_m3) = match (kg, m3) {
                (None, None) => {
                    assumed.push(format!("{} kg and {} m³", van.capacity_kg, van.capacity_m3));
                    (van.capacity_kg, van.capacity_m3)
                }
                (kg, m3) => {
                    if kg.is_none() || m3.is_none() {
                        assumed.push(format!("no limit in {}", if kg.is_none() { "kg" } else { "m³" }));
                    }
                    (kg.unwrap_or(f64::INFINITY), m3.unwrap_or(f64::INFINITY))
                }
            };
            let cost = |x: Option<f64>| x.filter(|v| v.is_finite() && *v >= 0.0);
            let costs = [cost(row.cost_per_trip), cost(row.cost_per_km), cost(row.cost_per_hour)];
            let costs = if costs.iter().all(Option::is_none) {
                assumed.push(format!("{} per trip, {} per km, {} per hour", van.cost_per_trip, van.cost_per_km, van.cost_per_hour));
                [van.cost_per_trip, van.cost_per_km, van.cost_per_hour]
            } else {
                costs.map(|c| c.unwrap_or(0.0))
            };
            if !assumed.is_empty() {
                notes.push(
                    Diagnostic::info("vehicle-assumed", format!("vehicle `{}`: assumed {}", row.vehicle, assumed.join("; ")))
                        .line(row.line)
                        .fix("fill its capacities and costs in vehicles.csv"),
                );
            }
            fleet.push(Self {
                name: row.vehicle.clone(),
                capacity_kg,
                capacity_m3,
                capacity_pallets: positive(row.capacity_pallets).unwrap_or(f64::INFINITY),
                cost_per_trip: costs[0],
                cost_per_km: costs[1],
                cost_per_hour: costs[2],
                emission_class: row.emission_class.clone().filter(|c| !c.trim().is_empty()),
                count: row.count.filter(|c| c.is_finite()).map(|c| c as usize),
                shift: shift(row, &mut notes),
                max_hours: positive(row.max_hours),
                max_driving_hours: positive(row.max_driving_hours),
                max_km: positive(row.max_km),
            });
        }
        if fleet.is_empty() {
            notes.push(
                Diagnostic::info(
                    "vehicle-assumed",
                    format!(
                        "no vehicle given: a van of {} kg and {} m³ assumed, {} per trip, {} per km, {} per hour",
                        van.capacity_kg, van.capacity_m3, van.cost_per_trip, van.cost_per_km, van.cost_per_hour
                    ),
                )
                .fix("describe yours in vehicles.csv"),
            );
            fleet.push(van);
        }
        (fleet, notes)
    }
}
