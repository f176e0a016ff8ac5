//! The tabs that hold a grid: search, only what is assumed, paste and copy, what was refused.

use super::cells::Refused;
use super::items::Items;
use super::network::{Record, Rows};
use super::stock::Stock;
use super::suppliers::Suppliers;
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets::grid::{GridState, Sheet};
use crate::app::widgets::{self, search_field};
use crate::base::text::{grouped, plural};
use crate::project::Edit;
use crate::report::{Column, Table};
use eframe::egui::{Button, RichText, ScrollArea, Ui};

/// A sheet whose cells become edits.
pub trait Editable: Sheet + Default {
    /// Words for the tab: what it is called, what one line is, what counts as assumed.
    const WORDS: [&'static str; 3];
    /// Reads the session anew.
    fn build(&mut self, cx: &Cx<'_>);
    /// Orders and filters.
    fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>);
    /// Lines in all, and those with something assumed.
    fn counts(&self) -> (usize, usize);
    /// What was written as one edit, and what was refused.
    fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>);
}

macro_rules! editable {
    ($sheet:ty, $words:expr) => {
        impl Editable for $sheet {
            const WORDS: [&'static str; 3] = $words;
            fn build(&mut self, cx: &Cx<'_>) {
                self.build(cx.session);
            }
            fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>) {
                self.arrange(search, only_assumed, sort);
            }
            fn counts(&self) -> (usize, usize) {
                self.counts()
            }
            fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
                self.edit(written)
            }
        }
    };
}
editable!(Items, ["Items grid", "row", "with a cost, price, supplier or lead time that nobody gave"]);
editable!(Stock, ["Stock grid", "row", "that nobody counted"]);
editable!(Suppliers, ["Suppliers grid", "supplier", "without an order cost"]);

impl<R: Record> Editable for Rows<R> {
    const WORDS: [&'static str; 3] = R::WORDS;
    fn build(&mut self, cx: &Cx<'_>) {
        self.build(cx.session);
    }
    fn arrange(&mut self, search: &str, only_assumed: bool, sort: Option<(usize, bool)>) {
        self.arrange(search, only_assumed, sort);
    }
    fn counts(&self) -> (usize, usize) {
        self.counts()
    }
    fn edit(&self, written: &[(usize, usize, String)]) -> (Option<Edit>, Vec<Refused>) {
        self.edit(written)
    }
}

/// A sheet as it is shown, for a file: numbers as numbers, what is assumed as well as what is given.
fn as_table(sheet: &dyn Sheet) -> Table {
    let cell = |row: usize, column: usize| {
        let given = sheet.given(row, column);
        if given.is_empty() { sheet.cell(row, column).text.replace(',', "") } else { given.into_owned() }
    };
    let columns = sheet.columns().iter().enumerate().map(|(i, c)| {
        let rows = || (0..sheet.filled()).map(|r| cell(r, i));
        let name = c.name.to_lowercase().replace(' ', "_");
        if c.right {
            Column::exact(name, rows().map(|t| crate::history::typed_number(&t).unwrap_or(f64::NAN)))
        } else {
            let text = |r: usize| Some(sheet.cell(r, i).text.into_owned()).filter(|t| !t.is_empty());
            Column::text_opt(name, (0..sheet.filled()).map(text))
        }
    });
    Table::new(columns.collect())
}

/// One tab with its grid.
#[derive(Default)]
pub struct Panel<S> {
    /// What it shows.
    pub sheet: S,
    /// Cursor and sort.
    pub grid: GridState,
    /// Looked for.
    pub search: String,
    /// Only lines with something assumed.
    pub only: bool,
    refused: Vec<Refused>,
    built: Option<(u64, u64, u64)>,
    arranged: Option<(usize, bool)>,
    counted: (usize, usize),
}

impl<S: Editable> Panel<S> {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let s = cx.session;
        // lines of a run that goes on come too often to sort by; the finished run counts
        let stamp = (s.project.revision(), s.outcome_revision, s.outcome.as_ref().map_or(0, |o| o.series.len() as u64));
        if self.built != Some(stamp) {
            self.built = Some(stamp);
            self.sheet.build(cx);
            self.counted = self.sheet.counts();
            // an edit leaves the rows where they are; new lines and the first figures do not
            let now = (self.counted.0, s.outcome.is_some());
            if self.arranged != Some(now) {
                self.arranged = Some(now);
                self.order();
            }
        }
        let (all, lacking) = self.counted;
        let [name, line, what] = S::WORDS;
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            let field = search_field(ui, &mut self.search, "Search the grid", "Search names, suppliers …", 240.0);
            if cx.find {
                field.request_focus();
            }
            let mut changed = field.changed();
            let text = format!("Only the {} {what}", grouped(lacking as f64, 0));
            let text = match lacking {
                0 if s.outcome.is_none() => format!("Only those {what}"),
                0 => format!("None {what}"),
                _ => text,
            };
            changed |= ui.add_enabled(lacking > 0 || self.only, eframe::egui::Checkbox::new(&mut self.only, text)).changed();
            if changed {
                self.order();
            }
            ui.label(RichText::new(format!("{} of {}", grouped(self.sheet.filled() as f64, 0), plural(all, line))).color(t.weak));
            if ui.add_enabled(self.sheet.rows() > 0, Button::new("Export table…")).clicked() {
                let file = format!("{}.csv", name.to_lowercase().replace(" grid", ""));
                cx.act(Action::ExportTable { table: Box::new(as_table(&self.sheet)), name: file });
            }
        });
        ui.label(
            RichText::new("Grey italics are assumed or come from other files; typing replaces them. Paste a block from a spreadsheet with Ctrl+V, Delete clears, Escape leaves the grid")
                .small()
                .color(t.weak),
        );
        if s.outcome.is_none() {
            ui.label(
                RichText::new("The first run goes on: what is assumed, and what it costs, will stand in the empty cells when it is done")
                    .color(t.accent),
            );
        }
        self.say_refused(ui);
        ui.add_space(gap::XS);
        if self.sheet.rows() == 0 {
            let (a, b) = if all == 0 && s.project.document().sales.is_some() {
                ("Nobody is named yet", "Say in Data, under Items, who supplies what, or import a list of items or suppliers that does")
            } else if all == 0 {
                ("Nothing here yet", "Import sales first: every item that was sold gets a row")
            } else {
                ("Nothing fits", "Clear the search, or untick the box above")
            };
            widgets::empty(ui, a, b, None);
            return;
        }
        let happened = self.grid.ui(ui, name, &self.sheet);
        if happened.sorted {
            self.order();
        }
        if !happened.written.is_empty() {
            let (edit, refused) = self.sheet.edit(&happened.written);
            self.refused = refused;
            if happened.beyond > 0 {
                self.refused.push(Refused {
                    row: self.sheet.rows() + 1,
                    name: "below the last row".into(),
                    column: "the whole paste",
                    why: format!("{} found no row to stand in", plural(happened.beyond, "line")),
                });
            }
            if let Some(edit) = edit {
                cx.act(Action::Edit(edit));
            }
        }
    }

    fn order(&mut self) {
        self.sheet.arrange(&self.search, self.only, self.grid.sort);
    }

    /// Shows only what is assumed, from the top.
    pub fn show_assumed(&mut self) {
        self.only = true;
        self.search.clear();
        self.arranged = None;
        self.built = None;
    }

    fn say_refused(&mut self, ui: &mut Ui) {
        if self.refused.is_empty() {
            return;
        }
        let t = theme::tokens(ui);
        let mut close = false;
        theme::card(t).stroke(eframe::egui::Stroke::new(1.0, t.warn)).inner_margin(8).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(format!("{} not taken over; the rest is", plural(self.refused.len(), "cell"))).strong());
                close = widgets::close_button(ui, "Dismiss the list of refused cells").clicked();
            });
            ScrollArea::vertical().id_salt("refused").max_height(90.0).show(ui, |ui| {
                for r in self.refused.iter().take(100) {
                    ui.label(RichText::new(format!("Row {} ({}), {}: {}", r.row, r.name, r.column, r.why)).color(t.weak));
                }
                if self.refused.len() > 100 {
                    ui.label(RichText::new(format!("and {} more", self.refused.len() - 100)).color(t.weak));
                }
            });
        });
        if close {
            self.refused.clear();
        }
    }
}
