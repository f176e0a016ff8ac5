//! Shipments: goods ready on a day to go from one place to another, and which of them go back to where others come from.

use crate::base::Day;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::ops::AddAssign;
use std::sync::Arc;

/// An amount of goods.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Goods {
    /// Mass, kg.
    pub kg: f64,
    /// Volume, m³.
    pub m3: f64,
    /// Pallets.
    pub pallets: f64,
}

impl AddAssign for Goods {
    fn add_assign(&mut self, other: Self) {
        self.kg += other.kg;
        self.m3 += other.m3;
        self.pallets += other.pallets;
    }
}

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

    /// What it is made of.
    pub const fn goods(&self) -> Goods {
        Goods { kg: self.kg, m3: self.m3, pallets: self.pallets }
    }

    /// Is it taken up in a round that starts from this depot?
    pub fn is_return_to(&self, depot: &str) -> bool {
        &*self.to == depot && &*self.from != depot
    }

    /// Units of all its lines together.
    pub fn units(&self) -> f64 {
        self.lines.iter().map(|l| l.units).sum()
    }
}

/// Which shipments are returns: they go to a depot, and are collected in the rounds that deliver from there. A place is a depot where it sends to two
/// places or more; what goes there from a place that sends to fewer, and to it alone or to places that also send something to it, is a return. One value a
/// shipment; empty where there is none.
pub fn returns(shipments: &[Shipment]) -> Vec<bool> {
    // most files only deliver: that is seen without counting
    let mut first: HashMap<&str, (&str, bool)> = HashMap::new();
    for s in shipments {
        let sent = first.entry(&*s.from).or_insert((&*s.to, false));
        sent.1 |= sent.0 != &*s.to;
    }
    if !shipments.iter().any(|s| s.from != s.to && first.get(&*s.to).is_some_and(|f| f.1)) {
        return Vec::new();
    }
    let mut sends: HashMap<&str, HashSet<&str>> = HashMap::new();
    for s in shipments.iter().filter(|s| s.from != s.to) {
        sends.entry(&*s.from).or_default().insert(&*s.to);
    }
    let is = |s: &Shipment| {
        let (Some(out), Some(back)) = (sends.get(&*s.to), sends.get(&*s.from)) else { return false };
        s.from != s.to && out.len() >= 2 && out.len() > back.len() && (back.len() == 1 || out.contains(&*s.from))
    };
    let out: Vec<bool> = shipments.iter().map(is).collect();
    if out.contains(&true) { out } else { Vec::new() }
}
