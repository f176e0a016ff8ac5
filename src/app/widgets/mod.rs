//! Pieces that several places are built of. They know colours and numbers, not what a project is.
//!
//! Reading order: this file (small ones), [`table`] (any table of results: sorted, copied, exported), [`plot`] (fans, curves, bars with units and
//! values on hover), [`legend`](mod@legend) (what their colours mean), [`bars`] (horizontal bars), [`charts`] (what the report shows), [`grid`] (cells that
//! are typed into), [`map`](mod@map) (places and trips on the earth), [`spark`] (a line in a table cell), [`tiles`] (tiles in rows).

pub mod bars;
pub mod charts;
pub mod grid;
pub mod legend;
pub mod map;
pub mod plot;
pub mod spark;
pub mod table;
pub mod tiles;

use super::rows::Status;
use super::theme::{self, Tokens, gap};
use eframe::egui::{self, Button, Color32, Response, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// A place's heading with a line that says what it is for.
pub fn title(ui: &mut Ui, name: &str, hint: &str) {
    let t = theme::tokens(ui);
    ui.heading(name);
    if !hint.is_empty() {
        ui.label(RichText::new(hint).color(t.weak));
    }
    ui.add_space(gap::S);
}

/// A heading inside a place.
pub fn section(ui: &mut Ui, name: &str) {
    ui.add_space(gap::S);
    ui.label(RichText::new(name).text_style(theme::section()).strong());
    ui.add_space(2.0);
}

/// What an empty place says: what it will hold, and a button for the next step. True when that is pressed.
pub fn empty(ui: &mut Ui, what: &str, next: &str, button: Option<&str>) -> bool {
    let t = theme::tokens(ui);
    let mut pressed = false;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.25).min(140.0));
        ui.label(RichText::new(what).text_style(theme::section()).strong());
        ui.add_space(gap::XS);
        ui.label(RichText::new(next).color(t.weak));
        if let Some(name) = button {
            ui.add_space(gap::M);
            pressed = primary(ui, name).clicked();
        }
    });
    pressed
}

/// The one button of a view that most people will press.
pub fn primary(ui: &mut Ui, name: &str) -> Response {
    let t = theme::tokens(ui);
    ui.add(Button::new(RichText::new(name).color(t.on_accent).strong()).fill(t.accent))
}

/// A small cross; `name` is what it does.
pub fn close_button(ui: &mut Ui, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let t = theme::tokens(ui);
    let color = if response.hovered() || response.has_focus() { t.text } else { t.weak };
    let c = rect.center();
    for (dx, dy) in [(1.0, 1.0), (1.0, -1.0)] {
        ui.painter().line_segment([c - vec2(4.0 * dx, 4.0 * dy), c + vec2(4.0 * dx, 4.0 * dy)], Stroke::new(1.5, color));
    }
    response.on_hover_text(name)
}

/// A tile: a name, a number, a line below. It opens what is behind it when clicked.
pub struct Tile<'a> {
    /// What the number is.
    pub name: &'a str,
    /// The number with its unit.
    pub figure: String,
    /// Its error, its range, or what it is measured against.
    pub note: String,
    /// The note's colour; weak where `None`.
    pub color: Option<Color32>,
    /// The number rests on an assumption; the text says which.
    pub assumed: Option<&'a str>,
    /// What a click opens, for the hover text.
    pub opens: &'a str,
}

/// A tile at least `height` points high inside, and how high its content is by itself.
fn tile_of(ui: &mut Ui, width: f32, height: f32, tile: &Tile<'_>) -> (Response, f32) {
    let t = theme::tokens(ui);
    let mut natural = 0.0;
    let response = ui
        .scope_builder(egui::UiBuilder::new().id_salt(tile.name).sense(Sense::click()), |ui| {
            let hovered = ui.response().hovered() || ui.response().has_focus();
            let frame = theme::card(t).stroke(Stroke::new(1.0, if hovered { t.accent } else { t.line }));
            frame.show(ui, |ui| {
                ui.set_width(width - 26.0);
                ui.set_min_height(height);
                let top = ui.cursor().top();
                ui.spacing_mut().item_spacing.y = 2.0;
                // what is inside does not take the click from the tile
                ui.style_mut().interaction.selectable_labels = false;
                ui.label(RichText::new(tile.name).color(t.weak));
                let color = if tile.assumed.is_some() { t.assumed } else { t.text };
                ui.add(egui::Label::new(RichText::new(&tile.figure).text_style(theme::figure()).color(color)).truncate());
                ui.label(RichText::new(&tile.note).color(tile.color.unwrap_or(t.weak)));
                if let Some(why) = tile.assumed {
                    ui.label(RichText::new(why).small().color(t.assumed));
                }
                natural = ui.cursor().top() - top - ui.spacing().item_spacing.y;
            });
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{}: {}", tile.name, tile.figure)));
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    (if tile.opens.is_empty() { response } else { response.on_hover_text(tile.opens) }, natural)
}

/// A status: a drawn sign and its colour; the word stands beside it.
pub fn status_sign(ui: &mut Ui, status: Status) -> Response {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(14.0, 14.0), Sense::hover());
    let (c, p) = (rect.center(), ui.painter());
    let color = status_color(t, status);
    match status {
        Status::OutOfStock => {
            p.circle_stroke(c, 5.0, Stroke::new(2.0, color));
            p.line_segment([c + vec2(-3.5, 3.5), c + vec2(3.5, -3.5)], Stroke::new(2.0, color));
        }
        Status::RunsOut => {
            let points = vec![pos2(c.x, c.y - 5.5), pos2(c.x + 6.0, c.y + 5.0), pos2(c.x - 6.0, c.y + 5.0)];
            p.add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
        }
        Status::Order => {
            p.line_segment([c - vec2(5.0, 0.0), c + vec2(5.0, 0.0)], Stroke::new(2.5, color));
            p.line_segment([c - vec2(0.0, 5.0), c + vec2(0.0, 5.0)], Stroke::new(2.5, color));
        }
        Status::Overstocked => {
            for i in 0..3 {
                p.rect_filled(egui::Rect::from_center_size(c + vec2(0.0, 4.0 - 4.0 * i as f32), vec2(11.0, 3.0)), 0.0, color);
            }
        }
        Status::Enough => {
            p.circle_filled(c, 4.5, color);
        }
        Status::NoDemand => {
            p.circle_stroke(c, 4.0, Stroke::new(1.5, color));
        }
    }
    response
}

/// The colour of a status.
pub const fn status_color(t: &Tokens, status: Status) -> Color32 {
    match status {
        Status::OutOfStock | Status::RunsOut => t.bad,
        Status::Order => t.accent,
        Status::Overstocked => t.warn,
        Status::Enough => t.good,
        Status::NoDemand => t.weak,
    }
}

/// A text field with an accessible name and a hint inside.
pub fn search_field(ui: &mut Ui, text: &mut String, name: &str, hint: &str, width: f32) -> Response {
    let response = ui.add(egui::TextEdit::singleline(text).hint_text(hint.to_owned()).desired_width(width));
    let value = text.clone();
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, String::new(), value.clone(), hint.to_owned());
        info.label = Some(name.to_owned());
        info
    });
    response
}
