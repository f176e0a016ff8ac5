//! Odd but legitimate cases through `simulate`, against closed forms and against each other.

use super::{folder, json, refused};
use serde_json::Value;

fn simulate(demand: &str, supply: &str, cost: &str, policy: &str) -> Value {
    let text = format!(
        "version = 1\nseed = 5\nreplications = 48\nperiods = 800\nwarm_up = 100\n[demand]\n{demand}\n[supply]\n{supply}\n[cost]\n{cost}\n[policy]\n{policy}\n"
    );
    let dir = folder(&[("case.toml", &text)]);
    json(dir.path(), &["simulate", "case.toml", "--json"])["series"][0].clone()
}

fn of(v: &Value, key: &str) -> (f64, f64) {
    (v[key]["mean"].as_f64().unwrap(), v[key]["half_width"].as_f64().unwrap())
}

fn near(v: &Value, key: &str, exact: f64) {
    let (mean, half) = of(v, key);
    assert!(
        (mean - exact).abs() <= 1.5 * half + 1e-9 * exact.abs() && half < 0.05 * exact.abs() + 1e-9,
        "{key} {mean} ± {half}, exactly {exact}"
    );
}

const POISSON: &str = "distribution = \"poisson\"\nmean = 6.0";

/// With lead time 0 a base stock starts every period at `S`, whoever waited before: `h E(S − D)⁺ + (πp + w(1 − p)) E(D − S)⁺` with the share `p` lost.
#[test]
fn some_customers_wait() {
    let (s, lost, holding, shortage, waiting) = (7.0, 0.6, 0.4, 5.0, 1.5);
    let mut chance = (-6.0f64).exp();
    let mut short = 0.0;
    for d in 0..80 {
        short += chance * (f64::from(d) - s).max(0.0);
        chance *= 6.0 / f64::from(d + 1);
    }
    let held = s - 6.0 + short;
    let v = simulate(
        POISSON,
        &format!("lead_time = 0\nlost = {lost}"),
        &format!("holding = {holding}\nshortage = {shortage}\nwaiting = {waiting}"),
        "kind = \"base_stock\"\nS = 7",
    );
    near(&v, "total_cost_per_period", holding * held + (shortage * lost + waiting * (1.0 - lost)) * short);
    near(&v, "fill_rate", 1.0 - short / 6.0);
    let (gone, all) = (of(&v, "units_lost").0, of(&v, "demand").0 * short / 6.0);
    assert!((gone / all - lost).abs() < 0.03, "{gone} of {all}");
    // units are whole, and nothing of them disappears
    let (opening, received, closing) = (of(&v, "opening_stock").0, of(&v, "units_received").0, of(&v, "closing_stock").0);
    let (demand, lost_units) = (of(&v, "demand").0, of(&v, "units_lost").0);
    assert!((opening + received - (demand - lost_units) - closing).abs() < 1e-6 * demand);
}

/// All lost and none lost are the cases there were before, to the byte; between them cost lies between, and moves one way.
#[test]
fn shares_of_none_and_all() {
    let supply = "lead_time = { values = [1, 3], weights = [2, 1] }\n";
    let (cost, policy) = ("holding = 0.3\nshortage = 4.0\norder = 5.0", "kind = \"sS\"\ns = 20\nS = 40");
    let with = |unmet: &str| simulate(POISSON, &format!("{supply}{unmet}"), cost, policy);
    assert_eq!(with("lost = 1.0"), with("unmet_demand = \"lost\""));
    assert_eq!(with("lost = 0.0"), with("unmet_demand = \"backorder\""));
    let lost: Vec<f64> = ["lost = 0.0001", "lost = 0.3", "lost = 0.6", "lost = 0.9999"].map(|l| of(&with(l), "units_lost").0).to_vec();
    assert!(lost.windows(2).all(|w| w[0] < w[1]), "{lost:?}");
    // so near the ends that hardly a customer differs
    let (all, nearly) = (of(&with("lost = 1.0"), "total_cost").0, of(&with("lost = 0.9999"), "total_cost").0);
    assert!((nearly / all - 1.0).abs() < 2e-3, "{nearly} {all}");
}

/// Cards times containers is the most there ever is, and a card is sent for each container that is empty: `(R,s,nQ)` with `s = (cards − 1)·Q`.
#[test]
fn kanban() {
    let run = |policy: &str| simulate(POISSON, "lead_time = 2\nunmet_demand = \"backorder\"", "holding = 0.3\nshortage = 4.0", policy);
    let (k, n) = (run("kind = \"kanban\"\ncards = 5\nQ = 6"), run("kind = \"RsnQ\"\ns = 24\nQ = 6"));
    assert_eq!(of(&k, "total_cost"), of(&n, "total_cost"));
    assert!(of(&k, "average_on_hand").0 <= 30.0 && of(&k, "units_ordered").0 > 0.0);
}

#[test]
fn what_cannot_be_is_said_with_the_fix() {
    for (supply, cost, policy, says) in [
        ("lost = 1.2", "", "kind = \"base_stock\"\nS = 7", "use 0.6"),
        ("lead_time = 1", "waiting = 1.0", "kind = \"base_stock\"\nS = 7", "add lost = 0.6"),
        ("lead_time = 1", "", "kind = \"kanban\"\nQ = 6", "cards = 3"),
        ("lead_time = 1", "", "kind = \"kanban\"\ncards = 2", "add Q"),
        ("lost = 0.5", "waiting = -1", "kind = \"base_stock\"\nS = 7", "waiting"),
    ] {
        let text = format!("version = 1\n[demand]\n{POISSON}\n[supply]\n{supply}\n[cost]\n{cost}\n[policy]\n{policy}\n");
        let dir = folder(&[("case.toml", &text)]);
        let e = refused(dir.path(), &["simulate", "case.toml"]);
        assert!(e.contains(says) && e.contains("case.toml:"), "{supply} {cost} {policy}: {e}");
    }
}
