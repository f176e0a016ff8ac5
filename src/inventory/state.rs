//! The order of least expected cost for the stock on hand and on its way, where unmet demand is lost and every review may order.
//!
//! With lost sales the inventory position does not say enough: a unit on the shelf and one that comes next month serve different demand. The
//! near-myopic order (Morton 1971, Operations Research 19(7); good in the comparison of Zipkin 2008, Operations Research 56(5)) follows
//! sampled futures from the real state to the moment an order placed now arrives, losing what finds no stock, and covers what the
//! periods until the next order's arrival then lack, to the critical ratio of the shortage against what too much costs.
//!
//! Too much costs more than the holding of one review: where demand is uneven, it stays. How many times as much was measured by replaying six sets of weekly
//! sales, forecasts refitted at every review, at shortages of 2 to 200 times the holding cost: the least cost is flat around one and a half times, a little
//! less where shortages are cheap and a little more where they are dear. (Simulating the rule on an item's own futures finds more: it knows its own
//! forecast to be right, and covers too little where it is not.)

use super::guess::TUNING;
use super::levels::Terms;
use crate::base::random::{Purpose, Stream, hash_id};
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;

/// Sampled demand of the periods that an order placed now has to do with.
#[derive(Debug, Clone)]
pub struct Futures {
    /// `steps` periods a future, one future after another.
    demand: Vec<f32>,
    /// Periods until an order placed now is there, a future each.
    leads: Vec<usize>,
    steps: usize,
    review: usize,
    /// Only whole units are asked for.
    whole: bool,
}

impl Futures {
    /// So many futures of the item, on streams that no outcome is reported on.
    pub fn sample(sampler: &Sampler, terms: &Terms, seed: u64, count: usize) -> Self {
        let id = hash_id(terms.id);
        let (draws, review) = (terms.lead_time.draws(), terms.review.max(1));
        let steps = terms.lead_time.longest() + review;
        let mut tile = vec![0.0f32; steps * LANES];
        let (mut demand, mut leads) = (Vec::with_capacity(count * steps), Vec::with_capacity(count));
        for first in (0..count as u64).step_by(LANES) {
            sampler.fill(seed, id, TUNING + first, 0..steps, &mut tile);
            for lane in 0..LANES.min(count - first as usize) {
                let stream = Stream::new(seed, id, Purpose::LeadTime, TUNING + first + lane as u64);
                leads.push(draws.at(stream.bits(0)));
                demand.extend(tile.chunks_exact(LANES).map(|row| row[lane]));
            }
        }
        let whole = demand.iter().all(|d| d.fract() == 0.0);
        Self { demand, leads, steps, review, whole }
    }

    /// What a future lacks over the periods between this order's arrival and the next one's; negative: what it has too much.
    fn lacks(&self, future: usize, on_hand: f64, coming: &[f64]) -> f64 {
        let lead = self.leads.get(future).copied().unwrap_or(0);
        let demand = self.demand.get(future * self.steps..(future + 1) * self.steps).unwrap_or(&[]);
        let arriving = |t: usize| coming.get(t).copied().unwrap_or(0.0);
        let mut stock = on_hand.max(0.0);
        for (t, d) in demand.iter().enumerate().take(lead) {
            stock = (stock + arriving(t) - f64::from(*d)).max(0.0);
        }
        let mut lacks = -stock;
        for (t, d) in demand.iter().enumerate().skip(lead).take(self.review) {
            lacks += f64::from(*d) - arriving(t);
        }
        lacks
    }

    /// Units to order: `coming[t]` arrives at the start of period `t`, 0 being the one that begins now. `ratio`: share of futures whose need is to be
    /// covered, as from [`Futures::ratio`].
    pub fn order(&self, on_hand: f64, coming: &[f64], ratio: f64) -> f64 {
        let mut room: Vec<f64> = (0..self.leads.len()).map(|f| self.lacks(f, on_hand, coming)).collect();
        if room.is_empty() {
            return 0.0;
        }
        // linear between the neighbours of the quantile
        let at = ratio.clamp(0.0, 1.0) * (room.len() - 1) as f64;
        let (_, low, above) = room.select_nth_unstable_by(at as usize, f64::total_cmp);
        let low = *low;
        let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
        let q = (low + at.fract() * (high - low)).max(0.0);
        if self.whole { (q - 1e-9).ceil() } else { q }
    }

    /// The share of futures to cover: shortage against [`multiple`] times the holding cost of a review.
    pub fn ratio(terms: &Terms) -> f64 {
        let c = terms.costs;
        let over = c.holding * terms.review.max(1) as f64;
        if c.shortage + over <= 0.0 {
            return 0.5;
        }
        let over = over * multiple(c.shortage / over);
        (c.shortage / (c.shortage + over)).clamp(0.0, 0.9999)
    }
}

/// How many times the holding of one review too much costs, where a unit lost costs `shortage` times as much as it: `1.25 · shortage^0.08`.
fn multiple(shortage: f64) -> f64 {
    if shortage.is_finite() { (1.25 * shortage.max(0.0).powf(0.08)).max(1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::path::PathModel;
    use crate::inventory::classic::lost_sales::LostSales;
    use crate::inventory::item::{UnitCosts, Unmet};
    use crate::inventory::lead_time::LeadTime;

    fn terms<'a>(lead_time: &'a LeadTime, costs: &'a UnitCosts) -> Terms<'a> {
        Terms { id: "a", lead_time, review: 1, unmet: Unmet::Lost, costs, shelf_life: None }
    }

    #[test]
    fn what_is_on_the_way_counts_when_it_arrives() {
        let (lead, costs) = (LeadTime::fixed(2), UnitCosts::new(0.2, 1.0, 0.0));
        let futures = Futures { demand: vec![4.0, 4.0, 4.0], leads: vec![2], steps: 3, review: 1, whole: true };
        // nothing at all: what is asked for before the order arrives is lost and not owed
        assert_eq!(futures.order(0.0, &[], 0.8), 4.0);
        // eight on the shelf are sold by then, twelve are not
        assert_eq!(futures.order(8.0, &[], 0.8), 4.0);
        assert_eq!(futures.order(10.0, &[], 0.8), 2.0);
        // the same position, some of it coming: what comes late is still there
        assert_eq!(futures.order(0.0, &[0.0, 0.0, 3.0], 0.8), 1.0);
        assert_eq!(futures.order(3.0, &[], 0.8), 4.0);
        assert_eq!(futures.order(0.0, &[0.0, 9.0], 0.8), 0.0);
        let ratio = Futures::ratio(&terms(&lead, &costs));
        assert!(ratio > 0.75 && ratio < 1.0 / 1.2, "too much costs more than one review's holding: {ratio}");
    }

    /// Against the exact optimum of Poisson demand (value iteration over all states): its cost, and that of the best order-up-to level.
    #[test]
    fn nearly_as_cheap_as_the_optimum() {
        for (mean, lead_periods, shortage) in [(5.0f64, 2usize, 4.0), (2.0, 3, 9.0)] {
            let pmf: Vec<f64> = {
                let mut p = vec![(-mean).exp()];
                for k in 1..40 {
                    p.push(p[k - 1] * mean / k as f64);
                }
                p
            };
            let most = (4.0 * mean) as usize;
            let problem = LostSales { k: 0.0, h: 1.0, p: shortage, pmf: &pmf, lead: lead_periods, most, limit: (6.0 * mean) as usize + 8 };
            let optimum = problem.optimum().unwrap();
            let (lead, costs) = (LeadTime::fixed(lead_periods), UnitCosts::new(1.0, shortage, 0.0));
            let t = terms(&lead, &costs);
            let sampler = Sampler::new(&PathModel::poisson(mean).unwrap());
            let futures = Futures::sample(&sampler, &t, 7, 512);
            let ratio = Futures::ratio(&t);
            // the rule in a long simulation on fresh demand
            let periods = 40_000;
            let mut tile = vec![0.0f32; periods * LANES];
            sampler.fill(99, hash_id("b"), 0, 0..periods, &mut tile);
            let (mut on_hand, mut coming, mut cost) = (3.0 * mean, vec![0.0; lead_periods + 1], 0.0);
            for row in tile.chunks_exact(LANES) {
                coming[lead_periods] += futures.order(on_hand, &coming, ratio);
                on_hand += coming[0];
                coming.rotate_left(1);
                coming[lead_periods] = 0.0;
                let d = f64::from(row[0]);
                let sold = d.min(on_hand);
                on_hand -= sold;
                cost += on_hand + shortage * (d - sold);
            }
            let cost = cost / periods as f64;
            assert!(cost < 1.04 * optimum.cost && cost > 0.97 * optimum.cost, "{mean}: {cost} against {} at {ratio}", optimum.cost);
        }
    }
}
