//! What the list of items shows: columns, how they sort, how a cell looks.

use crate::app::format::{date, percent, units};
use crate::app::rows::Row;
use crate::app::session::Session;
use crate::app::theme::{self, ROW, gap};
use crate::app::widgets::{spark::spark, status_color, status_sign};
use crate::report::{Column, Table};
use eframe::egui::{Align, Color32, Label, Layout, RichText, Ui};
use std::cmp::Ordering;

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Col {
    /// Sign and word.
    Status,
    /// Name for people.
    Item,
    /// Location.
    Location,
    /// Sales lately.
    Spark,
    /// Units on hand.
    OnHand,
    /// Day on which stock runs out.
    RunsOut,
    /// Last day to order.
    OrderBy,
    /// Units to order now.
    Quantity,
    /// All that can be lost: the sum of the three after it.
    AtStake,
    /// Cost of waiting one review.
    Waiting,
    /// Stockout cost.
    Stockout,
    /// Overstock cost.
    Overstock,
    /// Fill rate.
    FillRate,
    /// Supplier.
    Supplier,
    /// Category.
    Category,
}

/// All columns, for a list that has the place to itself.
pub const ALL: [Col; 15] = [
    Col::Status,
    Col::Item,
    Col::Location,
    Col::AtStake,
    Col::Spark,
    Col::OnHand,
    Col::RunsOut,
    Col::OrderBy,
    Col::Quantity,
    Col::Waiting,
    Col::Stockout,
    Col::Overstock,
    Col::FillRate,
    Col::Supplier,
    Col::Category,
];

/// The columns of a list beside an item.
pub const NARROW: [Col; 5] = [Col::Status, Col::Item, Col::AtStake, Col::Location, Col::Quantity];

/// What it costs not to act: waiting, stockouts and overstock together.
pub fn at_stake(r: &Row) -> f64 {
    r.at_stake + r.stockout_cost + r.overstock_cost
}

impl Col {
    /// Its heading.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Item => "Item",
            Self::Location => "Location",
            Self::Spark => "Sales",
            Self::OnHand => "On hand",
            Self::RunsOut => "Runs out",
            Self::OrderBy => "Order by",
            Self::Quantity => "Order",
            Self::AtStake => "At stake",
            Self::Waiting => "Waiting costs",
            Self::Stockout => "Stockouts",
            Self::Overstock => "Overstock",
            Self::FillRate => "Fill rate",
            Self::Supplier => "Supplier",
            Self::Category => "Category",
        }
    }

    /// What it means, for the hover text of its heading.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Status => "How it stands; sorted by urgency",
            Self::Item => "Name, else number, of the item",
            Self::Location => "Where it is stocked",
            Self::Spark => "Units sold per period, the last 52 periods",
            Self::OnHand => "Units on hand now",
            Self::RunsOut => "The day on which stock and open orders are used up in half of the simulated futures",
            Self::OrderBy => "The last day to order so that it arrives before it runs out",
            Self::Quantity => "Units to order now, in packs",
            Self::AtStake => "Money: what waiting costs, plus stockout and overstock cost over the horizon",
            Self::Waiting => "Money: expected stockout cost of ordering one review later",
            Self::Stockout => "Money: margin lost on demand that finds no stock, over the horizon",
            Self::Overstock => "Money: holding, write-off and markdown, over the horizon",
            Self::FillRate => "Share of demand served from stock at once, over the horizon",
            Self::Supplier => "Who delivers it",
            Self::Category => "From the item file",
        }
    }

    /// Set flush right.
    pub const fn right(self) -> bool {
        matches!(self, Self::OnHand | Self::Quantity | Self::AtStake | Self::Waiting | Self::Stockout | Self::Overstock | Self::FillRate)
    }

    /// The largest first when sorted for the first time.
    pub const fn largest_first(self) -> bool {
        matches!(self, Self::OnHand | Self::Quantity | Self::AtStake | Self::Waiting | Self::Stockout | Self::Overstock)
    }

    /// Width at first, points; `narrow` beside an item, where the status is its sign alone.
    pub const fn width(self, narrow: bool) -> f32 {
        match self {
            Self::Status if narrow => 24.0,
            Self::Item if narrow => 122.0,
            Self::Location | Self::AtStake if narrow => 76.0,
            Self::Quantity if narrow => 46.0,
            Self::Status => 116.0,
            Self::Item => 190.0,
            Self::Spark => 104.0,
            Self::Location => 90.0,
            Self::Supplier | Self::Category => 110.0,
            Self::RunsOut | Self::OrderBy => 94.0,
            Self::AtStake => 90.0,
            Self::Waiting => 112.0,
            Self::OnHand | Self::Quantity => 74.0,
            Self::Stockout | Self::Overstock | Self::FillRate => 88.0,
        }
    }

    /// Which of two lines stands first when the smallest does; what is not known stands last either way.
    pub fn compare(self, a: &Row, b: &Row, down: bool) -> Ordering {
        let turn = |o: Ordering| if down { o.reverse() } else { o };
        let number = |x: f64, y: f64| turn(x.total_cmp(&y));
        let day = |x: Option<crate::base::Stamp>, y: Option<crate::base::Stamp>| match (x, y) {
            (Some(x), Some(y)) => turn(x.cmp(&y)),
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            _ => Ordering::Less,
        };
        match self {
            Self::Status => turn(a.status.cmp(&b.status)).then_with(|| at_stake(b).total_cmp(&at_stake(a))),
            Self::Item => turn(a.name.cmp(&b.name)),
            Self::Location => turn(a.location.cmp(&b.location)),
            Self::Supplier => turn(a.supplier.cmp(&b.supplier)),
            Self::Category => turn(a.category.cmp(&b.category)),
            Self::Spark => number(a.demand, b.demand),
            Self::OnHand => number(a.on_hand, b.on_hand),
            Self::RunsOut => day(a.runs_out_date, b.runs_out_date),
            Self::OrderBy => day(a.order_by, b.order_by),
            Self::Quantity => number(a.quantity, b.quantity),
            Self::AtStake => number(at_stake(a), at_stake(b)),
            Self::Waiting => number(a.at_stake, b.at_stake),
            Self::Stockout => number(a.stockout_cost, b.stockout_cost),
            Self::Overstock => number(a.overstock_cost, b.overstock_cost),
            Self::FillRate => number(a.fill_rate, b.fill_rate),
        }
    }

    /// Draws a cell.
    pub fn cell(self, ui: &mut Ui, r: &Row, session: &Session, narrow: bool) {
        let t = theme::tokens(ui);
        let money = |x: f64| if x.abs() < 0.005 { "–".to_owned() } else { session.money.text(x) };
        let (text, color): (String, Color32) = match self {
            Self::Status => {
                ui.spacing_mut().item_spacing.x = gap::XS + 1.0;
                let sign = status_sign(ui, r.status);
                if narrow {
                    sign.on_hover_text(r.status.name());
                    return;
                }
                let color = status_color(t, r.status);
                ui.add(Label::new(RichText::new(r.status.name()).color(color)).truncate().selectable(false));
                return;
            }
            Self::Spark => {
                spark(ui, &r.spark, (ui.available_width() - 4.0).max(20.0), ROW - 6.0);
                return;
            }
            Self::Item => (r.name.to_string(), t.text),
            Self::Location => (r.location.to_string(), t.weak),
            Self::Supplier => (r.supplier.to_string(), t.weak),
            Self::Category => (r.category.to_string(), t.weak),
            Self::OnHand => (units(r.on_hand), if r.stock_assumed { t.assumed } else { t.text }),
            Self::RunsOut => (r.runs_out_date.map_or_else(|| "–".into(), date), t.text),
            Self::OrderBy => (r.order_by.map_or_else(|| "–".into(), date), t.text),
            Self::Quantity => (if r.quantity > 0.0 { units(r.quantity) } else { "–".into() }, t.text),
            Self::AtStake | Self::Waiting | Self::Stockout | Self::Overstock => {
                let x = match self {
                    Self::AtStake => at_stake(r),
                    Self::Waiting => r.at_stake,
                    Self::Stockout => r.stockout_cost,
                    _ => r.overstock_cost,
                };
                (money(x), if r.money_assumed { t.assumed } else { t.text })
            }
            Self::FillRate => (percent(r.fill_rate), t.text),
        };
        let label = Label::new(RichText::new(&text).color(color)).truncate().selectable(false).show_tooltip_when_elided(true);
        let response =
            if self.right() { ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(label)).inner } else { ui.add(label) };
        if color == t.assumed {
            response.on_hover_text(if self == Self::OnHand {
                "stock is unknown: assumed to just cover demand until a delivery can arrive"
            } else {
                "rests on an assumed cost or price"
            });
        }
    }
}

/// Lines of the list as a table, for files and the clipboard.
pub fn table<'a>(rows: impl Iterator<Item = &'a Row>) -> Table {
    let rows: Vec<&Row> = rows.collect();
    let of = |f: fn(&Row) -> f64| rows.iter().map(move |r| f(r)).collect::<Vec<f64>>();
    let text = |f: fn(&Row) -> &str| rows.iter().map(move |r| f(r).to_owned()).collect::<Vec<String>>();
    let assumed = || rows.iter().map(|r| r.money_assumed);
    Table::new(vec![
        Column::text("unique_id", text(|r| &r.unique_id)),
        Column::text("item", text(|r| &r.item)),
        Column::text("description", text(|r| &r.name)),
        Column::text("location", text(|r| &r.location)),
        Column::text("supplier", text(|r| &r.supplier)),
        Column::text("category", text(|r| &r.category)),
        Column::text("status", text(|r| r.status.name())),
        Column::exact("on_hand", of(|r| r.on_hand)).assumed(rows.iter().map(|r| r.stock_assumed)),
        Column::exact("on_order", of(|r| r.on_order)),
        Column::number("demand_per_period", 2, of(|r| r.demand)),
        Column::date_opt("runs_out", rows.iter().map(|r| r.runs_out_date)),
        Column::date_opt("order_by", rows.iter().map(|r| r.order_by)),
        Column::exact("order_quantity", of(|r| r.quantity)),
        Column::number("order_value", 2, of(|r| r.value)).assumed(assumed()),
        Column::number("at_stake", 2, of(at_stake)).assumed(assumed()),
        Column::number("cost_of_waiting", 2, of(|r| r.at_stake)).assumed(assumed()),
        Column::number("stockout_cost", 2, of(|r| r.stockout_cost)).assumed(assumed()),
        Column::number("overstock_cost", 2, of(|r| r.overstock_cost)).assumed(assumed()),
        Column::number("fill_rate", 4, of(|r| r.fill_rate)),
    ])
}
