//! Orders: what to order now by supplier, approved, changed or held line by line, and kept until something newer speaks of it.
//!
//! In: the outcome's advice and the document's decisions. Out: edits ([`decide`]) and exports.
//!
//! Reading order: this file (layout and keys), [`lines`] (advice joined with decisions), [`decide`], [`suppliers`], [`list`], [`detail`], [`cash`],
//! [`export`], [`budget`] (what fits where money or room is short), [`score`] (past orders settled).

mod budget;
mod cash;
mod decide;
mod detail;
mod export;
mod lines;
mod list;
mod score;
mod suppliers;

use super::{Cx, Furnished, Place};
use crate::app::action::{Action, Answer};
use crate::app::jobs::Key;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::project::{DecisionKey, Edit};
use eframe::egui::{self, Align, Frame, Layout, Margin, Panel, RichText, Ui};
use lines::{Line, Lines, Sort, State};
use std::collections::HashMap;
use std::sync::Arc;

/// The place's look.
pub struct Orders {
    /// The command asks for the list to be exported.
    pub export: bool,
    lines: Lines,
    supplier: Option<Arc<str>>,
    search: String,
    done: bool,
    cash: bool,
    sort: (Sort, bool),
    selected: Option<DecisionKey>,
    drafts: HashMap<DecisionKey, f64>,
    why: String,
    exporter: Option<export::Exporter>,
    past: score::PastOrders,
    budget: budget::Budget,
    shown: Vec<usize>,
    shown_for: Option<(u64, Option<Arc<str>>, String, bool)>,
    scroll: bool,
}

impl Default for Orders {
    fn default() -> Self {
        Self {
            export: false,
            lines: Lines::default(),
            supplier: None,
            search: String::new(),
            done: false,
            cash: true,
            sort: (Sort::Waiting, true),
            selected: None,
            drafts: HashMap::new(),
            why: String::new(),
            exporter: None,
            past: score::PastOrders::default(),
            budget: budget::Budget::default(),
            shown: Vec::new(),
            shown_for: None,
            scroll: false,
        }
    }
}

impl Furnished for Orders {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let s = cx.session;
        if s.outcome.is_none() {
            let next = if cx.running(Key::Run) {
                "The order list stands here once every item is forecast and simulated; the bar at the bottom shows how far it is"
            } else {
                "Press F5 to compute"
            };
            widgets::title(ui, "Orders", "What to order now, by supplier");
            widgets::empty(ui, "No orders yet", next, None);
            return;
        }
        if super::is_unplanned(s) {
            widgets::title(ui, "Orders", "What to order now, by supplier");
            super::unplanned(ui, cx);
            return;
        }
        self.lines.refresh(s);
        self.past.refresh(cx);
        self.budget.refresh(cx, &mut self.drafts);
        if !self.budget.open && self.sort.0 == Sort::Worth {
            self.sort = (Sort::Waiting, true);
            self.lines.sort(Sort::Waiting, true);
        }
        if self.supplier.as_ref().is_some_and(|c| !self.lines.suppliers.iter().any(|x| x.name == *c)) {
            self.supplier = None;
        }
        if std::mem::take(&mut self.export) {
            self.exporter = Some(export::Exporter::new(self.supplier.clone()));
        }
        let old = self.lines.all.iter().filter(|l| l.state.is_done() && l.key.1 != self.lines.now).count();
        self.top(ui, cx, old);
        if self.past.open && self.past.lines() > 0 {
            self.past.ui(ui, cx);
            return;
        }
        if self.lines.all.is_empty() {
            if s.outcome.as_ref().is_some_and(|o| o.now.is_none()) {
                widgets::empty(ui, "A demand distribution has no orders", "Open a sales export to see what to order", None);
                return;
            }
            if let Some(u) = super::uncounted(s) {
                if widgets::empty(ui, "No orders without a stock count", &u.text(), Some("Import a stock count…")) {
                    cx.act(Action::AddFile);
                }
                return;
            }
            let next = "Every item has enough on hand and on its way; look at Items for what comes next";
            if widgets::empty(ui, "Nothing needs to be ordered now", next, Some("Go to Items")) {
                cx.act(Action::Go(Place::Items));
            }
            return;
        }
        if let Some(u) = super::uncounted(s).filter(|u| u.all) {
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(u.text()).color(theme::tokens(ui).warn));
                if ui.small_button("Import a stock count…").clicked() {
                    cx.act(Action::AddFile);
                }
            });
            ui.add_space(gap::XS);
        }
        self.filter();
        self.keys(ui, cx);
        self.body(ui, cx);
        if let Some(exporter) = &mut self.exporter
            && exporter.ui(ui, s, &self.lines.all, self.supplier.as_ref(), cx.actions)
        {
            self.exporter = None;
        }
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        match key {
            Key::Budget => self.budget.answer(answer, &mut self.lines, &mut self.sort),
            _ => self.past.answer(answer),
        }
    }
}

impl Orders {
    fn top(&mut self, ui: &mut Ui, cx: &Cx<'_>, old: usize) {
        let t = theme::tokens(ui);
        let s = cx.session;
        ui.horizontal(|ui| {
            ui.heading("Orders");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let field = widgets::search_field(ui, &mut self.search, "Search orders", "Search items, places, suppliers", 210.0);
                if cx.find {
                    field.request_focus();
                }
                ui.checkbox(&mut self.cash, "Money by week");
                ui.checkbox(&mut self.budget.open, "Limit").on_hover_text("What to order first where money, room or weight is short");
                let settled = self.past.lines();
                if settled > 0 {
                    ui.checkbox(&mut self.past.open, format!("Score of past orders ({settled})"))
                        .on_hover_text("What following the advice, deciding otherwise and weeks of cover came to");
                }
                if old > 0 {
                    ui.checkbox(&mut self.done, format!("Earlier ({old})")).on_hover_text("Lines of earlier orders that are done with");
                }
            });
        });
        let text = if s.is_stale() && cx.running(Key::Run) {
            RichText::new("Computing again with your decisions on order; the list stays as it is until then").color(t.warn)
        } else if s.is_stale() {
            RichText::new("Older than your last edit; press F5 to compute again").color(t.warn)
        } else {
            RichText::new("What to order now, what it costs to wait first; approved lines count as on order").color(t.weak)
        };
        ui.label(text);
        ui.add_space(gap::XS);
    }

    /// Which lines show, made again only when something changed.
    fn filter(&mut self) {
        let wanted = (self.lines.stamp, self.supplier.clone(), self.search.trim().to_lowercase(), self.done);
        if self.shown_for.as_ref() == Some(&wanted) {
            return;
        }
        let words: Vec<&str> = wanted.2.split_whitespace().collect();
        let fits = |l: &Line| {
            let here = wanted.1.as_ref().is_none_or(|c| l.supplier == *c);
            let young = wanted.3 || !l.state.is_done() || l.key.1 == self.lines.now;
            here && young
                && (words.is_empty() || {
                    let text = format!("{} {} {} {} {}", l.name, l.item, l.location, l.supplier, l.key.0).to_lowercase();
                    words.iter().all(|w| text.contains(w))
                })
        };
        self.shown = self.lines.all.iter().enumerate().filter(|(_, l)| fits(l)).map(|(i, _)| i).collect();
        self.shown_for = Some(wanted);
    }

    fn position(&self) -> Option<usize> {
        let key = self.selected.as_ref()?;
        self.shown.iter().position(|i| self.lines.all.get(*i).is_some_and(|l| l.key == *key))
    }

    fn select(&mut self, row: usize) {
        if let Some(l) = self.shown.get(row).and_then(|i| self.lines.all.get(*i)) {
            if self.selected.as_ref() != Some(&l.key) {
                self.why.clear();
            }
            self.selected = Some(l.key.clone());
            self.scroll = true;
        }
    }

    /// Arrows move, Enter approves, H holds, Escape lets go.
    fn keys(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        if self.exporter.is_some() || ui.ctx().egui_wants_keyboard_input() || egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        let pressed = |key: egui::Key| ui.ctx().input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
        let at = self.position();
        if pressed(egui::Key::ArrowDown) {
            self.select(at.map_or(0, |i| (i + 1).min(self.shown.len().saturating_sub(1))));
        }
        if pressed(egui::Key::ArrowUp) {
            self.select(at.map_or(0, |i| i.saturating_sub(1)));
        }
        if pressed(egui::Key::Escape) {
            self.selected = None;
        }
        let Some(key) = self.selected.clone().filter(|_| at.is_some()) else { return };
        if pressed(egui::Key::Enter) {
            self.approve(&key, cx);
        }
        if pressed(egui::Key::H) {
            self.hold(&key, cx);
        }
    }

    fn act(&mut self, edit: Option<Edit>, cx: &mut Cx<'_>) {
        if let Some(edit) = edit {
            cx.act(Action::Edit(edit));
            self.why.clear();
        }
    }

    fn approve(&mut self, key: &DecisionKey, cx: &mut Cx<'_>) {
        let at = self.position();
        let Some(l) = self.lines.find(key) else { return };
        let draft = self.drafts.get(key).copied();
        let quantity = match l.state {
            State::Advised | State::Held => draft.unwrap_or(l.quantity),
            State::Approved if draft.is_some() || l.more > 0.0 => draft.unwrap_or(l.quantity + l.more),
            _ => return,
        };
        let edit = decide::approve(cx.session, [(l, quantity)], &self.why);
        if edit.is_none() {
            cx.act(Action::Toast(crate::app::toasts::Level::Info, "A line of nothing is held, not approved; give a quantity".into()));
            return;
        }
        // on to the next line that waits for a decision
        let waits = |i: &usize| self.lines.all.get(*i).is_some_and(|l| l.state == State::Advised && l.key != *key);
        let next = at.and_then(|at| self.shown.iter().enumerate().skip(at + 1).find(|(_, i)| waits(i)).map(|(row, _)| row));
        self.drafts.remove(key);
        self.act(edit, cx);
        if let (Some(row), Some(true)) = (next, self.selected.as_ref().map(|s| s == key)) {
            self.select(row);
        }
    }

    fn hold(&mut self, key: &DecisionKey, cx: &mut Cx<'_>) {
        let edit = self.lines.find(key).filter(|l| l.state == State::Advised).map(|l| decide::hold(cx.session, l, &self.why));
        self.act(edit, cx);
    }

    fn body(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let s = cx.session;
        let t = theme::tokens(ui);
        let line = self.selected.as_ref().and_then(|k| self.lines.find(k)).cloned();
        if let Some(l) = line {
            let frame = Frame::new().fill(t.card).inner_margin(Margin::symmetric(12, 8)).stroke(egui::Stroke::new(1.0, t.line));
            let asked = Panel::bottom("order line")
                .frame(frame)
                .resizable(false)
                .show(ui, |ui| detail::ui(ui, s, &l, &mut self.drafts, &mut self.why))
                .inner;
            match asked {
                Some(detail::Asked::Approve) => self.approve(&l.key, cx),
                Some(detail::Asked::Hold) => self.hold(&l.key, cx),
                Some(detail::Asked::Received) => self.act(Some(decide::receive(s, &l, &self.why)), cx),
                Some(detail::Asked::Cancelled) => self.act(Some(decide::cancel(s, &l, &self.why)), cx),
                Some(detail::Asked::TakeBack) => self.act(Some(decide::take_back(&l)), cx),
                Some(detail::Asked::Open) => cx.act(Action::Show(l.key.0.clone())),
                Some(detail::Asked::Close) => self.selected = None,
                None => {}
            }
        }
        let wide = ui.available_width() > 980.0;
        if wide && self.lines.suppliers.len() > 1 {
            let frame = Frame::new().inner_margin(Margin { right: 10, ..Margin::ZERO });
            Panel::left("order suppliers")
                .frame(frame)
                .resizable(true)
                .default_size(196.0)
                .size_range(150.0..=320.0)
                .show(ui, |ui| suppliers::list(ui, &self.lines, &s.money, &mut self.supplier));
        }
        egui::CentralPanel::default().frame(Frame::new().inner_margin(Margin { left: if wide { 10 } else { 0 }, ..Margin::ZERO })).show(
            ui,
            |ui| {
                if !wide && self.lines.suppliers.len() > 1 {
                    suppliers::combo(ui, &self.lines, &s.money, &mut self.supplier);
                }
                match suppliers::heading(ui, &self.lines, &s.money, self.supplier.as_ref(), &self.drafts) {
                    Some(suppliers::Asked::Approve) => self.approve_all(cx),
                    Some(suppliers::Asked::Export) => self.exporter = Some(export::Exporter::new(self.supplier.clone())),
                    None => {}
                }
                if self.budget.open {
                    self.budget.ui(ui, cx, &mut self.lines, &mut self.drafts, &mut self.sort);
                } else if self.cash && self.lines.due.iter().any(|d| d.approved + d.advised > 0.0) && ui.available_height() > 360.0 {
                    ui.label(RichText::new("Value of these orders by the week in which they arrive").color(t.weak))
                        .on_hover_text("When the money is due if it is paid on arrival; all suppliers");
                    cash::ui(ui, &self.lines.due, &s.money, 112.0);
                }
                ui.add_space(gap::XS);
                self.filter();
                if self.shown.is_empty() {
                    widgets::empty(ui, "No line fits", "Clear the search, or choose another supplier", None);
                    return;
                }
                let scroll_to = if std::mem::take(&mut self.scroll) { self.position() } else { None };
                let view = list::View {
                    session: s,
                    shown: &self.shown,
                    selected: self.selected.as_ref(),
                    sort: self.sort,
                    scroll_to,
                    mixed: self.supplier.is_none() && self.lines.suppliers.len() > 1,
                };
                match list::ui(ui, &self.lines, &view, &mut self.drafts) {
                    Some(list::Happened::Select(key)) => {
                        self.why.clear();
                        self.selected = Some(key);
                    }
                    Some(list::Happened::Approve(key)) => self.approve(&key, cx),
                    Some(list::Happened::Hold(key)) => self.hold(&key, cx),
                    Some(list::Happened::TakeBack(key)) => {
                        let edit = self.lines.find(&key).map(decide::take_back);
                        self.act(edit, cx);
                    }
                    Some(list::Happened::Sort(by)) => {
                        let down =
                            if self.sort.0 == by { !self.sort.1 } else { matches!(by, Sort::Quantity | Sort::Value | Sort::Waiting) };
                        self.sort = (by, down);
                        self.lines.sort(by, down);
                    }
                    None => {}
                }
            },
        );
    }

    fn approve_all(&mut self, cx: &mut Cx<'_>) {
        let chosen = |l: &&Line| l.state == State::Advised && self.supplier.as_ref().is_none_or(|c| l.supplier == *c);
        let lines = self.lines.all.iter().filter(chosen);
        let edit = decide::approve(cx.session, lines.map(|l| (l, self.drafts.get(&l.key).copied().unwrap_or(l.quantity))), "");
        self.act(edit, cx);
    }
}
