//! One item by itself: what a page about it shows, fast enough to answer a moving slider.

use super::Engine;
use super::by_hand;
use super::engine::{Planned, classical, not_orderable, too_short};
use super::load::{Inputs, now};
use super::outcome::SeriesOutcome;
use super::plan::Plan;
use super::resolve::{resolve, resolve_one};
use super::stock::{self, Effort, Job};
use crate::base::{Cancelled, Control, Diagnostic, Period};
use crate::forecast::fill::Sampler;
use std::sync::Arc;

impl Engine {
    /// One series as [`Engine::run`] decides it, and beside that what only its page shows: stock by period, example paths, and a cost curve
    /// with the present point where the policy is given. With [`Effort::Full`] everything that `run` finds is the very same, before
    /// a budget limits the order or a dispatch rule adds to lead times.
    ///
    /// The inner error holds what refuses the plan or the series.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn one(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        unique_id: &str,
        effort: Effort,
        control: &dyn Control,
    ) -> Result<Result<SeriesOutcome, Vec<Diagnostic>>, Cancelled> {
        self.one_held(inputs, plan, unique_id, effort, None, control)
    }

    /// As [`Engine::one`], where the dispatch rule of a run held its shipments: `held` are the shares held 0, 1, 2 … periods
    /// ([`Freight::held`](super::Freight::held)), which add to the lead time as they do in the run.
    ///
    /// # Errors
    /// As [`Engine::one`].
    pub fn one_held(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        unique_id: &str,
        effort: Effort,
        held: Option<&[f64]>,
        control: &dyn Control,
    ) -> Result<Result<SeriesOutcome, Vec<Diagnostic>>, Cancelled> {
        control.check()?;
        let refused = plan.check();
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        let (planned, period) = match self.planned_one(inputs, plan, unique_id, control)? {
            Ok(found) => found,
            Err(d) => return Ok(Err(vec![d])),
        };
        control.check()?;
        let sampler = self.sampler.get_or(planned.path_key, || Sampler::new(&planned.path));
        let mut job = Job { sampler: Some(sampler), held, ..Job::new(&planned, plan, period, plan.replications) };
        // what a run has decided is better than a draft, and there already
        let key = job.key();
        let known = self.stock.get(key);
        if known.is_none() {
            job.effort = effort;
        }
        let shown = stock::shown(&job, known.as_deref());
        if let (None, Effort::Full, Ok(s)) = (&known, effort, &shown) {
            self.stock.put(key, stock::bare(s));
        }
        Ok(shown.map(|stock| planned.with(Arc::new(stock))).map_err(|d| vec![d]))
    }

    fn planned_one(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        unique_id: &str,
        control: &dyn Control,
    ) -> Result<Result<(Planned, Period), Diagnostic>, Cancelled> {
        let unknown = || {
            Diagnostic::error("series-unknown", format!("there is no planned series '{unique_id}'"))
                .fix("choose one with sales that reach up to now")
        };
        let Some(history) = &inputs.history else {
            return Ok(classical(plan, inputs)
                .and_then(|p| if &*p.stocked.unique_id == unique_id { Ok((p, plan.demand_period())) } else { Err(unknown()) }));
        };
        if let Some(refusal) = not_orderable(history).or_else(|| too_short(history)) {
            return Ok(Err(refusal));
        }
        let Some(calendar) = now(history) else { return Ok(Err(unknown())) };
        let Some(mut stocked) = resolve_one(history, &inputs.masters, plan, &calendar, unique_id) else { return Ok(Err(unknown())) };
        if plan.overrides.iter().any(|o| by_hand::fits(o, &stocked)) {
            // what is said of a group is shared out by all of its forecasts
            let alone = plan.overrides.iter().all(|o| !by_hand::fits(o, &stocked) || o.percent.is_some());
            let group = if alone { vec![stocked.clone()] } else { resolve(history, &inputs.masters, plan, &calendar).0 };
            let beside = self.beside(inputs, plan, &group, control)?;
            let changed = self.with_overrides(group, history, plan, &beside, &calendar, control)?;
            if let Some(s) = changed.into_iter().find(|s| &*s.unique_id == unique_id) {
                stocked.by_hand = s.by_hand;
            }
        }
        let beside = self.beside(inputs, plan, [&stocked], control)?;
        let fitted = self.fitted(history, &stocked, plan, &beside)?;
        Ok(Ok((Planned::of(stocked, fitted), history.period)))
    }
}
