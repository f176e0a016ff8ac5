//! Tiles side by side, as many as fit.

use super::{Tile, plot, tile_of};
use eframe::egui::{Align, Id, Layout, Ui, vec2};

/// Height of a tile with two lines below its figure, points.
const HEIGHT: f32 = 86.0;

/// Draws tiles at least `least` points wide, at most `most` in a row; the one clicked, by its position.
pub fn tiles(ui: &mut Ui, least: f32, most: usize, all: &[Tile<'_>]) -> Option<usize> {
    let (n, width) = plot::columns(ui, least, most);
    let mut clicked = None;
    // all are as high as the highest, which is known once they were drawn
    let id = Id::unique(("tiles", all.first().map_or("", |t| t.name)));
    let height = ui.data(|d| d.get_temp::<f32>(id)).unwrap_or(HEIGHT);
    let mut highest = HEIGHT;
    for (row, part) in all.chunks(n.max(1)).enumerate() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (i, one) in part.iter().enumerate() {
                ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                    let (response, natural) = tile_of(ui, width, height, one);
                    highest = highest.max(natural);
                    if response.clicked() {
                        clicked = Some(row * n + i);
                    }
                });
            }
        });
    }
    if highest.to_bits() != height.to_bits() {
        ui.data_mut(|d| d.insert_temp(id, highest));
        ui.ctx().request_repaint();
    }
    clicked
}
