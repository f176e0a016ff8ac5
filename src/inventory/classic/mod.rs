//! Closed forms and exact algorithms from the textbooks: what the simulation is checked against, and starting points for it.
//!
//! In: rates, costs and moments as plain numbers. Out: levels and expected costs per unit of time. Costs are money, quantities units,
//! rates and lead times share one unit of time.
//!
//! Reading order:
//! - [`eoq`] economic order quantity, with backorders, with finite production; [`discounts`] its price breaks
//! - [`newsvendor`] one period and base stock: normal, Poisson, listed, lognormal
//! - [`periodic`] `(s,S)`: exact for counts, power approximation
//! - [`continuous`] `(r,Q)`: exact for Poisson, exact cost and three approximations for normal demand
//! - [`lost_sales`] lost sales with a lead time: the optimal order for every state, the exact cost of any rule
//! - [`perishable`] perishables: the optimal order for every state of ages, the exact cost of base stock
//! - [`lot_sizing`] known demand that varies (Wagner–Whitin)
//! - [`safety_stock`] service of `(s,Q)` under normal demand, random lead times
//! - [`uncertain_supply`] outages and random yield; [`joint`] items that share the cost of an order
//! - [`serial`] stages in series (Clark–Scarf); [`guaranteed`] safety stock in a tree of stages with guaranteed service
//! - [`queues`] one-for-one replenishment: Erlang's loss formula, Palm's theorem
//!
//! Sources: Snyder & Shen 2019; Zheng & Federgruen 1991; Federgruen & Zheng 1992; Wagner & Whitin 1958; Ehrhardt & Mosier 1984;
//! Hadley & Whitin 1963; Palm 1938; Clark & Scarf 1960; Graves & Willems 2000;
//! Zipkin 2008; Puterman 1994.

pub mod continuous;
pub mod discounts;
pub mod eoq;
pub mod guaranteed;
pub mod joint;
pub mod lost_sales;
pub mod lot_sizing;
pub mod newsvendor;
pub mod periodic;
pub mod perishable;
pub mod queues;
pub mod safety_stock;
pub mod serial;
pub mod uncertain_supply;

use crate::forecast::fill::normal_cdf;

/// Standard normal density.
pub fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

/// Standard normal loss `E[(Z − z)⁺]`.
pub fn loss(z: f64) -> f64 {
    density(z) - z * normal_cdf(-z)
}

/// Second-order standard normal loss `∫_z^∞ loss(x) dx`.
pub fn loss2(z: f64) -> f64 {
    0.5 * ((z * z + 1.0) * normal_cdf(-z) - z * density(z))
}

/// Poisson probabilities `P(X = 0 …)` up to where less than 10⁻¹⁵ remains, computed outwards from the mode.
pub fn poisson(mean: f64) -> Vec<f64> {
    if mean <= 0.0 {
        return vec![1.0];
    }
    let mode = mean.floor();
    let top = statrs::function::gamma::ln_gamma(mode + 1.0);
    let peak = (mode * mean.ln() - mean - top).exp();
    let mode = mode as usize;
    let mut p = vec![0.0; mode + 1];
    p[mode] = peak;
    for k in (0..mode).rev() {
        p[k] = p[k + 1] * (k + 1) as f64 / mean;
    }
    let mut k = mode;
    let mut last = peak;
    while last > 1e-17 {
        k += 1;
        last *= mean / k as f64;
        p.push(last);
    }
    p
}
