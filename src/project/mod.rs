//! The project file `name.stockcast`: what a shop knows and decided, with every edit undoable, in one SQLite database.
//!
//! In: [`crate::scenario::Inputs`] and a [`crate::scenario::Plan`] as read, then [`Edit`]s. Out: a [`Document`] (a value without file or
//! clock), [`Document::inputs`] for the engine, and the file.
//!
//! Reading order:
//! 1. [`document`] what is known; [`edit`] how it changes and changes back; `rows` rows by key; [`orders`] approved orders as stock on order;
//!    `adjusted` a plan with what was set by hand; `score` past orders settled.
//! 2. [`file`](mod@file) a document with its file; [`journal`] what was done; `words` what changed, in words.
//! 3. The file: `schema` (tables, versions), `tables` (rows of masters), `stored` (edits as JSON, large contents by hash), `load`, `save`,
//!    `store` (create and open), `writer` (the thread), `lock` (one running copy), `fault` (what went wrong, in words).
//!
//! Sources: SQLite file format and pragmas (sqlite.org/fileformat2.html, sqlite.org/pragma.html), `VACUUM INTO` (sqlite.org/lang_vacuum.html).

mod adjusted;
pub mod document;
pub mod edit;
mod fault;
pub mod file;
pub mod journal;
mod load;
mod lock;
pub mod orders;
mod rows;
mod save;
mod schema;
mod score;
mod store;
mod stored;
mod tables;
mod words;
mod writer;

pub use document::{Agreed, Decision, DecisionState, Document, Overridden, Override, SaidForecast, Sales, Scenario, Source, SourceKind};
pub use edit::{Change, DecisionKey, Edit, OverrideKey, Pair, Table};
pub use file::{FileHandle, Project, Saving};
pub use journal::Entry;
pub use orders::Standing;
