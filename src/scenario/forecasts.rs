//! The forecasts of a plan by themselves, changes by hand included, without stock.

use super::by_hand;
use super::engine::{Engine, Planned};
use super::load::{Inputs, now};
use super::plan::Plan;
use super::resolve::{Stocked, resolve};
use crate::base::{Calendar, Cancelled, Control, Diagnostic};
use crate::forecast::drivers::Known;
use crate::forecast::{Fitted, PathModel};
use rayon::prelude::*;
use std::sync::Arc;

/// One series' forecast from now on.
#[derive(Debug, Clone)]
pub struct SeriesForecast {
    /// Its names, and what was changed of it by hand.
    pub stocked: Stocked,
    /// What the models made of it; its step 0 is the first after its own end, `stocked.lag` before now.
    pub fitted: Arc<Fitted>,
    /// What is known ahead of it, and what each adds; absent where nothing is.
    pub known: Option<Arc<Known>>,
    /// The distribution planned with: step 0 is now, changes by hand and demand factors included.
    pub path: Arc<PathModel>,
}

/// Every series' forecast, on one calendar.
#[derive(Debug, Clone)]
pub struct Forecasts {
    /// Period 0 is the first ahead.
    pub ahead: Calendar,
    /// In the history's order; series that ended long ago are left out.
    pub series: Vec<SeriesForecast>,
    /// What was assumed, left out, or changes nothing.
    pub diagnostics: Vec<Diagnostic>,
}

impl Engine {
    /// Forecasts every series `plan.periods` ahead, in parallel, the same on any thread count. `None`: there is no history.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn forecasts(&self, inputs: &Inputs, plan: &Plan, control: &dyn Control) -> Result<Option<Forecasts>, Cancelled> {
        let Some((history, ahead)) = inputs.history.as_ref().and_then(|h| Some((h, now(h)?))) else { return Ok(None) };
        let (stocked, mut diagnostics) = resolve(history, &inputs.masters, plan, &ahead);
        diagnostics.extend(by_hand::idle(plan, &ahead, &stocked));
        let beside = self.beside(inputs, plan, &stocked, control)?;
        let series = self
            .with_overrides(stocked, history, plan, &beside, &ahead, control)?
            .into_par_iter()
            .map(|s| {
                control.check()?;
                let fit = self.fitted(history, &s, plan, &beside)?;
                let planned = Planned::of(s.clone(), fit.clone());
                Ok(SeriesForecast { stocked: s, fitted: fit.fitted, known: fit.known, path: planned.path })
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        diagnostics.extend(beside.say());
        diagnostics.extend(beside.known.as_ref().map_or_else(
            || super::known::unknown(plan),
            |k| k.say(history, plan, &series.iter().filter_map(|s| s.known.as_deref()).collect::<Vec<_>>()),
        ));
        Ok(Some(Forecasts { ahead, series, diagnostics }))
    }
}
