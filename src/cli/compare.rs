//! `stockcast compare`: two scenarios on the same random demand.

use super::output::{Printer, TABLES, series, writable};
use super::{Done, args, read, simulate};
use crate::base::text::{grouped, half_width, plural};
use crate::report::tables;
use crate::scenario::{Engine, Outcome, compare};
use serde_json::json;
use std::path::Path;

pub fn run(a: &args::Compare, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    let engine = Engine::default();
    let mut outcomes = Vec::new();
    for path in [&a.a, &a.b] {
        let scenario = args::Scenario { scenario: path.clone(), replications: a.replications, seed: a.seed, horizon: None };
        let (inputs, plan, notes) = read::scenario(&scenario, out)?;
        outcomes.push(simulate::run_plan(&engine, &inputs, &plan, notes, out)?);
    }
    let [x, y] = outcomes.as_slice() else { return Ok(()) };
    let c = compare(x, y).map_err(|d| vec![d])?;
    let more = out.table_beside(a.out.as_deref(), &tables::differences(&c))?;
    if out.json {
        out.json_value(&json!({ "a": x.plan.name, "b": y.plan.name, "seed": x.plan.seed, "periods": x.plan.periods, "comparison": c }));
        return Ok(());
    }
    if !more {
        return Ok(());
    }
    // two variants of one scenario often keep its name
    let same = x.plan.name == y.plan.name;
    let name = |o: &Outcome, file: &Path| if same { format!("{} ({})", o.plan.name, file.display()) } else { o.plan.name.clone() };
    out.line(format!("A: {}, B: {}, {}, seed {}", name(x, &a.a), name(y, &a.b), plural(c.replications, "replication"), x.plan.seed));
    out.line(format!("{:<30}{:>15}{:>15}{:>15}   ± error", "", "A", "B", "B − A"));
    for d in &c.differences {
        let decimals = if d.a.abs().max(d.b.abs()) < 10.0 { 4 } else { 2 };
        let line = format!(
            "{:<30}{:>15}{:>15}{:>15} ± {:<12}{}",
            words(d.measure),
            grouped(d.a, decimals),
            grouped(d.b, decimals),
            grouped(d.difference.mean, decimals),
            half_width(d.difference.half_width, decimals),
            if d.paired { " paired" } else { "" }
        );
        out.line(line.trim_end());
    }
    if c.differences.iter().any(|d| !d.paired) {
        out.line("An error that is not paired takes A and B as independent, which is too wide.");
    }
    if c.only_in_one > 0 {
        out.note(&format!("note: {} in only one of the scenarios, left out of the pairs", series(c.only_in_one)));
    }
    Ok(())
}

/// A key for people: `distance_km` is `distance, km`.
fn words(key: &str) -> String {
    for (suffix, unit) in [("_kg_co2e", "kg CO2e"), ("_km", "km"), ("_days", "days"), ("_kg", "kg")] {
        if let Some(name) = key.strip_suffix(suffix) {
            return format!("{}, {unit}", name.replace('_', " "));
        }
    }
    key.replace('_', " ")
}
