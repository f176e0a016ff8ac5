//! Seasonal ARIMA with its order chosen automatically.
//!
//! `order` (what a model is), `css` (least squares), `likelihood` (exact, by innovations), `search` (which order), and here the fit and
//! the forecast. Box, Jenkins & Reinsel 2008; Brockwell & Davis 1991 §9.5 for forecasts of the undifferenced series. A season too long
//! to be part of the model is taken off first by classical decomposition.

mod css;
mod likelihood;
mod order;
mod search;

use super::Run;
use crate::forecast::decompose::{Seasonal, is_seasonal, seasonal_indices};
use crate::forecast::optimise::{by_differences, descend};
pub(crate) use order::Order;
use order::{difference, integration};
use search::{Workshop, begin, search};
use serde::{Deserialize, Serialize};

/// Longest season that is part of the model.
const LONGEST: usize = 24;
/// Most recent values that are modelled.
const RECENT: usize = 600;

/// The order and its coefficients (φ, θ, Φ, Θ, mean of the differenced series).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ArimaParams {
    pub order: Order,
    pub coefficients: Vec<f64>,
}

/// Fits (or, given `fixed`, only runs) and forecasts `horizon` steps. `season` 0 or 1: none.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize, start: Option<&ArimaParams>, fixed: bool) -> Option<(ArimaParams, Run)> {
    let n = y.len();
    if n < 8 {
        return None;
    }
    let long = season > LONGEST && is_seasonal(y, season);
    let seasonal = if long { seasonal_indices(y, season) } else { None };
    let seasonal = seasonal.unwrap_or(Seasonal { index: Vec::new(), multiplicative: false });
    let from = n.saturating_sub(RECENT);
    let x: Vec<f64> = y.iter().enumerate().skip(from).map(|(t, v)| seasonal.remove(*v, t)).collect();
    let m = if season > LONGEST { 1 } else { season.max(1) };
    let mut shop = Workshop::default();
    let known = start.filter(|p| p.order.m == m && x.len() > p.order.lost() + p.order.count() + 2);
    let p = match (known, fixed) {
        (Some(p), true) => p.clone(),
        (Some(p), false) => polish(&x, p.order, p.coefficients.clone(), 3, &mut shop)?,
        (None, _) => {
            let (order, coefficients) = search(&x, m, &mut shop)?;
            polish(&x, order, coefficients, 12, &mut shop)?
        }
    };
    run(&x, &p, horizon, &mut shop).map(|(mean, fitted, growth)| {
        let mean = mean.iter().enumerate().map(|(h, v)| seasonal.restore(*v, n + h)).collect();
        let mut all = vec![f64::NAN; from];
        all.extend(fitted.iter().enumerate().map(|(t, v)| seasonal.restore(*v, from + t)));
        (p, Run::new(y, mean, &all, growth, 0))
    })
}

/// Least squares from the given coefficients, then `steps` towards maximum likelihood from there.
fn polish(x: &[f64], order: Order, mut c: Vec<f64>, steps: usize, shop: &mut Workshop) -> Option<ArimaParams> {
    let w = difference(x, order.d, order.m, order.sd);
    let before = c.clone();
    if shop.css.fit(&w, &order, &mut c).is_none() || !order.is_stable(&c, 1.0005) {
        c = if order.is_stable(&before, 1.0005) { before } else { begin(&w, &order) };
    }
    let spread = {
        let mean = w.iter().sum::<f64>() / w.len().max(1) as f64;
        (w.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / w.len().max(1) as f64).sqrt()
    };
    let count = c.len();
    let scale: Vec<f64> = (0..count).map(|i| if order.mean && i + 1 == count { spread.max(1e-9) } else { 1.0 }).collect();
    let mut z: Vec<f64> = c.iter().zip(&scale).map(|(a, s)| a / s).collect();
    let mut raw = c.clone();
    let deviance = |z: &[f64]| {
        for ((r, v), s) in raw.iter_mut().zip(z).zip(&scale) {
            *r = v * s;
        }
        if order.is_stable(&raw, 1.0005) { shop.deviance(&w, &order, &raw).unwrap_or(f64::INFINITY) } else { f64::INFINITY }
    };
    descend(&mut z, steps, 1e-7, by_differences(deviance));
    let coefficients = z.iter().zip(&scale).map(|(v, s)| v * s).collect();
    Some(ArimaParams { order, coefficients })
}

type Paths = (Vec<f64>, Vec<f64>, Vec<f64>);

/// Mean path, one-step forecasts and growth of the variance.
fn run(x: &[f64], p: &ArimaParams, horizon: usize, shop: &mut Workshop) -> Option<Paths> {
    let order = &p.order;
    let mean = order.split(&p.coefficients).4;
    let w: Vec<f64> = difference(x, order.d, order.m, order.sd).iter().map(|v| v - mean).collect();
    let (mut ar, mut ma, mut ahead) = (Vec::new(), Vec::new(), Vec::new());
    order.expand(&p.coefficients, &mut ar, &mut ma);
    shop.exact.filter(&w, &ar, &ma, horizon, &mut ahead)?;
    let back = integration(order);
    let lost = x.len() - w.len();
    let mut fitted = vec![f64::NAN; lost];
    fitted.extend(x.iter().skip(lost).zip(&shop.exact.innovations).map(|(v, e)| v - e));
    let mut path = x.to_vec();
    for a in &ahead {
        let t = path.len();
        let old: f64 = back.iter().enumerate().map(|(i, c)| c * path[t - i - 1]).sum();
        path.push(a + mean + old);
    }
    let mean = path.split_off(x.len());
    // ψ weights of the whole process: what one error does to the values after it
    let mut psi: Vec<f64> = Vec::with_capacity(horizon);
    let mut differenced: Vec<f64> = Vec::with_capacity(horizon);
    for j in 0..horizon {
        let mut v = if j == 0 { 1.0 } else { ma.get(j - 1).copied().unwrap_or(0.0) };
        for (r, f) in ar.iter().enumerate().take(j) {
            v += f * differenced[j - r - 1];
        }
        differenced.push(v);
        for (i, c) in back.iter().enumerate().take(j) {
            v += c * psi[j - i - 1];
        }
        psi.push(v);
    }
    let growth = psi
        .iter()
        .scan(0.0, |sum, v| {
            *sum += v * v;
            Some(*sum)
        })
        .collect();
    Some((mean, fitted, growth))
}

/// Coefficients and log-likelihood of a given order: for comparison with other implementations.
#[cfg(test)]
pub(crate) fn fit_order(x: &[f64], order: Order) -> Option<(Vec<f64>, f64)> {
    let mut shop = Workshop::default();
    let w = difference(x, order.d, order.m, order.sd);
    let start = begin(&w, &order);
    let p = polish(x, order, start, 40, &mut shop)?;
    let n = w.len() as f64;
    let deviance = shop.deviance(&w, &order, &p.coefficients)?;
    Some((p.coefficients, -0.5 * (deviance + n * (1.0 + (2.0 * std::f64::consts::PI).ln()))))
}
