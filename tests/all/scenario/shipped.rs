//! Freight: the footprint by series and month adds up, trips say what they carry, and rules compare on the same orders.

use super::{ran, sample};
use stockcast::base::{Cancelled, Control, NoControl};
use stockcast::scenario::plan::ConsolidationSpec;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-9)
}

#[test]
fn footprint_lines_add_up_to_the_totals() {
    let (_, outcome) = ran();
    let f = outcome.freight.as_ref().unwrap();
    let sum = |g: fn(&stockcast::scenario::FootprintLine) -> f64| f.footprint_lines.iter().map(g).sum::<f64>();
    assert!(near(sum(|l| l.transport_kg), f.measures.transport_kg_co2e.mean), "{} {:?}", sum(|l| l.transport_kg), f.measures);
    assert!(near(sum(|l| l.storage_kg), f.measures.storage_kg_co2e.mean));
    assert!(near(sum(|l| l.waste_kg), f.measures.waste_kg_co2e.mean));
    assert!(near(sum(|l| l.freight_cost), f.measures.freight_cost.mean));
    let discarded: f64 = outcome.series.iter().map(|s| s.stock.outcome.measures.units_discarded.mean).sum();
    assert!(discarded > 0.0 && near(sum(|l| l.waste_units), discarded));
    assert!(f.footprint_lines.windows(2).all(|w| (w[0].series, w[0].month) < (w[1].series, w[1].month)));
    assert!(f.footprint_lines.iter().all(|l| l.series < outcome.series.len() && l.month.iso().contains("-01")));
    let months: std::collections::BTreeSet<_> = f.footprint_lines.iter().map(|l| l.month).collect();
    assert!((12..=13).contains(&months.len()), "{} months", months.len());
}

#[test]
fn every_example_trip_says_what_it_carries_and_emits() {
    let (_, outcome) = ran();
    let f = outcome.freight.as_ref().unwrap();
    assert_eq!(f.example.len(), f.example_kg_co2e.len());
    assert!(!f.example.is_empty() && f.example_kg_co2e.iter().all(|kg| *kg > 0.0));
    for trip in &f.example {
        assert!(trip.cost() > 0.0 && trip.km > 0.0 && trip.hours > 0.0);
        for stop in &trip.stops {
            let kg: f64 = stop.shipments.iter().map(|(i, share)| f.example_shipments[*i].kg * share).sum();
            assert!(near(kg, stop.kg), "{kg} {}", stop.kg);
            assert!(stop.shipments.iter().all(|(i, _)| !f.example_shipments[*i].lines.is_empty()));
        }
    }
}

fn rules() -> Vec<ConsolidationSpec> {
    let every = |t| ConsolidationSpec { every: Some(t), ..Default::default() };
    let mut rules = vec![every(1.0), every(14.0), every(28.0), ConsolidationSpec { load: Some(0.9), ..Default::default() }];
    rules.push(sample().1.logistics.consolidation.clone());
    rules
}

#[test]
fn rules_compare_on_the_same_orders() {
    let (inputs, _) = sample();
    let (engine, outcome) = ran();
    let points = engine.consolidation(outcome, inputs, &rules(), 6, &NoControl).unwrap();
    assert_eq!(points.len(), 5);
    let (daily, monthly) = (&points[0], &points[2]);
    assert!(monthly.trips.mean < daily.trips.mean && monthly.freight_cost.mean < daily.freight_cost.mean);
    assert!(monthly.delay_days.mean > points[1].delay_days.mean && points[1].delay_days.mean > daily.delay_days.mean);
    assert!(monthly.load_factor.mean > daily.load_factor.mean && monthly.transport_kg_co2e.mean < daily.transport_kg_co2e.mean);
    assert_eq!((daily.delay_days.mean, daily.stock_cost_of_delay.unwrap().mean), (0.0, 0.0));
    assert!(monthly.stock_cost_of_delay.unwrap().mean > 0.0);
    // the plan's own rule on all built replications is what the outcome has
    let (own, f) = (&points[4], outcome.freight.as_ref().unwrap());
    assert_eq!((own.freight_cost, own.trips, own.distance_km), (f.measures.freight_cost, f.measures.trips, f.measures.distance_km));
    assert_eq!((own.emissions_kg_co2e, own.name.as_str()), (f.measures.emissions_kg_co2e, f.rule.as_str()));
}

/// Cancels after the first rule.
struct First(std::sync::atomic::AtomicBool);

impl Control for First {
    fn progress(&self, stage: &'static str, done: usize, total: usize) {
        assert_eq!((stage, done, total), ("consolidating", 1, 5));
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
    fn is_cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn a_comparison_can_be_stopped_between_rules() {
    let (inputs, _) = sample();
    let (engine, outcome) = ran();
    let mut some = rules();
    some.rotate_left(1);
    let stopped = engine.consolidation(outcome, inputs, &some, 3, &First(Default::default()));
    assert!(matches!(stopped, Err(Cancelled)));
}
