//! From sales files to a [`History`].

use super::gather::Gathered;
use super::given::Given;
use super::model::{History, Measured};
use super::options::{Kind, ReadOptions, Role};
use super::preview::{self, Preview};
use super::question::Question;
use super::recognised::{Recognised, RecognisedColumn};
use super::regular::{self, Chosen, Key, Plan};
use super::roles::{self, Assigned};
use super::rows::{self, Has, Reason, Rows};
use super::store::Store;
use super::survey::Sizes;
use super::table::{self, Table};
use super::values::NONE;
use super::{clean, covers, names, overlap};
use crate::base::text::plural;
use crate::base::{Control, Diagnostic, Period, Severity, Stamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

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
        let table = table::read_store(&name, store, options.sheet.as_deref(), sizes);
        if control.is_cancelled() {
            return Err(vec![stopped()]);
        }
        control.progress("understanding", i, count);
        match table.and_then(|t| understood(t, options, steps.as_ref().map(|s| &s.1))) {
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

/// A table of sales, its columns and rows understood.
pub(super) fn understood(
    mut table: Table,
    options: &ReadOptions,
    steps: Option<&BTreeMap<String, Stamp>>,
) -> Result<File, Vec<Diagnostic>> {
    if options.time_zone.as_deref().is_some_and(|z| !super::zone::known(z)) {
        let d = Diagnostic::error("time-zone-unknown", "there is no time zone of that name").file(&table.file);
        return Err(vec![d.fix("use a name of the time zone database, such as Europe/Berlin")]);
    }
    super::expand::expand(&mut table);
    super::joined::join(&mut table);
    let mut assigned = roles::assign(&table, options)?;
    let found = covers::of(&table, &assigned, options);
    let covered = found.map(|c| ReadOptions { covers: Some(c), ..options.clone() });
    if let (Some((first, last)), None) = (found, options.covers) {
        let text = format!("totals without dates; the file says that they are of {first} to {last}");
        assigned.notes.push(Diagnostic::info("period-found", text).file(&table.file).fix("say --covers FIRST..LAST if that is wrong"));
    }
    let options = covered.as_ref().unwrap_or(options);
    refuse(&table, &assigned, options)
        .map_err(|d| table.notes.iter().cloned().chain(assigned.notes.iter().cloned()).chain([d]).collect::<Vec<_>>())?;
    if let Some(steps) = steps {
        for i in &assigned.periods {
            if let Some(day) = table.columns.get(*i).and_then(|c| steps.get(&names::compact(&c.name))) {
                table.columns[*i].name = day.iso();
            }
        }
    }
    let mut rows = rows::read(&table, &assigned, options)?;
    table.check().map_err(|d| vec![d])?;
    if rows.notes.iter().any(|d| d.severity == Severity::Error) {
        return Err(table.notes.into_iter().chain(assigned.notes).chain(rows.notes).collect());
    }
    let said = options.transactions.or_else(|| assigned.profile.as_ref().and_then(|p| p.transactions));
    let transactions = said.unwrap_or_else(|| per_sale(&assigned, &mut rows));
    if transactions {
        clean::transactions(&mut rows, options.keep_non_products);
    }
    // totals over a time are one row a period, whatever they are totals of
    let transactions = transactions && rows.native.is_none();
    Ok(File { table, assigned, rows, transactions })
}

/// Files that are not sales over time, by what is in them.
pub(super) fn refuse(table: &Table, assigned: &Assigned, options: &ReadOptions) -> Result<(), Diagnostic> {
    let has = |role| assigned.column(role).is_some();
    let fail = |code, message: String, fix: String| Err(Diagnostic::error(code, message).file(&table.file).fix(fix));
    let columns = || {
        let shown: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).filter(|n| !names::is_personal(n)).take(30).collect();
        shown.join(", ")
    };
    if let Some(kind @ (Kind::Stock | Kind::Items | Kind::OnOrder)) = options.kind {
        return fail(
            "not-sales",
            format!("a file of {} is no sales history", kind.name()),
            "read it as a companion file of the scenario".into(),
        );
    }
    if let Some((profile, kind)) = assigned.other.as_ref().filter(|_| options.kind != Some(Kind::Sales)) {
        if kind == "unfit" {
            let says = super::profile::built_in().iter().find(|p| p.name == *profile).and_then(|p| p.says.as_deref()).unwrap_or_default();
            let (why, fix) = says.split_once("; ").unwrap_or((says, "export the lines of the orders"));
            return fail("other-export", format!("this is {profile}: {why}"), fix.to_owned());
        }
        let (code, what) = match kind.as_str() {
            "stock" => ("stock-list", "a list of stock"),
            "items" => ("item-list", "a list of items"),
            "on_order" => ("order-list", "a list of what is on its way"),
            _ => ("calendar-list", "a calendar of numbered days"),
        };
        let fix = match kind.as_str() {
            "calendar" => "give it together with the sales whose columns it dates".to_owned(),
            kind => format!("give it as the {} file, or say --kind sales", kind.replace('_', "-")),
        };
        return fail(code, format!("this is {what} ({profile}), not of sales"), fix);
    }
    let dated = has(Role::Date) || !assigned.periods.is_empty();
    let forced = options.kind == Some(Kind::Sales);
    let stock_words = |c: &str| {
        let w = names::words(c);
        ["inventory", "onhand", "available", "fulfillable", "bestand", "estoque"].iter().any(|s| w.iter().any(|x| x == s))
    };
    // a stock level by its own name, and a quantity only by a guess
    let guessed = |role| assigned.column(role).is_none_or(|i| assigned.roles[i].1 <= 0.7);
    let snapshot = has(Role::StockLevel) && guessed(Role::Quantity) && guessed(Role::Revenue) && assigned.periods.is_empty();
    let stocky = has(Role::StockLevel) || table.columns.iter().any(|c| stock_words(&c.name));
    // a profile knows sales that carry a stock column from a list of stock
    let known = assigned.profile.is_some();
    if (!dated && stocky && !has(Role::Revenue) || snapshot) && !forced && !known {
        return fail(
            "stock-list",
            "this looks like a list of stock, not of sales".into(),
            "give it as the stock file, or say --kind sales".into(),
        );
    }
    let named = has(Role::Item) || has(Role::Description) || has(Role::UniqueId) || has(Role::Location);
    let measured = has(Role::Quantity) || has(Role::Revenue) || (has(Role::Order) && has(Role::Item));
    let totals = !dated && (options.covers.is_some() && named && measured);
    if !dated && !totals {
        let step = table.columns.iter().enumerate().find(|(i, c)| {
            names::in_list(&c.name, names::STEPS) && assigned.profiles[*i].whole == 1.0 && assigned.profiles[*i].numeric > 0.9
        });
        if let Some((_, c)) = step {
            return fail(
                "dates-numbered",
                format!("{:?} holds step numbers, not dates", c.name),
                "replace them by dates (YYYY-MM-DD)".into(),
            );
        }
        let fiscal: Vec<&str> =
            table.columns.iter().map(|c| c.name.as_str()).filter(|n| super::header::is_fiscal_name(n)).take(3).collect();
        if let [first, _, ..] = fiscal.as_slice() {
            return fail(
                "periods-fiscal",
                format!("the columns {} … are periods of a business year: nobody can tell which months they are", fiscal.join(", ")),
                format!("write the month into the header, {first:?} as 2025-01 say, or export by calendar month"),
            );
        }
        if (has(Role::Price) || has(Role::Description)) && !has(Role::Quantity) && !has(Role::Revenue) && !forced {
            return fail(
                "item-list",
                format!("this looks like a list of items, not of sales; columns: {}", columns()),
                "give it as the items file, or export sales with dates".into(),
            );
        }
        // a column that calls itself the date and holds none is what is wrong
        let called = table.columns.iter().any(|c| names::is_date(&c.name));
        if named && measured && !called {
            return fail(
                "period-needed",
                if has(Role::Order) {
                    format!("the file has {} without the day of the sale", plural(table.rows, "order line"))
                } else {
                    format!(
                        "the file has totals without dates ({} by item): nobody can tell which days they are of",
                        plural(table.rows, "row")
                    )
                },
                "say which days with --covers 2026-01-01..2026-01-31, or export it by day, week or month".into(),
            );
        }
        return fail(
            "no-date-column",
            format!("no column holds dates; columns: {}", columns()),
            "export with the date of each sale, or name the column with --map COLUMN=date".into(),
        );
    }
    let measured = measured || has(Role::OrderTotal) || !assigned.periods.is_empty() || !assigned.across.is_empty();
    let one_each = has(Role::Order) && (has(Role::Item) || has(Role::Description));
    // rows count as one each only where nothing else may be the quantity
    let unread = roles::may_count(table, assigned);
    let counted = [Role::Quantity, Role::Revenue, Role::OrderTotal].into_iter().any(has);
    let wide = !assigned.periods.is_empty() || !assigned.across.is_empty();
    if !counted
        && !wide
        && one_each
        && let [first, ..] = unread.as_slice()
    {
        return fail(
            "no-quantity-column",
            format!("no column is known to hold quantities; those with whole numbers: {}", unread.join(", ")),
            format!("name it with --map \"{first}=quantity\"; if every row is one unit, say --map \"{first}=ignore\""),
        );
    }
    // a column that calls itself the quantity and cannot be read is what is wrong
    let called = table.columns.iter().enumerate().find(|(i, c)| {
        let best = names::roles_of(&c.name).first().copied();
        best.is_some_and(|(role, rank)| role == Role::Quantity && rank < 1000) && assigned.free(*i) && assigned.profiles[*i].filled > 0
    });
    if !counted
        && !wide
        && let Some((_, c)) = called
    {
        return fail(
            "quantity-unreadable",
            format!("most cells of {:?} cannot be read as numbers", c.name),
            format!("write plain numbers; if every row is one unit, say --map \"{}=ignore\"", c.name),
        );
    }
    if !measured && !one_each {
        return fail(
            "no-quantity-column",
            format!("no column holds quantities or amounts; columns: {}", columns()),
            "name the column with --map COLUMN=quantity".into(),
        );
    }
    Ok(())
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

fn combine(
    mut files: Vec<File>,
    options: &ReadOptions,
    shown: usize,
    notes: &mut Vec<Diagnostic>,
) -> Result<(Import, Vec<Preview>), Vec<Diagnostic>> {
    overlap::reconcile(&mut files, notes);
    // what orders were for is done
    files.iter_mut().for_each(|f| f.rows.order = super::values::Codes::default());
    let transactions = files.iter().any(|f| f.transactions);
    let value = files.iter().any(|f| f.assigned.value);
    if value && files.iter().any(|f| !f.assigned.value) {
        let which: Vec<&str> = files.iter().filter(|f| f.assigned.value).map(|f| f.table.file.as_str()).collect();
        return Err(vec![
            Diagnostic::error("units-and-money", format!("some files count units and others money ({})", which.join(", ")))
                .fix("read them apart, or map the quantity with --map COLUMN=quantity"),
        ]);
    }
    let mut keys = Keyring::default();
    let single = files.iter().flat_map(|f| f.rows.location.values.iter()).collect::<BTreeSet<_>>().len() < 2;
    let mut has = Has::default();
    let mut key_of: Vec<Vec<u32>> = Vec::with_capacity(files.len());
    let (mut used, mut free, mut below) = (0usize, 0usize, 0usize);
    for file in &mut files {
        let h = file.rows.has;
        (has.revenue, has.price, has.in_stock, has.stock, has.promo) =
            (has.revenue | h.revenue, has.price | h.price, has.in_stock | h.in_stock, has.stock | h.stock, has.promo | h.promo);
        keys.start_file(&file.rows);
        let mut mine = vec![NONE; file.rows.reason.len()];
        for (i, key) in mine.iter_mut().enumerate() {
            if file.rows.reason[i] != Reason::Used {
                continue;
            }
            let units = file.rows.units.get(i);
            if units.is_nan() && transactions {
                file.rows.reason[i] = Reason::BadQuantity;
                continue;
            }
            *key = keys.of(&file.rows, &file.assigned, i, single);
            used += 1;
            below += usize::from(units < 0.0 && !file.rows.refund[i]);
            free += usize::from(units > 0.0 && !file.rows.refund[i] && file.rows.price.get(i) == 0.0);
        }
        key_of.push(mine);
    }
    if used == 0 {
        let mut said: Vec<Diagnostic> =
            files.iter().flat_map(|f| f.rows.notes.iter().cloned().chain(rows::set_aside(&f.table, &f.rows).1)).collect();
        said.push(
            Diagnostic::error("no-usable-rows", "no row has a date, an item and a quantity that can be read")
                .file(&files[0].table.file)
                .fix("correct the columns named above, or map them with --map COLUMN=ROLE"),
        );
        return Err(said);
    }
    if transactions && !value && below * 10 >= used * 6 {
        let message = format!(
            "{} of {} have a quantity below zero: this is no list of sales but one of returns or of movements of stock",
            below,
            plural(used, "row")
        );
        let fix =
            "export the sales (orders, invoices or receipts with their lines); or turn the signs, if what leaves the shop is below zero";
        return Err(vec![Diagnostic::error("mostly-below-zero", message).file(&files[0].table.file).fix(fix)]);
    }
    zero_prices(&files, free, used, has, transactions, notes);
    let totals = files.first().and_then(|f| f.rows.native).filter(|n| files.iter().all(|f| f.rows.native == Some(*n)));
    let rows = Gathered::new(files.iter().map(|f| &f.rows).collect(), &key_of, keys.keys.len());
    drop(key_of);
    let (chosen, native) = choose(&rows, transactions, totals, options)?;
    let plan = Plan { chosen: chosen.clone(), transactions, native, value, has, totals: totals.is_some(), as_of: options.as_of };
    let built = regular::build(&rows, &keys.keys, &plan)?;
    let outside: Vec<(usize, usize)> = built.outside.iter().map(|r| rows.place(*r)).collect();
    drop(rows);
    for (f, row) in outside {
        files[f].rows.reason[row] = Reason::OutsideCalendar;
    }
    keys.say(notes);
    let mut diagnostics = std::mem::take(notes);
    let (mut recognised, mut previews, mut questions, mut lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (f, mut file) in files.into_iter().enumerate() {
        questions.append(&mut file.assigned.questions);
        questions.append(&mut file.rows.questions);
        rows::aside_lines(&file.table, &file.rows, f as u32, &mut lines);
        let (aside, said) = rows::set_aside(&file.table, &file.rows);
        if shown > 0 {
            previews.push(preview::of(&file.table, &file.assigned, &file.rows, shown));
        }
        recognised.push(describe(&file, aside, &chosen, transactions));
        diagnostics.extend(file.table.notes.into_iter().chain(file.assigned.notes).chain(file.rows.notes).chain(said));
    }
    diagnostics.push(
        Diagnostic::info("period-chosen", format!("series by {}: {}", chosen.period, chosen.reason)).fix("choose another with --period"),
    );
    diagnostics.extend(built.notes);
    let returns: f64 = built.series.iter().filter_map(|s| s.returned.as_ref()).flatten().sum();
    if returns > 0.0 {
        diagnostics.push(Diagnostic::info(
            "returns",
            format!("{} came back; demand was met, so returns are kept apart and not subtracted", plural(returns.round() as usize, "unit")),
        ));
    }
    let signed = built.series.iter().filter(|s| !value && s.y.iter().any(|y| *y < 0.0)).count();
    if signed > 0 {
        let message = format!(
            "{signed} series are below zero in more than a tenth of their periods; they were kept as they are and not taken for returns"
        );
        diagnostics.push(Diagnostic::info("values-below-zero", message));
    }
    debug_assert!(diagnostics.iter().all(|d| d.severity != Severity::Error));
    let measured = if value { Measured::Value } else { Measured::Units };
    let history = History { period: chosen.period, measured, series: built.series };
    Ok((Import { history, recognised, diagnostics, transactions, questions, aside: lines }, previews))
}

/// Sales at no price are kept, and said.
fn zero_prices(files: &[File], free: usize, used: usize, has: Has, transactions: bool, notes: &mut Vec<Diagnostic>) {
    if transactions && has.price && free > 0 && free * 2 < used {
        let line = files.iter().find_map(|f| {
            let i = (0..f.rows.price.len())
                .find(|i| f.rows.reason[*i] == Reason::Used && f.rows.price.get(*i) == 0.0 && f.rows.units.get(*i) > 0.0)?;
            Some((f.table.file.clone(), f.table.line(f.rows.row(i))))
        });
        let d = Diagnostic::info(
            "zero-price",
            format!("{} sold at price zero; they count as demand, since the stock left", plural(free, "row")),
        );
        notes.push(if let Some((file, line)) = line { d.file(file).line(line) } else { d });
    }
}

/// The calendar: the user's, the file's own, or the finest dense enough.
fn choose(
    rows: &Gathered<'_>,
    transactions: bool,
    totals: Option<Period>,
    options: &ReadOptions,
) -> Result<(Chosen, Option<Period>), Vec<Diagnostic>> {
    let own = match totals {
        Some(period) => Chosen { period, reason: format!("totals of a {period} each"), standard: false },
        None if transactions => regular::dense_enough(rows),
        None => regular::native(rows),
    };
    let Some(wanted) = options.period.filter(|p| *p != own.period) else { return Ok((own, None)) };
    let asked = Chosen { period: wanted, reason: format!("as asked for; by itself it would be {}", own.period), standard: true };
    if transactions {
        return Ok((asked, None));
    }
    if wanted < own.period {
        return Err(vec![
            Diagnostic::error(
                "period-too-short",
                format!("the file has one row per {}, which cannot be divided into {}s", own.period, wanted),
            )
            .fix(format!("choose --period {} or longer", own.period)),
        ]);
    }
    Ok((asked, Some(own.period)))
}

/// Series keys, told apart by what the files give.
#[derive(Default)]
struct Keyring {
    keys: Vec<Key>,
    by_name: HashMap<[Arc<str>; 3], u32>,
    by_id: HashMap<Arc<str>, u32>,
    clashes: usize,
    /// Codes of the current file to keys.
    by_code: HashMap<(u32, u32, u32, u32), u32, foldhash::fast::RandomState>,
    /// The same by item, where nothing else tells series apart.
    by_item: Vec<u32>,
}

impl Keyring {
    fn start_file(&mut self, rows: &Rows) {
        self.by_code.clear();
        self.by_item = if rows.unique_id.is_empty() { vec![NONE; rows.item.values.len()] } else { Vec::new() };
    }

    fn of(&mut self, rows: &Rows, assigned: &Assigned, i: usize, single: bool) -> u32 {
        let (item_code, place) = (rows.item.code(i), rows.location.code(i));
        let known = if place == NONE { self.by_item.get(item_code as usize).copied().unwrap_or(NONE) } else { NONE };
        if known != NONE {
            return known;
        }
        // the name tells items apart only where there is no code
        let name_code = if item_code == NONE { rows.description.code(i) } else { NONE };
        let codes = (rows.unique_id.code(i), item_code, name_code, place);
        if let Some(key) = self.by_code.get(&codes) {
            return *key;
        }
        let location = rows.location.get(i);
        let item = rows.item_key(i);
        let id = rows.unique_id.get(i).map(str::to_owned).unwrap_or_else(|| match (item, location) {
            (Some(item), Some(place)) if assigned.grouped => format!("{place}_{item}"),
            (Some(item), Some(place)) if !single => format!("{item}@{place}"),
            (Some(item), _) => item.to_owned(),
            (None, Some(place)) => place.to_owned(),
            (None, None) => "all".to_owned(),
        });
        let key = Key {
            item: item.unwrap_or(&id).into(),
            location: location.unwrap_or("main").into(),
            description: rows.description.get(i).filter(|d| Some(*d) != item).map(Into::into),
            unique_id: id.into(),
        };
        let name = [key.unique_id.clone(), key.item.clone(), key.location.clone()];
        let index = match self.by_name.get(&name) {
            Some(k) => *k,
            // one unique_id with two items or places is one series all the same
            None if self.by_id.contains_key(&key.unique_id) => {
                self.clashes += 1;
                self.by_id[&key.unique_id]
            }
            None => {
                self.keys.push(key.clone());
                (self.keys.len() - 1) as u32
            }
        };
        self.by_id.insert(key.unique_id, index);
        self.by_name.insert(name, index);
        self.by_code.insert(codes, index);
        if let Some(k) = self.by_item.get_mut(item_code as usize).filter(|_| place == NONE) {
            *k = index;
        }
        index
    }

    fn say(&self, notes: &mut Vec<Diagnostic>) {
        if self.clashes > 0 {
            notes.push(Diagnostic::warning(
                "series-merged",
                format!(
                    "{} with the same unique_id but another item or location were taken for the same series",
                    plural(self.clashes, "key")
                ),
            ));
        }
    }
}

pub(super) fn describe(file: &File, set_aside: Vec<super::SetAside>, chosen: &Chosen, transactions: bool) -> Recognised {
    let (t, a) = (&file.table, &file.assigned);
    let seen = super::look::samples(t);
    let columns = t.columns.iter().enumerate().map(|(i, column)| {
        let (role, confidence) = a.roles[i];
        let role =
            if a.periods.contains(&i) || a.across.contains(&i) { if a.value { Role::Revenue } else { Role::Quantity } } else { role };
        let samples = seen.get(i).filter(|_| a.may_show(i, &column.name)).cloned().unwrap_or_default();
        RecognisedColumn {
            index: i as u32 + 1,
            name: column.name.clone(),
            role,
            confidence: if a.periods.contains(&i) || a.across.contains(&i) { 0.9 } else { confidence.min(1.0) },
            samples,
        }
    });
    let used = {
        let (mut count, mut last) = (0, usize::MAX);
        for i in (0..file.rows.reason.len()).filter(|i| file.rows.reason[*i] == Reason::Used) {
            count += usize::from(file.rows.row(i) != last);
            last = file.rows.row(i);
        }
        count
    };
    Recognised {
        file: t.file.clone(),
        format: t.format,
        encoding: t.encoding.clone(),
        delimiter: t.delimiter,
        quote: t.quote,
        sheet: t.sheet.clone(),
        other_sheets: t.other_sheets.clone(),
        decimal: file.rows.decimal,
        date_order: file.rows.date_order.map(super::DateOrder::name),
        header_line: t.header_line,
        profile: a.profile.as_ref().map(|p| crate::base::name::lasting(&p.name)),
        wide: !a.periods.is_empty(),
        transactions,
        columns: columns.collect(),
        rows_read: t.rows,
        rows_used: used,
        set_aside,
        period: Some(chosen.period),
        period_reason: chosen.reason.clone(),
    }
}
