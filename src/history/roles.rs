//! Which column means what: by what the user said, then by name, then by content; a known shop system's layout settles the rest.

use super::header::is_period_name;
use super::names;
use super::options::{ReadOptions, Role};
use super::table::{Cells, Column, Table};
use super::{date, number};
use crate::base::Diagnostic;
use crate::base::diagnostic::nearest;
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
}

/// Rows looked at to tell what a column holds.
const SAMPLE: usize = 4000;

impl Profile {
    fn of(column: &Column, rows: usize) -> Self {
        let step = (rows / SAMPLE).max(1);
        let mut p = Self { unit_interval: true, cents: true, ..Self::default() };
        let (mut numeric, mut dates, mut flags, mut whole, mut money, mut spaced, mut personal) = (0, 0, 0, 0, 0, 0, 0);
        let (mut values, mut seen) = (Vec::new(), BTreeSet::new());
        let typed_time = matches!(column.cells, Cells::Time(_));
        for row in (0..rows).step_by(step) {
            let cell = column.text(row);
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
    /// A shop system's known layout.
    pub layout: Option<&'static str>,
    /// Columns that are periods, in a wide table.
    pub periods: Vec<usize>,
    /// The quantity is really money.
    pub value: bool,
    /// The item is a department or another group, named after its store.
    pub grouped: bool,
    pub notes: Vec<Diagnostic>,
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
        let role = if self.periods.contains(&column) { Role::Quantity } else { *role };
        role != Role::Personal
            && !p.personal
            && !names::is_personal(name)
            && (role != Role::Ignore || p.numeric > 0.9 || p.dates > 0.9 || p.flags > 0.9)
    }
    fn set(&mut self, column: usize, role: Role, confidence: f64) {
        if let Some(r) = self.roles.get_mut(column) {
            *r = (role, confidence);
        }
    }
    fn free(&self, column: usize) -> bool {
        self.roles.get(column).is_some_and(|r| r.0 == Role::Ignore && r.1 < 1.0)
    }
}

/// Gives every column its role. Errors where the user's own mapping does not fit the file.
pub(super) fn assign(table: &Table, options: &ReadOptions) -> Result<Assigned, Vec<Diagnostic>> {
    let mut a = Assigned {
        roles: vec![(Role::Ignore, 0.0); table.columns.len()],
        profiles: table.columns.iter().map(|c| Profile::of(c, table.rows)).collect(),
        ..Assigned::default()
    };
    let mapped = by_hand(table, options, &mut a)?;
    by_layout(table, &mut a);
    by_name(table, &mut a, &mapped);
    if a.column(Role::Date).is_none() {
        wide(table, &mut a);
    }
    if a.column(Role::Date).is_none() && a.periods.is_empty() {
        by_content_date(table, &mut a);
    }
    amounts(table, &mut a);
    groups(table, &mut a);
    for (i, column) in table.columns.iter().enumerate() {
        if a.free(i) && (names::is_personal(&column.name) || a.profiles[i].personal) {
            a.set(i, Role::Personal, 0.9);
        }
    }
    Ok(a)
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

/// A layout: its name, the columns it is known by, and what columns mean there.
type Layout = (&'static str, &'static [&'static str], &'static [(&'static str, Role)]);

/// Shop systems whose names would mislead.
const LAYOUTS: [Layout; 10] = [
    (
        "Shopify orders",
        &["name", "lineitemname"],
        &[
            ("name", Role::Order),
            ("createdat", Role::Date),
            ("total", Role::Ignore),
            ("subtotal", Role::Ignore),
            ("refundedamount", Role::Ignore),
            ("fulfillmentstatus", Role::Ignore),
            ("lineitemfulfillmentstatus", Role::Ignore),
            ("id", Role::Ignore),
        ],
    ),
    (
        "Amazon orders",
        &["amazonorderid", "purchasedate", "itemprice"],
        &[("itemprice", Role::Revenue), ("shipcountry", Role::Destination), ("asin", Role::Ignore)],
    ),
    (
        "eBay orders",
        &["salesrecordnumber", "customlabel", "soldfor"],
        &[("ordernumber", Role::Order), ("saledate", Role::Date), ("soldfor", Role::Price)],
    ),
    (
        "Square item sales",
        &["grosssales", "eventtype", "itemizationtype"],
        &[("item", Role::Description), ("count", Role::Ignore), ("netsales", Role::Revenue)],
    ),
    (
        "Etsy sold items",
        &["saledate", "itemname", "itemtotal", "listingid"],
        &[("price", Role::Price), ("itemtotal", Role::Revenue), ("orderid", Role::Order)],
    ),
    (
        "WooCommerce orders",
        &["ordernumber", "orderdate", "itemcost", "orderstatus"],
        &[("itemcost", Role::Price), ("name", Role::Description)],
    ),
    ("Odoo order lines", &["orderreference", "orderlinesproduct"], &[("orderlinesproduct", Role::Item), ("recurringplan", Role::Ignore)]),
    (
        "QuickBooks sales by product",
        &["transactiondate", "transactiontype", "num", "balance"],
        &[("balance", Role::Ignore), ("num", Role::Order), ("salesprice", Role::Price)],
    ),
    ("UCI Online Retail", &["stockcode", "description", "customerid", "country"], &[]),
    (
        "Rossmann",
        &["store", "dayofweek", "date", "sales", "customers"],
        &[
            ("open", Role::Ignore),
            ("customers", Role::Ignore),
            ("stateholiday", Role::Ignore),
            ("schoolholiday", Role::Ignore),
            ("dayofweek", Role::Ignore),
        ],
    ),
];

fn by_layout(table: &Table, a: &mut Assigned) {
    let keys: Vec<String> = table.columns.iter().map(|c| names::compact(&c.name)).collect();
    for (layout, signs, meanings) in LAYOUTS {
        if signs.iter().all(|s| keys.iter().any(|k| k == s)) {
            a.layout = Some(layout);
            for (key, role) in meanings {
                if let Some(i) = keys.iter().position(|k| k == key).filter(|i| a.free(*i))
                    && (a.profiles[i].filled > 0 || *role == Role::Ignore)
                {
                    a.set(i, *role, 0.99);
                }
            }
            // said to be ignored here, whatever their names mean elsewhere
            for (key, _) in meanings.iter().filter(|m| m.1 == Role::Ignore) {
                if let Some(i) = keys.iter().position(|k| k == key).filter(|i| a.free(*i)) {
                    a.set(i, Role::Ignore, 1.0);
                }
            }
            return;
        }
    }
}

/// The content may have that meaning.
fn fits(role: Role, p: &Profile, name: &str, exact: bool) -> bool {
    // a column that says what it is may hold many cells that are not
    let (dates, numeric) = if exact { (0.3, 0.5) } else { (0.7, 0.8) };
    match role {
        _ if p.filled == 0 => false,
        Role::Date => {
            p.dates >= dates
                || (p.numeric >= 0.9 && p.whole == 1.0 && (20_000.0..73_000.0).contains(&p.median))
                || (p.median > 6e8 && p.numeric >= 0.9)
        }
        Role::Time => p.filled > 0 && p.numeric < 0.5,
        Role::Quantity | Role::Returned | Role::Price | Role::Revenue => p.numeric >= numeric,
        Role::StockLevel => p.numeric >= 0.8,
        Role::InStock => p.flags >= 0.9 && (p.unit_interval || p.numeric < 0.5),
        Role::Promo => p.flags >= 0.9,
        Role::Status => p.numeric < 0.5 && p.distinct <= 60 && (names::compact(name) != "type" || p.spaced < 0.9),
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
        Role::Price,
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

fn by_content_date(table: &Table, a: &mut Assigned) {
    let best = (0..table.columns.len())
        .find(|i| a.free(*i) && a.profiles[*i].filled > 0 && a.profiles[*i].dates >= 0.9 && a.profiles[*i].numeric < 0.5);
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

/// What is measured: units, or money where there are no units.
fn amounts(table: &Table, a: &mut Assigned) {
    let by_hand = |a: &Assigned, role| a.column(role).is_some_and(|i| a.roles[i].1 == 1.0);
    if let Some(i) = a.column(Role::Quantity) {
        let p = &a.profiles[i];
        // a bare `y` of amounts in cents is money
        if names::compact(&table.columns[i].name) == "y" && !by_hand(a, Role::Quantity) && p.whole < 0.5 && p.cents && p.median >= 20.0 {
            a.value = true;
            a.notes.push(said_value(table, i, "its values are amounts in cents"));
        }
        return;
    }
    if !a.periods.is_empty() {
        return;
    }
    if !by_hand(a, Role::Revenue) {
        let sales = (0..table.columns.len()).find(|i| {
            (a.free(*i) || a.roles[*i].0 == Role::Revenue) && names::is_sales(&table.columns[*i].name) && a.profiles[*i].numeric >= 0.8
        });
        if let Some(i) = sales {
            let p = &a.profiles[i];
            let why = if p.whole < 0.95 && p.cents {
                Some("its values are amounts in cents")
            } else if p.money > 0.5 {
                Some("its values are written as money")
            } else if p.median >= 1000.0 && a.column(Role::Price).is_none() {
                Some("its values are in the thousands and there is no price beside them")
            } else {
                None
            };
            if let Some(why) = why {
                a.set(i, Role::Revenue, 0.8);
                a.value = true;
                a.notes.push(said_value(table, i, why));
            } else {
                a.set(i, Role::Quantity, 0.8);
                a.notes.push(
                    Diagnostic::info("units-assumed", format!("{:?} was taken for units sold", table.columns[i].name))
                        .file(&table.file)
                        .column(i as u32 + 1)
                        .fix("say --map COLUMN=revenue if it is money"),
                );
            }
            return;
        }
    }
    if let Some(i) = a.column(Role::Revenue) {
        a.value = true;
        a.notes.push(said_value(table, i, "the file has no quantity"));
        return;
    }
    if a.column(Role::Date).is_none() {
        return; // a list of items or stock; its numbers are no sales
    }
    // by content: the whole numbers that are no key, no date and no money
    let candidates: Vec<usize> = (0..table.columns.len())
        .filter(|i| a.free(*i) && a.profiles[*i].numeric >= 0.9 && a.profiles[*i].dates < 0.5 && a.profiles[*i].money < 0.5)
        .filter(|i| {
            !names::is_personal(&table.columns[*i].name)
                && table.header_line.is_none_or(|_| !names::in_list(&table.columns[*i].name, "id index row nr no"))
        })
        .collect();
    if let (Some(&i), true) = (candidates.first(), candidates.len() == 1 || table.header_line.is_none()) {
        a.set(i, Role::Quantity, 0.4);
        a.notes.push(
            Diagnostic::warning(
                "quantity-by-content",
                format!("{:?} was taken for the quantity, since it holds numbers", table.columns[i].name),
            )
            .file(&table.file)
            .column(i as u32 + 1)
            .fix("name another with --map COLUMN=quantity"),
        );
    }
}

fn said_value(table: &Table, i: usize, why: &str) -> Diagnostic {
    Diagnostic::warning(
        "money-not-units",
        format!("{:?} was taken for money, since {why}: it can be forecast but not ordered", table.columns[i].name),
    )
    .file(&table.file)
    .column(i as u32 + 1)
    .fix(format!("say --map \"{}=quantity\" if it counts units", table.columns[i].name))
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
    if let Some(i) = group.filter(|_| a.layout.is_none()) {
        a.set(i, Role::Item, 0.7);
        a.grouped = a.column(Role::Location).is_some();
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

fn is_clock(column: &Column, rows: usize) -> bool {
    let cells: Vec<bool> = (0..rows.min(50)).map(|r| column.text(r).contains(':') && date::clock(&column.text(r)).is_some()).collect();
    cells.iter().filter(|c| **c).count() * 2 > cells.len()
}
