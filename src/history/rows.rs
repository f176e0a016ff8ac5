//! The rows of one sales file with their meaning: series, moment, units, money, and why a row is set aside.

use super::header::period_number;
use super::options::{DateOrder, ReadOptions, Role};
use super::question::{Answer, Ask, Question};
use super::recognised::SetAside;
use super::roles::Assigned;
use super::table::{Cells, Column, Table};
use super::texts::{Amounts, Narrow};
use super::values::{Codes, Dates, NEVER, NONE, Numbers, dates, dates_on, flags, numbers, numbers_of};
use super::zone::Clock;
use super::{clean, date, money, names, number, spans};
use crate::base::text::plural;
use crate::base::{Diagnostic, Period, Severity, Stamp};
use std::borrow::Cow;

/// Why a row is set aside, or that it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Used,
    NoDate,
    BadDate,
    NoItem,
    Blank,
    Total,
    BadQuantity,
    RepeatedHeader,
    Cancelled,
    Test,
    Superseded,
    CancelledOrder,
    NonProduct,
    Adjustment,
    AfterExport,
    OutsideCalendar,
}

impl Reason {
    const ALL: [Self; 15] = [
        Self::NoDate,
        Self::BadDate,
        Self::NoItem,
        Self::Blank,
        Self::Total,
        Self::BadQuantity,
        Self::RepeatedHeader,
        Self::Cancelled,
        Self::Test,
        Self::Superseded,
        Self::CancelledOrder,
        Self::NonProduct,
        Self::Adjustment,
        Self::AfterExport,
        Self::OutsideCalendar,
    ];
    /// Code, words, and what to do about it.
    pub const fn say(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Used => ("used", "used", None),
            Self::NoDate => ("no-date", "no date", Some("fill the date in, or leave the rows out")),
            Self::BadDate => {
                ("date-unreadable", "a date that cannot be read", Some("correct the dates, or say their order with --date-order"))
            }
            Self::NoItem => ("no-item", "no item", None),
            Self::Blank => ("blank-row", "blank", None),
            Self::Total => ("total-row", "a total or heading, not a sale", None),
            Self::BadQuantity => {
                ("quantity-unreadable", "a quantity that is no number", Some("correct the cells, or say the decimal mark with --decimal"))
            }
            Self::RepeatedHeader => ("repeated-header", "the header again", None),
            Self::Cancelled => ("cancelled", "cancelled, void or draft", None),
            Self::Test => ("test-order", "a test order", None),
            Self::Superseded => ("superseded", "told again by a newer export", None),
            Self::AfterExport => ("after-export", "dated after the day of the export", Some("check the dates and the day of the export")),
            Self::CancelledOrder => ("cancelled-order", "a sale cancelled again within two weeks, or its cancellation: no demand", None),
            Self::NonProduct => (
                "non-product",
                "postage, a fee, a discount or another non-product",
                Some("keep them with --keep-non-products if they are sold and stocked"),
            ),
            Self::Adjustment => ("stock-adjustment", "stock taken away without price or sale", None),
            Self::OutsideCalendar => ("incomplete-period", "in the incomplete first or last period", None),
        }
    }
}

/// One file's rows, column by column.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub reason: Vec<Reason>,
    /// Row of the table, where that is another.
    row: Option<Vec<u32>>,
    pub at: Vec<Stamp>,
    /// Codes into the columns below.
    pub unique_id: Codes,
    pub item: Codes,
    pub description: Codes,
    pub location: Codes,
    pub order: Codes,
    pub units: Amounts,
    pub revenue: Amounts,
    pub price: Amounts,
    pub in_stock: Amounts,
    pub stock: Amounts,
    pub promo: Amounts,
    pub returned: Amounts,
    /// The row is a refund by its type, whatever the sign of its quantity.
    pub refund: Vec<bool>,
    /// The row was sold and came back whole, by its status; empty where none did.
    pub undone: Vec<bool>,
    /// Step of totals that cover whole periods.
    pub native: Option<Period>,
    pub questions: Vec<Question>,
    pub has: Has,
    pub decimal: Option<char>,
    pub date_order: Option<DateOrder>,
    pub notes: Vec<Diagnostic>,
}

/// Which optional columns there are.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Has {
    pub revenue: bool,
    pub price: bool,
    pub in_stock: bool,
    pub stock: bool,
    pub promo: bool,
    pub returned: bool,
}

/// Reads the meaning of every row of a table.
pub(super) fn read(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Result<Rows, Vec<Diagnostic>> {
    let n = table.rows;
    let column = |role| assigned.column(role).and_then(|i| table.columns.get(i));
    let zone = options.time_zone.as_deref().or(assigned.profile.as_ref().and_then(|p| p.time_zone.as_deref()));
    let clock = zone.and_then(Clock::of);
    prepare(table, assigned, clock.as_ref());
    let codes = |role| column(role).map_or_else(Codes::default, |c| Codes::of(c, n));
    let mut rows = Rows {
        unique_id: codes(Role::UniqueId),
        item: codes(Role::Item),
        description: codes(Role::Description),
        location: codes(Role::Location),
        order: codes(Role::Order),
        ..Rows::default()
    };
    let fallback = file_mark(table, assigned, options);
    rows.decimal = options.decimal.or(fallback);
    if !assigned.periods.is_empty() {
        return unpivot(table, assigned, options, rows);
    }
    bracketed(&mut rows);
    rows.reason = vec![Reason::Used; n];
    let hint = date_hint(assigned);
    let forced = options.date_order.or_else(|| assigned.profile.as_ref().filter(|p| p.fingerprint.is_some()).and_then(|p| p.order()));
    let read = column(Role::Date).map_or_else(Dates::default, |c| dates_on(c, n, forced, hint, clock.as_ref()));
    say_dates(table, assigned, &read, clock.is_some(), options, &mut rows);
    let order = read.order;
    let mut at = read.values;
    at.resize(n, NEVER);
    far_off(table, assigned, &at, &mut rows.notes);
    add_clock(column(Role::Time), &mut at, n);
    if options.day_starts > 0 && known(&at).any(|s| s.0.rem_euclid(86_400) != 0) {
        at.iter_mut().filter(|s| **s != NEVER).for_each(|s| s.0 -= i64::from(options.day_starts.min(12)) * 3600);
    }
    for row in &read.bad {
        rows.reason[*row] = Reason::BadDate;
    }
    fill_forward(table, assigned, &mut rows, &mut at);
    fill_groups(table, assigned, &mut rows, &mut at);
    if !assigned.across.is_empty() {
        for (reason, at) in rows.reason.iter_mut().zip(&at) {
            if *at == NEVER && *reason == Reason::Used {
                *reason = Reason::NoDate;
            }
        }
        at.iter_mut().filter(|s| **s == NEVER).for_each(|s| *s = Stamp::default());
        rows.at = at;
        return Ok(across(table, assigned, options, rows));
    }
    let main = if assigned.value && assigned.column(Role::Quantity).is_none() { Role::Revenue } else { Role::Quantity };
    let amount = |role: Role, rows: &mut Rows| -> Option<Numbers> {
        let i = assigned.column(role)?;
        let column = table.columns.get(i)?;
        let codes = matches!(column.cells, Cells::Text(_) | Cells::Raw(_)).then(|| Codes::of(column, n));
        let Some(codes) = codes else {
            if role == main {
                mixed_units(table, i, |r| column.text(r), &mut rows.notes);
            }
            return Some(numbers(column, n, options.decimal, fallback));
        };
        let mut out = numbers_of(&codes, options.decimal, fallback);
        let grouped = out.ambiguous.then(|| grouping(&codes, role)).flatten().filter(|_| fallback.is_none());
        if let Some((mark, why)) = grouped {
            out = Numbers { mark: None, ..numbers_of(&codes, Some(mark), None) };
            rows.notes.push(
                Diagnostic::info(
                    "thousands-assumed",
                    format!("separators in {:?} were taken for thousands, since {why}", table.columns[i].name),
                )
                .file(&table.file)
                .column(i as u32 + 1)
                .fix("say --decimal . or --decimal , if they divide"),
            );
        } else if out.ambiguous && fallback.is_none() {
            let cell = (0..n)
                .map(|r| table.columns[i].text(r).trim().to_owned())
                .find(|t| matches!(number::mark(t), Some(number::Mark::Either(_))));
            let (question, said) = ask_decimal(table, Some(i), &table.columns[i].name, &cell.unwrap_or_default(), options.assume);
            rows.notes.push(said);
            rows.questions.push(question);
        }
        if role == main {
            mixed_units(table, i, |r| Cow::Borrowed(codes.get(r).unwrap_or_default()), &mut rows.notes);
        }
        Some(out)
    };
    match amount(main, &mut rows) {
        Some(u) => {
            for row in &u.bad {
                if rows.reason[*row] == Reason::Used {
                    rows.reason[*row] = Reason::BadQuantity;
                }
            }
            rows.units = u.values;
        }
        None => {
            rows.units = Amounts::all(1.0, n);
            rows.notes.push(
                Diagnostic::warning("quantity-assumed", "there is no quantity column; every row counts as one unit")
                    .file(&table.file)
                    .fix("name it with --map COLUMN=quantity"),
            );
        }
    }
    let optional = |role: Role, rows: &mut Rows| -> (Amounts, bool) {
        if role == main {
            return (Amounts::default(), false);
        }
        let read = match role {
            Role::InStock | Role::Promo => column(role).map(|c| flags(c, n)),
            _ => amount(role, rows),
        };
        if let (Some(bad), Some(i)) = (read.as_ref().map(|r| &r.bad).filter(|b| !b.is_empty()), assigned.column(role)) {
            let lines: Vec<u64> = bad.iter().map(|r| table.line(*r)).collect();
            rows.notes.push(
                Diagnostic::warning(
                    "cell-unreadable",
                    format!(
                        "{} of {:?} cannot be read as {}{}",
                        plural(bad.len(), "cell"),
                        table.columns[i].name,
                        role.name(),
                        super::delimited::listed(&lines)
                    ),
                )
                .file(&table.file)
                .line(lines[0])
                .column(i as u32 + 1)
                .fix("correct them; they count as blank"),
            );
        }
        read.map_or((Amounts::default(), false), |r| (r.values, true))
    };
    (rows.revenue, rows.has.revenue) = optional(Role::Revenue, &mut rows);
    (rows.price, rows.has.price) = optional(Role::Price, &mut rows);
    (rows.in_stock, rows.has.in_stock) = optional(Role::InStock, &mut rows);
    (rows.stock, rows.has.stock) = optional(Role::StockLevel, &mut rows);
    (rows.promo, rows.has.promo) = optional(Role::Promo, &mut rows);
    (rows.returned, rows.has.returned) = optional(Role::Returned, &mut rows);
    let beside = [Role::Discount, Role::OrderTotal, Role::Refunded, Role::NetQuantity].map(|r| optional(r, &mut rows).0);
    group_rows(table, assigned, &mut rows, &at);
    let until = column(Role::Until).map(|c| dates(c, n, forced.or(order), hint));
    let covers = options.covers.filter(|_| column(Role::Date).is_none());
    if let Some((first, _)) = covers {
        at.fill(first);
    }
    mark_rows(table, assigned, &mut rows, &at);
    at.iter_mut().filter(|s| **s == NEVER).for_each(|s| *s = Stamp::default());
    rows.at = at;
    rows.refund = vec![false; n];
    clean::statuses(table, assigned, &mut rows);
    money::settle(table, assigned, &mut rows, beside);
    if let Some(as_of) = options.as_of {
        let after = as_of.plus_days(1);
        for (reason, at) in rows.reason.iter_mut().zip(&rows.at) {
            if *reason == Reason::Used && *at >= after {
                *reason = Reason::AfterExport;
            }
        }
    }
    spans::settle(table, &mut rows, until.as_ref(), covers);
    Ok(rows)
}

/// Has the columns that mean something coded in one pass over the file.
fn prepare(table: &Table, assigned: &Assigned, clock: Option<&Clock>) {
    let unread = [Role::Ignore, Role::Personal, Role::Destination, Role::Until];
    let date = assigned.column(Role::Date).filter(|_| assigned.periods.is_empty());
    let wanted = |(i, (role, _)): &(usize, &(Role, f64))| {
        Some(*i) != date
            && (!unread.contains(role)
                || assigned.periods.contains(i)
                || assigned.across.contains(i)
                || clean::is_flag(table, assigned, *i))
    };
    let raw = |i: usize| table.columns.get(i).and_then(|c| if let Cells::Raw(raw) = &c.cells { Some(raw) } else { None });
    let coded = assigned.roles.iter().enumerate().filter(wanted).filter_map(|(i, _)| raw(i));
    super::raw::prepare(&coded.collect::<Vec<_>>(), date.and_then(raw).map(|r| (r, clock)));
}

/// The moments there are.
fn known(at: &[Stamp]) -> impl Iterator<Item = &Stamp> {
    at.iter().filter(|s| **s != NEVER)
}

/// Quantities counted in different units (kg and g) are added up as they stand, which must be known.
fn mixed_units<'a>(table: &Table, i: usize, cell: impl Fn(usize) -> Cow<'a, str>, notes: &mut Vec<Diagnostic>) {
    let step = (table.rows / 20_000).max(1);
    let cells = (0..table.rows).step_by(step).map(cell);
    let units: std::collections::BTreeSet<String> = cells.filter_map(|t| number::unit(&t)).collect();
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
}

/// The order of day and month a known kind of export writes, for files in which no day is above twelve.
fn date_hint(assigned: &Assigned) -> Option<(DateOrder, &'static str)> {
    let order = assigned.profile.as_ref()?.order()?;
    Some((order, "this kind of export writes it so"))
}

/// Amounts in dollars often come with the month first: a reason to ask for that first, not to take it.
fn has_dollars(table: &Table) -> bool {
    (0..table.rows.min(200)).any(|r| table.columns.iter().any(|c| c.text(r).starts_with('$')))
}

/// The decimal mark of a column whose separators all stand before three digits, where something tells that they group: money has no
/// thousandths, and counts written with and without one never reach a thousand without.
fn grouping(codes: &Codes, role: Role) -> Option<(char, &'static str)> {
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
fn file_mark(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Option<char> {
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

fn say_dates(table: &Table, assigned: &Assigned, read: &Dates, zoned: bool, options: &ReadOptions, rows: &mut Rows) {
    rows.date_order = read.order;
    let Some(i) = assigned.column(Role::Date) else { return };
    let place = |d: Diagnostic| d.file(&table.file).column(i as u32 + 1);
    let name = read.order.map_or("", DateOrder::name);
    let column = &table.columns[i].name;
    if let Some(why) = read.assumed {
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
            name: Some(column.clone()),
            text: format!("Which day is {example}?"),
            answers: orders.iter().map(answer).collect(),
            assumed: Some(name.to_owned()),
            must: read.open,
        };
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
fn far_off(table: &Table, assigned: &Assigned, at: &[Stamp], notes: &mut Vec<Diagnostic>) {
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

/// A time of day beside dates without one.
fn add_clock(time: Option<&Column>, at: &mut [Stamp], n: usize) {
    let Some(time) = time else { return };
    if known(at).any(|s| s.0.rem_euclid(86_400) != 0) {
        return;
    }
    let codes = Codes::of(time, n);
    let seconds = codes.each(|t| if t.contains(':') { date::clock(t).unwrap_or(0) } else { 0 });
    for (stamp, code) in at.iter_mut().zip(codes.codes.iter()).filter(|(s, _)| **s != NEVER) {
        stamp.0 += seconds.get(code as usize).copied().unwrap_or(0);
    }
}

/// Continuation rows of an order (same order number, or none) take its date, and its number.
fn fill_forward(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &mut [Stamp]) {
    if assigned.column(Role::Order).is_none() || assigned.column(Role::Date).is_none() {
        return;
    }
    let (mut filled, mut first) = (0usize, 0u64);
    let mut last: Option<(u32, Stamp, u32)> = None;
    for (row, at) in at.iter_mut().enumerate() {
        let order = rows.order.code(row);
        let location = rows.location.code(row);
        match last {
            Some((o, date, place))
                if o != NONE && (order == o || (order == NONE && *at == NEVER && (rows.item.has(row) || rows.description.has(row)))) =>
            {
                if order == NONE {
                    rows.order.codes.set(row, o);
                }
                if *at == NEVER && rows.reason[row] == Reason::Used && date != NEVER {
                    *at = date;
                    filled += 1;
                    first = if first == 0 { table.line(row) } else { first };
                }
                if location == NONE && place != NONE {
                    rows.location.codes.set(row, place);
                }
                last = Some((o, if *at == NEVER { date } else { *at }, if location == NONE { place } else { location }));
            }
            _ => last = Some((order, *at, location)),
        }
    }
    if filled > 0 {
        rows.notes.push(
            Diagnostic::info("continuation-rows", format!("{} took the date from the first line of the order", plural(filled, "row")))
                .file(&table.file)
                .line(first),
        );
    }
}

/// `[SKU] Name`, as Odoo writes a product, is a code and a name.
fn bracketed(rows: &mut Rows) {
    let parts = |t: &str| -> Option<(String, String)> {
        let (code, name) = t.strip_prefix('[')?.split_once(']')?;
        let (code, name) = (code.trim(), name.trim());
        (!code.is_empty() && !name.is_empty()).then(|| (code.to_owned(), name.to_owned()))
    };
    let split: Vec<Option<(String, String)>> = rows.item.values.iter().map(parts).collect();
    let found = split.iter().flatten().count();
    if found == 0 || found * 10 < split.len() * 9 {
        return;
    }
    if rows.description.codes.is_empty() {
        let names = split.iter().zip(rows.item.values.iter()).map(|(s, t)| s.as_ref().map_or(t, |s| s.1.as_str()));
        rows.description = Codes { codes: rows.item.codes.clone(), values: names.collect() };
    }
    rows.item.values = split.iter().zip(rows.item.values.iter()).map(|(s, t)| s.as_ref().map_or(t, |s| s.0.as_str())).collect();
}

/// Sheets that write an item (or a day) once, above blank cells or in a merged one: the rows below are its own. Only where every value
/// stands once, so that a blank cell can mean nothing else.
fn fill_groups(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &mut [Stamp]) {
    if assigned.column(Role::Order).is_some() || assigned.profile.is_some() || at.len() < 3 {
        return;
    }
    let heads = |given: &[bool], distinct: usize| {
        let filled = given.iter().filter(|g| **g).count();
        given.first() == Some(&true) && filled > 0 && filled == distinct && filled * 2 <= given.len()
    };
    let mut say = |what: &str| {
        let message = format!("blank cells of {what} below a filled one were taken for the same {what}");
        rows.notes.push(Diagnostic::info("filled-down", message).file(&table.file));
    };
    let codes = if rows.item.codes.is_empty() { &mut rows.description } else { &mut rows.item };
    let dated: Vec<usize> = (0..at.len()).filter(|r| at[*r] != NEVER).collect();
    let given: Vec<bool> = dated.iter().map(|r| codes.has(*r)).collect();
    if heads(&given, codes.values.iter().filter(|t| !is_total(t)).count()) {
        let mut last = NONE;
        for row in &dated {
            match codes.code(*row) {
                NONE => codes.codes.set(*row, last),
                code => last = code,
            }
        }
        say("item");
        return;
    }
    let Some(date) = assigned.column(Role::Date).and_then(|i| table.columns.get(i)) else { return };
    let named: Vec<usize> =
        (0..at.len()).filter(|r| codes.get(*r).is_some_and(|t| !is_total(t))).filter(|r| rows.reason[*r] == Reason::Used).collect();
    let given: Vec<bool> = named.iter().map(|r| at[*r] != NEVER).collect();
    let days: std::collections::BTreeSet<Stamp> = named.iter().map(|r| at[*r]).filter(|s| *s != NEVER).collect();
    if heads(&given, days.len()) && named.iter().all(|r| at[*r] != NEVER || number::is_blank(&date.text(*r))) {
        let mut last = NEVER;
        for row in named {
            if at[row] != NEVER {
                last = at[row];
            }
            at[row] = last;
        }
        say("date");
    }
}

/// QuickBooks-like group rows: a row with nothing but its first cell names the item of the rows that follow.
fn group_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) {
    let Some(first) = table
        .columns
        .first()
        .filter(|_| assigned.column(Role::Item).is_none() && assigned.roles.first().is_some_and(|r| r.0 == Role::Ignore))
    else {
        return;
    };
    let heading = |row: usize| -> Option<String> {
        let text = first.text(row).trim().to_owned();
        (!text.is_empty() && at[row] == NEVER && table.columns.iter().skip(1).all(|c| c.text(row).trim().is_empty())).then_some(text)
    };
    let blank_elsewhere = (0..table.rows).filter(|r| at[*r] != NEVER).all(|r| first.text(r).trim().is_empty());
    if !blank_elsewhere || !(0..table.rows).any(|r| heading(r).is_some()) {
        return;
    }
    let mut item = Codes::default();
    let mut current = NONE;
    for row in 0..table.rows {
        if let Some(text) = heading(row) {
            rows.reason[row] = Reason::Total;
            if !is_total(&text) {
                item.values.push(&text);
                current = (item.values.len() - 1) as u32;
            }
        }
        item.codes.push(current);
    }
    rows.item = item;
    rows.notes.push(Diagnostic::info("group-rows", "items are named by heading rows above their sales").file(&table.file));
}

/// The whole text is the word for a sum: no product is called that.
fn is_sum(text: &str) -> bool {
    matches!(
        names::plain(text.trim()).as_str(),
        "total"
            | "totals"
            | "grand total"
            | "total general"
            | "summe"
            | "gesamt"
            | "gesamtsumme"
            | "gesamtergebnis"
            | "totale"
            | "totaal"
            | "totalt"
            | "i alt"
            | "razem"
            | "lacznie"
            | "ogolem"
            | "celkem"
            | "yhteensa"
            | "osszesen"
            | "toplam"
            | "daily total"
            | "day total"
            | "weekly total"
            | "monthly total"
            | "store total"
            | "order total"
            | "sub total"
            | "subtotal"
            | "tagessumme"
            | "zwischensumme"
    )
}

fn is_total(text: &str) -> bool {
    let t = names::plain(text.trim());
    [
        "total",
        "grand total",
        "totals",
        "subtotal",
        "sum",
        "summe",
        "gesamt",
        "gesamtsumme",
        "gesamtergebnis",
        "zwischensumme",
        "suma",
        "soma",
        "somme",
        "summa",
        "totale",
        "totaal",
        "totalt",
        "i alt",
        "razem",
        "lacznie",
        "ogolem",
        "celkem",
        "yhteensa",
        "osszesen",
        "toplam",
    ]
    .iter()
    .any(|w| t == *w || t.strip_prefix(w).is_some_and(|r| r.starts_with([' ', ':'])))
}

/// Rows without a date, item or quantity, totals and repeated headers.
fn mark_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) {
    let habits = assigned.profile.as_ref();
    let summary = habits.is_some_and(|p| p.summary_rows);
    let footers: Vec<String> = habits.iter().flat_map(|p| &p.footer).map(|f| names::plain(f)).collect();
    let footer = |row: usize| {
        !footers.is_empty()
            && table.columns.iter().take(4).any(|c| {
                let text = names::plain(&c.text(row));
                footers.iter().any(|f| text.contains(f.as_str()))
            })
    };
    let keyed = assigned.column(Role::UniqueId).is_some() || !rows.item.is_empty() || !rows.description.is_empty();
    let date = assigned.column(Role::Date).and_then(|i| table.columns.get(i));
    let (item_sums, name_sums) = (rows.item.each(is_sum), rows.description.each(is_sum));
    let is = |sums: &[bool], code: u32| sums.get(code as usize).copied().unwrap_or(false);
    let sum = |rows: &Rows, row: usize| match rows.item.code(row) {
        NONE => is(&name_sums, rows.description.code(row)),
        code => is(&item_sums, code),
    };
    for (row, at) in at.iter().enumerate() {
        let no_key = keyed && !rows.item.has(row) && !rows.description.has(row) && !rows.unique_id.has(row);
        if *at == NEVER && rows.reason[row] != Reason::Total {
            let blank = || table.columns.iter().all(|c| number::is_blank(&c.text(row)));
            let total = table.columns.iter().take(3).any(|c| is_total(&c.text(row))) || footer(row);
            let repeated = date.is_some_and(|c| names::compact(&c.text(row)) == names::compact(&c.name));
            rows.reason[row] = match (total, repeated, rows.reason[row]) {
                (_, true, _) => Reason::RepeatedHeader,
                (true, ..) => Reason::Total,
                (_, _, Reason::Used) if blank() => Reason::Blank,
                (_, _, Reason::BadDate) => Reason::BadDate,
                _ => Reason::NoDate,
            };
        } else if rows.reason[row] == Reason::Used && no_key {
            rows.reason[row] = if summary { Reason::Total } else { Reason::NoItem };
        } else if rows.reason[row] == Reason::Used && sum(rows, row) {
            rows.reason[row] = Reason::Total;
        }
    }
}

/// A wide table: one row a series, one column a period.
fn unpivot(table: &Table, assigned: &Assigned, options: &ReadOptions, mut rows: Rows) -> Result<Rows, Vec<Diagnostic>> {
    let named: Vec<&str> = assigned.periods.iter().map(|i| table.columns[*i].name.as_str()).collect();
    let stamps = period_stamps(table, assigned, &named, options, &mut rows.notes)?;
    let (mut codes_of, keys): (Vec<Narrow>, [&Codes; 4]) =
        (vec![Narrow::default(); 4], [&rows.unique_id, &rows.item, &rows.description, &rows.location]);
    let (mut row_of, mut at_of, mut units, mut prices) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if rows.decimal.is_none() {
        rows.decimal = sheet_mark(table, assigned, options, &mut rows.notes, &mut rows.questions);
    }
    let numbers: Vec<Numbers> = assigned.periods.iter().map(|i| numbers(&table.columns[*i], table.rows, rows.decimal, None)).collect();
    let price =
        assigned.column(Role::Price).map(|i| super::values::numbers(&table.columns[i], table.rows, options.decimal, rows.decimal).values);
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
    for row in 0..table.rows {
        let no_key = keys[..3].iter().any(|k| !k.is_empty()) && keys[..3].iter().all(|k| !k.has(row));
        let total = table.columns.iter().take(3).any(|c| is_total(&c.text(row)));
        let why = if total {
            Reason::Total
        } else if no_key {
            Reason::NoItem
        } else {
            Reason::Used
        };
        for (at, numbers) in stamps.iter().zip(&numbers) {
            reason.push(why);
            row_of.push(row as u32);
            at_of.push(*at);
            units.push(numbers.values.get(row));
            if let Some(price) = &price {
                prices.push(price.get(row));
            }
            for (out, codes) in codes_of.iter_mut().zip(keys).filter(|(_, c)| !c.is_empty()) {
                out.push(codes.code(row));
            }
        }
    }
    rows.has.price = price.is_some();
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

/// A table with one column an item: its rows once an item, with the item's units. What every row of the table says of itself is repeated.
fn across(table: &Table, assigned: &Assigned, options: &ReadOptions, mut rows: Rows) -> Rows {
    let n = table.rows;
    if rows.decimal.is_none() {
        rows.decimal = sheet_mark(table, assigned, options, &mut rows.notes, &mut rows.questions);
    }
    let mark = rows.decimal;
    let columns: Vec<Amounts> = assigned.across.iter().map(|i| numbers(&table.columns[*i], n, mark, None).values).collect();
    let picks: Vec<(usize, usize)> = (0..n).flat_map(|row| (0..columns.len()).map(move |c| (row, c))).collect();
    let total = |row: usize| table.columns.iter().take(3).any(|c| is_total(&c.text(row)));
    rows.units = picks.iter().map(|(row, c)| columns[*c].get(*row)).collect();
    rows.item = Codes {
        codes: picks.iter().map(|p| p.1 as u32).collect(),
        values: assigned.across.iter().map(|i| table.columns[*i].name.as_str()).collect(),
    };
    rows.reason = picks
        .iter()
        .map(|(row, _)| if rows.reason[*row] == Reason::Used && total(*row) { Reason::Total } else { rows.reason[*row] })
        .collect();
    rows.at = picks.iter().map(|p| rows.at[p.0]).collect();
    rows.row = Some(picks.iter().map(|p| p.0 as u32).collect());
    if !rows.location.codes.is_empty() {
        rows.location.codes = picks.iter().map(|p| rows.location.code(p.0)).collect();
    }
    rows.refund = vec![false; picks.len()];
    rows
}

/// The decimal mark of a wide sheet, decided from all its columns together: what groups in one month groups in all.
fn sheet_mark(
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

fn column_len(column: &Column) -> usize {
    if let Cells::Text(t) = &column.cells { t.len() } else { 0 }
}

/// The question which separator divides, and the diagnostic that says the same.
fn ask_decimal(table: &Table, column: Option<usize>, name: &str, example: &str, assume: bool) -> (Question, Diagnostic) {
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

/// The moments of months that are named without a year: of the year that was said or that stands in a title above them, or the next.
fn yearless(table: &Table, named: &[&str], options: &ReadOptions) -> Option<Vec<Stamp>> {
    let titled = || {
        let words = table.above.iter().flat_map(|c| c.split(|c: char| !c.is_ascii_digit()));
        let mut years: Vec<i32> =
            words.filter(|w| w.len() == 4).filter_map(|w| w.parse().ok()).filter(|y| (1990..=2100).contains(y)).collect();
        years.dedup();
        if let [only] = years.as_slice() { Some(*only) } else { None }
    };
    use chrono::Datelike;
    let mut year = options.covers.map(|c| c.0.naive().year()).or_else(titled)?;
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
fn period_stamps(
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
                .fix("name the columns YYYY-MM-DD for real dates"),
        );
    }
    Ok(out)
}

/// What was set aside, by reason, for `Recognised`; and the same as diagnostics.
pub(super) fn set_aside(table: &Table, rows: &Rows) -> (Vec<SetAside>, Vec<Diagnostic>) {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    for reason in Reason::ALL {
        let mut lines = Vec::new();
        let (mut count, mut units, mut last_row) = (0usize, 0.0, u32::MAX);
        for (i, _) in rows.reason.iter().enumerate().filter(|(_, r)| **r == reason) {
            let row = rows.row(i) as u32;
            units += Some(rows.units.get(i)).filter(|u| u.is_finite()).unwrap_or(0.0);
            if row != last_row {
                count += 1;
                if lines.len() < 1000 {
                    lines.push(table.line(row as usize));
                }
            }
            last_row = row;
        }
        if count == 0 {
            continue;
        }
        let (code, words, fix) = reason.say();
        let message = format!("{} set aside: {words}", plural(count, "row"));
        let listed = super::delimited::listed_of(&lines, count);
        let text = format!("{message}{}", listed.replacen(':', ",", 1));
        let mut d =
            if matches!(reason, Reason::Blank | Reason::Total | Reason::RepeatedHeader | Reason::Superseded | Reason::OutsideCalendar) {
                Diagnostic::info(code, text)
            } else {
                Diagnostic::warning(code, text)
            };
        d = d.file(&table.file).line(lines.first().copied().unwrap_or(1));
        notes.push(if let Some(fix) = fix { d.fix(fix) } else { d });
        out.push(SetAside { reason: code, message, rows: count, units, lines });
    }
    (out, notes)
}

/// Every line that is not used, in the order of the file.
pub(super) fn aside_lines(table: &Table, rows: &Rows, file: u32, out: &mut Vec<super::sales::AsideLine>) {
    let mut last = None;
    for (i, reason) in rows.reason.iter().enumerate().filter(|(_, r)| **r != Reason::Used) {
        let row = rows.row(i);
        if last != Some((row, *reason)) {
            out.push(super::sales::AsideLine { file, line: table.line(row), reason: reason.say().0 });
        }
        last = Some((row, *reason));
    }
}

impl Rows {
    /// The row of the table.
    #[inline]
    pub fn row(&self, i: usize) -> usize {
        self.row.as_ref().map_or(i, |r| r.get(i).map_or(i, |r| *r as usize))
    }
    /// Each of these rows (by place) in place of what was there.
    pub fn spread(&mut self, rows: impl Iterator<Item = usize>) {
        self.row = Some(rows.map(|i| self.row(i) as u32).collect());
    }
    /// The item's key in a row: its code, or its name where the code is blank.
    pub fn item_key(&self, i: usize) -> Option<&str> {
        self.item.get_blankless(i).or_else(|| self.description.get_blankless(i))
    }
}

impl Codes {
    fn get_blankless(&self, i: usize) -> Option<&str> {
        self.get(i).filter(|t| !number::is_blank(t))
    }
}
