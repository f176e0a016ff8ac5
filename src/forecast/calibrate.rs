//! How far and in what shape outcomes spread around the forecast, learned from held-out windows.
//!
//! Each method's own theory says how variance grows with the step; that law is what few windows can be pooled on. Held-out
//! errors divided by it are normalised conformal scores (Lei et al. 2018, "Distribution-free predictive inference for
//! regression", §5.2). Their mean absolute value, which a single odd week cannot carry away, sets the scale; it is shrunk
//! towards what a method fitted to its own history misses out of sample, as a prior worth a few observations (Gelman et
//! al., *Bayesian Data Analysis*, §2.6). The predictive shape is Student's t with the degrees of freedom behind the scale.
//! A tilt over steps and the dependence between steps come from the same errors, shrunk likewise.

use super::path::{Dependence, Marginal, PathModel, normal_cdf};
use super::rolling::Attempt;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::gamma::ln_gamma;

/// Mean absolute normalised score of a standard normal law, √(2/π): the prior for a long history.
const NORMAL: f64 = 0.798;
/// Observations spent on estimating a method: in-sample residuals understate by 1 + SPENT/n.
const SPENT: f64 = 12.0;
/// Independent errors the prior is worth.
const PRIOR: f64 = 4.0;
/// Neighbouring errors that say as much as one independent error.
const CLUSTER: f64 = 5.0;
/// Degrees of freedom however many errors: demand has heavier tails than a normal law.
const MOST_FREEDOM: f64 = 5.0;

/// How much further than a normal law's the logarithm's tails reach, per score beyond the first.
const HEAVIER: f64 = 0.05;

/// Powers of the mean that the spread may follow.
const POWERS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
/// Neighbouring errors that say as much of the power as one; this and the prior were chosen on earlier windows of six sets (benches/README.md, Items of one season).
const NEIGHBOURS: f64 = 3.0;
/// Weight of a prior power of 0, in likelihoods as great as the greatest.
const PRIOR_ZERO: f64 = 0.5;
/// Errors from which a power can be told.
const LEAST_PAIRS: usize = 24;
/// Means below this share of the usual one spread like it.
const LOWEST: f64 = 0.05;

/// Least prior correlation between neighbouring errors.
const LEAST_SHARE: f64 = 0.2;
/// Prior ρ: what persists does so for most of a horizon.
const PERSISTENCE: f64 = 0.95;

/// A calibrated law of spread: `sd(h) = sigma·√growth(h)·factor·tilt(h)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    /// Scale of the shape relative to the methods' own law.
    pub factor: f64,
    /// Exponent of (h+1) that corrects the growth law.
    pub tilt: f64,
    /// Degrees of freedom of the shape.
    pub freedom: f64,
    /// Dependence between steps.
    pub dependence: Dependence,
    /// Step (from 0) at which the tilt is neutral.
    pub middle: f64,
    /// How the standard deviation grows with the mean.
    #[serde(default)]
    pub variation: Variation,
}

/// A standard deviation that goes with a power of the mean: `(mean / reference)^power`, 1 where the power is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Variation {
    pub power: f64,
    pub reference: f64,
}

impl Variation {
    /// From a history and its one-step forecasts: the mean of the powers by their likelihood for errors of a Laplace law (a single odd period
    /// cannot carry it away), drawn towards none; the reference is such that the mean square of the factor over the last `recent` periods is 1.
    pub fn learn(y: impl Iterator<Item = (f64, f64)>, recent: usize) -> Self {
        let pairs: Vec<(f64, f64)> = y.filter(|(y, m)| y.is_finite() && m.is_finite()).map(|(y, m)| ((y - m).abs(), m)).collect();
        let n = pairs.len() as f64;
        let mean = pairs.iter().map(|p| p.1).sum::<f64>() / n.max(1.0);
        if pairs.len() < LEAST_PAIRS || mean.is_nan() || mean <= 0.0 {
            return Self::default();
        }
        let level = |m: f64| m.max(LOWEST * mean);
        let likelihood = |power: f64| {
            let (size, logs) = pairs.iter().fold((0.0, 0.0), |(s, l), (e, m)| {
                let factor = level(*m).powf(power);
                (s + e / factor, l + factor.ln())
            });
            -n * (size / n).max(1e-300).ln() - logs
        };
        let tried = POWERS.map(|p| (p, likelihood(p)));
        let best = tried.iter().map(|t| t.1).fold(f64::NEG_INFINITY, f64::max);
        let (sum, total) = tried.iter().fold((0.0, 0.0), |(s, t), (p, l)| {
            let weight = ((l - best) / NEIGHBOURS).exp();
            (s + p * weight, t + weight)
        });
        let power = sum / (total + PRIOR_ZERO);
        if power.is_nan() || power < 0.02 {
            return Self::default();
        }
        let last = &pairs[pairs.len().saturating_sub(recent.max(1))..];
        let square = last.iter().map(|(_, m)| level(*m).powf(2.0 * power)).sum::<f64>() / last.len() as f64;
        Self { power, reference: square.powf(0.5 / power).max(LOWEST * mean) }
    }

    /// The factor at a mean.
    pub fn at(&self, mean: f64) -> f64 {
        if self.power == 0.0 { 1.0 } else { (mean / self.reference).max(LOWEST).powf(self.power) }
    }
}

impl Spread {
    /// Scale of the shape at step `h`, in the units of `sigma`.
    pub fn scale(&self, sigma: f64, growth: f64, h: usize, mean: f64) -> f64 {
        self.variation.at(mean) * sigma * growth.max(0.0).sqrt() * self.factor * (((h + 1) as f64) / (self.middle + 1.0)).powf(self.tilt)
    }
    /// The shape for positive quantities, of mean 1: the logarithm spreads like [`Spread::shape`] with scale `s` (little heavier
    /// than normal beyond one score: the exponential of a t has no mean, and heavy tails are in the exponential already).
    pub fn positive_shape(shape: &Marginal, s: f64) -> Marginal {
        let edge = shape.at_score(1.0);
        let bent = |z: f64| if z.abs() <= 1.0 { shape.at_score(z) } else { edge * z * (1.0 + HEAVIER * (z.abs() - 1.0)) };
        let mut out = Marginal::from_scores(|z| (s * bent(z)).exp());
        let mean = PathModel::stationary(out.clone(), false, true).mean(0);
        if let (Marginal::Quantiles(table), true) = (&mut out, mean > 0.0 && mean.is_finite()) {
            table.iter_mut().for_each(|v| *v /= mean);
        }
        out
    }
    /// The shape: quantiles of Student's t by normal score.
    pub fn shape(&self) -> Marginal {
        match StudentsT::new(0.0, 1.0, self.freedom) {
            Ok(t) => Marginal::from_scores(|z| if z <= 0.0 { t.inverse_cdf(normal_cdf(z)) } else { -t.inverse_cdf(normal_cdf(-z)) }),
            Err(_) => Marginal::from_scores(|z| z),
        }
    }
}

/// Learns the law from the combination's attempts `(window's attempt, actual)`, oldest first; `distinct` is the number of
/// different periods held out, `known` the length of the history, `sigma` the scale the law is to be used with: an odd period that
/// an early window held out is part of it by now, and must not widen it a second time. `levels` are those before each window over the level now, since the factor of `variation` is about the season, less about growth.
pub(crate) fn learn(
    attempts: &[(Attempt, &[f64])],
    sigma: f64,
    distinct: usize,
    known: usize,
    variation: Variation,
    levels: &[f64],
) -> Spread {
    let mut scores: Vec<Vec<f64>> = Vec::with_capacity(attempts.len());
    for (k, (a, actual)) in attempts.iter().enumerate() {
        let then = Variation { reference: variation.reference * levels.get(k).copied().unwrap_or(1.0), ..variation };
        scores.push(
            actual
                .iter()
                .zip(a.mean.iter().zip(&a.growth))
                .map(|(y, (m, g))| {
                    // ordinary growth of the scale is what calibration is for; only a leap is not to count twice
                    let sd = then.at(*m) * a.sigma.max(0.5 * sigma) * g.max(0.0).sqrt();
                    if sd > 0.0 { ((y - m) / sd).clamp(-50.0, 50.0) } else { f64::NAN }
                })
                .collect(),
        );
    }
    let length = scores.iter().map(Vec::len).max().unwrap_or(0);
    let absolute_sum = |from: usize, to: usize| {
        let (s, n) = scores
            .iter()
            .flat_map(|w| w.iter().skip(from).take(to - from))
            .filter(|r| r.is_finite())
            .fold((0.0, 0usize), |(s, n), r| (s + r.abs(), n + 1));
        (s, n as f64)
    };
    let (sum, count) = absolute_sum(0, length);
    let independent = (distinct as f64).min(count) / CLUSTER;
    let usual = NORMAL * (1.0 + SPENT / known.max(4) as f64);
    let absolute = if count > 0.0 { (PRIOR * usual + independent * sum / count) / (PRIOR + independent) } else { usual };
    let freedom = (PRIOR + independent).min(MOST_FREEDOM);
    // E|t| of Student's t
    let expected = (0.5 * freedom.ln() + ln_gamma((freedom + 1.0) / 2.0) - ln_gamma(freedom / 2.0)).exp() * 2.0
        / (std::f64::consts::PI.sqrt() * (freedom - 1.0));
    let half = length / 2;
    let mut tilt = 0.0;
    if half >= 2 {
        let ((s1, n1), (s2, n2)) = (absolute_sum(0, half), absolute_sum(half, length));
        if n1 > 0.0 && n2 > 0.0 {
            let (near, far) = (half as f64 / 2.0, half as f64 * 1.5);
            let slope = ((s2 / n2 + 0.1).ln() - (s1 / n1 + 0.1).ln()) / ((far + 0.5) / (near + 0.5)).ln();
            tilt = (slope * independent / (independent + 12.0)).clamp(-0.3, 0.3);
        }
    }
    Spread {
        factor: (absolute / expected).clamp(0.1, 10.0),
        tilt,
        freedom,
        dependence: dependence(&scores, attempts, independent),
        middle: (length as f64 - 1.0).max(0.0) / 2.0,
        variation,
    }
}

/// Share and fading of what persists from step to step, from products of errors of the same window, shrunk towards what the
/// growth law implies: with var(h) = 1 + (h−1)·a², errors k steps apart share a + (h−1)·a².
fn dependence(scores: &[Vec<f64>], attempts: &[(Attempt, &[f64])], independent: f64) -> Dependence {
    let length = scores.iter().map(Vec::len).max().unwrap_or(0);
    let growth = attempts.last().map_or(1.0, |(a, _)| {
        let g = &a.growth;
        g.last().zip(g.first()).map_or(0.0, |(l, f)| (l / f.max(1e-12) - 1.0).max(0.0) / (g.len().max(2) - 1) as f64)
    });
    let a = growth.sqrt().min(1.0);
    let middle = length as f64 / 2.0;
    // a level that is off is off for every step, even where a law knows no growth
    let prior = ((a + middle * growth) / (1.0 + middle * growth)).clamp(LEAST_SHARE, 0.95);
    let lagged = |k: usize| {
        let (mut top, mut bottom, mut n) = (0.0, 0.0, 0usize);
        for w in scores {
            for (x, y) in w.iter().zip(w.iter().skip(k)) {
                if x.is_finite() && y.is_finite() {
                    top += x * y;
                    bottom += 0.5 * (x * x + y * y);
                    n += 1;
                }
            }
        }
        (n >= 4 && bottom > 0.0).then(|| (top / bottom).clamp(-1.0, 1.0))
    };
    let trust = independent / (independent + 6.0);
    let one = lagged(1).unwrap_or(prior);
    let near = (trust * one + (1.0 - trust) * prior).clamp(0.0, 0.95);
    // how much of the first lag's correlation is left k lags on
    let k = (length / 3).clamp(2, 12);
    let rho = match lagged(k) {
        Some(far) if one > 0.05 => (far.max(0.01) / one).min(0.99).powf(1.0 / (k - 1) as f64),
        _ => PERSISTENCE,
    };
    let rho = (trust * rho + (1.0 - trust) * PERSISTENCE).clamp(0.3, 0.98);
    Dependence { share: (near / rho).clamp(0.0, 0.95), rho }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Purpose, Stream};

    #[test]
    fn the_spread_follows_the_mean_as_far_as_the_past_says() {
        let s = Stream::new(3, 1, Purpose::Synthetic, 0);
        let mean = |t: u64| -> f64 { if t % 12 < 3 { 8.0 } else { 1.0 } };
        let learned = |power: f64| {
            let pairs = (0..96u64).map(|t| (mean(t) + mean(t).powf(power) * 0.3 * (2.0 * s.unit(t) - 1.0), mean(t)));
            Variation::learn(pairs, 12)
        };
        // drawn towards none, the more the less the past tells
        let (none, half, whole) = (learned(0.0), learned(0.5), learned(1.0));
        assert!(none.power < 0.2 && (half.power - 0.5).abs() < 0.15 && whole.power > 0.6, "{none:?} {half:?} {whole:?}");
        // over a season the mean square of the factor is 1
        let square: f64 = (0..12).map(|t| whole.at(mean(t)).powi(2)).sum::<f64>() / 12.0;
        assert!((square - 1.0).abs() < 1e-9, "{square}");
        // too short to say anything
        assert_eq!(Variation::learn((0..20u64).map(|t| (mean(t), 1.0)), 12), Variation::default());
        assert!((Variation::default().at(7.0) - 1.0).abs() < 1e-12);
    }
}
