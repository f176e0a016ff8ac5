//! The user's own record over the replayed periods: what was really ordered, received and kept, from receipts, sales and the stock of today.
//!
//! Stock at the end of each period follows backwards from today's: less what came, plus what was sold. Where that falls below nothing, something is not on record
//! and the item takes no part. What an empty shelf kept from being sold is not on record either: it is estimated from the forecast of then, and both the record and
//! Stockcast's rule are held against that demand.

use super::resolve::Stocked;
use crate::base::Calendar;
use crate::forecast::PathModel;
use crate::history::model::ReceiptRow;
use crate::history::{History, Masters};
use crate::inventory::{Interval, OpenOrder, Replay, RuleResult, paired_bootstrap};
use std::collections::{BTreeSet, HashMap};

/// The record beside Stockcast's rule from the same stock and open orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnRecord {
    /// Items whose record adds up.
    pub items: usize,
    /// As recorded; what was missed for want of stock is estimated.
    pub recorded: RuleResult,
    /// By Stockcast's rule, from the stock and the open orders of then.
    pub stockcast: RuleResult,
    /// As recorded, less by Stockcast's rule. 95 % over items.
    pub saved: Interval,
}

impl OwnRecord {
    /// All items together; `None` where no record adds up.
    pub(super) fn of(pairs: &[(RuleResult, Replay)], seed: u64) -> Option<Self> {
        let first = pairs.first()?;
        let (mut recorded, mut stockcast) = (first.0, first.1.rules[0]);
        for (own, ours) in pairs.iter().skip(1) {
            recorded.add(own);
            stockcast.add(&ours.rules[0]);
        }
        let differences: Vec<f64> = pairs.iter().map(|(own, ours)| own.total_cost - ours.rules[0].total_cost).collect();
        Some(Self { items: pairs.len(), recorded, stockcast, saved: paired_bootstrap(&differences, seed, 2000) })
    }
}

/// Receipts by item.
pub(super) struct Receipts<'a>(HashMap<&'a str, Vec<&'a ReceiptRow>>);

/// One item's record over the replayed periods.
pub(super) struct Recorded {
    /// What it cost.
    pub result: RuleResult,
    /// Stock just before the first replayed period.
    pub opening: f64,
    /// On the way then.
    pub on_order: Vec<OpenOrder>,
    /// Periods that ended without stock.
    empty: Vec<bool>,
}

impl Recorded {
    /// Units that an empty shelf kept from being sold in each replayed period, estimated from the forecast of then: its mean for the share of the period without stock;
    /// where only the end of the period is known to have been empty, what demand lies above the sales on average, given that it reached them (the mean of a censored
    /// variable, as in Nahmias 1994, "Demand estimation in lost sales inventory systems", Naval Research Logistics 41(6)). They go to the record's demand and stockouts.
    pub fn lost<'a>(
        &mut self,
        sold: &[f64],
        in_stock: Option<&[f64]>,
        forecast: impl Fn(usize) -> Option<(&'a PathModel, usize)>,
        shortage: f64,
    ) -> Vec<f64> {
        let lost: Vec<f64> = sold
            .iter()
            .enumerate()
            .map(|(k, y)| {
                let share = match in_stock {
                    Some(s) => s.get(k).copied().filter(|s| s.is_finite()).unwrap_or(1.0),
                    None if self.empty.get(k).copied().unwrap_or(false) => 0.0,
                    None => 1.0,
                };
                let y = if y.is_finite() { y.max(0.0) } else { 0.0 };
                let of =
                    |(path, step): (&PathModel, usize)| if share > 0.0 { path.mean(step) * (1.0 - share) } else { above(path, step, y) };
                if share < 1.0 { forecast(k).map_or(0.0, of).max(0.0).round() } else { 0.0 }
            })
            .collect();
        let units: f64 = lost.iter().sum();
        let r = &mut self.result;
        r.demand += units;
        r.stockout_cost = shortage * units;
        r.total_cost += r.stockout_cost;
        r.stockout_periods = lost.iter().filter(|x| **x > 0.0).count();
        lost
    }
}

/// Mean of demand above `sold` where it reaches that; 0 where the forecast says that it never does.
fn above(path: &PathModel, step: usize, sold: f64) -> f64 {
    const PARTS: usize = 200;
    let demand = (0..PARTS).map(|i| path.quantile(step, (i as f64 + 0.5) / PARTS as f64));
    let (sum, count) = demand.filter(|d| *d >= sold).fold((0.0, 0usize), |(s, k), d| (s + d - sold, k + 1));
    sum / count.max(1) as f64
}

/// Units below nothing that are put down to counting, as a share of what was sold.
const MISCOUNTED: f64 = 0.03;

impl<'a> Receipts<'a> {
    pub fn of(masters: &'a Masters) -> Self {
        let mut by_item: HashMap<&str, Vec<&ReceiptRow>> = HashMap::new();
        for r in masters.receipts.iter().filter(|r| r.quantity.is_some()) {
            if let Some(item) = r.item.as_deref() {
                by_item.entry(item).or_default().push(r);
            }
        }
        Self(by_item)
    }

    /// What is on record of a series over its last `periods`; `single`: there is one location, so that receipts need not name it.
    pub fn recorded(&self, history: &History, s: &Stocked, periods: usize, single: bool) -> Option<Recorded> {
        let series = history.series.get(s.series)?;
        let (on_hand, n) = (s.on_hand.filter(|_| s.lag == 0)?, series.y.len());
        let start = n.checked_sub(periods)?;
        let calendar = Calendar::new(history.period, series.start);
        let here = |r: &&&ReceiptRow| r.location.as_deref().map_or(single, |l| l == &*s.location);
        let mine: Vec<&ReceiptRow> = self.0.get(&*s.item)?.iter().filter(here).copied().collect();
        // a record that begins later than the replay does not tell what was on the way
        if !mine.iter().any(|r| calendar.index(r.ordered) < start as i64) {
            return None;
        }
        let mut came = vec![0.0; periods];
        let mut ordered = BTreeSet::new();
        let mut units_ordered = 0.0;
        let mut on_order = Vec::new();
        for r in mine {
            let (out, back, units) =
                (calendar.index(r.ordered) - start as i64, calendar.index(r.received) - start as i64, r.quantity.unwrap_or(0.0));
            if let Some(slot) = usize::try_from(back).ok().and_then(|t| came.get_mut(t)) {
                *slot += units;
                if out < 0 {
                    on_order.push(OpenOrder { period: back as usize, units });
                }
            }
            if out >= 0 && out < periods as i64 {
                ordered.insert(r.ordered.0);
                units_ordered += units;
            }
        }
        let sold: Vec<f64> = series.y.iter().skip(start).map(|y| if y.is_finite() { y.max(0.0) } else { 0.0 }).collect();
        let demand: f64 = sold.iter().sum();
        let least = -(MISCOUNTED * demand).max(1.0);
        let (mut stock, mut held, mut empty) = (on_hand, 0.0, vec![false; periods]);
        for (k, (y, came)) in sold.iter().zip(&came).enumerate().rev() {
            if stock < least {
                return None;
            }
            held += stock.max(0.0);
            if let Some(e) = empty.get_mut(k) {
                *e = stock <= 0.0;
            }
            stock += y - came;
        }
        if stock < least {
            return None;
        }
        let c = &s.costs;
        let result = RuleResult {
            overstock_cost: c.holding * held,
            ordering_cost: c.order * ordered.len() as f64,
            total_cost: c.holding * held + c.order * ordered.len() as f64,
            demand,
            served: demand,
            orders: ordered.len(),
            units_ordered,
            average_on_hand: held / periods.max(1) as f64,
            closing_stock: on_hand,
            ..RuleResult::default()
        };
        Some(Recorded { result, opening: stock.max(0.0), on_order, empty })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_is_the_mean_of_what_lies_above() {
        let m = PathModel::poisson(10.0).unwrap();
        // nothing sold: all of the demand; far above it: nothing
        assert!((above(&m, 0, 0.0) - 10.0).abs() < 0.1);
        assert_eq!(above(&m, 0, 1000.0), 0.0);
        // E[D − 10 | D ≥ 10] of Poisson(10) is 10·(P(D ≥ 9) − P(D ≥ 10))/P(D ≥ 10) = 10·0.12511/0.54207
        assert!((above(&m, 0, 10.0) - 2.308).abs() < 0.1, "{}", above(&m, 0, 10.0));
        let blank = Recorded { result: RuleResult::default(), opening: 0.0, on_order: Vec::new(), empty: vec![true, false, false] };
        let mut own = Recorded { ..blank };
        let lost = own.lost(&[0.0, 3.0, 5.0], None, |k| Some((&m, k)), 2.0);
        assert_eq!((lost[1], lost[2], own.result.stockout_periods), (0.0, 0.0, 1));
        assert!((lost[0] - 10.0).abs() < 1.0 && own.result.stockout_cost == 2.0 * lost[0] && own.result.demand == lost[0]);
        // half a day without stock misses half of the mean, whatever was sold
        assert_eq!(own.lost(&[9.0], Some(&[0.5]), |k| Some((&m, k)), 2.0), [5.0]);
    }
}
