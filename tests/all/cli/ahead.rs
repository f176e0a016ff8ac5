//! Promotions, prices, holidays and opening days known ahead: `stockcast forecast --future`.

use super::{done, err, json, refused, run};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PAST: usize = 420;
const AHEAD: usize = 28;

/// Noise in −1..1, the same every time.
fn noise(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d;
    for _ in 0..3 {
        x ^= x >> 29;
        x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    (x >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

fn day(t: usize) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    (start + chrono::Days::new(t as u64)).format("%Y-%m-%d").to_string()
}

/// Whether there is a promotion, and whether the shop is shut, on a day.
fn promo(t: usize) -> bool {
    (t * 7 / 5 + t / 11).is_multiple_of(5)
}
fn shut(t: usize) -> bool {
    t % 37 == 20
}

/// Six shops whose promotions sell half as much again; `coin` has nothing to do with sales.
fn write_shops(dir: &Path, promo_effect: f64) {
    let mut past = "unique_id,ds,y,promo,open,coin,always\n".to_owned();
    let mut future = "unique_id,ds,promo,open,coin,always\n".to_owned();
    for s in 0..6 {
        for t in 0..PAST + AHEAD {
            let coin = u8::from(noise((s * 9000 + t) as u64) > 0.4);
            let (p, o) = (u8::from(promo(t + s)), u8::from(!shut(t)));
            if t < PAST {
                let season = [1.0, 0.9, 0.95, 1.0, 1.2, 1.5, 0.7][t % 7];
                let level = 200.0 * (s + 1) as f64 * (1.0 + 0.06 * noise((s * 1000 + t + 77) as u64));
                let y = (level * season * if p == 1 { 1.0 + promo_effect } else { 1.0 }).round() * f64::from(o);
                writeln!(past, "shop {s},{},{y},{p},{o},{coin},1", day(t)).unwrap();
            } else {
                writeln!(future, "shop {s},{},{p},{o},{coin},1", day(t)).unwrap();
            }
        }
    }
    fs::write(dir.join("past.csv"), past).unwrap();
    fs::write(dir.join("future.csv"), future).unwrap();
}

#[test]
fn promotions_and_closed_days_come_out_right() {
    let dir = TempDir::new().unwrap();
    write_shops(dir.path(), 0.5);
    let v = json(dir.path(), &["forecast", "past.csv", "--future", "future.csv", "--horizon", "28", "--json"]);
    for s in v["series"].as_array().unwrap() {
        let known = &s["known_ahead"];
        let effect = known["effects"].as_array().unwrap().iter().find(|e| e["driver"] == "promo").unwrap();
        let (percent, units, half) =
            (effect["percent"].as_f64().unwrap(), effect["units_per_period"].as_f64().unwrap(), effect["half_width"].as_f64().unwrap());
        assert!((percent - 50.0).abs() < 6.0, "{known}");
        assert!(half > 0.0 && half < 0.25 * units, "{known}");
        assert_eq!(known["periods_closed"], (PAST..PAST + AHEAD).filter(|t| shut(*t)).count());
        assert!(s["fit"]["explanation"].as_str().unwrap().contains("promo: +"), "{}", s["fit"]["explanation"]);
    }
    let rows = v["forecast"].as_array().unwrap();
    assert_eq!(rows.len(), 6 * AHEAD);
    for (i, r) in rows.iter().enumerate() {
        let (s, t) = (i / AHEAD, PAST + i % AHEAD);
        let season = [1.0, 0.9, 0.95, 1.0, 1.2, 1.5, 0.7][t % 7];
        let truth = if shut(t) { 0.0 } else { 200.0 * (s + 1) as f64 * season * if promo(t + s) { 1.5 } else { 1.0 } };
        let (mean, hi) = (r["mean"].as_f64().unwrap(), r["hi-95"].as_f64().unwrap());
        assert!((mean - truth).abs() <= 0.12 * truth, "{r} for {truth}");
        assert!(shut(t) == (hi == 0.0), "{r}");
    }
    // what was used, and what not and why
    let said = err(&run(dir.path(), &["forecast", "past.csv", "--future", "future.csv", "--horizon", "28", "-o", "f.csv"]));
    assert!(said.contains("driver-used]: \"promo\": +"), "{said}");
    assert!(said.contains("\"open\": tells when nothing can be sold"), "{said}");
    assert!(said.contains("\"coin\" is not used: held-out periods come out as well without it"), "{said}");
    assert!(said.contains("\"always\" is not used: it is the same in all the past"), "{said}");
}

#[test]
fn drivers_that_do_nothing_change_nothing() {
    let dir = TempDir::new().unwrap();
    write_shops(dir.path(), 0.0);
    let keep = |file: &str, columns: &[usize]| {
        let text = fs::read_to_string(dir.path().join(file)).unwrap();
        let rows: Vec<String> = text
            .lines()
            .map(|l| l.split(',').collect::<Vec<_>>())
            .map(|l| columns.iter().map(|c| l[*c]).collect::<Vec<_>>().join(","))
            .collect();
        fs::write(dir.path().join(format!("coin-{file}")), rows.join("\n")).unwrap();
    };
    keep("past.csv", &[0, 1, 2, 5]);
    keep("future.csv", &[0, 1, 4]);
    let alone = done(dir.path(), &["-q", "forecast", "coin-past.csv", "--horizon", "28"]);
    let with = run(dir.path(), &["forecast", "coin-past.csv", "--future", "coin-future.csv", "--horizon", "28"]);
    assert_eq!(String::from_utf8(with.stdout.clone()).unwrap(), alone);
    assert!(err(&with).contains("\"coin\" is not used"), "{}", err(&with));
}

/// Weekly sales of a few items whose price elasticity is −2.
fn write_prices(dir: &Path) -> String {
    let mut past = "unique_id,ds,y,price\n".to_owned();
    let mut future = "unique_id,ds,price\n".to_owned();
    for s in 0..5 {
        for t in 0..128 {
            let price: f64 = 2.0 * [1.0, 1.0, 0.8, 1.0, 0.9, 1.0, 0.7][(t * 3 + t / 4 + s) % 7];
            let y = (400.0 * price.powf(-2.0) * (1.0 + 0.08 * noise((s * 500 + t) as u64)) * 4.0).round();
            match t {
                0..120 => writeln!(past, "i{s},{},{y},{price:.2}", day(7 * t)).unwrap(),
                _ => writeln!(future, "i{s},{},{price:.2}", day(7 * t)).unwrap(),
            }
        }
    }
    fs::write(dir.join("past.csv"), &past).unwrap();
    fs::write(dir.join("future.csv"), &future).unwrap();
    future
}

#[test]
fn prices_have_an_elasticity_with_its_uncertainty() {
    let dir = TempDir::new().unwrap();
    let future = write_prices(dir.path());
    let run = |file: &str| json(dir.path(), &["forecast", "past.csv", "--future", file, "--horizon", "8", "--json"]);
    let v = run("future.csv");
    let effect = |v: &serde_json::Value, s: usize| v["series"][s]["known_ahead"]["effects"][0].clone();
    for s in 0..5 {
        let e = effect(&v, s);
        assert_eq!(e["kind"], "price");
        let (elasticity, half) = (e["elasticity"].as_f64().unwrap(), e["elasticity_half_width"].as_f64().unwrap());
        assert!((elasticity + 2.0).abs() < 0.25 && half > 0.0 && half < 0.5, "{e}");
    }
    // nothing of an effect is learned from the future: other prices ahead, the same elasticity
    let other: String = future.lines().map(|l| l.replace(",2.00", ",1.80") + "\n").collect();
    fs::write(dir.path().join("other.csv"), other).unwrap();
    let w = run("other.csv");
    for s in 0..5 {
        assert_eq!(effect(&v, s)["elasticity"], effect(&w, s)["elasticity"]);
    }
    let mean = |v: &serde_json::Value, i: usize| v["forecast"][i]["mean"].as_f64().unwrap();
    for (i, line) in future.lines().skip(1).enumerate() {
        let changed = line.ends_with(",2.00");
        assert!(if changed { mean(&w, i) > 1.1 * mean(&v, i) } else { (mean(&w, i) - mean(&v, i)).abs() < 0.06 * mean(&v, i) }, "{line}");
    }
}

#[test]
fn what_cannot_be_used_is_said_with_a_fix() {
    let dir = TempDir::new().unwrap();
    write_shops(dir.path(), 0.5);
    let text = fs::read_to_string(dir.path().join("future.csv")).unwrap();
    fs::write(dir.path().join("slip.csv"), text.replacen("promo", "pormo", 1)).unwrap();
    let said = err(&run(dir.path(), &["forecast", "past.csv", "--future", "slip.csv", "--horizon", "28", "-o", "f.csv"]));
    assert!(said.contains("did you mean \"promo\"?"), "{said}");
    assert!(said.contains("\"promo\" is not used: the future does not tell it"), "{said}");
    // periods that the future lacks are taken as usual, and said
    let short: Vec<&str> = text.lines().take(10).collect();
    fs::write(dir.path().join("short.csv"), short.join("\n")).unwrap();
    let said = err(&run(dir.path(), &["forecast", "past.csv", "--future", "short.csv", "--horizon", "28", "-o", "f.csv"]));
    assert!(said.contains("future-incomplete"), "{said}");
    fs::write(dir.path().join("nodates.csv"), "unique_id,promo\nshop 1,1\n").unwrap();
    let said = refused(dir.path(), &["forecast", "past.csv", "--future", "nodates.csv", "--horizon", "28"]);
    assert!(said.contains("future-without-dates"), "{said}");
    // single sales tell no promotion of the days without one
    let sales: String = (0..200).fold("order_id,date,sku,quantity,promo\n".to_owned(), |mut t, i| {
        writeln!(t, "{i},{},{},{},0", day(i / 3), ["a", "b"][i % 2], 1 + i % 3).unwrap();
        t
    });
    fs::write(dir.path().join("sales.csv"), sales).unwrap();
    let said = refused(dir.path(), &["forecast", "sales.csv", "--future", "future.csv", "--horizon", "28"]);
    assert!(said.contains("drivers-need-periods"), "{said}");
}

/// A list of holidays of all years, without a series: one that moves is found where it falls.
#[test]
fn a_list_of_holidays_is_enough() {
    let dir = TempDir::new().unwrap();
    let feast = |t: usize| [31, 95, 160, 222, 290, 351, 400, 431].contains(&t);
    let mut past = "unique_id,ds,y\n".to_owned();
    for s in 0..4 {
        for t in 0..PAST {
            let y = (300.0 * (1.0 + 0.05 * noise((s * 700 + t) as u64)) * if feast(t) { 2.0 } else { 1.0 }).round();
            writeln!(past, "s{s},{},{y}", day(t)).unwrap();
        }
    }
    let list: String = (0..PAST + AHEAD).filter(|t| feast(*t)).fold("ds,event\n".to_owned(), |l, t| format!("{l}{},Feast\n", day(t)));
    fs::write(dir.path().join("past.csv"), past).unwrap();
    fs::write(dir.path().join("events.csv"), list).unwrap();
    let v = json(dir.path(), &["forecast", "past.csv", "--future", "events.csv", "--horizon", "28", "--json"]);
    for s in 0..4 {
        let mean = |h: usize| v["forecast"][s * AHEAD + h]["mean"].as_f64().unwrap();
        assert!((mean(431 - PAST) - 600.0).abs() < 60.0, "{}", mean(431 - PAST));
        assert!((mean(3) - 300.0).abs() < 20.0, "{}", mean(3));
    }
}
