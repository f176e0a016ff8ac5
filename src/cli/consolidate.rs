//! `stockcast consolidate`: rules for holding shipments so that more travel together, on the same simulated orders.

use super::output::{Printer, TABLES, writable};
use super::{Done, args, read, routes, simulate};
use crate::base::diagnostic::nearest;
use crate::base::text::{grouped, half_width, plural};
use crate::base::{Cancelled, Diagnostic, Severity, Stamp};
use crate::logistics::Network;
use crate::report::{Column, Table};
use crate::scenario::plan::{ConsolidationSpec, Plan, parse_weekday};
use crate::scenario::{Consolidation, Engine, Judged, OwnShipments, RuleWish, unknown_hubs};
use serde_json::json;

/// Rules shown in the summary; the file holds all.
const SHOWN: usize = 12;
/// Paths of a forecast of shipments, and the longest that is forecast.
const PATHS: usize = 32;
const MOST_WEEKS: usize = 104;

pub fn run(a: &args::Consolidate, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    for (name, value) in [("--promise", a.promise.unwrap_or(0.0)), ("--price-per-day", a.price_per_day), ("--carbon-price", a.carbon_price)]
    {
        if !value.is_finite() || value < 0.0 {
            return Err(vec![Diagnostic::error("amount-unusable", format!("{name} must be 0 or more")).fix(format!("use {name} 2"))]);
        }
    }
    let file = &a.scenario.scenario;
    let named = a.network.any();
    let scenario = file.extension().is_some_and(|e| ["toml", "stockcast"].iter().any(|x| e.eq_ignore_ascii_case(x)));
    if scenario && named {
        return Err(vec![
            Diagnostic::error("option-unusable", "--vehicles, --locations, --carriers and --distances belong to a shipments file")
                .fix("name them under [history] in the scenario"),
        ]);
    }
    if !scenario {
        match routes::record(file, &a.network) {
            Ok((_, own)) => return shipments(a, own, out),
            Err(problems) if named => return Err(problems),
            // no shipments: sales
            Err(_) => {}
        }
    }
    if a.ahead.is_some() {
        let said = Diagnostic::error("option-unusable", "--ahead is for a shipments file: a scenario's orders follow its own forecast");
        return Err(vec![said.fix("leave out --ahead")]);
    }
    if a.estimate {
        let said = Diagnostic::error("option-unusable", "--estimate is for a shipments file: a scenario is simulated first");
        return Err(vec![said.fix("leave out --estimate")]);
    }
    let (inputs, plan, notes) = read::scenario(&a.scenario, out)?;
    let rules = a.rule.iter().map(|text| rule(text, &plan)).collect::<Result<Vec<_>, _>>()?;
    let engine = Engine::default();
    let outcome = simulate::run_plan(&engine, &inputs, &plan, notes, out)?;
    known_hubs(&rules, &crate::scenario::network(&outcome, &inputs).0)?;
    let progress = out.progress();
    let found = engine
        .best_consolidation(&outcome, &inputs, &rules, wish(a, plan.logistics.built_replications), &progress)
        .map_err(|e| vec![Diagnostic::error("cancelled", e.to_string())])?;
    drop(progress);
    let tried = format!(
        "the same orders over {}, trips built in {}{}",
        plural(plan.periods, "period"),
        plural(found.built, "replication"),
        simulate::in_currency(&inputs)
    );
    let about = json!({
        "name": plan.name, "seed": plan.seed, "replications": outcome.replications, "periods": plan.periods, "built_replications": found.built,
    });
    answer(a, &found, &tried, about, &outcome.diagnostics, out)
}

const fn wish(a: &args::Consolidate, built: usize) -> RuleWish {
    RuleWish { promise_days: a.promise, keep_due: !a.ignore_due, price_per_day: a.price_per_day, built }
}

/// What really went out.
fn shipments(a: &args::Consolidate, own: OwnShipments, out: &Printer) -> Done {
    let plan = Plan::default();
    let rules = a.rule.iter().map(|text| rule(text, &plan)).collect::<Result<Vec<_>, _>>()?;
    known_hubs(&rules, &own.network)?;
    let notes = own.notes.clone();
    out.diagnostics(&notes);
    let own = OwnShipments { carbon_price: a.carbon_price, seed: a.scenario.seed.unwrap_or(plan.seed), ..own };
    if let Some(weeks) = a.ahead {
        return ahead(a, &own, weeks, &rules, out);
    }
    let progress = out.progress();
    let found = if a.estimate {
        own.estimated_consolidation(&rules, wish(a, 1), &progress)
    } else {
        own.best_consolidation(&rules, wish(a, 1), &progress)
    };
    let found = found.map_err(|e| vec![Diagnostic::error("cancelled", e.to_string())])?;
    drop(progress);
    if a.estimate {
        let tried = format!("{} as they were ready, estimated without building trips", plural(own.shipments.len(), "shipment"));
        let about = json!({ "seed": own.seed, "shipments": own.shipments.len(), "estimated": true });
        return answer(a, &found, &tried, about, &notes, out);
    }
    let tried = format!(
        "{} as they were ready over {}; errors are from week to week",
        plural(own.shipments.len(), "shipment"),
        plural(found.built, "week")
    );
    answer(a, &found, &tried, json!({ "seed": own.seed, "shipments": own.shipments.len(), "weeks": found.built }), &notes, out)
}

/// What a forecast expects to go out.
fn ahead(a: &args::Consolidate, own: &OwnShipments, weeks: usize, rules: &[ConsolidationSpec], out: &Printer) -> Done {
    if !(1..=MOST_WEEKS).contains(&weeks) {
        return Err(vec![Diagnostic::error("weeks-unusable", format!("--ahead must be 1 to {MOST_WEEKS} weeks")).fix("use --ahead 13")]);
    }
    let cancelled = |e: Cancelled| vec![Diagnostic::error("cancelled", e.to_string())];
    let progress = out.progress();
    let ahead =
        own.ahead(weeks, PATHS, &progress).map_err(|d| vec![d.file(a.scenario.scenario.display().to_string())])?.map_err(cancelled)?;
    let found = ahead.best_consolidation(rules, wish(a, 1), &progress).map_err(cancelled)?;
    drop(progress);
    let tried = format!(
        "the shipments forecast for the {} from {} on, {} a week against {} in the record; errors are from path to path, of {}",
        plural(weeks, "week"),
        Stamp::of_day(ahead.days.0),
        grouped(ahead.weekly.1, 1),
        grouped(ahead.weekly.0, 1),
        ahead.paths.len()
    );
    let about = json!({
        "seed": own.seed, "weeks": weeks, "paths": ahead.paths.len(), "from": Stamp::of_day(ahead.days.0).iso(),
        "shipments_a_week": { "record": ahead.weekly.0, "forecast": ahead.weekly.1 },
    });
    answer(a, &found, &tried, about, &own.notes, out)
}

fn answer(
    a: &args::Consolidate,
    found: &Consolidation,
    tried: &str,
    about: serde_json::Value,
    notes: &[Diagnostic],
    out: &Printer,
) -> Done {
    let Some(best) = found.rules.first() else {
        return Err(vec![
            Diagnostic::error("no-shipments", "nothing is shipped within the horizon, or no trips are to be built, so nothing can be held")
                .fix("give a longer horizon, and built_replications above 0 under [logistics]"),
        ]);
    };
    let more = out.table_beside(a.out.as_deref(), &table(found))?;
    if out.json {
        let mut value = about;
        if let Some(object) = value.as_object_mut() {
            object.insert("promise_days".into(), json!(a.promise));
            object.insert("price_per_day".into(), json!(a.price_per_day));
            object.insert("best".into(), json!(best.point.name));
            object.insert("rules".into(), found.rules.iter().map(self::value).collect());
            object.insert("diagnostics".into(), json!(notes));
        }
        out.json_value(&value);
        return Ok(());
    }
    if more {
        summary(found, tried, out);
        if !best.keeps_promise {
            out.note("note: no rule keeps the promise in nine of ten cases, not even one that sends everything at once");
        }
    }
    Ok(())
}

/// Refuses rules over hubs that nobody knows the place of.
pub(super) fn known_hubs(rules: &[ConsolidationSpec], network: &Network) -> Done {
    let wrong: Vec<Diagnostic> = rules.iter().flat_map(|r| unknown_hubs(r, network)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into_iter().map(|d| Diagnostic { severity: Severity::Error, ..d }).collect()) }
}

/// A rule as a scenario file writes it, braces or not, or as days of the week; with `collect`, or `via = HUB`, several with `+`.
pub(super) fn rule(text: &str, plan: &Plan) -> Result<ConsolidationSpec, Vec<Diagnostic>> {
    let unknown = |fix: String| vec![Diagnostic::error("rule-unknown", format!("{text:?} is no consolidation rule")).fix(fix)];
    let example = || {
        "write \"every = 7\", \"load = 0.9\", both with a comma, or days of the week as mon,thu; with \"collect\" or \"via = HUB\""
            .to_owned()
    };
    let mut spec = ConsolidationSpec::default();
    for part in text.trim().trim_start_matches('{').trim_end_matches('}').split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let Some((key, value)) = part.split_once('=') else {
            let words: Vec<&str> = part.split([' ', '+']).filter(|w| !w.is_empty()).collect();
            if part.eq_ignore_ascii_case("collect") {
                spec.collect = true;
            } else if words.iter().all(|w| parse_weekday(w).is_some()) {
                spec.weekdays.extend(words.iter().map(|w| (*w).to_owned()));
            } else {
                return Err(unknown(example()));
            }
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let number = || value.parse::<f64>().map_err(|_| unknown(example()));
        match key {
            "every" => spec.every = Some(number()?),
            "load" => spec.load = Some(number()?),
            "collect" => spec.collect = value == "true",
            "via" => spec.via = value.split('+').map(|h| h.trim().trim_matches('"').to_owned()).filter(|h| !h.is_empty()).collect(),
            other => {
                let near = nearest(other, ["every", "load", "collect", "via"]);
                return Err(unknown(near.map_or_else(example, |n| format!("did you mean \"{n} = {value}\"?"))));
            }
        }
    }
    if spec.every.is_none() && spec.load.is_none() && spec.weekdays.is_empty() && (spec.collect || !spec.via.is_empty()) {
        spec.every = Some(1.0);
    }
    let mut with = plan.clone();
    with.logistics.consolidation = spec.clone();
    let before = plan.check();
    let problems: Vec<Diagnostic> = with.check().into_iter().filter(|d| !before.contains(d)).collect();
    if problems.is_empty() { Ok(spec) } else { Err(problems) }
}

fn summary(found: &Consolidation, tried: &str, out: &Printer) {
    out.line(format!("{} tried on {tried}", plural(found.rules.len(), "rule")));
    let wide = found.rules.iter().take(SHOWN).map(|r| r.point.name.chars().count()).max().unwrap_or(0).max(4);
    out.line(format!(
        "   {:<wide$}{:>13}{:>25}{:>12}{:>11}{:>12}{:>9}{:>8}{:>11}",
        "rule", "total cost", "against daily ± error", "freight", "for wait", "days held", "load, %", "trips", "kg CO2e"
    ));
    let line = |r: &Judged| {
        let p = &r.point;
        let against = format!("{} ± {}", grouped(r.against_daily.mean, 0), half_width(r.against_daily.half_width, 0));
        let waits = p.stock_cost_of_delay.map_or_else(|| "–".into(), |m| grouped(m.mean, 0));
        out.line(format!(
            "{} {:<wide$}{:>13}{:>25}{:>12}{:>11}{:>12}{:>9}{:>8}{:>11}{}{}",
            if r.on_frontier { " *" } else { "  " },
            p.name,
            grouped(r.total_cost.mean, 0),
            against,
            grouped(p.freight_cost.mean, 0),
            waits,
            grouped(p.delay_days.mean, 2),
            grouped(p.load_factor.mean * 100.0, 0),
            grouped(p.trips.mean, 0),
            grouped(p.emissions_kg_co2e.mean, 0),
            if r.own { "  the scenario's" } else { "" },
            match (r.keeps_promise, p.late.mean >= 0.5) {
                (true, _) => String::new(),
                (false, true) => format!("  {} late", grouped(p.late.mean, 0)),
                (false, false) => "  breaks the promise".to_owned(),
            },
        ));
    };
    found.rules.iter().take(SHOWN).for_each(line);
    let rest = found.rules.get(SHOWN..).unwrap_or(&[]);
    // the two that everybody asks about are always shown
    let daily = |r: &&Judged| r.point.spec == ConsolidationSpec { every: Some(1.0), ..ConsolidationSpec::default() };
    rest.iter().filter(|r| r.own || daily(r)).for_each(line);
    out.line("* no rule tried is better in one of cost, days held and kg CO2e without being worse in another");
    if rest.len() > 1 {
        out.note(&format!("{} more with -o FILE or --json", plural(rest.len(), "rule")));
    }
}

fn value(r: &Judged) -> serde_json::Value {
    let p = &r.point;
    json!({
        "rule": p.name, "consolidation": p.spec, "total_cost": r.total_cost, "total_cost_against_daily": r.against_daily, "freight_cost": p.freight_cost,
        "stock_cost_of_delay": p.stock_cost_of_delay, "delay_days": p.delay_days, "longest_delay_days": p.longest_delay_days, "late": p.late,
        "load_factor": p.load_factor, "trips": p.trips, "distance_km": p.distance_km, "shipments": p.shipments,
        "transport_kg_co2e": p.transport_kg_co2e, "emissions_kg_co2e": p.emissions_kg_co2e, "on_frontier": r.on_frontier,
        "keeps_promise": r.keeps_promise, "own": r.own,
    })
}

fn table(found: &Consolidation) -> Table {
    let of = |f: fn(&Judged) -> f64| found.rules.iter().map(f).collect::<Vec<_>>();
    Table::new(vec![
        Column::text("rule", found.rules.iter().map(|r| r.point.name.clone())),
        Column::number("total_cost", 2, of(|r| r.total_cost.mean)),
        Column::number("total_cost_half_width", 2, of(|r| r.total_cost.half_width)),
        Column::number("against_daily", 2, of(|r| r.against_daily.mean)),
        Column::number("against_daily_half_width", 2, of(|r| r.against_daily.half_width)),
        Column::number("freight_cost", 2, of(|r| r.point.freight_cost.mean)),
        Column::number("stock_cost_of_delay", 2, of(|r| r.point.stock_cost_of_delay.map_or(f64::NAN, |m| m.mean))),
        Column::number("delay_days", 3, of(|r| r.point.delay_days.mean)),
        Column::number("longest_delay_days", 2, of(|r| r.point.longest_delay_days.mean)),
        Column::number("late", 1, of(|r| r.point.late.mean)),
        Column::number("load_factor", 4, of(|r| r.point.load_factor.mean)),
        Column::number("trips", 2, of(|r| r.point.trips.mean)),
        Column::number("distance_km", 1, of(|r| r.point.distance_km.mean)),
        Column::number("transport_kg_co2e", 1, of(|r| r.point.transport_kg_co2e.mean)),
        Column::number("emissions_kg_co2e", 1, of(|r| r.point.emissions_kg_co2e.mean)),
        Column::bool("on_frontier", found.rules.iter().map(|r| r.on_frontier)),
        Column::bool("keeps_promise", found.rules.iter().map(|r| r.keeps_promise)),
    ])
}
