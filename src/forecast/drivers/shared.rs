//! The model of all series beside what drivers do to each: the mean of both, and how far outcomes then lie from it.
//!
//! Shares are fixed, not estimated: on cuts of five kinds of data before their test windows the best share of one window said nothing of the best of the next, and a
//! fixed one was better than either forecast alone on nearly all (benches/README.md; Bates & Granger 1969, Claeskens et al. 2016, "The forecast combination puzzle:
//! a simple theoretical explanation", IJF 32(3)). The last held-out window may only refuse what does harm, and says how wide the intervals have to be.

use super::apply::Learned;
use super::design::{Design, Group};
use crate::base::{Cancelled, Control};
use crate::forecast::fitted::{FitOptions, Fitted, fit};
use crate::forecast::global::panel::{Kind, Member, Panel};
use crate::forecast::global::trees::Global;
use crate::history::{DriverKind, Drivers, History};
use rayon::prelude::*;

/// Share of the trees in the logarithm of the mean.
const SHARE: f64 = 0.4;
/// Fewer series than this have too little in common to learn from.
const LEAST_SERIES: usize = 20;
/// Series whose last window is held out.
const HELD: usize = 150;
/// The held-out window must leave at least so many horizons before it.
const LEAST_HORIZONS: usize = 3;
/// Refused where held-out errors, absolute and squared, are both larger by this.
const HARM: f64 = 1.02;
/// How far the spread follows the held-out window, on the logarithm: what all series met in it is one draw, and the next may be less calm.
const FOLLOWED: f64 = 0.5;

/// What the model of all series says of the horizon.
#[derive(Debug)]
pub(super) struct Shared {
    /// By series: means in units a period ahead.
    ahead: Vec<Vec<f64>>,
    /// How much wider outcomes lie about the mean than they would without it.
    pub spread: f64,
    /// Absolute errors over demand in the held-out window without and with it.
    pub errors: (f64, f64),
}

impl Shared {
    /// The mean of a series in a period ahead, if it has one.
    pub fn of(&self, s: usize, step: usize) -> Option<f64> {
        self.ahead.get(s)?.get(step).copied().filter(|v| *v > 0.0)
    }

    /// Whether it says anything of a series.
    pub fn speaks(&self, s: usize) -> bool {
        self.ahead.get(s).is_some_and(|a| a.iter().any(|v| *v > 0.0))
    }

    /// A mean joined with what the trees say.
    pub fn joined(mean: f64, trees: f64) -> f64 {
        super::choose::mixed(mean, trees, SHARE)
    }

    /// Its share.
    pub const fn share() -> f64 {
        SHARE
    }

    /// Its share in per cent.
    pub fn percent() -> f64 {
        100.0 * SHARE
    }
}

/// Learns it, where there are enough series and something is known ahead that matters. `None` where there is not, or the held-out window came out worse with it.
pub(super) fn learn(
    history: &History,
    drivers: &Drivers,
    learned: &mut Learned,
    options: &FitOptions,
    ahead: usize,
    control: &dyn Control,
) -> Result<Option<Shared>, Cancelled> {
    let count = history.series.len();
    // dated events alone are too few to grow trees for
    let drives = learned.chosen.groups.iter().any(|g| *g != Group::Event);
    if count < LEAST_SERIES || !drives {
        return Ok(None);
    }
    let panel = panel(history, drivers, &learned.design, ahead);
    let horizon = panel.horizon(ahead.min(drivers.horizon)).max(1);
    let stride = count.div_ceil(HELD).max(1);
    let enough = |s: &usize| history.series[*s].y.len() >= (LEAST_HORIZONS + 1) * horizon;
    let sample: Vec<usize> = (0..count).step_by(stride).filter(enough).collect();
    if sample.len() < LEAST_SERIES {
        return Ok(None);
    }
    control.check()?;
    let Some(judge) = Global::learn(&panel, horizon, horizon) else { return Ok(None) };
    control.check()?;
    let then = Shared { ahead: judge.ask(&panel, &sample, horizon), spread: 1.0, errors: (0.0, 0.0) };
    drop(judge);
    let Some(Held { spread, errors }) = held_out(history, drivers, learned, then, &sample, (options, horizon), control)? else {
        return Ok(None);
    };
    let Some(global) = Global::learn(&panel, horizon, 0) else { return Ok(None) };
    control.check()?;
    let all: Vec<usize> = (0..count).collect();
    Ok(Some(Shared { ahead: global.ask(&panel, &all, 0), spread, errors }))
}

/// What the held-out window says.
struct Held {
    spread: f64,
    errors: (f64, f64),
}

/// The last `horizon` periods of some series, forecast as they would have been. How much wider outcomes lie, and errors without and with the trees; `None` where these do harm.
fn held_out(
    history: &History,
    drivers: &Drivers,
    learned: &mut Learned,
    then: Shared,
    sample: &[usize],
    (options, horizon): (&FitOptions, usize),
    control: &dyn Control,
) -> Result<Option<Held>, Cancelled> {
    let mut cut = History { series: sample.iter().map(|s| history.series[*s].clone()).collect(), ..*history };
    for s in &mut cut.series {
        let n = s.y.len() - horizon;
        s.y.truncate(n);
        if let Some(stock) = &mut s.in_stock {
            stock.truncate(n);
        }
    }
    let few = Drivers {
        columns: drivers.columns.clone(),
        values: sample.iter().map(|s| drivers.values[*s].clone()).collect(),
        horizon: drivers.horizon + horizon,
        kinds: sample.iter().filter_map(|s| drivers.kinds.get(*s).copied()).collect(),
    };
    let options = FitOptions { horizon, ..options.clone() };
    let each = |learned: &Learned| -> Result<Vec<Fitted>, Cancelled> {
        (0..cut.series.len())
            .into_par_iter()
            .map(|s| {
                control.check()?;
                Ok(learned.forecast(&cut, &few, &few, s, &options, &|x, o| fit(x, o)).fitted)
            })
            .collect()
    };
    let without = each(learned)?;
    learned.shared = Some(then);
    let with = each(learned);
    learned.shared = None;
    let with = with?;
    let (mut absolute, mut squared, mut sold) = ([0.0; 2], [0.0; 2], 0.0);
    // by how much outcomes lie beyond the ends of intervals, whose own probability is nominal
    let mut beyond: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for ((s, a), b) in sample.iter().zip(&without).zip(&with) {
        let y = &history.series[*s].y;
        let scale = y.iter().filter(|v| v.is_finite()).sum::<f64>() / y.len() as f64;
        for h in 0..horizon {
            let actual = y[y.len() - horizon + h];
            if !actual.is_finite() || b.path.mean(h) <= 0.0 || scale <= 0.0 {
                continue;
            }
            sold += actual / scale;
            for (k, f) in [a, b].into_iter().enumerate() {
                let e = (actual - f.path.mean(h)) / scale;
                absolute[k] += e.abs();
                squared[k] += e * e;
            }
            let middle = b.path.quantile(h, 0.5);
            for (out, tail) in beyond.iter_mut().zip([0.1, 0.025]) {
                let end = b.path.quantile(h, if actual < middle { tail } else { 1.0 - tail });
                let width = (end - middle).abs();
                if width > 0.0 {
                    out.push((actual - middle).abs() / width);
                }
            }
        }
    }
    if sold <= 0.0 || (absolute[1] > HARM * absolute[0] && squared[1] > HARM * squared[0]) {
        return Ok(None);
    }
    let at = |v: &mut Vec<f64>, p: f64| {
        v.sort_by(f64::total_cmp);
        v.get(((v.len() as f64 * p).ceil() as usize).clamp(1, v.len().max(1)) - 1).copied().unwrap_or(1.0).clamp(0.25, 4.0)
    };
    let [inner, outer] = &mut beyond;
    let found = (at(inner, 0.8).ln() + at(outer, 0.95).ln()) / 2.0;
    Ok(Some(Held { spread: (FOLLOWED * found).exp().clamp(0.6, 1.5), errors: (absolute[0] / sold, absolute[1] / sold) }))
}

fn panel(history: &History, drivers: &Drivers, design: &Design, ahead: usize) -> Panel {
    let members: Vec<Member<'_>> = (0..history.series.len())
        .into_par_iter()
        .map(|s| {
            let series = &history.series[s];
            let n = series.y.len();
            let columns = design.filled(history, drivers, s, n + ahead);
            Member {
                y: series.y.iter().enumerate().map(|(t, y)| if design.is_shut(&columns, t) { f64::NAN } else { *y }).collect(),
                in_stock: series.in_stock.as_deref(),
                calendar: series.calendar(history.period),
                columns,
            }
        })
        .collect();
    let kind = |k: &DriverKind| match k {
        DriverKind::Price => Kind::Price,
        DriverKind::Number | DriverKind::Event => Kind::Number,
        DriverKind::Flag | DriverKind::Words(_) => Kind::Value,
    };
    Panel::new(members, history.period, drivers.columns.iter().map(|c| kind(&c.kind)).collect())
}
