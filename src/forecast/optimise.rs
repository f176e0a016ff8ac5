//! Nelder–Mead simplex search inside a box, for the two to four smoothing parameters of a method.
//!
//! Nelder & Mead 1965, "A simplex method for function minimization", with the standard coefficients (1, 2, ½, ½); points
//! outside the box are moved to its edge, as statsforecast and R's forecast do.

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
}
