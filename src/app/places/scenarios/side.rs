//! Two or more scenarios side by side, on the same simulated demand.

use super::Scenarios;
use crate::app::action::Action;
use crate::app::format::{Money, percent, short};
use crate::app::jobs::Key;
use crate::app::places::Cx;
use crate::app::theme::{self, Tokens, gap};
use crate::app::widgets;
use crate::base::Measure;
use crate::report::tables;
use crate::scenario::Outcome;
use crate::scenario::compare::{Comparison, Difference};
use eframe::egui::{self, Align2, Color32, ComboBox, CornerRadius, FontId, Grid, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Measures by key: name, how it is written, and whether less is better (`None`: neither is).
#[derive(Clone, Copy)]
enum Unit {
    Money,
    Share,
    Plain(&'static str),
}

const MEASURES: [(&str, &str, Unit, Option<bool>); 16] = [
    ("total_cost", "Total cost", Unit::Money, Some(true)),
    ("stock_cost", "Cost of stock decisions", Unit::Money, Some(true)),
    ("stockout_cost", "Stockout cost", Unit::Money, Some(true)),
    ("expediting_cost", "  of it expediting", Unit::Money, Some(true)),
    ("overstock_and_ordering_cost", "Overstock and ordering", Unit::Money, Some(true)),
    ("overstock_cost", "Overstock cost", Unit::Money, Some(true)),
    ("ordering_cost", "Ordering cost", Unit::Money, Some(true)),
    ("freight_cost", "Freight cost", Unit::Money, Some(true)),
    ("carbon_cost", "Carbon cost", Unit::Money, Some(true)),
    ("stock_value", "Mean stock at cost", Unit::Money, None),
    ("fill_rate", "Demand served at once", Unit::Share, Some(false)),
    ("cycle_service", "Cycles without a stockout", Unit::Share, Some(false)),
    ("trips", "Trips", Unit::Plain(""), None),
    ("distance_km", "Distance", Unit::Plain(" km"), None),
    ("delay_days", "Mean wait of shipments", Unit::Plain(" days"), Some(true)),
    ("emissions_kg_co2e", "Emissions", Unit::Plain(" kg CO2e"), Some(true)),
];

impl Scenarios {
    pub(super) fn side(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        if document.scenarios.len() < 2 {
            if widgets::empty(
                ui,
                "Two scenarios are needed",
                "Branch one from the list, change an assumption, then compare them here",
                Some("Open the list"),
            ) {
                self.part = super::Part::List;
            }
            return;
        }
        let base = self.base.filter(|b| document.scenario(*b).is_some()).unwrap_or(document.active);
        let mut chosen = base;
        self.others.retain(|o| document.scenario(*o).is_some());
        ui.horizontal_wrapped(|ui| {
            ui.label("Compare");
            let name = document.scenario(base).map_or("", |s| &s.name);
            let combo = ComboBox::from_id_salt("base scenario").width(220.0).selected_text(name).show_ui(ui, |ui| {
                for s in &document.scenarios {
                    ui.selectable_value(&mut chosen, s.id, &s.name);
                }
            });
            combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Scenario compared with"));
            ui.label("with");
            for s in document.scenarios.iter().filter(|s| s.id != chosen) {
                let mut on = self.others.contains(&s.id);
                if ui.checkbox(&mut on, &s.name).changed() {
                    if on {
                        self.others.insert(s.id);
                    } else {
                        self.others.remove(&s.id);
                    }
                }
            }
        });
        self.base = Some(chosen);
        self.others.remove(&chosen);
        let pairs: Vec<(u64, u64)> = self.others.iter().map(|o| (chosen, *o)).collect();
        let running = cx.running(Key::Compare) || !self.waiting.is_empty();
        // one after the other: the engine remembers what they share
        if !cx.running(Key::Compare)
            && let Some((a, b)) = self.waiting.pop_front()
        {
            cx.act(Action::Compare(a, b));
        }
        ui.horizontal_wrapped(|ui| {
            ui.add_enabled_ui(!pairs.is_empty() && !running, |ui| {
                if widgets::primary(ui, "Compare scenarios").clicked() {
                    self.waiting.extend(&pairs);
                }
            });
            if pairs.is_empty() {
                ui.label(RichText::new("Tick one or more scenarios").color(t.weak));
            } else if running {
                ui.label(RichText::new("Both run on the same simulated demand; progress stands below").color(t.weak));
            }
        });
        let revision = cx.session.project.revision();
        let found: Vec<((u64, u64), bool, Arc<Comparison>)> =
            pairs.iter().filter_map(|p| cx.session.comparisons.get(p).map(|(r, c)| (*p, *r != revision, c.clone()))).collect();
        if found.is_empty() {
            if !running && !pairs.is_empty() {
                ui.add_space(gap::S);
                ui.label(
                    RichText::new("What each costs, how sure the difference is, and which items it comes from will stand here")
                        .color(t.weak),
                );
            }
            return;
        }
        if found.iter().any(|f| f.1) {
            ui.label(RichText::new("Older than your last edit; compare again").color(t.warn));
        }
        ui.add_space(gap::S);
        self.bars(ui, cx, chosen, &found);
        measures(ui, cx, chosen, &found);
        self.by_item(ui, cx, &found);
    }

    /// What total cost is made of, a bar a scenario.
    fn bars(&self, ui: &mut Ui, cx: &Cx<'_>, base: u64, found: &[((u64, u64), bool, Arc<Comparison>)]) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        let ids = std::iter::once(base).chain(found.iter().map(|f| f.0.1));
        let all: Vec<(&str, &Outcome)> =
            ids.filter_map(|id| Some((document.scenario(id)?.name.as_str(), &*cx.session.others.get(&id)?.1))).collect();
        let most = all.iter().map(|(_, o)| parts(t, o).iter().map(|p| p.1.max(0.0)).sum::<f64>()).fold(0.0, f64::max);
        if most <= 0.0 {
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (name, _, color) in all.first().map(|a| parts(t, a.1)).unwrap_or_default() {
                let (r, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
                ui.painter().rect_filled(r, CornerRadius::same(2), color);
                ui.label(RichText::new(name).color(t.weak));
            }
        });
        for (name, o) in all {
            ui.horizontal(|ui| {
                ui.add_sized(vec2(170.0, 24.0), egui::Label::new(name).truncate().halign(egui::Align::LEFT));
                let (rect, response) = ui.allocate_exact_size(vec2((ui.available_width() - 8.0).max(80.0), 24.0), Sense::hover());
                let total = o.totals.total_cost;
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::Canvas, true, format!("Total cost of {name}: {}", cx.session.money.measure(&total)))
                });
                let (room, mut x) = (rect.width() - 130.0, rect.left());
                for (part, value, color) in parts(t, o) {
                    let width = (value.max(0.0) / most) as f32 * room;
                    let bar = Rect::from_min_max(pos2(x, rect.top() + 3.0), pos2(x + width, rect.bottom() - 3.0));
                    ui.painter().rect_filled(bar, CornerRadius::ZERO, color);
                    if response.hover_pos().is_some_and(|p| bar.contains(p)) {
                        response.clone().on_hover_text_at_pointer(format!("{part}: {}", cx.session.money.text(value)));
                    }
                    x += width;
                }
                ui.painter().text(
                    pos2(x + 6.0, rect.center().y),
                    Align2::LEFT_CENTER,
                    cx.session.money.text(total.mean),
                    FontId::proportional(13.0),
                    t.text,
                );
            });
        }
        ui.add_space(gap::S);
    }

    fn by_item(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, found: &[((u64, u64), bool, Arc<Comparison>)]) {
        let t = theme::tokens(ui);
        let document = cx.session.project.document();
        let name = |id: u64| document.scenario(id).map_or("", |s| s.name.as_str());
        widgets::section(ui, "Where the difference comes from");
        let at = self.shown.and_then(|s| found.iter().position(|f| f.0 == s)).unwrap_or(0);
        if found.len() > 1 {
            ui.horizontal_wrapped(|ui| {
                for (i, f) in found.iter().enumerate() {
                    if ui.selectable_label(i == at, name(f.0.1)).clicked() {
                        self.shown = Some(f.0);
                    }
                }
            });
        }
        let Some((pair, _, c)) = found.get(at) else { return };
        if c.only_in_one > 0 {
            ui.label(
                RichText::new(format!("{} in only one of the two", crate::base::text::plural(c.only_in_one, "series is"))).color(t.weak),
            );
        }
        ui.label(
            RichText::new(
                "Stock cost of each item, the largest change first; a is the scenario compared with, b the other; click an item to open it",
            )
            .color(t.weak),
        );
        let made_for = (*pair, cx.session.comparisons.get(pair).map_or(0, |x| x.0));
        if self.table.as_ref().is_none_or(|x| x.0 != made_for) {
            self.table = Some((made_for, tables::differences(c)));
            self.stamp += 1;
        }
        let Some((_, table)) = &self.table else { return };
        let stamp = self.stamp;
        let happened = ui
            .allocate_ui(vec2(ui.available_width(), 320.0), |ui| {
                ui.set_max_height(320.0);
                self.items.ui(ui, "differences by item", table, stamp, None)
            })
            .inner;
        if let Some(s) = happened.clicked.and_then(|r| c.series.get(r)) {
            cx.act(Action::Show(s.unique_id.as_str().into()));
        }
        if happened.export {
            let file = format!("{} against {}.csv", name(pair.1), name(pair.0));
            cx.act(Action::ExportTable { table: Box::new(table.clone()), name: file });
        }
    }
}

fn parts(t: &Tokens, o: &Outcome) -> Vec<(&'static str, f64, Color32)> {
    let x = &o.totals;
    vec![
        ("Stockout", x.stockout_cost.mean, t.bad),
        ("Overstock", x.overstock_cost.mean, t.warn),
        ("Ordering", x.ordering_cost.mean, t.past),
        ("Freight", x.freight_cost.mean, t.accent),
        ("Carbon", x.carbon_cost.mean, t.good),
    ]
}

/// The table of measures: each scenario's mean, the difference with its half-width, and how sure it is.
fn measures(ui: &mut Ui, cx: &Cx<'_>, base: u64, found: &[((u64, u64), bool, Arc<Comparison>)]) {
    let t = theme::tokens(ui);
    let document = cx.session.project.document();
    let name = |id: u64| document.scenario(id).map_or("", |s| s.name.as_str());
    let Some(first) = found.first() else { return };
    egui::ScrollArea::horizontal().id_salt("measures across").show(ui, |ui| {
        Grid::new("measures").striped(true).spacing([18.0, 5.0]).show(ui, |ui| {
            ui.label("");
            ui.label(RichText::new(name(base)).strong());
            for f in found {
                ui.label(RichText::new(name(f.0.1)).strong());
                ui.label(RichText::new("difference").strong())
                    .on_hover_text("the other less the scenario compared with, with the 95 % half-width of the difference");
                ui.label(RichText::new("how sure").strong());
            }
            ui.end_row();
            for (key, label, unit, less_is_better) in MEASURES {
                let Some(a) = first.2.differences.iter().find(|d| d.measure == key) else { continue };
                ui.label(label);
                ui.label(written(a.a, unit, &cx.session.money));
                for f in found {
                    match f.2.differences.iter().find(|d| d.measure == key) {
                        Some(d) => difference(ui, d, unit, less_is_better, &cx.session.money),
                        None => {
                            for _ in 0..3 {
                                ui.label("");
                            }
                        }
                    }
                }
                ui.end_row();
            }
        });
    });
    let paired = crate::base::text::grouped(first.2.replications as f64, 0);
    ui.label(
        RichText::new(format!("Differences are taken on the same {paired} simulated courses of demand; those marked unpaired take the two as independent, so their ± is too wide"))
            .small()
            .color(t.weak),
    );
}

fn written(x: f64, unit: Unit, money: &Money) -> String {
    match unit {
        Unit::Money => money.text(x),
        Unit::Share => percent(x),
        Unit::Plain(u) => format!("{}{u}", short(x)),
    }
}

fn difference(ui: &mut Ui, d: &Difference, unit: Unit, less_is_better: Option<bool>, money: &Money) {
    let t = theme::tokens(ui);
    ui.label(written(d.b, unit, money));
    let m = &d.difference;
    let sign = if m.mean > 0.0 { "+" } else { "" };
    let text = match unit {
        Unit::Money => format!("{sign}{} {}", money.text(m.mean), money.error(m)),
        Unit::Share => format!("{sign}{:.2} ± {:.2} points", m.mean * 100.0, m.half_width * 100.0),
        Unit::Plain(u) => format!("{sign}{} ± {}{u}", short(m.mean), short(m.half_width)),
    };
    ui.label(text);
    let (word, color) = verdict(m, less_is_better, t);
    let r = ui.label(RichText::new(if d.paired { word.to_owned() } else { format!("{word}, unpaired") }).color(color));
    if !d.paired {
        r.on_hover_text("not counted replication by replication; the ± takes the two scenarios as independent and is too wide");
    }
}

/// How sure a difference is: whether its interval leaves zero out.
fn verdict(m: &Measure, less_is_better: Option<bool>, t: &Tokens) -> (&'static str, Color32) {
    if m.mean.abs() < 1e-9 && m.half_width.abs() < 1e-9 {
        return ("the same", t.weak);
    }
    if !m.half_width.is_finite() || m.mean.abs() <= m.half_width {
        return ("too close to call", t.weak);
    }
    match less_is_better {
        None => (if m.mean < 0.0 { "surely lower" } else { "surely higher" }, t.text),
        Some(less) if less == (m.mean < 0.0) => ("surely better", t.good),
        Some(_) => ("surely worse", t.bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Theme;

    #[test]
    fn a_difference_is_sure_only_beyond_its_half_width() {
        let t = Tokens::of(Theme::Dark);
        let m = |mean, half_width| Measure { mean, half_width, p10: 0.0, p90: 0.0 };
        for (mean, half, less, word) in [
            (-5.0, 2.0, Some(true), "surely better"),
            (5.0, 2.0, Some(true), "surely worse"),
            (5.0, 2.0, Some(false), "surely better"),
            (5.0, 6.0, Some(true), "too close to call"),
            (5.0, f64::NAN, Some(true), "too close to call"),
            (5.0, 2.0, None, "surely higher"),
            (0.0, 0.0, Some(true), "the same"),
        ] {
            assert_eq!(verdict(&m(mean, half), less, t).0, word, "{mean} ± {half}");
        }
    }
}
