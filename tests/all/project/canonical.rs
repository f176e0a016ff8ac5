//! A history goes into chunks and comes back to the bit.

use super::shop::history;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use stockcast::base::{Calendar, Period, Stamp};
use stockcast::history::canonical::{MOST_BYTES, decode, encode, hash};
use stockcast::history::{History, Measured, Series};

fn numbers(n: usize) -> impl Strategy<Value = Vec<f64>> {
    vec(prop_oneof![4 => -1e3..1e6f64, 1 => Just(f64::NAN), 1 => any::<f64>()], n)
}

fn series(period: Period) -> impl Strategy<Value = Series> {
    let text = prop_oneof![Just("main".to_owned()), "\\PC{1,12}"];
    (0..30usize, "\\PC{1,12}", text, option::of("\\PC{0,12}"), -2000..90_000i64, option::of(any::<f64>())).prop_flat_map(
        move |(n, item, location, description, at, last)| {
            let columns = vec(option::of(numbers(n)), 5);
            (numbers(n), columns).prop_map(move |(y, mut columns)| {
                let start = Calendar::new(period, Stamp(0)).at(at);
                let mut s = Series::new("", start, y);
                s.item = item.as_str().into();
                s.location = location.as_str().into();
                s.description = description.as_deref().map(Into::into);
                s.last_stock = last;
                // a series without periods keeps no columns
                let mut next = || columns.pop().flatten().filter(|_| n > 0);
                (s.revenue, s.price, s.in_stock, s.promo, s.returned) = (next(), next(), next(), next(), next());
                s
            })
        },
    )
}

fn any_history() -> impl Strategy<Value = History> {
    (0..6usize).prop_flat_map(|p| {
        let period = Period::ALL[p];
        (vec(series(period), 0..8), any::<bool>()).prop_map(move |(mut series, value)| {
            for (i, s) in series.iter_mut().enumerate() {
                s.unique_id = format!("{i}\u{1f}{}", s.item).into();
            }
            History { period, measured: if value { Measured::Value } else { Measured::Units }, series }
        })
    })
}

proptest! {
    #![proptest_config(crate::cases::cases(64))]
    #[test]
    fn a_history_comes_back_to_the_bit(h in any_history()) {
        let chunks = encode(&h).unwrap();
        prop_assert_eq!(&chunks, &encode(&h).unwrap());
        for c in &chunks {
            prop_assert_eq!(&c.hash, &hash(&c.bytes));
        }
        let bytes: Vec<&[u8]> = chunks.iter().map(|c| &c.bytes[..]).collect();
        prop_assert_eq!(decode(h.period, h.measured, &bytes).unwrap(), h);
    }
}

/// More than a chunk holds: several chunks, a long series cut between them.
#[test]
fn large_histories_are_cut() {
    let mut h = history(3, 200_000);
    h.period = Period::Hour;
    // digits that do not compress
    for (i, s) in h.series.iter_mut().enumerate() {
        let mut x = i as u64 + 1;
        for y in &mut s.y {
            x = stockcast::base::random::mix64(x);
            *y = x as f64 / 3.0;
        }
    }
    let chunks = encode(&h).unwrap();
    assert!(chunks.len() > 1, "{} chunks", chunks.len());
    assert!(chunks.iter().all(|c| c.bytes.len() <= MOST_BYTES));
    let bytes: Vec<&[u8]> = chunks.iter().map(|c| &c.bytes[..]).collect();
    assert!(decode(h.period, h.measured, &bytes).unwrap() == h);
}

/// Any Parquet reader finds a plain long table, Stockcast's own included.
#[test]
fn a_chunk_is_a_plain_table() {
    let mut h = history(4, 30);
    for s in &mut h.series {
        s.y[15] = 1.0;
    }
    let chunks = encode(&h).unwrap();
    let files = vec![("chunk.parquet".to_owned(), chunks[0].bytes.clone())];
    let import = stockcast::history::read_sales_bytes(&files, &Default::default(), &stockcast::base::NoControl).unwrap();
    assert_eq!(import.history.series.len(), 4);
    for (a, b) in import.history.series.iter().zip(&h.series) {
        assert_eq!((&a.unique_id, a.start, &a.y), (&b.unique_id, b.start, &b.y));
    }
}

#[test]
fn damage_is_refused() {
    let h = history(4, 30);
    let good = encode(&h).unwrap().remove(0).bytes;
    for cut in [0, 4, good.len() / 2, good.len() - 1] {
        assert_eq!(decode(h.period, h.measured, &[&good[..cut]]).unwrap_err().code, "history-damaged");
    }
    let mut other = good.clone();
    let middle = other.len() / 3;
    for b in &mut other[middle..middle + 40] {
        *b ^= 0x5a;
    }
    // either refused or, where the bytes meant nothing, the same
    match decode(h.period, h.measured, &[&other]) {
        Err(d) => assert_eq!(d.code, "history-damaged"),
        Ok(read) => assert_eq!(read.series.len(), h.series.len()),
    }
}
