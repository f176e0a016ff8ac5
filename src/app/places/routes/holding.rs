//! How long to hold shipments so that more travel together: rules computed once, then looked at with a slider.

use super::{Routes, stamp};
use crate::app::action::{Action, Answer};
use crate::app::format::{percent, short};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::{self, plot};
use crate::base::{Control, Measure};
use crate::project::{Change, Edit};
use crate::report::{Column, Table};
use crate::scenario::plan::ConsolidationSpec;
use crate::scenario::{Outcome, RulePoint};
use eframe::egui::{Align, Grid, Layout, RichText, Slider, Ui};
use egui_plot::{MarkerShape, PlotPoints, Points};
use std::sync::Arc;

/// Courses of demand on which each rule is tried.
const BUILT: usize = 16;
/// Courses of demand of the estimate by formula.
const ESTIMATED: usize = 4;

/// The rules under the slider, and the plan's own.
fn rules(outcome: &Outcome) -> Vec<ConsolidationSpec> {
    let every = |t: f64| ConsolidationSpec { every: Some(t), ..ConsolidationSpec::default() };
    let load = |q: f64| ConsolidationSpec { load: Some(q), ..ConsolidationSpec::default() };
    let mut out = vec![
        every(1.0),
        every(2.0),
        every(3.0),
        every(5.0),
        every(7.0),
        ConsolidationSpec { every: Some(7.0), load: Some(0.9), ..ConsolidationSpec::default() },
        every(14.0),
        load(0.25),
        load(0.5),
        load(0.75),
        load(1.0),
    ];
    let own = &outcome.plan.logistics.consolidation;
    if !out.contains(own) {
        out.push(own.clone());
    }
    out
}

/// What a rule costs in all: trips, and stock that waits.
pub(in crate::app::places) fn in_all(p: &RulePoint) -> f64 {
    p.freight_cost.mean + p.stock_cost_of_delay.map_or(0.0, |m| m.mean)
}

/// What an answer to [`compare_rules`] is: which outcome it belongs to, and the rules, those that hold shorter first; `None`: stopped.
pub(in crate::app::places) type Compared = (usize, Option<Vec<RulePoint>>);

/// Work that tries each rule on an outcome's orders; what was computed before is found in the engine's memory.
pub(in crate::app::places) fn compare_rules(cx: &Cx<'_>, place: Place, outcome: &Arc<Outcome>) -> Action {
    let (engine, inputs, outcome, id) = (cx.session.engine.clone(), cx.session.inputs.clone(), outcome.clone(), stamp(cx.session));
    Action::Work {
        place,
        key: Key::Consolidation,
        label: "Comparing consolidation rules".into(),
        work: Box::new(move |control: &dyn Control| -> Answer {
            let points = engine.consolidation(&outcome, &inputs, &rules(&outcome), BUILT, control).ok().map(sorted);
            let answer: Compared = (id, points);
            Box::new(answer)
        }),
    }
}

/// The same by formula, in a moment.
fn estimate_rules(cx: &Cx<'_>, outcome: &Arc<Outcome>) -> Action {
    let (engine, inputs, outcome, id) = (cx.session.engine.clone(), cx.session.inputs.clone(), outcome.clone(), stamp(cx.session));
    Action::Work {
        place: Place::Routes,
        key: Key::Estimate,
        label: "Estimating consolidation rules".into(),
        work: Box::new(move |control: &dyn Control| -> Answer {
            let points = engine.consolidation_estimate(&outcome, &inputs, &rules(&outcome), ESTIMATED, control).ok().map(sorted);
            let answer: Compared = (id, points);
            Box::new(answer)
        }),
    }
}

/// Those that hold shorter first.
fn sorted(mut points: Vec<RulePoint>) -> Vec<RulePoint> {
    points.sort_by(|a, b| a.delay_days.mean.total_cmp(&b.delay_days.mean).then(b.freight_cost.mean.total_cmp(&a.freight_cost.mean)));
    points
}

impl Routes {
    /// Rules known for this outcome, those that hold shorter first.
    fn rules_of(&self, id: usize) -> Option<&[RulePoint]> {
        self.rules.as_ref().filter(|(s, _)| *s == id).and_then(|(_, p)| p.as_deref())
    }

    fn ask(&mut self, cx: &mut Cx<'_>, outcome: &Arc<Outcome>) {
        self.rules_asked = stamp(cx.session);
        cx.act(estimate_rules(cx, outcome));
        cx.act(compare_rules(cx, Place::Routes, outcome));
    }

    pub(super) fn holding(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Arc<Outcome>) {
        let t = theme::tokens(ui);
        ui.label(
            RichText::new(
                "Shipments that wait travel together: fewer, fuller trips, but goods come later and more stock must cover the wait",
            )
            .color(t.weak),
        );
        let id = stamp(cx.session);
        if self.rules_of(id).is_none() {
            let stopped = self.rules_asked == id
                && !cx.running(Key::Consolidation)
                && self.rules.as_ref().is_some_and(|(s, p)| *s == id && p.is_none());
            if self.rules_asked != id && !cx.running(Key::Run) {
                self.ask(cx, outcome);
            }
            if stopped {
                if widgets::empty(
                    ui,
                    "The comparison was stopped",
                    "It tries each rule on the same simulated orders",
                    Some("Compare rules"),
                ) {
                    self.ask(cx, outcome);
                }
            } else if let Some(points) = self.estimates.as_ref().filter(|(s, p)| *s == id && p.as_ref().is_some_and(|p| !p.is_empty())) {
                let points = points.1.clone().unwrap_or_default();
                ui.label(
                    RichText::new("Estimated from distances and loads; trips are being built, and take the place of this").color(t.assumed),
                );
                self.slider(ui, cx, outcome, &points);
            } else {
                widgets::empty(ui, "Trying each rule on the same orders", "This takes some seconds; then the slider answers at once", None);
            }
            return;
        }
        let points: Vec<RulePoint> = self.rules_of(id).map(<[_]>::to_vec).unwrap_or_default();
        if points.is_empty() {
            ui.label(RichText::new("Nothing is ordered, so nothing can be held").color(t.weak));
            return;
        }
        self.slider(ui, cx, outcome, &points);
        ui.label(
            RichText::new(format!(
                "Each rule on the same orders, {BUILT} simulated courses of demand. The cost of waiting is what stock costs more when goods come later, \
                 with levels that move along but are not searched again: rather too much than too little"
            ))
            .small()
            .color(t.weak),
        );
        let table = table(&points);
        ui.allocate_ui(eframe::egui::vec2(ui.available_width(), 360.0), |ui| {
            ui.set_max_height(360.0);
            let happened = self.rules_table.ui(ui, "consolidation rules", &table, id as u64, Some(self.rule));
            if let Some(row) = happened.clicked {
                self.rule = row;
            }
            if happened.export {
                cx.act(Action::ExportTable { table: Box::new(table.clone()), name: "consolidation rules.csv".into() });
            }
        });
    }

    /// The slider over rules, the figures of the one under it, and all of them as points.
    fn slider(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Arc<Outcome>, points: &[RulePoint]) {
        let t = theme::tokens(ui);
        let own = points.iter().position(|p| p.spec == outcome.plan.logistics.consolidation);
        self.rule = self.rule.min(points.len() - 1);
        let best = (0..points.len()).min_by(|a, b| match (points.get(*a), points.get(*b)) {
            (Some(x), Some(y)) => in_all(x).total_cmp(&in_all(y)),
            _ => a.cmp(b),
        });
        ui.add_space(gap::S);
        ui.horizontal(|ui| {
            ui.label("Every day");
            ui.spacing_mut().slider_width = (ui.available_width() - 240.0).clamp(160.0, 520.0);
            let slider = ui.add(Slider::new(&mut self.rule, 0..=points.len() - 1).show_value(false));
            slider.widget_info(|| eframe::egui::WidgetInfo::slider(true, self.rule as f64, "Consolidation rule"));
            ui.label("When full");
        });
        let Some(p) = points.get(self.rule) else { return };
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(sentence(&p.name)).text_style(theme::section()).strong());
            if own == Some(self.rule) {
                ui.label(RichText::new("the rule in use").color(t.weak));
            } else if widgets::primary(ui, "Use this rule").clicked() {
                let mut scenario = cx.session.project.document().active().clone();
                scenario.plan.logistics.consolidation = p.spec.clone();
                cx.act(Action::Edit(Edit::one(format!("dispatch {}", p.name), Change::PutScenario(scenario))));
            }
            if let Some(b) = best.filter(|b| *b != self.rule)
                && ui.button("Go to the cheapest").clicked()
            {
                self.rule = b;
            }
            if let Some(o) = own.filter(|o| *o != self.rule)
                && ui.button("Go to the rule in use").clicked()
            {
                self.rule = o;
            }
        });
        if let Some(p) = points.get(self.rule) {
            figures(ui, cx, p, own.and_then(|o| points.get(o)));
        }
        ui.add_space(gap::S);
        self.frontiers(ui, cx, points, own);
        ui.add_space(gap::S);
    }

    fn frontiers(&mut self, ui: &mut Ui, cx: &Cx<'_>, points: &[RulePoint], own: Option<usize>) {
        let t = theme::tokens(ui);
        let (n, width) = plot::columns(ui, 360.0, 2);
        let currency = if cx.session.money.currency.is_empty() { "money".to_owned() } else { cx.session.money.currency.clone() };
        let delay = |p: &RulePoint| p.delay_days.mean;
        type Value = fn(&RulePoint) -> f64;
        let kinds: [(&str, &str, String, Value); 2] = [
            ("cost of holding", "Freight and waiting", format!("freight and waiting, {currency}"), in_all),
            ("emissions of holding", "Transport emissions", "transport, kg CO2e".to_owned(), |p| p.transport_kg_co2e.mean),
        ];
        let layout = if n > 1 { Layout::left_to_right(Align::Min) } else { Layout::top_down(Align::Min) };
        ui.with_layout(layout, |ui| {
            for (id, name, y_name, value) in kinds {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.label(RichText::new(name).strong());
                    let line: Vec<[f64; 2]> = points.iter().map(|p| [delay(p), value(p)]).collect();
                    plot::curve(id, 220.0, "mean days held", &y_name).include_y(0.0).show(ui, |pu| {
                        pu.line(plot::line("", line, t.line, 1.0));
                        for (i, p) in points.iter().enumerate() {
                            let at = PlotPoints::from(vec![[delay(p), value(p)]]);
                            let (color, radius) = if i == self.rule { (t.accent, 7.0) } else { (t.weak, 4.0) };
                            let shape = if own == Some(i) { MarkerShape::Diamond } else { MarkerShape::Circle };
                            pu.points(Points::new(p.name.clone(), at).color(color).radius(radius).shape(shape));
                        }
                    });
                });
            }
        });
    }
}

/// A rule's figures, and what they are less those of the rule in use.
fn figures(ui: &mut Ui, cx: &Cx<'_>, p: &RulePoint, own: Option<&RulePoint>) {
    let t = theme::tokens(ui);
    let money = &cx.session.money;
    let assumed = cx.session.inputs.masters.vehicles.is_empty();
    let plus = |text: String, x: f64| if x > 0.0 { format!("+{text}") } else { text };
    Grid::new("rule figures").spacing([22.0, 4.0]).striped(true).show(ui, |ui| {
        for h in ["", "This rule", "Against the rule in use"] {
            ui.label(RichText::new(h).strong());
        }
        ui.end_row();
        let mut row = |name: &str, text: String, difference: Option<(String, f64)>, grey: bool, hint: &str| {
            ui.label(name).on_hover_text(hint);
            ui.label(RichText::new(text).color(if grey { t.assumed } else { t.text }));
            match difference {
                Some((text, x)) => ui.label(RichText::new(plus(text, x)).color(if x < 0.0 { t.good } else { t.weak })),
                None => ui.label(""),
            };
            ui.end_row();
        };
        let against = |f: &dyn Fn(&RulePoint) -> f64| own.map(|o| f(p) - f(o));
        let cash = |f: &dyn Fn(&RulePoint) -> f64| against(f).map(|d| (money.text(d), d));
        let count = |f: &dyn Fn(&RulePoint) -> f64, unit: &str| against(f).map(|d| (format!("{}{unit}", short(d)), d));
        let simple = |m: &Measure, unit: &str| {
            let error = if m.half_width > 0.0 { format!(" ± {}", short(m.half_width)) } else { String::new() };
            format!("{}{error}{unit}", short(m.mean))
        };
        row("Freight", money.measure(&p.freight_cost), cash(&|p| p.freight_cost.mean), assumed, "what the trips cost over the horizon");
        if let Some(waiting) = &p.stock_cost_of_delay {
            row(
                "Waiting",
                money.measure(waiting),
                cash(&|p| p.stock_cost_of_delay.map_or(0.0, |m| m.mean)),
                false,
                "what stock costs more because goods come later",
            );
        }
        row("Together", money.text(in_all(p)), cash(&in_all), assumed, "freight and waiting");
        row("Mean wait", simple(&p.delay_days, " days"), count(&|p| p.delay_days.mean, " days"), false, "between ready and departure");
        row(
            "Load factor",
            format!("{} ± {:.1}", percent(p.load_factor.mean), p.load_factor.half_width * 100.0),
            against(&|p| p.load_factor.mean).map(|d| (format!("{:.1} points", d * 100.0), d)),
            false,
            "used over available capacity, the tighter of kg and m³, mean over trips",
        );
        row("Trips", simple(&p.trips, ""), count(&|p| p.trips.mean, ""), false, "over the horizon");
        row("Distance", simple(&p.distance_km, " km"), count(&|p| p.distance_km.mean, " km"), false, "over the horizon");
        row(
            "Transport emissions",
            simple(&p.transport_kg_co2e, " kg CO2e"),
            count(&|p| p.transport_kg_co2e.mean, " kg CO2e"),
            false,
            "well to wheel",
        );
    });
}

fn table(points: &[RulePoint]) -> Table {
    let of = |f: fn(&RulePoint) -> f64| points.iter().map(f).collect::<Vec<_>>();
    Table::new(vec![
        Column::text("rule", points.iter().map(|p| p.name.clone())),
        Column::number("freight_cost", 0, of(|p| p.freight_cost.mean)),
        Column::number("freight_cost_half_width", 0, of(|p| p.freight_cost.half_width)).label("± freight"),
        Column::number("stock_cost_of_delay", 0, of(|p| p.stock_cost_of_delay.map_or(f64::NAN, |m| m.mean))).label("cost of waiting"),
        Column::number("stock_cost_of_delay_half_width", 0, of(|p| p.stock_cost_of_delay.map_or(f64::NAN, |m| m.half_width)))
            .label("± waiting"),
        Column::number("freight_and_waiting", 0, of(in_all)).label("together"),
        Column::number("delay_days", 2, of(|p| p.delay_days.mean)).label("mean days held"),
        Column::number("load_factor", 3, of(|p| p.load_factor.mean)),
        Column::number("trips", 1, of(|p| p.trips.mean)),
        Column::number("distance_km", 0, of(|p| p.distance_km.mean)).label("km"),
        Column::number("transport_kg_co2e", 0, of(|p| p.transport_kg_co2e.mean)).label("transport kg CO2e"),
    ])
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut c = text.chars();
    c.next().map_or_else(String::new, |f| f.to_uppercase().chain(c).collect())
}
