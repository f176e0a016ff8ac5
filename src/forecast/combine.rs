//! Weights of a combination from errors on held-out windows.
//!
//! Inverse errors (Bates & Granger 1969; Stock & Watson 2004), methods far behind the best left out, and the rest shrunk
//! towards equal weights, which a handful of windows seldom beats (Claeskens et al. 2016, "The forecast combination puzzle").

use super::rolling::{Attempt, Window};

/// Candidates whose error exceeds this multiple of the best are left out.
const FAR_BEHIND: f64 = 1.8;
/// Weights are inverse errors to this power; the second for squared errors, which a single odd sale can rule.
const SHARPNESS: (i32, i32) = (6, 3);
/// Windows' worth of trust in equal weights, likewise.
const TRUST_IN_EQUAL: (f64, f64) = (3.0, 20.0);

/// Error of each candidate over all windows it served: mean absolute error, or mean squared error where `squared` (for
/// intermittent demand, where the absolute error is least for a forecast of nothing). Where some windows were served by all
/// that served any, only those are compared. `None` for a candidate that served none.
pub(crate) fn errors(windows: &[Window], candidates: usize, squared: bool) -> Vec<Option<f64>> {
    let serves = |w: &Window, c: usize| w.attempts.get(c).is_some_and(Option::is_some);
    let ever: Vec<usize> = (0..candidates).filter(|c| windows.iter().any(|w| serves(w, *c))).collect();
    let full = |w: &Window| ever.iter().all(|c| serves(w, *c));
    let any_full = windows.iter().any(full);
    (0..candidates)
        .map(|c| {
            let (mut sum, mut count) = (0.0, 0usize);
            for w in windows.iter().filter(|w| !any_full || full(w)) {
                let Some(Some(a)) = w.attempts.get(c) else { continue };
                for (y, f) in w.actual.iter().zip(&a.mean) {
                    let e = y - f;
                    if e.is_finite() {
                        sum += if squared { e * e } else { e.abs() };
                        count += 1;
                    }
                }
            }
            (count > 0).then(|| sum / count as f64)
        })
        .collect()
}

/// Weights adding up to 1 over the candidates that are `able` (could be fitted on the whole history).
pub(crate) fn weights(errors: &[Option<f64>], able: &[bool], windows: usize, squared: bool) -> Vec<f64> {
    let usable: Vec<Option<f64>> =
        errors.iter().zip(able).map(|(e, a)| e.filter(|e| *a && e.is_finite()).map(|e| if squared { e.sqrt() } else { e })).collect();
    let best = usable.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    if !best.is_finite() {
        let count = able.iter().filter(|a| **a).count().max(1) as f64;
        return able.iter().map(|a| if *a { 1.0 / count } else { 0.0 }).collect();
    }
    let floor = best.max(1e-12);
    let (sharpness, equal) = if squared { (SHARPNESS.1, TRUST_IN_EQUAL.1) } else { (SHARPNESS.0, TRUST_IN_EQUAL.0) };
    let raw: Vec<f64> = usable
        .iter()
        .map(|e| match e {
            Some(e) if *e <= FAR_BEHIND * floor => (floor / e.max(floor)).powi(sharpness),
            _ => 0.0,
        })
        .collect();
    let total: f64 = raw.iter().sum();
    let kept = raw.iter().filter(|w| **w > 0.0).count().max(1) as f64;
    let trust = windows as f64 / (windows as f64 + equal);
    raw.iter().map(|w| if *w > 0.0 { trust * w / total + (1.0 - trust) / kept } else { 0.0 }).collect()
}

/// The combination of a window's attempts; weights of absent ones go to the others.
pub(crate) fn combined(window: &Window, weights: &[f64]) -> Option<Attempt> {
    let parts: Vec<(f64, &Attempt)> =
        weights.iter().zip(&window.attempts).filter_map(|(w, a)| a.as_ref().filter(|_| *w > 0.0).map(|a| (*w, a))).collect();
    blend(&parts.iter().map(|(w, a)| (*w, a.mean.as_slice(), a.growth.as_slice(), a.sigma)).collect::<Vec<_>>())
}

/// Weighted mean of `(weight, mean, growth, sigma)` parts; `None` for none.
pub(crate) fn blend(parts: &[(f64, &[f64], &[f64], f64)]) -> Option<Attempt> {
    let total: f64 = parts.iter().map(|p| p.0).sum();
    let length = parts.first()?.1.len();
    if total <= 0.0 || total.is_nan() {
        return None;
    }
    let mut out = Attempt { mean: vec![0.0; length], growth: vec![0.0; length], sigma: 0.0 };
    for (w, mean, growth, sigma) in parts {
        let w = w / total;
        for (o, m) in out.mean.iter_mut().zip(*mean) {
            *o += w * m;
        }
        for (o, g) in out.growth.iter_mut().zip(*growth) {
            *o += w * g;
        }
        out.sigma += w * sigma;
    }
    Some(out)
}
