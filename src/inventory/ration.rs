//! The best use of what is short: money, cubic metres, kilograms, kilograms of CO2e.
//!
//! Every item has a value for 0, 1, 2 … lots of it. Where there are few combinations worth keeping they are all kept, item by item, and the answer is exact
//! (dynamic programming over undominated states, Nemhauser & Ullmann 1969, *Management Science* 15(9)). Else the next lots of all items
//! are ranked by payoff per unit of what is short (Dantzig 1957, *Operations Research* 5(2)) on the concave hull of each item's values; what that
//! leaves is filled with what still fits. The loss against the exact answer is then at most the value of one step of one item.

/// What can be short: money, cubic metres, kilograms, kilograms of CO2e.
pub const RESOURCES: usize = 4;

/// States kept for the exact answer.
const MOST_STATES: usize = 4000;

/// What an item may get.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Value of 0, 1, 2 … lots, money; the first is 0.
    pub values: Vec<f64>,
    /// What 0, 1, 2 … lots use of each resource, rising; as long as `values`.
    pub uses: Vec<[f64; RESOURCES]>,
}

/// Lots for each item, within all limits (infinite: not short), of the greatest value found.
pub fn ration(wishes: &[Wish], limits: [f64; RESOURCES]) -> Vec<usize> {
    exact(wishes, limits).unwrap_or_else(|| ranked(wishes, limits))
}

fn fits(used: &[f64; RESOURCES], more: &[f64; RESOURCES], limits: &[f64; RESOURCES]) -> bool {
    (0..RESOURCES).all(|r| used[r] + more[r] <= limits[r] * (1.0 + 1e-12) + 1e-9)
}

/// A combination of lots of the items so far.
#[derive(Clone)]
struct State {
    used: [f64; RESOURCES],
    value: f64,
    /// Where it is from: the state before, and the lots of the newest item.
    before: usize,
    lots: usize,
}

/// `None` where too many combinations are worth keeping.
fn exact(wishes: &[Wish], limits: [f64; RESOURCES]) -> Option<Vec<usize>> {
    let mut levels: Vec<Vec<State>> = vec![vec![State { used: [0.0; RESOURCES], value: 0.0, before: 0, lots: 0 }]];
    for w in wishes {
        let last = levels.last()?;
        if last.len() * w.values.len() > 50 * MOST_STATES {
            return None;
        }
        let mut grown = Vec::with_capacity(last.len() * w.values.len());
        for (before, s) in last.iter().enumerate() {
            for (lots, (value, uses)) in w.values.iter().zip(&w.uses).enumerate() {
                if fits(&s.used, uses, &limits) {
                    let used = std::array::from_fn(|r| s.used[r] + uses[r]);
                    grown.push(State { used, value: s.value + value, before, lots });
                }
            }
        }
        // of equal value what uses less; a state that uses no less and is worth no more than another is not kept
        grown.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.used.partial_cmp(&b.used).unwrap_or(std::cmp::Ordering::Equal)));
        let mut kept: Vec<State> = Vec::new();
        for s in grown {
            let short = |r: &usize| limits[*r].is_finite();
            if !kept.iter().any(|k| (0..RESOURCES).filter(short).all(|r| k.used[r] <= s.used[r])) {
                kept.push(s);
                if kept.len() > MOST_STATES {
                    return None;
                }
            }
        }
        levels.push(kept);
    }
    let mut at = 0;
    let mut lots = vec![0; wishes.len()];
    for (i, level) in levels.iter().enumerate().skip(1).rev() {
        let s = level.get(at)?;
        lots[i - 1] = s.lots;
        at = s.before;
    }
    Some(lots)
}

/// The steps of an item's concave hull: from lots, to lots.
fn hull(values: &[f64]) -> Vec<(usize, usize)> {
    let mut corners: Vec<usize> = Vec::new();
    let slope = |a: usize, b: usize| (values[b] - values[a]) / (b - a) as f64;
    for k in 0..values.len() {
        while let [.., a, b] = corners.as_slice()
            && slope(*a, *b) <= slope(*b, k)
        {
            corners.pop();
        }
        corners.push(k);
    }
    corners.windows(2).map(|w| (w[0], w[1])).filter(|(a, b)| values[*b] > values[*a]).collect()
}

fn ranked(wishes: &[Wish], limits: [f64; RESOURCES]) -> Vec<usize> {
    // how much of what is short a step takes: the tightest counts
    let takes = |i: usize, a: usize, b: usize| -> f64 {
        let uses = &wishes[i].uses;
        (0..RESOURCES).filter(|r| limits[*r].is_finite()).map(|r| (uses[b][r] - uses[a][r]) / limits[r].max(1e-12)).fold(0.0, f64::max)
    };
    let mut steps: Vec<(f64, usize, usize, usize)> = Vec::new();
    for (i, w) in wishes.iter().enumerate() {
        for (a, b) in hull(&w.values) {
            let used = takes(i, a, b);
            steps.push((if used > 0.0 { (w.values[b] - w.values[a]) / used } else { f64::INFINITY }, i, a, b));
        }
    }
    steps.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| (x.1, x.2).cmp(&(y.1, y.2))));
    let mut lots = vec![0usize; wishes.len()];
    let mut used = [0.0; RESOURCES];
    for (_, i, _, b) in steps {
        let w = &wishes[i];
        let at = lots[i];
        // all of the step, or as much of it as fits and pays
        let better = (at + 1..=b).rev().find(|k| {
            let more = std::array::from_fn(|r| w.uses[*k][r] - w.uses[at][r]);
            w.values[*k] > w.values[at] && fits(&used, &more, &limits)
        });
        if let Some(k) = better {
            for (r, u) in used.iter_mut().enumerate() {
                *u += w.uses[k][r] - w.uses[at][r];
            }
            lots[i] = k;
        }
    }
    lots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Purpose, Stream};

    fn value(wishes: &[Wish], lots: &[usize]) -> f64 {
        wishes.iter().zip(lots).map(|(w, k)| w.values[*k]).sum()
    }

    fn brute(wishes: &[Wish], limits: &[f64; RESOURCES], used: [f64; RESOURCES]) -> f64 {
        let Some((w, rest)) = wishes.split_first() else { return 0.0 };
        let each = w.values.iter().zip(&w.uses).filter(|(_, u)| fits(&used, u, limits));
        each.map(|(v, u)| v + brute(rest, limits, std::array::from_fn(|r| used[r] + u[r]))).fold(f64::NEG_INFINITY, f64::max)
    }

    /// Small cases: as good as trying everything; the ranking alone is never above it and close to it.
    #[test]
    fn small_cases_are_exact() {
        let mut gap = 0.0;
        for case in 0..300u64 {
            let s = Stream::new(1, 2, Purpose::Synthetic, case);
            let items = 2 + (s.bits(0) % 4) as usize;
            let wishes: Vec<Wish> = (0..items as u64)
                .map(|i| {
                    let unit = |k: u64| s.unit(100 * i + k);
                    let n = 1 + (s.bits(100 * i + 1) % 5) as usize;
                    let (first, fall, cost, m3, kg) = (10.0 * unit(2), unit(3), 1.0 + 9.0 * unit(4), unit(5), 5.0 * unit(6));
                    // some are worth nothing below a few lots
                    let from = if unit(7) < 0.3 { 2 } else { 0 };
                    let values = (0..=n).scan(0.0, |sum, k| {
                        let value = *sum;
                        *sum += if k + 1 < from { 0.0 } else { first * fall.powi(k as i32) };
                        Some(value)
                    });
                    Wish { values: values.collect(), uses: (0..=n).map(|k| [cost, m3, kg, 0.3 * kg + m3].map(|x| x * k as f64)).collect() }
                })
                .collect();
            let limits = [
                5.0 + 40.0 * s.unit(90),
                if case % 3 == 0 { 2.0 * s.unit(91) } else { f64::INFINITY },
                f64::INFINITY,
                if case % 5 < 2 { 12.0 * s.unit(92) } else { f64::INFINITY },
            ];
            let best = brute(&wishes, &limits, [0.0; RESOURCES]);
            let got = value(&wishes, &ration(&wishes, limits));
            assert!((got - best).abs() <= 1e-9 * best.max(1.0), "case {case}: {got}, not {best}");
            let rough = value(&wishes, &ranked(&wishes, limits));
            let step = wishes.iter().flat_map(|w| hull(&w.values).into_iter().map(|(a, b)| w.values[b] - w.values[a])).fold(0.0, f64::max);
            assert!(rough <= best + 1e-9, "case {case}");
            if limits[1].is_infinite() && limits[3].is_infinite() {
                assert!(rough >= best - step - 1e-9, "case {case}: {rough} of {best}");
            }
            gap += (best - rough) / best.max(1e-9) / 300.0;
        }
        assert!(gap < 0.05, "the ranking loses {gap} on average");
    }

    /// Many items: the ranking, within all limits and near what a relaxation could reach.
    #[test]
    fn many_items_stay_within_the_limits() {
        let s = Stream::new(1, 2, Purpose::Synthetic, 9);
        let wishes: Vec<Wish> = (0..500u64)
            .map(|i| {
                let (first, cost) = (10.0 * s.unit(3 * i), 1.0 + 9.0 * s.unit(3 * i + 1));
                let values: Vec<f64> = (0..20).map(|k| first * (1.0 - 0.8f64.powi(k)) / 0.2).collect();
                Wish { values, uses: (0..20).map(|k| [cost * f64::from(k), 0.01 * f64::from(k), 0.0, 0.0]).collect() }
            })
            .collect();
        let limits = [4000.0, 50.0, f64::INFINITY, f64::INFINITY];
        let lots = ration(&wishes, limits);
        for (r, limit) in limits.iter().enumerate() {
            let used: f64 = wishes.iter().zip(&lots).map(|(w, k)| w.uses[*k][r]).sum();
            assert!(used <= limit + 1e-6, "resource {r}: {used}");
        }
        let used: f64 = wishes.iter().zip(&lots).map(|(w, k)| w.uses[*k][0]).sum();
        assert!(used > 3990.0, "{used} of the money is spent");
    }
}
