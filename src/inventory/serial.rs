//! Stages in series under echelon base stock, simulated: what the exact answer of [`classic::serial`](super::classic::serial) is checked against, and what any levels cost.
//!
//! In a period, what was sent arrives, customers ask at stage 1 and wait where there is nothing, costs are counted on what is left; then each stage, the last first,
//! sends on what brings the next echelon's position up to its level, as far as it has it. What is sent at the end of `t` with lead time `L` arrives at the start of
//! `t + L` (of the same period's end where `L` is 0), so that a stage's orders cover the demand of `L` periods.

use super::simulate::SimOptions;
use crate::base::Measure;
use crate::base::random::hash_id;
use crate::forecast::fill::Sampler;
use crate::forecast::path::LANES;
use serde::Serialize;

/// One stage: its lead time in whole periods, its local holding cost, and the level of its echelon, units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Periods from the stage that supplies it.
    pub lead_time: usize,
    /// Per unit and period; stock on its way to a stage costs what it costs at the one that sent it.
    pub holding: f64,
    /// Echelon base-stock level.
    pub level: f64,
}

/// What the stages cost together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Run {
    /// Holding and backorders over the counted periods, money.
    pub total_cost: Measure,
    /// Backorders' part.
    pub stockout_cost: Measure,
    /// Holding's part, on the way included.
    pub holding_cost: Measure,
    /// Share of demand served at once.
    pub fill_rate: Measure,
    /// Units demanded.
    pub demand: Measure,
    /// Mean stock at period ends at each stage, stage 1 first, units.
    pub on_hand: Vec<f64>,
}

/// Simulates stages, stage 1 (which serves the customers) first.
pub fn simulate(stages: &[Stage], shortage: f64, sampler: &Sampler, o: &SimOptions) -> Run {
    let horizon = o.horizon();
    let id = hash_id("demand");
    let mut tile = vec![0.0f32; horizon * LANES];
    let n = stages.len();
    let (mut short, mut held, mut fill, mut asked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut shelf = vec![0.0; n];
    for first in (0..o.replications as u64).step_by(LANES) {
        sampler.fill(o.seed, id, o.first_replication + first, 0..horizon, &mut tile);
        for lane in 0..LANES.min(o.replications - first as usize) {
            let demand = |t: usize| tile.get(t * LANES + lane).copied().map_or(0.0, f64::from);
            let one = run_one(stages, shortage, o, demand, &mut shelf);
            short.push(one[0]);
            held.push(one[1]);
            asked.push(one[2]);
            fill.push(if one[2] > 0.0 { 1.0 - one[3] / one[2] } else { 1.0 });
        }
    }
    let total: Vec<f64> = short.iter().zip(&held).map(|(a, b)| a + b).collect();
    let periods = (o.replications * o.periods).max(1) as f64;
    Run {
        total_cost: Measure::from_values(&total),
        stockout_cost: Measure::from_values(&short),
        holding_cost: Measure::from_values(&held),
        fill_rate: Measure::from_values(&fill),
        demand: Measure::from_values(&asked),
        on_hand: shelf.iter().map(|x| x / periods).collect(),
    }
}

/// One replication: backorder cost, holding cost, demand, units that waited.
fn run_one(stages: &[Stage], shortage: f64, o: &SimOptions, demand: impl Fn(usize) -> f64, shelf: &mut [f64]) -> [f64; 4] {
    let n = stages.len();
    let (mut on_hand, mut way): (Vec<f64>, Vec<f64>) = (vec![0.0; n], vec![0.0; n]);
    // full at the start: each echelon at its level, nothing on the way
    let mut below = 0.0;
    for (slot, s) in on_hand.iter_mut().zip(stages) {
        *slot = (s.level - below).max(0.0);
        below = s.level.max(below);
    }
    let mut coming: Vec<Vec<f64>> = stages.iter().map(|s| vec![0.0; s.lead_time.max(1)]).collect();
    let mut waiting = 0.0;
    let mut sum = [0.0; 4];
    for t in 0..o.horizon() {
        for j in 0..n {
            let arriving = std::mem::take(&mut coming[j][t % stages[j].lead_time.max(1)]);
            on_hand[j] += arriving;
            way[j] -= arriving;
        }
        let wanted = demand(t);
        let now = (on_hand[0] - waiting).clamp(0.0, wanted.max(0.0));
        let served = on_hand[0].min(waiting + wanted);
        on_hand[0] -= served;
        waiting += wanted - served;
        // a lead time of 0 is bridged before costs are counted
        send(stages, &mut on_hand, &mut way, &mut coming, &mut waiting, t, true);
        if t >= o.warm_up {
            sum[0] += shortage * waiting;
            sum[2] += wanted;
            sum[3] += wanted - now;
            for j in 0..n {
                let sender = stages.get(j + 1).map_or(0.0, |s| s.holding);
                sum[1] += stages[j].holding * on_hand[j] + sender * way[j];
                shelf[j] += on_hand[j];
            }
        }
        send(stages, &mut on_hand, &mut way, &mut coming, &mut waiting, t, false);
    }
    sum
}

/// Each stage sends on what the next one's echelon lacks, the outside first.
fn send(stages: &[Stage], on_hand: &mut [f64], way: &mut [f64], coming: &mut [Vec<f64>], waiting: &mut f64, t: usize, at_once: bool) {
    let n = stages.len();
    for j in (0..n).rev().filter(|j| (stages[*j].lead_time == 0) == at_once) {
        let echelon: f64 = (0..=j).map(|i| on_hand[i] + way[i]).sum::<f64>() - *waiting;
        let lacks = (stages[j].level - echelon).max(0.0);
        let sent = if j + 1 < n { lacks.min(on_hand[j + 1]) } else { lacks };
        if sent <= 0.0 {
            continue;
        }
        if j + 1 < n {
            on_hand[j + 1] -= sent;
        }
        if at_once {
            on_hand[j] += sent;
            if j == 0 {
                let served = on_hand[0].min(*waiting);
                on_hand[0] -= served;
                *waiting -= served;
            }
        } else {
            way[j] += sent;
            let length = stages[j].lead_time;
            coming[j][(t + length) % length.max(1)] += sent;
        }
    }
}
