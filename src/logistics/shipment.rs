//! Shipments: goods ready on a day to go from one place to another.

use crate::base::Day;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Units of one item inside a shipment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The item, or its `unique_id`.
    pub item: Arc<str>,
    /// Units of it.
    pub units: f64,
}

/// Goods ready on a day to go from one place to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shipment {
    /// Name.
    pub id: Arc<str>,
    /// The first day on which it may leave.
    pub ready: Day,
    /// Where it is.
    pub from: Arc<str>,
    /// Where it goes.
    pub to: Arc<str>,
    /// Mass, kg.
    pub kg: f64,
    /// Volume, m³.
    pub m3: f64,
    /// Pallets; 0 where nobody counts them.
    pub pallets: f64,
    /// Value of the goods, money.
    pub value: f64,
    /// What is in it; may be empty.
    pub lines: Vec<Line>,
}

impl Shipment {
    /// A shipment without value or lines.
    pub fn new(id: &str, ready: Day, from: &str, to: &str, kg: f64, m3: f64) -> Self {
        Self { id: id.into(), ready, from: from.into(), to: to.into(), kg, m3, pallets: 0.0, value: 0.0, lines: Vec::new() }
    }

    /// Units of all its lines together.
    pub fn units(&self) -> f64 {
        self.lines.iter().map(|l| l.units).sum()
    }
}
