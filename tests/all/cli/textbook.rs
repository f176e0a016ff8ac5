//! Textbook cases as an outsider runs them: a scenario file with `[demand]`, `simulate` and `optimize`, the known answer inside the simulated interval.

use super::{folder, json, refused, run};
use serde_json::Value;
use stockcast::inventory::classic::poisson;

struct Case<'a> {
    demand: &'a str,
    supply: &'a str,
    cost: &'a str,
    policy: &'a str,
    more: &'a str,
}

impl Case<'_> {
    fn text(&self, replications: usize, periods: usize, warm_up: usize) -> String {
        format!(
            "version = 1\nseed = 3\nreplications = {replications}\nperiods = {periods}\nwarm_up = {warm_up}\n[demand]\n{}\n[supply]\n{}\n[cost]\n{}\n\
             [policy]\n{}\n{}\n",
            self.demand, self.supply, self.cost, self.policy, self.more
        )
    }
    fn run(&self, command: &str, replications: usize, periods: usize, warm_up: usize) -> Value {
        let dir = folder(&[("case.toml", &self.text(replications, periods, warm_up))]);
        json(dir.path(), &[command, "case.toml", "--json"])
    }
    /// Long and often enough to be near a long-run average.
    fn long(&self, command: &str) -> Value {
        self.run(command, 48, 1000, 100)
    }
}

fn case<'a>(demand: &'a str, supply: &'a str, cost: &'a str, policy: &'a str) -> Case<'a> {
    Case { demand, supply, cost, policy, more: "" }
}

fn of(v: &Value, key: &str) -> (f64, f64) {
    let m = &v["series"][0][key];
    (m["mean"].as_f64().unwrap(), m["half_width"].as_f64().unwrap())
}

/// The known cost a period lies within one and a half half-widths, which is three standard errors.
fn costs(v: &Value, exact: f64) {
    let (mean, half) = of(v, "total_cost_per_period");
    assert!(half < 0.03 * exact.abs(), "half-width {half} of {mean}");
    assert!((mean - exact).abs() <= 1.5 * half + 1e-9 * exact.abs(), "{mean} ± {half}, exactly {exact}");
}

fn level(v: &Value, key: &str) -> f64 {
    v["series"][0][key].as_f64().unwrap()
}

const BACKORDER: &str = "lead_time = 0\nunmet_demand = \"backorder\"";

/// Snyder & Shen 2019, examples 4.3 and 4.4 (stockpyl's test constants): normal demand 50, 8; h 0.18, p 0.7; lead time 0 and 4.
#[test]
fn newsvendor_with_normal_demand() {
    let demand = "distribution = \"normal\"\nmean = 50.0\nsd = 8.0";
    let cost = "holding = 0.18\nshortage = 0.7";
    costs(&case(demand, BACKORDER, cost, "kind = \"base_stock\"\nS = 56.60395592743389").long("simulate"), 1.997605193176645);
    let four = "lead_time = 4\nunmet_demand = \"backorder\"";
    costs(&case(demand, four, cost, "kind = \"base_stock\"\nS = 264.7668943741548").long("simulate"), 4.466781004149578);
    let best = case(demand, BACKORDER, cost, "kind = \"optimal\"\nfamily = \"base_stock\"").long("optimize");
    assert!((level(&best, "S") - 56.604).abs() < 1.0, "S = {}", best["series"][0]["S"]);
}

/// The same by revenue 1, cost 0.3 and salvage 0.12 for one period (example 4.3 as profit): the same level, 56.604; profit 33.0024 is the margin of
/// what is asked for, 0.7 · 50, less the cost of both errors.
#[test]
fn newsvendor_with_salvage() {
    let one = |policy| Case {
        demand: "distribution = \"normal\"\nmean = 50.0\nsd = 8.0",
        supply: "lead_time = 0\nunmet_demand = \"lost\"",
        cost: "holding = 0.0\nunit = 0.3\nprice = 1.0\nmarkdown = 0.6",
        policy,
        more: "",
    };
    let v = one("kind = \"base_stock\"\nS = 56.60395592743389").run("simulate", 20_000, 1, 0);
    let (mean, half) = of(&v, "total_cost");
    assert!((0.7 * 50.0 - mean - 33.002394806823354).abs() < 1.5 * half, "{mean} ± {half}");
    let best = one("kind = \"optimal\"\nfamily = \"base_stock\"").run("optimize", 2000, 1, 0);
    assert!((level(&best, "S") - 56.604).abs() < 1.5, "S = {}", best["series"][0]["S"]);
}

/// Snyder & Shen 2019, problem 4.7(b): a listed demand, h 500,000, p 1,000,000: S = 5, 1,225,000.
#[test]
fn newsvendor_with_listed_demand() {
    let c = case(
        "distribution = \"discrete\"\nvalues = [1, 2, 3, 4, 5, 6, 7, 8]\nweights = [0.25, 0.05, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05]",
        BACKORDER,
        "holding = 500000.0\nshortage = 1000000.0",
        "kind = \"optimal\"",
    );
    let v = c.long("optimize");
    assert_eq!(level(&v, "S"), 5.0);
    costs(&v, 1_225_000.0);
}

/// Snyder & Shen 2019, problem 4.8(b): lognormal demand (6, 0.3), h 1, p 0.1765: S = 295.6266, 29.4425.
#[test]
fn newsvendor_with_lognormal_demand() {
    let mean = (6.0f64 + 0.045).exp();
    let demand = format!("distribution = \"lognormal\"\nmean = {mean}\nsd = {}", mean * (0.09f64.exp() - 1.0).sqrt());
    let c = case(&demand, BACKORDER, "holding = 1.0\nshortage = 0.1765", "kind = \"base_stock\"\nS = 295.6266448071368");
    costs(&c.long("simulate"), 29.44254358213529);
}

/// Zheng & Federgruen 1991, table: Poisson demand, h 1, p 9, K 64.
#[test]
fn zheng_and_federgruen() {
    for (mean, s, up_to, cost) in [(10, 6.0, 40.0, 35.022), (23, 17.0, 52.0, 52.757), (50, 42.0, 108.0, 70.975)] {
        let demand = format!("distribution = \"poisson\"\nmean = {mean}");
        let money = "holding = 1.0\nshortage = 9.0\norder = 64.0";
        let policy = format!("kind = \"sS\"\ns = {s}\nS = {up_to}");
        costs(&case(&demand, BACKORDER, money, &policy).long("simulate"), cost);
        let v = case(&demand, BACKORDER, money, "kind = \"optimal\"").long("optimize");
        costs(&v, cost);
        assert!((level(&v, "s") - s).abs() <= 4.0 && (level(&v, "S") - up_to).abs() <= 4.0, "{mean}: {}", v["series"][0]["policy"]);
    }
}

/// Bijvank, Bhulai & Huh 2015, lost sales with an order cost: Poisson 5, L 2, h 1, p 14, K 5: (17, 23) 11.62, (17, n·7) 11.56.
#[test]
fn lost_sales_with_an_order_cost() {
    let (demand, supply) = ("distribution = \"poisson\"\nmean = 5.0", "lead_time = 2\nunmet_demand = \"lost\"");
    let money = "holding = 1.0\nshortage = 14.0\norder = 5.0";
    costs(&case(demand, supply, money, "kind = \"sS\"\ns = 17\nS = 23").long("simulate"), 11.618);
    costs(&case(demand, supply, money, "kind = \"RsnQ\"\ns = 17\nQ = 7").long("simulate"), 11.555);
    let v = case(demand, supply, money, "kind = \"optimal\"\nfamily = \"RsnQ\"").long("optimize");
    assert_eq!(v["series"][0]["policy"]["kind"], "RsnQ");
    let (mean, half) = of(&v, "total_cost_per_period");
    assert!(mean < 11.62 + half, "{mean} ± {half}");
}

/// Zipkin 2008's test bed: geometric demand of mean 5, L 1, h 1, p 4; the optimum over all policies is 9.8175, the best base-stock level close above.
#[test]
fn lost_sales_with_geometric_demand() {
    let c = case(
        "distribution = \"geometric\"\nmean = 5.0",
        "lead_time = 1\nunmet_demand = \"lost\"",
        "holding = 1.0\nshortage = 4.0",
        "kind = \"optimal\"\nfamily = \"base_stock\"",
    );
    let (mean, half) = of(&c.long("optimize"), "total_cost_per_period");
    assert!(mean > 9.8175 - half && mean < 9.8175 * 1.05 + half, "{mean} ± {half}");
}

/// A fill rate to reach at least stock: the least base-stock level whose exact share served from the shelf, `1 − E[(D − S)⁺]/E[D]`, is enough.
#[test]
fn the_least_level_for_a_fill_rate() {
    let p = poisson(6.0);
    let served = |level: usize| 1.0 - p.iter().enumerate().map(|(d, w)| w * d.saturating_sub(level) as f64).sum::<f64>() / 6.0;
    let least = (0..40).find(|s| served(*s) >= 0.97).unwrap();
    let policy = "kind = \"optimal\"\nfamily = \"base_stock\"\nobjective = { fill_rate = 0.97 }";
    let v = case("distribution = \"poisson\"\nmean = 6.0", BACKORDER, "holding = 1.0\nshortage = 4.0", policy).long("optimize");
    assert_eq!(level(&v, "S"), least as f64);
    assert_eq!(v["series"][0]["target_met"], true);
}

/// Perishables: two periods of life, no lead time, lost sales, base stock 9, Poisson 6: the exact chain over the units that are old tomorrow.
#[test]
fn perishables_by_their_chain() {
    let (level, h, p, unit) = (9usize, 0.5, 5.0, 3.0);
    let pmf = poisson(6.0);
    // x old units in the morning, level − x fresh: the old go first and what is left of them is thrown away
    let mut chain = vec![1.0 / (level + 1) as f64; level + 1];
    let mut cost = 0.0;
    for _ in 0..400 {
        let mut next = vec![0.0; level + 1];
        cost = 0.0;
        for (x, share) in chain.iter().enumerate() {
            for (d, w) in pmf.iter().enumerate() {
                let fresh_left = (level - x).saturating_sub(d.saturating_sub(x));
                next[fresh_left] += share * w;
                let (thrown, lost) = (x.saturating_sub(d), d.saturating_sub(level));
                cost += share * w * (h * fresh_left as f64 + p * lost as f64 + unit * thrown as f64);
            }
        }
        chain = next;
    }
    let c = case(
        "distribution = \"poisson\"\nmean = 6.0",
        "lead_time = 0\nunmet_demand = \"lost\"\nshelf_life = 2",
        "holding = 0.5\nshortage = 5.0\nunit = 3.0",
        "kind = \"base_stock\"\nS = 9",
    );
    let v = c.long("simulate");
    costs(&v, cost);
    let fresh_first = Case { supply: "lead_time = 0\nunmet_demand = \"lost\"\nshelf_life = 2\nissue = \"lifo\"", ..c };
    assert!(of(&fresh_first.long("simulate"), "units_discarded").0 > 1.2 * of(&v, "units_discarded").0);
}

/// Snyder & Shen 2019, example 9.3: base stock with outages that begin with probability 0.04 and end with 0.25 a period: S 8000, 2737.07. Without
/// them, nothing is ever short.
#[test]
fn base_stock_with_outages() {
    let c = Case {
        demand: "distribution = \"deterministic\"\nmean = 2000.0",
        supply: BACKORDER,
        cost: "holding = 0.25\nshortage = 3.0",
        policy: "kind = \"base_stock\"\nS = 8000",
        more: "[[disruption]]\nkind = \"outage\"\nprobability = 0.04\nrecovery = 0.25",
    };
    let v = c.run("simulate", 400, 1000, 100);
    costs(&v, 2737.068965490435);
    let d = &v["disruption"];
    let at = |key: &str| d[key]["mean"].as_f64().unwrap();
    // an outage a 1/0.04 + 1/0.25 periods
    assert!((at("events") - 1000.0 / 29.0).abs() < 0.7, "{d}");
    assert_eq!(at("fill_rate_undisrupted"), 1.0);
    assert!((at("total_cost_undisrupted") - 1000.0 * 0.25 * 6000.0).abs() < 1e-6, "{d}");
    // three periods are covered: of outages, 0.75³ last longer, and then 4 more periods on average
    assert!((at("periods_to_recover") - 0.75f64.powi(3) * 7.0).abs() < 0.15, "{d}");
    let best = Case { policy: "kind = \"optimal\"", ..c }.run("optimize", 100, 1000, 100);
    let (mean, half) = of(&best, "total_cost_per_period");
    assert!(mean < 2737.07 * 1.02 + half, "{mean} ± {half}: {}", best["series"][0]["policy"]);
}

/// Half of every receipt is unusable, demand 10 a period for sure, base stock 40 and no lead time: the position returns to 40 and half of what is ordered is
/// lost on arrival, so that 20 are ordered, 10 written off and 20 left on the shelf each period.
#[test]
fn yield_without_spread() {
    let c = case(
        "distribution = \"deterministic\"\nmean = 10.0",
        "lead_time = 0\nunmet_demand = \"backorder\"\nyield = { mean = 0.5, sd = 0.0 }",
        "holding = 1.0\nshortage = 5.0\nunit = 2.0",
        "kind = \"base_stock\"\nS = 40",
    );
    let v = c.run("simulate", 4, 100, 60);
    assert!((of(&v, "units_ordered").0 - 2000.0).abs() < 1e-3 && (of(&v, "units_discarded").0 - 1000.0).abs() < 1e-3, "{v}");
    assert!((of(&v, "total_cost_per_period").0 - (20.0 + 2.0 * 10.0)).abs() < 1e-3, "{}", v["series"][0]["total_cost_per_period"]);
}

/// Price breaks: 40 are ordered every fourth period at 1.50 in place of 2.00 from 40 on.
#[test]
fn price_breaks_are_counted() {
    let c = Case {
        demand: "distribution = \"deterministic\"\nmean = 10.0",
        supply: "lead_time = 0\nunmet_demand = \"lost\"",
        cost: "holding = 0.1\nshortage = 5.0\norder = 3.0\nunit = 2.0",
        policy: "kind = \"sQ\"\ns = 0\nQ = 40",
        more: "[[price_break]]\nquantity = 40\ncost = 1.5\n[[price_break]]\nquantity = 20\npercent = 10",
    };
    let v = c.run("simulate", 2, 80, 0);
    // 30, 20, 10 and 0 are left in turn; the last order arrives when the run is over
    let plain = Case { more: "", ..c }.run("simulate", 2, 80, 0);
    assert!((of(&v, "price_break_savings").0 - 20.0 * 20.0).abs() < 1e-6, "{v}");
    assert!((of(&plain, "total_cost").0 - of(&v, "total_cost").0 - 400.0).abs() < 1e-6);
    assert!(plain["series"][0].get("price_break_savings").is_none(), "savings are told where there are no breaks");
}

/// Emergency orders: every period's 10 units come by one, at 0.30 a unit and 2 an order above list cost.
#[test]
fn expediting_is_counted() {
    let c = Case {
        demand: "distribution = \"deterministic\"\nmean = 10.0",
        supply: "lead_time = 4\non_hand = 10",
        cost: "holding = 0.1\nshortage = 5.0\norder = 3.0\nunit = 2.0",
        policy: "kind = \"base_stock\"\nS = 0",
        more: "[[expedite]]\nbelow_periods = 1\npercent = 15\norder = 2.0",
    };
    let v = c.run("simulate", 2, 80, 0);
    assert!((of(&v, "expediting_cost").0 - 80.0 * 5.0).abs() < 1e-3 && (of(&v, "units_expedited").0 - 800.0).abs() < 1e-3, "{v}");
    assert_eq!((of(&v, "units_lost").0, of(&v, "stockout_cost").0), (0.0, of(&v, "expediting_cost").0));
    let plain = Case { more: "", ..c }.run("simulate", 2, 80, 0);
    assert!(plain["series"][0].get("expediting_cost").is_none(), "expediting is told where there is none");
}

/// The breaks of Snyder & Shen 2019, example 3.6, a week at a time (rate 25, K 8, holding 0.3 a year of 0.68): the lot is the least one at the lowest price, 800.
/// The holding cost is of what is left at the ends of weeks, 400 − 12.5 on average.
#[test]
fn the_best_lot_under_price_breaks() {
    let h = 0.3 * 0.68 / 52.0;
    let c = Case {
        demand: "distribution = \"deterministic\"\nmean = 25.0",
        supply: BACKORDER,
        cost: &format!("holding = {h}\nshortage = 1.0\norder = 8.0\nunit = 0.75"),
        policy: "kind = \"optimal\"\nfamily = \"sQ\"",
        more: "[[price_break]]\nquantity = 400\ncost = 0.72\n[[price_break]]\nquantity = 800\ncost = 0.68",
    };
    let v = c.run("optimize", 2, 320, 32);
    assert_eq!(level(&v, "Q"), 800.0, "{}", v["series"][0]["policy"]);
    let exact = 8.0 / 32.0 + h * 387.5 - 0.07 * 25.0;
    let (mean, _) = of(&v, "total_cost_per_period");
    assert!((mean - exact).abs() < 0.02, "{mean}, exactly {exact}");
}

#[test]
fn slips_in_the_new_sections_are_named() {
    let good = Case {
        demand: "distribution = \"poisson\"\nmean = 5.0",
        supply: "lead_time = 1",
        cost: "holding = 1.0",
        policy: "kind = \"base_stock\"\nS = 12",
        more: "[[disruption]]\nkind = \"outage\"\nprobability = 0.1\nduration = 2",
    };
    let text = good.text(10, 20, 0);
    for (from, to, says) in [
        ("outage", "outtage", "did you mean \"outage\""),
        ("probability = 0.1", "probability = 1.5", "between 0 and 1"),
        ("probability = 0.1", "probabilty = 0.1", "did you mean 'probability'"),
        ("duration = 2", "", "ends in exactly one way"),
        ("probability = 0.1", "from = \"2026-01-01\"", "has no dates"),
        ("kind = \"outage\"", "kind = \"capacity\"", "the share that is left"),
        ("lead_time = 1", "lead_time = 1\nyield = { mean = 0.9, sd = 0.5 }", "no share between 0 and 1"),
        ("lead_time = 1", "lead_time = 1\nshelf_life = 0", "shelf life of 0"),
        ("lead_time = 1", "lead_time = 1\nisue = \"lifo\"", "did you mean 'issue'"),
        ("kind = \"base_stock\"\nS = 12", "kind = \"optimal\"\nfamily = \"basestock\"", "did you mean \"base_stock\""),
        ("[[disruption]]", "[[price_break]]\nquantity = 10\n[[disruption]]", "either cost or percent"),
        ("[[disruption]]", "[[expedite]]\nlead_time = 1\n[[disruption]]", "below or below_periods"),
        ("[[disruption]]", "[[expedite]]\nbelow = -4\n[[disruption]]", "negative or not a number"),
        ("[[disruption]]", "[[expedite]]\nbelow = 4\nleadtime = 1\n[[disruption]]", "did you mean 'lead_time'"),
    ] {
        assert!(text.contains(from), "{from}");
        let dir = folder(&[("case.toml", &text.replacen(from, to, 1))]);
        let e = refused(dir.path(), &["simulate", "case.toml"]);
        assert!(e.contains(says) && e.contains("case.toml:"), "{to}: {e}");
    }
    let dir = folder(&[("case.toml", &text)]);
    let o = run(dir.path(), &["simulate", "case.toml"]);
    let said = String::from_utf8(o.stdout).unwrap();
    assert!(said.contains("money at risk") && said.contains("periods to recover"), "{said}");
}

fn classical<'a>(v: &'a Value, name: &str) -> &'a Value {
    let all = v["classical"].as_array().unwrap();
    all.iter().find(|a| a["name"] == name).unwrap_or_else(|| panic!("no {name}: {:?}", all.iter().map(|a| &a["name"]).collect::<Vec<_>>()))
}

fn near(v: &Value, key: &str, want: f64, within: f64) {
    let got = v[key].as_f64().unwrap_or_else(|| panic!("no {key} in {v}"));
    assert!((got - want).abs() <= within, "{key}: {got}, not {want}");
}

/// Snyder & Shen 2019, example 3.9: lots of 210 and 150 for demands of 90, 120, 80, 70 at K 500, h 2 cost 1380; as a plan that is looked for, and as one that is given.
#[test]
fn lots_for_known_demand() {
    let demand = "distribution = \"deterministic\"\nvalues = [90, 120, 80, 70]";
    let money = "holding = 2.0\nshortage = 1000.0\norder = 500.0";
    for policy in ["kind = \"optimal\"\nfamily = \"lot_sizing\"", "kind = \"schedule\"\norders = [210, 0, 150, 0]"] {
        let v = case(demand, BACKORDER, money, policy).run("simulate", 2, 4, 0);
        assert_eq!(of(&v, "total_cost"), (1380.0, 0.0), "{policy}");
        let a = classical(&v, "lots for known demand");
        near(a, "cost_of_all_periods", 1380.0, 1e-9);
        assert_eq!(a["orders"], serde_json::json!([210.0, 0.0, 150.0, 0.0]));
        near(&a["simulated_cost_per_period"], "mean", 345.0, 1e-9);
    }
}

/// Laws that have closed forms. Exponential of mean 10, p/(p + h) = 3/4: S = 10 ln 4, and the cost is h·S. Uniform on 0 to 100 at 4/5: S = 80, 40. Binomial by its sum.
/// Gamma, not exponential, over two periods is a gamma.
#[test]
fn newsvendors_of_many_laws() {
    let best = |demand: &str, money: &str, supply: &str| case(demand, supply, money, "kind = \"optimal\"").long("optimize");
    for (demand, money, level, cost) in [
        ("distribution = \"exponential\"\nmean = 10.0", "holding = 1.0\nshortage = 3.0", 10.0 * 4.0f64.ln(), 10.0 * 4.0f64.ln()),
        ("distribution = \"uniform\"\nmin = 0\nmax = 100", "holding = 1.0\nshortage = 4.0", 80.0, 40.0),
        ("distribution = \"triangular\"\nmin = 0\nmode = 50\nmax = 100", "holding = 1.0\nshortage = 1.0", 50.0, 100.0 / 6.0),
        ("distribution = \"weibull\"\nshape = 1.0\nscale = 10.0", "holding = 1.0\nshortage = 3.0", 10.0 * 4.0f64.ln(), 10.0 * 4.0f64.ln()),
        ("distribution = \"lognormal\"\nmu = 6.0\nsigma = 0.3", "holding = 1.0\nshortage = 0.1765", 295.6266448071368, 29.44254358213529),
    ] {
        let v = best(demand, money, BACKORDER);
        let a = classical(&v, "newsvendor");
        near(a, "S", level, 0.02 * level.max(1.0) * 0.1);
        near(a, "cost_per_period", cost, 0.002 * cost);
        costs(&v, cost);
    }
    let pmf: Vec<f64> =
        (0..=20).map(|k: i32| (0..k).fold(0.7f64.powi(20), |p, i| p * f64::from(20 - i) / f64::from(i + 1) * 3.0 / 7.0)).collect();
    let exact = |s: usize| pmf.iter().enumerate().map(|(d, w)| w * if d < s { (s - d) as f64 } else { 9.0 * (d - s) as f64 }).sum::<f64>();
    let v = best("distribution = \"binomial\"\ntrials = 20\nprobability = 0.3", "holding = 1.0\nshortage = 9.0", BACKORDER);
    let s = (0..=20).min_by(|a, b| exact(*a).total_cmp(&exact(*b))).unwrap();
    assert_eq!(level(&v, "S"), s as f64);
    costs(&v, exact(s));
    near(classical(&v, "newsvendor"), "cost_per_period", exact(s), 1e-9);
}

/// A cost for each unit that has to wait, once (Hadley & Whitin 1963): without a lead time, base stock costs h E(S − D)⁺ + π E(D − S)⁺.
#[test]
fn backorders_that_cost_once() {
    let p = poisson(5.0);
    let exact = |s: usize| p.iter().enumerate().map(|(d, w)| w * if d < s { (s - d) as f64 } else { 10.0 * (d - s) as f64 }).sum::<f64>();
    let v = case("distribution = \"poisson\"\nmean = 5.0", BACKORDER, "holding = 1.0\nbackorder = 10.0", "kind = \"base_stock\"\nS = 8")
        .long("simulate");
    costs(&v, exact(8));
    let best =
        case("distribution = \"poisson\"\nmean = 5.0", BACKORDER, "holding = 1.0\nbackorder = 10.0", "kind = \"optimal\"").long("optimize");
    let least = (0..20).min_by(|a, b| exact(*a).total_cmp(&exact(*b))).unwrap();
    assert_eq!(level(&best, "S"), least as f64);
    // a wait of three periods costs no more than one of one: a lead time of 2, nothing ever ordered in time
    let late = case(
        "distribution = \"deterministic\"\nmean = 4.0",
        "lead_time = 2\nunmet_demand = \"backorder\"\non_hand = 0",
        "holding = 1.0\nbackorder = 10.0",
        "kind = \"base_stock\"\nS = 0",
    );
    assert_eq!(of(&late.run("simulate", 2, 10, 5), "stockout_cost").0, 400.0);
}

/// Bijvank, Bhulai & Huh 2015, the fourth of their rules: (17, 23) with at most 7 an order, 11.50.
#[test]
fn orders_of_limited_size() {
    let supply = "lead_time = 2\nunmet_demand = \"lost\"\nmaximum = 7";
    let v = case(
        "distribution = \"poisson\"\nmean = 5.0",
        supply,
        "holding = 1.0\nshortage = 14.0\norder = 5.0",
        "kind = \"sS\"\ns = 17\nS = 23",
    )
    .long("simulate");
    costs(&v, 11.497);
}

/// Snyder & Shen 2019, problem 3.22: lots of 171.27 made at 110 for a demand of 80 cost 3.7368; in hundredths of a period.
#[test]
fn lots_at_a_production_rate() {
    let c = case(
        "distribution = \"deterministic\"\nmean = 0.8",
        "lead_time = 0\nunmet_demand = \"backorder\"\nproduction_rate = 1.1",
        "holding = 0.0008\nshortage = 0.0\norder = 4.0",
        "kind = \"sQ\"\ns = 0\nQ = 171.2697677155351",
    );
    let v = c.run("simulate", 2, 8564, 2141);
    near(&v["total_cost_per_period"], "mean", 0.037_367_95, 0.000_4);
    let a = classical(&v, "economic production quantity");
    near(a, "Q", 171.2697677155351, 1e-6);
    near(a, "cost_per_period", 0.0373679493197531, 1e-9);
}

/// Snyder & Shen 2019, examples 3.6 and 3.7: all-units and incremental discounts, a year a period.
#[test]
fn lots_under_discounts() {
    let money = "holding_rate = 0.3\nunit = 0.75\nshortage = 5.0\norder = 8.0";
    let breaks = |incremental: bool| {
        let kind = if incremental { "incremental = true\n" } else { "" };
        format!("[[price_break]]\nquantity = 400\ncost = 0.72\n{kind}[[price_break]]\nquantity = 800\ncost = 0.68\n")
    };
    for (incremental, name, quantity, cost) in
        [(false, "all-units discounts", 800.0, 978.6), (true, "incremental discounts", 304.04678003, 1043.41052551)]
    {
        let more = breaks(incremental);
        let c = Case {
            more: &more,
            ..case(
                "distribution = \"deterministic\"\nmean = 1300.0\nperiod = \"year\"",
                "lead_time = 0\nunmet_demand = \"lost\"",
                money,
                "kind = \"sQ\"\ns = 0\nQ = 800",
            )
        };
        let v = c.run("simulate", 2, 20, 0);
        let a = classical(&v, name);
        near(a, "Q", quantity, 1e-6);
        near(a, "cost_per_period", cost, 1e-6);
    }
}

/// Formulas beside the simulation: the exact (s, S) has the simulated policy's cost, and the power approximation's policy costs more by what is told.
#[test]
fn formulas_beside_the_simulation() {
    let v = case(
        "distribution = \"poisson\"\nmean = 6.0",
        BACKORDER,
        "holding = 1.0\nshortage = 4.0\norder = 5.0",
        "kind = \"sS\"\ns = 4\nS = 10",
    )
    .long("simulate");
    let exact = classical(&v, "(s, S), exact");
    near(exact, "cost_per_period", 8.034111561471644, 1e-5);
    assert_eq!((exact["s"].as_f64(), exact["S"].as_f64(), exact["exact"].as_bool()), (Some(4.0), Some(10.0), Some(true)));
    near(&exact["more_than_policy_per_period"], "mean", 0.0, 1e-9);
    let rough = classical(&v, "(s, S), power approximation");
    let more = &rough["more_than_policy_per_period"];
    assert!(more["mean"].as_f64().unwrap() > -more["half_width"].as_f64().unwrap(), "{rough}");
    // Erlang's loss formula at a continuous review, and Chopra & Meindl's service of (s, Q)
    let v = case(
        "distribution = \"poisson\"\nmean = 1.0",
        "lead_time = 2\nunmet_demand = \"lost\"",
        "holding = 1.0\nshortage = 4.0",
        "kind = \"base_stock\"\nS = 3",
    )
    .run("simulate", 4, 50, 0);
    near(classical(&v, "one for one with lost sales, continuous review"), "fill_rate", 0.7894736842105263, 1e-9);
    let v = case(
        "distribution = \"normal\"\nmean = 2500.0\nsd = 500.0",
        "lead_time = 2\nunmet_demand = \"backorder\"",
        "holding = 1.0\nshortage = 4.0",
        "kind = \"sQ\"\ns = 6000\nQ = 10000",
    )
    .run("simulate", 4, 50, 0);
    let a = classical(&v, "service of (s, Q), demand over L (continuous review)");
    near(a, "cycle_service", 0.92, 0.003);
    near(a, "fill_rate", 0.9975, 0.0003);
    // Zipkin 2008: the optimum over all rules, L 1, p 4
    let v = case(
        "distribution = \"poisson\"\nmean = 5.0",
        "lead_time = 1\nunmet_demand = \"lost\"",
        "holding = 1.0\nshortage = 4.0",
        "kind = \"base_stock\"\nS = 11",
    )
    .run("simulate", 4, 50, 0);
    near(classical(&v, "lost sales, the best order for every stock and pipeline"), "cost_per_period", 4.0407, 0.006);
}

/// Lead times by name: a Poisson one has its moments, and demand that goes together from one period to the next needs more stock.
#[test]
fn lead_times_and_dependence_by_name() {
    let c = case(
        "distribution = \"poisson\"\nmean = 5.0",
        "lead_time = { distribution = \"poisson\", mean = 3.0 }\nunmet_demand = \"backorder\"",
        "holding = 1.0\nshortage = 9.0",
        "kind = \"base_stock\"\nS = 30",
    );
    let v = c.run("simulate", 16, 100, 20);
    near(&v["series"][0]["lead_time"], "mean", 3.0, 1e-6);
    near(&v["series"][0]["lead_time"], "sd", 3.0f64.sqrt(), 1e-4);
    let at = |r: &str| {
        let demand = format!("distribution = \"normal\"\nmean = 100.0\nsd = 10.0\n{r}");
        of(
            &case(
                &demand,
                "lead_time = 3\nunmet_demand = \"backorder\"",
                "holding = 1.0\nshortage = 9.0",
                "kind = \"base_stock\"\nS = 430",
            )
            .long("simulate"),
            "stockout_cost",
        )
        .0
    };
    // sums of four: variance 4 alone, 4 + 2(3·0.6 + 2·0.36 + 0.216) = 9.47 together
    assert!(at("autocorrelation = 0.6") > 1.5 * at(""));
}

fn chain(text: &str) -> Value {
    let dir = folder(&[("chain.toml", text)]);
    json(dir.path(), &["optimize", "chain.toml", "--json"])["chain"].clone()
}

/// Snyder & Shen 2019, example 6.1: three stages in series, S = (6.49, 12.02, 22.71) at 47.65 a period; what is simulated agrees with what is exact.
#[test]
fn stages_in_series() {
    let text = "version = 1\nname = \"Example 6.1\"\nreplications = 64\nperiods = 500\n[demand]\ndistribution = \"normal\"\nmean = 5.0\nsd = 1.0\n\
                [[stage]]\nname = \"store\"\nfrom = [\"depot\"]\nlead_time = 1\nholding = 7.0\nshortage = 37.12\n\
                [[stage]]\nname = \"depot\"\nfrom = [\"plant\"]\nlead_time = 1\nholding = 4.0\n\
                [[stage]]\nname = \"plant\"\nlead_time = 2\nholding = 2.0\n";
    let c = chain(text);
    near(&c, "cost_per_period", 47.65, 0.05);
    for (k, want) in [6.49, 12.02, 22.71].into_iter().enumerate() {
        near(&c["stages"][k], "echelon_base_stock", want, 0.06);
    }
    let m = &c["simulated_cost_per_period"];
    let (mean, half, exact) = (m["mean"].as_f64().unwrap(), m["half_width"].as_f64().unwrap(), c["cost_per_period"].as_f64().unwrap());
    assert!((mean - exact).abs() < 1.5 * half + 0.02 && half < 0.5, "{mean} ± {half}, exactly {exact}");
    // other levels cost more
    let off = chain(&text.replace("shortage = 37.12", "shortage = 37.12\nS = 8.0"));
    assert!(off["simulated_cost_per_period"]["mean"].as_f64().unwrap() > mean + half, "{off}");
    // one stage is base stock: Poisson 20 a period over a lead time of 1, h 1, p 4 is the newsvendor
    let one = chain(
        "version = 1\nreplications = 16\nperiods = 100\n[demand]\ndistribution = \"poisson\"\nmean = 20.0\n[cost]\nshortage = 4.0\n[[stage]]\nname = \"shop\"\nlead_time = 1\nholding = 1.0\n",
    );
    let n = stockcast::inventory::classic::newsvendor::poisson_demand(1.0, 4.0, 20.0, 0.0);
    near(&one["stages"][0], "echelon_base_stock", n.up_to, 1e-9);
    near(&one, "cost_per_period", n.cost, 1e-6);
}

/// Snyder & Shen 2019, example 6.5: four stages in a tree, cost 8.2779; and what stands wrong in such a file.
#[test]
fn stages_with_guaranteed_service() {
    let text = "version = 1\n[[stage]]\nname = \"raw\"\nlead_time = 2\nholding = 1.0\ninbound_time = 1\nsafety_factor = 1.0\n\
                [[stage]]\nname = \"left\"\nfrom = [\"middle\"]\nlead_time = 1\nholding = 3.0\nservice_time = 0\nmean = 0\nsd = 1\n\
                [[stage]]\nname = \"middle\"\nfrom = [\"raw\"]\nlead_time = 1\nholding = 2.0\n\
                [[stage]]\nname = \"right\"\nfrom = [\"middle\"]\nlead_time = 1\nholding = 3.0\nservice_time = 1\nmean = 0\nsd = 1\n";
    let c = chain(text);
    assert_eq!(c["method"], "guaranteed_service");
    near(&c, "cost_per_period", 8.277916867529369, 1e-9);
    for (stage, promise) in [(0, 0), (1, 0), (2, 0), (3, 1)] {
        assert_eq!(c["stages"][stage]["service_time"], promise);
    }
    for (from, to, says) in [
        ("from = [\"raw\"]", "from = [\"row\"]", "did you mean \"raw\""),
        ("lead_time = 2", "lead_time = -2", "negative"),
        ("from = [\"raw\"]", "", "demand is not said"),
        ("sd = 1\n[[stage]]\nname = \"middle\"", "\n[[stage]]\nname = \"middle\"", "demand is not said"),
        ("service_time = 0", "service_tim = 0", "did you mean 'service_time'"),
    ] {
        assert!(text.contains(from), "{from}");
        let dir = folder(&[("chain.toml", &text.replacen(from, to, 1))]);
        let e = refused(dir.path(), &["simulate", "chain.toml"]);
        assert!(e.contains(says), "{to}: {e}");
    }
    let dir = folder(&[("chain.toml", text)]);
    let said = String::from_utf8(run(dir.path(), &["simulate", "chain.toml"]).stdout).unwrap();
    assert!(said.contains("Graves & Willems") && said.contains("8.2779"), "{said}");
}
