//! The hybrid: annealing by ruin and recreate, a genetic search, or the one seeding the other, by how much can be done.
//!
//! With few iterations a stop one long annealing is best; with many the genetic search alone; between, several annealings make the first members of the
//! population (measured on instances of Uchoa et al. 2017, Solomon 1987 and Gehring & Homberger 1999).

use super::Options;
use super::genetic::{Genes, Genetic};
use super::piece::Piece;

/// Trips, what they cost and how many stops they leave out that must be served.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    pub genes: Genes,
    pub missing: usize,
    pub cost: f64,
}

/// Ruin and recreate over either form of problem.
pub(super) trait Annealing {
    /// Iterations of the plain search in the time of one of this.
    const PACE: f64;
    /// Anneals from `start` (stops it leaves out come back) for so many iterations, or until `spent` says 1; from `hot` times the mean arc cost, or from
    /// as hot as the budget allows. Returns the best seen and the iterations done.
    fn anneal(&mut self, start: &Genes, iterations: u64, spent: Option<&dyn Fn() -> f64>, hot: Option<f64>) -> (Member, u64);
    /// A start.
    fn start(&self) -> Genes;
    /// Something better was found outside of annealing, after so many iterations in all.
    fn tell(&mut self, best: &Member, iterations: u64);
}

/// Iterations a stop (of the plain search; others count for [`Annealing::PACE`] of them) from which a population is worth its while at [`SIZE`] stops: a descent
/// takes longer than in proportion, so it is less for fewer stops and more for more.
const SOME: f64 = 5000.0;
const SOME_AT_LEAST: f64 = 1000.0;
/// From here on it needs no annealed members, up to so many stops.
const MANY: f64 = 7500.0;
const SMALL: usize = 350;
/// The number of stops that [`SOME`] and [`MANY`] speak of.
const SIZE: f64 = 450.0;
/// Annealed members and the share of the budget they take.
const MEMBERS: usize = 2;
const FIRST: f64 = 0.6;
/// Random members where none are annealed.
const RANDOM: usize = 50;
/// With fewer iterations a stop than this nothing but annealing is considered.
pub(super) const FEW: u64 = 1000;
/// More stops than this are left to annealing.
pub(super) const MOST_STOPS: usize = 2000;
/// Iterations that one child takes as long as, by stop.
const CHILD: f64 = 2.0;
/// First temperature over the mean arc cost where there are iterations enough (0.2 and 1.5 measured worse on 640 to 1,000 stops).
const HOT: f64 = 0.7;
/// Iterations that tell the pace, and their temperature.
const TASTE: u64 = 1000;
const COOL: f64 = 0.05;

/// The best found and the iterations done. `population` is an empty one.
pub(super) fn breed<P: Piece, A: Annealing>(
    school: &mut A,
    stops: usize,
    options: &Options<'_>,
    population: Option<Genetic<'_, P>>,
) -> (Member, u64) {
    let spent = || options.spent.map_or(0.0, |f| f());
    let outside = options.spent.map(|f| f as &dyn Fn() -> f64);
    let limit = options.iterations;
    let pace = A::PACE;
    let Some(mut genetic) = population else { return school.anneal(&school.start(), limit, outside, None) };
    // how many iterations there will be: known, or by a first taste
    let (mut done, mut expected, mut best) = (0, limit as f64, None);
    let began = spent();
    if limit == u64::MAX {
        let (m, n) = school.anneal(&school.start(), TASTE, outside, Some(COOL));
        done = n;
        let used = spent() - began;
        expected = if used > 0.0 { n as f64 * (1.0 - began) / used } else { f64::INFINITY };
        best = Some(m);
    }
    let each = pace * expected / stops as f64;
    let hot = (each >= FEW as f64).then_some(HOT);
    let size = stops as f64 / SIZE;
    let some = (SOME * size.powf(1.5)).max(SOME_AT_LEAST);
    if each < some || best.as_ref().is_some_and(|m: &Member| m.missing > 0) {
        let start = best.map_or_else(|| school.start(), |m| m.genes);
        let (m, n) = school.anneal(&start, limit.saturating_sub(done), outside, hot);
        return (m, done + n);
    }
    let members = if each < MANY * size || stops > SMALL { MEMBERS } else { 0 };
    if members == 0 && best.is_none() {
        let (m, n) = school.anneal(&school.start(), TASTE, outside, Some(COOL));
        done += n;
        best = Some(m);
    }
    let whole = spent();
    for k in 0..members {
        let at = |k: usize| whole + (1.0 - whole) * FIRST * k as f64 / members as f64;
        let (from, until) = (at(k), at(k + 1));
        let piece = move || options.spent.map_or(0.0, |f| (f() - from) / (until - from));
        let iterations = if limit == u64::MAX { u64::MAX } else { (limit as f64 * FIRST / members as f64) as u64 };
        let (m, n) = school.anneal(&school.start(), iterations, outside.is_some().then_some(&piece as &dyn Fn() -> f64), hot);
        done += n;
        genetic.educate(&m.genes);
        if best.as_ref().is_none_or(|b| (m.missing, m.cost) < (b.missing, b.cost)) {
            best = Some(m);
        }
        if spent() >= 1.0 {
            break;
        }
    }
    let mut best = best.unwrap_or_default();
    if best.missing > 0 {
        // the fleet is too small for a search that serves every stop
        let (m, n) = school.anneal(&best.genes, limit.saturating_sub(done), outside, None);
        return if (m.missing, m.cost) < (best.missing, best.cost) { (m, done + n) } else { (best, done + n) };
    }
    let mut random = if members == 0 { RANDOM } else { 0 };
    let child = (CHILD * stops as f64 / pace).ceil() as u64;
    while done < limit && spent() < 1.0 {
        if random > 0 {
            random -= 1;
            genetic.random();
        } else {
            genetic.step();
        }
        done = done.saturating_add(child);
        if let Some((cost, genes)) = genetic.best.as_ref().filter(|b| b.0 < best.cost - 1e-9) {
            best = Member { genes: genes.clone(), missing: 0, cost: *cost };
            school.tell(&best, done);
        }
        if genetic.stale() {
            genetic.clear();
            random = RANDOM;
        }
    }
    (best, done)
}
