//! MSTL by augurs: one or several seasons by loess, the trend by exponential smoothing.
//!
//! Bandara, Hyndman & Bergmeir 2021, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal
//! patterns". On logarithms where all values are positive, which makes seasons multiplicative.

use super::Run;
use super::ets::{self, EtsParams};
use augurs::Fit as _;
use augurs::mstl::MSTLModel;
use serde::{Deserialize, Serialize};

/// The trend model's parameters, and whether logarithms are taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MstlParams {
    pub log: bool,
    pub trend: EtsParams,
}

/// Fits and forecasts; `None` where there are less than two full periods of the shortest season. Seasons longer than half
/// the series are left out.
pub(crate) fn forecast(y: &[f64], seasons: &[usize], horizon: usize, start: Option<&MstlParams>, fixed: bool) -> Option<(MstlParams, Run)> {
    let n = y.len();
    let periods: Vec<usize> = seasons.iter().copied().filter(|m| *m >= 2 && 2 * m <= n).collect();
    if periods.is_empty() {
        return None;
    }
    // augurs works in single precision: bring the values near 1 first
    let scale = y.iter().map(|v| v.abs()).sum::<f64>() / n as f64;
    if !(scale > 0.0 && scale.is_finite()) {
        return None;
    }
    let log = start.map_or_else(|| y.iter().all(|v| *v > 1e-4 * scale), |p| p.log && y.iter().all(|v| *v > 0.0));
    let x: Vec<f64> = y.iter().map(|v| if log { (v / scale).ln() } else { v / scale }).collect();
    let fit = MSTLModel::naive(periods.clone()).fit(&x).ok()?;
    let parts = fit.fit();
    let adjusted: Vec<f64> = parts.trend().iter().zip(parts.remainder()).map(|(t, r)| f64::from(*t) + f64::from(*r)).collect();
    let (trend, run) = ets::trend(&adjusted, horizon, start.map(|p| &p.trend), fixed)?;
    let mut seasonal = vec![0.0; n + horizon];
    for (m, part) in periods.iter().zip(parts.seasonal()) {
        for (t, s) in seasonal.iter_mut().enumerate() {
            let at = if t < n { t } else { n - m + (t - n) % m };
            *s += part.get(at).map_or(0.0, |v| f64::from(*v));
        }
    }
    let back = |v: f64| if log { v.clamp(-50.0, 50.0).exp() * scale } else { v * scale };
    let mean = run.mean.iter().zip(seasonal.iter().skip(n)).map(|(a, s)| back(a + s)).collect();
    let fitted: Vec<f64> = run.fitted.iter().zip(&seasonal).map(|(a, s)| back(a + s)).collect();
    Some((MstlParams { log, trend }, Run::new(y, mean, &fitted, run.growth, 2)))
}
