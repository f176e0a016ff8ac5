//! Who delivers: the list on the left, and the heading over a supplier's lines.

use super::lines::{Line, Lines, State, Supplier};
use crate::app::format::Money;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::text::grouped;
use crate::base::text::plural;
use crate::project::DecisionKey;
use eframe::egui::{self, Align, Button, ComboBox, Layout, RichText, ScrollArea, Ui};
use std::collections::HashMap;
use std::sync::Arc;

/// What the heading asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Approve all its lines.
    Approve,
    /// Export its lines.
    Export,
}

/// The list, each with its value and what is left to decide.
pub fn list(ui: &mut Ui, lines: &Lines, money: &Money, chosen: &mut Option<Arc<str>>) {
    let t = theme::tokens(ui);
    ScrollArea::vertical().id_salt("suppliers").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        let total: f64 = lines.suppliers.iter().map(Supplier::value).sum();
        let open: usize = lines.suppliers.iter().map(|s| s.advised).sum();
        let all = lines.suppliers.iter().any(|s| s.assumed);
        let entries = std::iter::once((None, "All suppliers", total, open, all))
            .chain(lines.suppliers.iter().map(|s| (Some(&s.name), &*s.name, s.value(), s.advised, s.assumed)));
        for (key, name, value, open, assumed) in entries {
            let color = if assumed { t.assumed } else { t.text };
            let left = if open == 0 { "all decided".to_owned() } else { format!("{} to decide", grouped(open as f64, 0)) };
            let mut text = egui::text::LayoutJob::default();
            let font = |size: f32| egui::FontId::proportional(size);
            let format = |size, color| egui::TextFormat { font_id: font(size), color, ..Default::default() };
            text.append(name, 0.0, format(14.0, t.text));
            text.append(&format!("\n{}", money.text(value)), 0.0, format(13.0, color));
            text.append(&format!(" · {left}"), 0.0, format(12.0, t.weak));
            text.wrap = egui::text::TextWrapping::wrap_at_width(ui.available_width() - 16.0);
            let button = Button::selectable(chosen.as_ref() == key, text).min_size(egui::vec2(ui.available_width(), 44.0));
            let response = ui.add(button);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Supplier {name}")));
            if response.clicked() {
                *chosen = key.cloned();
            }
        }
    });
}

/// The same as a box to choose from, where there is little room.
pub fn combo(ui: &mut Ui, lines: &Lines, money: &Money, chosen: &mut Option<Arc<str>>) {
    let text = chosen.as_ref().map_or("All suppliers", |c| &**c).to_owned();
    let combo = ComboBox::from_id_salt("supplier").selected_text(text).width(260.0).show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, "All suppliers");
        for s in &lines.suppliers {
            ui.selectable_value(chosen, Some(s.name.clone()), format!("{} ({})", s.name, money.text(s.value())));
        }
    });
    combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Supplier"));
}

/// The heading over the lines of a supplier, or of all.
pub fn heading(ui: &mut Ui, lines: &Lines, money: &Money, chosen: Option<&Arc<str>>, drafts: &HashMap<DecisionKey, f64>) -> Option<Asked> {
    let t = theme::tokens(ui);
    let those = || lines.suppliers.iter().filter(|s| chosen.is_none_or(|c| s.name == *c));
    let sum = |f: fn(&Supplier) -> usize| those().map(f).sum::<usize>();
    let (advised, approved, held) = (sum(|s| s.advised), sum(|s| s.approved), sum(|s| s.held));
    // lines set to nothing are not approved, and what the others are set to is what they will cost
    let open = |l: &&Line| l.state == State::Advised && chosen.is_none_or(|c| l.supplier == *c);
    let drafted = |l: &Line| drafts.get(&l.key).copied().unwrap_or(l.quantity);
    let ready = lines.all.iter().filter(open).filter(|l| drafted(l) > 0.0).count();
    let changed: f64 =
        lines.all.iter().filter(open).filter(|l| l.in_order(lines.now)).map(|l| (drafted(l) - l.quantity) * l.unit_cost).sum();
    let value = those().map(Supplier::value).sum::<f64>() + changed;
    let assumed = those().any(|s| s.assumed);
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(chosen.map_or("All suppliers", |c| &**c)).text_style(theme::section()).strong());
        let figure =
            ui.label(RichText::new(money.text(value)).text_style(theme::section()).color(if assumed { t.assumed } else { t.text }));
        if assumed {
            figure.on_hover_text("rests on assumed costs; give them in Data");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ready > 0 {
                if widgets::primary(ui, &format!("Approve {}", plural(ready, "line")))
                    .on_hover_text("Each with its quantity; one step of undo")
                    .clicked()
                {
                    asked = Some(Asked::Approve);
                }
            } else if approved > 0 && advised == 0 {
                ui.label(RichText::new("All decided").color(t.good));
            }
            if ui.button("Export…").clicked() {
                asked = Some(Asked::Export);
            }
        });
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::M;
        let mut parts = vec![format!("{} to decide", grouped(advised as f64, 0)), format!("{} approved", grouped(approved as f64, 0))];
        if held > 0 {
            parts.push(format!("{held} held"));
        }
        ui.label(RichText::new(parts.join(" · ")).color(t.weak));
        if chosen.is_none() && lines.suppliers.len() != 1 {
            let short = those().filter(|s| s.value() > 0.0 && s.minimum.is_some_and(|m| s.value() < m)).count();
            if short > 0 {
                ui.label(RichText::new(format!("{} below their minimum order", plural(short, "supplier"))).color(t.warn));
            }
            return;
        }
        for s in those() {
            match s.minimum {
                Some(m) if s.value() >= m => {
                    ui.label(RichText::new(format!("minimum order {} met", money.text(m))).color(t.good));
                }
                Some(m) if s.value() > 0.0 => {
                    ui.label(
                        RichText::new(format!("{} short of the minimum order {}", money.text(m - s.value()), money.text(m))).color(t.warn),
                    )
                    .on_hover_text("Raise quantities, or wait until more is due");
                }
                Some(m) => {
                    ui.label(RichText::new(format!("minimum order {}", money.text(m))).color(t.weak));
                }
                None => {
                    ui.label(RichText::new("no minimum order known").color(t.weak));
                }
            }
            if let Some(c) = s.order_cost {
                ui.label(RichText::new(format!("placing an order costs {}", money.text(c))).color(t.weak));
            }
            for how in &s.together {
                ui.label(RichText::new(format!("ordered together: {how}")).color(t.weak))
                    .on_hover_text("Over the horizon, against each item by its own policy, the order's cost paid once for all that order in the same period");
            }
        }
    });
    asked
}
