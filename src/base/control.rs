//! How a long computation reports progress and learns that nobody wants it any more.

use std::sync::atomic::{AtomicBool, Ordering};

/// Progress out, cancel in. An implementation never changes a computed value.
pub trait Control: Sync {
    /// `done` of `total` steps of the named stage are finished. May be called from any thread.
    fn progress(&self, stage: &'static str, done: usize, total: usize);
    /// True once the result is no longer wanted; polled between units of work.
    fn is_cancelled(&self) -> bool;

    /// `Err(Cancelled)` once cancelled, so that loops can use `?`.
    fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// The computation was stopped on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped on request")]
pub struct Cancelled;

/// Reports nothing, is never cancelled.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoControl;

impl Control for NoControl {
    fn progress(&self, _: &'static str, _: usize, _: usize) {}
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// A flag to share between the one who asks and the one who works.
#[derive(Debug, Default)]
pub struct CancelFlag(AtomicBool);

impl CancelFlag {
    /// Ask the work to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Control for CancelFlag {
    fn progress(&self, _: &'static str, _: usize, _: usize) {}
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
