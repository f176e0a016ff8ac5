//! An edit and its inverse.

use super::shop::{approve, change, day, decision, edit, item, sales, set_cost, shop, source};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;
use stockcast::history::model::{Scope, StockRow};
use stockcast::project::{Change, Document, Edit, SourceKind, Table};

proptest! {
    #![proptest_config(crate::cases::cases(400))]

    /// Undone in turn, a chain of edits leaves what was there; made again, what they made. A refused edit changes nothing.
    #[test]
    fn an_edit_and_its_inverse_cancel(edits in vec(edit(), 1..6)) {
        let mut d = shop(5);
        let mut done: Vec<(Document, Edit, Document)> = Vec::new();
        for e in &edits {
            let before = d.clone();
            match d.apply(e) {
                Ok(undo) => done.push((before, undo, d.clone())),
                Err(_) => prop_assert_eq!(&d, &before),
            }
        }
        let mut redo = Vec::new();
        for (before, undo, after) in done.iter().rev() {
            redo.push((d.apply(undo).unwrap(), after));
            prop_assert_eq!(&d, before);
        }
        for (again, after) in redo.iter().rev() {
            d.apply(again).unwrap();
            prop_assert_eq!(&d, *after);
        }
    }

    /// Tables stay in the order in which a file would be read again.
    #[test]
    fn tables_keep_their_order(changes in vec(change(), 1..6)) {
        let mut d = shop(3);
        for c in changes {
            let _ = d.apply(&Edit::one("change", c));
        }
        let line = |l: u64| l.wrapping_sub(1);
        prop_assert!(d.masters.items.is_sorted_by_key(|r| (line(r.line), r.scope.clone())));
        prop_assert!(d.masters.stock.is_sorted_by_key(|r| (line(r.line), r.scope.clone())));
        prop_assert!(d.scenarios.is_sorted_by_key(|s| s.id));
        prop_assert!(d.scenario(d.active).is_some());
        prop_assert!(d.decisions.is_sorted_by_key(|x| (x.unique_id.clone(), x.order_date)));
    }
}

/// Many rows at once (an index is used) and one by one give the same table.
#[test]
fn bulk_and_single_edits_agree() {
    let rows: Vec<_> = (0..40u64)
        .map(|i| {
            let scope = Scope::UniqueId(format!("item-{:05}", i * 3).into());
            (scope.clone(), (i % 4 > 0).then(|| item(scope, 9.0 + i as f64, if i % 3 == 0 { 0 } else { 50 - i })))
        })
        .collect();
    let (mut bulk, mut single) = (shop(60), shop(60));
    let before = bulk.clone();
    let undo = bulk.apply(&Edit::one("paste", Change::ItemRows(rows.clone()))).unwrap();
    for row in rows {
        single.apply(&Edit::one("cell", Change::ItemRows(vec![row]))).unwrap();
    }
    assert_eq!(bulk, single);
    bulk.apply(&undo).unwrap();
    assert_eq!(bulk, before);
}

#[test]
fn what_cannot_be_is_refused() {
    let d = shop(3);
    let code = |change: Change| {
        let mut copy = d.clone();
        let e = Edit { label: "x".into(), why: None, changes: vec![Change::Name("Other".into()), change] };
        let refused = copy.apply(&e).unwrap_err();
        assert_eq!(copy, d, "a refused edit leaves no trace");
        assert!(refused.fix.is_some(), "{refused}");
        refused.code
    };
    let mut row = d.masters.items[0].clone();
    let other = Scope::Item("other".into());
    assert_eq!(code(Change::ItemRows(vec![(other, Some(row.clone()))])), "edit-mismatch");
    row.cost = Some(f64::NAN);
    assert_eq!(code(Change::ItemRows(vec![(row.scope.clone(), Some(row.clone()))])), "number-not-finite");
    assert_eq!(code(Change::MasterTable(Table::Items(Arc::new(vec![row])))), "number-not-finite");
    let stock = StockRow { on_hand: f64::INFINITY, ..d.masters.stock[0].clone() };
    assert_eq!(code(Change::StockRows(vec![(stock.scope.clone(), vec![stock])])), "number-not-finite");
    assert_eq!(code(Change::RemoveScenario(1)), "scenario-in-use");
    assert_eq!(code(Change::RemoveScenario(7)), "scenario-missing");
    assert_eq!(code(Change::Activate(7)), "scenario-missing");
    assert_eq!(code(Change::Name("  ".into())), "name-empty");
    let late = decision("item-00001", day(1), day(9), f64::NAN);
    assert_eq!(code(Change::Decide((late.unique_id.clone(), late.order_date), Some(late))), "number-not-finite");
}

/// What is about people or about the machine is not kept, in memory or file.
#[test]
fn nothing_private_is_kept() {
    let mut s = sales(2, 9, "/home/ada/exports/sales.csv");
    s.notes[0].file = Some("C:\\Users\\Ada\\sales.csv".into());
    let mut e = Edit::one("import", Change::Sales(Some(Arc::new(s))));
    shop(2).number(&mut e);
    let text = format!("{e:?}");
    assert!(text.contains("\"tea\""), "examples of other columns stay");
    for private in ["Ada", "ada", "home", "Users"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    let text = format!("{:?}", shop(2));
    assert!(!text.contains("Lovelace"));
}

#[test]
fn imports_and_decisions_are_numbered() {
    let mut d = shop(3);
    assert_eq!(d.last_sequence(), 3);
    let key = |d: &Document| d.decisions[0].after_source;
    let mut e = approve(decision("item-00001", day(430), day(440), 12.0));
    d.number(&mut e);
    d.apply(&e).unwrap();
    assert_eq!(key(&d), 3);
    let mut e = Edit::one("import", Change::Companion(SourceKind::Receipts, Some(source(SourceKind::Receipts, "/tmp/receipts.csv"))));
    d.number(&mut e);
    d.apply(&e).unwrap();
    let kept = d.companions.iter().find(|c| c.kind == SourceKind::Receipts).unwrap();
    assert_eq!((kept.sequence, kept.name.as_str()), (4, "receipts.csv"));
    // a reason added later does not make the decision newer; another quantity does
    let mut same = d.decisions[0].clone();
    same.why = Some("fair next week".into());
    let mut e = approve(same.clone());
    d.number(&mut e);
    d.apply(&e).unwrap();
    assert_eq!((key(&d), d.decisions[0].why.as_deref()), (3, Some("fair next week")));
    same.quantity = 18.0;
    let mut e = approve(same);
    d.number(&mut e);
    d.apply(&e).unwrap();
    assert_eq!(key(&d), 4);
}

#[test]
fn a_new_document_hears_the_later_of_two_rows() {
    let mut d = shop(2);
    let twice = vec![item(Scope::Item("tea".into()), 1.0, 5), item(Scope::Item("tea".into()), 2.0, 9)];
    d.apply(&Edit::one("import", Change::MasterTable(Table::Items(Arc::new(twice))))).unwrap();
    assert_eq!(d.masters.items.iter().map(|r| (r.line, r.cost)).collect::<Vec<_>>(), [(9, Some(2.0))]);
    assert_eq!(set_cost(&d, 0, 3.0).changes.len(), 1);
}
