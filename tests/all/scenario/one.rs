//! One item at once, fully and for a moving slider; series seen as they are decided.

use super::{bytes, ran, sample};
use std::collections::BTreeSet;
use std::sync::Mutex;
use stockcast::base::NoControl;
use stockcast::scenario::{Adjust, Effort, Engine, Outcome, Plan};

/// The sample without what a run adds from outside a series: everything leaves the day it is ready.
fn undelayed() -> Plan {
    let (_, mut plan) = sample().clone();
    plan.logistics.consolidation = stockcast::scenario::plan::ConsolidationSpec { every: Some(1.0), ..Default::default() };
    plan
}

fn names(outcome: &Outcome, step: usize) -> Vec<String> {
    outcome.series.iter().step_by(step).map(|s| s.stocked.unique_id.to_string()).collect()
}

#[test]
fn full_is_what_a_run_finds_and_fills_what_a_page_shows() {
    let (inputs, _) = sample();
    let plan = undelayed();
    let outcome = Engine::default().run(inputs, &plan, &NoControl).unwrap();
    let fresh = Engine::default();
    for s in outcome.series.iter().step_by(7) {
        let one = fresh.one(inputs, &plan, &s.stocked.unique_id, Effort::Full, &NoControl).unwrap().unwrap();
        assert_eq!(format!("{:?}", one.stocked), format!("{:?}", s.stocked));
        let mut bare = (*one.stock).clone();
        bare.outcome.profile = Default::default();
        bare.outcome.examples.clear();
        assert_eq!(format!("{bare:?}"), format!("{:?}", s.stock));
        let p = &one.stock.outcome.profile;
        assert_eq!((p.mean.len(), p.ordered.len(), p.received.len()), (plan.periods, plan.periods, plan.periods));
        assert!((0..plan.periods).all(|t| p.p10[t] <= p.mean[t].max(p.p90[t]) && p.p10[t] <= p.p90[t]));
        // the mean of the profile is the mean of the measures
        let held = p.mean.iter().sum::<f64>() / plan.periods as f64;
        let m = &one.stock.outcome.measures;
        assert!((held - m.average_on_hand.mean).abs() <= 1e-3 * held.abs().max(1.0), "{held} {:?}", m.average_on_hand);
        assert!((p.ordered.iter().sum::<f64>() - m.units_ordered.mean).abs() <= 1e-3 * m.units_ordered.mean.max(1.0));
        let example = &one.stock.outcome.examples[0];
        assert_eq!((example.stock.len(), example.demand.len(), one.stock.outcome.examples.len()), (plan.periods, plan.periods, 3));
        // stock follows from receipts and demand, sales being lost; what expires leaves sooner
        if s.stocked.shelf_life.is_none() {
            for t in 1..plan.periods {
                let expected = (example.stock[t - 1] + example.received[t] - example.demand[t]).max(0.0);
                assert!((expected - example.stock[t]).abs() < 1e-2, "{t}: {expected} {}", example.stock[t]);
            }
        }
    }
}

#[test]
fn a_draft_costs_little_more_than_the_full_search() {
    let (inputs, _) = sample();
    let plan = Plan { replications: 400, ..undelayed() };
    let (engine, outcome) = ran();
    let (mut draft, mut full) = (0.0, 0.0);
    for name in names(outcome, 6) {
        let cost = |effort| {
            let found = engine.one(inputs, &plan, &name, effort, &NoControl).unwrap().unwrap();
            let m = found.stock.outcome.measures.total_cost.mean;
            assert_eq!(found.stock.outcome.replications, 400);
            assert!(found.stock.curve.len() >= 15, "{name}: {} points", found.stock.curve.len());
            let best = found.stock.best.unwrap();
            assert!(found.stock.curve.contains(&best));
            assert!(found.stock.curve.windows(2).all(|w| w[0].up_to < w[1].up_to));
            m
        };
        let (d, f) = (cost(Effort::Draft), cost(Effort::Full));
        assert!(d <= 1.15 * f + 1.0, "{name}: draft {d}, full {f}");
        draft += d;
        full += f;
    }
    assert!((draft / full - 1.0).abs() < 0.03, "draft {draft}, full {full}");
}

#[test]
fn fixed_levels_have_a_curve_and_a_present_point() {
    let (inputs, _) = sample();
    let (engine, outcome) = ran();
    let name = names(outcome, 1)[3].clone();
    let mut plan = undelayed();
    plan.adjust = vec![Adjust { unique_id: Some(name.clone()), s: Some(40.0), up_to: Some(90.0), ..Adjust::default() }];
    let one = engine.one(inputs, &plan, &name, Effort::Draft, &NoControl).unwrap().unwrap();
    let (present, best) = (one.stock.present.unwrap(), one.stock.best.unwrap());
    assert_eq!((present.s, present.up_to), (40.0, 90.0));
    assert!(one.stock.curve.len() >= 15 && best.total_cost.mean <= present.total_cost.mean * 1.05);
}

#[test]
fn what_is_not_planned_is_refused_by_name() {
    let (inputs, plan) = sample();
    let refused = Engine::default().one(inputs, plan, "no such", Effort::Draft, &NoControl).unwrap().unwrap_err();
    assert!(refused[0].code == "series-unknown" && refused[0].message.contains("no such"), "{refused:?}");
}

#[test]
fn series_are_seen_as_they_are_decided_and_the_outcome_is_the_same() {
    let (inputs, plan) = sample();
    let (_, outcome) = ran();
    let seen = Mutex::new(Vec::new());
    let first = [outcome.series[5].stocked.series, outcome.series[2].stocked.series];
    let watched = Engine::default().run_with(inputs, plan, &NoControl, &first, &|i, s| {
        assert_eq!(i, s.stocked.series);
        seen.lock().unwrap().push(i);
    });
    assert_eq!(bytes(&watched.unwrap()), bytes(outcome));
    let seen = seen.into_inner().unwrap();
    assert_eq!(seen[..2].iter().collect::<BTreeSet<_>>(), first.iter().collect());
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), outcome.series.len());
}

/// The sample's vans leave twice a week; an item by itself answered as if everything left at once, far from what the run says of it.
#[test]
fn an_item_by_itself_waits_for_the_van_as_it_does_in_the_run() {
    let (inputs, plan) = sample();
    let (engine, outcome) = ran();
    let held = &outcome.freight.as_ref().unwrap().held;
    assert!(held.len() > 1, "nothing is held in the sample");
    let cost = |s: &stockcast::scenario::SeriesOutcome| s.stock.outcome.measures.total_cost.mean;
    let (mut run, mut with, mut without) = (0.0, 0.0, 0.0);
    for s in outcome.series.iter().step_by(9) {
        let name = &s.stocked.unique_id;
        run += cost(s);
        with += cost(&engine.one_held(inputs, plan, name, Effort::Draft, Some(held), &NoControl).unwrap().unwrap());
        without += cost(&engine.one(inputs, plan, name, Effort::Draft, &NoControl).unwrap().unwrap());
    }
    assert!((with - run).abs() < 0.05 * run, "{with} by itself, {run} in the run");
    assert!(without < 0.95 * run, "{without} if nothing waits, {run} in the run");
}

/// Goods that a slow carrier brings are as late for the stock as goods that wait for a van.
#[test]
fn the_stock_waits_for_a_slow_carrier() {
    let (inputs, _) = sample();
    let run = |days: f64| {
        let mut inputs = inputs.clone();
        inputs.masters.carriers = vec![stockcast::history::model::CarrierRow {
            carrier: "post".into(),
            to: None,
            up_to_kg: None,
            price: Some(0.01),
            per_kg: None,
            minimum: None,
            kg_per_m3: None,
            days: Some(days),
            emission_class: None,
            line: 2,
        }];
        Engine::default().run(&inputs, &undelayed(), &NoControl).unwrap()
    };
    let (quick, slow) = (run(0.0), run(14.0));
    let held = |o: &Outcome| o.freight.as_ref().unwrap().held.clone();
    assert_eq!(held(&quick), [1.0], "all of it on the day");
    let days = held(&slow);
    assert!(days.len() == 3 && days[2] > 0.999, "two weeks each: {days:?}");
    let stock = |o: &Outcome| o.series.iter().map(|s| s.stock.outcome.measures.total_cost.mean).sum::<f64>();
    assert!(stock(&slow) > 1.05 * stock(&quick), "{} against {}", stock(&slow), stock(&quick));
}
