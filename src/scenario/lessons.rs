//! What is known ahead, as replay knows it: effects learned at a few moments of the past from the sales before each.
//!
//! In: inputs and the periods to replay. Out: [`Lessons`], which forecast a series as of any moment. The dates of events and the values of columns ahead count as known, since that is
//! what somebody gives them for; what was sold after a moment does not.

use super::engine::{Engine, fit_options};
use super::known::Told;
use super::load::Inputs;
use super::memory::Key;
use super::plan::Plan;
use super::value_added::cut;
use crate::base::{Calendar, Cancelled, Control, Stamp};
use crate::forecast::drivers::{Learned, learn};
use crate::forecast::{FitOptions, Fitted, SeriesInput};
use crate::history::{History, Series};
use std::sync::Arc;

/// Moments at most at which a replay learns anew over all series: each costs about as much as a run.
const MOMENTS: usize = 4;

/// Periods between two moments at which a replay learns, where it chooses models anew every `anew`.
pub(super) fn every(periods: usize, anew: usize) -> usize {
    periods.div_ceil(MOMENTS).next_multiple_of(anew.max(1))
}

/// What had been learned at each of some moments.
pub(super) struct Lessons(Vec<Lesson>);

/// What had been learned at one moment.
struct Lesson {
    from: Stamp,
    told: Arc<Told>,
    learned: Arc<Learned>,
    /// By series of the whole history, its place among those that had begun.
    place: Vec<Option<usize>>,
}

impl Engine {
    /// What is known ahead of the last `periods` periods, learned at most every `anew`; none where nothing is, or the plan does without. `ahead`: periods that any forecast of
    /// the replay looks ahead.
    pub(super) fn lessons(
        &self,
        (inputs, history): (&Inputs, &History),
        plan: &Plan,
        end: &Calendar,
        (periods, anew, ahead): (usize, usize, usize),
        control: &dyn Control,
    ) -> Result<Lessons, Cancelled> {
        if inputs.known.is_none() || !plan.forecast.known_ahead {
            return Ok(Lessons(Vec::new()));
        }
        let step = every(periods, anew);
        // what decides by a forecast of a year learns for a year, as the plan's own run does; the trees' steps are counted from the lesson
        let ahead = (plan.periods + plan.warm_up).max(ahead + step);
        let options = fit_options(plan, ahead);
        let mut out = Vec::new();
        for k in (0..periods).step_by(step) {
            control.check()?;
            let from = end.at(k as i64 - periods as i64);
            let Some((then, of)) = cut(inputs, history, from) else { continue };
            let (Some(cut), Some(told)) = (then.history, then.known) else { continue };
            let key = Key::default().with("lesson").with(told.key()).debug(&options).done();
            let learned = self.learned.get_or(key, || learn(&cut, &told.drivers, &options, ahead, control))?;
            let mut place = vec![None; history.series.len()];
            of.iter().enumerate().for_each(|(at, s)| place[*s] = Some(at));
            out.push(Lesson { from, told, learned, place });
        }
        Ok(Lessons(out))
    }
}

impl Lessons {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether trees grown with what was known ahead take part in the forecasts of a lesson.
    pub fn have_trees(&self, lesson: usize) -> bool {
        self.0.get(lesson).is_some_and(|l| l.learned.has_trees())
    }

    /// The lesson that counts when `known` periods of a series are on record; none before the first, or where the series was too young then.
    pub fn at(&self, history: &History, s: usize, known: usize) -> Option<usize> {
        let now = history.series[s].calendar(history.period).at(known as i64);
        let last = self.0.partition_point(|l| l.from <= now).checked_sub(1)?;
        self.0[last].place.get(s).copied().flatten().map(|_| last)
    }

    /// The forecast of a series of which `known` periods are on record, with what lesson number `lesson` taught.
    pub fn forecast(
        &self,
        lesson: usize,
        history: &History,
        (s, known): (usize, usize),
        options: &FitOptions,
        fitting: &dyn Fn(&SeriesInput<'_>, &FitOptions) -> Fitted,
    ) -> Option<Fitted> {
        let l = self.0.get(lesson)?;
        let (place, whole) = (l.place.get(s).copied().flatten()?, history.series.get(s)?);
        let calendar = whole.calendar(history.period);
        let late = usize::try_from(known as i64 - calendar.index(l.from)).unwrap_or(0);
        // nothing is looked at but this one series, which stands where it was among those of the lesson
        let mut series: Vec<Series> = (0..place).map(|_| Series::new("", whole.start, Vec::new())).collect();
        let first = |v: &Option<Vec<f64>>| v.as_ref().map(|v| v.iter().take(known).copied().collect());
        let y = whole.y.iter().take(known).copied().collect();
        series.push(Series { in_stock: first(&whole.in_stock), ..named(whole, y) });
        let then = History { period: history.period, measured: history.measured, series };
        let drivers = &l.told.drivers;
        Some(l.learned.forecast_later(late, &then, (drivers, drivers), place, options, fitting).fitted)
    }
}

fn named(of: &Series, y: Vec<f64>) -> Series {
    Series { item: of.item.clone(), location: of.location.clone(), ..Series::new(&of.unique_id, of.start, y) }
}
