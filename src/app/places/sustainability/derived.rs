//! Sums and tables of one outcome's footprint, made once.

use crate::base::Stamp;
use crate::footprint::factors::published;
use crate::report::{Column, Table};
use crate::scenario::{Freight, Outcome};
use std::collections::BTreeMap;

/// What the place shows of an outcome.
pub(super) struct Derived {
    /// kg CO2e of transport, storage and waste by month.
    pub months: Vec<(Stamp, [f64; 3])>,
    /// Series by index into the outcome, in the order of `items`.
    pub rows: Vec<usize>,
    /// By item, the largest first.
    pub items: Table,
    /// The factors used, with their sources.
    pub factors: Table,
    /// Units sold.
    pub sold: f64,
    /// Money taken, of the items whose price is known.
    pub sales: f64,
}

impl Derived {
    pub fn of(outcome: &Outcome, freight: &Freight) -> Self {
        let mut months: BTreeMap<Stamp, [f64; 3]> = BTreeMap::new();
        // transport, storage, waste, units thrown away, freight money
        let mut series = vec![[0.0f64; 5]; outcome.series.len()];
        for l in &freight.footprint_lines {
            let month = months.entry(l.month).or_default();
            for (sum, kg) in month.iter_mut().zip([l.transport_kg, l.storage_kg, l.waste_kg]) {
                *sum += kg;
            }
            if let Some(s) = series.get_mut(l.series) {
                for (sum, x) in s.iter_mut().zip([l.transport_kg, l.storage_kg, l.waste_kg, l.waste_units, l.freight_cost]) {
                    *sum += x;
                }
            }
        }
        let served = |i: usize| {
            outcome.series.get(i).map_or(0.0, |s| s.stock.outcome.measures.demand.mean * s.stock.outcome.measures.fill_rate.mean)
        };
        let sold: f64 = (0..outcome.series.len()).map(served).sum();
        let sales = outcome.series.iter().enumerate().filter_map(|(i, s)| Some(s.stocked.price? * served(i))).sum();
        let kg = |s: &[f64; 5]| s[0] + s[1] + s[2];
        let all: f64 = series.iter().map(kg).sum();
        let mut rows: Vec<usize> = (0..series.len()).collect();
        rows.sort_by(|a, b| match (series.get(*a), series.get(*b)) {
            (Some(x), Some(y)) => kg(y).total_cmp(&kg(x)),
            _ => a.cmp(b),
        });
        let part = |k: usize| rows.iter().map(|i| series.get(*i).map_or(0.0, |s| s.get(k).copied().unwrap_or(0.0))).collect::<Vec<f64>>();
        let total: Vec<f64> = rows.iter().map(|i| series.get(*i).map_or(0.0, kg)).collect();
        let stocked = || rows.iter().filter_map(|i| outcome.series.get(*i)).map(|s| &s.stocked);
        let items = Table::new(vec![
            Column::text("item", stocked().map(|s| s.description.as_ref().unwrap_or(&s.item).to_string())),
            Column::text("location", stocked().map(|s| s.location.to_string())),
            Column::number("emissions_kg_co2e", 2, total.iter().copied()).label("kg CO2e"),
            Column::number("share_percent", 1, total.iter().map(|x| if all > 0.0 { x / all * 100.0 } else { 0.0 })).label("share %"),
            Column::number("transport_kg_co2e", 2, part(0)).label("transport"),
            Column::number("storage_kg_co2e", 2, part(1)).label("storage"),
            Column::number("waste_kg_co2e", 2, part(2)).label("waste"),
            Column::number("units_discarded", 1, part(3)).label("thrown away"),
            Column::number("g_co2e_per_unit", 1, rows.iter().zip(&total).map(|(i, kg)| kg / served(*i) * 1000.0))
                .label("g CO2e a unit sold"),
        ]);
        Self { months: months.into_iter().collect(), rows, items, factors: factors(freight), sold, sales }
    }
}

/// The rows of the factor table that the outcome rests on.
fn factors(freight: &Freight) -> Table {
    let f = &freight.footprint;
    let used: Vec<(&str, _)> = published()
        .into_iter()
        .filter_map(|p| {
            let stages = [("transport", &f.transport), ("storage", &f.storage), ("waste", &f.waste)];
            let stage = stages.into_iter().find(|(_, e)| e.factors.iter().any(|id| **id == *p.id))?.0;
            Some((stage, p))
        })
        .collect();
    Table::new(vec![
        Column::text("used_for", used.iter().map(|u| u.0)).label("used for"),
        Column::text("name", used.iter().map(|u| u.1.name.clone())),
        Column::exact("value", used.iter().map(|u| u.1.value)),
        Column::text("unit", used.iter().map(|u| u.1.unit.clone())),
        Column::text("stage", used.iter().map(|u| u.1.stage.clone())),
        Column::text("year", used.iter().map(|u| u.1.year.clone())),
        Column::text("source", used.iter().map(|u| u.1.source.clone())),
        Column::text("id", used.iter().map(|u| u.1.id.clone())),
    ])
}
