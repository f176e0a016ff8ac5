//! Which days totals without dates are of: as somebody said, as the rows above the header say, or as the name of the file suggests.

use super::names;
use super::options::{ReadOptions, Role};
use super::question::{Answer, Ask, Question, covers};
use super::roles::Assigned;
use super::table::Table;
use crate::base::Stamp;

/// First and last day, where the file needs one and it is known.
pub(super) fn of(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Option<(Stamp, Stamp)> {
    if assigned.column(Role::Date).is_some() || !assigned.periods.is_empty() {
        return None;
    }
    options.covers.or_else(|| above(&table.above)).or_else(|| if options.assume { named(&table.file).first().copied() } else { None })
}

/// Totals by item without a date, of which neither the file nor anybody says the days.
pub(super) fn missing(table: &Table, assigned: &Assigned) -> bool {
    let has = |r| assigned.column(r).is_some();
    !has(Role::Date)
        && assigned.periods.is_empty()
        && (has(Role::Item) || has(Role::Description))
        && (has(Role::Quantity) || has(Role::Revenue))
        && above(&table.above).is_none()
        && !table.columns.iter().any(|c| names::is_date(&c.name))
}

/// A range of days in a title: `2026-01-13 ~ 2026-02-09`, or two cells, `From` and `To`.
fn above(cells: &[String]) -> Option<(Stamp, Stamp)> {
    let range = |text: &str| ["..", "~", " to ", " - ", " – "].iter().any(|s| text.contains(s)).then(|| covers(text)).flatten();
    let range = |text: &str| match spelled(text) {
        Spelled::Known(first, last) => Some((first, last)),
        Spelled::Either => None,
        Spelled::No => range(text).or_else(|| titled(text)),
    };
    // `Date range: 2026-01-01 to 2026-01-31`
    let whole = cells.iter().find_map(|c| range(c).or_else(|| c.split_once(':').and_then(|(_, rest)| range(rest.trim()))));
    whole.or_else(|| marked(cells)).or_else(|| {
        let dates: Vec<Stamp> = cells.iter().filter(|c| c.len() <= 24 && !either_way(c)).filter_map(|c| covers(c)).map(|c| c.0).collect();
        match dates.as_slice() {
            [a, b] if a <= b => Some((*a, *b)),
            _ => None,
        }
    })
}

/// Lines of remarks as web analytics write them: `# Start date: 20260101` and `# End date: 20260131`, or `# 20260101-20260131`.
fn marked(cells: &[String]) -> Option<(Stamp, Stamp)> {
    let day = |t: &str| {
        let t = t.trim();
        let digits = t.len() == 8 && t.bytes().all(|b| b.is_ascii_digit());
        // with slashes either number may be the day
        let iso = t.len() == 10 && t.as_bytes()[4] == b'-';
        let text = if digits { format!("{}-{}-{}", &t[..4], &t[4..6], &t[6..]) } else { t.to_owned() };
        covers(&text).filter(|c| (digits || iso) && c.0 == c.1).map(|c| c.0)
    };
    let bare = |c: &str| c.trim_start_matches('#').trim().to_owned();
    let said = |word: &str| {
        cells.iter().map(|c| bare(c)).find_map(|c| {
            let (name, rest) = c.split_once(':')?;
            name.trim().eq_ignore_ascii_case(word).then(|| day(rest)).flatten()
        })
    };
    let both = said("Start date").zip(said("End date"));
    let one = || cells.iter().map(|c| bare(c)).find_map(|c| c.split_once('-').and_then(|(a, b)| day(a).zip(day(b))));
    both.or_else(one).filter(|(a, b)| a <= b)
}

/// The day may as well be the month.
fn either_way(text: &str) -> bool {
    use super::options::DateOrder;
    let (a, b) = (super::date::parse(text.trim(), DateOrder::DayMonthYear), super::date::parse(text.trim(), DateOrder::MonthDayYear));
    a.is_some() && b.is_some() && a != b
}

/// What two days in a title tell.
enum Spelled {
    Known(Stamp, Stamp),
    /// Either number may be the day.
    Either,
    No,
}

/// `From 01/01/2026 to 01/31/2026`, `Zeitraum: 01.01.2026 - 31.01.2026`: two days whose order only one reading allows.
fn spelled(text: &str) -> Spelled {
    spelled_days(text).unwrap_or(Spelled::No)
}

fn spelled_days(text: &str) -> Option<Spelled> {
    use super::date::parse;
    use super::options::DateOrder;
    if text.len() > 80 {
        return None;
    }
    let t = text.trim();
    let t = t.split_once(':').map_or(t, |(_, rest)| rest).trim();
    let first = t.find(|c: char| c.is_ascii_digit())?;
    let t = &t[first..];
    let (a, b) = [" to ", " - ", " – ", "~", " bis ", " au ", " al ", " a ", " till ", " until "].iter().find_map(|s| t.split_once(s))?;
    let read = |order: DateOrder| {
        let (a, b) = (parse(a.trim(), order)?, parse(b.trim(), order)?);
        let day = |s: Stamp| Stamp(s.0.div_euclid(86_400) * 86_400);
        (a <= b && b.0 - a.0 < 800 * 86_400).then_some((day(a), day(b)))
    };
    let (one, other) = (read(DateOrder::DayMonthYear), read(DateOrder::MonthDayYear));
    match (one, other) {
        (Some(x), Some(y)) if x != y => Some(Spelled::Either),
        (x, y) => x.or(y).map(|(first, last)| Spelled::Known(first, last)),
    }
}

/// `January 2026`, `January 1-31, 2026`, `January - March, 2026`: nothing but months, days and one year. A single day is when it was printed.
fn titled(text: &str) -> Option<(Stamp, Stamp)> {
    if text.len() > 60 {
        return None;
    }
    let lower = text.to_lowercase();
    if let Some((_, day)) = lower.split_once("month ended ").or_else(|| lower.split_once("month ending ")) {
        let last = covers(day).map(|c| c.0)?.iso();
        return covers(last.get(..7)?);
    }
    if let Some(rest) = lower.strip_prefix("for the period ") {
        return covers(rest).filter(|c| c.0 < c.1);
    }
    let (mut months, mut days, mut year) = (Vec::new(), Vec::new(), None);
    for word in text.split([' ', ',', '-', '–']).filter(|w| !w.is_empty() && *w != "to") {
        let number = word.parse::<u32>().ok();
        match (super::date::month_alone(word).filter(|_| number.is_none()), number) {
            (Some(m), _) => months.push(m),
            (None, Some(d @ 1..=31)) => days.push(d),
            (None, Some(y @ 1990..=2100)) if year.is_none() => year = Some(y),
            _ => return None,
        }
    }
    let year = year?;
    match (months.as_slice(), days.as_slice()) {
        ([m], []) => covers(&format!("{year}-{m:02}")),
        ([a, b], []) => covers(&format!("{year}-{a:02}..{year}-{b:02}")),
        ([m], [a, b]) => covers(&format!("{year}-{m:02}-{a:02}..{year}-{m:02}-{b:02}")),
        ([m, n], [a, b]) => covers(&format!("{year}-{m:02}-{a:02}..{year}-{n:02}-{b:02}")),
        _ => None,
    }
}

/// Ranges that a file name suggests: `report_2026-01.csv`, `sales-2026-01-01-2026-01-31.csv`.
fn named(file: &str) -> Vec<(Stamp, Stamp)> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |n| n.0);
    let numbers: Vec<&str> = stem.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let year = |n: &&str| n.len() == 4 && (n.starts_with("20") || n.starts_with("19"));
    let small = |n: &&str| (1..=2).contains(&n.len());
    let at = numbers.iter().position(year);
    let text = match at.map(|a| &numbers[a..]) {
        Some([a, b, c, d, e, f, ..]) if small(b) && small(c) && year(d) && small(e) && small(f) => format!("{a}-{b}-{c}..{d}-{e}-{f}"),
        Some([y, m, rest @ ..]) if small(m) && rest.first().is_none_or(|r| !small(r)) => format!("{y}-{m}"),
        Some([y]) => (*y).to_owned(),
        _ => return Vec::new(),
    };
    covers(&text).into_iter().collect()
}

/// The question that a file without dates asks.
pub(super) fn ask(table: &Table) -> Question {
    let answers = named(&table.file).into_iter().map(|(a, b)| Answer { value: format!("{a}..{b}"), text: format!("{a} to {b}") });
    Question {
        ask: Ask::Covers,
        code: "period-needed",
        file: table.file.clone(),
        column: None,
        name: None,
        text: "Which days are these totals of?".into(),
        answers: answers.collect(),
        assumed: None,
        must: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_names_tell() {
        let iso = |r: Option<(Stamp, Stamp)>| r.map(|(a, b)| format!("{a} {b}"));
        let cells = |c: &[&str]| c.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert_eq!(iso(above(&cells(&["2026-01-13 ~ 2026-02-09"]))).as_deref(), Some("2026-01-13 2026-02-09"));
        assert_eq!(iso(above(&cells(&["Date range: 2026-01-01 to 2026-01-31"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(above(&cells(&["From", "2026-01-01", "To", "2026-01-31"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(above(&cells(&["Mug Shop", "January 2026"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(above(&cells(&["January 1-15, 2026"]))).as_deref(), Some("2026-01-01 2026-01-15"));
        assert_eq!(iso(above(&cells(&["January - March, 2026"]))).as_deref(), Some("2026-01-01 2026-03-31"));
        assert_eq!(iso(above(&cells(&["For the month ended 31 January 2026"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(above(&cells(&["For the period 1 January 2026 to 15 February 2026"]))).as_deref(), Some("2026-01-01 2026-02-15"));
        assert_eq!(iso(above(&cells(&["From 01/01/2026 to 01/31/2026"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(above(&cells(&["Zeitraum: 01.01.2026 - 31.01.2026"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(
            iso(above(&cells(&["# Account: Shop", "# Start date: 20260101", "# End date: 20260131"]))).as_deref(),
            Some("2026-01-01 2026-01-31")
        );
        assert_eq!(iso(above(&cells(&["# Free form", "# 20260101-20260131"]))).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(above(&cells(&["01/02/2026 - 03/02/2026"])), None, "either may be the day");
        assert_eq!(above(&cells(&["February 3, 2026", "Sales 2026"])), None);
        assert_eq!(above(&cells(&["Example Co", "All Dates", "12"])), None);
        assert_eq!(iso(named("x/BusinessReport_2026-01.csv").first().copied()).as_deref(), Some("2026-01-01 2026-01-31"));
        assert_eq!(iso(named("sales 2026-01-01 - 2026-01-14.csv").first().copied()).as_deref(), Some("2026-01-01 2026-01-14"));
        assert!(named("sales_2.csv").is_empty());
    }
}
