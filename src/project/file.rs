//! A project: a document, its undo history and its file.

use super::document::Document;
use super::edit::{Change, Edit};
use super::journal::{Entry, Held, Journal, Turn};
use super::store::{self, Opened};
use super::stored;
use super::words;
use super::writer::{Job, Writer};
use crate::base::{Diagnostic, Stamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whether what is in memory is in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saving {
    /// All of it.
    Saved,
    /// So many edits are on their way.
    Pending(usize),
    /// The file cannot be written; it is tried again with every edit, every few seconds and by [`Project::flush`].
    Failed(Diagnostic),
}

/// A document with its file. Edits change the document at once and the file from a thread of its own, one transaction each; dropping the
/// project waits until all are written.
#[derive(Debug)]
pub struct Project {
    document: Document,
    journal: Journal,
    path: PathBuf,
    read_only: Option<Diagnostic>,
    revision: u64,
    /// Seconds that the shop's clock is ahead of UTC.
    offset: i64,
    writer: Arc<Writer>,
}

/// Waits for a project's file and copies it, from any thread.
#[derive(Debug, Clone)]
pub struct FileHandle(Arc<Writer>);

impl FileHandle {
    /// As [`Project::flush`].
    ///
    /// # Errors
    /// Why the file cannot be written.
    pub fn flush(&self) -> Result<(), Diagnostic> {
        self.0.ask(Job::Flush)
    }
    /// As [`Project::copy_to`].
    ///
    /// # Errors
    /// Why the copy cannot be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), Diagnostic> {
        self.0.ask(|reply| Job::Copy(path.to_owned(), reply))
    }
}

impl Project {
    /// A new file with this document, open. Works on the calling thread until the file is written.
    ///
    /// # Errors
    /// There is a file already, it cannot be written, or the document holds numbers that are none.
    pub fn create(path: &Path, mut document: Document) -> Result<Self, Diagnostic> {
        super::rows::tidy(Arc::make_mut(&mut document.masters));
        document.forget_private();
        store::create(path, &document)?;
        Self::open(path)
    }

    /// Opens a file. A file of a newer version and one that another running copy holds open read-only, as [`Project::read_only`] tells.
    ///
    /// # Errors
    /// It is no project, or cannot be read.
    pub fn open(path: &Path) -> Result<Self, Diagnostic> {
        let Opened { document, journal, connection, saver, read_only, lock, offset } = store::open(path)?;
        let writer = Arc::new(Writer::start(connection, saver, path, lock)?);
        Ok(Self { document, journal, path: path.to_owned(), read_only, revision: 1, offset, writer })
    }

    /// What the project knows.
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why nothing can be changed; `None` where it can.
    pub const fn read_only(&self) -> Option<&Diagnostic> {
        self.read_only.as_ref()
    }

    /// Grows with every change of the document.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// All edits ever made, oldest first.
    pub fn journal(&self) -> &[Entry] {
        &self.journal.entries
    }

    /// Now, on the shop's clock: what imports, decisions and overrides are stamped with.
    pub fn now(&self) -> Stamp {
        let utc = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i64);
        Stamp(utc + self.offset)
    }

    /// Makes an edit: the document at once, the file soon. New imports and decisions are numbered first ([`Document::number`]). An edit that
    /// changes nothing leaves no trace.
    ///
    /// # Errors
    /// The project is read-only, or as [`Document::apply`]; then nothing changed.
    pub fn apply(&mut self, mut edit: Edit) -> Result<(), Diagnostic> {
        if let Some(reason) = &self.read_only {
            return Err(reason.clone());
        }
        self.document.number(&mut edit);
        let undo = self.document.apply(&edit)?;
        if changes_nothing(&undo, &edit) {
            return Ok(());
        }
        let (from, to) = words::of(&undo, &edit);
        let (id, at) = (self.journal.next_id(), self.now());
        let entry = Entry { id, at, label: edit.label.clone(), why: edit.why.clone(), from, to, undone: false, lost: false };
        let turn = Turn { undo: Arc::new(undo), redo: Arc::new(edit) };
        self.writer.send(Job::Edit(entry.clone(), turn.clone()));
        self.journal.add(entry, turn);
        self.revision += 1;
        Ok(())
    }

    /// Undoes the last edit that stands; returns its label. `None` where there is none, the project is read-only, or the file that holds
    /// an old table or history cannot be read.
    pub fn undo(&mut self) -> Option<String> {
        let entry = self.can_turn(self.journal.last_done())?;
        let (id, label) = (entry.id, entry.label.clone());
        let turn = self.turn(id)?;
        self.document.apply(&turn.undo).ok()?;
        self.journal.set_undone(id, true);
        self.writer.send(Job::Turn { id, undone: true, edit: turn.undo });
        self.revision += 1;
        Some(label)
    }

    /// Makes the last undone edit again; returns its label. `None` as in [`Project::undo`].
    pub fn redo(&mut self) -> Option<String> {
        let entry = self.can_turn(self.journal.next_undone())?;
        let (id, label) = (entry.id, entry.label.clone());
        let turn = self.turn(id)?;
        self.document.apply(&turn.redo).ok()?;
        self.journal.set_undone(id, false);
        self.writer.send(Job::Turn { id, undone: false, edit: turn.redo });
        self.revision += 1;
        Some(label)
    }

    /// The label of the edit that [`Project::undo`] would undo.
    pub fn can_undo(&self) -> Option<&str> {
        self.can_turn(self.journal.last_done()).map(|e| e.label.as_str())
    }

    /// The label of the edit that [`Project::redo`] would make again.
    pub fn can_redo(&self) -> Option<&str> {
        self.can_turn(self.journal.next_undone()).map(|e| e.label.as_str())
    }

    fn can_turn<'a>(&self, entry: Option<&'a Entry>) -> Option<&'a Entry> {
        entry.filter(|_| self.read_only.is_none())
    }

    /// Both directions of an entry: from memory, from its text, or from the file.
    fn turn(&mut self, id: u64) -> Option<Turn> {
        let turn = match self.journal.held.get(&id) {
            Some(Held::Here(turn)) => return Some(turn.clone()),
            Some(Held::Text(undo, redo)) => stored::light(undo, redo).ok()?,
            None => self.writer.ask(|reply| Job::Read(id, reply)).ok()?,
        };
        self.journal.held.insert(id, Held::Here(turn.clone()));
        Some(turn)
    }

    /// Whether what is in memory is in the file.
    pub fn saving(&self) -> Saving {
        self.writer.saving()
    }

    /// Waits until everything is in the file.
    ///
    /// # Errors
    /// Why the file cannot be written.
    pub fn flush(&self) -> Result<(), Diagnostic> {
        self.writer.ask(Job::Flush)
    }

    /// Writes everything into a new, compact file, for sharing. Waits until it is written; [`Project::handle`] does so from another thread.
    ///
    /// # Errors
    /// There is a file already, or it cannot be written.
    pub fn copy_to(&self, path: &Path) -> Result<(), Diagnostic> {
        self.writer.ask(|reply| Job::Copy(path.to_owned(), reply))
    }

    /// For waiting and copying off the interface thread.
    pub fn handle(&self) -> FileHandle {
        FileHandle(self.writer.clone())
    }
}

/// Cell for cell the same as before. Whole tables and histories are not compared.
fn changes_nothing(undo: &Edit, edit: &Edit) -> bool {
    undo.changes.len() == edit.changes.len()
        && !edit.changes.iter().any(Change::is_heavy)
        && undo.changes.iter().rev().zip(&edit.changes).all(|(a, b)| a == b)
}
