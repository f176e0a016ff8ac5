//! A simulated measure: its mean, the simulation's own error, and the spread of outcomes.

use serde::{Deserialize, Deserializer, Serialize};

/// Mean over replications, 95 % half-width of that mean, and the 10 % and 90 % quantiles of the outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measure {
    /// Mean over replications.
    pub mean: f64,
    /// Half-width of the 95 % confidence interval of the mean: the simulation's own error. NaN where it is unknown, as one value alone does not
    /// tell (`null` in JSON).
    #[serde(deserialize_with = "perhaps_unknown")]
    pub half_width: f64,
    /// 10 % quantile of the outcomes.
    pub p10: f64,
    /// 90 % quantile of the outcomes.
    pub p90: f64,
}

impl Measure {
    /// From one value per replication, in replication order (so that the sum folds in a fixed order).
    /// Empty input gives zeros.
    pub fn from_values(values: &[f64]) -> Self {
        Self::from_columns(&mut values.to_vec(), values.len()).pop().unwrap_or_default()
    }

    /// [`from_values`](Self::from_values) of each `n` values, which are left in any order. Sums of one column fold in its order; columns do not wait
    /// for each other.
    pub fn from_columns(columns: &mut [f64], n: usize) -> Vec<Self> {
        if n == 0 {
            return Vec::new();
        }
        let count = columns.len() / n;
        let mut means = vec![0.0; count];
        fold(columns, n, &mut means, |sum, v, _| sum + v);
        means.iter_mut().for_each(|m| *m /= n as f64);
        let mut squares: Vec<(f64, f64)> = means.iter().map(|m| (0.0, *m)).collect();
        fold(columns, n, &mut squares, |(sum, mean), v, _| (sum + (v - mean) * (v - mean), mean));
        let mut room = Vec::new();
        columns
            .chunks_exact_mut(n)
            .zip(squares)
            .map(|(values, (squares, mean))| {
                let variance = squares / n.saturating_sub(1).max(1) as f64;
                let half_width = if n < 2 { f64::NAN } else { student_975(n - 1) * (variance / n as f64).sqrt() };
                let [p10, p90] = tails(values, mean, variance.sqrt(), &mut room);
                Self { mean, half_width, p10, p90 }
            })
            .collect()
    }

    /// A value known exactly.
    pub const fn exact(value: f64) -> Self {
        Self { mean: value, half_width: 0.0, p10: value, p90: value }
    }

    /// The same measure in another unit.
    #[must_use]
    pub fn scaled(self, k: f64) -> Self {
        let (p10, p90) = if k < 0.0 { (self.p90 * k, self.p10 * k) } else { (self.p10 * k, self.p90 * k) };
        Self { mean: self.mean * k, half_width: self.half_width * k.abs(), p10, p90 }
    }
}

/// Columns that are folded in step: additions of one wait for each other, those of several do not.
const IN_STEP: usize = 4;

/// Folds each column of `n` values in its order into its own `sums`.
#[inline(always)]
fn fold<T: Copy>(columns: &[f64], n: usize, sums: &mut [T], add: impl Fn(T, f64, usize) -> T) {
    let mut groups = sums.chunks_exact_mut(IN_STEP);
    let mut rest = columns;
    for group in &mut groups {
        let (now, later) = rest.split_at(IN_STEP * n);
        rest = later;
        let ([a, b, c, d], Some(sums)) = ([0, 1, 2, 3].map(|k| &now[k * n..(k + 1) * n]), group.first_chunk_mut::<IN_STEP>()) else {
            return;
        };
        let mut local = *sums;
        for (i, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            local = [add(local[0], *a, i), add(local[1], *b, i), add(local[2], *c, i), add(local[3], *d, i)];
        }
        *sums = local;
    }
    for (sum, column) in groups.into_remainder().iter_mut().zip(rest.chunks_exact(n)) {
        *sum = column.iter().enumerate().fold(*sum, |sum, (i, v)| add(sum, *v, i));
    }
}

/// Half the width, in standard deviations, of where a tail's quantile is looked for first.
const WINDOW: f64 = 0.3;
/// So few values are not looked at twice.
const FEW: usize = 128;

/// The 10 % and 90 % quantiles of values of this mean and standard deviation. Where values lie about as a normal distribution's do, only the few
/// near its quantile are put in order.
fn tails(values: &mut [f64], mean: f64, sd: f64, room: &mut Vec<f64>) -> [f64; 2] {
    let n = values.len();
    let near = |z: f64, room: &mut Vec<f64>, values: &[f64], p: f64| -> Option<f64> {
        let (from, to) = (mean + (z - WINDOW) * sd, mean + (z + WINDOW) * sd);
        let (lo, hi, part) = rank(p, n);
        let below = values.iter().map(|v| usize::from(*v < from)).sum::<usize>();
        room.clear();
        room.resize(n + 1, 0.0);
        let mut kept = 0;
        for v in values {
            // written where the next one goes, and left there if it lies within
            *room.get_mut(kept)? = *v;
            kept += usize::from(*v >= from && *v < to);
        }
        if below > lo || hi >= below + kept {
            return None;
        }
        between(room.get_mut(..kept)?, lo - below, hi - below, part)
    };
    if n >= FEW && sd > 0.0 {
        let z = 1.281_551_565_544_6;
        if let (Some(p10), Some(p90)) = (near(-z, room, values, 0.1), near(z, room, values, 0.9)) {
            return [p10, p90];
        }
    }
    let (p90, below) = quantile_of(values, 0.9, n);
    [quantile_of(below, 0.1, n).0, p90]
}

/// A number, or NaN for a `null`.
fn perhaps_unknown<'de, D: Deserializer<'de>>(d: D) -> Result<f64, D::Error> {
    if d.is_human_readable() { Ok(Option::deserialize(d)?.unwrap_or(f64::NAN)) } else { f64::deserialize(d) }
}

/// Linear-interpolation quantile (Hyndman & Fan 1996, type 7) of ascending values; NaN when empty.
pub fn quantile_sorted(sorted: &[f64], p: f64) -> f64 {
    match sorted.len() {
        0 => f64::NAN,
        n => {
            let h = p.clamp(0.0, 1.0) * (n - 1) as f64;
            let (lo, hi) = (h.floor() as usize, h.ceil() as usize);
            sorted[lo] + (h - lo as f64) * (sorted[hi] - sorted[lo])
        }
    }
}

/// Where a quantile lies among `n` values in order: between two ranks, and how far.
fn rank(p: f64, n: usize) -> (usize, usize, f64) {
    let h = p.clamp(0.0, 1.0) * n.saturating_sub(1) as f64;
    (h.floor() as usize, h.ceil() as usize, h - h.floor())
}

/// What lies `part` of the way from rank `lo` to `hi`, its neighbour or itself; the values up to it come to stand first.
fn between(values: &mut [f64], lo: usize, hi: usize, part: f64) -> Option<f64> {
    if hi >= values.len() {
        return None;
    }
    let (below, at, _) = values.select_nth_unstable_by(hi, f64::total_cmp);
    let above = *at;
    // the neighbour below is the greatest of what lies below
    let at = if lo == hi { above } else { below.iter().copied().max_by(f64::total_cmp).unwrap_or(above) };
    Some(at + part * (above - at))
}

/// The same of values in any order, and the lowest of them, among which the lower quantiles are. `n` is how many there are in all; `values` are
/// the lowest of these, as many as the quantile takes.
fn quantile_of(values: &mut [f64], p: f64, n: usize) -> (f64, &mut [f64]) {
    let (lo, hi, part) = rank(p, n);
    match between(values, lo, hi, part) {
        Some(x) => (x, &mut values[..=hi]),
        None => (f64::NAN, values),
    }
}

/// 97.5 % quantile of Student's t with `df` degrees of freedom: exact for 1 and 2, else Cornish–Fisher
/// (Abramowitz & Stegun 26.7.5), within 0.001 from 5 on.
pub fn student_975(df: usize) -> f64 {
    match df {
        0 => f64::INFINITY,
        1 => 12.706_204_736,
        2 => 4.302_652_73,
        3 => 3.182_446_305,
        4 => 2.776_445_105,
        _ => {
            let (x, n) = (1.959_963_984_540_054_f64, df as f64);
            let (x3, x5, x7) = (x.powi(3), x.powi(5), x.powi(7));
            x + (x3 + x) / (4.0 * n)
                + (5.0 * x5 + 16.0 * x3 + 3.0 * x) / (96.0 * n * n)
                + (3.0 * x7 + 19.0 * x5 + 17.0 * x3 - 15.0 * x) / (384.0 * n.powi(3))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_is_students() {
        let m = Measure::from_values(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert!((m.mean - 3.0).abs() < 1e-12);
        // t(4) · s/√5 with s = √2.5
        assert!((m.half_width - 2.776_445 * (2.5f64 / 5.0).sqrt()).abs() < 1e-5);
        assert!((m.p10 - 1.4).abs() < 1e-12 && (m.p90 - 4.6).abs() < 1e-12);
        assert!((student_975(10) - 2.228_139).abs() < 1e-3);
        assert_eq!(Measure::from_values(&[]), Measure::default());
    }

    #[test]
    fn quantiles_are_those_of_sorted_values() {
        let mut x = 1u64;
        for n in 1..60usize {
            let values: Vec<f64> = (0..n)
                .map(|_| {
                    x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    f64::from((x >> 40) as u32 % 40)
                })
                .collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let m = Measure::from_values(&values);
            assert_eq!((m.p10, m.p90), (quantile_sorted(&sorted, 0.1), quantile_sorted(&sorted, 0.9)), "{values:?}");
        }
    }

    #[test]
    fn one_value_does_not_tell_its_error() {
        let m = Measure::from_values(&[7.0]);
        assert!(m.mean == 7.0 && m.half_width.is_nan());
        let text = serde_json::to_string(&m).unwrap();
        assert!(text.contains(r#""half_width":null"#), "{text}");
        assert!(serde_json::from_str::<Measure>(&text).unwrap().half_width.is_nan());
        let compact = postcard::to_stdvec(&m).unwrap();
        assert!(postcard::from_bytes::<Measure>(&compact).unwrap().half_width.is_nan());
    }
}
