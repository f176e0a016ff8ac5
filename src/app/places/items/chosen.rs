//! Several items at once: one assumption set for all of them in the scenario, a mark, a copy, a file.

use super::{Items, list::Query, own};
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme;
use crate::app::widgets;
use crate::base::text::plural;
use crate::project::Overridden;
use crate::scenario::plan::Adjust;
use eframe::egui::{self, ComboBox, DragValue, RichText, Ui, WidgetInfo};

/// The reason of a mark, which sets nothing.
pub const MARK: &str = "to review";

/// What can be set for many.
const SETTABLE: [(Overridden, &str, f64, f64, f64, &str); 5] = [
    (Overridden::CycleService, "Cycle service", 95.0, 50.0, 99.9, " %"),
    (Overridden::FillRate, "Fill rate", 98.0, 50.0, 99.9, " %"),
    (Overridden::DemandFactor, "Demand change", 10.0, -100.0, 500.0, " %"),
    (Overridden::LeadTimeDays, "Lead time", 14.0, 0.0, 365.0, " days"),
    (Overridden::ReviewPeriod, "Review every", 1.0, 1.0, 52.0, " periods"),
];

/// The bar's look.
#[derive(Default)]
pub struct Chosen {
    what: usize,
    value: Option<f64>,
    why: String,
    /// The sum above the list, and what it was made for.
    pub sum: Option<((u64, usize, Query), f64)>,
}

impl Items {
    /// The bar of what to do with the chosen ones, there once something is chosen.
    pub(super) fn bulk(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        if self.picked.is_empty() {
            return;
        }
        let shown = self.list.order.len();
        theme::card(t).inner_margin(egui::Margin::symmetric(8, 6)).show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(format!("{} chosen", self.picked.len())).strong());
                if ui.button(format!("Choose all {shown} shown")).clicked() {
                    self.picked = self.list.rows(cx.session).map(|r| r.unique_id.clone()).collect();
                }
                if ui.button("Choose none").clicked() {
                    self.picked.clear();
                }
                if ui.button("Copy chosen").on_hover_text("Ready to paste into a spreadsheet").clicked() {
                    ui.ctx().copy_text(widgets::table::text_of(&self.table_of_chosen(cx)));
                }
                if ui.button("Export chosen…").clicked() {
                    let table = Box::new(self.table_of_chosen(cx));
                    cx.act(Action::ExportTable { table, name: "chosen items.csv".into() });
                }
                if ui
                    .button("Mark to review")
                    .on_hover_text("Changes nothing but a note in the scenario; find them under Set by you")
                    .clicked()
                {
                    let n = plural(self.picked.len(), "item");
                    self.keep(cx, format!("mark {n} to review"), String::new(), |a| {
                        if a.why.is_empty() {
                            MARK.clone_into(&mut a.why);
                        } else if !a.why.contains(MARK) {
                            a.why = format!("{}; {MARK}", a.why);
                        }
                    });
                }
                if ui.button("Clear what is set").on_hover_text("Takes back assumptions, levels and marks of these items alone").clicked() {
                    let n = plural(self.picked.len(), "item");
                    self.keep(cx, format!("clear what is set for {n}"), String::new(), |a| {
                        *a = Adjust { unique_id: a.unique_id.take(), ..Adjust::default() };
                    });
                }
            });
            ui.horizontal_wrapped(|ui| {
                let Some(&(what, name, usual, low, high, suffix)) = SETTABLE.get(self.chosen.what) else { return };
                let combo = ComboBox::from_id_salt("what to set").selected_text(name).width(120.0).show_ui(ui, |ui| {
                    for (i, s) in SETTABLE.iter().enumerate() {
                        if ui.selectable_label(i == self.chosen.what, s.1).clicked() {
                            self.chosen.what = i;
                            self.chosen.value = None;
                        }
                    }
                });
                combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "What to set for the chosen items"));
                let mut value = self.chosen.value.unwrap_or(usual);
                let field = ui.add(DragValue::new(&mut value).range(low..=high).suffix(suffix).max_decimals(1).speed(0.5));
                field.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Value for the chosen items"));
                self.chosen.value = Some(value);
                widgets::search_field(ui, &mut self.chosen.why, "Reason for the chosen items", "Reason", 150.0);
                let n = self.picked.len();
                if widgets::primary(ui, &format!("Set for {}", plural(n, "item")))
                    .on_hover_text("In the scenario in use, for these items alone; undo takes it back")
                    .clicked()
                {
                    let number = match what {
                        Overridden::CycleService | Overridden::FillRate => value / 100.0,
                        Overridden::DemandFactor => 1.0 + value / 100.0,
                        _ => value,
                    };
                    let why = std::mem::take(&mut self.chosen.why);
                    let label = format!("set {} {value}{suffix} for {}", name.to_lowercase(), plural(n, "item"));
                    self.keep(cx, label, why, |a| own::set(a, what, Some(number)));
                }
            });
        });
    }

    fn table_of_chosen(&self, cx: &Cx<'_>) -> crate::report::Table {
        super::columns::table(self.list.rows(cx.session).filter(|r| self.picked.contains(&r.unique_id)))
    }

    fn keep(&self, cx: &mut Cx<'_>, label: String, why: String, change: impl Fn(&mut Adjust)) {
        let plan = cx.session.plan();
        // in the list's order, so that a scenario file reads the same every time
        let ids = cx.session.rows.iter().map(|r| &r.unique_id).filter(|id| self.picked.contains(*id));
        let entries = own::all(&plan, ids.cloned())
            .into_iter()
            .map(|mut a| {
                change(&mut a);
                a
            })
            .collect();
        cx.act(Action::Edit(own::keep(cx.session.project.document(), entries, label, &why)));
    }
}
