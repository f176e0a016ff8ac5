//! Forecasts of groups: bottom-up, as distributions.
//!
//! A group's mean is the sum of its series' means, so that items, categories, locations and the total add up at every step (Athanasopoulos et al. 2009
//! on bottom-up). Its spread comes from summed sample paths, widened by what the series' own pasts show of a common factor: with an average
//! correlation `ρ` of their changes, Var(Σ) = Σσ² + ρ((Σσ)² − Σσ²). Independent paths alone would make totals falsely precise.

use super::fill::Sampler;
use super::path::{LANES, PathModel};

/// Periods of the past that the common factor is learned from.
const PAST: usize = 156;
/// Changes below which nothing is learned.
const LEAST: usize = 8;

/// One series of a group.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// Its distribution, step 0 the first period ahead of the group.
    pub path: &'a PathModel,
    /// [`hash_id`](crate::base::random::hash_id) of its name.
    pub id: u64,
    /// Its past, units a period, ending `lag` periods before step 0; NaN where nothing is known.
    pub past: &'a [f64],
    /// Periods between the end of its past and step 0.
    pub lag: usize,
}

/// A group's forecast at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// Sum of the members' means, in their order.
    pub mean: f64,
    /// Quantiles at the probabilities asked for.
    pub quantiles: Vec<f64>,
}

/// Average correlation `ρ` (0..=1) of the members' changes over `season` periods, from their last [`PAST`] periods; 0 where too little is known.
///
/// The pooled estimate Σ((ΣD)² − ΣD²) / Σ((Σsd)² − Σsd²) over periods, of each period the members that are known in it, whose `D` are changes about their own mean: (Var(ΣD) −
/// ΣVar(D)) / ((Σsd(D))² − ΣVar(D)) where all always are. Members that cover less than half of the periods are left out.
pub fn common_share(members: &[Member<'_>], season: usize) -> f64 {
    let longest = members.iter().map(|x| x.past.len() + x.lag).max().unwrap_or(0);
    // where the past is too short for a season's changes, those from one period to the next have to do
    let m = if longest < season + 2 * LEAST { 1 } else { season.max(1) };
    let n = longest.saturating_sub(m).min(PAST);
    if members.len() < 2 || n < LEAST {
        return 0.0;
    }
    // the change that ends `back` periods before step 0
    let change = |x: &Member<'_>, back: usize| -> f64 {
        let at = |b: usize| x.past.len().checked_sub(b.checked_sub(x.lag)?).and_then(|i| x.past.get(i).copied());
        at(back).zip(at(back + m)).map_or(f64::NAN, |(a, b)| a - b)
    };
    // by period: the sum of changes, of their squares, of standard deviations and of variances
    let mut sums = vec![[0.0f64; 4]; n];
    let mut seen = vec![0usize; n];
    for x in members {
        let mut d: Vec<f64> = (1..=n).map(|b| change(x, b)).collect();
        let (count, total) = d.iter().filter(|v| v.is_finite()).fold((0usize, 0.0), |(k, s), v| (k + 1, s + v));
        if 2 * count <= n || count < LEAST {
            continue;
        }
        let mean = total / count as f64;
        d.iter_mut().for_each(|v| *v -= mean);
        let variance = d.iter().filter(|v| v.is_finite()).map(|v| v * v).sum::<f64>() / count as f64;
        for ((v, s), k) in d.iter().zip(&mut sums).zip(&mut seen).filter(|((v, _), _)| v.is_finite()) {
            let here = [*v, v * v, variance.sqrt(), variance];
            s.iter_mut().zip(here).for_each(|(s, x)| *s += x);
            *k += 1;
        }
    }
    if seen.iter().filter(|k| **k >= 2).count() < LEAST {
        return 0.0;
    }
    let (common, room) = sums.iter().fold((0.0, 0.0), |(c, r), [d, dd, sd, v]| (c + d * d - dd, r + sd * sd - v));
    if room > 1e-12 { (common / room).clamp(0.0, 1.0) } else { 0.0 }
}

/// The group's forecast over `horizon` steps from `replications` summed paths (rounded up to whole tiles), with an average correlation
/// `share` between its members. The order of members changes nothing but the last digit of sums.
pub fn sum(members: &[Member<'_>], horizon: usize, probabilities: &[f64], share: f64, seed: u64, replications: usize) -> Vec<Sum> {
    let blocks = replications.max(1).div_ceil(LANES);
    let mut totals = vec![0.0f64; blocks * LANES * horizon];
    let (mut mean, mut variance, mut sd) = (vec![0.0; horizon], vec![0.0; horizon], vec![0.0; horizon]);
    let mut tile = vec![0.0f32; horizon * LANES];
    for x in members {
        let sampler = Sampler::new(x.path);
        for t in 0..horizon {
            let (m, v) = x.path.moments(t);
            mean[t] += m;
            variance[t] += v;
            sd[t] += v.sqrt();
        }
        for block in 0..blocks {
            sampler.fill(seed, x.id, (block * LANES) as u64, 0..horizon, &mut tile);
            for (t, row) in tile.chunks_exact(LANES).enumerate() {
                let at = t * blocks * LANES + block * LANES;
                for (total, v) in totals[at..at + LANES].iter_mut().zip(row) {
                    *total += f64::from(*v);
                }
            }
        }
    }
    (0..horizon)
        .map(|t| {
            let drawn = &mut totals[t * blocks * LANES..(t + 1) * blocks * LANES];
            drawn.sort_unstable_by(f64::total_cmp);
            let wider = if variance[t] > 0.0 { (1.0 + share * (sd[t] * sd[t] - variance[t]) / variance[t]).max(1.0).sqrt() } else { 1.0 };
            let floor = if members.iter().all(|x| x.path.non_negative) { 0.0 } else { f64::NEG_INFINITY };
            let quantiles = probabilities
                .iter()
                .map(|p| {
                    let q = quantile(drawn, *p);
                    if wider > 1.0 { (mean[t] + (q - mean[t]) * wider).max(floor) } else { q }
                })
                .collect();
            Sum { mean: mean[t], quantiles }
        })
        .collect()
}

/// Linear between order statistics (type 7 of Hyndman & Fan 1996).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p.clamp(0.0, 1.0) * (sorted.len().max(1) - 1) as f64;
    let (i, f) = (at as usize, at.fract());
    let get = |i: usize| sorted.get(i).or(sorted.last()).copied().unwrap_or(0.0);
    get(i) + f * (get(i + 1) - get(i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn member<'a>(path: &'a PathModel, id: u64, past: &'a [f64]) -> Member<'a> {
        Member { path, id, past, lag: 0 }
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(24))]

        /// Groups of groups add up; the order of members does not matter; more in common never makes a total narrower.
        #[test]
        fn groups_add_up(means in proptest::collection::vec(0.1..80.0f64, 2..7), cut in 1usize..6, share in 0.0..1.0f64) {
            let models: Vec<PathModel> = means.iter().map(|m| PathModel::poisson(*m).unwrap()).collect();
            let all: Vec<Member<'_>> = models.iter().enumerate().map(|(i, m)| member(m, i as u64, &[])).collect();
            let (a, b) = all.split_at(cut.min(all.len() - 1));
            let of = |x: &[Member<'_>], s: f64| sum(x, 3, &[0.1, 0.5, 0.9], s, 7, 256);
            let (whole, a, b) = (of(&all, share), of(a, share), of(b, share));
            let turned = of(&all.iter().rev().copied().collect::<Vec<_>>(), share);
            let alone = of(&all, 0.0);
            for t in 0..3 {
                prop_assert!((whole[t].mean - a[t].mean - b[t].mean).abs() < 1e-9);
                prop_assert!((whole[t].mean - means.iter().sum::<f64>()).abs() < 1e-6);
                prop_assert!((turned[t].mean - whole[t].mean).abs() < 1e-9);
                for (x, y) in whole[t].quantiles.iter().zip(&turned[t].quantiles) {
                    prop_assert!((x - y).abs() < 1e-6);
                }
                let width = |s: &Sum| s.quantiles[2] - s.quantiles[0];
                prop_assert!(width(&whole[t]) >= width(&alone[t]) - 1e-9);
            }
        }
    }

    /// Independent Poisson counts sum to a Poisson count; fully common ones have the spread of the sum of standard deviations.
    #[test]
    fn spreads_are_those_of_sums() {
        let m = PathModel::poisson(50.0).unwrap();
        let all: Vec<Member<'_>> = (0..20).map(|i| member(&m, i, &[])).collect();
        let width = |share: f64| {
            let s = sum(&all, 1, &[0.1, 0.9], share, 3, 4096);
            s[0].quantiles[1] - s[0].quantiles[0]
        };
        let normal = 2.0 * 1.281_551_565_5;
        assert!((width(0.0) / (normal * 1000f64.sqrt()) - 1.0).abs() < 0.05, "{}", width(0.0));
        assert!((width(1.0) / (normal * 20.0 * 50f64.sqrt()) - 1.0).abs() < 0.05, "{}", width(1.0));
    }

    #[test]
    fn what_is_common_is_found() {
        // changes that are equal but for sign of their own parts
        let wave = |k: usize, own: f64| {
            (0..80).map(|t| ((t * t * 7 + 3 * t) % 11) as f64 + own * (((t * (k + 3) * 5 + k) % 13) as f64)).collect::<Vec<f64>>()
        };
        let m = PathModel::poisson(5.0).unwrap();
        let share = |own: f64| {
            let past: Vec<Vec<f64>> = (0..6).map(|k| wave(k, own)).collect();
            common_share(&past.iter().enumerate().map(|(i, p)| member(&m, i as u64, p)).collect::<Vec<_>>(), 1)
        };
        assert!((share(0.0) - 1.0).abs() < 1e-9 && share(0.5) > share(3.0) && share(3.0) < 0.6, "{} {}", share(0.5), share(3.0));
        // a past that ended sooner is aligned by its lag
        let (a, b) = (wave(0, 0.0), wave(0, 0.0)[..75].to_vec());
        let late = Member { lag: 5, ..member(&m, 2, &b) };
        assert!((common_share(&[member(&m, 1, &a), late], 1) - 1.0).abs() < 0.03, "but for what the longer one saw alone");
        assert_eq!(common_share(&[member(&m, 1, &a)], 1), 0.0);
        // a period that one of many does not know is no reason to know nothing of it
        let holes: Vec<Vec<f64>> =
            (0..60).map(|k| a.iter().enumerate().map(|(t, v)| if t % 60 == k { f64::NAN } else { *v }).collect()).collect();
        let many: Vec<Member<'_>> = holes.iter().enumerate().map(|(i, p)| member(&m, i as u64, p)).collect();
        assert!(common_share(&many, 1) > 0.95, "{}", common_share(&many, 1));
        assert_eq!(common_share(&[member(&m, 1, &a[..5]), member(&m, 2, &a[..5])], 1), 0.0);
    }
}
