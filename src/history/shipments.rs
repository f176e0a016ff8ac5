//! The shipments file of DESIGN §4.

use crate::base::{Diagnostic, Stamp};
use std::path::Path;
use std::sync::Arc;

/// A row of a shipments file.
#[derive(Debug, Clone, PartialEq)]
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

/// Reads `shipment, ready, from, to, weight_kg, volume_m3 [, due, lat, lon, window_start, window_end, service_min]`.
pub fn read_shipments(path: &Path) -> Result<(Vec<ShipmentRow>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let _ = path;
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}

/// The same from memory.
pub fn read_shipments_bytes(name: &str, bytes: &[u8]) -> Result<(Vec<ShipmentRow>, Vec<Diagnostic>), Vec<Diagnostic>> {
    let _ = (name, bytes);
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}
