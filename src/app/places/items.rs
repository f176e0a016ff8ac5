//! Items.

use super::{Cx, Furnished};
use crate::app::widgets;
use eframe::egui::Ui;

/// The place's look.
#[derive(Default)]
pub struct Items {
    /// The statuses that another place asks to see alone, until the list has taken them.
    pub wanted: Option<Vec<crate::app::rows::Status>>,
}

impl Furnished for Items {
    fn ui(&mut self, ui: &mut Ui, _cx: &mut Cx<'_>) {
        widgets::title(ui, "Items", "");
    }
}
