//! One item while a slider moves: the search for its best policy, 1,000 replications × 365 days of the policy found, the stock by period
//! and the cost curve, from a shop of 1,000 items sold daily. Two threads, the fit in memory, each answer for values never asked before.

use super::inventory::cpu;
use criterion::Criterion;
use std::cell::Cell;
use std::hint::black_box;
use stockcast::base::random::{Purpose, Stream, hash_id};
use stockcast::base::{NoControl, Period, Stamp};
use stockcast::history::{History, Measured, Series};
use stockcast::scenario::plan::{LeadTimeParts, LeadTimeSpec};
use stockcast::scenario::{Adjust, Effort, Engine, Inputs, Plan};

/// Two years of days by item: Poisson around a weekly pattern, the first three named for what they are.
fn shop(items: usize) -> Inputs {
    let start = Stamp::from_ymd(2024, 1, 1).unwrap();
    let series = (0..items as u64)
        .map(|i| {
            let (name, mean) = match i {
                0 => ("fast".to_owned(), 12.0),
                1 => ("slow".to_owned(), 0.4),
                _ => (format!("item-{i:04}"), 2.0),
            };
            let stream = Stream::new(7, hash_id(&name), Purpose::Synthetic, 0);
            let y = (0..730u64)
                .map(|d| {
                    let level: f64 = mean * [0.8, 0.8, 0.9, 1.0, 1.2, 1.5, 0.8][(d % 7) as usize];
                    // Knuth's product of uniforms
                    let (mut k, mut p) = (0u64, stream.unit(d * 64));
                    while p > (-level).exp() && k < 63 {
                        k += 1;
                        p *= stream.unit(d * 64 + k);
                    }
                    k as f64
                })
                .collect();
            Series { last_stock: Some(20.0 * mean), ..Series::new(&name, start, y) }
        })
        .collect();
    Inputs { history: Some(History { period: Period::Day, measured: Measured::Units, series }), ..Inputs::default() }
}

fn plan() -> Plan {
    let mut plan = Plan { replications: 1000, periods: 365, ..Plan::default() };
    plan.supply.lead_time = Some(LeadTimeSpec::Spread(LeadTimeParts { mean: Some(6.0), sd: Some(2.0), ..LeadTimeParts::default() }));
    plan.cost.order = Some(10.0);
    plan.history.files = vec!["sales.csv".into()];
    plan
}

pub fn all(c: &mut Criterion) {
    let inputs = shop(1000);
    let engine = Engine::default();
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let wanted = std::env::args().nth(1).is_none_or(|a| a.starts_with('-') || "one_item_slider cpu".contains(&a));
    if wanted && std::env::args().all(|a| a != "--test" && a != "--list") {
        for (effort, word) in [(Effort::Draft, "draft"), (Effort::Full, "full")] {
            for id in ["fast", "slow"] {
                let ask = |k: u32| {
                    let mut plan = plan();
                    let price = 10.0 + f64::from(k) / 7.0;
                    plan.adjust = vec![Adjust { unique_id: Some(id.into()), price: Some(price), cost: Some(5.0), ..Adjust::default() }];
                    black_box(two.install(|| engine.one(&inputs, &plan, id, effort, &NoControl)).unwrap().unwrap());
                };
                ask(0);
                let (from, begun) = (cpu(), std::time::Instant::now());
                (1..=20).for_each(ask);
                let (used, wall) = (cpu() - from, begun.elapsed().as_secs_f64());
                println!("one item, {id}, {word}: {:.0} ms CPU an answer, {:.0} ms wall", 50.0 * used, 50.0 * wall);
            }
        }
    }
    let mut group = c.benchmark_group("one_item_slider");
    group.sample_size(20);
    type Slide = fn(f64) -> Adjust;
    let slides: [(&str, Slide); 5] = [
        ("price", |x| Adjust { price: Some(10.0 + x), cost: Some(5.0), ..Adjust::default() }),
        ("lead time", |x| Adjust { lead_time_days: Some(1.0 + (x * 1e6) % 20.0), price: Some(10.0 + x), ..Adjust::default() }),
        ("review period", |x| Adjust { review_period: Some(1 + (x * 1e6) as usize % 14), price: Some(10.0 + x), ..Adjust::default() }),
        ("fill rate", |x| Adjust { fill_rate: Some(0.9 + 0.09 * x), ..Adjust::default() }),
        ("demand factor", |x| Adjust { demand_factor: Some(0.5 + x), ..Adjust::default() }),
    ];
    let asked = Cell::new(0u32);
    for id in ["fast", "slow"] {
        for (name, slide) in slides {
            for (effort, word) in [(Effort::Draft, "draft"), (Effort::Full, "full")] {
                group.bench_function(format!("{id}, {name}, {word}"), |b| {
                    b.iter(|| {
                        asked.set(asked.get() + 1);
                        let mut plan = plan();
                        plan.adjust = vec![Adjust { unique_id: Some(id.into()), ..slide(f64::from(asked.get() % 1_000_000) / 1e6) }];
                        black_box(two.install(|| engine.one(&inputs, &plan, id, effort, &NoControl)).unwrap().unwrap())
                    });
                });
            }
        }
    }
    group.finish();
}
