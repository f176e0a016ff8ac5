//! New items take the season of their category, where it has one.

use stockcast::base::{NoControl, Period, Stamp};
use stockcast::history::{History, MasterFiles, Measured, Series, read_masters_bytes};
use stockcast::scenario::forecasts::{Forecasts, SeriesForecast};
use stockcast::scenario::{Engine, Inputs, Plan};

const AHEAD: usize = 26;

fn turn(t: usize, phase: f64) -> f64 {
    (std::f64::consts::TAU * (t as f64 / 52.0 + phase)).sin()
}

/// Twelve older items and one that is ten weeks old; `wave` is the size of the season they share, `own` of one that each has for itself.
fn shop(wave: f64, own: f64, category: Option<&str>) -> Inputs {
    let value = |s: usize, t: usize| {
        let noise = ((s * 7919 + t * 104_729) % 101) as f64 / 100.0 - 0.5;
        // own seasons stand against each other, so that nothing is left of them in the sum
        let level = if own > 0.0 { 60.0 } else { 20.0 + 10.0 * s as f64 };
        (level * (1.0 + wave * turn(t, 0.0) + own * turn(t, s as f64 / 12.0) + 0.2 * noise)).round()
    };
    let start = |week: usize| Stamp(Stamp::from_ymd(2023, 1, 2).unwrap().0 + week as i64 * 7 * 86_400);
    let mut series: Vec<Series> =
        (0..12).map(|s| Series::new(&format!("old {s}"), start(0), (0..130).map(|t| value(s, t)).collect())).collect();
    series.push(Series::new("new", start(120), (120..130).map(|t| value(3, t)).collect()));
    let rows = series.iter().map(|s| format!("{},{},1\n", s.unique_id, category.unwrap_or_default()));
    let text = std::iter::once("unique_id,category,cost\n".to_owned()).chain(rows).collect::<String>();
    let files = MasterFiles { items: Some(("items.csv".to_owned(), text.into_bytes())), ..MasterFiles::default() };
    let masters = read_masters_bytes(&files).unwrap().0;
    let history = History { period: Period::Week, measured: Measured::Units, series };
    Inputs { history: Some(history), masters, ..Inputs::default() }
}

fn forecasts(inputs: &Inputs) -> Forecasts {
    let mut plan = Plan::parse("version = 1\n[history]\nfiles = [\"sales.csv\"]\n", "scenario.toml").unwrap();
    plan.periods = AHEAD;
    Engine::default().forecasts(inputs, &plan, &NoControl).unwrap().unwrap()
}

fn new(f: &Forecasts) -> &SeriesForecast {
    f.series.iter().find(|s| &*s.stocked.unique_id == "new").unwrap()
}

#[test]
fn a_new_item_takes_the_season_that_its_category_shares() {
    let (with, without) = (forecasts(&shop(0.6, 0.0, Some("tea"))), forecasts(&shop(0.6, 0.0, None)));
    let truth = |h: usize| 50.0 * (1.0 + 0.6 * turn(130 + h, 0.0));
    let missed = |f: &Forecasts| (0..AHEAD).map(|h| (new(f).path.mean(h) - truth(h)).abs()).sum::<f64>();
    assert!(missed(&with) < 0.5 * missed(&without), "{} against {}", missed(&with), missed(&without));
    let fitted = &new(&with).fitted;
    assert!(fitted.explanation.contains("12 older items of its category"), "{}", fitted.explanation);
    assert!(with.diagnostics.iter().any(|d| d.code == "season-of-category"), "{:?}", with.diagnostics);
    for (h, c) in fitted.components.iter().enumerate() {
        let mean = fitted.mean[h];
        assert!((fitted.path.mean(h) - mean).abs() < 1e-9 && (c.level + c.seasonal - mean).abs() < 1e-6 * mean, "{h}: {c:?} {mean}");
    }
    // older ones stay as they are
    for (a, b) in with.series.iter().zip(&without.series).take(12) {
        assert_eq!(a.fitted, b.fitted);
    }
}

#[test]
fn seasons_that_items_do_not_share_are_left_alone() {
    for (wave, own) in [(0.0, 0.5), (0.0, 0.0)] {
        let (with, without) = (forecasts(&shop(wave, own, Some("tea"))), forecasts(&shop(wave, own, None)));
        assert_eq!(new(&with).fitted, new(&without).fitted, "{wave} {own}");
        assert!(!with.diagnostics.iter().any(|d| d.code == "season-of-category"));
    }
}
