//! Choosing levels, saying what to order, and replaying the past.

use super::poisson;
use stockcast::base::{NoControl, Period};
use stockcast::forecast::fill::Sampler;
use stockcast::forecast::path::{Dependence, KNOTS, Marginal, PathModel, Step, knot};
use stockcast::inventory::classic::periodic;
use stockcast::inventory::levels::{Terms, levels};
use stockcast::inventory::{
    Family, Item, LeadTime, Objective, OpenOrder, OptimiseOptions, Policy, ReplayInput, ReplayOptions, SimOptions, UnitCosts, Unmet,
    advise, batches_of, half_width_of, optimise, optimise_all, paired_bootstrap, replay, simulate, summarise, worth,
};

fn item<'a>(path: &'a PathModel) -> Item<'a> {
    Item {
        lead_time: LeadTime::fixed(2),
        unmet: Unmet::Backorder,
        on_hand: 40.0,
        ..Item::new("item", path, UnitCosts { unit: 5.0, ..UnitCosts::new(1.0, 9.0, 64.0) })
    }
}

/// The search against the exact optimum (Zheng & Federgruen): the levels it finds cost at most 2 % more.
#[test]
fn finds_levels_as_cheap_as_the_exact_ones() {
    for (mean, lead) in [(4.0, 0), (10.0, 2), (20.0, 1)] {
        let path = poisson(mean);
        let item = Item { lead_time: LeadTime::fixed(lead), ..item(&path) };
        let exact = periodic::poisson_exact(64.0, 1.0, 9.0, mean, lead as f64);
        let o = OptimiseOptions { family: Family::SS, curve: 0, ..OptimiseOptions::new(SimOptions::new(3, 400, 104)) };
        let found = optimise(&item, &o).unwrap();
        let long = SimOptions { warm_up: 50, ..SimOptions::new(99, 320, 500) };
        let cost = simulate(&item, &found.policy, &long).unwrap().measures.total_cost.scaled(1.0 / 500.0);
        assert!(cost.mean < exact.cost * 1.02 + cost.half_width, "{:?} costs {cost:?}, the exact {exact:?}", found.policy);
        assert!(found.met && found.outcome.replications == 400);
    }
}

#[test]
fn service_targets_are_met_without_waste() {
    let path = poisson(10.0);
    let item = Item { unmet: Unmet::Lost, ..item(&path) };
    let sim = SimOptions { warm_up: 20, ..SimOptions::new(5, 1000, 104) };
    for objective in [Objective::CycleService(0.95), Objective::FillRate(0.98)] {
        let o = OptimiseOptions { objective, family: Family::SS, ..OptimiseOptions::new(sim) };
        let found = optimise(&item, &o).unwrap();
        let m = found.outcome.measures;
        let (got, target) = match objective {
            Objective::CycleService(t) => (m.cycle_service, t),
            Objective::FillRate(t) => (m.fill_rate, t),
            Objective::Cost => unreachable!(),
        };
        assert!(found.met, "{objective:?}");
        assert!(got.mean > target - 0.006 && got.mean < target + 0.02, "{objective:?}: {got:?} with {:?}", found.policy);
    }
}

/// The curve has its lowest point near the choice, rises on both sides, and trades stockouts for stock.
#[test]
fn the_cost_curve_is_a_valley() {
    let path = poisson(10.0);
    let o = OptimiseOptions { family: Family::SS, ..OptimiseOptions::new(SimOptions::new(5, 200, 52)) };
    let found = optimise(&item(&path), &o).unwrap();
    let curve = &found.curve;
    let best = curve.iter().map(|p| p.total_cost.mean).fold(f64::INFINITY, f64::min);
    let Policy::SS { s, .. } = found.policy else { panic!("{:?}", found.policy) };
    let chosen = curve.iter().find(|p| (p.s - s).abs() < 0.5).unwrap();
    assert!(chosen.total_cost.mean < 1.02 * best);
    assert!(curve.first().unwrap().total_cost.mean > 1.1 * best && curve.last().unwrap().total_cost.mean > 1.05 * best);
    assert!(curve.windows(2).all(|w| w[0].up_to < w[1].up_to && w[0].stockout_cost >= w[1].stockout_cost - 1e-9));
    for p in curve {
        assert!((p.total_cost.mean - p.stockout_cost - p.overstock_cost - p.ordering_cost).abs() < 1e-6);
    }
}

#[test]
fn many_items_are_the_same_on_any_thread_count() {
    let paths: Vec<PathModel> = [0.3, 2.0, 7.0, 30.0].map(poisson).into();
    let items: Vec<Item> = paths.iter().map(|p| Item { pack: 6.0, unmet: Unmet::Lost, ..item(p) }).collect();
    let o = OptimiseOptions { curve: 5, ..OptimiseOptions::new(SimOptions::new(5, 100, 26)) };
    let run = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        let found = pool.install(|| optimise_all(&items, &o, &NoControl));
        found.into_iter().map(|x| x.unwrap().unwrap()).map(|x| (x.policy, x.outcome.measures, x.curve)).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(3));
}

/// Levels that follow a strong season beat any constant ones.
#[test]
fn a_season_is_followed() {
    let mut path = poisson(1.0);
    let q: [f64; KNOTS] = std::array::from_fn(|i| 20.0 + 3.0 * knot(i));
    path.marginals = vec![Marginal::Quantiles(Box::new(q))];
    path.steps = (0..52).map(|t| Step { marginal: 0, shift: 0.0, scale: if t % 26 < 13 { 0.3 } else { 2.0 } }).collect();
    path.cycle = 52;
    let item = Item { unmet: Unmet::Lost, costs: UnitCosts::new(0.3, 12.0, 5.0), ..item(&path) };
    let o = OptimiseOptions { curve: 0, ..OptimiseOptions::new(SimOptions::new(5, 300, 104)) };
    let best = optimise(&item, &o).unwrap();
    let constant = optimise(&item, &OptimiseOptions { family: Family::SS, ..o }).unwrap();
    assert!(matches!(best.policy, Policy::Adaptive { .. }), "{:?}", best.policy);
    assert!(best.outcome.measures.total_cost.mean < 0.9 * constant.outcome.measures.total_cost.mean);
}

#[test]
fn advice_says_why() {
    let path = poisson(10.0);
    let item = Item { on_hand: 12.0, on_order: vec![OpenOrder { period: 0, units: 8.0 }], pack: 12.0, unmet: Unmet::Lost, ..item(&path) };
    let o = SimOptions::new(1, 400, 26);
    let a = advise(&item, &Policy::SS { s: 42.0, up_to: 60.0 }, Period::Week, &o).unwrap();
    assert_eq!((a.wanted, a.quantity, a.arrives, a.position), (40.0, 48.0, 2, 20.0));
    assert!((a.risk_demand - 30.0).abs() < 1e-6);
    assert!((1.7..2.3).contains(&a.runs_out.unwrap()), "{:?}", a.runs_out);
    // one review later ten more units are gone that nobody can replace in time
    assert!(a.cost_of_waiting.mean > 30.0 && a.cost_of_waiting.half_width < 15.0, "{:?}", a.cost_of_waiting);
    assert!(a.reason.starts_with("12 on hand and 8 on the way cover "), "{}", a.reason);
    assert!(
        a.reason
            .ends_with("demand until the next delivery could arrive (3 weeks) is 30, 42 with a safety margin, so order 48 (4 packs of 12)"),
        "{}",
        a.reason
    );
    let rich = Item { on_hand: 500.0, ..item.clone() };
    let none = advise(&rich, &Policy::SS { s: 42.0, up_to: 60.0 }, Period::Week, &o).unwrap();
    assert_eq!((none.quantity, none.runs_out, none.cost_of_waiting.mean), (0.0, None, 0.0));
    assert!(none.reason.ends_with("so nothing needs ordering now") && none.reason.contains("cover more than 26 weeks"), "{}", none.reason);
    let least = Item { minimum: 100.0, pack: 0.0, ..item };
    let a = advise(&least, &Policy::SS { s: 42.0, up_to: 60.0 }, Period::Day, &o).unwrap();
    assert_eq!(a.quantity, 100.0);
    assert!(a.reason.ends_with("so order 100, the supplier's minimum of 100"), "{}", a.reason);
}

fn seasonal_demand(n: usize) -> Vec<f64> {
    // a made-up year whose level rises by a fifth each year, with a fixed ripple
    (0..n)
        .map(|t| (20.0 + 10.0 * (t as f64 * std::f64::consts::TAU / 52.0).sin()) * (1.0 + 0.2 * (t / 52) as f64) + (t * 7 % 5) as f64)
        .map(f64::round)
        .collect()
}

fn replay_input<'a>(id: &'a str, demand: &'a [f64]) -> ReplayInput<'a> {
    ReplayInput {
        id,
        demand,
        in_stock: None,
        season: 52,
        lead_time: LeadTime::discrete(&[1.0, 2.0, 3.0], &[1.0, 2.0, 1.0]).unwrap(),
        review: 1,
        unmet: Unmet::Lost,
        costs: UnitCosts { unit: 10.0, ..UnitCosts::new(0.05, 6.0, 8.0) },
        pack: 0.0,
        minimum: 0.0,
        maximum: None,
        order_periods: Vec::new(),
        shelf_life: None,
        opening: Some(90.0),
        on_order: vec![],
    }
}

/// A model that knows only the record: last season's values scaled by the growth of the last 13 periods, with noise.
fn model(demand: &[f64], known: usize) -> Option<PathModel> {
    assert!(known <= demand.len());
    let past = &demand[..known];
    let recent: f64 = past[known - 13..].iter().sum();
    let before: f64 = past[known - 65..known - 52].iter().sum();
    let q: [f64; KNOTS] = std::array::from_fn(|i| 1.0 + 0.12 * knot(i));
    Some(PathModel {
        marginals: vec![Marginal::Quantiles(Box::new(q))],
        steps: (0..52).map(|k| Step { marginal: 0, shift: 0.0, scale: past[known - 52 + k] * recent / before }).collect(),
        cycle: 52,
        dependence: Dependence { share: 0.3, rho: 0.8 },
        integer: true,
        non_negative: true,
    })
}

#[test]
fn replay_knows_only_the_past() {
    let demand = seasonal_demand(208);
    let input = replay_input("a", &demand);
    let o = ReplayOptions::new(9, 52);
    let mut asked = Vec::new();
    let r = replay(&input, &o, &mut |known| {
        asked.push(known);
        model(&demand, known)
    })
    .unwrap();
    assert_eq!(asked, (156..208).collect::<Vec<_>>());
    assert_eq!(r.without_model, 0);
    for x in &r.rules {
        assert_eq!(x.demand, demand[156..].iter().sum::<f64>());
        assert!((x.total_cost - x.stockout_cost - x.overstock_cost - x.ordering_cost).abs() < 1e-9);
        // opening + ordered = sold + closing + still on its way
        assert!((90.0 + x.units_ordered - x.served - x.closing_stock - x.closing_on_order).abs() < 1e-6);
    }
    // the future does not reach back: demand after the replayed part's first half changes nothing before it
    let mut other = demand.clone();
    other[182..].iter_mut().for_each(|d| *d = 0.0);
    let short = ReplayOptions { periods: 26, ..o };
    let a = replay(&replay_input("a", &demand[..182]), &short, &mut |k| model(&demand, k)).unwrap();
    let b = replay(&replay_input("a", &other[..182]), &short, &mut |k| model(&other, k)).unwrap();
    assert_eq!(a, b);
    assert_eq!(replay(&input, &o, &mut |k| model(&demand, k)).unwrap(), r);
    // growth that last year did not know: both plain rules run short more often
    assert!(r.rules[0].fill_rate() > r.rules[1].fill_rate().min(r.rules[2].fill_rate()));
    let none = replay(&input, &o, &mut |_| None).unwrap();
    assert_eq!((none.without_model, none.rules[0]), (52, none.rules[2]));
    assert!(replay(&input, &ReplayOptions::new(9, 208), &mut |_| None).is_err());
}

#[test]
fn items_are_summed_with_an_interval() {
    let demands: Vec<Vec<f64>> =
        (0..12).map(|i| seasonal_demand(208).iter().map(|d| (d * (0.5 + 0.1 * i as f64)).round()).collect()).collect();
    let names: Vec<String> = (0..12).map(|i| format!("item {i}")).collect();
    let items: Vec<_> = demands
        .iter()
        .zip(&names)
        .map(|(d, id)| replay(&replay_input(id, d), &ReplayOptions::new(9, 40), &mut |k| model(d, k)).unwrap())
        .collect();
    let sum = summarise(&items, 1);
    let direct: f64 = items.iter().map(|i| i.rules[1].total_cost - i.rules[0].total_cost).sum();
    assert!((sum.saved_against_cover.sum - direct).abs() < 1e-6);
    assert!((sum.sums[1].total_cost - sum.sums[0].total_cost - direct).abs() < 1e-6);
    assert!(sum.saved_against_cover.low <= direct && direct <= sum.saved_against_cover.high);
    assert_eq!(sum, summarise(&items, 1));
    // a known case: the spread of a resampled sum is √n times the deviation of its terms
    let d: Vec<f64> = (0..100).map(|i| f64::from(i % 2) * 2.0).collect();
    let b = paired_bootstrap(&d, 7, 4000);
    assert!((b.sum - 100.0).abs() < 1e-9 && ((b.high - b.low) / (2.0 * 1.96 * 10.0) - 1.0).abs() < 0.1, "{b:?}");
}

/// What expires is written off at its cost under every rule; the figures follow by hand. Four periods of 3, opening stock 10 that
/// keeps two periods, no order: 3 + 3 sold, 4 discarded, then nothing to sell.
#[test]
fn replay_discards_what_expires() {
    let demand = [3.0; 8];
    let base = ReplayInput {
        season: 0,
        lead_time: LeadTime::fixed(9),
        costs: UnitCosts { unit: 2.0, ..UnitCosts::new(0.5, 7.0, 0.0) },
        shelf_life: Some(2),
        opening: Some(10.0),
        ..replay_input("milk", &demand)
    };
    let r = replay(&base, &ReplayOptions::new(1, 4), &mut |_| None).unwrap();
    for x in &r.rules {
        assert_eq!((x.served, x.discarded, x.closing_stock), (6.0, 4.0, 0.0));
        assert!((x.overstock_cost - (0.5 * 7.0 + 2.0 * 4.0)).abs() < 1e-9, "{x:?}");
        assert!((x.stockout_cost - 7.0 * 6.0).abs() < 1e-9);
    }
    let keeps = replay(&ReplayInput { shelf_life: None, ..base }, &ReplayOptions::new(1, 4), &mut |_| None).unwrap();
    assert_eq!((keeps.rules[0].served, keeps.rules[0].discarded), (10.0, 0.0));
}

/// Empty shelves in the record: every rule is judged twice, once with and once without the periods they cut off. By hand: five periods of 3,
/// nothing arrives, opening stock 10: 3 + 3 + 3 + 1 + 0 sold, closing 0, held 7 + 4 + 1. Without the second (held 4) and the last (3 short):
/// held 7 + 1, short 2, demand 9.
#[test]
fn replay_counts_with_and_without_censored_periods() {
    let demand = [3.0; 9];
    let share = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 1.0, f64::NAN, 0.0];
    let input = ReplayInput {
        in_stock: Some(&share),
        season: 0,
        lead_time: LeadTime::fixed(9),
        costs: UnitCosts { unit: 2.0, ..UnitCosts::new(0.5, 7.0, 0.0) },
        opening: Some(10.0),
        ..replay_input("tea", &demand)
    };
    let r = replay(&input, &ReplayOptions::new(1, 5), &mut |_| None).unwrap();
    assert_eq!((r.periods, r.censored), (5, 2));
    for (all, without) in r.rules.iter().zip(&r.uncensored) {
        assert_eq!((all.demand, all.served, all.stockout_periods), (15.0, 10.0, 2));
        assert_eq!((without.demand, without.served, without.stockout_periods), (9.0, 7.0, 1));
        assert!((all.stockout_cost - 7.0 * 5.0).abs() < 1e-9 && (all.overstock_cost - 0.5 * 12.0).abs() < 1e-9, "{all:?}");
        assert!((without.stockout_cost - 7.0 * 2.0).abs() < 1e-9 && (without.overstock_cost - 0.5 * 8.0).abs() < 1e-9, "{without:?}");
        assert!((without.average_on_hand - 8.0 / 3.0).abs() < 1e-9);
        assert!((without.total_cost - without.stockout_cost - without.overstock_cost - without.ordering_cost).abs() < 1e-9);
    }
    let both = summarise(std::slice::from_ref(&r), 1);
    assert_eq!((both.censored_periods, both.without_censored.unwrap().sums), (2, r.uncensored));
    // nothing cut off: one count, and it is the same
    let whole = replay(&ReplayInput { in_stock: None, ..input }, &ReplayOptions::new(1, 5), &mut |_| None).unwrap();
    assert_eq!((whole.censored, whole.uncensored, whole.rules), (0, whole.rules, r.rules));
    assert!(summarise(&[whole], 1).without_censored.is_none());
}

/// Dear to waste and cheap to order: with a shelf life Stockcast's rule buys less than without, and wastes less than rules that ignore it.
#[test]
fn replay_orders_what_can_be_sold_in_time() {
    let demand = seasonal_demand(208);
    let costs = UnitCosts { unit: 10.0, ..UnitCosts::new(0.02, 3.0, 120.0) };
    let keeps = ReplayInput { costs, lead_time: LeadTime::fixed(1), ..replay_input("bread", &demand) };
    let perishes = ReplayInput { shelf_life: Some(2), ..keeps.clone() };
    let o = ReplayOptions::new(9, 52);
    let long = replay(&keeps, &o, &mut |k| model(&demand, k)).unwrap().rules;
    let short = replay(&perishes, &o, &mut |k| model(&demand, k)).unwrap().rules;
    assert!(short[0].average_on_hand < 0.5 * long[0].average_on_hand);
    assert!(short[0].discarded < 0.2 * short[2].discarded, "{short:?}");
    assert!(short[0].total_cost < short[2].total_cost);
}

/// Levels without a search against the exact optimum: backordered Poisson demand, (s, S) of Zheng & Federgruen; and lost sales
/// against the search by simulation.
#[test]
fn levels_without_a_search_are_nearly_as_cheap_as_the_best() {
    let long = SimOptions { warm_up: 50, ..SimOptions::new(99, 320, 500) };
    for (mean, lead, order) in [(4.0, 0, 64.0), (10.0, 2, 64.0), (20.0, 1, 0.0)] {
        for unmet in [Unmet::Backorder, Unmet::Lost] {
            let path = poisson(mean);
            let costs = UnitCosts { unit: 5.0, ..UnitCosts::new(1.0, 19.0, order) };
            let item = Item { lead_time: LeadTime::fixed(lead), unmet, costs, ..item(&path) };
            let terms = Terms { id: "item", lead_time: &item.lead_time, review: 1, unmet, costs: &costs, shelf_life: None };
            let (s, up_to) = levels(&Sampler::new(&path), &terms, 1, 512);
            let cost = |policy: &Policy| simulate(&item, policy, &long).unwrap().measures.total_cost.mean;
            let direct = cost(&Policy::SS { s: s.ceil(), up_to: s.ceil() + (up_to - s).round() });
            let found =
                optimise(&item, &OptimiseOptions { family: Family::SS, curve: 0, ..OptimiseOptions::new(SimOptions::new(3, 400, 104)) })
                    .unwrap();
            assert!(direct < 1.06 * cost(&found.policy), "{mean} {lead} {unmet:?}: {s} {up_to} costs {direct}, {:?}", found.policy);
        }
    }
}

/// The half-width told from batches is that of the mean: over many independent runs the means spread as it says.
#[test]
fn the_error_of_a_worth_is_its_own() {
    let path = poisson(10.0);
    let item = Item { unmet: Unmet::Lost, on_hand: 5.0, ..item(&path) };
    let policy = Policy::SS { s: 42.0, up_to: 60.0 };
    let runs: Vec<_> = (0..60)
        .map(|k| {
            let o = SimOptions { first_replication: 256 * k, ..SimOptions::new(7, 256, 26) };
            worth(&item, &policy, &[0.0, 20.0, 40.0], &o).unwrap()
        })
        .collect();
    for q in [1, 2] {
        let mean = runs.iter().map(|w| w[q].mean).sum::<f64>() / runs.len() as f64;
        let inside = runs
            .iter()
            .filter(|w| {
                let deviations: Vec<f64> = w[q].batches.iter().take(batches_of(256)).map(|d| f64::from(*d)).collect();
                assert!(deviations.iter().sum::<f64>().abs() < 1e-3 * w[q].mean.abs().max(1.0));
                (w[q].mean - mean).abs() <= half_width_of(&deviations)
            })
            .count();
        assert!(mean.abs() > 1.0 && (52..=60).contains(&inside), "{inside} of 60 intervals hold {mean}");
    }
    assert!(runs.iter().all(|w| w[0].mean == 0.0 && w[0].batches.iter().all(|d| *d == 0.0)));
    assert!(half_width_of(&[0.0]).is_nan() && (batches_of(3), batches_of(1000)) == (3, 32));
}
