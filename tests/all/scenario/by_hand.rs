//! Forecasts changed by hand: whom they reach, how they spread, what they do to orders, and what is refused.

use super::{bytes, ran, sample};
use stockcast::base::{Calendar, NoControl, Severity};
use stockcast::scenario::{Effort, Engine, ForecastOverride, Outcome, Plan, SeriesOutcome};

fn run(overrides: Vec<ForecastOverride>) -> Outcome {
    let (inputs, plan) = sample();
    ran().0.run(inputs, &Plan { overrides, ..plan.clone() }, &NoControl).unwrap()
}

/// The date of the period `step` ahead.
fn ahead(step: i64) -> Option<String> {
    let o = &ran().1;
    Some(Calendar::new(o.period, o.now.unwrap()).at(step).iso())
}

/// The mean of a series `step` periods from now, as it goes into the simulation.
fn mean(s: &SeriesOutcome, step: usize) -> f64 {
    let statistical = s.forecast.as_ref().unwrap().path.mean(step + s.stocked.lag);
    s.stocked.by_hand.steps.iter().find(|x| x.step == step).map_or(statistical, |x| x.mean)
}

fn total(o: &Outcome, step: usize, of: &dyn Fn(&SeriesOutcome) -> bool) -> f64 {
    o.series.iter().filter(|s| of(s)).map(|s| mean(s, step)).sum()
}

#[test]
fn a_group_gets_what_was_said_and_keeps_its_shape() {
    let category = ran().1.series[0].stocked.category.clone().unwrap();
    let in_it = |s: &SeriesOutcome| s.stocked.category.as_deref() == Some(&*category);
    let before = &ran().1;
    let o = run(vec![
        ForecastOverride { category: Some(category.to_string()), from: ahead(2), to: ahead(3), set: Some(500.0), ..Default::default() },
        ForecastOverride { from: ahead(3), percent: Some(-50.0), why: "road closed".into(), ..Default::default() },
    ]);
    assert!((total(&o, 2, &in_it) - 500.0).abs() < 1e-9 && (total(&o, 3, &in_it) - 250.0).abs() < 1e-9);
    assert!((total(&o, 3, &|s| !in_it(s)) - 0.5 * total(before, 3, &|s| !in_it(s))).abs() < 1e-9);
    for t in [0, 1, 4, 20] {
        assert_eq!(total(&o, t, &|_| true), total(before, t, &|_| true));
    }
    // shares within the group stay
    let share = |o: &Outcome, i: usize| mean(&o.series[i], 2) / total(o, 2, &in_it);
    assert!((share(&o, 0) - share(before, 0)).abs() < 1e-12);
    let words = &o.series[0].stocked.by_hand.words;
    assert!(words.len() == 2 && words[1].starts_with("−50 % for everything on ") && words[1].ends_with("(road closed)"), "{words:?}");
    // the models' own forecast stands beside it, untouched
    assert_eq!(o.series[0].forecast, before.series[0].forecast);
}

#[test]
fn the_distribution_moves_and_orders_follow() {
    let (inputs, plan) = sample();
    let id = ran().1.series.iter().find(|s| s.stock.advice.as_ref().is_some_and(|a| a.quantity > 0.0)).unwrap().stocked.unique_id.clone();
    let of = |o: &Outcome| o.series.iter().find(|s| s.stocked.unique_id == id).unwrap().clone();
    let more = ForecastOverride { unique_id: Some(id.to_string()), percent: Some(200.0), why: "festival".into(), ..Default::default() };
    let (before, after) = (of(&ran().1), of(&run(vec![more.clone()])));
    let (m, n) = (&before.stock.outcome.measures, &after.stock.outcome.measures);
    assert!((n.demand.mean / m.demand.mean - 3.0).abs() < 0.15, "{} of {}", n.demand.mean, m.demand.mean);
    assert!(n.demand.p90 - n.demand.p10 > 2.0 * (m.demand.p90 - m.demand.p10));
    assert!(after.stock.advice.as_ref().unwrap().quantity > before.stock.advice.as_ref().unwrap().quantity);
    assert!(after.reason().unwrap().contains("forecast changed by hand: +200 % for series "));
    assert!(!before.reason().unwrap().contains("by hand"));
    // one item by itself says the same as the run, for its own and for a group's override
    let group = ForecastOverride { from: ahead(1), to: ahead(6), add: Some(300.0), ..Default::default() };
    let plan = Plan { overrides: vec![group, more], ..plan.clone() };
    let whole = ran().0.run(inputs, &plan, &NoControl).unwrap();
    let alone = Engine::default().one(inputs, &plan, &id, Effort::Full, &NoControl).unwrap().unwrap();
    assert_eq!(alone.stocked.by_hand, of(&whole).stocked.by_hand);
    assert_eq!(alone.stock.outcome.measures.demand, of(&whole).stock.outcome.measures.demand);
    // and an empty engine says the same as one that remembers
    assert_eq!(bytes(&whole), bytes(&Engine::default().run(inputs, &plan, &NoControl).unwrap()));
}

#[test]
fn what_changes_nothing_is_said() {
    let o = run(vec![
        ForecastOverride { item: Some("TEA-O1".into()), percent: Some(10.0), ..Default::default() },
        ForecastOverride { from: ahead(-3), set: Some(1.0), ..Default::default() },
        ForecastOverride { from: ahead(80), set: Some(1.0), ..Default::default() },
    ]);
    let codes: Vec<&str> = o.diagnostics.iter().filter(|d| d.code.starts_with("override")).map(|d| d.code).collect();
    assert_eq!(codes, ["override-without-series", "override-past", "override-later"]);
    let d = o.diagnostics.iter().find(|d| d.code == "override-without-series").unwrap();
    assert_eq!((d.severity, d.fix.as_deref()), (Severity::Warning, Some("did you mean 'TEA-01'?")));
    assert!(o.series.iter().all(|s| s.stocked.by_hand.steps.is_empty()));
}

#[test]
fn slips_are_named_with_the_line_of_their_entry() {
    let head =
        "[demand]\ndistribution = \"poisson\"\nmean = 5\n[[adjust]]\nitem = \"a\"\ndemand_factor = 1.1\n[[override]]\nitem = \"b\"\n";
    let refuse = |rest: &str| Plan::parse(&format!("{head}{rest}\n"), "x.toml").unwrap_err().remove(0);
    let plan = Plan::parse(&format!("{head}percent = 20\nfrom = \"2026-03-02\"\n"), "x.toml").unwrap();
    assert_eq!(Plan::parse(&toml::to_string(&plan).unwrap(), "x.toml").unwrap(), plan);
    assert_eq!(refuse("percent = -101").line, Some(9));
    assert_eq!(refuse("set = -1").line, Some(9));
    assert_eq!(refuse("set = 1\nfrom = \"02.03.2026\"").line, Some(10));
    assert_eq!(refuse("set = 1\nfrom = \"2026-03-02\"\nto = \"2026-03-01\"").line, Some(11));
    assert!(refuse("set = 1\nadd = 1").message.contains("exactly one"));
    assert!(refuse("why = \"because\"").message.contains("exactly one"));
    assert_eq!(refuse("persent = 20").fix.as_deref(), Some("did you mean 'percent'?"));
}
