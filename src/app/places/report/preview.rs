//! The page as the window draws it: the same tiles, sentences, charts and tables.

use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, bars, charts};
use crate::report::html::{Block, Chart, Page, Tile, Tone};
use eframe::egui::{self, Align, CollapsingHeader, Layout, RichText, Ui, vec2};

/// Height of a table inside the page.
const TABLE: f32 = 300.0;

/// How its tables are sorted.
#[derive(Default)]
pub struct Preview {
    tables: Vec<TableState>,
    stamp: u64,
}

/// What the blocks of one frame share.
struct Walk<'a, 'b, 'c> {
    tables: &'a mut Vec<TableState>,
    stamp: u64,
    next: usize,
    cx: &'b mut Cx<'c>,
}

impl Preview {
    /// The page is another one.
    pub fn forget(&mut self) {
        self.tables.clear();
        self.stamp += 1;
    }

    /// Draws a page.
    pub fn ui(&mut self, ui: &mut Ui, page: &Page, stamp: u64, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let width = ui.available_width().min(1040.0);
        ui.set_max_width(width);
        ui.label(RichText::new(&page.title).size(24.0).strong());
        ui.label(RichText::new(&page.subtitle).color(t.weak));
        ui.add_space(gap::S);
        tiles(ui, &page.tiles);
        let mut walk = Walk { tables: &mut self.tables, stamp: stamp.wrapping_add(self.stamp), next: 0, cx };
        for section in &page.sections {
            ui.add_space(gap::M);
            ui.heading(&section.heading);
            if !section.intro.is_empty() {
                ui.label(RichText::new(&section.intro).color(t.weak));
            }
            ui.add_space(gap::XS);
            for block in &section.blocks {
                walk.block(ui, block, &section.heading);
            }
        }
        ui.add_space(gap::L);
        ui.horizontal_wrapped(|ui| {
            for (name, value) in &page.footer {
                ui.label(RichText::new(format!("{name} {value}")).small().color(t.weak));
            }
        });
    }
}

fn tiles(ui: &mut Ui, tiles: &[Tile]) {
    let t = theme::tokens(ui);
    let (n, width) = widgets::plot::columns(ui, 230.0, 4);
    for line in tiles.chunks(n) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for tile in line {
                ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                    let edge = match tile.tone {
                        Tone::Plain => t.line,
                        Tone::Good => t.good,
                        Tone::Watch => t.warn,
                        Tone::Bad => t.bad,
                    };
                    theme::card(t).stroke(egui::Stroke::new(1.0, edge)).show(ui, |ui| {
                        ui.set_width(width - 26.0);
                        ui.set_min_height(124.0);
                        ui.spacing_mut().item_spacing.y = 2.0;
                        ui.label(RichText::new(&tile.label).color(t.weak));
                        let color = if tile.assumed { t.assumed } else { t.text };
                        ui.label(RichText::new(&tile.value).text_style(theme::figure()).color(color));
                        for text in [&tile.spread, &tile.meaning] {
                            if !text.is_empty() {
                                ui.label(RichText::new(text).small().color(t.weak));
                            }
                        }
                        if let Some(what) = tile.assumption() {
                            ui.label(RichText::new(format!("rests on {what}")).small().color(t.assumed));
                        }
                    });
                });
            }
        });
        ui.add_space(gap::XS);
    }
}

impl Walk<'_, '_, '_> {
    fn block(&mut self, ui: &mut Ui, block: &Block, section: &str) {
        let t = theme::tokens(ui);
        match block {
            Block::Text(text) => {
                ui.label(text);
            }
            Block::List(items) => {
                for item in items {
                    ui.label(format!("• {item}"));
                }
            }
            Block::Chart { chart, caption } => self.chart(ui, chart, caption),
            Block::Charts(all) => {
                let (n, width) = widgets::plot::columns(ui, 400.0, 2);
                for line in all.chunks(n) {
                    ui.horizontal_top(|ui| {
                        ui.spacing_mut().item_spacing.x = 12.0;
                        for (chart, caption) in line {
                            ui.allocate_ui_with_layout(vec2(width, 0.0), Layout::top_down(Align::Min), |ui| {
                                ui.set_width(width);
                                self.chart(ui, chart, caption);
                            });
                        }
                    });
                }
            }
            Block::Table(table) => {
                if !table.caption.is_empty() {
                    ui.label(RichText::new(&table.caption).strong());
                }
                let at = self.next();
                let rows = table.table.rows();
                let height = TABLE.min(70.0 + 27.0 * rows as f32);
                let id = format!("report table {at}");
                let Some(state) = self.tables.get_mut(at) else { return };
                let happened = ui
                    .allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::top_down(Align::Min), |ui| {
                        ui.set_max_height(height);
                        ui.push_id(&id, |ui| state.ui(ui, &id, &table.table, self.stamp, None)).inner
                    })
                    .inner;
                if happened.export {
                    let name = format!("{}.csv", if table.caption.is_empty() { section } else { &table.caption });
                    self.cx.act(Action::ExportTable { table: Box::new(table.table.clone()), name });
                }
                ui.add_space(gap::S);
            }
            Block::Notes(notes) => {
                for n in notes {
                    ui.horizontal_wrapped(|ui| {
                        ui.label(RichText::new(&n.about).strong());
                        if n.assumed {
                            ui.label(RichText::new("assumed").small().color(t.assumed));
                        }
                        ui.label(RichText::new(&n.text).color(if n.assumed { t.assumed } else { t.text }));
                    });
                }
            }
            Block::Facts(facts) => {
                egui::Grid::new(("facts", section)).num_columns(2).spacing(vec2(gap::L, 4.0)).show(ui, |ui| {
                    for (name, value) in facts {
                        ui.label(RichText::new(name).color(t.weak));
                        ui.label(value);
                        ui.end_row();
                    }
                });
            }
            Block::Details { summary, blocks } => {
                // tables keep their numbers whether the details are open or not
                let first = self.next;
                self.next += count(blocks);
                CollapsingHeader::new(summary).id_salt((section, summary, first)).show(ui, |ui| {
                    let after = std::mem::replace(&mut self.next, first);
                    blocks.iter().for_each(|b| self.block(ui, b, section));
                    self.next = after;
                });
            }
        }
    }

    fn next(&mut self) -> usize {
        let at = self.next;
        self.next += 1;
        while self.tables.len() <= at {
            self.tables.push(TableState::default());
        }
        at
    }

    fn chart(&self, ui: &mut Ui, chart: &Chart, caption: &str) {
        let t = theme::tokens(ui);
        match chart {
            Chart::Bars(c) => bars::bars(ui, c, false),
            Chart::Fan(c) => charts::fan(ui, c, &c.title),
            Chart::Curve(c) => charts::curve(ui, c, &c.title),
            Chart::Map(c) => charts::map(ui, c, &c.title),
            // a drawing made elsewhere stands on the page only
            Chart::Svg(_) => {
                ui.label(RichText::new("This drawing stands on the exported page").color(t.weak));
            }
        }
        if !caption.is_empty() {
            ui.label(RichText::new(caption).small().color(t.weak));
        }
        ui.add_space(gap::S);
    }
}

/// Tables in blocks, details included.
fn count(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|b| match b {
            Block::Table(_) => 1,
            Block::Details { blocks, .. } => count(blocks),
            _ => 0,
        })
        .sum()
}
