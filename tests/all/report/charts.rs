//! Charts: well-formed whatever goes in, and showing what they should.

use proptest::prelude::*;
use stockcast::base::Stamp;
use stockcast::report::svg::{
    Band, BarChart, BarGroup, CurveChart, CurvePoint, FanChart, Mark, RouteMap, Stop, Trip, sparkline, standalone,
};

/// Every tag closes in order, attributes are quoted, no stray `<` or `&`, no number a renderer would refuse.
pub fn assert_well_formed(markup: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        assert_text(&rest[..start]);
        let end = rest[start..].find('>').unwrap() + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap().to_string();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        for (i, part) in tag.split('"').enumerate() {
            assert_text(part);
            assert!(i % 2 == 1 || !part.contains('\''), "{tag}");
        }
        if matches!(name.as_str(), "style" | "script") {
            let close = format!("</{name}>");
            let end = rest.find(&close).unwrap();
            rest = &rest[end + close.len()..];
        } else if !tag.ends_with('/') && name != "meta" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for bad in ["NaN", "inf\"", "inf "] {
        assert!(!markup.contains(&format!("=\"{bad}")), "{bad}");
    }
}

fn assert_text(text: &str) {
    for piece in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|e| piece.starts_with(e)), "&{piece}");
    }
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

fn day(i: i64) -> Stamp {
    Stamp::from_ymd(2025, 1, 6).unwrap().plus_days(7 * i)
}

/// One of each chart from the same names and numbers.
fn all(name: &str, v: &[f64]) -> Vec<String> {
    let at = |i: usize| v.get(i % v.len().max(1)).copied().unwrap_or(f64::NAN);
    let series: Vec<(Stamp, f64)> = v.iter().enumerate().map(|(i, &y)| (day(i as i64), y)).collect();
    let band = series.iter().map(|&(t, y)| (t, y - 1.0, y + 1.0)).collect();
    let fan = FanChart {
        title: name.into(),
        unit: name.into(),
        history: series.clone(),
        forecast: series.clone(),
        bands: vec![Band { label: name.into(), points: band }],
        out_of_stock: series.first().map(|s| (s.0, s.0.plus_days(9))).into_iter().collect(),
    };
    let groups = vec![BarGroup { label: name.into(), values: v.to_vec(), half_width: Some(at(0)) }; 2];
    let bars =
        |stacked| BarChart { title: name.into(), unit: name.into(), series: vec![name.into(); v.len()], groups: groups.clone(), stacked };
    let points = v.iter().enumerate().map(|(i, &y)| CurvePoint { x: i as f64, y, half_width: at(i + 1) }).collect();
    let curve = CurveChart {
        title: name.into(),
        x_label: name.into(),
        unit: name.into(),
        curves: vec![(name.into(), points)],
        marks: vec![Mark { label: name.into(), x: 1.0 }, Mark { label: name.into(), x: at(0) }],
    };
    let stops = (0..v.len()).map(|i| Stop { name: name.into(), lat: at(i), lon: at(i + 1), depot: i == 0 }).collect();
    let trips = vec![Trip { label: name.into(), stops: vec![0, 1, 2, 0, 99] }; 2];
    let map = RouteMap { title: name.into(), stops, trips };
    vec![fan.render(), bars(true).render(), bars(false).render(), curve.render(), map.render(), sparkline(v, name)]
}

#[test]
fn hostile_names_and_empty_data() {
    let long = "x".repeat(300);
    for name in ["", "<script>alert(1)</script>", "\"><img src=x onerror='a'>&amp;", "🍵 日本 \u{1}\u{FFFE}\0", &long] {
        let sets: [&[f64]; 8] = [
            &[],
            &[f64::NAN, f64::NAN],
            &[f64::INFINITY, f64::NEG_INFINITY],
            &[0.0, 0.0, 0.0],
            &[7.0],
            &[1e300, -1e300, 1e29],
            &[1e-300, 2e-300],
            &[51.4, -2.6, 51.9, f64::NAN, 1.35],
        ];
        for v in sets {
            for svg in all(name, v) {
                assert_well_formed(&svg);
                assert_well_formed(&standalone(&svg));
                assert!(!svg.contains("<script") && !svg.contains("<img"));
                assert!(svg.contains("role=\"img\"") && svg.contains("aria-label="));
            }
        }
    }
}

#[test]
fn nothing_to_show_is_said() {
    for svg in all("demand", &[f64::NAN]).iter().take(5) {
        assert!(svg.contains("no data to show"), "{svg}");
    }
}

#[test]
fn bars_tell_their_values() {
    let svg = BarChart {
        title: "cost".into(),
        unit: "GBP".into(),
        series: vec!["stockout".into(), "holding".into()],
        groups: vec![BarGroup { label: "ours".into(), values: vec![1200.0, 800.0], half_width: Some(50.0) }],
        stacked: true,
    }
    .render();
    assert!(svg.contains(">2,000<") && svg.contains("ours, stockout: 1,200 GBP"));
}

#[test]
fn a_gap_breaks_the_line() {
    let line = |v: &[f64]| {
        let history = v.iter().enumerate().map(|(i, &y)| (day(i as i64), y)).collect();
        let svg = FanChart { history, ..Default::default() }.render();
        svg.split("class=\"l s7\" d=\"").nth(1).unwrap().split('"').next().unwrap().matches('M').count()
    };
    assert_eq!(line(&[1.0, 2.0, 3.0, 4.0]), 1);
    assert_eq!(line(&[1.0, 2.0, f64::NAN, 4.0, 5.0]), 2);
}

proptest! {
    #![proptest_config(crate::cases::cases(64))]

    #[test]
    fn always_well_formed(name in any::<String>(), v in prop::collection::vec(prop_oneof![any::<f64>(), -180.0..180.0], 0..20)) {
        for svg in all(&name, &v) {
            assert_well_formed(&svg);
        }
    }
}

#[test]
fn long_names_of_bars_stay_on_the_page_with_their_location() {
    let name = "WHITE HANGING HEART T-LIGHT HOLDER WITH REGENCY CAKESTAND, MANCHESTER";
    let svg = BarChart {
        title: "cost".into(),
        unit: "GBP".into(),
        series: vec!["stockouts".into()],
        groups: vec![BarGroup { label: name.into(), values: vec![12.0], half_width: None }],
        stacked: true,
    }
    .render();
    let lines: Vec<(f64, &str)> = svg
        .split("<text class=\"e\" x=\"")
        .skip(1)
        .map(|t| (t.split('"').next().unwrap().parse().unwrap(), t.split_once('>').unwrap().1.split('<').next().unwrap()))
        .collect();
    assert!(lines[0].1.starts_with("WHITE HANGING"), "{lines:?}");
    assert!(lines.last().unwrap().1.ends_with("MANCHESTER"), "{lines:?}");
    // 12 px capitals of usual faces are 8.7 px wide on average (DejaVu Sans, among the widest, has 8.6), a space 4
    let wide = |text: &str| text.chars().map(|c| if c == ' ' { 4.0 } else { 8.7 }).sum::<f64>();
    assert!(lines.iter().all(|(x, text)| x - wide(text) >= 0.0), "{lines:?}");
    assert!(svg.contains(&format!("<title>{name}</title>")));
}
