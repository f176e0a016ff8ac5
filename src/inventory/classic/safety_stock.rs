//! Safety stock and service of `(s,Q)` under normal demand (Silver, Pyke & Thomas 2017 §6; Hadley & Whitin 1963 for random lead times).

use super::loss;
use crate::forecast::fill::{normal_cdf, normal_quantile};

/// Standard deviation of demand over a random lead time: `√(L·σ² + D²·σ_L²)`.
pub fn lead_time_demand_sd(mean: f64, sd: f64, lead: f64, lead_sd: f64) -> f64 {
    (lead * sd * sd + mean * mean * lead_sd * lead_sd).sqrt()
}

/// Safety stock for a cycle service level: `z·σ`.
pub fn for_cycle_service(level: f64, lead_time_demand_sd: f64) -> f64 {
    normal_quantile(level) * lead_time_demand_sd
}

/// What an `(s,Q)` policy gives under normal demand over the lead time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Service {
    /// Reorder point less expected demand over the lead time.
    pub safety_stock: f64,
    /// Share of cycles without a stockout.
    pub cycle_service: f64,
    /// Units short a cycle.
    pub short_per_cycle: f64,
    /// `1 − short/Q`.
    pub fill_rate: f64,
    /// `Q/2 +` safety stock.
    pub average_on_hand: f64,
}

/// Service of reorder point `s` and quantity `q`, with `mean` and `sd` of demand over the lead time.
pub fn service(s: f64, q: f64, mean: f64, sd: f64) -> Service {
    let safety_stock = s - mean;
    let z = safety_stock / sd;
    let short_per_cycle = sd * loss(z);
    Service {
        safety_stock,
        cycle_service: normal_cdf(z),
        short_per_cycle,
        fill_rate: 1.0 - short_per_cycle / q,
        average_on_hand: q / 2.0 + safety_stock,
    }
}
