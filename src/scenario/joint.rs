//! Items that a supplier delivers on one order: what ordering them together would cost and save, beside each by its own policy.

use super::engine::{Engine, Planned};
use super::load::Inputs;
use super::outcome::Outcome;
use super::plan::Plan;
use super::stock::{self, Job};
use crate::base::{Cancelled, Control, Diagnostic};
use crate::inventory::group::{Group, JointOptimum, Together};
use crate::inventory::{Item, Policy, SimOptions};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most items that are simulated together.
const MOST: usize = 200;
/// Replications behind the figures, at most.
const REPLICATIONS: usize = 1000;

/// A supplier's items at a location, ordered together.
#[derive(Debug, Clone)]
pub struct JointGroup {
    /// Who supplies them.
    pub supplier: Arc<str>,
    /// Where.
    pub location: Arc<str>,
    /// Indices into the outcome's series.
    pub series: Vec<usize>,
    /// Cost of an order, however many lines it has.
    pub order_cost: f64,
    /// The best joint policy, beside the items' own.
    pub optimum: JointOptimum,
}

impl JointGroup {
    /// How the group orders, in words.
    pub fn words(&self) -> String {
        match self.optimum.best.together {
            Together::Separate => "each item by itself".into(),
            Together::CanOrder(share) => {
                format!("an item that is due takes along all that are below {:.0} % of the way from s to S", share * 100.0)
            }
            Together::Periodic(1) => "all items at every review".into(),
            Together::Periodic(n) => format!("all items every {n} periods"),
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

impl Engine {
    /// The groups of a run that share the cost of an order, where the plan asks for them ([`PolicySection::joint`](super::plan::PolicySection::joint)).
    pub(super) fn joint(
        &self,
        planned: &[Planned],
        inputs: &Inputs,
        plan: &Plan,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        outcome.joint.clear();
        if !plan.policy.joint || plan.cost.order.is_some() {
            return Ok(());
        }
        let shared: BTreeMap<&str, f64> =
            inputs.masters.suppliers.iter().filter_map(|r| r.order_cost.map(|c| (&*r.supplier, c))).filter(|(_, c)| *c > 0.0).collect();
        let mut groups: BTreeMap<(Arc<str>, Arc<str>), Vec<usize>> = BTreeMap::new();
        for (i, s) in outcome.series.iter().enumerate() {
            let st = &s.stocked;
            if shared.contains_key(&*st.supplier) && st.shelf_life.is_none() && !st.extras.general() {
                groups.entry((st.supplier.clone(), st.location.clone())).or_default().push(i);
            }
        }
        groups.retain(|_, series| series.len() > 1);
        let all = groups.len();
        for (k, ((supplier, location), series)) in groups.into_iter().enumerate() {
            control.check()?;
            control.progress("ordering together", k, all);
            if series.len() > MOST {
                outcome.diagnostics.push(
                    Diagnostic::info(
                        "group-too-large",
                        format!("{supplier} delivers {} items: at most {MOST} are simulated together", series.len()),
                    )
                    .fix("give smaller groups a supplier name each"),
                );
                continue;
            }
            let order_cost = shared.get(&*supplier).copied().unwrap_or(0.0);
            match together(planned, plan, outcome, &series, order_cost) {
                Ok(optimum) => outcome.joint.push(JointGroup { supplier, location, series, order_cost, optimum }),
                Err(d) => outcome.diagnostics.push(Diagnostic { severity: crate::base::Severity::Warning, ..d }),
            }
        }
        Ok(())
    }
}

fn together(planned: &[Planned], plan: &Plan, outcome: &Outcome, series: &[usize], shared: f64) -> Result<JointOptimum, Diagnostic> {
    let members: Vec<_> = series.iter().filter_map(|i| outcome.series.get(*i)).collect();
    let jobs: Vec<Job<'_>> = members
        .iter()
        .filter_map(|s| planned.iter().find(|p| p.stocked.series == s.stocked.series))
        .map(|p| Job::new(p, plan, outcome.period, outcome.replications))
        .collect();
    let items = jobs
        .iter()
        .zip(&members)
        .map(|(job, s)| {
            let mut item = stock::opening(job, &s.stock)?;
            // the shared cost is the group's; a line has none of its own
            item.costs.order = 0.0;
            Ok(item)
        })
        .collect::<Result<Vec<Item<'_>>, Diagnostic>>()?;
    let own: Vec<Policy> = members.iter().map(|s| s.stock.policy).collect();
    let options = SimOptions { warm_up: plan.warm_up, ..SimOptions::new(plan.seed, outcome.replications.min(REPLICATIONS), plan.periods) };
    Group { items: &items, shared }.optimise(&own, &options)
}
