//! Sliders that ask "what if" of one item; the answer follows while they move, and stays only where it is kept.

use super::answers::Answers;
use super::own;
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::rows::Row;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::Period;
use crate::project::Overridden;
use crate::scenario::SeriesOutcome;
use crate::scenario::plan::Adjust;
use eframe::egui::{Button, Grid, RichText, Slider, Ui};

/// From a number to what the slider shows of it, or back.
type Scale = fn(f64) -> f64;

/// The sliders' look.
#[derive(Default)]
pub struct WhatIf {
    why: String,
}

/// A slider: what it sets, its name, how its value reads, from, to, step.
struct Knob {
    what: Overridden,
    name: &'static str,
    prefix: String,
    suffix: String,
    low: f64,
    high: f64,
    step: f64,
    /// Turns the entry's unit into the slider's.
    shown: fn(f64) -> f64,
    /// And back.
    meant: fn(f64) -> f64,
}

fn same(x: f64) -> f64 {
    x
}

impl WhatIf {
    /// Draws them; a change asks at once.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, row: &Row, now: &SeriesOutcome, answers: &mut Answers, period: Period) {
        let t = theme::tokens(ui);
        let before = answers.draft.clone();
        aim(ui, now, answers);
        let days = period.days();
        let mut knobs = Vec::new();
        for what in [Overridden::CycleService, Overridden::FillRate] {
            if own::get(&answers.draft, what).is_some() {
                let name = if what == Overridden::CycleService { "Cycle service" } else { "Fill rate" };
                let (shown, meant): (Scale, Scale) = (|x| x * 100.0, |x| x / 100.0);
                knobs.push(Knob { what, name, prefix: String::new(), suffix: " %".into(), low: 50.0, high: 99.9, step: 0.1, shown, meant });
            }
        }
        let used = |what| own::used(now, what, days);
        let lead = used(Overridden::LeadTimeDays);
        knobs.push(Knob {
            what: Overridden::LeadTimeDays,
            name: "Lead time",
            prefix: String::new(),
            suffix: " days".into(),
            low: 0.0,
            high: (lead * 3.0).max(60.0).ceil(),
            step: 1.0,
            shown: same,
            meant: same,
        });
        let most = (used(Overridden::ReviewPeriod) * 3.0).max(12.0);
        let unit = format!(" {}", period.name());
        knobs.push(Knob {
            what: Overridden::ReviewPeriod,
            name: "Review",
            prefix: "every ".into(),
            suffix: unit,
            low: 1.0,
            high: most,
            step: 1.0,
            shown: same,
            meant: same,
        });
        for (what, name) in [(Overridden::Price, "Selling price"), (Overridden::Cost, "Cost")] {
            let x = used(what).max(if what == Overridden::Price { used(Overridden::Cost) } else { used(Overridden::Price) / 2.0 });
            let high = if x > 0.0 { nice(x * 3.0) } else { 100.0 };
            let currency = if cx.session.money.currency.is_empty() { String::new() } else { format!("{} ", cx.session.money.currency) };
            knobs.push(Knob { what, name, prefix: currency, suffix: String::new(), low: 0.0, high, step: 0.01, shown: same, meant: same });
        }
        let (shown, meant): (Scale, Scale) = (|x| (x - 1.0) * 100.0, |x| 1.0 + x / 100.0);
        knobs.push(Knob {
            what: Overridden::DemandFactor,
            name: "Demand",
            prefix: String::new(),
            suffix: " %".into(),
            low: -90.0,
            high: 200.0,
            step: 1.0,
            shown,
            meant,
        });
        // beside the slider: its name, its value, and what it was
        let room = (ui.available_width() - 232.0).clamp(60.0, 300.0);
        Grid::new("sliders").num_columns(3).striped(false).spacing([gap::S, 4.0]).show(ui, |ui| {
            ui.spacing_mut().slider_width = room;
            for k in &knobs {
                knob(ui, k, used(k.what), answers);
                ui.end_row();
            }
        });
        if answers.draft != before {
            // the scenario's word counts where the sliders are back at it
            if answers.is_moved() {
                answers.ask(cx, &row.unique_id);
            } else {
                answers.reset();
            }
        }
        ui.horizontal_wrapped(|ui| {
            let moved = answers.is_moved();
            if let Some(problem) = &answers.problem {
                ui.label(RichText::new(problem).color(t.bad));
            }
            if !moved {
                ui.label(RichText::new("Move a slider: costs, service and stock answer below").color(t.weak));
                return;
            }
            widgets::search_field(ui, &mut self.why, "Reason to keep this", "Reason", 140.0);
            if widgets::primary(ui, "Keep in this scenario")
                .on_hover_text("Sets it for this item in the scenario in use; undo takes it back")
                .clicked()
            {
                let label = format!("keep {} for {}", said(&answers.draft, &answers.own), row.name);
                let why = std::mem::take(&mut self.why);
                let edit = own::keep(cx.session.project.document(), vec![answers.draft.clone()], label, &why);
                cx.act(Action::Edit(edit));
            }
            if ui.add(Button::new("Reset")).on_hover_text("Back to the scenario as it stands").clicked() {
                answers.reset();
            }
            let state =
                if answers.is_waiting() { "answering".to_owned() } else { format!("answered in {:.0} ms", answers.seconds * 1000.0) };
            ui.label(RichText::new(state).small().color(t.weak));
        });
    }
}

/// The switch between what the scenario aims for and a target of the item's own.
fn aim(ui: &mut Ui, now: &SeriesOutcome, answers: &mut Answers) {
    let t = theme::tokens(ui);
    let scenario = own::scenario_aim(answers.plan());
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Aim for").color(t.weak));
        let d = &mut answers.draft;
        let levels = d.s.is_some() && d.up_to.is_some();
        let none = !levels && d.cycle_service.is_none() && d.fill_rate.is_none();
        let hover = "What the scenario says for every item; change it under Scenarios";
        if ui.selectable_label(none, crate::app::toasts::sentence(&scenario)).on_hover_text(hover).clicked() && !none {
            own::clear_rule(d);
        }
        let m = &now.stock.outcome.measures;
        let start = |x: f64, usual: f64| if x.is_finite() && x > 0.5 { (x.min(0.999) * 1000.0).round() / 1000.0 } else { usual };
        let hover = "Least cost with at least this share of times between deliveries without a stockout";
        if ui.selectable_label(d.cycle_service.is_some(), "Cycle service").on_hover_text(hover).clicked() && d.cycle_service.is_none() {
            own::set(d, Overridden::CycleService, Some(start(m.cycle_service.mean, 0.95)));
        }
        let hover = "Least cost with at least this share of demand served from stock at once";
        if ui.selectable_label(d.fill_rate.is_some(), "Fill rate").on_hover_text(hover).clicked() && d.fill_rate.is_none() {
            own::set(d, Overridden::FillRate, Some(start(m.fill_rate.mean, 0.98)));
        }
        if levels {
            let _ = ui.selectable_label(true, "Levels set by hand").on_hover_text("Choose another aim to leave them");
        }
    });
}

/// One slider in a line of the grid: name, slider, what it was.
fn knob(ui: &mut Ui, k: &Knob, used: f64, answers: &mut Answers) {
    let t = theme::tokens(ui);
    let label = ui.label(k.name);
    let set = own::get(&answers.draft, k.what);
    let was = (k.shown)(own::get(&answers.own, k.what).unwrap_or(used));
    let mut value = (k.shown)(set.unwrap_or(used));
    let decimals = if k.step < 0.1 { 2 } else { usize::from(k.step < 1.0) };
    let range = k.low.min(value)..=k.high.max(value);
    let many = value > 1.0 + 1e-9 && k.what == Overridden::ReviewPeriod;
    let suffix = if many { format!("{}s", k.suffix) } else { k.suffix.clone() };
    let before = value_on_scale(value, k);
    let slider = Slider::new(&mut value, range).step_by(k.step).prefix(k.prefix.as_str()).suffix(suffix.as_str()).max_decimals(decimals);
    // money to the penny
    let slider = if decimals == 2 { slider.min_decimals(2) } else { slider };
    let response = ui.add(slider).labelled_by(label.id);
    // a slider puts what lies between its steps on one of them when it is drawn: that is nobody's question
    if response.changed() && (value - before).abs() > 1e-9 {
        let meant = (k.meant)(value);
        // back where it was: nothing of its own any more, unless the scenario says it
        let back = (value - value_on_scale(was, k)).abs() < 1e-9 && !matches!(k.what, Overridden::CycleService | Overridden::FillRate);
        own::set(&mut answers.draft, k.what, if back { own::get(&answers.own, k.what) } else { Some(meant) });
    }
    if (value - was).abs() > 1e-6 && own::get(&answers.draft, k.what) != own::get(&answers.own, k.what) {
        let old = if decimals == 2 { crate::base::text::grouped(was, 2) } else { crate::app::format::units((was * 100.0).round() / 100.0) };
        ui.label(RichText::new(format!("was {old}")).small().color(t.weak));
    } else {
        ui.label("");
    }
}

/// Where a slider shows a value that lies between its steps.
fn value_on_scale(value: f64, k: &Knob) -> f64 {
    let low = k.low.min(value);
    (low + ((value - low) / k.step).round() * k.step).clamp(low, k.high.max(value))
}

/// A round number not below `x`.
fn nice(x: f64) -> f64 {
    let scale = 10f64.powf(x.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * scale).find(|v| *v >= x).unwrap_or(x)
}

/// What a draft changes, in words for the journal.
fn said(draft: &Adjust, own: &Adjust) -> String {
    let changed: Vec<String> = Overridden::ALL
        .into_iter()
        .filter(|w| own::get(draft, *w) != own::get(own, *w))
        .map(|w| {
            let name = w.name().replace('_', " ");
            own::get(draft, w).map_or_else(
                || format!("no {name}"),
                |v| format!("{name} {}", crate::report::table::number_text((v * 1000.0).round() / 1000.0, None)),
            )
        })
        .collect();
    changed.join(", ")
}
