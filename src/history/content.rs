//! What stands in a column, whatever it is called, and which meanings that allows.

use super::options::Role;
use super::profile::Meaning;
use super::table::{Cells, Column};
use super::{date, names, number, states};
use std::collections::{BTreeSet, HashMap};

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

/// What is known of one cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    blank: bool,
    value: Option<f64>,
    money: bool,
    spaced: bool,
    personal: bool,
    flag: bool,
    date: bool,
}

impl Cell {
    fn of(t: &str) -> Self {
        if number::is_blank(t) {
            return Self { blank: true, ..Self::default() };
        }
        let value = number::mark(t).and_then(|m| number::parse(t, if m == number::Mark::Sure(',') { ',' } else { '.' }));
        let value = value.or_else(|| number::parse(t, '.'));
        let digits = || t.chars().filter(char::is_ascii_digit).count();
        Self {
            blank: false,
            value,
            money: t.contains(['$', '€', '£', '¥']) || t.ends_with("00") && t.contains(['.', ',']),
            spaced: t.contains(' '),
            personal: t.contains('@') || (t.starts_with('+') && digits() >= 8),
            flag: number::parse_flag(t).is_some(),
            date: date::shape(t).is_some(),
        }
    }
}

/// Rows looked at to tell what a column holds.
pub(super) const SAMPLE: usize = 4000;

impl Profile {
    pub fn of<'a>(column: &Column, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut p = Self { unit_interval: true, cents: true, ..Self::default() };
        let (mut numeric, mut dates, mut flags, mut whole, mut money, mut spaced, mut personal) = (0, 0, 0, 0, 0, 0, 0);
        let (mut values, mut seen) = (Vec::new(), BTreeSet::new());
        let mut known: HashMap<&str, Cell, foldhash::fast::RandomState> = HashMap::default();
        let typed_time = matches!(column.cells, Cells::Time(_));
        for cell in cells {
            let t = cell.trim();
            // columns repeat themselves
            let cell = *known.entry(t).or_insert_with(|| Cell::of(t));
            if cell.blank {
                p.blank += 1;
                continue;
            }
            p.filled += 1;
            if seen.len() <= 200 && !seen.contains(t) {
                seen.insert(t.to_owned());
            }
            if let Some(v) = cell.value {
                numeric += 1;
                values.push(v.abs());
                whole += usize::from(v.fract() == 0.0);
                p.cents &= ((v * 100.0).round() - v * 100.0).abs() < 1e-6 * v.abs().max(1.0);
                p.unit_interval &= (0.0..=1.0).contains(&v);
                money += usize::from(cell.money);
            } else {
                p.unit_interval = false;
                spaced += usize::from(cell.spaced);
                personal += usize::from(cell.personal);
            }
            flags += usize::from(cell.flag);
            dates += usize::from(typed_time || cell.date);
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

/// The content may have that meaning.
pub(super) fn fits(role: Role, p: &Profile, name: &str, exact: bool) -> bool {
    // a column that says what it is may hold many cells that are not
    let (dates, numeric) = if exact { (0.3, 0.5) } else { (0.7, 0.8) };
    match role {
        _ if p.filled == 0 => false,
        Role::Date => {
            p.dates >= dates
                || (p.numeric >= 0.9 && (p.whole == 1.0 || exact) && (20_000.0..73_000.0).contains(&p.median))
                || (p.median > 6e8 && p.numeric >= 0.9)
        }
        // whole moments under such a name are dates
        Role::Time => p.numeric < 0.5 && p.dates < 0.5,
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
        // `Desc` of numbers with decimals is what was taken off
        Role::Description if !exact && p.numeric > 0.9 && p.whole < 0.99 => false,
        Role::Item | Role::Description | Role::Location | Role::Order => p.dates < 0.9 || p.numeric > 0.5,
        Role::Destination => p.numeric < 0.5,
        _ => true,
    }
}
