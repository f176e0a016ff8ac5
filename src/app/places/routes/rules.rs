//! When one's own shipments should leave: every day, on some days, or when a vehicle is full; each rule on the same shipments.

use super::deliveries;
use crate::app::action::{Action, Answer};
use crate::app::format::short;
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, plot};
use crate::base::text::plural;
use crate::base::{Control, Diagnostic};
use crate::report::{Column, Table};
use crate::scenario::plan::ConsolidationSpec;
use crate::scenario::{Consolidation, Judged, Known, OwnShipments, RulePoint, RuleWish};
use eframe::egui::{DragValue, RichText, Ui};
use egui_plot::{MarkerShape, PlotPoints, Points};
use std::sync::Arc;

/// What was asked and what was found.
#[derive(Default)]
pub(super) struct Rules {
    /// Money for each day that a shipment waits.
    price_per_day: f64,
    /// Most days that a shipment may wait.
    promise: Option<f64>,
    /// Shipments may leave after the day they are due.
    ignore_due: bool,
    /// The weeks to come as forecast, so many, instead of the record.
    ahead: Option<usize>,
    /// Shipments a week in the record, and as forecast.
    weekly: Option<(f64, f64)>,
    /// Why there is no forecast.
    fault: Option<Diagnostic>,
    /// What is known of rules on the same shipments, and on how many weeks ahead of them.
    known: (Option<usize>, Arc<Known>),
    generation: usize,
    asked: Option<(u64, Option<u64>, bool, Option<usize>)>,
    /// By formula, until the trips of all rules are built.
    estimated: bool,
    /// Trips were asked to be built.
    built: bool,
    found: Option<Arc<Consolidation>>,
    stopped: bool,
    chosen: usize,
    table: TableState,
}

/// Of which generation, by formula or not, and what was found; `None`: stopped.
pub(super) type Found = (usize, bool, Option<Result<(Consolidation, Option<(f64, f64)>), Diagnostic>>);

/// Paths of the weeks to come.
const PATHS: usize = 16;

impl Rules {
    /// The shipments have changed.
    pub fn forget(&mut self) {
        self.generation += 1;
        self.asked = None;
        self.found = None;
        self.known = (None, Arc::default());
        self.stopped = false;
    }

    pub fn answer(&mut self, (generation, estimated, found): Found) {
        if generation != self.generation {
            return;
        }
        match found {
            Some(Err(fault)) => self.fault = Some(fault),
            Some(Ok((found, weekly))) => {
                self.weekly = weekly;
                self.found = Some(Arc::new(found));
                self.estimated = estimated;
                self.chosen = 0;
            }
            None => self.stopped = true,
        }
    }

    fn ask(&mut self, cx: &mut Cx<'_>, own: &Arc<OwnShipments>) {
        self.generation += 1;
        self.found = None;
        self.fault = None;
        self.stopped = false;
        if self.known.0 != self.ahead {
            self.known = (self.ahead, Arc::default());
        }
        // what is still built for another wish only takes the time of this one
        cx.act(Action::Cancel(Key::DeliveryRules));
        // forecast paths have no formula
        self.work(cx, own, self.ahead.is_none());
    }

    /// By formula, which is there at once, or with trips built, which follow.
    fn work(&mut self, cx: &mut Cx<'_>, own: &Arc<OwnShipments>, estimated: bool) {
        let ahead = self.ahead;
        self.built = !estimated;
        let wish = RuleWish { promise_days: self.promise, keep_due: !self.ignore_due, price_per_day: self.price_per_day, built: 1 };
        let (own, generation, known) = (own.clone(), self.generation, self.known.1.clone());
        cx.act(Action::Work {
            place: Place::Routes,
            key: if estimated { Key::DeliveryEstimate } else { Key::DeliveryRules },
            label: if estimated { "Estimating when deliveries should leave" } else { "Trying when deliveries should leave" }.into(),
            work: Box::new(move |control: &dyn Control| -> Answer {
                let found = match ahead {
                    Some(weeks) => match own.ahead(weeks, PATHS, control) {
                        Err(fault) => Some(Err(fault)),
                        Ok(Err(_)) => None,
                        Ok(Ok(a)) => a.best_consolidation_knowing(&[], wish, &known, control).ok().map(|c| Ok((c, Some(a.weekly)))),
                    },
                    None if estimated => own.estimated_consolidation(&[], wish, control).ok().map(|c| Ok((c, None))),
                    None => own.best_consolidation_knowing(&[], wish, &known, control).ok().map(|c| Ok((c, None))),
                };
                Box::new(deliveries::Found::Rules(Box::new((generation, estimated, found))))
            }),
        });
    }

    /// Draws them; the rule that own deliveries are to leave under, where one was chosen.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, own: &Arc<OwnShipments>, spec: &ConsolidationSpec) -> Option<RulePoint> {
        let t = theme::tokens(ui);
        ui.label(
            RichText::new("Shipments that wait travel together: fewer, fuller trips, but they come later. Each rule on your own shipments")
                .color(t.weak),
        );
        let money = if cx.session.money.currency.is_empty() { "money".to_owned() } else { cx.session.money.currency.clone() };
        ui.horizontal_wrapped(|ui| {
            ui.label("A shipment's day of waiting costs");
            let price = ui.add(DragValue::new(&mut self.price_per_day).range(0.0..=1e6).speed(0.05).suffix(format!(" {money}")));
            price.on_hover_text("What a customer's patience is worth to you; 0: only the trips count");
            let mut promised = self.promise.is_some();
            ui.checkbox(&mut promised, "none may wait longer than");
            if promised != self.promise.is_some() {
                self.promise = promised.then_some(3.0);
            }
            if let Some(days) = &mut self.promise {
                ui.add(DragValue::new(days).range(0.0..=60.0).speed(0.05).max_decimals(0).suffix(" days"));
            }
            let mut forecast = self.ahead.is_some();
            ui.checkbox(&mut forecast, "on the next weeks as forecast").on_hover_text(
                "Instead of the shipments of the file: how many each customer gets is forecast, what they are like is drawn from the file",
            );
            if forecast != self.ahead.is_some() {
                self.ahead = forecast.then_some(13);
            }
            if let Some(weeks) = &mut self.ahead {
                ui.add(DragValue::new(weeks).range(1..=52).speed(0.1).suffix(" weeks"));
            }
            if own.due.iter().any(Option::is_some) {
                let mut keep = !self.ignore_due;
                ui.checkbox(&mut keep, "each leaves by the day it is due");
                self.ignore_due = !keep;
            }
        });
        let wish = (self.price_per_day.to_bits(), self.promise.map(f64::to_bits), self.ignore_due, self.ahead);
        let settled = !ui.input(|i| i.pointer.any_down());
        if self.asked != Some(wish) && settled {
            self.asked = Some(wish);
            self.ask(cx, own);
        }
        if self.estimated && self.found.is_some() && !self.built {
            self.work(cx, own, false);
        }
        let running = cx.running(Key::DeliveryRules);
        if let Some(fault) = &self.fault {
            let fix = fault.fix.as_ref().map_or_else(String::new, |f| format!(": {f}"));
            ui.label(RichText::new(format!("{}{fix}", fault.message)).color(t.bad));
            return None;
        }
        let Some(found) = self.found.clone().filter(|f| !f.rules.is_empty()) else {
            if self.stopped && !running && !cx.running(Key::DeliveryEstimate) {
                if widgets::empty(
                    ui,
                    "The comparison was stopped",
                    "It tries some thirty rules on the same shipments",
                    Some("Try the rules"),
                ) {
                    self.asked = None;
                }
            } else {
                widgets::empty(
                    ui,
                    "Trying each rule on the same shipments",
                    if self.ahead.is_some() {
                        "Trips are built on 16 forecast paths"
                    } else {
                        "First by formula, then with trips really built"
                    },
                    None,
                );
            }
            return None;
        };
        ui.horizontal_wrapped(|ui| {
            if self.estimated {
                ui.label(RichText::new("Estimated from distances and loads").color(t.assumed));
                if running {
                    ui.spinner();
                    ui.label(RichText::new("trips are being built, and take the place of this").color(t.assumed));
                }
            } else if let (Some(weeks), Some((before, then))) = (self.ahead, self.weekly) {
                let said = format!(
                    "{} on {} as forecast, {} shipments a week against {} in the file; errors are from path to path",
                    plural(found.rules.len(), "rule"),
                    plural(weeks, "week"),
                    short(then),
                    short(before)
                );
                ui.label(RichText::new(said).color(t.weak));
            } else {
                let said = format!(
                    "{} on {}; errors are from week to week",
                    plural(found.rules.len(), "rule"),
                    plural(own.shipments.len(), "shipment")
                );
                ui.label(RichText::new(said).color(t.weak));
            }
        });
        self.chosen = self.chosen.min(found.rules.len() - 1);
        let rule = found.rules.get(self.chosen)?;
        let mut out = None;
        ui.add_space(gap::XS);
        ui.horizontal_wrapped(|ui| {
            let p = &rule.point;
            let name = if self.chosen == 0 { format!("Best: {}", p.name) } else { p.name.clone() };
            ui.label(RichText::new(name).text_style(theme::section()).strong());
            let d = &rule.against_daily;
            let against = if d.mean.abs() < 1e-9 {
                "the same as sending every day".to_owned()
            } else {
                let side = if d.mean < 0.0 { "less" } else { "more" };
                let error = if self.estimated { String::new() } else { format!(" ± {}", short(d.half_width)) };
                format!("{}{error} {side} than sending every day", cx.session.money.short(d.mean.abs()))
            };
            ui.label(RichText::new(against).color(if d.mean < 0.0 { t.good } else { t.weak }));
            if !rule.keeps_promise {
                let late = p.late.mean >= 0.5;
                let why = if late {
                    format!("{} leave after their due day", plural(p.late.mean.round() as usize, "shipment"))
                } else {
                    "breaks the promise".to_owned()
                };
                ui.label(RichText::new(why).color(t.bad));
            }
            if p.spec == *spec {
                ui.label(RichText::new("the rule in use").color(t.weak));
            } else if widgets::primary(ui, "Use this rule").on_hover_text("The scenario keeps it, and its trips are shown").clicked() {
                out = Some(p.clone());
            }
        });
        let free = self.price_per_day <= 0.0 && self.promise.is_none() && (self.ignore_due || own.due.iter().all(Option::is_none));
        if free {
            let said = "Waiting is free so far, so the longest wait wins: say above what a day of it costs, or how long one may wait";
            ui.label(RichText::new(said).color(t.assumed));
        }
        self.plots(ui, &found.rules, &money);
        let table = table(&found.rules);
        ui.allocate_ui(eframe::egui::vec2(ui.available_width(), 380.0), |ui| {
            ui.set_max_height(380.0);
            let happened = self.table.ui(
                ui,
                "rules for own deliveries",
                &table,
                self.generation as u64 * 2 + u64::from(self.estimated),
                Some(self.chosen),
            );
            if let Some(row) = happened.clicked {
                self.chosen = row;
            }
            if happened.export {
                cx.act(Action::ExportTable { table: Box::new(table.clone()), name: "delivery rules.csv".into() });
            }
        });
        out
    }

    fn plots(&self, ui: &mut Ui, rules: &[Judged], money: &str) {
        let t = theme::tokens(ui);
        let (n, width) = plot::columns(ui, 360.0, 2);
        type Value = fn(&Judged) -> f64;
        let kinds: [(&str, &str, String, Value); 2] = [
            ("cost of own rules", "What it costs", format!("in all, {money}"), |r| r.total_cost.mean),
            ("emissions of own rules", "Transport emissions", "kg CO2e".to_owned(), |r| r.point.transport_kg_co2e.mean),
        ];
        let draw = |ui: &mut Ui, (id, name, y_name, value): (&str, &str, String, Value)| {
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.label(RichText::new(name).strong());
                plot::curve(id, 200.0, "mean days held", &y_name).show(ui, |pu| {
                    for (i, r) in rules.iter().enumerate() {
                        let at = PlotPoints::from(vec![[r.point.delay_days.mean, value(r)]]);
                        let color = if i == self.chosen {
                            t.accent
                        } else if r.on_frontier {
                            t.good
                        } else {
                            t.weak
                        };
                        let radius = if i == self.chosen { 7.0 } else { 4.0 };
                        let shape = if r.on_frontier { MarkerShape::Diamond } else { MarkerShape::Circle };
                        pu.points(Points::new(r.point.name.clone(), at).color(color).radius(radius).shape(shape));
                    }
                });
            });
        };
        if n > 1 {
            ui.horizontal_top(|ui| kinds.into_iter().for_each(|k| draw(ui, k)));
        } else {
            kinds.into_iter().for_each(|k| draw(ui, k));
        }
        ui.label(
            RichText::new("Diamonds: no rule tried is better in one of cost, days held and kg CO2e without being worse in another")
                .small()
                .color(t.weak),
        );
    }
}

fn table(rules: &[Judged]) -> Table {
    let of = |f: fn(&Judged) -> f64| rules.iter().map(f).collect::<Vec<_>>();
    Table::new(vec![
        Column::text("rule", rules.iter().map(|r| r.point.name.clone())),
        Column::number("total_cost", 0, of(|r| r.total_cost.mean)).label("in all"),
        Column::number("against_daily", 0, of(|r| r.against_daily.mean)).label("against daily"),
        Column::number("against_daily_half_width", 0, of(|r| r.against_daily.half_width)).label("±"),
        Column::number("freight_cost", 0, of(|r| r.point.freight_cost.mean)).label("freight"),
        Column::number("delay_days", 2, of(|r| r.point.delay_days.mean)).label("mean days held"),
        Column::number("longest_delay_days", 1, of(|r| r.point.longest_delay_days.mean)).label("longest"),
        Column::number("late", 0, of(|r| r.point.late.mean)),
        Column::number("load_factor", 2, of(|r| r.point.load_factor.mean)),
        Column::number("trips", 0, of(|r| r.point.trips.mean)),
        Column::number("distance_km", 0, of(|r| r.point.distance_km.mean)).label("km"),
        Column::number("transport_kg_co2e", 0, of(|r| r.point.transport_kg_co2e.mean)).label("kg CO2e"),
    ])
}
