//! The chosen file: what it is, its questions, its columns with their roles, its rows.

use super::{Import, Stand, State, Step};
use crate::app::import::words;
use crate::app::places::data::recognised::{Columns, Meaning, columns};
use crate::app::remedy;
use crate::app::theme::{self, ROW, Tokens, gap};
use crate::app::toasts::sentence;
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity};
use crate::history::{Ask, fields_of};
use crate::project::SourceKind;
use eframe::egui::{self, ComboBox, Label, RichText, ScrollArea, Ui, WidgetInfo};

impl Import {
    /// Draws it.
    pub(super) fn detail(&mut self, ui: &mut Ui, step: &Step<'_>) {
        let room = ui.available_height();
        ScrollArea::vertical().id_salt(("detail", self.chosen)).auto_shrink([false, false]).show(ui, |ui| {
            self.head(ui, step);
            self.errors(ui);
            self.questions(ui, step);
            self.assumed(ui);
            self.columns(ui, room);
            self.beside(ui, room);
        });
    }

    /// Its name, its kind, what it was recognised as.
    fn head(&mut self, ui: &mut Ui, step: &Step<'_>) {
        let t = theme::tokens(ui);
        let Some(f) = self.files.get_mut(self.chosen) else { return };
        let stand = f.stand(step.session);
        ui.horizontal(|ui| {
            let kind = f.kind();
            let mut chosen = None;
            ui.label("This is a file of");
            let combo = ComboBox::from_id_salt("kind").selected_text(sentence(words(kind))).width(170.0).height(420.0).show_ui(ui, |ui| {
                for k in SourceKind::ALL {
                    if ui.selectable_label(k == kind, sentence(words(k))).clicked() {
                        chosen = Some(k);
                    }
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Kind of {}", f.name)));
            // the kind it has already, said by a person, settles what its columns left open
            if let Some(chosen) = chosen.filter(|k| *k != kind || f.kind.is_none()) {
                f.kind = Some(chosen);
                f.map.clear();
                f.said.clear();
                f.answered.clear();
                f.again();
            }
            ui.add(Label::new(RichText::new(what_it_is(f)).color(t.weak)).truncate());
        });
        if let (Stand::Known, Some(s)) = (stand, step.session) {
            let text = format!("{} is already in {}; importing it again changes nothing", f.name, s.project.document().name);
            ui.label(RichText::new(text).color(t.accent));
        }
        ui.add_space(gap::XS);
    }

    fn errors(&self, ui: &mut Ui) {
        let t = theme::tokens(ui);
        let Some(f) = self.files.get(self.chosen) else { return };
        // what is asked below need not be said twice
        let asked = |d: &Diagnostic| f.seen().is_some_and(|s| s.look.questions.iter().any(|q| q.code == d.code && !q.answers.is_empty()));
        for d in f.errors().into_iter().filter(|d| !asked(d)).take(5) {
            refusal(ui, t, d);
            ui.add_space(gap::XS);
        }
    }

    /// What was taken for granted without being asked about, each with what would change it.
    fn assumed(&self, ui: &mut Ui) {
        let t = theme::tokens(ui);
        let Some(f) = self.files.get(self.chosen) else { return };
        let said = assumptions(f);
        for d in said.iter().take(ASSUMED) {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new("Assumed").color(t.warn));
                let label = ui.add(Label::new(sentence(&d.message)).wrap());
                if let Some(fix) = remedy::fix(d) {
                    label.on_hover_text(sentence(&fix));
                }
            });
        }
        if let Some(more) = said.get(ASSUMED..).filter(|m| !m.is_empty()) {
            let all: Vec<String> = more.iter().map(|d| sentence(&d.message)).collect();
            ui.label(RichText::new(format!("and {} more", more.len())).color(t.weak)).on_hover_text(all.join("\n"));
        }
        if !said.is_empty() {
            ui.add_space(gap::XS);
        }
    }

    /// Its columns, each with its role, how sure that is, and samples.
    fn columns(&mut self, ui: &mut Ui, room: f32) {
        let Some(f) = self.files.get_mut(self.chosen) else { return };
        let looking = matches!(f.state, State::Looks | State::Waits);
        let Some(seen) = f.seen() else {
            if looking {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label("Looking at its first rows");
                });
            }
            return;
        };
        let look = &seen.look;
        if look.columns.is_empty() {
            return;
        }
        let choices = fields_of(look.kind);
        let of_companion = f.said.iter().filter(|(ask, _)| *ask == Ask::Field).filter_map(|(_, said)| said.rsplit_once('='));
        let by_hand = f.map.iter().map(|(name, _)| name.as_str()).chain(of_companion.map(|(column, _)| column)).collect();
        let shown = Columns {
            salt: f.id,
            columns: &look.columns,
            fields: &look.fields,
            choices: &choices,
            by_hand,
            busy: looking,
            height: (room * 0.36).clamp(4.0 * (ROW + 5.0), 12.0 * (ROW + 5.0)),
        };
        match columns(ui, &shown, &mut self.all_columns) {
            Some((column, Meaning::Role(role))) => {
                f.map.retain(|(c, _)| *c != column);
                f.map.push((column, role));
                f.again();
            }
            Some((column, Meaning::Field(field))) => {
                f.say_field(&column, field.unwrap_or_default());
                f.again();
            }
            None => {}
        }
        ui.add_space(gap::S);
    }

    /// Its first rows: as written left, as understood right.
    fn beside(&mut self, ui: &mut Ui, room: f32) {
        let Some(f) = self.files.get(self.chosen) else { return };
        let Some(look) = f.seen().map(|s| &s.look) else { return };
        let Some(preview) = &look.preview else { return };
        let height = (room * 0.42).max(7.0 * ROW).max(ui.available_height());
        self.rows.ui(ui, f.id, preview, &look.columns, &look.fields, self.all_columns, height);
    }
}

/// Assumptions written out; more are told on hovering.
const ASSUMED: usize = 3;

/// Warnings that are neither questions nor about lines that were set aside: those stand elsewhere.
pub(super) fn assumptions(f: &super::Dropped) -> Vec<&Diagnostic> {
    let Some(look) = f.seen().map(|s| &s.look) else { return Vec::new() };
    let asked = |d: &Diagnostic| look.questions.iter().any(|q| q.code == d.code);
    let aside = |d: &Diagnostic| look.recognised.iter().flat_map(|r| &r.set_aside).any(|s| s.reason == d.code);
    look.notes.iter().filter(|d| d.severity == Severity::Warning && !asked(d) && !aside(d)).collect()
}

/// Recognised as what, and how large.
fn what_it_is(f: &super::Dropped) -> String {
    let Some(seen) = f.seen() else { return String::new() };
    let mut text = match &seen.look.profile {
        Some(p) => format!("recognised as {p}"),
        None if f.kind.is_some() => "as you said".to_owned(),
        None => "told by its columns".to_owned(),
    };
    if seen.look.whole {
        text.push_str(&format!(" · {}", plural(seen.look.rows, "row")));
    } else {
        text.push_str(&format!(" · {} looked at of {:.0} MB", plural(seen.look.rows, "row"), seen.size as f64 / 1e6));
    }
    text
}

/// Why a file cannot be read, and what would fix it.
fn refusal(ui: &mut Ui, t: &Tokens, d: &Diagnostic) {
    theme::card(t).stroke(egui::Stroke::new(1.5, t.bad)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - 70.0).max(120.0));
                let place = d.line.map_or_else(String::new, |l| format!(" (line {l})"));
                ui.label(RichText::new(format!("{}{place}", sentence(&d.message))).strong());
                if let Some(fix) = remedy::fix(d) {
                    ui.label(RichText::new(sentence(&fix)).color(t.weak));
                }
            });
            if ui.small_button("Copy").on_hover_text("Copy this message").clicked() {
                ui.ctx().copy_text(d.to_string());
            }
        });
    });
}
