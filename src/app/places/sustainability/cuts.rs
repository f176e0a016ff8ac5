//! What would cut most: the largest stage and items, and dispatch rules that drive less.

use super::Sustainability;
use crate::app::action::Action;
use crate::app::format::short;
use crate::app::jobs::Key;
use crate::app::places::routes::holding::{compare_rules, in_all};
use crate::app::places::routes::stamp;
use crate::app::places::{Cx, Place};
use crate::app::theme;
use crate::app::widgets;
use crate::report::table::Cell;
use crate::scenario::{Freight, Outcome};
use eframe::egui::{RichText, Ui};
use std::sync::Arc;

impl Sustainability {
    pub(super) fn cuts(&self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Arc<Outcome>, freight: &Freight) {
        let t = theme::tokens(ui);
        widgets::section(ui, "What would cut most");
        let m = &freight.measures;
        let parts = [("trips", m.transport_kg_co2e.mean), ("storage", m.storage_kg_co2e.mean), ("goods thrown away", m.waste_kg_co2e.mean)];
        let all = m.emissions_kg_co2e.mean;
        if let Some((name, kg)) = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| all > 0.0) {
            ui.label(format!("Most comes from {name}: {} of {} kg CO2e, {:.0} %", short(kg), short(all), kg / all * 100.0));
        }
        if let Some((_, made)) = &self.made {
            let top = |column: usize, row: usize| match made.items.columns.get(column).map(|c| c.cell(row)) {
                Some(Cell::Text(s)) => s.to_owned(),
                Some(Cell::Number(x, _)) => short(x),
                _ => String::new(),
            };
            if !made.rows.is_empty() && all > 0.0 {
                ui.label(format!("The item with most is {} at {}: {} kg CO2e, {} %", top(0, 0), top(1, 0), top(2, 0), top(3, 0)));
            }
        }
        let points = self.rules.as_ref().filter(|(s, _)| *s == stamp(cx.session)).and_then(|(_, p)| p.as_ref());
        let Some(points) = points else {
            ui.horizontal_wrapped(|ui| {
                let running = cx.running(Key::Consolidation);
                let label = if running { "Comparing dispatch rules" } else { "Compare dispatch rules" };
                if ui.add_enabled(!running, eframe::egui::Button::new(label)).clicked() {
                    cx.act(compare_rules(cx, Place::Sustainability, outcome));
                }
                ui.label(
                    RichText::new("Would holding shipments for each other save trips? Each rule is tried on the same orders").color(t.weak),
                );
            });
            return;
        };
        let own = points.iter().find(|p| p.spec == outcome.plan.logistics.consolidation);
        let least = points.iter().min_by(|a, b| a.emissions_kg_co2e.mean.total_cmp(&b.emissions_kg_co2e.mean));
        if let (Some(own), Some(best)) = (own, least) {
            if best.spec == own.spec {
                ui.label(format!("No rule tried emits less than the one in use, {}", own.name));
            } else {
                let (saved, more) = (own.transport_kg_co2e.mean - best.transport_kg_co2e.mean, in_all(best) - in_all(own));
                let error = own.transport_kg_co2e.half_width.hypot(best.transport_kg_co2e.half_width);
                let sure = if error < saved.abs() { "" } else { " (within the simulation's error)" };
                let money = cx.session.money.text(more.abs());
                let price = if more <= 0.0 {
                    format!("and saves {money}")
                } else {
                    format!("and costs {money} more, freight and waiting together")
                };
                ui.label(format!(
                    "Dispatching {} instead of {} would cut {} kg CO2e{sure} {price}; shipments would wait {} days on average",
                    best.name,
                    own.name,
                    short(saved),
                    short(best.delay_days.mean)
                ));
            }
        }
        if ui.button("Look at the rules in Routes").clicked() {
            cx.act(Action::Go(Place::Routes));
        }
    }
}
