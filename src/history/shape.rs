//! How a table is laid out where names do not tell: one column a period, one column an item, dates and items by what is in them.

use super::header::is_period_name;
use super::options::Role;
use super::roles::Assigned;
use super::rows::is_total;
use super::table::{Column, Table};
use super::{date, names, number};
use crate::base::Diagnostic;
use std::collections::BTreeSet;

/// Three or more numeric columns named like periods: one column per period.
pub(super) fn wide(table: &Table, a: &mut Assigned) {
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
    let dated = |i: &usize| date::shape(&table.columns[*i].name).is_some();
    let two = named.len() == 2 && (table.columns.len() <= 4 || a.column(Role::Date).is_none() && named.iter().all(dated));
    if named.len() >= 3 || two {
        a.periods = named;
        takings(table, a);
        if a.column(Role::UniqueId).is_none() {
            let id = table.columns.iter().position(|c| names::compact(&c.name) == "id");
            if let Some(i) = id.filter(|i| a.free(*i)) {
                a.set(i, Role::UniqueId, 0.7);
            }
        }
    }
}

/// What was taken in each period beside what was sold in it, or its price: `Sales 2026-01` or `2026-01 Sales` for `2026-01`, and so for every period.
fn takings(table: &Table, a: &mut Assigned) {
    let money = |measure: &str| {
        let first = names::roles_of(measure).first().map(|r| r.0);
        matches!(first, Some(Role::Revenue | Role::Price)) || names::is_sales(measure)
    };
    let measure = |i: usize, period: &str| {
        let name = &table.columns[i].name;
        let bare = name.strip_suffix(period).or_else(|| name.strip_prefix(period));
        bare.map(|m| m.trim_matches(|c: char| c.is_whitespace() || "-–:()".contains(c))).filter(|m| money(m))
    };
    let Some(first) = a.periods.first().map(|i| table.columns[*i].name.clone()) else { return };
    let candidates: Vec<&str> = (0..table.columns.len()).filter_map(|i| measure(i, &first)).collect();
    let of = |m: &str| -> Option<Vec<usize>> {
        let column = |p: &usize| {
            let period = &table.columns[*p].name;
            let mine = |i: usize| matches!(a.roles[i].0, Role::Revenue | Role::Price) && a.roles[i].1 < 1.0;
            let usable = |i: usize| (a.free(i) || mine(i)) && a.profiles[i].numeric >= 0.8;
            (0..table.columns.len()).find(|i| i != p && measure(*i, period) == Some(m) && (usable(*i) || a.profiles[*i].filled == 0))
        };
        a.periods.iter().map(column).collect()
    };
    // sums before prices, what was left after discounts before what was not
    let is_price = |m: &str| names::roles_of(m).first().is_some_and(|r| r.0 == Role::Price);
    let rank = |m: &str| (is_price(m), names::roles_of(m).first().map_or(usize::MAX, |r| r.1));
    let best = candidates.into_iter().filter_map(|m| Some((rank(m), of(m)?))).min_by_key(|f| f.0);
    let Some(((priced, _), found)) = best else { return };
    // no other column is of every period
    a.roles.iter_mut().filter(|r| matches!(r.0, Role::Revenue | Role::Price) && r.1 < 1.0).for_each(|r| *r = (Role::Ignore, 0.0));
    found.iter().for_each(|i| a.set(*i, if priced { Role::Price } else { Role::Revenue }, 0.9));
    (a.takings, a.priced) = (found, priced);
}

/// One row a day and one column an item: dates, no item, and whole numbers under names that mean nothing else; or one row a day and item and
/// one column a shop. A column that is their sum is their total.
pub(super) fn across(table: &Table, a: &mut Assigned, mapped: &BTreeSet<Role>) {
    if a.column(Role::Date).is_none() || a.profile.is_some() || !mapped.is_empty() || table.header_line.is_none() {
        return;
    }
    let item = a.column(Role::Item).or_else(|| a.column(Role::Description));
    let named = [Role::UniqueId, Role::Order].iter().chain(if item.is_none() { &[Role::Price][..] } else { &[] });
    if named.into_iter().any(|r| a.column(*r).is_some()) {
        return;
    }
    let columns: Vec<usize> = (0..table.columns.len())
        .filter(|i| {
            let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
            let odd = name.starts_with("column ") || name.starts_with("Unnamed") || !name.chars().any(char::is_alphabetic);
            let free = a.free(*i) || item.is_some() && a.roles[*i].0 == Role::Location && a.roles[*i].1 < 1.0;
            free && p.filled > 0
                && p.numeric >= 0.95
                && p.whole >= 0.95
                && p.dates < 0.5
                // what a shop sells may be one a day at most
                && (!p.unit_interval || item.is_some())
                && !odd
                // one that calls itself a total has to be the sum of the others, below
                && !is_total(name)
                && if item.is_some() { is_shop(name) } else { !names::is_known(name) }
                && !names::counts_no_sales(name)
                && !names::is_personal(name)
        })
        .collect();
    let others: Vec<usize> = (0..table.columns.len())
        .filter(|i| !columns.contains(i) && matches!(a.roles[*i].0, Role::Ignore | Role::Quantity | Role::Revenue))
        .collect();
    if columns.len() < 2 || columns.iter().all(|i| a.profiles[*i].unit_interval) {
        return;
    }
    // beside the items a column that is not called a total counts what was sold, however many parts it has
    let has = |a: &Assigned, role: Role| a.column(role).is_some_and(|i| !columns.contains(&i));
    let total = |i: usize| is_total(&table.columns[i].name);
    if item.is_some()
        && (a.column(Role::Quantity).is_some_and(|i| !total(i))
            || a.column(Role::Revenue).is_some_and(|i| !total(i))
            || [Role::Location, Role::StockLevel, Role::InStock, Role::Returned, Role::NetQuantity, Role::OrderTotal]
                .into_iter()
                .any(|r| has(a, r)))
    {
        return;
    }
    // whatever else is measured has to be their sum
    let grid = table.grid((0..table.rows).step_by((table.rows / 500).max(1)));
    let number = |row: &[std::borrow::Cow<'_, str>], i: usize| row.get(i).and_then(|c| number::typed(c));
    let sums = |i: usize| {
        let rows: Vec<_> =
            grid.iter().filter_map(|row| Some((number(row, i)?, columns.iter().filter_map(|k| number(row, *k)).sum::<f64>()))).collect();
        !rows.is_empty() && rows.iter().filter(|(t, s)| (t - s).abs() < 1e-6 * t.abs().max(1.0)).count() * 20 >= rows.len() * 19
    };
    let measured = |i: &usize| a.profiles[*i].numeric > 0.5 && a.profiles[*i].filled > 0;
    if others.iter().filter(|i| measured(i)).any(|i| !sums(*i)) {
        return;
    }
    if let Some(item) = item
        && !one_row_each(table, a, item)
    {
        return;
    }
    others.iter().copied().filter(|i| measured(i)).collect::<Vec<_>>().into_iter().for_each(|i| a.set(i, Role::Ignore, 1.0));
    let shown: Vec<&str> = columns.iter().take(5).map(|i| table.columns[*i].name.as_str()).collect();
    let (code, what) = if item.is_some() { ("places-as-columns", "a place that sells") } else { ("items-as-columns", "an item") };
    let more = if columns.len() > 5 { ", …" } else { "" };
    let message = format!("each of {} columns was taken for {what} ({}{more})", columns.len(), shown.join(", "));
    let fix = if item.is_some() {
        "if only one of them counts what was sold, say --map \"COLUMN=quantity\""
    } else {
        "if one of them counts units of a single item, say --map \"COLUMN=quantity\""
    };
    a.notes.push(Diagnostic::warning(code, message).file(&table.file).fix(fix));
    if item.is_some() {
        columns.iter().for_each(|i| a.set(*i, Role::Ignore, 0.0));
    }
    a.across = columns;
}

/// What may be called a shop or a way to sell: nothing with a meaning of its own, nor a figure that is told of an item.
fn is_shop(name: &str) -> bool {
    const FIGURES: &str = "min max avg average mean median sum count rank index week year month day quarter id line number nr no rate ratio percent \
        margin cost costs tax vat weight length width height size score rating version level open closed pending shipped fulfilled delivered \
        cancelled canceled backordered allocated reserved pack packs case cases lead time age moq reorder before after change opening closing \
        rain snow sun sunny holiday holidays weekend event events school promo flag is has \
        beginning ending in out receipts issues likes shares comments reviews carts cart checkout checkouts searches \
        xs s m l xl xxl xxxl small medium large \
        mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday mo di mi do fr sa so montag dienstag mittwoch \
        donnerstag freitag samstag sonntag lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche mie jue vie sab dom \
        lunes martes miercoles jueves viernes sabado domingo";
    let known: Vec<Role> = names::roles_of(name).into_iter().map(|r| r.0).collect();
    let words = names::words(name);
    known.iter().all(|r| *r == Role::Location)
        && (!known.is_empty() || !names::is_known(name))
        && !is_period_name(name)
        && date::month_alone(name).is_none()
        && !words.iter().any(|w| FIGURES.split_whitespace().any(|x| x == w))
}

/// Whether an item has one row a day as a rule.
fn one_row_each(table: &Table, a: &Assigned, item: usize) -> bool {
    const ROWS: usize = 20_000;
    let Some(date) = a.column(Role::Date) else { return false };
    let rows = table.grid(0..table.rows.min(ROWS));
    let cell = |row: &[std::borrow::Cow<'_, str>], i: usize| row.get(i).map(|c| c.trim().to_owned()).unwrap_or_default();
    let several: BTreeSet<(String, String)> = rows.iter().map(|r| (cell(r, date), cell(r, item))).collect();
    several.len() * 20 >= rows.len() * 19
}

pub(super) fn by_content_date(table: &Table, a: &mut Assigned) {
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
pub(super) fn groups(table: &Table, a: &mut Assigned) {
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
    // in a table of periods the first column of texts is what they are of
    if !a.periods.is_empty() && a.profile.is_none() && a.column(Role::Location).is_none() {
        let texts = |i: &usize| {
            let (p, name) = (&a.profiles[*i], &table.columns[*i].name);
            let text = p.filled > 2 * p.blank && p.distinct > 1 && p.numeric < 0.5 && p.dates < 0.5;
            a.free(*i) && text && !p.personal && !p.states && !names::is_personal(name)
        };
        if let Some(i) = (0..table.columns.len()).find(texts) {
            a.set(i, Role::Description, 0.6);
            return;
        }
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
pub(super) fn nameless(table: &Table, a: &mut Assigned) {
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
