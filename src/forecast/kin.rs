//! Series with less than a season of past: the season of their kind.
//!
//! In: a history, which series are of one kind (a category), what is wanted. Out: [`Kin`], which bends the forecast of a young series towards its level times the forecast of its kind's sum.
//! The sum of the older series of a kind is forecast once; for a young one with `n` periods on record,
//!
//! ```text
//! mean'(h) = mean(h)^(1 − w) · (level · sum(h) / sum's level)^w
//! ```
//!
//! where both levels are means over the same last periods. Nothing is taken for granted: older series are cut to as many periods as the young one has and forecast over two held-out windows both ways.
//! The share `w` (0, 1/2 or 1) is what did best over all kinds, where that is better by 5 %, and a kind takes part where its own series say so too, against a level without any season as well. (Pooled seasons: Dekker, van Donselaar &
//! Ouwehand 2004, "How to use aggregation and combined forecasting to improve seasonal demand forecasts", IJPE 90(2).)

use super::fitted::{FitOptions, Fitted, SeriesInput, fit};
use crate::base::text::plural;
use crate::base::{Cancelled, Control};
use crate::history::{History, Series};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Older series that a kind must have.
const LEAST: usize = 5;
/// Older series of a kind that are asked.
const ASKED: usize = 30;
/// Held-out windows.
const WINDOWS: usize = 2;
/// Pairs of series and window that a kind must be judged by.
const LEAST_JUDGED: usize = 8;
/// Largest errors, as a share of those without, over all kinds and in one of them.
const GAIN: (f64, f64) = (0.95, 0.97);
/// Share of a kind's series and windows that must come out better.
const BETTER: f64 = 0.6;
/// Shares tried.
const SHARES: [f64; 2] = [0.5, 1.0];

/// What young series can learn from older ones of their kind.
#[derive(Debug)]
pub struct Kin {
    /// By series: which group it is young in.
    of: Vec<Option<usize>>,
    groups: Vec<Group>,
    /// The season length.
    season: usize,
}

/// The older series of a kind.
#[derive(Debug)]
struct Group {
    /// Their sum over the last periods that enough of them know.
    sum: Vec<f64>,
    /// Its forecast.
    ahead: Vec<f64>,
    members: Vec<usize>,
    /// By class of length.
    judged: BTreeMap<usize, Judged>,
}

/// What held-out windows say of series of one length.
#[derive(Debug, Clone, Copy, Default)]
struct Judged {
    /// Absolute errors over the level, without and with each share.
    errors: (f64, [f64; 2]),
    /// The same of the level alone, without any season.
    flat: f64,
    /// Pairs judged, and those that each share made better.
    pairs: (usize, [usize; 2]),
    /// Periods judged.
    periods: usize,
    /// What is used.
    share: f64,
}

/// Classes of lengths below a season, by their longest.
fn class(n: usize, season: usize) -> usize {
    [season / 13, season / 6, season / 3, 2 * season / 3].into_iter().find(|most| n <= *most).unwrap_or(season - 1).max(1)
}

/// Periods since the first sale.
fn seen(y: &[f64]) -> usize {
    y.iter().position(|v| *v > 0.0).map_or(0, |first| y.len() - first)
}

/// Mean of the last `w` periods; what is not known counts as the others.
fn level(y: &[f64], w: usize) -> f64 {
    let last = y.iter().rev().take(w).filter(|v| v.is_finite());
    let (sum, n) = last.fold((0.0, 0usize), |(s, n), v| (s + v, n + 1));
    if n == 0 { 0.0 } else { sum / n as f64 }
}

/// Periods whose mean is a level.
fn window(n: usize, season: usize) -> usize {
    n.min(season / 4).max(1)
}

fn bent(mean: f64, kin: f64, share: f64) -> f64 {
    if mean > 0.0 && kin > 0.0 { mean.powf(1.0 - share) * kin.powf(share) } else { mean }
}

impl Kin {
    /// Learns it, the same on any thread count; `None` where no young series can learn anything. `kinds` tells the kind of each series.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn learn(
        history: &History,
        kinds: &[Option<usize>],
        options: &FitOptions,
        control: &dyn Control,
    ) -> Result<Option<Self>, Cancelled> {
        let season = match &options.season_lengths {
            Some(lengths) => lengths.iter().copied().max(),
            None => history.period.season_lengths().last().copied(),
        };
        let Some(season) = season.filter(|m| *m >= 4) else { return Ok(None) };
        let Some(end) = history.series.iter().filter(|s| !s.y.is_empty()).map(|s| s.end(history.period)).max() else { return Ok(None) };
        let mut by: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (s, series) in history.series.iter().enumerate().filter(|(_, s)| s.end(history.period) == end) {
            let Some(kind) = kinds.get(s).copied().flatten() else { continue };
            let (young, old) = by.entry(kind).or_default();
            match seen(&series.y) {
                0 => {}
                n if n < season => young.push(s),
                n if 2 * n >= 3 * season => old.push(s),
                _ => {}
            }
        }
        by.retain(|_, (young, old)| !young.is_empty() && old.len() >= LEAST);
        if by.is_empty() {
            return Ok(None);
        }
        let (young, old): (Vec<Vec<usize>>, Vec<Vec<usize>>) = by.into_values().unzip();
        let mut groups: Vec<Group> = old
            .into_par_iter()
            .zip(&young)
            .map(|(old, young)| {
                control.check()?;
                let lengths: Vec<usize> = young.iter().map(|s| class(seen(&history.series[*s].y), season)).collect();
                Ok(group(history, old, lengths, season, options))
            })
            .collect::<Result<_, Cancelled>>()?;
        decide(&mut groups);
        let mut of = vec![None; history.series.len()];
        for (g, young) in young.iter().enumerate().filter(|(g, _)| groups[*g].judged.values().any(|j| j.share > 0.0)) {
            young.iter().for_each(|s| of[*s] = Some(g));
        }
        Ok(of.iter().any(Option::is_some).then_some(Self { of, groups, season }))
    }

    /// Whether any series is too young to have shown a season.
    pub fn may_help(history: &History) -> bool {
        let season = history.period.season_lengths().last().copied().unwrap_or(0);
        history.series.iter().any(|s| (1..season).contains(&seen(&s.y)))
    }

    /// A young series' forecast with what its kind knows; as it is where that is nothing.
    pub fn bend(&self, s: usize, y: &[f64], mut fitted: Fitted) -> Fitted {
        let n = seen(y);
        let Some(group) = self.of.get(s).copied().flatten().and_then(|g| self.groups.get(g)).filter(|_| n > 0) else { return fitted };
        let Some(judged) = group.judged.get(&class(n, self.season)).filter(|j| j.share > 0.0) else { return fitted };
        let w = window(n, self.season);
        let (own, theirs) = (level(y, w), level(&group.sum, w));
        if own <= 0.0 || theirs <= 0.0 {
            return fitted;
        }
        let wanted: Vec<(usize, f64)> = fitted
            .mean
            .iter()
            .zip(&group.ahead)
            .enumerate()
            .map(|(h, (mean, sum))| (h, bent(*mean, own * sum / theirs, judged.share)))
            .collect();
        fitted.path = fitted.path.with_means(&wanted);
        for (h, _) in &wanted {
            let (is, was) = (fitted.path.mean(*h), fitted.mean[*h]);
            fitted.mean[*h] = is;
            if let Some(c) = fitted.components.get_mut(*h) {
                c.seasonal += is - was;
            }
        }
        let percent = |e: f64| 100.0 * e / judged.periods.max(1) as f64;
        let with = judged.errors.1[usize::from(judged.share == SHARES[1])];
        fitted.explanation.push_str(&format!(
            " New: its season is that of {} of its category, which on held-out periods of those, cut as short, missed {:.0} % of their level instead of {:.0} %.",
            plural(group.members.len(), "older item"),
            percent(with),
            percent(judged.errors.0)
        ));
        fitted.model = format!("{} with the season of its category", fitted.model);
        fitted
    }

    /// Whether a series may learn from others.
    pub fn is_young(&self, s: usize) -> bool {
        self.of.get(s).is_some_and(Option::is_some)
    }

    /// Series that learn from others.
    pub fn young(&self) -> usize {
        self.of.iter().flatten().count()
    }
}

/// Sums the older series of a kind, forecasts that, and judges series cut to each of some lengths.
fn group(history: &History, mut old: Vec<usize>, mut lengths: Vec<usize>, season: usize, options: &FitOptions) -> Group {
    let y = |s: usize| &history.series[s].y;
    old.sort_by_key(|s| (std::cmp::Reverse(seen(y(*s))), *s));
    let most = LEAST.max(old.len().div_ceil(2)).min(old.len());
    let span = seen(y(old[most - 1]));
    let mut members: Vec<usize> = old.into_iter().filter(|s| seen(y(*s)) >= span).collect();
    members.sort_unstable();
    let tails: Vec<Vec<f64>> = members.iter().map(|s| known(&y(*s)[y(*s).len() - span..])).collect();
    let sum: Vec<f64> = (0..span).map(|t| tails.iter().map(|m| m[t]).sum()).collect();
    let first: &Series = &history.series[members[0]];
    let calendar = first.calendar(history.period);
    let begun = first.y.len() as i64 - span as i64;
    let forecast = |y: &[f64], from: i64, horizon: usize| {
        let input = SeriesInput { y, in_stock: None, period: history.period, start: calendar.at(from) };
        fit(&input, &FitOptions { horizon, ..options.clone() }).mean
    };
    lengths.sort_unstable();
    lengths.dedup();
    let mut judged: BTreeMap<usize, Judged> = lengths.iter().map(|n| (*n, Judged::default())).collect();
    let held = options.horizon.min(span / 4).max(1);
    let stride = members.len().div_ceil(ASKED).max(1);
    for k in 1..=WINDOWS {
        // a sum without a whole season knows none
        let Some(cut) = span.checked_sub(k * held).filter(|c| *c >= season) else { break };
        let ahead = forecast(&sum[..cut], begun, held);
        for (n, j) in &mut judged {
            let w = window(*n, season);
            let theirs = level(&sum[..cut], w);
            for y in tails.iter().step_by(stride) {
                let (past, held_out) = (&y[cut - n.min(&cut)..cut], &y[cut..cut + held]);
                let (own, scale) = (level(past, w), level(&y[..cut], season / 2));
                if own <= 0.0 || theirs <= 0.0 || scale <= 0.0 {
                    continue;
                }
                let plain = forecast(past, begun + (cut - past.len()) as i64, held);
                let missed = |share: f64| {
                    let each = held_out.iter().zip(&plain).zip(&ahead);
                    each.map(|((y, mean), sum)| (y - bent(*mean, own * sum / theirs, share)).abs()).sum::<f64>() / scale
                };
                let without = missed(0.0);
                j.errors.0 += without;
                j.flat += held_out.iter().map(|y| (y - own).abs()).sum::<f64>() / scale;
                j.pairs.0 += 1;
                j.periods += held;
                for (i, share) in SHARES.into_iter().enumerate() {
                    let with = missed(share);
                    j.errors.1[i] += with;
                    j.pairs.1[i] += usize::from(with < without);
                }
            }
        }
    }
    let ahead = forecast(&sum, begun, options.horizon.max(1));
    Group { sum, ahead, members, judged }
}

/// Gaps hold the value before them.
fn known(y: &[f64]) -> Vec<f64> {
    let mut last = 0.0;
    y.iter()
        .map(|v| {
            if v.is_finite() {
                last = *v;
            }
            last
        })
        .collect()
}

/// Which share each kind uses for series of each length.
fn decide(groups: &mut [Group]) {
    let lengths: std::collections::BTreeSet<usize> = groups.iter().flat_map(|g| g.judged.keys().copied()).collect();
    for n in lengths {
        let all = groups.iter().filter_map(|g| g.judged.get(&n));
        let (without, with) = all.fold((0.0, [0.0; 2]), |(a, [b, c]), j| (a + j.errors.0, [b + j.errors.1[0], c + j.errors.1[1]]));
        let best = usize::from(with[1] < with[0]);
        if with[best] >= GAIN.0 * without {
            continue;
        }
        for j in groups.iter_mut().filter_map(|g| g.judged.get_mut(&n)) {
            let own = usize::from(j.errors.1[1] < j.errors.1[0]);
            let better = j.pairs.1[own] as f64 > BETTER * j.pairs.0 as f64;
            // a level held may be all that helps: that is no season
            let least = GAIN.1 * j.errors.0.min(j.flat);
            if j.pairs.0 >= LEAST_JUDGED && j.errors.1[own] < least && better && j.errors.1[best] < least {
                j.share = SHARES[best];
            }
        }
    }
}
