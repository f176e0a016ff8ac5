//! Everything a user could notice, tested from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panicking and says aloud what it skips"
)]

mod arrows;
#[path = "../../src/base/cases.rs"]
mod cases;
mod cli;
mod footprint;
mod forecast;
mod history;
mod inventory;
mod logistics;
mod privacy;
mod project;
mod report;
mod scenario;
mod shared;
#[cfg(feature = "gui")]
mod window;
