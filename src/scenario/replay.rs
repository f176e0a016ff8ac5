//! Replay: the last periods of the user's own past again, deciding with only what was known then.

use super::engine::{Engine, fit_options};
use super::lessons::Lessons;
use super::load::{Inputs, now};
use super::memory::Key;
use super::plan::Plan;
use super::pooled::Replayed;
use super::recorded::{OwnRecord, Receipts, Recorded};
use super::resolve::{Stocked, resolve};
use crate::base::{Cancelled, Control, Diagnostic, Period};
use crate::forecast::{FitOptions, Fitted, PathModel, SeriesInput, fit_beside, refit_beside};
use crate::history::{History, Measured};
use crate::inventory::replay::summarise;
use crate::inventory::{self, Replay, ReplayInput, ReplayOptions, ReplayResult, RuleResult};
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Periods that a decision about an item looks ahead.
fn horizon_of(s: &Stocked) -> usize {
    s.lead_time.longest() + s.review.max(1) + 1
}

/// Periods after which a model is chosen anew.
fn anew(period: Period) -> usize {
    ((FIT_ANEW_DAYS / period.days()).round() as usize).max(1)
}

/// Days after which a model is chosen anew.
const FIT_ANEW_DAYS: f64 = 28.0;

/// Periods that must be known before the first replayed one.
const LEAST_KNOWN: usize = 8;

/// What replay found.
#[derive(Debug, Clone)]
pub struct ReplayOutcome {
    /// Periods replayed.
    pub periods: usize,
    /// Sums, and what was saved with intervals over items.
    pub result: ReplayResult,
    /// One per replayed series, in the history's order.
    pub items: Vec<Replay>,
    /// The master data behind each of them.
    pub stocked: Vec<Stocked>,
    /// Series with too short a past.
    pub skipped: usize,
    /// What was really ordered and kept, where receipts and stock tell it.
    pub own: Option<OwnRecord>,
    /// What was assumed or refused.
    pub diagnostics: Vec<Diagnostic>,
}

/// An item's replay, and its own record beside the replay from the stock of then.
type One = (Replay, Option<(RuleResult, Replay)>);

impl Engine {
    /// Replays the last `periods` periods of every series that has a past before them. All rules start from the same stock and meet the same
    /// recorded demand and the same lead times. Sales cut off by a stockout count as they were seen; the result stands beside one without those
    /// periods ([`ReplayResult::without_censored`]).
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn replay(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        periods: usize,
        control: &dyn Control,
    ) -> Result<Result<ReplayOutcome, Vec<Diagnostic>>, Cancelled> {
        let Some(history) = &inputs.history else {
            return Ok(Err(vec![
                Diagnostic::error("replay-without-history", "there is no past to replay").fix("add sales files under [history]"),
            ]));
        };
        if history.measured == Measured::Value {
            return Ok(Err(vec![
                Diagnostic::error("money-not-units", "the file holds money, not units: there is no stock to replay")
                    .fix("name the column with units: map under [history]"),
            ]));
        }
        let Some(calendar) = now(history) else {
            return Ok(Err(vec![
                Diagnostic::error("no-series", "the history holds no series").fix("check the sales file with `stockcast audit`"),
            ]));
        };
        if periods == 0 {
            return Ok(Err(vec![Diagnostic::error("replay-nothing", "there are no periods to replay").fix("use --periods 26")]));
        }
        let (stocked, mut diagnostics) = resolve(history, &inputs.masters, plan, &calendar);
        let all = stocked.len();
        let (fits, short): (Vec<Stocked>, Vec<Stocked>) =
            stocked.into_iter().partition(|s| history.series[s.series].y.len() >= periods + LEAST_KNOWN);
        if fits.is_empty() {
            let longest = short.iter().map(|s| history.series[s.series].y.len()).max().unwrap_or(0);
            return Ok(Err(vec![
                Diagnostic::error(
                    "replay-too-long",
                    format!("no series is long enough to replay {periods} periods; the longest has {longest}"),
                )
                .fix(format!("use --periods {} or fewer, or add older sales", longest.saturating_sub(LEAST_KNOWN).max(1))),
            ]));
        }
        if !short.is_empty() {
            diagnostics.push(
                Diagnostic::info("replay-short", format!("{} of {all} series are too young to replay {periods} periods", short.len()))
                    .fix("replay fewer periods to include them"),
            );
        }
        let longest = fits.iter().map(horizon_of).max().unwrap_or(1);
        let lessons = self.lessons((inputs, history), plan, &calendar, (periods, anew(history.period), longest), control)?;
        if lessons.len() > 0 {
            let times = if lessons.len() == 1 { "once".to_owned() } else { format!("{} times", lessons.len()) };
            let text = format!(
                "at each review events and what is known ahead count as known, with effects learned {times} from the sales before; what was sold later does not"
            );
            diagnostics.push(Diagnostic::info("replay-with-events", text));
        }
        let options = ReplayOptions::new(plan.seed, periods);
        let done = AtomicUsize::new(0);
        let receipts = Receipts::of(&inputs.masters);
        let all: Vec<&Stocked> = fits.iter().chain(&short).collect();
        // where trees grown with what is known ahead always take part, no others are asked
        let trees = if lessons.len() > 0 && (0..lessons.len()).all(|l| lessons.have_trees(l)) {
            Replayed::default()
        } else {
            // beside lessons as rarely as these, since both cost about as much as a run
            let often = anew(history.period);
            let often = if lessons.len() > 0 { super::lessons::every(periods, often) } else { often };
            Replayed::learn(history, &all, plan, (periods, often, longest), control)?
        };
        let single = history.series.iter().all(|s| history.series.first().is_some_and(|f| f.location == s.location));
        let results = fits
            .par_iter()
            .map(|s| {
                control.check()?;
                let own = receipts.recorded(history, s, periods, single);
                let one = self.replay_one(history, s, plan, (&options, &lessons, &trees), own)?;
                control.progress("replaying", done.fetch_add(1, Ordering::Relaxed) + 1, fits.len());
                Ok(one)
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        let (mut items, mut kept, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for (result, s) in results.into_iter().zip(fits) {
            match result {
                Ok((r, beside)) => {
                    items.push(r);
                    kept.push(s);
                    own.extend(beside);
                }
                Err(d) => diagnostics.push(Diagnostic { severity: crate::base::Severity::Warning, ..d }),
            }
        }
        if plan.policy.joint || super::budget::is_short(plan) {
            diagnostics.push(
                Diagnostic::info("replay-item-by-item", "in replay each item orders by itself, without the plan's budget and joint orders")
                    .fix("the costs of all rules leave them out alike"),
            );
        }
        let result = summarise(&items, plan.seed);
        let own = OwnRecord::of(&own, plan.seed);
        Ok(Ok(ReplayOutcome { periods, result, items, stocked: kept, skipped: short.len(), own, diagnostics }))
    }

    fn replay_one(
        &self,
        history: &History,
        s: &Stocked,
        plan: &Plan,
        (options, lessons, trees): (&ReplayOptions, &Lessons, &Replayed),
        own: Option<Recorded>,
    ) -> Result<Result<One, Diagnostic>, Cancelled> {
        let series = &history.series[s.series];
        let whole = SeriesInput::of(series, history.period);
        let start = series.y.len() - options.periods;
        let horizon = horizon_of(s);
        let fit_options = fit_options(plan, horizon);
        let first = whole.truncated(start);
        let key = Key::default()
            .with("replay")
            .numbers(first.y.iter().copied())
            .numbers(first.in_stock.iter().flat_map(|s| s.iter().copied()))
            .with(history.period)
            .with(series.start)
            .debug(&fit_options)
            .with(trees.key())
            .done();
        let mut current: Option<Arc<Fitted>> = if lessons.len() > 0 {
            None
        } else {
            Some(
                self.fits
                    .get_or(key, || Ok::<_, Cancelled>(fit_beside(&first, &fit_options, trees.beside(&first, 0, horizon).as_ref())))?,
            )
        };
        let mut costs = s.costs;
        let unmet = super::stock::unmet(plan, &mut costs);
        let input = ReplayInput {
            id: &s.unique_id,
            demand: &series.y,
            in_stock: series.in_stock.as_deref(),
            season: history.period.season_lengths().last().copied().unwrap_or(0),
            lead_time: s.lead_time.clone(),
            // the wait between days on which orders are taken is part of the risk
            review: s.review.max(1).max(s.extras.gap().unwrap_or(1)),
            unmet,
            costs,
            pack: s.pack,
            minimum: s.minimum,
            maximum: s.extras.maximum,
            order_periods: s.extras.order_periods.clone(),
            shelf_life: s.shelf_life,
            opening: None,
            on_order: Vec::new(),
        };
        // models are chosen anew every four weeks, as whoever opens a newer export has it, and followed with what they have learnt in between
        let anew = anew(history.period);
        let mut last = (start, None);
        let mut models: BTreeMap<usize, PathModel> = BTreeMap::new();
        let keep = own.is_some();
        let all = inventory::replay(&input, options, &mut |known| {
            let lesson = lessons.at(history, s.series, known);
            let old = current.take_if(|_| known < last.0 + anew && lesson == last.1);
            if old.is_none() {
                last = (known, lesson);
            }
            let asks = lesson.is_none_or(|l| !lessons.have_trees(l));
            // the method's own forecast of demand as it would be without what is known ahead is what is followed
            let kept: RefCell<Option<Arc<Fitted>>> = RefCell::new(old);
            let fitting = |x: &SeriesInput<'_>, o: &FitOptions| {
                let mut kept = kept.borrow_mut();
                let beside = if asks { trees.beside(x, known - start, horizon) } else { None };
                match kept.as_deref() {
                    Some(old) => refit_beside(old, x, horizon, beside.as_ref()),
                    None => {
                        let new = fit_beside(x, o, beside.as_ref());
                        *kept = Some(Arc::new(new.clone()));
                        new
                    }
                }
            };
            let with = lesson.and_then(|l| lessons.forecast(l, history, (s.series, known), &fit_options, &fitting));
            let path = with.unwrap_or_else(|| fitting(&whole.truncated(known), &fit_options)).path;
            current = kept.into_inner();
            if keep {
                models.insert(known, path.clone());
            }
            Some(path)
        });
        let beside = own.and_then(|mut own| {
            // both are held against what would have been sold
            let forecast = |k: usize| {
                let (known, path) = models.range(..=start + k).next_back()?;
                Some((path, start + k - known))
            };
            let in_stock = series.in_stock.as_deref().and_then(|s| s.get(start..));
            let lost = own.lost(series.y.get(start..)?, in_stock, forecast, costs.shortage);
            let mut demand = series.y.clone();
            for (y, more) in demand.iter_mut().skip(start).zip(&lost).filter(|(_, more)| **more > 0.0) {
                *y = if y.is_finite() { *y + more } else { *more };
            }
            let input = ReplayInput { demand: &demand, in_stock: None, opening: Some(own.opening), on_order: own.on_order, ..input };
            let ours = inventory::replay(&input, options, &mut |known| models.get(&known).cloned()).ok()?;
            Some((own.result, ours))
        });
        Ok(all.map(|r| (r, beside)))
    }
}
