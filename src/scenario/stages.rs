//! Several stages: where stock stands in a chain, exactly. In series with backorders (Clark & Scarf), and in a tree with guaranteed service (Graves & Willems).

use super::plan::{Objective, Plan, StageSpec};
use crate::base::{Diagnostic, Measure};
use crate::forecast::PathModel;
use crate::forecast::fill::{Sampler, normal_quantile};
use crate::forecast::path::Marginal;
use crate::inventory::classic::{guaranteed, poisson, serial};
use crate::inventory::serial::Stage;
use crate::inventory::{SimOptions, serial as simulated};
use serde::Serialize;

/// What was found for a chain.
#[derive(Debug, Clone, Serialize)]
pub struct Chain {
    /// `clark_scarf` or `guaranteed_service`.
    pub method: &'static str,
    /// Exact cost a period: holding and backorders, or holding of safety stock.
    pub cost_per_period: f64,
    /// The stages, in the file's order.
    pub stages: Vec<ChainStage>,
    /// The levels simulated; absent for guaranteed service and for lead times that are not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<simulated::Run>,
    /// Simulated cost a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated_cost_per_period: Option<Measure>,
    /// Where the levels come from.
    pub source: &'static str,
}

/// What was found for one stage.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChainStage {
    /// Its name.
    pub name: String,
    /// Echelon base-stock level, units (Clark–Scarf).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echelon_base_stock: Option<f64>,
    /// The same as stock to keep at the stage itself and on its way to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_base_stock: Option<f64>,
    /// The simulated mean stock at period ends, units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_on_hand: Option<f64>,
    /// Periods in which its inputs come (guaranteed service).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_service_time: Option<usize>,
    /// Periods within which it delivers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_time: Option<usize>,
    /// Periods that its safety stock covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_replenishment_time: Option<usize>,
    /// Units of safety stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety_stock: Option<f64>,
    /// Holding cost of safety stock a period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holding_cost_per_period: Option<f64>,
}

fn refuse(what: impl Into<String>, fix: &str) -> Diagnostic {
    Diagnostic::error("stages-unusable", what.into()).fix(fix)
}

/// The best places for stock in the plan's stages.
///
/// # Errors
/// Stages that fit neither model, each with what to change.
pub fn chain(plan: &Plan) -> Result<Chain, Diagnostic> {
    let stages = &plan.stages;
    let from: Vec<Vec<usize>> =
        stages.iter().map(|s| s.from.iter().filter_map(|f| stages.iter().position(|o| o.name == *f)).collect()).collect();
    let ends: Vec<usize> = (0..stages.len()).filter(|k| !from.iter().any(|f| f.contains(k))).collect();
    let demand = plan
        .demand
        .as_ref()
        .map(|d| d.path())
        .transpose()
        .map_err(|e| refuse(format!("the demand distribution cannot be used: {e}"), "check [demand]"))?;
    if stages.iter().any(|s| s.service_time.is_some()) {
        return guaranteed_service(plan, &from, &ends, demand.as_ref());
    }
    in_series(plan, &from, &ends, demand)
}

fn guaranteed_service(plan: &Plan, from: &[Vec<usize>], ends: &[usize], demand: Option<&PathModel>) -> Result<Chain, Diagnostic> {
    let stages = &plan.stages;
    let by_service = match &plan.policy.objective {
        Objective::Target(t) => t.cycle_service.map(normal_quantile),
        Objective::Name(_) => None,
    };
    let z = stages.iter().find_map(|s| s.safety_factor).or(by_service).unwrap_or(1.645);
    let moments = demand.map(|p| {
        let s = Sampler::new(p);
        (s.mean(0), s.variance(0).sqrt())
    });
    let own = |k: usize| -> Result<(f64, f64), Diagnostic> {
        let s = &stages[k];
        match (s.mean, s.sd, moments) {
            (mean, Some(sd), _) => Ok((mean.unwrap_or(0.0), sd)),
            (None, None, Some(m)) if ends == [k] => Ok(m),
            (None, None, _) if !ends.contains(&k) => Ok((0.0, 0.0)),
            _ => Err(refuse(
                format!("stage {} serves customers whose demand is not said", s.name),
                "add mean and sd to the stage, or a [demand] where there is only one such stage",
            )),
        }
    };
    let mut tree = Vec::with_capacity(stages.len());
    for (k, s) in stages.iter().enumerate() {
        if s.lead_time.fract() != 0.0 {
            return Err(refuse(
                format!("the lead time of stage {} is no whole number of periods", s.name),
                "guaranteed service counts whole periods: use shorter periods",
            ));
        }
        tree.push(guaranteed::Stage {
            from: from[k].clone(),
            time: s.lead_time as usize,
            holding: s.holding,
            sd: own(k)?.1,
            inbound: s.inbound_time.unwrap_or(0),
            // what serves customers promises at once, unless it says otherwise
            promise: s.service_time.or((ends.contains(&k)).then_some(0)),
            z: s.safety_factor.unwrap_or(z),
        });
    }
    let placed = guaranteed::place(&tree)?;
    let found = stages.iter().zip(&placed).map(|(s, p)| ChainStage {
        name: s.name.clone(),
        inbound_service_time: Some(p.inbound),
        service_time: Some(p.outbound),
        net_replenishment_time: Some(p.covers),
        safety_stock: Some(p.safety_stock),
        holding_cost_per_period: Some(p.cost),
        ..ChainStage::default()
    });
    Ok(Chain {
        method: "guaranteed_service",
        cost_per_period: placed.iter().map(|p| p.cost).sum(),
        stages: found.collect(),
        simulated: None,
        simulated_cost_per_period: None,
        source: "Graves & Willems 2000; Snyder & Shen 2019 §6.3",
    })
}

/// The stages from the customers up, where they are in series.
fn order(stages: &[StageSpec], from: &[Vec<usize>], ends: &[usize]) -> Result<Vec<usize>, Diagnostic> {
    let mut line: Vec<usize> = ends.to_vec();
    while let Some([next]) = line.last().and_then(|k| from.get(*k)).map(Vec::as_slice) {
        if line.contains(next) {
            break;
        }
        line.push(*next);
    }
    if ends.len() == 1 && line.len() == stages.len() && from.iter().all(|f| f.len() <= 1) {
        return Ok(line);
    }
    Err(refuse(
        "these stages are not in series",
        "with a shortage cost each stage supplies one other: from = [\"the next one up\"]; trees need a service_time at the stages that serve customers",
    ))
}

/// Most steps that a continuous demand over all lead times is cut into.
const STEPS: f64 = 4000.0;

fn in_series(plan: &Plan, from: &[Vec<usize>], ends: &[usize], demand: Option<PathModel>) -> Result<Chain, Diagnostic> {
    let line = order(&plan.stages, from, ends)?;
    let at = |j: usize| line.get(j).and_then(|k| plan.stages.get(*k));
    let Some(last) = at(0) else { return Err(refuse("there is no stage", "add [[stage]] entries")) };
    let shortage = last.shortage.or(plan.cost.shortage).unwrap_or(0.0);
    let path = match (demand, last.mean, last.sd) {
        (_, Some(mean), sd) => {
            PathModel::normal(mean, sd.unwrap_or(0.0)).map_err(|e| refuse(e.to_string(), "check mean and sd of the last stage"))?
        }
        (Some(p), ..) => p,
        (None, ..) => {
            return Err(refuse(
                "the customers' demand is not said",
                "add a [demand] section, or mean and sd to the stage that serves them",
            ));
        }
    };
    let sampler = Sampler::new(&path);
    // a table's variance is a little less than the law's
    let said = if last.mean.is_some() {
        Some((last.mean.unwrap_or(0.0), last.sd.unwrap_or(0.0)))
    } else {
        plan.demand.as_ref().and_then(|d| d.moments())
    };
    let (mean, sd) = said.unwrap_or_else(|| (path.mean(0), sampler.variance(0).sqrt()));
    let lead: Vec<f64> = (0..line.len()).filter_map(|j| at(j).map(|s| s.lead_time)).collect();
    let counts = match (path.integer, path.marginals.first(), path.dependence.share > 0.0 || path.steps.len() > 1) {
        (true, Some(Marginal::Discrete { values, cdf }), false) => Some(listed(values, cdf)),
        (.., true) => {
            return Err(refuse(
                "stages in series need a demand that is the same and independent in every period",
                "use a plain distribution under [demand]",
            ));
        }
        _ => None,
    };
    let is_poisson = plan.demand.as_ref().is_some_and(|d| d.distribution == "poisson") && last.mean.is_none();
    let total: f64 = lead.iter().sum();
    let step = if counts.is_some() { 1.0 } else { (sd / 60.0).max((mean * total + 8.0 * sd * total.sqrt()) / STEPS).max(1e-9) };
    let over = |l: f64| -> Result<Vec<f64>, Diagnostic> {
        match &counts {
            _ if is_poisson => Ok(poisson(mean * l)),
            Some(one) if l.fract() == 0.0 => Ok(serial::convolved(one, l as usize)),
            Some(_) => Err(refuse("a lead time is no whole number of periods", "use whole lead times, or Poisson or normal demand")),
            None => Ok(serial::normal_steps(mean * l / step, sd * l.sqrt() / step)),
        }
    };
    let mut exact = Vec::with_capacity(line.len());
    for (j, l) in lead.iter().enumerate() {
        exact.push(serial::Stage { holding: at(j).map_or(0.0, |s| s.holding), demand: over(*l)? });
    }
    let best = serial::clark_scarf(&exact, shortage, step)?;
    let levels: Vec<f64> =
        (0..line.len()).map(|j| at(j).and_then(|s| s.level).unwrap_or_else(|| best.levels.get(j).copied().unwrap_or(0.0))).collect();
    let whole = lead.iter().all(|l| l.fract() == 0.0);
    let run = whole.then(|| {
        let warm_up = plan.warm_up.max(4 * total as usize + 20);
        let o = SimOptions { warm_up, ..SimOptions::new(plan.seed, plan.replications, plan.periods) };
        let stages: Vec<Stage> =
            (0..line.len()).map(|j| Stage { lead_time: lead[j] as usize, holding: exact[j].holding, level: levels[j] }).collect();
        simulated::simulate(&stages, shortage, &sampler, &o)
    });
    let mut found = vec![ChainStage::default(); plan.stages.len()];
    for (j, k) in line.iter().enumerate() {
        found[*k] = ChainStage {
            name: plan.stages[*k].name.clone(),
            echelon_base_stock: Some(levels[j]),
            local_base_stock: Some(levels[j] - if j > 0 { levels[j - 1] } else { 0.0 }),
            average_on_hand: run.as_ref().and_then(|r| r.on_hand.get(j).copied()),
            ..ChainStage::default()
        };
    }
    let per_period = run.as_ref().map(|r| r.total_cost.scaled(1.0 / plan.periods.max(1) as f64));
    Ok(Chain {
        method: "clark_scarf",
        cost_per_period: best.cost,
        stages: found,
        simulated: run,
        simulated_cost_per_period: per_period,
        source: "Clark & Scarf 1960; Snyder & Shen 2019 §6.2",
    })
}

/// Probabilities of 0, 1, 2 … from listed whole values.
pub(super) fn listed(values: &[f64], cdf: &[f64]) -> Vec<f64> {
    let mut p = vec![0.0; values.last().map_or(0.0, |v| v.max(0.0)) as usize + 1];
    let mut below = 0.0;
    for (v, c) in values.iter().zip(cdf) {
        if let Some(slot) = p.get_mut(v.max(0.0) as usize) {
            *slot += c - below;
        }
        below = *c;
    }
    p
}
