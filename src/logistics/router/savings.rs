//! First trips by savings (Clarke & Wright 1964, Operations Research 12(4), parallel version), over neighbour lists.

use super::Instance;
use super::near::{Costs, Near};

/// Starts with one trip per stop and joins the two whose ends save most, as long as they fit together. Trips are turned
/// round where the costs are the same both ways.
pub(super) fn savings<C: Costs>(instance: &Instance, costs: &C, near: &Near) -> Vec<Vec<usize>> {
    let n = instance.nodes();
    let symmetric = costs.symmetric();
    let mut candidates: Vec<(f64, u32, u32)> = Vec::new();
    for i in 1..n {
        for &j in near.of(i) {
            let j = j as usize;
            // symmetric pairs once; a pair may be in one of the two lists only
            if symmetric && j < i && near.of(j).contains(&(i as u32)) {
                continue;
            }
            let mut offer = |a: usize, b: usize| {
                let saved = costs.arc(a, 0) + costs.arc(0, b) - costs.arc(a, b) + instance.cost_per_trip();
                if saved > 0.0 {
                    candidates.push((saved, a as u32, b as u32));
                }
            };
            offer(i, j);
            if !symmetric {
                offer(j, i);
            }
        }
    }
    candidates.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    candidates.dedup();
    let mut routes: Vec<Vec<usize>> = (0..n).map(|i| if i == 0 { Vec::new() } else { vec![i] }).collect();
    let mut load: Vec<[i64; 2]> = (0..n).map(|i| instance.demand(i)).collect();
    let mut of: Vec<usize> = (0..n).collect();
    for (_, a, b) in candidates {
        let (a, b) = (a as usize, b as usize);
        let (ra, rb) = (of[a], of[b]);
        let together = [load[ra][0] + load[rb][0], load[ra][1] + load[rb][1]];
        if ra == rb || !instance.fits(together) {
            continue;
        }
        let ends = |r: usize, x: usize| (routes[r].first() == Some(&x), routes[r].last() == Some(&x));
        let ((a_first, a_last), (b_first, b_last)) = (ends(ra, a), ends(rb, b));
        // a must end its trip and b begin its own, after turning where that is allowed
        if !((a_last || symmetric && a_first) && (b_first || symmetric && b_last)) {
            continue;
        }
        let (mut head, mut tail) = (std::mem::take(&mut routes[ra]), std::mem::take(&mut routes[rb]));
        if !a_last {
            head.reverse();
        }
        if !b_first {
            tail.reverse();
        }
        tail.iter().for_each(|&s| of[s] = ra);
        head.append(&mut tail);
        routes[ra] = head;
        load[ra] = together;
    }
    routes.retain(|r| !r.is_empty());
    routes
}
