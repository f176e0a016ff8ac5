//! Seasonal naive and the mean of recent periods: benchmarks, and what very short series get.
//!
//! fpp3 §5.2; forecast variance of the seasonal naive method σ²(k + 1), k whole seasons passed (fpp3 §5.5).

use super::Run;

/// The value one season ago, repeated. `season` 0 or 1, or longer than the series: the last value.
pub(crate) fn seasonal_naive(y: &[f64], season: usize, horizon: usize) -> Option<Run> {
    let n = y.len();
    let m = if season > n { 1 } else { season.max(1) };
    let from = n.checked_sub(m)?;
    let mean = (0..horizon).map(|h| y.get(from + h % m).copied().unwrap_or(0.0)).collect();
    let fitted: Vec<f64> = (0..n).map(|t| t.checked_sub(m).and_then(|s| y.get(s)).copied().unwrap_or(f64::NAN)).collect();
    let growth = (0..horizon).map(|h| (h / m + 1) as f64).collect();
    Some(Run::new(y, mean, &fitted, growth, 0))
}

/// Mean of the last `window` periods, repeated.
pub(crate) fn window_average(y: &[f64], window: usize, horizon: usize) -> Option<Run> {
    let n = y.len();
    let w = window.clamp(1, n.max(1));
    let tail = y.get(n.checked_sub(w)?..)?;
    let mean = tail.iter().sum::<f64>() / w as f64;
    let mut sum = 0.0;
    let fitted: Vec<f64> = (0..n)
        .map(|t| {
            let known = t.min(w);
            let f = if known == 0 { f64::NAN } else { sum / known as f64 };
            sum += y.get(t).copied().unwrap_or(0.0);
            if t >= w {
                sum -= y.get(t - w).copied().unwrap_or(0.0);
            }
            f
        })
        .collect();
    let growth = vec![1.0 + 1.0 / w as f64; horizon];
    Some(Run::new(y, vec![mean; horizon], &fitted, growth, 1.min(n / 2)))
}
