//! The first rows of a file: as written left, as understood right, scrolled together.

use crate::app::theme::{self, ROW, gap};
use crate::base::text::{grouped, plural};
use crate::history::{Meant, Preview, RecognisedColumn, Role, Seen};
use eframe::egui::scroll_area::ScrollBarVisibility;
use eframe::egui::{self, Align, Label, Layout, RichText, Ui};
use egui_extras::{Column as Width, TableBuilder};

/// Columns of a file shown at most: a wide table has one a period.
const MOST: usize = 60;

/// How far down both sides are scrolled.
#[derive(Debug, Default)]
pub struct Beside {
    forced: Option<f32>,
    of: u64,
}

/// A column of what was understood: its heading, its width, whether it stands right, and its cells.
type Understood<'a> = (&'static str, f32, bool, Box<dyn Fn(usize, &Seen) -> String + 'a>);

/// Narrowest that the left side becomes, points.
const LEAST: f32 = 130.0;
/// Narrowest that a column of words becomes, points.
const NARROW: f32 = 58.0;

/// Makes the columns of words narrower until all of them are `most` wide, where they can be; how wide they are then.
fn fit(columns: &mut [Understood<'_>], most: f32) -> f32 {
    let wide = |columns: &[Understood<'_>]| columns.iter().map(|u| u.1 + gap::COLUMN).sum::<f32>() + 8.0;
    // no narrower than their headings
    let least = |u: &Understood<'_>| if u.0 == "Set aside" { NARROW + 14.0 } else { NARROW };
    let gives = |u: &Understood<'_>| !u.2 && u.0 != "Date" && u.1 > least(u);
    let (now, spare) = (wide(columns), columns.iter().filter(|u| gives(u)).map(|u| u.1 - least(u)).sum::<f32>());
    if now > most && spare > 0.0 {
        let share = ((now - most) / spare).min(1.0);
        columns.iter_mut().filter(|u| gives(u)).for_each(|u| u.1 -= (u.1 - least(u)) * share);
    }
    wide(columns).max(180.0)
}

impl Beside {
    /// Draws the rows; `fields` are the meanings of a companion file's columns, `all` shows columns that mean nothing too.
    #[allow(clippy::too_many_arguments, reason = "what is shown, of which file, in how much room")]
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        of: u64,
        preview: &Preview,
        columns: &[RecognisedColumn],
        fields: &[Option<&'static str>],
        all: bool,
        height: f32,
    ) {
        if self.of != of {
            *self = Self { forced: Some(0.0), of };
        }
        let meant = |i: usize| match fields.get(i) {
            Some(field) => field.is_some(),
            None => columns.get(i).is_some_and(|c| !matches!(c.role, Role::Ignore | Role::Personal)),
        };
        // a report is shown as it stands in the file, whatever it was put into
        let report = preview.written.is_some();
        let mut shown: Vec<usize> = (0..preview.names().len()).filter(|i| all || report || meant(*i)).collect();
        if shown.is_empty() {
            shown = (0..preview.names().len()).collect();
        }
        let more = shown.len().saturating_sub(MOST);
        shown.truncate(MOST);
        let counts = columns.iter().any(|c| matches!(c.role, Role::Quantity | Role::NetQuantity));
        let mut understood = understood(preview, !fields.is_empty(), counts);
        let room = ui.available_width();
        let right = fit(&mut understood, room * 0.6).min(room - LEAST);
        let left = room - right - 16.0;
        let forced = self.forced.take();
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(left);
                let tail = if more > 0 { format!(", {} not shown", plural(more, "column")) } else { String::new() };
                let first = if preview.rows.len() >= crate::app::import::reading::SHOWN { "first " } else { "" };
                let text = format!("As written: {first}{}{tail}", plural(preview.rows.len(), "row"));
                ui.add(Label::new(RichText::new(text).strong()).truncate());
            });
            ui.vertical(|ui| {
                let nothing = "Nothing is understood yet";
                let text = if understood.is_empty() { RichText::new(nothing).weak() } else { RichText::new("As understood").strong() };
                ui.add(Label::new(text).truncate());
            });
        });
        let body = (height - ROW - 40.0).max(4.0 * ROW);
        ui.horizontal_top(|ui| {
            let written = ui
                .vertical(|ui| {
                    ui.set_width(left);
                    ui.set_height(body + ROW + 14.0);
                    self.written(ui, preview, columns, fields, &shown, forced, body)
                })
                .inner;
            ui.vertical(|ui| {
                ui.set_width(right);
                ui.set_height(body + ROW + 14.0);
                let down = understood_side(ui, of, preview, &understood, written, body);
                // the wheel over this side moves the other too
                if (down - written).abs() > 0.5 {
                    self.forced = Some(down);
                    ui.ctx().request_repaint();
                }
            });
        });
    }

    /// The left side; how far down it is scrolled.
    #[allow(clippy::too_many_arguments, reason = "what is shown, of which file, in how much room")]
    fn written(
        &self,
        ui: &mut Ui,
        preview: &Preview,
        columns: &[RecognisedColumn],
        fields: &[Option<&'static str>],
        shown: &[usize],
        forced: Option<f32>,
        body: f32,
    ) -> f32 {
        let t = theme::tokens(ui);
        let mut offset = 0.0;
        egui::ScrollArea::horizontal().id_salt(("written across", self.of)).auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            let mut table = TableBuilder::new(ui)
                .id_salt(("written", self.of))
                .striped(true)
                .max_scroll_height(body)
                .min_scrolled_height(body)
                .auto_shrink([false, false])
                .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
                .cell_layout(Layout::left_to_right(Align::Center))
                .column(Width::exact(52.0));
            if let Some(y) = forced {
                table = table.vertical_scroll_offset(y);
            }
            for i in shown {
                table = table.column(Width::initial(width(preview, *i)).at_least(40.0).clip(true).resizable(true));
            }
            let out = table
                .header(ROW, |mut header| {
                    header.col(|ui| {
                        ui.label(RichText::new("Line").color(t.weak));
                    });
                    for i in shown {
                        header.col(|ui| {
                            let name = preview.names().get(*i).map_or("", String::as_str);
                            let meaning = match fields.get(*i) {
                                _ if preview.written.is_some() => Some("as it stands in the file".to_owned()),
                                Some(f) => f.map(str::to_owned),
                                None => columns
                                    .get(*i)
                                    .filter(|c| c.role != Role::Ignore)
                                    .map(|c| crate::app::places::data::recognised::role_words(c.role).0.to_owned()),
                            };
                            let color = if meaning.is_some() { t.text } else { t.weak };
                            let label = ui.add(Label::new(RichText::new(name).strong().color(color)).truncate());
                            label.on_hover_text(meaning.map_or_else(|| format!("{name}: not used"), |m| format!("{name}: {m}")));
                        });
                    }
                })
                .body(|body| {
                    body.rows(ROW, preview.rows.len(), |mut row| {
                        let Some(seen) = preview.rows.get(row.index()) else { return };
                        row.col(|ui| {
                            ui.label(RichText::new(seen.line.to_string()).color(t.weak));
                        });
                        for i in shown {
                            row.col(|ui| match seen.cells.get(*i).and_then(Option::as_deref) {
                                Some(cell) => {
                                    let color = if seen.set_aside.is_some() { t.weak } else { t.text };
                                    ui.add(Label::new(RichText::new(cell).color(color)).truncate());
                                }
                                None => {
                                    ui.label(RichText::new("hidden").color(t.weak).italics());
                                }
                            });
                        }
                    });
                });
            offset = out.state.clamped_offset().y;
        });
        offset
    }
}

/// The right side, `written` points down; how far down it is scrolled.
fn understood_side(ui: &mut Ui, of: u64, preview: &Preview, columns: &[Understood<'_>], written: f32, body: f32) -> f32 {
    let t = theme::tokens(ui);
    let mut down = written;
    egui::ScrollArea::horizontal().id_salt(("understood across", of)).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let mut table = TableBuilder::new(ui)
            .id_salt(("understood", of))
            .striped(true)
            .max_scroll_height(body)
            .min_scrolled_height(body)
            .auto_shrink([false, false])
            .vertical_scroll_offset(written)
            .cell_layout(Layout::left_to_right(Align::Center));
        for (_, width, ..) in columns {
            table = table.column(Width::initial(*width).at_least(30.0).clip(true));
        }
        let out = table
            .header(ROW, |mut header| {
                for (i, (name, _, right, _)) in columns.iter().enumerate() {
                    header.col(|ui| align(ui, *right, after_number(columns, i), Label::new(RichText::new(*name).strong()).truncate()));
                }
            })
            .body(|body| {
                body.rows(ROW, preview.rows.len(), |mut row| {
                    let at = row.index();
                    let Some(seen) = preview.rows.get(at) else { return };
                    for (i, (_, _, right, cell)) in columns.iter().enumerate() {
                        let (_, response) = row.col(|ui| {
                            let color = if seen.set_aside.is_some() { t.warn } else { t.text };
                            align(ui, *right, after_number(columns, i), Label::new(RichText::new(cell(at, seen)).color(color)).truncate());
                        });
                        if let Some(why) = seen.set_aside {
                            response.on_hover_text(format!("Set aside: {why}"));
                        }
                    }
                });
            });
        down = out.state.clamped_offset().y;
    });
    down
}

/// Words that stand behind a number keep their distance.
fn after_number(columns: &[Understood<'_>], i: usize) -> bool {
    let right = |i: usize| columns.get(i).is_some_and(|c| c.2);
    i > 0 && right(i - 1) && !right(i)
}

fn align(ui: &mut Ui, right: bool, apart: bool, label: Label) {
    if right {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(label));
    } else {
        if apart {
            ui.add_space(gap::S);
        }
        ui.add(label);
    }
}

/// As wide as its cells, within bounds.
fn width(preview: &Preview, column: usize) -> f32 {
    let name = preview.names().get(column).map_or(0, |n| n.chars().count());
    let cells = preview.rows.iter().take(20).filter_map(|r| r.cells.get(column)?.as_ref()).map(|c| c.chars().count()).max().unwrap_or(0);
    (cells.max(name.min(16)) as f32 * 7.5 + 8.0).clamp(56.0, 190.0)
}

/// What of a row was understood: only what the file tells.
fn understood(preview: &Preview, companion: bool, counts: bool) -> Vec<Understood<'_>> {
    if companion {
        return preview.meant.iter().map(of_companion).collect();
    }
    let any = |f: &dyn Fn(&Seen) -> bool| preview.rows.iter().any(f);
    // as wide as what stands in them, within bounds
    let words = |cell: &dyn Fn(&Seen) -> &str| {
        let most = preview.rows.iter().map(|s| cell(s).chars().count()).max().unwrap_or(0);
        (most as f32 * 7.5 + 10.0).clamp(72.0, 150.0)
    };
    let digits = |cell: &dyn Fn(&Seen) -> f64, least: f32| {
        let most = preview.rows.iter().map(cell).filter(|x| x.is_finite()).map(|x| grouped(x, 2).len()).max().unwrap_or(0);
        (most as f32 * 7.5 + 8.0).clamp(least, 110.0)
    };
    let number = |x: f64| if x.is_finite() { grouped(x, if x.fract() == 0.0 { 0 } else { 2 }) } else { "–".to_owned() };
    let mut out: Vec<Understood<'_>> = Vec::new();
    if any(&|s| s.at.is_some()) {
        // the time of day stands on the other side
        let day = |_: usize, s: &Seen| s.at.map_or_else(|| "–".to_owned(), |a| a.iso().get(..10).unwrap_or_default().to_owned());
        out.push(("Date", 84.0, false, Box::new(day)));
    }
    if any(&|s| !s.item.is_empty()) {
        out.push(("Item", words(&|s| &s.item), false, Box::new(|_, s| s.item.clone())));
    }
    if any(&|s| !s.location.is_empty()) {
        out.push(("Location", words(&|s| &s.location), false, Box::new(|_, s| s.location.clone())));
    }
    // where no column counts units, money is what is read, or each row is one
    let money_alone = !counts && any(&|s| s.quantity.is_finite() && s.quantity != 1.0);
    out.push((
        if money_alone { "Money" } else { "Quantity" },
        digits(&|s| s.quantity, 62.0),
        true,
        Box::new(move |_, s| number(s.quantity)),
    ));
    if !money_alone && any(&|s| s.money.is_finite()) {
        out.push((
            "Money",
            digits(&|s| s.money, 64.0),
            true,
            Box::new(move |_, s| if s.money.is_finite() { grouped(s.money, 2) } else { "–".to_owned() }),
        ));
    }
    if any(&|s| s.set_aside.is_some()) {
        out.push(("Set aside", words(&|s| s.set_aside.unwrap_or("")), false, Box::new(|_, s| s.set_aside.unwrap_or("").to_owned())));
    }
    out
}

fn of_companion(m: &Meant) -> Understood<'_> {
    let cells = &m.cells;
    let cell = move |at: usize, _: &Seen| cells.get(at).filter(|c| !c.is_empty()).cloned().unwrap_or_else(|| "–".to_owned());
    (field_words(m.field), if m.number { 78.0 } else { 110.0 }, m.number, Box::new(cell))
}

/// A companion file's field for people.
pub fn field_words(field: &'static str) -> &'static str {
    match field {
        "known_ahead" => "Known ahead",
        "unique_id" => "Series name",
        "item" => "Item",
        "location" => "Location",
        "description" => "Item name",
        "on_hand" => "On hand",
        "committed" => "Committed",
        "unavailable" => "Unavailable",
        "as_of" => "Counted on",
        "expires" => "Expires",
        "arrives" => "Arrives",
        "quantity" => "Quantity",
        "cost" => "Cost",
        "price" => "Price",
        "supplier" => "Supplier",
        "lead_time" => "Lead time",
        "lead_time_days" => "Lead time, days",
        "pack_size" | "units_per_pack" => "Pack size",
        "minimum" => "Minimum",
        "weight_kg" => "Weight, kg",
        "volume_m3" => "Volume, m³",
        "shelf_life_days" => "Shelf life, days",
        "holding" => "Holding cost",
        "shortage" => "Shortage cost",
        "category" => "Category",
        "successor" => "Successor",
        "status" => "Status",
        "price_breaks" => "Price breaks",
        "price_break_kind" => "Kind of price breaks",
        "kg_co2e" => "kg CO2e a unit",
        "currency" => "Currency",
        "order_days" => "Order days",
        "minimum_value" => "Minimum value",
        "order_cost" => "Order cost",
        "container_kg" => "Container, kg",
        "container_m3" => "Container, m³",
        "rank" => "Rank",
        "ordered" => "Ordered",
        "received" => "Received",
        "arrived" => "Arrived already",
        "kit" => "Kit",
        "component" => "Component",
        "lat" => "Latitude",
        "lon" => "Longitude",
        "kind" => "Kind",
        "vehicle" => "Vehicle",
        "capacity_kg" => "Capacity, kg",
        "capacity_m3" => "Capacity, m³",
        "cost_per_trip" => "Cost a trip",
        "cost_per_km" => "Cost a km",
        "cost_per_hour" => "Cost an hour",
        "emission_class" => "Emission class",
        "count" => "Count",
        "ds" => "Date",
        "event" => "Event",
        "shipment" => "Shipment",
        "ready" => "Ready on",
        "from" => "From",
        "to" => "To",
        "pallets" => "Pallets",
        "due" => "Due on",
        "window_start" => "Open from",
        "window_end" => "Open until",
        "service_min" => "Minutes at the stop",
        "km" => "Distance, km",
        "hours" => "Driving time, hours",
        "carrier" => "Carrier",
        "up_to_kg" => "Up to, kg",
        "per_kg" => "Price a kg",
        "kg_per_m3" => "kg a m³ is charged as",
        "days" => "Days on the way",
        "capacity_pallets" => "Capacity, pallets",
        "shift_start" => "Shift starts",
        "shift_end" => "Shift ends",
        "max_hours" => "Most hours",
        "max_driving_hours" => "Most hours driving",
        "max_km" => "Most km",
        other => other,
    }
}
