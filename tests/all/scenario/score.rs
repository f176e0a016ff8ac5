//! Advice keeps score, from a run to the settling of its lines.

use super::sample;
use stockcast::base::{NoControl, Stamp};
use stockcast::scenario::score::{Decided, Fate, Score, settle};
use stockcast::scenario::{Engine, Plan, frozen};

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
        let kept = frozen(&then, &outcome, Stamp::default()).unwrap();
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
