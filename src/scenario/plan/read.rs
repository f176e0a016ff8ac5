//! A plan from the text of a scenario file, with the line of every slip.

use super::Plan;
use super::check::Problem;
use crate::base::Diagnostic;
use crate::base::diagnostic::nearest;

/// Section and key names, for "did you mean".
const KEYS: &[&str] = &[
    "version",
    "name",
    "seed",
    "replications",
    "precision",
    "periods",
    "warm_up",
    "history",
    "forecast",
    "demand",
    "supply",
    "cost",
    "policy",
    "logistics",
    "footprint",
    "files",
    "period",
    "map",
    "date_order",
    "decimal",
    "items",
    "stock",
    "on_order",
    "suppliers",
    "supplier_items",
    "receipts",
    "bom",
    "locations",
    "vehicles",
    "collect",
    "via",
    "carriers",
    "distances",
    "shipments",
    "events",
    "model",
    "season_length",
    "distribution",
    "mean",
    "sd",
    "values",
    "weights",
    "lead_time",
    "review_period",
    "unmet_demand",
    "lost",
    "waiting",
    "holding",
    "holding_rate",
    "shortage",
    "order",
    "cost_share",
    "markdown",
    "kind",
    "objective",
    "cycle_service",
    "fill_rate",
    "budget",
    "days",
    "consolidation",
    "every",
    "load",
    "weekdays",
    "built_replications",
    "circuity",
    "default_km",
    "default_weight_kg",
    "default_volume_m3",
    "carbon_price",
    "adjust",
    "unique_id",
    "item",
    "location",
    "category",
    "supplier",
    "demand_factor",
    "lead_time_days",
    "price",
    "why",
    "override",
    "driver",
    "drop",
    "future",
    "known_ahead",
    "from",
    "to",
    "set",
    "percent",
    "add",
    "volume_m3",
    "weight_kg",
    "below_minimum",
    "joint",
    "cards",
    "full_containers",
    "orders_cross",
    "family",
    "yield",
    "pack_size",
    "minimum",
    "shelf_life",
    "issue",
    "on_hand",
    "unit",
    "disruption",
    "probability",
    "duration",
    "recovery",
    "factor",
    "price_break",
    "quantity",
    "cost",
    "expedite",
    "below",
    "kg_co2e",
    "below_periods",
    "cv",
    "stage",
    "service_time",
    "inbound_time",
    "safety_factor",
    "min",
    "max",
    "mode",
    "mu",
    "sigma",
    "shape",
    "scale",
    "trials",
    "customers",
    "whole",
    "autocorrelation",
    "maximum",
    "production_rate",
    "backorder",
    "orders",
    "incremental",
];

impl Plan {
    /// Read a scenario file's text. `name` is the file as the user named it, for messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let plan: Self = toml::from_str(text).map_err(|e| vec![toml_error(&e, text, name)])?;
        let problems = plan.problems();
        if problems.is_empty() { Ok(plan) } else { Err(problems.into_iter().map(|p| locate(p, text).file(name)).collect()) }
    }
}

fn line_column(text: &str, offset: usize) -> (u64, u32) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() as u64 + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() as u32 + 1;
    (line, column)
}

fn toml_error(e: &toml::de::Error, text: &str, name: &str) -> Diagnostic {
    let message = e.message().lines().next().unwrap_or("not a valid scenario").to_owned();
    let unknown = message.strip_prefix("unknown field `").and_then(|m| m.split('`').next()).map(str::to_owned);
    let (code, message, fix) = match unknown {
        Some(field) => {
            let listed: Vec<String> = message.split('`').skip(3).step_by(2).map(str::to_owned).collect();
            let known: Vec<&str> = if listed.is_empty() { KEYS.to_vec() } else { listed.iter().map(String::as_str).collect() };
            let fix = match nearest(&field, known.iter().copied()).or_else(|| nearest(&field, KEYS.iter().copied())) {
                Some(k) => format!("did you mean '{k}'?"),
                None => format!("known here: {}", known.join(", ")),
            };
            ("scenario-unknown-key", format!("unknown key '{field}'"), fix)
        }
        None if message.contains("untagged enum") => one_of(&message, e.span().and_then(|s| text.get(s)).unwrap_or_default()),
        None if message.starts_with("invalid type") => {
            let fix = match message.rsplit_once("expected ").map_or("", |(_, kind)| kind) {
                "f32" | "f64" => "write a plain number, such as 5.0, without quotes",
                "usize" | "u32" | "u64" => "write a whole number of 0 or more, such as 2",
                "a string" => "write text in quotes, such as \"poisson\"",
                "a boolean" => "write true or false, without quotes",
                "a sequence" => "write a list in brackets, such as [1, 2, 3]",
                _ => "see the scenario file in sample-data for a working example",
            };
            ("scenario-syntax", message, fix.to_owned())
        }
        None => ("scenario-syntax", message, "see the scenario file in sample-data for a working example".to_owned()),
    };
    let d = Diagnostic::error(code, message).file(name).fix(fix);
    match e.span() {
        Some(span) => {
            let (line, column) = line_column(text, span.start);
            d.line(line).column(column)
        }
        None => d,
    }
}

/// A value that may be written in several ways and is written in none of them: what is wrong with it, as far as its keys tell.
fn one_of(message: &str, value: &str) -> (&'static str, String, String) {
    let (what, known, ways): (_, &[&str], _) = if message.ends_with("Objective") {
        let keys = &["cycle_service", "fill_rate", "budget", "volume_m3", "weight_kg", "kg_co2e"][..];
        ("objective", keys, "\"cost\", { cycle_service = 0.95 }, { fill_rate = 0.98 } or { budget = 10000 }")
    } else if message.ends_with("LeadTimeSpec") {
        (
            "lead time",
            &["mean", "sd", "values", "weights", "distribution", "min", "max"][..],
            "2, { mean = 2.0, sd = 0.5 } or { values = [2, 3], weights = [1, 1] }",
        )
    } else {
        return ("scenario-syntax", message.to_owned(), "see the scenario file in sample-data for a working example".to_owned());
    };
    let keys = value.split(['{', ',']).filter_map(|part| part.split_once('=')).map(|(key, _)| key.trim());
    match keys.into_iter().find(|k| !known.contains(k)) {
        Some(key) => {
            let near = nearest(key, known.iter().copied())
                .map_or_else(|| format!("known here: {}", known.join(", ")), |k| format!("did you mean '{k}'?"));
            ("scenario-unknown-key", format!("unknown key '{key}' of the {what}"), near)
        }
        None => ("scenario-syntax", format!("the {what} is not readable"), format!("write {ways}")),
    }
}

/// Finds the line of the key that a check complained about; inside its own `[[adjust]]` or `[[override]]` entry where it is about one.
fn locate(problem: Problem, text: &str) -> Diagnostic {
    let lines: Vec<&str> = text.lines().collect();
    let key = problem.key;
    let (from, to) = problem.entry.map_or((0, lines.len()), |(name, nth)| entry(&lines, name, nth));
    let within = lines.get(from..to).unwrap_or_default();
    let found = within.iter().position(|l| {
        let t = l.trim_start();
        t.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) || t.starts_with(&format!("[{key}]"))
    });
    // a key inside { … } stands somewhere in its line
    let inside = || {
        within.iter().position(|l| {
            l.split([',', '{']).any(|part| part.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
        })
    };
    let mut d = problem.diagnostic;
    if let Some(i) = found.or_else(inside).or_else(|| problem.entry.map(|_| 0)) {
        d.line = Some((from + i) as u64 + 1);
        d.column = Some(1);
    }
    d
}

/// The lines of the nth `[[name]]` entry, from its header to the next one's.
fn entry(lines: &[&str], name: &str, nth: usize) -> (usize, usize) {
    let is = |l: &str| l.trim_start().strip_prefix("[[").and_then(|l| l.split_once("]]")).is_some_and(|(n, _)| n.trim() == name);
    let starts: Vec<usize> = (0..lines.len()).filter(|i| lines.get(*i).is_some_and(|l| is(l))).collect();
    let from = starts.get(nth).copied().unwrap_or(0);
    let to = (from + 1..lines.len()).find(|i| lines.get(*i).is_some_and(|l| l.trim_start().starts_with('['))).unwrap_or(lines.len());
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_parses() {
        let text = r#"
version = 1
name = "Weekly store orders"
seed = 42
replications = 1000
periods = 52
[demand]
distribution = "poisson"
mean = 5.0
[supply]
lead_time = { mean = 2.0, sd = 0.0 }
unmet_demand = "backorder"
[cost]
holding = 0.2
shortage = 1.0
[policy]
kind = "sS"
s = 4
S = 10
objective = { fill_rate = 0.98 }
[logistics]
consolidation = { every = 2, load = 0.9 }
"#;
        let p = Plan::parse(text, "x.toml").unwrap();
        assert_eq!(p.policy.up_to, Some(10.0));
        assert_eq!(p.logistics.consolidation.load, Some(0.9));
        let again: Plan = toml::from_str(&toml::to_string(&p).unwrap()).unwrap();
        assert_eq!(again, p);
    }

    #[test]
    fn slips_are_named_with_their_line() {
        let e = Plan::parse("version = 1\nreplicatons = 10\n", "x.toml").unwrap_err();
        assert_eq!((e[0].line, e[0].column), (Some(2), Some(1)));
        assert_eq!(e[0].fix.as_deref(), Some("did you mean 'replications'?"));
        let e = Plan::parse("[demand]\ndistribution = \"poison\"\nmean = 2\n", "x.toml").unwrap_err();
        assert!(e[0].fix.as_deref().unwrap_or("").contains("did you mean \"poisson\""), "{e:?}");
        assert_eq!(e[0].line, Some(2));
        let e =
            Plan::parse("[demand]\ndistribution = \"poisson\"\nmean = 2\n[policy]\nkind = \"sS\"\ns = 9\nS = 3\n", "x.toml").unwrap_err();
        assert!(e[0].message.contains("above S"), "{e:?}");
        for (line, says) in [
            ("[policy]\nobjective = { fil_rate = 0.9 }", "did you mean 'fill_rate'?"),
            ("[cost]\nholding = \"much\"", "without quotes"),
            ("[supply]\nreview_period = 0.5", "whole number"),
            ("[policy]\nobjective = 0.95", "cycle_service = 0.95"),
            ("[supply]\nlead_time = \"two\"", "{ mean = 2.0, sd = 0.5 }"),
            ("[supply]\nlead_time = { mean = 2, std = 1 }", "did you mean 'sd'?"),
        ] {
            let e = Plan::parse(&format!("version = 1\n{line}\n"), "x.toml").unwrap_err();
            assert!(e[0].fix.as_deref().unwrap_or("").contains(says) && e[0].line == Some(3), "{e:?}");
        }
    }
}
