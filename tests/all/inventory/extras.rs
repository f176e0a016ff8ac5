//! What few items have (yield, disruptions, price breaks, order days) and items that share an order: invariants, and plain answers.

use super::poisson;
use crate::cases::cases;
use proptest::prelude::*;
use stockcast::forecast::path::PathModel;
use stockcast::inventory::classic::joint;
use stockcast::inventory::disruption::{Begins, Disruption, Effect, Lasts};
use stockcast::inventory::group::{Below, Group, Terms, Together};
use stockcast::inventory::impact::impact;
use stockcast::inventory::{
    Below as Level, Expedite, Extras, Item, LeadTime, Policy, PriceBreak, SimOptions, UnitCosts, Unmet, Yield, simulate,
};

fn event(begins: Begins, lasts: Lasts, effect: Effect) -> Disruption {
    Disruption { name: "event".into(), begins, lasts, effect, known: false }
}

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (0.0..1.0f64).prop_map(Effect::Supply),
        (0.5..3.0f64).prop_map(Effect::LeadTime),
        (0.0..4.0f64).prop_map(Effect::Demand),
        Just(Effect::Supply(0.0)),
    ]
}

proptest! {
    #![proptest_config(cases(48))]

    /// Whatever happens: what was there and came in is what was sold, thrown away and is left; and costs add up.
    #[test]
    fn units_are_conserved_and_costs_add_up(
        effect in effects(),
        chance in 0.0..0.3f64,
        duration in 1usize..9,
        mean in 0.4..1.0f64,
        life in proptest::option::of(1usize..5),
        lifo in any::<bool>(),
        lost in any::<bool>(),
        lead in 0usize..4,
        review in 1usize..4,
        urgent in any::<bool>(),
    ) {
        let path = poisson(6.0);
        let item = Item {
            lead_time: LeadTime::fixed(lead),
            review,
            unmet: if lost { Unmet::Lost } else { Unmet::Backorder },
            on_hand: 9.0,
            shelf_life: life,
            extras: Extras {
                freshest_first: lifo,
                yields: Some(Yield::new(mean, if mean < 0.95 { 0.1 } else { 0.0 }).unwrap()),
                disruptions: vec![event(Begins::Chance(chance), Lasts::Periods(duration), effect)],
                price_breaks: vec![PriceBreak { from: 10.0, saving: 0.25 }],
                incremental_breaks: lifo,
                ended: false,
                order_periods: vec![true, false, true],
                expedite: urgent.then_some(Expedite { below: Level::Units(5.0), lead_time: 1, per_unit: 0.3, per_order: 2.0 }),
                maximum: (!lifo).then_some(25.0),
                production_rate: urgent.then_some(4.0),
                ..Extras::default()
            },
            ..Item::new("x", &path, UnitCosts { unit: 1.5, markdown: 0.1, ..UnitCosts::new(0.2, 3.0, 4.0) })
        };
        let m = simulate(&item, &Policy::SS { s: 18.0, up_to: 34.0 }, &SimOptions { warm_up: 7, ..SimOptions::new(5, 32, 60) }).unwrap().measures;
        let (inn, out) = (m.opening_stock.mean + m.units_received.mean, m.demand.mean - m.units_lost.mean + m.units_discarded.mean + m.closing_stock.mean);
        prop_assert!((inn - out).abs() < 1e-6 * inn.abs().max(1.0), "{inn} came, {out} went");
        let parts = m.stockout_cost.mean + m.overstock_cost.mean + m.ordering_cost.mean - m.price_break_savings.mean;
        prop_assert!((parts - m.total_cost.mean).abs() < 1e-6 * parts.abs().max(1.0));
        prop_assert!(m.price_break_savings.mean >= 0.0 && m.expediting_cost.mean <= m.stockout_cost.mean + 1e-9);
    }

    /// An event that never happens changes nothing: the general kernel counts what the fast one counts.
    #[test]
    fn without_events_both_kernels_agree(lead in 0usize..4, lost in any::<bool>(), s in 5.0..25.0f64, more in 0.0..20.0f64) {
        let path = poisson(4.0);
        let plain = Item {
            lead_time: LeadTime::discrete(&[lead as f64, lead as f64 + 2.0], &[2.0, 1.0]).unwrap(),
            unmet: if lost { Unmet::Lost } else { Unmet::Backorder },
            on_hand: 12.0,
            ..Item::new("x", &path, UnitCosts::new(0.2, 3.0, 4.0))
        };
        let mut never = plain.clone();
        never.extras.disruptions = vec![event(Begins::Chance(0.0), Lasts::Periods(3), Effect::Supply(0.0))];
        let policy = Policy::SS { s: s.round(), up_to: (s + more).round() };
        let o = SimOptions { warm_up: 3, ..SimOptions::new(2, 16, 70) };
        let (a, b) = (simulate(&plain, &policy, &o).unwrap().measures, simulate(&never, &policy, &o).unwrap().measures);
        prop_assert!((a.total_cost.mean - b.total_cost.mean).abs() < 1e-9 * a.total_cost.mean.max(1.0));
        prop_assert_eq!(a.units_received, b.units_received);
        prop_assert_eq!(a.cycle_service, b.cycle_service);
    }
}

fn rush(below: Level, lead_time: usize, per_unit: f64, per_order: f64) -> Option<Expedite> {
    Some(Expedite { below, lead_time, per_unit, per_order })
}

/// Certain demand of 10 and no ordinary orders: every period but those that stock lasts for is served by an emergency order of the period before.
#[test]
fn emergency_orders_are_counted() {
    let path = certain(10.0);
    let mut item = Item { on_hand: 20.0, ..Item::new("x", &path, UnitCosts { unit: 2.0, ..UnitCosts::new(0.1, 5.0, 3.0) }) };
    item.extras.expedite = rush(Level::Units(10.0), 0, 0.5, 1.0);
    let never = Policy::BaseStock { up_to: 0.0 };
    let m = simulate(&item, &never, &SimOptions::new(1, 16, 20)).unwrap().measures;
    // 10 are left after the first period; at the end of each later one 10 are ordered, the last of them beyond the end
    assert_eq!((m.units_lost.mean, m.units_expedited.mean, m.units_ordered.mean, m.orders.mean), (0.0, 190.0, 190.0, 0.0));
    assert!((m.expediting_cost.mean - 19.0 * (1.0 + 5.0)).abs() < 1e-9 && m.stockout_cost.mean == m.expediting_cost.mean);
    assert!((m.total_cost.mean - (114.0 + 0.1 * 10.0)).abs() < 1e-5, "{}", m.total_cost.mean);
    // what is due in time is not ordered again, packs hold, and cover may be said in periods of demand
    item.extras.expedite = rush(Level::Periods(2.0), 1, 0.5, 0.0);
    item.pack = 15.0;
    let m = simulate(&item, &never, &SimOptions::new(1, 16, 20)).unwrap().measures;
    assert!(m.units_expedited.mean % 15.0 == 0.0 && (180.0..=225.0).contains(&m.units_expedited.mean), "{}", m.units_expedited.mean);
    assert_eq!(m.units_lost.mean, 0.0);
    item.extras.expedite = rush(Level::Units(f64::NAN), 1, 0.5, 0.0);
    assert!(simulate(&item, &never, &SimOptions::new(1, 16, 20)).is_err());
}

/// An emergency level of nothing is no emergency: the same figures, to the bit, as with another extra that never happens. One that costs nothing extra saves
/// stockouts; one that costs as much as a lost sale is still worth nothing.
#[test]
fn expediting_has_its_limits() {
    let path = poisson(6.0);
    let mut item = Item { on_hand: 20.0, lead_time: LeadTime::fixed(4), ..Item::new("x", &path, UnitCosts::new(0.3, 5.0, 4.0)) };
    let (policy, o) = (Policy::SS { s: 26.0, up_to: 40.0 }, SimOptions { warm_up: 4, ..SimOptions::new(8, 64, 80) });
    item.extras.disruptions = vec![event(Begins::Chance(0.0), Lasts::Periods(3), Effect::Supply(0.0))];
    let never = simulate(&item, &policy, &o).unwrap();
    item.extras = Extras { expedite: rush(Level::Units(0.0), 0, 1.0, 1.0), ..Extras::default() };
    assert_eq!(simulate(&item, &policy, &o).unwrap(), never);
    item.extras.expedite = rush(Level::Periods(1.0), 0, 0.0, 0.0);
    let free = simulate(&item, &policy, &o).unwrap().measures;
    assert!(free.units_lost.mean < 0.5 * never.measures.units_lost.mean && free.expediting_cost.mean == 0.0);
    item.extras.expedite = rush(Level::Periods(1.0), 0, 5.0, 0.0);
    let dear = simulate(&item, &policy, &o).unwrap().measures;
    assert!(dear.total_cost.mean > never.measures.total_cost.mean, "{} {}", dear.total_cost.mean, never.measures.total_cost.mean);
}

/// Two items of a supplier meet its outages together, and each impact is paired: no events, no difference.
#[test]
fn what_hits_a_supplier_hits_all_its_items() {
    let path = poisson(5.0);
    let with = |id: &'static str, begins: Begins| {
        let mut item = Item { on_hand: 20.0, ..Item::new(id, &path, UnitCosts::new(1.0, 5.0, 0.0)) };
        item.extras.disruptions = vec![event(begins, Lasts::Until(0.4), Effect::Supply(0.0))];
        item
    };
    let o = SimOptions::new(1, 200, 80);
    let of = |item: &Item<'_>| impact(item, &Policy::BaseStock { up_to: 20.0 }, &o).unwrap().unwrap();
    let (a, b) = (of(&with("a", Begins::Chance(0.03))), of(&with("b", Begins::Chance(0.03))));
    assert_eq!((a.events, a.share_hit), (b.events, b.share_hit));
    assert!(
        a.cost_at_risk.mean > 0.0 && a.cost_at_risk_p95 > a.cost_at_risk.mean && a.periods_to_recover.mean > 0.5,
        "{:?}",
        a.cost_at_risk
    );
    let never = of(&with("a", Begins::Chance(0.0)));
    assert_eq!((never.cost_at_risk.mean, never.cost_at_risk.half_width, never.share_hit), (0.0, 0.0, 0.0));
    // dated: once, and nothing before it
    let once = of(&with("a", Begins::At(40)));
    assert_eq!((once.events.mean, once.share_hit), (1.0, 1.0));
}

fn certain(rate: f64) -> PathModel {
    PathModel::deterministic(rate).unwrap()
}

/// One item in a group is that item: the same cost as by itself with the shared cost for its own.
#[test]
fn a_group_of_one_is_the_item() {
    let path = poisson(6.0);
    let item = Item { on_hand: 30.0, lead_time: LeadTime::fixed(2), ..Item::new("x", &path, UnitCosts::new(0.3, 4.0, 0.0)) };
    let alone = Item { costs: UnitCosts { order: 12.0, ..item.costs }, ..item.clone() };
    let policy = Policy::SS { s: 18.0, up_to: 44.0 };
    let o = SimOptions { warm_up: 5, ..SimOptions::new(3, 64, 90) };
    let m = simulate(&alone, &policy, &o).unwrap().measures;
    let g = Group::new(&[item], 12.0).simulate(Together::Separate, &[policy], &o).unwrap();
    assert!((g.total_cost.mean - m.total_cost.mean).abs() < 1e-6 * m.total_cost.mean, "{} {}", g.total_cost.mean, m.total_cost.mean);
    assert!((g.orders.mean - m.orders.mean).abs() < 1e-9 && (g.fill_rate.mean - m.fill_rate.mean).abs() < 1e-9);
}

/// Certain demand, Silver's example (Silver 1976; stockpyl's constants): K 10, five items, rates a year divided into 100 periods. All items in every order cost
/// `√(2(K + Σk)Σhλ)` at best; the search finds a joint policy about as good, near the optimum over multiples, and better than each by itself.
#[test]
fn joint_replenishment_of_certain_demand() {
    let periods = 100.0;
    let (fixed, rates) = ([1.87, 5.27, 7.94, 8.19, 8.87], [1736.0, 656.0, 558.0, 170.0, 142.0]);
    let paths: Vec<PathModel> = rates.iter().map(|r| certain(r / periods)).collect();
    let items: Vec<Item<'_>> = paths
        .iter()
        .zip(fixed)
        .map(|(path, k)| Item {
            lead_time: LeadTime::fixed(0),
            unmet: Unmet::Backorder,
            on_hand: path.mean(0),
            ..Item::new("x", path, UnitCosts::new(0.2 / periods, 5.0, k))
        })
        .collect();
    let lines: Vec<joint::Line> = fixed.iter().zip(rates).map(|(k, rate)| joint::Line { fixed: *k, holding: 0.2, rate }).collect();
    let best = joint::optimum(10.0, &lines).unwrap().cost;
    let fixed_all = 10.0 + fixed.iter().sum::<f64>();
    let every = (2.0 * fixed_all * 0.2 * rates.iter().sum::<f64>()).sqrt();
    assert!(best < every);
    // each by its own lot, paying the shared cost whenever one orders
    let own: Vec<Policy> = rates
        .iter()
        .zip(fixed)
        .map(|(r, k)| {
            let lot = (2.0 * (k + 10.0) * r / 0.2).sqrt();
            Policy::SS { s: r / periods, up_to: r / periods + lot }
        })
        .collect();
    let o = SimOptions { warm_up: 100, ..SimOptions::new(1, 16, 1200) };
    let found = Group::new(&items, 10.0).optimise(&own, &o).unwrap();
    let a_year = |x: f64| x * periods / 1200.0;
    let (cost, separate) = (a_year(found.best.total_cost.mean), a_year(found.separate.total_cost.mean));
    // ends of periods hold half a period's demand less than the average
    assert!(cost < 1.03 * every && cost > 0.9 * best, "{cost}: optimum {best}, all in every order {every}");
    assert!(separate > cost && (separate - cost - a_year(found.saving.mean)).abs() < 1e-6, "{separate} {cost}");
    assert!(found.best.together != Together::Separate);
}

/// Certain demand, two items, counted by hand: A sells 5 and B 3 a period, lead time 0. A is due at 10 or below, up to 30; B at 6, up to 18, and joins at 12.
#[test]
fn an_item_that_is_due_takes_the_other_along() {
    let (a, b) = (certain(5.0), certain(3.0));
    let item = |id: &'static str, path, on_hand| Item {
        lead_time: LeadTime::fixed(0),
        on_hand,
        ..Item::new(id, path, UnitCosts { unit: 2.0, ..UnitCosts::new(0.5, 9.0, 1.0) })
    };
    let items = [item("a", &a, 30.0), item("b", &b, 18.0)];
    let policies = [Policy::SS { s: 10.0, up_to: 30.0 }, Policy::SS { s: 6.0, up_to: 18.0 }];
    let run = |together, o: &SimOptions| Group::new(&items, 12.0).simulate(together, &policies, o).unwrap();
    let o = SimOptions::new(1, 16, 24);
    // A falls to 10 after 4 periods, when B is at 6: both order; so all six times
    let both = run(Together::CanOrder(0.5), &o);
    assert_eq!((both.orders.mean, both.lines.mean), (6.0, 12.0));
    // held over four periods: 25 + 20 + 15 + 10 of A, 15 + 12 + 9 + 6 of B
    assert_eq!(both.total_cost.mean, 6.0 * (12.0 + 2.0) + 0.5 * 6.0 * (70.0 + 42.0));
    // B starts with 21: when A is due it is at 9, and joins at 12 but not at 8; by itself it orders a period later, again and again
    let items = [item("a", &a, 30.0), item("b", &b, 21.0)];
    let run = |join| Group::new(&items, 12.0).simulate(Together::CanOrder(join), &policies, &SimOptions::new(1, 16, 5)).unwrap();
    assert_eq!((run(0.5).orders.mean, run(0.5).lines.mean), (1.0, 2.0));
    assert_eq!((run(0.16).orders.mean, run(0.16).lines.mean), (2.0, 2.0));
    // in every second period all of both
    let all = run_periodic(&items, 2);
    assert_eq!((all.orders.mean, all.lines.mean), (2.0, 4.0));
}

fn run_periodic(items: &[Item<'_>], every: usize) -> stockcast::inventory::group::Joint {
    let levels = [Policy::BaseStock { up_to: 30.0 }, Policy::BaseStock { up_to: 22.0 }];
    Group::new(items, 12.0).simulate(Together::Periodic(every), &levels, &SimOptions::new(1, 16, 5)).unwrap()
}

/// What a supplier asks of an order holds for every one that goes out; units are conserved, parts add up, and no item is charged what another one orders.
#[test]
fn a_suppliers_terms_hold_for_every_order() {
    let paths = [poisson(4.0), poisson(9.0), poisson(1.5)];
    let items: Vec<Item<'_>> = paths
        .iter()
        .zip(["a", "b", "c"])
        .enumerate()
        .map(|(k, (path, id))| Item {
            lead_time: LeadTime::fixed(1 + k),
            on_hand: 20.0,
            pack: if k == 1 { 6.0 } else { 0.0 },
            ..Item::new(id, path, UnitCosts { unit: 2.0 + k as f64, ..UnitCosts::new(0.05, 4.0, 0.5) })
        })
        .collect();
    let own = [Policy::SS { s: 14.0, up_to: 22.0 }, Policy::SS { s: 34.0, up_to: 40.0 }, Policy::SS { s: 8.0, up_to: 10.0 }];
    let sizes = [[1.0, 0.01], [0.5, 0.02], [3.0, 0.01]];
    let o = SimOptions { manifests: 16, ..SimOptions::new(3, 64, 60) };
    let least = 150.0;
    let terms = Terms { minimum_value: least, ..Terms::new(6.0) };
    let full = Terms { container: Some([80.0, f64::INFINITY]), ..Terms::new(6.0) };
    for terms in [terms, Terms { below: Below::Wait, ..terms }, full] {
        let group = Group { sizes: &sizes, terms, now: Some(5), own_today: &[0.0; 3], ..Group::new(&items, 6.0) };
        let found = group.optimise(&own, &o).unwrap();
        let mut orders: std::collections::BTreeMap<(u32, i32), (f64, f64)> = Default::default();
        for ((outcome, item), size) in found.outcomes.iter().zip(&items).zip(sizes) {
            let m = &outcome.measures;
            let out = m.demand.mean - m.units_lost.mean + m.closing_stock.mean;
            assert!((m.opening_stock.mean + m.units_received.mean - out).abs() < 1e-3 * out, "{m:?}");
            for l in &outcome.orders {
                let of = orders.entry((l.replication, l.ordered)).or_default();
                *of = (of.0 + f64::from(l.units) * item.costs.unit, of.1 + f64::from(l.units) * size[0]);
            }
        }
        assert!(orders.len() > 50, "{} orders", orders.len());
        for (value, kg) in orders.values() {
            match terms.container {
                None => assert!(*value >= least - 1e-6, "an order of {value}"),
                // what is lightest does not fit any more
                Some([most, _]) => assert!(most * (kg / most).ceil() - kg < 3.0 + 1e-6, "{kg} kg"),
            }
        }
        let parts: f64 = found.outcomes.iter().map(|x| x.measures.total_cost.mean).sum();
        let first = if found.best.today.iter().any(|t| t.units > 0.0) { 6.0 } else { 0.0 };
        let lines = found.best.today.iter().filter(|t| t.units > 0.0).count() as f64 * 0.5;
        assert!((parts + first + lines - found.best.total_cost.mean).abs() < 1e-6 * parts, "{parts} {:?}", found.best);
        let paid: f64 = found.outcomes.iter().map(|x| x.measures.ordering_cost.mean).sum();
        assert!((paid - 6.0 * found.best.orders.mean - 0.5 * found.best.lines.mean).abs() < 1e-6 * paid);
        assert!(found.bound.mean <= found.best.total_cost.mean + found.bound.half_width, "{:?} {:?}", found.bound, found.best.total_cost);
    }
}
