//! Hired carriers: what they charge for all that one place gets at once.

use crate::history::model::CarrierRow;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One break of a tariff.
#[derive(Debug, Clone, PartialEq)]
struct Break {
    /// Up to this many chargeable kg; infinite: any.
    up_to_kg: f64,
    price: f64,
    per_kg: f64,
    minimum: f64,
    kg_per_m3: f64,
}

/// A carrier's tariff for one part of the world.
#[derive(Debug, Clone, PartialEq)]
struct Zone {
    /// Folded for comparing; empty: anywhere.
    to: String,
    /// By ascending weight.
    breaks: Vec<Break>,
    /// From collection to delivery.
    days: f64,
}

/// A hired carrier and its tariff.
#[derive(Debug, Clone, PartialEq)]
pub struct Carrier {
    /// Name.
    pub name: Arc<str>,
    /// A service of the emission factor table, as written.
    pub emission_class: Option<String>,
    zones: Vec<Zone>,
}

/// Goods for one place that a hired carrier takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consignment {
    /// Index into the carriers.
    pub carrier: usize,
    /// The day it leaves.
    pub day: crate::base::Day,
    /// Where from.
    pub from: Arc<str>,
    /// Where to.
    pub to: Arc<str>,
    /// Mass, kg.
    pub kg: f64,
    /// Volume, m³.
    pub m3: f64,
    /// Shortest feasible distance, km.
    pub direct_km: f64,
    /// What is charged.
    pub price: f64,
    /// Days from collection to delivery.
    #[serde(default)]
    pub days: f64,
    /// Shipments (by index) and the share of each, 1 unless it was split.
    pub shipments: Vec<(usize, f64)>,
}

/// Letters and digits in capitals: `SW1A 1AA` and `sw1a1aa` are one postcode.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl Carrier {
    /// From carriers.csv: the rows of one name are one carrier's breaks, by zone.
    pub fn all(rows: &[CarrierRow]) -> Vec<Self> {
        let mut out: Vec<Self> = Vec::new();
        for row in rows {
            let at = out.iter().position(|c| c.name == row.carrier).unwrap_or_else(|| {
                out.push(Self { name: row.carrier.clone(), emission_class: None, zones: Vec::new() });
                out.len() - 1
            });
            let carrier = &mut out[at];
            if carrier.emission_class.is_none() {
                carrier.emission_class = row.emission_class.clone().filter(|c| !c.trim().is_empty());
            }
            let to = row.to.as_deref().map_or_else(String::new, folded);
            let zone = carrier.zones.iter().position(|z| z.to == to).unwrap_or_else(|| {
                carrier.zones.push(Zone { to, breaks: Vec::new(), days: 0.0 });
                carrier.zones.len() - 1
            });
            let money = |x: Option<f64>| x.filter(|v| v.is_finite() && *v >= 0.0).unwrap_or(0.0);
            // the days of a zone are said once or on every line; where lines differ, the slowest is promised
            carrier.zones[zone].days = carrier.zones[zone].days.max(money(row.days));
            carrier.zones[zone].breaks.push(Break {
                up_to_kg: row.up_to_kg.filter(|v| *v > 0.0).unwrap_or(f64::INFINITY),
                price: money(row.price),
                per_kg: money(row.per_kg),
                minimum: money(row.minimum),
                kg_per_m3: money(row.kg_per_m3),
            });
        }
        for zone in out.iter_mut().flat_map(|c| &mut c.zones) {
            zone.breaks.sort_by(|a, b| a.up_to_kg.total_cmp(&b.up_to_kg));
        }
        out
    }

    /// What it charges for that much to one place: the zone whose beginning of the place's name (or postcode) is longest counts; the
    /// chargeable weight is the larger of kg and m³ × `kg_per_m3`. A consignment may be rated as if it weighed as much as the next break
    /// begins with, where that is cheaper (the usual rule of weight breaks). `None`: it goes there not at all, or not with that weight.
    pub fn price(&self, to: &str, kg: f64, m3: f64) -> Option<f64> {
        let zone = self.zone(to)?;
        let mut below = 0.0f64;
        let mut best: Option<f64> = None;
        for b in &zone.breaks {
            let chargeable = kg.max(m3 * b.kg_per_m3);
            if chargeable <= b.up_to_kg {
                let price = (b.price + b.per_kg * chargeable.max(below)).max(b.minimum);
                best = Some(best.map_or(price, |x| x.min(price)));
            }
            below = b.up_to_kg;
        }
        best
    }

    /// The zone of a place: the one whose beginning of the name is longest.
    fn zone(&self, to: &str) -> Option<&Zone> {
        let to = folded(to);
        self.zones.iter().filter(|z| to.starts_with(&z.to)).max_by_key(|z| z.to.len())
    }

    /// Days from collection to delivery at a place; 0 where nothing is said.
    pub fn days(&self, to: &str) -> f64 {
        self.zone(to).map_or(0.0, |z| z.days)
    }
}

/// What a carrier offers for a consignment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// Index into the carriers.
    pub carrier: usize,
    /// What is charged.
    pub price: f64,
    /// Days from collection to delivery.
    pub days: f64,
}

/// The cheapest offer of those that are there within `within` days; where none is, the cheapest of those that are there soonest.
pub fn cheapest(carriers: &[Carrier], to: &str, kg: f64, m3: f64, within: Option<f64>) -> Option<Offer> {
    let offers = carriers.iter().enumerate().filter_map(|(i, c)| Some(Offer { carrier: i, price: c.price(to, kg, m3)?, days: c.days(to) }));
    let late = |o: &Offer| within.map_or(0.0, |w| (o.days - w).max(0.0));
    offers.min_by(|a, b| late(a).total_cmp(&late(b)).then(a.price.total_cmp(&b.price)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(to: Option<&str>, up_to_kg: Option<f64>, price: f64, per_kg: f64) -> CarrierRow {
        CarrierRow {
            carrier: "parcel".into(),
            to: to.map(Into::into),
            up_to_kg,
            price: Some(price),
            per_kg: Some(per_kg),
            minimum: None,
            kg_per_m3: Some(200.0),
            days: None,
            emission_class: None,
            line: 0,
        }
    }

    #[test]
    fn breaks_zones_and_volume() {
        let rows = [row(None, Some(10.0), 8.0, 0.0), row(None, Some(100.0), 0.0, 0.7), row(Some("SW1"), Some(100.0), 5.0, 0.0)];
        let c = Carrier::all(&rows);
        assert_eq!(c.len(), 1);
        let c = &c[0];
        assert_eq!(c.price("Leeds", 4.0, 0.0), Some(7.0), "rated as 10 kg of the next break: cheaper than 8");
        assert_eq!(c.price("Leeds", 50.0, 0.0), Some(35.0));
        assert_eq!(c.price("Leeds", 10.0, 0.2), Some(28.0), "0.2 m3 are charged as 40 kg");
        assert_eq!(c.price("sw1a 1aa", 50.0, 0.0), Some(5.0), "the longest zone counts");
        assert_eq!(c.price("Leeds", 101.0, 0.0), None);
    }
}
