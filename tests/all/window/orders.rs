//! Orders: approve, change, hold, take back, by button and by key; lines keep their places; the list leaves as a file.

use super::{Window, go, sample, settle, shows};
use egui::Key;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use stockcast::app::places::Place;
use stockcast::app::session::Session;
use stockcast::project::{Decision, DecisionState};

fn session(w: &Window) -> &Session {
    w.state().session().unwrap()
}

fn decisions(w: &Window) -> &[Decision] {
    &session(w).project.document().decisions
}

/// The line that costs most to wait: its name, series, quantity.
fn dearest(w: &Window) -> (String, String, f64) {
    let r = session(w).rows.iter().filter(|r| r.quantity > 0.0).max_by(|a, b| a.at_stake.total_cmp(&b.at_stake)).unwrap();
    (format!("{}, {}", r.name, r.location), r.unique_id.to_string(), r.quantity)
}

#[test]
fn an_approved_line_counts_as_on_order_and_can_be_taken_back() {
    let mut w = sample();
    go(&mut w, "Orders");
    assert_eq!(w.state().place(), Place::Orders);
    let (name, id, quantity) = dearest(&w);
    w.get_by_label(&format!("Approve {name}")).click();
    w.run_steps(2);
    assert!(shows(&w, &format!("Undo {name}")), "the line does not stay in its place");
    settle(&mut w);
    let made = decisions(&w).to_vec();
    assert_eq!((made.len(), &*made[0].unique_id, made[0].quantity, made[0].state), (1, id.as_str(), quantity, DecisionState::Approved));
    let row = session(&w).row(&id).unwrap();
    assert!(row.on_order >= quantity && row.quantity == 0.0, "{} on order, {} advised", row.on_order, row.quantity);
    assert!(shows(&w, &format!("Undo {name}")), "the line is gone after the run");

    // the next line by keyboard: down, hold; then received on the first one
    w.key_press(Key::ArrowDown);
    w.run_steps(2);
    w.key_press(Key::ArrowDown);
    w.run_steps(2);
    w.key_press(Key::H);
    w.run_steps(2);
    assert!(decisions(&w).iter().any(|d| d.state == DecisionState::Held), "H does not hold");
    settle(&mut w);
    w.key_press(Key::ArrowUp);
    w.run_steps(3);
    let before = session(&w).row(&id).unwrap().on_hand;
    w.get_by_label("Mark received").click();
    w.run_steps(2);
    settle(&mut w);
    let row = session(&w).row(&id).unwrap();
    assert!((row.on_hand - before - quantity).abs() < 1e-6, "what arrived is not on the shelf: {before} then {}", row.on_hand);
    assert!(row.on_order < quantity);

    // three steps of undo and nothing was ever decided
    for _ in 0..3 {
        w.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
        w.run_steps(2);
    }
    assert!(decisions(&w).is_empty());
    assert!(shows(&w, &format!("Approve {name}")), "the line is gone until the next run");
    settle(&mut w);
    let row = session(&w).row(&id).unwrap();
    assert_eq!((row.quantity, row.on_hand), (quantity, before));
}

#[test]
fn a_supplier_is_approved_at_once_and_the_list_is_written() {
    let mut w = sample();
    go(&mut w, "Orders");
    let (supplier, lines) = {
        let s = session(&w);
        let first = s.rows.iter().find(|r| r.quantity > 0.0).unwrap().supplier.clone();
        let lines = s.rows.iter().filter(|r| r.quantity > 0.0 && r.supplier == first).count();
        (first, lines)
    };
    w.get_by_label(&format!("Supplier {supplier}")).click();
    w.run_steps(3);
    let all = format!("Approve {lines} line{}", if lines == 1 { "" } else { "s" });
    w.get_by_label(&all).click();
    w.run_steps(2);
    assert_eq!(decisions(&w).len(), lines);
    assert!(decisions(&w).iter().all(|d| d.supplier == supplier));
    settle(&mut w);

    // Ctrl+E asks which lines, then for a file
    w.key_press_modifiers(egui::Modifiers::COMMAND, Key::E);
    w.run_steps(3);
    w.get_by_label_contains("Approved lines only").click();
    w.run_steps(2);
    w.get_by_label("Choose a file…").click();
    w.run_steps(3);
    let path = w.home.path().join("approved.csv");
    w.get_by_label("Path").focus();
    w.run_steps(2);
    w.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    w.run_steps(2);
    w.get_by_label("Path").type_text(&path.display().to_string());
    w.run_steps(2);
    w.get_by_role_and_label(egui::accesskit::Role::Button, "Export").click();
    w.run_steps(2);
    settle(&mut w);
    let written = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{e}: {:?}", w.state().toasts().texts().collect::<Vec<_>>()));
    let heading = written.lines().next().unwrap();
    for column in ["unique_id", "item", "location", "supplier", "order_date", "arrives", "order_quantity", "value", "reason", "state"] {
        assert!(heading.split(',').any(|c| c == column), "{column} in {heading}");
    }
    assert_eq!(written.lines().count(), lines + 1);
    assert!(written.lines().skip(1).all(|l| l.contains("approved")));
}

/// A limit is dragged: what fits stands in the list at once, is approved as it stands or kept in the scenario, and goes with the strip.
#[test]
fn what_fits_within_a_limit_follows_the_slider() {
    let mut w = sample();
    go(&mut w, "Orders");
    let (lines, value) = {
        let rows = &session(&w).rows;
        (rows.iter().filter(|r| r.quantity > 0.0).count(), rows.iter().map(|r| r.value).sum::<f64>())
    };
    w.get_by_label("Limit").click();
    // two frames until the question is on its way
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, &format!("Approve {lines} lines")), "with nothing short all lines stand");
    assert!(shows(&w, &format!("{lines} lines as advised")));
    let said = |w: &Window| {
        let all = w.root().children_recursive().find_map(|n| {
            n.value().filter(|v| v.contains("saves GBP")).or_else(|| n.accesskit_node().label().filter(|l| l.contains("saves GBP")))
        });
        all.expect("what the order saves is not said")
    };
    // a simulated mean never stands without its own error
    assert_eq!(said(&w).matches('±').count(), 1, "{}", said(&w));
    // a limit typed into the slider's box
    let box_of = |w: &Window| w.get_by_role_and_label(egui::accesskit::Role::Slider, "Today's order may use at most").rect();
    let at = box_of(&w);
    let here = egui::pos2(at.left() + 0.12 * at.width(), at.center().y);
    w.hover_at(here);
    w.drag_at(here);
    w.run_steps(2);
    w.drop_at(here);
    w.run_steps(3);
    assert_eq!(said(&w).matches('±').count(), 2, "{}", said(&w));
    assert!(shows(&w, "would save about"), "what more money would save is not said");
    let open: Vec<&str> = ["in part", "wait"].into_iter().filter(|t| shows(&w, t)).collect();
    assert!(!open.is_empty(), "nothing waits within a fifth of the money");
    assert!(!shows(&w, &format!("Approve {lines} lines")), "lines set to nothing are approved, too");

    w.get_by_label("Keep in the scenario").click();
    w.run_steps(2);
    settle(&mut w);
    let plan = session(&w).plan();
    let stockcast::scenario::plan::Objective::Target(t) = &plan.policy.objective else { panic!("{:?}", plan.policy.objective) };
    let budget = t.budget.unwrap();
    assert!(budget > 0.0 && budget < 0.7 * value, "{budget} of {value}");
    let now: f64 = session(&w).rows.iter().map(|r| r.value).sum();
    assert!(now <= budget + 0.01 && now > 0.9 * budget, "the run orders {now} within {budget}");

    // the strip goes, and with it what it laid into the list
    w.get_by_label("Limit").click();
    w.run_steps(3);
    w.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    w.run_steps(3);
    settle(&mut w);
    assert!(shows(&w, &format!("Approve {lines} lines")), "the limit stays after it was taken back");
}
