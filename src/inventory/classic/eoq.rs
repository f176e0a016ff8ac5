//! The economic order quantity and its nearest relatives (Snyder & Shen 2019 §3.2, 3.5, 3.6; Harris 1913).

/// A lot and its cost per unit of time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// Units per order.
    pub quantity: f64,
    /// Ordering + holding (+ backorder) cost per unit of time; purchases not included.
    pub cost: f64,
}

/// `Q* = √(2Kλ/h)`, cost `√(2Kλh)` (eq. 3.4, 3.5): order cost `k`, demand rate `rate`, holding cost `h` per unit and time.
pub fn eoq(k: f64, h: f64, rate: f64) -> Lot {
    Lot { quantity: (2.0 * k * rate / h).sqrt(), cost: (2.0 * k * rate * h).sqrt() }
}

/// Cost of any lot: `Kλ/Q + hQ/2` (eq. 3.3).
pub fn cost(k: f64, h: f64, rate: f64, quantity: f64) -> f64 {
    k * rate / quantity + 0.5 * h * quantity
}

/// Planned backorders at `p` per unit and time (eq. 3.26–3.28): the lot and the share of demand backordered, `h/(h + p)`.
pub fn with_backorders(k: f64, h: f64, p: f64, rate: f64) -> (Lot, f64) {
    let lot = Lot { quantity: (2.0 * k * rate * (h + p) / (h * p)).sqrt(), cost: (2.0 * k * rate * h * p / (h + p)).sqrt() };
    (lot, h / (h + p))
}

/// Economic production quantity: receipts at a finite rate `production > rate` (eq. 3.32).
pub fn epq(k: f64, h: f64, rate: f64, production: f64) -> Lot {
    eoq(k, h * (1.0 - rate / production), rate)
}
