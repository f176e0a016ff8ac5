//! Events and what is known ahead: what each adds, by how much it could be wrong, what a scenario changes of it, and what every step of the forecasts has added.

use super::Summary;
use crate::app::action::Action;
use crate::app::format::signed_percent;
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::app::widgets::table::{TableState, text_of};
use crate::base::text::{plural, printed};
use crate::base::{Period, Stamp};
use crate::history::{DriverKind, KnownTable};
use crate::project::{Change, Edit, SourceKind};
use crate::report::table::Cell;
use crate::report::{Column, Table};
use crate::scenario::{DriverChange, Outcome, StepScore, ValueAdded};
use eframe::egui::{Button, ComboBox, DragValue, Grid, Label, RichText, Role, Ui, WidgetInfo};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Windows of the past that the value of each step is measured on.
const WINDOWS: usize = 2;
/// What can become of something known ahead.
const WHAT: [&str; 3] = ["does not take place", "changes by, %", "is set to"];

/// The tab's look.
#[derive(Default)]
pub(super) struct Known {
    table: TableState,
    new: New,
    added: Option<(Arc<Outcome>, Result<ValueAdded, String>)>,
    asked: bool,
    /// What the columns known ahead are, in words, and of which they are.
    told: Option<(Arc<KnownTable>, String)>,
}

/// A change not yet added.
#[derive(Default)]
struct New {
    name: String,
    what: usize,
    value: f64,
    from: String,
    to: String,
}

/// An answer to what each step adds.
pub(super) struct Added(Arc<Outcome>, Result<ValueAdded, String>);

/// One line an event or column: how many series it moves, what it adds to each, and when next.
pub(super) fn table(outcome: &Outcome) -> Table {
    #[derive(Default)]
    struct Line {
        kind: &'static str,
        series: usize,
        units: f64,
        half: f64,
        percent: f64,
        elasticity: Option<(f64, f64)>,
        total: f64,
        next: Option<usize>,
    }
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for s in &outcome.series {
        for e in s.known.iter().flat_map(|k| &k.effects) {
            let l = lines.entry(e.driver.clone()).or_default();
            l.kind = e.kind;
            l.series += 1;
            l.units += e.units_per_period;
            l.half += e.half_width;
            l.percent += e.percent;
            if let (Some(e), Some(w)) = (e.elasticity, e.elasticity_half_width) {
                let (a, b) = l.elasticity.unwrap_or_default();
                l.elasticity = Some((a + e, b + w));
            }
            let ahead = e.units.iter().skip(s.stocked.lag);
            l.total += ahead.clone().sum::<f64>();
            let first = ahead.clone().position(|u| u.abs() > 1e-9);
            l.next = l.next.into_iter().chain(first).min();
        }
    }
    let calendar = outcome.now.map(|now| crate::base::Calendar::new(outcome.period, now));
    let mean = |of: fn(&Line) -> f64| lines.values().map(|l| of(l) / l.series.max(1) as f64).collect::<Vec<_>>();
    let next = lines.values().map(|l| l.next.zip(calendar).map_or(Stamp(0), |(t, c)| c.at(t as i64)));
    let mut columns = vec![
        Column::text("name", lines.keys().cloned()),
        Column::text("kind", lines.values().map(|l| l.kind)),
        Column::integer("series", lines.values().map(|l| l.series as i64)),
        Column::number("units_each", 1, mean(|l| l.units)).label("adds, units"),
        Column::number("half_width", 1, mean(|l| l.half)).label("± (95 %)"),
        Column::number("percent", 0, mean(|l| l.percent)).label("adds, %"),
        Column::number("units_ahead", 0, lines.values().map(|l| l.total)).label("adds ahead, units"),
        Column::date("next", next).label("first period"),
    ];
    // only prices have one
    if lines.values().any(|l| l.elasticity.is_some()) {
        columns.push(Column::number("elasticity", 2, mean(|l| l.elasticity.map_or(f64::NAN, |e| e.0))));
        columns.push(Column::number("elasticity_half_width", 2, mean(|l| l.elasticity.map_or(f64::NAN, |e| e.1))).label("its ±"));
    }
    Table::new(columns)
}

impl Known {
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, s: &Summary, stamp: u64) {
        let t = theme::tokens(ui);
        let scenario = cx.session.project.document().active().clone();
        ui.horizontal_wrapped(|ui| {
            let mut on = scenario.plan.forecast.known_ahead;
            if ui.checkbox(&mut on, "Plan with events and what is known ahead").changed() {
                let mut changed = scenario.clone();
                changed.plan.forecast.known_ahead = on;
                let label = if on { "plan with what is known ahead" } else { "plan without what is known ahead" };
                cx.act(Action::Edit(Edit::one(label, Change::PutScenario(changed))));
            }
            if ui.button("Import events…").on_hover_text("A file with ds, event [, to, item, location, category, percent]").clicked() {
                cx.act(Action::AddFile);
            }
            let hint = "A file of the periods ahead: unique_id (or item, location), ds, and columns that the sales file has too, such as price, promo, open";
            if ui.button("Import what is known ahead…").on_hover_text(hint).clicked() {
                cx.act(Action::AddFile);
            }
        });
        self.files(ui, cx);
        let said: Vec<&str> = s
            .outcome
            .diagnostics
            .iter()
            .filter(|d| ["driver-un", "driver-idle", "driver-closes", "events"].iter().any(|c| d.code.starts_with(c)))
            .map(|d| d.message.as_str())
            .collect();
        if s.effects.rows() == 0 {
            let why = match (scenario.plan.forecast.known_ahead, cx.session.inputs.known.is_some()) {
                (false, _) => "This scenario plans without events; tick the box to use them",
                (true, false) => "Import a file of promotions and holidays, past and coming ones, and what each sold shows here",
                (true, true) => "No event changed sales enough to be told from chance",
            };
            widgets::empty(ui, "No effects", why, None);
        } else {
            widgets::section(ui, "What each adds");
            let priced = s.effects.columns.iter().any(|c| c.name == "elasticity");
            let of_prices = if priced { "; of a price, what 10 % less would add" } else { "" };
            ui.label(
                RichText::new(
                    "Units a period and series, learned from past occurrences and kept only where held-out periods came out better; means over the series they move".to_owned() + of_prices,
                )
                .small()
                .color(t.weak),
            );
            let rows = s.effects.rows() as f32;
            ui.allocate_ui(
                eframe::egui::vec2(ui.available_width(), ((rows + 2.0) * (theme::ROW + ui.spacing().item_spacing.y) + 24.0).min(400.0)),
                |ui| {
                    if self.table.ui(ui, "known ahead", &s.effects, stamp, None).export {
                        cx.act(Action::ExportTable { table: Box::new(s.effects.clone()), name: "events.csv".into() });
                    }
                },
            );
        }
        for text in said {
            ui.label(RichText::new(crate::base::text::sentence(text)).small().color(t.weak));
        }
        self.what_if(ui, cx, &scenario, s);
        self.value_added(ui, cx, s);
    }

    /// The files behind it, each with a button that takes it away.
    fn files(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        let name = |kind| document.companions.iter().find(|c| c.kind == kind).map_or_else(|| "typed here".to_owned(), |c| c.name.clone());
        let mut gone = None;
        let events = &document.masters.events;
        if !events.is_empty() {
            let now = cx.session.outcome.as_ref().and_then(|o| o.now);
            let ahead = events.iter().filter(|e| now.is_some_and(|n| e.to.unwrap_or(e.ds) >= n)).count();
            let text = format!("Events: {}, {}, {ahead} of them ahead", name(SourceKind::Events), plural(events.len(), "dated row"));
            let nothing = Change::MasterTable(crate::project::Table::Events(Arc::new(Vec::new())));
            if file(ui, &text, "Take the events away") {
                gone = Some(("take the events away", vec![nothing, Change::Companion(SourceKind::Events, None)]));
            }
        }
        if let Some(known) = &document.known {
            if self.told.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, known)) {
                let period = cx.session.inputs.history.as_ref().map(|h| h.period);
                self.told = Some((known.clone(), told(known, period)));
            }
            let what = self.told.as_ref().map_or("", |t| t.1.as_str());
            let text = format!("Known ahead: {}, {what}", name(SourceKind::Future));
            if file(ui, &text, "Take what is known ahead away") {
                gone = Some(("take what is known ahead away", vec![Change::Known(None), Change::Companion(SourceKind::Future, None)]));
            }
        } else {
            let text = "Prices, promotions and opening days to come: drop a file that tells them for each period ahead";
            ui.label(RichText::new(text).small().color(t.weak));
        }
        if let Some((label, changes)) = gone {
            cx.act(Action::Edit(Edit { label: label.into(), why: None, changes }));
        }
    }

    fn what_if(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, scenario: &crate::project::Scenario, s: &Summary) {
        let t = theme::tokens(ui);
        let mut names: Vec<String> = cx.session.inputs.known.iter().flat_map(|k| &k.drivers.columns).map(|c| c.name.clone()).collect();
        let priced = cx.session.inputs.history.as_ref().is_some_and(|h| h.series.iter().any(|s| s.price.is_some()));
        if priced && !names.iter().any(|n| n == "price") {
            names.push("price".into());
        }
        // there is nothing to change
        if names.is_empty() && scenario.plan.drivers.is_empty() {
            return;
        }
        widgets::section(ui, "What if it were different");
        let mut gone = None;
        for (i, d) in scenario.plan.drivers.iter().enumerate() {
            ui.horizontal_wrapped(|ui| {
                if widgets::close_button(ui, &format!("Take back: {}", d.words())).clicked() {
                    gone = Some(i);
                }
                ui.label(d.words());
            });
        }
        if scenario.plan.drivers.is_empty() {
            ui.label(
                RichText::new("Nothing is changed in this scenario: call a promotion off, or raise a price, and see what it does")
                    .color(t.weak),
            );
        }
        if let Some(i) = gone {
            let mut changed = scenario.clone();
            let was = changed.plan.drivers.remove(i);
            cx.act(Action::Edit(Edit::one(format!("take back: {}", was.words()), Change::PutScenario(changed))));
        }
        if names.is_empty() {
            return;
        }
        // what does something first: calling off an event without effect changes nothing
        let used =
            |n: &String| (0..s.effects.rows()).any(|i| s.effects.columns.first().is_some_and(|c| c.cell(i) == Cell::Text(n.as_str())));
        names.sort_by_key(|n| !used(n));
        // a price or another figure is there every day: it changes, but cannot be called off
        let figure = |n: &str| {
            let known = cx.session.inputs.known.iter().flat_map(|k| &k.drivers.columns).find(|c| c.name == n);
            known.map_or(n == "price", |c| matches!(c.kind, DriverKind::Price | DriverKind::Number))
        };
        let new = &mut self.new;
        if !names.contains(&new.name) {
            new.name = names.first().cloned().unwrap_or_default();
        }
        ui.horizontal_wrapped(|ui| {
            let combo = ComboBox::from_id_salt("driver to change").width(170.0).selected_text(&new.name).show_ui(ui, |ui| {
                for n in &names {
                    ui.selectable_value(&mut new.name, n.clone(), n);
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "What to change"));
            let figure = figure(&new.name);
            if figure && new.what == 0 {
                (new.what, new.value) = (1, 10.0);
            }
            let shown = WHAT.get(new.what).copied().unwrap_or_default();
            let combo = ComboBox::from_id_salt("change of a driver").width(160.0).selected_text(shown).show_ui(ui, |ui| {
                for (i, w) in WHAT.iter().enumerate().skip(usize::from(figure)) {
                    ui.selectable_value(&mut new.what, i, *w);
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "What becomes of it"));
            if new.what > 0 {
                let r = ui.add(DragValue::new(&mut new.value).range(-99.0..=1e6).speed(0.5).max_decimals(2));
                r.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "By how much"));
            }
            ui.label("from");
            widgets::search_field(ui, &mut new.from, "First day of the change", "2026-11-01", 95.0);
            ui.label("to");
            widgets::search_field(ui, &mut new.to, "Last day of the change", "2026-11-30", 95.0);
            let change = new.change();
            let good = change.problems().is_empty();
            if ui.add_enabled(good, Button::new("Add")).on_disabled_hover_text("Write dates as 2026-11-01, or leave them empty").clicked() {
                let mut changed = scenario.clone();
                let label = change.words();
                changed.plan.drivers.push(change);
                cx.act(Action::Edit(Edit::one(label, Change::PutScenario(changed))));
            }
        });
    }

    fn value_added(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, s: &Summary) {
        let t = theme::tokens(ui);
        widgets::section(ui, "What each step adds");
        match &self.added {
            Some((_, Ok(v))) => steps(ui, v, &cx.session.money.currency, s.outcome.period.name()),
            Some((_, Err(why))) => {
                ui.label(RichText::new(why).color(t.warn));
            }
            None => {
                let hint = "Forecasts the last periods again with only what was known then: the plainest way, by the models, with events, and as changed by hand";
                ui.label(RichText::new(hint).color(t.weak));
            }
        }
        let old = self.added.as_ref().is_some_and(|(of, _)| !Arc::ptr_eq(of, &s.outcome));
        if self.added.is_none() || old {
            ui.horizontal_wrapped(|ui| {
                if old {
                    ui.label(RichText::new("Measured before your last edit").color(t.warn));
                }
                let asked = self.asked && cx.running(Key::ValueAdded);
                let text = match (asked, old) {
                    (true, _) => "Measuring…",
                    (false, true) => "Measure it again",
                    (false, false) => "Measure it",
                };
                if ui.add_enabled(!asked, Button::new(text)).clicked() {
                    self.asked = true;
                    let (inputs, outcome, engine) = (cx.session.inputs.clone(), s.outcome.clone(), cx.session.engine.clone());
                    cx.act(Action::Work {
                        place: Place::Forecast,
                        key: Key::ValueAdded,
                        label: "Measuring what each step adds".into(),
                        work: Box::new(move |control| {
                            let half = (outcome.period.per_year() / 4.0).round().max(1.0) as usize;
                            let found = engine.value_added(&inputs, &outcome.plan, (half, WINDOWS, half), control);
                            let found = match found {
                                Ok(Ok(v)) => Ok(v),
                                Ok(Err(d)) => Err(d.message),
                                Err(c) => Err(c.to_string()),
                            };
                            Box::new(Added(outcome, found))
                        }),
                    });
                }
            });
        }
        ui.add_space(gap::L);
    }

    pub(super) fn answer(&mut self, added: Added) {
        self.asked = false;
        self.added = Some((added.0, added.1));
    }
}

/// A file in a line; whether it is to go.
fn file(ui: &mut Ui, text: &str, take: &str) -> bool {
    ui.horizontal(|ui| {
        let gone = widgets::close_button(ui, take).clicked();
        ui.add(Label::new(text).truncate());
        gone
    })
    .inner
}

/// `price, promo of 24 series to 2026-12-27`.
fn told(known: &KnownTable, period: Option<Period>) -> String {
    let columns: Vec<&str> = known.columns.iter().map(|c| c.name.as_str()).collect();
    let mut last: Option<Stamp> = None;
    for s in &known.series {
        let filled = s.values.iter().filter_map(|c| c.iter().rposition(Option::is_some)).max();
        let end = filled.zip(period).map(|(t, p)| crate::base::Calendar::new(p, s.start).at(t as i64));
        last = last.max(end);
    }
    let to = last.map_or_else(String::new, |l| format!(", to {}", crate::app::format::date(l)));
    format!("{} of {} series{to}", columns.join(", "), printed(known.series.len() as f64, 0))
}

impl New {
    fn change(&self) -> DriverChange {
        let date = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let mut out = DriverChange { name: self.name.clone(), from: date(&self.from), to: date(&self.to), ..DriverChange::default() };
        match self.what {
            0 => out.drop = true,
            1 => out.percent = Some(self.value),
            _ => out.set = Some(self.value),
        }
        out
    }
}

fn steps_table(v: &ValueAdded) -> Table {
    Table::new(vec![
        Column::text("step", v.steps.iter().map(|s| s.step)),
        Column::number("missed_units", 2, v.steps.iter().map(|s| s.missed_units)),
        Column::number("wape", 4, v.steps.iter().map(|s| s.wape)),
        Column::number("bias", 4, v.steps.iter().map(|s| s.bias)),
        Column::number("missed_value", 2, v.steps.iter().map(|s| s.missed_value.unwrap_or(f64::NAN))),
        Column::number("better_share", 3, v.steps.iter().map(|s| s.better_share.unwrap_or(f64::NAN))),
    ])
}

fn steps(ui: &mut Ui, v: &ValueAdded, currency: &str, period: &str) {
    let t = theme::tokens(ui);
    let text = format!("{} of {}, {} series", plural(v.windows, "window"), plural(v.horizon, period), printed(v.series as f64, 0));
    ui.label(RichText::new(text).small().color(t.weak));
    let money = if currency.is_empty() { "missed, at cost".to_owned() } else { format!("missed, {currency} at cost") };
    if ui.button("Copy table").on_hover_text("With headings, ready to paste into a spreadsheet").clicked() {
        ui.ctx().copy_text(text_of(&steps_table(v)));
    }
    Grid::new("steps of forecasts").num_columns(6).spacing([22.0, 5.0]).striped(true).show(ui, |ui| {
        for h in ["step", "missed, units", "WAPE", "bias", &money, "better than the step before"] {
            ui.label(RichText::new(h).color(t.weak));
        }
        ui.end_row();
        let name = |s: &StepScore| match s.step {
            "naive" => "repeating the last season",
            "statistical" => "the models",
            "known ahead" => "with what is known ahead",
            _ => "changed by hand",
        };
        let mut before: Option<&StepScore> = None;
        for s in &v.steps {
            // nothing was said by hand of these windows: no share of series to speak of
            let same = before.is_some_and(|b| (b.missed_units - s.missed_units).abs() <= 1e-9 * b.missed_units.abs());
            before = Some(s);
            ui.label(name(s));
            ui.label(printed(s.missed_units, 0));
            ui.label(format!("{:.1} %", 100.0 * s.wape));
            ui.label(signed_percent(s.bias));
            ui.label(s.missed_value.map_or_else(|| "–".into(), |v| printed(v, 0)));
            let better = s.better_share.filter(|_| !same).map(|b| format!("{:.0} % of series", 100.0 * b));
            ui.label(better.unwrap_or_else(|| if same { "changes nothing in these windows".into() } else { "–".into() }));
            ui.end_row();
        }
    });
}
