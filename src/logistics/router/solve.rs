//! The whole search: set aside what cannot travel, solve small problems exactly, else savings, descent, ruin and recreate.

use super::exact::exact;
use super::instance::Arcs;
use super::local::descend;
use super::near::{Costs, Dense, Flat, Near};
use super::ruin::ruin_and_recreate;
use super::savings::savings;
use super::{Instance, Options, Solution, Unserved};

/// Neighbours looked at when a stop is put back, and when descending.
const NEAR: usize = 30;

/// Cheap trips over the stops of `instance`.
///
/// Every stop is on exactly one trip, or listed as unserved with its reason; that happens only to stops that no vehicle can
/// carry, that cannot be reached, or for which the allowed number of trips was not enough (the search makes room as hard as it can, but
/// whether all fit is a bin-packing problem). Without an outside budget the answer depends on the instance, the seed and the
/// iterations alone.
pub fn solve(instance: &Instance, options: &Options<'_>) -> Solution {
    let capacity = instance.capacity();
    let verdict = |i: usize| {
        let d = instance.demand(i);
        if d[0] > capacity[0] {
            Some(Unserved::TooHeavy)
        } else if d[1] > capacity[1] {
            Some(Unserved::TooBulky)
        } else if !(instance.arc(0, i) + instance.arc(i, 0)).is_finite() {
            Some(Unserved::Unreachable)
        } else if instance.max_trips() == Some(0) {
            Some(Unserved::NoTripLeft)
        } else {
            None
        }
    };
    let refused: Vec<(usize, Unserved)> = (1..instance.nodes()).filter_map(|i| verdict(i).map(|v| (i, v))).collect();
    if refused.is_empty() {
        return finish(instance, search(instance, options), |i| i, refused);
    }
    // the rest is a smaller problem of its own
    let kept: Vec<usize> = (0..instance.nodes()).filter(|i| refused.binary_search_by_key(i, |r| r.0).is_err()).collect();
    let arcs = match instance.arcs() {
        Arcs::Plane(p, rounding) => Arcs::Plane(kept.iter().map(|&i| p[i]).collect(), *rounding),
        Arcs::Matrix(_) => Arcs::Matrix(kept.iter().flat_map(|&i| kept.iter().map(move |&j| instance.arc(i, j))).collect()),
    };
    let demand = kept.iter().map(|&i| instance.demand(i)).collect();
    match Instance::new(demand, capacity, instance.max_trips(), instance.cost_per_trip(), arcs) {
        Ok(smaller) => finish(instance, search(&smaller, options), |i| kept[i], refused),
        Err(_) => Solution::default(),
    }
}

type Raw = (Vec<Vec<usize>>, Vec<usize>, u64);

fn finish(
    instance: &Instance,
    (routes, absent, iterations): Raw,
    name: impl Fn(usize) -> usize,
    refused: Vec<(usize, Unserved)>,
) -> Solution {
    let mut routes: Vec<Vec<usize>> = routes.into_iter().map(|r| r.into_iter().map(&name).collect()).collect();
    for route in &mut routes {
        // of two directions that cost the same, the one that begins with the lower number
        let mut turned = route.clone();
        turned.reverse();
        if turned < *route && instance.trip_cost(&turned) == instance.trip_cost(route) {
            *route = turned;
        }
    }
    routes.sort();
    let mut unserved = refused;
    unserved.extend(absent.into_iter().map(|i| (name(i), Unserved::NoTripLeft)));
    unserved.sort_unstable();
    let cost = routes.iter().map(|r| instance.trip_cost(r)).sum();
    Solution { routes, cost, unserved, iterations }
}

fn search(instance: &Instance, options: &Options<'_>) -> Raw {
    if let Some(routes) = exact(instance) {
        return (routes, Vec::new(), 0);
    }
    match instance.arcs() {
        Arcs::Matrix(m) => heuristic(instance, &Dense::new(m, instance.nodes()), options),
        Arcs::Plane(p, rounding) => heuristic(instance, &Flat(p, *rounding), options),
    }
}

fn heuristic<C: Costs>(instance: &Instance, costs: &C, options: &Options<'_>) -> Raw {
    let near = Near::new(instance, costs, NEAR);
    let mut routes = savings(instance, costs, &near);
    if let Some(most) = instance.max_trips().filter(|m| routes.len() > *m) {
        // the emptiest trips give way; their stops wait for room
        let load = |r: &[usize]| r.iter().map(|&i| instance.demand(i)[0]).sum::<i64>();
        routes.sort_by_key(|r| std::cmp::Reverse(load(r)));
        routes.truncate(most);
    }
    descend(instance, costs, &near, &mut routes);
    let mut found = ruin_and_recreate(instance, costs, &near, &routes, options);
    descend(instance, costs, &near, &mut found.routes);
    (found.routes, found.absent, found.iterations)
}
