//! What is said of the gaps that [`resolve`](super::resolve) has filled, and of master rows that nothing asked for.

use super::plan::Plan;
use super::resolve::{Assumed, DEFAULT_LEAD_DAYS, Stocked};
use crate::base::text::{grouped, plural};
use crate::base::{Diagnostic, Period};
use crate::history::model::Scope;
use crate::history::{History, Masters};
use std::collections::BTreeSet;

/// What was assumed and for how many series, each with the file that would say it.
pub(super) fn report_assumptions(items: &[Stocked], plan: &Plan, period: Period, notes: &mut Vec<Diagnostic>) {
    let count = |a: Assumed| items.iter().filter(|s| s.assumed.contains(&a)).count();
    let mut say = |a: Assumed, code: &'static str, what: String, fix: &str| {
        let n = count(a);
        if n > 0 {
            let of = if n == items.len() { "all series".to_owned() } else { format!("{n} of {} series", items.len()) };
            notes.push(Diagnostic::info(code, format!("{what} ({of})")).fix(fix));
        }
    };
    say(
        Assumed::Stock,
        "stock-assumed",
        "stock on hand is unknown: assumed to just cover expected demand over lead time and review".into(),
        "give stock.csv (unique_id or item, location; on_hand) under [history] stock",
    );
    say(
        Assumed::Cost,
        "cost-assumed",
        format!("unit cost is unknown: assumed {} % of the selling price where that is known", grouped(plan.cost.cost_share * 100.0, 0)),
        "give cost in items.csv, or cost_share under [cost]",
    );
    say(
        Assumed::Shortage,
        "shortage-assumed",
        "what a lost sale costs rests on assumed margins".into(),
        "give cost and price in items.csv, or shortage under [cost]",
    );
    let lead = (DEFAULT_LEAD_DAYS / period.days() - 1e-9).ceil();
    say(
        Assumed::LeadTime,
        "lead-time-assumed",
        format!("lead time is unknown: assumed {DEFAULT_LEAD_DAYS:.0} days ({})", plural(lead as usize, period.name())),
        "give lead_time_days in items.csv, receipts.csv, or lead_time under [supply]",
    );
    say(
        Assumed::Size,
        "size-assumed",
        format!(
            "weight or volume is unknown: assumed {} kg and {} m³ a unit",
            plan.logistics.default_weight_kg, plan.logistics.default_volume_m3
        ),
        "give weight_kg and volume_m3 in items.csv, or the defaults under [logistics]",
    );
    say(Assumed::Supplier, "supplier-assumed", "the supplier is unknown: one supplier is assumed".into(), "give supplier in items.csv");
}

/// Master rows that speak of nothing in the history: most often a spelling that differs.
pub(super) fn report_strangers(history: &History, masters: &Masters, notes: &mut Vec<Diagnostic>) {
    let ids: BTreeSet<&str> = history.series.iter().map(|s| &*s.unique_id).collect();
    let items: BTreeSet<&str> = history.series.iter().map(|s| &*s.item).collect();
    let known = |scope: &Scope| match scope {
        Scope::UniqueId(id) => ids.contains(&**id),
        Scope::Item(i) | Scope::ItemAt(i, _) => items.contains(&**i),
    };
    let mut say = |file: &str, total: usize, strangers: Vec<(u64, String)>| {
        if let Some((line, name)) = strangers.first() {
            notes.push(
                Diagnostic::warning(
                    "master-without-sales",
                    format!("{} of {total} rows name nothing that was sold, the first is '{name}'", strangers.len()),
                )
                .file(file)
                .line(*line)
                .fix("check the spelling against the sales file; new items need a first sale"),
            );
        }
    };
    let name = |scope: &Scope| match scope {
        Scope::UniqueId(i) | Scope::Item(i) | Scope::ItemAt(i, _) => i.to_string(),
    };
    say("items", masters.items.len(), masters.items.iter().filter(|r| !known(&r.scope)).map(|r| (r.line, name(&r.scope))).collect());
    say("stock", masters.stock.len(), masters.stock.iter().filter(|r| !known(&r.scope)).map(|r| (r.line, name(&r.scope))).collect());
    say(
        "on_order",
        masters.on_order.len(),
        masters.on_order.iter().filter(|r| !known(&r.scope)).map(|r| (r.line, name(&r.scope))).collect(),
    );
}
