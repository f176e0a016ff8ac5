//! What was assumed, set aside or looks wrong: by severity, with what would fix it and where to do so.

use super::Tab as Place;
use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::remedy;
use crate::app::session::Session;
use crate::app::theme::{self, Tokens, gap};
use crate::app::toasts::sentence;
use crate::app::widgets;
use crate::base::{Diagnostic, Severity};
use crate::report::{Column, Table};
use eframe::egui::{self, Button, Color32, Label, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

/// The tab's look.
pub struct Tab {
    shown: [bool; 3],
}

impl Default for Tab {
    fn default() -> Self {
        Self { shown: [true; 3] }
    }
}

/// In the order shown, the worst first.
const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

const fn words(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("Error", "Errors"),
        Severity::Warning => ("Warning", "Warnings"),
        Severity::Info => ("Note", "Notes"),
    }
}

const fn color(t: &Tokens, severity: Severity) -> Color32 {
    match severity {
        Severity::Error => t.bad,
        Severity::Warning => t.warn,
        Severity::Info => t.accent,
    }
}

/// Up to so many are drawn in whole length; of more, one line each.
const WHOLE: usize = 300;
/// Height of one entry in one line: its message and what would fix it.
const ENTRY: f32 = 46.0;

impl Tab {
    /// Draws it; returns the tab in which a problem can be mended, and whether only what is assumed is wanted there.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, session_notes: &[Diagnostic]) -> Option<(Place, bool)> {
        let all = collected(cx.session, session_notes);
        let count = |s: Severity| all.iter().filter(|d| d.severity == s).count();
        let t = theme::tokens(ui);
        ui.horizontal_wrapped(|ui| {
            for (severity, shown) in SEVERITIES.into_iter().zip(&mut self.shown) {
                let n = count(severity);
                let text = format!("{} {n}", words(severity).1);
                if ui.add_enabled(n > 0, Button::selectable(*shown && n > 0, text)).on_hover_text("Show or hide these").clicked() {
                    *shown = !*shown;
                }
            }
            ui.separator();
            if ui.add_enabled(!all.is_empty(), Button::new("Copy all")).clicked() {
                ui.ctx().copy_text(all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
            }
            if ui.add_enabled(!all.is_empty(), Button::new("Export table…")).clicked() {
                cx.act(Action::ExportTable { table: Box::new(table(&all)), name: "problems.csv".into() });
            }
        });
        ui.add_space(gap::XS);
        let visible: Vec<&&Diagnostic> =
            all.iter().filter(|d| SEVERITIES.iter().zip(self.shown).any(|(s, on)| on && *s == d.severity)).collect();
        if visible.is_empty() {
            let (what, next) = if all.is_empty() {
                ("Nothing to say", "Every row was used and nothing had to be assumed")
            } else {
                ("All hidden", "Press Errors, Warnings or Notes above to show them")
            };
            widgets::empty(ui, what, next, None);
            return None;
        }
        let mut go = None;
        let scroll = ScrollArea::vertical().id_salt("problems").auto_shrink([false, false]);
        if visible.len() <= WHOLE {
            scroll.show(ui, |ui| {
                for d in &visible {
                    go = entry(ui, d, of_sales(cx, d), t, true).or(go.take());
                }
            });
        } else {
            scroll.show_rows(ui, ENTRY, visible.len(), |ui, range| {
                for d in visible.get(range).unwrap_or_default() {
                    ui.allocate_ui(vec2(ui.available_width(), ENTRY - 6.0), |ui| {
                        ui.set_height(ENTRY - 6.0);
                        go = entry(ui, d, of_sales(cx, d), t, false).or(go.take());
                    });
                }
            });
        }
        go
    }
}

/// Of the import, of this session's files and of the last run, the worst first; what a replaced companion file said no longer counts.
fn collected<'a>(session: &'a Session, session_notes: &'a [Diagnostic]) -> Vec<&'a Diagnostic> {
    let document = session.project.document();
    let said_anew = |d: &Diagnostic| d.file.is_some() && session_notes.iter().any(|n| n.file == d.file);
    let known = |d: &Diagnostic| {
        let Some(file) = &d.file else { return true };
        let mut names = document.companions.iter().map(|c| &c.name).chain(document.sales.iter().flat_map(|s| &s.sources).map(|s| &s.name));
        names.any(|n| n == file)
    };
    let imported = document.sales.iter().flat_map(|s| &s.notes).filter(|d| !said_anew(d) && (d.severity == Severity::Info || known(d)));
    let ran = session.outcome.iter().flat_map(|o| &o.diagnostics);
    let mut all: Vec<&Diagnostic> = session_notes.iter().filter(|d| known(d)).chain(imported).chain(ran).collect();
    all.sort_by_key(|d| std::cmp::Reverse(d.severity));
    all
}

/// A sales file is spoken of.
fn of_sales(cx: &Cx<'_>, d: &Diagnostic) -> bool {
    let mut sources = cx.session.project.document().sales.iter().flat_map(|s| &s.sources);
    d.file.as_ref().is_some_and(|f| sources.any(|s| s.name == *f))
}

/// One problem; in `whole` length, or one line of it where there are very many.
fn entry(ui: &mut Ui, d: &Diagnostic, of_sales: bool, t: &Tokens, whole: bool) -> Option<(Place, bool)> {
    let mut go = None;
    let target = target(d).or_else(|| of_sales.then_some((Place::Recognised, false)));
    let show = target.map(|(place, _)| format!("Show {}", place.name().to_lowercase()));
    let line = |text: RichText| if whole { Label::new(text).wrap() } else { Label::new(text).truncate() };
    ui.horizontal_top(|ui| {
        sign(ui, d.severity);
        let word = RichText::new(words(d.severity).0).color(color(t, d.severity));
        ui.add_sized(vec2(62.0, 20.0), Label::new(word).halign(egui::Align::Min));
        // what the buttons at the right take
        let buttons = 64.0 + show.as_ref().map_or(0.0, |s| 24.0 + 8.0 * s.chars().count() as f32);
        ui.vertical(|ui| {
            ui.set_width((ui.available_width() - buttons).max(120.0));
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.add(line(RichText::new(sentence(&d.message))));
            let place = match (&d.file, d.line, d.column) {
                (Some(f), Some(l), Some(c)) => format!("{f}, line {l}, column {c}"),
                (Some(f), Some(l), None) => format!("{f}, line {l}"),
                (Some(f), None, _) => f.clone(),
                (None, Some(l), _) => format!("line {l}"),
                _ => String::new(),
            };
            let fix = remedy::fix(d).map(|f| sentence(&f)).unwrap_or_default();
            let below = if place.is_empty() || fix.is_empty() { format!("{place}{fix}") } else { format!("{place} · {fix}") };
            if !below.is_empty() {
                ui.add(line(RichText::new(below).small().color(t.weak)));
            }
        });
        if ui.small_button("Copy").on_hover_text(format!("Copy this entry ({})", d.code)).clicked() {
            ui.ctx().copy_text(d.to_string());
        }
        if let (Some(to), Some(name)) = (target, show)
            && ui.small_button(name).on_hover_text("Go to where this can be changed").clicked()
        {
            go = Some(to);
        }
    });
    if whole {
        ui.add_space(gap::XS);
    }
    go
}

/// Where a problem can be mended.
fn target(d: &Diagnostic) -> Option<(Place, bool)> {
    match d.code {
        "cost-assumed" | "price-assumed" | "shortage-assumed" | "lead-time-assumed" | "supplier-assumed" => Some((Place::Items, true)),
        "size-assumed" => Some((Place::Items, false)),
        "stock-assumed" => Some((Place::Stock, true)),
        "negative-stock" => Some((Place::Stock, false)),
        "order-cost-shared" => Some((Place::Suppliers, false)),
        "master-without-sales" => Some((if d.file.as_deref() == Some("stock") { Place::Stock } else { Place::Items }, false)),
        "item-repeated" | "number-unreadable" | "number-out-of-range" => Some((Place::Items, false)),
        "date-order-assumed"
        | "date-order-mixed"
        | "date-order-unclear"
        | "money-not-units"
        | "units-assumed"
        | "date-by-content"
        | "quantity-by-content"
        | "item-by-content"
        | "decimal-ambiguous"
        | "no-header"
        | "period-chosen"
        | "quantity-assumed" => Some((Place::Recognised, false)),
        _ => None,
    }
}

/// A severity's sign, drawn: a crossed circle, a triangle, a ring.
fn sign(ui: &mut Ui, severity: Severity) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
    let (c, p, color) = (rect.center(), ui.painter(), color(t, severity));
    match severity {
        Severity::Error => {
            p.circle_stroke(c, 6.0, Stroke::new(2.0, color));
            p.line_segment([c + vec2(-4.0, 4.0), c + vec2(4.0, -4.0)], Stroke::new(2.0, color));
        }
        Severity::Warning => {
            let points = vec![pos2(c.x, c.y - 6.0), pos2(c.x + 6.5, c.y + 5.5), pos2(c.x - 6.5, c.y + 5.5)];
            p.add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
        }
        Severity::Info => {
            p.circle_stroke(c, 5.5, Stroke::new(1.5, color));
            p.circle_filled(c, 1.5, color);
        }
    }
}

fn table(all: &[&Diagnostic]) -> Table {
    Table::new(vec![
        Column::text("severity", all.iter().map(|d| words(d.severity).0.to_lowercase())),
        Column::text("code", all.iter().map(|d| d.code)),
        Column::text_opt("file", all.iter().map(|d| d.file.clone())),
        Column::integer_opt("line", all.iter().map(|d| d.line.map(|l| l as i64))),
        Column::integer_opt("column", all.iter().map(|d| d.column.map(i64::from))),
        Column::text("message", all.iter().map(|d| d.message.clone())),
        Column::text_opt("fix", all.iter().map(|d| d.fix.clone())),
    ])
}
