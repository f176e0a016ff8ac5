//! Makes the sample shop, byte for byte the same on every run:
//!
//! ```text
//! cargo run --release --no-default-features --example make_sample_data              rewrites sample-data/
//! cargo run --release --no-default-features --example make_sample_data -- --check   compares instead, exit 1 on a difference
//! cargo run --release --no-default-features --example make_sample_data -- DIR       writes into DIR
//! ```
//!
//! Reading order: `catalogue` (what, where, from whom: written by hand), `calendar` (opening days, promotions, seasons),
//! `demand` (what customers want, drawn from seeded streams), `trade` (the shop kept by a rule of thumb: sales are demand
//! cut off by stock), `files` (the scenario's files), `orders` (the same sales as an order export), `deliveries` (what goes out to trade customers).

#[path = "make/calendar.rs"]
mod calendar;
#[path = "make/catalogue.rs"]
mod catalogue;
#[path = "make/deliveries.rs"]
mod deliveries;
#[path = "make/demand.rs"]
mod demand;
#[path = "make/files.rs"]
mod files;
#[path = "make/orders.rs"]
mod orders;
#[path = "make/trade.rs"]
mod trade;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Every generated file: its name and its bytes.
pub fn sample() -> Vec<(&'static str, Vec<u8>)> {
    let trade = trade::run();
    vec![
        ("sales.csv", files::sales(&trade)),
        ("orders_export.csv", orders::orders_export(&trade)),
        ("items.csv", files::items()),
        ("stock.csv", files::stock(&trade)),
        ("on_order.csv", files::on_order(&trade)),
        ("suppliers.csv", files::suppliers()),
        ("supplier_items.csv", files::supplier_items()),
        ("receipts.csv", files::receipts(&trade)),
        ("bom.csv", files::bom()),
        ("locations.csv", files::locations()),
        ("vehicles.csv", files::vehicles()),
        ("events.csv", files::events_csv()),
        ("shipments.csv", deliveries::shipments()),
    ]
}

/// Writes (or, with `--check`, compares) the files.
pub fn main() -> ExitCode {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-data");
    let argument = std::env::args().nth(1);
    let check = argument.as_deref() == Some("--check");
    let dir = argument.filter(|_| !check).map_or(here, PathBuf::from);
    let mut out = std::io::stdout();
    let mut different = false;
    for (name, bytes) in sample() {
        let path = dir.join(name);
        let result = if check { std::fs::read(&path).map(|old| old == bytes) } else { std::fs::write(&path, &bytes).map(|()| true) };
        let word = match &result {
            Ok(true) if check => "same",
            Ok(true) => "wrote",
            Ok(false) => "DIFFERENT",
            Err(_) => "FAILED",
        };
        different |= !matches!(result, Ok(true));
        let _ = writeln!(out, "{word} {} ({} bytes)", path.display(), bytes.len());
        if let Err(e) = result {
            let _ = writeln!(out, "  {e}");
        }
    }
    if different { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
