//! Raw rows of a sales file beside what was understood of them.

use super::recognised::{choose, stem};
use crate::app::action::Action;
use crate::app::import::reading::{Reading, reading};
use crate::app::places::Cx;
use crate::app::places::import::rows::Beside;
use crate::app::theme;
use crate::app::widgets;
use crate::history::Preview;
use crate::report::{Column, Table};
use eframe::egui::{RichText, Ui};

/// The tab's look, and the rows as long as it is looked at.
#[derive(Default)]
pub struct Tab {
    of: Option<Reading>,
    rows: Vec<Preview>,
    /// Why there are none, for this reading.
    problem: Option<String>,
    beside: Beside,
    all: bool,
    stamp: u64,
}

impl Tab {
    /// Rows came in.
    pub fn take(&mut self, of: Reading, previews: &[Preview]) {
        self.of = Some(of);
        self.rows = previews.to_vec();
        self.problem = None;
        self.stamp += 1;
    }

    /// They could not be read.
    pub fn fail(&mut self, of: Reading, why: String) {
        self.of = Some(of);
        self.rows.clear();
        self.problem = Some(why);
    }

    /// Ask again, since a file is at hand now or is read otherwise.
    pub fn forget(&mut self) {
        self.of = None;
    }

    /// Draws it. Returns true where the rows have to be read.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, file: &mut usize) -> bool {
        let Some(sales) = cx.session.project.document().sales.clone() else {
            widgets::empty(ui, "No sales were imported yet", "Raw rows and what was understood of them will stand here", None);
            return false;
        };
        choose(ui, &sales, file);
        if self.of.as_ref() != Some(&reading(&sales)) {
            widgets::empty(
                ui,
                "Reading the first rows",
                "They are shown beside what was understood and are never kept in the project",
                None,
            );
            return true;
        }
        if let Some(why) = &self.problem {
            let next = format!("{why}. The project keeps no raw rows, so the file is needed to show them");
            if widgets::empty(ui, "The raw rows are not at hand", &next, Some("Choose the file again…")) {
                cx.act(Action::AddFile);
            }
            return false;
        }
        let Some(preview) = self.rows.get(*file) else {
            widgets::empty(ui, "No rows", "This file was the same as another and was read once", None);
            return false;
        };
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("As written left, as understood right. Columns about people are hidden").color(t.weak));
            ui.checkbox(&mut self.all, "All columns");
            if ui.button("Export table…").clicked() {
                let name = sales.recognised.get(*file).map_or("sales", |r| stem(&r.file)).to_owned();
                cx.act(Action::ExportTable { table: Box::new(table(preview)), name: format!("{name} first rows.csv") });
            }
        });
        let columns = sales.recognised.get(*file).map_or(&[][..], |r| &r.columns);
        let room = ui.available_height();
        self.beside.ui(ui, self.stamp * 64 + *file as u64, preview, columns, &[], self.all, room);
        false
    }
}

fn table(p: &Preview) -> Table {
    let text = |name: &str, f: &dyn Fn(&crate::history::Seen) -> String| {
        Column::text_opt(name, p.rows.iter().map(|r| Some(f(r)).filter(|t| !t.is_empty())))
    };
    let mut columns = vec![
        Column::integer("line", p.rows.iter().map(|r| r.line as i64)).label("Line"),
        text("understood", &|r| r.set_aside.map_or_else(|| "Used".to_owned(), |why| format!("Set aside: {why}"))).label("Understood"),
        text("item", &|r| r.item.clone()).label("Item"),
        text("location", &|r| r.location.clone()).label("Location"),
        Column::date_opt("date", p.rows.iter().map(|r| r.at)).label("Date"),
        Column::exact("quantity", p.rows.iter().map(|r| r.quantity)).label("Quantity"),
        Column::exact("money", p.rows.iter().map(|r| r.money)).label("Money"),
    ];
    // a wide table has a column a period: enough to see the shape
    for (i, name) in p.columns.iter().enumerate().take(60) {
        let hidden = p.hidden.get(i).copied().unwrap_or(true);
        let cells = p
            .rows
            .iter()
            .map(|r| if hidden { Some("hidden".to_owned()) } else { r.cells.get(i).cloned().flatten().filter(|c| !c.is_empty()) });
        columns.push(Column::text_opt(format!("raw_{name}"), cells).label(format!("File: {name}")));
    }
    columns.retain(|c| {
        !matches!(c.name.as_str(), "location" | "item") || (0..p.rows.len()).any(|r| c.cell(r) != crate::report::table::Cell::Empty)
    });
    Table::new(columns)
}
