//! Report.

use super::{Cx, Furnished};
use crate::app::widgets;
use eframe::egui::Ui;

/// The place's look.
#[derive(Default)]
pub struct Report {}

impl Furnished for Report {
    fn ui(&mut self, ui: &mut Ui, _cx: &mut Cx<'_>) {
        widgets::title(ui, "Report", "");
    }
}
