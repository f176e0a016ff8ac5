//! Trips planned together: hours, few vehicles, carriers, distances of one's own.

use proptest::prelude::*;
use std::sync::Arc;
use stockcast::base::{Day, NoControl};
use stockcast::history::model::{CarrierRow, DistanceRow, LocationRow, VehicleRow};
use stockcast::logistics::carrier::Carrier;
use stockcast::logistics::consolidate::{Round, Rule, consolidate};
use stockcast::logistics::network::{Network, NetworkAssumptions};
use stockcast::logistics::shipment::Shipment;
use stockcast::logistics::trips::{Asks, PlanOptions};
use stockcast::logistics::vehicle::Vehicle;
use stockcast::logistics::windows::{Appointment, TimedPlan, plan_with_windows};
use stockcast::logistics::wish::wish;
use stockcast::logistics::{clock, gpx};

/// `d` at (50, 8) and `p1`, `p2` … to the north of it, a tenth of a degree (11.1 km, 14.5 km of road, 17 minutes) apart.
fn network(places: usize) -> Network {
    let row = |i: usize| LocationRow {
        location: if i == 0 { "d".into() } else { format!("p{i}").into() },
        lat: 50.0 + 0.1 * i as f64,
        lon: 8.0,
        kind: None,
        line: 0,
    };
    Network::new(&(0..=places).map(row).collect::<Vec<_>>(), NetworkAssumptions::default()).0
}

fn shipments(n: usize, kg: f64) -> Vec<Shipment> {
    (1..=n).map(|i| Shipment::new(&format!("s{i}"), Day(0), "d", &format!("p{i}"), kg, 0.0)).collect()
}

fn planned(
    shipments: &[Shipment],
    appointments: &[Appointment],
    network: &Network,
    fleet: &[Vehicle],
    options: &PlanOptions<'_>,
) -> TimedPlan {
    let dispatches = consolidate(shipments, &Rule::Every(1.0), Round::Delivery, &fleet[0], Day(0), Day(0));
    let options = PlanOptions { asks: Asks { appointments, ..options.asks }, ..*options };
    plan_with_windows(shipments, &dispatches, network, fleet, &options, &NoControl).unwrap()
}

/// No vehicle of a kind is in two places: by kind and number, trips follow each other, and there are no more numbers than vehicles.
fn one_place_at_a_time(p: &TimedPlan, fleet: &[Vehicle]) {
    assert_eq!(p.clock.len(), p.plan.trips.len());
    for (i, (t, c)) in p.plan.trips.iter().zip(&p.clock).enumerate() {
        let v = &fleet[t.vehicle];
        assert!(c.number >= 1 && v.count.is_none_or(|n| c.number <= n), "vehicle {} of {:?}", c.number, v.count);
        assert_eq!(c.begin.len(), t.stops.len());
        assert!((t.hours - (c.home - c.leave)).abs() < 1e-9);
        if let Some((start, end)) = v.shift {
            assert!(c.leave >= start - 1e-6 && c.home <= end + 1e-6, "{} to {}", c.leave, c.home);
        }
        for (u, d) in p.plan.trips.iter().zip(&p.clock).skip(i + 1) {
            if (u.day, &u.depot, u.vehicle, d.number) == (t.day, &t.depot, t.vehicle, c.number) {
                assert!(d.leave >= c.home - 1e-9 || c.leave >= d.home - 1e-9);
            }
        }
    }
}

#[test]
fn one_van_is_not_at_five_stops_at_once() {
    let (n, s) = (network(5), shipments(5, 10.0));
    let morning = vec![Appointment { window: Some((8.0, 9.0)), service: Some(0.5) }; 5];
    let van = |count| [Vehicle { count, ..Vehicle::default() }];
    let many = planned(&s, &morning, &n, &van(None), &PlanOptions::default());
    assert!(many.plan.unserved.is_empty() && many.plan.trips.len() >= 3);
    let one = planned(&s, &morning, &n, &van(Some(1)), &PlanOptions::default());
    one_place_at_a_time(&one, &van(Some(1)));
    assert_eq!(one.plan.trips.len(), 1);
    // half an hour at each and 17 minutes between: two begin before nine
    assert_eq!(one.plan.unserved.len(), 3);
    assert!(one.plan.unserved.iter().all(|u| u.1.contains("fleet")), "{:?}", one.plan.unserved);
}

#[test]
fn a_van_goes_out_again_where_there_is_no_other() {
    let (n, s) = (network(2), shipments(2, 1000.0));
    let fleet = [Vehicle { count: Some(1), shift: Some((6.0, 18.0)), ..Vehicle::default() }];
    let p = planned(&s, &[], &n, &fleet, &PlanOptions::default());
    one_place_at_a_time(&p, &fleet);
    assert_eq!((p.plan.trips.len(), p.plan.unserved.len()), (2, 0));
    assert!(p.clock.iter().all(|c| c.number == 1));
    // a shift too short for both
    let short = [Vehicle { shift: Some((6.0, 7.5)), ..fleet[0].clone() }];
    let p = planned(&s, &[], &n, &short, &PlanOptions::default());
    one_place_at_a_time(&p, &short);
    assert_eq!((p.plan.trips.len(), p.plan.unserved.len()), (1, 1));
}

#[test]
fn pallets_fill_a_vehicle_too() {
    let n = network(3);
    let s: Vec<Shipment> = shipments(3, 10.0).into_iter().map(|s| Shipment { pallets: 2.0, ..s }).collect();
    let of = |capacity_pallets: f64| {
        let fleet = [Vehicle { capacity_pallets, ..Vehicle::default() }];
        let dispatches = consolidate(&s, &Rule::Every(1.0), Round::Delivery, &fleet[0], Day(0), Day(0));
        stockcast::logistics::plan(&s, &dispatches, &n, &fleet, &PlanOptions::default(), &NoControl).unwrap()
    };
    assert_eq!(of(f64::INFINITY).trips.len(), 1);
    let p = of(4.0);
    assert_eq!((p.trips.len(), p.unserved.len()), (2, 0));
    assert!(p.trips.iter().all(|t| t.pallets <= 4.0) && p.trips.iter().any(|t| t.load_factor == 1.0));
    assert_eq!(of(1.0).trips.len(), 6, "two pallets go in two loads");
}

#[test]
fn limits_of_vehicles_are_kept_and_named() {
    let (n, s) = (network(4), shipments(4, 10.0));
    let of = |v: Vehicle| planned(&s, &[], &n, &[v], &PlanOptions::default());
    // 4 × 14.46 km there and as far back: 116 km
    let far = of(Vehicle { max_km: Some(100.0), ..Vehicle::default() });
    assert_eq!(far.plan.unserved, [(3, "there and back is beyond every vehicle's limit")]);
    let short = of(Vehicle { max_driving_hours: Some(2.0), ..Vehicle::default() });
    assert_eq!(short.plan.unserved.len(), 1);
    let hours = of(Vehicle { max_hours: Some(1.5), ..Vehicle::default() });
    assert!(hours.plan.trips.iter().all(|t| t.hours <= 1.5 + 1e-6) && !hours.plan.unserved.is_empty());
}

fn tariff(up_to_kg: Option<f64>, price: f64) -> CarrierRow {
    CarrierRow {
        carrier: "parcel".into(),
        to: None,
        up_to_kg,
        price: Some(price),
        per_kg: None,
        minimum: None,
        kg_per_m3: None,
        days: None,
        emission_class: None,
        line: 0,
    }
}

#[test]
fn a_carrier_takes_what_it_does_not_pay_to_drive() {
    let n = network(9);
    // one stop near by, one parcel far away
    let s = [Shipment::new("near", Day(0), "d", "p1", 500.0, 0.0), Shipment::new("far", Day(0), "d", "p9", 5.0, 0.0)];
    let carriers = Carrier::all(&[tariff(Some(30.0), 9.5)]);
    let options = PlanOptions { carriers: &carriers, ..PlanOptions::default() };
    let p = planned(&s, &[], &n, &[Vehicle::default()], &options).plan;
    assert_eq!((p.trips.len(), p.hired.len(), p.unserved.len()), (1, 1, 0));
    assert_eq!((&*p.hired[0].to, p.hired[0].price, p.hired[0].shipments.clone()), ("p9", 9.5, vec![(1, 1.0)]));
    assert!((p.totals.freight_cost - p.trips[0].cost() - 9.5).abs() < 1e-9);
    let alone = planned(&s, &[], &n, &[Vehicle::default()], &PlanOptions::default()).plan;
    assert!(p.totals.freight_cost < alone.totals.freight_cost);
    // too dear: the van goes
    let dear = Carrier::all(&[tariff(Some(30.0), 900.0)]);
    let q = planned(&s, &[], &n, &[Vehicle::default()], &PlanOptions { carriers: &dear, ..PlanOptions::default() }).plan;
    assert_eq!((q.hired.len(), q.totals.freight_cost), (0, alone.totals.freight_cost));
}

#[test]
fn a_slow_carrier_takes_only_what_can_wait() {
    let n = network(9);
    let s = [Shipment::new("far", Day(0), "d", "p9", 5.0, 0.0)];
    // cheap and slow, dear and quick
    let slow = CarrierRow { days: Some(2.0), ..tariff(None, 9.5) };
    let quick = CarrierRow { carrier: "courier".into(), ..tariff(None, 40.0) };
    let taken = |rows: &[CarrierRow], due: Option<i32>, fleet: &[Vehicle]| {
        let carriers = Carrier::all(rows);
        let due = [due.map(Day)];
        let asks = Asks { due: &due, ..Asks::default() };
        let p = planned(&s, &[], &n, fleet, &PlanOptions { carriers: &carriers, asks, ..PlanOptions::default() }).plan;
        (p.hired.iter().map(|c| (carriers[c.carrier].name.to_string(), c.price, c.days)).collect::<Vec<_>>(), p.totals.delay_days)
    };
    let van = [Vehicle::default()];
    let both = [slow.clone(), quick];
    assert_eq!(taken(&both, None, &van), (vec![("parcel".into(), 9.5, 2.0)], 2.0));
    assert_eq!(taken(&both, Some(2), &van), (vec![("parcel".into(), 9.5, 2.0)], 2.0));
    assert_eq!(taken(&both, Some(1), &van), (vec![("courier".into(), 40.0, 0.0)], 0.0));
    assert_eq!(taken(std::slice::from_ref(&slow), Some(1), &van), (vec![], 0.0), "the van drives there");
    let short = [Vehicle { max_km: Some(10.0), ..Vehicle::default() }];
    assert_eq!(taken(std::slice::from_ref(&slow), Some(1), &short).0.len(), 1, "late is better than never");
    assert_eq!(taken(&[slow], Some(-1), &van).0.len(), 1, "what is late already is not driven for that");
}

#[test]
fn distances_of_ones_own_go_before_coordinates() {
    let mut n = network(2);
    let by_air = n.km("d", "p1").0;
    let row = |from: &str, to: &str, km, hours| DistanceRow { from: from.into(), to: to.into(), km, hours, line: 0 };
    n.measure(&[row("d", "p1", 100.0, Some(4.0)), row("p1", "d", 90.0, None), row("elsewhere", "p1", 7.0, None)]);
    assert_eq!((n.km("d", "p1").0, n.km("p1", "d").0, n.hours_between("d", "p1")), (100.0, 90.0, 4.0));
    assert_eq!(n.hours_between("p1", "d"), 90.0 / 50.0);
    assert_eq!(n.km("p1", "elsewhere").0, 7.0, "the other way, where one is not given");
    assert!(n.knows("elsewhere") && by_air < 20.0);
    let p = planned(&shipments(1, 1.0), &[], &n, &[Vehicle::default()], &PlanOptions::default()).plan;
    assert_eq!((p.trips[0].km, p.trips[0].hours), (190.0, 4.0 + 1.8 + 0.25));
}

#[test]
fn places_are_found_by_name_where_a_road_leads() {
    let (mut n, _) = Network::new(&[], NetworkAssumptions::default());
    n.locate("our shop", 51.45, -2.59);
    let said = n.place_by_name(["our shop", "Bath", "Phoenix", "Leeds depot", "Acme", "main"]).unwrap();
    assert!(
        said.message.contains("2 places") && said.message.contains("`Bath` in Bath, GB") && said.message.contains("Leeds"),
        "{}",
        said.message
    );
    assert!(n.knows("Leeds depot") && !n.knows("Phoenix") && !n.knows("Acme"));
    let (km, _) = n.km("our shop", "Bath");
    assert!((15.0..35.0).contains(&km), "{km}");
    assert_eq!(n.place_by_name(["our shop", "Bath", "Acme"]), None, "nothing is said twice");
    assert_eq!(n.coordinates("our shop"), Some((51.45, -2.59)), "given coordinates stay");
}

#[test]
fn shifts_past_midnight_end_the_next_day() {
    let row = VehicleRow {
        vehicle: "night".into(),
        capacity_kg: Some(1000.0),
        shift_start: Some(22.0),
        shift_end: Some(6.0),
        line: 2,
        ..VehicleRow::default()
    };
    let (fleet, notes) = Vehicle::fleet(&[row]);
    assert_eq!(fleet[0].shift, Some((22.0, 30.0)));
    assert!(notes.iter().any(|n| n.code == "shift-overnight"));
}

#[test]
fn routes_for_navigation() {
    let (n, mut s) = (network(2), shipments(2, 1000.0));
    s[0].to = Arc::from("p1");
    let fleet = [Vehicle { name: "van <&>".into(), count: Some(1), ..Vehicle::default() }];
    let p = planned(&s, &[], &n, &fleet, &PlanOptions::default()).plan;
    let clock = clock::by_trip(&p.trips, &fleet, &n);
    assert_eq!(clock.iter().map(|c| c.number).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(clock[0].leave, clock::MORNING);
    assert!(clock[1].leave > clock[0].home);
    let text = gpx::gpx(&p.trips, &clock, &fleet, &n);
    assert!(text.contains("<name>Trip 1: van &lt;&amp;&gt; 1, 1970-01-01</name>"), "{text}");
    assert_eq!(text.matches("<rtept").count(), 6);
    assert!(text.contains("08:00, leave with 1,000 kg") && text.contains("deliver 1,000.0 kg"), "{text}");
}

/// Moving a stop changes two trips and nothing else: nothing is lost, and the prices add up.
#[test]
fn a_stop_on_another_trip_has_its_price() {
    let n = network(4);
    let mut s = shipments(4, 500.0);
    s.push(Shipment::new("s5", Day(0), "d", "p1", 10.0, 0.0));
    let fleet = [Vehicle::default()];
    let p = planned(&s, &[], &n, &fleet, &PlanOptions::default()).plan;
    assert_eq!(p.trips.len(), 2);
    let (a, b) = (&p.trips[0], &p.trips[1]);
    let w = wish(a, 0, Some(b), &n, &fleet).unwrap();
    let kg = |trips: &[&stockcast::logistics::Trip]| trips.iter().map(|t| t.kg).sum::<f64>();
    let after = w.from.as_ref().map_or_else(|| kg(&[&w.to]), |f| kg(&[f, &w.to]));
    assert!((kg(&[a, b]) - after).abs() < 1e-9);
    let money = w.from.as_ref().map_or(0.0, |f| f.cost()) + w.to.cost() - a.cost() - b.cost();
    assert!((w.cost - money).abs() < 1e-9);
    assert_eq!(w.to.stops.len(), b.stops.len() + usize::from(b.stops.iter().all(|s| s.location != a.stops[0].location)));
    assert!(!w.fits(&fleet), "three half tonnes are too much for a van of 1,200 kg");
    // back again costs as much less
    let moved = w.to.stops.iter().position(|s| s.location == a.stops[0].location).unwrap();
    let back = wish(&w.to, moved, w.from.as_ref(), &n, &fleet).unwrap();
    assert!((back.cost + w.cost).abs() < 1e-9 && (back.km + w.km).abs() < 1e-9);
    // a trip of its own, and what cannot be
    let alone = wish(a, 0, None, &n, &fleet).unwrap();
    assert_eq!((alone.to.stops.len(), alone.cost > 0.0), (1, true));
    assert_eq!(wish(a, 99, None, &n, &fleet), None);
    let elsewhere = stockcast::logistics::Trip { depot: "x".into(), ..b.clone() };
    assert_eq!(wish(a, 0, Some(&elsewhere), &n, &fleet), None);
}

proptest! {
    #![proptest_config(crate::cases::cases(24))]
    /// Whatever the fleet: nothing is lost, and no vehicle is in two places.
    #[test]
    fn everything_is_on_a_trip_hired_or_named(
        stops in prop::collection::vec((1usize..7, 1.0f64..1500.0, prop::option::of(6.0f64..16.0)), 1..14),
        count in prop::option::of(1usize..3),
        shift in prop::option::of(6.0f64..10.0),
        hired in any::<bool>(),
    ) {
        let n = network(6);
        let s: Vec<Shipment> = stops.iter().enumerate().map(|(i, (p, kg, _))| Shipment::new(&format!("s{i}"), Day(0), "d", &format!("p{p}"), *kg, 0.0)).collect();
        let a: Vec<Appointment> = stops.iter().map(|(_, _, w)| Appointment { window: w.map(|w| (w, w + 1.0)), service: None }).collect();
        let fleet = [Vehicle { count, shift: shift.map(|s| (s, s + 6.0)), ..Vehicle::default() }];
        let carriers = if hired { Carrier::all(&[tariff(Some(50.0), 12.0), tariff(Some(800.0), 80.0)]) } else { Vec::new() };
        let p = planned(&s, &a, &n, &fleet, &PlanOptions { carriers: &carriers, iterations_per_stop: 50, ..PlanOptions::default() });
        one_place_at_a_time(&p, &fleet);
        let mut share = vec![0.0; s.len()];
        let parts = p.plan.trips.iter().flat_map(|t| &t.stops).flat_map(|s| &s.shipments).chain(p.plan.hired.iter().flat_map(|c| &c.shipments));
        parts.for_each(|(i, part)| share[*i] += part);
        for (i, share) in share.iter().enumerate() {
            let named = p.plan.unserved.iter().any(|u| u.0 == i);
            prop_assert!((share - 1.0).abs() < 1e-9 || named, "shipment {} {} {}", i, share, named);
        }
    }
}
