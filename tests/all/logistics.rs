//! Black-box tests of the logistics room.

mod approximate;
mod consolidate;
mod router;
mod trips;
mod vrplib;
