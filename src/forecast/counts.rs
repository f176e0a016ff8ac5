//! Demand in whole units or with many periods of nothing: Poisson, negative binomial, or a hurdle (nothing, else a size).
//!
//! The law is the one of least BIC on the recent history (Snyder, Ord & Beaumont 2012, "Forecasting the intermittent demand
//! for slow-moving inventories", IJF 28(2)); the forecast sets its mean.

use super::distribution::{negative_binomial_marginal, poisson_marginal};
use super::path::{Marginal, normal_cdf};
use serde::{Deserialize, Serialize};
use statrs::function::gamma::ln_gamma;

/// Sizes above this mean are spread as a log-normal, not as counts.
const LARGE: f64 = 40.0;
/// A period may bring so many times the most that any recent one brought.
const BEYOND: f64 = 2.0;
/// Recent periods the law is chosen on.
const RECENT: usize = 156;

/// A law whose mean is still open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Law {
    /// Variance = mean.
    Poisson,
    /// Variance = μ + φ·μ².
    NegativeBinomial { dispersion: f64 },
    /// Nothing, else 1 + a negative binomial of the given mean and dispersion.
    HurdleCount { size: f64, dispersion: f64 },
    /// Nothing, else log-normal of the given mean and log standard deviation, cut off at `most`: a single huge order among small ones makes the
    /// spread so wide that its tail would promise what no shop ever saw.
    HurdleLarge { size: f64, spread: f64, most: f64 },
}

fn mean_variance(x: &[f64]) -> (f64, f64) {
    let n = x.len().max(1) as f64;
    let m = x.iter().sum::<f64>() / n;
    (m, x.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (n - 1.0).max(1.0))
}

fn log_poisson(k: f64, mean: f64) -> f64 {
    k * mean.max(1e-12).ln() - mean - ln_gamma(k + 1.0)
}

fn log_negative_binomial(k: f64, mean: f64, dispersion: f64) -> f64 {
    if dispersion < 1e-6 {
        return log_poisson(k, mean);
    }
    let r = 1.0 / dispersion;
    let q = mean.max(1e-12) / (r + mean.max(1e-12));
    ln_gamma(k + r) - ln_gamma(r) - ln_gamma(k + 1.0) + r * (1.0 - q).max(1e-300).ln() + k * q.ln()
}

/// Dispersion by moments: φ = (σ² − μ)/μ².
fn dispersion(mean: f64, variance: f64) -> f64 {
    if mean > 0.0 { ((variance - mean) / (mean * mean)).clamp(0.0, 200.0) } else { 0.0 }
}

/// The law of counts around means that move: pairs of a count and its one-step forecast. Poisson, or negative binomial with
/// φ = Σ((y − μ)² − μ)/Σμ² where its BIC is less.
pub(crate) fn around(pairs: &[(f64, f64)]) -> Law {
    let x = pairs.get(pairs.len().saturating_sub(RECENT)..).unwrap_or(pairs);
    let (extra, square) = x.iter().fold((0.0, 0.0), |(e, s), (y, m)| (e + (y - m).powi(2) - m, s + m * m));
    let phi = if square > 0.0 { (extra / square).clamp(0.0, 200.0) } else { 0.0 };
    let poisson: f64 = x.iter().map(|(y, m)| log_poisson(*y, *m)).sum();
    let negative_binomial: f64 = x.iter().map(|(y, m)| log_negative_binomial(*y, *m, phi)).sum();
    if -2.0 * poisson <= -2.0 * negative_binomial + (x.len().max(1) as f64).ln() {
        Law::Poisson
    } else {
        Law::NegativeBinomial { dispersion: phi }
    }
}

/// The law of the observed values (in units, not scaled) of intermittent demand; `integer`: only whole values count.
pub(crate) fn choose(seen: &[f64], integer: bool) -> Law {
    let x = seen.get(seen.len().saturating_sub(RECENT)..).unwrap_or(seen);
    let sizes: Vec<f64> = x.iter().copied().filter(|v| *v > 0.0).collect();
    let (mean, variance) = mean_variance(x);
    let (size, size_variance) = mean_variance(&sizes);
    if sizes.is_empty() {
        return Law::Poisson;
    }
    let n = x.len() as f64;
    let zeros = n - sizes.len() as f64;
    if !integer || size > LARGE {
        let logs: Vec<f64> = sizes.iter().map(|v| v.ln()).collect();
        let (_, log_variance) = mean_variance(&logs);
        // one more sale of twice or half the typical size, so that a few equal sales are not taken for a rule
        let k = sizes.len() as f64;
        let spread = ((log_variance * (k - 1.0).max(0.0) + 0.48) / k).sqrt();
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        return Law::HurdleLarge { size, spread: spread.clamp(0.05, 2.5), most: BEYOND * largest };
    }
    let phi = dispersion(mean, variance);
    let poisson = -2.0 * x.iter().map(|k| log_poisson(*k, mean)).sum::<f64>() + n.ln();
    let negative_binomial = -2.0 * x.iter().map(|k| log_negative_binomial(*k, mean, phi)).sum::<f64>() + 2.0 * n.ln();
    let extra = size - 1.0;
    let size_phi = dispersion(extra, size_variance);
    let chance = (sizes.len() as f64 / n).clamp(1e-9, 1.0 - 1e-9);
    let hurdle = -2.0
        * (zeros * (1.0 - chance).ln() + sizes.iter().map(|k| chance.ln() + log_negative_binomial(k - 1.0, extra, size_phi)).sum::<f64>())
        + 3.0 * n.ln();
    if poisson <= negative_binomial && poisson <= hurdle {
        Law::Poisson
    } else if negative_binomial <= hurdle {
        Law::NegativeBinomial { dispersion: phi }
    } else {
        Law::HurdleCount { size, dispersion: size_phi }
    }
}

impl Law {
    /// Variance at a mean.
    pub fn variance(&self, mean: f64) -> f64 {
        let hurdle = |size: f64, size_variance: f64| {
            let chance = (mean / size.max(1e-300)).min(1.0);
            let size = if chance < 1.0 { size } else { mean };
            chance * (size_variance + size * size) - mean * mean
        };
        match *self {
            Self::Poisson => mean,
            Self::NegativeBinomial { dispersion } => mean + dispersion * mean * mean,
            Self::HurdleCount { size, dispersion } => hurdle(size, (size - 1.0) + dispersion * (size - 1.0).powi(2)),
            Self::HurdleLarge { size, spread, .. } => hurdle(size, size * size * (spread * spread).exp_m1()),
        }
    }

    /// The marginal of the given mean, its variance times `widen`: above 1 for uncertainty about the mean, below 1 where the
    /// history varied for reasons that the mean now follows (a negative binomial only, and no narrower than Poisson).
    pub fn marginal(&self, mean: f64, widen: f64, integer: bool) -> Marginal {
        if mean <= 0.0 || !mean.is_finite() {
            return Marginal::Discrete { values: vec![0.0], cdf: vec![1.0] };
        }
        let narrow = widen;
        let widen = widen.max(1.0);
        match *self {
            Self::Poisson if widen <= 1.0 => poisson_marginal(mean),
            Self::NegativeBinomial { .. } => negative_binomial_marginal(mean, narrow * self.variance(mean)),
            Self::Poisson => negative_binomial_marginal(mean, widen * self.variance(mean)),
            Self::HurdleCount { size, dispersion } => {
                let extra = (size - 1.0).max(0.0);
                let variance = (extra + dispersion * extra * extra) * widen;
                if mean > 0.95 * size {
                    return negative_binomial_marginal(mean, widen * self.variance(mean).max(mean));
                }
                let body = if extra > 1e-9 { negative_binomial_marginal(extra, variance) } else { poisson_marginal(0.0) };
                match body {
                    Marginal::Discrete { values, cdf } => over_hurdle(mean / size, &values, &cdf, 1.0),
                    other => other,
                }
            }
            Self::HurdleLarge { size, spread, most } => {
                // the second moment is what widens: size²·exp(spread²)
                let spread = (spread * spread + widen.ln()).sqrt().min(3.0);
                let size = if mean > 0.95 * size { mean / 0.95 } else { size };
                let (values, cdf) = log_normal_table(size, spread, integer, most.max(BEYOND * size));
                over_hurdle(mean / size, &values, &cdf, 0.0)
            }
        }
    }
}

/// P(0) = 1 − chance, else `offset` + the body.
fn over_hurdle(chance: f64, values: &[f64], cdf: &[f64], offset: f64) -> Marginal {
    let chance = chance.clamp(0.0, 1.0);
    let mut out_values = vec![0.0];
    let mut out = vec![1.0 - chance];
    for (v, c) in values.iter().zip(cdf) {
        let (v, c) = (v + offset, 1.0 - chance + chance * c);
        if out_values.last() == Some(&v) {
            if let Some(last) = out.last_mut() {
                *last = c;
            }
        } else {
            out_values.push(v);
            out.push(c);
        }
    }
    if let Some(last) = out.last_mut() {
        *last = 1.0;
    }
    Marginal::Discrete { values: out_values, cdf: out }
}

/// A log-normal in 160 cells of equal width in the normal score, each at its conditional mean, cut off at `most`; its scale is such that the mean
/// with the cut is the given one. Whole values (at least 1) where `integer`.
fn log_normal_table(mean: f64, spread: f64, integer: bool, most: f64) -> (Vec<f64>, Vec<f64>) {
    const CELLS: usize = 160;
    let width = 8.0 / CELLS as f64;
    let scale = cut_scale(mean, spread, most, CELLS, width);
    let (mut values, mut cdf): (Vec<f64>, Vec<f64>) = (Vec::with_capacity(CELLS), Vec::with_capacity(CELLS));
    for i in 0..CELLS {
        let (lo, hi) = (-4.0 + width * i as f64, -4.0 + width * (i + 1) as f64);
        let mass = normal_cdf(hi) - normal_cdf(lo);
        let inside = normal_cdf(hi - spread) - normal_cdf(lo - spread);
        let value = (scale * inside / mass.max(1e-300)).min(most);
        let value = if integer { value.round().max(1.0) } else { value };
        let c = if i + 1 == CELLS { 1.0 } else { normal_cdf(hi) };
        if values.last() == Some(&value) {
            if let Some(last) = cdf.last_mut() {
                *last = c;
            }
        } else {
            values.push(value);
            cdf.push(c);
        }
    }
    (values, cdf)
}

/// The mean of the log-normal before the cut that has the given mean after it.
fn cut_scale(mean: f64, spread: f64, most: f64, cells: usize, width: f64) -> f64 {
    let parts: Vec<(f64, f64)> = (0..cells)
        .map(|i| {
            let (lo, hi) = (-4.0 + width * i as f64, -4.0 + width * (i + 1) as f64);
            let mass = normal_cdf(hi) - normal_cdf(lo);
            (mass, (normal_cdf(hi - spread) - normal_cdf(lo - spread)) / mass.max(1e-300))
        })
        .collect();
    let cut = parts.iter().any(|(_, ratio)| mean * ratio > most);
    if !cut {
        return mean;
    }
    let total: f64 = parts.iter().map(|(mass, _)| mass).sum();
    let after = |scale: f64| parts.iter().map(|(mass, ratio)| mass * (scale * ratio).min(most)).sum::<f64>() / total;
    // the mean after the cut grows with the scale, up to `most`, which is above the mean
    let (mut low, mut high) = (mean, mean);
    while after(high) < mean && high < 1e6 * mean {
        high *= 2.0;
    }
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if after(middle) < mean {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_huge_week_does_not_promise_huger_ones() {
        // a real item of an online shop: tens in most weeks that sold anything, and once 12,540
        let sold = [60, 246, 60, 300, 60, 60, 60, 6, 60, 60, 1, 3, 1, 2, 12, 60, 3, 8, 11, 12540, 92];
        let mut weeks = vec![0.0; 54];
        for (i, units) in sold.into_iter().enumerate() {
            weeks[i * 54 / 21] = f64::from(units);
        }
        let law = choose(&weeks, true);
        for (mean, widen) in [(250.0, 1.0), (30.0, 4.0), (600.0, 1.5)] {
            let m = law.marginal(mean, widen, true);
            let Marginal::Discrete { values, cdf } = &m else { unreachable!("counts have a list of values") };
            assert!(m.at_probability(0.9999) <= 2.0 * 12540.0, "{}", m.at_probability(0.9999));
            let mut below = 0.0;
            let got: f64 = values
                .iter()
                .zip(cdf)
                .map(|(v, c)| {
                    let x = v * (c - below);
                    below = *c;
                    x
                })
                .sum();
            assert!((got / mean - 1.0).abs() < 0.02, "mean {got}, wanted {mean}");
        }
    }

    #[test]
    fn the_cut_leaves_ordinary_sizes_alone() {
        let weeks: Vec<f64> = (0..52).map(|i| [0.0, 55.0, 70.0, 0.0, 48.0, 90.0][i % 6]).collect();
        let Law::HurdleLarge { size, spread, most } = choose(&weeks, false) else { unreachable!("sizes above 40") };
        let quantile = |most: f64, p: f64| {
            let (values, cdf) = log_normal_table(size, spread, false, most);
            Marginal::Discrete { values, cdf }.at_probability(p)
        };
        for p in [0.01, 0.5, 0.9, 0.99, 0.999] {
            let (cut, whole) = (quantile(most, p), quantile(f64::INFINITY, p));
            assert!((cut / whole - 1.0).abs() < 1e-3, "{p}: {cut} {whole}");
        }
    }
}
