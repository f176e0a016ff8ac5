//! Trees over the pasts of all series, nothing known ahead.

use super::{noise, rayon_pool};
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::forecast::accuracy::wape;
use stockcast::forecast::{Choice, FitOptions, Model, Pooled, SeriesInput, backtest_all, fit, fit_all, fit_beside, refit_beside};
use stockcast::history::{History, Measured, Series};

const AHEAD: usize = 6;

/// Twenty months of items that share a year; no item's own past is long enough to show it through its noise.
fn shop(items: u64, months: usize) -> (History, Vec<Vec<f64>>) {
    let (mut series, mut ahead) = (Vec::new(), Vec::new());
    for i in 0..items {
        let mut e = noise(1000 + i);
        let size = 40.0 + 25.0 * (i % 7) as f64;
        let year = |t: usize| (0.5 * (t as f64 * std::f64::consts::TAU / 12.0).sin()).exp();
        let all: Vec<f64> = (0..months + AHEAD).map(|t| (size * year(t) * (0.25 * e()).exp()).round()).collect();
        ahead.push(all[months..].to_vec());
        series.push(Series::new(&format!("sku-{i:03}"), Stamp::from_ymd(2022, 1, 1).unwrap(), all[..months].to_vec()));
    }
    (History { period: Period::Month, measured: Measured::Units, series }, ahead)
}

fn options() -> FitOptions {
    FitOptions::new(AHEAD)
}

#[test]
fn what_all_series_share_is_learned_from_their_pasts() {
    let (history, ahead) = shop(120, 20);
    let found = fit_all(&history, &options(), &NoControl).unwrap();
    let alone: Vec<_> = history.series.iter().map(|s| fit(&SeriesInput::of(s, history.period), &options())).collect();
    let sold = ahead.concat();
    let miss = |fits: &[stockcast::forecast::Fitted]| wape(&sold, &fits.iter().flat_map(|f| f.mean.clone()).collect::<Vec<_>>()).unwrap();
    let (with, without) = (miss(&found), miss(&alone));
    assert!(with < 0.95 * without, "{with} with trees, {without} without");
    for (f, a) in found.iter().zip(&alone) {
        assert_eq!(f.path.validate(), Ok(()));
        assert!((0..AHEAD).all(|h| (f.mean[h] - f.path.mean(h)).abs() <= 1e-9 * f.mean[h].max(1.0)));
        assert!((f.components[2].level + f.components[2].seasonal - f.mean[2]).abs() < 1e-6);
        // said, and beside the same methods
        assert!((f.trees - 0.3).abs() < 1e-12 && f.model.contains("+ 30 % trees of all series"), "{}", f.model);
        assert!(f.explanation.contains("30 % of the mean comes from trees grown over the past of all series"), "{}", f.explanation);
        assert_eq!((&f.weights, a.trees), (&a.weights, 0.0));
    }
    // the same on any number of threads
    let one = rayon_pool(1, || fit_all(&history, &options(), &NoControl).unwrap());
    assert_eq!(one, rayon_pool(3, || fit_all(&history, &options(), &NoControl).unwrap()));
    assert_eq!(one, found);
}

#[test]
fn few_series_and_named_models_go_without() {
    let (history, _) = shop(120, 20);
    let few = History { series: history.series[..29].to_vec(), ..history.clone() };
    assert!(fit_all(&few, &options(), &NoControl).unwrap().iter().all(|f| f.trees == 0.0 && !f.model.contains("trees")));
    let named = FitOptions { model: Choice::Named(Model::Ets), ..options() };
    assert!(fit_all(&history, &named, &NoControl).unwrap().iter().all(|f| f.trees == 0.0));
}

/// What lies after a cutoff changes nothing of what trees learned before it say of it, and a refit follows newer sales with the trees of then.
#[test]
fn trees_know_nothing_of_the_future() {
    let (history, _) = shop(60, 26);
    let cut = |then: &mut History| then.series.iter_mut().for_each(|s| s.y.truncate(20));
    let mut then = history.clone();
    cut(&mut then);
    let mut shuffled = history.clone();
    shuffled.series.iter_mut().for_each(|s| s.y[20..].reverse());
    cut(&mut shuffled);
    let learn = |h: &History| Pooled::learn(h, &options(), AHEAD, &NoControl).unwrap().unwrap();
    let (a, b) = (learn(&then), learn(&shuffled));
    for (whole, s) in history.series.iter().zip(&then.series) {
        let known = SeriesInput::of(s, history.period);
        let said = a.beside(&known, AHEAD).unwrap();
        assert_eq!(Some(said.clone()), b.beside(&SeriesInput::of(whole, history.period).truncated(20), AHEAD));
        let fitted = fit_beside(&known, &options(), Some(&said));
        let newer = SeriesInput::of(whole, history.period).truncated(23);
        let again = refit_beside(&fitted, &newer, AHEAD, a.beside(&newer, AHEAD).as_ref());
        assert!(again.trees > 0.0 && again.path.validate().is_ok());
        // the same sales, the same answer
        assert_eq!(refit_beside(&fitted, &known, AHEAD, Some(&said)).mean, fitted.mean);
    }
}

#[test]
fn odd_series_and_long_horizons_do_not_upset_it() {
    let (mut history, _) = shop(80, 30);
    history.series[0].y = vec![0.0; 30];
    history.series[1].y = vec![f64::NAN; 30];
    history.series[2].y.iter_mut().for_each(|v| *v = -*v);
    history.series[3].y.iter_mut().for_each(|v| *v *= 1e12);
    history.series[4].y.iter_mut().for_each(|v| *v *= 1e-9);
    history.series[5].y.truncate(2);
    history.series[6].y = [vec![0.0; 28], vec![1.0, 0.0]].concat();
    history.series[7].in_stock = Some((0..30).map(|t| if t % 3 == 0 { 0.0 } else { 1.0 }).collect());
    history.series[8].y[10..20].fill(f64::NAN);
    let found = fit_all(&history, &FitOptions::new(48), &NoControl).unwrap();
    assert!(found.iter().filter(|f| f.trees > 0.0).count() > 60);
    for f in &found {
        assert_eq!(f.path.validate(), Ok(()));
        assert!((0..48).all(|h| f.mean[h].is_finite() && f.quantile(h, 0.9).is_finite()), "{:?}", f.mean);
    }
    // what is sold less than nothing of has no share of a level
    assert_eq!((found[0].trees, found[2].trees), (0.0, 0.0));
    // nothing leaps where the trees have no more to say
    let alone: Vec<_> = history.series.iter().map(|s| fit(&SeriesInput::of(s, history.period), &FitOptions::new(48))).collect();
    for (f, a) in found.iter().zip(&alone).skip(9) {
        let ratio: Vec<f64> = f.mean.iter().zip(&a.mean).map(|(x, y)| x / y).collect();
        assert!(ratio[25..].windows(2).all(|r| (r[1] / r[0] - 1.0).abs() < 0.05), "{ratio:?}");
        // what methods see as one level is moved as a whole; elsewhere the trees' part fades out
        let level = a.mean.iter().all(|m| (m / a.mean[0] - 1.0).abs() < 0.025);
        assert!(level || (ratio[47] - 1.0).abs() < 0.02, "{ratio:?}");
    }
}

#[test]
fn a_backtest_scores_the_combination_with_its_trees() {
    let (history, _) = shop(120, 26);
    let scored = backtest_all(&history, AHEAD, 1, AHEAD, &[Choice::Auto], &options(), &NoControl).unwrap();
    let mut then = history.clone();
    then.series.iter_mut().for_each(|s| s.y.truncate(20));
    let found = fit_all(&then, &options(), &NoControl).unwrap();
    for ((f, s), series) in found.iter().zip(&scored).zip(&history.series) {
        assert_eq!(s[0].accuracy.wape, wape(&series.y[20..], &f.mean));
    }
}
