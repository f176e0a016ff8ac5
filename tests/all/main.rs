//! Everything a user could notice, tested from outside.

mod footprint;
mod forecast;
mod history;
mod inventory;
mod logistics;
mod report;
mod shared;
