//! A trigger and a level of least expected cost at one review, straight from sampled sums of demand: what a search by simulation
//! finds for a steady item, at a thousandth of its cost.
//!
//! Each sampled path gives `D(L)`, demand before an order placed now arrives, `D(L+R)`, demand before the next review's could, and
//! with a shelf life of `m` periods `D(L+m)`, what can be sold before a unit ordered now expires.
//!
//! - **When** (lost sales): an order that waits one review lets `E[(D(L+R) − x)⁺ − (D(L) − x)⁺]` more sales go at position `x`, and
//!   lets the whole cycle's holding cost, about `h·Q` a period, wait as long. The trigger is where both are equal: the lost share of
//!   the review's demand is `hQ/(pd + hQ)`, the ratio of Silver, Pyke & Thomas 2017 §7.7 applied to the position an order is really
//!   placed at (below the trigger by a part of the review's demand, evenly spread) instead of the trigger itself, as covering all of
//!   `L + R` would.
//! - **How far up**: the economic batch above it, but at least to the same ratio's quantile of `D(L+R)`: the next order comes a review
//!   later at best (the whole answer where orders cost nothing and every review places one).
//! - Both take what is lost for owed. So with **lost sales** they are where a short simulation begins ([`chain`](super::chain)): the distance
//!   between them stays, the trigger becomes the quantile of `D(L+R)` that costs least in it.
//! - **Backorders** are charged by time: the share of periods with any is `h/(p + h)`, averaged over the positions that
//!   reviews leave behind, evenly between trigger and level (Zipkin 2000 §6.2), and over the `R` periods a position answers for.
//! - **Shelf life**: the last unit of a level `S` is sold in time only if `D(L+m) ≥ S`; a level stops where that unit's chance of being
//!   wasted, at its cost, outweighs the sales it saves (the myopic bound of Nahmias 1976, Management Science 22(9)), and so does the batch.

use super::chain::Chain;
use super::guess::{self, TUNING};
use super::item::{UnitCosts, Unmet};
use super::lead_time::LeadTime;
use crate::base::measure::quantile_sorted;
use crate::base::random::{Purpose, Stream, hash_id};
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;

/// Most periods of demand in a batch.
const LONGEST: f64 = 52.0;
/// Halvings of an interval between two levels: to a millionth of it.
const HALVINGS: usize = 20;

/// What levels are set for.
#[derive(Debug, Clone)]
pub struct Terms<'a> {
    /// The opaque name of the series: names the random streams.
    pub id: &'a str,
    /// How long supply takes.
    pub lead_time: &'a LeadTime,
    /// Periods between reviews, at least 1.
    pub review: usize,
    /// What happens to demand that finds no stock.
    pub unmet: Unmet,
    /// Money.
    pub costs: &'a UnitCosts,
    /// Whole periods in which a received unit can be sold.
    pub shelf_life: Option<usize>,
}

/// Sums of demand on sampled paths, a column a moment, in the order of the replications.
#[derive(Debug, Clone, Default)]
struct Sums {
    /// `D(L)`.
    lead: Vec<f64>,
    /// `D(L+R)`.
    risk: Vec<f64>,
    /// `D(L+1), …, D(L+R)`, one after another for each replication.
    within: Vec<f64>,
    /// `D(L+m)`; empty without a shelf life.
    life: Vec<f64>,
    /// The periods themselves; empty where nothing is simulated.
    chain: Chain,
}

impl Sums {
    fn sample(sampler: &Sampler, terms: &Terms, seed: u64, replications: usize) -> Self {
        let id = hash_id(terms.id);
        let (draws, review) = (terms.lead_time.draws(), terms.review.max(1));
        let life = terms.shelf_life.unwrap_or(0);
        let steps = terms.lead_time.longest() + review.max(life);
        let mut tile = vec![0.0f32; steps * LANES];
        let simulated = terms.unmet == Unmet::Lost && terms.shelf_life.is_none();
        let mut sums = Self { chain: Chain::new(terms.lead_time.longest() + review), ..Self::default() };
        for first in (0..replications as u64).step_by(LANES) {
            sampler.fill(seed, id, TUNING + first, 0..steps, &mut tile);
            for lane in 0..LANES.min(replications - first as usize) {
                let stream = Stream::new(seed, id, Purpose::LeadTime, TUNING + first + lane as u64);
                let l = draws.at(stream.bits(0));
                if simulated && !sums.chain.is_full() {
                    tile.chunks_exact(LANES).for_each(|row| sums.chain.push(f64::from(row[lane]), l));
                }
                let mut sum = 0.0;
                for (t, row) in tile.chunks_exact(LANES).enumerate().take(l + review.max(life)) {
                    if t == l {
                        sums.lead.push(sum);
                    }
                    sum += f64::from(row[lane]);
                    if t >= l && t < l + review {
                        sums.within.push(sum);
                    }
                    if t + 1 == l + review {
                        sums.risk.push(sum);
                    }
                    if t + 1 == l + life {
                        sums.life.push(sum);
                    }
                }
            }
        }
        sums
    }

    fn demand(&self) -> f64 {
        mean(self.risk.iter().zip(&self.lead).map(|(b, a)| b - a))
    }
    /// Sales lost because an order at position `x` waits one review, units.
    fn waiting(&self, x: f64) -> f64 {
        mean(self.risk.iter().zip(&self.lead).map(|(b, a)| (b - x).max(0.0) - (a - x).max(0.0)))
    }
    /// Units of a level left when its last one expires.
    fn wasted(&self, level: f64) -> f64 {
        mean(self.life.iter().map(|d| (level - d).max(0.0)))
    }
}

fn mean(x: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = x.len().max(1) as f64;
    x.sum::<f64>() / n
}

/// The least level at which `enough` holds, between 0 and `most`; `enough` must not turn false again further up.
fn least(most: f64, enough: impl Fn(f64) -> bool) -> f64 {
    if enough(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Whether every review may place an order and unmet demand is lost: then the order for the very state, [`Futures`](super::state::Futures), costs
/// less than any level. `rate`: expected demand a period.
pub fn orders_by_state(terms: &Terms, rate: f64) -> bool {
    let review = terms.review.max(1) as f64;
    let batch = guess::batch(terms.costs.order, terms.costs.holding, rate, LONGEST);
    terms.unmet == Unmet::Lost && terms.shelf_life.is_none() && guess::above_trigger(batch, rate, review) <= 0.0
}

/// `(s, S)` in units, not rounded: order up to `S` where the position is at `s` or below. `replications` paths are sampled.
pub fn levels(sampler: &Sampler, terms: &Terms, seed: u64, replications: usize) -> (f64, f64) {
    let review = terms.review.max(1) as f64;
    let sums = Sums::sample(sampler, terms, seed, replications.max(1));
    let c = terms.costs;
    let per_review = sums.demand();
    let rate = per_review / review;
    let batch = guess::batch(c.order, c.holding, rate, LONGEST);
    if terms.shelf_life.is_none() {
        let (s, level) = at_batch(&sums, terms, rate, guess::above_trigger(batch, rate, review));
        return if terms.unmet == Unmet::Lost { simulated(&sums, terms, s, level - s) } else { (s, level) };
    }
    // what expires was bought for nothing: smaller batches may waste less than their orders cost
    let cost = |(s, level): (f64, f64)| {
        let q = (level - s + 0.5 * per_review).max(per_review);
        let lost = if level > s { sums.waiting(s) } else { sums.waiting(level) };
        let each = c.order + c.shortage * lost + c.unit * sums.wasted(level);
        each * rate / q.max(1e-9) + c.holding * 0.5 * q
    };
    let mut best: Option<((f64, f64), f64)> = None;
    for share in [0.0, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0] {
        let pair = at_batch(&sums, terms, rate, guess::above_trigger(share * batch, rate, review));
        let this = cost(pair);
        if best.is_none_or(|(_, least)| this < least) {
            best = Some((pair, this));
        }
    }
    best.map_or((0.0, 0.0), |(pair, _)| pair)
}

/// The pair of least simulated cost at this distance between trigger and level; `s` is among the triggers tried.
fn simulated(sums: &Sums, terms: &Terms, s: f64, above: f64) -> (f64, f64) {
    let mut sorted = sums.risk.clone();
    sorted.sort_by(f64::total_cmp);
    let mut triggers: Vec<f64> = (1..=19).map(|k| quantile_sorted(&sorted, 0.05 * f64::from(k))).collect();
    triggers.extend([s, quantile_sorted(&sorted, 0.975), quantile_sorted(&sorted, 0.99)]);
    triggers.sort_by(f64::total_cmp);
    let best = sums.chain.best(&triggers, above, terms.review.max(1), terms.costs).unwrap_or(s);
    (best, best + above)
}

/// The pair at a given distance between trigger and level.
fn at_batch(sums: &Sums, terms: &Terms, rate: f64, above: f64) -> (f64, f64) {
    let (c, review) = (terms.costs, terms.review.max(1) as f64);
    let highest = sums.risk.iter().copied().fold(0.0, f64::max);
    let mut sorted = match terms.unmet {
        Unmet::Lost => sums.risk.clone(),
        Unmet::Backorder | Unmet::Part { .. } => sums.within.clone(),
    };
    sorted.sort_by(f64::total_cmp);
    // an order carries what was asked for since the position passed the trigger, half a review's demand at the mean
    let q = if above > 0.0 { above + 0.5 * rate * review } else { rate * review };
    let ratio = guess::critical_ratio(terms.unmet, c.holding, c.shortage, rate, review, q);
    let base = quantile_sorted(&sorted, ratio);
    let (s, level) = if above <= 0.0 {
        (base, base)
    } else {
        let s = match terms.unmet {
            Unmet::Lost => {
                let bearable = (1.0 - ratio) * rate * review;
                least(highest, |x| sums.waiting(x) <= bearable)
            }
            Unmet::Backorder | Unmet::Part { .. } => {
                let fresh = (rate * review / q.max(1e-9)).min(1.0);
                let short = |x: f64| {
                    mean(sums.within.iter().map(|d| {
                        let between = ((d - x).max(0.0) - (d - x - above).max(0.0)) / above;
                        (1.0 - fresh) * between + fresh * f64::from(u8::from(*d > x + above))
                    }))
                };
                least(highest, |x| short(x) <= 1.0 - ratio)
            }
        };
        (s, (s + above).max(base))
    };
    match terms.shelf_life {
        None => (s, level),
        Some(_) => {
            // per unit of level and cycle: what it saves in sales against its chance to expire, at cost
            let most = least(level, |x| {
                let n = sums.life.len().max(1) as f64;
                let wasted = sums.life.iter().filter(|d| **d < x).count() as f64 / n;
                let saves = sums.risk.iter().filter(|d| **d > x).count() as f64 / n;
                let carries = if above > 0.0 { c.order / q.max(1e-9) } else { 0.0 };
                c.unit * wasted >= c.shortage * saves + carries
            });
            (s.min(most), level.min(most))
        }
    }
}
