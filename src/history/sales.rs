//! From sales files to a [`History`].

use super::ahead::Wanted;
use super::combined::combine;
use super::given::Given;
use super::model::History;
use super::options::{ReadOptions, Role};
use super::preview::Preview;
use super::question::Question;
use super::recognised::Recognised;
use super::roles::{self, Assigned};
use super::rows::{self, Reason, Rows};
use super::store::Store;
use super::survey::Sizes;
use super::table::{self, Table};
use super::{clean, covers, names, refused};
use crate::base::{Control, Diagnostic, Severity, Stamp};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What came of the sales files.
#[derive(Debug, Clone)]
pub struct Import {
    /// Regular series, sorted by `unique_id`.
    pub history: History,
    /// How each file was understood, in the order given.
    pub recognised: Vec<Recognised>,
    /// Everything assumed, set aside or suspicious; none of severity error.
    pub diagnostics: Vec<Diagnostic>,
    /// One row per sale (gaps are zeros) rather than one row per period (gaps are unknown).
    pub transactions: bool,
    /// What the files leave open, and what was taken for it.
    pub questions: Vec<Question>,
    /// Every line that is not used: the file by its place in `recognised`, the line, and the [`SetAside::reason`](super::SetAside).
    pub aside: Vec<AsideLine>,
}

/// A line that is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AsideLine {
    /// Index into [`Import::recognised`].
    pub file: u32,
    /// Line in the file, from 1.
    pub line: u64,
    /// Stable kebab-case name of the reason.
    pub reason: &'static str,
}

/// Reads sales files (CSV of any dialect, `.gz`, Parquet, XLSX) into one history. Text is read a block at a time and not kept. On `Err` at
/// least one diagnostic has severity error; the others tell what had been understood until then.
pub fn read_sales(files: &[PathBuf], options: &ReadOptions, control: &dyn Control) -> Result<Import, Vec<Diagnostic>> {
    read_sales_sources(files.iter().map(|p| Given::Path(p.clone())).collect(), options, control)
}

/// The same from files on disk or in memory.
///
/// # Errors
/// As [`read_sales`].
pub fn read_sales_sources(files: Vec<Given>, options: &ReadOptions, control: &dyn Control) -> Result<Import, Vec<Diagnostic>> {
    let mut opened = Vec::with_capacity(files.len());
    for file in files {
        let (name, store) = file.open().map_err(|d| vec![d])?;
        opened.push(Opened { name, store, options });
    }
    read_opened(opened, options, 0, Sizes::default(), control).map(|(import, _)| import)
}

/// One file, understood.
pub(super) struct File {
    pub table: Table,
    pub assigned: Assigned,
    pub rows: Rows,
    pub transactions: bool,
}

/// The same from memory: names and contents.
pub fn read_sales_bytes(files: &[(String, Vec<u8>)], options: &ReadOptions, control: &dyn Control) -> Result<Import, Vec<Diagnostic>> {
    let files: Vec<(&str, &[u8], &ReadOptions)> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice(), options)).collect();
    read_sales_each(&files, options, 0, control).map(|(import, _)| import)
}

/// Files of which each has options of its own (its columns' roles, say); `common` decides the calendar that all share. Beside the import the
/// first `shown` records of each file that was read, in the order given, for people to check; see [`Preview`].
///
/// # Errors
/// As [`read_sales`].
pub fn read_sales_each(
    files: &[(&str, &[u8], &ReadOptions)],
    common: &ReadOptions,
    shown: usize,
    control: &dyn Control,
) -> Result<(Import, Vec<Preview>), Vec<Diagnostic>> {
    let opened = files.iter().map(|(n, b, o)| Opened { name: (*n).to_owned(), store: Store::Memory(b.to_vec()), options: o }).collect();
    read_opened(opened, common, shown, Sizes::default(), control)
}

/// One file with blocks of a size: what comes out does not depend on it.
#[cfg(test)]
pub(super) fn read_blocks(
    name: &str,
    store: Store,
    options: &ReadOptions,
    shown: usize,
    sizes: Sizes,
    control: &dyn Control,
) -> Result<(Import, Vec<Preview>), Vec<Diagnostic>> {
    read_opened(vec![Opened { name: name.to_owned(), store, options }], options, shown, sizes, control)
}

/// A file's name, its bytes, and what was said of it.
struct Opened<'a> {
    name: String,
    store: Store,
    options: &'a ReadOptions,
}

fn read_opened(
    files: Vec<Opened<'_>>,
    common: &ReadOptions,
    shown: usize,
    sizes: Sizes,
    control: &dyn Control,
) -> Result<(Import, Vec<Preview>), Vec<Diagnostic>> {
    let mut notes = Vec::new();
    let mut read: Vec<File> = Vec::new();
    let steps = steps(&files);
    let repeated: Vec<bool> =
        (0..files.len()).map(|i| files[i].store.len() > 0 && files[..i].iter().any(|f| f.store.same(&files[i].store))).collect();
    let count = files.len();
    for (i, Opened { name, store, options }) in files.into_iter().enumerate() {
        if count > 1 && steps.as_ref().is_some_and(|s| s.0 == i) {
            notes.push(Diagnostic::info("calendar-used", "the file says which day each numbered column is").file(name));
            continue;
        }
        control.progress("reading", i, count);
        if control.is_cancelled() {
            return Err(vec![stopped()]);
        }
        if repeated[i] {
            notes.push(Diagnostic::warning("file-repeated", "the file is the same as an earlier one and was not read twice").file(name));
            continue;
        }
        let table = table::read_store(&name, store, options.sheet.as_deref(), sizes, Some(&|beginning| wanted(beginning, options)));
        if control.is_cancelled() {
            return Err(vec![stopped()]);
        }
        control.progress("understanding", i, count);
        match table.and_then(|t| understood(t, options, steps.as_ref().map(|s| &s.1), count == 1)) {
            Ok(file) => read.push(file),
            Err(said) => return Err(notes.into_iter().chain(said).collect()),
        }
    }
    control.progress("reading", count, count);
    if read.is_empty() {
        return Err(vec![Diagnostic::error("no-file", "no sales file was given").fix("name a CSV, XLSX or Parquet file")]);
    }
    if control.is_cancelled() {
        return Err(vec![stopped()]);
    }
    control.progress("making series", count, count);
    match combine(read, common, shown, &mut notes) {
        Ok(done) => Ok(done),
        Err(said) => Err(notes.into_iter().chain(said).collect()),
    }
}

fn stopped() -> Diagnostic {
    Diagnostic::error("cancelled", "stopped on request")
}

/// Which file is a calendar of numbered days (M5), and what it says.
fn steps(files: &[Opened<'_>]) -> Option<(usize, BTreeMap<String, Stamp>)> {
    if files.len() < 2 {
        return None;
    }
    files.iter().enumerate().find_map(|(i, Opened { name, store, options })| {
        // a calendar names its columns in its first lines, and is small
        let head = store.window(0, 4096);
        if !String::from_utf8_lossy(&head).to_lowercase().contains("wm_yr_wk") {
            return None;
        }
        let table = table::read(name, &store.window(0, 64 << 20), options.sheet.as_deref()).ok()?;
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let profile = super::profile::find(&names, &[]).filter(|p| p.kind == "calendar")?;
        let column =
            |role| profile.names(role).first().and_then(|n| table.columns.iter().find(|c| names::compact(&c.name) == names::compact(n)));
        let (step, date) = (column("step")?, column("date")?);
        let dates = super::values::dates(date, table.rows, None, None);
        let map = (0..table.rows).filter_map(|r| Some((names::compact(&step.text(r)), dates.get(r)?))).collect();
        Some((i, map))
    })
}

/// Which columns of a file with this beginning will be asked for; none where it is a table that has to be put together first.
fn wanted(mut beginning: Table, options: &ReadOptions) -> Wanted {
    super::expand::expand(&mut beginning);
    super::joined::join(&mut beginning);
    super::outline::flatten(&mut beginning);
    let Ok(assigned) = roles::assign(&beginning, options) else { return Wanted::default() };
    rows::wanted(&beginning, &assigned, rows::zone(&assigned, options)).map(|w| w.1).unwrap_or_default()
}

/// A table of sales, its columns and rows understood; `alone`, if no other file was given.
pub(super) fn understood(
    mut table: Table,
    options: &ReadOptions,
    steps: Option<&BTreeMap<String, Stamp>>,
    alone: bool,
) -> Result<File, Vec<Diagnostic>> {
    if options.time_zone.as_deref().is_some_and(|z| !super::zone::known(z)) {
        let d = Diagnostic::error("time-zone-unknown", "there is no time zone of that name").file(&table.file);
        return Err(vec![d.fix("use a name of the time zone database, such as Europe/Berlin")]);
    }
    super::expand::expand(&mut table);
    super::joined::join(&mut table);
    super::outline::flatten(&mut table);
    let mut assigned = roles::assign(&table, options)?;
    let found = covers::of(&table, &assigned, options);
    let covered = found.map(|c| ReadOptions { covers: Some(c), ..options.clone() });
    if let (Some((first, last)), None) = (found, options.covers) {
        let text = format!("totals without dates; the file says that they are of {first} to {last}");
        assigned.notes.push(Diagnostic::info("period-found", text).file(&table.file).fix("say --covers FIRST..LAST if that is wrong"));
    }
    let options = covered.as_ref().unwrap_or(options);
    refused::refuse(&table, &assigned, options)
        .map_err(|d| table.notes.iter().cloned().chain(assigned.notes.iter().cloned()).chain([d]).collect::<Vec<_>>())?;
    if let Some(steps) = steps {
        for i in &assigned.periods {
            if let Some(day) = table.columns.get(*i).and_then(|c| steps.get(&names::compact(&c.name))) {
                table.columns[*i].name = day.iso();
            }
        }
    }
    let mut rows = rows::read(&table, &assigned, options, alone)?;
    table.check().map_err(|d| vec![d])?;
    if rows.notes.iter().any(|d| d.severity == Severity::Error) {
        return Err(table.notes.into_iter().chain(assigned.notes).chain(rows.notes).collect());
    }
    let said = options.transactions.or_else(|| assigned.profile.as_ref().and_then(|p| p.transactions));
    let transactions = said.unwrap_or_else(|| per_sale(&assigned, &mut rows));
    if transactions {
        clean::transactions(&mut rows, options.keep_non_products);
    } else if sums_of_days(&assigned) && !options.keep_non_products {
        clean::non_products(&mut rows, false);
    }
    // totals over a time are one row a period, whatever they are totals of
    let transactions = transactions && rows.native.is_none();
    Ok(File { table, assigned, rows, transactions })
}

/// Sums by item and day with their money: a till's report, which keeps its postage and its gift cards as receipts do.
fn sums_of_days(assigned: &Assigned) -> bool {
    let has = |role| assigned.column(role).is_some();
    assigned.periods.is_empty()
        && assigned.across.is_empty()
        && !has(Role::UniqueId)
        && has(Role::Quantity)
        && (has(Role::Revenue) || has(Role::Price))
}

/// Whether a row is a sale rather than a period: order numbers, times of day, several rows per series and date, or days left out when nothing sold.
fn per_sale(assigned: &Assigned, rows: &mut Rows) -> bool {
    if !assigned.periods.is_empty() || !assigned.across.is_empty() || assigned.column(Role::StockLevel).is_some() || rows.native.is_some() {
        return false;
    }
    if assigned.column(Role::Order).is_some() {
        return true;
    }
    if assigned.column(Role::UniqueId).is_some() {
        return false;
    }
    let used: Vec<usize> = (0..rows.reason.len()).filter(|i| rows.reason[*i] == Reason::Used).collect();
    if used.iter().any(|i| rows.at[*i].0.rem_euclid(3600) != 0) {
        return true;
    }
    // a clock beside the date, and goods that came back
    let named = !rows.item.is_empty() || !rows.description.is_empty();
    let back = used.iter().any(|i| rows.units.get(*i) < 0.0 || rows.refund[*i]);
    // a document that is a credit note stands beside others that are invoices
    if named && used.iter().any(|i| rows.refund[*i]) {
        return true;
    }
    if assigned.column(Role::Time).is_some() && named && back {
        return true;
    }
    // by code, not by text: all that counts is which rows are alike
    let item = |i: usize| if rows.item.has(i) { (0, rows.item.code(i)) } else { (1, rows.description.code(i)) };
    let mut cells: Vec<((u8, u32), u32, i64)> = used.iter().map(|i| (item(*i), rows.location.code(*i), rows.at[*i].0)).collect();
    cells.sort_unstable();
    let n = cells.len();
    cells.dedup();
    if (n - cells.len()) * 20 > n {
        return true;
    }
    if assigned.value || rows.item.is_empty() && rows.description.is_empty() {
        return false;
    }
    // a file that never says zero leaves the days without sales out; a zero for want of stock is said for its flag, not for the day
    let empty = |i: usize| rows.in_stock.get(i) < 1.0;
    let zeros = used.iter().any(|i| rows.units.get(*i) == 0.0 && !empty(*i));
    let daily: Vec<i64> = cells.windows(2).filter(|w| (w[0].0, w[0].1) == (w[1].0, w[1].1)).map(|w| w[1].2 - w[0].2).collect();
    let in_days = daily.iter().any(|g| g % (7 * 86_400) != 0 && *g < 27 * 86_400);
    let gaps = daily.iter().filter(|g| **g > 86_400).count();
    let sparse = !zeros && in_days && gaps * 5 > daily.len();
    if sparse {
        rows.notes.push(
            Diagnostic::info("zeros-left-out", "the file lists only days with sales; the days between were taken for zero sales")
                .fix("if they are unknown instead, read it as one row per period"),
        );
    }
    sparse
}
