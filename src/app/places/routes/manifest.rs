//! One trip: its stops in order, the vehicle's clock, and what is on board.

use super::moves::StopAt;
use super::trips::Trips;
use crate::app::action::Action;
use crate::app::format::{short, units};
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::logistics::{NetworkAssumptions, Round, Shipment, Trip, freight::allocate};
use crate::report::{Column, Table};
use crate::scenario::{Freight, Outcome, OwnShipments};
use eframe::egui::{Align2, CornerRadius, FontId, Grid, Rect, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns of what is taken back, where a trip takes something back.
const BACK: [&str; 2] = ["kg back", "m³ back"];
/// Trips offered in a stop's menu.
const MOST_OFFERED: usize = 30;

/// The goods of a trip, made once when it is chosen.
pub(super) struct Goods {
    trip: usize,
    ids: Vec<Arc<str>>,
    table: Table,
    /// Shipments, lines and units of each stop.
    stops: Vec<(usize, usize, f64)>,
}

impl Goods {
    fn of(at: usize, trip: &Trip, freight: &Freight, outcome: &Outcome) -> Self {
        let by_id: BTreeMap<&str, usize> = outcome.series.iter().enumerate().map(|(i, s)| (&*s.stocked.unique_id, i)).collect();
        let (mut ids, mut stops) = (Vec::new(), Vec::new());
        let (mut place, mut item, mut from, mut count, mut kg, mut m3) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for stop in &trip.stops {
            let (mut lines, mut sum) = (0, 0.0);
            for (shipment, share) in stop.shipments.iter().filter_map(|(i, share)| freight.example_shipments.get(*i).map(|s| (s, share))) {
                for line in &shipment.lines {
                    let s = by_id.get(&*line.item).and_then(|i| outcome.series.get(*i)).map(|s| &s.stocked);
                    let n = line.units * share;
                    lines += 1;
                    sum += n;
                    ids.push(line.item.clone());
                    place.push(stop.location.to_string());
                    item.push(s.map_or_else(|| line.item.to_string(), |s| s.description.as_ref().unwrap_or(&s.item).to_string()));
                    from.push(shipment.from.to_string());
                    count.push(n);
                    kg.push(s.map_or(f64::NAN, |s| n * s.weight_kg));
                    m3.push(s.map_or(f64::NAN, |s| n * s.volume_m3));
                }
            }
            stops.push((stop.shipments.len(), lines, sum));
        }
        let table = Table::new(vec![
            Column::text("stop", place),
            Column::text("item", item),
            Column::text("from", from),
            Column::number("units", 1, count),
            Column::number("weight_kg", 1, kg).label("kg"),
            Column::number("volume_m3", 3, m3).label("m³"),
        ]);
        Self { trip: at, ids, table, stops }
    }

    /// Own shipments, which have no items: themselves, with what was said of them.
    fn shipments(at: usize, trip: &Trip, own: &OwnShipments) -> Self {
        let hour = |h: f64| format!("{:02}:{:02}", (h + 1e-9) as i64, ((h + 1e-9).fract() * 60.0) as i64);
        let rows: Vec<(&str, usize, f64)> =
            trip.stops.iter().flat_map(|s| s.shipments.iter().map(|(i, share)| (&*s.location, *i, *share))).collect();
        let of =
            |f: &dyn Fn(&Shipment) -> f64| rows.iter().map(|r| own.shipments.get(r.1).map_or(f64::NAN, |s| f(s) * r.2)).collect::<Vec<_>>();
        let window = |i: usize| {
            let w = own.appointments.get(i).and_then(|a| a.window);
            w.map_or_else(String::new, |(a, b)| format!("{} to {}", hour(a), hour(b)))
        };
        let goes_back = |i: usize| own.shipments.get(i).is_some_and(|s| trip.round == Round::Delivery && s.is_return_to(&trip.depot));
        let day = |d: Option<crate::base::Day>| d.map_or_else(String::new, |d| crate::base::Stamp::of_day(d).iso());
        let mut columns = vec![
            Column::text("stop", rows.iter().map(|r| r.0.to_owned())),
            Column::text("shipment", rows.iter().map(|r| own.shipments.get(r.1).map_or_else(String::new, |s| s.id.to_string()))),
            Column::text("ready", rows.iter().map(|r| day(own.shipments.get(r.1).map(|s| s.ready)))),
            Column::text("due", rows.iter().map(|r| day(own.due.get(r.1).copied().flatten()))),
            Column::text("window", rows.iter().map(|r| window(r.1))),
            Column::number("weight_kg", 1, of(&|s| s.kg)).label("kg"),
            Column::number("volume_m3", 3, of(&|s| s.m3)).label("m³"),
            Column::number("pallets", 1, of(&|s| s.pallets)),
        ];
        if rows.iter().any(|r| goes_back(r.1)) {
            let direction = |back: bool| if back { "taken back" } else { "brought" };
            columns.insert(2, Column::text("direction", rows.iter().map(|r| direction(goes_back(r.1)).to_owned())));
        }
        let table = Table::new(columns);
        let stops = trip.stops.iter().map(|s| (s.shipments.len(), 0, 0.0)).collect();
        Self { trip: at, ids: Vec::new(), table, stops }
    }
}

impl Trips {
    /// The chosen trip, or how to choose one.
    pub(super) fn manifest(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, outcome: Option<&Outcome>, freight: &Freight) {
        let t = theme::tokens(ui);
        let Some((at, trip)) = self.trip.and_then(|i| freight.example.get(i).map(|t| (i, t))) else {
            let none = self.days.get(self.day).is_some_and(|d| d.1.is_empty());
            let hint = if none { "No own vehicle drives on this day" } else { "Click a trip for its stops, its clock and its goods" };
            ui.label(RichText::new(hint).color(t.weak));
            return;
        };
        if self.goods.as_ref().is_none_or(|g| g.trip != at) {
            self.goods = match (&self.own, outcome) {
                (Some(own), _) => Some(Goods::shipments(at, trip, own)),
                (None, Some(outcome)) => Some(Goods::of(at, trip, freight, outcome)),
                (None, None) => None,
            };
        }
        let Some(goods) = &self.goods else { return };
        widgets::section(ui, &format!("From {} with {}", trip.depot, freight.fleet.get(trip.vehicle).map_or("a vehicle", |v| &*v.name)));
        clock(ui, trip);
        ui.add_space(gap::S);
        let (cost, kg) = (allocate(trip, trip.cost()), allocate(trip, freight.example_kg_co2e.get(at).copied().unwrap_or(0.0)));
        let others: Vec<(usize, usize)> = self.days.get(self.day).map_or_else(Vec::new, |d| {
            let same = |i: &usize| freight.example.get(*i).is_some_and(|t| t.depot == trip.depot && t.round == trip.round);
            d.1.iter().copied().enumerate().filter(|(_, i)| *i != at && same(i)).collect()
        });
        let mut granted = None;
        eframe::egui::ScrollArea::horizontal().id_salt("stops across").show(ui, |ui| {
            Grid::new("stops").striped(true).spacing([18.0, 4.0]).show(ui, |ui| {
                let own = self.own.is_some();
                let back = trip.collected.kg > 0.0 || trip.collected.m3 > 0.0;
                for h in [
                    "",
                    "Stop (drag)",
                    "km from before",
                    "Shipments",
                    "Items",
                    "Units",
                    "kg",
                    "m³",
                    BACK[0],
                    BACK[1],
                    "Cost share",
                    "kg CO2e share",
                ] {
                    if !(own && ["Items", "Units"].contains(&h)) && (back || !BACK.contains(&h)) {
                        ui.label(RichText::new(h).strong());
                    }
                }
                ui.label(RichText::new("Move").strong());
                ui.end_row();
                for (i, stop) in trip.stops.iter().enumerate() {
                    let (shipments, lines, sum) = goods.stops.get(i).copied().unwrap_or_default();
                    let money = cost.get(i).map_or_else(String::new, |c| cx.session.money.text(*c));
                    ui.label((i + 1).to_string());
                    let from = StopAt { trip: at, stop: i };
                    ui.dnd_drag_source(ui.scope_id().with(("stop", at, i)), from, |ui| ui.label(&*stop.location))
                        .response
                        .on_hover_text("Drag it onto another trip to see what that would cost");
                    let items = if own { [None, None] } else { [Some(lines.to_string()), Some(units(sum))] };
                    let [lines, sum] = items;
                    for text in [
                        Some(format!("{:.1}", stop.km)),
                        Some(shipments.to_string()),
                        lines,
                        sum,
                        Some(format!("{:.1}", stop.kg)),
                        Some(format!("{:.3}", stop.m3)),
                        back.then(|| format!("{:.1}", stop.collected.kg)),
                        back.then(|| format!("{:.3}", stop.collected.m3)),
                        Some(money),
                        Some(kg.get(i).map_or_else(String::new, |k| short(*k))),
                    ]
                    .into_iter()
                    .flatten()
                    {
                        ui.label(text);
                    }
                    ui.menu_button("To…", |ui| {
                        // priced only while the menu is open
                        for (k, to) in others.iter().map(|o| Some(*o)).chain((trip.stops.len() > 1).then_some(None)).enumerate() {
                            let Some(w) = self.wish(freight, from, to.map(|o| o.1)) else { continue };
                            let name = to.map_or_else(|| "A trip of its own".to_owned(), |o| format!("Trip {}", o.0 + 1));
                            if ui.button(format!("{name}: {}", self.priced(&w, freight, cx))).clicked() {
                                granted = Some((from, to.map(|o| o.1)));
                                ui.close();
                            }
                            if k > MOST_OFFERED {
                                break;
                            }
                        }
                        if others.is_empty() && trip.stops.len() < 2 {
                            ui.label("The only trip of the day, and its only stop");
                        }
                    })
                    .response
                    .on_hover_text("To another trip of the day: what that would cost");
                    ui.end_row();
                }
            });
        });
        ui.label(
            RichText::new(
                "Cost and emissions are shared by tonnes × direct kilometres, so a stop is not punished for being last (ISO 14083)",
            )
            .small()
            .color(t.weak),
        );
        widgets::section(ui, "On board");
        let mut happened = crate::app::widgets::table::Happened::default();
        ui.allocate_ui(vec2(ui.available_width(), 260.0), |ui| {
            ui.set_max_height(260.0);
            happened = self.goods_table.ui(ui, "goods of the trip", &goods.table, at as u64 ^ (self.made_for as u64), None);
        });
        if let Some(id) = happened.clicked.and_then(|r| goods.ids.get(r)) {
            cx.act(Action::Show(id.clone()));
        }
        if happened.export {
            cx.act(Action::ExportTable {
                table: Box::new(goods.table.clone()),
                name: format!("trip {} goods.csv", crate::base::Stamp::of_day(trip.day).iso()),
            });
        }
        if let Some((from, to)) = granted {
            self.grant(freight, from, to, cx);
        }
    }
}

/// The vehicle's hours: driving and stops, from the moment it leaves.
fn clock(ui: &mut Ui, trip: &Trip) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Clock of the trip, {:.1} hours", trip.hours)));
    let p = ui.painter_at(rect);
    p.rect(rect, CornerRadius::same(5), t.card, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let a = NetworkAssumptions::default();
    let driving: f64 = trip.km / a.speed_kmh.max(1.0);
    // stops take what is left of the trip's hours
    let each = if trip.stops.is_empty() { 0.0 } else { ((trip.hours - driving) / trip.stops.len() as f64).max(0.0) };
    let inner = rect.shrink2(vec2(14.0, 0.0));
    let x = |h: f64| inner.left() + (h / trip.hours.max(1e-9)) as f32 * inner.width();
    let (y0, y1) = (rect.top() + 20.0, rect.top() + 34.0);
    let mut h = 0.0;
    let pointer = response.hover_pos();
    let mut said = None;
    let last = trip.stops.len();
    for i in 0..=last {
        let stop = trip.stops.get(i);
        let drive = stop.map_or(trip.km_home, |s| s.km) / a.speed_kmh.max(1.0);
        let leg = Rect::from_min_max(pos2(x(h), y0 + 4.0), pos2(x(h + drive), y1 - 4.0));
        p.rect_filled(leg, CornerRadius::ZERO, t.accent);
        let to = stop.map_or(&*trip.depot, |s| &*s.location);
        if pointer.is_some_and(|q| q.x >= leg.left() && q.x < leg.right()) {
            said = Some(format!("driving to {to}, {:.1} km, arrives after {h1:.2} h", drive * a.speed_kmh, h1 = h + drive));
        }
        h += drive;
        if let Some(s) = stop {
            let block = Rect::from_min_max(pos2(x(h), y0), pos2(x(h + each).max(x(h) + 2.0), y1));
            p.rect_filled(block, CornerRadius::same(2), t.warn);
            p.text(pos2(block.center().x, y0 - 3.0), Align2::CENTER_BOTTOM, (i + 1).to_string(), FontId::proportional(11.0), t.text);
            if pointer.is_some_and(|q| q.x >= block.left() && q.x < block.right()) {
                said = Some(format!("stop {} at {}, {:.2} h for {} kg", i + 1, s.location, each, short(s.handled_kg())));
            }
            h += each;
        }
    }
    let step = crate::app::widgets::map::view::round_below((trip.hours / 4.0).max(0.1)).max(0.25);
    for k in 0..=(trip.hours / step).floor() as usize {
        let hour = k as f64 * step;
        p.vline(x(hour), y1..=y1 + 4.0, Stroke::new(1.0, t.weak));
        p.text(pos2(x(hour), y1 + 5.0), Align2::CENTER_TOP, format!("{hour} h"), FontId::proportional(10.0), t.weak);
    }
    if let Some(text) = said {
        response.on_hover_text_at_pointer(text);
    }
}
