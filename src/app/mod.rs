//! The egui shell. This version opens an empty house: the places are named and each says what it will hold; the work
//! itself is done by the command line over the same library.
//!
//! In: nothing yet. Out: a window. Files: this one.

use eframe::egui;

/// A place of the window, in the order of the flow (DESIGN §5), with what it will show.
const PLACES: [(&str, &str); 10] = [
    ("Overview", "Money at risk from stockouts and from overstock, and what replaying your own past would have saved."),
    ("Data", "What was recognised in your file, what was set aside and why, line by line."),
    ("Items", "Every item with its history, forecast, stock and the advice for it."),
    ("Forecast", "The forecast as a fan of possible futures, and how well it did on your past."),
    ("Inventory", "Reorder levels, their cost and service, by simulation."),
    ("Orders", "What to order now, by supplier, with the reason in a sentence."),
    ("Routes", "Shipments put together into trips, on a map."),
    ("Sustainability", "kg CO2e and waste by stage, with the sources of the factors."),
    ("Scenarios", "Assumptions side by side, with paired differences."),
    ("Report", "The page to send to others."),
];

/// Opens the window and returns when it is closed; the error says why it could not open.
pub fn run() -> Result<(), String> {
    if cfg!(target_os = "linux")
        && ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().all(|v| std::env::var_os(v).is_none_or(|s| s.is_empty()))
    {
        return Err("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".into());
    }
    let options = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default()
            .with_title("Stockcast")
            .with_app_id("stockcast")
            .with_inner_size([1100.0, 720.0])
            .with_min_inner_size([640.0, 420.0]),
        ..Default::default()
    };
    eframe::run_native("Stockcast", options, Box::new(|_| Ok(Box::new(Shell::default()))))
        .map_err(|e| format!("the window could not open: {e}"))
}

/// The shell: which place is open.
#[derive(Default)]
struct Shell {
    place: usize,
}

impl eframe::App for Shell {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        egui::Panel::left("places").resizable(false).exact_size(160.0).show(ui, |ui| {
            ui.add_space(8.0);
            ui.heading("Stockcast");
            ui.add_space(8.0);
            for (i, (name, _)) in PLACES.iter().enumerate() {
                ui.selectable_value(&mut self.place, i, *name);
            }
        });
        egui::CentralPanel::default().show(ui, |ui| {
            let (name, what) = PLACES[self.place.min(PLACES.len() - 1)];
            ui.add_space(8.0);
            ui.heading(name);
            ui.add_space(4.0);
            ui.label(what);
            ui.add_space(16.0);
            ui.label("This place is not furnished yet. The same engine already works from a terminal:");
            ui.add_space(4.0);
            for line in [
                "stockcast demo",
                "stockcast audit your-sales.csv",
                "stockcast orders your-sales.csv -o orders.csv",
                "stockcast report your-sales.csv -o report.html",
            ] {
                ui.monospace(line);
            }
        });
    }
}
