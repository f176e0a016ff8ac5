//! `stockcast forecast`: every series, with intervals, in the contract's columns.

use super::output::{Printer, TABLES, is_stdout, series, significant, writable};
use super::{Done, args, levels, read};
use crate::base::random::hash_id;
use crate::base::text::plural;
use crate::base::{Calendar, Cancelled, Control, Diagnostic};
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;
use crate::forecast::{Choice, FitOptions, Fitted, KnownAhead, Model, fit_all, fit_all_known};
use crate::history::{Drivers, History, Import, MasterFiles, Masters, Recognised, known_roles, read_drivers, read_masters};
use crate::report::{Column, Table};
use crate::scenario::{Inputs, Plan, Told};
use serde_json::json;
use std::path::Path;

pub fn run(a: &args::Forecast, out: &Printer) -> Done {
    writable(Some(&a.out), TABLES)?;
    let percents = percents(&a.level)?;
    let model = model(&a.model)?;
    if a.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        if a.future.is_some() || a.events.is_some() {
            let d = Diagnostic::error("future-of-scenario", "a scenario names itself what is known ahead");
            return Err(vec![d.fix("write future = \"known.csv\" under [forecast], or events = \"events.csv\" under [history]")]);
        }
        if a.paths > 0 {
            let d = Diagnostic::error("paths-of-scenario", "sampled paths are written of a sales file, not of a scenario");
            return Err(vec![d.fix("leave --paths away, or name the sales file")]);
        }
        let (inputs, mut plan, notes) = read::load(&a.file, out)?;
        (plan.periods, plan.warm_up) = (a.horizon, 0);
        if a.model != "auto" {
            plan.forecast.model.clone_from(&a.model);
        }
        plan.forecast.season_length = a.season_length.or(plan.forecast.season_length);
        return levels::run(a, &percents, &inputs, &plan, notes, out);
    }
    let mut reading = a.reading.clone();
    if reading.period.is_none() {
        reading.period = Some(a.freq.clone());
    }
    let mut import = read::sales(std::slice::from_ref(&a.file), &read::options(&reading)?, out)?;
    if a.future.is_none() {
        import.diagnostics.extend(import.recognised.first().and_then(could_help));
    }
    if !a.by.is_empty() || a.events.is_some() || a.parts {
        let mut plan = Plan { periods: a.horizon, ..Plan::default() };
        plan.forecast.model.clone_from(&a.model);
        plan.forecast.season_length = a.season_length;
        let mut notes = import.diagnostics.clone();
        let mut columns = None;
        if let Some(future) = &a.future {
            let (drivers, told) = columns_ahead(a, future, &import)?;
            notes.extend(told);
            columns = Some(drivers);
        }
        let mut masters = Masters::default();
        if a.events.is_some() {
            let (read, told) = read_masters(&MasterFiles { events: a.events.clone(), ..MasterFiles::default() })?;
            masters = read;
            notes.extend(told);
        }
        let known = Told::new(&import.history, &masters, columns).map(std::sync::Arc::new);
        let inputs = Inputs { history: Some(import.history), masters, known, ..Inputs::default() };
        return levels::run(a, &percents, &inputs, &plan, notes, out);
    }
    out.diagnostics(&import.diagnostics);
    let options = FitOptions {
        season_lengths: a.season_length.map(|n| if n > 1 { vec![n] } else { Vec::new() }),
        model,
        ..FitOptions::new(a.horizon)
    };
    let KnownAhead { fits, known, diagnostics: told } = match &a.future {
        Some(future) => ahead(a, future, &import, &options, out)?,
        None => {
            let progress = out.progress();
            progress.progress("forecasting", 0, import.history.series.len());
            let fits = fit_all(&import.history, &options, &progress).map_err(cancelled)?;
            KnownAhead { fits, known: Vec::new(), diagnostics: Vec::new() }
        }
    };
    out.diagnostics(&told);
    let table = table(&import.history, &fits, a.horizon, &percents, a.paths, a.seed);
    if out.json {
        let mut value = json!({
            "horizon": a.horizon,
            "levels": percents,
            "series": import.history.series.iter().zip(&fits).map(|(s, f)| json!({ "unique_id": &*s.unique_id, "fit": f })).collect::<Vec<_>>(),
            "diagnostics": import.diagnostics.iter().chain(&told).collect::<Vec<_>>(),
        });
        for (k, one) in known.iter().enumerate() {
            value["series"][k]["known_ahead"] = json!(one);
        }
        if is_stdout(&a.out) {
            value["forecast"] = out.table_value(&table);
        } else {
            out.table(&a.out, &table)?;
        }
        out.json_value(&value);
        return Ok(());
    }
    out.table(&a.out, &table)?;
    if !is_stdout(&a.out) {
        let each = plural(a.horizon, import.history.period.name());
        out.note(&format!("wrote the forecast of {}, {each} ahead, to {}", series(fits.len()), a.out.display()));
    }
    Ok(())
}

pub fn cancelled(e: Cancelled) -> Vec<Diagnostic> {
    vec![Diagnostic::error("cancelled", e.to_string())]
}

/// The forecasts with what a file tells of the horizon, what it did a series, and what was used.
fn ahead(a: &args::Forecast, future: &Path, import: &Import, options: &FitOptions, out: &Printer) -> Result<KnownAhead, Vec<Diagnostic>> {
    let (drivers, mut told) = columns_ahead(a, future, import)?;
    let progress = out.progress();
    progress.progress("forecasting", 0, import.history.series.len());
    let mut found = fit_all_known(&import.history, &drivers, options, &progress).map_err(cancelled)?;
    told.append(&mut found.diagnostics);
    Ok(KnownAhead { diagnostics: told, ..found })
}

/// The columns that a file tells of the horizon.
fn columns_ahead(a: &args::Forecast, future: &Path, import: &Import) -> Result<(Drivers, Vec<Diagnostic>), Vec<Diagnostic>> {
    let Some(recognised) = import.recognised.first().filter(|_| a.file.as_os_str() != "-") else {
        return Err(vec![
            Diagnostic::error("future-of-stdin", "what is known ahead needs sales with a name")
                .fix("write the sales to a file and name it"),
        ]);
    };
    read_drivers(&a.file, recognised, future, &import.history, Some(a.horizon))
}

/// What could be done with prices or promotions that the sales file has beside its sales.
fn could_help(recognised: &Recognised) -> Option<Diagnostic> {
    let names = known_roles(recognised);
    (!names.is_empty()).then(|| {
        Diagnostic::info("drivers-could-help", format!("the sales carry {}, which the forecast does not use", names.join(", ")))
            .fix("give their values for the periods ahead with --future FILE (unique_id, ds and these columns)")
    })
}

/// Interval levels in percent, ascending.
fn percents(given: &[f64]) -> Result<Vec<f64>, Vec<Diagnostic>> {
    if let Some(bad) = given.iter().find(|l| !(**l > 0.0 && **l < 100.0)) {
        return Err(vec![
            Diagnostic::error("level-unusable", format!("a level of {bad} % is not between 0 and 100")).fix("use --level 80,95"),
        ]);
    }
    let mut levels = given.to_vec();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    Ok(levels)
}

/// A model by name.
pub fn model(name: &str) -> Result<Choice, Vec<Diagnostic>> {
    Choice::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Model::ALL.iter().map(|m| m.name()).collect();
        let hint = crate::base::diagnostic::nearest(name, known.iter().copied()).map_or(String::new(), |k| format!("did you mean '{k}'? "));
        vec![Diagnostic::error("model-unknown", format!("'{name}' is no model")).fix(format!("{hint}known: auto, {}", known.join(", ")))]
    })
}

/// `unique_id [, item, location], ds, mean, median, lo-80, hi-80, …, model [, path-1 …]`.
fn table(h: &History, fits: &[Fitted], horizon: usize, levels: &[f64], paths: usize, seed: u64) -> Table {
    let rows = || h.series.iter().zip(fits).flat_map(|(s, f)| (0..horizon).map(move |t| (s, f, t)));
    let mut table = Table::new(vec![Column::text("unique_id", rows().map(|r| r.0.unique_id.to_string()))]);
    if h.series.iter().any(|s| s.item != s.unique_id || &*s.location != "main") {
        table.push(Column::text("item", rows().map(|r| r.0.item.to_string())));
        table.push(Column::text("location", rows().map(|r| r.0.location.to_string())));
    }
    let ends = h
        .series
        .iter()
        .map(|s| Calendar::new(h.period, s.start))
        .zip(&h.series)
        .flat_map(|(c, s)| (0..horizon).map(move |t| c.at((s.y.len() + t) as i64)));
    table.push(Column::date("ds", ends));
    table.push(Column::exact("mean", rows().map(|(_, f, t)| significant(f.path.mean(t), 9))));
    table.push(Column::exact("median", rows().map(|(_, f, t)| significant(f.median(t), 9))));
    for level in levels {
        table.push(Column::exact(format!("lo-{level}"), rows().map(|(_, f, t)| significant(f.interval(t, *level).0, 9))));
        table.push(Column::exact(format!("hi-{level}"), rows().map(|(_, f, t)| significant(f.interval(t, *level).1, 9))));
    }
    table.push(Column::text("model", rows().map(|(_, f, _)| f.model.clone())));
    if paths > 0 {
        let mut sampled = vec![Vec::with_capacity(table.rows()); paths];
        let mut tile = vec![0.0f32; horizon * LANES];
        for (s, f) in h.series.iter().zip(fits) {
            let sampler = Sampler::new(&f.path);
            for first in (0..paths).step_by(LANES) {
                sampler.fill(seed, hash_id(&s.unique_id), first as u64, 0..horizon, &mut tile);
                for (lane, column) in sampled.iter_mut().skip(first).take(LANES).enumerate() {
                    column.extend(tile.chunks_exact(LANES).map(|step| f64::from(step[lane])));
                }
            }
        }
        for (k, column) in sampled.into_iter().enumerate() {
            table.push(Column::exact(format!("path-{}", k + 1), column));
        }
    }
    table
}
