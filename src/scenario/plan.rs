//! The scenario file: one set of assumptions, read strictly and checked before anything runs.

use crate::base::diagnostic::nearest;
use crate::base::{Diagnostic, Period};
use serde::{Deserialize, Serialize};

/// Everything that can be assumed or decided. Field names are the keys of the scenario file (DESIGN §4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// Version of the scenario format; this program reads 1.
    pub version: u32,
    /// Name for people.
    pub name: String,
    /// Seed of every random stream.
    pub seed: u64,
    /// Replications of the Monte Carlo simulation.
    pub replications: usize,
    /// Stop at this relative half-width of total cost instead (0.01 = 1 %).
    pub precision: Option<f64>,
    /// Simulated horizon, periods.
    pub periods: usize,
    /// Periods simulated before counting starts.
    pub warm_up: usize,
    /// Where the data are.
    pub history: HistorySection,
    /// How demand is forecast.
    pub forecast: ForecastSection,
    /// A distribution in place of a history.
    pub demand: Option<DemandSection>,
    /// Lead time, review, what happens to unmet demand.
    pub supply: SupplySection,
    /// Costs where the item file says nothing.
    pub cost: CostSection,
    /// What decides the orders.
    pub policy: PolicySection,
    /// How shipments are put together.
    pub logistics: LogisticsSection,
    /// Carbon price and factors.
    pub footprint: FootprintSection,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            version: 1,
            name: "Scenario".into(),
            seed: 42,
            replications: 1000,
            precision: None,
            periods: 52,
            warm_up: 0,
            history: HistorySection::default(),
            forecast: ForecastSection::default(),
            demand: None,
            supply: SupplySection::default(),
            cost: CostSection::default(),
            policy: PolicySection::default(),
            logistics: LogisticsSection::default(),
            footprint: FootprintSection::default(),
        }
    }
}

/// `[history]`: files, relative to the scenario.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HistorySection {
    /// Sales: anything `stockcast import` understands.
    pub files: Vec<String>,
    /// `hour | day | week | month | quarter | year | auto`.
    pub period: Option<String>,
    /// Column roles that the names do not give away: `{ "Col" = "quantity" }`.
    pub map: std::collections::BTreeMap<String, String>,
    /// `dmy`, `mdy` or `ymd`, where the file does not settle it.
    pub date_order: Option<String>,
    /// items.csv
    pub items: Option<String>,
    /// stock.csv
    pub stock: Option<String>,
    /// on_order.csv
    pub on_order: Option<String>,
    /// suppliers.csv
    pub suppliers: Option<String>,
    /// supplier_items.csv
    pub supplier_items: Option<String>,
    /// receipts.csv
    pub receipts: Option<String>,
    /// bom.csv
    pub bom: Option<String>,
    /// locations.csv
    pub locations: Option<String>,
    /// vehicles.csv
    pub vehicles: Option<String>,
    /// events.csv
    pub events: Option<String>,
}

/// `[forecast]`: how demand is forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastSection {
    /// `auto`, or the name of one model.
    pub model: String,
    /// Periods in a season; absent: found in the data.
    pub season_length: Option<usize>,
}

impl Default for ForecastSection {
    fn default() -> Self {
        Self { model: "auto".into(), season_length: None }
    }
}

/// `[demand]`: a distribution in place of a history.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemandSection {
    /// `poisson | normal | gamma | lognormal | negative_binomial | discrete | deterministic`.
    pub distribution: String,
    /// Mean per period.
    pub mean: Option<f64>,
    /// Standard deviation per period.
    pub sd: Option<f64>,
    /// Values of a discrete distribution, or the demands of a deterministic one (repeated).
    pub values: Vec<f64>,
    /// Weights of the values.
    pub weights: Vec<f64>,
}

/// A lead time: a number of periods, `{ mean, sd }` or `{ values, weights }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LeadTimeSpec {
    /// Always the same.
    Fixed(f64),
    /// As its parts say.
    Spread(LeadTimeParts),
}

/// The parts of a random lead time, in periods.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeadTimeParts {
    /// Mean.
    pub mean: Option<f64>,
    /// Standard deviation.
    pub sd: Option<f64>,
    /// Values seen.
    pub values: Vec<f64>,
    /// Their weights.
    pub weights: Vec<f64>,
}

/// `[supply]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SupplySection {
    /// Lead time where neither receipts nor masters say; absent: two weeks in periods, said as an assumption.
    pub lead_time: Option<LeadTimeSpec>,
    /// Periods between reviews.
    pub review_period: usize,
    /// `lost` or `backorder`.
    pub unmet_demand: String,
}

impl Default for SupplySection {
    fn default() -> Self {
        Self { lead_time: None, review_period: 1, unmet_demand: "lost".into() }
    }
}

/// `[cost]`: used where the item file says nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CostSection {
    /// Money per unit left at the end of a period.
    pub holding: Option<f64>,
    /// Share of an item's cost per year; used when `holding` is absent and the cost is known or assumed. Default 0.25.
    pub holding_rate: Option<f64>,
    /// Money per unit lost, or per unit and period backordered; absent: price − cost.
    pub shortage: Option<f64>,
    /// Money per order line placed, freight not included.
    pub order: Option<f64>,
    /// Cost assumed as a share of the selling price, where only the price is known.
    pub cost_share: f64,
    /// Share of its cost that stock left at the end of the horizon has lost.
    pub markdown: f64,
}

impl Default for CostSection {
    fn default() -> Self {
        Self { holding: None, holding_rate: None, shortage: None, order: None, cost_share: 0.6, markdown: 0.0 }
    }
}

/// `[policy]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySection {
    /// `optimal | sS | sQ | RS | RsS | RsnQ | base_stock | min_max | days_of_cover`.
    pub kind: String,
    /// Order when the inventory position is at or below this.
    pub s: Option<f64>,
    /// Order up to this.
    #[serde(rename = "S")]
    pub up_to: Option<f64>,
    /// Order this many.
    #[serde(rename = "Q")]
    pub quantity: Option<f64>,
    /// Periods between reviews, instead of `supply.review_period`.
    #[serde(rename = "R")]
    pub review: Option<usize>,
    /// Days of expected demand to order up to.
    pub days: Option<f64>,
    /// What the optimal policy aims for.
    pub objective: Objective,
}

impl Default for PolicySection {
    fn default() -> Self {
        Self {
            kind: "optimal".into(),
            s: None,
            up_to: None,
            quantity: None,
            review: None,
            days: None,
            objective: Objective::Name("cost".into()),
        }
    }
}

/// What the optimal policy aims for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Objective {
    /// `"cost"`.
    Name(String),
    /// `{ cycle_service = 0.95 }`, `{ fill_rate = 0.98 }` or `{ budget = 10000 }`.
    Target(ObjectiveTarget),
}

/// The target of an objective.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectiveTarget {
    /// Share of replenishment cycles without a stockout.
    pub cycle_service: Option<f64>,
    /// Share of demand served from stock at once.
    pub fill_rate: Option<f64>,
    /// Value of this order, at most.
    pub budget: Option<f64>,
}

/// `[logistics]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogisticsSection {
    /// When shipments leave.
    pub consolidation: ConsolidationSpec,
    /// Replications whose trips are really built.
    pub built_replications: usize,
    /// Road distance over great-circle distance.
    pub circuity: f64,
    /// Kilometres assumed to a place without coordinates.
    pub default_km: f64,
    /// Kilograms per unit where the item file says nothing.
    pub default_weight_kg: f64,
    /// Cubic metres per unit where the item file says nothing.
    pub default_volume_m3: f64,
}

impl Default for LogisticsSection {
    fn default() -> Self {
        Self {
            consolidation: ConsolidationSpec { every: Some(1.0), ..Default::default() },
            built_replications: 32,
            circuity: 1.3,
            default_km: 100.0,
            default_weight_kg: 0.5,
            default_volume_m3: 0.003,
        }
    }
}

/// `{ every = T }`, `{ load = q }`, both (the first of the two), or `{ weekdays = [...] }`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsolidationSpec {
    /// Leave every so many days.
    pub every: Option<f64>,
    /// Leave when this share of a vehicle is full.
    pub load: Option<f64>,
    /// Leave on these days of the week.
    pub weekdays: Vec<String>,
}

/// `[footprint]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FootprintSection {
    /// Money per tonne CO2e.
    pub carbon_price: f64,
}

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
    "items",
    "stock",
    "on_order",
    "suppliers",
    "supplier_items",
    "receipts",
    "bom",
    "locations",
    "vehicles",
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
];

/// Policy kinds the scenario file knows.
pub const POLICY_KINDS: &[&str] = &["optimal", "sS", "sQ", "RS", "RsS", "RsnQ", "base_stock", "min_max", "days_of_cover"];

impl Plan {
    /// Read a scenario file's text. `name` is the file as the user named it, for messages.
    pub fn parse(text: &str, name: &str) -> Result<Self, Vec<Diagnostic>> {
        let plan: Self = toml::from_str(text).map_err(|e| vec![toml_error(&e, text, name)])?;
        let problems = plan.check();
        if problems.is_empty() { Ok(plan) } else { Err(problems.into_iter().map(|d| locate(d, text).file(name)).collect()) }
    }

    /// What cannot be run as it stands. The code of a diagnostic ends in the key it is about.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let mut bad =
            |key: &'static str, message: String, fix: &str| out.push((key, Diagnostic::error("scenario-value", message).fix(fix)));
        if self.version != 1 {
            bad("version", format!("version {} is not known here", self.version), "use version = 1, or a newer Stockcast");
        }
        if !(1..=1_000_000).contains(&self.replications) {
            bad("replications", format!("replications = {} is out of range", self.replications), "use 1 to 1,000,000; 1000 is usual");
        }
        if !(1..=20_000).contains(&self.periods) {
            bad("periods", format!("periods = {} is out of range", self.periods), "use 1 to 20,000 periods");
        }
        if self.warm_up > 20_000 {
            bad("warm_up", format!("warm_up = {} is out of range", self.warm_up), "use 0 to 20,000 periods");
        }
        if let Some(p) = self.precision
            && !(p > 0.0 && p < 1.0)
        {
            bad("precision", format!("precision = {p} is not between 0 and 1"), "use 0.01 for one per cent");
        }
        if let Some(p) = &self.history.period
            && p != "auto"
            && Period::parse(p).is_none()
        {
            bad("period", format!("'{p}' is no period"), "use hour, day, week, month, quarter, year or auto");
        }
        if self.history.files.is_empty() && self.demand.is_none() {
            bad("files", "there is neither a sales file nor a [demand] distribution".into(), "add files = [\"sales.csv\"] under [history]");
        }
        if !self.history.files.is_empty() && self.demand.is_some() {
            bad("demand", "both [history] files and a [demand] distribution are given".into(), "keep one of them");
        }
        if !matches!(self.supply.unmet_demand.as_str(), "lost" | "backorder") {
            bad("unmet_demand", format!("'{}' is not known", self.supply.unmet_demand), "use \"lost\" or \"backorder\"");
        }
        if self.supply.review_period == 0 || self.policy.review == Some(0) {
            bad("review_period", "a review period of 0".into(), "use 1 to review at the end of every period");
        }
        match &self.supply.lead_time {
            Some(LeadTimeSpec::Fixed(v)) if !(*v >= 0.0 && *v <= 1000.0) => {
                bad("lead_time", format!("a lead time of {v} periods"), "use 0 to 1000 periods")
            }
            Some(LeadTimeSpec::Spread(p)) => {
                if p.values.is_empty() == p.mean.is_none() {
                    bad(
                        "lead_time",
                        "a lead time needs either a mean or values".into(),
                        "write { mean = 2.0, sd = 0.5 } or { values = [2, 3], weights = [1, 1] }",
                    );
                } else if !p.weights.is_empty() && p.weights.len() != p.values.len() {
                    bad(
                        "lead_time",
                        format!("{} values but {} weights", p.values.len(), p.weights.len()),
                        "give one weight a value, or none",
                    );
                } else if p.values.iter().chain(&p.mean).chain(&p.sd).any(|v| !(*v >= 0.0 && *v <= 1000.0))
                    || p.weights.iter().any(|w| !(*w >= 0.0 && w.is_finite()))
                    || (!p.weights.is_empty() && p.weights.iter().sum::<f64>() <= 0.0)
                {
                    bad(
                        "lead_time",
                        "a lead time or weight is negative, too large or not a number".into(),
                        "use 0 to 1000 periods and weights of 0 or more",
                    );
                }
            }
            _ => {}
        }
        for (key, value) in [
            ("holding", self.cost.holding),
            ("holding_rate", self.cost.holding_rate),
            ("shortage", self.cost.shortage),
            ("order", self.cost.order),
            ("cost_share", Some(self.cost.cost_share)),
            ("markdown", Some(self.cost.markdown)),
            ("carbon_price", Some(self.footprint.carbon_price)),
            ("circuity", Some(self.logistics.circuity)),
            ("default_km", Some(self.logistics.default_km)),
            ("default_weight_kg", Some(self.logistics.default_weight_kg)),
            ("default_volume_m3", Some(self.logistics.default_volume_m3)),
        ] {
            if let Some(v) = value
                && !(v >= 0.0 && v.is_finite())
            {
                bad(key, format!("{key} = {v} is negative or not a number"), "use 0 or more");
            }
        }
        self.check_policy(&mut bad);
        self.check_demand(&mut bad);
        let c = &self.logistics.consolidation;
        if c.every.is_none() && c.load.is_none() && c.weekdays.is_empty() {
            bad(
                "consolidation",
                "the consolidation rule is empty".into(),
                "write { every = 1 }, { load = 0.9 }, both, or { weekdays = [\"mon\", \"thu\"] }",
            );
        }
        if c.every.is_some_and(|t| !(t > 0.0 && t <= 366.0)) || c.load.is_some_and(|q| !(q > 0.0 && q <= 1.0)) {
            bad("consolidation", "every must be 1 to 366 days and load a share of a vehicle".into(), "write { every = 2, load = 0.9 }");
        }
        if let Some(day) = c.weekdays.iter().find(|d| parse_weekday(d).is_none()) {
            bad("weekdays", format!("'{day}' is no day of the week"), "use mon, tue, wed, thu, fri, sat, sun");
        }
        out.into_iter().map(|(key, d)| d.column(KEYS.iter().position(|k| *k == key).map_or(0, |i| i as u32))).collect()
    }

    fn check_policy(&self, bad: &mut impl FnMut(&'static str, String, &str)) {
        let p = &self.policy;
        let need = |key: &'static str, v: Option<f64>, bad: &mut dyn FnMut(&'static str, String, &str)| match v {
            None => bad("kind", format!("policy {} needs {key}", p.kind), &format!("add {key} under [policy]")),
            Some(v) if !v.is_finite() => bad("kind", format!("{key} = {v} is not a number"), "use a finite number"),
            _ => {}
        };
        match p.kind.as_str() {
            "optimal" => {}
            "sS" | "RsS" | "min_max" => {
                need("s", p.s, bad);
                need("S", p.up_to, bad);
                if let (Some(s), Some(up)) = (p.s, p.up_to)
                    && s > up
                {
                    bad("kind", format!("s = {s} is above S = {up}"), "the reorder point s cannot exceed the level S that it orders up to");
                }
            }
            "sQ" | "RsnQ" => {
                need("s", p.s, bad);
                need("Q", p.quantity, bad);
                if p.quantity.is_some_and(|q| q <= 0.0) {
                    bad("kind", "Q must be above 0".into(), "use the quantity of one order");
                }
            }
            "RS" | "base_stock" => need("S", p.up_to, bad),
            "days_of_cover" => need("days", p.days, bad),
            other => {
                let hint = nearest(other, POLICY_KINDS.iter().copied()).map_or(String::new(), |k| format!("did you mean \"{k}\"? "));
                bad("kind", format!("'{other}' is no policy"), &format!("{hint}known: {}", POLICY_KINDS.join(", ")));
            }
        }
        match &p.objective {
            Objective::Name(n) if n == "cost" => {}
            Objective::Name(n) => bad(
                "objective",
                format!("'{n}' is no objective"),
                "use \"cost\", { cycle_service = 0.95 }, { fill_rate = 0.98 } or { budget = 10000 }",
            ),
            Objective::Target(t) => {
                let given = [t.cycle_service, t.fill_rate, t.budget].into_iter().flatten().count();
                if given != 1 {
                    bad("objective", "an objective has exactly one target".into(), "use one of cycle_service, fill_rate, budget");
                }
                if [t.cycle_service, t.fill_rate].into_iter().flatten().any(|v| !(v > 0.0 && v < 1.0)) {
                    bad("objective", "a service target is a share between 0 and 1".into(), "use 0.95 for 95 %");
                }
                if t.budget.is_some_and(|b| !(b >= 0.0 && b.is_finite())) {
                    bad("objective", "a budget cannot be negative".into(), "use an amount of money of 0 or more");
                }
            }
        }
    }

    fn check_demand(&self, bad: &mut impl FnMut(&'static str, String, &str)) {
        let Some(d) = &self.demand else { return };
        let known = ["poisson", "normal", "gamma", "lognormal", "negative_binomial", "discrete", "deterministic"];
        let fine = |v: Option<f64>| v.is_some_and(|v| v >= 0.0 && v.is_finite());
        match d.distribution.as_str() {
            "poisson" if !fine(d.mean) => bad("mean", "a poisson demand needs a mean of 0 or more".into(), "add mean = 5.0"),
            "normal" | "gamma" | "lognormal" | "negative_binomial" if !fine(d.mean) || !fine(d.sd) => {
                bad("mean", format!("a {} demand needs mean and sd", d.distribution), "add mean = 5.0 and sd = 2.0")
            }
            "gamma" | "lognormal" | "negative_binomial" if d.mean == Some(0.0) => {
                bad("mean", format!("a {} demand needs a mean above 0", d.distribution), "use a positive mean")
            }
            "negative_binomial" if d.sd.unwrap_or(0.0).powi(2) <= d.mean.unwrap_or(0.0) => {
                bad("sd", "a negative binomial needs a variance above its mean".into(), "raise sd, or use poisson")
            }
            "discrete" if d.values.is_empty() || (!d.weights.is_empty() && d.weights.len() != d.values.len()) => {
                bad("values", "a discrete demand needs values and as many weights".into(), "add values = [0, 1, 2] and weights = [5, 3, 2]")
            }
            "discrete"
                if d.weights.iter().any(|w| !(*w >= 0.0 && w.is_finite()))
                    || (!d.weights.is_empty() && d.weights.iter().sum::<f64>() <= 0.0) =>
            {
                bad("weights", "weights must be 0 or more and not all 0".into(), "use relative frequencies")
            }
            "deterministic" if d.values.is_empty() && !fine(d.mean) => {
                bad("values", "a deterministic demand needs values or a mean".into(), "add values = [10, 20, 30]")
            }
            k if !known.contains(&k) => {
                let hint = nearest(k, known).map_or(String::new(), |n| format!("did you mean \"{n}\"? "));
                bad("distribution", format!("'{k}' is no distribution"), &format!("{hint}known: {}", known.join(", ")));
            }
            _ => {}
        }
        if d.values.iter().any(|v| !v.is_finite() || *v < 0.0) {
            bad("values", "a demand is negative or not a number".into(), "use values of 0 or more");
        }
    }

    /// Periods between reviews: the policy's own `R`, else the supply's.
    pub fn review(&self) -> usize {
        self.policy.review.unwrap_or(self.supply.review_period).max(1)
    }
}

/// Monday = 0, from `mon`, `Monday`, `1` … `7`.
pub fn parse_weekday(text: &str) -> Option<u32> {
    let t = text.trim().to_lowercase();
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().position(|d| t.starts_with(d)).map(|i| i as u32)
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

/// Find the line of the key that a check complained about; `check` passes the key's number in `column`.
fn locate(mut d: Diagnostic, text: &str) -> Diagnostic {
    let Some(key) = d.column.take().and_then(|i| KEYS.get(i as usize)) else { return d };
    let found = text.lines().position(|l| {
        let t = l.trim_start();
        t.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) || t.starts_with(&format!("[{key}]"))
    });
    // a key inside { … } stands somewhere in its line
    let inside = || {
        text.lines().position(|l| {
            l.split([',', '{']).any(|part| part.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
        })
    };
    if let Some(i) = found.or_else(inside) {
        d.line = Some(i as u64 + 1);
        d.column = Some(1);
    }
    d
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
    }
}
