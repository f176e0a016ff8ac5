//! The command line as a user meets it: exit codes, refusals with a fix, the JSON and CSV contracts, textbook answers.

#![allow(clippy::unwrap_used)] // helpers of tests, which clippy does not see as tests

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

mod ahead;
mod events;
mod levels;
mod limits;
mod odd;
mod successors;
mod textbook;

const COMMANDS: [&str; 14] = [
    "demo",
    "audit",
    "import",
    "forecast",
    "monitor",
    "backtest",
    "simulate",
    "optimize",
    "orders",
    "replay",
    "consolidate",
    "routes",
    "compare",
    "report",
];

/// Runs `stockcast` in a folder.
fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stockcast")).current_dir(dir).args(args).output().unwrap()
}

fn out(o: &Output) -> String {
    String::from_utf8(o.stdout.clone()).unwrap()
}

fn err(o: &Output) -> String {
    String::from_utf8(o.stderr.clone()).unwrap()
}

/// What a run prints, which must succeed.
fn done(dir: &Path, args: &[&str]) -> String {
    let o = run(dir, args);
    assert_eq!(o.status.code(), Some(0), "{args:?}: {}", err(&o));
    out(&o)
}

fn json(dir: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&done(dir, args)).unwrap()
}

/// Refused with a reason and a fix on standard error, and without a panic.
fn refused(dir: &Path, args: &[&str]) -> String {
    let o = run(dir, args);
    let e = err(&o);
    assert_eq!(o.status.code(), Some(1), "{args:?}: {e}");
    assert!(e.contains("error[") && e.contains("fix: "), "{args:?}: {e}");
    assert!(!e.contains("panicked"), "{args:?}: {e}");
    e
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

/// Three items sold by the week, weeks that start on a Friday, no randomness: a level, a season of 13 weeks, a little noise.
fn weekly(weeks: i64) -> String {
    let friday = chrono::NaiveDate::from_ymd_opt(2024, 1, 5).unwrap();
    let mut csv = String::from("unique_id,ds,y\n");
    for (k, item) in ["bolts", "nuts", "washers"].into_iter().enumerate() {
        for w in 0..weeks {
            let season = (w as f64 / 13.0 * std::f64::consts::TAU).sin();
            let noise = ((w * 7919 + k as i64 * 104_729) % 11) - 5;
            let y = (20.0 * (k + 1) as f64 + 5.0 * season).round() as i64 + noise;
            csv.push_str(&format!("{item},{},{}\n", friday + chrono::Days::new(7 * w as u64), y.max(0)));
        }
    }
    csv
}

const ITEMS: &str = "item,cost,price,supplier,lead_time_days,pack_size,weight_kg,volume_m3\n\
    bolts,2.00,5.00,Smith,14,6,0.8,0.002\nnuts,1.00,3.00,Smith,14,12,0.4,0.001\nwashers,0.50,1.20,Jones,7,24,0.1,0.0005\n";
const STOCK: &str = "unique_id,on_hand\nbolts,40\nnuts,60\nwashers,150\n";
const SCENARIO: &str = "version = 1\nname = \"Small shop\"\nseed = 7\nreplications = 40\nperiods = 8\n\n[history]\nfiles = [\"sales.csv\"]\n\
    items = \"items.csv\"\nstock = \"stock.csv\"\n\n[cost]\nholding_rate = 0.25\norder = 4.0\n";

fn shop() -> TempDir {
    folder(&[("sales.csv", &weekly(80)), ("items.csv", ITEMS), ("stock.csv", STOCK), ("scenario.toml", SCENARIO)])
}

#[test]
fn every_command_explains_itself() {
    let dir = TempDir::new().unwrap();
    let all = done(dir.path(), &["--help"]);
    for c in COMMANDS {
        assert!(all.contains(c), "{c} is missing from --help");
        let help = done(dir.path(), &[c, "--help"]);
        assert!(help.contains("Usage: stockcast") && help.contains("--json"), "{help}");
        assert!(help.contains("xample"), "{c} --help shows no example");
    }
    assert!(done(dir.path(), &["--version"]).starts_with("stockcast "));
}

#[test]
fn wrong_usage_is_code_two() {
    let dir = shop();
    for args in [
        &["forecast", "sales.csv"][..],
        &["forecast", "sales.csv", "--horizon", "0"],
        &["forecast", "sales.csv", "--horizon", "x"],
        &["forecast", "sales.csv", "--horizon", "3", "--colour"],
        &["forecast", "sales.csv", "--horizon", "3", "--freq", "M", "--period", "week"],
        &["simulate"],
        &["simulate", "scenario.toml", "--threads", "0"],
        &["compare", "scenario.toml"],
        &["report", "scenario.toml"],
        &["routes", "a.vrp", "--seconds", "1", "--iterations", "1"],
        &["demo", "--out", "x", "--no-files"],
    ] {
        let o = run(dir.path(), args);
        assert_eq!(o.status.code(), Some(2), "{args:?}: {}", err(&o));
        assert!(err(&o).contains("Usage") || err(&o).contains("--help"), "{args:?}");
        assert!(o.stdout.is_empty());
    }
}

#[test]
fn refusals_name_the_fix() {
    let dir = shop();
    let d = dir.path();
    for (args, says) in [
        (&["dmeo"][..], "did you mean `stockcast demo`"),
        (&["audit", "nothere.csv"], "no such file"),
        (&["orders", "nothere.csv"], "no such file"),
        (&["simulate", "-"], "standard input"),
        (&["routes", "nothere.vrp"], "no such file"),
        (&["audit", "."], "cannot be read"),
        (&["forecast", "sales.csv", "--horizon", "3", "--model", "dto"], "did you mean 'DOT'"),
        (&["forecast", "sales.csv", "--horizon", "3", "--level", "120"], "between 0 and 100"),
        (&["forecast", "sales.csv", "--horizon", "3", "--freq", "fortnight"], "no period"),
        (&["forecast", "sales.csv", "--horizon", "3", "-o", "f.docx"], ".parquet"),
        (&["forecast", "sales.csv", "--horizon", "3", "-o", "nowhere/f.csv"], "make the folder"),
        (&["import", "sales.csv", "--map", "y=quantiy"], "did you mean 'quantity'"),
        (&["import", "sales.csv", "--map", "y"], "COLUMN=ROLE"),
        (&["import", "sales.csv", "--kind", "stocks"], "sales, stock or items"),
        (&["report", "scenario.toml", "-o", "report.pdf"], ".html"),
        (&["simulate", "scenario.toml", "--replications", "0"], "replications"),
        (&["replay", "scenario.toml", "--periods", "5000"], "fix"),
        (&["backtest", "sales.csv", "--horizon", "500"], "--horizon"),
        (&["routes", "sales.csv"], "column"),
    ] {
        let e = refused(d, args);
        assert!(e.contains(says), "{args:?} should say {says:?}: {e}");
    }
    // asked for JSON, the reasons are on standard output too
    let o = run(d, &["audit", "nothere.csv", "--json"]);
    assert_eq!(o.status.code(), Some(1));
    let value: Value = serde_json::from_str(&out(&o)).unwrap();
    assert_eq!(value["diagnostics"][0]["severity"], "error");
    assert!(value["diagnostics"][0]["fix"].is_string());
}

#[test]
fn hostile_files_are_refused_without_a_panic() {
    let dir = shop();
    let d = dir.path();
    let half = |name: &str| {
        let bytes = fs::read(d.join(name)).unwrap();
        fs::write(d.join(format!("half-{name}")), &bytes[..bytes.len() / 2]).unwrap();
    };
    for name in ["whole.xlsx", "whole.parquet"] {
        done(d, &["import", "sales.csv", "-o", name]);
        half(name);
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(weekly(60).as_bytes()).unwrap();
    fs::write(d.join("whole.csv.gz"), gz.finish().unwrap()).unwrap();
    half("whole.csv.gz");
    let noise: Vec<u8> = (0..6000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut long = b"date,item,quantity\n2024-01-01,".to_vec();
    long.resize(10 << 20, b'x');
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("empty.xlsx", b""),
        ("empty.parquet", b""),
        ("header.csv", b"date,item,quantity\n"),
        ("blank.csv", b"\n\n\n \n"),
        ("binary.csv", &noise),
        ("binary.xlsx", &noise),
        ("binary.parquet", &noise),
        ("column.csv", b"quantity\n1\n2\n3\n"),
        ("dates.csv", b"date,item,quantity\n31/31/2024,a,1\n99/99/2024,a,2\n45/12/2024,b,3\n"),
        ("words.csv", b"date,item,quantity\nsoon,a,many\nlater,b,few\n"),
        ("long.csv", &long),
    ] {
        fs::write(d.join(name), bytes).unwrap();
    }
    let hostile = [
        "empty.csv",
        "empty.xlsx",
        "empty.parquet",
        "header.csv",
        "blank.csv",
        "binary.csv",
        "binary.xlsx",
        "binary.parquet",
        "column.csv",
        "dates.csv",
        "words.csv",
        "long.csv",
        "half-whole.xlsx",
        "half-whole.parquet",
        "half-whole.csv.gz",
    ];
    for file in hostile {
        for args in [&["audit", file][..], &["import", file], &["forecast", file, "--horizon", "2"], &["orders", file]] {
            let e = refused(d, args);
            assert!(e.contains(file), "{args:?} does not name the file: {}", e.chars().take(500).collect::<String>());
            assert!(e.len() < 4000, "{args:?} says too much");
        }
    }
    for file in ["whole.xlsx", "whole.parquet", "whole.csv.gz"] {
        done(d, &["audit", file]);
    }
}

#[test]
fn scenario_typos_get_a_hint_with_file_and_line() {
    let dir = shop();
    for (from, to, line, hint) in [
        ("[cost]", "[costs]", 12, "did you mean 'cost'"),
        ("holding_rate", "holding_rat", 13, "did you mean 'holding_rate'"),
        ("replications", "replication", 4, "did you mean 'replications'"),
        ("[cost]", "[policy]\nkind = \"optmal\"\n[cost]", 13, "did you mean \"optimal\""),
        ("[cost]", "[demand]\ndistribution = \"poison\"\n[cost]", 13, "did you mean \"poisson\""),
    ] {
        assert!(SCENARIO.contains(from));
        fs::write(dir.path().join("typo.toml"), SCENARIO.replacen(from, to, 1)).unwrap();
        let e = refused(dir.path(), &["simulate", "typo.toml"]);
        assert!(e.contains(&format!("typo.toml:{line}")) && e.contains(hint), "{to}: {e}");
    }
    fs::write(dir.path().join("day.toml"), format!("{SCENARIO}[logistics]\nconsolidation = {{ weekdays = [\"tus\"] }}\n")).unwrap();
    let e = refused(dir.path(), &["simulate", "day.toml"]);
    assert!(e.contains("day.toml") && e.contains("tue"), "{e}");
    fs::write(dir.path().join("gone.toml"), SCENARIO.replace("items.csv", "itens.csv")).unwrap();
    assert!(refused(dir.path(), &["simulate", "gone.toml"]).contains("itens.csv"));
    fs::write(dir.path().join("broken.toml"), "version = 1\n[history\n").unwrap();
    assert!(refused(dir.path(), &["simulate", "broken.toml"]).contains("broken.toml:2"));
}

/// A scenario of a demand distribution, seeded, long enough to be near its exact answer.
fn classical(demand: &str, lead_time: f64, unmet: &str, cost: &str, policy: &str) -> TempDir {
    folder(&[(
        "case.toml",
        &format!(
            "version = 1\nseed = 1\nreplications = 20\nperiods = 1000\nwarm_up = 100\n[demand]\n{demand}\n[supply]\n\
             lead_time = {{ mean = {lead_time:.1} }}\nunmet_demand = \"{unmet}\"\n[cost]\n{cost}\n[policy]\n{policy}\n"
        ),
    )])
}

/// Cost of stock per period: the total less freight and carbon, which the textbooks leave out.
fn stock_cost(v: &Value) -> (f64, f64) {
    let mean = |k: &str| v[k]["mean"].as_f64().unwrap();
    let s = &v["series"][0]["total_cost_per_period"];
    let rest = mean("total_cost_per_period") - mean("freight_cost_per_period") - mean("carbon_cost_per_period");
    assert!((rest - s["mean"].as_f64().unwrap()).abs() < 1e-6, "the total is not the sum of its parts");
    (rest, s["half_width"].as_f64().unwrap())
}

/// Within one and a half half-widths of 95 %, which is three standard errors.
fn close(v: &Value, exact: f64) {
    let (mean, half_width) = stock_cost(v);
    assert!(half_width > 0.0 && half_width < 0.03 * exact, "half-width {half_width} of {mean}");
    assert!((mean - exact).abs() < 1.5 * half_width, "{mean} ± {half_width}, exactly {exact}");
}

/// Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd edition, example 4.7: Poisson 6, K 5, h 1, p 4: (s, S) = (4, 10), 8.0341.
#[test]
fn the_textbook_s_s_case() {
    let case = |policy| {
        classical("distribution = \"poisson\"\nmean = 6.0", 0.0, "backorder", "holding = 1.0\nshortage = 4.0\norder = 5.0", policy)
    };
    let dir = case("kind = \"sS\"\ns = 4\nS = 10");
    close(&json(dir.path(), &["simulate", "case.toml", "--json"]), 8.0341);
    let dir = case("kind = \"optimal\"");
    let v = json(dir.path(), &["optimize", "case.toml", "--json"]);
    let (mean, half_width) = stock_cost(&v);
    assert!(mean - 8.0341 < 0.0803 + half_width, "{mean}");
    let one = &v["series"][0];
    assert!((one["s"].as_f64().unwrap() - 4.0).abs() <= 1.0 && (one["S"].as_f64().unwrap() - 10.0).abs() <= 1.0, "{one}");
    assert!(one["curve"].as_array().unwrap().len() > 3);
}

/// The test bed of Zipkin, Old and New Methods for Lost-Sales Inventory Systems (2008): Poisson 5, L 4, h 1, p 4; the best base-stock
/// level is 25 and costs 5.1978 by exact evaluation of its Markov chain.
#[test]
fn zipkins_lost_sales_base_stock() {
    let dir =
        classical("distribution = \"poisson\"\nmean = 5.0", 4.0, "lost", "holding = 1.0\nshortage = 4.0", "kind = \"base_stock\"\nS = 25");
    close(&json(dir.path(), &["simulate", "case.toml", "--json"]), 5.1978);
}

/// The newsvendor with backorders is base stock without lead time: cost h·E[S − D]⁺ + p·E[D − S]⁺, summed here over Poisson 6.
#[test]
fn the_newsvendor() {
    let (h, p, level) = (1.0, 4.0, 8);
    let mut mass = (-6.0f64).exp();
    let mut exact = 0.0;
    for k in 0..60 {
        let left = f64::from(level - k);
        exact += mass * if left > 0.0 { h * left } else { -p * left };
        mass *= 6.0 / f64::from(k + 1);
    }
    let dir = classical(
        "distribution = \"poisson\"\nmean = 6.0",
        0.0,
        "backorder",
        "holding = 1.0\nshortage = 4.0",
        "kind = \"base_stock\"\nS = 8",
    );
    close(&json(dir.path(), &["simulate", "case.toml", "--json"]), exact);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let dir = shop();
    let d = dir.path();
    fs::write(d.join("ship.csv"), SHIPMENTS).unwrap();
    fs::write(d.join("locations.csv"), LOCATIONS).unwrap();
    for args in [
        &["simulate", "scenario.toml", "--json"][..],
        &["optimize", "scenario.toml", "--json"],
        &["orders", "scenario.toml"],
        &["replay", "scenario.toml", "--periods", "8", "--json"],
        &["forecast", "sales.csv", "--horizon", "6", "--paths", "3"],
        &["backtest", "sales.csv", "--horizon", "4", "--windows", "2", "--json"],
        &["routes", "ship.csv", "--locations", "locations.csv", "--iterations", "400", "--json"],
    ] {
        let with = |n: &str| done(d, &[args, &["--threads", n]].concat());
        let one = with("1");
        assert!(!one.is_empty());
        assert_eq!(one, with("2"), "{args:?}");
    }
    let other = done(d, &["simulate", "scenario.toml", "--json", "--seed", "8"]);
    assert_ne!(other, done(d, &["simulate", "scenario.toml", "--json"]), "the seed changes nothing");
}

/// Sums of hundreds of millions keep their columns apart.
#[test]
fn large_sums_do_not_run_into_each_other() {
    let rows: String = (0..120i64)
        .map(|w| {
            let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Duration::weeks(w);
            format!("a,{date},{}\n", 20_000_000 + (w * 37 % 11) * 3_000_000)
        })
        .collect();
    let plan = "version = 1\n[history]\nfiles = [\"s.csv\"]\n[supply]\nlead_time = 2\n[cost]\nholding = 0.2\nshortage = 1.0\norder = 0.0\n";
    let dir = folder(&[("s.csv", &format!("unique_id,ds,y\n{rows}")), ("p.toml", plan)]);
    let text = done(dir.path(), &["-q", "replay", "p.toml", "--periods", "8"]);
    let line = text.lines().find(|l| l.starts_with("Stockcast")).unwrap();
    assert_eq!(line.split_whitespace().count(), 7, "{text}");
    assert!(line.len() > 110 && text.lines().find(|l| l.starts_with("rule")).unwrap().len() == line.chars().count(), "{text}");
}

/// Weeks with empty shelves, told by a flag: demand is estimated and forecast, and replay reports with and without them. A file without
/// a flag reports once.
#[test]
fn empty_shelves_from_the_file_to_the_replay() {
    let dir = shop();
    let d = dir.path();
    let flagged: String = weekly(80)
        .lines()
        .enumerate()
        .map(|(i, l)| match l.rsplit_once(',') {
            Some((row, _)) if i > 0 && i % 4 == 3 => format!("{row},0,0\n"),
            _ => format!("{l},{}\n", if i == 0 { "in_stock" } else { "1" }),
        })
        .collect();
    let blind: String = flagged.lines().filter_map(|l| Some(format!("{}\n", l.rsplit_once(',')?.0))).collect();
    fs::write(d.join("sales.csv"), &flagged).unwrap();
    fs::write(d.join("blind.csv"), &blind).unwrap();
    done(d, &["import", "sales.csv", "-o", "out.csv"]);
    let table = fs::read_to_string(d.join("out.csv")).unwrap();
    let head: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = |name: &str| head.iter().position(|h| *h == name).unwrap();
    let sum = |column: usize| table.lines().skip(1).filter_map(|l| l.split(',').nth(column)?.parse::<f64>().ok()).sum::<f64>();
    let (sold, wanted) = (sum(at("y")), sum(at("demand")));
    assert!(wanted > 1.25 * sold && wanted < 1.45 * sold, "{wanted} of {sold}: a quarter of the weeks was missed");
    let mean = |file: &str| {
        let text = done(d, &["forecast", file, "--horizon", "8"]);
        let at = text.lines().next().unwrap().split(',').position(|h| h == "mean").unwrap();
        text.lines().skip(1).filter_map(|l| l.split(',').nth(at)?.parse::<f64>().ok()).sum::<f64>()
    };
    assert!(mean("sales.csv") > 1.2 * mean("blind.csv"), "{} {}", mean("sales.csv"), mean("blind.csv"));
    let v = json(d, &["replay", "scenario.toml", "--periods", "8", "--json"]);
    assert_eq!(v["censored_periods"], 6, "two of eight weeks, three items");
    let (all, without) = (&v["stockcast"], &v["without_censored"]["stockcast"]);
    assert!(without["total_cost"].as_f64().unwrap() < all["total_cost"].as_f64().unwrap());
    // nothing was sold in those weeks
    assert_eq!(without["demand"], all["demand"]);
    for key in ["keep_cover", "seasonal_naive", "saved_against_keep_cover", "saved_against_seasonal_naive"] {
        assert!(!v["without_censored"][key].is_null(), "{key}");
    }
    let said = done(d, &["replay", "scenario.toml", "--periods", "8", "-o", "replay.csv"])
        + &done(d, &["replay", "scenario.toml", "--periods", "8"]);
    assert!(said.contains("without the 6 periods in which an empty shelf"), "{said}");
    assert!(fs::read_to_string(d.join("replay.csv")).unwrap().contains("censored_periods"));
    fs::write(d.join("sales.csv"), weekly(80)).unwrap();
    let v = json(d, &["replay", "scenario.toml", "--periods", "8", "--json"]);
    assert!(v["without_censored"].is_null() && v["censored_periods"] == 0);
}

/// What `import` writes in any format it reads again as the same series, items named like formulas and all.
#[test]
fn what_is_exported_is_imported() {
    let dir = folder(&[(
        "sales.csv",
        "Order,Date,SKU,Product,Qty,Price\n1,2026-01-13,\"=HYPERLINK(\"\"http://x\"\")\",\"+Mug, \"\"blue\"\"; 3\",2,10.50\n2,2026-01-14,@cap,-5 degrees,1,7.00\n3,2026-01-15,-3,Minus three,4,1.25\n4,2026-01-16,+49 Tee,'quoted,1,2.00\n5,2026-01-16,00042,zeros,1,2.00\n",
    )]);
    let d = dir.path();
    let day = |out: &str, file: &str| done(d, &["import", file, "-o", out, "--period", "day"]);
    day("first.csv", "sales.csv");
    let first = fs::read_to_string(d.join("first.csv")).unwrap();
    // text that a spreadsheet would run is neutralised, numbers are not
    assert!(first.lines().skip(1).any(|l| l.starts_with("\"'=HYPERLINK") || l.starts_with("'@cap")), "{first}");
    for format in ["csv", "tsv", "xlsx", "parquet"] {
        let file = format!("copy.{format}");
        day(&file, "sales.csv");
        day("again.csv", &file);
        assert_eq!(fs::read_to_string(d.join("again.csv")).unwrap(), first, "{format}");
    }
}

/// Every simulated measure says how exact it is and how far outcomes spread.
#[test]
fn the_json_contract() {
    let dir = shop();
    let v = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    assert_eq!((v["seed"].as_u64(), v["replications"].as_u64(), v["periods"].as_u64()), (Some(7), Some(40), Some(8)));
    let measure = |v: &Value, key: &str| {
        for part in ["mean", "half_width", "p10", "p90"] {
            assert!(v[key][part].as_f64().is_some_and(f64::is_finite), "{key}.{part}: {}", v[key]);
        }
        assert!(v[key]["p10"].as_f64() <= v[key]["p90"].as_f64(), "{key}");
        assert!(v[key]["half_width"].as_f64().unwrap() >= 0.0, "{key}");
    };
    let costs = ["total_cost", "stockout_cost", "overstock_cost", "holding_cost", "ordering_cost", "freight_cost"];
    for key in costs.into_iter().chain(["fill_rate", "cycle_service", "emissions_kg_co2e", "distance_km", "load_factor", "trips"]) {
        measure(&v, key);
    }
    for key in costs {
        let per = format!("{key}_per_period");
        measure(&v, &per);
        assert!((v[&per]["mean"].as_f64().unwrap() * 8.0 - v[key]["mean"].as_f64().unwrap()).abs() < 1e-6, "{key}");
    }
    let sum = ["stockout_cost", "overstock_cost", "ordering_cost", "freight_cost", "carbon_cost"].map(|k| v[k]["mean"].as_f64().unwrap());
    assert!((sum.iter().sum::<f64>() - v["total_cost"]["mean"].as_f64().unwrap()).abs() < 1e-6);
    assert_eq!(v["series"].as_array().unwrap().len(), 3);
    for s in v["series"].as_array().unwrap() {
        measure(s, "total_cost");
        measure(s, "fill_rate");
    }
    assert!(v["diagnostics"].is_array());
    // the other ways to ask for the same
    let o = json(dir.path(), &["orders", "scenario.toml", "--json"]);
    for line in o["orders"].as_array().unwrap() {
        for key in ["unique_id", "item", "location", "supplier", "order_date", "arrives", "order_quantity", "value", "reason"] {
            assert!(!line[key].is_null(), "{key}: {line}");
        }
    }
    assert_eq!(json(dir.path(), &["simulate", "scenario.toml", "--json", "-o", "-"])["name"], "Small shop", "one object, with -o - too");
}

#[test]
fn orders_and_measures_in_every_format() {
    let dir = shop();
    let d = dir.path();
    let csv = done(d, &["orders", "scenario.toml"]);
    let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    for key in ["unique_id", "item", "location", "supplier", "order_date", "arrives", "order_quantity", "value", "reason"] {
        assert!(header.contains(&key), "{header:?}");
    }
    for name in ["o.csv", "o.tsv", "o.json", "o.parquet", "o.xlsx"] {
        assert_eq!(done(d, &["orders", "scenario.toml", "-o", name]), "", "data go to the file alone");
        assert!(fs::metadata(d.join(name)).unwrap().len() > 0);
    }
    assert_eq!(fs::read_to_string(d.join("o.csv")).unwrap(), csv);
    // a table on standard output takes the summary's place
    let table = done(d, &["simulate", "scenario.toml", "-o", "-"]);
    assert!(table.starts_with("unique_id,") && table.lines().count() == 4, "{table}");
    let summary = done(d, &["simulate", "scenario.toml"]);
    assert!(summary.contains("3 series over 8 weeks, 40 replications, seed 7"), "{summary}");
    assert!(!summary.contains("seriess"));
}

#[test]
fn forecast_columns_and_dates() {
    let dir = shop();
    let d = dir.path();
    let csv = done(d, &["forecast", "sales.csv", "--horizon", "3"]);
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("unique_id,ds,mean,median,lo-80,hi-80,lo-95,hi-95,model"));
    // 80 weeks from Friday 2024-01-05 end with the week of 2025-07-11
    for id in ["bolts", "nuts", "washers"] {
        for ds in ["2025-07-18", "2025-07-25", "2025-08-01"] {
            let row: Vec<&str> = lines.next().unwrap().split(',').collect();
            assert_eq!(row[..2], [id, ds]);
            let n: Vec<f64> = row[2..8].iter().map(|x| x.parse().unwrap()).collect();
            assert!(n[4] <= n[2] && n[2] <= n[1] && n[1] <= n[3] && n[3] <= n[5], "intervals are not nested: {row:?}");
        }
    }
    assert_eq!(lines.next(), None);
    let levels = done(d, &["forecast", "sales.csv", "--horizon", "1", "--level", "90,50", "--paths", "2", "--model", "DOT"]);
    assert_eq!(levels.lines().next(), Some("unique_id,ds,mean,median,lo-50,hi-50,lo-90,hi-90,model,path-1,path-2"));
    assert!(levels.lines().skip(1).all(|l| l.contains(",DOT,")), "{levels}");
    let piped =
        Command::new(env!("CARGO_BIN_EXE_stockcast")).args(["forecast", "-", "--horizon", "3"]).write_stdin(weekly(80)).output().unwrap();
    assert_eq!(out(&piped), csv, "standard input and the file differ");
    let v = json(d, &["forecast", "sales.csv", "--horizon", "3", "--json"]);
    assert_eq!((v["forecast"].as_array().unwrap().len(), v["series"].as_array().unwrap().len()), (9, 3));
    assert_eq!(v["forecast"][0]["ds"], "2025-07-18");
}

/// The sample shop's order export, with its quirks, made into clean series and forecast.
#[test]
fn an_export_becomes_series_that_are_read_back() {
    let dir = TempDir::new().unwrap();
    let d = dir.path();
    let export = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/orders_export.csv");
    let export = export.to_str().unwrap();
    let v = json(d, &["import", export, "--period", "week", "-o", "series.parquet", "--json"]);
    let again = json(d, &["audit", "series.parquet", "--json"]);
    for key in ["series", "period", "measured", "first", "last", "total"] {
        assert_eq!(v["history"][key], again["history"][key], "{key}");
    }
    let csv = done(d, &["forecast", "series.parquet", "--horizon", "2", "--model", "SeasonalNaive"]);
    assert_eq!(csv.lines().count() as u64, 1 + 2 * v["history"]["series"].as_u64().unwrap());
    assert!(csv.starts_with("unique_id,item,location,ds,mean,"));
    let text = done(d, &["audit", export]);
    assert!(text.contains("Shopify orders") && text.contains("set aside"), "{text}");
    assert!(!text.contains("seriess") && text.matches("rows set aside: cancelled").count() == 1, "{text}");
}

/// Companion files keep everything a plan reads from them.
#[test]
fn item_and_stock_files_are_kept_whole() {
    let dir = shop();
    let d = dir.path();
    done(d, &["import", "items.csv", "--kind", "items", "-o", "clean.csv"]);
    done(d, &["import", "stock.csv", "--kind", "stock", "-o", "shelf.csv"]);
    fs::write(d.join("again.toml"), SCENARIO.replace("items.csv", "clean.csv").replace("stock.csv", "shelf.csv")).unwrap();
    assert_eq!(done(d, &["orders", "again.toml"]), done(d, &["orders", "scenario.toml"]));
    let v = json(d, &["import", "items.csv", "--kind", "items", "--json"]);
    assert_eq!((&v["kind"], v["rows"][0]["lead_time_days"].as_f64()), (&Value::from("items"), Some(14.0)));
}

#[test]
fn a_scenario_compared_with_itself_differs_by_nothing() {
    let dir = shop();
    let d = dir.path();
    let v = json(d, &["compare", "scenario.toml", "scenario.toml", "--json"]);
    let all = v["comparison"]["differences"].as_array().unwrap();
    let mut paired = 0;
    for x in all {
        assert_eq!(x["difference"]["mean"], 0.0, "{x}");
        if x["paired"] == true {
            paired += 1;
            assert_eq!(x["difference"]["half_width"], 0.0, "{x}");
        }
    }
    assert!(paired > 0, "nothing is paired");
    for s in v["comparison"]["series"].as_array().unwrap() {
        assert_eq!((&s["difference"]["mean"], &s["difference"]["half_width"]), (&Value::from(0.0), &Value::from(0.0)));
    }
    // what both readings note is said once
    let o = run(d, &["compare", "scenario.toml", "scenario.toml"]);
    let e = err(&o);
    let mut notes: Vec<&str> = e.lines().filter(|l| l.starts_with("note[") || l.starts_with("warning[")).collect();
    let said = notes.len();
    notes.sort_unstable();
    notes.dedup();
    assert_eq!(said, notes.len(), "{e}");
    // a dearer stockout changes the cost
    fs::write(d.join("b.toml"), format!("{SCENARIO}shortage = 9.0\n")).unwrap();
    let v = json(d, &["compare", "scenario.toml", "b.toml", "--json"]);
    assert!(v["comparison"]["differences"][0]["difference"]["mean"].as_f64().unwrap() != 0.0);
}

#[test]
fn the_demo_does_the_main_job() {
    let dir = TempDir::new().unwrap();
    let d = dir.path();
    let text = done(d, &["demo", "--out", "made"]);
    for says in [
        "Replay ",
        "saved",
        "At risk ",
        "stockouts",
        "overstock",
        "Service ",
        "Stock ",
        "Freight ",
        "Footprint ",
        "kg CO2e",
        "Order now ",
        "why the first: ",
    ] {
        assert!(text.contains(says), "no {says:?} in\n{text}");
    }
    let made = d.join("made");
    for name in
        ["orders.csv", "series.csv", "replay.csv", "trips.csv", "report.html", "report.xlsx", "data/scenario.toml", "data/sales.csv"]
    {
        assert!(fs::metadata(made.join(name)).unwrap().len() > 0, "{name}");
        assert!(text.contains(name.split('/').next().unwrap()), "the summary does not name {name}");
    }
    page(&fs::read_to_string(made.join("report.html")).unwrap());
    let summary = done(&made.join("data"), &["simulate", "scenario.toml", "--replications", "20", "--horizon", "13"]);
    assert!(summary.contains("total cost") && summary.contains("20 replications"), "{summary}");
}

/// A page that loads nothing from anywhere.
fn page(html: &str) {
    assert!(html.trim_start().to_lowercase().starts_with("<!doctype html>") && html.contains("<svg"));
    for attribute in ["src=\"", "src='", "url("] {
        for (i, _) in html.match_indices(attribute) {
            let rest: String = html[i + attribute.len()..].chars().take(40).collect();
            let inline = rest.trim_start_matches(['"', '\'']);
            assert!(inline.starts_with("data:") || inline.starts_with('#'), "the page loads {rest}");
        }
    }
    for tag in ["<link", "<iframe", "<script src", "@import"] {
        assert!(!html.contains(tag), "the page has {tag}");
    }
}

#[test]
fn reports_stand_alone() {
    use calamine::Reader as _;
    let dir = shop();
    let d = dir.path();
    done(d, &["report", "scenario.toml", "-o", "r.html", "--replay", "8"]);
    page(&fs::read_to_string(d.join("r.html")).unwrap());
    let v = json(d, &["report", "scenario.toml", "-o", "r.xlsx", "--replay", "0", "--json"]);
    assert_eq!((&v["report"], v["seed"].as_u64()), (&Value::from("r.xlsx"), Some(7)));
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(d.join("r.xlsx")).unwrap();
    assert_eq!(book.worksheet_range("Series").unwrap().rows().count(), 4, "a heading and a row a series");
    assert!(book.sheet_names().contains(&"Orders".to_owned()));
}

const SHIPMENTS: &str = "shipment,ready,from,to,weight_kg,volume_m3,lat,lon\n\
    a,2026-01-05,Depot,Bath,120,0.5,51.38,-2.36\nb,2026-01-05,Depot,Bristol,300,1.0,51.45,-2.59\n\
    c,2026-01-06,Depot,Bath,80,0.4,51.38,-2.36\nd,2026-01-06,Depot,Wells,60,0.2,51.21,-2.65\n\
    e,2026-01-06,Depot,Frome,70,0.3,51.23,-2.32\n";
const LOCATIONS: &str = "location,lat,lon,kind\nDepot,51.5,-2.6,depot\n";
const INSTANCE: &str = "NAME : square\nTYPE : CVRP\nDIMENSION : 6\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 5\nNODE_COORD_SECTION\n\
    1 0 0\n2 0 10\n3 0 11\n4 20 0\n5 21 0\n6 -5 -5\nDEMAND_SECTION\n1 0\n2 2\n3 3\n4 2\n5 2\n6 4\nDEPOT_SECTION\n1\n-1\nEOF\n";

#[test]
fn routes_of_an_instance() {
    let dir = folder(&[("square.vrp", INSTANCE)]);
    let d = dir.path();
    done(d, &["routes", "square.vrp", "--iterations", "500", "-o", "square.sol"]);
    let solution = fs::read_to_string(d.join("square.sol")).unwrap();
    let mut served: Vec<u32> = solution
        .lines()
        .filter_map(|l| l.strip_prefix("Route #")?.split_once(':'))
        .flat_map(|(_, stops)| stops.split_whitespace().map(|s| s.parse().unwrap()).collect::<Vec<_>>())
        .collect();
    served.sort_unstable();
    assert_eq!(served, [1, 2, 3, 4, 5], "{solution}");
    // three pairs apart by more than any trip could join: up to 11 and back, to 21 and back, to (−5, −5) and back (7 each way)
    assert!(solution.contains("Cost 78"), "{solution}");
    assert_eq!(done(d, &["routes", "square.vrp", "--iterations", "500"]), solution);
    assert_eq!(json(d, &["routes", "square.vrp", "--iterations", "500", "--json"])["cost"], 78.0);
    assert!(refused(d, &["routes", "square.vrp", "-o", "square.csv"]).contains(".sol"));
}

/// One depot, four customers in two directions; the windows of customers 1 and 2 force 2 before 1.
const SOLOMON: &str = "small\n\nVEHICLE\nNUMBER     CAPACITY\n  3         10\n\nCUSTOMER\nCUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME\n\n\
    0 0 0 0 0 200 0\n1 3 4 4 60 70 10\n2 6 8 4 0 20 10\n3 -3 -4 4 0 100 10\n4 -6 -8 99 0 100 10\n";

#[test]
fn routes_of_an_instance_with_windows() {
    let dir = folder(&[("small.txt", SOLOMON)]);
    let d = dir.path();
    let solution = done(d, &["routes", "small.txt", "--iterations", "500"]);
    // up to (6, 8) and back through (3, 4); to (−3, −4) and back
    assert_eq!(solution, "Route #1: 2 1\nRoute #2: 3\nCost 30\n");
    let out = json(d, &["routes", "small.txt", "--iterations", "500", "--json"]);
    assert_eq!(out["unserved"][0]["stop"], 4);
    assert!(out["unserved"][0]["reason"].as_str().unwrap().contains("heavier"), "{out}");
    let wrong = SOLOMON.replace("1 3 4 4 60 70 10", "1 3 4 4 60 10");
    let dir = folder(&[("wrong.txt", &wrong)]);
    assert!(refused(dir.path(), &["routes", "wrong.txt"]).contains("seven numbers"));
}

#[test]
fn routes_keep_the_hours_of_shipments() {
    let rows = "shipment,ready,from,to,weight_kg,volume_m3,lat,lon,window_start,window_end,service_min\n\
        a,2026-01-05,Depot,Near,10,0.1,51.51,-2.6,15:00,16:00,10\n\
        b,2026-01-05,Depot,Far,10,0.1,51.9,-2.6,08:00,09:00,30\n\
        c,2026-01-05,Depot,Moon,10,0.1,60.0,-2.6,00:00,00:30,10\n";
    let dir = folder(&[("ship.csv", rows), ("locations.csv", LOCATIONS)]);
    let d = dir.path();
    let base = ["routes", "ship.csv", "--locations", "locations.csv", "--iterations", "300"];
    let csv = done(d, &base);
    let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let column = |name: &str| head.iter().position(|h| *h == name).unwrap();
    let row = |id: &str| csv.lines().map(|l| l.split(',').collect::<Vec<_>>()).find(|l| l[column("shipments")] == id).unwrap();
    assert!(("15:00".."16:01").contains(&row("a")[column("begins")]), "{csv}");
    assert!(("08:00".."09:01").contains(&row("b")[column("begins")]), "{csv}");
    assert!(row("b")[column("trip_leaves")] < row("b")[column("begins")], "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let out = json(d, &[&base[..], &["--json"]].concat());
    let said = out["diagnostics"].as_array().unwrap().iter().find(|n| n["code"] == "shipment-unserved").unwrap();
    assert!(said["message"].as_str().unwrap().contains("window"), "{out}");
}

#[test]
fn routes_of_shipments() {
    let dir = folder(&[("ship.csv", SHIPMENTS), ("locations.csv", LOCATIONS)]);
    let d = dir.path();
    let base = ["routes", "ship.csv", "--locations", "locations.csv", "--iterations", "300"];
    done(d, &[&base[..], &["-o", "trips.csv"]].concat());
    let csv = fs::read_to_string(d.join("trips.csv")).unwrap();
    assert!(csv.starts_with("trip,date,vehicle,from,stop,to,shipments,weight_kg,"), "{csv}");
    for id in ["a", "b", "c", "d", "e"] {
        assert_eq!(csv.lines().filter(|l| l.split(',').nth(6).is_some_and(|s| s.split(' ').any(|x| x == id))).count(), 1, "{id} in {csv}");
    }
    done(d, &[&base[..], &["-o", "trips.geojson"]].concat());
    let map: Value = serde_json::from_str(&fs::read_to_string(d.join("trips.geojson")).unwrap()).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    assert_eq!(map["features"][0]["geometry"]["coordinates"][0], serde_json::json!([-2.6, 51.5]));
    let v = json(d, &[&base[..], &["--json"]].concat());
    assert!(v["totals"]["distance_km"].as_f64().unwrap() > 0.0 && v["emissions_kg_co2e"].as_f64().unwrap() > 0.0);
    assert!(refused(d, &[&base[..], &["-o", "trips.sol"]].concat()).contains(".geojson"));
}

#[test]
fn without_a_display_the_window_names_the_demo() {
    let o = Command::new(env!("CARGO_BIN_EXE_stockcast"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    assert_eq!(o.status.code(), Some(1), "{}", err(&o));
    assert!(err(&o).contains("stockcast demo") && !err(&o).contains("panicked"), "{}", err(&o));
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let dir = shop();
    let o = run(dir.path(), &["import", "sales.csv", "-o", "x.csv", "--quiet"]);
    assert!(o.status.success() && o.stderr.is_empty() && o.stdout.is_empty());
    assert!(refused(dir.path(), &["audit", "nothere.csv", "-q"]).contains("no such file"));
}

/// `stockcast … | head -1`: a reader that goes away is no failure.
#[test]
#[cfg(unix)]
fn a_closed_pipe_is_no_error() {
    use std::io::Read as _;
    let dir = shop();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_stockcast"))
        .current_dir(dir.path())
        .args(["forecast", "sales.csv", "--horizon", "2000", "--model", "SeasonalNaive", "-q"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdout.take().unwrap();
    pipe.read_exact(&mut [0; 9]).unwrap();
    drop(pipe);
    let o = child.wait_with_output().unwrap();
    assert_eq!((o.status.code(), err(&o)), (Some(0), String::new()));
}

/// A script asks for the same fixes every month: a month with nothing to mend is no error, a name that is none is one.
#[test]
fn fixes_are_asked_for_by_name() {
    let dir = folder(&[("own.csv", "Date,Item,Qty\n2026-01-30,A-1,3\n2026-01-31,a-1,2\n2026-02-01,B,1\n")]);
    let d = dir.path();
    done(d, &["import", "own.csv", "--fix", "spelled-twice", "--set-aside", "unused.csv", "-o", "series.csv"]);
    let merged = std::fs::read_to_string(d.join("series.csv")).unwrap();
    assert!(!merged.contains("a-1"), "{merged}");
    assert!(std::fs::read_to_string(d.join("unused.csv")).unwrap().starts_with("file,line,reason"));
    let o = run(d, &["import", "own.csv", "--fix", "gaps", "-o", "again.csv"]);
    assert!(o.status.success() && err(&o).contains("nothing-to-fix"), "{}", err(&o));
    assert!(refused(d, &["import", "own.csv", "--fix", "spelled", "-o", "x.csv"]).contains("use one of gaps"));
}

/// Rules for holding shipments, named or looked for: the same orders, so that sending at once differs from itself by exactly nothing.
#[test]
fn consolidation_rules_are_compared_and_the_best_is_named() {
    let dir = TempDir::new().unwrap();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-data/scenario.toml");
    let small = ["--replications", "30", "--horizon", "16"];
    let ask = |more: &[&str]| json(dir.path(), &[&["--json", "-q", "consolidate", sample][..], &small, more].concat());
    let found = ask(&[]);
    let rules = found["rules"].as_array().unwrap();
    assert!(rules.len() > 12, "{}", rules.len());
    let cost = |r: &Value| r["total_cost"]["mean"].as_f64().unwrap();
    assert_eq!(found["best"], rules[0]["rule"]);
    assert!(rules.windows(2).all(|w| cost(&w[0]) <= cost(&w[1])));
    let daily = rules.iter().find(|r| r["rule"] == "every day").unwrap();
    assert_eq!(daily["total_cost_against_daily"]["mean"], 0.0);
    assert_eq!(daily["delay_days"]["mean"], 0.0);
    assert!(rules[0]["on_frontier"].as_bool().unwrap() && rules.iter().filter(|r| r["own"] == true).count() == 1);
    for r in rules {
        let parts = ["freight_cost", "stock_cost_of_delay"].map(|k| r[k]["mean"].as_f64().unwrap());
        let carbon = r["transport_kg_co2e"]["mean"].as_f64().unwrap() * 0.08;
        // the sample prices carbon; the cost of the wait is a mean over more replications than the trips are built in
        assert!((cost(r) - parts[0] - parts[1] - carbon).abs() < 0.05 * cost(r) + 50.0, "{r}");
    }
    // a promise of two days leaves only rules that keep it at the top; a day of waiting that costs a fortune sends everything at once
    let promised = ask(&["--promise", "2"]);
    assert!(promised["rules"][0]["keeps_promise"] == true && promised["rules"][0]["longest_delay_days"]["p90"].as_f64().unwrap() <= 2.0);
    let dear = ask(&["--price-per-day", "1000"]);
    assert_eq!(dear["rules"][0]["delay_days"]["mean"], 0.0, "{}", dear["best"]);
    // the sample has a shop with several suppliers: one round can call at all of them
    let round = rules.iter().find(|r| r["consolidation"]["collect"] == true).unwrap();
    assert!(round["rule"].as_str().unwrap().ends_with(", collected in rounds"));
    let named = ask(&["--rule", "mon,thu", "--rule", "every = 7, load = .2"]);
    let names: Vec<&str> = named["rules"].as_array().unwrap().iter().map(|r| r["rule"].as_str().unwrap()).collect();
    assert!(names.contains(&"mon, thu") && names.contains(&"every 7 days or at 20 % of a vehicle") && names.len() <= 4, "{names:?}");
    assert!(refused(dir.path(), &["consolidate", sample, "--rule", "evry = 3"]).contains("did you mean \"every = 3\""));
    assert!(refused(dir.path(), &["consolidate", sample, "--rule", "load = 3"]).contains("share of a vehicle"));
}

/// Customers round a hub far away: what goes there travels together, and the rule is found without being named.
#[test]
fn a_hub_is_used_where_it_pays() {
    let mut csv = String::from("shipment,ready,from,to,weight_kg,volume_m3,lat,lon\n");
    for day in 0..42i64 {
        for stop in 0..8i64 {
            let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + chrono::Duration::days(day);
            let (lat, lon) = (55.9 + 0.05 * (stop % 3) as f64, -3.2 + 0.06 * (stop % 4) as f64);
            csv += &format!("S{day}-{stop},{date},Depot,North {stop},90,0.2,{lat},{lon}\n");
        }
    }
    let dir = folder(&[
        ("shipments.csv", &csv),
        (
            "vehicles.csv",
            "vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,cost_per_hour\nlorry,6000,40,90,1.1,28\nvan,800,6,15,0.35,20\n",
        ),
        ("locations.csv", "location,lat,lon,kind\nDepot,51.45,-2.59,warehouse\nEdinburgh,55.95,-3.19,hub\n"),
    ]);
    let files = ["--vehicles", "vehicles.csv", "--locations", "locations.csv"];
    let ask = |more: &[&str]| json(dir.path(), &[&["--json", "-q", "consolidate", "shipments.csv"][..], &files, more].concat());
    let found = ask(&["--price-per-day", "4"]);
    let via = found["rules"].as_array().unwrap().iter().find(|r| !r["consolidation"]["via"].is_null()).unwrap().clone();
    assert_eq!(via["consolidation"]["via"][0], "Edinburgh");
    assert!(via["delay_days"]["mean"].as_f64().unwrap() >= 1.0, "changing takes a day: {via}");
    let named = ask(&["--rule", "every = 2, via = Edinburgh"]);
    assert!(named["rules"].as_array().unwrap().iter().any(|r| r["rule"] == "every 2 days via Edinburgh"), "{named}");
    let wrong = refused(dir.path(), &[&["consolidate", "shipments.csv", "--rule", "via = Edinburg"][..], &files].concat());
    assert!(wrong.contains("hub-unknown") && wrong.contains("did you mean Edinburgh?"), "{wrong}");
}

/// Few vehicles, shifts, carriers, distances of one's own, and places known by name.
#[test]
fn routes_with_what_a_real_fleet_has() {
    let shipments = "shipment,ready,from,to,weight_kg,volume_m3,window_start,window_end,service_min\n\
A1,2026-11-23,Bristol,Bath,500,1,08:00,12:00,20\nA2,2026-11-23,Bristol,Cheltenham,900,2,,,20\nA3,2026-11-23,Bristol,Inverness,4,0.01,,,\n\
A4,2026-11-23,Bristol,Bath,99999,3,,,\nA5,2026-11-23,Bristol,Taunton,40,0.1,03:00,03:10,\n";
    let dir = folder(&[
        ("s.csv", shipments),
        (
            "v.csv",
            "vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,cost_per_hour,count,shift_start,shift_end\nvan,1200,11,15,0.35,20,1,06:00,18:00\n",
        ),
        ("c.csv", "carrier,to,up_to_kg,price\nParcel Co,,30,9.50\n"),
        ("d.csv", "from,to,km,hours\nBristol,Bath,40,2\nBath,Bristol,41,2\n"),
    ]);
    let d = dir.path();
    let files = ["--vehicles", "v.csv", "--carriers", "c.csv", "--distances", "d.csv", "--whole", "--iterations", "500"];
    let all = json(d, &[&["routes", "s.csv", "--json"][..], &files].concat());
    let said = all["diagnostics"].to_string();
    for (what, why) in [
        ("5 places put on the map by name", "Inverness"),
        ("shipment A4 is on no trip: heavier than a whole vehicle may carry", "give a larger vehicle"),
        ("shipment A5 is on no trip: no vehicle can be there before its window closes and home in time", "widen its window"),
    ] {
        assert!(said.contains(what) && said.contains(why), "{what}: {said}");
    }
    assert_eq!(
        (all["unserved"].as_i64(), all["totals"]["hired"].as_i64(), all["totals"]["cost_hired"].as_f64()),
        (Some(2), Some(1), Some(9.5))
    );
    let rows = all["trips"].as_array().unwrap();
    let hired = rows.iter().find(|r| r["vehicle"] == "Parcel Co").unwrap();
    assert_eq!((&hired["to"], &hired["shipments"], &hired["trip_cost"]), (&json!("Inverness"), &json!("A3"), &json!(9.5)));
    // half a tonne and nine tenths do not fit together: the only van goes twice, one after the other
    let own: Vec<_> = rows.iter().filter(|r| r["vehicle"] == "van").collect();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|r| r["vehicle_number"] == "1"));
    let times: Vec<(&str, &str)> = own.iter().map(|r| (r["trip_leaves"].as_str().unwrap(), r["trip_home"].as_str().unwrap())).collect();
    assert!(times[0].1 <= times[1].0 || times[1].1 <= times[0].0, "{times:?}");
    // two hours each way by the file, 20 minutes there
    let bath = own.iter().find(|r| r["to"] == "Bath").unwrap();
    assert_eq!(bath["trip_distance_km"], 81.0);
    done(d, &[&["routes", "s.csv", "-o", "t.gpx"][..], &files].concat());
    let gpx = std::fs::read_to_string(d.join("t.gpx")).unwrap();
    assert!(gpx.starts_with("<?xml") && gpx.matches("<rte>").count() == 2 && gpx.contains("deliver 500.0 kg"), "{gpx}");
    // cut into loads where that is not refused
    let cut = json(d, &["routes", "s.csv", "--json", "--vehicles", "v.csv", "--iterations", "500"]);
    assert!(cut["diagnostics"].to_string().contains("shipment A4 (99,999 kg) is more than a vehicle carries: it goes in"), "{cut}");
    // under a rule, what is ready on Monday leaves on Wednesday; a carrier's days are said
    std::fs::write(d.join("c.csv"), "carrier,to,up_to_kg,price,days\nParcel Co,,30,9.50,3\n").unwrap();
    let held = json(d, &[&["routes", "s.csv", "--json", "--rule", "wed"][..], &files].concat());
    let rows = held["trips"].as_array().unwrap();
    assert!(rows.iter().all(|r| r["date"] == "2026-11-25"), "{held}");
    let hired = rows.iter().find(|r| r["vehicle"] == "Parcel Co").unwrap();
    assert_eq!(hired["delivered"], "2026-11-28");
    assert!(refused(d, &["routes", "s.csv", "--rule", "evry = 2"]).contains("did you mean"));
    // a table of an OSRM server: metres and seconds, longitude before latitude
    let osrm = r#"{"code":"Ok","distances":[[0,50000],[51000,0]],"durations":[[0,3600],[3600,0]],
        "sources":[{"location":[-2.59,51.45]},{"location":[-2.36,51.38]}],"destinations":[{"location":[-2.59,51.45]},{"location":[-2.36,51.38]}]}"#;
    std::fs::write(d.join("t.json"), osrm).unwrap();
    std::fs::write(d.join("l.csv"), "location,lat,lon\nBristol,51.45,-2.59\nBath,51.38,-2.36\n").unwrap();
    std::fs::write(d.join("one.csv"), "shipment,ready,from,to,weight_kg\nA,2026-11-23,Bristol,Bath,5\n").unwrap();
    let by_road = json(d, &["routes", "one.csv", "--json", "--locations", "l.csv", "--distances", "t.json"]);
    assert_eq!(by_road["totals"]["distance_km"], 101.0);
    std::fs::write(d.join("t.json"), "{\"code\":\"InvalidUrl\"}").unwrap();
    assert!(refused(d, &["routes", "one.csv", "--locations", "l.csv", "--distances", "t.json"]).contains("the table has no distances"));
}

/// A due day keeps a rule from being chosen that would leave it out, on sample data's deliveries too.
#[test]
fn due_days_decide_which_rules_may_be_chosen() {
    let dir = folder(&[]);
    let sample = |name: &str| format!("{}/sample-data/{name}", env!("CARGO_MANIFEST_DIR"));
    let (file, vans, places) = (sample("shipments.csv"), sample("vehicles.csv"), sample("locations.csv"));
    let base = ["--json", "-q", "consolidate", &file, "--vehicles", &vans, "--locations", &places];
    let ask = |more: &[&str]| json(dir.path(), &[&base[..], more].concat());
    let (kept, free) = (ask(&[]), ask(&["--ignore-due"]));
    let late = |v: &Value| v["rules"][0]["late"]["mean"].as_f64().unwrap();
    assert!(late(&kept) < 0.5 && late(&free) > 1.0);
    assert!(kept["rules"].as_array().unwrap().iter().any(|r| r["keeps_promise"] == false));
    let text = done(dir.path(), &[&base[1..], &["--rule", "every = 7"]].concat());
    assert!(text.contains(" late"), "{text}");
}

/// What really went out, held under rules: money adds up, waiting is priced, and a promise is kept.
#[test]
fn recorded_shipments_are_consolidated() {
    let mut csv = String::from("shipment,ready,from,to,weight_kg,volume_m3,lat,lon\n");
    for day in 0..56i64 {
        for stop in 0..6i64 {
            if (day * 7 + stop * 3) % 4 != 0 {
                let date = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + chrono::Duration::days(day);
                let (lat, lon) = (51.4 + 0.02 * stop as f64, -2.5 - 0.015 * (stop * stop % 5) as f64);
                csv += &format!("S{day}-{stop},{date},Depot,Shop {stop},{},0.2,{lat},{lon}\n", 20 + (day * 13 + stop * 31) % 40);
            }
        }
    }
    let dir = folder(&[
        ("shipments.csv", &csv),
        ("vehicles.csv", "vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km\nvan,800,6,40,0.5\n"),
        ("locations.csv", "location,lat,lon\nDepot,51.45,-2.59\n"),
    ]);
    let files = ["--vehicles", "vehicles.csv", "--locations", "locations.csv"];
    let ask = |more: &[&str]| json(dir.path(), &[&["--json", "-q", "consolidate", "shipments.csv"][..], &files, more].concat());
    let free = ask(&[]);
    let rules = free["rules"].as_array().unwrap();
    let daily = rules.iter().find(|r| r["rule"] == "every day").unwrap();
    let number = |r: &Value, k: &str| r[k]["mean"].as_f64().unwrap();
    assert_eq!(free["weeks"], 8);
    assert_eq!(number(daily, "shipments").round() as i64, csv.lines().count() as i64 - 1);
    assert!((number(daily, "trips") - 56.0).abs() < 1e-6, "one van a day: {daily}");
    // waiting for nothing costs nothing, so fewer trips are cheaper
    assert!(number(&rules[0], "trips") < 20.0 && number(&rules[0], "total_cost") < 0.5 * number(daily, "total_cost"), "{}", rules[0]);
    assert_eq!(ask(&["--price-per-day", "100"])["best"], "every day");
    let promised = ask(&["--promise", "1"]);
    assert!(number(&promised["rules"][0], "longest_delay_days") <= 1.0 && promised["rules"][0]["keeps_promise"] == true);
    // by formula: the same departures, so the same waits; trips and money near those really built
    let guess = ask(&["--estimate"]);
    assert_eq!(guess["estimated"], true);
    for r in guess["rules"].as_array().unwrap() {
        let Some(built) = rules.iter().find(|b| b["rule"] == r["rule"]) else { continue };
        assert!((number(r, "delay_days") - number(built, "delay_days")).abs() < 1e-9);
        // whole shipments do not fill a van as well as their sum would
        assert!((number(r, "trips") / number(built, "trips") - 1.0).abs() < 0.2, "{} {r} {built}", r["rule"]);
        assert!((number(r, "freight_cost") / number(built, "freight_cost") - 1.0).abs() < 0.2, "{} {r} {built}", r["rule"]);
    }
    let text = done(dir.path(), &[&["-q", "consolidate", "shipments.csv", "--rule", "mon,thu"][..], &files].concat());
    assert!(text.starts_with("2 rules tried on 252 shipments as they were ready over 8 weeks"), "{text}");
    assert!(refused(dir.path(), &["consolidate", "nothing.toml", "--vehicles", "vehicles.csv"]).contains("belong to a shipments file"));
}

/// Hours are written with their time at midnight too, so that a column has one form; what is often below zero is no sale with returns.
#[test]
fn hours_and_values_below_zero_are_forecast_as_they_are() {
    let hours: String = (0..24 * 21)
        .map(|h| {
            let at = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap().and_hms_opt(0, 0, 0).unwrap() + chrono::Duration::hours(h);
            format!("a,{},{}\n", at.format("%Y-%m-%d %H:%M:%S"), 20 + (h % 24) * 2 + h % 5)
        })
        .collect();
    let months: String = (0..60)
        .map(|m| format!("b,{}-{:02}-01,{}\n", 2019 + m / 12, m % 12 + 1, -80.0 + f64::from(m) * 0.5 + f64::from(m * 7 % 5)))
        .collect();
    let dir = folder(&[("h.csv", &format!("unique_id,ds,y\n{hours}")), ("m.csv", &format!("unique_id,ds,y\n{months}"))]);
    let text = done(dir.path(), &["-q", "forecast", "h.csv", "--horizon", "25"]);
    let stamps: Vec<&str> = text.lines().skip(1).map(|l| l.split(',').nth(1).unwrap()).collect();
    assert!(stamps.iter().all(|s| s.len() == 19), "{stamps:?}");
    assert_eq!((stamps[0], stamps[24]), ("2026-01-26 00:00:00", "2026-01-27 00:00:00"));
    let text = done(dir.path(), &["-q", "forecast", "m.csv", "--horizon", "3"]);
    let means: Vec<f64> = text.lines().skip(1).map(|l| l.split(',').nth(2).unwrap().parse().unwrap()).collect();
    assert!(means.iter().all(|m| (-56.0..-42.0).contains(m)), "{means:?}");
}
