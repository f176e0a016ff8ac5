//! The frame around every place, and who carries out what places ask for.
//!
//! Reading order: this file (the window and one frame of it), [`bars`] (what stands around a place), [`requests`] (what is asked for and started),
//! [`answers`] (what comes back).

mod answers;
mod bars;
mod requests;

use crate::app::action::Message;
use crate::app::files::{self, Decided, FileBox};
use crate::app::import::{self as incoming};
use crate::app::jobs::{Jobs, Key};
use crate::app::overlays::Overlays;
use crate::app::palette::Palette;
use crate::app::places::import::Import;
use crate::app::places::{Place, Places, welcome::Welcome};
use crate::app::session::Session;
use crate::app::settings::Settings;
use crate::app::theme::{self};
use crate::app::toasts::Toasts;
use crate::app::trace::Trace;
use crate::scenario::Plan;
use eframe::egui::{self, CentralPanel, Frame, Margin, Panel, Ui};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// How the window starts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Folder of settings and projects.
    pub home: PathBuf,
    /// A project, scenario or export to open at once.
    pub open: Vec<PathBuf>,
    /// Where to write how fast the window answers.
    pub trace: Option<PathBuf>,
}

/// The window.
pub struct Stockcast {
    home: PathBuf,
    settings: Settings,
    ctx: egui::Context,
    jobs: Jobs<Message>,
    toasts: Toasts,
    palette: Palette,
    overlays: Overlays,
    files: FileBox,
    welcome: Welcome,
    places: Places,
    place: Place,
    import: Import,
    /// The import step shows, over whatever place.
    importing: bool,
    session: Option<Session>,
    selected: Option<Arc<str>>,
    /// A question about an item that waits for the one being answered.
    waiting: Option<(Arc<str>, Box<Plan>)>,
    /// When the last file dragged over the window was seen.
    hovering: Option<Instant>,
    find: bool,
    trace: Option<Trace>,
}

impl Stockcast {
    /// A window in a context: on the welcome place, or opening what the options name.
    pub fn new(ctx: &egui::Context, options: Options) -> Self {
        theme::install(ctx);
        let settings = Settings::load(&options.home);
        settings.apply(ctx);
        let mut app = Self {
            home: options.home,
            settings,
            ctx: ctx.clone(),
            jobs: Jobs::new(ctx),
            toasts: Toasts::default(),
            palette: Palette::default(),
            overlays: Overlays::default(),
            files: FileBox::default(),
            welcome: Welcome::default(),
            places: Places::default(),
            place: Place::Overview,
            import: Import::default(),
            importing: false,
            session: None,
            selected: None,
            waiting: None,
            hovering: None,
            find: false,
            trace: options.trace.map(Trace::new),
        };
        app.places.data.originals.own = incoming::own::load(&app.home);
        if !options.open.is_empty() {
            app.bring(options.open);
        }
        app
    }

    /// The open project, for tests.
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
    /// True while anything runs, for tests.
    pub fn is_busy(&self) -> bool {
        !self.jobs.running().is_empty()
    }
    /// The place that shows.
    pub const fn place(&self) -> Place {
        self.place
    }
    /// Shows a place.
    pub const fn go(&mut self, place: Place) {
        self.place = place;
        self.importing = false;
    }
    /// True while the import step shows.
    pub const fn is_importing(&self) -> bool {
        self.importing
    }
    /// The notes that show, for tests.
    pub const fn toasts(&self) -> &Toasts {
        &self.toasts
    }
}

impl eframe::App for Stockcast {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.poll();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let began = Instant::now();
        self.show(ui);
        if let Some(trace) = &mut self.trace {
            trace.frame(began.elapsed());
            trace.moment("first_frame");
            if let Some(s) = &self.session {
                trace.moment("opened");
                if s.outcome.is_some() {
                    trace.moment("computed");
                }
            }
        }
    }
}

impl Stockcast {
    /// One frame.
    pub fn show(&mut self, ui: &mut Ui) {
        let mut actions = Vec::new();
        self.keys();
        if !self.palette.is_open() {
            self.overlays.keys(&self.ctx);
        }
        self.dropped();
        let t = theme::tokens(ui);
        let bar = Frame::new().fill(t.rail).inner_margin(Margin::symmetric(8, 5));
        Panel::top("top bar").frame(bar).show(ui, |ui| self.top_bar(ui, &mut actions));
        Panel::bottom("jobs").frame(bar).exact_size(34.0).show(ui, |ui| self.job_bar(ui, &mut actions));
        Panel::left("places")
            .frame(Frame::new().fill(t.rail).inner_margin(Margin::symmetric(8, 4)))
            .resizable(true)
            .default_size(158.0)
            .size_range(120.0..=240.0)
            .show(ui, |ui| self.rail(ui, &mut actions));
        CentralPanel::default()
            .frame(Frame::new().fill(t.ground).inner_margin(Margin::symmetric(18, 14)))
            .show(ui, |ui| self.place_ui(ui, &mut actions));
        let ctx = self.ctx.clone();
        self.overlays.ui(&ctx, self.session.as_ref(), &mut actions);
        self.palette.ui(&ctx, self.session.as_ref(), &mut actions);
        if let Some(decided) = self.files.ui(&ctx) {
            match decided {
                Decided::Files(purpose, paths) => self.decided(purpose, paths),
                Decided::Dialog(ask, start) => {
                    self.jobs.start(Key::Dialog, "Choosing a file", move |_| Message::Picked(files::dialog(ask, &start)))
                }
            }
        }
        self.toasts.ui(&ctx, self.importing);
        self.drop_target(ui);
        self.carry_out(actions);
    }
}
