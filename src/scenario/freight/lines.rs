//! The footprint and the freight bill by series and month.

use super::world::{Built, GRID, World};
use crate::base::{Period, Stamp};
use crate::footprint::{StorageAssumptions, storage, waste};
use crate::scenario::outcome::FootprintLine;
use std::collections::BTreeMap;

impl World<'_> {
    /// Everything by series and month: trips in the month they are driven; storage and waste, of which only means over the horizon are kept,
    /// evenly over its periods.
    pub fn lines(&self, runs: &[Built]) -> Vec<FootprintLine> {
        let mut lines: BTreeMap<(usize, Stamp), FootprintLine> = BTreeMap::new();
        let empty = |series, month| FootprintLine {
            series,
            month,
            transport_kg: 0.0,
            storage_kg: 0.0,
            waste_kg: 0.0,
            waste_units: 0.0,
            freight_cost: 0.0,
        };
        let built = runs.len().max(1) as f64;
        for (&(series, month), (kg, cost)) in runs.iter().flat_map(|b| &b.lines) {
            let line = lines.entry((series, month)).or_insert_with(|| empty(series, month));
            line.transport_kg += kg / built;
            line.freight_cost += cost / built;
        }
        let mut months: BTreeMap<Stamp, f64> = BTreeMap::new();
        for t in self.plan.warm_up..self.plan.warm_up + self.plan.periods {
            *months.entry(Period::Month.floor(self.calendar.at(t as i64))).or_default() += 1.0 / self.plan.periods as f64;
        }
        let assumptions = StorageAssumptions::default();
        for (i, s) in self.outcome.series.iter().enumerate() {
            let (pallet_days, units, kg) = self.kept(s, &assumptions);
            let stored = storage::storage(&self.setting.factors, &assumptions, GRID, pallet_days).wtw_kg();
            let wasted = if kg > 0.0 { waste::waste(&self.setting.factors, kg, s.stocked.category.as_deref()).wtw_kg() } else { 0.0 };
            if stored == 0.0 && units == 0.0 {
                continue;
            }
            for (month, share) in &months {
                let line = lines.entry((i, *month)).or_insert_with(|| empty(i, *month));
                line.storage_kg += stored * share;
                line.waste_kg += wasted * share;
                line.waste_units += units * share;
            }
        }
        lines.into_values().collect()
    }
}
