//! Small problems solved to the end: dynamic programming over subsets.
//!
//! The shortest trip through every subset by Held & Karp (1962, J. SIAM 10(1)); then the cheapest partition of all stops
//! into trips that fit, by the subset that holds the lowest stop not yet served.

use super::Instance;

/// The most stops that are solved exactly; the work grows as 3ⁿ.
pub const MOST_STOPS: usize = 10;

/// Routes of least cost, or `None` when there are too many stops or no solution serves all of them.
pub(super) fn exact(instance: &Instance) -> Option<Vec<Vec<usize>>> {
    let stops = instance.nodes() - 1;
    if stops > MOST_STOPS {
        return None;
    }
    if stops == 0 {
        return Some(Vec::new());
    }
    let subsets = 1usize << stops;
    let fits: Vec<bool> = (0..subsets)
        .map(|set| {
            let load = (0..stops).filter(|i| set >> i & 1 == 1).fold([0, 0], |l: [i64; 2], i| {
                let d = instance.demand(i + 1);
                [l[0] + d[0], l[1] + d[1]]
            });
            instance.fits(load)
        })
        .collect();
    // path[set][last]: cheapest way from the depot through `set`, ending at `last`
    let mut path = vec![f64::INFINITY; subsets * stops];
    let mut from = vec![u8::MAX; subsets * stops];
    for i in 0..stops {
        path[(1 << i) * stops + i] = instance.arc(0, i + 1);
    }
    let mut tour = vec![f64::INFINITY; subsets];
    let mut end = vec![0usize; subsets];
    for set in 1..subsets {
        if !fits[set] {
            continue;
        }
        for last in (0..stops).filter(|i| set >> i & 1 == 1) {
            let here = path[set * stops + last];
            let whole = here + instance.arc(last + 1, 0) + instance.cost_per_trip();
            if whole < tour[set] {
                (tour[set], end[set]) = (whole, last);
            }
            for next in (0..stops).filter(|i| set >> i & 1 == 0) {
                let to = (set | 1 << next) * stops + next;
                let cost = here + instance.arc(last + 1, next + 1);
                if cost < path[to] {
                    (path[to], from[to]) = (cost, last as u8);
                }
            }
        }
    }
    // best[k][set]: cheapest way to serve `set` with at most k + 1 trips; without a limit one layer that may reuse itself
    let layers = instance.max_trips().map_or(1, |m| m.min(stops));
    if layers == 0 {
        return None;
    }
    let limited = instance.max_trips().is_some();
    let mut best = vec![vec![f64::INFINITY; subsets]; layers];
    let mut choice = vec![vec![0usize; subsets]; layers];
    for k in 0..layers {
        best[k][0] = 0.0;
        for set in 1..subsets {
            let lowest = 1 << set.trailing_zeros();
            let others = set ^ lowest;
            let mut sub = others;
            loop {
                let trip = sub | lowest;
                let rest = match (limited, k) {
                    (false, _) => best[k][set ^ trip],
                    (true, 0) => {
                        if set == trip {
                            0.0
                        } else {
                            f64::INFINITY
                        }
                    }
                    (true, _) => best[k - 1][set ^ trip],
                };
                if tour[trip] + rest < best[k][set] {
                    (best[k][set], choice[k][set]) = (tour[trip] + rest, trip);
                }
                if sub == 0 {
                    break;
                }
                sub = (sub - 1) & others;
            }
        }
    }
    let (mut set, mut k) = (subsets - 1, layers - 1);
    if !best[k][set].is_finite() {
        return None;
    }
    let mut routes = Vec::new();
    while set != 0 {
        let trip = choice[k][set];
        let (mut left, mut last) = (trip, end[trip]);
        let mut route = Vec::new();
        loop {
            route.push(last + 1);
            let before = from[left * stops + last];
            left ^= 1 << last;
            if left == 0 {
                break;
            }
            last = usize::from(before);
        }
        route.reverse();
        routes.push(route);
        set ^= trip;
        k = if limited { k.saturating_sub(1) } else { k };
    }
    Some(routes)
}
