//! Paired bootstrap over items: is one rule cheaper than another on this assortment, beyond luck of the draw?
//!
//! Source: Efron & Tibshirani 1993, *An Introduction to the Bootstrap*, ch. 13 (percentile interval), on paired differences.

use crate::base::measure::quantile_sorted;
use crate::base::random::{Purpose, Stream, hash_id};
use serde::Serialize;

/// A sum of paired differences with its 95 % percentile interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Interval {
    /// The sum over items.
    pub sum: f64,
    /// 2.5 % quantile of resampled sums.
    pub low: f64,
    /// 97.5 % quantile of resampled sums.
    pub high: f64,
}

/// Resamples items with replacement `resamples` times and sums their `differences`; resample `r` uses draws of
/// `Purpose::Resample`, replication `r`. Empty input gives zeros.
pub fn paired_bootstrap(differences: &[f64], seed: u64, resamples: usize) -> Interval {
    let n = differences.len();
    if n == 0 {
        return Interval::default();
    }
    let id = hash_id("paired bootstrap");
    let mut sums: Vec<f64> = (0..resamples.max(1) as u64)
        .map(|r| {
            let stream = Stream::new(seed, id, Purpose::Resample, r);
            (0..n as u64)
                .map(|i| {
                    let at = ((u128::from(stream.bits(i)) * n as u128) >> 64) as usize;
                    differences.get(at).copied().unwrap_or(0.0)
                })
                .sum()
        })
        .collect();
    sums.sort_by(f64::total_cmp);
    Interval { sum: differences.iter().sum(), low: quantile_sorted(&sums, 0.025), high: quantile_sorted(&sums, 0.975) }
}
