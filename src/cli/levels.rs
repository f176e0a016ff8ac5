//! `stockcast forecast` of a scenario, or of groups: changes by hand included, items, categories, locations and the total adding up.

use super::output::{Printer, is_stdout, significant};
use super::{Done, args};
use crate::base::Diagnostic;
use crate::base::random::hash_id;
use crate::base::text::plural;
use crate::forecast::levels::{Member, Sum, common_share, sum};
use crate::forecast::parts::Part;
use crate::forecast::reconcile::Method;
use crate::report::{Column, Table};
use crate::scenario::forecasts::{Forecasts, SeriesForecast};
use crate::scenario::resolve::Stocked;
use crate::scenario::{Engine, Inputs, Plan};
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Sampled paths behind a group's quantiles.
const REPLICATIONS: usize = 2048;

/// What a forecast can be of.
pub const LEVELS: [&str; 5] = ["series", "item", "category", "location", "total"];

/// A group and its forecast.
struct Group<'a> {
    level: &'static str,
    name: String,
    members: Vec<&'a SeriesForecast>,
    steps: Vec<Sum>,
    by_hand: String,
}

pub fn run(a: &args::Forecast, levels: &[f64], inputs: &Inputs, plan: &Plan, notes: Vec<Diagnostic>, out: &Printer) -> Done {
    let by = by(&a.by)?;
    let way = a.reconcile.as_deref().map(way).transpose()?;
    let progress = out.progress();
    let cancelled = |e: crate::base::Cancelled| vec![Diagnostic::error("cancelled", e.to_string())];
    let engine = Engine::default();
    let mut found = engine.forecasts(inputs, plan, &progress).map_err(cancelled)?;
    let mut agreed = None;
    if let (Some(f), Some(way)) = (found.as_mut().filter(|f| !f.series.is_empty()), way) {
        let keys = |s: &Stocked| by.iter().filter_map(|level| key(level, s).map(|k| format!("{level}/{k}"))).collect::<Vec<_>>();
        agreed = Some(engine.agree(inputs, plan, f, &keys, way, &progress).map_err(cancelled)?);
    }
    drop(progress);
    let Some(found) = found.filter(|f| !f.series.is_empty()) else {
        return Err(vec![Diagnostic::error("no-series", "there are no sales to forecast").fix("add files under [history]")]);
    };
    let mut diagnostics = notes;
    diagnostics.extend(
        found
            .diagnostics
            .iter()
            .filter(|d| ["override", "driver", "events"].iter().any(|c| d.code.starts_with(c)) || d.code.contains("series"))
            .cloned(),
    );
    if by.contains(&"category") && found.series.iter().all(|s| s.stocked.category.is_none()) {
        diagnostics.push(
            Diagnostic::warning("no-categories", "no item has a category, so there is nothing to add up by category")
                .fix("give a scenario whose items file has a column category"),
        );
    }
    if let Some(a) = &agreed {
        let errors: Vec<String> = a.errors.iter().map(|(way, e)| format!("{way} {:.1} %", 50.0 * e)).collect();
        let tested = if errors.is_empty() {
            "the past is too short to test it".to_owned()
        } else {
            format!("errors on held-out windows: {}", errors.join(", "))
        };
        diagnostics.push(Diagnostic::info("reconciled", format!("groups and series agree by {}; {tested}", a.method.name())));
    }
    out.diagnostics(&diagnostics);
    let groups = groups(&found, inputs, &by, a.horizon, levels, a.seed);
    let mut table = table(&found, &groups, a.horizon, levels);
    if a.parts {
        add_parts(&mut table, &groups, a.horizon);
    }
    if out.json {
        let mut value = json!({ "horizon": a.horizon, "levels": levels, "by": by, "groups": groups.len(), "diagnostics": diagnostics });
        if let Some(a) = &agreed {
            value["reconciled"] = json!(a);
        }
        if found.series.iter().any(|s| s.known.is_some()) {
            value["known_ahead"] = json!(found.series.iter().filter_map(|s| s.known.as_deref()).collect::<Vec<_>>());
        }
        if a.parts {
            let named = |s: &SeriesForecast| json!({ "unique_id": &*s.stocked.unique_id, "why": s.fitted.explanation });
            value["explained"] = json!(found.series.iter().map(named).collect::<Vec<_>>());
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
        let each = plural(a.horizon, found.ahead.period.name());
        out.note(&format!("wrote {}, {each} ahead, to {}", plural(groups.len(), "forecast"), a.out.display()));
    }
    Ok(())
}

fn by(given: &[String]) -> Result<Vec<&'static str>, Vec<Diagnostic>> {
    if given.is_empty() {
        return Ok(vec!["series"]);
    }
    let one = |g: &String| {
        LEVELS.into_iter().find(|l| l.eq_ignore_ascii_case(g.trim())).ok_or_else(|| {
            let hint = crate::base::diagnostic::nearest(g, LEVELS).map_or(String::new(), |k| format!("did you mean '{k}'? "));
            vec![
                Diagnostic::error("level-unknown", format!("'{g}' is nothing to add up by"))
                    .fix(format!("{hint}use {}", LEVELS.join(", "))),
            ]
        })
    };
    given.iter().map(one).collect()
}

/// The name of a series' group at a level of its own.
fn key(level: &str, s: &Stocked) -> Option<String> {
    match level {
        "item" => Some(s.item.to_string()),
        "category" => s.category.as_ref().map(ToString::to_string),
        "location" => Some(s.location.to_string()),
        _ => None,
    }
}

/// A way to make forecasts agree; `None` is the best on held-out windows.
fn way(text: &str) -> Result<Option<Method>, Vec<Diagnostic>> {
    let wanted = text.trim().to_lowercase().replace('-', "_");
    if wanted == "auto" {
        return Ok(None);
    }
    Method::ALL.into_iter().find(|m| m.name() == wanted).map(Some).ok_or_else(|| {
        vec![
            Diagnostic::error("reconcile-unknown", format!("'{text}' is no way to make forecasts agree"))
                .fix("use bottom-up, top-down, mint or auto"),
        ]
    })
}

fn groups<'a>(found: &'a Forecasts, inputs: &Inputs, by: &[&'static str], horizon: usize, levels: &[f64], seed: u64) -> Vec<Group<'a>> {
    let mut out: Vec<Group<'a>> = Vec::new();
    for level in by {
        let mut named: BTreeMap<String, Vec<&SeriesForecast>> = BTreeMap::new();
        for (i, s) in found.series.iter().enumerate() {
            let st = &s.stocked;
            let name = match *level {
                // the history's order, as without levels
                "series" => Some(format!("{i:09}")),
                "item" => Some(st.item.to_string()),
                "category" => st.category.as_ref().map(ToString::to_string),
                "location" => Some(st.location.to_string()),
                _ => Some("total".to_owned()),
            };
            if let Some(name) = name {
                named.entry(name).or_default().push(s);
            }
        }
        out.extend(named.into_iter().map(|(name, members)| {
            let name = if *level == "series" { members.first().map_or(name, |s| s.stocked.unique_id.to_string()) } else { name };
            Group { level, name, members, steps: Vec::new(), by_hand: String::new() }
        }));
    }
    let probabilities: Vec<f64> = std::iter::once(0.5)
        .chain(levels.iter().flat_map(|l| {
            let tail = (1.0 - l / 100.0) / 2.0;
            [tail, 1.0 - tail]
        }))
        .collect();
    let season = found.ahead.period.season_lengths().first().copied().unwrap_or(1);
    out.par_iter_mut().for_each(|g| {
        if let (1, Some(s)) = (g.members.len(), g.members.first()) {
            let step = |t| Sum { mean: s.path.mean(t), quantiles: probabilities.iter().map(|p| s.path.quantile(t, *p)).collect() };
            g.steps = (0..horizon).map(step).collect();
        } else {
            let members: Vec<Member<'_>> = g
                .members
                .iter()
                .filter_map(|s| {
                    let past = &inputs.history.as_ref()?.series.get(s.stocked.series)?.y;
                    Some(Member { path: &s.path, id: hash_id(&s.stocked.unique_id), past, lag: s.stocked.lag })
                })
                .collect();
            g.steps = sum(&members, horizon, &probabilities, common_share(&members, season), seed, REPLICATIONS);
        }
        let mut words: Vec<&str> = g.members.iter().flat_map(|s| s.stocked.by_hand.words.iter().map(String::as_str)).collect();
        words.sort_unstable();
        words.dedup();
        g.by_hand = words.join("; ");
    });
    out
}

/// What each group's mean is made of, a column a part; they add up to the mean.
fn add_parts(table: &mut Table, groups: &[Group<'_>], horizon: usize) {
    let each: Vec<Vec<Part>> = groups.iter().map(parts).collect();
    // in the order in which a reader adds them: what every forecast has, then what is known ahead, then what was changed
    let mut names: Vec<(usize, &str)> = Vec::new();
    for p in each.iter().flatten() {
        let rank = ["level", "trend", "season", "driver", "by_hand"].iter().position(|k| *k == p.kind).unwrap_or(3);
        if !names.contains(&(rank, p.name.as_str())) {
            names.push((rank, &p.name));
        }
    }
    names.sort_by_key(|n| n.0);
    for (rank, name) in names {
        let value =
            |parts: &Vec<Part>, t: usize| parts.iter().find(|p| p.name == name).and_then(|p| p.units.get(t)).copied().unwrap_or(0.0);
        let cells = each.iter().flat_map(|parts| (0..horizon).map(move |t| significant(value(parts, t), 9)));
        let prefix = match rank {
            0 => "base ",
            3 => "from ",
            _ => "",
        };
        table.push(Column::exact(format!("{prefix}{name}"), cells));
    }
}

/// The parts of a group: its members', added up by name.
fn parts(g: &Group<'_>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut add = |part: Part| match out.iter_mut().find(|p| p.name == part.name && p.kind == part.kind) {
        Some(p) => p.units.iter_mut().zip(&part.units).for_each(|(a, b)| *a += b),
        None => out.push(part),
    };
    for s in &g.members {
        let lag = s.stocked.lag;
        s.fitted.parts(s.known.as_deref(), lag).into_iter().for_each(&mut add);
        let said = &s.stocked.by_hand.steps;
        if !said.is_empty() {
            let mut units = vec![0.0; s.fitted.mean.len().saturating_sub(lag)];
            for x in said {
                if let Some(u) = units.get_mut(x.step) {
                    *u = x.mean - x.statistical;
                }
            }
            add(Part { name: "changed by hand".into(), kind: "by_hand", units });
        }
    }
    out
}

/// `level, unique_id [, item, location], ds, mean, median, lo-…, hi-…, model [, statistical, changed_by_hand]`.
fn table(found: &Forecasts, groups: &[Group<'_>], horizon: usize, levels: &[f64]) -> Table {
    let rows = || groups.iter().flat_map(|g| (0..horizon).map(move |t| (g, t)));
    let only_series = groups.iter().all(|g| g.level == "series");
    let mut table = Table::new(Vec::new());
    table.push(Column::text("unique_id", rows().map(|(g, _)| g.name.clone())));
    if only_series {
        let first = |g: &Group<'_>, of: fn(&SeriesForecast) -> String| g.members.first().map_or_else(String::new, |s| of(s));
        table.push(Column::text("item", rows().map(|(g, _)| first(g, |s| s.stocked.item.to_string()))));
        table.push(Column::text("location", rows().map(|(g, _)| first(g, |s| s.stocked.location.to_string()))));
    } else {
        table.push(Column::text("level", rows().map(|(g, _)| g.level)));
    }
    table.push(Column::date("ds", rows().map(|(_, t)| found.ahead.at(t as i64))));
    let step = |g: &Group<'_>, t: usize, of: &dyn Fn(&Sum) -> f64| g.steps.get(t).map_or(f64::NAN, |s| significant(of(s), 9));
    let quantile = |k: usize| move |s: &Sum| s.quantiles.get(k).copied().unwrap_or(f64::NAN);
    table.push(Column::exact("mean", rows().map(|(g, t)| step(g, t, &|s| s.mean))));
    table.push(Column::exact("median", rows().map(|(g, t)| step(g, t, &quantile(0)))));
    for (i, level) in levels.iter().enumerate() {
        table.push(Column::exact(format!("lo-{level}"), rows().map(|(g, t)| step(g, t, &quantile(1 + 2 * i)))));
        table.push(Column::exact(format!("hi-{level}"), rows().map(|(g, t)| step(g, t, &quantile(2 + 2 * i)))));
    }
    let model = |g: &Group<'_>| match g.members.as_slice() {
        [one] => one.fitted.model.clone(),
        many => format!("sum of {} series", many.len()),
    };
    table.push(Column::text("model", rows().map(|(g, _)| model(g))));
    if groups.iter().any(|g| !g.by_hand.is_empty()) {
        let statistical = |g: &Group<'_>, t: usize| g.members.iter().map(|s| s.fitted.path.mean(t + s.stocked.lag)).sum::<f64>();
        table.push(Column::exact("statistical", rows().map(|(g, t)| significant(statistical(g, t), 9))));
        let here = |g: &Group<'_>, t: usize| g.members.iter().any(|s| s.stocked.by_hand.steps.iter().any(|x| x.step == t));
        table.push(Column::text(
            "changed_by_hand",
            rows().map(|(g, t)| if here(g, t) { format!("by hand: {}", g.by_hand) } else { String::new() }),
        ));
    }
    table
}
