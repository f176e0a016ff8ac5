//! An offline map: land, coasts and borders of the world, places with labels, ways between them. Drag to move, Ctrl and the wheel or the buttons to zoom.
//!
//! Reading order: this file (what is shown and what is clicked), [`view`] (which part of the world), [`coast`] (the land), `ground` (what lies
//! below the places), `labels` (names that do not cover each other).

pub mod coast;
mod ground;
mod labels;
pub mod view;

use crate::app::theme;
use coast::{lat_of, lon_of};
use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Key, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};
use view::{View, round_below};

/// A place on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Name.
    pub name: String,
    /// Latitude, degrees.
    pub lat: f64,
    /// Longitude, degrees.
    pub lon: f64,
    /// Lines that say more, on hover.
    pub more: String,
    /// Where trips start.
    pub depot: bool,
    /// How much goes there; larger ones get their label first.
    pub weight: f64,
    /// Of the way that calls there; `None`: none does.
    pub color: Option<Color32>,
}

/// A way along places.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Places by index, in order.
    pub spots: Vec<usize>,
    /// Its number, written on it.
    pub number: usize,
    /// Its colour.
    pub color: Color32,
    /// What it is, on hover.
    pub more: String,
}

/// What was clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clicked {
    /// A place, by index.
    Spot(usize),
    /// A way, by index.
    Way(usize),
}

/// A map and what it shows.
#[derive(Default)]
pub struct MapState {
    view: View,
    /// What it was last fitted to.
    fitted: Option<u64>,
    ground: ground::Ground,
}

/// Distance from a way at which it is hit, points.
const NEAR: f32 = 6.0;

impl MapState {
    /// Show everything again in the next frame.
    pub const fn refit(&mut self) {
        self.fitted = None;
    }

    /// Draws it in the width there is. `key` tells when other places are shown, which fits the view to them; `chosen` is the way that stands out.
    pub fn ui(&mut self, ui: &mut Ui, height: f32, spots: &[Spot], ways: &[Way], chosen: Option<usize>, key: u64) -> Option<Clicked> {
        let size = vec2(ui.available_width().max(120.0), height);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
        let name = format!("Map of {}", crate::base::text::plural(spots.len(), "place"));
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, name.clone()));
        if self.fitted != Some(key) {
            self.fitted = Some(key);
            self.view = View::of(spots.iter().map(|s| (s.lat, s.lon)), size);
        }
        self.steer(ui, rect, &response);
        let t = theme::tokens(ui);
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        painter.rect_filled(rect, CornerRadius::same(6), t.sea);
        self.ground.paint(&painter, self.view, rect, coast::world(ui.ctx()), t);
        self.graticule(&painter, rect, t);
        let (mut clicked, mut kept) = self.ways(ui, &painter, rect, &response, spots, ways, chosen);
        kept.push(self.scale(rect).0);
        let on = chosen.and_then(|c| ways.get(c)).map(|w| w.spots.as_slice());
        if let Some(spot) = self.spots(ui, &painter, rect, spots, &kept, on) {
            clicked = Some(Clicked::Spot(spot));
        }
        self.scale_bar(&painter, rect, t);
        painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(1.0, t.line), StrokeKind::Inside);
        if response.has_focus() {
            painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(2.0, t.accent), StrokeKind::Inside);
        }
        self.buttons(ui, rect);
        clicked
    }

    /// Dragging, zooming and keys.
    fn steer(&mut self, ui: &Ui, rect: Rect, response: &Response) {
        if response.dragged() {
            self.view.pan(response.drag_delta());
        }
        if response.clicked() {
            response.request_focus();
        }
        if let Some(pointer) = response.hover_pos() {
            // Ctrl and the wheel, or two fingers; the wheel alone moves the page that the map stands in
            let factor = ui.input(|i| f64::from(i.zoom_delta()));
            if (factor - 1.0).abs() > 1e-6 {
                self.view.zoom(factor, rect, pointer);
            }
        }
        if response.double_clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            self.view.zoom(2.0, rect, pointer);
        }
        if response.has_focus() {
            ui.memory_mut(|m| {
                m.set_focus_lock_filter(
                    response.id,
                    egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..egui::EventFilter::default() },
                );
            });
            let pressed = |key: Key| ui.input(|i| i.key_pressed(key));
            if pressed(Key::Plus) || pressed(Key::Equals) {
                self.view.zoom(1.5, rect, rect.center());
            }
            if pressed(Key::Minus) {
                self.view.zoom(1.0 / 1.5, rect, rect.center());
            }
            for (key, by) in [
                (Key::ArrowLeft, vec2(60.0, 0.0)),
                (Key::ArrowRight, vec2(-60.0, 0.0)),
                (Key::ArrowUp, vec2(0.0, 60.0)),
                (Key::ArrowDown, vec2(0.0, -60.0)),
            ] {
                if pressed(key) {
                    self.view.pan(by);
                }
            }
        }
    }

    fn buttons(&mut self, ui: &mut Ui, rect: Rect) {
        let t = theme::tokens(ui);
        for (i, name) in ["Zoom in", "Zoom out", "Show all places"].into_iter().enumerate() {
            let at = Rect::from_min_size(pos2(rect.right() - 36.0, rect.top() + 8.0 + 32.0 * i as f32), vec2(28.0, 28.0));
            let response = ui.interact(at, ui.scope_id().with(("map button", i)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
            let edge = if response.hovered() || response.has_focus() { t.accent } else { t.line };
            let p = ui.painter();
            p.rect(at, CornerRadius::same(5), t.card, Stroke::new(1.0, edge), StrokeKind::Inside);
            let (c, ink) = (at.center(), Stroke::new(2.0, t.text));
            match i {
                0 | 1 => {
                    p.line_segment([c - vec2(6.0, 0.0), c + vec2(6.0, 0.0)], ink);
                    if i == 0 {
                        p.line_segment([c - vec2(0.0, 6.0), c + vec2(0.0, 6.0)], ink);
                    }
                }
                _ => {
                    // the corners of a frame
                    for (sx, sy) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
                        let corner = c + vec2(7.0 * sx, 6.0 * sy);
                        p.line_segment([corner, corner - vec2(4.0 * sx, 0.0)], Stroke::new(1.6, t.text));
                        p.line_segment([corner, corner - vec2(0.0, 4.0 * sy)], Stroke::new(1.6, t.text));
                    }
                }
            }
            if response.clicked() {
                match i {
                    0 => self.view.zoom(1.5, rect, rect.center()),
                    1 => self.view.zoom(1.0 / 1.5, rect, rect.center()),
                    _ => self.fitted = None,
                }
            }
            response.on_hover_text(name);
        }
    }

    fn graticule(&self, painter: &Painter, rect: Rect, t: &theme::Tokens) {
        let wanted = self.view.degrees_per_point() * 150.0;
        let step = if wanted >= 30.0 { 30.0 } else { round_below(wanted).max(0.001) };
        let digits = if step >= 1.0 { 0 } else { (-step.log10()).ceil() as usize };
        let (ink, font) = (Stroke::new(0.5, t.line), FontId::proportional(10.0));
        let ((west, north), (east, south)) = (self.view.under(rect, rect.left_top()), self.view.under(rect, rect.right_bottom()));
        let text = |v: f64, plus: &str, minus: &str| {
            let v = if v.abs() < step / 2.0 { 0.0 } else { v };
            let side = if v > 0.0 {
                plus
            } else if v < 0.0 {
                minus
            } else {
                ""
            };
            format!("{:.digits$}° {side}", v.abs()).trim_end().to_owned()
        };
        let degrees = |x: f64| (x - 0.5) * 360.0;
        let first = (degrees(west) / step).ceil() as i64;
        for i in (first..).take(60).take_while(|i| *i as f64 * step <= degrees(east)) {
            let lon = i as f64 * step;
            let x = self.view.at(rect, lon / 360.0 + 0.5, self.view.y).x;
            painter.vline(x, rect.y_range(), ink);
            let shown = lon_of(coast::x_of(lon));
            painter.text(pos2(x + 3.0, rect.top() + 2.0), Align2::LEFT_TOP, text(shown, "E", "W"), font.clone(), t.weak);
        }
        let (low, high) = (lat_of(south.min(1.0)), lat_of(north.max(0.0)));
        let first = (low / step).ceil() as i64;
        for i in (first..).take(60).take_while(|i| *i as f64 * step <= high) {
            let lat = i as f64 * step;
            let y = self.view.at(rect, self.view.x, coast::y_of(lat)).y;
            painter.hline(rect.x_range(), y, ink);
            if self.scale(rect).0.expand(2.0).y_range().contains(y) {
                continue;
            }
            painter.text(pos2(rect.left() + 4.0, y - 1.0), Align2::LEFT_BOTTOM, text(lat, "N", "S"), font.clone(), t.weak);
        }
    }

    /// Where the scale stands, and how many km it is.
    fn scale(&self, rect: Rect) -> (Rect, f64) {
        let per_point = self.view.km_per_point();
        let km = round_below(per_point * 120.0);
        let size = vec2((km / per_point) as f32 + 12.0, 26.0);
        (Rect::from_min_size(pos2(rect.left() + 8.0, rect.bottom() - 32.0), size), km)
    }

    fn scale_bar(&self, painter: &Painter, rect: Rect, t: &theme::Tokens) {
        let (back, km) = self.scale(rect);
        let (left, width, y) = (back.left() + 6.0, back.width() - 12.0, back.bottom() - 6.0);
        let text = if km >= 1.0 { format!("{} km", crate::base::text::grouped(km, 0)) } else { format!("{:.0} m", km * 1000.0) };
        painter.rect_filled(back, CornerRadius::same(4), t.card.gamma_multiply(0.8));
        let ink = Stroke::new(1.5, t.text);
        painter.line_segment([pos2(left, y), pos2(left + width, y)], ink);
        for x in [left, left + width] {
            painter.line_segment([pos2(x, y - 4.0), pos2(x, y)], ink);
        }
        painter.text(pos2(left + width / 2.0, y - 4.0), Align2::CENTER_BOTTOM, text, FontId::proportional(11.0), t.text);
    }

    /// The corners of a way on the screen, each the short way around the world from the one before.
    fn corners(&self, rect: Rect, spots: &[Spot], way: &Way) -> Vec<Pos2> {
        let mut before: Option<f64> = None;
        let corner = |s: &Spot| {
            let x = coast::x_of(s.lon);
            let near = before.unwrap_or(self.view.x);
            let x = x + (near - x).round();
            before = Some(x);
            self.view.at(rect, x, coast::y_of(s.lat))
        };
        way.spots.iter().filter_map(|i| spots.get(*i)).map(corner).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "what one map is made of")]
    fn ways(
        &self,
        ui: &Ui,
        painter: &Painter,
        rect: Rect,
        response: &Response,
        spots: &[Spot],
        ways: &[Way],
        chosen: Option<usize>,
    ) -> (Option<Clicked>, Vec<Rect>) {
        let t = theme::tokens(ui);
        let pointer = response.hover_pos();
        let places: Vec<Pos2> = spots.iter().map(|s| self.view.place(rect, s.lat, s.lon)).collect();
        let mut badges: Vec<Pos2> = Vec::new();
        let mut hit: Option<(f32, usize)> = None;
        let order = (0..ways.len()).filter(|i| Some(*i) != chosen).chain(chosen);
        for i in order {
            let Some(way) = ways.get(i) else { continue };
            let corners = self.corners(rect, spots, way);
            let strong = chosen.is_none() || chosen == Some(i);
            let color = if strong { way.color } else { way.color.gamma_multiply(0.35) };
            let width = if chosen == Some(i) { 3.5 } else { 2.0 };
            // ways over the same road stand beside each other
            let shift = ((way.number % 5) as f32 - 2.0) * 2.5;
            let mut badge: Option<(f32, Pos2, Pos2)> = None;
            for pair in corners.windows(2) {
                let &[a, b] = pair else { continue };
                let along = (b - a).normalized();
                let side = vec2(-along.y, along.x) * shift;
                let (a, b) = (a + side, b + side);
                painter.line_segment([a, b], Stroke::new(width, color));
                let length = (b - a).length();
                if badge.is_none_or(|(l, ..)| length > l) {
                    badge = Some((length, a, b));
                }
                if let Some(p) = pointer {
                    let at = ((p - a).dot(b - a) / (length * length).max(1e-6)).clamp(0.0, 1.0);
                    let distance = (a + (b - a) * at - p).length();
                    if distance < NEAR && hit.is_none_or(|(d, _)| distance < d) {
                        hit = Some((distance, i));
                    }
                }
            }
            if let Some((length, a, b)) = badge
                && strong
                && length > 26.0
            {
                // on its longest leg, where neither a place nor another number is
                let free = |p: &Pos2| places.iter().chain(&badges).all(|q| q.distance(*p) > 24.0);
                let along = [0.45, 0.32, 0.58, 0.2, 0.72, 0.84].map(|share| a + (b - a) * share);
                let at = along.into_iter().find(free).unwrap_or(a + (b - a) * 0.45);
                badges.push(at);
                painter.circle(at, 8.5, t.card, Stroke::new(1.5, color));
                painter.text(at, Align2::CENTER_CENTER, way.number.to_string(), FontId::proportional(10.5), t.text);
            }
        }
        let kept = badges.into_iter().map(|at| Rect::from_center_size(at, vec2(19.0, 19.0))).collect();
        let Some((_, i)) = hit else { return (None, kept) };
        if let Some(way) = ways.get(i) {
            response.clone().on_hover_text_at_pointer(&way.more);
        }
        (response.clicked().then_some(Clicked::Way(i)), kept)
    }

    fn spots(&self, ui: &Ui, painter: &Painter, rect: Rect, spots: &[Spot], kept: &[Rect], chosen: Option<&[usize]>) -> Option<usize> {
        let t = theme::tokens(ui);
        let mut clicked = None;
        let places: Vec<Pos2> = spots.iter().map(|s| self.view.place(rect, s.lat, s.lon)).collect();
        let seen = places.iter().filter(|p| rect.contains(**p)).count().max(1);
        let radius = (0.22 * (rect.area() / seen as f32).sqrt()).clamp(3.0, 6.0);
        for (i, (spot, at)) in spots.iter().zip(&places).enumerate() {
            if !rect.contains(*at) {
                continue;
            }
            let response = ui.interact(Rect::from_center_size(*at, vec2(18.0, 18.0)), ui.scope_id().with(("map spot", i)), Sense::click());
            let name = format!("{} {}", if spot.depot { "Depot" } else { "Stop" }, spot.name);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
            let thin = if radius < 5.0 { 1.0 } else { 1.5 };
            let edge = Stroke::new(if response.hovered() || response.has_focus() { 3.0 } else { thin }, t.card);
            if spot.depot {
                painter.rect(Rect::from_center_size(*at, vec2(13.0, 13.0)), CornerRadius::same(2), t.text, edge, StrokeKind::Outside);
            } else {
                // many places leave room for the ways between them; those without a way stand back
                let color = spot.color.unwrap_or(t.weak);
                let faded = chosen.is_some_and(|w| !w.contains(&i));
                let radius = if spot.color.is_none() { 0.6 * radius } else { radius };
                painter.circle(*at, radius, if faded { color.gamma_multiply(0.35) } else { color }, edge);
            }
            if response.clicked() {
                clicked = Some(i);
            }
            response.on_hover_text(format!("{name}\n{}\n{}", coordinates(spot.lat, spot.lon), spot.more));
        }
        labels::paint(painter, rect, spots, &places, kept, t);
        clicked
    }
}

/// `51.3811° N, 2.3590° W`.
pub fn coordinates(lat: f64, lon: f64) -> String {
    let side = |v: f64, plus: &str, minus: &str| format!("{:.4}° {}", v.abs(), if v < 0.0 { minus } else { plus });
    format!("{}, {}", side(lat, "N", "S"), side(lon, "E", "W"))
}
