//! What a plan assumes differently, in words.

use crate::scenario::Plan;
use crate::scenario::plan::{Adjust, ConsolidationSpec, Objective};
use std::collections::BTreeMap;

/// Keys of a scenario file and what they are called here.
const NAMES: &[(&str, &str)] = &[
    ("periods", "horizon"),
    ("warm_up", "warm-up"),
    ("replications", "replications"),
    ("precision", "precision"),
    ("seed", "seed"),
    ("supply.lead_time", "lead time where none is known"),
    ("supply.review_period", "periods between reviews"),
    ("supply.unmet_demand", "unmet demand"),
    ("supply.lost", "share of unmet demand that is lost"),
    ("cost.waiting", "cost of waiting"),
    ("cost.holding", "holding cost"),
    ("cost.holding_rate", "holding rate a year"),
    ("cost.shortage", "shortage cost"),
    ("cost.order", "order cost"),
    ("cost.cost_share", "cost assumed as a share of the price"),
    ("cost.markdown", "markdown"),
    ("policy.kind", "policy"),
    ("policy.objective", "aim"),
    ("policy.joint", "ordering together"),
    ("policy.full_containers", "whole containers"),
    ("logistics.consolidation", "dispatch"),
    ("logistics.deliveries", "own deliveries leave"),
    ("footprint.carbon_price", "carbon price"),
];

/// What `b` assumes otherwise than `a`, one line each: `carbon price: 80 → 40`.
pub(super) fn differences(a: &Plan, b: &Plan) -> Vec<String> {
    let (x, y) = (flat(a), flat(b));
    let mut keys: Vec<&String> = x.keys().chain(y.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut out: Vec<String> = keys
        .into_iter()
        .filter(|k| x.get(*k) != y.get(*k))
        .map(|k| {
            let name = NAMES.iter().find(|(key, _)| key == k).map_or_else(|| k.replace(['.', '_'], " "), |(_, n)| (*n).to_owned());
            let text = |m: &BTreeMap<String, String>| m.get(k).cloned().unwrap_or_else(|| "not set".into());
            format!("{name}: {} to {}", text(&x), text(&y))
        })
        .collect();
    let missing = |from: &[Adjust], to: &[Adjust]| from.iter().filter(|e| !to.contains(e)).map(entry).collect::<Vec<_>>();
    out.extend(missing(&b.adjust, &a.adjust).into_iter().map(|e| format!("adds {e}")));
    out.extend(missing(&a.adjust, &b.adjust).into_iter().map(|e| format!("drops {e}")));
    out
}

/// A plan as keys with their values; names, files and adjustments apart.
fn flat(plan: &Plan) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    if let Ok(toml::Value::Table(table)) = toml::Value::try_from(plan) {
        for (section, value) in table {
            match value {
                toml::Value::Table(keys) if section != "history" => {
                    for (key, value) in keys {
                        out.insert(format!("{section}.{key}"), shown(&value));
                    }
                }
                toml::Value::Array(_) | toml::Value::Table(_) => {}
                value if section != "name" && section != "version" => {
                    out.insert(section, shown(&value));
                }
                _ => {}
            }
        }
    }
    out.insert("logistics.consolidation".into(), dispatch(&plan.logistics.consolidation));
    if let Some(c) = &plan.logistics.deliveries {
        out.insert("logistics.deliveries".into(), dispatch(c));
    }
    out.insert("policy.objective".into(), aim(&plan.policy.objective));
    out
}

fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(s) => s.clone(),
        toml::Value::Float(x) => crate::app::format::short(*x),
        other => other.to_string(),
    }
}

/// When shipments leave, in words.
pub(super) fn dispatch(c: &ConsolidationSpec) -> String {
    let days = |t: f64| if t == 1.0 { "every day".into() } else { format!("every {t} days") };
    let way = match (c.collect, c.via.as_slice()) {
        (true, _) => ", collected in rounds".to_owned(),
        (_, []) => String::new(),
        (_, hubs) => format!(", via {}", hubs.join(" and ")),
    };
    let when = match (c.every, c.load) {
        _ if !c.weekdays.is_empty() => {
            let names: Vec<&str> = c.weekdays.iter().map(|d| weekday(d)).collect();
            match names.as_slice() {
                [first @ .., last] if !first.is_empty() => format!("on {} and {last}", first.join(", ")),
                _ => format!("on {}", names.join(", ")),
            }
        }
        (Some(t), Some(q)) => format!("{} or at {:.0} % of a vehicle", days(t), q * 100.0),
        (None, Some(q)) => format!("at {:.0} % of a vehicle", q * 100.0),
        (every, None) => days(every.unwrap_or(1.0)),
    };
    when + &way
}

/// A day as people write it, from a scenario file's `tue`.
fn weekday(name: &str) -> &str {
    let lower = name.to_lowercase();
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        .into_iter()
        .find(|d| lower.len() >= 3 && d.to_lowercase().starts_with(lower.get(..3).unwrap_or_default()))
        .unwrap_or(name)
}

/// What the policy aims for, in words.
pub(super) fn aim(o: &Objective) -> String {
    match o {
        Objective::Name(_) => "least cost".into(),
        Objective::Target(t) => match (t.cycle_service, t.fill_rate) {
            (Some(a), _) => format!("{:.1} % of cycles without a stockout", a * 100.0),
            (_, Some(b)) => format!("{:.1} % of demand served at once", b * 100.0),
            _ => {
                let said = [(t.budget, ""), (t.volume_m3, " m³"), (t.weight_kg, " kg"), (t.kg_co2e, " kg CO2e")];
                let said: Vec<String> =
                    said.iter().filter_map(|(v, unit)| v.map(|v| format!("{}{unit}", crate::app::format::short(v)))).collect();
                if said.is_empty() { "least cost".into() } else { format!("a budget of {}", said.join(", ")) }
            }
        },
    }
}

/// Whom an adjustment is about.
pub(super) fn scope(a: &Adjust) -> String {
    let parts: Vec<String> =
        [("series", &a.unique_id), ("item", &a.item), ("location", &a.location), ("category", &a.category), ("supplier", &a.supplier)]
            .into_iter()
            .filter_map(|(what, name)| name.as_ref().map(|n| format!("{what} {n}")))
            .collect();
    if parts.is_empty() { "everything".into() } else { parts.join(", ") }
}

/// An adjustment in words.
pub(super) fn entry(a: &Adjust) -> String {
    let number = |name: &str, v: Option<f64>| v.map(|v| format!("{name} {}", crate::app::format::short(v)));
    let parts: Vec<String> = [
        a.demand_factor.map(|f| format!("demand × {f}")),
        a.lead_time_days.map(|d| format!("lead time {d} days")),
        a.review_period.map(|r| format!("review every {r}")),
        number("price", a.price),
        number("cost", a.cost),
        a.cycle_service.map(|v| format!("cycle service {:.1} %", v * 100.0)),
        a.fill_rate.map(|v| format!("fill rate {:.1} %", v * 100.0)),
        number("s", a.s),
        number("S", a.up_to),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{} for {}", if parts.is_empty() { "nothing".into() } else { parts.join(", ") }, scope(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_said_in_plain_words() {
        let a = Plan::default();
        let mut b = Plan { name: "other".into(), ..a.clone() };
        assert!(differences(&a, &b).is_empty(), "a name is no assumption");
        b.footprint.carbon_price = 40.0;
        b.logistics.consolidation = ConsolidationSpec { every: Some(7.0), load: Some(0.9), ..ConsolidationSpec::default() };
        b.adjust.push(Adjust { supplier: Some("Alpen".into()), demand_factor: Some(1.1), ..Adjust::default() });
        let said = differences(&a, &b);
        assert!(said.contains(&"carbon price: 0 to 40".to_owned()), "{said:?}");
        assert!(said.contains(&"dispatch: every day to every 7 days or at 90 % of a vehicle".to_owned()), "{said:?}");
        assert!(said.contains(&"adds demand × 1.1 for supplier Alpen".to_owned()), "{said:?}");
        assert_eq!(said.len(), 3, "{said:?}");
    }
}
