//! Joint replenishment: items that share the cost of an order (Silver, Pyke & Thomas 2017 §10.4; Silver 1976; Goyal 1974).

/// An item of the group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Cost of having it in an order, beside the shared cost.
    pub fixed: f64,
    /// Holding cost per unit and time.
    pub holding: f64,
    /// Demand rate.
    pub rate: f64,
}

/// Orders every `cycle`, item `i` in every `multiples[i]`-th of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Joint {
    /// Time between orders.
    pub cycle: f64,
    /// In every so manyth order, an item each.
    pub multiples: Vec<u32>,
    /// Units of an item in each order it is in.
    pub quantities: Vec<f64>,
    /// Ordering + holding per unit of time.
    pub cost: f64,
}

/// The best cycle for given multiples.
fn with(shared: f64, lines: &[Line], multiples: Vec<u32>) -> Joint {
    let fixed = shared + lines.iter().zip(&multiples).map(|(l, m)| l.fixed / f64::from(*m)).sum::<f64>();
    let held: f64 = lines.iter().zip(&multiples).map(|(l, m)| l.holding * l.rate * f64::from(*m)).sum();
    let cycle = (2.0 * fixed / held).sqrt();
    let quantities = lines.iter().zip(&multiples).map(|(l, m)| l.rate * cycle * f64::from(*m)).collect();
    Joint { cycle, multiples, quantities, cost: (2.0 * fixed * held).sqrt() }
}

/// Silver's heuristic: the item with the least `k/(h·λ)` is in every order, the others as often as their own ratio asks for. `None` without items or
/// with one that is never sold.
pub fn silver(shared: f64, lines: &[Line]) -> Option<Joint> {
    let ratio = |l: &Line| l.fixed / (l.holding * l.rate);
    if lines.iter().any(|l| l.holding * l.rate <= 0.0) {
        return None;
    }
    let base = lines.iter().min_by(|a, b| ratio(a).total_cmp(&ratio(b)))?;
    let scale = base.holding * base.rate / (shared + base.fixed);
    let multiples = lines.iter().map(|l| (ratio(l) * scale).sqrt().round().max(1.0) as u32).collect();
    Some(with(shared, lines, multiples))
}

/// The best multiples: for a cycle `T` the best multiple of an item is known (`m(m − 1) ≤ 2k/(hλT²) ≤ m(m + 1)`, Goyal 1974), so every cycle between the
/// shortest and the longest that can be best is tried where a multiple changes.
pub fn optimum(shared: f64, lines: &[Line]) -> Option<Joint> {
    let mut best = silver(shared, lines)?;
    // below this cycle, the shared cost alone is more than the best so far
    let least = shared / best.cost;
    let mut cycle = with(shared, lines, vec![1; lines.len()]).cycle;
    for _ in 0..100_000 {
        let multiples: Vec<u32> = lines
            .iter()
            .map(|l| {
                let x = 2.0 * l.fixed / (l.holding * l.rate * cycle * cycle);
                // the least m with m(m + 1) ≥ x
                ((-1.0 + (1.0 + 4.0 * x).sqrt()) / 2.0).ceil().max(1.0) as u32
            })
            .collect();
        // the next shorter cycle at which one of them grows
        let next =
            lines.iter().zip(&multiples).map(|(l, m)| (2.0 * l.fixed / (l.holding * l.rate * f64::from(*m) * f64::from(m + 1))).sqrt());
        let next = next.filter(|t| *t < cycle * (1.0 - 1e-12)).fold(0.0, f64::max);
        let tried = with(shared, lines, multiples);
        if tried.cost < best.cost {
            best = tried;
        }
        cycle = next * (1.0 - 1e-9);
        if cycle <= least || cycle <= 0.0 {
            break;
        }
    }
    Some(best)
}
