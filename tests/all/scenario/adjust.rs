//! Adjustments: what they change, which one wins, and what is refused.

use super::{ran, sample};
use stockcast::base::NoControl;
use stockcast::scenario::plan::Rule;
use stockcast::scenario::{Adjust, Effort, Plan, SeriesOutcome};

fn one(adjust: Vec<Adjust>, pick: usize) -> SeriesOutcome {
    let (inputs, plan) = sample();
    let (engine, outcome) = ran();
    let name = &outcome.series[pick].stocked.unique_id;
    let plan = Plan { adjust, ..plan.clone() };
    engine.one(inputs, &plan, name, Effort::Draft, &NoControl).unwrap().unwrap()
}

#[test]
fn an_adjustment_beats_the_masters() {
    let before = one(Vec::new(), 0);
    let everything =
        Adjust { price: Some(50.0), cost: Some(20.0), review_period: Some(3), lead_time_days: Some(28.0), ..Adjust::default() };
    let after = one(vec![everything], 0);
    assert!(before.stocked.price != Some(50.0) && before.stocked.review == 1 && before.stocked.adjustments == 0);
    let s = &after.stocked;
    assert_eq!((s.price, s.costs.unit, s.review, s.adjustments), (Some(50.0), 20.0, 3, 1));
    assert!((s.lead_time.mean() - 4.0).abs() <= 0.5, "{:?}", s.lead_time);
    assert!((s.lead_time.sd() - before.stocked.lead_time.sd()).abs() < 1e-9 || s.lead_time.values[0] == 0);
    assert_eq!(s.costs.shortage, 30.0);
}

#[test]
fn the_more_particular_wins_and_of_equals_the_later() {
    let (_, outcome) = ran();
    let s = &outcome.series[4].stocked;
    let named = |f: f64| Adjust { unique_id: Some(s.unique_id.to_string()), demand_factor: Some(f), ..Adjust::default() };
    let by_item = Adjust { item: Some(s.item.to_string()), demand_factor: Some(3.0), review_period: Some(2), ..Adjust::default() };
    let elsewhere =
        Adjust { item: Some(s.item.to_string()), location: Some("nowhere".into()), review_period: Some(9), ..Adjust::default() };
    let all = Adjust { demand_factor: Some(4.0), fill_rate: Some(0.9), why: "because".into(), ..Adjust::default() };
    let by_supplier = Adjust { supplier: Some(s.supplier.to_string()), s: Some(1.0), up_to: Some(2.0), ..Adjust::default() };
    let found = one(vec![named(1.5), named(1.25), by_item, by_supplier, all, elsewhere], 4).stocked;
    assert_eq!((found.demand_factor, found.review, found.adjustments), (1.25, 2, 5));
    assert_eq!(found.rule, Some(Rule::Levels { s: 1.0, up_to: 2.0 }));
    assert_eq!(found.why, "because");
}

#[test]
fn demand_grows_by_its_factor_and_nothing_is_fitted_again() {
    let plain = one(Vec::new(), 6);
    for factor in [0.0, 0.5, 1.1, 2.0] {
        let scaled = one(vec![Adjust { demand_factor: Some(factor), ..Adjust::default() }], 6);
        let (a, b) = (plain.stock.outcome.measures.demand.mean, scaled.stock.outcome.measures.demand.mean);
        assert!((b / a - factor).abs() < 0.06, "{factor}: {a} {b}");
        assert_eq!(plain.forecast, scaled.forecast);
        assert!(scaled.stock.outcome.examples[0].demand.iter().all(|d| d.fract() == 0.0));
    }
}

#[test]
fn a_target_of_its_own_is_met() {
    let found = one(vec![Adjust { fill_rate: Some(0.995), ..Adjust::default() }], 8);
    assert!(found.stock.met);
    let low = one(vec![Adjust { fill_rate: Some(0.6), ..Adjust::default() }], 8);
    assert!(low.stock.outcome.measures.fill_rate.mean < found.stock.outcome.measures.fill_rate.mean);
}

#[test]
fn slips_are_named_with_the_line_of_their_entry() {
    let head = "[demand]\ndistribution = \"poisson\"\nmean = 5\n[[adjust]]\nitem = \"a\"\ndemand_factor = 1.1\n[[adjust]]\nitem = \"b\"\n";
    let refuse = |rest: &str| Plan::parse(&format!("{head}{rest}\n"), "x.toml").unwrap_err().remove(0);
    assert!(Plan::parse(head, "x.toml").is_ok());
    let d = refuse("demand_factor = -1");
    assert_eq!((d.line, d.file.as_deref()), (Some(9), Some("x.toml")));
    assert_eq!(refuse("fill_rate = 95").line, Some(9));
    assert_eq!(refuse("s = 5").line, Some(9));
    assert!(refuse("s = 5\nS = 3").message.contains("above S"));
    assert_eq!(refuse("fill_rate = 0.9\ncycle_service = 0.9").line, Some(7));
    assert_eq!(refuse("review_period = 0").line, Some(9));
    let d = refuse("demand_facter = 1.2");
    assert_eq!((d.line, d.fix.as_deref()), (Some(9), Some("did you mean 'demand_factor'?")));
}

#[test]
fn a_plan_with_adjustments_survives_its_own_text() {
    let mut plan = sample().1.clone();
    plan.adjust = vec![
        Adjust { item: Some("a".into()), s: Some(2.0), up_to: Some(5.0), why: "shelf is small".into(), ..Adjust::default() },
        Adjust { demand_factor: Some(1.1), ..Adjust::default() },
    ];
    let text = toml::to_string(&plan).unwrap();
    assert_eq!(Plan::parse(&text, "x.toml").unwrap(), plan);
    plan.adjust.clear();
    assert!(!toml::to_string(&plan).unwrap().contains("adjust"));
}
