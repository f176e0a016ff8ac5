//! Items that a supplier delivers on one order, simulated together: can-order and periodic joint policies.
//!
//! At a review, an order goes out as soon as one item is at or below its must-order level `s`; every item at or below its can-order level `c` joins it, up
//! to its `S` (Balintfy 1964, *Management Science* 10(2); Silver 1974). With a joint review every `T` periods all items join every order (the policy P of
//! Atkins & Iyogun 1988, *Management Science* 34(9)), or item `i` every `mᵢ`-th where a line has a cost of its own (Silver 1976). The shared cost is paid
//! once an order, an item's own cost once a line. What a supplier asks of an order (a least value, full containers: [`Terms`]) holds for every order of the
//! simulation and for today's.
//!
//! The bound: whatever shares `αᵢ ≥ 0, Σαᵢ = 1` of the shared cost `K` are charged to the lines, an order costs at least what its lines are charged, so no joint
//! policy costs less than the items' own best under `kᵢ + αᵢK` (Atkins & Iyogun 1988). The shares here are those of certain demand, `kᵢ + αᵢK ∝ hᵢλᵢ`. The
//! items' own best are found by search among `(s,S)` levels and levels that follow the forecast; with lost sales or moving demand others may be better still, and
//! the bound is then that of this kind of policy.
//!
//! Stock that spoils, yield, disruptions and price breaks are not simulated here: items that have them are left out of groups.
//!
//! Reading order: this file (policies and the search), [`fill`] (minimum and containers), `run` (one block of replications).

mod fill;
mod run;

pub use fill::{Below, Terms};

use super::classic::joint::{Line, silver};
use super::kernel::{Field, Tally};
use super::optimise::{Family, OptimiseOptions, search};
use super::outcome::{self, Outcome, totals};
use super::simulate::{Prepared, SimOptions};
use super::{Item, OpenOrder, Policy};
use crate::base::{Diagnostic, Measure};
use crate::forecast::path::LANES;
use crate::forecast::tile::Tile;
use rayon::prelude::*;
use run::{Block, Member, Rule};

/// Replications of the wide search and of the finalists.
const WIDE: usize = 64;
const FINALISTS: usize = 320;
/// Candidates that reach the finals.
const FINAL: usize = 4;
/// Blocks of replications that nothing is tuned on start here, apart from those an outcome is reported on.
const WIDE_FROM: u64 = 1 << 40;
const FINALISTS_FROM: u64 = 1 << 41;

/// How a group orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Together {
    /// Each item by its own policy, whatever the others do.
    Separate,
    /// Items within this share of the way from `s` to `S` join an order that another one needs.
    CanOrder(f64),
    /// All items, every so many periods.
    Periodic(usize),
}

/// A line of today's order.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Today {
    /// Units that go out.
    pub units: f64,
    /// Units before the supplier's terms: more in `units` fill the order up, less wait with it.
    pub asked: f64,
    /// Its own level asks for it; else it joins.
    pub due: bool,
    /// Its reorder point and the level it orders up to.
    pub levels: (f64, f64),
}

/// The policy of a group and what it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// How it orders.
    pub together: Together,
    /// The levels of each item, in the order of the items.
    pub policies: Vec<Policy>,
    /// Of a joint review, item `i` takes part in every `multiples[i]`-th.
    pub multiples: Vec<usize>,
    /// Today's order, an item each.
    pub today: Vec<Today>,
    /// Total cost of all items over the counted periods, today's order cost included, money.
    pub total_cost: Measure,
    /// Orders to the supplier over the counted periods.
    pub orders: Measure,
    /// Order lines.
    pub lines: Measure,
    /// Share of demand served at once, all items together.
    pub fill_rate: Measure,
}

/// What ordering together is worth: the best joint policy beside the items' own, on replications that neither was tuned on.
#[derive(Debug, Clone, PartialEq)]
pub struct JointOptimum {
    /// The best found; [`Together::Separate`] where nothing betters that.
    pub best: Joint,
    /// Each item by its own policy, the shared cost paid once for all that happen to order in the same period, the supplier's terms kept.
    pub separate: Joint,
    /// Separate less best, paired by replication.
    pub saving: Measure,
    /// What no joint policy undercuts (see the module's head).
    pub bound: Measure,
    /// What the best one does to each item; the shared cost is divided equally among an order's lines.
    pub outcomes: Vec<Outcome>,
    /// Policies simulated.
    pub candidates: usize,
}

/// A joint policy to be judged.
#[derive(Debug, Clone)]
struct Candidate {
    together: Together,
    policies: Vec<Policy>,
    multiples: Vec<usize>,
}

/// A group's items with what they share.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// The items, before today's order; their own `costs.order` is what a line costs.
    pub items: &'a [Item<'a>],
    /// Kilograms and cubic metres of a unit, an item each; only containers ask for them.
    pub sizes: &'a [[f64; 2]],
    /// What the supplier asks.
    pub terms: Terms,
    /// The number of the review now, before period 0, on a calendar that joint reviews keep to; `None`: nothing is ordered before period 0, and joint
    /// reviews are counted from it.
    pub now: Option<i64>,
    /// What each item orders now by its own policy.
    pub own_today: &'a [f64],
}

/// A simulated candidate.
struct Ran {
    today: Vec<Today>,
    tallies: Vec<Tally>,
    orders: Vec<f64>,
    totals: Vec<f64>,
    /// An item each.
    parts: Vec<Outcome>,
}

impl<'a> Group<'a> {
    /// Items that share the cost of an order; nothing is ordered before period 0.
    pub const fn new(items: &'a [Item<'a>], shared: f64) -> Self {
        Self { items, sizes: &[], terms: Terms::new(shared), now: None, own_today: &[] }
    }

    /// The items as a candidate reviews them.
    fn reviewed(&self, c: &Candidate) -> Vec<Item<'a>> {
        let one = |(i, item): (usize, &Item<'a>)| {
            let mut item = item.clone();
            if let Together::Periodic(every) = c.together {
                item.review = every.max(1) * c.multiples.get(i).copied().unwrap_or(1).max(1);
                let first = (-(self.now.unwrap_or(0) + 1)).rem_euclid(item.review as i64) as usize;
                item.next_review = if item.step() == 1 { 0 } else { first };
            } else if self.now.is_some() {
                item.next_review = item.next_after_now();
            }
            item
        };
        self.items.iter().enumerate().map(one).collect()
    }

    fn rule(&self, together: Together) -> Rule<'_> {
        let (join, periodic) = match together {
            Together::Separate => (0.0, false),
            Together::CanOrder(join) => (join, false),
            Together::Periodic(_) => (1.0, true),
        };
        Rule { join, periodic, terms: &self.terms }
    }

    /// Today's order, where there is one.
    fn today(&self, c: &Candidate, members: &[Member<'_>]) -> Vec<Today> {
        let none = vec![Today::default(); members.len()];
        let Some(now) = self.now else { return none };
        let rule = self.rule(c.together);
        let (mut levels, mut from, mut position) = (Vec::new(), Vec::new(), Vec::new());
        for (m, policy) in members.iter().zip(&c.policies) {
            let item = m.world.item;
            let reviewed = item.extras.open_now()
                && match c.together {
                    Together::Periodic(_) => item.step() == 1 || now.rem_euclid(item.review as i64) == 0,
                    _ => true,
                };
            let (s, level) = policy.levels(item, &m.world.ahead, 0);
            levels.push(reviewed.then(|| rule.levels(policy.amount(), s, level)));
            from.push(reviewed.then_some(s));
            position.push(item.position());
        }
        // a review that reaches nobody's must-order level sends nothing
        let mut asked = vec![0.0; members.len()];
        let free = Rule { terms: &Terms::new(self.terms.shared), ..rule };
        if c.together == Together::Separate {
            asked.iter_mut().zip(self.own_today).for_each(|(q, own)| *q = *own);
        } else if !free.decide(members, &levels, &from, &position, &mut asked) {
            asked.fill(0.0);
        }
        let mut units = asked.clone();
        if asked.iter().all(|q| *q <= 0.0) || !rule.limit(members, &from, &position, &mut units) {
            units.fill(0.0);
        }
        let line = |i: usize| {
            let l = levels.get(i).copied().flatten();
            let own = c.together == Together::Separate;
            Today {
                units: units.get(i).copied().unwrap_or(0.0),
                asked: asked.get(i).copied().unwrap_or(0.0),
                due: own || l.zip(position.get(i)).is_some_and(|(l, x)| *x <= l.must),
                levels: l.map_or((0.0, 0.0), |l| (l.must, l.up_to)),
            }
        };
        (0..members.len()).map(line).collect()
    }

    fn members<'b>(&self, items: &'b [Item<'b>], c: &Candidate, o: &SimOptions) -> Result<Vec<Member<'b>>, Diagnostic> {
        let one = |(i, (item, policy)): (usize, (&'b Item<'b>, &Policy))| {
            let world = Prepared::new(item, o)?;
            let compiled = world.compile(policy);
            let n = o.horizon().max(1);
            let rate = world.means.iter().take(n).sum::<f64>() / n as f64;
            Ok(Member { world, compiled, rate, size: self.sizes.get(i).copied().unwrap_or_default() })
        };
        items.iter().zip(&c.policies).enumerate().map(one).collect()
    }

    fn run(&self, c: &Candidate, o: &SimOptions, outcomes: bool) -> Result<Ran, Diagnostic> {
        let mut items = self.reviewed(c);
        let today = if self.now.is_some() { self.today(c, &self.members(&items, c, o)?) } else { vec![Today::default(); items.len()] };
        for (item, line) in items.iter_mut().zip(&today) {
            if line.units > 0.0 {
                item.on_order.push(OpenOrder { period: item.lead_time.quantile(0.5), units: line.units });
            }
        }
        let members = self.members(&items, c, o)?;
        let rule = self.rule(c.together);
        let listed = if outcomes && o.manifests > 0 { o.manifests + o.first_replication as usize } else { 0 };
        let blocks: Vec<Block> = (0..o.replications.div_ceil(LANES) as u64)
            .into_par_iter()
            .map_init(
                || members.iter().map(|m| Tile::new(m.world.setup.horizon)).collect::<Vec<_>>(),
                |tiles, block| {
                    let at = o.first_replication + block * LANES as u64;
                    for (m, tile) in members.iter().zip(tiles.iter_mut()) {
                        m.world.fill(at, tile.values_mut());
                    }
                    run::block(&members, tiles, &rule, at, listed)
                },
            )
            .collect();
        let mut tallies = vec![Tally::default(); members.len()];
        let mut lists = vec![Vec::new(); members.len()];
        let mut orders = Vec::with_capacity(blocks.len() * LANES);
        for block in blocks {
            tallies.iter_mut().zip(block.sums).for_each(|(tally, sums)| tally.push(sums));
            lists.iter_mut().zip(block.records).for_each(|(list, mut r)| list.append(&mut r.orders));
            orders.extend(block.orders);
        }
        orders.truncate(o.replications);
        // today's order is outside the counted periods, but what it costs differs between policies
        let lines: Vec<&Item<'_>> = items.iter().zip(&today).filter(|(_, l)| l.units > 0.0).map(|(i, _)| i).collect();
        let first = lines.iter().map(|i| i.costs.order).sum::<f64>() + if lines.is_empty() { 0.0 } else { self.terms.shared };
        let mut sums = vec![first; o.replications];
        for (item, tally) in items.iter().zip(&tallies) {
            for (sum, cost) in sums.iter_mut().zip(totals(item, tally, o.replications)) {
                *sum += cost;
            }
        }
        let parts = if outcomes {
            items
                .iter()
                .zip(&tallies)
                .zip(lists)
                .map(|((item, tally), mut orders)| {
                    orders.iter_mut().for_each(|l: &mut super::OrderLine| l.replication -= o.first_replication as u32);
                    orders.retain(|l| (l.replication as usize) < o.replications);
                    orders.sort_by_key(|l| (l.replication, l.ordered));
                    Outcome {
                        measures: outcome::measures(item, tally, o.replications, o.periods),
                        replications: o.replications,
                        periods: o.periods,
                        total_cost_by_replication: totals(item, tally, o.replications),
                        stockout_cost_by_replication: outcome::stockouts(item, tally, o.replications),
                        orders,
                        ..Outcome::default()
                    }
                })
                .collect()
        } else {
            Vec::new()
        };
        Ok(Ran { today, tallies, orders, totals: sums, parts })
    }

    fn judged(&self, c: &Candidate, o: &SimOptions) -> Result<(Joint, Ran), Diagnostic> {
        let ran = self.run(c, o, true)?;
        let all = |field: Field, i: usize| ran.tallies.iter().map(|t| t.get(field, i)).sum::<f64>();
        let of = |f: &dyn Fn(usize) -> f64| Measure::from_values(&(0..o.replications).map(f).collect::<Vec<f64>>());
        let served = |i: usize| {
            let demand = all(Field::Demand, i);
            if demand > 0.0 { 1.0 - all(Field::Missed, i) / demand } else { 1.0 }
        };
        let joint = Joint {
            together: c.together,
            policies: c.policies.clone(),
            multiples: c.multiples.clone(),
            today: ran.today.clone(),
            total_cost: Measure::from_values(&ran.totals),
            orders: Measure::from_values(&ran.orders),
            lines: of(&|i| all(Field::Orders, i)),
            fill_rate: of(&served),
        };
        Ok((joint, ran))
    }

    /// A group under a policy.
    ///
    /// # Errors
    /// An item that cannot be simulated (see [`Item::check`]).
    pub fn simulate(&self, together: Together, policies: &[Policy], o: &SimOptions) -> Result<Joint, Diagnostic> {
        let c = Candidate { together, policies: policies.to_vec(), multiples: vec![1; policies.len()] };
        self.judged(&c, o).map(|(joint, _)| joint)
    }

    /// The best joint policy found: can-order levels from the items' own best levels at several shares of the shared cost, and joint reviews of several
    /// lengths; coarse to fine, the winner beside the separate policies (`own`) on replications that neither was tuned on.
    ///
    /// # Errors
    /// An item that cannot be simulated (see [`Item::check`]).
    pub fn optimise(&self, own: &[Policy], o: &SimOptions) -> Result<JointOptimum, Diagnostic> {
        let n = self.items.len();
        let shares = self.shares();
        let searched = |order: &(dyn Fn(usize) -> f64 + Sync), review: &(dyn Fn(usize) -> Option<usize> + Sync), family: Family| {
            self.items
                .par_iter()
                .enumerate()
                .map(|(i, item)| {
                    let mut alone = item.clone();
                    alone.costs.order = item.costs.order + order(i);
                    if let Some(review) = review(i) {
                        (alone.review, alone.next_review) = (review, review - 1);
                    }
                    let simulation = SimOptions { replications: 256, manifests: 0, ..*o };
                    let wanted = OptimiseOptions { family, curve: 0, wide: 96, finalists: 256, ..OptimiseOptions::new(simulation) };
                    Ok(search(&alone, &wanted)?.policy)
                })
                .collect::<Result<Vec<Policy>, Diagnostic>>()
        };
        // levels that follow the forecast are looked at where it moves
        let moves = self.items.iter().any(|i| i.path.steps.len() > 1);
        let family = if moves { Family::Best } else { Family::SS };
        let once = vec![1; n];
        let mut candidates = vec![Candidate { together: Together::Separate, policies: own.to_vec(), multiples: once.clone() }];
        let mut joining = |policies: &[Policy], joins: &[f64]| {
            let one = |join: &f64| Candidate { together: Together::CanOrder(*join), policies: policies.to_vec(), multiples: once.clone() };
            candidates.extend(joins.iter().map(one));
        };
        joining(own, &[0.5, 1.0]);
        let mut least: Option<Vec<Policy>> = None;
        for part in [0.0, 0.5, 1.0] {
            let share = |i: usize| {
                let a = shares.get(i).copied().unwrap_or(0.0);
                self.terms.shared * (a + part * (1.0 - a))
            };
            let policies = searched(&share, &|_| None, family)?;
            joining(&policies, &[0.25, 0.5, 0.75, 1.0]);
            least.get_or_insert(policies);
        }
        // around the cycle that would be best for certain demand
        let (cycle, multiples) = self.cycle();
        let cycle = cycle.clamp(1.0, (o.periods as f64 / 2.0).max(1.0));
        let mut reviews: Vec<usize> = [0.5, 0.7, 0.85, 1.0, 1.2, 1.5].iter().map(|k| (k * cycle).round().max(1.0) as usize).collect();
        reviews.dedup();
        for every in reviews {
            for multiples in [Some(once.clone()), (multiples != once).then(|| multiples.clone())].into_iter().flatten() {
                let review = |i: usize| Some(every * multiples.get(i).copied().unwrap_or(1));
                let policies = searched(&|_| 0.0, &review, Family::BaseStock)?;
                candidates.push(Candidate { together: Together::Periodic(every), policies, multiples });
            }
        }
        let wide = SimOptions { replications: WIDE, first_replication: WIDE_FROM, manifests: 0, ..*o };
        let mut tried: Vec<(f64, usize)> = Vec::with_capacity(candidates.len());
        for (k, c) in candidates.iter().enumerate() {
            tried.push((mean(&self.run(c, &wide, false)?.totals), k));
        }
        tried.sort_by(|a, b| a.0.total_cmp(&b.0));
        let finals = SimOptions { replications: FINALISTS, first_replication: FINALISTS_FROM, ..wide };
        let mut best = (f64::INFINITY, 0);
        for (_, k) in tried.iter().take(FINAL) {
            let cost = mean(&self.run(&candidates[*k], &finals, false)?.totals);
            if cost < best.0 {
                best = (cost, *k);
            }
        }
        let (found, with) = self.judged(&candidates[best.1], o)?;
        let (separate, without) = self.judged(&candidates[0], o)?;
        let saving: Vec<f64> = without.totals.iter().zip(&with.totals).map(|(a, b)| a - b).collect();
        Ok(JointOptimum {
            best: found,
            separate,
            saving: Measure::from_values(&saving),
            bound: self.bound(&least.unwrap_or_default(), &shares, o)?,
            outcomes: with.parts,
            candidates: candidates.len(),
        })
    }

    /// The items by themselves under `policies`, each charged its share of the shared cost.
    fn bound(&self, policies: &[Policy], shares: &[f64], o: &SimOptions) -> Result<Measure, Diagnostic> {
        let mut sums = vec![0.0; o.replications];
        for ((item, policy), share) in self.items.iter().zip(policies).zip(shares) {
            let alone = Group { items: std::slice::from_ref(item), sizes: &[], terms: Terms::new(share * self.terms.shared), ..*self };
            let c = Candidate { together: Together::CanOrder(0.0), policies: vec![*policy], multiples: vec![1] };
            for (sum, cost) in sums.iter_mut().zip(alone.run(&c, &SimOptions { manifests: 0, ..*o }, false)?.totals) {
                *sum += cost;
            }
        }
        Ok(Measure::from_values(&sums))
    }

    /// Holding cost of an item's mean demand, money per period and period of cover.
    fn held(item: &Item<'_>) -> f64 {
        item.costs.holding * (0..26).map(|t| item.path.mean(t)).sum::<f64>() / 26.0
    }

    /// Shares of the shared cost, `kᵢ + αᵢK ∝ hᵢλᵢ` as far as no share is negative; they add to 1.
    fn shares(&self) -> Vec<f64> {
        let held: Vec<f64> = self.items.iter().map(Self::held).collect();
        let own: Vec<f64> = self.items.iter().map(|i| i.costs.order).collect();
        let shared = self.terms.shared;
        let n = held.len().max(1) as f64;
        if shared <= 0.0 || held.iter().sum::<f64>() <= 0.0 {
            return vec![1.0 / n; held.len()];
        }
        // the common ratio r: Σ max(0, r·hλ − k) = K, found by leaving out what would get less than nothing
        let mut within: Vec<bool> = held.iter().map(|h| *h > 0.0).collect();
        loop {
            let (mut h, mut k) = (0.0, 0.0);
            for ((x, own), _) in held.iter().zip(&own).zip(&within).filter(|(_, within)| **within) {
                h += x;
                k += own;
            }
            let ratio = if h > 0.0 { (shared + k) / h } else { 0.0 };
            let part = |i: usize| ratio * held[i] - own[i];
            let out: Vec<usize> = (0..held.len()).filter(|i| within[*i] && part(*i) < 0.0).collect();
            if out.is_empty() {
                return (0..held.len()).map(|i| if within[i] { part(i) / shared } else { 0.0 }).collect();
            }
            out.into_iter().for_each(|i| within[i] = false);
        }
    }

    /// The joint cycle of certain demand at the mean rates, periods, and in every so manyth order each item takes part (Silver 1976).
    fn cycle(&self) -> (f64, Vec<usize>) {
        let fixed = self.terms.shared + self.items.iter().map(|i| i.costs.order).sum::<f64>();
        let held: f64 = self.items.iter().map(Self::held).sum();
        let plain = if held > 0.0 { (2.0 * fixed / held).sqrt() } else { 1.0 };
        let lines: Vec<Line> = self.items.iter().map(|i| Line { fixed: i.costs.order, holding: 1.0, rate: Self::held(i) }).collect();
        let apart = lines.iter().any(|l| l.fixed > 0.0);
        match silver(self.terms.shared, &lines).filter(|_| apart) {
            Some(j) => (j.cycle, j.multiples.iter().map(|m| (*m as usize).max(1)).collect()),
            None => (plain, vec![1; self.items.len()]),
        }
    }
}

fn mean(costs: &[f64]) -> f64 {
    costs.iter().sum::<f64>() / costs.len().max(1) as f64
}
