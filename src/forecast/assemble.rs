//! From the members' runs and a recipe to a [`Fitted`].

use super::accuracy::Accuracy;
use super::combine;
use super::decompose::moving_average;
use super::explain;
use super::fitted::{Choice, Component, Fitted, Weight};
use super::global::grown::Said;
use super::global::last_year::Bend;
use super::global::pooled::Beside;
use super::marginals::{Builder, Recipe};
use super::models::Run;
use super::rolling::Attempt;
use super::series::{Pattern, Prepared};

/// Everything a caller gets, from the members' runs (each at least as long as the open part of the horizon).
pub(crate) fn build(
    p: &Prepared,
    recipe: Recipe,
    parts: &[(f64, Run)],
    horizon: usize,
    choice: Choice,
    accuracy: Accuracy,
    beside: Option<&Beside>,
) -> Fitted {
    let mut a = blend(parts, p);
    if let Some(blocks) = &recipe.blocks {
        a = blocks.draw(a, p, p.y.len());
    }
    // trees over all series pull a season's items down (bias −20 % with them: benches/README.md), and last year's shape is in the profile
    let by_season = matches!(recipe.members.as_slice(), [(super::models::Model::SeasonProfile, ..)]);
    let joined = beside.filter(|_| !by_season).map(|b| join(&mut a, p, horizon, b));
    let levels = levels(p, &a.mean, &recipe.seasons);
    let mut path = Builder::new(&recipe, p.non_negative);
    let mut at = 0;
    let mut level = Vec::with_capacity(horizon);
    for h in 0..horizon {
        if p.is_closed(p.length + h) {
            path.closed();
            level.push(0.0);
        } else {
            path.open(a.mean.get(at).copied().unwrap_or(0.0) * p.scale, a.scale(&recipe, at) * p.scale);
            level.push(levels.get(at).copied().unwrap_or(0.0) * p.scale);
            at += 1;
        }
    }
    // the block that repeats beyond the horizon: a season where one fits, closed places included
    let whole = |open: usize| {
        if p.closed.is_empty() {
            open
        } else {
            let share = p.closed.iter().filter(|c| !**c).count() as f64 / p.closed.len() as f64;
            ((open as f64 / share / p.closed.len() as f64).round() as usize).max(1) * p.closed.len()
        }
    };
    let mut season_lengths: Vec<usize> = recipe.seasons.iter().map(|m| whole(*m)).collect();
    season_lengths.dedup();
    let cycle =
        season_lengths.iter().copied().chain((!p.closed.is_empty()).then_some(p.closed.len())).filter(|m| *m <= horizon).max().unwrap_or(1);
    let path = path.finish(cycle);
    let mean: Vec<f64> = (0..horizon).map(|h| path.mean(h)).collect();
    let components = level.iter().zip(&mean).map(|(level, m)| Component { level: *level, seasonal: m - level }).collect();
    let weights: Vec<Weight> = recipe.members.iter().map(|(model, _, weight)| Weight { model: *model, weight: *weight }).collect();
    let mut out = Fitted {
        model: explain::name(&weights),
        path,
        mean,
        weights,
        trees: 0.0,
        accuracy,
        season_lengths,
        components,
        explanation: String::new(),
        recipe,
    };
    out.explanation = explain::sentence(&out, p, choice);
    if let Some((trees, year)) = joined {
        trees.into_iter().for_each(|t| explain::add_trees(&mut out, t));
        year.into_iter().for_each(|y| explain::add_year(&mut out, y));
    }
    out
}

/// Means within this share of each other are one level.
const LEVEL: f64 = 0.02;

/// What becomes of methods that see nothing but a level: it is moved as a whole, which costs no accuracy (benches/README.md) and leaves every step the same law.
fn level_of(a: &Attempt, open: &[usize], beside: &Said, unit: f64) -> Option<f64> {
    let means = a.mean.get(..open.len()).filter(|m| !m.is_empty())?;
    let (lo, hi) = means.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    let (mut said, mut methods) = (0.0, 0.0);
    for (h, m) in open.iter().zip(means) {
        if let Some(v) = beside.mean.get(*h).filter(|v| v.is_finite()) {
            said += v / unit;
            methods += m;
        }
    }
    (hi - lo <= LEVEL * hi && methods > 0.0).then(|| (1.0 - beside.share + beside.share * said / methods).max(0.0))
}

/// Gives what is said beside the methods its part in their mean; what has one.
fn join<'a>(a: &mut Attempt, p: &Prepared, horizon: usize, beside: &'a Beside) -> (Option<&'a Said>, Option<&'a Bend>) {
    if !p.non_negative || p.pattern == Pattern::Silent {
        return (None, None);
    }
    let open: Vec<usize> = (0..horizon).filter(|h| !p.is_closed(p.length + h)).collect();
    let trees = beside.trees.as_ref().filter(|t| join_trees(a, p, &open, t));
    let year = beside.year.as_ref();
    if let Some(bend) = year {
        for (m, h) in a.mean.iter_mut().zip(&open) {
            *m *= bend.factors.get(*h).copied().unwrap_or(1.0);
        }
        a.sigma *= bend.spread;
    }
    (trees, year)
}

/// Gives the trees their share of the mean of the open periods; whether they have any. Past the last step they speak of, what they make of the last quarter of those fades
/// out over as many steps again.
fn join_trees(a: &mut Attempt, p: &Prepared, open: &[usize], beside: &Said) -> bool {
    // a method's mean is that of days that are no odd closed ones
    let unit = p.scale * (1.0 - p.odd_zeros).max(0.05);
    if let Some(ratio) = level_of(a, open, beside, unit) {
        a.mean.iter_mut().for_each(|m| *m *= ratio);
        a.sigma *= beside.spread;
        return true;
    }
    let reach = beside.mean.len();
    let late = reach - reach.div_ceil(4);
    let (mut with, mut without, mut any) = (0.0, 0.0, false);
    for (at, h) in open.iter().enumerate() {
        let Some(m) = a.mean.get_mut(at) else { break };
        let said = beside.mean.get(*h).copied().unwrap_or(f64::NAN);
        if said.is_finite() {
            let now = (1.0 - beside.share) * *m + beside.share * said / unit;
            if *h >= late {
                with += now;
                without += *m;
            }
            *m = now.max(0.0);
            any = true;
        } else if *h >= reach && without > 0.0 {
            let fade = 1.0 - (h + 1 - reach) as f64 / reach as f64;
            if fade <= 0.0 {
                break;
            }
            *m *= 1.0 + fade * (with / without - 1.0);
        }
    }
    if any {
        a.sigma *= beside.spread;
    }
    any
}

/// Keeps a mean path in the region the history speaks of: not below zero where nothing ever was, and not further outside the
/// range seen than the range is wide (more for a long look ahead), where a trend run wild would go.
pub(crate) fn damp(mut a: Attempt, p: &Prepared, n: usize) -> Attempt {
    let known = p.y.get(..n).unwrap_or(&[]);
    let (lo, hi) = known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
    if lo > hi {
        return a;
    }
    let reach = (hi - lo).max(0.5 * hi.abs().max(lo.abs())) * (1.0 + a.mean.len() as f64 / known.len().max(1) as f64).min(4.0);
    for m in &mut a.mean {
        *m = m.clamp(lo - reach, hi + reach);
        if p.non_negative {
            *m = m.max(0.0);
        }
    }
    a
}

/// The combined attempt of runs, cut to the open steps.
fn blend(parts: &[(f64, Run)], p: &Prepared) -> Attempt {
    let refs: Vec<(f64, &[f64], &[f64], f64)> = parts.iter().map(|(w, r)| (*w, r.mean.as_slice(), r.growth.as_slice(), r.sigma)).collect();
    let mut a = combine::blend(&refs).unwrap_or(Attempt { mean: Vec::new(), growth: Vec::new(), sigma: 0.0 });
    // a handful of equal values proves no constancy: values are near 1 here, so this is relative to the mean
    a.sigma = a.sigma.max(0.5 * (1.0 - p.y.len() as f64 / 8.0));
    damp(a, p, p.y.len())
}

/// The mean path without its season: a centred moving average over the longest season that fits, joined to the history.
fn levels(p: &Prepared, mean: &[f64], seasons: &[usize]) -> Vec<f64> {
    let Some(m) = seasons.iter().copied().filter(|m| *m <= p.y.len()).max() else { return mean.to_vec() };
    let head = p.y.get(p.y.len() - m..).unwrap_or(&[]);
    let joined: Vec<f64> = head.iter().chain(mean).copied().collect();
    let smooth = moving_average(&joined, m);
    mean.iter().enumerate().map(|(h, v)| smooth.get(m + h).copied().flatten().unwrap_or(*v)).collect()
}
