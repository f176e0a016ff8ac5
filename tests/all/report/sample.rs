//! The sample shop: the committed files are what the generator makes, and they agree with each other.

#[path = "../../../sample-data/make.rs"]
#[allow(dead_code)]
mod make;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

fn made() -> &'static BTreeMap<&'static str, String> {
    static MADE: OnceLock<BTreeMap<&'static str, String>> = OnceLock::new();
    MADE.get_or_init(|| make::sample().into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect())
}

/// Rows of a file as maps from column to cell.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = super::tables::read_delimited(&made()[name], ',').into_iter();
    let header = lines.next().unwrap();
    lines.map(|l| header.iter().cloned().zip(l).collect()).collect()
}

fn column(name: &str, column: &str) -> BTreeSet<String> {
    rows(name).into_iter().map(|r| r[column].clone()).collect()
}

#[test]
fn committed_files_are_what_the_generator_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    for (name, text) in made() {
        let committed = std::fs::read_to_string(folder.join(name)).unwrap();
        // a checkout may have changed line ends
        assert!(committed.replace("\r\n", "\n") == *text, "{name} differs: run the example make_sample_data");
    }
}

#[test]
fn size_and_shape_are_as_promised() {
    let sales = rows("sales.csv");
    assert!(made()["sales.csv"].len() < 3_000_000 && made()["orders_export.csv"].len() < 6_000_000);
    let series: BTreeSet<_> = sales.iter().map(|r| (r["item"].clone(), r["location"].clone())).collect();
    assert!((100..=120).contains(&series.len()), "{} series", series.len());
    assert_eq!(sales.first().unwrap()["date"], "2023-10-02");
    assert_eq!(sales.last().unwrap()["date"], "2026-10-04");
    assert!(sales.iter().all(|r| r["quantity"] != "0" || r["in_stock"] == "0"));
    let empty = sales.iter().filter(|r| r["in_stock"] == "0").count() as f64 / (series.len() as f64 * 1099.0);
    assert!((0.03..0.08).contains(&empty), "out of stock on {empty} of days");
    assert_eq!(column("items.csv", "item").len(), 60);
}

#[test]
fn companions_speak_of_the_same_shop() {
    let items = column("items.csv", "item");
    let suppliers = column("suppliers.csv", "supplier");
    let places = column("locations.csv", "location");
    for file in ["sales.csv", "stock.csv", "on_order.csv", "receipts.csv", "supplier_items.csv"] {
        assert!(column(file, "item").is_subset(&items), "{file}");
    }
    assert!(column("bom.csv", "component").is_subset(&items) && column("bom.csv", "kit").is_subset(&items));
    assert!(column("items.csv", "supplier").is_subset(&suppliers));
    assert!(suppliers.is_subset(&places) && column("sales.csv", "location").is_subset(&places));
    let successors = column("items.csv", "successor");
    assert!(successors.iter().filter(|s| !s.is_empty()).count() >= 2);
    for r in rows("items.csv") {
        let (cost, price): (f64, f64) = (r["cost"].parse().unwrap(), r["price"].parse().unwrap());
        let margin = 1.0 - cost / price;
        assert!((2.0..=90.0).contains(&price) && (0.35..=0.62).contains(&margin), "{} {margin}", r["item"]);
    }
    assert!(rows("on_order.csv").iter().all(|r| *r["arrives"] > *"2026-10-04"));
    assert!(rows("receipts.csv").iter().all(|r| *r["received"] <= *"2026-10-04" && r["ordered"] < r["received"]));
    assert!(rows("stock.csv").iter().all(|r| r["expires"].is_empty() || *r["expires"] > *"2026-10-04"));
}

/// Whoever fills the order cells down and leaves out what was cancelled gets sales.csv back, unit for unit.
#[test]
fn the_order_export_holds_the_same_sales() {
    let mut sold: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for r in rows("sales.csv") {
        *sold.entry((r["date"].clone(), r["item"].clone(), r["location"].clone())).or_default() += r["quantity"].parse::<i64>().unwrap();
    }
    sold.retain(|_, q| *q > 0);
    let mut ordered: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    let (mut date, mut place, mut cancelled, mut several) = (String::new(), String::new(), false, 0);
    for r in rows("orders_export.csv").into_iter().filter(|r| r["Name"].starts_with('#')) {
        if r["Created at"].is_empty() {
            several += 1;
        } else {
            date = r["Created at"][..10].to_string();
            place = r["Location"].clone();
            cancelled = !r["Cancelled at"].is_empty();
        }
        assert!(r["Email"].is_empty() || (r["Email"].starts_with("customer-") && r["Email"].ends_with("@example.com")));
        if !cancelled {
            let quantity: i64 = r["Lineitem quantity"].parse().unwrap();
            *ordered.entry((date.clone(), r["Lineitem sku"].clone(), place.clone())).or_default() += quantity;
        }
    }
    assert!(several > 10_000, "orders of several lines: {several}");
    assert!(ordered == sold);
}

/// An empty shelf tonight and a stock of nothing are the same fact in two files.
#[test]
fn stock_agrees_with_the_last_day_of_sales() {
    let mut stock: BTreeMap<(String, String), u32> = BTreeMap::new();
    for r in rows("stock.csv") {
        *stock.entry((r["item"].clone(), r["location"].clone())).or_default() += r["on_hand"].parse::<u32>().unwrap();
    }
    let gone: BTreeSet<String> = rows("items.csv").into_iter().filter(|r| !r["successor"].is_empty()).map(|r| r["item"].clone()).collect();
    let nothing_left: BTreeSet<_> =
        stock.iter().filter(|(k, units)| **units == 0 && !gone.contains(&k.0) && k.0 != "BAK-08").map(|(k, _)| k.clone()).collect();
    let empty_shelves: BTreeSet<_> = rows("sales.csv")
        .into_iter()
        .filter(|r| r["date"] == "2026-10-04" && r["in_stock"] == "0")
        .map(|r| (r["item"].clone(), r["location"].clone()))
        .collect();
    assert_eq!(nothing_left, empty_shelves);
}

#[test]
fn the_scenario_names_files_that_are_there() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let plan: toml::Table = std::fs::read_to_string(folder.join("scenario.toml")).unwrap().parse().unwrap();
    let history = plan["history"].as_table().unwrap();
    let named: Vec<&str> = history
        .iter()
        .filter(|(k, _)| *k != "period")
        .flat_map(|(_, v)| match v {
            toml::Value::Array(a) => a.iter().filter_map(|v| v.as_str()).collect(),
            v => vec![v.as_str().unwrap()],
        })
        .collect();
    assert_eq!(named.len(), 12);
    assert!(named.iter().all(|n| folder.join(n).is_file() && made().contains_key(n)), "{named:?}");
}
