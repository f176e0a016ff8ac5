//! Companion and shipment files: the contract's names, common synonyms, and cells that cannot be read.

use super::{find, said};
use stockcast::base::Severity;
use stockcast::history::model::{LeadTimeCell, Scope};
use stockcast::history::{Ask, MasterFiles, ReadOptions, look_as, question, read_masters_bytes, read_masters_said, read_shipments_bytes};

fn file(text: &str) -> Option<(String, Vec<u8>)> {
    Some(("m.csv".into(), text.as_bytes().to_vec()))
}

#[test]
fn the_contract_is_read() {
    let files = MasterFiles {
        items: file(
            "item,location,cost,price,supplier,lead_time_days,pack_size,weight_kg,shelf_life_days\nA,,1.50,3,Acme,10,6,0.5,\nB,North,2,4,Acme,,,,7\n",
        ),
        stock: file("unique_id,on_hand,committed,as_of\nA@North,12,2,2026-01-31\n"),
        on_order: file("item,location,arrives,quantity\nA,North,2026-02-10,40\n"),
        suppliers: file("supplier,currency,order_days,minimum_value,order_cost\nAcme,eur,\"Mon, Thu\",250,15\n"),
        supplier_items: file("supplier,item,cost,units_per_pack,minimum,lead_time,rank\nAcme,A,1.4,6,12,2,1\n"),
        receipts: file(
            "supplier,item,location,ordered,received,quantity\nAcme,A,North,2026-01-01,2026-01-09,10\nAcme,A,North,2026-01-05,,10\n",
        ),
        bom: file("kit,component,quantity\nK,A,2\n"),
        locations: file("location,lat,lon,kind\nNorth,54.97,-1.61,shop\n"),
        vehicles: file(
            "vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,emission_class,count,shift_start,shift_end,max_driving_hours\nvan,800,6,40,0.35,van-diesel,3,06:30,15,9\n",
        ),
        carriers: file("carrier,to,up_to_kg,price,per_kg,minimum\nParcel Co,,30,7.90,,\nParcel Co,SW,30,6.50,,\nHaulier,*,,0,0.12,45\n"),
        distances: file("from,to,km,hours\nNorth,South,61.5,1.2\nSouth,North,60,\n"),
        shipments: file("shipment,ready,from,to,weight_kg,window_start\nS1,2026-10-01,North,South,12.5,08:30\n"),
        events: file("ds,event,location\n2026-12-25,Christmas,North\n"),
    };
    let (m, notes) = read_masters_bytes(&files).unwrap_or_else(|e| panic!("{}", said(&e)));
    assert!(notes.iter().all(|d| d.severity == Severity::Info), "{}", said(&notes));
    assert_eq!(
        (m.items[0].scope.clone(), m.items[0].cost, m.items[0].lead_time),
        (Scope::Item("A".into()), Some(1.5), Some(LeadTimeCell::Days(10.0)))
    );
    assert_eq!(
        (m.items[1].scope.clone(), m.items[1].shelf_life_days, m.items[1].line),
        (Scope::ItemAt("B".into(), "North".into()), Some(7.0), 3)
    );
    let van = &m.vehicles[0];
    assert_eq!((van.shift_start, van.shift_end, van.max_hours, van.max_driving_hours), (Some(6.5), Some(15.0), None, Some(9.0)));
    assert_eq!((m.carriers.len(), m.carriers[1].to.as_deref(), m.carriers[2].to.as_deref()), (3, Some("SW"), None));
    assert_eq!((m.carriers[2].per_kg, m.carriers[2].minimum, m.carriers[2].up_to_kg), (Some(0.12), Some(45.0), None));
    assert_eq!((m.shipments[0].weight_kg, m.shipments[0].window), (12.5, Some((510.0, 1440.0))));
    assert_eq!((m.distances[0].km, m.distances[0].hours, m.distances[1].hours), (61.5, Some(1.2), None));
    assert_eq!((m.stock[0].on_hand, m.stock[0].committed, m.stock[0].as_of.unwrap().iso().as_str()), (12.0, 2.0, "2026-01-31"));
    assert_eq!((m.on_order[0].quantity, m.on_order[0].arrives.iso().as_str()), (40.0, "2026-02-10"));
    assert_eq!((m.suppliers[0].order_days.clone(), m.suppliers[0].currency.as_deref()), (vec![0, 3], Some("EUR")));
    assert_eq!(m.supplier_items[0].lead_time, Some(LeadTimeCell::Periods(2.0)));
    assert_eq!((m.receipts.len(), m.bom[0].quantity, m.locations[0].lat, m.vehicles[0].count), (1, 2.0, 54.97, Some(3.0)));
    assert_eq!((&*m.events[0].event, m.events[0].location.as_deref()), ("Christmas", Some("North")));
}

#[test]
fn other_peoples_names_are_understood() {
    let files = MasterFiles {
        items: file("SKU;Product title;Inventory item cost;MOQ;Lieferzeit\n1001;Mug;1,50;12;14\n"),
        stock: file("\"Product title\",\"Product variant SKU\",\"Inventory item cost\",\"Ending inventory units\"\nRobe,SKU-1,10,5\n"),
        ..Default::default()
    };
    let (m, _) = read_masters_bytes(&files).unwrap_or_else(|e| panic!("{}", said(&e)));
    assert_eq!((m.items[0].cost, m.items[0].minimum, m.items[0].lead_time), (Some(1.5), Some(12.0), Some(LeadTimeCell::Days(14.0))));
    assert_eq!((m.stock[0].scope.clone(), m.stock[0].on_hand), (Scope::Item("SKU-1".into()), 5.0));
}

#[test]
fn bad_cells_say_where_and_what() {
    let (m, notes) = read_masters_bytes(&MasterFiles {
        items: file("item,cost,prise,weight_kg\nA,cheap,3,1\nB,2,4,-1\nA,2,4,1\n"),
        ..Default::default()
    })
    .unwrap();
    let d = find(&notes, "number-unreadable");
    assert_eq!((d.line, d.column, d.file.as_deref()), (Some(2), Some(2), Some("m.csv")));
    assert!(find(&notes, "column-unused").fix.as_ref().unwrap().contains("price"));
    assert_eq!((find(&notes, "number-out-of-range").line, find(&notes, "item-repeated").line), (Some(3), Some(4)));
    assert_eq!((m.items[0].cost, m.items[1].weight_kg), (None, None));
    let e = read_masters_bytes(&MasterFiles { locations: file("location,lat,lon\nNorth,154,2\n"), ..Default::default() }).unwrap_err();
    assert_eq!(find(&e, "cell-missing").line, Some(2));
    let e = read_masters_bytes(&MasterFiles { stock: file("shelf,on_hand\nx,1\n"), ..Default::default() }).unwrap_err();
    assert_eq!(find(&e, "column-missing").severity, Severity::Error);
}

#[test]
fn shipments() {
    let text = "shipment,ready,from,to,weight_kg,volume_m3,due,lat,lon,window_start,window_end,service_min\n\
        S1,2026-01-05,Depot,North,120.5,0.8,2026-01-07,54.9,-1.6,08:00,12:30,15\nS2,2026-01-05,Depot,South,80,,,,,,,\n";
    let (rows, notes) = read_shipments_bytes("s.csv", text.as_bytes()).unwrap_or_else(|e| panic!("{}", said(&e)));
    assert!(notes.is_empty(), "{}", said(&notes));
    assert_eq!(
        (rows[0].weight_kg, rows[0].window, rows[0].lat_lon, rows[0].service_min),
        (120.5, Some((480.0, 750.0)), Some((54.9, -1.6)), Some(15.0))
    );
    assert_eq!((rows[1].volume_m3, rows[1].window, rows[1].line), (None, None, 3));
    let twice = read_shipments_bytes("s.csv", format!("{text}S1,2026-01-06,Depot,North,1,1,,,,,,\n").as_bytes()).unwrap_err();
    assert_eq!(find(&twice, "shipment-repeated").line, Some(4));
    let heavy = read_shipments_bytes("s.csv", text.replace("120.5", "heavy").as_bytes()).unwrap_err();
    assert_eq!((find(&heavy, "cell-missing").line, find(&heavy, "cell-missing").column), (Some(2), Some(5)));
    assert_eq!(read_shipments_bytes("s.csv", b"a,b\n1,2\n").unwrap_err().iter().filter(|d| d.code == "column-missing").count(), 5);
}

/// Columns that no name gives away are told by a person: asked for, checked, read.
#[test]
fn a_person_says_what_columns_are() {
    let text = "Ware;Regal;Zahl\nA;N;7\nB;N;1250,5\n";
    let mut options = ReadOptions::default();
    let seen = look_as("lager.csv", text.as_bytes(), true, Some("stock"), &options).unwrap();
    let asked: Vec<(&str, Vec<&str>)> =
        seen.questions.iter().map(|q| (q.name.as_deref().unwrap(), q.answers.iter().map(|a| a.text.as_str()).collect())).collect();
    assert_eq!(asked, [("item", vec!["Ware", "Regal", "Zahl"]), ("on_hand", vec!["Zahl"])]);
    assert!(!seen.ready());
    for (q, answer) in seen.questions.iter().zip(["Ware=item", "Zahl=on_hand"]) {
        assert!(q.ask == Ask::Field && q.answer(answer, &mut options));
    }
    assert!(question::put(Ask::Field, "Regal=location", &mut options));
    let seen = look_as("lager.csv", text.as_bytes(), true, Some("stock"), &options).unwrap();
    assert!(seen.ready() && seen.questions.is_empty(), "{:?}", seen.notes);
    assert_eq!(seen.fields, [Some("item"), Some("location"), Some("on_hand")]);
    assert!(seen.columns.iter().all(|c| c.confidence == 1.0));
    let meant = &seen.preview.unwrap().meant[2];
    assert_eq!((meant.field, meant.number, meant.cells.as_slice()), ("on_hand", true, &["7".to_owned(), "1250.5".to_owned()][..]));
    let files = MasterFiles::only("stock", ("lager.csv".to_owned(), text.as_bytes().to_vec()));
    let (m, _) = read_masters_said(&files, &MasterFiles::only("stock", options)).unwrap_or_else(|e| panic!("{}", said(&e)));
    assert_eq!(m.stock.iter().map(|s| s.on_hand).collect::<Vec<_>>(), [7.0, 1250.5]);
    // one said to mean nothing is not read, and what another was taken for goes with it
    let mut none = ReadOptions::default();
    assert!(question::put(Ask::Field, "on hand=", &mut none));
    let seen = look_as("s.csv", b"item,on hand\nA,7\n", true, Some("stock"), &none).unwrap();
    assert_eq!((seen.fields.as_slice(), seen.questions.len()), (&[Some("item"), None][..], 1));
}

/// What is wrong with a companion file is known when it is looked at.
#[test]
fn companion_files_are_checked_before() {
    let text = "sku,eta,qty\nA,2026-02-03,10\nB,,5\n";
    let seen = look_as("po.csv", text.as_bytes(), true, Some("on_order"), &ReadOptions::default()).unwrap();
    let d = find(&seen.notes, "cell-missing");
    assert_eq!((d.line, seen.ready()), (Some(3), false));
    // days that may be months are asked about, and an answer is taken
    let text = "sku,eta,qty\nA,03/02/2026,10\nB,05/02/2026,5\n";
    let seen = look_as("po.csv", text.as_bytes(), true, Some("on_order"), &ReadOptions::default()).unwrap();
    let q = seen.questions.iter().find(|q| q.ask == Ask::DateOrder).expect("the order of dates is not asked");
    let mut options = ReadOptions::default();
    assert!(q.answer("mdy", &mut options));
    let files = MasterFiles::only("on_order", ("po.csv".to_owned(), text.as_bytes().to_vec()));
    let (m, _) = read_masters_said(&files, &MasterFiles::only("on_order", options)).unwrap();
    assert_eq!(m.on_order[0].arrives.iso(), "2026-03-02");
}
