//! Black-box tests of the footprint room.

use crate::shared::shared;
use proptest::prelude::*;
use stockcast::base::{Day, NoControl};
use stockcast::footprint::fuel::Fuel;
use stockcast::footprint::storage::storage;
use stockcast::footprint::transport::of_trip;
use stockcast::footprint::waste::waste;
use stockcast::footprint::{Factors, Leg, StorageAssumptions, TonneKmFactor, chain, tonne_km, trip_emissions};
use stockcast::logistics::{Network, PlanOptions, Round, Rule, Shipment, Vehicle, consolidate, plan};

fn golden(id: &str) -> Option<serde_json::Value> {
    let all: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(shared("golden/routes.json")?).ok()?).ok()?;
    all.as_array()?.iter().find(|c| c["id"] == id).cloned()
}

#[test]
fn the_embedded_table_is_complete() {
    let f = Factors::embedded();
    // each lorry has its three points and each van its average, in operation and energy provision
    assert!(
        f.vehicles.len() >= 26 && f.tonne_km.len() > 80 && f.waste.len() > 70,
        "{} {} {}",
        f.vehicles.len(),
        f.tonne_km.len(),
        f.waste.len()
    );
    for v in &f.vehicles {
        let van = v.class.starts_with("Vans");
        assert_eq!(v.points.len(), if van { 1 } else { 3 }, "{}", v.class);
        assert!(v.points.windows(2).all(|w| w[0].1.ttw < w[1].1.ttw && w[0].1.wtt < w[1].1.wtt), "{}", v.class);
        assert_eq!(v.payload_kg.is_none(), van, "{}", v.class);
        assert!(v.points.iter().all(|p| p.1.ttw > 0.0 && p.1.wtt > 0.0) && v.ids.len() == 2 * v.points.len(), "{}", v.class);
    }
}

/// Golden case emis-two-half-loads-vs-one-full: UK DESNZ 2025, articulated lorry over 33 t.
#[test]
fn one_full_lorry_beats_two_half_empty_ones() {
    let Some(case) = golden("emis-two-half-loads-vs-one-full") else { return };
    let want = |k: &str| case["expected"][k].as_f64().unwrap();
    let f = Factors::embedded();
    let artic = f.vehicle("artic >33t").unwrap();
    let payload = artic.payload_kg.unwrap();
    assert!((payload / 1000.0 - case["params"]["payload_100pct_t"].as_f64().unwrap()).abs() < 1e-6);
    let over = |kg: f64| trip_emissions(artic, payload, &[Leg { km: 250.0, kg }]);
    let (half, full) = (over(payload / 2.0), over(payload));
    assert!((2.0 * half.ttw_kg - want("two_half_kg")).abs() < 1e-6);
    assert!((full.ttw_kg - want("one_full_kg")).abs() < 1e-6);
    let saving = 100.0 * (1.0 - full.ttw_kg / (2.0 * half.ttw_kg));
    assert!((saving - want("saving_pct")).abs() < 1e-6, "{saving}");
    assert!(full.factors.iter().any(|id| &**id == "defra25_27_304_3131_4_1"));
    // by average t·km the same change would save nothing
    let by_tkm = f.service("road").unwrap();
    assert_eq!(tonne_km(by_tkm, payload / 1000.0, 250.0).ttw_kg, 2.0 * tonne_km(by_tkm, payload / 2000.0, 250.0).ttw_kg);
}

/// Golden cases cmem-…: fuel by speed and load (Bektaş & Laporte 2011).
#[test]
fn fuel_by_speed_and_load() {
    let lorry = Fuel::default();
    for (id, kmh) in [("cmem-100km-40kmh", 40.0), ("cmem-100km-80kmh", 80.0)] {
        let Some(case) = golden(id) else { return };
        let of = |k: &str, part: &str| case[part][k].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
        for (load, litres) in of("load_kg", "params").into_iter().zip(of("litres", "expected")) {
            let got = lorry.litres(100.0, kmh, load);
            assert!((got - litres).abs() < 1e-9, "{id} {load}: {got} {litres}");
        }
    }
    let Some(case) = golden("cmem-optimal-speed") else { return };
    assert!((lorry.best_kmh() - case["expected"]["v_kmh"].as_f64().unwrap()).abs() < 1e-9);
    assert_eq!(lorry.litres(100.0, 0.0, 0.0), 0.0);
}

/// A price of carbon sends the cleaner vehicle where it is otherwise a little dearer, and never raises the emissions.
#[test]
fn a_price_of_carbon_chooses_vehicles() {
    let f = Factors::embedded();
    let van = |class: &str, per_km| Vehicle { emission_class: Some(class.into()), cost_per_km: per_km, ..Vehicle::default() };
    let fleet = [van("vans average diesel", 0.30), van("vans average battery electric", 0.33)];
    assert!(f.vehicle("vans average battery electric").is_some(), "{:?}", f.nearest("vans average battery electric"));
    let mut n = Network::default();
    n.locate("d", 50.0, 8.0);
    n.locate("a", 50.5, 8.0);
    let s = [Shipment::new("s", Day(0), "d", "a", 100.0, 0.1)];
    let dispatches = consolidate(&s, &Rule::Every(1.0), Round::Delivery, &fleet[0], Day(0), Day(0));
    let trip = |price: f64| {
        let carbon = stockcast::footprint::transport::road_carbon(&fleet, &f, price);
        let p = plan(&s, &dispatches, &n, &fleet, &PlanOptions { carbon: &carbon, ..PlanOptions::default() }, &NoControl).unwrap();
        p.trips[0].vehicle
    };
    assert_eq!((trip(0.0), trip(1.0), trip(400.0)), (0, 0, 1));
}

/// Golden case iso14083-two-leg-chain.
#[test]
fn a_chain_adds_its_elements() {
    let Some(case) = golden("iso14083-two-leg-chain") else { return };
    let element = |g: f64| TonneKmFactor {
        mode: "road".into(),
        name: "given".into(),
        per_tonne_km: stockcast::footprint::factors::Stages { ttw: g, wtt: 0.0 },
        ids: vec!["given".into()],
    };
    let legs = [(element(191.0), 10.0, 120.0), (element(101.0), 10.0, 800.0)];
    let (total, intensity) = chain(&[(&legs[0].0, 10.0, 120.0), (&legs[1].0, 10.0, 800.0)]);
    assert!((total.wtw_kg() - case["expected"]["kg_co2e"].as_f64().unwrap()).abs() < 1e-9);
    assert!((intensity - case["expected"]["chain_intensity_g_per_tkm"].as_f64().unwrap()).abs() < 1e-9);
}

/// Published WTW sums of the same table (NOTES: rail 34.7, average container ship 19.8 g/t·km; UK grid 2025).
#[test]
fn services_storage_and_waste_use_published_figures() {
    let f = Factors::embedded();
    let wtw = |name: &str| tonne_km(f.service(name).unwrap(), 1.0, 1000.0).wtw_kg();
    assert!((wtw("rail") - 34.7).abs() < 0.01 && (wtw("sea") - 19.77).abs() < 0.01 && (wtw("air") - 1034.55).abs() < 0.01);
    assert!((wtw("epa rail") - 14.505).abs() < 1e-9);
    assert!(f.service("hovercraft").is_none());
    let stored = storage(&f, &StorageAssumptions::default(), "UK grid", 1000.0);
    assert!((stored.wtw_kg() - 110.0 * (0.177 + 0.01853 + 0.0459 + 0.00397)).abs() < 1e-9);
    assert_eq!(stored.factors.len(), 4);
    let own = StorageAssumptions { kg_co2e_per_kwh: Some(0.5), ..StorageAssumptions::default() };
    assert!((storage(&f, &own, "UK grid", 10.0).wtw_kg() - 0.55).abs() < 1e-12);
    assert!((waste(&f, 1000.0, Some("Fresh food")).wtw_kg() - 700.308_86).abs() < 1e-5);
    assert!((waste(&f, 1000.0, None).wtw_kg() - 520.532_7).abs() < 1e-5);
    assert!((waste(&f, 500.0, Some("Greeting cards")).wtw_kg() - 582.244_7).abs() < 1e-5);
}

#[test]
fn classes_are_found_by_what_people_call_them() {
    let f = Factors::embedded();
    for (said, class) in [
        ("artic >33t", "Articulated (>33t)"),
        ("articulated 3.5-33", "Articulated (>3.5 - 33t)"),
        ("Rigid (>3.5 - 7.5 tonnes)", "Rigid (>3.5 - 7.5 tonnes)"),
        ("rigid 7.5", "Rigid (>3.5 - 7.5 tonnes)"),
        ("rigid 7.5-17", "Rigid (>7.5 tonnes-17 tonnes)"),
        ("rigid >17t refrigerated", "Rigid (>17 tonnes) refrigerated"),
        ("rigid", "All rigids"),
        ("lorry", "All HGVs"),
        ("van", "Vans Average (up to 3.5 tonnes) Diesel"),
        ("electric van", "Vans Average (up to 3.5 tonnes) Battery Electric Vehicle"),
        ("van class III", "Vans Class III (1.74 to 3.5 tonnes) Diesel"),
        ("VANS CLASS II PETROL", "Vans Class II (1.305 to 1.74 tonnes) Petrol"),
    ] {
        assert_eq!(f.vehicle(said).map(|v| v.class.as_str()), Some(class), "{said}");
    }
    assert_eq!(f.vehicle(""), None);
    let d = f.resolve("rigit 7.5-17").unwrap_err();
    assert_eq!(d.code, "emission-class-unknown");
    assert!(d.fix.unwrap().contains("Rigid (>7.5 tonnes-17 tonnes)"));
    let class = |kg: f64| f.for_payload(kg).unwrap().class.clone();
    assert_eq!(class(1200.0), "Vans Average (up to 3.5 tonnes) Diesel");
    assert!(class(2500.0).starts_with("Rigid") && class(26_000.0) == "Articulated (>33t)", "{} {}", class(2500.0), class(26_000.0));
}

#[test]
fn the_load_falls_along_a_delivery_and_the_empty_way_home_counts() {
    let mut network = Network::default();
    for (name, lat) in [("hub", 50.0), ("near", 50.2), ("far", 50.6)] {
        network.locate(name, lat, 7.0);
    }
    let f = Factors::embedded();
    let rigid = f.vehicle("rigid 7.5-17").unwrap();
    let lorry = Vehicle { capacity_kg: 6000.0, capacity_m3: f64::INFINITY, ..Vehicle::default() };
    let legs = |round: Round| {
        let ends = |a: &'static str| if round == Round::Delivery { ("hub", a) } else { (a, "hub") };
        let goods: Vec<Shipment> =
            [("near", 4000.0), ("far", 2000.0)].iter().map(|(p, kg)| Shipment::new(p, Day(0), ends(p).0, ends(p).1, *kg, 1.0)).collect();
        let out = consolidate(&goods, &Rule::Every(1.0), round, &lorry, Day(0), Day(0));
        plan(&goods, &out, &network, std::slice::from_ref(&lorry), &PlanOptions::default(), &NoControl).unwrap().trips.remove(0)
    };
    let delivery = legs(Round::Delivery);
    let order: Vec<&str> = delivery.stops.iter().map(|s| &*s.location).collect();
    assert_eq!(order, ["near", "far"], "the heavy load leaves the vehicle first");
    let (a, b, home) = (delivery.stops[0].km, delivery.stops[1].km, delivery.km_home);
    let by_hand = (a * rigid.per_km(1.0).ttw + b * rigid.per_km(1.0 / 3.0).ttw + home * rigid.per_km(0.0).ttw) * 1.05 / 1000.0;
    let e = of_trip(&delivery, rigid, 6000.0, 1.05);
    assert!((e.ttw_kg - by_hand).abs() < 1e-9);
    // the mirror image: collecting burns the same
    let collection = of_trip(&legs(Round::Collection), rigid, 6000.0, 1.05);
    assert!((collection.wtw_kg() - e.wtw_kg()).abs() < 1e-9);
}

proptest! {
    #![proptest_config(crate::cases::cases(256))]
    #[test]
    fn more_load_never_lowers_emissions(class in 0usize..200, km in 0.0f64..2000.0, kg in -10.0f64..40_000.0, more in 0.0f64..5000.0, payload in -1.0f64..40_000.0) {
        let f = Factors::embedded();
        let v = &f.vehicles[class % f.vehicles.len()];
        let light = trip_emissions(v, payload, &[Leg { km, kg }]);
        let heavy = trip_emissions(v, payload, &[Leg { km, kg: kg + more }]);
        prop_assert!(heavy.ttw_kg >= light.ttw_kg && heavy.wtt_kg >= light.wtt_kg && light.ttw_kg >= 0.0);
        prop_assert!(heavy.wtw_kg().is_finite());
    }

    #[test]
    fn broken_tables_never_panic(text in "[id,moenauvlstg 0-9.\"\n]{0,200}") {
        let _ = Factors::parse(&text);
        let _ = Factors::parse(&format!("id,mode,name,unit,value,stage\n{text}"));
    }
}
