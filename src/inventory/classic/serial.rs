//! Stages in series: the least-cost echelon base-stock levels (Clark & Scarf 1960, *Management Science* 6(4); in the long run Federgruen & Zipkin 1984,
//! *Operations Research* 32(4); the recursion as in Snyder & Shen 2019 §6.2.2).
//!
//! Stage 1 serves the customers, stage 2 supplies stage 1, and so on; the last one is supplied from outside without limit. A stage's lead time is the time
//! whose demand its orders have to cover. Echelon `j` is all stock from stage `j` on down to the customers, on its way or not, less backorders.

use crate::base::Diagnostic;

/// One stage in series.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Local holding cost per unit and period; never less than that of the stage that supplies it.
    pub holding: f64,
    /// Probabilities of demand over the lead time: `demand[k]` is that of `k` steps.
    pub demand: Vec<f64>,
}

/// Echelon base-stock levels and what they cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Echelons {
    /// Level of each echelon, stage 1 first, units.
    pub levels: Vec<f64>,
    /// Holding and backorders a period; stock on its way to a stage is held at the rate of the one that sent it.
    pub cost: f64,
}

/// A convex function on a grid from `low` steps on, linear with `slope` below it and as in its last cell above.
struct Line {
    low: i64,
    slope: f64,
    values: Vec<f64>,
}

impl Line {
    fn at(&self, x: i64) -> f64 {
        let i = x - self.low;
        if i < 0 {
            return self.values.first().copied().unwrap_or(0.0) + self.slope * i as f64;
        }
        let last = self.values.len().saturating_sub(1);
        match self.values.get(i as usize) {
            Some(v) => *v,
            None => {
                let (a, b) =
                    (self.values.get(last.saturating_sub(1)).copied().unwrap_or(0.0), self.values.get(last).copied().unwrap_or(0.0));
                b + (b - a) * (i - last as i64) as f64
            }
        }
    }
}

/// The levels of least average cost with backorders at `shortage` a unit and period. `step`: units of one step of the stages' demands.
///
/// # Errors
/// No stage, a holding cost that falls towards the customers, costs that are not above 0, or demand that is not a distribution.
pub fn clark_scarf(stages: &[Stage], shortage: f64, step: f64) -> Result<Echelons, Diagnostic> {
    let refuse = |what: &str, fix: &str| Err(Diagnostic::error("stages-unusable", what.to_owned()).fix(fix.to_owned()));
    // what a stage adds to the value of a unit
    let added: Vec<f64> =
        (0..stages.len()).map(|j| stages.get(j).map_or(0.0, |s| s.holding) - stages.get(j + 1).map_or(0.0, |s| s.holding)).collect();
    if stages.is_empty() || !(shortage > 0.0 && shortage.is_finite() && step > 0.0) {
        return refuse(
            "stages in series need a shortage cost above 0",
            "add shortage under [cost], or at the stage that serves the customers",
        );
    }
    if added.iter().any(|h| !(*h >= -1e-12 && h.is_finite())) || added.iter().sum::<f64>() <= 0.0 {
        return refuse(
            "a stage's holding cost is below that of the stage that supplies it",
            "stock gains value towards the customers: raise holding there",
        );
    }
    if stages.iter().any(|s| s.demand.is_empty() || (s.demand.iter().sum::<f64>() - 1.0).abs() > 1e-6) {
        return refuse("a stage's demand over its lead time is no distribution", "check the demand and lead times");
    }
    let whole: f64 = added.iter().sum();
    let reach: usize = stages.iter().map(|s| s.demand.len()).sum();
    let low = -2i64;
    // what echelons further down cost when the next one up can have `x`; at first only backorders, in place of the stock they are counted against
    let mut below = Line {
        low,
        slope: -(shortage + whole) * step,
        values: (0..=reach + 2).map(|i| (shortage + whole) * step * (-(low + i as i64)).max(0) as f64).collect(),
    };
    let mut levels = Vec::with_capacity(stages.len());
    let mut cost = 0.0;
    for (stage, h) in stages.iter().zip(&added) {
        let ahead = Line {
            low,
            slope: below.slope + h * step,
            values: (0..below.values.len()).map(|i| h * step * (low + i as i64) as f64 + below.at(low + i as i64)).collect(),
        };
        let mean_cost =
            |y: i64| stage.demand.iter().enumerate().filter(|(_, p)| **p > 0.0).map(|(d, p)| p * ahead.at(y - d as i64)).sum::<f64>();
        let values: Vec<f64> = (0..ahead.values.len()).map(|i| mean_cost(low + i as i64)).collect();
        // with nothing added here, more does no harm: the least of the best
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let best = values.iter().position(|v| *v <= least + 1e-12 * least.abs().max(1.0)).unwrap_or(0);
        cost = values.get(best).copied().unwrap_or(0.0);
        levels.push((low + best as i64) as f64 * step);
        below =
            Line { low, slope: ahead.slope, values: values.iter().enumerate().map(|(i, v)| if i < best { *v } else { cost }).collect() };
    }
    Ok(Echelons { levels, cost })
}

/// Probabilities of 0, 1, 2 … steps of normal demand (mean and standard deviation in steps), each the part that rounds to it; what is below counts as 0.
pub fn normal_steps(mean: f64, sd: f64) -> Vec<f64> {
    use crate::forecast::fill::normal_cdf;
    if sd <= 0.0 {
        let mut at = vec![0.0; mean.round().max(0.0) as usize + 1];
        if let Some(last) = at.last_mut() {
            *last = 1.0;
        }
        return at;
    }
    let most = (mean + 8.0 * sd).ceil().max(1.0) as usize;
    let below = |x: f64| normal_cdf((x - mean) / sd);
    let mut p: Vec<f64> = (0..=most).map(|k| below(k as f64 + 0.5) - if k == 0 { 0.0 } else { below(k as f64 - 0.5) }).collect();
    let sum: f64 = p.iter().sum();
    p.iter_mut().for_each(|x| *x /= sum);
    p
}

/// Probabilities of sums of `n` independent draws.
pub fn convolved(one: &[f64], n: usize) -> Vec<f64> {
    let mut all = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; all.len() + one.len().max(1) - 1];
        for (i, a) in all.iter().enumerate().filter(|(_, a)| **a > 0.0) {
            for (slot, b) in next.iter_mut().skip(i).zip(one) {
                *slot += a * b;
            }
        }
        while next.len() > 1 && next.last().is_some_and(|x| *x < 1e-16) {
            next.pop();
        }
        all = next;
    }
    all
}
