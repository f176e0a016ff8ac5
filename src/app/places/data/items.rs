//! The grid of items: what the items file says, what is assumed where it says nothing, and what typing changes.

use super::cells::{self, Refused, assumed, fixed, given, typed};
use crate::app::format::Money;
use crate::app::places::items::columns::at_stake;
use crate::app::session::Session;
use crate::app::widgets::grid::{GridCell, GridColumn, Sheet};
use crate::history::model::{ItemRow, LeadTimeCell, Scope};
use crate::project::{Change, Edit};
use crate::scenario::resolve::{Assumed, Stocked};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What is used for an item where its own row says nothing.
#[derive(Debug, Clone, Default, PartialEq)]
struct Used {
    cost: f64,
    price: Option<f64>,
    supplier: Arc<str>,
    lead_days: f64,
    lead_source: Arc<str>,
    pack: f64,
    minimum: f64,
    weight: f64,
    volume: f64,
    cost_assumed: bool,
    supplier_assumed: bool,
    lead_assumed: bool,
}

/// One line of the grid.
#[derive(Debug, Clone)]
struct Line {
    scope: Scope,
    item: Arc<str>,
    location: Arc<str>,
    name: Arc<str>,
    /// Position in the table of items, where it has a row.
    row: Option<usize>,
    used: Option<Used>,
    /// Expected cost of stockouts and overstock, money.
    stake: f64,
    sold: bool,
}

/// The grid's content.
#[derive(Default)]
pub struct Items {
    lines: Vec<Line>,
    rows: Vec<ItemRow>,
    /// Lines in view.
    view: Vec<u32>,
    money: Money,
    period_days: f64,
    cost_share: f64,
}

const ITEM: usize = 0;
const NAME: usize = 1;
const LOCATION: usize = 2;
const STAKE: usize = 3;
const COST: usize = 4;
const PRICE: usize = 5;
const SUPPLIER: usize = 6;
const LEAD: usize = 7;
const PACK: usize = 8;
const MINIMUM: usize = 9;
const WEIGHT: usize = 10;
const VOLUME: usize = 11;
const LIFE: usize = 12;
const CATEGORY: usize = 13;

const COLUMNS: [GridColumn; 14] = [
    fixed("Item", "The code of the item, as the sales file has it", 96.0, false),
    typed("Name", "Name for people", 180.0, false),
    fixed("Location", "Where the row counts; everywhere, unless the row names a location", 84.0, false),
    fixed(
        "At stake",
        "Expected stockout and overstock cost over the horizon: the rows on which a mistake costs most stand first",
        84.0,
        true,
    ),
    typed("Cost", "Landed cost per unit, net", 66.0, true),
    typed("Price", "Selling price per unit, net", 66.0, true),
    typed("Supplier", "Who delivers it", 120.0, false),
    typed("Lead time", "Days from order to arrival", 78.0, true),
    typed("Pack", "Units per pack; orders are whole packs", 56.0, true),
    typed("Minimum", "Smallest order, units", 74.0, true),
    typed("Weight kg", "Kilograms per unit, packaging included", 80.0, true),
    typed("Volume m³", "Cubic metres per unit", 84.0, true),
    typed("Keeps days", "Shelf life: days until a unit received today has to be thrown away; empty where it keeps", 86.0, true),
    typed("Category", "For grouping", 96.0, false),
];

impl Items {
    /// Reads the session anew.
    pub fn build(&mut self, s: &Session) {
        let document = s.project.document();
        self.rows.clone_from(&document.masters.items);
        self.money = s.money.clone();
        let Some(history) = s.inputs.history.as_ref().or(document.sales.as_ref().map(|s| &s.history)) else {
            self.lines.clear();
            self.view.clear();
            return;
        };
        self.period_days = history.period.days();
        self.cost_share = document.active().plan.cost.cost_share;
        let by_scope: HashMap<&Scope, usize> = self.rows.iter().enumerate().map(|(i, r)| (&r.scope, i)).collect();
        let mut stocked: HashMap<usize, &Stocked> = HashMap::new();
        for o in s.outcome.iter().flat_map(|o| &o.series) {
            stocked.insert(o.stocked.series, &o.stocked);
        }
        let stakes: HashMap<usize, f64> = s.rows.iter().map(|r| (r.series, at_stake(r))).collect();
        let mut by_item: BTreeMap<&Arc<str>, Vec<usize>> = BTreeMap::new();
        for (i, series) in history.series.iter().enumerate() {
            by_item.entry(&series.item).or_default().push(i);
        }
        let everywhere: Arc<str> = "".into();
        let mut lines = Vec::with_capacity(by_item.len());
        let mut seen = vec![false; self.rows.len()];
        for (item, series) in &by_item {
            let mut rest = Vec::new();
            for &i in series {
                let Some(x) = history.series.get(i) else { continue };
                let own = [Scope::UniqueId(x.unique_id.clone()), Scope::ItemAt(x.item.clone(), x.location.clone())];
                let Some((scope, row)) = own.into_iter().find_map(|sc| by_scope.get(&sc).map(|r| (sc.clone(), *r))) else {
                    rest.push(i);
                    continue;
                };
                seen.iter_mut().skip(row).take(1).for_each(|s| *s = true);
                lines.push(Line {
                    scope,
                    item: x.item.clone(),
                    location: x.location.clone(),
                    name: naming(stocked.get(&i).copied(), x.description.as_ref()),
                    row: Some(row),
                    used: stocked.get(&i).map(|s| Used::of(&[s], self.period_days)),
                    stake: stakes.get(&i).copied().unwrap_or(0.0),
                    sold: true,
                });
            }
            let scope = Scope::Item((*item).clone());
            let row = by_scope.get(&scope).copied();
            if let Some(r) = row {
                seen.iter_mut().skip(r).take(1).for_each(|s| *s = true);
            }
            if rest.is_empty() && row.is_none() {
                continue;
            }
            let mine: Vec<&Stocked> = rest.iter().filter_map(|i| stocked.get(i).copied()).collect();
            let described = series.iter().find_map(|i| history.series.get(*i).and_then(|x| x.description.as_ref()));
            lines.push(Line {
                scope,
                item: (*item).clone(),
                location: everywhere.clone(),
                name: naming(mine.first().copied(), described),
                row,
                used: (!mine.is_empty()).then(|| Used::of(&mine, self.period_days)),
                stake: rest.iter().filter_map(|i| stakes.get(i)).sum(),
                sold: true,
            });
        }
        for (i, r) in self.rows.iter().enumerate().filter(|(i, _)| !seen.get(*i).copied().unwrap_or(true)) {
            let (item, location) = match &r.scope {
                Scope::UniqueId(a) | Scope::Item(a) => (a.clone(), everywhere.clone()),
                Scope::ItemAt(a, b) => (a.clone(), b.clone()),
            };
            let name = r.description.as_deref().map_or_else(|| everywhere.clone(), Arc::from);
            lines.push(Line { scope: r.scope.clone(), item, location, name, row: Some(i), used: None, stake: 0.0, sold: false });
        }
        let same = lines.len() == self.lines.len() && lines.iter().zip(&self.lines).all(|(a, b)| a.scope == b.scope);
        self.lines = lines;
        if !same {
            self.view = (0..self.lines.len() as u32).collect();
        }
    }

    /// Puts lines in order and leaves those out that are not looked for. `sort`: column and whether the largest comes first; none: by money.
    pub fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>) {
        let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut view: Vec<u32> = (0..self.lines.len() as u32).collect();
        view.retain(|i| {
            let Some(l) = self.lines.get(*i as usize) else { return false };
            if only_assumed && !self.is_assumed(l) {
                return false;
            }
            if words.is_empty() {
                return true;
            }
            let supplier = l.used.as_ref().map_or("", |u| &*u.supplier);
            let row = l.row.and_then(|r| self.rows.get(r));
            let category = row.and_then(|r| r.category.as_deref()).unwrap_or_default();
            let hay = format!("{} {} {} {supplier} {category}", l.item, l.name, l.location).to_lowercase();
            words.iter().all(|w| hay.contains(w.as_str()))
        });
        let key = |i: &u32, column: usize| -> (f64, String) {
            let Some(l) = self.lines.get(*i as usize) else { return (0.0, String::new()) };
            match column {
                STAKE => (l.stake, String::new()),
                ITEM | NAME | LOCATION | SUPPLIER | CATEGORY => (0.0, self.text(l, column).text.to_lowercase()),
                _ => (self.value(l, column).unwrap_or(f64::NEG_INFINITY), String::new()),
            }
        };
        let (column, down) = sort.unwrap_or((STAKE, true));
        let mut keyed: Vec<((f64, String), u32)> = view.iter().map(|i| (key(i, column), *i)).collect();
        keyed.sort_by(|a, b| {
            let order = a.0.0.total_cmp(&b.0.0).then_with(|| a.0.1.cmp(&b.0.1));
            (if down { order.reverse() } else { order }).then(a.1.cmp(&b.1))
        });
        self.view = keyed.into_iter().map(|k| k.1).collect();
    }

    /// Lines in all, and those with a cost, price, supplier or lead time that nobody gave.
    pub fn counts(&self) -> (usize, usize) {
        (self.lines.len(), self.lines.iter().filter(|l| self.is_assumed(l)).count())
    }

    fn is_assumed(&self, l: &Line) -> bool {
        let used = l.used.as_ref();
        used.is_some_and(|u| u.cost_assumed || u.supplier_assumed || u.lead_assumed || u.price.is_none())
    }

    fn line(&self, row: usize) -> Option<&Line> {
        self.view.get(row).and_then(|i| self.lines.get(*i as usize))
    }

    fn row(&self, l: &Line) -> Option<&ItemRow> {
        l.row.and_then(|r| self.rows.get(r))
    }

    /// The number that stands in a column of the item's row.
    fn own(&self, l: &Line, column: usize) -> Option<f64> {
        let r = self.row(l)?;
        match column {
            COST => r.cost,
            PRICE => r.price,
            LEAD => r.lead_time.map(|c| match c {
                LeadTimeCell::Days(d) => d,
                LeadTimeCell::Periods(p) => p * self.period_days,
            }),
            PACK => r.pack_size,
            MINIMUM => r.minimum,
            WEIGHT => r.weight_kg,
            VOLUME => r.volume_m3,
            LIFE => r.shelf_life_days,
            _ => None,
        }
    }

    fn value(&self, l: &Line, column: usize) -> Option<f64> {
        let u = l.used.as_ref();
        self.own(l, column).or_else(|| match column {
            COST => u.map(|u| u.cost),
            PRICE => u.and_then(|u| u.price),
            LEAD => u.map(|u| u.lead_days),
            PACK => u.map(|u| u.pack),
            MINIMUM => u.map(|u| u.minimum),
            WEIGHT => u.map(|u| u.weight),
            VOLUME => u.map(|u| u.volume),
            _ => None,
        })
    }

    fn text<'a>(&'a self, l: &'a Line, column: usize) -> GridCell<'a> {
        let u = l.used.as_ref();
        let row = self.row(l);
        match column {
            ITEM => match l.sold {
                true => given(&*l.item),
                false => GridCell { odd: true, why: "nothing of this name was sold: check the spelling".into(), ..given(&*l.item) },
            },
            NAME => match row.and_then(|r| r.description.as_deref()) {
                Some(own) => given(own),
                None => assumed(&*l.name, if l.name.is_empty() { "" } else { "from the sales file" }),
            },
            LOCATION => match l.location.is_empty() {
                true => assumed("everywhere", ""),
                false => given(&*l.location),
            },
            STAKE if u.is_none() => assumed("", ""),
            STAKE => match u.is_some_and(|u| u.cost_assumed) {
                true => assumed(self.money.short(l.stake), "rests on an assumed cost"),
                false => given(self.money.short(l.stake)),
            },
            SUPPLIER => match (row.and_then(|r| r.supplier.as_deref()), u) {
                (Some(own), _) => given(own),
                (None, Some(u)) if u.supplier_assumed => {
                    assumed("unknown", "no file names a supplier; all such items are taken to come from one")
                }
                (None, Some(u)) => assumed(&*u.supplier, "from the suppliers' items file"),
                (None, None) => assumed("", ""),
            },
            CATEGORY => row.and_then(|r| r.category.as_deref()).map_or_else(|| assumed("", ""), given),
            _ => self.figure(l, column),
        }
    }

    /// A cell with a number.
    fn figure<'a>(&self, l: &'a Line, column: usize) -> GridCell<'a> {
        let own = self.own(l, column);
        let Some(u) = l.used.as_ref() else { return own.map_or_else(|| assumed("", ""), |x| given(cells::shown(x))) };
        let sold = "from what was sold lately, revenue over units";
        let (used, text, why): (f64, String, Cow<'_, str>) = match column {
            COST if u.cost_assumed && u.cost > 0.0 => {
                (u.cost, cells::money(u.cost), format!("assumed: {} % of the selling price", cells::shown(self.cost_share * 100.0)).into())
            }
            COST if u.cost_assumed => (u.cost, "unknown".into(), "neither a cost nor a price is known".into()),
            COST => (u.cost, cells::money(u.cost), "from the suppliers' items file".into()),
            PRICE => match u.price {
                Some(p) => (p, cells::money(p), sold.into()),
                None => (f64::NAN, "unknown".into(), "no file gives a price, and sales carry no money".into()),
            },
            LEAD => {
                let from = if u.lead_assumed { "assumed: nobody says".to_owned() } else { format!("from {}", u.lead_source) };
                (u.lead_days, cells::shown(u.lead_days), format!("{from}, rounded up to whole periods").into())
            }
            PACK if u.pack <= 0.0 => (0.0, "any".into(), "no pack size is given: any number can be ordered".into()),
            PACK => (u.pack, cells::shown(u.pack), "from the suppliers' items file".into()),
            MINIMUM if u.minimum <= 0.0 => (0.0, "none".into(), "no smallest order is given".into()),
            MINIMUM => (u.minimum, cells::shown(u.minimum), "from the suppliers' items file".into()),
            WEIGHT => (u.weight, cells::shown(u.weight), "assumed: the scenario's usual weight".into()),
            VOLUME => (u.volume, cells::shown(u.volume), "assumed: the scenario's usual volume".into()),
            LIFE => (f64::NAN, "keeps".into(), "no shelf life is given: it does not expire".into()),
            _ => (f64::NAN, String::new(), "".into()),
        };
        let Some(own) = own else { return assumed(text, why) };
        let wrong = match column {
            // rounded up to whole periods
            LEAD => {
                let whole = (own / self.period_days - 1e-9).ceil().max(0.0) * self.period_days;
                u.lead_source.contains("recorded") && (whole - u.lead_days).abs() > 0.5 * self.period_days
            }
            PACK | MINIMUM | COST | PRICE => used.is_finite() && (used - own).abs() > 1e-9 * own.abs().max(1.0),
            _ => false,
        };
        let text = if matches!(column, COST | PRICE) { cells::money(own) } else { cells::shown(own) };
        if wrong {
            let by = if column == LEAD { u.lead_source.to_string() } else { "a more particular file or adjustment".to_owned() };
            GridCell {
                text: text.into(),
                assumed: false,
                odd: true,
                why: format!("in use is {}: {by} counts more than this cell", cells::shown(used)).into(),
            }
        } else {
            given(text)
        }
    }

    /// What was written as one edit, and what was refused. The label names the item where it is one.
    pub fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
        let mut rows: BTreeMap<usize, ItemRow> = BTreeMap::new();
        let (mut refused, mut done, mut last) = (Vec::new(), 0usize, None);
        for (row, column, text) in written {
            let (Some(line), Some(c)) = (self.line(*row), COLUMNS.get(*column)) else { continue };
            let at = self.view.get(*row).copied().unwrap_or_default() as usize;
            let r = rows.entry(at).or_insert_with(|| self.row(line).cloned().unwrap_or_else(|| ItemRow::about(line.scope.clone(), None)));
            match write(r, *column, text) {
                Ok(()) => {
                    done += 1;
                    last = Some((c.name, if line.name.is_empty() { line.item.clone() } else { line.name.clone() }));
                }
                Err(why) => refused.push(Refused { row: row + 1, name: line.item.to_string(), column: c.name, why }),
            }
        }
        let changes: Vec<(Scope, Option<ItemRow>)> = rows
            .into_iter()
            .filter(|(at, r)| self.lines.get(*at).and_then(|l| self.row(l)).is_none_or(|old| old != r))
            .map(|(_, r)| (r.scope.clone(), (!is_blank(&r)).then_some(r)))
            // nothing where nothing was is no change
            .filter(|(scope, r)| r.is_some() || self.rows.iter().any(|old| old.scope == *scope))
            .collect();
        let label = match (done, last) {
            (1, Some((column, item))) => format!("set {} of {item}", column.to_lowercase()),
            _ => format!("set {} of items", crate::base::text::plural(done, "cell")),
        };
        ((!changes.is_empty()).then(|| Edit::one(label, Change::ItemRows(changes))), refused)
    }

    /// The items as a table that can be edited in a spreadsheet and dropped back: what is given, nothing assumed.
    pub fn template(&self) -> crate::report::Table {
        use crate::report::{Column, Table};
        let lines: Vec<(&Line, Option<&ItemRow>)> = self.lines.iter().map(|l| (l, self.row(l))).collect();
        let text =
            |name: &str, f: &dyn Fn(&Line, Option<&ItemRow>) -> Option<String>| Column::text_opt(name, lines.iter().map(|(l, r)| f(l, *r)));
        let figure = |name: &str, f: &dyn Fn(&ItemRow) -> Option<f64>| {
            Column::exact(name, lines.iter().map(|(_, r)| r.and_then(f).unwrap_or(f64::NAN)))
        };
        let mut columns = vec![
            text("item", &|l, _| (!matches!(l.scope, Scope::UniqueId(_))).then(|| l.item.to_string())),
            text("location", &|l, _| if let Scope::ItemAt(_, at) = &l.scope { Some(at.to_string()) } else { None }),
            text("unique_id", &|l, _| if let Scope::UniqueId(id) = &l.scope { Some(id.to_string()) } else { None }),
            text("description", &|l, r| {
                r.and_then(|r| r.description.clone()).or_else(|| Some(l.name.to_string())).filter(|n| !n.is_empty())
            }),
            text("category", &|_, r| r.and_then(|r| r.category.as_deref()).map(str::to_owned)),
            text("supplier", &|_, r| r.and_then(|r| r.supplier.as_deref()).map(str::to_owned)),
            figure("cost", &|r| r.cost),
            figure("price", &|r| r.price),
            figure("lead_time_days", &|r| r.lead_time.and_then(|c| if let LeadTimeCell::Days(d) = c { Some(d) } else { None })),
            figure("lead_time", &|r| r.lead_time.and_then(|c| if let LeadTimeCell::Periods(p) = c { Some(p) } else { None })),
            figure("pack_size", &|r| r.pack_size),
            figure("minimum", &|r| r.minimum),
            figure("weight_kg", &|r| r.weight_kg),
            figure("volume_m3", &|r| r.volume_m3),
            figure("shelf_life_days", &|r| r.shelf_life_days),
            figure("holding", &|r| r.holding),
            figure("shortage", &|r| r.shortage),
            text("status", &|_, r| r.filter(|r| r.discontinued).map(|_| "discontinued".to_owned())),
            text("price_breaks", &|_, r| r.and_then(|r| r.price_breaks.as_ref()).map(ToString::to_string)),
            figure("kg_co2e", &|r| r.kg_co2e),
            text("successor", &|_, r| r.and_then(|r| r.successor.as_deref()).map(str::to_owned)),
        ];
        // what few files have stands there only where it says something
        let rare = ["location", "unique_id", "lead_time", "holding", "shortage", "status", "price_breaks", "kg_co2e", "successor"];
        columns.retain(|c| !rare.contains(&c.name.as_str()) || (0..lines.len()).any(|i| c.cell(i) != crate::report::table::Cell::Empty));
        Table::new(columns)
    }
}

impl Used {
    /// What is used for all of these series together: the mean where they differ.
    fn of(all: &[&Stocked], period_days: f64) -> Self {
        let Some(first) = all.first() else { return Self::default() };
        let n = all.len() as f64;
        let mean = |f: &dyn Fn(&Stocked) -> f64| all.iter().map(|s| f(s)).sum::<f64>() / n;
        let any = |a: Assumed| all.iter().any(|s| s.assumed.contains(&a));
        let prices: Vec<f64> = all.iter().filter_map(|s| s.price).collect();
        Self {
            cost: mean(&|s| s.costs.unit),
            price: (!prices.is_empty()).then(|| prices.iter().sum::<f64>() / prices.len() as f64),
            supplier: first.supplier.clone(),
            lead_days: mean(&|s| s.lead_time.mean()) * period_days,
            lead_source: first.lead_time_source.as_str().into(),
            pack: first.pack,
            minimum: first.minimum,
            weight: mean(&|s| s.weight_kg),
            volume: mean(&|s| s.volume_m3),
            cost_assumed: any(Assumed::Cost),
            supplier_assumed: any(Assumed::Supplier),
            lead_assumed: any(Assumed::LeadTime),
        }
    }
}

fn naming(stocked: Option<&Stocked>, described: Option<&Arc<str>>) -> Arc<str> {
    stocked.and_then(|s| s.description.clone()).or_else(|| described.cloned()).unwrap_or_else(|| "".into())
}

fn is_blank(r: &ItemRow) -> bool {
    *r == ItemRow { line: r.line, ..ItemRow::about(r.scope.clone(), None) }
}

fn write(r: &mut ItemRow, column: usize, text: &str) -> Result<(), String> {
    let number = |above| cells::number(text, 0.0, above);
    match column {
        NAME => r.description = cells::name(text).map(str::to_owned),
        COST => r.cost = number(false)?,
        PRICE => r.price = number(false)?,
        SUPPLIER => r.supplier = cells::name(text).map(Arc::from),
        LEAD => r.lead_time = number(false)?.map(LeadTimeCell::Days),
        PACK => r.pack_size = number(true)?,
        MINIMUM => r.minimum = number(false)?,
        WEIGHT => r.weight_kg = number(false)?,
        VOLUME => r.volume_m3 = number(false)?,
        LIFE => r.shelf_life_days = number(true)?,
        CATEGORY => r.category = cells::name(text).map(Arc::from),
        _ => return Err("this column cannot be changed here".into()),
    }
    Ok(())
}

impl Sheet for Items {
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
        self.line(row).map_or_else(GridCell::default, |l| self.text(l, column))
    }
    fn given(&self, row: usize, column: usize) -> Cow<'_, str> {
        let Some(l) = self.line(row) else { return Cow::Borrowed("") };
        let r = self.row(l);
        match column {
            ITEM => Cow::Borrowed(&l.item),
            LOCATION => Cow::Borrowed(&l.location),
            NAME => r.and_then(|r| r.description.as_deref()).map_or(Cow::Borrowed(""), Cow::Borrowed),
            SUPPLIER => r.and_then(|r| r.supplier.as_deref()).map_or(Cow::Borrowed(""), Cow::Borrowed),
            CATEGORY => r.and_then(|r| r.category.as_deref()).map_or(Cow::Borrowed(""), Cow::Borrowed),
            STAKE => Cow::Borrowed(""),
            _ => cells::plain(self.own(l, column)),
        }
    }
}
