//! One's own shipments: their trips, which become better while they are looked at, and what was left out and why.
//!
//! All days are planned at once with little effort; the day that is shown is searched further in rounds, each longer than the one before, until a
//! person stops it or the last round is done. What is shown is always the best plan so far.

use super::rules::Rules;
use super::trips::Trips;
use crate::app::action::{Action, Answer};
use crate::app::format::{percent, short};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::{self, Tile, tiles::tiles};
use crate::base::text::plural;
use crate::base::{Control, Day};
use crate::history::Masters;
use crate::logistics::wish::Moved;
use crate::project::{Change, Edit};
use crate::scenario::plan::{ConsolidationSpec, LogisticsSection};
use crate::scenario::{Freight, OwnPlan, OwnShipments};
use eframe::egui::{RichText, Ui};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Router iterations a stop of the first plan, which is of all days.
const FIRST: u64 = 20;
/// Of the first round of a day that is looked at; each further one takes four times as many.
const ROUND: u64 = 100;
/// Rounds that are begun unasked.
const UNASKED: usize = 4;
/// A round of a day beyond so many iterations in all is not begun unasked.
const MOST: u64 = 3_000_000;

/// What own shipments are planned from.
struct From {
    masters: Arc<Masters>,
    logistics: LogisticsSection,
    carbon_price: f64,
    seed: u64,
}

/// Trips of one's own shipments.
#[derive(Default)]
pub(super) struct Deliveries {
    rules_shown: bool,
    from: Option<From>,
    own: Option<Arc<OwnShipments>>,
    /// The rule they leave under: the scenario's.
    spec: ConsolidationSpec,
    /// Grows with everything that makes plans on their way worthless.
    generation: usize,
    /// The best plan so far, without moves.
    plan: Option<Arc<OwnPlan>>,
    asked: bool,
    /// Rounds done, and money before and after them, by day.
    searched: BTreeMap<Day, Searched>,
    /// What is shown: with the moves, which ones, and how many plans there were.
    shown: Option<Shown>,
    plans: usize,
    trips: Trips,
    rules: Rules,
}

#[derive(Default, Clone)]
struct Searched {
    rounds: usize,
    costs: Vec<f64>,
    stopped: bool,
}

struct Shown {
    plans: usize,
    moves: Vec<Moved>,
    plan: Arc<OwnPlan>,
    freight: Arc<Freight>,
}

/// Of which generation, for which day (`None`: all), and the plan; `None`: stopped.
type Planned = (usize, Option<Day>, Option<OwnPlan>);

/// What answers of this mode are.
pub(super) enum Found {
    Planned(Box<Planned>),
    Rules(Box<super::rules::Found>),
}

impl Deliveries {
    pub fn answer(&mut self, answer: Answer) {
        match answer.downcast::<Found>().map(|f| *f) {
            Ok(Found::Planned(found)) if found.0 == self.generation => self.planned(found.1, found.2),
            Ok(Found::Rules(found)) => self.rules.answer(*found),
            _ => {}
        }
    }

    fn planned(&mut self, day: Option<Day>, plan: Option<OwnPlan>) {
        let (Some(day), Some(own)) = (day, &self.own) else {
            if let Some(p) = plan {
                self.plan = Some(Arc::new(p));
                self.plans += 1;
            }
            return;
        };
        let Some(before) = &self.plan else { return };
        let seen = self.searched.entry(day).or_default();
        let Some(found) = plan else {
            seen.stopped = true;
            return;
        };
        let of = |p: &OwnPlan| (left_on(p, day), cost_of(p, day));
        let (old, new) = (of(before), of(&found));
        if seen.costs.is_empty() {
            seen.costs.push(old.1);
        }
        seen.rounds += 1;
        if new.0 < old.0 || (new.0 == old.0 && new.1 < old.1 - 1e-9) {
            seen.costs.push(new.1);
            self.plan = Some(Arc::new(before.with_day(day, &found, own)));
            self.plans += 1;
        }
    }

    /// What is planned from, made anew where that has changed.
    fn refresh(&mut self, cx: &Cx<'_>) {
        let document = cx.session.project.document();
        let plan = &document.active().plan;
        let rule = plan.logistics.deliveries.clone().unwrap_or(ConsolidationSpec { every: Some(1.0), ..ConsolidationSpec::default() });
        // the rule says when they leave, not what they travel with: what is known of other rules stays
        let logistics = LogisticsSection { deliveries: None, consolidation: ConsolidationSpec::default(), ..plan.logistics.clone() };
        let moved_on = std::mem::replace(&mut self.spec, rule) != self.spec;
        let same = self.from.as_ref().is_some_and(|f| {
            Arc::ptr_eq(&f.masters, &document.masters)
                && f.logistics == logistics
                && (f.carbon_price.to_bits(), f.seed) == (plan.footprint.carbon_price.to_bits(), plan.seed)
        });
        if same {
            if moved_on {
                self.restart();
            }
            return;
        }
        self.from = Some(From { masters: document.masters.clone(), logistics, carbon_price: plan.footprint.carbon_price, seed: plan.seed });
        self.own = (!document.masters.shipments.is_empty()).then(|| Arc::new(OwnShipments::new(&document.masters, plan)));
        self.rules.forget();
        self.restart();
    }

    fn restart(&mut self) {
        self.generation += 1;
        self.plan = None;
        self.asked = false;
        self.searched.clear();
        self.shown = None;
    }

    fn ask(&self, cx: &mut Cx<'_>, own: &Arc<OwnShipments>, day: Option<Day>, iterations: u64, label: String) {
        let (own, spec, generation) = (own.clone(), self.spec.clone(), self.generation);
        cx.act(Action::Work {
            place: Place::Routes,
            key: Key::Deliveries,
            label,
            work: Box::new(move |control: &dyn Control| -> Answer {
                let plan = own.plan(&spec, day, iterations, control).ok();
                Box::new(Found::Planned(Box::new((generation, day, plan))))
            }),
        });
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        self.refresh(cx);
        let Some(own) = self.own.clone() else {
            if widgets::empty(
                ui,
                "No deliveries of your own yet",
                "Add a file with a row for each shipment: shipment, ready (a date), from, to, weight_kg, volume_m3; and where you have them due, lat, \
                 lon, window_start, window_end, service_min, pallets. Their trips are planned day by day, with the vehicles and carriers of this project",
                Some("Add file…"),
            ) {
                cx.act(Action::AddFile);
            }
            return;
        };
        if self.plan.is_none() && !self.asked {
            self.asked = true;
            self.ask(cx, &own, None, FIRST, format!("Planning {}", plural(own.shipments.len(), "shipment")));
        }
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.rules_shown, false, "Trips ");
            ui.selectable_value(&mut self.rules_shown, true, "When they should leave");
        });
        ui.add_space(gap::XS);
        if !own.notes.is_empty() {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new("Assumed").strong().color(t.assumed));
                for d in &own.notes {
                    let label = ui.label(RichText::new(&d.message).color(t.assumed));
                    if let Some(fix) = &d.fix {
                        label.on_hover_text(fix);
                    }
                }
            });
        }
        if self.rules_shown {
            if let Some(chosen) = self.rules.ui(ui, cx, &own, &self.spec) {
                let mut scenario = cx.session.project.document().active().clone();
                scenario.plan.logistics.deliveries = Some(chosen.spec);
                cx.act(Action::Edit(Edit::one(format!("deliveries leave {}", chosen.name), Change::PutScenario(scenario))));
                self.rules_shown = false;
            }
            return;
        }
        let Some(plan) = self.plan.clone() else {
            let running = cx.running(Key::Deliveries);
            let (title, hint) = if running {
                ("Planning the trips", "A first plan of all days; the day you look at is then searched further")
            } else {
                ("The planning was stopped", "Nothing is planned yet")
            };
            if widgets::empty(ui, title, hint, (!running).then_some("Plan the trips")) {
                self.asked = false;
            }
            return;
        };
        let moves = &cx.session.project.document().moves;
        if self.shown.as_ref().is_none_or(|s| s.plans != self.plans || s.moves != *moves) {
            let mut with = (*plan).clone();
            own.apply(&mut with, moves);
            let freight = Arc::new(own.freight(&with));
            self.trips.own = Some(own.clone());
            self.trips.network = own.network.clone();
            self.trips.clocks.clone_from(&with.clock);
            let trip = self.trips.trip.filter(|_| self.shown.as_ref().is_some_and(|s| s.freight.example.len() == freight.example.len()));
            self.trips.renew(self.generation, &freight);
            self.trips.trip = trip;
            self.shown = Some(Shown { plans: self.plans, moves: moves.clone(), plan: Arc::new(with), freight });
        }
        let Some(shown) = &self.shown else { return };
        let (plan, freight) = (shown.plan.clone(), shown.freight.clone());
        figures(ui, cx, &own, &plan, &freight);
        left(ui, &own, &plan);
        self.search(ui, cx, &own, &plan);
        if self.trips.days.is_empty() {
            ui.label(RichText::new("Nothing travels: see above what each shipment lacks").color(t.weak));
            return;
        }
        let about = format!("Shipments leave {}; another rule: see When they should leave", plan.rule);
        self.trips.ui(ui, cx, None, &freight, &about);
    }

    /// Searches the day that is shown, round after round, and says how far it is.
    fn search(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, own: &Arc<OwnShipments>, plan: &OwnPlan) {
        let t = theme::tokens(ui);
        let Some(day) = self.trips.shown() else { return };
        let running = cx.running(Key::Deliveries);
        let seen = self.searched.entry(day).or_default().clone();
        let stops = plan.plan.trips.iter().filter(|x| x.day == day).map(|x| x.stops.len() as u64).sum::<u64>().max(1);
        let next = ROUND.saturating_mul(4u64.saturating_pow(seen.rounds as u32));
        let (mut go, mut stop) = (false, false);
        ui.horizontal_wrapped(|ui| {
            let money = cx.session.money.text(cost_of(plan, day));
            let gained = match (seen.costs.first(), seen.costs.last()) {
                (Some(first), Some(last)) if *first > *last + 1e-9 && *first > 0.0 => {
                    format!(", {:.1} % less than the first plan", (first - last) / first * 100.0)
                }
                _ => String::new(),
            };
            ui.label(RichText::new(format!("This day costs {money}{gained}")).strong());
            let rounds = format!("{} of search", plural(seen.rounds, "round"));
            if running {
                ui.spinner();
                ui.label(RichText::new(format!("looking for better trips, {rounds} done")).color(t.weak));
                stop = ui.button("Stop").on_hover_text("Keep the best trips found").clicked();
            } else {
                ui.label(RichText::new(format!("after {rounds}")).color(t.weak));
                go = ui.button("Search on").on_hover_text("Another round, four times as long as the last").clicked();
            }
        });
        if stop {
            self.searched.entry(day).or_default().stopped = true;
            cx.act(Action::Cancel(Key::Deliveries));
        }
        let unasked = !seen.stopped && seen.rounds < UNASKED && next.saturating_mul(stops) <= MOST;
        if !running && (go || unasked) {
            self.searched.entry(day).or_default().stopped = false;
            self.ask(cx, own, Some(day), next, "Looking for better trips".into());
        }
    }
}

/// Money of a day, carriers included.
fn cost_of(p: &OwnPlan, day: Day) -> f64 {
    let own: f64 = p.plan.trips.iter().filter(|t| t.day == day).map(crate::logistics::Trip::cost).sum();
    own + p.plan.hired.iter().filter(|c| c.day == day).map(|c| c.price).sum::<f64>()
}

/// Shipments that should leave on a day and are on no trip.
fn left_on(p: &OwnPlan, day: Day) -> usize {
    let of_day: std::collections::BTreeSet<usize> =
        p.dispatches.iter().filter(|d| d.day == day).flat_map(|d| d.shipments.iter().copied()).collect();
    p.plan.unserved.iter().filter(|u| of_day.contains(&u.0)).count()
}

fn figures(ui: &mut Ui, cx: &Cx<'_>, own: &OwnShipments, plan: &OwnPlan, freight: &Freight) {
    let (m, money, totals) = (&freight.measures, &cx.session.money, &plan.plan.totals);
    let assumed = cx.session.inputs.masters.vehicles.is_empty().then_some("rests on assumed vans");
    let all = format!("all {}, leaving {}", plural(own.shipments.len(), "shipment"), plan.rule);
    let hired = format!("{} with carriers for {}", short(m.consignments.mean), money.short(m.hired_cost.mean));
    let late = own.overdue(plan);
    let waits = if late > 0 {
        format!("longest {}; {} leave after their due day", short(totals.delay_days_max), short(late as f64))
    } else {
        format!("longest {}", short(totals.delay_days_max))
    };
    let freight_note = if m.consignments.mean > 0.0 { hired } else { "own vehicles".to_owned() };
    let stops = format!("{:.1} stops each", m.stops_per_trip.mean);
    let hours = format!("{} hours", short(totals.hours));
    let kg = format!("{} kg carried", short(m.weight_kg.mean));
    let shown = [
        ("Freight cost", money.short(m.freight_cost.mean), freight_note, assumed, ""),
        ("Trips", short(m.trips.mean), stops, assumed, ""),
        ("Distance, km", short(m.distance_km.mean), hours, assumed, ""),
        (
            "Load factor",
            percent(m.load_factor.mean),
            kg,
            assumed,
            "used over available capacity at the fullest, the tightest of kg, m³ and pallets; ",
        ),
        ("Shipments wait, days", short(m.delay_days.mean), waits, None, "between ready and departure; "),
        ("Transport, kg CO2e", short(m.transport_kg_co2e.mean), "well to wheel".to_owned(), assumed, ""),
    ];
    let opens: Vec<String> = shown.iter().map(|s| format!("{}{all}", s.4)).collect();
    let shown: Vec<Tile<'_>> = shown
        .into_iter()
        .zip(&opens)
        .map(|((name, figure, note, assumed, _), opens)| Tile { name, figure, note, color: None, assumed, opens })
        .collect();
    tiles(ui, 158.0, 6, &shown);
    ui.add_space(gap::XS);
}

/// What is on no trip, by the reason.
fn left(ui: &mut Ui, own: &OwnShipments, plan: &OwnPlan) {
    let t = theme::tokens(ui);
    for (why, of) in own.left(plan) {
        let names: Vec<&str> = of.iter().take(6).map(|s| &*s.id).collect();
        let more = if of.len() > names.len() { ", …" } else { "" };
        ui.label(RichText::new(format!("{} on no trip: {why} ({}{more})", plural(of.len(), "shipment"), names.join(", "))).color(t.bad));
    }
    if !plan.refused.is_empty() {
        let text = format!(
            "{} by hand cannot be made in these trips: the shipments leave on different days now",
            plural(plan.refused.len(), "move")
        );
        ui.label(RichText::new(text).color(t.warn));
    }
}
