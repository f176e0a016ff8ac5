//! The shipments file of DESIGN §4.

use super::sheet::{Field, Sheet};
use super::{date, number, table};
use crate::base::{Diagnostic, Severity, Stamp};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// A row of a shipments file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShipmentRow {
    /// Its name, unique in the file.
    pub shipment: Arc<str>,
    /// When it can leave.
    pub ready: Stamp,
    /// Where it leaves.
    pub from: Arc<str>,
    /// Where it goes.
    pub to: Arc<str>,
    /// Kilograms, ≥ 0.
    pub weight_kg: f64,
    /// Cubic metres, ≥ 0; `None` where the file does not say.
    pub volume_m3: Option<f64>,
    /// Pallets, ≥ 0; `None` where the file does not say.
    pub pallets: Option<f64>,
    /// When it has to be there.
    pub due: Option<Stamp>,
    /// Latitude and longitude of `to` in degrees (WGS 84).
    pub lat_lon: Option<(f64, f64)>,
    /// Earliest and latest arrival at `to`, minutes after midnight.
    pub window: Option<(f64, f64)>,
    /// Minutes at the stop.
    pub service_min: Option<f64>,
    /// Line in its file.
    pub line: u64,
}

pub(super) const FIELDS: &[Field] = &[
    ("shipment", "shipmentid id order orderid orderno reference name sendung"),
    ("ready", "readydate available pickup pickupdate date shipdate"),
    ("from", "origin source sender pickuplocation fromlocation depot"),
    ("to", "destination dest customer receiver deliverylocation tolocation location store"),
    ("weight_kg", "weight kg grossweight gewicht peso poids"),
    ("volume_m3", "volume m3 cbm"),
    ("pallets", "pallet palletspaces paletten palettes palets pallets"),
    ("due", "duedate deadline deliverydate deliverby latest"),
    ("lat", "latitude y"),
    ("lon", "lng long longitude x"),
    ("window_start", "windowstart earliest open opens readytime twstart"),
    ("window_end", "windowend close closes duetime twend"),
    ("service_min", "service servicetime serviceminutes unloadingmin"),
];

/// Reads `shipment, ready, from, to, weight_kg, volume_m3 [, pallets, due, lat, lon, window_start, window_end, service_min]`.
pub fn read_shipments(path: &Path) -> Result<(Vec<ShipmentRow>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (name, bytes) = table::load(path).map_err(|d| vec![d])?;
    read_shipments_bytes(&name, &bytes)
}

/// The same from memory.
pub fn read_shipments_bytes(name: &str, bytes: &[u8]) -> Result<(Vec<ShipmentRow>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut s = Sheet::read("shipments", name, bytes, FIELDS, &super::ReadOptions::default())?;
    let out = rows(&mut s);
    if s.notes.iter().any(|d| d.severity == Severity::Error) { Err(s.notes) } else { Ok((out, s.notes)) }
}

/// The rows of a sheet of shipments.
pub(super) fn rows(s: &mut Sheet<'_>) -> Vec<ShipmentRow> {
    for field in ["shipment", "ready", "from", "to", "weight_kg"] {
        s.need(&[field]);
    }
    let [shipment, from, to, open, close] = ["shipment", "from", "to", "window_start", "window_end"].map(|f| s.texts(f));
    let positive = 0.0..=f64::INFINITY;
    let (weight, volume, service) =
        (s.numbers("weight_kg", positive.clone()), s.numbers("volume_m3", positive.clone()), s.numbers("service_min", positive));
    let pallets = s.numbers("pallets", 0.0..=f64::INFINITY);
    let (lat, lon) = (s.numbers("lat", -90.0..=90.0), s.numbers("lon", -180.0..=180.0));
    let (ready, due) = (s.dates("ready"), s.dates("due"));
    let mut out: Vec<ShipmentRow> = Vec::with_capacity(s.rows());
    let mut seen = std::collections::HashMap::new();
    let complete = ["shipment", "ready", "from", "to", "weight_kg"].iter().all(|f| s.has(f));
    for r in (0..s.rows()).filter(|_| complete) {
        if s.is_empty_row(r) {
            continue;
        }
        let (Some(name), Some(ready), Some(from), Some(to), Some(weight_kg)) =
            (shipment.arc(r), ready[r], from.arc(r), to.arc(r), weight[r])
        else {
            let lacks = [
                ("shipment", shipment.get(r).is_none()),
                ("ready", ready[r].is_none()),
                ("from", from.get(r).is_none()),
                ("to", to.get(r).is_none()),
                ("weight_kg", weight[r].is_none()),
            ];
            for (field, _) in lacks.iter().filter(|l| l.1) {
                s.missing(field, &[r]);
            }
            continue;
        };
        if let Some(first) = seen.insert(name.clone(), s.line(r)) {
            s.cell(
                Severity::Error,
                "shipment-repeated",
                r,
                "shipment",
                format!("the shipment {name:?} was already given on line {first}"),
                "give every shipment its own name",
            );
        }
        let window = window(s, r, open.get(r), close.get(r));
        if due[r].is_some_and(|d| d < ready) {
            s.cell(
                Severity::Warning,
                "due-before-ready",
                r,
                "due",
                format!("the shipment {name:?} is due before it is ready"),
                "correct the dates",
            );
        }
        out.push(ShipmentRow {
            shipment: name,
            ready,
            from,
            to,
            weight_kg,
            volume_m3: volume[r],
            pallets: pallets[r],
            due: due[r],
            lat_lon: lat[r].zip(lon[r]),
            window,
            service_min: service[r],
            line: s.line(r),
        });
    }
    if out.is_empty() && !s.notes.iter().any(|d| d.severity == Severity::Error) {
        let d = Diagnostic::error("no-rows", "the shipments file has no shipments").file(&s.table().file);
        s.notes.push(d.fix("give one row per shipment"));
    }
    out
}

/// Minutes after midnight: `08:30`, or a plain number of minutes. A side left open is the start or end of the day.
fn window(s: &mut Sheet<'_>, row: usize, open: Option<&str>, close: Option<&str>) -> Option<(f64, f64)> {
    let mut minutes = |field: &str, text: Option<&str>, absent: f64| -> Option<f64> {
        let Some(text) = text else { return Some(absent) };
        let read = if text.contains(':') {
            date::clock(text).map(|sec| sec as f64 / 60.0)
        } else {
            number::parse(text, '.').filter(|m| *m >= 0.0)
        };
        if read.is_none() {
            s.cell(
                Severity::Warning,
                "time-unreadable",
                row,
                field,
                format!("{text:?} is no time of day; the window was left open"),
                "write times as HH:MM",
            );
        }
        read
    };
    if open.is_none() && close.is_none() {
        return None;
    }
    let (a, b) = (minutes("window_start", open, 0.0)?, minutes("window_end", close, 1440.0)?);
    if a > b {
        s.cell(
            Severity::Warning,
            "window-empty",
            row,
            "window_end",
            "the window ends before it starts and was left open".into(),
            "correct the times",
        );
        return None;
    }
    Some((a, b))
}
