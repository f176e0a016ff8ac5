//! What few items have, from the plan: yield, disruptions, closures, price breaks, days on which orders are taken.

use super::plan::Plan;
use super::plan::adjust::Names;
use crate::base::{Calendar, Period};
use crate::inventory::{Extras, PriceBreak, Yield};

/// The extras of a series. `cost`: its list cost; `ahead`: the calendar whose period 0 is the first one ahead, where there are dates; `days`: when
/// its supplier takes orders, Monday = 0, empty: any day.
pub(super) fn extras(plan: &Plan, names: &Names<'_>, cost: f64, ahead: Option<&Calendar>, days: &[u32]) -> Extras {
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
    price_breaks.sort_by(|a, b| a.from.total_cmp(&b.from));
    Extras {
        freshest_first: plan.supply.issue == "lifo",
        yields: plan.supply.yields.as_ref().and_then(|y| Yield::new(y.mean, y.sd).ok()),
        disruptions,
        price_breaks,
        order_periods: ahead.map_or_else(Vec::new, |a| order_periods(a, days)),
    }
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
