//! The frame around every place: the list of places, the bar above, the bar of jobs, and who carries out what places ask for.

use super::action::{Action, Message};
use super::commands::{self, Command};
use super::files::{self, Decided, FileBox, Purpose};
use super::import::{self as incoming, Added};
use super::jobs::{Event, Jobs, Key, Reporter};
use super::overlays::Overlays;
use super::palette::Palette;
use super::places::import::{Import, Step};
use super::places::{Cx, Place, Places, welcome::Welcome};
use super::rows::Row;
use super::session::Session;
use super::settings::{Look, Settings};
use super::theme::{self, gap};
use super::toasts::{Level, Toasts, sentence};
use super::trace::Trace;
use super::work::{self, Opening};
use crate::base::Diagnostic;
use crate::report::{Table, write_table, write_workbook};
use crate::scenario::Plan;
use eframe::egui::{
    self, Align, Button, CentralPanel, ComboBox, Frame, Layout, Margin, MenuBar, Panel, ProgressBar, RichText, ThemePreference, Ui,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// How the window starts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Folder of settings and projects.
    pub home: PathBuf,
    /// A project, scenario or export to open at once.
    pub open: Option<PathBuf>,
    /// Where to write how fast the window answers.
    pub trace: Option<PathBuf>,
}

/// The window.
pub struct Stockcast {
    home: PathBuf,
    settings: Settings,
    ctx: egui::Context,
    jobs: Jobs<Message>,
    toasts: Toasts,
    palette: Palette,
    overlays: Overlays,
    files: FileBox,
    welcome: Welcome,
    places: Places,
    place: Place,
    import: Import,
    /// The import step shows, over whatever place.
    importing: bool,
    session: Option<Session>,
    selected: Option<Arc<str>>,
    /// A question about an item that waits for the one being answered.
    waiting: Option<(Arc<str>, Box<Plan>)>,
    /// When the last file dragged over the window was seen.
    hovering: Option<Instant>,
    find: bool,
    trace: Option<Trace>,
}

impl Stockcast {
    /// A window in a context: on the welcome place, or opening what the options name.
    pub fn new(ctx: &egui::Context, options: Options) -> Self {
        theme::install(ctx);
        let settings = Settings::load(&options.home);
        settings.apply(ctx);
        let mut app = Self {
            home: options.home,
            settings,
            ctx: ctx.clone(),
            jobs: Jobs::new(ctx),
            toasts: Toasts::default(),
            palette: Palette::default(),
            overlays: Overlays::default(),
            files: FileBox::default(),
            welcome: Welcome::default(),
            places: Places::default(),
            place: Place::Overview,
            import: Import::default(),
            importing: false,
            session: None,
            selected: None,
            waiting: None,
            hovering: None,
            find: false,
            trace: options.trace.map(Trace::new),
        };
        app.places.data.originals.own = incoming::own::load(&app.home);
        if let Some(path) = options.open {
            app.bring(vec![path]);
        }
        app
    }

    /// The open project, for tests.
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
    /// True while anything runs, for tests.
    pub fn is_busy(&self) -> bool {
        !self.jobs.running().is_empty()
    }
    /// The place that shows.
    pub const fn place(&self) -> Place {
        self.place
    }
    /// Shows a place.
    pub const fn go(&mut self, place: Place) {
        self.place = place;
        self.importing = false;
    }
    /// True while the import step shows.
    pub const fn is_importing(&self) -> bool {
        self.importing
    }
    /// The notes that show, for tests.
    pub const fn toasts(&self) -> &Toasts {
        &self.toasts
    }

    // --- what jobs answer ------------------------------------------------------------------------------------------------

    /// Takes in what jobs have answered.
    pub fn poll(&mut self) {
        for event in self.jobs.poll() {
            match event {
                Event::Message(m) => self.receive(m),
                Event::Broke(label) => {
                    self.toasts.say(Level::Error, format!("{label} stopped unexpectedly; nothing was lost, please report it"));
                }
            }
        }
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Opened(opened) => match *opened {
                Ok(opened) => self.opened(opened),
                Err(problems) => self.refuse(&problems),
            },
            Message::Looked(id, result) => self.looked(id, *result),
            Message::Created(created) => match *created {
                Ok((opened, added)) => {
                    self.opened(opened);
                    self.import.clear();
                    self.places.data.imported(added);
                    self.go(Place::Data);
                }
                Err(said) => self.not_imported(&said),
            },
            Message::Added(added) => match *added {
                Ok(added) => self.added(added),
                Err(said) => self.not_imported(&said),
            },
            Message::Row(revision, row) => {
                let Some(s) = self.session.as_mut().filter(|s| s.project.revision() == revision) else { return };
                // lines stand in the history's order; one that is new comes with the whole list at the end
                if let Ok(at) = s.rows.binary_search_by_key(&row.series, |r| r.series)
                    && let Some(old) = s.rows.get_mut(at)
                {
                    *old = Row { index: old.index, ..*row };
                    s.rows_stamp += 1;
                    s.fresh += 1;
                }
            }
            Message::Ran(revision, ran) => {
                let Some(s) = self.session.as_mut() else { return };
                let Some((inputs, outcome, rows)) = ran.map(|r| *r) else { return };
                if let Some(d) = outcome.diagnostics.iter().find(|d| d.severity == crate::base::Severity::Error) {
                    self.toasts.diagnostic(d);
                }
                s.inputs = inputs;
                s.money.currency = s.inputs.currency();
                s.rows = rows;
                s.rows_stamp += 1;
                s.fresh = 0;
                s.outcome = Some(Arc::new(outcome));
                s.outcome_revision = revision;
                if s.project.revision() == revision {
                    self.replay();
                }
            }
            Message::Replayed(revision, replayed) => {
                if let (Some(s), Some((r, from))) = (self.session.as_mut(), replayed.map(|r| *r)) {
                    s.replay = Some(r);
                    s.replay_revision = revision;
                    s.replayed = Some(from);
                    // what was computed is worth keeping between visits
                    let (engine, path) = (s.engine.clone(), work::cache_of(s.project.path(), &self.home.join("cache")));
                    let _ = std::thread::Builder::new().name("stockcast cache".into()).spawn(move || {
                        // a cache that cannot be written costs time, nothing else
                        if path.parent().is_some_and(|dir| std::fs::create_dir_all(dir).is_ok()) {
                            let _ = engine.save(&path);
                        }
                    });
                }
            }
            Message::Explored(explored) => {
                if let (Some(s), Some(e)) = (self.session.as_mut(), explored) {
                    s.explored = Some(e);
                }
                if let Some((id, plan)) = self.waiting.take() {
                    self.explore(id, plan);
                }
            }
            Message::Compared(revision, compared) => {
                let (Some(s), Some(compared)) = (self.session.as_mut(), compared) else { return };
                match compared {
                    Ok(c) => {
                        let (a, b, x, y, comparison) = *c;
                        s.others.insert(a, (revision, x));
                        s.others.insert(b, (revision, y));
                        s.comparisons.insert((a, b), (revision, Arc::new(comparison)));
                    }
                    Err(d) => self.toasts.diagnostic(&d),
                }
            }
            Message::Wrote(Ok(path)) => self.toasts.say(Level::Info, format!("Written to {}", path.display())),
            Message::Wrote(Err(problems)) => self.refuse(&problems),
            Message::Picked(paths) if paths.is_empty() => {}
            Message::Picked(paths) => {
                if let Some(purpose) = self.files.picked() {
                    self.decided(purpose, paths);
                }
            }
            Message::Place(place, key, answer) => self.places.of(place).answer(key, answer),
        }
    }

    fn opened(&mut self, (project, inputs, engine, mut originals): super::action::Opened) {
        let name = project.document().name.clone();
        self.settings.opened(project.path(), &name);
        self.settings.save(&self.home);
        if let Some(d) = project.read_only() {
            self.toasts.diagnostic(d);
        }
        // what a scenario's files left open is said at once, not only in Data
        let notes = project.document().sales.iter().flat_map(|s| &s.notes);
        for d in notes.filter(|d| ["date-order-unclear", "decimal-ambiguous"].contains(&d.code)) {
            self.toasts.diagnostic(d);
        }
        self.ctx.send_viewport_cmd(egui::ViewportCommand::Title(format!("{name} – Stockcast")));
        self.session = Some(Session::new(project, inputs, engine));
        self.places = Places::default();
        originals.own = incoming::own::load(&self.home);
        self.places.data.originals = originals;
        self.selected = None;
        self.go(Place::Overview);
        self.run();
    }

    /// A file of the import step was looked at; one that the open project was made of is at hand again.
    fn looked(&mut self, id: super::places::import::LookId, result: Result<incoming::Seen, Vec<Diagnostic>>) {
        let path = self.import.path_of(id);
        if let (Ok(seen), Some(path)) = (&result, path)
            && let Some(hash) = &seen.hash
            && self.places.data.found_again(self.session.as_ref(), hash, &path)
        {
            self.import.forget(&path);
            self.toasts.say(Level::Info, "This is the file that the project was made of: it can be shown and read otherwise now");
            if self.import.waits() == 0 {
                self.go(Place::Data);
            }
            return;
        }
        self.import.looked(id, result);
    }

    /// Files were read for the open project.
    fn added(&mut self, added: Added) {
        let edit = added.edit.clone();
        self.import.clear();
        self.places.data.imported(added);
        self.go(Place::Data);
        let (Some(edit), Some(s)) = (edit, self.session.as_mut()) else { return };
        match s.project.apply(edit) {
            Ok(()) => self.run(),
            Err(d) => self.toasts.diagnostic(&d),
        }
    }

    fn not_imported(&mut self, said: &[Diagnostic]) {
        if said.iter().any(|d| d.code == "cancelled") {
            return;
        }
        if self.import.waits() > 0 {
            // it stands at the file
            self.import.refused(said);
            self.importing = true;
        } else {
            self.refuse(said);
        }
    }

    /// Whatever these files are: a project or a scenario is opened, others go to the import step.
    fn bring(&mut self, paths: Vec<PathBuf>) {
        let whole = |p: &PathBuf| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("stockcast") || e.eq_ignore_ascii_case("toml"));
        let (mut projects, files): (Vec<PathBuf>, Vec<PathBuf>) = paths.into_iter().partition(whole);
        if projects.len() > 1 {
            self.toasts.say(Level::Warning, "Only the first project was opened");
        }
        if !projects.is_empty() {
            self.open(Opening::Path(projects.swap_remove(0)));
        } else if !files.is_empty() {
            self.import.offer(files);
            self.importing = true;
        }
    }

    fn refuse(&mut self, problems: &[Diagnostic]) {
        for d in problems.iter().take(3) {
            self.toasts.diagnostic(d);
        }
        if problems.len() > 3 {
            self.toasts.say(Level::Error, format!("and {} more problems of the same file", problems.len() - 3));
        }
    }

    // --- what is started ---------------------------------------------------------------------------------------------------

    fn open(&mut self, what: Opening) {
        let label = match &what {
            Opening::Sample => "Opening the sample shop".to_owned(),
            Opening::Path(p) => format!("Opening {}", p.file_name().unwrap_or(p.as_os_str()).to_string_lossy()),
        };
        let (projects, cache) = (self.home.join("projects"), self.home.join("cache"));
        // a project open here must let go of its file before it can be opened anew
        if let (Some(s), Opening::Path(p)) = (&self.session, &what)
            && s.project.path() == p
        {
            self.close();
        }
        self.jobs.start(Key::Open, label, move |r| work::open(&what, &projects, &cache, r));
    }

    fn close(&mut self) {
        self.jobs.cancel_all();
        self.waiting = None;
        self.session = None;
        self.selected = None;
        self.ctx.send_viewport_cmd(egui::ViewportCommand::Title("Stockcast".into()));
    }

    fn run(&mut self) {
        let Some(s) = &self.session else { return };
        let (revision, document, engine) = (s.project.revision(), s.project.document().clone(), s.engine.clone());
        let first = self.selected.clone();
        self.jobs.cancel(Key::Replay);
        self.jobs.start(Key::Run, "Forecasting and simulating", move |r| work::run(revision, &document, &engine, first.as_deref(), r));
    }

    fn replay(&mut self) {
        let Some(s) = &self.session else { return };
        let (revision, inputs, engine) = (s.project.revision(), s.inputs.clone(), s.engine.clone());
        let Some(plan) = s.outcome.as_ref().map(|o| o.plan.clone()) else { return };
        if inputs.history.is_none() {
            return;
        }
        let known = s.replayed.clone().zip(s.replay.clone());
        self.jobs.start(Key::Replay, "Replaying your past", move |r| work::replay(revision, inputs, plan, &engine, known, r));
    }

    fn explore(&mut self, unique_id: Arc<str>, plan: Box<Plan>) {
        let Some(s) = &self.session else { return };
        // the one being answered is let finish: a slider that moves on would otherwise never get an answer
        if self.jobs.is_running(Key::Item) {
            self.waiting = Some((unique_id, plan));
            return;
        }
        let (inputs, engine) = (s.inputs.clone(), s.engine.clone());
        // goods held for each other come later: what the run found counts for one item too
        let outcome = s.outcome.clone();
        let work = move |r: &Reporter<Message>| {
            let held = outcome.as_ref().and_then(|o| o.freight.as_ref()).map(|f| f.held.as_slice()).filter(|h| h.len() > 1);
            work::explore(unique_id, &inputs, *plan, &engine, held, r)
        };
        self.jobs.start(Key::Item, "Answering for one item", work);
    }

    /// The full pass over the files of the import step.
    fn start_import(&mut self, request: incoming::Request, new: bool) {
        let request = incoming::Request { home: self.home.clone(), ..request };
        let originals = self.places.data.originals.clone();
        let label = format!("Importing {}", crate::base::text::plural(request.files.len(), "file"));
        if let Some(s) = self.session.as_ref().filter(|_| !new) {
            let (document, now) = (s.project.document().clone(), s.project.now());
            self.jobs.start(Key::Open, label, move |r| {
                Message::Added(Box::new(incoming::add(&document, &request, &originals, now, r.control())))
            });
            return;
        }
        let (projects, cache) = (self.home.join("projects"), self.home.join("cache"));
        self.jobs.start(Key::Open, label, move |r| work::create(&request, &originals, &projects, &cache, r));
    }

    // --- what places ask for -----------------------------------------------------------------------------------------------

    fn carry_out(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Command(c) => self.command(c),
                Action::Go(place) => self.go(place),
                Action::Show(id) => {
                    self.selected = Some(id);
                    self.go(Place::Items);
                }
                Action::Filter(statuses) => {
                    self.places.items.wanted = Some(statuses);
                    self.go(Place::Items);
                }
                Action::OpenPath(path) => self.bring(vec![path]),
                Action::AddFile => self.ask(Purpose::Add, ""),
                Action::Offer(paths) => self.bring(paths),
                Action::Look(l) => {
                    let originals = self.places.data.originals.clone();
                    self.jobs.start(Key::Inspect, "Looking at the file", move |_| {
                        let seen = incoming::look_at(&l.path, l.kind, &l.map, &l.said, &originals);
                        Message::Looked(l.id, Box::new(seen))
                    });
                }
                Action::Import { request, new } => self.start_import(*request, new),
                Action::LeaveImport => {
                    self.jobs.cancel(Key::Inspect);
                    self.import.clear();
                    self.importing = false;
                }
                Action::Edit(edit) => {
                    let Some(s) = self.session.as_mut() else { continue };
                    match s.project.apply(edit) {
                        Ok(()) => self.run(),
                        Err(d) => self.toasts.diagnostic(&d),
                    }
                }
                Action::Explore { unique_id, plan } => self.explore(unique_id, plan),
                Action::Compare(a, b) => {
                    let Some(s) = &self.session else { continue };
                    let (revision, document, engine) = (s.project.revision(), s.project.document().clone(), s.engine.clone());
                    self.jobs.start(Key::Compare, "Comparing scenarios", move |r| work::compare_two(revision, &document, a, b, &engine, r));
                }
                Action::ExportTable { table, name } => self.ask(Purpose::Table(table), &name),
                Action::ExportTables { tables, name } => self.ask(Purpose::Tables(tables), &name),
                Action::ExportText { text, name } => self.ask(Purpose::Text(text), &name),
                Action::Toast(level, text) => self.toasts.say(level, text),
                Action::Work { place, key, label, work } => {
                    self.jobs.start(key, label, move |r| Message::Place(place, key, work(r.control())));
                }
                Action::Cancel(key) => self.jobs.cancel(key),
            }
        }
    }

    fn command(&mut self, command: Command) {
        if self.session.is_none() && commands::of(command).is_some_and(|e| e.needs_project) {
            return;
        }
        match command {
            Command::OpenSample => self.open(Opening::Sample),
            Command::Open => self.ask(Purpose::Open, ""),
            Command::Import => self.importing = true,
            Command::SaveCopy => {
                let name = self.session.as_ref().map_or_else(String::new, |s| format!("{} copy.stockcast", s.project.document().name));
                self.ask(Purpose::Copy, &name);
            }
            Command::CloseProject => {
                self.close();
                self.importing = false;
            }
            Command::Undo | Command::Redo => {
                let Some(s) = self.session.as_mut() else { return };
                let (done, word) = if command == Command::Undo { (s.project.undo(), "Undone") } else { (s.project.redo(), "Made again") };
                if let Some(label) = done {
                    self.toasts.say(Level::Info, format!("{word}: {label}"));
                    self.run();
                }
            }
            Command::Palette => self.palette.toggle(),
            Command::Go(place) => self.go(place),
            Command::Recompute => self.run(),
            Command::CancelJobs => self.jobs.cancel_all(),
            Command::ExportOrders => {
                self.go(Place::Orders);
                self.places.orders.export = true;
            }
            Command::ExportReport => {
                let name = self.session.as_ref().map_or_else(String::new, |s| format!("{} report.html", s.project.document().name));
                self.ask(Purpose::Report, &name);
            }
            Command::Theme(t) => {
                self.settings.look = match t {
                    ThemePreference::Light => Look::Light,
                    ThemePreference::Dark => Look::Dark,
                    ThemePreference::System => Look::System,
                };
                self.keep_settings();
            }
            Command::ZoomIn | Command::ZoomOut | Command::ZoomReset => {
                self.settings.zoom = match command {
                    Command::ZoomIn => (self.settings.zoom + 0.1).min(2.5),
                    Command::ZoomOut => (self.settings.zoom - 0.1).max(0.6),
                    _ => 1.0,
                };
                self.keep_settings();
            }
            Command::Find => self.find = true,
            Command::Journal => self.overlays.journal = !self.overlays.journal,
            Command::Help => self.overlays.help = !self.overlays.help,
            Command::Quit => self.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    fn keep_settings(&self) {
        self.settings.apply(&self.ctx);
        self.settings.save(&self.home);
    }

    /// Asks for a path, starting beside the project, else in the folder of documents.
    fn ask(&mut self, purpose: Purpose, name: &str) {
        let clean: String = name.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
        self.files.ask(purpose, &documents().join(clean));
    }

    fn decided(&mut self, purpose: Purpose, mut paths: Vec<PathBuf>) {
        if matches!(purpose, Purpose::Open | Purpose::Add) {
            self.bring(paths);
            return;
        }
        let Some(path) = paths.pop() else { return };
        match purpose {
            Purpose::Open | Purpose::Add => {}
            Purpose::Copy => {
                if let Some(s) = &self.session {
                    match s.project.copy_to(&path) {
                        Ok(()) => self.toasts.say(Level::Info, format!("Written to {}", path.display())),
                        Err(d) => self.toasts.diagnostic(&d),
                    }
                }
            }
            Purpose::Table(table) => self
                .jobs
                .start(Key::Export, "Writing", move |_| Message::Wrote(write_table(&path, &table).map(|()| path).map_err(|d| vec![d]))),
            Purpose::Tables(tables) => self
                .jobs
                .start(Key::Export, "Writing", move |_| Message::Wrote(write_all(&path, &tables).map(|()| path).map_err(|d| vec![d]))),
            Purpose::Text(text) => {
                self.jobs.start(Key::Export, "Writing", move |_| {
                    Message::Wrote(crate::report::write::write_text(&path, &text).map(|()| path).map_err(|d| vec![d]))
                });
            }
            Purpose::Report => {
                let Some((s, outcome)) = self.session.as_ref().and_then(|s| s.outcome.clone().map(|o| (s, o))) else { return };
                let (inputs, replay) = (s.inputs.clone(), s.replay.as_ref().and_then(|r| r.as_ref().ok()).cloned());
                let options = self.places.report.options;
                self.jobs.start(Key::Export, "Writing the report", move |_| {
                    Message::Wrote(crate::report::page::write_with(&path, &inputs, &outcome, replay.as_deref(), &options).map(|()| path))
                });
            }
        }
    }

    // --- the frame ---------------------------------------------------------------------------------------------------------

    fn keys(&mut self) {
        if self.files.is_open() {
            return;
        }
        let pressed: Vec<Command> = commands::ALL
            .iter()
            .filter(|e| e.shortcut.is_some_and(|k| self.ctx.input_mut(|i| i.consume_shortcut(&k))))
            .map(|e| e.command)
            .collect();
        for c in pressed {
            self.command(c);
        }
    }

    fn dropped(&mut self) {
        let (dropped, hovering) = self.ctx.input(|i| (i.raw.dropped_files.clone(), !i.raw.hovered_files.is_empty()));
        self.hovering = hovering.then(Instant::now);
        let paths: Vec<PathBuf> = dropped.iter().map(|f| f.path().to_owned()).filter(|p| !p.as_os_str().is_empty()).collect();
        if !paths.is_empty() {
            self.bring(paths);
        }
    }

    fn top_bar(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        MenuBar::new().ui(ui, |ui| {
            ui.menu_button("File", |ui| {
                for c in [
                    Command::Import,
                    Command::Open,
                    Command::OpenSample,
                    Command::SaveCopy,
                    Command::ExportOrders,
                    Command::ExportReport,
                    Command::CloseProject,
                    Command::Quit,
                ] {
                    self.menu_entry(ui, c, actions);
                }
            });
            ui.menu_button("Edit", |ui| {
                for c in [Command::Undo, Command::Redo, Command::Journal, Command::Find, Command::Recompute, Command::CancelJobs] {
                    self.menu_entry(ui, c, actions);
                }
            });
            ui.menu_button("View", |ui| {
                for c in Place::ALL.map(Command::Go) {
                    self.menu_entry(ui, c, actions);
                }
                ui.separator();
                for c in [
                    Command::Theme(ThemePreference::Light),
                    Command::Theme(ThemePreference::Dark),
                    Command::Theme(ThemePreference::System),
                    Command::ZoomIn,
                    Command::ZoomOut,
                    Command::ZoomReset,
                ] {
                    self.menu_entry(ui, c, actions);
                }
            });
            ui.menu_button("Help", |ui| {
                for c in [Command::Palette, Command::Help] {
                    self.menu_entry(ui, c, actions);
                }
            });
            let Some(s) = &self.session else { return };
            let t = theme::tokens(ui);
            ui.separator();
            ui.label(RichText::new(&s.project.document().name).strong()).on_hover_text(s.project.path().display().to_string());
            let document = s.project.document();
            let active = document.active().name.clone();
            let combo = ComboBox::from_id_salt("scenario").selected_text(active).width(190.0).show_ui(ui, |ui| {
                for sc in &document.scenarios {
                    if ui.selectable_label(sc.id == document.active, &sc.name).clicked() && sc.id != document.active {
                        let change = crate::project::Change::Activate(sc.id);
                        actions.push(Action::Edit(crate::project::Edit::one(format!("use scenario {}", sc.name), change)));
                    }
                }
            });
            combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Scenario"));
            combo.response.on_hover_text("The set of assumptions in use");
            for (c, label) in [(Command::Undo, s.project.can_undo()), (Command::Redo, s.project.can_redo())] {
                let name = if c == Command::Undo { "Undo" } else { "Redo" };
                let response = ui.add_enabled(label.is_some(), Button::new(name).frame(false));
                let response = if let Some(l) = label { response.on_hover_text(l) } else { response };
                if response.clicked() {
                    actions.push(Action::Command(c));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(Button::new("Commands").right_text(RichText::new("Ctrl+K").color(t.weak))).clicked() {
                    actions.push(Action::Command(Command::Palette));
                }
                use crate::project::Saving;
                let (word, color, hint) = match s.project.saving() {
                    _ if s.project.read_only().is_some() => {
                        ("Read only", t.warn, s.project.read_only().map_or_else(String::new, |d| sentence(&d.message)))
                    }
                    Saving::Saved => ("Saved", t.weak, s.project.path().display().to_string()),
                    Saving::Pending(n) => ("Saving", t.weak, crate::base::text::plural(n, "edit")),
                    Saving::Failed(d) => ("Not saved", t.bad, d.to_string()),
                };
                ui.label(RichText::new(word).color(color)).on_hover_text(hint);
            });
        });
    }

    fn menu_entry(&self, ui: &mut Ui, command: Command, actions: &mut Vec<Action>) {
        let Some(e) = commands::of(command) else { return };
        let key = e.shortcut.map_or_else(String::new, |k| ui.ctx().format_shortcut(&k));
        let enabled = self.session.is_some() || !e.needs_project;
        if ui.add_enabled(enabled, Button::new(e.name).shortcut_text(key)).on_hover_text(e.hint).clicked() {
            actions.push(Action::Command(command));
            ui.close();
        }
    }

    fn rail(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let t = theme::tokens(ui);
        ui.add_space(gap::S);
        let counts = |place: Place| -> Option<(usize, egui::Color32)> {
            let s = self.session.as_ref()?;
            let n = match place {
                Place::Orders => s.rows.iter().filter(|r| r.quantity > 0.0).count(),
                Place::Data => s.problems().iter().filter(|d| d.severity > crate::base::Severity::Info).count(),
                _ => 0,
            };
            (n > 0).then_some((n, if place == Place::Data { t.warn } else { t.accent }))
        };
        let waits = self.import.waits();
        if waits > 0 || self.importing {
            let mut button = Button::selectable(self.importing, "Import").min_size(egui::vec2(ui.available_width(), 32.0));
            if waits > 0 {
                button = button.right_text(RichText::new(waits.to_string()).small().color(t.accent));
            }
            if ui.add(button).on_hover_text("Files that wait to be imported").clicked() {
                actions.push(Action::Command(Command::Import));
            }
            ui.add_space(gap::XS);
        }
        for place in Place::ALL {
            let enabled = self.session.is_some();
            let mut button = Button::selectable(enabled && !self.importing && place == self.place, place.name())
                .min_size(egui::vec2(ui.available_width(), 32.0));
            if let Some((n, color)) = counts(place) {
                button = button.right_text(RichText::new(n.to_string()).small().color(color));
            }
            if ui.add_enabled(enabled, button).on_disabled_hover_text("open a file or the sample first").clicked() {
                actions.push(Action::Go(place));
            }
        }
    }

    fn job_bar(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let t = theme::tokens(ui);
        ui.horizontal(|ui| {
            let mut any = false;
            for job in self.jobs.running().iter().filter(|j| !j.quiet) {
                any = true;
                let (stage, share) = job.progress();
                ui.label(&job.label);
                if !stage.is_empty() {
                    ui.label(RichText::new(stage).color(t.weak));
                }
                match share {
                    Some(p) => {
                        let bar = ui.add(ProgressBar::new(p).desired_width(150.0).text(format!("{:.0} %", p * 100.0)));
                        bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Progress"));
                    }
                    None => {
                        ui.label(RichText::new(format!("{:.0} s", job.seconds())).color(t.weak));
                    }
                }
                if ui.small_button("Stop").on_hover_text("Stop this job").clicked() {
                    actions.push(Action::Cancel(job.key));
                }
                ui.add_space(gap::M);
            }
            if any {
                // the clock of a job without steps goes on
                ui.ctx().request_repaint_after_secs(0.5);
                return;
            }
            let text = match &self.session {
                None => "Everything runs on this machine; nothing leaves it".to_owned(),
                Some(s) if s.is_stale() => "What is shown is older than your last edit; press F5 to compute again".to_owned(),
                Some(s) => match &s.outcome {
                    Some(o) => format!(
                        "{} by location · {} ahead · {} replications · seed {}",
                        crate::base::text::plural(o.series.len(), "item"),
                        crate::base::text::plural(o.plan.periods, o.period.name()),
                        crate::base::text::grouped(o.replications as f64, 0),
                        o.plan.seed
                    ),
                    None => "Ready".to_owned(),
                },
            };
            ui.label(RichText::new(text).color(t.weak));
        });
    }

    fn place_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let find = std::mem::take(&mut self.find);
        if self.importing {
            let originals = &self.places.data.originals;
            let mut step = Step { session: self.session.as_ref(), jobs: self.jobs.running(), originals, actions };
            self.import.ui(ui, &mut step);
            return;
        }
        match &self.session {
            None => self.welcome.ui(ui, &self.settings, self.jobs.is_running(Key::Open), actions),
            Some(session) => {
                let mut cx = Cx { session, jobs: self.jobs.running(), actions, selected: &mut self.selected, find };
                self.places.of(self.place).ui(ui, &mut cx);
                self.places.data.hand_over(&mut cx);
            }
        }
    }

    fn drop_target(&self, ui: &Ui) {
        if self.hovering.is_none() {
            return;
        }
        let t = theme::tokens(ui);
        let painter = self.ctx.layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop target")));
        let rect = self.ctx.content_rect();
        painter.rect_filled(rect, 0.0, t.ground.gamma_multiply(0.85));
        painter.rect_stroke(rect.shrink(16.0), 10.0, egui::Stroke::new(2.0, t.accent), egui::StrokeKind::Inside);
        painter.text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            if self.session.is_some() {
                "Drop files to add them to this project"
            } else {
                "Drop your shop's files, a scenario or a project"
            },
            egui::FontId::proportional(22.0),
            t.text,
        );
    }
}

impl eframe::App for Stockcast {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.poll();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let began = Instant::now();
        self.show(ui);
        if let Some(trace) = &mut self.trace {
            trace.frame(began.elapsed());
            trace.moment("first_frame");
            if let Some(s) = &self.session {
                trace.moment("opened");
                if s.outcome.is_some() {
                    trace.moment("computed");
                }
            }
        }
    }
}

impl Stockcast {
    /// One frame.
    pub fn show(&mut self, ui: &mut Ui) {
        let mut actions = Vec::new();
        self.keys();
        self.dropped();
        let t = theme::tokens(ui);
        let bar = Frame::new().fill(t.rail).inner_margin(Margin::symmetric(8, 5));
        Panel::top("top bar").frame(bar).show(ui, |ui| self.top_bar(ui, &mut actions));
        Panel::bottom("jobs").frame(bar).exact_size(34.0).show(ui, |ui| self.job_bar(ui, &mut actions));
        Panel::left("places")
            .frame(Frame::new().fill(t.rail).inner_margin(Margin::symmetric(8, 4)))
            .resizable(true)
            .default_size(158.0)
            .size_range(120.0..=240.0)
            .show(ui, |ui| self.rail(ui, &mut actions));
        CentralPanel::default()
            .frame(Frame::new().fill(t.ground).inner_margin(Margin::symmetric(18, 14)))
            .show(ui, |ui| self.place_ui(ui, &mut actions));
        let ctx = self.ctx.clone();
        self.overlays.ui(&ctx, self.session.as_ref(), &mut actions);
        self.palette.ui(&ctx, self.session.as_ref(), &mut actions);
        if let Some(decided) = self.files.ui(&ctx) {
            match decided {
                Decided::Files(purpose, paths) => self.decided(purpose, paths),
                Decided::Dialog(ask, start) => {
                    self.jobs.start(Key::Dialog, "Choosing a file", move |_| Message::Picked(files::dialog(ask, &start)))
                }
            }
        }
        self.toasts.ui(&ctx, self.importing);
        self.drop_target(ui);
        self.carry_out(actions);
    }
}

/// The user's folder of documents, else the home folder, else here.
fn documents() -> PathBuf {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from).unwrap_or_default();
    let documents = home.join("Documents");
    if documents.is_dir() { documents } else { home }
}

/// A workbook with a sheet each, or a folder with a file each.
fn write_all(path: &Path, tables: &[(String, Table)]) -> Result<(), Diagnostic> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        let sheets: Vec<(&str, &Table)> = tables.iter().map(|(n, t)| (n.as_str(), t)).collect();
        return write_workbook(path, &sheets);
    }
    std::fs::create_dir_all(path).map_err(|e| {
        Diagnostic::error("folder-unwritable", format!("the folder cannot be made: {e}"))
            .file(path.display().to_string())
            .fix("choose another folder")
    })?;
    for (name, table) in tables {
        let clean: String = name.chars().map(|c| if c.is_alphanumeric() || " -_.()".contains(c) { c } else { '_' }).collect();
        write_table(path.join(format!("{}.csv", clean.trim())), table)?;
    }
    Ok(())
}
