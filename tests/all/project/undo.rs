//! Undo and redo, in a session and across sessions.

use super::shop::{edit, import, reopened, set_cost, shop, states};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;
use stockcast::history::model::{ItemRow, Scope};
use stockcast::project::{Change, Document, Edit, Project, Table};

fn labels(p: &Project) -> (Option<&str>, Option<&str>) {
    (p.can_undo(), p.can_redo())
}

#[test]
fn undo_and_redo_walk_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.stockcast");
    let mut p = Project::create(&path, shop(4)).unwrap();
    assert_eq!(labels(&p), (None, None));
    assert_eq!((p.undo(), p.redo()), (None, None));
    let first = p.document().clone();
    for cost in [2.0, 3.0, 4.0] {
        p.apply(set_cost(p.document(), 1, cost).because("new price list")).unwrap();
    }
    let third = p.document().clone();
    assert_eq!(p.undo().as_deref(), Some("set cost to 4"));
    assert_eq!(p.undo().as_deref(), Some("set cost to 3"));
    assert_eq!(labels(&p), (Some("set cost to 2"), Some("set cost to 3")));
    p.redo();
    p.redo();
    assert_eq!(p.document(), &third);
    assert_eq!(p.redo(), None);
    while p.undo().is_some() {}
    assert_eq!(p.document(), &first);
    // a new edit takes the way back to what was undone, not its trace
    p.apply(set_cost(p.document(), 0, 9.0)).unwrap();
    assert_eq!(labels(&p), (Some("set cost to 9"), None));
    let lost = |l: &str| (l.to_owned(), true, true);
    let want = vec![lost("set cost to 2"), lost("set cost to 3"), lost("set cost to 4"), ("set cost to 9".to_owned(), false, false)];
    assert_eq!(states(&p), want);
    let e = &p.journal()[1];
    assert_eq!((e.from.as_str(), e.to.as_str(), e.why.as_deref()), ("cost 2", "cost 3", Some("new price list")));
    assert!(e.at.naive() > chrono_2020(), "{}", e.at);
    drop(p);
    let mut p = reopened(&path);
    assert_eq!(states(&p), want);
    assert_eq!(p.journal()[1].why.as_deref(), Some("new price list"));
    assert_eq!(p.undo().as_deref(), Some("set cost to 9"));
    assert_eq!(p.undo(), None);
    assert_eq!(p.document(), &first);
}

fn chrono_2020() -> chrono::NaiveDateTime {
    stockcast::base::Stamp::from_ymd(2020, 1, 1).unwrap().naive()
}

/// Cells, tables and histories come back after the file was closed, however often.
#[test]
fn undo_survives_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.stockcast");
    let mut p = Project::create(&path, shop(4)).unwrap();
    let mut seen: Vec<Document> = vec![p.document().clone()];
    let table =
        Table::Items(Arc::new((0..300).map(|i| super::shop::item(Scope::Item(format!("i{i}").into()), 0.1 * f64::from(i), 0)).collect()));
    let edits = [
        set_cost(p.document(), 1, 0.1 + 0.2),
        import(6, 70, "newer.csv"),
        Edit::one("import items", Change::MasterTable(table)),
        Edit::one("forget the sales", Change::Sales(None)),
        import(2, 10, "small.csv"),
    ];
    for e in edits {
        p.apply(e).unwrap();
        seen.push(p.document().clone());
    }
    drop(p);
    let mut p = reopened(&path);
    assert_eq!(p.document(), seen.last().unwrap());
    for back in (0..seen.len() - 1).rev() {
        assert!(p.undo().is_some(), "step {back}");
        assert_eq!(p.document(), &seen[back]);
        drop(p);
        p = reopened(&path);
        assert_eq!(p.document(), &seen[back]);
    }
    assert_eq!(p.undo(), None);
    for forth in &seen[1..] {
        drop(p);
        p = reopened(&path);
        assert!(p.redo().is_some());
        assert_eq!(p.document(), forth);
    }
    assert_eq!(p.redo(), None);
}

/// Contents go when nothing can bring them back, and not before.
#[test]
fn unused_contents_go_only_when_nothing_brings_them_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.stockcast");
    let mut p = Project::create(&path, shop(4)).unwrap();
    let count = |p: &Project, table: &str| -> i64 {
        p.flush().unwrap();
        let c = rusqlite::Connection::open(&path).unwrap();
        c.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap()
    };
    assert_eq!((count(&p, "chunk"), count(&p, "sales")), (1, 1));
    p.apply(import(6, 70, "newer.csv")).unwrap();
    p.apply(Edit::one("items", Change::MasterTable(Table::Items(Arc::default())))).unwrap();
    // both versions of the sales, and the items before and after
    assert_eq!((count(&p, "chunk"), count(&p, "sales")), (4, 2));
    p.undo();
    p.undo();
    assert_eq!((count(&p, "chunk"), count(&p, "sales")), (4, 2));
    p.apply(set_cost(p.document(), 0, 5.0)).unwrap();
    assert_eq!((count(&p, "chunk"), count(&p, "sales")), (1, 1));
    drop(p);
    assert_eq!(reopened(&path).document().sales.as_ref().unwrap().history.series.len(), 4);
}

/// Many heavy edits in one session: the oldest are no longer in memory and still come back.
#[test]
fn old_imports_of_a_session_come_back_from_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = Project::create(&dir.path().join("shop.stockcast"), shop(2)).unwrap();
    let first = p.document().clone();
    for n in 1..12 {
        p.apply(import(n, 5, "again.csv")).unwrap();
    }
    let last = p.document().clone();
    for _ in 1..12 {
        assert!(p.undo().is_some());
    }
    assert_eq!(p.document(), &first);
    while p.redo().is_some() {}
    assert_eq!(p.document(), &last);
}

#[test]
fn an_edit_without_effect_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = Project::create(&dir.path().join("shop.stockcast"), shop(2)).unwrap();
    let revision = p.revision();
    let same: ItemRow = p.document().masters.items[0].clone();
    p.apply(Edit::one("nothing", Change::ItemRows(vec![(same.scope.clone(), Some(same))]))).unwrap();
    assert!(p.journal().is_empty());
    assert_eq!(p.revision(), revision);
    let refused = p.apply(Edit::one("gone", Change::Activate(9))).unwrap_err();
    assert_eq!(refused.code, "scenario-missing");
    assert!(p.journal().is_empty());
}

#[derive(Debug, Clone)]
enum Step {
    Make(Edit),
    Undo,
    Redo,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![5 => edit().prop_map(Step::Make), 2 => Just(Step::Undo), 1 => Just(Step::Redo), 2 => Just(Step::Reopen)]
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..crate::cases::cases(24) })]

    /// Whatever was done, the file holds the document, its journal and its way back.
    #[test]
    fn the_file_holds_what_memory_holds(steps in vec(step(), 1..14)) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("shop.stockcast");
        let mut p = Project::create(&path, shop(3)).unwrap();
        // the model: documents before each edit that stands, and those undone
        let (mut past, mut future): (Vec<Document>, Vec<Document>) = (Vec::new(), Vec::new());
        for s in steps {
            let before = p.document().clone();
            match s {
                Step::Make(e) => {
                    let entries = p.journal().len();
                    if p.apply(e).is_ok() && p.journal().len() > entries {
                        past.push(before);
                        future.clear();
                    } else {
                        prop_assert_eq!(p.document(), &before);
                    }
                }
                Step::Undo => {
                    prop_assert_eq!(p.undo().is_some(), !past.is_empty());
                    if let Some(d) = past.pop() {
                        future.push(before);
                        prop_assert_eq!(p.document(), &d);
                    }
                }
                Step::Redo => {
                    prop_assert_eq!(p.redo().is_some(), !future.is_empty());
                    if let Some(d) = future.pop() {
                        past.push(before);
                        prop_assert_eq!(p.document(), &d);
                    }
                }
                Step::Reopen => {
                    let journal = p.journal().to_vec();
                    drop(p);
                    p = reopened(&path);
                    prop_assert_eq!(p.document(), &before);
                    prop_assert_eq!(p.journal(), &journal[..]);
                }
            }
        }
        prop_assert_eq!(p.flush(), Ok(()));
    }
}
