//! The report's charts drawn in the window, from the same data: fans, cost curves, maps of trips.

use super::legend::{Mark, legend};
use super::plot;
use crate::app::theme::{self, Tokens};
use crate::report::svg::{CurveChart, FanChart, RouteMap};
use eframe::egui::{self, Color32, RichText, Ui};
use egui_plot::{Line, MarkerShape, Plot, PlotPoints, Points, Span, VLine};

/// Height of a chart, points.
const HIGH: f32 = 230.0;

/// History and forecast with its bands.
pub fn fan(ui: &mut Ui, chart: &FanChart, id: &str) {
    let t = theme::tokens(ui);
    ui.label(RichText::new(&chart.title).strong());
    let mut marks = vec![(Mark::Line, t.past, "sold"), (Mark::Line, t.accent, "forecast")];
    marks.extend(chart.bands.iter().enumerate().map(|(i, b)| (Mark::Band, band_color(t, i), b.label.as_str())));
    if !chart.out_of_stock.is_empty() {
        marks.push((Mark::Band, Tokens::band(t.bad, 0.25), "out of stock"));
    }
    legend(ui, &marks);
    plot::dated(id, HIGH, &chart.unit).show(ui, |p| {
        for (a, b) in &chart.out_of_stock {
            p.span(Span::new("out of stock", plot::x_of(*a)..=plot::x_of(*b)).fill(Tokens::band(t.bad, 0.12)));
        }
        for (i, band) in chart.bands.iter().enumerate() {
            let xs: Vec<f64> = band.points.iter().map(|b| plot::x_of(b.0)).collect();
            let low: Vec<f64> = band.points.iter().map(|b| b.1).collect();
            let high: Vec<f64> = band.points.iter().map(|b| b.2).collect();
            p.add(plot::band(&band.label, &xs, &low, &high, band_color(t, i)));
        }
        let points = |v: &[(crate::base::Stamp, f64)]| v.iter().filter(|x| x.1.is_finite()).map(|(s, y)| [plot::x_of(*s), *y]).collect();
        p.line(plot::line("sold", points(&chart.history), t.past, 1.5));
        p.line(plot::line("forecast", points(&chart.forecast), t.accent, 2.0));
    });
}

/// Narrower bands lie over wider ones and are darker.
fn band_color(t: &Tokens, i: usize) -> Color32 {
    Tokens::band(t.accent, 0.16 + 0.1 * i as f32)
}

/// Cost against one choice.
pub fn curve(ui: &mut Ui, chart: &CurveChart, id: &str) {
    let t = theme::tokens(ui);
    ui.label(RichText::new(&chart.title).strong());
    let colors: [Color32; 4] = [t.text, t.bad, t.warn, t.accent];
    let color = |i: usize| colors.get(i % colors.len()).copied().unwrap_or(t.text);
    let mut marks: Vec<_> = chart.curves.iter().enumerate().map(|(i, (name, _))| (Mark::Line, color(i), name.as_str())).collect();
    marks.extend(chart.marks.iter().map(|m| (Mark::Line, t.good, m.label.as_str())));
    legend(ui, &marks);
    plot::curve(id, HIGH, &chart.x_label, &chart.unit).show(ui, |p| {
        for (i, (name, points)) in chart.curves.iter().enumerate() {
            let color = color(i);
            if points.iter().any(|q| q.half_width > 0.0) {
                let xs: Vec<f64> = points.iter().map(|q| q.x).collect();
                let low: Vec<f64> = points.iter().map(|q| q.y - q.half_width).collect();
                let high: Vec<f64> = points.iter().map(|q| q.y + q.half_width).collect();
                p.add(plot::band(&format!("{name} ±"), &xs, &low, &high, Tokens::band(color, 0.25)).allow_hover(false));
            }
            p.line(plot::line(name, points.iter().map(|q| [q.x, q.y]).collect(), color, if i == 0 { 2.0 } else { 1.2 }));
        }
        for m in &chart.marks {
            p.vline(VLine::new(m.label.clone(), m.x).color(t.good).width(1.5));
        }
    });
}

/// Stops and trips; straight lines stand for roads.
pub fn map(ui: &mut Ui, chart: &RouteMap, id: &str) {
    let t = theme::tokens(ui);
    ui.label(RichText::new(&chart.title).strong());
    let located: Vec<_> = chart.stops.iter().filter(|s| s.lat.is_finite() && s.lon.is_finite()).collect();
    let middle = located.iter().map(|s| s.lat).sum::<f64>() / located.len().max(1) as f64;
    let stretch = 1.0 / middle.to_radians().cos().max(0.1);
    let colors = [t.accent, t.warn, t.good, t.third, t.bad, t.past];
    let color = |i: usize| colors.get(i % colors.len()).copied().unwrap_or(t.accent);
    let marks: Vec<_> = chart.trips.iter().enumerate().map(|(i, trip)| (Mark::Line, color(i), trip.label.as_str())).collect();
    legend(ui, &marks);
    Plot::new(id.to_owned())
        .height(HIGH + 60.0)
        .data_aspect(stretch as f32)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .show_axes(false)
        .show_grid(false)
        .set_margin_fraction(egui::vec2(0.12, 0.12))
        .label_formatter(|hover| match hover {
            egui_plot::HoverPosition::NearDataPoint { plot_name, .. } => Some((*plot_name).to_owned()),
            egui_plot::HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, |p| {
            for (i, trip) in chart.trips.iter().enumerate() {
                let color = color(i);
                let points: Vec<[f64; 2]> =
                    trip.stops.iter().filter_map(|s| chart.stops.get(*s)).filter(|s| s.lat.is_finite()).map(|s| [s.lon, s.lat]).collect();
                p.line(Line::new(trip.label.clone(), PlotPoints::from(points)).color(color).width(1.6));
            }
            for s in located {
                let shape = if s.depot { MarkerShape::Square } else { MarkerShape::Circle };
                p.points(Points::new("", vec![[s.lon, s.lat]]).shape(shape).radius(4.5).color(t.text).allow_hover(false));
                p.text(
                    egui_plot::Text::new("", egui_plot::PlotPoint::new(s.lon, s.lat), RichText::new(format!(" {}", s.name)).color(t.text))
                        .anchor(egui::Align2::LEFT_BOTTOM)
                        .allow_hover(false),
                );
            }
        });
}
