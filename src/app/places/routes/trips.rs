//! Trips on a map and day by day, whoever's they are: the simulated supply's, or one's own deliveries'.
//!
//! Reading order: this file, [`super::days`] (the strip of dates and the list of trips), [`super::chart`] (the map's places and ways), [`super::timeline`]
//! (a row a vehicle), [`super::manifest`] (one trip: its stops, its clock, its goods), [`super::moves`] (a stop to another trip, and what that costs).

use super::{hired, manifest, timeline};
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets::map::MapState;
use crate::app::widgets::table::TableState;
use crate::base::Day;
use crate::logistics::windows::Clock;
use crate::logistics::{Network, clock};
use crate::report::{Column, tables};
use crate::scenario::{Freight, Outcome, OwnShipments};
use eframe::egui::{Align, Layout, RichText, Ui, vec2};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Trips, and what is looked at of them.
#[derive(Default)]
pub(super) struct Trips {
    pub map: MapState,
    /// Tells the trips apart from others that were shown before.
    pub made_for: usize,
    /// Trips of the example by day.
    pub days: Vec<(Day, Vec<usize>)>,
    /// The day shown, by its position.
    pub day: usize,
    /// The trip shown, by its position in the example.
    pub trip: Option<usize>,
    pub goods: Option<manifest::Goods>,
    pub goods_table: TableState,
    /// Where things are, as the run had it.
    pub network: Network,
    /// Stops moved by hand: what was said of each, and the trips before it. Own deliveries keep theirs in the project instead.
    pub moves: Vec<(String, Arc<Freight>)>,
    /// The trips after them.
    pub moved: Option<Arc<Freight>>,
    /// The day's vehicles, for the day and the number of moves.
    pub line: Option<timeline::Line>,
    /// Own deliveries, where the trips are theirs.
    pub own: Option<Arc<OwnShipments>>,
    /// When they drive, one a trip; none: as [`clock::by_trip`] lays them.
    pub clocks: Vec<Clock>,
}

impl Trips {
    /// Other trips from now on; the day and the place of the map stay where they can.
    pub fn renew(&mut self, stamp: usize, freight: &Freight) {
        let shown = self.shown();
        self.made_for = stamp;
        let mut by_day: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
        for (i, trip) in freight.example.iter().enumerate() {
            by_day.entry(trip.day).or_default().push(i);
        }
        // days on which carriers take everything are days too
        freight.example_hired.iter().for_each(|c| _ = by_day.entry(c.day).or_default());
        self.days = by_day.into_iter().collect();
        self.day = shown.and_then(|d| self.days.iter().position(|x| x.0 == d)).unwrap_or(0);
        self.trip = None;
        self.goods = None;
        self.line = None;
    }

    /// The day that is looked at.
    pub fn shown(&self) -> Option<Day> {
        self.days.get(self.day).map(|d| d.0)
    }

    /// Their clocks, one a trip of `of`.
    pub fn clocks_of(&self, freight: &Freight, of: &[usize]) -> Vec<Clock> {
        if self.clocks.len() == freight.example.len() {
            return of.iter().filter_map(|i| self.clocks.get(*i).cloned()).collect();
        }
        let trips: Vec<_> = of.iter().filter_map(|i| freight.example.get(*i).cloned()).collect();
        clock::by_trip(&trips, &freight.fleet, &self.network)
    }

    /// All of it; `about` says what the trips are, `outcome` what the goods on board are called.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: Option<&Outcome>, freight: &Freight, about: &str) {
        let t = theme::tokens(ui);
        self.strip(ui, freight);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(about).color(t.weak));
            self.exports(ui, cx, freight);
        });
        ui.add_space(gap::S);
        let Some(of_day) = self.days.get(self.day).map(|d| d.1.clone()) else { return };
        let wide = ui.available_width() >= 760.0;
        if wide {
            let room = ui.available_width();
            let height = 340.0;
            ui.horizontal_top(|ui| {
                column(ui, room * 0.56, height, |ui| self.chart(ui, cx, height, freight, &of_day));
                column(ui, room * 0.44 - gap::S - 2.0, height, |ui| self.list(ui, cx, height, freight, &of_day));
            });
        } else {
            self.chart(ui, cx, 280.0, freight, &of_day);
            ui.add_space(gap::S);
            self.list(ui, cx, 260.0, freight, &of_day);
        }
        self.moved(ui, cx);
        self.timeline(ui, cx, freight, &of_day);
        hired(ui, cx, freight, self.shown());
        ui.add_space(gap::S);
        self.manifest(ui, cx, outcome, freight);
    }

    fn exports(&self, ui: &mut Ui, cx: &mut Cx<'_>, freight: &Freight) {
        let named = |what: &str| format!("{} {what}", cx.session.project.document().name);
        let mut asked = None;
        if ui.button("Export trips…").on_hover_text("All these trips as a table").clicked() {
            let mut table = tables::trips(freight);
            table.push(Column::number("emissions_kg_co2e", 2, freight.example_kg_co2e.iter().copied()));
            asked = Some(Action::ExportTable { table: Box::new(table), name: named("trips.csv") });
        }
        if ui.button("Export GeoJSON…").on_hover_text("Lines and points for a map program").clicked() {
            let text = crate::logistics::geojson::geojson(&freight.example, &freight.fleet, &self.network).to_string();
            asked = Some(Action::ExportText { text, name: named("trips.geojson") });
        }
        if ui.button("Export GPX…").on_hover_text("Routes for navigation devices, with times").clicked() {
            let all: Vec<usize> = (0..freight.example.len()).collect();
            let clock = self.clocks_of(freight, &all);
            let text = crate::logistics::gpx::gpx(&freight.example, &clock, &freight.fleet, &self.network);
            asked = Some(Action::ExportText { text, name: named("trips.gpx") });
        }
        asked.into_iter().for_each(|a| cx.act(a));
    }
}

/// Widgets below each other in a width of their own.
fn column(ui: &mut Ui, width: f32, height: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
        ui.set_max_width(width);
        add(ui);
    });
}
