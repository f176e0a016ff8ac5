//! What is known of the periods ahead: promotions, prices, opening days, holidays, from a file of the future whose columns the sales file has too.
//!
//! In: a sales file with one row a period (`unique_id, ds, y, promo, price, …`) and the future's file with the same columns. Out: [`Drivers`], each column
//! over the past and the horizon of every series, and a word about every column that is or is not used. A future file without `unique_id`, `item` and `location`
//! speaks of every series: one line a holiday is enough.

use super::model::{History, Series};
use super::names::{compact, is_personal, roles_of};
use super::number;
use super::options::{DateOrder, Role};
use super::recognised::Recognised;
use super::table::{self, Column, Table};
use super::values::{Codes, dates, decimal_mark, numbers};
use crate::base::diagnostic::nearest;
use crate::base::text::plural;
use crate::base::{Calendar, Diagnostic, Severity, Stamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// Different words a column may have to be a driver.
const MOST_WORDS: usize = 24;
/// Periods ahead beyond which a date is a slip.
const MOST_AHEAD: i64 = 20_000;
/// The word for a period of which a file of events says nothing.
const AT_REST: &str = "none";

/// What the values of a driver are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DriverKind {
    /// Two values, such as 0 and 1.
    Flag,
    /// A selling price: positive, its effect is an elasticity.
    Price,
    /// Any other number.
    Number,
    /// One of these words; values are indices into them.
    Words(Vec<String>),
    /// A dated event: the share of each period in which it is on, 0..=1.
    Event,
}

/// One column that is known of the past and ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// Its name in the sales file.
    pub name: String,
    /// What its values are.
    pub kind: DriverKind,
    /// Per cent more demand that somebody expects of it, for what the past does not show; events only.
    pub expected: Option<f64>,
}

/// Columns known ahead, for every series of a history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drivers {
    /// The columns, in the sales file's order.
    pub columns: Vec<Driver>,
    /// By series (in the history's order) and column: one value a period of the history and of the horizon, NaN where nothing is known.
    /// Beyond the last value nothing is known either.
    pub values: Vec<Vec<Vec<f32>>>,
    /// Periods ahead.
    pub horizon: usize,
    /// Which series are of one kind (a category), by series: events act alike on those. Empty: nothing is known of that.
    pub kinds: Vec<usize>,
}

/// Columns known ahead apart from any history, as a project keeps them: newer sales take what is theirs by name and date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownTable {
    /// The columns.
    pub columns: Vec<Driver>,
    /// What they are by series.
    pub series: Vec<KnownSeries>,
}

/// The columns of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownSeries {
    /// Its name.
    pub unique_id: Arc<str>,
    /// Start of the first period.
    pub start: Stamp,
    /// By column, a value a period; none where nothing is known.
    pub values: Vec<Vec<Option<f32>>>,
}

impl KnownTable {
    /// The columns of a history that are no events.
    pub fn of(history: &History, drivers: &Drivers) -> Option<Self> {
        let keep: Vec<usize> = (0..drivers.columns.len()).filter(|c| drivers.columns[*c].kind != DriverKind::Event).collect();
        if keep.is_empty() {
            return None;
        }
        let value = |v: &f32| v.is_finite().then_some(*v);
        let series = history.series.iter().zip(&drivers.values).map(|(s, v)| KnownSeries {
            unique_id: s.unique_id.clone(),
            start: s.start,
            values: keep.iter().filter_map(|c| v.get(*c)).map(|c| c.iter().map(value).collect()).collect(),
        });
        Some(Self { columns: keep.iter().map(|c| drivers.columns[*c].clone()).collect(), series: series.collect() })
    }

    /// The columns laid on a history, by name and date.
    pub fn drivers(&self, history: &History) -> Drivers {
        let by: HashMap<&str, &KnownSeries> = self.series.iter().map(|s| (&*s.unique_id, s)).collect();
        let mut out = Drivers { columns: self.columns.clone(), ..Drivers::default() };
        for s in &history.series {
            let known = by.get(&*s.unique_id);
            let shift = known.map_or(0, |k| s.calendar(history.period).index(k.start));
            let columns = (0..self.columns.len()).map(|c| {
                let values = known.and_then(|k| k.values.get(c)).map_or(&[][..], Vec::as_slice);
                let n = (values.len() as i64 + shift).max(s.y.len() as i64) as usize;
                let at =
                    |t: usize| usize::try_from(t as i64 - shift).ok().and_then(|i| values.get(i)).copied().flatten().unwrap_or(f32::NAN);
                (0..n).map(at).collect::<Vec<f32>>()
            });
            let columns: Vec<Vec<f32>> = columns.collect();
            out.horizon = columns.iter().map(|c| c.len() - s.y.len()).chain([out.horizon]).max().unwrap_or(0);
            out.values.push(columns);
        }
        out
    }
}

/// Reads the columns that both files have. `recognised` tells how the sales file was understood; `horizon` is in periods, or as far as the future tells.
///
/// # Errors
/// Diagnostics with at least one error: a file that cannot be read, sales that are not one row a period, or a future without dates.
pub fn read_drivers(
    sales: &Path,
    recognised: &Recognised,
    future: &Path,
    history: &History,
    horizon: Option<usize>,
) -> Result<(Drivers, Vec<Diagnostic>), Vec<Diagnostic>> {
    let open = |path: &Path, sheet: Option<&str>| {
        let (name, bytes) = table::load(path).map_err(|d| vec![d])?;
        table::read(&name, &bytes, sheet)
    };
    read(open(sales, recognised.sheet.as_deref())?, recognised, open(future, None)?, history, horizon)
}

/// Names of the columns of a sales file that could be drivers if a future told them.
pub fn unused_drivers(recognised: &Recognised) -> Vec<&str> {
    if recognised.transactions || recognised.wide {
        return Vec::new();
    }
    recognised.columns.iter().filter(|c| may_drive(c.role) && !is_personal(&c.name)).map(|c| c.name.as_str()).collect()
}

/// Names of the columns of a sales file that are prices, discounts or promotions.
pub fn known_roles(recognised: &Recognised) -> Vec<&str> {
    if recognised.transactions || recognised.wide {
        return Vec::new();
    }
    let told = |c: &&super::recognised::RecognisedColumn| matches!(c.role, Role::Promo | Role::Price | Role::Discount);
    recognised.columns.iter().filter(told).map(|c| c.name.as_str()).collect()
}

/// Whether a column of this meaning may be known ahead.
fn may_drive(role: Role) -> bool {
    matches!(role, Role::Promo | Role::Price | Role::Ignore | Role::Discount)
}

fn read(
    past: Table,
    recognised: &Recognised,
    future: Table,
    history: &History,
    horizon: Option<usize>,
) -> Result<(Drivers, Vec<Diagnostic>), Vec<Diagnostic>> {
    if recognised.transactions || recognised.wide {
        return Err(vec![
            Diagnostic::error("drivers-need-periods", "what is known ahead goes with sales of one row a period and series")
                .file(&recognised.file)
                .fix("import the sales first (stockcast import), add the columns to what it writes, and forecast that"),
        ]);
    }
    let role = |r: Role| recognised.columns.iter().find(|c| c.role == r).map(|c| c.name.as_str());
    let keys = [(Role::UniqueId, "unique_id"), (Role::Item, "item"), (Role::Location, "location"), (Role::Date, "ds")];
    let in_past = keys.map(|(r, _)| role(r).and_then(|n| place(&past, n)));
    // the sales file's own names first, then the contract's, then any that means the same
    let in_future = keys.map(|(r, word)| {
        let by_name = role(r).and_then(|n| place(&future, n)).or_else(|| place(&future, word));
        by_name.or_else(|| future.columns.iter().position(|c| roles_of(&c.name).first().is_some_and(|f| f.0 == r)))
    });
    let Some(date) = in_future[3] else {
        return Err(vec![
            Diagnostic::error("future-without-dates", format!("the future has no column of dates; it has {}", names(&future)))
                .file(&future.file)
                .fix("name it ds, as in: unique_id, ds, promo, price"),
        ]);
    };
    let mut notes = future.notes.clone();
    let future_rows = Rows::of(&future, [in_future[0], in_future[1], in_future[2], Some(date)], None, history);
    let reaches_back = future_rows.reaches_back();
    let horizon = horizon.unwrap_or_else(|| future_rows.reach(history));
    let mut chosen: Vec<(Option<usize>, usize)> = Vec::new();
    for (i, column) in future.columns.iter().enumerate().filter(|(i, _)| !in_future.contains(&Some(*i))) {
        let told = recognised.columns.iter().find(|c| compact(&c.name) == compact(&column.name));
        match told {
            Some(c) if may_drive(c.role) => chosen.push((place(&past, &c.name), i)),
            Some(c) => notes.push(unused(&future, i, format!("it is {} in the sales file, which is never known ahead", c.role.name()))),
            // a list of holidays of all years is its own past
            None if reaches_back => chosen.push((None, i)),
            None => {
                let known: Vec<&str> = unused_drivers(recognised);
                let d = unused(&future, i, "the sales file has no such column, so its effect cannot be learned".into());
                notes.push(match nearest(&column.name, known.iter().copied()) {
                    Some(near) => Diagnostic { severity: Severity::Warning, ..d }.fix(format!("did you mean {near:?}?")),
                    None => d.fix("add the column to the sales file, with what was true then"),
                });
            }
        }
    }
    for c in unused_drivers(recognised) {
        if !future.columns.iter().any(|f| compact(&f.name) == compact(c)) {
            let d = Diagnostic::info("driver-unused", format!("{c:?} is not used: the future does not tell it")).file(&future.file);
            notes.push(d.fix(format!("add a column {c:?} to the future, or leave it")));
        }
    }
    chosen.sort_unstable_by_key(|(p, f)| (p.unwrap_or(usize::MAX), *f));
    let order = recognised.date_order.and_then(DateOrder::parse);
    let past_rows = Rows::of(&past, in_past, order, history);
    if future_rows.bad_dates > 0 {
        notes.push(
            Diagnostic::warning(
                "date-unreadable",
                format!("{} of the future without a readable date", plural(future_rows.bad_dates, "row")),
            )
            .file(&future.file)
            .fix("write dates as YYYY-MM-DD"),
        );
    }
    if future_rows.strangers > 0 {
        let few = if future_rows.strangers == 1 { "is of a series" } else { "are of series" };
        notes.push(
            Diagnostic::info(
                "future-of-others",
                format!("{} of the future {few} that the sales do not have", plural(future_rows.strangers, "row")),
            )
            .file(&future.file),
        );
    }
    let mut out = Drivers { columns: Vec::new(), values: vec![Vec::new(); history.series.len()], horizon, kinds: Vec::new() };
    for (p, f) in chosen {
        let (before, rows) = match p {
            Some(p) => (&past.columns[p], past.rows),
            None => (&future.columns[f], future.rows),
        };
        let name = before.name.clone();
        let price = recognised.columns.iter().any(|c| c.name == name && c.role == Role::Price);
        let sparse = p.is_none() || future_rows.for_all;
        let Some((kind, then, ahead)) = understood(before, rows, &future.columns[f], future.rows, price, sparse) else {
            notes.push(unused(&future, f, format!("it has more than {MOST_WORDS} different words, which are too many to learn from")));
            continue;
        };
        // a file of events has a line only where something happens
        let rest = match &kind {
            DriverKind::Words(list) if sparse => list.iter().position(|w| w == AT_REST).map_or(f32::NAN, |i| i as f32),
            DriverKind::Flag if sparse => 0.0,
            _ => f32::NAN,
        };
        let mut gaps = Gaps::default();
        let blend = !matches!(kind, DriverKind::Words(_));
        let source = if p.is_some() { &past_rows } else { &future_rows };
        for (s, series) in history.series.iter().enumerate() {
            let mut cells = vec![Cell::default(); series.y.len() + horizon];
            let (past_cells, ahead_cells) = cells.split_at_mut(series.y.len());
            source.lay(s, 0, &then, past_cells);
            future_rows.lay(s, series.y.len(), &ahead, ahead_cells);
            if rest.is_nan() && past_cells.iter().any(|c| c.count > 0.0) {
                gaps.count(ahead_cells);
            }
            out.values[s].push(cells.iter().map(|c| if c.count > 0.0 { c.value(blend) } else { rest }).collect());
        }
        gaps.say(&name, &future.file, &mut notes);
        out.columns.push(Driver { name, kind, expected: None });
    }
    out.say_constant(&future.file, &mut notes);
    if notes.iter().any(|d| d.severity == Severity::Error) { Err(notes) } else { Ok((out, notes)) }
}

impl Drivers {
    /// Takes out columns that never change: they cannot have shown an effect.
    fn say_constant(&mut self, file: &str, notes: &mut Vec<Diagnostic>) {
        let mut keep = Vec::new();
        for (c, column) in self.columns.iter().enumerate() {
            let mut seen = f32::NAN;
            let varies = self.values.iter().any(|s| {
                let past = s[c].len() - self.horizon;
                s[c][..past].iter().filter(|v| v.is_finite()).any(|v| {
                    let other = seen.is_finite() && *v != seen;
                    seen = *v;
                    other
                })
            });
            if !varies {
                let d = Diagnostic::info("driver-unused", format!("{:?} is not used: it is the same in all the past", column.name));
                notes.push(d.file(file));
            }
            keep.push(varies);
        }
        let kept = |c: usize| keep.get(c).copied().unwrap_or(false);
        let mut c = 0;
        self.columns.retain(|_| (kept(c), c += 1).0);
        for s in &mut self.values {
            let mut c = 0;
            s.retain(|_| (kept(c), c += 1).0);
        }
    }
}

/// Periods ahead that the future does not speak of.
#[derive(Default)]
struct Gaps {
    periods: usize,
    series: usize,
}

impl Gaps {
    fn count(&mut self, ahead: &[Cell]) {
        let missing = ahead.iter().filter(|c| c.count == 0.0).count();
        self.periods += missing;
        self.series += usize::from(missing > 0);
    }
    fn say(&self, name: &str, file: &str, notes: &mut Vec<Diagnostic>) {
        if self.periods > 0 {
            let of = if self.series == 1 { "one series".to_owned() } else { format!("{} series", self.series) };
            let what = format!("{name:?} is missing in {} ahead of {of}: taken as usual there", plural(self.periods, "period"));
            let d = Diagnostic::warning("future-incomplete", what).file(file);
            notes.push(d.fix("give the future a row for each series and period of the horizon"));
        }
    }
}

fn names(t: &Table) -> String {
    t.columns.iter().map(|c| c.name.as_str()).filter(|n| !is_personal(n)).take(20).collect::<Vec<_>>().join(", ")
}

fn unused(t: &Table, column: usize, why: String) -> Diagnostic {
    let name = t.columns.get(column).map_or("", |c| c.name.as_str());
    Diagnostic::info("driver-unused", format!("{name:?} is not used: {why}")).file(&t.file).column(column as u32 + 1)
}

fn place(t: &Table, name: &str) -> Option<usize> {
    t.columns.iter().position(|c| c.name == name).or_else(|| t.columns.iter().position(|c| compact(&c.name) == compact(name)))
}

/// A column of both files as numbers: their kind, the past's and the future's values.
fn understood(past: &Column, n: usize, ahead: &Column, m: usize, price: bool, sparse: bool) -> Option<(DriverKind, Vec<f64>, Vec<f64>)> {
    let shown: Vec<String> =
        (0..n.min(500)).map(|r| past.text(r).into_owned()).chain((0..m.min(500)).map(|r| ahead.text(r).into_owned())).collect();
    let mark = decimal_mark(shown.iter().map(String::as_str)).0;
    let (a, b) = (numbers(past, n, None, mark), numbers(ahead, m, None, mark));
    let (then, now): (Vec<f64>, Vec<f64>) = (a.values.iter().collect(), b.values.iter().collect());
    if a.bad.is_empty() && b.bad.is_empty() {
        let mut two = [f64::NAN; 2];
        let more = then.iter().chain(&now).filter(|v| v.is_finite()).any(|v| match two {
            [x, y] if *v == x || *v == y => false,
            [x, _] if x.is_nan() => {
                two[0] = *v;
                false
            }
            [_, y] if y.is_nan() => {
                two[1] = *v;
                false
            }
            _ => true,
        });
        let positive = then.iter().chain(&now).all(|v| v.is_nan() || *v > 0.0);
        let kind = match (more, price && positive) {
            (false, _) => DriverKind::Flag,
            (_, true) => DriverKind::Price,
            _ => DriverKind::Number,
        };
        return Some((kind, then, now));
    }
    let (a, b) = (Codes::of(past, n), Codes::of(ahead, m));
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for c in [&a, &b] {
        for w in c.values.iter() {
            words.insert(w.trim().to_lowercase(), 0);
        }
    }
    let blanks = (0..n).any(|r| !a.has(r)) || (0..m).any(|r| !b.has(r));
    if blanks || sparse {
        words.entry(AT_REST.to_owned()).or_insert(0);
    }
    if words.len() > MOST_WORDS {
        return None;
    }
    words.values_mut().enumerate().for_each(|(i, v)| *v = i);
    let index = |w: Option<&str>| w.map_or(AT_REST.to_owned(), |w| w.trim().to_lowercase());
    let coded =
        |c: &Codes, rows: usize| -> Vec<f64> { (0..rows).map(|r| words.get(&index(c.get(r))).map_or(f64::NAN, |i| *i as f64)).collect() };
    let (then, now) = (coded(&a, n), coded(&b, m));
    let list: Vec<String> = words.into_keys().collect();
    let two = list.len() == 2 && list.iter().all(|w| number::parse_flag(w).is_some());
    if two {
        let flag = |v: &f64| list.get(*v as usize).and_then(|w| number::parse_flag(w)).unwrap_or(f64::NAN);
        return Some((DriverKind::Flag, then.iter().map(flag).collect(), now.iter().map(flag).collect()));
    }
    Some((DriverKind::Words(list), then, now))
}

/// What rows said of one period.
#[derive(Clone, Copy, Default)]
struct Cell {
    sum: f64,
    last: f64,
    count: f64,
}

impl Cell {
    /// Finer rows of one period give the mean of their numbers, or the last word.
    fn value(&self, blend: bool) -> f32 {
        match self.count {
            0.0 => f32::NAN,
            n if blend => (self.sum / n) as f32,
            _ => self.last as f32,
        }
    }
}

/// Rows of a file by series and period.
struct Rows {
    /// `(period, row)` by series.
    of: Vec<Vec<(i64, u32)>>,
    /// The file names no series: every row is of all.
    for_all: bool,
    bad_dates: usize,
    strangers: usize,
    /// Rows of periods that are over.
    past: usize,
}

impl Rows {
    fn of(t: &Table, [id, item, location, date]: [Option<usize>; 4], order: Option<DateOrder>, history: &History) -> Self {
        let dated = date.map(|d| dates(&t.columns[d], t.rows, order, None));
        let texts = |c: Option<usize>| c.map(|c| Codes::of(&t.columns[c], t.rows));
        let (ids, items, places) = (texts(id), texts(item), texts(location));
        let (item_of, location_of) = (|s: &Series| s.item.to_string(), |s: &Series| s.location.to_string());
        let key = |a: &str, b: &str| format!("{a}\u{1f}{b}");
        let mut by: HashMap<String, Vec<u32>> = HashMap::new();
        for (i, s) in history.series.iter().enumerate() {
            let name = match (&ids, &items, &places) {
                (Some(_), ..) => s.unique_id.to_string(),
                (_, Some(_), Some(_)) => key(&item_of(s), &location_of(s)),
                (_, Some(_), None) => item_of(s),
                (_, None, Some(_)) => location_of(s),
                (_, None, None) => String::new(),
            };
            by.entry(name).or_default().push(i as u32);
        }
        let calendars: Vec<Calendar> = history.series.iter().map(|s| s.calendar(history.period)).collect();
        let mut out = Self {
            of: vec![Vec::new(); history.series.len()],
            for_all: ids.is_none() && items.is_none() && places.is_none(),
            bad_dates: 0,
            strangers: 0,
            past: 0,
        };
        for row in 0..t.rows {
            let Some(at): Option<Stamp> = dated.as_ref().and_then(|d| d.get(row)) else {
                out.bad_dates += 1;
                continue;
            };
            let name = match (&ids, &items, &places) {
                (Some(i), ..) => i.get(row).unwrap_or("").to_owned(),
                (_, Some(i), Some(l)) => key(i.get(row).unwrap_or(""), l.get(row).unwrap_or("")),
                (_, Some(i), None) => i.get(row).unwrap_or("").to_owned(),
                (_, None, Some(l)) => l.get(row).unwrap_or("").to_owned(),
                (_, None, None) => String::new(),
            };
            match by.get(name.as_str()) {
                Some(list) => {
                    for s in list.iter().map(|s| *s as usize) {
                        let t = calendars[s].index(at);
                        out.past += usize::from((0..history.series[s].y.len() as i64).contains(&t));
                        out.of[s].push((t, row as u32));
                    }
                }
                None => out.strangers += 1,
            }
        }
        out
    }

    /// Whether any row is of a period of the past.
    fn reaches_back(&self) -> bool {
        self.past > 0
    }

    /// Periods ahead of any series up to its last row, at least one.
    fn reach(&self, history: &History) -> usize {
        let last = |(rows, s): (&Vec<(i64, u32)>, &Series)| rows.iter().map(|(t, _)| t + 1 - s.y.len() as i64).max();
        self.of.iter().zip(&history.series).filter_map(last).max().unwrap_or(1).clamp(1, MOST_AHEAD) as usize
    }

    /// Lays values on the periods from `first` on.
    fn lay(&self, series: usize, first: usize, values: &[f64], cells: &mut [Cell]) {
        for (t, row) in &self.of[series] {
            let at = usize::try_from(*t - first as i64).ok().and_then(|t| cells.get_mut(t));
            if let (Some(cell), Some(v)) = (at, values.get(*row as usize).filter(|v| v.is_finite())) {
                *cell = Cell { sum: cell.sum + v, last: *v, count: cell.count + 1.0 };
            }
        }
    }
}
