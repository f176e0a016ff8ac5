//! The strip of dates and the list of a day's trips.

use super::moves::StopAt;
use super::palette;
use super::trips::Trips;
use crate::app::format::{date, short};
use crate::app::places::Cx;
use crate::app::theme::{self, gap};
use crate::base::{Day, Stamp};
use crate::scenario::Freight;
use eframe::egui::{
    self, Align2, Color32, CornerRadius, FontId, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Height of a trip in the list.
const TRIP: f32 = 78.0;

impl Trips {
    /// A bar a day with trips, as high as their number; a click shows that day.
    pub(super) fn strip(&mut self, ui: &mut Ui, freight: &Freight) {
        let t = theme::tokens(ui);
        let (Some(first), Some(last)) = (self.days.first().map(|d| d.0), self.days.last().map(|d| d.0)) else { return };
        ui.horizontal(|ui| {
            if ui.add_enabled(self.day > 0, egui::Button::new("Earlier")).clicked() {
                self.day -= 1;
                self.trip = None;
            }
            if ui.add_enabled(self.day + 1 < self.days.len(), egui::Button::new("Later")).clicked() {
                self.day += 1;
                self.trip = None;
            }
            if let Some((day, trips)) = self.days.get(self.day) {
                let sums =
                    trips.iter().filter_map(|i| freight.example.get(*i)).fold((0.0, 0.0), |a, x| (a.0 + x.km, a.1 + x.kg + x.collected.kg));
                ui.label(RichText::new(format!("{} {}", weekday(*day), date(Stamp::of_day(*day)))).text_style(theme::section()).strong());
                let text = format!("{}, {} km, {} kg", crate::base::text::plural(trips.len(), "trip"), short(sums.0), short(sums.1));
                ui.label(RichText::new(text).color(t.weak));
            }
        });
        let (rect, strip) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::click());
        strip.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Days with trips"));
        let p = ui.painter();
        p.rect(rect, CornerRadius::same(5), t.card, Stroke::new(1.0, t.line), StrokeKind::Inside);
        let days = f64::from(last.0 - first.0) + 1.0;
        let step = ((rect.width() - 12.0) / days as f32).min(28.0);
        let x_of = |d: Day| rect.left() + 6.0 + (d.0 - first.0) as f32 * step;
        let most = self.days.iter().map(|d| d.1.len()).max().unwrap_or(1) as f32;
        // months, for orientation
        // beyond some years of days their marks would cover each other
        for d in (first.0..=last.0).take(4000) {
            let iso = Stamp::of_day(Day(d)).iso();
            if (iso.get(8..10) == Some("01") && step * 28.0 > 24.0) || d == first.0 {
                let x = x_of(Day(d));
                if iso.get(8..10) == Some("01") {
                    p.vline(x, rect.y_range(), Stroke::new(1.0, t.line));
                }
                let near_next = d == first.0 && iso.get(8..10).is_some_and(|day| day > "18");
                if step * 28.0 > 56.0 && !near_next && x + 48.0 < rect.right() {
                    p.text(
                        pos2(x + 3.0, rect.top() + 2.0),
                        Align2::LEFT_TOP,
                        iso.get(..7).unwrap_or_default(),
                        FontId::proportional(10.0),
                        t.weak,
                    );
                }
            }
        }
        for (i, (day, trips)) in self.days.iter().enumerate() {
            let height = 6.0 + 22.0 * trips.len() as f32 / most;
            let bar = Rect::from_min_max(
                pos2(x_of(*day), rect.bottom() - 4.0 - height),
                pos2(x_of(*day) + (step - 1.0).clamp(1.5, 14.0), rect.bottom() - 4.0),
            );
            let color = if i == self.day { t.accent } else { t.past.gamma_multiply(0.55) };
            p.rect_filled(bar, CornerRadius::same(1), color);
        }
        if let Some(pointer) = strip.hover_pos() {
            let at = first.0 + ((pointer.x - rect.left() - 6.0) / step.max(0.1)).floor() as i32;
            let nearest = (0..self.days.len()).min_by_key(|i| self.days.get(*i).map_or(i32::MAX, |d| (d.0.0 - at).abs()));
            if let Some((i, (day, trips))) = nearest.and_then(|i| self.days.get(i).map(|d| (i, d))) {
                let text = format!("{} {}: {}", weekday(*day), date(Stamp::of_day(*day)), crate::base::text::plural(trips.len(), "trip"));
                if strip.clicked() {
                    self.day = i;
                    self.trip = None;
                }
                strip.on_hover_text_at_pointer(text);
            }
        }
        ui.add_space(gap::XS);
    }

    /// The trips of a day with their loads; a click shows one.
    pub(super) fn list(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, height: f32, freight: &Freight, of_day: &[usize]) {
        ScrollArea::vertical()
            .id_salt("trips of the day")
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, false])
            .show_rows(ui, TRIP, of_day.len(), |ui, rows| {
                for k in rows {
                    if let Some(&at) = of_day.get(k) {
                        self.trip_line(ui, cx, freight, at, k);
                    }
                }
            });
    }

    fn trip_line(&mut self, ui: &mut Ui, cx: &mut Cx<'_>, freight: &Freight, at: usize, k: usize) {
        let t = theme::tokens(ui);
        let Some(trip) = freight.example.get(at) else { return };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 6.0, TRIP - 6.0), Sense::click());
        let money = cx.session.money.text(trip.cost());
        let vehicle = freight.fleet.get(trip.vehicle);
        let name = vehicle.map_or("", |v| &*v.name);
        let said = format!("Trip {}: {}, {}", k + 1, name, crate::base::text::plural(trip.stops.len(), "stop"));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, said.clone()));
        let chosen = self.trip == Some(at);
        let edge = if chosen || response.has_focus() || response.hovered() { t.accent } else { t.line };
        let p = ui.painter_at(rect);
        p.rect(rect, CornerRadius::same(6), if chosen { t.selected } else { t.card }, Stroke::new(1.0, edge), StrokeKind::Inside);
        let palette = palette(t);
        let color = palette.get(k % palette.len()).copied().unwrap_or(t.accent);
        let (left, top) = (rect.left() + 12.0, rect.top() + 8.0);
        p.circle_filled(pos2(left + 7.0, top + 8.0), 9.0, color);
        p.text(pos2(left + 7.0, top + 8.0), Align2::CENTER_CENTER, (k + 1).to_string(), FontId::proportional(11.0), t.ground);
        let assumed = cx.session.inputs.masters.vehicles.is_empty();
        let cost = p.text(
            pos2(rect.right() - 12.0, top),
            Align2::RIGHT_TOP,
            money,
            FontId::proportional(14.0),
            if assumed { t.assumed } else { t.text },
        );
        let stops = trip.stops.iter().map(|s| &*s.location).collect::<Vec<_>>().join(", ");
        let way = format!("{} to {stops}", trip.depot);
        clipped(&p, pos2(left + 24.0, top), cost.left() - left - 34.0, &way, 14.0, t.text);
        let kg = freight.example_kg_co2e.get(at).copied().unwrap_or(0.0);
        let line = format!("{name}, {} km, {:.1} h, {} kg CO2e", short(trip.km), trip.hours, short(kg));
        clipped(&p, pos2(left + 24.0, top + 20.0), rect.width() - 50.0, &line, 12.0, t.weak);
        let half = (rect.width() - 36.0) / 2.0;
        let (cap_kg, cap_m3) = vehicle.map_or((f64::INFINITY, f64::INFINITY), |v| (v.capacity_kg, v.capacity_m3));
        // where it is fullest
        let on_board = trip.most();
        for (i, (used, most, unit)) in [(on_board.kg, cap_kg, "kg"), (on_board.m3, cap_m3, "m³")].into_iter().enumerate() {
            let from = pos2(left + (half + 12.0) * i as f32, rect.bottom() - 22.0);
            let bar = Rect::from_min_size(pos2(from.x, from.y + 11.0), vec2(half, 5.0));
            p.rect_filled(bar, CornerRadius::same(2), t.line);
            let share = if most.is_finite() && most > 0.0 { (used / most) as f32 } else { 0.0 };
            let full = Rect::from_min_size(bar.min, vec2(half * share.clamp(0.0, 1.0), 5.0));
            p.rect_filled(full, CornerRadius::same(2), color);
            let text = if most.is_finite() {
                format!("{} of {} {unit}", short(used), short(most))
            } else {
                format!("{} {unit}, no limit", short(used))
            };
            clipped(&p, pos2(from.x, from.y - 5.0), half, &text, 11.0, t.weak);
        }
        if response.clicked() {
            self.trip = if chosen { None } else { Some(at) };
        }
        if let Some(from) = response.dnd_release_payload::<StopAt>() {
            self.grant(freight, *from, Some(at), cx);
        }
        match response.dnd_hover_payload::<StopAt>().and_then(|from| self.wish(freight, *from, Some(at))) {
            Some(w) => response.show_tooltip_text(format!("To trip {}: {}", k + 1, self.priced(&w, freight, cx))),
            None => drop(response.on_hover_text(format!("{way}\nclick for its stops, its clock and its goods"))),
        }
    }
}

/// Text that ends with an ellipsis where room does.
pub(super) fn clipped(p: &egui::Painter, at: egui::Pos2, width: f32, text: &str, size: f32, color: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), FontId::proportional(size), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(10.0));
    let galley = p.layout_job(job);
    p.galley(at, galley, color);
}

/// `Mon`.
pub(super) fn weekday(day: Day) -> &'static str {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].get(Stamp::of_day(day).weekday() as usize).copied().unwrap_or_default()
}
