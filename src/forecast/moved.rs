//! A [`PathModel`] whose means at some steps are what somebody said, its shape kept.

use super::path::{Marginal, PathModel, Step};
use std::collections::HashMap;

/// Steps beyond which nothing is unrolled: a plan's longest horizon.
const MOST_STEPS: usize = 40_000;

impl PathModel {
    /// The same demand with other means: `(step, mean)` pairs, steps from 0 in any order, the last word on a step counting; means are
    /// in units a period, finite and at least 0 (others are passed over).
    ///
    /// Each step's distribution is stretched about zero: its coefficient of variation, the dependence between steps and whole units stay.
    /// Whole units are kept as [`PathModel::scaled`] keeps them; where rounding would move a mean, the stretch is corrected until the mean is
    /// met. A step that had no demand at all gets Poisson demand, the spread of independent customers. Steps that repeat beyond the
    /// last one said stay as they were.
    #[must_use]
    pub fn with_means(&self, said: &[(usize, f64)]) -> Self {
        let usable = || said.iter().filter(|(t, m)| *t < MOST_STEPS && m.is_finite() && *m >= 0.0);
        let Some(last) = usable().map(|(t, _)| *t).max() else { return self.clone() };
        if self.steps.is_empty() || self.cycle == 0 || self.cycle > self.steps.len() {
            return self.clone();
        }
        let mut out = self.clone();
        // what repeats stays as it is: its first round is written out as far as somebody spoke of it
        if last >= self.steps.len() - self.cycle {
            out.steps = (0..=last + self.cycle).filter_map(|t| self.step(t).copied()).collect();
        }
        let mut made: HashMap<(u32, u64), u32> = HashMap::new();
        for (t, mean) in usable() {
            if let Some(step) = self.step(*t).map(|s| self.moved(*t, s, *mean, &mut out.marginals, &mut made))
                && let Some(place) = out.steps.get_mut(*t)
            {
                *place = step;
            }
        }
        out
    }

    fn moved(&self, t: usize, step: &Step, mean: f64, marginals: &mut Vec<Marginal>, made: &mut HashMap<(u32, u64), u32>) -> Step {
        let now = self.mean(t);
        if (mean - now).abs() <= 1e-12 * now.abs() {
            return *step;
        }
        if mean == 0.0 {
            return Step { shift: 0.0, scale: 0.0, ..*step };
        }
        let mut add = |m: Marginal| {
            marginals.push(m);
            u32::try_from(marginals.len() - 1).unwrap_or(step.marginal)
        };
        // hardly any demand has no shape to keep
        if now <= 1e-9 {
            let fresh = Self::poisson(mean).ok().and_then(|p| p.marginals.into_iter().next());
            return match fresh {
                Some(m) => Step { marginal: add(m), shift: 0.0, scale: 1.0 },
                None => Step { marginal: add(Marginal::Discrete { values: vec![mean], cdf: vec![1.0] }), shift: 0.0, scale: 1.0 },
            };
        }
        let own = self.marginals.get(step.marginal as usize);
        if self.integer && step.shift == 0.0 && step.scale == 1.0 && matches!(own, Some(Marginal::Discrete { .. })) {
            let factor = mean / now;
            let marginal = *made.entry((step.marginal, factor.to_bits())).or_insert_with(|| {
                let one = Self {
                    marginals: own.cloned().into_iter().collect(),
                    steps: vec![Step { marginal: 0, ..*step }],
                    cycle: 1,
                    ..self.clone()
                };
                one.scaled(factor).marginals.into_iter().next().map_or(step.marginal, &mut add)
            });
            return Step { marginal, ..*step };
        }
        let with = |f: f64| Step { shift: step.shift * f, scale: step.scale * f, ..*step };
        let mut one =
            Self { marginals: own.cloned().into_iter().collect(), steps: vec![Step { marginal: 0, ..*step }], cycle: 1, ..self.clone() };
        let mut at = |f: f64| {
            one.steps = vec![Step { marginal: 0, ..with(f) }];
            one.mean(0)
        };
        let mut factor = mean / now;
        if self.integer {
            // the mean grows with the stretch: halve the interval in which it passes what was said
            let (mut low, mut high) = (factor, factor);
            for _ in 0..60 {
                if at(low) <= mean {
                    break;
                }
                low *= 0.5;
            }
            for _ in 0..60 {
                if at(high) >= mean {
                    break;
                }
                high *= 2.0;
            }
            for _ in 0..80 {
                factor = 0.5 * (low + high);
                if at(factor) < mean { low = factor } else { high = factor }
            }
        }
        with(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(64))]

        /// The mean is what was said, whole units stay whole, and every other step is what it was.
        #[test]
        fn means_are_met(kind in 0usize..4, mean in 0.2..300.0f64, at in 0usize..9, to in 0.3..900.0f64, cycle in 1usize..4) {
            let mut m = match kind {
                0 => PathModel::poisson(mean),
                1 => PathModel::negative_binomial(mean, (3.0 * mean).sqrt() + mean / 2.0 + 1.0),
                2 => PathModel::gamma(mean, mean / 2.0),
                _ => PathModel::normal(mean, mean / 3.0),
            }.unwrap();
            m.steps = vec![m.steps[0]; 5];
            m.cycle = cycle;
            if kind == 2 { m.integer = true; m.non_negative = true; }
            for (i, s) in m.steps.iter_mut().enumerate() {
                if kind > 1 { s.scale = 1.0 + i as f64 / 10.0; }
            }
            let moved = m.with_means(&[(at, to)]);
            moved.validate().unwrap();
            // rounded quantile tables have a mean in small steps
            let near = if kind == 2 { 0.05 } else { 1e-6 * to.max(1.0) };
            prop_assert!((moved.mean(at) - to).abs() < near, "{} for {to}", moved.mean(at));
            for t in (0..30).filter(|t| *t != at) {
                prop_assert_eq!(moved.mean(t), m.mean(t));
                prop_assert_eq!(moved.quantile(t, 0.9), m.quantile(t, 0.9));
            }
            for p in [0.05, 0.5, 0.95] {
                if m.integer { prop_assert_eq!(moved.quantile(at, p).fract(), 0.0); }
                if to > mean * 1.5 { prop_assert!(moved.quantile(at, p) >= m.quantile(at, p)); }
            }
        }
    }

    #[test]
    fn nothing_becomes_something_and_back() {
        let none = PathModel::poisson(0.0).unwrap();
        let some = none.with_means(&[(2, 7.0)]);
        assert_eq!((some.mean(1), some.mean(3)), (0.0, 0.0));
        assert!((some.mean(2) - 7.0).abs() < 1e-9 && some.quantile(2, 0.99) > 12.0);
        assert_eq!(some.with_means(&[(2, 0.0)]).quantile(2, 0.999), 0.0);
        // what cannot be is passed over
        assert_eq!(none.with_means(&[(0, f64::NAN), (1, -1.0), (usize::MAX, 1.0)]), none);
    }
}
