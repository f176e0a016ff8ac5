//! Report: what the page to send says, and every table of it.
//!
//! In: the session. Out: the page as HTML or a workbook, each table as CSV, TSV, Parquet or XLSX.
//!
//! Reading order: this file, [`preview`] (the page drawn here), [`shelf`] (the tables).

mod preview;
mod shelf;

use super::{Cx, Furnished, Place};
use crate::app::action::{Action, Answer};
use crate::app::commands::Command;
use crate::app::jobs::Key;
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::report::html::Page;
use crate::report::page::{self, Options};
use eframe::egui::{self, RichText, Slider, Ui};
use std::sync::Arc;

/// The place's look.
#[derive(Default)]
pub struct Report {
    /// How much the page shows; the shell writes with these.
    pub options: Options,
    tables: bool,
    page: Option<(Rests, Page)>,
    asked: Option<Rests>,
    preview: preview::Preview,
    shelf: shelf::Shelf,
}

/// What a page rests on; another one is made when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rests {
    outcome: usize,
    replay: usize,
    options: Options,
}

/// What a job of this place answers.
enum Made {
    Page(Rests, Box<Page>),
    Table(shelf::Built),
}

impl Rests {
    fn of(s: &Session, options: Options) -> Option<Self> {
        let outcome = Arc::as_ptr(s.outcome.as_ref()?) as usize;
        let replay = s.replay.as_ref().and_then(|r| r.as_ref().ok()).map_or(0, |r| Arc::as_ptr(r) as usize);
        Some(Self { outcome, replay, options })
    }
}

impl Furnished for Report {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        widgets::title(ui, "Report", "The page to send, and every table behind it");
        let Some(rests) = Rests::of(cx.session, self.options) else {
            let next = if cx.running(Key::Run) { "It is composed when the first run is done" } else { "Press F5 to compute" };
            widgets::empty(ui, "No report yet", next, None);
            return;
        };
        if super::unplanned(ui, cx) {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.selectable_value(&mut self.tables, false, "Preview");
            ui.selectable_value(&mut self.tables, true, "Tables");
            ui.add_space(gap::M);
            if widgets::primary(ui, "Export page…")
                .on_hover_text("One HTML file that needs nothing else; opens in any browser and prints")
                .clicked()
            {
                cx.act(Action::Command(Command::ExportReport));
            }
            if ui
                .button("Export workbook…")
                .on_hover_text("Orders, series, cost curves, trips, footprint and replay, a sheet each")
                .clicked()
            {
                self.shelf.ask_workbook();
            }
            ui.add_space(gap::M);
            let slider = ui.add(Slider::new(&mut self.options.items, 0..=40).text("items with charts"));
            slider.on_hover_text("The dearest items shown on the page with their forecast and cost curve");
        });
        if cx.session.is_stale() {
            ui.label(RichText::new("Older than your last edit; it is composed anew when the run is done").color(t.warn));
        }
        ui.add_space(gap::XS);
        self.shelf.work(cx);
        if self.tables {
            self.shelf.ui(ui, cx);
            return;
        }
        let current = self.page.as_ref().is_some_and(|(r, _)| *r == rests);
        if !current && !cx.running(Key::Report) && !ui.input(|i| i.pointer.any_down()) {
            self.compose(rests, cx);
        }
        match &self.page {
            Some((_, page)) => {
                egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                    ui.set_max_width(ui.available_width() - gap::M);
                    self.preview.ui(ui, page, rests.outcome as u64, cx);
                });
            }
            None => {
                widgets::empty(ui, "Composing the page", "It stands here in a moment", None);
            }
        }
    }

    fn answer(&mut self, _key: Key, answer: Answer) {
        match answer.downcast::<Made>().map(|m| *m) {
            Ok(Made::Page(rests, page)) => {
                self.asked = None;
                self.preview.forget();
                self.page = Some((rests, *page));
            }
            Ok(Made::Table(built)) => self.shelf.built(built),
            Err(_) => {}
        }
    }
}

impl Report {
    fn compose(&mut self, rests: Rests, cx: &mut Cx<'_>) {
        if self.asked == Some(rests) && self.page.is_some() {
            // it was stopped by hand; the older page stays until something changes
            return;
        }
        let s = cx.session;
        let Some(outcome) = s.outcome.clone() else { return };
        self.asked = Some(rests);
        let (inputs, replay) = (s.inputs.clone(), s.replay.as_ref().and_then(|r| r.as_ref().ok()).cloned());
        cx.act(Action::Work {
            place: Place::Report,
            key: Key::Report,
            label: "Composing the report".into(),
            work: Box::new(move |_| {
                let page = page::page_with(&inputs, &outcome, replay.as_deref(), &rests.options);
                Box::new(Made::Page(rests, Box::new(page)))
            }),
        });
    }
}
