//! The grid of suppliers: those of the suppliers' file, and those that items name.

use super::cells::{self, Refused, assumed, fixed, given, typed};
use crate::app::format::Money;
use crate::app::session::Session;
use crate::app::widgets::grid::{GridCell, GridColumn, Sheet};
use crate::history::model::SupplierRow;
use crate::project::{Change, Edit};
use crate::scenario::resolve::UNKNOWN_SUPPLIER;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

struct Line {
    name: Arc<str>,
    row: Option<SupplierRow>,
    series: usize,
    value: f64,
    /// Some of the value rests on an assumed cost.
    money_assumed: bool,
}

/// The grid's content.
#[derive(Default)]
pub struct Suppliers {
    lines: Vec<Line>,
    view: Vec<u32>,
    money: Money,
}

const NAME: usize = 0;
const SERIES: usize = 1;
const VALUE: usize = 2;
const ORDER_COST: usize = 3;
const MINIMUM: usize = 4;
const CURRENCY: usize = 5;
const DAYS: usize = 6;
const KG: usize = 7;
const M3: usize = 8;

const COLUMNS: [GridColumn; 9] = [
    fixed("Supplier", "As items name it", 190.0, false),
    fixed("Series", "Items at locations that it delivers", 76.0, true),
    fixed("To order now", "Value of the lines that are advised now, at cost", 110.0, true),
    typed("Order cost", "What placing one order costs, freight not included", 90.0, true),
    typed("Minimum value", "Least value of one order", 110.0, true),
    typed("Currency", "Three letters, such as GBP", 80.0, false),
    typed("Order days", "Days of the week on which orders are taken, such as mon thu; empty: every day", 120.0, false),
    typed("Container kg", "Kilograms that fill a container", 100.0, true),
    typed("Container m³", "Cubic metres that fill a container", 100.0, true),
];

const WEEK: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Suppliers {
    /// Reads the session anew.
    pub fn build(&mut self, s: &Session) {
        self.money = s.money.clone();
        let mut lines: BTreeMap<Arc<str>, Line> = BTreeMap::new();
        let line = |name: &Arc<str>| Line { name: name.clone(), row: None, series: 0, value: 0.0, money_assumed: false };
        for r in &s.project.document().masters.suppliers {
            lines.entry(r.supplier.clone()).or_insert_with(|| line(&r.supplier)).row = Some(r.clone());
        }
        for r in s.rows.iter().filter(|r| &*r.supplier != UNKNOWN_SUPPLIER) {
            let l = lines.entry(r.supplier.clone()).or_insert_with(|| line(&r.supplier));
            l.series += 1;
            l.value += r.value;
            l.money_assumed |= r.money_assumed && r.value > 0.0;
        }
        let before = self.lines.len();
        self.lines = lines.into_values().collect();
        if before != self.lines.len() {
            self.view = (0..self.lines.len() as u32).collect();
        }
    }

    /// Puts lines in order and leaves those out that are not looked for.
    pub fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>) {
        let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut view: Vec<u32> = (0..self.lines.len() as u32).collect();
        view.retain(|i| {
            self.lines.get(*i as usize).is_some_and(|l| {
                let name = l.name.to_lowercase();
                words.iter().all(|w| name.contains(w.as_str())) && (!only_assumed || l.row.as_ref().is_none_or(|r| r.order_cost.is_none()))
            })
        });
        let (column, down) = sort.unwrap_or((VALUE, true));
        let key = |i: &u32| {
            self.lines.get(*i as usize).map_or((0.0, String::new()), |l| match column {
                NAME | CURRENCY | DAYS => (0.0, self.text(l, column).text.to_lowercase()),
                SERIES => (l.series as f64, String::new()),
                VALUE => (l.value, String::new()),
                _ => (own(l, column).unwrap_or(f64::NEG_INFINITY), String::new()),
            })
        };
        let mut keyed: Vec<((f64, String), u32)> = view.iter().map(|i| (key(i), *i)).collect();
        keyed.sort_by(|a, b| {
            let order = a.0.0.total_cmp(&b.0.0).then_with(|| a.0.1.cmp(&b.0.1));
            (if down { order.reverse() } else { order }).then(a.1.cmp(&b.1))
        });
        self.view = keyed.into_iter().map(|k| k.1).collect();
    }

    /// Suppliers in all, and those without an order cost.
    pub fn counts(&self) -> (usize, usize) {
        (self.lines.len(), self.lines.iter().filter(|l| l.row.as_ref().is_none_or(|r| r.order_cost.is_none())).count())
    }

    fn line(&self, row: usize) -> Option<&Line> {
        self.view.get(row).and_then(|i| self.lines.get(*i as usize))
    }

    fn text<'a>(&self, l: &'a Line, column: usize) -> GridCell<'a> {
        let r = l.row.as_ref();
        match column {
            NAME => given(&*l.name),
            SERIES => given(crate::base::text::grouped(l.series as f64, 0)),
            VALUE if l.money_assumed => assumed(self.money.text(l.value), "some of it rests on an assumed cost"),
            VALUE => given(self.money.text(l.value)),
            CURRENCY => match r.and_then(|r| r.currency.as_deref()) {
                Some(c) => given(c),
                None => assumed("project’s", "no currency is given: the project's own"),
            },
            DAYS => match r.map(|r| days(&r.order_days)).filter(|d| !d.is_empty()) {
                Some(d) => given(d),
                None => assumed("any day", "no days are given: orders are taken every day"),
            },
            _ => match own(l, column) {
                Some(x) => given(cells::shown(x)),
                None if column == ORDER_COST => assumed("0", "no order cost is given: taken as nothing, unless the scenario states one"),
                None => assumed("none", "not given"),
            },
        }
    }

    /// What was written as one edit, and what was refused.
    pub fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
        let mut rows: BTreeMap<usize, SupplierRow> = BTreeMap::new();
        let (mut refused, mut done, mut last) = (Vec::new(), 0usize, None);
        for (row, column, text) in written {
            let (Some(l), Some(c)) = (self.line(*row), COLUMNS.get(*column)) else { continue };
            let at = self.view.get(*row).copied().unwrap_or_default() as usize;
            let r = rows.entry(at).or_insert_with(|| l.row.clone().unwrap_or_else(|| blank(l.name.clone())));
            match write(r, *column, text) {
                Ok(()) => {
                    done += 1;
                    last = Some(format!("{} of {}", c.name.to_lowercase(), l.name));
                }
                Err(why) => refused.push(Refused { row: row + 1, name: l.name.to_string(), column: c.name, why }),
            }
        }
        let changes: Vec<(Arc<str>, Option<SupplierRow>)> = rows
            .into_iter()
            .filter_map(|(at, r)| self.lines.get(at).map(|l| (l, r)))
            .filter(|(l, r)| l.row.as_ref().map_or(*r != blank(l.name.clone()), |old| old != r))
            .map(|(l, r)| (l.name.clone(), Some(r)))
            .collect();
        let label = match (done, last) {
            (1, Some(what)) => format!("set {what}"),
            _ => format!("set {} of suppliers", crate::base::text::plural(done, "cell")),
        };
        ((!changes.is_empty()).then(|| Edit::one(label, Change::SupplierRows(changes))), refused)
    }
}

fn own(l: &Line, column: usize) -> Option<f64> {
    let r = l.row.as_ref()?;
    match column {
        ORDER_COST => r.order_cost,
        MINIMUM => r.minimum_value,
        KG => r.container_kg,
        M3 => r.container_m3,
        _ => None,
    }
}

fn days(days: &[u32]) -> String {
    days.iter().filter_map(|d| WEEK.get(*d as usize)).copied().collect::<Vec<_>>().join(" ")
}

fn blank(supplier: Arc<str>) -> SupplierRow {
    SupplierRow {
        supplier,
        currency: None,
        order_days: Vec::new(),
        minimum_value: None,
        order_cost: None,
        container_kg: None,
        container_m3: None,
        line: 0,
    }
}

fn write(r: &mut SupplierRow, column: usize, text: &str) -> Result<(), String> {
    match column {
        ORDER_COST => r.order_cost = cells::number(text, 0.0, false)?,
        MINIMUM => r.minimum_value = cells::number(text, 0.0, false)?,
        KG => r.container_kg = cells::number(text, 0.0, true)?,
        M3 => r.container_m3 = cells::number(text, 0.0, true)?,
        CURRENCY => {
            let code = text.trim().to_uppercase();
            let letters = code.len() == 3 && code.bytes().all(|b| b.is_ascii_alphabetic());
            if !(letters || code.is_empty()) {
                return Err("a currency has three letters, such as GBP".into());
            }
            r.currency = Some(code).filter(|c| !c.is_empty());
        }
        DAYS => {
            let mut found = Vec::new();
            for word in text.split([' ', ',', ';', '/', '+']).filter(|w| !w.is_empty()) {
                let short: String = word.to_lowercase().chars().take(3).collect();
                let day = WEEK.iter().position(|d| *d == short).ok_or_else(|| "write days as mon, tue, wed …".to_owned())?;
                found.push(day as u32);
            }
            found.sort_unstable();
            found.dedup();
            r.order_days = found;
        }
        _ => return Err("this column cannot be changed here".into()),
    }
    Ok(())
}

impl Sheet for Suppliers {
    fn columns(&self) -> &[GridColumn] {
        &COLUMNS
    }
    fn rows(&self) -> usize {
        self.view.len()
    }
    fn name(&self, row: usize) -> &str {
        self.line(row).map_or("", |l| &l.name)
    }
    fn cell(&self, row: usize, column: usize) -> GridCell<'_> {
        self.line(row).map_or_else(GridCell::default, |l| self.text(l, column))
    }
    fn given(&self, row: usize, column: usize) -> Cow<'_, str> {
        let Some(l) = self.line(row) else { return Cow::Borrowed("") };
        match column {
            NAME => Cow::Borrowed(&l.name),
            SERIES | VALUE => Cow::Borrowed(""),
            CURRENCY => l.row.as_ref().and_then(|r| r.currency.as_deref()).map_or(Cow::Borrowed(""), Cow::Borrowed),
            DAYS => l.row.as_ref().map_or(Cow::Borrowed(""), |r| Cow::Owned(days(&r.order_days))),
            _ => cells::plain(own(l, column)),
        }
    }
}
