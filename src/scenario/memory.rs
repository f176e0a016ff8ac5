//! What the engine remembers: results by the content they were computed from.
//!
//! A result is found again only under the same bytes of input, so a run on a warm engine and one on an empty engine give the
//! same outcome; memory changes the time, never the value.

use crate::forecast::{Marginal, PathModel};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Runs after which an unused result is dropped.
const KEEP: u64 = 8;

/// Results of one stage by content hash.
#[derive(Debug)]
pub struct Memory<T> {
    slots: Mutex<Slots<T>>,
}

#[derive(Debug)]
struct Slots<T> {
    by_key: HashMap<u64, (u64, Arc<T>)>,
    run: u64,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self { slots: Mutex::new(Slots { by_key: HashMap::new(), run: 0 }) }
    }
}

impl<T> Memory<T> {
    /// The remembered result of `key`, or a new one. Two threads that miss the same key both compute it, to the same bytes.
    pub fn get_or<E>(&self, key: u64, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Some(found) = self.get(key) {
            return Ok(found);
        }
        let made = Arc::new(make()?);
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let run = slots.run;
        slots.by_key.insert(key, (run, made.clone()));
        Ok(made)
    }

    /// The remembered result of `key`.
    pub fn get(&self, key: u64) -> Option<Arc<T>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let run = slots.run;
        slots.by_key.get_mut(&key).map(|(used, found)| {
            *used = run;
            found.clone()
        })
    }

    /// Remembers a result found elsewhere.
    pub fn put(&self, key: u64, value: T) {
        self.recall(vec![(key, value)]);
    }

    /// A new run begins: forget what the last ones did not use.
    pub fn next_run(&self) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.run += 1;
        let oldest = slots.run.saturating_sub(KEEP);
        slots.by_key.retain(|_, (used, _)| *used >= oldest);
    }

    /// Everything held with its key, the most recently used first, by key within a run.
    pub fn recent(&self) -> Vec<(u64, Arc<T>)> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(u64, u64, Arc<T>)> = slots.by_key.iter().map(|(key, (used, value))| (*used, *key, value.clone())).collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().map(|(_, key, value)| (key, value)).collect()
    }

    /// Puts results back that an earlier session found.
    pub fn recall(&self, results: Vec<(u64, T)>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let run = slots.run;
        slots.by_key.extend(results.into_iter().map(|(key, value)| (key, (run, Arc::new(value)))));
    }

    /// Results held.
    pub fn len(&self) -> usize {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).by_key.len()
    }

    /// True when nothing is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The last result alone: what one item needs again and again while its assumptions move.
#[derive(Debug)]
pub struct Last<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> Default for Last<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Last<T> {
    /// The result of `key` if it was the last one, else a new one.
    pub fn get_or(&self, key: u64, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some((_, found)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().filter(|(k, _)| *k == key) {
            return found.clone();
        }
        let made = Arc::new(make());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, made.clone()));
        made
    }
}

/// A content hash built from parts; floats by their bits. `DefaultHasher::new()` starts from fixed keys, so that the same parts give the same hash
/// in every process; a toolchain that changes its algorithm only makes old results unfindable.
#[derive(Default)]
pub struct Key(DefaultHasher);

impl Key {
    /// Add anything hashable.
    #[must_use]
    pub fn with(mut self, part: impl Hash) -> Self {
        part.hash(&mut self.0);
        self
    }
    /// Add numbers.
    #[must_use]
    pub fn numbers(mut self, numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut n = 0u64;
        for x in numbers {
            x.to_bits().hash(&mut self.0);
            n += 1;
        }
        n.hash(&mut self.0);
        self
    }
    /// Add a distribution over paths.
    #[must_use]
    pub fn path(mut self, path: &PathModel) -> Self {
        for m in &path.marginals {
            self = match m {
                Marginal::Quantiles(table) => self.with(0u8).numbers(table.iter().copied()),
                Marginal::Discrete { values, cdf } => self.with(1u8).numbers(values.iter().copied()).numbers(cdf.iter().copied()),
            };
        }
        self.with(path.steps.len())
            .numbers(path.steps.iter().flat_map(|s| [f64::from(s.marginal), s.shift, s.scale]))
            .with((path.cycle, path.integer, path.non_negative))
            .numbers([path.dependence.share, path.dependence.rho])
    }
    /// Add anything by its debug text, for small structures without `Hash`.
    #[must_use]
    pub fn debug(self, part: &impl std::fmt::Debug) -> Self {
        self.with(format!("{part:?}"))
    }
    /// The hash.
    pub fn done(self) -> u64 {
        self.0.finish()
    }
}
