//! The frame around the places: opening, commands, undo, reopening.

use super::{open, open_in, sample_from_nothing, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::app::places::Place;

#[test]
fn the_welcome_place_names_a_first_step_for_everybody() {
    let w = open();
    for text in ["You own a shop", "You plan stock", "You analyse", "Opened before", "Everything stays on this machine"] {
        assert!(shows(&w, text), "{text}");
    }
}

#[test]
fn the_sample_opens_with_one_click_and_again_from_the_list() {
    let mut w = sample_from_nothing();
    assert_eq!(w.state().place(), Place::Overview);
    assert!(w.state().session().unwrap().rows.len() > 100);
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num3);
    w.run_steps(2);
    assert_eq!(w.state().place(), Place::Items);
    let project = w.state().session().unwrap().project.path().to_owned();
    let home = w.home;
    drop(w.harness);
    let mut again = open_in(home.path(), Some(&project));
    settle(&mut again);
    assert!(again.state().session().is_some_and(|s| s.outcome.is_some()), "the project does not open again");
}

/// Who opens the palette and leaves it again goes on where they were: Enter still presses the button that had the keys.
#[test]
fn the_palette_gives_the_keys_back() {
    let mut w = open();
    w.get_by_label("Path of a file").focus();
    w.run_steps(2);
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    w.run_steps(3);
    assert!(!w.get_by_label("Path of a file").is_focused());
    w.key_press(egui::Key::Escape);
    w.run_steps(3);
    assert!(w.get_by_label("Path of a file").is_focused(), "the field has lost the keys");
}

/// The list of keys fits the window, and Escape closes it.
#[test]
fn the_list_of_keys_fits_and_escape_closes_it() {
    let mut w = open();
    w.set_size(egui::vec2(1000.0, 640.0));
    w.run_steps(3);
    w.key_press(egui::Key::F1);
    w.run_steps(4);
    assert!(shows(&w, "Ctrl+K finds every command"), "F1 shows no keys");
    let title = w.get_by_label("Keyboard shortcuts").rect();
    assert!(title.top() >= 0.0 && title.left() > 160.0 && title.right() < 840.0, "the list stands at the side: {title:?}");
    w.key_press(egui::Key::Escape);
    w.run_steps(4);
    assert!(!shows(&w, "Ctrl+K finds every command"), "Escape does not close the list");
}

#[test]
fn a_path_that_is_not_there_is_said() {
    let mut w = open();
    w.get_by_label("Path of a file").focus();
    w.run_steps(2);
    w.get_by_label("Path of a file").type_text("/no/such/file.csv");
    w.run_steps(2);
    w.get_by_label("Open path").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "There is no such file"));
}
