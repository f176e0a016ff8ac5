//! Arc costs as the search reads them, and each stop's nearest others.

use super::instance::{Arcs, Instance, Rounding, plane};
use rayon::prelude::*;

/// Arc costs in the inner loops: one implementation per storage, chosen once.
pub(super) trait Costs: Sync {
    /// Cost from `i` to `j`.
    fn arc(&self, i: usize, j: usize) -> f64;
    /// Cost from `j` to `i`, read from row `i` where that is the same.
    fn back(&self, i: usize, j: usize) -> f64;
    /// The same both ways?
    fn symmetric(&self) -> bool;
}

/// A matrix.
pub(super) struct Dense<'a> {
    cost: &'a [f64],
    nodes: usize,
    symmetric: bool,
}

impl<'a> Dense<'a> {
    pub(super) fn new(cost: &'a [f64], nodes: usize) -> Self {
        let symmetric = (0..nodes).all(|i| (0..i).all(|j| cost[i * nodes + j] == cost[j * nodes + i]));
        Self { cost, nodes, symmetric }
    }
}

impl Costs for Dense<'_> {
    #[inline(always)]
    fn arc(&self, i: usize, j: usize) -> f64 {
        self.cost[i * self.nodes + j]
    }
    #[inline(always)]
    fn back(&self, i: usize, j: usize) -> f64 {
        if self.symmetric { self.cost[i * self.nodes + j] } else { self.cost[j * self.nodes + i] }
    }
    fn symmetric(&self) -> bool {
        self.symmetric
    }
}

/// Points whose distances are computed.
pub(super) struct Flat<'a>(pub &'a [(f64, f64)], pub Rounding);

impl Costs for Flat<'_> {
    #[inline(always)]
    fn arc(&self, i: usize, j: usize) -> f64 {
        plane(self.0, self.1, i, j)
    }
    #[inline(always)]
    fn back(&self, i: usize, j: usize) -> f64 {
        plane(self.0, self.1, i, j)
    }
    fn symmetric(&self) -> bool {
        true
    }
}

/// Each stop's `k` nearest other stops (by the sum of both ways, ties by number), nearest first; `stride` apart in one array.
pub(super) struct Near {
    list: Vec<u32>,
    stride: usize,
}

impl Near {
    /// The list of stop `i` (1..nodes).
    #[inline(always)]
    pub(super) fn of(&self, i: usize) -> &[u32] {
        &self.list[i * self.stride..(i + 1) * self.stride]
    }

    /// Among the stops `1..nodes`.
    pub(super) fn new<C: Costs>(instance: &Instance, costs: &C, k: usize) -> Self {
        let n = instance.nodes();
        let stride = k.min(n.saturating_sub(2));
        let grid = match instance.arcs() {
            Arcs::Plane(p, _) => Some(Grid::new(p)),
            Arcs::Matrix(_) => None,
        };
        let rows: Vec<Vec<u32>> = (0..n)
            .into_par_iter()
            .map(|i| {
                if i == 0 {
                    return vec![0; stride];
                }
                let near = grid.as_ref().map_or_else(|| (1..n as u32).collect(), |g| g.around(i, stride + 1));
                let mut keyed: Vec<(f64, u32)> = near
                    .into_iter()
                    .filter(|&j| j as usize != i)
                    .map(|j| (costs.arc(i, j as usize) + costs.back(i, j as usize), j))
                    .collect();
                let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
                if stride > 0 && keyed.len() > stride {
                    keyed.select_nth_unstable_by(stride - 1, order);
                }
                keyed.truncate(stride);
                keyed.sort_unstable_by(order);
                keyed.into_iter().map(|x| x.1).collect()
            })
            .collect();
        Self { list: rows.concat(), stride }
    }
}

/// Points in square cells, to find near ones without looking at all.
struct Grid<'a> {
    points: &'a [(f64, f64)],
    cells: Vec<Vec<u32>>,
    origin: (f64, f64),
    size: f64,
    side: usize,
}

impl<'a> Grid<'a> {
    fn new(points: &'a [(f64, f64)]) -> Self {
        let low = points.iter().fold((f64::MAX, f64::MAX), |m, p| (m.0.min(p.0), m.1.min(p.1)));
        let high = points.iter().fold((f64::MIN, f64::MIN), |m, p| (m.0.max(p.0), m.1.max(p.1)));
        let side = ((points.len() as f64 / 4.0).sqrt().ceil() as usize).clamp(1, 2000);
        let size = ((high.0 - low.0).max(high.1 - low.1) / side as f64).max(1e-9);
        let mut grid = Self { points, cells: vec![Vec::new(); side * side], origin: low, size, side };
        for (i, point) in points.iter().enumerate().skip(1) {
            let (x, y) = grid.cell(*point);
            grid.cells[y * side + x].push(i as u32);
        }
        grid
    }

    fn cell(&self, p: (f64, f64)) -> (usize, usize) {
        let at = |v: f64, o: f64| (((v - o) / self.size) as usize).min(self.side - 1);
        (at(p.0, self.origin.0), at(p.1, self.origin.1))
    }

    /// At least `k` points around `i` (all, if there are fewer), the `k` nearest among them.
    fn around(&self, i: usize, k: usize) -> Vec<u32> {
        let (x, y) = self.cell(self.points[i]);
        let mut radius = 1;
        loop {
            let range = |c: usize| c.saturating_sub(radius)..=(c + radius).min(self.side - 1);
            let found: Vec<u32> =
                range(y).flat_map(|b| range(x).flat_map(move |a| self.cells[b * self.side + a].iter().copied())).collect();
            // points within `radius` cells are complete; those in the corners beyond are extra
            let reach = radius as f64 * self.size;
            let inside = |j: &&u32| {
                let (p, q) = (self.points[i], self.points[**j as usize]);
                (p.0 - q.0).hypot(p.1 - q.1) <= reach
            };
            if radius >= self.side || found.iter().filter(inside).count() >= k {
                return found;
            }
            radius *= 2;
        }
    }
}
