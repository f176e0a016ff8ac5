//! The first thing people see: one click to the sample, a file to open, what was open before, and a first step for each kind of user.

use crate::app::action::Action;
use crate::app::commands::Command;
use crate::app::settings::Settings;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::text::plural;
use eframe::egui::{self, Button, RichText, ScrollArea, Ui};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The place's look.
#[derive(Default)]
pub struct Welcome {
    path: String,
    /// Which of the recent files are there.
    there: Vec<bool>,
    looked: Option<Instant>,
}

/// Who comes, and what they do first.
const FIRST_STEPS: [(&str, &str); 3] = [
    (
        "You own a shop",
        "Drop the sales export of your shop anywhere on this window, and its stock list if there is one. Check what was understood, and a few minutes later there is an order list to approve.",
    ),
    (
        "You plan stock",
        "Open the sample, choose an item, move a slider: cost and service answer while you move it. Branch a scenario to compare.",
    ),
    (
        "You analyse",
        "Everything here also runs without the window: stockcast demo, stockcast forecast sales.csv --horizon 12 -o forecast.parquet",
    ),
];

impl Welcome {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, settings: &Settings, busy: bool, actions: &mut Vec<Action>) {
        ScrollArea::vertical().show(ui, |ui| {
            let width = ui.available_width().min(980.0);
            let side = ((ui.available_width() - width) / 2.0).max(0.0);
            ui.horizontal_top(|ui| {
                ui.add_space(side);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    self.content(ui, settings, busy, actions);
                });
            });
        });
    }

    /// Looks at most once in two seconds which of the recent files are still there: a slow disk must not slow every frame.
    fn look(&mut self, settings: &Settings) {
        let stale = self.looked.is_none_or(|t| t.elapsed() > Duration::from_secs(2));
        if stale || self.there.len() != settings.recent.len() {
            self.there = settings.recent.iter().map(|r| r.path.is_file()).collect();
            self.looked = Some(Instant::now());
        }
    }

    fn content(&mut self, ui: &mut Ui, settings: &Settings, busy: bool, actions: &mut Vec<Action>) {
        let t = theme::tokens(ui);
        ui.add_space((ui.available_height() * 0.06).min(48.0));
        ui.label(RichText::new("Stockcast").size(34.0).strong());
        ui.label(
            RichText::new("From what your shop sold to what to order, what to ship together, and what it costs and emits").color(t.weak),
        );
        ui.label(RichText::new("Everything stays on this machine").color(t.weak));
        ui.add_space(gap::L);
        ui.horizontal_wrapped(|ui| {
            ui.add_enabled_ui(!busy, |ui| {
                if widgets::primary(ui, "Open the sample shop").on_hover_text("Three years of a small shop with three branches").clicked() {
                    actions.push(Action::Command(Command::OpenSample));
                }
                if ui
                    .add(Button::new("Import your files…"))
                    .on_hover_text("Sales, stock, open orders, items: looked at before anything is taken")
                    .clicked()
                {
                    actions.push(Action::Command(Command::Import));
                }
                if ui.add(Button::new("Open a project…")).clicked() {
                    actions.push(Action::Command(Command::Open));
                }
            });
            ui.label(RichText::new("or drop files anywhere, or give a path").color(t.weak));
        });
        ui.add_space(gap::XS);
        ui.horizontal(|ui| {
            let field =
                widgets::search_field(ui, &mut self.path, "Path of a file", "Path of a sales export, a scenario or a project", 520.0);
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if (ui.add_enabled(!self.path.trim().is_empty() && !busy, Button::new("Open path")).clicked() || entered)
                && !self.path.trim().is_empty()
            {
                actions.push(Action::OpenPath(PathBuf::from(self.path.trim().trim_matches('"'))));
            }
        });
        if busy {
            ui.add_space(gap::S);
            ui.label(RichText::new("Opening, see the bar below for progress").color(t.weak));
        }
        widgets::section(ui, "Opened before");
        if settings.recent.is_empty() {
            ui.label(RichText::new("Projects that you open are listed here").color(t.weak));
        }
        self.look(settings);
        let now = crate::app::work::now().0;
        for (r, there) in settings.recent.iter().zip(&self.there) {
            ui.horizontal(|ui| {
                let button = Button::new(&r.name).min_size(egui::vec2(220.0, 28.0)).truncate();
                let pressed = ui.add_enabled(*there && !busy, button).on_disabled_hover_text("the file is no longer there").clicked();
                let when = if *there { ago(now, r.at) } else { "no longer there".to_owned() };
                ui.add_sized([130.0, 20.0], egui::Label::new(RichText::new(when).color(t.weak)).halign(egui::Align::Min));
                ui.add(
                    egui::Label::new(RichText::new(r.path.display().to_string()).color(if *there { t.weak } else { t.assumed })).truncate(),
                );
                if pressed {
                    actions.push(Action::OpenPath(r.path.clone()));
                }
            });
        }
        widgets::section(ui, "Where to begin");
        let (n, w) = widgets::plot::columns(ui, 280.0, 3);
        for chunk in FIRST_STEPS.chunks(n) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                for (who, step) in chunk {
                    theme::card(t).show(ui, |ui| {
                        ui.set_width(w - 26.0);
                        ui.set_min_height(96.0);
                        ui.vertical(|ui| {
                            ui.label(RichText::new(*who).strong());
                            ui.label(RichText::new(*step).color(t.weak));
                        });
                    });
                }
            });
            ui.add_space(gap::S);
        }
    }
}

/// How long ago something was, in words; both in seconds. Empty where it was not noted.
fn ago(now: i64, then: i64) -> String {
    let some = |n: i64, what: &str| format!("{} ago", plural(usize::try_from(n).unwrap_or(0), what));
    match now - then {
        _ if then <= 0 => String::new(),
        s if s < 90 => "just now".into(),
        s if s < 3600 => some(s / 60, "minute"),
        s if s < 2 * 86_400 => some((s / 3600).max(1), "hour"),
        s if s < 60 * 86_400 => some(s / 86_400, "day"),
        _ => crate::base::Stamp(then).iso().get(..10).unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn times_are_told_as_people_do() {
        let now = 1_800_000_000;
        for (before, text) in
            [(5, "just now"), (120, "2 minutes ago"), (3_700, "1 hour ago"), (5 * 86_400, "5 days ago"), (100 * 86_400, "2026-10-07")]
        {
            assert_eq!(ago(now, now - before), text);
        }
        assert_eq!(ago(now, 0), "");
    }
}
