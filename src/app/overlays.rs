//! Windows over the places: the journal and the list of keys.

use super::action::Action;
use super::commands::{self, Command};
use super::session::Session;
use super::theme::{self, gap};
use crate::project::Entry;
use crate::report::{Column, Table};
use eframe::egui::{self, Grid, RichText, ScrollArea, Window};

/// Which of them show.
#[derive(Default)]
pub struct Overlays {
    /// What was edited.
    pub journal: bool,
    /// The list of keys.
    pub help: bool,
}

impl Overlays {
    /// Draws those that show.
    pub fn ui(&mut self, ctx: &egui::Context, session: Option<&Session>, actions: &mut Vec<Action>) {
        if let Some(s) = session {
            Window::new("Journal").open(&mut self.journal).default_size([640.0, 420.0]).show(ctx, |ui| journal(ui, s, actions));
        }
        Window::new("Keyboard shortcuts").open(&mut self.help).resizable(false).default_width(420.0).show(ctx, help);
    }
}

fn journal(ui: &mut egui::Ui, s: &Session, actions: &mut Vec<Action>) {
    let t = theme::tokens(ui);
    let entries = s.project.journal();
    ui.label(
        RichText::new(format!("Every edit of {}, the newest first. Edits are kept as you make them", s.project.path().display()))
            .color(t.weak),
    );
    ui.add_space(gap::S);
    if entries.is_empty() {
        ui.label("Nothing was edited yet");
        return;
    }
    if ui.button("Export table…").clicked() {
        let column = |name: &str, f: &dyn Fn(&Entry) -> String| Column::text(name, entries.iter().map(f));
        let table = Table::new(vec![
            column("at", &|e| e.at.iso()),
            column("what", &|e| e.label.clone()),
            column("from", &|e| e.from.clone()),
            column("to", &|e| e.to.clone()),
            column("why", &|e| e.why.clone().unwrap_or_default()),
            column("undone", &|e| if e.undone { "yes" } else { "no" }.to_owned()),
        ]);
        actions.push(Action::ExportTable { table: Box::new(table), name: "journal.csv".into() });
    }
    ScrollArea::both().auto_shrink([false, false]).show(ui, |ui| {
        Grid::new("journal").num_columns(4).striped(true).spacing([16.0, 6.0]).show(ui, |ui| {
            for name in ["When", "What", "From, to", "Why"] {
                ui.label(RichText::new(name).strong());
            }
            ui.end_row();
            // the window shows what fits a reader; the file keeps all
            for e in entries.iter().rev().take(500) {
                let text = |s: &str| {
                    let rich = RichText::new(s);
                    if e.undone { rich.strikethrough().color(t.weak) } else { rich }
                };
                ui.label(text(&e.at.iso()));
                ui.label(text(&e.label));
                ui.label(text(&shorten(&format!("{} to {}", e.from, e.to))));
                ui.label(text(e.why.as_deref().unwrap_or("")));
                ui.end_row();
            }
        });
    });
}

fn shorten(s: &str) -> String {
    if s.chars().count() <= 60 { s.to_owned() } else { s.chars().take(59).chain(std::iter::once('…')).collect() }
}

fn help(ui: &mut egui::Ui) {
    let t = theme::tokens(ui);
    Grid::new("keys").num_columns(2).spacing([28.0, 4.0]).show(ui, |ui| {
        for e in commands::ALL.iter().filter(|e| e.command != Command::Help) {
            let Some(key) = e.shortcut else { continue };
            ui.label(RichText::new(ui.ctx().format_shortcut(&key)).monospace());
            ui.label(e.name).on_hover_text(e.hint);
            ui.end_row();
        }
    });
    ui.add_space(gap::S);
    ui.label(RichText::new("Ctrl+K finds every command and every item by name").color(t.weak));
}
