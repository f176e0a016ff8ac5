//! The engine from outside, on the sample shop: adjustments, one item, memory, consolidation rules, footprint lines.

mod adjust;
mod by_hand;
mod memory;
mod one;
mod own;
mod past;
mod payoffs;
mod score;
mod shipped;
mod young;

use std::path::Path;
use std::sync::OnceLock;
use stockcast::base::NoControl;
use stockcast::scenario::{Engine, Inputs, Outcome, Plan, load};

/// The sample shop, at few replications.
pub fn sample() -> &'static (Inputs, Plan) {
    static SAMPLE: OnceLock<(Inputs, Plan)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/scenario.toml");
        let (inputs, mut plan, _) = load(&file, &NoControl).unwrap();
        plan.replications = 48;
        plan.logistics.built_replications = 6;
        (inputs, plan)
    })
}

/// An engine that has run the sample, and what it found.
pub fn ran() -> &'static (Engine, Outcome) {
    static RAN: OnceLock<(Engine, Outcome)> = OnceLock::new();
    RAN.get_or_init(|| {
        let (inputs, plan) = sample();
        let engine = Engine::default();
        let outcome = engine.run(inputs, plan, &NoControl).unwrap();
        (engine, outcome)
    })
}

/// Everything an outcome says, as text to compare byte by byte.
pub fn bytes(outcome: &Outcome) -> String {
    let series: Vec<String> = outcome
        .series
        .iter()
        .map(|s| format!("{:?} {:?} {:?}", s.stocked.unique_id, s.stock, s.forecast.as_ref().map(|f| &f.path)))
        .collect();
    format!("{}\n{:?}\n{:?}\n{:?}", series.join("\n"), outcome.totals, outcome.freight, outcome.diagnostics)
}
