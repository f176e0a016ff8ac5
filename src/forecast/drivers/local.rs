//! The normal equations of one series: effects beside a level that moves slowly.
//!
//! Robinson's partially linear model (1988, "Root-N-consistent semiparametric regression", Econometrica 56(4)): the slow level is taken out of demand and of every
//! column by a moving mean over a window of periods, and what is left is regressed. Demand that is rarely zero is taken in logarithms, with Huber's weights
//! (1964, "Robust estimation of a location parameter"); demand with zeros by Poisson's quasi-likelihood, which estimates the same ratios without a logarithm of zero
//! (Santos Silva & Tenreyro 2006, "The log of gravity", Review of Economics and Statistics 88(4)), by iterated weighted least squares.

use super::design::Rows;
use super::solve::ridge;

/// Share of zeros from which demand has no logarithm.
const ZEROS: f64 = 0.02;
/// Errors beyond so many robust standard deviations count less.
const HUBER: f64 = 2.0;
/// Periods too few to learn anything from.
const FEW: usize = 8;
/// Variance of noise that no series falls below.
const LEAST_VARIANCE: f64 = 1e-5;

/// `xᵀx` and `xᵀy` over the variance of noise.
pub(super) struct Normal {
    pub a: Vec<f64>,
    pub b: Vec<f64>,
}

/// Which periods may be learned from.
pub(super) fn usable(y: &[f64], in_stock: Option<&[f64]>, rows: &Rows, until: usize) -> Vec<usize> {
    let stocked = |t: usize| in_stock.and_then(|s| s.get(t)).is_none_or(|s| s.is_nan() || *s >= 1.0);
    (0..until.min(y.len())).filter(|t| y[*t].is_finite() && y[*t] >= 0.0 && !rows.shut[*t] && stocked(*t)).collect()
}

/// Whether demand at these periods is so rarely zero that its logarithm can be taken.
pub(super) fn has_logarithm(y: &[f64], at: &[usize]) -> bool {
    let zeros = at.iter().filter(|t| y[**t] <= 0.0).count();
    zeros as f64 <= ZEROS * at.len() as f64
}

/// The normal equations from the periods before `until`; `None` where there is too little.
pub(super) fn normal(y: &[f64], in_stock: Option<&[f64]>, rows: &Rows, width: usize, window: usize, until: usize) -> Option<Normal> {
    let mut at = usable(y, in_stock, rows, until);
    let logarithms = has_logarithm(y, &at);
    if logarithms {
        at.retain(|t| y[*t] > 0.0);
    }
    if at.len() < FEW || at.iter().all(|t| y[*t] <= 0.0) {
        return None;
    }
    let mut beta = vec![0.0; width];
    let mut out = Normal { a: vec![0.0; width * width], b: vec![0.0; width] };
    let mut weights = vec![1.0; at.len()];
    let mut response: Vec<f64> = at.iter().map(|t| if logarithms { y[*t].ln() } else { 0.0 }).collect();
    let mut centred = Centred::new(at.len(), width);
    if logarithms {
        centred.fill(&response, &weights, &at, rows, window);
    }
    for round in 0..3 {
        if !logarithms {
            let index: Vec<f64> = at.iter().map(|t| dot(rows.at(*t), &beta)).collect();
            let base = ratio(&at, y, &index, window);
            for (i, t) in at.iter().enumerate() {
                let mean = (base[i] * index[i].exp()).max(1e-9);
                response[i] = index[i] + ((y[*t] - mean) / mean).min(5.0);
                weights[i] = mean;
            }
            centred.fill(&response, &weights, &at, rows, window);
        }
        out.a.fill(0.0);
        out.b.fill(0.0);
        for (i, w) in weights.iter().enumerate() {
            let (r, x) = centred.row(i);
            for (j, xj) in x.iter().enumerate() {
                let wx = w * xj;
                if wx != 0.0 {
                    out.b[j] += wx * r;
                    for (c, xk) in out.a[j * width..=j * width + j].iter_mut().zip(x) {
                        *c += wx * xk;
                    }
                }
            }
        }
        for j in 0..width {
            for k in j + 1..width {
                out.a[j * width + k] = out.a[k * width + j];
            }
        }
        beta = ridge(&out.a, &out.b, width, 0.05 * weights.iter().sum::<f64>() / weights.len() as f64)?;
        let mut errors: Vec<f64> = (0..at.len()).map(|i| (centred.row(i).0 - dot(centred.row(i).1, &beta)).abs()).collect();
        let used = effective(&at, width);
        let variance = if logarithms {
            let mut sorted = errors.clone();
            sorted.sort_by(f64::total_cmp);
            let scale = (1.4826 * sorted[sorted.len() / 2]).max(1e-4);
            let variance = errors.iter().map(|e| e.min(HUBER * scale).powi(2)).sum::<f64>() / used;
            if round < 2 {
                errors.iter_mut().for_each(|e| *e = (HUBER * scale / e.max(1e-12)).min(1.0));
                weights = errors;
            }
            variance
        } else {
            errors.iter().zip(&weights).map(|(e, w)| w * e * e).sum::<f64>() / used
        };
        if round == 2 {
            let noise = variance.max(if logarithms { LEAST_VARIANCE } else { 0.1 });
            out.a.iter_mut().chain(&mut out.b).for_each(|v| *v /= noise);
        }
    }
    out.a.iter().chain(&out.b).all(|v| v.is_finite()).then_some(out)
}

/// Periods left after estimating.
fn effective(at: &[usize], width: usize) -> f64 {
    let n = at.len() as f64;
    (n - width as f64).max(0.3 * n)
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Demand over what the effects explain of it, in a window around each period.
fn ratio(at: &[usize], y: &[f64], index: &[f64], window: usize) -> Vec<f64> {
    let n = at.len();
    let (mut top, mut bottom) = (vec![0.0; n + 1], vec![0.0; n + 1]);
    for (i, t) in at.iter().enumerate() {
        top[i + 1] = top[i] + y[*t];
        bottom[i + 1] = bottom[i] + index[i].clamp(-20.0, 20.0).exp();
    }
    let all = top[n] / bottom[n];
    let half = window / 2;
    (0..n)
        .map(|i| {
            let (from, to) = (i.saturating_sub(half), (i + half + 1).min(n));
            // half a window's worth of the overall level keeps a silent stretch from a level of zero
            let rest = 0.05 * (bottom[to] - bottom[from]);
            (top[to] - top[from] + rest * all) / (bottom[to] - bottom[from] + rest)
        })
        .collect()
}

/// Response and columns less their moving means.
struct Centred {
    width: usize,
    values: Vec<f64>,
    sums: Vec<f64>,
}

impl Centred {
    fn new(n: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; n * (width + 1)], sums: vec![0.0; (n + 1) * (width + 2)] }
    }

    fn fill(&mut self, response: &[f64], weights: &[f64], at: &[usize], rows: &Rows, window: usize) {
        let (n, step, wide) = (at.len(), self.width + 2, self.width + 1);
        for i in 0..n {
            let (before, after) = self.sums.split_at_mut((i + 1) * step);
            let (before, after) = (&before[i * step..], &mut after[..step]);
            let w = weights[i];
            after[0] = before[0] + w;
            after[1] = before[1] + w * response[i];
            for ((a, b), x) in after[2..].iter_mut().zip(&before[2..]).zip(rows.at(at[i])) {
                *a = b + w * x;
            }
        }
        let half = window / 2;
        for i in 0..n {
            let (from, to) = (i.saturating_sub(half) * step, (i + half + 1).min(n) * step);
            let weight = self.sums[to] - self.sums[from];
            let out = &mut self.values[i * wide..(i + 1) * wide];
            for (k, o) in out.iter_mut().enumerate() {
                let own = if k == 0 { response[i] } else { rows.at(at[i])[k - 1] };
                *o = own - (self.sums[to + 1 + k] - self.sums[from + 1 + k]) / weight.max(1e-12);
            }
        }
    }

    fn row(&self, i: usize) -> (f64, &[f64]) {
        let row = &self.values[i * (self.width + 1)..(i + 1) * (self.width + 1)];
        (row[0], &row[1..])
    }
}
