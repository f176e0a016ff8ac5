//! Items that share the cost of an order, simulated together: can-order and periodic joint policies.
//!
//! At a review, an order goes out as soon as one item is at or below its must-order level `s`; every item at or below its can-order level `c` joins it, up
//! to its `S` (Balintfy 1964, *Management Science* 10(2); Silver 1974). With a joint review every `T` periods and `c = S` all items join every order (the
//! policy P of Atkins & Iyogun 1988, *Management Science* 34(9)). The shared cost is paid once an order, an item's own cost once a line.
//!
//! Stock that spoils, yield, disruptions and price breaks are not simulated here: items that have them are left out of groups.

use super::item::Unmet;
use super::lead_time::Draws;
use super::optimise::{Family, OptimiseOptions, search};
use super::policy::{Amount, Compiled};
use super::simulate::{Prepared, SimOptions};
use super::{Item, Policy};
use crate::base::random::{Purpose, Stream};
use crate::base::{Diagnostic, Measure};
use crate::forecast::path::LANES;
use crate::forecast::tile::Tile;
use rayon::prelude::*;

/// Replications of the wide search and of the finalists.
const WIDE: usize = 64;
const FINALISTS: usize = 320;
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

/// The policy of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// How it orders.
    pub together: Together,
    /// The levels of each item, in the order of the items.
    pub policies: Vec<Policy>,
    /// Total cost of all items over the counted periods, money.
    pub total_cost: Measure,
    /// Orders to the supplier.
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
    /// Each item by its own policy, the shared cost paid once for all that happen to order in the same period.
    pub separate: Joint,
    /// Separate less best, paired by replication.
    pub saving: Measure,
    /// Policies simulated.
    pub candidates: usize,
}

/// Sums of one replication.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    cost: f64,
    orders: f64,
    lines: f64,
    demand: f64,
    missed: f64,
}

/// One item while it is simulated.
struct Member<'a> {
    world: Prepared<'a>,
    compiled: Compiled,
}

/// What decides a group's orders.
struct Rule {
    /// Share of the way from trigger to level up to which an item joins.
    join: f64,
    /// Only in every so manyth period.
    every: usize,
}

/// State of one item in one replication.
struct State {
    net: f64,
    position: f64,
    coming: Vec<f32>,
    lead: Stream,
    last: usize,
}

fn one(members: &[Member<'_>], tiles: &[Tile], rule: &Rule, shared: f64, own: &[f64], at: u64, lane: usize) -> Sums {
    let Some(setup) = members.first().map(|m| &m.world.setup) else { return Sums::default() };
    let (horizon, warm_up) = (setup.horizon, setup.warm_up);
    let mut states: Vec<State> = members
        .iter()
        .map(|m| {
            let s = &m.world.setup;
            let mut coming = vec![0.0f32; horizon + s.longest + 2];
            coming.iter_mut().zip(&s.scheduled).for_each(|(slot, units)| *slot += units);
            State {
                net: f64::from(s.on_hand),
                position: f64::from(s.position),
                coming,
                lead: Stream::new(s.seed, s.id, Purpose::LeadTime, at + lane as u64),
                last: 0,
            }
        })
        .collect();
    let mut sums = Sums::default();
    for t in 0..horizon {
        if t == warm_up {
            sums = Sums::default();
        }
        for ((m, tile), x) in members.iter().zip(tiles).zip(&mut states) {
            let (item, lost) = (m.world.item, matches!(m.world.item.unmet, Unmet::Lost));
            x.net += f64::from(x.coming.get(t).copied().unwrap_or(0.0));
            let demand = f64::from(tile.values().get(t * LANES + lane).copied().unwrap_or(0.0));
            let at_once = demand.min(x.net.max(0.0));
            let missed = demand - at_once;
            sums.demand += demand;
            sums.missed += missed;
            let taken = if lost { at_once } else { demand };
            x.net -= taken;
            x.position -= taken;
            let short = if lost { missed } else { (-x.net).max(0.0) };
            sums.cost += item.costs.holding * x.net.max(0.0) + item.costs.shortage * short;
        }
        if (t + 1) % rule.every != 0 {
            continue;
        }
        let levels = |m: &Member<'_>| {
            let s = m.compiled.trigger.get(t).copied().unwrap_or(f32::NEG_INFINITY);
            let level = m.compiled.level.get(t).copied().unwrap_or(0.0);
            let up_to = if matches!(m.compiled.amount, Amount::UpTo) { level } else { s + level };
            (f64::from(s), f64::from(up_to))
        };
        let due = members.iter().zip(&states).any(|(m, x)| {
            let (s, up_to) = levels(m);
            x.position <= s && x.position < up_to
        });
        if !due {
            continue;
        }
        let mut any = false;
        for ((m, x), own) in members.iter().zip(&mut states).zip(own) {
            let (s, up_to) = levels(m);
            let can = s + rule.join * (up_to - s);
            if !(x.position <= can.max(s) && x.position < up_to) {
                continue;
            }
            let q = m.compiled.accepted((up_to - x.position) as f32);
            let draws: &Draws = &m.world.setup.draws;
            let mut arrives = t + 1 + draws.at(x.lead.bits(t as u64));
            if !m.world.setup.crossing {
                arrives = arrives.max(x.last);
                x.last = arrives;
            }
            if let Some(slot) = x.coming.get_mut(arrives) {
                *slot += q;
            }
            x.position += f64::from(q);
            sums.lines += 1.0;
            sums.cost += own;
            any = true;
        }
        if any {
            sums.orders += 1.0;
            sums.cost += shared;
        }
    }
    for (m, x) in members.iter().zip(&states) {
        let c = &m.world.item.costs;
        sums.cost += c.unit * c.markdown * x.net.max(0.0);
    }
    sums
}

/// A group's items with what they share.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// The items; their own `costs.order` is what a line costs.
    pub items: &'a [Item<'a>],
    /// Cost of an order, however many lines it has.
    pub shared: f64,
}

impl Group<'_> {
    fn sums(&self, candidate: &(Together, Vec<Policy>), o: &SimOptions) -> Result<Vec<Sums>, Diagnostic> {
        let rule = match candidate.0 {
            Together::Separate => Rule { join: 0.0, every: 1 },
            Together::CanOrder(join) => Rule { join, every: 1 },
            Together::Periodic(every) => Rule { join: 1.0, every: every.max(1) },
        };
        let items: Vec<Item<'_>> = self
            .items
            .iter()
            .map(|item| match candidate.0 {
                // every review of the group is one of each item's
                Together::Periodic(_) => Item { review: 1, next_review: 0, ..item.clone() },
                _ => item.clone(),
            })
            .collect();
        let members = items
            .iter()
            .zip(&candidate.1)
            .map(|(item, policy)| {
                let world = Prepared::new(item, o)?;
                let compiled = world.compile(policy);
                Ok(Member { world, compiled })
            })
            .collect::<Result<Vec<_>, Diagnostic>>()?;
        let own: Vec<f64> = self.items.iter().map(|i| i.costs.order).collect();
        let blocks: Vec<Vec<Sums>> = (0..o.replications.div_ceil(LANES) as u64)
            .into_par_iter()
            .map_init(
                || members.iter().map(|m| Tile::new(m.world.setup.horizon)).collect::<Vec<_>>(),
                |tiles, block| {
                    let at = o.first_replication + block * LANES as u64;
                    for (m, tile) in members.iter().zip(tiles.iter_mut()) {
                        m.world.fill(at, tile.values_mut());
                    }
                    (0..LANES).map(|lane| one(&members, tiles, &rule, self.shared, &own, at, lane)).collect()
                },
            )
            .collect();
        let mut all = blocks.concat();
        all.truncate(o.replications);
        Ok(all)
    }

    fn outcome(&self, candidate: &(Together, Vec<Policy>), o: &SimOptions) -> Result<(Joint, Vec<f64>), Diagnostic> {
        let sums = self.sums(candidate, o)?;
        let of = |f: &dyn Fn(&Sums) -> f64| Measure::from_values(&sums.iter().map(f).collect::<Vec<f64>>());
        let joint = Joint {
            together: candidate.0,
            policies: candidate.1.clone(),
            total_cost: of(&|s| s.cost),
            orders: of(&|s| s.orders),
            lines: of(&|s| s.lines),
            fill_rate: of(&|s| if s.demand > 0.0 { 1.0 - s.missed / s.demand } else { 1.0 }),
        };
        Ok((joint, sums.iter().map(|s| s.cost).collect()))
    }

    /// A group under a policy.
    ///
    /// # Errors
    /// An item that cannot be simulated (see [`Item::check`]).
    pub fn simulate(&self, together: Together, policies: &[Policy], o: &SimOptions) -> Result<Joint, Diagnostic> {
        self.outcome(&(together, policies.to_vec()), o).map(|(joint, _)| joint)
    }

    /// The best joint policy found: can-order levels from the items' own best levels at several shares of the shared cost, and joint reviews of several
    /// lengths; coarse to fine, the winner beside the separate policies (`own`) on replications that neither was tuned on.
    ///
    /// # Errors
    /// An item that cannot be simulated (see [`Item::check`]).
    pub fn optimise(&self, own: &[Policy], o: &SimOptions) -> Result<JointOptimum, Diagnostic> {
        let n = self.items.len().max(1) as f64;
        let searched = |share: f64, review: usize, family: Family| -> Result<Vec<Policy>, Diagnostic> {
            self.items
                .par_iter()
                .map(|item| {
                    let mut alone = item.clone();
                    alone.costs.order = item.costs.order + share * self.shared;
                    alone.review = review;
                    alone.next_review = review - 1;
                    let wanted = OptimiseOptions {
                        family,
                        curve: 0,
                        wide: 96,
                        finalists: 256,
                        ..OptimiseOptions::new(SimOptions { replications: 256, manifests: 0, ..*o })
                    };
                    Ok(search(&alone, &wanted)?.policy)
                })
                .collect()
        };
        let mut candidates: Vec<(Together, Vec<Policy>)> = vec![(Together::Separate, own.to_vec())];
        for share in [1.0 / n, 0.5 * (1.0 / n + 1.0), 1.0] {
            let policies = searched(share, 1, Family::SS)?;
            candidates.extend([0.25, 0.5, 0.75, 1.0].map(|join| (Together::CanOrder(join), policies.clone())));
        }
        // around the cycle that would be best for certain demand
        let cycle = self.cycle().clamp(1.0, (o.periods as f64 / 2.0).max(1.0));
        let mut reviews: Vec<usize> = [0.5, 0.7, 0.85, 1.0, 1.2, 1.5].iter().map(|k| (k * cycle).round().max(1.0) as usize).collect();
        reviews.dedup();
        for every in reviews {
            candidates.push((Together::Periodic(every), searched(0.0, every, Family::BaseStock)?));
        }
        let mut tried: Vec<(f64, usize)> = Vec::with_capacity(candidates.len());
        let wide = SimOptions { replications: WIDE, first_replication: WIDE_FROM, manifests: 0, ..*o };
        for (k, c) in candidates.iter().enumerate() {
            tried.push((mean(&self.sums(c, &wide)?), k));
        }
        tried.sort_by(|a, b| a.0.total_cmp(&b.0));
        let finals = SimOptions { replications: FINALISTS, first_replication: FINALISTS_FROM, ..wide };
        let mut best = (f64::INFINITY, 0);
        for (_, k) in tried.iter().take(3) {
            let cost = mean(&self.sums(&candidates[*k], &finals)?);
            if cost < best.0 {
                best = (cost, *k);
            }
        }
        let (found, with) = self.outcome(&candidates[best.1], o)?;
        let (separate, without) = self.outcome(&candidates[0], o)?;
        let saving: Vec<f64> = without.iter().zip(&with).map(|(a, b)| a - b).collect();
        Ok(JointOptimum { best: found, separate, saving: Measure::from_values(&saving), candidates: candidates.len() })
    }

    /// The joint cycle of certain demand at the mean rates, `√(2(K + Σk)/Σhλ)`, periods.
    fn cycle(&self) -> f64 {
        let fixed = self.shared + self.items.iter().map(|i| i.costs.order).sum::<f64>();
        let rate = |i: &Item<'_>| (0..26).map(|t| i.path.mean(t)).sum::<f64>() / 26.0;
        let held: f64 = self.items.iter().map(|i| i.costs.holding * rate(i)).sum();
        if held > 0.0 { (2.0 * fixed / held).sqrt() } else { 1.0 }
    }
}

fn mean(sums: &[Sums]) -> f64 {
    sums.iter().map(|s| s.cost).sum::<f64>() / sums.len().max(1) as f64
}
