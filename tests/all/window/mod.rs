//! What people see and do in the window, by accessible name and without a display.

mod data;
mod items;
mod orders;
mod overview;
mod report;
mod routes;
mod scenarios;
mod shell;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::path::Path;
use std::time::{Duration, Instant};
use stockcast::app::{Options, Stockcast};
use tempfile::TempDir;

/// A window and the folder it lives in.
pub struct Window {
    pub harness: Harness<'static, Stockcast>,
    pub home: TempDir,
}

impl std::ops::Deref for Window {
    type Target = Harness<'static, Stockcast>;
    fn deref(&self) -> &Self::Target {
        &self.harness
    }
}

impl std::ops::DerefMut for Window {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.harness
    }
}

/// A window on its welcome place, in a home of its own.
pub fn open() -> Window {
    let home = tempfile::tempdir().unwrap();
    let options = Options { home: home.path().to_owned(), ..Options::default() };
    let harness = window(options);
    Window { harness, home }
}

/// A window in a folder that is already there.
pub fn open_in(home: &Path, file: Option<&Path>) -> Harness<'static, Stockcast> {
    window(Options { home: home.to_owned(), open: file.map(Path::to_owned), ..Options::default() })
}

fn window(options: Options) -> Harness<'static, Stockcast> {
    let mut harness =
        Harness::builder().with_size([1280.0, 800.0]).with_max_steps(8).build_eframe(move |cc| Stockcast::new(&cc.egui_ctx, options));
    harness.run_steps(3);
    harness
}

/// Frames until nothing runs any more.
pub fn settle(h: &mut Harness<'static, Stockcast>) {
    let began = Instant::now();
    loop {
        h.step();
        if !h.state().is_busy() {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(240), "jobs do not end");
        std::thread::sleep(Duration::from_millis(5));
    }
    h.run_steps(3);
}

/// A window with the sample shop open and computed.
pub fn sample() -> Window {
    let mut w = open();
    w.get_by_label("Open the sample shop").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(w.state().session().is_some_and(|s| s.outcome.is_some() && s.replay.is_some()), "the sample is not computed");
    w
}

/// Goes to a place by the list on the left.
pub fn go(h: &mut Harness<'static, Stockcast>, place: &str) {
    h.get_all_by_label_contains(place).next().unwrap().click();
    h.run_steps(3);
}

/// True where some text on the screen contains this.
pub fn shows(h: &Harness<'static, Stockcast>, text: &str) -> bool {
    h.query_all_by_label_contains(text).next().is_some()
        || h.root().children_recursive().any(|n| n.value().is_some_and(|v| v.contains(text)))
}
