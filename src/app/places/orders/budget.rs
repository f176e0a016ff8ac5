//! Where money or room is short: a slider over what today's order may use, and at once what fits and what the rest would have saved.
//!
//! What every further pack of every line is worth is simulated once, off the interface thread ([`Payoffs`]); the slider then only ranks. What fits stands in
//! the list as quantities to approve; a change by hand holds until the slider moves again.

use super::lines::{Lines, Sort, State};
use crate::app::action::{Action, Answer};
use crate::app::format::{Money, short};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::plot;
use crate::base::Measure;
use crate::base::text::{grouped, plural};
use crate::history::typed_number;
use crate::project::{Change, DecisionKey, Edit};
use crate::scenario::plan::{Objective, ObjectiveTarget};
use crate::scenario::{Outcome, Payoffs, Within};
use eframe::egui::{self, ComboBox, RichText, Slider, Ui, WidgetInfo};
use egui_plot::{PlotPoint, Points, VLine};
use std::collections::HashMap;
use std::sync::Arc;

/// Lines up to which a moving slider is answered exactly; beyond, by ranking until it is let go.
const EXACT: usize = 200;

/// Points of the curve.
const POINTS: usize = 60;

/// What can be short: name for the box, unit behind a figure (money has its own), decimals.
const RESOURCES: [(&str, &str, usize); 4] = [("Money", "", 0), ("Volume", " m³", 2), ("Weight", " kg", 1), ("Carbon", " kg CO2e", 1)];

/// What the lots are worth, made off the interface thread.
struct Found {
    payoffs: Payoffs,
    asked: [f64; 4],
    /// What all of it saves, with the simulation's error.
    worth: Measure,
    /// By resource, the least that saves as much as all of it.
    enough: [f64; 4],
    /// By resource: (limit, saved, its half-width).
    curves: [Vec<(f64, f64, f64)>; 4],
}

/// The strip's look.
#[derive(Default)]
pub(super) struct Budget {
    /// Whether it is shown.
    pub open: bool,
    asked: Option<Arc<Outcome>>,
    found: Option<Found>,
    resource: usize,
    /// `None`: all that is asked for.
    limit: Option<f64>,
    within: Option<Within>,
    /// Quantities that the slider laid into the list, so that it takes only its own out again.
    laid: HashMap<DecisionKey, f64>,
}

impl Budget {
    /// Asks what the lines are worth, once after every run while the strip is open.
    pub fn refresh(&mut self, cx: &mut Cx<'_>, drafts: &mut HashMap<DecisionKey, f64>) {
        if !self.open {
            self.close(drafts);
            return;
        }
        let Some(outcome) = cx.session.outcome.clone() else { return };
        if self.asked.as_ref().is_some_and(|a| Arc::ptr_eq(a, &outcome)) {
            return;
        }
        if self.asked.is_none()
            && let Objective::Target(t) = &outcome.plan.policy.objective
        {
            // the scenario's own limit is where the slider begins
            let limits = [t.budget, t.volume_m3, t.weight_kg, t.kg_co2e];
            if let Some((r, limit)) = limits.iter().enumerate().find_map(|(r, l)| l.map(|l| (r, l))) {
                (self.resource, self.limit) = (r, Some(limit));
            }
        }
        self.asked = Some(outcome.clone());
        let (engine, inputs) = (cx.session.engine.clone(), cx.session.inputs.clone());
        cx.act(Action::Work {
            place: Place::Orders,
            key: Key::Budget,
            label: "What each further pack is worth".into(),
            work: Box::new(move |control| {
                let found = engine.payoffs(&inputs, &outcome.plan, &outcome, control).ok().map(|payoffs| {
                    let (asked, worth) = (payoffs.asked(), measure(payoffs.worth(), payoffs.worth_half_width()));
                    let curves = std::array::from_fn(|r| if asked[r] > 0.0 { payoffs.curve(r, POINTS) } else { Vec::new() });
                    let enough = std::array::from_fn(|r| payoffs.enough(r));
                    Found { payoffs, asked, worth, enough, curves }
                });
                Box::new(found)
            }),
        });
    }

    pub fn answer(&mut self, answer: Answer, lines: &mut Lines, sort: &mut (Sort, bool)) {
        if let Ok(found) = answer.downcast::<Option<Found>>() {
            self.found = *found;
            self.within = None;
            self.rank(lines);
            *sort = (Sort::Worth, true);
        }
    }

    /// The lines whose first packs save most per unit of what is short stand first, so that the cut-off runs down the list.
    fn rank(&self, lines: &mut Lines) {
        if let Some(found) = &self.found {
            let first = |i: usize| found.payoffs.first(i, self.resource);
            lines.rank(&found.payoffs.lines().iter().enumerate().map(|(i, l)| (&*l.unique_id, first(i))).collect());
        }
    }

    fn close(&mut self, drafts: &mut HashMap<DecisionKey, f64>) {
        for (key, units) in self.laid.drain() {
            if drafts.get(&key) == Some(&units) {
                drafts.remove(&key);
            }
        }
        (self.asked, self.found, self.within, self.limit) = (None, None, None, None);
    }

    /// The strip over the list.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, lines: &mut Lines, drafts: &mut HashMap<DecisionKey, f64>, sort: &mut (Sort, bool)) {
        let t = theme::tokens(ui);
        let Some(found) = &self.found else {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(RichText::new("Simulating what each further pack is worth…").color(t.weak));
            });
            return;
        };
        if found.asked[0] <= 0.0 {
            ui.label(RichText::new("Nothing is advised that a budget could limit").color(t.weak));
            return;
        }
        let money = cx.session.money.clone();
        let mut resource = self.resource;
        let all = found.asked[resource];
        let mut limit = self.limit.unwrap_or(all).clamp(0.0, all);
        let mut moving = false;
        let mut keep = false;
        let mut all_again = false;
        ui.horizontal(|ui| {
            let name = RESOURCES.get(resource).map_or("", |r| r.0);
            let combo = ComboBox::from_id_salt("what is short").selected_text(name).width(76.0).show_ui(ui, |ui| {
                for (r, (name, ..)) in RESOURCES.iter().enumerate().filter(|(r, _)| found.asked[*r] > 0.0) {
                    ui.selectable_value(&mut resource, r, *name);
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "What is short"));
            ui.spacing_mut().slider_width = (ui.available_width() - 420.0).clamp(120.0, 420.0);
            let shown = money.clone();
            let unit = RESOURCES.get(resource).map_or(("", 0), |r| (r.1, r.2));
            let text = move |x: f64| if resource == 0 { shown.text(x) } else { format!("{}{}", grouped(x, unit.1), unit.0) };
            let formatted = text.clone();
            let parse = |t: &str| typed_number(t.trim_matches(|c: char| !c.is_ascii_digit()));
            let slider =
                ui.add(Slider::new(&mut limit, 0.0..=all).smart_aim(false).custom_formatter(move |x, _| formatted(x)).custom_parser(parse));
            slider.widget_info(|| WidgetInfo::slider(true, limit, "Today's order may use at most"));
            moving = slider.dragged();
            ui.label(RichText::new(format!("of {}", text(all))).color(t.weak));
            if self.limit.is_some_and(|l| l < all) {
                all_again = ui.button("All").on_hover_text("As if nothing were short").clicked();
                keep = ui
                    .button("Keep in the scenario")
                    .on_hover_text("Every run then orders within this limit, what saves most per unit of it first; one step of undo")
                    .clicked();
            }
        });
        if resource != self.resource {
            (self.resource, self.limit, self.within) = (resource, None, None);
            self.rank(lines);
            *sort = (Sort::Worth, true);
        } else if all_again {
            (self.limit, self.within) = (None, None);
        } else if self.limit.is_some_and(|l| (l - limit).abs() > 1e-9) || (self.limit.is_none() && limit < all - 1e-9) {
            (self.limit, self.within) = (Some(limit), None);
        }
        if self.within.is_none() {
            let mut limits = [f64::INFINITY; 4];
            if let Some(l) = self.limit {
                limits[self.resource] = l;
            }
            let rough = moving && found.payoffs.lines().len() > EXACT;
            let within = found.payoffs.within(limits, rough);
            lay(&found.payoffs, &within, lines, drafts, &mut self.laid);
            // an answer by ranking is made exact once the slider rests
            if rough {
                ui.ctx().request_repaint();
            }
            self.say(ui, &within, &money);
            self.curve(ui, &within, &money);
            self.within = (!rough).then_some(within);
        } else if let Some(within) = &self.within {
            self.say(ui, within, &money);
            self.curve(ui, within, &money);
        }
        if keep && let Some(limit) = self.limit {
            cx.act(Action::Edit(kept(cx, self.resource, limit)));
        }
    }

    fn say(&self, ui: &mut Ui, within: &Within, money: &Money) {
        let (t, Some(found)) = (theme::tokens(ui), &self.found) else { return };
        let lines = found.payoffs.lines();
        let count = |f: fn(f64, f64) -> bool| lines.iter().zip(&within.units).filter(|(l, u)| f(**u, l.asked())).count();
        let (part, none) = (count(|u, all| u > 0.0 && u < all), count(|u, _| u <= 0.0));
        let whole = lines.len() - part - none;
        let mut text = vec![plural(whole, "line") + " as advised"];
        if part > 0 {
            text.push(format!("{part} in part"));
        }
        if none > 0 {
            text.push(format!("{none} {}", if none == 1 { "waits" } else { "wait" }));
        }
        let (_, unit, decimals) = RESOURCES[self.resource];
        let said = |x: f64| if self.resource == 0 { money.text(x) } else { format!("{}{unit}", grouped(x, decimals)) };
        let all = money.measure(&found.worth);
        if within.saved < found.worth.mean * (1.0 - 1e-9) {
            text.push(format!("saves {} of {all}", money.measure(&measure(within.saved, within.saved_half_width))));
        } else if found.enough[self.resource] < found.asked[self.resource] * (1.0 - 1e-9) {
            // the rest makes orders fewer and fuller
            text.push(format!("saves {all}, as {} would", said(found.enough[self.resource])));
        } else {
            text.push(format!("saves {all}"));
        }
        if let Some(more) = within.next.get(self.resource).filter(|p| **p > 0.0) {
            // a step that people think in: a hundredth of what is asked for, as a round figure
            let step = 10f64.powf((found.asked[self.resource] / 100.0).log10().round());
            let step_text = if self.resource == 0 {
                money.text(step)
            } else {
                format!("{}{unit}", grouped(step, if step < 1.0 { decimals } else { 0 }))
            };
            text.push(format!("the next {step_text} would save about {}", money.text(more * step)));
        }
        ui.label(RichText::new(text.join(" · ")).color(t.weak))
            .on_hover_text("Expected cost over the simulated futures against ordering nothing today, ± the simulation's own error; packs that save most per unit of what is short come first. What the next would save is the worth of the pack after the last one taken, read off that ranking: it is a guide, not simulated by itself, and so has no ± of its own");
    }

    fn curve(&self, ui: &mut Ui, within: &Within, money: &Money) {
        let (t, Some(found)) = (theme::tokens(ui), &self.found) else { return };
        if ui.available_height() < 360.0 {
            return;
        }
        let Some(points) = found.curves.get(self.resource).filter(|p| p.len() > 1) else { return };
        let (name, unit, _) = RESOURCES[self.resource];
        let currency = if money.currency.is_empty() { "money" } else { &money.currency };
        let x_name =
            if self.resource == 0 { format!("today's order, {currency}") } else { format!("{}, {}", name.to_lowercase(), unit.trim()) };
        let xs: Vec<f64> = points.iter().map(|p| p.0).collect();
        let side = |sign: f64| points.iter().map(|(_, y, h)| y + if h.is_finite() { sign * h } else { 0.0 }).collect::<Vec<_>>();
        let (low, high) = (side(-1.0), side(1.0));
        let at = PlotPoint::new(within.used[self.resource], within.saved);
        plot::curve("worth of a budget", 118.0, &x_name, &format!("saves, {currency}"))
            .include_y(0.0)
            .label_formatter({
                let money = money.clone();
                move |hover| match hover {
                    egui_plot::HoverPosition::NearDataPoint { position, .. } => {
                        Some(format!("{x_name} {}\nsaves {}", short(position.x), money.text(position.y)))
                    }
                    egui_plot::HoverPosition::Elsewhere { .. } => None,
                }
            })
            .show(ui, |p| {
                p.add(plot::band("simulation error", &xs, &low, &high, theme::Tokens::band(t.accent, 0.25)));
                p.line(plot::line("saved", points.iter().map(|(x, y, _)| [*x, *y]).collect(), t.accent, 1.5));
                if let Some(l) = self.limit {
                    p.vline(VLine::new("limit", l).color(t.warn).width(1.0));
                }
                p.points(Points::new("now", vec![[at.x, at.y]]).color(t.warn).radius(4.0));
            });
        ui.add_space(gap::XS);
    }
}

fn measure(mean: f64, half_width: f64) -> Measure {
    Measure { mean, half_width, p10: mean, p90: mean }
}

/// Lays what fits into the list as quantities that differ from the advice.
fn lay(payoffs: &Payoffs, within: &Within, lines: &Lines, drafts: &mut HashMap<DecisionKey, f64>, laid: &mut HashMap<DecisionKey, f64>) {
    for (key, units) in laid.drain() {
        if drafts.get(&key) == Some(&units) {
            drafts.remove(&key);
        }
    }
    let fits: HashMap<&str, f64> = payoffs.lines().iter().zip(&within.units).map(|(l, u)| (&*l.unique_id, *u)).collect();
    for l in lines.all.iter().filter(|l| l.state == State::Advised && l.key.1 == lines.now) {
        let Some(units) = fits.get(&*l.key.0).copied() else { continue };
        if (units - l.quantity).abs() > 1e-9 {
            drafts.insert(l.key.clone(), units);
            laid.insert(l.key.clone(), units);
        }
    }
}

/// The active scenario with this limit on today's order.
fn kept(cx: &Cx<'_>, resource: usize, limit: f64) -> Edit {
    let mut scenario = cx.session.project.document().active().clone();
    let limit = (limit * 100.0).round() / 100.0;
    let mut t = ObjectiveTarget::default();
    match resource {
        0 => t.budget = Some(limit),
        1 => t.volume_m3 = Some(limit),
        2 => t.weight_kg = Some(limit),
        _ => t.kg_co2e = Some(limit),
    }
    scenario.plan.policy.objective = Objective::Target(t);
    let what = if resource == 0 { cx.session.money.text(limit) } else { format!("{}{}", grouped(limit, 2), RESOURCES[resource].1) };
    Edit::one(format!("order within {what}"), Change::PutScenario(scenario))
}
