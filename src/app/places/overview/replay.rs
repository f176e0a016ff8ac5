//! The opening sentence: what the last periods would have cost, ordered this way and by plain rules.

use super::Wish;
use super::behind::Figure;
use crate::app::format::{Money, percent};
use crate::app::jobs::Key;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::toasts::sentence;
use crate::app::widgets::bars::bars;
use crate::base::text::plural;
use crate::report::svg::{BarChart, BarGroup};
use crate::scenario::ReplayOutcome;
use eframe::egui::{RichText, Sense, Ui};

/// The rules as the place names them, in the order of the results.
const RULES: [&str; 3] = ["Stockcast", "Your weeks of cover", "Seasonal rule"];

/// What the plain rules are.
const WHAT: &str = "Every rule lives the same past again: at each review it knows only what was known then, starts from the same stock, and meets the \
demand that really came.\n\nYour weeks of cover: order up to last year's demand of the coming weeks, one and a half times lead time and review.\n\n\
Seasonal rule: last year's demand over lead time and review plus a safety stock from how far last year was off (seasonal naive + z·σ·√(L+R)).\n\n\
The interval resamples the items: it says how far the result rests on a few of them.";

/// Draws it.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        match &s.replay {
            Some(Ok(r)) => found(ui, cx, r, wish),
            Some(Err(problems)) => {
                ui.label(RichText::new("Your past cannot be lived again").text_style(theme::section()).strong());
                for d in problems.iter().take(2) {
                    let fix = crate::app::remedy::fix(d).map_or_else(String::new, |f| format!("; {f}"));
                    ui.label(RichText::new(format!("{}{fix}", sentence(&d.message))).color(t.weak));
                }
            }
            None => {
                ui.label(RichText::new("What would your past have cost, ordered this way?").text_style(theme::section()).strong());
                let text = if s.inputs.history.is_none() {
                    "This scenario has a demand distribution and no sales, so there is no past to live again"
                } else if cx.running(Key::Replay) {
                    "Living your last periods again, item by item: the answer stands here in a moment"
                } else {
                    "The answer stands here once every item is forecast and simulated"
                };
                ui.label(RichText::new(text).color(t.weak));
            }
        }
    });
}

fn found(ui: &mut Ui, cx: &Cx<'_>, r: &ReplayOutcome, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    let money = &s.money;
    let period = s.outcome.as_ref().map_or("period", |o| o.period.name());
    let [ours, cover, naive] = &r.result.sums;
    let saved = &r.result.saved_against_cover;
    let wide = ui.available_width() > 820.0;
    let chart_width = 360.0;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(if wide { ui.available_width() - chart_width - gap::L } else { ui.available_width() });
            ui.label(RichText::new(headline(money, saved.sum, saved.low, saved.high)).text_style(theme::section()).strong());
            ui.label(format!(
                "The last {} ordered this way would have cost {}; keeping your weeks of cover {}. The difference is {}{}.",
                plural(r.periods, period),
                money.text(ours.total_cost),
                money.text(cover.total_cost),
                money.text(saved.sum),
                between(money, saved.low, saved.high, r.items.len()),
            ));
            let other = &r.result.saved_against_naive;
            let skipped = if r.skipped > 0 { format!("; {} too young to take part", plural(r.skipped, "item")) } else { String::new() };
            ui.label(
                RichText::new(format!(
                    "Against the seasonal rule ({}): {}{}. Served at once: {} here, {} and {} under the plain rules{skipped}",
                    money.text(naive.total_cost),
                    money.text(other.sum),
                    between(money, other.low, other.high, r.items.len()),
                    percent(ours.fill_rate()),
                    percent(cover.fill_rate()),
                    percent(naive.fill_rate()),
                ))
                .color(t.weak),
            );
            if let Some(o) = &r.own {
                ui.label(format!(
                    "Beside your own record of {}: as you ordered {}, this way {}; a difference of {}{}",
                    plural(o.items, "item"),
                    money.text(o.recorded.total_cost),
                    money.text(o.stockcast.total_cost),
                    money.text(o.saved.sum),
                    between(money, o.saved.low, o.saved.high, o.items),
                ))
                .on_hover_text("From receipts, sales and today's stock, where they add up; both start from the stock and open orders of then. What empty shelves kept from being sold is estimated from the forecasts of then, the same for both");
            }
            ui.add_space(gap::XS);
            ui.horizontal_wrapped(|ui| {
                if ui.button("Open the replay table").on_hover_text("What each rule would have cost, item by item").clicked() {
                    *wish = Some(Wish::Behind(Figure::Replay));
                }
                ui.add(eframe::egui::Label::new(RichText::new("What are the plain rules").color(t.accent).underline()).sense(Sense::hover()))
                    .on_hover_text(WHAT);
                if s.replay_revision != s.project.revision() {
                    ui.label(RichText::new("found before your last edit").color(t.warn));
                }
                if r.stocked.iter().any(|x| x.assumed.contains(&crate::scenario::resolve::Assumed::Cost)) {
                    ui.label(RichText::new("rests partly on assumed costs").color(t.assumed))
                        .on_hover_text("Costs that no file gives are taken as a share of the price; give them in Data");
                }
            });
        });
        if wide {
            ui.vertical(|ui| {
                ui.set_width(chart_width);
                bars(ui, &chart(r, money, period), true);
            });
        }
    });
}

/// ` with 95 % between 10 and 30 over items`; of a single item there is nothing to resample, and so no interval.
fn between(money: &Money, low: f64, high: f64, items: usize) -> String {
    if items > 1 {
        format!(" with 95 % between {} and {} over items", money.text(low), money.text(high))
    } else {
        ", of one item, which says nothing of chance".to_owned()
    }
}

/// What the result means, in one line; honest where the rule lost or nothing is sure.
fn headline(money: &Money, sum: f64, low: f64, high: f64) -> String {
    if low > 0.0 {
        format!("Ordering this way would have saved {}", money.text(sum))
    } else if high < 0.0 {
        format!("Keeping your weeks of cover would have been {} cheaper than this way", money.text(-sum))
    } else if sum >= 0.0 {
        format!("No clear difference to your weeks of cover: {} saved, but it could as well be nothing", money.text(sum))
    } else {
        format!("No clear difference to your weeks of cover: {} dearer, but it could as well be nothing", money.text(-sum))
    }
}

fn chart(r: &ReplayOutcome, money: &Money, period: &str) -> BarChart {
    BarChart {
        title: String::new(),
        unit: format!("{} in {}", if money.currency.is_empty() { "money" } else { &money.currency }, plural(r.periods, period)),
        series: vec!["stockouts".into(), "overstock".into(), "ordering".into()],
        groups: RULES
            .iter()
            .zip(&r.result.sums)
            .map(|(n, x)| BarGroup {
                label: (*n).into(),
                values: vec![x.stockout_cost, x.overstock_cost, x.ordering_cost],
                half_width: None,
            })
            .collect(),
        stacked: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_called_a_loss() {
        let m = Money { currency: "GBP".into() };
        assert_eq!(headline(&m, 500.0, 100.0, 900.0), "Ordering this way would have saved GBP\u{a0}500");
        assert!(headline(&m, -500.0, -900.0, -100.0).contains("GBP\u{a0}500 cheaper than this way"));
        assert_eq!(between(&m, -100.0, 900.0, 2), " with 95 % between GBP\u{a0}−100 and GBP\u{a0}900 over items");
        assert!(between(&m, 500.0, 500.0, 1).contains("nothing of chance"));
        assert!(headline(&m, 500.0, -100.0, 900.0).starts_with("No clear difference"));
        assert!(headline(&m, -5.0, -10.0, 9.0).contains("dearer"));
    }
}
