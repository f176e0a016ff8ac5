//! What went wrong with the file, in words.

use crate::base::Diagnostic;
use rusqlite::ErrorCode;
use std::path::Path;

/// A failure on the way to or from the file.
#[derive(Debug)]
pub(super) enum Fault {
    Sqlite(rusqlite::Error),
    Said(Diagnostic),
}

impl From<rusqlite::Error> for Fault {
    fn from(e: rusqlite::Error) -> Self {
        Self::Sqlite(e)
    }
}

impl From<Diagnostic> for Fault {
    fn from(d: Diagnostic) -> Self {
        Self::Said(d)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(_: serde_json::Error) -> Self {
        Self::Said(damaged("a stored edit or import cannot be read"))
    }
}

/// Something in the file is not as this program wrote it.
pub(super) fn damaged(what: &str) -> Diagnostic {
    Diagnostic::error("project-damaged", what).fix("open a copy of the project, or import the files into a new one")
}

impl Fault {
    /// For people; `path` is the project's.
    pub fn tell(self, path: &Path) -> Diagnostic {
        let e = match self {
            Self::Said(d) if d.file.is_some() => return d,
            Self::Said(d) => return d.file(path.display().to_string()),
            Self::Sqlite(e) => e,
        };
        let (code, message, fix) = match e.sqlite_error_code() {
            _ if e.sqlite_extended_error_code() == Some(rusqlite::ffi::SQLITE_READONLY_DBMOVED) => (
                "project-moved",
                "the project file was moved or deleted while it was open",
                "put it back under its name; changes are kept here until then",
            ),
            Some(ErrorCode::NotADatabase) => ("not-a-project", "this is no Stockcast project", "choose a file that ends in .stockcast"),
            Some(ErrorCode::DatabaseCorrupt) => {
                ("project-damaged", "the project file is damaged", "open a copy of it, or import the files into a new project")
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                "project-busy",
                "another program is writing the project file",
                "close that program; the change is kept here and tried again",
            ),
            Some(ErrorCode::DiskFull) => {
                ("project-disk-full", "the disk is full", "free some space; the change is kept here and tried again")
            }
            Some(ErrorCode::ReadOnly) => {
                ("project-not-writable", "the project file may not be written", "allow writing it and its folder, or save a copy elsewhere")
            }
            Some(ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied) => {
                ("project-not-readable", "the project file may not be read", "allow reading it, or copy it to a folder of yours")
            }
            Some(ErrorCode::CannotOpen) => {
                ("project-not-readable", "the project file cannot be opened", "check the path and the permissions of its folder")
            }
            Some(ErrorCode::SystemIoFailure) => {
                ("project-io", "the disk failed while reading or writing the project file", "check the disk; save a copy elsewhere")
            }
            // its text may repeat a cell of the file
            None => (
                "project-damaged",
                "something in the project file is not as Stockcast writes it",
                "open a copy of it, or import the files into a new project",
            ),
            Some(_) => {
                return Diagnostic::error("project-file", format!("the project file cannot be used: {e}"))
                    .file(path.display().to_string())
                    .fix("open a copy of it, or import the files into a new project");
            }
        };
        Diagnostic::error(code, message).file(path.display().to_string()).fix(fix)
    }
}
