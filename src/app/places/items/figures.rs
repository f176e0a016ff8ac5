//! The item's simulated figures: as things stand, under the sliders, and the difference on the same random draws.

use super::answers::Answers;
use crate::app::format::{Money, like, percent, units};
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::base::Measure;
use crate::base::text::printed;
use crate::inventory::Measures;
use crate::scenario::SeriesOutcome;
use eframe::egui::{Align, Color32, Grid, Layout, RichText, Ui, vec2};

/// How a figure is written.
#[derive(Clone, Copy)]
enum Kind {
    Money,
    Share,
    Units,
}

/// Name, what it means, how it is written, where it is found.
type Figure = (&'static str, &'static str, Kind, fn(&Measures) -> Measure);

const FIGURES: [Figure; 9] = [
    ("Total cost", "Stockout, overstock and ordering cost over the horizon", Kind::Money, |m| m.total_cost),
    ("Stockout cost", "Margin lost on demand that finds no stock, and expediting", Kind::Money, |m| m.stockout_cost),
    ("Overstock cost", "Holding, write-off and markdown", Kind::Money, |m| m.overstock_cost),
    ("Ordering cost", "Fixed cost of orders", Kind::Money, |m| m.ordering_cost),
    ("Fill rate", "Share of demand served from stock at once", Kind::Share, |m| m.fill_rate),
    ("Cycle service", "Share of times between deliveries without a stockout", Kind::Share, |m| m.cycle_service),
    ("Average stock", "Units on hand at the ends of periods", Kind::Units, |m| m.average_on_hand),
    ("Orders", "Order lines over the horizon", Kind::Units, |m| m.orders),
    ("Expediting", "What emergency orders cost above list cost, part of the stockout cost", Kind::Money, |m| m.expediting_cost),
];

/// Draws the figures.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, now: &SeriesOutcome, answers: &Answers) {
    let t = theme::tokens(ui);
    let assumed = cx.session.row(&now.stocked.unique_id).is_some_and(|r| r.money_assumed);
    let money = &cx.session.money;
    let pair = answers.is_moved().then(|| answers.present.as_deref().zip(answers.what_if.as_deref())).flatten();
    let waiting = answers.is_moved() && answers.is_waiting();
    ui.add_space(gap::S);
    let columns = if pair.is_some() { 4 } else { 3 };
    // the names take what they need, the figures share the rest: never more than there is, which would push the list aside
    let width = ((ui.available_width() - 108.0) / (columns as f32 - 1.0) - gap::S).clamp(40.0, 170.0);
    let right = |ui: &mut Ui, text: String, color: Color32| flush(ui, width, |ui| ui.label(RichText::new(text).color(color)));
    let grid = Grid::new(("figures", columns)).num_columns(columns).min_col_width(0.0);
    let heads: &[&str] = if pair.is_some() { &["Now", "What if", "Difference"] } else { &["Mean", "8 of 10 futures"] };
    grid.spacing([gap::S, 3.0]).striped(true).show(ui, |ui| {
        ui.label(RichText::new("Over the horizon").small().color(t.weak));
        for (i, h) in heads.iter().enumerate() {
            let hover = match (pair.is_some(), i) {
                (true, 0) => "As things stand, from the same quick answer as what if",
                (true, 1) => "Under what the sliders say; a quick answer: keep it, and it is computed in full",
                (true, _) => "With its 95 % error where both were simulated on the same random draws",
                (false, 0) => "Mean over the replications, ± its 95 % half-width: the simulation's own error",
                _ => "From the 10 % to the 90 % quantile of the simulated futures",
            };
            right(ui, (*h).to_owned(), t.weak).on_hover_text(hover);
        }
        ui.end_row();
        let a_all = &pair.map_or(now, |(a, _)| a).stock;
        let expedited = pair.map_or_else(|| vec![now], |(a, b)| vec![a, b]).iter().any(|s| s.stocked.extras.expedite.is_some());
        for (i, (name, meaning, kind, of)) in FIGURES.iter().enumerate().filter(|(i, _)| expedited || i + 1 < FIGURES.len()) {
            ui.label(*name).on_hover_text(*meaning);
            let a = of(&a_all.outcome.measures);
            let color = if assumed && matches!(kind, Kind::Money) { t.assumed } else { t.text };
            match pair {
                None => {
                    flush(ui, width, |ui| {
                        ui.spacing_mut().item_spacing.x = gap::XS;
                        ui.label(RichText::new(half_width(*kind, &a)).color(t.weak));
                        ui.label(RichText::new(text(money, *kind, a.mean)).color(color));
                    });
                    right(ui, format!("{} to {}", text_bare(*kind, a.p10), text_bare(*kind, a.p90)), t.weak);
                }
                Some((present, other)) => {
                    let b = of(&other.stock.outcome.measures);
                    right(ui, text(money, *kind, a.mean), color).on_hover_text(half_width(*kind, &a));
                    right(ui, text(money, *kind, b.mean), if waiting { t.weak } else { color }).on_hover_text(half_width(*kind, &b));
                    let (x, y) = (&present.stock.outcome, &other.stock.outcome);
                    let paired = match i {
                        0 => difference(&x.total_cost_by_replication, &y.total_cost_by_replication),
                        1 => difference(&x.stockout_cost_by_replication, &y.stockout_cost_by_replication),
                        _ => None,
                    };
                    change(ui, *kind, b.mean - a.mean, paired, i, waiting, width);
                }
            }
            ui.end_row();
        }
        order_row(ui, now, pair, waiting, width);
    });
}

/// A cell with what is in it at its right.
fn flush<R>(ui: &mut Ui, width: f32, inside: impl FnOnce(&mut Ui) -> R) -> R {
    let cell = |ui: &mut Ui| {
        ui.set_min_width(width);
        inside(ui)
    };
    ui.allocate_ui_with_layout(vec2(width, 22.0), Layout::right_to_left(Align::Center), cell).inner
}

/// What to order now, beside what would be ordered under the sliders.
fn order_row(ui: &mut Ui, now: &SeriesOutcome, pair: Option<(&SeriesOutcome, &SeriesOutcome)>, waiting: bool, width: f32) {
    let t = theme::tokens(ui);
    let quantity = |s: &SeriesOutcome| s.stock.advice.as_ref().map_or(0.0, |a| a.quantity);
    let right = |ui: &mut Ui, text: String, color: Color32| {
        flush(ui, width, |ui| ui.label(RichText::new(text).color(color)));
    };
    ui.label("Order now").on_hover_text("Units advised to order now");
    match pair {
        None => right(ui, units(quantity(now)), t.text),
        Some((a, b)) => {
            right(ui, units(quantity(a)), t.text);
            right(ui, units(quantity(b)), if waiting { t.weak } else { t.text });
            change(ui, Kind::Units, quantity(b) - quantity(a), None, usize::MAX, waiting, width);
        }
    }
    ui.end_row();
}

/// A difference with its sign; green where it is for the better, orange where for the worse, plain where neither is clear.
fn change(ui: &mut Ui, kind: Kind, d: f64, paired: Option<Measure>, figure: usize, waiting: bool, width: f32) {
    let t = theme::tokens(ui);
    let small = match kind {
        Kind::Share => 0.0005,
        _ => 0.005,
    };
    let certain = paired.is_none_or(|m| d.abs() > m.half_width);
    // less cost is better, more service is better; stock and orders are neither
    let better = match figure {
        0..=3 => -d,
        4 | 5 => d,
        _ => 0.0,
    };
    let color = match better {
        _ if waiting || d.abs() < small || !certain => t.weak,
        b if b > 0.0 => t.good,
        b if b < 0.0 => t.bad,
        _ => t.text,
    };
    let sign = if d > 0.0 { "+" } else { "" };
    let mut text = if d.abs() < small { "no change".to_owned() } else { format!("{sign}{}", text_bare(kind, d)) };
    if let Some(m) = paired.filter(|_| d.abs() >= small) {
        text = format!("{text} ± {}", text_bare(kind, m.half_width));
    }
    flush(ui, width, |ui| {
        let label = ui.label(RichText::new(text).color(color));
        if !certain {
            label.on_hover_text("smaller than the simulation's own error");
        }
    });
}

/// Mean and error of the differences by replication.
fn difference(a: &[f64], b: &[f64]) -> Option<Measure> {
    (!a.is_empty() && a.len() == b.len()).then(|| Measure::from_values(&b.iter().zip(a).map(|(x, y)| x - y).collect::<Vec<_>>()))
}

fn text(money: &Money, kind: Kind, x: f64) -> String {
    match kind {
        Kind::Money => money.text(x),
        other => text_bare(other, x),
    }
}

fn text_bare(kind: Kind, x: f64) -> String {
    match kind {
        Kind::Money => printed(x, if x.abs() < 99.995 && x != 0.0 { 2 } else { 0 }),
        Kind::Share => percent(x),
        Kind::Units => units((x * 10.0).round() / 10.0),
    }
}

fn half_width(kind: Kind, m: &Measure) -> String {
    // what comes out the same every time has no error to speak of
    if m.half_width == 0.0 {
        return String::new();
    }
    if !m.half_width.is_finite() {
        return "± unknown".to_owned();
    }
    match kind {
        // as many decimals as its mean has
        Kind::Money => format!("± {}", like(m.mean, m.half_width)),
        _ => format!("± {}", text_bare(kind, m.half_width)),
    }
}
