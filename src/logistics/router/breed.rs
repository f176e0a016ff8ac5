//! A hybrid genetic search (Vidal, Crainic, Gendreau, Lahrichi & Rei 2012; Vidal 2022) whose education is ruin and recreate: several
//! annealings make a population, then children take some trips of one parent and some of the other, and a short cool annealing mends
//! and improves them.
//!
//! The crossover is selective route exchange (Nagata & Bräysy 2009; Nagata, Bräysy & Dullaert 2010): neighbouring trips of the first
//! parent give way to those of the second that serve the same stops best. Against the loss of diversity a child takes the place of the
//! parent it has most of, and no two members cost the same.

use super::draws::Draws;
use super::Options;

/// A member: trips, what they cost and the stops they leave out.
#[derive(Debug, Clone, Default)]
pub(super) struct Member<G> {
    pub genes: Vec<G>,
    pub missing: usize,
    pub cost: f64,
}

impl<G> Member<G> {
    fn better(&self, other: &Self) -> bool {
        self.missing < other.missing || self.missing == other.missing && self.cost < other.cost - 1e-9
    }
}

/// A trip as heredity sees it.
pub(super) trait Gene: Clone {
    /// Its visits.
    fn visits(&self) -> &[u32];
    /// The same without some; `None` when nothing is left.
    fn without(&self, gone: &dyn Fn(u32) -> bool) -> Option<Self>;
}

/// What improves solutions.
pub(super) trait Educator<G> {
    /// Anneals from `start` (stops it leaves out come back) for so many iterations, or until `spent` says 1; from `hot` times the mean arc cost, or
    /// from as hot as the budget allows. Returns the best seen and the iterations done.
    fn anneal(&mut self, start: &[G], iterations: u64, spent: Option<&dyn Fn() -> f64>, hot: Option<f64>) -> (Member<G>, u64);
    /// A start for the next member.
    fn start(&self) -> Vec<G>;
}

/// Iterations a stop that make an annealing worth its while.
pub(super) const WORTH: f64 = 1500.0;
const MOST_MEMBERS: usize = 8;
/// Share of the budget for the first population.
const FIRST: f64 = 0.5;
/// Education: iterations a stop, and first temperature over the mean arc cost.
const LESSON: f64 = 40.0;
const WARM: f64 = 0.12;

/// The best member found and the iterations done.
pub(super) fn breed<G: Gene>(school: &mut impl Educator<G>, stops: usize, options: &Options<'_>, draws: &mut Draws) -> (Member<G>, u64) {
    let spent = || options.spent.map_or(0.0, |f| f());
    let limit = options.iterations;
    // how many iterations there will be: known, or by a first taste
    let (mut done, mut first) = (0, None);
    let mut expected = limit as f64;
    let began = spent();
    if limit == u64::MAX {
        let (m, n) = school.anneal(&school.start(), 1_000, options.spent.map(|f| f as &dyn Fn() -> f64), Some(0.05));
        done = n;
        let used = spent() - began;
        expected = if used > 0.0 { n as f64 * (1.0 - began) / used } else { f64::INFINITY };
        first = Some(m);
    }
    let members = ((expected * FIRST / stops as f64 / env("WORTH", WORTH)) as usize).min(env("MEMBERS", MOST_MEMBERS as f64) as usize);
    if members < 2 {
        let start = first.map_or_else(|| school.start(), |m| m.genes);
        let (m, n) = school.anneal(&start, limit.saturating_sub(done), options.spent.map(|f| f as &dyn Fn() -> f64), None);
        return (m, done + n);
    }
    let mut best: Option<Member<G>> = None;
    let mut all: Vec<Member<G>> = Vec::with_capacity(members);
    let first_done = spent();
    for k in 0..members {
        let (from, until) = (share(first_done, k, members), share(first_done, k + 1, members));
        let piece = move || options.spent.map_or(0.0, |f| (f() - from) / (until - from));
        let iterations = if limit == u64::MAX { u64::MAX } else { (limit as f64 * FIRST / members as f64) as u64 };
        let (m, n) = school.anneal(&school.start(), iterations, options.spent.is_some().then_some(&piece as &dyn Fn() -> f64), None);
        done += n;
        if best.as_ref().is_none_or(|b| m.better(b)) {
            best = Some(m.clone());
        }
        all.push(m);
        if spent() >= 1.0 {
            break;
        }
    }
    let mut best = best.unwrap_or_else(|| Member { genes: Vec::new(), missing: usize::MAX, cost: f64::INFINITY });
    let lesson = (env("LESSON", LESSON) * stops as f64) as u64;
    while done < limit && spent() < 1.0 && all.len() > 1 {
        let a = draws.below(all.len());
        let b = (a + 1 + draws.below(all.len() - 1)) % all.len();
        let child = cross(&all[a].genes, &all[b].genes, draws);
        let (m, n) = school.anneal(&child, lesson.min(limit - done), options.spent.map(|f| f as &dyn Fn() -> f64), Some(env("WARM", WARM)));
        done += n;
        if m.better(&best) {
            best = m.clone();
        }
        let twin = all.iter().enumerate().any(|(i, o)| i != a && o.missing == m.missing && (o.cost - m.cost).abs() < 1e-9);
        if !twin && !all[a].better(&m) {
            all[a] = m;
        }
    }
    (best, done)
}

fn env(k: &str, d: f64) -> f64 { std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d) }

fn share(begin: f64, k: usize, of: usize) -> f64 {
    begin + (1.0 - begin) * FIRST * k as f64 / of as f64
}

/// Selective route exchange.
pub(super) fn cross<G: Gene>(a: &[G], b: &[G], draws: &mut Draws) -> Vec<G> {
    let size = a.iter().chain(b).flat_map(|g| g.visits()).max().map_or(0, |m| *m as usize + 1);
    if a.is_empty() || b.is_empty() {
        return a.to_vec();
    }
    let mut of_a = vec![usize::MAX; size];
    a.iter().enumerate().for_each(|(r, g)| g.visits().iter().for_each(|v| of_a[*v as usize] = r));
    // a trip of b, and the trips of a it meets most, make a neighbourhood; grow it until it is as large as drawn
    let wanted = 1 + draws.below((a.len().min(b.len()) / 2).max(1));
    let mut from_b: Vec<usize> = vec![draws.below(b.len())];
    let mut in_a = vec![false; a.len()];
    let mut inside = vec![false; size];
    let mut taken = 0;
    loop {
        // the trip of a, not yet inside, that shares most stops with the trips of b
        let mut meets = vec![0usize; a.len()];
        for &r in &from_b {
            for &v in b[r].visits() {
                if of_a[v as usize] != usize::MAX && !in_a[of_a[v as usize]] {
                    meets[of_a[v as usize]] += 1;
                }
            }
        }
        let next = (0..a.len()).filter(|r| meets[*r] > 0).max_by_key(|r| (meets[*r], std::cmp::Reverse(*r)));
        let Some(r) = next else { break };
        in_a[r] = true;
        a[r].visits().iter().for_each(|v| inside[*v as usize] = true);
        taken += 1;
        if taken >= wanted {
            break;
        }
        // the trip of b that lies most inside
        let lies = |r: usize| b[r].visits().iter().filter(|v| inside[**v as usize]).count() as f64 / b[r].visits().len().max(1) as f64;
        let next = (0..b.len()).filter(|r| !from_b.contains(r)).map(|r| (lies(r), r)).max_by(|x, y| x.0.total_cmp(&y.0).then(y.1.cmp(&x.1)));
        match next {
            Some((share, r)) if share > 0.0 => from_b.push(r),
            _ => break,
        }
    }
    let kept: Vec<&G> = (0..a.len()).filter(|r| !in_a[*r]).map(|r| &a[r]).collect();
    let mut mark = vec![false; size];
    let mut child = Vec::with_capacity(kept.len() + from_b.len());
    if draws.below(2) == 0 {
        // the trips of a stay whole
        kept.iter().flat_map(|g| g.visits()).for_each(|v| mark[*v as usize] = true);
        child.extend(from_b.iter().filter_map(|r| b[*r].without(&|v| mark[v as usize])));
        child.extend(kept.into_iter().cloned());
    } else {
        from_b.iter().flat_map(|r| b[*r].visits()).for_each(|v| mark[*v as usize] = true);
        child.extend(kept.into_iter().filter_map(|g| g.without(&|v| mark[v as usize])));
        child.extend(from_b.iter().map(|r| b[*r].clone()));
    }
    child
}
