//! Intermittent demand: Croston, SBA, TSB, ADIDA and IMAPA.
//!
//! Croston 1972, "Forecasting and stock control for intermittent demands", ORQ 23(3); Syntetos & Boylan 2005, "The accuracy of
//! intermittent demand estimates", IJF 21(2), for the correction of its bias (SBA). Teunter, Syntetos & Babai 2011, "Intermittent demand: linking forecasting to inventory obsolescence", EJOR 214(3);
//! Nikolopoulos et al. 2011, "An aggregate–disaggregate intermittent demand approach (ADIDA)", JORS 62(3); Petropoulos &
//! Kourentzes 2015, "Forecast combinations for intermittent demand", JORS 66(6).

use super::Run;
use serde::{Deserialize, Serialize};

/// Smoothing of the chance of a demand and of its size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct TsbParams {
    pub chance: f64,
    pub size: f64,
}

/// One-step forecasts of simple exponential smoothing, and the one after the last value.
fn smooth(y: &[f64], alpha: f64, mut each: impl FnMut(f64, f64)) -> f64 {
    let mut level = y.first().copied().unwrap_or(0.0);
    for v in y {
        each(*v, level);
        level += alpha * (v - level);
    }
    level
}

/// Simple exponential smoothing with α in 0.1..=0.3 by least squares, the range the intermittent literature uses.
fn ses(y: &[f64]) -> f64 {
    let mut best = (f64::INFINITY, 0.0);
    for k in 0..=4 {
        let alpha = 0.1 + 0.05 * f64::from(k);
        let mut sum = 0.0;
        let last = smooth(y, alpha, |v, f| sum += (v - f) * (v - f));
        if sum < best.0 {
            best = (sum, last);
        }
    }
    best.1
}

/// Sums of `size` consecutive periods, counted back from the last one.
fn aggregate(y: &[f64], size: usize) -> Vec<f64> {
    let skip = y.len() % size.max(1);
    y.get(skip..).unwrap_or(&[]).chunks_exact(size.max(1)).map(|c| c.iter().sum()).collect()
}

/// Mean interval between periods with demand, rounded, at least 1.
fn mean_interval(y: &[f64]) -> usize {
    let demands = y.iter().filter(|v| **v != 0.0).count();
    let last = y.iter().rposition(|v| *v != 0.0).map_or(0, |i| i + 1);
    if demands == 0 { 1 } else { ((last as f64 / demands as f64).round() as usize).max(1) }
}

/// The size and interval smoothing of Croston and SBA.
const CROSTON: f64 = 0.1;

/// Croston's method: sizes and intervals smoothed apart, both by 0.1; `factor` 1, or 1 − α/2 = 0.95 for SBA.
fn croston_run(y: &[f64], factor: f64, mut each: impl FnMut(f64, f64)) -> f64 {
    let (mut size, mut interval, mut since, mut started) = (0.0, 1.0, 1.0, false);
    let mut mean = 0.0;
    for v in y {
        each(*v, mean);
        if *v == 0.0 {
            since += 1.0;
            continue;
        }
        if started {
            size += CROSTON * (v - size);
            interval += CROSTON * (since - interval);
        } else {
            (size, interval, started) = (*v, since, true);
        }
        since = 1.0;
        mean = factor * size / interval;
    }
    mean
}

/// Croston (1972), or with `corrected` Syntetos & Boylan's approximation.
pub(crate) fn croston(y: &[f64], corrected: bool, horizon: usize) -> Option<Run> {
    if y.is_empty() {
        return None;
    }
    let mut fitted = Vec::with_capacity(y.len());
    let mean = croston_run(y, if corrected { 1.0 - CROSTON / 2.0 } else { 1.0 }, |_, f| fitted.push(f));
    Some(Run::new(y, vec![mean; horizon], &fitted, vec![1.0; horizon], 1.min(y.len() / 2)))
}

/// ADIDA: smoothed sums over the mean demand interval, spread evenly.
pub(crate) fn adida(y: &[f64], horizon: usize) -> Option<Run> {
    if y.is_empty() {
        return None;
    }
    let size = mean_interval(y).min(y.len() / 2).max(1);
    let mean = ses(&aggregate(y, size)) / size as f64;
    let mut fitted = Vec::with_capacity(y.len());
    smooth(y, 0.1, |_, f| fitted.push(f));
    Some(Run::new(y, vec![mean; horizon], &fitted, vec![1.0; horizon], 1.min(y.len() / 2)))
}

/// IMAPA: the mean of ADIDA forecasts at every aggregation level from 1 to the mean demand interval.
pub(crate) fn imapa(y: &[f64], horizon: usize) -> Option<Run> {
    if y.is_empty() {
        return None;
    }
    // levels with fewer than two aggregated periods say nothing
    let most = mean_interval(y).min(y.len() / 2).max(1);
    let mut total = 0.0;
    for size in 1..=most {
        total += ses(&aggregate(y, size)) / size as f64;
    }
    let mean = total / most as f64;
    let mut fitted = Vec::with_capacity(y.len());
    smooth(y, 0.1, |_, f| fitted.push(f));
    Some(Run::new(y, vec![mean; horizon], &fitted, vec![1.0; horizon], 1.min(y.len() / 2)))
}

fn tsb_run(y: &[f64], p: &TsbParams, mut each: impl FnMut(f64, f64)) -> f64 {
    let demands = y.iter().filter(|v| **v != 0.0);
    let (count, first) = (demands.clone().count(), demands.clone().next().copied().unwrap_or(0.0));
    let mut chance = count as f64 / y.len().max(1) as f64;
    let mut size = if count > 0 { demands.sum::<f64>() / count as f64 } else { first };
    for v in y {
        each(*v, chance * size);
        let demand = *v != 0.0;
        chance += p.chance * (f64::from(u8::from(demand)) - chance);
        if demand {
            size += p.size * (v - size);
        }
    }
    chance * size
}

/// TSB with both smoothing parameters by least squares over a small grid (or `fixed` ones).
pub(crate) fn tsb(y: &[f64], horizon: usize, fixed: Option<&TsbParams>) -> Option<(TsbParams, Run)> {
    if y.is_empty() {
        return None;
    }
    let params = fixed.copied().unwrap_or_else(|| {
        let mut best = (f64::INFINITY, TsbParams { chance: 0.1, size: 0.1 });
        for chance in [0.1, 0.2, 0.3] {
            for size in [0.1, 0.2] {
                let p = TsbParams { chance, size };
                let mut sum = 0.0;
                tsb_run(y, &p, |v, f| sum += (v - f) * (v - f));
                if sum < best.0 {
                    best = (sum, p);
                }
            }
        }
        best.1
    });
    let mut fitted = Vec::with_capacity(y.len());
    let mean = tsb_run(y, &params, |_, f| fitted.push(f));
    Some((params, Run::new(y, vec![mean; horizon], &fitted, vec![1.0; horizon], 0)))
}
