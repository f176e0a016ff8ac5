//! Sums over the lines and the assumptions, made once for every change of them.

use crate::app::rows::{Row, Status};
use crate::app::session::Session;
use crate::scenario::resolve::Assumed;
use std::sync::Arc;

/// Lines that the place names under "what to do first".
const FIRST: usize = 8;

/// A sum over some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    /// Lines.
    pub count: usize,
    /// Their money.
    pub money: f64,
    /// Part of it on an assumed cost or price.
    pub assumed: f64,
}

impl Sum {
    fn add(&mut self, money: f64, assumed: bool) {
        self.count += 1;
        self.money += money;
        self.assumed += if assumed { money } else { 0.0 };
    }
}

/// An assumption, and the money that rests on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// What was assumed.
    pub what: Assumed,
    /// Items.
    pub items: usize,
    /// Stockout and overstock cost of those items.
    pub money: f64,
}

/// What the place shows of the lines.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    stamp: (u64, usize),
    /// Out of stock now.
    pub out: Sum,
    /// Run out before an order placed now arrives: what waiting costs.
    pub runs_out: Sum,
    /// Too much: the excess at cost.
    pub overstocked: Sum,
    /// To order now: the value at cost.
    pub orders: Sum,
    /// Suppliers to order from.
    pub suppliers: usize,
    /// On hand at cost.
    pub stock: Sum,
    /// Stockout and overstock cost together.
    pub at_risk: Sum,
    /// Positions of the lines to look at first.
    pub first: Vec<usize>,
    /// What was assumed, the most money first.
    pub gaps: Vec<Gap>,
}

impl Summary {
    /// True while it says what the session says.
    pub fn is_of(&self, s: &Session) -> bool {
        self.stamp == stamp(s)
    }

    /// Sums over a session's lines.
    pub fn of(s: &Session) -> Self {
        let mut sum = Self { stamp: stamp(s), ..Self::default() };
        let mut suppliers: Vec<&str> = Vec::new();
        for r in &s.rows {
            let assumed = r.money_assumed;
            match r.status {
                Status::OutOfStock => sum.out.add(r.at_stake, assumed),
                Status::RunsOut => sum.runs_out.add(r.at_stake, assumed),
                Status::Overstocked => sum.overstocked.add(excess_value(r), assumed),
                Status::Order | Status::Enough | Status::NoDemand => {}
            }
            if r.quantity > 0.0 {
                sum.orders.add(r.value, assumed);
                suppliers.push(&r.supplier);
            }
            sum.stock.add(r.stock_value, assumed);
            sum.at_risk.add(r.stockout_cost + r.overstock_cost, assumed);
        }
        suppliers.sort_unstable();
        suppliers.dedup();
        sum.suppliers = suppliers.len();
        sum.first = first(&s.rows);
        sum.gaps = gaps(s);
        sum
    }
}

fn stamp(s: &Session) -> (u64, usize) {
    (s.rows_stamp, s.outcome.as_ref().map_or(0, |o| Arc::as_ptr(o) as usize))
}

/// Units above what is ever ordered up to, at cost.
pub fn excess_value(r: &Row) -> f64 {
    // the stock's own value carries the cost of a unit
    if r.on_hand > 0.0 { r.excess.min(r.on_hand) * r.stock_value / r.on_hand } else { 0.0 }
}

/// Lines to order by what waiting costs; where there are few, the overstocked by what lies there too much.
fn first(rows: &[Row]) -> Vec<usize> {
    let top = |score: &dyn Fn(&Row) -> f64, n: usize| {
        let mut best: Vec<(f64, usize)> = Vec::with_capacity(n + 1);
        for (i, r) in rows.iter().enumerate() {
            let x = score(r);
            if x > 0.0 && (best.len() < n || best.last().is_some_and(|b| x > b.0)) {
                let at = best.partition_point(|b| b.0 >= x);
                best.insert(at, (x, i));
                best.truncate(n);
            }
        }
        best.into_iter().map(|(_, i)| i).collect::<Vec<usize>>()
    };
    let mut first = top(&|r| if r.quantity > 0.0 { r.at_stake } else { 0.0 }, FIRST);
    let more = FIRST - first.len();
    if more > 0 {
        first.extend(top(&|r| if r.status == Status::Overstocked { excess_value(r) } else { 0.0 }, more));
    }
    first
}

fn gaps(s: &Session) -> Vec<Gap> {
    let Some(outcome) = &s.outcome else { return Vec::new() };
    let mut gaps: Vec<Gap> = Vec::new();
    for one in &outcome.series {
        let m = &one.stock.outcome.measures;
        let money = m.stockout_cost.mean + m.overstock_cost.mean;
        for what in &one.stocked.assumed {
            match gaps.iter_mut().find(|g| g.what == *what) {
                Some(g) => {
                    g.items += 1;
                    g.money += money;
                }
                None => gaps.push(Gap { what: *what, items: 1, money }),
            }
        }
    }
    gaps.sort_by(|a, b| b.money.total_cmp(&a.money).then(a.what.cmp(&b.what)));
    gaps
}
