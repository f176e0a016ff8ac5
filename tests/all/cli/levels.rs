//! Forecasts of groups and of scenarios, changes by hand, and an earlier forecast held against later sales.

use super::{done, err, folder, json, refused, run};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const ITEMS: &str = "item,category,cost,price\nA,tea,2,5\nB,tea,3,6\nC,cups,4,9\n";

/// Three items at two locations, `weeks` of them, the last `lifted` of A half as much again.
fn sales(weeks: i64, lifted: i64) -> String {
    let mut text = "item,location,ds,y\n".to_owned();
    for t in 0..weeks {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::TimeDelta::weeks(t);
        for (i, item) in ["A", "B", "C"].iter().enumerate() {
            for (j, at) in ["north", "south"].iter().enumerate() {
                let noise = (t * 7 + i as i64 * 3 + j as i64 * 5) % 6;
                let lift = if *item == "A" && t >= weeks - lifted { 2 } else { 1 };
                writeln!(text, "{item},{at},{day},{}", (20 + 5 * i as i64 + noise) * lift).unwrap();
            }
        }
    }
    text
}

fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|l| head.iter().map(|h| (*h).to_owned()).zip(l.split(',').map(str::to_owned)).collect()).collect()
}

fn number(r: &BTreeMap<String, String>, column: &str) -> f64 {
    r[column].parse().unwrap()
}

fn mean(all: &[BTreeMap<String, String>], level: &str, name: &str, step: usize) -> f64 {
    number(all.iter().filter(|r| r["level"] == level && r["unique_id"] == name).nth(step).unwrap(), "mean")
}

#[test]
fn groups_add_up_and_changes_by_hand_reach_them() {
    let plain = "[history]\nfiles = [\"sales.csv\"]\nperiod = \"week\"\nitems = \"items.csv\"\n";
    let changed =
        format!("{plain}[[override]]\ncategory = \"tea\"\nfrom = \"2026-01-12\"\nto = \"2026-01-25\"\nset = 200\nwhy = \"fair\"\n");
    let dir = folder(&[("sales.csv", &sales(104, 0)), ("items.csv", ITEMS), ("a.toml", plain), ("b.toml", &changed)]);
    let of = |file: &str| rows(&done(dir.path(), &["forecast", file, "--horizon", "6", "--by", "series,item,category,location,total"]));
    let (a, b) = (of("a.toml"), of("b.toml"));
    assert_eq!(a.len(), 6 * (6 + 3 + 2 + 2 + 1));
    for all in [&a, &b] {
        for t in 0..6 {
            let level = |l: &str| -> f64 {
                let mut names: Vec<&str> = all.iter().filter(|r| r["level"] == l).map(|r| r["unique_id"].as_str()).collect();
                names.dedup();
                names.iter().map(|n| mean(all, l, n, t)).sum()
            };
            let total = mean(all, "total", "total", t);
            for l in ["series", "item", "category", "location"] {
                assert!((level(l) - total).abs() < 1e-6 * total, "{l} {t}: {} of {total}", level(l));
            }
        }
    }
    // the first period ahead begins on 2025-12-29: the fair is the third and fourth
    for t in 0..6 {
        let (before, after) = (mean(&a, "category", "tea", t), mean(&b, "category", "tea", t));
        if t == 2 || t == 3 {
            assert!((after - 200.0).abs() < 0.05, "{after}")
        } else {
            assert_eq!(before, after)
        }
        assert_eq!(mean(&a, "category", "cups", t), mean(&b, "category", "cups", t));
    }
    let total = |all: &[BTreeMap<String, String>], t| all.iter().filter(|r| r["level"] == "total").nth(t).cloned().unwrap();
    let (said, other) = (total(&b, 2), total(&b, 4));
    assert!(said["changed_by_hand"].contains("set to 200 for category tea") && other["changed_by_hand"].is_empty());
    assert!((number(&said, "statistical") - number(&total(&a, 2), "mean")).abs() < 1e-6);
    assert!(number(&said, "lo-80") > number(&total(&a, 2), "hi-80"), "the interval stays where it was");
    // orders say it too
    let orders = json(dir.path(), &["orders", "b.toml", "--replications", "50", "--json"]);
    let reason = |i: usize| orders["orders"][i]["reason"].as_str().unwrap_or_default().to_owned();
    assert!((0..6).any(|i| reason(i).contains("forecast changed by hand: set to 200 for category tea")), "{orders}");
    let e = refused(dir.path(), &["forecast", "a.toml", "--horizon", "6", "--by", "categori"]);
    assert!(e.contains("did you mean 'category'?"), "{e}");
}

#[test]
fn an_earlier_forecast_is_held_against_later_sales() {
    let (old, new) = (sales(104, 0), sales(112, 8));
    let dir = folder(&[("old.csv", &old), ("new.csv", &new)]);
    done(dir.path(), &["forecast", "old.csv", "--horizon", "13", "-o", "forecast.csv"]);
    let v = json(dir.path(), &["monitor", "new.csv", "--against", "forecast.csv", "--json"]);
    assert_eq!((v["together"]["series"].as_u64(), v["together"]["alerts"].as_u64()), (Some(6), Some(2)));
    for s in v["series"].as_array().unwrap() {
        let id = s["unique_id"].as_str().unwrap();
        assert_eq!(s["periods"], 8);
        assert_eq!(s["drift"].as_str(), id.starts_with('A').then_some("too_low"), "{s}");
        assert_eq!(s["tracking_signal"].as_f64().unwrap() > 4.0, id.starts_with('A'), "{s}");
    }
    let text = done(dir.path(), &["monitor", "new.csv", "--against", "forecast.csv", "-o", "alerts.csv"]);
    assert!(text.contains("2 series deserve a look") && text.contains("more than forecast over 8 weeks"), "{text}");
    let written = std::fs::read_to_string(dir.path().join("alerts.csv")).unwrap();
    assert_eq!((written.lines().count(), written.matches("too_low").count()), (7, 2));
    // nothing sold since, nothing to hold it against, and a file that is no forecast
    assert!(refused(dir.path(), &["monitor", "old.csv", "--against", "forecast.csv"]).contains("nothing-to-compare"));
    assert!(refused(dir.path(), &["monitor", "new.csv"]).contains("--against"));
    assert!(refused(dir.path(), &["monitor", "new.csv", "--against", "old.csv"]).contains("no column"));
    let o = run(dir.path(), &["monitor", "new.csv", "--against", "missing.csv"]);
    assert!(o.status.code() == Some(1) && err(&o).contains("missing.csv"));
}
