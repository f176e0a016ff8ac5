//! Distances of one's own: distances.csv, or the answer of an OSRM server's table service saved as JSON.

use super::model::DistanceRow;
use super::options::ReadOptions;
use super::sheet::{Field, Sheet};
use super::table;
use crate::base::text::plural;
use crate::base::{Diagnostic, Severity};
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;

pub(super) const FIELDS: &[Field] = &[
    ("from", "origin source start fromlocation a"),
    ("to", "destination dest end tolocation b"),
    ("km", "distance distancekm kilometres kilometers kms"),
    ("hours", "duration time drivinghours h"),
];

/// A place and its latitude and longitude in degrees.
pub type Placed = (Arc<str>, (f64, f64));

/// Rows, and what is to be said of them.
type Read = Result<(Vec<DistanceRow>, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Reads `from, to, km [, hours]`, or an OSRM table (`.json`), whose points are those of `places` that lie nearest.
///
/// # Errors
/// The file cannot be read, or nothing in it can be used.
pub fn read_distances(path: &Path, places: &[Placed]) -> Read {
    let (name, bytes) = table::load(path).map_err(|d| vec![d])?;
    read_bytes(&name, &bytes, places, &ReadOptions::default())
}

pub(super) fn read_bytes(name: &str, bytes: &[u8], places: &[Placed], said: &ReadOptions) -> Read {
    let json = name.to_ascii_lowercase().ends_with(".json") || bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    if json { osrm(name, bytes, places) } else { sheet(name, bytes, said) }
}

fn sheet(name: &str, bytes: &[u8], said: &ReadOptions) -> Read {
    let mut s = Sheet::read("distances", name, bytes, FIELDS, said)?;
    let out = rows(&mut s);
    if s.notes.iter().any(|d| d.severity == Severity::Error) { Err(s.notes) } else { Ok((out, s.notes)) }
}

/// The rows of a sheet of distances.
pub(super) fn rows(s: &mut Sheet<'_>) -> Vec<DistanceRow> {
    for field in ["from", "to", "km"] {
        s.need(&[field]);
    }
    let any = 0.0..=f64::INFINITY;
    let (from, to, km, hours) = (s.texts("from"), s.texts("to"), s.numbers("km", any.clone()), s.numbers("hours", any));
    let mut out = Vec::with_capacity(s.rows());
    for r in 0..s.rows() {
        match (from.arc(r), to.arc(r), km[r]) {
            (Some(from), Some(to), Some(km)) => out.push(DistanceRow { from, to, km, hours: hours[r], line: s.line(r) }),
            _ if s.is_empty_row(r) || !["from", "to", "km"].iter().all(|f| s.has(f)) => {}
            (None, ..) => s.missing("from", &[r]),
            (_, None, _) => s.missing("to", &[r]),
            (_, _, None) => s.missing("km", &[r]),
        }
    }
    out
}

#[derive(Deserialize)]
struct Table {
    #[serde(default)]
    distances: Option<Vec<Vec<Option<f64>>>>,
    #[serde(default)]
    durations: Option<Vec<Vec<Option<f64>>>>,
    #[serde(default)]
    sources: Vec<Waypoint>,
    #[serde(default)]
    destinations: Vec<Waypoint>,
}

#[derive(Deserialize)]
struct Waypoint {
    /// Longitude, latitude.
    location: (f64, f64),
}

/// A point of the table is the place nearest to it, at most this far: servers move points to the nearest road.
const NEAR_KM: f64 = 5.0;

/// Metres and seconds between waypoints, `null` where there is no way (OSRM HTTP API v5, table service).
fn osrm(name: &str, bytes: &[u8], places: &[Placed]) -> Read {
    let wrong = |message: String, fix: &str| vec![Diagnostic::error("distances-unreadable", message).file(name).fix(fix)];
    let table: Table = serde_json::from_slice(bytes).map_err(|e| {
        let what = format!("it is no table of an OSRM server: {e}");
        let said = Diagnostic::error("distances-unreadable", what).file(name).line(e.line() as u64);
        vec![said.fix("save the answer of `/table/v1/driving/…?annotations=distance,duration`, or give from, to, km")]
    })?;
    let Some(metres) = &table.distances else {
        let fix = "ask the server with `annotations=distance,duration`";
        return Err(wrong("the table has no distances".into(), fix));
    };
    let shaped = |m: &Vec<Vec<Option<f64>>>| m.len() == table.sources.len() && m.iter().all(|r| r.len() == table.destinations.len());
    if !shaped(metres) || table.durations.as_ref().is_some_and(|d| !shaped(d)) {
        return Err(wrong("its rows and columns are not as many as its sources and destinations".into(), "save the whole answer"));
    }
    if places.is_empty() {
        let fix = "give locations (location, lat, lon), so that its points get names";
        return Err(wrong("the points of the table have no names, and no place is known".into(), fix));
    }
    let mut far = 0;
    let mut named = |points: &[Waypoint]| -> Vec<Option<Arc<str>>> {
        let nearest = |w: &Waypoint| {
            let (lon, lat) = w.location;
            let km = |p: &Placed| {
                // near points: a plane scaled by the latitude will do
                let (dy, dx) = (p.1.0 - lat, (p.1.1 - lon) * lat.to_radians().cos());
                111.2 * dy.hypot(dx)
            };
            let best = places.iter().map(|p| (km(p), p)).min_by(|a, b| a.0.total_cmp(&b.0));
            best.filter(|b| b.0 <= NEAR_KM).map(|b| b.1.0.clone())
        };
        let names: Vec<Option<Arc<str>>> = points.iter().map(nearest).collect();
        far += names.iter().filter(|n| n.is_none()).count();
        names
    };
    let (from, to) = (named(&table.sources), named(&table.destinations));
    let mut out = Vec::new();
    for (i, a) in from.iter().enumerate() {
        for (j, b) in to.iter().enumerate() {
            let (Some(a), Some(b), Some(m)) = (a, b, metres[i][j]) else { continue };
            if a != b && m.is_finite() && m >= 0.0 {
                let hours = table.durations.as_ref().and_then(|d| d[i][j]).filter(|s| s.is_finite() && *s >= 0.0).map(|s| s / 3600.0);
                out.push(DistanceRow { from: a.clone(), to: b.clone(), km: m / 1000.0, hours, line: 0 });
            }
        }
    }
    if out.is_empty() {
        let what = format!("no point of the table lies within {NEAR_KM} km of a known place");
        return Err(wrong(what, "give the locations that the table was made for"));
    }
    let mut notes = Vec::new();
    if far > 0 {
        notes.push(
            Diagnostic::warning(
                "distances-unnamed",
                format!("{} of the table lie more than {NEAR_KM} km from every known place and are left out", plural(far, "point")),
            )
            .file(name)
            .fix("add those places to locations.csv"),
        );
    }
    Ok((out, notes))
}
