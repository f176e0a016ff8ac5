//! What the engine remembers, on disk between sessions.
//!
//! One file: a line that names program, version and format; a checksum; then each memory as a list of (content hash, result) in postcard. A
//! result is only ever found under the content it was computed from, so that a file from elsewhere can be slow but never wrong;
//! a file that another version wrote, or that is damaged, is set aside without a word.

use super::Engine;
use super::freight::Shipped;
use super::memory::{Key, Memory};
use super::outcome::Freight;
use crate::base::{Diagnostic, Severity};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// Raised whenever what is written changes its shape or its meaning.
const FORMAT: u32 = 7;

/// Most bytes written; what was used longest ago is left out first.
const MOST_BYTES: usize = 256 << 20;

fn header() -> String {
    format!("stockcast memory {} {FORMAT} {}\n", env!("CARGO_PKG_VERSION"), crate::base::random::VERSION)
}

impl Engine {
    /// Writes what is remembered to `path`, in place of what was there, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written. Nothing depends on it but the time of the next start.
    pub fn save(&self, path: &Path) -> Result<(), Diagnostic> {
        let mut body = Vec::new();
        put(&mut body, &self.freight, |s| postcard::to_stdvec(&StoredFreight::of(s)));
        put(&mut body, &self.fits, postcard::to_stdvec);
        put(&mut body, &self.stock, postcard::to_stdvec);
        let mut bytes = header().into_bytes();
        bytes.extend(checksum(&body).to_le_bytes());
        bytes.extend(body);
        replace(path, &bytes).map_err(|e| {
            Diagnostic::warning("memory-unwritable", format!("what was computed cannot be kept for the next start: {e}"))
                .file(path.display().to_string())
                .fix("free some space, or allow writing there")
        })
    }

    /// An engine that remembers what was written to `path`. Where there is nothing, or nothing that this version can read, it remembers
    /// nothing.
    pub fn load(path: &Path) -> Self {
        read(path).unwrap_or_default()
    }
}

fn read(path: &Path) -> Option<Engine> {
    if std::fs::metadata(path).ok()?.len() > 2 * MOST_BYTES as u64 {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let (sum, mut body) = bytes.strip_prefix(header().as_bytes())?.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*sum) != checksum(body) {
        return None;
    }
    let engine = Engine::default();
    take(&mut body, &engine.freight, |b| postcard::from_bytes::<StoredFreight>(b).ok()?.shipped())?;
    take(&mut body, &engine.fits, |b| postcard::from_bytes(b).ok())?;
    take(&mut body, &engine.stock, |b| postcard::from_bytes(b).ok())?;
    Some(engine)
}

fn checksum(bytes: &[u8]) -> u64 {
    Key::default().with(bytes).done()
}

/// Appends a memory: how many results, then for each its content hash, its length and itself, as far as the file may grow; the most recently
/// used first.
fn put<T: Send + Sync>(body: &mut Vec<u8>, memory: &Memory<T>, encode: impl Fn(&T) -> postcard::Result<Vec<u8>> + Sync) {
    let results = memory.recent();
    let encoded: Vec<(u64, Vec<u8>)> =
        results.par_iter().filter_map(|(key, value)| encode(value).ok().map(|bytes| (*key, bytes))).collect();
    let mut size = body.len();
    let fitting: Vec<&(u64, Vec<u8>)> = encoded
        .iter()
        .take_while(|(_, bytes)| {
            size += bytes.len() + 16;
            size <= MOST_BYTES
        })
        .collect();
    body.extend((fitting.len() as u64).to_le_bytes());
    for (key, bytes) in fitting {
        body.extend(key.to_le_bytes());
        body.extend((bytes.len() as u64).to_le_bytes());
        body.extend(bytes);
    }
}

/// Reads back what [`put`] wrote; a result that cannot be read is left out. `None` where the list itself is broken.
fn take<T: Send + Sync>(body: &mut &[u8], memory: &Memory<T>, decode: impl Fn(&[u8]) -> Option<T> + Sync) -> Option<()> {
    let count = number(body)?;
    let mut parts = Vec::new();
    for _ in 0..count {
        let (key, length) = (number(body)?, number(body)?);
        let (part, rest) = body.split_at_checked(usize::try_from(length).ok()?)?;
        *body = rest;
        parts.push((key, part));
    }
    let results: Vec<(u64, T)> = parts.into_par_iter().filter_map(|(key, part)| decode(part).map(|value| (key, value))).collect();
    memory.recall(results);
    Some(())
}

fn number(body: &mut &[u8]) -> Option<u64> {
    let (first, rest) = body.split_first_chunk::<8>()?;
    *body = rest;
    Some(u64::from_le_bytes(*first))
}

/// Puts a file in place of `path`: written beside it, then renamed.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = path.with_file_name(name);
    let write = || {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().inspect_err(|_| {
        // the first error is the one to tell
        let _ = std::fs::remove_file(&temporary);
    })
}

/// Freight in its written form.
#[derive(Serialize, Deserialize)]
struct StoredFreight {
    freight: Freight,
    notes: Vec<StoredNote>,
}

#[derive(Serialize, Deserialize)]
struct StoredNote {
    code: String,
    warning: bool,
    file: Option<String>,
    line: Option<u64>,
    message: String,
    fix: Option<String>,
}

/// The codes of what freight has to say.
const CODES: [&str; 6] =
    ["location-off-earth", "location-twice", "location-unknown", "vehicle-assumed", "vehicle-again", "emission-class-unknown"];

impl StoredFreight {
    fn of(shipped: &Shipped) -> Self {
        let notes = shipped.notes.iter().map(|d| StoredNote {
            code: d.code.to_owned(),
            warning: d.severity == Severity::Warning,
            file: d.file.clone(),
            line: d.line,
            message: d.message.clone(),
            fix: d.fix.clone(),
        });
        Self { freight: shipped.freight.clone(), notes: notes.collect() }
    }

    /// `None` where a code is not known here: then it is computed again.
    fn shipped(self) -> Option<Shipped> {
        let note = |n: StoredNote| {
            let code = CODES.iter().copied().find(|c| *c == n.code)?;
            let make = if n.warning { Diagnostic::warning } else { Diagnostic::info };
            Some(Diagnostic { file: n.file, line: n.line, fix: n.fix, ..make(code, n.message) })
        };
        Some(Shipped { freight: self.freight, notes: self.notes.into_iter().map(note).collect::<Option<_>>()? })
    }
}

/// A policy as its number and its two figures: the form for people names its kind first, which a compact format cannot read back.
pub(super) mod policy {
    use crate::inventory::Policy;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(in crate::scenario) fn serialize<S: Serializer>(p: &Policy, s: S) -> Result<S::Ok, S::Error> {
        match *p {
            Policy::SS { s, up_to } => (0u8, s, up_to),
            Policy::SQ { s, q } => (1, s, q),
            Policy::SNQ { s, q } => (2, s, q),
            Policy::BaseStock { up_to } => (3, up_to, 0.0),
            Policy::Cover { reorder, up_to } => (4, reorder, up_to),
            Policy::Adaptive { safety, batch } => (5, safety, batch),
            Policy::Schedule => (6, 0.0, 0.0),
        }
        .serialize(s)
    }

    pub(in crate::scenario) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Policy, D::Error> {
        Ok(match <(u8, f64, f64)>::deserialize(d)? {
            (0, s, up_to) => Policy::SS { s, up_to },
            (1, s, q) => Policy::SQ { s, q },
            (2, s, q) => Policy::SNQ { s, q },
            (3, up_to, _) => Policy::BaseStock { up_to },
            (4, reorder, up_to) => Policy::Cover { reorder, up_to },
            (5, safety, batch) => Policy::Adaptive { safety, batch },
            (6, ..) => Policy::Schedule,
            _ => return Err(D::Error::custom("no such policy")),
        })
    }
}

/// Figures under the keys of [`PAIRED`](super::freight::PAIRED), in its order.
pub(super) mod named {
    use super::super::freight::PAIRED;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    type Named = Vec<(&'static str, Vec<f64>)>;

    pub(in crate::scenario) fn serialize<S: Serializer>(figures: &Named, s: S) -> Result<S::Ok, S::Error> {
        figures.serialize(s)
    }

    pub(in crate::scenario) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Named, D::Error> {
        let known = |name: String| PAIRED.iter().copied().find(|k| *k == name).ok_or_else(|| D::Error::custom("no such figure"));
        Vec::<(String, Vec<f64>)>::deserialize(d)?.into_iter().map(|(name, values)| known(name).map(|name| (name, values))).collect()
    }
}
