//! Money by the week in which it is due.

use super::lines::Due;
use crate::app::format::Money;
use crate::app::theme;
use crate::app::widgets::plot;
use crate::base::Stamp;
use eframe::egui::Ui;
use egui_plot::{Bar, BarChart, Legend};

/// Draws it.
pub fn ui(ui: &mut Ui, due: &[Due], money: &Money, height: f32) {
    let t = theme::tokens(ui);
    let unit = if money.currency.is_empty() { "money" } else { &money.currency };
    let bars =
        |value: fn(&Due) -> f64| due.iter().filter(|d| value(d) > 0.0).map(|d| Bar::new(middle(d.week), value(d)).width(5.0)).collect();
    let tell = |name: &'static str, money: Money| {
        Box::new(move |b: &Bar, _: &BarChart| {
            format!("{name}, due in the week from {}\n{}", plot::stamp_of(b.argument - 3.0).iso(), money.text(b.value))
        })
    };
    let approved = BarChart::new("approved", bars(|d| d.approved)).color(t.good).element_formatter(tell("approved", money.clone()));
    let advised = BarChart::new("advised", bars(|d| d.advised))
        .color(t.accent)
        .element_formatter(tell("advised", money.clone()))
        .stack_on(&[&approved]);
    let span = (due.first(), due.last());
    plot::dated("cash by week", height, unit)
        .legend(Legend::default())
        .include_y(0.0)
        .include_x(span.0.map_or(0.0, |d| middle(d.week) - 6.0))
        .include_x(span.1.map_or(0.0, |d| middle(d.week) + 6.0))
        .show(ui, |p| {
            p.bar_chart(approved);
            p.bar_chart(advised);
        });
}

/// The Thursday, so that a bar stands over its week.
fn middle(week: Stamp) -> f64 {
    plot::x_of(week) + 3.0
}
