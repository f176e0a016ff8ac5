//! The sample shop, inside the program so that it works without its repository.

use super::load::{Inputs, load_bundle};
use super::plan::Plan;
use crate::base::{Control, Diagnostic};

/// Its files, by the names that the scenario gives them.
pub const FILES: &[(&str, &[u8])] = &[
    ("sales.csv", include_bytes!("../../sample-data/sales.csv")),
    ("items.csv", include_bytes!("../../sample-data/items.csv")),
    ("stock.csv", include_bytes!("../../sample-data/stock.csv")),
    ("on_order.csv", include_bytes!("../../sample-data/on_order.csv")),
    ("suppliers.csv", include_bytes!("../../sample-data/suppliers.csv")),
    ("supplier_items.csv", include_bytes!("../../sample-data/supplier_items.csv")),
    ("receipts.csv", include_bytes!("../../sample-data/receipts.csv")),
    ("bom.csv", include_bytes!("../../sample-data/bom.csv")),
    ("locations.csv", include_bytes!("../../sample-data/locations.csv")),
    ("vehicles.csv", include_bytes!("../../sample-data/vehicles.csv")),
    ("shipments.csv", include_bytes!("../../sample-data/shipments.csv")),
    ("events.csv", include_bytes!("../../sample-data/events.csv")),
];

/// Its scenario.
pub const SCENARIO: &str = include_str!("../../sample-data/scenario.toml");

/// Reads it.
///
/// # Errors
/// As [`load_bundle`]; none in a program that passes its tests, but for a cancel.
pub fn load(control: &dyn Control) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    load_bundle(SCENARIO, FILES, true, control)
}

/// The same for a project, which joins successors and predecessors itself.
///
/// # Errors
/// As [`load`].
pub fn apart(control: &dyn Control) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    load_bundle(SCENARIO, FILES, false, control)
}
