//! What drivers did, in units.

use super::choose::{Chosen, picked};
use super::design::{Design, Group, Rows};
use super::events::LEAST_OCCURRENCES;
use super::pool::{Effects, Pool};
use crate::base::Diagnostic;
use crate::base::text::{grouped, plural};
use crate::forecast::fitted::Fitted;
use crate::history::{DriverKind, Drivers, History};
use serde::Serialize;

/// Normal score of a 95 % half-width.
const NORMAL: f64 = 1.96;
/// How much further effects were found from the truth than the normal equations say, over made-up shops whose truth is known (benches/event_effects.py): level and season
/// are taken out of demand beforehand, and the spread between series comes from few of them.
const FURTHER: f64 = 1.2;
const SCORE: f64 = NORMAL * FURTHER;

/// What is known ahead of a series and what it does to its forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Known {
    /// The series.
    pub unique_id: String,
    /// One entry a driver that took part.
    pub effects: Vec<Effect>,
    /// Periods of the horizon in which nothing can be sold.
    pub periods_closed: usize,
    /// The series' own held-out windows came out worse with the effects, so that they were left out.
    pub left_out: bool,
}

/// The effect of one driver on one series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// The column.
    pub driver: String,
    /// `flag`, `price`, `number`, `words`, `event`, or `expected`: an event whose size somebody gave.
    pub kind: &'static str,
    /// Units a period that it adds, on average over the periods in which it is not as usual (of the horizon, else of the past); for
    /// prices, what a price 10 % lower would add.
    pub units_per_period: f64,
    /// Half-width (95 %) of that.
    pub half_width: f64,
    /// The same in percent of demand without it.
    pub percent: f64,
    /// Percent more demand from a price one percent higher, for prices.
    pub elasticity: Option<f64>,
    /// Half-width (95 %) of the elasticity.
    pub elasticity_half_width: Option<f64>,
    /// Periods ahead in which it is not as usual.
    pub periods_ahead: usize,
    /// Units that it adds in each period of the horizon.
    pub units: Vec<f64>,
}

impl Known {
    /// Units that all drivers together add in a period ahead.
    pub fn units(&self, step: usize) -> f64 {
        self.effects.iter().filter_map(|e| e.units.get(step)).sum()
    }

    /// What the drivers do, in a sentence.
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = self.effects.iter().map(Effect::words).collect();
        if self.periods_closed > 0 {
            parts.push(format!("closed in {} ahead", plural(self.periods_closed, "period")));
        }
        if parts.is_empty() { "Nothing known ahead changes it.".to_owned() } else { format!("Known ahead: {}.", parts.join("; ")) }
    }
}

impl Effect {
    /// `promo: +120 ± 15 units a period (+12 %)`.
    pub fn words(&self) -> String {
        let decimals = if self.units_per_period.abs() < 20.0 { 1 } else { 0 };
        let signed = |v: f64, d: usize| format!("{}{}", if v >= 0.0 { "+" } else { "−" }, grouped(v.abs(), d));
        let units = format!(
            "{} ± {} units a period ({} %)",
            signed(self.units_per_period, decimals),
            grouped(self.half_width, decimals),
            signed(self.percent, 0)
        );
        match (self.elasticity, self.elasticity_half_width) {
            (Some(e), Some(w)) => format!("{}: elasticity {} ± {}; 10 % cheaper {units}", self.driver, signed(e, 2), grouped(w, 2)),
            _ => format!("{}: {units}", self.driver),
        }
    }
}

/// A series without effects.
pub(super) fn nothing(unique_id: &str, left_out: bool) -> Known {
    Known { unique_id: unique_id.to_owned(), effects: Vec::new(), periods_closed: 0, left_out }
}

/// The effects of a series.
#[allow(clippy::too_many_arguments)]
pub(super) fn of(
    history: &History,
    drivers: &Drivers,
    asked: &Drivers,
    design: &Design,
    pool: &Pool,
    effects: &Effects,
    quiet: &[bool],
    fitted: &Fitted,
    s: usize,
    (rows, then): (&Rows, &Rows),
    idle: bool,
    left_out: bool,
) -> Known {
    let n = history.series[s].y.len();
    let horizon = fitted.mean.len();
    let mut out = nothing(&history.series[s].unique_id, left_out);
    let shut = |t: usize| if t < n { rows.shut[t] } else { then.shut[t] };
    out.periods_closed = (0..horizon).filter(|h| shut(n + h)).count();
    if idle {
        return out;
    }
    let open: Vec<usize> = (0..horizon).filter(|h| !shut(n + h)).collect();
    for (d, driver) in drivers.columns.iter().enumerate() {
        let mine: Vec<bool> = pool.columns.iter().zip(quiet).map(|(c, q)| design.features[*c].driver == Some(d) && !q).collect();
        if !mine.contains(&true) || (left_out && driver.kind != DriverKind::Event) {
            continue;
        }
        let usual = design.usual[d].value;
        let row = |t: usize| -> Vec<f64> {
            picked(if t < n { rows.at(t) } else { then.at(t) }, &pool.columns)
                .iter()
                .zip(&mine)
                .map(|(x, m)| if *m { *x } else { 0.0 })
                .collect()
        };
        let along = |x: &[f64]| x.iter().zip(&effects.beta).map(|(x, b)| x * b).sum::<f64>();
        let value = |t: usize| {
            let of = if t < n { drivers } else { asked };
            of.values[s][d].get(t).copied().filter(|v| v.is_finite()).unwrap_or(usual)
        };
        let special = |t: &usize| value(*t) != usual && !shut(*t);
        let price = pool.columns.iter().position(|c| design.is_price(*c) && design.features[*c].driver == Some(d));
        // prices count from the last one
        let rest = if price.is_some() { along(&row(n.saturating_sub(1))) } else { 0.0 };
        let ahead: Vec<usize> = open.iter().map(|h| n + h).filter(special).collect();
        let looked: Vec<usize> =
            if ahead.is_empty() { (0..n).rev().filter(special).take(2 * design.window).collect() } else { ahead.clone() };
        let units: Vec<f64> =
            (0..horizon).map(|h| if shut(n + h) { 0.0 } else { fitted.mean[h] * (1.0 - (rest - along(&row(n + h))).exp()) }).collect();
        // demand as expected, without this driver's own effect
        let mine = |h: &usize| fitted.mean[*h] * (rest - along(&row(n + h))).exp();
        let size = open.iter().map(mine).sum::<f64>() / open.len().max(1) as f64;
        let mut x = match price {
            // a price ten percent lower
            Some(k) => {
                let mut x = vec![0.0; pool.columns.len()];
                x[k] = 0.9f64.ln();
                x
            }
            None if looked.is_empty() => continue,
            None => {
                let mut mean = vec![0.0; pool.columns.len()];
                for t in &looked {
                    mean.iter_mut().zip(row(*t)).for_each(|(m, v)| *m += v / looked.len() as f64);
                }
                mean
            }
        };
        if let Some(k) = price {
            // the same reaction a period later belongs to another price
            x.iter_mut().enumerate().filter(|(i, _)| *i != k).for_each(|(_, v)| *v = 0.0);
        }
        let index = along(&x);
        let sd = pool.variance(effects, &x).sqrt();
        let elasticity = price.map(|k| effects.beta[k]);
        let elasticity_sd = price.map(|k| {
            let mut one = vec![0.0; pool.columns.len()];
            one[k] = 1.0;
            pool.variance(effects, &one).sqrt()
        });
        out.effects.push(Effect {
            driver: driver.name.clone(),
            kind: match driver.kind {
                DriverKind::Flag => "flag",
                DriverKind::Price => "price",
                DriverKind::Number => "number",
                DriverKind::Words(_) => "words",
                DriverKind::Event => "event",
            },
            units_per_period: size * index.exp_m1(),
            half_width: size * index.exp() * (SCORE * sd),
            percent: 100.0 * index.exp_m1(),
            elasticity,
            elasticity_half_width: elasticity_sd.map(|sd| SCORE * sd),
            periods_ahead: ahead.len(),
            units,
        });
    }
    out
}

/// What somebody expects of events of whose effect the past says nothing.
pub(super) fn add_expected(
    known: &mut Known,
    asked: &Drivers,
    fitted: &Fitted,
    s: usize,
    n: usize,
    guessed: &dyn Fn(usize) -> Option<f64>,
) {
    for (d, driver) in asked.columns.iter().enumerate() {
        let Some(size) = guessed(d) else { continue };
        let value = |h: usize| asked.values[s][d].get(n + h).copied().filter(|v| v.is_finite()).map_or(0.0, f64::from);
        let units: Vec<f64> = fitted.mean.iter().enumerate().map(|(h, m)| m * (1.0 - (-size * value(h)).exp())).collect();
        let ahead = (0..fitted.mean.len()).filter(|h| value(*h) > 0.0).count();
        if ahead == 0 {
            continue;
        }
        let each = units.iter().sum::<f64>() / ahead as f64;
        known.effects.push(Effect {
            driver: driver.name.clone(),
            kind: "expected",
            units_per_period: each,
            half_width: each.abs() * NORMAL * 0.5,
            percent: driver.expected.unwrap_or(0.0),
            elasticity: None,
            elasticity_half_width: None,
            periods_ahead: ahead,
            units,
        });
    }
}

/// What was used and what not, over all series.
pub(super) fn say(history: &History, drivers: &Drivers, design: &Design, chosen: &Chosen, known: &[&Known]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let total = history.series.len();
    let closed: Vec<&str> = {
        let mut names: Vec<&str> = design.shut.iter().map(|(d, _)| drivers.columns[*d].name.as_str()).collect();
        names.dedup();
        names
    };
    for (d, driver) in drivers.columns.iter().enumerate() {
        let name = &driver.name;
        let of: Vec<&Effect> = known.iter().filter_map(|k| k.effects.iter().find(|e| e.driver == *name)).collect();
        let shuts = closed.contains(&name.as_str());
        if of.is_empty() && !shuts {
            let event = driver.kind == DriverKind::Event;
            let learned = chosen.groups.contains(&Group::Event) && design.occurrences[d] >= LEAST_OCCURRENCES && !chosen.out.contains(&d);
            let again = history.series.iter().zip(&drivers.values).any(|(s, v)| v[d].iter().skip(s.y.len()).any(|x| *x > 0.0));
            if event && learned && !again {
                let d = Diagnostic::info(
                    "events-without-date",
                    format!("{name:?} has no date ahead: past sales of those periods are left as they were"),
                );
                out.push(d.fix("add the dates of its next time to the events file, if it comes again"));
                continue;
            }
            let why = if event && design.occurrences[d] < LEAST_OCCURRENCES {
                let past = if design.occurrences[d] == 0 { "the sales saw none of it" } else { "the sales saw it only once" };
                out.push(
                    Diagnostic::info("driver-unused", format!("{name:?} is not used: {past}"))
                        .fix("give its size as percent in the events file"),
                );
                continue;
            } else if event {
                "held-out periods in which it was on come out no better with it"
            } else if chosen.groups.is_empty() {
                "held-out periods come out no better with what is known ahead"
            } else if chosen.out.contains(&d) {
                "held-out periods come out as well without it"
            } else if !design.features.iter().any(|f| f.driver == Some(d)) {
                "it hardly ever changed where something could be sold"
            } else {
                "no series came out better with it"
            };
            out.push(Diagnostic::info("driver-unused", format!("{name:?} is not used: {why}")));
            continue;
        }
        let mut said = Vec::new();
        if shuts {
            let periods: usize = known.iter().map(|k| k.periods_closed).sum();
            said.push(format!("tells when nothing can be sold ({} ahead)", plural(periods, "period")));
        }
        let only_shuts = shuts && of.iter().all(|e| e.units_per_period.abs() < 1e-9);
        if !of.is_empty() && !only_shuts {
            let sum = |f: &dyn Fn(&Effect) -> f64| of.iter().map(|e| f(e)).sum::<f64>() / of.len() as f64;
            let (units, half) = (sum(&|e| e.units_per_period), sum(&|e| e.half_width));
            let decimals = if units.abs() < 20.0 { 1 } else { 0 };
            let sign = if units >= 0.0 { "+" } else { "−" };
            let amount = format!(
                "{sign}{} ± {} units a period of a series, {:+.0} %",
                grouped(units.abs(), decimals),
                grouped(half, decimals),
                sum(&|e| e.percent)
            );
            let count = if of.len() == total { format!("all {total} series") } else { format!("{} of {total} series", of.len()) };
            said.push(match of.iter().filter_map(|e| e.elasticity).count() {
                0 => format!("{amount} (mean of {count})"),
                _ => format!(
                    "elasticity {:+.2} ± {:.2}; 10 % cheaper is {amount} (mean of {count})",
                    sum(&|e| e.elasticity.unwrap_or(0.0)),
                    sum(&|e| e.elasticity_half_width.unwrap_or(0.0))
                ),
            });
        }
        let code = if of.is_empty() || only_shuts { "driver-closes" } else { "driver-used" };
        out.push(Diagnostic::info(code, format!("{name:?}: {}", said.join("; "))));
    }
    if let Some((without, with)) = chosen.events {
        let cut = 100.0 * (1.0 - with / without.max(1e-300));
        out.push(Diagnostic::info(
            "events-tested",
            format!("the events used cut errors over a held-out year by {cut:.1} %, periods without them included"),
        ));
    }
    if let Some((without, with)) = chosen.errors.filter(|_| chosen.groups.iter().any(|g| *g != Group::Event)) {
        let also: Vec<&str> = chosen
            .groups
            .iter()
            .filter_map(|g| match g {
                Group::ByPlace => Some("by day of the week"),
                Group::Neighbours => Some("with what they do to the periods before and after"),
                Group::Calendar => Some("beside the days of the month"),
                Group::Main | Group::Season | Group::Event => None,
            })
            .collect();
        let also = if also.is_empty() { String::new() } else { format!(" ({})", also.join(", ")) };
        out.push(Diagnostic::info(
            "drivers-tested",
            format!(
                "what is known ahead{also} cut errors on held-out periods by {:.0} %; the mean is {:.0} % a plain level with its season, the rest the methods'",
                100.0 * (1.0 - with / without.max(1e-300)),
                100.0 * chosen.plain
            ),
        ));
    }
    let left = known.iter().filter(|k| k.left_out).count();
    if left > 0 {
        out.push(Diagnostic::info(
            "drivers-left-out",
            format!("{left} of {total} series are forecast without effects: their own held-out periods came out better so"),
        ));
    }
    out
}
