//! Advice keeps score: what each order line cost, held against what was sold since, beside what was advised and what a plain rule would have ordered.
//!
//! A line decides one stretch of time: from its arrival to the arrival of the order that the next review could place, `L + R` periods from its day. Over that
//! stretch the stock on hand and on its way that day is run through what was really sold, with the line as advised, as it was decided, and as weeks of cover
//! would have had it. Costs are those of that day: holding, shortage, the order.
//!
//! A large order spares later ones, and a small one brings the next forward; both fall outside the stretch. So each alternative is carried on from the position `p`
//! that it has at the next review, by the same rule and at the expected rate `λ`: order up to the level of that day once the position is at `s`, one economic lot
//! `Q = √(2Kλ/h)` below it. The cost of going on for ever from `p` rather than from a full lot is `K + h·x²/2λ − x·√(2Kh/λ)` with `x = p − s`, `K` below `s` (the
//! relative value of the economic lot model; for the idea, Puterman 1994 §8.4): nothing at `x = Q`, and the order that is due at `x = 0`. Where a lot is less than a review's demand, orders go
//! out at every review whatever was done, and only what lies above the level waits: `h·x²/2λ` with `x` above it.
//!
//! Sales that an empty shelf cut off count as they were seen, for all three alike.

use crate::base::{Calendar, Stamp};
use crate::forecast::{Frozen, FrozenSeries, StockThen};
use crate::history::History;
use crate::inventory::{Interval, paired_bootstrap};
use serde::Serialize;
use std::sync::Arc;

/// Resamples behind an interval.
const RESAMPLES: usize = 2000;

/// What became of an advised line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Ordered as advised.
    Followed,
    /// Ordered in another quantity.
    Changed,
    /// Held or cancelled.
    Held,
    /// Not decided on: what deliveries show was ordered, else nothing.
    Ignored,
}

impl Fate {
    /// `followed`, `changed`, `held`, `ignored`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Followed => "followed",
            Self::Changed => "changed",
            Self::Held => "held",
            Self::Ignored => "ignored",
        }
    }
}

/// A line as it was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Units ordered.
    pub units: f64,
    /// What became of the advice.
    pub fate: Fate,
    /// The reason given.
    pub why: Option<String>,
}

/// A settled line. Costs in money over its stretch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settled {
    /// The series.
    pub unique_id: Arc<str>,
    /// The day of the order.
    pub order_date: Stamp,
    /// Periods it is settled over.
    pub periods: usize,
    /// Units sold in them.
    pub sold: f64,
    /// Units advised.
    pub advised: f64,
    /// Units ordered.
    pub decided: f64,
    /// Units that weeks of cover would have ordered.
    pub old_rule: f64,
    /// What became of the advice.
    pub fate: Fate,
    /// The reason given; empty for none.
    pub why: String,
    /// As advised.
    pub advised_cost: f64,
    /// As decided.
    pub decided_cost: f64,
    /// By weeks of cover.
    pub old_rule_cost: f64,
}

/// Lines together; savings are positive where the advice was cheaper, 95 % over lines.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Score {
    /// Lines settled.
    pub lines: usize,
    /// Of these, followed.
    pub followed: usize,
    /// As advised.
    pub advised_cost: f64,
    /// As decided.
    pub decided_cost: f64,
    /// By weeks of cover.
    pub old_rule_cost: f64,
    /// As decided, less as advised: what changing, holding and ignoring cost.
    pub advice_against_decisions: Interval,
    /// By weeks of cover, less as advised.
    pub advice_against_old_rule: Interval,
    /// By weeks of cover, less as decided: what was really saved.
    pub decisions_against_old_rule: Interval,
}

impl Score {
    /// Of settled lines.
    pub fn of(lines: &[Settled]) -> Self {
        let sum = |f: fn(&Settled) -> f64| lines.iter().map(f).sum::<f64>();
        let between = |f: fn(&Settled) -> f64| paired_bootstrap(&lines.iter().map(f).collect::<Vec<_>>(), 42, RESAMPLES);
        Self {
            lines: lines.len(),
            followed: lines.iter().filter(|l| l.fate == Fate::Followed).count(),
            advised_cost: sum(|l| l.advised_cost),
            decided_cost: sum(|l| l.decided_cost),
            old_rule_cost: sum(|l| l.old_rule_cost),
            advice_against_decisions: between(|l| l.decided_cost - l.advised_cost),
            advice_against_old_rule: between(|l| l.old_rule_cost - l.advised_cost),
            decisions_against_old_rule: between(|l| l.old_rule_cost - l.decided_cost),
        }
    }
}

/// Every line of `frozen` whose stretch has been sold by now. `decided` says what became of a series' line, from the day of the order to the day before the next
/// review; `None` where nothing was advised and nothing decided.
pub fn settle(frozen: &Frozen, history: &History, decided: &dyn Fn(&str, Stamp, Stamp, f64) -> Option<Decided>) -> Vec<Settled> {
    if frozen.period != history.period {
        return Vec::new();
    }
    let one = |f: &FrozenSeries| {
        let then = f.stock.as_ref()?;
        let series = history.series.iter().find(|s| s.unique_id == f.unique_id)?;
        let calendar = Calendar::new(history.period, series.start);
        let from = usize::try_from(calendar.index(frozen.ahead)).ok()?;
        let periods = then.lead + then.review;
        // only what is known whole
        let sold: Vec<f64> = series.y.get(from..from + periods)?.iter().map(|y| if y.is_finite() { y.max(0.0) } else { 0.0 }).collect();
        let until = Calendar::new(history.period, frozen.ahead).at(then.review as i64);
        let Decided { units, fate, why } = decided(&f.unique_id, frozen.ahead, until, then.advised)?;
        let rate = f.mean.iter().sum::<f64>() / f.mean.len().max(1) as f64;
        Some(Settled {
            unique_id: f.unique_id.clone(),
            order_date: frozen.ahead,
            periods,
            sold: sold.iter().sum(),
            advised: then.advised,
            decided: units,
            old_rule: then.old_rule,
            fate,
            why: why.unwrap_or_default(),
            advised_cost: cost(then, &sold, then.advised, rate),
            decided_cost: cost(then, &sold, units, rate),
            old_rule_cost: cost(then, &sold, then.old_rule, rate),
        })
    };
    frozen.series.iter().filter_map(one).collect()
}

/// What ordering `units` cost over what was sold, carried on from the next review.
fn cost(then: &StockThen, sold: &[f64], units: f64, rate: f64) -> f64 {
    let mut net = then.on_hand;
    let mut position = net + then.coming.iter().map(|(_, units)| units).sum::<f64>() + units;
    let mut at_review = position;
    let mut money = if units > 0.0 { then.order } else { 0.0 };
    for (t, demand) in sold.iter().enumerate() {
        net += then.coming.iter().filter(|(at, _)| *at == t).map(|(_, units)| units).sum::<f64>();
        if t == then.lead {
            net += units;
        }
        let missed = demand - demand.min(net.max(0.0));
        let gone = then.lost * missed;
        net -= demand - gone;
        position -= demand - gone;
        if t < then.review {
            at_review = position;
        }
        money += then.holding * net.max(0.0) + then.shortage * gone + then.waiting * (-net).max(0.0);
    }
    money + carried_on(then, at_review, rate)
}

/// What going on from a position at the next review costs, more than going on from a full lot.
fn carried_on(then: &StockThen, position: f64, rate: f64) -> f64 {
    if rate <= 0.0 || then.holding <= 0.0 {
        return 0.0;
    }
    let lot = (2.0 * then.order * rate / then.holding).sqrt();
    // less than a review's demand is no lot: everything is ordered at the next review
    let (lot, spared) = if lot > rate * then.review as f64 { (lot, (2.0 * then.order * then.holding / rate).sqrt()) } else { (0.0, 0.0) };
    let x = (position - (then.up_to - lot)).max(0.0);
    let due = if lot > 0.0 { then.order } else { 0.0 };
    due + then.holding * x * x / (2.0 * rate) - x * spared
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With certain demand of 4 a period, K 50 and h 1, the economic lot is 20, five periods' worth. Ordering it once must not look worse than ordering
    /// a period's worth at a time, which costs an order a period: over five periods 50 + 1·(16 + 12 + 8 + 4) against 250.
    #[test]
    fn a_large_order_is_not_punished_for_its_size() {
        let then = StockThen {
            on_hand: 0.0,
            coming: Vec::new(),
            advised: 20.0,
            old_rule: 4.0,
            lead: 0,
            review: 1,
            up_to: 20.0,
            holding: 1.0,
            shortage: 100.0,
            waiting: 0.0,
            lost: 1.0,
            order: 50.0,
        };
        let (large, small) = (cost(&then, &[4.0], 20.0, 4.0), cost(&then, &[4.0], 4.0, 4.0));
        assert!(large < small, "{large} {small}");
        // the difference is what the lots save for good: the next order of the small one comes a period on, that of the large one four later
        // 50 + 16 + 16²/8 − 16·5, against 50 with another order due at once
        assert!((large - (50.0 + 50.0 + 16.0 + 32.0 - 80.0)).abs() < 1e-9 && (small - 100.0).abs() < 1e-9, "{large} {small}");
    }
    use crate::base::Period;
    use crate::history::{Measured, Series};

    /// By hand: 10 on hand, 6 a period sold, lead time 1, review 1. Period 0 leaves 4; period 1 starts with 4 + q.
    #[test]
    fn a_line_by_hand() {
        let then = StockThen {
            on_hand: 10.0,
            coming: Vec::new(),
            advised: 8.0,
            old_rule: 0.0,
            lead: 1,
            review: 1,
            up_to: 18.0,
            holding: 0.5,
            shortage: 3.0,
            waiting: 0.0,
            lost: 1.0,
            order: 1.0,
        };
        // a lot is √(2·1·6/0.5) = 4.9, less than a review's demand: only what lies above the level of 18 at the next review waits.
        // 4 left, then 4 + 8 − 6 = 6; 12 at the review
        assert_eq!(cost(&then, &[6.0, 6.0], 8.0, 6.0), 1.0 + 0.5 * (4.0 + 6.0));
        // nothing ordered: 2 are lost
        assert_eq!(cost(&then, &[6.0, 6.0], 0.0, 6.0), 0.5 * 4.0 + 3.0 * 2.0);
        // 30 ordered: 28 left; 34 at the review, 16 above the level, 16²/12 unit-periods more
        assert_eq!(cost(&then, &[6.0, 6.0], 30.0, 6.0), 1.0 + 0.5 * (4.0 + 28.0) + 0.5 * 256.0 / 12.0);
        // all wait: 2 owed at the end of the last period
        let waits = StockThen { lost: 0.0, waiting: 1.5, ..then.clone() };
        assert_eq!(cost(&waits, &[6.0, 6.0], 0.0, 6.0), 0.5 * 4.0 + 1.5 * 2.0);
        let day = |d: u32| Stamp::from_ymd(2026, 1, d).unwrap_or_default();
        let line = FrozenSeries {
            unique_id: "A".into(),
            start: day(3),
            mean: vec![6.0; 4],
            statistical: Vec::new(),
            naive: Vec::new(),
            low: Vec::new(),
            high: Vec::new(),
            stock: Some(then),
        };
        let frozen = Frozen { made: day(3), ahead: day(3), period: Period::Day, series: vec![line] };
        let history =
            |n: usize| History { period: Period::Day, measured: Measured::Units, series: vec![Series::new("A", day(1), vec![6.0; n])] };
        let held = |_: &str, from: Stamp, until: Stamp, _: f64| {
            assert_eq!((from, until), (day(3), day(4)));
            Some(Decided { units: 0.0, fate: Fate::Held, why: None })
        };
        assert!(settle(&frozen, &history(3), &held).is_empty(), "half its stretch is not sold yet");
        let settled = settle(&frozen, &history(4), &held);
        let l = settled.first().map(|l| (l.advised_cost, l.decided_cost, l.old_rule_cost, l.fate));
        assert_eq!(l, Some((6.0, 8.0, 8.0, Fate::Held)));
        let score = Score::of(&settled);
        assert_eq!((score.lines, score.advice_against_decisions.sum, score.decisions_against_old_rule.sum), (1, 2.0, 0.0));
    }
}
