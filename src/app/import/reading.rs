//! The full pass: files read whole, into a new project or into one that is open.

use super::looking::{self, Wanted, unreadable};
use super::{Originals, name_of, own, words};
use crate::base::text::plural;
use crate::base::{Control, Diagnostic, Period, Severity, Stamp};
use crate::history::{self, Ask, DateOrder, Import, KnownTable, MasterFiles, Masters, Preview, Profile, ReadOptions, Role};
use crate::project::{Change, Document, Edit, Sales, Source, SourceKind, Table};
use crate::scenario::load::usual_periods;
use crate::scenario::{Inputs, Plan};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// Records of a sales file that are shown beside what was understood.
pub const SHOWN: usize = 200;

/// What is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The files, with what was said of each.
    pub files: Vec<Wanted>,
    /// How new sales stand to those that are there.
    pub joined: Joined,
    /// Files (by their place) whose reading is to be remembered as a profile of this name.
    pub keep: Vec<(usize, String)>,
    /// The window's home, where profiles are kept.
    pub home: PathBuf,
}

/// What to do with sales that come to a project that has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Joined {
    /// The new files stand in place of the old ones.
    Instead,
    /// Old and new files are read together, what both tell counted once; the old ones must be at hand.
    #[default]
    Together,
    /// The old sales up to the first day of the new ones, the new ones from there: where the old files are not at hand.
    Continued,
}

/// What came of reading files.
#[derive(Debug, Default)]
pub struct Added {
    /// What to change; `None` where the project holds all of it already.
    pub edit: Option<Edit>,
    /// What was said while reading.
    pub notes: Vec<Diagnostic>,
    /// Where the files are.
    pub originals: Originals,
    /// Raw rows of the sales files beside what was understood, in the order of the sources.
    pub previews: Vec<Preview>,
    /// Files that the project holds already.
    pub known: Vec<String>,
    /// What became of each sales file read: its name, rows used, rows set aside.
    pub counted: Vec<(String, usize, usize)>,
    /// Every line of the sales files that is not used: file, line, reason; and the reading it belongs to.
    pub aside: Option<(Reading, Arc<Vec<Aside>>)>,
    /// Companion files read: name, what it is about, rows.
    pub tables: Vec<(String, SourceKind, usize)>,
}

/// A new project's document, and what else its files told.
#[derive(Debug)]
pub struct Made {
    /// What the project will hold.
    pub document: Document,
    /// As of [`Added`]; without an edit.
    pub added: Added,
}

/// A line that is not used: its file, its number, the name of the reason.
pub type Aside = (String, u64, &'static str);

/// Which reading of which files something belongs to: hash, roles and answers of each.
pub type Reading = Vec<(String, Vec<(String, Role)>, Vec<(Ask, String)>)>;

/// The reading that sales are of.
pub fn reading(sales: &Sales) -> Reading {
    sales.sources.iter().map(|s| (s.hash.clone(), s.map.clone(), s.said.clone())).collect()
}

/// A sales file with its bytes.
struct Raw {
    source: Source,
    bytes: Cow<'static, [u8]>,
}

/// The files of a request, read.
struct Files {
    sales: Vec<Raw>,
    /// One a kind: of two files of a kind the later counts.
    companions: Vec<(Source, Table)>,
    /// What is known ahead, with its bytes; of two files the later counts.
    future: Option<(Source, Vec<u8>)>,
    notes: Vec<Diagnostic>,
    known: Vec<String>,
    originals: Originals,
}

/// Reads the bytes of all files, and the companion files whole.
fn files(
    request: &Request,
    there: &dyn Fn(&Wanted, &str) -> bool,
    originals: &Originals,
    now: Stamp,
    control: &dyn Control,
) -> Result<Files, Vec<Diagnostic>> {
    let mut out = Files {
        sales: Vec::new(),
        companions: Vec::new(),
        future: None,
        notes: Vec::new(),
        known: Vec::new(),
        originals: originals.clone(),
    };
    for (i, wanted) in request.files.iter().enumerate() {
        stop(control)?;
        control.progress("reading", i, request.files.len());
        let name = name_of(&wanted.path);
        let bytes = std::fs::read(&wanted.path).map_err(|e| vec![unreadable(&name, &e)])?;
        let hash = history::canonical::hash(&bytes);
        out.originals.add(hash.clone(), wanted.path.clone());
        if there(wanted, &hash) {
            out.known.push(name);
            continue;
        }
        let (map, said) = (wanted.map.clone(), wanted.said.clone());
        let source = Source { name, hash, kind: wanted.kind, imported: now, map, said, rows_read: 0, rows_used: 0, sequence: 0 };
        if wanted.kind == SourceKind::Sales {
            out.sales.push(Raw { source, bytes: bytes.into() });
            continue;
        }
        if wanted.kind == SourceKind::Future {
            out.future = Some((source, bytes));
            continue;
        }
        let (table, rows, mut notes) = companion(wanted.kind, &source, bytes, &originals.own)?;
        out.companions.retain(|(s, _)| s.kind != wanted.kind);
        out.companions.push((Source { rows_read: rows, rows_used: rows, ..source }, table));
        out.notes.append(&mut notes);
    }
    Ok(out)
}

fn stop(control: &dyn Control) -> Result<(), Vec<Diagnostic>> {
    if control.is_cancelled() { Err(vec![Diagnostic::error("cancelled", "stopped on request")]) } else { Ok(()) }
}

/// A new project of files; at least one of them must be of sales, or of shipments to plan.
///
/// # Errors
/// What stops a file from being read.
pub fn create(request: &Request, originals: &Originals, now: Stamp, control: &dyn Control) -> Result<Made, Vec<Diagnostic>> {
    let mut read = files(request, &|_, _| false, originals, now, control)?;
    let shipments = read.companions.iter().find(|c| c.0.kind == SourceKind::Shipments).map(|c| c.0.name.clone());
    let Some(first) = read.sales.first().map(|r| r.source.name.clone()).or(shipments) else {
        let d = Diagnostic::error("no-sales-file", "none of the files is of sales: without them there is nothing to forecast");
        return Err(vec![d.fix("add the sales export too, or say which of the files it is; deliveries to plan are enough by themselves")]);
    };
    let name = first.split('.').next().filter(|s| !s.trim().is_empty()).unwrap_or("Project").to_owned();
    let mut plan = Plan { name: name.clone(), ..Plan::default() };
    plan.history.files = read.sales.iter().map(|r| r.source.name.clone()).collect();
    let mut masters = Masters::default();
    for (source, table) in &read.companions {
        put(&mut masters, table);
        let slot = match source.kind {
            SourceKind::Items => &mut plan.history.items,
            SourceKind::Stock => &mut plan.history.stock,
            SourceKind::OnOrder => &mut plan.history.on_order,
            SourceKind::Suppliers => &mut plan.history.suppliers,
            SourceKind::SupplierItems => &mut plan.history.supplier_items,
            SourceKind::Receipts => &mut plan.history.receipts,
            SourceKind::Bom => &mut plan.history.bom,
            SourceKind::Locations => &mut plan.history.locations,
            SourceKind::Vehicles => &mut plan.history.vehicles,
            SourceKind::Carriers => &mut plan.history.carriers,
            SourceKind::Distances => &mut plan.history.distances,
            SourceKind::Shipments => &mut plan.history.shipments,
            SourceKind::Events => &mut plan.history.events,
            SourceKind::Sales | SourceKind::Future => continue,
        };
        *slot = Some(source.name.clone());
    }
    if read.sales.is_empty() {
        read.originals = kept(request, &[], &mut read);
        // deliveries are planned without anything being forecast
        let (tables, notes) = (tables(&read), std::mem::take(&mut read.notes));
        let sources = read.companions.into_iter().map(|c| c.0).collect();
        let document = Document::new(name, Inputs { masters, ..Inputs::default() }, plan, notes, sources);
        return Ok(Made { document, added: Added { originals: read.originals, tables, known: read.known, ..Added::default() } });
    }
    let (mut sales, previews, aside) = sales(std::mem::take(&mut read.sales), None, None, &read.originals.own, false, control)?;
    let aside = Some((reading(&sales), Arc::new(aside)));
    stop(control)?;
    read.notes.extend(history::settle_places(&sales.history, &mut masters));
    mark(&mut sales, &masters, &mut read.notes);
    plan.periods = usual_periods(sales.history.period);
    let ahead = read.future.take().map(|f| ahead(f, &sales, &read.originals)).transpose()?;
    plan.forecast.future = ahead.as_ref().map(|a| a.source.name.clone());
    let keep = kept(request, &sales.recognised, &mut read);
    let counted = counted(&sales);
    let mut tables = tables(&read);
    let mut notes = sales.notes;
    notes.append(&mut read.notes);
    let inputs =
        Inputs { history: Some(sales.history), recognised: sales.recognised, transactions: sales.transactions, masters, known: None };
    let mut sources: Vec<Source> = sales.sources.into_iter().chain(read.companions.into_iter().map(|c| c.0)).collect();
    let mut known = None;
    if let Some(mut a) = ahead {
        tables.push((a.source.name.clone(), SourceKind::Future, a.source.rows_used as usize));
        notes.append(&mut a.notes);
        sources.push(a.source);
        known = Some(a.known);
    }
    let mut document = Document::new(name, inputs, plan, notes, sources);
    document.known = known;
    let added = Added { previews, originals: keep, counted, aside, tables, known: read.known, ..Added::default() };
    Ok(Made { document, added })
}

/// Reads files into a project: sales become the history, companion files their tables. A file that is there already changes nothing.
///
/// # Errors
/// What stops a file from being read; nothing is changed then.
pub fn add(
    document: &Document,
    request: &Request,
    originals: &Originals,
    now: Stamp,
    control: &dyn Control,
) -> Result<Added, Vec<Diagnostic>> {
    let old: &[Source] = document.sales.as_ref().map_or(&[], |s| &s.sources);
    let there = |wanted: &Wanted, hash: &str| {
        let sales = wanted.kind == SourceKind::Sales;
        let list = if sales { old } else { &document.companions };
        // a companion file of which something else is said now is read again
        list.iter().any(|s| s.kind == wanted.kind && s.hash == hash && (sales || wanted.said.is_empty() || s.said == wanted.said))
    };
    let mut read = files(request, &there, originals, now, control)?;
    let mut names: Vec<String> = read.sales.iter().map(|r| r.source.name.clone()).collect();
    names.extend(read.companions.iter().map(|(s, _)| s.name.clone()));
    let mut out =
        Added { known: std::mem::take(&mut read.known), originals: read.originals.clone(), tables: tables(&read), ..Added::default() };
    let mut changes = Vec::new();
    let mut masters = Cow::Borrowed(&*document.masters);
    for (source, table) in &read.companions {
        put(masters.to_mut(), table);
        changes.push(Change::MasterTable(table.clone()));
        changes.push(Change::Companion(source.kind, Some(source.clone())));
    }
    let future = read.future.take();
    names.extend(future.iter().map(|(s, _)| s.name.clone()));
    let mut sales_now = document.sales.clone();
    let mut recognised = Vec::new();
    if !read.sales.is_empty() {
        let mut all = Vec::new();
        if request.joined == Joined::Together {
            for source in old {
                let bytes = read.originals.read(source).map_err(|d| vec![d])?;
                all.push(Raw { source: source.clone(), bytes });
            }
        }
        all.append(&mut read.sales);
        let current = document.sales.as_ref().map(|s| s.history.period);
        let (mut new, previews, aside) = sales(all, Some(&document.active().plan), current, &read.originals.own, false, control)?;
        stop(control)?;
        out.counted = counted(&new);
        recognised.clone_from(&new.recognised);
        if let Some(before) = document.sales.as_ref().filter(|_| request.joined == Joined::Continued) {
            new = continued(before, new)?;
        } else {
            out.previews = previews;
            out.aside = Some((reading(&new), Arc::new(aside)));
        }
        read.notes.extend(history::settle_places(&new.history, masters.to_mut()));
        mark(&mut new, &masters, &mut read.notes);
        // what the companion files said stays true
        let of_companion = |d: &&Diagnostic| d.file.as_ref().is_some_and(|f| document.companions.iter().any(|c| c.name == *f));
        new.notes.extend(document.sales.iter().flat_map(|s| &s.notes).filter(of_companion).cloned());
        let new = Arc::new(new);
        sales_now = Some(new.clone());
        changes.push(Change::Sales(Some(new)));
    } else if let Some(sales) = &document.sales {
        read.notes.extend(history::settle_places(&sales.history, masters.to_mut()));
    }
    // rows that count for the sales under another place than their file gives
    let given = |kind: SourceKind| read.companions.iter().rev().find(|c| c.0.kind == kind).map(|c| &c.1);
    let stock_now = given(SourceKind::Stock).map_or(&document.masters.stock[..], |t| if let Table::Stock(t) = t { &t[..] } else { &[] });
    let order_now =
        given(SourceKind::OnOrder).map_or(&document.masters.on_order[..], |t| if let Table::OnOrder(t) = t { &t[..] } else { &[] });
    if stock_now != masters.stock {
        changes.push(Change::MasterTable(Table::Stock(Arc::new(masters.stock.clone()))));
    }
    if order_now != masters.on_order {
        changes.push(Change::MasterTable(Table::OnOrder(Arc::new(masters.on_order.clone()))));
    }
    if let Some(future) = future {
        let Some(sales) = &sales_now else {
            let d = Diagnostic::error("future-without-sales", "what is known ahead says nothing without the sales it is about")
                .file(&future.0.name);
            return Err(vec![d.fix("import the sales too")]);
        };
        let mut a = ahead(future, sales, &read.originals)?;
        out.tables.push((a.source.name.clone(), SourceKind::Future, a.source.rows_used as usize));
        read.notes.append(&mut a.notes);
        changes.push(Change::Known(Some(a.known)));
        changes.push(Change::Companion(SourceKind::Future, Some(a.source)));
    }
    out.originals = kept(request, &recognised, &mut read);
    out.notes = read.notes;
    if !changes.is_empty() {
        let label = match &names[..] {
            [one] => format!("import {one}"),
            many => format!("import {} files", many.len()),
        };
        out.edit = Some(Edit { label, why: None, changes });
    }
    Ok(out)
}

/// Old sales up to the first day of new ones, and the new ones from there.
fn continued(old: &Sales, new: Sales) -> Result<Sales, Vec<Diagnostic>> {
    let history = history::continued::continued(&old.history, &new.history, new.transactions).map_err(|d| vec![d])?;
    let mut recognised = old.recognised.clone();
    recognised.retain(|r| !new.recognised.iter().any(|n| n.file == r.file));
    recognised.extend(new.recognised);
    let mut sources = old.sources.clone();
    sources.extend(new.sources);
    Ok(Sales { sources, history, recognised, transactions: new.transactions, notes: new.notes })
}

/// Remembers readings as profiles; the originals with all profiles there are then.
fn kept(request: &Request, recognised: &[history::Recognised], read: &mut Files) -> Originals {
    let mut originals = read.originals.clone();
    for (file, name) in &request.keep {
        let Some(wanted) = request.files.get(*file) else { continue };
        let file = name_of(&wanted.path);
        let options = looking::options(&wanted.map, &wanted.said, &originals.own);
        let profile = if wanted.kind == SourceKind::Sales {
            let Some(r) = recognised.iter().find(|r| r.file == file) else { continue };
            Profile::of(name, r, &options)
        } else {
            let Ok(seen) = looking::look_at(&wanted.path, Some(wanted.kind), &wanted.map, &wanted.said, &originals) else { continue };
            let columns: Vec<(&str, Option<&str>)> =
                seen.look.columns.iter().zip(&seen.look.fields).map(|(c, f)| (c.name.as_str(), *f)).collect();
            Profile::of_companion(name, wanted.kind.name(), &columns, &options)
        };
        // a reading that cannot be remembered is read all the same
        match own::keep(&request.home, &profile) {
            Ok(()) => read.notes.push(
                Diagnostic::info("profile-kept", format!("remembered as {name:?}: the next file with these columns is read the same way"))
                    .file(file),
            ),
            Err(d) => read.notes.push(Diagnostic { severity: Severity::Warning, ..d }),
        }
        originals.own = own::load(&request.home);
    }
    originals
}

fn tables(read: &Files) -> Vec<(String, SourceKind, usize)> {
    read.companions.iter().map(|(s, t)| (s.name.clone(), s.kind, t.rows())).collect()
}

fn counted(sales: &Sales) -> Vec<(String, usize, usize)> {
    let aside = |r: &history::Recognised| r.set_aside.iter().map(|s| s.rows).sum();
    sales.recognised.iter().map(|r| (r.file.clone(), r.rows_used, aside(r))).collect()
}

/// Stock counts of several days say when shelves were empty.
fn mark(sales: &mut Sales, masters: &Masters, notes: &mut Vec<Diagnostic>) {
    let marked = history::censored::mark_from_stock(&mut sales.history, &masters.stock);
    if marked > 0 {
        let text = format!("{} marked as partly or wholly out of stock, from the counts in the stock file", plural(marked, "period"));
        notes.push(Diagnostic::info("stockouts-from-counts", text));
    }
}

fn put(masters: &mut Masters, table: &Table) {
    match table {
        Table::Items(t) => masters.items = t.to_vec(),
        Table::Stock(t) => masters.stock = t.to_vec(),
        Table::OnOrder(t) => masters.on_order = t.to_vec(),
        Table::Suppliers(t) => masters.suppliers = t.to_vec(),
        Table::SupplierItems(t) => masters.supplier_items = t.to_vec(),
        Table::Receipts(t) => masters.receipts = t.to_vec(),
        Table::Bom(t) => masters.bom = t.to_vec(),
        Table::Locations(t) => masters.locations = t.to_vec(),
        Table::Vehicles(t) => masters.vehicles = t.to_vec(),
        Table::Carriers(t) => masters.carriers = t.to_vec(),
        Table::Distances(t) => masters.distances = t.to_vec(),
        Table::Shipments(t) => masters.shipments = t.to_vec(),
        Table::Events(t) => masters.events = t.to_vec(),
    }
}

/// What is known ahead, understood.
struct Ahead {
    source: Source,
    known: Arc<KnownTable>,
    notes: Vec<Diagnostic>,
}

/// Columns known ahead, laid on the sales. What they were in the past is read from the sales files that are at hand.
fn ahead((mut source, bytes): (Source, Vec<u8>), sales: &Sales, originals: &Originals) -> Result<Ahead, Vec<Diagnostic>> {
    let past: Vec<(&str, Cow<'static, [u8]>, &history::Recognised)> = sales
        .sources
        .iter()
        .filter_map(|s| Some((s.name.as_str(), originals.read(s).ok()?, sales.recognised.iter().find(|r| r.file == s.name)?)))
        .collect();
    let files: Vec<(&str, &[u8], &history::Recognised)> = past.iter().map(|(name, bytes, r)| (*name, &**bytes, *r)).collect();
    let said = looking::options(&source.map, &source.said, &originals.own);
    let told = history::read_drivers_bytes(&files, (&source.name, &bytes), &said, &sales.history);
    let (drivers, notes) = told.map_err(|mut said| {
        if past.len() < sales.sources.len() {
            let gone = "the sales file is not at hand, and it alone tells what these columns were in the past";
            let d = Diagnostic::error("file-not-at-hand", gone).file(&source.name);
            said.insert(0, d.fix("import the sales file together with this one"));
        }
        said
    })?;
    let Some(known) = KnownTable::of(&sales.history, &drivers) else {
        let d = Diagnostic::error("no-usable-rows", "no column of it can be used as known ahead").file(&source.name);
        return Err(notes
            .into_iter()
            .chain([d.fix("name columns as the sales file does, and let them differ from period to period in the past")])
            .collect());
    };
    source.rows_read = history::classify::classify(&source.name, &bytes).map_or(0, |g| g.rows as u64);
    source.rows_used = source.rows_read;
    Ok(Ahead { source, known: Arc::new(known), notes })
}

/// One table of masters from a file of its kind, its rows, and what was said.
fn companion(kind: SourceKind, source: &Source, bytes: Vec<u8>, own: &[Profile]) -> Result<(Table, u64, Vec<Diagnostic>), Vec<Diagnostic>> {
    let name = source.name.as_str();
    let files = MasterFiles::only(kind.name(), (name.to_owned(), bytes));
    let said = looking::options(&source.map, &source.said, own);
    let (masters, notes) = history::read_masters_said(&files, &MasterFiles::only(kind.name(), said))?;
    let table = Table::of(&masters, kind).ok_or_else(Vec::new)?;
    if table.rows() == 0 {
        let d = Diagnostic::error("no-usable-rows", format!("no row could be read as {}", words(kind))).file(name);
        return Err(notes.into_iter().chain([d.fix("check what the file is, or choose another kind for it")]).collect());
    }
    let rows = table.rows() as u64;
    Ok((table, rows, notes))
}

/// What is to be read differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// As it is; only the raw rows are wanted.
    Same,
    /// A column of a file means something else.
    Column {
        /// Which of the sales files.
        file: usize,
        /// The column's name.
        column: String,
        /// What it means.
        role: Role,
    },
    /// Dates of a file are written in this order; `None`: guessed.
    Dates {
        /// Which of the sales files.
        file: usize,
        /// The order.
        order: Option<DateOrder>,
    },
}

/// Reads the sales files of a project again.
///
/// # Errors
/// A file is not at hand or has changed, or cannot be read so.
pub fn again(document: &Document, otherwise: &Otherwise, originals: &Originals, control: &dyn Control) -> Result<Added, Vec<Diagnostic>> {
    let Some(old) = &document.sales else { return Ok(Added::default()) };
    let mut raw = Vec::new();
    for source in &old.sources {
        let bytes = originals.read(source).map_err(|d| vec![d])?;
        raw.push(Raw { source: source.clone(), bytes });
    }
    let mut changes = Vec::new();
    let mut plan = Cow::Borrowed(&document.active().plan);
    let label = match otherwise {
        Otherwise::Same => String::new(),
        Otherwise::Column { file, column, role } => {
            let Some(r) = raw.get_mut(*file) else { return Ok(Added::default()) };
            r.source.map.retain(|(c, _)| c != column);
            r.source.map.push((column.clone(), *role));
            format!("read column {column} of {} as {}", r.source.name, role.name().replace('_', " "))
        }
        Otherwise::Dates { file, order } => {
            let Some(r) = raw.get_mut(*file) else { return Ok(Added::default()) };
            r.source.said.retain(|(ask, _)| *ask != Ask::DateOrder);
            r.source.said.extend(order.map(|o| (Ask::DateOrder, o.name().to_owned())));
            // what a scenario file says is for all files, and would speak against it
            if plan.history.date_order.is_some() {
                let mut scenario = document.active().clone();
                scenario.plan.history.date_order = None;
                plan = Cow::Owned(scenario.plan.clone());
                changes.push(Change::PutScenario(scenario));
            }
            order.map_or_else(|| "guess the order of dates".to_owned(), |o| format!("read dates as {}", o.name()))
        }
    };
    let (mut sales, previews, aside) = sales(raw, Some(&plan), Some(old.history.period), &originals.own, true, control)?;
    let mut notes = Vec::new();
    mark(&mut sales, &document.masters, &mut notes);
    let of_companion = |d: &&Diagnostic| d.file.as_ref().is_some_and(|f| document.companions.iter().any(|c| c.name == *f));
    sales.notes.extend(old.notes.iter().filter(of_companion).cloned());
    let counted = counted(&sales);
    let aside = Some((reading(&sales), Arc::new(aside)));
    let edit = (*otherwise != Otherwise::Same).then(|| {
        changes.push(Change::Sales(Some(Arc::new(sales))));
        Edit { label, why: None, changes }
    });
    Ok(Added { edit, previews, counted, aside, ..Added::default() })
}

/// Reads sales files together, on the calendar that the project has where they allow it. `assume`: what a file leaves open is taken, since
/// it was asked about before.
fn sales(
    raw: Vec<Raw>,
    plan: Option<&Plan>,
    current: Option<Period>,
    own: &[Profile],
    assume: bool,
    control: &dyn Control,
) -> Result<(Sales, Vec<Preview>, Vec<Aside>), Vec<Diagnostic>> {
    let of_plan = |f: fn(&Plan) -> Option<&String>| plan.and_then(f);
    let common = ReadOptions {
        date_order: of_plan(|p| p.history.date_order.as_ref()).and_then(|t| DateOrder::parse(t)),
        decimal: of_plan(|p| p.history.decimal.as_ref()).and_then(|t| t.chars().next()),
        period: of_plan(|p| p.history.period.as_ref()).and_then(|t| Period::parse(t)).or(current),
        assume,
        ..ReadOptions::default()
    };
    let options: Vec<ReadOptions> = raw
        .iter()
        .map(|r| {
            let o = looking::options(&r.source.map, &r.source.said, own);
            // the kind was looked at, or chosen by a person
            let kind = Some(history::Kind::Sales);
            ReadOptions {
                date_order: o.date_order.or(common.date_order),
                decimal: o.decimal.or(common.decimal),
                period: common.period,
                assume,
                kind,
                ..o
            }
        })
        .collect();
    let files: Vec<(&str, &[u8], &ReadOptions)> = raw.iter().zip(&options).map(|(r, o)| (r.source.name.as_str(), &*r.bytes, o)).collect();
    let mut read = history::read_sales_each(&files, &common, SHOWN, control);
    if read.as_ref().is_err_and(|said| said.iter().any(|d| d.code == "period-too-short")) {
        read = history::read_sales_each(&files, &ReadOptions { period: None, ..common.clone() }, SHOWN, control);
    }
    let (import, previews): (Import, Vec<Preview>) = read.map_err(|mut said| {
        said.retain(|d| d.severity == Severity::Error);
        said
    })?;
    let mut sources: Vec<Source> = raw.into_iter().map(|r| r.source).collect();
    for source in &mut sources {
        if let Some(r) = import.recognised.iter().find(|r| r.file == source.name) {
            (source.rows_read, source.rows_used) = (r.rows_read as u64, r.rows_used as u64);
        }
    }
    let file = |i: u32| import.recognised.get(i as usize).map_or_else(String::new, |r| r.file.clone());
    let aside = import.aside.iter().map(|a| (file(a.file), a.line, a.reason)).collect();
    let notes = import.diagnostics;
    let sales = Sales { sources, history: import.history, recognised: import.recognised, transactions: import.transactions, notes };
    Ok((sales, previews, aside))
}
