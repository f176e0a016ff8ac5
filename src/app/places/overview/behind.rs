//! The table behind a figure, in place of the place, with a way back.

use crate::app::action::Action;
use crate::app::places::Cx;
use crate::app::session::Session;
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::report::{Column, Table, tables};
use eframe::egui::{Key, RichText, Ui};
use std::sync::Arc;

/// What a table can be behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Cost of stockouts.
    Stockouts,
    /// Cost of overstock.
    Overstock,
    /// Fill rate.
    Service,
    /// Stock at cost.
    Cash,
    /// What the past would have cost.
    Replay,
}

impl Figure {
    const fn title(self) -> &'static str {
        match self {
            Self::Stockouts => "Cost of stockouts by item",
            Self::Overstock => "Cost of overstock by item",
            Self::Service => "Service by item",
            Self::Cash => "Cash in stock by item",
            Self::Replay => "Replay by item",
        }
    }
    const fn hint(self) -> &'static str {
        match self {
            Self::Stockouts => "Means over the simulated futures; click a line to open the item",
            Self::Overstock => "Holding, write-offs and markdown, means over the simulated futures; click a line to open the item",
            Self::Service => "Fill rate: share of demand served at once; cycle service: share of order cycles without a stockout",
            Self::Cash => "On hand now at cost, and how much lies above what would ever be ordered up to",
            Self::Replay => "What each rule would have cost over the same past; where Stockcast lost stands first",
        }
    }
}

/// An open table.
pub struct Behind {
    figure: Figure,
    made_for: (u64, u64),
    table: Table,
    ids: Vec<Arc<str>>,
    state: TableState,
    stamp: u64,
}

impl Behind {
    /// The table behind a figure; `None` while there is nothing behind it.
    pub fn new(figure: Figure, session: &Session) -> Option<Self> {
        let (table, ids) = make(figure, session)?;
        let column = |name: &str| table.columns.iter().position(|c| c.name == name).unwrap_or(0);
        let state = match figure {
            Figure::Stockouts => TableState::sorted(column("stockout_cost"), true),
            Figure::Overstock => TableState::sorted(column("overstock_cost"), true),
            Figure::Service => TableState::sorted(column("fill_rate"), false),
            Figure::Cash => TableState::sorted(column("stock_value"), true),
            Figure::Replay => TableState::sorted(column("saved"), false),
        };
        Some(Self { figure, made_for: key(session), table, ids, state, stamp: 0 })
    }

    /// Draws it; true when it is to be closed.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) -> bool {
        let t = theme::tokens(ui);
        if self.made_for != key(cx.session) {
            match make(self.figure, cx.session) {
                Some((table, ids)) => (self.table, self.ids) = (table, ids),
                None => return true,
            }
            self.made_for = key(cx.session);
            self.stamp += 1;
        }
        let mut close = ui.input(|i| i.key_pressed(Key::Escape));
        ui.horizontal(|ui| {
            close |= ui.button("Back to Overview").clicked();
            ui.heading(self.figure.title());
        });
        ui.label(RichText::new(self.figure.hint()).color(t.weak));
        ui.add_space(gap::S);
        let happened = self.state.ui(ui, "behind", &self.table, self.stamp, None);
        if let Some(id) = happened.clicked.and_then(|i| self.ids.get(i)) {
            cx.act(Action::Show(id.clone()));
        }
        if happened.export {
            cx.act(Action::ExportTable { table: Box::new(self.table.clone()), name: format!("{}.csv", self.figure.title()) });
        }
        close
    }
}

/// Changes when what the tables rest on does.
fn key(s: &Session) -> (u64, u64) {
    (
        s.outcome.as_ref().map_or(0, |o| Arc::as_ptr(o) as u64),
        s.replay.as_ref().and_then(|r| r.as_ref().ok()).map_or(0, |r| Arc::as_ptr(r) as u64),
    )
}

fn make(figure: Figure, s: &Session) -> Option<(Table, Vec<Arc<str>>)> {
    if figure == Figure::Replay {
        let r = s.replay.as_ref()?.as_ref().ok()?;
        let mut table = tables::replay(r);
        let saved = r.items.iter().map(|i| i.rules[1].total_cost - i.rules[0].total_cost);
        let description = r.stocked.iter().map(|x| x.description.as_ref().map(ToString::to_string));
        table.columns.insert(3.min(table.columns.len()), Column::number("saved", 2, saved).label("saved against cover"));
        table.columns.insert(2.min(table.columns.len()), Column::text_opt("description", description));
        return Some((table, r.stocked.iter().map(|x| x.unique_id.clone()).collect()));
    }
    let o = s.outcome.as_ref()?;
    let mut table = tables::measures(o);
    let keep: &[&str] = match figure {
        Figure::Stockouts => &[
            "stockout_cost",
            "stockout_cost_half_width",
            "units_lost",
            "units_lost_half_width",
            "stockout_periods",
            "fill_rate",
            "fill_rate_half_width",
            "demand",
            "on_hand",
            "supplier",
        ],
        Figure::Overstock => &[
            "overstock_cost",
            "overstock_cost_half_width",
            "holding_cost",
            "write_off_cost",
            "units_discarded",
            "average_on_hand",
            "average_on_hand_half_width",
            "periods_of_cover",
            "on_hand",
        ],
        Figure::Service => {
            &["fill_rate", "fill_rate_half_width", "cycle_service", "cycle_service_half_width", "stockout_periods", "units_lost", "demand"]
        }
        _ => &["on_hand", "average_on_hand", "average_on_hand_half_width", "turns", "periods_of_cover"],
    };
    let names = ["item", "description", "location"];
    table.columns.retain(|c| names.contains(&c.name.as_str()) || keep.contains(&c.name.as_str()));
    let rank = |c: &Column| names.iter().chain(keep).position(|n| *n == c.name);
    table.columns.sort_by_key(rank);
    if figure == Figure::Cash {
        let assumed: Vec<bool> = o.series.iter().map(|x| x.stocked.assumed.contains(&crate::scenario::resolve::Assumed::Cost)).collect();
        let value = o.series.iter().map(|x| x.stock.on_hand.max(0.0) * x.stocked.costs.unit);
        let at = names.len().min(table.columns.len());
        table.columns.insert(at, Column::number("stock_value", 2, value).assumed(assumed.clone()));
        if s.rows.len() == o.series.len() {
            let excess = s.rows.iter().map(super::summary::excess_value);
            table.columns.insert(at + 1, Column::number("excess_value", 2, excess).label("above the level").assumed(assumed));
        }
    }
    Some((table, o.series.iter().map(|x| x.stocked.unique_id.clone()).collect()))
}
