//! The files that a project is made of, what each kind would add, and a field to add one.

use super::Data;
use crate::app::action::Action;
use crate::app::import::words;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::base::text::grouped;
use crate::project::{Source, SourceKind};
use crate::report::{Column, Table};
use eframe::egui::{self, Button, Key, RichText, ScrollArea, Ui};
use std::path::PathBuf;

/// What a kind of file adds, and the columns it is known by.
const fn adds(kind: SourceKind) -> (&'static str, &'static str) {
    match kind {
        SourceKind::Sales => ("What was sold: the one file that is needed", "date, item, quantity [, location, revenue, in_stock]"),
        SourceKind::Items => {
            ("Costs, prices, suppliers, packs: what mistakes cost", "item, cost, price, supplier, lead_time_days, pack_size …")
        }
        SourceKind::Stock => ("What is there: without it stock is assumed", "item, location, on_hand [, as_of, expires]"),
        SourceKind::OnOrder => ("What is on its way: it is not ordered twice", "item, location, arrives, quantity"),
        SourceKind::Suppliers => ("Order cost, order days and minimum values", "supplier, currency, order_days, minimum_value, order_cost"),
        SourceKind::SupplierItems => ("Who offers what, at which cost and pack", "supplier, item, cost, units_per_pack, lead_time_days"),
        SourceKind::Receipts => ("Lead times as they really were", "supplier, item, ordered, received"),
        SourceKind::Bom => ("What kits are made of", "kit, component, quantity"),
        SourceKind::Locations => ("Where places are: distances, routes, emissions", "location, lat, lon"),
        SourceKind::Vehicles => ("Vans and lorries: what fits and what a trip costs", "vehicle, capacity_kg, capacity_m3, cost_per_km"),
        SourceKind::Carriers => ("What hired carriers charge, by place and weight", "carrier, to, up_to_kg, price"),
        SourceKind::Distances => ("Road distances, where the crow's flight will not do", "from, to, km [, hours]"),
        SourceKind::Shipments => {
            ("Your own deliveries: when each can leave, from where to whom", "shipment, ready, from, to, weight_kg, volume_m3 …")
        }
        SourceKind::Events => (
            "Promotions and holidays, past and coming: forecasts learn what each sold",
            "ds, event [, to, item, location, category, percent]",
        ),
        SourceKind::Future => (
            "Prices, promotions and opening days to come: forecasts learn what each did to sales",
            "unique_id (or item, location), ds, and columns that the sales file has too, such as price, promo",
        ),
    }
}

impl Data {
    /// Draws the list.
    pub(super) fn files_ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            let field = widgets::search_field(ui, &mut self.path, "Path of a file to add", "Path of a file to add", 420.0);
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let given = !self.path.trim().is_empty();
            if (ui.add_enabled(given, Button::new("Add path")).clicked() || entered) && given {
                let path = PathBuf::from(self.path.trim().trim_matches('"'));
                self.path.clear();
                cx.act(Action::Offer(vec![path]));
            }
            if ui.button("Add file…").on_hover_text("Choose a file; what it is will be guessed from its columns").clicked() {
                cx.act(Action::AddFile);
            }
            if ui.button("Export list…").on_hover_text("The files of this project as a table").clicked() {
                cx.act(Action::ExportTable { table: Box::new(list(cx.session.project.document())), name: "files.csv".into() });
            }
            if ui.button("Save items template…").on_hover_text("The items as a table to fill in a spreadsheet and drop back here").clicked()
            {
                self.items.sheet.build(cx.session);
                cx.act(Action::ExportTable { table: Box::new(self.items.sheet.template()), name: "items.csv".into() });
            }
        });
        ui.label(RichText::new("Or drop a file on the window. A file that is here already changes nothing; a newer one takes its place, and Undo brings the old one back").color(t.weak));
        ui.add_space(gap::S);
        let document = cx.session.project.document();
        ScrollArea::both().id_salt("files").auto_shrink([false, false]).show(ui, |ui| {
            egui::Grid::new("files").num_columns(5).striped(true).spacing([20.0, 8.0]).show(ui, |ui| {
                for name in ["About", "File", "Rows", "Read on", "What it adds"] {
                    ui.strong(name);
                }
                ui.end_row();
                for kind in SourceKind::ALL {
                    let of_sales = document.sales.iter().flat_map(|s| &s.sources);
                    let here: Vec<&Source> = of_sales.chain(&document.companions).filter(|s| s.kind == kind).collect();
                    let (what, columns) = adds(kind);
                    let name = crate::app::toasts::sentence(words(kind));
                    for (i, s) in here.iter().enumerate() {
                        ui.label(if i == 0 { name.as_str() } else { "" });
                        let short: String = s.name.chars().take(40).collect();
                        ui.label(if short.len() < s.name.len() { format!("{short}…") } else { short }).on_hover_text(&s.name);
                        let rows = match (s.rows_used, s.rows_read) {
                            (0, 0) => table_rows(document, kind),
                            (a, b) if a == b => grouped(b as f64, 0),
                            (a, b) => format!("{} of {}", grouped(a as f64, 0), grouped(b as f64, 0)),
                        };
                        ui.label(rows).on_hover_text("Rows used");
                        ui.label(RichText::new(s.imported.iso().get(..10).unwrap_or_default()).color(t.weak));
                        ui.label(RichText::new(if i == 0 { what } else { "" }).color(t.weak));
                        ui.end_row();
                    }
                    if here.is_empty() {
                        let n = table_rows(document, kind);
                        ui.label(RichText::new(name).color(t.weak));
                        if n == "–" {
                            ui.label(RichText::new("not given").color(t.weak).italics());
                        } else {
                            ui.label(RichText::new("typed here").color(t.weak));
                        }
                        ui.label(RichText::new(n).color(t.weak));
                        ui.label("");
                        ui.label(RichText::new(what).color(t.weak)).on_hover_text(format!("Columns: {columns}"));
                        ui.end_row();
                    }
                }
            });
        });
    }
}

/// The files that a project is made of.
fn list(document: &crate::project::Document) -> Table {
    let all: Vec<&Source> = document.sales.iter().flat_map(|s| &s.sources).chain(&document.companions).collect();
    Table::new(vec![
        Column::text("about", all.iter().map(|s| s.kind.name())),
        Column::text("file", all.iter().map(|s| s.name.clone())),
        Column::integer("rows_read", all.iter().map(|s| s.rows_read as i64)),
        Column::integer("rows_used", all.iter().map(|s| s.rows_used as i64)),
        Column::date("read_on", all.iter().map(|s| s.imported)),
        Column::text("hash", all.iter().map(|s| s.hash.clone())),
    ])
}

fn table_rows(document: &crate::project::Document, kind: SourceKind) -> String {
    let m = &document.masters;
    let n = match kind {
        SourceKind::Sales | SourceKind::Future => 0,
        SourceKind::Items => m.items.len(),
        SourceKind::Stock => m.stock.len(),
        SourceKind::OnOrder => m.on_order.len(),
        SourceKind::Suppliers => m.suppliers.len(),
        SourceKind::SupplierItems => m.supplier_items.len(),
        SourceKind::Receipts => m.receipts.len(),
        SourceKind::Bom => m.bom.len(),
        SourceKind::Locations => m.locations.len(),
        SourceKind::Vehicles => m.vehicles.len(),
        SourceKind::Carriers => m.carriers.len(),
        SourceKind::Distances => m.distances.len(),
        SourceKind::Shipments => m.shipments.len(),
        SourceKind::Events => m.events.len(),
    };
    if n == 0 { "–".into() } else { grouped(n as f64, 0) }
}
