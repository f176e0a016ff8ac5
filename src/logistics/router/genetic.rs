//! Hybrid genetic search (Vidal, Crainic, Gendreau, Lahrichi & Rei 2012, Operations Research 60(3); Vidal 2022): children of two members of a
//! population descend to a local optimum; good ones and different ones survive; breaches are allowed at prices that keep a fair share
//! of the members free of them. Crossover is selective route exchange (Nagata & Bräysy 2009).

use super::climb::Climb;
use super::compiled::Compiled;
use super::draws::Draws;
use super::piece::{Piece, Weights};
use super::proximity::Proximity;
use super::rebuild::{Rebuild, whole_by};

/// A shift: kind and visits.
pub(super) type Genes = Vec<(u32, Vec<u32>)>;

/// Vidal 2022: smallest subpopulation, children until the next cull, elite for the biased fitness, neighbours that tell the diversity.
const LEAST: usize = 25;
const BROOD: usize = 40;
const ELITE: usize = 4;
const CLOSE: usize = 5;
/// Share of children free of breaches that is aimed at, and children between two looks.
const AIM: f64 = 0.2;
const LOOK: usize = 100;
/// Children without a better one before starting anew.
const PATIENCE: u64 = 20_000;

struct Member {
    name: u64,
    genes: Genes,
    /// Distance to the others of the same list, nearest first.
    apart: Vec<(f64, u64)>,
    /// Follower and predecessor of each stop.
    next: Vec<u32>,
    prev: Vec<u32>,
    money: f64,
    excess_load: [f64; 4],
    excess_time: f64,
    excess_distance: f64,
    fitness: f64,
}

impl Member {
    fn feasible(&self) -> bool {
        self.excess_load.iter().all(|e| *e == 0.0) && self.excess_time <= 1e-6 && self.excess_distance <= 1e-6
    }
    fn price(&self, w: &Weights) -> f64 {
        let load: f64 = (0..4).map(|k| w.load[k] * self.excess_load[k]).sum();
        self.money + load + w.time * self.excess_time + w.distance * self.excess_distance
    }
    /// Share of stops with other neighbours.
    fn distance(&self, other: &Self) -> f64 {
        let n = self.next.len();
        let apart = (0..n)
            .filter(|&i| {
                (self.next[i] != other.next[i] && self.next[i] != other.prev[i])
                    || (self.prev[i] == 0 && other.prev[i] != 0 && other.next[i] != 0)
            })
            .count();
        apart as f64 / n as f64
    }
}

/// A population that grows better.
pub(super) struct Genetic<'a, P> {
    c: &'a Compiled,
    node: &'a [P],
    near: &'a Proximity,
    climb: Climb<'a, P>,
    draws: Draws,
    weights: Weights,
    feasible: Vec<Member>,
    infeasible: Vec<Member>,
    recent: Vec<(bool, bool)>,
    idle: u64,
    names: u64,
    /// The best without breaches.
    pub best: Option<(f64, Genes)>,
}

impl<'a, P: Piece> Genetic<'a, P> {
    pub(super) fn new(c: &'a Compiled, node: &'a [P], near: &'a Proximity, draws: Draws) -> Self {
        let (n, total) = c.stops().fold((0.0, 0.0), |(n, t), s| (n + 1.0, t + c.distance(0, s)));
        let mean = total / f64::max(n, 1.0) * c.kinds[0].per_distance.max(1e-9);
        let most: [i64; 4] =
            std::array::from_fn(|k| c.stops().map(|s| c.delivery[s as usize][k].max(c.pickup[s as usize][k])).max().unwrap_or(0));
        let span = if P::TIMED { c.stops().map(|s| c.duration(0, s)).fold(1e-9, f64::max) } else { 1.0 };
        let weights = Weights {
            load: std::array::from_fn(|k| (mean / most[k].max(1) as f64).max(1e-6)),
            time: (mean / span).max(1e-6),
            distance: 2.0 * c.kinds[0].per_distance.max(1e-6),
        };
        Self {
            c,
            node,
            near,
            climb: Climb::new(c, node, near, weights),
            draws,
            weights,
            feasible: Vec::new(),
            infeasible: Vec::new(),
            recent: Vec::new(),
            idle: 0,
            names: 0,
            best: None,
        }
    }

    /// Descends from `genes` and takes the result in; where it breaks rules, half of the times once more at ten times the price.
    pub(super) fn educate(&mut self, genes: &Genes) {
        self.climb.weights = self.weights;
        self.climb.load(genes);
        self.climb.run(&mut self.draws);
        let m = self.member(self.climb.written());
        let sound = m.feasible();
        self.adapt(&m);
        if !sound && self.draws.below(2) == 0 {
            let w = &self.weights;
            self.climb.weights = Weights { load: w.load.map(|l| 10.0 * l), time: 10.0 * w.time, distance: 10.0 * w.distance };
            self.climb.load(&m.genes);
            self.climb.run(&mut self.draws);
            let mended = self.member(self.climb.written());
            if mended.feasible() {
                self.admit(mended);
            }
        }
        self.admit(m);
    }

    /// One child.
    pub(super) fn step(&mut self) {
        if self.feasible.len() + self.infeasible.len() < 2 {
            return self.random();
        }
        let a = self.pick();
        let mut b = self.pick();
        for _ in 0..5 {
            if a != b {
                break;
            }
            b = self.pick();
        }
        let mut draws = self.draws.clone();
        let genes = cross(&self.at(a).genes, &self.at(b).genes, self.c.nodes, &mut draws);
        self.draws = draws;
        let child = self.complete(genes);
        self.educate(&child);
    }

    /// A member out of nothing.
    pub(super) fn random(&mut self) {
        let mut r = Rebuild::new(self.c, self.node, self.near, self.draws.clone());
        r.build();
        self.draws = r.draws.clone();
        let genes = self.complete(r.shifts.written());
        self.educate(&genes);
    }

    /// Has the population nothing new to give?
    pub(super) const fn stale(&self) -> bool {
        self.idle > PATIENCE
    }

    /// Starts anew, the best aside.
    pub(super) fn clear(&mut self) {
        self.feasible.clear();
        self.infeasible.clear();
        self.idle = 0;
    }

    fn at(&self, k: usize) -> &Member {
        if k < self.feasible.len() { &self.feasible[k] } else { &self.infeasible[k - self.feasible.len()] }
    }

    /// The fitter of two.
    fn pick(&mut self) -> usize {
        let n = self.feasible.len() + self.infeasible.len();
        let (a, b) = (self.draws.below(n), self.draws.below(n));
        if self.at(b).fitness < self.at(a).fitness { b } else { a }
    }

    /// Puts stops that are on no shift where they cost least, whatever the breaches; shifts beyond the fleet are dissolved first.
    fn complete(&mut self, mut genes: Genes) -> Genes {
        let c = self.c;
        for kind in 0..c.kinds.len() as u32 {
            let Some(most) = c.kinds[kind as usize].count else { continue };
            while genes.iter().filter(|g| g.0 == kind).count() > most {
                let smallest = (0..genes.len()).filter(|r| genes[*r].0 == kind).min_by_key(|r| genes[*r].1.len());
                let Some(r) = smallest else { break };
                genes.swap_remove(r);
            }
        }
        let mut there = vec![false; c.nodes];
        genes.iter().flat_map(|g| &g.1).for_each(|v| there[*v as usize] = true);
        let mut out: Vec<u32> = c.stops().filter(|s| !there[*s as usize]).collect();
        self.draws.shuffle(&mut out);
        let mut loads: Vec<i64> = genes.iter().map(|g| g.1.iter().map(|v| c.delivery[*v as usize][0]).sum()).collect();
        for s in out {
            let i = s as usize;
            let mut best = (f64::INFINITY, 0, 0);
            for (r, (kind, visits)) in genes.iter().enumerate() {
                let k = &c.kinds[*kind as usize];
                let over = (loads[r] + c.delivery[i][0] - k.capacity[0]).max(0) as f64 * self.weights.load[0];
                if over >= best.0 {
                    continue;
                }
                for p in 0..=visits.len() {
                    let a = if p == 0 { k.start as u32 } else { visits[p - 1] };
                    let b = visits.get(p).copied().unwrap_or(k.end as u32);
                    let mut cost = k.per_distance * (c.distance(a, s) + c.distance(s, b) - c.distance(a, b)) + over;
                    if P::TIMED && cost < best.0 {
                        let ahead = c.early[a as usize] + c.service[a as usize] + c.duration(a, s) - c.late[i];
                        let behind = c.early[i] + c.service[i] + c.duration(s, b) - c.late[b as usize];
                        cost += (ahead.max(0.0) + behind.max(0.0)) * self.weights.time;
                    }
                    if cost < best.0 {
                        best = (cost, r, p);
                    }
                }
            }
            if genes.is_empty() {
                genes.push((0, vec![s]));
                loads.push(c.delivery[i][0]);
            } else {
                genes[best.1].1.insert(best.2, s);
                loads[best.1] += c.delivery[i][0];
            }
        }
        genes
    }

    fn member(&self, genes: Genes) -> Member {
        let c = self.c;
        let stops = c.nodes - c.depots;
        let mut m = Member {
            name: 0,
            apart: Vec::new(),
            next: vec![0; stops],
            prev: vec![0; stops],
            money: 0.0,
            excess_load: [0.0; 4],
            excess_time: 0.0,
            excess_distance: 0.0,
            fitness: 0.0,
            genes,
        };
        for (kind, visits) in &m.genes {
            let k = &c.kinds[*kind as usize];
            let whole = whole_by(c, self.node, *kind as usize, visits);
            m.money += whole.cost(k);
            let excess = whole.excess_load(k);
            (0..4).for_each(|i| m.excess_load[i] += excess[i] as f64);
            m.excess_time += whole.excess_time(k);
            m.excess_distance += whole.excess_distance(k);
            for (p, v) in visits.iter().enumerate().filter(|v| !c.is_depot(*v.1)) {
                let i = *v as usize - c.depots;
                // 0 stands for every depot: nodes below `depots` are never stops
                m.prev[i] = if p == 0 || c.is_depot(visits[p - 1]) { 0 } else { visits[p - 1] };
                m.next[i] = visits.get(p + 1).copied().filter(|v| !c.is_depot(*v)).unwrap_or(0);
            }
        }
        m
    }

    fn adapt(&mut self, m: &Member) {
        self.recent.push((m.excess_load.iter().all(|e| *e == 0.0), m.excess_time <= 1e-6 && m.excess_distance <= 1e-6));
        if self.recent.len() < LOOK {
            return;
        }
        let share = |f: &dyn Fn(&(bool, bool)) -> bool| self.recent.iter().filter(|r| f(r)).count() as f64 / LOOK as f64;
        let factor = |s: f64| {
            if s < AIM - 0.05 {
                1.2
            } else if s > AIM + 0.05 {
                0.85
            } else {
                1.0
            }
        };
        let (load, time) = (factor(share(&|r| r.0)), factor(share(&|r| r.1)));
        self.weights.load = self.weights.load.map(|l| (l * load).clamp(1e-9, 1e9));
        self.weights.time = (self.weights.time * time).clamp(1e-9, 1e9);
        self.weights.distance = (self.weights.distance * time).clamp(1e-9, 1e9);
        self.recent.clear();
    }

    fn admit(&mut self, mut m: Member) {
        let sound = m.feasible();
        self.idle += 1;
        if sound && self.best.as_ref().is_none_or(|b| m.money < b.0 - 1e-9) {
            self.best = Some((m.money, m.genes.clone()));
            self.idle = 0;
        }
        self.names += 1;
        m.name = self.names;
        let weights = self.weights;
        let list = if sound { &mut self.feasible } else { &mut self.infeasible };
        let order = |a: &(f64, u64), b: &(f64, u64)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        for o in list.iter_mut() {
            let d = m.distance(o);
            let place = |l: &[(f64, u64)], x: &(f64, u64)| l.partition_point(|y| order(y, x).is_lt());
            let (here, there) = ((d, o.name), (d, m.name));
            m.apart.insert(place(&m.apart, &here), here);
            o.apart.insert(place(&o.apart, &there), there);
        }
        list.push(m);
        if list.len() > LEAST + BROOD {
            while list.len() > LEAST {
                rank(list, &weights);
                // twins go first, then the least fit; the cheapest stays
                let twin = |i: usize| list[i].apart.first().is_some_and(|d| d.0 == 0.0);
                let key = |i: &usize| (twin(*i), list[*i].fitness);
                let worst = (1..list.len()).max_by(|a, b| key(a).0.cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
                let Some(i) = worst else { break };
                let gone = list.remove(i).name;
                list.iter_mut().for_each(|o| o.apart.retain(|d| d.1 != gone));
            }
        }
        rank(list, &weights);
    }
}

/// Sorts by price and gives each its biased fitness: rank by price plus a share of its rank by diversity.
fn rank(list: &mut [Member], weights: &Weights) {
    list.sort_by(|a, b| a.price(weights).total_cmp(&b.price(weights)));
    let n = list.len();
    let mut spread: Vec<(f64, usize)> =
        list.iter().enumerate().map(|(i, m)| (-m.apart.iter().take(CLOSE).map(|d| d.0).sum::<f64>(), i)).collect();
    spread.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let share = 1.0 - (ELITE as f64 / n as f64).min(1.0);
    for (place, (_, i)) in spread.into_iter().enumerate() {
        list[i].fitness = i as f64 + share * place as f64;
    }
}

/// Selective route exchange: neighbouring shifts of `a` give way to those of `b` that serve the same stops best. Stops may be
/// left over.
fn cross(a: &Genes, b: &Genes, nodes: usize, draws: &mut Draws) -> Genes {
    if a.is_empty() || b.is_empty() {
        return a.clone();
    }
    let mut of_a = vec![usize::MAX; nodes];
    a.iter().enumerate().for_each(|(r, g)| g.1.iter().for_each(|v| of_a[*v as usize] = r));
    // a shift of b, and the shifts of a it meets most, make a neighbourhood; it grows until it is as large as drawn
    let wanted = 1 + draws.below((a.len().min(b.len()) / 2).max(1));
    let mut from_b: Vec<usize> = vec![draws.below(b.len())];
    let mut in_a = vec![false; a.len()];
    let mut meets = vec![0usize; a.len()];
    // how many visits of each shift of b lie inside
    let mut lies = vec![0usize; b.len()];
    let mut of_b = vec![usize::MAX; nodes];
    b.iter().enumerate().for_each(|(r, g)| g.1.iter().for_each(|v| of_b[*v as usize] = r));
    let mut newest = from_b[0];
    for taken in 1..=wanted {
        for &v in &b[newest].1 {
            if let Some(m) = meets.get_mut(of_a[v as usize]) {
                *m += 1;
            }
        }
        let next = (0..a.len()).filter(|r| meets[*r] > 0 && !in_a[*r]).max_by_key(|r| (meets[*r], std::cmp::Reverse(*r)));
        let Some(r) = next else { break };
        in_a[r] = true;
        for &v in &a[r].1 {
            if let Some(l) = lies.get_mut(of_b[v as usize]) {
                *l += 1;
            }
        }
        if taken == wanted {
            break;
        }
        let share = |r: usize| lies[r] as f64 / b[r].1.len().max(1) as f64;
        let next =
            (0..b.len()).filter(|r| lies[*r] > 0 && !from_b.contains(r)).max_by(|x, y| share(*x).total_cmp(&share(*y)).then(y.cmp(x)));
        let Some(r) = next else { break };
        from_b.push(r);
        newest = r;
    }
    let mut mark = vec![false; nodes];
    let mut child = Vec::with_capacity(a.len());
    let mut add = |gene: &(u32, Vec<u32>), mark: &[bool]| {
        let left: Vec<u32> = gene.1.iter().copied().filter(|v| !mark[*v as usize]).collect();
        if !left.is_empty() {
            child.push((gene.0, left));
        }
    };
    let kept = (0..a.len()).filter(|r| !in_a[*r]).map(|r| &a[r]);
    if draws.below(2) == 0 {
        // the shifts of a stay whole
        let none = vec![false; nodes];
        kept.clone().for_each(|g| add(g, &none));
        kept.flat_map(|g| &g.1).for_each(|v| mark[*v as usize] = true);
        from_b.iter().for_each(|r| add(&b[*r], &mark));
    } else {
        from_b.iter().flat_map(|r| &b[*r].1).for_each(|v| mark[*v as usize] = true);
        kept.for_each(|g| add(g, &mark));
        let none = vec![false; nodes];
        from_b.iter().for_each(|r| add(&b[*r], &none));
    }
    child
}
