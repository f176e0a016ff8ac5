//! Supply that fails or falls short (Snyder & Shen 2019 ch. 9): outages in continuous and periodic time, random yield.

use super::eoq::Lot;

/// EOQ with outages (§9.2.1; Parlar & Berkin 1991 as corrected by Berk & Arreola-Risa 1994): supply fails at rate `fails` while it works and
/// recovers at rate `recovers`; an order waits for recovery, and demand at rate `rate` is lost meanwhile at `p` a unit. The cost `[K + hQ²/2λ +
/// pλψ/μ] / [Q/λ + ψ/μ]`, with `ψ` the chance that supply is out when stock is, has one valley: golden section.
pub fn eoq(k: f64, h: f64, p: f64, rate: f64, fails: f64, recovers: f64) -> Lot {
    let cost = |q: f64| {
        let out = fails / (fails + recovers) * (1.0 - (-(fails + recovers) * q / rate).exp());
        (k + h * q * q / (2.0 * rate) + p * rate * out / recovers) / (q / rate + out / recovers)
    };
    let plain = super::eoq::eoq(k, h, rate).quantity;
    let (mut low, mut high) = (0.01 * plain, 10.0 * plain + 10.0 * rate * fails / (recovers * (fails + recovers)).max(1e-12));
    let golden = (5.0f64.sqrt() - 1.0) / 2.0;
    for _ in 0..120 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if cost(a) < cost(b) { high = b } else { low = a }
    }
    let quantity = 0.5 * (low + high);
    Lot { quantity, cost: cost(quantity) }
}

/// Base stock with outages in periodic time, certain demand `d` a period and backorders (§9.3): an outage begins with probability `fails` and
/// ends with probability `recovers` a period. The level is `d` times one more than the newsvendor quantile of how long an outage has lasted;
/// the cost is that of [`base_stock_cost`].
pub fn base_stock(h: f64, p: f64, d: f64, fails: f64, recovers: f64) -> (f64, f64) {
    let ratio = p / (p + h);
    let mut n = 0;
    while n < 100_000 && 1.0 - fails / (fails + recovers) * (1.0 - recovers).powi(n) < ratio {
        n += 1;
    }
    let level = d * f64::from(n + 1);
    (level, base_stock_cost(h, p, d, fails, recovers, level))
}

/// Its cost a period at any level `s`.
pub fn base_stock_cost(h: f64, p: f64, d: f64, fails: f64, recovers: f64, s: f64) -> f64 {
    let end = |n: i32| {
        let left = s - d * f64::from(n + 1);
        if left > 0.0 { h * left } else { -p * left }
    };
    let mut sum = recovers / (fails + recovers) * end(0);
    let mut share = fails * recovers / (fails + recovers);
    for n in 1..100_000 {
        sum += share * end(n);
        share *= 1.0 - recovers;
        if share < 1e-18 {
            break;
        }
    }
    sum
}

/// EOQ where an order of `Q` brings `Q + Y` (§9.4.1): `Y` has this mean and standard deviation.
pub fn additive_yield(k: f64, h: f64, rate: f64, mean: f64, sd: f64) -> Lot {
    let comes = (2.0 * k * rate / h + sd * sd).sqrt();
    Lot { quantity: comes - mean, cost: h * comes }
}

/// EOQ where an order of `Q` brings `Z·Q` (§9.4.2): `Z` has this mean and standard deviation.
pub fn multiplicative_yield(k: f64, h: f64, rate: f64, mean: f64, sd: f64) -> Lot {
    let square = mean * mean + sd * sd;
    Lot { quantity: (2.0 * k * rate / (h * square)).sqrt(), cost: (2.0 * k * rate * h * square).sqrt() / mean }
}
