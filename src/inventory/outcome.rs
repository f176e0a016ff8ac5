//! From replications to measures: costs split, service, and the simulation's own error.

use super::kernel::{Field, Replication, Tally};
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
    #[inline(always)]
    pub fn of(item: &Item, sums: Replication) -> Self {
        let c = &item.costs;
        let expediting = sums.get(Field::Expediting);
        let short = match item.unmet {
            Unmet::Lost => c.shortage * sums.get(Field::Lost),
            Unmet::Backorder => c.shortage * sums.get(Field::Waiting) + c.backorder * sums.get(Field::Missed),
            Unmet::Part { waiting, .. } => {
                let waits = sums.get(Field::Missed) - sums.get(Field::Lost);
                c.shortage * sums.get(Field::Lost) + waiting * sums.get(Field::Waiting) + c.backorder * waits
            }
        };
        Self {
            stockout: short + expediting,
            expediting,
            holding: c.holding * sums.get(Field::Held),
            write_off: c.unit * sums.get(Field::Discarded),
            markdown: c.unit * c.markdown * sums.get(Field::Closing).max(0.0),
            ordering: c.order * sums.get(Field::Orders) + sums.get(Field::Shared),
            saved: sums.get(Field::Saved),
        }
    }
    pub fn total(&self) -> f64 {
        self.stockout + self.holding + self.write_off + self.markdown + self.ordering - self.saved
    }
}

/// Total cost of each replication.
pub(super) fn totals(item: &Item, tally: &Tally, replications: usize) -> Vec<f64> {
    let mut column = vec![0.0; replications];
    tally.column(&mut column, |r| Money::of(item, r).total());
    column
}

/// Stockout cost of each replication.
pub(super) fn stockouts(item: &Item, tally: &Tally, replications: usize) -> Vec<f64> {
    let mut column = vec![0.0; replications];
    tally.column(&mut column, |r| Money::of(item, r).stockout);
    column
}

/// Share of replenishment cycles without a stockout; with no cycle closed the run counts as one.
pub(super) fn cycle_service(r: Replication) -> f64 {
    let cycles = r.get(Field::Cycles);
    if cycles > 0.0 { r.get(Field::Clean) / cycles } else { f64::from(r.get(Field::Stockouts) == 0.0) }
}

/// Share of demand served at once; 1 without demand.
pub(super) fn fill_rate(r: Replication) -> f64 {
    let demand = r.get(Field::Demand);
    if demand > 0.0 { 1.0 - r.get(Field::Missed) / demand } else { 1.0 }
}

/// Measures that are worked out side by side: their sums fold one replication after the other, and do not wait for each other.
const SIDE_BY_SIDE: usize = 8;

/// All measures of a run.
pub(super) fn measures(item: &Item, tally: &Tally, replications: usize, periods: usize) -> Measures {
    let n = periods.max(1) as f64;
    let mut m = Measures::default();
    let mut room = Batch { columns: vec![0.0; replications * SIDE_BY_SIDE], n: replications, waiting: Vec::new() };
    macro_rules! gather {
        ($($name:ident: $value:expr;)*) => {
            $(room.add(tally, &mut m, |m| &mut m.$name, $value);)*
        };
    }
    let held = |r: Replication| r.get(Field::Held) / n;
    gather! {
        total_cost: |r| Money::of(item, r).total();
        stockout_cost: |r| Money::of(item, r).stockout;
        expediting_cost: |r| Money::of(item, r).expediting;
        overstock_cost: |r| {
            let m = Money::of(item, r);
            m.holding + m.write_off + m.markdown
        };
        holding_cost: |r| Money::of(item, r).holding;
        write_off_cost: |r| Money::of(item, r).write_off;
        markdown_cost: |r| Money::of(item, r).markdown;
        ordering_cost: |r| Money::of(item, r).ordering;
        price_break_savings: |r| Money::of(item, r).saved;
        closing_value: |r| r.get(Field::Closing).max(0.0) * item.costs.unit * (1.0 - item.costs.markdown);
        cycle_service: cycle_service;
        fill_rate: fill_rate;
        stockout_periods: |r| r.get(Field::Stockouts);
        demand: |r| r.get(Field::Demand);
        units_lost: |r| r.get(Field::Lost);
        backorder_periods: |r| r.get(Field::Waiting);
        average_on_hand: held;
        average_on_order: |r| (r.get(Field::Position) - r.get(Field::Held) + r.get(Field::Waiting)) / n;
        orders: |r| r.get(Field::Orders);
        units_ordered: |r| r.get(Field::Ordered);
        units_expedited: |r| r.get(Field::Expedited);
        units_received: |r| r.get(Field::Received);
        units_discarded: |r| r.get(Field::Discarded);
        opening_stock: |r| r.get(Field::Opening);
        closing_stock: |r| r.get(Field::Closing);
        turns: |r| if held(r) > 0.0 { (r.get(Field::Demand) - r.get(Field::Lost)) / held(r) } else { 0.0 };
        periods_of_cover: |r| {
            let demand = r.get(Field::Demand) / n;
            if demand > 0.0 { held(r) / demand } else { 0.0 }
        };
    }
    room.flush(&mut m);
    m.purchases = m.units_ordered.scaled(item.costs.unit);
    m.orders_per_period = m.orders.scaled(1.0 / n);
    m
}

/// Where a measure goes.
type Place = fn(&mut Measures) -> &mut Measure;

/// Columns of values by replication that wait to be measured.
struct Batch {
    columns: Vec<f64>,
    n: usize,
    waiting: Vec<Place>,
}

impl Batch {
    #[inline(always)]
    fn add(&mut self, tally: &Tally, m: &mut Measures, place: Place, value: impl Fn(Replication) -> f64) {
        let from = self.waiting.len() * self.n;
        let Some(column) = self.columns.get_mut(from..from + self.n) else { return };
        tally.column(column, value);
        match column.first() {
            // what never varies (no write-off, no markdown …) needs no sorting
            Some(x) if column.len() > 1 && column.iter().all(|v| v == x) => *place(m) = Measure::exact(*x),
            _ => self.waiting.push(place),
        }
        if self.waiting.len() == SIDE_BY_SIDE {
            self.flush(m);
        }
    }

    fn flush(&mut self, m: &mut Measures) {
        let columns = self.columns.get_mut(..self.waiting.len() * self.n).unwrap_or_default();
        for (place, measure) in self.waiting.drain(..).zip(Measure::from_columns(columns, self.n)) {
            *place(m) = measure;
        }
    }
}
