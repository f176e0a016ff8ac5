//! Any bytes as each of the companion files and as shipments; the first byte chooses which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stockcast::history::{MasterFiles, classify, read_masters_bytes, read_shipments_bytes};

fuzz_target!(|data: &[u8]| {
    let Some((&which, data)) = data.split_first() else { return };
    let file = Some(("fuzz.csv".to_owned(), data.to_vec()));
    let none = MasterFiles::default();
    let files: MasterFiles<(String, Vec<u8>)> = match which % 12 {
        0 => MasterFiles { items: file, ..none },
        1 => MasterFiles { stock: file, ..none },
        2 => MasterFiles { on_order: file, ..none },
        3 => MasterFiles { suppliers: file, ..none },
        4 => MasterFiles { supplier_items: file, ..none },
        5 => MasterFiles { receipts: file, ..none },
        6 => MasterFiles { bom: file, ..none },
        7 => MasterFiles { locations: file, ..none },
        8 => MasterFiles { vehicles: file, ..none },
        9 => MasterFiles { events: file, ..none },
        10 => {
            let _ = read_shipments_bytes("fuzz.csv", data);
            return;
        }
        _ => {
            let _ = classify("fuzz.csv", data);
            return;
        }
    };
    let _ = read_masters_bytes(&files);
});
