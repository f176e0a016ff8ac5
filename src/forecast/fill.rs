//! The fast filling of tiles of sampled demand paths: [`LANES`] replications side by side, `tile[step · LANES + lane]`.
//!
//! A [`Sampler`] prepares a [`PathModel`] once; [`Sampler::fill`] then costs one 64-bit draw and one table look-up per value.
//!
//! Draws, all from `Stream::new(seed, id, Purpose::Demand, replication)`: step `t` uses draw `t` (its own noise); where steps
//! depend on each other the innovation of the persistent part at step `t` is draw `t + `[`PERSISTENT`]. So a value is a pure
//! function of its names, whatever the tile it is sampled in.
//!
//! Every map from draw to value is ascending, so two models of one series stay synchronised under common random numbers:
//! - listed values, independent steps: a guide table (Chen & Asau 1974; Devroye 1986 §III.2.4) on the draw's leading bits, the
//!   comparison on all 64: exact to the last bit of the cdf;
//! - quantile tables, independent steps: linear interpolation in `u` on a grid that doubles its resolution with every octave
//!   towards either tail, within 2·10⁻⁴ of a standard normal score;
//! - dependent steps: normal scores from the same kind of grid (within 2·10⁻⁵ of the exact score to 2⁻⁴⁰), mixed as
//!   [`path`](super::path) says, then looked up as scores.

use super::lookup::{BLOCK, CELLS, Curve, Keys, Knots, Line, Lines, Packed, SCORE_LINES, SCORES, Steps, TOGETHER, keys_together, score};
use super::path::{LANES, Marginal, PathModel};
use crate::base::cpu::wide;
use crate::base::random::{GAMMA, Purpose, Stream, mix64};
use std::ops::Range;

pub use super::lookup::{Guide, normal_cdf, normal_quantile};

/// Draw index of the persistent part's innovation at step 0.
pub const PERSISTENT: u64 = 1 << 40;

/// Draws and cells of a block of steps.
struct Block {
    keys: Keys,
    /// The upper halves of the draws.
    uppers: [[u32; LANES]; BLOCK],
    cells: [[u32; LANES]; BLOCK],
}

impl Block {
    #[inline(always)]
    fn new(keys: &[u64; LANES]) -> Self {
        Self { keys: keys_together(keys), uppers: [[0; LANES]; BLOCK], cells: [[0; LANES]; BLOCK] }
    }
}

/// What steps of a block have in common.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Packed,
    Curve,
    Other,
}

#[derive(Debug, Clone, PartialEq)]
enum Table {
    Packed(Packed),
    Guide(Guide<CELLS>),
    Curve(Curve),
    Knots(Knots),
    Steps(Steps),
}

/// Affine map of one step after the look-up.
#[derive(Debug, Clone, Copy, PartialEq)]
struct After {
    table: usize,
    shift: f32,
    scale: f32,
    /// The table's values already are what is wanted.
    plain: bool,
}

/// A [`PathModel`] prepared for filling tiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampler {
    tables: Vec<Table>,
    after: Vec<After>,
    /// All steps have packed tables.
    all_packed: bool,
    cycle: usize,
    integer: bool,
    non_negative: bool,
    /// `(√λ, √(1−λ), ρ, √(1−ρ²))` where steps depend on each other.
    dependence: Option<[f32; 4]>,
    means: Vec<f64>,
    variances: Vec<f64>,
}

impl Sampler {
    /// Prepares the tables. An unusable model (no steps, a marginal index out of range) samples zeros.
    pub fn new(model: &PathModel) -> Self {
        let d = model.dependence;
        let dependent = d.share > 0.0;
        let tables: Vec<Table> = model
            .marginals
            .iter()
            .map(|m| match (m, dependent) {
                (Marginal::Discrete { values, cdf }, false) => {
                    let guide = Guide::new(values, cdf);
                    Packed::new(&guide).map_or(Table::Guide(guide), Table::Packed)
                }
                (Marginal::Discrete { values, cdf }, true) => Table::Steps(Steps::new(values, cdf)),
                (Marginal::Quantiles(q), false) => Table::Curve(Curve::new(&Knots::new(q))),
                (Marginal::Quantiles(q), true) => Table::Knots(Knots::new(q)),
            })
            .collect();
        let whole: Vec<bool> = model
            .marginals
            .iter()
            .map(|m| match m {
                Marginal::Discrete { values, .. } => {
                    values.iter().all(|v| (!model.integer || v.fract() == 0.0) && (!model.non_negative || *v >= 0.0))
                }
                Marginal::Quantiles(_) => false,
            })
            .collect();
        let after: Vec<After> = model
            .steps
            .iter()
            .map(|s| {
                let table = s.marginal as usize;
                let plain = s.shift == 0.0 && s.scale == 1.0 && whole.get(table).copied().unwrap_or(false);
                After { table, shift: s.shift as f32, scale: s.scale as f32, plain }
            })
            .collect();
        let dependence = dependent.then(|| {
            let (share, rho) = (d.share.clamp(0.0, 1.0), d.rho.clamp(0.0, 1.0));
            [share.sqrt() as f32, (1.0 - share).sqrt() as f32, rho as f32, (1.0 - rho * rho).sqrt() as f32]
        });
        let mut this = Self {
            all_packed: after.iter().all(|a| matches!(tables.get(a.table), Some(Table::Packed(_)))),
            tables,
            after,
            cycle: model.cycle.clamp(1, model.steps.len().max(1)),
            integer: model.integer,
            non_negative: model.non_negative,
            dependence,
            means: Vec::new(),
            variances: Vec::new(),
        };
        this.moments(model);
        this
    }

    /// Index of the described step that `t` repeats.
    #[inline(always)]
    fn step(&self, t: usize) -> usize {
        let n = self.after.len();
        if t < n { t } else { n - self.cycle + (t - n) % self.cycle }
    }

    /// Expected value of step `t`.
    pub fn mean(&self, t: usize) -> f64 {
        self.means.get(self.step(t)).copied().unwrap_or(0.0)
    }

    /// Expected values of the first `horizon` steps.
    pub fn means(&self, horizon: usize) -> Vec<f64> {
        (0..horizon).map(|t| self.mean(t)).collect()
    }

    /// Variance of step `t`.
    pub fn variance(&self, t: usize) -> f64 {
        self.variances.get(self.step(t)).copied().unwrap_or(0.0)
    }

    /// Mean and variance of every described step: exact sums for listed values, 256 equal slices of probability otherwise.
    fn moments(&mut self, model: &PathModel) {
        const SLICES: usize = 256;
        let shapes: Vec<Vec<(f32, f64)>> = model
            .marginals
            .iter()
            .map(|m| match m {
                Marginal::Discrete { values, cdf } => {
                    let mut below = 0.0;
                    let n = values.len().min(cdf.len());
                    (0..n)
                        .map(|i| {
                            let upto = if i + 1 == n { 1.0 } else { cdf[i] };
                            let weight = (upto - below).max(0.0);
                            below = upto;
                            (values[i] as f32, weight)
                        })
                        .collect()
                }
                Marginal::Quantiles(q) => {
                    let curve = Curve::new(&Knots::new(q));
                    let slice = u64::MAX / SLICES as u64;
                    (0..SLICES as u64).map(|i| (curve.at(i * slice + slice / 2), 1.0 / SLICES as f64)).collect()
                }
            })
            .collect();
        for a in &self.after {
            let shape = shapes.get(a.table).map_or(&[][..], Vec::as_slice);
            let value = |x: f32| f64::from(if a.plain { x } else { self.finish(a.shift + a.scale * x) });
            let mean: f64 = shape.iter().map(|(x, w)| value(*x) * w).sum();
            let variance: f64 = shape.iter().map(|(x, w)| (value(*x) - mean).powi(2) * w).sum();
            self.means.push(mean);
            self.variances.push(variance);
        }
    }

    /// Rounding and clipping.
    #[inline(always)]
    fn finish(&self, x: f32) -> f32 {
        // adding and subtracting 1.5·2²³ rounds to the nearest whole number, which vectorises everywhere
        const WHOLE: f32 = 12_582_912.0;
        let r = if self.integer && x.abs() < 4_194_304.0 { (x + WHOLE) - WHOLE } else { x };
        if self.non_negative { r.max(0.0) } else { r }
    }

    /// Fills `tile[(t − steps.start) · LANES + lane]` with the value of step `t` in replication `first_replication + lane`, for as
    /// many steps as the tile holds. `id` is [`hash_id`](crate::base::random::hash_id) of the `unique_id`.
    pub fn fill(&self, seed: u64, id: u64, first_replication: u64, steps: Range<usize>, tile: &mut [f32]) {
        let keys: [u64; LANES] = std::array::from_fn(|lane| Stream::new(seed, id, Purpose::Demand, first_replication + lane as u64).key);
        if self.after.is_empty() {
            tile.fill(0.0);
            return;
        }
        fill_tile(self, &keys, steps, tile);
    }

    /// The index that follows `step` in the described steps.
    #[inline(always)]
    fn following(&self, step: usize) -> usize {
        let n = self.after.len();
        if step + 1 < n { step + 1 } else { n - self.cycle }
    }

    #[inline(always)]
    fn fill_independent<const WIDE: bool>(&self, keys: &[u64; LANES], steps: Range<usize>, tile: &mut [f32]) {
        let rows = tile.as_chunks_mut::<LANES>().0;
        let count = rows.len().min(steps.len());
        let (mut rows, _) = rows.split_at_mut(count);
        let (mut t, mut step) = (steps.start, self.step(steps.start));
        let (mut room, mut lines) = (Block::new(keys), Lines::new());
        while !rows.is_empty() {
            // as many steps as can be looked up together
            let (kind, from, mut together) = (self.kind(step), step, 1);
            if self.all_packed {
                together = rows.len().min(BLOCK);
                step = self.step(t + together);
            } else {
                step = self.following(step);
                while kind != Kind::Other && together < rows.len().min(BLOCK) && self.kind(step) == kind {
                    step = self.following(step);
                    together += 1;
                }
            }
            let (now, later) = std::mem::take(&mut rows).split_at_mut(together);
            match kind {
                Kind::Packed => self.fill_packed(keys, t, from, now, &mut room),
                Kind::Curve => {
                    lines.curves(&room.keys, (t as u64).wrapping_add(1).wrapping_mul(GAMMA), self.curves(from), now);
                    let mut at = from;
                    for row in now.iter_mut() {
                        self.apply(self.after[at], row);
                        at = self.following(at);
                    }
                }
                Kind::Other => {
                    if let Some(row) = now.first_mut() {
                        self.fill_row::<WIDE>(keys, t, self.after[from], row);
                    }
                }
            }
            t += now.len();
            rows = later;
        }
    }

    #[inline(always)]
    fn kind(&self, step: usize) -> Kind {
        match self.tables.get(self.after[step].table) {
            Some(Table::Packed(_)) => Kind::Packed,
            Some(Table::Curve(_)) => Kind::Curve,
            _ => Kind::Other,
        }
    }

    /// The curves of described step `step` and those after it, as long as they are curves.
    #[inline(always)]
    fn curves(&self, step: usize) -> impl Iterator<Item = &Curve> {
        std::iter::successors(Some(step), |at| Some(self.following(*at))).map_while(|at| match self.tables.get(self.after[at].table) {
            Some(Table::Curve(curve)) => Some(curve),
            _ => None,
        })
    }

    /// The table of a described step, where it is a packed one.
    #[inline(always)]
    fn packed(&self, step: usize) -> Option<&Packed> {
        match self.tables.get(self.after[step].table) {
            Some(Table::Packed(packed)) => Some(packed),
            _ => None,
        }
    }

    /// Steps `t ..`, at most [`BLOCK`], all of packed tables; the first is described step `step`. Draws and look-ups take turns: fetching one cell
    /// after the other costs less than the gathering instructions of most processors, and leaves the arithmetic before and after it to vectors.
    #[inline(always)]
    fn fill_packed(&self, keys: &[u64; LANES], t: usize, step: usize, rows: &mut [[f32; LANES]], room: &mut Block) {
        let weyl = |k: usize| ((t + k) as u64).wrapping_add(1).wrapping_mul(GAMMA);
        for (k, uppers) in room.uppers.as_chunks_mut::<TOGETHER>().0.iter_mut().enumerate().take(rows.len().div_ceil(TOGETHER)) {
            let (weyl, uppers) = (weyl(k * TOGETHER), uppers.as_flattened_mut());
            for (upper, key) in uppers.iter_mut().zip(room.keys.as_flattened()) {
                *upper = (mix64(key.wrapping_add(weyl)) >> 32) as u32;
            }
        }
        let (mut at, mut k) = (step, 0);
        while k < rows.len() {
            let (from, table) = (k, self.after[at].table);
            while k < rows.len() && self.after[at].table == table {
                at = self.following(at);
                k += 1;
            }
            if let Some(Table::Packed(packed)) = self.tables.get(table) {
                packed.fetch(room.uppers[from..k].as_flattened(), room.cells[from..k].as_flattened_mut());
            }
        }
        at = step;
        for (k, ((row, cells), uppers)) in rows.iter_mut().zip(&room.cells).zip(&room.uppers).enumerate() {
            let mut undecided = 0u32;
            for l in 0..LANES {
                let (value, unclear) = Packed::quick(cells[l], uppers[l]);
                row[l] = value;
                undecided |= u32::from(unclear);
            }
            let after = self.after[at];
            if undecided != 0
                && let Some(packed) = self.packed(at)
            {
                packed.decide(keys, weyl(k), cells, uppers, row);
            }
            self.apply(after, row);
            at = self.following(at);
        }
    }

    #[inline(always)]
    fn fill_row<const WIDE: bool>(&self, keys: &[u64; LANES], t: usize, after: After, row: &mut [f32; LANES]) {
        let weyl = (t as u64).wrapping_add(1).wrapping_mul(GAMMA);
        match self.tables.get(after.table) {
            Some(Table::Guide(guide)) => guide_row::<WIDE>(guide, keys, weyl, row),
            _ => row.fill(0.0),
        }
        self.apply(after, row);
    }

    #[inline(always)]
    fn fill_dependent(&self, keys: &[u64; LANES], [load, noise, rho, fresh]: [f32; 4], steps: Range<usize>, tile: &mut [f32]) {
        let lines: &[Line; SCORE_LINES] = &SCORES.lines;
        let mut persistent = [0.0f32; LANES];
        let mut rows = tile.as_chunks_mut::<LANES>().0.iter_mut();
        // the persistent part is followed from step 0, wherever the tile begins
        for t in 0..steps.end {
            let weyl = PERSISTENT.wrapping_add(t as u64).wrapping_add(1).wrapping_mul(GAMMA);
            for (a, key) in persistent.iter_mut().zip(keys) {
                let innovation = score(lines, mix64(key.wrapping_add(weyl)));
                *a = if t == 0 { innovation } else { rho * *a + fresh * innovation };
            }
            if t < steps.start {
                continue;
            }
            let Some(row) = rows.next() else { return };
            let after = self.after[self.step(t)];
            let weyl = (t as u64).wrapping_add(1).wrapping_mul(GAMMA);
            for ((z, a), key) in row.iter_mut().zip(&persistent).zip(keys) {
                *z = load * a + noise * score(lines, mix64(key.wrapping_add(weyl)));
            }
            match self.tables.get(after.table) {
                Some(Table::Knots(knots)) => row.iter_mut().for_each(|v| *v = knots.at(*v)),
                Some(Table::Steps(steps)) => row.iter_mut().for_each(|v| *v = steps.at(*v)),
                _ => row.fill(0.0),
            }
            self.apply(after, row);
        }
    }

    #[inline(always)]
    fn apply(&self, after: After, row: &mut [f32; LANES]) {
        if !after.plain {
            for v in row {
                *v = self.finish(after.shift + after.scale * *v);
            }
        }
    }
}

wide! {
    /// Fills a tile from the first steps' keys.
    fn fill_tile(sampler: &Sampler, keys: &[u64; LANES], steps: Range<usize>, tile: &mut [f32]) -> () = fill_any
}

#[inline(always)]
fn fill_any<const WIDE: bool>(sampler: &Sampler, keys: &[u64; LANES], steps: Range<usize>, tile: &mut [f32]) {
    match sampler.dependence {
        None => sampler.fill_independent::<WIDE>(keys, steps, tile),
        Some(d) => sampler.fill_dependent(keys, d, steps, tile),
    }
}

/// One row of independent draws of listed values. The undecided cells are rare: they are looked at once a row.
#[inline(always)]
fn guide_row<const WIDE: bool>(guide: &Guide<CELLS>, keys: &[u64; LANES], weyl: u64, row: &mut [f32; LANES]) {
    let Some(cells) = guide.cells.first_chunk::<CELLS>() else { return };
    let mut undecided = 0u32;
    if WIDE {
        // eight lanes at a time, and their look-ups too
        let mut bits = [0u64; LANES];
        for l in 0..LANES {
            bits[l] = mix64(keys[l].wrapping_add(weyl));
        }
        let mut values = [0.0f32; LANES];
        for l in 0..LANES {
            let v = Guide::quick(cells, bits[l]);
            values[l] = v;
            undecided |= u32::from(v.is_nan());
        }
        *row = values;
    } else {
        for (v, key) in row.iter_mut().zip(keys) {
            // the optimiser would mix two lanes at a time with emulated 64-bit products, which is slower than one at a time
            *v = Guide::quick(cells, std::hint::black_box(mix64(key.wrapping_add(weyl))));
            undecided |= u32::from(v.is_nan());
        }
    }
    if undecided != 0 {
        for (v, key) in row.iter_mut().zip(keys) {
            if v.is_nan() {
                *v = guide.search(mix64(key.wrapping_add(weyl)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::hash_id;
    use crate::forecast::path::{Dependence, Step, knot};

    fn model(marginal: Marginal, dependence: Dependence, integer: bool) -> PathModel {
        PathModel {
            marginals: vec![marginal],
            steps: vec![Step { marginal: 0, shift: 0.0, scale: 1.0 }; 3],
            cycle: 2,
            dependence,
            integer,
            non_negative: integer,
        }
    }

    fn normal() -> Marginal {
        Marginal::Quantiles(Box::new(std::array::from_fn(knot)))
    }

    fn geometric(p: f64, n: usize) -> Marginal {
        let values = (0..n).map(|k| k as f64).collect();
        let cdf = (0..n).map(|k| if k + 1 == n { 1.0 } else { 1.0 - (1.0 - p).powi(k as i32 + 1) }).collect();
        Marginal::Discrete { values, cdf }
    }

    /// Against the plain definition: the smallest value whose cdf exceeds the draw.
    #[test]
    fn discrete_inversion_is_exact() {
        for p in [0.9, 0.3, 0.01] {
            let n = if p < 0.1 { 900 } else { 60 };
            let m = model(geometric(p, n), Dependence::NONE, true);
            let Marginal::Discrete { values, cdf } = &m.marginals[0] else { unreachable!() };
            let s = Sampler::new(&m);
            let mut tile = vec![0.0f32; 500 * LANES];
            s.fill(7, hash_id("a"), 32, 0..500, &mut tile);
            for t in 0..500 {
                for lane in 0..LANES {
                    let bits = Stream::new(7, hash_id("a"), Purpose::Demand, 32 + lane as u64).bits(t as u64);
                    let u = bits as f64 / 2f64.powi(64);
                    let want = values[cdf.iter().position(|c| u < *c).unwrap_or(n - 1)];
                    assert_eq!(f64::from(tile[t * LANES + lane]), want, "p {p} step {t} lane {lane}");
                }
            }
        }
    }

    /// The tails, where a plain grid over u would fail: the map from draw to value against Φ⁻¹.
    #[test]
    fn quantile_tables_keep_their_tails() {
        let curve = Curve::new(&Knots::new(&std::array::from_fn(knot)));
        for i in 1..4000u64 {
            for p in [i as f64 / 4000.0, 4e-5 * 1.002f64.powi(i as i32), 1.0 - 4e-5 * 1.0015f64.powi(i as i32)] {
                if !(4e-5..1.0 - 4e-5).contains(&p) {
                    continue;
                }
                let bits = (p * 2f64.powi(64)) as u64;
                assert!((f64::from(curve.at(bits)) - normal_quantile(p)).abs() < 2e-4, "p {p}");
                let z = f64::from(score(&SCORES.lines, bits));
                assert!((z - normal_quantile(p)).abs() < 2e-5, "p {p}: {z}");
            }
        }
        assert_eq!(curve.at(0), -4.0);
        assert_eq!(curve.at(u64::MAX), 4.0);
        assert!((f64::from(score(&SCORES.lines, 1 << 26)) - normal_quantile(2f64.powi(-38))).abs() < 1e-4);
    }

    #[test]
    fn dependence_has_the_stated_correlations() {
        let d = Dependence { share: 0.6, rho: 0.8 };
        let s = Sampler::new(&model(normal(), d, false));
        let (steps, reps) = (6, 8000);
        let mut sums = vec![0.0f64; steps];
        let mut tile = vec![0.0f32; steps * LANES];
        for first in (0..reps).step_by(LANES) {
            s.fill(3, 9, first as u64, 0..steps, &mut tile);
            for lane in 0..LANES {
                for (k, sum) in sums.iter_mut().enumerate() {
                    *sum += f64::from(tile[lane]) * f64::from(tile[k * LANES + lane]) / reps as f64;
                }
            }
        }
        assert!((sums[0] - 1.0).abs() < 0.05, "{sums:?}");
        for (k, sum) in sums.iter().enumerate().skip(1) {
            assert!((sum - 0.6 * 0.8f64.powi(k as i32)).abs() < 0.04, "lag {k}: {sums:?}");
        }
    }

    #[test]
    fn all_versions_fill_the_same_bytes() {
        for d in [Dependence::NONE, Dependence { share: 0.5, rho: 0.9 }] {
            for marginal in [normal(), geometric(0.2, 80), geometric(0.004, 900)] {
                let s = Sampler::new(&model(marginal, d, true));
                let keys: [u64; LANES] = std::array::from_fn(|l| mix64(l as u64));
                let (mut here, mut wide, mut plain) = (vec![0.0f32; 200 * LANES], vec![1.0f32; 200 * LANES], vec![2.0f32; 200 * LANES]);
                fill_tile(&s, &keys, 3..203, &mut here);
                fill_any::<true>(&s, &keys, 3..203, &mut wide);
                fill_any::<false>(&s, &keys, 3..203, &mut plain);
                assert!(here == wide && here == plain);
            }
        }
    }

    #[test]
    fn bytes_do_not_depend_on_the_tile() {
        for d in [Dependence::NONE, Dependence { share: 0.5, rho: 0.9 }] {
            for marginal in [normal(), geometric(0.2, 80)] {
                let s = Sampler::new(&model(marginal, d, false));
                let mut whole = vec![0.0f32; 40 * LANES];
                s.fill(1, 2, 16, 0..40, &mut whole);
                for cut in [1, 7, 39] {
                    let mut parts = vec![0.0f32; 40 * LANES];
                    let (a, b) = parts.split_at_mut(cut * LANES);
                    s.fill(1, 2, 16, 0..cut, a);
                    s.fill(1, 2, 16, cut..40, b);
                    assert_eq!(whole, parts);
                }
                // another first replication shifts lanes
                let mut shifted = vec![0.0f32; 40 * LANES];
                s.fill(1, 2, 17, 0..40, &mut shifted);
                assert_eq!(whole[1..LANES], shifted[..LANES - 1]);
            }
        }
    }

    #[test]
    fn scores_look_up_listed_values_as_the_cdf_says() {
        let Marginal::Discrete { values, cdf } = geometric(0.05, 300) else { unreachable!() };
        let steps = Steps::new(&values, &cdf);
        for i in 0..20_000 {
            let z = -6.0 + 12.0 * i as f32 / 20_000.0;
            assert_eq!(steps.at(z), steps.search(z));
            let u = normal_cdf(f64::from(z));
            let want = cdf.iter().position(|c| u < c - 1e-6).unwrap_or(299);
            let next = cdf.iter().position(|c| u < c + 1e-6).unwrap_or(299);
            assert!((next..=want).contains(&(steps.at(z) as usize)));
        }
    }

    #[test]
    fn moments_and_repeating_steps() {
        let mut m = model(geometric(0.25, 400), Dependence::NONE, true);
        m.steps[2].scale = 2.0;
        let s = Sampler::new(&m);
        assert!((s.mean(0) - 3.0).abs() < 1e-4 && (s.variance(0) - 12.0).abs() < 1e-3);
        assert!((s.mean(2) - 6.0).abs() < 1e-3);
        assert_eq!([s.mean(3), s.mean(4), s.mean(5)], [s.mean(1), s.mean(2), s.mean(1)]);
        let mut tile = vec![0.0f32; 7 * LANES];
        s.fill(1, 1, 0, 0..7, &mut tile);
        for row in [2, 4, 6] {
            assert!(tile[row * LANES..(row + 1) * LANES].iter().all(|v| v % 2.0 == 0.0));
        }
    }
}
