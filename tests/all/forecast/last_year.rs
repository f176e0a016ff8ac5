//! The shape of the only year on record.

use super::{noise, rayon_pool};
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::forecast::accuracy::wape;
use stockcast::forecast::{Choice, FitOptions, Fitted, Model, Pooled, SeriesInput, fit, fit_all};
use stockcast::history::{History, Measured, Series};

const AHEAD: usize = 5;

/// Each item has a season of its own, of the given height: what all have in common helps nobody. Its last `months` before the time asked for are on record.
fn shop(items: u64, months: impl Fn(u64) -> usize, height: f64) -> (History, Vec<Vec<f64>>) {
    const END: usize = 60;
    let (mut series, mut ahead) = (Vec::new(), Vec::new());
    for i in 0..items {
        let mut e = noise(500 + i);
        let size = 60.0 + 20.0 * (i % 5) as f64;
        let season = |t: usize| (height * ((t + 5 * i as usize) as f64 * std::f64::consts::TAU / 12.0).sin()).exp();
        let all: Vec<f64> = (0..END + AHEAD).map(|t| (size * season(t) * (0.1 * e()).exp()).round()).collect();
        let first = END - months(i);
        ahead.push(all[END..].to_vec());
        let start = Stamp::from_ymd(2018 + (first / 12) as i32, 1 + (first % 12) as u32, 1).unwrap();
        series.push(Series::new(&format!("sku-{i:03}"), start, all[first..END].to_vec()));
    }
    (History { period: Period::Month, measured: Measured::Units, series }, ahead)
}

fn alone(history: &History) -> Vec<Fitted> {
    history.series.iter().map(|s| fit(&SeriesInput::of(s, history.period), &FitOptions::new(AHEAD))).collect()
}

fn miss<'a>(fits: impl Iterator<Item = (&'a Fitted, &'a Vec<f64>)>) -> f64 {
    let (mean, sold): (Vec<Vec<f64>>, Vec<Vec<f64>>) = fits.map(|(f, y)| (f.mean.clone(), y.clone())).unzip();
    wape(&sold.concat(), &mean.concat()).unwrap()
}

#[test]
fn the_shape_of_a_first_year_is_kept_where_it_comes_again() {
    for items in [14, 60] {
        let (history, ahead) = shop(items, |_| 16, 0.6);
        let found = fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap();
        let (with, without) = (miss(found.iter().zip(&ahead)), miss(alone(&history).iter().zip(&ahead)));
        assert!(with < 0.6 * without, "{items}: {with} with last year's shape, {without} without");
        for f in &found {
            assert_eq!(f.path.validate(), Ok(()));
            assert!(f.model.ends_with("+ last year's shape"), "{}", f.model);
            assert!(f.explanation.contains("With about a year on record, "), "{}", f.explanation);
            assert!((0..AHEAD).all(|h| (f.mean[h] - f.path.mean(h)).abs() <= 1e-9 * f.mean[h].max(1.0)));
            assert!((f.components[2].level + f.components[2].seasonal - f.mean[2]).abs() < 1e-6);
        }
        assert_eq!(found, rayon_pool(1, || fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap()));
        assert_eq!(found, rayon_pool(3, || fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap()));
    }
}

/// Ten months on record say nothing by themselves; older series, cut as short, say that a first year comes again.
#[test]
fn older_series_teach_those_without_a_whole_year() {
    let young = |i: u64| i.is_multiple_of(3);
    let (history, ahead) = shop(90, |i| if young(i) { 10 } else { 48 }, 0.6);
    let found = fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap();
    let of = |fits: &[Fitted]| miss(fits.iter().zip(&ahead).enumerate().filter(|(i, _)| young(*i as u64)).map(|(_, x)| x));
    let (with, without) = (of(&found), of(&alone(&history)));
    assert!(with < 0.85 * without, "{with} with last year's shape, {without} without");
    for (i, f) in found.iter().enumerate() {
        assert_eq!(f.model.contains("last year"), young(i as u64), "{}", f.model);
    }
    // with nobody to learn from nothing is assumed
    let (history, _) = shop(90, |_| 10, 0.6);
    assert!(fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap().iter().all(|f| !f.model.contains("last year")));
}

/// Levels that wander show in a year's figures as a season would, and do not come again.
#[test]
fn what_does_not_come_again_is_not_kept() {
    for height in [0.0, 0.08] {
        let (mut history, ahead) = shop(60, |_| 17, 0.0);
        for (i, s) in history.series.iter_mut().enumerate() {
            let mut e = noise(9000 + i as u64);
            let mut level = 0.0;
            s.y.iter_mut().for_each(|v| {
                level += height * e();
                *v = (*v * f64::exp(level)).round();
            });
        }
        let found = fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap();
        let kept = found.iter().filter(|f| f.model.contains("last year")).count();
        let (with, without) = (miss(found.iter().zip(&ahead)), miss(alone(&history).iter().zip(&ahead)));
        // chance may let a little in, never much
        assert!(kept == 0 || with < 1.05 * without, "{kept}: {with}, {without}");
    }
}

#[test]
fn it_knows_nothing_of_the_future_and_named_models_go_without() {
    let (history, _) = shop(40, |_| 22, 0.6);
    let mut then = history.clone();
    then.series.iter_mut().for_each(|s| s.y.truncate(16));
    let mut shuffled = history.clone();
    shuffled.series.iter_mut().for_each(|s| s.y[16..].reverse());
    shuffled.series.iter_mut().for_each(|s| s.y.truncate(16));
    let learn = |h: &History| Pooled::learn(h, &FitOptions::new(AHEAD), AHEAD, &NoControl).unwrap().unwrap();
    let (a, b) = (learn(&then), learn(&shuffled));
    for s in &history.series {
        let known = SeriesInput::of(s, history.period).truncated(16);
        assert!(a.beside(&known, AHEAD).is_some());
        assert_eq!(a.beside(&known, AHEAD), b.beside(&known, AHEAD));
    }
    let named = FitOptions { model: Choice::Named(Model::Ets), ..FitOptions::new(AHEAD) };
    assert!(fit_all(&history, &named, &NoControl).unwrap().iter().all(|f| f.model == "ETS"));
}

#[test]
fn odd_series_do_not_upset_it() {
    let (mut history, _) = shop(40, |_| 18, 0.6);
    let y = |s: &mut Series, v: Vec<f64>| s.y = v;
    y(&mut history.series[0], vec![0.0; 18]);
    y(&mut history.series[1], vec![f64::NAN; 18]);
    history.series[2].y.iter_mut().for_each(|v| *v = -*v);
    history.series[3].y.iter_mut().for_each(|v| *v *= 1e12);
    history.series[4].y.iter_mut().for_each(|v| *v *= 1e-9);
    y(&mut history.series[5], [vec![0.0; 17], vec![3.0]].concat());
    history.series[6].in_stock = Some((0..18).map(|t| if t % 3 == 0 { 0.0 } else { 1.0 }).collect());
    history.series[7].y[2..14].fill(f64::NAN);
    y(&mut history.series[8], vec![7.0; 18]);
    for horizon in [1, 30] {
        let found = fit_all(&history, &FitOptions::new(horizon), &NoControl).unwrap();
        for f in &found {
            assert_eq!(f.path.validate(), Ok(()));
            assert!((0..horizon).all(|h| f.mean[h].is_finite() && f.quantile(h, 0.9).is_finite()), "{:?}", f.mean);
        }
        // nothing was ever sold, nothing is expected; what was always the same stays so
        assert!(found[0].mean.iter().all(|m| *m == 0.0));
        assert!(found[8].mean.iter().all(|m| (m - 7.0).abs() < 0.7), "{:?}", found[8].mean);
    }
}
