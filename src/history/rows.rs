//! The rows of one sales file with their meaning: series, moment, units, money, and why a row is set aside.

use super::header::period_number;
use super::options::{DateOrder, ReadOptions, Role};
use super::recognised::SetAside;
use super::roles::Assigned;
use super::table::{Column, Table};
use super::values::{Codes, Dates, NONE, Numbers, dates, flags, numbers};
use super::{clean, date, names, number};
use crate::base::text::plural;
use crate::base::{Diagnostic, Stamp};

/// Why a row is set aside, or that it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Used,
    NoDate,
    BadDate,
    NoItem,
    Total,
    BadQuantity,
    RepeatedHeader,
    Cancelled,
    CancelledOrder,
    NonProduct,
    Adjustment,
    OutsideCalendar,
}

impl Reason {
    const ALL: [Self; 11] = [
        Self::NoDate,
        Self::BadDate,
        Self::NoItem,
        Self::Total,
        Self::BadQuantity,
        Self::RepeatedHeader,
        Self::Cancelled,
        Self::CancelledOrder,
        Self::NonProduct,
        Self::Adjustment,
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
            Self::Total => ("total-row", "a total or heading, not a sale", None),
            Self::BadQuantity => {
                ("quantity-unreadable", "a quantity that is no number", Some("correct the cells, or say the decimal mark with --decimal"))
            }
            Self::RepeatedHeader => ("repeated-header", "the header again", None),
            Self::Cancelled => ("cancelled", "cancelled, void or draft", None),
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
    /// Row of the table.
    pub row: Vec<u32>,
    pub at: Vec<Stamp>,
    /// Codes into the columns below.
    pub unique_id: Codes,
    pub item: Codes,
    pub description: Codes,
    pub location: Codes,
    pub order: Codes,
    pub units: Vec<f64>,
    pub revenue: Vec<f64>,
    pub price: Vec<f64>,
    pub in_stock: Vec<f64>,
    pub stock: Vec<f64>,
    pub promo: Vec<f64>,
    pub returned: Vec<f64>,
    /// The row is a refund by its type, whatever the sign of its quantity.
    pub refund: Vec<bool>,
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
    rows.reason = vec![Reason::Used; n];
    rows.row = (0..n as u32).collect();
    let hint = date_hint(table, assigned);
    let read = column(Role::Date).map_or_else(Dates::default, |c| dates(c, n, options.date_order, hint));
    say_dates(table, assigned, &read, &mut rows);
    let mut at = read.values;
    at.resize(n, None);
    far_off(table, assigned, &at, &mut rows.notes);
    add_clock(column(Role::Time), &mut at, n);
    for row in &read.bad {
        rows.reason[*row] = Reason::BadDate;
    }
    fill_forward(table, assigned, &mut rows, &mut at);
    let amount = |role: Role, rows: &mut Rows| -> Option<Numbers> {
        let i = assigned.column(role)?;
        let out = numbers(table.columns.get(i)?, n, options.decimal, fallback);
        if out.ambiguous {
            rows.notes.push(
                Diagnostic::warning(
                    "decimal-ambiguous",
                    format!(
                        "in {:?} every separator could group or divide; {:?} was taken for the decimal mark",
                        table.columns[i].name,
                        fallback.unwrap_or('.')
                    ),
                )
                .file(&table.file)
                .column(i as u32 + 1)
                .fix("say which it is with --decimal . or --decimal ,"),
            );
        }
        Some(out)
    };
    let main = if assigned.value && assigned.column(Role::Quantity).is_none() { Role::Revenue } else { Role::Quantity };
    let units = amount(main, &mut rows);
    match units {
        Some(u) => {
            for row in &u.bad {
                if rows.reason[*row] == Reason::Used {
                    rows.reason[*row] = Reason::BadQuantity;
                }
            }
            rows.units = u.values;
        }
        None => {
            rows.units = vec![1.0; n];
            rows.notes.push(
                Diagnostic::warning("quantity-assumed", "there is no quantity column; every row counts as one unit")
                    .file(&table.file)
                    .fix("name it with --map COLUMN=quantity"),
            );
        }
    }
    let optional = |role: Role, rows: &mut Rows| -> (Vec<f64>, bool) {
        if role == main {
            return (Vec::new(), false);
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
        read.map_or((Vec::new(), false), |r| (r.values, true))
    };
    (rows.revenue, rows.has.revenue) = optional(Role::Revenue, &mut rows);
    (rows.price, rows.has.price) = optional(Role::Price, &mut rows);
    (rows.in_stock, rows.has.in_stock) = optional(Role::InStock, &mut rows);
    (rows.stock, rows.has.stock) = optional(Role::StockLevel, &mut rows);
    (rows.promo, rows.has.promo) = optional(Role::Promo, &mut rows);
    (rows.returned, rows.has.returned) = optional(Role::Returned, &mut rows);
    group_rows(table, assigned, &mut rows, &at);
    mark_rows(table, assigned, &mut rows, &at);
    rows.at = at.into_iter().map(Option::unwrap_or_default).collect();
    rows.refund = vec![false; n];
    clean::statuses(table, assigned, &mut rows);
    Ok(rows)
}

/// The order of day and month a known layout or the currency suggests, for files in which no day is above twelve.
fn date_hint(table: &Table, assigned: &Assigned) -> Option<(DateOrder, &'static str)> {
    if matches!(assigned.layout, Some("Etsy sold items" | "UCI Online Retail" | "Square item sales")) {
        return Some((DateOrder::MonthDayYear, "this kind of export writes it so"));
    }
    let dollars = (0..table.rows.min(200)).any(|r| table.columns.iter().any(|c| c.text(r).starts_with('$')));
    dollars.then_some((DateOrder::MonthDayYear, "amounts in dollars come with dates written so"))
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

fn say_dates(table: &Table, assigned: &Assigned, read: &Dates, rows: &mut Rows) {
    rows.date_order = read.order;
    let Some(i) = assigned.column(Role::Date) else { return };
    let place = |d: Diagnostic| d.file(&table.file).column(i as u32 + 1);
    let name = read.order.map_or("", DateOrder::name);
    if let Some(why) = read.assumed {
        rows.notes.push(place(
            Diagnostic::warning(
                "date-order-assumed",
                format!("no day in {:?} is above 12; dates were read as {name}, since {why}", table.columns[i].name),
            )
            .fix("say --date-order dmy or --date-order mdy if that is wrong"),
        ));
    }
    if read.conflicting > 0 {
        rows.notes.push(place(
            Diagnostic::warning(
                "date-order-mixed",
                format!("{} of {:?} cannot be {name} as the others are", plural(read.conflicting, "different date"), table.columns[i].name),
            )
            .fix("export dates as YYYY-MM-DD, or say --date-order"),
        ));
    }
    if read.order.is_some() && table.format == "csv" && (0..table.rows.min(100)).any(|r| table.columns[i].text(r).ends_with('Z')) {
        rows.notes.push(place(Diagnostic::info("time-zone-utc", "times are in UTC; days and hours are UTC days and hours")));
    }
}

/// A few dates more than ten years from the middle one are slips of the hand as a rule.
fn far_off(table: &Table, assigned: &Assigned, at: &[Option<Stamp>], notes: &mut Vec<Diagnostic>) {
    const TEN_YEARS: i64 = 3653 * 86_400;
    let mut sorted: Vec<Stamp> = at.iter().flatten().copied().collect();
    let middle = sorted.len() / 2;
    if sorted.len() < 4 {
        return;
    }
    let (_, &mut median, _) = sorted.select_nth_unstable(middle);
    let far = |s: &Stamp| (s.0 - median.0).abs() > TEN_YEARS;
    let lines: Vec<u64> = at.iter().enumerate().filter(|(_, s)| s.as_ref().is_some_and(far)).map(|(r, _)| table.line(r)).collect();
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
fn add_clock(time: Option<&Column>, at: &mut [Option<Stamp>], n: usize) {
    let Some(time) = time else { return };
    if at.iter().flatten().any(|s| s.0.rem_euclid(86_400) != 0) {
        return;
    }
    let codes = Codes::of(time, n);
    let seconds: Vec<i64> = codes.values.iter().map(|t| if t.contains(':') { date::clock(t).unwrap_or(0) } else { 0 }).collect();
    for (stamp, code) in at.iter_mut().zip(&codes.codes) {
        if let (Some(s), Some(add)) = (stamp.as_mut(), seconds.get(*code as usize)) {
            s.0 += add;
        }
    }
}

/// Continuation rows of an order (same order number, or none) take its date, and its number.
fn fill_forward(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &mut [Option<Stamp>]) {
    if assigned.column(Role::Order).is_none() || assigned.column(Role::Date).is_none() {
        return;
    }
    let (mut filled, mut first) = (0usize, 0u64);
    let mut last: Option<(u32, Option<Stamp>, u32)> = None;
    for (row, at) in at.iter_mut().enumerate() {
        let order = rows.order.codes[row];
        let has_item = rows.item.codes.get(row).is_some_and(|c| *c != NONE) || rows.description.codes.get(row).is_some_and(|c| *c != NONE);
        let location = rows.location.codes.get(row).copied().unwrap_or(NONE);
        match last {
            Some((o, date, place)) if (order == o || (order == NONE && has_item && at.is_none())) && o != NONE => {
                rows.order.codes[row] = o;
                if at.is_none() && rows.reason[row] == Reason::Used && date.is_some() {
                    *at = date;
                    filled += 1;
                    first = if first == 0 { table.line(row) } else { first };
                }
                if let Some(code) = rows.location.codes.get_mut(row).filter(|c| **c == NONE) {
                    *code = place;
                }
                last = Some((o, at.or(date), if location == NONE { place } else { location }));
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

/// QuickBooks-like group rows: a row with nothing but its first cell names the item of the rows that follow.
fn group_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Option<Stamp>]) {
    let Some(first) = table
        .columns
        .first()
        .filter(|_| assigned.column(Role::Item).is_none() && assigned.roles.first().is_some_and(|r| r.0 == Role::Ignore))
    else {
        return;
    };
    let heading = |row: usize| -> Option<String> {
        let text = first.text(row).trim().to_owned();
        (!text.is_empty() && at[row].is_none() && table.columns.iter().skip(1).all(|c| c.text(row).trim().is_empty())).then_some(text)
    };
    let blank_elsewhere = (0..table.rows).filter(|r| at[*r].is_some()).all(|r| first.text(r).trim().is_empty());
    if !blank_elsewhere || !(0..table.rows).any(|r| heading(r).is_some()) {
        return;
    }
    let mut item = Codes::default();
    let mut current = NONE;
    for row in 0..table.rows {
        if let Some(text) = heading(row) {
            rows.reason[row] = Reason::Total;
            if !is_total(&text) {
                item.values.push(text);
                current = (item.values.len() - 1) as u32;
            }
        }
        item.codes.push(current);
    }
    rows.item = item;
    rows.notes.push(Diagnostic::info("group-rows", "items are named by heading rows above their sales").file(&table.file));
}

fn is_total(text: &str) -> bool {
    let t = names::plain(text.trim());
    ["total", "grand total", "totals", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "suma", "soma", "somme", "totale", "totaal"]
        .iter()
        .any(|w| t == *w || t.strip_prefix(w).is_some_and(|r| r.starts_with([' ', ':'])))
}

/// Rows without a date, item or quantity, totals and repeated headers.
fn mark_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Option<Stamp>]) {
    let keyed = assigned.column(Role::UniqueId).is_some() || !rows.item.codes.is_empty() || !rows.description.codes.is_empty();
    let date = assigned.column(Role::Date).and_then(|i| table.columns.get(i));
    for (row, at) in at.iter().enumerate() {
        let given = |c: &Codes| c.codes.get(row).is_some_and(|c| *c != NONE);
        let no_key = keyed && !given(&rows.item) && !given(&rows.description) && !given(&rows.unique_id);
        if at.is_none() && rows.reason[row] != Reason::Total {
            let total = table.columns.iter().take(3).any(|c| is_total(&c.text(row)));
            let repeated = date.is_some_and(|c| names::compact(&c.text(row)) == names::compact(&c.name));
            rows.reason[row] = match (total, repeated, rows.reason[row]) {
                (_, true, _) => Reason::RepeatedHeader,
                (true, ..) => Reason::Total,
                (_, _, Reason::BadDate) => Reason::BadDate,
                _ => Reason::NoDate,
            };
        } else if rows.reason[row] == Reason::Used && no_key {
            rows.reason[row] = Reason::NoItem;
        }
    }
}

/// A wide table: one row a series, one column a period.
fn unpivot(table: &Table, assigned: &Assigned, options: &ReadOptions, mut rows: Rows) -> Result<Rows, Vec<Diagnostic>> {
    let named: Vec<&str> = assigned.periods.iter().map(|i| table.columns[*i].name.as_str()).collect();
    let stamps = period_stamps(table, &named, options, &mut rows.notes)?;
    let (mut codes_of, keys): (Vec<Vec<u32>>, [&Codes; 4]) =
        (vec![Vec::new(); 4], [&rows.unique_id, &rows.item, &rows.description, &rows.location]);
    let numbers: Vec<Numbers> =
        assigned.periods.iter().map(|i| numbers(&table.columns[*i], table.rows, options.decimal, rows.decimal)).collect();
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
        let no_key = keys[..3].iter().any(|k| !k.codes.is_empty()) && keys[..3].iter().all(|k| k.codes.get(row).is_none_or(|c| *c == NONE));
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
            rows.row.push(row as u32);
            rows.at.push(*at);
            rows.units.push(numbers.values[row]);
            if let Some(price) = &price {
                rows.price.push(price[row]);
            }
            for (out, codes) in codes_of.iter_mut().zip(keys) {
                if let Some(code) = codes.codes.get(row) {
                    out.push(*code);
                }
            }
        }
    }
    rows.has.price = price.is_some();
    rows.reason = reason;
    rows.refund = vec![false; rows.at.len()];
    rows.location.codes = codes_of.pop().unwrap_or_default();
    rows.description.codes = codes_of.pop().unwrap_or_default();
    rows.item.codes = codes_of.pop().unwrap_or_default();
    rows.unique_id.codes = codes_of.pop().unwrap_or_default();
    rows.order = Codes::default();
    Ok(rows)
}

/// Moments for the names of period columns.
fn period_stamps(table: &Table, named: &[&str], options: &ReadOptions, notes: &mut Vec<Diagnostic>) -> Result<Vec<Stamp>, Vec<Diagnostic>> {
    let column = Column { name: "periods".into(), cells: super::table::Cells::Text(named.iter().map(|n| Some(*n)).collect()) };
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
    let m5 = ["itemid", "storeid", "deptid", "d1"].iter().all(|k| table.columns.iter().any(|c| names::compact(&c.name) == *k));
    let start = if m5 { Stamp::from_ymd(2011, 1, 29) } else { Stamp::from_ymd(2000, 1, 3) }.unwrap_or_default();
    let (mut out, mut numbered) = (Vec::with_capacity(named.len()), false);
    for (i, name) in named.iter().enumerate() {
        let year = name.parse::<i32>().ok().filter(|_| name.len() == 4).and_then(|y| Stamp::from_ymd(y, 1, 1));
        let stamp = read.values.get(i).copied().flatten().or(year).or_else(|| {
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
            let row = rows.row[i];
            units += Some(rows.units[i]).filter(|u| u.is_finite()).unwrap_or(0.0);
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
        let mut d = if matches!(reason, Reason::Total | Reason::RepeatedHeader | Reason::OutsideCalendar) {
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

impl Rows {
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
