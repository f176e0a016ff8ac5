//! Trips, consolidation rules and emissions, as people look at them.

use super::{go, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;

#[test]
fn a_trip_opens_its_stops_and_a_rule_is_used_from_the_slider() {
    let mut w = sample();
    go(&mut w, "Routes");
    let freight = w.state().session().unwrap().outcome.as_ref().unwrap().freight.clone().unwrap();
    let first = &freight.example[0];
    for text in ["Freight cost", "Load factor", "Map of", "Days with trips", "Export GeoJSON"] {
        assert!(shows(&w, text), "{text}");
    }
    // a stop of the first day stands on the map under its own name
    assert!(shows(&w, &format!("Stop {}", first.stops[0].location)));
    w.get_by_label_contains("Trip 1: ").click();
    w.run_steps(3);
    for text in ["On board", "Clock of the trip", "km from before", "Each vehicle's day", "Export GPX"] {
        assert!(shows(&w, text), "{text}");
    }
    // every trip of the day stands on a vehicle's row
    let of_day = freight.example.iter().filter(|t| t.day == first.day).count();
    for k in 1..=of_day.min(6) {
        assert!(shows(&w, &format!(", trip {k}, ")), "{k}");
    }

    w.get_by_label("How long to hold shipments").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "Every day") && shows(&w, "When full") && shows(&w, "Against the rule in use"));
    // the slider begins at the shortest wait: everything leaves the day it is ready
    w.get_by_label("Use this rule").click();
    w.run_steps(3);
    let rule = w.state().session().unwrap().project.document().active().plan.logistics.consolidation.clone();
    assert_eq!(rule.every, Some(1.0), "{rule:?}");
    settle(&mut w);
    let after = w.state().session().unwrap().outcome.as_ref().unwrap().freight.clone().unwrap();
    assert!(after.measures.delay_days.mean < freight.measures.delay_days.mean);

    go(&mut w, "Sustainability");
    for text in ["All, kg CO2e", "Carbon price", "By month", "What would cut most", "By item", "Factors used"] {
        assert!(shows(&w, text), "{text}");
    }
    // the item named is the one whose lines add up to most
    let outcome = w.state().session().unwrap().outcome.clone().unwrap();
    let mut kg = vec![0.0; outcome.series.len()];
    for l in &outcome.freight.as_ref().unwrap().footprint_lines {
        kg[l.series] += l.transport_kg + l.storage_kg + l.waste_kg;
    }
    let most = (0..kg.len()).max_by(|a, b| kg[*a].total_cmp(&kg[*b])).unwrap();
    let stocked = &outcome.series[most].stocked;
    let name = stocked.description.as_ref().unwrap_or(&stocked.item);
    assert!(shows(&w, &format!("The item with most is {name} at {}", stocked.location)), "{name}");
}

/// Where carriers take everything there is no trip to click, and the place says so.
#[test]
fn what_carriers_take_is_shown_where_no_van_drives() {
    let home = tempfile::tempdir().unwrap();
    let sales: String = (0..60i64)
        .map(|w| format!("tea,Bath,{},{}\n", chrono::NaiveDate::from_ymd_opt(2025, 1, 6).unwrap() + chrono::Duration::weeks(w), 20 + w % 7))
        .collect();
    let plan = "version = 1\nperiods = 8\nreplications = 20\n[history]\nfiles = [\"sales.csv\"]\nperiod = \"week\"\nitems = \"items.csv\"\n\
                locations = \"locations.csv\"\ncarriers = \"carriers.csv\"\n[supply]\nlead_time = 1\n";
    for (name, text) in [
        ("sales.csv", format!("item,location,ds,y\n{sales}")),
        ("items.csv", "item,cost,price,supplier,weight_kg,volume_m3\ntea,2,5,Leeds mill,0.2,0.001\n".into()),
        ("locations.csv", "location,lat,lon\nBath,51.38,-2.36\nLeeds mill,53.8,-1.55\n".into()),
        ("carriers.csv", "carrier,to,up_to_kg,price\nParcel Co,,1000,3\n".into()),
        ("plan.toml", plan.into()),
    ] {
        std::fs::write(home.path().join(name), text).unwrap();
    }
    let mut w = super::open_in(home.path(), Some(&home.path().join("plan.toml")));
    settle(&mut w);
    go(&mut w, "Routes");
    for text in ["Of it with carriers", "With hired carriers on this day", "Parcel Co", "No own vehicle drives on this day"] {
        assert!(shows(&w, text), "{text}");
    }
}

/// The sample's own deliveries: their trips, when they should leave, a stop moved and brought back by undo.
#[test]
fn own_deliveries_are_planned_and_a_moved_stop_is_an_edit() {
    let mut w = sample();
    go(&mut w, "Routes");
    w.get_by_label("Own deliveries").click();
    w.run_steps(3);
    settle(&mut w);
    for text in ["This day costs", "after 4 rounds of search", "Shipments leave every day", "Stop Abbey Café, Bath", "Each vehicle's day"]
    {
        assert!(shows(&w, text), "{text}");
    }
    w.get_by_label_contains("Trip 1: ").click();
    w.run_steps(3);
    for text in ["On board", "shipment", "due", "window"] {
        assert!(shows(&w, text), "{text}");
    }
    // the list stands below what is seen at first
    w.get_all_by_label("To…").next().unwrap().scroll_to_me();
    w.run_steps(20);
    w.get_all_by_label("To…").next().unwrap().click_accesskit();
    w.run_steps(3);
    w.get_by_label_contains("A trip of its own: ").click_accesskit();
    w.run_steps(3);
    settle(&mut w);
    assert_eq!(w.state().session().unwrap().project.document().moves.len(), 1);
    assert!(shows(&w, "1 stop moved by hand") && shows(&w, "Trip 2: "));
    w.get_by_label("Undo").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(w.state().session().unwrap().project.document().moves.is_empty() && !shows(&w, "moved by hand"));

    w.get_by_label("When they should leave").click();
    w.run_steps(3);
    settle(&mut w);
    for text in
        ["Best: ", "less than sending every day", "each leaves by the day it is due", "against daily", "errors are from week to week"]
    {
        assert!(shows(&w, text), "{text}");
    }
    w.get_by_label("Use this rule").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "This day costs") && !shows(&w, "Shipments leave every day;"));
}

/// Deliveries alone are a project: nothing is forecast, and nothing complains of it.
#[test]
fn a_file_of_deliveries_alone_is_enough() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("shipments.csv");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/shipments.csv"), &file).unwrap();
    let mut w = super::open_in(home.path(), Some(&file));
    settle(&mut w);
    assert!(shows(&w, "Shipments") && shows(&w, "Ready on"));
    super::confirm(&mut w);
    settle(&mut w);
    let session = w.state().session().unwrap();
    assert_eq!(session.project.document().masters.shipments.len(), 337);
    assert!(session.problems().iter().all(|d| d.severity != stockcast::base::Severity::Error));
    go(&mut w, "Overview");
    w.get_by_label("Go to the deliveries").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "This day costs"));
}

/// What customers send back is taken up on the way, and stands beside what they get.
#[test]
fn returns_stand_beside_what_is_brought() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("shipments.csv");
    let rows = "shipment,ready,from,to,weight_kg,volume_m3,lat,lon\n\
        A,2026-06-01,Depot,Abbey,40,0.2,51.40,-2.30\n\
        B,2026-06-01,Depot,Mill,30,0.1,51.45,-2.35\n\
        R,2026-06-01,Mill,Depot,25,0.1,51.50,-2.60\n";
    std::fs::write(&file, rows).unwrap();
    let mut w = super::open_in(home.path(), Some(&file));
    settle(&mut w);
    super::confirm(&mut w);
    settle(&mut w);
    go(&mut w, "Overview");
    w.get_by_label("Go to the deliveries").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "1 trip, "), "one van does both");
    w.get_by_label_contains("Trip 1: ").click();
    w.run_steps(3);
    for text in ["kg back", "m³ back", "On board"] {
        assert!(shows(&w, text), "{text}");
    }
}
