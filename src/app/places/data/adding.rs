//! The box that asks what to do with files that come to an open project: add them, as what, or open one as a project of its own.

use super::{Answered, Data};
use crate::app::action::Action;
use crate::app::import::{self, Inspected, Joined, Originals, words};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::toasts::{Level, sentence};
use crate::app::widgets;
use crate::base::text::plural;
use crate::project::SourceKind;
use eframe::egui::{self, Button, ComboBox, Id, Label, Modal, RichText, Ui, WidgetInfo};
use std::path::PathBuf;

/// What waits for an answer.
#[derive(Default)]
pub struct Adding {
    /// Files that have come and were not looked at.
    pub come: Vec<PathBuf>,
    looking: bool,
    /// Files that were looked at.
    pub seen: Vec<Inspected>,
    together: bool,
}

impl Data {
    /// Ask what to do with these files.
    pub fn offer(&mut self, paths: Vec<PathBuf>) {
        self.adding.come = paths;
    }

    /// Files were looked at.
    pub(super) fn looked_at(&mut self, seen: Vec<Inspected>) {
        self.adding.looking = false;
        self.adding.seen = seen;
    }

    /// Draws the box, over whatever place shows, and hands over what jobs have prepared.
    pub fn overlay(&mut self, ctx: &egui::Context, cx: &mut Cx<'_>) {
        for action in self.pending.drain(..) {
            cx.act(action);
        }
        if !self.adding.come.is_empty() {
            let paths = std::mem::take(&mut self.adding.come);
            self.adding.looking = true;
            cx.act(Action::Work {
                place: Place::Data,
                key: Key::Inspect,
                label: "Looking at the file".into(),
                work: Box::new(move |_| Box::new(Answered::Seen(import::inspect(paths)))),
            });
        }
        self.recognise_again(cx);
        if self.adding.seen.is_empty() {
            return;
        }
        let mut choice = None;
        let modal = Modal::new(Id::unique("add files")).show(ctx, |ui| {
            ui.set_width(620.0);
            choice = self.adding.ask(ui, cx, &self.originals);
        });
        if modal.should_close() {
            choice = Some(Choice::Cancel);
        }
        match choice {
            Some(Choice::Cancel) => self.adding.seen.clear(),
            Some(Choice::Open) => {
                if let Some(first) = self.adding.seen.drain(..).next() {
                    cx.act(Action::OpenPath(first.path));
                }
            }
            Some(Choice::Add) => {
                let files: Vec<(PathBuf, SourceKind)> =
                    self.adding.seen.drain(..).filter(|f| f.problem.is_none()).map(|f| (f.path, f.kind)).collect();
                let joined = if self.adding.together { Joined::Together } else { Joined::Instead };
                let (document, originals, now) = (cx.session.project.document().clone(), self.originals.clone(), cx.session.project.now());
                let label =
                    if files.len() == 1 { "Reading the file".to_owned() } else { format!("Reading {}", plural(files.len(), "file")) };
                cx.act(Action::Work {
                    place: Place::Data,
                    key: Key::Open,
                    label,
                    work: Box::new(move |control| {
                        Box::new(Answered::Added(import::add(&document, &files, joined, &originals, now, control)))
                    }),
                });
            }
            None => {}
        }
    }

    /// A file that is a sales file of the project itself: it is at hand again, nothing has to be asked.
    fn recognise_again(&mut self, cx: &mut Cx<'_>) {
        let Some(sales) = &cx.session.project.document().sales else { return };
        let before = self.adding.seen.len();
        let originals = &mut self.originals;
        self.adding.seen.retain(|f| {
            let same = !f.hash.is_empty() && sales.sources.iter().any(|s| s.hash == f.hash);
            if same && !originals.has(&f.hash) {
                originals.add(f.hash.clone(), f.path.clone());
                return false;
            }
            true
        });
        if self.adding.seen.len() < before {
            self.raw.forget();
            let text = "This is the file that the project was made of: it can be shown and read otherwise now";
            cx.act(Action::Toast(Level::Info, text.into()));
            if let Some(wish) = self.question.take() {
                self.read_again(cx, wish);
            }
        }
    }
}

enum Choice {
    Add,
    Open,
    Cancel,
}

impl Adding {
    fn ask(&mut self, ui: &mut Ui, cx: &Cx<'_>, originals: &Originals) -> Option<Choice> {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        let title = if self.seen.len() == 1 {
            "A file for this project".to_owned()
        } else {
            format!("{} for this project", plural(self.seen.len(), "file"))
        };
        ui.label(RichText::new(title).text_style(theme::section()).strong());
        ui.label(RichText::new("What each is was guessed from its columns; choose another kind where the guess is wrong").color(t.weak));
        ui.add_space(gap::S);
        let mut sales = false;
        for (i, f) in self.seen.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(350.0);
                    ui.add(Label::new(RichText::new(&f.name).strong()).truncate());
                    let here = document.companions.iter().chain(document.sales.iter().flat_map(|s| &s.sources));
                    let known = here.clone().any(|s| s.kind == f.kind && s.hash == f.hash);
                    let old = document.companions.iter().find(|s| s.kind == f.kind);
                    let (text, color) = match (&f.problem, known, old) {
                        (Some(d), ..) => (sentence(&d.message), t.bad),
                        (None, true, _) => ("Already in this project: adding it changes nothing".to_owned(), t.weak),
                        (None, false, Some(old)) => (format!("{}; takes the place of {}", plural(f.rows, "row"), old.name), t.weak),
                        (None, false, None) => (plural(f.rows, "row"), t.weak),
                    };
                    ui.label(RichText::new(text).color(color));
                });
                ui.add_enabled_ui(f.problem.is_none(), |ui| {
                    let combo = ComboBox::from_id_salt(("kind", i))
                        .selected_text(sentence(words(f.kind)))
                        .width(190.0)
                        .height(400.0)
                        .show_ui(ui, |ui| {
                            for kind in SourceKind::ALL {
                                ui.selectable_value(&mut f.kind, kind, sentence(words(kind)));
                            }
                        });
                    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Kind of {}", f.name)));
                });
            });
            sales |= f.problem.is_none() && f.kind == SourceKind::Sales;
            ui.add_space(gap::XS);
        }
        if let Some(old) = document.sales.as_ref().filter(|_| sales) {
            let lost = old.sources.iter().find(|s| !originals.has(&s.hash));
            ui.radio_value(&mut self.together, false, "Use it instead of the sales that are here")
                .on_hover_text("For a newer export that covers the whole time again");
            ui.add_enabled_ui(lost.is_none(), |ui| {
                ui.radio_value(&mut self.together, true, "Read it together with the sales that are here")
                    .on_hover_text("For an export of the time that came after, or of another shop");
            });
            if let Some(lost) = lost {
                self.together = false;
                ui.label(
                    RichText::new(format!(
                        "To read both together, {} itself is needed: add it first, the project keeps only what came of it",
                        lost.name
                    ))
                    .color(t.weak),
                );
            }
        }
        ui.add_space(gap::M);
        let usable = self.seen.iter().any(|f| f.problem.is_none());
        let mut choice = None;
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_enabled_ui(usable && cx.session.project.read_only().is_none(), |ui| {
                if widgets::primary(ui, "Add to this project").clicked() {
                    choice = Some(Choice::Add);
                }
            });
            if ui
                .add_enabled(self.seen.len() == 1 && usable && sales, Button::new("Open as a new project"))
                .on_disabled_hover_text("One sales file at a time can become a project")
                .clicked()
            {
                choice = Some(Choice::Open);
            }
            if ui.button("Cancel").clicked() {
                choice = Some(Choice::Cancel);
            }
        });
        choice
    }
}
