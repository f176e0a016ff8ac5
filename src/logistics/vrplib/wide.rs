//! `.vrp` files that say more than loads: a longest distance, service times, time windows, backhauls, prizes, several depots.

use super::Windowed;
use super::read::{Raw, wrong};
use crate::base::Diagnostic;
use crate::logistics::router::Arcs;
use crate::logistics::router::model::{Depot, Kind, Model, Stop};
use std::collections::BTreeMap;

/// What every file has, the depots first.
pub(super) struct Nodes {
    /// Numbers in the file.
    pub ids: Vec<i64>,
    pub depots: usize,
    pub demand: Vec<i64>,
    pub capacity: i64,
    /// Decimals that amounts are counted in.
    pub places: u32,
    pub arcs: Arcs,
    pub points: Option<Vec<(f64, f64)>>,
    /// Line to name where the whole is at fault.
    pub line: u64,
}

/// The model. Times are distances, as in the files; the cost is the distance, and prizes not collected.
pub(super) fn build(raw: Raw, nodes: Nodes) -> Result<Windowed, Diagnostic> {
    let n = nodes.ids.len();
    let index: BTreeMap<i64, usize> = nodes.ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let at = |id: i64, line: u64| {
        index.get(&id).copied().ok_or_else(|| wrong(line, format!("{id} is no node"), "name a node of DEMAND_SECTION"))
    };
    let instance =
        crate::logistics::router::Instance::new(vec![[0, 0]; n], [0, 0], None, 0.0, nodes.arcs).map_err(|d| d.line(nodes.line))?;
    let distance: Vec<f64> =
        (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| if i == j { 0.0 } else { instance.arc(i, j) }).collect();
    let mut window = vec![(0.0, f64::INFINITY); n];
    for &(id, open, close, line) in &raw.more.windows {
        if open < 0.0 || open > close {
            return Err(wrong(line, format!("the window of node {id} closes before it opens"), "write opening, then closing, from 0 up"));
        }
        window[at(id, line)?] = (open, close);
    }
    let mut service: Vec<f64> = (0..n).map(|i| if i < nodes.depots { 0.0 } else { raw.more.service.map_or(0.0, |s| s.0) }).collect();
    for &(id, time, line) in &raw.more.services {
        if time < 0.0 {
            return Err(wrong(line, format!("node {id} has a negative service time"), "give 0 or a positive number"));
        }
        service[at(id, line)?] = time;
    }
    let mut pickup = vec![0; n];
    for &(id, amount, line) in &raw.more.backhauls {
        let amount = amount.at(nodes.places).filter(|a| *a >= 0);
        pickup[at(id, line)?] =
            amount.ok_or_else(|| wrong(line, format!("node {id} has an amount that cannot be used"), "give 0 or a positive number"))?;
    }
    let mut prize = vec![None; n];
    for &(id, price, line) in &raw.more.prizes {
        if price < 0.0 {
            return Err(wrong(line, format!("node {id} has a negative prize"), "give 0 or a positive number"));
        }
        // a prize of nothing marks a node that has to be served
        prize[at(id, line)?] = Some(price).filter(|p| *p > 0.0);
    }
    let stops = (nodes.depots..n).map(|i| Stop {
        pickup: [pickup[i], 0, 0, 0],
        window: window[i],
        service: service[i],
        prize: prize[i],
        ..Stop::delivery(i, [nodes.demand[i], 0, 0, 0])
    });
    // with windows a vehicle may wait, and waiting is no distance; without, service counts as distance does (Christofides, Mingozzi & Toth 1979)
    let timed = !raw.more.windows.is_empty();
    let longest = raw.more.longest.map_or(f64::INFINITY, |l| l.0);
    let mut kinds = Vec::with_capacity(nodes.depots);
    for depot in 0..nodes.depots {
        let homes = raw.more.homes.iter().map(|h| at(h.1, h.2)).collect::<Result<Vec<usize>, _>>()?;
        let count = if homes.is_empty() { raw.vehicles } else { Some(homes.iter().filter(|h| **h == depot).count()) };
        if count == Some(0) {
            continue;
        }
        kinds.push(Kind {
            count,
            start: depot,
            end: depot,
            max_duration: if timed { f64::INFINITY } else { longest },
            max_distance: if timed { longest } else { f64::INFINITY },
            ..Kind::new([nodes.capacity, 0, 0, 0])
        });
    }
    let depots = (0..nodes.depots).map(|i| Depot { place: i, window: window[i], reload: 0.0 }).collect();
    let mut notes = raw.notes;
    if nodes.depots > 1
        && raw.more.homes.is_empty()
        && let Some(v) = raw.vehicles
    {
        notes.push(
            Diagnostic::info("vrp-vehicles-per-depot", format!("up to {v} vehicles start from each of {} depots", nodes.depots))
                .fix("give VEHICLES_DEPOT_SECTION to say where each starts"),
        );
    }
    let model = Model::new(n, distance.clone(), distance, depots, stops.collect(), kinds).map_err(|mut d| {
        d.pop().unwrap_or_else(|| wrong(nodes.line, "the parts do not fit together", "check the file")).line(nodes.line)
    })?;
    Ok(Windowed { name: raw.name, model, points: nodes.points.unwrap_or_default(), scale: 1.0, notes })
}
