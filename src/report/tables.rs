//! An outcome as tables: orders, measures by series, cost curves, trips, footprint, forecasts, replay.

use super::table::{Column, Table};
use crate::base::{Calendar, Stamp};
use crate::history::History;
use crate::inventory::{Advice, Policy, RuleResult};
use crate::logistics::Goods;
use crate::scenario::Comparison;
use crate::scenario::outcome::{Freight, Outcome, SeriesOutcome};
use crate::scenario::replay::ReplayOutcome;
use crate::scenario::resolve::Assumed;

/// A line to order now.
pub struct OrderLine<'a> {
    /// The series.
    pub series: &'a SeriesOutcome,
    /// The advice behind it.
    pub advice: &'a Advice,
    /// When to order.
    pub order_date: Stamp,
    /// When it is expected.
    pub arrives: Stamp,
    /// Median date on which stock and open orders run out.
    pub runs_out: Option<Stamp>,
    /// Units × cost.
    pub value: f64,
}

/// What to order now, what it costs not to act first.
pub fn order_lines(outcome: &Outcome) -> Vec<OrderLine<'_>> {
    let Some(now) = outcome.now else { return Vec::new() };
    let calendar = Calendar::new(outcome.period, now);
    let mut lines: Vec<OrderLine<'_>> = outcome
        .series
        .iter()
        .filter_map(|s| s.stock.advice.as_ref().filter(|a| a.quantity > 0.0).map(|a| (s, a)))
        .map(|(series, advice)| OrderLine {
            series,
            advice,
            order_date: now,
            arrives: calendar.at(advice.arrives as i64),
            runs_out: advice.runs_out.map(|t| at_fraction(&calendar, t)),
            value: advice.quantity * series.stocked.costs.unit,
        })
        .collect();
    lines.sort_by(|a, b| {
        b.advice
            .cost_of_waiting
            .mean
            .total_cmp(&a.advice.cost_of_waiting.mean)
            .then_with(|| a.series.stocked.unique_id.cmp(&b.series.stocked.unique_id))
    });
    lines
}

/// The moment `t` periods from the calendar's start, to the day.
pub fn at_fraction(calendar: &Calendar, t: f64) -> Stamp {
    let whole = t.floor();
    let (from, to) = (calendar.at(whole as i64), calendar.at(whole as i64 + 1));
    let moment = Stamp(from.0 + ((to.0 - from.0) as f64 * (t - whole)) as i64);
    if outcome_is_hourly(calendar) { moment } else { Stamp::of_day(moment.day()) }
}

fn outcome_is_hourly(calendar: &Calendar) -> bool {
    calendar.period == crate::base::Period::Hour
}

/// The contract's order list: `unique_id, item, location, supplier, order_date, arrives, order_quantity, value, reason`, and what helps to judge it.
pub fn orders(outcome: &Outcome) -> Table {
    let lines = order_lines(outcome);
    let assumed =
        |l: &OrderLine<'_>| l.series.stocked.assumed.contains(&Assumed::Cost) || l.series.stocked.assumed.contains(&Assumed::Shortage);
    Table::new(vec![
        Column::text("unique_id", lines.iter().map(|l| l.series.stocked.unique_id.to_string())),
        Column::text("item", lines.iter().map(|l| l.series.stocked.item.to_string())),
        Column::text_opt("description", lines.iter().map(|l| l.series.stocked.description.as_ref().map(ToString::to_string))),
        Column::text("location", lines.iter().map(|l| l.series.stocked.location.to_string())),
        Column::text("supplier", lines.iter().map(|l| l.series.stocked.supplier.to_string())),
        Column::date("order_date", lines.iter().map(|l| l.order_date)),
        Column::date("arrives", lines.iter().map(|l| l.arrives)),
        Column::exact("on_hand", lines.iter().map(|l| l.series.stock.on_hand)),
        Column::exact("on_order", lines.iter().map(|l| l.series.stocked.on_order.iter().map(|o| o.units).sum::<f64>())),
        Column::date_opt("runs_out", lines.iter().map(|l| l.runs_out)),
        Column::exact("order_quantity", lines.iter().map(|l| l.advice.quantity)),
        Column::number("value", 2, lines.iter().map(|l| l.value)).assumed(lines.iter().map(assumed)),
        Column::number("cost_of_waiting", 2, lines.iter().map(|l| l.advice.cost_of_waiting.mean))
            .label("cost of waiting")
            .assumed(lines.iter().map(assumed)),
        Column::number("cost_of_waiting_half_width", 2, lines.iter().map(|l| l.advice.cost_of_waiting.half_width))
            .label("± simulation error")
            .assumed(lines.iter().map(assumed)),
        Column::text("reason", lines.iter().map(|l| l.series.reason().unwrap_or_default())),
    ])
}

/// Reorder point and order-up-to level or quantity of a policy, as far as it has fixed ones.
pub fn levels(policy: &Policy) -> (Option<f64>, Option<f64>, Option<f64>) {
    match *policy {
        Policy::SS { s, up_to } => (Some(s), Some(up_to), None),
        Policy::SQ { s, q } | Policy::SNQ { s, q } => (Some(s), None, Some(q)),
        Policy::BaseStock { up_to } => (None, Some(up_to), None),
        Policy::Cover { .. } | Policy::Schedule => (None, None, None),
        Policy::Adaptive { batch, .. } => (None, None, Some(batch)),
    }
}

/// `± stockout cost` for the eye, where a column is the half-width of the one before it.
fn plain(c: Column) -> Column {
    match c.name.strip_suffix("_half_width") {
        Some(of) => {
            let label = format!("± {}", of.replace('_', " "));
            c.label(label)
        }
        None => c,
    }
}

/// One row a series: policy, costs, service and stock, each mean with its half-width.
pub fn measures(outcome: &Outcome) -> Table {
    let all = &outcome.series;
    let m = |f: fn(&crate::inventory::Measures) -> f64| all.iter().map(move |s| f(&s.stock.outcome.measures)).collect::<Vec<f64>>();
    let unknown = |a: &[Assumed]| all.iter().map(|s| a.iter().any(|x| s.stocked.assumed.contains(x))).collect::<Vec<bool>>();
    let money = unknown(&[Assumed::Cost, Assumed::Shortage]);
    let nan = |x: Option<f64>| x.unwrap_or(f64::NAN);
    let mut table = Table::new(vec![
        Column::text("unique_id", all.iter().map(|s| s.stocked.unique_id.to_string())),
        Column::text("item", all.iter().map(|s| s.stocked.item.to_string())),
        Column::text_opt("description", all.iter().map(|s| s.stocked.description.as_ref().map(ToString::to_string))),
        Column::text("location", all.iter().map(|s| s.stocked.location.to_string())),
        Column::text("supplier", all.iter().map(|s| s.stocked.supplier.to_string())),
        Column::text("policy", all.iter().map(|s| s.stock.policy.name())),
        Column::exact(
            "reorder_point",
            all.iter().map(|s| nan(s.stock.advice.as_ref().map(|a| a.reorder_point).or(levels(&s.stock.policy).0))),
        ),
        Column::exact("order_up_to", all.iter().map(|s| nan(levels(&s.stock.policy).1))),
        Column::exact("batch", all.iter().map(|s| nan(levels(&s.stock.policy).2))),
        Column::exact("on_hand", all.iter().map(|s| s.stock.on_hand)).assumed(unknown(&[Assumed::Stock])),
        Column::number("demand", 1, m(|m| m.demand.mean)),
        plain(Column::number("demand_half_width", 1, m(|m| m.demand.half_width))),
    ]);
    for (name, value) in [
        ("total_cost", m(|m| m.total_cost.mean)),
        ("total_cost_half_width", m(|m| m.total_cost.half_width)),
        ("total_cost_p10", m(|m| m.total_cost.p10)),
        ("total_cost_p90", m(|m| m.total_cost.p90)),
        ("stockout_cost", m(|m| m.stockout_cost.mean)),
        ("stockout_cost_half_width", m(|m| m.stockout_cost.half_width)),
        ("overstock_cost", m(|m| m.overstock_cost.mean)),
        ("overstock_cost_half_width", m(|m| m.overstock_cost.half_width)),
        ("holding_cost", m(|m| m.holding_cost.mean)),
        ("holding_cost_half_width", m(|m| m.holding_cost.half_width)),
        ("write_off_cost", m(|m| m.write_off_cost.mean)),
        ("write_off_cost_half_width", m(|m| m.write_off_cost.half_width)),
        ("ordering_cost", m(|m| m.ordering_cost.mean)),
        ("ordering_cost_half_width", m(|m| m.ordering_cost.half_width)),
        ("purchases", m(|m| m.purchases.mean)),
        ("purchases_half_width", m(|m| m.purchases.half_width)),
        ("expediting_cost", m(|m| m.expediting_cost.mean)),
        ("expediting_cost_half_width", m(|m| m.expediting_cost.half_width)),
    ]
    .into_iter()
    .filter(|(name, value)| !name.starts_with("expediting_cost") || value.iter().any(|v| *v != 0.0))
    {
        table.push(plain(Column::number(name, 2, value)).assumed(money.clone()));
    }
    for (name, decimals, value) in [
        ("fill_rate", 4, m(|m| m.fill_rate.mean)),
        ("fill_rate_half_width", 4, m(|m| m.fill_rate.half_width)),
        ("cycle_service", 4, m(|m| m.cycle_service.mean)),
        ("cycle_service_half_width", 4, m(|m| m.cycle_service.half_width)),
        ("stockout_periods", 2, m(|m| m.stockout_periods.mean)),
        ("stockout_periods_half_width", 2, m(|m| m.stockout_periods.half_width)),
        ("units_lost", 2, m(|m| m.units_lost.mean)),
        ("units_lost_half_width", 2, m(|m| m.units_lost.half_width)),
        ("units_discarded", 2, m(|m| m.units_discarded.mean)),
        ("units_discarded_half_width", 2, m(|m| m.units_discarded.half_width)),
        ("average_on_hand", 2, m(|m| m.average_on_hand.mean)),
        ("average_on_hand_half_width", 2, m(|m| m.average_on_hand.half_width)),
        ("turns", 2, m(|m| m.turns.mean)),
        ("turns_half_width", 2, m(|m| m.turns.half_width)),
        ("periods_of_cover", 2, m(|m| m.periods_of_cover.mean)),
        ("periods_of_cover_half_width", 2, m(|m| m.periods_of_cover.half_width)),
        ("orders", 2, m(|m| m.orders.mean)),
        ("orders_half_width", 2, m(|m| m.orders.half_width)),
    ] {
        table.push(plain(Column::number(name, decimals, value)));
    }
    table.push(Column::text("lead_time_source", all.iter().map(|s| s.stocked.lead_time_source.clone())));
    table.push(Column::text(
        "assumed",
        all.iter().map(|s| {
            s.stocked
                .assumed
                .iter()
                .filter_map(|a| serde_json::to_value(a).ok().and_then(|v| v.as_str().map(str::to_owned)))
                .collect::<Vec<_>>()
                .join(" ")
        }),
    ));
    table
}

/// Cost against level, one row a series and candidate.
pub fn curves(outcome: &Outcome) -> Table {
    let rows = || outcome.series.iter().flat_map(|s| s.stock.curve.iter().map(move |c| (s, c)));
    Table::new(vec![
        Column::text("unique_id", rows().map(|(s, _)| s.stocked.unique_id.to_string())),
        Column::exact("reorder_point", rows().map(|(_, c)| c.s)),
        Column::exact("order_up_to", rows().map(|(_, c)| c.up_to)),
        Column::number("total_cost", 2, rows().map(|(_, c)| c.total_cost.mean)),
        Column::number("total_cost_half_width", 2, rows().map(|(_, c)| c.total_cost.half_width)),
        Column::number("stockout_cost", 2, rows().map(|(_, c)| c.stockout_cost)),
        Column::number("overstock_cost", 2, rows().map(|(_, c)| c.overstock_cost)),
        Column::number("ordering_cost", 2, rows().map(|(_, c)| c.ordering_cost)),
        Column::number("fill_rate", 4, rows().map(|(_, c)| c.fill_rate)),
        Column::number("cycle_service", 4, rows().map(|(_, c)| c.cycle_service)),
    ])
}

/// The trips of the example replication.
pub fn trips(freight: &Freight) -> Table {
    let t = &freight.example;
    let mut columns = vec![
        Column::integer("trip", 1..=t.len() as i64),
        Column::date("date", t.iter().map(|t| Stamp::of_day(t.day))),
        Column::text("vehicle", t.iter().map(|t| freight.fleet.get(t.vehicle).map_or(String::new(), |v| v.name.to_string()))),
        Column::text("from", t.iter().map(|t| t.depot.to_string())),
        Column::text("stops", t.iter().map(|t| t.stops.iter().map(|s| s.location.to_string()).collect::<Vec<_>>().join(" → "))),
        Column::number("distance_km", 1, t.iter().map(|t| t.km)),
        Column::number("hours", 2, t.iter().map(|t| t.hours)),
        Column::number("weight_kg", 1, t.iter().map(|t| t.kg)),
        Column::number("volume_m3", 3, t.iter().map(|t| t.m3)),
        Column::number("load_factor", 3, t.iter().map(|t| t.load_factor)),
        Column::number("cost", 2, t.iter().map(crate::logistics::trips::Trip::cost)),
    ];
    if t.iter().any(|t| t.collected != Goods::default()) {
        columns.push(Column::number("collected_kg", 1, t.iter().map(|t| t.collected.kg)));
        columns.push(Column::number("collected_m3", 3, t.iter().map(|t| t.collected.m3)));
    }
    Table::new(columns)
}

/// Greenhouse gas, freight and waste, one row a series and month: means over the simulated futures whose trips were built.
pub fn footprint(outcome: &Outcome, freight: &Freight) -> Table {
    let lines = || freight.footprint_lines.iter().filter_map(|l| outcome.series.get(l.series).map(|s| (&s.stocked, l)));
    Table::new(vec![
        Column::text("unique_id", lines().map(|(s, _)| s.unique_id.to_string())),
        Column::text("item", lines().map(|(s, _)| s.item.to_string())),
        Column::text("location", lines().map(|(s, _)| s.location.to_string())),
        Column::date("month", lines().map(|(_, l)| l.month)),
        Column::number("transport_kg_co2e", 3, lines().map(|(_, l)| l.transport_kg)).label("trips, kg CO2e"),
        Column::number("storage_kg_co2e", 3, lines().map(|(_, l)| l.storage_kg)).label("storage, kg CO2e"),
        Column::number("waste_kg_co2e", 3, lines().map(|(_, l)| l.waste_kg)).label("waste, kg CO2e"),
        Column::number("units_discarded", 2, lines().map(|(_, l)| l.waste_units)),
        Column::number("freight_cost", 2, lines().map(|(_, l)| l.freight_cost)),
    ])
}

/// The forecasts in the contract's layout (DESIGN §4): `unique_id, item, location, ds, mean, median, lo-80, hi-80, …, model`, as far ahead as the
/// outcome's plan. Changes by hand are in it; what an adjustment does to demand is in the simulation, not here.
pub fn forecasts(outcome: &Outcome, history: &History, levels: &[f64]) -> Table {
    let horizon = outcome.plan.periods;
    let fits: Vec<_> = outcome
        .series
        .iter()
        .filter_map(|s| {
            let (fit, series) = (s.forecast.as_deref()?, history.series.get(s.stocked.series)?);
            Some((s, fit, s.expected()?, Calendar::new(history.period, series.start), series.y.len()))
        })
        .collect();
    let rows = || fits.iter().flat_map(|(s, f, path, c, n)| (0..f.mean.len().min(horizon)).map(move |t| (s, f, (path, c, n), t)));
    let mut table = Table::new(vec![
        Column::text("unique_id", rows().map(|r| r.0.stocked.unique_id.to_string())),
        Column::text("item", rows().map(|r| r.0.stocked.item.to_string())),
        Column::text("location", rows().map(|r| r.0.stocked.location.to_string())),
        Column::date("ds", rows().map(|(_, _, (_, c, n), t)| c.at((n + t) as i64))),
        Column::number("mean", 4, rows().map(|(_, _, (path, ..), t)| path.mean(t))),
        Column::number("median", 4, rows().map(|(_, _, (path, ..), t)| path.quantile(t, 0.5))),
    ]);
    for level in levels {
        let tail = (1.0 - level / 100.0) / 2.0;
        table.push(Column::number(format!("lo-{level}"), 4, rows().map(|(_, _, (path, ..), t)| path.quantile(t, tail))));
        table.push(Column::number(format!("hi-{level}"), 4, rows().map(|(_, _, (path, ..), t)| path.quantile(t, 1.0 - tail))));
    }
    table.push(Column::text("model", rows().map(|r| r.1.model.clone())));
    table
}

/// One row a series: what each rule would have cost.
pub fn replay(r: &ReplayOutcome) -> Table {
    let names = ["stockcast", "keep_cover", "seasonal_naive"];
    let mut table = Table::new(vec![
        Column::text("unique_id", r.items.iter().map(|i| i.unique_id.clone())),
        Column::text("item", r.stocked.iter().map(|s| s.item.to_string())),
        Column::text("location", r.stocked.iter().map(|s| s.location.to_string())),
    ]);
    for (k, name) in names.into_iter().enumerate() {
        let of = |f: fn(&RuleResult) -> f64| r.items.iter().map(move |i| f(&i.rules[k])).collect::<Vec<_>>();
        table.push(Column::number(format!("{name}_total_cost"), 2, of(|x| x.total_cost)));
        table.push(Column::number(format!("{name}_stockout_cost"), 2, of(|x| x.stockout_cost)));
        table.push(Column::number(format!("{name}_overstock_cost"), 2, of(|x| x.overstock_cost)));
        table.push(Column::number(format!("{name}_fill_rate"), 4, of(RuleResult::fill_rate)));
    }
    // where nothing was cut off by an empty shelf these would only repeat
    if r.result.censored_periods > 0 {
        table.push(Column::exact("censored_periods", r.items.iter().map(|i| i.censored as f64)));
        for (k, name) in names.into_iter().enumerate() {
            let of = |f: fn(&RuleResult) -> f64| r.items.iter().map(move |i| f(&i.uncensored[k])).collect::<Vec<_>>();
            table.push(Column::number(format!("{name}_total_cost_without_censored"), 2, of(|x| x.total_cost)));
            table.push(Column::number(format!("{name}_fill_rate_without_censored"), 4, of(RuleResult::fill_rate)));
        }
    }
    table
}

/// The differences of a comparison by series.
pub fn differences(c: &Comparison) -> Table {
    Table::new(vec![
        Column::text("unique_id", c.series.iter().map(|s| s.unique_id.clone())),
        Column::number("a_total_cost", 2, c.series.iter().map(|s| s.a_total_cost)),
        Column::number("b_total_cost", 2, c.series.iter().map(|s| s.b_total_cost)),
        Column::number("difference", 2, c.series.iter().map(|s| s.difference.mean)),
        Column::number("difference_half_width", 2, c.series.iter().map(|s| s.difference.half_width)),
    ])
}
