//! Published textbook values, written here with their source so that they are checked everywhere.

use super::{counts, poisson};
use stockcast::inventory::classic::{continuous, discounts, eoq, lot_sizing, newsvendor, periodic, queues, safety_stock};
use stockcast::inventory::{Item, LeadTime, Policy, SimOptions, UnitCosts, Unmet, simulate};

fn near(source: &str, got: f64, want: f64, within: f64) {
    assert!((got - want).abs() <= within, "{source}: {got} against the published {want}");
}

#[test]
fn lots() {
    let e = eoq::eoq(8.0, 0.225, 1300.0);
    near("Snyder & Shen 2019 ex. 3.1, Q", e.quantity, 304.05, 0.01);
    near("Snyder & Shen 2019 ex. 3.1, cost", e.cost, 68.41, 0.005);
    near("Snyder & Shen 2019 ex. 3.1, cost of Q = 250", eoq::cost(8.0, 0.225, 1300.0, 250.0), 69.73, 0.01);
    let (b, share) = eoq::with_backorders(8.0, 0.225, 5.0, 1300.0);
    near("Snyder & Shen 2019 ex. 3.8, Q", b.quantity, 310.81, 0.005);
    near("Snyder & Shen 2019 ex. 3.8, backordered share", share, 0.0431, 0.0001);
    near("Snyder & Shen 2019 ex. 3.8, cost", b.cost, 66.92, 0.005);
    near("Snyder & Shen 2019 prob. 3.22, Q", eoq::epq(4.0, 0.08, 80.0, 110.0).quantity, 171.27, 0.005);
    let (breaks, prices) = ([0.0, 400.0, 800.0], [0.75, 0.72, 0.68]);
    let a = discounts::all_units(8.0, 0.3, 1300.0, &breaks, &prices).unwrap();
    assert_eq!((a.quantity, a.region), (800.0, 2), "Snyder & Shen 2019 ex. 3.6");
    near("Snyder & Shen 2019 ex. 3.6, cost", a.cost, 978.60, 0.005);
    let i = discounts::incremental(8.0, 0.3, 1300.0, &breaks, &prices).unwrap();
    near("Snyder & Shen 2019 ex. 3.7, cost", i.cost, 1043.41, 0.005);
}

#[test]
fn known_demand() {
    let s = lot_sizing::wagner_whitin(&[90.0, 120.0, 80.0, 70.0], &[500.0], &[2.0], &[]);
    assert_eq!(s.quantities, [210.0, 0.0, 150.0, 0.0], "Snyder & Shen 2019 ex. 3.9");
    assert_eq!(s.cost, 1380.0, "Snyder & Shen 2019 ex. 3.9");
}

#[test]
fn newsvendors() {
    let n = newsvendor::normal(0.18, 0.70, 50.0, 8.0, 0.0);
    near("Snyder & Shen 2019 ex. 4.3, S", n.up_to, 56.60, 0.005);
    near("Snyder & Shen 2019 ex. 4.3, cost", n.cost, 1.9976, 0.0005);
    near("Snyder & Shen 2019 ex. 4.4, S over lead time 4", newsvendor::normal(0.18, 0.70, 50.0, 8.0, 4.0).up_to, 264.77, 0.005);
    let p = newsvendor::poisson_demand(1.0, 4.0, 6.0, 0.0);
    assert_eq!(p.up_to, 8.0, "Snyder & Shen 2019 ex. 4.7, newsvendor level");
    near("Snyder & Shen 2019 ex. 4.7, newsvendor cost", p.cost, 3.5701, 0.0005);
}

#[test]
fn reorder_points() {
    let z = periodic::poisson_exact(5.0, 1.0, 4.0, 6.0, 0.0);
    assert_eq!((z.s, z.up_to), (4.0, 10.0), "Snyder & Shen 2019 ex. 4.7");
    near("Snyder & Shen 2019 ex. 4.7, (s,S) cost", z.cost, 8.034, 0.0005);
    // Zheng & Federgruen 1991, Table I: h = 1, p = 9, K = 64
    for (mean, s, up_to, cost) in
        [(10.0, 6.0, 40.0, 35.022), (20.0, 14.0, 62.0, 49.173), (50.0, 42.0, 108.0, 70.975), (70.0, 62.0, 81.0, 79.037)]
    {
        let z = periodic::poisson_exact(64.0, 1.0, 9.0, mean, 0.0);
        assert_eq!((z.s, z.up_to), (s, up_to), "Zheng & Federgruen 1991, Table I, mean {mean}");
        near("Zheng & Federgruen 1991, Table I, cost", z.cost, cost, 0.0006);
    }
    let w = periodic::power_approximation(2.5, 0.18, 0.70, 50.0, 8.0, 0.0);
    near("Snyder & Shen 2019 ex. 4.8, s", w.s, 40.19, 0.005);
    near("Snyder & Shen 2019 ex. 4.8, S", w.up_to, 74.29, 0.005);
    let q = continuous::poisson_exact(100.0, 20.0, 150.0, 1.5, 2.0);
    assert_eq!((q.r, q.quantity), (3.0, 5.0), "Snyder & Shen 2019 ex. 5.8");
    near("Snyder & Shen 2019 ex. 5.8, cost", q.cost, 107.92, 0.005);
    let n = continuous::Normal { k: 8.0, h: 0.225, p: 7.5, rate: 1300.0, sd: 150.0, lead: 1.0 / 12.0 };
    let e = n.expected_inventory();
    near("Snyder & Shen 2019 ex. 5.2, r", e.r, 213.97, 0.01);
    near("Snyder & Shen 2019 ex. 5.2, Q", e.quantity, 318.59, 0.01);
    near("Snyder & Shen 2019 ex. 5.6, r", n.loss_function().r, 126.87, 0.01);
}

#[test]
fn service() {
    let s = safety_stock::service(600.0, 1000.0, 500.0, 150.0 * 2f64.sqrt());
    near("Chopra & Meindl exercise 11-4, cycle service", s.cycle_service, 0.68, 0.005);
    near("Chopra & Meindl exercise 11-4, units short a cycle", s.short_per_cycle, 43.86, 0.02);
    near("Chopra & Meindl exercise 11-4, fill rate", s.fill_rate, 0.956, 0.001);
    near("Erlang 1917, B(3, 2)", queues::erlang_b(3, 2.0), 4.0 / 19.0, 1e-12);
}

/// The simulation against exact results, in long runs: each within its own half-width (three of them).
#[test]
fn simulation_agrees_with_exact_results() {
    // Zheng & Federgruen 1991: an order is used L + 1 periods on; their L = 0 is ours
    let path = poisson(20.0);
    let item = Item {
        lead_time: LeadTime::fixed(0),
        unmet: Unmet::Backorder,
        on_hand: 62.0,
        ..Item::new("zf", &path, UnitCosts::new(1.0, 9.0, 64.0))
    };
    let o = SimOptions { warm_up: 50, ..SimOptions::new(11, 320, 500) };
    let m = simulate(&item, &Policy::SS { s: 14.0, up_to: 62.0 }, &o).unwrap().measures.total_cost.scaled(1.0 / 500.0);
    // the kernel orders after demand, the model before: the same chain, costs counted at the same moment
    near("Zheng & Federgruen 1991, Table I, mean 20", m.mean, 49.173, 3.0 * m.half_width);
    assert!(m.half_width < 0.3);

    // base stock over L + 1 periods is the newsvendor
    let path = poisson(18.0);
    let exact = newsvendor::poisson_demand(0.08, 1.25, 18.0, 4.0);
    let item = Item {
        lead_time: LeadTime::fixed(4),
        unmet: Unmet::Backorder,
        on_hand: exact.up_to,
        ..Item::new("bs", &path, UnitCosts::new(0.08, 1.25, 0.0))
    };
    let m = simulate(&item, &Policy::BaseStock { up_to: exact.up_to }, &o).unwrap().measures;
    let cost = m.total_cost.scaled(1.0 / 500.0);
    near("newsvendor over L + 1 periods", cost.mean, exact.cost, 3.0 * cost.half_width);

    // fill rate of Erlang's loss system: unit demand in fine periods, random lead times that may cross
    let (rate, mean_lead, step) = (1.0, 2.0, 0.02);
    let p: f64 = rate * step;
    let path = counts(&[1.0 - p, p]);
    let item = Item {
        lead_time: LeadTime::discrete(&[20.0, 60.0, 100.0, 216.0], &[1.0, 1.0, 1.0, 1.0]).unwrap(),
        on_hand: 3.0,
        ..Item::new("erlang", &path, UnitCosts::new(1.0, 1.0, 0.0))
    };
    near("mean lead time", (item.lead_time.mean() + 1.0) * step, mean_lead, 1e-9);
    let m = simulate(&item, &Policy::BaseStock { up_to: 3.0 }, &SimOptions { warm_up: 1000, ..SimOptions::new(5, 160, 20_000) })
        .unwrap()
        .measures;
    near("Erlang loss, any lead time distribution", m.fill_rate.mean, queues::lost_sales_fill_rate(3, rate, mean_lead), 0.004);
}
