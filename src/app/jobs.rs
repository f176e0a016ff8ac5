//! Work off the interface thread: named worker threads that report progress, can be cancelled, and are replaced by a newer request for the same thing.

use crate::base::Control;
use eframe::egui;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a job is about: of two jobs with the same key only the newer one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Opening or importing files.
    Open,
    /// A preview of a file.
    Preview,
    /// What files that come to a project are.
    Inspect,
    /// What the data are worth.
    Audit,
    /// The whole line of the active scenario.
    Run,
    /// The past again.
    Replay,
    /// One item under the sliders.
    Item,
    /// Consolidation rules side by side.
    Consolidation,
    /// The same, by formula.
    Estimate,
    /// Trips of one's own shipments.
    Deliveries,
    /// When these should leave.
    DeliveryRules,
    /// The same, by formula.
    DeliveryEstimate,
    /// Scenarios side by side.
    Compare,
    /// The page to send.
    Report,
    /// Writing a file.
    Export,
    /// A file dialog of the system.
    Dialog,
    /// Forecasts of all items together.
    Forecasts,
    /// What each step of the forecasts adds.
    ValueAdded,
    /// Policies of all items together.
    Policies,
    /// Past orders held against what was sold since.
    Settled,
    /// What each further pack of today's order is worth.
    Budget,
}

/// What the bar shows of a job.
#[derive(Debug)]
pub struct Shared {
    cancelled: AtomicBool,
    done: AtomicUsize,
    total: AtomicUsize,
    stage: Mutex<&'static str>,
    /// Milliseconds since the job began at which the window was last woken for progress.
    woken: AtomicU64,
    started: Instant,
    ctx: egui::Context,
}

impl Control for Shared {
    fn progress(&self, stage: &'static str, done: usize, total: usize) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        // ten times a second is enough for the eye and costs nothing
        let now = self.started.elapsed().as_millis() as u64;
        let last = self.woken.load(Ordering::Relaxed);
        if now.saturating_sub(last) >= 100 && self.woken.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.ctx.request_repaint();
        }
    }
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// A job that is running.
#[derive(Debug)]
pub struct Job {
    /// What it is about.
    pub key: Key,
    /// In words, for the bar.
    pub label: String,
    /// Shown in the bar; sliders answer too often for that.
    pub quiet: bool,
    id: u64,
    shared: Arc<Shared>,
}

impl Job {
    /// The stage and how much of it is done, 0..=1, where known.
    pub fn progress(&self) -> (&'static str, Option<f32>) {
        let (done, total) = (self.shared.done.load(Ordering::Relaxed), self.shared.total.load(Ordering::Relaxed));
        let stage = *self.shared.stage.lock().unwrap_or_else(PoisonError::into_inner);
        (stage, (total > 0).then(|| (done as f32 / total as f32).clamp(0.0, 1.0)))
    }
    /// Seconds since it began.
    pub fn seconds(&self) -> f32 {
        self.shared.started.elapsed().as_secs_f32()
    }
}

struct Done<M> {
    id: u64,
    /// The job ends with this one.
    last: bool,
    /// Absent where the work broke down.
    message: Option<M>,
}

/// What [`Jobs::poll`] hands over.
pub enum Event<M> {
    /// A message of a job that still counts.
    Message(M),
    /// The named job broke down; a defect of ours, said instead of hidden.
    Broke(String),
    /// The last message of a job that was stopped: nobody waits for it, but what it made has to be put away.
    Late(M),
}

/// All running jobs, and the messages they send.
pub struct Jobs<M> {
    running: Vec<Job>,
    next: u64,
    sender: Sender<Done<M>>,
    receiver: Receiver<Done<M>>,
    ctx: egui::Context,
}

/// How a job speaks while it works.
pub struct Reporter<M> {
    id: u64,
    shared: Arc<Shared>,
    sender: Sender<Done<M>>,
}

impl<M> Reporter<M> {
    /// Progress and cancel.
    pub fn control(&self) -> &dyn Control {
        &*self.shared
    }
    /// Sends a message before the end; the window wakes at most ten times a second for it.
    pub fn send(&self, message: M) {
        let _ = self.sender.send(Done { id: self.id, last: false, message: Some(message) });
    }
}

impl<M: Send + 'static> Jobs<M> {
    /// None running.
    pub fn new(ctx: &egui::Context) -> Self {
        let (sender, receiver) = channel();
        Self { running: Vec::new(), next: 0, sender, receiver, ctx: ctx.clone() }
    }

    /// Starts work on a thread of its own; a running job of the same key is cancelled and its messages are dropped.
    pub fn start(&mut self, key: Key, label: impl Into<String>, work: impl FnOnce(&Reporter<M>) -> M + Send + 'static) {
        let quiet = matches!(
            key,
            Key::Item | Key::Dialog | Key::Preview | Key::Inspect | Key::Audit | Key::Forecasts | Key::Policies | Key::Settled
        );
        self.cancel(key);
        let id = self.next;
        self.next += 1;
        let shared = Arc::new(Shared {
            cancelled: AtomicBool::new(false),
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
            stage: Mutex::new(""),
            woken: AtomicU64::new(0),
            started: Instant::now(),
            ctx: self.ctx.clone(),
        });
        let reporter = Reporter { id, shared: shared.clone(), sender: self.sender.clone() };
        let ctx = self.ctx.clone();
        let spawned = std::thread::Builder::new().name(format!("stockcast {key:?}")).spawn(move || {
            // a defect in one job must not take the window down or leave the bar turning for ever
            let message = catch_unwind(AssertUnwindSafe(|| work(&reporter))).ok();
            let _ = reporter.sender.send(Done { id, last: true, message });
            ctx.request_repaint();
        });
        // a machine that cannot start a thread cannot do the work either: the job never shows, nothing is lost
        if spawned.is_ok() {
            self.running.push(Job { key, label: label.into(), quiet, id, shared });
        }
    }

    /// The messages that have come in, of jobs that still count.
    pub fn poll(&mut self) -> Vec<Event<M>> {
        let mut out = Vec::new();
        while let Ok(done) = self.receiver.try_recv() {
            let Some(i) = self.running.iter().position(|j| j.id == done.id) else {
                out.extend(done.message.filter(|_| done.last).map(Event::Late));
                continue;
            };
            let label = if done.last { self.running.remove(i).label } else { String::new() };
            out.push(done.message.map_or(Event::Broke(label), Event::Message));
        }
        out
    }

    /// Asks the jobs of a key to stop and forgets them.
    pub fn cancel(&mut self, key: Key) {
        self.running.retain(|j| {
            if j.key == key {
                j.shared.cancelled.store(true, Ordering::Relaxed);
            }
            j.key != key
        });
    }

    /// Asks everything to stop.
    pub fn cancel_all(&mut self) {
        for j in self.running.drain(..) {
            j.shared.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// What is running.
    pub fn running(&self) -> &[Job] {
        &self.running
    }

    /// True while a job of this key runs.
    pub fn is_running(&self, key: Key) -> bool {
        self.running.iter().any(|j| j.key == key)
    }
}

impl<M> Drop for Jobs<M> {
    fn drop(&mut self) {
        for j in &self.running {
            j.shared.cancelled.store(true, Ordering::Relaxed);
        }
    }
}
