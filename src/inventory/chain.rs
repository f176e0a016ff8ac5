//! What a pair of levels costs in the long run where unmet demand is lost: sampled near futures, one after another, as one long chain
//! of periods through which the pair is simulated.
//!
//! Sums of demand over the risk overstate what a level has to cover: what found no stock in the first of these periods is gone and asks for
//! nothing in the others (Zipkin 2008, *Old and New Methods for Lost-Sales Inventory Systems*). And where demand is rare or uneven, stock that was
//! too much stays for longer than the review that its holding is weighed against. A simulation counts both.

use super::item::UnitCosts;

/// Periods that a chain has, as far as the sampled futures reach.
const PERIODS: usize = 2048;
/// Fewest futures in it: those of long lead times make a longer chain.
const LEAST_FUTURES: usize = 96;

/// Periods of demand, and how long an order placed in each takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Chain {
    demand: Vec<f64>,
    leads: Vec<usize>,
    /// Periods of one future.
    steps: usize,
    /// Only whole units are asked for.
    whole: bool,
}

impl Chain {
    /// Of futures of so many periods each.
    pub fn new(steps: usize) -> Self {
        Self { steps: steps.max(1), whole: true, ..Self::default() }
    }

    /// Whether another future adds anything.
    pub fn is_full(&self) -> bool {
        self.demand.len() >= PERIODS.max(LEAST_FUTURES * self.steps)
    }

    /// Adds the next period of a future; `lead`: periods until an order placed at its start is there.
    pub fn push(&mut self, demand: f64, lead: usize) {
        self.whole &= demand.fract() == 0.0;
        self.demand.push(demand);
        self.leads.push(lead);
    }

    /// A level as it would be used: in whole units where demand is.
    pub fn usable(&self, level: f64) -> f64 {
        if self.whole { (level - 1e-9).ceil() } else { level }
    }

    /// Money a period, of ordering up to `s + above` at every `review`-th period in which the position is at `s` or below. The first two
    /// futures are not counted.
    pub fn cost(&self, s: f64, above: f64, review: usize, c: &UnitCosts) -> f64 {
        let longest = self.leads.iter().copied().max().unwrap_or(0);
        let mut coming = vec![0.0f64; longest + 1];
        let (mut slot, mut until_review) = (0usize, 0usize);
        let (mut on_hand, mut on_order) = (s + above, 0.0);
        let warm_up = (2 * self.steps).min(self.demand.len() / 2);
        let (mut held, mut lost, mut orders) = (0.0, 0.0, 0.0);
        for (t, (d, lead)) in self.demand.iter().zip(&self.leads).enumerate() {
            let counted = f64::from(u8::from(t >= warm_up));
            if until_review == 0 {
                until_review = review.max(1);
                let position = on_hand + on_order;
                if position <= s && s + above > position {
                    let q = s + above - position;
                    let mut at = slot + lead;
                    if at > longest {
                        at -= longest + 1;
                    }
                    if let Some(x) = coming.get_mut(at) {
                        *x += q;
                    }
                    on_order += q;
                    orders += counted;
                }
            }
            until_review -= 1;
            if let Some(x) = coming.get_mut(slot) {
                on_hand += *x;
                on_order -= *x;
                *x = 0.0;
            }
            slot = if slot == longest { 0 } else { slot + 1 };
            let sold = d.min(on_hand);
            on_hand -= sold;
            held += counted * on_hand;
            lost += counted * (d - sold);
        }
        (c.holding * held + c.shortage * lost + c.order * orders) / (self.demand.len() - warm_up).max(1) as f64
    }

    /// The trigger of least cost among these, ascending, at a distance `above` to the level: a coarse look, then a fine one around its best.
    pub fn best(&self, triggers: &[f64], above: f64, review: usize, c: &UnitCosts) -> Option<f64> {
        let above = if self.whole { above.round() } else { above };
        let mut known: Vec<Option<f64>> = vec![None; triggers.len()];
        let mut last: Option<(f64, f64)> = None;
        let mut look = |i: usize, known: &mut Vec<Option<f64>>| {
            let (Some(s), Some(slot)) = (triggers.get(i).map(|s| self.usable(*s)), known.get_mut(i)) else { return };
            if slot.is_none() {
                // neighbours are often the same whole level
                let cost = match last {
                    Some((level, cost)) if level == s => cost,
                    _ => self.cost(s, above, review, c),
                };
                last = Some((s, cost));
                *slot = Some(cost);
            }
        };
        (0..triggers.len()).step_by(3).for_each(|i| look(i, &mut known));
        let least = |known: &[Option<f64>]| {
            let seen = known.iter().enumerate().filter_map(|(i, c)| c.map(|c| (i, c)));
            seen.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
        };
        let coarse = least(&known)?;
        (coarse.saturating_sub(2)..=coarse + 2).for_each(|i| look(i, &mut known));
        least(&known).and_then(|i| triggers.get(i)).map(|s| self.usable(*s))
    }
}
