//! What a place asks for, and what a job answers. Places never change the session themselves: they push actions, the shell carries them out
//! after the frame's reading is done.

use super::commands::Command;
use super::import::{Added, Originals, Request, Seen};
use super::jobs::Key;
use super::places::Place;
use super::places::import::{LookId, Looking};
use super::rows::{Row, Status};
use super::session::Explored;
use super::work::{Past, Replayed};
use crate::base::{Control, Diagnostic};
use crate::project::{Edit, Project};
use crate::report::Table;
use crate::scenario::{Comparison, Engine, Inputs, Outcome, Plan};
use std::path::PathBuf;
use std::sync::Arc;

/// What a place's own work found; the place knows its type.
pub type Answer = Box<dyn std::any::Any + Send>;

/// A place's own work.
pub type Work = Box<dyn FnOnce(&dyn Control) -> Answer + Send>;

/// An opened project: what the engine will read, what it remembers, and the files it was made of, where this session has them.
pub type Opened = (Project, Arc<Inputs>, Arc<Engine>, Originals);

/// A finished run: what was read, what was found, a line a series.
pub type Ran = (Arc<Inputs>, Outcome, Vec<Row>);

/// Two scenarios by their numbers, their outcomes, and the differences.
pub type Compared = (u64, u64, Arc<Outcome>, Arc<Outcome>, Comparison);

/// A place's wish.
pub enum Action {
    /// Something from the list of commands.
    Command(Command),
    /// Show a place.
    Go(Place),
    /// Show one item in the Items place.
    Show(Arc<str>),
    /// Show the items of these statuses in the Items place.
    Filter(Vec<Status>),
    /// Open whatever this file is: a project, a scenario, an export.
    OpenPath(PathBuf),
    /// Ask for files to import.
    AddFile,
    /// These files are to be imported: show them in the import step.
    Offer(Vec<PathBuf>),
    /// Look at a file of the import step.
    Look(Looking),
    /// Import files: into the open project, or as a new one.
    Import {
        /// The files, with what was said of each.
        request: Box<Request>,
        /// A project of their own.
        new: bool,
    },
    /// Leave the import step and forget its files.
    LeaveImport,
    /// Change the document.
    Edit(Edit),
    /// Answer for one item under other assumptions, soon; only the newest question counts.
    Explore {
        /// Which series.
        unique_id: Arc<str>,
        /// Under which assumptions.
        plan: Box<Plan>,
    },
    /// Run a scenario beside the active one and compare the two.
    Compare(u64, u64),
    /// Ask where to write a table (CSV, TSV, Parquet or XLSX by the ending).
    ExportTable {
        /// The table.
        table: Box<Table>,
        /// A file name to start from.
        name: String,
    },
    /// Ask where to write several tables: a workbook with a sheet each, or a folder with a CSV each.
    ExportTables {
        /// Sheet names and tables.
        tables: Vec<(String, Table)>,
        /// A file name to start from.
        name: String,
    },
    /// Ask where to write a text (GeoJSON, a scenario's TOML).
    ExportText {
        /// The text.
        text: String,
        /// A file name to start from.
        name: String,
    },
    /// Say something in a corner for a few seconds.
    Toast(super::toasts::Level, String),
    /// Work of a place's own on a worker thread; the answer comes back to that place's `answer`. A newer one with the same key replaces it.
    Work {
        /// Who asks.
        place: Place,
        /// What it is about.
        key: Key,
        /// In words, for the bar of jobs.
        label: String,
        /// What to do.
        work: Work,
    },
    /// Stop the job of this key.
    Cancel(Key),
}

/// A job's answer.
pub enum Message {
    /// A project is open, or why not.
    Opened(Box<Result<Opened, Vec<Diagnostic>>>),
    /// A line of a run that goes on.
    Row(u64, Box<Row>),
    /// A run is finished; `None`: cancelled.
    Ran(u64, Option<Box<Ran>>),
    /// Replay is finished; `None`: cancelled.
    Replayed(u64, Option<Box<(Replayed, Past)>>),
    /// An item's answer.
    Explored(Option<Explored>),
    /// Two scenarios compared; `None`: cancelled.
    Compared(u64, Option<Result<Box<Compared>, Diagnostic>>),
    /// A file is written, or why not.
    Wrote(Result<PathBuf, Vec<Diagnostic>>),
    /// Files were chosen in the system's dialog, or none.
    Picked(Vec<PathBuf>),
    /// A file of the import step was looked at.
    Looked(LookId, Box<Result<Seen, Vec<Diagnostic>>>),
    /// Files were imported as a new project, or why not.
    Created(Box<Result<(Opened, Added), Vec<Diagnostic>>>),
    /// Files were read for the project of this revision, or why not.
    Added(Box<Result<Added, Vec<Diagnostic>>>),
    /// A place's own work is done.
    Place(Place, Key, Answer),
}
