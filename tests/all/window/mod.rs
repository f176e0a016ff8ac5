//! What people see and do in the window, by accessible name and without a display.

mod ahead;
mod data;
mod forecast;
mod import;
mod items;
mod orders;
mod overview;
mod report;
mod routes;
mod scenarios;
mod shell;
#[cfg(feature = "snapshots")]
mod snapshots;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use stockcast::app::work::cache_of;
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
    window(Options { home: home.to_owned(), open: file.map(Path::to_owned).into_iter().collect(), ..Options::default() })
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

/// The sample's project and what the engine remembers of it, made once for all tests.
static COMPUTED: OnceLock<TempDir> = OnceLock::new();

/// The sample shop opened by its button and computed from nothing.
pub fn sample_from_nothing() -> Window {
    let mut w = open();
    w.get_by_label("Open the sample shop").click();
    w.run_steps(2);
    settle(&mut w);
    assert!(w.state().session().is_some_and(|s| s.outcome.is_some() && s.replay.is_some()), "the sample is not computed");
    w
}

/// A window with the sample shop open and computed, in a home of its own.
pub fn sample() -> Window {
    let computed = COMPUTED.get_or_init(|| {
        let Window { harness, home } = sample_from_nothing();
        // the memory is written by a thread of its own, whole or not at all
        let cache = home.path().join("cache");
        let began = Instant::now();
        while std::fs::read_dir(&cache).map_or(0, |d| d.flatten().filter(|e| e.path().extension().is_some_and(|x| x == "engine")).count())
            == 0
        {
            assert!(began.elapsed() < Duration::from_secs(60), "the engine's memory is not written");
            std::thread::sleep(Duration::from_millis(50));
        }
        drop(harness);
        home
    });
    let home = tempfile::tempdir().unwrap();
    let file = Path::new("projects").join("Sample shop.stockcast");
    for dir in ["projects", "cache"] {
        std::fs::create_dir_all(home.path().join(dir)).unwrap();
    }
    std::fs::copy(computed.path().join(&file), home.path().join(&file)).unwrap();
    let memory = |home: &Path| cache_of(&home.join(&file), &home.join("cache"));
    std::fs::copy(memory(computed.path()), memory(home.path())).unwrap();
    let mut harness = open_in(home.path(), Some(&home.path().join(&file)));
    settle(&mut harness);
    assert!(harness.state().session().is_some_and(|s| s.outcome.is_some() && s.replay.is_some()), "the sample is not computed");
    Window { harness, home }
}

/// Confirms the import step.
pub fn confirm(h: &mut Harness<'static, Stockcast>) {
    let button = h
        .query_all_by_label_contains("Import ")
        .find(|n| n.accesskit_node().label().is_some_and(|l| l.ends_with("file") || l.ends_with("files")));
    button.expect("there is no button to import with").click();
    h.run_steps(2);
    settle(h);
    h.run_steps(2);
    settle(h);
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
