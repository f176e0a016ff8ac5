//! The collection of published and recomputed cases beside the repository: every case of a topic this room covers.

use super::{counts, poisson};
use crate::shared::shared;
use serde_json::Value;
use stockcast::inventory::classic::{continuous, discounts, eoq, lot_sizing, newsvendor, periodic, queues, safety_stock};
use stockcast::inventory::{Item, LeadTime, Policy, SimOptions, UnitCosts, simulate};

struct Case(Value);

impl Case {
    fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }
    fn p(&self, key: &str) -> f64 {
        self.0["params"][key].as_f64().unwrap_or_else(|| panic!("{}: no {key}", self.id()))
    }
    fn opt(&self, key: &str) -> Option<f64> {
        self.0["params"][key].as_f64()
    }
    fn list(&self, key: &str) -> Vec<f64> {
        self.0["params"][key].as_array().map(|a| a.iter().map(|x| x.as_f64().unwrap()).collect()).unwrap_or_default()
    }
    fn want(&self, key: &str) -> Option<f64> {
        self.0["expected"][key].as_f64()
    }
    fn within(&self, key: &str) -> f64 {
        let t = &self.0["tolerance"];
        t.as_f64().or_else(|| t[key].as_f64()).unwrap_or(1e-6)
    }
    /// Compares every expected figure that is given; says which case and whose figure.
    fn check(&self, got: &[(&str, f64)]) -> usize {
        let mut checked = 0;
        for (key, value) in got {
            if let Some(want) = self.want(key) {
                // tolerances are absolute; printed values carry at least half a unit of their last digit
                let within = self.within(key).max(1e-9 * want.abs()) * 1.000_001;
                let source = self.0["source"].as_str().unwrap();
                assert!((value - want).abs() <= within, "{} ({source}): {key} is {value}, not {want} ± {within}", self.id());
                checked += 1;
            }
        }
        assert!(checked > 0, "{}: nothing compared", self.id());
        1
    }
}

fn cases() -> Option<Vec<Case>> {
    let text = std::fs::read_to_string(shared("golden/inventory.json")?).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    Some(all.into_iter().map(Case).collect())
}

fn closed_form(c: &Case) -> Option<usize> {
    let topic = c.0["topic"].as_str().unwrap();
    let k = || c.p("fixed_cost");
    let h = || c.p("holding_cost");
    let p = || c.p("stockout_cost");
    let mean = || c.p("demand_mean");
    let lead = c.opt("lead_time").unwrap_or(0.0);
    let normal = || continuous::Normal { k: k(), h: h(), p: p(), rate: mean(), sd: c.p("demand_sd"), lead };
    let done = match topic {
        "EOQ" => {
            let e = eoq::eoq(k(), h(), c.p("demand_rate"));
            c.check(&[("Q", e.quantity), ("cost", e.cost)])
        }
        "EOQ cost of non-optimal Q" => c.check(&[("cost", eoq::cost(k(), h(), c.p("demand_rate"), c.p("order_quantity")))]),
        "EOQ with planned backorders" => {
            let (e, share) = eoq::with_backorders(k(), h(), p(), c.p("demand_rate"));
            c.check(&[("Q", e.quantity), ("stockout_fraction", share), ("cost", e.cost)])
        }
        "EPQ finite production rate" => {
            let e = eoq::epq(k(), h(), c.p("demand_rate"), c.p("production_rate"));
            c.check(&[("Q", e.quantity), ("cost", e.cost)])
        }
        "EOQ all-units discount" | "EOQ incremental discount" => {
            let f = if topic.contains("all-units") { discounts::all_units } else { discounts::incremental };
            let d = f(k(), c.p("holding_cost_rate"), c.p("demand_rate"), &c.list("breakpoints"), &c.list("unit_costs")).unwrap();
            c.check(&[("Q", d.quantity), ("region", d.region as f64), ("cost", d.cost)])
        }
        "Wagner-Whitin lot sizing" => {
            let s = lot_sizing::wagner_whitin(&c.list("demand"), &[k()], &[h()], &c.list("purchase_cost"));
            let want: Vec<f64> = c.0["expected"]["order_quantities"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
            assert_eq!(s.quantities, want, "{} ({})", c.id(), c.0["source"]);
            c.check(&[("cost", s.cost)])
        }
        "newsvendor / base stock, normal" => {
            let n = newsvendor::normal(h(), p(), mean(), c.p("demand_sd"), lead);
            c.check(&[("S", n.up_to), ("cost", n.cost)])
        }
        "newsvendor explicit (revenue/cost/salvage), profit" => {
            let (q, profit) = newsvendor::profit(c.p("revenue"), c.p("purchase_cost"), c.p("salvage_value"), mean(), c.p("demand_sd"));
            c.check(&[("Q", q), ("profit", profit)])
        }
        "newsvendor Poisson" | "base stock Poisson with lead time 4 (L+1 periods)" => {
            let n = newsvendor::poisson_demand(h(), p(), mean(), lead);
            c.check(&[("S", n.up_to), ("cost", n.cost)])
        }
        "newsvendor discrete pmf" => {
            let mut pmf = vec![0.0; 20];
            for (value, weight) in c.0["params"]["demand_pmf"].as_object().unwrap() {
                pmf[value.parse::<usize>().unwrap()] = weight.as_f64().unwrap();
            }
            let n = newsvendor::counts(h(), p(), &pmf);
            c.check(&[("S", n.up_to), ("cost", n.cost)])
        }
        "newsvendor lognormal" => {
            let n = newsvendor::lognormal(h(), p(), c.p("mu"), c.p("sigma"));
            c.check(&[("S", n.up_to), ("cost", n.cost)])
        }
        "(s,S) power approximation (Ehrhardt-Mosier)" => {
            let w = periodic::power_approximation(k(), h(), p(), mean(), c.p("demand_sd"), lead);
            c.check(&[("s", w.s), ("S", w.up_to)])
        }
        t if t.starts_with("(s,S) ") => {
            let z = periodic::poisson_exact(k(), h(), p(), mean(), lead);
            c.check(&[("s", z.s), ("S", z.up_to), ("cost", z.cost)])
        }
        "(r,Q) expected-inventory-level approx." => {
            let r = normal().expected_inventory();
            c.check(&[("r", r.r), ("Q", r.quantity), ("cost", r.cost)])
        }
        "(r,Q) EOQB approx." => {
            let r = normal().eoq_with_backorders();
            c.check(&[("r", r.r), ("Q", r.quantity)])
        }
        "(r,Q) EOQ+safety-stock approx." => {
            let r = normal().eoq_and_safety_stock();
            c.check(&[("r", r.r), ("Q", r.quantity)])
        }
        "(r,Q) loss-function approx." => {
            let r = normal().loss_function();
            c.check(&[("r", r.r), ("Q", r.quantity)])
        }
        "(r,Q) exact cost, normal" => c.check(&[("cost", normal().cost(c.p("r"), c.p("Q")))]),
        "(r,Q) optimal r for fixed Q" => c.check(&[("r", normal().best_r(c.p("Q")))]),
        "(r,Q) exact Poisson (Federgruen-Zheng)" => {
            let r = continuous::poisson_exact(k(), h(), p(), mean(), lead);
            c.check(&[("r", r.r), ("Q", r.quantity), ("cost", r.cost)])
        }
        t if t.starts_with("continuous (S-1,S) lost sales") => {
            let f = queues::lost_sales_fill_rate(c.p("S") as usize, c.p("demand_rate"), c.p("mean_lead_time"));
            c.check(&[("fill_rate", f)])
        }
        t if t.starts_with("continuous (S-1,S) backorders") => {
            let b = queues::backorders(c.p("S") as usize, c.p("demand_rate"), c.p("mean_lead_time"));
            c.check(&[("fill_rate", b.fill_rate), ("expected_backorders", b.backorders), ("expected_on_hand", b.on_hand)])
        }
        "(s,Q) safety stock, CSL and fill rate (normal)" | "(s,Q) CSL & fill rate" => {
            let l = c.p("lead_time");
            let s = safety_stock::service(c.p("ROP"), c.p("Q"), l * c.p("weekly_mean"), l.sqrt() * c.p("weekly_sd"));
            c.check(&[("CSL", s.cycle_service), ("ESC", s.short_per_cycle), ("fill_rate", s.fill_rate)])
        }
        t if t.starts_with("safety stock with random lead time") => {
            let sd = safety_stock::lead_time_demand_sd(c.p("daily_mean"), c.p("daily_sd"), c.p("L"), c.p("sL"));
            c.check(&[("sigma_LTD", sd), ("ss", safety_stock::for_cycle_service(c.p("CSL"), sd))])
        }
        _ => return None,
    };
    Some(done)
}

#[test]
fn closed_forms() {
    let Some(cases) = cases() else { return };
    let done = cases.iter().filter_map(closed_form).count();
    assert!(done >= 60, "only {done} cases compared");
}

fn geometric(mean: f64) -> Vec<f64> {
    let p = 1.0 / (1.0 + mean);
    (0..240).map(|k| p * (1.0 - p).powi(k)).collect()
}

/// Average cost a period of a policy under lost sales, by simulation. The cases order at the start of `t` what arrives at the start
/// of `t + L`: our order at the end of `t − 1`, with the same `L`.
fn simulated(c: &Case, policy: &Policy, order_cost: f64) -> (f64, f64) {
    let path = if c.0["params"]["demand"] == "geometric" { counts(&geometric(c.p("mean"))) } else { poisson(c.p("mean")) };
    let item = Item {
        lead_time: LeadTime::fixed(c.p("lead_time") as usize),
        on_hand: c.p("mean") * (c.p("lead_time") + 1.0),
        ..Item::new(c.id(), &path, UnitCosts::new(c.p("holding_cost"), c.p("penalty"), order_cost))
    };
    let o = SimOptions { warm_up: 100, ..SimOptions::new(2026, 480, 1000) };
    let m = simulate(&item, policy, &o).unwrap().measures.total_cost.scaled(1e-3);
    (m.mean, m.half_width)
}

#[test]
fn lost_sales_by_simulation() {
    let Some(cases) = cases() else { return };
    let mut done = 0;
    for c in &cases {
        let topic = c.0["topic"].as_str().unwrap();
        let policy = if topic == "periodic lost sales, best constant base-stock policy cost" {
            Policy::BaseStock { up_to: c.want("S").unwrap() }
        } else if topic.ends_with("fixed order cost: sS") {
            Policy::SS { s: c.p("s"), up_to: c.p("S") }
        } else if topic.ends_with("fixed order cost: snQ") {
            Policy::SNQ { s: c.p("s"), q: c.p("Q") }
        } else {
            continue;
        };
        let (mean, half) = simulated(c, &policy, c.opt("fixed_cost").unwrap_or(0.0));
        let want = c.want("cost").unwrap();
        let within = c.within("cost") + 1.5 * half;
        assert!((mean - want).abs() <= within, "{} ({}): {mean} ± {half}, not {want}", c.id(), c.0["source"]);
        done += 1;
    }
    assert!(done >= 18, "only {done} cases simulated");
}
