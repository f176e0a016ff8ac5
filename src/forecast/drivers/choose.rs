//! Which effects are used: those that make held-out windows come out better.
//!
//! Rolling origins as in `rolling`; effects are learned before each origin, and demand without them is carried on by the plainest forecast that follows a level and
//! a season, so that the comparison costs little. Groups of columns are added one after another and stay if errors over all series fall; then each driver is
//! left out in turn, and stays out if errors do not rise; at last each series decides for itself, from its own windows and what others show.

use super::clean::Cleaned;
use super::design::{Design, Group, Rows};
use super::local::{Normal, dot, has_logarithm, normal, usable};
use super::pool::Pool;
use crate::base::{Cancelled, Control, Period};
use crate::forecast::fitted::{FitOptions, SeriesInput, fit};
use crate::history::{Drivers, History};
use rayon::prelude::*;

/// Series whose windows are looked at.
const SERIES: usize = 120;
/// Most origins.
const ORIGINS: usize = 3;
/// A group must make errors this much smaller.
const GAIN: f64 = 0.002;
/// A driver must make errors at least this much smaller: what a coin gains by luck on three windows of a few series is less.
const DRIVER_GAIN: f64 = 0.005;
/// Rounds of the pool's fixed point while choosing.
const ROUNDS: usize = 4;
/// Other half-lives that are tried, in usual ones.
const HALF_LIVES: [f64; 3] = [0.5, 2.0, 4.0];
/// Series and origins at which the forecasting methods are held against the plain forecast.
const BLENDED: usize = 50;
const BLEND_ORIGINS: usize = 2;
/// Shares of the plain forecast that are tried: quarters.
const SHARES: usize = 5;

/// What is used, and how it did.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub groups: Vec<Group>,
    /// Drivers left out, since errors do not rise without them.
    pub out: Vec<usize>,
    /// Mean absolute error on held-out windows over mean demand without and with the effects, where there were any.
    pub errors: Option<(f64, f64)>,
    /// Periods in which what the plain forecast knows of the level fades by half.
    pub half_life: f64,
    /// Share of the plain forecast in the mean, 0..=1.
    pub plain: f64,
    /// Events (as drivers) and the kinds of series in which they do nothing.
    pub not_in: Vec<(usize, usize)>,
    /// Errors over all held-out periods without and with the events that are used, where there are any.
    pub events: Option<(f64, f64)>,
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
    /// What makes a mean of the exponential of a mean of logarithms (Duan 1983, "Smearing estimate", JASA 78).
    smear: f64,
}

/// Periods in which a level fades by half, before held-out windows say.
fn usual_half_life(period: Period) -> f64 {
    match period {
        Period::Hour => 96.0,
        Period::Day => 28.0,
        Period::Week => 10.0,
        Period::Month => 8.0,
        Period::Quarter => 4.0,
        Period::Year => 2.0,
    }
}

impl Plain {
    /// From the periods before `until`, with `effect` taken out.
    pub fn new(
        y: &[f64],
        in_stock: Option<&[f64]>,
        rows: &Rows,
        until: usize,
        design: &Design,
        half_life: f64,
        effect: impl Fn(usize) -> f64,
    ) -> Option<Self> {
        let at = usable(y, in_stock, rows, until);
        let last = *at.last()?;
        let logarithms = has_logarithm(y, &at);
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
        let mut out = Self { level, places, logarithms, smear: 1.0 };
        if logarithms {
            let (told, said) = at.iter().fold((0.0, 0.0), |(a, b), t| {
                // the level of another time would be taken for a mean
                let f = fading(*t, half_life);
                (a + f * y[*t], b + f * out.at(rows.place[*t], effect(*t)))
            });
            out.smear = if said > 0.0 { (told / said).clamp(0.5, 2.0) } else { 1.0 };
        }
        Some(out)
    }

    /// Mean demand at a place with an effect.
    pub fn mean(&self, place: usize, effect: f64) -> f64 {
        self.smear * self.at(place, effect)
    }

    /// Usual demand at a place with an effect.
    pub fn at(&self, place: usize, effect: f64) -> f64 {
        if self.logarithms {
            (self.level + self.places.get(place).copied().unwrap_or(0.0) + effect).exp()
        } else {
            self.level * effect.clamp(-20.0, 20.0).exp()
        }
    }
}

/// Chooses groups, drivers and events, for forecasts of `ahead` periods.
pub(super) fn choose(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    options: &FitOptions,
    ahead: usize,
    control: &dyn Control,
) -> Result<Chosen, Cancelled> {
    let mut chosen = choose_columns(history, drivers, design, options, ahead, control)?;
    super::events::choose(history, drivers, design, options, &mut chosen, control)?;
    Ok(chosen)
}

fn choose_columns(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    options: &FitOptions,
    ahead: usize,
    control: &dyn Control,
) -> Result<Chosen, Cancelled> {
    let half_life = usual_half_life(history.period);
    let mut chosen = Chosen { groups: Vec::new(), out: Vec::new(), errors: None, half_life, plain: 0.0, not_in: Vec::new(), events: None };
    if !design.features.iter().any(|f| f.driver.is_some() && f.group != Group::Event) {
        return Ok(chosen);
    }
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
            let length = ahead.min(n / 5).max(1);
            let rows = std::sync::Arc::new(design.rows(history, drivers, *s, ahead));
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
    let judge = |columns: &[usize], half_life: f64, start: &mut Vec<Option<Pool>>| -> Option<f64> {
        let (mut errors, mut sizes) = (0.0, 0.0);
        for (k, slot) in start.iter_mut().enumerate() {
            let here: Vec<&Look> = looks.iter().filter_map(|l| l.get(k)).collect();
            let all: Vec<&Normal> = here.iter().filter_map(|l| l.normal.as_ref()).collect();
            let pool = Pool::estimate(&all, width, columns.to_vec(), &priors, ROUNDS, slot.as_ref());
            let scored: Vec<Option<(f64, f64)>> = here.par_iter().map(|l| score(history, design, l, &pool, half_life)).collect();
            for (e, s) in scored.into_iter().flatten() {
                errors += e;
                sizes += s;
            }
            *slot = Some(pool);
        }
        (sizes > 0.0).then(|| errors / sizes)
    };
    let mut start: Vec<Option<Pool>> = vec![None; origins];
    let Some(without) = judge(&[], half_life, &mut start) else {
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
        let Some(error) = judge(&design.columns(&tried, &[]), half_life, &mut start) else { continue };
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
        if let Some(error) = judge(&design.columns(&chosen.groups, &out), half_life, &mut start)
            && error <= best * (1.0 + DRIVER_GAIN)
        {
            chosen.out = out;
            best = best.min(error);
        }
    }
    let columns = design.columns(&chosen.groups, &chosen.out);
    for factor in HALF_LIVES {
        control.check()?;
        if let Some(error) = judge(&columns, factor * half_life, &mut start)
            && error < best * (1.0 - GAIN)
        {
            (best, chosen.half_life) = (error, factor * half_life);
        }
    }
    chosen.errors = Some((without, best));
    // the pools once more for what was chosen
    judge(&columns, chosen.half_life, &mut start);
    chosen.plain = share(history, design, &looks, &start, chosen.half_life, options, control)?;
    Ok(chosen)
}

/// The share of the plain forecast with which the last windows come out best: where effects carry most of what moves demand, a steady level is often better than
/// what methods make of the noise that is left, and an average of both is often best (Bates & Granger 1969, "The combination of forecasts").
fn share(
    history: &History,
    design: &Design,
    looks: &[Vec<Look>],
    pools: &[Option<Pool>],
    half_life: f64,
    options: &FitOptions,
    control: &dyn Control,
) -> Result<f64, Cancelled> {
    let stride = looks.len().div_ceil(BLENDED).max(1);
    let few: Vec<(&Look, &Pool)> = looks
        .iter()
        .step_by(stride)
        .flat_map(|l| l.iter().zip(pools).take(BLEND_ORIGINS).filter_map(|(l, p)| Some((l, p.as_ref()?))))
        .collect();
    let errors: Vec<Option<[f64; SHARES]>> = few
        .par_iter()
        .map(|(l, pool)| {
            control.check()?;
            Ok(shares(history, design, l, pool, half_life, options))
        })
        .collect::<Result<_, _>>()?;
    let mut total = [0.0; SHARES];
    for e in errors.into_iter().flatten() {
        total.iter_mut().zip(e).for_each(|(t, e)| *t += e);
    }
    let best = total.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |b| b.0);
    // a share that hardly helps is none
    let gained = total[best] < total[0] * (1.0 - GAIN);
    Ok(if gained { best as f64 / (SHARES - 1) as f64 } else { 0.0 })
}

/// Errors of one window at each share of the plain forecast, over mean demand.
fn shares(history: &History, design: &Design, l: &Look, pool: &Pool, half_life: f64, options: &FitOptions) -> Option<[f64; SHARES]> {
    let series = &history.series[l.series];
    let effects = l.normal.as_ref().map_or_else(|| pool.typical(), |n| pool.effects(n, design.features.len()));
    let effect: Vec<f64> = (0..l.origin + l.length).map(|t| effect_of(design, pool, &effects.beta, l.rows.at(t))).collect();
    let cleaned = Cleaned::of(series, design, &l.rows, &effect, &effect, l.origin);
    let in_stock = series.in_stock.as_deref();
    let input = SeriesInput { y: &cleaned.y, ..SeriesInput::of(series, history.period).truncated(l.origin) };
    let fitted = fit(&input, &FitOptions { horizon: l.length, integer: Some(cleaned.whole), ..options.clone() });
    let plain = Plain::new(&series.y, in_stock, &l.rows, l.origin, design, half_life, |t| effect[t])?;
    let mut out = [0.0; SHARES];
    let mean = series.y.iter().filter(|v| v.is_finite()).sum::<f64>() / series.y.len() as f64;
    for t in usable(&series.y, in_stock, &l.rows, l.origin + l.length).into_iter().filter(|t| *t >= l.origin) {
        let (a, b) = (fitted.path.mean(t - l.origin) * cleaned.factor(effect[t]), plain.mean(l.rows.place[t], effect[t]));
        for (k, o) in out.iter_mut().enumerate() {
            *o += (series.y[t] - mixed(a, b, k as f64 / (SHARES - 1) as f64)).abs() / mean.max(1e-300);
        }
    }
    Some(out)
}

/// A geometric mean with this share of the second.
pub(super) fn mixed(a: f64, b: f64, share: f64) -> f64 {
    if share > 0.0 && a > 0.0 && b > 0.0 { a.powf(1.0 - share) * b.powf(share) } else { a }
}

/// Absolute errors of a window and what they are held against, both over the series' mean.
fn score(history: &History, design: &Design, l: &Look, pool: &Pool, half_life: f64) -> Option<(f64, f64)> {
    let series = &history.series[l.series];
    let effects = l.normal.as_ref().map_or_else(|| pool.typical(), |n| pool.effects(n, design.features.len()));
    let drive: Vec<(usize, f64)> = pool
        .columns
        .iter()
        .zip(&effects.beta)
        .filter(|(c, _)| design.features[**c].group != Group::Season)
        .map(|(c, b)| (*c, *b))
        .collect();
    window(history, design, l.series, &l.rows, (l.origin, l.length), &drive, half_life).map(|(e, s)| {
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
    (origin, length): (usize, usize),
    drive: &[(usize, f64)],
    half_life: f64,
) -> Option<(f64, f64)> {
    let series = &history.series[s];
    let effect = |t: usize| {
        let row = rows.at(t);
        drive.iter().map(|(c, b)| row[*c] * b).sum::<f64>()
    };
    let plain = Plain::new(&series.y, series.in_stock.as_deref(), rows, origin, design, half_life, effect)?;
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
