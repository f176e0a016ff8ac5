//! An outcome as JSON, in the contract's keys: units in the key, every simulated measure with its half-width and spread.

use super::tables::{self, levels};
use crate::base::{Measure, random};
use crate::inventory::group::Together;
use crate::inventory::{Impact, Interval, RuleResult};
use crate::scenario::joint::JointGroup;
use crate::scenario::outcome::{Outcome, SeriesOutcome};
use crate::scenario::replay::ReplayOutcome;
use serde_json::{Map, Value, json};

/// The whole outcome of `simulate` and `optimize`.
pub fn outcome(o: &Outcome, curves: bool) -> Value {
    let mut root = head(o);
    let periods = o.plan.periods.max(1) as f64;
    let mut totals = measures(&o.totals);
    for key in ["total_cost", "stockout_cost", "overstock_cost", "holding_cost", "ordering_cost", "freight_cost", "carbon_cost"] {
        add_per_period(&mut totals, key, periods);
    }
    root.extend(totals);
    if let Some(f) = &o.freight {
        root.extend(measures(&f.measures).into_iter().filter(|(k, _)| k != "freight_cost"));
        root.insert("consolidation".into(), json!(f.rule));
        root.insert("built_replications".into(), json!(f.built));
        let stages = [("transport", &f.footprint.transport), ("storage", &f.footprint.storage), ("waste", &f.footprint.waste)];
        let sources: std::collections::BTreeSet<&str> = stages.iter().flat_map(|(_, e)| e.factors.iter().map(|s| &**s)).collect();
        root.insert("emission_factors".into(), json!(sources));
    }
    if let Some(i) = o.impact() {
        root.insert("disruption".into(), impact(&i));
    }
    if !o.joint.is_empty() {
        root.insert("joint".into(), o.joint.iter().map(|g| joint(g, o)).collect());
    }
    if let Some(c) = &o.chain {
        root.insert("chain".into(), json!(c));
    }
    if !o.classical.is_empty() {
        root.insert("classical".into(), json!(o.classical));
    }
    root.insert("series".into(), o.series.iter().map(|s| series(s, periods, curves)).collect());
    root.insert("diagnostics".into(), json!(o.diagnostics));
    Value::Object(root)
}

fn head(o: &Outcome) -> Map<String, Value> {
    let mut root = Map::new();
    root.insert("name".into(), json!(o.plan.name));
    root.insert("seed".into(), json!(o.plan.seed));
    root.insert("generator_version".into(), json!(random::VERSION));
    root.insert("replications".into(), json!(o.replications));
    root.insert("periods".into(), json!(o.plan.periods));
    root.insert("period".into(), json!(o.period));
    root.insert("now".into(), json!(o.now.map(|n| n.iso())));
    root
}

fn measures(m: &impl serde::Serialize) -> Map<String, Value> {
    match serde_json::to_value(m) {
        Ok(Value::Object(mut map)) => {
            // what nobody asked for is not told
            let quiet = ["price_break_savings", "expediting_cost", "units_expedited"];
            map.retain(|key, v| !quiet.contains(&key.as_str()) || v["mean"] != 0.0 || v["half_width"] != 0.0);
            map
        }
        _ => Map::new(),
    }
}

fn add_per_period(map: &mut Map<String, Value>, key: &str, periods: f64) {
    let measure = map.get(key).and_then(|v| serde_json::from_value::<Measure>(v.clone()).ok());
    if let Some(m) = measure {
        map.insert(format!("{key}_per_period"), json!(m.scaled(1.0 / periods)));
    }
}

/// What disruptions do, without the replications behind it.
fn impact(i: &Impact) -> Value {
    let mut map = measures(i);
    map.retain(|key, _| !matches!(key.as_str(), "extra_cost" | "extra_stockout"));
    Value::Object(map)
}

/// Items ordered together: the policy, what it costs and saves.
fn joint(g: &JointGroup, o: &Outcome) -> Value {
    let best = &g.optimum.best;
    let (kind, every, join) = match best.together {
        Together::Separate => ("separate", None, None),
        Together::CanOrder(share) => ("can_order", None, Some(share)),
        Together::Periodic(n) => ("periodic", Some(n), None),
    };
    let items: Vec<Value> = g
        .series
        .iter()
        .zip(g.levels())
        .zip(&best.policies)
        .enumerate()
        .filter_map(|(k, ((i, levels), policy))| {
            let s = o.series.get(*i)?;
            let (must, can, up_to) = levels.map_or((None, None, None), |(a, b, c)| (Some(a), Some(b), Some(c)));
            Some(json!({ "unique_id": &*s.stocked.unique_id, "s": must, "c": can, "S": up_to, "policy": policy, "every_nth_order": best.multiples.get(k) }))
        })
        .collect();
    json!({
        "supplier": &*g.supplier, "location": &*g.location, "order_cost": g.terms.shared, "minimum_value": g.terms.minimum_value,
        "full_containers": g.terms.container.is_some(), "kind": kind, "review_periods": every, "join_share": join,
        "total_cost": best.total_cost, "separate_total_cost": g.optimum.separate.total_cost, "saving": g.optimum.saving, "bound": g.optimum.bound,
        "orders": best.orders, "separate_orders": g.optimum.separate.orders, "lines": best.lines,
        "fill_rate": best.fill_rate, "separate_fill_rate": g.optimum.separate.fill_rate, "items": items,
    })
}

fn series(s: &SeriesOutcome, periods: f64, curves: bool) -> Value {
    let st = &s.stocked;
    let mut map = Map::new();
    map.insert("unique_id".into(), json!(&*st.unique_id));
    map.insert("item".into(), json!(&*st.item));
    map.insert("location".into(), json!(&*st.location));
    map.insert("supplier".into(), json!(&*st.supplier));
    map.insert("policy".into(), json!(s.stock.policy));
    map.insert("policy_name".into(), json!(s.stock.policy.name()));
    let (reorder, up_to, batch) = levels(&s.stock.policy);
    map.insert("s".into(), json!(reorder));
    map.insert("S".into(), json!(up_to));
    map.insert("Q".into(), json!(batch));
    map.insert("target_met".into(), json!(s.stock.met));
    map.insert("on_hand".into(), json!(s.stock.on_hand));
    map.insert("lead_time".into(), json!({ "mean": st.lead_time.mean(), "sd": st.lead_time.sd(), "source": st.lead_time_source }));
    map.insert("assumed".into(), json!(st.assumed));
    if let Some(f) = &s.forecast {
        map.insert("forecast".into(), json!({ "model": f.model, "explanation": f.explanation, "accuracy": f.accuracy }));
    }
    let mut all = measures(&s.stock.outcome.measures);
    for key in ["total_cost", "stockout_cost", "overstock_cost", "holding_cost", "ordering_cost"] {
        add_per_period(&mut all, key, periods);
    }
    map.extend(all);
    if let Some(i) = &s.stock.impact {
        map.insert("disruption".into(), impact(i));
    }
    if let Some(a) = &s.stock.advice {
        map.insert("advice".into(), json!(a));
    }
    if curves {
        map.insert("curve".into(), json!(s.stock.curve));
    }
    Value::Object(map)
}

/// The order list.
pub fn orders(o: &Outcome) -> Value {
    let mut root = head(o);
    let lines = tables::order_lines(o);
    let mut by_supplier: std::collections::BTreeMap<&str, (usize, f64, f64)> = std::collections::BTreeMap::new();
    for l in &lines {
        let e = by_supplier.entry(&l.series.stocked.supplier).or_default();
        e.0 += 1;
        e.1 += l.advice.quantity;
        e.2 += l.value;
    }
    root.insert("value".into(), json!(lines.iter().map(|l| l.value).sum::<f64>()));
    root.insert(
        "suppliers".into(),
        by_supplier.iter().map(|(s, (n, u, v))| json!({ "supplier": s, "lines": n, "units": u, "value": v })).collect(),
    );
    root.insert(
        "orders".into(),
        lines
            .iter()
            .map(|l| {
                let st = &l.series.stocked;
                json!({
                    "unique_id": &*st.unique_id, "item": &*st.item, "location": &*st.location, "supplier": &*st.supplier,
                    "order_date": l.order_date.iso(), "arrives": l.arrives.iso(), "order_quantity": l.advice.quantity, "value": l.value,
                    "on_hand": l.series.stock.on_hand, "runs_out": l.runs_out.map(|r| r.iso()), "cost_of_waiting": l.advice.cost_of_waiting,
                    "net_cost_of_waiting": l.advice.net_cost_of_waiting, "assumed": st.assumed, "reason": l.series.reason(), "changed_by_hand": st.by_hand.words,
                })
            })
            .collect(),
    );
    root.insert("diagnostics".into(), json!(o.diagnostics));
    Value::Object(root)
}

/// What replay found: over all periods, and under `without_censored` (null where nothing was cut off by an empty shelf) without those that were.
pub fn replay(r: &ReplayOutcome) -> Value {
    let mut root = Map::new();
    root.insert("periods".into(), json!(r.periods));
    root.insert("series".into(), json!(r.items.len()));
    root.insert("series_skipped".into(), json!(r.skipped));
    let found = &r.result;
    root.extend(rules(&found.sums, &found.saved_against_cover, &found.saved_against_naive));
    root.insert("censored_periods".into(), json!(found.censored_periods));
    let without = found.without_censored.as_ref();
    root.insert(
        "without_censored".into(),
        without.map_or(Value::Null, |w| Value::Object(rules(&w.sums, &w.saved_against_cover, &w.saved_against_naive))),
    );
    root.insert(
        "own_record".into(),
        r.own.as_ref().map_or(Value::Null, |o| {
            json!({ "series": o.items, "recorded": measures(&o.recorded), "stockcast": measures(&o.stockcast), "saved_against_own_record": o.saved })
        }),
    );
    root.insert("diagnostics".into(), json!(r.diagnostics));
    Value::Object(root)
}

fn rules(sums: &[RuleResult; 3], saved_against_cover: &Interval, saved_against_naive: &Interval) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, sum) in ["stockcast", "keep_cover", "seasonal_naive"].into_iter().zip(sums) {
        let mut rule = measures(sum);
        rule.insert("fill_rate".into(), json!(sum.fill_rate()));
        map.insert(name.into(), Value::Object(rule));
    }
    map.insert("saved_against_keep_cover".into(), json!(saved_against_cover));
    map.insert("saved_against_seasonal_naive".into(), json!(saved_against_naive));
    map
}
