//! Inventory: what the policies cost and keep in stock: cost by kind, service against stock, items by value and variability, every policy.

use super::{Cx, Furnished};
use crate::app::action::{Action, Answer};
use crate::app::format::{NO_BREAK, like, short, units};
use crate::app::jobs::Key;
use crate::app::places::Place;
use crate::app::theme::{self, gap};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, plot};
use crate::base::Measure;
use crate::base::text::plural;
use crate::report::Table;
use crate::scenario::{Inputs, Outcome};
use eframe::egui::{self, Button, Grid, RichText, ScrollArea, Ui, vec2};
use egui_plot::{HoverPosition, MarkerShape, PlotPoint, Points};
use std::sync::Arc;

/// The policies of one field of the matrix: what they were made for, the table, the series of its rows.
type Filtered = ((u64, usize, usize), Table, Vec<Arc<str>>);

/// The place's look.
#[derive(Default)]
pub struct Inventory {
    each: bool,
    /// Only the policies of this class: value and variability.
    class: Option<(usize, usize)>,
    table: TableState,
    found: Option<Arc<Summary>>,
    asked: Option<Arc<Outcome>>,
    filtered: Option<Filtered>,
    stamp: u64,
}

/// What the place shows, made off the interface thread.
struct Summary {
    outcome: Arc<Outcome>,
    table: Table,
    ids: Vec<Arc<str>>,
    /// No cost is known of any item: stock is shown in units.
    in_units: bool,
    /// Stock value, or units, and fill rate in percent, one a series.
    points: Arc<Vec<[f64; 2]>>,
    names: Arc<Vec<String>>,
    /// Value class and variability class, one a series.
    classes: Vec<(usize, usize)>,
    matrix: [[Class; 3]; 3],
    assumed: bool,
}

/// What the items of one class come to.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    items: usize,
    /// Mean stock at cost.
    stock: Measure,
    /// Stockout and overstock cost.
    cost: Measure,
}

impl Class {
    /// With one item more; items are simulated apart, so that errors add in squares.
    fn add(&mut self, stock: Measure, cost: [Measure; 2]) {
        let grow = |sum: &mut Measure, one: Measure| {
            sum.mean += one.mean;
            sum.half_width = sum.half_width.hypot(one.half_width);
        };
        self.items += 1;
        grow(&mut self.stock, stock);
        // of one item's costs the one falls where the other rises: in squares is no less than their error
        cost.into_iter().for_each(|c| grow(&mut self.cost, c));
    }
}

impl Furnished for Inventory {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        widgets::title(ui, "Inventory", "What the stock policies cost over the horizon, and what they keep in stock");
        let Some(outcome) = cx.session.outcome.clone() else {
            widgets::empty(ui, "Computing", "Policies and their costs come here, in a moment", None);
            return;
        };
        if super::unplanned(ui, cx) {
            return;
        }
        if outcome.series.is_empty() {
            widgets::empty(ui, "No policies", "Open a file with sales to see what keeping stock costs", None);
            return;
        }
        if self.asked.as_ref().is_none_or(|a| !Arc::ptr_eq(a, &outcome)) {
            self.asked = Some(outcome.clone());
            let inputs = cx.session.inputs.clone();
            cx.act(Action::Work {
                place: Place::Inventory,
                key: Key::Policies,
                label: "Adding up policies".into(),
                work: Box::new(move |_| Box::new(Arc::new(summary(&inputs, outcome)))),
            });
        }
        let Some(found) = self.found.clone() else {
            widgets::empty(ui, "Adding up", "Policies and their costs come here, in a moment", None);
            return;
        };
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.each, false, "All together");
            ui.selectable_value(&mut self.each, true, "Every policy");
            if let Some((a, x)) = self.class.filter(|_| self.each)
                && ui.button(format!("Only class {}{}: show all", letter("ABC", a), letter("XYZ", x))).clicked()
            {
                self.class = None;
            }
            if cx.session.is_stale() {
                let t = theme::tokens(ui);
                ui.label(RichText::new("Older than your last edit").color(t.warn));
            }
        });
        ui.add_space(gap::XS);
        if self.each {
            self.policies(ui, cx, &found);
        } else {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                let (n, width) = plot::columns(ui, 440.0, 2);
                if n > 1 {
                    ui.horizontal_top(|ui| {
                        ui.vertical(|ui| {
                            ui.set_width(width - gap::S);
                            costs(ui, cx, &found);
                        });
                        ui.vertical(|ui| {
                            ui.set_width(width - gap::S);
                            self.matrix(ui, cx, &found);
                        });
                    });
                } else {
                    costs(ui, cx, &found);
                    self.matrix(ui, cx, &found);
                }
                scatter(ui, cx, &found);
            });
        }
    }

    fn answer(&mut self, _key: Key, answer: Answer) {
        if let Ok(found) = answer.downcast::<Arc<Summary>>() {
            if self.found.is_none() {
                let cost = found.table.columns.iter().position(|c| c.name == "total_cost").unwrap_or(0);
                self.table = TableState::sorted(cost, true);
            }
            self.stamp += 1;
            self.filtered = None;
            self.found = Some(*found);
        }
    }
}

/// Every policy, what it costs and serves first.
fn table_of(outcome: &Outcome) -> Table {
    let mut table = crate::report::tables::measures(outcome);
    let first = ["item", "description", "location", "total_cost", "stockout_cost", "overstock_cost", "fill_rate", "policy"];
    // what belongs to a figure stays beside it; the name of the series, which says nothing new, goes last
    let place = |name: &str| {
        let of = name.trim_end_matches("_half_width").trim_end_matches("_p10").trim_end_matches("_p90");
        if of == "unique_id" { usize::MAX } else { first.iter().position(|f| *f == of).unwrap_or(first.len()) }
    };
    table.columns.sort_by_key(|c| place(&c.name));
    table
}

impl Inventory {
    fn policies(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, found: &Arc<Summary>) {
        let (mut table, mut ids, mut stamp) = (&found.table, &found.ids, self.stamp * 10);
        if let Some((a, x)) = self.class {
            let key = (self.stamp, a, x);
            if self.filtered.as_ref().is_none_or(|(k, ..)| *k != key) {
                let keep: Vec<usize> = (0..found.classes.len()).filter(|i| found.classes.get(*i) == Some(&(a, x))).collect();
                let part = Outcome {
                    series: keep.iter().filter_map(|i| found.outcome.series.get(*i).cloned()).collect(),
                    freight: None,
                    joint: Vec::new(),
                    classical: Vec::new(),
                    chain: None,
                    ..(*found.outcome).clone()
                };
                let ids = keep.iter().filter_map(|i| found.ids.get(*i).cloned()).collect();
                self.filtered = Some((key, table_of(&part), ids));
            }
            if let Some((_, t, i)) = &self.filtered {
                (table, ids) = (t, i);
                stamp += 1 + (a * 3 + x) as u64;
            }
        }
        let happened = self.table.ui(ui, "policies", table, stamp, None);
        if let Some(id) = happened.clicked.and_then(|i| ids.get(i)) {
            cx.act(Action::Show(id.clone()));
        }
        if happened.export {
            cx.act(Action::ExportTable { table: Box::new(table.clone()), name: "policies.csv".into() });
        }
    }

    /// Value by variability, with money; a class opens its policies.
    fn matrix(&mut self, ui: &mut Ui, cx: &Cx<'_>, found: &Summary) {
        let t = theme::tokens(ui);
        widgets::section(ui, "By value and variability");
        let currency = if cx.session.money.currency.is_empty() { "money" } else { &cx.session.money.currency };
        ui.label(RichText::new(format!("items, mean stock at cost and cost of being wrong, {currency}")).small().color(t.weak));
        let figure = |m: &Measure| {
            let error = if m.half_width.is_finite() { like(m.mean, m.half_width) } else { "unknown".to_owned() };
            format!("{}{NO_BREAK}±{NO_BREAK}{error}", short(m.mean))
        };
        let width = ((ui.available_width() - 64.0) / 3.0 - gap::S).max(90.0);
        Grid::new("classes").num_columns(4).spacing([gap::S, gap::S]).striped(false).show(ui, |ui| {
            ui.label("");
            for (name, meaning) in [
                ("X steady", "Demand varies by less than half of its mean (coefficient of variation up to 0.5)"),
                ("Y varying", "Coefficient of variation of demand from 0.5 to 1"),
                ("Z erratic", "Demand varies by more than its mean (coefficient of variation above 1)"),
            ] {
                ui.label(RichText::new(name).color(t.weak)).on_hover_text(meaning);
            }
            ui.end_row();
            for (a, (name, meaning)) in [
                ("A high", "The items that make up the first 80 % of demand at cost"),
                ("B middle", "The next 15 % of demand at cost"),
                ("C low", "The last 5 % of demand at cost"),
            ]
            .into_iter()
            .enumerate()
            {
                ui.label(RichText::new(name).color(t.weak)).on_hover_text(meaning);
                for x in 0..3 {
                    let c = found.matrix.get(a).and_then(|r| r.get(x)).copied().unwrap_or_default();
                    let class = format!("{}{}", letter("ABC", a), letter("XYZ", x));
                    let text = if c.items == 0 {
                        format!("{class}  no items\n\n")
                    } else {
                        format!("{class}  {}\nstock {}\ncost {}", plural(c.items, "item"), figure(&c.stock), figure(&c.cost))
                    };
                    let text = RichText::new(text).color(if found.assumed { t.assumed } else { t.text });
                    let button = ui.add_enabled(c.items > 0, Button::new(text).min_size(vec2(width, 66.0)).wrap());
                    if button
                        .on_hover_text(
                            "Items, their average stock at cost, and stockout and overstock cost over the horizon, each ± the simulation's own error; shows their policies",
                        )
                        .clicked()
                    {
                        self.class = Some((a, x));
                        self.each = true;
                    }
                }
                ui.end_row();
            }
        });
        if found.assumed {
            ui.label(RichText::new("Grey: money rests on assumed costs or prices of some items").small().color(t.assumed));
        }
    }
}

fn letter(letters: &'static str, i: usize) -> &'static str {
    letters.get(i..=i).unwrap_or_default()
}

/// Cost by kind: bars with the 95 % error of each mean.
fn costs(ui: &mut Ui, cx: &Cx<'_>, found: &Summary) {
    let t = theme::tokens(ui);
    widgets::section(ui, "Cost by kind");
    let m = &found.outcome.totals;
    let rows: [(&str, &Measure, egui::Color32, &str); 9] = [
        ("Stockouts", &m.stockout_cost, t.bad, "Margin lost on demand that finds no stock, and expediting"),
        ("  of it expediting", &m.expediting_cost, t.bad, "What emergency orders cost above list cost"),
        ("Holding", &m.holding_cost, t.warn, "Capital and storage of what lies in stock"),
        ("Write-off", &m.write_off_cost, t.warn, "Units thrown away, at cost"),
        ("Markdown", &m.markdown_cost, t.warn, "What stock left at the end loses of its cost"),
        ("Ordering", &m.ordering_cost, t.third, "Fixed cost of orders"),
        ("Freight", &m.freight_cost, t.accent, "Trips"),
        ("Carbon", &m.carbon_cost, t.good, "kg CO2e at the carbon price"),
        ("Total", &m.total_cost, t.past, "Everything above; purchases stand apart"),
    ];
    let most = rows.iter().map(|r| r.1.mean).fold(1e-9, f64::max);
    let room = (ui.available_width() - 290.0).max(40.0);
    Grid::new("costs").num_columns(3).spacing([gap::M, 5.0]).striped(false).show(ui, |ui| {
        for (name, measure, color, meaning) in rows.into_iter().filter(|r| r.1.mean != 0.0 || !r.0.starts_with(' ')) {
            ui.label(name).on_hover_text(meaning);
            let (rect, response) = ui.allocate_exact_size(vec2(room, 14.0), egui::Sense::hover());
            let x = |v: f64| rect.left() + rect.width() * (v / most).clamp(0.0, 1.0) as f32;
            let p = ui.painter();
            let bar = egui::Rect::from_min_max(rect.min, egui::pos2(x(measure.mean), rect.max.y));
            p.rect_filled(bar, 2.0, color);
            if measure.half_width.is_finite() {
                let (a, b) = (x(measure.mean - measure.half_width), x(measure.mean + measure.half_width));
                let y = rect.center().y;
                p.line_segment([egui::pos2(a, y), egui::pos2(b, y)], egui::Stroke::new(1.5, t.text));
            }
            let text = cx.session.money.measure(measure);
            let range = format!(
                "{meaning}\n{text}\n8 of 10 futures: {} to {}",
                cx.session.money.text(measure.p10),
                cx.session.money.text(measure.p90)
            );
            response.on_hover_text(range.clone());
            ui.label(RichText::new(text).color(if found.assumed { t.assumed } else { t.text })).on_hover_text(range);
            ui.end_row();
        }
    });
}

/// Every series by what lies in stock and how much of its demand is served.
fn scatter(ui: &mut Ui, cx: &mut Cx<'_>, found: &Summary) {
    let t = theme::tokens(ui);
    widgets::section(ui, "Service against stock");
    ui.label(RichText::new("A point is an item at a location; click one to open it").small().color(t.weak));
    let currency = if cx.session.money.currency.is_empty() { "money" } else { &cx.session.money.currency };
    let x_name = if found.in_units { "average stock, units".to_owned() } else { format!("average stock at cost, {currency}") };
    let in_units = found.in_units;
    let names = found.names.clone();
    let money = cx.session.money.clone();
    let points =
        Points::new("items", found.points.as_ref().clone()).color(t.accent.gamma_multiply(0.7)).shape(MarkerShape::Square).radius(2.5);
    let plot = plot::curve("service", 230.0, &x_name, "fill rate, %").label_formatter(move |hover| match hover {
        HoverPosition::NearDataPoint { position, index, .. } => {
            let name = names.get(*index).map_or("", String::as_str);
            let stock = if in_units { format!("{} units", units(position.x)) } else { money.text(position.x) };
            Some(format!("{name}\nstock {stock}\nfill rate {:.1} %", position.y))
        }
        HoverPosition::Elsewhere { .. } => None,
    });
    let shown = plot.show(ui, |p| p.points(points));
    if shown.response.clicked()
        && let Some(at) = shown.response.interact_pointer_pos()
    {
        let distance = |p: &[f64; 2]| shown.transform.position_from_point(&PlotPoint::new(p[0], p[1])).distance(at);
        let nearest = found.points.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
        if let Some(id) = nearest.filter(|(_, p)| distance(p) < 14.0).and_then(|(i, _)| found.ids.get(i)) {
            cx.act(Action::Show(id.clone()));
        }
    }
}

fn summary(inputs: &Inputs, outcome: Arc<Outcome>) -> Summary {
    let all = &outcome.series;
    let n = all.len();
    // ABC by demand at cost: the first 80 %, the next 15 %, the rest
    let value: Vec<f64> = all.iter().map(|s| s.stock.outcome.measures.demand.mean * s.stocked.costs.unit.max(1e-9)).collect();
    let total: f64 = value.iter().sum();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| value.get(*b).unwrap_or(&0.0).total_cmp(value.get(*a).unwrap_or(&0.0)));
    let mut classes = vec![(2, 2); n];
    let mut before = 0.0;
    for i in order {
        let (Some(class), Some(v)) = (classes.get_mut(i), value.get(i)) else { continue };
        class.0 = match before / total.max(1e-12) {
            x if x < 0.80 => 0,
            x if x < 0.95 => 1,
            _ => 2,
        };
        before += v;
    }
    // XYZ by the coefficient of variation of demand over the last year's worth of periods
    let mut matrix = [[Class::default(); 3]; 3];
    for (s, class) in all.iter().zip(&mut classes) {
        let y = inputs.history.as_ref().and_then(|h| h.series.get(s.stocked.series)).map_or(&[][..], |x| x.y.as_slice());
        let span = outcome.period.per_year().ceil().max(12.0) as usize;
        let seen: Vec<f64> = y.iter().rev().take(span).copied().filter(|v| v.is_finite()).collect();
        let k = seen.len().max(1) as f64;
        let mean = seen.iter().sum::<f64>() / k;
        let sd = (seen.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / k).sqrt();
        class.1 = match sd / mean {
            cv if mean > 0.0 && cv <= 0.5 => 0,
            cv if mean > 0.0 && cv <= 1.0 => 1,
            _ => 2,
        };
        let m = &s.stock.outcome.measures;
        if let Some(cell) = matrix.get_mut(class.0).and_then(|r| r.get_mut(class.1)) {
            cell.add(m.average_on_hand.scaled(s.stocked.costs.unit), [m.stockout_cost, m.overstock_cost]);
        }
    }
    use crate::scenario::resolve::Assumed;
    let in_units = all.iter().all(|s| s.stocked.costs.unit <= 0.0);
    Summary {
        in_units,
        table: table_of(&outcome),
        ids: all.iter().map(|s| s.stocked.unique_id.clone()).collect(),
        points: Arc::new(
            all.iter()
                .map(|s| {
                    let worth = if in_units { 1.0 } else { s.stocked.costs.unit };
                    [s.stock.outcome.measures.average_on_hand.mean * worth, s.stock.outcome.measures.fill_rate.mean * 100.0]
                })
                .collect(),
        ),
        names: Arc::new(
            all.iter()
                .map(|s| format!("{} at {}", s.stocked.description.as_ref().unwrap_or(&s.stocked.item), s.stocked.location))
                .collect(),
        ),
        assumed: all.iter().any(|s| s.stocked.assumed.contains(&Assumed::Cost) || s.stocked.assumed.contains(&Assumed::Shortage)),
        classes,
        matrix,
        outcome: outcome.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_carries_the_error_of_its_items() {
        let of = |mean: f64, half_width: f64| Measure { mean, half_width, p10: mean, p90: mean };
        let mut c = Class::default();
        c.add(of(100.0, 3.0), [of(10.0, 1.0), of(5.0, 2.0)]);
        c.add(of(50.0, 4.0), [of(1.0, 2.0), of(2.0, 4.0)]);
        assert_eq!((c.items, c.stock.mean, c.stock.half_width), (2, 150.0, 5.0));
        assert_eq!((c.cost.mean, c.cost.half_width), (18.0, 5.0));
        c.add(of(1.0, f64::NAN), [Measure::default(); 2]);
        assert!(c.stock.half_width.is_nan(), "what one does not know, all do not");
    }
}
