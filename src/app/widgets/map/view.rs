//! What part of the world a map shows.

use super::coast::{lat_of, x_of, y_of};
use eframe::egui::{Pos2, Rect, Vec2, pos2};

/// Mean circumference at the equator of the sphere that Web Mercator unrolls, km.
const AROUND_KM: f64 = 40_075.017;
/// Points per world: everything on one screen, and a few metres a point.
const SCALES: (f64, f64) = (300.0, 2e7);

/// The middle of the map, in units of the Web Mercator square (x may go on around the world), and how large the square is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Middle, from west to east.
    pub x: f64,
    /// Middle, from north to south.
    pub y: f64,
    /// Width of the whole world, points.
    pub scale: f64,
}

impl Default for View {
    fn default() -> Self {
        Self { x: 0.5, y: 0.4, scale: 700.0 }
    }
}

impl View {
    /// A view that shows all places (latitude, longitude in degrees) in an area, the short way around the world; one place with some 50 km around it.
    pub fn of(places: impl IntoIterator<Item = (f64, f64)>, size: Vec2) -> Self {
        let (mut xs, mut ys): (Vec<f64>, Vec<f64>) = places.into_iter().map(|(lat, lon)| (x_of(lon), y_of(lat))).unzip();
        if xs.is_empty() {
            return Self { scale: f64::from(size.x).max(SCALES.0), ..Self::default() };
        }
        xs.sort_by(f64::total_cmp);
        ys.sort_by(f64::total_cmp);
        let (first, last) = (xs.first().copied().unwrap_or(0.5), xs.last().copied().unwrap_or(0.5));
        // the widest gap between neighbours around the world stays out of sight
        let (mut west, mut width, mut gap) = (first, last - first, 1.0 - (last - first));
        for pair in xs.windows(2) {
            if let [a, b] = pair
                && b - a > gap
            {
                (west, width, gap) = (*b, 1.0 - (b - a), b - a);
            }
        }
        let (north, south) = (ys.first().copied().unwrap_or(0.5), ys.last().copied().unwrap_or(0.5));
        let y = (north + south) / 2.0;
        // a single place with its surroundings, a town's places as near as they are
        let one = width.max(south - north) < 1e-7;
        let least = if one { 50.0 } else { 2.0 } / AROUND_KM / lat_of(y).to_radians().cos().max(0.05);
        let room = 0.72;
        let scale = (f64::from(size.x) * room / width.max(least)).min(f64::from(size.y) * room / (south - north).max(least));
        Self { x: west + width / 2.0, y, scale: scale.clamp(SCALES.0, SCALES.1) }
    }

    /// Where a place is on the screen, on the copy of the world nearest to the middle.
    pub fn place(&self, rect: Rect, lat: f64, lon: f64) -> Pos2 {
        let x = x_of(lon);
        self.at(rect, x + (self.x - x).round(), y_of(lat))
    }

    /// The screen position of a point of the square.
    pub fn at(&self, rect: Rect, x: f64, y: f64) -> Pos2 {
        let c = rect.center();
        pos2(c.x + ((x - self.x) * self.scale) as f32, c.y + ((y - self.y) * self.scale) as f32)
    }

    /// The point of the square under a screen position.
    pub fn under(&self, rect: Rect, p: Pos2) -> (f64, f64) {
        let d = p - rect.center();
        (self.x + f64::from(d.x) / self.scale, self.y + f64::from(d.y) / self.scale)
    }

    /// Moved by so many points of the screen.
    pub fn pan(&mut self, by: Vec2) {
        self.x -= f64::from(by.x) / self.scale;
        self.y = (self.y - f64::from(by.y) / self.scale).clamp(0.0, 1.0);
        self.x -= self.x.floor();
    }

    /// Larger or smaller, with what is under `fixed` staying there.
    pub fn zoom(&mut self, factor: f64, rect: Rect, fixed: Pos2) {
        let (x, y) = self.under(rect, fixed);
        // not smaller than the world fills the view: beyond that it would only repeat
        self.scale = (self.scale * factor).clamp(SCALES.0.max(f64::from(rect.width())).min(SCALES.1), SCALES.1);
        let d = fixed - rect.center();
        self.x = x - f64::from(d.x) / self.scale;
        self.y = (y - f64::from(d.y) / self.scale).clamp(0.0, 1.0);
    }

    /// Kilometres a point of the screen stands for in the middle of the map.
    pub fn km_per_point(&self) -> f64 {
        AROUND_KM * lat_of(self.y).to_radians().cos() / self.scale
    }

    /// Degrees of longitude a point of the screen stands for.
    pub const fn degrees_per_point(&self) -> f64 {
        360.0 / self.scale
    }
}

/// The largest of 1, 2, 5, 10, 20 … (or a fraction of the kind) that is at most `x`.
pub fn round_below(x: f64) -> f64 {
    let power = 10f64.powf(x.log10().floor());
    let lead = x / power;
    power
        * if lead >= 5.0 {
            5.0
        } else if lead >= 2.0 {
            2.0
        } else {
            1.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::vec2;

    #[test]
    fn places_on_both_sides_of_the_antimeridian_are_shown_the_short_way() {
        let size = vec2(800.0, 400.0);
        let rect = Rect::from_min_size(Pos2::ZERO, size);
        let places = [(-18.1, 178.4), (-13.8, -171.8)]; // Suva, Apia
        let v = View::of(places, size);
        let [a, b] = places.map(|(lat, lon)| v.place(rect, lat, lon));
        assert!(rect.contains(a) && rect.contains(b) && a.x < b.x, "{a:?} {b:?}");
        assert!(b.x - a.x > 200.0, "the places fill the map: {a:?} {b:?}");
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let rect = Rect::from_min_size(Pos2::ZERO, vec2(600.0, 400.0));
        let mut v = View::of([(51.4, -2.4)], rect.size());
        let pointer = pos2(120.0, 300.0);
        let before = v.under(rect, pointer);
        v.zoom(1.7, rect, pointer);
        let after = v.under(rect, pointer);
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
    }

    #[test]
    fn one_place_shows_its_surroundings_and_none_the_world() {
        let one = View::of([(51.4, -2.4)], vec2(600.0, 400.0));
        assert!((one.km_per_point() * 400.0 - 50.0 / 0.72).abs() < 5.0, "{}", one.km_per_point() * 400.0);
        assert!(View::of([], vec2(600.0, 400.0)).scale <= 700.0);
    }

    #[test]
    fn round_numbers() {
        for (x, r) in [(1.0, 1.0), (4.9, 2.0), (73.0, 50.0), (0.03, 0.02), (100.0, 100.0)] {
            assert!((round_below(x) - r).abs() < 1e-12, "{x}");
        }
    }
}
