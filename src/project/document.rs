//! What a project knows, as a value: no file, no clock.

use super::edit::{Edit, OverrideKey};
use crate::base::{Diagnostic, Stamp};
use crate::forecast::Frozen;
use crate::history::{self, Ask, Fix, History, KnownTable, Masters, Recognised, Role};
use crate::logistics::wish::Moved;
use crate::scenario::{ForecastOverride, Inputs, Plan};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

/// Everything a project knows. Tables of masters stand in the order of their files' lines, rows added by hand (line 0) after them;
/// scenarios by id, decisions and overrides by their key.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Name for people.
    pub name: String,
    /// The sales, once imported.
    pub sales: Option<Arc<Sales>>,
    /// Items, stock, suppliers, network, events.
    pub masters: Arc<Masters>,
    /// The companion file that each table of masters came from, at most one a kind.
    pub companions: Vec<Source>,
    /// Sets of assumptions; never empty in a document made by [`Document::new`].
    pub scenarios: Vec<Scenario>,
    /// Id of the scenario in use.
    pub active: u64,
    /// What was approved, held, received or cancelled of the advised orders.
    pub decisions: Vec<Decision>,
    /// Numbers set by hand against the advice.
    pub overrides: Vec<Override>,
    /// What somebody said of findings in the sales.
    pub agreed: Agreed,
    /// Forecasts changed by hand, by id, which is the order they act in.
    pub forecast_overrides: Vec<SaidForecast>,
    /// Forecasts as they stood before newer sales came in, by their first period.
    pub frozen: Vec<Arc<Frozen>>,
    /// Stops of one's own shipments that were moved to other trips, in the order they act in.
    pub moves: Vec<Moved>,
    /// Columns known ahead beside the events: prices, promotions.
    pub known: Option<Arc<KnownTable>>,
}

/// What somebody said of what an audit found: the sales themselves stay as they were imported, and what was agreed to is applied to them
/// again after every import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreed {
    /// Changes agreed to, in the order they are applied.
    pub fixes: Vec<Fix>,
    /// Questions answered with "leave it as it is", as [`Agreed::key`] names them.
    pub left: Vec<String>,
    /// Sales are taken for demand even where the shelf was empty.
    pub sales_are_demand: bool,
}

impl Agreed {
    /// The sales with everything agreed to.
    pub fn history(&self, imported: &History) -> History {
        let mended = if self.fixes.is_empty() { imported.clone() } else { history::apply(imported, &self.fixes) };
        if self.sales_are_demand { history::censored::without_stock(&mended) } else { mended }
    }

    /// Names a question: what was found, about which item or series, and when, where it is about a time.
    pub fn key(code: &str, about: &str, at: Option<Stamp>) -> String {
        at.map_or_else(|| format!("{code}/{about}"), |at| format!("{code}/{about}/{at}"))
    }
}

/// The sales files, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Sales {
    /// The files, in the order given.
    pub sources: Vec<Source>,
    /// The series made of them.
    pub history: History,
    /// How each file was understood.
    pub recognised: Vec<Recognised>,
    /// One row per sale, rather than one per period.
    pub transactions: bool,
    /// What the import said, companion files included.
    pub notes: Vec<Diagnostic>,
}

impl Sales {
    /// What came of the files, with everything agreed to, as an audit judges it; every line set aside that was kept.
    pub fn as_import(&self, agreed: &Agreed) -> history::Import {
        let of_file = |(file, r): (usize, &Recognised)| -> Vec<history::AsideLine> {
            let lines = r.set_aside.iter().flat_map(|s| s.every_line().map(|line| (line, s.reason)));
            lines.map(|(line, reason)| history::AsideLine { file: file as u32, line, reason }).collect()
        };
        history::Import {
            history: agreed.history(&self.history),
            recognised: self.recognised.clone(),
            diagnostics: self.notes.clone(),
            transactions: self.transactions,
            questions: Vec::new(),
            aside: self.recognised.iter().enumerate().flat_map(of_file).collect(),
        }
    }
}

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Sales over time.
    Sales,
    /// items.csv
    Items,
    /// stock.csv
    Stock,
    /// on_order.csv
    OnOrder,
    /// suppliers.csv
    Suppliers,
    /// supplier_items.csv
    SupplierItems,
    /// receipts.csv
    Receipts,
    /// bom.csv
    Bom,
    /// locations.csv
    Locations,
    /// vehicles.csv
    Vehicles,
    /// carriers.csv
    Carriers,
    /// distances.csv
    Distances,
    /// shipments.csv
    Shipments,
    /// events.csv
    Events,
    /// What is known of the periods ahead: prices, promotions, opening days.
    Future,
}

impl SourceKind {
    /// All, sales first.
    pub const ALL: [Self; 15] = [
        Self::Sales,
        Self::Items,
        Self::Stock,
        Self::OnOrder,
        Self::Suppliers,
        Self::SupplierItems,
        Self::Receipts,
        Self::Bom,
        Self::Locations,
        Self::Vehicles,
        Self::Carriers,
        Self::Distances,
        Self::Shipments,
        Self::Events,
        Self::Future,
    ];
    /// `sales`, `items`, `on_order` …: the word of scenario files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Items => "items",
            Self::Stock => "stock",
            Self::OnOrder => "on_order",
            Self::Suppliers => "suppliers",
            Self::SupplierItems => "supplier_items",
            Self::Receipts => "receipts",
            Self::Bom => "bom",
            Self::Locations => "locations",
            Self::Vehicles => "vehicles",
            Self::Carriers => "carriers",
            Self::Distances => "distances",
            Self::Shipments => "shipments",
            Self::Events => "events",
            Self::Future => "future",
        }
    }
    /// Reads [`SourceKind::name`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == text)
    }
}

/// A file that something was imported from. The file itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// File name, without folders.
    pub name: String,
    /// [`crate::history::canonical::hash`] of its bytes.
    pub hash: String,
    /// What it is about.
    pub kind: SourceKind,
    /// When it was read, on the shop's clock.
    pub imported: Stamp,
    /// Roles that a person gave to columns.
    pub map: Vec<(String, Role)>,
    /// Answers that a person gave to what the file left open, as [`crate::history::Question::answer`] takes them.
    #[serde(default)]
    pub said: Vec<(Ask, String)>,
    /// Data rows in the file.
    pub rows_read: u64,
    /// Rows that were used.
    pub rows_used: u64,
    /// Orders imports and decisions in time; 0 in a new one, numbered by [`Document::number`] (which `Project::apply` calls).
    pub sequence: u64,
}

/// A set of assumptions.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Unique in the project, from 1.
    pub id: u64,
    /// Name for people.
    pub name: String,
    /// The assumptions.
    pub plan: Plan,
    /// The scenario it was branched from, which may be gone.
    pub parent: Option<u64>,
}

/// What became of an advised order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionState {
    /// To be ordered: counts as on order.
    Approved,
    /// Not now.
    Held,
    /// Arrived, said by hand: no longer on order.
    Received,
    /// Will not come.
    Cancelled,
}

impl DecisionState {
    /// `approved`, `held`, `received`, `cancelled`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Held => "held",
            Self::Received => "received",
            Self::Cancelled => "cancelled",
        }
    }
    /// Reads [`DecisionState::name`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Approved, Self::Held, Self::Received, Self::Cancelled].into_iter().find(|s| s.name() == text)
    }
}

/// A decision on one order line; one a series and order date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The series.
    pub unique_id: Arc<str>,
    /// Its item.
    pub item: Arc<str>,
    /// Where it is stocked.
    pub location: Arc<str>,
    /// Who is to deliver.
    pub supplier: Arc<str>,
    /// When it is to be ordered.
    pub order_date: Stamp,
    /// When it is expected.
    pub arrives: Stamp,
    /// Units that were advised.
    pub advised: f64,
    /// Units decided on.
    pub quantity: f64,
    /// Money per unit.
    pub unit_cost: f64,
    /// What was decided.
    pub state: DecisionState,
    /// The reason given.
    pub why: Option<String>,
    /// When it was decided, on the shop's clock.
    pub decided: Stamp,
    /// [`Source::sequence`] of the newest import when it was decided; filled by [`Document::number`].
    pub after_source: u64,
}

/// What an override sets; the names are the keys of `[[adjust]]` in a scenario file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overridden {
    /// Reorder point `s`, units.
    ReorderPoint,
    /// Order-up-to level `S`, units.
    OrderUpTo,
    /// Demand as a multiple of the forecast.
    DemandFactor,
    /// Lead time, calendar days.
    LeadTimeDays,
    /// Periods between reviews.
    ReviewPeriod,
    /// Selling price per unit.
    Price,
    /// Landed cost per unit.
    Cost,
    /// Share of replenishment cycles without a stockout to aim for.
    CycleService,
    /// Share of demand to serve from stock at once.
    FillRate,
}

impl Overridden {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::ReorderPoint,
        Self::OrderUpTo,
        Self::DemandFactor,
        Self::LeadTimeDays,
        Self::ReviewPeriod,
        Self::Price,
        Self::Cost,
        Self::CycleService,
        Self::FillRate,
    ];
    /// The key of a scenario file: `s`, `S`, `demand_factor` …
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReorderPoint => "s",
            Self::OrderUpTo => "S",
            Self::DemandFactor => "demand_factor",
            Self::LeadTimeDays => "lead_time_days",
            Self::ReviewPeriod => "review_period",
            Self::Price => "price",
            Self::Cost => "cost",
            Self::CycleService => "cycle_service",
            Self::FillRate => "fill_rate",
        }
    }
    /// Reads [`Overridden::name`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.name() == text)
    }
}

/// A number set by hand for one series, against what the program would use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// The series.
    pub unique_id: Arc<str>,
    /// Which number.
    pub what: Overridden,
    /// Its value, in the unit of `what`.
    pub value: f64,
    /// The reason given.
    pub why: Option<String>,
    /// When it was set, on the shop's clock.
    pub made: Stamp,
}

/// A forecast changed by hand, kept as it was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidForecast {
    /// Unique in the project, from 1; overrides act in this order.
    pub id: u64,
    /// Whose forecast, when, and how.
    pub said: ForecastOverride,
    /// When it was said, on the shop's clock.
    pub made: Stamp,
}

impl Override {
    /// Its key: one value a series and number.
    pub fn key(&self) -> OverrideKey {
        (self.unique_id.clone(), self.what)
    }
}

impl Document {
    /// A new project of what was read: `plan` becomes scenario 1, `notes` what the import said, `sources` the files of any kind.
    pub fn new(name: impl Into<String>, inputs: Inputs, plan: Plan, notes: Vec<Diagnostic>, sources: Vec<Source>) -> Self {
        let Inputs { history, recognised, transactions, mut masters, known, .. } = inputs;
        let known = history.as_ref().zip(known).and_then(|(h, k)| KnownTable::of(h, &k.drivers)).map(Arc::new);
        super::rows::tidy(&mut masters);
        let (mut of_sales, mut companions): (Vec<Source>, Vec<Source>) = (Vec::new(), Vec::new());
        for (i, mut source) in sources.into_iter().enumerate() {
            source.sequence = i as u64 + 1;
            if source.kind == SourceKind::Sales {
                of_sales.push(source);
            } else {
                companions.retain(|c| c.kind != source.kind);
                companions.push(source);
            }
        }
        companions.sort_by_key(|c| c.kind);
        let sales = history.map(|history| Arc::new(Sales { sources: of_sales, history, recognised, transactions, notes }));
        let mut document = Self {
            name: name.into(),
            sales,
            masters: Arc::new(masters),
            companions,
            scenarios: vec![Scenario { id: 1, name: plan.name.clone(), plan, parent: None }],
            active: 1,
            decisions: Vec::new(),
            overrides: Vec::new(),
            agreed: Agreed::default(),
            forecast_overrides: Vec::new(),
            frozen: Vec::new(),
            moves: Vec::new(),
            known,
        };
        document.forget_private();
        document
    }

    /// The scenario in use.
    pub fn active(&self) -> &Scenario {
        // a document built by hand may hold none
        static NONE: LazyLock<Scenario> = LazyLock::new(|| Scenario { id: 0, name: String::new(), plan: Plan::default(), parent: None });
        self.scenario(self.active).or_else(|| self.scenarios.first()).unwrap_or(&NONE)
    }

    /// A scenario by its id.
    pub fn scenario(&self, id: u64) -> Option<&Scenario> {
        self.scenarios.iter().find(|s| s.id == id)
    }

    /// An id that no scenario has had, for a new one.
    pub fn free_scenario_id(&self) -> u64 {
        self.scenarios.iter().map(|s| s.id).max().unwrap_or(0) + 1
    }

    /// An id that no forecast override has, above all others: what is said now has the last word.
    pub fn free_forecast_id(&self) -> u64 {
        self.forecast_overrides.iter().map(|o| o.id).max().unwrap_or(0) + 1
    }

    /// The number of the newest import; 0 before the first.
    pub fn last_sequence(&self) -> u64 {
        let of_sales = self.sales.iter().flat_map(|s| &s.sources);
        of_sales.chain(&self.companions).map(|s| s.sequence).max().unwrap_or(0)
    }

    /// Changes the document as the edit says, all of it or nothing; returns the edit that undoes it.
    ///
    /// # Errors
    /// What the edit asks for cannot be: a number that is none, a scenario that is not there, a row under another row's key.
    pub fn apply(&mut self, edit: &Edit) -> Result<Edit, Diagnostic> {
        super::edit::apply(self, edit)
    }
}
