//! The Data place: what was recognised and changed, the grids, files that come to an open project.

use super::{Window, confirm, go, open_in, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::history::Role;
use stockcast::project::SourceKind;

fn tab(w: &mut Window, name: &str) {
    w.get_all_by_label(name).last().unwrap().click();
    w.run_steps(3);
}

fn document(w: &Window) -> stockcast::project::Document {
    w.state().session().unwrap().project.document().clone()
}

#[test]
fn cells_are_typed_and_pasted_as_one_edit_each() {
    let mut w = sample();
    go(&mut w, "Data");
    // the last of this name is the tab; the first is the place of the list on the left
    tab(&mut w, "Items");
    assert!(shows(&w, "60 of 60 rows"), "the grid of items does not show");
    let cell = |column: &str, item: &str| format!("{column} of {item}");
    w.get_by_label("Search the grid").focus();
    w.run_steps(2);
    w.get_by_label("Search the grid").type_text("TEA-0");
    w.run_steps(3);
    w.get_by_label(&cell("Cost", "TEA-01")).click();
    w.run_steps(2);
    w.event(egui::Event::Text("3.45".into()));
    w.run_steps(2);
    w.key_press(egui::Key::Enter);
    w.run_steps(2);
    settle(&mut w);
    let cost = |w: &Window, item: &str| document(w).masters.items.iter().find(|r| format!("{:?}", r.scope).contains(item)).unwrap().cost;
    assert_eq!(cost(&w, "TEA-01"), Some(3.45));
    let edits = w.state().session().unwrap().project.journal().len();
    // a block over two columns and two rows, in which one cell is no number
    w.get_by_label(&cell("Cost", "TEA-01")).click();
    w.run_steps(2);
    w.event(egui::Event::Paste("4.10\t8.20\ncheap\t9.90".into()));
    w.run_steps(3);
    settle(&mut w);
    assert_eq!(cost(&w, "TEA-01"), Some(4.1));
    assert_eq!(w.state().session().unwrap().project.journal().len(), edits + 1, "a paste is one edit");
    assert!(shows(&w, "1 cell not taken over") && shows(&w, "“cheap” is not a number"), "the refused cell is not said");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(cost(&w, "TEA-01"), Some(3.45), "undo takes back the whole paste");
}

#[test]
fn a_role_changes_the_sales_and_undo_brings_them_back() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("shop.csv");
    let mut text = String::from("date,item,customer email,units,amount\n");
    for week in 0..60 {
        let day = stockcast::base::Stamp::from_ymd(2025, 1, 6).unwrap().0 + week * 7 * 86_400;
        for item in ["A", "B"] {
            text.push_str(&format!(
                "{},{item},someone@example.org,{},{}\n",
                stockcast::base::Stamp(day).iso(),
                2 + week % 3,
                10 * (2 + week % 3)
            ));
        }
    }
    std::fs::write(&file, &text).unwrap();
    let mut harness = open_in(home.path(), Some(&file));
    settle(&mut harness);
    confirm(&mut harness);
    let mut w = Window { harness, home };
    tab(&mut w, "Recognised");
    assert!(shows(&w, "120 of 120 rows used"), "what was used is not said");
    assert!(shows(&w, "hidden: about people") && !shows(&w, "someone@example.org"), "personal cells show");
    let total = |w: &Window| -> f64 { document(w).sales.unwrap().history.series.iter().flat_map(|s| &s.y).sum() };
    let units = total(&w);
    w.get_by_label("Role of amount").click();
    w.run_steps(3);
    w.get_all_by_label("Quantity").last().unwrap().click();
    w.run_steps(2);
    settle(&mut w);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(total(&w), 10.0 * units, "the amount is the quantity now");
    assert_eq!(document(&w).sales.unwrap().sources[0].map, [("amount".to_owned(), Role::Quantity)]);
    tab(&mut w, "Raw rows");
    settle(&mut w);
    assert!(
        shows(&w, "As written") && shows(&w, "As understood") && !shows(&w, "someone@example.org"),
        "the raw rows do not show, or show too much"
    );
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(total(&w), units);
    // a stock list that is dropped on the open project is told apart and added; a second time it changes nothing
    let stock = w.home.path().join("count.csv");
    std::fs::write(&stock, "item,on hand\nA,7\nB,0\n").unwrap();
    for time in 0..2 {
        tab(&mut w, "Files");
        w.get_by_label("Path of a file to add").focus();
        w.run_steps(2);
        w.get_by_label("Path of a file to add").type_text(stock.to_str().unwrap());
        w.run_steps(2);
        w.get_by_label("Add path").click();
        w.run_steps(2);
        settle(&mut w);
        assert!(w.state().is_importing() && shows(&w, "Stock on hand"), "the file is not looked at");
        assert_eq!(shows(&w, "In the project already"), time == 1);
        confirm(&mut w);
        let d = document(&w);
        assert_eq!(d.masters.stock.len(), 2, "{:?}", w.state().toasts().texts().collect::<Vec<_>>());
        assert_eq!(d.companions.iter().filter(|c| c.kind == SourceKind::Stock).count(), 1);
    }
    assert_eq!(w.state().session().unwrap().project.journal().iter().filter(|e| e.label == "import count.csv").count(), 1);
}

/// What drives is typed and pasted in the window: a vehicle's cost changes the trips, a new line is a new vehicle, undo brings the old ones back.
#[test]
fn vehicles_are_edited_in_a_grid() {
    let mut w = sample();
    go(&mut w, "Data");
    w.get_by_label("Network").click();
    w.run_steps(3);
    for text in ["Payload kg", "small van", "rigid 7.5 t", "new …", "Carriers’ tariffs", "Road distances"] {
        assert!(shows(&w, text), "{text}");
    }
    let before = w.state().session().unwrap().project.document().masters.vehicles.clone();
    w.get_by_label("Vehicles grid").focus();
    w.run_steps(2);
    w.event(eframe::egui::Event::Paste("tiny van\t300".into()));
    w.run_steps(3);
    settle(&mut w);
    let after = w.state().session().unwrap().project.document().masters.vehicles.clone();
    assert_eq!((after.len(), &*after[0].vehicle, after[0].capacity_kg), (before.len(), "tiny van", Some(300.0)));
    w.get_by_label("Undo").click();
    w.run_steps(3);
    settle(&mut w);
    assert_eq!(w.state().session().unwrap().project.document().masters.vehicles, before);
    for (grid, text) in [("Carriers’ tariffs", "Up to kg"), ("Places", "Camellia Imports"), ("Road distances", "Hours")] {
        w.get_by_label(grid).click();
        w.run_steps(3);
        assert!(shows(&w, text), "{text}");
    }
}
