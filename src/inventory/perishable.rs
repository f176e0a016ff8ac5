//! Stock with an age: batches sold first expired first out (or last, where customers reach for the freshest), discarded when they expire.
//!
//! A unit received at the start of period `t` can be sold in `t … t + m − 1` and is discarded at the end of `t + m − 1`, after
//! demand and before costs are counted on what is left (Nahmias 2011, *Perishable Inventory Systems*, §2). The position counts what
//! is on hand whatever its age.

use std::collections::VecDeque;

/// Units and the period at whose end they are discarded.
#[derive(Debug, Clone, Copy)]
struct Batch {
    expires: usize,
    units: f64,
}

/// The expiry of what keeps for good.
pub(super) const KEEPS: usize = usize::MAX;

/// Stock by age, soonest expiry first.
#[derive(Debug, Default)]
pub(super) struct Shelf(VecDeque<Batch>);

impl Shelf {
    pub fn put(&mut self, expires: usize, units: f64) {
        if units > 0.0 {
            // what keeps is one heap
            if expires == KEEPS
                && let Some(last) = self.0.back_mut().filter(|b| b.expires == KEEPS)
            {
                last.units += units;
                return;
            }
            let at = self.0.partition_point(|b| b.expires <= expires);
            self.0.insert(at, Batch { expires, units });
        }
    }
    /// Takes up to `wanted` units and returns how many there were.
    pub fn take(&mut self, wanted: f64) -> f64 {
        let mut taken = 0.0;
        while taken < wanted {
            let Some(first) = self.0.front_mut() else { break };
            let part = first.units.min(wanted - taken);
            taken += part;
            first.units -= part;
            if first.units <= 0.0 {
                self.0.pop_front();
            }
        }
        taken
    }
    /// The same from the freshest end.
    pub fn take_fresh(&mut self, wanted: f64) -> f64 {
        let mut taken = 0.0;
        while taken < wanted {
            let Some(last) = self.0.back_mut() else { break };
            let part = last.units.min(wanted - taken);
            taken += part;
            last.units -= part;
            if last.units <= 0.0 {
                self.0.pop_back();
            }
        }
        taken
    }
    pub fn discard(&mut self, period: usize) -> f64 {
        let mut units = 0.0;
        while let Some(first) = self.0.front().filter(|b| b.expires <= period) {
            units += first.units;
            self.0.pop_front();
        }
        units
    }
    pub fn units(&self) -> f64 {
        self.0.iter().map(|b| b.units).sum()
    }
}
