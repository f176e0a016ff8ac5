//! Dates that a file keeps in several columns, year beside month (and day) or beside week: joined into one column of dates at the end.

use super::date;
use super::names::{compact, in_list, is_date};
use super::number;
use super::table::{Cells, Column, Table};
use std::borrow::Cow;

const YEAR: &str = "year yr jahr ano annee anno jaar rok ar vuosi ev yil";
const MONTH: &str = "month monthno monthnumber monat mes mois mese maand miesiac mesic manad maned kuukausi honap ay";
const DAY: &str = "day dayofmonth dd tag dia jour giorno dag dzien den paiva nap gun";
const WEEK: &str =
    "week wk weekno weeknr weeknumber weekofyear isoweek kw kalenderwoche woche semana semaine settimana vecka uge uke tydzien tyden";
const YEAR_WEEK: &str = "yearweek weekyear yyyyww isoyearweek isoweek calendarweek calweek calyearweek week wk yearwk yrwk jahrkw jahrwoche kalenderwoche kw kwjahr \
    anosemana semanaano semana anneesemaine semaine annosettimana jaarweek weeknr weeknumber";
/// Rows looked at to tell.
const SAMPLE: usize = 500;

/// Adds a column of dates where a year stands beside a month or a week and nothing else in the table is a date.
pub(super) fn join(table: &mut Table) {
    if weeks_in_one(table) {
        return;
    }
    let named = |list: &str| table.columns.iter().position(|c| in_list(&c.name, list));
    let Some(year) = named(YEAR) else { return };
    let (month, week, day) = (named(MONTH), named(WEEK), named(DAY));
    if month.is_none() && week.is_none() {
        return;
    }
    let step = (table.rows / SAMPLE).max(1);
    let share = |i: usize, fits: &dyn Fn(&str) -> bool| {
        let (mut all, mut good) = (0usize, 0usize);
        for row in (0..table.rows).step_by(step) {
            let t = table.columns[i].text(row);
            if !number::is_blank(&t) {
                all += 1;
                good += usize::from(fits(t.trim()));
            }
        }
        all > 0 && good * 20 >= all * 19
    };
    let parts = [Some(year), month, week, day];
    let dated = (0..table.columns.len()).any(|i| {
        let own = !parts.contains(&Some(i)) && is_date(&table.columns[i].name);
        own && share(i, &|t| date::shape(t).is_some() || number::parse(t, '.').is_some_and(|n| n > 20_000.0))
    });
    let within = |lo: u32, hi: u32| move |t: &str| whole(t).is_some_and(|n| (lo..=hi).contains(&n));
    if dated || !share(year, &within(1990, 2100)) {
        return;
    }
    let month = month.filter(|i| share(*i, &|t| month_of(t).is_some()));
    let day = day.filter(|i| month.is_some() && share(*i, &within(1, 31)));
    let week = week.filter(|i| month.is_none() && share(*i, &within(1, 53)));
    if month.is_none() && week.is_none() {
        return;
    }
    let text = |i: usize, row: usize| -> Cow<'_, str> { table.columns[i].text(row) };
    let cell = |row: usize| -> Option<String> {
        let y = whole(&text(year, row))?;
        match (month, day, week) {
            (Some(m), Some(d), _) => Some(format!("{y:04}-{:02}-{:02}", month_of(&text(m, row))?, whole(&text(d, row))?)),
            (Some(m), None, _) => Some(format!("{y:04}-{:02}", month_of(&text(m, row))?)),
            (None, _, Some(w)) => Some(format!("{y:04}-W{:02}", whole(&text(w, row))?)),
            _ => None,
        }
    };
    let cells = Cells::Text((0..table.rows).map(cell).collect());
    let taken = table.columns.iter().any(|c| compact(&c.name) == "date");
    let name = if taken { "Date (joined)" } else { "Date" };
    let of: Vec<String> = [Some(year), month, week, day].iter().flatten().map(|i| format!("{:?}", table.columns[*i].name)).collect();
    let note = crate::base::Diagnostic::info("date-joined", format!("the date was put together from the columns {}", of.join(" and ")));
    table.notes.push(note.file(&table.file));
    table.columns.push(Column { name: name.to_owned(), cells });
}

/// Year and week written as one number: `202507`. True where a column has them; it becomes one of dates.
fn weeks_in_one(table: &mut Table) -> bool {
    let Some(i) = table.columns.iter().position(|c| in_list(&c.name, YEAR_WEEK)) else { return false };
    let parts = |t: &str| {
        let n = t.trim().parse::<u32>().ok().filter(|n| (199_001..=210_053).contains(n))?;
        let (year, week) = (n / 100, n % 100);
        (1..=53).contains(&week).then(|| format!("{year:04}-W{week:02}"))
    };
    let column = &table.columns[i];
    let (mut all, mut good) = (0usize, 0usize);
    for row in (0..table.rows).step_by((table.rows / SAMPLE).max(1)) {
        let t = column.text(row);
        if !number::is_blank(&t) {
            all += 1;
            good += usize::from(parts(&t).is_some());
        }
    }
    if all == 0 || good * 20 < all * 19 || table.columns.iter().enumerate().any(|(k, c)| k != i && is_date(&c.name)) {
        return false;
    }
    let cells = Cells::Text((0..table.rows).map(|row| parts(&column.text(row))).collect());
    let message = format!("{:?} was read as year and week: 202507 is the seventh week of 2025", column.name);
    table.notes.push(crate::base::Diagnostic::info("date-joined", message).file(&table.file));
    table.columns.push(Column { name: "Date (joined)".to_owned(), cells });
    true
}

fn whole(text: &str) -> Option<u32> {
    let v = number::parse(text.trim(), '.')?;
    (v.fract() == 0.0 && (0.0..10_000.0).contains(&v)).then_some(v as u32)
}

/// `7`, `July`, `Jul`, `M07`.
fn month_of(text: &str) -> Option<u32> {
    let t = text.trim();
    date::month_alone(t).or_else(|| whole(t.trim_start_matches(['M', 'm']))).filter(|m| (1..=12).contains(m))
}
