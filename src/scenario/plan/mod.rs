//! The scenario file: one set of assumptions, read strictly and checked before anything runs.
//!
//! Reading order: `sections` (a struct a section), `adjust` (what differs for some items), `by_hand` (forecasts changed by hand), `drivers` (what is known ahead, changed), `events` (what may go wrong), `stages` (supply chains), `demand` (its distribution), `check` (what cannot be run), `read`
//! (from text, with line numbers and "did you mean").

pub(super) mod adjust;
mod by_hand;
mod check;
mod demand;
mod drivers;
pub(super) mod events;
mod read;
mod sections;
mod stages;

pub use adjust::{Adjust, Adjusted, Rule};
pub use by_hand::ForecastOverride;
pub use check::{POLICY_KINDS, parse_weekday};
pub use drivers::DriverChange;
pub use events::{DisruptionSpec, ExpediteSpec, PriceBreakSpec};
pub use sections::{
    ConsolidationSpec, CostSection, DemandSection, FootprintSection, ForecastSection, HistorySection, LeadTimeParts, LeadTimeSpec,
    LogisticsSection, Objective, ObjectiveTarget, PolicySection, SupplySection, YieldSpec,
};
pub use stages::StageSpec;

use crate::base::Period;
use serde::{Deserialize, Serialize};

/// Everything that can be assumed or decided. Field names are the keys of the scenario file (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// Version of the scenario format; this program reads 1.
    pub version: u32,
    /// Name for people.
    pub name: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// Replications of the Monte Carlo simulation.
    pub replications: usize,
    /// Stop at this relative half-width of total cost instead (0.01 = 1 %).
    pub precision: Option<f64>,
    /// Simulated horizon, periods.
    pub periods: usize,
    /// Periods simulated before counting starts.
    pub warm_up: usize,
    /// Where the data are.
    pub history: HistorySection,
    /// How demand is forecast.
    pub forecast: ForecastSection,
    /// A distribution in place of a history.
    pub demand: Option<DemandSection>,
    /// Lead time, review, what happens to unmet demand.
    pub supply: SupplySection,
    /// Costs where the item file says nothing.
    pub cost: CostSection,
    /// What decides the orders.
    pub policy: PolicySection,
    /// How shipments are put together.
    pub logistics: LogisticsSection,
    /// Carbon price and factors.
    pub footprint: FootprintSection,
    /// What differs for some items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adjust: Vec<Adjust>,
    /// Forecasts changed by hand.
    #[serde(rename = "override", skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<ForecastOverride>,
    /// What is known ahead, changed.
    #[serde(rename = "driver", skip_serializing_if = "Vec::is_empty")]
    pub drivers: Vec<DriverChange>,
    /// What may go wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disruption: Vec<DisruptionSpec>,
    /// What large orders save.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price_break: Vec<PriceBreakSpec>,
    /// Emergency orders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expedite: Vec<ExpediteSpec>,
    /// Stages of a supply chain, in place of one location.
    #[serde(rename = "stage", skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<StageSpec>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            version: 1,
            name: "Scenario".into(),
            seed: 42,
            replications: 1000,
            precision: None,
            periods: 52,
            warm_up: 0,
            history: HistorySection::default(),
            forecast: ForecastSection::default(),
            demand: None,
            supply: SupplySection::default(),
            cost: CostSection::default(),
            policy: PolicySection::default(),
            logistics: LogisticsSection::default(),
            footprint: FootprintSection::default(),
            adjust: Vec::new(),
            overrides: Vec::new(),
            drivers: Vec::new(),
            disruption: Vec::new(),
            price_break: Vec::new(),
            expedite: Vec::new(),
            stages: Vec::new(),
        }
    }
}

impl Plan {
    /// What a period of a demand distribution is.
    pub fn demand_period(&self) -> Period {
        self.demand.as_ref().and_then(|d| d.period.as_deref()).and_then(Period::parse).unwrap_or(Period::Week)
    }

    /// Periods between reviews: the policy's own `R`, else the supply's. An item may have its own: [`Stocked::review`].
    ///
    /// [`Stocked::review`]: super::resolve::Stocked::review
    pub fn review(&self) -> usize {
        self.policy.review.unwrap_or(self.supply.review_period).max(1)
    }
}
