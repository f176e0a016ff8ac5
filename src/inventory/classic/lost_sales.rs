//! Lost sales with a lead time: the state-dependent optimum, and the exact average cost of any stationary rule.
//!
//! An order placed at the start of period `t` is available at the start of `t + L`, `L ≥ 1`. The state after receipts is the stock
//! on hand and the `L − 1` orders on the way; relative value iteration runs over every state whose inventory position stays within
//! a limit. Sources: Zipkin 2008, *Old and New Methods for Lost-Sales Inventory Systems*; Puterman 1994, §8.5 (bounds on the gain).

use crate::base::diagnostic::Diagnostic;

/// One item whose unmet demand is lost. Costs are money per unit (and period, for holding), counted at the end of the period.
#[derive(Debug, Clone)]
pub struct LostSales<'a> {
    /// Fixed cost of an order.
    pub k: f64,
    /// Holding cost per unit left at the end of a period.
    pub h: f64,
    /// Penalty per unit of demand lost.
    pub p: f64,
    /// `P(D = 0, 1, …)` in one period.
    pub pmf: &'a [f64],
    /// Lead time `L ≥ 1`, whole periods.
    pub lead: usize,
    /// Largest order considered, units.
    pub most: usize,
    /// Largest inventory position (on hand and on the way, after ordering) considered, units.
    pub limit: usize,
}

/// An order for every state, and what following it costs.
#[derive(Debug, Clone)]
pub struct OrderTable {
    /// Average cost a period; exact within 10⁻⁴ for the given limits.
    pub cost: f64,
    orders: Vec<u16>,
    width: usize,
    limit: usize,
    lead: usize,
}

impl OrderTable {
    /// Units to order with `on_hand` after receipts and `pipeline` on the way, soonest first (`L − 1` entries). `None` when the
    /// pipeline has another length or the state lies outside the limits.
    pub fn order(&self, on_hand: usize, pipeline: &[usize]) -> Option<usize> {
        let position = on_hand + pipeline.iter().sum::<usize>();
        if pipeline.len() + 1 != self.lead || position > self.limit || pipeline.iter().any(|q| *q >= self.width) {
            return None;
        }
        let i = pipeline.iter().fold(on_hand, |i, q| i * self.width + q);
        self.orders.get(i).map(|z| usize::from(*z))
    }
}

/// More states than this are refused: eight bytes each, twice.
const MOST_STATES: usize = 4_000_000;

/// A stationary rule: units to order by what is on hand and what is on the way.
type Rule<'a> = &'a dyn Fn(usize, &[usize]) -> usize;

impl LostSales<'_> {
    /// The orders of least average cost.
    ///
    /// # Errors
    /// A lead time of 0, a limit of 0, costs or probabilities that are not finite, or more than four million states.
    pub fn optimum(&self) -> Result<OrderTable, Diagnostic> {
        self.iterate(None)
    }

    /// The average cost of a stationary rule `(on hand, pipeline) → order`; orders are cut to [`Self::most`] and [`Self::limit`].
    ///
    /// # Errors
    /// As [`Self::optimum`].
    pub fn average_cost(&self, rule: Rule<'_>) -> Result<f64, Diagnostic> {
        Ok(self.iterate(Some(rule))?.cost)
    }

    fn iterate(&self, rule: Option<Rule<'_>>) -> Result<OrderTable, Diagnostic> {
        let width = self.most + 1;
        let tail = u32::try_from(self.lead).ok().and_then(|l| width.checked_pow(l.checked_sub(1)?));
        let states = tail.and_then(|t| t.checked_mul(self.limit.checked_add(1)?)).filter(|n| *n <= MOST_STATES);
        let finite = [self.k, self.h, self.p].iter().chain(self.pmf).all(|x| x.is_finite());
        let (Some(tail), Some(states)) = (tail, states) else { return Err(refuse("lead time or limits out of range")) };
        if !finite || self.limit == 0 || self.most > usize::from(u16::MAX) {
            return Err(refuse("costs and probabilities must be finite, limits above 0"));
        }
        // at least x: everything beyond the list counts as sold out
        let mut one_period = vec![0.0; self.limit + 1];
        let mean: f64 = self.pmf.iter().enumerate().map(|(d, w)| d as f64 * w).sum();
        for (x, cost) in one_period.iter_mut().enumerate() {
            let left: f64 = self.pmf.iter().take(x).enumerate().map(|(d, w)| (x - d) as f64 * w).sum();
            *cost = self.h * left + self.p * (mean - x as f64 + left);
        }
        let sold_out: Vec<f64> = (0..=self.limit).map(|x| 1.0 - self.pmf.iter().take(x).sum::<f64>()).collect();
        let mut value = vec![0.0; states];
        let mut next = value.clone();
        let mut orders = vec![0_u16; states];
        let mut pipeline = vec![0; self.lead - 1];
        let mut expected = vec![0.0; width];
        for _ in 0..10_000 {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for i in 0..states {
                let x = i / tail;
                let mut rest = i % tail;
                for q in pipeline.iter_mut().rev() {
                    *q = rest % width;
                    rest /= width;
                }
                let position = x + pipeline.iter().sum::<usize>();
                if position > self.limit {
                    continue;
                }
                let top = self.most.min(self.limit - position);
                let (from, to) = rule.map_or((0, top), |f| (f(x, &pipeline).min(top), f(x, &pipeline).min(top)));
                let next_arrival = pipeline.first().copied();
                // the later pipeline moves one place on; with L = 1 the order itself arrives next
                let stem = (i % tail) * width % tail.max(1);
                let slot = |stock: usize, z: usize| match next_arrival {
                    Some(q) => (stock + q) * tail + stem + z,
                    None => stock + z,
                };
                for (z, e) in expected.iter_mut().enumerate().take(to + 1).skip(from) {
                    let mut sum = sold_out[x] * value[slot(0, z)];
                    for (d, w) in self.pmf.iter().enumerate().take(x) {
                        sum += w * value[slot(x - d, z)];
                    }
                    *e = sum + if z > 0 { self.k } else { 0.0 };
                }
                let mut best = from;
                for z in from..=to {
                    if expected[z] < expected[best] - 1e-12 {
                        best = z;
                    }
                }
                next[i] = one_period[x] + expected[best];
                orders[i] = best as u16;
                let gain = next[i] - value[i];
                (low, high) = (low.min(gain), high.max(gain));
            }
            let base = next[0];
            next.iter_mut().for_each(|v| *v -= base);
            std::mem::swap(&mut value, &mut next);
            if high - low < 1e-4 {
                return Ok(OrderTable { cost: 0.5 * (low + high), orders, width, limit: self.limit, lead: self.lead });
            }
        }
        Err(refuse("no convergence: raise the limits or check the demand"))
    }
}

fn refuse(message: &'static str) -> Diagnostic {
    Diagnostic::error("lost-sales-out-of-range", message).fix("give a lead time of at least 1, finite costs and smaller or larger limits")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two units each period, known for sure: order two every period, hold nothing, lose nothing.
    #[test]
    fn certain_demand_costs_nothing() {
        for lead in 1..=3 {
            let m = LostSales { k: 0.0, h: 1.0, p: 5.0, pmf: &[0.0, 0.0, 1.0], lead, most: 4, limit: 12 };
            let t = m.optimum().unwrap();
            assert!(t.cost.abs() < 1e-3, "{}", t.cost);
            assert_eq!(t.order(2, &vec![2; lead - 1]), Some(2));
            assert_eq!(t.order(2, &vec![2; lead]), None);
        }
    }

    #[test]
    fn no_rule_beats_the_optimum() {
        let pmf = super::super::poisson(2.0);
        let m = LostSales { k: 3.0, h: 1.0, p: 9.0, pmf: &pmf, lead: 2, most: 10, limit: 20 };
        let best = m.optimum().unwrap().cost;
        for up_to in 4..14_usize {
            let rule = |x: usize, way: &[usize]| up_to.saturating_sub(x + way.iter().sum::<usize>());
            assert!(m.average_cost(&rule).unwrap() >= best - 2e-4);
        }
    }

    #[test]
    fn hostile_sizes_are_refused() {
        let m = LostSales { k: 0.0, h: 1.0, p: 5.0, pmf: &[0.5, 0.5], lead: usize::MAX, most: 9, limit: usize::MAX };
        assert!(m.optimum().is_err());
        assert!(LostSales { lead: 0, limit: 5, ..m.clone() }.optimum().is_err());
        assert!(LostSales { lead: 1, limit: 5, h: f64::NAN, ..m }.optimum().is_err());
    }
}
