//! Waste: what discarded goods emit at their end of life (not what making them emitted).

use super::emission::Emission;
use super::factors::{Factors, UnitFactor};

/// Words in a category's name, and the landfill row they point to. The first that fits counts.
const CATEGORIES: [(&[&str], &str); 8] = [
    (
        &[
            "food",
            "grocer",
            "perish",
            "fresh",
            "fruit",
            "vegetable",
            "dairy",
            "meat",
            "bakery",
            "drink",
            "beverage",
            "lebensmittel",
            "aliment",
        ],
        "food and drink waste - Landfill",
    ),
    (&["cloth", "apparel", "textil", "fashion"], "Clothing - Landfill"),
    (&["book"], "Books - Landfill"),
    (&["paper", "card", "stationery"], "Paper and board: mixed - Landfill"),
    (&["plant", "flower", "garden"], "garden waste - Landfill"),
    (&["electr", "appliance", "computer", "phone"], "WEEE - mixed - Landfill"),
    (&["batter"], "Batteries - Landfill"),
    (&["glass"], "Glass - Landfill"),
];

/// The row for anything else: a shop's mixed waste.
const DEFAULT: &str = "Commercial and industrial waste - Landfill";

/// The end-of-life factor for goods of a category (landfill, the worst ordinary case): food for food, and so on; mixed commercial waste
/// for anything else or no category.
pub fn factor<'a>(factors: &'a Factors, category: Option<&str>) -> Option<&'a UnitFactor> {
    let row = |name: &str| factors.waste.iter().find(|f| f.name.ends_with(name));
    let lower = category.unwrap_or("").to_lowercase();
    let hit = CATEGORIES.iter().find(|(words, _)| words.iter().any(|w| lower.contains(w)));
    hit.and_then(|(_, name)| row(name)).or_else(|| row(DEFAULT))
}

/// Emissions of `kg` discarded.
pub fn waste(factors: &Factors, kg: f64, category: Option<&str>) -> Emission {
    factor(factors, category).map_or_else(Emission::default, |f| Emission {
        ttw_kg: kg / 1000.0 * f.per_unit.ttw,
        wtt_kg: kg / 1000.0 * f.per_unit.wtt,
        factors: f.ids.iter().cloned().collect(),
    })
}
