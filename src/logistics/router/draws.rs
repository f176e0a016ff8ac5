//! Uniform draws in sequence, for the searches.

use crate::base::random::hash_id;
use crate::base::{Purpose, Stream};

/// A stream and where it is.
#[derive(Clone)]
pub(super) struct Draws {
    stream: Stream,
    next: u64,
}

impl Draws {
    /// From a seed, for the search of that name.
    pub(super) const fn new(seed: u64, search: &str) -> Self {
        Self { stream: Stream::new(seed, hash_id(search), Purpose::Search, 0), next: 0 }
    }
    /// Uniform in (0, 1).
    #[inline(always)]
    pub(super) fn unit(&mut self) -> f64 {
        self.next += 1;
        self.stream.unit(self.next)
    }
    /// Uniform in 0..n.
    #[inline(always)]
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.next += 1;
        ((u128::from(self.stream.bits(self.next)) * n as u128) >> 64) as usize
    }
    /// Trials until one of this probability comes true: geometric.
    pub(super) fn until(&mut self, probability: f64) -> u32 {
        (self.unit().ln() * (1.0 / (1.0 - probability).ln())) as u32
    }
    /// A random order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}
