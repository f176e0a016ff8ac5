//! Replacing a file whole: write a temporary file beside it, sync, rename, sync the directory.

use crate::base::Diagnostic;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

/// Run `fill` on a temporary file in the directory of `path`, then put it in place of `path`.
pub fn replace(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Diagnostic> {
    let (temporary, file) = create_beside(path).map_err(|e| explain(path, &e))?;
    let done = write_and_sync(file, fill).and_then(|()| std::fs::rename(&temporary, path));
    if let Err(e) = done {
        // the first error is the one to tell; a temporary file that cannot be removed either changes nothing
        let _ = std::fs::remove_file(&temporary);
        return Err(explain(path, &e));
    }
    // makes the rename itself durable where a directory can be opened; elsewhere the system does it
    if let Ok(directory) = File::open(directory(path)) {
        let _ = directory.sync_all();
    }
    Ok(())
}

fn write_and_sync(file: File, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut w = BufWriter::new(file);
    fill(&mut w)?;
    w.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?.to_string_lossy();
    // long names are cut so that the suffix still fits the file system's limit
    let stem: String = name.chars().take(40).collect();
    for attempt in 0..1000u32 {
        let temporary = directory(path).join(format!(".{stem}.{}-{attempt}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn explain(path: &Path, e: &io::Error) -> Diagnostic {
    let (message, fix) = match e.kind() {
        ErrorKind::NotFound => ("there is no such directory".to_string(), "create the directory first, or write somewhere else"),
        ErrorKind::PermissionDenied => {
            ("no permission to write here".to_string(), "choose a directory of your own, or close the program that holds the file")
        }
        ErrorKind::IsADirectory => ("this is a directory, not a file".to_string(), "name a file inside it"),
        ErrorKind::StorageFull => ("the disk is full".to_string(), "free some space, or write to another disk"),
        ErrorKind::ReadOnlyFilesystem => ("this disk is read-only".to_string(), "write to another disk"),
        _ => (e.to_string().to_lowercase(), "check the path, or write somewhere else"),
    };
    Diagnostic::error("output-unwritable", message).file(path.display().to_string()).fix(fix)
}
