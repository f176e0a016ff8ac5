//! Goods that go back: taken up in the rounds that deliver.

use proptest::prelude::*;
use stockcast::base::{Day, NoControl};
use stockcast::history::model::LocationRow;
use stockcast::logistics::consolidate::{Dispatch, Round, Rule, consolidate};
use stockcast::logistics::network::{Network, NetworkAssumptions};
use stockcast::logistics::shipment::{Shipment, returns};
use stockcast::logistics::trips::{PlanOptions, TripPlan, plan};
use stockcast::logistics::vehicle::Vehicle;
use stockcast::logistics::{geojson::geojson, gpx::gpx, wish::wish};

/// `d` and `p1`, `p2` … to the north of it, 14.5 km of road apart.
fn network(places: usize) -> Network {
    let name = |i: usize| if i == 0 { "d".into() } else { format!("p{i}").into() };
    let row = |i: usize| LocationRow { location: name(i), lat: 50.0 + 0.1 * i as f64, lon: 8.0, kind: None, line: 0 };
    Network::new(&(0..=places).map(row).collect::<Vec<_>>(), NetworkAssumptions::default()).0
}

fn shipment(id: &str, from: &str, to: &str, kg: f64) -> Shipment {
    Shipment::new(id, Day(0), from, to, kg, 0.0)
}

fn planned(s: &[Shipment], fleet: &[Vehicle]) -> (Vec<Dispatch>, TripPlan) {
    let dispatches = consolidate(s, &Rule::Every(1.0), Round::Delivery, &fleet[0], Day(0), Day(0));
    let p = plan(s, &dispatches, &network(6), fleet, &PlanOptions::default(), &NoControl).unwrap();
    (dispatches, p)
}

fn van() -> Vehicle {
    Vehicle { capacity_kg: 1000.0, ..Vehicle::default() }
}

#[test]
fn what_goes_to_a_depot_from_a_customer_is_a_return() {
    let of = |pairs: &[(&str, &str)]| returns(&pairs.iter().map(|(a, b)| shipment("s", a, b, 1.0)).collect::<Vec<_>>());
    assert!(of(&[("d", "p1"), ("d", "p2"), ("d", "d")]).is_empty());
    assert_eq!(of(&[("d", "p1"), ("d", "p2"), ("p1", "d"), ("p3", "d")]), [false, false, true, true]);
    // one way each: nobody knows who the depot is
    assert!(of(&[("d", "p1"), ("p1", "d")]).is_empty());
    // between two depots goods are brought
    assert!(of(&[("d", "p1"), ("d", "p2"), ("d", "e"), ("e", "p3"), ("e", "p4"), ("e", "p5")]).is_empty());
    // a customer of two depots sends back to both
    assert_eq!(
        of(&[("d", "p1"), ("d", "p2"), ("d", "p3"), ("e", "p1"), ("e", "p4"), ("e", "p5"), ("p1", "d"), ("p1", "e")]),
        [false, false, false, false, false, false, true, true]
    );
    // suppliers bring to a shop that sends nothing: as ever
    assert!(of(&[("x", "shop"), ("y", "shop"), ("z", "shop")]).is_empty());
}

#[test]
fn one_van_brings_and_takes_back() {
    let s = [
        shipment("a", "d", "p1", 600.0),
        shipment("b", "d", "p2", 400.0),
        shipment("c", "p1", "d", 600.0),
        shipment("e", "p2", "d", 400.0),
    ];
    let (dispatches, p) = planned(&s, &[van()]);
    assert_eq!((dispatches.len(), dispatches[0].shipments.len(), &*dispatches[0].depot), (1, 4, "d"));
    assert_eq!((p.trips.len(), p.unserved.len()), (1, 0));
    let t = &p.trips[0];
    assert_eq!((t.stops.len(), t.kg, t.collected.kg, t.load_factor), (2, 1000.0, 1000.0, 1.0));
    // there and back over two legs, full all the way
    let alone = planned(&s[..2], &[van()]).1;
    assert!((t.km - alone.trips[0].km).abs() < 1e-9 && (t.load_factor_km - 1.0).abs() < 1e-9);
    assert!((t.hours - alone.trips[0].hours).abs() < 1e-9, "one stop takes one stop's time");
    assert_eq!((p.totals.weight_kg, p.totals.collected_kg, p.totals.shipments), (2000.0, 1000.0, 4));
    assert!((t.tonne_km - 2.0 * alone.trips[0].tonne_km).abs() < 1e-9);
    let text = gpx(&p.trips, &[], &[van()], &network(6));
    assert!(text.contains("deliver 600.0 kg") && text.contains("collect 600.0 kg"), "{text}");
    assert!(geojson(&p.trips, &[van()], &network(6)).to_string().contains("\"collected_kg\":1000.0"));
}

#[test]
fn a_full_van_takes_up_where_it_has_room() {
    // by p1 first it would leave with 1,400 kg
    let s = [shipment("a", "d", "p1", 100.0), shipment("b", "d", "p2", 900.0), shipment("c", "p1", "d", 500.0)];
    let (_, p) = planned(&s, &[van()]);
    assert_eq!((p.trips.len(), p.unserved.len()), (1, 0));
    assert_eq!(p.trips[0].stops.iter().map(|s| &*s.location).collect::<Vec<_>>(), ["p2", "p1"]);
    assert_eq!(p.trips[0].on_board().iter().map(|g| g.kg).collect::<Vec<_>>(), [1000.0, 100.0, 500.0]);
    // a return more is a second trip, and moving it back says that it is too much
    let more = [&s[..], &[shipment("e", "p3", "d", 900.0)]].concat();
    let (_, p) = planned(&more, &[van()]);
    assert_eq!((p.trips.len(), p.unserved.len()), (2, 0));
    let from = p.trips.iter().position(|t| t.stops.iter().any(|s| &*s.location == "p3")).unwrap();
    let w = wish(&p.trips[from], 0, Some(&p.trips[1 - from]), &network(6), &[van()]).unwrap();
    assert!(p.trips[from].stops.len() > 1 || !w.fits(&[van()]));
}

#[test]
fn a_load_is_counted_in_its_own_direction() {
    let day = |i: i32, from: &str, to: &str| Shipment::new(&format!("s{i}"), Day(i), from, to, 300.0, 0.0);
    let out = ["p1", "p2", "p3", "p4"];
    let s: Vec<Shipment> =
        (0..8).map(|i| if i % 2 == 0 { day(i, "d", out[i as usize / 2]) } else { day(i, out[i as usize / 2], "d") }).collect();
    let leave = |rule: &Rule| {
        consolidate(&s, rule, Round::Delivery, &van(), Day(0), Day(30))
            .into_iter()
            .map(|d| (d.day.0, d.shipments.len()))
            .collect::<Vec<_>>()
    };
    // 900 kg one way are there with the third delivery, on day 4; the other five leave when the record ends
    assert_eq!(leave(&Rule::Load(0.9)), [(4, 5), (30, 3)]);
    assert_eq!(leave(&Rule::Every(4.0)), [(0, 1), (4, 4), (8, 3)]);
}

proptest! {
    #![proptest_config(crate::cases::cases(32))]
    /// Whatever goes out and comes back: nothing is lost, no vehicle is too full on any leg, and each leg's load is what was there before it.
    #[test]
    fn nothing_is_lost_and_no_leg_is_too_full(
        goes in prop::collection::vec((1usize..7, 1.0f64..1500.0, any::<bool>()), 2..14),
        count in prop::option::of(1usize..4),
    ) {
        let mut s = vec![shipment("x", "d", "p1", 1.0), shipment("y", "d", "p2", 1.0)];
        for (i, (p, kg, back)) in goes.iter().enumerate() {
            let p = format!("p{p}");
            let (from, to) = if *back { (&*p, "d") } else { ("d", &*p) };
            s.push(shipment(&format!("s{i}"), from, to, *kg));
        }
        let fleet = [Vehicle { count, ..van() }];
        let (_, p) = planned(&s, &fleet);
        let mut share = vec![0.0; s.len()];
        for t in &p.trips {
            let board = t.on_board();
            for (k, stop) in t.stops.iter().enumerate() {
                let expected = board[k].kg - stop.kg + stop.collected.kg;
                prop_assert!((board[k + 1].kg - expected).abs() < 1e-6);
                let of = |back: bool| stop.shipments.iter().filter(|x| (&*s[x.0].to == "d") == back).map(|x| s[x.0].kg * x.1).sum::<f64>();
                prop_assert!((of(false) - stop.kg).abs() < 1e-6 && (of(true) - stop.collected.kg).abs() < 1e-6);
                stop.shipments.iter().for_each(|(i, part)| share[*i] += part);
            }
            prop_assert!(board.iter().all(|g| g.kg <= 1000.0 + 1e-3), "{:?}", board);
            prop_assert!((t.load_factor - board.iter().map(|g| g.kg).fold(0.0, f64::max) / 1000.0).abs() < 1e-9);
        }
        for (i, share) in share.iter().enumerate() {
            let named = p.unserved.iter().any(|u| u.0 == i);
            prop_assert!((share - 1.0).abs() < 1e-9 || named, "shipment {} {}", i, share);
        }
    }
}
