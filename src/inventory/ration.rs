//! The best use of what is short: money, cubic metres, kilograms, kilograms of CO2e.
//!
//! Every item has a value for 0, 1, 2 … lots of it. The next lots of all items are ranked by payoff per unit of what is short (Dantzig 1957, *Operations
//! Research* 5(2)) on the concave hull of each item's values, and what that leaves is filled with what still fits; the loss against the exact answer is at most the
//! value of one step of one item. The price of what is short at which the ranking stops bounds every other answer from above (Lagrange; Geoffrion 1974, *Mathematical
//! Programming Study* 2), so that most lots of most items can be ruled out; where few enough combinations of the others are worth keeping they are all
//! kept, item by item, and the answer is exact (dynamic programming over undominated states, Nemhauser & Ullmann 1969, *Management Science* 15(9)).

/// What can be short: money, cubic metres, kilograms, kilograms of CO2e.
pub const RESOURCES: usize = 4;

/// States kept for the exact answer.
const MOST_STATES: usize = 4000;

/// States looked at for it, so that a slider can ask: some 30 ms.
const MOST_WORK: usize = 600_000;

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
    let all: Vec<usize> = wishes.iter().map(best).collect();
    if fits(&used(wishes, &all), &[0.0; RESOURCES], &limits) {
        return all;
    }
    let (lots, price) = ranked(wishes, limits);
    exact(wishes, limits, &lots, &price).unwrap_or(lots)
}

/// As [`ration`] without looking for the exact answer: the loss is at most the value of one step of one item.
pub fn ration_roughly(wishes: &[Wish], limits: [f64; RESOURCES]) -> Vec<usize> {
    let all: Vec<usize> = wishes.iter().map(best).collect();
    if fits(&used(wishes, &all), &[0.0; RESOURCES], &limits) { all } else { ranked(wishes, limits).0 }
}

/// What each resource's next unit is worth where the ranking stops, and so what more of it would save; 0 where it is not short.
pub fn price(wishes: &[Wish], limits: [f64; RESOURCES]) -> [f64; RESOURCES] {
    let all: Vec<usize> = wishes.iter().map(best).collect();
    if fits(&used(wishes, &all), &[0.0; RESOURCES], &limits) { [0.0; RESOURCES] } else { ranked(wishes, limits).1 }
}

/// The fewest lots of the greatest value.
fn best(w: &Wish) -> usize {
    (0..w.values.len()).fold(0, |b, k| if w.values[k] > w.values[b] { k } else { b })
}

fn used(wishes: &[Wish], lots: &[usize]) -> [f64; RESOURCES] {
    wishes.iter().zip(lots).fold([0.0; RESOURCES], |sum, (w, k)| std::array::from_fn(|r| sum[r] + w.uses[*k][r]))
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

/// `None` where nothing is better than `known`, or too many combinations are worth keeping. `price` of what is short: any one gives a right answer, that of the
/// ranking a quick one.
fn exact(wishes: &[Wish], limits: [f64; RESOURCES], known: &[usize], price: &[f64; RESOURCES]) -> Option<Vec<usize>> {
    let cost = |u: &[f64; RESOURCES]| (0..RESOURCES).map(|r| if price[r] > 0.0 { price[r] * u[r] } else { 0.0 }).sum::<f64>();
    let net = |w: &Wish, k: usize| w.values[k] - cost(&w.uses[k]);
    // no answer is worth more than each item's best net of what it uses, and what the limits are worth
    let tops: Vec<f64> = wishes.iter().map(|w| (0..w.values.len()).map(|k| net(w, k)).fold(f64::NEG_INFINITY, f64::max)).collect();
    let bound = cost(&limits.map(|l| if l.is_finite() { l } else { 0.0 })) + tops.iter().sum::<f64>();
    let reached: f64 = wishes.iter().zip(known).map(|(w, k)| w.values[*k]).sum();
    let slack = bound - reached - 1e-12 * bound.abs();
    if slack <= 0.0 {
        return None;
    }
    // lots that leave less than is reached already are out; items with one number of lots left first, since they make no states
    let options: Vec<Vec<(usize, f64)>> = wishes
        .iter()
        .zip(&tops)
        .map(|(w, top)| (0..w.values.len()).map(|k| (k, top - net(w, k))).filter(|(_, lost)| *lost < slack).collect())
        .collect();
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|i| (options[*i].len(), *i));
    let short: Vec<usize> = (0..RESOURCES).filter(|r| limits[*r].is_finite()).collect();
    // (state, what it has lost against the bound)
    let mut levels: Vec<Vec<(State, f64)>> = vec![vec![(State { used: [0.0; RESOURCES], value: 0.0, before: 0, lots: 0 }, 0.0)]];
    let mut work = 0;
    for i in &order {
        let (w, last) = (&wishes[*i], levels.last()?);
        work += last.len() * options[*i].len();
        if work > MOST_WORK {
            return None;
        }
        let mut grown = Vec::with_capacity(last.len() * options[*i].len());
        for (before, (s, so_far)) in last.iter().enumerate() {
            for (lots, lost) in &options[*i] {
                if so_far + lost < slack && fits(&s.used, &w.uses[*lots], &limits) {
                    let used = std::array::from_fn(|r| s.used[r] + w.uses[*lots][r]);
                    grown.push((State { used, value: s.value + w.values[*lots], before, lots: *lots }, so_far + lost));
                }
            }
        }
        // of equal value what uses less; a state that uses no less and is worth no more than another is not kept
        grown.sort_by(|(a, _), (b, _)| {
            b.value.total_cmp(&a.value).then_with(|| a.used.partial_cmp(&b.used).unwrap_or(std::cmp::Ordering::Equal))
        });
        let mut kept: Vec<(State, f64)> = Vec::new();
        let mut least = f64::INFINITY;
        for s in grown {
            let dominated = match short.as_slice() {
                [r] => least <= s.0.used[*r],
                many => kept.iter().any(|(k, _)| many.iter().all(|r| k.used[*r] <= s.0.used[*r])),
            };
            if !dominated {
                if let [r] = short.as_slice() {
                    least = s.0.used[*r];
                }
                kept.push(s);
                if kept.len() > MOST_STATES {
                    return None;
                }
            }
        }
        levels.push(kept);
    }
    // the first of the last level is worth most, where any is left
    let mut at = 0;
    let mut lots = vec![0; wishes.len()];
    for (i, level) in order.iter().zip(levels.iter().skip(1)).rev() {
        let (s, _) = level.get(at)?;
        lots[*i] = s.lots;
        at = s.before;
    }
    let found: f64 = wishes.iter().zip(&lots).map(|(w, k)| w.values[*k]).sum();
    (found > reached).then_some(lots)
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

/// Lots by payoff per unit of what is short, and what a unit of each resource is worth at the first step that does not fit.
fn ranked(wishes: &[Wish], limits: [f64; RESOURCES]) -> (Vec<usize>, [f64; RESOURCES]) {
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
    let mut price = [0.0; RESOURCES];
    for (ratio, i, _, b) in steps {
        let w = &wishes[i];
        let at = lots[i];
        // all of the step, or as much of it as fits and pays
        let better = (at + 1..=b).rev().find(|k| {
            let more = std::array::from_fn(|r| w.uses[*k][r] - w.uses[at][r]);
            w.values[*k] > w.values[at] && fits(&used, &more, &limits)
        });
        if better != Some(b) && price == [0.0; RESOURCES] && ratio.is_finite() {
            // the payoff of this step, put on the resource that it lacks
            let lacks = |r: &usize| limits[*r].is_finite() && used[*r] + w.uses[b][*r] - w.uses[at][*r] > limits[*r];
            if let Some(r) = (0..RESOURCES).find(lacks) {
                let more = w.uses[b][r] - w.uses[at][r];
                price[r] = (w.values[b] - w.values[at]) / more.max(1e-12);
            }
        }
        if let Some(k) = better {
            for (r, u) in used.iter_mut().enumerate() {
                *u += w.uses[k][r] - w.uses[at][r];
            }
            lots[i] = k;
        }
    }
    (lots, price)
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
            let rough = value(&wishes, &ranked(&wishes, limits).0);
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
