//! Release rules: the identities of stochastic clearing, and that nothing is lost or leaves too early.

use crate::shared::shared;
use proptest::prelude::*;
use stockcast::base::{Day, Stamp, Stream};
use stockcast::logistics::consolidate::{Release, releases};
use stockcast::logistics::{Round, Rule, Shipment, Vehicle, consolidate};

/// Mean load and mean delay over a long run of Poisson arrivals, in batches for an interval.
fn simulate(rule: &Rule, lambda: f64, share: f64, key: u64) -> [(f64, f64); 2] {
    let (batches, length) = (60, 400.0);
    let s = Stream { key };
    let mut draw = 0;
    let (mut loads, mut delays) = (Vec::new(), Vec::new());
    for _ in 0..batches {
        let mut time = 0.0;
        let mut arrivals = Vec::new();
        loop {
            time -= s.unit(draw).ln() / lambda;
            draw += 1;
            if time > length {
                break;
            }
            arrivals.push((time, share));
        }
        let out: Vec<Release> = releases(&arrivals, rule, 0.0, length, 0).into_iter().filter(|r| !r.cut_short).collect();
        let served: usize = out.iter().map(|r| r.to - r.from).sum();
        let waited: f64 = out.iter().map(|r| arrivals[r.from..r.to].iter().map(|a| r.time - a.0).sum::<f64>()).sum();
        loads.push(served as f64 / out.len() as f64);
        delays.push(waited / served as f64);
    }
    [loads, delays].map(|v| {
        let m = stockcast::base::Measure::from_values(&v);
        (m.mean, m.half_width)
    })
}

/// Golden cases consol-q-policy, consol-t-policy and consol-tq-policy (renewal identities; Wei, Çetinkaya & Cline, arXiv 1912.05904).
#[test]
fn loads_and_delays_follow_the_renewal_identities() {
    let Some(path) = shared("golden/routes.json") else { return };
    let golden: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let case = |id: &str| golden.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap()["expected"].clone();
    let check = |id: &str, rule: Rule, empty: f64| {
        let want = case(id);
        let [(load, load_hw), (delay, delay_hw)] = simulate(&rule, 10.0, 0.125, 7);
        // departures with nothing on board are not releases: the golden mean counts them, with the probability of an empty interval
        let (want_load, want_delay) = (want["mean_load"].as_f64().unwrap() / (1.0 - empty), want["mean_delay_days"].as_f64().unwrap());
        assert!((load - want_load).abs() <= 1.5 * load_hw + 1e-9, "{id}: load {load} ± {load_hw}, expected {want_load}");
        assert!((delay - want_delay).abs() <= 1.5 * delay_hw, "{id}: delay {delay} ± {delay_hw}, expected {want_delay}");
        assert!(load_hw < 0.05 && delay_hw < 0.005, "{id}: the test is blunt: {load_hw}, {delay_hw}");
    };
    check("consol-q-policy", Rule::Load(1.0), 0.0);
    check("consol-t-policy", Rule::Every(0.8), (-8.0f64).exp());
    check("consol-tq-policy", Rule::EveryOrLoad { every: 0.8, load: 1.0 }, (-8.0f64).exp());
}

fn rules() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (1u32..15).prop_map(|t| Rule::Every(f64::from(t))),
        (0.05f64..3.0).prop_map(Rule::Load),
        (1u32..15, 0.05f64..3.0).prop_map(|(t, load)| Rule::EveryOrLoad { every: f64::from(t), load }),
        prop::collection::vec(0u32..7, 0..4).prop_map(Rule::Weekdays),
    ]
}

proptest! {
    #![proptest_config(crate::cases::cases(300))]
    #[test]
    fn nothing_is_lost_and_nothing_leaves_before_it_is_ready(
        raw in prop::collection::vec((0i32..60, 0usize..3, 0.0f64..900.0, 0.0f64..9.0), 0..80),
        rule in rules(),
        collection in any::<bool>(),
    ) {
        let shipments: Vec<Shipment> = raw.iter().enumerate()
            .map(|(i, (day, place, kg, m3))| Shipment::new(&i.to_string(), Day(20_000 + day), ["a", "b", "c"][*place], ["x", "y"][i % 2], *kg, *m3))
            .collect();
        let round = if collection { Round::Collection } else { Round::Delivery };
        let (start, end) = (Day(20_000), Day(20_050));
        let van = Vehicle::default();
        let out = consolidate(&shipments, &rule, round, &van, start, end);
        let mut seen: Vec<usize> = out.iter().flat_map(|d| d.shipments.iter().copied()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..shipments.len()).collect::<Vec<_>>());
        let kg: f64 = out.iter().flat_map(|d| &d.shipments).map(|&i| shipments[i].kg).sum();
        prop_assert!((kg - shipments.iter().map(|s| s.kg).sum::<f64>()).abs() < 1e-6);
        for d in &out {
            prop_assert!(!d.shipments.is_empty());
            for &i in &d.shipments {
                let s = &shipments[i];
                prop_assert_eq!(&d.depot, if collection { &s.to } else { &s.from });
                prop_assert!(d.day >= s.ready);
                let wait = d.day.0 - s.ready.0;
                match &rule {
                    Rule::Every(t) | Rule::EveryOrLoad { every: t, .. } => prop_assert!(f64::from(wait) <= t.ceil()),
                    Rule::Weekdays(days) if !d.cut_short && !days.is_empty() => {
                        prop_assert!(wait < 7 && days.contains(&Stamp::of_day(d.day).weekday()));
                    }
                    _ => {}
                }
            }
        }
        prop_assert!(out.windows(2).all(|w| (w[0].day, &w[0].depot) < (w[1].day, &w[1].depot)));
        // a full vehicle never waits under a load rule
        if let Rule::Load(q) | Rule::EveryOrLoad { load: q, .. } = rule {
            for d in out.iter().filter(|d| d.cut_short) {
                let total = d.shipments.iter().fold((0.0, 0.0), |t, &i| (t.0 + shipments[i].kg, t.1 + shipments[i].m3));
                prop_assert!(van.share(total.0, total.1) < q + 1e-6);
            }
        }
    }
}

#[test]
fn a_fixed_clock_ticks_from_the_first_day() {
    let at = |day: i32| Shipment::new("s", Day(day), "a", "x", 10.0, 0.1);
    let shipments = [at(0), at(1), at(7), at(8)];
    let days = |rule: Rule| -> Vec<(i32, usize, bool)> {
        consolidate(&shipments, &rule, Round::Delivery, &Vehicle::default(), Day(0), Day(10))
            .iter()
            .map(|d| (d.day.0, d.shipments.len(), d.cut_short))
            .collect()
    };
    assert_eq!(days(Rule::Every(1.0)), [(0, 1, false), (1, 1, false), (7, 1, false), (8, 1, false)]);
    assert_eq!(days(Rule::Every(7.0)), [(0, 1, false), (7, 2, false), (10, 1, true)]);
    // 1970-01-01 was a Thursday: Mondays are days 4 and 11
    assert_eq!(days(Rule::Weekdays(vec![0])), [(4, 2, false), (10, 2, true)]);
    assert_eq!(days(Rule::Load(1.0)), [(10, 4, true)]);
    assert_eq!(days(Rule::Load(20.0 / 1200.0)), [(1, 2, false), (8, 2, false)]);
}
