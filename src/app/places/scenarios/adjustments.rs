//! What differs for some items: the list of a scenario's adjustments, and a line to add one.

use super::words;
use crate::app::rows::Row;
use crate::app::theme;
use crate::app::widgets;
use crate::scenario::Adjust;
use eframe::egui::{ComboBox, DragValue, RichText, Role, Ui, WidgetInfo};

/// Whom an adjustment can be about.
const SCOPES: [&str; 4] = ["category", "supplier", "location", "item"];
/// What it can set.
const KEYS: [&str; 6] = ["demand × forecast", "lead time, days", "price", "cost", "cycle service, share", "fill rate, share"];

/// A line not yet added.
#[derive(Default)]
pub(super) struct New {
    scope: usize,
    name: String,
    key: usize,
    value: f64,
    /// The names of the kind chosen, sorted, and what they were made for.
    names: Vec<String>,
    made_for: Option<(usize, u64)>,
}

/// The names there are.
pub(super) struct Known<'a> {
    pub rows: &'a [Row],
    /// Grows whenever the rows change.
    pub stamp: u64,
}

impl Known<'_> {
    /// The names of a kind, each once.
    fn names(&self, scope: usize) -> Vec<String> {
        let mut out: Vec<&str> = self
            .rows
            .iter()
            .map(|r| match scope {
                0 => &*r.category,
                1 => &*r.supplier,
                2 => &*r.location,
                _ => &*r.item,
            })
            .filter(|n| !n.is_empty())
            .collect();
        out.sort_unstable();
        out.dedup();
        out.into_iter().map(str::to_owned).collect()
    }
}

impl New {
    pub(super) fn ui(&mut self, ui: &mut Ui, entries: &mut Vec<Adjust>, known: &Known<'_>) {
        let t = theme::tokens(ui);
        if entries.is_empty() {
            ui.label(RichText::new("No item, category or supplier differs in this scenario").color(t.weak));
        }
        let mut gone = None;
        for (i, a) in entries.iter_mut().enumerate() {
            ui.horizontal_wrapped(|ui| {
                if widgets::close_button(ui, &format!("Remove the adjustment for {}", words::scope(a))).clicked() {
                    gone = Some(i);
                }
                ui.label(RichText::new(words::scope(a)).strong());
                let scope = words::scope(a);
                let keys: [(&str, &mut Option<f64>, f64); 8] = [
                    ("demand ×", &mut a.demand_factor, 0.01),
                    ("lead time, days", &mut a.lead_time_days, 0.1),
                    ("price", &mut a.price, 0.05),
                    ("cost", &mut a.cost, 0.05),
                    ("cycle service", &mut a.cycle_service, 0.001),
                    ("fill rate", &mut a.fill_rate, 0.001),
                    ("s", &mut a.s, 0.5),
                    ("S", &mut a.up_to, 0.5),
                ];
                for (name, value, speed) in keys {
                    if let Some(v) = value {
                        ui.label(name);
                        let r = ui.add(DragValue::new(v).speed(speed).max_decimals(4));
                        r.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, format!("{name} for {scope}")));
                    }
                }
                if !a.why.is_empty() {
                    ui.label(RichText::new(&a.why).color(t.weak));
                }
            });
        }
        if let Some(i) = gone {
            entries.remove(i);
        }
        ui.horizontal_wrapped(|ui| {
            ui.label("For");
            pick(ui, "Kind of adjustment", &SCOPES, &mut self.scope, 110.0);
            if self.made_for != Some((self.scope, known.stamp)) {
                self.made_for = Some((self.scope, known.stamp));
                self.names = known.names(self.scope);
            }
            let hint = self.names.first().cloned().unwrap_or_default();
            let field = widgets::search_field(ui, &mut self.name, "Name the adjustment is for", &hint, 170.0);
            if field.hovered() && (1..=40).contains(&self.names.len()) {
                field.on_hover_text(self.names.join(", "));
            }
            ui.label("set");
            let before = self.key;
            pick(ui, "What to adjust", &KEYS, &mut self.key, 160.0);
            if before != self.key || self.value == 0.0 {
                self.value = [1.1, 14.0, 10.0, 5.0, 0.95, 0.98].get(self.key).copied().unwrap_or(1.0);
            }
            let r = ui.add(DragValue::new(&mut self.value).range(0.0..=1e9).speed(0.05).max_decimals(4));
            r.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Value of the adjustment"));
            let name = self.name.trim().to_owned();
            let there = self.names.binary_search(&name).is_ok();
            if ui.add_enabled(there, eframe::egui::Button::new("Add")).on_disabled_hover_text("Write a name that is in the data").clicked()
            {
                entries.push(self.entry(name));
                self.name.clear();
            }
        });
    }

    fn entry(&self, name: String) -> Adjust {
        let mut a = Adjust::default();
        *(match self.scope {
            0 => &mut a.category,
            1 => &mut a.supplier,
            2 => &mut a.location,
            _ => &mut a.item,
        }) = Some(name);
        *(match self.key {
            0 => &mut a.demand_factor,
            1 => &mut a.lead_time_days,
            2 => &mut a.price,
            3 => &mut a.cost,
            4 => &mut a.cycle_service,
            _ => &mut a.fill_rate,
        }) = Some(self.value);
        a
    }
}

fn pick(ui: &mut Ui, name: &str, options: &[&str], at: &mut usize, width: f32) {
    let combo = ComboBox::from_id_salt(name).width(width).selected_text(options.get(*at).copied().unwrap_or_default()).show_ui(ui, |ui| {
        for (i, o) in options.iter().enumerate() {
            ui.selectable_value(at, i, *o);
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
}
