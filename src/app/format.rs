//! Numbers, money and dates for people.

use crate::base::text::printed;
use crate::base::{Measure, Stamp};

/// A space at which a line does not break.
pub const NO_BREAK: char = '\u{a0}';

/// Writes money in one currency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Money {
    /// Code or sign; empty where the data do not say.
    pub currency: String,
}

impl Money {
    /// `GBP 12,345`; two decimals below 100.
    pub fn text(&self, x: f64) -> String {
        self.with(printed(x, if x.abs() < 99.995 && x != 0.0 { 2 } else { 0 }))
    }
    /// `GBP 123k`: three digits that count, for tiles and axes.
    pub fn short(&self, x: f64) -> String {
        self.with(short(x))
    }
    /// `GBP 12,345 ± 67`: a simulated mean never stands without its own error.
    pub fn measure(&self, m: &Measure) -> String {
        format!("{} {}", self.text(m.mean), half_width(m, |x| printed(x, if m.mean.abs() < 99.995 { 2 } else { 0 }))).trim_end().to_owned()
    }
    /// `GBP 12,345 ± 67`, above a hundred thousand `GBP 123k ± 1,234`: where there is little room.
    pub fn brief(&self, m: &Measure) -> String {
        format!("{} {}", self.short(m.mean), half_width(m, short)).trim_end().to_owned()
    }
    /// `± 67` of a measure.
    pub fn error(&self, m: &Measure) -> String {
        half_width(m, short)
    }
    /// A line does not break between a currency and its amount.
    fn with(&self, number: String) -> String {
        if self.currency.is_empty() { number } else { format!("{}{NO_BREAK}{number}", self.currency) }
    }
}

fn half_width(m: &Measure, text: impl Fn(f64) -> String) -> String {
    // what comes out the same every time has no error to speak of
    if m.half_width == 0.0 {
        return String::new();
    }
    if m.half_width.is_finite() { format!("± {}", text(m.half_width)) } else { "± unknown".to_owned() }
}

/// Three digits that count, whole numbers in full up to 100,000: `0.12`, `1.23`, `12.3`, `1,234`, `12,345`, `123k`, `1.23M`.
pub fn short(x: f64) -> String {
    if !x.is_finite() {
        return "–".into();
    }
    let a = x.abs();
    let (scale, unit) = match a {
        _ if a >= 999_500_000.0 => (1e9, "bn"),
        _ if a >= 999_500.0 => (1e6, "M"),
        _ if a >= 99_999.5 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let v = x / scale;
    let decimals = match v.abs() {
        v if v >= 99.95 || v == 0.0 => 0,
        v if v >= 9.995 || (unit.is_empty() && v.fract() == 0.0) => usize::from(v.fract() != 0.0),
        _ => 2,
    };
    format!("{}{unit}", printed(v, decimals))
}

/// An error or a bound with as many decimals as the figure it belongs to: `7,341` has `± 41`. What would round to nothing keeps its digits.
pub fn like(figure: f64, x: f64) -> String {
    match figure.abs() {
        f if (99.95..99_999.5).contains(&f) && (x == 0.0 || x.abs() >= 0.5) => printed(x, 0),
        _ => short(x),
    }
}

/// Units: whole where they are, one decimal below 100 otherwise.
pub fn units(x: f64) -> String {
    printed(x, if x.fract().abs() < 1e-9 || x.abs() >= 100.0 { 0 } else { 1 })
}

/// `97.3 %`.
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{}{NO_BREAK}%", printed(share * 100.0, 1)) } else { "–".into() }
}

/// `+4.5 %`, `−28.8 %`: for what is too high or too low.
pub fn signed_percent(share: f64) -> String {
    let text = percent(share);
    // what is rounded to nothing has no direction
    if share > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { format!("+{text}") } else { text }
}

/// `2026-03-14`.
pub fn date(t: Stamp) -> String {
    t.iso()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_count() {
        for (x, text) in [
            (0.0, "0"),
            (0.1234, "0.12"),
            (7.0, "7"),
            (12.34, "12.3"),
            (123.4, "123"),
            (1234.0, "1,234"),
            (12_345.0, "12,345"),
            (99_999.0, "99,999"),
            (100_400.0, "100k"),
            (999_600.0, "1.00M"),
            (-12_345.0, "−12,345"),
            (1.5e9, "1.50bn"),
        ] {
            assert_eq!(short(x), text, "{x}");
        }
    }

    #[test]
    fn an_error_has_the_digits_of_its_figure() {
        assert_eq!([like(7341.2, 40.61), like(267.0, 1.36), like(7341.0, 0.03), like(26.6, 1.234)], ["41", "1", "0.03", "1.23"]);
        assert_eq!(like(250_000.0, 1234.5), "1,234");
    }

    #[test]
    fn a_bias_has_a_direction() {
        assert_eq!([0.045, -0.288, 0.000_01, 0.0].map(signed_percent), ["+4.5\u{a0}%", "−28.8\u{a0}%", "0.0\u{a0}%", "0.0\u{a0}%"]);
        assert_eq!(signed_percent(f64::NAN), "–");
    }

    #[test]
    fn money_names_its_currency_and_its_error() {
        let m = Money { currency: "GBP".into() };
        assert_eq!(m.text(1234.5), "GBP\u{a0}1,234");
        assert_eq!(m.text(0.5), "GBP\u{a0}0.50");
        assert_eq!(m.measure(&Measure { mean: 1000.0, half_width: 20.0, p10: 0.0, p90: 0.0 }), "GBP\u{a0}1,000 ± 20");
        assert_eq!(m.error(&Measure { half_width: f64::NAN, ..Measure::default() }), "± unknown");
    }
}
