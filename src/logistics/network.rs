//! Where places are and how far it is between them: great circle × circuity, or the user's own matrix.

use crate::base::Diagnostic;
use crate::history::model::{DistanceRow, LocationRow};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mean radius of the Earth (IUGG R₁), km.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Great-circle distance in km between two points given as (latitude, longitude) in degrees: the haversine formula
/// (Sinnott 1984, "Virtues of the haversine"), accurate also for near points.
pub fn great_circle_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lb - la, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + la.cos() * lb.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS_KM * h.clamp(0.0, 1.0).sqrt().asin()
}

/// A place found by name lies at most so far from another, km.
const FARTHEST_KM: f64 = 1500.0;

/// What is assumed about distances and speeds; every figure can be changed by the user.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetworkAssumptions {
    /// Road distance over great-circle distance. 1.3 is the middle of what has been measured: 1.3 ± 0.1 on motorway networks
    /// (arXiv 2406.06490), 1.343 over 300 European cities (Environment and Planning B, 2023), 1.26 in South Korea.
    pub circuity: f64,
    /// Distance assumed to and from a place without coordinates, km.
    pub default_km: f64,
    /// Mean driving speed, km/h: mixed urban and interurban deliveries.
    pub speed_kmh: f64,
    /// Hours spent at each stop.
    pub hours_per_stop: f64,
}

impl Default for NetworkAssumptions {
    fn default() -> Self {
        Self { circuity: 1.3, default_km: 50.0, speed_kmh: 50.0, hours_per_stop: 0.25 }
    }
}

/// How a distance was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DistanceSource {
    /// The user's own matrix.
    Matrix,
    /// Great circle × circuity.
    GreatCircle,
    /// No coordinates: [`NetworkAssumptions::default_km`].
    Assumed,
}

/// km, and hours where they were given.
type Measured = (f64, Option<f64>);

/// The places of a scenario and the distances between them (shortest feasible distance, DESIGN §3).
#[derive(Debug, Clone, Default)]
pub struct Network {
    places: BTreeMap<Arc<str>, (f64, f64)>,
    matrix: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Measured>>,
    /// The assumptions it works with.
    pub assumptions: NetworkAssumptions,
}

impl Network {
    /// From the rows of locations.csv. A row with impossible coordinates is set aside with a warning; of two rows with one
    /// name the first counts.
    pub fn new(rows: &[LocationRow], assumptions: NetworkAssumptions) -> (Self, Vec<Diagnostic>) {
        let mut notes = Vec::new();
        let mut places: BTreeMap<Arc<str>, (f64, f64)> = BTreeMap::new();
        for row in rows {
            if !((-90.0..=90.0).contains(&row.lat) && (-180.0..=180.0).contains(&row.lon)) {
                notes.push(
                    Diagnostic::warning("location-off-earth", format!("location `{}` has no place on Earth", row.location))
                        .line(row.line)
                        .fix("give lat within -90..90 and lon within -180..180, in degrees"),
                );
            } else if places.contains_key(&row.location) {
                notes.push(
                    Diagnostic::warning("location-twice", format!("location `{}` is listed again; its first row counts", row.location))
                        .line(row.line)
                        .fix("remove one of the two rows"),
                );
            } else {
                places.insert(row.location.clone(), (row.lat, row.lon));
            }
        }
        (Self { places, matrix: BTreeMap::new(), assumptions }, notes)
    }

    /// Adds one place by its coordinates in degrees (replacing an earlier one).
    pub fn locate(&mut self, name: &str, lat: f64, lon: f64) {
        self.places.insert(name.into(), (lat, lon));
    }

    /// Sets the distance from `a` to `b` in km (one way; the way back is its own entry). Negative or non-finite values are ignored.
    pub fn set_km(&mut self, a: &str, b: &str, km: f64) {
        if km >= 0.0 && km.is_finite() {
            self.matrix.entry(a.into()).or_default().insert(b.into(), (km, None));
        }
    }

    /// Takes distances of the user's own: they go before what coordinates say.
    pub fn measure(&mut self, rows: &[DistanceRow]) {
        for r in rows.iter().filter(|r| r.km >= 0.0 && r.km.is_finite()) {
            let hours = r.hours.filter(|h| *h >= 0.0 && h.is_finite());
            self.matrix.entry(r.to.clone()).or_default();
            self.matrix.entry(r.from.clone()).or_default().insert(r.to.clone(), (r.km, hours));
        }
    }

    /// Puts places without coordinates that are named after a city where that city is, and says which.
    pub fn place_by_name<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Option<Diagnostic> {
        let missing: std::collections::BTreeSet<&str> = names.into_iter().filter(|n| !self.places.contains_key(*n)).collect();
        if missing.is_empty() {
            return None;
        }
        let known = self.places.keys().map(|n| &**n);
        // places with coordinates have their say in which country it is
        let mut found = super::gazetteer::Gazetteer::embedded().locate(missing.iter().copied().chain(known));
        // a name that lies beyond any road from the others was no city's: `Phoenix` is also a firm
        let all: Vec<(&str, (f64, f64))> =
            found.iter().map(|(n, c)| (*n, c.at)).chain(self.places.iter().map(|(n, at)| (&**n, *at))).collect();
        let alone = |name: &str, at: (f64, f64)| {
            let others = all.iter().filter(|o| o.0 != name).map(|o| great_circle_km(at, o.1));
            others.reduce(f64::min).is_some_and(|km| km > FARTHEST_KM)
        };
        found.retain(|name, city| missing.contains(name) && !alone(name, city.at));
        if found.is_empty() {
            return None;
        }
        let mut shown: Vec<String> = found.iter().take(5).map(|(n, c)| format!("`{n}` in {}, {}", c.name, c.country)).collect();
        if found.len() > 5 {
            shown.push(format!("{} more", found.len() - 5));
        }
        let places: Vec<(Arc<str>, (f64, f64))> = found.iter().map(|(n, c)| (Arc::from(*n), c.at)).collect();
        let many = crate::base::text::plural(places.len(), "place");
        self.places.extend(places);
        let message = format!("{many} put on the map by name: {}", shown.join("; "));
        Some(Diagnostic::info("location-by-name", message).fix("give their coordinates in locations.csv, where that is wrong or too rough"))
    }

    /// Where each place is, in the order of their names.
    pub fn places(&self) -> impl Iterator<Item = (&Arc<str>, (f64, f64))> {
        self.places.iter().map(|(n, p)| (n, *p))
    }

    /// Coordinates of a place, (latitude, longitude) in degrees.
    pub fn coordinates(&self, name: &str) -> Option<(f64, f64)> {
        self.places.get(name).copied()
    }

    /// True when the place has coordinates or a row in the matrix.
    pub fn knows(&self, name: &str) -> bool {
        self.places.contains_key(name) || self.matrix.contains_key(name)
    }

    /// Number of located places.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when no place is located.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Distance from `a` to `b` in km, and how it was come by. A place is 0 km from itself; an entry of the matrix in the
    /// other direction alone is used for both.
    pub fn km(&self, a: &str, b: &str) -> (f64, DistanceSource) {
        if a == b {
            return (0.0, DistanceSource::Matrix);
        }
        if let Some((km, _)) = self.entry(a, b) {
            return (km, DistanceSource::Matrix);
        }
        match (self.coordinates(a), self.coordinates(b)) {
            (Some(p), Some(q)) => (great_circle_km(p, q) * self.assumptions.circuity, DistanceSource::GreatCircle),
            _ => (self.assumptions.default_km, DistanceSource::Assumed),
        }
    }

    fn entry(&self, a: &str, b: &str) -> Option<Measured> {
        let entry = |x: &str, y: &str| self.matrix.get(x).and_then(|row| row.get(y)).copied();
        entry(a, b).or_else(|| entry(b, a))
    }

    /// Hours to drive from `a` to `b`: the user's own figure, or the distance at the mean speed.
    pub fn hours_between(&self, a: &str, b: &str) -> f64 {
        let given = if a == b { None } else { self.entry(a, b).and_then(|e| e.1) };
        given.unwrap_or_else(|| self.hours(self.km(a, b).0))
    }

    /// Hours to drive `km`.
    pub fn hours(&self, km: f64) -> f64 {
        km / self.assumptions.speed_kmh.max(1.0)
    }

    /// Which of the named places have neither coordinates nor an entry in the matrix: one note that names them (up to five)
    /// and the distance assumed, or nothing.
    pub fn unlocated<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<Diagnostic> {
        let missing: std::collections::BTreeSet<&str> = names.into_iter().filter(|n| !self.knows(n)).collect();
        if missing.is_empty() {
            return None;
        }
        let mut shown: Vec<String> = missing.iter().take(5).map(|n| format!("`{n}`")).collect();
        if missing.len() > 5 {
            shown.push(format!("{} more", missing.len() - 5));
        }
        Some(
            Diagnostic::info(
                "location-unknown",
                format!(
                    "{} without coordinates ({}): {} km assumed to and from each",
                    crate::base::text::plural(missing.len(), "location"),
                    shown.join(", "),
                    self.assumptions.default_km
                ),
            )
            .fix("add them to locations.csv (location, lat, lon)"),
        )
    }
}
