//! Scenarios: sets of assumptions, what each changes, and what they come to side by side.
//!
//! Reading order: this file (the list), [`words`] (what differs), [`editor`] (one set of assumptions), [`adjustments`] (what differs for some
//! items), [`side`] (two or more side by side), [`files`] (a scenario from and to a file).

mod adjustments;
mod editor;
mod files;
mod side;
mod words;

use super::{Cx, Furnished};
use crate::app::action::{Action, Answer};
use crate::app::jobs::Key;
use crate::app::theme::{self, gap};
use crate::app::widgets::{self, table::TableState};
use crate::project::{Change, Edit, Scenario};
use crate::report::Table;
use crate::scenario::Plan;
use eframe::egui::{RichText, ScrollArea, Ui};
use std::collections::{BTreeSet, VecDeque};

/// Which part of the place shows.
#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum Part {
    #[default]
    List,
    Assumptions,
    Side,
}

/// Two scenarios and the revision they were compared at.
type Shown = ((u64, u64), u64);

/// The place's look.
#[derive(Default)]
pub struct Scenarios {
    part: Part,
    /// The scenario in the editor: its id, what it was, what it becomes.
    draft: Option<(u64, Scenario, Scenario)>,
    why: String,
    adjust: adjustments::New,
    /// The scenario that others are compared with, and the others.
    base: Option<u64>,
    others: BTreeSet<u64>,
    waiting: VecDeque<(u64, u64)>,
    items: TableState,
    /// The differences by item that show: of which pair at which revision.
    table: Option<(Shown, Table)>,
    stamp: u64,
    /// The comparison whose items show.
    shown: Option<(u64, u64)>,
    /// A file to read a scenario from.
    path: String,
    imported: Option<Result<Box<Plan>, String>>,
}

impl Furnished for Scenarios {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        widgets::title(
            ui,
            "Scenarios",
            "Sets of assumptions: branch one, change what you doubt, and see what it would cost on the same simulated demand",
        );
        self.take_imported(cx);
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.part, Part::List, "All scenarios");
            ui.selectable_value(&mut self.part, Part::Assumptions, "Assumptions");
            ui.selectable_value(&mut self.part, Part::Side, "Side by side");
        });
        ui.add_space(gap::S);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| match self.part {
            Part::List => self.list(ui, cx),
            Part::Assumptions => self.editor(ui, cx),
            Part::Side => self.side(ui, cx),
        });
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.files_answer(key, answer);
    }
}

impl Scenarios {
    fn list(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        for s in &document.scenarios {
            let active = s.id == document.active;
            let frame = theme::card(t).stroke(eframe::egui::Stroke::new(1.0, if active { t.accent } else { t.line }));
            frame.show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new(&s.name).text_style(theme::section()).strong());
                    if active {
                        ui.label(RichText::new("in use").color(t.accent));
                    }
                });
                let parent = s.parent.and_then(|p| document.scenario(p));
                match (s.parent, parent) {
                    (Some(_), Some(p)) => {
                        let said = words::differences(&p.plan, &s.plan);
                        let text = if said.is_empty() { "nothing yet".to_owned() } else { said.join("; ") };
                        ui.label(RichText::new(format!("From {}, which it changes in: {text}", p.name)).color(t.weak));
                    }
                    (Some(_), None) => {
                        ui.label(RichText::new("From a scenario that is gone").color(t.weak));
                    }
                    (None, _) => {
                        let line = format!(
                            "Aims at {}; dispatches {}",
                            words::aim(&s.plan.policy.objective),
                            words::dispatch(&s.plan.logistics.consolidation)
                        );
                        ui.label(RichText::new(line).color(t.weak));
                    }
                }
                ui.horizontal_wrapped(|ui| {
                    let named = |ui: &mut Ui, text: &str, enabled: bool| {
                        let r = ui.add_enabled(enabled, eframe::egui::Button::new(text));
                        r.widget_info(|| {
                            eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, enabled, format!("{text} {}", s.name))
                        });
                        r
                    };
                    if named(ui, "Use", !active).on_hover_text("Everything in the window follows this scenario").clicked() {
                        cx.actions.push(Action::Edit(Edit::one(format!("use scenario {}", s.name), Change::Activate(s.id))));
                    }
                    if named(ui, "Edit", true).on_hover_text("Its name and its assumptions").clicked() {
                        self.draft = Some((s.id, s.clone(), s.clone()));
                        self.part = Part::Assumptions;
                    }
                    if named(ui, "Branch", true).on_hover_text("A new scenario that starts from this one, to change and compare").clicked()
                    {
                        let new = self.copy_of(cx, s, Some(s.id), "branch");
                        self.part = Part::Assumptions;
                        self.base = Some(s.id);
                        self.others = BTreeSet::from([new]);
                    }
                    if named(ui, "Duplicate", true).on_hover_text("The same again beside it").clicked() {
                        self.copy_of(cx, s, s.parent, "copy");
                    }
                    if named(ui, "Export", true).on_hover_text("As a scenario file that the command line runs too").clicked() {
                        files::export(cx, s);
                    }
                    if named(ui, "Remove", !active)
                        .on_disabled_hover_text("The scenario in use cannot be removed; use another one first")
                        .clicked()
                    {
                        cx.actions.push(Action::Edit(Edit::one(format!("remove scenario {}", s.name), Change::RemoveScenario(s.id))));
                    }
                });
            });
            ui.add_space(gap::XS);
        }
        ui.add_space(gap::S);
        self.import_row(ui, cx);
    }

    /// Adds a copy and opens it in the editor.
    fn copy_of(&mut self, cx: &mut Cx<'_>, s: &Scenario, parent: Option<u64>, word: &str) -> u64 {
        let document = cx.session.project.document();
        let taken = |name: &str| document.scenarios.iter().any(|o| o.name == name);
        let name = (1..)
            .map(|i| if i == 1 { format!("{}, {word}", s.name) } else { format!("{}, {word} {i}", s.name) })
            .find(|n| !taken(n))
            .unwrap_or_default();
        let mut new = Scenario { id: document.free_scenario_id(), name: name.clone(), plan: s.plan.clone(), parent };
        new.plan.name.clone_from(&name);
        let id = new.id;
        self.draft = Some((id, new.clone(), new.clone()));
        cx.act(Action::Edit(Edit::one(format!("add scenario {name}"), Change::PutScenario(new))));
        id
    }
}
