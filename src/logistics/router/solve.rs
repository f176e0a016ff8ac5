//! The whole search: set aside what cannot travel, solve small problems exactly, else savings, descent, ruin and recreate.

use super::breed::{Annealing, FEW, MOST_STOPS, Member, breed};
use super::compiled::Compiled;
use super::draws::Draws;
use super::exact::exact;
use super::genetic::{Genes, Genetic};
use super::instance::Arcs;
use super::local::descend;
use super::near::{Costs, Dense, Flat, Near};
use super::piece::Light;
use super::proximity::Proximity;
use super::ruin::{Schedule, ruin_and_recreate};
use super::savings::savings;
use super::shifts::nodes;
use super::{Glance, Instance, Options, Solution, Unserved};
use std::cell::Cell;

/// Neighbours looked at when a stop is put back, and when descending.
const NEAR: usize = 30;
/// Related stops between which the genetic search moves.
const RELATED: usize = 20;

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
    let already = refused.len();
    // the rest is a smaller problem of its own
    let kept: Vec<usize> = (0..instance.nodes()).filter(|i| refused.binary_search_by_key(i, |r| r.0).is_err()).collect();
    let arcs = match instance.arcs() {
        Arcs::Plane(p, rounding) => Arcs::Plane(kept.iter().map(|&i| p[i]).collect(), *rounding),
        Arcs::Matrix(_) => Arcs::Matrix(kept.iter().flat_map(|&i| kept.iter().map(move |&j| instance.arc(i, j))).collect()),
    };
    let demand = kept.iter().map(|&i| instance.demand(i)).collect();
    match Instance::new(demand, capacity, instance.max_trips(), instance.cost_per_trip(), arcs) {
        Ok(smaller) => {
            // whoever watches knows the stops by their numbers here
            let watch = |g: &Glance<'_>| {
                if let Some(watch) = options.watch {
                    let trips = || (g.trips)().into_iter().map(|t| t.into_iter().map(|i| kept[i]).collect()).collect();
                    watch(&Glance { unserved: g.unserved + already, trips: &trips, ..*g });
                }
            };
            let options = Options { watch: options.watch.is_some().then_some(&watch), ..*options };
            finish(instance, search(&smaller, &options), |i| kept[i], refused)
        }
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
    let stops = instance.nodes() - 1;
    let spread: f64 = routes.iter().map(|r| instance.trip_cost(r)).sum::<f64>() / (stops + routes.len()).max(1) as f64;
    let draws = Draws::new(options.seed, "ruin and recreate");
    let best = Cell::new((usize::MAX, f64::INFINITY));
    let mut school = School { instance, costs, near: &near, start: routes, draws, scale: spread, watch: options.watch, best, done: 0 };
    // small enough for flat matrices of its own, and worth them
    let large = stops > MOST_STOPS || options.iterations < FEW * stops as u64;
    let compiled = (!large).then(|| Compiled::plain(instance));
    let node = compiled.as_ref().map_or_else(Vec::new, nodes::<Light>);
    let related = compiled.as_ref().map(|c| Proximity::new(c, RELATED));
    let both = compiled.as_ref().zip(related.as_ref());
    let population = both.map(|(c, r)| Genetic::new(c, &node, r, Draws::new(options.seed, "genetic")));
    let (best, iterations) = breed(&mut school, stops, options, population);
    let mut routes: Vec<Vec<usize>> = best.genes.into_iter().map(|g| g.1.iter().map(|v| *v as usize).collect()).collect();
    descend(instance, costs, &near, &mut routes);
    let mut served = vec![false; instance.nodes()];
    routes.iter().flatten().for_each(|i| served[*i] = true);
    let absent = (1..instance.nodes()).filter(|i| !served[*i]).collect();
    (routes, absent, iterations)
}

/// Ruin and recreate over an [`Instance`].
struct School<'a, C> {
    instance: &'a Instance,
    costs: &'a C,
    near: &'a Near,
    start: Vec<Vec<usize>>,
    draws: Draws,
    scale: f64,
    watch: Option<&'a (dyn Fn(&Glance<'_>) + Sync)>,
    /// The best that was told: stops left out, cost.
    best: Cell<(usize, f64)>,
    done: u64,
}

fn stops_of(genes: &Genes) -> Vec<Vec<usize>> {
    genes.iter().map(|g| g.1.iter().map(|v| *v as usize).collect()).collect()
}

fn genes_of(routes: &[Vec<usize>]) -> Genes {
    routes.iter().map(|r| (0, r.iter().map(|v| *v as u32).collect())).collect()
}

impl<C> School<'_, C> {
    fn say(&self, iterations: u64, cost: f64, unserved: usize, trips: &dyn Fn() -> Vec<Vec<usize>>) {
        if let Some(watch) = self.watch
            && (unserved, cost) < self.best.get()
        {
            self.best.set((unserved, cost));
            watch(&Glance { iterations, cost, unserved, trips });
        }
    }
}

impl<C: Costs> Annealing for School<'_, C> {
    const PACE: f64 = 1.0;
    fn anneal(&mut self, start: &Genes, iterations: u64, spent: Option<&dyn Fn() -> f64>, hot: Option<f64>) -> (Member, u64) {
        let start = stops_of(start);
        let tell = |done: u64, cost: f64, unserved: usize, trips: &dyn Fn() -> Vec<Vec<usize>>| {
            self.say(self.done + done, cost, unserved, trips);
        };
        let schedule = Schedule { draws: &self.draws, iterations, spent, hot, scale: Some(self.scale), tell: &tell };
        let found = ruin_and_recreate(self.instance, self.costs, self.near, &start, &schedule);
        self.draws = found.draws;
        self.done += found.iterations;
        (Member { genes: genes_of(&found.routes), missing: found.absent.len(), cost: found.cost }, found.iterations)
    }
    fn start(&self) -> Genes {
        genes_of(&self.start)
    }
    fn tell(&mut self, best: &Member, iterations: u64) {
        self.say(iterations, best.cost, best.missing, &|| stops_of(&best.genes));
    }
}
