//! From simulated orders to dated shipments, trips and emissions.
//!
//! The orders of the first K replications become shipments, one per supplier, location and day; each replication is
//! consolidated and its trips are really built. A shipment is ready on the day its goods would be available; what a
//! dispatch rule holds it beyond that is delay, and the engine feeds the delay back into lead times.
//!
//! Reading order: `world` (one replication), `lines` (the footprint by series and month), [`rules`] (consolidation rules compared on the same
//! orders), `estimate` (the same by formula), [`search`] (the best of them), [`outbound`]
//! (on shipments that really happened), `ahead` (on those that a forecast expects), [`own`] (their trips).

mod ahead;
mod estimate;
mod lines;
pub mod outbound;
pub mod own;
pub mod rules;
pub mod search;
mod world;

use super::load::Inputs;
use super::memory::Key;
use super::outcome::{Footprint, Freight, FreightMeasures, Outcome};
use super::plan::{ConsolidationSpec, LogisticsSection, Plan, parse_weekday};
use crate::base::diagnostic::nearest;
use crate::base::{Calendar, Cancelled, Control, Diagnostic, Measure};
use crate::footprint::Emission;
use crate::history::model::LocationRow;
use crate::logistics::Network;
use crate::logistics::consolidate::Rule;
use crate::logistics::send::Way;
pub use ahead::Ahead;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
pub use world::network;
use world::{Built, Setting, World, by_replication};

/// Freight, and what is to be said of it.
#[derive(Debug)]
pub(super) struct Shipped {
    pub freight: Freight,
    pub notes: Vec<Diagnostic>,
}

/// The figures kept by built replication.
pub(super) const PAIRED: [&str; 6] = ["freight_cost", "trips", "distance_km", "load_factor", "delay_days", "emissions_kg_co2e"];

/// Content hash of everything that [`run`] reads; `None` where nothing is ordered or the plan wants no trips built.
pub(super) fn key(outcome: &Outcome, plan: &Plan, inputs: &Inputs, calendar: &Calendar) -> Option<u64> {
    let built = plan.logistics.built_replications.min(outcome.replications);
    // a textbook case has no roads, unless it is given some
    if outcome.now.is_none() && inputs.masters.locations.is_empty() && inputs.masters.vehicles.is_empty() {
        return None;
    }
    if built == 0
        || outcome.series.iter().all(|s| s.stock.outcome.orders.is_empty() && s.stock.advice.as_ref().is_none_or(|a| a.quantity <= 0.0))
    {
        return None;
    }
    // own deliveries have no part in it
    let logistics = LogisticsSection { deliveries: None, ..plan.logistics.clone() };
    let mut key = Key::default()
        .debug(&(&logistics, &inputs.masters.locations, &inputs.masters.vehicles, &inputs.masters.carriers, &inputs.masters.distances))
        .with((built, plan.periods, plan.warm_up, plan.seed, calendar.period, calendar.start));
    for s in &outcome.series {
        let (st, m) = (&s.stocked, &s.stock.outcome.measures);
        key = key
            .with((&st.unique_id, &st.supplier, &st.location, &st.category))
            .numbers([st.weight_kg, st.volume_m3, st.costs.unit, m.average_on_hand.mean, m.units_discarded.mean])
            .numbers(s.stock.advice.iter().flat_map(|a| [a.quantity, a.arrives as f64]));
        for o in s.stock.outcome.orders.iter().filter(|o| (o.replication as usize) < built) {
            key = key.with((o.replication, o.arrives, o.units.to_bits()));
        }
    }
    Some(key.done())
}

/// Builds the trips of the first K replications under the plan's own rule.
pub(super) fn run(outcome: &Outcome, inputs: &Inputs, calendar: &Calendar, control: &dyn Control) -> Result<Shipped, Cancelled> {
    let plan = &outcome.plan;
    let built = plan.logistics.built_replications.min(outcome.replications);
    let setting = Setting::new(outcome, inputs);
    let (rule, way) = (rule(&plan.logistics.consolidation), way(&plan.logistics.consolidation));

    let lanes = by_replication(&outcome.series, built);
    let world = World { outcome, plan, calendar, setting: &setting, rule: &rule, way: &way };
    let done = AtomicUsize::new(0);
    let runs = (0..built)
        .into_par_iter()
        .map(|r| {
            let one = world.replication(r, &lanes[r], control)?;
            control.progress("routing", done.fetch_add(1, Ordering::Relaxed) + 1, built);
            Ok(one)
        })
        .collect::<Result<Vec<Built>, Cancelled>>()?;

    let mut notes = setting.notes.clone();
    notes.extend(unknown_hubs(&plan.logistics.consolidation, &setting.network));
    notes.extend(runs.first().map(|b| b.notes.clone()).unwrap_or_default());
    let measure = |f: &dyn Fn(&Built) -> f64| Measure::from_values(&runs.iter().map(f).collect::<Vec<_>>());
    let mean = |f: &dyn Fn(&Built) -> &Emission| runs.iter().map(f).sum::<Emission>().scaled(1.0 / built as f64);
    let measures = FreightMeasures {
        trips: measure(&|b| b.trips as f64),
        distance_km: measure(&|b| b.km),
        freight_cost: measure(&|b| b.cost),
        hired_cost: measure(&|b| b.hired_cost),
        consignments: measure(&|b| b.consignments as f64),
        weight_kg: measure(&|b| b.kg),
        load_factor: measure(&|b| b.load_factor),
        delay_days: measure(&|b| b.delay_days),
        stops_per_trip: measure(&|b| b.stops_per_trip),
        transport_kg_co2e: measure(&|b| b.transport.wtw_kg()),
        storage_kg_co2e: measure(&|b| b.storage.wtw_kg()),
        waste_kg_co2e: measure(&|b| b.waste.wtw_kg()),
        emissions_kg_co2e: measure(&Built::all_kg),
    };
    let footprint = Footprint { transport: mean(&|b| &b.transport), storage: mean(&|b| &b.storage), waste: mean(&|b| &b.waste) };
    let by = |f: &dyn Fn(&Built) -> f64| runs.iter().map(f).collect::<Vec<_>>();
    let figures: [Vec<f64>; 6] =
        [by(&|b| b.cost), by(&|b| b.trips as f64), by(&|b| b.km), by(&|b| b.load_factor), by(&|b| b.delay_days), by(&Built::all_kg)];
    let by_replication = PAIRED.into_iter().zip(figures).collect();
    let held = shares(&runs, world.calendar.period.days());
    let footprint_lines = world.lines(&runs);
    let (example, example_hired, example_kg_co2e, example_shipments) =
        runs.into_iter().next().map(|b| (b.example, b.hired, b.example_kg_co2e, b.shipments)).unwrap_or_default();
    let names: BTreeSet<Arc<str>> =
        example.iter().flat_map(|t| std::iter::once(t.depot.clone()).chain(t.stops.iter().map(|s| s.location.clone()))).collect();
    let places = names.into_iter().filter_map(|n| setting.network.coordinates(&n).map(|(lat, lon)| (n, lat, lon))).collect();
    Ok(Shipped {
        freight: Freight {
            rule: rule.name() + &way.suffix(),
            built,
            measures,
            by_replication,
            carriers: setting.carriers.iter().map(|c| c.name.clone()).collect(),
            fleet: setting.fleet,
            example,
            example_hired,
            places,
            footprint,
            footprint_lines,
            example_kg_co2e,
            example_shipments,
            held,
        },
        notes,
    })
}

/// The consolidation rule that a plan names.
fn rule(c: &ConsolidationSpec) -> Rule {
    match (c.every, c.load) {
        _ if !c.weekdays.is_empty() => Rule::Weekdays(c.weekdays.iter().filter_map(|d| parse_weekday(d)).collect()),
        (Some(every), Some(load)) => Rule::EveryOrLoad { every, load },
        (None, Some(load)) => Rule::Load(load),
        (every, None) => Rule::Every(every.unwrap_or(1.0)),
    }
}

/// How shipments travel under a rule that a plan names.
fn way(c: &ConsolidationSpec) -> Way {
    if c.collect {
        Way::Collect
    } else if c.via.is_empty() {
        Way::Direct
    } else {
        Way::Via(c.via.iter().map(|h| h.as_str().into()).collect())
    }
}

/// Hubs of a rule that nobody knows the place of, each with what may have been meant.
pub fn unknown_hubs(spec: &ConsolidationSpec, network: &Network) -> Vec<Diagnostic> {
    let unknown = spec.via.iter().filter(|h| !network.knows(h));
    unknown
        .map(|h| {
            let near = nearest(h, network.places().map(|p| &**p.0));
            let fix = near.map_or_else(|| "add it to locations.csv with kind hub".to_owned(), |n| format!("did you mean {n}?"));
            Diagnostic::warning("hub-unknown", format!("nobody knows where the hub {h} is: nothing goes over it")).fix(fix)
        })
        .collect()
}

/// Hubs among the places of a shop: those of that kind.
pub fn hubs(locations: &[LocationRow]) -> Vec<Arc<str>> {
    let is = |k: &str| ["hub", "crossdock", "cross-dock", "cross dock", "depot hub"].contains(&k.trim().to_lowercase().as_str());
    locations.iter().filter(|l| l.kind.as_deref().is_some_and(is)).map(|l| l.location.clone()).collect()
}

/// Shares of shipments held 0, 1, 2 … periods, over all replications; just `[1]` where none is held. A part of a period counts as that share of shipments held
/// the whole of it: a week's demand that finds its delivery a day late loses a seventh of the week, not all of it.
fn shares(runs: &[Built], period_days: f64) -> Vec<f64> {
    by_period(runs.iter().flat_map(|b| &b.held).map(|(days, n)| (*days, *n)), period_days)
}

/// The same from days held and how many shipments were.
fn by_period(held: impl Iterator<Item = (u32, usize)>, period_days: f64) -> Vec<f64> {
    let mut weights = vec![0.0];
    let mut total = 0.0;
    for (days, n) in held {
        let periods = f64::from(days) / period_days;
        let (whole, part) = ((periods + 1e-9).floor(), periods.fract());
        let part = if (1e-9..1.0 - 1e-9).contains(&part) { part } else { 0.0 };
        let (at, n) = (whole as usize, n as f64);
        weights.resize(weights.len().max(at + 1 + usize::from(part > 0.0)), 0.0);
        weights[at] += n * (1.0 - part);
        if part > 0.0 {
            weights[at + 1] += n * part;
        }
        total += n;
    }
    if total == 0.0 || weights.len() == 1 {
        return vec![1.0];
    }
    weights.iter().map(|w| w / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day's wait is a seventh of a week, not a week; twice a week is no later than once a fortnight.
    #[test]
    fn part_of_a_period_counts_in_proportion() {
        let mean = |held: &[(u32, usize)]| by_period(held.iter().copied(), 7.0).iter().zip(0..).map(|(w, p)| w * f64::from(p)).sum::<f64>();
        assert_eq!(by_period([(0, 3)].into_iter(), 7.0), [1.0]);
        assert_eq!(by_period([(0, 1), (7, 1)].into_iter(), 7.0), [0.5, 0.5]);
        assert!((mean(&[(1, 9)]) - 1.0 / 7.0).abs() < 1e-12 && mean(&[(1, 9)]) < mean(&[(0, 1), (7, 1)]));
        assert!((mean(&[(10, 2), (3, 2)]) - 6.5 / 7.0).abs() < 1e-12);
        assert_eq!(by_period([(2, 4)].into_iter(), 1.0), [0.0, 0.0, 1.0]);
    }
}
