//! The model of all series, with what is known ahead.

use super::{noise, rayon_pool};
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::forecast::accuracy::wape;
use stockcast::forecast::{FitOptions, KnownAhead, fit_all, fit_all_known};
use stockcast::history::{Driver, DriverKind, Drivers, History, Measured, Series};

const AHEAD: usize = 8;

/// Weekly sales of items with a flyer and a display, each on in about a third of weeks. `together`: they sell two and a half times as much when both are on and nothing
/// more when one is, which no sum of effects can say; else nothing at any time. Sales of the weeks ahead.
fn shop(items: u64, weeks: usize, together: bool) -> (History, Drivers, Vec<Vec<f64>>) {
    let (mut series, mut values, mut ahead) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..items {
        let mut e = noise(i + 1);
        let size = 30.0 + 12.0 * (i % 9) as f64;
        let mut flag = || (0..weeks + AHEAD).map(|_| if e() > 0.3 { 1.0f32 } else { 0.0 }).collect::<Vec<f32>>();
        let (flyer, display) = (flag(), flag());
        let all: Vec<f64> = (0..weeks + AHEAD)
            .map(|t| {
                let both = together && flyer[t] > 0.0 && display[t] > 0.0;
                (size * if both { 2.5 } else { 1.0 } * (0.12 * e()).exp()).round()
            })
            .collect();
        ahead.push(all[weeks..].to_vec());
        series.push(Series::new(&format!("sku-{i:03}"), Stamp::from_ymd(2021, 1, 4).unwrap(), all[..weeks].to_vec()));
        values.push(vec![flyer, display]);
    }
    let column = |name: &str| Driver { name: name.into(), kind: DriverKind::Flag, expected: None };
    let drivers = Drivers { columns: vec![column("flyer"), column("display")], values, horizon: AHEAD, kinds: Vec::new() };
    (History { period: Period::Week, measured: Measured::Units, series }, drivers, ahead)
}

fn known(history: &History, drivers: &Drivers) -> KnownAhead {
    fit_all_known(history, drivers, &FitOptions::new(AHEAD), &NoControl).unwrap()
}

fn takes_part(k: &KnownAhead) -> bool {
    k.diagnostics.iter().any(|d| d.code == "model-of-all-series")
}

fn part_of(s: &[f64], of: impl Fn(&f64) -> bool) -> f64 {
    s.iter().filter(|v| of(v)).count() as f64 / s.len() as f64
}

#[test]
fn what_no_sum_of_effects_can_say_is_learned_from_all_series() {
    let (history, drivers, ahead) = shop(60, 120, true);
    let found = known(&history, &drivers);
    assert!(takes_part(&found), "{:?}", found.diagnostics);
    let told =
        found.fits.iter().filter(|f| f.explanation.contains("trees grown over all series") && f.model.contains("trees of all series"));
    assert_eq!(told.count(), 60);
    // the first 19 by themselves are too few for trees: the same effects, without them
    let few = History { series: history.series[..19].to_vec(), ..history };
    let alone = known(&few, &Drivers { values: drivers.values[..19].to_vec(), ..drivers.clone() });
    assert!(!takes_part(&alone));
    let sold = ahead[..19].concat();
    let said = |k: &KnownAhead| k.fits[..19].iter().flat_map(|f| f.mean.clone()).collect::<Vec<f64>>();
    let (with, without) = (wape(&sold, &said(&found)).unwrap(), wape(&sold, &said(&alone)).unwrap());
    assert!(with < 0.9 * without, "{with} with trees, {without} without");
    for f in &found.fits {
        assert_eq!(f.path.validate(), Ok(()));
        assert!((0..AHEAD).all(|h| (f.mean[h] - f.path.mean(h)).abs() <= 1e-9 * f.mean[h].max(1.0)));
    }
    // where each outcome came to lie in its distribution
    let place: Vec<f64> = found
        .fits
        .iter()
        .zip(&ahead)
        .flat_map(|(f, a)| {
            let beyond = |h: usize, p: f64| a[h] > f.quantile(h, p);
            (0..AHEAD).map(move |h| f64::from(u8::from(beyond(h, 0.1))) + f64::from(u8::from(beyond(h, 0.9)))).collect::<Vec<f64>>()
        })
        .collect();
    let inside = part_of(&place, |v| *v == 1.0);
    assert!((0.7..0.92).contains(&inside), "80 % intervals hold {inside}");
    // the same on any number of threads
    let one = rayon_pool(1, || known(&history, &drivers));
    assert_eq!(one.fits, rayon_pool(3, || known(&history, &drivers)).fits);
    assert_eq!(one.fits, found.fits);
}

#[test]
fn it_takes_no_part_where_nothing_is_known_that_matters() {
    let (history, drivers, _) = shop(60, 120, false);
    let found = known(&history, &drivers);
    assert!(!takes_part(&found), "{:?}", found.diagnostics);
    // what is left are the series by themselves, with what their pasts have in common
    assert_eq!(found.fits, fit_all(&history, &FitOptions::new(AHEAD), &NoControl).unwrap());
}

#[test]
fn odd_series_do_not_upset_it() {
    let (mut history, mut drivers, _) = shop(60, 120, true);
    let long = history.series[0].y.len();
    history.series[0].y = vec![0.0; long];
    history.series[1].y = vec![f64::NAN; long];
    history.series[2].y = history.series[2].y.iter().map(|v| -v).collect();
    history.series[3].y = history.series[3].y.iter().map(|v| v * 1e12).collect();
    history.series[4].y = history.series[4].y.iter().map(|v| v * 1e-9).collect();
    // a new item
    let n = 3;
    history.series[5].y.truncate(n);
    drivers.values[5].iter_mut().for_each(|v| v.truncate(n + AHEAD));
    drivers.values[6][0].iter_mut().for_each(|v| *v = f32::NAN);
    let found = known(&history, &drivers);
    assert!(takes_part(&found), "{:?}", found.diagnostics);
    for f in &found.fits {
        assert_eq!(f.path.validate(), Ok(()));
        assert!((0..AHEAD).all(|h| f.mean[h].is_finite() && f.quantile(h, 0.9).is_finite()), "{:?}", f.mean);
    }
}
