//! What if something known ahead were different: `[[driver]]` entries of a scenario file.
//!
//! An entry names a column that is known ahead (a price, a promotion) or a dated event, whose series and when, and what it is to be there instead. What was learned of
//! its effect stays; only the periods ahead change.

use super::events::{day, same};
use crate::base::Calendar;
use crate::base::text::grouped;
use serde::{Deserialize, Serialize};

/// One `[[driver]]` entry. Exactly one of `set`, `percent` and `drop` is given.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DriverChange {
    /// The column or event.
    pub name: String,
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
    /// A day in the last period; absent: to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Its value there: a price, 1 or 0 for a promotion, the share of the period in which an event is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<f64>,
    /// Per cent more (or, below 0, less) of it: 10 for a price 10 % higher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// It does not take place: an event or promotion that is called off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop: bool,
    /// The reason, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl DriverChange {
    /// Whether it speaks of a series.
    pub fn fits(&self, unique_id: &str, item: &str, location: &str, category: Option<&str>) -> bool {
        same(&self.unique_id, Some(unique_id))
            && same(&self.item, Some(item))
            && same(&self.location, Some(location))
            && same(&self.category, category)
    }

    /// First and last period it speaks of, counted on a series' calendar.
    pub fn periods(&self, calendar: &Calendar) -> (i64, i64) {
        let at = |text: &Option<String>| text.as_deref().and_then(day).map(|d| calendar.index(d));
        (at(&self.from).unwrap_or(i64::MIN), at(&self.to).unwrap_or(i64::MAX))
    }

    /// What becomes of a value; `usual` is its value where nothing happens.
    pub fn applied(&self, value: f32, usual: f32) -> f32 {
        match (self.drop, self.set, self.percent) {
            (true, ..) => usual,
            (_, Some(v), _) => v as f32,
            (.., Some(p)) => value * (1.0 + p as f32 / 100.0),
            _ => value,
        }
    }

    /// All of it in one phrase: `price +10 % for category tea from 2026-11-01`.
    pub fn words(&self) -> String {
        let change = match (self.drop, self.set, self.percent) {
            (true, ..) => "does not take place".to_owned(),
            (_, Some(v), _) => format!("set to {}", grouped(v, if v.fract() == 0.0 { 0 } else { 2 })),
            (.., Some(p)) => format!("{}{} %", if p < 0.0 { "−" } else { "+" }, grouped(p.abs(), usize::from(p.fract() != 0.0))),
            _ => "as it is".to_owned(),
        };
        let mut out = format!("{} {change}", self.name);
        for (word, name) in [("for category", &self.category), ("for", &self.item), ("for", &self.unique_id), ("at", &self.location)] {
            if let Some(n) = name {
                out.push_str(&format!(" {word} {n}"));
            }
        }
        for (word, when) in [("from", &self.from), ("to", &self.to)] {
            if let Some(d) = when {
                out.push_str(&format!(" {word} {d}"));
            }
        }
        if !self.why.trim().is_empty() {
            out.push_str(&format!(" ({})", self.why.trim()));
        }
        out
    }

    /// What cannot be used of it.
    pub fn problems(&self) -> Vec<crate::base::Diagnostic> {
        let mut out = Vec::new();
        self.check(&mut |_, message, fix| out.push(crate::base::Diagnostic::error("scenario-value", message).fix(fix)));
        out
    }

    /// Complains about what cannot be used, key by key.
    pub(super) fn check(&self, bad: &mut dyn FnMut(&'static str, String, &str)) {
        if self.name.trim().is_empty() {
            bad("name", "a driver entry names nothing".into(), "write name = \"price\", or the name of an event");
        }
        if [self.set.is_some(), self.percent.is_some(), self.drop].into_iter().filter(|g| *g).count() != 1 {
            bad(
                "driver",
                "a driver entry needs exactly one of set, percent and drop".into(),
                "write set = 1.99, percent = 10 or drop = true",
            );
        }
        if let Some(v) = self.set.filter(|v| v.is_nan() || v.abs() > 1e9) {
            bad("set", format!("set = {v} is out of range"), "use a price, 0 or 1, or a share");
        }
        if let Some(v) = self.percent.filter(|v| v.is_nan() || *v <= -100.0 || *v > 1e4) {
            bad("percent", format!("percent = {v} is out of range"), "use 10 for 10 % more, -10 for 10 % less");
        }
        for (key, value) in [("from", &self.from), ("to", &self.to)] {
            if let Some(text) = value.as_ref().filter(|t| day(t).is_none()) {
                bad(key, format!("'{text}' is no date"), "write it as \"2026-03-02\"");
            }
        }
        if let (Some(a), Some(b)) = (self.from.as_deref().and_then(day), self.to.as_deref().and_then(day))
            && a > b
        {
            bad("to", "the entry ends before it begins".into(), "let to be from or later");
        }
    }
}
