//! `stockcast orders`: what to order now.

use super::output::{Printer, TABLES, is_stdout, series, writable};
use super::{Done, args, simulate};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use crate::report::{json, tables};

pub fn run(a: &args::Orders, out: &Printer) -> Done {
    writable(Some(&a.out), TABLES)?;
    let (inputs, outcome) = simulate::outcome_of(&a.scenario, out)?;
    if outcome.now.is_none() {
        return Err(vec![
            Diagnostic::error("orders-without-history", "a demand distribution has no today: there is nothing to order")
                .fix("add sales files under [history], or use `stockcast optimize`"),
        ]);
    }
    let table = tables::orders(&outcome);
    if out.json {
        if !is_stdout(&a.out) {
            out.table(&a.out, &table)?;
        }
        out.json_value(&json::orders(&outcome));
        return Ok(());
    }
    out.table(&a.out, &table)?;
    let value: f64 = tables::order_lines(&outcome).iter().map(|l| l.value).sum();
    let currency = inputs.currency();
    out.note(&format!(
        "{} for {}, worth {}",
        plural(table.rows(), "order line"),
        series(outcome.series.len()),
        format!("{currency} {}", grouped(value, 2)).trim()
    ));
    Ok(())
}
