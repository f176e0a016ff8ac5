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
    // all that is planned can be changed, not its beginning only
    let last = session(&w).outcome.as_ref().unwrap().plan.periods;
    w.get_by_label(&format!("change of {first}")).click();
    w.run_steps(2);
    w.event(egui::Event::Paste("\n".repeat(last - 1) + "+2,5%\tdecimal comma"));
    w.run_steps(3);
    settle(&mut w);
    let far = session(&w).project.document().forecast_overrides.last().unwrap().clone();
    assert_eq!(far.said.percent, Some(2.5), "{far:?}");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
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

#[test]
fn events_are_shown_changed_and_left_away() {
    let mut w = sample();
    go(&mut w, "Forecast");
    settle(&mut w);
    tab(&mut w, "Events and drivers");
    assert!(shows(&w, "What each adds") && shows(&w, "What if it were different") && shows(&w, "Measure it"));
    let used = |w: &Window| {
        let o = session(w).outcome.clone().unwrap();
        let names: std::collections::BTreeSet<String> =
            o.series.iter().flat_map(|s| s.known.iter().flat_map(|k| k.effects.iter().map(|e| e.driver.clone()))).collect();
        names
    };
    assert!(used(&w).contains("christmas_run"), "{:?}", used(&w));
    // no event has an elasticity, and no empty column speaks of one
    assert!(shows(&w, "adds ahead, units") && !shows(&w, "elasticity"));
    let before = demand(&w);
    w.get_by_label("Plan with events and what is known ahead").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(used(&w).is_empty() && demand(&w) != before);
    assert!(shows(&w, "This scenario plans without events"));
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(demand(&w), before);
    // the first event of the list is called off
    let names = used(&w);
    w.get_by_label("Add").scroll_to_me();
    w.run_steps(20);
    w.get_by_label("Add").click();
    w.run_steps(3);
    settle(&mut w);
    let said = session(&w).project.document().active().plan.drivers.clone();
    assert!(said.len() == 1 && said[0].drop, "{said:?}");
    assert!(names.contains(&said[0].name), "an event that changes nothing is offered first: {said:?}");
    assert!(demand(&w) != before, "calling it off changes nothing");
    assert!(shows(&w, "does not take place"));
    w.get_by_label(&format!("Take back: {}", said[0].words())).scroll_to_me();
    w.run_steps(20);
    w.get_by_label(&format!("Take back: {}", said[0].words())).click();
    w.run_steps(2);
    settle(&mut w);
    assert!(session(&w).project.document().active().plan.drivers.is_empty());
    assert_eq!(demand(&w), before);
}
