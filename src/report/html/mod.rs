//! One self-contained page: headline figures, sections of text, charts and sortable tables, assumptions, sources, footer.
//!
//! In: a [`Page`] of plain structs. Out: HTML text that loads nothing, works without its few lines of script (which only
//! sort tables), prints, and follows light and dark. Everything that comes from a user is escaped here.
//!
//! Files: `render` (structs to markup), `style` (the style sheet and the script).

mod render;
mod style;

use super::svg::{BarChart, CurveChart, FanChart, RouteMap};
use super::table::Table;
use crate::base::Measure;
use crate::base::text::{plus_minus, printed};

/// The whole page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// In the window's title and on top.
    pub title: String,
    /// Under the title: the shop, the span of the history.
    pub subtitle: String,
    /// Headline figures.
    pub tiles: Vec<Tile>,
    /// The body; each section is also an entry of the contents.
    pub sections: Vec<Section>,
    /// Name and value pairs at the end: seed, version, replications.
    pub footer: Vec<(String, String)>,
}

/// Whether a figure is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Just a figure.
    #[default]
    Plain,
    /// Good.
    Good,
    /// Needs a look.
    Watch,
    /// Costs money.
    Bad,
}

/// A headline figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tile {
    /// What it is: `Cost of stockouts, 52 weeks`.
    pub label: String,
    /// The figure with its unit, ready to read: `GBP 12,345`.
    pub value: String,
    /// The simulation's own error and the spread: `± 120 · 80 % of years: 11,000 to 13,900`.
    pub spread: String,
    /// What it means, one plain sentence.
    pub meaning: String,
    /// Colour of its edge.
    pub tone: Tone,
    /// Rests on an assumption: greyed, and said so.
    pub assumed: bool,
    /// On which; empty: on an assumed cost or price.
    pub rests_on: String,
}

impl Tile {
    /// A simulated figure with its half-width and its spread; `unit` goes before money (`GBP`) and after the rest (`kg CO2e`).
    pub fn measure(label: impl Into<String>, unit: &str, m: &Measure, decimals: usize, meaning: impl Into<String>) -> Self {
        let money = unit.len() <= 3 && !unit.is_empty() && unit.chars().all(|c| c.is_uppercase() || "£$€¥".contains(c));
        let figure = printed(m.mean, decimals);
        let value = match (unit.is_empty(), money) {
            (true, _) => figure,
            (_, true) => format!("{unit} {figure}"),
            _ => format!("{figure} {unit}"),
        };
        let mut spread = plus_minus(m.half_width, decimals);
        if m.p90 > m.p10 {
            spread += &format!(" · 8 of 10 outcomes: {} to {}", printed(m.p10, decimals), printed(m.p90, decimals));
        }
        Self { label: label.into(), value, spread, meaning: meaning.into(), tone: Tone::Plain, assumed: false, rests_on: String::new() }
    }
    /// A figure that is simply known.
    pub fn known(label: impl Into<String>, value: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), meaning: meaning.into(), ..Self::default() }
    }
    /// Set the tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
    /// Say that it rests on an assumed cost or price.
    #[must_use]
    pub fn assumed(mut self, assumed: bool) -> Self {
        self.assumed = assumed;
        self
    }
    /// Say on which assumption it rests: `assumed vehicles and distances`; `None`: on none.
    #[must_use]
    pub fn resting_on(mut self, what: Option<String>) -> Self {
        self.assumed = what.is_some();
        self.rests_on = what.unwrap_or_default();
        self
    }
    /// What it rests on, where it rests on an assumption.
    pub fn assumption(&self) -> Option<&str> {
        self.assumed.then(|| if self.rests_on.is_empty() { "an assumed cost or price" } else { &self.rests_on })
    }
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// A sentence or two under it; empty: none.
    pub intro: String,
    /// What follows.
    pub blocks: Vec<Block>,
}

/// A note on what was assumed, or where a number comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What it is about: `holding cost`.
    pub about: String,
    /// The note.
    pub text: String,
    /// True for an assumption (greyed), false for something given.
    pub assumed: bool,
}

/// A chart as data, so that the page draws it as SVG and the window in its own way.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// An `<svg>` element, put in as it is.
    Svg(String),
    /// Bars.
    Bars(BarChart),
    /// A cost curve.
    Curve(CurveChart),
    /// History and forecast.
    Fan(FanChart),
    /// Stops and trips.
    Map(RouteMap),
}

impl Chart {
    /// The `<svg>` element.
    pub fn svg(&self) -> String {
        match self {
            Self::Svg(svg) => svg.clone(),
            Self::Bars(c) => c.render(),
            Self::Curve(c) => c.render(),
            Self::Fan(c) => c.render(),
            Self::Map(c) => c.render(),
        }
    }
}

impl From<String> for Chart {
    fn from(svg: String) -> Self {
        Self::Svg(svg)
    }
}

/// One thing in a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A list of sentences.
    List(Vec<String>),
    /// A chart and a caption (may be empty).
    Chart {
        /// The chart.
        chart: Chart,
        /// Under it.
        caption: String,
    },
    /// Charts side by side where there is room, each with its caption.
    Charts(Vec<(Chart, String)>),
    /// A sortable table.
    Table(TableBlock),
    /// Assumptions and sources.
    Notes(Vec<Note>),
    /// Names and values.
    Facts(Vec<(String, String)>),
    /// Closed until clicked; open in print.
    Details {
        /// Always visible.
        summary: String,
        /// Inside.
        blocks: Vec<Block>,
    },
}

/// A table on the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableBlock {
    /// Above it; empty: none.
    pub caption: String,
    /// The data; headings are the columns' labels, assumed cells are greyed.
    pub table: Table,
    /// A chart (sparkline) for each row, in a last column with this heading.
    pub sparks: Option<(String, Vec<String>)>,
    /// Show only this many rows and say how many more there are.
    pub limit: Option<usize>,
}

impl TableBlock {
    /// A table in full.
    pub fn new(caption: impl Into<String>, table: Table) -> Self {
        Self { caption: caption.into(), table, sparks: None, limit: None }
    }
    /// At most `rows` rows.
    #[must_use]
    pub fn limit(mut self, rows: usize) -> Self {
        self.limit = Some(rows);
        self
    }
    /// With a chart for each row.
    #[must_use]
    pub fn sparks(mut self, heading: impl Into<String>, charts: Vec<String>) -> Self {
        self.sparks = Some((heading.into(), charts));
        self
    }
}

impl Page {
    /// The page as HTML.
    pub fn render(&self) -> String {
        render::page(self)
    }
}
