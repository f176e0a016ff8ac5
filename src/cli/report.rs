//! `stockcast report`: the page to read and send, or the workbook to calculate with.

use super::output::{Printer, is_stdout, writable};
use super::{Done, args, read, replay, simulate};
use crate::base::Diagnostic;
use crate::report::{Table, page, tables, write_text, write_workbook};
use crate::scenario::{Engine, Inputs, Outcome, ReplayOutcome};
use serde_json::json;
use std::path::Path;

pub fn run(a: &args::Report, out: &Printer) -> Done {
    if is_stdout(&a.out) {
        return Err(vec![Diagnostic::error("report-format", "a report needs a file").fix("use -o report.html or -o report.xlsx")]);
    }
    writable(Some(&a.out), &["html", "htm", "xlsx"])?;
    let (inputs, plan, notes) = read::scenario(&a.scenario, out)?;
    let engine = Engine::default();
    let outcome = simulate::run_plan(&engine, &inputs, &plan, notes, out)?;
    let replayed = if a.replay > 0 && inputs.history.is_some() {
        // a past too short to replay is no reason to go without a report
        match replay::replay(&engine, &inputs, &plan, a.replay, out) {
            Ok(r) => Some(r),
            Err(why) => {
                out.diagnostics(&why.into_iter().map(|d| Diagnostic { severity: crate::base::Severity::Warning, ..d }).collect::<Vec<_>>());
                None
            }
        }
    } else {
        None
    };
    write(&a.out, &inputs, &outcome, replayed.as_ref())?;
    if out.json {
        out.json_value(&json!({
            "report": a.out.display().to_string(),
            "name": outcome.plan.name,
            "seed": outcome.plan.seed,
            "replications": outcome.replications,
            "periods": outcome.plan.periods,
            "replayed_periods": replayed.as_ref().map(|r| r.periods),
            "diagnostics": outcome.diagnostics,
        }));
    } else {
        out.note(&format!("wrote {}", a.out.display()));
    }
    Ok(())
}

/// Writes the report of an outcome; the extension decides.
pub fn write(path: &Path, inputs: &Inputs, outcome: &Outcome, replayed: Option<&ReplayOutcome>) -> Done {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        let mut sheets: Vec<(&str, Table)> =
            vec![("Orders", tables::orders(outcome)), ("Series", tables::measures(outcome)), ("Cost curves", tables::curves(outcome))];
        sheets.extend(outcome.freight.as_ref().map(|f| ("Trips", tables::trips(f))));
        sheets.extend(replayed.map(|r| ("Replay", tables::replay(r))));
        let borrowed: Vec<(&str, &Table)> = sheets.iter().map(|(n, t)| (*n, t)).collect();
        return write_workbook(path, &borrowed).map_err(|d| vec![d]);
    }
    write_text(path, &page::page(inputs, outcome, replayed).render()).map_err(|d| vec![d])
}
