//! What the dates and separators of a file leave open, and what is said of it.

use super::amounts::Amounts;
use super::options::{DateOrder, ReadOptions, Role};
use super::question::{Answer, Ask, Question};
use super::roles::Assigned;
use super::rows::{Rows, known};
use super::table::Table;
use super::values::{Codes, Dates, NEVER};
use super::{date, number};
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity, Stamp};
use std::borrow::Cow;

/// Quantities counted in different units (boxes and pieces) are added up as they stand, which must be known. True where they are grams among kilograms
/// or millilitres among litres, which [`to_larger`] makes the same.
pub(super) fn mixed_units<'a>(table: &Table, i: usize, cell: impl Fn(usize) -> Cow<'a, str>, notes: &mut Vec<Diagnostic>) -> bool {
    let step = (table.rows / 20_000).max(1);
    let cells = (0..table.rows).step_by(step).map(cell);
    let units: std::collections::BTreeSet<String> = cells.filter_map(|t| number::unit(&t)).collect();
    if units.iter().map(String::as_str).eq(["g", "kg"]) || units.iter().map(String::as_str).eq(["l", "ml"]) {
        let larger = if units.contains("kg") { "kg" } else { "l" };
        let message =
            format!("{:?} counts in {}: all was turned into {larger}", table.columns[i].name, Vec::from_iter(units).join(" and "));
        notes.push(Diagnostic::info("units-converted", message).file(&table.file).column(i as u32 + 1));
        return true;
    }
    if units.len() > 1 {
        let listed: Vec<&str> = units.iter().map(String::as_str).collect();
        notes.push(
            Diagnostic::warning(
                "units-mixed",
                format!("{:?} counts in different units ({}), which were not converted", table.columns[i].name, listed.join(", ")),
            )
            .file(&table.file)
            .column(i as u32 + 1)
            .fix("export one unit, or keep items of different units apart"),
        );
    }
    false
}

/// A thousandth of what is written in grams or millilitres, row by row.
pub(super) fn to_larger(table: &Table, i: usize, units: &Amounts) -> Amounts {
    let codes = Codes::of(&table.columns[i], table.rows);
    let by = codes.each(|t| if number::unit(t).is_some_and(|u| u == "g" || u == "ml") { 0.001 } else { 1.0 });
    units.iter().enumerate().map(|(row, u)| u * by.get(codes.code(row) as usize).copied().unwrap_or(1.0)).collect()
}

/// Names of columns that say what a quantity counts.
pub(super) const MEASURES: &str =
    "uom unitofmeasure unitmeasure usageunit salesunit einheit mengeneinheit unite unidad unidadmedida udm unidade eenheid jm jednostka";

/// One item sold by the piece here and by the case there: its quantities are added up as they stand, which must be known.
pub(super) fn mixed_measures(table: &Table, rows: &mut super::rows::Rows) {
    let Some(column) = table.columns.iter().position(|c| super::names::in_list(&c.name, MEASURES)) else { return };
    let units = Codes::of(&table.columns[column], table.rows);
    if units.values.len() < 2 || units.values.len() > 60 || rows.item.is_empty() {
        return;
    }
    let mut of_item = vec![super::values::NONE; rows.item.values.len()];
    let mixed = (0..table.rows).find(|row| {
        let unit = units.code(*row);
        let Some(known) = of_item.get_mut(rows.item.code(*row) as usize).filter(|_| unit != super::values::NONE) else { return false };
        *known != super::values::NONE && std::mem::replace(known, unit) != unit || {
            *known = unit;
            false
        }
    });
    if let Some(row) = mixed {
        let message = format!(
            "{:?} is sold in different units ({:?}), which were not converted",
            rows.item.get(row).unwrap_or_default(),
            table.columns[column].name
        );
        let d = Diagnostic::warning("units-mixed", message).file(&table.file).line(table.line(row)).column(column as u32 + 1);
        rows.notes.push(d.fix("export quantities in one unit an item"));
    }
}

/// The order of day and month a known kind of export writes, for files in which no day is above twelve.
pub(super) fn date_hint(assigned: &Assigned) -> Option<(DateOrder, &'static str)> {
    let order = assigned.profile.as_ref()?.order()?;
    Some((order, "this kind of export writes it so"))
}

/// Amounts in dollars often come with the month first: a reason to ask for that first, not to take it.
pub(super) fn has_dollars(table: &Table) -> bool {
    (0..table.rows.min(200)).any(|r| table.columns.iter().any(|c| c.text(r).starts_with('$')))
}

/// The decimal mark of a column whose separators all stand before three digits, where something tells that they group: money has no
/// thousandths, and counts written with and without one never reach a thousand without.
pub(super) fn grouping(codes: &Codes, role: Role) -> Option<(char, &'static str)> {
    let (mut mark, mut bare, mut most) = (None, 0usize, 0.0f64);
    for t in codes.values.iter() {
        match number::mark(t) {
            Some(number::Mark::Either(c)) if mark.is_none_or(|m| m == c) => mark = Some(c),
            Some(number::Mark::Either(_)) => return None,
            Some(number::Mark::None) => {
                bare += 1;
                most = most.max(number::parse(t, '.').unwrap_or(0.0).abs());
            }
            _ => {}
        }
    }
    let decimal = if mark? == ',' { '.' } else { ',' };
    match role {
        Role::Quantity | Role::Returned | Role::NetQuantity | Role::StockLevel => {
            (bare > 0 && most < 1000.0).then_some((decimal, "numbers below a thousand have none"))
        }
        _ => Some((decimal, "money has no thousandths")),
    }
}

/// The decimal mark the file's numeric columns agree on, for columns that do not tell.
pub(super) fn file_mark(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Option<char> {
    if options.decimal.is_some() {
        return options.decimal;
    }
    let numeric = assigned
        .roles
        .iter()
        .zip(&table.columns)
        .filter(|((role, _), _)| matches!(role, Role::Quantity | Role::Returned | Role::Revenue | Role::Price | Role::StockLevel));
    let cells: Vec<String> = numeric.flat_map(|(_, c)| (0..table.rows.min(5000)).map(|r| c.text(r).into_owned())).collect();
    super::values::decimal_mark(cells.iter().map(String::as_str)).0
}

/// Which of two numbers in a column's dates is the day, and the date it is asked of.
pub(super) fn ask_order(table: &Table, i: usize, read: &Dates) -> (Question, String) {
    let example = (0..table.rows).map(|r| table.columns[i].text(r).trim().to_owned()).find(|t| {
        let (a, b) = (date::parse(t, DateOrder::DayMonthYear), date::parse(t, DateOrder::MonthDayYear));
        a.is_some() && a != b
    });
    let example = example.unwrap_or_default();
    let mut orders = [DateOrder::DayMonthYear, DateOrder::MonthDayYear];
    if read.order == Some(DateOrder::MonthDayYear) || read.open && has_dollars(table) {
        orders.reverse();
    }
    let answer = |o: &DateOrder| Answer {
        value: o.name().to_owned(),
        text: date::parse(&example, *o).map_or_else(|| o.name().to_owned(), |s| s.naive().format("%-d %B %Y").to_string()),
    };
    let question = Question {
        ask: Ask::DateOrder,
        code: if read.open { "date-order-unclear" } else { "date-order-assumed" },
        file: table.file.clone(),
        column: Some(i as u32 + 1),
        name: Some(table.columns[i].name.clone()),
        text: format!("Which day is {example}?"),
        answers: orders.iter().map(answer).collect(),
        assumed: read.order.map(|o| o.name().to_owned()),
        must: read.open,
    };
    (question, example)
}

pub(super) fn say_dates(table: &Table, assigned: &Assigned, read: &Dates, zoned: bool, options: &ReadOptions, rows: &mut Rows) {
    rows.date_order = read.order;
    let Some(i) = assigned.column(Role::Date) else { return };
    let place = |d: Diagnostic| d.file(&table.file).column(i as u32 + 1);
    let name = read.order.map_or("", DateOrder::name);
    let column = &table.columns[i].name;
    let first = (0..table.rows.min(50)).map(|r| table.columns[i].text(r)).find(|t| !number::is_blank(t));
    if first.is_some_and(|t| date::is_persian(&t)) {
        let d = Diagnostic::info(
            "dates-persian",
            format!("the years in {column:?} are those of the Persian calendar; days were counted in it"),
        );
        rows.notes.push(place(d));
    }
    if let Some(why) = read.assumed {
        let (question, example) = ask_order(table, i, read);
        let fix = "say --date-order dmy or --date-order mdy".to_owned();
        if read.open {
            let message = format!("no day in {column:?} is above 12, so {example:?} may be either day and month or month and day");
            rows.notes.push(question.said(message, format!("{fix} (in a scenario: date_order)"), options.assume));
        } else {
            let message = format!("no day in {column:?} is above 12; dates were read as {name}, since {why}");
            // what the kind of export is known for is no guess
            let severity = if why.starts_with("this kind") { Severity::Info } else { Severity::Warning };
            rows.notes.push(Diagnostic { severity, ..question.said(message, format!("{fix} if that is wrong"), true) });
        }
        rows.questions.push(question);
    }
    if read.conflicting > 0 {
        rows.notes.push(place(
            Diagnostic::warning(
                "date-order-mixed",
                format!("{} of {column:?} cannot be {name} as the others are", plural(read.conflicting, "different date")),
            )
            .fix("export dates as YYYY-MM-DD, or say --date-order"),
        ));
    }
    if read.utc && !zoned {
        let question = Question {
            ask: Ask::TimeZone,
            code: "time-zone-utc",
            file: table.file.clone(),
            column: Some(i as u32 + 1),
            name: Some(column.clone()),
            text: "In which time zone is the shop?".into(),
            answers: Vec::new(),
            assumed: Some("UTC".into()),
            must: false,
        };
        rows.questions.push(question);
        rows.notes.push(place(
            Diagnostic::info("time-zone-utc", "times are in UTC; days and hours are UTC days and hours")
                .fix("say --time-zone Europe/Berlin (or yours) to count days on the shop's clock"),
        ));
    }
}

/// A few dates more than ten years from the middle one are slips of the hand as a rule.
pub(super) fn far_off(table: &Table, assigned: &Assigned, at: &[Stamp], notes: &mut Vec<Diagnostic>) {
    const TEN_YEARS: i64 = 3653 * 86_400;
    let (first, last, n) = known(at).fold((i64::MAX, i64::MIN, 0usize), |(a, b, n), s| (a.min(s.0), b.max(s.0), n + 1));
    // none is further from the middle than the first and the last from one another
    if n < 4 || last - first <= TEN_YEARS {
        return;
    }
    let mut sorted: Vec<Stamp> = known(at).copied().collect();
    let (_, &mut median, _) = sorted.select_nth_unstable(n / 2);
    let far = |s: &Stamp| *s != NEVER && (s.0 - median.0).abs() > TEN_YEARS;
    let lines: Vec<u64> = at.iter().enumerate().filter(|(_, s)| far(s)).map(|(r, _)| table.line(r)).collect();
    if let Some(first) = lines.first().filter(|_| lines.len() * 100 <= sorted.len() || lines.len() == 1) {
        let message = format!(
            "{} more than ten years from the others{}",
            if lines.len() == 1 { "1 date is".to_owned() } else { format!("{} are", plural(lines.len(), "date")) },
            super::delimited::listed(&lines)
        );
        let column = assigned.column(Role::Date).unwrap_or(0) as u32 + 1;
        notes.push(
            Diagnostic::warning("date-far-off", message)
                .file(&table.file)
                .line(*first)
                .column(column)
                .fix("correct them, or leave those rows out"),
        );
    }
}

/// The question which separator divides, and the diagnostic that says the same.
pub(super) fn ask_decimal(table: &Table, column: Option<usize>, name: &str, example: &str, assume: bool) -> (Question, Diagnostic) {
    let marks = if example.contains(',') { ['.', ','] } else { [',', '.'] };
    let answer = |mark: &char| Answer {
        value: mark.to_string(),
        text: number::parse(example, *mark).map_or_else(|| mark.to_string(), |v| v.to_string()),
    };
    let question = Question {
        ask: Ask::Decimal,
        code: "decimal-ambiguous",
        file: table.file.clone(),
        column: column.map(|i| i as u32 + 1),
        name: column.map(|_| name.to_owned()),
        text: format!("What number is {example}?"),
        answers: marks.iter().map(answer).collect(),
        assumed: Some(".".into()),
        must: true,
    };
    let place = if column.is_some() { format!("{name:?}") } else { name.to_owned() };
    let message = format!("in {place} every separator could group or divide, as in {example:?}");
    let said = question.said(message, "say which is the decimal mark with --decimal . or --decimal ,".into(), assume);
    (question, said)
}
