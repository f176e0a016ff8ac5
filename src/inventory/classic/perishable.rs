//! Perishables with lost sales and a lead time: the optimal order for every state of ages, by value iteration (De Moor, Gijsbrechts & Boute 2022, *European
//! Journal of Operational Research* 301(2); the algorithm in Puterman 1994 §6.3).
//!
//! A period: demand takes units by age, what is left of the oldest is thrown away, the rest is held, and the order placed `lead` periods ago (with `lead = 1`
//! the one of this period) comes in as the freshest.

/// One perishable item.
#[derive(Debug, Clone, Copy)]
pub struct Perishable<'a> {
    /// Probabilities of 0, 1, 2 … units asked for in a period.
    pub pmf: &'a [f64],
    /// Periods in which a unit can be sold.
    pub life: usize,
    /// Periods from an order to its receipt, at least 1.
    pub lead: usize,
    /// Money per unit ordered, held at a period's end, lost, and thrown away.
    pub order: f64,
    /// See `order`.
    pub holding: f64,
    /// See `order`.
    pub shortage: f64,
    /// See `order`.
    pub waste: f64,
    /// The freshest units are sold first.
    pub freshest_first: bool,
    /// Most units of one order.
    pub most: usize,
}

/// An order for every state.
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// Units to order by state; a state's number has its digits in base `most + 1`: orders on their way, newest first, then stock, freshest first.
    pub orders: Vec<usize>,
    /// Long-run cost a period of these orders.
    pub average_cost: f64,
}

/// States beyond this are refused.
const MOST_STATES: usize = 50_000;

impl Perishable<'_> {
    fn digits(&self) -> usize {
        self.lead.max(1) - 1 + self.life.max(1)
    }

    /// What a demand makes of a state before the order comes in: the cost, and the number of the next state with nothing ordered.
    fn after(&self, mut state: usize, demand: usize) -> (f64, usize) {
        let (base, n, way) = (self.most + 1, self.digits(), self.lead.max(1) - 1);
        let mut x = vec![0usize; n];
        for d in x.iter_mut().rev() {
            *d = state % base;
            state /= base;
        }
        let stock = x.get_mut(way..).unwrap_or_default();
        let mut wanted = demand;
        let mut take = |units: &mut usize| {
            let part = (*units).min(wanted);
            *units -= part;
            wanted -= part;
        };
        if self.freshest_first {
            stock.iter_mut().for_each(&mut take)
        } else {
            stock.iter_mut().rev().for_each(&mut take)
        }
        let (old, kept) = stock.split_last().map_or((0, &[][..]), |(o, k)| (*o, k));
        let cost = self.shortage * wanted as f64 + self.waste * old as f64 + self.holding * kept.iter().sum::<usize>() as f64;
        // everything moves on by one place; the first is where the order goes
        let next = x.iter().take(n - 1).fold(0, |number, d| number * base + d);
        (cost, next)
    }

    /// The weight of the first digit: what one ordered unit adds to a state's number.
    fn unit(&self) -> Option<usize> {
        (self.most + 1).checked_pow(u32::try_from(self.digits()).ok()? - 1)
    }

    /// Cost and next states of every state, a demand each.
    fn table(&self) -> Option<Vec<Vec<(f64, usize)>>> {
        let states = self.unit()?.checked_mul(self.most + 1).filter(|s| *s <= MOST_STATES && !self.pmf.is_empty())?;
        Some((0..states).map(|s| (0..self.pmf.len()).map(|d| self.after(s, d)).collect()).collect())
    }

    /// The orders of least cost discounted by `discount` a period, and what they cost in the long run. `None`: too many states.
    pub fn optimum(&self, discount: f64) -> Option<Solution> {
        let (table, unit) = (self.table()?, self.unit()?);
        let mut value = vec![0.0; table.len()];
        let mut orders = vec![0; table.len()];
        for _ in 0..20_000 {
            // the cost of an order depends on the state only by what the demand leaves
            let mut change = (f64::INFINITY, f64::NEG_INFINITY);
            let next: Vec<(f64, usize)> = table
                .iter()
                .map(|row| {
                    let now: f64 = row.iter().zip(self.pmf).map(|((cost, _), p)| p * cost).sum();
                    let of = |q: usize| -> f64 {
                        let ahead: f64 =
                            row.iter().zip(self.pmf).map(|((_, next), p)| p * value.get(next + q * unit).copied().unwrap_or(0.0)).sum();
                        self.order * q as f64 + discount * ahead
                    };
                    let best = (0..=self.most).map(|q| (of(q), q)).fold((f64::INFINITY, 0), |a, b| if b.0 < a.0 - 1e-12 { b } else { a });
                    (now + best.0, best.1)
                })
                .collect();
            for ((new, q), (old, order)) in next.iter().zip(value.iter_mut().zip(orders.iter_mut())) {
                change = (change.0.min(new - *old), change.1.max(new - *old));
                *old = *new;
                *order = *q;
            }
            if change.1 - change.0 < 1e-7 {
                break;
            }
        }
        let average_cost = self.average(&table, unit, &orders);
        Some(Solution { orders, average_cost })
    }

    /// Long-run cost a period of ordering up to `level` units, on the shelf and on their way, at most [`Perishable::most`] at once. `None`: too many states.
    pub fn base_stock(&self, level: usize) -> Option<f64> {
        let (table, unit) = (self.table()?, self.unit()?);
        let base = self.most + 1;
        let total = |mut s: usize| {
            let mut sum = 0;
            while s > 0 {
                sum += s % base;
                s /= base;
            }
            sum
        };
        let orders: Vec<usize> = (0..table.len()).map(|s| level.saturating_sub(total(s)).min(self.most)).collect();
        Some(self.average(&table, unit, &orders))
    }

    /// By the stationary distribution, from an empty shelf.
    fn average(&self, table: &[Vec<(f64, usize)>], unit: usize, orders: &[usize]) -> f64 {
        let mut share = vec![0.0; table.len()];
        share[0] = 1.0;
        let mut last = f64::NAN;
        for round in 0..5000 {
            let mut next = vec![0.0; table.len()];
            let mut cost = 0.0;
            for ((row, weight), q) in table.iter().zip(&share).zip(orders) {
                if *weight < 1e-16 {
                    continue;
                }
                cost += weight * self.order * *q as f64;
                for ((now, to), p) in row.iter().zip(self.pmf) {
                    cost += weight * p * now;
                    if let Some(x) = next.get_mut(to + q * unit) {
                        *x += weight * p;
                    }
                }
            }
            // orders may alternate: half a step at a time settles on the mean
            share.iter_mut().zip(next).for_each(|(x, new)| *x = 0.5 * (*x + new));
            if round > 50 && (cost - last).abs() < 1e-10 * cost.abs() {
                return cost;
            }
            last = cost;
        }
        last
    }
}
