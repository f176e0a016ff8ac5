//! [`PathModel`]: a compact distribution over future demand paths, and the filling of tiles of sampled paths.
//!
//! A path is built in three steps. A latent Gaussian process gives every step a standard normal `z_t`; a table turns
//! `z_t` (or `u_t = Φ(z_t)`) into a quantile of that step's marginal; an affine map per step scales it. Dependence
//! between steps is a persistent part plus noise, `z_t = √λ·a_t + √(1−λ)·e_t` with `a_t` a stationary AR(1) of coefficient
//! `ρ`, so that corr(z_t, z_{t+k}) = λ·ρᵏ for k ≥ 1 (a Gaussian copula; Nelsen 2006 §2, Biller & Nelson 2003 for the
//! autoregressive-to-anything idea). With λ = 0 steps are independent and the uniform draw is used directly.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Replications sampled together, the width of a tile.
pub const LANES: usize = 16;

/// Standard normal scores at which a continuous marginal stores its quantiles: −4 to 4 in steps of ¼.
pub const KNOTS: usize = 33;

/// The `i`-th knot as a standard normal score.
pub const fn knot(i: usize) -> f64 {
    -4.0 + 0.25 * i as f64
}

/// The shape of one marginal distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Marginal {
    /// Quantiles at the [`KNOTS`] scores, ascending, linear in between, constant beyond.
    Quantiles(#[serde(with = "table")] Box<[f64; KNOTS]>),
    /// Exact probabilities of whole (or any listed) values: `values` ascending, `cdf` ending in 1, same length.
    Discrete {
        /// The values, ascending.
        values: Vec<f64>,
        /// P(X ≤ value), ascending, last = 1.
        cdf: Vec<f64>,
    },
}

/// The table of a continuous marginal as a list: serde knows no arrays of this length.
mod table {
    use super::KNOTS;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(table: &[f64; KNOTS], s: S) -> Result<S::Ok, S::Error> {
        table.as_slice().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Box<[f64; KNOTS]>, D::Error> {
        let list = Vec::<f64>::deserialize(d)?;
        let length = list.len();
        list.into_boxed_slice().try_into().map_err(|_| D::Error::invalid_length(length, &"33 quantiles"))
    }
}

/// How one step uses a shape: `max(floor, shift + scale · X)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Index into the model's marginals.
    pub marginal: u32,
    /// Added.
    pub shift: f64,
    /// Multiplied first.
    pub scale: f64,
}

/// Dependence between the steps of a path: corr(z_t, z_{t+k}) = `share`·`rho`ᵏ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// λ, the persistent share of the variance, 0..=1.
    pub share: f64,
    /// ρ, how slowly the persistent part fades, 0..1.
    pub rho: f64,
}

impl Dependence {
    /// Steps independent of each other.
    pub const NONE: Self = Self { share: 0.0, rho: 0.0 };
}

/// A distribution over future demand paths of one series, a few kB whatever the number of replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathModel {
    /// Shapes, shared between steps.
    pub marginals: Vec<Marginal>,
    /// One per step; beyond the last, the steps repeat from `steps.len() − cycle`.
    pub steps: Vec<Step>,
    /// Length of the block at the end of `steps` that repeats for ever (≥ 1).
    pub cycle: usize,
    /// Dependence between steps.
    pub dependence: Dependence,
    /// Round sampled values to whole units.
    pub integer: bool,
    /// Clip sampled values at zero from below.
    pub non_negative: bool,
}

/// Cells per knot interval where rounded values are integrated.
const CELLS: usize = 8;

/// Φ on the grid of [`CELLS`] cells per knot interval: constants, computed once.
static GRID: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=(KNOTS - 1) * CELLS).map(|i| normal_cdf(knot(0) + 0.25 * i as f64 / CELLS as f64)).collect());

/// Probability between two points of the grid.
fn mass(from: usize, to: usize) -> f64 {
    GRID.get(to).zip(GRID.get(from)).map_or(0.0, |(b, a)| b - a)
}

/// What is wrong with a [`PathModel`] put together by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There are no steps, or the cycle is 0 or longer than the steps.
    #[error("a path model needs at least one step and a cycle between 1 and the number of steps")]
    Steps,
    /// A step names a marginal that is not there, or its shift or scale is not finite, or its scale is negative.
    #[error("step {0} names a missing marginal or has a shift or scale that is not a finite number")]
    Step(usize),
    /// A marginal is not ascending and finite, or its probabilities do not end in 1.
    #[error("marginal {0} is not ascending and finite")]
    Marginal(usize),
    /// Share outside 0..=1 or rho outside 0..1.
    #[error("dependence must have a share in 0..=1 and a rho in 0..1")]
    Dependence,
}

/// Φ(z), the standard normal distribution function.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * statrs::function::erf::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// φ(z), the standard normal density.
pub fn normal_pdf(z: f64) -> f64 {
    0.398_942_280_401_432_7 * (-0.5 * z * z).exp()
}

/// Φ⁻¹(p), clamped to ±8.3 so that 0 and 1 stay finite.
pub fn normal_quantile(p: f64) -> f64 {
    let p = if p.is_nan() { 0.5 } else { p.clamp(1e-16, 1.0 - 1e-16) };
    (-std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p)).clamp(-8.3, 8.3)
}

impl Marginal {
    /// A continuous marginal from its quantile function of the standard normal score.
    pub fn from_scores(mut quantile: impl FnMut(f64) -> f64) -> Self {
        let mut table = Box::new([0.0; KNOTS]);
        let mut last = f64::NEG_INFINITY;
        for (i, cell) in table.iter_mut().enumerate() {
            let x = quantile(knot(i));
            let x = if x.is_finite() { x } else { last.max(-f64::MAX) };
            last = last.max(x);
            *cell = last;
        }
        Self::Quantiles(table)
    }

    /// The value at standard normal score `z`.
    pub fn at_score(&self, z: f64) -> f64 {
        match self {
            Self::Quantiles(table) => {
                let x = ((z - knot(0)) / 0.25).clamp(0.0, (KNOTS - 1) as f64);
                let i = (x as usize).min(KNOTS - 2);
                let f = x - i as f64;
                let lo = table.get(i).copied().unwrap_or(0.0);
                let hi = table.get(i + 1).copied().unwrap_or(lo);
                lo + (hi - lo) * f
            }
            Self::Discrete { .. } => self.at_probability(normal_cdf(z)),
        }
    }

    /// The `p`-quantile.
    pub fn at_probability(&self, p: f64) -> f64 {
        match self {
            Self::Quantiles(_) => self.at_score(normal_quantile(p)),
            Self::Discrete { values, cdf } => {
                // a hair of tolerance, so that p computed as 1 − tail does not skip a value by rounding
                let i = cdf.partition_point(|c| *c < p - 1e-12);
                values.get(i).or(values.last()).copied().unwrap_or(0.0)
            }
        }
    }
}

/// Listed values times `factor`, each split between the whole numbers around the product.
fn whole_multiple(values: &[f64], cdf: &[f64], factor: f64) -> Marginal {
    // ascending values have ascending products, so that masses can be put down in order
    let (mut out, mut masses): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let mut put = |value: f64, mass: f64| {
        if mass <= 0.0 {
            return;
        }
        match out.iter().rposition(|v| *v <= value) {
            Some(i) if out.get(i) == Some(&value) => {
                if let Some(m) = masses.get_mut(i) {
                    *m += mass;
                }
            }
            at => {
                let i = at.map_or(0, |i| i + 1);
                out.insert(i, value);
                masses.insert(i, mass);
            }
        }
    };
    let mut below = 0.0;
    for (v, c) in values.iter().zip(cdf) {
        let (mass, product) = (c - below, v * factor);
        below = *c;
        // what is whole but for rounding is whole
        let product = if (product - product.round()).abs() < 1e-9 { product.round() } else { product };
        let part = product - product.floor();
        put(product.floor(), mass * (1.0 - part));
        put(product.ceil(), mass * part);
    }
    let mut sum = 0.0;
    let mut cdf: Vec<f64> = masses
        .iter()
        .map(|m| {
            sum += m;
            f64::min(sum, 1.0)
        })
        .collect();
    if let Some(last) = cdf.last_mut() {
        *last = 1.0;
    }
    Marginal::Discrete { values: out, cdf }
}

impl PathModel {
    /// The step used `step` periods ahead (0 = the first): beyond the last the final cycle repeats.
    pub fn step(&self, step: usize) -> Option<&Step> {
        let n = self.steps.len();
        let i = if step < n { step } else { (n - self.cycle.clamp(1, n.max(1))) + (step - n) % self.cycle.max(1) };
        self.steps.get(i)
    }

    /// The same demand `factor` times over, a finite number of at least 0. Counts stay whole: a count `v` becomes one of the two whole numbers
    /// around `factor·v`, with the chances that make `factor·v` their mean.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        let mut out = self.clone();
        if !factor.is_finite() || factor < 0.0 {
            return out;
        }
        // a shape in units of its own is scaled itself; others by their steps
        let mut own: Vec<bool> = self.marginals.iter().map(|m| self.integer && matches!(m, Marginal::Discrete { .. })).collect();
        for s in &self.steps {
            if (s.shift != 0.0 || s.scale != 1.0)
                && let Some(own) = own.get_mut(s.marginal as usize)
            {
                *own = false;
            }
        }
        for (m, own) in out.marginals.iter_mut().zip(&own) {
            if let (true, Marginal::Discrete { values, cdf }) = (own, &*m) {
                *m = whole_multiple(values, cdf, factor);
            }
        }
        for s in &mut out.steps {
            if !own.get(s.marginal as usize).copied().unwrap_or(false) {
                s.shift *= factor;
                s.scale *= factor;
            }
        }
        out
    }

    fn finish(&self, x: f64) -> f64 {
        let x = if self.integer { x.round() } else { x };
        if self.non_negative { x.max(0.0) } else { x }
    }

    /// The `p`-quantile (0..=1) of demand at a step.
    pub fn quantile(&self, step: usize, p: f64) -> f64 {
        let Some(s) = self.step(step) else { return 0.0 };
        let Some(m) = self.marginals.get(s.marginal as usize) else { return 0.0 };
        self.finish(s.shift + s.scale * m.at_probability(p))
    }

    /// Expected demand at a step, clipping and rounding included.
    pub fn mean(&self, step: usize) -> f64 {
        self.moments(step).0
    }

    /// Standard deviation of demand at a step, clipping and rounding included.
    pub fn sd(&self, step: usize) -> f64 {
        self.moments(step).1.sqrt()
    }

    /// Mean and variance at a step. Linear pieces are integrated against the normal density in closed form; where values
    /// are rounded, each piece by eight midpoints.
    pub fn moments(&self, step: usize) -> (f64, f64) {
        let Some(s) = self.step(step) else { return (0.0, 0.0) };
        let Some(m) = self.marginals.get(s.marginal as usize) else { return (0.0, 0.0) };
        // deviations from a reference value keep the second moment accurate when the mean is far from zero
        let centre = self.finish(s.shift + s.scale * m.at_probability(0.5));
        let (mut first, mut second) = (0.0, 0.0);
        match m {
            Marginal::Discrete { values, cdf } => {
                let mut below = 0.0;
                for (v, c) in values.iter().zip(cdf) {
                    let d = self.finish(s.shift + s.scale * v) - centre;
                    first += (c - below) * d;
                    second += (c - below) * d * d;
                    below = *c;
                }
            }
            Marginal::Quantiles(table) => {
                let ends = table.first().zip(table.last());
                let Some((lowest, highest)) = ends else { return (0.0, 0.0) };
                let tail = normal_cdf(knot(0));
                for x in [lowest, highest] {
                    let d = self.finish(s.shift + s.scale * x) - centre;
                    first += tail * d;
                    second += tail * d * d;
                }
                for (i, pair) in table.windows(2).enumerate() {
                    let (Some(a), Some(b)) = (pair.first(), pair.get(1)) else { continue };
                    let (x0, x1) = (s.shift + s.scale * a, s.shift + s.scale * b);
                    let (z0, z1) = (knot(i), knot(i + 1));
                    if self.integer {
                        for k in 0..CELLS {
                            let w = mass(i * CELLS + k, i * CELLS + k + 1);
                            let d = self.finish(x0 + (x1 - x0) * (k as f64 + 0.5) / CELLS as f64) - centre;
                            first += w * d;
                            second += w * d * d;
                        }
                        continue;
                    }
                    // values below zero are cut off up to the score `zero`
                    let zero = match (self.non_negative && x0 < 0.0, x1 <= 0.0) {
                        (false, _) => z0,
                        (true, true) => z1,
                        (true, false) => z0 + (z1 - z0) * (-x0 / (x1 - x0)),
                    };
                    let whole = mass(i * CELLS, (i + 1) * CELLS);
                    let cut = if zero > z0 { normal_cdf(zero) - normal_cdf(z0) } else { 0.0 };
                    first -= cut * centre;
                    second += cut * centre * centre;
                    // ∫(c + dz)φ and ∫(c + dz)²φ over the rest
                    let d = (x1 - x0) / (z1 - z0);
                    let c = x0 - d * z0 - centre;
                    let (p0, p1, area) = (normal_pdf(zero), normal_pdf(z1), whole - cut);
                    first += c * area + d * (p0 - p1);
                    second += c * c * area + 2.0 * c * d * (p0 - p1) + d * d * (area + zero * p0 - z1 * p1);
                }
            }
        }
        (centre + first, (second - first * first).max(0.0))
    }

    /// Checks everything a sampler relies on.
    ///
    /// # Errors
    /// [`PathError`] names the first part that is not as [`PathModel`] promises.
    pub fn validate(&self) -> Result<(), PathError> {
        if self.cycle == 0 || self.cycle > self.steps.len() {
            return Err(PathError::Steps);
        }
        for (i, m) in self.marginals.iter().enumerate() {
            let ok = match m {
                Marginal::Quantiles(t) => t.iter().all(|x| x.is_finite()) && t.is_sorted(),
                Marginal::Discrete { values, cdf } => {
                    !values.is_empty()
                        && values.len() == cdf.len()
                        && values.iter().all(|x| x.is_finite())
                        && values.is_sorted()
                        && cdf.iter().all(|c| (0.0..=1.0).contains(c))
                        && cdf.is_sorted()
                        && cdf.last() == Some(&1.0)
                }
            };
            if !ok {
                return Err(PathError::Marginal(i));
            }
        }
        for (i, s) in self.steps.iter().enumerate() {
            if s.marginal as usize >= self.marginals.len() || !s.shift.is_finite() || !s.scale.is_finite() || s.scale < 0.0 {
                return Err(PathError::Step(i));
            }
        }
        let d = self.dependence;
        if !(0.0..=1.0).contains(&d.share) || !(0.0..1.0).contains(&d.rho) {
            return Err(PathError::Dependence);
        }
        Ok(())
    }
}
