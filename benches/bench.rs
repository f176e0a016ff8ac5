//! One benchmark binary. `cargo bench --no-default-features -- inventory` runs the inventory workload.
//! The peers' side and how to run both back to back: README.md here.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod inventory;
mod slider;

fn main() {
    let mut c = criterion::Criterion::default().configure_from_args();
    inventory::all(&mut c);
    slider::all(&mut c);
    c.final_summary();
}
