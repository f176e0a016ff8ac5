//! Any bytes as a sales file, all the way to series, audit and chunks of a project; the first byte chooses what is said of the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockcast::base::{NoControl, Period};
use stockcast::history::{DateOrder, ReadOptions, audit, canonical, question::covers, read_sales_bytes};

fuzz_target!(|data: &[u8]| {
    let Some((&says, data)) = data.split_first() else { return };
    let bit = |n: u8| says & (1 << n) != 0;
    let options = ReadOptions {
        assume: bit(0),
        date_order: bit(1).then_some(if bit(2) { DateOrder::MonthDayYear } else { DateOrder::DayMonthYear }),
        period: bit(3).then_some(if bit(4) { Period::Month } else { Period::Day }),
        covers: bit(5).then(|| covers("2026-01")).flatten(),
        time_zone: bit(6).then(|| "America/New_York".to_owned()),
        keep_non_products: bit(7),
        ..ReadOptions::default()
    };
    let file = ("fuzz.csv".to_owned(), data.to_vec());
    match read_sales_bytes(&[file], &options, &NoControl) {
        Ok(import) => {
            let history = &import.history;
            for s in &history.series {
                assert!(!s.y.is_empty() && s.revenue.as_ref().is_none_or(|r| r.len() == s.y.len()));
                assert!(s.y.iter().all(|y| y.is_nan() || y.is_finite()));
            }
            let _ = audit(&import, None);
            if history.series.iter().map(|s| s.y.len()).sum::<usize>() < 20_000 {
                let chunks = canonical::encode(history).expect("a history can be kept");
                let bytes: Vec<&[u8]> = chunks.iter().map(|c| c.bytes.as_slice()).collect();
                let back = canonical::decode(history.period, history.measured, &bytes).expect("what is kept can be read");
                assert_eq!(back.series.len(), history.series.len());
            }
        }
        Err(said) => assert!(said.iter().any(|d| d.severity == stockcast::base::Severity::Error)),
    }
});
