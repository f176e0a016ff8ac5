//! Black-box tests of the logistics room.
#![allow(clippy::unwrap_used)]

mod approximate;
mod consolidate;
mod returns;
mod router;
mod router_model;
mod send;
mod trips;
mod vrplib;
mod windows;
