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
    /// Escape closes the one that came up last, before any place hears of it.
    pub fn keys(&mut self, ctx: &egui::Context) {
        if (self.help || self.journal)
            && !egui::Popup::is_any_open(ctx)
            && ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Escape))
        {
            *(if self.help { &mut self.help } else { &mut self.journal }) = false;
        }
    }

    /// Draws those that show.
    pub fn ui(&mut self, ctx: &egui::Context, session: Option<&Session>, actions: &mut Vec<Action>) {
        let middle = ctx.content_rect().center();
        let centred = |name: &'static str| Window::new(name).collapsible(false).pivot(egui::Align2::CENTER_CENTER).default_pos(middle);
        if let Some(s) = session {
            let window = centred("Journal").open(&mut self.journal).default_size([640.0, 420.0]);
            window.show(ctx, |ui| journal(ui, s, actions));
        }
        // the list is longer than a small window is high
        let high = (ctx.content_rect().height() - 120.0).max(160.0);
        let window = centred("Keyboard shortcuts").open(&mut self.help).resizable(false).default_width(420.0);
        window.show(ctx, |ui| ScrollArea::vertical().max_height(high).show(ui, help));
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
                ui.label(text(&shorten(&from_to(&e.from, &e.to))));
                ui.label(text(e.why.as_deref().unwrap_or("")));
                ui.end_row();
            }
        });
    });
}

/// `2 weeks to 3 weeks`; what was not there before, or is gone after, is said so.
fn from_to(from: &str, to: &str) -> String {
    match (from.is_empty(), to.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("new: {to}"),
        (false, true) => format!("gone: {from}"),
        (false, false) => format!("{from} to {to}"),
    }
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
    for text in [
        "Ctrl+K finds every command and every item by name",
        "Orders: arrows choose a line, Enter approves it, H holds it, Escape lets go",
        "Grids: type to replace, F2 or Enter to edit, Delete to clear, Ctrl+C and Ctrl+V as in a spreadsheet",
        "Escape closes what is on top",
    ] {
        ui.label(RichText::new(text).color(t.weak));
    }
}
