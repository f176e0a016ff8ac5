//! Demand from a textbook distribution in place of a history: the `[demand]` section of a scenario, teaching, tests.
//!
//! Each constructor gives a stationary [`PathModel`] of one step that repeats for ever, with independent periods; set
//! `dependence` afterwards where periods go together. Parameters are the mean and standard deviation of demand per period.

use super::path::{Dependence, Marginal, PathModel, Step, normal_cdf};
use statrs::distribution::{ContinuousCDF, Discrete, Gamma, NegativeBinomial, Poisson};

/// Most values a discrete table is given before a continuous one takes over.
const MOST_VALUES: usize = 4096;

/// Why a distribution cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DistributionError {
    /// A parameter is missing its range.
    #[error("{name} must be {range}, and is {value}")]
    Parameter {
        /// The parameter as the scenario file calls it.
        name: &'static str,
        /// What it must be.
        range: &'static str,
        /// What it is.
        value: f64,
    },
    /// The lists of a discrete distribution do not fit together.
    #[error("values and weights must be as many as each other and at least one, with weights that are not negative and do not add up to 0")]
    Lists,
}

pub(super) fn check(name: &'static str, range: &'static str, value: f64, ok: bool) -> Result<(), DistributionError> {
    if ok && value.is_finite() { Ok(()) } else { Err(DistributionError::Parameter { name, range, value }) }
}

/// A discrete marginal from a mass function on 0, 1, 2 …, cut where less than 1e-12 is left above.
pub(crate) fn discrete_from_mass(mass: impl Fn(u64) -> f64, mean: f64, sd: f64) -> Marginal {
    // the mass before `low` is below double precision's reach for large means: start near the body
    let low = (mean - 12.0 * sd - 10.0).max(0.0).floor() as u64;
    let (mut values, mut cdf, mut total) = (Vec::new(), Vec::new(), 0.0);
    let mut k = low;
    while values.len() < MOST_VALUES {
        total += mass(k).max(0.0);
        values.push(k as f64);
        cdf.push(total);
        if total > 1.0 - 1e-12 || (k as f64 > mean && mass(k) < 1e-15) {
            break;
        }
        k += 1;
    }
    close(values, cdf, total)
}

/// Normalises cumulative sums to end in exactly 1.
fn close(values: Vec<f64>, mut cdf: Vec<f64>, total: f64) -> Marginal {
    if total > 0.0 {
        cdf.iter_mut().for_each(|c| *c = (*c / total).min(1.0));
    }
    if let Some(last) = cdf.last_mut() {
        *last = 1.0;
    }
    Marginal::Discrete { values, cdf }
}

/// Poisson, or its normal approximation (with continuity handled by rounding) where a table would be too long.
pub(crate) fn poisson_marginal(mean: f64) -> Marginal {
    if mean <= 0.0 {
        return Marginal::Discrete { values: vec![0.0], cdf: vec![1.0] };
    }
    match Poisson::new(mean) {
        Ok(d) if mean < 20_000.0 => discrete_from_mass(|k| d.pmf(k), mean, mean.sqrt()),
        _ => Marginal::from_scores(|z| mean + z * mean.sqrt()),
    }
}

/// Negative binomial of the given mean and variance (> mean): r = μ²/(σ²−μ), p = r/(r+μ); a gamma table where too long.
pub(crate) fn negative_binomial_marginal(mean: f64, variance: f64) -> Marginal {
    if mean <= 0.0 || variance <= mean * (1.0 + 1e-9) {
        return poisson_marginal(mean);
    }
    let r = mean * mean / (variance - mean);
    match NegativeBinomial::new(r, r / (r + mean)) {
        Ok(d) if mean + 14.0 * variance.sqrt() < MOST_VALUES as f64 => discrete_from_mass(|k| d.pmf(k), mean, variance.sqrt()),
        _ => gamma_marginal(mean, variance.sqrt()),
    }
}

/// Gamma of the given mean and standard deviation: shape (μ/σ)².
pub(crate) fn gamma_marginal(mean: f64, sd: f64) -> Marginal {
    let shape = (mean / sd).powi(2);
    match Gamma::new(shape, shape / mean) {
        Ok(d) if shape > 1e-3 && shape < 1e6 => Marginal::from_scores(|z| d.inverse_cdf(normal_cdf(z))),
        _ => Marginal::from_scores(|z| (mean + sd * z).max(0.0)),
    }
}

impl PathModel {
    /// One marginal for every period, periods independent.
    pub fn stationary(marginal: Marginal, integer: bool, non_negative: bool) -> Self {
        Self {
            marginals: vec![marginal],
            steps: vec![Step { marginal: 0, shift: 0.0, scale: 1.0 }],
            cycle: 1,
            dependence: Dependence::NONE,
            integer,
            non_negative,
        }
    }

    /// The same demand every period.
    ///
    /// # Errors
    /// `value` negative or not finite.
    pub fn deterministic(value: f64) -> Result<Self, DistributionError> {
        check("mean", "0 or more", value, value >= 0.0)?;
        Ok(Self::stationary(Marginal::Discrete { values: vec![value], cdf: vec![1.0] }, false, true))
    }

    /// Normal, cut off at zero from below since nobody demands less than nothing.
    ///
    /// # Errors
    /// `mean` or `sd` negative or not finite.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "0 or more", mean, mean >= 0.0)?;
        check("sd", "0 or more", sd, sd >= 0.0)?;
        let mut path = Self::stationary(Marginal::from_scores(|z| z), false, true);
        path.steps = vec![Step { marginal: 0, shift: mean, scale: sd }];
        Ok(path)
    }

    /// Gamma.
    ///
    /// # Errors
    /// `mean` or `sd` not above 0.
    pub fn gamma(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "above 0", mean, mean > 0.0)?;
        check("sd", "above 0", sd, sd > 0.0)?;
        Ok(Self::stationary(super::laws::gamma(mean, sd).unwrap_or_else(|| gamma_marginal(mean, sd)), false, true))
    }

    /// Log-normal; `mean` and `sd` are those of demand, not of its logarithm.
    ///
    /// # Errors
    /// `mean` not above 0, `sd` negative.
    pub fn lognormal(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "above 0", mean, mean > 0.0)?;
        check("sd", "0 or more", sd, sd >= 0.0)?;
        Ok(Self::stationary(super::laws::lognormal(mean, sd), false, true))
    }

    /// Poisson.
    ///
    /// # Errors
    /// `mean` negative or not finite.
    pub fn poisson(mean: f64) -> Result<Self, DistributionError> {
        check("mean", "0 or more", mean, mean >= 0.0)?;
        Ok(Self::stationary(poisson_marginal(mean), true, true))
    }

    /// Negative binomial, for whole units more variable than Poisson.
    ///
    /// # Errors
    /// `mean` not above 0, or `sd` not above √mean.
    pub fn negative_binomial(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "above 0", mean, mean > 0.0)?;
        check("sd", "above the square root of the mean", sd, sd * sd > mean)?;
        Ok(Self::stationary(negative_binomial_marginal(mean, sd * sd), true, true))
    }

    /// The listed values with the given weights (which need not add up to 1).
    ///
    /// # Errors
    /// Lists of different length, empty, not finite, or weights that are negative or add up to 0.
    pub fn discrete(values: &[f64], weights: &[f64]) -> Result<Self, DistributionError> {
        let total: f64 = weights.iter().sum();
        let ok = values.len() == weights.len()
            && values.iter().all(|v| v.is_finite() && *v >= 0.0)
            && weights.iter().all(|w| w.is_finite() && *w >= 0.0)
            && total > 0.0
            && total.is_finite();
        if !ok {
            return Err(DistributionError::Lists);
        }
        let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).filter(|(_, w)| *w > 0.0).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let whole = pairs.iter().all(|(v, _)| v.fract() == 0.0);
        let mut sum = 0.0;
        let (values, cdf) = pairs
            .into_iter()
            .map(|(v, w)| {
                sum += w;
                (v, sum)
            })
            .unzip();
        Ok(Self::stationary(close(values, cdf, total), whole, true))
    }

    /// A continuous distribution through the given `(probability, value)` points, linear in the normal score between them.
    ///
    /// # Errors
    /// No point, a probability outside 0..=1, or values that do not ascend with their probabilities.
    pub fn quantile_table(points: &[(f64, f64)]) -> Result<Self, DistributionError> {
        let mut points: Vec<(f64, f64)> = points.to_vec();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ascending = points.is_sorted_by(|a, b| a.1 <= b.1);
        if points.is_empty() || !ascending || points.iter().any(|(p, v)| !(0.0..=1.0).contains(p) || !v.is_finite()) {
            return Err(DistributionError::Lists);
        }
        let scored: Vec<(f64, f64)> = points.iter().map(|(p, v)| (super::path::normal_quantile(*p), *v)).collect();
        let at = |z: f64| {
            let i = scored.partition_point(|(s, _)| *s < z);
            match (i.checked_sub(1).and_then(|j| scored.get(j)), scored.get(i)) {
                (Some(a), Some(b)) if b.0 > a.0 => a.1 + (b.1 - a.1) * (z - a.0) / (b.0 - a.0),
                (_, Some(b)) => b.1,
                (Some(a), None) => a.1,
                (None, None) => 0.0,
            }
        };
        Ok(Self::stationary(Marginal::from_scores(at), false, true))
    }
}
