//! `stockcast compare`: two scenarios on the same random demand.

use super::output::Printer;
use super::{Done, args, read, simulate};
use crate::base::text::grouped;
use crate::report::tables;
use crate::scenario::{Engine, compare};
use serde_json::json;

pub fn run(a: &args::Compare, out: &Printer) -> Done {
    let engine = Engine::default();
    let mut outcomes = Vec::new();
    for path in [&a.a, &a.b] {
        let scenario = args::Scenario { scenario: path.clone(), replications: a.replications, seed: a.seed, horizon: None };
        let (inputs, plan, notes) = read::scenario(&scenario, out)?;
        outcomes.push(simulate::run_plan(&engine, &inputs, &plan, notes, out)?);
    }
    let [x, y] = outcomes.as_slice() else { return Ok(()) };
    let c = compare(x, y).map_err(|d| vec![d])?;
    if let Some(path) = &a.out {
        out.table(path, &tables::differences(&c))?;
    }
    if out.json {
        out.json_value(&json!({ "a": x.plan.name, "b": y.plan.name, "seed": x.plan.seed, "periods": x.plan.periods, "comparison": c }));
        return Ok(());
    }
    out.line(format!("A: {}   B: {}   {} replications, paired where marked =", x.plan.name, y.plan.name, c.replications));
    out.line(format!("{:<30}{:>15}{:>15}{:>15}   ± error", "", "A", "B", "B − A"));
    for d in &c.differences {
        let decimals = if d.a.abs().max(d.b.abs()) < 10.0 { 4 } else { 2 };
        out.line(format!(
            "{:<30}{:>15}{:>15}{:>15} {} {}",
            d.measure,
            grouped(d.a, decimals),
            grouped(d.b, decimals),
            grouped(d.difference.mean, decimals),
            if d.paired { "=" } else { "±" },
            grouped(d.difference.half_width, decimals)
        ));
    }
    if c.only_in_one > 0 {
        out.note(&format!("note: {} series are in only one of the scenarios and left out of the pairs", c.only_in_one));
    }
    Ok(())
}
