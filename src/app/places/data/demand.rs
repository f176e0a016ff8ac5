//! Sales beside the demand estimated where shelves were empty, in total; and the switch that takes sales for demand.

use super::audit::{Labelled, Wish};
use crate::app::theme::{self, gap};
use crate::app::widgets::legend::{Mark, legend};
use crate::app::widgets::{self, plot};
use crate::base::text::{grouped, plural};
use crate::history::{History, Measured, censored};
use crate::project::Agreed;
use eframe::egui::{RichText, Ui};

/// Height of the plot, points.
const HEIGHT: f32 = 150.0;

/// Totals over all items, period by period.
pub struct Totals {
    /// Seconds since 1970 of each period's start as the plots have it, units sold, units estimated to have been wanted.
    points: Vec<(f64, f64, f64)>,
    /// Periods of items that were out of stock at times.
    censored: usize,
    /// All known periods of items.
    all: usize,
    /// The step, in words.
    period: &'static str,
}

/// Sums sales and estimated demand; `None` where nothing is known of empty shelves, or the file tells money.
pub fn totals(history: &History) -> Option<Totals> {
    if history.measured != Measured::Units || history.series.iter().all(|s| s.in_stock.is_none()) {
        return None;
    }
    let mut by_time = std::collections::BTreeMap::<i64, (f64, f64)>::new();
    let (mut short, mut all) = (0, 0);
    for s in &history.series {
        let calendar = s.calendar(history.period);
        let demand = censored::demand(s, history.period);
        for (t, (y, d)) in s.y.iter().zip(&demand).enumerate() {
            all += usize::from(y.is_finite());
            short += usize::from(s.in_stock.as_ref().and_then(|v| v.get(t)).is_some_and(|v| *v < 1.0));
            let sum = by_time.entry(calendar.at(t as i64).0).or_default();
            sum.0 += if y.is_finite() { *y } else { 0.0 };
            sum.1 += if d.is_finite() { *d } else { 0.0 };
        }
    }
    if short == 0 {
        return None;
    }
    let points = by_time.into_iter().map(|(at, (y, d))| (plot::x_of(crate::base::Stamp(at)), y, d)).collect();
    Some(Totals { points, censored: short, all, period: history.period.name() })
}

/// Draws it; returns the switch when it is turned.
pub fn ui(ui: &mut Ui, of: &Totals, agreed: &Agreed) -> Option<Labelled> {
    let t = theme::tokens(ui);
    let mut wish = None;
    widgets::section(ui, "Demand behind empty shelves");
    let (sold, wanted) = of.points.iter().fold((0.0, 0.0), |(a, b), p| (a + p.1, b + p.2));
    let text = format!(
        "Out of stock at times in {} of {} of an item: {} units were sold, about {} wanted",
        grouped(of.censored as f64, 0),
        plural(of.all, of.period),
        grouped(sold, 0),
        grouped(wanted, 0)
    );
    ui.label(RichText::new(text).color(t.weak));
    let mut estimate = !agreed.sales_are_demand;
    ui.horizontal_wrapped(|ui| {
        if ui
            .checkbox(&mut estimate, "Estimate demand where shelves were empty")
            .on_hover_text("Forecasts learn what was wanted, not what was left to sell. Off: sales are taken for demand")
            .changed()
        {
            let label = if estimate { "estimate demand where shelves were empty" } else { "take sales for demand" };
            wish = Some((label.to_owned(), Wish::SalesAreDemand(!estimate)));
        }
        ui.add_space(gap::M);
    });
    let color = if estimate { t.accent } else { t.weak };
    legend(ui, &[(Mark::Line, t.past, "sold"), (Mark::Dashed, color, "estimated demand")]);
    let sold: Vec<[f64; 2]> = of.points.iter().map(|p| [p.0, p.1]).collect();
    let wanted: Vec<[f64; 2]> = of.points.iter().map(|p| [p.0, p.2]).collect();
    plot::dated("demand", HEIGHT, &format!("units a {}", of.period)).include_y(0.0).show(ui, |p| {
        p.line(plot::line("estimated demand", wanted, color, 1.6).style(egui_plot::LineStyle::dashed_dense()));
        p.line(plot::line("sold", sold, t.past, 1.4));
    });
    wish
}
