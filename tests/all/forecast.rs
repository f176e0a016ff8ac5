//! Black-box tests of the forecast room.

mod ahead;
mod global;
mod last_year;
mod one_season;
mod pooled;

use proptest::prelude::*;
use stockcast::base::{NoControl, Period, Purpose, Stamp, Stream};
use stockcast::forecast::accuracy;
use stockcast::forecast::{
    Choice, FitOptions, Fitted, Marginal, Model, PathModel, SeriesInput, backtest, backtest_all, fit, fit_all, refit,
};
use stockcast::history::{History, Measured, Series};

fn input(y: &[f64], period: Period) -> SeriesInput<'_> {
    SeriesInput { y, in_stock: None, period, start: Stamp::from_ymd(2020, 1, 6).unwrap_or_default() }
}

fn auto(y: &[f64], period: Period, horizon: usize) -> Fitted {
    fit(&input(y, period), &FitOptions::new(horizon))
}

/// Standard normal draws.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let s = Stream::new(seed, 1, Purpose::Synthetic, 0);
    let mut i = 0;
    move || {
        i += 2;
        (-2.0 * s.unit(i).ln()).sqrt() * (std::f64::consts::TAU * s.unit(i + 1)).cos()
    }
}

fn poisson(mean: f64, u: f64) -> f64 {
    let (mut k, mut p) = (0.0, (-mean).exp());
    let mut c = p;
    while u > c && k < 1000.0 {
        k += 1.0;
        p *= mean / k;
        c += p;
    }
    k
}

fn assert_sound(f: &Fitted, horizon: usize) {
    assert_eq!(f.path.validate(), Ok(()));
    assert_eq!((f.mean.len(), f.components.len(), f.path.steps.len()), (horizon, horizon, horizon));
    let total: f64 = f.weights.iter().map(|w| w.weight).sum();
    assert!(f.weights.is_empty() || (total - 1.0).abs() < 1e-9, "weights add up to {total}");
    assert!(f.explanation.ends_with('.') && !f.model.is_empty());
    for h in 0..horizon {
        let q: Vec<f64> = [0.001, 0.025, 0.1, 0.5, 0.9, 0.975, 0.999].iter().map(|p| f.quantile(h, *p)).collect();
        assert!(q.iter().all(|v| v.is_finite()) && q.is_sorted(), "step {h}: {q:?}");
        assert!(f.mean[h].is_finite() && f.mean[h] >= q[0] && f.mean[h] <= f.quantile(h, 1.0) + 1e-9 * f.mean[h].abs());
        let c = f.components[h];
        assert!((c.level + c.seasonal - f.mean[h]).abs() <= 1e-9 * f.mean[h].abs().max(c.level.abs()));
    }
}

#[test]
fn hard_series_survive() {
    let mut long = vec![0.0; 500];
    long[250] = 7.0;
    let cases: Vec<Vec<f64>> = vec![
        vec![],
        vec![5.0],
        vec![f64::NAN; 30],
        vec![0.0; 100],
        vec![5.0; 60],
        vec![3.0, 4.0],
        vec![1.0, 2.0, f64::NAN],
        (0..80).map(|i| if i % 3 == 0 { f64::NAN } else { f64::from(i) }).collect(),
        (0..80).map(|i| 1e12 * (1.0 + f64::from(i % 12))).collect(),
        (0..80).map(|i| 1e-12 * (1.0 + f64::from(i % 12))).collect(),
        (0..80).map(|i| -50.0 + f64::from(i % 12)).collect(),
        (0..60).map(|i| 1.5f64.powi(i)).collect(),
        long,
        vec![f64::MAX, f64::MAX, -f64::MAX, 1.0, f64::MAX, 2.0, f64::INFINITY],
        vec![f64::MIN_POSITIVE; 40],
    ];
    for y in &cases {
        for period in Period::ALL {
            for horizon in [1, 13] {
                assert_sound(&auto(y, period, horizon), horizon);
            }
        }
        for model in Model::ALL {
            let options = FitOptions { model: Choice::Named(model), ..FitOptions::new(5) };
            let f = fit(&input(y, Period::Month), &options);
            assert_sound(&f, 5);
            assert_sound(&refit(&f, &input(y, Period::Month), 9), 9);
            assert_sound(&refit(&f, &input(&[1.0, 2.0], Period::Month), 3), 3);
        }
    }
}

proptest! {
    #![proptest_config(crate::cases::cases(60))]
    #[test]
    fn any_series_gives_a_sound_forecast(
        y in prop::collection::vec(prop_oneof![6 => 0.0..1e3f64, 3 => Just(0.0), 1 => Just(f64::NAN), 1 => -1e6..1e6f64, 1 => (0u32..50).prop_map(f64::from)], 0..140),
        stock in prop::collection::vec(0.0..1.5f64, 0..140),
        period in 0usize..6, horizon in 1usize..40, season in prop::option::of(0usize..40),
    ) {
        let options = FitOptions { season_lengths: season.map(|m| vec![m, 7]), ..FitOptions::new(horizon) };
        let series = SeriesInput { in_stock: Some(&stock), ..input(&y, Period::ALL[period]) };
        let f = fit(&series, &options);
        assert_sound(&f, horizon);
        let positive = y.iter().all(|v| v.is_nan() || *v >= 0.0);
        prop_assert!(!positive || f.quantile(0, 1e-6) >= 0.0);
        assert_sound(&refit(&f, &series.truncated(y.len() / 2), horizon), horizon);
    }

    #[test]
    fn units_do_not_matter(seed in 0u64..1000, factor in prop_oneof![Just(1e-6), Just(1e7)]) {
        let mut e = noise(seed);
        let y: Vec<f64> = (0..90).map(|i| 100.0 + 20.0 * (f64::from(i) * std::f64::consts::TAU / 12.0).sin() + 5.0 * e()).collect();
        let scaled: Vec<f64> = y.iter().map(|v| v * factor).collect();
        let (a, b) = (auto(&y, Period::Month, 12), auto(&scaled, Period::Month, 12));
        for h in 0..12 {
            prop_assert!((a.mean[h] * factor - b.mean[h]).abs() <= 1e-3 * b.mean[h].abs());
            prop_assert!((a.quantile(h, 0.9) * factor - b.quantile(h, 0.9)).abs() <= 1e-2 * b.mean[h].abs());
        }
    }

    #[test]
    fn moments_agree_with_quantiles(mean in 0.5..200.0f64, cv in 0.05..1.2f64) {
        let sd = mean * cv;
        let mut all = vec![PathModel::gamma(mean, sd).unwrap(), PathModel::lognormal(mean, sd).unwrap(), PathModel::poisson(mean).unwrap()];
        if sd * sd > mean * 1.01 {
            all.push(PathModel::negative_binomial(mean, sd).unwrap());
        }
        for path in all {
            prop_assert_eq!(path.validate(), Ok(()));
            prop_assert!((path.mean(0) / mean - 1.0).abs() < 0.02, "{} for {}", path.mean(0), mean);
            let n = 20_000;
            let x: Vec<f64> = (0..n).map(|i| path.quantile(3, (f64::from(i) + 0.5) / f64::from(n))).collect();
            let m = x.iter().sum::<f64>() / f64::from(n);
            let v = x.iter().map(|v| (v - m).powi(2)).sum::<f64>() / f64::from(n);
            prop_assert!((m - path.mean(3)).abs() < 0.01 * mean, "{m} against {}", path.mean(3));
            prop_assert!((v.sqrt() - path.sd(3)).abs() < 0.03 * path.sd(3) + 0.01);
        }
    }
}

/// Known answers: Poisson(5) has median 5, P(X ≤ 9) = 0.9682 (any table); N(100, 20): 95 % between 60.8 and 139.2.
#[test]
fn textbook_distributions() {
    let p = PathModel::poisson(5.0).unwrap();
    assert_eq!((p.quantile(0, 0.5), p.quantile(0, 0.96), p.quantile(0, 0.97)), (5.0, 9.0, 10.0));
    assert!((p.mean(0) - 5.0).abs() < 1e-9 && (p.sd(0) - 5f64.sqrt()).abs() < 1e-6);
    let n = PathModel::normal(100.0, 20.0).unwrap();
    assert!((n.quantile(0, 0.975) - 139.199).abs() < 0.05 && (n.mean(7) - 100.0).abs() < 1e-6 && (n.sd(7) - 20.0).abs() < 0.05);
    let d = PathModel::discrete(&[10.0, 0.0, 5.0], &[1.0, 1.0, 2.0]).unwrap();
    assert_eq!((d.mean(0), d.quantile(0, 0.25), d.quantile(0, 0.26), d.quantile(0, 1.0)), (5.0, 0.0, 5.0, 10.0));
    let t = PathModel::quantile_table(&[(0.1, 2.0), (0.5, 4.0), (0.9, 6.0)]).unwrap();
    assert!((t.mean(0) - 4.0).abs() < 0.05 && (t.quantile(0, 0.5) - 4.0).abs() < 1e-9);
    assert!(
        PathModel::negative_binomial(5.0, 1.0).is_err() && PathModel::normal(-1.0, 1.0).is_err() && PathModel::discrete(&[], &[]).is_err()
    );
    assert!(PathModel::deterministic(f64::NAN).is_err() && PathModel::gamma(1.0, 0.0).is_err());
    assert_eq!(PathModel::deterministic(3.0).unwrap().quantile(100, 0.01), 3.0);
    // half of N(0, 1) is cut off at zero: mean φ(0) = 0.3989
    assert!((PathModel::normal(0.0, 1.0).unwrap().mean(0) - 0.3989).abs() < 2e-3);
}

/// Hyndman & Koehler's definitions worked by hand.
#[test]
fn scores_by_hand() {
    let (history, actual, forecast) = ([1.0, 3.0, 2.0, 5.0], [4.0, 6.0], [5.0, 4.0]);
    assert_eq!(accuracy::mase(&actual, &forecast, &history, 1), Some(1.5 / 2.0));
    assert_eq!(accuracy::mase(&actual, &forecast, &history, 2), Some(1.0));
    assert_eq!(accuracy::rmsse(&actual, &forecast, &history), Some((2.5f64).sqrt() / (14.0f64 / 3.0).sqrt()));
    assert_eq!(accuracy::wape(&actual, &forecast), Some(0.3));
    assert_eq!(accuracy::bias(&actual, &forecast), Some(-0.1));
    assert!((accuracy::smape(&actual, &forecast).unwrap() - 100.0 * (1.0 / 9.0 + 2.0 / 10.0)).abs() < 1e-9);
    assert_eq!((accuracy::pinball(10.0, 8.0, 0.9), accuracy::pinball(8.0, 10.0, 0.9)), (1.8, 0.19999999999999996));
    assert_eq!(accuracy::coverage(&actual, &[4.0, 7.0], &[5.0, 8.0]), Some(0.5));
    assert_eq!(accuracy::fva(&actual, &forecast, &[4.0, 0.0]), Some(0.5));
    assert_eq!(accuracy::owa((8.0, 10.0), (0.9, 1.0)), Some(0.8500000000000001));
    assert_eq!(accuracy::mase(&actual, &forecast, &[2.0; 5], 1), None);
}

#[test]
fn trend_and_season_are_continued() {
    let truth = |t: usize| (200.0 + 2.0 * t as f64) * [0.7, 0.8, 1.0, 1.1, 1.2, 1.3, 1.4, 1.2, 1.0, 0.9, 0.8, 0.6][t % 12];
    let mut e = noise(3);
    let y: Vec<f64> = (0..96).map(|t| truth(t) * (1.0 + 0.02 * e())).collect();
    let f = auto(&y, Period::Month, 18);
    assert_eq!(f.season_lengths, [12]);
    let actual: Vec<f64> = (96..114).map(truth).collect();
    assert!(accuracy::wape(&actual, &f.mean).unwrap() < 0.04, "{:?}", f.mean);
    assert!(f.accuracy.fva.unwrap() > 0.2 && f.accuracy.windows >= 3);
    assert_eq!(f.path.cycle, 12);
    // the named models alone, too
    for model in [Model::Dot, Model::Ets, Model::Mstl] {
        let f = fit(&input(&y, Period::Month), &FitOptions { model: Choice::Named(model), ..FitOptions::new(18) });
        assert_eq!(f.model, model.name());
        assert!(accuracy::wape(&actual, &f.mean).unwrap() < 0.07, "{model:?}");
    }
    // a season given by hand is used, an empty list means none
    let none = fit(&input(&y, Period::Month), &FitOptions { season_lengths: Some(vec![]), ..FitOptions::new(18) });
    assert!(none.season_lengths.is_empty() && accuracy::wape(&actual, &none.mean).unwrap() > 0.1);
}

#[test]
fn a_week_and_a_year_of_days() {
    let mut e = noise(9);
    let truth = |t: usize| {
        let year = (t as f64 * std::f64::consts::TAU / 365.0).sin();
        100.0 * (1.0 + 0.4 * year) * [0.8, 0.9, 1.0, 1.0, 1.2, 1.4, 0.7][t % 7]
    };
    let y: Vec<f64> = (0..1095).map(|t| truth(t) * (1.0 + 0.05 * e())).collect();
    let f = auto(&y, Period::Day, 90);
    assert_eq!(f.season_lengths, [7, 365]);
    let actual: Vec<f64> = (1095..1185).map(truth).collect();
    assert!(accuracy::wape(&actual, &f.mean).unwrap() < 0.06);
}

#[test]
fn closed_days_stay_closed() {
    let mut e = noise(5);
    let y: Vec<f64> = (0..300).map(|t| if t % 7 == 6 { 0.0 } else { (50.0 + 8.0 * e()).max(1.0) }).collect();
    let f = auto(&y, Period::Day, 28);
    for h in 0..28 {
        if (300 + h) % 7 == 6 {
            assert_eq!((f.mean[h], f.quantile(h, 0.999)), (0.0, 0.0));
        } else {
            assert!((f.mean[h] - 50.0).abs() < 6.0, "{} at {h}", f.mean[h]);
        }
    }
    // and beyond the horizon, where the last cycle repeats
    assert_eq!(f.path.quantile(300 * 7 + 4, 0.999) == 0.0, (300 + 300 * 7 + 4) % 7 == 6);
}

#[test]
fn stockouts_do_not_pull_demand_down() {
    let stream = Stream::new(8, 2, Purpose::Synthetic, 0);
    let mut y: Vec<f64> = (0..104).map(|t| poisson(20.0, stream.unit(t))).collect();
    let mut stock = vec![1.0; 104];
    // not at the same weeks of both years, or they would be a season
    for t in (0..104).filter(|t| t % 5 == 1) {
        y[t] = 0.0;
        stock[t] = 0.0;
    }
    for t in (0..104).filter(|t| t % 5 == 3) {
        y[t] = (y[t] * 0.6).round();
        stock[t] = 0.6;
    }
    let seen = fit(&SeriesInput { in_stock: Some(&stock), ..input(&y, Period::Week) }, &FitOptions::new(8));
    let blind = auto(&y, Period::Week, 8);
    assert!((seen.mean[0] - 20.0).abs() < 2.5, "{}", seen.mean[0]);
    assert!(blind.mean[0] < 16.0, "{}", blind.mean[0]);
    assert!(seen.explanation.contains("out of stock"), "{}", seen.explanation);
}

/// Randomised PIT of an actual (DESIGN §6): uniform when calibrated. F by bisection on the quantile function.
fn pit(f: &Fitted, h: usize, y: f64, v: f64) -> f64 {
    let cdf = |x: f64| {
        let (mut lo, mut hi) = (0.0, 1.0);
        for _ in 0..40 {
            let mid = 0.5 * (lo + hi);
            if f.quantile(h, mid) <= x { lo = mid } else { hi = mid }
        }
        lo
    };
    let below = if y == 0.0 { 0.0 } else { cdf(y - 1.0) };
    below + v * (cdf(y) - below)
}

#[test]
fn counts_are_calibrated() {
    // slow movers, and a low volume with a strong week: its season is no noise
    for week in [[1.0; 7], [0.3, 0.5, 0.7, 1.0, 1.5, 2.2, 0.8]] {
        let seasonal = week[0] < 1.0;
        let (mut tail, mut centre, mut n) = (0.0, 0.0, 0.0);
        for s in 0..120u64 {
            let stream = Stream::new(s, 3, Purpose::Synthetic, 0);
            let mean = if seasonal { 5.0 } else { 0.2 + 4.0 * stream.unit(9999) };
            let known = if seasonal { 140 } else { 60 };
            let y: Vec<f64> = (0..known + 7).map(|t| poisson(mean * week[t % 7], stream.unit(t as u64))).collect();
            let f = auto(&y[..known], if seasonal { Period::Day } else { Period::Week }, 7);
            assert!(f.path.integer && matches!(f.path.marginals[0], Marginal::Discrete { .. }));
            for h in 0..7 {
                let u = pit(&f, h, y[known + h], stream.unit(5000 + h as u64));
                tail += f64::from(u8::from(!(0.025..=0.975).contains(&u)));
                centre += f64::from(u8::from((0.1..=0.9).contains(&u)));
                n += 1.0;
            }
        }
        assert!((0.015..0.085).contains(&(tail / n)), "seasonal {seasonal}: outside 95 %: {}", tail / n);
        assert!((0.75..0.87).contains(&(centre / n)), "seasonal {seasonal}: inside 80 %: {}", centre / n);
    }
}

#[test]
fn intervals_cover_what_they_say() {
    let (mut in80, mut in95, mut n) = (0.0, 0.0, 0.0);
    for s in 0..150 {
        let mut e = noise(1000 + s);
        let mut level = 100.0;
        let y: Vec<f64> = (0..72)
            .map(|t| {
                level += 2.0 * e();
                level + 10.0 * (f64::from(t) * std::f64::consts::TAU / 12.0).sin() + 4.0 * e()
            })
            .collect();
        let f = auto(&y[..60], Period::Month, 12);
        for h in 0..12 {
            let inside = |(lo, hi): (f64, f64)| f64::from(u8::from((lo..=hi).contains(&y[60 + h])));
            in80 += inside(f.interval(h, 80.0));
            in95 += inside(f.interval(h, 95.0));
            n += 1.0;
        }
    }
    assert!((0.74..0.88).contains(&(in80 / n)), "80 %: {}", in80 / n);
    assert!((0.90..0.99).contains(&(in95 / n)), "95 %: {}", in95 / n);
}

#[test]
fn refit_continues_a_fit() {
    let mut e = noise(4);
    let y: Vec<f64> = (0..80).map(|t| 60.0 + f64::from(t) * 0.3 + 5.0 * e()).collect();
    let f = auto(&y[..60], Period::Week, 10);
    assert_eq!(refit(&f, &input(&y[..60], Period::Week), 10).mean, f.mean);
    let later = refit(&f, &input(&y, Period::Week), 10);
    assert_eq!(later.weights, f.weights);
    assert!((later.mean[0] - 84.0).abs() < 8.0, "{}", later.mean[0]);
    assert_sound(&refit(&f, &input(&y, Period::Week), 40), 40);
}

/// Replay fits once and then only follows: parameters found on a shorter history must not run away on the values that come.
#[test]
fn no_model_runs_away_when_it_is_refitted() {
    for seed in 0..25 {
        let stream = Stream::new(seed, 7, Purpose::Synthetic, 0);
        let mean = 4.0 + seed as f64;
        let y: Vec<f64> = (0..157).map(|t| poisson(mean, stream.unit(t))).collect();
        for model in [Model::Dot, Model::Ets, Model::Ces, Model::Arima, Model::DynamicTheta, Model::Theta] {
            let early = fit(&input(&y[..131], Period::Week), &FitOptions { model: Choice::Named(model), ..FitOptions::new(4) });
            for n in [135, 143, 157] {
                let later = refit(&early, &input(&y[..n], Period::Week), 4);
                let apart = later.mean.iter().map(|m| (m - mean).abs()).fold(0.0, f64::max);
                assert!(apart < 0.6 * mean, "{model:?}, series {seed}, {n} periods: {:?} where {mean} is usual", later.mean);
            }
        }
    }
}

#[test]
fn a_whole_history_is_the_same_on_any_thread_count() {
    let start = Stamp::from_ymd(2024, 1, 1).unwrap();
    let series: Vec<Series> = (0..40)
        .map(|i| {
            let mut e = noise(i);
            let y = (0..70).map(|t| if i % 3 == 0 { (1.5 * e() - 1.0).max(0.0).round() } else { 30.0 + f64::from(t % 12) + e() }).collect();
            Series::new(&format!("sku-{i:02}"), start, y)
        })
        .collect();
    let history = History { period: Period::Month, measured: Measured::Units, series };
    let pool = |n| rayon_pool(n, || fit_all(&history, &FitOptions::new(6), &NoControl).unwrap());
    let (one, four) = (pool(1), pool(4));
    assert_eq!(one.len(), 40);
    assert_eq!(one, four);
    let cancelled = stockcast::base::control::CancelFlag::default();
    cancelled.cancel();
    assert!(fit_all(&history, &FitOptions::new(6), &cancelled).is_err());
}

#[allow(clippy::panic)]
fn rayon_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(e) => panic!("no thread pool: {e}"),
    }
}

/// Whatever lies after a cutoff, the forecast at the cutoff is the same: with it deleted, shuffled or replaced by nonsense.
#[test]
fn nothing_fits_on_the_future() {
    let mut e = noise(12);
    let y: Vec<f64> = (0..130).map(|t| (40.0 + 10.0 * (f64::from(t) * std::f64::consts::TAU / 52.0).sin() + 6.0 * e()).max(0.0)).collect();
    let mut shuffled = y.clone();
    shuffled[104..].reverse();
    let nonsense: Vec<f64> = y.iter().enumerate().map(|(t, v)| if t < 104 { *v } else { 1e9 * (t % 3) as f64 }).collect();
    let wanted = auto(&y[..104], Period::Week, 13);
    for other in [&y, &shuffled, &nonsense] {
        assert_eq!(fit(&input(other, Period::Week).truncated(104), &FitOptions::new(13)), wanted);
    }
    // and a backtest's oldest window, whose score is all that a backtest of one window at that origin has
    let one = |y: &[f64]| backtest(&input(y, Period::Week), 13, 1, 13, &[Choice::Auto], &FitOptions::new(13));
    assert_eq!(one(&y[..117]), one(&[&y[..117], &shuffled[117..117]].concat()));
}

#[test]
fn weeks_of_less_than_two_years_follow_last_year() {
    let mut e = noise(31);
    let truth =
        |t: usize| 100.0 * if (44..52).contains(&(t % 52)) { 2.0 } else { 1.0 + 0.3 * (t as f64 * std::f64::consts::TAU / 52.0).sin() };
    let y: Vec<f64> = (0..94).map(|t| truth(t) * (1.0 + 0.05 * e())).collect();
    let f = auto(&y, Period::Week, 10);
    assert_eq!(f.season_lengths, [52]);
    let actual: Vec<f64> = (94..104).map(truth).collect();
    assert!(accuracy::wape(&actual, &f.mean).unwrap() < 0.15, "{:?} {}", f.mean, f.model);
}

#[test]
fn backtest_ranks_models() {
    let mut e = noise(6);
    let y: Vec<f64> = (0..84).map(|t| 100.0 + 3.0 * f64::from(t) + 2.0 * e()).collect();
    let choices = [Choice::Auto, Choice::Named(Model::Dot), Choice::Named(Model::SeasonalNaive)];
    let scores = backtest(&input(&y, Period::Month), 6, 4, 3, &choices, &FitOptions::new(6));
    assert_eq!(scores.iter().map(|s| s.model).collect::<Vec<_>>(), ["auto", "DOT", "SeasonalNaive"]);
    assert!(scores.iter().all(|s| s.accuracy.windows == 4));
    let wape = |i: usize| scores[i].accuracy.wape.unwrap();
    assert!(wape(0) < 0.5 * wape(2) && wape(1) < 0.5 * wape(2));
    assert!(scores[0].accuracy.fva.unwrap() > 0.5 && scores[2].accuracy.fva.unwrap().abs() < 1e-12);
    let history = History { period: Period::Month, measured: Measured::Units, series: vec![Series::new("a", Stamp(0), y.clone()); 3] };
    let all = backtest_all(&history, 6, 4, 3, &choices, &FitOptions::new(6), &NoControl).unwrap();
    assert!(all.len() == 3 && all.iter().all(|s| *s == scores));
    // too short for any window: no scores, no panic
    assert_eq!(backtest(&input(&y[..3], Period::Month), 6, 4, 3, &choices, &FitOptions::new(6))[0].accuracy.windows, 0);
}

#[test]
fn names_are_read_back() {
    for m in Model::ALL {
        assert_eq!(Model::parse(&m.name().to_lowercase()), Some(m));
    }
    assert_eq!(Choice::parse("AUTO"), Some(Choice::Auto));
    assert_eq!(Choice::parse("seasonal_naive"), Some(Choice::Named(Model::SeasonalNaive)));
    assert_eq!(Choice::parse("arima"), Some(Choice::Named(Model::Arima)));
    assert_eq!(Choice::parse("prophet"), None);
}
