//! Where money or room for today's order is short: what each further pack of every item is worth, and who gets them. A run asks for one limit
//! ([`ration`]), a slider for many ([`Payoffs`]).

use super::engine::{Engine, Planned};
use super::load::Inputs;
use super::outcome::{Outcome, SeriesOutcome};
use super::plan::{Objective, Plan};
use super::stock::{self, Job};
use crate::base::text::grouped;
use crate::base::{Cancelled, Control, Diagnostic, Period};
use crate::inventory::ration::{RESOURCES, Wish, price, ration as best, ration_roughly as nearly_best};
use crate::inventory::{BATCHES, Worth, batches_of, half_width_of};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most lots that an order line is divided into.
const MOST_LOTS: usize = 64;

/// Points at which the worth of a line is simulated; between them it is taken as linear.
const POINTS: usize = 9;

/// Replications that the worth of lots is simulated over, at most.
const MOST_REPLICATIONS: usize = 256;

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

/// Whether the plan says that anything is short.
pub(super) fn is_short(plan: &Plan) -> bool {
    Room::of(plan).is_some()
}

/// What today's order lines are worth, lot by lot: asked once, it answers any limit at once, as fast as a slider moves.
#[derive(Debug, Clone, Default)]
pub struct Payoffs {
    lines: Vec<PayoffLine>,
    /// Values and uses of the lots of each line.
    wishes: Vec<Wish>,
    /// What the error of each line's values is told from.
    errors: Vec<Errors>,
    /// Batches of replications behind them.
    batches: usize,
}

/// How far the batches of replications lie from the mean worth of a line's lots, simulated at a few and linear between.
#[derive(Debug, Clone, Default)]
pub(super) struct Errors {
    /// The lots simulated, from 0 to the last.
    at: Vec<usize>,
    known: Vec<[f32; BATCHES]>,
    /// The lots whose value each has: its own, or that of fewer where more would save less.
    of: Vec<usize>,
}

impl Errors {
    /// Adds what `lots` deviate by to the sums by batch.
    fn add(&self, lots: usize, sums: &mut [f64; BATCHES]) {
        let Some(&lots) = self.of.get(lots) else { return };
        let above = self.at.partition_point(|a| *a < lots);
        let (Some(&b), Some(high)) = (self.at.get(above), self.known.get(above)) else { return };
        let Some((&a, low)) = above.checked_sub(1).and_then(|i| self.at.get(i).zip(self.known.get(i))) else {
            sums.iter_mut().zip(high).for_each(|(s, d)| *s += f64::from(*d));
            return;
        };
        let share = (lots - a) as f64 / (b - a).max(1) as f64;
        for ((s, x), y) in sums.iter_mut().zip(low).zip(high) {
            *s += f64::from(*x) + share * (f64::from(*y) - f64::from(*x));
        }
    }
}

/// One order line, in lots that are whole packs.
#[derive(Debug, Clone)]
pub struct PayoffLine {
    /// Index into the history.
    series: usize,
    /// Which series.
    pub unique_id: Arc<str>,
    /// Units of 0, 1, 2 … lots; the last is what was asked for.
    pub units: Vec<f64>,
}

impl PayoffLine {
    /// What was asked for.
    pub fn asked(&self) -> f64 {
        self.units.last().copied().unwrap_or(0.0)
    }
}

/// What an order within limits comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Within {
    /// Units of each line.
    pub units: Vec<f64>,
    /// Money, m³, kg and kg CO2e that they use.
    pub used: [f64; RESOURCES],
    /// Expected cost that they save against ordering nothing now, money.
    pub saved: f64,
    /// 95 % half-width of it, the simulation's own error; NaN where one replication tells none.
    pub saved_half_width: f64,
    /// What one more of each resource would save where the packs stop; 0 where it is not short.
    pub next: [f64; RESOURCES],
}

impl Payoffs {
    fn of(
        series: &[SeriesOutcome],
        planned: &[Planned],
        plan: &Plan,
        period: Period,
        replications: usize,
        held: Option<&[f64]>,
        control: &dyn Control,
    ) -> Result<Self, Cancelled> {
        let found = series
            .par_iter()
            .map(|s| {
                control.check()?;
                let Some(quantity) = s.stock.advice.as_ref().map(|a| a.quantity).filter(|q| *q > 0.0) else { return Ok(None) };
                let Ok(at) = planned.binary_search_by_key(&s.stocked.series, |p| p.stocked.series) else { return Ok(None) };
                let Some(of) = planned.get(at) else { return Ok(None) };
                let units = lots(quantity, s.stocked.pack, s.stocked.minimum, of.path.integer);
                let job = Job { held, ..Job::new(of, plan, period, replications.min(MOST_REPLICATIONS)) };
                let Some((mut values, mut errors)) = worth(&job, s, &units) else { return Ok(None) };
                // what the policy orders for fewer, fuller orders may save nothing in these futures: it is the first to wait, not refused
                let mut most = (0, 0.0f64);
                for (k, v) in values.iter_mut().enumerate() {
                    if *v >= most.1 {
                        most = (k, *v);
                    }
                    *v = most.1;
                    errors.of.push(most.0);
                }
                let uses = units.iter().map(|u| use_of(s, *u)).collect();
                let line = PayoffLine { series: s.stocked.series, unique_id: s.stocked.unique_id.clone(), units };
                Ok(Some((line, (Wish { values, uses }, errors))))
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        let (lines, (wishes, errors)) = found.into_iter().flatten().unzip();
        Ok(Self { lines, wishes, errors, batches: batches_of(replications.min(MOST_REPLICATIONS)) })
    }

    /// The lines, as [`Within::units`] has them.
    pub fn lines(&self) -> &[PayoffLine] {
        &self.lines
    }

    /// Money, m³, kg and kg CO2e of all that is asked for.
    pub fn asked(&self) -> [f64; RESOURCES] {
        let all = self.wishes.iter().filter_map(|w| w.uses.last());
        all.fold([0.0; RESOURCES], |sum, u| std::array::from_fn(|r| sum[r] + u[r]))
    }

    /// Expected cost that all of it saves, money.
    pub fn worth(&self) -> f64 {
        self.wishes.iter().filter_map(|w| w.values.last()).sum()
    }

    /// Its 95 % half-width, the simulation's own error.
    pub fn worth_half_width(&self) -> f64 {
        let all: Vec<usize> = self.wishes.iter().map(|w| w.values.len().saturating_sub(1)).collect();
        self.half_width(&all)
    }

    /// The simulation's error of what these lots save: lines meet the same customers, so it is told from their sums batch by batch.
    fn half_width(&self, lots: &[usize]) -> f64 {
        let mut sums = [0.0; BATCHES];
        self.errors.iter().zip(lots).for_each(|(e, k)| e.add(*k, &mut sums));
        half_width_of(sums.get(..self.batches).unwrap_or_default())
    }

    /// What the packs of a line save per unit of a resource at their best; infinite where they use none of it.
    pub fn first(&self, line: usize, resource: usize) -> f64 {
        let Some(w) = self.wishes.get(line) else { return 0.0 };
        let each = w.values.iter().zip(&w.uses).skip(1);
        each.map(|(v, u)| if u[resource] > 0.0 { v / u[resource] } else { f64::INFINITY * v.signum() }).fold(f64::NEG_INFINITY, f64::max)
    }

    /// The best order within limits (money, m³, kg, kg CO2e; infinite: not short), as a run under that budget decides; `roughly`: by ranking alone, in
    /// milliseconds for thousands of lines.
    pub fn within(&self, limits: [f64; RESOURCES], roughly: bool) -> Within {
        let mut lots = if roughly { nearly_best(&self.wishes, limits) } else { best(&self.wishes, limits) };
        let mut used = [0.0; RESOURCES];
        let mut saved = 0.0;
        for (w, k) in self.wishes.iter().zip(&lots) {
            saved += w.values[*k];
            used = std::array::from_fn(|r| used[r] + w.uses[*k][r]);
        }
        // room that is left goes to packs that save nothing more but were asked for
        for (w, k) in self.wishes.iter().zip(&mut lots) {
            let fits = |l: &usize| (0..RESOURCES).all(|r| used[r] + w.uses[*l][r] - w.uses[*k][r] <= limits[r] * (1.0 + 1e-12) + 1e-9);
            if let Some(l) = (*k + 1..w.values.len()).rev().find(fits) {
                used = std::array::from_fn(|r| used[r] + w.uses[l][r] - w.uses[*k][r]);
                saved += w.values[l] - w.values[*k];
                *k = l;
            }
        }
        let units = self.lines.iter().zip(&lots).map(|(l, k)| l.units[*k]).collect();
        Within { units, used, saved, saved_half_width: self.half_width(&lots), next: price(&self.wishes, limits) }
    }

    /// The least of one resource that saves all that can be saved.
    pub fn enough(&self, resource: usize) -> f64 {
        let first = |w: &Wish| w.values.iter().position(|v| Some(v) == w.values.last()).map_or(0.0, |k| w.uses[k][resource]);
        self.wishes.iter().map(first).sum()
    }

    /// What is saved at `points + 1` limits of one resource, from nothing to all that is asked for: (limit, saved, its half-width).
    pub fn curve(&self, resource: usize, points: usize) -> Vec<(f64, f64, f64)> {
        let all = self.asked()[resource];
        let at = |i: usize| {
            let mut limits = [f64::INFINITY; RESOURCES];
            limits[resource] = all * i as f64 / points.max(1) as f64;
            let within = self.within(limits, true);
            (limits[resource], within.saved, within.saved_half_width)
        };
        (0..=points).into_par_iter().map(at).collect()
    }
}

impl Engine {
    /// What the lines of today's order are worth, lot by lot, before any budget that the plan sets: `outcome` is the run of this plan.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn payoffs(&self, inputs: &Inputs, plan: &Plan, outcome: &Outcome, control: &dyn Control) -> Result<Payoffs, Cancelled> {
        let mut free = plan.clone();
        let limited = is_short(plan);
        if limited {
            free.policy.objective = Objective::Name("cost".into());
        }
        let mut scratch = Outcome { series: Vec::new(), diagnostics: Vec::new(), joint: Vec::new(), freight: None, ..outcome.clone() };
        let Some(planned) = self.planned(inputs, &free, &mut scratch, None, control)? else { return Ok(Payoffs::default()) };
        let held = outcome.freight.as_ref().map(|f| f.held.as_slice()).filter(|h| h.len() > 1);
        if limited {
            self.stocked_freely(&planned, &free, held, &mut scratch, control)?;
        }
        let series = if limited { &scratch.series } else { &outcome.series };
        Payoffs::of(series, &planned, &free, outcome.period, outcome.replications, held, control)
    }
}

/// What units of a series use of each resource.
fn use_of(s: &SeriesOutcome, units: f64) -> [f64; RESOURCES] {
    let s = &s.stocked;
    [s.costs.unit, s.volume_m3, s.weight_kg, s.kg_co2e].map(|x| x * units)
}

/// Divides what is short among today's order lines; returns the units of those that get less than they asked for.
#[allow(clippy::too_many_arguments, reason = "what a run knows")]
pub(super) fn ration(
    series: &[SeriesOutcome],
    planned: &[Planned],
    plan: &Plan,
    period: Period,
    replications: usize,
    held: Option<&[f64]>,
    room: &Room,
    control: &dyn Control,
) -> Result<(BTreeMap<usize, f64>, Option<Diagnostic>), Cancelled> {
    let asked = series.iter().filter_map(|s| s.stock.advice.as_ref().filter(|a| a.quantity > 0.0).map(|a| use_of(s, a.quantity)));
    let asked = asked.fold([0.0; RESOURCES], |sum, u| std::array::from_fn(|r| sum[r] + u[r]));
    if (0..RESOURCES).all(|r| asked[r] <= room.0[r]) {
        return Ok((BTreeMap::new(), None));
    }
    let payoffs = Payoffs::of(series, planned, plan, period, replications, held, control)?;
    let given = payoffs.within(room.0, false).units;
    let less = payoffs.lines.iter().zip(given).filter(|(l, units)| *units < l.asked());
    Ok((less.map(|(l, units)| (l.series, units)).collect(), Some(note(&asked, &room.0))))
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

/// What each number of lots is worth, simulated at a few and linear between, and what the error of these values is told from.
pub(super) fn worth(job: &Job<'_>, s: &SeriesOutcome, units: &[f64]) -> Option<(Vec<f64>, Errors)> {
    let last = units.len() - 1;
    let mut at: Vec<usize> = (0..POINTS).map(|k| (k * last + (POINTS - 1) / 2) / (POINTS - 1)).collect();
    // the least that can be ordered at all
    at.push(1);
    at.sort_unstable();
    at.dedup();
    let quantities: Vec<f64> = at.iter().filter_map(|k| units.get(*k).copied()).collect();
    let known: Vec<Worth> = stock::worth(job, &s.stock, &quantities).ok()?;
    let mut values = vec![0.0; units.len()];
    for (pair, v) in at.windows(2).zip(known.windows(2)) {
        let (a, b) = (pair[0], pair[1]);
        for k in a..=b {
            let share = (units[k] - units[a]) / (units[b] - units[a]).max(1e-12);
            values[k] = v[0].mean + share * (v[1].mean - v[0].mean);
        }
    }
    Some((values, Errors { at, known: known.iter().map(|w| w.batches).collect(), of: Vec::with_capacity(units.len()) }))
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
