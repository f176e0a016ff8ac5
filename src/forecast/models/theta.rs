//! The Theta models: standard (STM: θ = 2, one line through the whole history), optimised (OTM: θ estimated), and their dynamic forms
//! (DSTM, DOTM), whose line is drawn anew at every step.
//!
//! Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, "Models for optimising the theta method and their
//! relationship to state space models", IJF 32(4), eqs. 8–14. The series is seasonally adjusted first by classical
//! decomposition where the 90 % autocorrelation test finds a season.

use super::Run;
use crate::forecast::decompose::{Seasonal, is_seasonal, seasonal_indices};
use crate::forecast::optimise::minimise;
use serde::{Deserialize, Serialize};

/// Which of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// θ is estimated (else 2).
    pub optimised: bool,
    /// The line follows the values so far (else the whole history).
    pub dynamic: bool,
}

/// Level ℓ₀, smoothing α and θ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct ThetaParams {
    pub level: f64,
    pub alpha: f64,
    pub theta: f64,
}

/// The running states: level, mean, and the intercept and slope of the line through all values so far.
#[derive(Clone, Copy)]
struct State {
    level: f64,
    mean: f64,
    a: f64,
    b: f64,
    /// (1 − α)^(t)
    fade: f64,
    t: f64,
}

impl State {
    /// One step ahead: ℓ + (1 − 1/θ)·[(1−α)^t·A + (1 − (1−α)^(t+1))/α·B].
    #[inline]
    fn predict(&self, alpha: f64, theta: f64) -> f64 {
        let next = self.fade * (1.0 - alpha);
        self.level + (1.0 - 1.0 / theta) * (self.fade * self.a + (1.0 - next) / alpha * self.b)
    }
    #[inline]
    fn update(&mut self, y: f64, alpha: f64, dynamic: bool) {
        if !dynamic {
            self.level = alpha * y + (1.0 - alpha) * self.level;
            self.fade *= 1.0 - alpha;
            return;
        }
        let t = self.t + 1.0;
        let mean = (self.t * self.mean + y) / t;
        self.level = alpha * y + (1.0 - alpha) * self.level;
        self.b = if self.t == 0.0 { 0.0 } else { ((t - 2.0) * self.b + 6.0 / t * (y - self.mean)) / (t + 1.0) };
        self.a = mean - self.b * (t + 1.0) / 2.0;
        self.mean = mean;
        self.fade *= 1.0 - alpha;
        self.t = t;
    }
}

/// The state before the first value; `line` is the intercept and slope that a standard model keeps.
fn initial(level: f64, line: Option<(f64, f64)>) -> State {
    let (a, b) = line.unwrap_or((0.0, 0.0));
    State { level, mean: 0.0, a, b, fade: 1.0, t: 0.0 }
}

/// Intercept and slope of the least-squares line through the values at 1, 2, …
fn line(y: &[f64]) -> (f64, f64) {
    let n = y.len() as f64;
    let (mean, centre) = (y.iter().sum::<f64>() / n, (n + 1.0) / 2.0);
    let (mut sxy, mut sxx) = (0.0, 0.0);
    for (t, v) in y.iter().enumerate() {
        let x = t as f64 + 1.0 - centre;
        sxy += x * (v - mean);
        sxx += x * x;
    }
    let b = if sxx > 0.0 { sxy / sxx } else { 0.0 };
    (mean - b * centre, b)
}

/// Residuals into `errors`; the state after the last value out.
fn filter(y: &[f64], p: &ThetaParams, fixed: Option<(f64, f64)>, mut errors: impl FnMut(usize, f64)) -> State {
    let mut s = initial(p.level, fixed);
    for (t, v) in y.iter().enumerate() {
        errors(t, v - s.predict(p.alpha, p.theta));
        s.update(*v, p.alpha, fixed.is_none());
    }
    s
}

/// How many first residuals say more about the start than about the fit.
const SKIP: usize = 3;

fn optimise(y: &[f64], fixed: Option<(f64, f64)>, optimise_theta: bool, start: Option<&ThetaParams>) -> ThetaParams {
    let scale = y.iter().map(|v| v.abs()).sum::<f64>() / y.len().max(1) as f64;
    let first = y.first().copied().unwrap_or(0.0);
    let cost = |p: &ThetaParams| {
        let mut sum = 0.0;
        filter(y, p, fixed, |t, e| {
            if t >= SKIP {
                sum += e * e;
            }
        });
        sum
    };
    let start = start.copied().unwrap_or(ThetaParams { level: first / 2.0, alpha: 0.5, theta: 2.0 });
    let big = 1e3 * scale.max(1e-12);
    if optimise_theta {
        let (x, _) = minimise(
            [start.level, start.alpha, start.theta],
            [scale.max(1e-12) * 0.3, 0.2, 1.0],
            [-big, 0.1, 1.0],
            [big, 0.99, 1e4],
            1e-6,
            300,
            |x| cost(&ThetaParams { level: x[0], alpha: x[1], theta: x[2] }),
        );
        ThetaParams { level: x[0], alpha: x[1], theta: x[2] }
    } else {
        let (x, _) = minimise([start.level, start.alpha], [scale.max(1e-12) * 0.3, 0.2], [-big, 0.1], [big, 0.99], 1e-6, 200, |x| {
            cost(&ThetaParams { level: x[0], alpha: x[1], theta: 2.0 })
        });
        ThetaParams { level: x[0], alpha: x[1], theta: 2.0 }
    }
}

/// Fits (or, given `fixed`, only runs) and forecasts `horizon` steps. `season` 0 or 1: none.
pub(crate) fn forecast(
    kind: Kind,
    y: &[f64],
    season: usize,
    horizon: usize,
    start: Option<&ThetaParams>,
    fixed: bool,
) -> Option<(ThetaParams, Run)> {
    let n = y.len();
    if n < 3 {
        return None;
    }
    let seasonal = if is_seasonal(y, season) { seasonal_indices(y, season) } else { None };
    let seasonal = seasonal.unwrap_or(Seasonal { index: Vec::new(), multiplicative: false });
    let adjusted: Vec<f64> = y.iter().enumerate().map(|(t, v)| seasonal.remove(*v, t)).collect();
    let whole = (!kind.dynamic).then(|| line(&adjusted));
    let params = match (fixed, start) {
        (true, Some(p)) => *p,
        _ => optimise(&adjusted, whole, kind.optimised && n >= 6, start),
    };
    let mut fitted = Vec::with_capacity(n);
    let mut state = filter(&adjusted, &params, whole, |t, e| {
        let mean = adjusted.get(t).copied().unwrap_or(0.0) - e;
        fitted.push(seasonal.restore(mean, t));
    });
    let mut mean = Vec::with_capacity(horizon);
    for h in 0..horizon {
        let m = state.predict(params.alpha, params.theta);
        mean.push(seasonal.restore(m, n + h));
        state.update(m, params.alpha, kind.dynamic);
    }
    let growth = (0..horizon).map(|h| 1.0 + params.alpha * params.alpha * h as f64).collect();
    Some((params, Run::new(y, mean, &fitted, growth, SKIP)))
}
