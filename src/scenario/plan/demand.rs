//! The distribution that `[demand]` names, as a model of paths.

use super::DemandSection;
use crate::forecast::distribution::DistributionError;
use crate::forecast::path::Dependence;
use crate::forecast::{PathModel, Step};

impl DemandSection {
    /// Mean and standard deviation as given: themselves, by `cv`, or by the parameters that the law is usually given by; `None` where they are not said.
    pub fn moments(&self) -> Option<(f64, f64)> {
        // other laws have no standard deviation of their own, whatever is written there
        if !matches!(self.distribution.as_str(), "normal" | "gamma" | "lognormal" | "negative_binomial") {
            return None;
        }
        if let (Some(mean), Some(sd)) = (self.mean, self.sd.or_else(|| Some(self.cv? * self.mean?))) {
            return Some((mean, sd));
        }
        match self.distribution.as_str() {
            "gamma" => {
                let (shape, scale) = (self.shape?, self.scale?);
                Some((shape * scale, shape.sqrt() * scale))
            }
            "lognormal" => {
                let (mu, sigma) = (self.mu?, self.sigma?);
                let mean = (mu + 0.5 * sigma * sigma).exp();
                Some((mean, mean * (sigma * sigma).exp_m1().sqrt()))
            }
            // failures before so many successes
            "negative_binomial" => {
                let (r, p) = (self.trials?, self.probability?);
                Some((r * (1.0 - p) / p, (r * (1.0 - p)).sqrt() / p))
            }
            _ => None,
        }
    }

    /// The demand as a model of paths: one step that repeats, or the steps of a deterministic demand.
    ///
    /// # Errors
    /// Parameters that the law does not take.
    pub fn path(&self) -> Result<PathModel, DistributionError> {
        let mean = self.mean.unwrap_or(0.0);
        let (m, sd) = self.moments().unwrap_or((mean, 0.0));
        let of = |x: Option<f64>| x.unwrap_or(0.0);
        let weights = || if self.weights.is_empty() { vec![1.0; self.values.len()] } else { self.weights.clone() };
        let mut path = match self.distribution.as_str() {
            "poisson" => PathModel::poisson(mean),
            // the number of failures before a success: variance mean + mean²
            "geometric" => {
                let mean = self.mean.or_else(|| self.probability.map(|p| (1.0 - p) / p)).unwrap_or(0.0);
                PathModel::negative_binomial(mean, (mean + mean * mean).sqrt())
            }
            "binomial" => PathModel::binomial(of(self.trials), of(self.probability)),
            "negative_binomial" => PathModel::negative_binomial(m, sd),
            "compound_poisson" => PathModel::compound_poisson(of(self.customers), &self.values, &weights()),
            "discrete" | "empirical" => PathModel::discrete(&self.values, &weights()),
            "discrete_uniform" => PathModel::discrete_uniform(of(self.min), of(self.max)),
            "normal" if self.whole => PathModel::normal_rounded(m, sd),
            "normal" => PathModel::normal(m, sd),
            "gamma" if self.whole => PathModel::gamma_rounded(m, sd),
            "gamma" => PathModel::gamma(m, sd),
            "exponential" => PathModel::gamma(mean, mean),
            "lognormal" if self.whole => PathModel::lognormal_rounded(m, sd),
            "lognormal" => PathModel::lognormal(m, sd),
            "uniform" => PathModel::uniform(of(self.min), of(self.max)),
            "triangular" => PathModel::triangular(of(self.min), of(self.mode), of(self.max)),
            "weibull" => PathModel::weibull(of(self.shape), of(self.scale)),
            _ => PathModel::deterministic(0.0).map(|mut p| {
                let values = if self.values.is_empty() { vec![mean] } else { self.values.clone() };
                let step = p.steps.first().copied();
                p.steps = values.iter().filter_map(|v| step.map(|s| Step { shift: *v, ..s })).collect();
                p.cycle = values.len();
                p.integer = false;
                p
            }),
        }?;
        if let Some(rho) = self.autocorrelation.filter(|r| *r > 0.0) {
            path.dependence = Dependence { share: 1.0, rho };
        }
        Ok(path)
    }
}
