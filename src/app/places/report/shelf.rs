//! Every table there is: what it holds, how long it is, a look into it, and export. Tables are made on a worker thread when they are asked for.

use super::Made;
use crate::app::action::Action;
use crate::app::jobs::Key;
use crate::app::places::{Cx, Place};
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::base::text::plural;
use crate::report::{Column, Table, page, tables};
use crate::scenario::{Inputs, Outcome, ReplayOutcome};
use eframe::egui::{self, Button, Frame, Margin, Panel, RichText, Ui, WidgetInfo};
use std::sync::Arc;

/// A table of the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Orders,
    Measures,
    Curves,
    Forecasts,
    Trips,
    Footprint,
    Replay,
    Notes,
}

const ALL: [Kind; 8] =
    [Kind::Orders, Kind::Measures, Kind::Curves, Kind::Forecasts, Kind::Trips, Kind::Footprint, Kind::Replay, Kind::Notes];

/// Levels of the intervals that forecasts are written with, percent.
const LEVELS: [f64; 2] = [80.0, 95.0];

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Orders => "Orders",
            Self::Measures => "Series",
            Self::Curves => "Cost curves",
            Self::Forecasts => "Forecasts",
            Self::Trips => "Trips",
            Self::Footprint => "Footprint",
            Self::Replay => "Replay",
            Self::Notes => "Notes",
        }
    }
    const fn holds(self) -> &'static str {
        match self {
            Self::Orders => "What is advised now: quantity, dates, value, cost of waiting, reason",
            Self::Measures => "Every item: policy, costs, service, stock",
            Self::Curves => "Cost and service against the level ordered up to",
            Self::Forecasts => "Mean, median, 80 and 95 % intervals by period, in the layout of unique_id, ds, mean, lo-80 …",
            Self::Trips => "The trips of one simulated future",
            Self::Footprint => "kg CO2e, waste and freight by item and month",
            Self::Replay => "Your past again under three rules, item by item",
            Self::Notes => "What was assumed or set aside, and how to change it",
        }
    }
    /// Rows it has; `None`: there is no such table.
    fn rows(self, s: &Source) -> Option<usize> {
        let o = &s.outcome;
        Some(match self {
            Self::Orders => o.series.iter().filter(|x| x.stock.advice.as_ref().is_some_and(|a| a.quantity > 0.0)).count(),
            Self::Measures => o.series.len(),
            Self::Curves => o.series.iter().map(|x| x.stock.curve.len()).sum(),
            Self::Forecasts => {
                s.inputs.history.as_ref()?;
                o.series.iter().filter_map(|x| x.forecast.as_ref()).map(|f| f.mean.len().min(o.plan.periods)).sum()
            }
            Self::Trips => o.freight.as_ref()?.example.len(),
            Self::Footprint => o.freight.as_ref()?.footprint_lines.len(),
            Self::Replay => s.replay.as_ref()?.items.len(),
            Self::Notes => o.diagnostics.len(),
        })
    }
    fn table(self, s: &Source) -> Option<Table> {
        let o = &s.outcome;
        Some(match self {
            Self::Orders => tables::orders(o),
            Self::Measures => tables::measures(o),
            Self::Curves => tables::curves(o),
            Self::Forecasts => tables::forecasts(o, s.inputs.history.as_ref()?, &LEVELS),
            Self::Trips => tables::trips(o.freight.as_ref()?),
            Self::Footprint => tables::footprint(o, o.freight.as_ref()?),
            Self::Replay => tables::replay(s.replay.as_ref()?),
            Self::Notes => notes(o),
        })
    }
}

/// Tells one outcome and replay from another.
type Id = (usize, usize);

/// What tables are made of.
#[derive(Clone)]
struct Source {
    outcome: Arc<Outcome>,
    inputs: Arc<Inputs>,
    replay: Option<Arc<ReplayOutcome>>,
}

impl Source {
    fn of(s: &Session) -> Option<Self> {
        let replay = s.replay.as_ref().and_then(|r| r.as_ref().ok()).cloned();
        Some(Self { outcome: s.outcome.clone()?, inputs: s.inputs.clone(), replay })
    }
    fn id(&self) -> Id {
        (Arc::as_ptr(&self.outcome) as usize, self.replay.as_ref().map_or(0, |r| Arc::as_ptr(r) as usize))
    }
}

/// What is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Look(Kind),
    Export(Kind),
    Workbook,
    Everything,
}

/// Tables just made.
pub struct Built {
    wanted: Wanted,
    tables: Vec<(String, Table)>,
}

/// The shelf.
#[derive(Default)]
pub struct Shelf {
    wanted: Option<Wanted>,
    built: Option<Built>,
    open: Option<(Kind, Id, Table, TableState)>,
    stamp: u64,
    rows: Option<(Id, Vec<Option<usize>>)>,
}

impl Shelf {
    /// The workbook is wanted.
    pub fn ask_workbook(&mut self) {
        self.wanted = Some(Wanted::Workbook);
    }

    /// What a job made.
    pub fn built(&mut self, built: Built) {
        self.built = Some(built);
    }

    /// Starts what is wanted and hands on what was made.
    pub fn work(&mut self, cx: &mut Cx<'_>) {
        if let Some(Built { wanted, mut tables }) = self.built.take() {
            let project = cx.session.project.document().name.clone();
            match wanted {
                Wanted::Look(kind) => {
                    if let (Some((_, table)), Some(source)) = (tables.pop(), Source::of(cx.session)) {
                        self.stamp += 1;
                        self.open = Some((kind, source.id(), table, TableState::default()));
                    }
                }
                Wanted::Export(kind) => {
                    if let Some((_, table)) = tables.pop() {
                        let ending = if kind == Kind::Forecasts { "parquet" } else { "csv" };
                        let name = format!("{}.{ending}", kind.name().to_lowercase());
                        cx.act(Action::ExportTable { table: Box::new(table), name });
                    }
                }
                Wanted::Workbook => cx.act(Action::ExportTables { tables, name: format!("{project} report.xlsx") }),
                Wanted::Everything => cx.act(Action::ExportTables { tables, name: format!("{project} tables") }),
            }
        }
        if cx.running(Key::Report) {
            return;
        }
        if let (Some(wanted), Some(source)) = (self.wanted.take(), Source::of(cx.session)) {
            cx.act(Action::Work {
                place: Place::Report,
                key: Key::Report,
                label: "Making tables".into(),
                work: Box::new(move |_| {
                    let named = |k: Kind| k.table(&source).map(|t| (k.name().to_owned(), t));
                    let tables = match wanted {
                        Wanted::Look(k) | Wanted::Export(k) => named(k).into_iter().collect(),
                        Wanted::Workbook => page::sheets(&source.outcome, source.replay.as_deref()),
                        Wanted::Everything => ALL.into_iter().filter_map(named).collect(),
                    };
                    Box::new(Made::Table(Built { wanted, tables }))
                }),
            });
        }
    }

    /// Draws the list, and below it the table that is looked into.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let Some(source) = Source::of(cx.session) else { return };
        if self.rows.as_ref().is_none_or(|(id, _)| *id != source.id()) {
            self.rows = Some((source.id(), ALL.into_iter().map(|k| k.rows(&source)).collect()));
        }
        if let Some((kind, id, ..)) = &self.open
            && *id != source.id()
            && self.wanted.is_none()
            && !cx.running(Key::Report)
        {
            self.wanted = Some(Wanted::Look(*kind));
        }
        let open = self.open.as_ref().map(|o| o.0);
        let mut wanted = None;
        let mut list = |ui: &mut Ui| {
            egui::ScrollArea::vertical().id_salt("shelf").show(ui, |ui| {
                for (kind, rows) in ALL.into_iter().zip(self.rows.iter().flat_map(|r| &r.1)) {
                    ui.horizontal(|ui| {
                        let button = |ui: &mut Ui, word: &str, enabled: bool| {
                            let response = ui.add_enabled(enabled, Button::new(word));
                            let name = format!("{} {}", word.trim_end_matches('…'), kind.name());
                            response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, enabled, name.clone()));
                            response.on_disabled_hover_text("there is nothing to show yet").clicked()
                        };
                        let some = rows.is_some_and(|n| n > 0);
                        if button(ui, "Look", some) {
                            wanted = Some(Wanted::Look(kind));
                        }
                        if button(ui, "Export…", some) {
                            wanted = Some(Wanted::Export(kind));
                        }
                        let name = RichText::new(kind.name()).strong().color(if open == Some(kind) { t.accent } else { t.text });
                        fixed(ui, 96.0, name);
                        let count = rows.map_or_else(|| "not there".to_owned(), |n| plural(n, "row"));
                        fixed(ui, 92.0, RichText::new(count).color(t.weak));
                        ui.add(egui::Label::new(RichText::new(kind.holds()).color(t.weak)).truncate());
                    });
                }
                ui.add_space(gap::XS);
                if ui.button("Export all tables…").on_hover_text("A folder with a CSV each, or one workbook").clicked() {
                    wanted = Some(Wanted::Everything);
                }
            });
        };
        if open.is_some() {
            // all of the list where there is room, some of it to scroll where there is not
            let high = if ui.available_height() > 600.0 { 304.0 } else { 130.0 };
            Panel::top("shelf").exact_size(high).frame(Frame::new().inner_margin(Margin { bottom: 8, ..Margin::ZERO })).show(ui, &mut list);
            let mut close = false;
            if let Some((kind, _, table, state)) = &mut self.open {
                ui.horizontal(|ui| {
                    ui.label(RichText::new(kind.name()).text_style(theme::section()).strong());
                    close = crate::app::widgets::close_button(ui, "Close the table").clicked();
                });
                if state.ui(ui, "shelf table", table, self.stamp, None).export {
                    wanted = Some(Wanted::Export(*kind));
                }
            }
            if close {
                self.open = None;
            }
        } else {
            list(ui);
        }
        self.wanted = wanted.or(self.wanted);
    }
}

/// A label in a cell `width` points wide, so that the next ones stand under each other.
fn fixed(ui: &mut Ui, width: f32, text: RichText) {
    ui.allocate_ui_with_layout(egui::vec2(width, 24.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_width(width);
        ui.add(egui::Label::new(text).truncate());
    });
}

fn notes(o: &Outcome) -> Table {
    let d = &o.diagnostics;
    Table::new(vec![
        Column::text("code", d.iter().map(|d| d.code.to_string())),
        Column::text("severity", d.iter().map(|d| format!("{:?}", d.severity).to_lowercase())),
        Column::text_opt("file", d.iter().map(|d| d.file.clone())),
        Column::integer_opt("line", d.iter().map(|d| d.line.and_then(|l| i64::try_from(l).ok()))),
        Column::text("message", d.iter().map(|d| d.message.clone())),
        Column::text_opt("fix", d.iter().map(|d| d.fix.clone())),
    ])
}
