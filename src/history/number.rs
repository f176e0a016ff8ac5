//! Numbers as people and shop systems write them: `$1,234.50`, `1.234,50`, `(33.62)`, `MX$2,000.00`, `1 234,5`, `12-`, `35 %`.

/// Largest magnitude taken for a quantity or an amount of money.
const MAX: f64 = 1e15;

/// Cells that mean "nothing here".
pub(super) fn is_blank(text: &str) -> bool {
    let t = text.trim();
    t.is_empty()
        || (t.len() <= 5
            && matches!(t.to_ascii_lowercase().as_str(), "-" | "--" | "n/a" | "na" | "nan" | "null" | "none" | "#n/a" | "." | "–" | "nil"))
}

/// A text without what makes a spreadsheet keep it as text: an apostrophe in front, or `="…"` around it.
pub(super) fn as_meant(text: &str) -> &str {
    let t = text.trim();
    t.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or_else(|| t.trim_start_matches('\''))
}

/// What a number says about its decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// No separator at all.
    None,
    /// Certainly this one.
    Sure(char),
    /// One separator followed by three digits: it may group or divide.
    Either(char),
}

/// A number with its surroundings taken off: sign, digits and separators.
struct Bare {
    negative: bool,
    percent: bool,
    body: String,
}

/// Full-width and Arabic digits as ASCII ones.
fn western(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let digit = |c: char| {
        let zero = ['０', '٠', '۰'].into_iter().find(|z| (*z..=char::from_u32(*z as u32 + 9).unwrap_or(*z)).contains(&c))?;
        char::from_digit(c as u32 - zero as u32, 10)
    };
    if text.chars().any(|c| digit(c).is_some()) {
        text.chars().map(|c| digit(c).unwrap_or(c)).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Takes off currency, brackets, sign, percent and an apostrophe; `None` if letters or the like remain.
fn bare(text: &str) -> Option<Bare> {
    let western = western(text);
    let mut t = as_meant(&western).trim();
    let mut negative = false;
    if let Some(inner) = t.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        (negative, t) = (true, inner.trim());
    }
    let mut percent = false;
    // sign and currency may come in either order, in front or behind
    for _ in 0..3 {
        if let Some(rest) = t.strip_prefix(['-', '−', '–']) {
            (negative, t) = (!negative, rest.trim_start());
        } else if let Some(rest) = t.strip_prefix('+') {
            t = rest.trim_start();
        } else if let Some(rest) = strip_currency(t) {
            t = rest;
        }
        if let Some(rest) = no_cents(t) {
            t = rest;
        } else if let Some(rest) = t.strip_suffix(['-', '−']) {
            (negative, t) = (!negative, rest.trim_end());
        } else if let Some(rest) = t.strip_suffix('%') {
            (percent, t) = (true, rest.trim_end());
        } else if let Some(rest) = strip_currency_behind(t) {
            t = rest;
        }
    }
    // a price of one: `100.00/Nos`
    if let Some((rest, unit)) = t.rsplit_once('/').filter(|(_, u)| (1..=6).contains(&u.len()) && u.chars().all(char::is_alphabetic)) {
        t = if unit.is_empty() { t } else { rest.trim_end() };
    }
    if let Some(rest) = t.strip_prefix(['x', '×']) {
        t = rest.trim_start();
    }
    if let Some(rest) = strip_unit(t) {
        t = rest.0;
    }
    if !t.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        || !t.ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
    {
        return None;
    }
    let mut body = String::with_capacity(t.len());
    let mut digits = 0;
    let chars: Vec<char> = t.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        match c {
            '0'..='9' => {
                digits += 1;
                body.push(*c);
            }
            '.' | ',' => body.push(*c),
            // a blank or apostrophe groups when three digits follow
            ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}' | '\'' | '’' => {
                let group = chars[i + 1..].iter().take_while(|c| c.is_ascii_digit()).count();
                if group != 3 || !chars[..i].last().is_some_and(char::is_ascii_digit) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    (digits > 0 && digits <= 18).then_some(Bare { negative, percent, body })
}

/// `49.–` and `49,-`: a dash in place of cents, which is no minus.
fn no_cents(t: &str) -> Option<&str> {
    let rest = [".-", ",-", ".–", ",–", ".—", ",—"].iter().find_map(|s| t.strip_suffix(s))?;
    rest.ends_with(|c: char| c.is_ascii_digit()).then_some(rest)
}

const SYMBOLS: [char; 16] = ['$', '€', '£', '¥', '₹', '₽', '₩', '₺', '₫', '฿', '₴', '₪', '円', '元', '원', '￥'];
const CODES: [&str; 38] = [
    "USD", "EUR", "GBP", "BRL", "MXN", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "JPY", "CNY", "INR",
    "ZAR", "BDT", "ARS", "FT", "LEI", "TL", "ZL", "CLP", "COP", "PEN", "TRY", "KRW", "SGD", "HKD", "AED", "KR", "R", "RS", "FR",
];

/// What quantities are counted in, with other spellings of the same.
const UNITS: [&[&str]; 13] = [
    &[
        "pcs", "pc", "pce", "pieces", "piece", "ea", "each", "units", "unit", "un", "und", "uds", "ud", "stk", "st", "stuck", "stueck",
        "pz", "pza", "pzs", "szt", "sztuk", "ks", "kpl", "db", "adet", "buc", "stycken", "styk", "nos",
    ],
    &["x"],
    &["kg", "kgs", "kilo", "kilos"],
    &["g", "gr", "grams", "gram"],
    &["lb", "lbs"],
    &["oz"],
    &["l", "ltr", "litre", "litres", "liter", "liters", "lt"],
    &["ml"],
    &["m", "mtr", "metre", "meter", "metres", "meters"],
    &["box", "boxes", "bx", "karton", "caja", "cajas"],
    &["case", "cases", "cs"],
    &["pack", "packs", "pk", "pkt"],
    &["dozen", "dz", "doz"],
];

/// A number with its unit taken off: `2 pcs`, `1.5 kg`, `3x`.
fn strip_unit(t: &str) -> Option<(&str, &'static str)> {
    let rest = t.trim_end_matches('.').trim_end_matches(char::is_alphabetic);
    let word = t[rest.len()..].trim_end_matches('.');
    if word.is_empty() || word.len() > 8 || !rest.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word = super::names::plain(word);
    UNITS.iter().find(|u| u.contains(&word.as_str())).map(|u| (rest.trim_end(), u[0]))
}

/// The unit a quantity is written with, in one spelling.
pub(super) fn unit(text: &str) -> Option<String> {
    strip_unit(text.trim()).map(|u| u.1.to_owned())
}

fn strip_currency(t: &str) -> Option<&str> {
    let end = t.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(t.len());
    let (letters, rest) = t.split_at(end);
    if let Some(rest) = rest.strip_prefix(SYMBOLS) {
        return (letters.len() <= 3).then(|| rest.trim_start());
    }
    let known = !letters.is_empty() && CODES.contains(&letters.to_ascii_uppercase().as_str());
    known.then(|| rest.trim_start_matches('.').trim_start())
}

fn strip_currency_behind(t: &str) -> Option<&str> {
    if let Some(rest) = t.strip_suffix(SYMBOLS) {
        return Some(rest.trim_end());
    }
    // `12,50 zł`, `12 Kč`: letters with their accents
    let rest = t.trim_end_matches(char::is_alphabetic);
    let code = super::names::plain(&t[rest.len()..]).to_ascii_uppercase();
    (!code.is_empty() && (code == "KC" || CODES.contains(&code.as_str()))).then(|| rest.trim_end())
}

/// What `text` says about the decimal mark; `None` if it is no number.
pub(super) fn mark(text: &str) -> Option<Mark> {
    let t = text.trim();
    if !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()) {
        return (t.len() <= 18).then_some(Mark::None);
    }
    if let Some(narrow) = super::names::narrow(t) {
        return mark(&narrow);
    }
    let body = bare(t)?.body;
    let (dots, commas) = (body.matches('.').count(), body.matches(',').count());
    let after = |c: char| body.rfind(c).map_or(0, |p| body.len() - p - 1);
    let other = |c: char| if c == '.' { ',' } else { '.' };
    match (dots, commas) {
        (0, 0) => Some(Mark::None),
        (_, 0) | (0, _) => {
            let c = if dots > 0 { '.' } else { ',' };
            if dots + commas > 1 {
                return grouped(&body, c).then_some(Mark::Sure(other(c)));
            }
            let before = body.find(c).unwrap_or(0);
            let divides = after(c) != 3 || before == 0 || before > 3 || body.starts_with('0');
            Some(if divides { Mark::Sure(c) } else { Mark::Either(c) })
        }
        _ => {
            let last = if body.rfind('.') > body.rfind(',') { '.' } else { ',' };
            let ok = if last == '.' { dots == 1 } else { commas == 1 };
            let whole = body.rsplit_once(last).map_or("", |(w, _)| w);
            (ok && grouped(whole, other(last))).then_some(Mark::Sure(last))
        }
    }
}

/// `1,234,567`: groups of three behind a first group of one to three.
fn grouped(whole: &str, separator: char) -> bool {
    let mut parts = whole.split(separator);
    // Indian grouping (1,23,456) has groups of two before the last three
    parts.next().is_some_and(|p| (1..=3).contains(&p.len()))
        && whole.rsplit(separator).next().is_some_and(|p| p.len() == 3)
        && parts.all(|p| p.len() == 3 || p.len() == 2)
}

/// Reads a number with the given decimal mark. `None` if it is none, or implausibly large.
pub(super) fn parse(text: &str, decimal: char) -> Option<f64> {
    let t = text.trim();
    let plain = t.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') && t.bytes().any(|b| b.is_ascii_digit());
    if plain
        && (decimal == '.' || !t.contains('.'))
        && t.len() <= 24
        && let Ok(v) = t.parse::<f64>()
    {
        return (v.abs() <= MAX).then_some(v);
    }
    if t.len() > 64 {
        return None;
    }
    if let Some(narrow) = super::names::narrow(t) {
        return parse(&narrow, decimal);
    }
    if let Some(v) = exponent(t) {
        return Some(v);
    }
    let bare = bare(t)?;
    let other = if decimal == '.' { ',' } else { '.' };
    let (whole, fraction) = bare.body.split_once(decimal).unwrap_or((&bare.body, ""));
    if fraction.contains(['.', ',']) || (whole.contains(other) && !grouped(whole, other)) {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let value: f64 = format!("{digits}.{fraction}0").parse().ok()?;
    let value = if bare.percent { value / 100.0 } else { value };
    let value = if bare.negative { -value } else { value };
    (value.abs() <= MAX).then_some(value + 0.0)
}

/// `1.5e-3`, as programs write small numbers.
fn exponent(t: &str) -> Option<f64> {
    let (mantissa, power) = t.split_once(['e', 'E'])?;
    let ok = mantissa.starts_with(|c: char| c.is_ascii_digit() || c == '-') && mantissa.contains(|c: char| c.is_ascii_digit());
    let ok = ok && !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+');
    let v: f64 = if ok { t.parse().ok()? } else { return None };
    (v.abs() <= MAX).then_some(v)
}

/// A number typed or pasted into one cell, with either decimal mark; a comma before exactly three digits groups. `None` if it is none.
pub fn typed(text: &str) -> Option<f64> {
    match mark(text) {
        Some(Mark::Sure(c)) => parse(text, c),
        // a program's small number has an exponent, which says nothing of marks
        _ => parse(text, '.'),
    }
}

/// True or false in the languages we read, or a share 0..=1.
pub(super) fn parse_flag(text: &str) -> Option<f64> {
    let t = text.trim().to_lowercase();
    match t.as_str() {
        "true" | "yes" | "y" | "t" | "x" | "ja" | "j" | "sim" | "s" | "si" | "sí" | "oui" | "o" | "on" | "wahr" | "vrai" | "verdadero"
        | "tak" | "ano" | "igen" | "evet" | "kyllä" | "da" | "да" | "ναι" | "是" | "はい" | "in stock" | "available" => Some(1.0),
        "false" | "no" | "n" | "f" | "nein" | "não" | "nao" | "non" | "nee" | "off" | "falsch" | "faux" | "falso" | "out of stock"
        | "nie" | "ne" | "nej" | "nei" | "nem" | "hayır" | "ei" | "nu" | "нет" | "όχι" | "否" | "いいえ" | "unavailable" => {
            Some(0.0)
        }
        _ => parse(&t, '.').or_else(|| parse(&t, ',')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_number_may_have_either_mark() {
        for (text, value) in
            [("3.10", 3.1), ("3,10", 3.1), ("1,234", 1234.0), ("1.234", 1.234), ("1.234,5", 1234.5), ("£2.40", 2.4), ("6e-4", 6e-4)]
        {
            assert_eq!(typed(text), Some(value), "{text}");
        }
        assert_eq!(typed("twelve"), None);
    }
    use proptest::prelude::*;

    #[test]
    fn reads_money_as_written() {
        for (text, decimal, value) in [
            ("$1,234.50", '.', 1234.5),
            ("1.234,50", ',', 1234.5),
            ("(33.62)", '.', -33.62),
            ("($33.62)", '.', -33.62),
            ("MX$2,000.00", '.', 2000.0),
            ("1 234,5", ',', 1234.5),
            ("1\u{202F}234\u{A0}567,5 €", ',', 1_234_567.5),
            ("'75008", '.', 75008.0),
            ("12-", '.', -12.0),
            ("-R$ 1.000,00", ',', -1000.0),
            ("R$ -5,00", ',', -5.0),
            ("35 %", '.', 0.35),
            ("1'234.50 CHF", '.', 1234.5),
            ("$0.00 ", '.', 0.0),
            ("-.5", '.', -0.5),
            ("1e-3", '.', 0.001),
            ("1,23,456.7", '.', 123_456.7),
            ("2 pcs", '.', 2.0),
            ("1,5 kg", ',', 1.5),
            ("3x", '.', 3.0),
            ("-4 Stück", '.', -4.0),
            ("12,50 zł", ',', 12.5),
            ("1 299 Kč", ',', 1299.0),
            ("49,-", ',', 49.0),
            ("49.–", '.', 49.0),
            ("12 szt.", '.', 12.0),
            ("5 ks", '.', 5.0),
        ] {
            assert_eq!(parse(text, decimal), Some(value), "{text}");
        }
        for text in
            ["", "-", "abc", "1.2.3", "12:30", "2026-01-02", "MG-8769", "1e999", "inf", "12 34", "$", "1,2,3", "--", "85123A", "9e20"]
        {
            assert_eq!(parse(text, '.'), None, "{text}");
        }
    }

    #[test]
    fn knows_what_a_number_says_about_its_mark() {
        assert_eq!(mark("1234"), Some(Mark::None));
        assert_eq!(mark("1,5"), Some(Mark::Sure(',')));
        assert_eq!(mark("1,500"), Some(Mark::Either(',')));
        assert_eq!(mark("0,500"), Some(Mark::Sure(',')));
        assert_eq!(mark("1.234,50"), Some(Mark::Sure(',')));
        assert_eq!(mark("1,234,567"), Some(Mark::Sure('.')));
        assert_eq!(mark("1234.567"), Some(Mark::Sure('.')));
        assert_eq!(mark("x"), None);
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn never_panics(text in "\\PC{0,12}") {
            let _ = (mark(&text), parse(&text, '.'), parse(&text, ','), parse_flag(&text));
        }
        #[test]
        fn undoes_printing(cents in -10_000_000_000i64..10_000_000_000) {
            let v = cents as f64 / 100.0;
            prop_assert_eq!(parse(&format!("{v:.2}"), '.'), Some(v));
            prop_assert_eq!(parse(&format!("€ {}", crate::base::text::grouped(v, 2)), '.'), Some(v));
            prop_assert_eq!(parse(&format!("{v:.2}").replace('.', ","), ','), Some(v));
        }
    }
}
