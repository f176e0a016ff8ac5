//! Effects of every series, each drawn towards what all series show.
//!
//! Empirical Bayes (Efron & Morris 1973, JASA 68; Gelman et al., *Bayesian Data Analysis*, §5.4): effect `k` of series `i` is taken from
//! `N(mean_k, spread_k²)`; mean and spread come from all series by the fixed point of the marginal likelihood (MacKay 1992, "Bayesian interpolation",
//! Neural Computation 4(3)). A driver that does nothing ends at a mean and a spread near zero, and one that only some series feel at a wide spread.

use super::local::Normal;
use super::solve::{factor, inverse, solve};
use rayon::prelude::*;

/// Standard deviation of an effect between series, before the data say.
const USUAL_SPREAD: f64 = 0.05;
/// Series that this is worth.
const WORTH: f64 = 2.0;
/// Least variance between series.
const LEAST: f64 = 1e-7;

/// What all series together say of each chosen column.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    /// The columns spoken of.
    pub columns: Vec<usize>,
    pub mean: Vec<f64>,
    /// Variance between series.
    pub between: Vec<f64>,
    /// Variance of the mean.
    pub doubt: Vec<f64>,
}

/// What all series show, and what those of each kind show.
#[derive(Debug, Clone)]
pub(super) struct Pools {
    pub all: Pool,
    by_kind: Vec<Pool>,
}

impl Pools {
    /// `kind` of each of the normal equations; none where there are no kinds.
    pub fn estimate(all: &[&Normal], kinds: &[usize], width: usize, columns: Vec<usize>, priors: &[f64], rounds: usize) -> Self {
        let whole = Pool::estimate(all, width, columns, priors, rounds, None);
        let count = if kinds.len() == all.len() && !whole.columns.is_empty() { kinds.iter().max().map_or(0, |m| m + 1) } else { 0 };
        // a kind that shows nothing has no effect, whatever the others show: a promotion is often of one kind alone
        let by_kind = (0..count)
            .into_par_iter()
            .map(|g| {
                let mine: Vec<&Normal> = all.iter().zip(kinds).filter(|(_, k)| **k == g).map(|(n, _)| *n).collect();
                Pool::estimate(&mine, width, whole.columns.clone(), priors, rounds, None)
            })
            .collect();
        Self { all: whole, by_kind }
    }

    /// What series of this kind show.
    pub fn of(&self, kind: Option<usize>) -> &Pool {
        kind.and_then(|k| self.by_kind.get(k)).unwrap_or(&self.all)
    }
}

/// The effects of a series in a pool's columns.
#[derive(Debug, Clone)]
pub(super) struct Effects {
    pub beta: Vec<f64>,
    /// Covariance of the effects, given the pool.
    pub covariance: Vec<f64>,
    /// How much of each is the series' own, 0..=1.
    own: Vec<f64>,
}

impl Effects {
    /// Takes some of them for none.
    pub fn forget(&mut self, which: &dyn Fn(usize) -> bool) {
        let n = self.beta.len();
        for i in (0..n).filter(|i| which(*i)) {
            self.beta[i] = 0.0;
            for j in 0..n {
                (self.covariance[i * n + j], self.covariance[j * n + i]) = (0.0, 0.0);
            }
            self.own[i] = 1.0;
        }
    }
}

impl Pool {
    /// Means and spreads of these columns over the series; `priors` are standard deviations of the means by column.
    pub fn estimate(all: &[&Normal], width: usize, columns: Vec<usize>, priors: &[f64], rounds: usize, start: Option<&Self>) -> Self {
        let mut out = Self {
            mean: vec![0.0; columns.len()],
            between: columns.iter().map(|c| 0.1 * priors[*c].powi(2)).collect(),
            doubt: columns.iter().map(|c| priors[*c].powi(2)).collect(),
            columns,
        };
        if let Some(s) = start {
            for (k, c) in out.columns.iter().enumerate() {
                if let Some(j) = s.columns.iter().position(|o| o == c) {
                    (out.mean[k], out.between[k]) = (s.mean[j], s.between[j]);
                }
            }
        }
        let n = out.columns.len();
        for _ in 0..rounds {
            let found: Vec<Effects> = all.par_iter().map(|s| out.effects(s, width)).collect();
            let (mut moved, mut square, mut weight) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
            for e in &found {
                for k in 0..n {
                    moved[k] += e.beta[k] - out.mean[k];
                    weight[k] += e.own[k];
                }
            }
            let before = out.mean.clone();
            for k in 0..n {
                let prior = priors[out.columns[k]].powi(2);
                let precision = weight[k] / out.between[k];
                let said = before[k] + if weight[k] > 1e-9 { moved[k] / weight[k] } else { 0.0 };
                out.mean[k] = said * precision / (precision + 1.0 / prior);
                out.doubt[k] = 1.0 / (precision + 1.0 / prior);
            }
            for e in &found {
                for k in 0..n {
                    // the series' effect as it would be about the new mean
                    let shift = (out.mean[k] - before[k]) * (1.0 - e.own[k]);
                    square[k] += (e.beta[k] + shift - out.mean[k]).powi(2);
                }
            }
            for k in 0..n {
                out.between[k] = ((square[k] + WORTH * USUAL_SPREAD.powi(2)) / (weight[k] + WORTH)).clamp(LEAST, 4.0);
            }
        }
        out
    }

    /// The effects of one series.
    pub fn effects(&self, s: &Normal, width: usize) -> Effects {
        let n = self.columns.len();
        let mut a = vec![0.0; n * n];
        let mut b = vec![0.0; n];
        for (i, ci) in self.columns.iter().enumerate() {
            for (j, cj) in self.columns.iter().enumerate().take(i + 1) {
                a[i * n + j] = s.a[ci * width + cj];
                a[j * n + i] = a[i * n + j];
            }
            a[i * n + i] += 1.0 / self.between[i];
            b[i] = s.b[*ci] + self.mean[i] / self.between[i];
        }
        if factor(&mut a, n).is_none() {
            return self.typical();
        }
        solve(&a, &mut b);
        let covariance = inverse(&a, n);
        let own = (0..n).map(|k| (1.0 - covariance[k * n + k] / self.between[k]).clamp(0.0, 1.0)).collect();
        Effects { beta: b, covariance, own }
    }

    /// The effects of a series that shows nothing itself.
    pub fn typical(&self) -> Effects {
        let n = self.columns.len();
        let mut covariance = vec![0.0; n * n];
        (0..n).for_each(|k| covariance[k * n + k] = self.between[k]);
        Effects { beta: self.mean.clone(), covariance, own: vec![0.0; n] }
    }

    /// Variance of `Σ x·β`: the series' own doubt and that of the pool.
    pub fn variance(&self, e: &Effects, x: &[f64]) -> f64 {
        let n = self.columns.len();
        let own: f64 = (0..n).filter(|i| x[*i] != 0.0).map(|i| x[i] * (0..n).map(|j| e.covariance[i * n + j] * x[j]).sum::<f64>()).sum();
        let pool: f64 = (0..n).map(|k| (x[k] * (1.0 - e.own[k])).powi(2) * self.doubt[k]).sum();
        (own + pool).max(0.0)
    }
}
