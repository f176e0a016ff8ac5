//! Which order: differencing by tests, the rest by going from neighbour to neighbour while AICc falls.
//!
//! Hyndman & Khandakar 2008, "Automatic time series forecasting: the forecast package for R", J. Stat. Software 27(3), §3.2, with the
//! strength of the season deciding on seasonal differencing (Wang, Smith & Hyndman 2006) and the KPSS test on ordinary ones
//! (Kwiatkowski et al. 1992). Each order is fitted by least squares and compared by its exact likelihood there.

use super::css::Css;
use super::likelihood::Exact;
use super::order::{Order, difference};
use crate::forecast::decompose::{classical, moving_average};

/// Most coefficients of each kind, all together, and orders tried.
const MOST: (usize, usize, usize, usize) = (5, 2, 5, 94);
/// Roots of an acceptable order lie beyond this circle.
const MARGIN: f64 = 1.01;
/// Strength of the season from which it is differenced away.
const STRONG: f64 = 0.64;
/// KPSS critical value for a level at 5 %.
const KPSS: f64 = 0.463;

/// Everything a search or a fit needs, kept between them.
#[derive(Default)]
pub(super) struct Workshop {
    pub css: Css,
    pub exact: Exact,
    ar: Vec<f64>,
    ma: Vec<f64>,
    centred: Vec<f64>,
    ahead: Vec<f64>,
}

impl Workshop {
    /// n·ln(S/n) + Σ ln v of the differenced series: −2·log-likelihood up to a constant.
    pub fn deviance(&mut self, w: &[f64], order: &Order, c: &[f64]) -> Option<f64> {
        let mean = order.split(c).4;
        self.centred.clear();
        self.centred.extend(w.iter().map(|v| v - mean));
        order.expand(c, &mut self.ar, &mut self.ma);
        let pass = self.exact.filter(&self.centred, &self.ar, &self.ma, 0, &mut self.ahead)?;
        let n = w.len() as f64;
        Some(n * (pass.sum / n).max(1e-300).ln() + pass.logs)
    }

    /// Coefficients and AICc of an order on the differenced series `w`.
    fn fit(&mut self, w: &[f64], order: &Order, start: Option<&[f64]>) -> Option<(Vec<f64>, f64)> {
        let mut c = start.map_or_else(|| begin(w, order), <[f64]>::to_vec);
        self.css.fit(w, order, &mut c)?;
        if !order.is_stable(&c, MARGIN) {
            return None;
        }
        let deviance = self.deviance(w, order, &c)?;
        let (n, k) = (w.len() as f64, order.count() as f64 + 1.0);
        (n - k - 1.0 > 0.0).then(|| (c, deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)))
    }
}

/// Where least squares starts: a little of everything, the mean as it is.
pub(super) fn begin(w: &[f64], order: &Order) -> Vec<f64> {
    let mut c = vec![0.1; order.count()];
    if let (true, Some(last)) = (order.mean, c.last_mut()) {
        *last = w.iter().sum::<f64>() / w.len().max(1) as f64;
    }
    c
}

/// The KPSS statistic for a level, with trunc(3·√n/13) lags.
fn kpss(y: &[f64]) -> f64 {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / n;
    let e: Vec<f64> = y.iter().map(|v| v - mean).collect();
    let lags = (3.0 * n.sqrt() / 13.0) as usize;
    let mut long: f64 = e.iter().map(|v| v * v).sum();
    for k in 1..=lags {
        let c: f64 = e.iter().zip(e.iter().skip(k)).map(|(a, b)| a * b).sum();
        long += 2.0 * (1.0 - k as f64 / (lags as f64 + 1.0)) * c;
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for v in &e {
        sum += v;
        squares += sum * sum;
    }
    if long > 0.0 { squares / (n * long) } else { 0.0 }
}

fn is_constant(y: &[f64]) -> bool {
    y.windows(2).all(|p| matches!(p, [a, b] if (a - b).abs() < 1e-12))
}

/// 1 − Var(remainder)/Var(season + remainder).
fn strength(y: &[f64], m: usize) -> f64 {
    let Some(s) = classical(y, m, false) else { return 0.0 };
    let trend = moving_average(y, m);
    let (mut r2, mut d2, mut r1, mut d1, mut n) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (t, (v, level)) in y.iter().zip(trend).enumerate() {
        let Some(level) = level else { continue };
        let (d, r) = (v - level, v - level - s.at(t));
        r1 += r;
        r2 += r * r;
        d1 += d;
        d2 += d * d;
        n += 1.0;
    }
    let variance = |s2: f64, s1: f64| s2 / n - (s1 / n).powi(2);
    if n < 2.0 || variance(d2, d1) <= 0.0 { 0.0 } else { (1.0 - variance(r2, r1) / variance(d2, d1)).max(0.0) }
}

/// (d, D) of a series.
pub(super) fn differences(y: &[f64], m: usize) -> (usize, usize) {
    let sd = usize::from(m > 1 && y.len() > 2 * m + 8 && strength(y, m) > STRONG);
    let mut d = 0;
    let mut x = difference(y, 0, m, sd);
    while d < 2 && x.len() > 6 && !is_constant(&x) && kpss(&x) > KPSS {
        let next = difference(&x, 1, 1, 0);
        if next.len() < 6 || is_constant(&next) {
            break;
        }
        x = next;
        d += 1;
    }
    (d, sd)
}

/// The best order found, its coefficients by least squares.
pub(super) fn search(y: &[f64], m: usize, shop: &mut Workshop) -> Option<(Order, Vec<f64>)> {
    let (d, sd) = differences(y, m);
    let w = difference(y, d, m, sd);
    let n = w.len();
    let mean = d + sd < 2;
    let plain = Order { p: 0, d, q: 0, sp: 0, sd, sq: 0, m: m.max(1), mean };
    if n < 4 {
        return None;
    }
    if is_constant(&w) {
        let c = begin(&w, &plain);
        return Some((plain, c));
    }
    let least = |a: usize, b: usize| a.min(b);
    let (most_p, most_s) = (least(MOST.0, n / 3), if m > 1 { least(MOST.1, n / 3 / m) } else { 0 });
    let most_p = if m > 1 { least(most_p, m - 1) } else { most_p };
    let small = n < 10;
    let mut tried: Vec<Order> = Vec::with_capacity(32);
    let mut best: Option<(Order, Vec<f64>, f64)> = None;
    let mut attempt = |o: Order, tried: &mut Vec<Order>, best: &mut Option<(Order, Vec<f64>, f64)>| {
        if o.p > most_p
            || o.q > most_p
            || o.sp > most_s
            || o.sq > most_s
            || o.p + o.q + o.sp + o.sq > MOST.2
            || tried.len() >= MOST.3
            || tried.contains(&o)
        {
            return false;
        }
        tried.push(o);
        match shop.fit(&w, &o, None) {
            Some((c, ic)) if best.as_ref().is_none_or(|b| ic < b.2) => {
                *best = Some((o, c, ic));
                true
            }
            _ => false,
        }
    };
    let (two, one) = (if small { 1 } else { 2 }, usize::from(!small));
    let first = Order { p: least(two, most_p), q: least(two, most_p), sp: least(one, most_s), sq: least(one, most_s), ..plain };
    attempt(first, &mut tried, &mut best);
    attempt(plain, &mut tried, &mut best);
    attempt(Order { p: least(1, most_p), sp: least(1, most_s), ..plain }, &mut tried, &mut best);
    attempt(Order { q: least(1, most_p), sq: least(1, most_s), ..plain }, &mut tried, &mut best);
    if mean {
        attempt(Order { mean: false, ..plain }, &mut tried, &mut best);
    }
    loop {
        let o = best.as_ref()?.0;
        let mut moved = false;
        for (a, b, c, e) in NEIGHBOURS {
            let shift = |v: usize, by: i8| v.checked_add_signed(isize::from(by));
            let (Some(p), Some(q), Some(sp), Some(sq)) = (shift(o.p, a), shift(o.q, b), shift(o.sp, c), shift(o.sq, e)) else { continue };
            if attempt(Order { p, q, sp, sq, ..o }, &mut tried, &mut best) {
                moved = true;
                break;
            }
        }
        if !moved && mean {
            moved = attempt(Order { mean: !o.mean, ..o }, &mut tried, &mut best);
        }
        if !moved {
            break;
        }
    }
    best.map(|(o, c, _)| (o, c))
}

/// Steps to neighbours in (p, q, P, Q), in the order they are tried.
const NEIGHBOURS: [(i8, i8, i8, i8); 16] = [
    (0, 0, -1, 0),
    (0, 0, 0, -1),
    (0, 0, 1, 0),
    (0, 0, 0, 1),
    (0, 0, -1, -1),
    (0, 0, -1, 1),
    (0, 0, 1, -1),
    (0, 0, 1, 1),
    (-1, 0, 0, 0),
    (0, -1, 0, 0),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (-1, -1, 0, 0),
    (-1, 1, 0, 0),
    (1, -1, 0, 0),
    (1, 1, 0, 0),
];
