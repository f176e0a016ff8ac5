//! Exponential smoothing in innovations state-space form, with additive or multiplicative season and an optional damped
//! trend, chosen by AICc.
//!
//! Hyndman, Koehler, Ord & Snyder 2008, *Forecasting with Exponential Smoothing*, ch. 2 (equations), 5 (estimation,
//! heuristic start), 6 (forecast variance), 7 (AICc). Trends are additive only, and errors are multiplicative only with a
//! multiplicative season: the combinations left out are those whose variance can explode. augurs' ETS has no season.

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
    pub trend: Trend,
    pub season: Season,
    pub alpha: f64,
    pub beta: f64,
    pub gamma: f64,
    pub phi: f64,
}

/// Longest season that is carried as states.
const LONGEST: usize = 24;

struct State {
    level: f64,
    slope: f64,
    season: Vec<f64>,
}

/// Runs the filter; returns twice the negative log-likelihood up to a constant.
fn filter(y: &[f64], p: &EtsParams, s: &mut State, mut fitted: Option<&mut Vec<f64>>) -> f64 {
    let m = s.season.len().max(1);
    let (mut sum, mut logs) = (0.0, 0.0);
    let mut at = 0;
    for v in y {
        let base = s.level + p.phi * s.slope;
        let index = s.season.get(at).copied().unwrap_or(0.0);
        let (mean, step, season_step) = match p.season {
            Season::None => (base, v - base, 0.0),
            Season::Additive => {
                let e = v - base - index;
                (base + index, e, e)
            }
            Season::Multiplicative => {
                let mean = base * index;
                let e = v - mean;
                (mean, e / index, e / base)
            }
        };
        if let Some(f) = fitted.as_deref_mut() {
            f.push(mean);
        }
        if p.season == Season::Multiplicative {
            let r = (v - mean) / mean;
            sum += r * r;
            logs += mean.abs().ln();
        } else {
            sum += (v - mean) * (v - mean);
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

/// Start values: seasonal indices of the first seasons, then a line through the first adjusted values.
fn start(y: &[f64], m: usize, trend: Trend, season: Season) -> Option<State> {
    let seasonal = match season {
        Season::None => Seasonal { index: Vec::new(), multiplicative: false },
        kind => {
            let first = y.get(..(3 * m).min(y.len()))?;
            classical(first, m, kind == Season::Multiplicative)?
        }
    };
    let head: Vec<f64> = y.iter().take(m.max(10)).enumerate().map(|(t, v)| seasonal.remove(*v, t)).collect();
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

fn params(trend: Trend, season: Season, x: &[f64]) -> EtsParams {
    let mut x = x.iter().copied();
    let alpha = x.next().unwrap_or(0.3);
    let gamma = if season == Season::None { 0.0 } else { x.next().unwrap_or(0.1) * (1.0 - alpha) };
    let beta = if trend == Trend::None { 0.0 } else { x.next().unwrap_or(0.1) * alpha };
    let phi = if trend == Trend::Damped { x.next().unwrap_or(0.95) } else { f64::from(u8::from(trend == Trend::Linear)) };
    EtsParams { trend, season, alpha, beta, gamma, phi }
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

fn optimise(y: &[f64], m: usize, trend: Trend, season: Season, warm: Option<&EtsParams>) -> Option<(EtsParams, f64)> {
    let init = start(y, m, trend, season)?;
    let mut work = State { level: 0.0, slope: 0.0, season: init.season.clone() };
    let mut cost = |x: &[f64]| {
        work.level = init.level;
        work.slope = init.slope;
        work.season.clone_from(&init.season);
        filter(y, &params(trend, season, x), &mut work, None)
    };
    let count = 1 + usize::from(season != Season::None) + usize::from(trend != Trend::None) + usize::from(trend == Trend::Damped);
    let first = match warm {
        Some(p) => unit(p),
        None if season == Season::None => [0.3, 0.1, 0.95, 0.0],
        None => [0.3, 0.1, 0.1, 0.95],
    };
    let damped_at = if trend == Trend::Damped { count - 1 } else { 9 };
    let mut lower = [1e-4; 4];
    let mut upper = [0.9999; 4];
    let mut step = [0.2; 4];
    if let (Some(l), Some(u), Some(s)) = (lower.get_mut(damped_at), upper.get_mut(damped_at), step.get_mut(damped_at)) {
        (*l, *u, *s) = (0.8, 0.98, 0.05);
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
    let (x, value) = match count {
        1 => run::<1>(args, 40, &mut cost),
        2 => run::<2>(args, 80, &mut cost),
        3 => run::<3>(args, 130, &mut cost),
        _ => run::<4>(args, 180, &mut cost),
    };
    let found = params(trend, season, &x);
    let states = 1 + usize::from(trend != Trend::None) + if season == Season::None { 0 } else { m - 1 };
    let (n, k) = (y.len() as f64, (count + states + 1) as f64);
    let aicc = if n - k - 1.0 > 0.0 { value + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) } else { f64::INFINITY };
    value.is_finite().then_some((found, aicc))
}

fn run(y: &[f64], m: usize, p: &EtsParams, horizon: usize) -> Option<Run> {
    let mut s = start(y, m, p.trend, p.season)?;
    let mut fitted = Vec::with_capacity(y.len());
    filter(y, p, &mut s, Some(&mut fitted));
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
fn choose(y: &[f64], m: usize, forms: &[(Trend, Season)]) -> Option<EtsParams> {
    let mut best: Option<(EtsParams, f64)> = None;
    for (trend, season) in forms {
        let Some(new) = optimise(y, m, *trend, *season, None) else { continue };
        if best.is_none_or(|b| new.1 < b.1) {
            best = Some(new);
        }
    }
    best.map(|b| b.0)
}

/// Non-seasonal forms: what MSTL uses for its trend.
pub(crate) fn trend(y: &[f64], horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    fit(y, 1, &[(Trend::None, Season::None), (Trend::Damped, Season::None), (Trend::Linear, Season::None)], horizon, warm, fixed)
}

/// Fits (or, given `fixed`, only runs) and forecasts. `None` for a season too long to carry, or too few values.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    if season > LONGEST && is_seasonal(y, season) {
        return None;
    }
    let mut forms = Vec::with_capacity(6);
    if (2..=LONGEST).contains(&season) && y.len() >= 2 * season + 4 {
        for s in [Season::Multiplicative, Season::Additive] {
            forms.extend([(Trend::None, s), (Trend::Damped, s), (Trend::Linear, s)]);
        }
    }
    if forms.is_empty() || !is_seasonal(y, season) {
        forms.extend([(Trend::None, Season::None), (Trend::Damped, Season::None), (Trend::Linear, Season::None)]);
    }
    fit(y, season.max(1), &forms, horizon, warm, fixed)
}

fn fit(y: &[f64], m: usize, forms: &[(Trend, Season)], horizon: usize, warm: Option<&EtsParams>, fixed: bool) -> Option<(EtsParams, Run)> {
    if y.len() < 4 {
        return None;
    }
    let p = match (warm, fixed) {
        (Some(p), true) => *p,
        (Some(p), false) => optimise(y, m, p.trend, p.season, Some(p))?.0,
        (None, _) => choose(y, m, forms)?,
    };
    Some((p, run(y, m, &p, horizon)?))
}
