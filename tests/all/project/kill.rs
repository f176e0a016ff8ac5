//! Killed at any instant, a project is whole and lacks at most the edit in hand.

use super::shop::{import, item, reopened, shop};
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;
use stockcast::base::random::{Purpose, Stream, hash_id};
use stockcast::history::model::Scope;
use stockcast::project::{Change, Document, Edit, Project, Table};

const PATH: &str = "STOCKCAST_KILL_TEST_PATH";
const FILLER: usize = 400;

fn counter() -> Scope {
    Scope::Item("counter".into())
}

/// How many edits the document has seen.
fn count(d: &Document) -> u64 {
    d.masters.items.iter().find(|r| r.scope == counter()).and_then(|r| r.cost).unwrap() as u64
}

fn start() -> Document {
    let mut d = shop(20);
    let table = vec![item(counter(), 0.0, 1)];
    d.apply(&Edit::one("start", Change::MasterTable(Table::Items(Arc::new(table))))).unwrap();
    d
}

/// Edit `n`: the counter, and by turns an import of `n` weeks, a table of `n` rows, or an order.
fn edit(n: u64) -> Edit {
    let mut changes = vec![Change::ItemRows(vec![(counter(), Some(item(counter(), n as f64, 1)))])];
    match n % 4 {
        0 => changes.extend(import(20, 30 + n as usize, "newer.csv").changes),
        1 => {
            let rows = (0..FILLER as u64 + n).map(|i| item(Scope::Item(format!("filler-{i}").into()), n as f64, i + 2));
            let rows = rows.chain([item(counter(), n as f64, 1)]).collect();
            changes.insert(0, Change::MasterTable(Table::Items(Arc::new(rows))));
        }
        _ => changes.push(Change::Name(format!("after edit {n}"))),
    }
    Edit { label: format!("edit {n}"), why: None, changes }
}

/// The program that is killed: edits and imports without end, undoing and redoing on the way, and says which edits are in the file.
#[test]
#[ignore = "a part of killed_projects_are_whole, which starts it"]
fn child() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let mut p = Project::open(Path::new(&path)).unwrap();
    let mut out = std::io::stdout();
    let first = count(p.document()) + 1;
    for n in first.. {
        p.apply(edit(n)).unwrap();
        if n % 5 == 0 {
            // three transactions of which the last brings back what the first wrote
            assert!(p.undo().is_some() && p.redo().is_some());
        }
        p.flush().unwrap();
        writeln!(out, "written {n}").unwrap();
        out.flush().unwrap();
    }
}

/// One round: starts the child, kills it after `wait`, returns the last edit it called written.
fn round(path: &Path, wait: Duration) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "project::kill::child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (tell, told) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut last = None;
        for line in lines.map_while(Result::ok) {
            // the test harness puts its own words before the first
            if let Some(n) = line.rsplit("written ").next().filter(|_| line.contains("written ")).and_then(|n| n.parse::<u64>().ok()) {
                if last.is_none() {
                    tell.send(()).unwrap();
                }
                last = Some(n);
            }
        }
        last
    });
    // the clock runs from the first edit on, so that the kill falls among edits
    let started = told.recv_timeout(Duration::from_secs(60)).is_ok();
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(started, "the child never wrote an edit");
    reader.join().unwrap()
}

#[test]
fn killed_projects_are_whole() {
    let rounds = if std::env::var_os("STOCKCAST_LONG_TESTS").is_some() { 100 } else { 8 };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shop.stockcast");
    let _ = Project::create(&path, start()).unwrap();
    let moments = Stream::new(7, hash_id("kill"), Purpose::Synthetic, 0);
    let mut total = 0;
    for i in 0..rounds {
        let wait = Duration::from_micros((moments.unit(i) * 150_000.0) as u64);
        let Some(written) = round(&path, wait) else { continue };
        // what a hot journal left behind is rolled back by whoever opens the file first
        {
            let c = Connection::open(&path).unwrap();
            assert_eq!(c.query_row("PRAGMA integrity_check", [], |r| r.get::<_, String>(0)).unwrap(), "ok", "round {i}");
            assert!(c.prepare("PRAGMA foreign_key_check").unwrap().query([]).unwrap().next().unwrap().is_none(), "round {i}");
        }
        let mut p = reopened(&path);
        let n = count(p.document());
        // an edit on its way when the end came may be there or not; while it was being undone and redone, not at all
        let undone = p.can_redo().is_some();
        assert!(n == written || n == written + 1, "round {i}: {written} edits were written, the file has {n}");
        assert!(n > total, "round {i}");
        total = n;
        whole(p.document(), n, i);
        if undone {
            assert_eq!(p.redo(), Some(format!("edit {}", n + 1)), "round {i}");
            assert_eq!(count(p.document()), n + 1);
            total = n + 1;
        }
        // the way back is whole too: to the edit before and forth again
        let here = p.document().clone();
        let label = p.undo();
        assert_eq!(label, Some(format!("edit {total}")), "round {i}");
        assert_eq!(p.redo(), label);
        assert_eq!(p.document(), &here);
        p.flush().unwrap();
    }
    assert!(total >= rounds, "only {total} edits in {rounds} rounds");
}

/// Every part of the newest edits is there.
fn whole(d: &Document, n: u64, round: u64) {
    let last = |rest: u64| (1..=n).rev().find(|k| k % 4 == rest);
    if let Some(k) = last(0) {
        let s = &d.sales.as_ref().unwrap().history.series;
        assert!(s.len() == 20 && s.iter().all(|s| s.y.len() == 30 + k as usize), "round {round}: the import of edit {k}");
    }
    if let Some(k) = last(1) {
        let fillers = d.masters.items.iter().filter(|r| r.cost == Some(k as f64) && r.scope != counter()).count();
        assert_eq!(fillers, FILLER + k as usize, "round {round}: the table of edit {k}");
    }
    if let Some(k) = (1..=n).rev().find(|k| k % 4 > 1) {
        assert_eq!(d.name, format!("after edit {k}"), "round {round}");
    }
}
