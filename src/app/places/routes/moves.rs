//! A stop to another trip: what that wish costs, before and after it is granted.

use super::Routes;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::footprint::{Factors, transport};
use crate::logistics::wish::{Wish, wish};
use crate::scenario::Freight;
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

/// `12.40 more, 8.1 km more; 109 % full`.
pub(super) fn priced(w: &Wish, freight: &Freight, cx: &Cx<'_>) -> String {
    let side = |x: f64| if x >= 0.0 { "more" } else { "less" };
    let share = freight.fleet.get(w.to.vehicle).map_or(0.0, |v| v.share_of(w.to.kg, w.to.m3, w.to.pallets));
    let full = if w.fits(&freight.fleet) {
        format!("{:.0} % full", share * 100.0)
    } else {
        format!("too much: {:.0} % of the vehicle", share * 100.0)
    };
    let (money, km) = (cx.session.money.text(w.cost.abs()), w.km.abs());
    format!("{money} {}, {km:.1} km {}; {full}", side(w.cost), side(w.km))
}

impl Routes {
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

    /// Grants it: in the trips shown and exported, not in the simulation.
    pub(super) fn grant(&mut self, freight: &Freight, from: StopAt, to: Option<usize>, cx: &Cx<'_>) {
        let Some(w) = self.wish(freight, from, to) else { return };
        let Some(place) = freight.example.get(from.trip).and_then(|t| t.stops.get(from.stop)).map(|s| s.location.clone()) else { return };
        let number = |i: usize| self.days.get(self.day).and_then(|d| d.1.iter().position(|x| *x == i)).map_or(0, |k| k + 1);
        let whither = to.map_or_else(|| "a trip of its own".to_owned(), |i| format!("trip {}", number(i)));
        let said = format!("{place} from trip {} to {whither}: {}", number(from.trip), priced(&w, freight, cx));
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

    fn show(&mut self, freight: Option<Arc<Freight>>) {
        if let Some(f) = &freight {
            self.renew(self.made_for, f);
        }
        self.own = freight;
    }

    /// What was moved, and the ways back.
    pub(super) fn moved(&mut self, ui: &mut Ui) {
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
