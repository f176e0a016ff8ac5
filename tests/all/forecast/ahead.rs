//! What is known ahead, and what lies beyond it.

use super::noise;
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::forecast::{FitOptions, fit_all_known};
use stockcast::history::{Driver, DriverKind, Drivers, History, Measured, Series};

const DAYS: usize = 400;
const TOLD: usize = 14;
const AHEAD: usize = 35;

/// A file of opening days and promotions that ends after two weeks of five asked for: Sundays stay shut, other days have their weekday's share of promotions.
#[test]
fn past_the_last_day_told_things_are_as_usual() {
    // from a Monday on; promotions from Monday to Friday of every other week, twice the demand
    let start = Stamp::from_ymd(2023, 1, 2).unwrap();
    let promoted = |t: usize| t % 7 < 5 && (t / 7).is_multiple_of(2);
    let (mut series, mut values) = (Vec::new(), Vec::new());
    for i in 0..12u64 {
        let mut e = noise(70 + i);
        let size = 50.0 + 10.0 * i as f64;
        let sold = |t: usize, e: f64| if t % 7 == 6 { 0.0 } else { (size * if promoted(t) { 2.0 } else { 1.0 } * (0.1 * e).exp()).round() };
        series.push(Series::new(&format!("shop-{i}"), start, (0..DAYS).map(|t| sold(t, e())).collect()));
        let flag = |on: &dyn Fn(usize) -> bool| (0..DAYS + TOLD).map(|t| if on(t) { 1.0f32 } else { 0.0 }).collect::<Vec<f32>>();
        values.push(vec![flag(&|t| t % 7 != 6), flag(&promoted)]);
    }
    let history = History { period: Period::Day, measured: Measured::Units, series };
    let column = |name: &str| Driver { name: name.into(), kind: DriverKind::Flag, expected: None };
    let drivers = Drivers { columns: vec![column("open"), column("promo")], values, horizon: AHEAD, kinds: Vec::new() };
    let found = fit_all_known(&history, &drivers, &FitOptions::new(AHEAD), &NoControl).unwrap();
    for (i, f) in found.fits.iter().enumerate() {
        let size = 50.0 + 10.0 * i as f64;
        for h in 0..AHEAD {
            let (t, over) = (DAYS + h, f.mean[h] / size);
            match t % 7 {
                6 => assert_eq!(f.mean[h], 0.0, "shop {i} is open on Sunday {h} days ahead"),
                5 => assert!((0.8..1.25).contains(&over), "shop {i}, Saturday {h}: {over}"),
                _ if h < TOLD => assert!((over - if promoted(t) { 2.0 } else { 1.0 }).abs() < 0.25, "shop {i}, {h}: {over}"),
                // neither promoted nor not
                _ => assert!((1.2..1.75).contains(&over), "shop {i}, {h}: {over}"),
            }
        }
    }
}
