//! A scenario from and to a TOML file.

use super::Scenarios;
use crate::app::action::{Action, Answer};
use crate::app::files::{Ask, dialog};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme;
use crate::app::toasts::Level;
use crate::app::widgets;
use crate::base::Control;
use crate::project::{Change, Edit, Scenario};
use crate::scenario::Plan;
use eframe::egui::{RichText, Ui};
use std::path::PathBuf;

/// Asks where to write a scenario.
pub(super) fn export(cx: &mut Cx<'_>, s: &Scenario) {
    let plan = Plan { name: s.name.clone(), ..s.plan.clone() };
    match toml::to_string(&plan) {
        Ok(text) => cx.act(Action::ExportText { text, name: format!("{}.toml", s.name) }),
        Err(e) => cx.act(Action::Toast(Level::Error, format!("The scenario cannot be written: {e}"))),
    }
}

impl Scenarios {
    pub(super) fn import_row(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        widgets::section(ui, "From a file");
        ui.label(
            RichText::new("The assumptions of a scenario file are added as a new scenario; the data stay those of this project")
                .color(t.weak),
        );
        ui.horizontal(|ui| {
            let width = (ui.available_width() - 220.0).clamp(160.0, 520.0);
            widgets::search_field(ui, &mut self.path, "Path of a scenario file", "scenario.toml", width);
            if ui.button("Browse…").clicked() {
                let start = PathBuf::from(self.path.trim());
                cx.act(Action::Work {
                    place: Place::Scenarios,
                    key: Key::Dialog,
                    label: "Choosing a file".into(),
                    work: Box::new(move |_: &dyn Control| -> Answer { Box::new(dialog(Ask::One, &start).pop()) }),
                });
            }
            if ui.add_enabled(!self.path.trim().is_empty(), eframe::egui::Button::new("Import scenario")).clicked() {
                let path = PathBuf::from(self.path.trim().trim_matches('"'));
                cx.act(Action::Work {
                    place: Place::Scenarios,
                    key: Key::Preview,
                    label: "Reading a scenario".into(),
                    work: Box::new(move |_: &dyn Control| -> Answer { Box::new(read(&path)) }),
                });
            }
        });
    }

    pub(super) fn files_answer(&mut self, key: Key, answer: Answer) {
        if key == Key::Dialog {
            if let Ok(Some(path)) = answer.downcast::<Option<PathBuf>>().map(|p| *p) {
                self.path = path.display().to_string();
            }
        } else if let Ok(read) = answer.downcast::<Result<Box<Plan>, String>>() {
            self.imported = Some(*read);
        }
    }

    /// Adds what was read; the data of this project stay its own.
    pub(super) fn take_imported(&mut self, cx: &mut Cx<'_>) {
        match self.imported.take() {
            Some(Ok(mut plan)) => {
                let document = cx.session.project.document();
                let like = &document.active().plan;
                plan.history = like.history.clone();
                plan.demand.clone_from(&like.demand);
                let name = if plan.name.trim().is_empty() { "Imported".to_owned() } else { plan.name.clone() };
                let scenario = Scenario { id: document.free_scenario_id(), name: name.clone(), plan: *plan, parent: Some(document.active) };
                cx.act(Action::Edit(Edit::one(format!("import scenario {name}"), Change::PutScenario(scenario))));
                self.path.clear();
            }
            Some(Err(text)) => cx.act(Action::Toast(Level::Error, text)),
            None => {}
        }
    }
}

fn read(path: &std::path::Path) -> Result<Box<Plan>, String> {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let text = std::fs::read_to_string(path).map_err(|e| format!("{name} cannot be read: {e}"))?;
    Plan::parse(&text, &name).map(Box::new).map_err(|all| all.first().map_or_else(String::new, ToString::to_string))
}
