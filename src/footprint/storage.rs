//! Storage: electricity per pallet and day.

use super::emission::Emission;
use super::factors::{Factors, UnitFactor};

/// What is assumed about a warehouse; every figure can be changed by the user.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageAssumptions {
    /// Electricity per pallet place and day, kWh.
    pub kwh_per_pallet_day: f64,
    /// Load of a pallet, m³: 1.2 m × 0.8 m × 1.5 m of goods.
    pub m3_per_pallet: f64,
    /// kg CO2e per kWh; `None`: the factor table's grid.
    pub kg_co2e_per_kwh: Option<f64>,
}

impl Default for StorageAssumptions {
    /// 80 kWh per m² and year, the middle of the 40–120 that a green-logistics textbook gives for ambient warehouses, over about two
    /// pallets stored per m² of floor (racks of four or five levels, half of the floor for aisles): 80 / 365 / 2 ≈ 0.11 kWh.
    fn default() -> Self {
        Self { kwh_per_pallet_day: 0.11, m3_per_pallet: 1.44, kg_co2e_per_kwh: None }
    }
}

/// Emissions of `pallet_days` in storage: kWh × grid factor (generation, losses and energy provision of every electricity row
/// of the table whose name holds `grid`, such as `UK grid`).
pub fn storage(factors: &Factors, assumptions: &StorageAssumptions, grid: &str, pallet_days: f64) -> Emission {
    let kwh = pallet_days * assumptions.kwh_per_pallet_day;
    if let Some(own) = assumptions.kg_co2e_per_kwh {
        return Emission { ttw_kg: kwh * own, ..Emission::default() };
    }
    let rows: Vec<&UnitFactor> = factors.electricity.iter().filter(|f| f.name.to_lowercase().contains(&grid.to_lowercase())).collect();
    Emission {
        ttw_kg: kwh * rows.iter().map(|f| f.per_unit.ttw).sum::<f64>(),
        wtt_kg: kwh * rows.iter().map(|f| f.per_unit.wtt).sum::<f64>(),
        factors: rows.iter().flat_map(|f| f.ids.iter().cloned()).collect(),
    }
}
