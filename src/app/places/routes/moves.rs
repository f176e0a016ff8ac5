//! A stop to another trip: what that wish costs, before and after it is granted.

use super::trips::Trips;
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::footprint::{Factors, transport};
use crate::logistics::trips::TripStop;
use crate::logistics::wish::{Moved, Wish, wish};
use crate::project::{Change, Edit};
use crate::scenario::{Freight, OwnShipments};
use eframe::egui::{RichText, Ui};
use std::sync::Arc;

/// A stop, as it is dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StopAt {
    /// Position of its trip in the example.
    pub trip: usize,
    /// Position in the trip.
    pub stop: usize,
}

impl Trips {
    /// `12.40 more, 8.1 km more; 109 % full`; of own deliveries also how late the trip would be.
    pub(super) fn priced(&self, w: &Wish, freight: &Freight, cx: &Cx<'_>) -> String {
        let side = |x: f64| if x >= 0.0 { "more" } else { "less" };
        let share = freight.fleet.get(w.to.vehicle).map_or(0.0, |v| w.to.fullest(v));
        let full = if w.fits(&freight.fleet) {
            format!("{:.0} % full", share * 100.0)
        } else {
            format!("too much: {:.0} % of the vehicle", share * 100.0)
        };
        let (money, km) = (cx.session.money.text(w.cost.abs()), w.km.abs());
        let late = self.own.as_ref().map_or(0.0, |own| own.late(&w.to, &own.clock(&w.to, 1, own.leaves(&w.to))));
        let late = if late > 1.0 / 120.0 {
            format!("; {} too late in all", crate::base::text::plural((late * 60.0).round() as usize, "minute"))
        } else {
            String::new()
        };
        format!("{money} {}, {km:.1} km {}; {full}{late}", side(w.cost), side(w.km))
    }

    /// The stop on the trip `to`, or on a trip of its own.
    pub(super) fn wish(&self, freight: &Freight, from: StopAt, to: Option<usize>) -> Option<Wish> {
        if to == Some(from.trip) {
            return None;
        }
        let target = match to {
            Some(i) => Some(freight.example.get(i)?),
            None => None,
        };
        wish(freight.example.get(from.trip)?, from.stop, target, &self.network, &freight.fleet)
    }

    /// Grants it: of own deliveries in the project, else in the trips shown and exported, not in the simulation.
    pub(super) fn grant(&mut self, freight: &Freight, from: StopAt, to: Option<usize>, cx: &mut Cx<'_>) {
        if let Some(own) = self.own.clone() {
            self.keep(&own, freight, from, to, cx);
            return;
        }
        let Some(w) = self.wish(freight, from, to) else { return };
        let Some(place) = freight.example.get(from.trip).and_then(|t| t.stops.get(from.stop)).map(|s| s.location.clone()) else { return };
        let number = |i: usize| self.days.get(self.day).and_then(|d| d.1.iter().position(|x| *x == i)).map_or(0, |k| k + 1);
        let whither = to.map_or_else(|| "a trip of its own".to_owned(), |i| format!("trip {}", number(i)));
        let said = format!("{place} from trip {} to {whither}: {}", number(from.trip), self.priced(&w, freight, cx));
        let factors = Factors::embedded();
        let mut after = freight.clone();
        let kg = |t| transport::of_trip_with(t, &freight.fleet, &factors).wtw_kg();
        let own_kg = kg(&w.to);
        match to {
            Some(i) => {
                if let (Some(t), Some(k)) = (after.example.get_mut(i), after.example_kg_co2e.get_mut(i)) {
                    (*t, *k) = (w.to.clone(), own_kg);
                }
            }
            None => {
                after.example.insert(from.trip + 1, w.to.clone());
                after.example_kg_co2e.insert(from.trip + 1, own_kg);
            }
        }
        match w.from {
            Some(rest) => {
                if let (Some(t), Some(k)) = (after.example.get_mut(from.trip), after.example_kg_co2e.get_mut(from.trip)) {
                    *k = kg(&rest);
                    *t = rest;
                }
            }
            None => {
                after.example.remove(from.trip);
                after.example_kg_co2e.remove(from.trip);
            }
        }
        let gains = |t: &crate::logistics::Trip| *t == w.to;
        let shown = after.example.iter().position(gains);
        self.moves.push((said, Arc::new(freight.clone())));
        self.show(Some(Arc::new(after)));
        self.trip = shown;
    }

    /// As an edit of the project: the shipments of the stop travel with those of the other trip, whatever trips are built later.
    fn keep(&self, own: &OwnShipments, freight: &Freight, from: StopAt, to: Option<usize>, cx: &mut Cx<'_>) {
        let names =
            |stop: &TripStop| stop.shipments.iter().filter_map(|s| own.shipments.get(s.0)).map(|s| s.id.clone()).collect::<Vec<_>>();
        let Some(stop) = freight.example.get(from.trip).and_then(|t| t.stops.get(from.stop)) else { return };
        let with = to.and_then(|t| freight.example.get(t)).and_then(|t| t.stops.first()).and_then(|s| names(s).into_iter().next());
        if to.is_some() && with.is_none() {
            return;
        }
        let mut moves = cx.session.project.document().moves.clone();
        let moved = Moved { shipments: names(stop), with };
        // the last word on these shipments counts
        moves.retain(|m| m.shipments != moved.shipments);
        moves.push(moved);
        cx.act(Action::Edit(Edit::one(format!("move {} to another trip", stop.location), Change::Moves(moves))));
    }

    fn show(&mut self, freight: Option<Arc<Freight>>) {
        if let Some(f) = &freight {
            self.renew(self.made_for, f);
        }
        self.moved = freight;
    }

    /// What was moved, and the ways back.
    pub(super) fn moved(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        if self.own.is_some() {
            kept(ui, cx);
            return;
        }
        let Some((said, _)) = self.moves.last() else { return };
        let t = theme::tokens(ui);
        let (text, many) = (format!("Moved {said}"), self.moves.len() > 1);
        let mut back = 0;
        ui.add_space(gap::XS);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(text).color(t.accent));
            if ui.button("Move back").clicked() {
                back = 1;
            }
            if many && ui.button(format!("All {} moves back", self.moves.len())).clicked() {
                back = self.moves.len();
            }
            ui.label(RichText::new("what you export follows; the simulated figures above do not").color(t.weak));
        });
        if back > 0 {
            let at = self.moves.len() - back;
            let before = self.moves.get(at).map(|m| m.1.clone());
            self.moves.truncate(at);
            self.show(before);
        }
    }
}

/// The moves of own deliveries that the project keeps.
fn kept(ui: &mut Ui, cx: &mut Cx<'_>) {
    let moves = cx.session.project.document().moves.clone();
    if moves.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let mut back = None;
    ui.add_space(gap::XS);
    ui.horizontal_wrapped(|ui| {
        let said = format!(
            "{} moved by hand, kept in the project and moved again in whatever trips are built",
            crate::base::text::plural(moves.len(), "stop")
        );
        ui.label(RichText::new(said).color(t.accent));
        if ui.button("Take the last one back").clicked() {
            back = Some(moves.len() - 1);
        }
        if moves.len() > 1 && ui.button("Take all back").clicked() {
            back = Some(0);
        }
    });
    if let Some(n) = back {
        let left = moves.get(..n).unwrap_or_default().to_vec();
        cx.act(Action::Edit(Edit::one("take moved stops back", Change::Moves(left))));
    }
}
