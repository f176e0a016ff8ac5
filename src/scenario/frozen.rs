//! A run's forecasts put by, to be held against what is sold later.

use super::load::Inputs;
use super::outcome::{Outcome, SeriesOutcome};
use super::plan::Plan;
use crate::base::{Calendar, Period, Stamp};
use crate::forecast::{Frozen, FrozenSeries, StockThen, monitor};
use crate::inventory::Unmet;
use std::collections::HashMap;
use std::sync::Arc;

/// An order of the day that the run counted as on its way or on the shelf already: its line is settled as it stood before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken {
    /// Units advised before the decision.
    pub advised: f64,
    /// Units ordered.
    pub quantity: f64,
    /// They are on the shelf already.
    pub received: bool,
}

/// Periods of cover of the plain rule, in risks `L + R`.
const COVER: f64 = 1.5;

/// Periods ahead that are kept: half a year of weeks, six weeks of days, a week of hours.
const fn kept(period: Period) -> usize {
    match period {
        Period::Hour => 168,
        Period::Day => 42,
        _ => 26,
    }
}

/// Six significant digits: enough to compare by, and half the room.
fn rounded(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return 0.0;
    }
    let scale = 10f64.powi(5 - x.abs().log10().floor() as i32);
    if scale.is_finite() && scale > 0.0 { (x * scale).round() / scale } else { x }
}

/// What today's order rests on, and what weeks of cover would order.
fn stock_then(s: &SeriesOutcome, plan: &Plan, naive: &[f64], taken: Option<Taken>) -> Option<StockThen> {
    let (advice, st) = (s.stock.advice.as_ref()?, &s.stocked);
    let mut costs = st.costs;
    let (lost, waiting) = match super::stock::unmet(plan, &mut costs) {
        Unmet::Lost => (1.0, 0.0),
        Unmet::Backorder => (0.0, costs.shortage),
        Unmet::Part { lost, waiting } => (lost, waiting),
    };
    let review = st.review.max(st.extras.gap().unwrap_or(1)).max(1);
    let (mut coming, mut position): (Vec<(usize, f64)>, f64) = (st.on_order.iter().map(|o| (o.period, o.units)).collect(), advice.position);
    let (mut advised, mut up_to) = (advice.quantity, advice.position + advice.wanted.max(0.0));
    let mut on_hand = s.stock.on_hand;
    if let Some(t) = taken {
        if t.received {
            on_hand -= t.quantity;
        // the latest that is as large: other orders on their way were there before
        } else if let Some(at) = coming.iter().rposition(|(_, units)| *units >= t.quantity - 1e-9) {
            coming[at].1 -= t.quantity;
            coming.retain(|(_, units)| *units > 1e-9);
        }
        position -= t.quantity;
        advised = t.advised;
        up_to = up_to.max(position + t.advised);
        if advice.wanted <= 0.0 {
            up_to = position + t.advised;
        }
    }
    // one and a half times the risk, as replay has it
    let cover = (COVER * (advice.arrives + review) as f64).round() as usize;
    let ahead = naive.get(st.lag.min(naive.len())..).unwrap_or_default();
    let mean = ahead.iter().sum::<f64>() / ahead.len().max(1) as f64;
    let wanted: f64 = (0..cover).map(|t| ahead.get(t).copied().unwrap_or(mean)).sum::<f64>().round() - position;
    let accepted = |units: f64| {
        let least = units.max(st.minimum);
        if st.pack > 0.0 { (least / st.pack - 1e-9).ceil() * st.pack } else { least }
    };
    Some(StockThen {
        on_hand,
        coming,
        advised,
        old_rule: if wanted > 0.0 { accepted(wanted) } else { 0.0 },
        lead: advice.arrives,
        review,
        up_to,
        holding: costs.holding,
        shortage: costs.shortage,
        waiting,
        lost,
        order: costs.order,
    })
}

/// The forecasts of a run as they stand, changes by hand included; `None` where it has none. `taken`: by series, today's orders that `inputs` count as on their
/// way or on the shelf already.
pub fn frozen(inputs: &Inputs, outcome: &Outcome, made: Stamp, taken: &HashMap<Arc<str>, Taken>) -> Option<Frozen> {
    let (ahead, history) = (outcome.now?, inputs.history.as_ref()?);
    let series: Vec<FrozenSeries> = outcome
        .series
        .iter()
        .filter_map(|s: &SeriesOutcome| {
            let f = s.forecast.as_ref()?;
            let known = history.series.get(s.stocked.series)?;
            let n = kept(history.period).min(f.mean.len());
            let start = Calendar::new(history.period, known.start).at(known.y.len() as i64);
            let path = s.expected()?;
            let each = |of: &dyn Fn(usize) -> f64| (0..n).map(|t| rounded(of(t))).collect::<Vec<f64>>();
            let season = f.season_lengths.first().copied().unwrap_or(1);
            let naive = monitor::naive(&known.y, season, n);
            Some(FrozenSeries {
                unique_id: s.stocked.unique_id.clone(),
                start,
                mean: each(&|t| path.mean(t)),
                statistical: if s.stocked.by_hand.steps.is_empty() { Vec::new() } else { each(&|t| f.path.mean(t)) },
                naive: naive.iter().copied().map(rounded).collect(),
                low: each(&|t| path.quantile(t, 0.1)),
                high: each(&|t| path.quantile(t, 0.9)),
                stock: stock_then(s, &outcome.plan, &naive, taken.get(&s.stocked.unique_id).copied()),
            })
        })
        .collect();
    (!series.is_empty()).then_some(Frozen { made, ahead, period: outcome.period, series })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_stay() {
        assert_eq!(
            (rounded(1_234_567.8), rounded(0.001_234_567_8), rounded(-2.0), rounded(f64::NAN)),
            (1_234_570.0, 0.001_234_57, -2.0, 0.0)
        );
    }
}
