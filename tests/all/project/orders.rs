//! Approved orders count as on order until something newer tells better.

use super::shop::{approve, day, decision, shop, source};
use std::sync::Arc;
use stockcast::base::Stamp;
use stockcast::history::model::{OnOrderRow, ReceiptRow, Scope, StockRow};
use stockcast::project::{Change, Decision, DecisionState, Document, Edit, Standing, Table};
use stockcast::scenario::load::now;

fn make(d: &mut Document, mut e: Edit) {
    d.number(&mut e);
    d.apply(&e).unwrap();
}

fn import(d: &mut Document, table: Table) {
    let source = source(table.kind(), "new.csv");
    let changes = vec![Change::Companion(table.kind(), Some(source)), Change::MasterTable(table)];
    make(d, Edit { label: "import".into(), why: None, changes });
}

/// A shop that approved 24 of item 1 to arrive at `day(450)`.
fn approved() -> Document {
    let mut d = shop(3);
    make(&mut d, approve(decision("item-00001", day(430), day(450), 24.0)));
    d
}

/// What is on order of item 1: quantities by the rows that the engine is given.
fn on_order(d: &Document) -> Vec<f64> {
    let rows = d.inputs().masters.on_order;
    rows.iter().filter(|r| r.scope == Scope::UniqueId("item-00001".into())).map(|r| r.quantity).collect()
}

fn receipt(ordered: Stamp, quantity: Option<f64>) -> ReceiptRow {
    ReceiptRow {
        supplier: Some("acme".into()),
        item: Some("item-00001".into()),
        location: None,
        ordered,
        received: day(449),
        quantity,
        line: 2,
    }
}

fn count(as_of: Option<Stamp>) -> Table {
    let scope = Scope::UniqueId("item-00001".into());
    Table::Stock(Arc::new(vec![StockRow { scope, on_hand: 40.0, committed: 0.0, unavailable: 0.0, as_of, expires: None, line: 2 }]))
}

#[test]
fn only_what_is_approved_is_on_order() {
    let mut d = approved();
    assert_eq!(on_order(&d), [24.0]);
    assert_eq!(d.inputs().masters.on_order.len(), 2, "the masters' own open order stays");
    for state in [DecisionState::Held, DecisionState::Received, DecisionState::Cancelled] {
        let changed = Decision { state, ..d.decisions[0].clone() };
        make(&mut d, approve(changed));
        assert_eq!(d.standings(), [Standing::NotOrdered]);
        assert!(on_order(&d).is_empty());
    }
}

/// Rows by item are the ones heard for a series while no row speaks of it more closely; the order must not silence them.
#[test]
fn an_approved_order_joins_the_rows_that_are_heard() {
    let mut d = approved();
    let row = |scope| OnOrderRow { scope, arrives: day(460), quantity: 6.0, line: 2 };
    let by_item = Scope::Item("item-00001".into());
    make(&mut d, Edit::one("type in", Change::OnOrderRows(vec![(by_item.clone(), vec![row(by_item.clone())])])));
    let rows = d.inputs().masters.on_order;
    let heard: Vec<f64> = rows.iter().filter(|r| r.scope == by_item).map(|r| r.quantity).collect();
    assert_eq!(heard, [6.0, 24.0]);
    assert!(on_order(&d).is_empty());
}

#[test]
fn a_later_open_orders_file_replaces_it() {
    let mut d = approved();
    import(&mut d, Table::OnOrder(Arc::new(Vec::new())));
    assert_eq!(d.standings(), [Standing::InOnOrderFile]);
    assert!(on_order(&d).is_empty());
    // approved after the file, an order counts again
    make(&mut d, approve(decision("item-00001", day(437), day(457), 12.0)));
    assert_eq!(d.standings(), [Standing::InOnOrderFile, Standing::Open(12.0)]);
    assert_eq!(on_order(&d), [12.0]);
}

#[test]
fn later_receipts_of_it_replace_it() {
    let mut d = approved();
    // an older order that arrived is another one
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(429), Some(24.0))])));
    assert_eq!(d.standings(), [Standing::Open(24.0)]);
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(430), Some(20.0))])));
    assert_eq!(d.standings(), [Standing::Open(4.0)]);
    assert_eq!(on_order(&d), [4.0]);
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(431), None)])));
    assert_eq!(d.standings(), [Standing::InReceipts]);
}

/// One delivery serves one order, the earliest first.
#[test]
fn a_delivery_is_counted_once() {
    let mut d = approved();
    make(&mut d, approve(decision("item-00001", day(440), day(460), 10.0)));
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(441), Some(30.0))])));
    assert_eq!(d.standings(), [Standing::InReceipts, Standing::Open(4.0)]);
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(441), None)])));
    assert_eq!(d.standings(), [Standing::InReceipts, Standing::Open(10.0)]);
}

#[test]
fn receipts_known_before_say_nothing() {
    let mut d = shop(3);
    import(&mut d, Table::Receipts(Arc::new(vec![receipt(day(430), None)])));
    make(&mut d, approve(decision("item-00001", day(430), day(450), 24.0)));
    assert_eq!(d.standings(), [Standing::Open(24.0)]);
}

#[test]
fn a_later_count_on_or_after_its_arrival_replaces_it() {
    let mut d = approved();
    import(&mut d, count(Some(day(449))));
    assert_eq!(d.standings(), [Standing::Open(24.0)], "counted before it came");
    import(&mut d, count(Some(day(450))));
    assert_eq!(d.standings(), [Standing::InStock]);
    assert!(on_order(&d).is_empty());
    // the same count known before the decision says nothing of it
    let mut d = shop(3);
    import(&mut d, count(Some(day(450))));
    make(&mut d, approve(decision("item-00001", day(430), day(450), 24.0)));
    assert_eq!(d.standings(), [Standing::Open(24.0)]);
}

/// A count without a date is of the end of the history.
#[test]
fn an_undated_count_is_of_the_last_period() {
    let start = now(&shop(3).sales.unwrap().history).unwrap().start;
    for (arrives, standing) in [(start, Standing::Open(24.0)), (start.plus_days(-1), Standing::InStock)] {
        let mut d = shop(3);
        make(&mut d, approve(decision("item-00001", start.plus_days(-20), arrives, 24.0)));
        import(&mut d, count(None));
        assert_eq!(d.standings(), [standing]);
    }
}

/// Sales files that carry a stock level count stock too, where no stock file speaks of the series.
#[test]
fn a_stock_level_in_later_sales_replaces_it() {
    let start = now(&shop(5).sales.unwrap().history).unwrap().start;
    let mut d = shop(5);
    make(&mut d, Edit::one("no stock file", Change::MasterTable(Table::Stock(Arc::default()))));
    // items 0 and 4 carry a stock level, item 1 none
    for id in ["item-00001", "item-00004"] {
        make(&mut d, approve(decision(id, start, start.plus_days(3), 24.0)));
    }
    assert_eq!(d.standings(), [Standing::Open(24.0), Standing::Open(24.0)]);
    make(&mut d, super::shop::import(5, 61, "newer.csv"));
    assert_eq!(d.standings(), [Standing::Open(24.0), Standing::InStock]);
}
