//! Advice keeps score, from a run to the settling of its lines.

use super::sample;
use std::collections::HashMap;
use stockcast::base::Calendar;
use stockcast::base::{NoControl, Stamp};
use stockcast::history::model::{OnOrderRow, Scope};
use stockcast::scenario::score::{Decided, Fate, Score, settle};
use stockcast::scenario::{Engine, Plan, Taken, frozen};

/// Some items of the sample, as of 8, 16 and 24 weeks before its end. Which of two rules is cheaper is not asserted: few lines decide it.
#[test]
fn advice_of_earlier_weeks_is_settled() {
    let (inputs, plan) = sample();
    let plan = Plan { periods: 26, ..plan.clone() };
    let history = inputs.history.as_ref().unwrap();
    let mut lines = Vec::new();
    for cut in [8, 16, 24] {
        let mut then = inputs.clone();
        then.masters.on_order.clear();
        let known = then.history.as_mut().unwrap();
        known.series = known.series.iter().step_by(9).cloned().collect();
        for s in &mut known.series {
            let n = s.y.len().saturating_sub(cut);
            s.y.truncate(n);
            for column in [&mut s.revenue, &mut s.price, &mut s.in_stock, &mut s.promo, &mut s.returned].into_iter().flatten() {
                column.truncate(n);
            }
        }
        let outcome = Engine::default().run(&then, &plan, &NoControl).unwrap();
        let kept = frozen(&then, &outcome, Stamp::default(), &HashMap::new()).unwrap();
        // as it is kept in a project
        let kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        let follow = |_: &str, _: Stamp, _: Stamp, advised: f64| Some(Decided { units: advised, fate: Fate::Followed, why: None });
        let settled = settle(&kept, history, &follow);
        assert!(!settled.is_empty() && settled.iter().all(|l| l.order_date == outcome.now.unwrap()));
        lines.extend(settled);
    }
    let score = Score::of(&lines);
    assert_eq!((score.followed, score.advised_cost), (score.lines, score.decided_cost));
    assert!(score.lines >= 15 && lines.iter().any(|l| l.advised > 0.0), "{score:?}");
    let ordered = |f: fn(&stockcast::scenario::score::Settled) -> f64| lines.iter().map(f).sum::<f64>();
    assert!(ordered(|l| l.advised) > 0.0 && ordered(|l| l.sold) > 0.0 && score.advised_cost > 0.0 && score.old_rule_cost > 0.0);
    let between = score.advice_against_old_rule;
    assert!(
        (between.sum - (score.old_rule_cost - score.advised_cost)).abs() < 1e-6 && between.low < between.sum && between.sum < between.high
    );
}

/// What was approved counts as on its way in the run that follows, which advises nothing more: the line is still settled as it was advised, from the stock before.
#[test]
fn an_approved_line_is_kept_as_it_stood_before() {
    let (inputs, plan) = sample();
    let mut inputs = inputs.clone();
    inputs.masters.on_order.clear();
    let known = inputs.history.as_mut().unwrap();
    known.series = known.series.iter().step_by(9).cloned().collect();
    let engine = Engine::default();
    let before = engine.run(&inputs, plan, &NoControl).unwrap();
    let calendar = Calendar::new(before.period, before.now.unwrap());
    let first = frozen(&inputs, &before, Stamp::default(), &HashMap::new()).unwrap();
    let mut taken = HashMap::new();
    for s in &before.series {
        let a = s.stock.advice.as_ref().unwrap();
        if a.quantity > 0.0 {
            let arrives = calendar.at(a.arrives as i64);
            inputs.masters.on_order.push(OnOrderRow {
                scope: Scope::UniqueId(s.stocked.unique_id.clone()),
                arrives,
                quantity: a.quantity,
                line: 0,
            });
            taken.insert(s.stocked.unique_id.clone(), Taken { advised: a.quantity, quantity: a.quantity, received: false });
        }
    }
    assert!(taken.len() >= 4, "{}", taken.len());
    let after = engine.run(&inputs, plan, &NoControl).unwrap();
    let second = frozen(&inputs, &after, Stamp::default(), &taken).unwrap();
    for (a, b) in first.series.iter().zip(&second.series).filter(|(a, _)| taken.contains_key(&a.unique_id)) {
        let (a, b) = (a.stock.as_ref().unwrap(), b.stock.as_ref().unwrap());
        assert_eq!((a.advised, a.old_rule, a.on_hand, &a.coming), (b.advised, b.old_rule, b.on_hand, &b.coming));
        assert!(b.up_to > 0.7 * a.up_to && b.up_to < 1.5 * a.up_to, "{} then {}", a.up_to, b.up_to);
    }
    // without a word about it the line would look as if it had been ordered without advice
    let blind = frozen(&inputs, &after, Stamp::default(), &HashMap::new()).unwrap();
    assert!(blind.series.iter().any(|s| taken.contains_key(&s.unique_id) && s.stock.as_ref().unwrap().advised == 0.0));
}
