//! Everything a user could notice, tested from outside.

mod arrows;
mod cli;
mod footprint;
mod forecast;
mod history;
mod inventory;
mod logistics;
mod report;
mod shared;
