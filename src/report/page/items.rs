//! The items that matter most, each with its forecast and what its stock level costs.

use super::{Context, explained, measured, name};
use crate::report::html::{Block, Chart, Section};
use crate::report::svg::{Band, CurveChart, CurvePoint, FanChart, Mark};
use crate::scenario::outcome::SeriesOutcome;

impl Context<'_> {
    pub(super) fn items(&self, shown: usize) -> Section {
        let mut chosen: Vec<&SeriesOutcome> = self.outcome.series.iter().collect();
        let stake = |s: &SeriesOutcome| s.stock.outcome.measures.total_cost.mean;
        chosen.sort_by(|a, b| stake(b).total_cmp(&stake(a)).then_with(|| a.stocked.unique_id.cmp(&b.stocked.unique_id)));
        let mut blocks = Vec::new();
        for s in chosen.into_iter().take(shown) {
            let mut charts = Vec::new();
            if let Some(fan) = self.fan(s) {
                charts.push((fan, s.forecast.as_ref().map_or(String::new(), |f| explained(s, &f.explanation))));
            }
            if let Some(curve) = self.curve(s) {
                charts.push((
                    curve,
                    format!(
                        "Chosen: {}, {} % of demand served at once.",
                        s.stock.policy.name(),
                        measured(&s.stock.outcome.measures.fill_rate.scaled(100.0), 1)
                    ),
                ));
            }
            let mut inside = vec![Block::Charts(charts)];
            if let Some(a) = &s.stock.advice {
                inside.push(Block::Text(a.reason.clone()));
            }
            if blocks.is_empty() {
                // the first one stands open, so that the fan is seen without a click
                blocks.extend(inside);
            } else {
                blocks.push(Block::Details { summary: name(s), blocks: inside });
            }
        }
        Section {
            heading: "The dearest items".into(),
            intro: "Forecast as a fan of possible futures, and cost against the level ordered up to.".into(),
            blocks,
        }
    }

    fn fan(&self, s: &SeriesOutcome) -> Option<Chart> {
        let (history, fit, expected) = (self.history(s)?, s.forecast.as_ref()?, s.expected()?);
        let calendar = history.calendar(self.outcome.period);
        let n = history.y.len();
        let horizon = fit.mean.len().min(self.outcome.plan.periods);
        let shown = n.min(horizon * 2).max(n.min(26));
        let at = |i: usize| calendar.at(i as i64);
        let band = |level: f64| Band {
            label: format!("{level:.0} % of futures"),
            points: (0..horizon)
                .map(|t| {
                    let tail = (1.0 - level / 100.0) / 2.0;
                    (at(n + t), expected.quantile(t, tail), expected.quantile(t, 1.0 - tail))
                })
                .collect(),
        };
        let out_of_stock = history
            .in_stock
            .iter()
            .flatten()
            .enumerate()
            .skip(n - shown)
            .filter(|(_, v)| **v < 0.5)
            .map(|(i, _)| (at(i), at(i + 1)))
            .collect();
        let chart = FanChart {
            title: format!("Sales and forecast: {}", name(s)),
            unit: self.per_period(),
            history: (n - shown..n).map(|i| (at(i), history.y[i])).collect(),
            forecast: (0..horizon).map(|t| (at(n + t), expected.mean(t))).collect(),
            bands: vec![band(95.0), band(80.0)],
            out_of_stock,
        };
        Some(Chart::Fan(chart))
    }

    fn curve(&self, s: &SeriesOutcome) -> Option<Chart> {
        if s.stock.curve.is_empty() {
            return None;
        }
        let of = |f: &dyn Fn(&crate::inventory::CurvePoint) -> (f64, f64)| {
            s.stock
                .curve
                .iter()
                .map(|p| {
                    let (y, half_width) = f(p);
                    CurvePoint { x: p.up_to, y, half_width }
                })
                .collect()
        };
        let best = s.stock.curve.iter().min_by(|a, b| a.total_cost.mean.total_cmp(&b.total_cost.mean))?;
        let chart = CurveChart {
            title: format!("Cost against level: {}", name(s)),
            x_label: "order-up-to level, units".into(),
            unit: self.unit(),
            curves: vec![
                ("total".into(), of(&|p| (p.total_cost.mean, p.total_cost.half_width))),
                ("stockouts".into(), of(&|p| (p.stockout_cost, 0.0))),
                ("overstock".into(), of(&|p| (p.overstock_cost, 0.0))),
            ],
            marks: vec![Mark { label: "best".into(), x: best.up_to }],
        };
        Some(Chart::Curve(chart))
    }
}
