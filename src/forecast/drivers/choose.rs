//! Which effects are used: those that make held-out windows come out better.
//!
//! Rolling origins as in `rolling`; effects are learned before each origin, and demand without them is carried on by the plainest forecast that follows a level and
//! a season, so that the comparison costs little. Groups of columns are added one after another and stay if errors over all series fall; then each driver is
//! left out in turn, and stays out if errors do not rise; at last each series decides for itself, from its own windows and what others show.

use super::design::{Design, Group, Rows};
use super::local::{Normal, dot, has_logarithm, normal, usable};
use super::pool::Pool;
use crate::base::{Cancelled, Control, Period};
use crate::history::{Drivers, History};
use rayon::prelude::*;

/// Series whose windows are looked at.
const SERIES: usize = 120;
/// Most origins.
const ORIGINS: usize = 3;
/// A group must make errors this much smaller.
const GAIN: f64 = 0.002;
/// A driver must make errors at least this much smaller.
const DRIVER_GAIN: f64 = 0.0005;
/// Rounds of the pool's fixed point while choosing.
const ROUNDS: usize = 4;

/// What is used, and how it did.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub groups: Vec<Group>,
    /// Drivers left out, since errors do not rise without them.
    pub out: Vec<usize>,
    /// Mean absolute error on held-out windows over mean demand without and with the effects, where there were any.
    pub errors: Option<(f64, f64)>,
}

/// One series at one origin.
struct Look {
    series: usize,
    rows: std::sync::Arc<Rows>,
    origin: usize,
    length: usize,
    normal: Option<Normal>,
}

/// The plainest forecast of demand without effects: a level and places of a season, newer periods counting more.
pub(super) struct Plain {
    level: f64,
    places: Vec<f64>,
    logarithms: bool,
}

impl Plain {
    /// From the periods before `until`, with `effect` taken out.
    pub fn new(
        y: &[f64],
        in_stock: Option<&[f64]>,
        rows: &Rows,
        until: usize,
        design: &Design,
        period: Period,
        effect: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let at = usable(y, in_stock, rows, until);
        let last = *at.last()?;
        let logarithms = has_logarithm(y, &at);
        let half_life = match period {
            Period::Hour => 96.0,
            Period::Day => 28.0,
            Period::Week => 10.0,
            Period::Month => 8.0,
            Period::Quarter => 4.0,
            Period::Year => 2.0,
        };
        let fading = |t: usize, half: f64| 0.5f64.powf((last - t) as f64 / half);
        let value = |t: usize| if logarithms { y[t].ln() - effect(t) } else { y[t] / effect(t).clamp(-20.0, 20.0).exp() };
        let mean = |places: &[f64]| {
            let (s, w) = at.iter().filter(|t| !logarithms || y[**t] > 0.0).fold((0.0, 0.0), |(s, w), t| {
                let f = fading(*t, half_life);
                let place = places.get(rows.place[*t]).copied().unwrap_or(0.0);
                (s + f * if logarithms { value(*t) - place } else { value(*t) }, w + f)
            });
            (w > 0.0).then(|| s / w)
        };
        let mut places = vec![0.0; design.season];
        let mut level = mean(&places)?;
        if logarithms && design.season > 1 {
            for _ in 0..2 {
                let mut sums = vec![(0.0, 1.0); design.season];
                for t in at.iter().filter(|t| y[**t] > 0.0) {
                    let f = fading(*t, 6.0 * half_life.max(design.season as f64));
                    sums[rows.place[*t]].0 += f * (value(*t) - level);
                    sums[rows.place[*t]].1 += f;
                }
                places = sums.iter().map(|(s, w)| s / w).collect();
                level = mean(&places)?;
            }
        }
        Some(Self { level, places, logarithms })
    }

    /// Demand at a place with an effect.
    pub fn at(&self, place: usize, effect: f64) -> f64 {
        if self.logarithms {
            (self.level + self.places.get(place).copied().unwrap_or(0.0) + effect).exp()
        } else {
            self.level * effect.clamp(-20.0, 20.0).exp()
        }
    }
}

/// Chooses groups and drivers.
pub(super) fn choose(history: &History, drivers: &Drivers, design: &Design, control: &dyn Control) -> Result<Chosen, Cancelled> {
    let width = design.features.len();
    let priors: Vec<f64> = design.features.iter().map(|f| f.prior).collect();
    let stride = history.series.len().div_ceil(SERIES).max(1);
    let sample: Vec<usize> = (0..history.series.len()).step_by(stride).collect();
    let looks: Vec<Vec<Look>> = sample
        .par_iter()
        .map(|s| {
            control.check()?;
            let series = &history.series[*s];
            let n = series.y.len();
            let length = drivers.horizon.min(n / 5).max(1);
            let rows = std::sync::Arc::new(design.rows(history, drivers, *s));
            Ok((1..=ORIGINS)
                .filter_map(|k| n.checked_sub(k * length).filter(|o| 2 * o >= n && *o >= 12))
                .map(|origin| Look {
                    series: *s,
                    normal: normal(&series.y, series.in_stock.as_deref(), &rows, width, design.window, origin),
                    rows: rows.clone(),
                    origin,
                    length,
                })
                .collect())
        })
        .collect::<Result<_, _>>()?;
    let origins = looks.iter().map(Vec::len).max().unwrap_or(0);
    // errors over all series and origins of one choice of columns
    let judge = |columns: &[usize], start: &mut Vec<Option<Pool>>| -> Option<f64> {
        let (mut errors, mut sizes) = (0.0, 0.0);
        for k in 0..origins {
            let here: Vec<&Look> = looks.iter().filter_map(|l| l.get(k)).collect();
            let all: Vec<&Normal> = here.iter().filter_map(|l| l.normal.as_ref()).collect();
            let effective: Vec<usize> = columns.to_vec();
            let pool = Pool::estimate(&all, width, effective, &priors, ROUNDS, start[k].as_ref());
            let scored: Vec<Option<(f64, f64)>> = here.par_iter().map(|l| score(history, design, l, &pool, width)).collect();
            for (e, s) in scored.into_iter().flatten() {
                errors += e;
                sizes += s;
            }
            start[k] = Some(pool);
        }
        (sizes > 0.0).then(|| errors / sizes)
    };
    let mut start: Vec<Option<Pool>> = vec![None; origins];
    let mut chosen = Chosen { groups: Vec::new(), out: Vec::new(), errors: None };
    let Some(without) = judge(&[], &mut start) else {
        // too short to judge: what drivers do themselves, drawn towards nothing
        chosen.groups.push(Group::Main);
        return Ok(chosen);
    };
    let mut best = f64::INFINITY;
    for group in [Group::Main, Group::ByPlace, Group::Neighbours, Group::Calendar] {
        control.check()?;
        if !design.features.iter().any(|f| f.group == group) {
            continue;
        }
        let tried: Vec<Group> = chosen.groups.iter().copied().chain([group]).collect();
        let Some(error) = judge(&design.columns(&tried, &[]), &mut start) else { continue };
        // days of the month are no driver: they alone are no reason
        let reference = best.min(without);
        if error < reference * (1.0 - GAIN) && (group != Group::Calendar || !chosen.groups.is_empty()) {
            chosen.groups = tried;
            best = error;
        }
    }
    if chosen.groups.is_empty() {
        chosen.errors = Some((without, without));
        return Ok(chosen);
    }
    let used =
        |d: usize, chosen: &Chosen| design.columns(&chosen.groups, &chosen.out).iter().any(|c| design.features[*c].driver == Some(d));
    for d in 0..drivers.columns.len() {
        control.check()?;
        if !used(d, &chosen) {
            continue;
        }
        let out: Vec<usize> = chosen.out.iter().copied().chain([d]).collect();
        if let Some(error) = judge(&design.columns(&chosen.groups, &out), &mut start)
            && error <= best * (1.0 + DRIVER_GAIN)
        {
            chosen.out = out;
            best = best.min(error);
        }
    }
    chosen.errors = Some((without, best));
    Ok(chosen)
}

/// Absolute errors of a window and what they are held against, both over the series' mean.
fn score(history: &History, design: &Design, l: &Look, pool: &Pool, width: usize) -> Option<(f64, f64)> {
    let series = &history.series[l.series];
    let effects = l.normal.as_ref().map_or_else(|| pool.typical(), |n| pool.effects(n, width));
    let drive: Vec<(usize, f64)> = pool
        .columns
        .iter()
        .zip(&effects.beta)
        .filter(|(c, _)| design.features[**c].group != Group::Season)
        .map(|(c, b)| (*c, *b))
        .collect();
    window(history, design, l.series, &l.rows, l.origin, l.length, &drive).map(|(e, s)| {
        let mean = series.y.iter().filter(|v| v.is_finite()).sum::<f64>() / series.y.len() as f64;
        (e / mean.max(1e-300), s / mean.max(1e-300))
    })
}

/// Errors and demand of one window of one series with these effects `(column, effect)`.
pub(super) fn window(
    history: &History,
    design: &Design,
    s: usize,
    rows: &Rows,
    origin: usize,
    length: usize,
    drive: &[(usize, f64)],
) -> Option<(f64, f64)> {
    let series = &history.series[s];
    let effect = |t: usize| {
        let row = rows.at(t);
        drive.iter().map(|(c, b)| row[*c] * b).sum::<f64>()
    };
    let plain = Plain::new(&series.y, series.in_stock.as_deref(), rows, origin, design, history.period, effect)?;
    let ahead = usable(&series.y, series.in_stock.as_deref(), rows, origin + length).into_iter().filter(|t| *t >= origin);
    let (e, s) = ahead.fold((0.0, 0.0), |(e, s), t| (e + (series.y[t] - plain.at(rows.place[t], effect(t))).abs(), s + series.y[t]));
    (s > 0.0).then_some((e, s))
}

/// The share of a row that a pool's columns carry.
pub(super) fn picked(row: &[f64], columns: &[usize]) -> Vec<f64> {
    columns.iter().map(|c| row[*c]).collect()
}

/// `Σ x·β` without the season.
pub(super) fn effect_of(design: &Design, pool: &Pool, beta: &[f64], row: &[f64]) -> f64 {
    let x: Vec<f64> = pool.columns.iter().map(|c| if design.features[*c].group == Group::Season { 0.0 } else { row[*c] }).collect();
    dot(&x, beta)
}
