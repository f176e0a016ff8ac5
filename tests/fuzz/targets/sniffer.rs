//! Any bytes: what they are, their encoding, dialect, preamble and header. Every cell of the table that comes out can be read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockcast::history::table;

fuzz_target!(|data: &[u8]| {
    if let Ok(table) = table::read("fuzz", data, None) {
        for row in 0..table.rows {
            assert!(table.line(row) > 0);
            for column in &table.columns {
                let _ = column.text(row);
            }
        }
    }
});
