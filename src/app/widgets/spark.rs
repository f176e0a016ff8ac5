//! A small line in a table cell: the shape of the last periods, nothing else.

use crate::app::theme;
use eframe::egui::{Sense, Shape, Stroke, Ui, pos2, vec2};

/// Draws `values`, oldest first, `width` × `height` points, from zero up.
pub fn spark(ui: &mut Ui, values: &[f32], width: f32, height: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    if values.len() < 2 || !ui.is_rect_visible(rect) {
        return;
    }
    let t = theme::tokens(ui);
    let top = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let inner = rect.shrink2(vec2(1.0, 3.0));
    let step = inner.width() / (values.len() - 1) as f32;
    let points =
        values.iter().enumerate().map(|(i, v)| pos2(inner.left() + i as f32 * step, inner.bottom() - v.max(0.0) / top * inner.height()));
    ui.painter().add(Shape::line(points.collect(), Stroke::new(1.2, t.past)));
    if response.hovered() {
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        response.on_hover_text(format!("the last {} periods, from {low:.0} to {top:.0} units", values.len()));
    }
}
