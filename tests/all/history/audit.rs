//! Scores, what is behind them, and fixes that do what they say.

use super::{find, read, read_with};
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::history::{Audit, Dimension, Finding, Fix, MasterFiles, ReadOptions, apply, audit, read_masters_bytes, read_sales_bytes};

fn day(i: i64) -> Stamp {
    Stamp::from_ymd(2025, 1, 6).unwrap().plus_days(i)
}
fn score(a: &Audit, d: Dimension) -> f64 {
    a.scores.iter().find(|s| s.dimension == d).unwrap().score
}
fn finding<'a>(a: &'a Audit, code: &str) -> &'a Finding {
    a.findings.iter().find(|f| f.code == code).unwrap_or_else(|| panic!("no {code} in {:#?}", a.findings))
}
/// Weekly sales of one item; `f` gives the units of a week.
fn weekly(item: &str, n: i64, f: impl Fn(i64) -> f64) -> String {
    (0..n).map(|w| format!("{item},{},{}\n", day(7 * w), f(w))).collect()
}
fn file(rows: &str) -> String {
    format!("unique_id,ds,y\n{rows}")
}

#[test]
fn clean_data_score_a_hundred() {
    let import = read(file(&weekly("a", 60, |w| 20.0 + (w % 5) as f64)));
    let a = audit(&import, None);
    assert!(a.scores.iter().all(|s| s.score == 100.0), "{:#?}", a.findings);
    assert_eq!((a.rows_read, a.rows_used, a.findings.len()), (60, 60, 0));
}

#[test]
fn rows_behind_a_score_are_listed() {
    let import = read("order,date,item,quantity\n1,2026-01-01,A,1\n2,,A,2\n3,2026-01-03,A,three\n4,2026-01-04,A,4\n");
    let a = audit(&import, None);
    assert!(score(&a, Dimension::Completeness) < 100.0 && score(&a, Dimension::Accuracy) < 100.0);
    assert_eq!(finding(&a, "no-date").lines.iter().map(|l| l.line).collect::<Vec<_>>(), [3]);
    assert_eq!(import.aside.iter().map(|l| (l.line, l.reason)).collect::<Vec<_>>(), [(3, "no-date"), (4, "quantity-unreadable")]);
}

#[test]
fn spellings_gaps_and_slips_are_mended() {
    let rows = weekly("AB-1", 30, |_| 5.0)
        + &weekly("ab 1", 30, |_| 2.0)
        + &weekly("C", 30, |w| if w == 12 { 4_006_381_333_931.0 } else { 7.0 })
        + &weekly("G", 30, |_| 3.0).lines().enumerate().filter(|(i, _)| *i != 9).map(|(_, l)| format!("{l}\n")).collect::<String>();
    let import = read(file(&rows));
    let a = audit(&import, None);
    let fix = |code: &str| finding(&a, code).fixes.clone();
    assert_eq!(fix("spelled-twice"), [Fix::Merge { from: "ab 1".into(), into: "AB-1".into() }]);
    assert_eq!(fix("gaps"), [Fix::FillGaps { unique_id: "G".into() }]);
    assert_eq!(fix("impossible-value"), [Fix::Cap { unique_id: "C".into(), at: day(7 * 12), to: 7.0 }]);
    let all: Vec<Fix> = ["spelled-twice", "gaps", "impossible-value"].iter().flat_map(|c| fix(c)).collect();
    let mended = apply(&import.history, &all);
    let y = |id: &str| mended.series.iter().find(|s| &*s.unique_id == id).unwrap().y.clone();
    assert_eq!((y("AB-1"), y("C"), y("G")[9]), (vec![7.0; 30], vec![7.0; 30], 0.0));
    assert!(mended.series.iter().all(|s| &*s.unique_id != "ab 1"));
}

#[test]
fn empty_shelves_spikes_and_levels_are_questions() {
    let rows = weekly("empty", 60, |w| if (20..24).contains(&w) { 0.0 } else { 12.0 + (w % 4) as f64 })
        + &weekly("spike", 60, |w| if w == 33 { 300.0 } else { 20.0 + (w % 3) as f64 })
        + &weekly("level", 60, |w| if w < 35 { 10.0 } else { 30.0 } + (w % 3) as f64);
    let import = read(file(&rows));
    let a = audit(&import, None);
    assert_eq!(finding(&a, "empty-shelves").fixes, [Fix::Stockout { unique_id: "empty".into(), from: day(7 * 20), to: day(7 * 23) }]);
    assert_eq!(finding(&a, "outliers").series, ["spike"]);
    assert!(finding(&a, "level-shift").series.contains(&"level".to_owned()));
    assert!(["empty-shelves", "outliers", "level-shift"].iter().all(|c| finding(&a, c).question));
    let mended = apply(&import.history, &finding(&a, "empty-shelves").fixes);
    let demand = stockcast::history::censored::demand(&mended.series[0], Period::Week);
    assert!(demand[20..24].iter().all(|d| (10.0..17.0).contains(d)), "{demand:?}");
    assert_eq!(import.history.series[0].y[21], 0.0, "nothing changes without being agreed to");
}

#[test]
fn a_new_level_has_two_answers() {
    let rows = weekly("level", 60, |w| if w < 35 { 10.0 } else { 30.0 } + (w % 3) as f64);
    let import = read(file(&rows));
    let a = audit(&import, None);
    let shift = finding(&a, "level-shift");
    let ([Fix::Level { at, by, .. }], [Fix::Since { at: since, .. }]) = (shift.fixes.as_slice(), shift.otherwise.as_slice()) else {
        panic!("{shift:?}")
    };
    assert!((2.5..3.5).contains(by) && at == since && *at == day(7 * 35), "{by} at {at}");
    let scaled = &apply(&import.history, &shift.fixes).series[0];
    let mean = |y: &[f64]| y.iter().sum::<f64>() / y.len() as f64;
    assert!((mean(&scaled.y[..35]) - mean(&scaled.y[35..])).abs() < 1.0, "{:?}", scaled.y);
    assert!(scaled.y.iter().all(|y| y.fract() == 0.0), "counts stay whole");
    assert_eq!(scaled.y[35..], import.history.series[0].y[35..]);
    // what rounding leaves over is carried on
    let (before, after): (f64, f64) = (import.history.series[0].y[..35].iter().sum(), scaled.y[..35].iter().sum());
    assert!((before * by - after).abs() <= 0.5, "{after} instead of {}", before * by);
    let left = &apply(&import.history, &shift.otherwise).series[0];
    assert_eq!((left.start, left.y.as_slice()), (*at, &import.history.series[0].y[35..]));
    // both are answers: nothing is asked any more
    for fixes in [&shift.fixes, &shift.otherwise] {
        let mended = stockcast::history::Import { history: apply(&import.history, fixes), ..import.clone() };
        assert!(audit(&mended, None).findings.iter().all(|f| f.code != "level-shift"));
        // and the forecast stands at the new level
        let read: Vec<Fix> = serde_json::from_str(&serde_json::to_string(fixes).unwrap()).unwrap();
        assert_eq!(read, *fixes, "kept in the project as it was agreed to");
    }
}

#[test]
fn every_line_set_aside_is_known_later() {
    let mut text = String::from("order,date,item,units,status\n");
    for i in 0..5000 {
        let status = if (100..2600).contains(&i) || i == 4000 { "cancelled" } else { "paid" };
        text.push_str(&format!("{i},{},A,1,{status}\n", day(i / 20)));
    }
    let import = read(&text);
    let s = import.recognised[0].set_aside.iter().find(|s| s.reason == "cancelled").unwrap();
    assert_eq!((s.rows, s.lines.len(), s.runs.as_slice()), (2501, 1000, &[(102, 2601), (4002, 4002)][..]));
    assert_eq!((s.every_line().count(), s.unlisted()), (2501, 0));
    let kept: stockcast::history::SetAside = serde_json::from_str(&serde_json::to_string(s).unwrap()).unwrap();
    assert_eq!(kept, *s);
    // what an older version kept tells its first thousand
    let older = stockcast::history::SetAside { runs: Vec::new(), ..s.clone() };
    assert_eq!((older.every_line().count(), older.unlisted()), (1000, 1501));
}

#[test]
fn what_went_and_what_came_after() {
    let rows = weekly("Blue mug 300 ml", 60, |w| if w < 30 { 9.0 } else { 0.0 })
        + &weekly("Blue mug 350 ml", 60, |w| if w < 31 { 0.0 } else { 9.0 });
    let a = audit(&read(file(&rows)), Some(day(7 * 60 + 100)));
    assert_eq!(finding(&a, "silent").fixes, [Fix::Successor { item: "Blue mug 300 ml".into(), by: "Blue mug 350 ml".into() }]);
    assert!(score(&a, Dimension::Timeliness) < 60.0, "and the file is old");
    find(&read_with(file(&rows), &ReadOptions::default()).unwrap().diagnostics, "period-chosen");
}

#[test]
fn a_stock_history_says_when_shelves_were_empty() {
    let sales = file(&weekly("A", 12, |w| if w == 5 { 1.0 } else { 10.0 }));
    let mut import = read_sales_bytes(&[("s.csv".to_owned(), sales.into_bytes())], &ReadOptions::default(), &NoControl).unwrap();
    let counts: String = (0..84).map(|d| format!("A,{},{}\n", if (36..41).contains(&d) { 0 } else { 5 }, day(d))).collect();
    let stock = Some(("stock.csv".to_owned(), format!("unique_id,on_hand,as_of\n{counts}").into_bytes()));
    let (masters, _) = read_masters_bytes(&MasterFiles { stock, ..MasterFiles::default() }).unwrap();
    assert_eq!(stockcast::history::censored::mark_from_stock(&mut import.history, &masters.stock), 1);
    let s = &import.history.series[0];
    assert!((s.in_stock.as_ref().unwrap()[5] - 2.0 / 7.0).abs() < 1e-9);
    // one unit sold in two days on the shelf, and what five days would have brought
    assert!((stockcast::history::censored::demand(s, Period::Week)[5] - (1.0 + 10.0 * 5.0 / 7.0)).abs() < 1e-9);
}

/// A week without any sale in a shop that sells every day, a figure of nines, and a letter for a digit in a code.
#[test]
fn the_whole_shop_closed_and_slips_of_the_keyboard() {
    let mut text = String::from("date,receipt,sku,name,qty\n");
    for d in (0..200).filter(|d| !(100..107).contains(d)) {
        for (sku, name, base) in [("TEA-01", "Green tea", 9), ("MUG-02", "Red mug", 5), ("CAP-03", "Blue cap", 6)] {
            let sku = if sku == "MUG-02" && d % 50 == 3 { "MUG-O2" } else { sku };
            let qty = if sku == "CAP-03" && d == 60 { 9999 } else { base + (d * 7 + base) % 4 };
            text += &format!("{},{d},{sku},{name},{qty}\n", day(d));
        }
    }
    let import = read_with(text, &ReadOptions { period: Some(Period::Day), ..ReadOptions::default() }).unwrap();
    let a = audit(&import, None);
    let closed = finding(&a, "nothing-sold");
    assert!(closed.question && score(&a, Dimension::Completeness) < 100.0);
    assert!(closed.fixes.contains(&Fix::Stockout { unique_id: "TEA-01".into(), from: day(100), to: day(106) }), "{:#?}", closed.fixes);
    assert!(a.findings.iter().filter(|f| f.code == "empty-shelves").all(|f| !f.series.contains(&"TEA-01".to_owned())));
    let [Fix::Cap { unique_id, at, .. }] = finding(&a, "impossible-value").fixes.as_slice() else { panic!("{:#?}", a.findings) };
    assert_eq!((unique_id.as_str(), *at), ("CAP-03", day(60)));
    assert_eq!(finding(&a, "nearly-spelled-alike").fixes, [Fix::Merge { from: "MUG-O2".into(), into: "MUG-02".into() }]);
    let mended = apply(&import.history, &closed.fixes);
    let tea = mended.series.iter().find(|s| &*s.unique_id == "TEA-01").unwrap();
    let demand = stockcast::history::censored::demand(tea, Period::Day);
    assert!(demand[100..107].iter().all(|d| (8.0..14.0).contains(d)), "{demand:?}");
}
