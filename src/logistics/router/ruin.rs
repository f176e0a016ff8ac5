//! Slack induction by string removals (Christiaens & Vanden Berghe 2020): strings of neighbouring stops are taken out of
//! nearby trips and put back greedily with blinks, under simulated annealing. Their parameters: about 10 stops a ruin, strings of at
//! most 10, half of the strings split, 1 % blinks; insertion orders random, by demand, far and near in the ratio 4:4:2:1.
//!
//! Different here: positions are tried next to a stop's nearest neighbours first and everywhere only if none fits, so that
//! an iteration costs the same on 100 and on 10,000 stops; and an empty trip is an option like any other, at its cost.

use super::Instance;
use super::draws::Draws;
use super::near::{Costs, Near};
use super::tour::{NONE, Snapshot, Tour};

const MEAN_REMOVED: f64 = 10.0;
const LONGEST_STRING: f64 = 10.0;
const SPLIT: f64 = 0.5;
const SPLIT_DEPTH: f64 = 0.01;
const BLINK: f64 = 0.01;
/// First and last temperature over the mean arc cost of the first solution (the paper's 100 and 1 on its instances).
const HOT: f64 = 1.5;
const COLD: f64 = 0.015;
/// With fewer iterations a stop than this, so hot a start would only undo the first solution: it is lowered.
const ENOUGH: f64 = 50.0;
/// With many stops the mean arc is longer than what is between neighbours, and a hot start takes longer to cool: the first temperature at ten
/// iterations a stop of a thousand is this at most, rises with the root of the iterations and falls with a power of the stops (measured with 10 to 600
/// iterations a stop on 100 to 10,000 stops).
const TEPID: f64 = 0.25;
const POWER: f64 = -0.6;
/// Iterations between two looks at the outside budget.
const POLL: u64 = 64;

/// Told iterations, cost, stops left out, and what writes the routes out.
pub(super) type Tell<'a> = dyn Fn(u64, f64, usize, &dyn Fn() -> Vec<Vec<usize>>) + 'a;

/// How long to anneal, and from how hot.
#[derive(Clone, Copy)]
pub(super) struct Schedule<'a> {
    pub draws: &'a Draws,
    /// Iterations, unless the budget is spent before.
    pub iterations: u64,
    /// As in [`super::Options::spent`], over this annealing alone.
    pub spent: Option<&'a dyn Fn() -> f64>,
    /// First temperature over the mean arc cost; `None`: as hot as the iterations allow.
    pub hot: Option<f64>,
    /// Mean arc cost to measure temperatures by; `None`: that of the start.
    pub scale: Option<f64>,
    /// Told of each better solution: iterations, cost, stops left out, and the routes when asked for.
    pub tell: &'a Tell<'a>,
}

/// What the search ends with.
pub(super) struct Found {
    pub routes: Vec<Vec<usize>>,
    pub absent: Vec<usize>,
    pub cost: f64,
    pub iterations: u64,
    /// To go on with.
    pub draws: Draws,
}

/// Improves `start` (stops on no route of it are absent and put back as soon as a trip has room).
pub(super) fn ruin_and_recreate<C: Costs>(
    instance: &Instance,
    costs: &C,
    near: &Near,
    start: &[Vec<usize>],
    schedule: &Schedule<'_>,
) -> Found {
    let n = instance.nodes();
    let mut tour = Tour::new(instance, costs, start);
    let mut draws = schedule.draws.clone();
    let mut absent: Vec<usize> = (1..n).filter(|i| tour.nodes[*i].route == NONE).collect();
    // how often a stop was left out: hard ones weigh more, so that the search makes room for them (§4.3 of the paper)
    let mut hardness = vec![1u64; n];
    let mut best: Snapshot = tour.snapshot();
    let (mut best_cost, mut best_absent) = (tour.cost, absent.clone());
    let scale = schedule.scale.unwrap_or(tour.cost / (n - 1 + tour.trips()).max(1) as f64);
    let mut search = Search { near, removed: Vec::new(), ruined: Vec::new(), string: Vec::new(), to_blink: draws.until(BLINK) };
    let (mut temperature, mut done, mut news) = (COLD * scale, 0, false);
    while done < schedule.iterations {
        if done % POLL == 0 {
            if std::mem::take(&mut news) {
                (schedule.tell)(done, best_cost, best_absent.len(), &|| best.routes());
            }
            let spent = schedule.spent.map_or(0.0, |f| f());
            if spent >= 1.0 || spent.is_nan() {
                break;
            }
            let own = done as f64 / schedule.iterations as f64;
            let share = spent.max(own).max(0.0);
            // iterations there will be in all: known, or extrapolated from the outside budget
            let expected = if spent > own { done as f64 / share } else { schedule.iterations as f64 };
            temperature = scale
                * match schedule.hot {
                    Some(hot) => hot * ((COLD / hot).ln() * share.min(1.0)).exp(),
                    None => cooling(share, expected / (n - 1) as f64, n as f64),
                };
        }
        done += 1;
        search.ruin(&mut tour, &mut draws);
        let was_absent = absent.clone();
        search.removed.append(&mut absent);
        search.recreate(&mut tour, &mut draws, &mut absent);
        let weight = |list: &[usize]| list.iter().map(|i| hardness[*i]).sum::<u64>();
        let accepted = if was_absent.is_empty() && absent.is_empty() {
            tour.cost < tour.kept_cost() - temperature * draws.unit().ln()
        } else {
            let (new, old) = (weight(&absent), weight(&was_absent));
            new < old || new == old && tour.cost < tour.kept_cost() - temperature * draws.unit().ln()
        };
        for &i in &absent {
            hardness[i] += 1;
        }
        if !accepted {
            tour.undo();
            absent = was_absent;
            continue;
        }
        tour.keep();
        if absent.len() < best_absent.len() || absent.len() == best_absent.len() && tour.cost < best_cost - 1e-9 {
            tour.copy_to(&mut best);
            news = true;
            best_cost = tour.cost;
            best_absent.clone_from(&absent);
        }
    }
    Found { routes: best.routes(), absent: best_absent, cost: best_cost, iterations: done, draws }
}

/// Temperature over mean arc cost when `share` of `per_stop` iterations a stop of `stops` is done: geometric from hot to cold.
fn cooling(share: f64, per_stop: f64, stops: f64) -> f64 {
    let most = TEPID * (stops / 1000.0).powf(POWER) * (per_stop / 10.0).max(0.01).sqrt();
    let hot = most.min(HOT * (per_stop / ENOUGH).clamp(0.01, 1.0).powf(1.5));
    let cold = COLD.min(hot / 10.0);
    hot * ((cold / hot).ln() * share.min(1.0)).exp()
}

/// Working memory of an iteration.
struct Search<'a> {
    near: &'a Near,
    removed: Vec<usize>,
    ruined: Vec<u32>,
    string: Vec<u32>,
    to_blink: u32,
}

impl Search<'_> {
    fn ruin<C: Costs>(&mut self, tour: &mut Tour<'_, C>, draws: &mut Draws) {
        self.removed.clear();
        self.ruined.clear();
        let n = tour.nodes.len();
        let served = (n - 1) as f64;
        let longest = LONGEST_STRING.min(served / tour.trips().max(1) as f64).max(1.0);
        let most = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
        let strings = (draws.unit() * most + 1.0) as usize;
        let seed = 1 + draws.below(n - 1);
        let near = self.near;
        for stop in std::iter::once(seed as u32).chain(near.of(seed).iter().copied()) {
            if self.ruined.len() >= strings {
                break;
            }
            let route = tour.nodes[stop as usize].route;
            if route == NONE || self.ruined.contains(&route) {
                continue;
            }
            self.ruined.push(route);
            let size = tour.routes[route as usize].size as usize;
            let length = ((draws.unit() * longest.min(size as f64)) as usize + 1).min(size);
            self.take_string(tour, draws, stop, length, size);
        }
    }

    /// Removes `length` consecutive stops around `stop`; in half of the cases a few in the middle of a longer string stay.
    fn take_string<C: Costs>(&mut self, tour: &mut Tour<'_, C>, draws: &mut Draws, stop: u32, length: usize, size: usize) {
        let mut stay = 0;
        if length > 1 && length < size && draws.unit() < SPLIT {
            stay = 1;
            while length + stay < size && draws.unit() < SPLIT_DEPTH {
                stay += 1;
            }
        }
        let span = length + stay;
        // how far the string may reach back: as far as there are stops before and enough behind
        let (mut before, mut at) = (0, stop);
        while before < span - 1 && tour.nodes[at as usize].prev != 0 {
            at = tour.nodes[at as usize].prev;
            before += 1;
        }
        let (mut behind, mut end) = (0, stop);
        while behind < span - 1 && tour.nodes[end as usize].next != 0 {
            end = tour.nodes[end as usize].next;
            behind += 1;
        }
        let least = span - 1 - behind.min(span - 1);
        let back = least + draws.below(before - least + 1);
        for _ in back..before {
            at = tour.nodes[at as usize].next;
        }
        self.string.clear();
        for _ in 0..span {
            self.string.push(at);
            at = tour.nodes[at as usize].next;
        }
        let keep_from = if stay == 0 { span } else { 1 + draws.below(length - 1) };
        for (i, &s) in self.string.iter().enumerate() {
            if i < keep_from || i >= keep_from + stay {
                tour.remove(s as usize);
                self.removed.push(s as usize);
            }
        }
    }

    fn recreate<C: Costs>(&mut self, tour: &mut Tour<'_, C>, draws: &mut Draws, absent: &mut Vec<usize>) {
        let (instance, costs) = (tour.instance, tour.costs);
        match draws.below(11) {
            0..4 => {
                for i in (1..self.removed.len()).rev() {
                    self.removed.swap(i, draws.below(i + 1));
                }
            }
            4..8 => {
                let capacity = instance.capacity();
                // the tighter dimension decides; integers keep ties exact
                let size = |i: usize| {
                    let d = instance.demand(i);
                    (d[0] as f64 / capacity[0].max(1) as f64).max(d[1] as f64 / capacity[1].max(1) as f64)
                };
                self.removed.sort_by(|a, b| size(*b).total_cmp(&size(*a)));
            }
            8..10 => self.removed.sort_by(|a, b| costs.arc(0, *b).total_cmp(&costs.arc(0, *a))),
            _ => self.removed.sort_by(|a, b| costs.arc(0, *a).total_cmp(&costs.arc(0, *b))),
        }
        let may_open = |tour: &Tour<'_, C>| instance.max_trips().is_none_or(|m| tour.trips() < m);
        for k in 0..self.removed.len() {
            let stop = self.removed[k];
            let demand = instance.demand(stop);
            let mut choice = (f64::INFINITY, NONE, 0u32);
            for &u in self.near.of(stop) {
                let node = tour.nodes[u as usize];
                if node.route == NONE || !tour.fits(node.route, demand) {
                    continue;
                }
                let (to, from) = (costs.arc(stop, u as usize), costs.back(stop, u as usize));
                let before = costs.back(stop, node.prev as usize) + to - node.cost_in;
                if before < choice.0 && !self.blinks(draws) {
                    choice = (before, node.route, node.prev);
                }
                let behind = from + costs.arc(stop, node.next as usize) - node.cost_out;
                if behind < choice.0 && !self.blinks(draws) {
                    choice = (behind, node.route, u);
                }
            }
            if choice.1 == NONE {
                choice = everywhere(tour, stop, demand);
            }
            if may_open(tour) {
                let alone = costs.arc(0, stop) + costs.arc(stop, 0) + instance.cost_per_trip();
                if alone < choice.0 {
                    choice = (alone, tour.open(), 0);
                }
            }
            if choice.1 == NONE {
                absent.push(stop);
            } else {
                tour.insert(stop, choice.1, choice.2);
            }
        }
    }

    #[inline(always)]
    fn blinks(&mut self, draws: &mut Draws) -> bool {
        if self.to_blink == 0 {
            self.to_blink = draws.until(BLINK);
            return true;
        }
        self.to_blink -= 1;
        false
    }
}

/// The cheapest place in any trip with room.
fn everywhere<C: Costs>(tour: &Tour<'_, C>, stop: usize, demand: [i64; 2]) -> (f64, u32, u32) {
    let mut choice = (f64::INFINITY, NONE, 0);
    for (r, route) in tour.routes.iter().enumerate() {
        if route.size == 0 || !tour.fits(r as u32, demand) {
            continue;
        }
        let mut at = route.first;
        while at != 0 {
            let node = tour.nodes[at as usize];
            let before = tour.costs.back(stop, node.prev as usize) + tour.costs.arc(stop, at as usize) - node.cost_in;
            if before < choice.0 {
                choice = (before, r as u32, node.prev);
            }
            if node.next == 0 {
                let behind = tour.costs.back(stop, at as usize) + tour.costs.arc(stop, 0) - node.cost_out;
                if behind < choice.0 {
                    choice = (behind, r as u32, at);
                }
            }
            at = node.next;
        }
    }
    choice
}
