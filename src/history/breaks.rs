//! What larger orders cost per unit, as one cell: `100: 4.50; 500: 4.20`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Prices by the quantity of one order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PriceBreaks {
    /// A price holds for the units from its quantity on only, not for all units of the order.
    pub incremental: bool,
    /// By rising quantity.
    pub steps: Vec<PriceStep>,
}

/// One price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PriceStep {
    /// Units of one order from which it holds.
    pub from: f64,
    /// Cost per unit.
    pub cost: f64,
}

impl PriceBreaks {
    /// From a cell; steps end at `;`, `|` or a new line, the price follows `:` or `=`. The word `incremental` may stand before or after. `None`: not readable.
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_lowercase();
        let incremental = lower.contains("incremental");
        let rest = lower.replace("incremental", " ").replace("all units", " ").replace("all_units", " ").replace("all-units", " ");
        let number = |t: &str| {
            let t = t.trim();
            let dotted = if t.contains('.') { t.replace(',', "") } else { t.replace(',', ".") };
            dotted.parse::<f64>().ok().filter(|x| x.is_finite() && *x >= 0.0)
        };
        let mut steps = Vec::new();
        for part in rest.split([';', '|', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let (from, cost) = part.split_once([':', '='])?;
            steps.push(PriceStep { from: number(from)?, cost: number(cost)? });
        }
        steps.sort_by(|a, b| a.from.total_cmp(&b.from));
        let twice = steps.windows(2).any(|w| matches!(w, [a, b] if a.from == b.from));
        (!steps.is_empty() && !twice).then_some(Self { incremental, steps })
    }
}

impl fmt::Display for PriceBreaks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, s) in self.steps.iter().enumerate() {
            write!(f, "{}{}: {}", if i > 0 { "; " } else { "" }, s.from, s.cost)?;
        }
        if self.incremental { f.write_str(" incremental") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_and_written() {
        let b = PriceBreaks::parse("500: 4,20; 100 = 4.50").unwrap();
        assert_eq!(b.steps, [PriceStep { from: 100.0, cost: 4.5 }, PriceStep { from: 500.0, cost: 4.2 }]);
        assert!(!b.incremental && b.to_string() == "100: 4.5; 500: 4.2");
        let i = PriceBreaks::parse("Incremental 100:4|1,000.5:3.5").unwrap();
        assert!(i.incremental && PriceBreaks::parse(&i.to_string()) == Some(i));
        for bad in ["", "100", "100: x", "100: 4; 100: 3", "-5: 3", "4.50"] {
            assert_eq!(PriceBreaks::parse(bad), None, "{bad}");
        }
    }
}
