//! `stockcast monitor`: an earlier forecast held against what was sold since.

use super::output::{Printer, TABLES, writable};
use super::{Done, args, read};
use crate::base::text::{grouped, plural};
use crate::base::{Diagnostic, Stamp};
use crate::forecast::monitor::{Checked, check, together};
use crate::forecast::{Frozen, FrozenSeries};
use crate::history::{self, History};
use crate::project::Project;
use crate::report::{Column, Table};
use crate::scenario::score::{Score, Settled};
use chrono::NaiveDateTime;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub fn run(a: &args::Monitor, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    let mut settled = Vec::new();
    let checked = if a.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("stockcast")) {
        let project = Project::open(&a.file).map_err(|d| vec![d])?;
        let document = project.document();
        let sales = document.sales.as_ref().map(|s| document.agreed.history(&s.history));
        let history = sales.ok_or_else(|| vec![nothing("the project holds no sales", "import sales into it first")])?;
        settled = document.settled();
        let frozen = match &a.against {
            Some(path) => vec![Arc::new(earlier(path, &history)?)],
            None => document.frozen.clone(),
        };
        frozen.iter().rev().map(|f| check(f, &history)).find(|c| !c.is_empty()).unwrap_or_default()
    } else {
        let Some(against) = &a.against else {
            return Err(vec![nothing(
                "a sales file alone holds no earlier forecast",
                "add --against forecast.csv, as `stockcast forecast` wrote it",
            )]);
        };
        let import = read::sales(std::slice::from_ref(&a.file), &read::options(&a.reading)?, out)?;
        out.diagnostics(&import.diagnostics);
        check(&earlier(against, &import.history)?, &import.history)
    };
    if checked.is_empty() {
        return Err(vec![nothing(
            "no period of the earlier forecast has been sold yet",
            "use newer sales, or an older forecast of the same series",
        )]);
    }
    let table = table(&checked);
    let more = out.table_beside(a.out.as_deref(), &table)?;
    if out.json {
        let mut all = json!({ "together": together(&checked), "series": checked });
        if let (false, Some(map)) = (settled.is_empty(), all.as_object_mut()) {
            map.insert("orders".into(), json!({ "together": Score::of(&settled), "lines": settled }));
        }
        out.json_value(&all);
    } else if more {
        summary(&checked, out);
        score(&settled, out);
    }
    Ok(())
}

/// Past orders settled: as advised, as decided, as weeks of cover would have had them.
fn score(settled: &[Settled], out: &Printer) {
    if settled.is_empty() {
        return;
    }
    let s = Score::of(settled);
    out.line(format!(
        "{} settled against what was sold since, {} as advised",
        plural(s.lines, "order line"),
        grouped(s.followed as f64, 0)
    ));
    for (name, cost) in [("as advised", s.advised_cost), ("as decided", s.decided_cost), ("by weeks of cover", s.old_rule_cost)] {
        out.line(format!("  {name:<28}{:>14}", grouped(cost, 2)));
    }
    for (name, i) in [("saved by the decisions", s.decisions_against_old_rule), ("changes and holds cost", s.advice_against_decisions)] {
        out.line(format!("  {name:<28}{:>14}   (95 %: {} to {})", grouped(i.sum, 2), grouped(i.low, 2), grouped(i.high, 2)));
    }
    out.line("  (each line over the time it had to cover, then carried on by the same rule from the next review)");
    let mut worst: Vec<&Settled> = settled.iter().filter(|l| l.decided_cost - l.advised_cost > 0.005).collect();
    worst.sort_by(|a, b| {
        (b.decided_cost - b.advised_cost).total_cmp(&(a.decided_cost - a.advised_cost)).then_with(|| a.unique_id.cmp(&b.unique_id))
    });
    for l in worst.iter().take(5) {
        let why = if l.why.is_empty() { String::new() } else { format!(" ({})", l.why) };
        let (decided, advised) = (grouped(l.decided, 0), grouped(l.advised, 0));
        let extra = grouped(l.decided_cost - l.advised_cost, 2);
        out.line(format!(
            "  {} of {}: {}{why}, {decided} for {advised} advised cost {extra} more",
            l.unique_id,
            l.order_date.iso(),
            l.fate.name()
        ));
    }
}

fn nothing(what: &str, fix: &str) -> Diagnostic {
    Diagnostic::error("nothing-to-compare", what).fix(fix)
}

fn summary(checked: &[Checked], out: &Printer) {
    let all = together(checked);
    let share = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), |x| format!("{:.1} %", 100.0 * x));
    out.line(format!("{} compared with what was sold since", super::output::series(all.series)));
    for (name, x) in [
        ("missed demand (WAPE)", all.wape),
        ("bias (positive: too high)", all.bias),
        ("inside the 80 % interval", all.coverage_80),
        ("value added by the models", all.fva_models),
        ("value added by hand", all.fva_by_hand),
    ] {
        out.line(format!("  {name:<28}{:>10}", share(x)));
    }
    let mut alerts: Vec<&Checked> = checked.iter().filter(|c| c.drift.is_some()).collect();
    alerts.sort_by(|a, b| b.errors[2].total_cmp(&a.errors[2]).then_with(|| a.unique_id.cmp(&b.unique_id)));
    out.line(format!("{} deserve a look{}", super::output::series(alerts.len()), if alerts.is_empty() { "" } else { ":" }));
    for c in alerts.iter().take(20) {
        out.line(format!("  {}: {}", c.unique_id, c.advice));
    }
    if alerts.len() > 20 {
        out.line(format!("  … and {} more; -o alerts.csv writes all", alerts.len() - 20));
    }
}

fn table(all: &[Checked]) -> Table {
    let nan = |f: fn(&Checked) -> Option<f64>| all.iter().map(|c| f(c).unwrap_or(f64::NAN)).collect::<Vec<_>>();
    Table::new(vec![
        Column::text("unique_id", all.iter().map(|c| c.unique_id.to_string())),
        Column::date("from", all.iter().map(|c| c.start)),
        Column::integer("periods", all.iter().map(|c| c.periods as i64)),
        Column::number("sold", 2, all.iter().map(|c| c.actual)),
        Column::number("forecast", 2, all.iter().map(|c| c.forecast)),
        Column::number("wape", 4, nan(|c| c.wape)),
        Column::number("bias", 4, nan(|c| c.bias)),
        Column::number("coverage_80", 4, nan(|c| c.coverage_80)),
        Column::number("tracking_signal", 3, nan(|c| c.tracking_signal)),
        Column::number("smoothed_signal", 3, nan(|c| c.smoothed_signal)),
        Column::number("fva_models", 4, nan(|c| c.fva_models)),
        Column::number("fva_by_hand", 4, nan(|c| c.fva_by_hand)),
        Column::text("drift", all.iter().map(|c| c.drift.map_or("", |d| d.name()))),
        Column::text("advice", all.iter().map(|c| c.advice.clone())),
    ])
}

/// A forecast as `stockcast forecast` wrote it: `unique_id, ds, mean [, lo-80, hi-80, statistical]`, other columns passed over.
fn earlier(path: &Path, history: &History) -> Result<Frozen, Vec<Diagnostic>> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| {
        vec![Diagnostic::error("file-unreadable", format!("the file cannot be read: {e}")).file(&name).fix("check the path")]
    })?;
    let table = history::table::read(&name, &bytes, None)?;
    let column = |wanted: &str| table.columns.iter().find(|c| c.name.eq_ignore_ascii_case(wanted));
    let need = |wanted: &str| {
        column(wanted).ok_or_else(|| {
            vec![
                Diagnostic::error("not-a-forecast", format!("the file has no column {wanted}"))
                    .file(&name)
                    .fix("give a file that `stockcast forecast` wrote: unique_id, ds, mean, lo-80, hi-80"),
            ]
        })
    };
    let (ids, days, means) = (need("unique_id")?, need("ds")?, need("mean")?);
    let more = [column("statistical"), column("lo-80"), column("hi-80")];
    let mut by_series: BTreeMap<String, BTreeMap<Stamp, [f64; 4]>> = BTreeMap::new();
    for row in 0..table.rows {
        let wrong = |column: &str, text: &str, fix: &str| {
            vec![Diagnostic::error("not-a-forecast", format!("'{text}' is no {column}")).file(&name).line(table.line(row)).fix(fix)]
        };
        let day = days.text(row);
        let at = stamp(&day).ok_or_else(|| wrong("date", &day, "write dates as 2026-03-02"))?;
        let number = |c: &history::table::Column| -> Result<f64, Vec<Diagnostic>> {
            let text = c.text(row);
            text.trim().parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| wrong("number", &text, "write numbers as 12.5"))
        };
        let mut cells = [number(means)?; 4];
        for (cell, c) in cells.iter_mut().skip(1).zip(more) {
            *cell = c.map_or(Ok(f64::NAN), number)?;
        }
        by_series.entry(ids.text(row).trim().to_owned()).or_default().insert(at, cells);
    }
    let series: Vec<FrozenSeries> = by_series
        .into_iter()
        .filter_map(|(id, steps)| {
            let start = *steps.keys().next()?;
            let list = |k: usize| steps.values().map(|c| c.get(k).copied().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
            let known = |k: usize| Some(list(k)).filter(|v| v.iter().all(|x| x.is_finite())).unwrap_or_default();
            let naive = history.series.iter().find(|s| *s.unique_id == *id).map(|s| {
                let calendar = crate::base::Calendar::new(history.period, s.start);
                let n = usize::try_from(calendar.index(start)).unwrap_or(0).min(s.y.len());
                let season = history.period.season_lengths().first().copied().unwrap_or(1);
                crate::forecast::monitor::naive(s.y.get(..n).unwrap_or_default(), season, steps.len())
            });
            Some(FrozenSeries {
                unique_id: id.into(),
                start,
                mean: list(0),
                statistical: known(1),
                naive: naive.unwrap_or_default(),
                low: known(2),
                high: known(3),
                stock: None,
            })
        })
        .collect();
    let ahead = series.iter().map(|s| s.start).min().unwrap_or_default();
    Ok(Frozen { made: ahead, ahead, period: history.period, series })
}

fn stamp(text: &str) -> Option<Stamp> {
    let t = text.trim().replace('T', " ");
    let whole = if t.len() <= 10 { format!("{t} 00:00:00") } else { t };
    NaiveDateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S").ok().map(Stamp::from_naive)
}
