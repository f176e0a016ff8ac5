//! Trips as GPX 1.1: a route a trip, for navigation devices and map programs.

use super::network::Network;
use super::trips::Trip;
use super::vehicle::Vehicle;
use super::windows::Clock;
use crate::base::Stamp;
use crate::base::text::grouped;
use std::fmt::Write as _;

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 knows no other control characters
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => out.push(c),
        }
    }
    out
}

fn time(hours: f64) -> String {
    let minutes = (hours * 60.0).round() as i64;
    format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

/// A `rte` for each trip: depot, stops, depot, each with its name, what is set down and when. Places without coordinates are left out;
/// a trip with fewer than two located places has no route. `clock` has a value a trip.
pub fn gpx(trips: &[Trip], clock: &[Clock], fleet: &[Vehicle], network: &Network) -> String {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<gpx version=\"1.1\" creator=\"Stockcast\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
    ));
    for (k, trip) in trips.iter().enumerate() {
        let mut points = Vec::with_capacity(trip.stops.len() + 2);
        let mut point = |place: &str, what: String| {
            if let Some((lat, lon)) = network.coordinates(place) {
                let (name, what) = (escaped(place), escaped(&what));
                points.push(format!("    <rtept lat=\"{lat}\" lon=\"{lon}\"><name>{name}</name><desc>{what}</desc></rtept>\n"));
            }
        };
        let c = clock.get(k);
        let at = |hours: Option<f64>| hours.map_or_else(String::new, |h| format!("{}, ", time(h)));
        let word = if trip.round == super::consolidate::Round::Delivery { "deliver" } else { "collect" };
        point(&trip.depot, format!("{}leave with {} kg", at(c.map(|c| c.leave)), grouped(trip.kg, 0)));
        for (i, s) in trip.stops.iter().enumerate() {
            let when = at(c.and_then(|c| c.begin.get(i).copied()));
            let mut what: Vec<String> = Vec::new();
            let taken = s.collected;
            if s.kg > 0.0 || s.m3 > 0.0 || (taken.kg == 0.0 && taken.m3 == 0.0) {
                what.push(format!("{word} {} kg, {} m³", grouped(s.kg, 1), grouped(s.m3, 2)));
            }
            if taken.kg > 0.0 || taken.m3 > 0.0 {
                what.push(format!("collect {} kg, {} m³", grouped(taken.kg, 1), grouped(taken.m3, 2)));
            }
            point(&s.location, format!("{when}{}", what.join("; ")));
        }
        point(&trip.depot, format!("{}home after {} km", at(c.map(|c| c.home)), grouped(trip.km, 0)));
        if points.len() < 2 {
            continue;
        }
        let vehicle = fleet.get(trip.vehicle).map_or_else(String::new, |v| escaped(&v.name));
        let number = c.map_or_else(String::new, |c| format!(" {}", c.number));
        // a string takes everything: writing to it cannot fail
        let _ = write!(
            out,
            "  <rte><name>Trip {}: {vehicle}{number}, {}</name>\n{}  </rte>\n",
            k + 1,
            Stamp::of_day(trip.day).iso(),
            points.concat()
        );
    }
    out.push_str("</gpx>\n");
    out
}
