//! What jobs answer, and what it changes.

use super::Stockcast;
use crate::app::action::Message;
use crate::app::import::{self as incoming, Added};
use crate::app::jobs::Event;
use crate::app::places::{Place, Places};
use crate::app::rows::Row;
use crate::app::session::Session;
use crate::app::toasts::Level;
use crate::app::work::{self, Opening};
use crate::base::Diagnostic;
use crate::project::Change;
use crate::scenario::frozen;
use eframe::egui::{self};
use std::path::PathBuf;
use std::sync::Arc;

impl Stockcast {
    /// Takes in what jobs have answered.
    pub fn poll(&mut self) {
        for event in self.jobs.poll() {
            match event {
                Event::Message(m) => self.receive(m),
                Event::Late(m) => work::put_away(m),
                Event::Broke(label) => {
                    self.toasts.say(Level::Error, format!("{label} stopped unexpectedly; nothing was lost, please report it"));
                }
            }
        }
    }

    pub(super) fn receive(&mut self, message: Message) {
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

    pub(super) fn opened(&mut self, (project, inputs, engine, mut originals): crate::app::action::Opened) {
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
    pub(super) fn looked(&mut self, id: crate::app::places::import::LookId, result: Result<incoming::Seen, Vec<Diagnostic>>) {
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
    pub(super) fn added(&mut self, added: Added) {
        let edit = added.edit.clone();
        self.import.clear();
        self.places.data.imported(added);
        self.go(Place::Data);
        let (Some(mut edit), Some(s)) = (edit, self.session.as_mut()) else { return };
        // newer sales will judge the forecast: it is kept as it stands
        if edit.changes.iter().any(|c| matches!(c, Change::Sales(Some(_))))
            && let Some(kept) = s.outcome.as_ref().and_then(|o| {
                let taken = s.project.document().taken(&s.inputs, o.now.unwrap_or_default());
                frozen(&s.inputs, o, s.project.now(), &taken)
            })
            && s.project.document().frozen.iter().all(|f| f.ahead != kept.ahead)
        {
            edit.changes.push(Change::Freeze(kept.ahead, Some(Arc::new(kept))));
        }
        match s.project.apply(edit) {
            Ok(()) => self.run(),
            Err(d) => self.toasts.diagnostic(&d),
        }
    }

    pub(super) fn not_imported(&mut self, said: &[Diagnostic]) {
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
    pub(super) fn bring(&mut self, paths: Vec<PathBuf>) {
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

    pub(super) fn refuse(&mut self, problems: &[Diagnostic]) {
        for d in problems.iter().take(3) {
            self.toasts.diagnostic(d);
        }
        if problems.len() > 3 {
            self.toasts.say(Level::Error, format!("and {} more problems of the same file", problems.len() - 3));
        }
    }
}
