//! Forecasts changed by hand: whose, a grid of periods to type or paste changes into, and all that was ever said, to be taken back.

use crate::app::action::Action;
use crate::app::format::date;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::toasts::Level;
use crate::app::widgets;
use crate::app::widgets::grid::{GridCell, GridColumn, GridState, Sheet};
use crate::base::text::printed;
use crate::base::{Calendar, Period, Stamp};
use crate::history::typed_number;
use crate::project::{Change, Edit, SaidForecast};
use crate::scenario::{ForecastOverride, Outcome};
use eframe::egui::{ComboBox, RichText, Role, ScrollArea, Ui, WidgetInfo};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whose forecast can be changed together.
const LEVELS: [&str; 5] = ["everything", "category", "location", "item", "item at a location"];
/// Periods offered at most: a year of days.
const PERIODS: usize = 366;

const fn column(name: &'static str, hint: &'static str, width: f32, right: bool, editable: bool) -> GridColumn {
    GridColumn { name, hint, width, right, editable }
}

const CHANGE: usize = 3;
const WHY: usize = 4;
const COLUMNS: [GridColumn; 5] = [
    column("period", "The period that begins on this day", 110.0, false, false),
    column("models", "What the models forecast, units a period, all its series together", 110.0, true, false),
    column("in use", "What is planned with, changes by hand included, units a period", 110.0, true, false),
    column(
        "change",
        "Type 120 to set units, +15 or -15 for units more or less, +20% or -20% for a share; empty takes it back",
        110.0,
        true,
        true,
    ),
    column("reason", "Why, for people; kept with the change", 260.0, false, true),
];

/// The tab's look.
#[derive(Default)]
pub(super) struct ByHand {
    level: usize,
    name: String,
    names: Vec<String>,
    rows: Vec<Line>,
    grid: GridState,
    made_for: Option<(Arc<Outcome>, u64, usize, String)>,
    /// The numbers are older than the last edit.
    stale: bool,
}

struct Line {
    from: Stamp,
    name: String,
    models: f64,
    used: f64,
    /// What was said of exactly this group and period.
    said: Option<SaidForecast>,
}

impl Sheet for ByHand {
    fn columns(&self) -> &[GridColumn] {
        &COLUMNS
    }
    fn rows(&self) -> usize {
        self.rows.len()
    }
    fn name(&self, row: usize) -> &str {
        self.rows.get(row).map_or("", |l| &l.name)
    }
    fn cell(&self, row: usize, column: usize) -> GridCell<'_> {
        let Some(l) = self.rows.get(row) else { return GridCell::default() };
        let plain = |text: String| GridCell { text: text.into(), ..GridCell::default() };
        let why = if self.stale { "older than your last edit: it is being forecast again" } else { "" };
        let number = |x: f64| GridCell { text: units(x).into(), assumed: self.stale, why: why.into(), ..GridCell::default() };
        match column {
            0 => plain(l.name.clone()),
            1 => number(l.models),
            2 => GridCell { odd: changed(l) && !self.stale, ..number(l.used) },
            CHANGE => plain(l.said.as_ref().map_or_else(String::new, |s| s.said.change())),
            _ => plain(l.said.as_ref().map_or_else(String::new, |s| s.said.why.clone())),
        }
    }
    fn given(&self, row: usize, column: usize) -> Cow<'_, str> {
        let Some(said) = self.rows.get(row).and_then(|l| l.said.as_ref()) else { return Cow::Borrowed("") };
        match column {
            CHANGE => typed(&said.said).into(),
            WHY => Cow::Borrowed(said.said.why.as_str()),
            _ => Cow::Borrowed(""),
        }
    }
}

fn changed(l: &Line) -> bool {
    (l.used - l.models).abs() > 1e-9 * l.models.abs().max(1.0)
}

fn units(x: f64) -> String {
    printed(x, usize::from(x.abs() < 100.0 && x.fract() != 0.0))
}

/// A change as it is typed.
fn typed(o: &ForecastOverride) -> String {
    match (o.set, o.percent, o.add) {
        (Some(v), ..) => format!("{v}"),
        (_, Some(p), _) => format!("{p:+}%"),
        (.., Some(v)) => format!("{v:+}"),
        _ => String::new(),
    }
}

/// What was typed: `120`, `+15`, `-15`, `+20%`; a typographic minus and spaces are understood.
fn understood(text: &str, mut o: ForecastOverride) -> Option<ForecastOverride> {
    let text: String = text.replace('−', "-").replace("units", "").chars().filter(|c| !c.is_whitespace()).collect();
    let (number, percent) = text.strip_suffix('%').map_or((text.as_str(), false), |t| (t, true));
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    // either decimal mark, a comma before exactly three digits groups; with a unit behind it, it may mean something else
    let v =
        typed_number(digits).filter(|v| v.is_finite() && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'')))?;
    let v = if number.starts_with('-') { -v } else { v };
    (o.set, o.percent, o.add) = (None, None, None);
    if percent {
        o.percent = Some(v);
    } else if number.starts_with(['+', '-']) {
        o.add = Some(v);
    } else {
        o.set = Some(v);
    }
    o.problems().is_empty().then_some(o)
}

impl ByHand {
    pub(super) fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Arc<Outcome>) {
        let t = theme::tokens(ui);
        let Some(now) = outcome.now else {
            widgets::empty(ui, "Nothing to change", "Add sales first: there is no forecast to change yet", None);
            return;
        };
        let ahead = Calendar::new(outcome.period, now);
        ui.horizontal_wrapped(|ui| {
            ui.label("Change the forecast of");
            let level = pick(ui, "Whose forecast to change", LEVELS.get(self.level).copied().unwrap_or_default(), 130.0, &LEVELS);
            if let Some(i) = level {
                self.level = i;
                self.names = names(outcome, i);
                self.name = self.names.first().cloned().unwrap_or_default();
            }
            if self.level > 0 {
                let shown: Vec<&str> = self.names.iter().map(String::as_str).collect();
                if let Some(n) = pick(ui, "Name", &self.name, 190.0, &shown).and_then(|i| self.names.get(i)) {
                    self.name = n.clone();
                }
            }
            let hint = "Under change, type 120, +15 or +20%. It is shared out as the forecast is, stays through every new forecast, and can be taken back";
            ui.label(RichText::new(hint).small().color(t.weak));
        });
        ui.add_space(gap::XS);
        self.stale = cx.session.is_stale();
        self.fill(cx, outcome, &ahead);
        let room = ui.available_height();
        let list: Vec<SaidForecast> = cx.session.project.document().forecast_overrides.clone();
        let below = if list.is_empty() { 24.0 } else { (34.0 + 26.0 * list.len() as f32).min(room * 0.4) };
        let mut state = std::mem::take(&mut self.grid);
        let happened = ui
            .scope(|ui| {
                ui.set_max_height((room - below).max(120.0));
                state.ui(ui, "Forecast by period", self)
            })
            .inner;
        self.grid = state;
        self.written(cx, &happened.written);
        if happened.beyond > 0 {
            cx.act(Action::Toast(Level::Warning, format!("{} pasted rows lie beyond the periods shown", happened.beyond)));
        }
        Self::list(ui, cx, &list, &ahead);
    }

    /// Everything said, the newest first, each with its button to take it back.
    fn list(ui: &mut Ui, cx: &mut Cx<'_>, list: &[SaidForecast], ahead: &Calendar) {
        let t = theme::tokens(ui);
        if list.is_empty() {
            ui.label(RichText::new("Nothing is changed by hand").small().color(t.weak));
            return;
        }
        widgets::section(ui, "Changed by hand, the last word first");
        ScrollArea::vertical().id_salt("changes by hand").auto_shrink([false, true]).show(ui, |ui| {
            for o in list.iter().rev() {
                ui.horizontal(|ui| {
                    if widgets::close_button(ui, &format!("Take back {}", o.said.words())).clicked() {
                        let label = format!("take back {} for {}", o.said.change(), o.said.about());
                        cx.act(Action::Edit(Edit::one(label, Change::Forecast(o.id, None))));
                    }
                    let past = o.said.steps(ahead).1 < 0;
                    let color = if past { t.weak } else { t.text };
                    let note = if past { "  over" } else { "" };
                    ui.label(RichText::new(format!("{}{note}", o.said.words())).color(color));
                });
            }
        });
    }

    /// The group chosen, as an override that says nothing yet.
    fn scope(&self) -> ForecastOverride {
        let name = Some(self.name.clone());
        match self.level {
            1 => ForecastOverride { category: name, ..Default::default() },
            2 => ForecastOverride { location: name, ..Default::default() },
            3 => ForecastOverride { item: name, ..Default::default() },
            4 => ForecastOverride { unique_id: name, ..Default::default() },
            _ => ForecastOverride::default(),
        }
    }

    fn fill(&mut self, cx: &Cx<'_>, outcome: &Arc<Outcome>, ahead: &Calendar) {
        let revision = cx.session.project.revision();
        let same =
            |m: &(Arc<Outcome>, u64, usize, String)| Arc::ptr_eq(&m.0, outcome) && m.1 == revision && m.2 == self.level && m.3 == self.name;
        if self.made_for.as_ref().is_some_and(same) {
            return;
        }
        if self.made_for.as_ref().is_none_or(|m| !Arc::ptr_eq(&m.0, outcome)) {
            self.names = names(outcome, self.level);
        }
        self.made_for = Some((outcome.clone(), revision, self.level, self.name.clone()));
        let scope = self.scope();
        let n = PERIODS.min(outcome.plan.periods);
        let (mut models, mut used) = (vec![0.0; n], vec![0.0; n]);
        for s in &outcome.series {
            let st = &s.stocked;
            if !scope.fits(&st.unique_id, &st.item, &st.location, st.category.as_deref()) {
                continue;
            }
            let means = s.forecast.as_ref().map_or(&[][..], |f| f.mean.get(st.lag..).unwrap_or_default());
            for ((m, u), x) in models.iter_mut().zip(&mut used).zip(means) {
                *m += x;
                *u += x;
            }
            for said in &st.by_hand.steps {
                if let Some(u) = used.get_mut(said.step) {
                    *u += said.mean - said.statistical;
                }
            }
        }
        let list = &cx.session.project.document().forecast_overrides;
        self.rows = (0..n)
            .map(|i| {
                let from = ahead.at(i as i64);
                let of = |o: &&SaidForecast| same_scope(&o.said, &scope) && o.said.steps(ahead) == (i as i64, i as i64);
                let name = if outcome.period == Period::Hour { from.iso() } else { date(from) };
                let at = |v: &[f64]| v.get(i).copied().unwrap_or(0.0);
                Line { from, name, models: at(&models), used: at(&used), said: list.iter().rev().find(of).cloned() }
            })
            .collect();
    }

    fn written(&self, cx: &mut Cx<'_>, written: &[(usize, usize, String)]) {
        if written.is_empty() {
            return;
        }
        let document = cx.session.project.document();
        let (mut next, mut changes, mut refused) = (document.free_forecast_id(), Vec::new(), Vec::new());
        let mut whys: Vec<&str> = Vec::new();
        let mut rows: Vec<usize> = written.iter().map(|w| w.0).collect();
        rows.dedup();
        for row in rows.into_iter().collect::<BTreeSet<_>>() {
            let Some(l) = self.rows.get(row) else { continue };
            let text = |c: usize| written.iter().rev().find(|w| w.0 == row && w.1 == c).map(|w| w.2.trim());
            let old = l.said.as_ref();
            let day = Stamp::of_day(l.from.day()).iso();
            let start = old.map_or_else(|| ForecastOverride { from: Some(day), ..self.scope() }, |o| o.said.clone());
            let mut said = match text(CHANGE) {
                Some("") => {
                    changes.extend(old.map(|o| Change::Forecast(o.id, None)));
                    continue;
                }
                Some(t) => match understood(t, start) {
                    Some(s) => s,
                    None => {
                        refused.push(t.to_owned());
                        continue;
                    }
                },
                None if old.is_some() => start,
                // a reason without a change says nothing
                None => continue,
            };
            if let Some(why) = text(WHY) {
                said.why = why.to_owned();
            }
            if let Some(w) = text(WHY) {
                whys.push(w);
            }
            // a new number has the last word; a new reason leaves the order as it is
            let id = match old {
                Some(o) if text(CHANGE).is_none() => o.id,
                _ => {
                    changes.extend(old.map(|o| Change::Forecast(o.id, None)));
                    next += 1;
                    next - 1
                }
            };
            changes.push(Change::Forecast(id, Some(SaidForecast { id, said, made: cx.session.project.now() })));
        }
        if let Some(first) = refused.first() {
            let text = format!("'{first}' is no change: type 120, +15, -15 or +20%");
            cx.act(Action::Toast(Level::Error, text));
        }
        if !changes.is_empty() {
            let label = format!("change the forecast of {}", self.scope().about());
            cx.act(Action::Edit(Edit { label, why: None, changes }.because(whys.join("; "))));
        }
    }
}

fn same_scope(a: &ForecastOverride, b: &ForecastOverride) -> bool {
    (&a.unique_id, &a.item, &a.location, &a.category) == (&b.unique_id, &b.item, &b.location, &b.category)
}

fn names(outcome: &Outcome, level: usize) -> Vec<String> {
    let of = outcome.series.iter().filter_map(|s| match level {
        1 => s.stocked.category.as_ref(),
        2 => Some(&s.stocked.location),
        3 => Some(&s.stocked.item),
        4 => Some(&s.stocked.unique_id),
        _ => None,
    });
    of.collect::<BTreeSet<_>>().into_iter().map(ToString::to_string).collect()
}

fn pick(ui: &mut Ui, name: &str, now: &str, width: f32, options: &[&str]) -> Option<usize> {
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(name).width(width).selected_text(now).show_ui(ui, |ui| {
        for (i, o) in options.iter().enumerate() {
            if ui.selectable_label(*o == now, *o).clicked() {
                chosen = Some(i);
            }
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_understood_and_shown_again() {
        let u = |t: &str| understood(t, ForecastOverride::default());
        assert_eq!(u("120").unwrap().set, Some(120.0));
        assert_eq!(u("1,200").unwrap().set, Some(1200.0));
        assert_eq!(u("12,5").unwrap().set, Some(12.5));
        assert_eq!(u("+2,5 %").unwrap().percent, Some(2.5));
        assert_eq!(u("-1.234,5").unwrap().add, Some(-1234.5));
        assert_eq!(u("+15").unwrap().add, Some(15.0));
        assert_eq!(u("−15 units").unwrap().add, Some(-15.0));
        assert_eq!(u(" -20 %").unwrap().percent, Some(-20.0));
        assert_eq!(u("20%").unwrap().percent, Some(20.0));
        for bad in ["", "many", "-101%", "inf", "12x"] {
            assert_eq!(u(bad), None, "{bad}");
        }
        for text in ["120", "+15", "-15.5", "+20%", "-20%", "0"] {
            assert_eq!(typed(&u(text).unwrap()), text);
        }
    }
}
