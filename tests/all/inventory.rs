//! Black-box tests of the inventory room.
// helpers outside test functions may unwrap too
#![allow(clippy::unwrap_used, clippy::panic)]

mod classic;
mod decisions;
mod extras;
mod golden;
mod kernel;
mod reference;

use stockcast::forecast::path::{Dependence, Marginal, PathModel, Step};

/// Independent steps that all have these probabilities of 0, 1, 2 … units.
pub fn counts(probability: &[f64]) -> PathModel {
    let mut sum = 0.0;
    let mut cdf: Vec<f64> = probability
        .iter()
        .map(|p| {
            sum += p;
            sum
        })
        .collect();
    *cdf.last_mut().unwrap() = 1.0;
    PathModel {
        marginals: vec![Marginal::Discrete { values: (0..cdf.len()).map(|v| v as f64).collect(), cdf }],
        steps: vec![Step { marginal: 0, shift: 0.0, scale: 1.0 }],
        cycle: 1,
        dependence: Dependence::NONE,
        integer: true,
        non_negative: true,
    }
}

/// Poisson demand in every step.
pub fn poisson(mean: f64) -> PathModel {
    counts(&stockcast::inventory::classic::poisson(mean))
}
