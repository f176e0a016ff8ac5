//! An item that replaces another: its demand, its stock, and no more orders for what went before.

use super::{folder, json, run};

/// Thirty weeks of the old mug, then four of the new one, at two shops; a second new item has not been sold yet.
fn shop(successors: bool) -> tempfile::TempDir {
    let mut sales = String::from("unique_id,item,location,ds,y\n");
    let day = |week: u32| {
        let d = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + chrono::Days::new(u64::from(week) * 7);
        d.format("%Y-%m-%d").to_string()
    };
    for place in ["North", "South"] {
        for week in 0..34 {
            let units = 20 + (week * 7) % 5;
            let item = if week < 30 { "MUG-1" } else { "MUG-2" };
            sales.push_str(&format!("{item}@{place},{item},{place},{},{units}\n", day(week)));
        }
    }
    for week in 0..34 {
        sales.push_str(&format!("PAN-1@North,PAN-1,North,{},{}\n", day(week), 8 + week % 3));
    }
    let by = |item: &str| if successors { item.to_owned() } else { String::new() };
    let items = format!(
        "item,cost,price,supplier,lead_time_days,status,successor\nMUG-1,4.00,9.00,Potteries,7,discontinued,{}\nMUG-2,5.00,,,,,\nPAN-1,10.00,25.00,Potteries,7,,{}\n",
        by("MUG-2"),
        by("PAN-2")
    );
    let stock = "item,location,on_hand\nMUG-1,North,30\nMUG-2,North,5\nMUG-1,South,0\nMUG-2,South,5\nPAN-1,North,100\n";
    let scenario = "version = 1\nreplications = 100\nperiods = 26\n[history]\nfiles = [\"sales.csv\"]\nperiod = \"week\"\nitems = \"items.csv\"\nstock = \"stock.csv\"\n";
    folder(&[("sales.csv", &sales), ("items.csv", &items), ("stock.csv", stock), ("scenario.toml", scenario)])
}

#[test]
fn a_successor_inherits_demand_and_stock() {
    let dir = shop(true);
    let v = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    let series = v["series"].as_array().unwrap();
    let names: Vec<&str> = series.iter().map(|s| s["unique_id"].as_str().unwrap()).collect();
    assert_eq!(names, ["MUG-2@North", "MUG-2@South", "PAN-2@North"], "{names:?}");
    let of = |id: &str| series.iter().find(|s| s["unique_id"] == id).unwrap();
    // what is left of the old one is sold first, so it counts
    assert_eq!((of("MUG-2@North")["on_hand"].as_f64(), of("MUG-2@South")["on_hand"].as_f64()), (Some(35.0), Some(5.0)));
    assert_eq!(of("PAN-2@North")["on_hand"].as_f64(), Some(100.0));
    let order = |id: &str| of(id)["advice"]["quantity"].as_f64().unwrap();
    // 35 less the 22 of the week that the order takes are 13 more to begin with
    assert!(order("MUG-2@North") + 8.0 < order("MUG-2@South"), "{} {}", order("MUG-2@North"), order("MUG-2@South"));
    assert_eq!(order("PAN-2@North"), 0.0);
    // 22 a week are forecast from all 34 weeks, and the supplier is that of the old one
    let demand = of("MUG-2@South")["demand"]["mean"].as_f64().unwrap() / 26.0;
    assert!((demand - 22.0).abs() < 1.5, "{demand}");
    assert!(series.iter().all(|s| s["supplier"] == "Potteries"));
    let notes = v["diagnostics"].to_string();
    assert!(notes.contains("MUG-2@North follows MUG-1@North, 30 left and sold first"), "{notes}");
}

#[test]
fn without_a_successor_the_old_one_is_sold_off() {
    let dir = shop(false);
    let v = json(dir.path(), &["orders", "scenario.toml", "--json"]);
    let old: Vec<f64> =
        v["orders"].as_array().unwrap().iter().filter(|o| o["item"] == "MUG-1").map(|o| o["order_quantity"].as_f64().unwrap()).collect();
    assert!(old.iter().all(|q| *q == 0.0), "{old:?}");
    // the past of both is replayed under the new one's name
    let dir = shop(true);
    let said = String::from_utf8(run(dir.path(), &["replay", "scenario.toml", "--periods", "8"]).stdout).unwrap();
    assert!(said.contains("of 3 series"), "{said}");
}
