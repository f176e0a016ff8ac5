//! What a valid answer is, told apart from the search that found it.

use super::{Instance, Solution};

/// Something wrong with a solution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Violation {
    /// A route without stops.
    #[error("trip {0} has no stops")]
    Empty(usize),
    /// A node number that is no stop.
    #[error("trip {0} visits {1}, which is no stop")]
    NoSuchStop(usize, usize),
    /// A stop seen a second time, or listed both as served and as unserved.
    #[error("stop {0} is dealt with twice")]
    Twice(usize),
    /// A stop that is neither on a trip nor listed as unserved.
    #[error("stop {0} is forgotten")]
    Forgotten(usize),
    /// More load than the vehicle carries.
    #[error("trip {0} is overloaded")]
    Overloaded(usize),
    /// More trips than allowed.
    #[error("{0} trips where {1} are allowed")]
    TooManyTrips(usize, usize),
    /// The stated cost is not the cost.
    #[error("the cost is {actual}, not {stated}")]
    Cost {
        /// Recomputed from scratch.
        actual: f64,
        /// As the solution says.
        stated: f64,
    },
}

/// Everything wrong with `solution`; empty when it is valid. Trips are numbered from 1.
pub fn check(instance: &Instance, solution: &Solution) -> Vec<Violation> {
    let mut faults = Vec::new();
    let mut seen = vec![false; instance.nodes()];
    let mut visit = |stop: usize, faults: &mut Vec<Violation>| match seen.get_mut(stop) {
        Some(true) => faults.push(Violation::Twice(stop)),
        Some(s) => *s = true,
        None => {}
    };
    let mut cost = 0.0;
    for (k, route) in solution.routes.iter().enumerate() {
        if route.is_empty() {
            faults.push(Violation::Empty(k + 1));
        }
        if let Some(&bad) = route.iter().find(|s| **s == 0 || **s >= instance.nodes()) {
            faults.push(Violation::NoSuchStop(k + 1, bad));
            continue;
        }
        let load = route.iter().fold([0, 0], |l: [i64; 2], s| {
            let d = instance.demand(*s);
            [l[0] + d[0], l[1] + d[1]]
        });
        if !instance.fits(load) {
            faults.push(Violation::Overloaded(k + 1));
        }
        route.iter().for_each(|s| visit(*s, &mut faults));
        cost += instance.trip_cost(route);
    }
    solution.unserved.iter().for_each(|(s, _)| visit(*s, &mut faults));
    faults.extend(seen.iter().enumerate().skip(1).filter(|(_, s)| !**s).map(|(i, _)| Violation::Forgotten(i)));
    if let Some(most) = instance.max_trips().filter(|m| solution.routes.len() > *m) {
        faults.push(Violation::TooManyTrips(solution.routes.len(), most));
    }
    if (cost - solution.cost).abs() > 1e-6 * cost.abs().max(1.0) {
        faults.push(Violation::Cost { actual: cost, stated: solution.cost });
    }
    faults
}
