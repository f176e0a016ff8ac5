//! Further laws of demand from the textbooks, and fine tables of continuous ones.
//!
//! The 33 scores of a forecast's quantile table are enough for a forecast; a textbook's figure is known to more digits than linear interpolation between
//! them gives (a mean of exponential demand comes out 0.4 % too high). So continuous laws of a `[demand]` section are cut into some thousand cells, each
//! standing at its conditional mean: the mean is exact, the variance within 10⁻⁴.

use super::distribution::{DistributionError, check, discrete_from_mass};
use super::path::{Marginal, PathModel, normal_cdf, normal_pdf};
use statrs::distribution::{ContinuousCDF, Discrete, Gamma};

/// Cells of a fine table.
const CELLS: usize = 3200;
/// Normal scores beyond which nothing is tabled.
const REACH: f64 = 6.5;
/// Most customers a period that sizes are added up for.
const MOST_CUSTOMERS: usize = 2000;

/// Cells between ascending `bounds`: `below(x)` is the probability and `part(x)` the part of the mean below `x`.
fn cells(bounds: &[f64], below: impl Fn(f64) -> f64, part: impl Fn(f64) -> f64) -> Marginal {
    let (mut values, mut cdf): (Vec<f64>, Vec<f64>) = (Vec::with_capacity(bounds.len()), Vec::with_capacity(bounds.len()));
    let mut last: Option<(f64, f64)> = None;
    for x in bounds {
        let now = (below(*x), part(*x));
        if let Some(before) = last
            && now.0 > before.0
        {
            values.push((now.1 - before.1) / (now.0 - before.0));
            cdf.push(now.0);
        }
        last = Some(now);
    }
    // rounding may put a cell's mean a hair outside its bounds
    for i in 1..values.len() {
        values[i] = values[i].max(values[i - 1]);
    }
    close(values, cdf)
}

/// Cells of equal width in the normal score, from a quantile function of the score (Simpson's rule within each).
fn by_score(quantile: impl Fn(f64) -> f64) -> Marginal {
    let step = 2.0 * REACH / CELLS as f64;
    let (mut values, mut cdf) = (Vec::with_capacity(CELLS), Vec::with_capacity(CELLS));
    for i in 0..CELLS {
        let a = -REACH + step * i as f64;
        let (m, b) = (a + 0.5 * step, a + step);
        let (wa, wm, wb) = (normal_pdf(a), 4.0 * normal_pdf(m), normal_pdf(b));
        values.push((wa * quantile(a) + wm * quantile(m) + wb * quantile(b)) / (wa + wm + wb));
        cdf.push(normal_cdf(b));
    }
    close(values, cdf)
}

fn close(values: Vec<f64>, mut cdf: Vec<f64>) -> Marginal {
    if let Some(last) = cdf.last_mut() {
        *last = 1.0;
    }
    Marginal::Discrete { values, cdf }
}

/// A gamma of the given mean and standard deviation, in cells.
pub(super) fn gamma(mean: f64, sd: f64) -> Option<Marginal> {
    let (shape, scale) = ((mean / sd).powi(2), sd * sd / mean);
    if !(1e-3..1e6).contains(&shape) {
        return None;
    }
    let law = Gamma::new(shape, 1.0 / scale).ok()?;
    // x·f(x) of a gamma is its mean times the density of one whose shape is larger by one
    let next = Gamma::new(shape + 1.0, 1.0 / scale).ok()?;
    let (low, high) = ((mean - 12.0 * sd).max(0.0), mean + 9.0 * sd + 28.0 * scale);
    let at = |i: usize| {
        let u = i as f64 / CELLS as f64;
        low + (high - low) * if low > 0.0 { u } else { u * u }
    };
    let bounds: Vec<f64> = (0..=CELLS).map(at).collect();
    Some(cells(&bounds, |x| if x <= 0.0 { 0.0 } else { law.cdf(x) }, |x| if x <= 0.0 { 0.0 } else { mean * next.cdf(x) }))
}

/// A lognormal of the given mean and standard deviation, in cells.
pub(super) fn lognormal(mean: f64, sd: f64) -> Marginal {
    let s = (sd / mean).powi(2).ln_1p().sqrt();
    if s <= 0.0 {
        return Marginal::Discrete { values: vec![mean], cdf: vec![1.0] };
    }
    let bounds: Vec<f64> = (0..=CELLS).map(|i| -8.0 + 16.0 * i as f64 / CELLS as f64).collect();
    cells(&bounds, normal_cdf, |z| mean * normal_cdf(z - s))
}

/// A law in whole units: what of it rounds to each.
fn rounded(mean: f64, sd: f64, below: impl Fn(f64) -> f64) -> PathModel {
    let at = |x: f64| if x <= 0.0 { 0.0 } else { below(x) };
    PathModel::stationary(discrete_from_mass(|k| at(k as f64 + 0.5) - at(k as f64 - 0.5), mean, sd), true, true)
}

impl PathModel {
    /// Gamma rounded to whole units (the demand of De Moor, Gijsbrechts & Boute 2022).
    ///
    /// # Errors
    /// `mean` or `sd` not above 0.
    pub fn gamma_rounded(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "above 0", mean, mean > 0.0)?;
        check("sd", "above 0", sd, sd > 0.0)?;
        match Gamma::new((mean / sd).powi(2), mean / (sd * sd)) {
            Ok(law) => Ok(rounded(mean, sd, |x| law.cdf(x))),
            Err(_) => Self::gamma(mean, sd),
        }
    }

    /// Normal rounded to whole units; what is below one half counts as 0.
    ///
    /// # Errors
    /// `mean` negative, or `sd` not above 0.
    pub fn normal_rounded(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "0 or more", mean, mean >= 0.0)?;
        check("sd", "above 0", sd, sd > 0.0)?;
        Ok(rounded(mean, sd, |x| normal_cdf((x - mean) / sd)))
    }

    /// Lognormal rounded to whole units.
    ///
    /// # Errors
    /// `mean` or `sd` not above 0.
    pub fn lognormal_rounded(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        check("mean", "above 0", mean, mean > 0.0)?;
        check("sd", "above 0", sd, sd > 0.0)?;
        let s = (sd / mean).powi(2).ln_1p().sqrt();
        let mu = mean.ln() - 0.5 * s * s;
        Ok(rounded(mean, sd, |x| normal_cdf((x.ln() - mu) / s)))
    }

    /// Anything between `low` and `high` alike.
    ///
    /// # Errors
    /// A bound that is negative or not finite, or `high` not above `low`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        bounds(low, high)?;
        let n = CELLS / 2;
        let width = (high - low) / n as f64;
        let values = (0..n).map(|i| low + (i as f64 + 0.5) * width).collect();
        let cdf = (1..=n).map(|i| i as f64 / n as f64).collect();
        Ok(Self::stationary(close(values, cdf), false, true))
    }

    /// Each whole number from `low` to `high` alike.
    ///
    /// # Errors
    /// A bound that is negative, not whole or not finite, `high` below `low`, or more than 4,096 numbers.
    pub fn discrete_uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        check("min", "a whole number of 0 or more", low, low >= 0.0 && low.fract() == 0.0)?;
        check(
            "max",
            "a whole number of min or more, at most 4,095 above it",
            high,
            high >= low && high.fract() == 0.0 && high - low < 4096.0,
        )?;
        let values: Vec<f64> = (0..=(high - low) as usize).map(|k| low + k as f64).collect();
        let weights = vec![1.0; values.len()];
        Self::discrete(&values, &weights)
    }

    /// Triangular, most often `mode`.
    ///
    /// # Errors
    /// Bounds as for [`uniform`](Self::uniform), or a mode outside them.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, DistributionError> {
        bounds(low, high)?;
        check("mode", "between min and max", mode, (low..=high).contains(&mode))?;
        let (width, rise) = (high - low, (mode - low) / (high - low));
        let quantile = |z: f64| {
            let p = normal_cdf(z);
            if p < rise { low + (p * width * (mode - low)).sqrt() } else { high - (normal_cdf(-z) * width * (high - mode)).sqrt() }
        };
        Ok(Self::stationary(by_score(quantile), false, true))
    }

    /// Weibull with cdf `1 − exp(−(x/scale)^shape)`.
    ///
    /// # Errors
    /// `shape` below 0.2 or not finite, or `scale` not above 0.
    pub fn weibull(shape: f64, scale: f64) -> Result<Self, DistributionError> {
        check("shape", "0.2 or more", shape, shape >= 0.2)?;
        check("scale", "above 0", scale, scale > 0.0)?;
        Ok(Self::stationary(by_score(|z| scale * (-normal_cdf(-z).ln()).powf(1.0 / shape)), false, true))
    }

    /// The number of successes in `trials` with this chance each.
    ///
    /// # Errors
    /// `trials` not a whole number from 1 to 100,000, or a chance outside 0..=1.
    pub fn binomial(trials: f64, probability: f64) -> Result<Self, DistributionError> {
        check("trials", "a whole number from 1 to 100,000", trials, (1.0..=100_000.0).contains(&trials) && trials.fract() == 0.0)?;
        check("probability", "between 0 and 1", probability, (0.0..=1.0).contains(&probability))?;
        let mean = trials * probability;
        match statrs::distribution::Binomial::new(probability, trials as u64) {
            Ok(law) => {
                let sd = (mean * (1.0 - probability)).sqrt();
                Ok(Self::stationary(discrete_from_mass(|k| if k as f64 <= trials { law.pmf(k) } else { 0.0 }, mean, sd), true, true))
            }
            Err(_) => Err(DistributionError::Parameter { name: "probability", range: "between 0 and 1", value: probability }),
        }
    }

    /// A Poisson number of customers of mean `customers` a period, each of whom wants one of the whole `values` by their weights (Panjer 1981: the probabilities
    /// one after the other).
    ///
    /// # Errors
    /// `customers` not between 0 and 2,000, or values that are not whole and above 0, or lists that do not fit.
    pub fn compound_poisson(customers: f64, values: &[f64], weights: &[f64]) -> Result<Self, DistributionError> {
        check("customers", "from 0 to 2,000", customers, (0.0..=MOST_CUSTOMERS as f64).contains(&customers))?;
        let total: f64 = weights.iter().sum();
        let fits = !values.is_empty()
            && values.len() == weights.len()
            && values.iter().all(|v| *v >= 1.0 && v.fract() == 0.0 && *v <= 4096.0)
            && weights.iter().all(|w| w.is_finite() && *w >= 0.0)
            && total > 0.0;
        if !fits {
            return Err(DistributionError::Lists);
        }
        let sizes: Vec<(usize, f64)> = values.iter().zip(weights).map(|(v, w)| (*v as usize, w / total)).collect();
        let mean = customers * sizes.iter().map(|(v, w)| *v as f64 * w).sum::<f64>();
        let variance = customers * sizes.iter().map(|(v, w)| (*v as f64).powi(2) * w).sum::<f64>();
        let most = (mean + 12.0 * variance.sqrt() + 40.0 * sizes.iter().map(|s| s.0).max().unwrap_or(1) as f64).ceil() as usize;
        // scaled at the start so that e^(−customers) does not vanish; normalised at the end
        let mut p = vec![0.0f64; most + 1];
        p[0] = 1e-300f64.max((-customers).exp());
        for n in 1..=most {
            let sum: f64 = sizes.iter().filter(|(v, _)| *v <= n).map(|(v, w)| *v as f64 * w * p[n - v]).sum();
            p[n] = customers * sum / n as f64;
            if p[n] > 1e250 {
                p.iter_mut().take(n + 1).for_each(|x| *x *= 1e-250);
            }
        }
        let all: f64 = p.iter().sum();
        let listed: Vec<(f64, f64)> = p.iter().enumerate().filter(|(_, w)| **w / all > 1e-15).map(|(k, w)| (k as f64, w / all)).collect();
        let (values, weights): (Vec<f64>, Vec<f64>) = listed.into_iter().unzip();
        Self::discrete(&values, &weights)
    }
}

fn bounds(low: f64, high: f64) -> Result<(), DistributionError> {
    check("min", "0 or more", low, low >= 0.0)?;
    check("max", "above min", high, high > low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(p: &PathModel) -> (f64, f64) {
        let Some(Marginal::Discrete { values, cdf }) = p.marginals.first() else { return (f64::NAN, f64::NAN) };
        let (mut below, mut mean, mut square) = (0.0, 0.0, 0.0);
        for (v, c) in values.iter().zip(cdf) {
            mean += v * (c - below);
            square += v * v * (c - below);
            below = *c;
        }
        (mean, (square - mean * mean).max(0.0).sqrt())
    }

    fn near(p: Result<PathModel, DistributionError>, mean: f64, sd: f64, within: f64) {
        let (m, s) = moments(&p.unwrap());
        assert!((m - mean).abs() <= within * mean.max(1.0) && (s - sd).abs() <= within * sd.max(1.0), "{m}, {s}; {mean}, {sd}");
    }

    #[test]
    fn moments_are_those_asked_for() {
        near(PathModel::gamma(1.0, 1.0), 1.0, 1.0, 1e-4);
        near(PathModel::gamma(100.0, 50.0), 100.0, 50.0, 1e-4);
        near(PathModel::gamma(3.0, 12.0), 3.0, 12.0, 1e-3);
        near(PathModel::gamma(1000.0, 5.0), 1000.0, 5.0, 1e-3);
        near(PathModel::lognormal(100.0, 80.0), 100.0, 80.0, 1e-4);
        near(PathModel::lognormal(2.0, 6.0), 2.0, 6.0, 5e-3);
        near(PathModel::uniform(2.0, 8.0), 5.0, 3.0f64.sqrt(), 1e-5);
        near(PathModel::discrete_uniform(1.0, 6.0), 3.5, (35.0f64 / 12.0).sqrt(), 1e-9);
        near(PathModel::triangular(0.0, 3.0, 9.0), 4.0, 3.5f64.sqrt(), 1e-4);
        near(PathModel::weibull(1.0, 7.0), 7.0, 7.0, 1e-3);
        near(PathModel::binomial(20.0, 0.3), 6.0, 4.2f64.sqrt(), 1e-9);
        near(PathModel::compound_poisson(3.0, &[1.0, 2.0, 5.0], &[2.0, 1.0, 1.0]), 3.0 * 2.25, (3.0 * 7.75f64).sqrt(), 1e-9);
        near(PathModel::compound_poisson(1500.0, &[1.0], &[1.0]), 1500.0, 1500.0f64.sqrt(), 1e-6);
        // four customers of whom each wants one are a Poisson
        let (a, b) = (PathModel::compound_poisson(4.0, &[1.0], &[1.0]).unwrap(), PathModel::poisson(4.0).unwrap());
        assert!((a.marginals[0].at_probability(0.97) - b.marginals[0].at_probability(0.97)).abs() < 1e-9);
        // rounding leaves the mean within a hundredth
        near(PathModel::gamma_rounded(4.0, 2.0), 4.0, (4.0f64 + 1.0 / 12.0).sqrt(), 0.02);
        for wrong in [
            PathModel::uniform(3.0, 3.0),
            PathModel::triangular(1.0, 0.0, 2.0),
            PathModel::binomial(2.5, 0.5),
            PathModel::compound_poisson(2.0, &[0.5], &[1.0]),
        ] {
            assert!(wrong.is_err());
        }
    }
}
