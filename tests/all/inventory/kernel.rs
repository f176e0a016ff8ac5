//! The kernel against the plain simulator, and laws no inventory system breaks.

use super::{counts, reference};
use proptest::prelude::*;
use stockcast::inventory::{Expiring, Item, LeadTime, OpenOrder, Policy, SimOptions, UnitCosts, Unmet, simulate, simulate_many};

#[derive(Debug, Clone)]
struct Case {
    probability: Vec<f64>,
    leads: Vec<f64>,
    weights: Vec<f64>,
    crossing: bool,
    backorder: bool,
    review: usize,
    next_review: usize,
    pack: f64,
    minimum: f64,
    on_hand: f64,
    open: Vec<(usize, u32)>,
    shelf_life: Option<usize>,
    warm_up: usize,
    periods: usize,
    policy: Policy,
    seed: u64,
}

fn policies() -> impl Strategy<Value = Policy> {
    let level = || 0u32..40;
    prop_oneof![
        (level(), level()).prop_map(|(s, d)| Policy::SS { s: f64::from(s), up_to: f64::from(s + d) }),
        (level(), 1u32..20).prop_map(|(s, q)| Policy::SQ { s: f64::from(s), q: f64::from(q) }),
        (level(), 1u32..20).prop_map(|(s, q)| Policy::SNQ { s: f64::from(s), q: f64::from(q) }),
        level().prop_map(|s| Policy::BaseStock { up_to: f64::from(s) }),
    ]
}

fn cases() -> impl Strategy<Value = Case> {
    let demand = proptest::collection::vec(0.01f64..1.0, 1..12);
    let leads = proptest::collection::vec((0u32..9, 0.05f64..1.0), 1..4);
    let open = proptest::collection::vec((0usize..12, 0u32..15), 0..3);
    let supply = (leads, any::<bool>(), any::<bool>(), 1usize..5, 0usize..4, prop_oneof![Just(0u32), 1u32..9], 0u32..12);
    let life = prop_oneof![2 => Just(None), 1 => (1usize..7).prop_map(Some)];
    (demand, supply, -5i32..40, open, life, 0usize..70, 1usize..90, policies(), any::<u64>()).prop_map(
        |(w, (leads, crossing, backorder, review, next, pack, minimum), on_hand, open, shelf_life, warm_up, periods, policy, seed)| {
            let sum: f64 = w.iter().sum();
            Case {
                probability: w.iter().map(|x| x / sum).collect(),
                leads: leads.iter().map(|l| f64::from(l.0)).collect(),
                weights: leads.iter().map(|l| l.1).collect(),
                crossing,
                backorder,
                review,
                next_review: next,
                pack: f64::from(pack),
                minimum: f64::from(minimum),
                on_hand: if backorder { f64::from(on_hand) } else { f64::from(on_hand.max(0)) },
                open,
                shelf_life,
                warm_up,
                periods,
                policy,
                seed,
            }
        },
    )
}

fn with_item<T>(c: &Case, f: impl FnOnce(&Item) -> T) -> T {
    let path = counts(&c.probability);
    let mut lead_time = LeadTime::discrete(&c.leads, &c.weights).unwrap();
    lead_time.crossing = c.crossing;
    f(&Item {
        lead_time,
        review: c.review,
        next_review: c.next_review,
        unmet: if c.backorder { Unmet::Backorder } else { Unmet::Lost },
        pack: c.pack,
        minimum: c.minimum,
        on_hand: c.on_hand,
        on_order: c.open.iter().map(|(period, units)| OpenOrder { period: *period, units: f64::from(*units) }).collect(),
        shelf_life: c.shelf_life,
        expiring: vec![Expiring { period: 0, units: 3.0 }],
        ..Item::new("case", &path, UnitCosts { unit: 4.0, markdown: 0.25, ..UnitCosts::new(0.5, 3.0, 7.0) })
    })
}

fn options(c: &Case, replications: usize) -> SimOptions {
    SimOptions { warm_up: c.warm_up, flows: true, manifests: 5, ..SimOptions::new(c.seed, replications, c.periods) }
}

proptest! {
    #![proptest_config(crate::cases::cases(200))]

    /// Counts in f32 are exact, so every sum of the fast kernel equals the plain simulator's to the last bit.
    #[test]
    fn kernel_equals_the_plain_simulator(c in cases()) {
        with_item(&c, |item| {
            let n = 19;
            let out = simulate(item, &c.policy, &options(&c, n)).unwrap();
            let plain: Vec<reference::Sums> =
                (0..n).map(|r| reference::simulate(item, &c.policy, c.seed, r, c.warm_up, c.periods)).collect();
            let mean = |f: &dyn Fn(&reference::Sums) -> f64| plain.iter().map(f).sum::<f64>() / n as f64;
            let m = &out.measures;
            let short = if c.backorder { 0.0 } else { 1.0 };
            let pairs = [
                ("demand", m.demand.mean, mean(&|s| s.demand)),
                ("lost", m.units_lost.mean, short * mean(&|s| s.missed)),
                ("waiting", m.backorder_periods.mean, mean(&|s| s.waiting)),
                ("held", m.average_on_hand.mean * c.periods as f64, mean(&|s| s.held)),
                ("stockouts", m.stockout_periods.mean, mean(&|s| s.stockouts)),
                ("orders", m.orders.mean, mean(&|s| s.orders)),
                ("ordered", m.units_ordered.mean, mean(&|s| s.ordered)),
                ("received", m.units_received.mean, mean(&|s| s.received)),
                ("discarded", m.units_discarded.mean, mean(&|s| s.discarded)),
                ("opening", m.opening_stock.mean, mean(&|s| s.opening)),
                ("closing", m.closing_stock.mean, mean(&|s| s.closing)),
            ];
            for (name, fast, plain) in pairs {
                prop_assert!((fast - plain).abs() <= 1e-9 * plain.abs().max(1.0), "{name}: {fast} against {plain}");
            }
            for (fast, plain) in out.total_cost_by_replication.iter().zip(&plain) {
                prop_assert!((fast - plain.total_cost).abs() <= 1e-9 * plain.total_cost.max(1.0));
            }
            Ok(())
        })?;
    }

    /// Opening + received = sold + discarded + closing, and the parts of cost add up.
    #[test]
    fn units_are_conserved(c in cases()) {
        with_item(&c, |item| {
            let m = simulate(item, &c.policy, &options(&c, 32)).unwrap().measures;
            let sold = m.demand.mean - m.units_lost.mean;
            let (left, right) = (m.opening_stock.mean + m.units_received.mean, sold + m.units_discarded.mean + m.closing_stock.mean);
            prop_assert!((left - right).abs() < 1e-6, "{left} {right}");
            let cost = m.stockout_cost.mean + m.overstock_cost.mean + m.ordering_cost.mean;
            prop_assert!((m.total_cost.mean - cost).abs() < 1e-6);
            prop_assert!((0.0..=1.0).contains(&m.fill_rate.mean) && (0.0..=1.0).contains(&m.cycle_service.mean));
            Ok(())
        })?;
    }

    /// With the same demand and lead times, a higher base stock never loses more. (Base stock without age or packs: with batches,
    /// one more unit can move the next order and lose more later.)
    #[test]
    fn more_base_stock_never_loses_more(c in cases(), up_to in 0u32..40, more in 1u32..20) {
        let c = Case { shelf_life: None, pack: 0.0, minimum: 0.0, crossing: true, backorder: true, ..c };
        with_item(&c, |item| {
            let low = Policy::BaseStock { up_to: f64::from(up_to) };
            let high = Policy::BaseStock { up_to: f64::from(up_to + more) };
            let out = simulate_many(item, &[low, high], &options(&c, 32)).unwrap();
            let total = |i: usize| out[i].measures.backorder_periods.mean;
            prop_assert!(total(1) <= total(0) + 1e-9, "{} {}", total(1), total(0));
            Ok(())
        })?;
    }

    /// More stock to begin with never loses more, under lost sales too.
    #[test]
    fn more_opening_stock_never_loses_more(c in cases(), more in 1u32..30) {
        let never = Policy::SS { s: -100.0, up_to: -100.0 };
        let c = Case { shelf_life: None, warm_up: 0, policy: never, ..c };
        let lost = |c: &Case| with_item(c, |item| simulate(item, &c.policy, &options(c, 32)).unwrap().measures.units_lost.mean);
        let richer = Case { on_hand: c.on_hand + f64::from(more), ..c.clone() };
        prop_assert!(lost(&richer) <= lost(&c));
    }

    /// Threads, company of other policies and the split into blocks change nothing.
    #[test]
    fn bytes_do_not_depend_on_threads_or_blocks(c in cases(), other in policies()) {
        with_item(&c, |item| {
            let o = options(&c, 200);
            let pool = |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            let one = pool(1).install(|| simulate(item, &c.policy, &o)).unwrap();
            let many = pool(3).install(|| simulate_many(item, &[other, c.policy], &o)).unwrap();
            prop_assert_eq!(&one.measures, &many[1].measures);
            prop_assert_eq!(&one.orders, &many[1].orders);
            prop_assert_eq!(&one.arriving, &many[1].arriving);
            let second = simulate(item, &c.policy, &SimOptions { first_replication: 96, replications: 104, ..o }).unwrap();
            prop_assert_eq!(&one.total_cost_by_replication[96..], &second.total_cost_by_replication[..]);
            Ok(())
        })?;
    }

    /// What logistics reads: listed orders add up to the flows, and each arrives its lead time later.
    #[test]
    fn listed_orders_match_the_flows(c in cases()) {
        with_item(&c, |item| {
            let o = options(&c, 20);
            let out = simulate(item, &c.policy, &o).unwrap();
            let horizon = o.horizon();
            prop_assert_eq!(out.ordered.len(), 20 * horizon);
            prop_assert_eq!(out.profile.mean.len(), horizon);
            let mut ordered = vec![0.0f32; 5 * horizon];
            let mut arriving = vec![0.0f32; 5 * horizon];
            for r in 0..5 {
                for open in item.on_order.iter().filter(|x| x.period < horizon) {
                    arriving[r * horizon + open.period] += open.units as f32;
                }
            }
            for x in &out.orders {
                prop_assert!(x.replication < 5 && x.arrives as i32 > x.ordered);
                ordered[x.replication as usize * horizon + x.ordered as usize] += x.units;
                if (x.arrives as usize) < horizon {
                    arriving[x.replication as usize * horizon + x.arrives as usize] += x.units;
                }
                if c.pack > 0.0 {
                    prop_assert!((x.units / c.pack as f32).fract() == 0.0);
                }
            }
            prop_assert_eq!(&ordered[..], &out.ordered[..5 * horizon]);
            prop_assert_eq!(&arriving[..], &out.arriving[..5 * horizon]);
            Ok(())
        })?;
    }
}

#[test]
fn unusable_items_are_refused_with_a_fix() {
    let path = counts(&[0.5, 0.5]);
    let good = Item::new("a", &path, UnitCosts::new(1.0, 2.0, 3.0));
    let o = SimOptions::new(1, 10, 10);
    let policy = Policy::BaseStock { up_to: 3.0 };
    assert!(simulate(&good, &policy, &o).is_ok());
    for bad in [
        Item { on_hand: f64::NAN, ..good.clone() },
        Item { review: 0, ..good.clone() },
        Item { pack: -1.0, ..good.clone() },
        Item { costs: UnitCosts::new(f64::INFINITY, 0.0, 0.0), ..good.clone() },
        Item { lead_time: LeadTime { values: vec![], weights: vec![], crossing: true }, ..good.clone() },
    ] {
        let d = simulate(&bad, &policy, &o).unwrap_err();
        assert!(d.fix.is_some() && d.message.contains('a'), "{d}");
    }
    assert!(simulate(&good, &policy, &SimOptions::new(1, 0, 10)).is_err());
    assert!(LeadTime::from_mean_sd(-1.0, 0.0).is_err() && LeadTime::discrete(&[1.0], &[]).is_err());
}

#[test]
fn lead_times_from_moments_keep_them() {
    let l = LeadTime::from_mean_sd(6.0, 2.5).unwrap();
    assert!((l.mean() - 6.0).abs() < 0.02 && (l.sd() - 2.5).abs() < 0.06, "{} {}", l.mean(), l.sd());
    assert_eq!(LeadTime::from_mean_sd(1.2, 0.0).unwrap(), LeadTime::fixed(2));
    assert_eq!(l.quantile(0.0), l.values[0]);
    assert_eq!(LeadTime::discrete(&[3.0, 1.0, 3.0], &[1.0, 2.0, 1.0]).unwrap().weights, vec![0.5, 0.5]);
}
