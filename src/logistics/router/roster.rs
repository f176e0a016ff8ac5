//! The search over a [`Model`]: set aside what nobody can serve, choose the leanest [`Piece`], build, improve.

use super::compiled::Compiled;
use super::draws::Draws;
use super::model::{Model, Refusal, Roster, Shift};
use super::piece::{Full, Light, Piece, Timed};
use super::proximity::Proximity;
use super::rebuild::Rebuild;
use super::shifts::nodes;
use super::{Glance, Options};

/// Related stops looked at when a stop is put back.
const NEAR: usize = 40;
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
        search::<Full>(&c, options)
    } else if c.timed {
        search::<Timed>(&c, options)
    } else {
        search::<Light>(&c, options)
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

fn search<P: Piece>(c: &Compiled, options: &Options<'_>) -> Found {
    let node = nodes::<P>(c);
    let near = Proximity::new(c, std::env::var("NEAR").ok().and_then(|v| v.parse().ok()).unwrap_or(NEAR));
    if std::env::var("GENETIC").is_ok() {
        let mut g = super::genetic::Genetic::new(c, &node, &near, Draws::new(options.seed, "genetic"));
        let mut k = 0;
        while options.spent.map_or(0.0, |f| f()) < 1.0 {
            k += 1;
            if k <= 50 {
                let mut r = Rebuild::new(c, &node, &near, Draws::new(options.seed + 1000 * k, "rebuild"));
                r.build();
                g.educate(&r.shifts.written());
            } else {
                g.step();
            }
            if g.stale() { k = 0; g.clear(); }
        }
        return Found { shifts: g.best.map(|b| b.1).unwrap_or_default(), iterations: g.children, ..Found::default() };
    }
    let mut r = Rebuild::new(c, &node, &near, Draws::new(options.seed, "rebuild"));
    r.build();
    let scale = r.cost() / (c.nodes - c.depots + r.shifts.in_use()).max(1) as f64;
    let mut best = Found { shifts: r.shifts.written(), missing: r.missing.clone(), skipped: r.skipped.clone(), iterations: 0 };
    let mut best_cost = r.cost();
    let (mut temperature, mut done, mut news) = (COLD * scale, 0, true);
    while done < options.iterations {
        if done % POLL == 0 {
            if let Some(watch) = options.watch.filter(|_| std::mem::take(&mut news)) {
                let unserved = best.missing.len() + best.skipped.len();
                watch(&Glance { iterations: done, cost: best_cost, unserved, trips: &|| trips(c, &best.shifts) });
            }
            let spent = options.spent.map_or(0.0, |f| f());
            if spent >= 1.0 || spent.is_nan() {
                break;
            }
            let share = spent.max(done as f64 / options.iterations as f64).max(0.0);
            temperature = scale * HOT * ((COLD / HOT).ln() * share).exp();
        }
        done += 1;
        if r.step(temperature) && (r.missing.len() < best.missing.len() || r.missing.len() == best.missing.len() && r.cost() < best_cost - 1e-9)
        {
            best_cost = r.cost();
            news = true;
            best.shifts = r.shifts.written();
            best.missing.clone_from(&r.missing);
            best.skipped.clone_from(&r.skipped);
        }
    }
    best.iterations = done;
    best
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
