//! One-for-one replenishment `(S−1, S)` of Poisson demand, for any lead-time distribution with the given mean: Erlang's loss formula
//! for lost sales (insensitivity: Karush 1957), Palm's theorem for backorders (Palm 1938; Zipkin 2000 ch. 7; Sherbrooke 2004 ch. 2).

use super::poisson;

/// Erlang's loss formula: the share of customers who find none of `servers` free at offered load `a`, by its stable recursion.
pub fn erlang_b(servers: usize, a: f64) -> f64 {
    (1..=servers).fold(1.0, |b, k| a * b / (k as f64 + a * b))
}

/// Fill rate of base stock `up_to` with lost sales: `1 − B(S, λE[L])`.
pub fn lost_sales_fill_rate(up_to: usize, rate: f64, mean_lead: f64) -> f64 {
    1.0 - erlang_b(up_to, rate * mean_lead)
}

/// Base stock with backorders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backorders {
    /// Share of demand served at once: `P(X < S)`.
    pub fill_rate: f64,
    /// Expected backorders `E[(X − S)⁺]`.
    pub backorders: f64,
    /// Expected stock `E[(S − X)⁺]`.
    pub on_hand: f64,
}

/// Palm: units on order are Poisson with mean `λE[L]`.
pub fn backorders(up_to: usize, rate: f64, mean_lead: f64) -> Backorders {
    let load = rate * mean_lead;
    let p = poisson(load);
    let fill_rate = p.iter().take(up_to).sum();
    let on_hand: f64 = p.iter().enumerate().take(up_to).map(|(k, q)| (up_to - k) as f64 * q).sum();
    Backorders { fill_rate, backorders: on_hand + load - up_to as f64, on_hand }
}
