//! Forecasts of series and of groups made to agree: from below, from above, or from both by the trace-minimising combination.
//!
//! In: means of series and of groups over the same steps, forecast independently, and errors of earlier forecasts of both. Out: means of the series, whose sums are then the groups'.
//!
//! - **Bottom-up** leaves the series' means as they are.
//! - **Top-down** shares the total's mean by the series' forecast proportions (Athanasopoulos, Ahmed & Hyndman 2009, "Hierarchical forecasts for Australian domestic tourism", IJF 25(1)).
//! - **MinT** (Wickramasuriya, Athanasopoulos & Hyndman 2019, "Optimal forecast reconciliation … through trace minimization", JASA 114(526)) with the covariance of errors
//!   shrunk towards its diagonal (Schäfer & Strimmer 2005, Stat. Appl. Genet. Mol. Biol. 4(1)). With errors `E` (cases × nodes), `W = λD + (1−λ)E'E/T` and constraints
//!   `C = [I −A]` (group less the sum of its members) the reconciled means are `ŷ − WC'(CWC')⁻¹Cŷ`; only a system of the size of the groups is solved.

use serde::Serialize;

/// How forecasts of groups and series are made to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Groups are the sums of their series.
    BottomUp,
    /// Series are shares of the total.
    TopDown,
    /// Both, weighed by their errors.
    Mint,
}

impl Method {
    /// All.
    pub const ALL: [Self; 3] = [Self::BottomUp, Self::TopDown, Self::Mint];

    /// `bottom_up`, `top_down`, `mint`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BottomUp => "bottom_up",
            Self::TopDown => "top_down",
            Self::Mint => "mint",
        }
    }
}

/// A node's forecast and its earlier errors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Mean by step, units.
    pub mean: Vec<f64>,
    /// Errors of earlier forecasts, the same cases for every node; NaN where nothing is known.
    pub errors: Vec<f64>,
}

/// Groups as indices of series.
pub type Members = Vec<usize>;

/// The series' means made to agree with their groups'. The first group is the total of all. Means below zero become zero where `non_negative`.
pub fn reconcile(series: &[Node], groups: &[Node], members: &[Members], method: Method, non_negative: bool) -> Vec<Vec<f64>> {
    let mut out: Vec<Vec<f64>> = series.iter().map(|s| s.mean.clone()).collect();
    match method {
        Method::BottomUp => {}
        Method::TopDown => {
            if let Some((total, of)) = groups.first().zip(members.first()) {
                for (h, top) in total.mean.iter().enumerate() {
                    let sum: f64 = of.iter().filter_map(|i| out.get(*i)?.get(h)).sum();
                    let factor = if sum > 1e-9 { top.max(0.0) / sum } else { 1.0 };
                    for i in of {
                        if let Some(v) = out.get_mut(*i).and_then(|m| m.get_mut(h)) {
                            *v *= factor;
                        }
                    }
                }
            }
        }
        Method::Mint => mint(series, groups, members, &mut out),
    }
    if non_negative {
        out.iter_mut().flatten().for_each(|v| *v = v.max(0.0));
    }
    out
}

fn mint(series: &[Node], groups: &[Node], members: &[Members], out: &mut [Vec<f64>]) {
    let m = groups.len().min(members.len());
    let cases = series.iter().chain(groups).map(|n| n.errors.len()).min().unwrap_or(0);
    if m == 0 || cases < 2 {
        return;
    }
    // what is not known of an error is none
    let known = |v: &f64| if v.is_finite() { *v } else { 0.0 };
    let errors = |n: &Node| n.errors.iter().take(cases).map(known).collect::<Vec<f64>>();
    let (below, above): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (series.iter().map(errors).collect(), groups.iter().map(errors).collect());
    let variance = |e: &Vec<f64>| (e.iter().map(|v| v * v).sum::<f64>() / cases as f64).max(1e-9);
    let (d_below, d_above): (Vec<f64>, Vec<f64>) = (below.iter().map(variance).collect(), above.iter().map(variance).collect());
    let all: Vec<&Vec<f64>> = above.iter().chain(&below).collect();
    let lambda = shrinkage(&all);
    // errors of the groups less those of their members: how incoherent the errors were
    let incoherent: Vec<Vec<f64>> = (0..m)
        .map(|g| (0..cases).map(|t| above[g][t] - members[g].iter().filter_map(|i| below.get(*i)).map(|e| e[t]).sum::<f64>()).collect())
        .collect();
    let mut system = vec![0.0; m * m];
    let mut inside = vec![Vec::new(); series.len()];
    for (g, of) in members.iter().enumerate().take(m) {
        of.iter().filter(|i| **i < series.len()).for_each(|i| inside[*i].push(g));
    }
    for (i, of) in inside.iter().enumerate() {
        for a in of {
            for b in of {
                system[a * m + b] += lambda * d_below[i];
            }
        }
    }
    for a in 0..m {
        system[a * m + a] += lambda * d_above[a];
        for b in 0..m {
            let dot: f64 = incoherent[a].iter().zip(&incoherent[b]).map(|(x, y)| x * y).sum();
            system[a * m + b] += (1.0 - lambda) * dot / cases as f64;
        }
    }
    let size = (0..m).map(|a| system[a * m + a]).sum::<f64>() / m as f64;
    (0..m).for_each(|a| system[a * m + a] += 1e-9 * size);
    if !factor(&mut system, m) {
        return;
    }
    let steps = groups.iter().map(|g| g.mean.len()).min().unwrap_or(0);
    for h in 0..steps {
        let mut x: Vec<f64> =
            (0..m).map(|g| groups[g].mean[h] - members[g].iter().filter_map(|i| series.get(*i)?.mean.get(h)).sum::<f64>()).collect();
        solve(&system, &mut x);
        let along: Vec<f64> = (0..cases).map(|t| (0..m).map(|g| incoherent[g][t] * x[g]).sum::<f64>() / cases as f64).collect();
        for (i, mean) in out.iter_mut().enumerate() {
            let own: f64 = inside[i].iter().map(|g| x[*g]).sum();
            let shared: f64 = below[i].iter().zip(&along).map(|(e, a)| e * a).sum();
            if let Some(v) = mean.get_mut(h) {
                *v += lambda * d_below[i] * own - (1.0 - lambda) * shared;
            }
        }
    }
}

/// Nodes whose correlations are looked at for the shrinkage.
const LOOKED_AT: usize = 300;

/// The share of the diagonal in the covariance: Σ Var(r) / Σ r² over correlations of errors.
fn shrinkage(all: &[&Vec<f64>]) -> f64 {
    let stride = all.len().div_ceil(LOOKED_AT).max(1);
    let scaled: Vec<Vec<f64>> = all
        .iter()
        .step_by(stride)
        .filter_map(|e| {
            let n = e.len() as f64;
            let sd = (e.iter().map(|v| v * v).sum::<f64>() / n).sqrt();
            (sd > 1e-9).then(|| e.iter().map(|v| v / sd).collect())
        })
        .collect();
    let (mut noise, mut signal) = (0.0, 0.0);
    for (i, a) in scaled.iter().enumerate() {
        for b in &scaled[..i] {
            let n = a.len() as f64;
            let r = a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>() / n;
            noise += a.iter().zip(b).map(|(x, y)| (x * y - r).powi(2)).sum::<f64>() / (n * (n - 1.0).max(1.0));
            signal += r * r;
        }
    }
    if signal > 0.0 { (noise / signal).clamp(0.0, 1.0) } else { 1.0 }
}

/// Cholesky's factor in place of the lower half (Golub & Van Loan, *Matrix Computations*, §4.2); whether there is one.
fn factor(a: &mut [f64], n: usize) -> bool {
    for j in 0..n {
        for k in 0..=j {
            let sum: f64 = (0..k).map(|i| a[j * n + i] * a[k * n + i]).sum();
            let left = a[j * n + k] - sum;
            if k == j {
                if !(left > 0.0 && left.is_finite()) {
                    return false;
                }
                a[j * n + j] = left.sqrt();
            } else {
                a[j * n + k] = left / a[k * n + k];
            }
        }
    }
    true
}

fn solve(l: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| l[i * n + k] * b[k]).sum();
        b[i] = (b[i] - sum) / l[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| l[k * n + i] * b[k]).sum();
        b[i] = (b[i] - sum) / l[i * n + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(mean: &[f64], errors: &[f64]) -> Node {
        Node { mean: mean.to_vec(), errors: errors.to_vec() }
    }

    /// Against the formula written out with full matrices: y~ = S (S'W⁻¹S)⁻¹ S'W⁻¹ y for a total of two series with a diagonal W.
    #[test]
    fn mint_is_the_projection() {
        // orthogonal errors: nothing is shared, so that W is the diagonal of the variances whatever the shrinkage
        let e = [[3.0, -3.0, 3.0, -3.0], [1.0, 1.0, -1.0, -1.0], [2.0, -2.0, -2.0, 2.0]];
        let (total, a, b) = (node(&[20.0], &e[0]), node(&[6.0], &e[1]), node(&[8.0], &e[2]));
        let out = reconcile(&[a, b], &[total], &[vec![0, 1]], Method::Mint, true);
        // the gap of 6 is shared by variances 9 (total), 1 and 4
        assert!((out[0][0] - (6.0 + 6.0 / 14.0)).abs() < 1e-6, "{out:?}");
        assert!((out[1][0] - (8.0 + 24.0 / 14.0)).abs() < 1e-6, "{out:?}");
    }

    #[test]
    fn from_above_keeps_shares_and_from_below_keeps_all() {
        let s = [node(&[6.0, 0.0], &[]), node(&[2.0, 0.0], &[])];
        let total = [node(&[16.0, 5.0], &[])];
        let of = [vec![0, 1]];
        assert_eq!(reconcile(&s, &total, &of, Method::TopDown, true), [vec![12.0, 0.0], vec![4.0, 0.0]]);
        assert_eq!(reconcile(&s, &total, &of, Method::BottomUp, true), [vec![6.0, 0.0], vec![2.0, 0.0]]);
        // without errors nothing can be weighed
        assert_eq!(reconcile(&s, &total, &of, Method::Mint, true), [vec![6.0, 0.0], vec![2.0, 0.0]]);
    }

    /// A group that was always right pulls its series; one that was always wrong does not.
    #[test]
    fn what_was_right_has_the_word() {
        let s = [node(&[10.0], &[4.0, -5.0, 6.0, -4.0]), node(&[10.0], &[-4.0, 6.0, 5.0, -6.0])];
        let good = [node(&[30.0], &[0.1, -0.1, 0.1, 0.1])];
        let bad = [node(&[30.0], &[60.0, -55.0, 70.0, 65.0])];
        let sum = |g: &[Node]| reconcile(&s, g, &[vec![0, 1]], Method::Mint, true).iter().map(|m| m[0]).sum::<f64>();
        assert!((sum(&good) - 30.0).abs() < 1.0, "{}", sum(&good));
        assert!((sum(&bad) - 20.0).abs() < 2.0, "{}", sum(&bad));
    }
}
