//! Rounds that collect, and goods that change at a hub.

use proptest::prelude::*;
use std::sync::Arc;
use stockcast::base::{Day, NoControl};
use stockcast::history::model::LocationRow;
use stockcast::logistics::consolidate::{Round, Rule};
use stockcast::logistics::network::{Network, NetworkAssumptions};
use stockcast::logistics::send::{Sent, Way, send};
use stockcast::logistics::shipment::Shipment;
use stockcast::logistics::trips::PlanOptions;
use stockcast::logistics::vehicle::Vehicle;

fn network(places: &[(&str, f64, f64)]) -> Network {
    let rows: Vec<LocationRow> =
        places.iter().map(|(n, lat, lon)| LocationRow { location: (*n).into(), lat: *lat, lon: *lon, kind: None, line: 0 }).collect();
    Network::new(&rows, NetworkAssumptions::default()).0
}

fn sent(shipments: &[Shipment], way: &Way, network: &Network) -> Sent {
    let rule = Rule::Every(7.0);
    send(shipments, &rule, way, network, &[Vehicle::default()], &PlanOptions::default(), (Day(0), Day(27)), &NoControl).unwrap()
}

/// A depot in the south and four shops around a hub 445 km to the north.
fn far() -> (Network, Vec<Shipment>) {
    let n = network(&[("d", 50.0, 8.0), ("hub", 54.0, 8.0), ("a", 54.1, 8.0), ("b", 54.0, 8.2), ("c", 53.9, 8.0), ("e", 50.1, 8.0)]);
    let s = (0..16).map(|i| Shipment::new(&format!("s{i}"), Day(i), "d", ["a", "b", "c", "e"][i as usize % 4], 290.0, 1.0)).collect();
    (n, s)
}

#[test]
fn what_goes_far_changes_at_the_hub() {
    let (n, s) = far();
    let over = sent(&s, &Way::Via(vec!["hub".into()]), &n);
    // every shipment reaches its destination once; `e` is near the depot and goes there directly
    let mut last = vec![None; s.len()];
    for d in &over.dispatches {
        for &i in &d.shipments {
            assert_eq!(last[i].replace((d.depot.clone(), d.day)), None, "shipment {i} arrives twice");
        }
    }
    for (i, s) in s.iter().enumerate() {
        let (from, day) = last[i].clone().unwrap();
        assert_eq!(&*from, if &*s.to == "e" { "d" } else { "hub" });
        assert!(day >= s.ready && (&*s.to == "e" || day > s.ready), "the hub takes a day");
    }
    let legs = |depot: &str| over.plan.trips.iter().filter(|t| &*t.depot == depot).flat_map(|t| &t.stops).map(|s| s.kg).sum::<f64>();
    assert!((legs("d") - 16.0 * 290.0).abs() < 1e-6 && (legs("hub") - 12.0 * 290.0).abs() < 1e-6);
    assert_eq!(over.plan.totals.shipments, s.len());
    let direct = sent(&s, &Way::Direct, &n);
    assert_eq!(over.plan.totals.delay_days - direct.plan.totals.delay_days, 12.0 / 16.0, "a day for each that changes");
    // a hub that nobody knows, or that is near to nothing, changes nothing
    for hubs in [vec![Arc::from("nowhere")], vec![Arc::from("e")]] {
        assert_eq!(sent(&s, &Way::Via(hubs), &n).plan, direct.plan);
    }
}

#[test]
fn a_round_collects_from_several_suppliers() {
    let n = network(&[("shop", 50.0, 8.0), ("s0", 52.0, 8.0), ("s1", 52.0, 8.1), ("s2", 52.1, 8.0)]);
    let s: Vec<Shipment> = (0..12).map(|i| Shipment::new(&format!("o{i}"), Day(i), &format!("s{}", i % 3), "shop", 100.0, 0.5)).collect();
    let (own, round) = (sent(&s, &Way::Direct, &n), sent(&s, &Way::Collect, &n));
    assert!(round.plan.trips.iter().all(|t| t.round == Round::Collection && &*t.depot == "shop"));
    assert!(round.plan.trips.iter().any(|t| t.stops.len() == 3));
    assert!(
        round.plan.totals.distance_km < 0.5 * own.plan.totals.distance_km,
        "{} {}",
        round.plan.totals.distance_km,
        own.plan.totals.distance_km
    );
    assert_eq!((round.plan.totals.weight_kg, round.plan.unserved.len()), (own.plan.totals.weight_kg, 0));
}

proptest! {
    #![proptest_config(crate::cases::cases(24))]
    #[test]
    fn nothing_is_lost_on_the_way(
        goods in prop::collection::vec((0i32..20, 0usize..4, 1.0f64..3000.0), 1..20),
        hubs in prop::sample::subsequence(vec!["hub", "a", "e", "nowhere"], 0..4),
    ) {
        let (n, _) = far();
        let s: Vec<Shipment> = goods.iter().enumerate().map(|(i, (day, to, kg))| Shipment::new(&format!("s{i}"), Day(*day), "d", ["a", "b", "c", "e"][*to], *kg, 0.0)).collect();
        let way = Way::Via(hubs.iter().map(|h| Arc::from(*h)).collect());
        let out = sent(&s, &way, &n);
        let mut arrived = vec![0.0; s.len()];
        for stop in out.plan.trips.iter().flat_map(|t| &t.stops) {
            for (i, part) in &stop.shipments {
                if stop.location == s[*i].to {
                    arrived[*i] += part;
                }
            }
        }
        prop_assert!(out.plan.unserved.is_empty());
        prop_assert!(arrived.iter().all(|a| (a - 1.0).abs() < 1e-9), "{:?}", arrived);
    }
}
