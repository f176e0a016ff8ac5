//! Sustainability: kg CO2e and waste by stage, month and item, what carbon costs, which factors say so, and what would cut most.
//!
//! Reading order: this file (figures, carbon price), [`derived`] (sums and tables of one outcome), [`cuts`] (what would cut most).

mod cuts;
mod derived;

use super::routes::{holding, stamp};
use super::{Cx, Furnished, Place};
use crate::app::action::{Action, Answer};
use crate::app::format::{like, percent, short};
use crate::app::jobs::Key;
use crate::app::theme::{self, Tokens, gap};
use crate::app::widgets::legend::{Mark, legend};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, Tile, plot, tiles::tiles};
use crate::base::Measure;
use crate::project::{Change, Edit};
use crate::scenario::{Freight, Outcome};
use derived::Derived;
use eframe::egui::{Color32, DragValue, RichText, ScrollArea, Ui, vec2};
use egui_plot::{Bar, BarChart};

/// The place's look.
#[derive(Default)]
pub struct Sustainability {
    made: Option<(usize, Derived)>,
    items: Option<TableState>,
    factors: TableState,
    /// The carbon price in the field, and the one it started from.
    price: Option<(f64, f64)>,
    rules: Option<holding::Compared>,
}

/// The stages and their colours.
const fn stages(t: &Tokens) -> [(&'static str, Color32); 3] {
    [("Transport", t.accent), ("Storage", t.good), ("Waste", t.warn)]
}

impl Furnished for Sustainability {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        widgets::title(
            ui,
            "Sustainability",
            "What deliveries, storage and thrown-away goods emit, where it comes from, and what would cut it",
        );
        let Some(outcome) = cx.session.outcome.clone() else {
            widgets::empty(
                ui,
                "The first run goes on",
                "Emissions follow from the simulated trips and stock; they appear here when the run is done",
                None,
            );
            return;
        };
        if super::unplanned(ui, cx) {
            return;
        }
        let Some(freight) = outcome.freight.as_ref() else {
            if widgets::empty(ui, "No emissions to show", "Nothing is ordered over the horizon, so nothing is driven", Some("Open Orders"))
            {
                cx.act(Action::Go(Place::Orders));
            }
            return;
        };
        if self.made.as_ref().is_none_or(|m| m.0 != stamp(cx.session)) {
            self.made = Some((stamp(cx.session), Derived::of(&outcome, freight)));
        }
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            if cx.session.is_stale() {
                ui.label(RichText::new("Older than your last edit; the new figures are being computed").color(theme::tokens(ui).warn));
            }
            self.tiles(ui, cx, &outcome, freight);
            self.carbon_price(ui, cx);
            ui.add_space(gap::S);
            self.months(ui);
            self.cuts(ui, cx, &outcome, freight);
            self.tables(ui, cx, &outcome);
        });
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        if key == Key::Consolidation
            && let Ok(found) = answer.downcast::<holding::Compared>()
        {
            self.rules = Some(*found);
        }
    }
}

/// A measure's half-width over its mean; 0 where there is nothing to measure.
fn relative(m: &Measure) -> f64 {
    if m.mean.abs() > 1e-12 && m.half_width.is_finite() { m.half_width / m.mean.abs() } else { 0.0 }
}

impl Sustainability {
    fn tiles(&self, ui: &mut Ui, cx: &Cx<'_>, outcome: &Outcome, freight: &Freight) {
        let Some((_, made)) = &self.made else { return };
        let m = &freight.measures;
        let assumed = outcome
            .diagnostics
            .iter()
            .any(|d| crate::app::places::routes::ASSUMED.contains(&d.code))
            .then_some("rests on assumed vans, distances or weights");
        let range = |x: &Measure| {
            if x.half_width == 0.0 {
                "in every course of demand".to_owned()
            } else {
                format!("± {} ({}–{})", like(x.mean, x.half_width), like(x.mean, x.p10), like(x.mean, x.p90))
            }
        };
        let all = m.emissions_kg_co2e.mean.max(1e-12);
        let error = |x: &Measure| if x.half_width > 0.0 { format!(", ± {}", like(x.mean, x.half_width)) } else { String::new() };
        let share = |x: &Measure| format!("{} of all{}", percent(x.mean / all), error(x));
        // storage and waste follow from means over all replications: their error is that of the stock and of the units thrown away
        let follows = |x: &Measure, of: &Measure| Measure { half_width: (x.mean * relative(of)).max(x.half_width), ..*x };
        let storage = follows(&m.storage_kg_co2e, &outcome.totals.stock_value);
        let wasted = follows(&m.waste_kg_co2e, &outcome.totals.units_discarded);
        // both emissions and sales rise with demand, so that their ratio errs by no more
        let sold_too = relative(&m.emissions_kg_co2e).hypot(relative(&outcome.totals.demand));
        let at_most = |x: f64| if sold_too > 0.0 { format!(", ± {} at most", short(x * sold_too)) } else { String::new() };
        let kg = |x: f64| short(x);
        let waste = &outcome.totals.units_discarded;
        let currency = if cx.session.money.currency.is_empty() { "money" } else { &cx.session.money.currency };
        let per_sales = all / made.sales * 1000.0;
        let (per_sales, of_sales) = if made.sales > 0.0 {
            (short(per_sales), format!("per {currency} 1 of sales{}", at_most(per_sales)))
        } else {
            ("unknown".into(), "no item has a price".into())
        };
        let per_unit = m.emissions_kg_co2e.mean / made.sold.max(1e-12) * 1000.0;
        let shown = [
            (
                "All, kg CO2e",
                kg(m.emissions_kg_co2e.mean),
                range(&m.emissions_kg_co2e),
                "well to wheel, over the horizon; ± is the simulation's own error, in brackets where 80 % of the courses of demand lie",
            ),
            ("Transport, kg CO2e", kg(m.transport_kg_co2e.mean), share(&m.transport_kg_co2e), "trips, by vehicle class, load and distance"),
            (
                "Storage, kg CO2e",
                kg(m.storage_kg_co2e.mean),
                share(&storage),
                "electricity for the pallets that stock takes, from mean stock; ± as much, relatively, as that of the stock at cost",
            ),
            (
                "Waste, kg CO2e",
                kg(m.waste_kg_co2e.mean),
                share(&wasted),
                "end of life of goods thrown away, from their mean, ± as that of their units; making them is not counted",
            ),
            ("Thrown away, units", short(waste.mean), range(waste), "units past their shelf life, over the horizon"),
            (
                "Carbon cost",
                cx.session.money.short(outcome.totals.carbon_cost.mean),
                range(&outcome.totals.carbon_cost),
                "emissions at the carbon price; part of total cost",
            ),
            (
                "Per unit sold, g CO2e",
                short(per_unit),
                format!("{} units sold{}", short(made.sold), at_most(per_unit)),
                "all emissions over units sold in the simulation; ± as if the errors of both were independent, which is at most",
            ),
            ("Per sales, g CO2e", per_sales, of_sales, "all emissions over simulated sales of items whose price is known"),
        ];
        let shown: Vec<Tile<'_>> = shown
            .into_iter()
            .map(|(name, figure, note, opens)| Tile {
                name,
                figure,
                note,
                color: None,
                assumed: assumed.filter(|_| !name.starts_with("Thrown")),
                opens,
            })
            .collect();
        tiles(ui, 180.0, 4, &shown);
        ui.add_space(gap::S);
    }

    /// The price of a tonne, which is part of the scenario.
    fn carbon_price(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let scenario = cx.session.project.document().active();
        let now = scenario.plan.footprint.carbon_price;
        let (value, from) = self.price.get_or_insert((now, now));
        if *from != now {
            (*value, *from) = (now, now);
        }
        ui.horizontal_wrapped(|ui| {
            let label = ui.label("Carbon price");
            let suffix = format!(" {currency} per tonne CO2e", currency = cx.session.money.currency).replace("  ", " ");
            let field =
                ui.add(DragValue::new(value).range(0.0..=100_000.0).speed(1.0).max_decimals(2).suffix(suffix)).labelled_by(label.id);
            let done = (field.drag_stopped() || field.lost_focus()) && *value != now;
            if done {
                let mut s = scenario.clone();
                s.plan.footprint.carbon_price = *value;
                cx.actions.push(Action::Edit(Edit::one(format!("set the carbon price to {value}"), Change::PutScenario(s))));
            }
            ui.label(RichText::new("part of the scenario in use; every run counts emissions at this price").color(t.weak));
        });
    }

    fn months(&self, ui: &mut Ui) {
        let t = theme::tokens(ui);
        let Some((_, made)) = &self.made else { return };
        if made.months.is_empty() {
            return;
        }
        widgets::section(ui, "By month");
        let mut charts: Vec<BarChart> = Vec::new();
        for (k, (name, color)) in stages(t).into_iter().enumerate() {
            let bars = made
                .months
                .iter()
                .map(|(month, kg)| {
                    Bar::new(plot::x_of(*month) + plot::MID_MONTH, kg.get(k).copied().unwrap_or(0.0))
                        .width(24.0)
                        .fill(color)
                        .name(month.iso().get(..7).unwrap_or_default())
                })
                .collect();
            let format = move |bar: &Bar, chart: &BarChart| {
                let _ = chart;
                format!("{name}, {}\n{} kg CO2e", bar.name, short(bar.value))
            };
            let chart = BarChart::new(name, bars).color(color).element_formatter(Box::new(format));
            let below: Vec<&BarChart> = charts.iter().collect();
            let chart = chart.stack_on(&below);
            charts.push(chart);
        }
        let marks: Vec<_> = stages(t).into_iter().map(|(name, color)| (Mark::Band, color, name)).collect();
        legend(ui, &marks);
        plot::monthly("emissions by month", 210.0, "kg CO2e").show_grid([false, true]).include_y(0.0).show(ui, |pu| {
            for c in charts {
                pu.bar_chart(c);
            }
        });
        ui.label(
            RichText::new("Means over the built courses of demand; storage and waste are spread evenly over the horizon")
                .small()
                .color(t.weak),
        );
    }

    fn tables(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: &Outcome) {
        let Some((id, made)) = &self.made else { return };
        widgets::section(ui, "By item");
        let items = self.items.get_or_insert_with(|| TableState::sorted(2, true));
        ui.allocate_ui(vec2(ui.available_width(), 320.0), |ui| {
            ui.set_max_height(320.0);
            let happened = items.ui(ui, "emissions by item", &made.items, *id as u64, None);
            if let Some(s) = happened.clicked.and_then(|r| made.rows.get(r)).and_then(|i| outcome.series.get(*i)) {
                cx.act(Action::Show(s.stocked.unique_id.clone()));
            }
            if happened.export {
                cx.act(Action::ExportTable { table: Box::new(made.items.clone()), name: "emissions by item.csv".into() });
            }
        });
        widgets::section(ui, "Factors used");
        let happened = ui
            .allocate_ui(vec2(ui.available_width(), 260.0), |ui| {
                ui.set_max_height(260.0);
                self.factors.ui(ui, "factors used", &made.factors, *id as u64, None)
            })
            .inner;
        if happened.export {
            cx.act(Action::ExportTable { table: Box::new(made.factors.clone()), name: "emission factors.csv".into() });
        }
    }
}
