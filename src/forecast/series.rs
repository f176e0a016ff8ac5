//! What the models are given: a gap-free series on a scale near 1, and what the history is like.
//!
//! Periods out of stock show sales, not demand. A period mostly in stock is scaled up by its share in stock (demand
//! spread evenly over the period); one mostly out of stock is treated as not seen. Both, and gaps, are filled for the
//! models that need every period, and never count as errors.

use super::fitted::SeriesInput;

/// Below this share in stock a period's sales say too little about demand.
const SEEN: f64 = 0.5;
/// Most periods a model is fitted on; older ones are left out.
const LONGEST: usize = 4096;

/// The pattern of demand (Syntetos, Boylan & Croston 2005, "On the categorization of demand patterns", JORS 56(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Nothing seen, or nothing but zeros.
    Silent,
    /// Demand in most periods.
    Regular,
    /// A mean interval between demands above 1.32 periods.
    Intermittent,
}

/// A prepared series.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// Values over `scale`, gap-free, only open periods.
    pub y: Vec<f64>,
    /// Whether the value was observed and not censored.
    pub observed: Vec<bool>,
    /// Whether the value is made up from its neighbours on both sides.
    pub filled: Vec<bool>,
    /// What values were divided by.
    pub scale: f64,
    /// Length of the input.
    pub length: usize,
    /// For each place in this cycle, whether the shop is always closed; empty: never.
    pub closed: Vec<bool>,
    /// Share of open periods with no demand in a series that otherwise always has some: odd closed days.
    pub odd_zeros: f64,
    pub pattern: Pattern,
    pub integer: bool,
    pub non_negative: bool,
}

impl Prepared {
    /// Whether period `t` of the input's calendar falls on a closed place.
    pub fn is_closed(&self, t: usize) -> bool {
        !self.closed.is_empty() && self.closed.get(t % self.closed.len()).copied().unwrap_or(false)
    }
    /// Season length in open periods.
    pub fn open_season(&self, m: usize) -> usize {
        if self.closed.is_empty() {
            return m;
        }
        let open = self.closed.iter().filter(|c| !**c).count();
        (m as f64 * open as f64 / self.closed.len() as f64).round() as usize
    }
    /// Open periods among the next `horizon`.
    pub fn open_horizon(&self, horizon: usize) -> usize {
        (0..horizon).filter(|h| !self.is_closed(self.length + h)).count()
    }
    /// The first `n` values as they were known then: a gap at their end goes on from the last one seen, not towards what came after.
    pub fn known(&self, n: usize) -> std::borrow::Cow<'_, [f64]> {
        let known = self.y.get(..n).unwrap_or(&self.y);
        let gap = self.filled.iter().take(known.len()).rev().take_while(|f| **f).count();
        match known.len().checked_sub(gap).filter(|_| gap > 0).map(|seen| known.split_at(seen)) {
            Some((seen, _)) if !seen.is_empty() => {
                let mut held = seen.to_vec();
                held.resize(known.len(), seen.last().copied().unwrap_or(0.0));
                held.into()
            }
            _ => known.into(),
        }
    }
    /// The observed values alone, in order.
    pub fn seen(&self) -> Vec<f64> {
        self.y.iter().zip(&self.observed).filter(|(_, o)| **o).map(|(v, _)| *v).collect()
    }
}

/// Prepares a series; `cycles` are the season lengths in which closed places are looked for, and `known` (of an earlier
/// fit of the same series) replaces the search.
pub(crate) fn prepare(input: &SeriesInput<'_>, cycles: &[usize], integer: Option<bool>, known: Option<(&[bool], f64)>) -> Prepared {
    let length = input.y.len();
    let first = input.y.iter().position(|v| v.is_finite()).unwrap_or(length);
    let first = first.max(length.saturating_sub(LONGEST));
    let (mut values, mut whole, mut non_negative) = (Vec::with_capacity(length - first), true, true);
    let mut cut_off = Vec::new();
    for (t, raw) in input.y.iter().enumerate().skip(first) {
        if raw.is_finite() {
            non_negative &= *raw >= 0.0;
            whole &= raw.fract() == 0.0;
        }
        let share = input.in_stock.and_then(|s| s.get(t)).copied().filter(|s| s.is_finite()).unwrap_or(1.0);
        values.push(match share {
            _ if !raw.is_finite() => None,
            s if s >= 1.0 => Some((*raw, true)),
            s if s >= SEEN => Some((raw / s, false)),
            s => {
                cut_off.push((t, *raw, s.max(0.0)));
                None
            }
        });
    }
    let magnitude = |v: &Option<(f64, bool)>| v.map(|x| x.0.abs());
    let largest = values.iter().filter_map(magnitude).fold(0.0, f64::max);
    let count = values.iter().flatten().count();
    let mean = values.iter().filter_map(magnitude).map(|v| v / largest.max(f64::MIN_POSITIVE)).sum::<f64>() / count.max(1) as f64;
    let scale = if largest > 0.0 && mean > 0.0 { (largest * mean).clamp(1e-290, 1e290) } else { 1.0 };
    let silent = largest == 0.0;

    let closed = match known {
        Some((closed, _)) => closed.to_vec(),
        None if silent || !non_negative => Vec::new(),
        None => closed_places(&values, first, cycles),
    };
    let is_closed = |t: usize| !closed.is_empty() && closed.get(t % closed.len()).copied().unwrap_or(false);
    let (mut y, mut observed) = (Vec::new(), Vec::new());
    for (i, v) in values.iter().enumerate() {
        if !is_closed(first + i) {
            y.push(v.map_or(f64::NAN, |x| x.0 / scale));
            observed.push(v.is_some_and(|x| x.1));
        }
    }
    let mut odd_zeros = 0.0;
    if non_negative && !silent {
        odd_zeros = known.map_or_else(|| odd_zero_share(&y), |k| k.1);
        if odd_zeros > 0.0 {
            for (v, o) in y.iter_mut().zip(&mut observed) {
                if *v == 0.0 {
                    *v = f64::NAN;
                    *o = false;
                }
            }
        }
    }
    let demands = y.iter().filter(|v| **v != 0.0 && v.is_finite()).count();
    let seen = y.iter().filter(|v| v.is_finite()).count();
    let pattern = if silent || seen == 0 {
        Pattern::Silent
    } else if non_negative && seen as f64 > 1.32 * demands as f64 {
        Pattern::Intermittent
    } else {
        Pattern::Regular
    };
    let filled = y.iter().map(|v| !v.is_finite()).collect();
    interpolate(&mut y);
    // what sold although the shelf was mostly empty is part of demand: the rest of the period is expected to have been like its neighbours (see `history::censored`)
    if odd_zeros == 0.0 {
        let mut at = cut_off.iter().peekable();
        let open = (first..length).filter(|t| !is_closed(*t));
        for (t, v) in open.zip(&mut y) {
            while at.peek().is_some_and(|c| c.0 < t) {
                at.next();
            }
            if let Some((_, sold, share)) = at.peek().filter(|c| c.0 == t) {
                *v = if *share > 0.0 { sold / scale + (1.0 - share) * *v } else { v.max(sold / scale) };
            }
        }
    }
    Prepared {
        y,
        observed,
        filled,
        scale,
        length,
        closed,
        odd_zeros,
        pattern,
        integer: integer.unwrap_or(whole && !silent && non_negative),
        non_negative,
    }
}

/// Places in the longest usable cycle where the most recent values are all zero, although by the share of zeros elsewhere
/// that would happen by chance less than once in a million.
fn closed_places(values: &[Option<(f64, bool)>], first: usize, cycles: &[usize]) -> Vec<bool> {
    for m in cycles.iter().rev().copied().filter(|m| (2..=168).contains(m) && values.len() >= 4 * m) {
        let (mut run, mut done) = (vec![0usize; m], vec![false; m]);
        for (i, v) in values.iter().enumerate().rev() {
            let place = (first + i) % m;
            let (Some(r), Some(d), Some((x, _))) = (run.get_mut(place), done.get_mut(place), v) else { continue };
            if *x == 0.0 && !*d {
                *r += 1;
            } else {
                *d = true;
            }
        }
        let candidates: Vec<bool> = run.iter().map(|r| *r >= 4).collect();
        let (mut zeros, mut count) = (0usize, 0usize);
        for (i, v) in values.iter().enumerate() {
            if let (Some(false), Some((x, _))) = (candidates.get((first + i) % m), v) {
                zeros += usize::from(*x == 0.0);
                count += 1;
            }
        }
        if count == 0 {
            continue;
        }
        let share = ((zeros as f64 + 0.5) / (count as f64 + 1.0)).min(1.0);
        let closed: Vec<bool> = run.iter().zip(&candidates).map(|(r, c)| *c && share.powi((*r).min(10_000) as i32) < 1e-6).collect();
        if closed.contains(&true) {
            return closed;
        }
    }
    Vec::new()
}

/// The share of zeros, where they are few and far below everything else: an item or shop that sells every period it is open.
fn odd_zero_share(y: &[f64]) -> f64 {
    let zeros = y.iter().filter(|v| **v == 0.0).count();
    let mut rest: Vec<f64> = y.iter().copied().filter(|v| *v > 0.0).collect();
    if zeros == 0 || zeros * 8 > rest.len() || rest.len() < 24 {
        return 0.0;
    }
    rest.sort_by(f64::total_cmp);
    let at = |p: f64| rest.get(((rest.len() - 1) as f64 * p) as usize).copied().unwrap_or(0.0);
    if at(0.02) > 0.2 * at(0.5) { zeros as f64 / (zeros + rest.len()) as f64 } else { 0.0 }
}

/// Fills NaN linearly between neighbours, with the nearest value at the ends; zero where nothing is known.
pub(crate) fn interpolate(y: &mut [f64]) {
    let mut last: Option<(usize, f64)> = None;
    let known: Vec<(usize, f64)> = y.iter().copied().enumerate().filter(|(_, v)| v.is_finite()).collect();
    let mut next = known.iter().copied().peekable();
    for (t, v) in y.iter_mut().enumerate() {
        if v.is_finite() {
            last = next.next();
            continue;
        }
        *v = match (last, next.peek()) {
            (Some((a, x)), Some((b, z))) => x + (z - x) * (t - a) as f64 / (b - a) as f64,
            (Some((_, x)), None) => x,
            (None, Some((_, z))) => *z,
            (None, None) => 0.0,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Period, Stamp};

    #[test]
    fn a_gap_is_not_filled_from_the_future() {
        let y = [4.0, 6.0, f64::NAN, f64::NAN, 12.0, 8.0];
        let p = prepare(&SeriesInput { y: &y, in_stock: None, period: Period::Week, start: Stamp(0) }, &[], None, None);
        let at = |n: usize| p.known(n).iter().map(|v| (v * p.scale).round()).collect::<Vec<f64>>();
        assert_eq!(at(6), [4.0, 6.0, 8.0, 10.0, 12.0, 8.0]);
        assert_eq!(at(4), [4.0, 6.0, 6.0, 6.0]);
        assert_eq!(at(2), [4.0, 6.0]);
    }
}
