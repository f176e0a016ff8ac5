//! From 64 uniform bits, or a standard normal score, to a value: the tables behind [`fill`](super::fill).
//!
//! - [`Guide`]: listed values, exact to the last bit of the cdf (Chen & Asau 1974; Devroye 1986 §III.2.4).
//! - [`Packed`]: the same for whole numbers of moderate size, four bytes a cell, which is most demand.
//! - [`Curve`]: a quantile table, linear in the probability on a grid that doubles its resolution with every octave towards either tail.
//! - [`score`]: a standard normal score, from the same kind of grid. [`Knots`] and [`Steps`]: either kind of marginal, looked up by score.

use super::path::{KNOTS, LANES, knot};
use crate::base::random::{GAMMA, mix64};
use statrs::function::erf::{erfc, erfc_inv};
use std::sync::LazyLock;

/// Standard normal quantile.
pub fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}

/// Standard normal cdf.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erfc(-z / std::f64::consts::SQRT_2)
}

/// What `index` points to in a table of a power of two of entries, one after the other. Never part of a loop for wider vectors, where it would become
/// gathering instructions: on most processors these cost twice as much.
#[inline(never)]
fn fetch<T: Copy, const N: usize>(table: &[T; N], index: &[u32], out: &mut [T]) {
    for (out, i) in out.iter_mut().zip(index) {
        *out = table[*i as usize % N];
    }
}

/// Steps whose draws are made before they are looked up.
pub(super) const BLOCK: usize = 32;
/// Steps whose draws are one loop: long enough that it is made into vector instructions, not written out draw by draw.
pub(super) const TOGETHER: usize = 4;

/// The keys of [`TOGETHER`] steps in a row, each with its own part of the counter.
pub(super) type Keys = [[u64; LANES]; TOGETHER];

#[inline(always)]
pub(super) fn keys_together(keys: &[u64; LANES]) -> Keys {
    std::array::from_fn(|k| keys.map(|key| key.wrapping_add((k as u64).wrapping_mul(GAMMA))))
}

/// Lines of a block of steps, found in curves' grids.
pub(super) struct Lines {
    index: [[u32; LANES]; BLOCK],
    x: [[f32; LANES]; BLOCK],
    lines: [[Line; LANES]; BLOCK],
}

impl Lines {
    pub(super) const fn new() -> Self {
        Self { index: [[0; LANES]; BLOCK], x: [[0.0; LANES]; BLOCK], lines: [[Line { base: 0.0, slope: 0.0 }; LANES]; BLOCK] }
    }

    /// The draws `first_weyl ..` of `keys` as values of steps with these marginals, one a row.
    #[inline(always)]
    pub(super) fn curves<'a>(&mut self, keys: &Keys, first_weyl: u64, curves: impl Iterator<Item = &'a Curve>, rows: &mut [[f32; LANES]]) {
        let blocks = self.index.as_chunks_mut::<TOGETHER>().0.iter_mut().zip(self.x.as_chunks_mut::<TOGETHER>().0);
        for (k, (index, x)) in blocks.enumerate().take(rows.len().div_ceil(TOGETHER)) {
            let weyl = first_weyl.wrapping_add(((k * TOGETHER) as u64).wrapping_mul(GAMMA));
            let places = index.as_flattened_mut().iter_mut().zip(x.as_flattened_mut());
            for ((index, x), key) in places.zip(keys.as_flattened()) {
                let (upper, place) = lower(mix64(key.wrapping_add(weyl)));
                *index = cell(place, COARSE, COARSE_OCTAVES) as u32 + (upper as u32 & HALF as u32);
                *x = place as f32;
            }
        }
        for ((((curve, row), index), x), lines) in curves.zip(rows).zip(&self.index).zip(&self.x).zip(&mut self.lines) {
            fetch(&curve.lines, index, lines);
            for l in 0..LANES {
                row[l] = lines[l].base + lines[l].slope * x[l];
            }
        }
    }
}

// ---- exact inversion of listed values ----------------------------------------------------------------------------------

/// A cell of a guide table: below `at` the value is `lo`, else `hi`; `hi` is NaN where the cell holds more than one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell<T> {
    at: T,
    lo: f32,
    hi: f32,
}

/// Exact inversion of a discrete distribution from 64 bits, with `N` (a power of two) cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Guide<const N: usize> {
    pub(super) cells: Box<[Cell<u64>]>,
    at: Vec<u64>,
    values: Vec<f32>,
}

impl<const N: usize> Guide<N> {
    const SHIFT: u32 = 64 - N.trailing_zeros();

    /// From ascending `values` and their `cdf` (same length; the last is taken as 1).
    pub fn new(values: &[f64], cdf: &[f64]) -> Self {
        let n = values.len().min(cdf.len());
        let at: Vec<u64> = cdf[..n]
            .iter()
            .enumerate()
            .map(|(i, c)| if i + 1 == n { u64::MAX } else { (c * 18_446_744_073_709_551_616.0) as u64 })
            .collect();
        let values: Vec<f32> = values[..n].iter().map(|v| *v as f32).collect();
        let mut cells = Vec::with_capacity(N);
        let mut j = 0usize;
        for i in 0..N as u64 {
            let first = i << Self::SHIFT;
            let last = first | ((1u64 << Self::SHIFT) - 1);
            while j + 1 < n && at[j] <= first {
                j += 1;
            }
            let lo = values.get(j).copied().unwrap_or(0.0);
            let cut = at.get(j).copied().unwrap_or(u64::MAX);
            let hi = if j + 1 >= n || cut > last {
                lo
            } else if j + 2 >= n || at[j + 1] > last {
                values[j + 1]
            } else {
                f32::NAN
            };
            cells.push(Cell { at: cut, lo, hi });
        }
        Self { cells: cells.into_boxed_slice(), at, values }
    }

    /// The value, or NaN where the cell does not decide.
    #[inline(always)]
    pub(super) fn quick(cells: &[Cell<u64>; N], bits: u64) -> f32 {
        let c = &cells[(bits >> Self::SHIFT) as usize];
        if bits < c.at { c.lo } else { c.hi }
    }

    /// Of every cell the bits below which its lower value is drawn, that value, and the one from there on: `None` where a cell holds more values.
    pub fn cells(&self) -> impl Iterator<Item = (u64, f32, Option<f32>)> + '_ {
        self.cells.iter().map(|c| (c.at, c.lo, (!c.hi.is_nan()).then_some(c.hi)))
    }

    /// Every value with the bits below which it is drawn, unless a lower one is; the last is drawn whatever its bits say.
    pub fn steps(&self) -> impl Iterator<Item = (u64, f32)> + '_ {
        self.at.iter().copied().zip(self.values.iter().copied())
    }

    /// The value by looking through all of them.
    #[cold]
    pub fn search(&self, bits: u64) -> f32 {
        let j = self.at.partition_point(|a| *a <= bits);
        self.values.get(j).or(self.values.last()).copied().unwrap_or(0.0)
    }

    /// The value that 64 uniform bits stand for: the first whose cdf exceeds them.
    #[inline(always)]
    pub fn at(&self, bits: u64) -> f32 {
        let v = self.cells.first_chunk::<N>().map_or(f32::NAN, |c| Self::quick(c, bits));
        if v.is_nan() { self.search(bits) } else { v }
    }
}

pub(super) const CELLS: usize = 1024;

/// A [`Guide`] to whole numbers whose cells are numbers of 32 bits: the value below the cell's step (14 bits), how much higher it is above
/// (4 bits), and the leading 14 bits of the step's place in the cell. Where these do not decide, all 64 bits are looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Packed {
    cells: Box<[u32; CELLS]>,
    guide: Guide<CELLS>,
}

impl Packed {
    /// Bits of a place, and of a difference.
    const PLACE: u32 = 14;
    const RISE: u32 = 4;
    /// The largest value.
    const MOST: f32 = 16_383.0;
    /// The difference that says: more than one step here.
    const SEARCH: u32 = (1 << Self::RISE) - 1;
    /// From the upper half of a draw to its cell.
    const SHIFT: u32 = 32 - CELLS.trailing_zeros();

    /// `None` where values are not whole numbers of this size, or steps are higher.
    pub(super) fn new(guide: &Guide<CELLS>) -> Option<Self> {
        let whole = guide.values.iter().all(|v| v.fract() == 0.0 && (0.0..=Self::MOST).contains(v));
        let mut cells = Box::new([0u32; CELLS]);
        for (packed, cell) in cells.iter_mut().zip(&guide.cells) {
            let rise = match cell.hi - cell.lo {
                unclear if unclear.is_nan() => Self::SEARCH,
                rise if rise < Self::SEARCH as f32 => rise as u32,
                _ => return None,
            };
            let place = (cell.at << CELLS.trailing_zeros() >> (64 - Self::PLACE)) as u32;
            *packed = (cell.lo as u32) << (Self::PLACE + Self::RISE) | rise << Self::PLACE | place;
        }
        whole.then(|| Self { cells, guide: Guide { cells: Box::default(), ..guide.clone() } })
    }

    /// The cells that upper halves of draws point to. Not part of a loop for wider vectors: see [`fetch`].
    #[inline(never)]
    pub(super) fn fetch(&self, uppers: &[u32], cells: &mut [u32]) {
        for (cell, upper) in cells.iter_mut().zip(uppers) {
            *cell = self.cells[(*upper >> Self::SHIFT) as usize];
        }
    }

    /// The value, and whether the cell does not decide.
    #[inline(always)]
    pub(super) fn quick(cell: u32, upper: u32) -> (f32, bool) {
        let place = upper >> (Self::SHIFT - Self::PLACE) & ((1 << Self::PLACE) - 1);
        let (at, rise) = (cell & ((1 << Self::PLACE) - 1), cell >> Self::PLACE & Self::SEARCH);
        let value = (cell >> (Self::PLACE + Self::RISE)) + if place > at { rise } else { 0 };
        // of 18 bits: the conversion from a signed number is the cheaper one
        (value as i32 as f32, rise == Self::SEARCH || place == at && rise != 0)
    }

    /// Looks at all 64 bits of the draws that their cells do not decide.
    #[cold]
    pub(super) fn decide(&self, keys: &[u64; LANES], weyl: u64, cells: &[u32; LANES], uppers: &[u32; LANES], row: &mut [f32; LANES]) {
        for l in 0..LANES {
            if Self::quick(cells[l], uppers[l]).1 {
                row[l] = self.guide.search(mix64(keys[l].wrapping_add(weyl)));
            }
        }
    }
}

// ---- grids over the probability, finer towards zero ----------------------------------------------------------------------

/// Cells per octave of the normal score grid, as a power of two.
const FINE: u32 = 6;
/// Octaves of the normal score grid: from ½ down to 2⁻⁴⁰.
const FINE_OCTAVES: usize = 39;
/// Cells per octave of a marginal's grid.
const COARSE: u32 = 5;
/// Octaves of a marginal's grid: from ½ down to 2⁻¹⁶, below the last knot Φ(−4) ≈ 2⁻¹⁴·⁹.
const COARSE_OCTAVES: usize = 15;

/// Whether the draw lies in the upper half (all ones, else 0), and its distance `p` from the nearer end as `p · 2⁵³`, in [½, 2⁵²).
#[inline(always)]
fn lower(bits: u64) -> (u64, f64) {
    // all ones in the upper half: no branch, since it would be taken every other time
    let upper = ((bits as i64) >> 63) as u64;
    (upper, ((bits ^ upper) >> 11) as i64 as f64 + 0.5)
}

/// The grid cell of `x` in [½, 2⁵²): `octaves · 2^per` cells end at 2⁵², all below share the first.
#[inline(always)]
fn cell(x: f64, per: u32, octaves: usize) -> usize {
    let end = (1023 + 52) << per;
    let at = (x.to_bits() >> (52 - per)) as i64;
    (at - (end as i64 - ((octaves as i64) << per))).max(0) as usize
}

/// Left edge of cell `i`, as a probability (its last edge is ½).
fn edge(i: usize, per: u32, octaves: usize) -> f64 {
    let (octave, part) = (i >> per, i & ((1 << per) - 1));
    let left = 2f64.powi(octave as i32 - 1 - octaves as i32);
    left * (1.0 + part as f64 / f64::from(1u32 << per))
}

/// Value and slope over `p · 2⁵³` of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    base: f32,
    slope: f32,
}

impl Line {
    fn through(p0: f64, v0: f64, p1: f64, v1: f64) -> Self {
        let unit = 9_007_199_254_740_992.0;
        let slope = (v1 - v0) / ((p1 - p0) * unit);
        Self { base: (v0 - slope * p0 * unit) as f32, slope: slope as f32 }
    }
    #[inline(always)]
    fn at(self, x: f64) -> f32 {
        self.base + self.slope * x as f32
    }
}

/// Scores at the edges of the normal grid, and the grid itself: constants of the normal distribution, computed once.
pub(super) struct Scores {
    edges: Vec<f64>,
    pub(super) lines: Box<[Line; SCORE_LINES]>,
}

/// Lines of the normal grid, and unused ones up to a power of two.
pub(super) const SCORE_LINES: usize = (FINE_OCTAVES << FINE).next_power_of_two();

pub(super) static SCORES: LazyLock<Scores> = LazyLock::new(|| {
    let n = FINE_OCTAVES << FINE;
    let edges: Vec<f64> = (0..=n).map(|i| normal_quantile(edge(i, FINE, FINE_OCTAVES))).collect();
    let line = |i: usize, a: f64, b: f64| Line::through(edge(i, FINE, FINE_OCTAVES), a, edge(i + 1, FINE, FINE_OCTAVES), b);
    let lines = Box::new(std::array::from_fn(|i| match (edges.get(i), edges.get(i + 1)) {
        (Some(a), Some(b)) => line(i, *a, *b),
        _ => Line { base: 0.0, slope: 0.0 },
    }));
    Scores { edges, lines }
});

/// A standard normal score from 64 uniform bits, ascending in them.
#[inline(always)]
pub(super) fn score(lines: &[Line; SCORE_LINES], bits: u64) -> f32 {
    let (upper, x) = lower(bits);
    let line = lines[cell(x, FINE, FINE_OCTAVES) % SCORE_LINES];
    f32::from_bits(line.at(x).to_bits() ^ ((upper as u32) & (1 << 31)))
}

/// A continuous marginal as a function of the draw: one grid for each half.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    lines: Box<[Line; CURVE_LINES]>,
}

/// Lines of each half, unused ones up to a power of two included.
const HALF: usize = (COARSE_OCTAVES << COARSE).next_power_of_two();
const CURVE_LINES: usize = 2 * HALF;

impl Curve {
    pub(super) fn new(knots: &Knots) -> Self {
        let skip = 1usize << (FINE - COARSE);
        let offset = (FINE_OCTAVES - COARSE_OCTAVES) << FINE;
        let z = |i: usize| SCORES.edges[offset + i * skip];
        let half = |sign: f64| {
            let lines = (0..COARSE_OCTAVES << COARSE).map(move |i| {
                let (p0, p1) = (edge(i, COARSE, COARSE_OCTAVES), edge(i + 1, COARSE, COARSE_OCTAVES));
                Line::through(p0, knots.value(sign * z(i)), p1, knots.value(sign * z(i + 1)))
            });
            // the first cell also takes everything below it, where the marginal is constant
            std::iter::once(Line { base: knots.value(-4.0 * sign) as f32, slope: 0.0 }).chain(lines.skip(1)).collect::<Vec<_>>()
        };
        let mut lines = Box::new([Line { base: 0.0, slope: 0.0 }; CURVE_LINES]);
        for (room, sign) in lines.chunks_exact_mut(HALF).zip([1.0, -1.0]) {
            for (line, of) in room.iter_mut().zip(half(sign)) {
                *line = of;
            }
        }
        Self { lines }
    }

    /// What [`Lines::curves`] gives for one draw.
    pub(super) fn at(&self, bits: u64) -> f32 {
        let (upper, x) = lower(bits);
        let i = cell(x, COARSE, COARSE_OCTAVES) + (upper as usize & HALF);
        self.lines.get(i).map_or(0.0, |l| l.at(x))
    }
}

// ---- look-up by normal score ---------------------------------------------------------------------------------------------

/// A continuous marginal as a function of the score.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Knots {
    value: [f32; KNOTS],
}

impl Knots {
    pub(super) fn new(q: &[f64; KNOTS]) -> Self {
        Self { value: q.map(|v| v as f32) }
    }
    fn value(&self, z: f64) -> f64 {
        let h = ((z - knot(0)) * 4.0).clamp(0.0, (KNOTS - 1) as f64);
        let i = (h as usize).min(KNOTS - 2);
        let (a, b) = (f64::from(self.value[i]), f64::from(self.value[i + 1]));
        a + (h - i as f64) * (b - a)
    }
    #[inline(always)]
    pub(super) fn at(&self, z: f32) -> f32 {
        let h = ((z + 4.0) * 4.0).clamp(0.0, (KNOTS - 1) as f32);
        let i = (h as usize).min(KNOTS - 2);
        let (a, b) = (self.value[i], self.value[i + 1]);
        a + (h - i as f32) * (b - a)
    }
}

/// Listed values as a function of the score.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    cells: Box<[Cell<f32>]>,
    at: Vec<f32>,
    values: Vec<f32>,
}

const SCORE_CELLS: usize = 512;
const SCORE_SCALE: f32 = 32.0;

impl Steps {
    pub(super) fn new(values: &[f64], cdf: &[f64]) -> Self {
        let n = values.len().min(cdf.len());
        let at: Vec<f32> = cdf[..n]
            .iter()
            .enumerate()
            .map(|(i, c)| {
                if i + 1 == n || *c >= 1.0 {
                    f32::INFINITY
                } else if *c <= 0.0 {
                    f32::NEG_INFINITY
                } else {
                    normal_quantile(*c) as f32
                }
            })
            .collect();
        let values: Vec<f32> = values[..n].iter().map(|v| *v as f32).collect();
        let mut this = Self { cells: Box::new([]), at, values };
        let left = |i: usize| if i == 0 { f32::NEG_INFINITY } else { i as f32 / SCORE_SCALE - 8.0 };
        let cells = (0..SCORE_CELLS).map(|i| {
            let (from, to) = (left(i), if i + 1 == SCORE_CELLS { f32::INFINITY } else { left(i + 1) });
            let j = this.at.partition_point(|a| *a <= from);
            let cut = this.at.get(j).copied().unwrap_or(f32::INFINITY);
            let lo = this.search(from);
            let inside = this.at[j.min(n)..].iter().take(3).filter(|a| **a < to).count();
            let hi = match inside {
                0 => lo,
                1 => this.search(cut),
                _ => f32::NAN,
            };
            Cell { at: cut, lo, hi }
        });
        this.cells = cells.collect();
        this
    }
    #[cold]
    pub(super) fn search(&self, z: f32) -> f32 {
        let j = self.at.partition_point(|a| *a <= z);
        self.values.get(j).or(self.values.last()).copied().unwrap_or(0.0)
    }
    #[inline(always)]
    pub(super) fn at(&self, z: f32) -> f32 {
        let i = (((z + 8.0) * SCORE_SCALE).max(0.0) as usize).min(SCORE_CELLS - 1);
        let v = self.cells.get(i).map_or(f32::NAN, |c| if z < c.at { c.lo } else { c.hi });
        if v.is_nan() { self.search(z) } else { v }
    }
}
