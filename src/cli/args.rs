//! What each command takes. The help texts teach: each names its input, its output and an example.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Heading of the options that every command takes.
const COMMON: &str = "Options of every command";

/// From what a shop sold to what to order, ship and emit. Everything runs on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "stockcast",
    version,
    about,
    after_help = "\
Start here:
  stockcast demo                            the whole line on a sample shop
  stockcast audit sales.csv                 what is in your file, and what is wrong with it
  stockcast orders sales.csv -o orders.csv  what to order now
  stockcast report sales.csv -o report.html a page to look at and send

Exit codes: 0 done, 1 refused with a reason, 2 wrong usage. Data go to standard output, messages to standard error."
)]
pub struct Cli {
    /// A project, scenario or sales file to open in the window, or several files of one shop; without it the window opens on its welcome place
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print one JSON object instead of text
    #[arg(long, global = true, help_heading = COMMON)]
    pub json: bool,
    /// Threads to use; the results are the same bytes on any number [default: all cores]
    #[arg(long, global = true, help_heading = COMMON, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub threads: Option<usize>,
    /// Say nothing but errors on standard error
    #[arg(long, short, global = true, help_heading = COMMON)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands, in the order of the flow.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole line on the sample shop and print a one-screen summary
    Demo(Demo),
    /// Say what was recognised in sales files and what is wrong with them, row by row
    Audit(Audit),
    /// Turn any export into clean series: unique_id, item, location, ds, y
    Import(Import),
    /// Forecast every series with intervals
    Forecast(Forecast),
    /// Hold an earlier forecast against what was sold since: accuracy, bias, alerts
    Monitor(Monitor),
    /// Test the models on the past: accuracy, bias and coverage per series
    Backtest(Backtest),
    /// Simulate a scenario's policy: cost, service, freight and kg CO2e with their errors
    Simulate(Simulate),
    /// Find the best policy of every series, and its cost curve
    Optimize(Optimize),
    /// List what to order now, with the reason for each line
    Orders(Orders),
    /// Live the last periods again, deciding with only what was known then, beside plain rules
    Replay(Replay),
    /// Compare rules for holding shipments so that more travel together, and find the best
    Consolidate(Consolidate),
    /// Build trips from shipments or from a VRPLIB instance
    Routes(Routes),
    /// Compare two scenarios on the same random demand, with paired intervals
    Compare(Compare),
    /// Write the report of a scenario: .html for reading, .xlsx for calculating
    Report(Report),
}

/// `demo`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast demo --out my-demo")]
pub struct Demo {
    /// Folder for the tables and the report [default: stockcast-demo]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write no files, print the summary only
    #[arg(long, conflicts_with = "out")]
    pub no_files: bool,
}

/// How to read sales files.
#[derive(Debug, Args, Default, Clone)]
pub struct Reading {
    /// Roles of columns that the names do not give away: "Col=quantity,Other=date"; of stock, item and open-order files their fields: "Col=on_hand,Other=supplier"
    #[arg(long, value_name = "COL=ROLE,...", value_delimiter = ',')]
    pub map: Vec<String>,
    /// Order of day and month where the file does not settle it: dmy, mdy or ymd
    #[arg(long, value_name = "ORDER")]
    pub date_order: Option<String>,
    /// Decimal mark where the file does not settle it: . or ,
    #[arg(long, value_name = "MARK")]
    pub decimal: Option<char>,
    /// Code numbers of the order status that mean the order did not sell, where the file has codes for words: 5,9
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub unsold: Option<Vec<String>>,
    /// Step of the calendar: hour, day, week, month, quarter, year or auto
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// What the file is: sales, stock, items or on_order
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Sheet of a workbook [default: the first with a table]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Keep lines that look like postage, fees and other non-products
    #[arg(long)]
    pub keep_non_products: bool,
    /// Days that totals without dates are of, such as 2026-01-01..2026-01-31 or 2026-01
    #[arg(long, value_name = "FIRST..LAST")]
    pub covers: Option<String>,
    /// The shop's time zone, such as Europe/Berlin, for files whose times are in another [default: the clock in the file]
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Hour at which the shop's day begins, for sales after midnight
    #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u32).range(0..=12))]
    pub day_starts: Option<u32>,
    /// Day of the export: the period it falls in is incomplete
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Profile of your own, as --save-profile writes it; used for files with the header it was made for
    #[arg(long, value_name = "FILE.toml")]
    pub profile: Vec<PathBuf>,
}

/// `audit`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast audit orders_export.csv --json | jq '.files[0].set_aside'")]
pub struct Audit {
    /// Exports of sales, stock, items or open orders: CSV, TSV, XLSX, Parquet, also zipped; - for standard input; or one project
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Write every line that is not used and why: .csv, .tsv, .parquet, .xlsx or .json
    #[arg(long, value_name = "OUT")]
    pub set_aside: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// `import`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast import orders_export.csv -o series.csv --period week")]
pub struct Import {
    /// Exports of sales, stock, items or open orders, together or one by one; - for standard input
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Where to write: .csv, .tsv, .parquet, .xlsx or .json; - for standard output. Companion files of sales are written beside it
    #[arg(long, short, value_name = "OUT", default_value = "-")]
    pub out: PathBuf,
    /// Apply the fixes of these findings of `audit`: spelled-twice, gaps, impossible-value, empty-shelves, nearly-spelled-alike, outliers, silent
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub fix: Vec<String>,
    /// Read sales as demand even where the shelf was empty: no column `demand`, nothing marked
    #[arg(long)]
    pub ignore_stockouts: bool,
    /// Write every line that is not used and why: .csv, .tsv, .parquet, .xlsx or .json
    #[arg(long, value_name = "OUT")]
    pub set_aside: Option<PathBuf>,
    /// Write how the file was read as a profile, to be given to --profile for later exports
    #[arg(long, value_name = "FILE.toml")]
    pub save_profile: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// `forecast`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stockcast forecast sales.csv --horizon 13 --level 80,95 -o forecast.csv\n  stockcast forecast scenario.toml --horizon 13 --by category,total"
)]
pub struct Forecast {
    /// Sales file, - for standard input; or a scenario, whose [[override]] entries count
    pub file: PathBuf,
    /// Periods ahead
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=10_000))]
    pub horizon: usize,
    /// Add up: series, item, category, location, total; several at once
    #[arg(long, value_name = "LEVEL,...", value_delimiter = ',', conflicts_with = "paths")]
    pub by: Vec<String>,
    /// How groups and series are made to agree: bottom-up, top-down, mint, or auto (the best of them on held-out windows) [default: bottom-up]
    #[arg(long, value_name = "WAY", requires = "by")]
    pub reconcile: Option<String>,
    /// Step of the calendar: H, D, W, M, Q, Y or auto; the same as --period
    #[arg(long, value_name = "FREQ", default_value = "auto", conflicts_with = "period")]
    pub freq: String,
    /// Periods in a season [default: found in the data]
    #[arg(long, value_name = "N")]
    pub season_length: Option<usize>,
    /// Interval levels in percent
    #[arg(long, value_name = "P,...", value_delimiter = ',', default_value = "80,95")]
    pub level: Vec<f64>,
    /// Model: auto or one by name
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub model: String,
    /// What is known ahead: unique_id, ds and columns of the sales file such as promo, price, open, holiday
    #[arg(long, value_name = "FILE")]
    pub future: Option<PathBuf>,
    /// Dated events, past and coming: ds, event [, to, item, location, category, percent]
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Also write what the mean is made of: level, trend, seasons, what is known ahead, changes by hand
    #[arg(long, conflicts_with = "paths")]
    pub parts: bool,
    /// Also write K sampled paths a series, as columns path-1 … path-K
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub paths: usize,
    /// Seed of the sampled paths
    #[arg(long, value_name = "S", default_value_t = 42)]
    pub seed: u64,
    /// Where to write: .csv, .tsv, .parquet, .xlsx or .json; - for standard output
    #[arg(long, short, value_name = "OUT", default_value = "-")]
    pub out: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
}

/// `monitor`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stockcast monitor newer_sales.csv --against forecast.csv -o alerts.csv\n  stockcast monitor shop.stockcast"
)]
pub struct Monitor {
    /// Sales that have gone on since, or a project, which keeps its earlier forecasts
    pub file: PathBuf,
    /// The earlier forecast, as `stockcast forecast` wrote it
    #[arg(long, value_name = "FORECAST")]
    pub against: Option<PathBuf>,
    /// Also write every series: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// `backtest`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stockcast backtest sales.csv --horizon 13 --windows 4 -o scores.csv\n  stockcast backtest scenario.toml --horizon 8"
)]
pub struct Backtest {
    /// Sales file, - for standard input: models compared; or a scenario: what each step adds (naive, statistical, known ahead, changed by hand)
    pub file: PathBuf,
    /// Periods ahead
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=10_000))]
    pub horizon: usize,
    /// Windows, counted back from the end
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub windows: usize,
    /// Periods between windows [default: the horizon]
    #[arg(long, value_name = "N")]
    pub step: Option<usize>,
    /// Models to test, by name [default: auto and the plain ones]
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub model: Vec<String>,
    /// Where to write the scores per series; - prints the averages
    #[arg(long, short, value_name = "OUT", default_value = "-")]
    pub out: PathBuf,
    #[command(flatten)]
    pub reading: Reading,
}

/// A scenario and what to change in it.
#[derive(Debug, Args, Clone)]
pub struct Scenario {
    /// scenario.toml, or a sales file to run under the default scenario
    pub scenario: PathBuf,
    /// Replications, instead of the scenario's
    #[arg(long, value_name = "N")]
    pub replications: Option<usize>,
    /// Seed, instead of the scenario's
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Simulated periods, instead of the scenario's
    #[arg(long = "horizon", value_name = "N")]
    pub horizon: Option<usize>,
}

/// `simulate`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast simulate scenario.toml --replications 2000 --json")]
pub struct Simulate {
    #[command(flatten)]
    pub scenario: Scenario,
    /// Also write the measures per series: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
}

/// `optimize`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast optimize scenario.toml -o curves.csv")]
pub struct Optimize {
    #[command(flatten)]
    pub scenario: Scenario,
    /// Also write each series' cost curve: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
}

/// `orders`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast orders scenario.toml -o orders.xlsx")]
pub struct Orders {
    #[command(flatten)]
    pub scenario: Scenario,
    /// Where to write: .csv, .tsv, .parquet, .xlsx or .json; - for standard output
    #[arg(long, short, value_name = "OUT", default_value = "-")]
    pub out: PathBuf,
}

/// `replay`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast replay scenario.toml --periods 26")]
pub struct Replay {
    #[command(flatten)]
    pub scenario: Scenario,
    /// Periods to live again
    #[arg(long, value_name = "K", default_value_t = 26)]
    pub periods: usize,
    /// Also write the costs per series: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
}

/// `routes`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stockcast routes shipments.csv -o trips.csv\n  stockcast routes X-n101-k25.vrp --seconds 10 -o X-n101-k25.sol"
)]
pub struct Routes {
    /// shipments.csv (shipment, ready, from, to, weight_kg, volume_m3, pallets, lat, lon, window_start, window_end, service_min), a VRPLIB .vrp or a Solomon .txt instance
    pub file: PathBuf,
    /// Seconds to search
    #[arg(long, value_name = "N", conflicts_with = "iterations")]
    pub seconds: Option<f64>,
    /// Iterations to search: the same number and seed give the same trips [default: as many as the instance needs]
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// Seed
    #[arg(long, value_name = "S", default_value_t = 42)]
    pub seed: u64,
    #[command(flatten)]
    pub network: NetworkFiles,
    /// Money per tonne CO2e: trips of shipments are then planned for it too
    #[arg(long, value_name = "MONEY", default_value_t = 0.0)]
    pub carbon_price: f64,
    /// When shipments leave: "every = 2", "load = 0.9", both with a comma, or mon,thu; with "collect" or "via = HUB" [default: the day they are ready]
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Refuse shipments that are more than a vehicle carries, instead of sending them in several loads
    #[arg(long)]
    pub whole: bool,
    /// Where to write: .sol for an instance, .csv, .geojson or .gpx for shipments; - for standard output
    #[arg(long, short, value_name = "OUT", default_value = "-")]
    pub out: PathBuf,
}

/// What a shipments file travels with.
#[derive(Debug, Args)]
pub struct NetworkFiles {
    /// vehicles.csv for shipments: what they carry and cost, how many there are, their shifts and limits
    #[arg(long, value_name = "FILE")]
    pub vehicles: Option<PathBuf>,
    /// locations.csv for shipments: where `from` and `to` are
    #[arg(long, value_name = "FILE")]
    pub locations: Option<PathBuf>,
    /// carriers.csv for shipments: what hired carriers charge (carrier, to, up_to_kg, price, per_kg, minimum, kg_per_m3, days)
    #[arg(long, value_name = "FILE")]
    pub carriers: Option<PathBuf>,
    /// Road distances for shipments: from, to, km [, hours], or the table of an OSRM server as .json
    #[arg(long, value_name = "FILE")]
    pub distances: Option<PathBuf>,
}

impl NetworkFiles {
    /// Is any of them given?
    pub const fn any(&self) -> bool {
        self.vehicles.is_some() || self.locations.is_some() || self.carriers.is_some() || self.distances.is_some()
    }
}

/// `consolidate`
#[derive(Debug, Args)]
#[command(after_help = "\
Every rule is tried on the same simulated orders. Without --rule the best number of days, share of a vehicle, both together and calendar are looked for.

Examples:
  stockcast consolidate scenario.toml
  stockcast consolidate shipments.csv --vehicles vehicles.csv --promise 2
  stockcast consolidate scenario.toml --rule \"every = 7\" --rule \"load = 0.9\" --rule \"every = 7, load = 0.9\" --rule mon,thu")]
pub struct Consolidate {
    /// scenario.toml or a sales file: the orders that its simulation places; or shipments.csv (shipment, ready, from, to, weight_kg, volume_m3): what really went out
    #[command(flatten)]
    pub scenario: Scenario,
    #[command(flatten)]
    pub network: NetworkFiles,
    /// A rule to try, as the scenario file writes it, or days of the week; may be given several times
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
    /// Most days a shipment may wait: a rule must keep it in nine of ten replications
    #[arg(long, value_name = "DAYS")]
    pub promise: Option<f64>,
    /// Try the rules on the shipments forecast for the next N weeks instead of on the record (a shipments file)
    #[arg(long, value_name = "N", conflicts_with = "estimate")]
    pub ahead: Option<usize>,
    /// Rules may let shipments leave after the day they are due (column due of a shipments file)
    #[arg(long)]
    pub ignore_due: bool,
    /// Money per tonne CO2e, for shipments; a scenario has its own
    #[arg(long, value_name = "MONEY", default_value_t = 0.0)]
    pub carbon_price: f64,
    /// Estimate by formula, in an instant: departures as they would be, but no trips built
    #[arg(long)]
    pub estimate: bool,
    /// Money for each day that a shipment waits, beyond what the stock for the wait costs
    #[arg(long, value_name = "MONEY", default_value_t = 0.0)]
    pub price_per_day: f64,
    /// Also write every rule tried: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
}

/// `compare`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast compare weekly.toml twice-a-week.toml")]
pub struct Compare {
    /// The scenario to compare with
    pub a: PathBuf,
    /// The scenario that changes something
    pub b: PathBuf,
    /// Replications, instead of the scenarios'
    #[arg(long, value_name = "N")]
    pub replications: Option<usize>,
    /// Seed, instead of the scenarios'
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Also write the differences per series: .csv, .tsv, .parquet, .xlsx or .json; - prints them instead of the summary
    #[arg(long, short, value_name = "OUT")]
    pub out: Option<PathBuf>,
}

/// `report`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stockcast report scenario.toml -o report.html")]
pub struct Report {
    #[command(flatten)]
    pub scenario: Scenario,
    /// report.html or report.xlsx
    #[arg(long, short, value_name = "OUT")]
    pub out: PathBuf,
    /// Periods to replay for the first page; 0 leaves the replay out
    #[arg(long, value_name = "K", default_value_t = 26)]
    pub replay: usize,
}
