//! Which season lengths a series has.
//!
//! The calendar's own lengths are kept where the seasonal means of the detrended series differ by more than chance (an
//! analysis of variance); with less than three seasons, where one season repeats the other, or tells it. Beyond them, the strongest peak of augurs' periodogram is taken where its autocorrelation stands
//! out; the series is detrended first, since a trend hides every other peak.

use super::decompose::{autocorrelations, moving_average};
use super::models::profile::tells;
use augurs::seasons::Detector as _;
use augurs::seasons::PeriodogramDetector;

/// Longest season that is looked for by whether seasons tell one another.
const YEAR_OF_WEEKS: usize = 60;

/// Season lengths of a gap-free series, shortest first; `candidates` are the calendar's.
pub(crate) fn detect(y: &[f64], candidates: &[usize], search: bool) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for m in candidates.iter().copied().filter(|m| *m >= 2) {
        let found_it = if y.len() >= 2 * m { stands_out(&detrended(y, m), m) } else { false };
        if found_it || (m >= 25 && y.len() < 3 * m && (repeats(y, m) || (m <= YEAR_OF_WEEKS && tells(y, m)))) {
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

/// Whether some stretch of the season is without demand in every season on record, longer than chance would leave one: sweets that
/// only sell before Christmas, sun cream. Were demand as likely in any period, a given place would be the start of a stretch of `k`
/// places silent in all `n / m` seasons with probability `(1 − p)^(k n / m)`; there are `m` places to start from.
pub(crate) fn is_silent_part_of(y: &[f64], m: usize) -> bool {
    if m < 4 || y.len() < 2 * m {
        return false;
    }
    let sells = y.iter().filter(|v| **v > 0.0).count() as f64 / y.len() as f64;
    let mut sold = vec![false; m];
    for (t, v) in y.iter().enumerate() {
        if let Some(s) = sold.get_mut(t % m) {
            *s |= *v > 0.0;
        }
    }
    // around the turn of the season too
    let (mut run, mut longest) = (0, 0);
    for s in sold.iter().chain(&sold) {
        run = if *s { 0 } else { run + 1 };
        longest = longest.max(run.min(m));
    }
    let seasons = (y.len() / m) as f64;
    longest < m && m as f64 * (1.0 - sells).powf(longest as f64 * seasons) < 0.01
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_part_of_the_year_is_told_from_rare_demand() {
        // four weeks of demand a year, three years
        let treats: Vec<f64> = (0..156).map(|t| if (48..52).contains(&(t % 52)) { 5.0 } else { 0.0 }).collect();
        assert!(is_silent_part_of(&treats, 52));
        // the same number of demands anywhere
        let mut state = 1u64;
        let rare: Vec<f64> = (0..156)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if (state >> 33).is_multiple_of(13) { 5.0 } else { 0.0 }
            })
            .collect();
        assert!(rare.iter().any(|v| *v > 0.0) && !is_silent_part_of(&rare, 52));
        // gone since two years
        let gone: Vec<f64> = (0..156).map(|t| if t < 52 { 5.0 } else { 0.0 }).collect();
        assert!(!is_silent_part_of(&gone, 52) && !is_silent_part_of(&[0.0; 156], 52));
    }
}
