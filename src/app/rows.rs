//! One line an item at a location: what lists, tiles and orders show, made off the interface thread.

use crate::base::{Calendar, Stamp};
use crate::forecast::Fitted;
use crate::history::History;
use crate::inventory::Policy;
use crate::scenario::SeriesOutcome;
use crate::scenario::resolve::Assumed;
use std::sync::Arc;

/// How an item stands, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Nothing on hand while people want it.
    OutOfStock,
    /// What is there and on its way runs out before an order placed now would arrive.
    RunsOut,
    /// Time to order.
    Order,
    /// More than the policy would ever order up to, by half.
    Overstocked,
    /// Enough.
    Enough,
    /// Nobody is expected to want it.
    NoDemand,
}

impl Status {
    /// All, the most urgent first.
    pub const ALL: [Self; 6] = [Self::OutOfStock, Self::RunsOut, Self::Order, Self::Overstocked, Self::Enough, Self::NoDemand];

    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OutOfStock => "Out of stock",
            Self::RunsOut => "Runs out soon",
            Self::Order => "Order now",
            Self::Overstocked => "Overstocked",
            Self::Enough => "Enough",
            Self::NoDemand => "No demand",
        }
    }
}

/// What a list shows of one series.
#[derive(Debug, Clone)]
pub struct Row {
    /// Position in the outcome's series, and in the list of rows.
    pub index: usize,
    /// Position in the history's series.
    pub series: usize,
    /// Name of the series.
    pub unique_id: Arc<str>,
    /// Item.
    pub item: Arc<str>,
    /// Location.
    pub location: Arc<str>,
    /// Name for people: the description, else the item.
    pub name: Arc<str>,
    /// Supplier.
    pub supplier: Arc<str>,
    /// Category, empty where none is known.
    pub category: Arc<str>,
    /// Lower-case text that a search looks through.
    pub haystack: String,
    /// How it stands.
    pub status: Status,
    /// Sales of the last periods, oldest first, units.
    pub spark: Vec<f32>,
    /// Units on hand.
    pub on_hand: f64,
    /// Units on their way.
    pub on_order: f64,
    /// Expected demand per period over the horizon, units.
    pub demand: f64,
    /// Periods until stock and what is on its way run out; `None`: beyond the horizon.
    pub runs_out: Option<f64>,
    /// The day of that.
    pub runs_out_date: Option<Stamp>,
    /// The last day to order so that it arrives before that.
    pub order_by: Option<Stamp>,
    /// Units to order now.
    pub quantity: f64,
    /// Their value at cost.
    pub value: f64,
    /// Expected stockout cost of waiting one review, money.
    pub at_stake: f64,
    /// Stockout cost over the horizon, money.
    pub stockout_cost: f64,
    /// Overstock cost over the horizon, money.
    pub overstock_cost: f64,
    /// Total cost over the horizon, money.
    pub total_cost: f64,
    /// Units above the level that the policy orders up to now; 0 where there are none.
    pub excess: f64,
    /// Stock on hand at cost, money.
    pub stock_value: f64,
    /// Share of demand served at once.
    pub fill_rate: f64,
    /// Share of cycles without a stockout.
    pub cycle_service: f64,
    /// Mean lead time, periods.
    pub lead_time: f64,
    /// The policy's name.
    pub policy: &'static str,
    /// Money rests on an assumed cost or price.
    pub money_assumed: bool,
    /// Stock is assumed.
    pub stock_assumed: bool,
    /// An error measure of the forecast: weighted absolute percentage error on held-out windows.
    pub wape: Option<f64>,
    /// The forecast's model.
    pub model: Arc<str>,
}

/// Periods that a sparkline shows at most.
const SPARK: usize = 52;

impl Row {
    /// From what was found for one series. `now` starts at the first simulated period.
    pub fn of(index: usize, s: &SeriesOutcome, history: Option<&History>, now: Option<&Calendar>, periods: usize) -> Self {
        let st = &s.stocked;
        let m = &s.stock.outcome.measures;
        let a = s.stock.advice.as_ref();
        let series = history.and_then(|h| h.series.get(st.series));
        let spark = series.map_or_else(Vec::new, |x| {
            x.y.get(x.y.len().saturating_sub(SPARK)..)
                .unwrap_or_default()
                .iter()
                .map(|v| if v.is_finite() { *v as f32 } else { 0.0 })
                .collect()
        });
        let lead_time = st.lead_time.mean();
        let on_order: f64 = st.on_order.iter().map(|o| o.units).sum();
        let demand = m.demand.mean / periods.max(1) as f64;
        let runs_out = a.and_then(|a| a.runs_out);
        let date = |p: f64| now.map(|c| crate::report::tables::at_fraction(c, p));
        let quantity = a.map_or(0.0, |a| a.quantity);
        let on_hand = s.stock.on_hand;
        let ceiling = a.map(|a| a.reorder_point + span(&s.stock.policy, demand));
        let excess = ceiling.map_or(0.0, |c| (on_hand + on_order - c).max(0.0));
        // stock that nobody counted is no finding: it neither is out nor lies there too much
        let counted = !st.assumed.contains(&Assumed::Stock);
        let status = match ceiling {
            _ if demand <= 1e-9 => Status::NoDemand,
            _ if counted && on_hand <= 0.0 => Status::OutOfStock,
            _ if counted && runs_out.is_some_and(|p| p < lead_time) => Status::RunsOut,
            _ if quantity > 0.0 => Status::Order,
            Some(c) if counted && on_hand + on_order > 1.5 * c && excess >= 1.0 => Status::Overstocked,
            _ => Status::Enough,
        };
        let name = st.description.clone().unwrap_or_else(|| st.item.clone());
        let category: Arc<str> = st.category.clone().unwrap_or_else(|| "".into());
        Self {
            index,
            series: st.series,
            unique_id: st.unique_id.clone(),
            item: st.item.clone(),
            location: st.location.clone(),
            haystack: format!("{} {} {} {} {} {}", st.unique_id, st.item, st.location, name, st.supplier, category).to_lowercase(),
            name,
            supplier: st.supplier.clone(),
            category,
            status,
            spark,
            on_hand,
            on_order,
            demand,
            runs_out,
            runs_out_date: runs_out.and_then(date),
            order_by: runs_out.and_then(|p| date((p - lead_time).max(0.0))),
            quantity,
            value: quantity * st.costs.unit,
            at_stake: a.map_or(0.0, |a| a.cost_of_waiting.mean),
            stockout_cost: m.stockout_cost.mean,
            overstock_cost: m.overstock_cost.mean,
            total_cost: m.total_cost.mean,
            excess,
            stock_value: on_hand.max(0.0) * st.costs.unit,
            fill_rate: m.fill_rate.mean,
            cycle_service: m.cycle_service.mean,
            lead_time,
            policy: s.stock.policy.name(),
            money_assumed: st.assumed.contains(&Assumed::Cost) || st.assumed.contains(&Assumed::Shortage),
            stock_assumed: st.assumed.contains(&Assumed::Stock),
            wape: s.forecast.as_ref().and_then(|f| f.accuracy.wape),
            model: s.forecast.as_ref().map_or_else(|| "".into(), |f: &Arc<Fitted>| f.model.as_str().into()),
        }
    }
}

/// What a policy orders above its reorder point, units; `demand` is the expected demand per period.
fn span(policy: &Policy, demand: f64) -> f64 {
    match *policy {
        Policy::SS { s, up_to } => (up_to - s).max(0.0),
        Policy::SQ { q, .. } | Policy::SNQ { q, .. } => q,
        Policy::BaseStock { .. } | Policy::Schedule => 0.0,
        Policy::Cover { reorder, up_to } => (up_to - reorder).max(0.0) * demand,
        Policy::Adaptive { batch, .. } => batch,
    }
}
