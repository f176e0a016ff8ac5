//! Orders below a supplier's minimum value: filled up with what costs least to have early, or left for the next review, whichever is worth more.

use super::budget::worth;
use super::engine::Planned;
use super::outcome::SeriesOutcome;
use super::plan::Plan;
use super::stock::Job;
use crate::base::text::grouped;
use crate::base::{Diagnostic, Period};
use crate::history::Masters;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Steps in which a line is filled up.
const STEPS: usize = 12;

/// One line that may be filled up.
struct Line {
    series: usize,
    cost: f64,
    /// Units asked for, and more in steps.
    units: Vec<f64>,
    /// What each is worth against ordering nothing now.
    values: Vec<f64>,
    /// The step it is at.
    at: usize,
}

impl Line {
    fn money(&self) -> f64 {
        self.cost * self.units.get(self.at).copied().unwrap_or(0.0)
    }
    /// What the next step is worth per unit of money.
    fn next(&self) -> Option<f64> {
        let (a, b) = (*self.units.get(self.at)?, *self.units.get(self.at + 1)?);
        Some((self.values.get(self.at + 1)? - self.values.get(self.at)?) / ((b - a) * self.cost).max(1e-12))
    }
}

/// Units of today's order of every series that this changes, and what is said about it. Suppliers whose orders are decided `together` are left alone.
pub(super) fn reach(
    series: &[SeriesOutcome],
    planned: &[Planned],
    masters: &Masters,
    plan: &Plan,
    period: Period,
    replications: usize,
    together: &BTreeSet<Arc<str>>,
) -> (BTreeMap<usize, f64>, Vec<Diagnostic>) {
    let (mut set, mut notes) = (BTreeMap::new(), Vec::new());
    for row in &masters.suppliers {
        let Some(least) = row.minimum_value.filter(|_| !together.contains(&row.supplier)) else { continue };
        let of: Vec<&SeriesOutcome> = series.iter().filter(|s| s.stocked.supplier == row.supplier).collect();
        let wanted = |s: &SeriesOutcome| s.stock.advice.as_ref().map_or(0.0, |a| a.quantity);
        let ordered: f64 = of.iter().map(|s| wanted(s) * s.stocked.costs.unit).sum();
        if ordered <= 0.0 || ordered >= least {
            continue;
        }
        let missing = least - ordered;
        let mut lines: Vec<Line> = of
            .par_iter()
            .filter_map(|s| {
                let p = planned.iter().find(|p| p.stocked.series == s.stocked.series)?;
                let cost = s.stocked.costs.unit;
                if cost <= 0.0 || s.stock.advice.is_none() {
                    return None;
                }
                let units = steps(wanted(s), missing / cost, s.stocked.pack, s.stocked.minimum, p.path.integer);
                let job = Job::new(p, plan, period, replications.min(256));
                // nothing, what is asked for, and more
                let known = [&[0.0], units.as_slice()].concat();
                let values = worth(&job, s, &known)?.0;
                Some(Line { series: s.stocked.series, cost, units, values: values.get(1..)?.to_vec(), at: 0 })
            })
            .collect();
        let mut money: f64 = lines.iter().map(Line::money).sum();
        while money < least - 1e-9 {
            let best = lines
                .iter()
                .enumerate()
                .filter_map(|(i, l)| l.next().map(|v| (i, v)))
                .max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            let Some((i, _)) = best else { break };
            let Some(line) = lines.get_mut(i) else { break };
            money -= line.money();
            line.at += 1;
            money += line.money();
        }
        let value: f64 = lines.iter().map(|l| l.values.get(l.at).copied().unwrap_or(0.0)).sum();
        let fill = plan.policy.below_minimum == "fill" || (plan.policy.below_minimum == "best" && value > 0.0);
        let (fill, name) = (fill && money >= least - 1e-9, &row.supplier);
        for l in &lines {
            let units = if fill { l.units.get(l.at).copied().unwrap_or(0.0) } else { 0.0 };
            if (units - l.units.first().copied().unwrap_or(0.0)).abs() > 1e-9 {
                set.insert(l.series, units);
            }
        }
        let (what, fix) = if fill {
            (format!("filled up from {} to its minimum of {}", grouped(ordered, 2), grouped(least, 2)), "wait")
        } else {
            (format!("worth {}, below its minimum of {}: it waits for the next review", grouped(ordered, 2), grouped(least, 2)), "fill")
        };
        let saves = if fill && value > 0.0 { format!(", which saves {} against waiting", grouped(value, 2)) } else { String::new() };
        notes.push(
            Diagnostic::info("below-minimum-order", format!("the order to {name} is {what}{saves}"))
                .fix(format!("set below_minimum = \"{fix}\" under [policy] to do otherwise")),
        );
    }
    (set, notes)
}

/// What is asked for, and up to `extra` units more in whole packs.
fn steps(asked: f64, extra: f64, pack: f64, minimum: f64, whole: bool) -> Vec<f64> {
    let smallest = if pack > 0.0 {
        pack
    } else if whole {
        1.0
    } else {
        extra / STEPS as f64
    };
    let count = (extra / smallest - 1e-9).ceil().max(1.0);
    let step = smallest * (count / STEPS as f64).ceil().max(1.0);
    let mut units = vec![asked];
    let mut next = asked;
    while next < asked + extra - 1e-9 {
        next += step;
        if next >= minimum - 1e-9 {
            units.push(next);
        }
    }
    units
}
