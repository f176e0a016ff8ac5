//! The engine: a pure function from inputs and plan to an outcome, with a memory that only saves time.

use super::by_hand::{self, ByHand, Seen};
use super::freight::{self, Shipped, rules::RulePoint};
use super::known::{Fit, Ready};
use super::load::{Inputs, now};
use super::memory::{Key, Last, Memory};
use super::outcome::{Outcome, SeriesOutcome, StockResult, Totals};
use super::plan::adjust::Names;
use super::plan::{Adjust, Plan};
use super::resolve::{Stocked, adjusted_lead_time, plan_lead_time, resolve};
use super::stock::{self, Job};
use super::young::Beside;
use crate::base::{Calendar, Cancelled, Control, Diagnostic};
use crate::forecast::drivers::{Driven, Known, Learned};
use crate::forecast::fill::Sampler;
use crate::forecast::kin::Kin;
use crate::forecast::{Choice, FitOptions, Fitted, PathModel, Pooled};
use crate::history::{History, Masters, Measured};
use crate::inventory::classic::lot_sizing::wagner_whitin;
use crate::inventory::group::JointOptimum;
use crate::inventory::{LeadTime, UnitCosts};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs plans and remembers what it computed, stage by stage and series by series.
#[derive(Debug, Default)]
pub struct Engine {
    pub(super) fits: Memory<Fitted>,
    pub(super) stock: Memory<StockResult>,
    /// The tables of the item looked at.
    pub(super) sampler: Last<Sampler>,
    pub(super) freight: Memory<Shipped>,
    pub(super) rules: Memory<RulePoint>,
    /// Effects of what is known ahead, over all series.
    pub(super) learned: Memory<Learned>,
    /// Forecasts with them.
    pub(super) driven: Memory<Driven>,
    pub(super) ready: Last<Ready>,
    /// What young items learn from older ones.
    pub(super) kin: Memory<Option<Kin>>,
    pub(super) joints: Memory<JointOptimum>,
    /// Trees over all series of a history.
    pub(super) pooled: Memory<Option<Pooled>>,
}

/// A series ready to be stocked: its master data and its distribution over demand paths.
pub(super) struct Planned {
    pub stocked: Stocked,
    pub forecast: Option<Arc<Fitted>>,
    /// What is known ahead of it.
    pub known: Option<Arc<Known>>,
    pub path: Arc<PathModel>,
    /// Content hash of the path.
    pub path_key: u64,
}

impl Planned {
    pub(super) fn new(stocked: Stocked, forecast: Option<Arc<Fitted>>, path: PathModel) -> Self {
        let path = if stocked.demand_factor == 1.0 { path } else { path.scaled(stocked.demand_factor) };
        let path_key = Key::default().path(&path).done();
        Self { stocked, forecast, known: None, path: Arc::new(path), path_key }
    }

    /// A series with its forecast.
    pub(super) fn of(stocked: Stocked, Fit { fitted, known }: Fit) -> Self {
        let mut path = fitted.path.clone();
        drop_steps(&mut path, stocked.lag);
        if !stocked.by_hand.steps.is_empty() {
            path = path.with_means(&stocked.by_hand.means());
        }
        Self { known, ..Self::new(stocked, Some(fitted), path) }
    }

    /// With what was decided.
    pub fn with(&self, stock: Arc<StockResult>) -> SeriesOutcome {
        SeriesOutcome { stocked: self.stocked.clone(), forecast: self.forecast.clone(), known: self.known.clone(), stock }
    }
}

/// Who wants to see each series as soon as it is decided.
#[derive(Clone, Copy)]
pub(super) struct Watch<'a> {
    /// Indices into the history to do before all others.
    pub first: &'a [usize],
    pub seen: &'a (dyn Fn(usize, &SeriesOutcome) + Sync),
}

impl Engine {
    /// Runs the whole line: forecast, stock, freight, footprint. Refusals are error diagnostics of the outcome.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn run(&self, inputs: &Inputs, plan: &Plan, control: &dyn Control) -> Result<Outcome, Cancelled> {
        self.go(inputs, plan, control, None)
    }

    /// The same, showing each series as soon as its stock is decided: those whose index into the history is in `first` before all others.
    /// `seen` gets that index and what was found, from any thread; a series may be shown again when a budget or a dispatch rule
    /// changes it, and the last word is the outcome.
    ///
    /// # Errors
    /// [`Cancelled`] once `control` says so.
    pub fn run_with(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        control: &dyn Control,
        first: &[usize],
        seen: &(dyn Fn(usize, &SeriesOutcome) + Sync),
    ) -> Result<Outcome, Cancelled> {
        self.go(inputs, plan, control, Some(Watch { first, seen }))
    }

    fn go(&self, inputs: &Inputs, plan: &Plan, control: &dyn Control, watch: Option<Watch<'_>>) -> Result<Outcome, Cancelled> {
        self.fits.next_run();
        self.stock.next_run();
        self.freight.next_run();
        self.rules.next_run();
        self.learned.next_run();
        self.driven.next_run();
        self.joints.next_run();
        self.kin.next_run();
        self.pooled.next_run();
        let mut outcome = Outcome {
            plan: plan.clone(),
            replications: plan.replications,
            period: inputs.history.as_ref().map_or_else(|| plan.demand_period(), |h| h.period),
            now: None,
            series: Vec::new(),
            totals: Totals::default(),
            freight: None,
            joint: Vec::new(),
            classical: Vec::new(),
            chain: None,
            diagnostics: plan.check(),
        };
        if !outcome.refusals().is_empty() {
            return Ok(outcome);
        }
        if !plan.stages.is_empty() {
            match super::stages::chain(plan) {
                Ok(chain) => outcome.of_chain(chain),
                Err(d) => outcome.diagnostics.push(d),
            }
            return Ok(outcome);
        }
        let Some(planned) = self.planned(inputs, plan, &mut outcome, watch, control)? else { return Ok(outcome) };

        let mut replications = plan.replications;
        loop {
            self.stock_and_freight(&planned, inputs, plan, replications, &mut outcome, control)?;
            let total = outcome.totals.total_cost;
            match plan.precision {
                // one replication does not tell its error: a few do
                Some(_) if replications == 1 => replications = 32,
                // each round aims a little beyond what the error of the last one asks for
                Some(p) if total.mean > 0.0 && total.half_width > p * total.mean && replications < 100_000 => {
                    let factor = (total.half_width / (p * total.mean)).powi(2) * 1.1;
                    replications = ((replications as f64 * factor.clamp(1.2, 10.0)) as usize).min(100_000);
                }
                _ => break,
            }
        }
        if let (None, [planned], [found]) = (&inputs.history, planned.as_slice(), outcome.series.as_slice()) {
            control.check()?;
            outcome.classical = super::classical::answers(plan, planned, &found.stock, outcome.replications);
        }
        Ok(outcome)
    }

    /// Results remembered of fits, stock and freight.
    pub fn remembered(&self) -> usize {
        self.fits.len() + self.stock.len() + self.freight.len()
    }

    /// What is to be stocked, with its demand; `None` where the outcome says why not.
    pub(super) fn planned(
        &self,
        inputs: &Inputs,
        plan: &Plan,
        outcome: &mut Outcome,
        watch: Option<Watch<'_>>,
        control: &dyn Control,
    ) -> Result<Option<Vec<Planned>>, Cancelled> {
        let Some(history) = &inputs.history else {
            return Ok(match classical(plan, inputs) {
                Ok(p) => Some(vec![p]),
                Err(d) => {
                    outcome.diagnostics.push(d);
                    None
                }
            });
        };
        if let Some(refusal) = not_orderable(history) {
            outcome.diagnostics.push(refusal);
            return Ok(None);
        }
        if let Some(refusal) = too_short(history) {
            outcome.diagnostics.push(refusal);
            return Ok(None);
        }
        let Some(calendar) = now(history) else {
            outcome
                .diagnostics
                .push(Diagnostic::error("no-series", "the history holds no series").fix("check the sales file with `stockcast audit`"));
            return Ok(None);
        };
        outcome.now = Some(calendar.start);
        let (stocked, notes) = resolve(history, &inputs.masters, plan, &calendar);
        outcome.diagnostics.extend(notes);
        outcome.diagnostics.extend(by_hand::idle(plan, &calendar, &stocked));
        outcome.diagnostics.extend(super::extras::idle(plan, &stocked));
        let beside = self.beside(inputs, plan, &stocked, control)?;
        let stocked = self.with_overrides(stocked, history, plan, &beside, &calendar, control)?;
        let done = AtomicUsize::new(0);
        let total = stocked.len();
        let period = outcome.period;
        let one = |s: Stocked| -> Result<Planned, Cancelled> {
            control.check()?;
            let planned = Planned::of(s.clone(), self.fitted(history, &s, plan, &beside)?);
            if let Some(w) = watch {
                // decided here and found again in memory below, so that each is seen as soon as it can be
                let job = Job::new(&planned, plan, period, plan.replications);
                if let Ok(stock) = self.stock.get_or(job.key(), || stock::decide(&job)) {
                    (w.seen)(s.series, &planned.with(stock));
                }
            }
            control.progress("forecasting", done.fetch_add(1, Ordering::Relaxed) + 1, total);
            Ok(planned)
        };
        let (first, rest): (Vec<Stocked>, Vec<Stocked>) =
            stocked.into_iter().partition(|s| watch.is_some_and(|w| w.first.contains(&s.series)));
        let mut planned = first.into_par_iter().map(one).collect::<Result<Vec<_>, Cancelled>>()?;
        planned.extend(rest.into_par_iter().map(one).collect::<Result<Vec<_>, Cancelled>>()?);
        planned.sort_by_key(|p| p.stocked.series);
        outcome.diagnostics.extend(beside.say());
        outcome.diagnostics.extend(beside.known.as_ref().map_or_else(
            || super::known::unknown(plan),
            |k| k.say(history, plan, &planned.iter().filter_map(|p| p.known.as_deref()).collect::<Vec<_>>()),
        ));
        Ok(Some(planned))
    }

    /// Stocked series with what was changed of their forecasts by hand. Series that no override speaks of are not fitted for it.
    pub(super) fn with_overrides(
        &self,
        mut stocked: Vec<Stocked>,
        history: &History,
        plan: &Plan,
        beside: &Beside,
        ahead: &Calendar,
        control: &dyn Control,
    ) -> Result<Vec<Stocked>, Cancelled> {
        let at: Vec<usize> = (0..stocked.len()).filter(|i| plan.overrides.iter().any(|o| by_hand::fits(o, &stocked[*i]))).collect();
        if at.is_empty() {
            return Ok(stocked);
        }
        let done = AtomicUsize::new(0);
        let seen = at
            .par_iter()
            .map(|i| {
                control.check()?;
                let s = &stocked[*i];
                let fitted = self.fitted(history, s, plan, beside)?.fitted;
                let means = (0..plan.periods + plan.warm_up).map(|t| fitted.path.mean(t + s.lag)).collect();
                control.progress("forecasting", done.fetch_add(1, Ordering::Relaxed) + 1, at.len());
                Ok(Seen { stocked: s, means })
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        let said = by_hand::apply(&plan.overrides, ahead, &seen);
        for (i, by_hand) in at.into_iter().zip(said) {
            stocked[i].by_hand = by_hand;
        }
        Ok(stocked)
    }

    fn stock_and_freight(
        &self,
        planned: &[Planned],
        inputs: &Inputs,
        plan: &Plan,
        replications: usize,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        outcome.replications = replications;
        let notes = outcome.diagnostics.len();
        let mut limits = Limits::default();
        self.within_budget(planned, &inputs.masters, plan, replications, &mut limits, outcome, control)?;
        let calendar = Calendar::new(outcome.period, outcome.now.unwrap_or_default());
        let mut shipped = self.shipped(outcome, inputs, &calendar, control)?;
        // a dispatch calendar that holds goods back makes lead times longer: once more with what was seen
        if shipped.as_ref().is_some_and(|f| f.freight.held.len() > 1) {
            limits.held = shipped.as_ref().map(|f| f.freight.held.clone());
            outcome.diagnostics.truncate(notes);
            self.within_budget(planned, &inputs.masters, plan, replications, &mut limits, outcome, control)?;
            shipped = self.shipped(outcome, inputs, &calendar, control)?;
            outcome.diagnostics.push(
                Diagnostic::info(
                    "dispatch-adds-lead-time",
                    format!(
                        "holding shipments ({}) adds to their lead time, and the stock for it is counted",
                        shipped.as_ref().map_or("", |f| f.freight.rule.as_str())
                    ),
                )
                .fix("dispatch more often under [logistics] consolidation to see what it would save"),
            );
        }
        outcome.diagnostics.extend(below_minimum(&outcome.series, &inputs.masters));
        if let Some(shipped) = shipped {
            outcome.totals.add_freight(&shipped.freight.measures, plan.footprint.carbon_price);
            outcome.diagnostics.extend(shipped.notes.iter().cloned());
            outcome.freight = Some(shipped.freight.clone());
        }
        Ok(())
    }

    /// Freight of an outcome's orders, remembered by what it rests on.
    fn shipped(
        &self,
        outcome: &Outcome,
        inputs: &Inputs,
        calendar: &Calendar,
        control: &dyn Control,
    ) -> Result<Option<Arc<Shipped>>, Cancelled> {
        let Some(key) = freight::key(outcome, &outcome.plan, inputs, calendar) else { return Ok(None) };
        self.freight.get_or(key, || freight::run(outcome, inputs, calendar, control)).map(Some)
    }

    /// The stock stage, and where a budget limits this order or a supplier's minimum raises it, once more with what that makes of each line.
    #[allow(clippy::too_many_arguments, reason = "what a run knows")]
    fn within_budget(
        &self,
        planned: &[Planned],
        masters: &Masters,
        plan: &Plan,
        replications: usize,
        limits: &mut Limits,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        limits.set.clear();
        self.stocked(planned, plan, replications, limits, outcome, control)?;
        if let Some(room) = super::budget::Room::of(plan) {
            let held = limits.held.as_deref();
            let (set, note) = super::budget::ration(&outcome.series, planned, plan, outcome.period, replications, held, &room, control)?;
            if !set.is_empty() {
                limits.set = set;
                self.stocked(planned, plan, replications, limits, outcome, control)?;
                outcome.diagnostics.extend(note);
            }
            return Ok(());
        }
        let groups = super::joint::Found::of(outcome, masters, plan);
        if plan.policy.below_minimum != "warn" {
            let (set, notes) =
                super::minimum::reach(&outcome.series, planned, masters, plan, outcome.period, replications, &groups.suppliers());
            if !set.is_empty() {
                limits.set = set;
                self.stocked(planned, plan, replications, limits, outcome, control)?;
            }
            outcome.diagnostics.extend(notes);
        }
        self.together(groups, planned, plan, limits.held.as_deref(), outcome, control)
    }

    /// The stock stage of every series as if nothing were short.
    pub(super) fn stocked_freely(
        &self,
        planned: &[Planned],
        plan: &Plan,
        held: Option<&[f64]>,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        let limits = Limits { held: held.map(<[f64]>::to_vec), ..Limits::default() };
        self.stocked(planned, plan, outcome.replications, &limits, outcome, control)
    }

    /// The stock stage of every series.
    fn stocked(
        &self,
        planned: &[Planned],
        plan: &Plan,
        replications: usize,
        limits: &Limits,
        outcome: &mut Outcome,
        control: &dyn Control,
    ) -> Result<(), Cancelled> {
        let done = AtomicUsize::new(0);
        let period = outcome.period;
        let results: Vec<Result<SeriesOutcome, Diagnostic>> = planned
            .par_iter()
            .map(|p| {
                control.check()?;
                let set = limits.set.get(&p.stocked.series).copied();
                let job = Job { held: limits.held.as_deref(), set, ..Job::new(p, plan, period, replications) };
                let result = self.stock.get_or(job.key(), || stock::decide(&job));
                control.progress("simulating", done.fetch_add(1, Ordering::Relaxed) + 1, planned.len());
                Ok(result.map(|stock| p.with(stock)))
            })
            .collect::<Result<Vec<_>, Cancelled>>()?;
        outcome.series.clear();
        for r in results {
            match r {
                Ok(s) => outcome.series.push(s),
                Err(d) => outcome.diagnostics.push(Diagnostic { severity: crate::base::Severity::Warning, ..d }),
            }
        }
        outcome.joint.clear();
        add_up(outcome);
        Ok(())
    }
}

/// Sums over an outcome's series.
pub(super) fn add_up(outcome: &mut Outcome) {
    let mut totals = vec![0.0; outcome.replications];
    for s in &outcome.series {
        for (t, x) in totals.iter_mut().zip(&s.stock.outcome.total_cost_by_replication) {
            *t += x;
        }
    }
    outcome.totals = Totals::of(&outcome.series, &totals, outcome.replications);
}

/// What limits the stock stage from outside a series.
#[derive(Default)]
struct Limits {
    /// Shares of shipments held back 0, 1, 2 … periods by the dispatch rule.
    held: Option<Vec<f64>>,
    /// Units of today's order that all orders together leave, by series of the history.
    set: BTreeMap<usize, f64>,
}

/// Suppliers whose order of today is below the least that they accept.
fn below_minimum(series: &[SeriesOutcome], masters: &Masters) -> Vec<Diagnostic> {
    let mut value: BTreeMap<&str, f64> = BTreeMap::new();
    for s in series {
        if let Some(a) = s.stock.advice.as_ref().filter(|a| a.quantity > 0.0) {
            *value.entry(&s.stocked.supplier).or_default() += a.quantity * s.stocked.costs.unit;
        }
    }
    let short = masters.suppliers.iter().filter_map(|r| {
        let (least, ordered) = (r.minimum_value?, *value.get(&*r.supplier)?);
        (ordered < least).then(|| {
            Diagnostic::warning(
                "below-minimum-order",
                format!("the order to {} is worth {ordered:.2}, below its minimum of {least:.2}", r.supplier),
            )
            .fix("add lines that are due soon, or wait for the next review")
        })
    });
    short.collect()
}

/// What a plan asks of a fit.
pub(super) fn fit_options(plan: &Plan, horizon: usize) -> FitOptions {
    FitOptions {
        horizon: horizon.max(1),
        season_lengths: plan.forecast.season_length.map(|n| if n > 1 { vec![n] } else { Vec::new() }),
        model: Choice::parse(&plan.forecast.model).unwrap_or_default(),
        integer: None,
    }
}

/// The first `lag` steps are past already: the series ended before the newest one.
fn drop_steps(path: &mut PathModel, lag: usize) {
    let keep = path.cycle.max(1);
    if path.steps.len() > keep {
        path.steps.drain(..lag.min(path.steps.len() - keep));
    }
}

pub(super) fn not_orderable(history: &History) -> Option<Diagnostic> {
    (history.measured == Measured::Value).then(|| {
        Diagnostic::error("money-not-units", "the file holds money, not units: it can be forecast but not ordered")
            .fix("run `stockcast forecast`; or name the column with units: --map \"Column=quantity\", or map under [history]")
    })
}

/// Periods of sales below which no stock decision means anything.
const LEAST_HISTORY: usize = 4;

pub(super) fn too_short(history: &History) -> Option<Diagnostic> {
    let longest = history.series.iter().map(|s| s.y.iter().filter(|y| y.is_finite()).count()).max().unwrap_or(0);
    (longest < LEAST_HISTORY && !history.series.is_empty()).then(|| {
        let have = crate::base::text::plural(longest, history.period.name());
        Diagnostic::error("history-too-short", format!("{have} of sales is too little to plan stock from"))
            .fix(format!("give at least {LEAST_HISTORY} {}s, better a year or two", history.period.name()))
    })
}

/// Periods of a plan of lots for demand that is the same in every period.
const LONGEST_PLAN: usize = 520;

/// Name of the one series of a demand distribution.
const CLASSICAL: &str = "demand";

/// A demand distribution in place of a history: one series called `demand`.
pub(super) fn classical(plan: &Plan, inputs: &Inputs) -> Result<Planned, Diagnostic> {
    let Some(d) = &plan.demand else {
        return Err(Diagnostic::error("no-series", "there is no sales file and no [demand]")
            .fix("add files under [history], or a [demand] distribution"));
    };
    let path = d.path().map_err(|e| {
        Diagnostic::error("demand-unusable", format!("the demand distribution cannot be used: {e}"))
            .fix("check mean, sd, values and weights under [demand]")
    })?;
    let lead_time = plan.supply.lead_time.as_ref().map_or_else(|| Some(LeadTime::fixed(0)), plan_lead_time);
    let Some(lead_time) = lead_time else {
        return Err(Diagnostic::error("lead-time-unusable", "the lead time cannot be used")
            .fix("write { mean = 2.0, sd = 0.5 } or { values = [2, 3], weights = [1, 1] }"));
    };
    let lead_time = if plan.supply.orders_cross { lead_time } else { lead_time.in_sequence() };
    let stock = inputs.masters.stock.first().map(|r| r.on_hand - r.committed - r.unavailable).or(plan.supply.on_hand);
    let names =
        Names { unique_id: CLASSICAL, item: CLASSICAL, location: "main", category: None, supplier: super::resolve::UNKNOWN_SUPPLIER };
    let adjusted = Adjust::of(&plan.adjust, &names);
    let (lead_time, lead_time_source) =
        adjusted_lead_time(&adjusted, lead_time, "scenario".into(), plan.demand_period(), &mut BTreeSet::new());
    let unit = adjusted.cost.or(plan.cost.unit).unwrap_or(0.0);
    let price = adjusted.price.or(plan.cost.price);
    let margin = price.map(|p| (p - unit).max(0.0));
    let per_year = plan.demand_period().per_year();
    let mut stocked = Stocked {
        series: 0,
        unique_id: CLASSICAL.into(),
        item: CLASSICAL.into(),
        location: "main".into(),
        description: None,
        category: None,
        supplier: super::resolve::UNKNOWN_SUPPLIER.into(),
        price,
        costs: UnitCosts {
            unit,
            holding: plan.cost.holding.or_else(|| plan.cost.holding_rate.map(|r| r * unit / per_year)).unwrap_or(0.2),
            // what is paid once for a wait is not paid for its length, unless both are said
            shortage: plan.cost.shortage.or(plan.cost.backorder.map(|_| 0.0)).or(margin).unwrap_or(1.0),
            backorder: plan.cost.backorder.unwrap_or(0.0),
            order: plan.cost.order.unwrap_or(0.0),
            markdown: plan.cost.markdown.min(1.0),
        },
        lead_time,
        lead_time_source,
        pack: plan.supply.pack_size.unwrap_or(0.0),
        minimum: plan.supply.minimum.unwrap_or(0.0),
        weight_kg: plan.logistics.default_weight_kg,
        kg_co2e: 0.0,
        volume_m3: plan.logistics.default_volume_m3,
        shelf_life: plan.supply.shelf_life,
        extras: super::extras::extras(plan, &names, unit, None, None, &[]),
        on_hand: stock,
        expiring: Vec::new(),
        on_order: Vec::new(),
        lag: 0,
        review: adjusted.review_period.unwrap_or_else(|| plan.review()),
        demand_factor: adjusted.demand_factor.unwrap_or(1.0),
        rule: adjusted.rule,
        why: adjusted.why,
        adjustments: adjusted.entries,
        by_hand: ByHand::default(),
        assumed: BTreeSet::new(),
    };
    if plan.policy.kind == "optimal" && plan.policy.family.as_deref() == Some("lot_sizing") {
        let n = if path.steps.len() > 1 { path.steps.len() } else { plan.periods.min(LONGEST_PLAN) };
        let demand: Vec<f64> = (0..n).map(|t| path.mean(t)).collect();
        let c = stocked.costs;
        stocked.extras.schedule = wagner_whitin(&demand, &[c.order], &[c.holding], &[]).quantities;
    }
    Ok(Planned::new(stocked, None, path))
}
