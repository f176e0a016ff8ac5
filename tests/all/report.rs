//! Black-box tests of the report room.

mod charts;
mod page;
mod sample;
mod tables;
