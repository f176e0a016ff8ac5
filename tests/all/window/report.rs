//! Report: a preview of the page, and every table with its length.

use super::{go, sample, settle, shows};
use egui_kittest::kittest::Queryable as _;
use stockcast::app::places::Place;

#[test]
fn the_page_is_shown_and_every_table_can_be_looked_into() {
    let mut w = sample();
    go(&mut w, "Report");
    assert_eq!(w.state().place(), Place::Report);
    settle(&mut w);
    for text in ["What to order now", "What being wrong costs", "Fill rate"] {
        assert!(shows(&w, text), "the preview lacks {text}");
    }
    w.get_by_label("Tables").click();
    w.run_steps(3);
    let series = w.state().session().unwrap().rows.len();
    assert!(shows(&w, &format!("{series} rows")));
    w.get_by_label("Look Forecasts").click();
    w.run_steps(2);
    settle(&mut w);
    for column in ["ds", "mean", "lo-80", "hi-95", "model"] {
        assert!(shows(&w, &format!("Sort by {column}")), "{column}");
    }
}
