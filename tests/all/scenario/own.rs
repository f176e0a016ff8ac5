//! A planner's own shipments: trips, days searched further, stops moved by hand, due days.

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use stockcast::base::{Day, NoControl, Stamp};
use stockcast::history::model::{LocationRow, VehicleRow};
use stockcast::history::{Masters, ShipmentRow};
use stockcast::logistics::wish::Moved;
use stockcast::scenario::plan::{ConsolidationSpec, Plan};
use stockcast::scenario::{OwnPlan, OwnShipments, RuleWish};

fn every(t: f64) -> ConsolidationSpec {
    ConsolidationSpec { every: Some(t), ..ConsolidationSpec::default() }
}

/// `n` shipments over `days` days from `d` to places round it; `kg` each.
fn shop(n: usize, days: i64, kg: f64, window: bool) -> Masters {
    let place = |i: usize| format!("p{}", i % 9);
    let row = |i: usize| ShipmentRow {
        shipment: format!("s{i}").into(),
        ready: Stamp::of_day(Day((i as i64 * 7 % days) as i32)),
        from: "d".into(),
        to: place(i).into(),
        weight_kg: kg * (1.0 + (i % 3) as f64),
        volume_m3: Some(0.1),
        pallets: None,
        due: Some(Stamp::of_day(Day((i as i64 * 7 % days + 1) as i32))),
        lat_lon: None,
        window: (window && i.is_multiple_of(4)).then_some((480.0, 720.0)),
        service_min: None,
        line: i as u64 + 2,
    };
    let at = |name: String, i: usize| LocationRow {
        location: name.into(),
        lat: 50.0 + 0.07 * (i as f64 * 2.4).sin() * i as f64,
        lon: 8.0 + 0.07 * (i as f64 * 2.4).cos() * i as f64,
        kind: None,
        line: 0,
    };
    let van = VehicleRow {
        vehicle: "van".into(),
        capacity_kg: Some(900.0),
        capacity_m3: Some(8.0),
        cost_per_trip: Some(30.0),
        cost_per_km: Some(0.4),
        cost_per_hour: Some(18.0),
        ..VehicleRow::default()
    };
    Masters {
        shipments: (0..n).map(row).collect(),
        locations: std::iter::once(at("d".into(), 0)).chain((0..9).map(|i| at(place(i), i + 1))).collect(),
        vehicles: vec![van],
        ..Masters::default()
    }
}

/// How much of each shipment is on trips.
fn carried(p: &OwnPlan) -> BTreeMap<usize, f64> {
    let mut out = BTreeMap::new();
    for (i, share) in p.plan.trips.iter().flat_map(|t| &t.stops).flat_map(|s| &s.shipments) {
        *out.entry(*i).or_default() += share;
    }
    out
}

fn whole(p: &OwnPlan, n: usize) {
    let carried = carried(p);
    assert_eq!(carried.len() + p.plan.unserved.len(), n);
    assert!(carried.values().all(|x| (x - 1.0).abs() < 1e-9), "{carried:?}");
    assert_eq!(p.clock.len(), p.plan.trips.len());
    assert!(p.plan.trips.iter().zip(&p.clock).all(|(t, c)| t.stops.len() == c.begin.len()));
}

#[test]
fn a_day_searched_further_takes_the_place_of_that_day_alone() {
    let own = OwnShipments::new(&shop(60, 5, 60.0, true), &Plan::default());
    let first = own.plan(&every(1.0), None, 1, &NoControl).unwrap();
    whole(&first, 60);
    let day = first.plan.trips[0].day;
    let again = own.plan(&every(1.0), Some(day), 400, &NoControl).unwrap();
    assert!(again.plan.trips.iter().all(|t| t.day == day));
    let cost = |p: &OwnPlan| p.plan.trips.iter().filter(|t| t.day == day).map(|t| t.cost()).sum::<f64>();
    assert!(cost(&again) <= cost(&first) + 1e-9);
    let both = first.with_day(day, &again, &own);
    whole(&both, 60);
    let others = |p: &OwnPlan| p.plan.trips.iter().filter(|t| t.day != day).cloned().collect::<Vec<_>>();
    assert_eq!(others(&both), others(&first));
    assert!((cost(&both) - cost(&again)).abs() < 1e-9);
    let sum: f64 = both.plan.trips.iter().map(|t| t.cost()).sum();
    assert!((both.plan.totals.freight_cost - sum).abs() < 1e-6);
}

#[test]
fn a_stop_moved_by_hand_goes_where_it_is_wanted_whatever_trips_are_built() {
    let own = OwnShipments::new(&shop(90, 2, 150.0, false), &Plan::default());
    let mut plan = own.plan(&every(1.0), None, 50, &NoControl).unwrap();
    let day = plan.plan.trips[0].day;
    let of_day: Vec<_> = plan.plan.trips.iter().filter(|t| t.day == day).collect();
    assert!(of_day.len() > 1, "one trip only");
    let id = |i: usize| own.shipments[i].id.clone();
    let (a, b) = (id(of_day[0].stops[0].shipments[0].0), id(of_day[1].stops[0].shipments[0].0));
    let moves = [Moved { shipments: vec![a.clone()], with: Some(b.clone()) }];
    let at = |p: &OwnPlan, name: &Arc<str>| {
        let on = |t: &stockcast::logistics::Trip| t.stops.iter().any(|s| s.shipments.iter().any(|x| own.shipments[x.0].id == *name));
        p.plan.trips.iter().position(on).unwrap()
    };
    own.apply(&mut plan, &moves);
    assert_eq!(at(&plan, &a), at(&plan, &b));
    assert!(plan.refused.is_empty());
    whole(&plan, 90);
    // other trips, the same wish
    let mut other = own.plan(&every(2.0), None, 3, &NoControl).unwrap();
    own.apply(&mut other, &moves);
    assert_eq!(at(&other, &a), at(&other, &b));
    // on a trip of its own it is alone
    own.apply(&mut plan, &[Moved { shipments: vec![a.clone()], with: None }]);
    assert_eq!(plan.plan.trips[at(&plan, &a)].stops.len(), 1);
    whole(&plan, 90);
    // a shipment of another day cannot travel along
    let elsewhere = own.shipments.iter().find(|s| s.ready != day).unwrap().id.clone();
    let mut daily = own.plan(&every(1.0), None, 3, &NoControl).unwrap();
    own.apply(&mut daily, &[Moved { shipments: vec![a], with: Some(elsewhere) }]);
    assert_eq!(daily.refused, [0]);
    whole(&daily, 90);
}

/// Each is due on the day after it is ready: only rules that hold for at most a day are chosen, unless that is waived.
#[test]
fn rules_that_leave_shipments_too_late_are_not_chosen() {
    let own = OwnShipments::new(&shop(80, 20, 40.0, false), &Plan::default());
    let ask = |keep_due: bool| {
        let wish = RuleWish { promise_days: None, keep_due, price_per_day: 0.0, built: 1 };
        let built = own.best_consolidation(&[], wish, &NoControl).unwrap();
        let estimated = own.estimated_consolidation(&[], wish, &NoControl).unwrap();
        (built, estimated)
    };
    let (built, estimated) = ask(true);
    for found in [&built, &estimated] {
        let best = &found.rules[0];
        assert!(best.keeps_promise && best.point.late.mean < 0.5 && best.point.longest_delay_days.p90 <= 1.0, "{}", best.point.name);
        let slow = found.rules.iter().find(|r| r.point.spec == every(7.0)).unwrap();
        assert!(!slow.keeps_promise && slow.point.late.mean > 1.0);
        assert!(!slow.on_frontier);
    }
    // what is late under a rule does not depend on how its trips are costed
    for r in &built.rules {
        if let Some(e) = estimated.rules.iter().find(|e| e.point.spec == r.point.spec) {
            assert!((e.point.late.mean - r.point.late.mean).abs() < 1e-6, "{}", r.point.name);
            assert!((e.point.delay_days.mean - r.point.delay_days.mean).abs() < 1e-9, "{}", r.point.name);
        }
    }
    let (free, _) = ask(false);
    // another wish on what is known already gives what it gives from nothing
    let known = stockcast::scenario::Known::default();
    let wish = |price: f64| RuleWish { promise_days: None, keep_due: false, price_per_day: price, built: 1 };
    for price in [0.0, 3.0, 0.5] {
        let again = own.best_consolidation_knowing(&[], wish(price), &known, &NoControl).unwrap();
        let fresh = own.best_consolidation(&[], wish(price), &NoControl).unwrap();
        let of = |c: &stockcast::scenario::Consolidation| {
            c.rules.iter().map(|r| (r.point.name.clone(), r.total_cost.mean.to_bits())).collect::<Vec<_>>()
        };
        assert_eq!(of(&again), of(&fresh));
    }
    assert!(free.rules[0].total_cost.mean < built.rules[0].total_cost.mean);
}

/// Hours to keep are kept where rules are compared, too: five stops that are all open for the same half hour are not one round.
#[test]
fn rules_are_compared_with_the_hours_to_keep() {
    let cost = |window: Option<(f64, f64)>| {
        let mut masters = shop(40, 10, 40.0, false);
        masters.shipments.iter_mut().for_each(|s| s.window = window);
        let own = OwnShipments::new(&masters, &Plan::default());
        let wish = RuleWish { promise_days: None, keep_due: false, price_per_day: 0.0, built: 1 };
        let found = own.best_consolidation(&[every(1.0), every(5.0)], wish, &NoControl).unwrap();
        let of = |t: f64| found.rules.iter().find(|r| r.point.spec == every(t)).unwrap().point.freight_cost.mean;
        let planned = own.plan(&every(5.0), None, 40, &NoControl).unwrap();
        assert!(planned.plan.trips.iter().zip(&planned.clock).all(|(t, c)| own.late(t, c) < 1e-6));
        (of(5.0), planned.plan.totals.freight_cost)
    };
    let (free, narrow) = (cost(None), cost(Some((600.0, 630.0))));
    assert!(narrow.0 > 1.2 * free.0, "{narrow:?} {free:?}");
    // what is compared is what is then planned
    assert!((narrow.0 / narrow.1 - 1.0).abs() < 0.02 && (free.0 / free.1 - 1.0).abs() < 0.02, "{narrow:?} {free:?}");
}

/// A carrier that takes two days makes shipments late that wait already, and its days count as days held.
#[test]
fn a_carriers_days_count() {
    use stockcast::history::model::CarrierRow;
    let tariff = |days: Option<f64>| CarrierRow {
        carrier: "parcel".into(),
        to: None,
        up_to_kg: None,
        price: Some(1.0),
        per_kg: None,
        minimum: None,
        kg_per_m3: None,
        days,
        emission_class: None,
        line: 2,
    };
    let masters = |days| Masters { carriers: vec![tariff(days)], ..shop(40, 10, 40.0, false) };
    let wish = RuleWish { promise_days: None, keep_due: true, price_per_day: 0.0, built: 1 };
    let of = |days: Option<f64>, keep: bool| {
        let mut masters = masters(days);
        if !keep {
            masters.shipments.iter_mut().for_each(|s| s.due = None);
        }
        let own = OwnShipments::new(&masters, &Plan::default());
        let built = own.best_consolidation(&[every(1.0)], wish, &NoControl).unwrap().rules[0].point.clone();
        let estimated = own.estimated_consolidation(&[every(1.0)], wish, &NoControl).unwrap().rules[0].point.clone();
        (built, estimated)
    };
    let (quick, quick_e) = of(None, true);
    assert_eq!((quick.delay_days.mean, quick_e.delay_days.mean, quick.trips.mean), (0.0, 0.0, 0.0), "all of it goes with the carrier");
    assert!((quick.freight_cost.mean - quick_e.freight_cost.mean).abs() < 1e-9);
    let (slow, slow_e) = of(Some(2.0), false);
    assert_eq!((slow.delay_days.mean, slow_e.delay_days.mean), (2.0, 2.0));
    // due on the day after: own trips instead, and nothing is late
    let (due, _) = of(Some(2.0), true);
    assert_eq!((due.late.mean, due.delay_days.mean), (0.0, 0.0));
    assert!(due.trips.mean > 0.0 && due.freight_cost.mean > slow.freight_cost.mean);
}

/// Goods that change at a hub have an estimate too: both legs, and the day they lose there.
#[test]
fn rules_over_hubs_are_estimated() {
    let mut masters = shop(60, 10, 80.0, false);
    // a far region with a hub in it
    for l in masters.locations.iter_mut().filter(|l| &*l.location != "d") {
        l.lat += 3.0;
    }
    let mut hub = masters.locations[1].clone();
    (hub.location, hub.kind, hub.lon) = ("hub".into(), Some("hub".into()), 8.01);
    masters.locations.push(hub);
    let own = OwnShipments::new(&masters, &Plan::default());
    let wish = RuleWish { promise_days: None, keep_due: false, price_per_day: 0.0, built: 1 };
    let spec = ConsolidationSpec { via: vec!["hub".into()], ..every(1.0) };
    let rules = [every(1.0), spec.clone()];
    let built = own.best_consolidation(&rules, wish, &NoControl).unwrap();
    let estimated = own.estimated_consolidation(&rules, wish, &NoControl).unwrap();
    let of = |found: &stockcast::scenario::Consolidation| found.rules.iter().find(|r| r.point.spec == spec).unwrap().point.clone();
    let (b, e) = (of(&built), of(&estimated));
    assert!((b.delay_days.mean - 1.0).abs() < 1e-9 && (e.delay_days.mean - 1.0).abs() < 1e-9);
    assert!((e.freight_cost.mean / b.freight_cost.mean - 1.0).abs() < 0.25, "{} against {}", e.freight_cost.mean, b.freight_cost.mean);
}

proptest! {
    #![proptest_config(crate::cases::cases(24))]

    /// Whatever is moved, nothing is lost, nothing is on two trips, and what is late is late by its clock.
    #[test]
    fn moves_lose_nothing(n in 5usize..60, days in 1i64..6, kg in 5.0f64..400.0, window in any::<bool>(), picks in prop::collection::vec((0usize..60, prop::option::of(0usize..60)), 0..12)) {
        let own = OwnShipments::new(&shop(n, days, kg, window), &Plan::default());
        let mut plan = own.plan(&every(1.0), None, 1, &NoControl).unwrap();
        let name = |i: usize| own.shipments[i % n].id.clone();
        let moves: Vec<Moved> = picks.iter().map(|(a, b)| Moved { shipments: vec![name(*a)], with: b.map(name) }).collect();
        let km: f64 = plan.plan.trips.iter().map(|t| t.kg).sum();
        own.apply(&mut plan, &moves);
        let carried = carried(&plan);
        prop_assert!(carried.values().all(|x| (x - 1.0).abs() < 1e-9));
        prop_assert_eq!(carried.len() + plan.plan.unserved.len(), n);
        prop_assert!((plan.plan.trips.iter().map(|t| t.kg).sum::<f64>() - km).abs() < 1e-6 * km.max(1.0));
        for (t, c) in plan.plan.trips.iter().zip(&plan.clock) {
            prop_assert_eq!(t.stops.len(), c.begin.len());
            prop_assert!(c.begin.windows(2).all(|w| w[0] <= w[1]) && c.home >= c.leave);
            prop_assert!(own.late(t, c) >= 0.0);
        }
    }
}

/// Weeks to come bring as much as the weeks before them, of the same sizes, on the same weekdays; what lies before the record's last whole week decides.
#[test]
fn shipments_ahead_are_like_those_of_the_record() {
    let mut masters = shop(0, 1, 0.0, false);
    // two places, five working days, sixteen weeks: the second gets twice as many in the last half
    for week in 0..16i64 {
        for day in 0..5i64 {
            for k in 0..if week < 8 { 2 } else { 4 } {
                let to = if k == 0 { "p1" } else { "p2" };
                let base = shop(1, 1, 10.0 + k as f64, false).shipments.remove(0);
                masters.shipments.push(ShipmentRow {
                    shipment: format!("w{week}d{day}k{k}").into(),
                    // 2026-01-05 is a Monday
                    ready: Stamp::from_ymd(2026, 1, 5).unwrap().plus_days(week * 7 + day),
                    due: Some(Stamp::from_ymd(2026, 1, 5).unwrap().plus_days(week * 7 + day + 2)),
                    to: to.into(),
                    ..base
                });
            }
        }
    }
    let own = OwnShipments::new(&masters, &Plan::default());
    let ahead = own.ahead(6, 32, &NoControl).unwrap().unwrap();
    assert_eq!(ahead.paths.len(), 32);
    assert_eq!(Stamp::of_day(ahead.days.0).iso(), "2026-04-27");
    assert!((ahead.weekly.0 - 15.0).abs() < 1e-9);
    // the level is the recent one, 20 a week, not the mean of the record
    assert!(ahead.weekly.1 > 17.0 && ahead.weekly.1 < 23.0, "{}", ahead.weekly.1);
    for p in &ahead.paths {
        assert_eq!(p.shipments.len(), p.due.len());
        for (s, due) in p.shipments.iter().zip(&p.due) {
            assert!(s.ready >= ahead.days.0 && s.ready <= ahead.days.1);
            assert!(Stamp::of_day(s.ready).weekday() < 5, "a weekend");
            assert_eq!(due.unwrap().0 - s.ready.0, 2);
            assert!((10.0..=13.0).contains(&s.kg));
        }
    }
    // the same seed, the same paths; another seed, others
    let again = own.ahead(6, 32, &NoControl).unwrap().unwrap();
    let of = |a: &stockcast::scenario::Ahead| a.paths.iter().map(|p| p.shipments.clone()).collect::<Vec<_>>();
    assert_eq!(of(&ahead), of(&again));
    let other = OwnShipments { seed: 7, ..own.clone() };
    assert_ne!(of(&ahead), of(&other.ahead(6, 32, &NoControl).unwrap().unwrap()));
    // rules are compared on the same paths
    let wish = RuleWish { promise_days: None, keep_due: true, price_per_day: 0.0, built: 1 };
    let found = ahead.best_consolidation(&[every(1.0), every(2.0)], wish, &NoControl).unwrap();
    assert_eq!(found.rules[0].point.spec, every(2.0));
    assert!(found.rules[0].against_daily.mean + found.rules[0].against_daily.half_width < 0.0);
    // three weeks are no record
    let few = Masters { shipments: masters.shipments[..20].to_vec(), ..masters };
    assert_eq!(OwnShipments::new(&few, &Plan::default()).ahead(6, 32, &NoControl).unwrap_err().code, "record-too-short");
}
