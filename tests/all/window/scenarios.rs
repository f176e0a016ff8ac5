//! Branching a scenario, changing it, and seeing it beside its parent.

use super::{go, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;

#[test]
fn a_branch_says_what_it_changes_and_is_compared_with_its_parent() {
    let mut w = sample();
    go(&mut w, "Scenarios");
    w.get_by_label("Branch Weekly store orders").click();
    w.run_steps(3);
    assert!(shows(&w, "Nothing changed"));
    // the vans of the sample go out on Tuesdays and Fridays
    w.get_by_label("Tue").click();
    w.run_steps(3);
    assert!(shows(&w, "dispatch: on Tuesday and Friday to on Friday"));
    w.get_by_label("Keep changes").click();
    w.run_steps(3);
    settle(&mut w);
    w.get_by_label("All scenarios").click();
    w.run_steps(3);
    assert!(shows(&w, "From Weekly store orders, which it changes in: dispatch: on Tuesday and Friday to on Friday"));

    w.get_by_label("Side by side").click();
    w.run_steps(3);
    w.get_by_label("Compare scenarios").click();
    w.run_steps(3);
    settle(&mut w);
    let session = w.state().session().unwrap();
    let (_, comparison) = &session.comparisons[&(1, 2)];
    let wait = comparison.differences.iter().find(|d| d.measure == "delay_days").unwrap();
    assert!(wait.difference.mean > 2.0, "what is ready on Mondays waits until Friday instead of Tuesday: {wait:?}");
    for text in ["Total cost", "surely worse", "Where the difference comes from"] {
        assert!(shows(&w, text), "{text}");
    }
    // undone, the branch is as it was
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(3);
    settle(&mut w);
    w.get_by_label("All scenarios").click();
    w.run_steps(3);
    assert!(shows(&w, "which it changes in: nothing yet"));
}

/// The limits of an aim and the days of the vans stand below each other: side by side they were wider than a small window.
#[test]
fn limits_and_days_are_within_a_small_window() {
    let mut w = sample();
    w.set_size(egui::vec2(1000.0, 640.0));
    w.run_steps(2);
    go(&mut w, "Scenarios");
    w.get_by_label("Assumptions").click();
    w.run_steps(3);
    w.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Aim").click();
    w.run_steps(3);
    w.get_by_label("least cost within a budget").click();
    w.run_steps(3);
    w.get_by_label("Carbon").click();
    w.run_steps(3);
    for name in ["Budget", "Volume", "Weight", "Carbon", "Mon", "Sun"] {
        let right: Vec<f32> = w.query_all_by_label(name).map(|n| n.rect().right()).collect();
        assert!(!right.is_empty() && right.iter().all(|x| *x < 990.0), "{name} ends at {right:?}");
    }
}
