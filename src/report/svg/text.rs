//! Text inside markup: escaping, cutting, short numbers.

use crate::base::text::printed;

/// Escaped for element content and quoted attributes; characters XML forbids become `�`.
pub fn esc(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 8);
    for c in s.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || c == '\u{FFFE}' || c == '\u{FFFF}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// At most `limit` characters, the last one `…` where something was cut; not yet escaped.
pub fn cut(s: &str, limit: usize) -> String {
    if s.chars().count() <= limit { s.to_string() } else { s.chars().take(limit.saturating_sub(1)).chain(['…']).collect() }
}

/// Width of a label in pixels, near enough for layout at 12 px; capitals are wider than the rest.
pub fn width(s: &str) -> f64 {
    let of = |c: char| match c {
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 10.8,
        c if "iljtf.,:;'|!()[] I".contains(c) => 4.2,
        c if c.is_ascii_uppercase() => 8.8,
        c if c.is_ascii() => 7.0,
        _ => 9.0,
    };
    s.chars().map(of).sum()
}

/// No wider than `room` pixels: what does not fit is left out of the middle, since names differ at both ends.
pub fn squeezed(s: &str, room: f64) -> String {
    if width(s) <= room {
        return s.to_string();
    }
    let chars: Vec<char> = s.chars().collect();
    let (mut head, mut tail, mut used) = (0, 0, 9.0);
    while head + tail < chars.len() {
        let from_head = head <= tail;
        let next = if from_head { chars.get(head) } else { chars.get(chars.len() - 1 - tail) };
        let Some(c) = next else { break };
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        if from_head { head += 1 } else { tail += 1 }
    }
    let end: String = chars.iter().skip(chars.len() - tail).collect();
    format!("{}…{}", chars.iter().take(head).collect::<String>().trim_end(), end.trim_start())
}

/// In one line or two, each no wider than `room` pixels, broken between words; the second is squeezed where it must be, so that its end stays.
pub fn wrapped(s: &str, room: f64) -> Vec<String> {
    if width(s) <= room {
        return vec![s.to_string()];
    }
    let fits = |(at, _): &(usize, &str)| *at > 0 && width(s[..*at].trim_end()) <= room;
    let Some((at, _)) = s.match_indices(' ').rfind(fits) else { return vec![squeezed(s, room)] };
    let (first, second) = s.split_at(at);
    vec![first.trim_end().to_string(), squeezed(second.trim_start(), room)]
}

/// A number for a person to read on a chart: about three significant digits, thousands grouped, millions shortened.
pub fn short(x: f64) -> String {
    let a = x.abs();
    if !x.is_finite() {
        return "–".into();
    }
    match a {
        _ if a >= 1e15 => format!("{x:.2e}"),
        _ if a >= 1e9 => format!("{} bn", printed(x / 1e9, 2)),
        _ if a >= 1e6 => format!("{} M", printed(x / 1e6, 2)),
        _ if a >= 100.0 => printed(x, 0),
        _ if a >= 10.0 => trimmed(x, 1),
        _ if a >= 0.1 => trimmed(x, 2),
        _ if a >= 0.0001 => trimmed(x, 5),
        _ if a == 0.0 => "0".into(),
        _ => format!("{x:.1e}"),
    }
}

/// `decimals` digits without trailing zeros.
pub fn trimmed(x: f64, decimals: usize) -> String {
    let text = printed(x, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// A coordinate: one decimal is a tenth of a pixel.
pub fn px(x: f64) -> String {
    let text = format!("{:.1}", if x.is_finite() { x.clamp(-1e5, 1e5) } else { 0.0 });
    text.strip_suffix(".0").map_or(text.clone(), str::to_string)
}

/// Something a chart can place.
pub fn usable(x: f64) -> bool {
    x.is_finite() && x.abs() <= 1e30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        assert_eq!(short(1_234_567.0), "1.23 M");
        assert_eq!(short(12_345.6), "12,346");
        assert_eq!(short(12.0), "12");
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(-0.0), "0");
        assert_eq!(short(f64::NAN), "–");
        assert_eq!(esc("<a b='c'>\u{1}"), "&lt;a b=&#39;c&#39;&gt;\u{FFFD}");
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    #[test]
    fn long_names_keep_both_ends() {
        let name = "REGENCY CAKESTAND 3 TIER WITH A VERY LONG DESCRIPTION, Birmingham";
        for room in [120.0, 160.0, 210.0] {
            let lines = wrapped(name, room);
            assert!(lines.iter().all(|l| width(l) <= room), "{room} {lines:?}");
            assert!(lines.len() <= 2);
            assert!(lines[0].starts_with("REGE") && lines.last().is_some_and(|l| l.ends_with("ham")), "{room} {lines:?}");
        }
        assert_eq!(wrapped("short", 100.0), ["short"]);
    }
}
