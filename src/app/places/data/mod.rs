//! Data: what was recognised, what is wrong with it, and the masters to fill in.
//!
//! Reading order: this file (tabs, jobs), [`audit`] (scores), [`findings`] and [`demand`] (what lies behind them), [`recognised`] (how sales files were understood), [`raw`] (their first rows), [`problems`], the grids
//! ([`masters`], with [`items`], [`stock`], [`suppliers`] and their [`cells`]), [`files`] (what the project is made of).

pub mod audit;
pub mod cells;
pub mod demand;
pub mod files;
pub mod findings;
pub mod items;
pub mod masters;
mod network;
pub mod problems;
pub mod raw;
pub mod recognised;
pub mod stock;
pub mod suppliers;

use super::{Cx, Furnished, Place};
use crate::app::action::{Action, Answer};
use crate::app::commands::Command;
use crate::app::import::reading::{Aside, Reading, reading};
use crate::app::import::{self, Added, Originals, Otherwise};
use crate::app::jobs::Key;
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::toasts::{Level, sentence};
use crate::app::widgets;
use crate::base::text::{grouped, plural};
use crate::base::{Diagnostic, Severity};
use eframe::egui::{Button, RichText, Ui};
use masters::Panel;
use std::sync::Arc;

/// What the place shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// What the data are worth.
    Audit,
    /// How sales files were understood.
    #[default]
    Recognised,
    /// Their first rows.
    Raw,
    /// What was assumed, set aside or looks wrong.
    Problems,
    /// The grid of items.
    Items,
    /// The grid of stock.
    Stock,
    /// The grid of suppliers.
    Suppliers,
    /// The grids of vehicles, carriers, places and distances.
    Network,
    /// What the project is made of.
    Files,
}

impl Tab {
    const ALL: [Self; 9] =
        [Self::Audit, Self::Recognised, Self::Raw, Self::Problems, Self::Items, Self::Stock, Self::Suppliers, Self::Network, Self::Files];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Audit => "Audit",
            Self::Recognised => "Recognised",
            Self::Raw => "Raw rows",
            Self::Problems => "Problems",
            Self::Items => "Items",
            Self::Stock => "Stock",
            Self::Suppliers => "Suppliers",
            Self::Network => "Network",
            Self::Files => "Files",
        }
    }
    const fn hint(self) -> &'static str {
        match self {
            Self::Audit => "What your data are worth: five scores, what lies behind each, and what would mend it",
            Self::Recognised => "How your sales files were understood, column by column",
            Self::Raw => "The first rows as written, beside what was understood of them",
            Self::Problems => "What was assumed, set aside or looks wrong",
            Self::Items => "Cost, price, supplier, lead time, pack: one row an item",
            Self::Stock => "Units on hand: one row an item and location",
            Self::Suppliers => "Order cost, minimum value, currency",
            Self::Network => "What drives and where: vehicles, hired carriers, places, distances",
            Self::Files => "What this project is made of, and what could be added",
        }
    }
}

/// The place's look.
#[derive(Default)]
pub struct Data {
    /// Where the files of this session are.
    pub originals: Originals,
    /// What shows.
    pub tab: Tab,
    audit: audit::Tab,
    recognised: recognised::Tab,
    raw: raw::Tab,
    problems: problems::Tab,
    /// The grid of items.
    pub items: Panel<items::Items>,
    stock: Panel<stock::Stock>,
    suppliers: Panel<suppliers::Suppliers>,
    network: network::Network,
    path: String,
    /// What companion files of this session said.
    notes: Vec<Diagnostic>,
    /// What jobs have prepared, for the next frame.
    pending: Vec<Action>,
    /// Waits for a file that is not at hand.
    question: Option<Otherwise>,
    /// The file it waited for is at hand.
    resume: bool,
    /// Every line that is not used, of the reading that this session made; a project keeps the first thousand of each reason.
    aside: Option<(Reading, Arc<Vec<Aside>>)>,
    /// What came of the last import, until it was read.
    pub arrived: Option<Arrived>,
}

/// What came of an import, in words.
pub struct Arrived {
    /// `shop.csv: 58,651 rows used, 828 set aside`, a line a file.
    pub lines: Vec<String>,
}

/// What this place's jobs answer.
enum Answered {
    /// Sales were read again, with the reading the project held when it was asked.
    Again(Reading, Otherwise, Result<Added, Vec<Diagnostic>>),
}

impl Data {
    /// Reads the sales again: otherwise, or to show their rows.
    fn read_again(&mut self, cx: &mut Cx<'_>, otherwise: Otherwise) {
        let document = cx.session.project.document().clone();
        let Some(sales) = &document.sales else { return };
        let quiet = otherwise == Otherwise::Same;
        if !quiet && sales.sources.iter().any(|s| !self.originals.has(&s.hash)) {
            self.question = Some(otherwise);
            return;
        }
        let (of, originals) = (reading(sales), self.originals.clone());
        let key = if quiet { Key::Preview } else { Key::Open };
        cx.act(Action::Work {
            place: Place::Data,
            key,
            label: "Reading the sales again".into(),
            work: Box::new(move |control| {
                let read = import::again(&document, &otherwise, &originals, control);
                Box::new(Answered::Again(of, otherwise, read))
            }),
        });
    }

    /// Hands over what jobs have prepared.
    pub fn hand_over(&mut self, cx: &mut Cx<'_>) {
        for action in self.pending.drain(..) {
            cx.act(action);
        }
    }

    /// A file that the project was made of is at hand again, by its hash; false where it is none, or was at hand.
    pub fn found_again(&mut self, session: Option<&Session>, hash: &str, path: &std::path::Path) -> bool {
        let sales = session.and_then(|s| s.project.document().sales.as_ref());
        if self.originals.has(hash) || !sales.is_some_and(|s| s.sources.iter().any(|s| s.hash == hash)) {
            return false;
        }
        self.originals.add(hash.to_owned(), path.to_owned());
        self.raw.forget();
        self.resume = true;
        true
    }

    /// Files were imported; the edit is made by who calls.
    pub fn imported(&mut self, added: Added) {
        let mut lines: Vec<String> = Vec::new();
        for (name, used, lost) in &added.counted {
            let tail = if *lost > 0 { format!("{} set aside", grouped(*lost as f64, 0)) } else { "none set aside".to_owned() };
            lines.push(format!("{name}: {} used, {tail}", plural(*used, "row")));
        }
        for (name, kind, rows) in &added.tables {
            lines.push(format!("{name}: {} of {}", plural(*rows, "row"), import::words(*kind)));
        }
        for name in &added.known {
            lines.push(format!("{name} is already in this project; nothing changed"));
        }
        self.arrived = Some(Arrived { lines });
        self.tab = Tab::Audit;
        self.keep_rows(&added);
        self.remember(added.originals, added.notes);
    }

    /// What was said anew of a file takes the place of what was said before.
    fn remember(&mut self, originals: Originals, notes: Vec<Diagnostic>) {
        if !originals.own.is_empty() {
            self.originals.own = originals.own.clone();
        }
        self.originals.extend(originals);
        self.notes.retain(|n| !notes.iter().any(|a| a.file == n.file));
        self.notes.extend(notes);
    }

    /// Sales were read again.
    fn added(&mut self, added: Added) {
        let warnings = added.notes.iter().filter(|n| n.severity > Severity::Info).count();
        self.keep_rows(&added);
        self.remember(added.originals, added.notes);
        let Some(edit) = added.edit else { return };
        let mut text = sentence(&edit.label);
        if warnings > 0 {
            text.push_str(&format!("; {} under Problems", plural(warnings, "warning")));
        }
        self.toast(Level::Info, text);
        self.pending.push(Action::Edit(edit));
    }

    /// The first rows, and every line that is not used, as long as this reading is the project's.
    fn keep_rows(&mut self, added: &Added) {
        let Some((of, aside)) = &added.aside else { return };
        if !added.previews.is_empty() {
            self.raw.take(of.clone(), &added.previews);
        }
        self.aside = Some((of.clone(), aside.clone()));
    }

    fn toast(&mut self, level: Level, text: String) {
        self.pending.push(Action::Toast(level, text));
    }

    fn refuse(&mut self, said: &[Diagnostic]) {
        for d in said.iter().filter(|d| d.severity == Severity::Error).take(3) {
            let file = d.file.as_ref().map_or_else(String::new, |f| format!(" ({f})"));
            let fix = d.fix.as_ref().map_or_else(String::new, |f| format!(". {}", sentence(f)));
            self.toast(Level::Error, format!("{}{file}{fix}", sentence(&d.message)));
        }
    }

    /// A change of reading waits for a file.
    fn question_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if self.question.is_none() {
            return;
        }
        let t = theme::tokens(ui);
        let sources = cx.session.project.document().sales.iter().flat_map(|s| &s.sources);
        let lost: Vec<&str> = sources.filter(|s| !self.originals.has(&s.hash)).map(|s| s.name.as_str()).collect();
        let mut forget = false;
        theme::card(t).stroke(eframe::egui::Stroke::new(1.0, t.accent)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                ui.label(
                    RichText::new(format!(
                        "The project keeps what came of {}, not the file itself. Choose it again to read it so",
                        lost.join(", ")
                    ))
                    .strong(),
                );
                if widgets::primary(ui, "Choose the file again…").clicked() {
                    cx.act(Action::AddFile);
                }
                forget = ui.button("Leave it as it is").clicked();
            });
        });
        ui.add_space(gap::S);
        if forget {
            self.question = None;
        }
    }
}

impl Furnished for Data {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.resume)
            && let Some(wish) = self.question.take()
        {
            self.read_again(cx, wish);
        }
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            ui.heading("Data");
            ui.add_space(gap::M);
            for tab in Tab::ALL {
                let button = Button::selectable(self.tab == tab, tab.name());
                if ui.add(button).on_hover_text(tab.hint()).clicked() {
                    self.tab = tab;
                }
            }
            ui.add_space(gap::M);
            if ui.button("Import files…").on_hover_text("Newer sales, items, stock, suppliers …: looked at first").clicked() {
                cx.act(Action::Command(Command::Import));
            }
        });
        ui.label(RichText::new(self.tab.hint()).color(t.weak));
        ui.add_space(gap::XS);
        self.question_ui(ui, cx);
        let busy = cx.running(Key::Open) || cx.session.project.read_only().is_some();
        match self.tab {
            Tab::Audit => {
                if let Some(tab) = self.audit.ui(ui, cx, &mut self.arrived, self.aside.as_ref()) {
                    self.tab = tab;
                }
            }
            Tab::Recognised => {
                if let Some(wish) = self.recognised.ui(ui, cx, busy) {
                    self.read_again(cx, wish);
                }
            }
            Tab::Raw => {
                if self.raw.ui(ui, cx, &mut self.recognised.file) && !cx.running(Key::Preview) {
                    self.read_again(cx, Otherwise::Same);
                }
            }
            Tab::Problems => {
                if let Some((tab, only)) = self.problems.ui(ui, cx, &self.notes) {
                    self.tab = tab;
                    if only {
                        match tab {
                            Tab::Items => self.items.show_assumed(),
                            Tab::Stock => self.stock.show_assumed(),
                            _ => {}
                        }
                    }
                }
            }
            Tab::Items => self.items.ui(ui, cx),
            Tab::Stock => self.stock.ui(ui, cx),
            Tab::Suppliers => self.suppliers.ui(ui, cx),
            Tab::Network => self.network.ui(ui, cx),
            Tab::Files => self.files_ui(ui, cx),
        }
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        if key == Key::Audit {
            if let Ok(verdict) = answer.downcast::<audit::Verdict>() {
                self.audit.take(*verdict);
            }
            return;
        }
        let Ok(answered) = answer.downcast::<Answered>() else { return };
        match *answered {
            Answered::Again(of, Otherwise::Same, Ok(added)) => self.raw.take(of, &added.previews),
            Answered::Again(of, Otherwise::Same, Err(said)) => {
                let why = said.iter().find(|d| d.severity == Severity::Error).map_or_else(String::new, |d| sentence(&d.message));
                self.raw.fail(of, why);
            }
            Answered::Again(_, _, Ok(added)) => self.added(added),
            Answered::Again(_, _, Err(said)) => self.refuse(&said),
        }
    }
}
