//! What the colours of a plot mean, in a line above it, so that nothing covers the data.

use crate::app::theme::{self, gap};
use eframe::egui::{Color32, RichText, Sense, Stroke, Ui, vec2};

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

/// A line of marks and their names.
pub fn legend(ui: &mut Ui, entries: &[(Mark, Color32, &str)]) {
    let t = theme::tokens(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::XS, 2.0);
        for (mark, color, name) in entries {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 12.0), Sense::hover());
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
            ui.label(RichText::new(*name).small().color(t.weak));
            ui.add_space(gap::S);
        }
    });
}
