//! Items that sell in one part of the year, and spreads that follow the season.

use super::{auto, poisson};
use stockcast::base::{Period, Purpose, Stamp, Stream};
use stockcast::forecast::{FitOptions, Fitted, Model, SeriesInput, fit};

/// Expected sales of a week: twelve weeks from place `first` of each year, rising and falling.
fn expected(t: usize, first: usize) -> f64 {
    let k = (t + 52 - first) % 52;
    if k < 12 { 24.0 * (std::f64::consts::PI * (k as f64 + 0.5) / 12.0).sin() } else { 0.0 }
}

/// Counts of three years, each year's season stronger or weaker as a whole; the origin lies just before the fourth season.
fn sold(id: u64, first: usize) -> Vec<f64> {
    let s = Stream::new(11, id, Purpose::Synthetic, 0);
    let strength = |t: usize| 0.75 + 0.5 * s.unit(100_000 + ((t + 52 - first) / 52) as u64);
    (0..3 * 52 + first).map(|t| poisson(expected(t, first) * strength(t), s.unit(t as u64))).collect()
}

fn is_profile(f: &Fitted) -> bool {
    f.weights.len() == 1 && f.weights[0].model == Model::SeasonProfile
}

#[test]
fn the_next_season_is_expected_like_the_ones_before() {
    let (mut inside, mut count, mut total, mut wanted) = (0.0, 0.0, 0.0, 0.0);
    for id in 0..60u64 {
        let first = 36 + (id % 10) as usize;
        let y = sold(id, first);
        let f = auto(&y, Period::Week, 13);
        assert!(is_profile(&f), "{}", f.explanation);
        let s = Stream::new(12, id, Purpose::Synthetic, 0);
        let strength = 0.75 + 0.5 * s.unit(1000);
        for h in 2..10 {
            let mean = expected(y.len() + h, first);
            let (lo, hi) = f.interval(h, 80.0);
            let v = poisson(mean * strength, s.unit(h as u64));
            inside += f64::from(u8::from(lo <= v && v <= hi));
            count += 1.0;
            total += f.mean[h];
            wanted += mean;
            // the middle of what may come is near the mean, as of the season's weeks, not nothing, as of most weeks of the year
            assert!(f.median(h) > 0.5 * f.mean[h], "{} of {}", f.median(h), f.mean[h]);
        }
    }
    assert!((total / wanted - 1.0).abs() < 0.08, "{total} {wanted}");
    assert!((0.74..0.92).contains(&(inside / count)), "{}", inside / count);
}

#[test]
fn sales_from_a_nearly_empty_shelf_are_part_of_demand() {
    // half of the season's weeks were sold out after a third of the week
    let first = 40;
    let full = sold(3, first);
    let mut stock = vec![1.0; full.len()];
    let mut y = full.clone();
    for t in (0..y.len()).filter(|t| expected(*t, first) > 10.0 && t % 2 == 0) {
        stock[t] = 1.0 / 3.0;
        y[t] = (y[t] / 3.0).round();
    }
    let input = |y: &'static [f64], stock: Option<&'static [f64]>| SeriesInput {
        y,
        in_stock: stock,
        period: Period::Week,
        start: Stamp::default(),
    };
    let (full, y, stock): (&'static [f64], &'static [f64], &'static [f64]) = (full.leak(), y.leak(), stock.leak());
    let total = |i: SeriesInput<'_>| fit(&i, &FitOptions::new(12)).mean.iter().sum::<f64>();
    let (whole, told, untold) = (total(input(full, None)), total(input(y, Some(stock))), total(input(y, None)));
    assert!((told / whole - 1.0).abs() < 0.12 && untold < 0.8 * whole, "{whole} {told} {untold}");
}

#[test]
fn orders_now_and_then_are_no_season() {
    for id in 0..40u64 {
        let s = Stream::new(5, id, Purpose::Synthetic, 0);
        // a few units in one week of five, all year round
        let y: Vec<f64> = (0..156u64).map(|t| if s.unit(t) < 0.2 { 1.0 + poisson(2.0, s.unit(1000 + t)) } else { 0.0 }).collect();
        let f = auto(&y, Period::Week, 13);
        assert!(!is_profile(&f), "{id}: {}", f.explanation);
    }
}

#[test]
fn intervals_are_wide_where_much_is_sold() {
    // a season of ten times the level, every week off by a share of its mean
    let mean = |t: usize| if (40..50).contains(&(t % 52)) { 400.0 } else { 40.0 };
    let s = Stream::new(9, 1, Purpose::Synthetic, 0);
    let y: Vec<f64> = (0..3 * 52 + 38).map(|t| (mean(t) * (0.7 + 0.6 * s.unit(t as u64))).round()).collect();
    let f = auto(&y, Period::Week, 12);
    let width = |h: usize| {
        let (lo, hi) = f.interval(h, 80.0);
        hi - lo
    };
    assert!(width(6) > 3.0 * width(0), "{} {}", width(6), width(0));
}
