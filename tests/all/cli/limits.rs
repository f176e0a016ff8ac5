//! What limits today's order from outside an item: a budget, room, a supplier's minimum and order days; and what ordering together saves.

use super::{done, folder, json, refused, weekly};
use serde_json::Value;
use tempfile::TempDir;

const SUPPLIERS: &str = "supplier,order_days,minimum_value,order_cost\nAcme,mon,,30\n";

const ITEMS: &str = "item,cost,price,supplier,lead_time_days,weight_kg,volume_m3\n\
    bolts,2.00,5.00,Acme,14,0.8,0.002\nnuts,1.00,3.00,Acme,14,0.4,0.002\nwashers,0.50,1.20,Acme,7,0.1,0.002\n";
const STOCK: &str = "unique_id,on_hand\nbolts,40\nnuts,60\nwashers,90\n";

/// Three items from one supplier.
fn shop(policy: &str, minimum: &str) -> TempDir {
    let scenario = format!(
        "version = 1\nseed = 7\nreplications = 96\nperiods = 26\n[history]\nfiles = [\"sales.csv\"]\nitems = \"items.csv\"\nstock = \"stock.csv\"\n\
         suppliers = \"suppliers.csv\"\n[cost]\nholding_rate = 0.25\n[policy]\n{policy}\n"
    );
    folder(&[
        ("sales.csv", &weekly(80)),
        ("items.csv", ITEMS),
        ("stock.csv", STOCK),
        ("suppliers.csv", &SUPPLIERS.replace(",mon,,30", &format!(",mon,{minimum},30"))),
        ("scenario.toml", &scenario),
    ])
}

fn orders(dir: &TempDir) -> Value {
    json(dir.path(), &["orders", "scenario.toml", "--json", "-o", "orders.csv"])
}

fn sum(v: &Value, f: impl Fn(&Value) -> f64) -> f64 {
    v["orders"].as_array().unwrap().iter().map(f).sum()
}

#[test]
fn a_budget_and_room_are_kept_and_well_spent() {
    let free = orders(&shop("", ""));
    let asked = free["value"].as_f64().unwrap();
    assert!(asked > 0.0);
    let mut last = 0.0;
    for share in [0.25, 0.6, 0.9] {
        let budget = (asked * share).round();
        let dir = shop(&format!("objective = {{ budget = {budget} }}"), "");
        let v = orders(&dir);
        let value = v["value"].as_f64().unwrap();
        // whole units: the last does not always fit
        assert!(value <= budget + 1e-6 && value > 0.75 * budget, "{value} of {budget}");
        assert!(value >= last, "a larger budget buys less");
        last = value;
        assert!(v["diagnostics"].to_string().contains("budget-reached"));
        assert!(v["orders"].to_string().contains("the budget leaves"), "{v}");
    }
    let units = sum(&free, |o| o["order_quantity"].as_f64().unwrap());
    let room = 0.5 * units * 0.002;
    let v = orders(&shop(&format!("objective = {{ budget = 1000000, volume_m3 = {room:.4} }}"), ""));
    let used = sum(&v, |o| o["order_quantity"].as_f64().unwrap()) * 0.002;
    assert!(used <= room + 1e-6 && used > 0.8 * room, "{used} of {room} m3");
}

/// What the items file says of emissions, ends and prices by quantity.
fn listed(items: &str, policy: &str) -> TempDir {
    let dir = shop(policy, "");
    std::fs::write(dir.path().join("items.csv"), items).unwrap();
    dir
}

#[test]
fn emissions_can_be_what_is_short() {
    let items = "item,cost,price,supplier,lead_time_days,kg CO2e\nbolts,2.00,5.00,Acme,14,3\nnuts,1.00,3.00,Acme,14,0.5\nwashers,0.50,1.20,Acme,7,0.1\n";
    let carbon = |v: &Value| {
        sum(v, |o| {
            let each = match o["item"].as_str().unwrap() {
                "bolts" => 3.0,
                "nuts" => 0.5,
                _ => 0.1,
            };
            each * o["order_quantity"].as_f64().unwrap()
        })
    };
    let free = carbon(&orders(&listed(items, "")));
    let limit = (0.4 * free).round();
    let v = orders(&listed(items, &format!("objective = {{ kg_co2e = {limit} }}")));
    let used = carbon(&v);
    assert!(used <= limit + 1e-6 && used > 0.7 * limit, "{used} of {limit} kg");
    assert!(v["diagnostics"].to_string().contains("the carbon budget of"), "{v}");
    let e = refused(listed(items, "objective = { kg_co2 = 5 }").path(), &["orders", "scenario.toml"]);
    assert!(e.contains("did you mean 'kg_co2e'"), "{e}");
}

#[test]
fn what_is_discontinued_is_sold_and_not_ordered() {
    let items = "item,cost,price,supplier,lead_time_days,status\nbolts,2.00,5.00,Acme,14,discontinued\nnuts,1.00,3.00,Acme,14,active\n\
                 washers,0.50,1.20,Acme,7,\n";
    let dir = listed(items, "");
    let v = orders(&dir);
    let ordered: Vec<&str> = v["orders"].as_array().unwrap().iter().map(|o| o["item"].as_str().unwrap()).collect();
    assert!(!ordered.contains(&"bolts") && ordered.contains(&"nuts"), "{ordered:?}");
    let s = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    let bolts = s["series"].as_array().unwrap().iter().find(|x| x["unique_id"] == "bolts").unwrap();
    assert_eq!((bolts["orders"]["mean"].as_f64(), bolts["units_ordered"]["mean"].as_f64()), (Some(0.0), Some(0.0)));
    // forty on hand and some hundreds asked for in 26 weeks: all are sold
    assert_eq!(bolts["closing_stock"]["mean"].as_f64(), Some(0.0), "{bolts}");
}

#[test]
fn prices_by_quantity_may_stand_in_the_items_file() {
    let with = |cell: &str, kind: &str| {
        let items = format!(
            "item,cost,price,supplier,lead_time_days,price_breaks,price_break_kind\nbolts,2.00,5.00,Acme,14,{cell},{kind}\nnuts,1.00,3.00,Acme,14,,\n\
             washers,0.50,1.20,Acme,7,,\n"
        );
        json(listed(&items, "kind = \"sQ\"\ns = 40\nQ = 200").path(), &["simulate", "scenario.toml", "--json"])
    };
    let of = |v: &Value, key: &str| {
        v["series"].as_array().unwrap().iter().find(|x| x["unique_id"] == "bolts").unwrap()[key]["mean"].as_f64().unwrap()
    };
    let (all, some) = (with("100: 1.80; 150: 1.50", ""), with("100: 1.80; 150: 1.50", "incremental"));
    let orders = of(&all, "orders");
    assert!(orders > 0.5);
    // all 200 at 1.50; or 50 at 1.80 and 50 at 1.50
    assert!((of(&all, "price_break_savings") - 200.0 * 0.5 * orders).abs() < 1e-6, "{orders}");
    assert!((of(&some, "price_break_savings") - (50.0 * 0.2 + 50.0 * 0.5) * orders).abs() < 1e-6, "{orders}");
    let bad = with("much less", "");
    assert!(bad["diagnostics"].to_string().contains("price-breaks-unreadable"), "{}", bad["diagnostics"]);
}

#[test]
fn an_order_below_its_minimum_is_filled_up_or_waits() {
    let plain = orders(&shop("", ""));
    let asked = plain["value"].as_f64().unwrap();
    let minimum = format!("{:.2}", asked * 1.3);
    let warned = orders(&shop("", &minimum));
    assert_eq!(warned["value"], plain["value"], "by default it is only said");
    assert!(warned["diagnostics"].to_string().contains("below-minimum-order"));
    let filled = orders(&shop("below_minimum = \"fill\"", &minimum));
    let value = filled["value"].as_f64().unwrap();
    assert!(value >= asked * 1.3 - 0.01 && value < asked * 1.6, "{value} for a minimum of {minimum}");
    assert!(filled["orders"].to_string().contains("to reach the minimum of Acme"), "{filled}");
    let waits = orders(&shop("below_minimum = \"wait\"", &minimum));
    assert_eq!(waits["value"], 0.0);
    assert!(waits["diagnostics"].to_string().contains("waits for the next review"));
    // a minimum that is far away is not worth filling up
    let best = orders(&shop("below_minimum = \"best\"", &format!("{:.2}", asked * 60.0)));
    assert_eq!(best["value"], 0.0, "{best}");
    let e = refused(shop("below_minimum = \"fil\"", "").path(), &["orders", "scenario.toml"]);
    assert!(e.contains("scenario.toml:") && e.contains("\"fill\""), "{e}");
}

#[test]
fn ordering_together_saves() {
    let dir = shop("joint = true", "");
    let v = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    let g = &v["joint"][0];
    let of = |key: &str| g[key]["mean"].as_f64().unwrap();
    assert_eq!(g["supplier"], "Acme");
    assert_eq!(g["items"].as_array().unwrap().len(), 3);
    assert!((of("separate_total_cost") - of("total_cost") - of("saving")).abs() < 1e-6, "{g}");
    assert!(of("saving") > 0.0 && of("orders") < of("separate_orders") + 1e-9, "{g}");
    let said = done(dir.path(), &["optimize", "scenario.toml"]);
    assert!(said.contains("ordering together from Acme"), "{said}");
    // orders, totals and the comparison follow the group; the bound is kept
    let without = json(shop("", "").path(), &["simulate", "scenario.toml", "--json"]);
    assert!(without.get("joint").is_none());
    let total = |v: &Value| -> f64 { v["series"].as_array().unwrap().iter().map(|s| s["total_cost"]["mean"].as_f64().unwrap()).sum() };
    assert!(of("bound") <= of("total_cost") + 1e-6, "{g}");
    std::fs::write(
        dir.path().join("alone.toml"),
        std::fs::read_to_string(dir.path().join("scenario.toml")).unwrap().replace("joint = true", ""),
    )
    .unwrap();
    let c = json(dir.path(), &["compare", "alone.toml", "scenario.toml", "--json"]);
    let of_cost = c["comparison"]["differences"].as_array().unwrap().iter().find(|d| d["measure"] == "stock_cost").unwrap();
    assert!((of_cost["difference"]["mean"].as_f64().unwrap() - (total(&v) - total(&without))).abs() < 1e-6, "{of_cost}");
    // beside it the same orders at what they really cost: alone, a line carries a third of the cost whoever else orders
    let real = c["comparison"]["differences"].as_array().unwrap().iter().find(|d| d["measure"] == "cost_of_joint_orders").unwrap();
    assert!((real["difference"]["mean"].as_f64().unwrap() + of("saving")).abs() < 1e-6 && real["paired"] == true, "{real}");
    // threads change nothing
    let two = json(dir.path(), &["simulate", "scenario.toml", "--json", "--threads", "1"]);
    assert_eq!(two, v);
}

/// What a supplier asks of an order holds for today's order and for every simulated one.
#[test]
fn joint_orders_keep_the_suppliers_terms() {
    let plain = orders(&shop("joint = true", ""));
    let asked = plain["value"].as_f64().unwrap();
    assert!(asked > 0.0);
    let minimum = format!("{:.2}", asked * 1.6);
    let dir = shop("joint = true", &minimum);
    let filled = orders(&dir);
    let value = filled["value"].as_f64().unwrap();
    assert!(value >= asked * 1.6 - 0.01 && value < asked * 2.4, "{value} for a minimum of {minimum}: {filled}");
    assert!(filled["orders"].to_string().contains("to reach the least order of Acme"), "{filled}");
    let v = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    // no order of the simulation is smaller: fewer, larger ones
    let a = |v: &Value, key: &str| v["joint"][0][key]["mean"].as_f64().unwrap();
    let bought: f64 = v["series"].as_array().unwrap().iter().map(|s| s["purchases"]["mean"].as_f64().unwrap()).sum();
    assert!(bought / a(&v, "orders") >= asked * 1.6 - 0.01, "{bought} in {} orders", a(&v, "orders"));
    let waits = orders(&shop("joint = true\nbelow_minimum = \"wait\"", &format!("{:.2}", asked * 30.0)));
    assert_eq!(waits["value"], 0.0, "{waits}");
    // whole containers: 40 kg each
    let full = shop("joint = true\nfull_containers = true", "");
    std::fs::write(full.path().join("suppliers.csv"), "supplier,order_days,minimum_value,order_cost,container_kg\nAcme,mon,,30,40\n")
        .unwrap();
    let v = orders(&full);
    let kg = sum(&v, |o| {
        let each = match o["item"].as_str().unwrap() {
            "bolts" => 0.8,
            "nuts" => 0.4,
            _ => 0.1,
        };
        o["order_quantity"].as_f64().unwrap() * each
    });
    let containers = (kg / 40.0).ceil();
    assert!(kg > 0.0 && kg <= containers * 40.0 + 1e-6 && kg > containers * 40.0 - 0.8, "{kg} kg: {v}");
    assert!(v["orders"].to_string().contains("to fill the container of Acme"), "{v}");
}

/// Days: a supplier that takes orders on Mondays. Simulated orders only go out then; on other days the list is empty and says why.
#[test]
fn order_days_are_kept() {
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    // the last day is a Sunday, then a Monday: "now" is the day after
    for (days, monday) in [(243, true), (244, false)] {
        let mut csv = String::from("unique_id,ds,y\n");
        for d in 0..days {
            csv += &format!("bolts,{},{}\n", first + chrono::Days::new(d), 4 + d * 7 % 5);
        }
        let dir = folder(&[
            ("sales.csv", &csv),
            ("items.csv", "item,cost,price,supplier,lead_time_days\nbolts,2,5,Acme,2\n"),
            ("stock.csv", "item,on_hand\nbolts,3\n"),
            ("suppliers.csv", SUPPLIERS),
            (
                "scenario.toml",
                "version = 1\nreplications = 64\nperiods = 70\n[history]\nfiles = [\"sales.csv\"]\nperiod = \"day\"\nitems = \"items.csv\"\nstock = \"stock.csv\"\nsuppliers = \"suppliers.csv\"\n",
            ),
        ]);
        let v = json(dir.path(), &["orders", "scenario.toml", "--json", "-o", "orders.csv"]);
        assert_eq!(v["value"].as_f64().unwrap() > 0.0, monday, "{v}");
        let s = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
        let per_week = s["series"][0]["orders_per_period"]["mean"].as_f64().unwrap() * 7.0;
        assert!(per_week <= 1.01 && per_week > 0.05, "{per_week} orders a week");
        let reason = s["series"][0]["advice"]["reason"].as_str().unwrap();
        assert_eq!(reason.contains("takes no orders today"), !monday, "{reason}");
    }
}

#[test]
fn a_disruption_of_nobody_is_pointed_out() {
    let dir = shop("kind = \"optimal\"\n[[disruption]]\nkind = \"outage\"\nsupplier = \"Acne\"\nprobability = 0.1\nduration = 2", "");
    let v = json(dir.path(), &["simulate", "scenario.toml", "--json"]);
    let said = v["diagnostics"].to_string();
    assert!(said.contains("entry-idle") && said.contains("did you mean \\\"Acme\\\"?"), "{said}");
    assert!(v.get("disruption").is_none(), "nothing is disturbed");
}

/// What `1.250` on hand is, a scenario says once for all its files; without that it is asked, never guessed.
#[test]
fn a_scenario_says_what_a_point_before_three_digits_is() {
    let dir = shop("", "");
    let stock = |text: &str| std::fs::write(dir.path().join("stock.csv"), text).unwrap();
    stock("unique_id;on_hand\nbolts;1.250\nnuts;2.100\nwashers;3.400\n");
    let said = refused(dir.path(), &["orders", "scenario.toml", "-o", "orders.csv"]);
    assert!(said.contains("decimal-ambiguous") && said.contains("under [history]"), "{said}");
    let scenario = std::fs::read_to_string(dir.path().join("scenario.toml")).unwrap();
    let with = |mark: &str| {
        let text = scenario.replace("[history]\n", &format!("[history]\ndecimal = \"{mark}\"\n"));
        std::fs::write(dir.path().join("scenario.toml"), text).unwrap();
    };
    with(",");
    let grouped = sum(&orders(&dir), |o| o["order_quantity"].as_f64().unwrap());
    assert_eq!(grouped, 0.0, "more than a thousand of each are enough");
    with(".");
    assert!(sum(&orders(&dir), |o| o["order_quantity"].as_f64().unwrap()) > 10.0, "one bolt and a quarter");
    // other files that write decimals for certain are read by what they show
    std::fs::write(dir.path().join("items.csv"), ITEMS.replace(',', ";").replace('.', ",")).unwrap();
    assert!(sum(&orders(&dir), |o| o["value"].as_f64().unwrap()) > 10.0);
    with("x");
    assert!(refused(dir.path(), &["orders", "scenario.toml", "-o", "orders.csv"]).contains("decimal-unknown"));
}
