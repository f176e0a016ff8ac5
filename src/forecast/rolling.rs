//! Rolling-origin errors: every candidate refitted at earlier origins and compared with what then happened.
//!
//! Tashman 2000, "Out-of-sample tests of forecasting accuracy", IJF 16(4). Origins lie half a horizon apart, oldest first, so that
//! each fit can start from the one before; no window sees anything after its origin.

use super::models::{Model, Params, Start, forecast};
use super::series::Prepared;

/// Most windows.
const WINDOWS: usize = 5;

/// From this length on, recent windows say little about another part of the season.
const LONG_SEASON: usize = 25;

/// One candidate at one origin.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub mean: Vec<f64>,
    pub growth: Vec<f64>,
    pub sigma: f64,
}

/// One origin: what happened (NaN where censored or unknown) and what each candidate said.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub origin: usize,
    pub actual: Vec<f64>,
    pub attempts: Vec<Option<Attempt>>,
}

/// Length of the held-out windows: the horizon, or a quarter of a short history.
pub(crate) fn window_length(n: usize, season: usize, horizon: usize) -> usize {
    // two seasons are kept to learn from where there are more than two
    let spare = if n > 2 * season + 1 { n - 2 * season } else { n };
    horizon.min((n / 4).max(spare / 2).min(n / 3)).max(1)
}

/// Runs every candidate at every origin. Empty where the series is too short. `whole_seasons`: the coming stretch of earlier seasons alone, for what sells in one part of
/// the year.
pub(crate) fn windows(p: &Prepared, models: &[Model], seasons: &[usize], horizon: usize, whole_seasons: bool) -> Vec<Window> {
    let n = p.y.len();
    let season = seasons.iter().copied().filter(|m| 2 * m < n).max().unwrap_or(1);
    let length = window_length(n, season, horizon);
    // methods that need two seasons sit out the earliest origins
    let least = if season > 1 { season + season / 2 } else { 0 }.max(4);
    let (length, least, step) = match seasons.last() {
        Some(m) if whole_seasons => (horizon.min(*m), *m, *m),
        _ => (length, least, length.div_ceil(2)),
    };
    let Some(last) = n.checked_sub(step.max(length)).filter(|_| whole_seasons).or(n.checked_sub(length)) else { return Vec::new() };
    let mut origins: Vec<usize> = (0..WINDOWS).filter_map(|k| last.checked_sub(k * step)).filter(|o| *o >= least).collect();
    // what the coming stretch of a long season was like, one and two seasons ago
    if let Some(m) = seasons.last().filter(|m| !whole_seasons && **m >= LONG_SEASON && length + 2 * step < **m) {
        let before: Vec<usize> = (1..=2).filter_map(|k| n.checked_sub(k * m)).filter(|o| o >= m).collect();
        origins.extend(before);
    }
    if origins.is_empty() && last >= 2 {
        origins.push(last);
    }
    // oldest first, so that no fit starts from a later one
    origins.sort_unstable();
    origins.dedup();
    let mut before = 0;
    let mut warm: Vec<Option<Params>> = vec![None; models.len()];
    origins
        .into_iter()
        .map(|origin| {
            let known = p.known(origin);
            if !whole_seasons && origin > std::mem::replace(&mut before, origin) + step {
                // so much later another form may suit
                warm.fill(None);
            }
            let attempts = models
                .iter()
                .zip(&mut warm)
                .map(|(model, params)| {
                    let start = params.as_ref().map_or(Start::Cold, Start::Warm);
                    let (found, run) = forecast(*model, &known, seasons, length, start)?;
                    *params = Some(found);
                    Some(Attempt { mean: run.mean, growth: run.growth, sigma: run.sigma })
                })
                .collect();
            let actual = p.y.iter().zip(&p.observed).skip(origin).take(length).map(|(v, seen)| if *seen { *v } else { f64::NAN }).collect();
            Window { origin, actual, attempts }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Period, Stamp};
    use crate::forecast::fitted::SeriesInput;
    use crate::forecast::series::prepare;

    #[test]
    fn no_window_sees_what_lies_after_its_origin() {
        let y: Vec<f64> = (0..72).map(|t| 100.0 + f64::from(t) + [9.0, -4.0, 2.0, 7.0, -8.0, 1.0][t as usize * 5 % 6]).collect();
        let look = |y: &[f64]| {
            let mut p = prepare(&SeriesInput { y, in_stock: None, period: Period::Month, start: Stamp(0) }, &[12], None, None);
            // values as they are: what everything is divided by is no part of a forecast
            p.y = y.to_vec();
            windows(&p, &Model::ALL, &[12], 12, false)
        };
        let told = look(&y);
        let origin = told[1].origin;
        let mut other = y.clone();
        other[origin..].reverse();
        other[origin + 3] *= 9.0;
        let shuffled = look(&other);
        for (a, b) in told.iter().zip(&shuffled).take(2) {
            assert_eq!(a.origin, b.origin);
            for (x, z) in a.attempts.iter().zip(&b.attempts) {
                assert_eq!(x.as_ref().map(|x| &x.mean), z.as_ref().map(|z| &z.mean));
            }
        }
        assert!(
            told[2].attempts.iter().zip(&shuffled[2].attempts).any(|(x, z)| x.as_ref().map(|x| &x.mean) != z.as_ref().map(|z| &z.mean))
        );
    }

    #[test]
    fn the_same_stretch_of_earlier_years_is_held_out_too() {
        let y: Vec<f64> = (0..170u32).map(|t| 50.0 + f64::from(t % 52) + f64::from(t * 7 % 5)).collect();
        let p = prepare(&SeriesInput { y: &y, in_stock: None, period: Period::Week, start: Stamp(0) }, &[52], None, None);
        let models = [Model::SeasonalNaive, Model::SeasonProfile];
        let origins = |whole: bool| windows(&p, &models, &[52], 8, whole).iter().map(|w| w.origin).collect::<Vec<usize>>();
        // five windows at the end, half a horizon apart, and those of one and two years ago
        assert_eq!(origins(false), [66, 118, 146, 150, 154, 158, 162]);
        assert_eq!(origins(true), [66, 118]);
        // also where windows at the end reach back beyond a year ago
        for horizon in 1..=60 {
            let w = windows(&p, &models, &[52], horizon, false);
            assert!(w.windows(2).all(|w| w[0].origin < w[1].origin), "{horizon}");
        }
    }
}
