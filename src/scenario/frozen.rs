//! A run's forecasts put by, to be held against what is sold later.

use super::load::Inputs;
use super::outcome::{Outcome, SeriesOutcome};
use crate::base::{Calendar, Stamp};
use crate::forecast::{Frozen, FrozenSeries, monitor};

/// Periods ahead that are kept.
const KEPT: usize = 26;

/// Six significant digits: enough to compare by, and half the room.
fn rounded(x: f64) -> f64 {
    if x == 0.0 || !x.is_finite() {
        return 0.0;
    }
    let scale = 10f64.powi(5 - x.abs().log10().floor() as i32);
    if scale.is_finite() && scale > 0.0 { (x * scale).round() / scale } else { x }
}

/// The forecasts of a run as they stand, changes by hand included; `None` where it has none.
pub fn frozen(inputs: &Inputs, outcome: &Outcome, made: Stamp) -> Option<Frozen> {
    let (ahead, history) = (outcome.now?, inputs.history.as_ref()?);
    let series: Vec<FrozenSeries> = outcome
        .series
        .iter()
        .filter_map(|s: &SeriesOutcome| {
            let f = s.forecast.as_ref()?;
            let known = history.series.get(s.stocked.series)?;
            let n = KEPT.min(f.mean.len());
            let start = Calendar::new(history.period, known.start).at(known.y.len() as i64);
            let path = s.expected()?;
            let each = |of: &dyn Fn(usize) -> f64| (0..n).map(|t| rounded(of(t))).collect::<Vec<f64>>();
            let season = f.season_lengths.first().copied().unwrap_or(1);
            Some(FrozenSeries {
                unique_id: s.stocked.unique_id.clone(),
                start,
                mean: each(&|t| path.mean(t)),
                statistical: if s.stocked.by_hand.steps.is_empty() { Vec::new() } else { each(&|t| f.path.mean(t)) },
                naive: monitor::naive(&known.y, season, n).into_iter().map(rounded).collect(),
                low: each(&|t| path.quantile(t, 0.1)),
                high: each(&|t| path.quantile(t, 0.9)),
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
