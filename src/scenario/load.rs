//! Reading a scenario: the one place of this room that touches files, through `history`.

use super::known::Told;
use super::plan::Plan;
use crate::base::{Calendar, Control, Diagnostic, Period};
use crate::history::{self, DateOrder, Import, MasterFiles, Masters, ReadOptions, Recognised, Role};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a scenario runs on.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The sales; absent where the plan gives a demand distribution.
    pub history: Option<history::History>,
    /// How each sales file was understood.
    pub recognised: Vec<Recognised>,
    /// The sales files hold one row per sale.
    pub transactions: bool,
    /// The companion files.
    pub masters: Masters,
    /// What is known ahead: events, and columns of a file of the future.
    pub known: Option<Arc<Told>>,
}

/// Files in memory, by the name that a scenario gives them (the embedded sample).
pub type Bundle<'a> = &'a [(&'a str, &'a [u8])];

/// Reads a scenario file, or a sales file by itself under the default plan. Paths inside a scenario are relative to it.
///
/// # Errors
/// Everything that stops the scenario from running, each with file, line and fix.
pub fn load(path: &Path, control: &dyn Control) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    load_with(path, false, control)
}

/// As [`load`], but where a file leaves open how its dates or decimals are meant, the likelier reading is taken and a warning asks for the
/// right one: for a window, where people see what was understood and change it. Successors and predecessors stay apart: a project joins them itself
/// whenever it is asked for its inputs.
///
/// # Errors
/// As [`load`].
pub fn load_assuming(path: &Path, control: &dyn Control) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    load_with(path, true, control)
}

fn load_with(path: &Path, assume: bool, control: &dyn Control) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    let name = path.display().to_string();
    if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        let file = path.file_name().map_or_else(|| name.clone(), |f| f.to_string_lossy().into_owned());
        let mut plan = Plan { name: path.file_stem().map_or(file.clone(), |s| s.to_string_lossy().into_owned()), ..Plan::default() };
        plan.history.files = vec![file];
        let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let (inputs, mut notes) = read(&plan, &root, assume, control)?;
        notes.insert(
            0,
            Diagnostic::info("default-scenario", "a sales file by itself runs under the default scenario")
                .file(&name)
                .fix("write a scenario.toml to say more; `stockcast demo --out DIR` writes one to start from"),
        );
        if let Some(h) = &inputs.history {
            plan.periods = usual_periods(h.period);
        }
        return Ok((inputs, plan, notes));
    }
    let text = std::fs::read_to_string(path).map_err(|e| vec![unreadable(&name, &e)])?;
    let plan = Plan::parse(&text, &name)?;
    let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let (inputs, notes) = read(&plan, &root, assume, control)?;
    Ok((inputs, plan, notes))
}

/// Reads what a plan names from files in memory instead of a folder. `joined`: successors have taken over what their predecessors sold, as in [`load`];
/// otherwise they stay apart, as in [`load_assuming`].
///
/// # Errors
/// As [`load`].
pub fn load_bundle(
    scenario: &str,
    files: Bundle<'_>,
    joined: bool,
    control: &dyn Control,
) -> Result<(Inputs, Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    let plan = Plan::parse(scenario, "scenario.toml")?;
    let get = |name: &String| {
        files.iter().find(|(n, _)| *n == name.as_str()).map(|(n, b)| ((*n).to_owned(), b.to_vec())).ok_or_else(|| missing(name))
    };
    let sales = plan.history.files.iter().map(get).collect::<Result<Vec<_>, _>>().map_err(|d| vec![d])?;
    let masters = map_masters(&plan, get).map_err(|d| vec![d])?;
    let import = if sales.is_empty() { None } else { Some(history::read_sales_bytes(&sales, &read_options(&plan)?, control)?) };
    finish(import, history::read_masters_bytes(&masters)?, joined, |_| Ok(None)).map(|(inputs, notes)| (inputs, plan, notes))
}

fn read(plan: &Plan, root: &Path, assume: bool, control: &dyn Control) -> Result<(Inputs, Vec<Diagnostic>), Vec<Diagnostic>> {
    let at = |name: &String| {
        let p = root.join(name);
        if p.exists() { Ok(p) } else { Err(missing(name)) }
    };
    let sales = plan.history.files.iter().map(at).collect::<Result<Vec<PathBuf>, _>>().map_err(|d| vec![d])?;
    let masters = map_masters(plan, at).map_err(|d| vec![d])?;
    let options = ReadOptions { assume, ..read_options(plan)? };
    let import = if sales.is_empty() { None } else { Some(history::read_sales(&sales, &options, control)?) };
    let future = plan.forecast.future.as_ref().map(at).transpose().map_err(|d| vec![d])?;
    let said = ReadOptions { decimal: options.decimal, assume, ..ReadOptions::default() };
    finish(import, history::read_masters_with(&masters, &said)?, !assume, |inputs| {
        let Some((future, history)) = future.as_ref().zip(inputs.history.as_ref()) else { return Ok(None) };
        let (Some(file), Some(recognised)) = (sales.first(), inputs.recognised.first()) else { return Ok(None) };
        if sales.len() > 1 {
            return Err(vec![
                Diagnostic::error("future-of-many", "what is known ahead goes with one sales file")
                    .file(future.display().to_string())
                    .fix("put the sales into one file, or leave future away"),
            ]);
        }
        history::read_drivers(file, recognised, future, history, None).map(Some)
    })
}

type Columns = Result<Option<(history::Drivers, Vec<Diagnostic>)>, Vec<Diagnostic>>;

fn finish(
    import: Option<Import>,
    (masters, mut notes): (Masters, Vec<Diagnostic>),
    joined: bool,
    columns: impl FnOnce(&Inputs) -> Columns,
) -> Result<(Inputs, Vec<Diagnostic>), Vec<Diagnostic>> {
    let mut inputs = Inputs { masters, ..Inputs::default() };
    if let Some(import) = import {
        let mut all = import.diagnostics;
        all.append(&mut notes);
        notes = all;
        inputs.recognised = import.recognised;
        inputs.transactions = import.transactions;
        inputs.history = Some(import.history);
    }
    if let Some(history) = &inputs.history {
        notes.extend(history::settle_places(history, &mut inputs.masters));
    }
    if let Some((history, masters, said)) = inputs.history.as_ref().and_then(|h| history::succeed(h, &inputs.masters)) {
        notes.extend(said);
        if joined {
            (inputs.history, inputs.masters) = (Some(history), masters);
        }
    }
    let columns = columns(&inputs)?.map(|(drivers, said)| {
        notes.extend(said);
        drivers
    });
    inputs.known = inputs.history.as_ref().and_then(|h| Told::new(h, &inputs.masters, columns)).map(Arc::new);
    Ok((inputs, notes))
}

fn map_masters<T>(plan: &Plan, get: impl Fn(&String) -> Result<T, Diagnostic>) -> Result<MasterFiles<T>, Diagnostic> {
    let h = &plan.history;
    let one = |name: &Option<String>| name.as_ref().map(&get).transpose();
    Ok(MasterFiles {
        items: one(&h.items)?,
        stock: one(&h.stock)?,
        on_order: one(&h.on_order)?,
        suppliers: one(&h.suppliers)?,
        supplier_items: one(&h.supplier_items)?,
        receipts: one(&h.receipts)?,
        bom: one(&h.bom)?,
        locations: one(&h.locations)?,
        vehicles: one(&h.vehicles)?,
        carriers: one(&h.carriers)?,
        distances: one(&h.distances)?,
        shipments: one(&h.shipments)?,
        events: one(&h.events)?,
    })
}

fn read_options(plan: &Plan) -> Result<ReadOptions, Vec<Diagnostic>> {
    let h = &plan.history;
    let mut map = Vec::new();
    for (column, role) in &h.map {
        let role = Role::parse(role).ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
            vec![
                Diagnostic::error("role-unknown", format!("'{role}' is no role for column '{column}'"))
                    .fix(format!("use one of {}", known.join(", "))),
            ]
        })?;
        map.push((column.clone(), role));
    }
    let date_order = match &h.date_order {
        None => None,
        Some(text) => Some(DateOrder::parse(text).ok_or_else(|| {
            vec![Diagnostic::error("date-order-unknown", format!("'{text}' is no date order")).fix("use dmy, mdy or ymd")]
        })?),
    };
    let decimal = match h.decimal.as_deref() {
        None => None,
        Some(".") => Some('.'),
        Some(",") => Some(','),
        Some(text) => {
            return Err(vec![
                Diagnostic::error("decimal-unknown", format!("'{text}' is no decimal mark"))
                    .fix("write decimal = \".\" or decimal = \",\""),
            ]);
        }
    };
    Ok(ReadOptions { map, date_order, decimal, period: h.period.as_deref().and_then(Period::parse), ..ReadOptions::default() })
}

/// Periods ahead without a scenario: a year of weeks or months, or a quarter of days: long enough to see a season's stock, short enough to be
/// quick.
pub const fn usual_periods(period: Period) -> usize {
    match period {
        Period::Hour => 168,
        Period::Day => 91,
        Period::Week => 52,
        Period::Month => 12,
        Period::Quarter => 8,
        Period::Year => 5,
    }
}

fn unreadable(name: &str, e: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    match e.kind() {
        ErrorKind::NotFound => missing(name),
        ErrorKind::PermissionDenied => Diagnostic::error("file-unreadable", "the file may not be read")
            .file(name)
            .fix("allow reading it, or copy it to a folder of yours"),
        ErrorKind::InvalidData => Diagnostic::error("scenario-syntax", "the scenario is not text")
            .file(name)
            .fix("give a scenario.toml, or a sales file such as sales.csv"),
        _ => Diagnostic::error("file-unreadable", format!("the file cannot be read: {e}")).file(name).fix("check the path"),
    }
}

fn missing(name: &str) -> Diagnostic {
    Diagnostic::error("file-missing", "there is no such file")
        .file(name)
        .fix("check the name; paths in a scenario are relative to the scenario file")
}

/// The moment "now": the end of the newest series, as a calendar starting there.
pub fn now(history: &history::History) -> Option<Calendar> {
    history.series.iter().filter(|s| !s.y.is_empty()).map(|s| s.end(history.period)).max().map(|end| Calendar::new(history.period, end))
}

impl Inputs {
    /// The currency that all suppliers with one name, else the one that the sales files name; empty where there are none or several.
    pub fn currency(&self) -> String {
        let suppliers = self.masters.suppliers.iter().filter_map(|s| s.currency.as_deref()).map(str::trim).filter(|c| !c.is_empty());
        the_one(suppliers).or_else(|| the_one(self.recognised.iter().filter_map(|r| r.currency.as_deref()))).unwrap_or_default().to_owned()
    }
}

/// The name that all agree on, empty where they do not; `None` of nothing.
fn the_one<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = names.next()?;
    Some(if names.all(|c| c == first) { first } else { "" })
}
