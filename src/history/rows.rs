//! The rows of one sales file with their meaning: series, moment, units, money, and why a row is set aside.

use super::ahead::Wanted;
use super::amounts::Amounts;
use super::filled::{above_dates, bracketed, fill_forward, fill_groups, group_rows, headed};
use super::options::{DateOrder, ReadOptions, Role};
use super::question::Question;
use super::raw::Raw;
pub(super) use super::reason::Reason;
use super::recognised::SetAside;
use super::roles::Assigned;
use super::table::{Cells, Column, Table};
use super::unclear::{ask_decimal, date_hint, far_off, file_mark, grouping, mixed_measures, mixed_units, say_dates, to_larger};
use super::values::{Codes, Dates, NEVER, NONE, Numbers, dates, dates_on, flags, numbers, numbers_of};
use super::wide::{across, unpivot};
use super::zone::Clock;
use super::{clean, date, money, names, number, spans};
use crate::base::text::plural;
use crate::base::{Diagnostic, Period, Stamp};
use rayon::prelude::*;
use std::borrow::Cow;

/// One file's rows, column by column.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub reason: Vec<Reason>,
    /// Row of the table, where that is another.
    pub row: Option<Vec<u32>>,
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
    /// Orders, by code, that cancel others by their number; empty where none does.
    pub cancelling: Vec<bool>,
    /// The row was sold and came back whole, by its status; empty where none did.
    pub undone: Vec<bool>,
    /// Step of totals that cover whole periods.
    pub native: Option<Period>,
    pub questions: Vec<Question>,
    pub has: Has,
    pub decimal: Option<char>,
    pub date_order: Option<DateOrder>,
    pub notes: Vec<Diagnostic>,
    /// The currency of its money, where a column names one.
    pub currency: Option<String>,
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

/// Reads the meaning of every row of a table. `alone`: there is no other file with which it might share orders.
pub(super) fn read(table: &Table, assigned: &Assigned, options: &ReadOptions, alone: bool) -> Result<Rows, Vec<Diagnostic>> {
    let n = table.rows;
    let column = |role| assigned.column(role).and_then(|i| table.columns.get(i));
    let zone = zone(assigned, options);
    let clock = zone.and_then(Clock::of);
    if let Some((text, wanted)) = wanted(table, assigned, zone) {
        super::raw::prepare(text, &wanted);
    }
    let codes = |role| column(role).map_or_else(Codes::default, |c| Codes::of(c, n));
    let mut rows = Rows {
        unique_id: codes(Role::UniqueId),
        item: codes(Role::Item),
        description: codes(Role::Description),
        location: codes(Role::Location),
        order: codes(Role::Order),
        ..Rows::default()
    };
    rows.cancelling = clean::cancel_orders(&rows.order);
    if alone {
        // the numbers of orders have told what they can: that two lines are of one is known by their codes
        rows.order.values.forget();
    }
    let fallback = file_mark(table, assigned, options);
    rows.decimal = options.decimal.or(fallback);
    bracketed(&mut rows);
    if !assigned.periods.is_empty() {
        return unpivot(table, assigned, options, rows);
    }
    rows.reason = vec![Reason::Used; n];
    let hint = date_hint(assigned);
    let forced = options.date_order.or_else(|| assigned.profile.as_ref().filter(|p| p.fingerprint.is_some()).and_then(|p| p.order()));
    let read = column(Role::Date).map_or_else(Dates::default, |c| dates_on(c, n, forced, hint, clock.as_ref()));
    say_dates(table, assigned, &read, clock.is_some(), options, &mut rows);
    let order = read.order;
    let mut at = read.values;
    at.resize(n, NEVER);
    week_ends(table, assigned, &mut at, &mut rows.notes);
    far_off(table, assigned, &at, &mut rows.notes);
    add_clock(column(Role::Time), &mut at, n);
    if options.day_starts > 0 && known(&at).any(|s| s.0.rem_euclid(86_400) != 0) {
        at.iter_mut().filter(|s| **s != NEVER).for_each(|s| s.0 -= i64::from(options.day_starts.min(12)) * 3600);
    }
    for row in &read.bad {
        rows.reason[*row] = Reason::BadDate;
    }
    if !headed(table, assigned, &mut rows, &at) && !above_dates(table, assigned, &mut rows, &at) {
        fill_forward(table, assigned, &mut rows, &mut at);
        fill_groups(table, assigned, &mut rows, &mut at);
    }
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
    let larger = std::cell::Cell::new(false);
    let amount = |role: Role, rows: &mut Rows| -> Option<Numbers> {
        let i = assigned.column(role)?;
        let column = table.columns.get(i)?;
        let codes = matches!(column.cells, Cells::Text(_) | Cells::Raw(_)).then(|| Codes::of(column, n));
        let Some(codes) = codes else {
            if role == main {
                larger.set(mixed_units(table, i, |r| column.text(r), &mut rows.notes));
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
            let mixed = mixed_units(table, i, |r| Cow::Borrowed(codes.get(r).unwrap_or_default()), &mut rows.notes);
            larger.set(mixed);
        }
        Some(out.with(codes))
    };
    match amount(main, &mut rows) {
        Some(u) => {
            for row in &u.bad {
                if rows.reason[*row] == Reason::Used {
                    rows.reason[*row] = Reason::BadQuantity;
                }
            }
            rows.units = u.values;
            if let Some(i) = assigned.column(main).filter(|_| larger.get()) {
                rows.units = to_larger(table, i, &rows.units);
            }
            if let Some(scale) = scale_of(table, assigned, Role::Quantity) {
                rows.units = rows.units.iter().map(|u| u * scale).collect();
            }
        }
        None if assigned.profile.as_ref().is_some_and(|p| p.unit_rows) => rows.units = Amounts::all(1.0, n),
        None => {
            if let Some(d) = super::refused::blank_quantity(table) {
                return Err(vec![d]);
            }
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
    for (role, values) in [(Role::Revenue, &mut rows.revenue), (Role::Price, &mut rows.price)] {
        // money in cents has no decimals
        if let Some(by) = scale_of(table, assigned, role).filter(|_| values.iter().all(|v| v.is_nan() || v.fract() == 0.0)) {
            *values = values.iter().map(|v| v * by).collect();
        }
    }
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
    if covers.is_some() {
        // a line of text below the totals is none of them
        let filled = |row: usize| table.columns.iter().filter(|c| !number::is_blank(&c.text(row))).count();
        for row in 0..n {
            if rows.reason[row] == Reason::Used && rows.units.get(row).is_nan() && filled(row) == 1 {
                rows.reason[row] = Reason::Total;
            }
        }
    }
    at.iter_mut().filter(|s| **s == NEVER).for_each(|s| *s = Stamp::default());
    rows.at = at;
    rows.refund = vec![false; n];
    clean::turn_signs(table, &mut rows);
    clean::statuses(table, assigned, &mut rows);
    let other = super::pivot::other_measures(table, assigned, &mut rows.notes);
    for row in other.iter().enumerate().filter(|(_, o)| **o).map(|o| o.0) {
        rows.reason[row] = Reason::NotSale;
    }
    money::settle(table, assigned, &mut rows, beside);
    money::one_currency(table, &mut rows);
    mixed_measures(table, &mut rows);
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

/// Which columns of its text the meaning of a table's rows is read from.
pub(super) fn wanted<'a>(table: &'a Table, assigned: &Assigned, zone: Option<&str>) -> Option<(&'a Raw, Wanted)> {
    let unread = [Role::Ignore, Role::Personal, Role::Destination, Role::Until];
    let date = assigned.column(Role::Date).filter(|_| assigned.periods.is_empty());
    let coded = |(i, (role, _)): &(usize, &(Role, f64))| {
        Some(*i) != date
            && (!unread.contains(role)
                || assigned.periods.contains(i)
                || assigned.across.contains(i)
                || clean::is_flag(table, assigned, *i))
    };
    let raw = |i: usize| table.columns.get(i).and_then(|c| if let Cells::Raw(raw) = &c.cells { Some(raw) } else { None });
    let any = (0..table.columns.len()).find_map(raw)?;
    let place = |i: usize| raw(i)?.place_beside(any);
    let codes = assigned.roles.iter().enumerate().filter(coded).filter_map(|(i, _)| place(i)).collect();
    Some((any, Wanted { codes, moments: date.and_then(place).map(|d| (d, zone.map(str::to_owned))) }))
}

/// The time zone on whose clock moments are told.
pub(super) fn zone<'a>(assigned: &'a Assigned, options: &'a ReadOptions) -> Option<&'a str> {
    options.time_zone.as_deref().or(assigned.profile.as_ref().and_then(|p| p.time_zone.as_deref()))
}

/// What the numbers of a role's column are multiplied by, as its profile knows: cents are no euros.
fn scale_of(table: &Table, assigned: &Assigned, role: Role) -> Option<f64> {
    let key = names::compact(&table.columns.get(assigned.column(role)?)?.name);
    assigned.profile.as_ref()?.scale.iter().find(|(name, _)| names::compact(name) == key).map(|s| *s.1)
}

/// The moments there are.
pub(super) fn known(at: &[Stamp]) -> impl Iterator<Item = &Stamp> {
    at.iter().filter(|s| **s != NEVER)
}

/// Weeks named by their last day are named by their first from here on (DESIGN §3: `ds` names the start of a period).
fn week_ends(table: &Table, assigned: &Assigned, at: &mut [Stamp], notes: &mut Vec<Diagnostic>) {
    const NAMES: &str = "weekending weekended weekend weekenddate weekendingdate we wedate weekendson endofweek weekto wochenende wocheendet kwende semainefin \
        finsemaine finsemana weekeinde";
    let Some(i) = assigned.column(Role::Date).filter(|i| names::in_list(&table.columns[*i].name, NAMES)) else { return };
    let day = |s: &Stamp| s.0.div_euclid(86_400);
    let Some(first) = known(at).next().map(day) else { return };
    if known(at).any(|s| (day(s) - first).rem_euclid(7) != 0 || s.0.rem_euclid(86_400) != 0) {
        return;
    }
    at.iter_mut().filter(|s| **s != NEVER).for_each(|s| *s = s.plus_days(-6));
    let message = format!("{:?} names weeks by their last day: they are named by their first", table.columns[i].name);
    let d = Diagnostic::info("week-ends", message).file(&table.file).column(i as u32 + 1);
    notes.push(d);
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

/// The whole text is the word for a sum: no product is called that.
pub(super) fn is_sum(text: &str) -> bool {
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

pub(super) fn is_total(text: &str) -> bool {
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
pub(super) fn mark_rows(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) {
    rows.reason = marked(table, assigned, rows, at);
}

fn marked(table: &Table, assigned: &Assigned, rows: &mut Rows, at: &[Stamp]) -> Vec<Reason> {
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
    // each row by itself
    let mut reasons = std::mem::take(&mut rows.reason);
    let rows = &*rows;
    reasons.par_iter_mut().zip(at).enumerate().with_min_len(1 << 14).filter(|(_, (_, at))| **at != NEVER).for_each(|(row, (reason, _))| {
        let no_key = keyed && !rows.item.has(row) && !rows.description.has(row) && !rows.unique_id.has(row);
        if *reason == Reason::Used && no_key {
            *reason = if summary { Reason::Total } else { Reason::NoItem };
        } else if *reason == Reason::Used && sum(rows, row) {
            *reason = Reason::Total;
        }
    });
    // cells are found again in the order of the file
    for (row, reason) in reasons.iter_mut().enumerate().filter(|(row, r)| at[*row] == NEVER && **r != Reason::Total) {
        let blank = || table.columns.iter().all(|c| number::is_blank(&c.text(row)));
        let total = table.columns.iter().take(12).any(|c| is_total(&c.text(row))) || footer(row);
        let repeated = date.is_some_and(|c| names::compact(&c.text(row)) == names::compact(&c.name));
        *reason = match (total, repeated, *reason) {
            (_, true, _) => Reason::RepeatedHeader,
            (true, ..) => Reason::Total,
            (_, _, Reason::Used) if blank() => Reason::Blank,
            (_, _, Reason::BadDate) => Reason::BadDate,
            _ => Reason::NoDate,
        };
    }
    reasons
}

/// What is known of one reason.
#[derive(Default)]
struct Aside {
    lines: Vec<u64>,
    runs: Vec<(u64, u64)>,
    count: usize,
    units: f64,
    last: Option<usize>,
}

/// What was set aside, by reason, for `Recognised`; the same as diagnostics; and every line that is not used, in the order of the file.
pub(super) fn set_aside(table: &Table, rows: &Rows, file: u32) -> (Vec<SetAside>, Vec<Diagnostic>, Vec<super::sales::AsideLine>) {
    let (mut out, mut notes, mut every) = (Vec::new(), Vec::new(), Vec::new());
    let mut of = [const { None::<Aside> }; Reason::ALL.len()];
    let mut last = None;
    for (i, reason) in rows.reason.iter().enumerate().filter(|(_, r)| **r != Reason::Used) {
        let Some(a) = Reason::ALL.iter().position(|r| r == reason).and_then(|k| of.get_mut(k)) else { continue };
        let a = a.get_or_insert_default();
        let row = rows.row(i);
        a.units += Some(rows.units.get(i)).filter(|u| u.is_finite()).unwrap_or(0.0);
        let (again, repeated) = (last == Some((row, *reason)), a.last == Some(row));
        (last, a.last) = (Some((row, *reason)), Some(row));
        if again && repeated {
            continue;
        }
        let line = table.line(row);
        if !again {
            every.push(super::sales::AsideLine { file, line, reason: reason.say().0 });
        }
        if repeated {
            continue;
        }
        a.count += 1;
        if a.runs.len() < SetAside::MOST {
            if a.lines.len() < 1000 {
                a.lines.push(line);
            }
            match a.runs.last_mut() {
                Some(run) if run.1 + 1 == line => run.1 = line,
                _ => a.runs.push((line, line)),
            }
        }
    }
    for (reason, aside) in Reason::ALL.into_iter().zip(of) {
        let Some(Aside { lines, runs, count, units, .. }) = aside else { continue };
        let (code, words, fix) = reason.say();
        let message = format!("{} set aside: {words}", plural(count, "row"));
        let listed = super::delimited::listed_of(&lines, count);
        let text = format!("{message}{}", listed.replacen(':', ",", 1));
        let mut d = if matches!(
            reason,
            Reason::Blank
                | Reason::Total
                | Reason::RepeatedHeader
                | Reason::Superseded
                | Reason::NotSale
                | Reason::Component
                | Reason::OutsideCalendar
        ) {
            Diagnostic::info(code, text)
        } else {
            Diagnostic::warning(code, text)
        };
        d = d.file(&table.file).line(lines.first().copied().unwrap_or(1));
        notes.push(if let Some(fix) = fix { d.fix(fix) } else { d });
        out.push(SetAside { reason: code, message, rows: count, units, lines, runs });
    }
    (out, notes, every)
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
