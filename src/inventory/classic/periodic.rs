//! `(s,S)` at every review: exact for counts (Zheng & Federgruen 1991, Operations Research 39(4)), and the power approximation
//! (Ehrhardt & Mosier 1984, Management Science 30(5)).

use super::newsvendor::counts_cost;
use super::poisson;

/// Reorder point, order-up-to level and, where exact, the average cost per period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// Order when the position is at or below this.
    pub s: f64,
    /// Order up to this.
    pub up_to: f64,
    /// Average cost per period (NaN from approximations).
    pub cost: f64,
}

/// Poisson demand, backorders at `p` per unit and period, fixed order cost `k`; an order is used `lead + 1` periods on.
pub fn poisson_exact(k: f64, h: f64, p: f64, mean: f64, lead: f64) -> Levels {
    exact(k, h, p, &poisson(mean), &poisson(mean * (lead + 1.0)))
}

/// Any counts: `one` are the probabilities of a period's demand, `over_lead` of the demand over `lead + 1` periods.
pub fn exact(k: f64, h: f64, p: f64, one: &[f64], over_lead: &[f64]) -> Levels {
    let g = |y: i64| counts_cost(h, p, over_lead, y as f64);
    let mut renewal = Renewal::new(one);
    let mut best = 0i64;
    while g(best + 1) < g(best) {
        best += 1;
    }
    let mut s = best - 1;
    let mut up_to = best;
    while renewal.cost(k, &g, s, up_to) > g(s) {
        s -= 1;
    }
    let mut cost = renewal.cost(k, &g, s, up_to);
    let mut candidate = up_to + 1;
    while g(candidate) <= cost {
        if renewal.cost(k, &g, s, candidate) < cost {
            up_to = candidate;
            while renewal.cost(k, &g, s, up_to) <= g(s + 1) {
                s += 1;
            }
            cost = renewal.cost(k, &g, s, up_to);
        }
        candidate += 1;
    }
    Levels { s: s as f64, up_to: up_to as f64, cost }
}

/// Expected visits `m(j)` to each distance below `S` in a cycle, grown as needed (their eq. 2–4).
struct Renewal<'a> {
    one: &'a [f64],
    visits: Vec<f64>,
}

impl<'a> Renewal<'a> {
    fn new(one: &'a [f64]) -> Self {
        let none = one.first().copied().unwrap_or(0.0);
        Self { one, visits: vec![1.0 / (1.0 - none).max(1e-12)] }
    }
    fn grow(&mut self, n: usize) {
        while self.visits.len() < n {
            let j = self.visits.len();
            let sum: f64 = self.one.iter().enumerate().skip(1).take(j).map(|(l, p)| p * self.visits[j - l]).sum();
            self.visits.push(sum * self.visits[0]);
        }
    }
    /// Average cost of `(s, S)`: `[K + Σ m(j)·G(S − j)] / Σ m(j)`, j below `S − s`.
    fn cost(&mut self, k: f64, g: &impl Fn(i64) -> f64, s: i64, up_to: i64) -> f64 {
        let n = (up_to - s).max(1) as usize;
        self.grow(n);
        let (mut sum, mut time) = (k, 0.0);
        for (j, m) in self.visits[..n].iter().enumerate() {
            sum += m * g(up_to - j as i64);
            time += m;
        }
        sum / time
    }
}

/// Power approximation for normal demand per period; an order is used `lead + 1` periods on (Snyder & Shen 2019 §4.4.4).
pub fn power_approximation(k: f64, h: f64, p: f64, mean: f64, sd: f64, lead: f64) -> Levels {
    let (over, spread) = (mean * (lead + 1.0), sd * (lead + 1.0).sqrt());
    let batch = 1.30 * mean.powf(0.494) * (k / h).powf(0.506) * (1.0 + (spread / mean).powi(2)).powf(0.116);
    let z = (batch * h / (p * spread)).sqrt();
    let s = 0.973 * over + spread * (0.183 / z + 1.063 - 2.192 * z);
    Levels { s, up_to: s + batch, cost: f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `m(j)` of deterministic unit demand is one visit a level, so the cost is the EOQ's discrete average.
    #[test]
    fn unit_demand_visits_every_level_once() {
        let one = [0.0, 1.0];
        let mut r = Renewal::new(&one);
        r.grow(6);
        assert_eq!(r.visits, vec![1.0; 6]);
        assert_eq!(r.cost(6.0, &|y| y as f64, 0, 3), (6.0 + 3.0 + 2.0 + 1.0) / 3.0);
    }
}
