//! The sections of a scenario file, a struct each; field names are the keys.

use serde::{Deserialize, Serialize};

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
    /// `.` or `,`: the decimal mark of the sales, and of companion files that leave it open.
    pub decimal: Option<String>,
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
    /// carriers.csv
    pub carriers: Option<String>,
    /// distances.csv, or an OSRM table as JSON
    pub distances: Option<String>,
    /// shipments.csv: what is to be delivered, for trips and consolidation rules of one's own
    pub shipments: Option<String>,
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
    /// What is known ahead: a file with columns of the sales file such as price, promo, holiday, for the periods to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub future: Option<String>,
    /// Whether events and what is known ahead are used.
    #[serde(skip_serializing_if = "is_true")]
    pub known_ahead: bool,
}

impl Default for ForecastSection {
    fn default() -> Self {
        Self { model: "auto".into(), season_length: None, future: None, known_ahead: true }
    }
}

/// `[demand]`: a distribution in place of a history.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemandSection {
    /// `poisson | geometric | binomial | negative_binomial | compound_poisson | discrete | discrete_uniform | empirical | normal | gamma | exponential |
    /// lognormal | uniform | triangular | weibull | deterministic`.
    pub distribution: String,
    /// Mean per period.
    pub mean: Option<f64>,
    /// Standard deviation per period.
    pub sd: Option<f64>,
    /// Values of a discrete distribution, or the demands of a deterministic one (repeated).
    pub values: Vec<f64>,
    /// Weights of the values.
    pub weights: Vec<f64>,
    /// Standard deviation as a share of the mean, in place of `sd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cv: Option<f64>,
    /// Least value of a uniform or triangular demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest value of a uniform or triangular demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Likeliest value of a triangular demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<f64>,
    /// Mean of the logarithm of a lognormal demand, with `sigma` in place of `mean` and `sd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mu: Option<f64>,
    /// Standard deviation of the logarithm of a lognormal demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sigma: Option<f64>,
    /// Shape of a gamma or Weibull demand, with `scale` in place of `mean` and `sd`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<f64>,
    /// Scale of a gamma or Weibull demand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// Trials of a binomial demand; the successes that a negative binomial one waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials: Option<f64>,
    /// Chance of a success: binomial (units wanted), negative binomial and geometric (failures before it, in place of `mean`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Mean number of customers a period of a compound Poisson demand, each of whom wants one of the `values` by their `weights`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customers: Option<f64>,
    /// Round a normal, gamma or lognormal demand to whole units.
    #[serde(skip_serializing_if = "is_false")]
    pub whole: bool,
    /// Correlation of the demands of one period and the next, 0 up to but not 1, fading with each further period (AR(1)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autocorrelation: Option<f64>,
    /// What a period is: `hour | day | week | month | quarter | year`; absent: week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
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
    /// `gamma` (the default, rounded to whole periods), `poisson`, `geometric`, or `uniform` between `min` and `max`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// Shortest of a uniform lead time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Longest of a uniform lead time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
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
    /// Share of unmet demand that is lost while the rest waits, 0..=1, in place of `unmet_demand`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<f64>,
    /// Whether a later order may arrive before an earlier one. Where lead times vary and it may not, it waits for it.
    #[serde(skip_serializing_if = "is_true")]
    pub orders_cross: bool,
    /// Share of a receipt that arrives usable.
    #[serde(rename = "yield", skip_serializing_if = "Option::is_none")]
    pub yields: Option<YieldSpec>,
    /// Units per pack where no file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_size: Option<f64>,
    /// Smallest order in units where no file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Largest order in units: a supplier's or a plant's capacity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// Units that come in a period once an order begins to arrive (a finite production rate); absent: all at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub production_rate: Option<f64>,
    /// Periods in which a unit can be sold, where no file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shelf_life: Option<usize>,
    /// What is sold first of stock with a shelf life: `fifo` (the oldest) or `lifo` (the freshest).
    #[serde(skip_serializing_if = "is_fifo")]
    pub issue: String,
    /// Units on hand at the start of a demand distribution's simulation; absent: as much as the policy orders up to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<f64>,
}

/// The usable share of receipts: mean and standard deviation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct YieldSpec {
    /// Mean share.
    pub mean: f64,
    /// Standard deviation of the share from one order to the next.
    pub sd: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_true(b: &bool) -> bool {
    *b
}

fn is_fifo(issue: &String) -> bool {
    issue == "fifo"
}

impl Default for SupplySection {
    fn default() -> Self {
        Self {
            lead_time: None,
            review_period: 1,
            unmet_demand: "lost".into(),
            lost: None,
            orders_cross: true,
            yields: None,
            pack_size: None,
            minimum: None,
            maximum: None,
            production_rate: None,
            shelf_life: None,
            issue: "fifo".into(),
            on_hand: None,
        }
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
    /// Money per unit and period backordered, where only a share of unmet demand is lost; absent: as `shortage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<f64>,
    /// Money per unit that has to wait, once, however long it waits; beside `shortage` (which is then 0 where it is not given).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backorder: Option<f64>,
    /// Cost per unit where no file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<f64>,
    /// Selling price per unit where no file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Money per order line placed, freight not included.
    pub order: Option<f64>,
    /// Cost assumed as a share of the selling price, where only the price is known.
    pub cost_share: f64,
    /// Share of its cost that stock left at the end of the horizon has lost.
    pub markdown: f64,
}

impl Default for CostSection {
    fn default() -> Self {
        Self {
            holding: None,
            holding_rate: None,
            shortage: None,
            waiting: None,
            backorder: None,
            unit: None,
            price: None,
            order: None,
            cost_share: 0.6,
            markdown: 0.0,
        }
    }
}

/// `[policy]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySection {
    /// `optimal | sS | sQ | RS | RsS | RsnQ | base_stock | min_max | kanban | days_of_cover | schedule`.
    pub kind: String,
    /// Order when the inventory position is at or below this.
    pub s: Option<f64>,
    /// Order up to this.
    #[serde(rename = "S")]
    pub up_to: Option<f64>,
    /// Order this many.
    #[serde(rename = "Q")]
    pub quantity: Option<f64>,
    /// Cards of a kanban system: containers of `Q` on hand and on order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cards: Option<u32>,
    /// Periods between reviews, instead of `supply.review_period`.
    #[serde(rename = "R")]
    pub review: Option<usize>,
    /// Days of expected demand to order up to.
    pub days: Option<f64>,
    /// Units ordered for each period under `schedule`, repeating: an order is placed at the end of the period before and there after the lead time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<f64>,
    /// The kind of policy that the optimal one is looked for among: `sS | sQ | RsnQ | base_stock | adaptive | lot_sizing`; absent: the better of `sS` and
    /// levels that follow the forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Order a supplier's items at a location together where that costs less: today's order, the simulation and freight follow.
    #[serde(skip_serializing_if = "is_false")]
    pub joint: bool,
    /// With `joint`: every order fills whole containers, where the suppliers file gives `container_kg` or `container_m3`.
    #[serde(skip_serializing_if = "is_false")]
    pub full_containers: bool,
    /// What becomes of an order below the supplier's minimum value: `warn`, `fill` (more of what is best had early), `wait`, or `best` of the last two.
    #[serde(skip_serializing_if = "is_warn")]
    pub below_minimum: String,
    /// What the optimal policy aims for.
    pub objective: Objective,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_false(b: &bool) -> bool {
    !*b
}

fn is_warn(text: &String) -> bool {
    text == "warn"
}

impl Default for PolicySection {
    fn default() -> Self {
        Self {
            kind: "optimal".into(),
            s: None,
            up_to: None,
            quantity: None,
            cards: None,
            review: None,
            days: None,
            orders: Vec::new(),
            family: None,
            joint: false,
            full_containers: false,
            below_minimum: "warn".into(),
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
    /// Cubic metres of this order, at most: a container or a shelf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_m3: Option<f64>,
    /// Kilograms of this order, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<f64>,
    /// Kilograms of CO2e of this order, at most: what its units stand for in the items file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kg_co2e: Option<f64>,
}

/// `[logistics]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogisticsSection {
    /// When shipments leave.
    pub consolidation: ConsolidationSpec,
    /// When own deliveries (shipments.csv) leave; `None`: on the day they are ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<ConsolidationSpec>,
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
            deliveries: None,
            built_replications: 32,
            circuity: 1.3,
            default_km: 100.0,
            default_weight_kg: 0.5,
            default_volume_m3: 0.003,
        }
    }
}

/// `{ every = T }`, `{ load = q }`, both (the first of the two), or `{ weekdays = [...] }`; with `collect = true` or `via = ["Hub"]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsolidationSpec {
    /// Leave every so many days.
    pub every: Option<f64>,
    /// Leave when this share of a vehicle is full.
    pub load: Option<f64>,
    /// Leave on these days of the week.
    pub weekdays: Vec<String>,
    /// One round calls at several suppliers (a milk run), instead of each supplier delivering on its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub collect: bool,
    /// Hubs by name: what goes near one of them travels there together and is delivered from there (zone skipping).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
}

/// `[footprint]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FootprintSection {
    /// Money per tonne CO2e.
    pub carbon_price: f64,
}
