//! The places of the window, in the order of the flow: one file (or folder) a place.
//!
//! In: the session, read only ([`Cx`]). Out: actions. A place keeps only what belongs to its look: what is sorted, searched, chosen.
//!
//! Reading order: this file, [`welcome`], [`import`] (a step over them all), [`data`], [`overview`], [`items`], [`forecast`], [`inventory`], [`orders`], [`routes`],
//! [`sustainability`], [`scenarios`], [`report`].

pub mod data;
pub mod forecast;
pub mod import;
pub mod inventory;
pub mod items;
pub mod orders;
pub mod overview;
pub mod report;
pub mod routes;
pub mod scenarios;
pub mod sustainability;
pub mod welcome;

use super::action::{Action, Answer};
use super::commands::Command;
use super::jobs::{Job, Key};
use super::session::Session;
use super::widgets;
use crate::base::Diagnostic;
use crate::base::text::{plural, sentence};
use crate::history::Measured;
use eframe::egui::Ui;
use std::sync::Arc;

/// A place of the window (DESIGN §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// What it costs to be wrong.
    Overview,
    /// What was recognised.
    Data,
    /// Every item.
    Items,
    /// How good the forecasts are.
    Forecast,
    /// Policies.
    Inventory,
    /// What to order now.
    Orders,
    /// Trips.
    Routes,
    /// kg CO2e and waste.
    Sustainability,
    /// Assumptions side by side.
    Scenarios,
    /// The page to send.
    Report,
}

impl Place {
    /// All, in the order of the flow.
    pub const ALL: [Self; 10] = [
        Self::Overview,
        Self::Data,
        Self::Items,
        Self::Forecast,
        Self::Inventory,
        Self::Orders,
        Self::Routes,
        Self::Sustainability,
        Self::Scenarios,
        Self::Report,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Data => "Data",
            Self::Items => "Items",
            Self::Forecast => "Forecast",
            Self::Inventory => "Inventory",
            Self::Orders => "Orders",
            Self::Routes => "Routes",
            Self::Sustainability => "Sustainability",
            Self::Scenarios => "Scenarios",
            Self::Report => "Report",
        }
    }
}

/// What a place sees while it is drawn.
pub struct Cx<'a> {
    /// The open project and what was computed.
    pub session: &'a Session,
    /// What is running.
    pub jobs: &'a [Job],
    /// What the place asks for.
    pub actions: &'a mut Vec<Action>,
    /// The item that the Items place shows, by `unique_id`.
    pub selected: &'a mut Option<Arc<str>>,
    /// Ctrl+F was pressed in this frame.
    pub find: bool,
}

impl Cx<'_> {
    /// Ask for something.
    pub fn act(&mut self, action: Action) {
        self.actions.push(action);
    }
    /// True while a job of this key runs.
    pub fn running(&self, key: Key) -> bool {
        self.jobs.iter().any(|j| j.key == key)
    }
}

/// Says why nothing is planned and what is to do, where the sales are money or too few; whether it did.
fn unplanned(ui: &mut Ui, cx: &mut Cx<'_>) -> bool {
    if is_money_only(cx.session) {
        let next = "The file holds money, not units, so that there is no stock to plan. If a column counts units, choose it in Data, under Recognised";
        if widgets::empty(ui, "Sales in money only", next, Some("Go to the data")) {
            cx.act(Action::Go(Place::Data));
        }
        return true;
    }
    let Some(refused) = refused(cx.session) else { return false };
    let fix = refused.fix.as_ref().map_or_else(String::new, |f| format!(": {f}"));
    let next = format!("{}{fix}", sentence(&refused.message));
    if widgets::empty(ui, "Nothing is planned yet", &next, Some("Import files…")) {
        cx.act(Action::Command(Command::Import));
    }
    true
}

/// Whether [`unplanned`] has something to say.
fn is_unplanned(s: &Session) -> bool {
    is_money_only(s) || refused(s).is_some()
}

/// Why the last run has no series at all.
fn refused(s: &Session) -> Option<Diagnostic> {
    let outcome = s.outcome.as_ref().filter(|o| o.series.is_empty())?;
    outcome.refusals().into_iter().next()
}

/// True where the sales are money: nothing is forecast, stocked or ordered then.
fn is_money_only(s: &Session) -> bool {
    s.inputs.history.as_ref().is_some_and(|h| h.measured == Measured::Value)
}

/// What is said where nobody counted the stock of some items or all; `None` where it is known.
fn uncounted(s: &Session) -> Option<Uncounted> {
    let items = s.rows.iter().filter(|r| r.stock_assumed).count();
    (items > 0).then_some(Uncounted { items, all: items == s.rows.len() })
}

/// Items whose stock is assumed.
struct Uncounted {
    items: usize,
    all: bool,
}

impl Uncounted {
    /// What was taken instead, and what would tell better.
    fn text(&self) -> String {
        let of = if self.all {
            "Nobody told how much is in stock".to_owned()
        } else {
            format!("The stock of {} is unknown", plural(self.items, "item"))
        };
        format!(
            "{of}: it is taken to just cover demand until an order arrives, so that what is said to order is a guess. Import a stock count, or type it in Data under Stock"
        )
    }
}

/// What every place can do.
pub trait Furnished {
    /// Draws it.
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>);
    /// An answer to [`Action::Work`].
    fn answer(&mut self, _key: Key, _answer: Answer) {}
}

/// All places with their look.
#[derive(Default)]
pub struct Places {
    /// See [`Place::Overview`].
    pub overview: overview::Overview,
    /// See [`Place::Data`].
    pub data: data::Data,
    /// See [`Place::Items`].
    pub items: items::Items,
    /// See [`Place::Forecast`].
    pub forecast: forecast::Forecast,
    /// See [`Place::Inventory`].
    pub inventory: inventory::Inventory,
    /// See [`Place::Orders`].
    pub orders: orders::Orders,
    /// See [`Place::Routes`].
    pub routes: routes::Routes,
    /// See [`Place::Sustainability`].
    pub sustainability: sustainability::Sustainability,
    /// See [`Place::Scenarios`].
    pub scenarios: scenarios::Scenarios,
    /// See [`Place::Report`].
    pub report: report::Report,
}

impl Places {
    /// The furniture of one.
    pub fn of(&mut self, place: Place) -> &mut dyn Furnished {
        match place {
            Place::Overview => &mut self.overview,
            Place::Data => &mut self.data,
            Place::Items => &mut self.items,
            Place::Forecast => &mut self.forecast,
            Place::Inventory => &mut self.inventory,
            Place::Orders => &mut self.orders,
            Place::Routes => &mut self.routes,
            Place::Sustainability => &mut self.sustainability,
            Place::Scenarios => &mut self.scenarios,
            Place::Report => &mut self.report,
        }
    }
}
