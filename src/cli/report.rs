//! `stockcast report`: the page to read and send, or the workbook to calculate with.

use super::output::{Printer, is_stdout, writable};
use super::{Done, args, read, replay, simulate};
use crate::base::Diagnostic;
use crate::report::page;
use crate::scenario::Engine;
use serde_json::json;

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
    page::write(&a.out, &inputs, &outcome, replayed.as_ref())?;
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
