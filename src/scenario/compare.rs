//! Two outcomes side by side: differences paired over replications, since both met the same random world.

use super::outcome::{Outcome, SeriesOutcome};
use crate::base::{Diagnostic, Measure};
use serde::Serialize;
use std::collections::BTreeMap;

/// B less A, for one figure.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The figure, as a key with its unit.
    pub measure: &'static str,
    /// Mean under A.
    pub a: f64,
    /// Mean under B.
    pub b: f64,
    /// B − A.
    pub difference: Measure,
    /// Whether the difference is paired over replications; otherwise its half-width takes A and B as independent, which is too wide.
    pub paired: bool,
}

/// B less A, for one series.
#[derive(Debug, Clone, Serialize)]
pub struct SeriesDifference {
    /// The series.
    pub unique_id: String,
    /// Mean total cost under A.
    pub a_total_cost: f64,
    /// Mean total cost under B.
    pub b_total_cost: f64,
    /// B − A, paired.
    pub difference: Measure,
}

/// A comparison.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Replications paired.
    pub replications: usize,
    /// The figures.
    pub differences: Vec<Difference>,
    /// By series, the largest change first.
    pub series: Vec<SeriesDifference>,
    /// Series in only one of the two.
    pub only_in_one: usize,
}

/// Compares two outcomes over the series they share.
///
/// # Errors
/// Different seeds or horizons, which cannot be paired.
pub fn compare(a: &Outcome, b: &Outcome) -> Result<Comparison, Diagnostic> {
    if a.plan.seed != b.plan.seed || a.plan.periods != b.plan.periods || a.plan.warm_up != b.plan.warm_up || a.period != b.period {
        return Err(Diagnostic::error("not-comparable", "the scenarios differ in seed, periods, warm_up or calendar")
            .fix("give both the same seed, periods and warm_up; then differences are paired"));
    }
    let n = a.replications.min(b.replications);
    let by_id: BTreeMap<&str, &SeriesOutcome> = b.series.iter().map(|s| (&*s.stocked.unique_id, s)).collect();
    let pairs: Vec<(&SeriesOutcome, &SeriesOutcome)> =
        a.series.iter().filter_map(|x| by_id.get(&*x.stocked.unique_id).map(|y| (x, *y))).collect();
    let mut series: Vec<SeriesDifference> = pairs
        .iter()
        .map(|(x, y)| SeriesDifference {
            unique_id: x.stocked.unique_id.to_string(),
            a_total_cost: x.stock.outcome.measures.total_cost.mean,
            b_total_cost: y.stock.outcome.measures.total_cost.mean,
            difference: paired(&y.stock.outcome.total_cost_by_replication, &x.stock.outcome.total_cost_by_replication, n),
        })
        .collect();
    series.sort_by(|p, q| q.difference.mean.abs().total_cmp(&p.difference.mean.abs()).then_with(|| p.unique_id.cmp(&q.unique_id)));

    let sum = |side: &dyn Fn(&(&SeriesOutcome, &SeriesOutcome)) -> Vec<f64>| {
        pairs.iter().fold(vec![0.0; n], |mut total, p| {
            total.iter_mut().zip(side(p)).for_each(|(t, v)| *t += v);
            total
        })
    };
    let mut differences = Vec::new();
    let mut add_paired = |measure, a: Vec<f64>, b: Vec<f64>| {
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
        differences.push(Difference { measure, a: mean(&a), b: mean(&b), difference: paired(&b, &a, n), paired: true });
    };
    add_paired(
        "stock_cost",
        sum(&|p| p.0.stock.outcome.total_cost_by_replication.clone()),
        sum(&|p| p.1.stock.outcome.total_cost_by_replication.clone()),
    );
    add_paired(
        "stockout_cost",
        sum(&|p| p.0.stock.outcome.stockout_cost_by_replication.clone()),
        sum(&|p| p.1.stock.outcome.stockout_cost_by_replication.clone()),
    );
    let rest = |o: &SeriesOutcome| -> Vec<f64> {
        o.stock.outcome.total_cost_by_replication.iter().zip(&o.stock.outcome.stockout_cost_by_replication).map(|(t, s)| t - s).collect()
    };
    add_paired("overstock_and_ordering_cost", sum(&|p| rest(p.0)), sum(&|p| rest(p.1)));
    // alone, each line carries an equal share of the order's cost whether others order with it or not; this is what really goes out
    if let (true, [_, ..]) = (a.joint.is_empty(), b.joint.as_slice()) {
        differences.push(together(b, 1.0));
    } else if let ([_, ..], true) = (a.joint.as_slice(), b.joint.is_empty()) {
        differences.push(together(a, -1.0));
    }
    let (ta, tb) = (&a.totals, &b.totals);
    for (measure, x, y) in [
        ("overstock_cost", ta.overstock_cost, tb.overstock_cost),
        ("ordering_cost", ta.ordering_cost, tb.ordering_cost),
        ("fill_rate", ta.fill_rate, tb.fill_rate),
        ("cycle_service", ta.cycle_service, tb.cycle_service),
        ("stock_value", ta.stock_value, tb.stock_value),
    ] {
        differences.push(unpaired(measure, x, y));
    }
    if ta.expediting_cost.mean != 0.0 || tb.expediting_cost.mean != 0.0 {
        differences.push(unpaired("expediting_cost", ta.expediting_cost, tb.expediting_cost));
    }
    let mut total = differences.first().map_or_else(Measure::default, |d| d.difference);
    if let (Some(fa), Some(fb)) = (&a.freight, &b.freight) {
        for (x, y) in fa.by_replication.iter().zip(&fb.by_replication) {
            let n = x.1.len().min(y.1.len());
            let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
            let difference = paired(&y.1, &x.1, n);
            let price = match x.0 {
                "freight_cost" => 1.0,
                "emissions_kg_co2e" if a.plan.footprint.carbon_price == b.plan.footprint.carbon_price => {
                    a.plan.footprint.carbon_price / 1000.0
                }
                _ => 0.0,
            };
            total = added(total, difference.scaled(price));
            differences.push(Difference { measure: x.0, a: mean(&x.1), b: mean(&y.1), difference, paired: true });
        }
        if a.plan.footprint.carbon_price != b.plan.footprint.carbon_price {
            let carbon = unpaired("carbon_cost", ta.carbon_cost, tb.carbon_cost);
            total = added(total, carbon.difference);
            differences.push(carbon);
        }
        differences.push(Difference {
            measure: "total_cost",
            a: ta.total_cost.mean,
            b: tb.total_cost.mean,
            difference: total,
            paired: true,
        });
    } else {
        differences.push(unpaired("total_cost", ta.total_cost, tb.total_cost));
    }
    let only_in_one = a.series.len() + b.series.len() - 2 * pairs.len();
    Ok(Comparison { replications: n, differences, series, only_in_one })
}

fn paired(b: &[f64], a: &[f64], n: usize) -> Measure {
    Measure::from_values(&b.iter().zip(a).take(n).map(|(y, x)| y - x).collect::<Vec<_>>())
}

/// The sum of two differences known with independent errors.
fn added(a: Measure, b: Measure) -> Measure {
    let half = |m: &Measure| (m.p90 - m.p10) / 2.0;
    let (mean, spread) = (a.mean + b.mean, half(&a).hypot(half(&b)));
    Measure { mean, half_width: a.half_width.hypot(b.half_width), p10: mean - spread, p90: mean + spread }
}

/// The groups of an outcome ordered together against each item by itself with the same order cost and terms; `sign` −1: the other way round. Groups meet
/// different customers, so their errors are independent.
fn together(o: &Outcome, sign: f64) -> Difference {
    let (mut separate, mut joint, mut difference) = (0.0, 0.0, Measure::default());
    for g in &o.joint {
        separate += g.optimum.separate.total_cost.mean;
        joint += g.optimum.best.total_cost.mean;
        difference = added(difference, g.optimum.saving.scaled(-sign));
    }
    let (a, b) = if sign > 0.0 { (separate, joint) } else { (joint, separate) };
    Difference { measure: "cost_of_joint_orders", a, b, difference, paired: true }
}

fn unpaired(measure: &'static str, a: Measure, b: Measure) -> Difference {
    let half = |m: &Measure| (m.p90 - m.p10) / 2.0;
    let (mean, spread) = (b.mean - a.mean, half(&a).hypot(half(&b)));
    Difference {
        measure,
        a: a.mean,
        b: b.mean,
        difference: Measure { mean, half_width: a.half_width.hypot(b.half_width), p10: mean - spread, p90: mean + spread },
        paired: false,
    }
}
