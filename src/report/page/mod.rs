//! The report page of an outcome: what it means first, then orders and stock (here), forecasts ([`items`]), freight and footprint ([`ways`]), then what was
//! assumed.

mod items;
mod ways;

use super::html::{Block, Chart, Note, Page, Section, TableBlock, Tile, Tone};
use super::svg::{BarChart, BarGroup};
use super::table::{Column, Table};
use super::{assumed, tables, write_text, write_workbook};
use crate::base::text::{plural, plus_minus, printed};
use crate::base::{Diagnostic, Severity, random};
use crate::history::Series;
use crate::scenario::Inputs;
use crate::scenario::outcome::{Outcome, SeriesOutcome};
use crate::scenario::replay::ReplayOutcome;
use std::path::Path;

/// Rows shown of long tables; the .xlsx has all.
const SHOWN_ROWS: usize = 300;

/// How much the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Items shown with all their charts.
    pub items: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { items: 8 }
    }
}

/// Writes the report of an outcome: a page, or a workbook where the path ends in `.xlsx`.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, inputs: &Inputs, outcome: &Outcome, replayed: Option<&ReplayOutcome>) -> Result<(), Vec<Diagnostic>> {
    write_with(path, inputs, outcome, replayed, &Options::default())
}

/// The same, showing as much as `options` say.
///
/// # Errors
/// The file cannot be written.
pub fn write_with(
    path: &Path,
    inputs: &Inputs,
    outcome: &Outcome,
    replayed: Option<&ReplayOutcome>,
    options: &Options,
) -> Result<(), Vec<Diagnostic>> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) {
        let sheets = sheets(outcome, replayed);
        let borrowed: Vec<(&str, &Table)> = sheets.iter().map(|(n, t)| (n.as_str(), t)).collect();
        return write_workbook(path, &borrowed).map_err(|d| vec![d]);
    }
    write_text(path, &page_with(inputs, outcome, replayed, options).render()).map_err(|d| vec![d])
}

/// The sheets of the workbook.
pub fn sheets(outcome: &Outcome, replayed: Option<&ReplayOutcome>) -> Vec<(String, Table)> {
    let mut sheets: Vec<(String, Table)> = vec![
        ("Orders".into(), tables::orders(outcome)),
        ("Series".into(), tables::measures(outcome)),
        ("Cost curves".into(), tables::curves(outcome)),
    ];
    if let Some(f) = &outcome.freight {
        sheets.push(("Trips".into(), tables::trips(f)));
        sheets.push(("Footprint".into(), tables::footprint(outcome, f)));
    }
    sheets.extend(replayed.map(|r| ("Replay".into(), tables::replay(r))));
    sheets
}

/// The page of one outcome.
pub fn page(inputs: &Inputs, outcome: &Outcome, replay: Option<&ReplayOutcome>) -> Page {
    page_with(inputs, outcome, replay, &Options::default())
}

/// The same, showing as much as `options` say.
pub fn page_with(inputs: &Inputs, outcome: &Outcome, replay: Option<&ReplayOutcome>, options: &Options) -> Page {
    let c = Context { inputs, outcome, currency: inputs.currency() };
    let mut sections = vec![c.orders(), c.risk()];
    sections.extend(replay.map(|r| c.replay(r)));
    if options.items > 0 {
        sections.push(c.items(options.items));
    }
    sections.extend(outcome.freight.as_ref().map(|f| c.freight(f)));
    sections.extend(outcome.freight.as_ref().map(|f| c.footprint(f)));
    sections.push(c.assumptions());
    Page {
        title: outcome.plan.name.clone(),
        subtitle: c.subtitle(),
        tiles: c.tiles(replay),
        sections,
        footer: vec![
            ("Seed".into(), outcome.plan.seed.to_string()),
            ("Replications".into(), printed(outcome.replications as f64, 0)),
            ("Horizon".into(), plural(outcome.plan.periods, outcome.period.name())),
            ("Random generator".into(), format!("version {}", random::VERSION)),
            ("Made by".into(), format!("Stockcast {}", env!("CARGO_PKG_VERSION"))),
        ],
    }
}

struct Context<'a> {
    inputs: &'a Inputs,
    outcome: &'a Outcome,
    currency: String,
}

impl Context<'_> {
    fn money(&self, x: f64) -> String {
        let text = printed(x, if x.abs() < 100.0 && x != 0.0 { 2 } else { 0 });
        if self.currency.is_empty() { text } else { format!("{} {text}", self.currency) }
    }

    fn unit(&self) -> String {
        let horizon = plural(self.outcome.plan.periods, self.outcome.period.name());
        if self.currency.is_empty() { format!("money in {horizon}") } else { format!("{} in {horizon}", self.currency) }
    }

    fn per_period(&self) -> String {
        format!("units per {}", self.outcome.period.name())
    }

    fn money_assumed(&self) -> bool {
        assumed::money(self.outcome)
    }

    fn history(&self, s: &SeriesOutcome) -> Option<&Series> {
        s.forecast.as_ref()?;
        self.inputs.history.as_ref()?.series.get(s.stocked.series)
    }

    fn subtitle(&self) -> String {
        let n = plural(self.outcome.series.len(), "series").replace("seriess", "series");
        match (self.outcome.now, &self.inputs.history) {
            (Some(now), Some(h)) => {
                let first = h.series.iter().filter(|s| !s.y.is_empty()).map(|s| s.start).min().unwrap_or(now);
                format!(
                    "{n} by {}, sales from {first} to {}, planned {} ahead",
                    h.period,
                    if h.period == crate::base::Period::Hour { now } else { now.plus_days(-1) },
                    plural(self.outcome.plan.periods, h.period.name())
                )
            }
            _ => format!("{n}, a demand distribution over {}", plural(self.outcome.plan.periods, self.outcome.period.name())),
        }
    }

    fn tiles(&self, replay: Option<&ReplayOutcome>) -> Vec<Tile> {
        let t = &self.outcome.totals;
        let horizon = plural(self.outcome.plan.periods, self.outcome.period.name());
        let assumed = self.money_assumed();
        let mut tiles = Vec::new();
        if let Some(r) = replay {
            let s = &r.result.saved_against_cover;
            let word = if s.low > 0.0 {
                "less than keeping last year's weeks of cover"
            } else if s.high < 0.0 {
                "more than keeping last year's weeks of cover"
            } else {
                "against keeping last year's weeks of cover: no clear difference"
            };
            tiles.push(
                Tile {
                    label: format!("Replay: the last {} ordered this way", plural(r.periods, self.outcome.period.name())),
                    value: self.money(s.sum.abs()),
                    // of a single item there is nothing to resample
                    spread: if r.items.len() > 1 {
                        format!("95 % of resampled assortments: {} to {}", self.money(s.low), self.money(s.high))
                    } else {
                        "of one item, which says nothing of chance".into()
                    },
                    meaning: word.into(),
                    ..Tile::default()
                }
                .tone(if s.low > 0.0 {
                    Tone::Good
                } else if s.high < 0.0 {
                    Tone::Bad
                } else {
                    Tone::Plain
                })
                .assumed(assumed),
            );
        }
        tiles.push(
            Tile::measure(
                format!("Cost of stockouts, {horizon}"),
                &self.currency,
                &t.stockout_cost,
                0,
                "margin of sales that find no stock",
            )
            .tone(Tone::Bad)
            .assumed(assumed),
        );
        tiles.push(
            Tile::measure(format!("Cost of overstock, {horizon}"), &self.currency, &t.overstock_cost, 0, "capital, storage and write-offs")
                .tone(Tone::Watch)
                .assumed(assumed),
        );
        let lines = tables::order_lines(self.outcome);
        let value: f64 = lines.iter().map(|l| l.value).sum();
        if self.outcome.now.is_some() {
            tiles.push(
                Tile::known(
                    "To order now",
                    self.money(value),
                    format!("{} to {}", plural(lines.len(), "line"), plural(suppliers(&lines), "supplier")),
                )
                .assumed(assumed),
            );
        }
        tiles.push(Tile::known("Fill rate", percent(t.fill_rate.mean), "share of demand served from stock at once"));
        tiles.push(Tile::measure("Cash in stock", &self.currency, &t.stock_value, 0, "mean stock at cost").assumed(assumed));
        if let Some(f) = &self.outcome.freight {
            tiles.push(
                Tile::measure(
                    format!("Freight, {horizon}"),
                    &self.currency,
                    &f.measures.freight_cost,
                    0,
                    format!(
                        "{} km in {} trips, loaded {}",
                        printed(f.measures.distance_km.mean, 0),
                        printed(f.measures.trips.mean, 0),
                        percent(f.measures.load_factor.mean)
                    ),
                )
                .resting_on(assumed::freight(self.outcome)),
            );
            tiles.push(
                Tile::measure("Emissions", "kg CO2e", &f.measures.emissions_kg_co2e, 0, "well to wheel: trips, storage and waste")
                    .resting_on(assumed::freight(self.outcome)),
            );
        }
        tiles
    }

    fn orders(&self) -> Section {
        let mut table = tables::orders(self.outcome);
        let lines = tables::order_lines(self.outcome);
        // what an item is called: its description, else its number
        let called = lines.iter().map(|l| l.series.stocked.description.as_ref().unwrap_or(&l.series.stocked.item).to_string());
        let called = Column::text("called", called).label("item");
        table.columns.iter_mut().filter(|c| c.name == "description").for_each(|c| *c = called.clone());
        // one place for all needs no column
        let nowhere = if lines.iter().all(|l| &*l.series.stocked.location == "main") { "location" } else { "" };
        let intro = if lines.is_empty() {
            "Nothing needs to be ordered now: every series has enough on hand and on the way.".into()
        } else {
            format!(
                "{}, {} in all. What it costs to wait comes first.",
                plural(lines.len(), "line"),
                self.money(lines.iter().map(|l| l.value).sum())
            )
        };
        let blocks = if lines.is_empty() {
            Vec::new()
        } else {
            vec![Block::Table(
                TableBlock::new("Order list", drop_columns(table, &["unique_id", "item", "order_date", "on_order", "on_hand", nowhere]))
                    .limit(SHOWN_ROWS),
            )]
        };
        Section { heading: "What to order now".into(), intro, blocks }
    }

    fn risk(&self) -> Section {
        let mut worst: Vec<&SeriesOutcome> = self.outcome.series.iter().collect();
        let cost = |s: &SeriesOutcome| s.stock.outcome.measures.total_cost.mean;
        worst.sort_by(|a, b| cost(b).total_cmp(&cost(a)).then_with(|| a.stocked.unique_id.cmp(&b.stocked.unique_id)));
        let groups = worst
            .iter()
            .take(15)
            .map(|s| {
                let m = &s.stock.outcome.measures;
                BarGroup {
                    label: name(s),
                    values: vec![m.stockout_cost.mean, m.overstock_cost.mean, m.ordering_cost.mean],
                    half_width: Some(m.total_cost.half_width),
                }
            })
            .collect();
        let chart = BarChart {
            title: "Where the money goes: the dearest series".into(),
            unit: self.unit(),
            series: vec!["stockouts".into(), "overstock".into(), "ordering".into()],
            groups,
            stacked: true,
        };
        let t = &self.outcome.totals;
        let parts = [
            ("Stockouts", t.stockout_cost),
            ("of it expediting", t.expediting_cost),
            ("Holding", t.holding_cost),
            ("Write-offs", t.write_off_cost),
            ("Markdown", t.markdown_cost),
            ("Ordering", t.ordering_cost),
            ("Freight", t.freight_cost),
            ("Carbon", t.carbon_cost),
            ("Total", t.total_cost),
            ("Purchases (apart)", t.purchases),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|p| p.0 != "of it expediting" || p.1.mean != 0.0).collect();
        let table = Table::new(vec![
            Column::text("part", parts.iter().map(|p| p.0)),
            Column::number("mean", 2, parts.iter().map(|p| p.1.mean)),
            Column::number("half_width", 2, parts.iter().map(|p| p.1.half_width)).label("± simulation error"),
            Column::number("p10", 2, parts.iter().map(|p| p.1.p10)).label("10 % of futures below"),
            Column::number("p90", 2, parts.iter().map(|p| p.1.p90)).label("10 % of futures above"),
        ]);
        let all = tables::measures(self.outcome);
        let (_, kept): (Vec<_>, Vec<_>) =
            all.columns.into_iter().partition(|c| c.name.ends_with("_half_width") && c.name != "total_cost_half_width");
        let keep = drop_columns(
            Table::new(kept),
            &["unique_id", "total_cost_p10", "total_cost_p90", "purchases", "lead_time_source", "assumed", "batch", "write_off_cost"],
        );
        Section {
            heading: "What being wrong costs".into(),
            intro: format!(
                "Each figure is the mean of {} simulated futures of {}; ± is the simulation's own error (95 %).",
                printed(self.outcome.replications as f64, 0),
                plural(self.outcome.plan.periods, self.outcome.period.name())
            ),
            blocks: vec![
                Block::Table(TableBlock::new(self.unit(), table)),
                Block::Chart { chart: Chart::Bars(chart), caption: String::new() },
                Block::Details { summary: "Every series".into(), blocks: vec![Block::Table(TableBlock::new("", keep).limit(SHOWN_ROWS))] },
            ],
        }
    }

    fn replay(&self, r: &ReplayOutcome) -> Section {
        let names = ["Stockcast", "last year's weeks of cover", "seasonal naive + z·σ·√(L+R)"];
        let groups = names
            .iter()
            .zip(&r.result.sums)
            .map(|(n, s)| BarGroup {
                label: (*n).into(),
                values: vec![s.stockout_cost, s.overstock_cost, s.ordering_cost],
                half_width: None,
            })
            .collect();
        let unit = format!(
            "{} in {}",
            if self.currency.is_empty() { "money" } else { &self.currency },
            plural(r.periods, self.outcome.period.name())
        );
        let chart = BarChart {
            title: format!("The last {} again", plural(r.periods, self.outcome.period.name())),
            unit,
            series: vec!["stockouts".into(), "overstock".into(), "ordering".into()],
            groups,
            stacked: true,
        };
        let table = Table::new(vec![
            Column::text("rule", names),
            Column::number("total_cost", 2, r.result.sums.iter().map(|s| s.total_cost)),
            Column::number("stockout_cost", 2, r.result.sums.iter().map(|s| s.stockout_cost)),
            Column::number("overstock_cost", 2, r.result.sums.iter().map(|s| s.overstock_cost)),
            Column::number("ordering_cost", 2, r.result.sums.iter().map(|s| s.ordering_cost)),
            Column::number("fill_rate", 4, r.result.sums.iter().map(crate::inventory::replay::RuleResult::fill_rate)),
            Column::integer("orders", r.result.sums.iter().map(|s| s.orders as i64)),
        ]);
        let (cover, naive) = (&r.result.saved_against_cover, &r.result.saved_against_naive);
        Section {
            heading: "Replay: your own past again".into(),
            intro: format!(
                "{} lived again over their last {}: at every review each rule ordered with only what was known then, from the same opening stock, and met the demand that really came. Against last year's weeks of cover it saved {} ({} to {}), against seasonal naive {} ({} to {}); the intervals are 95 % over items.",
                plural(r.items.len(), "series").replace("seriess", "series"),
                plural(r.periods, self.outcome.period.name()),
                self.money(cover.sum),
                self.money(cover.low),
                self.money(cover.high),
                self.money(naive.sum),
                self.money(naive.low),
                self.money(naive.high)
            ),
            blocks: vec![
                Block::Chart {
                    chart: Chart::Bars(chart),
                    caption: "Sales that were cut off by a stockout count as they were seen, for every rule.".into(),
                },
                Block::Table(TableBlock::new("", table)),
            ],
        }
    }

    fn assumptions(&self) -> Section {
        let notes: Vec<Note> = self
            .outcome
            .diagnostics
            .iter()
            .map(|d| Note {
                about: d.code.replace('-', " "),
                text: match &d.fix {
                    Some(fix) => format!("{}. To change it: {fix}.", d.message),
                    None => format!("{}.", d.message),
                },
                assumed: d.severity == Severity::Info,
            })
            .collect();
        let intro = if notes.is_empty() { "Nothing had to be assumed." } else { "What the files did not say, and how to say it." };
        Section {
            heading: "What was assumed".into(),
            intro: intro.into(),
            blocks: if notes.is_empty() { Vec::new() } else { vec![Block::Notes(notes)] },
        }
    }
}

fn suppliers(lines: &[tables::OrderLine<'_>]) -> usize {
    lines.iter().map(|l| &*l.series.stocked.supplier).collect::<std::collections::BTreeSet<_>>().len()
}

fn name(s: &SeriesOutcome) -> String {
    let what = s.stocked.description.as_ref().unwrap_or(&s.stocked.item);
    if &*s.stocked.location == "main" { what.to_string() } else { format!("{what}, {}", s.stocked.location) }
}

fn percent(x: f64) -> String {
    format!("{} %", printed(x * 100.0, 1))
}

fn measured(m: &crate::base::Measure, decimals: usize) -> String {
    format!("{} {}", printed(m.mean, decimals), plus_minus(m.half_width, decimals))
}

fn drop_columns(mut table: Table, names: &[&str]) -> Table {
    table.columns.retain(|c| !names.contains(&c.name.as_str()));
    table
}

/// What the models did, and what was changed of it by hand.
fn explained(s: &SeriesOutcome, models: &str) -> String {
    let by_hand = s.stocked.by_hand.phrase();
    if by_hand.is_empty() { models.to_owned() } else { format!("{models} {}.", crate::base::text::sentence(&by_hand)) }
}
