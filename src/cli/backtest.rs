//! `stockcast backtest`: the models on the past.

use super::output::{Printer, TABLES, is_stdout, series, writable};
use super::{Done, args, forecast, read};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use crate::forecast::accuracy::Accuracy;
use crate::forecast::{Choice, FitOptions, Model, backtest_all};
use crate::report::{Column, Table};
use crate::scenario::Engine;
use serde_json::json;

pub fn run(a: &args::Backtest, out: &Printer) -> Done {
    writable(Some(&a.out), TABLES)?;
    if a.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        return value_added(a, out);
    }
    let import = read::sales(std::slice::from_ref(&a.file), &read::options(&a.reading)?, out)?;
    out.diagnostics(&import.diagnostics);
    let choices: Vec<Choice> = if a.model.is_empty() {
        let plain = [Model::SeasonalNaive, Model::Dot, Model::Mstl, Model::Imapa, Model::WindowAverage];
        std::iter::once(Choice::Auto).chain(plain.into_iter().map(Choice::Named)).collect()
    } else {
        a.model.iter().map(|m| forecast::model(m)).collect::<Result<_, _>>()?
    };
    let h = &import.history;
    let step = a.step.unwrap_or(a.horizon).max(1);
    let options = FitOptions::new(a.horizon);
    let progress = out.progress();
    let scores = backtest_all(h, a.horizon, a.windows, step, &choices, &options, &progress).map_err(forecast::cancelled)?;
    drop(progress);
    if scores.iter().flatten().all(|s| s.accuracy.windows == 0) {
        return Err(vec![
            Diagnostic::error("backtest-too-short", format!("no series is long enough for a window of {} periods", a.horizon))
                .fix("use a shorter --horizon, or add older sales"),
        ]);
    }
    let rows = || h.series.iter().zip(&scores).flat_map(|(s, all)| all.iter().map(move |m| (s, m)));
    let nan = |x: Option<f64>| x.unwrap_or(f64::NAN);
    let mut table = Table::new(vec![
        Column::text("unique_id", rows().map(|r| r.0.unique_id.to_string())),
        Column::text("model", rows().map(|r| r.1.model)),
    ]);
    for (name, get) in FIGURES {
        table.push(Column::number(name, 4, rows().map(|r| nan(get(&r.1.accuracy)))));
    }
    table.push(Column::integer("windows", rows().map(|r| r.1.accuracy.windows as i64)));
    let averages: Vec<(&str, Vec<f64>)> = choices
        .iter()
        .enumerate()
        .map(|(k, _)| {
            let name = scores.first().and_then(|s| s.get(k)).map_or("", |m| m.model);
            let means =
                FIGURES.iter().map(|(_, get)| mean(scores.iter().filter_map(|s| s.get(k)).filter_map(|m| get(&m.accuracy)))).collect();
            (name, means)
        })
        .collect();
    if !is_stdout(&a.out) {
        out.table(&a.out, &table)?;
    }
    if out.json {
        let figures = |m: &[f64]| FIGURES.iter().zip(m).map(|((n, _), v)| ((*n).to_owned(), json!(v))).collect::<serde_json::Map<_, _>>();
        out.json_value(&json!({
            "horizon": a.horizon, "windows": a.windows, "step": step, "series": h.series.len(),
            "averages": averages.iter().map(|(n, m)| json!({ "model": n, "scores": figures(m) })).collect::<Vec<_>>(),
            "scores": out.table_value(&table),
        }));
        return Ok(());
    }
    out.line(format!(
        "mean over {}, {} of {}, {step} apart (every window forecast with only what was known then)",
        series(h.series.len()),
        plural(a.windows, "window"),
        plural(a.horizon, h.period.name())
    ));
    out.line(format!("{:<16}{}", "model", FIGURES.map(|(n, _)| format!("{:>13}", if n == "smape" { "smape, %" } else { n })).concat()));
    for (name, means) in averages {
        out.line(format!(
            "{name:<16}{}",
            means.iter().map(|m| if m.is_finite() { format!("{m:>13.3}") } else { format!("{:>13}", "–") }).collect::<String>()
        ));
    }
    Ok(())
}

/// What each step of a scenario's forecasts has made of them: errors, and money where costs are known.
fn value_added(a: &args::Backtest, out: &Printer) -> Done {
    if !a.model.is_empty() {
        let d = Diagnostic::error("model-of-scenario", "a scenario names its model itself");
        return Err(vec![d.fix("write model under [forecast], or name the sales file to compare models")]);
    }
    let (inputs, plan, notes) = read::load(&a.file, out)?;
    out.diagnostics(&notes);
    let currency = inputs.currency();
    let windows = (a.horizon, a.windows, a.step.unwrap_or(a.horizon));
    let progress = out.progress();
    let found = Engine::default().value_added(&inputs, &plan, windows, &progress);
    drop(progress);
    let found = found.map_err(|e| vec![Diagnostic::error("cancelled", e.to_string())])?.map_err(|d| vec![d])?;
    let nan = |x: Option<f64>| x.unwrap_or(f64::NAN);
    let steps = || found.steps.iter();
    let table = Table::new(vec![
        Column::text("step", steps().map(|s| s.step)),
        Column::number("missed_units", 0, steps().map(|s| s.missed_units)),
        Column::number("wape", 4, steps().map(|s| s.wape)),
        Column::number("bias", 4, steps().map(|s| s.bias)),
        Column::number("missed_value", 2, steps().map(|s| nan(s.missed_value))),
        Column::number("better_share", 3, steps().map(|s| nan(s.better_share))),
    ]);
    if !is_stdout(&a.out) {
        out.table(&a.out, &table)?;
    }
    if out.json {
        out.json_value(&json!({ "step": windows.2, "value_added": found, "currency": currency, "diagnostics": notes }));
        return Ok(());
    }
    let period = inputs.history.as_ref().map_or("period", |h| h.period.name());
    out.line(format!(
        "forecast value added over {}, {} of {} (every window forecast with only the sales known then)",
        series(found.series),
        plural(found.windows, "window"),
        plural(found.horizon, period)
    ));
    let money = if currency.is_empty() { "missed, at cost".to_owned() } else { format!("missed, {currency} at cost") };
    out.line(format!("{:<14}{:>14}{:>9}{:>9}{:>22}{:>22}", "step", "missed, units", "WAPE", "bias", money, "better than before"));
    for s in &found.steps {
        let value = s.missed_value.map_or_else(|| "–".to_owned(), |v| grouped(v, 0));
        let better = s.better_share.map_or_else(|| "–".to_owned(), |b| format!("{:.0} % of series", 100.0 * b));
        let line = format!("{:<14}{:>14}", s.step, grouped(s.missed_units, 0));
        out.line(format!("{line}{:>8.1}%{:>+8.1}%{value:>22}{better:>22}", 100.0 * s.wape, 100.0 * s.bias));
    }
    Ok(())
}

type Figure = fn(&Accuracy) -> Option<f64>;

/// The scores shown, by their key.
const FIGURES: [(&str, Figure); 8] = [
    ("mase", |a| a.mase),
    ("rmsse", |a| a.rmsse),
    ("wape", |a| a.wape),
    ("smape", |a| a.smape),
    ("bias", |a| a.bias),
    ("coverage_80", |a| a.coverage_80),
    ("coverage_95", |a| a.coverage_95),
    ("fva", |a| a.fva),
];

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = values.filter(|v| v.is_finite()).fold((0usize, 0.0), |(n, s), v| (n + 1, s + v));
    if n == 0 { f64::NAN } else { sum / n as f64 }
}
