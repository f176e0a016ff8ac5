//! Year on year: the shape of the same stretch of the last two seasons, at today's level.
//!
//! What planners do by hand with last year's figures, and the ratio-to-level form of seasonal naive (fpp3 §5.2): each coming period is
//! the recent level times what that period was, a season ago and two, over the level just before it. Long seasons need it: with two or
//! three years of weeks every index of a decomposition rests on two or three values. Neighbouring periods share in each ratio, and ratios
//! are shrunk towards 1 (Miller & Williams 2003, "Shrinkage estimators of time series seasonal factors", IJF 19(4)).

use super::Run;

/// Share of a ratio that comes from the mean over three neighbouring periods.
const SHARED: f64 = 0.7;
/// What is left of a ratio's distance from 1.
const KEPT: f64 = 0.9;
/// Seasons looked back on.
const BACK: usize = 2;

/// Sums from the start, to give means over any stretch.
struct Sums(Vec<f64>);

impl Sums {
    fn new(y: &[f64]) -> Self {
        let mut sums = Vec::with_capacity(y.len() + 1);
        sums.push(0.0);
        let mut total = 0.0;
        sums.extend(y.iter().map(|v| {
            total += v;
            total
        }));
        Self(sums)
    }
    /// Mean over `from..to`, cut to the series and at least one value.
    fn mean(&self, from: usize, to: usize) -> f64 {
        let to = to.min(self.0.len() - 1).max(1);
        let from = from.min(to - 1);
        (self.0[to] - self.0[from]) / (to - from) as f64
    }
}

/// Periods that make a level.
fn span(m: usize) -> usize {
    (m / 5).max(1)
}

/// The forecast from origin `n` for `h` periods on (0 = the first), with what is known before `n` alone.
fn at(y: &[f64], sums: &Sums, m: usize, n: usize, h: usize, relative: bool) -> Option<f64> {
    let k = span(m);
    let level = sums.mean(n.saturating_sub(k), n);
    let (mut total, mut count) = (0.0, 0.0);
    for back in 1..=BACK {
        let Some(origin) = n.checked_sub(back * m).filter(|o| *o >= k.div_ceil(2).max(2)) else { break };
        let place = origin + h % m;
        let base = sums.mean(origin.saturating_sub(k), origin);
        let value = (1.0 - SHARED) * y[place] + SHARED * sums.mean(place - 1, (place + 2).min(n));
        if relative {
            if base <= 0.0 {
                continue;
            }
            total += value / base;
        } else {
            total += value - base;
        }
        count += 1.0;
    }
    if count == 0.0 {
        return None;
    }
    let shape = total / count;
    Some(if relative { level * (1.0 + KEPT * (shape - 1.0)) } else { level + KEPT * shape })
}

/// Forecasts `horizon` periods; `None` with less than a season and a level before it.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize) -> Option<Run> {
    let (n, m) = (y.len(), season);
    if m < 2 || n < m + span(m).div_ceil(2).max(2) {
        return None;
    }
    let relative = y.iter().all(|v| *v >= 0.0);
    let sums = Sums::new(y);
    let mean: Vec<f64> = (0..horizon).map(|h| at(y, &sums, m, n, h, relative)).collect::<Option<_>>()?;
    let fitted: Vec<f64> = (0..n).map(|t| at(y, &sums, m, t, 0, relative).unwrap_or(f64::NAN)).collect();
    let smoothing = 2.0 / (span(m) as f64 + 1.0);
    let growth = (0..horizon).map(|h| 1.0 + smoothing * smoothing * h as f64).collect();
    Some(Run::new(y, mean, &fitted, growth, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_year_at_todays_level() {
        // a flat year with a peak of twice the level at places 10..15, then half a year at three times the level
        let year = |t: usize| if (10..15).contains(&(t % 52)) { 2.0 } else { 1.0 };
        let y: Vec<f64> = (0..52 + 5 + 52).map(|t| year(t) * if t >= 80 { 3.0 } else { 1.0 }).collect();
        // the origin is at place 5 of the season: the peak begins five periods on
        let run = forecast(&y, 52, 12).unwrap_or_else(|| unreachable!());
        assert!((run.mean[0] - 3.0).abs() < 1e-9 && (run.mean[7] - 3.0 * 1.9).abs() < 1e-9, "{:?}", run.mean);
        assert!(forecast(&y[..56], 52, 3).is_none());
    }
}
