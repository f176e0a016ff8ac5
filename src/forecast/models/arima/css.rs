//! Conditional least squares: coefficients that make the squared innovations small, those before the series taken as zero.
//!
//! Box, Jenkins & Reinsel 2008, *Time Series Analysis*, §7.1.2–7.2; Levenberg 1944 and Marquardt 1963 for the steps. Derivatives of
//! the innovations by each coefficient are lags of four filtered series, so that a step costs little more than a pass.

use super::order::Order;

/// Roots are kept beyond this circle while searching.
const MARGIN: f64 = 1.0005;
const STEPS: usize = 25;

/// Buffers of a fit, kept between fits.
#[derive(Default)]
pub(super) struct Css {
    e: Vec<f64>,
    by: [Vec<f64>; 5],
    normal: Vec<f64>,
    right: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    work: Vec<f64>,
}

/// out = x / (1 − Σ cᵢ·s·B^(i·lag)), in place.
fn divide(x: &mut [f64], c: &[f64], s: f64, lag: usize) {
    for t in 0..x.len() {
        let mut v = x[t];
        for (i, f) in c.iter().enumerate() {
            let Some(at) = t.checked_sub((i + 1) * lag) else { break };
            v += s * f * x[at];
        }
        x[t] = v;
    }
}

/// x·(1 − Σ cᵢB^(i·lag)), in place.
fn multiply(x: &mut [f64], c: &[f64], lag: usize) {
    if c.is_empty() {
        return;
    }
    for t in (0..x.len()).rev() {
        let mut v = x[t];
        for (i, f) in c.iter().enumerate() {
            let Some(at) = t.checked_sub((i + 1) * lag) else { break };
            v -= f * x[at];
        }
        x[t] = v;
    }
}

impl Css {
    /// Innovations into `e`; their sum of squares.
    fn pass(&mut self, w: &[f64], order: &Order, c: &[f64]) -> f64 {
        let (ar, ma, sar, sma, mean) = order.split(c);
        self.e.clear();
        self.e.extend(w.iter().map(|v| v - mean));
        multiply(&mut self.e, ar, 1);
        multiply(&mut self.e, sar, order.m);
        divide(&mut self.e, sma, -1.0, order.m);
        divide(&mut self.e, ma, -1.0, 1);
        self.e.iter().map(|v| v * v).sum()
    }

    /// Improves `c` in place. `None` where nothing finite is found.
    pub fn fit(&mut self, w: &[f64], order: &Order, c: &mut [f64]) -> Option<f64> {
        let n = w.len();
        let k = order.count();
        let mut best = self.pass(w, order, c);
        if !best.is_finite() {
            return None;
        }
        let mut damping = 1e-3;
        for _ in 0..STEPS {
            if k == 0 || best <= 0.0 {
                break;
            }
            let _ = self.pass(w, order, c);
            let (ar, ma, sar, sma, _) = order.split(c);
            for b in &mut self.by {
                b.clear();
            }
            let parts: [(&[f64], f64, usize); 4] = [(ar, 1.0, 1), (ma, -1.0, 1), (sar, 1.0, order.m), (sma, -1.0, order.m)];
            for (b, (coefficients, sign, lag)) in self.by.iter_mut().zip(parts) {
                if !coefficients.is_empty() {
                    b.extend_from_slice(&self.e);
                    divide(b, coefficients, sign, lag);
                }
            }
            if order.mean {
                let b = &mut self.by[4];
                b.resize(n, 1.0);
                multiply(b, ar, 1);
                multiply(b, sar, order.m);
                divide(b, sma, -1.0, order.m);
                divide(b, ma, -1.0, 1);
            }
            // each coefficient's column of −∂e/∂c: a series and a lag
            let mut columns = [(0usize, 0usize); 16];
            let mut at = 0;
            for (series, (coefficients, _, lag)) in parts.iter().enumerate() {
                for i in 0..coefficients.len() {
                    columns[at] = (series, (i + 1) * lag);
                    at += 1;
                }
            }
            if order.mean {
                columns[at] = (4, 0);
            }
            self.normal.clear();
            self.normal.resize(k * k, 0.0);
            self.right.clear();
            for i in 0..k {
                let (series_i, lag_i) = columns[i];
                let x = &self.by[series_i];
                let e = self.e.get(lag_i..).unwrap_or(&[]);
                self.right.push(e.iter().zip(x).map(|(a, b)| a * b).sum());
                for (j, (series_j, lag_j)) in columns.into_iter().enumerate().take(i + 1) {
                    let y = &self.by[series_j];
                    let most = lag_i.max(lag_j);
                    let (x, y) = (x.get(most - lag_i..).unwrap_or(&[]), y.get(most - lag_j..).unwrap_or(&[]));
                    let length = n.saturating_sub(most);
                    let sum = x.iter().take(length).zip(y).map(|(a, b)| a * b).sum();
                    self.normal[i * k + j] = sum;
                    self.normal[j * k + i] = sum;
                }
            }
            let mut better = false;
            for _ in 0..8 {
                if !self.solve(k, damping) {
                    damping *= 10.0;
                    continue;
                }
                let mut length = 1.0;
                let inside = loop {
                    self.trial.clear();
                    self.trial.extend(c.iter().zip(&self.step).map(|(c, s)| c + length * s));
                    if order.is_stable(&self.trial, MARGIN) {
                        break true;
                    }
                    length *= 0.5;
                    if length < 0.05 {
                        break false;
                    }
                };
                if !inside {
                    damping *= 10.0;
                    continue;
                }
                let trial = std::mem::take(&mut self.trial);
                let value = self.pass(w, order, &trial);
                let gain = best - value;
                if value.is_finite() && gain > 0.0 {
                    c.copy_from_slice(&trial);
                    better = gain > 1e-5 * best;
                    best = value;
                    damping = (damping * 0.2f64).max(1e-9);
                    self.trial = trial;
                    break;
                }
                self.trial = trial;
                damping *= 10.0;
            }
            if !better {
                break;
            }
        }
        best.is_finite().then_some(best)
    }

    /// Solves (N + damping·diag N)·step = right by Cholesky.
    fn solve(&mut self, k: usize, damping: f64) -> bool {
        self.work.clear();
        self.work.extend_from_slice(&self.normal);
        for i in 0..k {
            self.work[i * k + i] *= 1.0 + damping;
        }
        self.step.clear();
        self.step.extend_from_slice(&self.right);
        let a = &mut self.work;
        for i in 0..k {
            for j in 0..=i {
                let mut v = a[i * k + j];
                for l in 0..j {
                    v -= a[i * k + l] * a[j * k + l];
                }
                if i == j {
                    if v.is_nan() || v <= 1e-14 * self.normal[i * k + i].abs() || v <= 0.0 {
                        return false;
                    }
                    a[i * k + i] = v.sqrt();
                } else {
                    a[i * k + j] = v / a[j * k + j];
                }
            }
        }
        for i in 0..k {
            let mut v = self.step[i];
            for l in 0..i {
                v -= a[i * k + l] * self.step[l];
            }
            self.step[i] = v / a[i * k + i];
        }
        for i in (0..k).rev() {
            let mut v = self.step[i];
            for l in i + 1..k {
                v -= a[l * k + i] * self.step[l];
            }
            self.step[i] = v / a[i * k + i];
        }
        self.step.iter().all(|v| v.is_finite())
    }
}
