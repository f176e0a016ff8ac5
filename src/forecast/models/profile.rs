//! Season profile: what the same places of earlier seasons sold on average, at the level of the latest seasons.
//!
//! For what sells in one stretch of the year and hardly outside it. A season there is one observation of a level and of a shape: the shape is the mean of all
//! seasons, drawn towards neighbouring places as far as that would have told each season from the others; the level weighs later seasons more. Once a season has
//! begun, what it sold so far moves what is left of it, by how much seasons differ and how well so few sales tell (Murray & Silver 1966, "A Bayesian analysis of the
//! style goods problem", Management Science 12(11); the weight is Bühlmann's credibility, 1967, "Experience rating and credibility", ASTIN Bulletin 4(3)).

use super::Run;

/// Weight of a season beside the one after it, for the level. This and the prior below are round figures, used as they are on the sets of benches/README.md, Items of one season.
const DECAY: f64 = 0.7;
/// Variance of a season's level around the others', relative, before seasons say.
const USUAL_VARIANCE: f64 = 0.08;
/// Seasons that prior is worth.
const PRIOR_SEASONS: f64 = 3.0;
/// Weights of a place's own value and of its first and second neighbours; each adds up to 1 over both sides.
const KERNELS: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.5, 0.25, 0.0], [0.4, 0.2, 0.1]];

/// Sums by place of the season.
struct Places {
    sum: Vec<f64>,
    count: Vec<f64>,
}

impl Places {
    fn of(y: &[f64], m: usize) -> Self {
        let (mut sum, mut count) = (vec![0.0; m], vec![0.0; m]);
        for (t, v) in y.iter().enumerate() {
            sum[t % m] += v;
            count[t % m] += 1.0;
        }
        Self { sum, count }
    }
    /// Mean of a place smoothed by `kernel`, of all values but those of the season whose value at this place is `without` (its values at offsets −2..=2, NaN
    /// where it has none). NaN where no other season knows the place.
    fn mean(&self, place: usize, kernel: &[f64; 3], without: &[f64; 5]) -> f64 {
        let m = self.sum.len();
        let (mut total, mut weight) = (0.0, 0.0);
        for (k, out) in without.iter().enumerate() {
            let w = kernel[k.abs_diff(2)];
            let p = (place + m + k - 2) % m;
            let (sum, count) = if out.is_finite() { (self.sum[p] - out, self.count[p] - 1.0) } else { (self.sum[p], self.count[p]) };
            if w > 0.0 && count > 0.5 {
                total += w * sum.max(0.0) / count;
                weight += w;
            }
        }
        if self.count[place] - f64::from(u8::from(without[2].is_finite())) < 0.5 { f64::NAN } else { total / weight }
    }
}

/// Where a season ends and the next begins: the middle of the longest stretch of places that sell least.
fn turn(places: &Places) -> usize {
    let m = places.sum.len();
    let width = (m / 4).max(1);
    let mean = |p: usize| places.sum[p % m] / places.count[p % m].max(1.0);
    let total = |from: usize| (from..from + width).map(mean).sum::<f64>();
    // of equal stretches the middle one: silence may be longer than the window
    let least = (0..m).map(total).fold(f64::INFINITY, f64::min);
    let equal = |p: usize| total(p % m) <= least + 1e-9;
    let first = (0..m).find(|p| equal(*p) && !equal(p + m - 1)).unwrap_or(0);
    let run = (0..m).take_while(|k| equal(first + k)).count();
    (first + run / 2 + width / 2) % m
}

/// The values of the season of `t` around it.
fn own(y: &[f64], t: usize) -> [f64; 5] {
    std::array::from_fn(|k| (t + k).checked_sub(2).and_then(|i| y.get(i)).copied().unwrap_or(f64::NAN))
}

/// Each value's expectation from the other seasons, NaN where none knows its place.
fn from_others(y: &[f64], places: &Places, kernel: &[f64; 3]) -> Vec<f64> {
    let m = places.sum.len();
    (0..y.len()).map(|t| places.mean(t % m, kernel, &own(y, t))).collect()
}

/// Forecasts `horizon` periods; `None` with less than one season or a negative value.
pub(crate) fn forecast(y: &[f64], season: usize, horizon: usize) -> Option<Run> {
    let (n, m) = (y.len(), season);
    if m < 4 || n < m || y.iter().any(|v| *v < 0.0) {
        return None;
    }
    let places = Places::of(y, m);
    let squared = |fitted: &[f64]| y.iter().zip(fitted).map(|(v, f)| (v - f).powi(2)).filter(|e| e.is_finite()).sum::<f64>();
    let tried = KERNELS.iter().map(|k| {
        let fitted = from_others(y, &places, k);
        (squared(&fitted), k, fitted)
    });
    let (_, kernel, fitted) = tried.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let shape: Vec<f64> = (0..m).map(|p| places.mean(p, kernel, &[f64::NAN; 5])).collect();

    // sales and what the shape expects, season by season
    let first = turn(&places);
    let of = |t: usize| (t + m - first) / m;
    let last = of(n);
    let mut seasons = vec![(0.0, 0.0); last + 1];
    for (t, v) in y.iter().enumerate() {
        let s = &mut seasons[of(t)];
        s.0 += v;
        s.1 += shape[t % m];
    }
    let (mut sold, mut expected, mut weight) = (0.0, 0.0, 1.0);
    for (s, e) in seasons[..last].iter().rev() {
        sold += weight * s;
        expected += weight * e;
        weight *= DECAY;
    }
    let level = if expected > 0.0 { sold / expected } else { 1.0 };
    let (now, share) = (seasons[last], credibility(y, &fitted, &seasons[..last], seasons[last].1 * level));
    let begun = if now.1 * level > 0.0 { 1.0 + share * (now.0 / (now.1 * level) - 1.0) } else { 1.0 };
    let mean = (n..n + horizon).map(|t| shape[t % m] * level * if of(t) == last { begun } else { 1.0 }).collect();
    Some(Run::new(y, mean, &fitted, vec![1.0; horizon], 0))
}

/// How far sales of the running season, of which `expected` were to be expected so far, tell its level.
fn credibility(y: &[f64], fitted: &[f64], seasons: &[(f64, f64)], expected: f64) -> f64 {
    // variance of single periods per unit of their mean
    let (mut errors, mut means) = (0.0, 0.0);
    for (v, f) in y.iter().zip(fitted).filter(|(_, f)| f.is_finite()) {
        errors += (v - f).powi(2);
        means += f;
    }
    let noise = if means > 0.0 { errors / means } else { 0.0 };
    let known: Vec<f64> = seasons.iter().filter(|(_, e)| *e > 0.0).map(|(s, e)| s / e - 1.0).collect();
    let between = (PRIOR_SEASONS * USUAL_VARIANCE + known.iter().map(|d| d * d).sum::<f64>()) / (PRIOR_SEASONS + known.len() as f64);
    between * expected / (between * expected + noise).max(1e-300)
}

/// Least share of the flat mean's squared error that the other seasons' profile has to take away.
const TOLD: f64 = 0.2;
/// Demands of a place known to other seasons too, at least.
const DEMANDS: usize = 6;

/// Whether seasons tell one another what they sell: the profile of the others misses each by clearly less than their flat mean does. Square roots of demand, so that one
/// large order does not decide.
pub(crate) fn tells(y: &[f64], m: usize) -> bool {
    if m < 4 || y.len() < m + m / 8 || y.iter().any(|v| *v < 0.0) {
        return false;
    }
    let roots: Vec<f64> = y.iter().map(|v| v.sqrt()).collect();
    let places = Places::of(&roots, m);
    let mean = roots.iter().sum::<f64>() / roots.len() as f64;
    let least = KERNELS.iter().map(|k| {
        let (mut with, mut flat, mut demands) = (0.0, 0.0, 0usize);
        for (v, f) in roots.iter().zip(from_others(&roots, &places, k)).filter(|(_, f)| f.is_finite()) {
            with += (v - f).powi(2);
            flat += (v - mean).powi(2);
            demands += usize::from(*v > 0.0);
        }
        if demands >= DEMANDS { with / flat.max(1e-300) } else { f64::INFINITY }
    });
    least.fold(f64::INFINITY, f64::min) < 1.0 - TOLD
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twelve weeks a year, the last four twice as strong.
    fn sweets(t: usize) -> f64 {
        match t % 52 {
            36..44 => 10.0,
            44..48 => 20.0,
            _ => 0.0,
        }
    }

    #[test]
    fn each_season_is_told_from_the_others() {
        let y: Vec<f64> = (0..3 * 52 + 30).map(sweets).collect();
        let run = forecast(&y, 52, 52).unwrap_or_else(|| unreachable!());
        for (h, m) in run.mean.iter().enumerate() {
            assert!((m - sweets(y.len() + h)).abs() < 1e-9, "{h}: {m}");
        }
        assert!(run.sigma < 1e-9);
    }

    #[test]
    fn a_season_that_begins_well_goes_on_well() {
        let mut y: Vec<f64> = (0..3 * 52 + 40).map(sweets).collect();
        let at = |y: &[f64]| forecast(y, 52, 60).unwrap_or_else(|| unreachable!()).mean;
        let usual = at(&y);
        for v in &mut y[3 * 52 + 36..] {
            *v *= 2.0;
        }
        let strong = at(&y);
        assert!(strong[6] > 1.2 * usual[6] && strong[6] < 2.0 * usual[6], "{} {}", strong[6], usual[6]);
        // the next one is another
        assert!((strong[52] / usual[52] - 1.0).abs() < 0.35, "{} {}", strong[52], usual[52]);
        assert!(forecast(&y[..40], 52, 3).is_none() && forecast(&[-1.0; 104], 52, 3).is_none());
    }
}
