//! Exponential smoothing in innovations state-space form: every admissible combination of additive and relative errors, no, damped and
//! linear trend, and no, additive and multiplicative season, chosen by AICc.
//!
//! Hyndman, Koehler, Ord & Snyder 2008, *Forecasting with Exponential Smoothing*, ch. 2 (equations), 5 (estimation,
//! heuristic start), 6 (forecast variance), 7 (AICc). Left out are multiplicative trends, and additive errors with a multiplicative
//! season: their variance can explode (fpp3 §8.6). Starting states are estimated with the parameters. augurs' ETS has no season.

use super::Run;
use crate::forecast::decompose::{Seasonal, classical, is_seasonal};
use crate::forecast::optimise::minimise;
use serde::{Deserialize, Serialize};

/// Trend component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trend {
    None,
    Damped,
    Linear,
}

/// Seasonal component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Season {
    None,
    Additive,
    Multiplicative,
}

/// A form and its smoothing parameters; β and γ in error-correction form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct EtsParams {
    /// Whether errors are relative to the mean.
    pub relative: bool,
    pub trend: Trend,
    pub season: Season,
    pub alpha: f64,
    pub beta: f64,
    pub gamma: f64,
    pub phi: f64,
}

/// A combination of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    relative: bool,
    trend: Trend,
    season: Season,
}

/// Longest season that is carried as states.
const LONGEST: usize = 24;

#[derive(Clone)]
struct State {
    level: f64,
    slope: f64,
    season: Vec<f64>,
}

/// Runs the recursions (Hyndman et al. 2008, tables 2.2 and 2.3); gives −2·log-likelihood up to a constant. Whether errors are additive
/// or relative changes the likelihood (§5.1) and nothing else. `each` sees the one-step forecasts.
#[inline]
fn filter(y: &[f64], p: &EtsParams, s: &mut State, mut each: impl FnMut(f64)) -> f64 {
    let m = s.season.len().max(1);
    let (mut sum, mut logs) = (0.0, 0.0);
    let mut at = 0;
    for v in y {
        let base = s.level + p.phi * s.slope;
        let index = s.season.get(at).copied().unwrap_or(0.0);
        let mean = match p.season {
            Season::None => base,
            Season::Additive => base + index,
            Season::Multiplicative => base * index,
        };
        let e = v - mean;
        let (step, season_step) = if p.season == Season::Multiplicative { (e / index, e / base) } else { (e, e) };
        each(mean);
        if p.relative {
            let r = e / mean;
            sum += r * r;
            logs += mean.abs().ln();
        } else {
            sum += e * e;
        }
        s.level = base + p.alpha * step;
        s.slope = p.phi * s.slope + p.beta * step;
        if let Some(i) = s.season.get_mut(at) {
            *i += p.gamma * season_step;
        }
        at += 1;
        if at == m {
            at = 0;
        }
    }
    let n = y.len() as f64;
    n * (sum / n).max(1e-30).ln() + 2.0 * logs
}

/// Start values: seasonal indices of the whole series, then a line through the first adjusted values.
fn start(y: &[f64], m: usize, trend: Trend, season: Season) -> Option<State> {
    let seasonal = match season {
        Season::None => Seasonal { index: Vec::new(), multiplicative: false },
        kind => classical(y, m, kind == Season::Multiplicative)?,
    };
    let head: Vec<f64> = y.iter().take((2 * m).max(10)).enumerate().map(|(t, v)| seasonal.remove(*v, t)).collect();
    let n = head.len() as f64;
    let mean = head.iter().sum::<f64>() / n;
    if trend == Trend::None {
        return Some(State { level: mean, slope: 0.0, season: seasonal.index });
    }
    let centre = (n + 1.0) / 2.0;
    let (mut sxy, mut sxx) = (0.0, 0.0);
    for (t, v) in head.iter().enumerate() {
        let x = t as f64 + 1.0 - centre;
        sxy += x * (v - mean);
        sxx += x * x;
    }
    let slope = if sxx > 0.0 { sxy / sxx } else { 0.0 };
    Some(State { level: mean - slope * centre, slope, season: seasonal.index })
}

fn params(form: Form, x: &[f64]) -> EtsParams {
    let Form { relative, trend, season } = form;
    let mut x = x.iter().copied();
    let alpha = x.next().unwrap_or(0.3);
    let gamma = if season == Season::None { 0.0 } else { x.next().unwrap_or(0.1) * (1.0 - alpha) };
    let beta = if trend == Trend::None { 0.0 } else { x.next().unwrap_or(0.1) * alpha };
    let phi = if trend == Trend::Damped { x.next().unwrap_or(0.95) } else { f64::from(u8::from(trend == Trend::Linear)) };
    EtsParams { relative, trend, season, alpha, beta, gamma, phi }
}

fn unit(p: &EtsParams) -> [f64; 4] {
    let a = p.alpha.clamp(1e-4, 0.9999);
    let g = p.gamma / (1.0 - a);
    let b = p.beta / a;
    match (p.season, p.trend) {
        (Season::None, _) => [a, b, p.phi, 0.0],
        _ => [a, g, b, p.phi],
    }
}

/// Smoothing parameters of a form (not φ: 0.8..=0.98).
fn count(form: Form) -> usize {
    1 + usize::from(form.season != Season::None) + usize::from(form.trend != Trend::None) + usize::from(form.trend == Trend::Damped)
}

fn bounds(form: Form) -> ([f64; 4], [f64; 4]) {
    let (mut lower, mut upper) = ([1e-4; 4], [0.9999; 4]);
    if form.trend == Trend::Damped {
        let at = count(form) - 1;
        (lower[at], upper[at]) = (0.8, 0.98);
    }
    (lower, upper)
}

/// Smoothing parameters of a form by simplex, from where `warm` was or from little smoothing; with their AICc.
fn optimise(y: &[f64], m: usize, form: Form, warm: Option<&EtsParams>) -> Option<(EtsParams, f64)> {
    let init = start(y, m, form.trend, form.season)?;
    let mut work = init.clone();
    let mut cost = |x: &[f64]| {
        work.level = init.level;
        work.slope = init.slope;
        work.season.clone_from(&init.season);
        filter(y, &params(form, x), &mut work, |_| ())
    };
    let first = match warm {
        Some(p) => unit(p),
        None if form.season == Season::None => [0.2, 0.1, 0.978, 0.0],
        None => [0.1, 0.05, 0.1, 0.978],
    };
    let (lower, upper) = bounds(form);
    let mut step = [0.2; 4];
    if form.trend == Trend::Damped {
        step[count(form) - 1] = 0.05;
    }
    fn run<const N: usize>(
        a: ([f64; 4], [f64; 4], [f64; 4], [f64; 4]),
        limit: usize,
        cost: &mut impl FnMut(&[f64]) -> f64,
    ) -> ([f64; 4], f64) {
        let take = |v: [f64; 4]| std::array::from_fn::<f64, N, _>(|i| v.get(i).copied().unwrap_or(0.0));
        let (x, v) = minimise(take(a.0), take(a.1), take(a.2), take(a.3), 1e-6, limit, |x: &[f64; N]| cost(x));
        (std::array::from_fn(|i| x.get(i).copied().unwrap_or(0.0)), v)
    }
    let args = (first, step, lower, upper);
    let (x, deviance) = match count(form) {
        1 => run::<1>(args, 40, &mut cost),
        2 => run::<2>(args, 80, &mut cost),
        3 => run::<3>(args, 130, &mut cost),
        _ => run::<4>(args, 180, &mut cost),
    };
    let states = 1 + usize::from(form.trend != Trend::None) + if form.season == Season::None { 0 } else { m - 1 };
    let (n, k) = (y.len() as f64, (count(form) + states + 1) as f64);
    let aicc = if n - k - 1.0 > 0.0 { deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) } else { f64::INFINITY };
    (deviance.is_finite() && deviance < f64::MAX).then_some((params(form, &x), aicc))
}

fn run(y: &[f64], m: usize, p: &EtsParams, horizon: usize) -> Option<Run> {
    let mut s = start(y, m, p.trend, p.season)?;
    let mut fitted = Vec::with_capacity(y.len());
    filter(y, p, &mut s, |mean| fitted.push(mean));
    let (mut mean, mut growth) = (Vec::with_capacity(horizon), Vec::with_capacity(horizon));
    let (mut level, mut slope, mut variance, mut sum_phi, mut power) = (s.level, s.slope, 1.0, 0.0, 1.0);
    for h in 0..horizon {
        slope *= p.phi;
        level += slope;
        let index = if s.season.is_empty() { 0.0 } else { s.season.get((y.len() + h) % s.season.len()).copied().unwrap_or(0.0) };
        mean.push(match p.season {
            Season::None => level,
            Season::Additive => level + index,
            Season::Multiplicative => level * index,
        });
        growth.push(variance);
        power *= p.phi;
        sum_phi += power;
        let seasonal = if p.season != Season::None && (h + 1) % m == 0 { p.gamma } else { 0.0 };
        let c = p.alpha + p.beta * sum_phi + seasonal;
        variance += c * c;
    }
    Some(Run::new(y, mean, &fitted, growth, 2.min(y.len() / 4)))
}

/// The best of the given forms by AICc; the first one when none has enough data for AICc.
fn choose(y: &[f64], m: usize, forms: &[Form]) -> Option<EtsParams> {
    let found = forms.iter().filter_map(|form| optimise(y, m, *form, None));
    found.reduce(|a, b| if b.1 < a.1 { b } else { a }).map(|b| b.0)
}

const TRENDS: [Trend; 3] = [Trend::None, Trend::Damped, Trend::Linear];

fn forms(season: Season, relative: bool) -> impl Iterator<Item = Form> {
    TRENDS.into_iter().map(move |trend| Form { relative, trend, season })
}

/// Non-seasonal forms: what MSTL uses for its trend.
pub(crate) fn trend(y: &[f64], horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    fit(y, 1, &forms(Season::None, false).collect::<Vec<_>>(), horizon, warm, fixed)
}

/// Fits (or, given `fixed`, only runs) and forecasts. `None` for a season too long to carry, or too few values.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    if season > LONGEST && is_seasonal(y, season) {
        return None;
    }
    let positive = y.iter().all(|v| *v > 0.0);
    let mut all = Vec::with_capacity(15);
    if (2..=LONGEST).contains(&season) && y.len() >= 2 * season + 4 {
        if positive {
            all.extend(forms(Season::Multiplicative, true));
            all.extend(forms(Season::Additive, true));
        }
        all.extend(forms(Season::Additive, false));
    }
    if all.is_empty() || !is_seasonal(y, season) {
        if positive {
            all.extend(forms(Season::None, true));
        }
        all.extend(forms(Season::None, false));
    }
    fit(y, season.max(1), &all, horizon, warm, fixed)
}

fn fit(y: &[f64], m: usize, forms: &[Form], horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    if y.len() < 4 {
        return None;
    }
    let p = match (warm, fixed) {
        (Some(p), true) => *p,
        (Some(p), false) => {
            let form = Form { relative: p.relative && y.iter().all(|v| *v > 0.0), trend: p.trend, season: p.season };
            optimise(y, m, form, Some(p))?.0
        }
        (None, _) => choose(y, m, forms)?,
    };
    let out = run(y, m, &p, horizon)?;
    Some((p, out))
}
