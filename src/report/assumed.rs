//! Which figures rest on what no file says.

use crate::scenario::Outcome;
use crate::scenario::resolve::Assumed;

/// Money of stock rests on an assumed cost or price for some series.
pub fn money(outcome: &Outcome) -> bool {
    outcome.series.iter().any(|s| s.stocked.assumed.contains(&Assumed::Cost) || s.stocked.assumed.contains(&Assumed::Shortage))
}

/// What freight and emissions rest on that no file says: `assumed vehicles, weights and distances`; `None`: nothing.
pub fn freight(outcome: &Outcome) -> Option<String> {
    outcome.freight.as_ref()?;
    let said = |code: &str| outcome.diagnostics.iter().any(|d| d.code == code);
    let mut parts = Vec::new();
    if said("vehicle-assumed") {
        parts.push("vehicles");
    }
    if outcome.series.iter().any(|s| s.stocked.assumed.contains(&Assumed::Size)) {
        parts.push("weights");
    }
    if said("location-unknown") {
        parts.push("distances");
    }
    match parts.as_slice() {
        [] => None,
        [one] => Some(format!("assumed {one}")),
        [first @ .., last] => Some(format!("assumed {} and {last}", first.join(", "))),
    }
}
