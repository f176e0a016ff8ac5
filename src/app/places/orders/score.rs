//! Past orders settled: what following the advice, deciding otherwise and weeks of cover came to, line by line.

use crate::app::action::{Action, Answer};
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, Tile};
use crate::base::text::plural;
use crate::inventory::Interval;
use crate::project::Document;
use crate::report::{Column, Table};
use crate::scenario::Outcome;
use crate::scenario::score::{Score, Settled};
use eframe::egui::{RichText, Ui};
use std::collections::HashMap;
use std::sync::Arc;

/// What was settled, made off the interface thread.
struct Found {
    score: Score,
    table: Table,
    ids: Vec<Arc<str>>,
}

/// The view's look.
#[derive(Default)]
pub(super) struct PastOrders {
    /// Whether it is shown in place of the order list.
    pub open: bool,
    asked: Option<Arc<Outcome>>,
    found: Option<Found>,
    table: TableState,
    stamp: u64,
}

impl PastOrders {
    /// Asks for the lines to be settled, once after every run.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        let Some(outcome) = &cx.session.outcome else { return };
        if self.asked.as_ref().is_some_and(|a| Arc::ptr_eq(a, outcome)) {
            return;
        }
        self.asked = Some(outcome.clone());
        let document = cx.session.project.document();
        if document.frozen.is_empty() {
            self.found = None;
            return;
        }
        let document = document.clone();
        let names: HashMap<Arc<str>, String> = cx.session.rows.iter().map(|r| (r.unique_id.clone(), named(&r.name, &r.location))).collect();
        cx.act(Action::Work {
            place: Place::Orders,
            key: Key::Settled,
            label: "Settling past orders".into(),
            work: Box::new(move |_| Box::new(settle(&document, &names))),
        });
    }

    pub fn answer(&mut self, answer: Answer) {
        if let Ok(found) = answer.downcast::<Option<Found>>() {
            self.found = *found;
            self.stamp += 1;
        }
    }

    /// Lines settled.
    pub fn lines(&self) -> usize {
        self.found.as_ref().map_or(0, |f| f.score.lines)
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let Some(found) = &self.found else { return };
        let t = theme::tokens(ui);
        let money = &cx.session.money;
        let s = &found.score;
        let saved = |i: &Interval| (money.text(i.sum), format!("95 %: {} to {}", money.text(i.low), money.text(i.high)));
        let (decisions, by_decisions) = saved(&s.decisions_against_old_rule);
        let (advice, by_advice) = saved(&s.advice_against_old_rule);
        let (changes, by_changes) = saved(&s.advice_against_decisions);
        let share = format!("{} ordered as advised", plural(s.followed, "line"));
        let tiles = [
            ("Lines settled", s.lines.to_string(), share),
            ("Your orders saved", decisions, format!("against weeks of cover; {by_decisions}")),
            ("The advice would have saved", advice, format!("against weeks of cover; {by_advice}")),
            ("Changes and holds cost", changes, format!("against the advice; {by_changes}")),
        ];
        let shown: Vec<Tile<'_>> = tiles
            .iter()
            .map(|(name, figure, note)| Tile { name, figure: figure.clone(), note: note.clone(), color: None, assumed: None, opens: "" })
            .collect();
        widgets::tiles::tiles(ui, 190.0, 4, &shown);
        ui.add_space(gap::S);
        ui.label(RichText::new(HOW).small().color(t.weak));
        ui.add_space(gap::XS);
        let happened = self.table.ui(ui, "past orders", &found.table, self.stamp, None);
        if let Some(id) = happened.clicked.and_then(|i| found.ids.get(i)) {
            cx.act(Action::Show(id.clone()));
        }
        if happened.export {
            cx.act(Action::ExportTable { table: Box::new(found.table.clone()), name: "past orders.csv".into() });
        }
    }
}

/// How lines are settled, for people.
const HOW: &str = "Each line over the time it had to cover, against what was sold since, at the costs of its day; then carried on by the same rule from the next \
                   review, so that a large order is not punished for its size";

/// An item for people.
fn named(name: &str, location: &str) -> String {
    if location == "main" { name.to_owned() } else { format!("{name}, {location}") }
}

fn settle(document: &Document, names: &HashMap<Arc<str>, String>) -> Option<Found> {
    let mut lines = document.settled();
    if lines.is_empty() {
        return None;
    }
    // what deciding otherwise cost most first
    let extra = |l: &Settled| l.decided_cost - l.advised_cost;
    lines.sort_by(|a, b| {
        extra(b).total_cmp(&extra(a)).then_with(|| a.unique_id.cmp(&b.unique_id)).then(a.order_date.0.cmp(&b.order_date.0))
    });
    let table = Table::new(vec![
        Column::text("item", lines.iter().map(|l| names.get(&l.unique_id).cloned().unwrap_or_else(|| l.unique_id.to_string()))),
        Column::text("order_date", lines.iter().map(|l| l.order_date.iso())).label("ordered"),
        Column::text("fate", lines.iter().map(|l| l.fate.name().to_owned())).label("advice was"),
        Column::number("advised", 0, lines.iter().map(|l| l.advised)).label("advised, units"),
        Column::number("decided", 0, lines.iter().map(|l| l.decided)).label("ordered, units"),
        Column::number("old_rule", 0, lines.iter().map(|l| l.old_rule)).label("weeks of cover, units"),
        Column::number("sold", 0, lines.iter().map(|l| l.sold)).label("sold, units"),
        Column::number("advised_cost", 2, lines.iter().map(|l| l.advised_cost)).label("as advised"),
        Column::number("decided_cost", 2, lines.iter().map(|l| l.decided_cost)).label("as ordered"),
        Column::number("old_rule_cost", 2, lines.iter().map(|l| l.old_rule_cost)).label("weeks of cover"),
        Column::number("changed_cost", 2, lines.iter().map(extra)).label("change cost"),
        Column::text("why", lines.iter().map(|l| l.why.clone())).label("reason given"),
    ]);
    Some(Found { score: Score::of(&lines), ids: lines.iter().map(|l| l.unique_id.clone()).collect(), table })
}
