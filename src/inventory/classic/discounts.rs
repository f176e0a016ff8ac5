//! Economic lots under price breaks (Snyder & Shen 2019 §3.4): all-units and incremental.

/// A lot under price breaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Priced {
    /// Units per order.
    pub quantity: f64,
    /// Index of the price that applies.
    pub region: usize,
    /// Purchases + ordering + holding per unit of time.
    pub cost: f64,
}

/// The price of region `j` applies from `breaks[j]` on, to every unit. `rate_of_holding` is per unit of value and time. `None` without
/// regions.
pub fn all_units(k: f64, rate_of_holding: f64, rate: f64, breaks: &[f64], prices: &[f64]) -> Option<Priced> {
    let candidate = |j: usize| {
        let (c, from) = (*prices.get(j)?, *breaks.get(j)?);
        let h = rate_of_holding * c;
        let free = super::eoq::eoq(k, h, rate).quantity;
        let upto = breaks.get(j + 1).copied().unwrap_or(f64::INFINITY);
        // a lot above its region is bettered by the next, cheaper one
        let quantity = if free >= upto { return None } else { free.max(from) };
        Some(Priced { quantity, region: j, cost: c * rate + super::eoq::cost(k, h, rate, quantity) })
    };
    (0..breaks.len()).filter_map(candidate).min_by(|a, b| a.cost.total_cmp(&b.cost))
}

/// The price of region `j` applies only to the units above `breaks[j]`.
pub fn incremental(k: f64, rate_of_holding: f64, rate: f64, breaks: &[f64], prices: &[f64]) -> Option<Priced> {
    let candidate = |j: usize| {
        let (c, from) = (*prices.get(j)?, *breaks.get(j)?);
        // what the units below the region cost more than at its price
        let above: f64 = breaks.windows(2).zip(prices).take(j).map(|(b, p)| p * (b[1] - b[0])).sum::<f64>() - c * from;
        let h = rate_of_holding * c;
        let quantity = (2.0 * (k + above) * rate / h).sqrt();
        let upto = breaks.get(j + 1).copied().unwrap_or(f64::INFINITY);
        if quantity < from || quantity >= upto {
            return None;
        }
        let cost = c * rate + (k + above) * rate / quantity + 0.5 * rate_of_holding * above + 0.5 * h * quantity;
        Some(Priced { quantity, region: j, cost })
    };
    (0..breaks.len()).filter_map(candidate).min_by(|a, b| a.cost.total_cmp(&b.cost))
}
