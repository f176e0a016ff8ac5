//! Which column means what: by what the user said, then by name, then by content; a known shop system's layout settles the rest.

use super::header::is_period_name;
use super::names;
use super::options::{ReadOptions, Role};
use super::profile::Meaning;
use super::profile::{self, Profile as Layout};
use super::question::{Answer, Ask, Question};
use super::table::{Cells, Column, Table};
use super::worth::{amounts, beside_units, discounts, line_prices, order_totals};
use super::{date, number, states};
use crate::base::Diagnostic;
use crate::base::diagnostic::nearest;
use crate::base::text::plural;
use std::collections::BTreeSet;

/// What a column holds, over an evenly spread sample of its rows. Shares are of filled cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    pub filled: usize,
    pub blank: usize,
    pub distinct: usize,
    pub numeric: f64,
    pub dates: f64,
    pub flags: f64,
    pub unit_interval: bool,
    pub whole: f64,
    pub cents: bool,
    pub money: f64,
    pub median: f64,
    pub personal: bool,
    pub spaced: f64,
    /// Some cells are words for a cancellation, a refund or the like.
    pub states: bool,
}

/// Rows looked at to tell what a column holds.
pub(super) const SAMPLE: usize = 4000;

impl Profile {
    fn of<'a>(column: &Column, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut p = Self { unit_interval: true, cents: true, ..Self::default() };
        let (mut numeric, mut dates, mut flags, mut whole, mut money, mut spaced, mut personal) = (0, 0, 0, 0, 0, 0, 0);
        let (mut values, mut seen) = (Vec::new(), BTreeSet::new());
        let typed_time = matches!(column.cells, Cells::Time(_));
        for cell in cells {
            let t = cell.trim();
            if number::is_blank(t) {
                p.blank += 1;
                continue;
            }
            p.filled += 1;
            if seen.len() <= 200 {
                seen.insert(t.to_owned());
            }
            let value = number::mark(t).and_then(|m| number::parse(t, if m == number::Mark::Sure(',') { ',' } else { '.' }));
            if let Some(v) = value.or_else(|| number::parse(t, '.')) {
                numeric += 1;
                values.push(v.abs());
                whole += usize::from(v.fract() == 0.0);
                p.cents &= ((v * 100.0).round() - v * 100.0).abs() < 1e-6 * v.abs().max(1.0);
                p.unit_interval &= (0.0..=1.0).contains(&v);
                money += usize::from(t.contains(['$', '€', '£', '¥']) || t.ends_with("00") && t.contains(['.', ',']));
            } else {
                p.unit_interval = false;
                spaced += usize::from(t.contains(' '));
                let digits = t.chars().filter(char::is_ascii_digit).count();
                personal += usize::from(t.contains('@') || (t.starts_with('+') && digits >= 8));
            }
            flags += usize::from(number::parse_flag(t).is_some());
            dates += usize::from(typed_time || date::shape(t).is_some());
        }
        let share = |n: usize| n as f64 / p.filled.max(1) as f64;
        (p.numeric, p.dates, p.flags, p.spaced) = (share(numeric), share(dates), share(flags), share(spaced));
        p.whole = whole as f64 / numeric.max(1) as f64;
        p.money = money as f64 / numeric.max(1) as f64;
        p.personal = share(personal) > 0.05;
        p.distinct = seen.len();
        p.states = p.distinct <= 60 && seen.iter().any(|t| states::state(t) != Meaning::Sold);
        values.sort_by(f64::total_cmp);
        p.median = values.get(values.len() / 2).copied().unwrap_or(0.0);
        p
    }
}

/// The meaning of every column.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// Role and confidence by column.
    pub roles: Vec<(Role, f64)>,
    pub profiles: Vec<Profile>,
    /// The profile of a companion file that the header is one of, and its kind.
    pub other: Option<(String, String)>,
    /// The shop system's known layout, or the person's own.
    pub profile: Option<Layout>,
    /// Code numbers of the status column that mean an order did not sell.
    pub unsold: Vec<String>,
    /// Columns that are periods, in a wide table.
    pub periods: Vec<usize>,
    /// What each row of a wide table measures stands in this column; rows of this role are read.
    pub measures: Option<(usize, Role)>,
    /// They are months whose year stands elsewhere.
    pub yearless: bool,
    /// Columns that are items, in a table with one row a day.
    pub across: Vec<usize>,
    /// The quantity is really money.
    pub value: bool,
    /// The item is a department or another group, named after its store.
    pub grouped: bool,
    pub notes: Vec<Diagnostic>,
    pub questions: Vec<Question>,
}

impl Assigned {
    /// The first column of a role.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|r| r.0 == role)
    }
    /// Whether cells of a column may be shown: nothing about people, nor free text that nobody recognised, which may be.
    pub fn may_show(&self, column: usize, name: &str) -> bool {
        let (Some((role, _)), Some(p)) = (self.roles.get(column), self.profiles.get(column)) else { return false };
        // period columns of a wide table have no role of their own
        let role = if self.periods.contains(&column) || self.across.contains(&column) { Role::Quantity } else { *role };
        role != Role::Personal
            && !p.personal
            && !names::is_personal(name)
            && (role != Role::Ignore || p.numeric > 0.9 || p.dates > 0.9 || p.flags > 0.9)
    }
    pub(super) fn set(&mut self, column: usize, role: Role, confidence: f64) {
        if let Some(r) = self.roles.get_mut(column) {
            *r = (role, confidence);
        }
    }
    pub(super) fn free(&self, column: usize) -> bool {
        self.roles.get(column).is_some_and(|r| r.0 == Role::Ignore && r.1 < 1.0)
    }
}

/// Gives every column its role. Errors where the user's own mapping does not fit the file.
pub(super) fn assign(table: &Table, options: &ReadOptions) -> Result<Assigned, Vec<Diagnostic>> {
    let mut a = Assigned { roles: vec![(Role::Ignore, 0.0); table.columns.len()], profiles: profiles(table), ..Assigned::default() };
    let mapped = by_hand(table, options, &mut a)?;
    by_profile(table, options, &mut a);
    by_name(table, &mut a, &mapped);
    while order_totals(table, &mut a) {
        by_name(table, &mut a, &mapped);
    }
    if beside_units(table, &mut a) {
        order_totals(table, &mut a);
    }
    line_prices(table, &mut a);
    discounts(table, &mut a);
    status_codes(table, options, &mut a);
    if a.column(Role::Date).is_none() {
        wide(table, &mut a);
    }
    if !a.periods.is_empty()
        && let Some((i, role)) = super::pivot::measures(table, &a)
    {
        a.set(i, Role::Ignore, 1.0);
        a.measures = Some((i, role));
        a.value |= role == Role::Revenue;
    }
    if a.column(Role::Date).is_none() && a.periods.is_empty() {
        by_content_date(table, &mut a);
    }
    across(table, &mut a, &mapped);
    if a.across.is_empty() {
        amounts(table, &mut a);
        if a.periods.is_empty()
            && let Some((i, role)) = super::pivot::measures(table, &a)
        {
            a.set(i, Role::Ignore, 1.0);
            a.measures = Some((i, role));
            let of = |a: &Assigned| a.column(Role::Quantity).or_else(|| a.column(Role::Revenue));
            if let Some(value) = of(&a) {
                a.set(value, role, 0.9);
                a.value = role == Role::Revenue;
            }
        }
        groups(table, &mut a);
    }
    nameless(table, &mut a);
    // a department is told apart by its store
    a.grouped |=
        a.column(Role::Item).is_some_and(|i| names::in_list(&table.columns[i].name, names::GROUPS)) && a.column(Role::Location).is_some();
    for (i, column) in table.columns.iter().enumerate() {
        if a.free(i) && (names::is_personal(&column.name) || a.profiles[i].personal) {
            a.set(i, Role::Personal, 0.9);
        }
    }
    Ok(a)
}

fn profiles(table: &Table) -> Vec<Profile> {
    // a table of thousands of columns is told by fewer rows
    let most = SAMPLE.min(2_000_000 / table.columns.len().max(1)).max(200);
    let grid = table.grid((0..table.rows).step_by((table.rows / most).max(1)));
    let cells = |i: usize| grid.iter().filter_map(move |row| row.get(i)).map(|c| &**c);
    table.columns.iter().enumerate().map(|(i, c)| Profile::of(c, cells(i))).collect()
}

fn by_hand(table: &Table, options: &ReadOptions, a: &mut Assigned) -> Result<BTreeSet<Role>, Vec<Diagnostic>> {
    let (mut errors, mut mapped) = (Vec::new(), BTreeSet::new());
    for (name, role) in &options.map {
        let by_number = name.strip_prefix('#').and_then(|n| n.parse::<usize>().ok()).and_then(|n| n.checked_sub(1));
        let key = names::compact(name);
        let found = by_number.filter(|n| *n < table.columns.len()).or_else(|| {
            let exact = table.columns.iter().position(|c| c.name == *name);
            exact.or_else(|| table.columns.iter().position(|c| names::compact(&c.name) == key))
        });
        match found {
            Some(i) => {
                a.set(i, *role, 1.0);
                mapped.insert(*role);
            }
            None => {
                let near = nearest(name, table.columns.iter().map(|c| c.name.as_str()));
                let fix = near.map_or_else(
                    || format!("name one of: {}", table.columns.iter().take(40).map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ")),
                    |n| format!("did you mean {n:?}?"),
                );
                errors.push(
                    Diagnostic::error("column-unknown", format!("there is no column {name:?} to map to {}", role.name()))
                        .file(&table.file)
                        .fix(fix),
                );
            }
        }
    }
    if errors.is_empty() { Ok(mapped) } else { Err(errors) }
}

/// The roles a known profile names, preferred columns first; what it says is to be ignored means nothing, whatever its name says elsewhere.
fn by_profile(table: &Table, options: &ReadOptions, a: &mut Assigned) {
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let Some(profile) = profile::find(&names, &options.profiles) else { return };
    if profile.kind != "sales" {
        a.other = Some((profile.name.clone(), profile.kind.clone()));
        return;
    }
    let keys: Vec<String> = names.iter().map(|n| names::compact(n)).collect();
    let own = profile.fingerprint.is_some();
    let confidence = if own { 1.0 } else { 0.99 };
    let place = |name: &String, a: &Assigned| (0..keys.len()).find(|i| keys[*i] == names::compact(name) && a.free(*i));
    for (word, wanted) in &profile.roles {
        let Some(role) = Role::parse(word) else { continue };
        match role {
            Role::Ignore | Role::Personal => {}
            Role::Status => {
                for i in wanted.iter().filter_map(|n| place(n, a)).collect::<Vec<_>>() {
                    a.set(i, role, confidence);
                }
            }
            _ if a.column(role).is_some() => {}
            _ => {
                // a blank column is no use where the next best is filled
                let found = wanted.iter().filter_map(|n| place(n, a)).find(|i| a.profiles[*i].filled > 0);
                if let Some(i) = found {
                    a.set(i, role, confidence);
                }
            }
        }
    }
    if let (None, Some(i)) = (a.column(Role::Quantity), a.column(Role::NetQuantity)) {
        a.set(i, Role::Quantity, confidence);
    }
    if a.column(Role::Price).is_none() && a.column(Role::Revenue).is_none() {
        for (word, wanted) in &profile.otherwise {
            if let (Some(role), Some(i)) = (Role::parse(word), wanted.iter().find_map(|n| place(n, a)))
                && a.column(role).is_none()
            {
                a.set(i, role, 0.9);
            }
        }
    }
    for (role, confidence) in [(Role::Personal, 0.99), (Role::Ignore, 1.0)] {
        for i in profile.names(role.name()).iter().filter_map(|n| place(n, a)).collect::<Vec<_>>() {
            a.set(i, role, confidence);
        }
    }
    // names that might have had a role and lost to a better one mean nothing
    for i in profile.roles.values().flatten().filter_map(|n| place(n, a)).collect::<Vec<_>>() {
        a.set(i, Role::Ignore, 1.0);
    }
    if let Some(says) = &profile.says {
        a.notes.push(Diagnostic::info("profile-says", format!("{}: {says}", profile.name)).file(&table.file));
    }
    a.profile = Some(profile.clone());
}

/// The content may have that meaning.
fn fits(role: Role, p: &Profile, name: &str, exact: bool) -> bool {
    // a column that says what it is may hold many cells that are not
    let (dates, numeric) = if exact { (0.3, 0.5) } else { (0.7, 0.8) };
    match role {
        _ if p.filled == 0 => false,
        Role::Date => {
            p.dates >= dates
                || (p.numeric >= 0.9 && (p.whole == 1.0 || exact) && (20_000.0..73_000.0).contains(&p.median))
                || (p.median > 6e8 && p.numeric >= 0.9)
        }
        Role::Time => p.filled > 0 && p.numeric < 0.5,
        Role::Until => p.dates >= dates,
        Role::Quantity
        | Role::Returned
        | Role::NetQuantity
        | Role::Price
        | Role::Revenue
        | Role::Discount
        | Role::OrderTotal
        | Role::Refunded => p.numeric >= numeric,
        Role::StockLevel => p.numeric >= 0.8,
        Role::InStock => p.flags >= 0.9 && (p.unit_interval || p.numeric < 0.5),
        Role::Promo => p.flags >= 0.9,
        // regions as often as states of an order
        Role::Status if names::compact(name) == "state" => p.states && p.numeric < 0.5,
        Role::Destination if names::compact(name) == "state" => !p.states && p.numeric < 0.5,
        Role::Status => p.numeric < 0.5 && p.distinct <= 60 && (names::compact(name) != "type" || p.spaced < 0.9 || p.states),
        Role::Description if names::in_list(name, names::PLURALS) => p.numeric < 0.5 && p.dates < 0.5,
        Role::Item | Role::Description | Role::Location | Role::Order => p.dates < 0.9 || p.numeric > 0.5,
        Role::Destination => p.numeric < 0.5,
        _ => true,
    }
}

fn by_name(table: &Table, a: &mut Assigned, mapped: &BTreeSet<Role>) {
    let mut found: Vec<(Role, usize, usize)> = Vec::new();
    for (i, column) in table.columns.iter().enumerate().filter(|(i, _)| a.free(*i)) {
        if names::is_personal(&column.name) && !names::in_list(&column.name, "sellersku") {
            continue;
        }
        for (role, rank) in names::roles_of(&column.name) {
            if fits(role, &a.profiles[i], &column.name, rank < 1000) {
                found.push((role, rank, i));
            }
        }
    }
    // the dictionary's order of roles, then the better name, then the fuller column
    let order = [
        Role::UniqueId,
        Role::Date,
        Role::Item,
        Role::Quantity,
        Role::Returned,
        Role::NetQuantity,
        Role::Until,
        Role::Price,
        Role::Discount,
        Role::Refunded,
        Role::Revenue,
        Role::Location,
        Role::InStock,
        Role::StockLevel,
        Role::Promo,
        Role::Order,
        Role::CancelledAt,
        Role::Status,
        Role::Description,
        Role::Destination,
        Role::Time,
    ];
    for role in order {
        if mapped.contains(&role) || (a.column(role).is_some() && role != Role::Status) {
            continue;
        }
        // these say something about another column only
        let beside = match role {
            Role::NetQuantity | Role::Discount | Role::Refunded => Some(Role::Quantity),
            Role::Until => Some(Role::Date),
            _ => None,
        };
        // a profile knows whether refunds are of what it calls revenue
        let known = role == Role::Refunded && a.profile.is_some();
        if beside.is_some_and(|b| a.column(b).is_none()) || known {
            continue;
        }
        let mut mine: Vec<_> = found.iter().filter(|f| f.0 == role && a.free(f.2)).copied().collect();
        mine.sort_by_key(|f| (f.1 + if a.profiles[f.2].filled < a.profiles[f.2].blank { 500 } else { 0 }, f.2));
        let take = if role == Role::Status { mine.len() } else { 1 };
        for (_, rank, i) in mine.into_iter().take(take) {
            a.set(i, role, if rank < 1000 { 0.95 } else { 0.7 });
        }
    }
}

/// Three or more numeric columns named like periods: one column per period.
fn wide(table: &Table, a: &mut Assigned) {
    let named: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && is_period_name(&table.columns[*i].name))
        .filter(|i| {
            let p = &a.profiles[*i];
            p.filled == 0 || p.numeric >= 0.8
        })
        .collect();
    let alone: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && date::month_alone(&table.columns[*i].name).is_some() && a.profiles[*i].numeric >= 0.8)
        .collect();
    if named.len() < 3 && alone.len() >= 3 {
        (a.periods, a.yearless) = (alone, true);
        return;
    }
    if named.len() >= 3 || (named.len() == 2 && table.columns.len() <= 4) {
        a.periods = named;
        if a.column(Role::UniqueId).is_none() {
            let id = table.columns.iter().position(|c| names::compact(&c.name) == "id");
            if let Some(i) = id.filter(|i| a.free(*i)) {
                a.set(i, Role::UniqueId, 0.7);
            }
        }
    }
}

/// One row a day and one column an item: dates, no item, and whole numbers under names that mean nothing else. A column that is their sum is
/// their total.
fn across(table: &Table, a: &mut Assigned, mapped: &BTreeSet<Role>) {
    let named = [Role::Item, Role::Description, Role::UniqueId, Role::Order, Role::Price];
    if a.column(Role::Date).is_none()
        || named.iter().any(|r| a.column(*r).is_some())
        || a.profile.is_some()
        || !mapped.is_empty()
        || table.header_line.is_none()
    {
        return;
    }
    let items: Vec<usize> = (0..table.columns.len())
        .filter(|i| {
            let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
            let odd = name.starts_with("column ") || name.starts_with("Unnamed") || !name.chars().any(char::is_alphabetic);
            a.free(*i)
                && p.filled > 0
                && p.numeric >= 0.95
                && p.whole >= 0.95
                && p.dates < 0.5
                && !p.unit_interval
                && !odd
                && !names::is_known(name)
                && !names::is_personal(name)
        })
        .collect();
    let others: Vec<usize> = (0..table.columns.len())
        .filter(|i| !items.contains(i) && matches!(a.roles[*i].0, Role::Ignore | Role::Quantity | Role::Revenue))
        .collect();
    if items.len() < 2 {
        return;
    }
    // whatever else is measured has to be their sum
    let grid = table.grid((0..table.rows).step_by((table.rows / 500).max(1)));
    let number = |row: &[std::borrow::Cow<'_, str>], i: usize| row.get(i).and_then(|c| number::typed(c));
    let sums = |i: usize| {
        let rows: Vec<_> =
            grid.iter().filter_map(|row| Some((number(row, i)?, items.iter().filter_map(|k| number(row, *k)).sum::<f64>()))).collect();
        !rows.is_empty() && rows.iter().filter(|(t, s)| (t - s).abs() < 1e-6 * t.abs().max(1.0)).count() * 20 >= rows.len() * 19
    };
    let measured = |i: &usize| a.profiles[*i].numeric > 0.5 && a.profiles[*i].filled > 0;
    if others.iter().filter(|i| measured(i)).any(|i| !sums(*i)) {
        return;
    }
    others.iter().copied().filter(|i| measured(i)).collect::<Vec<_>>().into_iter().for_each(|i| a.set(i, Role::Ignore, 1.0));
    let shown: Vec<&str> = items.iter().take(5).map(|i| table.columns[*i].name.as_str()).collect();
    let message =
        format!("each of {} columns was taken for an item ({}{})", items.len(), shown.join(", "), if items.len() > 5 { ", …" } else { "" });
    a.notes.push(
        Diagnostic::warning("items-as-columns", message)
            .file(&table.file)
            .fix("if one of them counts units of a single item, say --map \"COLUMN=quantity\""),
    );
    a.across = items;
}

/// A status in code numbers of the shop system means nothing to us, which is asked: cancelled orders may be among them.
fn status_codes(table: &Table, options: &ReadOptions, a: &mut Assigned) {
    let coded = |i: &usize| a.profiles[*i].numeric > 0.5 && (1..=40).contains(&a.profiles[*i].distinct);
    let said = a.column(Role::Status).filter(coded);
    if said.is_none() && (a.column(Role::Status).is_some() || a.profile.as_ref().is_some_and(|p| p.fingerprint.is_none())) {
        return;
    }
    let named = |i: &usize| {
        let status = names::roles_of(&table.columns[*i].name).iter().any(|(role, rank)| *role == Role::Status && *rank < 1000);
        status && a.free(*i) && coded(i) && (a.profiles[*i].distinct > 1 || options.unsold.is_some())
    };
    let Some(i) = said.or_else(|| (0..table.columns.len()).find(named)) else { return };
    if let Some(unsold) = &options.unsold {
        a.set(i, Role::Status, 1.0);
        a.unsold.clone_from(unsold);
        return;
    }
    // a person's own profile knows what the codes mean
    if a.profile.is_some() {
        return;
    }
    let step = (table.rows / SAMPLE).max(1);
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for row in (0..table.rows).step_by(step) {
        let cell = table.columns[i].text(row).trim().to_owned();
        if !number::is_blank(&cell) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let mut codes: Vec<(String, usize)> = counts.into_iter().take(200).collect();
    codes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    codes.truncate(40);
    let about = if step > 1 { "about " } else { "" };
    let question = Question {
        ask: Ask::Unsold,
        code: "status-codes",
        file: table.file.clone(),
        column: Some(i as u32 + 1),
        name: Some(table.columns[i].name.clone()),
        text: format!("Which codes of {:?} are orders that did not sell?", table.columns[i].name),
        answers: codes
            .iter()
            .map(|(code, n)| Answer { value: code.clone(), text: format!("{code} ({about}{})", plural(n * step, "row")) })
            .collect(),
        assumed: Some(String::new()),
        must: false,
    };
    let message = format!("{:?} holds code numbers, not words: cancelled orders among them count as sold", table.columns[i].name);
    let example = codes.last().map_or("5", |c| c.0.as_str());
    a.notes.push(question.said(message, format!("say which did not sell, --unsold {example} say, or export the status in words"), true));
    a.questions.push(question);
}

/// A name for what numbers the order, the line or the item.
pub(super) fn is_number_of(name: &str) -> bool {
    let of_role = names::roles_of(name).iter().any(|r| matches!(r.0, Role::Order | Role::Item | Role::Status));
    of_role || names::words(name).last().is_some_and(|w| ["id", "number", "nr", "no", "code"].contains(&w.as_str()))
}

/// Columns without a meaning whose whole numbers may count something.
pub(super) fn may_count(table: &Table, a: &Assigned) -> Vec<String> {
    let may = |i: &usize| {
        let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
        let number = names::in_list(name, "id index row nr no line linenumber position pos year month day week ean gtin upc barcode")
            || name.starts_with("Unnamed");
        a.free(*i)
            && p.filled > 0
            && p.numeric >= 0.9
            && p.whole >= 0.95
            && p.dates < 0.5
            && p.median < 10_000.0
            && p.distinct > 1
            && !number
            && !names::is_personal(name)
            && !is_number_of(name)
    };
    (0..table.columns.len()).filter(may).map(|i| table.columns[i].name.clone()).collect()
}

fn by_content_date(table: &Table, a: &mut Assigned) {
    let best = (0..table.columns.len()).find(|i| {
        let p = &a.profiles[*i];
        a.free(*i) && p.filled > 0 && p.dates >= 0.9 && p.numeric < 0.5 && !names::is_to_come(&table.columns[*i].name)
    });
    if let Some(i) = best {
        a.set(i, Role::Date, 0.5);
        a.notes.push(
            Diagnostic::warning("date-by-content", format!("{:?} was taken for the date, since it holds dates", table.columns[i].name))
                .file(&table.file)
                .column(i as u32 + 1)
                .fix("name another with --map COLUMN=date"),
        );
    }
}

/// Without an item, a department, category or brand stands for it; without a header, a column of codes does.
fn groups(table: &Table, a: &mut Assigned) {
    if [Role::Item, Role::Description, Role::UniqueId].iter().any(|r| a.column(*r).is_some()) {
        return;
    }
    let group = names::GROUPS.split_whitespace().find_map(|w| {
        (0..table.columns.len()).find(|i| a.free(*i) && a.profiles[*i].filled > 0 && names::compact(&table.columns[*i].name) == w)
    });
    // Rossmann's store type and the like describe the store, not what it sells
    if let Some(i) = group.filter(|_| a.profile.is_none()) {
        a.set(i, Role::Item, 0.7);
        a.grouped = a.column(Role::Location).is_some();
        return;
    }
    // a report names its first column by what stands in it
    let unnamed = a
        .profiles
        .first()
        .is_some_and(|p| p.filled > 2 * p.blank && p.distinct > 1 && p.numeric < 0.5 && p.dates < 0.5 && !p.personal && !p.states);
    if unnamed && a.free(0) && table.header_line.is_some() && table.columns[0].name == "column 1" && a.profile.is_none() {
        a.set(0, Role::Description, 0.5);
        a.notes.push(
            Diagnostic::warning("item-by-content", "the first column has no name and was taken for the items")
                .file(&table.file)
                .column(1)
                .fix("name another with --map \"#N=item\""),
        );
        return;
    }
    if table.header_line.is_none() {
        let code = (0..table.columns.len()).find(|i| {
            let p = &a.profiles[*i];
            a.free(*i)
                && p.numeric < 0.2
                && p.dates < 0.2
                && p.distinct > 1
                && p.spaced < 0.2
                && !p.personal
                && !is_clock(&table.columns[*i], table.rows)
        });
        if let Some(i) = code {
            a.set(i, Role::Item, 0.4);
            a.notes.push(
                Diagnostic::warning("item-by-content", format!("{:?} was taken for the item, since it holds codes", table.columns[i].name))
                    .file(&table.file)
                    .column(i as u32 + 1)
                    .fix("name another with --map \"#N=item\""),
            );
        }
    }
}

/// Sales of which nothing says what was sold are one series, which must be known where a column of texts may say it.
fn nameless(table: &Table, a: &mut Assigned) {
    let known = [Role::Item, Role::Description, Role::UniqueId, Role::Location].iter().any(|r| a.column(*r).is_some());
    if known || a.column(Role::Date).is_none() || a.profile.is_some() || !a.across.is_empty() {
        return;
    }
    // a column above headings is of groups, which are read later
    let texts: Vec<&str> = (0..table.columns.len())
        .filter(|i| {
            let p = &a.profiles[*i];
            let told = a.free(*i) && !names::is_personal(&table.columns[*i].name) && !table.columns[*i].name.starts_with("column ");
            told && p.filled > p.blank && p.distinct > 1 && p.numeric < 0.2 && p.dates < 0.2 && p.flags < 0.5 && !p.personal && !p.states
        })
        .map(|i| table.columns[i].name.as_str())
        .collect();
    if let [first, ..] = texts.as_slice() {
        let message = format!("no column is known to name the items, so all are added up as one; those of text: {}", texts.join(", "));
        let d = Diagnostic::warning("no-item-column", message).file(&table.file);
        a.notes.push(d.fix(format!("name it with --map \"{first}=item\"")));
    }
}

fn is_clock(column: &Column, rows: usize) -> bool {
    let cells: Vec<bool> = (0..rows.min(50)).map(|r| column.text(r).contains(':') && date::clock(&column.text(r)).is_some()).collect();
    cells.iter().filter(|c| **c).count() * 2 > cells.len()
}
