//! How long supply takes: a distribution over whole periods, drawn by counter for the period of the order.

use crate::base::Diagnostic;
use crate::forecast::fill::Guide;
use crate::forecast::path::Marginal;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Gamma};

/// Lead times above this many periods are refused.
pub const LONGEST: usize = 4096;

/// A lead time: probabilities of whole periods `L`. An order placed at the end of `t` is available at the start of `t + L + 1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeadTime {
    /// Whole periods, ascending.
    pub values: Vec<usize>,
    /// Their probabilities, same length, summing to 1.
    pub weights: Vec<f64>,
    /// Whether a later order may arrive before an earlier one (independent draws); if not, it waits for it.
    pub crossing: bool,
}

impl LeadTime {
    /// Always `periods`.
    pub fn fixed(periods: usize) -> Self {
        Self { values: vec![periods], weights: vec![1.0], crossing: true }
    }

    /// Listed values with weights of any positive sum; equal values are merged, fractions rounded up.
    ///
    /// # Errors
    /// Lists of different length, empty, negative or without weight.
    pub fn discrete(values: &[f64], weights: &[f64]) -> Result<Self, Diagnostic> {
        let refuse = |message: &str| {
            Err(Diagnostic::error("lead-time-unusable", message).fix("give whole periods of at least 0 and as many positive weights"))
        };
        if values.is_empty() || values.len() != weights.len() {
            return refuse("the lead time's values and weights differ in number");
        }
        if values.iter().any(|v| !(v.is_finite() && *v >= 0.0 && *v <= LONGEST as f64)) {
            return refuse("a lead time is negative or too long");
        }
        let sum: f64 = weights.iter().sum();
        if weights.iter().any(|w| !(w.is_finite() && *w >= 0.0)) || sum <= 0.0 {
            return refuse("the lead time's weights are not usable");
        }
        let mut by_value = std::collections::BTreeMap::new();
        for (v, w) in values.iter().zip(weights) {
            *by_value.entry((v - 1e-9).ceil().max(0.0) as usize).or_insert(0.0) += w / sum;
        }
        by_value.retain(|_, w| *w > 0.0);
        Ok(Self { values: by_value.keys().copied().collect(), weights: by_value.values().copied().collect(), crossing: true })
    }

    /// From a mean and a standard deviation in periods: a gamma distribution rounded to whole periods, so never negative.
    /// With `sd = 0` the mean rounded up (DESIGN §3), exactly.
    ///
    /// # Errors
    /// Negative, not finite, or longer than [`LONGEST`].
    pub fn from_mean_sd(mean: f64, sd: f64) -> Result<Self, Diagnostic> {
        if !(mean.is_finite() && sd.is_finite() && mean >= 0.0 && sd >= 0.0 && mean + 12.0 * sd <= LONGEST as f64) {
            return Err(Diagnostic::error("lead-time-unusable", "the lead time's mean or standard deviation is negative or too long")
                .fix("give both in periods, at least 0"));
        }
        let gamma = (mean > 0.0 && sd > 0.0).then(|| Gamma::new((mean / sd).powi(2), mean / (sd * sd)).ok()).flatten();
        let Some(gamma) = gamma else {
            return Ok(Self::fixed((mean - 1e-9).ceil().max(0.0) as usize));
        };
        let (mut values, mut weights, mut below) = (Vec::new(), Vec::new(), 0.0);
        for k in 0..=LONGEST {
            let upto = gamma.cdf(k as f64 + 0.5);
            if upto - below > 1e-12 {
                values.push(k);
                weights.push(upto - below);
            }
            below = upto;
            if below > 1.0 - 1e-9 {
                break;
            }
        }
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        Ok(Self { values, weights, crossing: true })
    }

    /// Listed whole periods of a distribution; what is less likely than 10⁻¹⁰ is left out. `None` where it is not of listed values, or too long.
    pub fn of(law: &Marginal) -> Option<Self> {
        let Marginal::Discrete { values, cdf } = law else { return None };
        let mut below = 0.0;
        let (values, weights): (Vec<f64>, Vec<f64>) = values
            .iter()
            .zip(cdf)
            .map(|(v, c)| {
                let weight = c - below;
                below = *c;
                (*v, weight)
            })
            .filter(|(_, w)| *w > 1e-10)
            .unzip();
        Self::discrete(&values, &weights).ok()
    }

    /// The same, with orders kept in sequence.
    #[must_use]
    pub fn in_sequence(mut self) -> Self {
        self.crossing = false;
        self
    }

    /// Mean, periods.
    pub fn mean(&self) -> f64 {
        self.values.iter().zip(&self.weights).map(|(v, w)| *v as f64 * w).sum()
    }

    /// Standard deviation, periods.
    pub fn sd(&self) -> f64 {
        let m = self.mean();
        self.values.iter().zip(&self.weights).map(|(v, w)| (*v as f64 - m).powi(2) * w).sum::<f64>().sqrt()
    }

    /// Longest possible, periods.
    pub fn longest(&self) -> usize {
        self.values.last().copied().unwrap_or(0)
    }

    /// The smallest lead time with at least probability `p` of not being exceeded, periods.
    pub fn quantile(&self, p: f64) -> usize {
        let mut sum = 0.0;
        for (v, w) in self.values.iter().zip(&self.weights) {
            sum += w;
            if sum >= p - 1e-12 {
                return *v;
            }
        }
        self.longest()
    }

    pub(super) fn check(&self, id: &str) -> Result<(), Diagnostic> {
        let sum: f64 = self.weights.iter().sum();
        let fits = !self.values.is_empty()
            && self.values.len() == self.weights.len()
            && self.values.is_sorted()
            && self.longest() <= LONGEST
            && self.weights.iter().all(|w| *w >= 0.0)
            && (sum - 1.0).abs() < 1e-6;
        if fits {
            return Ok(());
        }
        Err(Diagnostic::error("lead-time-unusable", format!("the lead time of {id} is not a distribution over whole periods"))
            .fix("build it from values and weights, or from a mean and a standard deviation"))
    }

    pub(super) fn draws(&self) -> Draws {
        if self.values.len() <= 1 {
            return Draws::Fixed(self.longest());
        }
        let mut sum = 0.0;
        let cdf: Vec<f64> = self
            .weights
            .iter()
            .map(|w| {
                sum += w;
                sum
            })
            .collect();
        let values: Vec<f64> = self.values.iter().map(|v| *v as f64).collect();
        let guide = Guide::new(&values, &cdf);
        let ladder = if values.len() <= MOST_RUNGS { guide.steps().map(|(at, v)| (at, v as usize)).collect() } else { Box::default() };
        let mut cells = [Cell { at: 0, periods: [Cell::SEARCH; 2] }; CELLS];
        for (cell, (at, lo, hi)) in cells.iter_mut().zip(guide.cells()) {
            if let Some(hi) = hi {
                *cell = Cell { at, periods: [lo as u32, hi as u32] };
            }
        }
        Draws::Random(Box::new(Tables { cells, guide, ladder, shortest: self.values.first().copied().unwrap_or(0) }))
    }
}

/// Lead times of at most so many values are drawn for sixteen lanes at once by going through all of them.
const MOST_RUNGS: usize = 12;

/// Cells of a lead time's table.
const CELLS: usize = 64;

/// A cell: the periods below `at`, and from there on.
#[derive(Debug, Clone, Copy)]
struct Cell {
    at: u64,
    periods: [u32; 2],
}

impl Cell {
    /// Not a lead time, but: more than two here.
    const SEARCH: u32 = u32::MAX;
}

/// A guide table, its cells in whole periods, and a ladder where there is one.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    cells: [Cell; CELLS],
    guide: Guide<CELLS>,
    ladder: Box<[(u64, usize)]>,
    shortest: usize,
}

impl Tables {
    /// The lead time from 64 uniform bits.
    #[inline(always)]
    pub fn at(&self, bits: u64) -> usize {
        let cell = &self.cells[(bits >> (64 - CELLS.trailing_zeros())) as usize];
        let periods = cell.periods[usize::from(bits >= cell.at)];
        if periods == Cell::SEARCH { self.guide.search(bits) as usize } else { periods as usize }
    }
}

/// A prepared lead time.
#[derive(Debug, Clone)]
pub(super) enum Draws {
    Fixed(usize),
    /// The table, and where the values are few each with the bits below which it is drawn, ascending.
    Random(Box<Tables>),
}

impl Draws {
    /// The lead time from 64 uniform bits.
    #[inline(always)]
    pub fn at(&self, bits: u64) -> usize {
        match self {
            Self::Fixed(l) => *l,
            Self::Random(tables) => tables.at(bits),
        }
    }

    /// The shortest lead time that is drawn.
    pub fn shortest(&self) -> usize {
        match self {
            Self::Fixed(l) => *l,
            Self::Random(tables) => tables.shortest,
        }
    }

    /// The values with their upper bits, where they are few.
    #[inline(always)]
    pub fn ladder(&self) -> &[(u64, usize)] {
        match self {
            Self::Fixed(_) => &[],
            Self::Random(tables) => &tables.ladder,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::mix64;

    #[test]
    fn ladders_draw_what_tables_draw() {
        let lead = LeadTime::discrete(&[3.0, 4.0, 5.0, 9.0], &[5.0, 1.0, 0.5, 3.0]).unwrap();
        let draws = lead.draws();
        for i in 0..20_000u64 {
            let bits = match i {
                0 => 0,
                1 => u64::MAX,
                i if i < 10 => draws.ladder()[i as usize % 4].0.wrapping_sub(i / 6),
                i => mix64(i),
            };
            let last = draws.ladder().len() - 1;
            let rung = draws.ladder().iter().take(last).find(|(at, _)| bits < *at).unwrap_or(&draws.ladder()[last]);
            assert_eq!(rung.1, draws.at(bits), "{bits:x}");
        }
    }
}
