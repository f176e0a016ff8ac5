//! Data.

use super::{Cx, Furnished};
use crate::app::widgets;
use eframe::egui::Ui;

/// The place's look.
#[derive(Default)]
pub struct Data {
    /// Where the files of this session are.
    pub originals: crate::app::import::Originals,
}

impl Furnished for Data {
    fn ui(&mut self, ui: &mut Ui, _cx: &mut Cx<'_>) {
        widgets::title(ui, "Data", "");
    }
}
