//! [`PathModel`]: a compact distribution over future demand paths, and the filling of tiles of sampled paths.
//!
//! A path is built in three steps. A latent Gaussian process gives every step a standard normal `z_t`; a table turns
//! `z_t` (or `u_t = Φ(z_t)`) into a quantile of that step's marginal; an affine map per step scales it. Dependence
//! between steps is a persistent part plus noise, `z_t = √λ·a_t + √(1−λ)·e_t` with `a_t` a stationary AR(1) of coefficient
//! `ρ`, so that corr(z_t, z_{t+k}) = λ·ρᵏ for k ≥ 1 (a Gaussian copula; Nelsen 2006 §2, Biller & Nelson 2003 for the
//! autoregressive-to-anything idea). With λ = 0 steps are independent and the uniform draw is used directly.

use crate::base::random::{Purpose, Stream};
use serde::Serialize;

/// Replications sampled together, the width of a tile.
pub const LANES: usize = 16;

/// Standard normal scores at which a continuous marginal stores its quantiles: −4 to 4 in steps of ¼.
pub const KNOTS: usize = 33;

/// The `i`-th knot as a standard normal score.
pub const fn knot(i: usize) -> f64 {
    -4.0 + 0.25 * i as f64
}

/// The shape of one marginal distribution.
#[derive(Debug, Clone, PartialEq)]
pub enum Marginal {
    /// Quantiles at the [`KNOTS`] scores, ascending, linear in between, constant beyond.
    Quantiles(Box<[f64; KNOTS]>),
    /// Exact probabilities of whole (or any listed) values: `values` ascending, `cdf` ending in 1, same length.
    Discrete {
        /// The values, ascending.
        values: Vec<f64>,
        /// P(X ≤ value), ascending, last = 1.
        cdf: Vec<f64>,
    },
}

/// How one step uses a shape: `max(floor, shift + scale · X)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Index into the model's marginals.
    pub marginal: u32,
    /// Added.
    pub shift: f64,
    /// Multiplied first.
    pub scale: f64,
}

/// Dependence between the steps of a path: corr(z_t, z_{t+k}) = `share`·`rho`ᵏ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq)]
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
