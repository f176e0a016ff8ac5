//! The list as tables, and the box that asks which lines to write.

use super::lines::{Line, State};
use crate::app::action::Action;
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::report::{Column, Table};
use eframe::egui::{self, Id, Modal, RichText, Ui};
use std::sync::Arc;

/// Which lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Which {
    /// Approved ones and those nothing is decided about.
    #[default]
    Both,
    /// Approved ones.
    Approved,
    /// Held and done with, too.
    Everything,
}

impl Which {
    const fn takes(self, state: State) -> bool {
        match self {
            Self::Both => matches!(state, State::Advised | State::Approved),
            Self::Approved => matches!(state, State::Approved),
            Self::Everything => true,
        }
    }
}

/// The box.
#[derive(Debug, Default)]
pub struct Exporter {
    which: Which,
    only: Option<Arc<str>>,
    each: bool,
}

impl Exporter {
    /// A box for one supplier, or all.
    pub fn new(only: Option<Arc<str>>) -> Self {
        Self { only, ..Self::default() }
    }

    /// Draws it; true when it is to be closed.
    pub fn ui(&mut self, ui: &Ui, s: &Session, lines: &[Line], chosen: Option<&Arc<str>>, actions: &mut Vec<Action>) -> bool {
        let mut close = false;
        let modal = Modal::new(Id::unique("export orders")).show(ui.ctx(), |ui| {
            let t = theme::tokens(ui);
            ui.set_width(420.0);
            ui.label(RichText::new("Export orders").text_style(theme::section()).strong());
            ui.label(RichText::new("For a spreadsheet, or to send to a supplier").color(t.weak));
            ui.add_space(gap::S);
            let count = |w: Which, only: &Option<Arc<str>>| lines.iter().filter(|l| taken(l, w, only)).count();
            for (which, name) in [
                (Which::Both, "Approved and advised lines"),
                (Which::Approved, "Approved lines only"),
                (Which::Everything, "All lines, held and done too"),
            ] {
                ui.radio_value(&mut self.which, which, format!("{name} ({})", count(which, &self.only)));
            }
            ui.add_space(gap::S);
            ui.radio_value(&mut self.only, None, "All suppliers");
            if let Some(name) = chosen.or(self.only.clone().as_ref()) {
                ui.radio_value(&mut self.only, Some(name.clone()), format!("Only {name}"));
            }
            ui.add_space(gap::S);
            ui.add_enabled(self.only.is_none(), egui::Checkbox::new(&mut self.each, "A sheet or file for each supplier"));
            ui.add_space(gap::M);
            let n = count(self.which, &self.only);
            if n == 0 {
                ui.label(RichText::new("There are no such lines").color(t.warn));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_enabled_ui(n > 0, |ui| {
                    let enter = n > 0 && ui.input_mut(|i| i.consume_key(egui::Modifiers::NONE, egui::Key::Enter));
                    if widgets::primary(ui, "Choose a file…").on_hover_text("Enter").clicked() || enter {
                        actions.push(self.action(s, lines));
                        close = true;
                    }
                });
                close |= ui.button("Cancel").clicked();
            });
        });
        close || modal.should_close()
    }

    fn action(&self, s: &Session, lines: &[Line]) -> Action {
        let of = |only: &Option<Arc<str>>| lines.iter().filter(|l| taken(l, self.which, only)).collect::<Vec<_>>();
        if self.each && self.only.is_none() {
            let mut names: Vec<Arc<str>> = of(&None).iter().map(|l| l.supplier.clone()).collect();
            names.sort();
            names.dedup();
            let tables = names.into_iter().map(|n| (n.to_string(), table(s, &of(&Some(n))))).collect();
            return Action::ExportTables { tables, name: "orders.xlsx".into() };
        }
        let name = self.only.as_ref().map_or_else(|| "orders.csv".to_owned(), |n| format!("orders {n}.csv"));
        Action::ExportTable { table: Box::new(table(s, &of(&self.only))), name }
    }
}

fn taken(l: &Line, which: Which, only: &Option<Arc<str>>) -> bool {
    which.takes(l.state) && only.as_ref().is_none_or(|o| l.supplier == *o)
}

/// The contract's order list (DESIGN §4), with what was decided.
pub fn table(s: &Session, lines: &[&Line]) -> Table {
    let assumed = || lines.iter().map(|l| l.assumed);
    Table::new(vec![
        Column::text("unique_id", lines.iter().map(|l| l.key.0.to_string())),
        Column::text("item", lines.iter().map(|l| l.item.to_string())),
        Column::text("description", lines.iter().map(|l| l.name.to_string())),
        Column::text("location", lines.iter().map(|l| l.location.to_string())),
        Column::text("supplier", lines.iter().map(|l| l.supplier.to_string())),
        Column::date("order_date", lines.iter().map(|l| l.key.1)),
        Column::date("arrives", lines.iter().map(|l| l.arrives)),
        Column::exact("on_hand", lines.iter().map(|l| l.on_hand)),
        Column::exact("on_order", lines.iter().map(|l| l.on_order)),
        Column::date_opt("runs_out", lines.iter().map(|l| l.runs_out)),
        Column::exact("order_quantity", lines.iter().map(|l| l.quantity)),
        Column::exact("advised_quantity", lines.iter().map(|l| l.advised)),
        Column::number("unit_cost", 4, lines.iter().map(|l| l.unit_cost)).assumed(assumed()),
        Column::number("value", 2, lines.iter().map(|l| l.value())).assumed(assumed()),
        Column::number("cost_of_waiting", 2, lines.iter().map(|l| l.waiting.mean)).assumed(assumed()),
        Column::text("state", lines.iter().map(|l| l.state.name().to_lowercase())),
        Column::text("reason", lines.iter().map(|l| reason(s, l))),
        Column::text_opt("note", lines.iter().map(|l| l.decision.as_ref().and_then(|d| d.why.clone()))),
    ])
}

/// Why a line is advised, in a sentence.
pub fn reason(s: &Session, l: &Line) -> String {
    let advice = l.series.and_then(|i| s.outcome.as_ref()?.series.get(i)).and_then(crate::scenario::SeriesOutcome::reason);
    advice.unwrap_or_default()
}
