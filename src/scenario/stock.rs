//! The stock stage of one series: policy, today's order, and the simulation of both.

use super::engine::Planned;
use super::memory::Key;
use super::outcome::StockResult;
use super::plan::{Objective, Plan};
use super::resolve::Assumed;
use crate::base::{Diagnostic, Period};
use crate::forecast::fill::Sampler;
use crate::inventory::levels::{Terms, levels};
use crate::inventory::{self, Item, LeadTime, OpenOrder, OptimiseOptions, Policy, SimOptions, Unmet};

/// One series to decide about.
pub(super) struct Job<'a> {
    pub planned: &'a Planned,
    pub plan: &'a Plan,
    pub period: Period,
    pub replications: usize,
    /// Shares of shipments that a dispatch rule holds back by 0, 1, 2 … periods.
    pub held: Option<&'a [f64]>,
    /// Units that today's order may have at most, where a budget limits it.
    pub cap: Option<f64>,
}

impl Job<'_> {
    /// Content hash of everything that [`decide`] reads.
    pub fn key(&self) -> u64 {
        let s = &self.planned.stocked;
        let c = s.costs;
        Key::default()
            .with(self.planned.path_key)
            .with(&s.unique_id)
            .numbers([c.unit, c.holding, c.shortage, c.order, c.markdown, s.pack, s.minimum, s.on_hand.unwrap_or(f64::NAN)])
            .debug(&(&s.lead_time, s.shelf_life, &s.expiring, &s.on_order, self.held, self.period, self.replications))
            .debug(&(
                &self.plan.policy,
                &self.plan.supply.unmet_demand,
                self.plan.review(),
                self.plan.seed,
                self.plan.periods,
                self.plan.warm_up,
                self.plan.logistics.built_replications,
            ))
            .with(self.planned.forecast.is_some())
            .numbers(self.cap)
            .done()
    }
}

/// Decides and simulates.
pub(super) fn decide(job: &Job<'_>) -> Result<StockResult, Diagnostic> {
    let (s, plan) = (&job.planned.stocked, job.plan);
    let mut item = Item::new(&s.unique_id, &job.planned.path, s.costs);
    item.lead_time = job.held.map_or_else(|| Ok(s.lead_time.clone()), |h| delayed(&s.lead_time, h))?;
    item.review = plan.review();
    item.unmet = if plan.supply.unmet_demand == "backorder" { Unmet::Backorder } else { Unmet::Lost };
    (item.pack, item.minimum) = (s.pack, s.minimum);
    item.shelf_life = s.shelf_life;
    item.expiring = s.expiring.clone();
    item.on_order = s.on_order.clone();
    let from_history = job.planned.forecast.is_some();
    item.on_hand = s.on_hand.unwrap_or_else(|| if from_history { just_enough(&item) } else { 0.0 });

    let options = SimOptions {
        seed: plan.seed,
        replications: job.replications,
        periods: plan.periods,
        warm_up: plan.warm_up,
        first_replication: 0,
        manifests: plan.logistics.built_replications.min(job.replications),
        flows: false,
    };
    let (policy, met, curve) = match given(plan, job.period, &item) {
        Some(p) => (p, true, Vec::new()),
        None => {
            let (objective, family) = wanted(plan);
            let search = OptimiseOptions {
                objective,
                family,
                ..OptimiseOptions::new(SimOptions { manifests: 0, replications: options.replications.min(1000), ..options })
            };
            let best = inventory::optimise(&item, &search)?;
            (best.policy, best.met, best.curve)
        }
    };
    if !from_history {
        // a textbook case starts full: at its own level
        if s.on_hand.is_none() {
            item.on_hand = up_to(&policy, &item);
        }
        let outcome = inventory::simulate(&item, &policy, &options)?;
        return Ok(StockResult { policy, met, curve, outcome, advice: None, on_hand: item.on_hand });
    }
    let today = today(&item, &policy, plan);
    let mut advice = inventory::advise(&item, &today, job.period, &SimOptions { replications: options.replications.min(400), ..options })?;
    if s.assumed.contains(&Assumed::Stock) {
        advice.reason = format!("stock unknown, {} assumed: {}", crate::base::text::grouped(item.on_hand, 0), advice.reason);
    }
    if let Some(cap) = job.cap.filter(|c| *c < advice.quantity) {
        let wanted = crate::base::text::grouped(advice.quantity, 0);
        advice.quantity = cap;
        advice.reason = format!("{}; the budget leaves {} of {wanted}", advice.reason, crate::base::text::grouped(cap, 0));
    }
    let on_hand = item.on_hand;
    if advice.quantity > 0.0 {
        item.on_order.push(OpenOrder { period: advice.arrives, units: advice.quantity });
    }
    item.next_review = item.review - 1;
    let outcome = inventory::simulate(&item, &policy, &options)?;
    Ok(StockResult { policy, met, curve, outcome, advice: Some(advice), on_hand })
}

/// The policy behind today's order. Where demand moves, levels that serve the whole horizon best must also cover its uncertain far end; today's order
/// need not, since it will be decided again at the next review: it takes the levels that the forecast as of now asks for, as replay does.
fn today(item: &Item<'_>, policy: &Policy, plan: &Plan) -> Policy {
    let least_cost = plan.policy.kind == "optimal" && matches!(wanted(plan).0, inventory::Objective::Cost);
    if !least_cost || !matches!(policy, Policy::Adaptive { .. }) {
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
    let (s, up_to) = levels(&Sampler::new(item.path), &terms, plan.seed, 1024);
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

/// The plan's own policy, unless it asks for the optimal one.
fn given(plan: &Plan, period: Period, item: &Item<'_>) -> Option<Policy> {
    let p = &plan.policy;
    let (s, up_to, q) = (p.s.unwrap_or(0.0), p.up_to.unwrap_or(0.0), p.quantity.unwrap_or(1.0));
    match p.kind.as_str() {
        "sS" | "RsS" | "min_max" => Some(Policy::SS { s, up_to }),
        "sQ" => Some(Policy::SQ { s, q }),
        "RsnQ" => Some(Policy::SNQ { s, q }),
        "RS" | "base_stock" => Some(Policy::BaseStock { up_to }),
        "days_of_cover" => {
            let cover = p.days.unwrap_or(0.0) / period.days();
            // ordered up to at every review; the order is for what is sold until then
            Some(Policy::Cover { reorder: cover.max(item.lead_time.mean()), up_to: cover.max(item.lead_time.mean()) })
        }
        _ => None,
    }
}

/// What the optimal policy is to achieve.
fn wanted(plan: &Plan) -> (inventory::Objective, inventory::Family) {
    let objective = match &plan.policy.objective {
        Objective::Target(t) => match (t.cycle_service, t.fill_rate) {
            (Some(a), _) => inventory::Objective::CycleService(a),
            (_, Some(b)) => inventory::Objective::FillRate(b),
            _ => inventory::Objective::Cost,
        },
        Objective::Name(_) => inventory::Objective::Cost,
    };
    (objective, inventory::Family::Best)
}

/// The level a policy orders up to at the start.
fn up_to(policy: &Policy, item: &Item<'_>) -> f64 {
    match *policy {
        Policy::SS { up_to, .. } | Policy::BaseStock { up_to } => up_to,
        Policy::SQ { s, q } | Policy::SNQ { s, q } => s + q,
        Policy::Cover { up_to, .. } => up_to * item.path.mean(0),
        Policy::Adaptive { safety, batch } => (item.lead_time.mean() + item.review as f64) * item.path.mean(0) + safety + batch,
    }
}
