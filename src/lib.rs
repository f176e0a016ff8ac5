//! Stockcast: from what a shop sold to what to order, what to ship together, and what it costs and emits.
//!
//! ```text
//! file ─► history ─► forecast ─► inventory ─► logistics ─► footprint
//!         └────────── scenario: one set of assumptions runs the whole line ──────────┘
//!                       report, app and cli only read its outcome;
//!                       project keeps what a shop knows and decided in one file
//! ```
//!
//! A room imports only what stands above it in this list.

#[cfg(feature = "gui")]
pub mod app;
pub mod base;
pub mod cli;
pub mod footprint;
pub mod forecast;
pub mod history;
pub mod inventory;
pub mod logistics;
pub mod project;
pub mod report;
pub mod scenario;
