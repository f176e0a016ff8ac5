//! The import step: files are dropped, looked at, questions answered, roles changed where need be, and confirmed.
//!
//! In: paths. Out: a [`Request`] for the full pass, in which nothing has to be asked any more. It is a step rather than a place of the flow: it
//! shows over the welcome place (a new project) as over an open project (files added to it).
//!
//! Reading order: this file (the files and what is known of each), [`list`] (left), [`detail`] (the chosen file), [`questions`], [`rows`] (as
//! written beside as understood), [`check`] (what will be imported, and the button).

pub mod check;
pub mod detail;
pub mod list;
pub mod questions;
pub mod rows;

use crate::app::action::Action;
use crate::app::import::{Joined, Originals, Request, Seen, Wanted};
use crate::app::jobs::{Job, Key};
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::{Diagnostic, Severity};
use crate::history::{Ask, Question, Role};
use crate::project::SourceKind;
use eframe::egui::{self, Button, Key as Press, RichText, Ui};
use std::path::{Path, PathBuf};

/// What the step sees while it is drawn.
pub struct Step<'a> {
    /// The open project, where there is one.
    pub session: Option<&'a Session>,
    /// What is running.
    pub jobs: &'a [Job],
    /// Which files of this session are at hand, and people's own profiles.
    pub originals: &'a Originals,
    /// What the step asks for.
    pub actions: &'a mut Vec<Action>,
}

impl Step<'_> {
    /// Ask for something.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }
    /// The job of this key, while it runs.
    pub fn job(&self, key: Key) -> Option<&Job> {
        self.jobs.iter().find(|j| j.key == key)
    }
    /// Nothing can be changed in the project that is open.
    pub fn read_only(&self) -> bool {
        self.session.is_some_and(|s| s.project.read_only().is_some())
    }
}

/// Which look at a file is meant: a newer one of the same file replaces it.
pub type LookId = (u64, u64);

/// A wish to look at a file.
#[derive(Debug, Clone)]
pub struct Looking {
    /// Which.
    pub id: LookId,
    /// Where it is.
    pub path: PathBuf,
    /// What somebody says it is about.
    pub kind: Option<SourceKind>,
    /// Roles given to columns.
    pub map: Vec<(String, Role)>,
    /// Answers given.
    pub said: Vec<(Ask, String)>,
}

/// What is known of a file.
#[derive(Debug, Default)]
pub(super) enum State {
    /// It waits to be looked at.
    #[default]
    Waits,
    /// It is being looked at.
    Looks,
    /// It was looked at.
    Seen(Box<Seen>),
    /// It cannot be read at all.
    Refused(Vec<Diagnostic>),
}

/// A file that was dropped.
#[derive(Debug, Default)]
pub struct Dropped {
    id: u64,
    stamp: u64,
    path: PathBuf,
    name: String,
    kind: Option<SourceKind>,
    map: Vec<(String, Role)>,
    said: Vec<(Ask, String)>,
    /// Questions that were answered, and how.
    answered: Vec<(Question, String)>,
    state: State,
    /// What was seen before a change, shown until the new look is in.
    before: Option<Box<Seen>>,
    /// Why the full pass refused it.
    refused: Vec<Diagnostic>,
    /// What is typed in answer to a question.
    typed: [String; 2],
    /// Its reading is to be remembered.
    remember: bool,
    /// Under this name.
    profile: String,
}

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// It is being looked at.
    Looking,
    /// So many questions must be answered.
    Asks(usize),
    /// It cannot be imported.
    Refused,
    /// The project holds it already.
    Known,
    /// Nothing stands in the way.
    Ready,
}

impl Dropped {
    /// What was seen, even if a newer look is on its way.
    pub(super) fn seen(&self) -> Option<&Seen> {
        match &self.state {
            State::Seen(s) => Some(s),
            _ => self.before.as_deref(),
        }
    }

    /// What it is about.
    pub(super) fn kind(&self) -> SourceKind {
        let looked = || self.seen().and_then(|s| SourceKind::parse(s.look.kind));
        self.kind.or_else(looked).unwrap_or(SourceKind::Sales)
    }

    /// Errors, wherever they are from.
    pub(super) fn errors(&self) -> Vec<&Diagnostic> {
        let said: &[Diagnostic] = match &self.state {
            State::Refused(said) => said,
            State::Seen(s) => &s.look.notes,
            _ => &[],
        };
        said.iter().chain(&self.refused).filter(|d| d.severity == Severity::Error).collect()
    }

    pub(super) fn stand(&self, session: Option<&Session>) -> Stand {
        match &self.state {
            State::Waits | State::Looks => Stand::Looking,
            State::Refused(_) => Stand::Refused,
            State::Seen(s) => {
                let must = s.look.questions.iter().filter(|q| q.must).count();
                if must > 0 {
                    Stand::Asks(must)
                } else if !self.errors().is_empty() {
                    Stand::Refused
                } else if s.hash.as_ref().is_some_and(|h| known(session, self.kind(), h, &self.said)) {
                    Stand::Known
                } else {
                    Stand::Ready
                }
            }
        }
    }

    /// Look at it again: something was said of it.
    fn again(&mut self) {
        if let State::Seen(s) = std::mem::take(&mut self.state) {
            self.before = Some(s);
        }
        self.refused.clear();
        self.stamp += 1;
    }

    /// A column of a companion file is this field (empty: nothing), and no other column is.
    fn say_field(&mut self, column: &str, field: &str) {
        self.said.retain(|(ask, said)| {
            let (c, f) = said.rsplit_once('=').unwrap_or((said, ""));
            *ask != Ask::Field || c != column && (field.is_empty() || f != field)
        });
        self.said.push((Ask::Field, format!("{column}={field}")));
    }

    /// A person gave it a kind, a role or an answer.
    fn touched(&self) -> bool {
        !self.map.is_empty() || !self.said.is_empty()
    }

    fn wanted(&self) -> Wanted {
        Wanted { path: self.path.clone(), kind: self.kind(), map: self.map.clone(), said: self.said.clone() }
    }
}

/// The open project holds a file of this kind with these bytes; of a companion file also with the same said of it.
fn known(session: Option<&Session>, kind: SourceKind, hash: &str, said: &[(Ask, String)]) -> bool {
    let Some(s) = session else { return false };
    let document = s.project.document();
    let sales = document.sales.iter().flat_map(|s| &s.sources);
    let same = |s: &crate::project::Source| s.said == said || said.is_empty();
    sales.chain(document.companions.iter().filter(|s| same(s))).any(|s| s.kind == kind && s.hash == hash)
}

/// The step's look: the files, and which is chosen.
#[derive(Default)]
pub struct Import {
    files: Vec<Dropped>,
    chosen: usize,
    next: u64,
    joined: Joined,
    /// Whether a person chose how new sales stand to old ones.
    joined_by_hand: bool,
    path: String,
    rows: rows::Beside,
    all_columns: bool,
    /// The confirming button has been offered the keyboard.
    offered: bool,
}

impl Import {
    /// True where files wait to be imported.
    pub fn waits(&self) -> usize {
        self.files.len()
    }

    /// Files have come; one that is here already is chosen instead of added.
    pub fn offer(&mut self, paths: Vec<PathBuf>) {
        for path in paths {
            if let Some(i) = self.files.iter().position(|f| f.path == path) {
                self.chosen = i;
                if let Some(f) = self.files.get_mut(i) {
                    f.again();
                }
                continue;
            }
            self.next += 1;
            let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            let profile = format!("My {}", name.split('.').next().unwrap_or("export"));
            self.files.push(Dropped { id: self.next, path, name, remember: true, profile, ..Dropped::default() });
        }
        self.offered = false;
        self.chosen = self.chosen.min(self.files.len().saturating_sub(1));
    }

    /// Which file a look is at.
    pub fn path_of(&self, id: LookId) -> Option<PathBuf> {
        self.files.iter().find(|f| (f.id, f.stamp) == id).map(|f| f.path.clone())
    }

    /// Forgets a file that turned out to be one of the project's own; true where it was there.
    pub fn forget(&mut self, path: &Path) -> bool {
        let before = self.files.len();
        self.files.retain(|f| f.path != path);
        self.chosen = self.chosen.min(self.files.len().saturating_sub(1));
        self.files.len() < before
    }

    /// Forgets all files.
    pub fn clear(&mut self) {
        *self = Self { next: self.next, all_columns: self.all_columns, ..Self::default() };
    }

    /// A look has come back.
    pub fn looked(&mut self, id: LookId, result: Result<Seen, Vec<Diagnostic>>) {
        let Some(f) = self.files.iter_mut().find(|f| (f.id, f.stamp) == id) else { return };
        f.before = None;
        f.state = match result {
            Ok(seen) => State::Seen(Box::new(seen)),
            Err(said) => State::Refused(said),
        };
        // what most people have to see first is a file with something open
        let first_open = self.files.iter().position(|f| matches!(f.stand(None), Stand::Asks(_) | Stand::Refused));
        if let Some(i) = first_open.filter(|_| !self.offered && self.files.iter().all(|f| f.stand(None) != Stand::Looking)) {
            self.chosen = i;
        }
    }

    /// The full pass could not be made: what is wrong stands at its file.
    pub fn refused(&mut self, said: &[Diagnostic]) {
        for d in said.iter().filter(|d| d.severity == Severity::Error) {
            let at = self.files.iter().position(|f| d.file.as_deref() == Some(&f.name)).unwrap_or(self.chosen);
            if let Some(f) = self.files.get_mut(at) {
                f.refused.push(d.clone());
                self.chosen = at;
            }
        }
    }

    /// What to import, from what was said.
    fn request(&self, session: Option<&Session>) -> Request {
        let files: Vec<&Dropped> = self.files.iter().filter(|f| matches!(f.stand(session), Stand::Ready | Stand::Known)).collect();
        let keep = files.iter().enumerate().filter(|(_, f)| f.remember && f.touched());
        Request {
            keep: keep.map(|(i, f)| (i, f.profile.trim().to_owned())).filter(|k| !k.1.is_empty()).collect(),
            files: files.iter().map(|f| f.wanted()).collect(),
            joined: self.joined,
            home: PathBuf::new(),
        }
    }

    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, step: &mut Step<'_>) {
        self.look(step);
        self.settle(step);
        let t = theme::tokens(ui);
        let importing = step.job(Key::Open).is_some();
        ui.horizontal_wrapped(|ui| {
            ui.heading("Import");
            ui.add_space(gap::M);
            ui.add_enabled_ui(!importing, |ui| self.bring(ui, step));
        });
        let hint = match step.session {
            None => {
                "Drop the files of your shop: sales, and if you have them stock, open orders and items. Check what was understood, then import"
            }
            Some(_) => {
                "Files for the project that is open. Newer sales take up where the old ones end; a file that is here already changes nothing"
            }
        };
        ui.label(RichText::new(hint).color(t.weak));
        ui.add_space(gap::XS);
        if self.files.is_empty() {
            self.empty(ui, step);
            return;
        }
        // what is drawn last has its place first
        egui::Panel::bottom("import check").frame(egui::Frame::NONE).show_separator_line(false).show(ui, |ui| {
            ui.add_space(gap::S);
            self.check(ui, step);
        });
        let width = (ui.available_width() * 0.24).clamp(190.0, 270.0);
        egui::Panel::left("import files").frame(egui::Frame::NONE).show_separator_line(false).exact_size(width).show(ui, |ui| {
            ui.set_max_width(width);
            ui.add_enabled_ui(!importing, |ui| self.list(ui, step));
        });
        egui::CentralPanel::default().frame(egui::Frame::NONE.inner_margin(egui::Margin { left: 14, ..egui::Margin::ZERO })).show(
            ui,
            |ui| {
                ui.add_enabled_ui(!importing, |ui| self.detail(ui, step));
            },
        );
    }

    /// Starts to look at the first file that waits, one at a time.
    fn look(&mut self, step: &mut Step<'_>) {
        if self.files.iter().any(|f| matches!(f.state, State::Looks)) {
            return;
        }
        if let Some(f) = self.files.iter_mut().find(|f| matches!(f.state, State::Waits)) {
            f.state = State::Looks;
            let (map, said) = (f.map.clone(), f.said.clone());
            step.act(Action::Look(Looking { id: (f.id, f.stamp), path: f.path.clone(), kind: f.kind, map, said }));
        }
    }

    /// How new sales stand to old ones, where nobody chose.
    fn settle(&mut self, step: &Step<'_>) {
        let sales = step.session.and_then(|s| s.project.document().sales.as_ref());
        let at_hand = sales.is_none_or(|s| s.sources.iter().all(|s| step.originals.has(&s.hash)));
        if !at_hand && self.joined == Joined::Together {
            self.joined = Joined::Continued;
        } else if at_hand && !self.joined_by_hand {
            self.joined = Joined::Together;
        }
    }

    /// Ways to bring files.
    fn bring(&mut self, ui: &mut Ui, step: &mut Step<'_>) {
        if ui.button("Choose files…").on_hover_text("One or several: sales, stock, open orders, items, suppliers …").clicked() {
            step.act(Action::AddFile);
        }
        let wide = (ui.available_width() - 110.0).clamp(120.0, 380.0);
        let field = widgets::search_field(ui, &mut self.path, "Path of a file to import", "or give the path of a file", wide);
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Press::Enter));
        let given = !self.path.trim().is_empty();
        if (ui.add_enabled(given, Button::new("Add path")).clicked() || entered) && given {
            let path = PathBuf::from(std::mem::take(&mut self.path).trim().trim_matches('"'));
            self.offer(vec![path]);
        }
    }

    fn empty(&self, ui: &mut Ui, step: &mut Step<'_>) {
        let next =
            "Drop them anywhere on this window: the export of Shopify, WooCommerce, Amazon, Square, Etsy, eBay, a till, a spreadsheet …";
        if widgets::empty(ui, "No files yet", next, Some("Choose your files…")) {
            step.act(Action::AddFile);
        }
        let t = theme::tokens(ui);
        ui.vertical_centered(|ui| {
            ui.add_space(gap::XS);
            // nothing is lost where nothing was brought
            let left = ui.input(|i| i.key_pressed(Press::Escape)) && ui.memory(|m| m.focused().is_none());
            if ui.button("Back").on_hover_text("Leave without importing (Escape)").clicked() || left {
                step.act(Action::LeaveImport);
            }
            ui.add_space(gap::M);
            for line in [
                "CSV, TSV, XLSX, Parquet, also packed as .gz or .zip; several at once",
                "Needed: sales, a row per sale or per item and day, with a date, an item and a quantity",
                "Helpful: stock on hand, open orders, items with cost and supplier",
                "Columns about customers are never kept nor shown",
            ] {
                ui.label(RichText::new(line).color(t.weak));
            }
        });
    }
}
