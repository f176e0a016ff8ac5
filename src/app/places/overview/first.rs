//! What to do first, and the gaps in the data that money rests on.

use super::Wish;
use super::summary::{Gap, Summary, excess_value};
use crate::app::action::Action;
use crate::app::format::percent;
use crate::app::places::{Cx, Place};
use crate::app::rows::{Row, Status};
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::Severity;
use crate::base::text::plural;
use crate::scenario::resolve::Assumed;
use eframe::egui::{Align, Button, Label, Layout, RichText, Ui};

/// Draws both, side by side where there is room.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, sum: &Summary, wish: &mut Option<Wish>) {
    let room = ui.available_width();
    if room > 860.0 {
        let right = 320.0;
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(room - right - gap::L);
                lines(ui, cx, sum, wish);
            });
            ui.add_space(gap::M);
            ui.vertical(|ui| {
                ui.set_width(right - gap::S);
                gaps(ui, cx, sum, wish);
            });
        });
    } else {
        lines(ui, cx, sum, wish);
        gaps(ui, cx, sum, wish);
    }
}

fn lines(ui: &mut Ui, cx: &Cx<'_>, sum: &Summary, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    widgets::section(ui, "What to do first");
    if s.outcome.is_none() {
        ui.label(RichText::new("The items with most at stake are listed here once they are simulated").color(t.weak));
        return;
    }
    if let Some(u) = crate::app::places::uncounted(s) {
        ui.label(RichText::new(u.text()).color(t.warn));
        ui.add_space(gap::XS);
        if ui.button("Import a stock count…").clicked() {
            *wish = Some(Wish::Act(Action::AddFile));
        }
        ui.add_space(gap::XS);
        if sum.first.is_empty() {
            return;
        }
    }
    if sum.first.is_empty() {
        ui.label(RichText::new("Nothing is urgent: every item has enough on hand and on the way").color(t.weak));
        return;
    }
    for r in sum.first.iter().filter_map(|i| s.rows.get(*i)) {
        line(ui, cx, r, wish);
    }
    ui.add_space(gap::XS);
    if ui.button("See all orders").clicked() {
        *wish = Some(Wish::Act(Action::Go(Place::Orders)));
    }
}

fn line(ui: &mut Ui, cx: &Cx<'_>, r: &Row, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    let (what, amount) = if r.quantity > 0.0 { ("if it waits", r.at_stake) } else { ("too much", excess_value(r)) };
    let reason = s
        .outcome
        .as_ref()
        .and_then(|o| o.series.get(r.index))
        .filter(|x| x.stocked.unique_id == r.unique_id)
        .and_then(|x| x.stock.advice.as_ref())
        .map_or("", |a| &a.reason);
    let said = if r.quantity > 0.0 {
        reason.to_owned()
    } else {
        format!("{} more than would ever be ordered up to", plural(r.excess.round() as usize, "unit"))
    };
    let place = if &*r.location == "main" { String::new() } else { format!(", {}", r.location) };
    ui.horizontal_top(|ui| {
        widgets::status_sign(ui, r.status).on_hover_text(r.status.name());
        ui.allocate_ui_with_layout(
            eframe::egui::vec2((ui.available_width() - 190.0).max(120.0), 0.0),
            Layout::top_down(Align::Min),
            |ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.add(Label::new(RichText::new(format!("{}{place}", r.name)).strong()).truncate());
                ui.label(RichText::new(said).color(t.weak));
            },
        );
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let name = format!("Open {}{place}", r.name);
            let button = ui.add(Button::new("Open"));
            button.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, true, name.clone()));
            if button.on_hover_text(name.clone()).clicked() {
                *wish = Some(Wish::Act(Action::Show(r.unique_id.clone())));
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.with_layout(Layout::top_down(Align::Max), |ui| {
                    let color = match (r.money_assumed, r.status) {
                        (true, _) => t.assumed,
                        (_, Status::OutOfStock | Status::RunsOut) => t.bad,
                        _ => t.text,
                    };
                    let figure = ui.label(RichText::new(s.money.text(amount)).strong().color(color));
                    if r.money_assumed {
                        figure.on_hover_text("rests on an assumed cost or price");
                    }
                    ui.label(RichText::new(what).small().color(t.weak));
                });
            });
        });
    });
    ui.add_space(2.0);
}

fn gaps(ui: &mut Ui, cx: &Cx<'_>, sum: &Summary, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    widgets::section(ui, "Data worth money");
    if s.outcome.is_none() {
        ui.label(RichText::new("What had to be assumed stands here, with the money that rests on it").color(t.weak));
        return;
    }
    let total = sum.at_risk.money;
    let warnings = s.problems().iter().filter(|d| d.severity > Severity::Info).count();
    if sum.gaps.is_empty() && warnings == 0 {
        ui.label(RichText::new("Nothing had to be assumed, and no file has a problem").color(t.weak));
        return;
    }
    for g in &sum.gaps {
        ui.label(RichText::new(headline(g, total)).strong());
        ui.label(RichText::new(fix(g.what)).color(t.weak));
        ui.add_space(gap::XS);
    }
    if warnings > 0 {
        ui.label(RichText::new(format!("{} in the files", plural(warnings, "warning"))).strong().color(t.warn));
        ui.add_space(gap::XS);
    }
    if ui.button("Go to Data to fill these in").clicked() {
        *wish = Some(Wish::Act(Action::Go(Place::Data)));
    }
}

fn headline(g: &Gap, total: f64) -> String {
    let share = if total > 0.0 { g.money / total } else { 0.0 };
    let what = match g.what {
        Assumed::Cost => "an assumed unit cost",
        Assumed::Price => "an assumed price",
        Assumed::Shortage => "an assumed margin",
        Assumed::LeadTime => "an assumed lead time",
        Assumed::Stock => "unknown stock",
        Assumed::Size => "an assumed weight or volume",
        Assumed::Supplier => "an assumed supplier",
    };
    format!("{} of this money rests on {what} ({})", percent(share), plural(g.items, "item"))
}

const fn fix(what: Assumed) -> &'static str {
    match what {
        Assumed::Cost => "A unit's cost decides what overstock costs; it is taken as a share of the price",
        Assumed::Price => "Without a price no margin is known, and so not what a lost sale costs",
        Assumed::Shortage => "What a lost sale costs follows from cost and price",
        Assumed::LeadTime => "Two weeks are taken; give days, or receipts to learn them from",
        Assumed::Stock => "Taken to just cover demand until an order arrives; give a stock count",
        Assumed::Size => "Freight and emissions follow from weight and volume",
        Assumed::Supplier => "One supplier is taken for all; orders are grouped by supplier",
    }
}
