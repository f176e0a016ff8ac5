//! From replications to measures: costs split, service, and the simulation's own error.

use super::kernel::{Field, Tally};
use super::{Item, Unmet};
use crate::base::Measure;
use serde::{Deserialize, Serialize};

/// Every measure with its half-width and spread. Costs and units are totals over the counted periods; `per_period` divides.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measures {
    /// Stockout + overstock + ordering, money.
    pub total_cost: Measure,
    /// Lost margin, or penalty × backorder-periods, and expediting, money.
    pub stockout_cost: Measure,
    /// What emergency orders cost above list cost, money; part of `stockout_cost`.
    pub expediting_cost: Measure,
    /// Holding + write-off + markdown, money.
    pub overstock_cost: Measure,
    /// Capital and storage of what is left at period ends, money.
    pub holding_cost: Measure,
    /// Units discarded at their cost, money.
    pub write_off_cost: Measure,
    /// What the closing stock loses of its cost, money.
    pub markdown_cost: Measure,
    /// What price breaks took off the list cost of purchases, money; the total is less by it.
    pub price_break_savings: Measure,
    /// Fixed cost of orders, money.
    pub ordering_cost: Measure,
    /// Units ordered at list cost, money; stands apart from `total_cost`.
    pub purchases: Measure,
    /// Closing stock at cost less markdown, money; stands apart from `total_cost`.
    pub closing_value: Measure,
    /// Share of replenishment cycles without a stockout (type 1).
    pub cycle_service: Measure,
    /// Σ demand served from stock at once / Σ demand (type 2).
    pub fill_rate: Measure,
    /// Periods in which some demand found no stock.
    pub stockout_periods: Measure,
    /// Demand, units.
    pub demand: Measure,
    /// Demand lost, units (0 with backorders).
    pub units_lost: Measure,
    /// Σ backorders at period ends, unit-periods (0 with lost sales).
    pub backorder_periods: Measure,
    /// Mean stock at period ends, units.
    pub average_on_hand: Measure,
    /// Mean units on their way at period ends.
    pub average_on_order: Measure,
    /// Orders placed.
    pub orders: Measure,
    /// Orders placed per period.
    pub orders_per_period: Measure,
    /// Units ordered.
    pub units_ordered: Measure,
    /// Of these, in emergency orders.
    pub units_expedited: Measure,
    /// Units received.
    pub units_received: Measure,
    /// Units discarded for age.
    pub units_discarded: Measure,
    /// Stock at the beginning of the counted periods less backorders, units.
    pub opening_stock: Measure,
    /// Stock at the end less backorders, units.
    pub closing_stock: Measure,
    /// Units sold over the counted periods per unit of average stock (0 where there was no stock).
    pub turns: Measure,
    /// Average stock in days of mean demand needs a calendar; here in periods of mean demand.
    pub periods_of_cover: Measure,
}

/// One order of one replication.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Replication, from 0.
    pub replication: u32,
    /// Period at whose end it was placed, from 0 at the first simulated period (−1: now).
    pub ordered: i32,
    /// Period at whose start it is available.
    pub arrives: u32,
    /// Units.
    pub units: f32,
}

/// Means over replications by simulated period, for plots.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Profile {
    /// Mean net stock at the end of each period, units.
    pub mean: Vec<f64>,
    /// Its 10 % quantile.
    pub p10: Vec<f64>,
    /// Its 90 % quantile.
    pub p90: Vec<f64>,
    /// Mean units ordered in each period.
    pub ordered: Vec<f64>,
    /// Mean units received in each period.
    pub received: Vec<f64>,
}

/// One replication by simulated period, warm-up included.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ExamplePath {
    /// Replication, from 0.
    pub replication: u32,
    /// Units asked for.
    pub demand: Vec<f32>,
    /// Net stock at the end of each period, units.
    pub stock: Vec<f32>,
    /// Units ordered at the end of each period.
    pub ordered: Vec<f32>,
    /// Units received at the start of each period.
    pub received: Vec<f32>,
}

/// What a policy did to an item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// The measures over the counted periods.
    pub measures: Measures,
    /// Replications behind them.
    pub replications: usize,
    /// Periods counted.
    pub periods: usize,
    /// Total cost per replication, for paired comparisons.
    pub total_cost_by_replication: Vec<f64>,
    /// Stockout cost per replication, for paired comparisons.
    pub stockout_cost_by_replication: Vec<f64>,
    /// All orders of the first `record` replications, by replication and period.
    pub orders: Vec<OrderLine>,
    /// Units arriving, `[replication · horizon + period]` over all replications and simulated periods; empty unless asked for.
    #[serde(skip)]
    pub arriving: Vec<f32>,
    /// Units ordered, laid out like `arriving`.
    #[serde(skip)]
    pub ordered: Vec<f32>,
    /// Stock by period; empty unless asked for.
    pub profile: Profile,
    /// A few replications in full; empty unless the profile was asked for.
    #[serde(skip)]
    pub examples: Vec<ExamplePath>,
}

/// Money of one replication, from its sums.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Money {
    /// Expediting included.
    pub stockout: f64,
    pub expediting: f64,
    pub holding: f64,
    pub write_off: f64,
    pub markdown: f64,
    pub ordering: f64,
    /// What price breaks saved.
    pub saved: f64,
}

impl Money {
    pub fn of(item: &Item, sums: &Tally, i: usize) -> Self {
        let c = &item.costs;
        let expediting = sums.get(Field::Expediting, i);
        let short = match item.unmet {
            Unmet::Lost => c.shortage * sums.get(Field::Lost, i),
            Unmet::Backorder => c.shortage * sums.get(Field::Waiting, i) + c.backorder * sums.get(Field::Missed, i),
            Unmet::Part { waiting, .. } => {
                let waits = sums.get(Field::Missed, i) - sums.get(Field::Lost, i);
                c.shortage * sums.get(Field::Lost, i) + waiting * sums.get(Field::Waiting, i) + c.backorder * waits
            }
        };
        Self {
            stockout: short + expediting,
            expediting,
            holding: c.holding * sums.get(Field::Held, i),
            write_off: c.unit * sums.get(Field::Discarded, i),
            markdown: c.unit * c.markdown * sums.get(Field::Closing, i).max(0.0),
            ordering: c.order * sums.get(Field::Orders, i) + sums.get(Field::Shared, i),
            saved: sums.get(Field::Saved, i),
        }
    }
    pub fn total(&self) -> f64 {
        self.stockout + self.holding + self.write_off + self.markdown + self.ordering - self.saved
    }
}

/// Total cost of each replication.
pub(super) fn totals(item: &Item, tally: &Tally, replications: usize) -> Vec<f64> {
    (0..replications).map(|i| Money::of(item, tally, i).total()).collect()
}

/// Stockout cost of each replication.
pub(super) fn stockouts(item: &Item, tally: &Tally, replications: usize) -> Vec<f64> {
    (0..replications).map(|i| Money::of(item, tally, i).stockout).collect()
}

/// Share of replenishment cycles without a stockout; with no cycle closed the run counts as one.
pub(super) fn cycle_service(tally: &Tally, i: usize) -> f64 {
    let cycles = tally.get(Field::Cycles, i);
    if cycles > 0.0 { tally.get(Field::Clean, i) / cycles } else { f64::from(tally.get(Field::Stockouts, i) == 0.0) }
}

/// Share of demand served at once; 1 without demand.
pub(super) fn fill_rate(tally: &Tally, i: usize) -> f64 {
    let demand = tally.get(Field::Demand, i);
    if demand > 0.0 { 1.0 - tally.get(Field::Missed, i) / demand } else { 1.0 }
}

/// All measures of a run.
pub(super) fn measures(item: &Item, tally: &Tally, replications: usize, periods: usize) -> Measures {
    let n = periods.max(1) as f64;
    let of = |f: &dyn Fn(usize) -> f64| {
        let values: Vec<f64> = (0..replications).map(f).collect();
        // what never varies (no write-off, no markdown …) needs no sorting
        match values.first() {
            Some(x) if values.len() > 1 && values.iter().all(|v| v == x) => Measure::exact(*x),
            _ => Measure::from_values(&values),
        }
    };
    let field = |f: Field| of(&|i| tally.get(f, i));
    let money = |f: &dyn Fn(Money) -> f64| of(&|i| f(Money::of(item, tally, i)));
    let held = |i: usize| tally.get(Field::Held, i) / n;
    let sold = |i: usize| tally.get(Field::Demand, i) - tally.get(Field::Lost, i);
    let orders = field(Field::Orders);
    Measures {
        total_cost: money(&|m| m.total()),
        stockout_cost: money(&|m| m.stockout),
        expediting_cost: money(&|m| m.expediting),
        overstock_cost: money(&|m| m.holding + m.write_off + m.markdown),
        holding_cost: money(&|m| m.holding),
        write_off_cost: money(&|m| m.write_off),
        markdown_cost: money(&|m| m.markdown),
        ordering_cost: money(&|m| m.ordering),
        price_break_savings: money(&|m| m.saved),
        purchases: field(Field::Ordered).scaled(item.costs.unit),
        closing_value: of(&|i| tally.get(Field::Closing, i).max(0.0) * item.costs.unit * (1.0 - item.costs.markdown)),
        cycle_service: of(&|i| cycle_service(tally, i)),
        fill_rate: of(&|i| fill_rate(tally, i)),
        stockout_periods: field(Field::Stockouts),
        demand: field(Field::Demand),
        units_lost: field(Field::Lost),
        backorder_periods: field(Field::Waiting),
        average_on_hand: of(&held),
        average_on_order: of(&|i| (tally.get(Field::Position, i) - tally.get(Field::Held, i) + tally.get(Field::Waiting, i)) / n),
        orders,
        orders_per_period: orders.scaled(1.0 / n),
        units_ordered: field(Field::Ordered),
        units_expedited: field(Field::Expedited),
        units_received: field(Field::Received),
        units_discarded: field(Field::Discarded),
        opening_stock: field(Field::Opening),
        closing_stock: field(Field::Closing),
        turns: of(&|i| if held(i) > 0.0 { sold(i) / held(i) } else { 0.0 }),
        periods_of_cover: of(&|i| {
            let demand = tally.get(Field::Demand, i) / n;
            if demand > 0.0 { held(i) / demand } else { 0.0 }
        }),
    }
}
