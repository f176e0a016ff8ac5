//! The exact Gaussian likelihood of an ARMA process by the innovations algorithm.
//!
//! Brockwell & Davis 1991, *Time Series: Theory and Methods*, §5.2 (algorithm), §5.3 (its short form for ARMA), §8.7 (likelihood);
//! autocovariances by their §3.3, third method. Once the innovations' variance has settled, the recursion goes on with what it has.

/// Buffers of an evaluation, kept between evaluations.
#[derive(Default)]
pub(super) struct Exact {
    psi: Vec<f64>,
    gamma: Vec<f64>,
    system: Vec<f64>,
    /// Autocovariance of the moving-average part, and of it with the process, by lag.
    moving: Vec<f64>,
    mixed: Vec<f64>,
    /// A ring of rows of coefficients by lag, and the variances.
    rows: Vec<f64>,
    variances: Vec<f64>,
    scaled: Vec<f64>,
    /// Innovations, filled by [`Exact::filter`].
    pub innovations: Vec<f64>,
}

/// What one pass found.
pub(super) struct Pass {
    /// Σ innovation²/variance.
    pub sum: f64,
    /// Σ ln variance.
    pub logs: f64,
}

/// Where an innovations' variance counts as settled.
const SETTLED: f64 = 1e-8;

impl Exact {
    /// Autocovariances γ(0..=most) for σ = 1.
    fn autocovariances(&mut self, phi: &[f64], theta: &[f64], most: usize) -> Option<()> {
        let (p, q) = (phi.len(), theta.len());
        let ma = |j: usize| if j == 0 { 1.0 } else { theta.get(j - 1).copied().unwrap_or(0.0) };
        self.psi.clear();
        for j in 0..=q {
            let mut v = ma(j);
            for (r, f) in phi.iter().enumerate().take(j) {
                v += f * self.psi[j - r - 1];
            }
            self.psi.push(v);
        }
        let psi = &self.psi;
        let right = |k: usize| (k..=q).map(|j| ma(j) * psi[j - k]).sum::<f64>();
        self.gamma.clear();
        if p == 0 {
            self.gamma.extend((0..=most.max(q)).map(right));
            return Some(());
        }
        let n = p + 1;
        self.system.clear();
        self.system.resize(n * (n + 1), 0.0);
        for k in 0..n {
            let row = &mut self.system[k * (n + 1)..(k + 1) * (n + 1)];
            row[k] += 1.0;
            for (r, f) in phi.iter().enumerate() {
                row[k.abs_diff(r + 1)] -= f;
            }
            row[n] = right(k);
        }
        solve(&mut self.system, n)?;
        self.gamma.extend((0..n).map(|k| self.system[k * (n + 1) + n]));
        for k in n..=most.max(q) {
            let mut v = if k <= q { right(k) } else { 0.0 };
            for (r, f) in phi.iter().enumerate() {
                v += f * self.gamma[k - r - 1];
            }
            self.gamma.push(v);
        }
        Some(())
    }

    /// Predicts each of `x` from those before it (`φ(B)x = θ(B)e`, both polynomials written out, θ with plus signs), and then the `ahead`
    /// values after the last, which go to `out`. `None` where the process is not stationary enough to compute with.
    pub fn filter(&mut self, x: &[f64], phi: &[f64], theta: &[f64], ahead: usize, out: &mut Vec<f64>) -> Option<Pass> {
        let (p, q) = (phi.len(), theta.len());
        let big = p.max(q);
        self.autocovariances(phi, theta, big)?;
        if !(self.gamma[0] > 0.0 && self.gamma[0] < 1e8) {
            return None;
        }
        let ma = |j: usize| if j == 0 { 1.0 } else { theta[j - 1] };
        self.moving.clear();
        self.moving.extend((0..=q).map(|lag| (0..=q - lag).map(|r| ma(r) * ma(r + lag)).sum::<f64>()));
        self.mixed.clear();
        for lag in 0..=q {
            let mut v = self.gamma[lag];
            for (r, f) in phi.iter().enumerate() {
                v -= f * self.gamma[lag.abs_diff(r + 1)];
            }
            self.mixed.push(v);
        }
        let width = big + 1;
        self.rows.clear();
        self.rows.resize(width * width, 0.0);
        self.variances.clear();
        self.variances.resize(width, 0.0);
        self.scaled.clear();
        self.scaled.resize(width, 0.0);
        self.innovations.clear();
        out.clear();
        let (mut pass, mut settled, mut row_at) = (Pass { sum: 0.0, logs: 0.0 }, false, 0);
        let n = x.len();
        for t in 0..n + ahead {
            let band = if t < big { t } else { q };
            let now = t % width;
            if !settled {
                for k in t - band..t {
                    let lag = t - k;
                    let covariance = if t < big {
                        self.gamma[lag]
                    } else if k < big {
                        self.mixed[lag]
                    } else {
                        self.moving[lag]
                    };
                    let band_k = if k < big { k } else { q };
                    let reach = band_k.min(band - lag);
                    let row = &self.rows[(k % width) * width..][1..=reach];
                    let overlap: f64 = row.iter().zip(&self.scaled[lag + 1..]).map(|(a, b)| a * b).sum();
                    let scaled = covariance - overlap;
                    self.scaled[lag] = scaled;
                    self.rows[now * width + lag] = scaled / self.variances[k % width];
                }
                let own = if t < big { self.gamma[0] } else { self.moving[0] };
                let row = &self.rows[now * width..][1..=band];
                let taken: f64 = row.iter().zip(&self.scaled[1..]).map(|(a, b)| a * b).sum();
                let v = own - taken;
                if v.is_nan() || v <= 1e-12 {
                    return None;
                }
                self.variances[now] = v;
                row_at = now;
                settled = t > big && (v - 1.0).abs() < SETTLED;
            }
            let variance = if settled { 1.0 } else { self.variances[now] };
            let mut mean = 0.0;
            if t >= big {
                for (r, f) in phi.iter().enumerate() {
                    let at = t - r - 1;
                    mean += f * if at < n { x[at] } else { out[at - n] };
                }
            }
            let row = &self.rows[row_at * width..][1..=band];
            for (c, e) in row.iter().zip(self.innovations.iter().rev()) {
                mean += c * e;
            }
            if t < n {
                let e = x[t] - mean;
                self.innovations.push(e);
                pass.sum += e * e / variance;
                pass.logs += if settled { 0.0 } else { variance.ln() };
            } else {
                self.innovations.push(0.0);
                out.push(mean);
            }
        }
        self.innovations.truncate(n);
        (pass.sum.is_finite() && pass.logs.is_finite()).then_some(pass)
    }
}

/// Gaussian elimination with row pivots of an n × (n + 1) system; the last column becomes the solution.
fn solve(a: &mut [f64], n: usize) -> Option<()> {
    let w = n + 1;
    for c in 0..n {
        let pivot = (c..n).max_by(|i, j| a[i * w + c].abs().total_cmp(&a[j * w + c].abs()))?;
        if a[pivot * w + c].abs() < 1e-12 {
            return None;
        }
        if pivot != c {
            for k in c..w {
                a.swap(c * w + k, pivot * w + k);
            }
        }
        let (above, below) = a.split_at_mut((c + 1) * w);
        let lead = &above[c * w..];
        for row in below.chunks_exact_mut(w) {
            let f = row[c] / lead[c];
            if f != 0.0 {
                for (x, y) in row[c..].iter_mut().zip(&lead[c..]) {
                    *x -= f * y;
                }
            }
        }
    }
    for c in (0..n).rev() {
        let mut v = a[c * w + n];
        for k in c + 1..n {
            v -= a[c * w + k] * a[k * w + n];
        }
        a[c * w + n] = v / a[c * w + c];
    }
    Some(())
}
