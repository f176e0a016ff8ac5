//! Forecast: changed by hand in the grid, taken back.

use super::{Window, go, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::app::session::Session;

fn session(w: &Window) -> &Session {
    w.state().session().unwrap()
}

fn tab(w: &mut Window, name: &str) {
    w.get_all_by_label_contains(name).last().unwrap().click();
    w.run_steps(3);
}

/// What is simulated as demand over the horizon, all series together.
fn demand(w: &Window) -> f64 {
    session(w).outcome.as_ref().unwrap().series.iter().map(|s| s.stock.outcome.measures.demand.mean).sum()
}

#[test]
fn a_forecast_is_changed_in_the_grid_and_taken_back() {
    let mut w = sample();
    go(&mut w, "Forecast");
    settle(&mut w);
    tab(&mut w, "Change by hand");
    assert!(shows(&w, "Nothing is changed by hand"));
    let first = stockcast::app::format::date(session(&w).outcome.as_ref().unwrap().now.unwrap());
    let before = demand(&w);
    w.get_by_label(&format!("change of {first}")).click();
    w.run_steps(2);
    w.event(egui::Event::Paste("+100%\tfair\n+100%\tfair".into()));
    w.run_steps(3);
    settle(&mut w);
    let said = session(&w).project.document().forecast_overrides.clone();
    assert_eq!(said.len(), 2);
    assert_eq!((said[0].said.percent, said[0].said.why.as_str()), (Some(100.0), "fair"));
    assert!(said[0].said.from < said[1].said.from);
    assert!(demand(&w) > before * 1.01, "{} after {before}", demand(&w));
    assert!(shows(&w, "+100 % for everything on "));
    assert!(session(&w).outcome.as_ref().unwrap().series.iter().any(|s| s.reason().is_some_and(|r| r.contains("changed by hand"))));
    // what is no change is said and writes nothing
    w.get_by_label(&format!("change of {first}")).click();
    w.run_steps(2);
    w.event(egui::Event::Paste("lots".into()));
    w.run_steps(3);
    assert!(shows(&w, "'lots' is no change"));
    assert_eq!(session(&w).project.document().forecast_overrides, said);
    let words = said[1].said.words();
    w.get_by_label(&format!("Take back {words}")).click();
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(session(&w).project.document().forecast_overrides.len(), 1);
    for _ in 0..2 {
        w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
        w.run_steps(2);
        settle(&mut w);
    }
    assert!(session(&w).project.document().forecast_overrides.is_empty());
    assert_eq!(demand(&w), before);
}
