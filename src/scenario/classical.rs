//! The textbooks' answers to a `[demand]` scenario, beside the simulated ones: which formulas fit it, what they say, and what their policies cost when simulated
//! on the same customers. So it shows when a formula is good enough, and by how much it errs.

use super::engine::Planned;
use super::outcome::StockResult;
use super::plan::{Objective, Plan};
use super::stages::listed;
use super::stock;
use crate::base::Measure;
use crate::forecast::PathModel;
use crate::forecast::path::Marginal;
use crate::inventory::classic::{
    continuous, discounts, eoq, lost_sales::LostSales, lot_sizing, newsvendor, periodic, queues, safety_stock, serial, uncertain_supply,
};
use crate::inventory::disruption::{Begins, Effect, Lasts};
use crate::inventory::{self, Item, Policy, SimOptions, Unmet};
use serde::Serialize;
use std::collections::BTreeMap;

/// What one formula says.
#[derive(Debug, Clone, Serialize)]
pub struct ClassicalAnswer {
    /// The model, as textbooks call it.
    pub name: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// Whether it is exact for this scenario as the simulation times it; otherwise an approximation, or of continuous time.
    pub exact: bool,
    /// Reorder point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s: Option<f64>,
    /// Order-up-to level.
    #[serde(rename = "S", skip_serializing_if = "Option::is_none")]
    pub up_to: Option<f64>,
    /// Order quantity.
    #[serde(rename = "Q", skip_serializing_if = "Option::is_none")]
    pub quantity: Option<f64>,
    /// Its cost a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_per_period: Option<f64>,
    /// Lots by period.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<f64>,
    /// What else it says: `fill_rate`, `cycle_service`, `safety_stock` …
    #[serde(flatten)]
    pub more: BTreeMap<&'static str, f64>,
    /// What its policy costs a period when simulated; absent where it names no policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated_cost_per_period: Option<Measure>,
    /// The same less what the scenario's policy costs on the same customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_than_policy_per_period: Option<Measure>,
    #[serde(skip)]
    policy: Option<Policy>,
}

impl ClassicalAnswer {
    fn new(name: &'static str, source: &'static str, exact: bool) -> Self {
        Self {
            name,
            source,
            exact,
            s: None,
            up_to: None,
            quantity: None,
            cost_per_period: None,
            orders: Vec::new(),
            more: BTreeMap::new(),
            simulated_cost_per_period: None,
            more_than_policy_per_period: None,
            policy: None,
        }
    }
    fn cost(mut self, cost: f64) -> Self {
        self.cost_per_period = cost.is_finite().then_some(cost);
        self
    }
    fn base_stock(mut self, up_to: f64) -> Self {
        self.up_to = Some(up_to);
        self.policy = Some(Policy::BaseStock { up_to });
        self
    }
    fn levels(mut self, s: f64, up_to: f64) -> Self {
        (self.s, self.up_to) = (Some(s), Some(up_to));
        self.policy = Some(Policy::SS { s, up_to });
        self
    }
    fn lot(mut self, quantity: f64) -> Self {
        self.quantity = Some(quantity);
        self
    }
    /// A reorder point beside the lot, which makes it a policy.
    fn reorder(mut self, s: f64) -> Self {
        self.s = Some(s);
        self.policy = self.quantity.map(|q| Policy::SQ { s, q });
        self
    }
    fn say(mut self, key: &'static str, value: f64) -> Self {
        self.more.insert(key, value);
        self
    }
}

/// One case as formulas see it.
struct Case<'a> {
    plan: &'a Plan,
    item: &'a Item<'a>,
    mean: f64,
    sd: f64,
    /// `P(0), P(1) …` of one period's demand, where it is of whole units and the same in every period.
    counts: Option<Vec<f64>>,
    /// The lead time, where it is always the same.
    lead: Option<usize>,
    k: f64,
    h: f64,
    p: f64,
}

/// Everything that the textbooks say of a plan without a history.
pub(super) fn answers(plan: &Plan, planned: &Planned, decided: &StockResult, replications: usize) -> Vec<ClassicalAnswer> {
    let job = stock::Job::new(planned, plan, plan.demand_period(), replications);
    let Ok(item) = stock::before_today(&job, decided) else { return Vec::new() };
    let sampler = item.sampler();
    let steps = planned.path.steps.len().max(1);
    let mean = (0..steps).map(|t| planned.path.mean(t)).sum::<f64>() / steps as f64;
    // a table's variance is a little less than the law's
    let said = plan.demand.as_ref().filter(|d| !d.whole).and_then(|d| d.moments()).map(|(_, sd)| sd);
    let sd = said.unwrap_or_else(|| ((0..steps).map(|t| sampler.variance(t)).sum::<f64>() / steps as f64).sqrt());
    let same = steps == 1 && planned.path.dependence.share == 0.0;
    let counts = match planned.path.marginals.first() {
        Some(Marginal::Discrete { values, cdf }) if same && planned.path.integer => Some(listed(values, cdf)),
        _ => None,
    };
    let lead = match item.lead_time.values.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let c = &item.costs;
    let case = Case { plan, item: &item, mean, sd, counts, lead, k: c.order, h: c.holding, p: c.shortage };
    let mut found = case.all(&planned.path);
    simulated(&mut found, &item, decided, plan, replications);
    found
}

/// Runs the policies that the formulas name.
fn simulated(found: &mut [ClassicalAnswer], item: &Item<'_>, decided: &StockResult, plan: &Plan, replications: usize) {
    let options = SimOptions { warm_up: plan.warm_up, ..SimOptions::new(plan.seed, replications, plan.periods) };
    let periods = plan.periods.max(1) as f64;
    for a in found {
        let Some(policy) = a.policy else { continue };
        let mut item = item.clone();
        if plan.supply.on_hand.is_none() {
            item.on_hand = stock::up_to(&policy, &item);
        }
        item.extras.schedule = if matches!(policy, Policy::Schedule) { a.orders.clone() } else { Vec::new() };
        let Ok(outcome) = inventory::simulate(&item, &policy, &options) else { continue };
        a.simulated_cost_per_period = Some(outcome.measures.total_cost.scaled(1.0 / periods));
        let more: Vec<f64> = outcome
            .total_cost_by_replication
            .iter()
            .zip(&decided.outcome.total_cost_by_replication)
            .map(|(a, b)| (a - b) / periods)
            .collect();
        a.more_than_policy_per_period = Some(Measure::from_values(&more));
    }
}

impl Case<'_> {
    fn waits(&self) -> bool {
        matches!(self.item.unmet, Unmet::Backorder) && self.item.costs.backorder == 0.0
    }

    fn all(&self, path: &PathModel) -> Vec<ClassicalAnswer> {
        let mut out = Vec::new();
        let plain = !self.item.extras.general() && self.item.shelf_life.is_none();
        if self.mean > 0.0 && self.h > 0.0 {
            self.lots(&mut out);
            if plain {
                self.one_level(path, &mut out);
                self.two_levels(&mut out);
                self.lost(&mut out);
            }
            self.known_demand(path, &mut out);
            self.disturbed(&mut out);
        }
        if self.mean > 0.0 && plain {
            self.service(&mut out);
        }
        out
    }

    /// Economic lots.
    fn lots(&self, out: &mut Vec<ClassicalAnswer>) {
        let (k, h, p, d) = (self.k, self.h, self.p, self.mean);
        if k <= 0.0 {
            return;
        }
        let risk = self.item.risk();
        let certain = self.sd <= 1e-9 * d;
        let e = eoq::eoq(k, h, d);
        let mut simple =
            ClassicalAnswer::new("economic order quantity", "Harris 1913; Snyder & Shen 2019 §3.2", false).lot(e.quantity).cost(e.cost);
        if !certain && p > 0.0 {
            // the reorder point that practice puts beside it
            let ratio = inventory::guess::critical_ratio(self.item.unmet, h, p, d, self.item.review as f64, e.quantity);
            let z = crate::forecast::fill::normal_quantile(ratio);
            let sd = safety_stock::lead_time_demand_sd(d, self.sd, risk, self.item.lead_time.sd());
            simple = simple.reorder(d * risk + z * sd).say("safety_stock", z * sd);
        }
        out.push(simple);
        if self.waits() && p > 0.0 {
            let (e, share) = eoq::with_backorders(k, h, p, d);
            out.push(
                ClassicalAnswer::new("economic order quantity with planned backorders", "Snyder & Shen 2019 §3.5", false)
                    .lot(e.quantity)
                    .cost(e.cost)
                    .say("stockout_fraction", share)
                    .say("largest_backorder", share * e.quantity),
            );
        }
        if let Some(rate) = self.item.extras.production_rate.filter(|r| *r > d) {
            let e = eoq::epq(k, h, d, rate);
            out.push(
                ClassicalAnswer::new("economic production quantity", "Taft 1918; Snyder & Shen 2019 §3.6", false)
                    .lot(e.quantity)
                    .cost(e.cost),
            );
        }
        let breaks = &self.item.extras.price_breaks;
        let unit = self.item.costs.unit;
        if let (false, true) = (breaks.is_empty(), unit > 0.0) {
            let mut from = vec![0.0];
            let mut price = vec![unit];
            for b in breaks {
                from.push(b.from);
                price.push(unit - b.saving);
            }
            let incremental = self.item.extras.incremental_breaks;
            let f = if incremental { discounts::incremental } else { discounts::all_units };
            if let Some(best) = f(k, h / unit, d, &from, &price) {
                let name = if incremental { "incremental discounts" } else { "all-units discounts" };
                let mut a = ClassicalAnswer::new(name, "Snyder & Shen 2019 §3.4", false).lot(best.quantity).cost(best.cost);
                a.more.insert("price", price.get(best.region).copied().unwrap_or(unit));
                a.more.insert("cost_without_purchases_per_period", best.cost - unit * d);
                out.push(a);
            }
        }
        if let Some(y) = &self.item.extras.yields {
            let e = uncertain_supply::multiplicative_yield(k, h, d, y.mean, y.sd);
            out.push(
                ClassicalAnswer::new("economic order quantity with random yield", "Snyder & Shen 2019 §9.4.2", false)
                    .lot(e.quantity)
                    .cost(e.cost),
            );
        }
    }

    /// Newsvendor and base stock.
    fn one_level(&self, path: &PathModel, out: &mut Vec<ClassicalAnswer>) {
        let Some(lead) = self.lead.filter(|_| self.k == 0.0 && self.item.review == 1) else { return };
        let (h, p) = (self.h, self.p);
        let c = &self.item.costs;
        let season = c.markdown > 0.0 && c.unit > 0.0 && self.plan.periods == 1 && lead == 0;
        // with lost sales, what is short today is nobody's tomorrow: only without a lead time is it the same
        if p <= 0.0 || !(self.waits() || (matches!(self.item.unmet, Unmet::Lost) && (lead == 0 || season))) {
            return;
        }
        let over = if season { h + c.unit * c.markdown } else { h };
        let (name, source) = if lead == 0 {
            ("newsvendor", "Arrow, Harris & Marschak 1951; Snyder & Shen 2019 §4.3")
        } else {
            ("base stock", "Snyder & Shen 2019 §4.3.4")
        };
        let d = self.plan.demand.as_ref();
        let law = d.map_or("", |d| d.distribution.as_str());
        let plain_sum = path.dependence.share == 0.0 && path.steps.len() == 1;
        let exact = match (&self.counts, law) {
            (Some(one), _) => Some(newsvendor::counts(over, p, &serial::convolved(one, lead + 1))),
            (None, "normal") => Some(newsvendor::normal(over, p, self.mean, self.sd, lead as f64)),
            (None, "gamma" | "exponential") if plain_sum => {
                let n = (lead + 1) as f64;
                PathModel::gamma(self.mean * n, self.sd * n.sqrt()).ok().and_then(|p2| level(over, p, &p2))
            }
            _ if lead == 0 && plain_sum => level(over, p, path),
            _ => None,
        };
        let fallback = || newsvendor::normal(over, p, self.mean, self.sd, lead as f64);
        let found = exact.unwrap_or_else(fallback);
        let mut a = ClassicalAnswer::new(name, source, exact.is_some())
            .base_stock(found.up_to)
            .cost(found.cost)
            .say("critical_ratio", p / (p + over));
        if let Some(price) = self.plan.cost.price.filter(|_| season) {
            a = a.say("expected_profit", (price - c.unit) * self.mean - found.cost);
        }
        out.push(a);
        if exact.is_some() && law != "normal" {
            let n = fallback();
            out.push(ClassicalAnswer::new("the same by a normal approximation", source, false).base_stock(n.up_to).cost(n.cost));
        }
    }

    /// `(s,S)` and `(r,Q)` with backorders.
    fn two_levels(&self, out: &mut Vec<ClassicalAnswer>) {
        let (k, h, p) = (self.k, self.h, self.p);
        let Some(lead) = self.lead.filter(|_| k > 0.0 && p > 0.0 && self.waits()) else { return };
        if self.item.review == 1 {
            if let Some(one) = self.counts.as_ref().filter(|c| c.len() <= 2000) {
                let z = periodic::exact(k, h, p, one, &serial::convolved(one, lead + 1));
                out.push(ClassicalAnswer::new("(s, S), exact", "Zheng & Federgruen 1991", true).levels(z.s, z.up_to).cost(z.cost));
            }
            if self.sd > 0.0 {
                let w = periodic::power_approximation(k, h, p, self.mean, self.sd, lead as f64);
                out.push(
                    ClassicalAnswer::new("(s, S), power approximation", "Ehrhardt & Mosier 1984; Snyder & Shen 2019 §4.4.4", false)
                        .levels(w.s, w.up_to),
                );
            }
        }
        if lead == 0 || self.sd <= 0.0 {
            return;
        }
        // continuous review: the risk is the lead time alone
        if self.plan.demand.as_ref().is_some_and(|d| d.distribution == "poisson") {
            let r = continuous::poisson_exact(k, h, p, self.mean, lead as f64);
            out.push(
                ClassicalAnswer::new("(r, Q) in continuous time, exact", "Federgruen & Zheng 1992; Snyder & Shen 2019 §5.4", false)
                    .lot(r.quantity)
                    .reorder(r.r)
                    .cost(r.cost),
            );
        }
        let n = continuous::Normal { k, h, p, rate: self.mean, sd: self.sd, lead: lead as f64 };
        for (name, r) in [
            ("(r, Q) in continuous time, EOQ with backorders", n.eoq_with_backorders()),
            ("(r, Q) in continuous time, EOQ with safety stock", n.eoq_and_safety_stock()),
        ] {
            out.push(
                ClassicalAnswer::new(name, "Snyder & Shen 2019 §5.3; normal demand", false)
                    .lot(r.quantity)
                    .reorder(r.r)
                    .cost(n.cost(r.r, r.quantity)),
            );
        }
    }

    /// Lost sales: the best order for every state, and one-for-one replenishment.
    fn lost(&self, out: &mut Vec<ClassicalAnswer>) {
        let (Some(lead), Unmet::Lost, 1) = (self.lead, self.item.unmet, self.item.review) else { return };
        let Some(pmf) = self.counts.as_ref().filter(|_| self.p > 0.0) else { return };
        let spread = self.sd * (lead as f64 + 1.0).sqrt();
        let limit = (self.mean * (lead as f64 + 1.0) + 5.0 * spread + self.k.sqrt() + 4.0).ceil() as usize;
        let most = (self.mean + 4.0 * self.sd + 2.0 + if self.k > 0.0 { 2.0 * eoq::eoq(self.k, self.h, self.mean).quantity } else { 0.0 })
            .ceil() as usize;
        let states = (limit as f64 + 1.0) * (most as f64 + 1.0).powi(lead as i32 - 1);
        if lead == 0 || states * most as f64 * pmf.len() as f64 > 4e6 {
            return;
        }
        let model = LostSales { k: self.k, h: self.h, p: self.p, pmf, lead, most: most.min(limit), limit };
        if let Ok(best) = model.optimum() {
            out.push(
                ClassicalAnswer::new("lost sales, the best order for every stock and pipeline", "Zipkin 2008; Puterman 1994 §8.5", true)
                    .cost(best.cost),
            );
        }
    }

    /// Lots for demand that is known.
    fn known_demand(&self, path: &PathModel, out: &mut Vec<ClassicalAnswer>) {
        if self.k <= 0.0 || self.sd > 1e-9 || self.item.extras.general() || path.steps.len() < 2 {
            return;
        }
        let demand: Vec<f64> = (0..path.steps.len()).map(|t| path.mean(t)).collect();
        let w = lot_sizing::wagner_whitin(&demand, &[self.k], &[self.h], &[]);
        let mut a = ClassicalAnswer::new("lots for known demand", "Wagner & Whitin 1958; Snyder & Shen 2019 §3.7", true)
            .cost(w.cost / demand.len() as f64)
            .say("cost_of_all_periods", w.cost);
        a.orders = w.quantities;
        a.policy = (self.item.lead_time.longest() == 0).then_some(Policy::Schedule);
        out.push(a);
    }

    /// One outage that comes by chance, certain demand.
    fn disturbed(&self, out: &mut Vec<ClassicalAnswer>) {
        let [only] = self.item.extras.disruptions.as_slice() else { return };
        let (Begins::Chance(fails), Lasts::Until(recovers), Effect::Supply(left)) = (only.begins, only.lasts, only.effect) else { return };
        if left > 0.0 || self.sd > 1e-9 || fails <= 0.0 || self.p <= 0.0 {
            return;
        }
        if self.k == 0.0 && self.waits() && self.lead == Some(0) && self.item.review == 1 {
            let (s, cost) = uncertain_supply::base_stock(self.h, self.p, self.mean, fails, recovers);
            out.push(ClassicalAnswer::new("base stock with outages", "Snyder & Shen 2019 §9.3", true).base_stock(s).cost(cost));
        } else if self.k > 0.0 && matches!(self.item.unmet, Unmet::Lost) {
            let e = uncertain_supply::eoq(self.k, self.h, self.p, self.mean, fails, recovers);
            out.push(
                ClassicalAnswer::new("economic order quantity with outages", "Berk & Arreola-Risa 1994; Snyder & Shen 2019 §9.2", false)
                    .lot(e.quantity)
                    .cost(e.cost),
            );
        }
    }

    /// What formulas say of service: of the target asked for, and of the levels given.
    fn service(&self, out: &mut Vec<ClassicalAnswer>) {
        let (risk, source) = (self.item.risk(), "Silver, Pyke & Thomas 2017 §6; Hadley & Whitin 1963");
        let sd = safety_stock::lead_time_demand_sd(self.mean, self.sd, risk, self.item.lead_time.sd());
        let p = &self.plan.policy;
        if let Objective::Target(t) = &p.objective
            && let Some(alpha) = t.cycle_service
        {
            let ss = safety_stock::for_cycle_service(alpha, sd);
            let a =
                ClassicalAnswer::new("safety stock z·σ over L + R", source, false).say("safety_stock", ss).say("lead_time_demand_sd", sd);
            let level = self.mean * risk + ss;
            out.push(if self.k > 0.0 && self.h > 0.0 {
                a.lot(eoq::eoq(self.k, self.h, self.mean).quantity).reorder(level)
            } else {
                a.base_stock(level)
            });
        }
        if let (Some(s), Some(q), true) = (p.s, p.quantity, matches!(p.kind.as_str(), "sQ" | "RsnQ")) {
            let lead = self.item.lead_time.mean();
            for (name, over) in
                [("service of (s, Q), demand over L + R", risk), ("service of (s, Q), demand over L (continuous review)", lead)]
            {
                let sd = safety_stock::lead_time_demand_sd(self.mean, self.sd, over, self.item.lead_time.sd());
                if sd > 0.0 && over > 0.0 {
                    let v = safety_stock::service(s, q, self.mean * over, sd);
                    out.push(
                        ClassicalAnswer::new(name, source, false)
                            .say("safety_stock", v.safety_stock)
                            .say("cycle_service", v.cycle_service)
                            .say("short_per_cycle", v.short_per_cycle)
                            .say("fill_rate", v.fill_rate)
                            .say("average_on_hand", v.average_on_hand),
                    );
                }
            }
        }
        if let (Some(up_to), true, true) = (
            p.up_to,
            matches!(p.kind.as_str(), "base_stock" | "RS"),
            self.plan.demand.as_ref().is_some_and(|d| d.distribution == "poisson"),
        ) {
            let (lead, servers) = (self.item.lead_time.mean(), up_to.max(0.0) as usize);
            if lead <= 0.0 {
                return;
            }
            match self.item.unmet {
                Unmet::Lost => out.push(
                    ClassicalAnswer::new("one for one with lost sales, continuous review", "Erlang; Karush 1957", false)
                        .say("fill_rate", queues::lost_sales_fill_rate(servers, self.mean, lead)),
                ),
                Unmet::Backorder => {
                    let b = queues::backorders(servers, self.mean, lead);
                    out.push(
                        ClassicalAnswer::new("one for one with backorders, continuous review", "Palm 1938; Zipkin 2000 ch. 7", false)
                            .say("fill_rate", b.fill_rate)
                            .say("expected_backorders", b.backorders)
                            .say("expected_on_hand", b.on_hand),
                    );
                }
                Unmet::Part { .. } => {}
            }
        }
    }
}

/// More listed values than a continuous law is known by.
const FINE: usize = 500;

/// The newsvendor's level under the listed values of a path's one step.
fn level(h: f64, p: f64, path: &PathModel) -> Option<newsvendor::Level> {
    let Some(Marginal::Discrete { values, cdf }) = path.marginals.first() else { return None };
    let ratio = p / (p + h);
    let at = cdf.partition_point(|c| *c < ratio - 1e-12).min(values.len().saturating_sub(1));
    let mut up_to = values.get(at).copied()?;
    if !path.integer && values.len() > FINE {
        // a continuous law in cells: each value stands in the middle of its probability
        let middle = |i: usize| Some(0.5 * (cdf.get(i)? + i.checked_sub(1).map_or(0.0, |j| cdf.get(j).copied().unwrap_or(0.0))));
        let other = if middle(at)? < ratio { at + 1 } else { at.saturating_sub(1) };
        if let (Some(a), Some(b), Some(x)) = (middle(at), middle(other), values.get(other))
            && (b - a).abs() > 1e-15
        {
            up_to += (x - up_to) * (ratio - a) / (b - a);
        }
    }
    let mut below = 0.0;
    let mut cost = 0.0;
    for (v, c) in values.iter().zip(cdf) {
        let left = up_to - v;
        cost += (c - below) * if left > 0.0 { h * left } else { -p * left };
        below = *c;
    }
    Some(newsvendor::Level { up_to, cost })
}
