//! A [`Model`] as the searches read it: one node a depot and a stop, flat arrays, no infinities.

use super::Instance;
use super::model::{Amount, Kind, Model, Refusal};
use super::piece::{Full, Piece};

/// Stands for "no way" and "no limit" where an infinity would turn into NaN.
pub(super) const FAR: f64 = 1e12;
/// Differences in time and distance smaller than this are rounding.
pub(super) const SLACK: f64 = 1e-6;

/// Depots first, then those stops that some vehicle can serve.
pub(super) struct Compiled {
    pub nodes: usize,
    pub depots: usize,
    pub distance: Vec<f64>,
    pub duration: Vec<f64>,
    pub early: Vec<f64>,
    pub late: Vec<f64>,
    pub service: Vec<f64>,
    pub delivery: Vec<Amount>,
    pub pickup: Vec<Amount>,
    /// Money for leaving a node out; infinite where it must be served.
    pub prize: Vec<f64>,
    pub kinds: Vec<Kind>,
    /// By kind, the others that start, end and work at the same places and times: a shift's pieces are the same for them.
    pub alike: Vec<Vec<u32>>,
    /// Index of the stop in the model, by node (meaningless for depots).
    pub stop: Vec<usize>,
    pub symmetric: bool,
    /// Anything optional at all?
    pub optional: bool,
    /// Any clock at all: windows, limits or money for time?
    pub timed: bool,
    /// Anything that only [`Full`] knows: pickups, reloads, more than two dimensions, limits on driving or distance, load-dependent cost?
    pub full: bool,
}

fn finite(x: f64) -> f64 {
    x.min(FAR)
}

impl Compiled {
    /// The problem without the stops that nobody can serve, and those stops with the reason.
    pub(super) fn new(model: &Model) -> (Self, Vec<(usize, Refusal)>) {
        let all: Vec<usize> = (0..model.stops().len()).collect();
        let whole = Self::over(model, &all);
        let mut refused = Vec::new();
        let mut kept = Vec::new();
        for &i in &all {
            match whole.refusal((whole.depots + i) as u32) {
                Some(why) => refused.push((i, why)),
                None => kept.push(i),
            }
        }
        if refused.is_empty() { (whole, refused) } else { (Self::over(model, &kept), refused) }
    }

    /// The plain problem; its nodes keep their numbers.
    pub(super) fn plain(instance: &Instance) -> Self {
        let n = instance.nodes();
        let distance: Vec<f64> = (0..n).flat_map(|i| (0..n).map(move |j| finite(instance.arc(i, j)))).collect();
        let capacity = instance.capacity();
        let kind = Kind { count: instance.max_trips(), fixed: instance.cost_per_trip(), ..Kind::new([capacity[0], capacity[1], 0, 0]) };
        Self {
            nodes: n,
            depots: 1,
            symmetric: (0..n).all(|i| (0..i).all(|j| distance[i * n + j] == distance[j * n + i])),
            duration: Vec::new(),
            distance,
            early: vec![0.0; n],
            late: vec![FAR; n],
            service: vec![0.0; n],
            delivery: (0..n).map(|i| [instance.demand(i)[0], instance.demand(i)[1], 0, 0]).collect(),
            pickup: vec![[0; 4]; n],
            prize: vec![f64::INFINITY; n],
            kinds: vec![kind],
            alike: vec![Vec::new()],
            stop: (0..n).collect(),
            optional: false,
            timed: false,
            full: false,
        }
    }

    fn over(model: &Model, stops: &[usize]) -> Self {
        let depots = model.depots().len();
        let place: Vec<usize> = model.depots().iter().map(|d| d.place).chain(stops.iter().map(|i| model.stops()[*i].place)).collect();
        let n = place.len();
        let square = |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            place.iter().flat_map(|a| place.iter().map(move |b| (*a, *b))).map(|(a, b)| finite(f(a, b))).collect()
        };
        let distance = square(&|a, b| model.distance(a, b));
        let duration = square(&|a, b| model.duration(a, b));
        let mut c = Self {
            nodes: n,
            depots,
            symmetric: (0..n)
                .all(|i| (0..i).all(|j| distance[i * n + j] == distance[j * n + i] && duration[i * n + j] == duration[j * n + i])),
            distance,
            duration,
            early: Vec::with_capacity(n),
            late: Vec::with_capacity(n),
            service: Vec::with_capacity(n),
            delivery: Vec::with_capacity(n),
            pickup: Vec::with_capacity(n),
            prize: Vec::with_capacity(n),
            kinds: model.fleet().to_vec(),
            alike: Vec::new(),
            stop: vec![usize::MAX; depots],
            optional: false,
            timed: false,
            full: false,
        };
        for d in model.depots() {
            c.early.push(d.window.0);
            c.late.push(finite(d.window.1));
            c.service.push(d.reload);
            c.delivery.push([0; 4]);
            c.pickup.push([0; 4]);
            c.prize.push(f64::INFINITY);
        }
        for &i in stops {
            let s = &model.stops()[i];
            c.early.push(s.window.0);
            c.late.push(finite(s.window.1));
            c.service.push(s.service);
            c.delivery.push(s.delivery);
            c.pickup.push(s.pickup);
            c.prize.push(s.prize.unwrap_or(f64::INFINITY));
            c.stop.push(i);
        }
        for k in &mut c.kinds {
            k.shift.1 = finite(k.shift.1);
            (k.max_duration, k.max_driving, k.max_distance) = (finite(k.max_duration), finite(k.max_driving), finite(k.max_distance));
            if k.reload_at.is_empty() {
                k.reloads = 0;
            }
        }
        let kinds = &c.kinds;
        let alike = |a: &Kind, b: &Kind| (a.start, a.end) == (b.start, b.end) && a.shift == b.shift;
        let others = |i: usize| (0..kinds.len()).filter(|j| *j != i && alike(&kinds[i], &kinds[*j])).map(|j| j as u32).collect();
        c.alike = (0..kinds.len()).map(others).collect();
        c.optional = c.prize.iter().any(|p| p.is_finite());
        c.timed = c.early.iter().any(|e| *e > 0.0)
            || c.late.iter().any(|l| *l < FAR)
            || kinds.iter().any(|k| k.per_time > 0.0 || k.shift.0 > 0.0 || k.shift.1 < FAR || k.max_duration < FAR);
        c.full = c.pickup.iter().flatten().any(|p| *p > 0)
            || c.delivery.iter().any(|d| d[2] > 0 || d[3] > 0)
            || kinds.iter().any(|k| k.reloads > 0 || k.max_driving < FAR || k.max_distance < FAR || k.per_load > 0.0);
        c
    }

    #[inline(always)]
    pub(super) fn distance(&self, a: u32, b: u32) -> f64 {
        self.distance[a as usize * self.nodes + b as usize]
    }
    #[inline(always)]
    pub(super) fn duration(&self, a: u32, b: u32) -> f64 {
        self.duration[a as usize * self.nodes + b as usize]
    }
    /// Nodes that are stops.
    pub(super) fn stops(&self) -> std::ops::Range<u32> {
        self.depots as u32..self.nodes as u32
    }
    /// Is the node a depot?
    #[inline(always)]
    pub(super) const fn is_depot(&self, node: u32) -> bool {
        (node as usize) < self.depots
    }

    /// Why no vehicle could serve the stop even if it did nothing else.
    fn refusal(&self, node: u32) -> Option<Refusal> {
        let mut reason = None;
        for k in &self.kinds {
            let (d, p) = (self.delivery[node as usize], self.pickup[node as usize]);
            let over = (0..d.len()).find(|i| d[*i].max(p[*i]) > k.capacity[*i]);
            let alone = Full::alone(self, k, node);
            let why = if let Some(dimension) = over {
                Refusal::TooMuch(dimension)
            } else if alone.distance() >= FAR || alone.driving() >= FAR {
                Refusal::Unreachable
            } else if alone.feasible(k) {
                return None;
            } else if alone.warp() > SLACK {
                let free = self.early[node as usize] <= 0.0 && self.late[node as usize] >= FAR;
                if free { Refusal::Shift } else { Refusal::Window }
            } else {
                Refusal::TooFar
            };
            // the reason of the vehicle that comes closest: the one that passes most of the tests, which stand in this order
            let rank = |r: &Refusal| match r {
                Refusal::TooMuch(_) => 0,
                Refusal::Unreachable => 1,
                Refusal::Window | Refusal::Shift => 2,
                _ => 3,
            };
            if reason.as_ref().is_none_or(|r| rank(r) < rank(&why)) {
                reason = Some(why);
            }
        }
        reason
    }
}
