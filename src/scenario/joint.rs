//! Items that a supplier delivers on one order: ordered together where that costs less, today and in the simulation that freight and totals rest on.
//!
//! Each item's own decision comes first; this stage replaces the policy, today's line and the simulated outcome of every member of a group by what the
//! group does ([`crate::inventory::group`]). A supplier's least order value, and whole containers where asked for, hold for every simulated order.

use super::engine::{Engine, Planned, add_up};
use super::memory::Key;
use super::outcome::{Outcome, StockResult};
use super::plan::{Objective, Plan};
use super::stock::{self, Job};
use crate::base::text::grouped;
use crate::base::{Calendar, Cancelled, Control, Diagnostic, Stamp};
use crate::history::Masters;
use crate::inventory::group::{Below, Group, JointOptimum, Terms, Today, Together};
use crate::inventory::{Advice, Item, Policy, SimOptions, advise};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most items that are simulated together.
const MOST: usize = 200;
/// Replications behind the figures of each item's advice, at most.
const ADVICE: usize = 400;

/// A supplier's items at a location, ordered together.
#[derive(Debug, Clone)]
pub struct JointGroup {
    /// Who supplies them.
    pub supplier: Arc<str>,
    /// Where.
    pub location: Arc<str>,
    /// Indices into the outcome's series.
    pub series: Vec<usize>,
    /// What the supplier asks of an order.
    pub terms: Terms,
    /// The best joint policy, beside the items' own.
    pub optimum: Arc<JointOptimum>,
}

impl JointGroup {
    /// How the group orders, in words.
    pub fn words(&self) -> String {
        let best = &self.optimum.best;
        let part = if best.multiples.iter().any(|m| *m > 1) { ", slow ones less often" } else { "" };
        match best.together {
            Together::Separate => "each item by itself".into(),
            Together::CanOrder(share) if share >= 1.0 => "an item that is due takes along all the others".into(),
            Together::CanOrder(share) => {
                format!("an item that is due takes along all that are below {:.0} % of the way from s to S", share * 100.0)
            }
            Together::Periodic(1) => format!("all items at every review{part}"),
            Together::Periodic(n) => format!("all items every {n} periods{part}"),
        }
    }

    /// Must-order, can-order and order-up-to level of each item, where they do not move with the forecast.
    pub fn levels(&self) -> Vec<Option<(f64, f64, f64)>> {
        let best = &self.optimum.best;
        let level = |p: &Policy| match (*p, best.together) {
            (Policy::SS { s, up_to }, Together::CanOrder(share)) => Some((s, s + share * (up_to - s), up_to)),
            (Policy::SS { s, up_to }, Together::Separate) => Some((s, s, up_to)),
            (Policy::BaseStock { up_to }, _) => Some((up_to, up_to, up_to)),
            _ => None,
        };
        best.policies.iter().map(level).collect()
    }
}

/// Supplier, location, its items by position, and on what terms they are ordered.
type Candidate = (Arc<str>, Arc<str>, Vec<usize>, Terms);

/// Groups to be decided.
#[derive(Default)]
pub(super) struct Found(Vec<Candidate>);

impl Found {
    /// Items of one supplier at one location that share something: the cost of an order, a least value, a container.
    pub fn of(outcome: &mut Outcome, masters: &Masters, plan: &Plan) -> Self {
        if !plan.policy.joint {
            return Self::default();
        }
        if let Objective::Target(_) = plan.policy.objective {
            outcome.diagnostics.push(
                Diagnostic::info(
                    "joint-for-cost",
                    "joint orders are looked for at least cost only: with a target each item orders by itself",
                )
                .fix("set objective = \"cost\" under [policy], or joint = false"),
            );
            return Self::default();
        }
        let container = |x: Option<f64>| x.filter(|x| *x > 0.0).unwrap_or(f64::INFINITY);
        let below = if plan.policy.below_minimum == "wait" { Below::Wait } else { Below::Fill };
        let terms: BTreeMap<&str, Terms> = masters
            .suppliers
            .iter()
            .map(|r| {
                let room = [container(r.container_kg), container(r.container_m3)];
                let terms = Terms {
                    shared: r.order_cost.unwrap_or(0.0).max(0.0),
                    minimum_value: r.minimum_value.unwrap_or(0.0).max(0.0),
                    below,
                    container: Some(room).filter(|r| plan.policy.full_containers && r.iter().any(|x| x.is_finite())),
                };
                (&*r.supplier, terms)
            })
            .filter(|(_, t)| t.shared > 0.0 || t.minimum_value > 0.0 || t.container.is_some())
            .collect();
        let mut groups: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>> = BTreeMap::new();
        let mut alone: BTreeSet<&str> = BTreeSet::new();
        for (i, s) in outcome.series.iter().enumerate() {
            let st = &s.stocked;
            if !terms.contains_key(&*st.supplier) || s.stock.advice.is_none() {
                continue;
            }
            if st.shelf_life.is_some() || st.extras.general() {
                alone.insert(&st.unique_id);
            } else {
                groups.entry((st.supplier.clone(), st.location.clone())).or_default().push(i);
            }
        }
        let mut notes = Vec::new();
        if let Some(first) = alone.first() {
            notes.push(
                Diagnostic::info(
                    "joint-left-out",
                    format!(
                        "{} that spoil, are expedited, or have yield, disruptions or price breaks, order by themselves: {first}{}",
                        alone.len(),
                        if alone.len() > 1 { " …" } else { "" }
                    ),
                )
                .fix("their lines still go to the supplier with the others"),
            );
        }
        let mut found = Vec::new();
        for ((supplier, location), series) in groups {
            if series.len() > MOST {
                notes.push(
                    Diagnostic::info(
                        "group-too-large",
                        format!("{supplier} delivers {} items: at most {MOST} are ordered together", series.len()),
                    )
                    .fix("give smaller groups a supplier name each"),
                );
            } else if let (true, Some(terms)) = (series.len() > 1, terms.get(&*supplier)) {
                found.push((supplier, location, series, *terms));
            }
        }
        outcome.diagnostics.extend(notes);
        Self(found)
    }

    /// Whose orders are decided here.
    pub fn suppliers(&self) -> BTreeSet<Arc<str>> {
        self.0.iter().map(|(supplier, ..)| supplier.clone()).collect()
    }
}

impl Engine {
    /// Decides every group and puts what it does in place of what its items do by themselves.
    pub(super) fn together(
        &self,
        groups: Found,
        planned: &[Planned],
        plan: &Plan,
        held: Option<&[f64]>,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        let all = groups.0.len();
        for (k, (supplier, location, series, terms)) in groups.0.into_iter().enumerate() {
            control.check()?;
            control.progress("ordering together", k, all);
            match self.decided(planned, plan, held, outcome, &series, &terms) {
                Ok((optimum, stocks)) => {
                    for (i, stock) in series.iter().zip(stocks) {
                        if let Some(s) = outcome.series.get_mut(*i) {
                            s.stock = Arc::new(stock);
                        }
                    }
                    outcome.joint.push(JointGroup { supplier, location, series, terms, optimum });
                }
                Err(d) => outcome.diagnostics.push(Diagnostic { severity: crate::base::Severity::Warning, ..d }),
            }
        }
        if !outcome.joint.is_empty() {
            add_up(outcome);
        }
        Ok(())
    }

    /// One group: its policy, and what it makes of each member.
    fn decided(
        &self,
        planned: &[Planned],
        plan: &Plan,
        held: Option<&[f64]>,
        outcome: &Outcome,
        series: &[usize],
        terms: &Terms,
    ) -> Result<(Arc<JointOptimum>, Vec<StockResult>), Diagnostic> {
        let members: Vec<_> = series.iter().filter_map(|i| outcome.series.get(*i)).collect();
        let jobs: Vec<Job<'_>> = members
            .iter()
            .filter_map(|s| planned.iter().find(|p| p.stocked.series == s.stocked.series))
            .map(|p| Job { held, ..Job::new(p, plan, outcome.period, outcome.replications) })
            .collect();
        let items = jobs
            .iter()
            .zip(&members)
            .map(|(job, s)| {
                let mut item = stock::before_today(job, &s.stock)?;
                // the supplier's cost is the group's; a line has its own
                item.costs.order = plan.cost.order.unwrap_or(0.0);
                Ok(item)
            })
            .collect::<Result<Vec<Item<'_>>, Diagnostic>>()?;
        let own: Vec<Policy> = members.iter().map(|s| s.stock.policy).collect();
        let own_today: Vec<f64> = members.iter().map(|s| s.stock.advice.as_ref().map_or(0.0, |a| a.quantity)).collect();
        let sizes: Vec<[f64; 2]> = members.iter().map(|s| [s.stocked.weight_kg, s.stocked.volume_m3]).collect();
        // joint reviews keep to one calendar, so that tomorrow's run goes on where today's stopped
        let now = outcome.now.map(|t| Calendar::new(outcome.period, Stamp(0)).index(t));
        let manifests = plan.logistics.built_replications.min(outcome.replications);
        let options = SimOptions { warm_up: plan.warm_up, manifests, ..SimOptions::new(plan.seed, outcome.replications, plan.periods) };
        let group = Group { items: &items, sizes: &sizes, terms: *terms, now, own_today: &own_today };
        let key = Key::default().numbers(own_today.iter().copied()).numbers(sizes.iter().flatten().copied());
        let key = jobs.iter().fold(key, |key, job| key.with(job.key())).debug(&(terms, now, &own)).done();
        let optimum = self.joints.get_or(key, || {
            let found = group.optimise(&own, &options)?;
            if plan.policy.below_minimum != "best" || terms.minimum_value <= 0.0 {
                return Ok(found);
            }
            let waits = Group { terms: Terms { below: Below::Wait, ..*terms }, ..group }.optimise(&own, &options)?;
            Ok::<_, Diagnostic>(if waits.best.total_cost.mean < found.best.total_cost.mean { waits } else { found })
        })?;
        let short = SimOptions { replications: options.replications.min(ADVICE), warm_up: 0, manifests: 0, ..options };
        let best = &optimum.best;
        let stocks = members.iter().zip(&items).enumerate().map(|(k, (s, item))| {
            let (Some(policy), Some(line), Some(run)) = (best.policies.get(k), best.today.get(k), optimum.outcomes.get(k)) else {
                return Ok(StockResult::clone(&s.stock));
            };
            let advice = match &s.stock.advice {
                // by its own policy, and nothing changes that
                Some(own) if best.together == Together::Separate && line.units == own.quantity => own.clone(),
                _ => {
                    let mut advice = advise::advise_units(item, policy, line.units, outcome.period, &short)?;
                    advice.wanted = line.asked;
                    advice.reorder_point = line.levels.0;
                    advice.reason = reason(item, &advice, line, terms, &s.stocked.supplier, best.together);
                    if s.stocked.assumed.contains(&super::resolve::Assumed::Stock) {
                        advice.reason = format!("stock unknown, {} assumed: {}", grouped(item.on_hand, 0), advice.reason);
                    }
                    advice
                }
            };
            Ok(StockResult { policy: *policy, outcome: run.clone(), advice: Some(advice), ..StockResult::clone(&s.stock) })
        });
        let stocks = stocks.collect::<Result<Vec<_>, Diagnostic>>()?;
        Ok((optimum, stocks))
    }
}

/// Why a line is what it is.
fn reason(item: &Item<'_>, advice: &Advice, line: &Today, terms: &Terms, supplier: &str, together: Together) -> String {
    let (said, packs) = (&advice.reason, |q: f64| advise::in_packs(item, q));
    let to = if terms.container.is_some() { "to fill the container" } else { "to reach the least order" };
    let more = line.units - line.asked;
    let level = grouped(line.levels.1, 0);
    match (line.units > 0.0, line.asked > 0.0) {
        (false, true) => {
            format!(
                "{said}; {} wait: the order to {supplier} is below its minimum of {}",
                packs(line.asked),
                grouped(terms.minimum_value, 2)
            )
        }
        (false, false) => match together {
            Together::Periodic(every) if line.levels.1 <= 0.0 => {
                format!("{said}; {supplier} is ordered from every {every} periods, and not now")
            }
            _ => format!("{said}, so nothing needs ordering now"),
        },
        (true, false) => format!("{said}; not due yet, it costs least to have early {to} of {supplier}: order {}", packs(line.units)),
        (true, true) => {
            let filled = if more > 1e-9 { format!(", {} of it {to} of {supplier}", packs(more)) } else { String::new() };
            match together {
                Together::Periodic(every) => {
                    format!("{said}; {supplier} is ordered from every {every} periods, up to {level}: order {}{filled}", packs(line.units))
                }
                Together::CanOrder(_) if !line.due => {
                    format!(
                        "{said}; not due by itself, it joins today's order to {supplier} up to {level}: order {}{filled}",
                        packs(line.units)
                    )
                }
                _ => format!("{said}, so order {}{filled}", packs(line.units)),
            }
        }
    }
}
