//! The project's own past orders settled: every forecast put by holds what the orders of its day were decided on.

use super::document::{Decision, DecisionState, Document};
use crate::base::Stamp;
use crate::history;
use crate::scenario::score::{Decided, Fate, Settled, settle};
use std::collections::HashMap;

impl Document {
    /// Every order line, advised or decided, whose time has been sold since, the oldest first.
    ///
    /// A line nobody decided on counts as ordered in the quantity that deliveries show, ordered before the next review; else as not ordered.
    pub fn settled(&self) -> Vec<Settled> {
        let Some(sales) = &self.sales else { return Vec::new() };
        let history = self.agreed.history(&sales.history);
        // what was planned under a successor's name was sold under both
        let masters = history::apply_masters(&self.masters, &self.agreed.fixes);
        let history = history::succeed(&history, &masters).map_or(history, |(joined, ..)| joined);
        let decisions: HashMap<(&str, Stamp), &Decision> = self.decisions.iter().map(|d| ((&*d.unique_id, d.order_date), d)).collect();
        let items: HashMap<&str, (&str, &str)> = history.series.iter().map(|s| (&*s.unique_id, (&*s.item, &*s.location))).collect();
        let decided = |id: &str, from: Stamp, until: Stamp, advised: f64| {
            if let Some(d) = decisions.get(&(id, from)) {
                let units = match d.state {
                    DecisionState::Approved | DecisionState::Received => d.quantity,
                    DecisionState::Held | DecisionState::Cancelled => 0.0,
                };
                let fate = match d.state {
                    DecisionState::Held | DecisionState::Cancelled => Fate::Held,
                    _ if (units - advised).abs() < 1e-9 => Fate::Followed,
                    _ => Fate::Changed,
                };
                return Some(Decided { units, fate, why: d.why.clone() });
            }
            let (item, location) = items.get(id).copied()?;
            let delivered = self.masters.receipts.iter().filter(|r| {
                r.item.as_deref() == Some(item) && r.location.as_deref().is_none_or(|l| l == location) && (from..until).contains(&r.ordered)
            });
            let units: f64 = delivered.filter_map(|r| r.quantity).sum();
            if advised <= 0.0 && units <= 0.0 {
                return None;
            }
            let fate = if advised > 0.0 && (units - advised).abs() < 1e-9 { Fate::Followed } else { Fate::Ignored };
            Some(Decided { units, fate, why: None })
        };
        self.frozen.iter().flat_map(|f| settle(f, &history, &decided)).collect()
    }
}
