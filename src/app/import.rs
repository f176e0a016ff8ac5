//! Getting files into an open project: what they are, reading sales again under other roles, adding files. Runs on worker threads.
//!
//! A project does not keep the files it was made of. [`Originals`] remembers where those of this session are, so that a column's role can be
//! changed and raw rows can be shown beside what was understood of them.

use crate::base::{Control, Diagnostic, Severity, Stamp};
use crate::history::{self, DateOrder, MasterFiles, Preview, ReadOptions, Role};
use crate::project::{Change, Document, Edit, Sales, Source, SourceKind, Table};
use crate::scenario::{Plan, sample};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// Records of a sales file that are shown beside what was understood.
pub const SHOWN: usize = 200;

/// Where the files of this session are, by the hash of their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Originals(BTreeMap<String, PathBuf>);

/// The sample's files, which the program carries, by hash.
static SAMPLE: LazyLock<BTreeMap<String, &'static [u8]>> =
    LazyLock::new(|| sample::FILES.iter().map(|(_, bytes)| (history::canonical::hash(bytes), *bytes)).collect());

impl Originals {
    /// Remember where a file is.
    pub fn add(&mut self, hash: String, path: PathBuf) {
        self.0.insert(hash, path);
    }
    /// Remember all of `other` too.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
    /// True where the file of this hash can be read again.
    pub fn has(&self, hash: &str) -> bool {
        self.0.contains_key(hash) || SAMPLE.contains_key(hash)
    }
    /// The bytes of a source; an error names what to do where they are not at hand or have changed.
    fn read(&self, source: &Source) -> Result<Cow<'static, [u8]>, Diagnostic> {
        if let Some(bytes) = SAMPLE.get(&source.hash) {
            return Ok(Cow::Borrowed(bytes));
        }
        let said = |code, what: &str| {
            Diagnostic::error(code, what).file(&source.name).fix("choose the file again in the Data place; the project does not keep it")
        };
        let path = self.0.get(&source.hash).ok_or_else(|| said("file-not-at-hand", "the file itself is not at hand"))?;
        let bytes = std::fs::read(path).map_err(|_| said("file-unreadable", "the file is no longer where it was"))?;
        if history::canonical::hash(&bytes) != source.hash {
            return Err(said("file-changed", "the file has changed since it was imported"));
        }
        Ok(Cow::Owned(bytes))
    }
}

/// A file that somebody wants to add, looked at.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without folders.
    pub name: String,
    /// What it seems to be.
    pub kind: SourceKind,
    /// Data rows.
    pub rows: usize,
    /// Hash of its bytes.
    pub hash: String,
    /// Why it cannot be read.
    pub problem: Option<Diagnostic>,
}

/// Looks at files: what each seems to be.
pub fn inspect(paths: Vec<PathBuf>) -> Vec<Inspected> {
    paths
        .into_iter()
        .map(|path| {
            let name = name_of(&path);
            let mut out = Inspected { path, name: name.clone(), kind: SourceKind::Sales, rows: 0, hash: String::new(), problem: None };
            match std::fs::read(&out.path) {
                Err(e) => {
                    let d = Diagnostic::error("file-unreadable", format!("the file cannot be read: {e}"));
                    out.problem = Some(d.file(name).fix("check the path and the permissions"));
                }
                Ok(bytes) => {
                    out.hash = history::canonical::hash(&bytes);
                    match history::classify(&name, &bytes) {
                        Ok(g) => (out.kind, out.rows) = (SourceKind::parse(g.kind).unwrap_or(SourceKind::Sales), g.rows),
                        Err(said) => out.problem = said.into_iter().max_by_key(|d| d.severity),
                    }
                }
            }
            out
        })
        .collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

/// What to do with sales that come to a project that has some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// The new files stand in place of the old ones.
    Instead,
    /// Old and new files are read together; the old ones must be at hand.
    Together,
}

/// What came of adding files.
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
}

/// Reads files into a project: sales become the history, companion files their tables. A file that is there already changes nothing.
///
/// # Errors
/// What stops a file from being read; nothing is changed then.
pub fn add(
    document: &Document,
    files: &[(PathBuf, SourceKind)],
    joined: Joined,
    originals: &Originals,
    now: Stamp,
    control: &dyn Control,
) -> Result<Added, Vec<Diagnostic>> {
    let mut out = Added { originals: originals.clone(), ..Added::default() };
    let mut changes = Vec::new();
    let mut fresh: Vec<Raw> = Vec::new();
    let mut names = Vec::new();
    let old_sales: &[Source] = document.sales.as_ref().map_or(&[], |s| &s.sources);
    for (path, kind) in files {
        control.progress("reading", 0, 1);
        let name = name_of(path);
        let bytes = std::fs::read(path).map_err(|e| {
            let d = Diagnostic::error("file-unreadable", format!("the file cannot be read: {e}"));
            vec![d.file(&name).fix("check the path and the permissions")]
        })?;
        let hash = history::canonical::hash(&bytes);
        out.originals.add(hash.clone(), path.clone());
        let there = if *kind == SourceKind::Sales { old_sales } else { &document.companions };
        if there.iter().any(|s| s.kind == *kind && s.hash == hash) {
            out.known.push(name);
            continue;
        }
        names.push(name.clone());
        let source = Source { name, hash, kind: *kind, imported: now, map: Vec::new(), rows_read: 0, rows_used: 0, sequence: 0 };
        if *kind == SourceKind::Sales {
            fresh.push(Raw { source, bytes: bytes.into() });
            continue;
        }
        let (table, rows, mut notes) = companion(*kind, &source.name, bytes)?;
        changes.push(Change::MasterTable(table));
        changes.push(Change::Companion(*kind, Some(Source { rows_read: rows, rows_used: rows, ..source })));
        out.notes.append(&mut notes);
    }
    if !fresh.is_empty() {
        let mut all = Vec::new();
        if joined == Joined::Together {
            for source in old_sales {
                let bytes = out.originals.read(source).map_err(|d| vec![d])?;
                all.push(Raw { source: source.clone(), bytes });
            }
        }
        all.extend(fresh);
        let current = document.sales.as_ref().map(|s| s.history.period);
        let (sales, previews) = read(document, all, &document.active().plan, current, control)?;
        out.previews = previews;
        changes.push(Change::Sales(Some(Arc::new(sales))));
    }
    if !changes.is_empty() {
        let label = match &names[..] {
            [one] => format!("import {one}"),
            many => format!("import {} files", many.len()),
        };
        out.edit = Some(Edit { label, why: None, changes });
    }
    Ok(out)
}

/// One table of masters from a file of its kind, its rows, and what was said.
fn companion(kind: SourceKind, name: &str, bytes: Vec<u8>) -> Result<(Table, u64, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut files = MasterFiles::default();
    let slot = match kind {
        SourceKind::Items => &mut files.items,
        SourceKind::Stock => &mut files.stock,
        SourceKind::OnOrder => &mut files.on_order,
        SourceKind::Suppliers => &mut files.suppliers,
        SourceKind::SupplierItems => &mut files.supplier_items,
        SourceKind::Receipts => &mut files.receipts,
        SourceKind::Bom => &mut files.bom,
        SourceKind::Locations => &mut files.locations,
        SourceKind::Vehicles => &mut files.vehicles,
        SourceKind::Events => &mut files.events,
        SourceKind::Sales => return Err(Vec::new()),
    };
    *slot = Some((name.to_owned(), bytes));
    let (masters, notes) = history::read_masters_bytes(&files)?;
    let table = Table::of(&masters, kind).ok_or_else(Vec::new)?;
    if table.rows() == 0 {
        let d = Diagnostic::error("no-usable-rows", format!("no row could be read as {}", words(kind))).file(name);
        return Err(notes.into_iter().chain([d.fix("check what the file is, or choose another kind for it")]).collect());
    }
    let rows = table.rows() as u64;
    Ok((table, rows, notes))
}

/// A kind of file for people.
pub const fn words(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Sales => "sales",
        SourceKind::Items => "items",
        SourceKind::Stock => "stock on hand",
        SourceKind::OnOrder => "open orders",
        SourceKind::Suppliers => "suppliers",
        SourceKind::SupplierItems => "suppliers' items",
        SourceKind::Receipts => "deliveries received",
        SourceKind::Bom => "kits",
        SourceKind::Locations => "locations",
        SourceKind::Vehicles => "vehicles",
        SourceKind::Events => "events",
    }
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
    /// Dates are written in this order; `None`: guessed.
    Dates(Option<DateOrder>),
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
        Otherwise::Dates(order) => {
            let mut scenario = document.active().clone();
            scenario.plan.history.date_order = order.map(|o| o.name().to_owned());
            plan = Cow::Owned(scenario.plan.clone());
            changes.push(Change::PutScenario(scenario));
            order.map_or_else(|| "guess the order of dates".to_owned(), |o| format!("read dates as {}", o.name()))
        }
    };
    let (sales, previews) = read(document, raw, &plan, Some(old.history.period), control)?;
    let edit = (*otherwise != Otherwise::Same).then(|| {
        changes.push(Change::Sales(Some(Arc::new(sales))));
        Edit { label, why: None, changes }
    });
    Ok(Added { edit, previews, ..Added::default() })
}

/// A sales file with its bytes.
struct Raw {
    source: Source,
    bytes: Cow<'static, [u8]>,
}

/// Reads sales files together, on the calendar that the project has where they allow it.
fn read(
    document: &Document,
    raw: Vec<Raw>,
    plan: &Plan,
    current: Option<crate::base::Period>,
    control: &dyn Control,
) -> Result<(Sales, Vec<Preview>), Vec<Diagnostic>> {
    let common = ReadOptions {
        date_order: plan.history.date_order.as_deref().and_then(DateOrder::parse),
        period: plan.history.period.as_deref().and_then(crate::base::Period::parse).or(current),
        // what a file leaves open is shown in Data, where it is changed
        assume: true,
        ..ReadOptions::default()
    };
    let options: Vec<ReadOptions> = raw.iter().map(|r| ReadOptions { map: r.source.map.clone(), ..common.clone() }).collect();
    let files: Vec<(&str, &[u8], &ReadOptions)> = raw.iter().zip(&options).map(|(r, o)| (r.source.name.as_str(), &*r.bytes, o)).collect();
    let mut read = history::read_sales_each(&files, &common, SHOWN, control);
    if read.as_ref().is_err_and(|said| said.iter().any(|d| d.code == "period-too-short")) {
        read = history::read_sales_each(&files, &ReadOptions { period: None, ..common.clone() }, SHOWN, control);
    }
    let (import, previews) = read.map_err(|mut said| {
        said.retain(|d| d.severity == Severity::Error);
        said
    })?;
    let mut sources: Vec<Source> = raw.into_iter().map(|r| r.source).collect();
    for source in &mut sources {
        if let Some(r) = import.recognised.iter().find(|r| r.file == source.name) {
            (source.rows_read, source.rows_used) = (r.rows_read as u64, r.rows_used as u64);
        }
    }
    // what the companion files said stays true
    let of_companion = |d: &&Diagnostic| d.file.as_ref().is_some_and(|f| document.companions.iter().any(|c| c.name == *f));
    let mut notes = import.diagnostics;
    notes.extend(document.sales.iter().flat_map(|s| &s.notes).filter(of_companion).cloned());
    Ok((Sales { sources, history: import.history, recognised: import.recognised, transactions: import.transactions, notes }, previews))
}
