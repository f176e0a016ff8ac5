//! Classical seasonal decomposition by moving averages, and the test of the Theta literature for whether to use it.
//!
//! Makridakis, Wheelwright & Hyndman 1998, ch. 3; the 90 % autocorrelation test as in Assimakopoulos & Nikolopoulos 2000
//! and Fiorucci et al. 2016.

/// Seasonal indices by position in the season; they average 1 (multiplicative) or 0 (additive).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seasonal {
    pub index: Vec<f64>,
    pub multiplicative: bool,
}

impl Seasonal {
    /// The index `t` periods from the start of the series.
    pub fn at(&self, t: usize) -> f64 {
        let neutral = if self.multiplicative { 1.0 } else { 0.0 };
        if self.index.is_empty() { neutral } else { self.index.get(t % self.index.len()).copied().unwrap_or(neutral) }
    }
    /// A value without its season.
    pub fn remove(&self, y: f64, t: usize) -> f64 {
        if self.multiplicative { y / self.at(t) } else { y - self.at(t) }
    }
    /// A value with its season.
    pub fn restore(&self, y: f64, t: usize) -> f64 {
        if self.multiplicative { y * self.at(t) } else { y + self.at(t) }
    }
}

/// Autocorrelations at lags 1..=m; `None` for a constant.
pub(crate) fn autocorrelations(y: &[f64], m: usize) -> Option<Vec<f64>> {
    let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let x: Vec<f64> = y.iter().map(|v| v - mean).collect();
    let d: f64 = x.iter().map(|v| v * v).sum();
    (d > 0.0 && d.is_finite() && y.len() > m)
        .then(|| (1..=m).map(|k| x.iter().zip(x.iter().skip(k)).map(|(a, b)| a * b).sum::<f64>() / d).collect())
}

/// Whether the autocorrelation at lag `m` stands out at 90 %: |r_m| > 1.645·√((1 + 2Σ_{k<m} r_k²)/n).
pub(crate) fn is_seasonal(y: &[f64], m: usize) -> bool {
    if m < 2 || y.len() < 2 * m {
        return false;
    }
    autocorrelations(y, m).is_some_and(|r| {
        let (last, before) = r.split_last().map_or((0.0, &[][..]), |(l, b)| (*l, b));
        let sum: f64 = before.iter().map(|v| v * v).sum();
        last.abs() > 1.645 * ((1.0 + 2.0 * sum) / y.len() as f64).sqrt()
    })
}

/// Centred moving average of span `m` (2×m for even m); `None` at the ends.
pub(crate) fn moving_average(y: &[f64], m: usize) -> Vec<Option<f64>> {
    let half = m / 2;
    let mut sums = Vec::with_capacity(y.len() + 1);
    let mut total = 0.0;
    sums.push(0.0);
    for v in y {
        total += v;
        sums.push(total);
    }
    let span = |a: usize, b: usize| Some(sums.get(b)? - sums.get(a)?);
    (0..y.len())
        .map(|t| {
            let from = t.checked_sub(half)?;
            let to = t + half + 1;
            let all = span(from, to)?;
            if m % 2 == 1 {
                return Some(all / m as f64);
            }
            let ends = y.get(from)? + y.get(to - 1)?;
            Some((all - 0.5 * ends) / m as f64)
        })
        .collect()
}

/// Classical decomposition with season `m`; `None` where it is not defined (less than two seasons, a multiplicative one
/// with values that are not positive).
pub(crate) fn classical(y: &[f64], m: usize, multiplicative: bool) -> Option<Seasonal> {
    if m < 2 || y.len() < 2 * m || (multiplicative && y.iter().any(|v| *v <= 0.0)) {
        return None;
    }
    let (mut sum, mut count) = (vec![0.0; m], vec![0usize; m]);
    for (t, (v, trend)) in y.iter().zip(moving_average(y, m)).enumerate() {
        let Some(trend) = trend else { continue };
        if multiplicative && trend <= 0.0 {
            continue;
        }
        if let (Some(s), Some(c)) = (sum.get_mut(t % m), count.get_mut(t % m)) {
            *s += if multiplicative { v / trend } else { v - trend };
            *c += 1;
        }
    }
    if count.contains(&0) {
        return None;
    }
    let mut index: Vec<f64> = sum.iter().zip(&count).map(|(s, c)| s / *c as f64).collect();
    let mean = index.iter().sum::<f64>() / m as f64;
    if multiplicative && mean <= 0.0 {
        return None;
    }
    index.iter_mut().for_each(|v| if multiplicative { *v /= mean } else { *v -= mean });
    index.iter().all(|v| v.is_finite()).then_some(Seasonal { index, multiplicative })
}

/// The decomposition of the Theta literature: multiplicative, additive where an index would come near zero or a value is not
/// positive.
pub(crate) fn seasonal_indices(y: &[f64], m: usize) -> Option<Seasonal> {
    classical(y, m, true).filter(|s| s.index.iter().all(|v| *v >= 0.01)).or_else(|| classical(y, m, false))
}
