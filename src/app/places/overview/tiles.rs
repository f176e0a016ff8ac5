//! The figures: money in both directions, what runs out, what lies too much, service, cash, emissions, orders.

use super::Wish;
use super::behind::Figure;
use super::summary::{Sum, Summary};
use crate::app::action::Action;
use crate::app::format::{like, percent};
use crate::app::places::{Cx, Place};
use crate::app::rows::Status;
use crate::app::theme;
use crate::app::widgets::{self, Tile};
use crate::base::Measure;
use crate::base::text::{grouped, plural};
use crate::report::assumed;
use eframe::egui::Ui;

const COST_ASSUMED: &str = "rests partly on an assumed cost or price";

/// Draws them.
pub fn ui(ui: &mut Ui, cx: &Cx<'_>, sum: &Summary, wish: &mut Option<Wish>) {
    let t = theme::tokens(ui);
    let s = cx.session;
    let money = &s.money;
    let outcome = s.outcome.as_deref();
    let horizon = outcome.map_or_else(String::new, |o| format!(", next {}", plural(o.plan.periods, o.period.name())));
    let names = [format!("Cost of stockouts{horizon}"), format!("Cost of overstock{horizon}"), format!("Emissions{horizon}")];
    let wait = || "computing".to_owned();
    let simulated =
        |m: Option<Measure>| m.map_or_else(|| ("–".to_owned(), wait()), |m| (money.text(m.mean), spread(&m, |x| like(m.mean, x))));
    let totals = outcome.map(|o| o.totals);
    let on = |sum: &Sum| (sum.assumed > 0.0).then_some(COST_ASSUMED);
    let known = |figure: String, note: String| if outcome.is_some() { (figure, note) } else { ("–".to_owned(), wait()) };
    let freight = outcome.and_then(assumed::freight);
    let freight_assumed = freight.as_ref().map(|f| format!("rests on {f}"));

    let (stockouts, stockouts_note) = simulated(totals.map(|t| t.stockout_cost));
    let (overstock, overstock_note) = simulated(totals.map(|t| t.overstock_cost));
    let urgent = Sum {
        count: sum.out.count + sum.runs_out.count,
        money: sum.out.money + sum.runs_out.money,
        assumed: sum.out.assumed + sum.runs_out.assumed,
    };
    // what nobody counted is taken to last: that everything does is no finding then
    let uncounted = crate::app::places::uncounted(s).is_some_and(|u| u.all);
    let (runs_out, runs_out_note) = known(
        plural(urgent.count, "item"),
        match (urgent.count, sum.out.count) {
            (0, _) if uncounted => "stock is unknown: taken to last".into(),
            (0, _) => "everything lasts until an order would arrive".into(),
            (_, 0) => format!("before an order would arrive; waiting costs {}", money.text(urgent.money)),
            (_, out) => format!("{out} out already; waiting costs {}", money.text(urgent.money)),
        },
    );
    let (over, over_note) = known(
        plural(sum.overstocked.count, "item"),
        if sum.overstocked.count == 0 && uncounted {
            "stock is unknown".into()
        } else if sum.overstocked.count == 0 {
            "nothing lies above what would ever be ordered up to".into()
        } else {
            format!("{} lie there too much, at cost", money.text(sum.overstocked.money))
        },
    );
    let (fill, fill_note) = totals.map_or_else(
        || ("–".to_owned(), wait()),
        |t| {
            let m = t.fill_rate;
            (percent(m.mean), format!("of demand served at once, {}", spread(&m.scaled(100.0), |x| grouped(x, 2))))
        },
    );
    let (cash, cash_note) = known(
        money.text(sum.stock.money),
        totals.map_or_else(String::new, |t| format!("on average ahead {}", money.measure(&t.stock_value))),
    );
    let (kg, kg_note) = match outcome.map(|o| &o.freight) {
        Some(Some(f)) => {
            let m = &f.measures.emissions_kg_co2e;
            (format!("{} kg CO2e", grouped(m.mean, 0)), spread(m, |x| like(m.mean, x)))
        }
        Some(None) => ("0 kg CO2e".to_owned(), "nothing is shipped".to_owned()),
        None => ("–".to_owned(), wait()),
    };
    let (orders, orders_note) = known(
        money.text(sum.orders.money),
        if sum.orders.count == 0 && uncounted {
            "stock is unknown: taken to last".into()
        } else if sum.orders.count == 0 {
            "nothing needs to be ordered now".into()
        } else {
            format!("{} to {}", plural(sum.orders.count, "line"), plural(sum.suppliers, "supplier"))
        },
    );

    type Click = fn() -> Wish;
    let cells: [(Tile<'_>, Click); 8] = [
        (
            Tile {
                name: &names[0],
                figure: stockouts,
                note: stockouts_note,
                color: None,
                assumed: on(&sum.at_risk),
                opens: "The margin of sales that find no stock; opens it item by item",
            },
            || Wish::Behind(Figure::Stockouts),
        ),
        (
            Tile {
                name: &names[1],
                figure: overstock,
                note: overstock_note,
                color: None,
                assumed: on(&sum.at_risk),
                opens: "Capital, storage, write-offs and markdown; opens it item by item",
            },
            || Wish::Behind(Figure::Overstock),
        ),
        (
            Tile {
                name: "Orders now",
                figure: orders,
                note: orders_note,
                color: None,
                assumed: on(&sum.orders),
                opens: "What to order today; opens Orders",
            },
            || Wish::Act(Action::Go(Place::Orders)),
        ),
        (
            Tile {
                name: "Runs out soon",
                figure: runs_out,
                note: runs_out_note,
                color: (urgent.count > 0).then_some(t.bad),
                assumed: on(&urgent),
                opens: "Out of stock, or stock and open orders run out before an order placed now would arrive; opens these items",
            },
            || Wish::Act(Action::Filter(vec![Status::OutOfStock, Status::RunsOut])),
        ),
        (
            Tile {
                name: "Overstocked",
                figure: over,
                note: over_note,
                color: (sum.overstocked.count > 0).then_some(t.warn),
                assumed: on(&sum.overstocked),
                opens: "Half again more than would ever be ordered up to; opens these items",
            },
            || Wish::Act(Action::Filter(vec![Status::Overstocked])),
        ),
        (
            Tile {
                name: "Service",
                figure: fill,
                note: fill_note,
                color: None,
                assumed: None,
                opens: "The fill rate: demand served from stock at once, over all demand; opens it item by item",
            },
            || Wish::Behind(Figure::Service),
        ),
        (
            Tile {
                name: "Cash in stock",
                figure: cash,
                note: cash_note,
                color: None,
                assumed: on(&sum.stock),
                opens: "What is on hand now at cost, and the mean over the simulated time; opens it item by item",
            },
            || Wish::Behind(Figure::Cash),
        ),
        (
            Tile {
                name: &names[2],
                figure: kg,
                note: kg_note,
                color: None,
                assumed: freight_assumed.as_deref(),
                opens: "Trips, storage and waste, well to wheel; opens Sustainability",
            },
            || Wish::Act(Action::Go(Place::Sustainability)),
        ),
    ];
    let (shown, clicks): (Vec<Tile<'_>>, Vec<Click>) = cells.into_iter().unzip();
    if let Some(click) = widgets::tiles::tiles(ui, 230.0, 4, &shown).and_then(|i| clicks.get(i)) {
        *wish = Some(click());
    }
}

/// `± 12 · 8 of 10 futures: 100 to 140`.
fn spread(m: &Measure, text: impl Fn(f64) -> String) -> String {
    if !m.half_width.is_finite() {
        return "± unknown".to_owned();
    }
    format!("± {}, 8 of 10 futures {} to {}", text(m.half_width), text(m.p10), text(m.p90))
}
