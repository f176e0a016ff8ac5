//! Forecast: how good the forecasts are, of all items together and one by one, what they get wrong in money first.

mod by_hand;
mod known;
mod since;

use super::{Cx, Furnished};
use crate::app::action::{Action, Answer};
use crate::app::format::{percent, signed_percent};
use crate::app::jobs::Key;
use crate::app::places::Place;
use crate::app::theme::{self, gap};
use crate::app::widgets::legend::{Mark, legend};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, Tile, plot};
use crate::base::Calendar;
use crate::base::text::plural;
use crate::forecast::Frozen;
use crate::report::svg as report;
use crate::report::{Column, Table};
use crate::scenario::resolve::Assumed;
use crate::scenario::{Inputs, Outcome};
use eframe::egui::{RichText, ScrollArea, Ui};
use egui_plot::{Bar, BarChart};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Steps of the histogram of errors: tenths of demand, the last for everything above.
const BINS: usize = 16;

/// What of the place is shown.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Tab {
    #[default]
    Together,
    Each,
    Known,
    ByHand,
    Since,
}

/// The place's look.
#[derive(Default)]
pub struct Forecast {
    tab: Tab,
    table: TableState,
    known: known::Known,
    by_hand: by_hand::ByHand,
    since: TableState,
    found: Option<(Arc<Outcome>, Arc<Summary>)>,
    asked: Option<Arc<Outcome>>,
    stamp: u64,
}

/// What the place shows, made off the interface thread.
struct Summary {
    outcome: Arc<Outcome>,
    /// Day and units of all series together.
    sold: Vec<[f64; 2]>,
    /// Day, mean, low and high of the 80 % interval.
    ahead: [Vec<f64>; 4],
    table: Table,
    ids: Vec<Arc<str>>,
    /// Series by their WAPE in steps of a tenth.
    bins: [usize; BINS],
    /// Share of all weights by model.
    models: Vec<(String, f64)>,
    wape: Option<f64>,
    bias: Option<f64>,
    inside: [Option<f64>; 2],
    better: Option<f64>,
    tested: usize,
    /// What is known ahead, a line a column or event.
    effects: Table,
    /// A forecast kept before newer sales came, held against them.
    since: Option<since::Since>,
}

impl Furnished for Forecast {
    fn ui(&mut self, ui: &mut Ui, cx: &mut Cx<'_>) {
        widgets::title(ui, "Forecast", "How far the forecasts can be trusted, tested on periods that they had not seen");
        let Some(outcome) = cx.session.outcome.clone() else {
            widgets::empty(ui, "Computing", "Accuracy of every forecast comes here, in a moment", None);
            return;
        };
        if super::unplanned(ui, cx) {
            return;
        }
        if outcome.series.iter().all(|s| s.forecast.is_none()) {
            widgets::empty(
                ui,
                "No forecasts",
                "This scenario draws demand from a distribution; open a file with sales for forecasts",
                None,
            );
            return;
        }
        if self.asked.as_ref().is_none_or(|a| !Arc::ptr_eq(a, &outcome)) {
            self.asked = Some(outcome.clone());
            let (inputs, outcome) = (cx.session.inputs.clone(), outcome.clone());
            let frozen = cx.session.project.document().frozen.clone();
            cx.act(Action::Work {
                place: Place::Forecast,
                key: Key::Forecasts,
                label: "Adding up forecasts".into(),
                work: Box::new(move |_| Box::new(Arc::new(summary(&inputs, outcome, &frozen)))),
            });
        }
        let Some((_, found)) = self.found.clone() else {
            widgets::empty(ui, "Adding up", "Accuracy of every forecast comes here, in a moment", None);
            return;
        };
        ui.horizontal(|ui| {
            ui.selectable_value(&mut self.tab, Tab::Together, "All together");
            ui.selectable_value(&mut self.tab, Tab::Each, "Every series");
            ui.selectable_value(&mut self.tab, Tab::Known, "Events and drivers");
            ui.selectable_value(&mut self.tab, Tab::ByHand, "Change by hand");
            let alerts = found.since.as_ref().map_or(0, |s| s.alerts());
            let name = if alerts > 0 { format!("Since then ({})", plural(alerts, "alert")) } else { "Since then".to_owned() };
            ui.selectable_value(&mut self.tab, Tab::Since, name);
            if cx.session.is_stale() {
                ui.label(RichText::new("Older than your last edit").color(theme::tokens(ui).warn));
            }
        });
        ui.add_space(gap::XS);
        match self.tab {
            Tab::Each => {
                let happened = self.table.ui(ui, "accuracy", &found.table, self.stamp, None);
                if let Some(id) = happened.clicked.and_then(|i| found.ids.get(i)) {
                    cx.act(Action::Show(id.clone()));
                }
                if happened.export {
                    cx.act(Action::ExportTable { table: Box::new(found.table.clone()), name: "forecast accuracy.csv".into() });
                }
            }
            Tab::Together => {
                ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| self.together(ui, &found));
            }
            Tab::Known => {
                let stamp = self.stamp;
                ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| self.known.ui(ui, cx, &found, stamp));
            }
            Tab::ByHand => self.by_hand.ui(ui, cx, &outcome),
            Tab::Since => since::ui(ui, cx, &found, &mut self.since, self.stamp),
        }
    }

    fn answer(&mut self, _key: Key, answer: Answer) {
        let answer = match answer.downcast::<known::Added>() {
            Ok(added) => return self.known.answer(*added),
            Err(other) => other,
        };
        if let Ok(found) = answer.downcast::<Arc<Summary>>() {
            if self.found.is_none() {
                // money first: the error at cost
                self.table = TableState::sorted(4, true);
            }
            self.stamp += 1;
            self.found = Some((found.outcome.clone(), *found));
        }
    }
}

impl Forecast {
    fn together(&mut self, ui: &mut Ui, s: &Summary) {
        let t = theme::tokens(ui);
        let share = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), percent);
        let tiles = [
            ("Missed demand (WAPE)", share(s.wape), format!("of demand, on {} series tested", s.tested)),
            ("Bias", s.bias.map_or_else(|| "–".to_owned(), signed_percent), "too high where positive, too low where negative".to_owned()),
            ("In the 80 % interval", share(s.inside[0]), "of held-out periods; 80 % is right".to_owned()),
            ("In the 95 % interval", share(s.inside[1]), "of held-out periods; 95 % is right".to_owned()),
            ("Better than repeating", share(s.better), "of series beat last season's sales".to_owned()),
        ];
        let shown: Vec<Tile<'_>> = tiles
            .iter()
            .map(|(name, figure, note)| Tile {
                name,
                figure: figure.clone(),
                note: note.clone(),
                color: None,
                assumed: None,
                opens: "Shows every series",
            })
            .collect();
        if widgets::tiles::tiles(ui, 190.0, 5, &shown).is_some() {
            self.tab = Tab::Each;
        }
        widgets::section(ui, "Demand of everything together");
        legend(
            ui,
            &[
                (Mark::Line, t.past, "sold"),
                (Mark::Line, t.accent, "mean forecast"),
                (Mark::Band, theme::Tokens::band(t.accent, 0.4), "80 % interval"),
            ],
        );
        let [xs, mean, low, high] = &s.ahead;
        let band = plot::band("80 % interval", xs, low, high, theme::Tokens::band(t.accent, 0.26));
        let ahead = plot::line("mean forecast", xs.iter().zip(mean).map(|(x, y)| [*x, *y]).collect(), t.accent, 2.2);
        let sold = plot::line("sold", s.sold.clone(), t.past, 1.5);
        let unit = format!("units a {}", s.outcome.period);
        plot::dated("demand of all", 210.0, &unit).include_y(0.0).show(ui, |p| {
            p.add(band);
            p.line(sold);
            p.line(ahead);
        });
        let hint =
            "The interval adds up the series' own as if they varied independently; where they rise and fall together it is too narrow";
        ui.label(RichText::new(hint).small().color(t.weak));
        let (n, width) = widgets::plot::columns(ui, 360.0, 2);
        let bars: Vec<Bar> =
            s.bins.iter().enumerate().map(|(i, n)| Bar::new(i as f64 * 10.0 + 5.0, *n as f64).width(9.0).fill(t.accent)).collect();
        let weights = report::BarChart {
            groups: s
                .models
                .iter()
                .map(|(name, w)| report::BarGroup { label: name.clone(), values: vec![w * 100.0], half_width: None })
                .collect(),
            unit: "% of all weights".into(),
            series: vec!["weight".into()],
            ..report::BarChart::default()
        };
        let errors = |ui: &mut Ui| {
            widgets::section(ui, "Series by missed demand");
            let p = plot::curve("errors", 190.0, "WAPE, % of demand (the last bar: 150 and more)", "series")
                .show_grid([false, true])
                .include_y(0.0);
            p.show(ui, |p| p.bar_chart(BarChart::new("series", bars).color(t.accent)));
        };
        let models = |ui: &mut Ui| {
            widgets::section(ui, "Models at work");
            ui.label(RichText::new("% of all weights in the combined forecasts").small().color(t.weak));
            widgets::bars::bars(ui, &weights, true);
        };
        if n > 1 {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    ui.set_width(width - gap::S);
                    errors(ui);
                });
                ui.vertical(|ui| {
                    ui.set_width(width - gap::S);
                    models(ui);
                });
            });
        } else {
            errors(ui);
            models(ui);
        }
    }
}

fn summary(inputs: &Inputs, outcome: Arc<Outcome>, frozen: &[Arc<Frozen>]) -> Summary {
    let all: Vec<_> = outcome.series.iter().filter_map(|s| s.forecast.as_ref().map(|f| (s, f))).collect();
    let (mut sold, mut ahead) = (BTreeMap::<i64, f64>::new(), BTreeMap::<i64, (f64, f64)>::new());
    let mut sums = [0.0; 4];
    let mut weights = BTreeMap::<String, f64>::new();
    let (mut bins, mut tested, mut judged, mut better, mut demand_tested) = ([0; BINS], 0, 0, 0, 0.0);
    let mut error_value = Vec::with_capacity(all.len());
    let now = outcome.now.map(|now| Calendar::new(outcome.period, now));
    for (s, f) in &all {
        if let Some((h, series)) = inputs.history.as_ref().and_then(|h| h.series.get(s.stocked.series).map(|x| (h, x))) {
            let past = Calendar::new(h.period, series.start);
            for (i, y) in series.y.iter().enumerate().filter(|(_, y)| y.is_finite()) {
                *sold.entry(past.at(i as i64).0).or_default() += y;
            }
        }
        if let Some(c) = &now {
            // the forecast starts where the series ends, `lag` periods before now
            for (i, m) in f.mean.iter().enumerate().skip(s.stocked.lag) {
                let sd = f.path.sd(i);
                let at = ahead.entry(c.at((i - s.stocked.lag) as i64).0).or_default();
                // what was changed by hand stretches the spread with the mean
                let step = i - s.stocked.lag;
                let by_hand = s.stocked.by_hand.steps.binary_search_by_key(&step, |x| x.step).ok();
                let said = by_hand.and_then(|k| s.stocked.by_hand.steps.get(k)).map_or(*m, |x| x.mean);
                let stretch = if *m > 1e-9 { said / m } else { 1.0 };
                at.0 += said * s.stocked.demand_factor;
                at.1 += (sd * stretch * s.stocked.demand_factor).powi(2);
            }
        }
        for w in &f.weights {
            *weights.entry(w.model.name().to_owned()).or_default() += (1.0 - f.trees) * w.weight;
        }
        if f.trees > 0.0 {
            *weights.entry("trees of all series".to_owned()).or_default() += f.trees;
        }
        let (a, demand) = (&f.accuracy, s.stock.outcome.measures.demand.mean);
        error_value.push(a.wape.map_or(f64::NAN, |w| w * demand * s.stocked.costs.unit));
        if let Some(wape) = a.wape {
            tested += 1;
            demand_tested += demand;
            if let Some(bin) = bins.get_mut(((wape * 10.0).max(0.0) as usize).min(BINS - 1)) {
                *bin += 1;
            }
            for (sum, x) in sums.iter_mut().zip([Some(wape), a.bias, a.coverage_80, a.coverage_95]) {
                *sum += x.unwrap_or(0.0) * demand;
            }
        }
        if let Some(v) = a.fva {
            judged += 1;
            better += usize::from(v > 0.0);
        }
    }
    let mean = |i: usize| (demand_tested > 0.0).then(|| sums.get(i).copied().unwrap_or(0.0) / demand_tested);
    let total: f64 = weights.values().sum();
    let mut models: Vec<(String, f64)> = weights.into_iter().map(|(m, w)| (m, w / total.max(1e-12))).collect();
    models.sort_by(|a, b| b.1.total_cmp(&a.1));
    models.truncate(12);
    let number = |f: fn(&crate::forecast::Fitted) -> Option<f64>| all.iter().map(|(_, x)| f(x).unwrap_or(f64::NAN)).collect::<Vec<_>>();
    let assumed = all.iter().map(|(s, _)| s.stocked.assumed.contains(&Assumed::Cost));
    let table = Table::new(vec![
        Column::text("item", all.iter().map(|(s, _)| s.stocked.item.to_string())),
        Column::text_opt("description", all.iter().map(|(s, _)| s.stocked.description.as_ref().map(ToString::to_string))),
        Column::text("location", all.iter().map(|(s, _)| s.stocked.location.to_string())),
        Column::number("demand", 0, all.iter().map(|(s, _)| s.stock.outcome.measures.demand.mean)).label("demand ahead, units"),
        Column::number("error_at_cost", 0, error_value).label("error at cost").assumed(assumed),
        Column::number("wape", 3, number(|f| f.accuracy.wape)).label("WAPE"),
        Column::number("mase", 2, number(|f| f.accuracy.mase)).label("MASE"),
        Column::number("bias", 3, number(|f| f.accuracy.bias)),
        Column::number("coverage_80", 2, number(|f| f.accuracy.coverage_80)).label("in 80 %"),
        Column::number("coverage_95", 2, number(|f| f.accuracy.coverage_95)).label("in 95 %"),
        Column::number("value_added", 3, number(|f| f.accuracy.fva)),
        Column::integer("windows", all.iter().map(|(_, f)| f.accuracy.windows as i64)),
        Column::text("changed_by_hand", all.iter().map(|(s, _)| s.stocked.by_hand.words.join("; "))).label("changed by hand"),
        Column::text("model", all.iter().map(|(_, f)| f.model.clone())),
    ]);
    let x = |t: i64| plot::x_of(crate::base::Stamp(t));
    let z = 1.281_551_565_5;
    let side = |sign: f64| ahead.values().map(|(m, v)| (m + sign * z * v.sqrt()).max(0.0)).collect::<Vec<_>>();
    let span = 156.max(3 * ahead.len());
    let mut past: Vec<[f64; 2]> = sold.iter().rev().take(span).map(|(t, y)| [x(*t), *y]).collect();
    past.reverse();
    Summary {
        sold: past,
        ahead: [ahead.keys().map(|t| x(*t)).collect(), ahead.values().map(|v| v.0).collect(), side(-1.0), side(1.0)],
        ids: all.iter().map(|(s, _)| s.stocked.unique_id.clone()).collect(),
        table,
        bins,
        models,
        wape: mean(0),
        bias: mean(1),
        inside: [mean(2), mean(3)],
        better: (judged > 0).then(|| better as f64 / judged as f64),
        tested,
        effects: known::table(&outcome),
        since: since::since(frozen, inputs.history.as_ref()),
        outcome: outcome.clone(),
    }
}
