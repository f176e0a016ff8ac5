//! Stages of a supply chain: `[[stage]]` entries of a scenario without a history.

use serde::{Deserialize, Serialize};

/// One `[[stage]]` entry: a place that makes or stocks the item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StageSpec {
    /// Its name.
    pub name: String,
    /// The stages that supply it; none: supplied from outside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Periods from order to receipt, or to make a unit.
    pub lead_time: f64,
    /// Local holding cost per unit and period.
    pub holding: f64,
    /// Money per unit and period backordered, at the stage that serves the customers; absent: that of `[cost]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortage: Option<f64>,
    /// Echelon base-stock level to simulate in place of the best one: units here and at every stage further down.
    #[serde(rename = "S", skip_serializing_if = "Option::is_none")]
    pub level: Option<f64>,
    /// Periods within which it guarantees to serve its customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_time: Option<usize>,
    /// Periods in which supply from outside comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound_time: Option<usize>,
    /// Standard deviations of demand that safety stock covers under guaranteed service; absent: the first stage's that says it, else by the
    /// objective's `cycle_service`, else 1.645.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub safety_factor: Option<f64>,
    /// Mean of its own customers' demand per period, in place of `[demand]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Its standard deviation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
}

/// What of the stages cannot be run: the entry, its key, what and the fix.
pub(super) fn check(stages: &[StageSpec], mut bad: impl FnMut(usize, &'static str, String, &str)) {
    let number = |x: Option<f64>| x.is_none_or(|x| x >= 0.0 && x.is_finite());
    for (i, s) in stages.iter().enumerate() {
        if s.name.is_empty() || stages.iter().take(i).any(|o| o.name == s.name) {
            bad(i, "name", format!("stage {} has no name of its own", i + 1), "give each [[stage]] a name");
        }
        for f in &s.from {
            if !stages.iter().any(|o| o.name == *f) || *f == s.name {
                let near = crate::base::diagnostic::nearest(f, stages.iter().map(|o| o.name.as_str()));
                bad(
                    i,
                    "from",
                    format!("'{f}' is no other stage"),
                    &near.map_or_else(|| "name stages of this file".into(), |n| format!("did you mean \"{n}\"?")),
                );
            }
        }
        for (key, x) in [
            ("lead_time", Some(s.lead_time)),
            ("holding", Some(s.holding)),
            ("shortage", s.shortage),
            ("safety_factor", s.safety_factor),
            ("mean", s.mean),
            ("sd", s.sd),
        ] {
            if !number(x) || (key == "lead_time" && s.lead_time > 1000.0) {
                bad(
                    i,
                    key,
                    format!("{key} of stage {} is negative, too large or not a number", s.name),
                    "use 0 or more, and lead times of at most 1000 periods",
                );
            }
        }
    }
}
