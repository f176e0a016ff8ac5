//! The HTML page: complete, escaped, self-contained.

use super::charts::assert_well_formed;
use stockcast::base::random::{Purpose, Stream, hash_id};
use stockcast::base::{Measure, Stamp};
use stockcast::report::html::{Block, Note, Page, Section, TableBlock, Tile, Tone};
use stockcast::report::svg::{Band, BarChart, BarGroup, CurveChart, CurvePoint, FanChart, Mark, RouteMap, Stop, Trip, sparkline};
use stockcast::report::{Column, Table, write_text};

fn week(i: i64) -> Stamp {
    Stamp::from_ymd(2023, 10, 2).unwrap().plus_days(7 * i)
}

/// A page with about what `report` puts on one.
fn realistic() -> Page {
    let noise = Stream::new(1, hash_id("page"), Purpose::Synthetic, 0);
    let level = |i: i64| 18.0 + 0.02 * i as f64 + 6.0 * (i as f64 / 52.0 * std::f64::consts::TAU).cos();
    let history: Vec<(Stamp, f64)> = (0..157).map(|i| (week(i), (level(i) + 8.0 * (noise.unit(i as u64) - 0.5)).round())).collect();
    let fan = |wide: f64| (157..209).map(|i| (week(i), (level(i) - wide).max(0.0), level(i) + wide)).collect();
    let demand = FanChart {
        title: "Earl Grey, loose 100 g, Bath".into(),
        unit: "units per week".into(),
        history,
        forecast: (157..209).map(|i| (week(i), level(i))).collect(),
        bands: vec![Band { label: "95 %".into(), points: fan(9.0) }, Band { label: "80 %".into(), points: fan(6.0) }],
        out_of_stock: vec![(week(61), week(63)), (week(112), week(113))],
    };
    let group = |label: &str, values: [f64; 5]| BarGroup { label: label.into(), values: values.to_vec(), half_width: Some(180.0) };
    let costs = BarChart {
        title: "Total cost, last 26 weeks replayed".into(),
        unit: "GBP over 26 weeks".into(),
        series: ["stockout", "overstock", "ordering", "freight", "carbon"].map(String::from).to_vec(),
        groups: vec![
            group("Stockcast", [2140.0, 1610.0, 980.0, 1320.0, 45.0]),
            group("as you ordered", [4870.0, 2290.0, 760.0, 1510.0, 52.0]),
            group("last year's weeks of cover", [4410.0, 3120.0, 1020.0, 1490.0, 50.0]),
            group("seasonal naive + z·σ·√(L+R)", [3020.0, 2950.0, 1110.0, 1480.0, 50.0]),
        ],
        stacked: true,
    };
    let cost = |s: f64| 900.0 / (1.0 + (0.4 * (s - 14.0)).exp()) + 11.0 * s + 90.0;
    let curve = CurveChart {
        title: "What the reorder point costs: Earl Grey, Bath".into(),
        x_label: "reorder point s, units".into(),
        unit: "GBP over 52 weeks".into(),
        curves: vec![(
            "total cost".into(),
            (2..=48).step_by(2).map(|s| CurvePoint { x: f64::from(s), y: cost(f64::from(s)), half_width: 14.0 }).collect(),
        )],
        marks: vec![Mark { label: "best".into(), x: 22.0 }, Mark { label: "today".into(), x: 12.0 }],
    };
    let stop = |name: &str, lat, lon, depot| Stop { name: name.into(), lat, lon, depot };
    let map = RouteMap {
        title: "Trips, mean week".into(),
        stops: vec![
            stop("Bristol warehouse", 51.501, -2.693, true),
            stop("Bath", 51.3811, -2.359, false),
            stop("Cheltenham", 51.8994, -2.0783, false),
            stop("Taunton", 51.015, -3.106, false),
            stop("Severn Roasters", 51.4816, -3.1791, false),
            stop("Wye Valley Bakes", 52.0565, -2.716, false),
        ],
        trips: vec![
            Trip { label: "Tue, large van: 188 km, 71 % full".into(), stops: vec![0, 1, 2, 5, 0] },
            Trip { label: "Fri, small van: 164 km, 48 % full".into(), stops: vec![0, 4, 3, 0] },
        ],
    };
    let parts = BarChart {
        title: "Footprint by part".into(),
        unit: "kg CO2e a year".into(),
        series: vec!["now".into(), "proposed".into()],
        groups: [("inbound freight", 2350.0, 1980.0), ("shop deliveries", 1420.0, 870.0), ("thrown out", 640.0, 310.0)]
            .map(|(l, a, b)| BarGroup { label: l.into(), values: vec![a, b], half_width: None })
            .to_vec(),
        stacked: false,
    };
    let n = 30usize;
    let orders = Table::new(vec![
        Column::text("item", (0..n).map(|i| format!("TEA-{i:02}"))),
        Column::text("location", (0..n).map(|i| ["Bath", "Cheltenham", "Taunton"][i % 3])),
        Column::text("supplier", (0..n).map(|i| ["Camellia Imports", "Severn Roasters"][i % 2])),
        Column::date("arrives", (0..n).map(|i| week(160 + (i % 4) as i64))),
        Column::integer("order_quantity", (0..n).map(|i| 6 * (1 + i as i64 % 5))).label("order, units"),
        Column::number("value", 2, (0..n).map(|i| 31.5 * (1 + i % 5) as f64)).label("value, GBP").assumed((0..n).map(|i| i % 7 == 3)),
        Column::number("saves", 0, (0..n).map(|i| 640.0 / (1.0 + i as f64))).label("costs not to act, GBP"),
        Column::text(
            "reason",
            (0..n).map(
                |_| "14 left and 12 on the way cover 2.1 weeks; the next delivery can come in week 4, when 31 to 52 will have been wanted",
            ),
        ),
    ]);
    let sparks = (0..n)
        .map(|i| {
            sparkline(&(0..52).map(|j| level(j) + 10.0 * noise.unit((i * 60) as u64 + j as u64)).collect::<Vec<_>>(), "units sold by week")
        })
        .collect();
    let m = |mean: f64| Measure { mean, half_width: mean * 0.012, p10: mean * 0.84, p90: mean * 1.19 };
    let about = |about: &str, text: &str, assumed| Note { about: about.into(), text: text.into(), assumed };
    Page {
        title: "Weekly store orders".into(),
        subtitle: "113 series, 3 shops, 2023-10-02 to 2026-10-04, planned for 52 weeks".into(),
        tiles: vec![
            Tile::measure("Lost to stockouts, 52 weeks", "GBP", &m(6240.0), 0, "Margin that walks out of the door if nothing changes.")
                .tone(Tone::Bad),
            Tile::measure("Cost of overstock, 52 weeks", "GBP", &m(4180.0), 0, "Capital, storage, and what is thrown out.")
                .tone(Tone::Watch)
                .assumed(true),
            Tile::known("To order now", "GBP 3,412", "38 lines with 5 suppliers; the first is due today."),
            Tile::known("Replay, last 26 weeks", "GBP 2,930 saved", "Against the best of the plain rules, on what was known then.")
                .tone(Tone::Good),
            Tile::measure(
                "Fill rate",
                "%",
                &Measure { mean: 96.8, half_width: 0.2, p10: 95.1, p90: 98.2 },
                1,
                "Share of demand served from the shelf.",
            ),
            Tile::measure("Emissions, 52 weeks", "kg CO2e", &m(3160.0), 0, "Well to wheel: freight and units thrown out."),
        ],
        sections: vec![
            Section {
                heading: "What to order".into(),
                intro: "Sorted by what it costs not to act.".into(),
                blocks: vec![Block::Table(TableBlock::new("Orders to place today", orders.clone()).limit(12).sparks("last year", sparks))],
            },
            Section {
                heading: "Demand".into(),
                intro: String::new(),
                blocks: vec![Block::Chart {
                    chart: demand.render().into(),
                    caption: "Shaded: out of stock, so demand was higher than sales.".into(),
                }],
            },
            Section {
                heading: "Costs".into(),
                intro: "The same weeks, the same customers, four ways of ordering.".into(),
                blocks: vec![
                    Block::Charts(vec![
                        (costs.render().into(), "Whiskers: 95 % half-width.".into()),
                        (curve.render().into(), String::new()),
                    ]),
                    Block::List(vec![
                        "Six items cause half the stockout cost.".into(),
                        "Two suppliers deliver later than they promise.".into(),
                    ]),
                ],
            },
            Section {
                heading: "Freight and footprint".into(),
                intro: String::new(),
                blocks: vec![Block::Charts(vec![(map.render().into(), String::new()), (parts.render().into(), String::new())])],
            },
            Section {
                heading: "What this rests on".into(),
                intro: String::new(),
                blocks: vec![
                    Block::Notes(vec![
                        about("holding cost", "20 % of cost a year; change it under [cost] in the scenario", true),
                        about("lead times", "2,841 recorded deliveries", false),
                        about("emission factors", "UK DESNZ 2025 conversion factors, well to wheel", false),
                    ]),
                    Block::Details {
                        summary: "Smaller print".into(),
                        blocks: vec![Block::Text("Weeks start on Mondays.".into()), Block::Table(TableBlock::new("", orders))],
                    },
                ],
            },
        ],
        footer: vec![
            ("seed".into(), "42".into()),
            ("replications".into(), "1,000".into()),
            ("version".into(), env!("CARGO_PKG_VERSION").into()),
        ],
    }
}

#[test]
fn a_full_page_is_complete_and_self_contained() {
    let page = realistic();
    let html = page.render();
    assert_well_formed(&html);
    for section in &page.sections {
        assert!(html.contains(&section.heading));
    }
    assert!(html.contains("GBP 6,240") && html.contains("± 75") && html.contains("and 18 rows more in"));
    assert!(html.contains("class=\"n assumed\"") && html.contains("data-v=\"31.5\""));
    // the SVG namespace is the only address on the page
    assert!(!html.replace("http://www.w3.org/2000/svg", "").contains("http"), "the page loads something");
    assert_eq!(html, realistic().render());
    write_text(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.html"), &html).unwrap();
}

#[test]
fn everything_from_a_user_is_escaped() {
    let bad = "<script>alert('x')</script>\" onload=\"y";
    let page = Page {
        title: bad.into(),
        subtitle: bad.into(),
        tiles: vec![Tile::known(bad, bad, bad)],
        sections: vec![Section {
            heading: bad.into(),
            intro: bad.into(),
            blocks: vec![
                Block::Text(bad.into()),
                Block::List(vec![bad.into()]),
                Block::Table(TableBlock::new(bad, Table::new(vec![Column::text(bad, [bad])])).sparks(bad, vec![])),
                Block::Notes(vec![Note { about: bad.into(), text: bad.into(), assumed: true }]),
                Block::Facts(vec![(bad.into(), bad.into())]),
                Block::Details { summary: bad.into(), blocks: vec![] },
                Block::Chart { chart: sparkline(&[1.0, f64::NAN], bad).into(), caption: bad.into() },
            ],
        }],
        footer: vec![(bad.into(), bad.into())],
    };
    let html = page.render();
    assert_well_formed(&html);
    assert_eq!(html.matches("<script>").count(), 1);
    assert!(!html.contains("onload=\"y") && !html.contains("alert('x')"));
}

#[test]
fn an_empty_page_still_stands() {
    assert_well_formed(&Page::default().render());
}

#[test]
fn freight_and_emissions_on_assumed_vehicles_say_so() {
    use std::fmt::Write as _;
    use stockcast::base::NoControl;
    let dir = tempfile::tempdir().unwrap();
    let mut sales = String::from("unique_id,ds,y\n");
    for week in 0..60 {
        let day = stockcast::base::Stamp::from_ymd(2025, 1, 6).unwrap().plus_days(7 * week);
        writeln!(sales, "tea,{},{}", day.iso(), 20 + week % 5).unwrap();
    }
    std::fs::write(dir.path().join("sales.csv"), sales).unwrap();
    let of = |extra: &str, items: &str| {
        std::fs::write(dir.path().join("items.csv"), items).unwrap();
        let toml = format!(
            "version = 1\nname = \"t\"\nreplications = 20\nperiods = 8\n[history]\nfiles = [\"sales.csv\"]\nitems = \"items.csv\"\nlocations = \"locations.csv\"\n{extra}"
        );
        std::fs::write(dir.path().join("locations.csv"), "location,lat,lon\nmain,51.4,-2.6\nmill,51.5,-2.5\n").unwrap();
        std::fs::write(
            dir.path().join("vehicles.csv"),
            "vehicle,capacity_kg,capacity_m3,cost_per_trip,cost_per_km,cost_per_hour\nvan,800,6,20,0.5,15\n",
        )
        .unwrap();
        std::fs::write(dir.path().join("s.toml"), toml).unwrap();
        let (inputs, plan, _) = stockcast::scenario::load(&dir.path().join("s.toml"), &NoControl).unwrap();
        let outcome = stockcast::scenario::Engine::default().run(&inputs, &plan, &NoControl).unwrap();
        let page = stockcast::report::page::page(&inputs, &outcome, None);
        page.tiles.into_iter().filter(|t| t.label.starts_with("Freight") || t.label == "Emissions").collect::<Vec<_>>()
    };
    let tiles = of("", "item,cost,price,supplier,lead_time_days\ntea,2,5,mill,7\n");
    assert_eq!(tiles.len(), 2);
    assert!(tiles.iter().all(|t| t.assumption() == Some("assumed vehicles and weights")), "{tiles:?}");
    let tiles =
        of("vehicles = \"vehicles.csv\"\n", "item,cost,price,supplier,lead_time_days,weight_kg,volume_m3\ntea,2,5,mill,7,0.2,0.001\n");
    assert!(tiles.iter().all(|t| t.assumption().is_none()), "{tiles:?}");
}
