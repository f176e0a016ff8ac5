//! What is stocked: one item at one location, as the simulation sees it.

use super::LeadTime;
use super::disruption::{Begins, Disruption, Effect, Lasts};
use super::yields::Yield;
use crate::base::Diagnostic;
use crate::forecast::fill::Sampler;
use crate::forecast::path::PathModel;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What happens to demand that finds no stock.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmet {
    /// The customer goes elsewhere.
    #[default]
    Lost,
    /// The customer waits.
    Backorder,
    /// Some customers go, the others wait (partial backordering, Montgomery, Bazaraa & Keswani 1973, *Naval Research Logistics Quarterly* 20(2)).
    Part {
        /// Share of unmet demand that is lost, 0..=1; each costs the item's shortage.
        lost: f64,
        /// Money per unit that waits and period.
        waiting: f64,
    },
}

impl Unmet {
    /// What is lost and what waits of `missed` units. Whole units are rounded by the uniform number `u`, so that the mean is the share.
    pub(super) fn split(self, missed: f32, whole: bool, u: impl FnOnce() -> f64) -> (f32, f32) {
        match self {
            Self::Lost => (missed, 0.0),
            Self::Backorder => (0.0, missed),
            Self::Part { lost, .. } => {
                let exact = lost as f32 * missed;
                let gone = if whole { (exact + u() as f32).floor().clamp(0.0, missed) } else { exact };
                (gone, missed - gone)
            }
        }
    }
}

/// Money per unit, period or order, net of VAT.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UnitCosts {
    /// Landed cost of one unit: values purchases, discarded and closing stock.
    pub unit: f64,
    /// Per unit left at the end of a period (capital and storage).
    pub holding: f64,
    /// Per unit lost (its margin), or per unit and period backordered.
    pub shortage: f64,
    /// Per unit that has to wait, once, however long; only where customers wait.
    pub backorder: f64,
    /// Per order to the supplier, freight not included.
    pub order: f64,
    /// Share of its cost that stock left at the end of the horizon loses, 0..=1.
    pub markdown: f64,
}

impl UnitCosts {
    /// Holding, shortage and order cost; units without value of their own, no markdown.
    pub const fn new(holding: f64, shortage: f64, order: f64) -> Self {
        Self { unit: 0.0, holding, shortage, backorder: 0.0, order, markdown: 0.0 }
    }
}

/// An order placed earlier and not yet received.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// The simulated period at whose start it becomes available; 0 is the first.
    pub period: usize,
    /// Units.
    pub units: f64,
}

/// Part of the opening stock with a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expiring {
    /// The simulated period at whose end what is left of it is discarded.
    pub period: usize,
    /// Units.
    pub units: f64,
}

/// A unit price below the list cost for orders of a certain size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceBreak {
    /// Units of one order from which it holds.
    pub from: f64,
    /// Money per unit less than the list cost.
    pub saving: f64,
}

/// Emergency orders at extra cost, beside the policy's own (the second source of Moinzadeh & Nahmias 1988, *Management Science* 34(6)).
///
/// At the end of every period, before a review: where stock on hand less backorders, with what is due until such an order would be there, is below a level,
/// what lacks to the level is ordered with the shorter lead time. Neither order days nor the supplier's minimum hold for it, and disruptions and yield do not
/// touch it; packs do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expedite {
    /// Placed below it.
    pub below: Below,
    /// Whole periods between order and receipt.
    pub lead_time: usize,
    /// Money per unit above its cost.
    pub per_unit: f64,
    /// Money per such order.
    pub per_order: f64,
}

/// A level of stock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Below {
    /// Units.
    Units(f64),
    /// Expected demand of so many periods ahead.
    Periods(f64),
}

/// What few items have. An item with any of it is simulated by the general kernel, all others by the fast one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Extras {
    /// The freshest units are sold first (only with a shelf life).
    pub freshest_first: bool,
    /// Share of a receipt that arrives usable.
    pub yields: Option<Yield>,
    /// What disturbs supply or demand.
    pub disruptions: Vec<Disruption>,
    /// Cheaper from a certain quantity on, by rising quantity.
    pub price_breaks: Vec<PriceBreak>,
    /// A price holds for the units from its quantity on only (*incremental*), not for all units of the order (*all-units*; Snyder & Shen 2019 §3.3).
    pub incremental_breaks: bool,
    /// Units of the largest order; `None`: any.
    pub maximum: Option<f64>,
    /// Units that come in a period once an order begins to arrive; orders wait for each other. `None`: all at once.
    pub production_rate: Option<f64>,
    /// Under [`Policy::Schedule`](super::Policy::Schedule), units ordered for each period, repeating: placed at the end of the one before (the first: now), there
    /// after the lead time.
    pub schedule: Vec<f64>,
    /// Nothing is ordered any more: what is there, and on its way, is sold.
    pub ended: bool,
    /// Emergency orders.
    pub expedite: Option<Expedite>,
    /// Periods at whose end the supplier takes orders, repeating; empty: every review. A review that falls on another period waits for the next.
    pub order_periods: Vec<bool>,
}

impl Extras {
    /// Whether the fast kernel cannot simulate it.
    pub fn general(&self) -> bool {
        self.production_rate.is_some()
            || self.yields.is_some()
            || !self.disruptions.is_empty()
            || !self.price_breaks.is_empty()
            || self.expedite.is_some()
    }

    /// The longest wait from one period on which orders are taken to the next; `None`: any period.
    pub fn gap(&self) -> Option<usize> {
        let open = &self.order_periods;
        let wait = |t: usize| (1..=open.len()).find(|k| open.get((t + k) % open.len()).copied().unwrap_or(false));
        (0..open.len()).filter(|t| open.get(*t).copied().unwrap_or(false)).filter_map(wait).max()
    }

    /// Whether the supplier takes orders now, before period 0.
    pub fn open_now(&self) -> bool {
        !self.ended && self.order_periods.last().copied().unwrap_or(true)
    }

    /// Money that an order of `units` costs less than at list cost.
    pub(super) fn saving(&self, units: f64) -> f64 {
        if self.incremental_breaks {
            let each = |(i, b): (usize, &PriceBreak)| {
                let before = i.checked_sub(1).and_then(|k| self.price_breaks.get(k)).map_or(0.0, |b| b.saving);
                (b.saving - before) * (units - b.from).max(0.0)
            };
            return self.price_breaks.iter().enumerate().map(each).sum();
        }
        // quantities are f32 in the kernels
        let at = self.price_breaks.iter().rev().find(|b| units >= b.from - 1e-4);
        at.map_or(0.0, |b| b.saving * units)
    }
}

/// One item at one location, with everything a simulation of its stock needs.
///
/// Period 0 is the first simulated period; "now" is the moment before it.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// The opaque name of the series: names the random streams.
    pub id: &'a str,
    /// Distribution over demand paths from period 0 on.
    pub path: &'a PathModel,
    /// How long supply takes.
    pub lead_time: LeadTime,
    /// Periods between reviews `R`, at least 1.
    pub review: usize,
    /// The period at whose end the first review falls (0: at the end of the first period); then every `review` periods.
    pub next_review: usize,
    /// What happens to demand that finds no stock.
    pub unmet: Unmet,
    /// Money.
    pub costs: UnitCosts,
    /// Units per pack: orders are rounded up to whole packs. 0: any quantity.
    pub pack: f64,
    /// Smallest order in units (rounded up to packs). 0: none.
    pub minimum: f64,
    /// Units on hand before period 0; negative: backorders.
    pub on_hand: f64,
    /// Orders on their way.
    pub on_order: Vec<OpenOrder>,
    /// Whole periods in which a received unit can be sold: what was received in `t` is discarded at the end of `t + shelf_life − 1`.
    pub shelf_life: Option<usize>,
    /// The part of `on_hand` that expires sooner than a fresh receipt would (only with `shelf_life`).
    pub expiring: Vec<Expiring>,
    /// What few items have: yield, disruptions, price breaks … All off by default.
    pub extras: Extras,
    /// The tables of `path`, where they are at hand already; `None`: made when needed.
    pub sampler: Option<Arc<Sampler>>,
}

impl<'a> Item<'a> {
    /// An item with stock zero, nothing on the way, lead time 1, review every period, lost sales and no pack.
    pub fn new(id: &'a str, path: &'a PathModel, costs: UnitCosts) -> Self {
        Self {
            id,
            path,
            lead_time: LeadTime::fixed(1),
            review: 1,
            next_review: 0,
            unmet: Unmet::Lost,
            costs,
            pack: 0.0,
            minimum: 0.0,
            on_hand: 0.0,
            on_order: Vec::new(),
            shelf_life: None,
            expiring: Vec::new(),
            extras: Extras::default(),
            sampler: None,
        }
    }

    /// The tables of its path: those at hand, or new ones.
    pub fn sampler(&self) -> Arc<Sampler> {
        self.sampler.clone().unwrap_or_else(|| Arc::new(Sampler::new(self.path)))
    }

    /// On hand + on order − backorders, units.
    pub fn position(&self) -> f64 {
        self.on_hand + self.on_order.iter().map(|o| o.units).sum::<f64>()
    }

    /// Periods from one review to the next. A review for every day on which orders are taken is one where `review` is no longer than the wait
    /// between them.
    pub(super) fn step(&self) -> usize {
        if self.extras.gap().is_some_and(|g| self.review <= g) { 1 } else { self.review.max(1) }
    }

    /// The period at whose end the first review after one now falls.
    pub fn next_after_now(&self) -> usize {
        self.step() - 1
    }

    /// The periods a review has to cover, `L + R`, with the mean lead time.
    pub fn risk(&self) -> f64 {
        self.lead_time.mean() + self.review as f64
    }

    /// The smallest quantity the supplier accepts that is at least `units`: whole packs, not below the minimum; 0 stays 0.
    pub fn round_order(&self, units: f64) -> f64 {
        if units <= 0.0 {
            return 0.0;
        }
        let wanted = units.max(self.minimum).min(self.extras.maximum.unwrap_or(f64::INFINITY));
        if self.pack > 0.0 { (wanted / self.pack - 1e-9).ceil().max(1.0) * self.pack } else { wanted }
    }

    /// Whether the numbers can be simulated at all.
    ///
    /// # Errors
    /// Names the field that cannot be used.
    pub fn check(&self) -> Result<(), Diagnostic> {
        let bad = |what: &str| {
            Err(Diagnostic::error("item-unusable", format!("{what} of {} is not a usable number", self.id))
                .fix(format!("give a finite {what} of at least 0")))
        };
        let c = &self.costs;
        for (value, what) in [
            (c.unit, "unit cost"),
            (c.holding, "holding cost"),
            (c.shortage, "shortage cost"),
            (c.backorder, "cost of a backorder"),
            (c.order, "order cost"),
            (c.markdown, "markdown"),
            (self.pack, "pack size"),
            (self.minimum, "minimum order"),
            (self.extras.maximum.unwrap_or(1.0), "maximum order"),
            (self.extras.production_rate.unwrap_or(1.0), "production rate"),
        ] {
            if !(value.is_finite() && value >= 0.0) {
                return bad(what);
            }
        }
        if let Unmet::Part { lost, waiting } = self.unmet
            && !((0.0..=1.0).contains(&lost) && waiting.is_finite() && waiting >= 0.0)
        {
            return bad("share of lost demand or cost of waiting");
        }
        if !self.on_hand.is_finite() {
            return bad("stock on hand");
        }
        if self.on_order.iter().any(|o| !(o.units.is_finite() && o.units >= 0.0)) {
            return bad("quantity on order");
        }
        if self.expiring.iter().any(|e| !(e.units.is_finite() && e.units >= 0.0)) {
            return bad("expiring stock");
        }
        if self.review == 0 || self.shelf_life == Some(0) {
            return Err(Diagnostic::error("item-unusable", format!("the review period or shelf life of {} is zero periods", self.id))
                .fix("give at least one period"));
        }
        for e in &self.extras.disruptions {
            let usable = |x: f64| x.is_finite() && x >= 0.0;
            let (begins, lasts) = (e.begins, e.lasts);
            let fine = match e.effect {
                Effect::Supply(x) => usable(x) && x <= 1.0,
                Effect::LeadTime(x) | Effect::Demand(x) => usable(x) && x <= 1000.0,
            } && !matches!(begins, Begins::Chance(p) if !(0.0..=1.0).contains(&p))
                && !matches!(lasts, Lasts::Until(p) if !(p > 0.0 && p <= 1.0))
                && lasts != Lasts::Periods(0);
            if !fine {
                return bad("disruption");
            }
        }
        if self.extras.price_breaks.iter().any(|b| !(b.from.is_finite() && b.from >= 0.0 && b.saving.is_finite())) {
            return bad("price break");
        }
        if let Some(e) = &self.extras.expedite {
            let (Below::Units(level) | Below::Periods(level)) = e.below;
            if ![level, e.per_unit, e.per_order].into_iter().all(|x| x.is_finite() && x >= 0.0) || e.lead_time > 1000 {
                return bad("level or cost of expediting");
            }
        }
        if self.path.steps.is_empty() || self.path.marginals.is_empty() {
            return Err(Diagnostic::error("item-without-demand", format!("{} has no demand distribution", self.id))
                .fix("forecast the series first"));
        }
        self.lead_time.check(self.id)
    }
}
