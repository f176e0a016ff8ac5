//! The bytes of a file: in memory, or left on disk and read a window at a time.

use crate::base::Diagnostic;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A larger file stays on disk.
const KEPT: u64 = 16 << 20;
/// Most bytes of anything that has to be in memory as a whole.
pub(super) const MOST: u64 = 2 << 30;

/// Bytes that can be read at any place.
#[derive(Debug)]
pub(super) enum Store {
    Memory(Vec<u8>),
    Disk(Disk),
}

/// A file that is open.
#[derive(Debug)]
pub(super) struct Disk {
    file: File,
    len: u64,
    /// What went wrong first: reading goes on with blanks, and whoever asked last says it.
    failed: Mutex<Option<String>>,
    /// Memory of windows that were closed, for those to come.
    spare: Mutex<Vec<Vec<u8>>>,
}

/// Bytes of a store.
pub(super) struct Window<'a>(Bytes<'a>);

enum Bytes<'a> {
    Memory(&'a [u8]),
    /// As many of them as were asked for: the memory may be longer, so that it need not be cleared for the next window.
    Disk(Vec<u8>, usize, &'a Disk),
}

impl Window<'_> {
    pub fn into_owned(mut self) -> Vec<u8> {
        match &mut self.0 {
            Bytes::Memory(b) => b.to_vec(),
            Bytes::Disk(b, len, _) => {
                b.truncate(*len);
                std::mem::take(b)
            }
        }
    }
}

impl std::ops::Deref for Window<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Bytes::Memory(b) => b,
            Bytes::Disk(b, len, _) => b.get(..*len).unwrap_or_default(),
        }
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        if let Bytes::Disk(bytes, _, disk) = &mut self.0
            && bytes.capacity() <= SPARE
        {
            let mut spare = disk.spare.lock().unwrap_or_else(PoisonError::into_inner);
            if spare.len() < MOST_SPARE {
                spare.push(std::mem::take(bytes));
            }
        }
    }
}

/// Largest piece of memory kept for the next window, and how many are.
const SPARE: usize = 6 << 20;
const MOST_SPARE: usize = 64;

impl Disk {
    /// Threads read side by side where the system can read at a place.
    #[cfg(unix)]
    fn read(&self, from: u64, into: &mut [u8]) -> std::io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, into, from)
    }
    #[cfg(windows)]
    fn read(&self, mut from: u64, mut into: &mut [u8]) -> std::io::Result<()> {
        while !into.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, into, from)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                n => (from, into) = (from + n as u64, &mut into[n..]),
            }
        }
        Ok(())
    }
}

impl Store {
    /// Opens a file; a pipe or a small file is read at once. The error names the fix.
    pub fn open(path: &Path) -> Result<(String, Self), Diagnostic> {
        let name = path.display().to_string();
        match Self::try_open(path) {
            Ok(Some(store)) => Ok((name, store)),
            Ok(None) => Err(too_large(&name)),
            Err(e) => {
                let what = match e.kind() {
                    std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                    std::io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
                    _ => format!("the file cannot be read: {e}"),
                };
                Err(Diagnostic::error("file-unreadable", what).file(name).fix("check the path and the permissions"))
            }
        }
    }

    fn try_open(path: &Path) -> std::io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let about = file.metadata()?;
        if about.is_file() && about.len() > KEPT {
            return Self::on_disk(file).map(Some);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0).min(KEPT as usize));
        file.by_ref().take(MOST + 1).read_to_end(&mut bytes)?;
        Ok(if bytes.len() as u64 > MOST { None } else { Some(Self::Memory(bytes)) })
    }

    /// A file that stays where it is.
    pub fn on_disk(file: File) -> std::io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self::Disk(Disk { file, len, failed: Mutex::default(), spare: Mutex::default() }))
    }

    /// How many bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(b) => b.len() as u64,
            Self::Disk(d) => d.len,
        }
    }

    /// The bytes from a place on, at most so many; fewer at the end.
    pub fn window(&self, from: u64, most: usize) -> Window<'_> {
        let end = from.saturating_add(most as u64).min(self.len());
        match self {
            Self::Memory(b) => Window(Bytes::Memory(b.get(from as usize..end as usize).unwrap_or_default())),
            Self::Disk(d) => {
                let wanted = end.saturating_sub(from) as usize;
                let mut out = d.spare.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
                if out.len() < wanted {
                    out.resize(wanted, 0);
                }
                // what was in it before is overwritten
                if let Err(e) = d.read(from, &mut out[..wanted]) {
                    let ended = e.kind() == std::io::ErrorKind::UnexpectedEof;
                    let what = if ended { "it ended early".to_owned() } else { e.to_string() };
                    d.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(what);
                    // line ends: nothing that could be taken for a sale
                    out[..wanted].fill(b'\n');
                }
                Window(Bytes::Disk(out, wanted, d))
            }
        }
    }

    /// What went wrong while reading, or that somebody wrote into the file meanwhile.
    pub fn check(&self, name: &str) -> Result<(), Diagnostic> {
        let Self::Disk(d) = self else { return Ok(()) };
        let failed = d.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let now = d.file.metadata().map_or(d.len, |m| m.len());
        let what = match failed {
            Some(e) if now == d.len => format!("the file cannot be read to its end: {e}"),
            None if now == d.len => return Ok(()),
            _ => "the file changed while it was read".to_owned(),
        };
        Err(Diagnostic::error("file-unreadable", what).file(name).fix("wait until the export is written, and read it again"))
    }

    /// All bytes in memory, where that is possible in bounded memory.
    pub fn into_bytes(self, name: &str) -> Result<Vec<u8>, Diagnostic> {
        match self {
            Self::Memory(b) => Ok(b),
            Self::Disk(d) if d.len > MOST => Err(too_large(name)),
            Self::Disk(d) => {
                let whole = Self::Disk(d);
                let bytes = whole.window(0, whole.len() as usize).into_owned();
                whole.check(name).map(|()| bytes)
            }
        }
    }

    /// The bytes in order, for what is read from beginning to end.
    pub fn reader(&self) -> Reader<'_> {
        Reader { held: self.window(0, 0), store: self, at: 0, used: 0 }
    }

    /// The same bytes.
    pub fn same(&self, other: &Self) -> bool {
        const STEP: usize = 1 << 20;
        self.len() == other.len() && (0..self.len()).step_by(STEP).all(|at| *self.window(at, STEP) == *other.window(at, STEP))
    }
}

fn too_large(name: &str) -> Diagnostic {
    Diagnostic::error("file-too-large", format!("the file is larger than {} GiB and of a kind that has to be read as a whole", MOST >> 30))
        .file(name)
        .fix("export it as CSV in UTF-8, or split it by year")
}

/// A store read in order.
pub(super) struct Reader<'a> {
    store: &'a Store,
    at: u64,
    held: Window<'a>,
    used: usize,
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.used == self.held.len() {
            self.held = self.store.window(self.at, 1 << 18);
            (self.at, self.used) = (self.at + self.held.len() as u64, 0);
        }
        let n = into.len().min(self.held.len() - self.used);
        into[..n].copy_from_slice(&self.held[self.used..self.used + n]);
        self.used += n;
        Ok(n)
    }
}
