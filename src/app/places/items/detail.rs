//! The item beside the list: what it is, what to do and why, then its figures, sliders and plots.

use super::answers::Answers;
use super::{by_hand::ByHand, figures, plots, what_if::WhatIf};
use crate::app::format::{date, percent, units};
use crate::app::places::Cx;
use crate::app::rows::Row;
use crate::app::theme::{self, gap};
use crate::app::widgets::{self, status_color, status_sign};
use crate::base::{Calendar, Period};
use crate::scenario::SeriesOutcome;
use crate::scenario::plan::Rule;
use crate::scenario::resolve::Assumed;
use eframe::egui::{Align, Layout, RichText, ScrollArea, Ui};

/// The detail's look.
#[derive(Default)]
pub struct Detail {
    answers: Answers,
    what_if: WhatIf,
    by_hand: ByHand,
    plots: plots::Plots,
}

impl Detail {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row) {
        self.answers.update(cx, &row.unique_id);
        let session = cx.session;
        let outcome = session.outcome.as_ref().and_then(|o| o.series.get(row.index)).filter(|s| s.stocked.unique_id == row.unique_id);
        self.header(ui, cx, row, outcome);
        ScrollArea::vertical().id_salt(("item", &row.unique_id)).auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(ui.available_width() - 4.0);
            let present = self.answers.present.clone();
            let Some(now) = outcome.or(present.as_deref()) else {
                widgets::empty(ui, "Computing", "Forecast, stock and costs of this item come here, in a moment", None);
                return;
            };
            let calendar = session.calendar();
            let period = session.outcome.as_ref().map_or(Period::Week, |o| o.period);
            advice(ui, cx, row, now);
            widgets::section(ui, "What if");
            let room = ui.available_width();
            // sliders beside the figures that they move, where both have room; else above them
            if room >= 720.0 {
                ui.horizontal_top(|ui| {
                    let half = eframe::egui::vec2(room * 0.46 - gap::M, 0.0);
                    ui.allocate_ui_with_layout(half, Layout::top_down(Align::Min), |ui| {
                        ui.set_max_width(half.x);
                        self.what_if.ui(ui, cx, row, now, &mut self.answers, period);
                    });
                    ui.add_space(gap::M);
                    ui.vertical(|ui| figures::ui(ui, cx, now, &self.answers));
                });
            } else {
                self.what_if.ui(ui, cx, row, now, &mut self.answers, period);
                figures::ui(ui, cx, now, &self.answers);
            }
            let shown = self.answers.shown().cloned();
            let stale = self.answers.is_waiting() || (shown.is_none() && session.is_stale());
            self.plots.stock(ui, shown.as_deref(), calendar.as_ref(), stale);
            self.plots.cost(ui, cx, shown.as_deref(), self.answers.present.as_deref(), &self.answers);
            self.plots.forecast(ui, cx, shown.as_deref().unwrap_or(now), calendar.as_ref());
            self.by_hand.ui(ui, cx, row, now, calendar.as_ref());
            known(ui, &cx.session.money.currency, row, now, period);
            ui.add_space(gap::L);
        });
    }

    fn header(&self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row, outcome: Option<&SeriesOutcome>) {
        let t = theme::tokens(ui);
        let line = eframe::egui::vec2(ui.available_width(), 28.0);
        ui.allocate_ui_with_layout(line, Layout::right_to_left(Align::Center), |ui| {
            if widgets::close_button(ui, "Close the item").clicked() {
                *cx.selected = None;
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                status_sign(ui, row.status).on_hover_text(row.status.name());
                ui.add(eframe::egui::Label::new(RichText::new(&*row.name).heading()).truncate().show_tooltip_when_elided(true));
            });
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = gap::XS + 2.0;
            ui.label(RichText::new(row.status.name()).color(status_color(t, row.status)).strong());
            let mut parts = vec![row.item.to_string(), row.location.to_string(), row.supplier.to_string()];
            if !row.category.is_empty() {
                parts.push(row.category.to_string());
            }
            parts.dedup();
            parts.push(format!("policy {}", row.policy));
            ui.label(RichText::new(parts.join(" · ")).color(t.weak));
            if let Some(s) = outcome.filter(|s| s.stocked.adjustments > 0) {
                let badge = RichText::new("Set by you").small().strong().color(t.warn);
                let why = if s.stocked.why.is_empty() { "no reason was given".to_owned() } else { s.stocked.why.clone() };
                ui.label(badge).on_hover_text(format!("An assumption or a level of this item is set in the scenario or by hand: {why}"));
            }
            if let Some(s) = outcome.filter(|s| !s.stocked.by_hand.words.is_empty()) {
                let badge = RichText::new("Forecast changed by hand").small().strong().color(t.warn);
                ui.label(badge).on_hover_text(s.stocked.by_hand.words.join("\n"));
            }
            if cx.session.is_stale() {
                ui.label(RichText::new("older than your last edit").small().color(t.warn));
            }
        });
    }
}

/// What to do now, and why in one sentence.
fn advice(ui: &mut Ui, cx: &Cx<'_>, row: &Row, s: &SeriesOutcome) {
    let t = theme::tokens(ui);
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let Some(a) = &s.stock.advice else {
            ui.label("No order is advised for a demand distribution");
            return;
        };
        // without a cost there is no value to tell
        let value = a.quantity * s.stocked.costs.unit;
        let value = if value > 0.0 { format!(", {}", cx.session.money.text(value)) } else { String::new() };
        let headline = if a.quantity > 0.0 { format!("Order {} now{value}", units(a.quantity)) } else { "Nothing to order now".to_owned() };
        ui.label(RichText::new(headline).text_style(theme::section()).strong());
        ui.label(crate::app::toasts::sentence(&s.reason().unwrap_or_else(|| a.reason.clone())));
        let groups = cx.session.outcome.iter().flat_map(|o| &o.joint);
        if let Some(g) = groups.into_iter().find(|g| g.series.len() > 1 && g.series.contains(&row.index)) {
            let text = format!(
                "Ordered together with {} from {}: {}. The sliders answer for this item by itself",
                crate::base::text::plural(g.series.len() - 1, "other item"),
                g.supplier,
                g.words()
            );
            ui.label(RichText::new(text).small().color(t.weak));
        }
        ui.add_space(2.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = gap::L;
            let fact = |ui: &mut Ui, name: &str, text: String, grey: bool, hover: &str| {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.label(RichText::new(name).small().color(t.weak));
                    ui.label(RichText::new(text).color(if grey { t.assumed } else { t.text })).on_hover_text(hover);
                });
            };
            let none = || "beyond the horizon".to_owned();
            fact(ui, "Runs out", row.runs_out_date.map_or_else(none, date), row.stock_assumed, "In half of the simulated futures by then");
            fact(
                ui,
                "Order by",
                row.order_by.map_or_else(none, date),
                row.stock_assumed,
                "The last day to order so that it arrives before",
            );
            let delivery =
                format!("{} days", units(s.stocked.lead_time.mean() * cx.session.outcome.as_ref().map_or(7.0, |o| o.period.days())));
            fact(ui, "Lead time", delivery, s.stocked.assumed.contains(&Assumed::LeadTime), &s.stocked.lead_time_source);
            let m = &a.cost_of_waiting;
            let text = if a.quantity > 0.0 { cx.session.money.measure(m) } else { "–".into() };
            let hover = format!(
                "Expected stockout cost of ordering one review later; in 8 of 10 futures between {} and {}",
                cx.session.money.text(m.p10),
                cx.session.money.text(m.p90)
            );
            fact(ui, "Waiting one review costs", text, row.money_assumed, &hover);
        });
    });
}

/// What everything rests on: where numbers are from, what is assumed.
fn known(ui: &mut Ui, currency: &str, row: &Row, s: &SeriesOutcome, period: Period) {
    let t = theme::tokens(ui);
    let st = &s.stocked;
    widgets::section(ui, "What this rests on");
    let is = |a: Assumed| st.assumed.contains(&a);
    let spread = st.lead_time.sd();
    let lead = if spread > 1e-9 {
        format!("{} ± {} days", units(st.lead_time.mean() * period.days()), units(spread * period.days()))
    } else {
        format!("{} days", units(st.lead_time.mean() * period.days()))
    };
    let rule = match st.rule {
        Some(Rule::CycleService(a)) => format!("cycle service of {}", percent(a)),
        Some(Rule::FillRate(b)) => format!("fill rate of {}", percent(b)),
        Some(Rule::Levels { s, up_to }) => format!("levels {} and {}", units(s), units(up_to)),
        None => "as the scenario says".to_owned(),
    };
    // to the penny, whatever the amount
    let currency = if currency.is_empty() { String::new() } else { format!("{currency} ") };
    let money = |x: f64| format!("{currency}{}", crate::base::text::printed(x, 2));
    // without a cost or a price the scenario's rates per unit stand in for both
    let nothing_known = st.price.is_none() && st.costs.unit <= 0.0;
    let facts: Vec<(&str, String, Option<&str>)> = vec![
        ("Stock on hand", format!("{} units", units(s.stock.on_hand)), is(Assumed::Stock).then_some("assumed to just cover demand")),
        ("On order", format!("{} units", units(row.on_order)), None),
        (
            "Lead time",
            if is(Assumed::LeadTime) { lead } else { format!("{lead}, from: {}", st.lead_time_source) },
            is(Assumed::LeadTime).then_some("assumed"),
        ),
        ("Review", format!("every {}", crate::base::text::plural(st.review, period.name())), None),
        (
            "Cost per unit",
            if nothing_known { "unknown".into() } else { money(st.costs.unit) },
            is(Assumed::Cost).then_some(if nothing_known { "assumed" } else { "assumed share of the price" }),
        ),
        ("Price per unit", st.price.map_or_else(|| "unknown".into(), money), is(Assumed::Price).then_some("assumed")),
        ("A lost sale costs", money(st.costs.shortage), is(Assumed::Shortage).then_some("assumed margin")),
        (
            "Keeping a unit costs",
            format!("{currency}{} a {period}", crate::base::text::printed(st.costs.holding, 4)),
            nothing_known.then_some("assumed"),
        ),
        ("An order costs", money(st.costs.order), None),
        ("Pack and minimum", format!("{} and {}", units(st.pack.max(1.0)), units(st.minimum)), None),
        ("Keeps for", st.shelf_life.map_or_else(|| "ever".into(), |p| crate::base::text::plural(p, period.name())), None),
        ("Orders follow", rule, (!st.why.is_empty()).then_some(&*st.why)),
    ];
    eframe::egui::Grid::new("rests on").num_columns(2).spacing([gap::M, 4.0]).show(ui, |ui| {
        for (name, value, note) in facts {
            ui.label(RichText::new(name).color(t.weak));
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(value).color(if note.is_some() { t.assumed } else { t.text }));
                if let Some(n) = note {
                    ui.label(RichText::new(n).small().color(t.assumed));
                }
            });
            ui.end_row();
        }
    });
}

/// The moment at the end of simulated period `i`, or its number where there are no dates.
pub fn end_of(calendar: Option<&Calendar>, i: usize) -> f64 {
    calendar.map_or(i as f64 + 1.0, |c| widgets::plot::x_of(c.at(i as i64 + 1)))
}
