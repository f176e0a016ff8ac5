//! Trees over all series of a scenario's history, for forecasts and for replay.
//!
//! Learning them takes a second or two, so that they are only learned where a forecast is missing that needs them: each forecast is remembered under the content of the whole history.

use super::engine::{Engine, fit_options};
use super::known::Ready;
use super::memory::Key;
use super::plan::Plan;
use super::resolve::Stocked;
use crate::base::random::mix64;
use crate::base::{Cancelled, Control};
use crate::forecast::{Beside, Choice, Fitted, Pooled, SeriesInput, fit_beside};
use crate::history::{History, Series};
use std::sync::Arc;

/// The trees of a plan's forecasts.
#[derive(Debug, Clone, Default)]
pub(super) struct Trees {
    /// Content hash of what they are learned from; absent where a plan has none.
    key: Option<u64>,
    /// Absent where every forecast wanted is remembered.
    pooled: Option<Arc<Option<Pooled>>>,
}

/// Content hash of the sales of a history.
fn content(history: &History) -> u64 {
    let mut h = history.series.len() as u64;
    for s in &history.series {
        h = mix64(h ^ s.start.0 as u64);
        for values in [Some(&s.y), s.in_stock.as_ref()].into_iter().flatten() {
            h = mix64(h ^ values.len() as u64);
            for v in values {
                h = mix64(h ^ v.to_bits());
            }
        }
    }
    h
}

impl Trees {
    /// Content hash of what they are learned from; absent where a plan has none.
    pub const fn key(&self) -> Option<u64> {
        self.key
    }

    fn beside(&self, input: &SeriesInput<'_>, horizon: usize) -> Option<Beside> {
        self.pooled.as_deref()?.as_ref()?.beside(input, horizon)
    }
}

impl Engine {
    /// The trees that a plan's forecasts of `wanted` need, with what is known ahead and a hash of the season of categories.
    pub(super) fn trees<'a>(
        &self,
        history: &History,
        plan: &Plan,
        (known, kin): (Option<&Ready>, Option<u64>),
        wanted: impl IntoIterator<Item = &'a Stocked>,
        control: &dyn Control,
    ) -> Result<Trees, Cancelled> {
        let ahead = plan.periods + plan.warm_up;
        let options = fit_options(plan, ahead);
        // where trees grown with what is known ahead take part, one kind of them is enough
        if options.model != Choice::Auto || known.is_some_and(Ready::has_trees) {
            return Ok(Trees::default());
        }
        let key = Key::default().with("trees").with(history.period).with(content(history)).debug(&options).done();
        let mut trees = Trees { key: Some(key), pooled: None };
        let missing = wanted.into_iter().any(|s| {
            let options = fit_options(plan, ahead + s.lag);
            history.series.get(s.series).is_some_and(|x| match known {
                Some(ready) => self.driven.get(ready.driven(s.series, x.y.len(), &options, kin, trees.key)).is_none(),
                None => self.fits.get(plain_key(&SeriesInput::of(x, history.period), &options, &trees)).is_none(),
            })
        });
        if missing {
            trees.pooled = Some(self.pooled.get_or(key, || Pooled::learn(history, &options, ahead, control))?);
        }
        Ok(trees)
    }

    /// A series by itself, and with what trees say beside.
    pub(super) fn plain(&self, input: &SeriesInput<'_>, options: &crate::forecast::FitOptions, trees: &Trees) -> Arc<Fitted> {
        let make = || Ok::<_, std::convert::Infallible>(fit_beside(input, options, trees.beside(input, options.horizon).as_ref()));
        match self.fits.get_or(plain_key(input, options, trees), make) {
            Ok(fitted) => fitted,
            Err(never) => match never {},
        }
    }
}

fn plain_key(input: &SeriesInput<'_>, options: &crate::forecast::FitOptions, trees: &Trees) -> u64 {
    Key::default()
        .numbers(input.y.iter().copied())
        .numbers(input.in_stock.iter().flat_map(|s| s.iter().copied()))
        .with(input.period)
        .with(input.start)
        .debug(options)
        .with(trees.key)
        .done()
}

/// The trees of a replay: learned at some moments, each time from what was known of all series then.
#[derive(Debug, Default)]
pub(super) struct Replayed {
    key: u64,
    /// Periods between two.
    every: usize,
    each: Vec<Option<Pooled>>,
}

impl Replayed {
    /// Learns them for decisions over the last `periods` periods of `stocked`, whose longest wait is `horizon`; anew every `every` periods.
    pub fn learn(
        history: &History,
        stocked: &[&Stocked],
        plan: &Plan,
        (periods, every, horizon): (usize, usize, usize),
        control: &dyn Control,
    ) -> Result<Self, Cancelled> {
        let options = fit_options(plan, horizon);
        let key = Key::default().with("replayed").with(history.period).with(content(history)).with((periods, every)).debug(&options).done();
        // all series up to the same day: that up to which the one that ended first is known
        let latest = stocked.iter().map(|s| s.lag).max().unwrap_or(0);
        let each = (0..periods.div_ceil(every.max(1)))
            .map(|k| {
                let series = stocked
                    .iter()
                    .filter_map(|s| {
                        let x = history.series.get(s.series)?;
                        let known = (x.y.len() + s.lag + k * every).checked_sub(periods + latest)?.min(x.y.len());
                        let first = |v: &Vec<f64>| v.iter().take(known).copied().collect::<Vec<f64>>();
                        (known > 0).then(|| Series { y: first(&x.y), in_stock: x.in_stock.as_ref().map(first), ..empty(x) })
                    })
                    .collect();
                Pooled::learn(&History { period: history.period, measured: history.measured, series }, &options, horizon, control)
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        Ok(Self { key, every, each })
    }

    /// Content hash of what they were learned from.
    pub const fn key(&self) -> u64 {
        self.key
    }

    /// What they say of a series as it is known `done` periods after the first decision.
    pub fn beside(&self, known: &SeriesInput<'_>, done: usize, horizon: usize) -> Option<Beside> {
        self.each.get(done / self.every.max(1))?.as_ref()?.beside(known, horizon)
    }
}

/// The names of a series without its columns.
fn empty(s: &Series) -> Series {
    Series {
        unique_id: s.unique_id.clone(),
        item: s.item.clone(),
        location: s.location.clone(),
        description: None,
        start: s.start,
        y: Vec::new(),
        revenue: None,
        price: None,
        in_stock: None,
        promo: None,
        returned: None,
        last_stock: None,
    }
}
