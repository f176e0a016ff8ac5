//! What is known of the periods ahead: promotions, prices, opening days, holidays, from a file of the future whose columns the sales file has too.
//!
//! In: sales with one row a period (`unique_id, ds, y, promo, price, …`) and the future's file with the same columns; single sales tell their prices only, and a future that tells
//! past periods too needs nothing else. Out: [`Drivers`], each column
//! over the past and the horizon of every series, and a word about every column that is or is not used. A future file without `unique_id`, `item` and `location`
//! speaks of every series: one line a holiday is enough.

use super::model::{History, Series};
use super::names::{compact, is_personal, roles_of};
use super::number;
use super::options::{DateOrder, ReadOptions, Role};
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
/// Diagnostics with at least one error: a file that cannot be read, nothing that tells what the columns were in the past, or a future without dates.
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
    let past = if tells(recognised) { vec![(open(sales, recognised.sheet.as_deref())?, recognised)] } else { Vec::new() };
    read(&past, Some(recognised), open(future, None)?, &ReadOptions::default(), history, horizon)
}

/// The same of files in memory, `(name, bytes)`: any number of sales files, of which those with one row a period tell what was so in the past. `said` is what somebody said of
/// the future. The horizon is as far as it tells.
///
/// # Errors
/// As [`read_drivers`].
pub fn read_drivers_bytes(
    sales: &[(&str, &[u8], &Recognised)],
    future: (&str, &[u8]),
    said: &ReadOptions,
    history: &History,
) -> Result<(Drivers, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut past = Vec::new();
    for (name, bytes, recognised) in sales.iter().filter(|s| tells(s.2)) {
        past.push((table::read(name, bytes, recognised.sheet.as_deref())?, *recognised));
    }
    read(&past, sales.first().map(|s| s.2), table::read(future.0, future.1, None)?, said, history, None)
}

/// Whether a sales file has a row a period, so that its columns tell what was so in each.
const fn tells(recognised: &Recognised) -> bool {
    !recognised.transactions && !recognised.wide
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

/// Where the past of a column is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Past {
    /// In a column of the sales files; where it stands in the first that has it.
    Files(usize),
    /// The prices of the sales themselves.
    Prices,
    /// In the file of the future, which tells periods that are over too.
    Own,
}

fn read(
    past: &[(Table, &Recognised)],
    recognised: Option<&Recognised>,
    future: Table,
    said: &ReadOptions,
    history: &History,
    horizon: Option<usize>,
) -> Result<(Drivers, Vec<Diagnostic>), Vec<Diagnostic>> {
    let role = |r: Role| recognised?.columns.iter().find(|c| c.role == r).map(|c| c.name.as_str());
    let keys = [(Role::UniqueId, "unique_id"), (Role::Item, "item"), (Role::Location, "location"), (Role::Date, "ds")];
    // what somebody said, the sales file's own names, then the contract's, then any that means the same
    let in_future = keys.map(|(r, word)| {
        let of_field = |c: &str, f: &str| said.fields.iter().any(|(column, field)| column == c && field == f);
        let spoken = |c: &str| said.fields.iter().any(|(column, _)| column == c);
        let by_hand = future.columns.iter().position(|c| of_field(&c.name, word));
        let by_name = || role(r).and_then(|n| place(&future, n)).or_else(|| place(&future, word));
        let alike = || future.columns.iter().position(|c| roles_of(&c.name).first().is_some_and(|f| f.0 == r));
        by_hand.or_else(|| by_name().or_else(alike).filter(|i| !spoken(&future.columns[*i].name)))
    });
    let Some(date) = in_future[3] else {
        return Err(vec![
            Diagnostic::error("future-without-dates", format!("the future has no column of dates; it has {}", names(&future)))
                .file(&future.file)
                .fix("name it ds, as in: unique_id, ds, promo, price"),
        ]);
    };
    let mut notes = future.notes.clone();
    let future_rows = Rows::of(&future, [in_future[0], in_future[1], in_future[2], Some(date)], said.date_order, history);
    let reaches_back = future_rows.reaches_back();
    let horizon = horizon.unwrap_or_else(|| future_rows.reach(history));
    let mut chosen: Vec<(Past, usize)> = Vec::new();
    let left = |name: &str| is_personal(name) || said.fields.iter().any(|(column, field)| column == name && field.is_empty());
    let known: Vec<&str> = past.iter().flat_map(|(_, r)| unused_drivers(r)).collect();
    for (i, column) in future.columns.iter().enumerate().filter(|(i, c)| !in_future.contains(&Some(*i)) && !left(&c.name)) {
        let told = past.iter().flat_map(|(_, r)| &r.columns).find(|c| compact(&c.name) == compact(&column.name));
        match told {
            Some(c) if may_drive(c.role) => {
                chosen.extend(past.iter().find_map(|(t, _)| place(t, &c.name)).map(|p| (Past::Files(p), i)));
                continue;
            }
            Some(c) => {
                notes.push(unused(&future, i, format!("it is {} in the sales file, which is never known ahead", c.role.name())));
                continue;
            }
            None => {}
        }
        let meaning = roles_of(&column.name).first().map(|r| r.0);
        let without = past.is_empty();
        match meaning {
            // a list of holidays of all years is its own past
            _ if reaches_back && meaning.is_none_or(may_drive) => chosen.push((Past::Own, i)),
            Some(Role::Price) if without && history.series.iter().any(|s| s.price.is_some()) => chosen.push((Past::Prices, i)),
            Some(r) if without && !may_drive(r) => {
                notes.push(unused(&future, i, format!("it is {}, which is never known ahead", r.name())));
            }
            _ if without => {
                let d = unused(&future, i, "nothing tells what it was in the past, so its effect cannot be learned".into());
                notes.push(d.fix("let the file tell past periods too, or import sales of one row a period that have this column"));
            }
            _ => {
                let d = unused(&future, i, "the sales file has no such column, so its effect cannot be learned".into());
                notes.push(match nearest(&column.name, known.iter().copied()) {
                    Some(near) => Diagnostic { severity: Severity::Warning, ..d }.fix(format!("did you mean {near:?}?")),
                    None => d.fix("add the column to the sales file, with what was true then"),
                });
            }
        }
    }
    if past.is_empty() && chosen.is_empty() {
        return Err(vec![
            Diagnostic::error("drivers-need-periods", "nothing tells what the columns known ahead were in the past: single sales do not, for the days without one")
                .file(&future.file)
                .fix("let the file tell past periods too; or import the sales first (stockcast import), add the columns to what it writes, and forecast that"),
        ]);
    }
    for c in known {
        if !future.columns.iter().any(|f| compact(&f.name) == compact(c)) {
            let d = Diagnostic::info("driver-unused", format!("{c:?} is not used: the future does not tell it")).file(&future.file);
            notes.push(d.fix(format!("add a column {c:?} to the future, or leave it")));
        }
    }
    chosen.sort_unstable();
    let past_rows: Vec<Rows> = past
        .iter()
        .map(|(t, r)| {
            let role = |k: Role| r.columns.iter().find(|c| c.role == k).and_then(|c| place(t, &c.name));
            Rows::of(t, keys.map(|(k, _)| role(k)), r.date_order.and_then(DateOrder::parse), history)
        })
        .collect();
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
        let column = &future.columns[f];
        let found = past.iter().flat_map(|(t, r)| place(t, &column.name).map(|i| (t, r, &t.columns[i])));
        let found: Vec<(&Table, &Recognised, &Column)> =
            if matches!(p, Past::Files(_)) { found.map(|(t, r, c)| (t, *r, c)).collect() } else { Vec::new() };
        let name = found.first().map_or(&column.name, |f| &f.2.name).clone();
        let priced = |r: &Recognised| r.columns.iter().any(|c| c.name == name && c.role == Role::Price);
        let price =
            if found.is_empty() { roles_of(&name).first().is_some_and(|r| r.0 == Role::Price) } else { found.iter().any(|f| priced(f.1)) };
        let sparse = p == Past::Own || future_rows.for_all;
        let sources: Vec<(&Column, usize)> =
            if found.is_empty() { vec![(column, future.rows)] } else { found.iter().map(|(t, _, c)| (*c, t.rows)).collect() };
        let Some((mut kind, then, ahead)) = understood(&sources, column, future.rows, price, sparse) else {
            notes.push(unused(&future, f, format!("it has more than {MOST_WORDS} different words, which are too many to learn from")));
            continue;
        };
        let own = |s: &Series| (p == Past::Prices).then(|| s.price.clone().unwrap_or_default());
        if p == Past::Prices {
            let priced = |v: &f64| v.is_nan() || *v > 0.0;
            if matches!(kind, DriverKind::Words(_)) || !ahead.iter().all(priced) {
                notes.push(unused(&future, f, "it is no price".into()));
                continue;
            }
            // two prices ahead are no yes and no
            kind = DriverKind::Price;
        }
        // a file of events has a line only where something happens
        let rest = match &kind {
            DriverKind::Words(list) if sparse => list.iter().position(|w| w == AT_REST).map_or(f32::NAN, |i| i as f32),
            DriverKind::Flag if sparse => 0.0,
            _ => f32::NAN,
        };
        let mut gaps = Gaps::default();
        let blend = !matches!(kind, DriverKind::Words(_));
        for (s, series) in history.series.iter().enumerate() {
            let mut cells = vec![Cell::default(); series.y.len() + horizon];
            let (past_cells, ahead_cells) = cells.split_at_mut(series.y.len());
            if let Some(values) = own(series) {
                for (cell, v) in past_cells.iter_mut().zip(&values).filter(|(_, v)| v.is_finite() && **v > 0.0) {
                    *cell = Cell { sum: *v, last: *v, count: 1.0 };
                }
            } else if p == Past::Own {
                future_rows.lay(s, 0, &then[0], past_cells);
            } else {
                let of = past.iter().zip(&past_rows).filter(|((t, _), _)| place(t, &column.name).is_some());
                of.zip(&then).for_each(|((_, rows), values)| rows.lay(s, 0, values, past_cells));
            }
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

/// A column of the sales files (each with its rows) and of the future as numbers: their kind, the past's values file by file, and the future's.
fn understood(
    past: &[(&Column, usize)],
    ahead: &Column,
    m: usize,
    price: bool,
    sparse: bool,
) -> Option<(DriverKind, Vec<Vec<f64>>, Vec<f64>)> {
    let all: Vec<(&Column, usize)> = past.iter().copied().chain([(ahead, m)]).collect();
    let shown: Vec<String> = all.iter().flat_map(|(c, n)| (0..(*n).min(500)).map(|r| c.text(r).into_owned())).collect();
    let mark = decimal_mark(shown.iter().map(String::as_str)).0;
    let read: Vec<_> = all.iter().map(|(c, n)| numbers(c, *n, None, mark)).collect();
    if read.iter().all(|r| r.bad.is_empty()) {
        let mut values: Vec<Vec<f64>> = read.iter().map(|r| r.values.iter().collect()).collect();
        let mut two = [f64::NAN; 2];
        let more = values.iter().flatten().filter(|v| v.is_finite()).any(|v| match two {
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
        let positive = values.iter().flatten().all(|v| v.is_nan() || *v > 0.0);
        let kind = match (more, price && positive) {
            (false, _) => DriverKind::Flag,
            (_, true) => DriverKind::Price,
            _ => DriverKind::Number,
        };
        let now = values.pop()?;
        return Some((kind, values, now));
    }
    let read: Vec<Codes> = all.iter().map(|(c, n)| Codes::of(c, *n)).collect();
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for w in read.iter().flat_map(|c| c.values.iter()) {
        words.insert(w.trim().to_lowercase(), 0);
    }
    let blanks = all.iter().zip(&read).any(|((_, n), c)| (0..*n).any(|r| !c.has(r)));
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
    let mut values: Vec<Vec<f64>> = all.iter().zip(&read).map(|((_, n), c)| coded(c, *n)).collect();
    let list: Vec<String> = words.into_keys().collect();
    let two = list.len() == 2 && list.iter().all(|w| number::parse_flag(w).is_some());
    let kind = if two {
        let flag = |v: &f64| list.get(*v as usize).and_then(|w| number::parse_flag(w)).unwrap_or(f64::NAN);
        values.iter_mut().for_each(|c| c.iter_mut().for_each(|v| *v = flag(v)));
        DriverKind::Flag
    } else {
        DriverKind::Words(list)
    };
    let now = values.pop()?;
    Some((kind, values, now))
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
