//! One set of assumptions: changed here, checked before it is kept.

use super::{Part, Scenarios, words};
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::project::{Change, Edit, Scenario};
use crate::scenario::Plan;
use crate::scenario::plan::{ConsolidationSpec, LeadTimeParts, LeadTimeSpec, Objective, ObjectiveTarget};
use eframe::egui::{Checkbox, ComboBox, DragValue, Grid, Response, RichText, Role, Ui, WidgetInfo};
use std::ops::RangeInclusive;
use std::sync::Arc;

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Scenarios {
    pub(super) fn editor(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        // what was undone or removed elsewhere is not edited on
        let fresh = |id: u64| document.scenario(id);
        let still = self.draft.as_ref().and_then(|(id, was, _)| fresh(*id).map(|now| now == was));
        match still {
            Some(true) => {}
            Some(false) => self.draft = self.draft.take().and_then(|(id, ..)| fresh(id).map(|s| (id, s.clone(), s.clone()))),
            None => {
                let s = document.active();
                self.draft = Some((s.id, s.clone(), s.clone()));
            }
        }
        ui.horizontal_wrapped(|ui| {
            let label = ui.label("Scenario");
            let now = self.draft.as_ref().map_or(0, |d| d.0);
            let combo = ComboBox::from_id_salt("edited scenario").width(240.0).selected_text(fresh(now).map_or("", |s| &s.name)).show_ui(
                ui,
                |ui| {
                    for s in &document.scenarios {
                        if ui.selectable_label(s.id == now, &s.name).clicked() {
                            self.draft = Some((s.id, s.clone(), s.clone()));
                        }
                    }
                },
            );
            named(&combo.response, Role::ComboBox, "Edited scenario");
            combo.response.labelled_by(label.id);
        });
        let Some((id, was, draft)) = &mut self.draft else { return };
        let currency = cx.session.money.currency.clone();
        let period = cx.session.outcome.as_ref().map_or("period", |o| o.period.name());
        let mut problems: Vec<String> = draft.plan.check().iter().map(ToString::to_string).collect();
        if draft.name.trim().is_empty() {
            problems.push("the scenario needs a name".into());
        }
        if document.scenarios.iter().any(|s| s.id != *id && s.name == draft.name) {
            problems.push("another scenario has this name".into());
        }
        let changed = words::differences(&was.plan, &draft.plan);
        let dirty = was.name != draft.name || was.plan != draft.plan;
        // above the assumptions and always there, so that it is seen without scrolling and nothing moves
        let (mut keep, mut drop) = (None, false);
        ui.horizontal(|ui| {
            widgets::search_field(ui, &mut self.why, "Why", "Why, for the journal", 300.0);
            ui.add_enabled_ui(dirty && problems.is_empty(), |ui| {
                if widgets::primary(ui, "Keep changes").clicked() {
                    keep = Some(draft.clone());
                }
            });
            drop = ui.add_enabled(dirty, eframe::egui::Button::new("Discard")).clicked();
            if ui.button("Compare with another scenario").clicked() {
                self.part = Part::Side;
            }
        });
        if problems.is_empty() {
            let text = match (dirty, changed.is_empty()) {
                (false, _) => "Nothing changed".to_owned(),
                (true, true) => "Renamed".to_owned(),
                (true, false) => format!("Changes {}", changed.join("; ")),
            };
            let aside = if *id == document.active { "" } else { ". Not the scenario in use" };
            ui.label(RichText::new(format!("{text}{aside}")).color(t.weak));
        }
        for p in &problems {
            ui.label(RichText::new(crate::app::toasts::sentence(p)).color(t.bad));
        }
        ui.add_space(gap::XS);
        Grid::new("assumptions").num_columns(2).spacing([22.0, 7.0]).show(ui, |ui| {
            ui.label("Name");
            widgets::search_field(ui, &mut draft.name, "Name of the scenario", "", 300.0);
            ui.end_row();
            let hubs = crate::scenario::hubs(&cx.session.inputs.masters.locations);
            assumptions(ui, &mut draft.plan, &currency, period, &hubs);
        });
        widgets::section(ui, "For some items");
        let names = super::adjustments::Known { rows: &cx.session.rows, stamp: cx.session.rows_stamp };
        self.adjust.ui(ui, &mut draft.plan.adjust, &names);
        ui.add_space(gap::S);

        if let Some(mut s) = keep {
            s.plan.name.clone_from(&s.name);
            let label =
                if changed.is_empty() { format!("rename {} to {}", was.name, s.name) } else { format!("change assumptions of {}", s.name) };
            let why = std::mem::take(&mut self.why);
            self.draft = Some((s.id, s.clone(), s.clone()));
            cx.act(Action::Edit(Edit::one(label, Change::PutScenario(s)).because(why)));
        } else if drop {
            let was: Scenario = was.clone();
            self.draft = Some((was.id, was.clone(), was));
            self.why.clear();
        }
    }
}

fn named(r: &Response, role: Role, name: &str) {
    r.widget_info(|| WidgetInfo::labeled(role, true, name));
}

/// A number with its name in front.
fn number(ui: &mut Ui, name: &str, hint: &str, value: &mut f64, range: RangeInclusive<f64>, suffix: &str) {
    let label = ui.label(name).on_hover_text(hint);
    let speed = if *range.end() <= 1.0 { 0.01 } else { 0.5 };
    ui.add(DragValue::new(value).range(range).speed(speed).max_decimals(3).suffix(suffix)).labelled_by(label.id).on_hover_text(hint);
    ui.end_row();
}

/// A count with its name in front and what is counted, in the singular, behind.
fn whole(ui: &mut Ui, name: &str, hint: &str, value: &mut usize, range: RangeInclusive<usize>, counted: &str) {
    let label = ui.label(name).on_hover_text(hint);
    let suffix = match (counted, *value) {
        ("", _) => String::new(),
        (what, 1) => format!(" {what}"),
        (what, _) => format!(" {what}s"),
    };
    ui.add(DragValue::new(value).range(range).suffix(suffix)).labelled_by(label.id).on_hover_text(hint);
    ui.end_row();
}

/// A number that may be left to what is said.
fn perhaps(ui: &mut Ui, name: &str, otherwise: &str, value: &mut Option<f64>, start: f64, suffix: &str) {
    ui.label(name);
    ui.horizontal(|ui| {
        let mut set = value.is_some();
        let check = ui.add(Checkbox::without_text(&mut set));
        check.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, set, format!("Set {}", name.to_lowercase())));
        if set != value.is_some() {
            *value = set.then_some(start);
        }
        match value {
            Some(v) => {
                let r = ui.add(DragValue::new(v).range(0.0..=1e9).speed(start.max(0.1) / 50.0).max_decimals(4).suffix(suffix));
                r.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
            }
            None => {
                ui.label(RichText::new(otherwise).color(theme::tokens(ui).weak));
            }
        }
    });
    ui.end_row();
}

fn choice(ui: &mut Ui, name: &str, now: usize, options: &[&str]) -> usize {
    let mut chosen = now;
    let combo = ComboBox::from_id_salt(name).width(250.0).selected_text(options.get(now).copied().unwrap_or_default()).show_ui(ui, |ui| {
        for (i, o) in options.iter().enumerate() {
            ui.selectable_value(&mut chosen, i, *o);
        }
    });
    named(&combo.response, Role::ComboBox, name);
    chosen
}

fn assumptions(ui: &mut Ui, plan: &mut Plan, currency: &str, period: &str, hubs: &[Arc<str>]) {
    let money = format!(" {currency}");
    whole(ui, "Horizon", "How far ahead is simulated", &mut plan.periods, 1..=20_000, period);
    whole(ui, "Replications", "Simulated courses of demand; four times as many halve the error", &mut plan.replications, 1..=1_000_000, "");
    let label = ui.label("Seed").on_hover_text("The same seed gives the same figures; scenarios are compared on the same seed");
    ui.add(DragValue::new(&mut plan.seed)).labelled_by(label.id);
    ui.end_row();

    ui.label("Aim");
    // below each other: four limits or seven days are wider than a small window
    ui.vertical(|ui| objective(ui, &mut plan.policy.objective, &money));
    ui.end_row();

    ui.label("Lead time where none is known")
        .on_hover_text("Periods between an order and its arrival, where neither deliveries nor master data say");
    ui.horizontal(|ui| lead_time(ui, &mut plan.supply.lead_time, period));
    ui.end_row();
    whole(ui, "Periods between reviews", "How often stock is looked at and ordered", &mut plan.supply.review_period, 1..=1000, period);
    ui.label("Unmet demand");
    let before = if plan.supply.lost.is_some() { 2 } else { usize::from(plan.supply.unmet_demand == "backorder") };
    let now = choice(ui, "Unmet demand", before, &["is lost", "waits (backorder)", "some waits"]);
    if now != before {
        plan.supply.unmet_demand = if now == 1 { "backorder" } else { "lost" }.into();
        plan.supply.lost = (now == 2).then_some(0.5);
        plan.cost.waiting = None;
    }
    ui.end_row();
    if plan.supply.lost.is_some() {
        perhaps(ui, "Share that is lost", "nobody waits", &mut plan.supply.lost, 0.5, " of unmet demand");
        perhaps(ui, "Cost of waiting", "what a lost unit costs", &mut plan.cost.waiting, 0.1, &format!("{money} a unit and period"));
        if plan.supply.lost.is_none() {
            plan.cost.waiting = None;
        }
    }

    perhaps(ui, "Holding rate a year", "25 % of an item's cost", &mut plan.cost.holding_rate, 0.25, " of cost");
    perhaps(ui, "Order cost", "what suppliers.csv says, else nothing", &mut plan.cost.order, 5.0, &format!("{money} an order line"));
    perhaps(ui, "Shortage cost", "price less cost of each item", &mut plan.cost.shortage, 1.0, &format!("{money} a unit"));

    ui.label("Ordering together").on_hover_text("A supplier's items on one order, in the list, the simulation and freight");
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut plan.policy.joint, "where that costs less")
            .on_hover_text("The cost of an order and the least order are those of the suppliers table");
        if plan.policy.joint {
            ui.checkbox(&mut plan.policy.full_containers, "whole containers")
                .on_hover_text("Where the suppliers table says what one takes");
        }
    });
    ui.end_row();

    let mut factor = plan.adjust.iter().find(|a| everything(a)).and_then(|a| a.demand_factor).unwrap_or(1.0);
    let before = factor;
    number(ui, "Demand of everything", "1.1 is 10 % more than forecast", &mut factor, 0.0..=10.0, " × forecast");
    if factor != before {
        set_demand(plan, factor);
    }
    number(
        ui,
        "Carbon price",
        "Counted in total cost",
        &mut plan.footprint.carbon_price,
        0.0..=100_000.0,
        &format!("{money} per tonne CO2e"),
    );
    ui.label("Dispatch").on_hover_text("When shipments leave");
    ui.vertical(|ui| dispatch(ui, &mut plan.logistics.consolidation, hubs));
    ui.end_row();
}

/// An adjustment that names nothing speaks of everything.
fn everything(a: &crate::scenario::Adjust) -> bool {
    a.unique_id.is_none() && a.item.is_none() && a.location.is_none() && a.category.is_none() && a.supplier.is_none()
}

fn set_demand(plan: &mut Plan, factor: f64) {
    let wanted = (factor != 1.0).then_some(factor);
    match plan.adjust.iter_mut().find(|a| everything(a)) {
        Some(a) => a.demand_factor = wanted,
        None => plan.adjust.push(crate::scenario::Adjust { demand_factor: wanted, ..crate::scenario::Adjust::default() }),
    }
    // an entry that says nothing any more goes
    plan.adjust.retain(|a| *a != crate::scenario::Adjust::default());
}

fn objective(ui: &mut Ui, o: &mut Objective, money: &str) {
    let now = match o {
        Objective::Name(_) => 0,
        Objective::Target(t) if t.cycle_service.is_some() => 1,
        Objective::Target(t) if t.fill_rate.is_some() => 2,
        Objective::Target(_) => 3,
    };
    let next = choice(ui, "Aim", now, &["least cost", "cycles without a stockout", "demand served at once", "least cost within a budget"]);
    if next != now {
        let none = ObjectiveTarget::default();
        *o = match next {
            1 => Objective::Target(ObjectiveTarget { cycle_service: Some(0.95), ..none }),
            2 => Objective::Target(ObjectiveTarget { fill_rate: Some(0.98), ..none }),
            3 => Objective::Target(ObjectiveTarget { budget: Some(10_000.0), ..none }),
            _ => Objective::Name("cost".into()),
        };
    }
    if let Objective::Target(t) = o {
        for v in [&mut t.cycle_service, &mut t.fill_rate].into_iter().flatten() {
            percent(ui, v, "Service target");
        }
        if t.cycle_service.is_none() && t.fill_rate.is_none() {
            limits(ui, t, money);
        }
    }
}

/// What this order may use: each limit counts where it is ticked, and one has to be.
fn limits(ui: &mut Ui, t: &mut ObjectiveTarget, money: &str) {
    let given = [t.budget, t.volume_m3, t.weight_kg, t.kg_co2e].iter().flatten().count();
    for (value, name, usual, speed, unit) in [
        (&mut t.budget, "Budget", 10_000.0, 50.0, money),
        (&mut t.volume_m3, "Volume", 30.0, 0.1, " m³"),
        (&mut t.weight_kg, "Weight", 1_000.0, 5.0, " kg"),
        (&mut t.kg_co2e, "Carbon", 1_000.0, 5.0, " kg CO2e"),
    ] {
        ui.horizontal(|ui| {
            let mut on = value.is_some();
            let last = on && given == 1;
            let hover = if last { "The only limit: choose another aim to do without" } else { "Limit what this order may use" };
            if ui.add_enabled(!last, eframe::egui::Checkbox::new(&mut on, name)).on_hover_text(hover).changed() {
                *value = on.then_some(usual);
            }
            if let Some(v) = value.as_mut() {
                let r = ui.add(DragValue::new(v).range(0.0..=1e12).speed(speed).suffix(format!("{unit} for this order")));
                named(&r, Role::SpinButton, name);
            }
        });
    }
}

/// A share, shown in percent.
fn percent(ui: &mut Ui, v: &mut f64, name: &str) {
    let mut p = *v * 100.0;
    let r = ui.add(DragValue::new(&mut p).range(0.1..=100.0).speed(0.1).max_decimals(2).suffix(" %"));
    named(&r, Role::SpinButton, name);
    if (p - *v * 100.0).abs() > 1e-9 {
        *v = p / 100.0;
    }
}

fn lead_time(ui: &mut Ui, spec: &mut Option<LeadTimeSpec>, period: &str) {
    let given = match spec {
        None => None,
        Some(LeadTimeSpec::Fixed(v)) => Some((*v, 0.0)),
        Some(LeadTimeSpec::Spread(p)) if p.values.is_empty() => Some((p.mean.unwrap_or(0.0), p.sd.unwrap_or(0.0))),
        Some(LeadTimeSpec::Spread(p)) => {
            ui.label(format!("the values {:?} {period}s of the scenario file", p.values));
            return;
        }
    };
    let mut set = given.is_some();
    let check = ui.add(Checkbox::without_text(&mut set));
    check.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, set, "Set lead time"));
    if !set {
        ui.label(RichText::new("two weeks").color(theme::tokens(ui).weak));
        *spec = None;
        return;
    }
    let (before, unset) = (given.unwrap_or((2.0, 0.0)), given.is_none());
    let (mut mean, mut sd) = before;
    let r = ui.add(DragValue::new(&mut mean).range(0.0..=1000.0).speed(0.05).max_decimals(2).suffix(format!(" {period}s")));
    named(&r, Role::SpinButton, "Mean lead time");
    ui.label("±");
    let r = ui.add(DragValue::new(&mut sd).range(0.0..=1000.0).speed(0.05).max_decimals(2)).on_hover_text("standard deviation");
    named(&r, Role::SpinButton, "Spread of the lead time");
    if unset || (mean, sd) != before {
        *spec = Some(LeadTimeSpec::Spread(LeadTimeParts { mean: Some(mean), sd: Some(sd), ..LeadTimeParts::default() }));
    }
}

fn dispatch(ui: &mut Ui, c: &mut ConsolidationSpec, hubs: &[Arc<str>]) {
    let now = match (&c.every, &c.load, c.weekdays.is_empty()) {
        (_, _, false) => 3,
        (Some(_), Some(_), _) => 2,
        (None, Some(_), _) => 1,
        _ => 0,
    };
    let next = choice(ui, "Dispatch", now, &["every so many days", "when full", "the first of both", "on weekdays"]);
    if next != now {
        let when = match next {
            0 => ConsolidationSpec { every: Some(1.0), ..ConsolidationSpec::default() },
            1 => ConsolidationSpec { load: Some(0.9), ..ConsolidationSpec::default() },
            2 => ConsolidationSpec { every: Some(7.0), load: Some(0.9), ..ConsolidationSpec::default() },
            _ => ConsolidationSpec { weekdays: vec!["tue".into(), "fri".into()], ..ConsolidationSpec::default() },
        };
        *c = ConsolidationSpec { collect: c.collect, via: std::mem::take(&mut c.via), ..when };
    }
    ui.horizontal(|ui| moments(ui, c));
    let rounds = ui.checkbox(&mut c.collect, "in rounds").on_hover_text("One van calls at several suppliers on its way");
    if rounds.changed() && c.collect {
        c.via.clear();
    }
    // hubs that are known, and those that a scenario file names
    let mut names: Vec<&str> = hubs.iter().map(|h| &**h).collect();
    let said: Vec<String> = c.via.clone();
    names.extend(said.iter().map(String::as_str));
    names.sort_unstable();
    names.dedup();
    for name in names {
        let mut on = c.via.iter().any(|v| v == name);
        let hint = "What goes near it travels there together and is brought on from there the day after";
        if ui.checkbox(&mut on, format!("over {name}")).on_hover_text(hint).changed() {
            if on {
                c.via.push(name.to_owned());
                c.collect = false;
            } else {
                c.via.retain(|v| v != name);
            }
        }
    }
}

/// The days, or how often and how full.
fn moments(ui: &mut Ui, c: &mut ConsolidationSpec) {
    if !c.weekdays.is_empty() {
        for day in WEEKDAYS {
            let mut on = c.weekdays.iter().any(|d| d.to_lowercase().starts_with(day));
            let name: String = day.chars().enumerate().map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c }).collect();
            if ui.checkbox(&mut on, name).changed() {
                if on {
                    c.weekdays.push(day.into());
                } else if c.weekdays.len() > 1 {
                    c.weekdays.retain(|d| !d.to_lowercase().starts_with(day));
                }
                c.weekdays.sort_by_key(|d| crate::scenario::plan::parse_weekday(d));
            }
        }
        return;
    }
    if let Some(v) = &mut c.every {
        let r = ui.add(DragValue::new(v).range(1.0..=366.0).max_decimals(1).suffix(" days"));
        named(&r, Role::SpinButton, "Days between departures");
    }
    if let Some(v) = &mut c.load {
        percent(ui, v, "Share of a vehicle");
        ui.label("of a vehicle");
    }
}
