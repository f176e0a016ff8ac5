//! What stands around a place: the bar above, the list of places, the bar of jobs, and where files may be dropped.

use super::Stockcast;
use crate::app::action::Action;
use crate::app::commands::{self, Command};
use crate::app::jobs::Key;
use crate::app::places::import::Step;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::toasts::sentence;
use eframe::egui::{self, Align, Button, ComboBox, Layout, MenuBar, ProgressBar, RichText, ThemePreference, Ui};
use std::path::PathBuf;
use std::time::Instant;

impl Stockcast {
    pub(super) fn keys(&mut self) {
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

    pub(super) fn dropped(&mut self) {
        let (dropped, hovering) = self.ctx.input(|i| (i.raw.dropped_files.clone(), !i.raw.hovered_files.is_empty()));
        self.hovering = hovering.then(Instant::now);
        let paths: Vec<PathBuf> = dropped.iter().map(|f| f.path().to_owned()).filter(|p| !p.as_os_str().is_empty()).collect();
        if !paths.is_empty() {
            self.bring(paths);
        }
    }

    pub(super) fn top_bar(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
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

    pub(super) fn menu_entry(&self, ui: &mut Ui, command: Command, actions: &mut Vec<Action>) {
        let Some(e) = commands::of(command) else { return };
        let key = e.shortcut.map_or_else(String::new, |k| ui.ctx().format_shortcut(&k));
        let enabled = self.session.is_some() || !e.needs_project;
        if ui.add_enabled(enabled, Button::new(e.name).shortcut_text(key)).on_hover_text(e.hint).clicked() {
            actions.push(Action::Command(command));
            ui.close();
        }
    }

    pub(super) fn rail(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
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

    pub(super) fn job_bar(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
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
                    Some(o) if o.series.is_empty() && !o.refusals().is_empty() => {
                        o.refusals().first().map_or_else(String::new, |d| crate::base::text::sentence(&d.message))
                    }
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

    pub(super) fn place_ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
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

    pub(super) fn drop_target(&self, ui: &Ui) {
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
