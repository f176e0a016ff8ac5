//! Items.

use super::{Cx, Furnished};
use crate::app::widgets;
use eframe::egui::Ui;

/// The place's look.
#[derive(Default)]
pub struct Items {
    /// The status that another place asks to see alone, until the list has taken it.
    pub wanted: Option<crate::app::rows::Status>,
}

impl Furnished for Items {
    fn ui(&mut self, ui: &mut Ui, _cx: &mut Cx<'_>) {
        widgets::title(ui, "Items", "");
    }
}
