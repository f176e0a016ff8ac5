//! Stamps on the shop's own clock, and regular calendars of periods.
//!
//! A [`Calendar`] continues the phase of its first stamp: weeks that start on a Friday go on starting on Fridays, months
//! dated on their last day go on being dated so.

use super::Day;
use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment on the shop's own clock, without time zone: seconds since 1970-01-01 00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stamp(pub i64);

const DAY: i64 = 86_400;

impl Stamp {
    /// Midnight at the start of a civil date; `None` when there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|d| Self::from_naive(d.into()))
    }
    /// From chrono's local date and time.
    pub fn from_naive(t: NaiveDateTime) -> Self {
        Self(t.and_utc().timestamp())
    }
    /// As chrono's local date and time. Out-of-range stamps clamp to the epoch, which no reader produces.
    pub fn naive(self) -> NaiveDateTime {
        chrono::DateTime::from_timestamp(self.0, 0).unwrap_or_default().naive_utc()
    }
    /// The day it falls on.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY) as i32)
    }
    /// Midnight at the start of a day.
    pub fn of_day(day: Day) -> Self {
        Self(i64::from(day.0) * DAY)
    }
    /// This moment, `days` days later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY)
    }
    /// Day of the week, Monday = 0.
    pub fn weekday(self) -> u32 {
        self.naive().weekday().num_days_from_monday()
    }
    /// Month, 1..=12.
    pub fn month(self) -> u32 {
        self.naive().month()
    }
    /// ISO 8601: `2026-11-22`, or `2026-11-22 14:00:00` when there is a time of day.
    pub fn iso(self) -> String {
        self.to_string()
    }
    /// The same, with its time of day even at midnight.
    pub fn iso_timed(self) -> String {
        self.naive().format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.naive();
        if t.num_seconds_from_midnight() == 0 {
            write!(f, "{}", t.format("%Y-%m-%d"))
        } else {
            write!(f, "{}", t.format("%Y-%m-%d %H:%M:%S"))
        }
    }
}

/// The step of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// Seven days.
    Week,
    /// One calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// Twelve calendar months.
    Year,
}

impl Period {
    /// All, from short to long.
    pub const ALL: [Self; 6] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// `hour`, `day` …, or the one-letter frequency codes `H D W M Q Y`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "hour" | "h" | "hourly" => Some(Self::Hour),
            "day" | "d" | "daily" => Some(Self::Day),
            "week" | "w" | "weekly" => Some(Self::Week),
            "month" | "m" | "monthly" | "ms" => Some(Self::Month),
            "quarter" | "q" | "quarterly" | "qs" => Some(Self::Quarter),
            "year" | "y" | "yearly" | "annual" | "ys" => Some(Self::Year),
            _ => None,
        }
    }
    /// `hour`, `day`, `week`, `month`, `quarter`, `year`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
    /// Mean length in days.
    pub const fn days(self) -> f64 {
        match self {
            Self::Hour => 1.0 / 24.0,
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 365.25 / 12.0,
            Self::Quarter => 365.25 / 4.0,
            Self::Year => 365.25,
        }
    }
    /// Periods in a mean year.
    pub const fn per_year(self) -> f64 {
        365.25 / self.days()
    }
    /// The season lengths worth looking for, shortest first: a day has 7 (week) and 365 (year).
    pub const fn season_lengths(self) -> &'static [usize] {
        match self {
            Self::Hour => &[24, 168],
            Self::Day => &[7, 365],
            Self::Week => &[52],
            Self::Month => &[12],
            Self::Quarter => &[4],
            Self::Year => &[],
        }
    }
    const fn months(self) -> Option<u32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
            _ => None,
        }
    }
    const fn seconds(self) -> i64 {
        match self {
            Self::Hour => 3600,
            Self::Week => 7 * DAY,
            _ => DAY,
        }
    }
    /// The start of the standard period (ISO weeks from Monday, months from the 1st) that holds `t`.
    pub fn floor(self, t: Stamp) -> Stamp {
        match self {
            Self::Hour => Stamp(t.0.div_euclid(3600) * 3600),
            Self::Day => Stamp(t.0.div_euclid(DAY) * DAY),
            Self::Week => Stamp::of_day(Day(t.day().0 - t.weekday() as i32)),
            _ => {
                let d = t.naive().date();
                let months = self.months().unwrap_or(1);
                let month = (d.month0() / months) * months + 1;
                Stamp::from_ymd(d.year(), month, 1).unwrap_or(t)
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A regular sequence of period starts, beginning at `start` and unbounded both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Calendar {
    /// Length of a period.
    pub period: Period,
    /// Start of period 0.
    pub start: Stamp,
}

impl Calendar {
    /// Periods of the given length from `start` on.
    pub const fn new(period: Period, start: Stamp) -> Self {
        Self { period, start }
    }

    /// Start of period `i` (which may be negative).
    pub fn at(&self, i: i64) -> Stamp {
        let Some(months) = self.period.months() else {
            return Stamp(self.start.0 + i * self.period.seconds());
        };
        let t = self.start.naive();
        let shift = Months::new((i.unsigned_abs() as u32).saturating_mul(months));
        let moved = if i < 0 { t.checked_sub_months(shift) } else { t.checked_add_months(shift) }.unwrap_or(t);
        // a calendar dated on the last day of its month stays on last days
        let last = t.date().checked_add_signed(TimeDelta::days(1)).is_some_and(|d| d.day() == 1);
        if last && t.day() < 31 {
            let next = moved.date().with_day(1).and_then(|d| d.checked_add_months(Months::new(1)));
            if let Some(end) = next.and_then(|d| d.pred_opt()) {
                return Stamp::from_naive(end.and_time(moved.time()));
            }
        }
        Stamp::from_naive(moved)
    }

    /// Index of the period that holds `t`: the largest `i` with `at(i) <= t`.
    pub fn index(&self, t: Stamp) -> i64 {
        let Some(months) = self.period.months() else {
            return (t.0 - self.start.0).div_euclid(self.period.seconds());
        };
        let (a, b) = (self.start.naive(), t.naive());
        let months_apart = i64::from(b.year() - a.year()) * 12 + i64::from(b.month()) - i64::from(a.month());
        let mut i = months_apart.div_euclid(i64::from(months));
        while self.at(i) > t {
            i -= 1;
        }
        while self.at(i + 1) <= t {
            i += 1;
        }
        i
    }

    /// Whole periods that cover `days` calendar days, rounded up (DESIGN §3: lead times in days).
    pub fn periods_in_days(&self, days: f64) -> f64 {
        (days / self.period.days() - 1e-9).ceil().max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ymd(y: i32, m: u32, d: u32) -> Stamp {
        Stamp::from_ymd(y, m, d).unwrap_or_default()
    }

    #[test]
    fn keeps_the_phase() {
        let friday = Calendar::new(Period::Week, ymd(2010, 2, 5));
        assert_eq!(friday.at(1), ymd(2010, 2, 12));
        assert_eq!(friday.index(ymd(2010, 2, 11)), 0);
        let month_end = Calendar::new(Period::Month, ymd(2024, 1, 31));
        assert_eq!(month_end.at(1), ymd(2024, 2, 29));
        assert_eq!(month_end.at(2), ymd(2024, 3, 31));
        let from_february = Calendar::new(Period::Month, ymd(2023, 2, 28));
        assert_eq!(from_february.at(1), ymd(2023, 3, 31));
        assert_eq!(from_february.at(12), ymd(2024, 2, 29));
        assert_eq!(Period::Quarter.floor(ymd(2024, 6, 30)), ymd(2024, 4, 1));
        assert_eq!(Period::Week.floor(ymd(2026, 11, 22)), ymd(2026, 11, 16));
        assert_eq!(Calendar::new(Period::Week, ymd(2026, 1, 5)).periods_in_days(10.0), 2.0);
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn index_undoes_at(start in -200_000_000i64..2_000_000_000, i in -300i64..300, p in 0usize..6) {
            let c = Calendar::new(Period::ALL[p], Stamp(start - start.rem_euclid(DAY)));
            prop_assert_eq!(c.index(c.at(i)), i);
            prop_assert!(c.at(i + 1) > c.at(i));
            prop_assert_eq!(c.index(Stamp(c.at(i + 1).0 - 1)), i);
        }
    }
}
