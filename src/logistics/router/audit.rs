//! What a valid roster of a [`Model`] is and what it costs, by walking every shift visit by visit: nothing here is shared with the
//! search.

use super::model::{Amount, DIMENSIONS, Model, Roster, Shift};

/// Rounding allowed.
const SLACK: f64 = 1e-5;

/// What a shift comes to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Driven {
    /// Money, the fixed cost included.
    pub cost: f64,
    /// Distance.
    pub distance: f64,
    /// Time at the wheel.
    pub driving: f64,
    /// From leaving to coming home, with the latest start that is not later home.
    pub duration: f64,
    /// When it leaves.
    pub start: f64,
    /// When it is home.
    pub end: f64,
    /// How late it would be, in all, where windows cannot be kept.
    pub late: f64,
    /// Load beyond the capacity, the worst of all dimensions and trips.
    pub overload: i64,
}

/// A depot or a stop on the way.
#[derive(Clone, Copy)]
enum Visit {
    Depot(usize),
    Stop(usize),
}

fn visits(model: &Model, shift: &Shift) -> Vec<Visit> {
    let kind = &model.fleet()[shift.kind];
    let mut out = vec![Visit::Depot(kind.start)];
    for (i, trip) in shift.trips.iter().enumerate() {
        if i > 0 {
            out.extend(shift.reloads.get(i - 1).map(|d| Visit::Depot(*d)));
        }
        out.extend(trip.iter().map(|s| Visit::Stop(*s)));
    }
    out.push(Visit::Depot(kind.end));
    out
}

/// When service begins at each stop of each trip, if the vehicle leaves at [`Driven::start`].
pub fn begins(model: &Model, shift: &Shift) -> Vec<Vec<f64>> {
    let place = |v: &Visit| match v {
        Visit::Depot(d) => model.depots()[*d].place,
        Visit::Stop(s) => model.stops()[*s].place,
    };
    let way = visits(model, shift);
    let mut t = drive(model, shift).start;
    let mut out = vec![Vec::new()];
    for w in way.windows(2) {
        t += model.duration(place(&w[0]), place(&w[1]));
        match w[1] {
            Visit::Stop(s) => {
                t = t.max(model.stops()[s].window.0);
                if let Some(trip) = out.last_mut() {
                    trip.push(t);
                }
                t += model.stops()[s].service;
            }
            Visit::Depot(d) => {
                t = t.max(model.depots()[d].window.0) + model.depots()[d].reload;
                out.push(Vec::new());
            }
        }
    }
    out.pop();
    out
}

/// Drives a shift. Its indices must be those of the model.
pub fn drive(model: &Model, shift: &Shift) -> Driven {
    let kind = &model.fleet()[shift.kind];
    let way = visits(model, shift);
    let place = |v: &Visit| match v {
        Visit::Depot(d) => model.depots()[*d].place,
        Visit::Stop(s) => model.stops()[*s].place,
    };
    let last = way.len() - 1;
    let window = |i: usize| match way[i] {
        Visit::Depot(d) => {
            let w = model.depots()[d].window;
            if i == 0 || i == last { (w.0.max(kind.shift.0), w.1.min(kind.shift.1)) } else { w }
        }
        Visit::Stop(s) => model.stops()[s].window,
    };
    let service = |i: usize| match way[i] {
        Visit::Depot(d) => {
            if i == 0 || i == last {
                0.0
            } else {
                model.depots()[d].reload
            }
        }
        Visit::Stop(s) => model.stops()[s].service,
    };
    let mut out = Driven::default();
    for w in way.windows(2) {
        out.distance += model.distance(place(&w[0]), place(&w[1]));
        out.driving += model.duration(place(&w[0]), place(&w[1]));
    }
    // forward from the earliest start: when it is home; a late arrival is set back to the close of the window
    let leave = |from: f64| {
        let (mut t, mut late) = (from, (from - window(0).1).max(0.0));
        for i in 1..way.len() {
            t += service(i - 1) + model.duration(place(&way[i - 1]), place(&way[i]));
            let (open, close) = window(i);
            late += (t - close).max(0.0);
            t = t.max(open).min(close.max(open));
        }
        (t, late)
    };
    (out.end, out.late) = leave(window(0).0);
    // backward from there: the latest start that is home then
    let mut t = out.end;
    for i in (1..way.len()).rev() {
        t = t.min(window(i).1) - model.duration(place(&way[i - 1]), place(&way[i])) - service(i - 1);
    }
    out.start = t.min(window(0).1).max(window(0).0);
    out.duration = out.end - out.start;
    let mut moved = 0.0;
    let mut from = 0;
    for i in 1..way.len() {
        let Visit::Depot(_) = way[i] else { continue };
        // one trip: all deliveries on board at its start, all pickups at its end
        let stops: Vec<usize> = way[from..i].iter().filter_map(|v| if let Visit::Stop(s) = v { Some(*s) } else { None }).collect();
        let mut load: Amount = std::array::from_fn(|k| stops.iter().map(|s| model.stops()[*s].delivery[k]).sum());
        let over = |load: &Amount| (0..DIMENSIONS).map(|k| load[k] - kind.capacity[k]).max().unwrap_or(0).max(0);
        out.overload = out.overload.max(over(&load));
        for j in from..i {
            if let Visit::Stop(s) = way[j] {
                load = std::array::from_fn(|k| load[k] - model.stops()[s].delivery[k] + model.stops()[s].pickup[k]);
                out.overload = out.overload.max(over(&load));
            }
            moved += model.distance(place(&way[j]), place(&way[j + 1])) * load[0] as f64;
        }
        from = i;
    }
    out.cost = kind.fixed
        + kind.per_distance * out.distance
        + kind.per_time * out.duration
        + kind.per_load * moved
        + kind.per_reload * shift.reloads.len() as f64;
    out
}

/// Money of all shifts and of the stops left out.
pub fn cost(model: &Model, roster: &Roster) -> f64 {
    let out: f64 = roster.unserved.iter().filter_map(|u| model.stops().get(u.0).and_then(|s| s.prize)).sum();
    out + roster.shifts.iter().map(|s| drive(model, s).cost).sum::<f64>()
}

/// Something wrong with a roster. Shifts and stops are numbered from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Breach {
    /// A kind, depot or stop that does not exist, an empty trip, or trips and reloads that do not fit together.
    #[error("shift {0} is not made of trips of this problem")]
    Shape(usize),
    /// A stop seen twice, or both served and listed as unserved.
    #[error("stop {0} is dealt with twice")]
    Twice(usize),
    /// A stop neither served nor listed.
    #[error("stop {0} is forgotten")]
    Forgotten(usize),
    /// More on board than the vehicle carries.
    #[error("shift {0} is overloaded by {1}")]
    Overloaded(usize, i64),
    /// A window, the shift or a depot's hours not kept.
    #[error("shift {0} is late by {1}")]
    Late(usize, f64),
    /// Longer than the limits of the vehicle.
    #[error("shift {0} is beyond a limit of duration, driving time or distance")]
    Limit(usize),
    /// No way.
    #[error("shift {0} goes where there is no way")]
    NoWay(usize),
    /// A reload too many, or where it is not allowed.
    #[error("shift {0} reloads where or as often as it may not")]
    Reload(usize),
    /// More vehicles of a kind than there are.
    #[error("{1} vehicles of kind {0} where there are {2}")]
    Count(usize, usize, usize),
    /// The stated cost is not the cost.
    #[error("the cost is {0}, not {1}")]
    Cost(f64, f64),
}

/// Everything wrong with `roster`; empty when it is valid.
pub fn audit(model: &Model, roster: &Roster) -> Vec<Breach> {
    let mut faults = Vec::new();
    let mut seen = vec![false; model.stops().len()];
    let mut used = vec![0; model.fleet().len()];
    for (i, shift) in roster.shifts.iter().enumerate().map(|(i, s)| (i + 1, s)) {
        let known = shift.kind < model.fleet().len()
            && shift.reloads.iter().all(|d| *d < model.depots().len())
            && shift.trips.len() == shift.reloads.len() + 1
            && shift.trips.iter().all(|t| !t.is_empty() && t.iter().all(|s| *s < model.stops().len()));
        if !known {
            faults.push(Breach::Shape(i));
            continue;
        }
        used[shift.kind] += 1;
        for &s in shift.trips.iter().flatten() {
            if std::mem::replace(&mut seen[s], true) {
                faults.push(Breach::Twice(s + 1));
            }
        }
        let kind = &model.fleet()[shift.kind];
        if shift.reloads.len() > kind.reloads || shift.reloads.iter().any(|d| !kind.reload_at.contains(d)) {
            faults.push(Breach::Reload(i));
        }
        let d = drive(model, shift);
        if !d.distance.is_finite() || !d.driving.is_finite() {
            faults.push(Breach::NoWay(i));
            continue;
        }
        if d.overload > 0 {
            faults.push(Breach::Overloaded(i, d.overload));
        }
        if d.late > SLACK {
            faults.push(Breach::Late(i, d.late));
        }
        if d.duration > kind.max_duration + SLACK || d.driving > kind.max_driving + SLACK || d.distance > kind.max_distance + SLACK {
            faults.push(Breach::Limit(i));
        }
    }
    for (s, _) in &roster.unserved {
        match seen.get_mut(*s) {
            Some(true) => faults.push(Breach::Twice(s + 1)),
            Some(x) => *x = true,
            None => {}
        }
    }
    faults.extend(seen.iter().enumerate().filter(|s| !s.1).map(|(i, _)| Breach::Forgotten(i + 1)));
    for (k, kind) in model.fleet().iter().enumerate() {
        if let Some(count) = kind.count.filter(|n| used[k] > *n) {
            faults.push(Breach::Count(k + 1, used[k], count));
        }
    }
    if faults.is_empty() {
        let actual = cost(model, roster);
        if (actual - roster.cost).abs() > 1e-6 * actual.abs().max(1.0) {
            faults.push(Breach::Cost(actual, roster.cost));
        }
    }
    faults
}
