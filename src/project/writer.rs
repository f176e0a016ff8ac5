//! The thread that writes: one transaction an edit, in order.

use super::edit::Edit;
use super::fault::{Fault, damaged};
use super::file::Saving;
use super::journal::{Entry, Turn};
use super::lock::Lock;
use super::save::Saver;
use super::store;
use crate::base::Diagnostic;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// After a failure, how long until it is tried again.
const RETRY: Duration = Duration::from_secs(3);

type Reply<T> = SyncSender<Result<T, Diagnostic>>;

/// Something for the thread to do.
pub(super) enum Job {
    /// Write a new edit.
    Edit(Entry, Turn),
    /// Write an edit undone or made again.
    Turn { id: u64, undone: bool, edit: Arc<Edit> },
    /// Read both directions of an entry.
    Read(u64, Reply<Turn>),
    /// Say when everything before is written.
    Flush(Reply<()>),
    /// Write a copy.
    Copy(PathBuf, Reply<()>),
    /// Write what is left, and end.
    Stop,
}

#[derive(Debug, Default)]
struct State {
    pending: usize,
    failed: Option<Diagnostic>,
}

/// The thread, seen from outside. Dropping it waits until all is written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Sender<Job>,
    state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
    // given back after the thread has ended
    _lock: Option<Lock>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection, saver: Saver, path: &Path, lock: Option<Lock>) -> Result<Self, Diagnostic> {
        let (jobs, inbox) = mpsc::channel();
        let state = Arc::new(Mutex::new(State::default()));
        let desk = Desk { connection, saver, path: path.to_owned(), queue: VecDeque::new(), state: state.clone() };
        let thread = std::thread::Builder::new().name("project-writer".into()).spawn(move || desk.run(&inbox)).map_err(|e| {
            Diagnostic::error("project-io", format!("no thread to write the project: {e}")).fix("close other programs and try again")
        })?;
        Ok(Self { jobs, state, thread: Some(thread), _lock: lock })
    }

    /// Hands over something to write; never waits for the disk.
    pub fn send(&self, job: Job) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).pending += 1;
        if self.jobs.send(job).is_err() {
            self.state.lock().unwrap_or_else(PoisonError::into_inner).failed = Some(gone());
        }
    }

    /// Asks something and waits for the answer.
    pub fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Diagnostic> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.jobs.send(job(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }

    pub fn saving(&self) -> Saving {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match (&state.failed, state.pending) {
            (Some(d), _) => Saving::Failed(d.clone()),
            (None, 0) => Saving::Saved,
            (None, n) => Saving::Pending(n),
        }
    }
}

fn gone() -> Diagnostic {
    Diagnostic::error("project-io", "the thread that writes the project has ended")
        .fix("restart Stockcast; at most the last edit is missing")
}

impl Drop for Writer {
    fn drop(&mut self) {
        // if the thread is gone there is nothing to wait for
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread, seen from inside.
struct Desk {
    connection: Connection,
    saver: Saver,
    path: PathBuf,
    /// Edits not written yet: more than one only after a failure.
    queue: VecDeque<Job>,
    state: Arc<Mutex<State>>,
}

impl Desk {
    fn run(mut self, inbox: &Receiver<Job>) {
        loop {
            let job =
                if self.queue.is_empty() { inbox.recv().map_err(|_| RecvTimeoutError::Disconnected) } else { inbox.recv_timeout(RETRY) };
            // an answer that nobody waits for any more is no failure
            match job {
                Ok(Job::Read(id, reply)) => {
                    let turn = self.drain().and_then(|()| self.saver.read(&self.connection, id).map_err(|f| f.tell(&self.path)));
                    let _ = reply.send(turn);
                }
                Ok(Job::Flush(reply)) => {
                    let _ = reply.send(self.drain());
                }
                Ok(Job::Copy(to, reply)) => {
                    let copied = self.drain().and_then(|()| store::copy(&self.connection, &self.path, &to));
                    let _ = reply.send(copied);
                }
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    let _ = self.drain();
                    return;
                }
                Ok(write) => {
                    self.queue.push_back(write);
                    let _ = self.drain();
                }
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.drain();
                }
            }
        }
    }

    /// Writes what is waiting, in order, until it is done or fails.
    fn drain(&mut self) -> Result<(), Diagnostic> {
        while let Some(job) = self.queue.front() {
            let (connection, saver) = (&mut self.connection, &mut self.saver);
            // a panic (in the Parquet writer) must not end the thread that everything waits for
            let written = catch_unwind(AssertUnwindSafe(|| write(connection, saver, job)))
                .unwrap_or_else(|_| Err(Fault::Said(damaged("the last edit cannot be written"))));
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            match written {
                Ok(()) => {
                    self.queue.pop_front();
                    state.pending = state.pending.saturating_sub(1);
                    state.failed = None;
                }
                Err(fault) => {
                    let d = fault.tell(&self.path);
                    state.failed = Some(d.clone());
                    return Err(d);
                }
            }
        }
        Ok(())
    }
}

fn write(connection: &mut Connection, saver: &mut Saver, job: &Job) -> Result<(), Fault> {
    let t = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match job {
        Job::Edit(entry, turn) => saver.edit(&t, entry, turn)?,
        Job::Turn { id, undone, edit } => saver.turn(&t, *id, *undone, edit)?,
        Job::Read(..) | Job::Flush(_) | Job::Copy(..) | Job::Stop => {}
    }
    Ok(t.commit()?)
}
