//! The last periods again, deciding with only what was known then: Stockcast's rule beside two plain ones.
//!
//! One pass a rule and item over the recorded demand. All rules meet the same demand, the same opening stock and orders, the same
//! realised lead times (drawn for the period of the order) and the same costs; they differ only in the levels they set at a review.
//! The room fits no forecast: `model_at(known)` gives the distribution over paths as of a moment when `known` periods of demand were
//! on record (its step 0 is the next period), or `None` where no model can be had; then the last year's plain rule decides.
//!
//! - [`Rule::Stockcast`]: the trigger and level of least expected cost on paths sampled from the model ([`levels`](mod@super::levels)); where every
//!   review may order and unmet demand is lost, the order for the very state ([`state`](super::state)).
//! - [`Rule::KeepCover`]: keep last year's periods of cover: order up to last year's demand of the coming `cover` periods.
//! - [`Rule::SeasonalNaive`]: last year's demand over the risk plus `z·σ·√(L + R)`, `σ` the deviation of one-period seasonal naive
//!   errors so far and `z` at the same economic ratio; the same batch.

use super::bootstrap::{Interval, paired_bootstrap};
use super::guess;
use super::item::{OpenOrder, UnitCosts, Unmet};
use super::lead_time::LeadTime;
use super::levels::{Terms, levels, orders_by_state};
use super::perishable::Shelf;
use super::state::Futures;
use crate::base::Diagnostic;
use crate::base::random::{Purpose, Stream, hash_id};
use crate::forecast::fill::{Sampler, normal_quantile};
use crate::forecast::path::PathModel;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Levels from the distribution over paths as of then.
    Stockcast,
    /// Last year's periods of cover.
    KeepCover,
    /// Seasonal naive with a safety stock.
    SeasonalNaive,
}

impl Rule {
    /// In the order of every result.
    pub const ALL: [Self; 3] = [Self::Stockcast, Self::KeepCover, Self::SeasonalNaive];
}

/// One item to replay.
#[derive(Debug, Clone)]
pub struct ReplayInput<'a> {
    /// The opaque name of the series.
    pub id: &'a str,
    /// All demand on record, oldest first; NaN counts as none.
    pub demand: &'a [f64],
    /// Share of each period in which it could be bought, 0..=1; below 1 the record of that period is cut off by an empty shelf (*censored*).
    /// Missing and unknown shares count as 1.
    pub in_stock: Option<&'a [f64]>,
    /// Periods in a year (or the season that "last year" means); 0 or longer than the record: the mean of what is known.
    pub season: usize,
    /// How long supply takes.
    pub lead_time: LeadTime,
    /// Periods between reviews.
    pub review: usize,
    /// What happens to demand that finds no stock.
    pub unmet: Unmet,
    /// Money.
    pub costs: UnitCosts,
    /// Units per pack; 0: any quantity.
    pub pack: f64,
    /// Smallest order.
    pub minimum: f64,
    /// Units of the largest order; `None`: any.
    pub maximum: Option<f64>,
    /// Periods at whose end the supplier takes orders, repeating, the first being that of the first period after the record; empty: any. A review on another
    /// waits for the next.
    pub order_periods: Vec<bool>,
    /// Whole periods in which a received unit can be sold: what is left of a receipt in `t` is discarded at the end of
    /// `t + shelf_life − 1`, first expired sold first. Opening stock counts as received at the start. `None`: it keeps.
    pub shelf_life: Option<usize>,
    /// Stock on hand when the replay starts; `None`: last year's mean demand over the risk and half a batch, the same for all rules.
    pub opening: Option<f64>,
    /// Orders on their way when it starts, period 0 being the first replayed.
    pub on_order: Vec<OpenOrder>,
}

/// How to replay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayOptions {
    /// Seed of lead times, sampled sums and the bootstrap.
    pub seed: u64,
    /// Periods replayed, the last of the record.
    pub periods: usize,
    /// Periods of cover that [`Rule::KeepCover`] keeps; `None`: one and a half times the risk `L + R`.
    pub cover: Option<f64>,
    /// Sampled sums behind each of Stockcast's levels.
    pub replications: usize,
}

impl ReplayOptions {
    /// 512 sampled sums a level, cover from the risk.
    pub const fn new(seed: u64, periods: usize) -> Self {
        Self { seed, periods, cover: None, replications: 512 }
    }
}

/// What one rule did to one item.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct RuleResult {
    /// Stockout + overstock + ordering.
    pub total_cost: f64,
    /// Lost margin, or penalty × backorder-periods.
    pub stockout_cost: f64,
    /// Holding, the cost of what expired, and the markdown of closing stock.
    pub overstock_cost: f64,
    /// Fixed cost of orders.
    pub ordering_cost: f64,
    /// Units demanded.
    pub demand: f64,
    /// Units served from stock at once.
    pub served: f64,
    /// Periods in which some demand found no stock.
    pub stockout_periods: usize,
    /// Orders placed.
    pub orders: usize,
    /// Units ordered.
    pub units_ordered: f64,
    /// Units that expired unsold.
    pub discarded: f64,
    /// Mean stock at period ends.
    pub average_on_hand: f64,
    /// Stock at the end less backorders.
    pub closing_stock: f64,
    /// Units still on their way at the end.
    pub closing_on_order: f64,
}

impl RuleResult {
    /// Share of demand served at once; 1 without demand.
    pub fn fill_rate(&self) -> f64 {
        if self.demand > 0.0 { self.served / self.demand } else { 1.0 }
    }

    /// Adds another's figures to these.
    pub fn add(&mut self, r: &Self) {
        self.total_cost += r.total_cost;
        self.stockout_cost += r.stockout_cost;
        self.overstock_cost += r.overstock_cost;
        self.ordering_cost += r.ordering_cost;
        self.demand += r.demand;
        self.served += r.served;
        self.stockout_periods += r.stockout_periods;
        self.orders += r.orders;
        self.units_ordered += r.units_ordered;
        self.discarded += r.discarded;
        self.average_on_hand += r.average_on_hand;
        self.closing_stock += r.closing_stock;
        self.closing_on_order += r.closing_on_order;
    }
}

/// One item replayed under every rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replay {
    /// The item.
    pub unique_id: String,
    /// In the order of [`Rule::ALL`], every replayed period counted; sales cut off by an empty shelf count as they were seen.
    pub rules: [RuleResult; 3],
    /// The same with what happens in censored periods left out of the count: their demand, holding, stockouts, orders and write-offs (the
    /// stock itself runs on through them). The markdown of closing stock is counted in both. Equal to `rules` where no period is censored.
    pub uncensored: [RuleResult; 3],
    /// Replayed periods.
    pub periods: usize,
    /// Replayed periods whose record is cut off by an empty shelf.
    pub censored: usize,
    /// Reviews at which no model could be had and the plain rule decided for Stockcast.
    pub without_model: usize,
}

/// All items together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReplayResult {
    /// Sums over items, in the order of [`Rule::ALL`] (`average_on_hand` is a sum of averages).
    pub sums: [RuleResult; 3],
    /// Total cost of keeping last year's cover, less Stockcast's: positive is money saved. 95 % over items.
    pub saved_against_cover: Interval,
    /// Total cost of seasonal naive, less Stockcast's. 95 % over items.
    pub saved_against_naive: Interval,
    /// Replayed periods of all items whose record is cut off by an empty shelf.
    pub censored_periods: usize,
    /// The same without those periods; `None` where there are none.
    pub without_censored: Option<WithoutCensored>,
}

/// What replay found with censored periods left out of the count; see [`Replay::uncensored`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WithoutCensored {
    /// As [`ReplayResult::sums`].
    pub sums: [RuleResult; 3],
    /// As [`ReplayResult::saved_against_cover`].
    pub saved_against_cover: Interval,
    /// As [`ReplayResult::saved_against_naive`].
    pub saved_against_naive: Interval,
}

/// Replays one item. `model_at(known)` is asked at every review, with `known` ascending.
///
/// # Errors
/// Too little record for the periods asked for, or unusable supply data.
pub fn replay(
    input: &ReplayInput,
    options: &ReplayOptions,
    model_at: &mut dyn FnMut(usize) -> Option<PathModel>,
) -> Result<Replay, Diagnostic> {
    input.lead_time.check(input.id)?;
    if options.periods == 0 || options.periods >= input.demand.len() {
        return Err(Diagnostic::error(
            "replay-too-long",
            format!("{} has {} periods on record, too few to replay {}", input.id, input.demand.len(), options.periods),
        )
        .fix("replay fewer periods"));
    }
    let demand: Vec<f64> = input.demand.iter().map(|d| if d.is_finite() { d.max(0.0) } else { 0.0 }).collect();
    let start = demand.len() - options.periods;
    let mut without_model = 0;
    // the model is asked for once a review, whichever rules use it
    let modelled: BTreeMap<usize, Option<Decided>> = reviews(input, options.periods)
        .into_iter()
        .map(|k| {
            let decided = model_at(start + k).map(|m| decided(input, options, &m));
            without_model += usize::from(decided.is_none());
            (k, decided)
        })
        .collect();
    let ratio = Futures::ratio(&terms(input));
    let plain = |known: usize, rule: Rule| plain_levels(input, options, &demand[..known], rule);
    let opening = input.opening.unwrap_or_else(|| opening(input, &demand[..start]));
    let share = |t: usize| input.in_stock.and_then(|s| s.get(t)).copied().filter(|s| s.is_finite()).unwrap_or(1.0);
    let censored: Vec<bool> = (start..demand.len()).map(|t| share(t) < 1.0).collect();
    let both = Rule::ALL.map(|rule| {
        step(input, options, &demand[start..], &censored, opening, &mut |k, stock| {
            let known = start + k;
            match (rule, modelled.get(&k)) {
                (Rule::Stockcast, Some(Some(Decided::Levels(s, up_to)))) => (*s, *up_to),
                (Rule::Stockcast, Some(Some(Decided::ByState(futures)))) => {
                    let level = stock.position + futures.order(stock.on_hand, stock.coming, ratio);
                    (level, level)
                }
                (Rule::Stockcast, _) => plain(known, Rule::SeasonalNaive),
                (other, _) => plain(known, other),
            }
        })
    });
    Ok(Replay {
        unique_id: input.id.to_owned(),
        rules: both.map(|b| b.0),
        uncensored: both.map(|b| b.1),
        periods: options.periods,
        censored: censored.iter().filter(|c| **c).count(),
        without_model,
    })
}

/// The periods before which orders may be placed: every review, or the first day after it on which the supplier takes orders.
fn reviews(input: &ReplayInput, periods: usize) -> Vec<usize> {
    let (open, review) = (&input.order_periods, input.review.max(1));
    let n = open.len();
    let wait = |t: usize| (1..=n).find(|k| open.get((t + k) % n).copied().unwrap_or(false));
    let gap = (0..n).filter(|t| open.get(*t).copied().unwrap_or(false)).filter_map(wait).max();
    // where orders are taken no more often than reviewed, every day on which they are is a review
    let every = if gap.is_some_and(|g| review <= g) { 1 } else { review };
    let mut due = false;
    let mut at = Vec::new();
    for k in 0..periods {
        due |= k % every == 0;
        // placed at the end of the period before; the record ends just before the pattern begins
        let taken = n == 0 || open.get((k as i64 - 1 - periods as i64).rem_euclid(n as i64) as usize).copied().unwrap_or(false);
        if due && taken {
            due = false;
            at.push(k);
        }
    }
    at
}

/// Sums and intervals over items.
pub fn summarise(items: &[Replay], seed: u64) -> ReplayResult {
    let (sums, saved_against_cover, saved_against_naive) = scores(items, seed, |i| &i.rules);
    let censored_periods = items.iter().map(|i| i.censored).sum();
    let without_censored = (censored_periods > 0).then(|| {
        let (sums, saved_against_cover, saved_against_naive) = scores(items, seed, |i| &i.uncensored);
        WithoutCensored { sums, saved_against_cover, saved_against_naive }
    });
    ReplayResult { sums, saved_against_cover, saved_against_naive, censored_periods, without_censored }
}

/// Sums by rule, and what Stockcast saved against the two others.
fn scores(items: &[Replay], seed: u64, of: impl Fn(&Replay) -> &[RuleResult; 3]) -> ([RuleResult; 3], Interval, Interval) {
    let mut sums = [RuleResult::default(); 3];
    for item in items {
        for (sum, r) in sums.iter_mut().zip(of(item)) {
            sum.add(r);
        }
    }
    let against = |other: usize| {
        let d: Vec<f64> = items.iter().map(|i| of(i)[other].total_cost - of(i)[0].total_cost).collect();
        paired_bootstrap(&d, seed, 2000)
    };
    (sums, against(1), against(2))
}

/// What Stockcast's rule decides by at one review.
enum Decided {
    /// `(s, S)`.
    Levels(f64, f64),
    /// The stock on hand and on its way, against these.
    ByState(Futures),
}

fn terms<'a>(input: &'a ReplayInput) -> Terms<'a> {
    Terms {
        id: input.id,
        lead_time: &input.lead_time,
        review: input.review,
        unmet: input.unmet,
        costs: &input.costs,
        shelf_life: input.shelf_life,
    }
}

/// From the distribution over paths.
fn decided(input: &ReplayInput, options: &ReplayOptions, model: &PathModel) -> Decided {
    let (terms, sampler) = (terms(input), Sampler::new(model));
    let risk = input.lead_time.longest() + input.review.max(1);
    let rate = sampler.means(risk).iter().sum::<f64>() / risk as f64;
    if orders_by_state(&terms, rate) {
        return Decided::ByState(Futures::sample(&sampler, &terms, options.seed, options.replications));
    }
    let (s, up_to) = levels(&sampler, &terms, options.seed, options.replications);
    if model.integer { Decided::Levels(s.ceil(), s.ceil() + (up_to - s).round()) } else { Decided::Levels(s, up_to) }
}

/// `(s, S)` of a plain rule from what is on record.
fn plain_levels(input: &ReplayInput, options: &ReplayOptions, known: &[f64], rule: Rule) -> (f64, f64) {
    let review = input.review.max(1) as f64;
    let risk = input.lead_time.mean() + review;
    match rule {
        Rule::KeepCover => {
            let level = last_year(input.season, known, options.cover.unwrap_or(1.5 * risk)).round();
            (level, level)
        }
        _ => {
            let expected = last_year(input.season, known, risk);
            let (ratio, above) = economics(input, expected / risk);
            let z = normal_quantile(ratio.max(1e-4));
            let s = (expected + z * naive_deviation(input.season, known) * risk.sqrt()).max(0.0).round();
            (s, s + above.round())
        }
    }
}

/// The economic ratio and what to order above the trigger, at a demand rate.
fn economics(input: &ReplayInput, rate: f64) -> (f64, f64) {
    let review = input.review.max(1) as f64;
    let c = &input.costs;
    let batch = guess::batch(c.order, c.holding, rate, 52.0);
    let ratio = guess::critical_ratio(input.unmet, c.holding, c.shortage, rate, review, batch);
    (ratio, guess::above_trigger(batch, rate, review))
}

/// Demand of the coming `periods` periods a season ago, the last one in proportion; without a full season on record, the mean of the
/// last ones times their number.
fn last_year(season: usize, known: &[f64], periods: f64) -> f64 {
    let n = known.len();
    if season > 0 && n >= season {
        let at = |k: usize| known[n - season + k % season];
        let whole = periods.floor() as usize;
        return (0..whole).map(at).sum::<f64>() + (periods - whole as f64) * at(whole);
    }
    let recent = &known[n.saturating_sub(26)..];
    recent.iter().sum::<f64>() / recent.len().max(1) as f64 * periods
}

/// Root mean square of one-period seasonal naive errors (plain naive where a season is not on record twice).
fn naive_deviation(season: usize, known: &[f64]) -> f64 {
    let lag = if season > 0 && known.len() > season + 1 { season } else { 1 };
    if known.len() <= lag {
        return known.first().copied().unwrap_or(0.0);
    }
    let errors = known[lag..].iter().zip(known).map(|(a, b)| (a - b).powi(2));
    (errors.sum::<f64>() / (known.len() - lag) as f64).sqrt()
}

fn opening(input: &ReplayInput, known: &[f64]) -> f64 {
    let risk = input.lead_time.mean() + input.review.max(1) as f64;
    let expected = last_year(input.season, known, risk);
    let (_, above) = economics(input, expected / risk);
    (expected + 0.5 * above).round()
}

/// What is counted while stepping: over the counted periods only.
#[derive(Default, Clone, Copy)]
struct Tally {
    result: RuleResult,
    periods: usize,
    held: f64,
    short: f64,
}

impl Tally {
    /// Adds a period's own counts.
    fn add(&mut self, period: &RuleResult, held: f64, short: f64) {
        self.result.add(period);
        self.periods += 1;
        self.held += held;
        self.short += short;
    }

    /// Money of what was counted, with the stock left at the end.
    fn finish(mut self, c: &UnitCosts, net: f64, on_order: f64) -> RuleResult {
        let r = &mut self.result;
        r.stockout_cost = c.shortage * self.short;
        r.overstock_cost = c.holding * self.held + c.unit * (r.discarded + c.markdown * net.max(0.0));
        r.ordering_cost = c.order * r.orders as f64;
        r.total_cost = r.stockout_cost + r.overstock_cost + r.ordering_cost;
        r.average_on_hand = self.held / self.periods.max(1) as f64;
        r.closing_stock = net;
        r.closing_on_order = on_order;
        self.result
    }
}

/// What a rule may look at when it decides.
struct Stock<'a> {
    on_hand: f64,
    /// On hand and on order less backorders.
    position: f64,
    /// Arrivals by period, the one that begins now first.
    coming: &'a [f64],
}

/// Steps through the periods under one rule; `levels(k, stock)` gives `(s, S)` at the review before period `k`. The result over all periods, and
/// over those that are not censored.
fn step(
    input: &ReplayInput,
    options: &ReplayOptions,
    demand: &[f64],
    censored: &[bool],
    opening: f64,
    levels: &mut dyn FnMut(usize, &Stock<'_>) -> (f64, f64),
) -> (RuleResult, RuleResult) {
    let reviews = reviews(input, demand.len());
    let mut next = reviews.iter().copied().peekable();
    let draws = input.lead_time.draws();
    let stream = Stream::new(options.seed, hash_id(input.id), Purpose::LeadTime, 0);
    let n = demand.len();
    let mut coming = vec![0.0f64; n + input.lead_time.longest() + 2];
    for o in &input.on_order {
        if let Some(slot) = coming.get_mut(o.period) {
            *slot += o.units;
        }
    }
    // ages matter only where stock expires
    let mut ages = input.shelf_life.map(|m| (m.max(1), Shelf::default()));
    if let Some((m, shelf)) = &mut ages {
        shelf.put(*m - 1, opening.max(0.0));
    }
    let mut net = opening;
    let mut on_order: f64 = input.on_order.iter().map(|o| o.units).sum();
    let mut last = 0;
    let (mut all, mut uncensored) = (Tally::default(), Tally::default());
    for (k, d) in demand.iter().enumerate() {
        let mut r = RuleResult::default();
        if next.next_if_eq(&k).is_some() {
            let position = net + on_order;
            let (s, up_to) = levels(k, &Stock { on_hand: net, position, coming: coming.get(k..).unwrap_or(&[]) });
            if position <= s && up_to > position {
                let wanted = (up_to - position).max(input.minimum).min(input.maximum.unwrap_or(f64::INFINITY));
                let q = if input.pack > 0.0 { (wanted / input.pack - 1e-9).ceil().max(1.0) * input.pack } else { wanted };
                let mut arrives = k + draws.at(stream.bits(k as u64));
                if !input.lead_time.crossing {
                    arrives = arrives.max(last);
                    last = arrives;
                }
                if let Some(slot) = coming.get_mut(arrives) {
                    *slot += q;
                }
                on_order += q;
                r.orders = 1;
                r.units_ordered = q;
            }
        }
        let arriving = coming.get(k).copied().unwrap_or(0.0);
        if let Some((m, shelf)) = &mut ages {
            // what is owed is served first
            shelf.put(k + *m - 1, arriving - (-net).max(0.0));
        }
        net += arriving;
        on_order -= arriving;
        let at_once = d.min(net.max(0.0));
        r.demand = *d;
        r.served = at_once;
        r.stockout_periods = usize::from(*d > at_once);
        let short = match input.unmet {
            Unmet::Lost => {
                net -= at_once;
                d - at_once
            }
            Unmet::Backorder => {
                net -= d;
                (-net).max(0.0)
            }
            Unmet::Part { lost, waiting } => {
                let gone = lost * (d - at_once);
                net -= d - gone;
                // counted at the shortage cost, as all that is short
                let per_lost = if input.costs.shortage > 0.0 { waiting / input.costs.shortage } else { 0.0 };
                gone + per_lost * (-net).max(0.0)
            }
        };
        if let Some((_, shelf)) = &mut ages {
            shelf.take(at_once);
            r.discarded = shelf.discard(k);
            net -= r.discarded;
        }
        let held = net.max(0.0);
        all.add(&r, held, short);
        if !censored.get(k).copied().unwrap_or(false) {
            uncensored.add(&r, held, short);
        }
    }
    (all.finish(&input.costs, net, on_order), uncensored.finish(&input.costs, net, on_order))
}
