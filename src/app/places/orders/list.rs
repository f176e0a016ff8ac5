//! The lines as a virtual table of two text lines a row: name and reason, stock, dates, quantity, money, what to do.

use super::export::reason;
use super::lines::{Line, Lines, Sort, State};
use crate::app::format::{Money, units};
use crate::app::session::Session;
use crate::app::theme::{self, ROW, Tokens};
use crate::app::widgets::table::heading;
use crate::project::DecisionKey;
use eframe::egui::{self, Align, Button, Color32, DragValue, Label, Layout, Response, RichText, Sense, Stroke, Ui, WidgetInfo};
use egui_extras::{Column, TableBuilder};
use std::collections::HashMap;

/// Height of a row, points.
const HIGH: f32 = 44.0;
/// Columns after the first: name, sort, width.
const COLUMNS: [(&str, Sort, f32); 6] = [
    ("On hand", Sort::OnHand, 76.0),
    ("Runs out", Sort::RunsOut, 118.0),
    ("Quantity", Sort::Quantity, 92.0),
    ("Value", Sort::Value, 82.0),
    ("If it waits", Sort::Waiting, 82.0),
    ("Decision", Sort::State, 152.0),
];

/// What happened in the list.
pub enum Happened {
    /// A line was clicked.
    Select(DecisionKey),
    /// Approve it as it stands.
    Approve(DecisionKey),
    /// Hold it.
    Hold(DecisionKey),
    /// Take the decision back.
    TakeBack(DecisionKey),
    /// Sort by this.
    Sort(Sort),
}

/// What the list needs to know besides the lines.
pub struct View<'a> {
    /// The open project.
    pub session: &'a Session,
    /// Positions of the lines to show.
    pub shown: &'a [usize],
    /// The line with the cursor.
    pub selected: Option<&'a DecisionKey>,
    /// By what it is sorted, and whether the largest comes first.
    pub sort: (Sort, bool),
    /// Bring this row into view.
    pub scroll_to: Option<usize>,
    /// Several suppliers are shown.
    pub mixed: bool,
}

/// Draws it; quantities changed by hand go into `drafts`.
pub fn ui(ui: &mut Ui, lines: &Lines, view: &View<'_>, drafts: &mut HashMap<DecisionKey, f64>) -> Option<Happened> {
    let mut happened = None;
    let money = &view.session.money;
    egui::ScrollArea::horizontal().id_salt("orders across").show(ui, |ui| {
        // a figure at the right of its column does not touch the text after it
        ui.spacing_mut().item_spacing.x = theme::gap::COLUMN;
        let others: f32 = COLUMNS.iter().map(|c| c.2 + ui.spacing().item_spacing.x).sum();
        let first = (ui.available_width() - others - 14.0).max(150.0);
        let mut builder = TableBuilder::new(ui)
            .id_salt("orders")
            .striped(true)
            .sense(Sense::click())
            .auto_shrink([false, false])
            .min_scrolled_height(120.0)
            .cell_layout(Layout::left_to_right(Align::Center))
            .column(Column::exact(first).clip(true));
        for (_, _, width) in COLUMNS {
            builder = builder.column(Column::exact(width).clip(true));
        }
        if let Some(row) = view.scroll_to {
            builder = builder.scroll_to_row(row, None);
        }
        builder
            .header(ROW + 2.0, |mut header| {
                let all = std::iter::once(("Item", Sort::Name)).chain(COLUMNS.iter().map(|c| (c.0, c.1)));
                for (name, by) in all {
                    header.col(|ui| {
                        let right = matches!(by, Sort::OnHand | Sort::Value | Sort::Waiting);
                        if heading(ui, name, right, (view.sort.0 == by).then_some(view.sort.1)) {
                            happened = Some(Happened::Sort(by));
                        }
                    });
                }
            })
            .body(|body| {
                body.rows(HIGH, view.shown.len(), |mut row| {
                    let Some(l) = view.shown.get(row.index()).and_then(|i| lines.all.get(*i)) else { return };
                    row.set_selected(view.selected == Some(&l.key));
                    row.col(|ui| name(ui, l, view));
                    row.col(|ui| stock(ui, l));
                    row.col(|ui| dates(ui, l, lines));
                    row.col(|ui| quantity(ui, l, drafts));
                    row.col(|ui| value(ui, l, money, drafts));
                    row.col(|ui| waiting(ui, l, money));
                    row.col(|ui| {
                        if let Some(h) = decision(ui, l) {
                            happened = Some(h);
                        }
                    });
                    let response = row.response();
                    response.widget_info(|| WidgetInfo::labeled(egui::Role::Row, true, format!("Order line {}", l.label())));
                    if response.clicked() {
                        happened = Some(Happened::Select(l.key.clone()));
                    }
                });
            });
    });
    happened
}

/// Two lines of text, one under the other.
fn two(ui: &mut Ui, right: bool, above: RichText, below: RichText) -> Response {
    ui.with_layout(Layout::top_down(if right { Align::Max } else { Align::Min }), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(4.0);
        let a = ui.add(Label::new(above).truncate().selectable(false).show_tooltip_when_elided(false));
        let b = ui.add(Label::new(below.size(12.0)).truncate().selectable(false).show_tooltip_when_elided(false));
        a | b
    })
    .inner
}

fn name(ui: &mut Ui, l: &Line, view: &View<'_>) {
    let t = theme::tokens(ui);
    sign(ui, t, l.state);
    let why = reason(view.session, l);
    let why = if why.is_empty() { l.state.meaning() } else { why.as_str() };
    let mut below: Vec<&str> = Vec::new();
    if &*l.location != "main" {
        below.push(&l.location);
    }
    if view.mixed {
        below.push(&l.supplier);
    }
    // elsewhere it stands in the hover text and below the list
    if ui.available_width() > 420.0 || below.is_empty() {
        below.push(why);
    }
    two(ui, false, RichText::new(&*l.name), RichText::new(below.join(" · ")).color(t.weak)).on_hover_text(format!(
        "{}\n{}\n\n{why}",
        l.label(),
        l.key.0
    ));
}

/// A state: a drawn sign; the word stands in the last column.
fn sign(ui: &mut Ui, t: &Tokens, state: State) {
    let (rect, response) = ui.allocate_exact_size(egui::vec2(14.0, 14.0), Sense::hover());
    let (c, p) = (rect.center(), ui.painter());
    let v = egui::vec2;
    match state {
        State::Advised => {
            p.circle_stroke(c, 5.0, Stroke::new(1.5, t.accent));
        }
        State::Approved => {
            let stroke = Stroke::new(2.0, t.good);
            p.line_segment([c + v(-5.0, 0.0), c + v(-1.5, 4.0)], stroke);
            p.line_segment([c + v(-1.5, 4.0), c + v(5.5, -4.0)], stroke);
        }
        State::Held => {
            for x in [-2.5, 2.5] {
                p.line_segment([c + v(x, -4.5), c + v(x, 4.5)], Stroke::new(2.5, t.warn));
            }
        }
        State::Cancelled => {
            for y in [-4.0, 4.0] {
                p.line_segment([c + v(-4.0, y), c + v(4.0, -y)], Stroke::new(1.5, t.weak));
            }
        }
        _ => {
            p.circle_filled(c, 4.0, t.weak);
        }
    }
    response.on_hover_text(format!("{}: {}", state.name(), state.meaning()));
}

fn stock(ui: &mut Ui, l: &Line) {
    let t = theme::tokens(ui);
    if !l.on_hand.is_finite() {
        two(ui, true, RichText::new("–"), RichText::new(""));
        return;
    }
    let below = if l.on_order > 0.0 { format!("+{} coming", units(l.on_order)) } else { String::new() };
    let color = if l.on_hand <= 0.0 { t.bad } else { t.text };
    two(ui, true, RichText::new(units(l.on_hand)).color(color), RichText::new(below).color(t.weak)).on_hover_text(format!(
        "{} units on hand, {} on order",
        units(l.on_hand),
        units(l.on_order)
    ));
}

fn dates(ui: &mut Ui, l: &Line, lines: &Lines) {
    let t = theme::tokens(ui);
    let Some(out) = l.runs_out else {
        two(ui, false, RichText::new("not soon").color(t.weak), RichText::new(""))
            .on_hover_text("What is on hand and on order lasts beyond the simulated time");
        return;
    };
    let by = l.order_by.unwrap_or(out);
    let now = by <= lines.now && l.state == State::Advised;
    let below = if now { "order today".to_owned() } else { format!("order by {}", by.iso()) };
    two(ui, false, RichText::new(out.iso()), RichText::new(below).color(if now { t.bad } else { t.weak })).on_hover_text(
        "The day on which stock and open orders run out in half of the simulated futures, and the last day to order so that it arrives before",
    );
}

fn quantity(ui: &mut Ui, l: &Line, drafts: &mut HashMap<DecisionKey, f64>) {
    let t = theme::tokens(ui);
    if l.state != State::Advised {
        let more = if l.more > 0.0 { format!("{} more advised", units(l.more)) } else { packs(l, l.quantity) };
        let color = if l.more > 0.0 { t.warn } else { t.weak };
        two(ui, false, RichText::new(units(l.quantity)), RichText::new(more).color(color));
        return;
    }
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = 22.0;
        quantity_field(ui, l, drafts);
        let q = drafts.get(&l.key).copied().unwrap_or(l.quantity);
        let below = if (q - l.advised).abs() > 1e-9 { format!("advised {}", units(l.advised)) } else { packs(l, q) };
        let color = if (q - l.advised).abs() > 1e-9 { t.warn } else { t.weak };
        ui.add(Label::new(RichText::new(below).size(12.0).color(color)).truncate().selectable(false));
    });
}

/// A field for the units of a line, in whole packs.
pub fn quantity_field(ui: &mut Ui, l: &Line, drafts: &mut HashMap<DecisionKey, f64>) -> Response {
    let mut q = drafts.get(&l.key).copied().unwrap_or(l.quantity);
    let step = if l.pack > 0.0 { l.pack } else { 1.0 };
    let field = DragValue::new(&mut q)
        .range(0.0..=1e9)
        .speed(step * 0.1)
        .max_decimals(2)
        .update_while_editing(false)
        .custom_formatter(|x, _| units(x))
        .custom_parser(|t| t.replace([',', ' '], "").parse().ok());
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = WidgetInfo::drag_value(true, q);
        info.label = Some(format!("Quantity of {}", l.label()));
        info
    });
    if response.changed() {
        let q = l.packed(q);
        if (q - l.quantity).abs() > 1e-9 {
            drafts.insert(l.key.clone(), q);
        } else {
            drafts.remove(&l.key);
        }
    }
    let hint =
        if l.pack > 0.0 { format!("Whole packs of {}; drag or click to type", units(l.pack)) } else { "Drag or click to type".to_owned() };
    response.on_hover_text(hint)
}

/// `4 packs of 12`.
pub fn packs(l: &Line, units_: f64) -> String {
    if l.pack > 1.0 { format!("{} × {}", units(units_ / l.pack), units(l.pack)) } else { "units".to_owned() }
}

fn value(ui: &mut Ui, l: &Line, money: &Money, drafts: &HashMap<DecisionKey, f64>) {
    let t = theme::tokens(ui);
    let q = drafts.get(&l.key).copied().filter(|_| l.state == State::Advised).unwrap_or(l.quantity);
    if l.unit_cost <= 0.0 {
        two(ui, true, RichText::new("–").color(t.weak), RichText::new("")).on_hover_text("nobody told its cost; give it in Data");
        return;
    }
    let color = if l.assumed { t.assumed } else { t.text };
    let said = two(
        ui,
        true,
        RichText::new(money.text(q * l.unit_cost)).color(color),
        RichText::new(format!("{} each", crate::base::text::grouped(l.unit_cost, 2))).color(t.weak),
    );
    if l.assumed {
        said.on_hover_text("rests on an assumed cost or price; give it in Data");
    }
}

fn waiting(ui: &mut Ui, l: &Line, money: &Money) {
    let t = theme::tokens(ui);
    if l.waiting.mean <= 0.0 && l.waiting.half_width <= 0.0 {
        two(ui, true, RichText::new("–").color(t.weak), RichText::new(""));
        return;
    }
    let color = if l.assumed { t.assumed } else { t.text };
    two(ui, true, RichText::new(money.text(l.waiting.mean)).color(color), RichText::new(money.error(&l.waiting)).color(t.weak))
        .on_hover_text(format!(
            "Margin lost if this waits for the next review: {}, 8 of 10 futures {} to {}",
            money.measure(&l.waiting),
            money.text(l.waiting.p10),
            money.text(l.waiting.p90)
        ));
}

fn decision(ui: &mut Ui, l: &Line) -> Option<Happened> {
    let t = theme::tokens(ui);
    let label = l.label();
    let button = |ui: &mut Ui, word: &str, hint: &str| -> bool {
        let response = ui.add(Button::new(word));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("{word} {label}")));
        response.on_hover_text(hint).clicked()
    };
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.spacing_mut().button_padding.x = 7.0;
    if l.state == State::Advised {
        if button(ui, "Approve", "Counts as on order from now on (Enter)") {
            return Some(Happened::Approve(l.key.clone()));
        }
        if button(ui, "Hold", "Not now (H)") {
            return Some(Happened::Hold(l.key.clone()));
        }
        return None;
    }
    let below = match l.state {
        State::Approved => format!("due {}", l.arrives.iso()),
        _ => l.decision.as_ref().map_or_else(String::new, |d| d.decided.iso().chars().take(10).collect()),
    };
    let color = state_color(t, l.state);
    let hover = match &l.decision {
        Some(d) => {
            let why = d.why.as_ref().map_or_else(String::new, |w| format!("\nReason: {w}"));
            format!("{}\nOrdered {}, expected {}{why}", l.state.meaning(), d.order_date.iso(), d.arrives.iso())
        }
        None => l.state.meaning().to_owned(),
    };
    ui.allocate_ui_with_layout(egui::vec2(94.0, HIGH), Layout::left_to_right(Align::Min), |ui| {
        two(ui, false, RichText::new(l.state.name()).color(color), RichText::new(below).color(t.weak)).on_hover_text(hover);
    });
    if l.more > 0.0 {
        return button(ui, "Add", "Order what is advised on top, too").then(|| Happened::Approve(l.key.clone()));
    }
    button(ui, "Undo", "Take this decision back").then(|| Happened::TakeBack(l.key.clone()))
}

/// The colour of a state's word.
pub const fn state_color(t: &Tokens, state: State) -> Color32 {
    match state {
        State::Advised => t.accent,
        State::Approved => t.good,
        State::Held => t.warn,
        _ => t.weak,
    }
}
