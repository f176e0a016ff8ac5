//! A plain simulator, one replication at a time, that is obviously right: what the fast kernel must equal.

use std::collections::BTreeMap;
use stockcast::base::random::{Purpose, Stream, hash_id};
use stockcast::forecast::fill::Sampler;
use stockcast::forecast::path::LANES;
use stockcast::inventory::{Item, Policy, Unmet};

/// Sums of one replication.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    pub demand: f64,
    pub missed: f64,
    pub held: f64,
    pub waiting: f64,
    pub stockouts: f64,
    pub orders: f64,
    pub ordered: f64,
    pub received: f64,
    pub discarded: f64,
    pub opening: f64,
    pub closing: f64,
    pub total_cost: f64,
}

/// Demand of one replication, read through the public sampler.
pub fn demand(item: &Item, seed: u64, replication: usize, horizon: usize) -> Vec<f64> {
    let mut tile = vec![0.0f32; horizon * LANES];
    Sampler::new(item.path).fill(seed, hash_id(item.id), replication as u64, 0..horizon, &mut tile);
    tile.chunks(LANES).map(|row| f64::from(row[0])).collect()
}

/// The lead time of an order placed at the end of `period`, from the definition: the smallest value whose cdf exceeds the draw.
pub fn lead_time(item: &Item, seed: u64, replication: usize, period: usize) -> usize {
    let u = Stream::new(seed, hash_id(item.id), Purpose::LeadTime, replication as u64).bits(period as u64) as f64 / 2f64.powi(64);
    let mut cdf = 0.0;
    for (value, weight) in item.lead_time.values.iter().zip(&item.lead_time.weights) {
        cdf += weight;
        if u < cdf {
            return *value;
        }
    }
    *item.lead_time.values.last().unwrap()
}

pub fn simulate(item: &Item, policy: &Policy, seed: u64, replication: usize, warm_up: usize, periods: usize) -> Sums {
    let horizon = warm_up + periods;
    let demand = demand(item, seed, replication, horizon);
    let mut arrivals: BTreeMap<usize, f64> = BTreeMap::new();
    for o in &item.on_order {
        *arrivals.entry(o.period).or_default() += o.units;
    }
    // stock by the period at whose end it is discarded
    let mut shelf: BTreeMap<usize, f64> = BTreeMap::new();
    let never = usize::MAX;
    let mut fresh = item.on_hand.max(0.0);
    if item.shelf_life.is_some() {
        for e in &item.expiring {
            let part = e.units.min(fresh);
            *shelf.entry(e.period).or_default() += part;
            fresh -= part;
        }
    }
    *shelf.entry(item.shelf_life.map_or(never, |m| m - 1)).or_default() += fresh;
    let mut backorders = (-item.on_hand).max(0.0);
    let mut on_order: f64 = item.on_order.iter().map(|o| o.units).sum();
    let mut last_arrival = 0;
    let mut s = Sums::default();
    for (t, asked) in demand.into_iter().enumerate() {
        let on_hand = |shelf: &BTreeMap<usize, f64>| shelf.values().sum::<f64>();
        if t == warm_up {
            s = Sums { opening: on_hand(&shelf) - backorders, ..Sums::default() };
        }
        // receipts
        let arriving = arrivals.remove(&t).unwrap_or(0.0);
        on_order -= arriving;
        s.received += arriving;
        if arriving > 0.0 {
            *shelf.entry(item.shelf_life.map_or(never, |m| t + m - 1)).or_default() += arriving;
        }
        let take = |wanted: f64, shelf: &mut BTreeMap<usize, f64>| {
            let mut taken = 0.0;
            for units in shelf.values_mut() {
                let part = units.min(wanted - taken);
                *units -= part;
                taken += part;
            }
            taken
        };
        backorders -= take(backorders, &mut shelf);
        // demand
        let served = take(asked, &mut shelf);
        let missed = asked - served;
        s.demand += asked;
        s.missed += missed;
        s.stockouts += f64::from(missed > 0.0);
        if item.unmet == Unmet::Backorder {
            backorders += missed;
        }
        // expiry, then costs on what is left
        let old: Vec<usize> = shelf.keys().copied().filter(|e| *e <= t).collect();
        for e in old {
            s.discarded += shelf.remove(&e).unwrap();
        }
        s.held += on_hand(&shelf);
        s.waiting += backorders;
        // review
        if t >= item.next_review && (t - item.next_review).is_multiple_of(item.review) {
            let ip = on_hand(&shelf) + on_order - backorders;
            let q = match *policy {
                Policy::SS { s, up_to } if ip <= s => up_to - ip,
                Policy::SQ { s, q } if ip <= s => q,
                Policy::SNQ { s, q } if ip <= s => {
                    let mut n = 1.0;
                    while ip + n * q <= s {
                        n += 1.0;
                    }
                    n * q
                }
                Policy::BaseStock { up_to } if ip <= up_to => up_to - ip,
                _ => 0.0,
            };
            if q > 0.0 {
                let mut q = q.max(item.minimum);
                if item.pack > 0.0 {
                    q = (q / item.pack).ceil() * item.pack;
                }
                let mut arrives = t + lead_time(item, seed, replication, t) + 1;
                if !item.lead_time.crossing {
                    arrives = arrives.max(last_arrival);
                    last_arrival = arrives;
                }
                *arrivals.entry(arrives).or_default() += q;
                on_order += q;
                s.orders += 1.0;
                s.ordered += q;
            }
        }
        s.closing = on_hand(&shelf) - backorders;
    }
    let c = &item.costs;
    let short = if item.unmet == Unmet::Lost { s.missed } else { s.waiting };
    s.total_cost =
        c.shortage * short + c.holding * s.held + c.unit * s.discarded + c.unit * c.markdown * s.closing.max(0.0) + c.order * s.orders;
    s
}
