//! What lies below the places: land, coasts, borders. Made anew only when the view moves.

use super::coast::{Kind, Piece, spans};
use super::view::View;
use crate::app::theme::Tokens;
use eframe::egui::{Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2};
use std::sync::Arc;

/// The ground of one view.
#[derive(Default)]
pub struct Ground {
    made_for: Option<(View, Rect, Tokens, bool)>,
    land: Arc<Mesh>,
    lines: Vec<Shape>,
}

impl Ground {
    /// Paints it; without a world there is only sea.
    pub fn paint(&mut self, painter: &Painter, view: View, rect: Rect, world: Option<&[Piece]>, t: &Tokens) {
        let wanted = (view, rect, *t, world.is_some());
        if self.made_for != Some(wanted) {
            self.made_for = Some(wanted);
            let world = world.unwrap_or_default();
            self.land = Arc::new(land(view, rect, world, t));
            self.lines = lines(view, rect, world, t);
        }
        painter.add(Shape::mesh(self.land.clone()));
        painter.extend(self.lines.iter().cloned());
    }
}

/// Copies of the world that a view sees, as the whole numbers to add to x.
fn copies(view: View, rect: Rect) -> std::ops::RangeInclusive<i64> {
    let (west, east) = (view.under(rect, rect.left_top()).0, view.under(rect, rect.right_bottom()).0);
    west.floor() as i64..=east.floor() as i64
}

/// Land as a strip for every row of points: exact by the even-odd rule, without taking the outlines apart into triangles.
fn land(view: View, rect: Rect, world: &[Piece], t: &Tokens) -> Mesh {
    let rows = rect.height().ceil() as usize;
    let (_, top) = view.under(rect, rect.left_top());
    let spans = spans(world, top, 1.0 / view.scale, rows);
    let mut mesh = Mesh::default();
    for copy in copies(view, rect) {
        let left = view.at(rect, copy as f64, view.y).x;
        for (r, row) in spans.iter().enumerate() {
            let y = rect.top() + r as f32;
            for span in row.chunks_exact(2) {
                let &[from, to] = span else { continue };
                let x = |v: f64| (f64::from(left) + v * view.scale).clamp(f64::from(rect.left()), f64::from(rect.right())) as f32;
                let (from, to) = (x(from), x(to));
                if to > from {
                    mesh.add_colored_rect(Rect::from_min_max(pos2(from, y), pos2(to, (y + 1.0).min(rect.bottom()))), t.land);
                }
            }
        }
    }
    mesh
}

/// Coasts and borders that are in sight, no finer than the screen shows.
fn lines(view: View, rect: Rect, world: &[Piece], t: &Tokens) -> Vec<Shape> {
    let ((west, north), (east, south)) = (view.under(rect, rect.left_top()), view.under(rect, rect.right_bottom()));
    let mut shapes = Vec::new();
    for copy in copies(view, rect) {
        let shift = copy as f64;
        for piece in world.iter().filter(|p| p.kind != Kind::Seam) {
            let [x0, y0, x1, y1] = piece.bounds.map(f64::from);
            if x1 + shift < west || x0 + shift > east || y1 < north || y0 > south || (x1 - x0).max(y1 - y0) * view.scale < 1.5 {
                continue;
            }
            let mut points: Vec<Pos2> = Vec::with_capacity(piece.points.len());
            for (i, [x, y]) in piece.points.iter().enumerate() {
                let p = view.at(rect, f64::from(*x) + shift, f64::from(*y));
                if i + 1 == piece.points.len() || points.last().is_none_or(|q| q.distance_sq(p) > 2.0) {
                    points.push(p);
                }
            }
            let stroke = if piece.kind == Kind::Coast { Stroke::new(1.0, t.weak.gamma_multiply(0.7)) } else { Stroke::new(0.8, t.line) };
            shapes.push(Shape::line(points, stroke));
        }
    }
    shapes
}
