//! The grid of stock on hand: one row a series, what was counted, what is assumed where nobody counted.

use super::cells::{self, Refused, assumed, fixed, given, typed};
use crate::app::places::items::columns::at_stake;
use crate::app::session::Session;
use crate::app::widgets::grid::{GridCell, GridColumn, Sheet};
use crate::base::Stamp;
use crate::history::model::{Scope, StockRow};
use crate::project::{Change, Edit};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

struct Line {
    scope: Scope,
    item: Arc<str>,
    location: Arc<str>,
    name: Arc<str>,
    rows: Vec<StockRow>,
    /// Units that the simulation starts with.
    used: Option<f64>,
    assumed: bool,
    money_assumed: bool,
    stake: f64,
}

/// The grid's content.
#[derive(Default)]
pub struct Stock {
    lines: Vec<Line>,
    view: Vec<u32>,
    money: crate::app::format::Money,
}

const ITEM: usize = 0;
const NAME: usize = 1;
const LOCATION: usize = 2;
const STAKE: usize = 3;
const ON_HAND: usize = 4;
const COMMITTED: usize = 5;
const UNAVAILABLE: usize = 6;
const AS_OF: usize = 7;

const COLUMNS: [GridColumn; 8] = [
    fixed("Item", "The code of the item, as the sales file has it", 110.0, false),
    fixed("Name", "Name for people", 240.0, false),
    fixed("Location", "Where it is stocked", 120.0, false),
    fixed("At stake", "Expected stockout and overstock cost over the horizon, and what waiting one review costs", 90.0, true),
    typed("On hand", "Units in the building", 90.0, true),
    typed("Committed", "Units already promised to customers", 90.0, true),
    typed("Unavailable", "Units that cannot be sold: damaged, quarantined", 96.0, true),
    typed("Counted on", "The day it was counted, YYYY-MM-DD; empty: the end of the last period of the sales", 110.0, false),
];

impl Stock {
    /// Reads the session anew.
    pub fn build(&mut self, s: &Session) {
        self.money = s.money.clone();
        let document = s.project.document();
        let Some(history) = document.sales.as_ref().map(|s| &s.history) else {
            self.lines.clear();
            self.view.clear();
            return;
        };
        let mut by_scope: HashMap<&Scope, Vec<StockRow>> = HashMap::new();
        for r in &document.masters.stock {
            by_scope.entry(&r.scope).or_default().push(r.clone());
        }
        let rows: HashMap<usize, &crate::app::rows::Row> = s.rows.iter().map(|r| (r.series, r)).collect();
        let several = history.series.iter().map(|x| &x.location).collect::<BTreeSet<_>>().len() > 1;
        let before = self.lines.len();
        self.lines = history
            .series
            .iter()
            .enumerate()
            .map(|(i, x)| {
                // a row for the item anywhere speaks of one series only while there is one location
                let everywhere = (!several).then(|| Scope::Item(x.item.clone()));
                let scopes =
                    [Some(Scope::UniqueId(x.unique_id.clone())), Some(Scope::ItemAt(x.item.clone(), x.location.clone())), everywhere];
                let found = scopes.into_iter().flatten().find(|sc| by_scope.contains_key(sc));
                let usual = if several { Scope::ItemAt(x.item.clone(), x.location.clone()) } else { Scope::Item(x.item.clone()) };
                let scope = found.unwrap_or(usual);
                let row = rows.get(&i);
                Line {
                    rows: by_scope.get(&scope).cloned().unwrap_or_default(),
                    scope,
                    item: x.item.clone(),
                    location: x.location.clone(),
                    name: row.map(|r| r.name.clone()).or_else(|| x.description.clone()).unwrap_or_else(|| "".into()),
                    used: row.map(|r| r.on_hand),
                    assumed: row.is_some_and(|r| r.stock_assumed),
                    money_assumed: row.is_some_and(|r| r.money_assumed),
                    stake: row.map_or(0.0, |r| at_stake(r)),
                }
            })
            .collect();
        if before != self.lines.len() {
            self.view = (0..self.lines.len() as u32).collect();
        }
    }

    /// Puts lines in order and leaves those out that are not looked for.
    pub fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>) {
        let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let (column, down) = sort.unwrap_or((STAKE, true));
        let mut keyed: Vec<((f64, String), u32)> = Vec::new();
        for (i, l) in self.lines.iter().enumerate() {
            let hay = format!("{} {} {}", l.item, l.name, l.location).to_lowercase();
            if only_assumed && !l.rows.is_empty() || !words.iter().all(|w| hay.contains(w.as_str())) {
                continue;
            }
            let key = match column {
                ITEM => (0.0, l.item.to_lowercase()),
                NAME => (0.0, l.name.to_lowercase()),
                LOCATION => (0.0, l.location.to_lowercase()),
                STAKE => (l.stake, String::new()),
                AS_OF => (l.rows.first().and_then(|r| r.as_of).map_or(f64::NEG_INFINITY, |d| d.0 as f64), String::new()),
                _ => (sum(l, column).or(l.used).unwrap_or(f64::NEG_INFINITY), String::new()),
            };
            keyed.push((key, i as u32));
        }
        keyed.sort_by(|a, b| {
            let order = a.0.0.total_cmp(&b.0.0).then_with(|| a.0.1.cmp(&b.0.1));
            (if down { order.reverse() } else { order }).then(a.1.cmp(&b.1))
        });
        self.view = keyed.into_iter().map(|k| k.1).collect();
    }

    /// Lines in all, and those that nobody counted.
    pub fn counts(&self) -> (usize, usize) {
        (self.lines.len(), self.lines.iter().filter(|l| l.rows.is_empty()).count())
    }

    fn line(&self, row: usize) -> Option<&Line> {
        self.view.get(row).and_then(|i| self.lines.get(*i as usize))
    }

    /// What was written as one edit, and what was refused.
    pub fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
        let mut rows: BTreeMap<usize, Option<StockRow>> = BTreeMap::new();
        let (mut refused, mut done, mut last) = (Vec::new(), 0usize, None);
        for (row, column, text) in written {
            let (Some(l), Some(c)) = (self.line(*row), COLUMNS.get(*column)) else { continue };
            let at = self.view.get(*row).copied().unwrap_or_default() as usize;
            let refuse = |why: String| Refused { row: row + 1, name: format!("{} {}", l.item, l.location), column: c.name, why };
            if l.rows.len() > 1 {
                refused.push(refuse("it is counted in several batches; change them in the stock file".into()));
                continue;
            }
            let slot = rows.entry(at).or_insert_with(|| l.rows.first().cloned());
            match write(slot, &l.scope, *column, text) {
                Ok(()) => {
                    done += 1;
                    last = Some(format!("{} of {} {}", c.name.to_lowercase(), l.item, l.location));
                }
                Err(why) => refused.push(refuse(why)),
            }
        }
        let changes: Vec<(Scope, Vec<StockRow>)> = rows
            .into_iter()
            .filter_map(|(at, r)| self.lines.get(at).map(|l| (l, r)))
            .filter(|(l, r)| l.rows.first() != r.as_ref())
            .map(|(l, r)| (l.scope.clone(), r.into_iter().collect()))
            .collect();
        let label = match (done, last) {
            (1, Some(what)) => format!("set {what}"),
            _ => format!("set {} of stock", crate::base::text::plural(done, "cell")),
        };
        ((!changes.is_empty()).then(|| Edit::one(label, Change::StockRows(changes))), refused)
    }
}

fn sum(l: &Line, column: usize) -> Option<f64> {
    if l.rows.is_empty() {
        return None;
    }
    let of = |r: &StockRow| match column {
        ON_HAND => r.on_hand,
        COMMITTED => r.committed,
        UNAVAILABLE => r.unavailable,
        _ => f64::NAN,
    };
    Some(l.rows.iter().map(of).sum())
}

fn write(slot: &mut Option<StockRow>, scope: &Scope, column: usize, text: &str) -> Result<(), String> {
    let number = cells::number(text, 0.0, false);
    if column == ON_HAND && text.trim().is_empty() {
        // nobody counted: the row goes, the assumption comes back
        *slot = None;
        return Ok(());
    }
    let counted = slot.is_some();
    let mut row = slot.clone().unwrap_or_else(|| StockRow {
        scope: scope.clone(),
        on_hand: 0.0,
        committed: 0.0,
        unavailable: 0.0,
        as_of: None,
        expires: None,
        line: 0,
    });
    match column {
        ON_HAND => row.on_hand = number?.unwrap_or(0.0),
        _ if !counted && text.trim().is_empty() => return Ok(()),
        _ if !counted => return Err("say first how many are on hand".into()),
        COMMITTED => row.committed = number?.unwrap_or(0.0),
        UNAVAILABLE => row.unavailable = number?.unwrap_or(0.0),
        AS_OF => row.as_of = date(text)?,
        _ => return Err("this column cannot be changed here".into()),
    }
    *slot = Some(row);
    Ok(())
}

fn date(text: &str) -> Result<Option<Stamp>, String> {
    let t = text.trim();
    if t.is_empty() {
        return Ok(None);
    }
    let mut parts = t.split('-');
    let mut next = || parts.next().and_then(|p| p.parse::<i32>().ok());
    let stamp = next().zip(next()).zip(next()).and_then(|((y, m), d)| Stamp::from_ymd(y, u32::try_from(m).ok()?, u32::try_from(d).ok()?));
    stamp.map(Some).ok_or_else(|| "write the date as YYYY-MM-DD".into())
}

impl Sheet for Stock {
    fn columns(&self) -> &[GridColumn] {
        &COLUMNS
    }
    fn rows(&self) -> usize {
        self.view.len()
    }
    fn name(&self, row: usize) -> &str {
        self.line(row).map_or("", |l| &l.item)
    }
    fn cell(&self, row: usize, column: usize) -> GridCell<'_> {
        let Some(l) = self.line(row) else { return GridCell::default() };
        match column {
            ITEM => given(&*l.item),
            NAME => given(&*l.name),
            LOCATION => given(&*l.location),
            STAKE if l.used.is_none() => GridCell::default(),
            STAKE if l.money_assumed => assumed(self.money.short(l.stake), "rests on an assumed cost or price"),
            STAKE => given(self.money.short(l.stake)),
            AS_OF => match (l.rows.first(), l.rows.first().and_then(|r| r.as_of)) {
                (_, Some(d)) => given(d.iso()),
                (Some(_), None) => assumed("end of sales", "no date is given: taken as the end of the last period"),
                (None, _) => GridCell::default(),
            },
            _ => match (sum(l, column), l.used) {
                (Some(x), _) if l.rows.len() > 1 => GridCell {
                    why: format!(
                        "{} with expiry dates; change them in the stock file",
                        crate::base::text::plural(l.rows.len(), "batch").replace("batchs", "batches")
                    )
                    .into(),
                    ..given(cells::shown(x))
                },
                (Some(x), _) => given(cells::shown(x)),
                (None, Some(x)) if column == ON_HAND && l.assumed => {
                    assumed(cells::shown(x), "assumed: just enough for expected demand over lead time and review")
                }
                (None, Some(x)) if column == ON_HAND => assumed(cells::shown(x), "from the stock level in the sales file"),
                _ => GridCell::default(),
            },
        }
    }
    fn given(&self, row: usize, column: usize) -> Cow<'_, str> {
        let Some(l) = self.line(row) else { return Cow::Borrowed("") };
        match column {
            ITEM => Cow::Borrowed(&l.item),
            NAME => Cow::Borrowed(&l.name),
            LOCATION => Cow::Borrowed(&l.location),
            STAKE => Cow::Borrowed(""),
            AS_OF => l.rows.first().and_then(|r| r.as_of).map_or(Cow::Borrowed(""), |d| Cow::Owned(d.iso())),
            _ => cells::plain(sum(l, column)),
        }
    }
}
