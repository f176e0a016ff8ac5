//! Scales: nice ticks for numbers (Heckbert 1990) and for dates.

use super::text::{short, trimmed, usable};
use crate::base::{Period, Stamp};
use chrono::Datelike;

/// A linear scale from data to pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub lo: f64,
    pub hi: f64,
    pub from: f64,
    pub to: f64,
}

impl Scale {
    /// Pixels of a value.
    pub fn at(&self, x: f64) -> f64 {
        self.from + (x - self.lo) / (self.hi - self.lo) * (self.to - self.from)
    }
}

/// The range of the usable values, widened where it is a point; `None` when there are none.
pub fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let (lo, hi) = values.into_iter().filter(|x| usable(*x)).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| (lo.min(x), hi.max(x)));
    if lo > hi {
        return None;
    }
    let pad = if hi - lo > hi.abs().max(lo.abs()) * 1e-9 { 0.0 } else { (hi.abs() * 0.1).max(0.5) };
    Some((lo - pad, hi + pad))
}

/// About `want` ticks at 1, 2 or 5 times a power of ten, and the range widened to them.
pub fn ticks(lo: f64, hi: f64, want: usize) -> (Vec<f64>, f64, f64) {
    let raw = (hi - lo) / want.max(1) as f64;
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= raw * 0.999).unwrap_or(10.0 * power);
    let (first, last) = ((lo / step + 1e-9).floor(), (hi / step - 1e-9).ceil());
    // a range of a few ulps far from zero has no room for ticks
    let n = (last - first).clamp(1.0, 20.0) as usize;
    ((0..=n).map(|i| (first + i as f64) * step).collect(), first * step, (first + n as f64) * step)
}

/// A tick's text: as many decimals as the step between ticks needs.
pub fn tick_text(x: f64, step: f64) -> String {
    let a = x.abs();
    if a >= 1e6 || step <= 0.0 {
        let unit = if a >= 1e9 { 1e9 } else { 1e6 };
        return if a >= 1e15 { short(x) } else { format!("{} {}", trimmed(x / unit, 2), if unit > 1e8 { "bn" } else { "M" }) };
    }
    let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 8.0) as usize;
    crate::base::text::printed(x, decimals)
}

/// Ticks on a dates axis: standard periods from days to decades, `(start, text)`.
pub fn date_ticks(lo: Stamp, hi: Stamp, want: usize) -> Vec<(Stamp, String)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = (hi.0 - lo.0) as f64 / 86_400.0;
    let every = days / want.max(1) as f64;
    let month = |t: Stamp| MONTHS[(t.month() as usize + 11) % 12];
    let (period, step) = match every {
        e if e <= 0.5 => (Period::Hour, (e * 24.0).ceil().max(1.0) as i64),
        e if e <= 5.0 => (Period::Day, e.ceil() as i64),
        e if e <= 15.0 => (Period::Week, (e / 7.0).ceil() as i64),
        e if e <= 31.0 => (Period::Month, 1),
        e if e <= 93.0 => (Period::Quarter, 1),
        e if e <= 186.0 => (Period::Quarter, 2),
        e => (Period::Year, (e / 366.0).ceil() as i64),
    };
    let calendar = crate::base::Calendar::new(period, period.floor(lo));
    let mut out = Vec::new();
    let mut year = None;
    for i in (0..=400).map(|i| i * step) {
        let t = calendar.at(i);
        if t > hi {
            break;
        }
        if t < lo {
            continue;
        }
        let n = t.naive();
        let new_year = year != Some(n.year());
        year = Some(n.year());
        out.push((
            t,
            match period {
                Period::Hour => n.format("%d %H:%M").to_string(),
                Period::Day | Period::Week if new_year => format!("{} {} {}", n.day(), month(t), n.year()),
                Period::Day | Period::Week => format!("{} {}", n.day(), month(t)),
                Period::Year => n.year().to_string(),
                _ if new_year => format!("{} {}", month(t), n.year()),
                _ => month(t).to_string(),
            },
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_nice() {
        assert_eq!(ticks(0.0, 97.0, 5), (vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0], 0.0, 100.0));
        assert_eq!(ticks(-3.0, 4.0, 4).0, vec![-4.0, -2.0, 0.0, 2.0, 4.0]);
        assert_eq!(tick_text(0.15, 0.05), "0.15");
        assert_eq!(tick_text(12_000.0, 2000.0), "12,000");
        assert_eq!(range([f64::NAN, f64::INFINITY]), None);
        assert_eq!(range([5.0]), Some((4.5, 5.5)));
    }

    #[test]
    fn three_years_by_half_year() {
        let (a, b) = (Stamp::from_ymd(2023, 10, 2).unwrap(), Stamp::from_ymd(2026, 10, 4).unwrap());
        let texts: Vec<String> = date_ticks(a, b, 8).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["Apr 2024", "Oct", "Apr 2025", "Oct", "Apr 2026", "Oct"]);
    }
}
