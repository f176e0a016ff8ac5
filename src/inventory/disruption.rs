//! What disturbs supply and demand: outages, longer lead times, spikes of demand, lost capacity, at a date or by chance.
//!
//! An order placed at the end of period `t` leaves the supplier at the start of `t + 1`. While a supplier is out nothing leaves; it waits for the
//! first period in which it can. With part of its capacity that share of an order leaves and the rest follows when capacity is whole
//! again. What is under way already is not touched. With lead time 0 this is the base-stock system with disruptions of Snyder & Shen
//! 2019 §9.3: an outage begins in a period with a chance, and ends in each later one with another.
//!
//! Draws are by counter (purpose `Disruption`) and named by the event, not by the item: what hits a supplier hits all its items at
//! once, and a policy compared with another meets the same events.

use super::kernel::Setup;
use crate::base::random::{Purpose, Stream, hash_id};
use serde::{Deserialize, Serialize};

/// When an event begins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Begins {
    /// With this probability in every period in which it is not there.
    Chance(f64),
    /// At the start of this simulated period (0 the first), warm-up included.
    At(usize),
}

/// How long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Lasts {
    /// So many periods.
    Periods(usize),
    /// At least one period, over with this probability at the start of every later one.
    Until(f64),
}

/// What it does while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// This share of what would leave the supplier leaves, 0..1: 0 is an outage.
    Supply(f64),
    /// The lead time of what leaves then is so many times as long, rounded up to whole periods.
    LeadTime(f64),
    /// So many times the demand.
    Demand(f64),
}

/// One event that may happen, again and again where by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disruption {
    /// Names its random stream: events of one name happen together wherever they are met.
    pub name: String,
    /// When it begins.
    pub begins: Begins,
    /// How long it lasts.
    pub lasts: Lasts,
    /// What it does.
    pub effect: Effect,
    /// Everybody knows of it in advance: it is no risk, and a comparison without disruptions keeps it.
    pub known: bool,
}

impl Disruption {
    /// Calls `active` with every period of `0 .. horizon` in which it is there, and `started` with those in which it begins.
    fn each(&self, seed: u64, replication: u64, horizon: usize, mut active: impl FnMut(usize), mut started: impl FnMut(usize)) {
        let stream = Stream::new(seed, hash_id(&self.name), Purpose::Disruption, replication);
        let mut left: Option<usize> = None;
        for t in 0..horizon {
            let on = match (left, self.lasts) {
                (Some(n), Lasts::Periods(_)) if n > 0 => true,
                (Some(_), Lasts::Until(chance)) => stream.unit(2 * t as u64 + 1) >= chance,
                _ => false,
            };
            // where it has just ended it does not begin again in the same period
            let begins = left.is_none()
                && match self.begins {
                    Begins::Chance(chance) => stream.unit(2 * t as u64) < chance,
                    Begins::At(period) => t == period,
                };
            if begins {
                started(t);
                active(t);
                left = Some(if let Lasts::Periods(n) = self.lasts { n.saturating_sub(1) } else { 1 });
            } else if on {
                active(t);
                if let Lasts::Periods(_) = self.lasts {
                    left = left.map(|n| n.saturating_sub(1));
                }
            } else {
                left = None;
            }
        }
    }

    /// When it begins and when it is over (the period after its last) in one replication, each time.
    pub(super) fn spans(&self, seed: u64, replication: u64, horizon: usize) -> Vec<(usize, usize)> {
        let (mut active, mut starts) = (vec![false; horizon], Vec::new());
        self.each(
            seed,
            replication,
            horizon,
            |t| {
                if let Some(x) = active.get_mut(t) {
                    *x = true;
                }
            },
            |t| starts.push(t),
        );
        starts.iter().map(|t| (*t, (t + 1..horizon).find(|u| !active[*u]).unwrap_or(horizon))).collect()
    }
}

/// What one replication meets, by period; empty where nothing can be disturbed.
#[derive(Debug, Default)]
pub(super) struct Course {
    supply: Vec<f32>,
    stretch: Vec<f32>,
    demand: Vec<f32>,
}

impl Course {
    /// The events of one replication.
    pub fn draw(&mut self, events: &[Disruption], setup: &Setup, replication: u64) {
        for row in [&mut self.supply, &mut self.stretch, &mut self.demand] {
            row.clear();
            row.resize(if events.is_empty() { 0 } else { setup.horizon }, 1.0);
        }
        for e in events {
            let (row, by): (&mut Vec<f32>, f64) = match e.effect {
                Effect::Supply(share) => (&mut self.supply, share),
                Effect::LeadTime(factor) => (&mut self.stretch, factor),
                Effect::Demand(factor) => (&mut self.demand, factor),
            };
            e.each(
                setup.seed,
                replication,
                setup.horizon,
                |t| {
                    if let Some(x) = row.get_mut(t) {
                        *x *= by as f32;
                    }
                },
                |_| (),
            );
        }
    }

    /// The share that may leave the supplier in period `t`.
    pub fn supply(&self, t: usize) -> f32 {
        self.supply.get(t).copied().unwrap_or(1.0)
    }

    /// The first period after `t` in which all may leave; `None`: beyond the horizon.
    pub fn whole_again(&self, t: usize) -> Option<usize> {
        (t + 1..self.supply.len()).find(|u| self.supply(*u) >= 1.0)
    }

    /// The lead time of what leaves in period `t`.
    pub fn stretched(&self, t: usize, lead: usize) -> usize {
        match self.stretch.get(t) {
            Some(f) if *f != 1.0 => (lead as f32 * f - 1e-4).ceil().max(0.0) as usize,
            _ => lead,
        }
    }

    /// What is asked for in period `t` where `demand` would be.
    pub fn wanted(&self, t: usize, demand: f32, whole: bool) -> f32 {
        match self.demand.get(t) {
            Some(f) if *f != 1.0 && whole => (demand * f).round_ties_even(),
            Some(f) if *f != 1.0 => demand * f,
            _ => demand,
        }
    }
}
