//! Real files nobody here made, where they are present.

use super::{find, read_with, said, series};
use crate::shared::shared;
use stockcast::base::{NoControl, Period};
use stockcast::history::{Import, Measured, ReadOptions, read_sales};

fn load(path: &str) -> Option<Import> {
    let path = shared(path)?;
    Some(read_sales(&[path], &ReadOptions::default(), &NoControl).unwrap_or_else(|e| panic!("{}", said(&e))))
}

fn total(import: &Import) -> f64 {
    import.history.series.iter().flat_map(|s| &s.y).filter(|v| v.is_finite()).sum()
}

/// Totals by pandas over 2010-12-06 … 2011-12-04, without the codes POST, DOT, M, m, S, BANK CHARGES, AMAZONFEE and the descriptions
/// CARRIAGE and NEXT DAY CARRIAGE.
#[test]
fn uci_online_retail() {
    let Some(import) = load("data/ready/uci_online_retail_orders.parquet") else { return };
    assert!(import.transactions);
    assert_eq!((import.history.period, import.history.measured), (Period::Week, Measured::Units));
    assert_eq!(import.history.series.iter().map(|s| s.y.len()).max(), Some(52));
    assert_eq!((import.recognised[0].rows_used, total(&import)), (UCI_ROWS, UCI_UNITS));
    find(&import.diagnostics, "non-product");
}

const UCI_ROWS: usize = 501_504;
const UCI_UNITS: f64 = 5_308_287.0;

/// Weeks from Friday, money.
#[test]
fn walmart_weekly() {
    let Some(import) = load("data/ready/walmart_weekly.parquet") else { return };
    assert_eq!((import.history.period, import.history.measured, import.history.series.len()), (Period::Week, Measured::Value, 3331));
    let s = series(&import, "1_1");
    assert_eq!((s.start.iso().as_str(), s.y.len(), s.y[0]), ("2010-02-05", 143, 24_924.5));
    assert!((total(&import) - 6_737_218_987.11).abs() < 0.01);
}

/// Units with price and promotion; gaps stay unknown.
#[test]
fn orange_juice() {
    let Some(import) = load("data/ready/orangejuice_weekly_price_promo.parquet") else { return };
    assert_eq!((import.history.period, import.history.measured, import.history.series.len()), (Period::Week, Measured::Units, 913));
    let s = series(&import, "2_1");
    assert_eq!((s.start.iso().as_str(), s.y[0], s.y[1].is_nan(), s.y[6]), ("1990-06-14", 8256.0, true, 6144.0));
    assert!(s.price.is_some() && s.promo.is_some());
    assert_eq!(total(&import), 1_000_392_608.0);
}

#[test]
fn portuguese_daily_with_stock_and_price() {
    let Some(import) = load("data/mock_kaggle_store_sku_sales_stock_price.csv") else { return };
    let s = &import.history.series[0];
    assert_eq!((import.history.period, import.history.measured, import.history.series.len()), (Period::Day, Measured::Units, 1));
    assert_eq!((total(&import), s.last_stock, s.price.is_some(), s.in_stock.is_some()), (84_830.0, Some(3642.0), true, true));
}

#[test]
fn cancelled_invoices_of_one_day() {
    let Some(import) = load("fixtures/uci/online_retail_2010-12-01.csv") else { return };
    let r = &import.recognised[0];
    assert_eq!(r.rows_read, r.rows_used + r.set_aside.iter().map(|s| s.rows).sum::<usize>());
    assert!(r.set_aside.iter().any(|s| s.reason == "cancelled-order"));
    assert!(import.history.series.iter().any(|s| s.returned.is_some()));
}

/// Every sample is understood, or refused with a reason and a fix.
#[test]
fn every_fixture_is_understood_or_refused_clearly() {
    let Some(root) = shared("fixtures") else { return };
    let mut seen = 0;
    for folder in std::fs::read_dir(root).unwrap().flatten().filter(|f| f.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            seen += 1;
            let path = file.path();
            match read_sales(std::slice::from_ref(&path), &ReadOptions::default(), &NoControl) {
                Ok(import) => {
                    assert!(!import.history.series.is_empty(), "{}", path.display());
                    assert!(import.history.series.iter().all(|s| !s.y.is_empty()), "{}", path.display());
                }
                Err(e) => assert!(e.last().is_some_and(|d| d.fix.is_some()), "{}: {}", path.display(), said(&e)),
            }
        }
    }
    assert!(seen > 40);
}

/// One table in the many shapes of Pollock (Vitagliano et al. 2023) is the same history.
#[test]
fn pollock_dialects_agree() {
    let Some(root) = shared("fixtures/pollock") else { return };
    let read = |name: &str| {
        read_with(std::fs::read(root.join(name)).unwrap(), &ReadOptions::default()).unwrap_or_else(|e| panic!("{name}: {}", said(&e)))
    };
    let source = read("source.csv");
    let want = format!("{:?}", source.history);
    for name in [
        "file_double_trailing_newline.csv",
        "file_escape_char_0x00.csv",
        "file_field_delimiter_0x2C_0x20.csv",
        "file_field_delimiter_0x3B.csv",
        "file_field_delimiter_0x9.csv",
        "file_no_trailing_newline.csv",
        "file_record_delimiter_0xA.csv",
        "file_quotation_char_0x27.csv",
    ] {
        let got = read(name);
        if name.contains("escape") || name.contains("quotation") {
            // descriptions differ where quotes do
            assert_eq!((got.recognised[0].rows_used, total(&got)), (source.recognised[0].rows_used, total(&source)), "{name}");
        } else {
            assert_eq!(format!("{:?}", got.history), want, "{name}");
        }
    }
    let bare = read("file_no_header.csv");
    assert_eq!((bare.recognised[0].header_line, total(&bare)), (None, 452.0));
}
