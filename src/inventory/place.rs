//! Placing orders: where what sixteen replications order arrives.
//!
//! The kernel decides orders on all lanes at once and has them placed here later, several reviews together: one lane after the other where few lanes
//! order, all lanes by one rung of the lead time's ladder after the other where many do. Either way a lead time is the draw of its replication and period.

// Loops count lanes by number: iterators over several arrays at once are not made into vector instructions as surely.
#![allow(clippy::needless_range_loop)]

use super::kernel::{Record, Row};
use super::lead_time::{Draws, Tables};
use crate::base::random::{GAMMA, Stream, mix64};
use crate::forecast::path::LANES;

/// A row that does not cross a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Slot(pub Row);

#[inline(always)]
fn add(row: &mut Row, more: &Row) {
    for (x, more) in row.iter_mut().zip(more) {
        *x += more;
    }
}

/// Puts what all lanes order at the end of `t` where it arrives, a value of the lead time after the other: the draws are those of
/// [`Draws::at`], but no lane waits for another's table.
#[inline(always)]
fn climb(ladder: &[(u64, usize)], keys: &[u64; LANES], t: usize, quantity: &Slot, ring: &mut [Slot]) {
    let mask = ring.len() - 1;
    let weyl = (t as u64).wrapping_add(1).wrapping_mul(GAMMA);
    let mut draws = [0u64; LANES];
    for l in 0..LANES {
        draws[l] = mix64(keys[l].wrapping_add(weyl));
    }
    // what is drawn below the rung before; copies, since rows in memory might be the same for all the optimiser knows
    let (quantity, mut below) = (quantity.0, [0.0f32; LANES]);
    let Some(((_, longest), others)) = ladder.split_last() else { return };
    for (at, periods) in others {
        let Some(Slot(row)) = ring.get_mut((t + 1 + periods) & mask) else { return };
        let mut sum = *row;
        for l in 0..LANES {
            let upto = f32::from_bits(quantity[l].to_bits() & u32::from(draws[l] < *at).wrapping_neg());
            sum[l] += upto - below[l];
            below[l] = upto;
        }
        *row = sum;
    }
    if let Some(Slot(row)) = ring.get_mut((t + 1 + longest) & mask) {
        let mut sum = *row;
        for l in 0..LANES {
            sum[l] += quantity[l] - below[l];
        }
        *row = sum;
    }
}

/// Reviews whose orders are placed together, at most: as many as their flags fit 64 bits.
pub(super) const PENDING: usize = 64 / LANES;

/// Orders that are decided and not yet placed. Placing waits as long as none of them can arrive: the periods in between are then one loop that calls
/// nothing and keeps its state in registers, and the lanes that order are looked for once for several reviews.
pub(super) struct Pending {
    pub quantity: [Slot; PENDING],
    /// Lanes that order, a bit each, review after review.
    pub due: u64,
    pub period: [usize; PENDING],
    pub count: usize,
}

impl Pending {
    pub const fn new() -> Self {
        Self { quantity: [Slot([0.0; LANES]); PENDING], due: 0, period: [0; PENDING], count: 0 }
    }

    /// Puts the orders where they arrive.
    #[inline(always)]
    pub fn place<const WIDE: bool>(&mut self, placing: &mut Placing, record: Option<&mut Record>) {
        let (count, due) = (std::mem::take(&mut self.count), std::mem::take(&mut self.due));
        if due == 0 {
            return;
        }
        let rows = self.quantity.iter().zip(&self.period).take(count);
        if record.is_none() && placing.crossing {
            if let Draws::Fixed(periods) = placing.draws {
                let mask = placing.ring.len() - 1;
                for (quantity, t) in rows {
                    if let Some(Slot(row)) = placing.ring.get_mut((t + 1 + periods) & mask) {
                        add(row, &quantity.0);
                    }
                }
                return;
            }
            // of few lanes each draws for itself
            let ladder = placing.draws.ladder();
            if WIDE && !ladder.is_empty() && due.count_ones() as usize > MANY * count {
                for (quantity, t) in rows {
                    climb(ladder, &placing.keys, *t, quantity, placing.ring);
                }
                return;
            }
        }
        match (placing.draws, record) {
            (Draws::Random(tables), None) if placing.crossing => {
                scatter(tables, &placing.keys, placing.ring, due, &self.quantity, &self.period)
            }
            (_, record) => placing.each(due, &self.quantity, &self.period, record),
        }
    }
}

/// Lanes of a review beyond which all draw together.
const MANY: usize = 6;

/// Orders that may overtake each other, one after the other: only a lane that orders draws.
#[inline(never)]
fn scatter(tables: &Tables, keys: &[u64; LANES], ring: &mut [Slot], mut due: u64, quantity: &[Slot; PENDING], period: &[usize; PENDING]) {
    let mask = ring.len() - 1;
    while due != 0 {
        let bit = due.trailing_zeros() as usize;
        due &= due - 1;
        let (k, l) = (bit / LANES % PENDING, bit % LANES);
        let t = period[k];
        let arrives = t + 1 + tables.at(Stream { key: keys[l] }.bits(t as u64));
        if let Some(Slot(row)) = ring.get_mut(arrives & mask) {
            row[l] += quantity[k].0[l];
        }
    }
}

/// Where orders go.
pub(super) struct Placing<'a> {
    pub draws: &'a Draws,
    pub crossing: bool,
    pub keys: [u64; LANES],
    pub ring: &'a mut [Slot],
    /// Latest arrival so far, where orders keep their sequence.
    pub last: &'a mut [usize; LANES],
    pub first_replication: u64,
    pub horizon: usize,
}

impl Placing<'_> {
    /// The same in every case: kept in sequence, recorded.
    #[inline(never)]
    fn each(&mut self, mut due: u64, quantity: &[Slot; PENDING], period: &[usize; PENDING], mut record: Option<&mut Record>) {
        let mask = self.ring.len() - 1;
        while due != 0 {
            let bit = due.trailing_zeros() as usize;
            due &= due - 1;
            let (k, l) = (bit / LANES % PENDING, bit % LANES);
            let (t, units) = (period[k], quantity[k].0[l]);
            let mut arrives = t + 1 + self.draws.at(Stream { key: self.keys[l] }.bits(t as u64));
            if !self.crossing {
                arrives = arrives.max(self.last[l]);
                self.last[l] = arrives;
            }
            if let Some(Slot(row)) = self.ring.get_mut(arrives & mask) {
                row[l] += units;
            }
            if let Some(record) = &mut record {
                record.order(self.first_replication + l as u64, l, self.horizon, t as i64, arrives, units);
            }
        }
    }
}
