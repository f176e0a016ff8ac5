//! Asking for a file: the system's dialog, and a path field beside it, since a desktop without a portal answers like a cancel.

use super::theme::{self, gap};
use super::widgets;
use eframe::egui::{self, Id, Key, Modal, RichText, TextEdit, Ui, WidgetInfo};
use std::path::{Path, PathBuf};

/// What the file is for.
pub enum Purpose {
    /// To be opened.
    Open,
    /// To be imported.
    Add,
    /// To be written with a table.
    Table(Box<crate::report::Table>),
    /// To be written with several tables.
    Tables(Vec<(String, crate::report::Table)>),
    /// To be written with this text.
    Text(String),
    /// A copy of the project.
    Copy,
    /// The report.
    Report,
}

impl Purpose {
    const fn heading(&self) -> &'static str {
        match self {
            Self::Open => "Open a file",
            Self::Add => "Import a file",
            Self::Table(_) | Self::Tables(_) | Self::Text(_) => "Export",
            Self::Copy => "Save a copy",
            Self::Report => "Export the report",
        }
    }
    const fn hint(&self) -> &'static str {
        match self {
            Self::Add => {
                "Sales, items, stock, suppliers, open orders, receipts, locations, vehicles or events (CSV, XLSX, Parquet); Browse takes several"
            }
            Self::Open => "A sales export (CSV, XLSX, Parquet), a scenario (.toml) or a project (.stockcast)",
            Self::Table(_) => "The ending decides: .csv, .tsv, .xlsx or .parquet",
            Self::Tables(_) => "The ending decides: .xlsx for one workbook with a sheet each; without an ending a folder with a CSV each",
            Self::Text(_) => "Written as it is, under any name",
            Self::Copy => "A whole copy that can be sent or kept; this project stays open",
            Self::Report => "The ending decides: .html for a page, .xlsx for a workbook",
        }
    }
    const fn verb(&self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Add => "Import",
            Self::Copy => "Save copy",
            _ => "Export",
        }
    }
    const fn asks(&self) -> Ask {
        match self {
            Self::Add => Ask::Several,
            Self::Open => Ask::One,
            _ => Ask::Save,
        }
    }
}

/// The box that asks.
#[derive(Default)]
pub struct FileBox {
    asking: Option<(Purpose, String)>,
    fresh: bool,
}

/// What the system's dialog asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A file to write.
    Save,
    /// One file to open.
    One,
    /// Several files to open.
    Several,
}

/// What was decided in the box.
pub enum Decided {
    /// Show the system's dialog: save or open, starting from this path.
    Dialog(Ask, PathBuf),
    /// Go on with these files; never none.
    Files(Purpose, Vec<PathBuf>),
}

impl FileBox {
    /// Ask, starting from a path.
    pub fn ask(&mut self, purpose: Purpose, start: &Path) {
        self.asking = Some((purpose, start.display().to_string()));
        self.fresh = true;
    }
    /// True while it shows.
    pub const fn is_open(&self) -> bool {
        self.asking.is_some()
    }
    /// What the paths from the system's dialog are for.
    pub fn picked(&mut self) -> Option<Purpose> {
        self.asking.take().map(|(p, _)| p)
    }

    /// Draws it.
    pub fn ui(&mut self, ctx: &egui::Context) -> Option<Decided> {
        let (purpose, path) = self.asking.as_mut()?;
        let (mut go, mut close, mut choose) = (false, false, false);
        let fresh = std::mem::take(&mut self.fresh);
        let modal = Modal::new(Id::unique("file box")).show(ctx, |ui: &mut Ui| {
            let t = theme::tokens(ui);
            ui.set_width(560.0);
            ui.label(RichText::new(purpose.heading()).text_style(theme::section()).strong());
            ui.label(RichText::new(purpose.hint()).color(t.weak));
            ui.add_space(gap::S);
            ui.horizontal(|ui| {
                let field = ui.add(TextEdit::singleline(path).desired_width(440.0).hint_text("Path of the file"));
                let text = path.clone();
                field.widget_info(|| {
                    let mut info = WidgetInfo::text_edit(true, "", text.as_str(), "");
                    info.label = Some("Path".into());
                    info
                });
                if fresh {
                    field.request_focus();
                }
                go |= field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                choose = ui.button("Browse…").clicked();
            });
            ui.add_space(gap::M);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                go |= widgets::primary(ui, purpose.verb()).clicked();
                close = ui.button("Cancel").clicked();
            });
        });
        close |= modal.should_close();
        let wanted = PathBuf::from(path.trim().trim_matches('"'));
        if go && !path.trim().is_empty() {
            return self.asking.take().map(|(p, _)| Decided::Files(p, vec![wanted]));
        }
        if choose {
            return Some(Decided::Dialog(purpose.asks(), wanted));
        }
        if close {
            self.asking = None;
        }
        None
    }
}

/// The system's dialog, on a worker thread: it may take as long as the user likes.
pub fn dialog(ask: Ask, start: &Path) -> Vec<PathBuf> {
    let mut d = rfd::AsyncFileDialog::new();
    if let Some(dir) = start.parent().filter(|p| p.is_dir()) {
        d = d.set_directory(dir);
    }
    let path = |h: rfd::FileHandle| h.path().to_owned();
    if ask == Ask::Save {
        if let Some(name) = start.file_name() {
            d = d.set_file_name(name.to_string_lossy());
        }
        return pollster::block_on(d.save_file()).map(path).into_iter().collect();
    }
    let d = d
        .add_filter(
            "Exports, scenarios, projects",
            &["csv", "tsv", "txt", "gz", "zip", "xlsx", "xls", "ods", "parquet", "toml", "stockcast"],
        )
        .add_filter("All files", &["*"]);
    if ask == Ask::Several {
        return pollster::block_on(d.pick_files()).unwrap_or_default().into_iter().map(path).collect();
    }
    pollster::block_on(d.pick_file()).map(path).into_iter().collect()
}
