//! Reading what shops export: bytes in, regular series and masters out, with everything set aside or guessed said.
//!
//! In: files (CSV of any dialect, gzip, Parquet, XLSX) or bytes, and what a person says about them ([`ReadOptions`]).
//! Out: [`History`] (series over a regular calendar), [`Masters`], shipments, how each file was understood ([`Recognised`]), and
//! [`crate::base::Diagnostic`]s with file, line and fix. Data about people is never stored, shown or repeated.
//!
//! Reading order:
//! 1. [`model`] what comes out; [`options`] what may be said; [`recognised`] what is told.
//! 2. Bytes to a table: `given` and `store` (in memory or on disk), `source`, `archive`, `fixed` (lists in fixed width) and `encoding` (what the bytes are, in which letters), `records` and
//!    `dialect` (delimiter, quote), `survey` (all records once, block by block) and `ahead` (the same for large files, their columns coded on the way), `header`, `delimited` with its columns read by `raw`: `cells` finds them,
//!    `coder` turns them into `texts`, `amounts` where they are numbers, `parquet`, `workbook`, all behind [`table`].
//! 3. Cells to values: `number`, `date`, `joined` (dates in several columns), `expand` (orders whose lines stand in one row), `outline` (groups above what they add up, reports one below the other), `zone`, `values` (one decimal mark and one date order a column, from all rows).
//! 4. Columns to meaning: [`profile`] (known exports as data), `names` (the languages' and the shop systems' words), `composed` (names put together from them), `content` (what stands in them), `arithmetic` (how they reckon with one another), `roles` with `shape` and `codes`, `worth` (which of them is the money).
//! 5. Rows to demand: `rows` (each used or set aside for a `reason`) with `filled`, `unclear`, `wide` and `pivot`, `clean` with `states` (cancellations, returns, non-products), `money` (what stands once an order), `covers` and `spans` (totals
//!    without days), `overlap` (newer exports), [`continued`](mod@continued) (older sales whose files are gone), `gather` (rows by series),
//!    `regular` (calendars) and `periods` (what adds up in a period), all driven by [`sales`] with `refused`, `combined` and `keyring`.
//! 6. Companion files: `sheet`, [`masters`], [`breaks`] (prices by quantity), [`shipments`], [`distances`]. Which kind a file is: [`classify`](mod@classify). What people check before importing:
//!    [`look`](mod@look), [`preview`]; what they are asked: [`question`].
//! 7. What the data are worth: [`audit`](mod@audit), [`detect`], [`censored`] (demand behind empty shelves), [`fixes`], [`succession`] (items that replace others).
//! 8. [`canonical`]: a history as Parquet chunks, as a project keeps it.
//!
//! Sources: dialects after van den Burg, Nazábal & Sutton 2019 (*Wrangling messy CSV files by detecting row and type patterns*, Data
//! Mining and Knowledge Discovery 33); RFC 4180; ISO 8601; ECMA-376 part 1 §18.17.4 for spreadsheet dates; the long format
//! `unique_id, ds, y` of the Nixtla libraries.

#[cfg(test)]
mod agree;
mod ahead;
mod amounts;
mod archive;
mod arithmetic;
pub mod audit;
pub mod breaks;
pub mod canonical;
mod cells;
pub mod censored;
pub mod classify;
mod clean;
mod coder;
mod codes;
mod combined;
mod composed;
mod content;
pub mod continued;
mod covers;
mod date;
mod delimited;
pub mod detect;
mod dialect;
pub mod distances;
pub mod drivers;
mod encoding;
pub mod events;
mod expand;
mod filled;
mod fixed;
pub mod fixes;
mod gather;
mod given;
mod header;
mod joined;
mod keyring;
pub mod look;
pub mod masters;
pub mod model;
mod money;
mod names;
mod number;
pub mod options;
mod outline;
mod overlap;
mod parquet;
mod periods;
mod pivot;
pub mod preview;
pub mod profile;
pub mod question;
mod raw;
mod reason;
pub mod recognised;
mod records;
mod refused;
mod regular;
mod roles;
mod rows;
pub mod sales;
mod shape;
mod sheet;
pub mod shipments;
mod source;
mod spans;
mod states;
mod store;
pub mod succession;
mod survey;
pub mod table;
mod texts;
mod unclear;
mod values;
mod wide;
mod workbook;
mod worth;
mod zone;

pub use audit::{Audit, Dimension, Finding, MENDABLE, audit};
pub use classify::{Guess, classify};
pub use distances::{Placed, read_distances};
pub use drivers::{Driver, DriverKind, Drivers, KnownSeries, KnownTable, known_roles, read_drivers, read_drivers_bytes, unused_drivers};
pub use events::add_events;
pub use fixes::{Fix, apply, apply_masters};
pub use given::Given;
pub use look::{Look, look, look_as};
pub use masters::{MasterFiles, fields_of, read_masters, read_masters_bytes, read_masters_said, read_masters_with, settle_places};
pub use model::{History, Masters, Measured, Series};
pub use number::typed as typed_number;
pub use options::{DateOrder, Kind, ReadOptions, Role};
pub use preview::{Meant, Preview, Seen};
pub use profile::{Meaning, Profile};
pub use question::{Answer, Ask, Question};
pub use recognised::{Recognised, RecognisedColumn, SetAside};
pub use sales::{AsideLine, Import, read_sales, read_sales_bytes, read_sales_each, read_sales_sources};
pub use shipments::{ShipmentRow, read_shipments, read_shipments_bytes};
pub use succession::{followed, succeed};
pub use zone::zones;
