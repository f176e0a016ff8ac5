//! Forecasts kept as they stood, held against what was sold since: accuracy, bias, coverage, and when to look again.
//!
//! Tracking signal: cumulative forecast error over the mean absolute deviation (Brown 1959, *Statistical Forecasting for Inventory
//! Control*), here with the deviation of the very periods compared; beside it the smoothed one of Trigg 1964, "Monitoring a forecasting
//! system", Operational Research Quarterly 15: smoothed error over smoothed absolute error, −1 to 1.

use super::accuracy;
use crate::base::{Calendar, Period, Stamp};
use crate::history::{History, Series};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;

/// One series' forecast as it stood; all lists of one length, units a period, every number finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenSeries {
    /// The series.
    pub unique_id: Arc<str>,
    /// Start of the first period forecast.
    pub start: Stamp,
    /// Mean, with what was changed by hand.
    pub mean: Vec<f64>,
    /// Mean as the models had it; empty: the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistical: Vec<f64>,
    /// The last season (or value) repeated; empty: not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub naive: Vec<f64>,
    /// Lower end of the central 80 % interval; empty: not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub low: Vec<f64>,
    /// Upper end of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub high: Vec<f64>,
    /// What the order of that day was decided on; `None`: not kept. Nothing of the forecast rests on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<StockThen>,
}

/// Stock and costs behind an order, for whoever settles it later.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct StockThen {
    /// Units on hand; negative: owed.
    pub on_hand: f64,
    /// Units on their way, by the period at whose start they were expected: 0 is the first ahead.
    pub coming: Vec<(usize, f64)>,
    /// Units advised.
    pub advised: f64,
    /// Units that weeks of cover on last year's demand would have ordered.
    pub old_rule: f64,
    /// The period at whose start the order was expected.
    pub lead: usize,
    /// Periods to the next review.
    pub review: usize,
    /// The position that the order was to reach, units.
    pub up_to: f64,
    /// Money per unit and period on hand.
    pub holding: f64,
    /// Money per unit lost.
    pub shortage: f64,
    /// Money per unit owed and period.
    pub waiting: f64,
    /// Share of unmet demand that is lost.
    pub lost: f64,
    /// Money per order line.
    pub order: f64,
}

/// The forecasts of all series as they stood at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// When they were put by, on the shop's clock.
    pub made: Stamp,
    /// Start of the first period that lay ahead.
    pub ahead: Stamp,
    /// Step of the calendar.
    pub period: Period,
    /// One a series.
    pub series: Vec<FrozenSeries>,
}

/// Why a series deserves a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// Sells steadily more than forecast.
    TooLow,
    /// Sells steadily less than forecast.
    TooHigh,
    /// Leaves its intervals too often, to both sides.
    TooNarrow,
    /// Repeating the last season would have been better.
    Shape,
}

impl Drift {
    /// `too_low`, `too_high`, `too_narrow`, `shape`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooLow => "too_low",
            Self::TooHigh => "too_high",
            Self::TooNarrow => "too_narrow",
            Self::Shape => "shape",
        }
    }
}

/// A frozen forecast beside what was sold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// The series.
    pub unique_id: Arc<str>,
    /// Start of the first period compared.
    pub start: Stamp,
    /// Periods compared; those out of stock or unknown are left out.
    pub periods: usize,
    /// Units sold in them.
    pub actual: f64,
    /// Units forecast for them.
    pub forecast: f64,
    /// Sum of absolute errors over units sold.
    pub wape: Option<f64>,
    /// Sum of forecast − actual over units sold: positive = too high.
    pub bias: Option<f64>,
    /// Share inside the 80 % interval.
    pub coverage_80: Option<f64>,
    /// Cumulative error (actual − forecast) over the mean absolute error: beyond ±4 the forecast is biased.
    pub tracking_signal: Option<f64>,
    /// Trigg's smoothed tracking signal (smoothing constant 0.2), −1 to 1.
    pub smoothed_signal: Option<f64>,
    /// Share of the naive forecast's absolute error that the models saved.
    pub fva_models: Option<f64>,
    /// Share of the models' absolute error that changes by hand saved; absent where nothing was changed.
    pub fva_by_hand: Option<f64>,
    /// Sums of absolute errors of naive, models and the final forecast, units; for totals over series.
    pub errors: [f64; 3],
    /// What is wrong with it, if anything.
    pub drift: Option<Drift>,
    /// One plain sentence about it, with what to do; empty where nothing is wrong.
    pub advice: String,
}

/// Tracking signals beyond this are out of control (four mean absolute deviations).
const LIMIT: f64 = 4.0;
/// Beyond this many standard deviations of the cumulative error it is not chance.
const CHANCE: f64 = 2.5;
/// Smoothing constant of Trigg's signal.
const SMOOTHING: f64 = 0.2;

/// Holds a frozen forecast against a history that has gone on since: one entry for every series with at least one period to
/// compare, in the frozen order.
pub fn check(frozen: &Frozen, history: &History) -> Vec<Checked> {
    let known: HashMap<&str, &Series> = history.series.iter().map(|s| (&*s.unique_id, s)).collect();
    frozen.series.iter().filter_map(|f| one(f, known.get(&*f.unique_id)?, history.period)).collect()
}

/// What was sold in the periods of a frozen forecast: NaN where it is not known, or was cut off by an empty shelf.
pub fn actuals(f: &FrozenSeries, series: &Series, period: Period) -> Vec<f64> {
    let calendar = Calendar::new(period, series.start);
    (0..f.mean.len())
        .map(|t| {
            let at = Calendar::new(period, f.start).at(t as i64);
            let Ok(i) = usize::try_from(calendar.index(at)) else { return f64::NAN };
            let short = series.in_stock.as_ref().and_then(|s| s.get(i)).is_some_and(|s| *s < 1.0);
            if short { f64::NAN } else { series.y.get(i).copied().unwrap_or(f64::NAN) }
        })
        .collect()
}

fn one(f: &FrozenSeries, series: &Series, period: Period) -> Option<Checked> {
    let actual = actuals(f, series, period);
    let at: Vec<usize> = (0..actual.len()).filter(|t| actual.get(*t).is_some_and(|a| a.is_finite())).collect();
    let first = *at.first()?;
    let pick = |of: &[f64]| at.iter().filter_map(|t| of.get(*t).copied()).collect::<Vec<f64>>();
    let (y, mean) = (pick(&actual), pick(&f.mean));
    let n = y.len();
    let whole = |of: &Vec<f64>| Some(pick(of)).filter(|x| x.len() == n);
    let changed = whole(&f.statistical);
    let models = changed.clone().unwrap_or_else(|| mean.clone());
    let (naive, low, high) = (whole(&f.naive), whole(&f.low), whole(&f.high));
    let off = |x: &[f64]| y.iter().zip(x).map(|(a, b)| (a - b).abs()).sum::<f64>();
    let errors = [naive.as_deref().map_or(0.0, off), off(&models), off(&mean)];
    let error: f64 = y.iter().zip(&mean).map(|(a, b)| a - b).sum();
    let mad = off(&mean) / n as f64;
    let (mut e, mut abs) = (0.0, 0.0);
    for (a, b) in y.iter().zip(&mean) {
        e += SMOOTHING * ((a - b) - e);
        abs += SMOOTHING * ((a - b).abs() - abs);
    }
    let limits = low.zip(high);
    let mut out = Checked {
        unique_id: f.unique_id.clone(),
        start: Calendar::new(period, f.start).at(first as i64),
        periods: n,
        actual: y.iter().sum(),
        forecast: mean.iter().sum(),
        wape: accuracy::wape(&y, &mean),
        bias: accuracy::bias(&y, &mean),
        coverage_80: limits.as_ref().and_then(|(l, h)| accuracy::coverage(&y, l, h)),
        tracking_signal: (mad > 0.0).then(|| error / mad),
        smoothed_signal: (abs > 0.0).then(|| e / abs),
        fva_models: naive.as_ref().and_then(|x| accuracy::fva(&y, &models, x)),
        fva_by_hand: changed.as_ref().and_then(|x| accuracy::fva(&y, &mean, x)),
        errors,
        drift: None,
        advice: String::new(),
    };
    out.drift = drift(&out, error, limits.as_ref(), &y);
    out.advice = advice(&out, period);
    Some(out)
}

/// P(X ≥ k) for X binomial of `n` and `p`.
fn at_least(k: usize, n: usize, p: f64) -> f64 {
    let mut term = (1.0 - p).powi(n as i32);
    let mut below = 0.0;
    for i in 0..k.min(n + 1) {
        below += term;
        term *= (n - i) as f64 / (i + 1) as f64 * p / (1.0 - p);
    }
    (1.0 - below).max(0.0)
}

fn drift(c: &Checked, error: f64, limits: Option<&(Vec<f64>, Vec<f64>)>, y: &[f64]) -> Option<Drift> {
    // 2.563: the width of a normal distribution's central 80 % in standard deviations
    let chance = limits.map(|(l, h)| l.iter().zip(h).map(|(l, h)| ((h - l) / 2.563).powi(2)).sum::<f64>().sqrt());
    let beyond = chance.is_none_or(|sd| error.abs() > CHANCE * sd);
    if c.tracking_signal.is_some_and(|t| t.abs() > LIMIT) && beyond {
        return Some(if error > 0.0 { Drift::TooLow } else { Drift::TooHigh });
    }
    if let Some((low, high)) = limits {
        let above = y.iter().zip(high).filter(|(y, h)| y > h).count();
        let below = y.iter().zip(low).filter(|(y, l)| y < l).count();
        if at_least(above + below, y.len(), 0.2) < 0.01 {
            return Some(match (above, below) {
                (a, 0) if a > 0 => Drift::TooLow,
                (0, _) => Drift::TooHigh,
                _ => Drift::TooNarrow,
            });
        }
    }
    (c.periods >= 6 && c.errors[0] > 0.0 && c.fva_models.is_some_and(|v| v < -0.2)).then_some(Drift::Shape)
}

fn advice(c: &Checked, period: Period) -> String {
    let share = if c.forecast > 0.0 { 100.0 * (c.actual / c.forecast - 1.0) } else { f64::INFINITY };
    let over = crate::base::text::plural(c.periods, period.name());
    let amount = if share.is_finite() { format!("{:.0} %", share.abs()) } else { "far".into() };
    match c.drift {
        None => String::new(),
        Some(Drift::TooLow) => format!(
            "Sold {amount} more than forecast over {over}: a new level. Refit on the newer sales; if it comes from a promotion or another one-off, leave the models as they are."
        ),
        Some(Drift::TooHigh) => format!(
            "Sold {amount} less than forecast over {over}: a new level. Refit on the newer sales; if the shelf was empty or the item is ending, say so instead."
        ),
        Some(Drift::TooNarrow) => format!(
            "{:.0} % of {over} fell outside the 80 % interval, to both sides: it varies more than before. Refit, so that the safety stock follows.",
            100.0 * (1.0 - c.coverage_80.unwrap_or(0.0))
        ),
        Some(Drift::Shape) => format!(
            "Repeating the last season would have missed {:.0} % less over {over}: look whether the season changed, and refit.",
            100.0 * (1.0 - c.errors[0] / c.errors[1].max(1e-12))
        ),
    }
}

/// Sums over all series checked.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Together {
    /// Series compared.
    pub series: usize,
    /// Series with a drift.
    pub alerts: usize,
    /// Sum of absolute errors over units sold.
    pub wape: Option<f64>,
    /// Sum of forecast − actual over units sold.
    pub bias: Option<f64>,
    /// Share of all periods inside the 80 % interval.
    pub coverage_80: Option<f64>,
    /// Share of the naive forecast's absolute error that the models saved, where it is known.
    pub fva_models: Option<f64>,
    /// Share of the models' absolute error that changes by hand saved, over the series changed.
    pub fva_by_hand: Option<f64>,
}

/// [`Together`] of a check.
pub fn together(checked: &[Checked]) -> Together {
    let sum = |of: &dyn Fn(&Checked) -> f64| checked.iter().map(of).sum::<f64>();
    let ratio = |a: f64, b: f64| (b > 0.0).then(|| a / b);
    let sold = sum(&|c| c.actual.abs());
    let saved = |from: usize, to: usize, known: &dyn Fn(&Checked) -> bool| {
        let of = |k: usize| checked.iter().filter(|c| known(c)).map(|c| c.errors.get(k).copied().unwrap_or(0.0)).sum::<f64>();
        ratio(of(to), of(from)).map(|r| 1.0 - r)
    };
    let inside = |c: &Checked| c.coverage_80.map(|x| (x * c.periods as f64, c.periods as f64));
    let (in_it, of_all) = checked.iter().filter_map(inside).fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    Together {
        series: checked.len(),
        alerts: checked.iter().filter(|c| c.drift.is_some()).count(),
        wape: ratio(sum(&|c| c.errors[2]), sold),
        bias: (sold > 0.0).then(|| (sum(&|c| c.forecast) - sum(&|c| c.actual)) / sold),
        coverage_80: ratio(in_it, of_all),
        fva_models: saved(0, 1, &|c| c.fva_models.is_some()),
        fva_by_hand: saved(1, 2, &|c| c.fva_by_hand.is_some()),
    }
}

/// The last season (or value) of a series repeated over `horizon` periods; gaps take the last known value, 0 where nothing is known.
pub fn naive(y: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let last = y.iter().rev().copied().find(|v| v.is_finite()).unwrap_or(0.0);
    let m = if season <= y.len() { season.max(1) } else { 1 };
    let round = y.get(y.len().saturating_sub(m)..).unwrap_or_default();
    (0..horizon).map(|h| round.get(h % m).copied().filter(|v| v.is_finite()).unwrap_or(last)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Measured;

    fn day(d: u32) -> Stamp {
        Stamp::from_ymd(2026, 1, d).unwrap_or_default()
    }

    fn frozen(mean: f64, n: usize) -> Frozen {
        let series = FrozenSeries {
            unique_id: "A".into(),
            start: day(5),
            mean: vec![mean; n],
            statistical: vec![mean * 0.8; n],
            naive: vec![mean * 0.5; n],
            low: vec![mean - 4.0; n],
            high: vec![mean + 4.0; n],
            stock: None,
        };
        Frozen { made: day(5), ahead: day(5), period: Period::Day, series: vec![series] }
    }

    fn history(tail: &[f64]) -> History {
        let mut y = vec![10.0; 4];
        y.extend(tail);
        History { period: Period::Day, measured: Measured::Units, series: vec![Series::new("A", day(1), y)] }
    }

    #[test]
    fn figures_by_hand() {
        let c = check(&frozen(10.0, 4), &history(&[12.0, 9.0, f64::NAN, 11.0])).remove(0);
        // errors 2, −1, 1: cumulative 2 over a mean absolute 4/3; final 4, models (8) 8, naive (5) 17
        assert_eq!((c.periods, c.actual, c.forecast, c.errors), (3, 32.0, 30.0, [17.0, 8.0, 4.0]));
        assert!((c.tracking_signal.unwrap() - 1.5).abs() < 1e-12 && (c.wape.unwrap() - 4.0 / 32.0).abs() < 1e-12);
        assert!((c.fva_models.unwrap() - (1.0 - 8.0 / 17.0)).abs() < 1e-12 && (c.fva_by_hand.unwrap() - 0.5).abs() < 1e-12);
        // smoothed by 0.2: error .4 → .12 → .296, absolute .4 → .52 → .616
        assert!((c.smoothed_signal.unwrap() - 0.296 / 0.616).abs() < 1e-12);
        assert_eq!((c.coverage_80, c.drift, c.advice.as_str()), (Some(1.0), None, ""));
        assert_eq!(together(&[c]).fva_by_hand, Some(0.5));
        // nothing to compare yet
        assert_eq!(check(&frozen(10.0, 4), &history(&[])), []);
    }

    #[test]
    fn a_steady_miss_raises_an_alert_and_noise_does_not() {
        let up = check(&frozen(10.0, 8), &history(&[14.0, 16.0, 13.0, 15.0, 17.0, 14.0]));
        assert_eq!(up[0].drift, Some(Drift::TooLow));
        assert!(up[0].advice.starts_with("Sold 48 % more than forecast over 6 days"), "{}", up[0].advice);
        assert_eq!(check(&frozen(10.0, 8), &history(&[6.0, 5.0, 4.0, 6.0, 5.0, 3.0]))[0].drift, Some(Drift::TooHigh));
        assert_eq!(check(&frozen(10.0, 8), &history(&[1.0, 19.0, 2.0, 18.0, 1.0, 19.0]))[0].drift, Some(Drift::TooNarrow));
        assert_eq!(check(&frozen(10.0, 8), &history(&[12.0, 9.0, 11.0, 8.0, 13.0, 9.0]))[0].drift, None);
    }

    #[test]
    fn chance_of_many_misses() {
        assert!((at_least(2, 2, 0.2) - 0.04).abs() < 1e-12 && (at_least(1, 3, 0.2) - 0.488).abs() < 1e-12 && at_least(0, 3, 0.2) == 1.0);
    }

    #[test]
    fn seasons_repeat() {
        assert_eq!(naive(&[1.0, 2.0, 3.0, f64::NAN], 2, 3), [3.0, 3.0, 3.0]);
        assert_eq!(naive(&[1.0, 2.0, 3.0, 4.0], 2, 3), [3.0, 4.0, 3.0]);
        assert_eq!(naive(&[1.0], 7, 2), [1.0, 1.0]);
        assert_eq!(naive(&[], 7, 1), [0.0]);
    }
}
