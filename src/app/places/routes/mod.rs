//! Routes: the trips that the orders lead to, on a map and day by day, and how long shipments should wait for each other.
//!
//! Reading order: this file (figures, what is assumed), [`trips`] and its parts (any trips on a map and day by day), [`holding`] (consolidation rules
//! under a slider), [`deliveries`] (one's own shipments instead of the simulated ones) and [`rules`] (when those should leave).

mod chart;
mod days;
mod deliveries;
pub(super) mod holding;
mod manifest;
mod moves;
mod rules;
mod timeline;
mod trips;

use super::{Cx, Furnished, Place};
use crate::app::action::{Action, Answer};
use crate::app::format::{like, percent, short};
use crate::app::jobs::Key;
use crate::app::session::Session;
use crate::app::theme::{self, Tokens, gap};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, Tile, tiles::tiles};
use crate::base::{Day, Measure};
use crate::scenario::{Freight, Outcome};
use eframe::egui::{Color32, RichText, ScrollArea, Ui};
use trips::Trips;

/// The place's look.
#[derive(Default)]
pub struct Routes {
    /// Own deliveries rather than what suppliers bring.
    own: bool,
    holding: bool,
    trips: Trips,
    deliveries: deliveries::Deliveries,
    /// Consolidation rules, with the outcome they belong to.
    rules: Option<holding::Compared>,
    /// The same by formula, until the true ones are there.
    estimates: Option<holding::Compared>,
    rules_asked: usize,
    rule: usize,
    rules_table: TableState,
}

/// Colours of trips, told apart by everybody; the number on the line says the rest.
pub(super) const fn palette(t: &Tokens) -> [Color32; 6] {
    [t.accent, t.warn, t.good, t.third, t.bad, t.past]
}

/// Tells outcomes apart: 0 for none, else by the revision they belong to, since equal documents have equal outcomes.
pub(super) const fn stamp(session: &Session) -> usize {
    session.outcome_revision as usize + 1
}

/// Notes of a run that speak of an assumed van, distance or weight.
pub(super) const ASSUMED: [&str; 4] = ["vehicle-assumed", "location-unknown", "location-by-name", "size-assumed"];

impl Furnished for Routes {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        widgets::title(ui, "Routes", "Which vehicle drives where and when to bring what is ordered, how full, at what cost");
        if crate::app::work::only_deliveries(cx.session.project.document()) {
            self.own = true;
        }
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.own, false, "Incoming orders").on_hover_text("What suppliers bring, as simulated");
            ui.selectable_value(&mut self.own, true, "Own deliveries").on_hover_text("Shipments of a file of yours: what goes out to whom");
        });
        ui.add_space(gap::XS);
        if self.own {
            ScrollArea::vertical().id_salt("own deliveries").auto_shrink([false, false]).show(ui, |ui| self.deliveries.ui(ui, cx));
        } else {
            self.incoming(ui, cx);
        }
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        if matches!(key, Key::Deliveries | Key::DeliveryRules | Key::DeliveryEstimate) {
            self.deliveries.answer(answer);
        } else if key == Key::Consolidation {
            if let Ok(found) = answer.downcast::<holding::Compared>() {
                self.rules = Some(*found);
            }
        } else if key == Key::Estimate
            && let Ok(found) = answer.downcast::<holding::Compared>()
        {
            self.estimates = Some(*found);
        }
    }
}

impl Routes {
    fn incoming(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let Some(outcome) = session.outcome.clone() else {
            widgets::empty(
                ui,
                "The first run goes on",
                "Trips are built from the simulated orders; they appear here when the run is done",
                None,
            );
            return;
        };
        if super::unplanned(ui, cx) {
            return;
        }
        let Some(built) = outcome.freight.as_ref() else {
            if widgets::empty(ui, "No trips", "Nothing is ordered over the horizon, or no trips are to be built", Some("Open Orders")) {
                cx.act(Action::Go(Place::Orders));
            }
            return;
        };
        if self.trips.made_for != stamp(session) {
            self.trips.moves.clear();
            self.trips.moved = None;
            self.trips.network = crate::scenario::network(&outcome, &session.inputs).0;
            self.trips.renew(stamp(session), built);
        }
        let moved = self.trips.moved.clone();
        let freight = moved.as_deref().unwrap_or(built);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            figures(ui, cx, &outcome, freight);
            assumptions(ui, cx, &outcome);
            ui.horizontal(|ui| {
                ui.selectable_value(&mut self.holding, false, "Trips");
                ui.selectable_value(&mut self.holding, true, "How long to hold shipments");
            });
            ui.add_space(gap::S);
            if self.holding {
                self.holding(ui, cx, &outcome);
            } else if self.trips.days.is_empty() {
                let t = theme::tokens(ui);
                ui.label(RichText::new("No trip in the example: every order of the horizon arrives after its end").color(t.weak));
            } else {
                let about = "One simulated course of demand as an example; the figures above are means over all that were built";
                self.trips.ui(ui, cx, Some(&outcome), freight, about);
            }
        });
    }
}

/// What carriers take on the day.
fn hired(ui: &mut Ui, cx: &Cx<'_>, freight: &Freight, day: Option<Day>) {
    let of_day: Vec<_> = freight.example_hired.iter().filter(|c| Some(c.day) == day).collect();
    if of_day.is_empty() {
        return;
    }
    widgets::section(ui, "With hired carriers on this day");
    eframe::egui::Grid::new("hired").striped(true).spacing([18.0, 4.0]).show(ui, |ui| {
        for h in ["Carrier", "From", "To", "kg", "m³", "Price", "There"] {
            ui.label(RichText::new(h).strong());
        }
        ui.end_row();
        for c in of_day {
            let carrier = freight.carriers.get(c.carrier).map_or("", |n| &**n);
            let (kg, m3, price) = (format!("{:.1}", c.kg), format!("{:.3}", c.m3), cx.session.money.text(c.price));
            let there = if c.days > 0.0 {
                format!("after {}", crate::base::text::plural(c.days.ceil() as usize, "day"))
            } else {
                "same day".into()
            };
            for text in [carrier, &*c.from, &*c.to, &kg, &m3, &price, &there] {
                ui.label(text);
            }
            ui.end_row();
        }
    });
}

/// The freight of all built courses of demand, each with its own error.
fn figures(ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Outcome, f: &Freight) {
    let (m, money) = (&f.measures, &cx.session.money);
    let assumed = outcome.diagnostics.iter().any(|d| ASSUMED.contains(&d.code)).then_some("rests on assumed vans, distances or weights");
    let range = |x: &Measure| {
        if x.half_width == 0.0 {
            return "in every course of demand".to_owned();
        }
        format!("± {} ({}–{})", like(x.mean, x.half_width), like(x.mean, x.p10), like(x.mean, x.p90))
    };
    let share = |x: &Measure| format!("± {} ({:.1}–{:.1} %)", short(x.half_width * 100.0), x.p10 * 100.0, x.p90 * 100.0);
    let horizon = format!(
        "over {}, mean of {} built courses of demand; ± is the simulation's own error, in brackets where 80 % of the courses lie",
        crate::base::text::plural(outcome.plan.periods, outcome.period.name()),
        f.built
    );
    let full = format!("used over available capacity at the fullest, the tighter of kg and m³, mean over trips; {horizon}");
    let wait = format!("days between ready and departure under the rule “{}”; {horizon}", f.rule);
    let shown = [
        ("Freight cost", money.short(m.freight_cost.mean), range(&m.freight_cost), assumed, &horizon),
        ("Trips", short(m.trips.mean), range(&m.trips), assumed, &horizon),
        ("Distance, km", short(m.distance_km.mean), range(&m.distance_km), assumed, &horizon),
        ("Load factor", percent(m.load_factor.mean), share(&m.load_factor), None, &full),
        ("Shipments wait, days", short(m.delay_days.mean), range(&m.delay_days), None, &wait),
        ("Transport, kg CO2e", short(m.transport_kg_co2e.mean), range(&m.transport_kg_co2e), assumed, &horizon),
    ];
    let takes = format!("{} deliveries that hired carriers take for less than driving there costs; {horizon}", short(m.consignments.mean));
    let hired = (m.consignments.mean > 0.0).then(|| {
        let note = format!("{} deliveries, ± {}", short(m.consignments.mean), money.short(m.hired_cost.half_width));
        ("Of it with carriers", money.short(m.hired_cost.mean), note, assumed, &takes)
    });
    let shown: Vec<Tile<'_>> = shown
        .into_iter()
        .chain(hired)
        .map(|(name, figure, note, assumed, opens)| Tile { name, figure, note, color: None, assumed, opens })
        .collect();
    tiles(ui, 158.0, 6, &shown);
    ui.add_space(gap::XS);
}

/// What the trips rest on that nobody has said, and where to say it.
fn assumptions(ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Outcome) {
    let t = theme::tokens(ui);
    let codes = ASSUMED;
    let notes: Vec<_> = outcome.diagnostics.iter().filter(|d| codes.contains(&d.code)).collect();
    if cx.session.is_stale() {
        ui.label(RichText::new("Older than your last edit; the new figures are being computed").color(t.warn));
    }
    if notes.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Assumed").strong().color(t.assumed));
        for (i, d) in notes.into_iter().enumerate() {
            let label =
                ui.label(RichText::new(format!("{}{}", if i > 0 { "· " } else { "" }, d.message.replace('`', ""))).color(t.assumed));
            if let Some(fix) = &d.fix {
                label.on_hover_text(fix);
            }
        }
        if ui.small_button("Open Data").on_hover_text("Add locations.csv, vehicles.csv, weights and volumes").clicked() {
            cx.act(Action::Go(Place::Data));
        }
    });
    ui.add_space(gap::XS);
}
