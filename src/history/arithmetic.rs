//! What columns are by how they reckon with one another, whatever they are called: what a line took is its quantity times its price, and a stock
//! level falls by what was sold.

use super::header::is_period_name;
use super::options::Role;
use super::roles::{Assigned, is_number_of};
use super::table::Table;
use super::{names, number};
use crate::base::Diagnostic;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that tell nothing (a quantity of one, nothing sold) are not counted; so many others have to agree, and this share of them. Deliveries and
/// discounts spoil a part.
const ENOUGH: usize = 4;
const SHARE: f64 = 0.6;
/// Rows looked at, from the beginning, since levels need neighbours.
const LOOKED_AT: usize = 3000;
/// Columns of numbers without a meaning that are tried with one another.
const TRIED: usize = 12;

/// Numbers of the first rows by column; `None` where there is none.
struct Numbers {
    columns: BTreeMap<usize, Vec<Option<f64>>>,
}

impl Numbers {
    fn of(grid: &[Vec<Cow<'_, str>>], columns: impl Iterator<Item = usize>) -> Self {
        let column = |i: usize| grid.iter().map(|row| row.get(i).and_then(|c| number::typed(c.trim()))).collect();
        Self { columns: columns.map(|i| (i, column(i))).collect() }
    }
    fn get(&self, column: usize) -> &[Option<f64>] {
        self.columns.get(&column).map_or(&[], Vec::as_slice)
    }
}

/// Names of what is reckoned from money, costs or stock without being what is looked for.
const NOT_SALES: [&str; 24] = [
    "cost",
    "costs",
    "cogs",
    "tax",
    "vat",
    "mwst",
    "iva",
    "tva",
    "discount",
    "rabatt",
    "margin",
    "profit",
    "marge",
    "balance",
    "fee",
    "fees",
    "shipping",
    "weight",
    "points",
    "budget",
    "plan",
    "previous",
    "kosten",
    "commission",
];

fn candidate(table: &Table, a: &Assigned, i: usize) -> bool {
    let (p, name) = (&a.profiles[i], &table.columns[i].name);
    a.free(i)
        && p.filled > 0
        && p.numeric >= 0.9
        && p.dates < 0.5
        // one price may stand in every row
        && (p.distinct > 1 || p.whole < 1.0)
        && !p.personal
        && !names::is_personal(name)
        && !is_number_of(name)
        && !is_period_name(name)
        && !names::counts_no_sales(name)
        && !names::words(name).iter().any(|w| NOT_SALES.contains(&w.as_str()))
        && !names::in_list(name, "id index row line no nr pos position year month week day barcode ean upc gtin")
}

fn tried(table: &Table, a: &Assigned) -> Vec<usize> {
    (0..table.columns.len()).filter(|i| candidate(table, a, *i)).take(TRIED).collect()
}

/// The share of telling rows in which quantity times price is the money; `None` where too few tell.
fn product(n: &Numbers, quantity: usize, price: usize, money: usize) -> Option<f64> {
    let (mut told, mut agree) = (0usize, 0usize);
    for ((q, p), m) in n.get(quantity).iter().zip(n.get(price)).zip(n.get(money)) {
        let (Some(q), Some(p), Some(m)) = (*q, *p, *m) else { continue };
        if [0.0, 1.0].contains(&q.abs()) || p == 0.0 || p.abs() == 1.0 {
            continue;
        }
        told += 1;
        // prices are rounded to the cent, or to a thousandth of themselves
        agree += usize::from(((q * p).abs() - m.abs()).abs() <= 0.006 * (q.abs() + 1.0));
    }
    (told >= ENOUGH).then_some(agree as f64 / told as f64)
}

fn best(of: impl Iterator<Item = (Vec<(usize, Role)>, Option<f64>)>) -> Option<Vec<(usize, Role)>> {
    let mut best: Option<(Vec<(usize, Role)>, f64)> = None;
    for (found, share) in of {
        let Some(share) = share.filter(|s| *s >= SHARE) else { continue };
        if best.as_ref().is_none_or(|b| share > b.1 + 1e-9) {
            best = Some((found, share));
        }
    }
    best.map(|b| b.0)
}

/// Finds what is missing of quantity, price and money by their product.
pub(super) fn products(table: &Table, a: &mut Assigned) {
    if a.profile.is_some() || !a.periods.is_empty() || a.column(Role::OrderTotal).is_some() {
        return;
    }
    let (quantity, price, money) = (a.column(Role::Quantity), a.column(Role::Price), a.column(Role::Revenue));
    if quantity.is_some() && price.is_some() && money.is_some() {
        return;
    }
    let free = tried(table, a);
    if free.is_empty() {
        return;
    }
    let grid = table.grid(0..table.rows.min(LOOKED_AT));
    let n = Numbers::of(&grid, free.iter().copied().chain(quantity).chain(price).chain(money));
    let whole = |i: usize| a.profiles[i].whole >= 0.95;
    let pairs = || free.iter().flat_map(|x| free.iter().filter(move |y| *y != x).map(move |y| (*x, *y)));
    let found = match (quantity, price, money) {
        (Some(q), Some(p), None) => best(free.iter().map(|m| (vec![(*m, Role::Revenue)], product(&n, q, p, *m)))),
        (Some(q), None, Some(m)) => best(free.iter().map(|p| (vec![(*p, Role::Price)], product(&n, q, *p, m)))),
        (None, Some(p), Some(m)) => best(free.iter().filter(|q| whole(**q)).map(|q| (vec![(*q, Role::Quantity)], product(&n, *q, p, m)))),
        (Some(q), None, None) => best(pairs().map(|(p, m)| (vec![(p, Role::Price), (m, Role::Revenue)], product(&n, q, p, m)))),
        // units are whole and what they cost is not, or nobody can tell one from the other
        (None, None, Some(m)) => best(
            pairs()
                .filter(|(q, p)| whole(*q) && !whole(*p))
                .map(|(q, p)| (vec![(q, Role::Quantity), (p, Role::Price)], product(&n, q, p, m))),
        ),
        (None, Some(p), None) => best(
            pairs()
                .filter(|(q, _)| whole(*q) && !whole(p))
                .map(|(q, m)| (vec![(q, Role::Quantity), (m, Role::Revenue)], product(&n, q, p, m))),
        ),
        _ => best(pairs().filter(|(q, p)| whole(*q) && !whole(*p)).flat_map(|(q, p)| {
            let n = &n;
            free.iter()
                .filter(move |m| **m != q && **m != p)
                .map(move |m| (vec![(q, Role::Quantity), (p, Role::Price), (*m, Role::Revenue)], product(n, q, p, *m)))
        })),
    };
    for (i, role) in found.unwrap_or_default() {
        a.set(i, role, 0.8);
        let what = match role {
            Role::Quantity => "the quantity",
            Role::Price => "the price of one",
            _ => "the money of the line",
        };
        say(table, a, i, &format!("was taken for {what}: quantity times price is the money of the line"));
    }
}

fn say(table: &Table, a: &mut Assigned, i: usize, what: &str) {
    let name = &table.columns[i].name;
    let note = Diagnostic::info("reckoned", format!("{name:?} {what}")).file(&table.file).column(i as u32 + 1);
    a.notes.push(note.fix(format!("say --map \"{name}=ignore\" if it is something else")));
}

/// The share of rows with sales in which the level fell by just as much; `None` where too few tell. Rows stand in the order of time or against it, and
/// the level is that of the morning or of the evening.
fn falls(n: &Numbers, rows: &[Vec<usize>], quantity: usize, level: usize) -> Option<f64> {
    let (q, s) = (n.get(quantity), n.get(level));
    let mut agree = [0usize; 4];
    let mut told = 0usize;
    for pair in rows.iter().flat_map(|r| r.windows(2)) {
        let at = |of: &[Option<f64>], i: usize| of.get(i).copied().flatten();
        let (Some(s0), Some(s1)) = (at(s, pair[0]), at(s, pair[1])) else { continue };
        let (Some(q0), Some(q1)) = (at(q, pair[0]), at(q, pair[1])) else { continue };
        if q0 <= 0.0 && q1 <= 0.0 {
            continue;
        }
        told += 1;
        let same = |fall: f64, sold: f64| usize::from(sold > 0.0 && (fall - sold).abs() < 1e-6 * sold.abs().max(1.0));
        agree[0] += same(s0 - s1, q1);
        agree[1] += same(s0 - s1, q0);
        agree[2] += same(s1 - s0, q0);
        agree[3] += same(s1 - s0, q1);
    }
    (told >= ENOUGH).then(|| agree.iter().copied().max().unwrap_or(0) as f64 / told as f64)
}

/// Rows by what they are of, in the order of the file.
fn by_series(a: &Assigned, grid: &[Vec<Cow<'_, str>>], place: Option<usize>) -> Vec<Vec<usize>> {
    let key: Vec<usize> = [Role::UniqueId, Role::Item, Role::Description].into_iter().filter_map(|r| a.column(r)).chain(place).collect();
    let mut rows = BTreeMap::<Vec<&str>, Vec<usize>>::new();
    for (r, row) in grid.iter().enumerate() {
        rows.entry(key.iter().map(|i| row.get(*i).map_or("", |c| c.trim())).collect()).or_default().push(r);
    }
    rows.into_values().collect()
}

/// Words for the place where stock lies and as well for the stock that lies there.
const PLACE_OR_LEVEL: &str = "lager sklad magazyn varasto magazijn warehouse magazzino almacen deposito deposit depot склад";

/// Tells a stock level from a place, and finds the level or the quantity that no name tells.
pub(super) fn levels(table: &Table, a: &mut Assigned) {
    if a.profile.is_some() || !a.periods.is_empty() || a.column(Role::Date).is_none() {
        return;
    }
    let either = |i: &usize| {
        let open = a.free(*i) || a.roles[*i].0 == Role::Location && a.roles[*i].1 < 1.0;
        open && a.profiles[*i].numeric >= 0.9 && names::in_list(&table.columns[*i].name, PLACE_OR_LEVEL)
    };
    let numbered = (0..table.columns.len()).find(either);
    let (quantity, level) = (a.column(Role::Quantity), a.column(Role::StockLevel));
    if numbered.is_none() && quantity.is_some() && level.is_some() {
        return;
    }
    let free = tried(table, a);
    if numbered.is_none() && free.is_empty() {
        return;
    }
    let grid = table.grid(0..table.rows.min(LOOKED_AT));
    let n = Numbers::of(&grid, free.iter().copied().chain(quantity).chain(level).chain(numbered));
    if let (Some(i), Some(date)) = (numbered, a.column(Role::Date)) {
        let series = by_series(a, &grid, None);
        let cell = |r: usize, i: usize| grid.get(r).and_then(|row| row.get(i)).map_or("", |c| c.trim());
        // a real place has others beside it on some day, or stays the same
        let company = series.iter().any(|rows| {
            let mut seen = BTreeSet::new();
            rows.iter().any(|r| !seen.insert(cell(*r, date)))
        });
        let moves = series.iter().any(|rows| rows.iter().map(|r| cell(*r, i)).collect::<BTreeSet<_>>().len() > 3);
        if !company && moves && level.is_none() {
            a.set(i, Role::StockLevel, 0.8);
            say(table, a, i, "was taken for the stock level: it changes from day to day, as no place does");
        }
    }
    let level = a.column(Role::StockLevel);
    if quantity.is_some() && level.is_some() {
        return;
    }
    let series = by_series(a, &grid, a.column(Role::Location));
    let sold: Vec<usize> = quantity.map_or_else(|| free.clone(), |q| vec![q]);
    let lies: Vec<usize> = level.map_or_else(|| free.clone(), |s| vec![s]);
    let pairs = sold.iter().flat_map(|q| lies.iter().filter(move |s| *s != q).map(move |s| (*q, *s)));
    let found = best(pairs.map(|(q, s)| (vec![(q, Role::Quantity), (s, Role::StockLevel)], falls(&n, &series, q, s))));
    for (i, role) in found.unwrap_or_default() {
        if a.roles[i].0 == role {
            continue;
        }
        a.set(i, role, 0.8);
        match role {
            Role::Quantity => say(table, a, i, "was taken for the units sold: the stock beside it falls by them"),
            _ => say(table, a, i, "was taken for the stock level: it falls by what was sold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::ReadOptions;
    use super::super::{roles, table};
    use super::*;

    fn roles_in(text: &str) -> Vec<Role> {
        let table = table::read("t.csv", text.as_bytes(), None).unwrap();
        roles::assign(&table, &ReadOptions::default()).unwrap().roles.iter().map(|r| r.0).collect()
    }

    #[test]
    fn columns_without_a_name_of_theirs() {
        let mut text = "date,sku,foo,bar,baz\n".to_owned();
        for (d, q) in [2, 5, 3, 1, 7, 4, 6].iter().enumerate() {
            text += &format!("2026-01-{:02},A,{q},{:.2},{:.2}\n", d + 1, 2.35, f64::from(*q) * 2.35);
        }
        assert_eq!(roles_in(&text), [Role::Date, Role::Item, Role::Quantity, Role::Price, Role::Revenue]);
        // the level of the evening, in the order of time; that of the morning, the newest first
        let (mut evening, mut morning) = ("date,foo,bar\n".to_owned(), Vec::new());
        let mut level = 100;
        for (d, q) in [12, 5, 0, 11, 7, 0, 4, 6, 9].iter().enumerate() {
            morning.push(format!("2026-01-{:02},{level},{q}\n", d + 1));
            level -= q;
            evening += &format!("2026-01-{:02},{level},{q}\n", d + 1);
        }
        let morning = "date,foo,bar\n".to_owned() + &morning.into_iter().rev().collect::<String>();
        for text in [evening, morning] {
            assert_eq!(roles_in(&text), [Role::Date, Role::StockLevel, Role::Quantity], "{text}");
        }
    }

    #[test]
    fn numbers_that_only_happen_to_stand_together() {
        // two items as columns, and a warehouse that is a number
        let text =
            "date,mugs,caps\n".to_owned() + &(1..9).map(|d| format!("2026-01-0{d},{},{}\n", d * 3 % 7, d * 5 % 8)).collect::<String>();
        assert_eq!(roles_in(&text), [Role::Date, Role::Ignore, Role::Ignore]);
        let text = "Datum;Artikel;Lager;Menge\n".to_owned()
            + &(1..9).flat_map(|d| (1..6).map(move |l| format!("2026-01-0{d};A;{l};{}\n", d * l % 7))).collect::<String>();
        assert_eq!(roles_in(&text), [Role::Date, Role::Item, Role::Location, Role::Quantity]);
    }
}
