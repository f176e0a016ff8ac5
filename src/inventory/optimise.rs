//! The levels of least expected cost, by simulation under common random numbers.
//!
//! Levels are a trigger `x` (a reorder point, or the safety above expected demand) and a batch `y` above it. The search starts from
//! the economic batch and the quantiles of demand over the risk, walks a coarse grid (widened where the best lies on its edge:
//! cost need not have one valley with lost sales and packs), then ever finer ones around the best; a few finalists run on more
//! replications, the winner on replications it was never tuned on. Every candidate starts at its own order-up-to level and counting
//! starts after the first risk period, so that a candidate is judged by its running, not by the stock of the day.
//!
//! Sources: Law 2015 ch. 10–12 (common random numbers, selection of the best); Kim & Nelson 2006 on why the winner needs fresh
//! replications: the least of many noisy costs is too low.

use super::guess::{self, RiskDemand, TUNING, whole};
use super::kernel::{Replication, Tally};
use super::outcome::{Money, Outcome, cycle_service, fill_rate};
use super::policy::{Amount, Compiled};
use super::simulate::{Prepared, SimOptions, outcomes};
use super::{Item, Policy};
use crate::base::{Control, Diagnostic, Measure};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What is to be least, and what must hold.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Least total cost.
    #[default]
    Cost,
    /// Least overstock and ordering cost with at least this share of cycles without a stockout.
    CycleService(f64),
    /// Least overstock and ordering cost with at least this share of demand served at once.
    FillRate(f64),
}

/// Which kind of policy to look among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// The better of constant `(R,s,S)` and levels that follow the forecast.
    #[default]
    Best,
    /// Constant `(R,s,S)`.
    SS,
    /// `(s,Q)`.
    SQ,
    /// `(R,s,nQ)`.
    SNQ,
    /// Base stock `(R,S)`.
    BaseStock,
    /// `(s_t, S_t)` that follow the forecast.
    Adaptive,
}

/// How hard to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptimiseOptions {
    /// Seed, replications and horizon of the final evaluation.
    pub simulation: SimOptions,
    /// What is to be least.
    pub objective: Objective,
    /// Which policies.
    pub family: Family,
    /// Replications of the wide search.
    pub wide: usize,
    /// Replications of the finalists.
    pub finalists: usize,
    /// Points of the cost curve; 0: none.
    pub curve: usize,
    /// Replications of the cost curve.
    pub curve_replications: usize,
    /// A rule to place beside the curve, judged as its points are.
    pub present: Option<Policy>,
    /// Spread the replications of the one item over threads; the result is the same.
    pub parallel: bool,
}

impl OptimiseOptions {
    /// Least cost over the better of constant and adaptive levels; 192 replications wide, 1,000 for finalists, 21 points of curve.
    pub const fn new(simulation: SimOptions) -> Self {
        Self {
            simulation,
            objective: Objective::Cost,
            family: Family::Best,
            wide: 192,
            finalists: 1000,
            curve: 21,
            curve_replications: 256,
            present: None,
            parallel: false,
        }
    }

    /// A search that answers a moving slider: a quarter of the replications to place the optimum and draw its curve, over threads.
    #[must_use]
    pub const fn quick(mut self) -> Self {
        self.wide = 48;
        self.finalists = 256;
        self.curve_replications = 64;
        self.parallel = true;
        self
    }
}

/// Cost against the level, at the chosen batch. Costs are means over the counted periods, money.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Reorder point (for levels that follow the forecast: at the first review).
    pub s: f64,
    /// Order-up-to level (at the first review).
    pub up_to: f64,
    /// Total cost.
    pub total_cost: Measure,
    /// Stockout part.
    pub stockout_cost: f64,
    /// Overstock part.
    pub overstock_cost: f64,
    /// Ordering part.
    pub ordering_cost: f64,
    /// Share of demand served at once.
    pub fill_rate: f64,
    /// Share of cycles without a stockout.
    pub cycle_service: f64,
}

/// The chosen policy, what it does, and how cost depends on its level.
#[derive(Debug, Clone, Serialize)]
pub struct Optimum {
    /// The winner.
    pub policy: Policy,
    /// The winner on replications it was not tuned on, from the item's own opening stock.
    pub outcome: Outcome,
    /// Whether the objective's target was met on the finalists' replications (always true for cost).
    pub met: bool,
    /// Cost against the order-up-to level, ascending.
    pub curve: Vec<CurvePoint>,
    /// The winner's own point on the curve.
    pub best: Option<CurvePoint>,
    /// Where [`OptimiseOptions::present`] lies.
    pub present: Option<CurvePoint>,
    /// Candidates simulated.
    pub candidates: usize,
}

/// A point of the search.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

/// A candidate's merit: target met first, then cost; among misses, the nearer miss.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Merit {
    shortfall: f64,
    cost: f64,
}

impl Merit {
    fn better(&self, other: &Self) -> bool {
        if self.shortfall == other.shortfall { self.cost < other.cost } else { self.shortfall < other.shortfall }
    }
}

/// The families that are really searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    SS,
    SQ,
    SnQ,
    Base,
    Adaptive,
}

impl Kind {
    fn policy(self, p: Point) -> Policy {
        match self {
            Self::SS => Policy::SS { s: p.x, up_to: p.x + p.y },
            Self::SQ => Policy::SQ { s: p.x, q: p.y },
            Self::SnQ => Policy::SNQ { s: p.x, q: p.y },
            Self::Base => Policy::BaseStock { up_to: p.x },
            Self::Adaptive => Policy::Adaptive { safety: p.x, batch: p.y },
        }
    }
    const fn batches(self) -> bool {
        !matches!(self, Self::Base)
    }
}

/// A search on one item: tuning world, scales and the objective.
struct Search<'a> {
    world: Prepared<'a>,
    objective: Objective,
    demand: f64,
    batch: f64,
    risk: RiskDemand,
    /// Smallest sensible change of a level.
    unit: f64,
    candidates: usize,
}

impl<'a> Search<'a> {
    fn new(item: &'a Item<'a>, o: &OptimiseOptions) -> Result<Self, Diagnostic> {
        let c = &item.costs;
        let risk_periods = (item.lead_time.mean() + 2.0 * item.lead_time.sd()) + item.review as f64;
        let warm_up = risk_periods.ceil() as usize + 1;
        let first = Prepared::new(item, &SimOptions::new(o.simulation.seed, 1, o.simulation.periods))?;
        let n = o.simulation.periods.max(1);
        let demand = first.means.iter().take(n).sum::<f64>() / n as f64;
        let batch = guess::batch(c.order, c.holding, demand, o.simulation.periods.max(26) as f64);
        let largest = item.extras.price_breaks.iter().map(|b| b.from).fold(batch, f64::max);
        let cycle = if demand > 0.0 { largest / demand } else { 0.0 };
        // long enough for a few cycles and supplies, whatever the horizon asked for
        let season = c.markdown > 0.0 && c.unit > 0.0;
        let periods = (4.0 * risk_periods).max(3.0 * cycle).max(o.simulation.periods as f64).min(400.0).ceil() as usize;
        // what is left at the end of a season loses its value once a season
        let periods = if season { o.simulation.periods.max(1) } else { periods };
        let tuning = SimOptions { warm_up, ..SimOptions::new(o.simulation.seed, o.wide.max(1), periods) };
        let mut world = Prepared::new(item, &tuning)?;
        world.parallel = o.parallel;
        world.setup.scheduled.iter_mut().for_each(|x| *x = 0.0);
        let risk = RiskDemand::of(&world, 512);
        let unit = if item.path.integer { 1.0 } else { (risk.sd().max(risk.mean() * 0.05) / 50.0).max(1e-9) };
        Ok(Self { world, objective: o.objective, demand, batch, risk, unit, candidates: 0 })
    }

    fn steady(&self) -> bool {
        let mean = self.world.means.iter().sum::<f64>() / self.world.means.len().max(1) as f64;
        self.world.means.iter().all(|m| (m - mean).abs() <= 0.01 * mean)
    }

    fn compile(&self, kind: Kind, p: Point) -> Compiled {
        self.prepare(&kind.policy(p))
    }

    /// A policy that starts full, at its own level.
    fn prepare(&self, policy: &Policy) -> Compiled {
        let mut compiled = self.world.compile(policy);
        let at = self.world.item.next_review.min(self.world.setup.horizon.saturating_sub(1));
        let level = compiled.level.get(at).copied().unwrap_or(0.0);
        let trigger = compiled.trigger.get(at).copied().unwrap_or(0.0);
        let start = if matches!(compiled.amount, Amount::UpTo) { level } else { trigger + level };
        compiled.start = Some(start.max(0.0));
        compiled
    }

    fn merits(&mut self, kind: Kind, points: &[Point], first: u64, replications: usize) -> Vec<Merit> {
        let compiled: Vec<Compiled> = points.iter().map(|p| self.compile(kind, *p)).collect();
        self.candidates += points.len();
        let tallies = self.world.tallies(&compiled, first, replications);
        tallies.iter().map(|t| self.merit(t, replications)).collect()
    }

    fn merit(&self, tally: &Tally, n: usize) -> Merit {
        let item = self.world.item;
        let kept = |r: Replication| {
            let m = Money::of(item, r);
            m.total() - m.stockout
        };
        match self.objective {
            Objective::Cost => Merit { shortfall: 0.0, cost: mean(tally, n, |r| Money::of(item, r).total()) },
            Objective::CycleService(target) => {
                Merit { shortfall: (target - mean(tally, n, cycle_service)).max(0.0), cost: mean(tally, n, kept) }
            }
            Objective::FillRate(target) => Merit { shortfall: (target - mean(tally, n, fill_rate)).max(0.0), cost: mean(tally, n, kept) },
        }
    }

    /// What a compiled policy comes to over `periods`, from `n` replications.
    fn point(&self, c: &Compiled, t: &Tally, n: usize, periods: usize) -> CurvePoint {
        let (item, setup) = (self.world.item, &self.world.setup);
        // the tuning run may be longer than the horizon asked for: costs are shown for the horizon
        let share = periods as f64 / (setup.horizon - setup.warm_up).max(1) as f64;
        let at = item.next_review.min(setup.horizon.saturating_sub(1));
        let (s, level) = (f64::from(c.trigger.get(at).copied().unwrap_or(0.0)), f64::from(c.level.get(at).copied().unwrap_or(0.0)));
        let total: Vec<f64> = t.replications(n).map(|r| Money::of(item, r).total() * share).collect();
        CurvePoint {
            s,
            up_to: if matches!(c.amount, Amount::UpTo) { level } else { s + level },
            total_cost: Measure::from_values(&total),
            stockout_cost: mean(t, n, |r| Money::of(item, r).stockout) * share,
            overstock_cost: mean(t, n, |r| {
                let m = Money::of(item, r);
                m.holding + m.write_off + m.markdown
            }) * share,
            ordering_cost: mean(t, n, |r| Money::of(item, r).ordering) * share,
            fill_rate: mean(t, n, fill_rate),
            cycle_service: mean(t, n, cycle_service),
        }
    }

    fn snap(&self, kind: Kind, p: Point) -> Point {
        let item = self.world.item;
        let x = whole(item, p.x);
        let y = if !kind.batches() {
            0.0
        } else {
            let least = if matches!(kind, Kind::SQ | Kind::SnQ) { self.unit.max(item.pack).max(item.minimum) } else { 0.0 };
            whole(item, p.y).max(least)
        };
        Point { x, y }
    }

    /// The best points of a family, best first, on the wide replications.
    fn family(&mut self, kind: Kind, wide: usize) -> Vec<(Point, Merit)> {
        let item = self.world.item;
        let (mean, sd) = (self.risk.mean(), self.risk.sd().max(self.unit));
        let lift = if matches!(kind, Kind::Adaptive) { -mean } else { 0.0 };
        let mut xs: Vec<f64> = [0.02, 0.2, 0.4, 0.6, 0.75, 0.87, 0.94, 0.98, 0.995].iter().map(|p| self.risk.quantile(*p) + lift).collect();
        xs.push(mean + 4.0 * sd + lift);
        let per_review = self.demand * item.review as f64;
        let scale = self.batch.max(0.5 * per_review).max(item.pack).max(self.unit);
        let mut ys: Vec<f64> =
            if kind.batches() { [0.0, 0.4, 0.65, 0.9, 1.2, 1.6, 2.2].iter().map(|k| k * scale).collect() } else { vec![0.0] };
        if kind.batches() {
            // the least batch at each price
            ys.extend(item.extras.price_breaks.iter().map(|b| b.from));
        }
        let mut seen: Vec<(Point, Merit)> = Vec::new();
        let rough = wide.div_ceil(3);
        for _ in 0..6 {
            self.look(kind, &grid(&xs, &ys), rough, &mut seen);
            let Some((best, _)) = seen.first().copied() else { break };
            // widen where the best lies on the edge
            let (lo, hi) = ends(&xs);
            let top = ends(&ys).1;
            let step = ((hi - lo) / 3.0).max(2.0 * self.unit);
            let mut wider = false;
            if best.x >= hi - 0.5 * self.unit {
                xs = vec![hi + 0.5 * step, hi + step, hi + 2.0 * step];
                wider = true;
            } else if best.x <= lo + 0.5 * self.unit && lo + if matches!(kind, Kind::Adaptive) { mean } else { 0.0 } > 0.0 {
                xs = vec![lo - 2.0 * step, lo - step, lo - 0.5 * step];
                wider = true;
            }
            if kind.batches() && best.y >= top - 0.5 * self.unit && top < self.demand * 400.0 {
                ys = vec![0.9 * top, top, 1.4 * top, 2.0 * top];
                wider = true;
                if xs.len() > 3 {
                    xs = near(best.x, 0.5 * sd, 2);
                }
            }
            if !wider {
                break;
            }
        }
        // merits on different replications cannot be compared: the best few start again on all of them
        let few: Vec<Point> = seen.iter().take(4).map(|(p, _)| *p).collect();
        seen.clear();
        self.look(kind, &few, wide, &mut seen);
        let (mut dx, mut dy) = (0.3 * sd.max(self.unit), 0.2 * scale.max(self.unit));
        for _ in 0..6 {
            let Some((best, _)) = seen.first().copied() else { break };
            let ys = if kind.batches() { near(best.y, dy.max(self.unit), 1) } else { vec![0.0] };
            let mut points = grid(&near(best.x, dx.max(self.unit), 2), &ys);
            // along the ridge: a larger batch needs a lower trigger for the same cost
            if kind.batches() {
                points.extend([(-0.5, 1.0), (0.5, -1.0)].map(|(a, b)| Point { x: best.x + a * dx, y: best.y + b * dy }));
            }
            let before = seen.len();
            self.look(kind, &points, wide, &mut seen);
            if dx <= self.unit && dy <= self.unit && (before == seen.len() || seen.first().is_some_and(|s| s.0 == best)) {
                break;
            }
            dx = (0.45 * dx).max(self.unit);
            dy = (0.45 * dy).max(self.unit);
        }
        seen
    }

    /// Simulates the points not yet seen and keeps `seen` sorted, best first.
    fn look(&mut self, kind: Kind, points: &[Point], wide: usize, seen: &mut Vec<(Point, Merit)>) {
        let mut fresh: Vec<Point> = Vec::new();
        for p in points {
            let p = self.snap(kind, *p);
            if p.x.is_finite() && p.y >= 0.0 && !fresh.contains(&p) && !seen.iter().any(|(q, _)| *q == p) {
                fresh.push(p);
            }
        }
        let merits = self.merits(kind, &fresh, TUNING, wide);
        seen.extend(fresh.into_iter().zip(merits));
        sort(seen);
    }
}

/// The mean of a value over the first `n` replications.
#[inline(always)]
fn mean(tally: &Tally, n: usize, value: impl Fn(Replication) -> f64) -> f64 {
    tally.replications(n).map(value).sum::<f64>() / n.max(1) as f64
}

fn sort(seen: &mut [(Point, Merit)]) {
    // of equal merit the lower stock
    seen.sort_by(|(p, a), (q, b)| {
        (a.shortfall, a.cost, p.x + p.y, p.y).partial_cmp(&(b.shortfall, b.cost, q.x + q.y, q.y)).unwrap_or(std::cmp::Ordering::Equal)
    });
}

fn grid(xs: &[f64], ys: &[f64]) -> Vec<Point> {
    ys.iter().flat_map(|y| xs.iter().map(move |x| Point { x: *x, y: *y })).collect()
}

fn near(at: f64, step: f64, reach: i32) -> Vec<f64> {
    (-reach..=reach).map(|k| at + f64::from(k) * step).collect()
}

fn ends(v: &[f64]) -> (f64, f64) {
    v.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)))
}

/// The best policy of an item, and its run.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn optimise(item: &Item, options: &OptimiseOptions) -> Result<Optimum, Diagnostic> {
    let found = search(item, options)?;
    let own = Prepared::new(item, &options.simulation)?;
    let outcome = outcomes(&own, &[own.compile(&found.policy)], &options.simulation).pop().unwrap_or_default();
    Ok(Optimum { outcome, ..found })
}

/// The best policy of an item without its run: the `outcome` stays empty.
///
/// # Errors
/// An item that cannot be simulated (see [`Item::check`]).
pub fn search(item: &Item, options: &OptimiseOptions) -> Result<Optimum, Diagnostic> {
    let mut search = Search::new(item, options)?;
    let kinds: &[Kind] = match options.family {
        // where demand is expected to stay as it is, levels that follow it stand still
        Family::Best if search.steady() => &[Kind::SS],
        Family::Best => &[Kind::SS, Kind::Adaptive],
        Family::SS => &[Kind::SS],
        Family::SQ => &[Kind::SQ],
        Family::SNQ => &[Kind::SnQ],
        Family::BaseStock => &[Kind::Base],
        Family::Adaptive => &[Kind::Adaptive],
    };
    let mut best: Option<(Kind, Point, Merit)> = None;
    for kind in kinds {
        let seen = search.family(*kind, options.wide.max(1));
        let mut finalists: Vec<Point> = seen.iter().take(5).map(|(p, _)| *p).collect();
        if !matches!(options.objective, Objective::Cost)
            && let Some(first) = finalists.first().copied()
        {
            // a target just met on few replications may be just missed on more
            let step = (0.04 * search.risk.sd()).max(search.unit);
            finalists.extend((1..=4).map(|k| search.snap(*kind, Point { x: first.x + f64::from(k) * step, y: first.y })));
        }
        let merits = search.merits(*kind, &finalists, TUNING << 1, options.finalists.max(1));
        for (p, m) in finalists.into_iter().zip(merits) {
            // where demand moves, levels made for the whole horizon are wrong for today's order, however little that costs on average:
            // they have to be clearly cheaper
            let handicap = if kinds.len() > 1 && matches!(kind, Kind::SS) { 1.05 } else { 1.0 };
            let m = Merit { cost: m.cost * handicap, ..m };
            if best.as_ref().is_none_or(|(_, _, b)| m.better(b)) {
                best = Some((*kind, p, m));
            }
        }
    }
    let (kind, point, merit) = best.unwrap_or((Kind::Base, Point { x: 0.0, y: 0.0 }, Merit { shortfall: 0.0, cost: 0.0 }));
    let policy = kind.policy(point);
    let outcome = Outcome::default();
    let (curve, best, present) = curve(&search, kind, point, options);
    Ok(Optimum { policy, outcome, met: merit.shortfall <= 0.0, curve, best, present, candidates: search.candidates })
}

/// Fewest points that a curve is drawn through.
const LEAST_POINTS: f64 = 15.0;

/// Cost by level around the winner, from far below to far above; the winner's own point; and the rule of today, where one is given.
fn curve(search: &Search, kind: Kind, best: Point, options: &OptimiseOptions) -> (Vec<CurvePoint>, Option<CurvePoint>, Option<CurvePoint>) {
    if options.curve < 2 {
        return (Vec::new(), None, None);
    }
    let sd = search.risk.sd().max(search.unit);
    let lift = if matches!(kind, Kind::Adaptive) { search.risk.mean() } else { 0.0 };
    let lo = (best.x - 3.0 * sd).max(-lift).min(best.x);
    // what sells a few units would have too few whole levels
    let hi = (best.x + 3.0 * sd).max(lo + (LEAST_POINTS - 1.0) * search.unit);
    let last = (options.curve - 1) as f64;
    let mut points: Vec<Point> =
        (0..options.curve).map(|k| search.snap(kind, Point { x: lo + (hi - lo) * k as f64 / last, y: best.y })).collect();
    points.push(best);
    points.sort_by(|a, b| a.x.total_cmp(&b.x));
    points.dedup();
    let mut compiled: Vec<Compiled> = points.iter().map(|p| search.compile(kind, *p)).collect();
    compiled.extend(options.present.iter().map(|p| search.prepare(p)));
    let n = options.finalists.min(options.curve_replications).max(1);
    let tallies = search.world.tallies(&compiled, TUNING << 1, n);
    let mut curve: Vec<CurvePoint> =
        compiled.iter().zip(&tallies).map(|(c, t)| search.point(c, t, n, options.simulation.periods)).collect();
    let present = if options.present.is_some() { curve.pop() } else { None };
    let winner = points.iter().position(|p| *p == best).and_then(|i| curve.get(i).copied());
    (curve, winner, present)
}

/// [`optimise`] over many items in parallel, results in order. Progress is reported as stage `optimise`; a cancelled run ends early
/// with `None` for what was not done.
pub fn optimise_all(items: &[Item], options: &OptimiseOptions, control: &dyn Control) -> Vec<Option<Result<Optimum, Diagnostic>>> {
    let done = std::sync::atomic::AtomicUsize::new(0);
    items
        .par_iter()
        .map(|item| {
            if control.is_cancelled() {
                return None;
            }
            let result = optimise(item, options);
            let n = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            control.progress("optimise", n, items.len());
            Some(result)
        })
        .collect()
}
