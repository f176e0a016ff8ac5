//! The newsvendor, and base stock as the newsvendor over `L + 1` periods (Snyder & Shen 2019 §4.3).
//!
//! `h` is the cost of a unit too many, `p` of a unit short; the critical ratio is `p/(p + h)`.

use super::{density, loss, poisson};
use crate::forecast::fill::{normal_cdf, normal_quantile};

/// A level and its expected cost per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Order-up-to level, units.
    pub up_to: f64,
    /// Expected holding and stockout cost.
    pub cost: f64,
}

/// Normal demand per period; the level covers `lead + 1` periods (eq. 4.24, 4.30, 4.41).
pub fn normal(h: f64, p: f64, mean: f64, sd: f64, lead: f64) -> Level {
    let (mean, sd) = (mean * (lead + 1.0), sd * (lead + 1.0).sqrt());
    let z = normal_quantile(p / (p + h));
    Level { up_to: mean + z * sd, cost: (h + p) * density(z) * sd }
}

/// Expected cost of any level under normal demand (eq. 4.23).
pub fn normal_cost(h: f64, p: f64, mean: f64, sd: f64, up_to: f64) -> f64 {
    let z = (up_to - mean) / sd;
    h * (up_to - mean) + (h + p) * sd * loss(z)
}

/// One selling season with a price, a cost and a salvage value: the quantity and the expected profit (eq. 4.10).
pub fn profit(price: f64, cost: f64, salvage: f64, mean: f64, sd: f64) -> (f64, f64) {
    let level = normal(cost - salvage, price - cost, mean, sd, 0.0);
    (level.up_to, (price - cost) * mean - level.cost)
}

/// Probabilities of 0, 1, 2 … units: the smallest level whose cdf reaches the critical ratio (§4.3.2.4).
pub fn counts(h: f64, p: f64, probability: &[f64]) -> Level {
    let ratio = p / (p + h);
    let mut cdf = 0.0;
    let mut best = probability.len().saturating_sub(1);
    for (k, q) in probability.iter().enumerate() {
        cdf += q;
        if cdf >= ratio - 1e-12 {
            best = k;
            break;
        }
    }
    Level { up_to: best as f64, cost: counts_cost(h, p, probability, best as f64) }
}

/// Expected cost of any level under listed counts.
pub fn counts_cost(h: f64, p: f64, probability: &[f64], up_to: f64) -> f64 {
    probability
        .iter()
        .enumerate()
        .map(|(k, q)| {
            let left = up_to - k as f64;
            q * if left > 0.0 { h * left } else { -p * left }
        })
        .sum()
}

/// Poisson demand per period; the level covers `lead + 1` periods.
pub fn poisson_demand(h: f64, p: f64, mean: f64, lead: f64) -> Level {
    counts(h, p, &poisson(mean * (lead + 1.0)))
}

/// Lognormal demand with parameters of its logarithm (§4.3.2.3).
pub fn lognormal(h: f64, p: f64, mu: f64, sigma: f64) -> Level {
    let z = normal_quantile(p / (p + h));
    let up_to = (mu + sigma * z).exp();
    let mean = (mu + 0.5 * sigma * sigma).exp();
    let short = mean * normal_cdf(sigma - z) - up_to * normal_cdf(-z);
    Level { up_to, cost: h * (up_to - mean) + (h + p) * short }
}
