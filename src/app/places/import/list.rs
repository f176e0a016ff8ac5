//! The files that were dropped: what each is, and how it stands.

use super::{Dropped, Import, Stand, State, Step};
use crate::app::import::words;
use crate::app::theme::{self, Tokens, gap};
use crate::app::toasts::sentence;
use crate::app::widgets;
use crate::base::text::plural;
use eframe::egui::{self, Color32, Label, RichText, ScrollArea, Sense, Stroke, Ui, WidgetInfo, vec2};

/// A stand in words, with its colour.
pub(super) fn stand_words(t: &Tokens, stand: Stand) -> (String, Color32) {
    match stand {
        Stand::Looking => ("Looking at it".into(), t.weak),
        Stand::Asks(n) => (format!("{} to answer", plural(n, "question")), t.warn),
        Stand::Refused => ("Cannot be read so".into(), t.bad),
        Stand::Known => ("In the project already".into(), t.weak),
        Stand::Ready => ("Ready".into(), t.good),
    }
}

impl Import {
    /// Draws the list.
    pub(super) fn list(&mut self, ui: &mut Ui, step: &mut Step<'_>) {
        let mut removed = None;
        ScrollArea::vertical().id_salt("files").auto_shrink([false, false]).show(ui, |ui| {
            for i in 0..self.files.len() {
                let Some(f) = self.files.get(i) else { continue };
                let (choose, remove) = card(ui, f, f.stand(step.session), i == self.chosen);
                if choose {
                    self.chosen = i;
                }
                if remove {
                    removed = Some(i);
                }
                ui.add_space(gap::XS);
            }
        });
        if let Some(i) = removed {
            self.files.remove(i);
            self.chosen = self.chosen.min(self.files.len().saturating_sub(1));
        }
    }
}

/// One file; whether it was chosen, whether it is to go.
fn card(ui: &mut Ui, f: &Dropped, stand: Stand, chosen: bool) -> (bool, bool) {
    let t = theme::tokens(ui);
    let mut remove = false;
    let (text, color) = stand_words(t, stand);
    let kind = sentence(words(f.kind()));
    // the frame stands outside of what is asked for
    let width = (ui.available_width() - 8.0).floor();
    let what = match (f.seen().and_then(|s| s.look.profile.as_deref()), f.seen().map(|s| s.look.kind)) {
        (Some(profile), _) => profile.to_owned(),
        (None, Some("calendar")) => "Calendar of the sales' days".to_owned(),
        // nobody knows before it was looked at
        (None, None) if matches!(f.state, State::Waits | State::Looks) && f.kind.is_none() => String::new(),
        (None, _) if matches!(f.state, State::Refused(_)) => String::new(),
        (None, _) => kind.clone(),
    };
    let said = if what.is_empty() { format!("{}: {text}", f.name) } else { format!("{}: {what}, {text}", f.name) };
    let response = ui
        .scope_builder(egui::UiBuilder::new().id_salt(("file", f.id)).sense(Sense::click()), |ui| {
            let lit = ui.response().hovered() || ui.response().has_focus();
            let edge = if chosen || lit { t.accent } else { t.line };
            let fill = if chosen { t.selected } else { t.card };
            theme::card(t).fill(fill).stroke(Stroke::new(1.0, edge)).inner_margin(egui::Margin::symmetric(10, 7)).show(ui, |ui| {
                ui.set_width(width - 22.0);
                ui.style_mut().interaction.selectable_labels = false;
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.horizontal(|ui| {
                    ui.allocate_ui(vec2(ui.available_width() - 26.0, 20.0), |ui| {
                        ui.set_min_width(ui.available_width());
                        ui.add(Label::new(RichText::new(&f.name).strong()).truncate());
                    });
                    remove = widgets::close_button(ui, &format!("Remove {}", f.name)).clicked();
                });
                if !what.is_empty() {
                    ui.add(Label::new(RichText::new(&what).color(t.weak)).truncate());
                }
                ui.horizontal(|ui| {
                    if stand == Stand::Looking {
                        ui.spinner();
                    }
                    ui.add(Label::new(RichText::new(&text).color(color)).truncate());
                });
            });
        })
        .response;
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, chosen, said.clone()));
    (response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked() && !remove, remove)
}
