//! Where safety stock stands in a tree of stages that promise each other a service time (guaranteed service: Simpson 1958; Graves & Willems 2000,
//! *Manufacturing & Service Operations Management* 2(1), dynamic programming over spanning trees; Snyder & Shen 2019 §6.3.3).
//!
//! A stage that is promised its inputs within `SI` periods, takes `T` and promises `S` has to cover the demand of `SI + T − S` periods out of safety stock, up to
//! a bound of `z` standard deviations; beyond it other means help. Times are whole periods.

use crate::base::Diagnostic;

/// One stage of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Stages that supply it, by index.
    pub from: Vec<usize>,
    /// Periods it takes to make or move a unit.
    pub time: usize,
    /// Holding cost per unit and period.
    pub holding: f64,
    /// Standard deviation of its own customers' demand per period; 0 where it has none.
    pub sd: f64,
    /// Periods in which supply from outside comes.
    pub inbound: usize,
    /// The longest service time that its customers accept; `None`: any (or it has none).
    pub promise: Option<usize>,
    /// Standard deviations of demand that safety stock covers.
    pub z: f64,
}

/// What a stage promises and keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Periods in which its inputs come.
    pub inbound: usize,
    /// Periods within which it delivers.
    pub outbound: usize,
    /// Periods that safety stock has to cover, `SI + T − S`.
    pub covers: usize,
    /// Units of safety stock.
    pub safety_stock: f64,
    /// Its holding cost a period.
    pub cost: f64,
}

/// The tree rooted at its last stage: who hangs on whom, and what was found for each.
struct Tree<'a> {
    stages: &'a [Stage],
    /// Standard deviation of what passes through each stage.
    sd: Vec<f64>,
    /// The longest that each stage could promise.
    longest: Vec<usize>,
    /// Stages supplied by each.
    to: Vec<Vec<usize>>,
}

/// How a stage hangs on the one above it in the rooted tree.
#[derive(Clone, Copy, PartialEq)]
enum Hangs {
    /// It supplies it: the tables are by what it promises.
    Supplies,
    /// It is supplied by it: the tables are by when its inputs come.
    Supplied,
    /// It is the root.
    Root,
}

/// Least costs of a branch, by the time that its root shares with the stage above.
struct Branch {
    cost: Vec<f64>,
    /// `(S, SI)` behind each.
    choice: Vec<(usize, usize)>,
    below: Vec<(usize, Hangs, Branch)>,
}

/// The service times of least holding cost of safety stock, by stage.
///
/// # Errors
/// Stages that are no tree (loops, or parts that are not connected), or costs that are no numbers.
pub fn place(stages: &[Stage]) -> Result<Vec<Placed>, Diagnostic> {
    let refuse = |what: &str, fix: &str| Err(Diagnostic::error("stages-unusable", what.to_owned()).fix(fix.to_owned()));
    let n = stages.len();
    let edges: usize = stages.iter().map(|s| s.from.len()).sum();
    if n == 0 || edges + 1 != n || stages.iter().any(|s| s.from.iter().any(|u| *u >= n)) {
        return refuse(
            "the stages are no tree",
            "guaranteed service needs stages that are connected without loops: every stage on one path to every other",
        );
    }
    if stages.iter().any(|s| ![s.holding, s.sd, s.z].into_iter().all(|x| x >= 0.0 && x.is_finite()) || s.time + s.inbound > 2000) {
        return refuse(
            "a stage's cost, demand or time is no usable number",
            "use numbers of 0 or more, and times of at most 2,000 periods",
        );
    }
    let mut to = vec![Vec::new(); n];
    for (k, s) in stages.iter().enumerate() {
        s.from.iter().for_each(|u| to[*u].push(k));
    }
    // in a tree without loops every stage is reached from the last
    let mut seen = vec![false; n];
    let mut open = vec![n - 1];
    while let Some(k) = open.pop() {
        if !std::mem::replace(&mut seen[k], true) {
            open.extend(to[k].iter().chain(&stages[k].from).filter(|j| !seen[**j]));
        }
    }
    if seen.contains(&false) {
        return refuse("some stages are not connected with the others", "name who supplies them with from = [\"…\"]");
    }
    let (mut variance, mut longest) = (vec![0.0; n], vec![0; n]);
    for k in 0..n {
        variance[k] = passing(stages, &to, k);
        longest[k] = latest(stages, k);
    }
    let tree = Tree { stages, sd: variance.iter().map(|v| v.sqrt()).collect(), longest, to };
    let root = tree.branch(n - 1, usize::MAX, Hangs::Root);
    if !root.cost.first().is_some_and(|c| c.is_finite()) {
        return refuse("no service times keep every promise", "promise a longer service_time");
    }
    let mut placed = vec![Placed { inbound: 0, outbound: 0, covers: 0, safety_stock: 0.0, cost: 0.0 }; n];
    tree.follow(n - 1, &root, 0, &mut placed);
    Ok(placed)
}

/// Variance of all demand downstream of `k`, its own included.
fn passing(stages: &[Stage], to: &[Vec<usize>], k: usize) -> f64 {
    stages[k].sd.powi(2) + to[k].iter().map(|d| passing(stages, to, *d)).sum::<f64>()
}

/// The longest time from outside supply through `k`.
fn latest(stages: &[Stage], k: usize) -> usize {
    stages[k].time + stages[k].from.iter().map(|u| latest(stages, *u)).max().unwrap_or(0).max(stages[k].inbound)
}

impl Tree<'_> {
    fn own(&self, k: usize, out: usize, inbound: usize) -> f64 {
        let s = &self.stages[k];
        let end = self.to[k].is_empty() || s.sd > 0.0;
        if inbound < s.inbound || inbound + s.time < out || s.promise.is_some_and(|p| end && out > p) {
            return f64::INFINITY;
        }
        s.holding * s.z * self.sd[k] * ((inbound + s.time - out) as f64).sqrt()
    }

    fn branch(&self, k: usize, above: usize, hangs: Hangs) -> Branch {
        let s = &self.stages[k];
        let mut below: Vec<(usize, Hangs, Branch)> = Vec::new();
        for u in s.from.iter().filter(|u| **u != above) {
            below.push((*u, Hangs::Supplies, self.branch(*u, k, Hangs::Supplies)));
        }
        for d in self.to[k].iter().filter(|d| **d != above) {
            below.push((*d, Hangs::Supplied, self.branch(*d, k, Hangs::Supplied)));
        }
        let most_in = self.longest[k] - s.time;
        let mut total = vec![vec![f64::INFINITY; most_in + 1]; self.longest[k] + 1];
        for (out, row) in total.iter_mut().enumerate() {
            for (inbound, cell) in row.iter_mut().enumerate() {
                let own = self.own(k, out, inbound);
                if own.is_finite() {
                    *cell = own + below.iter().map(|(_, h, b)| b.least(*h, out, inbound).0).sum::<f64>();
                }
            }
        }
        let pick = |cells: &mut dyn Iterator<Item = (usize, usize)>| {
            let at = |(o, i): (usize, usize)| total.get(o).and_then(|r| r.get(i)).copied().unwrap_or(f64::INFINITY);
            cells.fold((f64::INFINITY, (0, 0)), |best, c| if at(c) < best.0 { (at(c), c) } else { best })
        };
        let (outs, ins) = (self.longest[k] + 1, most_in + 1);
        let found: Vec<(f64, (usize, usize))> = match hangs {
            Hangs::Supplies => (0..outs).map(|o| pick(&mut (0..ins).map(|i| (o, i)))).collect(),
            Hangs::Supplied => (0..ins).map(|i| pick(&mut (0..outs).map(|o| (o, i)))).collect(),
            Hangs::Root => vec![pick(&mut (0..outs).flat_map(|o| (0..ins).map(move |i| (o, i))))],
        };
        let (cost, choice) = found.into_iter().unzip();
        Branch { cost, choice, below }
    }

    fn follow(&self, k: usize, branch: &Branch, at: usize, placed: &mut [Placed]) {
        let Some((out, inbound)) = branch.choice.get(at).copied() else { return };
        let covers = inbound + self.stages[k].time - out;
        let safety_stock = self.stages[k].z * self.sd[k] * (covers as f64).sqrt();
        placed[k] = Placed { inbound, outbound: out, covers, safety_stock, cost: self.stages[k].holding * safety_stock };
        for (j, hangs, b) in &branch.below {
            self.follow(*j, b, b.least(*hangs, out, inbound).1, placed);
        }
    }
}

impl Branch {
    /// Its least cost where the stage above promises `out` and is promised `inbound`, and the time that gives it.
    fn least(&self, hangs: Hangs, out: usize, inbound: usize) -> (f64, usize) {
        let best = |range: &mut dyn Iterator<Item = usize>| {
            let at = |t: usize| self.cost.get(t).copied().unwrap_or(f64::INFINITY);
            range.fold((f64::INFINITY, 0), |best, t| if at(t) < best.0 { (at(t), t) } else { best })
        };
        match hangs {
            // a supplier that promises sooner than needed is no help, but allowed
            Hangs::Supplies => best(&mut (0..=inbound).rev()),
            // a customer of ours cannot have its inputs before we deliver
            _ => best(&mut (out..self.cost.len().max(out + 1))),
        }
    }
}
