//! `(r,Q)` under continuous review with backorders at `p` per unit and time (Snyder & Shen 2019 ch. 5): exact for Poisson demand
//! (Federgruen & Zheng 1992, Operations Research 40(4)), exact cost and approximations for normal demand over the lead time.

use super::newsvendor::counts_cost;
use super::{eoq, loss, loss2, poisson};
use crate::forecast::fill::normal_quantile;

/// Reorder point and quantity, with the cost per unit of time where the method gives one (else NaN).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReorderPoint {
    /// Order when the position falls to this.
    pub r: f64,
    /// Units per order.
    pub quantity: f64,
    /// Cost per unit of time.
    pub cost: f64,
}

/// Exact for Poisson demand: levels are added to `{r+1 … r+Q}` cheapest first while that lowers the average.
pub fn poisson_exact(k: f64, h: f64, p: f64, rate: f64, lead: f64) -> ReorderPoint {
    let over = poisson(rate * lead);
    let g = |y: i64| counts_cost(h, p, &over, y as f64);
    let mut best = 0i64;
    while g(best + 1) < g(best) {
        best += 1;
    }
    let (mut r, mut q) = (best - 1, 1i64);
    let mut sum = k * rate + g(best);
    loop {
        let (below, above) = (g(r), g(r + q + 1));
        let next = below.min(above);
        if next >= sum / q as f64 {
            break;
        }
        if below <= above {
            r -= 1;
        }
        q += 1;
        sum += next;
    }
    ReorderPoint { r: r as f64, quantity: q as f64, cost: sum / q as f64 }
}

/// Demand over the lead time: normal, per unit of time with `mean` and `sd` (variance growing with time).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Normal {
    /// Order cost.
    pub k: f64,
    /// Holding cost per unit and time.
    pub h: f64,
    /// Backorder cost: per unit and time, except where a method says per unit.
    pub p: f64,
    /// Demand rate.
    pub rate: f64,
    /// Standard deviation of demand per unit of time.
    pub sd: f64,
    /// Lead time.
    pub lead: f64,
}

impl Normal {
    fn over(&self) -> (f64, f64) {
        (self.rate * self.lead, self.sd * self.lead.sqrt())
    }
    fn g(&self, y: f64) -> f64 {
        let (m, s) = self.over();
        super::newsvendor::normal_cost(self.h, self.p, m, s, y)
    }

    /// Exact cost rate of any `(r,Q)` (eq. 5.8): `[Kλ + ∫_r^{r+Q} G(y) dy] / Q`.
    pub fn cost(&self, r: f64, quantity: f64) -> f64 {
        let (m, s) = self.over();
        let z = |y: f64| (y - m) / s;
        let line = self.h * (((r + quantity).powi(2) - r * r) / 2.0 - m * quantity);
        let curve = (self.h + self.p) * s * s * (loss2(z(r)) - loss2(z(r + quantity)));
        (self.k * self.rate + line + curve) / quantity
    }

    /// The best reorder point for a given quantity: `G(r) = G(r + Q)` (eq. 5.10), by bisection.
    pub fn best_r(&self, quantity: f64) -> f64 {
        let (m, s) = self.over();
        let top = m + normal_quantile(self.p / (self.p + self.h)) * s;
        // G falls to `top` and rises after it: at the left end G(r) is above, at the right end below
        let (mut lo, mut hi) = (top - quantity, top);
        for _ in 0..200 {
            let mid = 0.5 * (lo + hi);
            if self.g(mid) > self.g(mid + quantity) { lo = mid } else { hi = mid }
        }
        0.5 * (lo + hi)
    }

    /// EOQ and a safety stock at the critical ratio (§5.3.2).
    pub fn eoq_and_safety_stock(&self) -> ReorderPoint {
        let (m, s) = self.over();
        let r = m + normal_quantile(self.p / (self.p + self.h)) * s;
        ReorderPoint { r, quantity: eoq::eoq(self.k, self.h, self.rate).quantity, cost: f64::NAN }
    }

    /// The lot of the EOQ with backorders and the best `r` for it (§5.3.3).
    pub fn eoq_with_backorders(&self) -> ReorderPoint {
        let quantity = eoq::with_backorders(self.k, self.h, self.p, self.rate).0.quantity;
        let r = self.best_r(quantity);
        ReorderPoint { r, quantity, cost: self.cost(r, quantity) }
    }

    /// Loss-function approximation (§5.3.4): `n(r) = hQ/(h+p)` and `Q = √(2(Kλ + (h+p)·n₂(r))/h)` in turn.
    pub fn loss_function(&self) -> ReorderPoint {
        let (m, s) = self.over();
        let mut quantity = eoq::eoq(self.k, self.h, self.rate).quantity;
        let mut z = 0.0;
        for _ in 0..500 {
            let target = self.h * quantity / ((self.h + self.p) * s);
            z = inverse_loss(target);
            let next = (2.0 * (self.k * self.rate + (self.h + self.p) * s * s * loss2(z)) / self.h).sqrt();
            let done = (next - quantity).abs() < 1e-10 * quantity;
            quantity = next;
            if done {
                break;
            }
        }
        ReorderPoint { r: m + z * s, quantity, cost: f64::NAN }
    }

    /// Expected-inventory-level approximation with `p` per unit backordered (§5.3.1; Hadley & Whitin 1963 §4-2):
    /// `1 − F(r) = Qh/(pλ)` and `Q = √(2λ(K + p·n(r))/h)` in turn.
    pub fn expected_inventory(&self) -> ReorderPoint {
        let (m, s) = self.over();
        let mut quantity = eoq::eoq(self.k, self.h, self.rate).quantity;
        let mut z = 0.0;
        for _ in 0..500 {
            let out = (quantity * self.h / (self.p * self.rate)).clamp(1e-15, 1.0 - 1e-15);
            z = -normal_quantile(out);
            let next = (2.0 * self.rate * (self.k + self.p * s * loss(z)) / self.h).sqrt();
            let done = (next - quantity).abs() < 1e-10 * quantity;
            quantity = next;
            if done {
                break;
            }
        }
        let r = m + z * s;
        let cost = self.h * (r - m + 0.5 * quantity) + self.k * self.rate / quantity + self.p * self.rate * s * loss(z) / quantity;
        ReorderPoint { r, quantity, cost }
    }
}

/// The score whose loss is `target` (> 0): bisection, the loss falls.
fn inverse_loss(target: f64) -> f64 {
    let (mut lo, mut hi) = (-target - 10.0, 40.0);
    for _ in 0..200 {
        let mid = 0.5 * (lo + hi);
        if loss(mid) > target { lo = mid } else { hi = mid }
    }
    0.5 * (lo + hi)
}
