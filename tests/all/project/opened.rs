//! A scenario opened as a project is planned on the same sales and stock as on the command line.

use std::path::Path;
use stockcast::base::NoControl;
use stockcast::project::Document;
use stockcast::scenario::{Inputs, Plan, load, load_assuming, sample};

/// Every series with its sales, and every item's stock, to the last bit.
fn told(inputs: &Inputs) -> (Vec<(String, Vec<u64>)>, Vec<String>) {
    let series = inputs.history.iter().flat_map(|h| &h.series);
    let sold = series.map(|s| (s.unique_id.to_string(), s.y.iter().map(|y| y.to_bits()).collect())).collect();
    let mut stock: Vec<String> = inputs.masters.stock.iter().map(|r| format!("{:?} {}", r.scope, r.on_hand)).collect();
    stock.sort();
    (sold, stock)
}

fn opened(inputs: Inputs, plan: Plan) -> Inputs {
    Document::new("Opened", inputs, plan, Vec::new(), Vec::new()).inputs()
}

/// Found in the sample: a successor's past was given its predecessor's sales twice, once on reading and once by the project.
#[test]
fn successors_take_over_once_however_a_scenario_is_opened() {
    let (line, _, said) = sample::load(&NoControl).unwrap();
    assert!(said.iter().any(|d| d.code == "successor"), "the sample has successors");
    let (apart, plan, said) = sample::apart(&NoControl).unwrap();
    assert!(said.iter().any(|d| d.code == "successor"));
    assert_ne!(told(&apart), told(&line), "successors stay apart until the project joins them");
    assert_eq!(told(&opened(apart, plan)), told(&line));

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/scenario.toml");
    let (line, ..) = load(&path, &NoControl).unwrap();
    let (apart, plan, _) = load_assuming(&path, &NoControl).unwrap();
    assert_eq!(told(&opened(apart, plan)), told(&line));
}
