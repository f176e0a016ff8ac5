//! The report page of an outcome: what it means first, then orders, stock, forecasts, freight and footprint, then what was assumed.

use super::html::{Block, Chart, Note, Page, Section, TableBlock, Tile, Tone};
use super::svg::{Band, BarChart, BarGroup, CurveChart, CurvePoint, FanChart, Mark, RouteMap, Stop, Trip};
use super::table::{Column, Table};
use super::{assumed, tables, write_text, write_workbook};
use crate::base::text::{grouped, plural, plus_minus};
use crate::base::{Diagnostic, Severity, Stamp, random};
use crate::footprint::Emission;
use crate::history::Series;
use crate::scenario::outcome::{Outcome, SeriesOutcome};
use crate::scenario::replay::ReplayOutcome;
use crate::scenario::{Freight, Inputs};
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
            ("Replications".into(), grouped(outcome.replications as f64, 0)),
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
        let text = grouped(x, if x.abs() < 100.0 { 2 } else { 0 });
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
                    spread: format!("95 % of resampled assortments: {} to {}", self.money(s.low), self.money(s.high)),
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
                        grouped(f.measures.distance_km.mean, 0),
                        grouped(f.measures.trips.mean, 0),
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
        let table = tables::orders(self.outcome);
        let lines = tables::order_lines(self.outcome);
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
                TableBlock::new("Order list", drop_columns(table, &["unique_id", "item", "order_date", "on_order", "on_hand"]))
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
                grouped(self.outcome.replications as f64, 0),
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

    fn items(&self, shown: usize) -> Section {
        let mut chosen: Vec<&SeriesOutcome> = self.outcome.series.iter().collect();
        let stake = |s: &SeriesOutcome| s.stock.outcome.measures.total_cost.mean;
        chosen.sort_by(|a, b| stake(b).total_cmp(&stake(a)).then_with(|| a.stocked.unique_id.cmp(&b.stocked.unique_id)));
        let mut blocks = Vec::new();
        for s in chosen.into_iter().take(shown) {
            let mut charts = Vec::new();
            if let Some(fan) = self.fan(s) {
                charts.push((fan, s.forecast.as_ref().map_or(String::new(), |f| explained(s, &f.explanation))));
            }
            if let Some(curve) = self.curve(s) {
                charts.push((
                    curve,
                    format!(
                        "Chosen: {}, {} of demand served at once.",
                        s.stock.policy.name(),
                        percent(s.stock.outcome.measures.fill_rate.mean)
                    ),
                ));
            }
            let mut inside = vec![Block::Charts(charts)];
            if let Some(a) = &s.stock.advice {
                inside.push(Block::Text(a.reason.clone()));
            }
            if blocks.is_empty() {
                // the first one stands open, so that the fan is seen without a click
                blocks.extend(inside);
            } else {
                blocks.push(Block::Details { summary: name(s), blocks: inside });
            }
        }
        Section {
            heading: "The dearest items".into(),
            intro: "Forecast as a fan of possible futures, and cost against the level ordered up to.".into(),
            blocks,
        }
    }

    fn fan(&self, s: &SeriesOutcome) -> Option<Chart> {
        let (history, fit, expected) = (self.history(s)?, s.forecast.as_ref()?, s.expected()?);
        let calendar = history.calendar(self.outcome.period);
        let n = history.y.len();
        let horizon = fit.mean.len().min(self.outcome.plan.periods);
        let shown = n.min(horizon * 2).max(n.min(26));
        let at = |i: usize| calendar.at(i as i64);
        let band = |level: f64| Band {
            label: format!("{level:.0} % of futures"),
            points: (0..horizon)
                .map(|t| {
                    let tail = (1.0 - level / 100.0) / 2.0;
                    (at(n + t), expected.quantile(t, tail), expected.quantile(t, 1.0 - tail))
                })
                .collect(),
        };
        let out_of_stock = history
            .in_stock
            .iter()
            .flatten()
            .enumerate()
            .skip(n - shown)
            .filter(|(_, v)| **v < 0.5)
            .map(|(i, _)| (at(i), at(i + 1)))
            .collect();
        let chart = FanChart {
            title: format!("Sales and forecast: {}", name(s)),
            unit: self.per_period(),
            history: (n - shown..n).map(|i| (at(i), history.y[i])).collect(),
            forecast: (0..horizon).map(|t| (at(n + t), expected.mean(t))).collect(),
            bands: vec![band(95.0), band(80.0)],
            out_of_stock,
        };
        Some(Chart::Fan(chart))
    }

    fn curve(&self, s: &SeriesOutcome) -> Option<Chart> {
        if s.stock.curve.is_empty() {
            return None;
        }
        let of = |f: &dyn Fn(&crate::inventory::CurvePoint) -> (f64, f64)| {
            s.stock
                .curve
                .iter()
                .map(|p| {
                    let (y, half_width) = f(p);
                    CurvePoint { x: p.up_to, y, half_width }
                })
                .collect()
        };
        let best = s.stock.curve.iter().min_by(|a, b| a.total_cost.mean.total_cmp(&b.total_cost.mean))?;
        let chart = CurveChart {
            title: format!("Cost against level: {}", name(s)),
            x_label: "order-up-to level, units".into(),
            unit: self.unit(),
            curves: vec![
                ("total".into(), of(&|p| (p.total_cost.mean, p.total_cost.half_width))),
                ("stockouts".into(), of(&|p| (p.stockout_cost, 0.0))),
                ("overstock".into(), of(&|p| (p.overstock_cost, 0.0))),
            ],
            marks: vec![Mark { label: "best".into(), x: best.up_to }],
        };
        Some(Chart::Curve(chart))
    }

    fn freight(&self, f: &Freight) -> Section {
        let m = &f.measures;
        let facts = vec![
            ("Dispatch".into(), f.rule.clone()),
            ("Trips".into(), measured(&m.trips, 0)),
            ("Distance".into(), format!("{} km", measured(&m.distance_km, 0))),
            ("Freight cost".into(), format!("{} {}", self.currency, measured(&m.freight_cost, 0)).trim().to_owned()),
            ("Weight carried".into(), format!("{} kg", measured(&m.weight_kg, 0))),
            ("Load factor (the tighter of kg and m³)".into(), percent(m.load_factor.mean)),
            ("Held back".into(), format!("{} days on average", grouped(m.delay_days.mean, 1))),
            ("Stops per trip".into(), grouped(m.stops_per_trip.mean, 1)),
        ];
        let mut blocks = vec![Block::Facts(facts)];
        if f.places.len() > 1 {
            blocks.push(Block::Chart {
                chart: Chart::Map(self.map(f)),
                caption: "The first trips of one simulated future; straight lines stand for roads.".into(),
            });
        }
        blocks.push(Block::Details {
            summary: format!("Trips of one simulated future ({})", plural(f.example.len(), "trip")),
            blocks: vec![Block::Table(TableBlock::new("", tables::trips(f)).limit(SHOWN_ROWS))],
        });
        Section {
            heading: "Shipments and trips".into(),
            intro: format!(
                "Trips of {} were really built; ± is the simulation's own error over them.",
                plural(f.built, "simulated future")
            ),
            blocks,
        }
    }

    fn map(&self, f: &Freight) -> RouteMap {
        let index = |name: &str| f.places.iter().position(|p| &*p.0 == name);
        let depots: std::collections::BTreeSet<&str> = f.example.iter().map(|t| &*t.depot).collect();
        let stops =
            f.places.iter().map(|(n, lat, lon)| Stop { name: n.to_string(), lat: *lat, lon: *lon, depot: depots.contains(&**n) }).collect();
        let trips = f
            .example
            .iter()
            .take(8)
            .map(|t| Trip {
                label: format!(
                    "{}, {}: {} km",
                    Stamp::of_day(t.day),
                    f.fleet.get(t.vehicle).map_or("vehicle", |v| &v.name),
                    grouped(t.km, 0)
                ),
                stops: std::iter::once(&*t.depot)
                    .chain(t.stops.iter().map(|s| &*s.location))
                    .chain(std::iter::once(&*t.depot))
                    .filter_map(index)
                    .collect(),
            })
            .collect();
        RouteMap { title: "Trips".into(), stops, trips }
    }

    fn footprint(&self, f: &Freight) -> Section {
        let parts: [(&str, &Emission); 3] =
            [("Trips", &f.footprint.transport), ("Storage", &f.footprint.storage), ("Waste", &f.footprint.waste)];
        let table = Table::new(vec![
            Column::text("stage", parts.iter().map(|p| p.0)),
            Column::number("operation_kg_co2e", 1, parts.iter().map(|p| p.1.ttw_kg)).label("in operation (tank to wheel), kg CO2e"),
            Column::number("energy_kg_co2e", 1, parts.iter().map(|p| p.1.wtt_kg)).label("providing the energy (well to tank), kg CO2e"),
            Column::number("total_kg_co2e", 1, parts.iter().map(|p| p.1.wtw_kg())).label("total, kg CO2e"),
        ]);
        let factors = parts
            .iter()
            .flat_map(|(stage, e)| {
                e.factors.iter().map(move |id| Note { about: (*stage).into(), text: format!("factor {id}"), assumed: false })
            })
            .collect();
        Section {
            heading: "Footprint".into(),
            intro: "Trucks are counted by vehicle-kilometre with the load on board, the empty way back included; factors of the UK government (DESNZ 2025, Open Government Licence v3.0) and the US EPA.".into(),
            blocks: vec![Block::Table(TableBlock::new("", table)), Block::Details { summary: "Factors used".into(), blocks: vec![Block::Notes(factors)] }],
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
    format!("{} %", grouped(x * 100.0, 1))
}

fn measured(m: &crate::base::Measure, decimals: usize) -> String {
    format!("{} {}", grouped(m.mean, decimals), plus_minus(m.half_width, decimals))
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
