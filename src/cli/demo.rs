//! `stockcast demo`: the whole line on the sample shop.

use super::output::{Printer, series};
use super::{Done, args, replay, simulate};
use crate::base::text::{grouped, plural};
use crate::base::{Calendar, Diagnostic};
use crate::report::{page, tables, write_table, write_text};
use crate::scenario::{Engine, Inputs, Outcome, ReplayOutcome, sample};
use std::path::{Path, PathBuf};

/// Periods of the past that the demo lives again.
const REPLAYED: usize = 26;

pub fn run(a: &args::Demo, out: &Printer) -> Done {
    let dir = a.out.clone().unwrap_or_else(|| PathBuf::from("stockcast-demo"));
    if !a.no_files {
        std::fs::create_dir_all(&dir).map_err(|e| {
            vec![
                Diagnostic::error("folder-unwritable", format!("the folder cannot be made: {e}"))
                    .file(dir.display().to_string())
                    .fix("name another with --out DIR, or use --no-files"),
            ]
        })?;
    }
    let (inputs, plan, notes) = sample::load(&out.progress())?;
    let engine = Engine::default();
    let outcome = simulate::run_plan(&engine, &inputs, &plan, notes, out)?;
    let replayed = replay::replay(&engine, &inputs, &plan, REPLAYED, out)?;
    if !a.no_files {
        write(&dir, &inputs, &outcome, &replayed)?;
    }
    if out.json {
        let mut value = crate::report::json::outcome(&outcome, false);
        value["replay"] = crate::report::json::replay(&replayed);
        out.json_value(&value);
        return Ok(());
    }
    summary(&inputs, &outcome, &replayed, out);
    if !a.no_files {
        out.line("");
        out.line(format!(
            "Written to {}: report.html (open it in a browser), orders.csv, series.csv, replay.csv, trips.csv, report.xlsx,",
            dir.display()
        ));
        out.line("and data/, the sample shop itself: change data/scenario.toml and run `stockcast simulate` on it.");
    }
    Ok(())
}

fn write(dir: &Path, inputs: &Inputs, outcome: &Outcome, replayed: &ReplayOutcome) -> Done {
    let one = |d: Diagnostic| vec![d];
    write_table(dir.join("orders.csv"), &tables::orders(outcome)).map_err(one)?;
    write_table(dir.join("series.csv"), &tables::measures(outcome)).map_err(one)?;
    write_table(dir.join("replay.csv"), &tables::replay(replayed)).map_err(one)?;
    if let Some(f) = &outcome.freight {
        write_table(dir.join("trips.csv"), &tables::trips(f)).map_err(one)?;
    }
    page::write(&dir.join("report.html"), inputs, outcome, Some(replayed))?;
    page::write(&dir.join("report.xlsx"), inputs, outcome, Some(replayed))?;
    let data = dir.join("data");
    let unwritable = |e: std::io::Error| {
        vec![
            Diagnostic::error("folder-unwritable", format!("the sample cannot be written: {e}"))
                .file(data.display().to_string())
                .fix("name another folder with --out DIR"),
        ]
    };
    std::fs::create_dir_all(&data).map_err(unwritable)?;
    for (name, bytes) in sample::FILES {
        std::fs::write(data.join(name), bytes).map_err(unwritable)?;
    }
    write_text(data.join("scenario.toml"), sample::SCENARIO).map_err(one)
}

fn summary(inputs: &Inputs, o: &Outcome, r: &ReplayOutcome, out: &Printer) {
    let currency = inputs.currency();
    let money = |x: f64| format!("{currency} {}", grouped(x, 0)).trim().to_owned();
    let saved = |x: f64| format!("{} {}", money(x.abs()), if x < 0.0 { "lost" } else { "saved" });
    let t = &o.totals;
    let horizon = plural(o.plan.periods, o.period.name());
    let Some(now) = o.now else { return };
    let calendar = Calendar::new(o.period, now);
    out.line(format!("{}: {} by {}, planned {horizon} ahead from {now}", o.plan.name, series(o.series.len()), o.period));
    out.line("");
    let s = &r.result.saved_against_cover;
    out.line(format!(
        "Replay      the last {} ordered this way cost {}; keeping last year's weeks of cover {}:",
        plural(r.periods, o.period.name()),
        money(r.result.sums[0].total_cost),
        money(r.result.sums[1].total_cost)
    ));
    out.line(format!(
        "            {} (95 % over items: {} to {}); against seasonal naive {}",
        saved(s.sum),
        money(s.low),
        money(s.high),
        saved(r.result.saved_against_naive.sum)
    ));
    out.line(format!(
        "At risk     stockouts {} ± {}, overstock {} ± {} over {horizon}",
        money(t.stockout_cost.mean),
        grouped(t.stockout_cost.half_width, 0),
        money(t.overstock_cost.mean),
        grouped(t.overstock_cost.half_width, 0)
    ));
    out.line(format!(
        "Service     {} % of demand served at once; {} % of replenishment cycles without a stockout",
        grouped(t.fill_rate.mean * 100.0, 1),
        grouped(t.cycle_service.mean * 100.0, 1)
    ));
    out.line(format!("Stock       {} on average, bought for {} over {horizon}", money(t.stock_value.mean), money(t.purchases.mean)));
    if let Some(f) = &o.freight {
        let m = &f.measures;
        out.line(format!(
            "Freight     {} ± {} for {} trips, {} km, loaded {} %, held {} days ({})",
            money(m.freight_cost.mean),
            grouped(m.freight_cost.half_width, 0),
            grouped(m.trips.mean, 0),
            grouped(m.distance_km.mean, 0),
            grouped(m.load_factor.mean * 100.0, 0),
            grouped(m.delay_days.mean, 1),
            f.rule
        ));
        out.line(format!(
            "Footprint   {} ± {} kg CO2e: trips {}, storage {}, waste {}",
            grouped(m.emissions_kg_co2e.mean, 0),
            grouped(m.emissions_kg_co2e.half_width, 0),
            grouped(m.transport_kg_co2e.mean, 0),
            grouped(m.storage_kg_co2e.mean, 0),
            grouped(m.waste_kg_co2e.mean, 0)
        ));
    }
    let lines = tables::order_lines(o);
    let value: f64 = lines.iter().map(|l| l.value).sum();
    out.line("");
    out.line(format!("Order now   {} worth {}; first, what it costs most to wait with:", plural(lines.len(), "line"), money(value)));
    for l in lines.iter().take(6) {
        let st = &l.series.stocked;
        let what: String = st.description.as_ref().unwrap_or(&st.item).chars().take(30).collect();
        let runs_out = l.advice.runs_out.map_or_else(|| "later".to_owned(), |p| tables::at_fraction(&calendar, p).iso());
        out.line(format!(
            "  {:>6} × {what:<30} {:<12} from {:<20} runs out {runs_out}",
            grouped(l.advice.quantity, 0),
            st.location,
            st.supplier
        ));
    }
    if let Some(l) = lines.first() {
        out.line(format!("  why the first: {}", l.advice.reason));
    }
}
