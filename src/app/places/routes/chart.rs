//! A day's trips as places and ways on the map.

use super::palette;
use super::trips::Trips;
use crate::app::action::Action;
use crate::app::format::short;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::map::{Clicked, Spot, Way};
use crate::logistics::Trip;
use crate::scenario::Freight;
use eframe::egui::{RichText, Ui};
use std::collections::BTreeMap;

impl Trips {
    /// The map of a day, or what to add for one.
    pub(super) fn chart(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, height: f32, freight: &Freight, of_day: &[usize]) {
        let t = theme::tokens(ui);
        if freight.places.is_empty() {
            theme::card(t).show(ui, |ui| {
                ui.set_min_size(eframe::egui::vec2(ui.available_width(), height - 26.0));
                ui.vertical_centered(|ui| {
                    ui.add_space(height * 0.3);
                    ui.label(RichText::new("No place on these trips has coordinates").strong());
                    ui.label(
                        RichText::new("Add locations.csv with location, lat, lon to see the trips on a map and to have true distances")
                            .color(t.weak),
                    );
                    ui.add_space(gap::S);
                    if ui.button("Add locations in Data").clicked() {
                        cx.act(Action::Go(Place::Data));
                    }
                });
            });
            return;
        }
        let (spots, ways) = figures_of(freight, of_day, &palette(t), cx);
        let chosen = self.trip.and_then(|c| of_day.iter().position(|i| *i == c));
        let clicked = self.map.ui(ui, height, &spots, &ways, chosen, self.made_for as u64);
        match clicked {
            Some(Clicked::Way(w)) => self.trip = of_day.get(w).copied(),
            Some(Clicked::Spot(s)) => {
                let name = spots.get(s).map(|s| s.name.as_str());
                let goes = |i: &&usize| {
                    freight.example.get(**i).is_some_and(|t| Some(&*t.depot) == name || t.stops.iter().any(|s| Some(&*s.location) == name))
                };
                self.trip = of_day.iter().find(goes).copied().or(self.trip);
            }
            None => {}
        }
        let absent: Vec<&str> = absent(freight, of_day);
        if !absent.is_empty() {
            let shown = absent.iter().take(4).copied().collect::<Vec<_>>().join(", ");
            ui.label(RichText::new(format!("Not on the map, no coordinates: {shown}")).small().color(t.assumed));
        }
    }
}

/// Places of the whole example, so that the view stays when another day is looked at, with the loads of this day; and a way a trip.
fn figures_of(freight: &Freight, of_day: &[usize], colors: &[eframe::egui::Color32], cx: &Cx<'_>) -> (Vec<Spot>, Vec<Way>) {
    let at: BTreeMap<&str, usize> = freight.places.iter().enumerate().map(|(i, p)| (&*p.0, i)).collect();
    let mut spots: Vec<Spot> = freight
        .places
        .iter()
        .map(|(name, lat, lon)| Spot {
            name: name.to_string(),
            lat: *lat,
            lon: *lon,
            more: String::new(),
            depot: false,
            weight: 0.0,
            color: None,
        })
        .collect();
    let mut loads: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
    let mut ways = Vec::with_capacity(of_day.len());
    for (k, trip) in of_day.iter().filter_map(|i| freight.example.get(*i)).enumerate() {
        if let Some(s) = at.get(&*trip.depot).and_then(|i| spots.get_mut(*i)) {
            s.depot = true;
        }
        let color = colors.get(k % colors.len().max(1)).copied().unwrap_or_default();
        for stop in &trip.stops {
            if let Some(i) = at.get(&*stop.location) {
                if let Some(s) = spots.get_mut(*i) {
                    s.color = Some(color);
                }
                let load = loads.entry(*i).or_default();
                load.0 += stop.kg;
                load.1 += stop.m3;
                load.2 += stop.collected.kg;
            }
        }
        let names = std::iter::once(&trip.depot).chain(trip.stops.iter().map(|s| &s.location)).chain(std::iter::once(&trip.depot));
        ways.push(Way {
            spots: names.filter_map(|n| at.get(&**n).copied()).collect(),
            number: k + 1,
            color,
            more: said(trip, k + 1, freight, cx),
        });
    }
    for (i, spot) in spots.iter_mut().enumerate() {
        match loads.get(&i) {
            Some((kg, m3, collected)) => {
                spot.weight = kg.max(*collected);
                let back = if *collected > 0.0 { format!(", {} kg taken back", short(*collected)) } else { String::new() };
                spot.more = format!("{} kg, {} m³{back} on this day", short(*kg), short(*m3));
            }
            None if spot.depot => spot.more = "trips start and end here".into(),
            None => spot.more = "no delivery on this day".into(),
        }
    }
    (spots, ways)
}

/// A trip in a few lines.
fn said(trip: &Trip, number: usize, freight: &Freight, cx: &Cx<'_>) -> String {
    let vehicle = freight.fleet.get(trip.vehicle).map_or("", |v| &*v.name);
    let taken = trip.collected.kg;
    let back = if taken > 0.0 { format!(", {} kg taken back", short(taken)) } else { String::new() };
    format!(
        "Trip {number}, {vehicle}\n{} from {}\n{} kg, {} m³{back}, {:.0} % full\n{} km, {:.1} hours, {}",
        crate::base::text::plural(trip.stops.len(), "stop"),
        trip.depot,
        short(trip.kg),
        short(trip.m3),
        trip.load_factor * 100.0,
        short(trip.km),
        trip.hours,
        cx.session.money.text(trip.cost()),
    )
}

/// Places on a day's trips that have no coordinates.
fn absent<'a>(freight: &'a Freight, of_day: &[usize]) -> Vec<&'a str> {
    let known = |n: &str| freight.places.iter().any(|p| &*p.0 == n);
    let mut out: Vec<&str> = of_day
        .iter()
        .filter_map(|i| freight.example.get(*i))
        .flat_map(|t| std::iter::once(&*t.depot).chain(t.stops.iter().map(|s| &*s.location)))
        .filter(|n| !known(n))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}
