//! What may go wrong, what large orders save and what emergency orders cost: `[[disruption]]`, `[[price_break]]` and `[[expedite]]` entries of a scenario file.
//!
//! An entry speaks of the series that fit all of the names it gives; without names of everything.

use super::adjust::Names;
use crate::base::diagnostic::nearest;
use crate::base::{Calendar, Stamp};
use crate::inventory::disruption::{Begins, Disruption, Effect, Lasts};
use crate::inventory::{Below, Expedite};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The kinds of disruption that the scenario file knows.
pub const KINDS: [&str; 5] = ["outage", "capacity", "lead_time", "demand", "closure"];

/// One `[[disruption]]` entry.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DisruptionSpec {
    /// Name for people, and of its random stream.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `outage`: nothing leaves the supplier; `capacity`: only the share `factor` does; `lead_time` and `demand`: `factor` times as much;
    /// `closure`: an outage that everybody knows of, not counted as a risk.
    pub kind: String,
    /// The series of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The series of this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The series at this location.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The items of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The items of this supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Probability that it begins in a period in which it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The counted period in which it begins, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<usize>,
    /// A day in the first period, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A day in the last period; needs `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Periods that it lasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<usize>,
    /// Probability that it is over at the start of each later period, in place of `duration`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery: Option<f64>,
    /// By how much: see `kind`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
}

/// One `[[price_break]]` entry.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PriceBreakSpec {
    /// The series of this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The items of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The items of this supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// Units of one order from which it holds, for all of them.
    pub quantity: f64,
    /// Cost per unit from there on …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// … or how many per cent below the list cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// The prices hold for the units above their quantity only, not for all units of the order; said of one entry it holds for all of an item.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incremental: bool,
}

/// One `[[expedite]]` entry; the first one that fits a series holds for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExpediteSpec {
    /// The series of this item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The items of this category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The items of this supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    /// An emergency order fills up to this many units, once stock and what is due in time are below it …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// … or up to the expected demand of this many periods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below_periods: Option<f64>,
    /// Its lead time in whole periods.
    pub lead_time: usize,
    /// Money per unit above the list cost …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// … or how many per cent of the list cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Money per emergency order.
    pub order: f64,
}

/// A day of the calendar in ISO 8601.
pub(in crate::scenario) fn day(text: &str) -> Option<Stamp> {
    let d = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    d.and_hms_opt(0, 0, 0).map(Stamp::from_naive)
}

/// A name that is asked for, or any.
pub(super) fn same(wanted: &Option<String>, name: Option<&str>) -> bool {
    wanted.as_deref().is_none_or(|w| Some(w) == name)
}

impl PriceBreakSpec {
    /// Whether it speaks of a series.
    pub(in crate::scenario) fn fits(&self, n: &Names<'_>) -> bool {
        same(&self.item, Some(n.item)) && same(&self.category, n.category) && same(&self.supplier, Some(n.supplier))
    }

    pub(super) fn check(&self, bad: &mut dyn FnMut(&'static str, String, &str)) {
        if !(self.quantity >= 0.0 && self.quantity.is_finite()) {
            bad("quantity", "a price break needs the quantity from which it holds".into(), "add quantity = 100");
        }
        if self.cost.is_some() == self.percent.is_some() {
            bad(
                "price_break",
                "a price break needs either cost or percent".into(),
                "add cost = 4.50 per unit, or percent = 5 off the list cost",
            );
        }
        if self.cost.is_some_and(|c| !(c >= 0.0 && c.is_finite())) || self.percent.is_some_and(|p| !(0.0..=100.0).contains(&p)) {
            bad("price_break", "a price break's cost or percent is out of range".into(), "use a cost of 0 or more, or 0 to 100 per cent");
        }
    }
}

impl ExpediteSpec {
    /// Whether it speaks of a series.
    pub(in crate::scenario) fn fits(&self, n: &Names<'_>) -> bool {
        same(&self.item, Some(n.item)) && same(&self.category, n.category) && same(&self.supplier, Some(n.supplier))
    }

    /// As the simulation knows it, for an item of this list cost.
    pub(in crate::scenario) fn expedite(&self, cost: f64) -> Expedite {
        let below = self.below.map_or_else(|| Below::Periods(self.below_periods.unwrap_or(0.0)), Below::Units);
        let per_unit = self.cost.or_else(|| self.percent.map(|p| cost * p / 100.0)).unwrap_or(0.0);
        Expedite { below, lead_time: self.lead_time, per_unit, per_order: self.order }
    }

    pub(super) fn check(&self, bad: &mut dyn FnMut(&'static str, String, &str)) {
        let fine = |x: f64| x >= 0.0 && x.is_finite();
        if self.below.is_some() == self.below_periods.is_some() {
            bad(
                "expedite",
                "expediting needs either below or below_periods".into(),
                "add below = 5 (units), or below_periods = 1 (periods of expected demand)",
            );
        }
        if self.cost.is_some() && self.percent.is_some() {
            bad(
                "expedite",
                "expediting costs either an amount or a percentage a unit".into(),
                "keep cost = 0.50 per unit, or percent = 10",
            );
        }
        for (key, value) in [("below", self.below), ("below_periods", self.below_periods), ("cost", self.cost), ("percent", self.percent)] {
            if let Some(x) = value.filter(|x| !fine(*x)) {
                bad(key, format!("{key} = {x} is negative or not a number"), "use 0 or more");
            }
        }
        if !fine(self.order) {
            bad("order", format!("order = {} is negative or not a number", self.order), "use 0 or more per emergency order");
        }
        if self.lead_time > 1000 {
            bad(
                "lead_time",
                format!("a lead time of {} periods", self.lead_time),
                "use 0 to 1000 periods, fewer than an ordinary order takes",
            );
        }
    }
}

impl DisruptionSpec {
    /// Whether it speaks of a series.
    pub(in crate::scenario) fn fits(&self, n: &Names<'_>) -> bool {
        same(&self.unique_id, Some(n.unique_id))
            && same(&self.item, Some(n.item))
            && same(&self.location, Some(n.location))
            && same(&self.category, n.category)
            && same(&self.supplier, Some(n.supplier))
    }

    /// As the simulation knows it; `nth` entry of the file. `None`: it is over before anything is simulated.
    pub(in crate::scenario) fn event(&self, nth: usize, ahead: Option<&Calendar>, warm_up: usize) -> Option<Disruption> {
        let factor = self.factor.unwrap_or(1.0);
        let effect = match self.kind.as_str() {
            "capacity" => Effect::Supply(factor),
            "lead_time" => Effect::LeadTime(factor),
            "demand" => Effect::Demand(factor),
            _ => Effect::Supply(0.0),
        };
        let at = |text: &Option<String>| text.as_deref().and_then(day).zip(ahead).map(|(d, a)| a.index(d));
        let mut lasts = match (self.duration, self.recovery) {
            (_, Some(chance)) => Lasts::Until(chance),
            (n, _) => Lasts::Periods(n.unwrap_or(1)),
        };
        let begins = match (self.probability, self.period, at(&self.from)) {
            (Some(p), ..) => Begins::Chance(p),
            (_, Some(n), _) => Begins::At(warm_up + n.saturating_sub(1)),
            (.., Some(first)) => {
                let mut end = at(&self.to).map(|last| last + 1);
                if let (None, Lasts::Periods(n)) = (end, lasts) {
                    end = Some(first + n as i64);
                }
                if let Some(end) = end {
                    let left = end - first.max(0);
                    if left <= 0 {
                        return None;
                    }
                    lasts = Lasts::Periods(left as usize);
                }
                Begins::At(first.max(0) as usize)
            }
            _ => return None,
        };
        let name = if self.name.is_empty() { format!("{} {}", self.kind, nth + 1) } else { self.name.clone() };
        Some(Disruption { name, begins, lasts, effect, known: self.kind == "closure" })
    }

    pub(super) fn check(&self, dated: bool, bad: &mut dyn FnMut(&'static str, String, &str)) {
        if !KINDS.contains(&self.kind.as_str()) {
            let hint = nearest(&self.kind, KINDS).map_or(String::new(), |k| format!("did you mean \"{k}\"? "));
            bad("kind", format!("'{}' is no disruption", self.kind), &format!("{hint}known: {}", KINDS.join(", ")));
            return;
        }
        let given = [self.probability.is_some(), self.period.is_some(), self.from.is_some()];
        if given.into_iter().filter(|g| *g).count() != 1 {
            bad(
                "disruption",
                "a disruption begins in exactly one way".into(),
                "give probability = 0.02 (per period), period = 10 (counted from 1) or from = \"2026-12-01\"",
            );
        }
        if self.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            bad("probability", "a probability is not between 0 and 1".into(), "use 0.02 for 2 % in every period");
        }
        if self.recovery.is_some_and(|p| !(p > 0.0 && p <= 1.0)) {
            bad("recovery", "a recovery probability is not above 0 and up to 1".into(), "use 0.25 for four periods on average");
        }
        if self.period == Some(0) {
            bad("period", "periods are counted from 1".into(), "use period = 1 for the first one");
        }
        if self.duration == Some(0) {
            bad("duration", "a disruption of 0 periods".into(), "use 1 or more periods");
        }
        for (key, text) in [("from", &self.from), ("to", &self.to)] {
            if let Some(t) = text.as_deref().filter(|t| day(t).is_none()) {
                bad(key, format!("{t:?} is no date"), "write dates as 2026-12-24");
            }
        }
        if self.from.is_some() && !dated {
            bad("from", "a demand distribution has no dates".into(), "give the period instead, counted from 1");
        }
        if let (Some(a), Some(b)) = (self.from.as_deref().and_then(day), self.to.as_deref().and_then(day))
            && b < a
        {
            bad("to", "the disruption ends before it begins".into(), "put the later day under to");
        }
        if self.to.is_some() && self.from.is_none() {
            bad("to", "to is given without from".into(), "give from as well");
        }
        let ends = [self.duration.is_some(), self.recovery.is_some(), self.to.is_some()];
        if ends.into_iter().filter(|g| *g).count() != 1 {
            bad(
                "disruption",
                "a disruption ends in exactly one way".into(),
                "give duration = 4 (periods), recovery = 0.25 or to = \"2026-12-31\"",
            );
        }
        match (self.kind.as_str(), self.factor) {
            ("outage" | "closure", Some(_)) => {
                bad("factor", format!("a {} has no factor", self.kind), "use kind = \"capacity\" for a part of it")
            }
            ("capacity", None) => bad("factor", "a loss of capacity needs the share that is left".into(), "add factor = 0.5"),
            ("capacity", Some(f)) if !(0.0..=1.0).contains(&f) => {
                bad("factor", format!("factor = {f} is no share"), "use 0.5 where half of it is left")
            }
            ("lead_time" | "demand", None) => {
                bad("factor", format!("a disruption of {} needs a factor", self.kind), "add factor = 1.5 for half as much again")
            }
            ("lead_time" | "demand", Some(f)) if !(0.0..=100.0).contains(&f) => {
                bad("factor", format!("factor = {f} is out of range"), "use 0 to 100")
            }
            ("closure", _) if self.probability.is_some() => {
                bad("probability", "a closure is known in advance".into(), "give its dates, or use kind = \"outage\"")
            }
            _ => {}
        }
    }
}
