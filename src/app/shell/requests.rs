//! What places, menus and keys ask for, and the jobs that it starts.

use super::Stockcast;
use crate::app::action::{Action, Message};
use crate::app::commands::{self, Command};
use crate::app::files::Purpose;
use crate::app::import::{self as incoming};
use crate::app::jobs::{Key, Reporter};
use crate::app::places::Place;
use crate::app::settings::Look;
use crate::app::toasts::Level;
use crate::app::work::{self, Opening};
use crate::base::Diagnostic;
use crate::report::{Table, write_table, write_workbook};
use crate::scenario::Plan;
use eframe::egui::{self, ThemePreference};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Stockcast {
    pub(super) fn open(&mut self, what: Opening) {
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

    pub(super) fn close(&mut self) {
        self.jobs.cancel_all();
        self.waiting = None;
        self.session = None;
        self.selected = None;
        self.ctx.send_viewport_cmd(egui::ViewportCommand::Title("Stockcast".into()));
    }

    pub(super) fn run(&mut self) {
        let Some(s) = &self.session else { return };
        let (revision, document, engine) = (s.project.revision(), s.project.document().clone(), s.engine.clone());
        let first = self.selected.clone();
        self.jobs.cancel(Key::Replay);
        self.jobs.start(Key::Run, "Forecasting and simulating", move |r| work::run(revision, &document, &engine, first.as_deref(), r));
    }

    pub(super) fn replay(&mut self) {
        let Some(s) = &self.session else { return };
        let (revision, inputs, engine) = (s.project.revision(), s.inputs.clone(), s.engine.clone());
        let Some(plan) = s.outcome.as_ref().map(|o| o.plan.clone()) else { return };
        if inputs.history.is_none() {
            return;
        }
        let known = s.replayed.clone().zip(s.replay.clone());
        self.jobs.start(Key::Replay, "Replaying your past", move |r| work::replay(revision, inputs, plan, &engine, known, r));
    }

    pub(super) fn explore(&mut self, unique_id: Arc<str>, plan: Box<Plan>) {
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
    pub(super) fn start_import(&mut self, request: incoming::Request, new: bool) {
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

    pub(super) fn carry_out(&mut self, actions: Vec<Action>) {
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

    pub(super) fn command(&mut self, command: Command) {
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

    pub(super) fn keep_settings(&self) {
        self.settings.apply(&self.ctx);
        self.settings.save(&self.home);
    }

    /// Asks for a path, starting beside the project, else in the folder of documents.
    pub(super) fn ask(&mut self, purpose: Purpose, name: &str) {
        let clean: String = name.chars().map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
        self.files.ask(purpose, &documents().join(clean));
    }

    pub(super) fn decided(&mut self, purpose: Purpose, mut paths: Vec<PathBuf>) {
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
