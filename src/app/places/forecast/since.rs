//! The forecast as it stood before the newest sales came in, beside what was sold since.

use super::Summary;
use crate::app::action::Action;
use crate::app::format::{date, percent, signed_percent};
use crate::app::places::Cx;
use crate::app::theme;
use crate::app::widgets::legend::{Mark, legend};
use crate::app::widgets::table::TableState;
use crate::app::widgets::{self, Tile, plot};
use crate::base::Calendar;
use crate::forecast::Frozen;
use crate::forecast::monitor::{self, Checked, Together};
use crate::history::History;
use crate::report::{Column, Table};
use eframe::egui::{RichText, Ui};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A frozen forecast held against the sales, made off the interface thread.
pub(super) struct Since {
    frozen: Arc<Frozen>,
    table: Table,
    ids: Vec<Arc<str>>,
    together: Together,
    /// Day, units sold and units forecast, of all periods that every number is known of.
    sold: Vec<[f64; 2]>,
    forecast: Vec<[f64; 2]>,
}

impl Since {
    pub(super) const fn alerts(&self) -> usize {
        self.together.alerts
    }
}

/// The newest frozen forecast that has something to be compared with.
pub(super) fn since(frozen: &[Arc<Frozen>], history: Option<&History>) -> Option<Since> {
    let history = history?;
    frozen.iter().rev().find_map(|f| {
        let checked = monitor::check(f, history);
        (!checked.is_empty()).then(|| of(f.clone(), checked, history))
    })
}

fn of(frozen: Arc<Frozen>, mut checked: Vec<Checked>, history: &History) -> Since {
    // alerts first, those with most units at stake before
    checked.sort_by(|a, b| b.drift.is_some().cmp(&a.drift.is_some()).then(b.errors[2].total_cmp(&a.errors[2])));
    let nan = |f: fn(&Checked) -> Option<f64>| checked.iter().map(|c| f(c).unwrap_or(f64::NAN)).collect::<Vec<_>>();
    let table = Table::new(vec![
        Column::text("unique_id", checked.iter().map(|c| c.unique_id.to_string())).label("series"),
        Column::text("what_to_do", checked.iter().map(|c| c.advice.clone())).label("alert"),
        Column::integer("periods", checked.iter().map(|c| c.periods as i64)),
        Column::number("sold", 0, checked.iter().map(|c| c.actual)).label("sold, units"),
        Column::number("forecast", 0, checked.iter().map(|c| c.forecast)).label("forecast, units"),
        Column::number("wape", 3, nan(|c| c.wape)).label("WAPE"),
        Column::number("bias", 3, nan(|c| c.bias)),
        Column::number("tracking_signal", 1, nan(|c| c.tracking_signal)).label("tracking signal"),
        Column::number("coverage_80", 2, nan(|c| c.coverage_80)).label("in 80 %"),
        Column::number("fva_models", 3, nan(|c| c.fva_models)).label("models add"),
        Column::number("fva_by_hand", 3, nan(|c| c.fva_by_hand)).label("changes add"),
    ]);
    let known: HashMap<&str, _> = history.series.iter().map(|s| (&*s.unique_id, s)).collect();
    let mut days: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for f in &frozen.series {
        let Some(s) = known.get(&*f.unique_id) else { continue };
        let calendar = Calendar::new(history.period, f.start);
        for (t, (a, m)) in monitor::actuals(f, s, history.period).into_iter().zip(&f.mean).enumerate() {
            if a.is_finite() {
                let at = days.entry(calendar.at(t as i64).0).or_default();
                at.0 += a;
                at.1 += m;
            }
        }
    }
    let line = |pick: fn(&(f64, f64)) -> f64| days.iter().map(|(t, v)| [plot::x_of(crate::base::Stamp(*t)), pick(v)]).collect();
    Since {
        together: monitor::together(&checked),
        ids: checked.iter().map(|c| c.unique_id.clone()).collect(),
        table,
        sold: line(|v| v.0),
        forecast: line(|v| v.1),
        frozen,
    }
}

pub(super) fn ui(ui: &mut Ui, cx: &mut Cx<'_>, s: &Summary, state: &mut TableState, stamp: u64) {
    let Some(since) = &s.since else {
        let next = "When newer sales are added, the forecast as it stands now is kept and held against them here";
        widgets::empty(ui, "Nothing to compare yet", next, None);
        return;
    };
    let t = theme::tokens(ui);
    let all = &since.together;
    let share = |x: Option<f64>| x.map_or_else(|| "–".to_owned(), percent);
    let tiles = [
        ("Alerts", all.alerts.to_string(), format!("of {} series compared", all.series)),
        ("Missed demand (WAPE)", share(all.wape), "of what was sold since".to_owned()),
        ("Bias", all.bias.map_or_else(|| "–".to_owned(), signed_percent), "too high where positive, too low where negative".to_owned()),
        ("In the 80 % interval", share(all.coverage_80), "of periods since; 80 % is right".to_owned()),
        ("Models add", share(all.fva_models), "of the error of repeating the last season, saved".to_owned()),
        ("Changes by hand add", share(all.fva_by_hand), "of the models' error, saved where you changed them".to_owned()),
    ];
    let shown: Vec<Tile<'_>> = tiles
        .iter()
        .map(|(name, figure, note)| Tile { name, figure: figure.clone(), note: note.clone(), color: None, assumed: None, opens: "" })
        .collect();
    widgets::tiles::tiles(ui, 160.0, 6, &shown);
    widgets::section(ui, &format!("The forecast of {} beside what was sold", date(since.frozen.ahead)));
    legend(ui, &[(Mark::Line, t.past, "sold"), (Mark::Line, t.accent, "forecast as it stood")]);
    let (sold, forecast) =
        (plot::line("sold", since.sold.clone(), t.past, 1.8), plot::line("forecast as it stood", since.forecast.clone(), t.accent, 2.0));
    plot::dated("forecast and sold", 150.0, &format!("units a {}", s.outcome.period)).include_y(0.0).show(ui, |p| {
        p.line(sold);
        p.line(forecast);
    });
    ui.label(
        RichText::new("An alert: the tracking signal is beyond ±4, steadily too low (+) or too high (−), by more than chance explains; or too many periods fell outside the interval").small().color(t.weak),
    );
    let happened = state.ui(ui, "since then", &since.table, stamp, None);
    if let Some(id) = happened.clicked.and_then(|i| since.ids.get(i)) {
        cx.act(Action::Show(id.clone()));
    }
    if happened.export {
        cx.act(Action::ExportTable { table: Box::new(since.table.clone()), name: "forecast and sold.csv".into() });
    }
}
