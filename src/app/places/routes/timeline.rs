//! A row a vehicle: when it drives, when it stands at a stop, when it is home.

use super::moves::StopAt;
use super::palette;
use super::trips::Trips;
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::app::widgets;
use crate::logistics::clock;
use crate::logistics::windows::Clock;
use crate::scenario::Freight;
use eframe::egui::{Align2, CornerRadius, FontId, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;

/// Height of a row, and of the hours below the rows.
const ROW: f32 = 24.0;
const HOURS: f32 = 18.0;
/// Rows that are seen at once.
const SEEN: usize = 8;
/// Width of the names, without and with their depots.
const NAMES: (f32, f32) = (120.0, 230.0);

/// The rows of a day.
pub(super) struct Line {
    day: usize,
    moves: usize,
    /// Name of the vehicle, and its trips: position among the day's, clock.
    rows: Vec<(String, Vec<(usize, Clock)>)>,
    /// First and last hour.
    hours: (f64, f64),
    /// Width of the names.
    names: f32,
}

/// `08:30`; past midnight `26:10` is `02:10 the next day`.
fn time(hours: f64) -> String {
    let minutes = (hours * 60.0).round() as i64;
    let (h, m) = (minutes.div_euclid(60), minutes.rem_euclid(60));
    if h >= 24 { format!("{:02}:{m:02} the next day", h - 24) } else { format!("{h:02}:{m:02}") }
}

impl Trips {
    fn line_of(&self, freight: &Freight, of_day: &[usize]) -> Line {
        let trips: Vec<_> = of_day.iter().filter_map(|i| freight.example.get(*i).cloned()).collect();
        let clocks = self.clocks_of(freight, of_day);
        let mut rows: BTreeMap<(String, usize, usize), Vec<(usize, Clock)>> = BTreeMap::new();
        let depots: std::collections::BTreeSet<&str> = trips.iter().map(|t| &*t.depot).collect();
        let mut hours = (f64::INFINITY, 0.0f64);
        for (k, (t, c)) in trips.iter().zip(clocks).enumerate() {
            hours = (hours.0.min(c.leave), hours.1.max(c.home));
            rows.entry((t.depot.to_string(), t.vehicle, c.number)).or_default().push((k, c));
        }
        let name = |(depot, vehicle, number): &(String, usize, usize)| {
            let v = freight.fleet.get(*vehicle).map_or("vehicle", |v| &*v.name);
            if depots.len() > 1 { format!("{v} {number}, {depot}") } else { format!("{v} {number}") }
        };
        let rows = rows.iter().map(|(k, trips)| (name(k), trips.clone())).collect();
        let hours = if hours.0.is_finite() { (hours.0.floor(), hours.1.ceil().max(hours.0.floor() + 1.0)) } else { (8.0, 18.0) };
        let names = if depots.len() > 1 { NAMES.1 } else { NAMES.0 };
        Line { day: self.day, moves: self.moves.len(), rows, hours, names }
    }

    /// The day's vehicles; a click shows a trip, and a stop that is dropped on one goes there.
    pub(super) fn timeline(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, freight: &Freight, of_day: &[usize]) {
        if self.line.as_ref().is_none_or(|l| (l.day, l.moves) != (self.day, self.moves.len())) {
            self.line = Some(self.line_of(freight, of_day));
        }
        let Some(line) = self.line.take() else { return };
        if line.rows.is_empty() {
            self.line = Some(line);
            return;
        }
        let t = theme::tokens(ui);
        widgets::section(ui, "Each vehicle's day");
        let mut dropped = None;
        let height = line.rows.len().clamp(1, SEEN) as f32 * ROW;
        let area = ScrollArea::vertical().id_salt("vehicles of the day").max_height(height).min_scrolled_height(height);
        area.auto_shrink([false, false]).show_rows(ui, ROW - ui.spacing().item_spacing.y, line.rows.len(), |ui, seen| {
            for (name, trips) in line.rows.get(seen).unwrap_or_default() {
                dropped = self.row(ui, cx, freight, of_day, (name, trips), (line.hours, line.names)).or(dropped);
            }
        });
        // the hours
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HOURS), Sense::hover());
        let (left, width) = (rect.left() + line.names, rect.width() - line.names - 20.0);
        let span = line.hours.1 - line.hours.0;
        let step = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0].into_iter().find(|s| span / s * 44.0 <= f64::from(width)).unwrap_or(96.0);
        let mut h = (line.hours.0 / step).ceil() * step;
        while h <= line.hours.1 {
            let x = left + ((h - line.hours.0) / span) as f32 * width;
            ui.painter().vline(x, rect.top()..=rect.top() + 4.0, Stroke::new(1.0, t.weak));
            let text = format!("{:02}:00", (h as i64).rem_euclid(24));
            ui.painter().text(pos2(x, rect.top() + 5.0), Align2::CENTER_TOP, text, FontId::proportional(10.0), t.weak);
            h += step;
        }
        let morning = freight.fleet.iter().any(|v| v.shift.is_none());
        if morning {
            let said = format!(
                "Vehicles without shift_start in vehicles.csv leave at {}, or when their first stops ask for it; drag a stop from the list below onto a trip to see what that would cost",
                time(clock::MORNING)
            );
            ui.label(RichText::new(said).small().color(t.weak));
        }
        ui.add_space(gap::XS);
        self.line = Some(line);
        if let Some((from, to)) = dropped {
            self.grant(freight, from, Some(to), cx);
        }
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        cx: &Cx<'_>,
        freight: &Freight,
        of_day: &[usize],
        (name, trips): (&str, &[(usize, Clock)]),
        (hours, names): ((f64, f64), f32),
    ) -> Option<(StopAt, usize)> {
        let t = theme::tokens(ui);
        let palette = palette(t);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - ui.spacing().item_spacing.y), Sense::hover());
        let (left, width) = (rect.left() + names, rect.width() - names - 20.0);
        let x = |h: f64| left + ((h - hours.0) / (hours.1 - hours.0)) as f32 * width;
        super::days::clipped(ui.painter(), pos2(rect.left() + 2.0, rect.center().y - 8.0), names - 10.0, name, 13.0, t.text);
        ui.painter().hline(left..=left + width, rect.center().y, Stroke::new(1.0, t.line));
        let mut dropped = None;
        for (k, c) in trips {
            let Some((at, trip)) = of_day.get(*k).and_then(|i| freight.example.get(*i).map(|t| (*i, t))) else { continue };
            let color = palette.get(k % palette.len()).copied().unwrap_or(t.accent);
            let bar = Rect::from_min_max(pos2(x(c.leave), rect.top() + 2.0), pos2(x(c.home).max(x(c.leave) + 3.0), rect.bottom() - 2.0));
            let response = ui.interact(bar, ui.scope_id().with(("trip on the line", at)), Sense::click());
            response.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, format!("{name}, trip {}, {} to {}", k + 1, time(c.leave), time(c.home)))
            });
            let chosen = self.trip == Some(at);
            let p = ui.painter();
            p.rect(
                bar,
                CornerRadius::same(3),
                color.gamma_multiply(0.35),
                Stroke::new(if chosen { 2.0 } else { 1.0 }, if chosen { t.text } else { color }),
                StrokeKind::Inside,
            );
            // what is not driving stands at a stop
            let service = self.network.assumptions.hours_per_stop;
            for (begin, stop) in c.begin.iter().zip(&trip.stops) {
                let service = self.own.as_ref().and_then(|o| o.service(stop)).unwrap_or(service);
                let block =
                    Rect::from_min_max(pos2(x(*begin), bar.top() + 3.0), pos2(x(begin + service).max(x(*begin) + 2.0), bar.bottom() - 3.0));
                p.rect_filled(block, CornerRadius::same(1), color);
            }
            if bar.width() > 14.0 {
                p.text(
                    pos2(bar.left() + 3.0, bar.center().y),
                    Align2::LEFT_CENTER,
                    (k + 1).to_string(),
                    FontId::proportional(11.0),
                    t.text,
                );
            }
            if response.clicked() {
                self.trip = if chosen { None } else { Some(at) };
            }
            if let Some(from) = response.dnd_hover_payload::<StopAt>()
                && let Some(w) = self.wish(freight, *from, Some(at))
            {
                let text = format!("To trip {}: {}", k + 1, self.priced(&w, freight, cx));
                response.show_tooltip_text(text);
            } else {
                let mut text = format!("Trip {}: leaves {} at {}", k + 1, trip.depot, time(c.leave));
                for (s, begin) in trip.stops.iter().zip(&c.begin) {
                    text += &format!("\n{}  {}", time(*begin), s.location);
                }
                text += &format!("\nhome at {}", time(c.home));
                response.clone().on_hover_text_at_pointer(text);
            }
            if let Some(from) = response.dnd_release_payload::<StopAt>() {
                dropped = Some((*from, at));
            }
        }
        dropped
    }
}
