//! Small symmetric systems by Cholesky's method (Golub & Van Loan, *Matrix Computations*, §4.2).

/// The lower factor of a positive definite matrix, in place of its lower half; `None` where it is not.
pub(super) fn factor(a: &mut [f64], n: usize) -> Option<()> {
    for j in 0..n {
        let (above, below) = a.split_at_mut(j * n);
        let row = &mut below[..n];
        for k in 0..j {
            let other = &above[k * n..k * n + k];
            let sum: f64 = row[..k].iter().zip(other).map(|(x, y)| x * y).sum();
            row[k] = (row[k] - sum) / above[k * n + k];
        }
        let left = row[j] - row[..j].iter().map(|x| x * x).sum::<f64>();
        if !(left > 0.0 && left.is_finite()) {
            return None;
        }
        row[j] = left.sqrt();
    }
    Some(())
}

/// Solves with a factor, in place.
pub(super) fn solve(l: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        let sum: f64 = l[i * n..i * n + i].iter().zip(&*b).map(|(x, y)| x * y).sum();
        b[i] = (b[i] - sum) / l[i * n + i];
    }
    for i in (0..n).rev() {
        b[i] /= l[i * n + i];
        let v = b[i];
        for (x, y) in b[..i].iter_mut().zip(&l[i * n..i * n + i]) {
            *x -= y * v;
        }
    }
}

/// The inverse from a factor.
pub(super) fn inverse(l: &[f64], n: usize) -> Vec<f64> {
    let mut out = vec![0.0; n * n];
    // the inverse of the factor, then its square
    let mut m = vec![0.0; n * n];
    for j in 0..n {
        m[j * n + j] = 1.0 / l[j * n + j];
        for i in j + 1..n {
            let sum: f64 = (j..i).map(|k| l[i * n + k] * m[k * n + j]).sum();
            m[i * n + j] = -sum / l[i * n + i];
        }
    }
    for k in 0..n {
        let row = &m[k * n..k * n + k + 1];
        for (i, x) in row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            for (o, y) in out[i * n..i * n + k + 1].iter_mut().zip(row) {
                *o += x * y;
            }
        }
    }
    out
}

/// Least squares with `extra` added to the diagonal.
pub(super) fn ridge(a: &[f64], b: &[f64], n: usize, extra: f64) -> Option<Vec<f64>> {
    let mut l = a.to_vec();
    (0..n).for_each(|i| l[i * n + i] += extra.max(1e-9));
    factor(&mut l, n)?;
    let mut out = b.to_vec();
    solve(&l, &mut out);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::base::cases::cases(64))]
        /// The factor solves what it came from, and the inverse is one.
        #[test]
        fn solves(n in 1usize..8, v in proptest::collection::vec(-2.0..2.0f64, 64), b in proptest::collection::vec(-3.0..3.0f64, 8)) {
            let mut a = vec![0.0; n * n];
            for i in 0..n { for j in 0..n {
                a[i * n + j] = (0..n).map(|k| v[i * n + k] * v[j * n + k]).sum::<f64>() + if i == j { 0.5 } else { 0.0 };
            } }
            let mut l = a.clone();
            factor(&mut l, n).unwrap();
            let mut x = b[..n].to_vec();
            solve(&l, &mut x);
            let inverse = inverse(&l, n);
            for i in 0..n {
                let back: f64 = (0..n).map(|j| a[i * n + j] * x[j]).sum();
                prop_assert!((back - b[i]).abs() < 1e-8);
                for j in 0..n {
                    let one: f64 = (0..n).map(|k| a[i * n + k] * inverse[k * n + j]).sum();
                    prop_assert!((one - f64::from(u8::from(i == j))).abs() < 1e-7);
                }
            }
        }
    }
}
