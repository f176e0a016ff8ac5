//! What a person decides against the advice: order levels and today's quantity, with a reason, marked and taken back at will.

use crate::app::action::Action;
use crate::app::format::units;
use crate::app::places::Cx;
use crate::app::rows::Row;
use crate::app::theme;
use crate::app::widgets;
use crate::base::Calendar;
use crate::project::{Change, Decision, DecisionState, Edit, Overridden, Override};
use crate::scenario::SeriesOutcome;
use eframe::egui::{self, DragValue, RichText, Ui, WidgetInfo};
use std::sync::Arc;

/// The fields' look.
#[derive(Default)]
pub struct ByHand {
    id: Option<Arc<str>>,
    revision: u64,
    s: f64,
    up_to: f64,
    quantity: f64,
    why_levels: String,
    why_order: String,
}

impl ByHand {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row, now: &SeriesOutcome, calendar: Option<&Calendar>) {
        let revision = cx.session.project.revision() + (cx.session.outcome_revision << 32);
        if self.id.as_ref() != Some(&row.unique_id) || self.revision != revision {
            self.id = Some(row.unique_id.clone());
            self.revision = revision;
            self.s = now.stock.advice.as_ref().map_or(0.0, |a| a.reorder_point.round());
            self.up_to = crate::report::tables::levels(&now.stock.policy)
                .1
                .or(now.stock.best.map(|b| b.up_to))
                .map_or(self.s, |u| u.round().max(self.s));
            self.quantity = now.stock.advice.as_ref().map_or(0.0, |a| a.quantity);
            self.why_levels.clear();
            self.why_order.clear();
        }
        widgets::section(ui, "Decide otherwise");
        self.levels(ui, cx, row);
        if let Some(calendar) = calendar {
            self.order(ui, cx, row, now, calendar);
        }
    }

    fn levels(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        let by_hand = |what| document.overrides.iter().find(|o| o.unique_id == row.unique_id && o.what == what).cloned();
        let (s, up_to) = (by_hand(Overridden::ReorderPoint), by_hand(Overridden::OrderUpTo));
        if let Some((s, u)) = s.as_ref().zip(up_to.as_ref()) {
            ui.horizontal_wrapped(|ui| {
                let why = s.why.as_deref().unwrap_or("no reason given");
                let text = format!(
                    "Set by hand on {}: order at {} up to {} ({why})",
                    crate::app::format::date(crate::base::Stamp::of_day(s.made.day())),
                    units(s.value),
                    units(u.value)
                );
                ui.label(RichText::new(text).color(t.warn));
                if ui.button("Follow the advice again").on_hover_text("Takes back the levels set by hand").clicked() {
                    let changes = vec![Change::Override(s.key(), None), Change::Override(u.key(), None)];
                    cx.act(Action::Edit(Edit { label: format!("follow the advice for {} again", row.name), why: None, changes }));
                }
            });
        }
        ui.horizontal_wrapped(|ui| {
            ui.label("Order at").on_hover_text("Reorder point s, units of stock and open orders together");
            let field = ui.add(DragValue::new(&mut self.s).range(0.0..=1e9).suffix(" units").max_decimals(1));
            field.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Reorder point, units"));
            ui.label("up to").on_hover_text("Order-up-to level S, units");
            let field = ui.add(DragValue::new(&mut self.up_to).range(0.0..=1e9).suffix(" units").max_decimals(1));
            field.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Order-up-to level, units"));
            widgets::search_field(ui, &mut self.why_levels, "Reason for the levels", "Reason", 140.0);
            let ok = self.s <= self.up_to;
            let button = ui.add_enabled(ok, egui::Button::new("Set levels by hand"));
            if button.on_disabled_hover_text("The level to order at cannot be above the level to order up to").clicked() {
                let one = |what, value| {
                    let made = cx.session.project.now();
                    let why = Some(self.why_levels.trim().to_owned()).filter(|w| !w.is_empty());
                    let o = Override { unique_id: row.unique_id.clone(), what, value, why, made };
                    Change::Override(o.key(), Some(o))
                };
                let mut changes = vec![one(Overridden::ReorderPoint, self.s), one(Overridden::OrderUpTo, self.up_to)];
                // an entry has levels or a target, not both
                for target in [Overridden::CycleService, Overridden::FillRate] {
                    changes.extend(by_hand(target).map(|o| Change::Override(o.key(), None)));
                }
                let label = format!("order {} at {} up to {}", row.name, units(self.s), units(self.up_to));
                cx.act(Action::Edit(Edit { label, why: None, changes }.because(self.why_levels.clone())));
            }
        });
    }

    fn order(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row, now: &SeriesOutcome, calendar: &Calendar) {
        let t = theme::tokens(ui);
        let Some(advice) = &now.stock.advice else { return };
        let key = (row.unique_id.clone(), calendar.start);
        let decided = cx.session.project.document().decisions.iter().find(|d| d.unique_id == key.0 && d.order_date == key.1).cloned();
        if let Some(d) = &decided {
            ui.horizontal_wrapped(|ui| {
                let mut text = format!("Decided: {} {}", d.state.name(), units(d.quantity));
                if (d.quantity - d.advised).abs() > 1e-9 {
                    text = format!("{text} in place of {}", units(d.advised));
                }
                if let Some(why) = &d.why {
                    text = format!("{text} ({why})");
                }
                ui.label(RichText::new(text).color(t.warn));
                if ui.button("Take the decision back").clicked() {
                    let label = format!("take back the order of {}", row.name);
                    cx.act(Action::Edit(Edit::one(label, Change::Decide(key.clone(), None))));
                }
            });
        }
        ui.horizontal_wrapped(|ui| {
            ui.label("Order now");
            let field = ui.add(DragValue::new(&mut self.quantity).range(0.0..=1e9).suffix(" units").max_decimals(1));
            field.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Units to order now"));
            widgets::search_field(ui, &mut self.why_order, "Reason for the quantity", "Reason", 140.0);
            let mut state = None;
            if ui.button("Approve order").on_hover_text("Counts as on order from now on, also in the Orders place").clicked() {
                state = Some(DecisionState::Approved);
            }
            if ui.button("Hold").on_hover_text("Not now; it is advised again until you order").clicked() {
                state = Some(DecisionState::Held);
            }
            let Some(state) = state else { return };
            let why = Some(self.why_order.trim().to_owned()).filter(|w| !w.is_empty());
            let decision = Decision {
                unique_id: row.unique_id.clone(),
                item: row.item.clone(),
                location: row.location.clone(),
                supplier: row.supplier.clone(),
                order_date: calendar.start,
                arrives: calendar.at(advice.arrives as i64),
                // what was advised before a first decision, which the advice has taken in by now
                advised: decided.as_ref().map_or(advice.quantity, |d| d.advised),
                quantity: self.quantity,
                unit_cost: now.stocked.costs.unit,
                state,
                why: why.clone(),
                decided: cx.session.project.now(),
                after_source: 0,
            };
            let word = if state == DecisionState::Approved { "approve" } else { "hold" };
            let label = format!("{word} {} of {}", units(self.quantity), row.name);
            cx.act(Action::Edit(Edit::one(label, Change::Decide(key.clone(), Some(decision))).because(why.unwrap_or_default())));
        });
    }
}
