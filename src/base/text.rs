//! Numbers for people: grouped thousands, sensible digits, plurals.

/// A count or amount with thousands separated by commas and `decimals` digits: `12,345.60`.
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, frac) = text.split_once('.').map_or((text.as_str(), ""), |(w, f)| (w, f));
    let mut out = String::with_capacity(text.len() + whole.len() / 3 + 1);
    if value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('-');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if !frac.is_empty() {
        out.push('.');
        out.push_str(frac);
    }
    out
}

/// A half-width as [`grouped`], or `unknown` where it is not a number: one replication does not tell its error.
pub fn half_width(value: f64, decimals: usize) -> String {
    if value.is_nan() { "unknown".into() } else { grouped(value, decimals) }
}

/// `± 1.20`, or `± unknown`.
pub fn plus_minus(value: f64, decimals: usize) -> String {
    format!("± {}", half_width(value, decimals))
}

/// `1 row`, `2 rows`: the count grouped, the noun with an `s` unless it is one.
pub fn plural(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count as f64, 0), if count == 1 { "" } else { "s" })
}

/// With a capital letter at the beginning.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_signs() {
        assert_eq!(grouped(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(grouped(-0.001, 2), "0.00");
        assert_eq!(grouped(-1234.0, 0), "-1,234");
        assert_eq!(grouped(999.999, 0), "1,000");
        assert_eq!(grouped(f64::NAN, 0), "–");
        assert_eq!((plus_minus(1.25, 1).as_str(), plus_minus(f64::NAN, 1).as_str()), ("± 1.2", "± unknown"));
        assert_eq!(plural(1, "row"), "1 row");
        assert_eq!(plural(2000, "row"), "2,000 rows");
    }
}
