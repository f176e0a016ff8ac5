//! Forecasts changed by hand: `[[override]]` entries of a scenario file.
//!
//! An entry speaks of the series that fit all of the names it gives (`unique_id`, `item`, `location`, `category`; nothing: everything together)
//! and of the periods from `from` to `to`. It is kept as it was said and applied to whatever the forecast is then, in the order of the
//! file: a later entry acts on what earlier ones left, and has the last word.

use super::events::{day, same};
use crate::base::text::grouped;
use crate::base::{Calendar, Diagnostic};
use serde::{Deserialize, Serialize};

/// One `[[override]]` entry. Exactly one of `set`, `percent` and `add` is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastOverride {
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
    /// A day in the first period, ISO 8601; absent: from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A day in the last period; absent: the one period of `from`, or with neither all periods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Units a period of all its series together, in place of the forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<f64>,
    /// Per cent more (or, below 0, less) than forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Units a period of all its series together, more (or, below 0, less) than forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add: Option<f64>,
    /// The reason, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl ForecastOverride {
    /// Whether it speaks of a series.
    pub fn fits(&self, unique_id: &str, item: &str, location: &str, category: Option<&str>) -> bool {
        same(&self.unique_id, Some(unique_id))
            && same(&self.item, Some(item))
            && same(&self.location, Some(location))
            && same(&self.category, category)
    }

    /// First and last step it speaks of, counted on a calendar whose period 0 is the first one ahead; below 0 they are past.
    pub fn steps(&self, ahead: &Calendar) -> (i64, i64) {
        let at = |text: &Option<String>| text.as_deref().and_then(day).map(|d| ahead.index(d));
        match (at(&self.from), at(&self.to)) {
            (Some(a), Some(b)) => (a, b),
            (Some(a), None) => (a, a),
            (None, Some(b)) => (0, b),
            (None, None) => (0, i64::MAX),
        }
    }

    /// What becomes of a mean of all its series together, units a period, never below 0.
    pub fn applied(&self, mean: f64) -> f64 {
        let to = match (self.set, self.percent, self.add) {
            (Some(v), ..) => v,
            (_, Some(p), _) => mean * (1.0 + p / 100.0),
            (.., Some(v)) => mean + v,
            _ => mean,
        };
        to.max(0.0)
    }

    /// What it does: `set to 120`, `+20 %`, `−15 units`.
    pub fn change(&self) -> String {
        let sign = |v: f64| if v < 0.0 { "−" } else { "+" };
        let number = |v: f64| grouped(v, usize::from(v.fract() != 0.0));
        match (self.set, self.percent, self.add) {
            (Some(v), ..) => format!("set to {}", number(v)),
            (_, Some(p), _) => format!("{}{} %", sign(p), number(p.abs())),
            (.., Some(v)) => format!("{}{} units", sign(v), number(v.abs())),
            _ => "no change".into(),
        }
    }

    /// Whom it is about: `everything`, `category Tea`, `item TEA-1 at Bristol`.
    pub fn about(&self) -> String {
        let mut parts = Vec::new();
        if let Some(id) = &self.unique_id {
            parts.push(format!("series {id}"));
        }
        if let Some(c) = &self.category {
            parts.push(format!("category {c}"));
        }
        if let Some(i) = &self.item {
            parts.push(format!("item {i}"));
        }
        if let Some(l) = &self.location {
            parts.push(format!("at {l}"));
        }
        if parts.is_empty() { "everything".into() } else { parts.join(" ") }
    }

    /// When: `in the period of 2026-03-02`, `from 2026-03-02 to 2026-03-29`.
    pub fn when(&self) -> String {
        match (&self.from, &self.to) {
            (Some(a), Some(b)) if a == b => format!("on {a}"),
            (Some(a), Some(b)) => format!("from {a} to {b}"),
            (Some(a), None) => format!("on {a}"),
            (None, Some(b)) => format!("up to {b}"),
            (None, None) => "in every period".into(),
        }
    }

    /// All of it in one phrase, reason included.
    pub fn words(&self) -> String {
        let why = if self.why.trim().is_empty() { String::new() } else { format!(" ({})", self.why.trim()) };
        format!("{} for {} {}{why}", self.change(), self.about(), self.when())
    }

    /// What cannot be used of it.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        self.check(&mut |_, message, fix| out.push(Diagnostic::error("scenario-value", message).fix(fix)));
        out
    }

    /// Complains about what cannot be used, key by key.
    pub(super) fn check(&self, bad: &mut dyn FnMut(&'static str, String, &str)) {
        let given = [self.set, self.percent, self.add].into_iter().flatten().count();
        if given != 1 {
            bad("override", "an override needs exactly one of set, percent and add".into(), "write set = 120, percent = 20 or add = -15");
        }
        let mut within = |key: &'static str, v: Option<f64>, least: f64, fix: &str| {
            if let Some(v) = v.filter(|v| !(*v >= least && *v <= 1e12)) {
                bad(key, format!("{key} = {v} is out of range"), fix);
            }
        };
        within("set", self.set, 0.0, "use units a period of 0 or more");
        within("percent", self.percent, -100.0, "use 20 for 20 % more, -100 for nothing at all");
        within("add", self.add, -1e12, "use a finite number of units a period");
        for (key, value) in [("from", &self.from), ("to", &self.to)] {
            if let Some(text) = value.as_ref().filter(|t| day(t).is_none()) {
                bad(key, format!("'{text}' is no date"), "write it as \"2026-03-02\"");
            }
        }
        if let (Some(a), Some(b)) = (self.from.as_deref().and_then(day), self.to.as_deref().and_then(day))
            && a > b
        {
            bad("to", "the override ends before it begins".into(), "let to be from or later");
        }
    }
}
