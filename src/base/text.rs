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

/// As [`grouped`] with a true minus, for windows and pages; terminals keep the hyphen that other programs read.
pub fn printed(value: f64, decimals: usize) -> String {
    let text = grouped(value, decimals);
    text.strip_prefix('-').map_or_else(|| text.clone(), |digits| format!("−{digits}"))
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

/// With a capital letter at the beginning; a name from a file there, told by an underscore or a digit in it, stays as the file writes it.
pub fn sentence(text: &str) -> String {
    if text.split_whitespace().next().is_some_and(|word| word.contains(|c: char| c == '_' || c.is_ascii_digit())) {
        return text.to_owned();
    }
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
        assert_eq!((printed(-1234.5, 1).as_str(), printed(-0.001, 2).as_str(), printed(3.0, 0).as_str()), ("−1,234.5", "0.00", "3"));
        assert_eq!(plural(1, "row"), "1 row");
        assert_eq!(plural(2000, "row"), "2,000 rows");
    }

    #[test]
    fn names_of_files_keep_their_letters() {
        assert_eq!(sentence("the file is empty"), "The file is empty");
        assert_eq!(sentence("black_friday: +2.6 units"), "black_friday: +2.6 units");
        assert_eq!(sentence("promo2 is not used"), "promo2 is not used");
        assert_eq!(sentence("12 rows are set aside"), "12 rows are set aside");
        assert_eq!(sentence("\"tea_week\" is not used"), "\"tea_week\" is not used");
        assert_eq!(sentence(""), "");
    }
}
