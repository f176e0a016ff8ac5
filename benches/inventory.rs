//! The workload of the numba peer: 1,000 items × replications × 365 days, negative binomial demand, lead times uniform on
//! 4 … 10 in its convention (3 … 9 whole periods in ours), `(R = 7, s, S)` and daily `(s,Q)`, lost sales.
//!
//! `STOCKCAST_ITEMS` and `STOCKCAST_REPLICATIONS` set the size (default 1,000 × 1,000 as the peer's); printed are millions of
//! item-days per second of CPU on one thread, best of three, everything included: tables, draws, kernel, all measures.

use criterion::{Criterion, Throughput};
use rand_distr::{Distribution, LogNormal};
use rayon::prelude::*;
use statrs::distribution::{DiscreteCDF, NegativeBinomial};
use std::hint::black_box;
use std::time::Instant;
use stockcast::base::random::{Purpose, Stream, hash_id};
use stockcast::forecast::path::{Dependence, Marginal, PathModel, Step};
use stockcast::inventory::{Item, LeadTime, OptimiseOptions, Policy, SimOptions, UnitCosts, Unmet, optimise, simulate};

const DAYS: usize = 365;

struct Sku {
    name: String,
    path: PathModel,
    s: f64,
    up_to: f64,
    q: f64,
}

/// The peer's generator: mean lognormal(1, 0.8), dispersion uniform(0.5, 5); `s = ⌈14μ + 1.65σ√14⌉`, `S = s + ⌈14μ⌉`. Or the peer's
/// very items, from a file of `mean dispersion` lines named by `STOCKCAST_SKUS`.
fn skus(n: usize) -> Vec<Sku> {
    let stream = Stream::new(1, hash_id("bench"), Purpose::Synthetic, 0);
    let means = LogNormal::new(1.0, 0.8).unwrap();
    let given: Option<Vec<(f64, f64)>> = std::env::var("STOCKCAST_SKUS").ok().map(|file| {
        let pair = |line: &str| line.split_once(' ').map(|(m, k)| (m.parse().unwrap(), k.parse().unwrap()));
        std::fs::read_to_string(file).unwrap().lines().filter_map(pair).collect()
    });
    let n = given.as_ref().map_or(n, |g| n.min(g.len()));
    (0..n as u64)
        .map(|i| {
            let drawn = || (means.sample(&mut stream.rng(1000 * i)), 0.5 + 4.5 * stream.unit(1000 * i + 999));
            let (mu, k): (f64, f64) = given.as_ref().map_or_else(drawn, |g| g[i as usize]);
            let d = NegativeBinomial::new(k, k / (k + mu)).unwrap();
            let mut cdf: Vec<f64> = Vec::new();
            while cdf.last().is_none_or(|c| *c < 1.0 - 1e-7) {
                cdf.push(d.cdf(cdf.len() as u64));
            }
            let values = (0..cdf.len()).map(|v| v as f64).collect();
            *cdf.last_mut().unwrap() = 1.0;
            let path = PathModel {
                marginals: vec![Marginal::Discrete { values, cdf }],
                steps: vec![Step { marginal: 0, shift: 0.0, scale: 1.0 }],
                cycle: 1,
                dependence: Dependence::NONE,
                integer: true,
                non_negative: true,
            };
            let s = (mu * 14.0 + 1.65 * ((mu + mu * mu / k) * 14.0).sqrt()).ceil();
            let q = (mu * 14.0).ceil().max(1.0);
            Sku { name: format!("sku-{i}"), path, s, up_to: s + q, q }
        })
        .collect()
}

/// The same mean as forecasts come: a shape of its own each day of the week, quantile tables or counts, steps that depend on each other.
fn as_forecast(sku: &Sku, counts: bool, dependence: Dependence) -> Sku {
    let scales = [0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 0.9];
    let marginals = scales
        .iter()
        .map(|k| match (counts, sku.path.scaled(*k).marginals.first()) {
            (true, Some(m)) => m.clone(),
            (_, m) => Marginal::from_scores(|z| k * m.map_or(0.0, |m| m.at_score(z))),
        })
        .collect();
    let steps = (0..scales.len() as u32).map(|marginal| Step { marginal, shift: 0.0, scale: 1.0 }).collect();
    let path = PathModel { marginals, steps, cycle: scales.len(), dependence, integer: true, non_negative: true };
    Sku { name: sku.name.clone(), path, s: sku.s, up_to: sku.up_to, q: sku.q }
}

fn item<'a>(sku: &'a Sku, review: usize) -> Item<'a> {
    Item {
        lead_time: LeadTime::discrete(&[3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], &[1.0; 7]).unwrap(),
        review,
        unmet: Unmet::Lost,
        on_hand: sku.up_to,
        ..Item::new(&sku.name, &sku.path, UnitCosts::new(0.01, 5.0, 20.0))
    }
}

/// CPU seconds of this process so far.
pub fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|x| x.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn workload() {
    let size = |name: &str| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(1000usize);
    let (n, reps) = (size("STOCKCAST_ITEMS"), size("STOCKCAST_REPLICATIONS"));
    let skus = skus(n);
    // the file of items may hold fewer
    let n = skus.len();
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let options = SimOptions::new(1, reps, DAYS);
    for (name, daily) in [("(R,s,S)", false), ("(s,Q) daily", true)] {
        let run = |sku: &Sku| {
            let (policy, review) =
                if daily { (Policy::SQ { s: sku.s, q: sku.q }, 1) } else { (Policy::SS { s: sku.s, up_to: sku.up_to }, 7) };
            let m = simulate(&item(sku, review), &policy, &options).unwrap().measures;
            [m.total_cost.mean, m.units_lost.mean, m.total_cost.half_width]
        };
        let (mut best, mut wall_two, mut sums) = (f64::INFINITY, f64::INFINITY, [0.0; 3]);
        for _ in 0..3 {
            let from = cpu();
            sums = one.install(|| skus.iter().map(run).fold([0.0; 3], |a, b| std::array::from_fn(|i| a[i] + b[i])));
            best = best.min(cpu() - from);
            let from = Instant::now();
            black_box(two.install(|| skus.par_iter().map(run).collect::<Vec<_>>()));
            wall_two = wall_two.min(from.elapsed().as_secs_f64());
        }
        let days = (n * reps * DAYS) as f64 / 1e6;
        println!(
            "{name:12} {n}x{reps}x{DAYS}: {:.1} M item-days per CPU second ({:.2} ns); 2 threads, wall {:.1} M/s; mean cost {:.2} (±{:.2} an item), lost {:.2}",
            days / best,
            1e3 * best / days,
            days / wall_two,
            sums[0] / n as f64,
            sums[2] / n as f64,
            sums[1] / n as f64
        );
    }
    let some = n.min(200);
    let days = (some * reps * DAYS) as f64 / 1e6;
    for (name, counts, dependence) in [
        ("counts by weekday", true, Dependence::NONE),
        ("quantile tables", false, Dependence::NONE),
        ("counts, dependent", true, Dependence { share: 0.3, rho: 0.8 }),
        ("quantile tables, dependent", false, Dependence { share: 0.3, rho: 0.8 }),
    ] {
        let skus: Vec<Sku> = skus[..some].iter().map(|s| as_forecast(s, counts, dependence)).collect();
        let mut best = f64::INFINITY;
        for _ in 0..3 {
            let from = cpu();
            one.install(|| {
                for sku in &skus {
                    black_box(simulate(&item(sku, 7), &Policy::SS { s: sku.s, up_to: sku.up_to }, &options).unwrap());
                }
            });
            best = best.min(cpu() - from);
        }
        println!("(R,s,S) fed by a forecast's {name}: {:.1} M item-days per CPU second ({:.2} ns)", days / best, 1e3 * best / days);
    }
    let from = cpu();
    one.install(|| {
        for sku in &skus[..some] {
            black_box(optimise(&item(sku, 1), &OptimiseOptions::new(SimOptions::new(1, 1000, 52))).unwrap());
        }
    });
    println!("optimise, 52 periods: {:.2} ms CPU an item", 1e3 * (cpu() - from) / some as f64);
}

pub fn all(c: &mut Criterion) {
    let wanted = std::env::args().nth(1).is_none_or(|a| a.starts_with('-') || "inventory workload".contains(&a));
    if wanted && std::env::args().all(|a| a != "--test" && a != "--list") {
        workload();
    }
    let skus = skus(1);
    let options = SimOptions::new(1, 320, DAYS);
    let mut group = c.benchmark_group("inventory");
    group.throughput(Throughput::Elements((options.replications * DAYS) as u64));
    let sku = &skus[0];
    let ss = Policy::SS { s: sku.s, up_to: sku.up_to };
    group.bench_function("(R,s,S)", |b| b.iter(|| simulate(&item(sku, 7), &ss, &options).unwrap()));
    let sq = Policy::SQ { s: sku.s, q: sku.q };
    group.bench_function("(s,Q)", |b| b.iter(|| simulate(&item(sku, 1), &sq, &options).unwrap()));
    group.finish();
}
