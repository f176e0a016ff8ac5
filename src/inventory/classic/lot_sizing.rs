//! Lots for known demand that varies (Wagner & Whitin 1958; Snyder & Shen 2019 §3.7.3).

/// When to order how much, and the total cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Units ordered in each period.
    pub quantities: Vec<f64>,
    /// Ordering + holding + purchases.
    pub cost: f64,
}

/// Least-cost lots: `order[t]` per order, `holding[t]` per unit left at the end of period `t`, `unit[t]` per unit bought. Slices
/// shorter than `demand` repeat their last value; an empty one counts as 0.
pub fn wagner_whitin(demand: &[f64], order: &[f64], holding: &[f64], unit: &[f64]) -> Schedule {
    let at = |v: &[f64], t: usize| v.get(t).or(v.last()).copied().unwrap_or(0.0);
    let n = demand.len();
    // least[t]: cost of periods t.. with no stock at the start; until[t]: the first period the order in t does not serve
    let mut least = vec![0.0; n + 1];
    let mut until = vec![n; n];
    for t in (0..n).rev() {
        least[t] = f64::INFINITY;
        let (mut carried, mut per_unit) = (0.0, at(unit, t));
        for (k, d) in demand.iter().enumerate().skip(t) {
            carried += per_unit * d;
            per_unit += at(holding, k);
            let cost = at(order, t) + carried + least[k + 1];
            if cost < least[t] {
                least[t] = cost;
                until[t] = k + 1;
            }
        }
    }
    let mut quantities = vec![0.0; n];
    let mut t = 0;
    while t < n {
        quantities[t] = demand[t..until[t]].iter().sum();
        t = until[t];
    }
    Schedule { quantities, cost: least[0] }
}
