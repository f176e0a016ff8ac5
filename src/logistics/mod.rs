//! From orders to dated shipments, consolidated loads and trips.
//!
//! In: [`shipment::Shipment`]s, a [`consolidate::Rule`], a [`network::Network`] (from locations.csv) and a fleet of [`vehicle::Vehicle`]s
//! (from vehicles.csv). Out: a [`trips::TripPlan`]: which vehicle drives which stops in which order on which day, km, hours,
//! money, load factors, days of delay; and, for replications whose trips are not built, an estimate with its half-width.
//!
//! Reading order: [`network`], [`gazetteer`] with `postcode`, and [`vehicle`] (where, how far, with what), [`shipment`], [`consolidate`] (when), `load` (cut to
//! vehicles), [`router`] (in which order), [`trips`] (all of it together), [`windows`] (with hours to keep, few vehicles, hired [`carrier`]s), [`totals`], [`freight`] (who pays), [`send`](mod@send) (in one round, or over a hub), [`approximate`]
//! (without building), [`wish`](mod@wish) (a stop on another trip), [`clock`] (which vehicle when), [`vrplib`], [`geojson`] and [`gpx`] (files).
//!
//! Sources: release rules Higginson & Bookbinder 1994, Çetinkaya & Bookbinder 2003; savings Clarke & Wright 1964; ruin and
//! recreate Christiaens & Vanden Berghe 2020; route lengths Daganzo 1984; allocation ISO 14083:2023. Details beside each.

pub mod approximate;
pub mod carrier;
pub mod clock;
pub mod consolidate;
pub mod freight;
pub mod gazetteer;
pub mod geojson;
pub mod gpx;
mod load;
pub mod network;
mod postcode;
pub mod router;
pub mod send;
pub mod shipment;
pub mod totals;
pub mod trips;
pub mod vehicle;
pub mod vrplib;
pub mod windows;
pub mod wish;

pub use carrier::{Carrier, Consignment};
pub use consolidate::{Dispatch, Round, Rule, consolidate};
pub use network::{Network, NetworkAssumptions};
pub use shipment::{Goods, Shipment};
pub use totals::Totals;
pub use trips::{Carbon, PlanOptions, Trip, TripPlan, plan};
pub use vehicle::Vehicle;
