//! Dates as people and shop systems write them, and the decision which order of day, month and year a whole column follows.
//!
//! A single `03/04/2026` says nothing; all rows together nearly always do. Times keep the clock they are written in, since a shop's day is
//! the day on its own clock; a zone offset is handed on beside them ([`offset`]) for files that count in another's.

use super::options::DateOrder;
use crate::base::Stamp;
use chrono::NaiveDate;

/// How a cell writes a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Year first, or a month name, or compact: one reading only.
    Fixed,
    /// Two numbers of at most 31 before a year: `first`, `second`.
    Numeric(u32, u32),
    /// `2026-01`, `Jan 2026`, `2026-W05`, `2026 Q1`: a period rather than a day.
    Period,
}

/// A cell read as far as possible without knowing the order.
#[derive(Debug, Clone, Copy)]
struct Parts {
    shape: Shape,
    year: i32,
    month: u32,
    day: u32,
    seconds: i64,
}

/// What `text` looks like as a date; `None` if it is none.
pub(super) fn shape(text: &str) -> Option<Shape> {
    parts(text).map(|p| p.shape)
}

/// Reads a date or date with time, numbers before a year in the given order.
pub(super) fn parse(text: &str, order: DateOrder) -> Option<Stamp> {
    let p = parts(text)?;
    let (month, day) = match (p.shape, order) {
        (Shape::Numeric(a, b), DateOrder::MonthDayYear) => (a, b),
        (Shape::Numeric(a, b), _) => (b, a),
        _ => (p.month, p.day),
    };
    stamp(p.year, month, day).map(|s| Stamp(s.0 + p.seconds))
}

/// Years of the Persian calendar that are now: 2001 to 2042. Those of the Islamic one are above them (1422 is 2001).
const PERSIAN: std::ops::RangeInclusive<i32> = 1380..=1420;

/// The text is dated by the Persian calendar.
pub(super) fn is_persian(text: &str) -> bool {
    parts(text).is_some_and(|p| PERSIAN.contains(&p.year))
}

/// A day of the Persian (solar Hijri) calendar: six months of 31 days, five of 30, and a last of 29 or, in eight years of 33, of 30. The arithmetic rule
/// agrees with the astronomical one in all of these years (Borkowski 1996, *The Persian calendar for 3000 years*, Earth, Moon, and Planets 74).
fn persian(year: i32, month: u32, day: u32) -> Option<Stamp> {
    let leap = |y: i32| matches!(y.rem_euclid(33), 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30);
    let length = match month {
        1..=6 => 31,
        7..=11 => 30,
        12 if leap(year) => 30,
        12 => 29,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let years: i32 = (*PERSIAN.start()..year).map(|y| 365 + i32::from(leap(y))).sum();
    let before = if month <= 7 { (month - 1) * 31 } else { 186 + (month - 7) * 30 };
    // the first day of 1380
    Some(Stamp::from_ymd(2001, 3, 21)?.plus_days(i64::from(years) + i64::from(before + day - 1)))
}

/// Years outside 1900..=2100 are slips, not dates of sale.
fn stamp(year: i32, month: u32, day: u32) -> Option<Stamp> {
    // the Buddhist era, as Thai programs write it
    let year = if (2500..=2600).contains(&year) { year - 543 } else { year };
    if PERSIAN.contains(&year) {
        return persian(year, month, day);
    }
    (1900..=2100).contains(&year).then(|| Stamp::from_ymd(year, month, day)).flatten()
}

fn parts(text: &str) -> Option<Parts> {
    let t = text.trim().trim_start_matches('\'');
    // JavaScript's own form names the zone once more in brackets
    let t = if t.ends_with(')') { t.split_once('(').map_or(t, |p| p.0.trim_end()) } else { t };
    if let Some(narrow) = super::names::narrow(t) {
        return parts(&narrow);
    }
    if t.contains('年') {
        // by the emperor's reign: 令和7年 is 2025, and the first year is 元年
        if let Some((first, rest)) = [("令和", 2018), ("平成", 1988)].iter().find_map(|(era, first)| Some((first, t.strip_prefix(era)?)))
            && let Some((year, rest)) = rest.split_once('年')
            && let Some(year) = if year.trim() == "元" { Some(1) } else { year.trim().parse::<i32>().ok() }
            && (1..100).contains(&year)
        {
            return parts(&format!("{}年{rest}", first + year));
        }
        return parts(&t.replace(['年', '月'], "-").replace('日', ""));
    }
    // a week written as its first and last day
    if let Some((from, to)) = [" - ", " – ", " to ", " bis ", " au ", ".."].iter().find_map(|s| t.split_once(s)) {
        return parts(to).and(parts(from)).filter(|p| p.seconds == 0);
    }
    if t.len() < 4 || t.len() > 48 || !t.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    // statistics write `2025M01` and `2025Q1`
    if let (6 | 7, Some((year, rest))) = (t.len(), t.split_at_checked(4))
        && year.bytes().all(|b| b.is_ascii_digit())
        && let Some(n) = rest.get(1..).and_then(|n| n.parse::<u32>().ok())
    {
        match rest.as_bytes().first() {
            Some(b'M' | b'm') if (1..=12).contains(&n) => return parts(&format!("{year}-{n:02}")),
            Some(b'Q' | b'q') if (1..=4).contains(&n) => return parts(&format!("Q{n} {year}")),
            _ => {}
        }
    }
    iso(t).or_else(|| compact(t)).or_else(|| free(t)).or_else(|| {
        // `31/12/2026 13.05`
        let (date, time) = t.rsplit_once(' ')?;
        let dotted = !t.contains(':') && time.contains('.') && time.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let p = if dotted { free(date)? } else { return None };
        clock(&time.replace('.', ":")).filter(|_| p.shape != Shape::Period).map(|seconds| Parts { seconds, ..p })
    })
}

/// `20261231130500` and `202612311305`.
fn compact(t: &str) -> Option<Parts> {
    if !matches!(t.len(), 12 | 14) || !t.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |r: std::ops::Range<usize>| t.get(r).and_then(|s| s.parse::<u32>().ok());
    let (year, month, day) = (number(0..4)? as i32, number(4..6)?, number(6..8)?);
    let (hour, minute, second) = (number(8..10)?, number(10..12)?, number(12..14).unwrap_or(0));
    stamp(year, month, day).filter(|_| hour < 24 && minute < 60 && second < 61 && (1990..=2100).contains(&year))?;
    Some(Parts { shape: Shape::Fixed, year, month, day, seconds: i64::from(hour * 3600 + minute * 60 + second) })
}

/// The common case, without allocation: `2026-01-31[ T]08:26:00…`, `2026/01/31`.
fn iso(t: &str) -> Option<Parts> {
    let b = t.as_bytes();
    let digits = |r: std::ops::Range<usize>| -> Option<u32> {
        let s = b.get(r)?;
        s.iter().all(u8::is_ascii_digit).then(|| s.iter().fold(0, |a, d| a * 10 + u32::from(d - b'0')))
    };
    let year = digits(0..4)?;
    let sep = *b.get(4)?;
    if !matches!(sep, b'-' | b'/' | b'.') || b.get(7) != Some(&sep) {
        return None;
    }
    let (month, day) = (digits(5..7)?, digits(8..10)?);
    let rest = t.get(10..)?;
    if rest.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let rest = rest.trim_start_matches(['T', ' ', ',']);
    // ISO 8601's basic form of the time
    let bare = rest.len() >= 6 && rest.as_bytes().iter().take(6).all(u8::is_ascii_digit);
    let seconds = match rest.get(..6).filter(|_| bare).zip(rest.get(6..)) {
        Some((time, zone)) => clock(&format!("{}:{}:{}{zone}", &time[..2], &time[2..4], &time[4..]))?,
        None => clock(rest)?,
    };
    Some(Parts { shape: Shape::Fixed, year: year as i32, month, day, seconds })
}

/// [`fixed_day`] and [`fixed_on`].
#[cfg(test)]
pub(super) fn fixed(t: &[u8]) -> Option<(Stamp, Option<i32>)> {
    fixed_on(fixed_day(t)?, t)
}

/// Two digits at a place.
#[inline]
fn two(t: &[u8], at: usize) -> Option<u32> {
    let (a, b) = (t.get(at)?.wrapping_sub(b'0'), t.get(at + 1)?.wrapping_sub(b'0'));
    (a < 10 && b < 10).then_some(u32::from(a) * 10 + u32::from(b))
}

/// The day that a moment's first ten bytes name, where they are written as [`fixed_on`] reads them.
pub(super) fn fixed_day(t: &[u8]) -> Option<Stamp> {
    let year = two(t, 0)? * 100 + two(t, 2)?;
    match (t.get(4)?, t.get(7)?) {
        (b'-', b'-') | (b'/', b'/') => stamp(year as i32, two(t, 5)?, two(t, 8)?),
        _ => None,
    }
}

/// The commonest ways to write a moment, `2026-01-31`, `2026-01-31T08:26:00`, `2026-01-31 08:26:00 +0100`, `…Z`: as [`parse`] reads them in any
/// order, with their [`offset`]. `day` is what [`fixed_day`] says of it. `None` says nothing of other texts.
pub(super) fn fixed_on(day: Stamp, t: &[u8]) -> Option<(Stamp, Option<i32>)> {
    let two = |at| two(t, at);
    if t.len() == 10 {
        return Some((day, None));
    }
    let (b'T' | b' ', b':', b':') = (t[10], *t.get(13)?, *t.get(16)?) else { return None };
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let at = Stamp(day.0 + i64::from(hour * 3600 + minute * 60 + second));
    let rest = t[19..].strip_prefix(b" ").unwrap_or(&t[19..]);
    match rest {
        [] if t.len() == 19 => Some((at, None)),
        b"Z" => Some((at, Some(0))),
        [sign @ (b'+' | b'-'), _, _, _, _] | [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let from = t.len() - rest.len() + 1;
            let (hours, minutes) = (two(from)?, two(t.len() - 2)?);
            let offset = (hours * 3600 + minutes * 60) as i32;
            (hours <= 14 && minutes < 60).then_some((at, Some(if *sign == b'-' { -offset } else { offset })))
        }
        _ => None,
    }
}

/// A time of day in seconds: `8:26`, `08:26:00.123`, `8:26 PM`, each with an optional zone. Empty is midnight.
pub(super) fn clock(text: &str) -> Option<i64> {
    let t = text.trim();
    if t.is_empty() {
        return Some(0);
    }
    let end = t.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(t.len());
    let (time, rest) = t.split_at(end);
    let mut it = time.trim_end_matches('.').split(':');
    let mut hour: i64 = it.next()?.parse().ok()?;
    let minute: i64 = it.next()?.parse().ok()?;
    let second: f64 = it.next().map_or(Some(0.0), |s| s.parse().ok())?;
    if it.next().is_some() || hour > 24 || minute > 59 || !(0.0..61.0).contains(&second) {
        return None;
    }
    let rest = rest.trim().to_ascii_lowercase();
    let rest = rest.replace('.', "");
    if let Some(zone) = rest.strip_prefix("pm") {
        hour = if hour < 12 { hour + 12 } else { hour };
        zone_ok(zone)?;
    } else if let Some(zone) = rest.strip_prefix("am") {
        hour = if hour == 12 { 0 } else { hour };
        zone_ok(zone)?;
    } else {
        zone_ok(&rest)?;
    }
    Some((hour * 3600 + minute * 60 + second as i64).min(86_399))
}

/// The offset from UTC in seconds that a moment is written with; `None` where it names none.
pub(super) fn offset(text: &str) -> Option<i32> {
    let t = text.trim();
    let time = &t[t.find(':')?..];
    if time.ends_with(['Z', 'z']) || time.to_ascii_uppercase().ends_with("UTC") || time.to_ascii_uppercase().ends_with("GMT") {
        return Some(0);
    }
    let at = time.rfind(['+', '-'])?;
    let digits: String = time[at + 1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        3 | 4 => (digits[..digits.len() - 2].parse().ok()?, digits[digits.len() - 2..].parse().ok()?),
        _ => return None,
    };
    let seconds = hours * 3600 + minutes * 60;
    (hours <= 14 && minutes < 60).then_some(if time[at..].starts_with('-') { -seconds } else { seconds })
}

/// `Z`, `+0400`, `-05:00`, `UTC`, `CEST`, or a word in brackets.
fn zone_ok(zone: &str) -> Option<()> {
    let z = zone.trim();
    let offset =
        z.strip_prefix(['+', '-']).is_some_and(|d| (2..=5).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit() || b == b':'));
    let named = z.len() <= 5 && z.bytes().all(|b| b.is_ascii_alphabetic());
    let utc = z.strip_prefix("utc").or_else(|| z.strip_prefix("gmt")).is_some_and(|o| o.len() <= 6);
    (offset || named || utc).then_some(())
}

/// Everything else: tokens of digits and words.
fn free(t: &str) -> Option<Parts> {
    let time_at =
        t.find(':').map(|c| t[..c].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |p| p + t[p..].chars().next().map_or(1, char::len_utf8)));
    let (date, time) = match time_at {
        Some(0) => return None,
        Some(at) => t.split_at(at),
        None => (t, ""),
    };
    let date = date.trim_end_matches([' ', 'T', ',']);
    // `Mon Jan 6 13:05:00 2025`: the year behind the time
    let (time, late) = match time.rsplit_once(' ') {
        Some((before, year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => (before, Some(year)),
        _ => (time, None),
    };
    let seconds = clock(time)?;
    let mut week = false;
    let mut numbers: Vec<(u32, usize)> = Vec::with_capacity(3);
    let mut word: Option<(u32, usize)> = None;
    let mut letter = None;
    for token in date.split(['-', '/', '.', ' ', ',']).chain(late).filter(|s| !s.is_empty()) {
        if is_week(token) {
            week = true;
        } else if token.bytes().all(|b| b.is_ascii_digit()) {
            // `KW 7/2025`: the number behind the word
            if std::mem::take(&mut week) {
                letter = token.parse().ok().filter(|n| (1..54).contains(n) && letter.is_none()).map(|n| ('w', n));
                letter?;
                continue;
            }
            if numbers.len() == 3 || token.len() > 8 {
                return None;
            }
            numbers.push((token.parse().ok()?, token.len()));
        } else if let Some((kind, n)) = week_or_quarter(token) {
            if letter.is_some() {
                return None;
            }
            letter = Some((kind, n));
        } else if let Some(month) = month_name(token) {
            if word.is_some() {
                return None;
            }
            word = Some((month, numbers.len()));
        } else if !is_filler(token) {
            // `1st`, `22nd`
            let digits = token.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let suffix = &token[digits.len()..];
            if !matches!(suffix, "st" | "nd" | "rd" | "th" | "º" | "er") || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit())
            {
                return None;
            }
            numbers.push((digits.parse().ok()?, digits.len()));
        }
    }
    if week {
        return None;
    }
    let fixed = |year: i32, month: u32, day: u32| {
        stamp(year, month, day)?;
        Some(Parts { shape: Shape::Fixed, year, month, day, seconds })
    };
    let period = |year: i32, month: u32, day: u32| {
        stamp(year, month, day)?;
        Some(Parts { shape: Shape::Period, year, month, day, seconds: 0 })
    };
    if let Some((kind, n)) = letter {
        let year = match numbers.as_slice() {
            [(y, 4)] if word.is_none() => *y,
            // `Q1 25`, `KW 12/25`
            [(y @ 10..=69, 2)] if word.is_none() => 2000 + *y,
            _ => return None,
        };
        return match kind {
            'q' => (1..=4).contains(&n).then(|| period(year as i32, n * 3 - 2, 1)).flatten(),
            _ => {
                let monday = NaiveDate::from_isoywd_opt(year as i32, n, chrono::Weekday::Mon)?;
                use chrono::Datelike;
                period(monday.year(), monday.month(), monday.day())
            }
        };
    }
    match (word, numbers.as_slice()) {
        // Sep 2026, 2026 Sep, Sep-26
        (Some((m, _)), &[(y, 4)]) => period(y as i32, m, 1),
        (Some((m, 0)), &[(y, 2)]) => period(century(y), m, 1),
        // 23 Sep 2024, Sep 23 2024, Jul-25-26, 25-Jul-26
        (Some((m, _)), &[(d, 1 | 2), (y, 4)]) => fixed(y as i32, m, d),
        (Some((m, 1)), &[(y, 4), (d, 1 | 2)]) => fixed(y as i32, m, d),
        (Some((m, _)), &[(d, 1 | 2), (y, 2)]) => fixed(century(y), m, d),
        // `mar 04/03/2025`: not March but martes, mardi, martedì
        (Some((3, 0)), &[(a, 1 | 2), (b, 1 | 2), (y, 4)]) => {
            let ok = (stamp(y as i32, a, b).is_some() || stamp(y as i32, b, a).is_some()) && separated_alike(date);
            ok.then_some(Parts { shape: Shape::Numeric(a, b), year: y as i32, month: 0, day: 0, seconds })
        }
        // 2026-1-5
        (None, &[(y, 4), (m, 1 | 2), (d, 1 | 2)]) => fixed(y as i32, m, d),
        // 5/1/2026, 05.01.26
        (None, &[(a, 1 | 2), (b, 1 | 2), (y, len @ (2 | 4))]) => {
            let year = if len == 2 { century(y) } else { y as i32 };
            let ok = (stamp(year, a, b).is_some() || stamp(year, b, a).is_some()) && separated_alike(date);
            ok.then_some(Parts { shape: Shape::Numeric(a, b), year, month: 0, day: 0, seconds })
        }
        // 2026-01, 01/2026
        (None, &[(y, 4), (m, 2)]) | (None, &[(m, 1 | 2), (y, 4)]) if !date.contains('.') => period(y as i32, m, 1),
        // 202601, and 260131 as tills write it
        (None, &[(n, 6)]) if date.len() == 6 && (199_001..=210_012).contains(&n) => period((n / 100) as i32, n % 100, 1),
        (None, &[(n, 6)]) if date.len() == 6 && n < 500_000 => fixed(2000 + (n / 10_000) as i32, n / 100 % 100, n % 100),
        // 20260131
        (None, &[(n, 8)]) => fixed((n / 10_000) as i32, n / 100 % 100, n % 100),
        _ => None,
    }
}

/// `1/2/2026` and `1.2.2026`, but not `1.2/2026`.
fn separated_alike(date: &str) -> bool {
    // a weekday in front has its own
    let digits = date.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut seps = digits.chars().filter(|c| matches!(c, '-' | '/' | '.' | ' '));
    let first = seps.next();
    seps.filter(|c| *c != ' ').all(|c| Some(c) == first)
}

fn century(y: u32) -> i32 {
    y as i32 + if y < 70 { 2000 } else { 1900 }
}

fn week_or_quarter(token: &str) -> Option<(char, u32)> {
    let lower = token.to_ascii_lowercase();
    for (prefix, kind) in [("w", 'w'), ("kw", 'w'), ("q", 'q'), ("t", 'q')] {
        if let Some(n) = lower.strip_prefix(prefix).and_then(|d| d.parse::<u32>().ok()) {
            return (n > 0 && n < 54).then_some((kind, n));
        }
    }
    None
}

/// The word for a week, apart from its number.
fn is_week(token: &str) -> bool {
    matches!(
        super::names::plain(token).as_str(),
        "week"
            | "wk"
            | "w"
            | "kw"
            | "woche"
            | "kalenderwoche"
            | "semaine"
            | "sem"
            | "semana"
            | "settimana"
            | "vecka"
            | "v"
            | "uge"
            | "uke"
            | "tydzien"
            | "tyden"
            | "viikko"
            | "het"
            | "hafta"
    )
}

/// Weekday names and the small words between the parts of a date, as [`plain`](super::names::plain) writes them.
fn is_filler(token: &str) -> bool {
    const SMALL: [&str; 11] = ["de", "del", "of", "le", "the", "den", "di", "at", "um", "kl", "feira"];
    // whole names; cut to two letters or more they mean the same
    const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag \
        lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo segunda terca quarta \
        quinta sexta lunedi martedi mercoledi giovedi venerdi sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag \
        mandag tisdag tirsdag onsdag torsdag fredag lordag sondag poniedzialek wtorek sroda czwartek piatek sobota niedziela pondeli utery \
        nedele";
    let t = super::names::plain(token);
    SMALL.contains(&t.as_str())
        || (t.len() >= 2 && (t == "wt" || t == "sr" || t == "nd" || t == "pt" || WEEKDAYS.split(' ').any(|d| d.starts_with(t.as_str()))))
}

/// Month names in English, German, Portuguese, Spanish, French, Italian, Dutch, Swedish, Danish, Polish, Czech, Hungarian, Romanian, Finnish, Turkish,
/// Indonesian, Russian and Greek, whole or shortened to three letters or more.
fn month_name(token: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january januar janeiro enero janvier gennaio januari styczen stycznia ocak leden ledna ianuarie tammikuu январь января ιανουαριοσ",
        "february februar fevereiro febrero fevrier febbraio februari luty lutego subat unor unora februarie helmikuu февраль февраля φεβρουαριοσ",
        "march marz maerz marco marzo mars maart marts mrz mrt marzec marca brezen brezna martie marcius maret maaliskuu март марта μαρτιοσ",
        "april abril avril aprile kwiecien kwietnia nisan duben dubna aprilie aprilis huhtikuu апрель апреля απριλιοσ",
        "may mai maio mayo maggio mei maj maja mayis kveten kvetna majus toukokuu май мая μαιοσ",
        "june juni junho junio juin giugno czerwiec czerwca haziran cervna iunie junius kesakuu июнь июня ιουνιοσ",
        "july juli julho julio juillet luglio lipiec lipca temmuz cervenec cervence iulie julius heinakuu июль июля ιουλιοσ",
        "august agosto aout augustus augusti sierpien sierpnia srpen srpna augusztus elokuu август августа αυγουστοσ",
        "september setembro septiembre septembre settembre wrzesien wrzesnia eylul zari septembrie szeptember syyskuu сентябрь сентября σεπτεμβριοσ",
        "october oktober outubro octubre octobre ottobre pazdziernik pazdziernika ekim rijen rijna octombrie lokakuu октябрь октября οκτωβριοσ",
        "november novembro noviembre novembre listopad listopada kasim noiembrie marraskuu ноябрь ноября νοεμβριοσ",
        "december dezember dezembro diciembre decembre dicembre grudzien grudnia aralik prosinec prosince decembrie joulukuu декабрь декабря δεκεμβριοσ",
    ];
    let t = super::names::plain(token);
    if t.len() < 3 {
        return None;
    }
    // `jui` alone could be June or July in French, `cerven` and less is June in Czech and the beginning of July
    let either = matches!(t.as_str(), "jui" | "cer" | "cerv" | "cerve");
    if t == "cerven" {
        return Some(6);
    }
    NAMES.iter().position(|names| names.split(' ').any(|n| n.starts_with(t.as_str())) && !either).map(|m| m as u32 + 1)
}

/// The month a name alone says: `Jan`, `março`; the name of a column of a sheet whose year stands elsewhere.
pub(super) fn month_alone(text: &str) -> Option<u32> {
    let t = text.trim().trim_end_matches('.');
    if t.is_empty() || !t.chars().all(char::is_alphabetic) { None } else { month_name(t) }
}

/// Votes on the order of day and month over the distinct cells of a column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Votes {
    /// Cells that read as a date.
    pub dates: usize,
    /// Cells that do not.
    pub others: usize,
    /// The first number exceeds twelve.
    pub day_first: usize,
    /// The second does.
    pub month_first: usize,
    /// Both orders are possible.
    pub either: usize,
    /// The cells name whole periods.
    pub periods: usize,
}

impl Votes {
    /// Counts one cell.
    pub fn add(&mut self, text: &str) {
        match shape(text) {
            None => self.others += 1,
            Some(s) => {
                self.dates += 1;
                match s {
                    Shape::Numeric(a, _) if a > 12 => self.day_first += 1,
                    Shape::Numeric(_, b) if b > 12 => self.month_first += 1,
                    Shape::Numeric(a, b) if a != b => self.either += 1,
                    Shape::Period => self.periods += 1,
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn what_is_fixed_is_what_any_order_reads(
            text in "(19|20|18)[0-9]{2}[-/.][01][0-9][-/][0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?( ?([+-][01][0-9]:?[0-6][0-9]|Z|UTC|[0-9]))?)?"
        ) {
            if let Some((at, offset_of)) = fixed(text.as_bytes()) {
                prop_assert_eq!(parse(&text, DateOrder::DayMonthYear), Some(at));
                prop_assert_eq!(parse(&text, DateOrder::MonthDayYear), Some(at));
                prop_assert_eq!(shape(&text), Some(Shape::Fixed));
                prop_assert_eq!(offset(&text), offset_of);
            }
        }
    }

    fn read(text: &str, order: DateOrder) -> String {
        parse(text, order).map_or_else(|| "-".into(), |s| s.iso())
    }

    #[test]
    fn reads_what_exports_write() {
        use DateOrder::{DayMonthYear as D, MonthDayYear as M};
        for (text, order, want) in [
            ("2010-12-01 08:26:00", D, "2010-12-01 08:26:00"),
            ("2026-04-05 21:06:21 +0400", D, "2026-04-05 21:06:21"),
            ("2026-04-05T21:06:21.123Z", D, "2026-04-05 21:06:21"),
            ("2026-04-05T21:06:21-05:00", D, "2026-04-05 21:06:21"),
            ("12/1/2010 8:26", M, "2010-12-01 08:26:00"),
            ("28/01/2018", D, "2018-01-28"),
            ("28.01.18", D, "2018-01-28"),
            ("09/03/26", M, "2026-09-03"),
            ("Jul-25-26", D, "2026-07-25"),
            ("25-Jul-26", D, "2026-07-25"),
            ("Mon, 23 Sep 2024 14:21:24 +0000", D, "2024-09-23 14:21:24"),
            ("September 3, 2026", D, "2026-09-03"),
            ("3. März 2026", D, "2026-03-03"),
            ("3 de março de 2026", D, "2026-03-03"),
            ("1er août 2026", D, "2026-08-01"),
            ("12/31/2026 1:05:00 PM", M, "2026-12-31 13:05:00"),
            ("12/31/2026 12:05 AM", M, "2026-12-31 00:05:00"),
            ("20260131", D, "2026-01-31"),
            ("2026-1-5", D, "2026-01-05"),
            ("2026/01/05", D, "2026-01-05"),
            ("2026-02", D, "2026-02-01"),
            ("Feb 2026", D, "2026-02-01"),
            ("2026-W05", D, "2026-01-26"),
            ("2026 Q2", D, "2026-04-01"),
            ("KW 7/2025", D, "2025-02-10"),
            ("KW 10/2025", D, "2025-03-03"),
            ("Week 7 2025", D, "2025-02-10"),
            ("2025 W 7", D, "2025-02-10"),
            ("2025-KW07", D, "2025-02-10"),
            ("Mon Jan 06 2025 13:05:00 GMT+0000 (Coordinated Universal Time)", D, "2025-01-06 13:05:00"),
            ("Mon Jan  6 13:05:00 2025", D, "2025-01-06 13:05:00"),
            ("Mon Jan  6 13:05:00 UTC 2025", D, "2025-01-06 13:05:00"),
            ("3 stycznia 2025", D, "2025-01-03"),
            ("2025年1月6日", D, "2025-01-06"),
            ("20250106130501", D, "2025-01-06 13:05:01"),
            ("Jan 6, 2025 at 1:05 PM", D, "2025-01-06 13:05:00"),
            ("06/01/2025 13.05", D, "2025-01-06 13:05:00"),
            ("2025-01-06T130501Z", D, "2025-01-06 13:05:01"),
            ("06/01/2025 - 12/01/2025", D, "2025-01-06"),
            ("week 2025", D, "-"),
            ("31/12/2026", M, "-"),
            ("2026-02-30", D, "-"),
            ("MG-8769", D, "-"),
            ("85123A", D, "-"),
            ("12.50", D, "-"),
            ("1.2.3", D, "-"),
            ("0000-00-00", D, "-"),
            ("2.2026", D, "-"),
            ("17850.0", D, "-"),
            ("08:26", D, "-"),
        ] {
            assert_eq!(read(text, order), want, "{text}");
        }
        assert_eq!(shape("28/01/2018"), Some(Shape::Numeric(28, 1)));
    }

    #[test]
    fn offsets_stand_behind_the_time() {
        for (text, want) in [
            ("2026-04-05 21:06:21 +0400", Some(14_400)),
            ("2026-04-05T21:06:21-05:00", Some(-18_000)),
            ("2026-04-05T21:06:21.123Z", Some(0)),
            ("Mon, 23 Sep 2024 14:21:24 +0530", Some(19_800)),
            ("2026-04-05 21:06:21", None),
            ("2026-04-05", None),
            ("12/1/2010 8:26", None),
        ] {
            assert_eq!(offset(text), want, "{text}");
        }
    }

    proptest! {
        #![proptest_config(crate::base::cases::cases(256))]
        #[test]
        fn never_panics(text in "\\PC{0,24}") {
            let _ = parse(&text, DateOrder::DayMonthYear);
        }
        #[test]
        fn undoes_printing(days in -20_000i32..40_000, seconds in 0i64..86_400) {
            let s = Stamp(i64::from(days) * 86_400 + seconds);
            prop_assert_eq!(parse(&s.iso(), DateOrder::DayMonthYear), Some(s));
            let us = s.naive().format("%m/%d/%Y %H:%M:%S").to_string();
            prop_assert_eq!(parse(&us, DateOrder::MonthDayYear), Some(s));
        }
    }
}
