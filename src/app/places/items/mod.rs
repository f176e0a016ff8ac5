//! Items: every item at every location, money first; one of them with its forecast, stock, costs, and sliders that ask "what if".
//!
//! In: the session's lines and the engine's answer for one item. Out: questions ([`crate::app::action::Action::Explore`]) and edits.
//!
//! Reading order: [`columns`] and [`list`] (what shows, in which order), `sheet` (the list drawn), `chosen` (several at once), [`own`] (what is set
//! for one item alone), `answers` (what the engine said of it), then `detail` and its parts: `figures`, `what_if`, `plots`, `by_hand`.

mod answers;
mod by_hand;
mod chosen;
pub mod columns;
mod detail;
mod figures;
pub mod list;
pub mod own;
mod plots;
mod sheet;
mod what_if;

use super::{Cx, Furnished};
use crate::app::theme::{self, gap};
use crate::app::widgets;
use eframe::egui::{self, Frame, Key, Margin, Panel, Ui};
use std::collections::HashSet;
use std::sync::Arc;

/// The place's look.
#[derive(Default)]
pub struct Items {
    /// The statuses that another place asks to see alone, until the list has taken them.
    pub wanted: Option<Vec<crate::app::rows::Status>>,
    query: list::Query,
    list: list::List,
    /// Several lines at once.
    picked: HashSet<Arc<str>>,
    /// Where a range chosen with Shift begins.
    anchor: Option<usize>,
    /// The item shown in the last frame, to see when it changes.
    shown: Option<Arc<str>>,
    /// A line to bring into view.
    scroll_to: Option<usize>,
    chosen: chosen::Chosen,
    detail: detail::Detail,
}

impl Furnished for Items {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let session = cx.session;
        let running = cx.running(crate::app::jobs::Key::Run);
        if let Some(statuses) = self.wanted.take() {
            self.query = list::Query { sort: self.query.sort, statuses, ..list::Query::default() };
        }
        self.list.arrange(session, &self.query, running);
        if session.rows.is_empty() {
            widgets::title(ui, "Items", "");
            if running || session.outcome.is_none() {
                widgets::empty(ui, "Computing", "Forecasts and stock of every item come here, in a moment", None);
            } else if !super::unplanned(ui, cx)
                && widgets::empty(ui, "No items", "Open a file with sales to see every item here", Some("Open file…"))
            {
                cx.act(crate::app::action::Action::Command(crate::app::commands::Command::Open));
            }
            return;
        }
        self.keys(ui, cx);
        if self.shown != *cx.selected {
            self.shown.clone_from(cx.selected);
            if let Some(id) = &self.shown {
                // one that the filters hide is shown all the same
                if self.list.row(session, id).is_some() && self.list.place_of(id).is_none() {
                    self.query = list::Query { sort: self.query.sort, ..list::Query::default() };
                    self.list.arrange(session, &self.query, false);
                }
                self.scroll_to = self.list.place_of(id);
            }
        }
        let open = cx.selected.clone().filter(|id| self.list.row(session, id).is_some());
        let t = theme::tokens(ui);
        if let Some(id) = &open {
            let width = ui.available_width();
            let side = Frame::new().fill(t.ground).inner_margin(Margin { left: gap::M as i8, right: 0, top: 0, bottom: 0 });
            Panel::right("item")
                .frame(side)
                .resizable(true)
                .default_size((width * 0.6).max(380.0))
                .size_range(340.0..=(width - 260.0).max(341.0))
                .show(ui, |ui| {
                    if let Some(row) = self.list.row(session, id) {
                        self.detail.ui(ui, cx, row);
                    }
                });
        }
        egui::CentralPanel::default()
            .frame(Frame::new().inner_margin(Margin { left: 0, right: if open.is_some() { gap::S as i8 } else { 0 }, top: 0, bottom: 0 }))
            .show(ui, |ui| self.sheet(ui, cx, open.is_some()));
    }
}

impl Items {
    /// Up and down move through the list, Escape clears what is chosen, then closes the item.
    fn keys(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        if ui.memory(|m| m.focused().is_some()) {
            return;
        }
        let (up, down, page_up, page_down, home, end, escape) = ui.input(|i| {
            let p = |k| i.key_pressed(k) && i.modifiers.is_none();
            (p(Key::ArrowUp), p(Key::ArrowDown), p(Key::PageUp), p(Key::PageDown), p(Key::Home), p(Key::End), p(Key::Escape))
        });
        if escape {
            if self.picked.is_empty() {
                *cx.selected = None;
            } else {
                self.picked.clear();
            }
            return;
        }
        let n = self.list.order.len();
        if n == 0 {
            return;
        }
        let at = cx.selected.as_ref().and_then(|id| self.list.place_of(id));
        let to = match at {
            _ if home => Some(0),
            _ if end => Some(n - 1),
            Some(at) if up => Some(at.saturating_sub(1)),
            Some(at) if down => Some(at + 1),
            Some(at) if page_up => Some(at.saturating_sub(15)),
            Some(at) if page_down => Some(at + 15),
            None if up || down => Some(0),
            _ => None,
        };
        if let Some(row) = to.and_then(|to| self.list.at(cx.session, to.min(n - 1))) {
            *cx.selected = Some(row.unique_id.clone());
            self.anchor = to;
        }
    }
}
