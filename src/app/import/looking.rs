//! Files that somebody wants in, looked at before they are imported: their beginning is read, the rest waits for the full pass.

use super::{Originals, name_of};
use crate::base::Diagnostic;
use crate::history::{self, Ask, Look, Profile, ReadOptions, Role, look};
use crate::project::SourceKind;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files up to this size are hashed while they are looked at, so that a file that is there already is known at once.
const HASHED: u64 = 64 << 20;
/// Files that have to be looked at whole (workbooks, archives, Parquet) up to this size.
const WHOLE: u64 = 512 << 20;

/// A file that somebody wants in, and what they said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Where it is.
    pub path: PathBuf,
    /// What it is about.
    pub kind: SourceKind,
    /// Roles that a person gave to columns.
    pub map: Vec<(String, Role)>,
    /// Answers to what it leaves open.
    pub said: Vec<(Ask, String)>,
}

/// The reader's options from what was said of a file; `own` are the profiles that people made.
pub fn options(map: &[(String, Role)], said: &[(Ask, String)], own: &[Profile]) -> ReadOptions {
    let mut out = ReadOptions { map: map.to_vec(), profiles: own.to_vec(), ..ReadOptions::default() };
    for (ask, value) in said {
        history::question::put(*ask, value, &mut out);
    }
    out
}

/// A file looked at.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What it is, with its columns, questions and first rows.
    pub look: Look,
    /// Hash of its bytes, where it is small enough to be read whole at once.
    pub hash: Option<String>,
    /// Its size in bytes.
    pub size: u64,
}

/// Looks at a file; `kind` is what somebody says it is about.
///
/// # Errors
/// It cannot be read, or is no table.
pub fn look_at(
    path: &Path,
    kind: Option<SourceKind>,
    map: &[(String, Role)],
    said: &[(Ask, String)],
    originals: &Originals,
) -> Result<Seen, Vec<Diagnostic>> {
    let name = name_of(path);
    let fail = |e: std::io::Error| vec![unreadable(&name, &e)];
    let mut file = File::open(path).map_err(fail)?;
    let meta = file.metadata().map_err(fail)?;
    if meta.is_dir() {
        let d = Diagnostic::error("file-unreadable", "this is a folder, not a file").file(&name);
        return Err(vec![d.fix("drop the files in it")]);
    }
    let size = meta.len();
    let mut bytes = Vec::new();
    let small = size <= HASHED;
    let mut first = [0u8; 4];
    let got = file.read(&mut first).map_err(fail)?;
    bytes.extend_from_slice(first.get(..got).unwrap_or_default());
    let packed = bytes.starts_with(b"PK") || bytes.starts_with(b"PAR1") || bytes.starts_with(&[0xD0, 0xCF]);
    if packed && size > WHOLE {
        let d = Diagnostic::error("file-too-large", "the file is too large to look at").file(&name);
        return Err(vec![d.fix("export it as CSV, or in parts")]);
    }
    // a compressed text needs no more than the text itself to fill a sample
    let most = if small || packed { size } else { 2 * look::SAMPLE as u64 };
    file.take(most.saturating_sub(got as u64)).read_to_end(&mut bytes).map_err(fail)?;
    let hash = small.then(|| history::canonical::hash(&bytes));
    let (head, whole) = look::head(&bytes);
    let whole = whole && bytes.len() as u64 >= size;
    let options = options(map, said, &originals.own);
    let look = history::look_as(&name, &head, whole, kind.map(SourceKind::name), &options)?;
    Ok(Seen { look, hash, size })
}

/// A file that cannot be read, and why.
pub fn unreadable(name: &str, e: &std::io::Error) -> Diagnostic {
    let what = match e.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
        _ => format!("the file cannot be read: {e}"),
    };
    Diagnostic::error("file-unreadable", what).file(name).fix("check the path and the permissions")
}
