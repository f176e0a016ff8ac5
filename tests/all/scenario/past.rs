//! Replay with what is known ahead: each decision knows the promotions to come and nothing of what was sold later.

use std::sync::Arc;
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::history::{Driver, DriverKind, Drivers, History, KnownTable, Masters, Measured, Series};
use stockcast::scenario::{Engine, Inputs, Plan, ReplayOutcome, Told};

const WEEKS: usize = 120;
const REPLAYED: usize = 20;

/// Promotions at no regular distance.
fn promo(t: usize) -> bool {
    (t * t + 3 * t) % 11 == 4 || t.is_multiple_of(13)
}

/// Eight items that sell three times as much in a promotion; from `cut` on, all of them something else.
fn shop(cut: usize) -> Inputs {
    let mut series = Vec::new();
    let mut values = Vec::new();
    for s in 0..8usize {
        let y = (0..WEEKS).map(|t| {
            let wave = 1.0 + 0.1 * (((s * 31 + t * 17) % 13) as f64 / 6.0 - 1.0);
            let sold = (20.0 + 5.0 * s as f64) * wave * if promo(t) { 3.0 } else { 1.0 };
            if t < cut { sold.round() } else { 7.0 }
        });
        series.push(Series::new(&format!("item {s}"), Stamp::from_ymd(2024, 1, 1).unwrap(), y.collect()));
        values.push(vec![(0..WEEKS + 30).map(|t| f32::from(u8::from(promo(t)))).collect::<Vec<f32>>()]);
    }
    let history = History { period: Period::Week, measured: Measured::Units, series };
    let drivers = Drivers {
        columns: vec![Driver { name: "promo".into(), kind: DriverKind::Flag, expected: None }],
        values,
        horizon: 30,
        kinds: Vec::new(),
    };
    let table = KnownTable::of(&history, &drivers).unwrap();
    let known = Told::new(&history, &Masters::default(), Some(table.drivers(&history))).map(Arc::new);
    Inputs { history: Some(history), known, ..Inputs::default() }
}

fn replay(inputs: &Inputs, known_ahead: bool, periods: usize) -> ReplayOutcome {
    let text = "version = 1\nreplications = 64\n[history]\nfiles = [\"sales.csv\"]\n[supply]\nlead_time = { mean = 1.0, sd = 0.0 }\n[cost]\nholding = 0.2\nshortage = 4.0\n";
    let mut plan = Plan::parse(text, "scenario.toml").unwrap();
    plan.forecast.known_ahead = known_ahead;
    Engine::default().replay(inputs, &plan, periods, &NoControl).unwrap().unwrap()
}

#[test]
fn the_past_is_decided_with_the_promotions_known_then() {
    let inputs = shop(WEEKS);
    let (with, without) = (replay(&inputs, true, REPLAYED), replay(&inputs, false, REPLAYED));
    let (a, b) = (with.result.sums[0].total_cost, without.result.sums[0].total_cost);
    assert!(a < 0.7 * b, "{a} with and {b} without");
    // plain rules know nothing of promotions either way
    assert_eq!(with.result.sums[1], without.result.sums[1]);
    assert!(with.diagnostics.iter().any(|d| d.code == "replay-with-events"), "{:?}", with.diagnostics);
    assert!(!without.diagnostics.iter().any(|d| d.code.starts_with("replay-with")), "{:?}", without.diagnostics);
}

/// What is ordered at the only review does not depend on what was sold after it, but on the promotions to come.
#[test]
fn nothing_is_decided_on_what_was_sold_later() {
    let ordered = |o: &ReplayOutcome| o.items.iter().map(|i| i.rules[0].units_ordered).collect::<Vec<f64>>();
    let (as_sold, otherwise) = (replay(&shop(WEEKS), true, 1), replay(&shop(WEEKS - 1), true, 1));
    assert_eq!(ordered(&as_sold), ordered(&otherwise));
    assert_ne!(as_sold.result.sums[0].demand, otherwise.result.sums[0].demand);
    assert_ne!(ordered(&as_sold), ordered(&replay(&shop(WEEKS), false, 1)));
}
