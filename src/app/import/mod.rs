//! Getting files into a project: what they are, reading sales again under other roles, adding files. Runs on worker threads.
//!
//! A project does not keep the files it was made of. [`Originals`] remembers where those of this session are, so that a column's role can be
//! changed and raw rows can be shown beside what was understood of them, and knows the profiles that people made.
//!
//! Reading order: this file, [`looking`] (a file's beginning), [`reading`] (the full pass), [`own`] (people's own profiles).

pub mod looking;
pub mod own;
pub mod reading;

pub use looking::{Seen, Wanted, look_at};
pub use reading::{Added, Joined, Made, Otherwise, Request, add, again, create};

use crate::base::Diagnostic;
use crate::history::{self, Profile};
use crate::project::{Source, SourceKind};
use crate::scenario::sample;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// Where the files of this session are, by the hash of their bytes, and the profiles that people made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Originals {
    paths: BTreeMap<String, PathBuf>,
    /// Profiles that people made.
    pub own: Arc<Vec<Profile>>,
}

/// The sample's files, which the program carries, by hash.
static SAMPLE: LazyLock<BTreeMap<String, &'static [u8]>> =
    LazyLock::new(|| sample::FILES.iter().map(|(_, bytes)| (history::canonical::hash(bytes), *bytes)).collect());

impl Originals {
    /// Remember where a file is.
    pub fn add(&mut self, hash: String, path: PathBuf) {
        self.paths.insert(hash, path);
    }
    /// Remember all of `other` too.
    pub fn extend(&mut self, other: Self) {
        self.paths.extend(other.paths);
    }
    /// True where the file of this hash can be read again.
    pub fn has(&self, hash: &str) -> bool {
        self.paths.contains_key(hash) || SAMPLE.contains_key(hash)
    }
    /// The bytes of a source; an error names what to do where they are not at hand or have changed.
    fn read(&self, source: &Source) -> Result<Cow<'static, [u8]>, Diagnostic> {
        if let Some(bytes) = SAMPLE.get(&source.hash) {
            return Ok(Cow::Borrowed(bytes));
        }
        let said = |code, what: &str| {
            Diagnostic::error(code, what).file(&source.name).fix("choose the file again in the Data place; the project does not keep it")
        };
        let path = self.paths.get(&source.hash).ok_or_else(|| said("file-not-at-hand", "the file itself is not at hand"))?;
        let bytes = std::fs::read(path).map_err(|_| said("file-unreadable", "the file is no longer where it was"))?;
        if history::canonical::hash(&bytes) != source.hash {
            return Err(said("file-changed", "the file has changed since it was imported"));
        }
        Ok(Cow::Owned(bytes))
    }
}

/// A kind of file for people.
pub const fn words(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Sales => "sales",
        SourceKind::Items => "items",
        SourceKind::Stock => "stock on hand",
        SourceKind::OnOrder => "open orders",
        SourceKind::Suppliers => "suppliers",
        SourceKind::SupplierItems => "suppliers' items",
        SourceKind::Receipts => "deliveries received",
        SourceKind::Bom => "kits",
        SourceKind::Locations => "locations",
        SourceKind::Vehicles => "vehicles",
        SourceKind::Carriers => "carriers",
        SourceKind::Distances => "distances",
        SourceKind::Shipments => "shipments",
        SourceKind::Events => "events",
        SourceKind::Future => "what is known ahead",
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
