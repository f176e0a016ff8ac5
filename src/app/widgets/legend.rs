//! What the colours of a plot mean, in a line above it, so that nothing covers the data.

use crate::app::theme::{self, gap};
use eframe::egui::{Color32, Rect, RichText, Role, Sense, Stroke, TextStyle, TextWrapMode, Ui, Vec2, WidgetInfo, WidgetText, pos2, vec2};

/// How a thing is drawn in a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A line.
    Line,
    /// A broken line.
    Dashed,
    /// An area between two lines.
    Band,
    /// Points.
    Dot,
}

/// A place of this size for a mark, with its name after it; both go to the next line together where there is no more room.
pub fn marked(ui: &mut Ui, size: Vec2, name: RichText) -> Rect {
    let said = name.text().to_owned();
    let galley = WidgetText::from(name).into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Body);
    let wide = size.x + gap::XS + galley.size().x;
    let (all, response) = ui.allocate_exact_size(vec2(wide, size.y.max(galley.size().y)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    let mark = Rect::from_center_size(pos2(all.left() + size.x / 2.0, all.center().y), size);
    ui.painter().galley(pos2(mark.right() + gap::XS, all.center().y - galley.size().y / 2.0), galley, ui.visuals().text_color());
    mark
}

/// A line of marks and their names.
pub fn legend(ui: &mut Ui, entries: &[(Mark, Color32, &str)]) {
    let t = theme::tokens(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::XS, 2.0);
        for (mark, color, name) in entries {
            let rect = marked(ui, vec2(18.0, 12.0), RichText::new(*name).small().color(t.weak));
            let (c, p) = (rect.center(), ui.painter());
            let (left, right) = (c - vec2(8.0, 0.0), c + vec2(8.0, 0.0));
            match mark {
                Mark::Line => {
                    p.line_segment([left, right], Stroke::new(2.0, *color));
                }
                Mark::Dashed => {
                    for x in [-8.0, -2.0, 4.0] {
                        p.line_segment([c + vec2(x, 0.0), c + vec2(x + 4.0, 0.0)], Stroke::new(2.0, *color));
                    }
                }
                Mark::Band => {
                    p.rect_filled(rect.shrink2(vec2(1.0, 2.0)), 2.0, *color);
                }
                Mark::Dot => {
                    p.circle_filled(c, 3.5, *color);
                }
            }
            ui.add_space(gap::S);
        }
    });
}
