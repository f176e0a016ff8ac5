//! Regular calendars: phases, gaps, incomplete periods, and that no unit is lost or made.

use super::{find, read, read_with, series};
use proptest::prelude::*;
use stockcast::base::{Period, Stamp};
use stockcast::history::ReadOptions;

fn long(rows: &[(&str, &str, f64)]) -> String {
    rows.iter().fold("unique_id,ds,y\n".to_owned(), |t, (id, ds, y)| t + &format!("{id},{ds},{y}\n"))
}

#[test]
fn series_keep_their_phase_and_their_gaps() {
    // weeks from Friday for one series, from Monday for another; a gap is unknown
    let import = read(long(&[
        ("f", "2026-01-02", 1.0),
        ("f", "2026-01-09", 2.0),
        ("f", "2026-01-23", 3.0),
        ("m", "2026-01-05", 4.0),
        ("m", "2026-01-12", 5.0),
    ]));
    assert_eq!((import.history.period, import.transactions), (Period::Week, false));
    let f = series(&import, "f");
    assert_eq!((f.start.iso().as_str(), f.y.len(), f.y[2].is_nan(), f.y[3]), ("2026-01-02", 4, true, 3.0));
    assert_eq!(series(&import, "m").y, [4.0, 5.0]);
}

#[test]
fn months_on_their_last_day_stay_there() {
    let import = read(long(&[("a", "2026-01-31", 1.0), ("a", "2026-02-28", 2.0), ("a", "2026-03-31", 3.0), ("a", "2026-04-30", 4.0)]));
    let a = series(&import, "a");
    assert_eq!((import.history.period, a.y.as_slice()), (Period::Month, &[1.0, 2.0, 3.0, 4.0][..]));
    assert_eq!(a.calendar(Period::Month).at(1), Stamp::from_ymd(2026, 2, 28).unwrap());
}

#[test]
fn every_step_is_seen() {
    for (dates, period) in [
        (["2026-01-01 00:00:00", "2026-01-01 01:00:00", "2026-01-01 02:00:00"], Period::Hour),
        (["2026-01-01", "2026-01-02", "2026-01-03"], Period::Day),
        (["2026-01-01", "2026-01-08", "2026-01-15"], Period::Week),
        (["2026-01-15", "2026-02-15", "2026-03-15"], Period::Month),
        (["2026-01-30", "2026-02-27", "2026-03-31"], Period::Month),
        (["2026-01-01", "2026-04-01", "2026-07-01"], Period::Quarter),
        (["2024-01-01", "2025-01-01", "2026-01-01"], Period::Year),
    ] {
        let import = read(long(&[("a", dates[0], 1.0), ("a", dates[1], 2.0), ("a", dates[2], 3.0)]));
        assert_eq!((import.history.period, series(&import, "a").y.as_slice()), (period, &[1.0, 2.0, 3.0][..]), "{dates:?}");
    }
}

#[test]
fn repeated_rows_are_summed_and_said() {
    let import = read(long(&[("a", "2026-01-01", 1.0), ("a", "2026-01-02", 2.0), ("a", "2026-01-02", 5.0)]));
    assert_eq!(series(&import, "a").y, [1.0, 7.0]);
    find(&import.diagnostics, "rows-summed");
}

#[test]
fn a_file_is_not_cut_finer_than_it_is() {
    let text = long(&[("a", "2026-01-01", 1.0), ("a", "2026-02-01", 2.0)]);
    let e = read_with(&text, &ReadOptions { period: Some(Period::Day), ..Default::default() }).unwrap_err();
    assert!(find(&e, "period-too-short").fix.is_some());
}

#[test]
fn days_make_whole_weeks_only() {
    // 2026-01-01 is a Thursday: two whole weeks from Monday the 5th
    let rows: Vec<String> = (1..=20).map(|d| format!("2026-01-{d:02}")).collect();
    let rows: Vec<(&str, &str, f64)> = rows.iter().map(|d| ("a", d.as_str(), 1.0)).collect();
    let import = read_with(long(&rows), &ReadOptions { period: Some(Period::Week), ..Default::default() }).unwrap();
    let a = series(&import, "a");
    assert_eq!((a.start.iso().as_str(), a.y.as_slice()), ("2026-01-05", &[7.0, 7.0][..]));
    assert_eq!(import.recognised[0].set_aside.iter().find(|s| s.reason == "incomplete-period").unwrap().rows, 6);
}

#[test]
fn order_lines_leave_incomplete_weeks_out() {
    let mut text = String::from("order,date,sku,qty\n");
    // Wednesday 2026-01-07 to Tuesday 2026-03-31, an item every fourth day, sold on all days by some item
    for d in 0..84 {
        let day = Stamp::from_ymd(2026, 1, 7).unwrap().plus_days(d);
        text += &format!("{d},{day},S{},2\n", d % 4);
    }
    let import = read(&text);
    assert_eq!((import.transactions, import.history.period), (true, Period::Week));
    let total: f64 = import.history.series.iter().flat_map(|s| &s.y).sum();
    assert_eq!(total, 2.0 * 77.0, "eleven whole weeks of a row a day");
    assert!(import.history.series.iter().all(|s| s.y.len() == 11));
    assert_eq!(import.diagnostics.iter().filter(|d| d.code == "incomplete-period" && d.line.is_none()).count(), 2);
}

proptest! {
    #![proptest_config(crate::cases::cases(40))]

    /// Units in the file = units in the series + units set aside, whatever the rows, their order and the period.
    #[test]
    fn nothing_is_lost(rows in prop::collection::vec((0i64..500, 0u8..5, -3i64..50), 1..80), period in 0usize..4) {
        let mut text = String::from("order,date,sku,qty,price\n");
        for (i, (day, item, units)) in rows.iter().enumerate() {
            text += &format!("{i},{},P{item}9,{units},2.50\n", Stamp::from_ymd(2024, 1, 1).unwrap().plus_days(*day));
        }
        let period = [Period::Day, Period::Week, Period::Month, Period::Year][period];
        let import = read_with(&text, &ReadOptions { period: Some(period), ..Default::default() }).unwrap();
        let sold: f64 = import.history.series.iter().flat_map(|s| &s.y).sum();
        let back: f64 = import.history.series.iter().filter_map(|s| s.returned.as_ref()).flatten().sum();
        let aside: f64 = import.recognised[0].set_aside.iter().map(|s| s.units).sum();
        let all: f64 = rows.iter().map(|r| r.2 as f64).sum();
        prop_assert!((sold - back + aside - all).abs() < 1e-9, "{sold} - {back} + {aside} != {all}");
        prop_assert!(import.history.series.windows(2).all(|w| w[0].unique_id < w[1].unique_id));
        for s in &import.history.series {
            prop_assert!(s.y.iter().all(|v| *v >= 0.0) && s.price.as_ref().unwrap().len() == s.y.len());
            prop_assert_eq!(period.floor(s.start), s.start);
        }
    }

    /// The order of rows in a file does not matter.
    #[test]
    fn order_of_rows_is_nothing(rows in prop::collection::vec((0i64..100, 0u8..4, 0i64..9), 2..40)) {
        let line = |(i, (day, item, units)): (usize, &(i64, u8, i64))| format!("{i},{},P{item},{units}\n", Stamp::from_ymd(2024, 1, 1).unwrap().plus_days(*day));
        let lines: Vec<String> = rows.iter().enumerate().map(line).collect();
        let head = "order,date,sku,qty\n".to_owned();
        let (a, b) = (read(head.clone() + &lines.concat()), read(head + &lines.iter().rev().cloned().collect::<String>()));
        prop_assert_eq!(format!("{:?}", a.history), format!("{:?}", b.history));
    }
}
