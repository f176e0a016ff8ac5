//! Overrides applied: from what was said about groups of series to a mean for every series and step.

use super::plan::{ForecastOverride, Plan};
use super::resolve::Stocked;
use crate::base::diagnostic::nearest;
use crate::base::{Calendar, Diagnostic};
use serde::Serialize;

/// A step of a series that somebody changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    /// Periods from now, 0 the first ahead.
    pub step: usize,
    /// Mean that the models forecast, units a period.
    pub statistical: f64,
    /// Mean after the overrides, units a period.
    pub mean: f64,
    /// Which of the plan's overrides did it, in their order.
    pub by: Vec<usize>,
}

/// What somebody changed of one series' forecast.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ByHand {
    /// Steps changed, ascending.
    pub steps: Vec<Said>,
    /// The overrides in words, each once, in their order.
    pub words: Vec<String>,
}

impl ByHand {
    /// `(step, mean)` as [`with_means`](crate::forecast::PathModel::with_means) takes them.
    pub fn means(&self) -> Vec<(usize, f64)> {
        self.steps.iter().map(|s| (s.step, s.mean)).collect()
    }

    /// One phrase for a reason; empty where nothing was changed.
    pub fn phrase(&self) -> String {
        if self.words.is_empty() { String::new() } else { format!("forecast changed by hand: {}", self.words.join("; ")) }
    }
}

/// A series as an override sees it: names, and its mean at every step from now.
pub(super) struct Seen<'a> {
    pub stocked: &'a Stocked,
    pub means: Vec<f64>,
}

pub(super) fn fits(o: &ForecastOverride, s: &Stocked) -> bool {
    o.fits(&s.unique_id, &s.item, &s.location, s.category.as_deref())
}

/// Spreads every override over its series by their present shape: each series keeps its share of the group's mean at that step, or has an equal
/// share where the group has none. One result a series, in the order given; sums fold in that order.
pub(super) fn apply(overrides: &[ForecastOverride], ahead: &Calendar, seen: &[Seen<'_>]) -> Vec<ByHand> {
    let mut now: Vec<Vec<f64>> = seen.iter().map(|s| s.means.clone()).collect();
    let mut by: Vec<Vec<Vec<usize>>> = seen.iter().map(|s| vec![Vec::new(); s.means.len()]).collect();
    for (k, o) in overrides.iter().enumerate() {
        let members: Vec<usize> = (0..seen.len()).filter(|i| fits(o, seen[*i].stocked)).collect();
        let (first, last) = o.steps(ahead);
        let steps = members.iter().map(|i| now[*i].len()).max().unwrap_or(0);
        for t in first.max(0) as usize..steps.min(last.saturating_add(1).max(0) as usize) {
            let there: Vec<usize> = members.iter().copied().filter(|i| t < now[*i].len()).collect();
            let total: f64 = there.iter().map(|i| now[*i][t]).sum();
            let to = o.applied(total);
            for i in &there {
                now[*i][t] = if total > 1e-9 { now[*i][t] * (to / total) } else { to / there.len() as f64 };
                by[*i][t].push(k);
            }
        }
    }
    seen.iter()
        .zip(now)
        .zip(by)
        .map(|((s, now), by)| {
            let steps: Vec<Said> = by
                .into_iter()
                .enumerate()
                .filter(|(_, by)| !by.is_empty())
                .map(|(t, by)| Said { step: t, statistical: s.means[t], mean: now[t], by })
                .collect();
            let mut which: Vec<usize> = steps.iter().flat_map(|s| s.by.iter().copied()).collect();
            which.sort_unstable();
            which.dedup();
            ByHand { steps, words: which.into_iter().filter_map(|k| overrides.get(k)).map(ForecastOverride::words).collect() }
        })
        .collect()
}

/// Overrides that change nothing, and why.
pub(super) fn idle(plan: &Plan, ahead: &Calendar, stocked: &[Stocked]) -> Vec<Diagnostic> {
    let horizon = (plan.periods + plan.warm_up) as i64;
    let mut out = Vec::new();
    for o in &plan.overrides {
        let (first, last) = o.steps(ahead);
        if !stocked.iter().any(|s| fits(o, s)) {
            let name = |wanted: &Option<String>, of: &dyn Fn(&Stocked) -> Option<String>| {
                let w = wanted.as_deref()?;
                let known: Vec<String> = stocked.iter().filter_map(of).collect();
                (!known.iter().any(|k| k == w)).then(|| nearest(w, known.iter().map(String::as_str)).map(str::to_owned)).flatten()
            };
            let hint = name(&o.unique_id, &|s| Some(s.unique_id.to_string()))
                .or_else(|| name(&o.item, &|s| Some(s.item.to_string())))
                .or_else(|| name(&o.location, &|s| Some(s.location.to_string())))
                .or_else(|| name(&o.category, &|s| s.category.as_ref().map(ToString::to_string)));
            let fix = hint.map_or_else(|| "check its names against the items and locations".to_owned(), |h| format!("did you mean '{h}'?"));
            out.push(
                Diagnostic::warning("override-without-series", format!("no planned series fits the override '{}'", o.words())).fix(fix),
            );
        } else if last < 0 {
            out.push(
                Diagnostic::info("override-past", format!("the override '{}' lies in the past and changes nothing any more", o.words()))
                    .fix("remove it, or give it later dates"),
            );
        } else if first >= horizon {
            out.push(
                Diagnostic::info("override-later", format!("the override '{}' begins after the {horizon} periods planned", o.words()))
                    .fix("plan more periods to see it at work"),
            );
        }
    }
    out
}
