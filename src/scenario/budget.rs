//! Where money or room for today's order is short: what each further pack of every item is worth, and who gets them.

use super::engine::Planned;
use super::outcome::SeriesOutcome;
use super::plan::{Objective, Plan};
use super::stock::{self, Job};
use crate::base::text::grouped;
use crate::base::{Diagnostic, Period};
use crate::inventory::ration::{RESOURCES, Wish, ration as best};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Most lots that an order line is divided into.
const MOST_LOTS: usize = 64;

/// Points at which the worth of a line is simulated; between them it is taken as linear.
const POINTS: usize = 9;

/// What today's order may use: money, cubic metres, kilograms, kilograms of CO2e; infinite where it is not short.
pub(super) struct Room([f64; RESOURCES]);

impl Room {
    /// As the plan's objective says.
    pub fn of(plan: &Plan) -> Option<Self> {
        let Objective::Target(t) = &plan.policy.objective else { return None };
        let limits = [t.budget, t.volume_m3, t.weight_kg, t.kg_co2e];
        limits.iter().any(Option::is_some).then(|| Self(limits.map(|l| l.unwrap_or(f64::INFINITY))))
    }
}

/// One order line, in lots that are whole packs.
struct Line<'a> {
    series: &'a SeriesOutcome,
    /// Units of 0, 1, 2 … lots.
    units: Vec<f64>,
    wish: Wish,
}

/// Divides what is short among today's order lines; returns the units of those that get less than they asked for.
pub(super) fn ration(
    series: &[SeriesOutcome],
    planned: &[Planned],
    plan: &Plan,
    period: Period,
    replications: usize,
    room: &Room,
) -> (BTreeMap<usize, f64>, Option<Diagnostic>) {
    let use_of = |s: &SeriesOutcome, units: f64| {
        let s = &s.stocked;
        [s.costs.unit, s.volume_m3, s.weight_kg, s.kg_co2e].map(|x| x * units)
    };
    let asked = series.iter().filter_map(|s| s.stock.advice.as_ref().filter(|a| a.quantity > 0.0).map(|a| use_of(s, a.quantity)));
    let asked = asked.fold([0.0; RESOURCES], |sum, u| std::array::from_fn(|r| sum[r] + u[r]));
    if (0..RESOURCES).all(|r| asked[r] <= room.0[r]) {
        return (BTreeMap::new(), None);
    }
    let lines: Vec<Line<'_>> = series
        .par_iter()
        .filter_map(|s| {
            let quantity = s.stock.advice.as_ref().map(|a| a.quantity).filter(|q| *q > 0.0)?;
            let of = planned.iter().find(|p| p.stocked.series == s.stocked.series)?;
            let units = lots(quantity, s.stocked.pack, s.stocked.minimum, of.path.integer);
            let job = Job::new(of, plan, period, replications.min(256));
            let values = worth(&job, s, &units)?;
            let uses = units.iter().map(|u| use_of(s, *u)).collect();
            Some(Line { series: s, units, wish: Wish { values, uses } })
        })
        .collect();
    let wishes: Vec<Wish> = lines.iter().map(|l| l.wish.clone()).collect();
    let mut caps = BTreeMap::new();
    for (line, lots) in lines.iter().zip(best(&wishes, room.0)) {
        if lots + 1 < line.units.len() {
            caps.insert(line.series.stocked.series, line.units.get(lots).copied().unwrap_or(0.0));
        }
    }
    (caps, Some(note(&asked, &room.0)))
}

fn note(asked: &[f64; RESOURCES], limits: &[f64; RESOURCES]) -> Diagnostic {
    let names = [("budget", "", 2), ("volume", " m³", 2), ("weight", " kg", 1), ("carbon budget", " kg CO2e", 1)];
    let short: Vec<String> = (0..RESOURCES)
        .filter(|r| asked[*r] > limits[*r])
        .map(|r| {
            let (name, unit, decimals) = names[r];
            format!("the {name} of {}{unit} covers part of {}{unit}", grouped(limits[r], decimals), grouped(asked[r], decimals))
        })
        .collect();
    Diagnostic::info("budget-reached", format!("{}; packs that save most per unit of what is short are ordered first", short.join(", ")))
        .fix("raise it under [policy] objective to see what that would save")
}

/// Units of 0, 1, 2 … lots of a line: whole packs, nothing below the minimum, the last what was asked for.
fn lots(quantity: f64, pack: f64, minimum: f64, whole: bool) -> Vec<f64> {
    let smallest = if pack > 0.0 {
        pack
    } else if whole {
        1.0
    } else {
        quantity / MOST_LOTS as f64
    };
    let count = (quantity / smallest - 1e-9).ceil().max(1.0);
    let lot = smallest * (count / MOST_LOTS as f64).ceil().max(1.0);
    let mut units = vec![0.0];
    let mut next = lot;
    while next < quantity - 1e-9 {
        if next >= minimum - 1e-9 {
            units.push(next);
        }
        next += lot;
    }
    units.push(quantity);
    units
}

/// What each number of lots is worth, simulated at a few and linear between.
pub(super) fn worth(job: &Job<'_>, s: &SeriesOutcome, units: &[f64]) -> Option<Vec<f64>> {
    let last = units.len() - 1;
    let mut at: Vec<usize> = (0..POINTS).map(|k| (k * last + (POINTS - 1) / 2) / (POINTS - 1)).collect();
    // the least that can be ordered at all
    at.push(1);
    at.sort_unstable();
    at.dedup();
    let quantities: Vec<f64> = at.iter().filter_map(|k| units.get(*k).copied()).collect();
    let known = stock::worth(job, &s.stock, &quantities).ok()?;
    let mut values = vec![0.0; units.len()];
    for (pair, v) in at.windows(2).zip(known.windows(2)) {
        let (a, b) = (pair[0], pair[1]);
        for k in a..=b {
            let share = (units[k] - units[a]) / (units[b] - units[a]).max(1e-12);
            values[k] = v[0] + share * (v[1] - v[0]);
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_whole_packs_above_the_minimum() {
        assert_eq!(lots(30.0, 6.0, 12.0, true), [0.0, 12.0, 18.0, 24.0, 30.0]);
        assert_eq!(lots(3.0, 0.0, 0.0, true), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(lots(5.0, 0.0, 9.0, true), [0.0, 5.0]);
        let many = lots(1000.0, 0.0, 0.0, true);
        assert!(many.len() <= MOST_LOTS + 1 && many.last() == Some(&1000.0) && many.iter().all(|u| u.fract() == 0.0));
    }
}
