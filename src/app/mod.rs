//! The window: the same engine for people who never open a terminal.
//!
//! In: files that people open and edits that they make. Out: a window. Nothing longer than a frame runs on the interface thread: work is a job on
//! a thread of its own ([`jobs`]), a place only reads the [`session`] and pushes [`action`]s, the [`shell`] carries them out.
//!
//! Reading order: [`shell`] (the frame around everything), [`commands`] (the one list behind menus, keys and [`palette`]), [`action`] (what places
//! ask for, what jobs answer), [`work`] (what jobs do), [`import`] (files into a project), [`session`] and [`rows`] (what places read),
//! [`places`], [`widgets`], [`theme`] (every colour and gap), [`format`](mod@format) (numbers for people), [`files`] (asking for paths), [`settings`],
//! [`toasts`], `remedy` (what would fix a problem, in the window's words), [`trace`] (how fast it answers).

pub mod action;
pub mod commands;
pub mod files;
pub mod format;
pub mod import;
pub mod jobs;
mod overlays;
pub mod palette;
pub mod places;
mod remedy;
pub mod rows;
pub mod session;
pub mod settings;
pub mod shell;
pub mod theme;
pub mod toasts;
pub mod trace;
pub mod widgets;
pub mod work;

pub use shell::{Options, Stockcast};

use eframe::egui;
use std::path::PathBuf;

/// Opens the window, on a project or files if they are named, and returns when it is closed; the error says why it could not open.
pub fn run(open: Vec<PathBuf>) -> Result<(), String> {
    if cfg!(target_os = "linux")
        && ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().all(|v| std::env::var_os(v).is_none_or(|s| s.is_empty()))
    {
        return Err("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".into());
    }
    let home = home();
    let native = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        persistence_path: Some(home.join("layout.ron")),
        viewport: egui::ViewportBuilder::default()
            .with_title("Stockcast")
            .with_app_id("stockcast")
            .with_drag_and_drop(true)
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([760.0, 480.0]),
        ..Default::default()
    };
    let trace = std::env::var_os("STOCKCAST_TRACE").filter(|v| !v.is_empty()).map(PathBuf::from);
    let options = Options { home, open, trace };
    eframe::run_native("Stockcast", native, Box::new(|cc| Ok(Box::new(Stockcast::new(&cc.egui_ctx, options)))))
        .map_err(|e| format!("the window could not open: {e}"))
}

/// Where settings and projects live, unless `STOCKCAST_HOME` says otherwise.
fn home() -> PathBuf {
    std::env::var_os("STOCKCAST_HOME")
        .filter(|v| !v.is_empty())
        .map(PathBuf::from)
        .or_else(|| eframe::storage_dir("stockcast"))
        .unwrap_or_else(|| PathBuf::from(".stockcast"))
}
