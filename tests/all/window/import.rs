//! The import step: files looked at, questions answered, roles changed, and what comes of importing them.

use super::{Window, confirm, go, open, open_in, settle, shows};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::path::{Path, PathBuf};
use stockcast::base::Stamp;
use stockcast::history::Role;
use stockcast::project::{Document, SourceKind};

fn day(i: i64) -> String {
    Stamp(Stamp::from_ymd(2025, 1, 6).unwrap().0 + i * 86_400).iso()
}

/// A till's sales: weeks of two items, nothing to ask.
fn sales(weeks: i64) -> String {
    let mut text = String::from("date,item,customer email,units,amount\n");
    for week in 0..weeks {
        for item in ["A", "B"] {
            text.push_str(&format!("{},{item},someone@example.org,{},{}.50\n", day(7 * week), 2 + week % 3, 10 * (2 + week % 3)));
        }
    }
    text
}

/// Sales whose days cannot be told from months.
const UNCLEAR: &str = "Order,Date,Item,Qty\n1,05/03/2026,A,1\n2,07/02/2026,A,2\n3,06/04/2026,A,3\n4,08/05/2026,B,3\n";

fn write(home: &Path, name: &str, text: &str) -> PathBuf {
    let path = home.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Brings a file by the step's path field.
fn bring(w: &mut Window, path: &Path) {
    w.get_by_label("Path of a file to import").focus();
    w.run_steps(2);
    w.get_by_label("Path of a file to import").type_text(path.to_str().unwrap());
    w.run_steps(2);
    w.get_by_label("Add path").click();
    w.run_steps(2);
    settle(w);
}

/// A window on the import step with these files.
fn with(files: &[(&str, &str)]) -> Window {
    let home = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, text)| write(home.path(), name, text)).collect();
    let mut harness = open_in(home.path(), Some(&paths[0]));
    settle(&mut harness);
    let mut w = Window { harness, home };
    for path in &paths[1..] {
        bring(&mut w, path);
    }
    assert!(w.state().is_importing());
    w
}

fn document(w: &Window) -> &Document {
    w.state().session().expect("nothing was imported").project.document()
}

fn total(w: &Window) -> f64 {
    document(w).sales.as_ref().unwrap().history.series.iter().flat_map(|s| &s.y).filter(|y| y.is_finite()).sum()
}

/// True where a button of this name is there and can be pressed.
fn can(w: &Window, name: &str) -> bool {
    w.query_all_by_label(name).any(|n| !n.accesskit_node().is_disabled())
}

fn press(w: &mut Window, name: &str) {
    w.get_by_label(name).click();
    w.run_steps(2);
    settle(w);
}

#[test]
fn a_clear_file_needs_no_more_than_the_enter_key() {
    let mut w = with(&[("shop.csv", &sales(60))]);
    assert!(shows(&w, "shop.csv: Sales, Ready") && shows(&w, "Everything is clear"), "the file is not ready");
    assert!(shows(&w, "120 of 120 rows") && shows(&w, "nothing set aside"), "what will be imported is not said");
    assert!(!shows(&w, "someone@example.org"), "personal cells show");
    w.key_press(egui::Key::Enter);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(document(&w).sales.as_ref().unwrap().history.series.len(), 2);
    assert!(shows(&w, "shop.csv: 120 rows used, none set aside") && shows(&w, "Completeness"), "what came of it is not said");
    w.run_steps(2);
    settle(&mut w);
    press(&mut w, "Go to the overview");
    assert_eq!(w.state().place(), stockcast::app::places::Place::Overview);
    assert!(!w.state().is_importing());
}

/// Money has no stock: the places say so and what to do, not that a file is missing.
#[test]
fn sales_in_money_only_say_what_is_to_do() {
    let rows: String = (0..60).map(|i| format!("A,{},{}.{:02}\n", day(7 * i), 100 + i % 7, 13 + i % 50)).collect();
    let mut w = with(&[("money.csv", &format!("unique_id,ds,y\n{rows}"))]);
    press(&mut w, "Import 1 file");
    w.run_steps(3);
    settle(&mut w);
    for place in ["Overview", "Forecast", "Inventory", "Items", "Orders", "Routes", "Sustainability", "Report"] {
        go(&mut w, place);
        assert!(shows(&w, "Sales in money only") && shows(&w, "under Recognised"), "{place} does not say it");
        assert!(!shows(&w, "stockcast forecast") && !shows(&w, "--map"), "{place} speaks of the command line");
    }
    press(&mut w, "Go to the data");
    assert_eq!(w.state().place(), stockcast::app::places::Place::Data);
}

/// Sales of a day or two plan nothing: the places say why and what to do, not that all is well or that a file is missing.
#[test]
fn sales_too_few_to_plan_from_say_what_is_to_do() {
    let mut w = with(&[("till.csv", "Date,SKU,Quantity\n2026-05-30,A,2\n2026-05-31,B,3\n")]);
    confirm(&mut w);
    for place in ["Overview", "Forecast", "Inventory", "Items", "Orders", "Routes", "Sustainability", "Report"] {
        go(&mut w, place);
        assert!(shows(&w, "Nothing is planned yet") && shows(&w, "of sales is too little to plan stock from"), "{place} does not say it");
        assert!(shows(&w, "Import files…"), "{place} leads nowhere");
        assert!(!shows(&w, "has enough on hand") && !shows(&w, "No items"), "{place} says something else");
    }
}

/// Orders of a web shop name no place and its stock list does: the stock counts all the same.
#[test]
fn stock_at_a_place_serves_orders_that_name_none() {
    let stock = "item,location,on_hand\nA,Depot,40\nA,Shop,3\nB,Depot,7\n";
    let known = |w: &Window| {
        let s = w.state().session().unwrap();
        s.rows.iter().map(|r| (r.item.to_string(), r.on_hand, r.stock_assumed)).collect::<Vec<_>>()
    };
    let want = [("A".to_owned(), 43.0, false), ("B".to_owned(), 7.0, false)];
    let mut w = with(&[("till.csv", &sales(60)), ("stock.csv", stock)]);
    confirm(&mut w);
    settle(&mut w);
    let mut got = known(&w);
    got.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(got, want);
    go(&mut w, "Overview");
    assert!(!shows(&w, "Nobody told how much is in stock"));
}

/// Where nobody counted the stock, places say so rather than that all is well.
#[test]
fn unknown_stock_is_said_before_anything_rests_on_it() {
    let mut w = with(&[("till.csv", &sales(60))]);
    confirm(&mut w);
    for place in ["Overview", "Orders"] {
        go(&mut w, place);
        assert!(shows(&w, "Nobody told how much is in stock") && shows(&w, "Import a stock count…"), "{place} does not say it");
        assert!(!shows(&w, "has enough on hand"), "{place} says that all is well");
    }
    // the list to send names items that have no description
    go(&mut w, "Report");
    settle(&mut w);
    assert!(shows(&w, "Sort by item") && !shows(&w, "Sort by description"), "the order list does not say what to order");
    go(&mut w, "Orders");
    press(&mut w, "Import a stock count…");
    assert!(w.state().is_importing() || shows(&w, "Path"), "there is no way to a stock count");
}

/// What each step of the forecasts adds stays to be read after an edit, and says that it is older.
#[test]
fn what_each_step_adds_outlives_an_edit() {
    let mut w = with(&[("till.csv", &sales(120))]);
    confirm(&mut w);
    go(&mut w, "Forecast");
    settle(&mut w);
    press(&mut w, "Events and drivers");
    w.get_by_label("Measure it").scroll_to_me();
    w.run_steps(20);
    w.get_by_label("Measure it").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "repeating the last season") && !shows(&w, "Measured before your last edit"));
    w.get_by_label("Plan with events and what is known ahead").scroll_to_me();
    w.run_steps(20);
    w.get_by_label("Plan with events and what is known ahead").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "repeating the last season") && shows(&w, "Measured before your last edit") && shows(&w, "Measure it again"));
}

#[test]
fn days_that_can_be_months_are_asked_for_and_remembered() {
    let mut w = with(&[("orders.csv", UNCLEAR)]);
    assert!(shows(&w, "Which day is 05/03/2026?") && shows(&w, "1 question to answer"), "the file is not asked about");
    assert!(!can(&w, "Import 1 file"), "a file with an open question can be imported");
    press(&mut w, "3 May 2026");
    assert!(shows(&w, "orders.csv: Sales, Ready"), "the answer is not taken");
    // the other reading is only a click away
    press(&mut w, "Change");
    assert!(!can(&w, "Import 1 file"));
    press(&mut w, "5 March 2026");
    confirm(&mut w);
    let sales = document(&w).sales.as_ref().unwrap();
    let first = sales.history.series.iter().map(|s| s.start).min().unwrap();
    assert!(first < Stamp::from_ymd(2026, 2, 8).unwrap() && first >= Stamp::from_ymd(2026, 2, 1).unwrap(), "{first}");
    assert_eq!(sales.sources[0].said, [(stockcast::history::Ask::DateOrder, "dmy".to_owned())]);
    // the same shop's next export asks nothing any more
    let home = w.home;
    drop(w.harness);
    let next = write(home.path(), "next.csv", &UNCLEAR.replace("2026", "2027"));
    let mut harness = open_in(home.path(), Some(&next));
    settle(&mut harness);
    let w = Window { harness, home };
    assert!(shows(&w, "recognised as My orders") && !shows(&w, "Which day is"), "the answer is forgotten");
    assert!(can(&w, "Import 1 file"));
}

#[test]
fn a_role_changed_before_importing_counts() {
    let mut w = with(&[("shop.csv", &sales(20))]);
    w.get_by_label("Role of amount").click();
    w.run_steps(3);
    // the list of roles, not a heading of that name
    let label = |n: &egui_kittest::Node<'_>| n.accesskit_node().role() == egui::accesskit::Role::Label;
    w.get_all_by_label("Quantity").rfind(|n| !label(n)).unwrap().click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "Set by you") && shows(&w, "Remember this for the next export like it"), "the change is not shown");
    confirm(&mut w);
    assert_eq!(document(&w).sales.as_ref().unwrap().sources[0].map, [("amount".to_owned(), Role::Quantity)]);
    assert_eq!(total(&w), 2.0 * (0..20).map(|k| f64::from(10 * (2 + k % 3)) + 0.5).sum::<f64>());
}

#[test]
fn sales_stock_and_items_come_together() {
    let stock = "item,on hand\nA,7\nB,0\n";
    let items = "sku,cost,price,supplier\nA,1.20,2.50,Acme\nB,3.10,6.00,Acme\n";
    let mut w = with(&[("shop.csv", &sales(60)), ("count.csv", stock), ("things.csv", items)]);
    for text in ["shop.csv: Sales, Ready", "count.csv: Stock on hand, Ready", "things.csv: Items, Ready"] {
        assert!(shows(&w, text), "{text}");
    }
    // what a companion file's columns are is shown as well, and can be changed
    w.get_by_label_contains("count.csv: Stock on hand").click();
    w.run_steps(3);
    assert!(shows(&w, "On hand"), "the columns of the stock file are not shown");
    confirm(&mut w);
    let d = document(&w);
    assert_eq!((d.masters.stock.len(), d.masters.items.len(), d.companions.len()), (2, 2, 2));
    assert_eq!(d.masters.items[0].cost, Some(1.2));
    assert!(shows(&w, "count.csv: 2 rows of stock on hand"), "what came of the stock file is not said");
}

#[test]
fn a_file_that_is_no_table_says_why_and_does_not_stop_the_others() {
    let mut w = with(&[("picture.csv", "\u{0}\u{1}\u{2}\u{0}PNG\u{0}\u{0}\u{0}\u{7}"), ("shop.csv", &sales(30))]);
    assert!(shows(&w, "picture.csv: Cannot be read so") || shows(&w, "picture.csv: , Cannot be read so"), "the file is not refused");
    assert!(shows(&w, "The file that cannot be read is left out"));
    confirm(&mut w);
    assert_eq!(document(&w).sales.as_ref().unwrap().sources.len(), 1);
    // without sales there is nothing to forecast, and that is said before anything is read
    let w = with(&[("count.csv", "item,on hand\nA,7\nB,0\n")]);
    assert!(shows(&w, "The sales are missing") && !can(&w, "Import 1 file"));
    let mut w = open();
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    w.run_steps(3);
    assert!(shows(&w, "No files yet") && shows(&w, "Needed: sales"), "the empty step gives no hint");
    press(&mut w, "Back");
    assert!(!w.state().is_importing() && shows(&w, "Open the sample shop"), "there is no way back");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    w.run_steps(3);
    let missing = w.home.path().join("gone.csv");
    bring(&mut w, &missing);
    assert!(shows(&w, "There is no such file"));
}

#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    let mut text = String::from("date,order,item,units\n");
    for i in 0..120_000i64 {
        text.push_str(&format!("{},{i},item {},{}\n", day(i / 300), i % 997, 1 + i % 5));
    }
    let mut w = with(&[("large.csv", &text)]);
    w.get_by_label("Import 1 file").click();
    w.run_steps(5);
    w.get_by_label("Stop importing").click();
    w.step();
    w.step();
    settle(&mut w);
    assert!(w.state().session().is_none() && w.state().is_importing(), "the import went on");
    // it may have been at the file just then: that goes as soon as it is closed
    let projects = w.home.path().join("projects");
    let left = || projects.exists() && std::fs::read_dir(&projects).unwrap().next().is_some();
    for _ in 0..300 {
        if !left() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        w.step();
    }
    assert!(!left(), "a stopped import left a project");
    assert!(can(&w, "Import 1 file"), "it cannot be started again");
}

#[test]
fn the_same_file_again_changes_nothing_and_a_newer_one_is_reconciled() {
    let mut w = with(&[("shop.csv", &sales(30))]);
    confirm(&mut w);
    let before = total(&w);
    let path = w.home.path().join("shop.csv");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    w.run_steps(3);
    bring(&mut w, &path);
    assert!(shows(&w, "In the project already") && shows(&w, "nothing would change"), "that it is there is not said");
    confirm(&mut w);
    assert!(shows(&w, "shop.csv is already in this project; nothing changed"));
    assert_eq!((total(&w), document(&w).sales.as_ref().unwrap().sources.len()), (before, 1));
    // a newer export tells ten weeks more, and all of the old ones again
    let newer = write(w.home.path(), "newer.csv", &sales(40));
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    w.run_steps(3);
    bring(&mut w, &newer);
    assert!(shows(&w, "Add to the sales that are here"));
    confirm(&mut w);
    let want = 2.0 * (0..40).map(|k| f64::from(2 + k % 3)).sum::<f64>();
    assert_eq!(total(&w), want, "rows that both tell count twice, or new ones are lost");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(total(&w), before, "undo brings the old sales back");
}

/// The project keeps no files: opened another day, a newer export goes on from where the old sales are told again.
#[test]
fn a_project_of_another_day_is_continued() {
    let mut w = with(&[("shop.csv", &sales(30))]);
    confirm(&mut w);
    let project = w.state().session().unwrap().project.path().to_owned();
    let home = w.home;
    drop(w.harness);
    let all = sales(40);
    let (head, rows) = all.split_once('\n').unwrap();
    let last: Vec<&str> = rows.lines().skip(2 * 25).collect();
    let newer = write(home.path(), "newer.csv", &format!("{head}\n{}\n", last.join("\n")));
    let mut harness = open_in(home.path(), Some(&project));
    settle(&mut harness);
    let mut w = Window { harness, home };
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::I);
    w.run_steps(3);
    bring(&mut w, &newer);
    assert!(shows(&w, "Continue the sales that are here"), "it is not offered to continue");
    confirm(&mut w);
    let want = 2.0 * (0..40).map(|k| f64::from(2 + k % 3)).sum::<f64>();
    assert_eq!(total(&w), want);
    assert_eq!(document(&w).sales.as_ref().unwrap().sources.iter().filter(|s| s.kind == SourceKind::Sales).count(), 2);
}

#[test]
fn what_the_audit_finds_is_mended_and_taken_back() {
    let mut text = sales(60).replace("someone@example.org", "");
    // another spelling of A, and a slip of the hand
    for week in 0..20 {
        text.push_str(&format!("{},a,,1,5.50\n", day(7 * week)));
    }
    text.push_str(&format!("{},B,,400,4000.50\n", day(7 * 30)));
    let mut w = with(&[("shop.csv", &text)]);
    confirm(&mut w);
    w.run_steps(2);
    settle(&mut w);
    let series = |w: &Window| w.state().session().unwrap().project.document().inputs().history.unwrap().series.len();
    assert_eq!(series(&w), 3);
    assert!(shows(&w, "1 other spelling"), "the spelling is not found");
    press(&mut w, "Make them one item");
    settle(&mut w);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(series(&w), 2);
    assert!(shows(&w, "What you agreed to") && !shows(&w, "1 other spelling"), "what was agreed to is not shown");
    // the sales themselves stay as they were imported
    assert_eq!(document(&w).sales.as_ref().unwrap().history.series.len(), 3);
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    w.run_steps(2);
    settle(&mut w);
    assert_eq!(series(&w), 3);
    assert!(shows(&w, "1 other spelling"), "the finding does not come back");
    // an outlier is a question: leaving it takes nothing away, and it is not asked again
    assert!(shows(&w, "far from"), "the outlier is not asked about");
    let before: f64 = total(&w);
    press(&mut w, "They happened: leave them");
    w.run_steps(2);
    settle(&mut w);
    assert!(!shows(&w, "They happened: leave them") && shows(&w, "left as it is"), "the answer is not taken");
    assert_eq!(total(&w), before);
    go(&mut w, "Overview");
}

#[test]
fn demand_behind_empty_shelves_is_shown_and_can_be_switched_off() {
    let mut text = String::from("date,item,units,in_stock\n");
    for i in 0..120 {
        let out = (60..64).contains(&i);
        text.push_str(&format!("{},A,{},{}\n", day(i), if out { 0 } else { 4 + i % 3 }, u8::from(!out)));
    }
    let mut w = with(&[("shop.csv", &text)]);
    confirm(&mut w);
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "Demand behind empty shelves") && shows(&w, "Out of stock at times"), "the estimate is not shown");
    let stock = |w: &Window| w.state().session().unwrap().project.document().inputs().history.unwrap().series[0].in_stock.is_some();
    assert!(stock(&w));
    w.get_by_label("Estimate demand where shelves were empty").click();
    w.run_steps(2);
    settle(&mut w);
    w.run_steps(2);
    settle(&mut w);
    assert!(!stock(&w) && document(&w).agreed.sales_are_demand);
    assert!(shows(&w, "Demand behind empty shelves"), "the way back is gone");
    w.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    w.run_steps(2);
    settle(&mut w);
    assert!(stock(&w));
}

#[test]
fn columns_of_a_stock_file_are_told_in_the_window() {
    let stock = "Ware,Regal,Zahl\nA,main,7\nB,main,3\n";
    let mut w = with(&[("shop.csv", &sales(60)), ("count.csv", stock)]);
    w.get_by_label_contains("count.csv: ").click();
    w.run_steps(2);
    settle(&mut w);
    // nothing says what the file is
    w.get_by_label("Kind of count.csv").click();
    w.run_steps(2);
    w.get_all_by_label("Stock on hand").last().unwrap().click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "Which column is the units on hand?"), "the column is not asked for");
    assert!(!can(&w, "Import 2 files"));
    // both are told by their roles
    w.get_by_label("Role of Ware").click();
    w.run_steps(2);
    w.get_all_by_label("Item").last().unwrap().click();
    w.run_steps(2);
    settle(&mut w);
    w.get_by_label("Role of Zahl").click();
    w.run_steps(2);
    w.get_all_by_label("On hand").last().unwrap().click();
    w.run_steps(2);
    settle(&mut w);
    assert!(shows(&w, "Set by you") && shows(&w, "count.csv: Stock on hand, Ready"), "what was said is not taken");
    confirm(&mut w);
    let d = document(&w);
    assert_eq!(d.masters.stock.iter().map(|s| s.on_hand).sum::<f64>(), 10.0);
    let said: Vec<&str> = d.companions[0].said.iter().map(|s| s.1.as_str()).collect();
    assert_eq!(said, ["Ware=item", "Zahl=on_hand"]);
}
