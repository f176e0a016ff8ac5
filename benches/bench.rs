//! One benchmark binary. `cargo bench --no-default-features -- inventory` runs the inventory workload.
//! The peers' side and how to run both back to back: README.md here.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod inventory;
mod slider;
#[cfg(feature = "gui")]
mod window;

fn main() {
    // frames are counted one by one, not averaged: not a case for criterion
    #[cfg(feature = "gui")]
    if std::env::args().any(|a| a == "window") {
        window::run();
        return;
    }
    let mut c = criterion::Criterion::default().configure_from_args();
    inventory::all(&mut c);
    slider::all(&mut c);
    c.final_summary();
}
