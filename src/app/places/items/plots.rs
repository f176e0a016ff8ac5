//! The item's plots: stock to come with orders arriving, cost against level, history and forecast.

use super::answers::Answers;
use super::detail::end_of;
use crate::app::format::{percent, units};
use crate::app::places::Cx;
use crate::app::theme::{self, Tokens, gap};
use crate::app::widgets::legend::{Mark, legend, marked};
use crate::app::widgets::{self, plot};
use crate::base::{Calendar, Measure, Period};
use crate::forecast::Fitted;
use crate::history::{Series, censored};
use crate::inventory::CurvePoint;
use crate::scenario::{ByHand, SeriesOutcome};
use eframe::egui::{RichText, Ui};
use egui_plot::{HLine, LineStyle, MarkerShape, Plot, PlotPoint, Points, Text, VLine};
use std::sync::Arc;

/// Height of a plot, points.
const HEIGHT: f32 = 200.0;
/// Periods of history shown beside a forecast, at least; more where the horizon is longer.
const PAST: usize = 104;

/// What the plots keep between frames.
#[derive(Default)]
pub struct Plots {
    parts: bool,
    all_history: bool,
    fan: Option<Fan>,
}

/// Quantiles of a forecast by step.
struct Fan {
    of: Arc<Fitted>,
    factor: f64,
    by_hand: ByHand,
    p: [Vec<f64>; 5],
    mean: Vec<f64>,
    /// Demand by period of the history, estimated where the shelf was empty; empty where it never was.
    wanted: Vec<f64>,
}

impl Fan {
    const LEVELS: [f64; 5] = [0.025, 0.1, 0.5, 0.9, 0.975];

    fn new(s: &SeriesOutcome, f: &Arc<Fitted>, factor: f64, series: Option<&Series>, period: Period) -> Self {
        let short = |s: &&Series| s.in_stock.as_ref().is_some_and(|v| v.iter().any(|x| *x < 1.0));
        let n = f.mean.len();
        let path = s.expected();
        let path = path.as_deref().unwrap_or(&f.path);
        Self {
            p: Self::LEVELS.map(|p| (0..n).map(|i| path.quantile(i, p) * factor).collect()),
            mean: (0..n).map(|i| path.mean(i) * factor).collect(),
            wanted: series.filter(short).map_or_else(Vec::new, |s| censored::demand(s, period)),
            of: f.clone(),
            factor,
            by_hand: s.stocked.by_hand.clone(),
        }
    }
}

fn plot_over<'a>(id: &str, calendar: Option<&Calendar>, y: &str) -> Plot<'a> {
    match calendar {
        Some(_) => plot::dated(id, HEIGHT, y),
        None => plot::curve(id, HEIGHT, "period", y),
    }
}

impl Plots {
    /// Stock at period ends: mean, 8 of 10 futures, one of them in full, orders arriving, the reorder level.
    pub fn stock(&mut self, ui: &mut Ui, shown: Option<&SeriesOutcome>, calendar: Option<&Calendar>, stale: bool) {
        let t = theme::tokens(ui);
        widgets::section(ui, "Stock to come");
        let Some(s) = shown.filter(|s| !s.stock.outcome.profile.mean.is_empty()) else {
            waiting(ui, t, "The simulated stock comes here");
            return;
        };
        let profile = &s.stock.outcome.profile;
        let n = profile.mean.len();
        let xs: Vec<f64> = (0..n).map(|i| end_of(calendar, i)).collect();
        let line = |ys: &[f64]| xs.iter().zip(ys).map(|(x, y)| [*x, *y]).collect::<Vec<_>>();
        let dim = if stale { 0.45 } else { 1.0 };
        let (stock, example) = (t.stock.gamma_multiply(dim), t.third.gamma_multiply(dim));
        let band = plot::band("8 of 10 futures", &xs, &profile.p10, &profile.p90, theme::Tokens::band(t.stock, 0.22 * dim));
        let mean = plot::line("mean stock", line(&profile.mean), stock, 2.0);
        let future = s.stock.outcome.examples.first();
        let path = future.map(|e| {
            let points = xs.iter().zip(&e.stock).map(|(x, y)| [*x, f64::from(*y)]).collect();
            plot::line("one simulated future", points, example, 1.2)
        });
        let arriving: Vec<[f64; 2]> = future.map_or_else(Vec::new, |e| {
            e.received
                .iter()
                .take(n)
                .enumerate()
                .filter(|(_, u)| **u > 0.0)
                .map(|(i, u)| [if i == 0 { calendar.map_or(0.0, |c| plot::x_of(c.start)) } else { end_of(calendar, i - 1) }, f64::from(*u)])
                .collect()
        });
        let arriving = Points::new("units arriving in that future", arriving).color(t.accent).shape(MarkerShape::Up).radius(4.0).stems(0.0);
        let level = s
            .stock
            .advice
            .as_ref()
            .map(|a| HLine::new("reorder level now", a.reorder_point).color(t.warn).style(LineStyle::dashed_dense()));
        legend(
            ui,
            &[
                (Mark::Line, stock, "mean"),
                (Mark::Band, theme::Tokens::band(t.stock, 0.3), "8 of 10 futures"),
                (Mark::Line, example, "one simulated future"),
                (Mark::Dot, t.accent, "orders arriving in it"),
                (Mark::Dashed, t.warn, "reorder level now"),
            ],
        );
        plot_over("stock fan", calendar, "units in stock").include_y(0.0).show(ui, |p| {
            p.add(band);
            if let Some(path) = path {
                p.line(path);
            }
            p.line(mean);
            p.points(arriving);
            if let Some(level) = level {
                p.hline(level);
            }
        });
        if let Some(factor) = Some(s.stocked.demand_factor).filter(|f| (f - 1.0).abs() > 1e-9) {
            ui.label(RichText::new(format!("Demand is simulated at {} of the forecast", percent(factor))).small().color(t.weak));
        }
    }

    /// Expected cost against the order-up-to level, with where things stand and where cost is least.
    pub fn cost(&mut self, ui: &mut Ui, cx: &Cx<'_>, shown: Option<&SeriesOutcome>, present: Option<&SeriesOutcome>, answers: &Answers) {
        let t = theme::tokens(ui);
        widgets::section(ui, "Cost against stock level");
        let Some(s) = shown.filter(|s| !s.stock.curve.is_empty()) else {
            waiting(ui, t, "The cost curve comes here");
            return;
        };
        let curve = &s.stock.curve;
        let xs: Vec<f64> = curve.iter().map(|c| c.up_to).collect();
        let of = |f: fn(&CurvePoint) -> f64| curve.iter().map(|c| [c.up_to, f(c)]).collect::<Vec<_>>();
        let low: Vec<f64> = curve.iter().map(|c| c.total_cost.mean - c.total_cost.half_width).collect();
        let high: Vec<f64> = curve.iter().map(|c| c.total_cost.mean + c.total_cost.half_width).collect();
        let band = plot::band("simulation error", &xs, &low, &high, theme::Tokens::band(t.accent, 0.25));
        let total = plot::line("total cost", of(|c| c.total_cost.mean), t.accent, 2.2);
        let stockout = plot::line("stockout cost", of(|c| c.stockout_cost), t.bad, 1.5);
        let overstock = plot::line("overstock cost", of(|c| c.overstock_cost), t.warn, 1.5);
        let best = curve.iter().chain(s.stock.best.as_ref()).min_by(|a, b| a.total_cost.mean.total_cmp(&b.total_cost.mean)).copied();
        let here = s.stock.present.or(s.stock.best);
        let was = answers.is_moved().then(|| present.and_then(|p| p.stock.present.or(p.stock.best))).flatten();
        let mark = |name: &'static str, c: CurvePoint, color, shape| {
            Points::new(name, vec![[c.up_to, c.total_cost.mean]]).color(color).shape(shape).radius(6.0)
        };
        let money = &cx.session.money;
        legend(
            ui,
            &[
                (Mark::Line, t.accent, "total"),
                (Mark::Band, theme::Tokens::band(t.accent, 0.35), "its 95 % error"),
                (Mark::Line, t.bad, "stockout"),
                (Mark::Line, t.warn, "overstock"),
            ],
        );
        let currency = if money.currency.is_empty() { "money" } else { &money.currency };
        let same = here.zip(best).is_some_and(|(h, b)| (h.up_to - b.up_to).abs() < 0.5 && (h.s - b.s).abs() < 0.5);
        let name = |text: &'static str| RichText::new(text).size(13.0).strong();
        let at = |c: CurvePoint| PlotPoint::new(c.up_to, c.total_cost.mean);
        let above = |c: CurvePoint, text: &'static str, color| {
            Text::new(text, at(c), name(text)).color(color).anchor(eframe::egui::Align2::CENTER_BOTTOM).allow_hover(false)
        };
        plot::curve("cost curve", HEIGHT, "order up to, units", currency).include_y(0.0).show(ui, |p| {
            p.add(band);
            p.line(stockout);
            p.line(overstock);
            p.line(total);
            if let Some(b) = best.filter(|_| !same) {
                p.vline(VLine::new("best", b.up_to).color(t.good).style(LineStyle::dotted_dense()).allow_hover(false));
                p.points(mark("best", b, t.good, MarkerShape::Diamond));
                p.text(above(b, "best\n", t.good));
            }
            if let Some(h) = here {
                p.vline(VLine::new("you are here", h.up_to).color(t.text).style(LineStyle::dotted_dense()).allow_hover(false));
                p.points(mark("you are here", h, t.text, MarkerShape::Circle));
                let text = match (same, answers.is_moved()) {
                    (true, false) => "you are here: best\n",
                    (true, true) => "what if: best\n",
                    (false, false) => "you are here\n",
                    (false, true) => "what if\n",
                };
                p.text(above(h, text, t.text));
            }
            if let Some(w) = was {
                p.vline(VLine::new("now", w.up_to).color(t.weak).style(LineStyle::dotted_dense()).allow_hover(false));
            }
        });
        if let Some((h, b)) = here.zip(best).filter(|_| !same) {
            let extra = h.total_cost.mean - b.total_cost.mean;
            let error = h.total_cost.half_width.hypot(b.total_cost.half_width);
            let m = Measure { mean: extra, half_width: error, ..Measure::default() };
            let text = format!(
                "The present level costs {} more than the cheapest ({} against {} units): {}",
                money.measure(&m),
                units(h.up_to.round()),
                units(b.up_to.round()),
                if extra <= error { "no more than the simulation's error" } else { "the price of the service or the levels asked for" }
            );
            ui.label(RichText::new(text).small().color(t.weak));
        }
    }

    /// History and forecast fan, with level and season on demand, the model in words, its weights and errors.
    pub fn forecast(&mut self, ui: &mut Ui, cx: &Cx<'_>, s: &SeriesOutcome, calendar: Option<&Calendar>) {
        let t = theme::tokens(ui);
        widgets::section(ui, "History and forecast");
        let Some(f) = &s.forecast else {
            ui.label(RichText::new("Demand is a distribution of the scenario, there is no history behind it").color(t.weak));
            return;
        };
        let factor = s.stocked.demand_factor;
        if self
            .fan
            .as_ref()
            .is_none_or(|fan| !Arc::ptr_eq(&fan.of, f) || fan.factor.to_bits() != factor.to_bits() || fan.by_hand != s.stocked.by_hand)
        {
            let h = cx.session.inputs.history.as_ref();
            let period = h.map_or(Period::Day, |h| h.period);
            self.fan = Some(Fan::new(s, f, factor, h.and_then(|h| h.series.get(s.stocked.series)), period));
        }
        let Some((fan, history)) = self.fan.as_ref().zip(cx.session.inputs.history.as_ref()) else { return };
        let Some(series) = history.series.get(s.stocked.series) else { return };
        let past = Calendar::new(history.period, series.start);
        let n = series.y.len();
        // forecasts start where the series ends, which may be before now
        let first = calendar.map_or(past, |c| Calendar::new(c.period, past.at(n as i64)));
        let keep = if self.all_history { n } else { n.min(PAST.max(3 * fan.mean.len())) };
        let known: Vec<[f64; 2]> = series
            .y
            .iter()
            .enumerate()
            .skip(n - keep)
            .filter(|(_, y)| y.is_finite())
            .map(|(i, y)| [plot::x_of(past.at(i as i64)), *y])
            .collect();
        let out: Vec<[f64; 2]> = series.in_stock.as_ref().map_or_else(Vec::new, |share| {
            let short = share.iter().zip(&series.y).enumerate().skip(n - keep).filter(|(_, (s, y))| **s < 1.0 && y.is_finite());
            short.map(|(i, (_, y))| [plot::x_of(past.at(i as i64)), *y]).collect()
        });
        let xs: Vec<f64> = (0..fan.mean.len()).map(|i| plot::x_of(first.at(i as i64))).collect();
        let line = |ys: &[f64]| xs.iter().zip(ys).map(|(x, y)| [*x, *y]).collect::<Vec<_>>();
        let [p025, p10, p50, p90, p975] = &fan.p;
        let outer = plot::band("95 % interval", &xs, p025, p975, theme::Tokens::band(t.accent, 0.14));
        let inner = plot::band("80 % interval", &xs, p10, p90, theme::Tokens::band(t.accent, 0.26));
        let median = plot::line("median", line(p50), t.accent, 1.2).style(LineStyle::dashed_dense());
        let mean = plot::line("mean", line(&fan.mean), t.accent, 2.2);
        let sold = plot::line("sold", known, t.past, 1.4);
        let missing = Points::new("sold while out of stock at times", out.clone()).color(t.bad).radius(2.5);
        let level: Vec<f64> = f.components.iter().map(|c| c.level * factor).collect();
        let season: Vec<f64> = f.components.iter().map(|c| c.seasonal * factor).collect();
        let known = s.known.as_deref().filter(|k| !k.effects.is_empty());
        let driven: Option<Vec<f64>> = known.map(|k| (0..f.mean.len()).map(|h| k.units(h) * factor).collect());
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut self.parts, "Show its parts")
                .on_hover_text("Level with trend, the seasonal deviation from it, and what events and prices add; they add up to the mean");
            if n > PAST.max(3 * fan.mean.len()) {
                ui.checkbox(&mut self.all_history, "All history");
            }
        });
        let mut entries = vec![
            (Mark::Line, t.past, "sold"),
            (Mark::Line, t.accent, "mean forecast"),
            (Mark::Dashed, t.accent, "median"),
            (Mark::Band, theme::Tokens::band(t.accent, 0.40), "80 % interval"),
            (Mark::Band, theme::Tokens::band(t.accent, 0.18), "95 % interval"),
        ];
        if !out.is_empty() {
            entries.push((Mark::Dot, t.bad, "out of stock at times"));
        }
        let shown = n.saturating_sub(keep)..n;
        let estimated: Vec<_> = apart(&fan.wanted, &series.y, shown)
            .into_iter()
            .map(|run| run.into_iter().map(|(i, y)| [plot::x_of(past.at(i as i64)), y]).collect())
            .map(|points| plot::line("estimated demand", points, t.warn, 1.4).style(LineStyle::dotted_dense()))
            .collect();
        if !estimated.is_empty() {
            entries.push((Mark::Dashed, t.warn, "estimated demand"));
        }
        if self.parts {
            entries.push((Mark::Line, t.third, "level"));
            entries.push((Mark::Dashed, t.third, "season"));
            if driven.is_some() {
                entries.push((Mark::Line, t.good, "events and prices"));
            }
        }
        let changed = !s.stocked.by_hand.steps.is_empty();
        let models: Vec<f64> = f.mean.iter().map(|m| m * factor).collect();
        let models = changed.then(|| plot::line("models alone", line(&models), t.warn, 1.4).style(LineStyle::dashed_dense()));
        if changed {
            entries.push((Mark::Dashed, t.warn, "models alone"));
        }
        let kept = frozen(cx, s);
        if kept.is_some() {
            entries.push((Mark::Dashed, t.weak, "earlier forecast"));
        }
        legend(ui, &entries);
        let parts = self.parts;
        let (level, season) = (plot::line("level", line(&level), t.third, 1.8), plot::line("season", line(&season), t.third, 1.4));
        let driven = driven.filter(|_| parts).map(|d| plot::line("events and prices", line(&d), t.good, 1.6));
        let (y, weak) = (format!("units a {}", history.period), t.weak);
        plot::dated("forecast fan", HEIGHT, &y).include_y(0.0).show(ui, move |p| {
            p.add(outer);
            p.add(inner);
            estimated.into_iter().for_each(|l| p.line(l));
            p.line(sold);
            p.points(missing);
            p.line(median);
            p.line(mean);
            models.into_iter().for_each(|l| p.line(l));
            kept.into_iter().for_each(|points| p.line(plot::line("earlier forecast", points, weak, 1.4).style(LineStyle::dotted_dense())));
            if parts {
                p.line(level);
                p.line(season.style(LineStyle::dashed_dense()));
                driven.into_iter().for_each(|l| p.line(l));
            }
        });
        ui.label(&f.explanation);
        if changed {
            let text = crate::base::text::sentence(&s.stocked.by_hand.phrase());
            ui.label(RichText::new(text).color(t.warn)).on_hover_text("Changed or taken back in Forecast, Change by hand");
        }
        self.weights(ui, t, f);
        accuracy(ui, t, f);
    }

    fn weights(&self, ui: &mut Ui, t: &Tokens, f: &Fitted) {
        if f.weights.len() < 2 && f.trees <= 0.0 {
            return;
        }
        // methods share what trees over all series leave them
        let left = 1.0 - f.trees;
        let trees = (f.trees > 0.0).then_some(("trees of all series", f.trees));
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("Weights").color(t.weak));
            for (name, weight) in f.weights.iter().map(|w| (w.model.name(), left * w.weight)).chain(trees) {
                let name = RichText::new(format!("{name} {}", percent(weight))).color(t.text);
                let rect = marked(ui, eframe::egui::vec2(46.0, 10.0), name);
                ui.painter().rect_filled(rect, 2.0, t.line);
                let mut full = rect;
                full.set_width(rect.width() * weight.clamp(0.0, 1.0) as f32);
                ui.painter().rect_filled(full, 2.0, t.accent);
                ui.add_space(gap::XS);
            }
        });
    }
}

/// Where demand is estimated to differ from what was sold: runs of periods with their neighbours, where both lines meet again.
fn apart(wanted: &[f64], sold: &[f64], shown: std::ops::Range<usize>) -> Vec<Vec<(usize, f64)>> {
    let differs = |i: usize| {
        let (w, y) = (wanted.get(i).copied().unwrap_or(f64::NAN), sold.get(i).copied().unwrap_or(f64::NAN));
        w.is_finite() && (y.is_nan() || (w - y).abs() > 1e-9 * y.abs().max(1.0))
    };
    let near = |i: usize| differs(i) || differs(i + 1) || i.checked_sub(1).is_some_and(differs);
    let mut out: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut open = false;
    for i in shown {
        match wanted.get(i).filter(|y| y.is_finite() && near(i)) {
            Some(y) if open => out.last_mut().into_iter().for_each(|run| run.push((i, *y))),
            Some(y) => out.push(vec![(i, *y)]),
            None => {}
        }
        open = wanted.get(i).is_some_and(|y| y.is_finite() && near(i));
    }
    out
}

/// The newest forecast of the series that was kept when newer sales came in.
fn frozen(cx: &Cx<'_>, s: &SeriesOutcome) -> Option<Vec<[f64; 2]>> {
    let kept = cx.session.project.document().frozen.last()?;
    let f = kept.series.iter().find(|f| f.unique_id == s.stocked.unique_id)?;
    let calendar = Calendar::new(kept.period, f.start);
    Some(f.mean.iter().enumerate().map(|(i, m)| [plot::x_of(calendar.at(i as i64)), *m]).collect())
}

fn accuracy(ui: &mut Ui, t: &Tokens, f: &Fitted) {
    let a = &f.accuracy;
    if a.windows == 0 {
        return;
    }
    let share = |x: Option<f64>| x.map_or_else(|| "–".into(), percent);
    let plain = |x: Option<f64>| x.map_or_else(|| "–".into(), |v| crate::base::text::printed(v, 2));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::M;
        for (name, value, hover) in [
            ("WAPE", share(a.wape), "Sum of absolute errors over the sum of demand, on held-out windows"),
            ("MASE", plain(a.mase), "Mean absolute error over that of repeating the last season; below 1 is better than that"),
            ("bias", share(a.bias), "Too high on the whole where positive, too low where negative"),
            ("in the 80 % interval", share(a.coverage_80), "Share of held-out periods inside; 80 % is right, more is too wide"),
            ("in the 95 % interval", share(a.coverage_95), "Share of held-out periods inside; 95 % is right"),
            ("value added", share(a.fva), "Share of the error of repeating the last season that this forecast saves"),
        ] {
            ui.label(RichText::new(format!("{name} {value}")).color(t.weak)).on_hover_text(hover);
        }
    });
}

fn waiting(ui: &mut Ui, t: &Tokens, text: &str) {
    theme::card(t).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(HEIGHT - 30.0);
        ui.label(RichText::new(text).color(t.weak));
    });
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn estimates_are_drawn_where_they_differ_from_sales() {
        let sold = [5.0, 5.0, 2.0, 5.0, 5.0, 5.0, 0.0, f64::NAN];
        let wanted = [5.0, 5.0, 6.0, 5.0, 5.0, 5.0, 4.0, 5.0];
        let runs = apart(&wanted, &sold, 0..8);
        assert_eq!(runs, [vec![(1, 5.0), (2, 6.0), (3, 5.0)], vec![(5, 5.0), (6, 4.0), (7, 5.0)]]);
        assert!(apart(&sold[..6], &sold[..6], 0..6).is_empty());
        assert!(apart(&[], &sold, 0..8).is_empty());
    }
}
