//! Release rules: the identities of stochastic clearing, and that nothing is lost or leaves too early.

use crate::shared::shared;
use proptest::prelude::*;
use stockcast::base::{Day, Purpose, Stamp, Stream};
use stockcast::logistics::consolidate::{Release, releases};
use stockcast::logistics::{Round, Rule, Shipment, Vehicle, consolidate};

/// Poisson arrivals of so many a day, each the same share of a vehicle, until `length`.
fn poisson_arrivals(rate: f64, share: f64, length: f64, key: u64, batch: u64) -> Vec<(f64, f64)> {
    let s = Stream::new(key, 0, Purpose::Demand, batch);
    let times = (0u64..).scan(0.0, |time, draw| {
        *time -= s.unit(draw).ln() / rate;
        Some(*time)
    });
    times.take_while(|t| *t <= length).map(|t| (t, share)).collect()
}

/// Mean load and mean delay over a long run of Poisson arrivals, in batches for an interval.
fn simulate(rule: &Rule, lambda: f64, share: f64, key: u64) -> [(f64, f64); 2] {
    let (batches, length) = (60, 400.0);
    let (mut loads, mut delays) = (Vec::new(), Vec::new());
    for batch in 0..batches {
        let arrivals = poisson_arrivals(lambda, share, length, key, batch);
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

/// Golden cases consol-econ-shipment and consol-tq-cost (renewal identities; the order of the three rules as in the abstract of Mutlu,
/// Çetinkaya & Bookbinder 2010): a dispatch costs 50, a waiting order 4 a day.
#[test]
fn the_economic_shipment_and_the_order_of_the_rules() {
    let Some(path) = shared("golden/routes.json") else { return };
    let golden: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let case = |id: &str| golden.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap()["expected"].clone();
    let (rate, dispatch, wait) = (10.0, 50.0, 4.0);
    // money a day and its half-width; a time rule also pays for the dispatches that find nothing
    let cost = |rule: &Rule, q: f64| {
        let [(load, load_hw), (delay, delay_hw)] = simulate(rule, rate, 1.0 / q, 11);
        let (a_day, off) = match rule {
            Rule::Every(t) => (1.0 / t, 0.0),
            _ => (rate / load, rate * load_hw / (load * load)),
        };
        (dispatch * a_day + wait * rate * delay, dispatch * off + wait * rate * delay_hw)
    };
    let near = |(got, hw): (f64, f64), want: &serde_json::Value| {
        let want = want.as_f64().unwrap();
        assert!((got - want).abs() <= 1.5 * hw && hw < 0.5, "{got} ± {hw}, expected {want}");
    };
    let (econ, hybrid) = (case("consol-econ-shipment"), case("consol-tq-cost"));
    let q_star = econ["q_star"].as_f64().unwrap();
    let by_quantity = cost(&Rule::Load(1.0), q_star);
    near(by_quantity, &econ["cost_q_star"]);
    near(by_quantity, &hybrid["cost_Q"]);
    let t_star = econ["T_star"].as_f64().unwrap();
    near(cost(&Rule::Every(t_star), q_star), &econ["cost_T_star"]);
    let by_time = cost(&Rule::Every(1.58), q_star);
    near(by_time, &hybrid["cost_T"]);
    let by_both = cost(&Rule::EveryOrLoad { every: 1.58, load: 1.0 }, q_star);
    near(by_both, &hybrid["cost_TQ"]);
    assert!(by_quantity.0 < by_both.0 && by_both.0 < by_time.0, "{by_quantity:?} {by_both:?} {by_time:?}");
    // the valley is flat: its middle is found, its sides are dearer
    for far in [q_star - 6.0, q_star + 8.0] {
        assert!(cost(&Rule::Load(1.0), far).0 > by_quantity.0 + by_quantity.1, "{far}");
    }
}

/// Golden cases vmi-quantity-integrated and vmi-time-integrated (the setting of Çetinkaya & Lee 2000, Management Science 46(2)): dispatches draw on
/// a stock that is filled up at once when one of them exceeds it; a replenishment costs 125, a unit in stock 0.5 a day.
#[test]
fn dispatches_and_the_stock_behind_them() {
    let Some(path) = shared("golden/routes.json") else { return };
    let golden: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let case = |id: &str| golden.as_array().unwrap().iter().find(|c| c["id"] == id).unwrap()["expected"].clone();
    let (rate, replenish, dispatch, hold, wait) = (10.0, 125.0, 50.0, 0.5, 4.0);
    let cost = |rule: &Rule, share: f64, full: f64| {
        let length = 4000.0;
        let values: Vec<f64> = (0..24)
            .map(|r| {
                let arrivals = poisson_arrivals(rate, share, length, 31, r);
                let (mut stock, mut since, mut held, mut waited, mut filled) = (full, 0.0, 0.0, 0.0, 0.0);
                let mut dispatches = 0.0;
                for release in releases(&arrivals, rule, 0.0, length, 0).iter().filter(|r| !r.cut_short) {
                    held += stock * (release.time - since);
                    since = release.time;
                    waited += arrivals[release.from..release.to].iter().map(|a| release.time - a.0).sum::<f64>();
                    let load = (release.to - release.from) as f64;
                    dispatches += 1.0;
                    if load > stock {
                        filled += 1.0;
                        stock = full;
                    } else {
                        stock -= load;
                    }
                }
                let dispatches = if let Rule::Every(t) = rule { length / t } else { dispatches };
                (replenish * filled + dispatch * dispatches + hold * held + wait * waited) / length
            })
            .collect();
        stockcast::base::Measure::from_values(&values)
    };
    let near = |m: stockcast::base::Measure, want: f64| {
        assert!((m.mean - want).abs() <= 1.5 * m.half_width && m.half_width < 0.6, "{m:?}, expected {want}");
    };
    let quantity = case("vmi-quantity-integrated");
    let (q, n) = (quantity["q_star"].as_f64().unwrap(), quantity["n_star"].as_f64().unwrap());
    // the first of n dispatches comes straight from the replenishment
    near(cost(&Rule::Load(1.0), 1.0 / q, (n - 1.0) * q), quantity["cost"].as_f64().unwrap());
    near(cost(&Rule::Every(1.6), 0.01, 70.0), case("vmi-time-integrated")["cost_per_day"].as_f64().unwrap());
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
