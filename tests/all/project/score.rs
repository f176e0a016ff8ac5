//! Past orders settled against what was sold since: what a project keeps of them.

use super::shop::{approve, day, decision, plan, shop};
use std::sync::Arc;
use stockcast::base::Period;
use stockcast::forecast::{Frozen, FrozenSeries, StockThen};
use stockcast::history::model::ReceiptRow;
use stockcast::history::{History, Measured, Series};
use stockcast::project::{Change, DecisionState, Document, Edit, Table};
use stockcast::scenario::Inputs;
use stockcast::scenario::score::{Fate, Score};

/// Five items that sell 6 a day for 12 days; after the eighth, 12 of each were advised, with 10 on hand and a lead time of a day.
fn document() -> Document {
    let series = ["A", "B", "C", "D", "E"].map(|id| Series::new(id, day(0), vec![6.0; 12])).to_vec();
    let history = History { period: Period::Day, measured: Measured::Units, series };
    let mut d = Document::new("Settled", Inputs { history: Some(history), ..Inputs::default() }, plan(), Vec::new(), Vec::new());
    let then = StockThen {
        on_hand: 10.0,
        advised: 12.0,
        old_rule: 30.0,
        lead: 1,
        review: 1,
        up_to: 22.0,
        holding: 0.5,
        shortage: 3.0,
        lost: 1.0,
        order: 1.0,
        ..StockThen::default()
    };
    let line = |id: &str| FrozenSeries {
        unique_id: id.into(),
        start: day(8),
        mean: vec![6.0; 4],
        statistical: Vec::new(),
        naive: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        stock: Some(then.clone()),
    };
    let frozen = Frozen { made: day(8), ahead: day(8), period: Period::Day, series: ["A", "B", "C", "D", "E"].map(line).to_vec() };
    make(&mut d, Edit::one("keep", Change::Freeze(day(8), Some(Arc::new(frozen)))));
    d
}

fn make(d: &mut Document, mut e: Edit) {
    d.number(&mut e);
    d.apply(&e).unwrap();
}

#[test]
fn every_line_is_settled_as_it_was_decided() {
    let mut d = document();
    for (id, units, state) in [("A", 12.0, DecisionState::Received), ("B", 3.0, DecisionState::Approved), ("C", 12.0, DecisionState::Held)]
    {
        make(&mut d, approve(stockcast::project::Decision { advised: 12.0, state, ..decision(id, day(8), day(9), units) }));
    }
    // nobody decided about D, but it was ordered; E was not
    let receipt = ReceiptRow {
        supplier: None,
        item: Some("D".into()),
        location: None,
        ordered: day(8),
        received: day(9),
        quantity: Some(8.0),
        line: 2,
    };
    make(&mut d, Edit::one("deliveries", Change::MasterTable(Table::Receipts(Arc::new(vec![receipt])))));
    let lines = d.settled();
    let said: Vec<(&str, f64, Fate)> = lines.iter().map(|l| (&*l.unique_id, l.decided, l.fate)).collect();
    assert_eq!(
        said,
        [
            ("A", 12.0, Fate::Followed),
            ("B", 3.0, Fate::Changed),
            ("C", 0.0, Fate::Held),
            ("D", 8.0, Fate::Ignored),
            ("E", 0.0, Fate::Ignored)
        ]
    );
    // 4 left after the first day, then 4 + q − 6
    let cost = |q: f64| f64::from(u8::from(q > 0.0)) + 0.5 * 4.0 + 0.5 * (q - 2.0).max(0.0) + 3.0 * (2.0 - q).max(0.0);
    for l in &lines {
        assert_eq!((l.advised_cost, l.decided_cost, l.sold, l.periods), (cost(12.0), cost(l.decided), 12.0, 2), "{l:?}");
    }
    // 34 of the old rule's at the next review, 12 above the level: 144 / 12 unit-periods more
    assert_eq!(lines[0].old_rule_cost, cost(30.0) + 0.5 * 144.0 / 12.0);
    let score = Score::of(&lines);
    assert_eq!((score.lines, score.followed), (5, 1));
    let i = score.decisions_against_old_rule;
    assert!((i.sum - (score.old_rule_cost - score.decided_cost)).abs() < 1e-9 && i.low <= i.sum && i.sum <= i.high);
    // nothing to settle where forecasts were kept without the stock behind them
    assert!(shop(2).settled().is_empty());
}

/// An order approved today is on its way in the run that follows, one that was received lies on the shelf where that is counted; both are known as today's.
#[test]
fn todays_decisions_are_told_from_orders_before() {
    let mut d = document();
    for (id, state) in
        [("A", DecisionState::Approved), ("B", DecisionState::Received), ("C", DecisionState::Held), ("D", DecisionState::Received)]
    {
        make(&mut d, approve(stockcast::project::Decision { advised: 12.0, state, ..decision(id, day(12), day(14), 15.0) }));
    }
    make(&mut d, approve(stockcast::project::Decision { advised: 9.0, ..decision("E", day(11), day(14), 9.0) }));
    let scope = stockcast::history::model::Scope::UniqueId("B".into());
    let row = stockcast::history::model::StockRow {
        scope: scope.clone(),
        on_hand: 20.0,
        committed: 0.0,
        unavailable: 0.0,
        as_of: None,
        expires: None,
        line: 0,
    };
    make(&mut d, Edit::one("stock", Change::StockRows(vec![(scope, vec![row])])));
    let taken = d.taken(&d.inputs(), day(12));
    let mut said: Vec<_> = taken.iter().map(|(id, t)| (&**id, t.advised, t.quantity, t.received)).collect();
    said.sort_by_key(|s| s.0);
    assert_eq!(said, [("A", 12.0, 15.0, false), ("B", 12.0, 15.0, true)]);
}
