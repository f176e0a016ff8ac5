//! What jobs do: functions that run on worker threads and return a message.

use super::action::Message;
use super::import::{self, Originals, Request};
use super::jobs::Reporter;
use super::rows::Row;
use super::session::Explored;
use crate::base::{Calendar, Control, Diagnostic, Period, Stamp};
use crate::history::{History, Masters, Role};
use crate::project::{Document, Project, Source, SourceKind};
use crate::scenario::{Effort, Engine, Inputs, Outcome, Plan, ReplayOutcome, compare, load_assuming, sample};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// What to open.
pub enum Opening {
    /// The sample shop.
    Sample,
    /// A project, a scenario or an export.
    Path(PathBuf),
}

/// Opens a project, or makes one of a scenario or an export, in the folder `projects`.
pub fn open(what: &Opening, projects: &Path, cache: &Path, reporter: &Reporter<Message>) -> Message {
    let opened = project_of(what, projects, reporter.control()).map(|(project, originals)| {
        let inputs = Arc::new(project.document().inputs());
        let engine = Engine::load(&cache_of(project.path(), cache));
        (project, inputs, Arc::new(engine), originals)
    });
    Message::Opened(Box::new(opened))
}

/// Imports files as a new project in the folder `projects`.
pub fn create(request: &Request, originals: &Originals, projects: &Path, cache: &Path, reporter: &Reporter<Message>) -> Message {
    let control = reporter.control();
    let made = import::create(request, originals, now(), control).and_then(|made| {
        control.progress("writing the project", 0, 0);
        let path = free_path(projects, &made.document.name);
        // the last moment at which stopping leaves nothing behind
        if control.is_cancelled() {
            return Err(vec![Diagnostic::error("cancelled", "stopped on request")]);
        }
        let project = make(projects, &path, made.document)?;
        let inputs = Arc::new(project.document().inputs());
        let engine = Engine::load(&cache_of(project.path(), cache));
        let originals = made.added.originals.clone();
        Ok(((project, inputs, Arc::new(engine), originals), made.added))
    });
    Message::Created(Box::new(made))
}

/// What a job made though it was stopped meanwhile: a new project that nobody wants is removed.
pub fn put_away(message: Message) {
    if let Message::Created(created) = message
        && let Ok(((project, ..), _)) = *created
    {
        let path = project.path().to_owned();
        // closes it
        drop(project);
        // what cannot be removed is a project that can be opened: nothing is lost by that
        let _ = std::fs::remove_file(&path);
    }
}

/// Where the engine's memory of a project file is kept: computed results are a cache outside the project (DESIGN §4).
pub fn cache_of(project: &Path, cache: &Path) -> PathBuf {
    let path = project.canonicalize().unwrap_or_else(|_| project.to_owned());
    cache.join(format!("{}.engine", crate::history::canonical::hash(path.to_string_lossy().as_bytes())))
}

fn project_of(what: &Opening, projects: &Path, control: &dyn Control) -> Result<(Project, Originals), Vec<Diagnostic>> {
    let none = |project: Project| (project, Originals::default());
    let one = |d: Diagnostic| vec![d];
    match what {
        Opening::Sample => {
            // edits of an earlier visit are kept: the sample is a project like any other
            let path = projects.join("Sample shop.stockcast");
            if path.is_file()
                && let Ok(project) = Project::open(&path)
            {
                return Ok(none(project));
            }
            control.progress("reading the sample", 0, 1);
            let (inputs, plan, notes) = sample::apart(control)?;
            let plan_files = |name: &str| sample::FILES.iter().find(|(n, _)| *n == name).map(|(_, b)| b.to_vec());
            let sources = sources(&plan, &inputs, plan_files);
            let document = Document::new("Sample shop", inputs, plan, notes, sources);
            make(projects, &path, document).map(none)
        }
        Opening::Path(path) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("stockcast")) => {
            Project::open(path).map(none).map_err(one)
        }
        Opening::Path(path) => {
            if !path.exists() {
                return Err(vec![
                    Diagnostic::error("file-missing", "there is no such file")
                        .file(path.display().to_string())
                        .fix("check the path, or choose the file with Open file…"),
                ]);
            }
            control.progress("reading", 0, 1);
            let (inputs, plan, notes) = load_assuming(path, control)?;
            let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
            let sources = sources(&plan, &inputs, |name| std::fs::read(root.join(name)).ok());
            let mut originals = Originals::default();
            for (name, source) in plan.history.files.iter().zip(&sources) {
                originals.add(source.hash.clone(), root.join(name));
            }
            let name = if plan.name.trim().is_empty() { "Project".to_owned() } else { plan.name.clone() };
            let document = Document::new(name.clone(), inputs, plan, notes, sources);
            make(projects, &free_path(projects, &name), document).map(|project| (project, originals))
        }
    }
}

/// The files that a plan names, as a project remembers them: name, hash and how much was used, never the path.
fn sources(plan: &Plan, inputs: &Inputs, read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<Source> {
    let h = &plan.history;
    let sales = h.files.iter().map(|n| (SourceKind::Sales, n));
    let companions = [
        (SourceKind::Items, &h.items),
        (SourceKind::Stock, &h.stock),
        (SourceKind::OnOrder, &h.on_order),
        (SourceKind::Suppliers, &h.suppliers),
        (SourceKind::SupplierItems, &h.supplier_items),
        (SourceKind::Receipts, &h.receipts),
        (SourceKind::Bom, &h.bom),
        (SourceKind::Locations, &h.locations),
        (SourceKind::Vehicles, &h.vehicles),
        (SourceKind::Carriers, &h.carriers),
        (SourceKind::Distances, &h.distances),
        (SourceKind::Shipments, &h.shipments),
        (SourceKind::Events, &h.events),
        (SourceKind::Future, &plan.forecast.future),
    ];
    let named = companions.into_iter().filter_map(|(k, n)| n.as_ref().map(|n| (k, n)));
    sales
        .chain(named)
        .map(|(kind, path)| {
            let name = Path::new(path).file_name().map_or_else(|| path.clone(), |n| n.to_string_lossy().into_owned());
            let known = inputs
                .recognised
                .iter()
                .find(|r| kind == SourceKind::Sales && Path::new(&r.file).file_name() == Path::new(path).file_name());
            let map = known.map_or_else(Vec::new, |_| h.map.iter().filter_map(|(c, r)| Role::parse(r).map(|r| (c.clone(), r))).collect());
            Source {
                hash: read(path).map_or_else(String::new, |b| crate::history::canonical::hash(&b)),
                kind,
                imported: now(),
                map,
                said: Vec::new(),
                rows_read: known.map_or(0, |r| r.rows_read as u64),
                rows_used: known.map_or(0, |r| r.rows_used as u64),
                sequence: 0,
                name,
            }
        })
        .collect()
}

/// The clock of this machine, which only the shell reads.
pub fn now() -> Stamp {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
    Stamp(seconds)
}

fn make(projects: &Path, path: &Path, document: Document) -> Result<Project, Vec<Diagnostic>> {
    std::fs::create_dir_all(projects).map_err(|e| {
        vec![
            Diagnostic::error("folder-unwritable", format!("the folder for projects cannot be made: {e}"))
                .file(projects.display().to_string())
                .fix("set STOCKCAST_HOME to a folder that can be written"),
        ]
    })?;
    Project::create(path, document).map_err(|d| vec![d])
}

/// `name.stockcast`, or `name 2.stockcast` … where that is taken.
fn free_path(dir: &Path, name: &str) -> PathBuf {
    let clean: String = name.chars().map(|c| if c.is_alphanumeric() || " -_.()".contains(c) { c } else { '_' }).take(80).collect();
    let clean = clean.trim().trim_matches('.');
    let clean = if clean.is_empty() { "Project" } else { clean };
    (1..)
        .map(|i| dir.join(if i == 1 { format!("{clean}.stockcast") } else { format!("{clean} {i}.stockcast") }))
        .find(|p| !p.exists())
        .unwrap_or_default()
}

/// Runs the active scenario; lines of finished series go ahead one by one.
pub fn run(revision: u64, document: &Document, engine: &Engine, first: Option<&str>, reporter: &Reporter<Message>) -> Message {
    let inputs = Arc::new(document.inputs());
    let plan = &document.plan();
    let history = inputs.history.as_ref();
    let calendar = history.and_then(crate::scenario::load::now);
    let first: Vec<usize> = history.and_then(|h| h.series.iter().position(|s| Some(&*s.unique_id) == first)).into_iter().collect();
    let seen = |index: usize, s: &crate::scenario::SeriesOutcome| {
        reporter.send(Message::Row(revision, Box::new(Row::of(index, s, history, calendar.as_ref(), plan.periods))));
    };
    match engine.run_with(&inputs, plan, reporter.control(), &first, &seen) {
        Ok(mut outcome) => {
            if only_deliveries(document) {
                // nothing is to be forecast: that is no fault
                outcome.diagnostics.clear();
            }
            let rows = rows(&outcome, history);
            Message::Ran(revision, Some(Box::new((inputs.clone(), outcome, rows))))
        }
        Err(_) => Message::Ran(revision, None),
    }
}

/// A project of shipments to plan, without sales.
pub fn only_deliveries(document: &Document) -> bool {
    document.sales.is_none() && document.active().plan.demand.is_none() && !document.masters.shipments.is_empty()
}

/// One line a series.
pub fn rows(outcome: &Outcome, history: Option<&History>) -> Vec<Row> {
    let calendar = outcome.now.map(|now| Calendar::new(outcome.period, now));
    outcome.series.iter().enumerate().map(|(i, s)| Row::of(i, s, history, calendar.as_ref(), outcome.plan.periods)).collect()
}

/// Periods of the past that replay lives again: half a year of weeks, or what the history allows.
pub fn replayed_periods(history: &History) -> usize {
    let usual = match history.period {
        Period::Hour => 168,
        Period::Day => 91,
        Period::Week => 26,
        Period::Month => 12,
        Period::Quarter => 4,
        Period::Year => 2,
    };
    let longest = history.series.iter().map(|s| s.y.len()).max().unwrap_or(0);
    usual.min(longest / 3).max(1)
}

/// What replay found, or why it could not.
pub type Replayed = Result<Arc<ReplayOutcome>, Vec<Diagnostic>>;

/// What replay was computed from.
pub type Past = (Arc<Inputs>, Plan);

/// The past again under the active scenario; what is `known` already where nothing that replay rests on has changed.
pub fn replay(
    revision: u64,
    inputs: Arc<Inputs>,
    plan: Plan,
    engine: &Engine,
    known: Option<(Past, Replayed)>,
    reporter: &Reporter<Message>,
) -> Message {
    if let Some(((before, by), found)) = known
        && by == plan
        && same_past(&before, &inputs)
    {
        return Message::Replayed(revision, Some(Box::new((found, (inputs, plan)))));
    }
    let periods = inputs.history.as_ref().map_or(1, replayed_periods);
    let found = engine.replay(&inputs, &plan, periods, reporter.control()).ok().map(|r| r.map(Arc::new));
    Message::Replayed(revision, found.map(|f| Box::new((f, (inputs, plan)))))
}

/// Everything but today's stock and open orders, which replay does not look at.
fn same_past(a: &Inputs, b: &Inputs) -> bool {
    let past = |x: &Inputs| Masters { stock: Vec::new(), on_order: Vec::new(), ..x.masters.clone() };
    a.history == b.history && past(a) == past(b) && a.known == b.known
}

/// One item under other assumptions.
pub fn explore(
    unique_id: Arc<str>,
    inputs: &Inputs,
    plan: Plan,
    engine: &Engine,
    held: Option<&[f64]>,
    reporter: &Reporter<Message>,
) -> Message {
    let began = Instant::now();
    let answer = engine.one_held(inputs, &plan, &unique_id, Effort::Draft, held, reporter.control());
    Message::Explored(answer.ok().map(|result| Explored {
        unique_id,
        plan: Arc::new(plan),
        result: result.map(Arc::new),
        seconds: began.elapsed().as_secs_f32(),
    }))
}

/// Runs two scenarios of a document and compares them on the same random draws.
pub fn compare_two(revision: u64, document: &Document, a: u64, b: u64, engine: &Engine, reporter: &Reporter<Message>) -> Message {
    let inputs = document.inputs();
    let one = |id: u64| document.scenario(id).and_then(|s| engine.run(&inputs, &document.plan_of(s), reporter.control()).ok());
    let done = one(a).zip(one(b)).map(|(x, y)| compare(&x, &y).map(|c| Box::new((a, b, Arc::new(x), Arc::new(y), c))));
    Message::Compared(revision, done)
}
