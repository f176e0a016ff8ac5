//! Overview: the replay sentence, figures that open what is behind them, and what to do first.

use super::{open, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::app::places::Place;

#[test]
fn figures_stand_with_their_error_and_open_what_is_behind_them() {
    let mut w = sample();
    let (stockouts, saved, waiting) = {
        let s = w.state().session().unwrap();
        let r = s.replay.as_ref().unwrap().as_ref().unwrap();
        let t = &s.outcome.as_ref().unwrap().totals;
        let first = s.rows.iter().filter(|r| r.quantity > 0.0).max_by(|a, b| a.at_stake.total_cmp(&b.at_stake)).unwrap();
        (s.money.text(t.stockout_cost.mean), s.money.text(r.result.saved_against_cover.sum), first.unique_id.clone())
    };
    assert!(shows(&w, &saved), "the replay sentence lacks {saved}");
    assert!(shows(&w, "95 % between"));
    assert!(shows(&w, &format!("Cost of stockouts, next 52 weeks: {stockouts}")));
    assert!(shows(&w, "8 of 10 futures"), "figures stand without their spread");

    // the tile opens its table, a line of it the item
    w.get_by_label_contains("Cost of stockouts").click();
    w.run_steps(3);
    assert!(shows(&w, "Cost of stockouts by item"));
    assert!(shows(&w, "Export table…"));
    w.get_by_label("Back to Overview").click();
    w.run_steps(3);
    w.get_by_label("Open the replay table").click();
    w.run_steps(3);
    assert!(shows(&w, "Replay by item") && shows(&w, "Sort by saved against cover"));
    w.get_by_label("Back to Overview").click();
    w.run_steps(3);

    // the dearest to wait for is named first, and opens as an item
    let name = w.state().session().unwrap().row(&waiting).map(|r| format!("Open {}, {}", r.name, r.location)).unwrap();
    w.get_by_label(&name).click();
    w.run_steps(3);
    assert_eq!(w.state().place(), Place::Items);
}

#[test]
fn the_first_run_shows_the_tiles_before_their_figures() {
    let mut w = open();
    w.get_by_label("Open the sample shop").click();
    let began = std::time::Instant::now();
    while w.state().session().is_none() {
        w.step();
        assert!(began.elapsed().as_secs() < 120, "the sample does not open");
    }
    w.step();
    if w.state().session().is_some_and(|s| s.outcome.is_none()) {
        assert!(shows(&w, "Orders now: –") && shows(&w, "computing"), "no quiet state while the first run goes on");
    }
    settle(&mut w);
    assert!(!shows(&w, "Orders now: –"));
}
