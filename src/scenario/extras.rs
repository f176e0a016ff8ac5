//! What few items have, from the plan: yield, disruptions, closures, price breaks, emergency orders, days on which orders are taken.

use super::plan::Plan;
use super::plan::adjust::Names;
use super::resolve::Stocked;
use crate::base::diagnostic::nearest;
use crate::base::{Calendar, Diagnostic, Period};
use crate::history::breaks::PriceBreaks;
use crate::inventory::{Extras, PriceBreak, Yield};
use std::collections::BTreeSet;

/// The extras of a series. `cost`: its list cost; `breaks`: its own prices by quantity, before those of the plan; `ahead`: the calendar whose period 0 is the first one ahead, where there are dates; `days`: when
/// its supplier takes orders, Monday = 0, empty: any day.
pub(super) fn extras(
    plan: &Plan,
    names: &Names<'_>,
    cost: f64,
    breaks: Option<&PriceBreaks>,
    ahead: Option<&Calendar>,
    days: &[u32],
) -> Extras {
    let disruptions =
        plan.disruption.iter().enumerate().filter(|(_, d)| d.fits(names)).filter_map(|(n, d)| d.event(n, ahead, plan.warm_up)).collect();
    let mut price_breaks: Vec<PriceBreak> = plan
        .price_break
        .iter()
        .filter(|b| b.fits(names))
        .map(|b| {
            let off = b.percent.map_or(0.0, |p| cost * p / 100.0);
            PriceBreak { from: b.quantity, saving: b.cost.map_or(off, |c| cost - c) }
        })
        .collect();
    let incremental_breaks = breaks.map_or_else(|| plan.price_break.iter().any(|b| b.incremental && b.fits(names)), |b| b.incremental);
    if let Some(b) = breaks {
        price_breaks = b.steps.iter().map(|s| PriceBreak { from: s.from, saving: cost - s.cost }).collect();
    }
    price_breaks.sort_by(|a, b| a.from.total_cmp(&b.from));
    Extras {
        freshest_first: plan.supply.issue == "lifo",
        yields: plan.supply.yields.as_ref().and_then(|y| Yield::new(y.mean, y.sd).ok()),
        disruptions,
        price_breaks,
        incremental_breaks,
        maximum: plan.supply.maximum,
        production_rate: plan.supply.production_rate,
        schedule: if plan.policy.kind == "schedule" { plan.policy.orders.clone() } else { Vec::new() },
        ended: false,
        expedite: plan.expedite.iter().find(|e| e.fits(names)).map(|e| e.expedite(cost)),
        order_periods: ahead.map_or_else(Vec::new, |a| order_periods(a, days)),
    }
}

/// Entries that speak of nothing that is planned: most often a name spelled otherwise.
pub(super) fn idle(plan: &Plan, stocked: &[Stocked]) -> Vec<Diagnostic> {
    let names = |s: &'_ Stocked, f: &dyn Fn(&Names<'_>) -> bool| {
        f(&Names { unique_id: &s.unique_id, item: &s.item, location: &s.location, category: s.category.as_deref(), supplier: &s.supplier })
    };
    let mut out = Vec::new();
    let mut say = |what: &str, nth: usize, known: Vec<(&Option<String>, BTreeSet<&str>)>| {
        let near = known.iter().find_map(|(wanted, names)| {
            let wanted = wanted.as_deref().filter(|w| !names.contains(w))?;
            nearest(wanted, names.iter().copied()).map(|n| format!("did you mean \"{n}\"?"))
        });
        out.push(
            Diagnostic::warning("entry-idle", format!("[[{what}]] entry {nth} speaks of nothing that is planned"))
                .fix(near.unwrap_or_else(|| "check its names against the items file".into())),
        );
    };
    let all = |f: &dyn Fn(&'_ Stocked) -> Option<&'_ str>| -> BTreeSet<&str> { stocked.iter().filter_map(f).collect() };
    for (n, d) in plan.disruption.iter().enumerate() {
        if !stocked.iter().any(|s| names(s, &|n| d.fits(n))) {
            let known = vec![
                (&d.unique_id, all(&|s| Some(&*s.unique_id))),
                (&d.item, all(&|s| Some(&*s.item))),
                (&d.location, all(&|s| Some(&*s.location))),
                (&d.category, all(&|s| s.category.as_deref())),
                (&d.supplier, all(&|s| Some(&*s.supplier))),
            ];
            say("disruption", n + 1, known);
        }
    }
    for (n, b) in plan.price_break.iter().enumerate() {
        if !stocked.iter().any(|s| names(s, &|n| b.fits(n))) {
            let known = vec![
                (&b.item, all(&|s| Some(&*s.item))),
                (&b.category, all(&|s| s.category.as_deref())),
                (&b.supplier, all(&|s| Some(&*s.supplier))),
            ];
            say("price_break", n + 1, known);
        }
    }
    for (n, e) in plan.expedite.iter().enumerate() {
        if !stocked.iter().any(|s| names(s, &|n| e.fits(n))) {
            let known = vec![
                (&e.item, all(&|s| Some(&*s.item))),
                (&e.category, all(&|s| s.category.as_deref())),
                (&e.supplier, all(&|s| Some(&*s.supplier))),
            ];
            say("expedite", n + 1, known);
        }
    }
    out
}

/// The periods at whose end an order goes out on one of `days`: an order at the end of a period is dated at the start of the next.
fn order_periods(ahead: &Calendar, days: &[u32]) -> Vec<bool> {
    // a longer period has every day of the week in it
    if days.is_empty() || ahead.period != Period::Day {
        return Vec::new();
    }
    let open: Vec<bool> = (0..7).map(|t| days.contains(&ahead.at(t + 1).weekday())).collect();
    if open.iter().all(|o| *o) || !open.contains(&true) { Vec::new() } else { open }
}
