//! One running copy a project: a lock on a small file beside it, which the system gives back when the copy ends, however it ends.
//!
//! The project itself is not locked: closing a second handle of it would take SQLite's own locks away (POSIX record locks), and other
//! SQLite tools may read it meanwhile.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held until dropped.
#[derive(Debug)]
pub(super) struct Lock {
    // closing it unlocks; dropped after the name is gone
    _file: File,
    path: PathBuf,
}

/// What came of asking for the lock.
#[derive(Debug)]
pub(super) enum Taken {
    /// It is ours.
    Ours(Lock),
    /// Another running copy has it.
    Theirs,
    /// The file beside the project cannot be made: its folder may not be written.
    NoFile,
    /// This disk knows no locks; nobody can tell.
    NoLocks,
}

/// Asks for the lock of a project.
pub(super) fn take(project: &Path) -> Taken {
    let mut path = project.as_os_str().to_owned();
    path.push("-lock");
    let path = PathBuf::from(path);
    // a copy that ends takes the file away; then the lock on the old file is worth nothing
    for _ in 0..100 {
        let file = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => file,
            Err(_) => return Taken::NoFile,
        };
        match file.try_lock() {
            Ok(()) if still_there(&file, &path) => return Taken::Ours(Lock { _file: file, path }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Taken::Theirs,
            Err(TryLockError::Error(_)) => return Taken::NoLocks,
        }
    }
    Taken::Theirs
}

#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |m: io::Result<std::fs::Metadata>| m.map(|m| (m.dev(), m.ino())).ok();
    inode(file.metadata()).is_some_and(|here| inode(std::fs::metadata(path)) == Some(here))
}

#[cfg(not(unix))]
fn still_there(_: &File, _: &Path) -> bool {
    true
}

impl Drop for Lock {
    fn drop(&mut self) {
        // elsewhere the name of an open file cannot be taken away safely: it stays, empty and unlocked
        if cfg!(unix) {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
