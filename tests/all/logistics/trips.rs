//! Trips: loads are kept, vehicles are not overloaded, figures add up.

use crate::shared::shared;
use proptest::prelude::*;
use std::sync::Arc;
use stockcast::base::{Day, NoControl, Stream};
use stockcast::history::model::{LocationRow, VehicleRow};
use stockcast::logistics::freight::{allocate, allocate_to_shipments};
use stockcast::logistics::geojson::geojson;
use stockcast::logistics::network::{DistanceSource, great_circle_km};
use stockcast::logistics::{Network, NetworkAssumptions, PlanOptions, Round, Rule, Shipment, TripPlan, Vehicle, consolidate, plan};

fn network(places: usize) -> Network {
    let s = Stream { key: 3 };
    let row = |i: usize| LocationRow {
        location: format!("p{i}").into(),
        lat: 50.0 + 2.0 * s.unit(2 * i as u64),
        lon: 6.0 + 3.0 * s.unit(2 * i as u64 + 1),
        kind: None,
        line: i as u64 + 2,
    };
    Network::new(&(0..places).map(row).collect::<Vec<_>>(), NetworkAssumptions::default()).0
}

fn planned(shipments: &[Shipment], rule: &Rule, round: Round, network: &Network, fleet: &[Vehicle], options: &PlanOptions<'_>) -> TripPlan {
    let out = consolidate(shipments, rule, round, &fleet[0], Day(0), Day(40));
    plan(shipments, &out, network, fleet, options, &NoControl).unwrap()
}

/// Golden case haversine-london-manchester.
#[test]
fn great_circle_times_circuity() {
    let (london, manchester) = ((51.5074, -0.1278), (53.4808, -2.2426));
    let gcd = great_circle_km(london, manchester);
    assert!((gcd - 261.983_170_209_036_8).abs() < 1e-6, "{gcd}");
    let (mut n, _) = Network::new(&[], NetworkAssumptions { circuity: 1.4, ..NetworkAssumptions::default() });
    n.locate("London", london.0, london.1);
    n.locate("Manchester", manchester.0, manchester.1);
    let (km, source) = n.km("London", "Manchester");
    assert!((km - 366.776_438_292_651_5).abs() < 1e-6 && source == DistanceSource::GreatCircle);
    n.set_km("London", "Manchester", 335.0);
    assert_eq!(n.km("Manchester", "London"), (335.0, DistanceSource::Matrix));
    assert_eq!(n.km("London", "Oz"), (50.0, DistanceSource::Assumed));
    assert_eq!(n.unlocated(["London", "Oz"]).unwrap().code, "location-unknown");
    assert!(shared("golden/routes.json").is_none_or(|p| std::fs::read_to_string(p).unwrap().contains("261.9831702090368")));
}

proptest! {
    #![proptest_config(crate::cases::cases(60))]
    #[test]
    fn plans_keep_what_they_are_given(
        raw in prop::collection::vec((0i32..12, 0usize..2, 2usize..14, 0.0f64..2500.0, 0.0f64..20.0), 1..40),
        collection in any::<bool>(),
        two in any::<bool>(),
        every in 1u32..8,
    ) {
        let name = |i: usize| format!("p{i}");
        let shipments: Vec<Shipment> = raw.iter().enumerate().map(|(i, (day, hub, shop, kg, m3))| {
            let (a, b) = if collection { (*shop, *hub) } else { (*hub, *shop) };
            Shipment::new(&i.to_string(), Day(*day), &name(a), &name(b), *kg, *m3)
        }).collect();
        let big = Vehicle { name: "lorry".into(), capacity_kg: 9000.0, capacity_m3: 40.0, cost_per_trip: 60.0, cost_per_km: 0.9, ..Vehicle::default() };
        let fleet = if two { vec![Vehicle::default(), big] } else { vec![Vehicle::default()] };
        let round = if collection { Round::Collection } else { Round::Delivery };
        let n = network(12);
        let options = PlanOptions { iterations_per_stop: 20, ..PlanOptions::default() };
        let p = planned(&shipments, &Rule::Every(f64::from(every)), round, &n, &fleet, &options);
        prop_assert!(p.unserved.is_empty());
        // every shipment travels exactly once
        let mut share = vec![0.0; shipments.len()];
        for t in &p.trips {
            let v = &fleet[t.vehicle];
            prop_assert!(t.kg <= v.capacity_kg * (1.0 + 1e-6) && t.m3 <= v.capacity_m3 * (1.0 + 1e-6));
            prop_assert!(t.load_factor_km <= t.load_factor + 1e-9);
            prop_assert!((t.km - t.stops.iter().map(|s| s.km).sum::<f64>() - t.km_home).abs() < 1e-9);
            let legs = t.legs();
            prop_assert!((legs.iter().map(|l| l.0).sum::<f64>() - t.km).abs() < 1e-9);
            // the load only falls on the way out, only rises on the way in
            let sign = if collection { 1.0 } else { -1.0 };
            let monotone = legs.windows(2).all(|w| sign * (w[1].1 - w[0].1) >= -1e-6);
            prop_assert!(monotone);
            t.stops.iter().flat_map(|s| &s.shipments).for_each(|(i, part)| share[*i] += part);
            let paid = allocate(t, t.cost());
            prop_assert!((paid.iter().sum::<f64>() - t.cost()).abs() < 1e-6 && paid.iter().all(|x| *x >= 0.0));
            let each = allocate_to_shipments(t, t.cost(), |i| shipments[i].kg);
            prop_assert!((each.iter().map(|e| e.1).sum::<f64>() - t.cost()).abs() < 1e-6);
        }
        prop_assert!(share.iter().all(|s| (s - 1.0).abs() < 1e-9), "{share:?}");
        let kg: f64 = shipments.iter().map(|s| s.kg).sum();
        prop_assert!((p.totals.weight_kg - kg).abs() < 1e-6 * kg.max(1.0));
        prop_assert!((p.totals.freight_cost - p.trips.iter().map(|t| t.cost()).sum::<f64>()).abs() < 1e-6);
        // the same again, on one thread
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(&p, &alone.install(|| planned(&shipments, &Rule::Every(f64::from(every)), round, &n, &fleet, &options)));
    }
}

#[test]
fn holding_back_saves_trips_and_costs_days() {
    let s = Stream { key: 9 };
    let shipments: Vec<Shipment> = (0..200u64)
        .map(|i| Shipment::new(&i.to_string(), Day((i / 7) as i32), "p0", &format!("p{}", 1 + s.bits(i) % 9), 40.0 + 60.0 * s.unit(i), 0.3))
        .collect();
    let n = network(10);
    let run = |rule: Rule| planned(&shipments, &rule, Round::Delivery, &n, &[Vehicle::default()], &PlanOptions::default()).totals;
    let (daily, weekly, full) = (run(Rule::Every(1.0)), run(Rule::Every(7.0)), run(Rule::Load(0.9)));
    assert!(daily.delay_days == 0.0 && weekly.delay_days > 2.0 && weekly.delay_days_max <= 6.0);
    assert!(weekly.trips < daily.trips && weekly.distance_km < daily.distance_km && weekly.freight_cost < daily.freight_cost);
    assert!(full.load_factor > daily.load_factor && full.load_factor > 0.85, "{full:?}");
    assert_eq!((daily.shipments, weekly.shipments), (200, 200));
}

#[test]
fn what_is_too_big_is_split_or_refused_by_name() {
    let shipments = [
        Shipment::new("big", Day(0), "p0", "p1", 3000.0, 1.0),
        Shipment::new("small", Day(0), "p0", "p2", 100.0, 1.0),
        Shipment::new("nowhere", Day(0), "p0", "atlantis", 10.0, 0.1),
        Shipment::new("broken", Day(0), "p0", "p2", f64::NAN, 1.0),
        Shipment::new("absurd", Day(0), "p0", "p2", 1e12, 1.0),
    ];
    let n = network(3);
    let split = planned(&shipments, &Rule::Every(1.0), Round::Delivery, &n, &[Vehicle::default()], &PlanOptions::default());
    assert_eq!(split.unserved, [(3, "its weight or volume is negative or not a number"), (4, "more than 10,000 vehicle loads")]);
    assert!(split.notes.iter().any(|d| d.code == "location-unknown" && d.message.contains("atlantis")));
    assert_eq!(split.trips.len(), 3);
    let strict = PlanOptions { split: false, refuse_unlocated: true, ..PlanOptions::default() };
    let refused = planned(&shipments, &Rule::Every(1.0), Round::Delivery, &n, &[Vehicle::default()], &strict);
    let names: Vec<usize> = refused.unserved.iter().map(|u| u.0).collect();
    assert_eq!(names, [0, 2, 3, 4]);
    assert_eq!(refused.unserved[0].1, "heavier than a whole vehicle may carry");
    assert_eq!(refused.trips.len(), 1);
}

/// Thousands of full loads are trips of their own, not a routing problem of thousands of stops.
#[test]
fn full_loads_drive_there_and_back() {
    let shipments = [
        Shipment::new("mountain", Day(0), "p0", "p1", 1200.0 * 5000.0 + 100.0, 1.0),
        Shipment::new("parcel", Day(0), "p0", "p2", 50.0, 0.1),
    ];
    let n = network(3);
    let p = planned(&shipments, &Rule::Every(1.0), Round::Delivery, &n, &[Vehicle::default()], &PlanOptions::default());
    assert!(p.unserved.is_empty());
    assert_eq!(p.trips.len(), 5001);
    assert!((p.totals.weight_kg - 6_000_150.0).abs() < 1e-3);
    assert_eq!(p.trips.iter().filter(|t| t.load_factor > 0.999).count(), 5000);
    let last = p.trips.iter().find(|t| t.load_factor < 0.5).unwrap();
    assert!((last.kg - 150.0).abs() < 1e-3 && last.stops.len() == 2);
}

#[test]
fn vehicles_have_stated_defaults() {
    let row = |kg: Option<f64>, per_km: Option<f64>| VehicleRow {
        vehicle: "v".into(),
        capacity_kg: kg,
        cost_per_km: per_km,
        line: 2,
        ..VehicleRow::default()
    };
    let (fleet, notes) = Vehicle::fleet(&[]);
    assert_eq!((fleet, notes[0].code), (vec![Vehicle::default()], "vehicle-assumed"));
    let (fleet, notes) = Vehicle::fleet(&[row(Some(8000.0), Some(0.8)), row(None, None)]);
    assert_eq!((fleet[0].capacity_m3, fleet[0].cost_per_hour, fleet[0].cost_per_km), (f64::INFINITY, 0.0, 0.8));
    assert_eq!((fleet[1].capacity_kg, fleet[1].cost_per_km), (1200.0, 0.35));
    assert_eq!(notes.len(), 2);
    assert_eq!(fleet[0].share(4000.0, 1e9), 0.5);
}

#[test]
fn located_trips_become_lines_on_a_map() {
    let shipments = [Shipment::new("a", Day(0), "p0", "p1", 5.0, 0.1), Shipment::new("b", Day(0), "p0", "p2", 5.0, 0.1)];
    let (n, fleet) = (network(3), [Vehicle::default()]);
    let p = planned(&shipments, &Rule::Every(1.0), Round::Delivery, &n, &fleet, &PlanOptions::default());
    let map = geojson(&p.trips, &fleet, &n);
    assert_eq!(map["features"].as_array().unwrap().len(), 3);
    let line = &map["features"][0];
    assert_eq!((&line["geometry"]["type"], line["geometry"]["coordinates"].as_array().unwrap().len()), (&"LineString".into(), 4));
    let first = &line["geometry"]["coordinates"][0];
    assert!((6.0..9.0).contains(&first[0].as_f64().unwrap()) && (50.0..52.0).contains(&first[1].as_f64().unwrap()));
    assert_eq!(line["properties"]["day"], "1970-01-01");
    let depot: Arc<str> = "p0".into();
    assert!(p.trips.iter().all(|t| t.depot == depot));
}

#[test]
fn an_outside_budget_is_shared_and_a_cancel_is_obeyed() {
    let shipments: Vec<Shipment> =
        (0..60).map(|i| Shipment::new(&i.to_string(), Day(i % 2), "p0", &format!("p{}", 1 + i / 2), 90.0, 0.5)).collect();
    let n = network(31);
    let looks = std::sync::atomic::AtomicU64::new(0);
    let spent = || looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as f64 / 100.0;
    let options = PlanOptions { spent: Some(&spent), ..PlanOptions::default() };
    let p = planned(&shipments, &Rule::Every(1.0), Round::Delivery, &n, &[Vehicle::default()], &options);
    assert_eq!(p.totals.shipments, 60);
    assert!((90..130).contains(&looks.load(std::sync::atomic::Ordering::Relaxed)));
    let flag = stockcast::base::control::CancelFlag::default();
    flag.cancel();
    let out = consolidate(&shipments, &Rule::Every(1.0), Round::Delivery, &Vehicle::default(), Day(0), Day(5));
    assert!(plan(&shipments, &out, &n, &[Vehicle::default()], &PlanOptions::default(), &flag).is_err());
}
