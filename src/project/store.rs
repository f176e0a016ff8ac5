//! Creating and opening the file.

use super::document::{Document, SourceKind};
use super::edit::{Table, check_table};
use super::fault::{Fault, damaged};
use super::journal::Journal;
use super::load;
use super::lock::{self, Lock, Taken};
use super::save::Saver;
use super::schema::{APPLICATION_ID, VERSION, application_id, migrate, version};
use super::tables::Iso;
use crate::base::{Diagnostic, Stamp};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long to wait for another program that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open file and what it holds.
pub(super) struct Opened {
    pub document: Document,
    pub journal: Journal,
    pub connection: Connection,
    pub saver: Saver,
    pub read_only: Option<Diagnostic>,
    pub lock: Option<Lock>,
    /// Seconds that the local clock is ahead of UTC.
    pub offset: i64,
}

/// Writes a new project. It appears under its name only when it is whole.
pub(super) fn create(path: &Path, document: &Document) -> Result<(), Diagnostic> {
    let refuse = |code, message: &str, fix: &str| Err(Diagnostic::error(code, message).file(path.display().to_string()).fix(fix));
    if fs::metadata(path).is_ok_and(|m| m.is_dir() || m.len() > 0) {
        return refuse("project-exists", "there is a file of this name already", "choose another name, or open it");
    }
    let (Some(name), folder) = (path.file_name(), folder(path)) else {
        return refuse("output-unwritable", "the path names no file", "name a file that ends in .stockcast");
    };
    if !folder.is_dir() {
        return refuse("output-unwritable", "there is no such directory", "create the directory first, or write somewhere else");
    }
    for table in SourceKind::ALL.into_iter().filter_map(|k| Table::of(&document.masters, k)) {
        check_table(&table)?;
    }
    let short: String = name.to_string_lossy().chars().take(40).collect();
    let temporary = folder.join(format!(".{short}.{}.tmp", std::process::id()));
    let _ = fs::remove_file(&temporary);
    let written = write(&temporary, document).map_err(|f| f.tell(path));
    let done = written.and_then(|()| {
        fs::rename(&temporary, path).map_err(|e| {
            Diagnostic::error("output-unwritable", e.to_string().to_lowercase())
                .file(path.display().to_string())
                .fix("write somewhere else")
        })
    });
    if done.is_err() {
        // the first error is the one to tell
        let _ = fs::remove_file(&temporary);
    }
    done?;
    // makes the name itself durable where a directory can be opened
    if let Ok(directory) = File::open(folder) {
        let _ = directory.sync_all();
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write(path: &Path, document: &Document) -> Result<(), Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    migrate(&mut connection)?;
    let utc = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
    let created = Iso(Stamp(utc + offset(&connection)?));
    let t = connection.transaction()?;
    Saver::default().document(&t, document, created)?;
    t.commit()?;
    connection.close().map_err(|(_, e)| e)?;
    Ok(())
}

/// DESIGN §4: a rollback journal, and every commit waits for the disk.
fn prepare(c: &Connection) -> rusqlite::Result<()> {
    c.busy_timeout(PATIENCE)?;
    c.pragma_update(None, "foreign_keys", true)?;
    c.pragma_update(None, "synchronous", "FULL")?;
    c.pragma_update_and_check(None, "journal_mode", "DELETE", |r| r.get::<_, String>(0)).map(drop)
}

/// Opens a project, read-only where it has to be.
pub(super) fn open(path: &Path) -> Result<Opened, Diagnostic> {
    let name = path.display().to_string();
    let said = |code, message: &str, fix: &str| Diagnostic::error(code, message).file(&name).fix(fix);
    match fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(said("file-missing", "there is no such file", "check the name, or look for it where it was moved to"));
        }
        Err(e) => return Err(said("project-not-readable", &e.to_string().to_lowercase(), "check the path and its permissions")),
        Ok(m) if m.is_dir() => return Err(said("not-a-project", "this is a directory", "choose a file that ends in .stockcast")),
        Ok(m) if m.len() == 0 => return Err(said("not-a-project", "the file is empty", "choose a file that ends in .stockcast")),
        Ok(_) => {}
    }
    let (lock, mut read_only) = match lock::take(path) {
        Taken::Ours(lock) => (Some(lock), None),
        Taken::Theirs => (
            None,
            Some(said(
                "project-in-use",
                "another window has this project open",
                "make changes there, or close it and open the project again",
            )),
        ),
        Taken::NoFile => (None, Some(unwritable(&name))),
        Taken::NoLocks => (None, None),
    };
    let (connection, older) = connect(path, read_only.is_some()).map_err(|f| f.tell(path))?;
    if connection.is_readonly("main").unwrap_or(true) && read_only.is_none() {
        read_only = Some(unwritable(&name));
    }
    if older > VERSION {
        read_only = Some(said(
            "project-newer",
            "a newer version of Stockcast wrote this project; it can be looked at but not changed",
            "update Stockcast",
        ));
    }
    let loaded = load::document(&connection).and_then(|d| Ok((d, load::journal(&connection)?, offset(&connection)?)));
    let ((document, hash), journal, offset) = loaded.map_err(|f| match f.tell(path) {
        d if older > VERSION => {
            said("project-newer", &format!("a newer version of Stockcast wrote this project: {}", d.message), "update Stockcast")
        }
        d => d,
    })?;
    let mut saver = Saver::default();
    if let (Some(sales), Some(hash)) = (&document.sales, hash) {
        saver.knows(sales, hash);
    }
    Ok(Opened { document, journal, connection, saver, read_only, lock, offset })
}

fn unwritable(name: &str) -> Diagnostic {
    Diagnostic::error("project-not-writable", "the project or its folder may not be written: nothing can be changed")
        .file(name)
        .fix("allow writing, or save a copy elsewhere and open that")
}

/// A connection to a project of this version or a newer one, and that version.
fn connect(path: &Path, read_only: bool) -> Result<(Connection, i32), Fault> {
    let mode = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    let mut c = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    c.busy_timeout(PATIENCE)?;
    if application_id(&c)? != APPLICATION_ID {
        let d = Diagnostic::error("not-a-project", "this is a database of another program, not a Stockcast project");
        return Err(Fault::Said(d.fix("choose a file that ends in .stockcast")));
    }
    let is = version(&c)?;
    if is < 1 {
        return Err(Fault::Said(damaged("the project file has no version")));
    }
    if is > VERSION {
        return Ok((c, is));
    }
    if !c.is_readonly("main")? {
        prepare(&c)?;
        migrate(&mut c)?;
    } else if is < VERSION {
        let d = Diagnostic::error(
            "project-older",
            "an older version of Stockcast wrote this project, and it may not be changed to this version's form",
        );
        return Err(Fault::Said(d.fix("copy it to a folder of yours and open the copy")));
    }
    Ok((c, is))
}

/// Seconds that the local clock is ahead of UTC, by SQLite's own account of the time zone.
fn offset(c: &Connection) -> rusqlite::Result<i64> {
    c.query_row("SELECT CAST(strftime('%s', 'now', 'localtime') AS INTEGER) - CAST(strftime('%s', 'now') AS INTEGER)", [], |r| r.get(0))
}

/// A compact copy under a new name.
pub(super) fn copy(c: &Connection, from: &Path, to: &Path) -> Result<(), Diagnostic> {
    let name = to.display().to_string();
    let said = |message: &str, fix: &str| Err(Diagnostic::error("output-unwritable", message).file(&name).fix(fix));
    if to.exists() {
        return said("there is a file of this name already", "choose another name");
    }
    let temporary: PathBuf = match to.file_name() {
        Some(n) => folder(to).join(format!(".{}.{}.tmp", n.to_string_lossy().chars().take(40).collect::<String>(), std::process::id())),
        None => return said("the path names no file", "name a file that ends in .stockcast"),
    };
    let Some(target) = temporary.to_str() else {
        return said("the path is not Unicode text", "choose another folder");
    };
    let _ = fs::remove_file(&temporary);
    let done = c.execute("VACUUM INTO ?1", [target]).map_err(|e| Fault::from(e).tell(from).file(name.clone())).and_then(|_| {
        let durable = File::open(&temporary).and_then(|f| f.sync_all()).and_then(|()| fs::rename(&temporary, to));
        durable.map_err(|e| {
            Diagnostic::error("output-unwritable", e.to_string().to_lowercase()).file(name.clone()).fix("write somewhere else")
        })
    });
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}
