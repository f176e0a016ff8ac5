//! `stockcast optimize`: the best policy of every series, and its cost curve.

use super::output::{Printer, TABLES, writable};
use super::{Done, args, read, simulate};
use crate::base::text::{grouped, half_width};
use crate::report::{json, tables};
use crate::scenario::Engine;

pub fn run(a: &args::Optimize, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    let (inputs, mut plan, notes) = read::scenario(&a.scenario, out)?;
    if plan.policy.kind != "optimal" {
        out.note(&format!("note: the scenario's policy {} is set aside; the best one is looked for", plan.policy.kind));
        plan.policy.kind = "optimal".into();
    }
    let outcome = simulate::run_plan(&Engine::default(), &inputs, &plan, notes, out)?;
    let more = out.table_beside(a.out.as_deref(), &tables::curves(&outcome))?;
    if out.json {
        out.json_value(&json::outcome(&outcome, true));
        return Ok(());
    }
    if !more {
        return Ok(());
    }
    if super::classical::chain(&outcome, out) {
        return Ok(());
    }
    let id = outcome.series.iter().map(|s| s.stocked.unique_id.chars().count()).max().unwrap_or(0).clamp(9, 34);
    out.line(format!("{:<id$} {:>12} {:>10} {:>9} {:>9}  policy", "series", "total cost", "± error", "fill, %", "cycle, %"));
    for s in &outcome.series {
        let m = &s.stock.outcome.measures;
        let name: String = s.stocked.unique_id.chars().take(id).collect();
        let missed = if s.stock.met { "" } else { "  (target not reached)" };
        out.line(format!(
            "{name:<id$} {:>12} {:>10} {:>9} {:>9}  {}{missed}",
            grouped(m.total_cost.mean, 2),
            half_width(m.total_cost.half_width, 2),
            grouped(m.fill_rate.mean * 100.0, 2),
            grouped(m.cycle_service.mean * 100.0, 2),
            simulate::policy(s)
        ));
    }
    simulate::together(&outcome, out);
    super::classical::answers(&outcome, out);
    if let [only] = outcome.series.as_slice() {
        out.line("");
        out.line(format!(
            "{:>10} {:>10} {:>12} {:>10} {:>12} {:>12} {:>12} {:>9}",
            "s", "S", "total", "± error", "stockouts", "overstock", "ordering", "fill, %"
        ));
        for c in &only.stock.curve {
            out.line(format!(
                "{:>10} {:>10} {:>12} {:>10} {:>12} {:>12} {:>12} {:>9}",
                grouped(c.s, 1),
                grouped(c.up_to, 1),
                grouped(c.total_cost.mean, 2),
                half_width(c.total_cost.half_width, 2),
                grouped(c.stockout_cost, 2),
                grouped(c.overstock_cost, 2),
                grouped(c.ordering_cost, 2),
                grouped(c.fill_rate * 100.0, 2)
            ));
        }
    }
    Ok(())
}
