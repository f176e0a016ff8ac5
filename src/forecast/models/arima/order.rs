//! The order of a seasonal ARIMA process, its coefficients as one list, and the polynomials they stand for.

use serde::{Deserialize, Serialize};

/// (p, d, q)(P, D, Q) with season `m`, and whether the differenced series has a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Order {
    pub p: usize,
    pub d: usize,
    pub q: usize,
    pub sp: usize,
    pub sd: usize,
    pub sq: usize,
    pub m: usize,
    pub mean: bool,
}

impl Order {
    /// Coefficients: p autoregressive, q moving average, the seasonal ones of both, the mean.
    pub fn count(&self) -> usize {
        self.p + self.q + self.sp + self.sq + usize::from(self.mean)
    }
    /// Periods lost to differencing.
    pub fn lost(&self) -> usize {
        self.d + self.m * self.sd
    }
    /// The parts of a coefficient list: φ, θ, Φ, Θ, mean.
    pub fn split<'a>(&self, c: &'a [f64]) -> (&'a [f64], &'a [f64], &'a [f64], &'a [f64], f64) {
        let (ar, rest) = c.split_at(self.p.min(c.len()));
        let (ma, rest) = rest.split_at(self.q.min(rest.len()));
        let (sar, rest) = rest.split_at(self.sp.min(rest.len()));
        let (sma, rest) = rest.split_at(self.sq.min(rest.len()));
        (ar, ma, sar, sma, rest.first().copied().unwrap_or(0.0))
    }
    /// φ(B)Φ(Bᵐ) = 1 − Σ aᵢBⁱ and θ(B)Θ(Bᵐ) = 1 + Σ bᵢBⁱ written out.
    pub fn expand(&self, c: &[f64], a: &mut Vec<f64>, b: &mut Vec<f64>) {
        let (ar, ma, sar, sma, _) = self.split(c);
        product(ar, sar, self.m, -1.0, a);
        product(ma, sma, self.m, 1.0, b);
    }
    /// Whether all roots lie outside the circle of radius `margin`.
    pub fn is_stable(&self, c: &[f64], margin: f64) -> bool {
        let (ar, ma, sar, sma, _) = self.split(c);
        // a seasonal polynomial is one in Bᵐ: its roots in B are nearer the circle than the margin says, so it is held to the same
        roots_outside(ar, 1.0, margin)
            && roots_outside(ma, -1.0, margin)
            && roots_outside(sar, 1.0, margin)
            && roots_outside(sma, -1.0, margin)
    }
}

/// Coefficients of (1 + s·Σ xᵢBⁱ)(1 + s·Σ yᵢBᵐⁱ) after the leading 1, times `s`.
fn product(x: &[f64], y: &[f64], m: usize, s: f64, out: &mut Vec<f64>) {
    out.clear();
    out.resize(x.len() + m * y.len(), 0.0);
    for (i, v) in x.iter().enumerate() {
        out[i] += v;
    }
    for (k, w) in y.iter().enumerate() {
        let base = m * (k + 1);
        out[base - 1] += w;
        for (i, v) in x.iter().enumerate() {
            out[base + i] += s * v * w;
        }
    }
    while out.last() == Some(&0.0) {
        out.pop();
    }
}

/// Whether 1 − s·Σ cᵢzⁱ has all roots beyond `margin`, by stepping down to partial autocorrelations (Levinson–Durbin backwards).
fn roots_outside(c: &[f64], s: f64, margin: f64) -> bool {
    let mut a = [0.0; 8];
    let n = c.len().min(8);
    let mut power = 1.0;
    for (x, v) in a.iter_mut().zip(c) {
        power *= margin;
        *x = s * v * power;
    }
    for k in (0..n).rev() {
        let r = a[k];
        if r.is_nan() || r.abs() >= 1.0 {
            return false;
        }
        let old = a;
        for i in 0..k {
            a[i] = (old[i] + r * old[k - 1 - i]) / (1.0 - r * r);
        }
    }
    true
}

/// `y` differenced as the order says.
pub(super) fn difference(y: &[f64], d: usize, m: usize, sd: usize) -> Vec<f64> {
    let mut x = y.to_vec();
    for lag in std::iter::repeat_n(m, sd).chain(std::iter::repeat_n(1, d)) {
        if x.len() <= lag {
            return Vec::new();
        }
        x = x.iter().zip(x.iter().skip(lag)).map(|(a, b)| b - a).collect();
    }
    x
}

/// (1 − B)ᵈ(1 − Bᵐ)ᴰ = 1 − Σ cᵢBⁱ.
pub(super) fn integration(order: &Order) -> Vec<f64> {
    let mut full = vec![1.0];
    for lag in std::iter::repeat_n(order.m, order.sd).chain(std::iter::repeat_n(1, order.d)) {
        let mut next = full.clone();
        next.resize(full.len() + lag, 0.0);
        for (i, v) in full.iter().enumerate() {
            next[i + lag] -= v;
        }
        full = next;
    }
    full.iter().skip(1).map(|v| -v).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_told_from_the_inside() {
        assert!(roots_outside(&[0.99], 1.0, 1.001) && !roots_outside(&[0.99], 1.0, 1.02));
        // (1 − 0.5B)(1 + 0.9B) = 1 + 0.4B − 0.45B²
        assert!(roots_outside(&[-0.4, 0.45], 1.0, 1.1) && !roots_outside(&[-0.4, 0.45], 1.0, 1.12));
        assert!(!roots_outside(&[1.2], -1.0, 1.0) && roots_outside(&[], 1.0, 1.01));
    }

    #[test]
    fn polynomials_multiply_out() {
        let o = Order { p: 1, d: 1, q: 1, sp: 1, sd: 1, sq: 1, m: 4, mean: false };
        let (mut a, mut b) = (Vec::new(), Vec::new());
        o.expand(&[0.5, 0.3, 0.2, -0.6], &mut a, &mut b);
        assert_eq!(a, [0.5, 0.0, 0.0, 0.2, -0.1]);
        assert_eq!(b, [0.3, 0.0, 0.0, -0.6, -0.18]);
        assert_eq!(integration(&o), [1.0, 0.0, 0.0, 1.0, -1.0]);
        assert_eq!(difference(&[1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 22.0], 1, 4, 1), [4.0, 4.0]);
    }
}
