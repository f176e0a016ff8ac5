//! The search over a [`Model`]: set aside what nobody can serve, choose the leanest [`Piece`], build, improve.

use super::breed::{Annealing, MOST_STOPS, Member, breed};
use super::compiled::Compiled;
use super::draws::Draws;
use super::few::few;
use super::genetic::{Genes, Genetic};
use super::model::{Model, Refusal, Roster, Shift};
use super::piece::{Full, Light, Piece, Timed};
use super::proximity::Proximity;
use super::rebuild::Rebuild;
use super::shifts::nodes;
use super::{Glance, Options};

/// Related stops looked at when a stop is put back.
const NEAR: usize = 40;
/// Related stops between which the genetic search moves.
const RELATED: usize = 20;
/// First and last temperature over the mean arc cost of the first solution (Christiaens & Vanden Berghe: 100 and 1 on their instances).
const HOT: f64 = 1.0;
const COLD: f64 = 0.01;
/// Iterations between two looks at the outside budget.
const POLL: u64 = 32;

/// Shifts that serve the stops of `model` for little money.
///
/// Every stop is on exactly one shift or listed as unserved with its reason. Without an outside budget the answer depends on the model, the
/// seed and the iterations alone. [`super::audit()`] verifies it.
pub fn solve_model(model: &Model, options: &Options<'_>) -> Roster {
    let (c, refused) = Compiled::new(model);
    let found = if c.nodes == c.depots {
        Found::default()
    } else if c.full {
        solved::<Full>(&c, options)
    } else if c.timed {
        solved::<Timed>(&c, options)
    } else {
        solved::<Light>(&c, options)
    };
    written(model, &c, found, refused)
}

#[derive(Default)]
struct Found {
    shifts: Vec<(u32, Vec<u32>)>,
    missing: Vec<u32>,
    skipped: Vec<u32>,
    iterations: u64,
}

fn solved<P: Piece>(c: &Compiled, options: &Options<'_>) -> Found {
    let Some(best) = few::<P>(c) else { return search::<P>(c, options) };
    let (skipped, missing) = best.left.iter().partition(|s| c.prize[**s as usize].is_finite());
    Found { shifts: best.shifts, missing, skipped, iterations: 0 }
}

fn search<P: Piece>(c: &Compiled, options: &Options<'_>) -> Found {
    let node = nodes::<P>(c);
    let stops = c.nodes - c.depots;
    let near = Proximity::new(c, NEAR);
    let related = Proximity::new(c, RELATED);
    let mut r = Rebuild::new(c, &node, &near, Draws::new(options.seed, "rebuild"));
    r.build();
    let scale = r.cost() / (stops + r.shifts.in_use()).max(1) as f64;
    let start = r.shifts.written();
    let mut school = School { c, rebuild: r, start, scale, watch: options.watch, best: (usize::MAX, f64::INFINITY), done: 0 };
    // what the genetic search knows: every stop is served, nothing is loaded again
    let suited = !c.optional && c.kinds.iter().all(|k| k.reloads == 0) && stops <= MOST_STOPS;
    let population = suited.then(|| Genetic::new(c, &node, &related, Draws::new(options.seed, "genetic")));
    let (best, iterations) = breed(&mut school, stops, options, population);
    let mut served = vec![false; c.nodes];
    best.genes.iter().flat_map(|g| &g.1).for_each(|v| served[*v as usize] = true);
    let (skipped, missing) = c.stops().filter(|s| !served[*s as usize]).partition(|s| c.prize[*s as usize].is_finite());
    Found { shifts: best.genes, missing, skipped, iterations }
}

/// Ruin and recreate over a [`Model`].
struct School<'a, 'b, P> {
    c: &'a Compiled,
    rebuild: Rebuild<'a, P>,
    start: Genes,
    scale: f64,
    watch: Option<&'b (dyn Fn(&Glance<'_>) + Sync)>,
    /// The best that was told: stops left out that must be served, cost.
    best: (usize, f64),
    done: u64,
}

impl<P: Piece> School<'_, '_, P> {
    fn say(&mut self, best: &Member, iterations: u64) {
        if let Some(watch) = self.watch
            && (best.missing, best.cost) < self.best
        {
            self.best = (best.missing, best.cost);
            let served = best.genes.iter().flat_map(|g| &g.1).filter(|v| !self.c.is_depot(**v)).count();
            let unserved = self.c.nodes - self.c.depots - served;
            watch(&Glance { iterations, cost: best.cost, unserved, trips: &|| trips(self.c, &best.genes) });
        }
    }
}

impl<P: Piece> Annealing for School<'_, '_, P> {
    const PACE: f64 = 3.0;
    fn anneal(&mut self, start: &Genes, iterations: u64, spent: Option<&dyn Fn() -> f64>, hot: Option<f64>) -> (Member, u64) {
        self.rebuild.load(start);
        let state = |r: &Rebuild<'_, P>| Member { genes: r.shifts.written(), missing: r.missing.len(), cost: r.cost() };
        let mut best = state(&self.rebuild);
        let hot = hot.unwrap_or(HOT);
        let (mut temperature, mut done, mut news) = (COLD * self.scale, 0, true);
        while done < iterations {
            if done % POLL == 0 {
                if std::mem::take(&mut news) {
                    self.say(&best, self.done + done);
                }
                let spent = spent.map_or(0.0, |f| f());
                if spent >= 1.0 || spent.is_nan() {
                    break;
                }
                let share = spent.max(done as f64 / iterations as f64).clamp(0.0, 1.0);
                temperature = self.scale * hot * ((COLD / hot).ln() * share).exp();
            }
            done += 1;
            let r = &mut self.rebuild;
            if r.step(temperature) && (r.missing.len() < best.missing || r.missing.len() == best.missing && r.cost() < best.cost - 1e-9) {
                best = state(r);
                news = true;
            }
        }
        self.done += done;
        (best, done)
    }
    fn start(&self) -> Genes {
        self.start.clone()
    }
    fn tell(&mut self, best: &Member, iterations: u64) {
        self.say(best, iterations);
    }
}

/// Each trip by the numbers of the model.
fn trips(c: &Compiled, shifts: &[(u32, Vec<u32>)]) -> Vec<Vec<usize>> {
    shifts
        .iter()
        .flat_map(|(_, visits)| visits.split(|v| c.is_depot(*v)))
        .map(|trip| trip.iter().map(|v| c.stop[*v as usize]).collect())
        .collect()
}

fn written(model: &Model, c: &Compiled, found: Found, refused: Vec<(usize, Refusal)>) -> Roster {
    let mut roster = Roster { unserved: refused, iterations: found.iterations, ..Roster::default() };
    for (kind, visits) in &found.shifts {
        let mut shift = Shift { kind: *kind as usize, trips: vec![Vec::new()], reloads: Vec::new() };
        for &v in visits {
            if c.is_depot(v) {
                shift.reloads.push(v as usize);
                shift.trips.push(Vec::new());
            } else if let Some(trip) = shift.trips.last_mut() {
                trip.push(c.stop[v as usize]);
            }
        }
        roster.shifts.push(shift);
    }
    roster.shifts.sort();
    roster.unserved.extend(found.missing.iter().map(|s| (c.stop[*s as usize], Refusal::NoVehicleLeft)));
    roster.unserved.extend(found.skipped.iter().map(|s| (c.stop[*s as usize], Refusal::NotWorthIt)));
    roster.unserved.sort_unstable();
    roster.cost = super::audit::cost(model, &roster);
    roster
}

#[cfg(test)]
mod tests {
    use super::super::model::{Depot, Kind, Stop};
    use super::*;
    use crate::base::{Purpose, Stream};

    /// Six or seven stops on a plane, two kinds of vehicle, windows; the second kind is limited in number and reach.
    fn small(seed: u64) -> Model {
        let draws = Stream::new(seed, 1, Purpose::Resample, 0);
        let draw = |i: usize| draws.unit(i as u64);
        let n = 6 + (seed % 2) as usize;
        let at: Vec<(f64, f64)> = (0..=n).map(|i| (100.0 * draw(2 * i), 100.0 * draw(2 * i + 1))).collect();
        let distance: Vec<f64> = at.iter().flat_map(|a| at.iter().map(|b| (a.0 - b.0).hypot(a.1 - b.1))).collect();
        let stops = (1..=n)
            .map(|i| {
                let open = 200.0 * draw(100 + i);
                Stop { window: (open, open + 250.0), service: 5.0, ..Stop::delivery(i, [1 + (30.0 * draw(200 + i)) as i64, 1, 0, 0]) }
            })
            .collect();
        let van = Kind { fixed: 40.0, shift: (0.0, 900.0), ..Kind::new([60, 9, 0, 0]) };
        let lorry =
            Kind { fixed: 70.0, per_distance: 1.2, count: Some(1), max_distance: 350.0, shift: (0.0, 900.0), ..Kind::new([120, 9, 0, 0]) };
        let depot = Depot { place: 0, window: (0.0, 1000.0), reload: 0.0 };
        Model::new(n + 1, distance.clone(), distance, vec![depot], stops, vec![van, lorry]).unwrap()
    }

    /// The search by itself finds what trying everything finds, where the larger vehicle must take over what a smaller one began.
    #[test]
    fn the_search_finds_the_best_of_few_stops() {
        for seed in 0..24 {
            let model = small(seed);
            let (c, refused) = Compiled::new(&model);
            let best = written(&model, &c, solved::<Full>(&c, &Options::iterations(seed, 0)), refused.clone());
            let found = written(&model, &c, search::<Full>(&c, &Options::iterations(seed, 3_000)), refused);
            assert!(super::super::audit(&model, &best).is_empty() && super::super::audit(&model, &found).is_empty());
            assert_eq!(best.unserved, found.unserved);
            assert!((found.cost - best.cost).abs() <= 1e-3 * best.cost, "{} for {}", found.cost, best.cost);
        }
    }
}
