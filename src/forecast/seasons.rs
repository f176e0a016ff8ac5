//! Which season lengths a series has.
//!
//! The calendar's own lengths are kept where the seasonal means of the detrended series differ by more than chance (an
//! analysis of variance); with less than three seasons, where one season repeats the other. Beyond them, the strongest peak of augurs' periodogram is taken where its autocorrelation stands
//! out; the series is detrended first, since a trend hides every other peak.

use super::decompose::{autocorrelations, moving_average};
use augurs::seasons::Detector as _;
use augurs::seasons::PeriodogramDetector;

/// Season lengths of a gap-free series, shortest first; `candidates` are the calendar's.
pub(crate) fn detect(y: &[f64], candidates: &[usize], search: bool) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for m in candidates.iter().copied().filter(|m| *m >= 2) {
        let found_it = if y.len() >= 2 * m { stands_out(&detrended(y, m), m) } else { false };
        if found_it || (m >= 25 && y.len() < 3 * m && repeats(y, m)) {
            found.push(m);
        }
    }
    let shortest = candidates.first().copied().unwrap_or(1);
    if search && y.len() >= 48 {
        // one length that no calendar knows of: a pay cycle, a fortnightly promotion
        let x = detrended(y, shortest.max(4));
        if x.iter().any(|v| *v != 0.0) {
            let limit = (y.len() / 4).min(60) as u32;
            let detector = PeriodogramDetector::builder().min_period(4).max_period(limit).threshold(0.6).build();
            let peak = detector.detect(&x).last().copied().unwrap_or(0) as usize;
            // the periodogram resolves long periods coarsely: look at the neighbours
            let near = (peak.saturating_sub(1)..=peak + 1).filter(|m| *m >= 4 && 4 * m <= y.len());
            let best = near.max_by(|a, b| correlation(&x, *a).total_cmp(&correlation(&x, *b)));
            if let Some(m) = best {
                let related = found.iter().any(|f| f.is_multiple_of(m) || (m.is_multiple_of(*f) && m / f > 2));
                let known = found.first().map_or(0.0, |f| correlation(&x, *f));
                if !related && correlation(&x, m) > (known + 0.1).max(0.4) && stands_out(&x, m) {
                    found.push(m);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the periods after the first season resemble those a season before, trends aside: a correlation that noise with a memory of
/// its own seldom reaches.
fn repeats(y: &[f64], m: usize) -> bool {
    let overlap = y.len().saturating_sub(m);
    if overlap < (m / 4).max(8) {
        return false;
    }
    let straight = |x: &[f64]| {
        let n = x.len() as f64;
        let (mean, centre) = (x.iter().sum::<f64>() / n, (n - 1.0) / 2.0);
        let (sxy, sxx) = x.iter().enumerate().fold((0.0, 0.0), |(a, b), (t, v)| {
            let d = t as f64 - centre;
            (a + d * (v - mean), b + d * d)
        });
        x.iter().enumerate().map(|(t, v)| v - mean - sxy / sxx.max(1e-300) * (t as f64 - centre)).collect::<Vec<f64>>()
    };
    let (a, b) = (straight(&y[..overlap]), straight(&y[m..]));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let r = dot(&a, &b) / (dot(&a, &a) * dot(&b, &b)).sqrt().max(1e-300);
    r > (2.5 / (overlap as f64).sqrt()).max(0.4)
}

fn correlation(x: &[f64], m: usize) -> f64 {
    autocorrelations(x, m).and_then(|r| r.last().copied()).unwrap_or(0.0)
}

/// Deviations from a centred moving average of span `m`, the ends left out.
fn detrended(y: &[f64], m: usize) -> Vec<f64> {
    y.iter().zip(moving_average(y, m)).filter_map(|(v, t)| t.map(|t| v - t)).collect()
}

/// One-way analysis of variance over the places of the season: F more than two standard errors above 1.
fn stands_out(x: &[f64], m: usize) -> bool {
    let n = x.len();
    if n <= m + 1 {
        return false;
    }
    let (mut sum, mut count) = (vec![0.0; m], vec![0.0; m]);
    for (t, v) in x.iter().enumerate() {
        if let (Some(s), Some(c)) = (sum.get_mut(t % m), count.get_mut(t % m)) {
            *s += v;
            *c += 1.0;
        }
    }
    let mean = x.iter().sum::<f64>() / n as f64;
    let between: f64 = sum.iter().zip(&count).map(|(s, c): (&f64, &f64)| if *c > 0.0 { c * (s / c - mean).powi(2) } else { 0.0 }).sum();
    let total: f64 = x.iter().map(|v| (v - mean).powi(2)).sum();
    let (d1, d2) = ((m - 1) as f64, (n - m) as f64);
    let within = (total - between).max(0.0);
    let f = (between / d1) / (within / d2).max(1e-300);
    total > 0.0 && f > 1.0 + 2.0 * (2.0 / d1 + 2.0 / d2).sqrt()
}
