//! Searches for the least value of a function: a simplex inside a box, for the two to four smoothing parameters of a method, and a
//! descent by differences from a point that is good already.
//!
//! Nelder & Mead 1965, "A simplex method for function minimization", with the standard coefficients (1, 2, ½, ½); points
//! outside the box are moved to its edge, as statsforecast and R's forecast do. Broyden 1970, Fletcher, Goldfarb and Shanno for the
//! descent (Nocedal & Wright 2006, *Numerical Optimization*, §6.1, with backtracking from §3.1).

/// The best point found and its value. Stops when the simplex's values agree within `tolerance` (relative) or after
/// `evaluations` of `f`. A value that is not finite counts as worst.
pub(crate) fn minimise<const N: usize>(
    start: [f64; N],
    step: [f64; N],
    lower: [f64; N],
    upper: [f64; N],
    tolerance: f64,
    evaluations: usize,
    mut f: impl FnMut(&[f64; N]) -> f64,
) -> ([f64; N], f64) {
    let clamp = |mut x: [f64; N]| {
        for ((v, lo), hi) in x.iter_mut().zip(&lower).zip(&upper) {
            *v = v.clamp(*lo, *hi);
        }
        x
    };
    let mut count = 0;
    let mut value = |x: &[f64; N]| {
        count += 1;
        let v = f(x);
        (if v.is_finite() { v } else { f64::MAX }, count)
    };
    let start = clamp(start);
    let mut simplex: Vec<([f64; N], f64)> = Vec::with_capacity(N + 1);
    simplex.push((start, value(&start).0));
    for i in 0..N {
        let mut x = start;
        let (Some(v), Some(d), Some(hi)) = (x.get_mut(i), step.get(i), upper.get(i)) else { continue };
        *v += if *v + d > *hi { -d } else { *d };
        let x = clamp(x);
        simplex.push((x, value(&x).0));
    }
    loop {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (Some(best), Some(worst)) = (simplex.first().copied(), simplex.last().copied()) else { return (start, f64::MAX) };
        let second = simplex.get(N.saturating_sub(1)).map_or(best.1, |s| s.1);
        let flat = (worst.1 - best.1).abs() <= tolerance * (best.1.abs() + 1e-12);
        let mut centroid = [0.0; N];
        for (x, _) in simplex.iter().take(N) {
            for (c, v) in centroid.iter_mut().zip(x) {
                *c += v / N as f64;
            }
        }
        let toward = |t: f64| {
            let mut x = centroid;
            for (c, w) in x.iter_mut().zip(&worst.0) {
                *c += t * (*c - w);
            }
            clamp(x)
        };
        let reflected = toward(1.0);
        let (fr, used) = value(&reflected);
        if flat || used >= evaluations {
            return best;
        }
        let replacement = if fr < best.1 {
            let expanded = toward(2.0);
            let fe = value(&expanded).0;
            Some(if fe < fr { (expanded, fe) } else { (reflected, fr) })
        } else if fr < second {
            Some((reflected, fr))
        } else {
            let (x, bound) = if fr < worst.1 { (toward(0.5), fr) } else { (toward(-0.5), worst.1) };
            let fx = value(&x).0;
            (fx < bound).then_some((x, fx))
        };
        match replacement {
            Some(new) => {
                if let Some(last) = simplex.last_mut() {
                    *last = new;
                }
            }
            None => {
                for (x, v) in simplex.iter_mut().skip(1) {
                    for (a, b) in x.iter_mut().zip(&best.0) {
                        *a = b + 0.5 * (*a - b);
                    }
                    *v = value(x).0;
                }
            }
        }
    }
}

/// Improves `x` in place by quasi-Newton steps. `f` gives the value (infinite where it may not go) and, where it is asked to, the slope.
/// Stops after `steps`, or when a step gains less than `tolerance` (relative).
pub(crate) fn descend(x: &mut [f64], steps: usize, tolerance: f64, mut f: impl FnMut(&[f64], Option<&mut Vec<f64>>) -> f64) {
    let n = x.len();
    let (mut g, mut next_g) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let mut value = f(x, Some(&mut g));
    if n == 0 || !value.is_finite() || g.iter().any(|v| !v.is_finite()) {
        return;
    }
    // the inverse curvature, first guessed from the size of the slope
    let first = 0.1 / g.iter().map(|v| v * v).sum::<f64>().sqrt().max(0.1);
    let mut h = vec![0.0; n * n];
    h.iter_mut().step_by(n + 1).for_each(|v| *v = first);
    let mut learned = false;
    let (mut step, mut trial, mut turn, mut hy) = (vec![0.0; n], vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    for _ in 0..steps {
        for (s, row) in step.iter_mut().zip(h.chunks_exact(n)) {
            *s = -dot(row, &g);
        }
        let fall = dot(&step, &g);
        if fall.is_nan() || fall >= 0.0 {
            return;
        }
        let mut length = 1.0;
        let found = loop {
            for ((t, v), s) in trial.iter_mut().zip(x.iter()).zip(&step) {
                *t = v + length * s;
            }
            let new = f(&trial, None);
            if new.is_finite() && new <= value + 1e-4 * length * fall {
                break Some(new);
            }
            length *= 0.4;
            if length < 1e-4 {
                break None;
            }
        };
        let Some(new) = found else { return };
        let gain = value - new;
        x.copy_from_slice(&trial);
        value = new;
        if gain <= tolerance * (value.abs() + 1.0) {
            return;
        }
        f(x, Some(&mut next_g));
        if next_g.iter().any(|v| !v.is_finite()) {
            return;
        }
        step.iter_mut().for_each(|s| *s *= length);
        for ((t, a), b) in turn.iter_mut().zip(&next_g).zip(&g) {
            *t = a - b;
        }
        let sy = dot(&step, &turn);
        if sy > 1e-12 {
            if !learned {
                let scale = sy / dot(&turn, &turn).max(1e-300);
                h.iter_mut().step_by(n + 1).for_each(|v| *v = scale);
                learned = true;
            }
            for (out, row) in hy.iter_mut().zip(h.chunks_exact(n)) {
                *out = dot(row, &turn);
            }
            let yhy = dot(&hy, &turn);
            for (i, row) in h.chunks_exact_mut(n).enumerate() {
                for (j, v) in row.iter_mut().enumerate() {
                    *v += (1.0 + yhy / sy) * step[i] * step[j] / sy - (hy[i] * step[j] + step[i] * hy[j]) / sy;
                }
            }
        }
        std::mem::swap(&mut g, &mut next_g);
    }
}

/// A function with its slope by differences, for [`descend`]; a value that is infinite on one side is looked at from the other.
pub(crate) fn by_differences(mut f: impl FnMut(&[f64]) -> f64) -> impl FnMut(&[f64], Option<&mut Vec<f64>>) -> f64 {
    const NUDGE: f64 = 1e-5;
    let mut at = Vec::new();
    move |x, out| {
        let value = f(x);
        let Some(out) = out else { return value };
        at.clear();
        at.extend_from_slice(x);
        out.clear();
        for i in 0..x.len() {
            at[i] = x[i] + NUDGE;
            let mut d = (f(&at) - value) / NUDGE;
            if !d.is_finite() {
                at[i] = x[i] - NUDGE;
                d = (value - f(&at)) / NUDGE;
            }
            at[i] = x[i];
            out.push(if d.is_finite() { d } else { 0.0 });
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_valley_and_the_edge_of_a_box() {
        let rosenbrock = |x: &[f64; 2]| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2);
        let (x, v) = minimise([-1.2, 1.0], [0.5, 0.5], [-5.0; 2], [5.0; 2], 1e-14, 2000, rosenbrock);
        assert!((x[0] - 1.0).abs() < 1e-4 && (x[1] - 1.0).abs() < 1e-4 && v < 1e-8, "{x:?} {v}");
        let (x, _) = minimise([0.5], [0.1], [0.0], [0.8], 1e-12, 500, |x| -x[0]);
        assert_eq!(x, [0.8]);
        let (x, _) = minimise([0.5], [0.1], [0.0], [0.8], 1e-12, 50, |_| f64::NAN);
        assert!(x[0].is_finite());
    }

    #[test]
    fn descends_where_it_may_go() {
        let mut x = [-1.2, 1.0];
        descend(&mut x, 200, 1e-14, by_differences(|x| 100.0 * (x[1] - x[0] * x[0]).powi(2) + (1.0 - x[0]).powi(2)));
        assert!((x[0] - 1.0).abs() < 1e-2, "{x:?}");
        let mut x = [0.2];
        descend(&mut x, 50, 1e-10, by_differences(|x| if x[0] > 0.5 { f64::INFINITY } else { (x[0] - 0.4).powi(2) }));
        assert!((x[0] - 0.4).abs() < 1e-3, "{x:?}");
        let mut x = [3.0];
        descend(&mut x, 50, 1e-10, |_, _| f64::NAN);
        assert_eq!(x, [3.0]);
    }
}
