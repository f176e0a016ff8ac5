//! What an edit changed, in words: `cost 2.10` to `cost 2.40`.

use super::document::{Agreed, Sales, Source};
use super::edit::{Change, Edit, Table};
use crate::base::Stamp;
use crate::base::text::plural;
use serde::Serialize;
use serde_json::Value;

/// Things named one by one before the rest is counted.
const NAMED: usize = 3;
/// Fields told of a row that comes or goes.
const FIELDS: usize = 4;
/// Fields that hold stamps, which JSON has as seconds.
const DATES: [&str; 10] = ["as_of", "expires", "arrives", "ordered", "received", "ds", "order_date", "decided", "made", "imported"];
/// Fields that say nothing to people.
const SILENT: [&str; 7] = ["line", "sequence", "after_source", "hash", "map", "said", "decided"];

/// The state before and after, given an edit and its inverse.
pub(super) fn of(undo: &Edit, edit: &Edit) -> (String, String) {
    let mut from = Vec::new();
    let mut to = Vec::new();
    for (before, after) in undo.changes.iter().rev().zip(&edit.changes) {
        let (a, b) = change(before, after);
        from.push(a);
        to.push(b);
    }
    (join(from), join(to))
}

fn join(mut parts: Vec<String>) -> String {
    parts.retain(|p| !p.is_empty());
    let rest = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    if rest > 0 {
        parts.push(format!("{rest} more"));
    }
    parts.join("; ")
}

fn change(before: &Change, after: &Change) -> (String, String) {
    match (before, after) {
        (Change::Name(a), Change::Name(b)) => (a.clone(), b.clone()),
        (Change::Sales(a), Change::Sales(b)) => (sales(a.as_deref()), sales(b.as_deref())),
        (Change::Companion(_, a), Change::Companion(_, b)) => (source(a.as_ref()), source(b.as_ref())),
        (Change::MasterTable(a), Change::MasterTable(b)) => (table(a), table(b)),
        (Change::ItemRows(a), Change::ItemRows(b)) => groups(a, b),
        (Change::StockRows(a), Change::StockRows(b)) => groups(a, b),
        (Change::OnOrderRows(a), Change::OnOrderRows(b)) => groups(a, b),
        (Change::SupplierRows(a), Change::SupplierRows(b)) => groups(a, b),
        (Change::SupplierItemRows(a), Change::SupplierItemRows(b)) => groups(a, b),
        (Change::BomRows(a), Change::BomRows(b)) => groups(a, b),
        (Change::LocationRows(a), Change::LocationRows(b)) => groups(a, b),
        (Change::VehicleRows(a), Change::VehicleRows(b)) => groups(a, b),
        (Change::PutScenario(a), Change::PutScenario(b)) if a.plan == b.plan => (a.name.clone(), b.name.clone()),
        (Change::PutScenario(a), Change::PutScenario(b)) => differ(&value(&a.plan), &value(&b.plan)),
        (Change::RemoveScenario(_), Change::PutScenario(b)) => (String::new(), b.name.clone()),
        (Change::PutScenario(a), Change::RemoveScenario(_)) => (a.name.clone(), String::new()),
        (Change::Activate(a), Change::Activate(b)) => (format!("scenario {a}"), format!("scenario {b}")),
        (Change::Decide(_, a), Change::Decide(_, b)) => differ(&value(a), &value(b)),
        (Change::Override(_, a), Change::Override(_, b)) => {
            let words =
                |o: &Option<super::Override>| o.as_ref().map_or(String::new(), |o| format!("{} {}", o.what.name(), number(o.value)));
            (words(a), words(b))
        }
        (Change::Forecast(_, a), Change::Forecast(_, b)) => {
            let words = |o: &Option<super::SaidForecast>| o.as_ref().map_or(String::new(), |o| o.said.words());
            (words(a), words(b))
        }
        (Change::Agree(a), Change::Agree(b)) => agreed(a, b),
        (Change::Moves(a), Change::Moves(b)) => (plural(a.len(), "move"), plural(b.len(), "move")),
        _ => (String::new(), String::new()),
    }
}

/// How many fixes and answers there are, where that differs.
fn agreed(before: &Agreed, after: &Agreed) -> (String, String) {
    let words = |a: &Agreed, other: &Agreed| {
        let mut parts = Vec::new();
        if a.fixes != other.fixes {
            parts.push(plural(a.fixes.len(), "agreed change"));
        }
        if a.left != other.left {
            parts.push(format!("{} answered", plural(a.left.len(), "question")));
        }
        if a.sales_are_demand != other.sales_are_demand {
            parts.push(if a.sales_are_demand { "sales taken for demand" } else { "demand estimated where shelves were empty" }.to_owned());
        }
        parts.join(", ")
    };
    (words(before, after), words(after, before))
}

fn sales(sales: Option<&Sales>) -> String {
    sales.map_or(String::new(), |s| {
        let names: Vec<String> = s.sources.iter().map(|s| s.name.clone()).collect();
        format!("{} ({} series)", join(names), s.history.series.len())
    })
}

fn source(source: Option<&Source>) -> String {
    source.map_or(String::new(), |s| s.name.clone())
}

fn table(table: &Table) -> String {
    format!("{} ({})", table.kind().name().replace('_', " "), plural(table.rows(), "row"))
}

fn groups<K: PartialEq, R: Serialize>(before: &[(K, R)], after: &[(K, R)]) -> (String, String) {
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for (key, new) in after.iter().take(NAMED) {
        let Some((_, old)) = before.iter().find(|(k, _)| k == key) else { continue };
        let (a, b) = differ(&value(old), &value(new));
        from.push(a);
        to.push(b);
    }
    let rest = after.len().saturating_sub(NAMED);
    if rest > 0 {
        from.push(format!("{rest} more"));
        to.push(format!("{rest} more"));
    }
    (from.join("; "), to.join("; "))
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or_default()
}

/// The fields in which two rows differ; of a row that comes or goes, the first few.
fn differ(before: &Value, after: &Value) -> (String, String) {
    let (mut a, mut b) = (Vec::new(), Vec::new());
    flatten("", before, &mut a);
    flatten("", after, &mut b);
    let says = |fields: &[(String, String)], other: &[(String, String)]| {
        let told: Vec<String> = fields.iter().filter(|f| !other.contains(f)).map(|(k, v)| format!("{} {v}", k.replace('_', " "))).collect();
        let rest = told.len().saturating_sub(FIELDS);
        let mut text = told.iter().take(FIELDS).cloned().collect::<Vec<_>>().join(", ");
        if rest > 0 {
            text.push_str(&format!(", {rest} more"));
        }
        text
    };
    let gone: Vec<(String, String)> = b
        .iter()
        .filter(|(k, _)| !a.is_empty() && !a.iter().any(|(other, _)| other == k))
        .map(|(k, _)| (k.clone(), "not set".to_owned()))
        .collect();
    let cleared: Vec<(String, String)> = a
        .iter()
        .filter(|(k, _)| !b.is_empty() && !b.iter().any(|(other, _)| other == k))
        .map(|(k, _)| (k.clone(), "not set".to_owned()))
        .collect();
    let (mut from, mut to) = (a.clone(), b.clone());
    from.extend(gone);
    to.extend(cleared);
    (says(&from, &b), says(&to, &a))
}

fn flatten(path: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let name = path.rsplit('.').next().unwrap_or(path);
    if SILENT.contains(&name) {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, out);
            }
        }
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            for (i, row) in rows.iter().enumerate() {
                let path = if rows.len() == 1 { path.to_owned() } else { format!("{path}{}", i + 1) };
                flatten(&path, row, out);
            }
        }
        Value::Array(values) if values.is_empty() => {}
        Value::Array(values) => out.push((path.to_owned(), values.iter().map(text).collect::<Vec<_>>().join(" "))),
        Value::Number(n) if DATES.contains(&name) => out.push((path.to_owned(), Stamp(n.as_i64().unwrap_or_default()).iso())),
        other => out.push((path.to_owned(), text(other))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.as_f64().map_or_else(|| n.to_string(), number),
        other => other.to_string(),
    }
}

fn number(x: f64) -> String {
    format!("{x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told() {
        let old = json!({"item": "tea", "cost": 2.0, "price": 4.5, "line": 3, "arrives": 0});
        let new = json!({"item": "tea", "cost": 2.4, "line": 4, "arrives": 86_400, "lead_time": {"days": 3.0}});
        let (from, to) = differ(&old, &new);
        assert_eq!(from, "cost 2, price 4.5, arrives 1970-01-01, lead time.days not set");
        assert_eq!(to, "cost 2.4, arrives 1970-01-02, lead time.days 3, price not set");
        assert_eq!(differ(&Value::Null, &json!({"cost": 1.5})), (String::new(), "cost 1.5".into()));
    }
}
