//! Pictures of every place in both themes, compared with those in `tests/snapshots`: `cargo test --features snapshots snapshots`.
//! `UPDATE_SNAPSHOTS=1` makes them anew. They need Mesa's software drawing (Debian: libegl1 libgl1-mesa-dri mesa-vulkan-drivers); without it the
//! test says that it is skipped.

use super::settle;
use egui::Theme;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};
use std::panic::{AssertUnwindSafe, catch_unwind};
use stockcast::app::places::Place;
use stockcast::app::{Options, Stockcast};

fn window(home: &std::path::Path, look: Theme) -> Option<Harness<'static, Stockcast>> {
    let options = Options { home: home.to_owned(), ..Options::default() };
    let made = catch_unwind(AssertUnwindSafe(|| {
        let mut h = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_theme(look)
            .wgpu()
            .build_eframe(move |cc| Stockcast::new(&cc.egui_ctx, options));
        h.run_steps(3);
        // the renderer looks for a driver when it draws first
        h.render().map(|_| h)
    }));
    match made {
        Ok(Ok(h)) => Some(h),
        _ => {
            eprintln!("SKIPPED: nothing here can draw pictures; install Mesa (libegl1 libgl1-mesa-dri mesa-vulkan-drivers)");
            None
        }
    }
}

#[test]
fn snapshots_of_every_place_in_both_themes() {
    let home = tempfile::tempdir().unwrap();
    let mut results = SnapshotResults::new();
    for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let Some(mut h) = window(home.path(), look) else { return };
        h.remove_cursor();
        results.add(h.try_snapshot(format!("welcome_{name}")));
        h.get_by_label("Open the sample shop").click();
        h.run_steps(2);
        settle(&mut h);
        for place in Place::ALL {
            h.state_mut().go(place);
            h.run_steps(4);
            settle(&mut h);
            h.remove_cursor();
            h.run_steps(2);
            results.add(h.try_snapshot(format!("{}_{name}", place.name().to_lowercase())));
        }
    }
}
