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
    w.get_by_label("wed").click();
    w.run_steps(3);
    assert!(shows(&w, "dispatch: tue, fri → tue, wed, fri"));
    w.get_by_label("Keep changes").click();
    w.run_steps(3);
    settle(&mut w);
    w.get_by_label("All scenarios").click();
    w.run_steps(3);
    assert!(shows(&w, "From Weekly store orders, which it changes in: dispatch: tue, fri → tue, wed, fri"));

    w.get_by_label("Side by side").click();
    w.run_steps(3);
    w.get_by_label("Compare scenarios").click();
    w.run_steps(3);
    settle(&mut w);
    let session = w.state().session().unwrap();
    let (_, comparison) = &session.comparisons[&(1, 2)];
    let trips = comparison.differences.iter().find(|d| d.measure == "trips").unwrap();
    assert!(trips.difference.mean > trips.difference.half_width, "three days a week need more trips: {trips:?}");
    for text in ["Total cost", "surely higher", "Where the difference comes from"] {
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
