//! Each stop's nearest others, by distance alone and by distance and time.

use super::compiled::Compiled;

/// Weights of waiting and of lateness against driving (Vidal, Crainic, Gendreau & Prins 2013, §4.4).
const WAITING: f64 = 0.2;
const LATENESS: f64 = 1.0;
/// Neighbours by distance alone.
const AROUND: usize = 60;

/// Lists of equal length, nearest first.
pub(super) struct Proximity {
    depots: usize,
    related: Vec<u32>,
    stride: usize,
    around: Vec<u32>,
    wide: usize,
}

impl Proximity {
    /// `k` related stops for each.
    pub(super) fn new(c: &Compiled, k: usize) -> Self {
        let stops = c.nodes - c.depots;
        let (stride, wide) = (k.min(stops.saturating_sub(1)), AROUND.min(stops.saturating_sub(1)));
        let (mut related, mut around) = (Vec::with_capacity(stops * stride), Vec::with_capacity(stops * wide));
        // so that a unit of time counts as the distance driven in it
        let whole: f64 = c.duration.iter().filter(|d| **d < super::compiled::FAR).sum();
        let pace = if whole > 0.0 { c.distance.iter().filter(|d| **d < super::compiled::FAR).sum::<f64>() / whole } else { 0.0 };
        let after = |i: u32, j: u32| {
            if c.duration.is_empty() {
                return c.distance(i, j);
            }
            let (a, b) = (i as usize, j as usize);
            let way = c.duration(i, j) + c.service[a];
            let waiting = (c.early[b] - way - c.late[a]).max(0.0);
            let lateness = (c.early[a] + way - c.late[b]).max(0.0);
            c.distance(i, j) + pace * (WAITING * waiting + LATENESS * lateness)
        };
        let mut keyed: Vec<(f64, u32)> = Vec::with_capacity(stops);
        let mut list = |out: &mut Vec<u32>, i: u32, most: usize, key: &dyn Fn(u32) -> f64| {
            keyed.clear();
            keyed.extend(c.stops().filter(|j| *j != i).map(|j| (key(j), j)));
            let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if most > 0 && keyed.len() > most {
                keyed.select_nth_unstable_by(most - 1, order);
            }
            keyed.truncate(most);
            keyed.sort_unstable_by(order);
            out.extend(keyed.iter().map(|k| k.1));
        };
        for i in c.stops() {
            list(&mut related, i, stride, &|j| after(i, j).min(after(j, i)));
            list(&mut around, i, wide, &|j| c.distance(i, j) + c.distance(j, i));
        }
        Self { depots: c.depots, related, stride, around, wide }
    }

    /// By distance and time.
    #[inline(always)]
    pub(super) fn of(&self, stop: u32) -> &[u32] {
        let i = stop as usize - self.depots;
        &self.related[i * self.stride..(i + 1) * self.stride]
    }
    /// By distance.
    #[inline(always)]
    pub(super) fn around(&self, stop: u32) -> &[u32] {
        let i = stop as usize - self.depots;
        &self.around[i * self.wide..(i + 1) * self.wide]
    }
}
