//! The file itself: created, opened, refused, shared.

use super::shop::{approve, day, decision, frozen, import, reopened, set_cost, shop, states};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use stockcast::history::ShipmentRow;
use stockcast::history::breaks::PriceBreaks;
use stockcast::history::model::{CarrierRow, DistanceRow, EventRow, VehicleRow};
use stockcast::history::{Driver, DriverKind, KnownSeries, KnownTable};
use stockcast::logistics::wish::Moved;
use stockcast::project::{Change, Edit, Overridden, Override, Project, SaidForecast, Saving, Scenario, Table};
use stockcast::scenario::ForecastOverride;

fn place() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.stockcast");
    (dir, path)
}

/// A project with something in every table.
fn busy(path: &Path) -> Project {
    let mut p = Project::create(path, shop(5)).unwrap();
    p.apply(import(6, 61, "newer.csv")).unwrap();
    p.apply(set_cost(p.document(), 2, 3.25).because("new price list")).unwrap();
    p.apply(approve(decision("item-00001", day(430), day(440), 18.0))).unwrap();
    let by_hand = Override { unique_id: "item-00002".into(), what: Overridden::ReorderPoint, value: 7.0, why: None, made: p.now() };
    p.apply(Edit::one("set s", Change::Override(by_hand.key(), Some(by_hand)))).unwrap();
    let id = p.document().free_scenario_id();
    let mut plan = p.document().active().plan.clone();
    plan.supply.review_period = 2;
    let branch = Scenario { id, name: "Fewer reviews".into(), plan, parent: Some(1) };
    p.apply(Edit { label: "branch".into(), why: None, changes: vec![Change::PutScenario(branch), Change::Activate(id)] }).unwrap();
    p.apply(Edit::one("rename", Change::Name("Tea".into()))).unwrap();
    p.undo();
    p
}

/// The same with what version 3 knows beside: forecasts changed by hand, and forecasts put by.
fn busier(path: &Path) -> Project {
    let mut p = busy(path);
    let said = ForecastOverride {
        category: Some("tea".into()),
        from: Some(day(420).iso()),
        to: Some(day(433).iso()),
        percent: Some(20.0),
        why: "spring campaign".into(),
        ..Default::default()
    };
    for id in [1, 2] {
        let one = SaidForecast { id, said: said.clone(), made: p.now() };
        p.apply(Edit::one("change forecast", Change::Forecast(id, Some(one)))).unwrap();
    }
    p.apply(Edit::one("freeze", Change::Freeze(day(400), Some(Arc::new(frozen(day(400), 3.5)))))).unwrap();
    p.apply(Edit::one("take back", Change::Forecast(1, None))).unwrap();
    p
}

/// The same with what version 4 knows beside: shifts and limits of vehicles, tariffs, distances.
fn busiest(path: &Path) -> Project {
    let mut p = busier(path);
    let tariff = CarrierRow {
        carrier: "parcel".into(),
        to: Some("SW".into()),
        up_to_kg: Some(30.0),
        price: Some(7.9),
        per_kg: None,
        minimum: Some(5.0),
        kg_per_m3: Some(200.0),
        days: None,
        emission_class: Some("road".into()),
        line: 2,
    };
    let far = DistanceRow { from: "main".into(), to: "north".into(), km: 61.5, hours: Some(1.25), line: 2 };
    let van = p.document().masters.vehicles[0].clone();
    let limits = VehicleRow {
        capacity_pallets: Some(2.0),
        shift_start: Some(6.5),
        shift_end: Some(15.0),
        max_hours: Some(10.0),
        max_driving_hours: Some(9.0),
        max_km: Some(400.0),
        ..van
    };
    for change in [
        Change::MasterTable(Table::Carriers(Arc::new(vec![tariff]))),
        Change::MasterTable(Table::Distances(Arc::new(vec![far]))),
        Change::VehicleRows(vec![(limits.vehicle.clone(), vec![limits])]),
    ] {
        p.apply(Edit::one("import", change)).unwrap();
    }
    p
}

#[test]
fn shifts_tariffs_and_distances_come_back() {
    let (_dir, path) = place();
    let mut p = busiest(&path);
    let document = p.document().clone();
    p.flush().unwrap();
    drop(p);
    p = reopened(&path);
    assert_eq!(p.document(), &document);
    assert_eq!((p.document().masters.carriers.len(), p.document().masters.distances[0].hours), (1, Some(1.25)));
    assert_eq!(p.document().masters.vehicles[0].max_km, Some(400.0));
    for _ in 0..3 {
        p.undo();
    }
    assert!(p.document().masters.carriers.is_empty() && p.document().masters.distances.is_empty());
    assert_eq!(p.document().masters.vehicles[0].max_km, None);
}

/// What version 5 can hold beside: own shipments, and stops of them moved.
fn fullest(path: &Path) -> Project {
    let mut p = busiest(path);
    let shipment = |id: &str, to: &str| ShipmentRow {
        shipment: id.into(),
        ready: day(3),
        from: "main".into(),
        to: to.into(),
        weight_kg: 12.5,
        volume_m3: Some(0.04),
        pallets: None,
        due: Some(day(5)),
        lat_lon: Some((51.5, -0.12)),
        window: Some((480.0, 660.0)),
        service_min: Some(8.0),
        line: 2,
    };
    let bare =
        ShipmentRow { volume_m3: None, due: None, lat_lon: None, window: None, service_min: None, line: 3, ..shipment("S2", "east") };
    let moves = vec![Moved { shipments: vec!["S1".into()], with: Some("S2".into()) }, Moved { shipments: vec!["S2".into()], with: None }];
    for change in [Change::MasterTable(Table::Shipments(Arc::new(vec![shipment("S1", "north"), bare]))), Change::Moves(moves)] {
        p.apply(Edit::one("import", change)).unwrap();
    }
    p
}

#[test]
fn own_shipments_and_moved_stops_come_back() {
    let (_dir, path) = place();
    let mut p = fullest(&path);
    let document = p.document().clone();
    p.flush().unwrap();
    drop(p);
    p = reopened(&path);
    assert_eq!(p.document(), &document);
    assert_eq!((p.document().masters.shipments.len(), p.document().moves.len()), (2, 2));
    p.undo();
    assert!(p.document().moves.is_empty());
    p.undo();
    assert!(p.document().masters.shipments.is_empty());
    p.redo();
    assert_eq!(p.document().masters.shipments, document.masters.shipments);
}

#[test]
fn forecasts_changed_by_hand_come_back_and_act() {
    let (_dir, path) = place();
    let mut p = busier(&path);
    let document = p.document().clone();
    assert_eq!(p.journal().iter().filter(|e| e.to.contains("+20 % for category tea") && e.to.contains("spring campaign")).count(), 2);
    p.flush().unwrap();
    drop(p);
    p = reopened(&path);
    assert_eq!(p.document(), &document);
    assert_eq!((document.forecast_overrides.len(), document.free_forecast_id()), (1, 3));
    assert_eq!(p.document().plan().overrides, vec![document.forecast_overrides[0].said.clone()]);
    p.undo();
    assert_eq!(p.document().plan().overrides.len(), 2);
    // what makes no sense is refused before anything is written
    let mut none = document.forecast_overrides[0].clone();
    none.said.percent = None;
    assert_eq!(p.apply(Edit::one("nothing", Change::Forecast(2, Some(none)))).unwrap_err().code, "scenario-value");
}

#[test]
fn a_project_comes_back_as_it_was() {
    let (_dir, path) = place();
    let p = busy(&path);
    let (document, journal) = (p.document().clone(), p.journal().to_vec());
    assert_eq!(document.active().name, "Fewer reviews");
    assert!(p.flush().is_ok());
    assert_eq!(p.saving(), Saving::Saved);
    assert_eq!(p.read_only(), None);
    drop(p);
    let p = reopened(&path);
    assert_eq!(p.document(), &document);
    assert_eq!(p.journal(), &journal[..]);
    assert_eq!((p.can_undo(), p.can_redo()), (Some("branch"), Some("rename")));
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2, "the project and its lock, nothing else");
    drop(p);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "the lock goes with the project");
}

#[test]
fn nothing_is_overwritten() {
    let (dir, path) = place();
    fs::write(&path, "precious").unwrap();
    assert_eq!(Project::create(&path, shop(1)).unwrap_err().code, "project-exists");
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    assert_eq!(Project::create(dir.path(), shop(1)).unwrap_err().code, "project-exists");
    let nowhere = dir.path().join("missing").join("shop.stockcast");
    assert_eq!(Project::create(&nowhere, shop(1)).unwrap_err().code, "output-unwritable");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no remains");
}

#[test]
fn what_is_no_project_is_refused() {
    let (dir, path) = place();
    let code = |path: &Path| {
        let d = Project::open(path).unwrap_err();
        assert!(d.fix.is_some() && d.file.is_some(), "{d}");
        d.code
    };
    assert_eq!(code(&path), "file-missing");
    assert_eq!(code(dir.path()), "not-a-project");
    fs::write(&path, "").unwrap();
    assert_eq!(code(&path), "not-a-project");
    fs::write(&path, "date,item,quantity\n2026-01-01,tea,3\n".repeat(200)).unwrap();
    assert_eq!(code(&path), "not-a-project");
    let other = dir.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE meta (key TEXT, value TEXT)").unwrap();
    assert_eq!(code(&other), "not-a-project");
    // the pages of the tables are gone, the header is not
    let cut = dir.path().join("cut.stockcast");
    drop(busy(&cut));
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(code(&cut), "project-damaged");
    // a cell that this program would not have written, and its text is not repeated
    let odd = dir.path().join("odd.stockcast");
    drop(busy(&odd));
    Connection::open(&odd).unwrap().execute("UPDATE decision SET order_date = 'Ada Lovelace'", []).unwrap();
    let d = Project::open(&odd).unwrap_err();
    assert_eq!(d.code, "project-damaged");
    assert!(!d.to_string().contains("Ada"), "{d}");
}

#[test]
fn a_newer_file_opens_read_only() {
    let (_dir, path) = place();
    let document = busy(&path).document().clone();
    {
        let c = Connection::open(&path).unwrap();
        c.execute_batch("ALTER TABLE item ADD COLUMN colour TEXT; CREATE TABLE novelty (x); PRAGMA user_version = 9").unwrap();
    }
    let before = fs::read(&path).unwrap();
    let mut p = Project::open(&path).unwrap();
    assert_eq!(p.document(), &document);
    assert_eq!(p.read_only().map(|d| d.code), Some("project-newer"));
    assert_eq!(p.apply(set_cost(p.document(), 0, 9.0)).unwrap_err().code, "project-newer");
    assert!(p.can_undo().is_none() && p.undo().is_none() && p.redo().is_none());
    assert_eq!(p.document(), &document);
    let copy = path.with_file_name("copy.stockcast");
    p.copy_to(&copy).unwrap();
    drop(p);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(Project::open(&copy).unwrap().read_only().map(|d| d.code), Some("project-newer"));
}

#[test]
fn a_second_copy_may_only_look() {
    let (_dir, path) = place();
    let mut first = busy(&path);
    let mut second = Project::open(&path).unwrap();
    assert_eq!(second.read_only().map(|d| d.code), Some("project-in-use"));
    assert_eq!(second.apply(set_cost(second.document(), 0, 9.0)).unwrap_err().code, "project-in-use");
    first.apply(set_cost(first.document(), 0, 9.0)).unwrap();
    first.flush().unwrap();
    drop(second);
    assert_eq!(Project::open(&path).unwrap().read_only().map(|d| d.code), Some("project-in-use"), "the first still has it");
    // a handle waits and copies for it, and keeps it ours until it is gone
    let handle = first.handle();
    drop(first);
    assert!(Project::open(&path).unwrap().read_only().is_some());
    handle.flush().unwrap();
    drop(handle);
    assert_eq!(reopened(&path).document().masters.items[0].cost, Some(9.0));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_opens_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, path) = place();
    drop(busy(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let privileged = fs::write(dir.path().join("probe"), "").is_ok();
    let opened = Project::open(&path);
    let code = opened.as_ref().unwrap().read_only().map(|d| d.code);
    drop(opened);
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if privileged {
        eprintln!("SKIPPED: this user may write anywhere");
        return;
    }
    assert_eq!(code, Some("project-not-writable"));
}

#[test]
fn a_copy_is_the_same_project() {
    let (dir, path) = place();
    let mut p = busy(&path);
    let copy = dir.path().join("copy.stockcast");
    // what was just edited is in the copy
    p.apply(set_cost(p.document(), 1, 8.0)).unwrap();
    p.copy_to(&copy).unwrap();
    assert_eq!(p.copy_to(&copy).unwrap_err().code, "output-unwritable");
    let same = reopened(&copy);
    assert_eq!(same.document(), p.document());
    assert_eq!(states(&same), states(&p));
    drop(same);
    // and goes its own way
    let mut other = reopened(&copy);
    assert_eq!(other.undo().as_deref(), Some("set cost to 8"));
    assert_ne!(other.document(), p.document());
    p.handle().copy_to(&dir.path().join("another.stockcast")).unwrap();
}

/// The file is for any SQLite tool: tables with names, columns and units people know.
#[test]
fn any_sqlite_tool_reads_it() {
    let (_dir, path) = place();
    drop(busy(&path));
    let c = Connection::open(&path).unwrap();
    let text = |sql: &str| c.query_row(sql, [], |r| r.get::<_, String>(0)).unwrap();
    let number = |sql: &str| c.query_row(sql, [], |r| r.get::<_, f64>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(text("PRAGMA journal_mode"), "delete");
    assert_eq!(number("PRAGMA application_id"), f64::from(0x5374_6b63));
    assert_eq!(number("PRAGMA user_version"), 8.0);
    assert_eq!(c.prepare("PRAGMA foreign_key_check").unwrap().query([]).unwrap().next().unwrap().map(|_| ()), None);
    assert_eq!(number("SELECT cost FROM item WHERE unique_id = 'item-00002'"), 3.25);
    assert_eq!(text("SELECT state || ' ' || order_date || ' ' || quantity FROM decision"), format!("approved {} 18.0", day(430)));
    assert_eq!(text("SELECT name FROM scenario WHERE id = (SELECT value FROM meta WHERE key = 'active')"), "Fewer reviews");
    assert_eq!(text("SELECT name FROM import WHERE sales = (SELECT hash FROM sales WHERE in_use)"), "newer.csv");
    assert_eq!(text("SELECT what FROM override"), "s");
    assert_eq!(text("SELECT \"to\" FROM journal WHERE label = 'set cost to 3.25'"), "cost 3.25");
    assert_eq!(text("SELECT why FROM journal WHERE label = 'set cost to 3.25'"), "new price list");
    assert_eq!(number("SELECT max(length(content)) <= 16 * 1024 * 1024 FROM chunk"), 1.0);
    // every stored content is under its own hash, and every hash is stored
    let mut q = c.prepare("SELECT hash, content FROM chunk").unwrap();
    let rows = q.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, Vec<u8>>(1)?))).unwrap();
    for (hash, content) in rows.map(Result::unwrap) {
        assert_eq!(hash, stockcast::history::canonical::hash(&content));
    }
    // nothing about people, whatever table
    let dump = fs::read(&path).unwrap();
    for private in ["Lovelace", "/home/", "Ada "] {
        assert!(!dump.windows(private.len()).any(|w| w == private.as_bytes()), "{private}");
    }
}

/// A row added with another tool is read like any other.
#[test]
fn rows_written_by_another_tool_are_read() {
    let (_dir, path) = place();
    drop(busy(&path));
    {
        let c = Connection::open(&path).unwrap();
        c.execute_batch("INSERT INTO item (item, cost, line) VALUES ('pot', 4, 0); UPDATE stock SET on_hand = NULL WHERE line = 2")
            .unwrap();
    }
    let p = reopened(&path);
    assert_eq!(p.document().masters.items.last().unwrap().cost, Some(4.0));
    assert!(p.document().masters.stock[0].on_hand.is_nan(), "an unknown number");
}

/// While another program writes, edits wait in memory; when it is done they arrive.
#[test]
fn edits_wait_for_another_writer() {
    let (_dir, path) = place();
    let mut p = busy(&path);
    p.flush().unwrap();
    let mut other = Connection::open(&path).unwrap();
    let t = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    p.apply(set_cost(p.document(), 0, 9.0)).unwrap();
    assert_eq!(p.document().masters.items[0].cost, Some(9.0));
    assert_eq!(p.flush().unwrap_err().code, "project-busy");
    assert!(matches!(p.saving(), Saving::Failed(d) if d.code == "project-busy"));
    t.commit().unwrap();
    p.flush().unwrap();
    assert_eq!(p.saving(), Saving::Saved);
    drop((p, other));
    assert_eq!(reopened(&path).document().masters.items[0].cost, Some(9.0));
}

/// Edits to a file that is gone wait until it is back.
#[cfg(unix)]
#[test]
fn a_file_moved_away_is_told() {
    let (dir, path) = place();
    let mut p = busy(&path);
    p.flush().unwrap();
    let elsewhere = dir.path().join("elsewhere.stockcast");
    fs::rename(&path, &elsewhere).unwrap();
    p.apply(set_cost(p.document(), 0, 9.0)).unwrap();
    assert_eq!(p.flush().unwrap_err().code, "project-moved");
    fs::rename(&elsewhere, &path).unwrap();
    p.flush().unwrap();
    drop(p);
    assert_eq!(reopened(&path).document().masters.items[0].cost, Some(9.0));
}

/// The same with what version 6 knows beside: events that last, with an expected effect, and columns known ahead.
fn told(path: &Path) -> Project {
    let mut p = fullest(path);
    let mut events = p.document().masters.events.clone();
    let sale = EventRow {
        ds: day(420),
        to: Some(day(433)),
        event: "sale".into(),
        unique_id: None,
        item: Some("item-00001".into()),
        location: None,
        category: Some("tea".into()),
        percent: Some(15.0),
        line: 3,
    };
    events.push(sale);
    p.apply(Edit::one("events", Change::MasterTable(Table::Events(Arc::new(events))))).unwrap();
    let column = Driver { name: "price".into(), kind: DriverKind::Price, expected: None };
    let series = KnownSeries { unique_id: "item-00001".into(), start: day(0), values: vec![vec![Some(2.5), None, Some(2.0)]] };
    let known = KnownTable { columns: vec![column], series: vec![series] };
    p.apply(Edit::one("prices", Change::Known(Some(Arc::new(known))))).unwrap();
    p
}

/// The same with what version 7 knows beside: items that end, prices by quantity, emissions per unit.
fn ending(path: &Path) -> Project {
    let mut p = told(path);
    let mut items = p.document().masters.items.clone();
    items[0].discontinued = true;
    items[1].price_breaks = PriceBreaks::parse("100: 0.95; 500: 0.9 incremental");
    items[1].kg_co2e = Some(0.75);
    p.apply(Edit::one("items", Change::MasterTable(Table::Items(Arc::new(items))))).unwrap();
    p
}

/// The same with what version 8 knows beside: a carrier that takes its time.
fn slow(path: &Path) -> Project {
    let mut p = ending(path);
    let mut carriers = p.document().masters.carriers.clone();
    carriers[0].days = Some(2.0);
    p.apply(Edit::one("tariff", Change::MasterTable(Table::Carriers(Arc::new(carriers))))).unwrap();
    p
}

/// A file of every version there was; the last is of the version that this program writes.
const FIXTURES: [&str; 8] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v1.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v2.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v3.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v4.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v5.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v6.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v7.stockcast"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/project-v8.stockcast"),
];

/// Makes the kept file of version 8: `cargo test --test all make_fixture -- --ignored`. Never again once a version 9 exists.
#[test]
#[ignore = "writes into tests/fixtures"]
fn make_fixture() {
    let _ = fs::remove_file(FIXTURES[7]);
    let (_dir, path) = place();
    slow(&path).copy_to(Path::new(FIXTURES[7])).unwrap();
}

/// Files of every version open as what they held, and their edits can be undone.
#[test]
fn files_of_old_versions_open() {
    for (i, file) in FIXTURES.into_iter().enumerate() {
        let (_dir, path) = place();
        fs::copy(file, &path).unwrap();
        let mut p = reopened(&path);
        let (_other, fresh) = place();
        let now = [busy, busy, busier, busiest, fullest, told, ending, slow][i](&fresh);
        let (mut a, mut b) = (p.document().clone(), now.document().clone());
        // stamped when they were made
        a.overrides[0].made = day(0);
        b.overrides[0].made = day(0);
        for d in [&mut a, &mut b] {
            d.forecast_overrides.iter_mut().for_each(|o| o.made = day(0));
        }
        assert_eq!(a, b);
        assert_eq!(states(&p), states(&now));
        while p.undo().is_some() {}
        assert_eq!(p.document(), &shop_as_stored());
    }
}

fn shop_as_stored() -> stockcast::project::Document {
    let (_dir, path) = place();
    Project::create(&path, shop(5)).unwrap().document().clone()
}
