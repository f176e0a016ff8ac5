//! The companion files of a scenario: items, stock, suppliers, network, events.

use super::model::Masters;
use crate::base::Diagnostic;
use std::path::PathBuf;

/// Where the companion files are (`T` = path) or what is in them (`T` = name and bytes).
#[derive(Debug, Clone, Default)]
pub struct MasterFiles<T = PathBuf> {
    /// item [, location | unique_id], description, cost, price, supplier, lead_time[_days], pack_size, minimum, weight_kg, volume_m3,
    /// shelf_life_days, holding, shortage, category, successor
    pub items: Option<T>,
    /// unique_id | item [, location], on_hand [, committed, unavailable, as_of, expires]
    pub stock: Option<T>,
    /// unique_id | item [, location], arrives, quantity
    pub on_order: Option<T>,
    /// supplier, currency, order_days, minimum_value, order_cost, container_kg, container_m3
    pub suppliers: Option<T>,
    /// supplier, item, cost, units_per_pack, minimum, lead_time[_days], rank
    pub supplier_items: Option<T>,
    /// supplier, item, location, ordered, received, quantity
    pub receipts: Option<T>,
    /// kit, component, quantity
    pub bom: Option<T>,
    /// location, lat, lon, kind
    pub locations: Option<T>,
    /// vehicle, capacity_kg, capacity_m3, cost_per_trip, cost_per_km, cost_per_hour, emission_class, count
    pub vehicles: Option<T>,
    /// ds, event [, unique_id | location]
    pub events: Option<T>,
}

/// Reads the companion files that are given. A bad cell is a diagnostic with file, line, column and fix; it is an error where the row
/// means nothing without it (then the result is `Err`), else a warning and the cell stays unknown.
pub fn read_masters(files: &MasterFiles) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let _ = files;
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}

/// The same from memory.
pub fn read_masters_bytes(files: &MasterFiles<(String, Vec<u8>)>) -> Result<(Masters, Vec<Diagnostic>), Vec<Diagnostic>> {
    let _ = files;
    Err(vec![Diagnostic::error("not-built", "reading is not built yet")])
}
