//! Dated events and what is known ahead in scenarios: learned from the past, shown in units, changed, left out where they do nothing.

use super::{done, err, json, run};
use chrono::{Days, NaiveDate};
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const WEEKS: usize = 170;
/// First weeks of the fair, which moves about the year and lasts two weeks; the last two are ahead.
const FAIRS: [usize; 8] = [12, 33, 61, 88, 117, 140, 175, 190];

fn date(day: usize) -> String {
    (NaiveDate::from_ymd_opt(2022, 1, 3).unwrap() + Days::new(day as u64)).format("%Y-%m-%d").to_string()
}

fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d;
    for _ in 0..3 {
        x ^= x >> 29;
        x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    (x >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// What an item sells in a week without anything going on.
fn level(s: usize, t: usize) -> f64 {
    60.0 * (s + 1) as f64 * (1.0 + 0.3 * (t as f64 / 52.18 * std::f64::consts::TAU).sin())
}

fn fair(t: usize) -> bool {
    FAIRS.iter().any(|f| (*f..*f + 2).contains(&t))
}

/// Eight items; the fair sells four fifths more of the first six. A coin tossed now and then and a jubilee seen once do nothing.
fn write_shop(dir: &Path, scenario: &str) {
    let mut sales = "unique_id,ds,y\n".to_owned();
    for s in 0..8 {
        for t in 0..WEEKS {
            let noisy = level(s, t) * (1.0 + 0.08 * noise((s * 1000 + t) as u64));
            let y = (noisy * if fair(t) && s < 6 { 1.8 } else { 1.0 }).round();
            writeln!(sales, "item {s},{},{y}", date(7 * t)).unwrap();
        }
    }
    fs::write(dir.join("sales.csv"), sales).unwrap();
    let mut events = "from,to,event,percent\n".to_owned();
    for f in FAIRS {
        writeln!(events, "{},{},fair,", date(7 * f), date(7 * f + 13)).unwrap();
    }
    for t in [5, 27, 49, 70, 95, 111, 130, 150, 166, 180] {
        writeln!(events, "{},,coin,", date(7 * t)).unwrap();
    }
    for (t, percent) in [(77, ""), (178, "")] {
        writeln!(events, "{},,jubilee,{percent}", date(7 * t)).unwrap();
    }
    writeln!(events, "{},{},opening,25", date(7 * 185), date(7 * 185 + 6)).unwrap();
    fs::write(dir.join("events.csv"), events).unwrap();
    let head = "version = 1\nname = \"Fair\"\nreplications = 64\nperiods = 26\n";
    for (name, with) in [("with.toml", true), ("without.toml", false)] {
        let events = if with { "events = \"events.csv\"\n" } else { "" };
        let rest = if with { scenario } else { "" };
        fs::write(dir.join(name), format!("{head}[history]\nfiles = [\"sales.csv\"]\nperiod = \"week\"\n{events}{rest}")).unwrap();
    }
}

/// Means by series and week ahead.
fn means(forecast: &Value) -> Vec<Vec<f64>> {
    let mut out: Vec<(String, Vec<f64>)> = Vec::new();
    for row in forecast["forecast"].as_array().unwrap() {
        let id = row["unique_id"].as_str().unwrap();
        if out.last().is_none_or(|(last, _)| last != id) {
            out.push((id.to_owned(), Vec::new()));
        }
        out.last_mut().unwrap().1.push(row["mean"].as_f64().unwrap());
    }
    out.into_iter().map(|o| o.1).collect()
}

fn forecast(dir: &Path, scenario: &str) -> Value {
    json(dir, &["forecast", scenario, "--horizon", "26", "--json"])
}

#[test]
fn an_event_sells_what_it_sold_and_the_rest_stays() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "");
    let (with, without) = (forecast(dir.path(), "with.toml"), forecast(dir.path(), "without.toml"));
    let (a, b) = (means(&with), means(&without));
    let (mut known, mut unknown) = (0.0, 0.0);
    for s in 0..8 {
        for h in 0..26 {
            let t = WEEKS + h;
            let truth = level(s, t) * if fair(t) && s < 6 { 1.8 } else { 1.0 };
            known += (a[s][h] - truth).abs();
            unknown += (b[s][h] - truth).abs();
            let ratio = a[s][h] / truth;
            // nobody has seen an opening: its size is what somebody expects
            let expected = if t == 185 { 1.0..1.6 } else { 0.75..1.25 };
            assert!(expected.contains(&ratio), "series {s} week {h}: {ratio}");
        }
    }
    // who does not know of the fair takes last year's for a season, and misses this year's
    assert!(known < 0.4 * unknown, "{known} {unknown}");
    let known = with["known_ahead"].as_array().unwrap();
    let effects = |s: usize| known[s]["effects"].as_array().unwrap();
    let of = |s: usize, name: &str| effects(s).iter().find(|e| e["driver"] == name).cloned();
    let fair_of_0 = of(0, "fair").unwrap();
    assert!((fair_of_0["percent"].as_f64().unwrap() - 80.0).abs() < 20.0, "{fair_of_0}");
    assert!(fair_of_0["units_per_period"].as_f64().unwrap() > 20.0 && fair_of_0["half_width"].as_f64().unwrap() > 1.0);
    assert_eq!((fair_of_0["kind"].as_str(), fair_of_0["periods_ahead"].as_u64()), (Some("event"), Some(4)));
    assert!(of(7, "fair").is_none_or(|e| e["percent"].as_f64().unwrap().abs() < 10.0));
    assert_eq!(of(0, "opening").unwrap()["kind"], "expected");
    assert!((0..8).all(|s| of(s, "coin").is_none() && of(s, "jubilee").is_none()));
    let said = with["diagnostics"].to_string();
    assert!(said.contains("coin") && said.contains("only once") && said.contains("jubilee"), "{said}");
}

#[test]
fn called_off_is_as_if_there_were_none_and_without_events_nothing_changes() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "[[driver]]\nname = \"fair\"\ndrop = true\nfrom = \"2025-08-01\"\n");
    let (called_off, without) = (means(&forecast(dir.path(), "with.toml")), means(&forecast(dir.path(), "without.toml")));
    assert_ne!(called_off, without);
    for (h, a) in called_off[0].iter().enumerate() {
        // the first fair ahead is before August and stays
        let t = WEEKS + h;
        let ratio = a / (level(0, t) * if fair(t) && t < 187 { 1.8 } else { 1.0 });
        let expected = if t == 185 { 1.0..1.6 } else { 0.75..1.25 };
        assert!(expected.contains(&ratio), "week {h}: {ratio}");
    }
    write_shop(dir.path(), "[forecast]\nknown_ahead = false\n");
    let table = |scenario: &str| done(dir.path(), &["-q", "forecast", scenario, "--horizon", "26"]);
    assert_eq!(table("with.toml"), table("without.toml"));
}

#[test]
fn entries_that_change_nothing_are_told() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "[[driver]]\nname = \"fare\"\ndrop = true\n[[driver]]\nname = \"coin\"\nset = 1\n");
    let out = run(dir.path(), &["forecast", "with.toml", "--horizon", "26"]);
    let said = err(&out);
    assert!(
        (said.contains("did you mean \"fair\"") || said.contains("known are coin, fair")) && said.contains("no effect of \"coin\""),
        "{said}"
    );
    write_shop(dir.path(), "[[driver]]\nname = \"fair\"\ndrop = true\npercent = 5\n");
    let out = run(dir.path(), &["forecast", "with.toml", "--horizon", "26"]);
    assert!(!out.status.success() && err(&out).contains("exactly one of set, percent and drop"), "{}", err(&out));
}

#[test]
fn orders_and_simulation_plan_with_events_and_parts_add_up() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "");
    let demand = |scenario: &str| json(dir.path(), &["simulate", scenario, "--json"])["demand"]["mean"].as_f64().unwrap();
    let (with, without) = (demand("with.toml"), demand("without.toml"));
    assert!(with > without * 1.04 && with < without * 1.3, "{with} {without}");
    let parts = json(dir.path(), &["forecast", "with.toml", "--horizon", "26", "--by", "series,total", "--parts", "--json"]);
    for row in parts["forecast"].as_array().unwrap() {
        let is_part = |k: &str| ["base level", "trend"].contains(&k) || k.starts_with("season") || k.starts_with("from ");
        let sum: f64 = row.as_object().unwrap().iter().filter(|(k, _)| is_part(k)).map(|(_, v)| v.as_f64().unwrap()).sum();
        let mean = row["mean"].as_f64().unwrap();
        assert!((sum - mean).abs() < 1e-5 * mean.max(1.0), "{row}");
    }
}

#[test]
fn every_step_of_a_forecast_is_measured() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "[cost]\nunit = 2.0\n");
    let found = json(dir.path(), &["backtest", "with.toml", "--horizon", "26", "--windows", "2", "--json"]);
    let steps = found["value_added"]["steps"].as_array().unwrap();
    let names: Vec<&str> = steps.iter().map(|s| s["step"].as_str().unwrap()).collect();
    assert_eq!(names, ["naive", "statistical", "known ahead"]);
    let wape = |i: usize| steps[i]["wape"].as_f64().unwrap();
    assert!(wape(2) < 0.95 * wape(1), "{} {}", wape(2), wape(1));
    let (units, value) = (steps[2]["missed_units"].as_f64().unwrap(), steps[2]["missed_value"].as_f64().unwrap());
    assert!((value - 2.0 * units).abs() < 1e-6 * value);
}

/// Four cups among thirty-six teas; a sale twice a year doubles cups for two weeks, and its dates say nothing of whom it is for.
#[test]
fn a_promotion_of_one_category_is_found_and_stays_in_it() {
    let dir = TempDir::new().unwrap();
    let sales_on = |t: usize| [10, 38, 64, 91, 115, 142, 176].iter().any(|f| (*f..*f + 2).contains(&t));
    let (mut sales, mut items) = ("unique_id,ds,y\n".to_owned(), "item,category\n".to_owned());
    for s in 0..40 {
        let cup = s % 10 == 3;
        writeln!(items, "item {s},{}", if cup { "cups" } else { "tea" }).unwrap();
        for t in 0..WEEKS {
            let noisy = level(s % 8, t) * (1.0 + 0.25 * noise((s * 1000 + t) as u64));
            writeln!(sales, "item {s},{},{}", date(7 * t), (noisy * if cup && sales_on(t) { 2.0 } else { 1.0 }).round()).unwrap();
        }
    }
    let mut events = "from,to,event\n".to_owned();
    for t in (0..200).filter(|t| sales_on(*t) && !sales_on(t - 1)) {
        writeln!(events, "{},{},cup sale", date(7 * t), date(7 * t + 13)).unwrap();
    }
    for (name, text) in [("sales.csv", &sales), ("items.csv", &items), ("events.csv", &events)] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let head = "version = 1\nname = \"Cups\"\nreplications = 64\nperiods = 26\n[history]\nfiles = [\"sales.csv\"]\nperiod = \"week\"\n";
    fs::write(dir.path().join("a.toml"), format!("{head}items = \"items.csv\"\nevents = \"events.csv\"\n")).unwrap();
    let found = forecast(dir.path(), "a.toml");
    let known = found["known_ahead"].as_array().unwrap();
    for k in known {
        let id = k["unique_id"].as_str().unwrap();
        let sale = k["effects"].as_array().unwrap().iter().find(|e| e["driver"] == "cup sale");
        let percent = sale.map_or(0.0, |e| e["percent"].as_f64().unwrap());
        let truth = if id.ends_with('3') { 100.0 } else { 0.0 };
        assert!((percent - truth).abs() < 30.0, "{id}: {percent}");
    }
    assert_eq!(known.len(), 40);
}

#[test]
fn an_event_without_a_date_ahead_leaves_no_hole_in_the_season() {
    let dir = TempDir::new().unwrap();
    write_shop(dir.path(), "");
    // the fairs of the past alone
    let file = dir.path().join("events.csv");
    let past = date(7 * WEEKS);
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.lines()
            .filter(|l| l.starts_with("from") || (*l < past.as_str() && l.contains("fair")))
            .fold(String::new(), |s, l| s + l + "\n"),
    )
    .unwrap();
    let (with, without) = (forecast(dir.path(), "with.toml"), forecast(dir.path(), "without.toml"));
    assert_eq!(means(&with), means(&without));
    let said = with["diagnostics"].to_string();
    assert!(said.contains("events-without-date") && said.contains("left as they were"), "{said}");
}
