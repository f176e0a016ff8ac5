//! Stops and trips on a plain map: equirectangular around the middle latitude, with a scale bar.

use super::frame::{Frame, Key, colour, path};
use super::text::{esc, px, short, usable, width};
use std::fmt::Write;

/// A place on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Its name.
    pub name: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Where vehicles start: drawn as a square.
    pub depot: bool,
}

/// A vehicle's round.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    /// Its name in the legend, such as `Tue, large van: 212 km`.
    pub label: String,
    /// Indices into the stops, in order, depot included where the trip starts and ends.
    pub stops: Vec<usize>,
}

/// Stops and the trips between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RouteMap {
    /// Above the map, and its accessible name.
    pub title: String,
    /// Places.
    pub stops: Vec<Stop>,
    /// Rounds, drawn as straight lines between their stops.
    pub trips: Vec<Trip>,
}

/// Mean radius of the Earth, km (IUGG).
const EARTH_KM: f64 = 6371.0088;

impl RouteMap {
    /// The map, 720 wide, 240 to 520 high as its extent asks.
    pub fn render(&self) -> String {
        let located = |s: &&Stop| usable(s.lat) && usable(s.lon) && s.lat.abs() <= 90.0 && s.lon.abs() <= 360.0;
        let there: Vec<&Stop> = self.stops.iter().filter(located).collect();
        let Some(&first) = there.first() else { return Frame::empty(&self.title) };
        let bounds = |of: fn(&Stop) -> f64| there.iter().fold((of(first), of(first)), |(lo, hi), s| (lo.min(of(s)), hi.max(of(s))));
        let ((south, north), (west, east)) = (bounds(|s| s.lat), bounds(|s| s.lon));
        let shrink = ((south + north) / 2.0).to_radians().cos().max(0.05);
        let (mut across, mut up) = ((east - west) * shrink, north - south);
        if across.max(up) < 0.01 {
            (across, up) = (0.01, 0.01);
        }
        let (left, right, shown) = (60.0, 600.0, self.trips.len().min(12));
        let entries: Vec<_> = self.trips.iter().take(shown).enumerate().map(|(i, t)| (i, Key::Line, t.label.clone())).collect();
        let top = if entries.is_empty() { 44.0 } else { Frame::new(720.0, 10.0, "").legend(8.0, 40.0, &entries) + 28.0 };
        let scale = ((right - left) / across.max(1e-9)).min(400.0 / up.max(1e-9));
        let height = (up * scale).max(100.0);
        let mut f = Frame::new(720.0, top + height + 56.0, &self.title);
        f.legend(8.0, 40.0, &entries);
        let (mid_x, mid_y) = ((left + right) / 2.0, top + height / 2.0);
        let at = |s: &Stop| (mid_x + (s.lon - (west + east) / 2.0) * shrink * scale, mid_y - (s.lat - (south + north) / 2.0) * scale);
        for (i, trip) in self.trips.iter().enumerate() {
            let d = path(trip.stops.iter().map(|&s| self.stops.get(s).filter(located).map(at)));
            let title = esc(&trip.label);
            let dash = if i >= 8 { " dash" } else { "" };
            let _ = write!(
                f.out,
                "<path class=\"l s{}{dash}\" style=\"stroke-width:2.4;stroke-opacity:.8\" d=\"{d}\"><title>{title}</title></path>",
                colour(i)
            );
        }
        self.draw_stops(&mut f, &there, at);
        // degrees of latitude to kilometres
        let km_per_px = EARTH_KM.to_radians() / scale;
        let km = nice_below(140.0 * km_per_px);
        let (bar, y) = (km / km_per_px, top + height + 38.0);
        f.line("ax", 8.0, y, 8.0 + bar, y);
        f.line("ax", 8.0, y - 4.0, 8.0, y + 4.0);
        f.line("ax", 8.0 + bar, y - 4.0, 8.0 + bar, y + 4.0);
        f.label("m", 8.0 + bar + 8.0, y + 4.0, &format!("{} km", short(km)), 20);
        if self.trips.len() > shown {
            f.label("m", 240.0, y + 4.0, &format!("and {} more trips", self.trips.len() - shown), 40);
        }
        f.finish()
    }

    fn draw_stops(&self, f: &mut Frame, there: &[&Stop], at: impl Fn(&Stop) -> (f64, f64)) {
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        let middle = there.iter().map(|s| at(s).0).sum::<f64>() / there.len().max(1) as f64;
        for s in there {
            let (x, y) = at(s);
            let title = esc(&s.name);
            let _ = if s.depot {
                write!(
                    f.out,
                    "<rect class=\"pt f3\" x=\"{}\" y=\"{}\" width=\"13\" height=\"13\"><title>{title}</title></rect>",
                    px(x - 6.5),
                    px(y - 6.5)
                )
            } else {
                write!(f.out, "<circle class=\"pt f7\" cx=\"{}\" cy=\"{}\" r=\"5\"><title>{title}</title></circle>", px(x), px(y))
            };
            // names only while they have room; the rest are under the pointer
            let w = width(&s.name).min(170.0);
            let free = |tx: f64, ty: f64| {
                tx >= 2.0 && tx + w <= f.width - 2.0 && taken.iter().all(|(a, b, c)| tx > a + c || tx + w < *a || (ty - b).abs() > 14.0)
            };
            // outwards first, since the trips run inwards
            let mut place = [(x + 10.0, y + 4.0), (x - 10.0 - w, y + 4.0), (x - w / 2.0, y - 11.0), (x - w / 2.0, y + 20.0)];
            if x < middle - 40.0 {
                place.swap(0, 1);
            }
            if let Some(&(tx, ty)) = place.iter().find(|(tx, ty)| free(*tx, *ty)) {
                taken.push((tx, ty, w));
                f.label("halo", tx, ty, &s.name, 24);
            }
        }
    }
}

/// The largest of 1, 2, 5 times a power of ten that is not above `x`.
fn nice_below(x: f64) -> f64 {
    let power = 10f64.powf(x.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|m| m * power).find(|s| *s <= x).unwrap_or(power)
}
