//! Black-box tests of the report room.
#![allow(clippy::unwrap_used, reason = "helpers of tests, where a panic is the report")]

mod charts;
mod page;
mod sample;
mod tables;
