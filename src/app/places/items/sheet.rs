//! The list drawn: search, filters with their counts, headings that sort, lines that are only made while they are seen.

use super::columns::{self, Col};
use super::{Items, list};
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::rows::Status;
use crate::app::theme::{self, ROW, gap};
use crate::app::widgets::{self, table::heading};
use eframe::egui::{self, Align, Button, Layout, Modifiers, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo};
use egui_extras::{Column as Width, TableBuilder};

impl Items {
    /// Everything but the item beside it.
    pub(super) fn sheet(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, narrow: bool) {
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            ui.heading("Items");
            let n = self.list.order.len();
            let all = cx.session.rows.len();
            let count = if n == all { crate::base::text::grouped(all as f64, 0) } else { format!("{n} of {all}") };
            ui.label(RichText::new(format!("{count}, {} at stake", cx.session.money.short(self.sum(cx)))).color(t.weak)).on_hover_text(
                "What waiting one review costs, plus stockout and overstock cost over the horizon, summed over the lines that show",
            );
        });
        ui.horizontal_wrapped(|ui| {
            let width = (ui.available_width() - if narrow { 8.0 } else { 240.0 }).clamp(120.0, 340.0);
            let field = widgets::search_field(ui, &mut self.query.search, "Search items", "Search words, or items with commas", width);
            if cx.find {
                field.request_focus();
            }
            if field.has_focus() && ui.input(|i| i.key_pressed(egui::Key::Escape)) {
                self.query.search.clear();
            }
            if self.picked.is_empty()
                && ui.button("Choose all").on_hover_text("All lines that show; Ctrl or Shift and a click choose some").clicked()
            {
                self.picked = self.list.rows(cx.session).map(|r| r.unique_id.clone()).collect();
            }
            if ui.button("Copy table").on_hover_text("The lines that show, ready to paste into a spreadsheet").clicked() {
                let table = columns::table(self.list.rows(cx.session));
                ui.ctx().copy_text(widgets::table::text_of(&table));
            }
            if ui.button("Export table…").on_hover_text("The lines that show").clicked() {
                let table = Box::new(columns::table(self.list.rows(cx.session)));
                cx.act(Action::ExportTable { table, name: "items.csv".into() });
            }
        });
        self.chips(ui);
        self.bulk(ui, cx);
        ui.add_space(2.0);
        if self.list.order.is_empty() {
            if widgets::empty(ui, "Nothing fits", "No item has all of these words and this status", Some("Show all items")) {
                self.query = list::Query { sort: self.query.sort, ..list::Query::default() };
            }
            return;
        }
        self.table(ui, cx, narrow);
    }

    fn sum(&mut self, cx: &Cx<'_>) -> f64 {
        let key = (cx.session.rows_stamp, self.list.order.len(), self.query.clone());
        match &self.chosen.sum {
            Some((k, sum)) if *k == key => *sum,
            _ => {
                let sum = self.list.at_stake(cx.session);
                self.chosen.sum = Some((key, sum));
                sum
            }
        }
    }

    fn chips(&mut self, ui: &mut Ui) {
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(gap::XS, gap::XS);
            for status in Status::ALL {
                let n = self.list.counts.get(status as usize).copied().unwrap_or(0);
                let on = self.query.statuses.contains(&status);
                if n == 0 && !on {
                    continue;
                }
                let text = RichText::new(format!("{} {n}", status.name())).color(widgets::status_color(t, status));
                if ui.add(Button::selectable(on, text).stroke(egui::Stroke::new(1.0, t.line))).clicked() {
                    if on {
                        self.query.statuses.retain(|s| *s != status);
                    } else {
                        self.query.statuses.push(status);
                    }
                }
            }
            let n = self.list.touched_count;
            if n > 0 || self.query.touched {
                let chip = Button::selectable(self.query.touched, format!("Set by you {n}")).stroke(egui::Stroke::new(1.0, t.line));
                if ui.add(chip).on_hover_text("Items with assumptions, levels or a mark of their own").clicked() {
                    self.query.touched = !self.query.touched;
                }
            }
        });
    }

    fn table(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, narrow: bool) {
        let all: &[Col] = if narrow { &columns::NARROW } else { &columns::ALL };
        let cols: Vec<Col> = all.iter().copied().filter(|c| !self.list.idle.contains(c)).collect();
        let cols = &cols;
        let mut clicked = None;
        ScrollArea::horizontal().id_salt(("items across", narrow)).auto_shrink([false, false]).show(ui, |ui| {
            // a figure at the right of its column does not touch the text after it
            ui.spacing_mut().item_spacing.x = theme::gap::COLUMN;
            let mut builder = TableBuilder::new(ui)
                .id_salt(("items", narrow, cols.len()))
                .striped(true)
                .resizable(true)
                .sense(Sense::click())
                .auto_shrink([false, false])
                .animate_scrolling(false)
                .cell_layout(Layout::left_to_right(Align::Center));
            if let Some(at) = self.scroll_to.take() {
                builder = builder.scroll_to_row(at, None);
            }
            for c in cols {
                builder = builder.column(Width::initial(c.width(narrow)).at_least(if narrow { 24.0 } else { 44.0 }).clip(true));
            }
            builder
                .header(ROW + 2.0, |mut header| {
                    for c in cols {
                        let (_, response) = header.col(|ui| {
                            let (at, down) = self.query.sort;
                            let name = if narrow && *c == Col::Status { "" } else { c.name() };
                            if heading(ui, name, c.right(), (at == *c).then_some(down)) {
                                self.query.sort = (*c, if at == *c { !down } else { c.largest_first() });
                                self.scroll_to = Some(0);
                            }
                        });
                        response.on_hover_text(c.meaning());
                    }
                })
                .body(|body| {
                    body.rows(ROW, self.list.order.len(), |mut row| {
                        let at = row.index();
                        let Some(r) = self.list.at(cx.session, at) else { return };
                        row.set_selected(self.picked.contains(&r.unique_id) || cx.selected.as_ref() == Some(&r.unique_id));
                        for c in cols {
                            row.col(|ui| c.cell(ui, r, cx.session, narrow));
                        }
                        let response = row.response();
                        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{} at {}", r.name, r.location)));
                        if response.clicked() {
                            clicked = Some(at);
                        }
                    });
                });
        });
        if let Some(at) = clicked {
            let modifiers = ui.input(|i| i.modifiers);
            self.click(cx, at, modifiers);
        }
    }

    /// A click opens an item; with Ctrl it joins or leaves the chosen ones, with Shift everything from the last click on is chosen.
    fn click(&mut self, cx: &mut Cx<'_>, at: usize, modifiers: Modifiers) {
        let Some(id) = self.list.at(cx.session, at).map(|r| r.unique_id.clone()) else { return };
        if modifiers.shift {
            let from = self.anchor.unwrap_or(at);
            let range = from.min(at)..=from.max(at);
            self.picked.extend(range.filter_map(|i| self.list.at(cx.session, i)).map(|r| r.unique_id.clone()));
            return;
        }
        self.anchor = Some(at);
        if modifiers.command {
            if self.picked.is_empty()
                && let Some(open) = cx.selected.clone()
            {
                self.picked.insert(open);
            }
            if !self.picked.remove(&id) {
                self.picked.insert(id);
            }
            return;
        }
        self.picked.clear();
        self.shown = Some(id.clone());
        *cx.selected = Some(id);
    }
}
