//! A scenario's plan with the numbers that were set by hand.

use super::document::{Document, Overridden, Scenario};
use crate::scenario::Plan;
use crate::scenario::plan::Adjust;
use std::collections::BTreeMap;

impl Document {
    /// The plan of the scenario in use, as [`Document::plan_of`].
    pub fn plan(&self) -> Plan {
        self.plan_of(self.active())
    }

    /// A scenario's plan with every override as an `[[adjust]]` entry of its own, after those of the scenario, so that what a person set for one
    /// series wins over everything else; forecasts changed by hand likewise come after the scenario's own.
    pub fn plan_of(&self, scenario: &Scenario) -> Plan {
        let mut plan = scenario.plan.clone();
        let mut by_series: BTreeMap<&str, Adjust> = BTreeMap::new();
        for o in &self.overrides {
            let entry =
                by_series.entry(&o.unique_id).or_insert_with(|| Adjust { unique_id: Some(o.unique_id.to_string()), ..Adjust::default() });
            match o.what {
                Overridden::ReorderPoint => entry.s = Some(o.value),
                Overridden::OrderUpTo => entry.up_to = Some(o.value),
                Overridden::DemandFactor => entry.demand_factor = Some(o.value),
                Overridden::LeadTimeDays => entry.lead_time_days = Some(o.value),
                Overridden::ReviewPeriod => entry.review_period = Some(o.value.max(1.0).round() as usize),
                Overridden::Price => entry.price = Some(o.value),
                Overridden::Cost => entry.cost = Some(o.value),
                Overridden::CycleService => entry.cycle_service = Some(o.value),
                Overridden::FillRate => entry.fill_rate = Some(o.value),
            }
            if let Some(why) = &o.why {
                entry.why = if entry.why.is_empty() { why.clone() } else { format!("{}; {why}", entry.why) };
            }
        }
        plan.adjust.extend(by_series.into_values());
        plan.overrides.extend(self.forecast_overrides.iter().map(|o| o.said.clone()));
        plan
    }
}
