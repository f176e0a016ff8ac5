//! Scores of forecasts against what happened.
//!
//! MASE and RMSSE: Hyndman & Koehler 2006, "Another look at measures of forecast accuracy", IJF 22(4), and the M5 guide;
//! WAPE = Σ|e| / Σ|y|; bias = Σ(forecast − actual) / Σ|y|; pinball loss: Koenker & Bassett 1978. A score whose scale is
//! zero (a constant or all-zero history) is absent.

use serde::{Deserialize, Serialize};

/// Scores of one series' forecasts on held-out windows.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Accuracy {
    /// Mean absolute error over the mean absolute seasonal naive error of the history.
    pub mase: Option<f64>,
    /// Root mean squared error over the root mean squared one-step naive error of the history.
    pub rmsse: Option<f64>,
    /// Sum of absolute errors over the sum of absolute actuals.
    pub wape: Option<f64>,
    /// Symmetric MAPE in percent (0 where forecast and actual are both 0).
    pub smape: Option<f64>,
    /// Sum of forecast − actual over the sum of absolute actuals: positive = too high.
    pub bias: Option<f64>,
    /// Share of actuals inside the central 80 % interval.
    pub coverage_80: Option<f64>,
    /// Share of actuals inside the central 95 % interval.
    pub coverage_95: Option<f64>,
    /// Forecast value added: 1 − MAE / MAE of the seasonal naive forecast on the same windows.
    pub fva: Option<f64>,
    /// Held-out windows behind these figures.
    pub windows: usize,
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0 && a.is_finite() && b.is_finite()).then(|| a / b)
}

fn pairs<'a>(actual: &'a [f64], forecast: &'a [f64]) -> impl Iterator<Item = (f64, f64)> + 'a {
    actual.iter().copied().zip(forecast.iter().copied()).filter(|(a, f)| a.is_finite() && f.is_finite())
}

fn mean(x: impl Iterator<Item = f64>) -> Option<f64> {
    let (n, s) = x.fold((0usize, 0.0), |(n, s), v| (n + 1, s + v));
    (n > 0).then(|| s / n as f64)
}

/// Mean absolute error; gaps (NaN) are left out.
pub fn mae(actual: &[f64], forecast: &[f64]) -> Option<f64> {
    mean(pairs(actual, forecast).map(|(a, f)| (a - f).abs()))
}

/// The MASE denominator: mean |y_t − y_{t−m}| over the history (`m` = 1 without season).
pub fn mase_scale(history: &[f64], season: usize) -> Option<f64> {
    let m = season.max(1);
    mean(history.iter().zip(history.get(m..)?).map(|(a, b)| (b - a).abs()).filter(|d| d.is_finite()))
}

/// The RMSSE denominator: root mean (y_t − y_{t−1})² over the history.
pub fn rmsse_scale(history: &[f64]) -> Option<f64> {
    mean(history.iter().zip(history.get(1..)?).map(|(a, b)| (b - a).powi(2)).filter(|d| d.is_finite())).map(f64::sqrt)
}

/// Mean absolute scaled error.
pub fn mase(actual: &[f64], forecast: &[f64], history: &[f64], season: usize) -> Option<f64> {
    ratio(mae(actual, forecast)?, mase_scale(history, season)?)
}

/// Root mean squared scaled error.
pub fn rmsse(actual: &[f64], forecast: &[f64], history: &[f64]) -> Option<f64> {
    let mse = mean(pairs(actual, forecast).map(|(a, f)| (a - f).powi(2)))?;
    ratio(mse.sqrt(), rmsse_scale(history)?)
}

/// Weighted absolute percentage error, a fraction.
pub fn wape(actual: &[f64], forecast: &[f64]) -> Option<f64> {
    let (e, s) = pairs(actual, forecast).fold((0.0, 0.0), |(e, s), (a, f)| (e + (a - f).abs(), s + a.abs()));
    ratio(e, s)
}

/// Symmetric MAPE in percent, 0..=200.
pub fn smape(actual: &[f64], forecast: &[f64]) -> Option<f64> {
    mean(pairs(actual, forecast).map(|(a, f)| {
        let d = a.abs() + f.abs();
        if d > 0.0 { 200.0 * (a - f).abs() / d } else { 0.0 }
    }))
}

/// Sum of forecast − actual over the sum of absolute actuals, a fraction.
pub fn bias(actual: &[f64], forecast: &[f64]) -> Option<f64> {
    let (e, s) = pairs(actual, forecast).fold((0.0, 0.0), |(e, s), (a, f)| (e + f - a, s + a.abs()));
    (s > 0.0).then(|| e / s)
}

/// Pinball (quantile) loss of one quantile forecast at probability `p`.
pub fn pinball(actual: f64, quantile: f64, p: f64) -> f64 {
    let d = actual - quantile;
    if d >= 0.0 { p * d } else { (p - 1.0) * d }
}

/// Share of actuals inside closed intervals.
pub fn coverage(actual: &[f64], lower: &[f64], upper: &[f64]) -> Option<f64> {
    mean(
        actual.iter().zip(lower).zip(upper).filter(|((a, _), _)| a.is_finite()).map(|((a, l), u)| if l <= a && a <= u { 1.0 } else { 0.0 }),
    )
}

/// Forecast value added: the share of the reference's absolute error that the forecast saves.
pub fn fva(actual: &[f64], forecast: &[f64], reference: &[f64]) -> Option<f64> {
    ratio(mae(actual, forecast)?, mae(actual, reference)?).map(|r| 1.0 - r)
}

/// Overall weighted average of sMAPE and MASE relative to a reference (M4: Naive2), each given as `(own, reference)`.
pub fn owa(smape: (f64, f64), mase: (f64, f64)) -> Option<f64> {
    Some(0.5 * (ratio(smape.0, smape.1)? + ratio(mase.0, mase.1)?))
}
