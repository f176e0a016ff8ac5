//! What a file leaves open: typed, so that a window can ask it and a command line can name the option that answers it. Nothing is guessed
//! silently; a question that must be answered stops an import until it is.

use super::options::{DateOrder, ReadOptions, Role};
use crate::base::name::{self, Name};
use crate::base::{Diagnostic, Stamp};
use serde::{Deserialize, Serialize};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Which of two numbers in a date is the day: [`ReadOptions::date_order`].
    DateOrder,
    /// Whether a separator groups or divides: [`ReadOptions::decimal`].
    Decimal,
    /// Which days totals without dates are about: [`ReadOptions::covers`].
    Covers,
    /// On whose clock days are counted: [`ReadOptions::time_zone`].
    TimeZone,
    /// Units or money: the column's role.
    Measure,
    /// Which column holds something: the column's role.
    Column,
    /// Which column of a companion file holds something: [`ReadOptions::fields`].
    Field,
    /// Which code numbers of a status are orders that did not sell: [`ReadOptions::unsold`].
    Unsold,
}

/// One way to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What to hand to [`Question::answer`].
    pub value: String,
    /// The same for people.
    pub text: String,
}

/// Something a file leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked.
    pub ask: Ask,
    /// Stable kebab-case name, as of the diagnostic that says the same.
    #[serde(deserialize_with = "name::read")]
    pub code: Name,
    /// The file as the user named it.
    pub file: String,
    /// 1-based column, where it is about one.
    pub column: Option<u32>,
    /// Name of that column.
    pub name: Option<String>,
    /// The question.
    pub text: String,
    /// Answers to choose from, the likeliest first; empty where one has to be written.
    pub answers: Vec<Answer>,
    /// What was taken until somebody answers.
    pub assumed: Option<String>,
    /// The file is not imported before it is answered.
    pub must: bool,
}

impl Question {
    /// Puts an answer (a value of [`Question::answers`], or one written in the same form) into the options to read the file with again.
    /// False where it cannot be understood.
    pub fn answer(&self, value: &str, options: &mut ReadOptions) -> bool {
        match self.ask {
            Ask::Measure => self.role(Role::parse(value), options),
            Ask::Column => {
                let Some((column, role)) = value.rsplit_once('=') else { return false };
                let Some(role) = Role::parse(role) else { return false };
                options.map.retain(|(name, _)| name != column);
                options.map.push((column.to_owned(), role));
                true
            }
            ask => put(ask, value, options),
        }
    }

    fn role(&self, role: Option<Role>, options: &mut ReadOptions) -> bool {
        let (Some(role), Some(name)) = (role, &self.name) else { return false };
        options.map.retain(|(n, _)| n != name);
        options.map.push((name.clone(), role));
        true
    }

    /// The diagnostic that says the same: an error where it must be answered and nothing may be assumed.
    pub(super) fn said(&self, message: String, fix: String, assume: bool) -> Diagnostic {
        let new: fn(&'static str, String) -> Diagnostic =
            if self.must && !assume { Diagnostic::error } else { |code, message| Diagnostic::warning(code, message) };
        let d = new(self.code, message).file(&self.file).fix(fix);
        if let Some(column) = self.column { d.column(column) } else { d }
    }
}

/// Puts an answer that is about a whole file into the options; false where it cannot be understood, or is about one column.
pub fn put(ask: Ask, value: &str, options: &mut ReadOptions) -> bool {
    match ask {
        Ask::DateOrder => set(&mut options.date_order, DateOrder::parse(value)),
        Ask::Decimal => set(&mut options.decimal, value.chars().next().filter(|c| matches!(c, '.' | ','))),
        Ask::Covers => set(&mut options.covers, covers(value)),
        Ask::TimeZone => set(&mut options.time_zone, Some(value.trim().to_owned()).filter(|z| super::zone::known(z))),
        Ask::Field => {
            let Some((column, field)) = value.rsplit_once('=') else { return false };
            options.fields.retain(|(c, f)| c != column && (field.is_empty() || f != field));
            options.fields.push((column.to_owned(), field.to_owned()));
            true
        }
        Ask::Unsold => {
            options.unsold = Some(value.split([',', ';', ' ']).map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned).collect());
            true
        }
        Ask::Measure | Ask::Column => false,
    }
}

fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let ok = value.is_some();
    if ok {
        *slot = value;
    }
    ok
}

/// `2026-01-01..2026-01-31`, a month `2026-01` or a year `2026`: first and last day.
pub fn covers(text: &str) -> Option<(Stamp, Stamp)> {
    let day = |t: &str| super::date::parse(t.trim(), DateOrder::YearMonthDay).map(|s| Stamp(s.0.div_euclid(86_400) * 86_400));
    let whole = |t: &str| -> Option<(Stamp, Stamp)> {
        let t = t.trim();
        let (from, to) = match t.split('-').collect::<Vec<_>>().as_slice() {
            [y] if y.len() == 4 => {
                let y: i32 = y.parse().ok()?;
                (Stamp::from_ymd(y, 1, 1)?, Stamp::from_ymd(y + 1, 1, 1)?)
            }
            [y, m] if y.len() == 4 && (1..=2).contains(&m.len()) => {
                let (y, m): (i32, u32) = (y.parse().ok()?, m.parse().ok()?);
                (Stamp::from_ymd(y, m, 1)?, if m == 12 { Stamp::from_ymd(y + 1, 1, 1)? } else { Stamp::from_ymd(y, m + 1, 1)? })
            }
            _ => return None,
        };
        Some((from, to.plus_days(-1)))
    };
    let range = ["..", " ~ ", "~", " to ", " - ", " – "].iter().find_map(|sep| {
        let (a, b) = text.split_once(sep)?;
        Some((whole(a).map(|w| w.0).or_else(|| day(a))?, whole(b).map(|w| w.1).or_else(|| day(b))?))
    });
    let found = range.or_else(|| whole(text)).or_else(|| day(text).map(|d| (d, d)))?;
    (found.0 <= found.1 && (found.1.0 - found.0.0) < 3700 * 86_400).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_days() {
        let iso = |t: &str| covers(t).map(|(a, b)| (a.iso(), b.iso()));
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(iso("2026-01-01..2026-01-31"), pair("2026-01-01", "2026-01-31"));
        assert_eq!(iso("2026-01-13 ~ 2026-02-09"), pair("2026-01-13", "2026-02-09"));
        assert_eq!(iso("2026-02"), pair("2026-02-01", "2026-02-28"));
        assert_eq!(iso("2026"), pair("2026-01-01", "2026-12-31"));
        assert_eq!(iso("2026-01..2026-03"), pair("2026-01-01", "2026-03-31"));
        assert_eq!(iso("2026-03-01..2026-01-01"), None);
        assert_eq!(iso("last month"), None);
    }
}
