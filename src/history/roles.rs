//! Which column means what: by what the user said, then by name, then by content; a known shop system's layout settles the rest.

use super::arithmetic::{levels, products};
use super::codes::{status_by_content, status_codes};
use super::content::{Profile, SAMPLE, fits};
use super::names;
use super::number;
use super::options::{ReadOptions, Role};
use super::profile::{self, Profile as Layout};
use super::question::Question;
use super::shape::{across, by_content_date, groups, nameless, wide};
use super::table::Table;
use super::worth::{amounts, beside_units, discounts, line_prices, order_totals};
use crate::base::Diagnostic;
use crate::base::diagnostic::nearest;
use rayon::prelude::*;
use std::collections::BTreeSet;

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
    /// What was taken in each of them, column by column; empty where the sheet does not tell.
    pub takings: Vec<usize>,
    /// They are prices of a unit, not sums.
    pub priced: bool,
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
    names_of_others(table, &mut a);
    damaged_codes(table, &mut a);
    while order_totals(table, &mut a) {
        by_name(table, &mut a, &mapped);
    }
    if beside_units(table, &mut a) {
        order_totals(table, &mut a);
    }
    levels(table, &mut a);
    line_prices(table, &mut a);
    products(table, &mut a);
    discounts(table, &mut a);
    status_codes(table, options, &mut a);
    status_by_content(table, &mut a);
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
    table.columns.par_iter().enumerate().map(|(i, c)| Profile::of(c, cells(i))).collect()
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
        // what is different in every row numbers the rows, where something else names what was sold
        let numbers_rows = |i: usize| {
            let p = &a.profiles[i];
            role == Role::Item && p.filled >= 3 && p.distinct >= p.filled
        };
        let repeats = mine.iter().any(|f| !numbers_rows(f.2) && a.profiles[f.2].filled > a.profiles[f.2].blank);
        let penalty = |i: usize| {
            let sparse = if a.profiles[i].filled < a.profiles[i].blank { 500 } else { 0 };
            sparse + if repeats && numbers_rows(i) { 400 } else { 0 }
        };
        mine.sort_by_key(|f| (f.1 + penalty(f.2), f.2));
        let take = if role == Role::Status { mine.len() } else { 1 };
        for (_, rank, i) in mine.into_iter().take(take) {
            a.set(i, role, if rank < 1000 { 0.95 } else { 0.7 });
        }
    }
}

/// A column called no more than `Name` beside the items, which does not name them: it is of customers then, and none of our business.
fn names_of_others(table: &Table, a: &mut Assigned) {
    let (Some(item), Some(name)) = (a.column(Role::Item), a.column(Role::Description)) else { return };
    let bare =
        ["name", "naam", "nombre", "nom", "nome", "names", "jmeno", "nazev"].contains(&names::compact(&table.columns[name].name).as_str());
    if !bare || a.profile.is_some() || a.roles[name].1 >= 1.0 {
        return;
    }
    let mut of_item = std::collections::BTreeMap::<String, BTreeSet<String>>::new();
    let mut of_name = std::collections::BTreeMap::<String, BTreeSet<String>>::new();
    let mut named = 0usize;
    for row in table.grid((0..table.rows).step_by((table.rows / 2000).max(1))) {
        let cell = |i: usize| row.get(i).map(|c| c.trim()).filter(|c| !number::is_blank(c));
        named += usize::from(cell(name).is_some());
        if let (Some(i), Some(n)) = (cell(item), cell(name)) {
            of_item.entry(i.to_owned()).or_default().insert(n.to_owned());
            of_name.entry(n.to_owned()).or_default().insert(i.to_owned());
        }
    }
    let several = |of: &std::collections::BTreeMap<String, BTreeSet<String>>| of.values().any(|s| s.len() > 1);
    if named > 0 && (of_item.is_empty() || several(&of_item) && several(&of_name)) {
        a.set(name, Role::Personal, 0.9);
    }
}

/// Barcodes that a spreadsheet rounded to `4.01235E+12` are the same for many items, which their names tell apart.
fn damaged_codes(table: &Table, a: &mut Assigned) {
    let Some(item) = a.column(Role::Item).filter(|i| a.roles[*i].1 < 1.0) else { return };
    let rounded = |t: &str| {
        let t = t.trim();
        t.split_once(['E', 'e']).is_some_and(|(m, e)| {
            let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
            m.len() >= 3 && digits(m) && e.strip_prefix('+').is_some_and(|e| e.len() <= 2 && digits(e))
        })
    };
    let row = (0..table.rows).step_by((table.rows / SAMPLE).max(1)).find(|r| rounded(&table.columns[item].text(*r)));
    let Some(row) = row else { return };
    let name = &table.columns[item].name;
    let cell = table.columns[item].text(row).trim().to_owned();
    let (message, fix) = if a.column(Role::Description).is_some() {
        (
            format!("a spreadsheet has rounded codes in {name:?} ({cell}), so that several items share one: items are told by their names"),
            "export again without opening the file in a spreadsheet program".to_owned(),
        )
    } else {
        (
            format!("a spreadsheet has rounded codes in {name:?} ({cell}): items whose codes became the same are added up as one"),
            "export again without opening the file in a spreadsheet program, or name another column with --map COLUMN=item".to_owned(),
        )
    };
    let d = Diagnostic::warning("codes-rounded", message).file(&table.file).line(table.line(row)).column(item as u32 + 1).fix(fix);
    a.notes.push(d);
    if a.column(Role::Description).is_some() {
        a.set(item, Role::Ignore, 1.0);
    }
}

/// A name for what numbers the order, the line or the item.
pub(super) fn is_number_of(name: &str) -> bool {
    let of_role = names::roles_of(name).iter().any(|r| matches!(r.0, Role::Order | Role::Item | Role::Status));
    let words = names::words(name);
    // `id_order_unit` as well as `order_unit_id`
    of_role
        || words.first().is_some_and(|w| w == "id")
        || words.last().is_some_and(|w| ["id", "number", "nr", "no", "code"].contains(&w.as_str()))
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
            && !super::worth::speaks_of_money(name)
    };
    (0..table.columns.len()).filter(may).map(|i| table.columns[i].name.clone()).collect()
}
