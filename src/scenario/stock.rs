//! The stock stage of one series: policy, today's order, and the simulation of both.

use super::budget::Room;
use super::engine::Planned;
use super::memory::Key;
use super::outcome::StockResult;
use super::plan::{Objective, Plan, Rule};
use super::resolve::{Assumed, Stocked};
use crate::base::text::grouped;
use crate::base::{Diagnostic, Period};
use crate::forecast::fill::Sampler;
use crate::inventory::impact::impact;
use crate::inventory::levels::{Terms, levels, orders_by_state};
use crate::inventory::state::Futures;
use crate::inventory::{
    self, Advice, Family, Item, LeadTime, OpenOrder, OptimiseOptions, Optimum, Policy, SimOptions, UnitCosts, Unmet, Worth,
};
use std::sync::Arc;

/// One series to decide about.
pub(super) struct Job<'a> {
    pub planned: &'a Planned,
    pub plan: &'a Plan,
    pub period: Period,
    pub replications: usize,
    /// Shares of shipments that a dispatch rule holds back by 0, 1, 2 … periods.
    pub held: Option<&'a [f64]>,
    /// Units of today's order, where a budget or a supplier's minimum decides them.
    pub set: Option<f64>,
    pub effort: Effort,
    /// The tables of the planned path, where they are at hand.
    pub sampler: Option<Arc<Sampler>>,
}

/// How hard to look for the best policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effort {
    /// As a run does.
    #[default]
    Full,
    /// Fast enough to answer a moving slider: fewer replications place the optimum and draw the curve; the policy found is simulated in
    /// full.
    Draft,
}

impl<'a> Job<'a> {
    /// As a run asks at first.
    pub fn new(planned: &'a Planned, plan: &'a Plan, period: Period, replications: usize) -> Self {
        Self { planned, plan, period, replications, held: None, set: None, effort: Effort::Full, sampler: None }
    }

    /// Content hash of everything that [`decide`] reads.
    pub fn key(&self) -> u64 {
        let s = &self.planned.stocked;
        let c = s.costs;
        Key::default()
            .with(self.planned.path_key)
            .with(&s.unique_id)
            .numbers([c.unit, c.holding, c.shortage, c.backorder, c.order, c.markdown, s.pack, s.minimum, s.on_hand.unwrap_or(f64::NAN)])
            .debug(&(&s.lead_time, s.shelf_life, &s.extras, &s.expiring, &s.on_order, self.held, self.period, self.replications))
            .debug(&(
                &self.plan.policy,
                (&self.plan.supply.unmet_demand, self.plan.supply.lost, self.plan.cost.waiting),
                s.review,
                self.plan.seed,
                self.plan.periods,
                self.plan.warm_up,
                self.plan.logistics.built_replications,
            ))
            .with(self.planned.forecast.is_some())
            .debug(&s.rule)
            .with(self.effort)
            .numbers(self.set)
            .done()
    }
}

/// The item as the simulation sees it, before any order.
fn item<'a>(job: &'a Job<'_>) -> Result<Item<'a>, Diagnostic> {
    let (s, plan) = (&job.planned.stocked, job.plan);
    let mut item = Item::new(&s.unique_id, &job.planned.path, s.costs);
    item.lead_time = job.held.map_or_else(|| Ok(s.lead_time.clone()), |h| delayed(&s.lead_time, h))?;
    item.review = s.review.max(1);
    item.unmet = unmet(plan, &mut item.costs);
    (item.pack, item.minimum) = (s.pack, s.minimum);
    item.shelf_life = s.shelf_life;
    item.expiring = s.expiring.clone();
    item.extras = s.extras.clone();
    item.review = item.review.max(item.extras.gap().unwrap_or(1));
    item.on_order = s.on_order.clone();
    item.sampler = job.sampler.clone().or_else(|| Some(item.sampler()));
    item.on_hand = s.on_hand.unwrap_or_else(|| if job.planned.forecast.is_some() { just_enough(&item) } else { 0.0 });
    Ok(item)
}

/// What becomes of demand that finds no stock. Where nobody goes, the cost of waiting is all that a shortage costs.
pub(super) fn unmet(plan: &Plan, costs: &mut UnitCosts) -> Unmet {
    let waiting = plan.cost.waiting.unwrap_or(costs.shortage);
    match plan.supply.lost {
        None if plan.supply.unmet_demand == "backorder" => Unmet::Backorder,
        None => Unmet::Lost,
        Some(lost) if lost >= 1.0 => Unmet::Lost,
        Some(lost) if lost > 0.0 => Unmet::Part { lost, waiting },
        Some(_) => {
            costs.shortage = waiting;
            Unmet::Backorder
        }
    }
}

fn options(job: &Job<'_>) -> SimOptions {
    let plan = job.plan;
    SimOptions {
        warm_up: plan.warm_up,
        manifests: plan.logistics.built_replications.min(job.replications),
        ..SimOptions::new(plan.seed, job.replications, plan.periods)
    }
}

/// The search for the best policy under an objective.
fn searched(job: &Job<'_>, item: &Item<'_>, objective: inventory::Objective, present: Option<Policy>) -> Result<Optimum, Diagnostic> {
    let options = options(job);
    let simulation = SimOptions { manifests: 0, replications: options.replications.min(1000), ..options };
    let family = match job.plan.policy.family.as_deref() {
        Some("sS" | "RsS" | "min_max") => Family::SS,
        Some("sQ") => Family::SQ,
        Some("RsnQ") => Family::SNQ,
        Some("RS" | "base_stock") => Family::BaseStock,
        Some("adaptive") => Family::Adaptive,
        _ => Family::Best,
    };
    let wanted = OptimiseOptions { objective, present, family, ..OptimiseOptions::new(simulation) };
    inventory::search(item, &if job.effort == Effort::Draft { wanted.quick() } else { wanted })
}

/// Decides and simulates.
pub(super) fn decide(job: &Job<'_>) -> Result<StockResult, Diagnostic> {
    decided(job, options(job))
}

fn decided(job: &Job<'_>, options: SimOptions) -> Result<StockResult, Diagnostic> {
    let (s, plan) = (&job.planned.stocked, job.plan);
    let mut item = item(job)?;
    let from_history = job.planned.forecast.is_some();
    let (policy, met, curve, best) = match given(job, &item) {
        Some(p) => (p, true, Vec::new(), None),
        None => {
            let best = searched(job, &item, objective(s, plan), None)?;
            (best.policy, best.met, best.curve, best.best)
        }
    };
    if !from_history {
        // a textbook case starts full: at its own level
        if s.on_hand.is_none() {
            item.on_hand = up_to(&policy, &item);
        }
        let outcome = inventory::simulate(&item, &policy, &options)?;
        let impact = impact(&item, &policy, &options)?;
        return Ok(StockResult { policy, met, curve, best, present: None, outcome, advice: None, on_hand: item.on_hand, impact });
    }
    let today = today(job, &item, &policy);
    let mut advice = inventory::advise(&item, &today, job.period, &SimOptions { replications: options.replications.min(400), ..options })?;
    if s.assumed.contains(&Assumed::Stock) {
        advice.reason = format!("stock unknown, {} assumed: {}", grouped(item.on_hand, 0), advice.reason);
    }
    if let Some(units) = job.set.filter(|u| *u != advice.quantity) {
        let (wanted, set) = (grouped(advice.quantity, 0), grouped(units, 0));
        advice.reason = if Room::of(plan).is_some() {
            format!("{}; the budget leaves {set} of {wanted}", advice.reason)
        } else if units > advice.quantity {
            format!("{}; {set} to reach the minimum of {}", advice.reason, s.supplier)
        } else {
            format!("{}; held back: the order to {} is below its minimum", advice.reason, s.supplier)
        };
        advice.quantity = units;
    }
    if item.extras.ended {
        advice.reason = format!("discontinued, so nothing more is ordered: {}", advice.reason);
    } else if !item.extras.open_now() {
        advice.reason = format!("{} takes no orders today; {}", s.supplier, advice.reason);
    }
    let on_hand = item.on_hand;
    after_today(&mut item, &advice);
    let outcome = inventory::simulate(&item, &policy, &options)?;
    Ok(StockResult {
        policy,
        met,
        curve,
        best,
        present: None,
        outcome,
        advice: Some(advice),
        on_hand,
        impact: impact(&item, &policy, &options)?,
    })
}

/// What ordering these quantities today is worth, money saved against ordering nothing before the next review.
pub(super) fn worth(job: &Job<'_>, decided: &StockResult, quantities: &[f64]) -> Result<Vec<Worth>, Diagnostic> {
    let mut item = item(job)?;
    item.on_hand = decided.on_hand;
    let today = today(job, &item, &decided.policy);
    inventory::worth(&item, &today, quantities, &options(job))
}

/// The item before any order of today, with its opening stock: what a group decides on.
pub(super) fn before_today<'a>(job: &'a Job<'_>, decided: &StockResult) -> Result<Item<'a>, Diagnostic> {
    let mut item = item(job)?;
    item.on_hand = decided.on_hand;
    Ok(item)
}

/// The item once today's order is placed.
fn after_today(item: &mut Item<'_>, advice: &Advice) {
    if advice.quantity > 0.0 {
        item.on_order.push(OpenOrder { period: advice.arrives, units: advice.quantity });
    }
    item.next_review = item.next_after_now();
}

/// Mean periods held, from the shares held 0, 1, 2 … periods.
pub(super) fn mean_delay(held: &[f64]) -> f64 {
    held.iter().enumerate().map(|(periods, share)| periods as f64 * share).sum()
}

/// Total cost by replication of a decided policy when shipments are held; levels that were searched under a mean delay of `before` periods move
/// by the expected demand of the difference, given ones stay.
pub(super) fn cost_when_held(job: &Job<'_>, decided: &StockResult, before: f64) -> Result<Vec<f64>, Diagnostic> {
    let mut item = item(job)?;
    item.on_hand = decided.on_hand;
    if let Some(advice) = &decided.advice {
        after_today(&mut item, advice);
    }
    let later = job.held.map_or(0.0, mean_delay) - before;
    let mut policy = decided.policy;
    if given(job, &item).is_none() {
        let n = job.plan.periods.max(1);
        let mean = (0..n).map(|t| item.path.mean(t)).sum::<f64>() / n as f64;
        let by = if item.path.integer { (later * mean).round() } else { later * mean };
        match &mut policy {
            Policy::SS { s, up_to } => {
                *s += by;
                *up_to += by;
            }
            Policy::SQ { s, .. } | Policy::SNQ { s, .. } => *s += by,
            Policy::BaseStock { up_to } => *up_to += by,
            // these read the lead time themselves
            Policy::Cover { .. } | Policy::Adaptive { .. } | Policy::Schedule => {}
        }
    }
    let options = SimOptions { manifests: 0, ..options(job) };
    Ok(inventory::simulate(&item, &policy, &options)?.total_cost_by_replication)
}

/// What a page about one item shows besides the decision: stock by period, example paths, and where the levels are fixed the search that was
/// not needed for the decision, with the fixed rule as its present point. `known`: the decision, where it was made before.
pub(super) fn shown(job: &Job<'_>, known: Option<&StockResult>) -> Result<StockResult, Diagnostic> {
    let options = SimOptions { profile: true, ..options(job) };
    let mut shown = match known {
        None => decided(job, options)?,
        Some(known) => {
            let mut item = item(job)?;
            item.on_hand = known.on_hand;
            if let Some(advice) = &known.advice {
                after_today(&mut item, advice);
            }
            StockResult { outcome: inventory::simulate(&item, &known.policy, &options)?, ..known.clone() }
        }
    };
    if shown.curve.is_empty() {
        let found = searched(job, &item(job)?, inventory::Objective::Cost, Some(shown.policy))?;
        (shown.curve, shown.best, shown.present) = (found.curve, found.best, found.present);
    }
    Ok(shown)
}

/// The decision without what only a page shows: as [`decide`] gives it.
pub(super) fn bare(shown: &StockResult) -> StockResult {
    let mut bare = shown.clone();
    bare.outcome.profile = inventory::Profile::default();
    bare.outcome.examples = Vec::new();
    if bare.present.is_some() {
        (bare.curve, bare.best, bare.present) = (Vec::new(), None, None);
    }
    bare
}

/// The policy behind today's order. Where demand moves, levels that serve the whole horizon best must also cover its uncertain far end; today's order
/// need not, since it will be decided again at the next review: it takes the levels that the forecast as of now asks for, as replay does.
fn today(job: &Job<'_>, item: &Item<'_>, policy: &Policy) -> Policy {
    let plan = job.plan;
    let searched = given(job, item).is_none();
    // what only the general kernel knows is in the searched levels alone, and what is paid once for a wait
    if item.extras.general() || item.costs.backorder > 0.0 || matches!(item.unmet, Unmet::Part { .. }) {
        return *policy;
    }
    let least_cost = searched && matches!(objective(&job.planned.stocked, plan), inventory::Objective::Cost);
    if !least_cost {
        return *policy;
    }
    let terms = Terms {
        id: item.id,
        lead_time: &item.lead_time,
        review: item.review,
        unmet: item.unmet,
        costs: &item.costs,
        shelf_life: item.shelf_life,
    };
    let sampler = item.sampler();
    let risk = item.lead_time.longest() + item.review.max(1);
    let rate = sampler.means(risk).iter().sum::<f64>() / risk as f64;
    // a textbook case is answered by its policy
    if plan.demand.is_none() && item.on_hand >= 0.0 && orders_by_state(&terms, rate) {
        let futures = Futures::sample(&sampler, &terms, plan.seed, 1024);
        let mut coming = vec![0.0; risk];
        for o in &item.on_order {
            if let Some(slot) = coming.get_mut(o.period) {
                *slot += o.units;
            }
        }
        let (position, q) = (item.position(), futures.order(item.on_hand, &coming, Futures::ratio(&terms)));
        // the level that this order reaches; where there is enough already, one that lies below what there is
        let level = if q > 0.0 { position + q } else { levels(&sampler, &terms, plan.seed, 1024).1.min(position - 1e-6) };
        return Policy::SS { s: level, up_to: level };
    }
    if !matches!(policy, Policy::Adaptive { .. }) {
        return *policy;
    }
    let (s, up_to) = levels(&sampler, &terms, plan.seed, 1024);
    if item.path.integer { Policy::SS { s: s.ceil(), up_to: s.ceil() + (up_to - s).round() } } else { Policy::SS { s, up_to } }
}

/// Unknown stock: expected demand over lead time and review, less what is on the way.
fn just_enough(item: &Item<'_>) -> f64 {
    let risk = item.lead_time.mean() + item.review as f64;
    let whole = risk.floor() as usize;
    let mut sum: f64 = (0..whole).map(|t| item.path.mean(t)).sum();
    sum += risk.fract() * item.path.mean(whole);
    let coming: f64 = item.on_order.iter().map(|o| o.units).sum();
    let units = (sum - coming).max(0.0);
    if item.path.integer { units.round() } else { units }
}

/// A lead time made longer by the shares held 0, 1, 2 … periods.
fn delayed(lead: &LeadTime, held: &[f64]) -> Result<LeadTime, Diagnostic> {
    let (mut values, mut weights) = (Vec::new(), Vec::new());
    for (extra, share) in held.iter().enumerate() {
        for (l, w) in lead.values.iter().zip(&lead.weights) {
            values.push((l + extra) as f64);
            weights.push(w * share);
        }
    }
    LeadTime::discrete(&values, &weights)
}

/// The item's or the plan's own policy, unless the optimal one is asked for.
fn given(job: &Job<'_>, item: &Item<'_>) -> Option<Policy> {
    if job.plan.policy.family.as_deref() == Some("lot_sizing") && job.plan.policy.kind == "optimal" {
        return Some(Policy::Schedule);
    }
    if item.extras.ended {
        return Some(Policy::BaseStock { up_to: 0.0 });
    }
    match job.planned.stocked.rule {
        Some(Rule::Levels { s, up_to }) => return Some(Policy::SS { s, up_to }),
        Some(Rule::CycleService(_) | Rule::FillRate(_)) => return None,
        None => {}
    }
    let (p, period) = (&job.plan.policy, job.period);
    let (s, up_to, q) = (p.s.unwrap_or(0.0), p.up_to.unwrap_or(0.0), p.quantity.unwrap_or(1.0));
    match p.kind.as_str() {
        "sS" | "RsS" | "min_max" => Some(Policy::SS { s, up_to }),
        "sQ" => Some(Policy::SQ { s, q }),
        "RsnQ" => Some(Policy::SNQ { s, q }),
        // a card a container: what is on order and on hand is at most so many of them, and each empty one is ordered
        "kanban" => Some(Policy::SNQ { s: (p.cards.unwrap_or(2) as f64 - 1.0) * q, q }),
        "RS" | "base_stock" => Some(Policy::BaseStock { up_to }),
        "schedule" => Some(Policy::Schedule),
        "days_of_cover" => {
            let cover = p.days.unwrap_or(0.0) / period.days();
            // ordered up to at every review; the order is for what is sold until then
            Some(Policy::Cover { reorder: cover.max(item.lead_time.mean()), up_to: cover.max(item.lead_time.mean()) })
        }
        _ => None,
    }
}

/// What the optimal policy is to achieve.
fn objective(s: &Stocked, plan: &Plan) -> inventory::Objective {
    match s.rule {
        Some(Rule::CycleService(a)) => return inventory::Objective::CycleService(a),
        Some(Rule::FillRate(b)) => return inventory::Objective::FillRate(b),
        _ => {}
    }
    match &plan.policy.objective {
        Objective::Target(t) => match (t.cycle_service, t.fill_rate) {
            (Some(a), _) => inventory::Objective::CycleService(a),
            (_, Some(b)) => inventory::Objective::FillRate(b),
            _ => inventory::Objective::Cost,
        },
        Objective::Name(_) => inventory::Objective::Cost,
    }
}

/// The level a policy orders up to at the start.
pub(super) fn up_to(policy: &Policy, item: &Item<'_>) -> f64 {
    match *policy {
        Policy::SS { up_to, .. } | Policy::BaseStock { up_to } => up_to,
        Policy::SQ { s, q } | Policy::SNQ { s, q } => s + q,
        Policy::Cover { up_to, .. } => up_to * item.path.mean(0),
        Policy::Adaptive { safety, batch } => (item.lead_time.mean() + item.review as f64) * item.path.mean(0) + safety + batch,
        // the first of the plan is ordered just before the first period: what is sold until it comes
        Policy::Schedule => (0..item.lead_time.mean().round() as usize).map(|t| item.path.mean(t)).sum(),
    }
}
