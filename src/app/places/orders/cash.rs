//! Money by the week in which it is due.

use super::lines::Due;
use crate::app::format::Money;
use crate::app::theme;
use crate::app::widgets::plot;
use crate::base::Stamp;
use eframe::egui::Ui;
use egui_plot::{Bar, BarChart, GridMark};

/// Draws it.
pub fn ui(ui: &mut Ui, due: &[Due], money: &Money, height: f32) {
    let t = theme::tokens(ui);
    let unit = if money.currency.is_empty() { "money" } else { &money.currency };
    // each bar stands on what the week has already; `stack_on` goes by position in the list, and a week may have either alone
    let bars = |value: fn(&Due) -> f64, below: fn(&Due) -> f64| {
        due.iter().filter(|d| value(d) > 0.0).map(|d| Bar::new(middle(d.week), value(d)).width(5.0).base_offset(below(d))).collect()
    };
    let tell = |name: &'static str, money: Money| {
        Box::new(move |b: &Bar, _: &BarChart| {
            format!("{name}, due in the week from {}\n{}", plot::stamp_of(b.argument - 3.0).iso(), money.text(b.value))
        })
    };
    let approved =
        BarChart::new("approved", bars(|d| d.approved, |_| 0.0)).color(t.good).element_formatter(tell("approved", money.clone()));
    let advised =
        BarChart::new("advised", bars(|d| d.advised, |d| d.approved)).color(t.accent).element_formatter(tell("advised", money.clone()));
    let span = (due.first(), due.last());
    let most = due.iter().map(|d| d.approved + d.advised).fold(1.0, f64::max);
    let step = round_step(most / 2.0);
    // a mark under every bar that is far enough from the last marked one for its date
    let apart = span.0.zip(span.1).map_or(0.0, |(a, b)| (middle(b.week) - middle(a.week) + 12.0) / 9.0);
    let weeks = due.iter().fold(Vec::new(), |mut weeks: Vec<f64>, d| {
        if weeks.last().is_none_or(|last| middle(d.week) - last >= apart) {
            weeks.push(middle(d.week));
        }
        weeks
    });
    plot::dated("cash by week", height, unit)
        .x_grid_spacer(move |_| weeks.iter().map(|x| GridMark { value: *x, step_size: 60.0 }).collect())
        .x_axis_formatter(|mark, _| plot::stamp_of(mark.value - 3.0).iso())
        // none above the plot: its label would stand in the text over it
        .y_grid_spacer(move |g| {
            let marks = (0..4).map(|i| GridMark { value: step * f64::from(i), step_size: 2.0 * step });
            marks.filter(|m| m.value <= g.bounds.1).collect()
        })
        .show_grid([false, true])
        .include_y(0.0)
        .include_x(span.0.map_or(0.0, |d| middle(d.week) - 6.0))
        .include_x(span.1.map_or(0.0, |d| middle(d.week) + 6.0))
        .show(ui, |p| {
            p.bar_chart(approved);
            p.bar_chart(advised);
        });
}

/// A step of 1, 2 or 5 times a power of ten, no longer than `wanted`.
fn round_step(wanted: f64) -> f64 {
    let power = 10f64.powf(wanted.max(1e-6).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|s| *s <= wanted * 1.000_001).unwrap_or(power)
}

/// The Thursday, so that a bar stands over its week.
fn middle(week: Stamp) -> f64 {
    plot::x_of(week) + 3.0
}
