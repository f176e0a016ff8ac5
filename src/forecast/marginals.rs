//! The marginals of a path: a recipe's shape put at each step's mean and scale, shared between steps where it can be.

use super::blocks::Blocks;
use super::calibrate::Spread;
use super::counts::Law;
use super::models::{Model, Params};
use super::path::{Dependence, Marginal, PathModel, Step, normal_cdf};
use super::rolling::Attempt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a refit keeps of a fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recipe {
    pub members: Vec<(Model, Params, f64)>,
    /// Season lengths in open periods, as the models use them.
    pub seasons: Vec<usize>,
    pub closed: Vec<bool>,
    pub odd_zeros: f64,
    pub integer: bool,
    pub shape: Shape,
    /// Longer periods forecast beside.
    pub blocks: Option<Blocks>,
}

/// How outcomes spread around the mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Shape {
    /// Around the mean, with a scale that grows.
    Around { spread: Spread, marginal: Marginal },
    /// A law of counts at the mean, its variance widened.
    Counted { law: Law, widen: f64, dependence: Dependence },
    /// Nothing is known but nothing.
    Nothing,
}

/// Cells per unit of log scale: marginals of positive quantities are shared within a cell.
const GRID: f64 = 64.0;

/// Means this near each other (relative) share a shape of large sizes.
const NEARLY: f64 = 0.1;

/// The cell of the log scale at which a log-normal of that mean has `scale` as its standard deviation, √ln(1 + (scale/mean)²);
/// `None` where the spread is so small that logarithms change nothing, or the mean is nothing.
fn log_scale(mean: f64, scale: f64) -> Option<u32> {
    let s = (scale / mean).powi(2).ln_1p().sqrt();
    (mean > 0.0 && s > 0.1).then(|| (s.min(2.0) * GRID).round() as u32)
}

/// A step's distribution with nothing at all in a share of periods.
fn with_odd_zeros(shape: &Marginal, step: &Step, share: f64) -> Marginal {
    Marginal::from_scores(|z| {
        let p = normal_cdf(z);
        if p <= share { 0.0 } else { (step.shift + step.scale * shape.at_probability((p - share) / (1.0 - share))).max(0.0) }
    })
}

fn finite(v: f64) -> f64 {
    if v.is_finite() { v.clamp(-1e300, 1e300) } else { 0.0 }
}

fn nothing() -> Marginal {
    Marginal::Discrete { values: vec![0.0], cdf: vec![1.0] }
}

impl Attempt {
    /// Scale of the recipe's shape at step `h`; 0 where the shape has its own.
    pub fn scale(&self, recipe: &Recipe, h: usize) -> f64 {
        match &recipe.shape {
            Shape::Around { spread, .. } => {
                spread.scale(self.sigma, self.growth.get(h).copied().unwrap_or(1.0), h, self.mean.get(h).copied().unwrap_or(0.0))
            }
            _ => 0.0,
        }
    }
}

/// Puts a path model together step by step.
pub(crate) struct Builder<'a> {
    recipe: &'a Recipe,
    path: PathModel,
    positives: BTreeMap<u32, u32>,
    shut: Option<u32>,
    last: Option<(f64, u32)>,
}

impl<'a> Builder<'a> {
    pub fn new(recipe: &'a Recipe, non_negative: bool) -> Self {
        let (marginals, dependence) = match &recipe.shape {
            Shape::Around { marginal, spread } => (vec![marginal.clone()], spread.dependence),
            Shape::Counted { dependence, .. } => (Vec::new(), *dependence),
            Shape::Nothing => (Vec::new(), Dependence::NONE),
        };
        let path = PathModel { marginals, steps: Vec::new(), cycle: 1, dependence, integer: recipe.integer, non_negative };
        Self { recipe, path, positives: BTreeMap::new(), shut: None, last: None }
    }

    fn add(&mut self, marginal: Marginal) -> u32 {
        self.path.marginals.push(marginal);
        (self.path.marginals.len() - 1) as u32
    }

    /// A closed period.
    pub fn closed(&mut self) {
        let index = match self.shut {
            Some(index) => index,
            None => self.add(nothing()),
        };
        self.shut = Some(index);
        self.path.steps.push(Step { marginal: index, shift: 0.0, scale: 1.0 });
    }

    /// An open period of the given mean and scale, in units.
    pub fn open(&mut self, mean: f64, scale: f64) {
        let (mean, scale) = (finite(mean), finite(scale).max(0.0));
        let recipe = self.recipe;
        let step = match &recipe.shape {
            Shape::Around { marginal, .. } => self.around(marginal, mean, scale),
            Shape::Counted { law: law @ Law::HurdleLarge { .. }, widen, .. } => self.large(law, *widen, mean),
            Shape::Counted { law, widen, .. } => self.counted(mean, || law.marginal(mean, *widen, recipe.integer)),
            Shape::Nothing => self.counted(mean, nothing),
        };
        self.path.steps.push(step);
    }

    fn counted(&mut self, mean: f64, marginal: impl FnOnce() -> Marginal) -> Step {
        let index = match self.last {
            Some((m, index)) if m == mean => index,
            _ => self.add(marginal()),
        };
        self.last = Some((mean, index));
        Step { marginal: index, shift: 0.0, scale: 1.0 }
    }

    /// Large sizes: one shape serves all steps of nearly its mean, its sizes scaled; the chance of nothing moves little.
    fn large(&mut self, law: &Law, widen: f64, mean: f64) -> Step {
        if let Some((m, index)) = self.last
            && m > 0.0
            && (mean / m - 1.0).abs() < NEARLY
        {
            return Step { marginal: index, shift: 0.0, scale: mean / m };
        }
        let integer = self.recipe.integer;
        self.counted(mean, || law.marginal(mean, widen, integer))
    }

    fn around(&mut self, marginal: &Marginal, mean: f64, scale: f64) -> Step {
        let positive = if self.path.non_negative { log_scale(mean, scale) } else { None };
        let step = match positive {
            Some(s) => {
                let index = match self.positives.get(&s) {
                    Some(index) => *index,
                    None => self.add(Spread::positive_shape(marginal, f64::from(s) / GRID)),
                };
                self.positives.insert(s, index);
                Step { marginal: index, shift: 0.0, scale: mean }
            }
            None => Step { marginal: 0, shift: mean, scale },
        };
        if self.recipe.odd_zeros <= 0.0 {
            return step;
        }
        match self.path.marginals.get(step.marginal as usize).map(|m| with_odd_zeros(m, &step, self.recipe.odd_zeros)) {
            Some(with) => Step { marginal: self.add(with), shift: 0.0, scale: 1.0 },
            None => step,
        }
    }

    /// The path model; the last `cycle` steps repeat for ever.
    pub fn finish(mut self, cycle: usize) -> PathModel {
        self.path.cycle = cycle;
        self.path
    }
}
