//! Moments on the shop's own clock. Exports of one shop mix offsets when summer time changes, and some systems write UTC only; the day a
//! customer bought on is the day on the shop's clock (IANA time zone database through chrono-tz).

use crate::base::Stamp;
use chrono::{Offset, TimeZone};

/// Whether a name is one of the time zone database, such as `Europe/Berlin`, in any case.
pub(super) fn known(name: &str) -> bool {
    zone(name).is_some()
}

fn zone(name: &str) -> Option<chrono_tz::Tz> {
    let name = name.trim();
    name.parse().ok().or_else(|| chrono_tz::TZ_VARIANTS.iter().find(|z| z.name().eq_ignore_ascii_case(name)).copied())
}

/// Up to `most` names of the time zone database that contain what was typed, in any case.
pub fn zones(typed: &str, most: usize) -> Vec<&'static str> {
    let key = typed.trim().to_lowercase().replace(' ', "_");
    chrono_tz::TZ_VARIANTS.iter().map(|z| z.name()).filter(|n| n.contains('/') && n.to_lowercase().contains(&key)).take(most).collect()
}

/// A zone with what was asked of it last: a file's moments come in runs of one offset.
pub(super) struct Clock(chrono_tz::Tz);

impl Clock {
    /// The clock of a zone.
    pub fn of(name: &str) -> Option<Self> {
        zone(name).map(Self)
    }
    /// A clock reading with its offset from UTC in seconds, as this zone's clock read at that moment.
    pub fn tell(&self, reading: Stamp, offset: i32) -> Stamp {
        let utc = reading.0 - i64::from(offset);
        let here = self.0.offset_from_utc_datetime(&Stamp(utc).naive()).fix().local_minus_utc();
        Stamp(utc + i64::from(here))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_time_is_known() {
        let at = |text: &str| super::super::date::parse(text, super::super::DateOrder::YearMonthDay).unwrap();
        let berlin = Clock::of("europe/berlin").unwrap();
        assert_eq!(berlin.tell(at("2026-01-05 23:30:00"), 0).iso(), "2026-01-06 00:30:00");
        assert_eq!(berlin.tell(at("2026-07-05 22:30:00"), 0).iso(), "2026-07-06 00:30:00");
        assert_eq!(berlin.tell(at("2026-07-05 20:30:00"), -18_000).iso(), "2026-07-06 03:30:00");
        assert!(!known("Mars/Olympus") && known("America/New_York"));
    }
}
