//! How long the trips of a dispatch would be, without building them, and what the few built ones say about all.

use super::network::{Network, great_circle_km};
use super::vehicle::Vehicle;
use crate::base::Measure;
use crate::base::measure::{quantile_sorted, student_975};

/// Beardwood–Halton–Hammersley constant for tours of moderately many points, as used by Daganzo (1984, "The distance
/// traveled to visit N points with a maximum of C stops per vehicle", Transportation Science 18(4)).
const DETOUR: f64 = 0.57;

/// A cheap stand-in for the trips of one dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Approximation {
    /// Vehicles needed.
    pub trips: f64,
    /// Distance, km.
    pub km: f64,
}

/// Daganzo's formula: line haul there and back for the share of a vehicle that each stop takes, plus a detour of
/// `0.57·√(N·A)` around the stops, A being the area of the smallest upright rectangle around depot and stops. A single
/// vehicle's line haul goes to the mean stop. `stops` are (location, kg, m³).
pub fn approximate(network: &Network, depot: &str, stops: &[(&str, f64, f64)], vehicle: &Vehicle) -> Approximation {
    let total = stops.iter().fold((0.0, 0.0), |t, s| (t.0 + s.1.max(0.0), t.1 + s.2.max(0.0)));
    if stops.is_empty() {
        return Approximation::default();
    }
    let trips = (vehicle.share(total.0, total.1) - 1e-9).ceil().max(1.0);
    let reach: Vec<f64> = stops.iter().map(|s| network.km(depot, s.0).0).collect();
    let share: Vec<f64> = stops.iter().map(|s| vehicle.share(s.1.max(0.0), s.2.max(0.0))).collect();
    let sum: f64 = share.iter().sum();
    let n = stops.len() as f64;
    let mean = if sum > 0.0 { reach.iter().zip(&share).map(|(r, w)| r * w).sum::<f64>() / sum } else { reach.iter().sum::<f64>() / n };
    let detour = if stops.len() < 2 { 0.0 } else { DETOUR * (n * area_km2(network, depot, stops)).sqrt() * network.assumptions.circuity };
    Approximation { trips, km: 2.0 * mean * trips + detour }
}

/// Area of the upright rectangle around the located places, km².
fn area_km2(network: &Network, depot: &str, stops: &[(&str, f64, f64)]) -> f64 {
    let points = std::iter::once(depot).chain(stops.iter().map(|s| s.0)).filter_map(|p| network.coordinates(p));
    let mut corner: Option<[f64; 4]> = None;
    for (lat, lon) in points {
        let c = corner.get_or_insert([lat, lat, lon, lon]);
        *c = [c[0].min(lat), c[1].max(lat), c[2].min(lon), c[3].max(lon)];
    }
    corner.map_or(0.0, |[south, north, west, east]| {
        let middle = (south + north) / 2.0;
        great_circle_km((south, west), (north, west)) * great_circle_km((middle, west), (middle, east))
    })
}

/// Mean of a costly quantity over all replications when it was measured on the first few only, from a cheap quantity known
/// for all: the regression estimator of double sampling (Cochran 1977, *Sampling Techniques* §12.6), which is a control
/// variate with an estimated mean. `built` are the costly values of replications 0.., `cheap` the cheap ones of all
/// replications in the same order.
///
/// The half-width has two parts, `s²_{y·x}/k · (1 + (x̄_all − x̄_k)²/s²_x·(k−1)⁻¹·k)` for the regression and `b²·s²_x/n` for the
/// replications. With everything built it is the ordinary interval; with fewer than four built, the cheap values are only
/// scaled (ratio estimator) and the half-width is that of the built ones alone. Quantiles are those of the predicted values.
pub fn estimate(built: &[f64], cheap: &[f64]) -> Measure {
    let (k, n) = (built.len().min(cheap.len()), cheap.len());
    if k == n || k == 0 {
        return Measure::from_values(&built[..k.min(built.len())]);
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (y, x) = (&built[..k], &cheap[..k]);
    let (ym, xm, xall) = (mean(y), mean(x), mean(cheap));
    let sxx: f64 = x.iter().map(|v| (v - xm) * (v - xm)).sum();
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - xm) * (b - ym)).sum();
    let flat = sxx <= 1e-12 * xm.abs().max(1e-12).powi(2);
    if k < 4 || flat {
        let own = Measure::from_values(y);
        let ratio = if k < 4 && xm > 0.0 { ym / xm } else { 1.0 };
        let at = |c: &f64| if k < 4 { c * ratio } else { ym };
        let mut predicted: Vec<f64> = cheap.iter().map(at).collect();
        predicted.sort_by(f64::total_cmp);
        let mean = if k < 4 { ratio * xall } else { ym };
        return if flat {
            own
        } else {
            Measure { mean, half_width: own.half_width, p10: quantile_sorted(&predicted, 0.1), p90: quantile_sorted(&predicted, 0.9) }
        };
    }
    let b = sxy / sxx;
    let residual: Vec<f64> = x.iter().zip(y).map(|(a, c)| c - ym - b * (a - xm)).collect();
    let s2 = residual.iter().map(|r| r * r).sum::<f64>() / (k - 2) as f64;
    let all_var = cheap.iter().map(|c| (c - xall) * (c - xall)).sum::<f64>() / (n - 1) as f64;
    let variance = s2 * (1.0 / k as f64 + (xall - xm) * (xall - xm) / sxx) + b * b * all_var / n as f64;
    // built values as they are, the others as predicted with the built ones' residuals in turn, so that spread is not lost
    let mut values: Vec<f64> = y.to_vec();
    values.extend(cheap[k..].iter().enumerate().map(|(i, c)| ym + b * (c - xm) + residual[i % k]));
    values.sort_by(f64::total_cmp);
    Measure {
        mean: ym + b * (xall - xm),
        half_width: student_975(k - 2) * variance.sqrt(),
        p10: quantile_sorted(&values, 0.1),
        p90: quantile_sorted(&values, 0.9),
    }
}
