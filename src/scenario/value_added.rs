//! Forecast value added: what each step from the plainest forecast on has made of past forecasts, in units and in money.
//!
//! In: inputs, a plan and windows of the past. Out: for each step (naive → statistical → with what is known ahead → changed by hand) the errors of the same periods, each forecast
//! made with only the sales known at its origin (Gilliland 2010, *The Business Forecasting Deal*, ch. 4). What is known ahead counts as known at the origin, since that is
//! what somebody gave it for; effects are learned from before the origin alone.

use super::engine::Engine;
use super::known::Told;
use super::load::{Inputs, now};
use super::plan::Plan;
use crate::base::{Cancelled, Control, Diagnostic};
use crate::forecast::Model;
use crate::history::{Drivers, History, Series};
use serde::Serialize;

/// What one step's forecasts missed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepScore {
    /// `naive`, `statistical`, `known ahead`, `by hand`.
    pub step: &'static str,
    /// Units missed, over all series, windows and periods.
    pub missed_units: f64,
    /// That over the units sold.
    pub wape: f64,
    /// Forecast less sold, over the units sold.
    pub bias: f64,
    /// Missed units at the cost of each; absent where no cost or price is known.
    pub missed_value: Option<f64>,
    /// Share of the series on which it missed less than the step before.
    pub better_share: Option<f64>,
}

/// The steps, the plainest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueAdded {
    /// Periods of a window.
    pub horizon: usize,
    /// Windows of which something could be forecast.
    pub windows: usize,
    /// Series judged.
    pub series: usize,
    /// Units sold in them.
    pub sold_units: f64,
    /// One a step.
    pub steps: Vec<StepScore>,
}

/// A step's name and what of the plan it uses.
struct Step {
    name: &'static str,
    plan: Plan,
}

impl Engine {
    /// The last `windows` windows of `horizon` periods, `step` apart, forecast by each step with what was known then.
    ///
    /// The inner error says why nothing could be judged.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn value_added(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        (horizon, windows, step): (usize, usize, usize),
        control: &dyn Control,
    ) -> Result<Result<ValueAdded, Diagnostic>, Cancelled> {
        let nothing = |message: &str, fix: &str| Ok(Err(Diagnostic::error("value-added-nothing", message.to_owned()).fix(fix)));
        let Some((history, end)) = inputs.history.as_ref().and_then(|h| Some((h, now(h)?))) else {
            return nothing("there are no sales to test forecasts on", "add sales files under [history]");
        };
        let horizon = horizon.max(1);
        let steps = steps(plan, inputs, horizon);
        let mut sums = vec![[0.0f64; 3]; steps.len()];
        let mut by_series = vec![vec![0.0f64; steps.len()]; history.series.len()];
        let (mut sold, mut used, mut priced) = (0.0, 0, true);
        let mut judged = vec![false; history.series.len()];
        for k in (0..windows).rev() {
            let origin = end.at(-((horizon + k * step.max(1)) as i64));
            let Some((then, of)) = cut(inputs, history, origin) else { continue };
            let mut found = Vec::with_capacity(steps.len());
            for s in &steps {
                found.push(self.forecasts(&then, &s.plan, control)?);
            }
            let Some(found) = found.into_iter().collect::<Option<Vec<_>>>().filter(|f| f.iter().all(|f| !f.series.is_empty())) else {
                continue;
            };
            used += 1;
            let Some(first) = found.first() else { continue };
            for (i, one) in first.series.iter().enumerate() {
                let Some((index, series)) = of.get(one.stocked.series).and_then(|x| Some((*x, history.series.get(*x)?))) else { continue };
                let from = series.calendar(history.period).index(first.ahead.start);
                let value = one.stocked.costs.unit;
                priced &= value > 0.0;
                for h in 0..horizon {
                    let at = usize::try_from(from + h as i64).ok();
                    let Some(y) = at.and_then(|t| series.y.get(t)).copied().filter(|y| y.is_finite()) else { continue };
                    let short = at.and_then(|t| series.in_stock.as_ref()?.get(t)).is_some_and(|s| *s < 1.0);
                    if short {
                        continue;
                    }
                    judged[index] = true;
                    sold += y;
                    for (j, f) in found.iter().enumerate() {
                        let mean = f.series.get(i).map_or(f64::NAN, |s| s.path.mean(h));
                        let missed = (mean - y).abs();
                        sums[j][0] += missed;
                        sums[j][1] += mean - y;
                        sums[j][2] += missed * value;
                        by_series[index][j] += missed;
                    }
                }
            }
        }
        if used == 0 || sold <= 0.0 {
            return nothing("no series is long enough to test forecasts on", "use a shorter horizon, or add older sales");
        }
        let series = judged.iter().filter(|j| **j).count();
        let better = |j: usize| {
            let of: Vec<&Vec<f64>> = by_series.iter().zip(&judged).filter(|(_, j)| **j).map(|(s, _)| s).collect();
            (j > 0).then(|| of.iter().filter(|s| s[j] < s[j - 1]).count() as f64 / of.len().max(1) as f64)
        };
        let steps = steps
            .iter()
            .zip(&sums)
            .enumerate()
            .map(|(j, (s, [missed, bias, value]))| StepScore {
                step: s.name,
                missed_units: *missed,
                wape: missed / sold,
                bias: bias / sold,
                missed_value: priced.then_some(*value),
                better_share: better(j),
            })
            .collect();
        Ok(Ok(ValueAdded { horizon, windows: used, series, sold_units: sold, steps }))
    }
}

/// The steps a plan has: what it does not use is left out.
fn steps(plan: &Plan, inputs: &Inputs, horizon: usize) -> Vec<Step> {
    let mut with = Plan { periods: horizon, warm_up: 0, ..plan.clone() };
    // what a scenario asks of the periods to come was not so in the past
    with.drivers.clear();
    with.adjust.iter_mut().for_each(|a| a.demand_factor = None);
    let mut alone = Plan { overrides: Vec::new(), ..with.clone() };
    alone.forecast.known_ahead = false;
    let mut naive = alone.clone();
    naive.forecast.model = Model::SeasonalNaive.name().to_owned();
    let mut out = vec![Step { name: "naive", plan: naive }, Step { name: "statistical", plan: alone.clone() }];
    if inputs.known.is_some() && with.forecast.known_ahead {
        out.push(Step { name: "known ahead", plan: Plan { overrides: Vec::new(), ..with.clone() } });
    }
    if !with.overrides.is_empty() {
        out.push(Step { name: "by hand", plan: with });
    }
    out
}

/// The inputs as they were at a moment, and which series of the whole history each is; `None` where too little was known.
pub(super) fn cut(inputs: &Inputs, history: &History, origin: crate::base::Stamp) -> Option<(Inputs, Vec<usize>)> {
    const LEAST: usize = 8;
    let (mut series, mut of) = (Vec::new(), Vec::new());
    let drivers = inputs.known.as_ref().map(|k| &k.drivers);
    let mut values = Vec::new();
    for (i, s) in history.series.iter().enumerate() {
        let n = s.calendar(history.period).index(origin).clamp(0, s.y.len() as i64) as usize;
        if n < LEAST {
            continue;
        }
        let first = |v: &Option<Vec<f64>>| v.as_ref().map(|v| v.iter().take(n).copied().collect::<Vec<f64>>());
        series.push(Series {
            y: s.y.iter().take(n).copied().collect(),
            revenue: first(&s.revenue),
            price: first(&s.price),
            in_stock: first(&s.in_stock),
            promo: first(&s.promo),
            returned: first(&s.returned),
            last_stock: None,
            ..s.clone()
        });
        of.push(i);
        values.extend(drivers.and_then(|d| d.values.get(i)).cloned());
    }
    if series.is_empty() {
        return None;
    }
    let kinds = of.iter().filter_map(|i| drivers.and_then(|d| d.kinds.get(*i)).copied()).collect();
    let history = History { period: history.period, measured: history.measured, series };
    let known = drivers.filter(|_| values.len() == of.len()).map(|d| {
        let horizon =
            values.iter().zip(&history.series).flat_map(|(v, s)| v.iter().map(|c| c.len().saturating_sub(s.y.len()))).max().unwrap_or(0);
        std::sync::Arc::new(Told::of(&history, Drivers { columns: d.columns.clone(), values, horizon, kinds }))
    });
    Some((
        Inputs {
            history: Some(history),
            recognised: Vec::new(),
            transactions: inputs.transactions,
            masters: inputs.masters.clone(),
            known,
        },
        of,
    ))
}
