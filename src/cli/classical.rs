//! The textbooks' answers, and chains of stages, as text.

use super::output::Printer;
use crate::base::text::{grouped, half_width, plural};
use crate::scenario::Outcome;

fn number(x: f64) -> String {
    let whole = (x - x.round()).abs() < 1e-9;
    grouped(
        x,
        if whole {
            0
        } else if x.abs() < 1.0 {
            4
        } else {
            2
        },
    )
}

/// What formulas say beside the simulation; nothing with a history.
pub fn answers(o: &Outcome, out: &Printer) {
    if o.classical.is_empty() {
        return;
    }
    out.line("");
    out.line(format!(
        "{:<52} {:>12} {:>14} {:>10} {:>14}  levels",
        "textbook, cost a period", "by formula", "simulated", "± error", "above policy"
    ));
    for a in &o.classical {
        let by_formula = a.cost_per_period.map_or_else(|| "–".into(), |c| grouped(c, 3));
        let (ran, error) =
            a.simulated_cost_per_period.map_or_else(|| ("–".into(), String::new()), |m| (grouped(m.mean, 3), half_width(m.half_width, 3)));
        let above = a.more_than_policy_per_period.map_or_else(String::new, |m| grouped(m.mean, 3));
        let mut levels: Vec<String> = [("s", a.s), ("S", a.up_to), ("Q", a.quantity)]
            .into_iter()
            .filter_map(|(n, x)| x.map(|x| format!("{n} {}", number(x))))
            .collect();
        if !a.orders.is_empty() {
            let listed: Vec<String> = a.orders.iter().take(12).map(|q| number(*q)).collect();
            levels.push(format!("orders {}{}", listed.join(", "), if a.orders.len() > 12 { " …" } else { "" }));
        }
        levels.extend(a.more.iter().map(|(key, x)| format!("{} {}", key.replace('_', " "), number(*x))));
        let name = format!("{}{}", a.name, if a.exact { "" } else { " ~" });
        out.line(format!("{name:<52} {by_formula:>12} {ran:>14} {error:>10} {above:>14}  {}", levels.join(", ")));
    }
    out.line("~: an approximation here, or of continuous time; sources with --json");
}

/// Where stock stands in a chain of stages; whether there is one.
pub fn chain(o: &Outcome, out: &Printer) -> bool {
    let Some(c) = &o.chain else { return false };
    let serial = c.method == "clark_scarf";
    let what =
        if serial { "least-cost echelon base stock (Clark & Scarf)" } else { "safety stock with guaranteed service (Graves & Willems)" };
    out.line(format!("{}: {}, {what}", o.plan.name, plural(c.stages.len(), "stage")));
    let at = |x: Option<f64>| x.map_or_else(|| "–".into(), number);
    let time = |x: Option<usize>| x.map_or_else(|| "–".into(), |t| t.to_string());
    if serial {
        out.line(format!("{:<20} {:>12} {:>12} {:>14}", "stage", "echelon S", "local S", "mean on hand"));
        for s in &c.stages {
            out.line(format!(
                "{:<20} {:>12} {:>12} {:>14}",
                s.name,
                at(s.echelon_base_stock),
                at(s.local_base_stock),
                at(s.average_on_hand)
            ));
        }
    } else {
        out.line(format!(
            "{:<20} {:>10} {:>10} {:>10} {:>14} {:>14}",
            "stage", "inbound", "promises", "covers", "safety stock", "cost a period"
        ));
        for s in &c.stages {
            out.line(format!(
                "{:<20} {:>10} {:>10} {:>10} {:>14} {:>14}",
                s.name,
                time(s.inbound_service_time),
                time(s.service_time),
                time(s.net_replenishment_time),
                at(s.safety_stock),
                s.holding_cost_per_period.map_or_else(|| "–".into(), |x| grouped(x, 4))
            ));
        }
    }
    out.line(format!("{:<28}{:>14}", "cost per period, exactly", grouped(c.cost_per_period, 4)));
    if let Some(m) = &c.simulated_cost_per_period {
        out.line(format!("{:<28}{}", "cost per period, simulated", super::simulate::figure(m, 4)));
    }
    if let Some(r) = &c.simulated {
        out.line(format!("{:<28}{}", "fill rate, %", super::simulate::figure(&r.fill_rate.scaled(100.0), 2)));
    }
    out.line(format!("source: {}", c.source));
    true
}
