//! Horizontal bars with their names, values and whiskers, drawn from the same data as the report's.

use crate::app::format::short;
use crate::app::theme::{self, Tokens, gap};
use crate::base::text::printed;
use crate::report::svg::{BarChart, BarGroup};
use eframe::egui::{Align2, Color32, FontId, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};

/// Height of a bar.
const BAR: f32 = 18.0;

/// The colours of parts, in their order: loss, surplus, effort, the rest.
pub fn part_color(t: &Tokens, i: usize) -> Color32 {
    [t.bad, t.warn, t.accent, t.third, t.stock, t.past].get(i % 6).copied().unwrap_or(t.accent)
}

/// Draws a chart over the whole width; `narrow` gives names less room. Values stand beside the bars and, by part, in the hover text.
pub fn bars(ui: &mut Ui, chart: &BarChart, narrow: bool) {
    let t = theme::tokens(ui);
    if !chart.title.is_empty() {
        ui.label(RichText::new(&chart.title).strong());
    }
    if chart.series.len() > 1 {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = gap::XS;
            for (i, name) in chart.series.iter().enumerate() {
                let (rect, _) = ui.allocate_exact_size(vec2(11.0, 11.0), Sense::hover());
                ui.painter().rect_filled(rect, 2.0, part_color(t, i));
                ui.label(RichText::new(name).small().color(t.weak));
                ui.add_space(gap::S);
            }
            ui.label(RichText::new(&chart.unit).small().color(t.weak));
        });
    }
    let total = |g: &BarGroup| g.values.iter().filter(|v| v.is_finite()).sum::<f64>();
    let reach = |g: &BarGroup| total(g).abs() + g.half_width.filter(|h| h.is_finite()).unwrap_or(0.0);
    let top = chart.groups.iter().map(reach).fold(f64::MIN_POSITIVE, f64::max);
    let decimals = decimals(chart.groups.iter().map(total));
    let room = ui.available_width();
    let names = if narrow { (room * 0.36).min(136.0) } else { (room * 0.34).min(320.0) };
    let scale = f64::from((room - names - 78.0).max(40.0)) / top;
    for g in &chart.groups {
        let (rect, response) = ui.allocate_exact_size(vec2(room, BAR + 4.0), Sense::hover());
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let painter = ui.painter_at(rect);
        let mut job = eframe::egui::text::LayoutJob::simple_singleline(g.label.clone(), FontId::proportional(13.0), t.text);
        job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(names - 8.0);
        let galley = painter.layout_job(job);
        painter.galley(pos2(rect.left() + names - 8.0 - galley.size().x, rect.center().y - galley.size().y / 2.0), galley, t.text);
        let left = rect.left() + names;
        let mut x = left;
        for (i, v) in g.values.iter().enumerate().filter(|(_, v)| v.is_finite() && **v > 0.0) {
            let w = (v * scale) as f32;
            let bar = Rect::from_min_size(pos2(x, rect.center().y - BAR / 2.0 + 1.0), vec2(w.max(1.0), BAR - 2.0));
            painter.rect_filled(bar, 1.0, if chart.series.len() > 1 { part_color(t, i) } else { t.accent });
            x += w;
        }
        let mut end = x;
        if let Some(h) = g.half_width.filter(|h| h.is_finite() && *h > 0.0) {
            let w = (h * scale) as f32;
            let y = rect.center().y;
            painter.line_segment([pos2((x - w).max(left), y), pos2(x + w, y)], Stroke::new(1.0, t.text));
            end = x + w;
        }
        painter.text(pos2(end + 6.0, rect.center().y), Align2::LEFT_CENTER, value(total(g), decimals), FontId::proportional(13.0), t.text);
        let hover = || {
            let mut text = g.label.clone();
            for (i, v) in g.values.iter().enumerate() {
                let name = chart.series.get(i).map_or("", String::as_str);
                text.push_str(&format!("\n{name} {}", short(*v)));
            }
            if let Some(h) = g.half_width {
                text.push_str(&format!("\ntotal {} ± {}", short(total(g)), short(h)));
            }
            format!("{text}\n{}", chart.unit)
        };
        if response.hovered() {
            response.on_hover_text(hover());
        }
    }
}

/// Decimals that fit all of these: values beside each other have one form. `None`: too large to stand in full.
fn decimals(values: impl Iterator<Item = f64>) -> Option<usize> {
    let values: Vec<f64> = values.filter(|v| v.is_finite()).collect();
    let top = values.iter().fold(0.0, |a: f64, v| a.max(v.abs()));
    let whole = values.iter().all(|v| v.fract() == 0.0);
    match top {
        t if t >= 99_999.5 => None,
        t if whole || t >= 99.95 => Some(0),
        t if t >= 1.0 => Some(1),
        _ => Some(2),
    }
}

fn value(x: f64, decimals: Option<usize>) -> String {
    decimals.map_or_else(|| short(x), |d| printed(x, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_beside_each_other_have_one_form() {
        let form = |v: &[f64]| v.iter().map(|x| value(*x, decimals(v.iter().copied()))).collect::<Vec<_>>();
        assert_eq!(form(&[30.0, 15.8, 6.18]), ["30.0", "15.8", "6.2"]);
        assert_eq!(form(&[5448.2, 9470.1, 17_642.0]), ["5,448", "9,470", "17,642"]);
        assert_eq!(form(&[3.0, 12.0]), ["3", "12"]);
        assert_eq!(form(&[1_200_000.0, 40_000.0]), ["1.20M", "40,000"]);
        assert_eq!(form(&[0.5, 0.123]), ["0.50", "0.12"]);
    }
}
