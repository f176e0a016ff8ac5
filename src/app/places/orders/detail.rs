//! The line with the cursor: why it is advised, its facts, a quantity and a reason, and everything that can be decided.

use super::export::reason;
use super::lines::{Line, State};
use super::list::{packs, quantity_field, state_color};
use crate::app::format::units;
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::project::DecisionKey;
use eframe::egui::{Align, Layout, RichText, Ui};
use std::collections::HashMap;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Approve with the quantity in the field; for an approved line: change it.
    Approve,
    /// Hold.
    Hold,
    /// It arrived.
    Received,
    /// It will not come.
    Cancelled,
    /// Take the decision back.
    TakeBack,
    /// Show the item.
    Open,
    /// No line any more.
    Close,
}

/// Draws it.
pub fn ui(ui: &mut Ui, s: &Session, l: &Line, drafts: &mut HashMap<DecisionKey, f64>, why: &mut String) -> Option<Asked> {
    let t = theme::tokens(ui);
    let money = &s.money;
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.label(RichText::new(l.label()).text_style(theme::section()).strong());
        ui.label(RichText::new(l.state.name()).color(state_color(t, l.state))).on_hover_text(l.state.meaning());
        ui.label(RichText::new(format!("{} · {}", l.key.0, l.supplier)).color(t.weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::close_button(ui, "Close the line").clicked() {
                asked = Some(Asked::Close);
            }
            if l.series.is_some() && ui.button("Open the item").clicked() {
                asked = Some(Asked::Open);
            }
        });
    });
    let because = reason(s, l);
    if !because.is_empty() {
        ui.label(because);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::M;
        let mut fact = |name: &str, value: String| {
            ui.label(RichText::new(format!("{name} {value}")).color(t.weak));
        };
        if l.on_hand.is_finite() {
            fact("on hand", units(l.on_hand));
            fact("on order", units(l.on_order));
        }
        if let Some(d) = l.runs_out {
            fact("runs out", d.iso());
        }
        fact(if l.decision.is_some() { "expected" } else { "ordered now it arrives" }, l.arrives.iso());
        fact("unit cost", money.text(l.unit_cost));
        if l.minimum > 0.0 {
            fact("least order", units(l.minimum));
        }
        if let Some(d) = &l.decision {
            if l.state == State::Approved {
                fact("on order since", d.order_date.iso());
            }
            if let Some(w) = &d.why {
                fact("reason", w.clone());
            }
        }
    });
    ui.add_space(gap::XS);
    ui.horizontal_wrapped(|ui| {
        let open = !l.state.is_done();
        if open {
            ui.label("Quantity");
            quantity_field(ui, l, drafts);
            let q = drafts.get(&l.key).copied().unwrap_or(l.quantity);
            ui.label(RichText::new(format!("{}, {}", packs(l, q), money.text(q * l.unit_cost))).color(t.weak));
            if l.minimum > 0.0 && q > 0.0 && q < l.minimum {
                ui.label(RichText::new("below the least order").color(t.warn));
            }
            widgets::search_field(ui, why, "Reason for the decision", "Reason, kept in the journal", 200.0);
        }
        let changed = drafts.contains_key(&l.key);
        match l.state {
            State::Advised => {
                if widgets::primary(ui, "Approve line").on_hover_text("Enter").clicked() {
                    asked = Some(Asked::Approve);
                }
                if ui.button("Hold line").on_hover_text("H").clicked() {
                    asked = Some(Asked::Hold);
                }
            }
            State::Approved => {
                if changed && widgets::primary(ui, "Change quantity").clicked() {
                    asked = Some(Asked::Approve);
                }
                if ui
                    .button("Mark received")
                    .on_hover_text("No longer on order; where stock is known, on hand grows by the quantity")
                    .clicked()
                {
                    asked = Some(Asked::Received);
                }
                if ui.button("Mark cancelled").on_hover_text("It will not come; the item is advised anew").clicked() {
                    asked = Some(Asked::Cancelled);
                }
            }
            State::Held if widgets::primary(ui, "Approve line").clicked() => asked = Some(Asked::Approve),
            _ => {}
        }
        if l.decision.is_some()
            && l.state != State::Advised
            && ui.button("Take back").on_hover_text("As if nothing had been decided").clicked()
        {
            asked = Some(Asked::TakeBack);
        }
    });
    asked
}
