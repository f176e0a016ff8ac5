//! A line of text as a typed number, a range of days and a person's answer; and as a column of dates and of quantities in a file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockcast::base::NoControl;
use stockcast::history::question::covers;
use stockcast::history::{DateOrder, ReadOptions, Role, read_sales_bytes, typed_number};

fuzz_target!(|text: &str| {
    let text = text.get(..text.floor_char_boundary(text.len().min(300))).unwrap_or_default();
    if let Some(v) = typed_number(text) {
        assert!(v.is_finite());
    }
    if let Some((first, last)) = covers(text) {
        assert!(first <= last);
    }
    let _ = (DateOrder::parse(text), Role::parse(text));
    let cell = text.replace('"', "\"\"");
    let file = format!("Date,Item,Quantity,Price\n\"{cell}\",A,1,1.00\n2026-01-05,A,\"{cell}\",2.00\n2026-01-06,A,2,\"{cell}\"\n");
    let _ = read_sales_bytes(&[("fuzz.csv".to_owned(), file.into_bytes())], &ReadOptions { assume: true, ..ReadOptions::default() }, &NoControl);
});
