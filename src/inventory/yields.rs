//! Yield: the share of a receipt that arrives usable.
//!
//! One share an order, from a beta distribution with the given mean and standard deviation (the usual one for a share; "stochastically
//! proportional yield", Yano & Lee 1995, *Operations Research* 43(2)), drawn for the period of the order.

use crate::base::Diagnostic;
use serde::{Deserialize, Serialize};
use statrs::distribution::{Beta, ContinuousCDF};

/// Cells of the table.
const CELLS: usize = 512;

/// The distribution of the usable share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Yield {
    /// Mean share, 0..=1.
    pub mean: f64,
    /// Standard deviation of the share.
    pub sd: f64,
    /// Means of the cells of equal probability, ascending; empty where the share is always the mean.
    table: Vec<f32>,
}

impl Yield {
    /// From mean and standard deviation of the share.
    ///
    /// # Errors
    /// A mean outside (0, 1], or a spread that no share between 0 and 1 can have.
    pub fn new(mean: f64, sd: f64) -> Result<Self, Diagnostic> {
        let most = (mean * (1.0 - mean)).max(0.0).sqrt();
        if !(mean > 0.0 && mean <= 1.0 && sd >= 0.0 && (sd == 0.0 || sd < most)) {
            return Err(Diagnostic::error(
                "yield-unusable",
                format!("no share between 0 and 1 has mean {mean} and standard deviation {sd}"),
            )
            .fix(format!("give a mean above 0 and up to 1, and an sd below {most:.3} with this mean")));
        }
        let n = if sd > 0.0 { mean * (1.0 - mean) / (sd * sd) - 1.0 } else { 0.0 };
        let beta = (sd > 0.0).then(|| Beta::new(mean * n, (1.0 - mean) * n).ok()).flatten();
        let mut table: Vec<f64> =
            beta.map(|b| (0..CELLS).map(|i| b.inverse_cdf((i as f64 + 0.5) / CELLS as f64).clamp(0.0, 1.0)).collect()).unwrap_or_default();
        // the middles of cells have not quite the mean
        let off = table.iter().sum::<f64>() / table.len().max(1) as f64 - mean;
        if !table.is_empty() {
            table.iter_mut().for_each(|x| *x = (*x - off).clamp(0.0, 1.0));
        }
        Ok(Self { mean, sd, table: table.into_iter().map(|x| x as f32).collect() })
    }

    /// The share at a uniform number.
    pub(super) fn share(&self, u: f64) -> f32 {
        self.table.get((u * CELLS as f64) as usize).or(self.table.last()).copied().unwrap_or(self.mean as f32)
    }
}
