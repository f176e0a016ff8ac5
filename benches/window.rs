//! How long the interface thread works on a frame, in the real places and without a display: `cargo bench --bench bench -- window`.
//!
//! Two phases on one window. First 540,000 lines of sales are read, forecast and simulated while frames go on being asked for at 60 a second. Then a
//! project of 10,000 items is open, and each place is scrolled, pointed at and clicked. A frame is layout, painting into shapes and tessellation; what
//! the graphics card does with the triangles is not in it.

use eframe::egui::{
    self, Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, RawInput, Rect, TouchPhase, Vec2, pos2, vec2,
};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use stockcast::app::places::Place;
use stockcast::app::{Options, Stockcast};

const SIZE: Vec2 = vec2(1280.0, 800.0);

struct Driver {
    ctx: egui::Context,
    app: Stockcast,
    began: Instant,
}

impl Driver {
    fn new(home: &Path, open: &Path) -> Self {
        let ctx = egui::Context::default();
        let options = Options { home: home.to_owned(), open: vec![open.to_owned()], ..Options::default() };
        Self { app: Stockcast::new(&ctx, options), ctx, began: Instant::now() }
    }

    /// One frame with these events: how long it took.
    fn frame(&mut self, events: Vec<Event>) -> Duration {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE)),
            time: Some(self.began.elapsed().as_secs_f64()),
            focused: true,
            events,
            ..RawInput::default()
        };
        let began = Instant::now();
        let app = &mut self.app;
        app.poll();
        let output = self.ctx.run_ui(input, |ui| app.show(ui));
        let triangles = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let took = began.elapsed();
        std::hint::black_box(triangles);
        took
    }

    /// Frames at 60 a second until nothing runs any more: the work of each, and the time from one to the next.
    fn while_busy(&mut self) -> (Vec<Duration>, Vec<Duration>) {
        let (mut work, mut gaps) = (Vec::new(), Vec::new());
        let mut i = 0u32;
        loop {
            let began = Instant::now();
            // the pointer moves, as a waiting person's does
            work.push(self.frame(vec![Event::PointerMoved(pos2(300.0 + (i % 500) as f32, 200.0 + (i % 300) as f32))]));
            i += 1;
            std::thread::sleep(Duration::from_millis(16).saturating_sub(began.elapsed()));
            gaps.push(began.elapsed());
            if !self.app.is_busy() {
                return (work, gaps);
            }
        }
    }

    /// Confirms the import step, where everything is clear: its button has the keyboard.
    fn confirm(&mut self) {
        self.frame(Vec::new());
        self.frame(Vec::new());
        let key = |pressed| Event::Key { key: Key::Enter, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
        self.frame(vec![key(true)]);
        self.frame(vec![key(false)]);
        assert!(self.app.is_busy(), "the file is not imported");
    }

    fn place(&mut self, place: Place) -> Vec<Duration> {
        self.app.go(place);
        // a first visit makes its tables; it counts
        let mut times = vec![self.frame(Vec::new())];
        for i in 0..240u32 {
            let at = pos2(250.0 + (i * 37 % 980) as f32, 120.0 + (i * 53 % 600) as f32);
            let mut events = vec![Event::PointerMoved(at)];
            if i % 2 == 0 {
                events.push(Event::MouseWheel {
                    unit: MouseWheelUnit::Point,
                    delta: vec2(0.0, if i % 80 < 40 { -240.0 } else { 240.0 }),
                    phase: TouchPhase::Move,
                    source: MouseWheelSource::Wheel,
                    modifiers: Modifiers::NONE,
                });
            }
            if i % 60 == 30 && place == Place::Items {
                for pressed in [true, false] {
                    events.push(Event::PointerButton {
                        pos: pos2(420.0, 420.0),
                        button: PointerButton::Primary,
                        pressed,
                        modifiers: Modifiers::NONE,
                    });
                }
            }
            if i % 90 == 45 {
                events.push(Event::Key {
                    key: Key::ArrowDown,
                    physical_key: None,
                    pressed: true,
                    repeat: false,
                    modifiers: Modifiers::NONE,
                });
            }
            times.push(self.frame(events));
        }
        times
    }
}

fn line(name: &str, times: &[Duration]) {
    let mut ms: Vec<f64> = times.iter().map(|d| d.as_secs_f64() * 1000.0).collect();
    ms.sort_by(f64::total_cmp);
    let at = |p: f64| stockcast::base::measure::quantile_sorted(&ms, p);
    println!("{name:<44} {:>6} frames  p50 {:>6.2} ms  p99 {:>6.2} ms  max {:>7.2} ms", ms.len(), at(0.5), at(0.99), at(1.0));
}

/// `lines` sales of `items` items over two years of days, in the layout of an online shop's export.
fn sales(path: &Path, lines: usize, items: usize) {
    let mut text = String::with_capacity(lines * 48);
    text.push_str("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n");
    let mut state = 1u64;
    for i in 0..lines {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let r = state >> 33;
        let day = i * 730 / lines;
        let (year, rest) = (2024 + day / 365, day % 365);
        let (month, dom) = (rest / 31 + 1, rest % 28 + 1);
        let _ = writeln!(
            text,
            "{},SKU{:05},{},{year}-{month:02}-{dom:02},{}.50",
            500_000 + i / 4,
            r as usize % items,
            1 + (r >> 8) % 12,
            1 + (r >> 12) % 40
        );
    }
    std::fs::write(path, text).unwrap();
}

pub fn run() {
    let dir = tempfile::tempdir().unwrap();
    let (half_million, many) = (dir.path().join("half-million.csv"), dir.path().join("many.csv"));
    sales(&half_million, 540_000, 2_000);
    sales(&many, 600_000, 10_000);
    let scenario = dir.path().join("many.toml");
    // little to compute, much to show
    let text = "version = 1\nname = \"Many\"\nreplications = 32\nperiods = 13\n[history]\nfiles = [\"many.csv\"]\nperiod = \"week\"\n[forecast]\nmodel = \"window average\"\n[logistics]\nconsolidation = { every = 7 }\nbuilt_replications = 1\n";
    std::fs::write(&scenario, text).unwrap();

    let mut d = Driver::new(&dir.path().join("home"), &half_million);
    let (mut work, mut gaps) = d.while_busy();
    d.confirm();
    let (more, later) = d.while_busy();
    work.extend(more);
    gaps.extend(later);
    line("540,000 lines read and simulated: work", &work);
    line("540,000 lines read and simulated: next frame", &gaps);
    drop(d);

    let mut d = Driver::new(&dir.path().join("home"), &scenario);
    let (work, gaps) = d.while_busy();
    line("10,000 items computed: work", &work);
    line("10,000 items computed: next frame", &gaps);
    let n = d.app.session().map_or(0, |s| s.rows.len());
    println!("{n} items open");
    let mut all = Vec::new();
    for place in Place::ALL {
        let times = d.place(place);
        line(place.name(), &times);
        all.extend(times);
    }
    line("all places", &all);
}
