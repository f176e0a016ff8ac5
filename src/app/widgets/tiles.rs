//! Tiles side by side, as many as fit.

use super::{Tile, plot, tile};
use eframe::egui::{Align, Layout, Ui, vec2};

/// Draws tiles at least `least` points wide, at most `most` in a row; the one clicked, by its position.
pub fn tiles(ui: &mut Ui, least: f32, most: usize, all: &[Tile<'_>]) -> Option<usize> {
    let (n, width) = plot::columns(ui, least, most);
    let mut clicked = None;
    for (row, part) in all.chunks(n.max(1)).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (i, one) in part.iter().enumerate() {
                ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                    if tile(ui, width, one).clicked() {
                        clicked = Some(row * n + i);
                    }
                });
            }
        });
    }
    clicked
}
