//! What the packs of today's order are worth: a slider's answer is a run's answer.

use super::{ran, sample};
use std::collections::BTreeMap;
use stockcast::base::NoControl;
use stockcast::scenario::plan::{Objective, ObjectiveTarget};
use stockcast::scenario::{Engine, Outcome, Payoffs, Plan};

fn asked(outcome: &Outcome) -> BTreeMap<String, f64> {
    let lines = outcome.series.iter().filter_map(|s| s.stock.advice.as_ref().map(|a| (s.stocked.unique_id.to_string(), a.quantity)));
    lines.filter(|(_, q)| *q > 0.0).collect()
}

fn units(payoffs: &Payoffs, limits: [f64; 4]) -> BTreeMap<String, f64> {
    let within = payoffs.within(limits, false);
    payoffs.lines().iter().zip(within.units).map(|(l, u)| (l.unique_id.to_string(), u)).filter(|(_, u)| *u > 0.0).collect()
}

const FREE: [f64; 4] = [f64::INFINITY; 4];

#[test]
fn a_limit_is_answered_as_a_run_answers_it() {
    let (inputs, plan) = sample();
    let (engine, free) = ran();
    let payoffs = engine.payoffs(inputs, plan, free, &NoControl).unwrap();
    assert_eq!(units(&payoffs, FREE), asked(free), "nothing is short, and the order is another");
    let all = payoffs.asked();
    assert!(all[0] > 1000.0 && payoffs.worth() > 0.0 && payoffs.enough(0) <= all[0], "{all:?}");

    let budget = (0.4 * all[0]).round();
    let short = |plan: &Plan| {
        let mut short = plan.clone();
        short.policy.objective = Objective::Target(ObjectiveTarget { budget: Some(budget), ..ObjectiveTarget::default() });
        short
    };
    let limited = engine.run(inputs, &short(plan), &NoControl).unwrap();
    let limits = [budget, f64::INFINITY, f64::INFINITY, f64::INFINITY];
    assert_eq!(units(&payoffs, limits), asked(&limited));
    let within = payoffs.within(limits, false);
    assert!(
        within.used[0] <= budget && within.used[0] > 0.98 * budget && within.saved < payoffs.worth() && within.next[0] > 0.0,
        "{within:?}"
    );
    assert!(within.saved_half_width > 0.0 && within.saved_half_width < 0.3 * within.saved, "{within:?}");

    // asked of the limited run, the lines are still those that nothing limits
    let again = Engine::default().payoffs(inputs, &short(plan), &limited, &NoControl).unwrap();
    assert_eq!(units(&again, FREE), asked(free));
    assert_eq!(units(&again, limits), asked(&limited));
}

#[test]
fn more_money_never_saves_less_and_ranking_is_near_the_best() {
    let (inputs, plan) = sample();
    let (engine, free) = ran();
    let payoffs = engine.payoffs(inputs, plan, free, &NoControl).unwrap();
    let curve = payoffs.curve(0, 20);
    assert_eq!((curve.len(), curve[0]), (21, (0.0, 0.0, 0.0)));
    assert!(curve.windows(2).all(|w| w[1].0 > w[0].0 && w[1].1 >= w[0].1 - 1e-9), "{curve:?}");
    assert!((curve[20].1 - payoffs.worth()).abs() < 1e-9);
    // every mean with its error, which grows with what is summed
    assert!(curve.iter().skip(1).all(|w| w.2 > 0.0 && w.2 < 0.5 * w.1), "{curve:?}");
    assert!((curve[20].2 - payoffs.worth_half_width()).abs() < 1e-9);
    for (limit, rough, _) in curve {
        let exact = payoffs.within([limit, f64::INFINITY, f64::INFINITY, f64::INFINITY], false).saved;
        assert!(exact >= rough - 1e-9 && rough >= 0.97 * exact, "{limit}: {rough} by ranking, {exact}");
    }
}
