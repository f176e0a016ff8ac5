//! Sheets with a column a period, or a column an item: one row for each of their cells.

use super::amounts::Amounts;
use super::header::period_number;
use super::options::{DateOrder, ReadOptions, Role};
use super::question::Question;
use super::roles::Assigned;
use super::rows::{Reason, Rows, is_total};
use super::table::{Cells, Column, Table};
use super::texts::Narrow;
use super::unclear::{ask_decimal, grouping};
use super::values::{Codes, Numbers, dates, numbers};
use super::{date, number};
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};

/// A wide table: one row a series, one column a period.
pub(super) fn unpivot(table: &Table, assigned: &Assigned, options: &ReadOptions, mut rows: Rows) -> Result<Rows, Vec<Diagnostic>> {
    let named: Vec<&str> = assigned.periods.iter().map(|i| table.columns[*i].name.as_str()).collect();
    let stamps = period_stamps(table, assigned, &named, options, &mut rows.notes)?;
    let (mut codes_of, keys): (Vec<Narrow>, [&Codes; 4]) =
        (vec![Narrow::default(); 4], [&rows.unique_id, &rows.item, &rows.description, &rows.location]);
    let (mut row_of, mut at_of, mut units, mut prices) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if rows.decimal.is_none() {
        rows.decimal = sheet_mark(table, assigned, options, &mut rows.notes, &mut rows.questions);
    }
    let numbers: Vec<Numbers> = assigned.periods.iter().map(|i| numbers(&table.columns[*i], table.rows, rows.decimal, None)).collect();
    let price = assigned
        .column(Role::Price)
        .filter(|_| assigned.takings.is_empty())
        .map(|i| super::values::numbers(&table.columns[i], table.rows, options.decimal, rows.decimal).values);
    let taken = takings(table, assigned, options, rows.decimal, &mut rows.notes);
    let mut revenue = Vec::new();
    let bad: usize = numbers.iter().map(|n| n.bad.len()).sum();
    if bad > 0 {
        let line = numbers.iter().filter_map(|n| n.bad.first()).min().map_or(1, |r| table.line(*r));
        rows.notes.push(
            Diagnostic::warning("cell-unreadable", format!("{} cannot be read as numbers and count as unknown", plural(bad, "cell")))
                .file(&table.file)
                .line(line),
        );
    }
    let mut reason = Vec::new();
    let sums = super::pivot::sums(table, assigned, &numbers, &mut rows.notes);
    let other = super::pivot::other_measures(table, assigned, &mut rows.notes);
    for row in 0..table.rows {
        let no_key = keys[..3].iter().any(|k| !k.is_empty()) && keys[..3].iter().all(|k| !k.has(row));
        let total = table.columns.iter().take(3).any(|c| is_total(&c.text(row)));
        // a second row of names, without a number below any period
        let header = || {
            let named = keys.iter().filter_map(|k| k.get(row)).next().is_some_and(super::names::is_known);
            named && numbers.iter().all(|n| n.values.get(row).is_nan())
        };
        let why = if other.get(row) == Some(&true) {
            Reason::NotSale
        } else if total || sums.get(row) == Some(&true) {
            Reason::Total
        } else if no_key || header() {
            Reason::NoItem
        } else {
            Reason::Used
        };
        for (p, (at, numbers)) in stamps.iter().zip(&numbers).enumerate() {
            reason.push(why);
            row_of.push(row as u32);
            at_of.push(*at);
            units.push(numbers.values.get(row));
            if let Some(price) = &price {
                prices.push(price.get(row));
            }
            if let Some(taken) = taken.get(p) {
                if assigned.priced { &mut prices } else { &mut revenue }.push(taken.values.get(row));
            }
            for (out, codes) in codes_of.iter_mut().zip(keys).filter(|(_, c)| !c.is_empty()) {
                out.push(codes.code(row));
            }
        }
    }
    rows.has.price = price.is_some() || assigned.priced && !taken.is_empty();
    rows.has.revenue = !assigned.priced && !taken.is_empty();
    rows.revenue = revenue.into_iter().collect();
    rows.reason = reason;
    (rows.row, rows.at, rows.units, rows.price) = (Some(row_of), at_of, units.into_iter().collect(), prices.into_iter().collect());
    rows.refund = vec![false; rows.at.len()];
    rows.location.codes = codes_of.pop().unwrap_or_default();
    rows.description.codes = codes_of.pop().unwrap_or_default();
    rows.item.codes = codes_of.pop().unwrap_or_default();
    rows.unique_id.codes = codes_of.pop().unwrap_or_default();
    rows.order = Codes::default();
    Ok(rows)
}

/// What was taken in each period; empty where no columns tell, or nobody can say where their numbers have a decimal mark.
fn takings(table: &Table, assigned: &Assigned, options: &ReadOptions, fallback: Option<char>, notes: &mut Vec<Diagnostic>) -> Vec<Numbers> {
    if assigned.takings.is_empty() || assigned.value {
        return Vec::new();
    }
    let columns: Vec<&Column> = assigned.takings.iter().map(|i| &table.columns[*i]).collect();
    let said = options.decimal.or(fallback);
    let text = |c: &Column| matches!(c.cells, Cells::Text(_) | Cells::Raw(_)).then(|| Codes::of(c, table.rows));
    let texts: Vec<Option<Codes>> = columns.iter().map(|c| text(c)).collect();
    let (mark, ambiguous) = super::values::decimal_mark(texts.iter().flatten().flat_map(|c| c.values.iter()));
    if mark.is_none() && ambiguous && said.is_none() {
        let named = columns.first().map_or("", |c| c.name.as_str());
        let message = format!("the money in {named:?} and the like was left out: its separators may divide or group");
        notes.push(Diagnostic::warning("money-left-out", message).file(&table.file).fix("say --decimal . or --decimal ,"));
        return Vec::new();
    }
    let forced = options.decimal.or(mark);
    let read = |(column, codes): (&Column, Option<Codes>)| match codes {
        Some(codes) => super::values::numbers_of(&codes, forced, said).with(codes),
        None => numbers(column, table.rows, forced, said),
    };
    columns.into_iter().zip(texts).map(read).collect()
}

/// A table with one column an item or a shop: its rows once for each, with its units. What every row of the table says of itself is repeated.
pub(super) fn across(table: &Table, assigned: &Assigned, options: &ReadOptions, mut rows: Rows) -> Rows {
    let n = table.rows;
    if rows.decimal.is_none() {
        rows.decimal = sheet_mark(table, assigned, options, &mut rows.notes, &mut rows.questions);
    }
    let mark = rows.decimal;
    let columns: Vec<Amounts> = assigned.across.iter().map(|i| numbers(&table.columns[*i], n, mark, None).values).collect();
    let price = assigned.column(Role::Price).map(|i| numbers(&table.columns[i], n, options.decimal, mark).values);
    let picks: Vec<(usize, usize)> = (0..n).flat_map(|row| (0..columns.len()).map(move |c| (row, c))).collect();
    let total = |row: usize| table.columns.iter().take(3).any(|c| is_total(&c.text(row)));
    rows.units = picks.iter().map(|(row, c)| columns[*c].get(*row)).collect();
    if let Some(price) = price {
        rows.price = picks.iter().map(|p| price.get(p.0)).collect();
        rows.has.price = true;
    }
    let named = Codes {
        codes: picks.iter().map(|p| p.1 as u32).collect(),
        values: assigned.across.iter().map(|i| table.columns[*i].name.as_str()).collect(),
    };
    let places = [&rows.item, &rows.description].into_iter().any(|c| !c.is_empty());
    let no_item = |row: usize| places && !rows.item.has(row) && !rows.description.has(row);
    rows.reason = picks
        .iter()
        .map(|(row, _)| match rows.reason[*row] {
            Reason::Used if total(*row) => Reason::Total,
            Reason::Used if no_item(*row) => Reason::NoItem,
            other => other,
        })
        .collect();
    rows.at = picks.iter().map(|p| rows.at[p.0]).collect();
    rows.row = Some(picks.iter().map(|p| p.0 as u32).collect());
    for codes in [&mut rows.item, &mut rows.description, &mut rows.location].into_iter().filter(|c| !c.codes.is_empty()) {
        codes.codes = picks.iter().map(|p| codes.code(p.0)).collect();
    }
    *if places { &mut rows.location } else { &mut rows.item } = named;
    rows.refund = vec![false; picks.len()];
    rows
}

/// The decimal mark of a wide sheet, decided from all its columns together: what groups in one month groups in all.
pub(super) fn sheet_mark(
    table: &Table,
    assigned: &Assigned,
    options: &ReadOptions,
    notes: &mut Vec<Diagnostic>,
    questions: &mut Vec<Question>,
) -> Option<char> {
    const CELLS: usize = 400_000;
    let columns = if assigned.periods.is_empty() { &assigned.across } else { &assigned.periods };
    let step = (table.rows * columns.len() / CELLS).max(1);
    let grid = table.grid((0..table.rows).step_by(step));
    let cells = || grid.iter().flat_map(|row| columns.iter().filter_map(|i| row.get(*i))).map(|c| c.trim());
    let (mark, ambiguous) = super::values::decimal_mark(cells());
    if mark.is_some() || !ambiguous {
        return mark;
    }
    let column = Column { name: "periods".into(), cells: Cells::Text(cells().map(Some).collect()) };
    let codes = Codes::of(&column, column_len(&column));
    let named = "the period columns";
    if let Some((mark, why)) = grouping(&codes, Role::Quantity) {
        let message = format!("separators in {named} were taken for thousands, since {why}");
        let d = Diagnostic::info("thousands-assumed", message).file(&table.file);
        notes.push(d.fix("say --decimal . or --decimal , if they divide"));
        return Some(mark);
    }
    let example = cells().find(|t| matches!(number::mark(t), Some(number::Mark::Either(_)))).unwrap_or_default().to_owned();
    let (question, said) = ask_decimal(table, None, named, &example, options.assume);
    questions.push(question);
    notes.push(said);
    None
}

pub(super) fn column_len(column: &Column) -> usize {
    if let Cells::Text(t) = &column.cells { t.len() } else { 0 }
}

/// The year of the first period where names tell none: as it was said, or as it stands in a title above them.
fn year_of_first(table: &Table, options: &ReadOptions) -> Option<i32> {
    let titled = || {
        let words = table.above.iter().flat_map(|c| c.split(|c: char| !c.is_ascii_digit()));
        let mut years: Vec<i32> =
            words.filter(|w| w.len() == 4).filter_map(|w| w.parse().ok()).filter(|y| (1990..=2100).contains(y)).collect();
        years.dedup();
        if let [only] = years.as_slice() { Some(*only) } else { None }
    };
    use chrono::Datelike;
    options.covers.map(|c| c.0.naive().year()).or_else(titled)
}

/// Mondays of calendar weeks (ISO 8601) that are numbered without a year: of the year of the first, or the next.
fn weeks(table: &Table, named: &[&str], options: &ReadOptions) -> Option<Vec<Stamp>> {
    use chrono::{NaiveDate, Weekday};
    let numbers: Vec<u32> = named
        .iter()
        .map(|n| period_number(n).filter(|(unit, n)| *unit == 'w' && (1..=53).contains(n)).map(|p| p.1))
        .collect::<Option<_>>()?;
    let mut year = year_of_first(table, options)?;
    let mut last = 0;
    let mut stamps = Vec::with_capacity(numbers.len());
    for week in numbers {
        year += i32::from(week <= last);
        last = week;
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
        stamps.push(date::parse(&monday.to_string(), DateOrder::YearMonthDay)?);
    }
    Some(stamps)
}

/// The moments of months that are named without a year: of the year that was said or that stands in a title above them, or the next.
pub(super) fn yearless(table: &Table, named: &[&str], options: &ReadOptions) -> Option<Vec<Stamp>> {
    let mut year = year_of_first(table, options)?;
    let mut last = 0;
    let mut stamps = Vec::with_capacity(named.len());
    for name in named {
        let month = date::month_alone(name)?;
        year += i32::from(month <= last);
        last = month;
        stamps.push(Stamp::from_ymd(year, month, 1)?);
    }
    Some(stamps)
}

/// Moments for the names of period columns.
pub(super) fn period_stamps(
    table: &Table,
    assigned: &Assigned,
    named: &[&str],
    options: &ReadOptions,
    notes: &mut Vec<Diagnostic>,
) -> Result<Vec<Stamp>, Vec<Diagnostic>> {
    if assigned.yearless {
        return yearless(table, named, options).ok_or_else(|| {
            let first: Vec<&str> = named.iter().take(3).copied().collect();
            let d = Diagnostic::error("period-needed", format!("the columns {} … are months without a year", first.join(", ")));
            vec![d.file(&table.file).fix("say the year of the first with --covers 2025, or write it into the header (Jan 2025)")]
        });
    }
    if let Some(stamps) = weeks(table, named, options).filter(|_| assigned.profile.is_none()) {
        return Ok(stamps);
    }
    let column = Column { name: "periods".into(), cells: Cells::Text(named.iter().map(|n| Some(*n)).collect()) };
    let read = dates(&column, named.len(), options.date_order, None);
    if let Some(why) = read.assumed {
        notes.push(
            Diagnostic::warning(
                "date-order-assumed",
                format!("the dates in the header were read as {}, since {why}", read.order.map_or("", DateOrder::name)),
            )
            .file(&table.file)
            .fix("say --date-order dmy or --date-order mdy if that is wrong"),
        );
    }
    let day = assigned.profile.as_ref().and_then(|p| p.first_day.as_deref()).and_then(|d| date::parse(d, DateOrder::YearMonthDay));
    let m5 = day.is_some();
    let start = day.or(Stamp::from_ymd(2000, 1, 3)).unwrap_or_default();
    let (mut out, mut numbered) = (Vec::with_capacity(named.len()), false);
    for (i, name) in named.iter().enumerate() {
        let year = name.parse::<i32>().ok().filter(|_| name.len() == 4).and_then(|y| Stamp::from_ymd(y, 1, 1));
        let stamp = read.get(i).or(year).or_else(|| {
            let (unit, n) = period_number(name)?;
            numbered = true;
            let period = options.period.unwrap_or(match unit {
                'w' => crate::base::Period::Week,
                'm' => crate::base::Period::Month,
                _ => crate::base::Period::Day,
            });
            let start = if period == crate::base::Period::Month { Stamp::from_ymd(2000, 1, 1).unwrap_or(start) } else { start };
            Some(crate::base::Calendar::new(period, start).at(i64::from(n) - 1))
        });
        match stamp {
            Some(s) => out.push(s),
            None => {
                return Err(vec![
                    Diagnostic::error("date-unreadable", format!("the column name {name:?} cannot be read as a date"))
                        .file(&table.file)
                        .fix("name period columns YYYY-MM-DD"),
                ]);
            }
        }
    }
    if numbered {
        let (severity, why): (fn(&'static str, String) -> Diagnostic, _) = if m5 {
            (Diagnostic::info, "the M5 calendar: day 1 is 2011-01-29")
        } else {
            (Diagnostic::warning, "an assumed calendar that starts with the year 2000")
        };
        notes.push(
            severity("dates-numbered", format!("period columns are numbered, not dated; they were given {why}"))
                .file(&table.file)
                .fix("name the columns YYYY-MM-DD for real dates, or say the year of the first week with --covers 2025"),
        );
    }
    Ok(out)
}
