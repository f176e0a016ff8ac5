//! A file of what is known ahead: dropped, recognised, used, changed in a scenario, taken away.

use super::{Window, confirm, go, open_in, settle, shows};
use egui_kittest::kittest::Queryable as _;
use std::fmt::Write as _;
use stockcast::app::session::Session;
use stockcast::base::Stamp;
use stockcast::project::SourceKind;

const PAST: i64 = 130;
const AHEAD: i64 = 56;

fn session(w: &Window) -> &Session {
    w.state().session().unwrap()
}

fn day(week: i64) -> String {
    Stamp(Stamp::from_ymd(2024, 1, 1).unwrap().0 + 7 * week * 86_400).iso()
}

fn promo(t: i64, s: i64) -> bool {
    ((t + s) * (t + s) + 3 * t) % 11 == 4
}

/// Weekly sales of six items that sell twice as much in a promotion, and the promotions to come.
fn files() -> (String, String) {
    let (mut past, mut future) = ("unique_id,ds,y,promo\n".to_owned(), "unique_id,ds,promo\n".to_owned());
    for s in 0..6 {
        for t in 0..PAST + AHEAD {
            let p = promo(t, s);
            if t < PAST {
                let y = (40 + 10 * s + (t * 17 + s * 5) % 7) * if p { 2 } else { 1 };
                writeln!(past, "item {s},{},{y},{}", day(t), u8::from(p)).unwrap();
            } else {
                writeln!(future, "item {s},{},{}", day(t), u8::from(p)).unwrap();
            }
        }
    }
    (past, future)
}

fn demand(w: &Window) -> f64 {
    session(w).outcome.as_ref().unwrap().series.iter().map(|s| s.stock.outcome.measures.demand.mean).sum()
}

fn used(w: &Window) -> bool {
    session(w).outcome.as_ref().unwrap().series.iter().any(|s| s.known.iter().any(|k| k.effects.iter().any(|e| e.driver == "promo")))
}

#[test]
fn promotions_to_come_are_dropped_used_called_off_and_taken_away() {
    let home = tempfile::tempdir().unwrap();
    let (past, future) = files();
    std::fs::write(home.path().join("past.csv"), past).unwrap();
    std::fs::write(home.path().join("plan.csv"), future).unwrap();
    let mut harness = open_in(home.path(), Some(&home.path().join("past.csv")));
    settle(&mut harness);
    let mut w = Window { harness, home };
    confirm(&mut w);
    go(&mut w, "Forecast");
    settle(&mut w);
    w.get_all_by_label_contains("Events and drivers").last().unwrap().click();
    w.run_steps(3);
    assert!(shows(&w, "drop a file that tells them for each period ahead"), "there is no hint");
    let before = demand(&w);
    assert!(!used(&w));

    // brought in, it is taken for what it is by its columns
    let path = w.home.path().join("plan.csv");
    go(&mut w, "Data");
    w.get_by_label("Files").click();
    w.run_steps(3);
    assert!(shows(&w, "Prices, promotions and opening days to come"), "the kind of file is not listed");
    w.get_by_label("Path of a file to add").focus();
    w.run_steps(2);
    w.get_by_label("Path of a file to add").type_text(path.to_str().unwrap());
    w.run_steps(2);
    w.get_by_label("Add path").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(w.state().is_importing());
    assert!(shows(&w, "plan.csv: What is known ahead, Ready"), "it is not recognised");
    assert!(shows(&w, "Known ahead"), "its columns are not named");
    confirm(&mut w);
    let document = session(&w).project.document();
    let source = document.companions.iter().find(|c| c.kind == SourceKind::Future).unwrap();
    assert_eq!((source.name.as_str(), source.rows_used), ("plan.csv", 6 * AHEAD as u64));
    assert_eq!(document.known.as_ref().unwrap().columns.len(), 1);
    settle(&mut w);
    assert!(used(&w), "the promotions are not used");
    let with = demand(&w);
    assert!(with != before);

    go(&mut w, "Forecast");
    settle(&mut w);
    w.get_all_by_label_contains("Events and drivers").last().unwrap().click();
    w.run_steps(3);
    assert!(shows(&w, "Known ahead: plan.csv, promo of 6 series, to "), "the file is not named");
    // called off in this scenario
    w.get_by_label("Add").click();
    w.run_steps(2);
    settle(&mut w);
    let said = session(&w).project.document().active().plan.drivers.clone();
    assert_eq!(said.len(), 1);
    assert!(said[0].drop && said[0].name == "promo");
    let off = demand(&w);
    assert!(off < 0.95 * with, "{off} without promotions, {with} with them");
    w.get_by_label(&format!("Take back: {}", said[0].words())).click();
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(demand(&w), with);

    // taken away and brought back
    w.get_by_label("Take what is known ahead away").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(session(&w).project.document().known.is_none() && !used(&w));
    assert_eq!(demand(&w), before);
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(demand(&w), with);
    // and it is kept with the project
    let path = session(&w).project.path().to_owned();
    let Window { harness, home } = w;
    drop(harness);
    let mut harness = open_in(home.path(), Some(&path));
    settle(&mut harness);
    let w = Window { harness, home };
    assert!(session(&w).project.document().known.is_some() && used(&w));
}
