//! Demand behind sales that were cut off by empty shelves.
//!
//! Each cut-off period gets the mean of its demand given what is known of it; the level around it comes from the nearest periods that were
//! not cut off. Where the share of a period in stock is known, sales tell the demand of that share and the rest is expected to have been like
//! the level: `D = sales + (1 - share) * level` (demand arriving evenly over the period, its parts independent). Where only the end of the
//! stock is known, sales are a lower bound and demand is its conditional mean above them, `E[D | D >= sales] = m + s φ(z) / (1 - Φ(z))` with
//! `z = (sales - m) / s` for a normal law (Johnson, Kotz & Balakrishnan 1994, *Continuous univariate distributions* 1, §13.10.1). Putting
//! conditional means in the place of cut-off values is one step of the iteration of Schmee & Hahn 1979 (*A simple method for regression
//! analysis with censored data*, Technometrics 21); it is not iterated here, since the level rests on uncensored periods alone.
//! Conrad 1976 (*Sales data and the estimation of demand*, Operational Research Quarterly 27) and Nahmias 1994 (*Demand estimation in lost
//! sales inventory systems*, Naval Research Logistics 41) treat the same question for the parameters of one stationary law, Poisson and
//! normal; theirs are not the formulas here, which fill single periods of a series that may have a trend and a season.
//!
//! Without any stock figures, runs of zeros that a fast mover would hardly ever show by chance are proposed, never marked by themselves.

use super::model::{History, Series, StockRow};
use crate::base::{Period, Stamp};
use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use std::collections::BTreeMap;
use std::ops::Range;

/// Periods on each side that make the level.
const REACH: usize = 8;
/// A run this improbable, over the whole series, is proposed.
const CHANCE: f64 = 1e-3;

/// A proposal: these periods look as if the item was not to be had.
#[derive(Debug, Clone, PartialEq)]
pub struct EmptyRun {
    /// First period and the one after the last.
    pub periods: Range<usize>,
    /// Chance that so long a run of zeros is somewhere in the series with stock on the shelf.
    pub chance: f64,
    /// Mean sales per period around it.
    pub level: f64,
    /// It goes on to the end: out of stock still, or no longer sold.
    pub to_the_end: bool,
}

/// Runs of zeros in a series that usually sells. Closed weekdays are no runs: a day of the week that never sells is left out.
pub fn empty_runs(series: &Series, period: Period) -> Vec<EmptyRun> {
    let y = &series.y;
    let in_stock = |t: usize| series.in_stock.as_ref().is_none_or(|s| s.get(t).is_none_or(|v| v.is_nan() || *v >= 1.0));
    let cycle = if period == Period::Day { 7 } else { 1 };
    let closed: Vec<bool> = (0..cycle)
        .map(|c| {
            let (mut sold, mut all) = (0usize, 0usize);
            for v in y.iter().skip(c).step_by(cycle).filter(|v| v.is_finite()) {
                sold += usize::from(*v > 0.0);
                all += 1;
            }
            cycle > 1 && all >= 4 && sold * 10 < all
        })
        .collect();
    let open: Vec<usize> = (0..y.len()).filter(|t| y[*t].is_finite() && !closed[t % cycle]).collect();
    let first = open.iter().position(|t| y[*t] > 0.0).unwrap_or(open.len());
    let open = &open[first..];
    if open.len() < 20 {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < open.len() {
        let len = open[at..].iter().take_while(|t| y[**t] == 0.0 && in_stock(**t)).count();
        if len == 0 {
            at += 1;
            continue;
        }
        let (from, to) = (at, at + len);
        at = to;
        if len < 2 {
            continue;
        }
        // what the series does outside this run, near it where there is enough
        let near: Vec<f64> = open[from.saturating_sub(4 * REACH)..from]
            .iter()
            .chain(&open[to..(to + 4 * REACH).min(open.len())])
            .filter(|t| in_stock(**t))
            .map(|t| y[*t])
            .collect();
        if near.len() < 12 {
            continue;
        }
        let level = near.iter().sum::<f64>() / near.len() as f64;
        let zeros = near.iter().filter(|v| **v == 0.0).count() as f64;
        // a zero in a period: as often as seen (with a pseudo-count), at least as often as Poisson demand has it
        let p0 = ((zeros + 1.0) / (near.len() as f64 + 2.0)).max((-level).exp()).min(1.0);
        let chance = (p0.powi(len as i32) * open.len() as f64).min(1.0);
        if chance < CHANCE {
            out.push(EmptyRun { periods: open[from]..open[to - 1] + 1, chance, level, to_the_end: to == open.len() });
        }
    }
    out
}

/// Demand of every period: sales where the item could be bought, the estimate of the method above where it could not. Units per period.
pub fn demand(series: &Series, period: Period) -> Vec<f64> {
    let Some(stock) = &series.in_stock else { return series.y.clone() };
    let share = |t: usize| stock.get(t).copied().filter(|s| s.is_finite()).unwrap_or(1.0).clamp(0.0, 1.0);
    let cycle = if period == Period::Day { 7 } else { 1 };
    let n = series.y.len();
    (0..n)
        .map(|t| {
            let (y, s) = (series.y[t], share(t));
            if s >= 1.0 {
                return y;
            }
            let Some((level, spread)) = level_at(&series.y, &share, t, cycle) else { return y };
            match (y.is_finite(), s > 0.0) {
                (false, _) => level,
                (true, true) => y + (1.0 - s) * level,
                (true, false) if y > 0.0 => above(y, level, spread),
                _ => level,
            }
        })
        .collect()
}

/// Mean and standard deviation of the nearest uncensored periods at the same place of the cycle, widened until there are enough.
fn level_at(y: &[f64], share: &dyn Fn(usize) -> f64, t: usize, cycle: usize) -> Option<(f64, f64)> {
    let mut seen = Vec::with_capacity(2 * REACH);
    for k in 1..=y.len() / cycle {
        for i in [t.checked_sub(k * cycle), Some(t + k * cycle)].into_iter().flatten() {
            if y.get(i).is_some_and(|v| v.is_finite()) && share(i) >= 1.0 {
                seen.push(y[i]);
            }
        }
        if seen.len() >= 2 * REACH {
            break;
        }
    }
    if seen.len() < 3 {
        return None;
    }
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    let variance = seen.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (seen.len() - 1) as f64;
    Some((mean, variance.max(mean).sqrt()))
}

/// `E[D | D >= sold]` for a normal demand.
fn above(sold: f64, level: f64, spread: f64) -> f64 {
    let Ok(unit) = Normal::new(0.0, 1.0) else { return sold.max(level) };
    let z = (sold - level) / spread.max(1e-9);
    let tail = 1.0 - unit.cdf(z);
    if tail < 1e-9 { sold } else { (level + spread * unit.pdf(z) / tail).max(sold) }
}

/// The history as if nothing were known of the stock: the switch that takes estimates off.
pub fn without_stock(history: &History) -> History {
    let mut out = history.clone();
    out.series.iter_mut().for_each(|s| s.in_stock = None);
    out
}

/// A history of stock counts (rows with a day) marks what share of each period's counts found nothing. Returns the number of periods marked.
pub fn mark_from_stock(history: &mut History, stock: &[StockRow]) -> usize {
    use super::model::Scope;
    let period = history.period;
    let mut marked = 0;
    for s in &mut history.series {
        let calendar = s.calendar(period);
        // day to whether anything was there, over all rows of the item that day
        let mut days = BTreeMap::<Stamp, f64>::new();
        for row in stock {
            let mine = match &row.scope {
                Scope::UniqueId(u) => *u == s.unique_id,
                Scope::Item(i) => *i == s.item,
                Scope::ItemAt(i, l) => *i == s.item && *l == s.location,
            };
            if let Some(day) = row.as_of.filter(|_| mine) {
                *days.entry(day).or_default() += (row.on_hand - row.unavailable).max(0.0);
            }
        }
        if days.len() < 2 {
            continue;
        }
        let (mut found, mut counts) = (vec![0.0; s.y.len()], vec![0.0f64; s.y.len()]);
        for (day, units) in days {
            if let Some(t) = usize::try_from(calendar.index(day)).ok().filter(|t| *t < found.len()) {
                counts[t] += 1.0;
                found[t] += f64::from(u8::from(units > 0.0));
            }
        }
        let mut shares = s.in_stock.take().unwrap_or_else(|| vec![1.0; s.y.len()]);
        for t in (0..shares.len()).filter(|t| counts[*t] > 0.0 && found[*t] < counts[*t]) {
            shares[t] = found[t] / counts[t];
            marked += 1;
        }
        s.in_stock = Some(shares).filter(|v| v.iter().any(|x| *x < 1.0));
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily(y: Vec<f64>) -> Series {
        Series::new("a", Stamp::from_ymd(2026, 1, 5).unwrap(), y)
    }

    #[test]
    fn a_gap_of_a_fast_mover_is_proposed_and_a_slow_ones_is_not() {
        let mut y: Vec<f64> = (0..70).map(|t| f64::from(8 + (t * 5) % 7)).collect();
        y[30..34].fill(0.0);
        let runs = empty_runs(&daily(y.clone()), Period::Week);
        assert_eq!(runs.iter().map(|r| (r.periods.start, r.periods.end)).collect::<Vec<_>>(), [(30, 34)]);
        assert!(!runs[0].to_the_end);
        let slow: Vec<f64> = (0..70).map(|t| f64::from(u8::from(t % 5 == 0))).collect();
        assert!(empty_runs(&daily(slow), Period::Week).is_empty());
        // a shop that is closed on Sundays is not out of stock on Sundays
        let closed: Vec<f64> = (0..70).map(|t| if t % 7 == 6 { 0.0 } else { 9.0 }).collect();
        assert!(empty_runs(&daily(closed), Period::Day).is_empty());
    }

    /// Known demand, cut off in a third of the weeks: the estimate recovers the total that sales miss.
    #[test]
    fn what_was_cut_off_is_recovered() {
        let noise = |t: usize| ((t * 7919 + 13) % 101) as f64 / 101.0;
        let truth: Vec<f64> =
            (0..156).map(|t| (20.0 + 8.0 * (t as f64 / 52.0 * std::f64::consts::TAU).sin() + 8.0 * noise(t)).round()).collect();
        let share: Vec<f64> = (0..156).map(|t| if t % 3 == 1 { noise(t * 5 + 3) } else { 1.0 }).collect();
        let mut s = daily(truth.iter().zip(&share).map(|(d, s)| (d * s).floor()).collect());
        s.in_stock = Some(share);
        let total = |v: &[f64]| v.iter().sum::<f64>();
        let (sold, estimated) = (total(&s.y), total(&demand(&s, Period::Week)));
        assert!(sold < 0.9 * total(&truth), "{sold} of {}", total(&truth));
        assert!((estimated / total(&truth) - 1.0).abs() < 0.02, "{estimated} of {}", total(&truth));
        // only the end of the stock known: sold out at three quarters of what was wanted
        let sold_out: Vec<f64> = (0..156).map(|t| if t % 3 == 1 { 0.0 } else { 1.0 }).collect();
        s.y = truth.iter().zip(&sold_out).map(|(d, o)| if *o < 1.0 { (d * 0.75).floor() } else { *d }).collect();
        s.in_stock = Some(sold_out);
        let (sold, estimated) = (total(&s.y), total(&demand(&s, Period::Week)));
        let (missed, still) = ((total(&truth) - sold).abs(), (total(&truth) - estimated).abs());
        assert!(still < 0.5 * missed, "{still} of {missed}");
    }

    #[test]
    fn demand_is_the_sales_and_what_was_missed() {
        let mut s = daily(vec![10.0, 12.0, 8.0, 10.0, 5.0, 0.0, 9.0, 11.0, 10.0, 10.0]);
        let mut stock = vec![1.0; 10];
        (stock[4], stock[5]) = (0.5, 0.0);
        s.in_stock = Some(stock.clone());
        let d = demand(&s, Period::Week);
        let level = (10.0 + 12.0 + 8.0 + 10.0 + 9.0 + 11.0 + 10.0 + 10.0) / 8.0;
        assert!((d[4] - (5.0 + 0.5 * level)).abs() < 1e-9 && (d[5] - level).abs() < 1e-9);
        assert_eq!(d[0], 10.0);
        // only known to have run out: at least what was sold, and more than that
        s.y[5] = 12.0;
        let d = demand(&s, Period::Week);
        assert!(d[5] > 12.0 && d[5] < 20.0, "{}", d[5]);
        let h = History { period: Period::Week, measured: super::super::Measured::Units, series: vec![s] };
        assert_eq!(demand(&without_stock(&h).series[0], Period::Week), h.series[0].y);
    }
}
