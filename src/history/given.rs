//! A file as it is given: where it lies, or what is in it.

use super::look;
use super::store::Store;
use crate::base::Diagnostic;
use std::path::PathBuf;

/// A file to read.
#[derive(Debug)]
pub enum Given {
    /// On disk, where a large one is left.
    Path(PathBuf),
    /// In memory, with its name.
    Bytes(String, Vec<u8>),
}

impl Given {
    /// How it is called in what is said of it.
    pub fn name(&self) -> String {
        match self {
            Self::Path(p) => p.display().to_string(),
            Self::Bytes(name, _) => name.clone(),
        }
    }
    /// Its beginning, as [`look::head`].
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head(&self) -> Result<Vec<u8>, Diagnostic> {
        match self {
            Self::Path(p) => Store::open(p).map(|(_, store)| look::head_of(&store)),
            Self::Bytes(_, b) => Ok(look::head(b).0.into_owned()),
        }
    }
    /// All of it.
    ///
    /// # Errors
    /// It cannot be read, or is larger than 2 GiB.
    pub fn load(self) -> Result<(String, Vec<u8>), Diagnostic> {
        let (name, store) = self.open()?;
        store.into_bytes(&name).map(|b| (name, b))
    }
    pub(super) fn open(self) -> Result<(String, Store), Diagnostic> {
        match self {
            Self::Path(p) => Store::open(&p),
            Self::Bytes(name, bytes) => Ok((name, Store::Memory(bytes))),
        }
    }
}
