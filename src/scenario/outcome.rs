//! What a run found, for report, app and command line to read.

use super::classical::ClassicalAnswer;
use super::joint::JointGroup;
use super::plan::Plan;
use super::resolve::Stocked;
use super::stages::Chain;
use crate::base::{Diagnostic, Measure, Period, Stamp};
use crate::footprint::Emission;
use crate::forecast::drivers::Known;
use crate::forecast::{Fitted, PathModel};
use crate::inventory::{self, Advice, CurvePoint, Impact, Measures, Policy};
use crate::logistics::carrier::Consignment;
use crate::logistics::shipment::Shipment;
use crate::logistics::trips::Trip;
use crate::logistics::vehicle::Vehicle;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// The result of one run of a plan.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The plan it ran under.
    pub plan: Plan,
    /// Replications really run (more than the plan's where a precision was asked for).
    pub replications: usize,
    /// Step of the calendar.
    pub period: Period,
    /// Start of the first simulated period; absent for a demand distribution.
    pub now: Option<Stamp>,
    /// One per planned series, in the history's order.
    pub series: Vec<SeriesOutcome>,
    /// Sums over all series.
    pub totals: Totals,
    /// Shipments and trips; absent where nothing was ordered.
    pub freight: Option<Freight>,
    /// What ordering together would save, a supplier and location each; empty unless the plan asks for it.
    pub joint: Vec<JointGroup>,
    /// What the textbooks answer, beside the simulation; empty with a history.
    pub classical: Vec<ClassicalAnswer>,
    /// What was found for the plan's stages; absent where there are none.
    pub chain: Option<Chain>,
    /// What was assumed, set aside or refused. An error means that there is no result.
    pub diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// Takes over what was found for stages, its totals as those of the whole.
    pub(super) fn of_chain(&mut self, chain: Chain) {
        if let Some(run) = &chain.simulated {
            self.totals.total_cost = run.total_cost;
            self.totals.stockout_cost = run.stockout_cost;
            self.totals.holding_cost = run.holding_cost;
            self.totals.overstock_cost = run.holding_cost;
            self.totals.fill_rate = run.fill_rate;
            self.totals.demand = run.demand;
        } else {
            // what is not simulated is known exactly
            let cost = Measure::exact(chain.cost_per_period * self.plan.periods as f64);
            (self.totals.total_cost, self.totals.holding_cost, self.totals.overstock_cost) = (cost, cost, cost);
        }
        self.chain = Some(chain);
    }

    /// What disruptions do to all series together; `None` where nothing is disturbed.
    pub fn impact(&self) -> Option<Impact> {
        let parts: Vec<(&Impact, f64)> =
            self.series.iter().filter_map(|s| s.stock.impact.as_ref().map(|i| (i, s.stock.outcome.measures.demand.mean))).collect();
        match parts.as_slice() {
            [(only, _)] => Some((*only).clone()),
            _ => Impact::sum(&parts),
        }
    }

    /// The diagnostics that refuse the run, if any.
    pub fn refusals(&self) -> Vec<Diagnostic> {
        self.diagnostics.iter().filter(|d| d.severity == crate::base::Severity::Error).cloned().collect()
    }
}

/// What was found for one series.
#[derive(Debug, Clone)]
pub struct SeriesOutcome {
    /// Its master data with every gap filled.
    pub stocked: Stocked,
    /// Its forecast; absent for a demand distribution.
    pub forecast: Option<Arc<Fitted>>,
    /// What is known ahead of it (events, prices, promotions) and what each adds; absent where nothing is.
    pub known: Option<Arc<Known>>,
    /// Its stock decisions.
    pub stock: Arc<StockResult>,
}

impl SeriesOutcome {
    /// The forecast planned with, from the end of its own history on: the models', with what was changed by hand; demand factors are not in
    /// it. `None` for a demand distribution.
    pub fn expected(&self) -> Option<Cow<'_, PathModel>> {
        let f = self.forecast.as_ref()?;
        let st = &self.stocked;
        if st.by_hand.steps.is_empty() {
            return Some(Cow::Borrowed(&f.path));
        }
        let said: Vec<(usize, f64)> = st.by_hand.means().into_iter().map(|(t, m)| (t + st.lag, m)).collect();
        Some(Cow::Owned(f.path.with_means(&said)))
    }

    /// Why its order is advised, with what was changed of its forecast by hand; `None` where nothing is advised.
    pub fn reason(&self) -> Option<String> {
        let advised = &self.stock.advice.as_ref()?.reason;
        let by_hand = self.stocked.by_hand.phrase();
        Some(if by_hand.is_empty() { advised.clone() } else { format!("{}; {by_hand}.", advised.trim_end_matches('.')) })
    }
}

/// The stock decisions of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockResult {
    /// The policy simulated.
    #[serde(with = "super::remember::policy")]
    pub policy: Policy,
    /// Whether a service target was met.
    pub met: bool,
    /// Cost against the order-up-to level; empty where the policy was given (a page about [one item](super::Engine::one) has it all the same).
    pub curve: Vec<CurvePoint>,
    /// The best point of the curve: the policy itself, unless that was given.
    pub best: Option<CurvePoint>,
    /// The rule followed now on the same scale, where it is known: levels that the plan or an adjustment fixes. Only about one item.
    pub present: Option<CurvePoint>,
    /// The policy's run from today's stock, today's order included.
    pub outcome: inventory::Outcome,
    /// What to order now; absent for a demand distribution.
    pub advice: Option<Advice>,
    /// Stock on hand at the start, units, given or assumed.
    pub on_hand: f64,
    /// What disruptions do to it, paired with the same run without them; absent where nothing is disturbed.
    pub impact: Option<Impact>,
}

/// Sums over all series; ratios are weighted by demand. Half-widths of sums take the series' streams as independent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Totals {
    /// Stockout + overstock + ordering + freight + carbon.
    pub total_cost: Measure,
    /// Lost margin or penalties, and expediting.
    pub stockout_cost: Measure,
    /// What emergency orders cost above list cost; part of the stockout cost.
    pub expediting_cost: Measure,
    /// Holding + write-off + markdown.
    pub overstock_cost: Measure,
    /// Capital and storage.
    pub holding_cost: Measure,
    /// Discarded units at cost.
    pub write_off_cost: Measure,
    /// What closing stock loses of its cost.
    pub markdown_cost: Measure,
    /// What price breaks took off the list cost of purchases; the total is less by it.
    pub price_break_savings: Measure,
    /// Fixed cost of orders.
    pub ordering_cost: Measure,
    /// Trips.
    pub freight_cost: Measure,
    /// kg CO2e at the carbon price.
    pub carbon_cost: Measure,
    /// Purchases at list cost, apart from the total.
    pub purchases: Measure,
    /// Demand served at once over demand.
    pub fill_rate: Measure,
    /// Mean over series of the share of cycles without a stockout, weighted by demand.
    pub cycle_service: Measure,
    /// Units demanded.
    pub demand: Measure,
    /// Units lost.
    pub units_lost: Measure,
    /// Units thrown away.
    pub units_discarded: Measure,
    /// Mean stock at cost, money.
    pub stock_value: Measure,
    /// Order lines placed.
    pub orders: Measure,
}

/// Shipments, trips and what they emit, over the replications whose trips were built.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Freight {
    /// The consolidation rule in words.
    pub rule: String,
    /// Replications whose trips were built.
    pub built: usize,
    /// Per horizon.
    pub measures: FreightMeasures,
    /// Some of them by built replication, under their keys, for paired comparisons.
    #[serde(with = "super::remember::named")]
    pub by_replication: Vec<(&'static str, Vec<f64>)>,
    /// The fleet.
    pub fleet: Vec<Vehicle>,
    /// The hired carriers.
    pub carriers: Vec<Arc<str>>,
    /// The trips of the first replication, as an example.
    pub example: Vec<Trip>,
    /// What hired carriers take in it.
    pub example_hired: Vec<Consignment>,
    /// Coordinates of the places on those trips: name, latitude, longitude.
    pub places: Vec<(Arc<str>, f64, f64)>,
    /// Emissions of the mean replication, by stage, with the factors used.
    pub footprint: Footprint,
    /// The same by series and month: mean over the built replications, only what is not nothing, by series and month.
    pub footprint_lines: Vec<FootprintLine>,
    /// kg CO2e of each trip of `example`, in its order.
    pub example_kg_co2e: Vec<f64>,
    /// The shipments that the stops of `example` name by index.
    pub example_shipments: Vec<Shipment>,
    /// Shares of shipments that the dispatch rule held back by 0, 1, 2 … periods.
    pub held: Vec<f64>,
}

/// Greenhouse gas, freight and waste of one series in one month, mean over the built replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FootprintLine {
    /// Index into the outcome's series.
    pub series: usize,
    /// The first day of the month; for a demand distribution, which has no dates, of the first month of its calendar.
    pub month: Stamp,
    /// kg CO2e of trips: the trip's share by direct t·km of the shipment, the shipment's by kg of the series.
    pub transport_kg: f64,
    /// kg CO2e of keeping stock.
    pub storage_kg: f64,
    /// kg CO2e of throwing units away.
    pub waste_kg: f64,
    /// Units thrown away.
    pub waste_units: f64,
    /// Money for trips, shared as transport is.
    pub freight_cost: f64,
}

/// Greenhouse gas over the horizon by stage, mean over the built replications.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Footprint {
    /// Trips.
    pub transport: Emission,
    /// Keeping stock.
    pub storage: Emission,
    /// Throwing units away.
    pub waste: Emission,
}

/// Freight over the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct FreightMeasures {
    /// Trips.
    pub trips: Measure,
    /// Kilometres driven.
    pub distance_km: Measure,
    /// Money, hired carriers included.
    pub freight_cost: Measure,
    /// Money for hired carriers.
    pub hired_cost: Measure,
    /// What hired carriers take: all that one place gets at once is one.
    pub consignments: Measure,
    /// Kilograms carried on own trips.
    pub weight_kg: Measure,
    /// Load factor at its fullest, mean over trips.
    pub load_factor: Measure,
    /// Days that shipments were held.
    pub delay_days: Measure,
    /// Stops per trip.
    pub stops_per_trip: Measure,
    /// kg CO2e (well to wheel) of all trips.
    pub transport_kg_co2e: Measure,
    /// kg CO2e of storage.
    pub storage_kg_co2e: Measure,
    /// kg CO2e of discarded units.
    pub waste_kg_co2e: Measure,
    /// kg CO2e of everything.
    pub emissions_kg_co2e: Measure,
}

impl Totals {
    /// From each series' measures; `totals` are the total costs by replication over all series.
    pub fn of(series: &[SeriesOutcome], totals: &[f64], replications: usize) -> Self {
        let all: Vec<&Measures> = series.iter().map(|s| &s.stock.outcome.measures).collect();
        let sum = |f: &dyn Fn(&Measures) -> Measure| sum_measures(all.iter().map(|m| f(m)), replications);
        let demand = sum(&|m| m.demand);
        let weighted = |f: &dyn Fn(&Measures) -> Measure| {
            let total = demand.mean;
            if total > 0.0 {
                sum_measures(all.iter().map(|m| f(m).scaled(m.demand.mean / total)), replications)
            } else {
                Measure::exact(1.0)
            }
        };
        let clip = |m: Measure| Measure { p10: m.p10.clamp(0.0, 1.0), p90: m.p90.clamp(0.0, 1.0), ..m };
        Self {
            total_cost: Measure::from_values(totals),
            stockout_cost: sum(&|m| m.stockout_cost),
            expediting_cost: sum(&|m| m.expediting_cost),
            overstock_cost: sum(&|m| m.overstock_cost),
            holding_cost: sum(&|m| m.holding_cost),
            write_off_cost: sum(&|m| m.write_off_cost),
            markdown_cost: sum(&|m| m.markdown_cost),
            price_break_savings: sum(&|m| m.price_break_savings),
            ordering_cost: sum(&|m| m.ordering_cost),
            freight_cost: Measure::default(),
            carbon_cost: Measure::default(),
            purchases: sum(&|m| m.purchases),
            fill_rate: clip(weighted(&|m| m.fill_rate)),
            cycle_service: clip(weighted(&|m| m.cycle_service)),
            demand,
            units_lost: sum(&|m| m.units_lost),
            units_discarded: sum(&|m| m.units_discarded),
            stock_value: sum_measures(
                series.iter().map(|s| s.stock.outcome.measures.average_on_hand.scaled(s.stocked.costs.unit)),
                replications,
            ),
            orders: sum(&|m| m.orders),
        }
    }

    /// Adds freight and carbon, independent of the rest as far as their error goes.
    pub fn add_freight(&mut self, freight: &FreightMeasures, carbon_price_per_tonne: f64) {
        self.freight_cost = freight.freight_cost;
        self.carbon_cost = freight.emissions_kg_co2e.scaled(carbon_price_per_tonne / 1000.0);
        for part in [self.freight_cost, self.carbon_cost] {
            let t = &mut self.total_cost;
            let spread = |low: f64, high: f64| (high - low) / 2.0;
            let half_spread = spread(t.p10, t.p90).hypot(spread(part.p10, part.p90));
            let middle = (t.p10 + t.p90) / 2.0 + (part.p10 + part.p90) / 2.0;
            *t = Measure {
                mean: t.mean + part.mean,
                half_width: t.half_width.hypot(part.half_width),
                p10: middle - half_spread,
                p90: middle + half_spread,
            };
        }
    }
}

/// The sum of independent measures: means add, half-widths add in squares; a single one stays as it is, more get normal
/// quantiles from the standard deviation that the half-width implies.
fn sum_measures(parts: impl Iterator<Item = Measure>, replications: usize) -> Measure {
    let (mut mean, mut square, mut n, mut only) = (0.0, 0.0, 0usize, Measure::default());
    for m in parts {
        mean += m.mean;
        square += m.half_width * m.half_width;
        only = m;
        n += 1;
    }
    if n == 1 {
        return only;
    }
    let half_width = square.sqrt();
    let sd = if replications > 1 {
        half_width / crate::base::measure::student_975(replications - 1) * (replications as f64).sqrt()
    } else {
        0.0
    };
    // 1.2816 is the 90 % quantile of the standard normal
    Measure { mean, half_width, p10: mean - 1.281_551_565_5 * sd, p90: mean + 1.281_551_565_5 * sd }
}
