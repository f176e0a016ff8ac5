//! What is set for one series alone: by the scenario's `[[adjust]]` entries and by hand, as one entry that can be changed and kept.

use crate::project::{Change, Document, Edit, Overridden, Override};
use crate::scenario::plan::{Adjust, Objective};
use crate::scenario::{Plan, SeriesOutcome};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// True for an entry that speaks of this series and nothing else.
fn is_own(a: &Adjust, unique_id: &str) -> bool {
    a.unique_id.as_deref() == Some(unique_id) && a.item.is_none() && a.location.is_none() && a.category.is_none() && a.supplier.is_none()
}

/// One number of an entry.
pub fn get(a: &Adjust, what: Overridden) -> Option<f64> {
    match what {
        Overridden::ReorderPoint => a.s,
        Overridden::OrderUpTo => a.up_to,
        Overridden::DemandFactor => a.demand_factor,
        Overridden::LeadTimeDays => a.lead_time_days,
        Overridden::ReviewPeriod => a.review_period.map(|r| r as f64),
        Overridden::Price => a.price,
        Overridden::Cost => a.cost,
        Overridden::CycleService => a.cycle_service,
        Overridden::FillRate => a.fill_rate,
    }
}

/// Sets one number of an entry. A rule for the orders replaces the other rules: levels, or a target, not both.
pub fn set(a: &mut Adjust, what: Overridden, value: Option<f64>) {
    match what {
        Overridden::ReorderPoint => a.s = value,
        Overridden::OrderUpTo => a.up_to = value,
        Overridden::DemandFactor => a.demand_factor = value,
        Overridden::LeadTimeDays => a.lead_time_days = value,
        Overridden::ReviewPeriod => a.review_period = value.map(|v| v.max(1.0).round() as usize),
        Overridden::Price => a.price = value,
        Overridden::Cost => a.cost = value,
        Overridden::CycleService => {
            clear_rule(a);
            a.cycle_service = value;
        }
        Overridden::FillRate => {
            clear_rule(a);
            a.fill_rate = value;
        }
    }
}

/// Leaves the orders to what the scenario aims for.
pub fn clear_rule(a: &mut Adjust) {
    (a.s, a.up_to, a.cycle_service, a.fill_rate) = (None, None, None, None);
}

/// Everything that a plan sets for this series alone, later entries over earlier ones.
pub fn of(plan: &Plan, unique_id: &str) -> Adjust {
    let mut own = Adjust { unique_id: Some(unique_id.to_owned()), ..Adjust::default() };
    for a in plan.adjust.iter().filter(|a| is_own(a, unique_id)) {
        merge(&mut own, a);
    }
    own
}

/// Lays one entry over another, as the engine does.
fn merge(own: &mut Adjust, over: &Adjust) {
    if (over.s.is_some() && over.up_to.is_some()) || over.cycle_service.is_some() || over.fill_rate.is_some() {
        clear_rule(own);
    }
    for what in Overridden::ALL {
        if let Some(v) = get(over, what) {
            match what {
                Overridden::CycleService => own.cycle_service = Some(v),
                Overridden::FillRate => own.fill_rate = Some(v),
                _ => set(own, what, Some(v)),
            }
        }
    }
    if !over.why.is_empty() {
        own.why.clone_from(&over.why);
    }
}

/// True where an entry says nothing but a name.
pub fn is_empty(a: &Adjust) -> bool {
    Overridden::ALL.iter().all(|w| get(a, *w).is_none()) && a.why.is_empty()
}

/// The plan with `own` in place of everything that it set for this series alone.
pub fn plan_with(mut plan: Plan, unique_id: &str, own: &Adjust) -> Plan {
    plan.adjust.retain(|a| !is_own(a, unique_id));
    if !is_empty(own) {
        plan.adjust.push(own.clone());
    }
    plan
}

/// [`of`] for many series in one pass, in their order.
pub fn all(plan: &Plan, ids: impl Iterator<Item = Arc<str>>) -> Vec<Adjust> {
    let mut by_id: HashMap<&str, Vec<&Adjust>> = HashMap::new();
    for a in &plan.adjust {
        if let Some(id) = a.unique_id.as_deref().filter(|id| is_own(a, id)) {
            by_id.entry(id).or_default().push(a);
        }
    }
    ids.map(|id| {
        let mut own = Adjust { unique_id: Some(id.to_string()), ..Adjust::default() };
        for a in by_id.get(&*id).into_iter().flatten() {
            merge(&mut own, a);
        }
        own
    })
    .collect()
}

/// What decides the orders: of these an entry has one, or both levels.
const RULES: [Overridden; 4] = [Overridden::ReorderPoint, Overridden::OrderUpTo, Overridden::CycleService, Overridden::FillRate];

/// The edit that keeps entries in the scenario in use, one a series, in place of what it had for those series alone. A number that was set by
/// hand and is another one here gives way; the journal and undo have the old one.
pub fn keep(document: &Document, entries: Vec<Adjust>, label: String, why: &str) -> Edit {
    let mut scenario = document.active().clone();
    let mut by_hand: HashMap<&str, Vec<&Override>> = HashMap::new();
    for o in &document.overrides {
        by_hand.entry(&o.unique_id).or_default().push(o);
    }
    let names: HashSet<&str> = entries.iter().filter_map(|a| a.unique_id.as_deref()).collect();
    scenario.plan.adjust.retain(|a| !a.unique_id.as_deref().is_some_and(|id| names.contains(id) && is_own(a, id)));
    let mut changes = Vec::new();
    for own in &entries {
        let mut own = own.clone();
        let set_by_hand = own.unique_id.as_deref().and_then(|id| by_hand.get(id)).map_or(&[][..], Vec::as_slice);
        let value = |what| set_by_hand.iter().find(|o| o.what == what).map(|o| o.value);
        // levels and targets exclude each other: they stay or go together
        let rule_stays = RULES.iter().all(|w| value(*w) == get(&own, *w));
        for o in set_by_hand {
            let stays = if RULES.contains(&o.what) { rule_stays } else { get(&own, o.what) == Some(o.value) };
            if !stays {
                changes.push(Change::Override(o.key(), None));
            } else if RULES.contains(&o.what) {
                clear_rule(&mut own);
            } else {
                set(&mut own, o.what, None);
            }
        }
        if !why.trim().is_empty() {
            why.trim().clone_into(&mut own.why);
        }
        if !is_empty(&own) {
            scenario.plan.adjust.push(own);
        }
    }
    changes.push(Change::PutScenario(scenario));
    Edit { label, why: None, changes }.because(why)
}

/// What the scenario aims for where nothing is set for the item.
pub fn scenario_aim(plan: &Plan) -> String {
    match &plan.policy.objective {
        _ if plan.policy.kind != "optimal" => format!("policy {}", plan.policy.kind),
        Objective::Target(t) => match (t.cycle_service, t.fill_rate, t.budget) {
            (Some(a), ..) => format!("cycle service {}", crate::app::format::percent(a)),
            (_, Some(b), _) => format!("fill rate {}", crate::app::format::percent(b)),
            (.., Some(b)) => format!("least cost within a budget of {}", crate::base::text::grouped(b, 0)),
            _ => "least cost".to_owned(),
        },
        Objective::Name(_) => "least cost".to_owned(),
    }
}

/// The value of a number as it is used now, in the unit of `what`; `days` per period.
pub fn used(s: &SeriesOutcome, what: Overridden, days: f64) -> f64 {
    let st = &s.stocked;
    match what {
        Overridden::LeadTimeDays => st.lead_time.mean() * days,
        Overridden::ReviewPeriod => st.review as f64,
        Overridden::Price => st.price.unwrap_or(0.0),
        Overridden::Cost => st.costs.unit,
        Overridden::DemandFactor => st.demand_factor,
        Overridden::CycleService => s.stock.outcome.measures.cycle_service.mean,
        Overridden::FillRate => s.stock.outcome.measures.fill_rate.mean,
        Overridden::ReorderPoint => s.stock.advice.as_ref().map_or(0.0, |a| a.reorder_point),
        Overridden::OrderUpTo => s.stock.best.map_or(0.0, |b| b.up_to),
    }
}
