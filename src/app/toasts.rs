//! Short notes in the corner that go away by themselves; errors stay until they are read.

use super::theme::{self, gap};
pub use crate::base::text::sentence;
use crate::base::{Diagnostic, Severity};
use eframe::egui::{self, Align2, Area, Id, Order, RichText};
use std::time::{Duration, Instant};

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Done.
    Info,
    /// Look here.
    Warning,
    /// Could not be done.
    Error,
}

struct Toast {
    level: Level,
    title: String,
    fix: Option<String>,
    until: Option<Instant>,
}

/// The notes that are showing.
#[derive(Default)]
pub struct Toasts {
    shown: Vec<Toast>,
}

/// Seconds a note stays.
const STAY: u64 = 6;
/// Notes shown at once; older ones make room.
const MOST: usize = 4;

impl Toasts {
    /// Say something.
    pub fn say(&mut self, level: Level, text: impl Into<String>) {
        self.push(level, text.into(), None);
    }
    /// Say what is wrong and what would fix it.
    pub fn diagnostic(&mut self, d: &Diagnostic) {
        let level = match d.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Info => Level::Info,
        };
        let place = match (&d.file, d.line) {
            (Some(f), Some(l)) => format!(" ({f}, line {l})"),
            (Some(f), None) => format!(" ({f})"),
            (None, Some(l)) => format!(" (line {l})"),
            _ => String::new(),
        };
        self.push(level, format!("{}{place}", sentence(&d.message)), super::remedy::fix(d).as_deref().map(sentence));
    }
    fn push(&mut self, level: Level, title: String, fix: Option<String>) {
        self.shown.retain(|t| t.title != title);
        let until = (level != Level::Error).then(|| Instant::now() + Duration::from_secs(STAY));
        self.shown.push(Toast { level, title, fix, until });
        let extra = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..extra);
    }

    /// Draws them in the lower right corner, or in the upper one where buttons stand in the lower.
    pub fn ui(&mut self, ctx: &egui::Context, above: bool) {
        let now = Instant::now();
        self.shown.retain(|t| t.until.is_none_or(|u| u > now));
        if let Some(next) = self.shown.iter().filter_map(|t| t.until).min() {
            ctx.request_repaint_after(next - now);
        }
        if self.shown.is_empty() {
            return;
        }
        let mut closed = None;
        let (corner, away) = if above { (Align2::RIGHT_TOP, 44.0) } else { (Align2::RIGHT_BOTTOM, -44.0) };
        Area::new(Id::unique("toasts")).order(Order::Foreground).anchor(corner, [-gap::M, away]).show(ctx, |ui| {
            for (i, toast) in self.shown.iter().enumerate() {
                let t = theme::tokens(ui);
                let color = match toast.level {
                    Level::Info => t.good,
                    Level::Warning => t.warn,
                    Level::Error => t.bad,
                };
                theme::card(t).stroke(egui::Stroke::new(1.5, color)).show(ui, |ui| {
                    ui.set_max_width(380.0);
                    ui.horizontal_top(|ui| {
                        ui.vertical(|ui| {
                            ui.set_width(310.0);
                            ui.label(RichText::new(&toast.title).strong());
                            if let Some(fix) = &toast.fix {
                                ui.label(RichText::new(fix).color(t.weak));
                            }
                        });
                        if super::widgets::close_button(ui, "Dismiss").clicked() {
                            closed = Some(i);
                        }
                    });
                });
                ui.add_space(gap::XS);
            }
        });
        if let Some(i) = closed {
            self.shown.remove(i);
        }
    }

    /// What is showing, for tests.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|t| t.title.as_str())
    }
}
