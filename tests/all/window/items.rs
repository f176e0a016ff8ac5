//! Items: the list is searched and sorted, an item answers sliders, what is kept and set by hand can be undone.

use super::{go, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::app::places::Place;

#[test]
fn an_item_answers_and_keeps_what_is_asked_of_it() {
    let mut w = sample();
    go(&mut w, "Items");
    assert_eq!(w.state().place(), Place::Items);
    for text in ["At stake", "Order now", "Copy table"] {
        assert!(shows(&w, text), "{text}");
    }
    // a search leaves what has the words
    w.get_by_label("Search items").focus();
    w.run_steps(2);
    w.get_by_label("Search items").type_text("lemon drizzle bath");
    w.run_steps(3);
    assert!(w.query_by_label("Lemon drizzle loaf at Bath").is_some(), "the search hides what it should find");
    assert!(w.query_by_label("Afternoon tea gift box at Bath").is_none(), "the search keeps what it should hide");
    w.get_by_label("Lemon drizzle loaf at Bath").click();
    w.run_steps(3);
    settle(&mut w);
    for text in ["What if", "Aim for", "Stock to come", "History and forecast"] {
        assert!(shows(&w, text), "{text}");
    }
    // a target of its own answers with what it changes, and is kept on demand
    w.get_by_role_and_label(egui::accesskit::Role::Button, "Cycle service").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "Difference"), "no answer beside what stands");
    w.get_by_label("Keep in this scenario").click();
    w.run_steps(3);
    settle(&mut w);
    let session = w.state().session().unwrap();
    let kept = &session.project.document().active().plan.adjust;
    assert!(kept.iter().any(|a| a.unique_id.is_some() && a.cycle_service.is_some()), "{kept:?}");
    assert!(session.outcome.as_ref().unwrap().series.iter().any(|s| s.stocked.rule.is_some()), "the run does not know of it");
    w.get_by_label("Undo").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(w.state().session().unwrap().project.document().active().plan.adjust.iter().all(|a| a.cycle_service.is_none()));
}

#[test]
fn forecasts_and_policies_open_what_is_behind_them() {
    let mut w = sample();
    go(&mut w, "Forecast");
    settle(&mut w);
    for text in ["Missed demand (WAPE)", "Demand of everything together", "Models at work"] {
        assert!(shows(&w, text), "{text}");
    }
    w.get_by_label("Every series").click();
    w.run_steps(3);
    assert!(shows(&w, "Sort by error at cost"), "no table of series");
    go(&mut w, "Inventory");
    settle(&mut w);
    for text in ["Cost by kind", "By value and variability", "Service against stock"] {
        assert!(shows(&w, text), "{text}");
    }
    w.get_by_label("Every policy").click();
    w.run_steps(3);
    assert!(shows(&w, "Sort by total cost"), "no table of policies");
}

/// Its mean lead time of 7.2 days lies between the slider's steps; drawing the slider once moved it to 7 and asked what nobody had asked.
#[test]
fn an_item_just_opened_has_no_question_of_its_own() {
    let mut w = sample();
    go(&mut w, "Items");
    w.get_by_label("Search items").focus();
    w.run_steps(2);
    w.get_by_label("Search items").type_text("COF-01 bath");
    w.run_steps(3);
    w.get_by_label("House espresso beans, 250 g at Bath").click();
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, "7.2 days"), "the item is another one");
    assert!(shows(&w, "Move a slider"), "a slider moved by itself");
    assert!(!shows(&w, "Difference"));
}
