//! Any table of results: virtual rows, sorted by a click on a heading, rows chosen, cells copied, exported whole.

use crate::app::theme::{self, ROW, gap};
use crate::base::text::printed;
use crate::report::table::{Cell, Values};
use crate::report::{Column, Table};
use eframe::egui::{self, Align, Button, Label, Layout, RichText, Sense, Ui};
use egui_extras::{Column as Width, TableBuilder};
use std::cmp::Ordering;

/// How a table is sorted, and which row is chosen.
#[derive(Debug, Default)]
pub struct TableState {
    /// Column and whether the largest comes first.
    pub sort: Option<(usize, bool)>,
    order: Vec<u32>,
    made_for: (u64, Option<(usize, bool)>, usize),
}

/// What happened in a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// The row clicked, in the table's own order.
    pub clicked: Option<usize>,
    /// The table is to be exported.
    pub export: bool,
}

/// How a column is shown.
struct Look {
    width: f32,
    right: bool,
}

impl TableState {
    /// Sorted by a column at first.
    pub const fn sorted(column: usize, descending: bool) -> Self {
        Self { sort: Some((column, descending)), order: Vec::new(), made_for: (u64::MAX, None, 0) }
    }

    /// Draws it; `stamp` tells when the table's content has changed, `selected` marks a row.
    pub fn ui(&mut self, ui: &mut Ui, id: &str, table: &Table, stamp: u64, selected: Option<usize>) -> Happened {
        let mut happened = Happened::default();
        let rows = table.rows();
        self.arrange(table, stamp, rows);
        let t = theme::tokens(ui);
        ui.horizontal(|ui| {
            ui.label(RichText::new(crate::base::text::plural(rows, "row")).color(t.weak));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Export table…").clicked() {
                    happened.export = true;
                }
                if ui.button("Copy table").on_hover_text("With headings, ready to paste into a spreadsheet").clicked() {
                    ui.ctx().copy_text(self.as_text(table));
                }
            });
        });
        let looks: Vec<Look> = table.columns.iter().map(look).collect();
        egui::ScrollArea::horizontal().id_salt((id, "across")).show(ui, |ui| {
            // a figure at the right of its column does not touch the text after it
            ui.spacing_mut().item_spacing.x = theme::gap::COLUMN;
            let mut builder = TableBuilder::new(ui)
                .id_salt(id)
                .striped(true)
                .resizable(true)
                .sense(Sense::click())
                .auto_shrink([false, false])
                // a table of two rows is as high as two rows
                .min_scrolled_height(3.0 * ROW)
                .cell_layout(Layout::left_to_right(Align::Center));
            for l in &looks {
                builder = builder.column(Width::initial(l.width).at_least(44.0).clip(true));
            }
            builder
                .header(ROW + 2.0, |mut header| {
                    for (i, (c, l)) in table.columns.iter().zip(&looks).enumerate() {
                        header.col(|ui| {
                            if heading(ui, &c.heading(), l.right, self.sort.filter(|(at, _)| *at == i).map(|(_, down)| down)) {
                                self.sort = Some(match self.sort {
                                    Some((at, down)) if at == i => (i, !down),
                                    _ => (i, c.is_numeric()),
                                });
                            }
                        });
                    }
                })
                .body(|body| {
                    body.rows(ROW, rows, |mut row| {
                        let Some(&at) = self.order.get(row.index()) else { return };
                        let at = at as usize;
                        row.set_selected(selected == Some(at));
                        for (c, l) in table.columns.iter().zip(&looks) {
                            row.col(|ui| cell(ui, c, at, l.right));
                        }
                        if row.response().clicked() {
                            happened.clicked = Some(at);
                        }
                    });
                });
        });
        happened
    }

    fn arrange(&mut self, table: &Table, stamp: u64, rows: usize) {
        let wanted = (stamp, self.sort, rows);
        if self.made_for == wanted && self.order.len() == rows {
            return;
        }
        self.made_for = wanted;
        self.order = (0..rows as u32).collect();
        if let Some((column, down)) = self.sort.and_then(|(c, d)| table.columns.get(c).map(|c| (c, d))) {
            self.order.sort_by(|a, b| {
                let (a, b) = (column.cell(*a as usize), column.cell(*b as usize));
                // what is not known stands last either way
                match (a == Cell::Empty, b == Cell::Empty) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    _ if down => compare(b, a),
                    _ => compare(a, b),
                }
            });
        }
    }

    fn as_text(&self, table: &Table) -> String {
        text(table, self.order.iter().map(|r| *r as usize))
    }
}

/// A table with headings, ready to paste into a spreadsheet.
pub fn text_of(table: &Table) -> String {
    text(table, 0..table.rows())
}

fn text(table: &Table, rows: impl Iterator<Item = usize>) -> String {
    let mut out = table.columns.iter().map(Column::heading).collect::<Vec<_>>().join("\t");
    for row in rows {
        out.push('\n');
        let cells: Vec<String> = table.columns.iter().map(|c| plain(c.cell(row)).replace(['\t', '\n', '\r'], " ")).collect();
        out.push_str(&cells.join("\t"));
    }
    out
}

/// A heading that sorts; true when clicked.
pub fn heading(ui: &mut Ui, name: &str, right: bool, sorted: Option<bool>) -> bool {
    let t = theme::tokens(ui);
    let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing.x = gap::XS;
        let text = RichText::new(name).strong().color(if sorted.is_some() { t.accent } else { t.text });
        let button = ui.add(Button::new(text).frame(false).truncate());
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, format!("Sort by {name}")));
        if let Some(down) = sorted {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(8.0, 8.0), Sense::hover());
            let (c, d) = (rect.center(), if down { 3.0 } else { -3.0 });
            let points = vec![c + egui::vec2(-4.0, -d), c + egui::vec2(4.0, -d), c + egui::vec2(0.0, d)];
            ui.painter().add(egui::Shape::convex_polygon(points, t.accent, egui::Stroke::NONE));
        }
        button.clicked()
    })
    .inner
}

fn look(c: &Column) -> Look {
    let right = c.is_numeric();
    let wanted = match &c.values {
        Values::Text(v) => v.iter().take(200).flatten().map(|s| s.chars().count()).max().unwrap_or(4).clamp(6, 34),
        Values::Number { .. } | Values::Integer(_) => 10,
        Values::Date(v) => v.iter().take(200).flatten().map(|d| d.iso().len()).max().unwrap_or(0).max(10) + 1,
        Values::Bool(_) => 6,
    };
    Look { width: ((wanted + 1).max(c.heading().chars().count() + 3) as f32 * 7.6).clamp(60.0, 300.0), right }
}

fn cell(ui: &mut Ui, c: &Column, row: usize, right: bool) {
    let t = theme::tokens(ui);
    let assumed = c.assumed.get(row).copied().unwrap_or(false);
    let text = shown(c.cell(row));
    let rich = if assumed { RichText::new(&text).color(t.assumed) } else { RichText::new(&text) };
    let label = Label::new(rich).truncate().selectable(false).show_tooltip_when_elided(true);
    let response = if right { ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(label)).inner } else { ui.add(label) };
    if assumed {
        response.on_hover_text("rests on an assumed cost, price or stock");
    }
}

/// A cell for the eye: thousands grouped.
fn shown(cell: Cell<'_>) -> String {
    match cell {
        Cell::Number(x, decimals) => printed(x, decimals.unwrap_or(if x.fract() == 0.0 { 0 } else { 2 })),
        Cell::Integer(x) => printed(x as f64, 0),
        other => plain(other),
    }
}

/// A cell as a spreadsheet reads it.
fn plain(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(s) => s.to_owned(),
        Cell::Number(x, decimals) => crate::report::table::number_text(x, decimals),
        Cell::Integer(x) => x.to_string(),
        Cell::Date(d) => d.iso(),
        Cell::Bool(b) => if b { "yes" } else { "no" }.to_owned(),
    }
}

fn compare(a: Cell<'_>, b: Cell<'_>) -> Ordering {
    match (a, b) {
        (Cell::Number(a, _), Cell::Number(b, _)) => a.total_cmp(&b),
        (Cell::Integer(a), Cell::Integer(b)) => a.cmp(&b),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(&b),
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(&b),
        (Cell::Text(a), Cell::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        _ => Ordering::Equal,
    }
}
