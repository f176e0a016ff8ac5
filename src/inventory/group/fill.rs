//! Filling an order up: to the least value a supplier accepts, or until its containers are full.
//!
//! What is added is what is best had early: the pack whose stock is held the shortest and cheapest per unit of what is missing. A unit put on a position
//! `x` above the reorder point `s` waits about `(x − s)/λ` periods, at `h` each.

use super::run::Member;

/// What becomes of an order below the least value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Below {
    /// It is filled up with what is best had early.
    #[default]
    Fill,
    /// It waits until enough has come together.
    Wait,
}

/// What a supplier asks of an order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Cost of an order, however many lines it has.
    pub shared: f64,
    /// Least value of an order at cost, money; 0: none.
    pub minimum_value: f64,
    /// What becomes of an order below it.
    pub below: Below,
    /// Kilograms and cubic metres that a container takes, where an order is to fill whole ones; infinite where one of them is no limit.
    pub container: Option<[f64; 2]>,
}

impl Terms {
    /// Only a shared cost.
    pub const fn new(shared: f64) -> Self {
        Self { shared, minimum_value: 0.0, below: Below::Fill, container: None }
    }
}

/// In how many parts what is missing is added at most: the next part is of what is still missing then.
const PARTS: f64 = 8.0;
/// The smallest part where any quantity can be ordered, as a share of the whole.
const FINEST: f64 = 1.0 / 64.0;

/// What an item may be ordered up from: its reorder point and position.
pub(super) struct Room<'a> {
    pub members: &'a [Member<'a>],
    /// The reorder point of each item where it is reviewed, else `None`.
    pub from: &'a [Option<f64>],
    pub position: &'a [f64],
}

impl Room<'_> {
    /// The cheapest next part of an item: `uses[i]` per unit is what is missing, `fits` says whether so many more units of an item may come.
    fn next(
        &self,
        missing: f64,
        uses: &dyn Fn(usize) -> f64,
        whole: f64,
        q: &[f64],
        fits: &dyn Fn(usize, f64) -> bool,
    ) -> Option<(usize, f64)> {
        let mut best: Option<(f64, usize, f64)> = None;
        for (i, m) in self.members.iter().enumerate() {
            let (Some(s), Some(position), Some(ordered)) = (self.from.get(i).copied().flatten(), self.position.get(i), q.get(i)) else {
                continue;
            };
            let used = uses(i);
            if used <= 0.0 || m.rate <= 0.0 {
                continue;
            }
            let pack = f64::from(m.compiled.pack);
            let smallest = if pack > 0.0 {
                pack
            } else if m.world.setup.whole {
                1.0
            } else {
                (FINEST * whole / used).max(1e-9)
            };
            let mut part = smallest * (missing / (used * smallest * PARTS)).floor().max(1.0);
            if *ordered <= 0.0 {
                part = f64::from(m.compiled.accepted(part as f32));
            }
            if !fits(i, part) {
                part = if *ordered > 0.0 { smallest } else { f64::from(m.compiled.accepted(smallest as f32)) };
                if !fits(i, part) {
                    continue;
                }
            }
            let waits = ((position + ordered + part / 2.0 - s) / m.rate).max(0.0);
            let costs = m.world.item.costs.holding * waits / used;
            if best.is_none_or(|(least, ..)| costs < least) {
                best = Some((costs, i, part));
            }
        }
        best.map(|(_, i, part)| (i, part))
    }

    /// Fills `q` up as the terms ask; `false`: the order does not go out.
    pub fn reach(&self, terms: &Terms, q: &mut [f64]) -> bool {
        let cost = |i: usize| self.members.get(i).map_or(0.0, |m| m.world.item.costs.unit);
        if terms.minimum_value > 0.0 {
            let mut value: f64 = q.iter().enumerate().map(|(i, q)| q * cost(i)).sum();
            if value < terms.minimum_value - 1e-9 && terms.below == Below::Wait {
                return false;
            }
            while value < terms.minimum_value - 1e-9 {
                let Some((i, part)) = self.next(terms.minimum_value - value, &cost, terms.minimum_value, q, &|_, _| true) else {
                    // nothing that could fill it
                    return false;
                };
                if let Some(q) = q.get_mut(i) {
                    *q += part;
                }
                value += part * cost(i);
            }
        }
        if let Some(container) = terms.container {
            let share =
                |i: usize| -> [f64; 2] { self.members.get(i).map_or([0.0; 2], |m| std::array::from_fn(|r| m.size[r] / container[r])) };
            let mut load = [0.0f64; 2];
            for (i, q) in q.iter().enumerate() {
                let s = share(i);
                (load[0], load[1]) = (load[0] + q * s[0], load[1] + q * s[1]);
            }
            let tightest = |load: &[f64; 2]| load[0].max(load[1]);
            let whole = (tightest(&load) - 1e-6).ceil();
            let most = |i: usize| {
                let s = share(i);
                s[0].max(s[1])
            };
            while tightest(&load) < whole - 1e-6 {
                let fits = |i: usize, part: f64| {
                    let s = share(i);
                    (0..2).all(|r| load[r] + part * s[r] <= whole + 1e-9)
                };
                let Some((i, part)) = self.next(whole - tightest(&load), &most, 1.0, q, &fits) else { break };
                if let Some(q) = q.get_mut(i) {
                    *q += part;
                }
                let s = share(i);
                (load[0], load[1]) = (load[0] + part * s[0], load[1] + part * s[1]);
            }
        }
        true
    }
}
