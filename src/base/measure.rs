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
        let n = values.len();
        if n == 0 {
            return Self::default();
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        let half_width = if n < 2 {
            f64::NAN
        } else {
            let var = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1) as f64;
            student_975(n - 1) * (var / n as f64).sqrt()
        };
        let mut room = values.to_vec();
        let (p90, below) = quantile_of(&mut room, 0.9, n);
        let (p10, _) = quantile_of(below, 0.1, n);
        Self { mean, half_width, p10, p90 }
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

/// The same of values in any order, and the lowest of them, among which the lower quantiles are. `n` is how many there are in all; `values` are
/// the lowest of these, as many as the quantile takes.
fn quantile_of(values: &mut [f64], p: f64, n: usize) -> (f64, &mut [f64]) {
    let h = p.clamp(0.0, 1.0) * n.saturating_sub(1) as f64;
    let (lo, hi) = (h.floor() as usize, h.ceil() as usize);
    if hi >= values.len() {
        return (f64::NAN, values);
    }
    let (below, at, _) = values.select_nth_unstable_by(hi, f64::total_cmp);
    let above = *at;
    // the neighbour below is the greatest of what lies below
    let at = if lo == hi { above } else { below.iter().copied().max_by(f64::total_cmp).unwrap_or(above) };
    (at + (h - lo as f64) * (above - at), &mut values[..=hi])
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
