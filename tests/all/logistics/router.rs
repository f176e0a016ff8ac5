//! The router: valid, repeatable, exact where small, good where large.

use crate::shared::shared;
use proptest::prelude::*;
use stockcast::base::Stream;
use stockcast::logistics::router::{Arcs, Glance, Instance, Options, Rounding, Solution, Unserved, check, solve};
use stockcast::logistics::vrplib;

/// A checker that shares nothing with the library's: coverage, capacity and cost from the raw numbers.
fn faults(instance: &Instance, solution: &Solution) -> Vec<String> {
    let mut out = Vec::new();
    let mut visits = vec![0; instance.nodes()];
    let mut cost = 0.0;
    for route in &solution.routes {
        let mut load = [0i64, 0];
        let mut at = 0;
        for &s in route {
            visits[s] += 1;
            load[0] += instance.demand(s)[0];
            load[1] += instance.demand(s)[1];
            cost += instance.arc(at, s);
            at = s;
        }
        cost += instance.arc(at, 0) + instance.cost_per_trip();
        if load[0] > instance.capacity()[0] || load[1] > instance.capacity()[1] {
            out.push(format!("load {load:?}"));
        }
    }
    solution.unserved.iter().for_each(|(s, _)| visits[*s] += 1);
    if visits[0] != 0 || visits[1..].iter().any(|v| *v != 1) {
        out.push(format!("visits {visits:?}"));
    }
    if (cost - solution.cost).abs() > 1e-6 * cost.max(1.0) {
        out.push(format!("cost {} for {cost}", solution.cost));
    }
    if instance.max_trips().is_some_and(|m| solution.routes.len() > m) {
        out.push("too many trips".into());
    }
    out
}

fn random(seed: u64, nodes: usize, asymmetric: bool, plane: bool, trips: Option<usize>) -> Instance {
    let s = Stream { key: seed };
    let points: Vec<(f64, f64)> = (0..nodes as u64).map(|i| (s.unit(2 * i) * 100.0, s.unit(2 * i + 1) * 100.0)).collect();
    let demand = (0..nodes as u64)
        .map(|i| if i == 0 { [0, 0] } else { [(s.bits(9_000 + i) % 30) as i64, (s.bits(8_000 + i) % 30) as i64] })
        .collect();
    let arcs = if plane {
        Arcs::Plane(points, Rounding::Exact)
    } else {
        let arc = |i: usize, j: usize| {
            let (a, b) = (points[i], points[j]);
            let skew = if asymmetric { s.unit((10_000 + i * nodes + j) as u64) * 40.0 } else { 0.0 };
            (a.0 - b.0).hypot(a.1 - b.1) + skew
        };
        Arcs::Matrix((0..nodes * nodes).map(|k| arc(k / nodes, k % nodes)).collect())
    };
    Instance::new(demand, [70, 80], trips, (seed % 3) as f64 * 10.0, arcs).unwrap()
}

proptest! {
    #![proptest_config(crate::cases::cases(60))]

    #[test]
    fn solutions_are_valid_and_repeatable(seed in any::<u64>(), nodes in 1usize..70, asymmetric in any::<bool>(), plane in any::<bool>(), tight in any::<bool>()) {
        let free = random(seed, nodes, asymmetric, plane, None);
        let all = solve(&free, &Options::iterations(seed, 300));
        prop_assert_eq!(faults(&free, &all), Vec::<String>::new());
        prop_assert!(check(&free, &all).is_empty());
        prop_assert!(all.unserved.is_empty());
        prop_assert_eq!(&all, &solve(&free, &Options::iterations(seed, 300)));
        // as many trips as were needed before must do again
        let most = if tight { all.routes.len() } else { all.routes.len() / 2 };
        let limited = random(seed, nodes, asymmetric, plane, Some(most));
        let some = solve(&limited, &Options::iterations(seed, 300));
        prop_assert_eq!(faults(&limited, &some), Vec::<String>::new());
        prop_assert!(some.unserved.iter().all(|u| u.1 == Unserved::NoTripLeft));
    }

    /// Up to five stops against every order cut in every way.
    #[test]
    fn small_problems_are_solved_exactly(seed in any::<u64>(), stops in 1usize..6, asymmetric in any::<bool>()) {
        let instance = random(seed, stops + 1, asymmetric, false, None);
        let mut best = f64::INFINITY;
        let mut order: Vec<usize> = (1..=stops).collect();
        permute(&mut order, 0, &mut |order| {
            for cuts in 0..1u32 << (stops - 1) {
                let mut routes = vec![vec![order[0]]];
                for (i, s) in order.iter().enumerate().skip(1) {
                    if cuts >> (i - 1) & 1 == 1 { routes.push(vec![*s]); } else { routes.last_mut().unwrap().push(*s); }
                }
                let fits = |r: &Vec<usize>| instance.fits(r.iter().fold([0, 0], |l, s| [l[0] + instance.demand(*s)[0], l[1] + instance.demand(*s)[1]]));
                if routes.iter().all(fits) {
                    best = best.min(routes.iter().map(|r| instance.trip_cost(r)).sum());
                }
            }
        });
        let found = solve(&instance, &Options::iterations(0, 0));
        prop_assert!((found.cost - best).abs() < 1e-9 * best.max(1.0), "{} for {best}", found.cost);
    }
}

fn permute(order: &mut Vec<usize>, k: usize, f: &mut impl FnMut(&[usize])) {
    if k == order.len() {
        return f(order);
    }
    for i in k..order.len() {
        order.swap(k, i);
        permute(order, k + 1, f);
        order.swap(k, i);
    }
}

proptest! {
    #![proptest_config(crate::cases::cases(5))]

    /// Long enough for the genetic search, also where trips are scarce.
    #[test]
    fn long_searches_are_valid_and_repeat(seed in any::<u64>(), nodes in 13usize..40, asymmetric in any::<bool>(), plane in any::<bool>()) {
        let free = random(seed, nodes, asymmetric, plane, None);
        let iterations = 8_000 * nodes as u64;
        let all = solve(&free, &Options::iterations(seed, iterations));
        prop_assert_eq!(faults(&free, &all), Vec::<String>::new());
        prop_assert!(all.unserved.is_empty());
        prop_assert_eq!(&all, &solve(&free, &Options::iterations(seed, iterations)));
        prop_assert!(all.cost <= solve(&free, &Options::iterations(seed, 300)).cost + 1e-6);
        let limited = random(seed, nodes, asymmetric, plane, Some(all.routes.len()));
        let some = solve(&limited, &Options::iterations(seed, iterations));
        prop_assert_eq!(faults(&limited, &some), Vec::<String>::new());
        prop_assert!(some.unserved.is_empty());
    }
}

#[test]
fn who_watches_sees_stops_by_their_numbers() {
    let mut demand = vec![[1, 1]; 30];
    (demand[0], demand[3]) = ([0, 0], [99, 0]);
    let s = Stream { key: 8 };
    let points = (0..30).map(|i| (s.unit(2 * i) * 100.0, s.unit(2 * i + 1) * 100.0)).collect();
    let instance = Instance::new(demand, [7, 9], None, 0.0, Arcs::Plane(points, Rounding::Exact)).unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let watch = |g: &Glance<'_>| {
        let mut seen: Vec<usize> = (g.trips)().concat();
        seen.sort_unstable();
        assert_eq!((seen, g.unserved), ((1..30).filter(|i| *i != 3).collect::<Vec<_>>(), 1));
        told.lock().unwrap().push(g.cost);
    };
    let solution = solve(&instance, &Options { watch: Some(&watch), ..Options::iterations(4, 20_000) });
    assert_eq!(solution.unserved, vec![(3, Unserved::TooHeavy)]);
    let told = told.into_inner().unwrap();
    assert!(told.windows(2).all(|w| w[1] < w[0]), "{told:?}");
    assert!(told.last().is_none_or(|c| solution.cost <= c + 1e-6));
}

#[test]
fn what_cannot_travel_is_named_and_the_rest_is_served() {
    let inf = f64::INFINITY;
    let mut arcs = vec![1.0; 25];
    (0..5).for_each(|k| arcs[k * 5 + 4] = inf);
    let instance = Instance::new(vec![[0, 0], [50, 1], [10, 50], [10, 1], [1, 1]], [40, 40], None, 0.0, Arcs::Matrix(arcs)).unwrap();
    let solution = solve(&instance, &Options::iterations(1, 100));
    assert_eq!(solution.routes, vec![vec![3]]);
    assert_eq!(solution.unserved, vec![(1, Unserved::TooHeavy), (2, Unserved::TooBulky), (4, Unserved::Unreachable)]);
    assert!(check(&instance, &solution).is_empty());
}

#[test]
fn a_limited_fleet_is_packed_to_the_brim() {
    // 24 stops that fill 8 vehicles exactly, but not in the order of their distances
    let mut demand = vec![[0, 0]];
    demand.extend([60, 60, 60, 60, 60, 60, 60, 60, 25, 25, 25, 25, 25, 25, 25, 25, 15, 15, 15, 15, 15, 15, 15, 15].map(|d| [d, 0]));
    let s = Stream { key: 5 };
    let points = (0..25).map(|i| (s.unit(2 * i) * 100.0, s.unit(2 * i + 1) * 100.0)).collect();
    let instance = Instance::new(demand, [100, 0], Some(8), 0.0, Arcs::Plane(points, Rounding::Exact)).unwrap();
    let solution = solve(&instance, &Options::iterations(3, 20_000));
    assert_eq!(faults(&instance, &solution), Vec::<String>::new());
    assert_eq!(solution.unserved, vec![]);
    assert_eq!(solution.routes.len(), 8);
}

#[test]
fn more_iterations_do_not_harm_and_a_spent_budget_stops() {
    let instance = random(11, 120, false, true, None);
    let quick = solve(&instance, &Options::iterations(1, 0));
    let long = solve(&instance, &Options::iterations(1, 20_000));
    assert!(long.cost <= quick.cost);
    let stopped = solve(&instance, &Options::budget(1, &|| 1.0));
    assert_eq!((stopped.iterations, &stopped.routes), (0, &quick.routes));
    // a budget that is used up by being looked at
    let looks = std::sync::atomic::AtomicU64::new(0);
    let counted = solve(&instance, &Options::budget(1, &|| looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as f64 / 50.0));
    assert!(counted.iterations > 0 && counted.cost <= quick.cost);
}

#[test]
fn bad_shapes_are_refused() {
    let refused = |d: Vec<[i64; 2]>, arcs: Arcs| Instance::new(d, [10, 10], None, 0.0, arcs).unwrap_err().code;
    assert_eq!(refused(vec![], Arcs::Matrix(vec![])), "router-shape");
    assert_eq!(refused(vec![[0, 0], [1, 1]], Arcs::Matrix(vec![0.0; 3])), "router-shape");
    assert_eq!(refused(vec![[0, 0], [-1, 1]], Arcs::Matrix(vec![0.0; 4])), "router-shape");
    assert_eq!(refused(vec![[0, 0], [1, 1]], Arcs::Matrix(vec![0.0, f64::NAN, 1.0, 0.0])), "router-shape");
    assert_eq!(refused(vec![[1, 0], [1, 1]], Arcs::Plane(vec![(0.0, 0.0); 2], Rounding::Up)), "router-shape");
}

/// Uchoa et al. 2017, instances X (best known from CVRPLIB): few iterations already come close.
#[test]
fn uchoa_instances_come_close_to_the_best_known() {
    for (name, best, most) in [("X-n101-k25", 27_591.0, 2.5), ("X-n200-k36", 58_578.0, 3.0), ("X-n1001-k43", 72_355.0, 6.5)] {
        let Some(path) = shared(&format!("data/routes/{name}.vrp")) else { return };
        let vrplib::Parsed::Plain(problem) = vrplib::parse(&std::fs::read_to_string(path).unwrap()).unwrap() else { unreachable!() };
        let solution = solve(&problem.instance, &Options::iterations(1, 15_000));
        assert_eq!(faults(&problem.instance, &solution), Vec::<String>::new());
        let gap = 100.0 * (solution.cost / best - 1.0);
        assert!((0.0..most).contains(&gap), "{name}: {gap} %");
    }
}
