//! Complex exponential smoothing: a level and an unobserved "information potential" smoothed as the two parts of one complex
//! number, without a season or with a simple, partial or full one.
//!
//! Svetunkov, Kourentzes & Ord 2022, "Complex exponential smoothing", Naval Research Logistics 69(8), eqs. 9–16 (state-space form)
//! and §4.1 (starting states by going back over the series); the form is the one of least AICc.

use super::Run;
use crate::forecast::decompose::classical;
use crate::forecast::optimise::minimise;
use serde::{Deserialize, Serialize};

/// Which season the smoothing knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// None.
    None,
    /// Level and potential of one season ago.
    Simple,
    /// A level, and an additive season of real numbers.
    Partial,
    /// A level, and a season with a potential of its own.
    Full,
}

/// The two parts of the complex smoothing parameter of the level, `a`, and of the season, `b`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct CesParams {
    pub form: Form,
    pub a: (f64, f64),
    pub b: (f64, f64),
}

/// Longest season carried as states.
const LONGEST: usize = 24;
const UPPER: [f64; 4] = [1.8, 1.9, 1.5, 1.5];
const LOWER: f64 = 0.01;
/// Squared errors of parameters fitted earlier, over those of the last value as the forecast, from which they are fitted again.
const RUNAWAY: f64 = 4.0;

/// Whether what was long ago is forgotten: both eigenvalues of the discount matrix of one complex parameter lie inside the unit circle (Svetunkov, Kourentzes
/// & Ord 2022, §3.3), by Jury's conditions with some room. Without it a fit can look best on its own history and run away on the next values.
fn forgets((a0, a1): (f64, f64)) -> bool {
    const ROOM: f64 = 0.01;
    let trace = 2.0 - 2.0 * a0 + a1;
    let det = (1.0 - a0 + a1) * (1.0 - a0) - (a1 - 1.0) * (1.0 - a0 - a1);
    det < 1.0 - ROOM && det > -1.0 + ROOM && trace.abs() < 1.0 + det - ROOM
}

impl CesParams {
    fn stable(&self) -> bool {
        forgets(self.a) && (self.form != Form::Full || forgets(self.b))
    }
}

/// Level and potential, and those of each place in the season.
#[derive(Clone, Default)]
struct State {
    level: f64,
    potential: f64,
    season: Vec<(f64, f64)>,
}

impl State {
    fn copy_from(&mut self, other: &Self) {
        self.level = other.level;
        self.potential = other.potential;
        self.season.clone_from(&other.season);
    }

    #[inline]
    fn predict(&self, form: Form, at: usize) -> f64 {
        let place = self.season.get(at).map_or(0.0, |s| s.0);
        match form {
            Form::None => self.level,
            Form::Simple => place,
            Form::Partial | Form::Full => self.level + place,
        }
    }

    #[inline]
    fn update(&mut self, p: &CesParams, at: usize, e: f64) {
        let smooth = |(l, c): (f64, f64), (a0, a1): (f64, f64)| (l - (1.0 - a1) * c + (a0 - a1) * e, l + (1.0 - a0) * c + (a0 + a1) * e);
        if p.form != Form::Simple {
            (self.level, self.potential) = smooth((self.level, self.potential), p.a);
        }
        if let Some(s) = self.season.get_mut(at) {
            match p.form {
                Form::None => {}
                Form::Simple => *s = smooth(*s, p.a),
                Form::Partial => s.0 += p.b.0 * e,
                Form::Full => *s = smooth(*s, p.b),
            }
        }
    }
}

fn start(y: &[f64], m: usize, form: Form) -> Option<State> {
    let both = |l: f64| (l, l / 1.1);
    let mean = |n: usize| {
        let n = n.clamp(1, y.len());
        y.iter().take(n).sum::<f64>() / n as f64
    };
    let (level, potential) = both(mean(if form == Form::None { m.max(10) } else { m }));
    let season = match form {
        Form::None => Vec::new(),
        Form::Simple => y.get(..m)?.iter().map(|v| both(*v)).collect(),
        Form::Partial | Form::Full => classical(y, m, false)?.index.iter().map(|v| both(*v)).collect(),
    };
    Some(State { level, potential, season })
}

/// Forwards, backwards, and forwards again, so that the start is what the series itself leads back to; `each` sees the last pass's errors.
fn filter(y: &[f64], p: &CesParams, s: &mut State, mut each: impl FnMut(f64, f64)) -> f64 {
    let m = s.season.len().max(1);
    for (t, v) in y.iter().enumerate() {
        let at = t % m;
        s.update(p, at, v - s.predict(p.form, at));
    }
    for (t, v) in y.iter().enumerate().rev() {
        let at = t % m;
        s.update(p, at, v - s.predict(p.form, at));
    }
    let mut sum = 0.0;
    for (t, v) in y.iter().enumerate() {
        let at = t % m;
        let mean = s.predict(p.form, at);
        let e = v - mean;
        each(mean, e);
        sum += e * e;
        s.update(p, at, e);
    }
    sum
}

fn params(form: Form, x: &[f64]) -> CesParams {
    let at = |i: usize| x.get(i).copied().unwrap_or(0.0);
    CesParams { form, a: (at(0), at(1)), b: (at(2), at(3)) }
}

fn optimise(y: &[f64], m: usize, form: Form, warm: Option<&CesParams>) -> Option<(CesParams, f64)> {
    let init = start(y, m, form)?;
    let mut work = init.clone();
    let mut cost = |x: &[f64]| {
        let p = params(form, x);
        if !p.stable() {
            return f64::INFINITY;
        }
        work.copy_from(&init);
        filter(y, &p, &mut work, |_, _| ()).max(1e-300).ln()
    };
    let first = match warm {
        Some(p) => [p.a.0, p.a.1, p.b.0, p.b.1],
        None => [1.3, 1.0, if form == Form::Partial { 0.1 } else { 1.3 }, 1.0],
    };
    let step = if warm.is_some() { 0.05 } else { 0.1 };
    fn run<const N: usize>(first: [f64; 4], step: f64, limit: usize, cost: &mut impl FnMut(&[f64]) -> f64) -> ([f64; 4], f64) {
        let take = |v: [f64; 4]| std::array::from_fn::<f64, N, _>(|i| v.get(i).copied().unwrap_or(0.0));
        let (x, v) = minimise(take(first), [step; N], [LOWER; N], take(UPPER), 1e-7, limit, |x: &[f64; N]| cost(x));
        (std::array::from_fn(|i| x.get(i).copied().unwrap_or(0.0)), v)
    }
    let (x, value) = match form {
        Form::None | Form::Simple => run::<2>(first, step, 120, &mut cost),
        Form::Partial => run::<3>(first, step, 180, &mut cost),
        Form::Full => run::<4>(first, step, 260, &mut cost),
    };
    let k = match form {
        Form::None | Form::Simple => 3.0,
        Form::Partial => 4.0,
        Form::Full => 5.0,
    };
    let n = y.len() as f64;
    let aicc = if n - k - 1.0 > 0.0 { n * value + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) } else { f64::INFINITY };
    value.is_finite().then_some((params(form, &x), aicc))
}

/// Fits (or, given `fixed`, only runs) and forecasts. `None` for a season too long to carry, or too few values.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize, warm: Option<&CesParams>, fixed: bool) -> Option<(CesParams, Run)> {
    let n = y.len();
    if n < 6 || season > LONGEST {
        return None;
    }
    let m = if season >= 2 && n >= 2 * season + 2 { season } else { 1 };
    let known = warm.filter(|p| p.form == Form::None || m > 1);
    let p = match (known, fixed) {
        (Some(p), true) => *p,
        (Some(p), false) => optimise(y, m, p.form, Some(p))?.0,
        (None, _) => {
            let forms: &[Form] = if m > 1 { &[Form::None, Form::Simple, Form::Partial, Form::Full] } else { &[Form::None] };
            let found = forms.iter().filter_map(|form| optimise(y, m, *form, None));
            found.reduce(|a, b| if b.1 < a.1 { b } else { a })?.0
        }
    };
    let mut s = start(y, m, p.form)?;
    let mut fitted = Vec::with_capacity(n);
    let squares = filter(y, &p, &mut s, |f, _| fitted.push(f));
    let usual = y.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>().max(1e-12);
    if fixed && (squares > RUNAWAY * usual || squares.is_nan()) {
        // level and season together can be unstable where each is stable alone: what was fitted on less does not hold any more
        return forecast(y, season, horizon, warm, false);
    }
    let places = s.season.len().max(1);
    // the answer to a single error of 1, which is what variance grows by
    let mut answer = State { season: vec![(0.0, 0.0); s.season.len()], ..State::default() };
    answer.update(&p, 0, 1.0);
    let (mut mean, mut growth, mut variance) = (Vec::with_capacity(horizon), Vec::with_capacity(horizon), 1.0);
    for h in 0..horizon {
        let at = (n + h) % places;
        mean.push(s.predict(p.form, at));
        s.update(&p, at, 0.0);
        growth.push(variance);
        let at = (h + 1) % places;
        variance += answer.predict(p.form, at).powi(2);
        answer.update(&p, at, 0.0);
    }
    Some((p, Run::new(y, mean, &fitted, growth, 2)))
}
