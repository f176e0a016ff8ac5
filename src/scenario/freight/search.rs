//! The best consolidation rule: days, loads, both and weekday calendars, each on the same orders.
//!
//! A coarse grid of each family first, then steps around the best of it; then the best rules again in rounds that collect, and over hubs, where
//! there are several suppliers to a place, or hubs. A rule costs the trips it makes, the stock that covers the wait, and
//! what is asked for a shipment's waiting day beyond that; a rule that breaks a promise is compared but not chosen.

use super::rules::RulePoint;
use crate::base::{Cancelled, Control, Measure};
use crate::scenario::Engine;
use crate::scenario::load::Inputs;
use crate::scenario::outcome::Outcome;
use crate::scenario::plan::ConsolidationSpec;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Steps around the best rule of a family, at most.
const STEPS: usize = 6;
/// Hubs that are also tried alone.
const MOST_HUBS_ALONE: usize = 4;
/// Rules that are tried again in another way.
const AGAIN: usize = 3;
/// Longest interval looked at, days.
const LONGEST: f64 = 28.0;

/// What is asked of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleWish {
    /// Most days that any shipment may wait for its departure.
    pub promise_days: Option<f64>,
    /// No shipment may leave after the day it is due.
    pub keep_due: bool,
    /// Money for each day that a shipment waits, beyond what the stock for it costs.
    pub price_per_day: f64,
    /// Replications on which trips are built.
    pub built: usize,
}

/// Rules on the same orders, least cost first.
#[derive(Debug, Clone)]
pub struct Consolidation {
    /// The rules tried.
    pub rules: Vec<Judged>,
    /// Replications that each was tried on.
    pub built: usize,
}

/// A rule, judged against the others.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What it comes to.
    pub point: RulePoint,
    /// Its total, and the price of waiting days on top.
    pub total_cost: Measure,
    /// The total less that of sending everything the day it is ready, on the same orders.
    pub against_daily: Measure,
    /// Whether the promise holds in nine of ten replications, and every shipment leaves by the day it is due where that was asked for.
    pub keeps_promise: bool,
    /// No other rule that keeps the promise is better in one of cost, delay and kg CO2e and no worse in the others.
    pub on_frontier: bool,
    /// The scenario's own rule.
    pub own: bool,
}

/// What rules came to on the same shipments, for searches under another wish.
#[derive(Debug, Default)]
pub struct Known(Mutex<Vec<RulePoint>>);

impl Known {
    /// What is known of a rule, or what `find` finds.
    pub(super) fn or_else(
        &self,
        spec: &ConsolidationSpec,
        find: impl FnOnce() -> Result<RulePoint, Cancelled>,
    ) -> Result<RulePoint, Cancelled> {
        let of = |all: &[RulePoint]| all.iter().find(|p| p.spec == *spec).cloned();
        if let Some(known) = of(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(known);
        }
        let found = find()?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(found.clone());
        Ok(found)
    }
}

fn every(t: f64) -> ConsolidationSpec {
    ConsolidationSpec { every: Some(t), ..ConsolidationSpec::default() }
}

fn load(q: f64) -> ConsolidationSpec {
    ConsolidationSpec { load: Some(q), ..ConsolidationSpec::default() }
}

fn both(t: f64, q: f64) -> ConsolidationSpec {
    ConsolidationSpec { every: Some(t), load: Some(q), ..ConsolidationSpec::default() }
}

fn weekdays(days: &[&str]) -> ConsolidationSpec {
    ConsolidationSpec { weekdays: days.iter().map(|d| (*d).to_owned()).collect(), ..ConsolidationSpec::default() }
}

/// A twentieth, without the dust of adding them up.
fn twentieths(q: f64) -> f64 {
    (q * 20.0).round() / 20.0
}

/// Ways to try beside the direct one, of (destination, origin) pairs in their order: rounds that collect where a place has several origins, and the
/// hubs there are.
pub(super) fn ways<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, hubs: &[Arc<str>]) -> Vec<ConsolidationSpec> {
    let mut origins: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    pairs.for_each(|(to, from)| _ = origins.entry(to).or_default().insert(from));
    let mut out = Vec::new();
    if origins.values().any(|o| o.len() > 1) {
        out.push(ConsolidationSpec { collect: true, ..ConsolidationSpec::default() });
    }
    let via = |h: &[Arc<str>]| ConsolidationSpec { via: h.iter().map(|h| h.to_string()).collect(), ..ConsolidationSpec::default() };
    if !hubs.is_empty() {
        out.push(via(hubs));
    }
    if hubs.len() > 1 {
        out.extend(hubs.iter().take(MOST_HUBS_ALONE).map(|h| via(std::slice::from_ref(h))));
    }
    out
}

/// Rules to try around one.
fn near(spec: &ConsolidationSpec) -> Vec<ConsolidationSpec> {
    let days = |t: f64| [t - 1.0, t + 1.0, t + 3.0].into_iter().filter(|t| (1.0..=LONGEST).contains(t));
    let shares = |q: f64| [-0.1, -0.05, 0.05, 0.1].into_iter().map(move |d| twentieths(q + d)).filter(|q| (0.05..=1.0).contains(q));
    match (spec.every, spec.load) {
        _ if !spec.weekdays.is_empty() => Vec::new(),
        (Some(t), Some(q)) => days(t).map(|t| both(t, q)).chain(shares(q).map(|q| both(t, q))).collect(),
        (Some(t), None) => days(t).map(every).collect(),
        (None, Some(q)) => shares(q).map(load).collect(),
        (None, None) => Vec::new(),
    }
}

impl Engine {
    /// Looks for the best consolidation rule of an outcome: the named `rules` alone where there are any, else a search over every T days, a load
    /// of Q, the first of both, and weekday calendars. Sending everything at once and the plan's own rule are always among them.
    ///
    /// Empty where nothing is ordered.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn best_consolidation(
        &self,
        outcome: &Outcome,
        inputs: &Inputs,
        rules: &[ConsolidationSpec],
        wish: RuleWish,
        control: &dyn Control,
    ) -> Result<Consolidation, Cancelled> {
        let own = &outcome.plan.logistics.consolidation;
        let ways = super::estimate::ways_of(outcome, inputs);
        search((Some(own), &ways), rules, wish, &mut |specs| self.consolidation(outcome, inputs, specs, wish.built, control))
    }
}

/// The search where a rule costs trips to be built, with what is `known` of rules already.
pub(super) fn search_known(
    ways: &[ConsolidationSpec],
    rules: &[ConsolidationSpec],
    wish: RuleWish,
    known: &Known,
    control: &dyn Control,
    point: &dyn Fn(&ConsolidationSpec) -> Result<RulePoint, Cancelled>,
) -> Result<Consolidation, Cancelled> {
    let mut done = 0;
    search((None, ways), rules, wish, &mut |specs| {
        let mut points = Vec::with_capacity(specs.len());
        for spec in specs {
            points.push(known.or_else(spec, || point(spec))?);
            done += 1;
            control.progress("consolidating", done, done.max(30));
        }
        Ok(points)
    })
}

/// Judges rules, in their order.
type Evaluate<'a> = dyn FnMut(&[ConsolidationSpec]) -> Result<Vec<RulePoint>, Cancelled> + 'a;

/// The search itself: `evaluate` says what rules come to, all on the same orders; `ways` are tried with the best of them.
pub(super) fn search(
    (own, ways): (Option<&ConsolidationSpec>, &[ConsolidationSpec]),
    rules: &[ConsolidationSpec],
    wish: RuleWish,
    evaluate: &mut Evaluate<'_>,
) -> Result<Consolidation, Cancelled> {
    let mut tried: Vec<RulePoint> = Vec::new();
    let cost = |p: &RulePoint| p.total_cost.mean + wish.price_per_day * p.delay_days.mean * p.shipments.mean;
    let on_time = |p: &RulePoint| !wish.keep_due || p.late.mean < 0.5;
    let keeps = |p: &RulePoint| on_time(p) && wish.promise_days.is_none_or(|d| p.longest_delay_days.p90 <= d + 1e-9);
    // the best of a family: first of those that keep the promise
    let better = |a: &RulePoint, b: &RulePoint| keeps(b).cmp(&keeps(a)).then(cost(a).total_cmp(&cost(b)));
    let mut attempt = |specs: Vec<ConsolidationSpec>, tried: &mut Vec<RulePoint>| -> Result<(), Cancelled> {
        let mut fresh: Vec<ConsolidationSpec> = Vec::new();
        for s in specs {
            if !fresh.contains(&s) && !tried.iter().any(|p| p.spec == s) {
                fresh.push(s);
            }
        }
        if !fresh.is_empty() {
            tried.extend(evaluate(&fresh)?);
        }
        Ok(())
    };
    attempt(std::iter::once(every(1.0)).chain(own.cloned()).chain(rules.iter().cloned()).collect(), &mut tried)?;
    if rules.is_empty() && !tried.is_empty() {
        attempt([2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0, 28.0].map(every).to_vec(), &mut tried)?;
        attempt([0.1, 0.25, 0.5, 0.75, 0.9, 1.0].map(load).to_vec(), &mut tried)?;
        let calendars: [&[&str]; 6] =
            [&["mon"], &["wed"], &["mon", "thu"], &["tue", "fri"], &["mon", "wed", "fri"], &["mon", "tue", "wed", "thu", "fri"]];
        attempt(calendars.into_iter().map(weekdays).collect(), &mut tried)?;
        let direct = |s: &ConsolidationSpec| !s.collect && s.via.is_empty();
        let family = |p: &RulePoint| (p.spec.every.is_some(), p.spec.load.is_some(), p.spec.weekdays.is_empty());
        let best = |f: (bool, bool, bool), tried: &[RulePoint]| {
            tried.iter().filter(|p| direct(&p.spec) && family(p) == f).min_by(|a, b| better(a, b)).cloned()
        };
        for f in [(true, false, true), (false, true, true), (true, true, true)] {
            if f == (true, true, true) {
                // the first of both begins where each alone is best
                let t = best((true, false, true), &tried).and_then(|p| p.spec.every).unwrap_or(7.0);
                let q = best((false, true, true), &tried).and_then(|p| p.spec.load).unwrap_or(0.5);
                attempt(vec![both(t, q), both((2.0 * t).min(LONGEST), q), both(t, 1.0)], &mut tried)?;
            }
            for _ in 0..STEPS {
                let Some(from) = best(f, &tried) else { break };
                attempt(near(&from.spec), &mut tried)?;
                if best(f, &tried).is_none_or(|p| p.spec == from.spec) {
                    break;
                }
            }
        }
    }
    if rules.is_empty() && !ways.is_empty() {
        let mut order: Vec<&RulePoint> = tried.iter().collect();
        order.sort_by(|a, b| better(a, b));
        let again: Vec<ConsolidationSpec> = order.iter().take(AGAIN).map(|p| p.spec.clone()).chain([every(1.0), every(7.0)]).collect();
        for way in ways {
            let on = |s: &ConsolidationSpec| ConsolidationSpec { collect: way.collect, via: way.via.clone(), ..s.clone() };
            attempt(again.iter().map(on).collect(), &mut tried)?;
            let ours = |p: &&RulePoint| p.spec.collect == way.collect && p.spec.via == way.via;
            for _ in 0..STEPS {
                let Some(from) = tried.iter().filter(ours).min_by(|a, b| better(a, b)).map(|p| p.spec.clone()) else { break };
                attempt(near(&from).iter().map(on).collect(), &mut tried)?;
                if tried.iter().filter(ours).min_by(|a, b| better(a, b)).is_none_or(|p| p.spec == from) {
                    break;
                }
            }
        }
    }
    let paired = |p: &RulePoint, r: usize| {
        p.total_by_replication.get(r).copied().unwrap_or(0.0) + wish.price_per_day * p.delay_days.mean * p.shipments.mean
    };
    let totals = |p: &RulePoint| (0..p.total_by_replication.len()).map(|r| paired(p, r)).collect::<Vec<f64>>();
    let daily = tried.iter().find(|p| p.spec == every(1.0)).map(totals).unwrap_or_default();
    let dominates = |a: &RulePoint, b: &RulePoint| {
        let of = |p: &RulePoint| [cost(p), p.delay_days.mean, p.emissions_kg_co2e.mean];
        let (x, y) = (of(a), of(b));
        x.iter().zip(&y).all(|(x, y)| x <= y) && x.iter().zip(&y).any(|(x, y)| x < y)
    };
    let built = daily.len();
    let mut judged: Vec<Judged> = tried
        .iter()
        .map(|p| {
            let total = totals(p);
            Judged {
                total_cost: Measure::from_values(&total),
                against_daily: Measure::from_values(&total.iter().zip(&daily).map(|(a, b)| a - b).collect::<Vec<f64>>()),
                keeps_promise: keeps(p),
                on_frontier: keeps(p) && !tried.iter().any(|o| keeps(o) && dominates(o, p)),
                own: Some(&p.spec) == own,
                point: p.clone(),
            }
        })
        .collect();
    if rules.is_empty() {
        // a load that is never reached before the days are over is the rule of those days alone
        let same = |a: &Judged, b: &Judged| {
            a.point.total_by_replication == b.point.total_by_replication && a.point.delay_days.mean == b.point.delay_days.mean
        };
        let mut kept: Vec<Judged> = Vec::with_capacity(judged.len());
        for j in judged {
            if j.own || j.point.spec == every(1.0) || !kept.iter().any(|k| same(k, &j)) {
                kept.push(j);
            }
        }
        judged = kept;
    }
    judged.sort_by(|a, b| b.keeps_promise.cmp(&a.keeps_promise).then(a.total_cost.mean.total_cmp(&b.total_cost.mean)));
    Ok(Consolidation { rules: judged, built })
}
