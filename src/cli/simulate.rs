//! `stockcast simulate`: a scenario's policy, its cost, service, freight and emissions.

use super::output::{Printer, TABLES, series, writable};
use super::{Done, args, read};
use crate::base::text::{grouped, half_width, plural};
use crate::base::{Diagnostic, Measure};
use crate::report::{json, tables};
use crate::scenario::{Engine, Inputs, Outcome, Plan};

pub fn run(a: &args::Simulate, out: &Printer) -> Done {
    writable(a.out.as_deref(), TABLES)?;
    let (inputs, outcome) = outcome_of(&a.scenario, out)?;
    let more = out.table_beside(a.out.as_deref(), &tables::measures(&outcome))?;
    if out.json {
        out.json_value(&json::outcome(&outcome, false));
        return Ok(());
    }
    if more {
        summary(&inputs, &outcome, out);
    }
    Ok(())
}

/// Reads and runs; refusals become the error.
pub fn outcome_of(args: &args::Scenario, out: &Printer) -> Result<(Inputs, Outcome), Vec<Diagnostic>> {
    let (inputs, plan, notes) = read::scenario(args, out)?;
    let outcome = run_plan(&Engine::default(), &inputs, &plan, notes, out)?;
    Ok((inputs, outcome))
}

/// Runs a plan; what reading noted comes first among the diagnostics.
pub fn run_plan(engine: &Engine, inputs: &Inputs, plan: &Plan, notes: Vec<Diagnostic>, out: &Printer) -> Result<Outcome, Vec<Diagnostic>> {
    let progress = out.progress();
    let mut outcome = engine.run(inputs, plan, &progress).map_err(|e| vec![Diagnostic::error("cancelled", e.to_string())])?;
    drop(progress);
    let refusals = outcome.refusals();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    outcome.diagnostics.splice(0..0, notes);
    out.diagnostics(&outcome.diagnostics);
    Ok(outcome)
}

/// `, money in GBP`, where one currency is known.
pub fn in_currency(inputs: &Inputs) -> String {
    match inputs.currency() {
        c if c.is_empty() => String::new(),
        c => format!(", money in {c}"),
    }
}

/// `12,345 ± 67`, and the spread of outcomes.
pub fn figure(m: &Measure, decimals: usize) -> String {
    format!(
        "{:>14} ± {:<9} {} to {}",
        grouped(m.mean, decimals),
        half_width(m.half_width, decimals),
        grouped(m.p10, decimals),
        grouped(m.p90, decimals)
    )
}

fn summary(inputs: &Inputs, o: &Outcome, out: &Printer) {
    if super::classical::chain(o, out) {
        return;
    }
    out.line(format!(
        "{}: {} over {}, {}, seed {}{}",
        o.plan.name,
        series(o.series.len()),
        plural(o.plan.periods, o.period.name()),
        plural(o.replications, "replication"),
        o.plan.seed,
        in_currency(inputs)
    ));
    out.line(format!("{:<28}{:>14}   {:<9} {}", "", "mean", "± error", "80 % of futures"));
    let t = &o.totals;
    for (name, m) in [
        ("total cost", &t.total_cost),
        ("  stockouts", &t.stockout_cost),
        ("    of it expediting", &t.expediting_cost),
        ("  overstock", &t.overstock_cost),
        ("    holding", &t.holding_cost),
        ("    write-off", &t.write_off_cost),
        ("    markdown", &t.markdown_cost),
        ("  ordering", &t.ordering_cost),
        ("  price breaks saved", &t.price_break_savings),
        ("  freight", &t.freight_cost),
        ("  carbon", &t.carbon_cost),
    ] {
        if !matches!(name, "  price breaks saved" | "    of it expediting") || m.mean != 0.0 {
            out.line(format!("{name:<28}{}", figure(m, 2)));
        }
    }
    out.line(format!("{:<28}{}", "total cost per period", figure(&t.total_cost.scaled(1.0 / o.plan.periods.max(1) as f64), 4)));
    out.line(format!("{:<28}{}", "purchases (apart)", figure(&t.purchases, 0)));
    out.line(format!("{:<28}{}", "fill rate, %", figure(&t.fill_rate.scaled(100.0), 2)));
    out.line(format!("{:<28}{}", "cycle service, %", figure(&t.cycle_service.scaled(100.0), 2)));
    out.line(format!("{:<28}{}", "mean stock at cost", figure(&t.stock_value, 0)));
    if let Some(i) = o.impact() {
        out.line(format!("disruptions: in {} % of futures; beside the same customers without them", grouped(i.share_hit * 100.0, 1)));
        for (name, m, decimals) in [
            ("events", &i.events, 2),
            ("money at risk", &i.cost_at_risk, 2),
            ("  of it stockouts", &i.stockout_cost_at_risk, 2),
            ("stock cost without", &i.total_cost_undisrupted, 2),
            ("fill rate without, %", &i.fill_rate_undisrupted.scaled(100.0), 2),
            ("periods to recover", &i.periods_to_recover, 1),
        ] {
            out.line(format!("{name:<28}{}", figure(m, decimals)));
        }
        out.line(format!("{:<28}{:>14}   or more in one future of twenty", "at worst, 95 %", grouped(i.cost_at_risk_p95, 2)));
    }
    if let Some(f) = &o.freight {
        let m = &f.measures;
        out.line(format!("dispatch: {}; trips of {} replications built", f.rule, f.built));
        for (name, m, decimals) in [
            ("trips", &m.trips, 0),
            ("distance, km", &m.distance_km, 0),
            ("load factor, %", &m.load_factor.scaled(100.0), 1),
            ("delay, days", &m.delay_days, 2),
            ("emissions, kg CO2e", &m.emissions_kg_co2e, 1),
        ] {
            out.line(format!("{name:<28}{}", figure(m, decimals)));
        }
        if m.consignments.mean > 0.0 {
            out.line(format!("{:<28}{}", "with carriers, deliveries", figure(&m.consignments, 0)));
            out.line(format!("{:<28}{}", "with carriers, cost", figure(&m.hired_cost, 0)));
        }
    }
    if o.replications == 1 {
        out.line("one replication says nothing about its error: simulate more with --replications");
    }
    if o.series.len() == 1
        && let Some(s) = o.series.first()
    {
        out.line(format!("policy: {}", policy(s)));
    }
    together(o, out);
    super::classical::answers(o, out);
}

/// What ordering together would save, where the scenario asks for it.
pub fn together(o: &Outcome, out: &Printer) {
    for g in &o.joint {
        let j = &g.optimum;
        out.line("");
        out.line(format!(
            "ordering together from {} at {} ({}, {} an order): {}",
            g.supplier,
            g.location,
            plural(g.series.len(), "item"),
            grouped(g.terms.shared, 2),
            g.words()
        ));
        for (name, m, decimals) in [
            ("  total cost together", &j.best.total_cost, 2),
            ("  each by itself", &j.separate.total_cost, 2),
            ("  saved", &j.saving, 2),
            ("  no joint policy below", &j.bound, 2),
            ("  orders together", &j.best.orders, 1),
            ("  each by itself", &j.separate.orders, 1),
            ("  fill rate together, %", &j.best.fill_rate.scaled(100.0), 2),
        ] {
            out.line(format!("{name:<28}{}", figure(m, decimals)));
        }
    }
}

/// A policy in its letters.
pub fn policy(s: &crate::scenario::SeriesOutcome) -> String {
    use crate::inventory::Policy;
    let n = |x: f64| grouped(x, if x.fract().abs() < 1e-9 { 0 } else { 2 });
    match s.stock.policy {
        Policy::SS { s, up_to } => format!("(s, S) = ({}, {})", n(s), n(up_to)),
        Policy::SQ { s, q } => format!("(s, Q) = ({}, {})", n(s), n(q)),
        Policy::SNQ { s, q } => format!("(s, nQ) = ({}, {})", n(s), n(q)),
        Policy::BaseStock { up_to } => format!("base stock S = {}", n(up_to)),
        Policy::Cover { up_to, .. } => format!("{} periods of cover", n(up_to)),
        Policy::Adaptive { safety, batch } => {
            // a batch of one or less is no batch
            let batches = if batch > 1.0 { format!(", at least {} at a time", n(batch)) } else { String::new() };
            format!("forecast over L + R, plus {}{batches}", n(safety))
        }
        Policy::Schedule => {
            let orders = &s.stocked.extras.schedule;
            let listed: Vec<String> = orders.iter().take(12).map(|q| n(*q)).collect();
            format!("orders by period {}{}, repeating", listed.join(", "), if orders.len() > 12 { " …" } else { "" })
        }
    }
}
