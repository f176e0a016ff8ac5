//! Which dated events are used: those whose effect, learned from earlier occurrences, makes later ones come out better.
//!
//! Most events come once a year, so that a plain level would take the season for their effect. They are judged by the forecast itself
//! on windows that together are a year: demand is forecast with and without the events' effects, and an event stays where the periods in which it was on come out
//! better with it than without any, and than with the others alone. A promotion of one category would drown in the noise of the others, so that each category is also
//! judged by itself. Then all that stay are held against none once more, over every period of the windows.

use super::choose::{Chosen, effect_of};
use super::clean::{Cleaned, seasons};
use super::design::{Design, Group, Rows};
use super::local::{Normal, normal, usable};
use super::pool::{Effects, Pool, Pools};
use crate::base::{Cancelled, Control};
use crate::forecast::fitted::{FitOptions, SeriesInput, fit};
use crate::history::{DriverKind, Drivers, History};
use rayon::prelude::*;
use std::sync::Arc;

/// Series whose windows are looked at.
const SERIES: usize = 80;
/// Windows, which together are a year where the past is long enough.
const ORIGINS: usize = 2;
/// Times an event must have been on before anything is learned of it: one is any week's chance.
pub(super) const LEAST_OCCURRENCES: usize = 2;
/// How much smaller errors must be in the periods in which an event was on.
const GAIN: f64 = 0.02;
/// The same for one category by itself, of which there are many to be lucky; and standard errors over its series that the gain must be.
const GAIN_OF_KIND: f64 = 0.05;
const SURE: f64 = 2.5;
/// Fewer series of a category than this prove nothing by themselves.
const LEAST_OF_KIND: usize = 3;
/// Rounds of the pool's fixed point.
const ROUNDS: usize = 6;

/// One series at one origin.
struct Look {
    series: usize,
    rows: Arc<Rows>,
    origin: usize,
    length: usize,
    normal: Option<Normal>,
}

/// Adds the events that help to what was chosen; the others are among those left out.
pub(super) fn choose(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    options: &FitOptions,
    chosen: &mut Chosen,
    control: &dyn Control,
) -> Result<(), Cancelled> {
    let all: Vec<usize> = (0..drivers.columns.len()).filter(|d| drivers.columns[*d].kind == DriverKind::Event).collect();
    let seen = |d: &usize| {
        design.occurrences[*d] >= LEAST_OCCURRENCES && design.features.iter().any(|f| f.group == Group::Event && f.driver == Some(*d))
    };
    let (tried, mut out): (Vec<usize>, Vec<usize>) = all.iter().copied().partition(seen);
    if !tried.is_empty() {
        let looks = looks(history, drivers, design, control)?;
        let groups: Vec<Group> = chosen.groups.iter().copied().chain([Group::Event]).collect();
        let without = means(history, drivers, design, &looks, &design.columns(&chosen.groups, &chosen.out), &[], options, control)?;
        let less: Vec<usize> = chosen.out.iter().chain(&out).copied().collect();
        let with = means(history, drivers, design, &looks, &design.columns(&groups, &less), &[], options, control)?;
        let on = |d: usize| move |l: &Look, t: usize| drivers.values[l.series][d].get(t).is_some_and(|v| *v > 0.0);
        let kind = |l: &Look| drivers.kinds.get(l.series).copied().unwrap_or(0);
        let kinds = looks.iter().map(|l| kind(l) + 1).max().unwrap_or(0);
        let (mut kept, mut left, mut not_in) = (Vec::new(), Vec::new(), Vec::new());
        for d in tried {
            // better than without any, and better than with the others alone
            let others: Vec<Forecast> = with.iter().map(|f| f.without(d)).collect();
            let judged = [&without, &others, &with].map(|f| errors(history, &looks, f, on(d)));
            let at = |k: Option<usize>| Judged::of(&looks, &judged, |l| k.is_none_or(|k| kind(l) == k));
            let (all, each): (Judged, Vec<Judged>) = (at(None), (0..kinds).map(|k| at(Some(k))).collect());
            let helps_all = all.helps();
            let here: Vec<bool> = each.iter().map(|j| if helps_all { !j.harms() } else { j.helps_alone() }).collect();
            if here.contains(&true) {
                kept.push(d);
                not_in.extend(here.iter().enumerate().filter(|(_, here)| !**here).map(|(k, _)| (d, k)));
            } else {
                left.push(d);
            }
        }
        out.extend(left);
        if !kept.is_empty() {
            let less: Vec<usize> = chosen.out.iter().chain(&out).copied().collect();
            let both = means(history, drivers, design, &looks, &design.columns(&groups, &less), &not_in, options, control)?;
            let every = |f: &[Forecast]| errors(history, &looks, f, |_, _| true).iter().sum::<f64>();
            let (a, b) = (every(&without), every(&both));
            if b < a {
                chosen.groups = groups;
                chosen.not_in = not_in;
                chosen.events = Some((a, b));
            } else {
                out.extend(kept);
            }
        }
    }
    chosen.out.extend(out);
    Ok(())
}

/// Errors of the periods in which an event was on: without any event, with the others alone, with all.
struct Judged {
    without: f64,
    others: f64,
    with: f64,
    /// What is gained over the better of the two, and its standard error over series.
    gain: f64,
    error: f64,
    series: usize,
}

impl Judged {
    /// `errors` by window, in that order.
    fn of(looks: &[Look], errors: &[Vec<f64>; 3], counts: impl Fn(&Look) -> bool) -> Self {
        // windows of a series follow one another
        let mut each: Vec<(usize, [f64; 3])> = Vec::new();
        for (i, l) in looks.iter().enumerate().filter(|(_, l)| counts(l)) {
            let here = [errors[0][i], errors[1][i], errors[2][i]];
            match each.last_mut().filter(|e| e.0 == l.series) {
                Some((_, sums)) => sums.iter_mut().zip(here).for_each(|(s, x)| *s += x),
                None => each.push((l.series, here)),
            }
        }
        each.retain(|(_, e)| e[0] > 0.0);
        let sum = |k: usize| each.iter().map(|e| e.1[k]).sum::<f64>();
        let (without, others, with) = (sum(0), sum(1), sum(2));
        let reference = usize::from(others < without);
        let n = each.len() as f64;
        let gain = sum(reference) - with;
        let spread = each.iter().map(|(_, e)| (e[reference] - e[2] - gain / n.max(1.0)).powi(2)).sum::<f64>();
        Self { without, others, with, gain, error: (spread * n / (n - 1.0).max(1.0)).sqrt(), series: each.len() }
    }
    fn below(&self, share: f64) -> bool {
        self.with < self.without * share && self.with < self.others * share
    }
    fn helps(&self) -> bool {
        self.without > 0.0 && self.below(1.0 - GAIN)
    }
    fn helps_alone(&self) -> bool {
        self.series >= LEAST_OF_KIND && self.below(1.0 - GAIN_OF_KIND) && self.gain > SURE * self.error
    }
    fn harms(&self) -> bool {
        self.series >= LEAST_OF_KIND && self.gain < -SURE * self.error
    }
}

fn looks(history: &History, drivers: &Drivers, design: &Design, control: &dyn Control) -> Result<Vec<Look>, Cancelled> {
    let half_year = (history.period.per_year() / 2.0).ceil().max(1.0) as usize;
    let stride = history.series.len().div_ceil(SERIES).max(1);
    let sample: Vec<usize> = (0..history.series.len()).step_by(stride).collect();
    let each: Vec<Vec<Look>> = sample
        .par_iter()
        .map(|s| {
            control.check()?;
            let series = &history.series[*s];
            let n = series.y.len();
            let length = half_year.min(n / 4).max(1);
            let rows = Arc::new(design.rows(history, drivers, *s, 0));
            let origins = (1..=ORIGINS).filter_map(|k| n.checked_sub(k * length).filter(|o| 2 * o >= n && *o >= 12));
            Ok(origins
                .map(|origin| Look {
                    series: *s,
                    normal: normal(&series.y, series.in_stock.as_deref(), &rows, design.features.len(), design.window, origin),
                    rows: rows.clone(),
                    origin,
                    length,
                })
                .collect())
        })
        .collect::<Result<_, _>>()?;
    Ok(each.into_iter().flatten().collect())
}

/// Means of a window, and what each event adds to their logarithms.
#[derive(Default)]
struct Forecast {
    mean: Vec<f64>,
    along: Vec<(usize, Vec<f64>)>,
}

impl Forecast {
    /// The same without one event put back.
    fn without(&self, d: usize) -> Self {
        let along = self.along.iter().find(|(e, _)| *e == d);
        let less = |h: usize| along.and_then(|(_, a)| a.get(h)).copied().unwrap_or(0.0);
        Self { mean: self.mean.iter().enumerate().map(|(h, m)| m * (-less(h)).exp()).collect(), along: Vec::new() }
    }
}

/// Means forecast in each window with these columns, learned from what came before all windows of that series' origin; `not_in`: events that do nothing in a category.
#[allow(clippy::too_many_arguments)]
fn means(
    history: &History,
    drivers: &Drivers,
    design: &Design,
    looks: &[Look],
    columns: &[usize],
    not_in: &[(usize, usize)],
    options: &FitOptions,
    control: &dyn Control,
) -> Result<Vec<Forecast>, Cancelled> {
    let width = design.features.len();
    let priors: Vec<f64> = design.features.iter().map(|f| f.prior).collect();
    // windows end `k` lengths before a series' end: those of one k share a pool
    let turn = |l: &Look| (history.series[l.series].y.len() - l.origin) / l.length;
    let pools: Vec<Pools> = (1..=ORIGINS)
        .map(|k| {
            let here: Vec<(&Normal, usize)> =
                looks.iter().filter(|l| turn(l) == k).filter_map(|l| Some((l.normal.as_ref()?, l.series))).collect();
            let all: Vec<&Normal> = here.iter().map(|h| h.0).collect();
            let kinds: Vec<usize> = here.iter().filter_map(|h| drivers.kinds.get(h.1).copied()).collect();
            Pools::estimate(&all, &kinds, width, columns.to_vec(), &priors, ROUNDS)
        })
        .collect();
    looks
        .par_iter()
        .map(|l| {
            control.check()?;
            let series = &history.series[l.series];
            let Some(pools) = pools.get(turn(l).saturating_sub(1)) else { return Ok(Forecast::default()) };
            let pool = pools.of(drivers.kinds.get(l.series).copied());
            let mut effects: Effects = l.normal.as_ref().map_or_else(|| pool.typical(), |n| pool.effects(n, width));
            let kind = drivers.kinds.get(l.series).copied().unwrap_or(0);
            effects.forget(&|k| design.features[pool.columns[k]].driver.is_some_and(|d| not_in.contains(&(d, kind))));
            let effect: Vec<f64> = (0..l.origin + l.length).map(|t| effect_of(design, pool, &effects.beta, l.rows.at(t))).collect();
            let lasting = lasting(design, pool, &effects.beta, &l.rows, l.origin);
            let cleaned = Cleaned::of(series, design, &l.rows, &effect, &lasting, l.origin);
            let input = SeriesInput { y: &cleaned.y, ..SeriesInput::of(series, history.period).truncated(l.origin) };
            let season_lengths = seasons(&SeriesInput::of(series, history.period).truncated(l.origin), options);
            let fitted = fit(&input, &FitOptions { horizon: l.length, integer: Some(cleaned.whole), season_lengths, ..options.clone() });
            let mean = (0..l.length).map(|h| fitted.path.mean(h) * cleaned.factor(effect[l.origin + h])).collect();
            let events = pool.columns.iter().zip(&effects.beta).filter(|(c, _)| design.is_event(**c));
            let along = events
                .filter_map(|(c, b)| {
                    let d = design.features[*c].driver?;
                    Some((d, (0..l.length).map(|h| b * l.rows.at(l.origin + h).get(*c).copied().unwrap_or(0.0)).collect()))
                })
                .collect();
            Ok(Forecast { mean, along })
        })
        .collect()
}

/// The part of each past period's effect that is no event's: what cleaned demand keeps on average.
pub(super) fn lasting(design: &Design, pool: &Pool, beta: &[f64], rows: &Rows, n: usize) -> Vec<f64> {
    let mut still = beta.to_vec();
    for (b, c) in still.iter_mut().zip(&pool.columns) {
        if design.is_event(*c) {
            *b = 0.0;
        }
    }
    (0..n).map(|t| effect_of(design, pool, &still, rows.at(t))).collect()
}

/// Absolute errors over the series' mean by window, in the periods that count.
fn errors(history: &History, looks: &[Look], forecasts: &[Forecast], counts: impl Fn(&Look, usize) -> bool) -> Vec<f64> {
    let mut out = vec![0.0; looks.len()];
    for ((l, f), out) in looks.iter().zip(forecasts).zip(&mut out) {
        let series = &history.series[l.series];
        let known: Vec<f64> = series.y.iter().copied().filter(|v| v.is_finite()).collect();
        let size = known.iter().sum::<f64>() / known.len().max(1) as f64;
        if size <= 0.0 {
            continue;
        }
        let ahead = usable(&series.y, series.in_stock.as_deref(), &l.rows, l.origin + l.length);
        for t in ahead.into_iter().filter(|t| *t >= l.origin && counts(l, *t)) {
            *out += (series.y[t] - f.mean.get(t - l.origin).copied().unwrap_or(0.0)).abs() / size;
        }
    }
    out
}
