//! Which kind of file it is, from its columns: sales, or one of the companion files.

use super::names::{self, compact, is_personal};
use super::options::{ReadOptions, Role};
use super::profile::{self, Profile};
use super::roles::{self, Assigned};
use super::table::{self, Table};
use super::{masters, number, refused};
use crate::base::Diagnostic;

/// What a file seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// `sales`, `items`, `stock`, `on_order`, `suppliers`, `supplier_items`, `receipts`, `bom`, `locations`, `vehicles`, `carriers`, `distances`, `shipments`, `events`,
    /// `future` (what is known of the periods ahead) or `calendar`
    /// (which dates the numbered columns of a sales file).
    pub kind: &'static str,
    /// Data rows.
    pub rows: usize,
    /// Names of its columns, those about people left out.
    pub columns: Vec<String>,
    /// The shop system's export that it is, such as `Shopify orders`.
    pub profile: Option<String>,
}

/// Guesses the kind of a file in memory.
///
/// # Errors
/// It is no table.
pub fn classify(name: &str, bytes: &[u8]) -> Result<Guess, Vec<Diagnostic>> {
    let mut table = table::read(name, bytes, None)?;
    super::expand::expand(&mut table);
    super::joined::join(&mut table);
    super::outline::flatten(&mut table);
    Ok(Guess {
        kind: kind(&table),
        rows: table.rows,
        columns: table.columns.iter().map(|c| c.name.clone()).filter(|n| !is_personal(n)).collect(),
        profile: profile_of(&table).map(|p| p.name.clone()),
    })
}

/// Columns that settle a kind when all are there, and columns that speak against it. The first that fits counts.
const SIGNS: [(&str, &[&str], &[&str]); 11] = [
    ("bom", &["kit", "component"], &[]),
    ("receipts", &["ordered", "received"], &["price", "revenue"]),
    ("shipments", &["shipment", "ready", "to"], &["price", "revenue"]),
    ("shipments", &["ready", "from", "to", "weight_kg"], &["price", "revenue"]),
    ("locations", &["lat", "lon"], &["date", "quantity"]),
    ("vehicles", &["vehicle", "capacity_kg"], &[]),
    ("vehicles", &["vehicle", "cost_per_km"], &[]),
    ("carriers", &["carrier", "up_to_kg"], &["date", "quantity"]),
    ("carriers", &["carrier", "price", "per_kg"], &["date", "quantity"]),
    ("distances", &["from", "to", "km"], &["date", "quantity", "ready"]),
    ("on_order", &["arrives", "quantity"], &["price", "revenue"]),
];

fn profile_of(table: &Table) -> Option<&'static Profile> {
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    profile::find_built_in(&names)
}

/// How much a table looks like sales, line by line rather than summed up; 0: not at all.
pub(super) fn like_sales(table: &Table) -> u32 {
    let profile = profile_of(table).map(|p| p.kind.as_str());
    if profile.is_some_and(|k| k != "sales") {
        return 0;
    }
    let options = ReadOptions::default();
    let Ok(assigned) = roles::assign(table, &options) else { return 0 };
    let role = |r: Role, worth: u32| if assigned.column(r).is_some() { worth } else { 0 };
    let dated = assigned.column(Role::Date).is_some() || !assigned.periods.is_empty();
    let counted = role(Role::Quantity, 4) + role(Role::Revenue, 2) + if assigned.periods.is_empty() { 0 } else { 4 };
    if !dated || counted == 0 || refused::refuse(table, &assigned, &options).is_err() {
        return 0;
    }
    let item = assigned.column(Role::Item).or(assigned.column(Role::Description)).or(assigned.column(Role::UniqueId)).is_some();
    1 + counted + role(Role::Order, 1) + role(Role::Price, 1) + u32::from(item) * 4 + u32::from(profile.is_some()) * 4
}

pub(super) fn kind(table: &Table) -> &'static str {
    match profile_of(table).map(|p| p.kind.as_str()) {
        // an export that is of no use is refused as one of sales, with its reason
        Some("sales" | "unfit") => return "sales",
        Some("stock") => return "stock",
        Some("items") => return "items",
        Some("on_order") => return "on_order",
        Some("calendar") => return "calendar",
        _ => {}
    }
    let keys: Vec<String> = table.columns.iter().map(|c| compact(&c.name)).collect();
    let exact = |name: &str| keys.contains(&compact(name));
    let has = |kind: &str, field: &str| masters::names_of(kind, field).iter().any(|n| keys.iter().any(|k| k == n));
    // a companion file keeps the name that scenarios give it
    let stem: String = compact(table.file.rsplit(['/', '\\']).next().unwrap_or(&table.file).split('.').next().unwrap_or_default());
    for (kind, signs, against) in SIGNS {
        let named = stem.contains(&compact(kind));
        if signs.iter().all(|s| exact(s) || (named && has(kind, s))) && !against.iter().any(|a| exact(a)) {
            return kind;
        }
    }
    if bought(&keys, table) {
        return "on_order";
    }
    let options = ReadOptions::default();
    let assigned = roles::assign(table, &options).unwrap_or_default();
    let role = |r: Role| assigned.column(r).is_some();
    let measured = role(Role::Quantity) || role(Role::Revenue);
    if (exact("event") || stem.contains("event") || stem.contains("holiday")) && has("events", "ds") && !measured {
        return "events";
    }
    if !measured && ahead(table, &assigned, &stem) {
        return "future";
    }
    let item = has("items", "item") || has("items", "unique_id");
    match refused::refuse(table, &assigned, &options) {
        Ok(()) if !(role(Role::StockLevel) && stem.contains("stock")) || over_time(table, &assigned) => return "sales",
        Ok(()) => return "stock",
        Err(d) if d.code == "stock-list" => return "stock",
        // `Name` heads items as often as suppliers; what has a cost or a price is no supplier
        Err(d) if d.code == "item-list" && keys.iter().any(|k| k == "cost" || k == "price") && !exact("supplier") => return "items",
        Err(d) if ["periods-fiscal", "purchases", "other-export"].contains(&d.code) => return "sales",
        // totals by item with what they took are sales, whenever they were
        // dates that nobody can read are sales with something to mend
        Err(d) if d.code == "no-date-column" && called(table, Role::Date) && called(table, Role::Quantity) => return "sales",
        Err(d) if d.code == "period-needed" && role(Role::Revenue) => return "sales",
        // orders with dates whose quantity nobody recognises
        Err(d) if d.code == "no-quantity-column" && role(Role::Date) && role(Role::Order) => return "sales",
        Err(_) => {}
    }
    let offers = has("supplier_items", "supplier") && has("supplier_items", "item");
    if offers && (exact("rank") || exact("units_per_pack") || stem.contains("supplieritem")) {
        return "supplier_items";
    }
    let supplier_first = keys.first().is_some_and(|k| masters::names_of("suppliers", "supplier").contains(k));
    if supplier_first && !item || exact("order_days") || exact("minimum_value") {
        return "suppliers";
    }
    if item && has("stock", "on_hand") && !has("items", "cost") && !has("items", "price") && numeric(table, "on_hand") {
        return "stock";
    }
    // a list of items says something of them; numbers of which it says nothing may be sales that want an answer
    let told = ["cost", "price", "supplier", "lead_time", "lead_time_days", "pack_size", "minimum", "weight_kg", "volume_m3"];
    // a type is told of documents too
    let told = told.iter().any(|f| has("items", f)) || has("items", "category") && !role(Role::Date);
    let counts = assigned.profiles.iter().zip(&table.columns).any(|(p, c)| p.numeric > 0.8 && !roles::is_number_of(&c.name));
    if called(table, Role::Quantity) && called(table, Role::Order) || !told && counts {
        return "sales";
    }
    "items"
}

/// Purchase orders that have not come yet: an item, how many, when they are expected, and that they are bought rather than sold: from a supplier, or
/// under the number of a purchase order and to no customer.
fn bought(keys: &[String], table: &Table) -> bool {
    const NUMBERS: &str =
        "po pono ponumber ponr poid purchaseorder purchaseorderno purchaseordernumber purchaseorderid purchaseorderref poref";
    const CUSTOMERS: [&str; 12] =
        ["customer", "client", "kunde", "kunden", "cliente", "klant", "buyer", "retailer", "billing", "shipping", "shipto", "kaufer"];
    let is = |field: &str| keys.iter().any(|k| masters::names_of("on_order", field).iter().any(|n| n == k));
    let supplied = keys.iter().any(|k| masters::names_of("supplier_items", "supplier").contains(k));
    let numbered = keys.iter().any(|k| names::in_list(k, NUMBERS));
    let sold = table.columns.iter().any(|c| names::words(&c.name).iter().any(|w| CUSTOMERS.contains(&w.as_str())));
    (is("item") || is("unique_id")) && is("arrives") && is("quantity") && (supplied || numbered) && !sold
}

/// Whether a table without sales tells what is known of periods: dates, and the same item on several of them, or a name that says so.
fn ahead(table: &Table, assigned: &Assigned, stem: &str) -> bool {
    let called = |c: &table::Column| names::roles_of(&c.name).first().is_some_and(|r| r.0 == Role::Date);
    if !assigned.profiles.iter().zip(&table.columns).any(|(p, c)| p.dates > 0.9 && called(c)) {
        return false;
    }
    if ["future", "knownahead", "plannedprices", "plannedpromotions"].iter().any(|w| stem.contains(w)) {
        return true;
    }
    let role = |r: Role| assigned.column(r);
    let driven = role(Role::Promo).is_some() || role(Role::Price).is_some();
    let Some(key) = role(Role::UniqueId).or(role(Role::Item)).filter(|_| driven && role(Role::Order).is_none()) else { return false };
    let rows = table.rows.min(1000);
    let column = &table.columns[key];
    let mut different: Vec<String> = (0..rows).map(|r| column.text(r).into_owned()).collect();
    different.sort_unstable();
    different.dedup();
    rows >= 4 && 2 * different.len() <= rows
}

/// Whether the same thing stands on several dates: a history, where a list of stock has each item once. Without a column of items it is one item's.
fn over_time(table: &Table, assigned: &Assigned) -> bool {
    let Some(date) = assigned.column(Role::Date) else { return false };
    let key: Vec<usize> =
        [Role::UniqueId, Role::Item, Role::Description, Role::Location].into_iter().filter_map(|r| assigned.column(r)).collect();
    let mut dates = std::collections::BTreeMap::<Vec<String>, std::collections::BTreeSet<String>>::new();
    for row in 0..table.rows.min(2000) {
        let of = key.iter().map(|i| table.columns[*i].text(row).trim().to_owned()).collect();
        dates.entry(of).or_default().insert(table.columns[date].text(row).trim().to_owned());
    }
    let several = dates.values().filter(|d| d.len() >= 2).count();
    several > 0 && several * 2 >= dates.len()
}

/// Whether a column's name says that it has this role, whatever is in it.
fn called(table: &Table, role: Role) -> bool {
    table.columns.iter().any(|c| names::roles_of(&c.name).iter().any(|r| r.0 == role))
}

/// Whether the stock column of a list holds numbers.
fn numeric(table: &Table, field: &str) -> bool {
    let names = masters::names_of("stock", field);
    table.columns.iter().filter(|c| names.contains(&compact(&c.name))).any(|c| {
        let cells: Vec<bool> = (0..table.rows.min(200)).map(|r| number::mark(&c.text(r)).is_some()).collect();
        cells.iter().filter(|n| **n).count() * 2 > cells.len()
    })
}
