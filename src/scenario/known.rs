//! What is known ahead, in a scenario: events, columns of a file, and what a scenario changes of them.
//!
//! In: [`Told`] (of the inputs) and the plan's `[[driver]]` entries. Out: forecasts with the effects of both. The effects are learned once for all series and remembered;
//! a scenario that only changes what is to come learns nothing anew.

use super::engine::{Engine, fit_options};
use super::load::{Inputs, now};
use super::memory::Key;
use super::plan::{DriverChange, Plan};
use super::resolve::{Categories, Stocked};
use super::young::Beside;
use crate::base::diagnostic::nearest;
use crate::base::{Cancelled, Control, Diagnostic};
use crate::forecast::drivers::{Known, Learned, learn};
use crate::forecast::{FitOptions, Fitted, SeriesInput};
use crate::history::{Driver, DriverKind, Drivers, History, Masters, Measured, add_events};
use std::sync::Arc;

/// What is known ahead of the series of a history.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The columns and events.
    pub drivers: Drivers,
    /// Content hash of the history and the columns.
    key: u64,
}

impl Told {
    /// Columns of a file (in the history's order of series) and the events of the masters; `None` where there is neither.
    pub fn new(history: &History, masters: &Masters, columns: Option<Drivers>) -> Option<Self> {
        if columns.is_none() && masters.events.is_empty() {
            return None;
        }
        let categories = Categories::of(masters);
        let drivers = add_events(columns.unwrap_or_default(), &masters.events, history, |s| categories.get(s));
        (!drivers.columns.is_empty()).then(|| Self::of(history, drivers))
    }

    /// Content hash of the history and the columns.
    pub(super) const fn key(&self) -> u64 {
        self.key
    }

    /// These drivers of a history.
    pub(super) fn of(history: &History, drivers: Drivers) -> Self {
        Self { key: key_of(history, &drivers), drivers }
    }
}

fn key_of(history: &History, drivers: &Drivers) -> u64 {
    let mut key = Key::default().with(history.period).debug(&drivers.columns);
    for (series, columns) in history.series.iter().zip(&drivers.values) {
        key = key
            .with(&*series.unique_id)
            .with(series.start)
            .numbers(series.y.iter().copied())
            .numbers(series.in_stock.iter().flatten().copied())
            .numbers(columns.iter().flatten().map(|v| f64::from(*v)));
    }
    key.done()
}

/// A forecast, and what is known ahead of it.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub fitted: Arc<Fitted>,
    pub known: Option<Arc<Known>>,
}

/// What was learned of a plan's drivers, and what the plan has of them.
#[derive(Debug)]
pub(super) struct Ready {
    told: Arc<Told>,
    /// The same with other values ahead, where the plan changes some.
    asked: Option<Drivers>,
    learned: Arc<Learned>,
    key: u64,
}

/// The selling price that the history itself shows.
const PRICE: &str = "price";

impl Engine {
    /// What is known ahead under a plan; `None` where nothing is, or the plan does without.
    pub(super) fn known(&self, inputs: &Inputs, plan: &Plan, control: &dyn Control) -> Result<Option<Arc<Ready>>, Cancelled> {
        let Some(history) = inputs.history.as_ref().filter(|h| plan.forecast.known_ahead && h.measured == Measured::Units) else {
            return Ok(None);
        };
        let Some(told) = wanted(inputs, history, plan) else { return Ok(None) };
        let ahead = plan.periods + plan.warm_up;
        let options = fit_options(plan, ahead);
        let key = Key::default().with("learned").with(told.key).debug(&options).done();
        let learned = self.learned.get_or(key, || learn(history, &told.drivers, &options, ahead, control))?;
        let ready = self.ready.get_or(Key::default().with(key).debug(&plan.drivers).done(), || Ready {
            asked: asked(history, &inputs.masters, &told.drivers, &plan.drivers),
            told,
            learned,
            key,
        });
        Ok(Some(ready))
    }

    /// One series' forecast, from memory where it was made before.
    pub(super) fn fitted(&self, history: &History, s: &Stocked, plan: &Plan, beside: &Beside) -> Result<Fit, Cancelled> {
        let series = &history.series[s.series];
        let options = fit_options(plan, plan.periods + plan.warm_up + s.lag);
        let input = SeriesInput::of(series, history.period);
        let Some(ready) = beside.known.as_deref() else {
            return Ok(Fit { fitted: self.bent(s.series, &input, &options, beside), known: None });
        };
        let drivers = &ready.told.drivers;
        let asked = ready.asked.as_ref().unwrap_or(drivers);
        let key = ready.driven(s.series, series.y.len(), &options, beside.kin.as_ref().map(|k| k.1), beside.trees.key());
        let driven = self.driven.get_or(key, || {
            Ok::<_, Cancelled>(
                ready.learned.forecast(history, drivers, asked, s.series, &options, &|x, o| (*self.bent(s.series, x, o, beside)).clone()),
            )
        })?;
        Ok(Fit { fitted: Arc::new(driven.fitted.clone()), known: Some(Arc::new(driven.known.clone())) })
    }

    /// A series by itself and what trees say beside, with the season of its category where it is too young to have shown one.
    fn bent(&self, s: usize, input: &SeriesInput<'_>, options: &FitOptions, beside: &Beside) -> Arc<Fitted> {
        let plain = self.plain(input, options, &beside.trees);
        match beside.kin.as_ref().and_then(|(kin, _)| kin.as_ref().as_ref()).filter(|k| k.is_young(s)) {
            Some(kin) => Arc::new(kin.bend(s, input.y, (*plain).clone())),
            None => plain,
        }
    }
}

impl Ready {
    /// Whether trees grown with what is known ahead take part.
    pub fn has_trees(&self) -> bool {
        self.learned.has_trees()
    }

    /// What the forecast of series `s`, of which `n` periods are on record, is remembered under; `kin` and `trees`: what it knows beside.
    pub fn driven(&self, s: usize, n: usize, options: &FitOptions, kin: Option<u64>, trees: Option<u64>) -> u64 {
        let ahead = self.asked.as_ref().unwrap_or(&self.told.drivers).values.get(s).map_or(&[][..], Vec::as_slice);
        Key::default()
            .with("driven")
            .with(self.key)
            .with(s)
            .numbers(ahead.iter().flat_map(|c| c.iter().skip(n)).map(|v| f64::from(*v)))
            .with((kin, trees))
            .debug(options)
            .done()
    }

    /// What was used and what not, and entries of the plan that change nothing.
    pub fn say(&self, history: &History, plan: &Plan, known: &[&Known]) -> Vec<Diagnostic> {
        let mut out = self.learned.say(history, &self.told.drivers, known);
        out.extend(plan.drivers.iter().filter_map(|c| idle(c, &self.told.drivers, known)));
        out
    }
}

/// What a plan's `[[driver]]` entries name that nothing is known of.
pub(super) fn unknown(plan: &Plan) -> Vec<Diagnostic> {
    plan.drivers
        .iter()
        .map(|c| {
            Diagnostic::warning("driver-unknown", format!("nothing is known ahead of {:?}, so '{}' changes nothing", c.name, c.words()))
                .fix("name events under [history] or a file under [forecast] future")
        })
        .collect()
}

fn idle(change: &DriverChange, drivers: &Drivers, known: &[&Known]) -> Option<Diagnostic> {
    if !drivers.columns.iter().any(|c| same(&c.name, &change.name)) {
        let names: Vec<&str> = drivers.columns.iter().map(|c| c.name.as_str()).collect();
        let fix = nearest(&change.name, names.iter().copied())
            .map_or_else(|| format!("known are {}", names.join(", ")), |n| format!("did you mean {n:?}?"));
        return Some(Diagnostic::warning("driver-unknown", format!("nothing of the name {:?} is known ahead", change.name)).fix(fix));
    }
    let used = known.iter().any(|k| k.effects.iter().any(|e| same(&e.driver, &change.name)));
    (!used).then(|| {
        Diagnostic::warning(
            "driver-idle",
            format!("'{}' changes nothing: no effect of {:?} was found in the past", change.words(), change.name),
        )
        .fix("change the forecast by hand under [[override]] instead")
    })
}

fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// What is told, with the price that the sales themselves show where the plan asks about it and nothing tells one.
fn wanted(inputs: &Inputs, history: &History, plan: &Plan) -> Option<Arc<Told>> {
    let asks = plan.drivers.iter().any(|c| same(&c.name, PRICE));
    let told = inputs.known.as_ref().is_some_and(|t| t.drivers.columns.iter().any(|c| c.kind == DriverKind::Price || same(&c.name, PRICE)));
    if !asks || told || !history.series.iter().any(|s| s.price.is_some()) {
        return inputs.known.clone();
    }
    let mut drivers = inputs.known.as_ref().map_or_else(Drivers::default, |t| t.drivers.clone());
    if drivers.values.is_empty() {
        drivers.values = vec![Vec::new(); history.series.len()];
    }
    drivers.columns.push(Driver { name: PRICE.into(), kind: DriverKind::Price, expected: None });
    for (series, columns) in history.series.iter().zip(&mut drivers.values) {
        let positive = |p: &f64| if *p > 0.0 { *p as f32 } else { f32::NAN };
        columns.push(series.price.as_ref().map_or_else(|| vec![f32::NAN; series.y.len()], |p| p.iter().map(positive).collect()));
    }
    Some(Arc::new(Told::of(history, drivers)))
}

/// The drivers with what a plan changes of the periods ahead; `None` where it changes nothing.
fn asked(history: &History, masters: &Masters, drivers: &Drivers, changes: &[DriverChange]) -> Option<Drivers> {
    let named = |c: &DriverChange| drivers.columns.iter().position(|d| same(&d.name, &c.name));
    let changes: Vec<(&DriverChange, usize)> = changes.iter().filter_map(|c| Some((c, named(c)?))).collect();
    if changes.is_empty() {
        return None;
    }
    let end = now(history).map_or(0, |c| c.start.0);
    let mut out = drivers.clone();
    let categories = Categories::of(masters);
    for (series, values) in history.series.iter().zip(&mut out.values) {
        let (calendar, n) = (series.calendar(history.period), series.y.len());
        let category = categories.get(series);
        // as far as anybody plans
        let reach = n + MOST_PLANNED.max(drivers.horizon);
        for (change, d) in &changes {
            if !change.fits(&series.unique_id, &series.item, &series.location, category) {
                continue;
            }
            let (Some(kind), Some(column)) = (drivers.columns.get(*d).map(|c| &c.kind), values.get_mut(*d)) else { continue };
            // a price and a number go on as last known, everything else as usual
            let lasting = matches!(kind, DriverKind::Price | DriverKind::Number);
            let mut last = column.iter().take(n).rev().copied().find(|v| v.is_finite()).unwrap_or(f32::NAN);
            let usual = if lasting { last } else { 0.0 };
            let (from, to) = change.periods(&calendar);
            let first = calendar.index(crate::base::Stamp(end)).max(n as i64);
            for t in n..reach {
                let value = column.get(t).copied().unwrap_or(f32::NAN);
                if lasting && value.is_finite() {
                    last = value;
                }
                let here = (t as i64) >= from.max(first) && (t as i64) <= to;
                if column.len() <= t {
                    column.push(f32::NAN);
                }
                let known = if value.is_finite() {
                    value
                } else if lasting {
                    last
                } else {
                    0.0
                };
                if let Some(v) = column.get_mut(t) {
                    *v = if here { change.applied(known, usual) } else { known };
                }
            }
        }
    }
    Some(out)
}

/// Periods ahead for which a change is laid out.
const MOST_PLANNED: usize = 400;
