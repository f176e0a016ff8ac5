//! What the window remembers beside projects: recent files and the look. One small JSON file, written whole and renamed into place.

use eframe::egui::{self, ThemePreference};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Recent projects kept.
const RECENT: usize = 12;

/// Look of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// As the desktop is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A project opened before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// When it was last opened, seconds since 1970 in UTC; 0 where an older version did not note it.
    #[serde(default)]
    pub at: i64,
}

/// Everything remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark or as the desktop.
    pub look: Look,
    /// Zoom, 1 = usual.
    pub zoom: f32,
    /// The newest first.
    pub recent: Vec<Recent>,
    /// The list of places shows names beside its signs.
    pub wide_rail: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { look: Look::System, zoom: 1.0, recent: Vec::new(), wide_rail: true }
    }
}

impl Settings {
    /// From the folder `home`; the usual ones where there are none or they cannot be read.
    pub fn load(home: &Path) -> Self {
        std::fs::read(home.join("settings.json")).ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
    }

    /// Into the folder `home`. Settings that cannot be written are no reason to trouble anybody.
    pub fn save(&self, home: &Path) {
        if std::fs::create_dir_all(home).is_ok()
            && let Ok(text) = serde_json::to_string_pretty(self)
        {
            let _ = crate::report::write_text(home.join("settings.json"), &text);
        }
    }

    /// Put a project first.
    pub fn opened(&mut self, path: &Path, name: &str) {
        self.recent.retain(|r| r.path != path);
        self.recent.insert(0, Recent { path: path.to_owned(), name: name.to_owned(), at: super::work::now().0 });
        self.recent.truncate(RECENT);
    }

    /// Show it.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_theme(match self.look {
            Look::System => ThemePreference::System,
            Look::Light => ThemePreference::Light,
            Look::Dark => ThemePreference::Dark,
        });
        ctx.set_zoom_factor(self.zoom.clamp(0.6, 2.5));
    }
}
