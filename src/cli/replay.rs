//! `stockcast replay`: the last periods again, beside plain rules.

use super::output::{Printer, TABLES, series, writable};
use super::{Done, args, read, simulate};
use crate::base::text::{grouped, plural};
use crate::base::{Diagnostic, Period};
use crate::inventory::{Interval, RuleResult};
use crate::report::{json, tables};
use crate::scenario::{Engine, Inputs, Plan, ReplayOutcome};

pub fn run(a: &args::Replay, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    let (inputs, plan, mut notes) = read::scenario(&a.scenario, out)?;
    let mut result = replay(&Engine::default(), &inputs, &plan, a.periods, out)?;
    notes.append(&mut result.diagnostics);
    result.diagnostics = notes;
    out.diagnostics(&result.diagnostics);
    let more = out.table_beside(a.out.as_deref(), &tables::replay(&result))?;
    if out.json {
        out.json_value(&json::replay(&result));
        return Ok(());
    }
    if !more {
        return Ok(());
    }
    let period = inputs.history.as_ref().map_or(Period::Week, |h| h.period);
    out.line(format!(
        "the last {} of {} again; every rule from the same opening stock, on the demand that really came{}",
        plural(result.periods, period.name()),
        series(result.items.len()),
        simulate::in_currency(&inputs)
    ));
    let found = &result.result;
    let several = result.items.len() > 1;
    rules(&found.sums, &found.saved_against_cover, &found.saved_against_naive, several, out);
    if let Some(w) = &found.without_censored {
        out.line("");
        out.line(format!(
            "without the {} in which an empty shelf cut an item's sales off, since what was wanted then is not on record",
            plural(found.censored_periods, "period")
        ));
        rules(&w.sums, &w.saved_against_cover, &w.saved_against_naive, several, out);
    }
    if let Some(o) = &result.own {
        out.line("");
        out.line(format!(
            "beside your own record of {}: what was ordered, received and kept by receipts, sales and today's stock; both from the stock of then",
            series(o.items)
        ));
        for (name, s) in [("as you ordered", &o.recorded), ("Stockcast", &o.stockcast)] {
            out.line(format!(
                "{name:<34}{:>14}{:>14}{:>14}{:>14}   {} orders",
                grouped(s.total_cost, 2),
                grouped(s.stockout_cost, 2),
                grouped(s.overstock_cost, 2),
                grouped(s.ordering_cost, 2),
                grouped(s.orders as f64, 0)
            ));
        }
        let spread = if o.items > 1 {
            format!(" (95 % over items: {} to {})", grouped(o.saved.low, 2), grouped(o.saved.high, 2))
        } else {
            String::new()
        };
        out.line(format!("saved against your own record: {}{spread}", grouped(o.saved.sum, 2)));
        out.line("what empty shelves kept from being sold is estimated from the forecasts of then, the same for both");
    }
    Ok(())
}

/// The rules beside each other, and what was saved.
fn rules(sums: &[RuleResult; 3], cover: &Interval, naive: &Interval, several: bool, out: &Printer) {
    // as wide as the largest sum needs
    let money = |s: &RuleResult| [s.total_cost, s.stockout_cost, s.overstock_cost, s.ordering_cost].map(|x| grouped(x, 2));
    let longest = sums.iter().flat_map(money).map(|t| t.len() + 2).max().unwrap_or(0);
    let (wide, last) = (longest.max(14), longest.max(12));
    out.line(format!(
        "{:<34}{:>wide$}{:>wide$}{:>wide$}{:>last$}{:>10}{:>9}",
        "rule", "total cost", "stockouts", "overstock", "ordering", "fill, %", "orders"
    ));
    for (name, s) in ["Stockcast", "keep last year's weeks of cover", "seasonal naive + z·σ·√(L+R)"].into_iter().zip(sums) {
        let [total, stockouts, overstock, ordering] = money(s);
        out.line(format!(
            "{name:<34}{total:>wide$}{stockouts:>wide$}{overstock:>wide$}{ordering:>last$}{:>10}{:>9}",
            grouped(s.fill_rate() * 100.0, 2),
            grouped(s.orders as f64, 0)
        ));
    }
    for (name, i) in [("last year's weeks of cover", cover), ("seasonal naive", naive)] {
        // one item has no spread over items
        let spread = if several { format!(" (95 % over items: {} to {})", grouped(i.low, 2), grouped(i.high, 2)) } else { String::new() };
        out.line(format!("saved against {name}: {}{spread}", grouped(i.sum, 2)));
    }
}

/// Replays; refusals become the error.
pub fn replay(engine: &Engine, inputs: &Inputs, plan: &Plan, periods: usize, out: &Printer) -> Result<ReplayOutcome, Vec<Diagnostic>> {
    let progress = out.progress();
    engine.replay(inputs, plan, periods, &progress).map_err(|e| vec![Diagnostic::error("cancelled", e.to_string())])?
}
