//! Names of places that do not cover each other.

use super::Spot;
use crate::app::theme::Tokens;
use eframe::egui::{CornerRadius, FontId, Painter, Pos2, Rect, Vec2, vec2};

/// Most labels drawn: more could not be read.
const MOST: usize = 60;

/// Writes the names that find room beside each other and beside what is `kept` free: depots first, then by weight; what finds none keeps its
/// hover text.
pub fn paint(painter: &Painter, area: Rect, spots: &[Spot], places: &[Pos2], kept: &[Rect], t: &Tokens) {
    let mut order: Vec<usize> = (0..spots.len()).filter(|i| places.get(*i).is_some_and(|p| area.contains(*p))).collect();
    order.sort_by(|a, b| match (spots.get(*a), spots.get(*b)) {
        (Some(x), Some(y)) => y.depot.cmp(&x.depot).then(y.weight.total_cmp(&x.weight)),
        _ => a.cmp(b),
    });
    let mut taken: Vec<Rect> = places.iter().map(|p| Rect::from_center_size(*p, Vec2::splat(14.0))).collect();
    taken.extend_from_slice(kept);
    for i in order.into_iter().take(MOST) {
        let (Some(spot), Some(at)) = (spots.get(i), places.get(i)) else { continue };
        let galley = painter.layout_no_wrap(spot.name.clone(), FontId::proportional(12.0), t.text);
        let Some(rect) = room(*at, galley.size(), area, &taken) else { continue };
        taken.push(rect);
        painter.rect_filled(rect, CornerRadius::same(3), t.card.gamma_multiply(0.78));
        painter.galley(rect.min + vec2(3.0, 1.0), galley, t.text);
    }
}

/// Where a label fits beside its place: right, left, below, above, and the corners between.
fn room(at: Pos2, size: Vec2, area: Rect, taken: &[Rect]) -> Option<Rect> {
    let size = size + vec2(6.0, 2.0);
    let (x, y) = (size.x / 2.0 + 10.0, size.y / 2.0 + 9.0);
    [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (0.8, 1.0), (0.8, -1.0), (-0.8, 1.0), (-0.8, -1.0)]
        .into_iter()
        .map(|(sx, sy)| Rect::from_center_size(at + vec2(x * sx, y * sy), size))
        .find(|r| area.contains_rect(*r) && !taken.iter().any(|o| o.intersects(*r)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn labels_do_not_cover_each_other_or_leave_the_map() {
        let area = Rect::from_min_size(Pos2::ZERO, vec2(300.0, 200.0));
        let mut taken = Vec::new();
        for k in 0..12 {
            let at = pos2(150.0 + 3.0 * k as f32, 100.0);
            if let Some(r) = room(at, vec2(50.0, 14.0), area, &taken) {
                assert!(area.contains_rect(r) && taken.iter().all(|o: &Rect| !o.intersects(r)));
                taken.push(r);
            }
        }
        assert!(taken.len() >= 4, "{}", taken.len());
        let edge = room(pos2(295.0, 100.0), vec2(50.0, 14.0), area, &[]).unwrap();
        assert!(edge.right() < 295.0, "the label goes to the left at the right edge");
    }
}
