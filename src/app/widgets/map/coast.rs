//! Land, coasts and borders of the world, decoded from `assets/coastline.bin` (layout: `assets/make_coastline.py`; data: Natural Earth).

use eframe::egui;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

const EMBEDDED: &[u8] = include_bytes!("../../../../assets/coastline.bin");
/// Units of the file per degree.
const UNIT: f64 = 500.0;
/// Points of one piece: short, so that its bounding box tells early what is out of sight.
const PIECE: usize = 48;

/// What a piece of line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Between land and sea.
    Coast,
    /// Between countries.
    Border,
    /// Along the antimeridian, where land is cut: it closes the fill and is not drawn.
    Seam,
}

/// A piece of a line, in Web Mercator over the unit square.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Least x and y, greatest x and y.
    pub bounds: [f32; 4],
    /// Its points.
    pub points: Vec<[f32; 2]>,
}

/// Longitude in degrees to 0..1 from west to east.
pub fn x_of(lon: f64) -> f64 {
    lon / 360.0 + 0.5
}

/// Latitude in degrees to 0..1 from north to south; beyond 85.05° as there, where Web Mercator ends.
pub fn y_of(lat: f64) -> f64 {
    let s = lat.clamp(-85.051_128_78, 85.051_128_78).to_radians().sin();
    0.5 - ((1.0 + s) / (1.0 - s)).ln() / (4.0 * std::f64::consts::PI)
}

/// The longitude of an x; beyond the unit square it goes on around the world.
pub fn lon_of(x: f64) -> f64 {
    (x - x.floor() - 0.5) * 360.0
}

/// The latitude of a y.
pub fn lat_of(y: f64) -> f64 {
    (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()
}

/// The world once it is decoded; the first call starts that on a thread of its own and wakes the window when it is done.
pub fn world(ctx: &egui::Context) -> Option<&'static [Piece]> {
    static WORLD: OnceLock<Vec<Piece>> = OnceLock::new();
    static ASKED: AtomicBool = AtomicBool::new(false);
    if WORLD.get().is_none() && !ASKED.swap(true, Ordering::Relaxed) {
        let ctx = ctx.clone();
        let started = std::thread::Builder::new().name("stockcast map".into()).spawn(move || {
            WORLD.get_or_init(|| decode(EMBEDDED));
            ctx.request_repaint();
        });
        if started.is_err() {
            // without threads the map stays without land until another frame tries again
            ASKED.store(false, Ordering::Relaxed);
        }
    }
    WORLD.get().map(Vec::as_slice)
}

/// Reads the file; nothing where it is not one.
fn decode(bytes: &[u8]) -> Vec<Piece> {
    let mut rest = bytes.strip_prefix(b"SCCL1").unwrap_or_default();
    let mut pieces = Vec::new();
    for _ in 0..number(&mut rest) {
        let kind = match number(&mut rest) {
            0 => Kind::Coast,
            1 => Kind::Border,
            _ => Kind::Seam,
        };
        let (mut x, mut y) = (0i64, 0i64);
        let points: Vec<[f32; 2]> = (0..number(&mut rest))
            .map(|_| {
                x += zigzag(number(&mut rest));
                y += zigzag(number(&mut rest));
                [x_of(x as f64 / UNIT) as f32, y_of(y as f64 / UNIT) as f32]
            })
            .collect();
        // neighbours share the point where they meet
        let mut from = 0;
        while from + 1 < points.len() {
            let to = (from + PIECE).min(points.len() - 1);
            let part = points.get(from..=to).unwrap_or_default().to_vec();
            let mut b = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
            for [px, py] in &part {
                b = [b[0].min(*px), b[1].min(*py), b[2].max(*px), b[3].max(*py)];
            }
            pieces.push(Piece { kind, bounds: b, points: part });
            from = to;
        }
    }
    pieces
}

fn number(bytes: &mut &[u8]) -> u64 {
    let (mut n, mut shift) = (0u64, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        n |= u64::from(byte & 0x7f) << shift.min(63);
        if byte & 0x80 == 0 {
            break;
        }
        shift += 7;
    }
    n
}

const fn zigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

/// Spans of land in rows of equal height: for each row the x from and to, in order. `top` and `step` are in units of the square.
pub fn spans(pieces: &[Piece], top: f64, step: f64, rows: usize) -> Vec<Vec<f64>> {
    let mut crossings: Vec<Vec<f64>> = vec![Vec::new(); rows];
    let bottom = top + step * rows as f64;
    for piece in pieces.iter().filter(|p| p.kind != Kind::Border) {
        if f64::from(piece.bounds[3]) < top || f64::from(piece.bounds[1]) > bottom {
            continue;
        }
        for pair in piece.points.windows(2) {
            let &[[ax, ay], [bx, by]] = pair else { continue };
            let (ax, ay, bx, by) = (f64::from(ax), f64::from(ay), f64::from(bx), f64::from(by));
            // a row's middle counts as crossed where it is at or above one end and below the other, so that a shared end counts once
            let row = |y: f64| ((y - top) / step - 0.5).ceil().clamp(0.0, rows as f64) as usize;
            let (first, last) = (row(ay.min(by)), row(ay.max(by)));
            for (r, row) in crossings.iter_mut().enumerate().take(last).skip(first) {
                let y = top + (r as f64 + 0.5) * step;
                row.push(ax + (y - ay) / (by - ay) * (bx - ax));
            }
        }
    }
    for row in &mut crossings {
        row.sort_by(f64::total_cmp);
    }
    crossings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a place is on land.
    fn on_land(world: &[Piece], lat: f64, lon: f64) -> bool {
        let step = 1e-7;
        let row = spans(world, y_of(lat) - step / 2.0, step, 1).pop().unwrap_or_default();
        row.chunks(2).any(|s| matches!(s, [from, to] if (*from..*to).contains(&x_of(lon))))
    }

    #[test]
    fn the_embedded_world_has_land_where_land_is() {
        let world = decode(EMBEDDED);
        assert!(world.len() > 4000, "{}", world.len());
        for (name, lat, lon, land) in [
            ("Bath", 51.38, -2.36, true),
            ("Berlin", 52.5, 13.4, true),
            ("Chukotka beyond the antimeridian", 67.0, -175.0, true),
            ("Wrangel Sea", 75.0, 179.9, false),
            ("the South Pole's plateau", -84.9, 60.0, true),
            ("Lesotho, an enclave", -29.5, 28.2, true),
            ("the Atlantic", 40.0, -40.0, false),
            ("the Irish Sea", 53.7, -5.0, false),
            ("the Caspian Sea", 42.0, 50.5, false),
            ("Auckland", -36.9, 174.75, true),
        ] {
            assert_eq!(on_land(&world, lat, lon), land, "{name}");
        }
    }

    #[test]
    fn every_row_is_crossed_an_even_number_of_times() {
        let rows = spans(&decode(EMBEDDED), 0.0, 1.0 / 2000.0, 2000);
        assert_eq!(rows.iter().position(|r| r.len() % 2 != 0), None);
    }

    #[test]
    fn the_projection_is_its_own_inverse() {
        for (lat, lon) in [(0.0, 0.0), (51.4, -2.4), (-33.9, 151.2), (70.0, 179.5)] {
            assert!((lat_of(y_of(lat)) - lat).abs() < 1e-9 && (lon_of(x_of(lon)) - lon).abs() < 1e-9);
        }
    }
}
