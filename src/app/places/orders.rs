//! Orders.

use super::{Cx, Furnished};
use crate::app::widgets;
use eframe::egui::Ui;

/// The place's look.
#[derive(Default)]
pub struct Orders {
    /// The command asks for the list to be exported.
    pub export: bool,
}

impl Furnished for Orders {
    fn ui(&mut self, ui: &mut Ui, _cx: &mut Cx<'_>) {
        widgets::title(ui, "Orders", "");
    }
}
