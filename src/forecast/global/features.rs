//! A row of features a series and period. All of it is known a horizon before the period: values up to there, dates, and what is known ahead.

use super::panel::{Kind, Panel, Track};
use crate::base::Period;
use chrono::Datelike;

/// A missing feature.
const NONE: f32 = f32::NAN;
/// Fewer periods than this before a row say nothing of a level.
const LEAST: usize = 4;
/// Last values one season apart.
const LAGS: usize = 5;
/// Last places of the season, and values of a column there, that are averaged.
const PLACES: [usize; 3] = [4, 12, 26];
const ALIKE: usize = 8;
/// How far back values alike are looked for.
const LOOKED_AT: usize = 60;

fn told(v: f64) -> f32 {
    if v.is_finite() { v.clamp(-1e6, 1e6) as f32 } else { NONE }
}

impl Panel {
    /// Adds the row of series `s` and period `t` to `out`, as it is known `horizon` periods earlier; the recent level that target and features are over, or `None`
    /// where too little is known or nothing was sold.
    pub(super) fn row(&self, s: usize, t: usize, horizon: usize, out: &mut Vec<f32>) -> Option<f64> {
        let (track, shape) = (self.tracks.get(s)?, &self.shape);
        // the first period not known
        let known = (t + 1).saturating_sub(horizon).min(track.y.len());
        if track.seen(known) < LEAST {
            return None;
        }
        let from = |w: usize| known.saturating_sub(w);
        let recent = track.mean(from(shape.base), known);
        let level = if recent > 0.0 { recent } else { track.mean(0, known) };
        if level.is_nan() || level <= 0.0 {
            return None;
        }
        let base = track.mean_log(from(shape.base), known);
        let usual = if base.is_finite() { base } else { track.mean_log(0, known) };
        out.push(s as f32);
        out.push(told((level + track.floor).ln() - usual));
        self.dates(track, t, out);
        let at = |back: usize| (t + 1).checked_sub(back.max(horizon) + 1).and_then(|i| track.log.get(i)).copied();
        let lag = |k: usize| at(k).map_or(NONE, |v| told(v - usual));
        for k in 0..LAGS {
            out.push(lag(horizon + k * shape.cycle));
        }
        // the same season of the last year of which it is known
        let back = shape.year * horizon.div_ceil(shape.year.max(1)).max(1);
        out.push(lag(back));
        let near = shape.cycle.div_ceil(2);
        let around = (t + 1).checked_sub(back + near + 1).map_or(f64::NAN, |a| track.mean_log(a, (a + 2 * near + 1).min(known)));
        out.push(told(around - usual));
        // and the level of then
        let then = known.checked_sub(back).map_or(f64::NAN, |k| track.mean_log(k.saturating_sub(shape.means[1]), k));
        out.push(told(around - then));
        for w in shape.means {
            out.push(told(track.mean_log(from(w), known) - usual));
        }
        if shape.cycle > 1 {
            for count in PLACES {
                out.push(told(alike(track, t, known, shape.cycle, count, |_| true) - usual));
            }
        }
        for (kind, values) in self.kinds.iter().zip(&track.columns) {
            let value = |t: usize| values.get(t).copied().unwrap_or(NONE);
            let shifted = |by: i64| usize::try_from(t as i64 + by).map_or(NONE, value);
            let near: &[i64] = if shape.cycle > 1 { &[0, -2, -1, 1, 2, 3] } else { &[0, -1, 1] };
            out.extend(near.iter().map(|by| shifted(*by)));
            match kind {
                Kind::Price => {
                    let usual_price = f64::from(median(values, (t + 1).saturating_sub(shape.usual), t + 1));
                    out.push(told(f64::from(value(t)) / usual_price));
                    out.push(told(f64::from(shifted(-1)) / usual_price));
                }
                Kind::Value => {
                    let now = value(t);
                    out.push(told(alike(track, t, known, shape.cycle, ALIKE, |t| value(t) == now) - usual));
                }
                Kind::Number => {}
            }
        }
        Some(level)
    }

    fn dates(&self, track: &Track, t: usize, out: &mut Vec<f32>) {
        let date = track.calendar.at(t as i64).naive();
        let (ordinal, month, day) = (date.ordinal() as f32, date.month() as f32, date.day() as f32);
        let weekday = date.weekday().num_days_from_monday() as f32;
        match self.shape.period {
            Period::Hour => out.extend_from_slice(&[(t % 24) as f32, weekday, ordinal]),
            Period::Day => out.extend_from_slice(&[weekday, day, month, ordinal]),
            Period::Week => out.extend_from_slice(&[day, month, ordinal]),
            Period::Month | Period::Quarter => out.push(month),
            Period::Year => {}
        }
    }
}

/// Mean logarithm at the last `count` periods of the same place of the short cycle as `t`, before `known`, where `same`.
fn alike(track: &Track, t: usize, known: usize, cycle: usize, count: usize, same: impl Fn(usize) -> bool) -> f64 {
    let first = (t + 1).saturating_sub(known).div_ceil(cycle).max(1);
    let (mut sum, mut seen) = (0.0, 0usize);
    for k in first..first + LOOKED_AT {
        let Some(x) = t.checked_sub(k * cycle) else { break };
        if track.y.get(x).is_some_and(|v| v.is_finite()) && same(x) {
            sum += track.log[x];
            seen += 1;
            if seen == count {
                break;
            }
        }
    }
    if seen == 0 { f64::NAN } else { sum / seen as f64 }
}

fn median(values: &[f32], from: usize, to: usize) -> f32 {
    let mut seen: Vec<f32> = values.iter().take(to).skip(from).copied().filter(|v| v.is_finite()).collect();
    if seen.is_empty() {
        return NONE;
    }
    let middle = seen.len() / 2;
    *seen.select_nth_unstable_by(middle, f32::total_cmp).1
}
