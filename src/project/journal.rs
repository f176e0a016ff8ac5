//! The journal: every edit ever made, and those of them that can be undone or redone.

use super::edit::{Change, Edit};
use crate::base::Stamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Edits of whole tables and histories that stay in memory; older ones are read from the file again when undone.
const HEAVY_KEPT: usize = 4;

/// One edit, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts up from 1.
    pub id: u64,
    /// When it was made, on the shop's clock.
    pub at: Stamp,
    /// What it did: `set cost of Tea 100 g`.
    pub label: String,
    /// The reason given.
    pub why: Option<String>,
    /// What stood there before, in words.
    pub from: String,
    /// What stood there after, in words.
    pub to: String,
    /// It was undone.
    pub undone: bool,
    /// It was undone and something else was done since: it cannot be redone.
    pub lost: bool,
}

/// Both directions of an edit.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub undo: Arc<Edit>,
    pub redo: Arc<Edit>,
}

/// An edit as it can be had.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// In memory.
    Here(Turn),
    /// As the file has it, `(undo, redo)`; without tables and histories to be read besides.
    Text(String, String),
}

/// All entries, oldest first, and the edits in memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Journal {
    pub entries: Vec<Entry>,
    pub held: BTreeMap<u64, Held>,
}

impl Journal {
    /// The entry to undo next.
    pub fn last_done(&self) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| !e.undone)
    }

    /// The entry to redo next.
    pub fn next_undone(&self) -> Option<&Entry> {
        self.entries.iter().rev().take_while(|e| e.undone).filter(|e| !e.lost).last()
    }

    /// Adds a new edit; what was undone before it is lost.
    pub fn add(&mut self, entry: Entry, turn: Turn) {
        for e in self.entries.iter_mut().rev().take_while(|e| e.undone) {
            e.lost = true;
            self.held.remove(&e.id);
        }
        self.held.insert(entry.id, Held::Here(turn));
        self.entries.push(entry);
        self.lighten();
    }

    /// Marks an entry.
    pub fn set_undone(&mut self, id: u64, undone: bool) {
        if let Some(e) = self.entries.iter_mut().rev().find(|e| e.id == id) {
            e.undone = undone;
        }
    }

    /// The number of the next entry.
    pub fn next_id(&self) -> u64 {
        self.entries.last().map_or(1, |e| e.id + 1)
    }

    fn lighten(&mut self) {
        let heavy: Vec<u64> = self.held.iter().rev().filter(|(_, h)| h.is_heavy()).map(|(id, _)| *id).skip(HEAVY_KEPT).collect();
        for id in heavy {
            self.held.remove(&id);
        }
    }
}

impl Held {
    fn is_heavy(&self) -> bool {
        match self {
            Self::Here(turn) => turn.redo.changes.iter().any(Change::is_heavy),
            Self::Text(..) => false,
        }
    }
}

impl Change {
    /// It holds a whole table or history, which the journal keeps by hash.
    pub(super) const fn is_heavy(&self) -> bool {
        matches!(self, Self::Sales(_) | Self::MasterTable(_))
    }
}
