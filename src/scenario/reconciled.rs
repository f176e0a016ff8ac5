//! Forecasts of series and groups made to agree, the way chosen that held-out windows found best.

use super::engine::{Engine, fit_options};
use super::forecasts::Forecasts;
use super::load::Inputs;
use super::plan::Plan;
use super::value_added::cut;
use crate::base::{Calendar, Cancelled, Control};
use crate::forecast::reconcile::{Members, Method, Node, reconcile};
use crate::forecast::{SeriesInput, fit};
use crate::history::History;
use rayon::prelude::*;
use serde::Serialize;
use std::sync::Arc;

/// Windows of the past whose errors weigh the levels.
const WINDOWS: usize = 4;

/// What became of forecasts that were made to agree.
#[derive(Debug, Clone, Serialize)]
pub struct Agreed {
    /// The way used.
    pub method: Method,
    /// Mean error of the groups and series on held-out windows, each over its own demand, by way; empty where the past is too short.
    pub errors: Vec<(&'static str, f64)>,
    /// Held-out windows behind it.
    pub windows: usize,
}

/// Which names a series has at each level that is made to agree.
pub type Keys<'a> = dyn Fn(&super::resolve::Stocked) -> Vec<String> + Sync + 'a;

impl Engine {
    /// Makes the series' forecasts agree with independent forecasts of their groups; `keys` names the groups of a series beside the total, and `method` the way,
    /// `None` for the one with the least errors on held-out windows. What was changed by hand stays in proportion.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn agree(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        found: &mut Forecasts,
        keys: &Keys<'_>,
        method: Option<Method>,
        control: &dyn Control,
    ) -> Result<Agreed, Cancelled> {
        let none = Agreed { method: Method::BottomUp, errors: Vec::new(), windows: 0 };
        let Some(history) = &inputs.history else { return Ok(none) };
        let horizon = plan.periods;
        let members = groups(found, keys);
        let above = tops(history, found, &members, plan, horizon, control)?;
        // errors of both on windows of the past
        let alone = Plan { overrides: Vec::new(), drivers: Vec::new(), ..plan.clone() };
        let longest = history.series.iter().map(|s| s.y.len()).max().unwrap_or(0);
        let length = horizon.min(longest / (2 * WINDOWS)).max(1);
        let mut series_errors: Vec<Vec<f64>> = vec![Vec::new(); found.series.len()];
        let mut group_errors: Vec<Vec<f64>> = vec![Vec::new(); members.len()];
        let mut windows: Vec<Window> = Vec::new();
        for k in (1..=WINDOWS).rev() {
            control.check()?;
            let origin = found.ahead.at(-((k * length) as i64));
            let Some((then, _)) = cut(inputs, history, origin) else { continue };
            let Some(before) = self.forecasts(&then, &Plan { periods: length, ..alone.clone() }, control)? else { continue };
            let Some(past) = &then.history else { continue };
            let at: Vec<Option<usize>> =
                found.series.iter().map(|s| before.series.iter().position(|b| b.stocked.unique_id == s.stocked.unique_id)).collect();
            let members_then: Vec<Members> =
                members.iter().map(|m| m.iter().filter_map(|i| at.get(*i).copied().flatten()).collect()).collect();
            let tops_then = tops(past, &before, &members_then, plan, length, control)?;
            let actual: Vec<Vec<f64>> = found.series.iter().map(|s| seen(history, s.stocked.series, &before.ahead, length)).collect();
            let mean = |i: usize, h: usize| at.get(i).copied().flatten().and_then(|b| before.series.get(b)).map_or(0.0, |b| b.path.mean(h));
            let means: Vec<Vec<f64>> = (0..found.series.len()).map(|i| (0..length).map(|h| mean(i, h)).collect()).collect();
            let sums: Vec<Vec<f64>> = members
                .iter()
                .map(|m| (0..length).map(|h| m.iter().filter_map(|i| actual.get(*i)?.get(h)).filter(|v| v.is_finite()).sum()).collect())
                .collect();
            for (e, (y, m)) in series_errors.iter_mut().zip(actual.iter().zip(&means)) {
                e.extend(y.iter().zip(m).map(|(y, m)| y - m));
            }
            for (e, (y, m)) in group_errors.iter_mut().zip(sums.iter().zip(&tops_then)) {
                e.extend(y.iter().zip(m).map(|(y, m)| y - m));
            }
            windows.push(Window { means, tops: tops_then, actual, sums });
        }
        let nodes = |means: &[Vec<f64>], errors: &[Vec<f64>], skip: Option<usize>| -> Vec<Node> {
            let part = |e: &Vec<f64>| match skip {
                Some(w) => e.iter().enumerate().filter(|(t, _)| t / length != w).map(|(_, v)| *v).collect(),
                None => e.clone(),
            };
            means.iter().zip(errors).map(|(m, e)| Node { mean: m.clone(), errors: part(e) }).collect()
        };
        let mut errors = Vec::new();
        if windows.len() >= 2 {
            for way in Method::ALL {
                let judged = windows.par_iter().enumerate().map(|(w, x)| {
                    let out =
                        reconcile(&nodes(&x.means, &series_errors, Some(w)), &nodes(&x.tops, &group_errors, Some(w)), &members, way, true);
                    x.missed(&out, &members)
                });
                errors.push((way.name(), judged.collect::<Vec<f64>>().iter().sum::<f64>() / windows.len() as f64));
            }
        }
        let best = errors.iter().zip(Method::ALL).min_by(|a, b| a.0.1.total_cmp(&b.0.1)).map_or(Method::BottomUp, |b| b.1);
        let used = method.unwrap_or(best);
        if used != Method::BottomUp {
            let means: Vec<Vec<f64>> = found
                .series
                .iter()
                .map(|s| (0..horizon).map(|h| s.fitted.path.mean(h + s.stocked.lag) * s.stocked.demand_factor).collect())
                .collect();
            let out = reconcile(&nodes(&means, &series_errors, None), &nodes(&above, &group_errors, None), &members, used, true);
            for (s, (to, was)) in found.series.iter_mut().zip(out.iter().zip(&means)) {
                let wanted: Vec<(usize, f64)> = to
                    .iter()
                    .zip(was)
                    .enumerate()
                    .map(|(h, (to, was))| (h, if *was > 1e-9 { s.path.mean(h) * to / was } else { *to }))
                    .collect();
                s.path = Arc::new(s.path.with_means(&wanted));
            }
        }
        Ok(Agreed { method: used, errors, windows: windows.len() })
    }
}

/// Forecasts and sales of a window of the past.
struct Window {
    means: Vec<Vec<f64>>,
    tops: Vec<Vec<f64>>,
    actual: Vec<Vec<f64>>,
    sums: Vec<Vec<f64>>,
}

impl Window {
    /// Errors of groups and of all series, each over its demand; the groups of a window count as much as the series.
    fn missed(&self, out: &[Vec<f64>], members: &[Members]) -> f64 {
        let ratio = |pairs: &mut dyn Iterator<Item = (f64, f64)>| {
            let (e, d) =
                pairs.filter(|(y, m)| y.is_finite() && m.is_finite()).fold((0.0, 0.0), |(e, d), (y, m)| (e + (y - m).abs(), d + y.abs()));
            if d > 0.0 { e / d } else { 0.0 }
        };
        let series = ratio(&mut self.actual.iter().zip(out).flat_map(|(y, m)| y.iter().copied().zip(m.iter().copied())));
        let groups = ratio(&mut self.sums.iter().zip(members).flat_map(|(y, of)| {
            let sum = |h: usize| of.iter().filter_map(|i| out.get(*i)?.get(h)).sum::<f64>();
            y.iter().enumerate().map(move |(h, y)| (*y, sum(h))).collect::<Vec<_>>()
        }));
        series + groups
    }
}

/// The total and every named group, as indices of the series; a group of one says nothing.
fn groups(found: &Forecasts, keys: &Keys<'_>) -> Vec<Members> {
    let mut members: Vec<Members> = vec![(0..found.series.len()).collect()];
    let mut named: std::collections::BTreeMap<String, Members> = std::collections::BTreeMap::new();
    for (i, s) in found.series.iter().enumerate() {
        for key in keys(&s.stocked) {
            named.entry(key).or_default().push(i);
        }
    }
    members.extend(named.into_values().filter(|of| of.len() > 1 && of.len() < found.series.len()));
    members
}

/// Means of groups forecast by themselves.
fn tops(
    history: &History,
    found: &Forecasts,
    members: &[Members],
    plan: &Plan,
    horizon: usize,
    control: &dyn Control,
) -> Result<Vec<Vec<f64>>, Cancelled> {
    members
        .par_iter()
        .map(|of| {
            control.check()?;
            let longest = of
                .iter()
                .filter_map(|i| found.series.get(*i))
                .filter_map(|s| Some(history.series.get(s.stocked.series)?.y.len() + s.stocked.lag))
                .max()
                .unwrap_or(0);
            // the sum of what each sold; before its beginning a series sold nothing, where it is unknown the sum is
            let mut y = vec![0.0; longest];
            for s in of.iter().filter_map(|i| found.series.get(*i)) {
                let Some(series) = history.series.get(s.stocked.series) else { continue };
                let n = series.y.len();
                for (b, total) in y.iter_mut().rev().enumerate() {
                    *total += match (b + 1).checked_sub(s.stocked.lag) {
                        // not told yet: as it is forecast
                        None | Some(0) => s.fitted.path.mean(s.stocked.lag - (b + 1)),
                        Some(back) => n.checked_sub(back).and_then(|i| series.y.get(i)).copied().unwrap_or(0.0),
                    };
                }
            }
            let start = found.ahead.at(-(longest as i64));
            let input = SeriesInput { y: &y, in_stock: None, period: history.period, start };
            let fitted = fit(&input, &fit_options(plan, horizon));
            Ok((0..horizon).map(|h| fitted.path.mean(h)).collect())
        })
        .collect()
}

/// What a series sold in the periods from a calendar's start on.
fn seen(history: &History, series: usize, ahead: &Calendar, length: usize) -> Vec<f64> {
    let Some(s) = history.series.get(series) else { return vec![f64::NAN; length] };
    let from = s.calendar(history.period).index(ahead.start);
    (0..length as i64).map(|h| usize::try_from(from + h).ok().and_then(|t| s.y.get(t)).copied().unwrap_or(f64::NAN)).collect()
}
